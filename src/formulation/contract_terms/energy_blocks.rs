//! Charges on the energy of each month, by blocks.
//!
//! For each energy charge and each month m of the period, with w\[t] the share of a slice's hours in the
//! charge's windows and θ\[t,m] the hours of the month it stands for:
//!
//!   Σ_j block\[m,j] = Σ_t θ\[t,m]·w\[t]·draw\[t],   block\[m,j] ≤ its width                  (GWh)
//!
//! each paid at its own price. Prices rise from block to block (others are refused when the plan is
//! resolved), so the cheap block is filled first. One block alone needs no columns.

use super::MUSD;
use crate::formulation::Builder;
use crate::formulation::builder::{Bound, When};
use crate::formulation::expr::Expr;
use crate::resolved::{Contract, ContractIx, PeriodIx};

/// Adds the rows and the money of a period.
pub(super) fn add(builder: &mut Builder<'_>, index: ContractIx, contract: &Contract, period: PeriodIx) {
    let calendar = &builder.resolved.calendar;
    for charge in &contract.facets.energy_charges {
        for month in calendar.months_of_period(period) {
            let mut drawn = Expr::default();
            for (slice, col) in calendar.slices_of[period].iter().zip(&builder.layout.contracts[index].draw[period]) {
                let share = charge.hours.as_ref().map_or(1.0, |hours| hours.share(*slice, month.of_year));
                if let Some(col) = col {
                    drawn.add(*col, calendar.hours_in_month(*slice, month.of_year) * share * 1e-3);
                }
            }
            if drawn.is_zero() {
                continue;
            }
            // GWh at $/MWh.
            let musd = |usd_per_mwh: f64| usd_per_mwh * 1e3 * MUSD;
            let mut cost = Expr::default();
            if let [(_, usd_per_mwh)] = charge.blocks.as_slice() {
                cost.add_expr(&drawn, musd(usd_per_mwh[period]));
            } else {
                let mut filled = drawn;
                let mut before = 0.0;
                for (position, (up_to, usd_per_mwh)) in charge.blocks.iter().enumerate() {
                    let when = When::slice(period, month.offset * charge.blocks.len() + position);
                    let block = builder.column("energy_block", &[&contract.id, &charge.id], when, up_to - before);
                    before = *up_to;
                    filled.add(block, -1.0);
                    cost.add(block, musd(usd_per_mwh[period]));
                }
                let when = When::slice(period, month.offset);
                builder.row("contract_terms", "energy_blocks", &[&contract.id, &charge.id], when, filled, Bound::Equal(0.0), None);
            }
            for (col, musd) in &cost.terms {
                builder.charge_contract(index, period, Some(*col), *musd);
            }
            if contract.facets.least_bill.is_some() {
                builder.layout.contracts[index].monthly_musd.entry(month.offset).or_default().add_expr(&cost, 1.0);
            }
        }
    }
}
