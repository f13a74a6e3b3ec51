//! Stores: batteries.
//!
//! For each store k and period p in force, with η one way and β hours a block:
//!
//!   charge_state\[t] = charge_state\[t−1] + β·(η·charge\[t] − discharge\[t]/η)   (MWh)
//!   charge_state ≤ energy alive
//!   charge + discharge ≤ energy alive / duration                            (MW)
//!
//! What comes before the first block: in an hourly plan the hour before, and the period's last hour
//! before its first; with days that are not linked, the day's own last block (each day is a cycle).
//!
//! With linked days the state within a day is a path above a level that each day of the year has of
//! its own (after Kotzur et al. 2018): the path of a representative day d starts at `path_start`\[d],
//! stays ≥ 0 and ≤ `path_top`\[d]; a run of n days d in a row has the level `day_level`\[run] on its first
//! day, and every day adds net\[d] = path end − path_start, so that only the run's two ends need rows:
//!
//!   day_level + path_top ≤ energy alive,   day_level ≥ 0                     (first day)
//!   day_level + (n−1)·net + path_top ≤ energy alive,   day_level + (n−1)·net ≥ 0   (last day)
//!   day_level\[next] + path_start\[next] = day_level + (n−1)·net + path end   (the last run precedes the first)
//!
//! A representative day does the same on every day it stands for: what a linked plan does its hours could
//! do too, not the other way about, and its midnight is the same as its neighbours'.
//!
//! Discharge less charge enters the energy balance; wear is paid on both ways, so that charging and
//! discharging at once never pays where energy costs something (negative tariffs are checked when the
//! plan is resolved). Losses are taken off a renewable share, so that burning surplus in a battery gains
//! nothing there; where both run at once all the same, as they may with free surplus and no wear, a
//! warning names it. The dual of the amount that may be ordered is the worth of one more MWh.

use super::Builder;
use super::builder::{Bound, When};
use super::contract_terms::plant::alive;
use super::expr::Expr;
use super::program::Col;
use crate::resolved::supply::Store;
use crate::resolved::{Calendar, Contract, ContractIx, Ix as _, PeriodIx, SliceIx};

/// Adds the rows and the wear.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (index, contract) in resolved.contracts.pairs() {
        for period in resolved.calendar.periods.keys().filter(|period| contract.in_force[*period]) {
            period_rows(builder, index, contract, period);
        }
    }
}

fn period_rows(builder: &mut Builder<'_>, index: ContractIx, contract: &Contract, period: PeriodIx) {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    let Some(Store { duration_hours, efficiency, wear_usd_per_mwh, .. }) = contract.facets.store else { return };
    let cols = &builder.layout.contracts[index];
    let (charge, discharge, state) = (cols.charge[period].clone(), cols.discharge[period].clone(), cols.charge_state[period].clone());
    let energy = alive(builder, index, contract, period);
    let ids = [contract.id.as_str()];
    let blocks = calendar.blocks();
    let linked = (calendar.ordered() && !calendar.hourly).then(|| Linked::new(builder, &contract.id, period));
    for (position, slice) in calendar.slices_of[period].iter().enumerate() {
        let (Some(charge), Some(discharge), Some(now)) = (charge.get(position), discharge.get(position), state.get(position)) else {
            continue;
        };
        let first_of_day = calendar.slices[*slice].block == 0;
        let previous = match (&linked, first_of_day) {
            (Some(linked), true) => {
                calendar.days_of[period].iter().position(|day| *day == calendar.slices[*slice].day).and_then(|at| linked.start.get(at))
            }
            (None, true) if !calendar.ordered() => state.get(position + blocks - 1),
            (None, true) if position == 0 => state.last(),
            _ => state.get(position.wrapping_sub(1)),
        };
        let Some(previous) = previous else { continue };
        let when = When::slice(period, slice.position());
        if let Some(supply) = builder.balance.supply[contract.place][period].get_mut(position) {
            supply.add(*discharge, 1.0).add(*charge, -1.0);
        }
        let mut row = Expr::col(*now);
        row.add(*previous, -1.0).add(*charge, -calendar.block_hours * efficiency).add(*discharge, calendar.block_hours / efficiency);
        builder.row("battery", "charge_state", &ids, when, row, Bound::Equal(0.0), None);
        let mut full = Expr::col(*now);
        match linked.as_ref().and_then(|linked| linked.top_of(calendar, period, *slice)) {
            Some(top) => full.add(top, -1.0),
            None => full.add_expr(&energy, -1.0),
        };
        builder.row("battery", "battery_energy", &ids, when, full, Bound::AtMost(0.0), None);
        let mut power = Expr::col(*charge);
        power.add(*discharge, 1.0).add_expr(&energy, -1.0 / duration_hours);
        builder.row("battery", "battery_power", &ids, when, power, Bound::AtMost(0.0), None);
        let wear = calendar.hours(period, *slice) * wear_usd_per_mwh * 1e-6;
        builder.charge_contract(index, period, Some(*charge), wear);
        builder.charge_contract(index, period, Some(*discharge), wear);
    }
    if let Some(linked) = linked {
        levels(builder, (index, contract), period, &linked, &state, &energy);
    }
}

/// Columns of the paths of linked days, by position of the day in the period.
struct Linked {
    /// Where the path starts.
    start: Vec<Col>,
    /// At least its highest point.
    top: Vec<Col>,
}

impl Linked {
    fn new(builder: &mut Builder<'_>, id: &str, period: PeriodIx) -> Self {
        let days = builder.resolved.calendar.days_of[period].clone();
        let mut of_days = |noun: &'static str| -> Vec<Col> {
            days.iter().map(|day| builder.column(noun, &[id], When::slice(period, day.position()), f64::INFINITY)).collect()
        };
        Self { start: of_days("path_start"), top: of_days("path_top") }
    }

    fn top_of(&self, calendar: &Calendar, period: PeriodIx, slice: SliceIx) -> Option<Col> {
        let day = calendar.slices[slice].day;
        self.top.get(calendar.days_of[period].iter().position(|of| *of == day)?).copied()
    }
}

/// The level of every run of days, and what joins them.
fn levels(
    builder: &mut Builder<'_>,
    (index, contract): (ContractIx, &Contract),
    period: PeriodIx,
    linked: &Linked,
    state: &[Col],
    energy: &Expr,
) {
    let calendar = &builder.resolved.calendar;
    let (ids, blocks) = ([contract.id.as_str()], calendar.blocks());
    let runs = calendar.runs(period);
    let levels: Vec<Col> = (0..runs.len()).map(|run| builder.column("day_level", &ids, When::slice(period, run), f64::INFINITY)).collect();
    // Start, top and end of the path of each run, by the position of its day.
    let paths: Vec<Option<(usize, Col, Col, Col)>> = runs
        .iter()
        .map(|run| {
            let at = calendar.days_of[period].iter().position(|day| *day == run.day)?;
            Some((at, *linked.start.get(at)?, *linked.top.get(at)?, *state.get((at + 1) * blocks - 1)?))
        })
        .collect();
    let mut mean_level: Vec<(Expr, f64)> = calendar.days_of[period].iter().map(|_| (Expr::default(), 0.0)).collect();
    for (run, ((of, level), path)) in runs.iter().zip(&levels).zip(&paths).enumerate() {
        let Some((at, start, top, end)) = *path else { continue };
        let when = When::slice(period, run);
        // The level after a number of days of the run.
        let after = |days: f64| {
            let mut expr = Expr::col(*level);
            expr.add(end, days).add(start, -days);
            expr
        };
        let last = of.days.saturating_sub(1) as f64;
        let mut full = after(0.0);
        full.add(top, 1.0).add_expr(energy, -1.0);
        builder.row("battery", "first_day_full", &ids, when, full, Bound::AtMost(0.0), None);
        if of.days > 1 {
            let mut full = after(last);
            full.add(top, 1.0).add_expr(energy, -1.0);
            builder.row("battery", "last_day_full", &ids, when, full, Bound::AtMost(0.0), None);
            builder.row("battery", "last_day_empty", &ids, when, after(last), Bound::AtLeast(0.0), None);
        }
        let next = (run + 1) % runs.len();
        if let (Some(next_level), Some(Some((_, next_start, _, _)))) = (levels.get(next), paths.get(next)) {
            let mut midnight = after(last);
            midnight.add(end, 1.0).add(*next_level, -1.0).add(*next_start, -1.0);
            builder.row("battery", "midnight", &ids, when, midnight, Bound::Equal(0.0), None);
        }
        if let Some((levels, days)) = mean_level.get_mut(at) {
            let count = of.days as f64;
            levels.add_expr(&after(last / 2.0), count);
            *days += count;
        }
    }
    let means = mean_level.into_iter().map(|(levels, days)| {
        let mut mean = Expr::default();
        mean.add_expr(&levels, 1.0 / days.max(1.0));
        mean
    });
    builder.layout.contracts[index].day_level[period] = means.collect();
}
