//! What power costs.
//!
//! - each MWh drawn: price\[p,t] · θ · draw
//! - each MWh produced, drawn or not (nothing in hours below zero, if the contract says so): price\[p] · θ · output · contract_mw, less what surplus earns:
//!   resale · θ · (output · contract_mw − draw); without a resale price surplus is spilled
//! - a contract for difference: θ · output · contract_mw · (strike − reference\[p,t]); with a floor the
//!   reference counts as at least that, without settlement hours below zero pay nothing
//! - a fixed fee, less the credit for hours in which the draw may be held down, by the year
//!
//! Fuel of plant is a price of the energy it gives.

use super::MUSD;
use crate::formulation::Builder;
use crate::resolved::{Contract, ContractIx, PeriodIx};

/// Adds the money of a period.
pub(super) fn add(builder: &mut Builder<'_>, index: ContractIx, contract: &Contract, period: PeriodIx) {
    let calendar = &builder.resolved.calendar;
    let facets = &contract.facets;
    let cols = builder.layout.contracts[index].draw[period].clone();
    let slices = || calendar.slices_of[period].iter();
    let drawn = || slices().zip(&cols).filter_map(|(slice, col)| col.map(|col| (*slice, col)));
    let contract_mw = builder.layout.contracts[index].contract_mw;
    if let Some(price) = &facets.energy_price {
        for (slice, col) in drawn() {
            builder.charge_contract(index, period, Some(col), calendar.hours(period, slice) * price.usd_per_mwh.at(period, slice) * MUSD);
        }
    }
    if let Some(price) = &facets.produced_price {
        let resale = price.resale(period);
        let produced: f64 = match &price.unpaid {
            None => contract.full_hours(calendar, period) * (price.usd_per_mwh[period] - resale),
            Some(_) => slices()
                .map(|slice| calendar.hours(period, *slice) * contract.output(period, *slice) * (price.paid(period, *slice) - resale))
                .sum(),
        };
        builder.charge_contract(index, period, contract_mw, produced * MUSD);
        for (slice, col) in drawn() {
            builder.charge_contract(index, period, Some(col), calendar.hours(period, slice) * resale * MUSD);
        }
    }
    if let Some(difference) = &facets.difference {
        let paid: f64 = slices()
            .map(|slice| calendar.hours(period, *slice) * contract.output(period, *slice) * difference.settled(period, *slice))
            .sum();
        builder.charge_contract(index, period, contract_mw, paid * MUSD);
    }
    let fee = facets.fixed_musd_per_year.as_ref().map_or(0.0, |fee| fee[period]);
    let credit = facets.hold_down.as_ref().map_or(0.0, |held| held.credit_musd_per_year[period]);
    builder.charge_contract(index, period, None, (fee - credit) * calendar.periods[period].years);
}
