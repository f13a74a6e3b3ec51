//! Batteries.
//!
//! For each battery k, period p in force and representative day d, with η one way and β hours a block:
//!
//!   charge_state\[t] = charge_state\[t−1] + β·(η·charge\[t] − discharge\[t]/η)   (MWh; the day's first
//!                     block follows its last: cyclic)
//!   charge_state ≤ energy alive
//!   charge + discharge ≤ energy alive / duration                            (MW)
//!
//! Discharge less charge enters the energy balance; wear is paid on both ways, so that charging and
//! discharging at once never pays where energy costs something (negative tariffs are checked when the
//! scenario is made). It can pay to waste energy elsewhere too, such as free surplus whose losses count
//! towards a renewable share; the answer is looked through for it and a warning names it. The dual of the amount that
//! may be ordered is the worth of one more MWh.

use super::Builder;
use super::builder::{Bound, When};
use super::contract_terms::alive;
use super::expr::Expr;
use crate::scenario::{Contract, ContractIx, Ix as _, PeriodIx, Terms};

/// Adds the rows and the wear.
pub fn add(builder: &mut Builder<'_>) {
    let scenario = builder.scenario;
    for (index, contract) in scenario.contracts.pairs() {
        for period in scenario.calendar.periods.keys().filter(|period| contract.in_force[*period]) {
            period_rows(builder, index, contract, period);
        }
    }
}

fn period_rows(builder: &mut Builder<'_>, index: ContractIx, contract: &Contract, period: PeriodIx) {
    let scenario = builder.scenario;
    let calendar = &scenario.calendar;
    let Terms::Battery { duration_hours, efficiency, wear_usd_per_mwh, .. } = contract.terms else { return };
    let cols = &builder.layout.contracts[index];
    let (charge, discharge, state) = (cols.charge[period].clone(), cols.discharge[period].clone(), cols.charge_state[period].clone());
    let energy = alive(builder, index, contract, period);
    let ids = [contract.id.as_str()];
    let blocks = calendar.blocks();
    for (position, slice) in calendar.slices_of[period].iter().enumerate() {
        let (Some(charge), Some(discharge), Some(now)) = (charge.get(position), discharge.get(position), state.get(position)) else {
            continue;
        };
        let block = calendar.slices[*slice].block;
        let previous_position = if block == 0 { position + blocks - 1 } else { position - 1 };
        let Some(previous) = state.get(previous_position) else { continue };
        let when = When::slice(period, slice.position());
        if let Some(supply) = builder.balance.supply[contract.place][period].get_mut(position) {
            supply.add(*discharge, 1.0).add(*charge, -1.0);
        }
        let mut row = Expr::col(*now);
        row.add(*previous, -1.0).add(*charge, -calendar.block_hours * efficiency).add(*discharge, calendar.block_hours / efficiency);
        builder.row("battery", "charge_state", &ids, when, row, Bound::Equal(0.0), None);
        let mut full = Expr::col(*now);
        full.add_expr(&energy, -1.0);
        builder.row("battery", "battery_energy", &ids, when, full, Bound::AtMost(0.0), None);
        let mut power = Expr::col(*charge);
        power.add(*discharge, 1.0).add_expr(&energy, -1.0 / duration_hours);
        builder.row("battery", "battery_power", &ids, when, power, Bound::AtMost(0.0), None);
        let wear = calendar.hours(period, *slice) * wear_usd_per_mwh * 1e-6;
        builder.charge_contract(index, period, Some(*charge), wear);
        builder.charge_contract(index, period, Some(*discharge), wear);
    }
}
