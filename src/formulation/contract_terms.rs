//! Power contracts: what may be drawn, and what it costs.
//!
//! draw[k,p,t] in MW, θ in hours, prices in $/MWh (1e-6 M$ per MW·h·$/MWh). With contract_mw a
//! decision between its least and most:
//!
//! - **Tariff**: draw ≤ cap (and ≤ the lower cap in interruptible slices, for a fixed credit per
//!   year); pays price[t]·θ·draw, a fixed fee, and the demand charge (`demand_charge`).
//! - **PayAsProduced**: draw ≤ profile·contract_mw; pays price·θ·profile·contract_mw; surplus is
//!   spilled, or earns resale·θ·(profile·contract_mw − draw).
//! - **Baseload**: draw ≤ availability·contract_mw; pays price·θ·draw, and in each period in force
//!   Σ θ·draw + short ≥ take_or_pay·availability·contract_mw·Σ θ with `short` (GWh) paid at the same price.
//! - **OnSite**: draw ≤ profile·MW alive (standing and ordered); pays fuel/efficiency, annuity, O&M.
//! - **Virtual**: no draw; pays θ·profile·contract_mw·(strike − reference).
//!
//! A fixed amount of plant or battery is ordered once, as early as it can serve; up to an amount may be
//! ordered in any period from which it arrives in one in force.
//!
//! The dual of a cap or of the contract's maximum is the worth of one more MW. Profile rows have
//! duals that are not unique and are never shown as facts. Below its take-or-pay minimum a baseload
//! contract makes marginal energy free: right, and explained beside the number.

use super::Builder;
use super::builder::{Bound, When};
use super::cost::CostPart;
use super::expr::Expr;
use super::program::Col;
use crate::scenario::{Contract, ContractIx, Ix as _, PeriodIx, Terms};

/// M$ per MWh at 1 $/MWh.
const MUSD: f64 = 1e-6;

/// Adds the rows and the money.
pub fn add(builder: &mut Builder<'_>) {
    let scenario = builder.scenario;
    for (index, contract) in scenario.contracts.pairs() {
        plant(builder, index, contract);
        for period in scenario.calendar.periods.keys().filter(|period| contract.in_force[*period]) {
            draw(builder, index, contract, period);
            money(builder, index, contract, period);
        }
    }
}

/// What an order of plant costs; the amount ordered.
fn plant(builder: &mut Builder<'_>, index: ContractIx, contract: &Contract) {
    let scenario = builder.scenario;
    let (capex, annuity, om, lead, life, (least, most), field, unit, existing) = match &contract.terms {
        Terms::OnSite { capex_musd_per_mw, annuity_musd_per_year, om_musd_per_mw_year, lead, life, amount_mw, existing_mw, .. } => {
            (*capex_musd_per_mw, *annuity_musd_per_year, *om_musd_per_mw_year, *lead, *life, *amount_mw, "mw", "MW", *existing_mw)
        }
        Terms::Battery {
            capex_musd_per_mwh, annuity_musd_per_year, om_musd_per_mwh_year, lead, life, amount_mwh, existing_mwh, ..
        } => (
            *capex_musd_per_mwh,
            *annuity_musd_per_year,
            *om_musd_per_mwh_year,
            *lead,
            *life,
            *amount_mwh,
            "energy_mwh",
            "MWh",
            *existing_mwh,
        ),
        _ => return,
    };
    let orders = builder.layout.contracts[index].orders.clone();
    let mut total = Expr::default();
    for (order, col) in &orders {
        total.add(*col, 1.0);
        builder.order_cost(CostPart::Plant, *col, *order, capex, annuity, lead, life, (0.0, 0.0));
        for period in scenario.calendar.periods.keys().filter(|period| contract.serves(*order, lead, life, *period)) {
            builder.charge(period, CostPart::Maintenance, *col, om * scenario.calendar.periods[period].years);
        }
    }
    for (period, data) in scenario.calendar.periods.pairs().filter(|(period, _)| contract.in_force[*period]) {
        builder.charge_fixed(period, CostPart::Maintenance, om * existing * data.years);
    }
    if !orders.is_empty() {
        let limit = builder.limit(format!("contracts.{}.terms.{field}", contract.id), unit, most, 1.0);
        let bound = if least > 0.0 { Bound::Equal(most) } else { Bound::AtMost(most) };
        builder.row("contract_terms", "ordered", &[&contract.id], When::HORIZON, total, bound, Some(limit));
    }
}

/// MW of plant or MWh of battery alive in a period.
pub fn alive(builder: &Builder<'_>, index: ContractIx, contract: &Contract, period: PeriodIx) -> Expr {
    let (lead, life, existing) = match &contract.terms {
        Terms::OnSite { lead, life, existing_mw, .. } => (*lead, *life, *existing_mw),
        Terms::Battery { lead, life, existing_mwh, .. } => (*lead, *life, *existing_mwh),
        _ => return Expr::default(),
    };
    let mut alive = Expr::number(existing);
    for (order, col) in &builder.layout.contracts[index].orders {
        if contract.serves(*order, lead, life, period) {
            alive.add(*col, 1.0);
        }
    }
    alive
}

fn draw(builder: &mut Builder<'_>, index: ContractIx, contract: &Contract, period: PeriodIx) {
    let scenario = builder.scenario;
    let calendar = &scenario.calendar;
    let path = format!("contracts.{}.terms", contract.id);
    let cols: Vec<Option<Col>> = builder.layout.contracts[index].draw[period].clone();
    let contract_mw = builder.layout.contracts[index].contract_mw;
    let alive = alive(builder, index, contract, period);
    let (mut capped, mut interrupted) = (None, None);
    for (position, (slice, col)) in calendar.slices_of[period].iter().zip(cols).enumerate() {
        let Some(col) = col else { continue };
        if let Some(supply) = builder.balance.supply[contract.place][period].get_mut(position) {
            supply.add(col, 1.0);
        }
        if contract.through_grid()
            && let Some(grid) = builder.balance.through_grid[contract.place][period].get_mut(position)
        {
            grid.add(col, 1.0);
        }
        let when = When::slice(period, slice.position());
        let ids = [contract.id.as_str()];
        match &contract.terms {
            Terms::Tariff { cap_mw, interruptible, .. } => {
                let held_down = interruptible.as_ref().filter(|(slices, _)| slices.contains(slice)).map(|(_, cap)| *cap);
                let cap = held_down.unwrap_or(f64::INFINITY).min(cap_mw[period]);
                if cap.is_finite() {
                    let (field, limit) = if held_down.is_some_and(|held| held <= cap_mw[period]) {
                        ("interruptible.cap_mw", &mut interrupted)
                    } else {
                        ("cap_mw", &mut capped)
                    };
                    let limit = *limit.get_or_insert_with(|| builder.limit(format!("{path}.{field}"), "MW", cap, 1.0));
                    builder.limit_column(col, limit);
                    if let Some(column) = builder.program.columns.get_mut(col.0 as usize) {
                        column.upper = cap;
                    }
                }
            }
            Terms::PayAsProduced { profile, .. } => {
                let mut row = Expr::col(col);
                if let Some(contract_mw) = contract_mw {
                    row.add(contract_mw, -profile[*slice]);
                }
                builder.row("contract_terms", "produced", &ids, when, row, Bound::AtMost(0.0), None);
            }
            Terms::Baseload { availability, .. } => {
                let mut row = Expr::col(col);
                if let Some(contract_mw) = contract_mw {
                    row.add(contract_mw, -availability);
                }
                builder.row("contract_terms", "block", &ids, when, row, Bound::AtMost(0.0), None);
            }
            Terms::OnSite { profile, .. } => {
                let mut row = Expr::col(col);
                row.add_expr(&alive, -profile[*slice]);
                builder.row("contract_terms", "plant_output", &ids, when, row, Bound::AtMost(0.0), None);
            }
            Terms::Battery { .. } | Terms::Virtual { .. } => {}
        }
    }
}

fn money(builder: &mut Builder<'_>, index: ContractIx, contract: &Contract, period: PeriodIx) {
    let scenario = builder.scenario;
    let calendar = &scenario.calendar;
    let years = calendar.periods[period].years;
    let cols = builder.layout.contracts[index].draw[period].clone();
    let slices = || calendar.slices_of[period].iter();
    let drawn = || slices().zip(&cols).filter_map(|(slice, col)| col.map(|col| (*slice, col)));
    let contract_mw = builder.layout.contracts[index].contract_mw;
    match &contract.terms {
        Terms::Tariff { energy, fixed_musd_per_year, credit_musd_per_year, .. } => {
            for (slice, col) in drawn() {
                builder.charge_contract(index, period, Some(col), calendar.hours(period, slice) * energy.at(period, slice) * MUSD);
            }
            builder.charge_contract(index, period, None, (fixed_musd_per_year[period] - credit_musd_per_year) * years);
        }
        Terms::PayAsProduced { profile, price, resale, .. } => {
            let produced: f64 = slices().map(|slice| calendar.hours(period, *slice) * profile[*slice]).sum();
            let resale = resale.unwrap_or(0.0);
            builder.charge_contract(index, period, contract_mw, produced * (price[period] - resale) * MUSD);
            for (slice, col) in drawn() {
                builder.charge_contract(index, period, Some(col), calendar.hours(period, slice) * resale * MUSD);
            }
        }
        Terms::Baseload { price, take_or_pay, availability, .. } => {
            for (slice, col) in drawn() {
                builder.charge_contract(index, period, Some(col), calendar.hours(period, slice) * price[period] * MUSD);
            }
            if let Some(contract_mw) = contract_mw.filter(|_| *take_or_pay > 0.0) {
                let short = builder.column("short", &[&contract.id], When::period(period), f64::INFINITY);
                builder.layout.contracts[index].short[period] = Some(short);
                builder.charge_contract(index, period, Some(short), price[period] * 1e3 * MUSD);
                let mut row = Expr::col(short);
                for (slice, col) in drawn() {
                    row.add(col, calendar.hours(period, slice) * 1e-3);
                }
                let paid_in_any_case = availability * calendar.period_hours(period) * 1e-3;
                row.add(contract_mw, -take_or_pay * paid_in_any_case);
                let mut slope = Expr::default();
                slope.add(contract_mw, paid_in_any_case);
                let limit = builder.share_limit(format!("contracts.{}.terms.take_or_pay_fraction", contract.id), *take_or_pay, slope);
                builder.row("contract_terms", "take_or_pay", &[&contract.id], When::period(period), row, Bound::AtLeast(0.0), Some(limit));
            }
        }
        Terms::OnSite { fuel_usd_per_mwh, .. } => {
            for (slice, col) in drawn() {
                builder.charge_contract(index, period, Some(col), calendar.hours(period, slice) * fuel_usd_per_mwh * MUSD);
            }
        }
        Terms::Virtual { profile, strike, reference, .. } => {
            let difference: f64 =
                slices().map(|slice| calendar.hours(period, *slice) * profile[*slice] * (strike - reference.at(period, *slice))).sum();
            builder.charge_contract(index, period, contract_mw, difference * MUSD);
        }
        Terms::Battery { .. } => {}
    }
}
