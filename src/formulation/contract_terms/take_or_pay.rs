//! Take or pay: in each period in force
//!
//!   Σ θ·draw + short ≥ fraction · contract_mw · Σ θ·output                     (GWh)
//!
//! with `short` (GWh) paid at the mean price of energy. Below its minimum a contract makes marginal energy
//! free: right, and explained beside the number.

use super::MUSD;
use crate::formulation::Builder;
use crate::formulation::builder::{Bound, When};
use crate::formulation::expr::Expr;
use crate::resolved::{Contract, ContractIx, PeriodIx};

/// Adds the row and the money of a period.
pub(super) fn add(builder: &mut Builder<'_>, index: ContractIx, contract: &Contract, period: PeriodIx) {
    let calendar = &builder.resolved.calendar;
    let facets = &contract.facets;
    let (Some(terms), Some(price)) = (&facets.take_or_pay, &facets.energy_price) else { return };
    let Some(contract_mw) = builder.layout.contracts[index].contract_mw.filter(|_| terms.fraction > 0.0) else { return };
    let draw = builder.layout.contracts[index].draw[period].clone();
    let short = builder.column("short", &[&contract.id], When::period(period), f64::INFINITY);
    builder.layout.contracts[index].short[period] = Some(short);
    builder.charge_contract(index, period, Some(short), price.usd_per_mwh.mean(calendar, period) * 1e3 * MUSD);
    let mut row = Expr::col(short);
    for (slice, col) in calendar.slices_of[period].iter().zip(draw) {
        if let Some(col) = col {
            row.add(col, calendar.hours(period, *slice) * 1e-3);
        }
    }
    let contracted_gwh = contract.full_hours(calendar, period) * 1e-3;
    row.add(contract_mw, -terms.fraction * contracted_gwh);
    let mut slope = Expr::default();
    slope.add(contract_mw, contracted_gwh);
    let limit = builder.share_limit(terms.path.clone(), terms.fraction, slope);
    builder.row("contract_terms", "take_or_pay", &[&contract.id], When::period(period), row, Bound::AtLeast(0.0), Some(limit));
}
