//! A plan rolled on: what an answer has ordered and put into service by a month stands, the horizon begins there.
//!
//! Chips in service become fleets (retired ones are gone), chips, halls and plant on their way arrive when they
//! were to arrive, contracts in force keep their MW, decisions of past months are made, training that was done
//! is done. What counts from the horizon's start (growth of demand, prices that fall, escalation, curves) is
//! restated from the new one. Annuities of what was ordered are sunk: they are no cost of the rolled plan, as
//! those of no fleet are.
//!
//! Whether all of this says the same is not taken on trust: the rest of the old answer is valued anew from the
//! new start, and the rolled plan is solved and held against it.

use super::stands::{self, Then};
use crate::diagnostic::Diagnostic;
use crate::formulation::layout::Layout;
use crate::formulation::program::Col;
use crate::plan::edit::{Edit, apply};
use crate::plan::node::Node as _;
use crate::plan::numbers::changed_tree;
use crate::plan::product::TrainingNeed;
use crate::plan::study::Study;
use crate::plan::values::{Course, Steps};
use crate::plan::{Month, Plan, path};
use crate::resolved::{Ix as _, PeriodIx, Resolved, Series};
use crate::results::Results;
use crate::solve::{self, SolveOptions, Status};
use crate::study::{Options, Stated, solve_options, state};

/// The rest of the plan, before and after it was rolled on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tail {
    /// Tokens that the old answer makes from the new start on, Ttok.
    pub tokens_before: f64,
    /// Tokens of the rolled plan's answer, Ttok.
    pub tokens_after: f64,
    /// What the old answer comes to from the new start on, valued there, without annuities of what was ordered before, M$.
    pub npv_before: f64,
    /// What the rolled plan's answer comes to, M$.
    pub npv_after: f64,
}

impl Tail {
    /// How far apart the two are in money, as a share.
    #[must_use]
    pub fn apart(&self) -> f64 {
        (self.npv_after - self.npv_before).abs() / self.npv_before.abs().max(self.npv_after.abs()).max(1e-9)
    }
}

/// A plan rolled on.
#[derive(Clone, Debug, PartialEq)]
pub struct Rolled {
    /// The plan.
    pub plan: Plan,
    /// What a planner has to know of it.
    pub said: Vec<String>,
    /// The rest, before and after.
    pub tail: Tail,
}

/// Rolls a plan on to a month: the first month of one of its periods.
///
/// # Errors
/// What is wrong with the plan or the month, or that the plan has no answer to roll on from.
pub fn roll(plan: &Plan, series: &Series, to: Month) -> Result<Rolled, Vec<Diagnostic>> {
    if let Some(path) = path_of_curve(plan) {
        let message = "Where prices form, what is sold is no number to roll on from.";
        return Err(vec![
            Diagnostic::error("prices-form", path, message)
                .help("State segments instead of the curve, or change the plan's start by hand."),
        ]);
    }
    let stated = state(plan, series, &Options::default())?;
    let period = period_at(&stated.resolved, to)?;
    let point = answered(&stated)?;
    let then = Then { stated: &stated, point: &point, period };
    let mut said = Vec::new();
    let mut rolled = plan.clone();
    stands::decisions(&then, &mut rolled);
    stands::chips(&then, &mut rolled);
    stands::halls(&then, &mut rolled);
    stands::contracts(&then, &mut rolled, &mut said);
    training(&then, &mut rolled, &mut said);
    money(&then, &mut rolled, &mut said);
    restated(&then, &mut rolled, &mut said)?;
    rolled.horizon.start = to;
    rolled.horizon.periods -= u32::try_from(period).unwrap_or(0);
    studies(&mut rolled, to, &mut said);
    let about = format!("Rolled on from {} to {to}: what was ordered and in service by then stands.", plan.horizon.start);
    rolled.notes = if rolled.notes.is_empty() { about } else { format!("{} {about}", rolled.notes) };
    let months = period * stated.resolved.calendar.period_months as usize;
    if !months.is_multiple_of(12) {
        said.push("The discount counts whole years from the horizon's start, which has moved by a part of one: the rest is weighed a little otherwise.".to_owned());
    }
    let after = state(&rolled, series, &Options::default())?;
    let point_after = answered(&after)?;
    let (tokens_before, npv_before) = rest(&then, &after.resolved);
    let zero = Then { stated: &after, point: &point_after, period: 0 };
    let (tokens_after, npv_after) = rest(&zero, &after.resolved);
    Ok(Rolled { plan: rolled, said, tail: Tail { tokens_before, tokens_after, npv_before, npv_after } })
}

/// The first demand that answers to the price.
fn path_of_curve(plan: &Plan) -> Option<String> {
    let demands =
        plan.markets.iter().flat_map(|(market, entry)| entry.demand.iter().map(move |(product, demand)| (market, product, demand)));
    demands
        .filter(|(.., demand)| demand.curve.is_some())
        .map(|(market, product, _)| format!("markets.{market}.demand.{product}.curve"))
        .next()
}

fn period_at(resolved: &Resolved, to: Month) -> Result<usize, Vec<Diagnostic>> {
    let periods = &resolved.calendar.periods;
    if let Some((period, _)) = periods.pairs().find(|(period, of)| of.start == to && period.position() > 0) {
        return Ok(period.position());
    }
    let starts: Vec<String> = periods.iter().skip(1).map(|period| period.start.to_string()).collect();
    let message = format!("{to} is not the first month of a later period of the plan.");
    let help = if starts.is_empty() {
        "The plan has one period: there is nothing left to roll on to.".to_owned()
    } else {
        format!("Take one of {}.", starts.join(", "))
    };
    Err(vec![Diagnostic::error("bad-date", "horizon.start", message).help(help)])
}

fn answered(stated: &Stated) -> Result<Vec<f64>, Vec<Diagnostic>> {
    let outcome = solve::solve(&stated.formulation.program, &SolveOptions { ..solve_options(stated, &Options::default()) });
    if outcome.status == Status::Optimal {
        return Ok(outcome.point);
    }
    let results = Results::new(&stated.plan, &stated.resolved, &stated.formulation, &outcome);
    let message = format!("The plan has no answer that could be rolled on: {}", results.message);
    Err(vec![Diagnostic::error("no-answer", "", message).help("Solve it first, and mend what contradicts itself.")])
}

/// Tokens, and money valued at the first of the periods that follow, without annuities of earlier orders.
fn rest(then: &Then<'_>, after: &Resolved) -> (f64, f64) {
    let (resolved, layout) = (&then.stated.resolved, &then.stated.formulation.layout);
    let earlier = ordered_before(layout, then.period);
    let mut npv = 0.0;
    let mut tokens = 0.0;
    let discount = |period: PeriodIx| {
        period
            .position()
            .checked_sub(then.period)
            .map_or(0.0, |later| after.calendar.periods.get(PeriodIx::new(later)).map_or(0.0, |of| of.discount))
    };
    for charge in &layout.charges {
        let sunk = charge.part.is_annuity() && charge.col.is_some_and(|col| earlier.contains(&col));
        if !sunk {
            npv -= discount(charge.period) * charge.musd * charge.col.map_or(1.0, |col| then.value(col));
        }
    }
    for (demand, cols) in resolved.demands.iter().zip(&layout.demands) {
        for (period, sold) in cols.sold.pairs().filter(|(period, _)| period.position() >= then.period) {
            for (segment, col) in demand.segments.iter().zip(sold) {
                npv += discount(period) * segment.usd_per_mtok[period] * then.value(*col);
                tokens += resolved.products[demand.product].quality_weight[period] * then.value(*col);
            }
        }
    }
    (tokens, npv)
}

/// Columns of what was ordered before a period: chips, halls, pipelines, plant, and the subsidies on them.
fn ordered_before(layout: &Layout, period: usize) -> Vec<Col> {
    let chips = layout.pools.iter().flat_map(|pool| &pool.orders);
    let halls = layout.halls.iter().flat_map(|halls| &halls.orders);
    let plant = layout.contracts.iter().flat_map(|contract| &contract.orders);
    let orders = chips.chain(halls).chain(plant).chain(layout.pipelines.iter().flatten()).copied();
    let subsidies = layout.pools.iter().flat_map(|pool| &pool.subsidies).map(|(_, order, col)| (*order, *col));
    orders.chain(subsidies).filter(|(order, _)| order.position() < period).map(|(_, col)| col).collect()
}

/// What was trained is done: a programme that has ended is gone, one on its way needs what is left.
fn training(then: &Then<'_>, plan: &mut Plan, said: &mut Vec<String>) {
    let (resolved, layout) = (&then.stated.resolved, &then.stated.formulation.layout);
    let start = then.month(then.period);
    for (index, programme) in resolved.training.iter().enumerate() {
        let work = |counts: &dyn Fn(usize) -> bool| -> f64 {
            let of = layout.pools.iter().flat_map(|pool| &pool.training).filter(|training| training.programme == index);
            of.flat_map(|training| training.cols.pairs().map(move |(period, cols)| (training.rate, period, cols)))
                .filter(|(_, period, _)| counts(period.position()))
                .map(|(rate, period, cols)| {
                    let calendar = &resolved.calendar;
                    let hours = |place: usize| {
                        if programme.floor.is_none() {
                            calendar.period_hours(period)
                        } else {
                            calendar.slices_of[period].get(place).map_or(0.0, |slice| calendar.hours(period, *slice))
                        }
                    };
                    rate * cols.iter().enumerate().map(|(place, col)| hours(place) * then.value(*col)).sum::<f64>()
                })
                .sum()
        };
        if programme.window.iter().all(|period| period.position() < then.period) {
            plan.training.shift_remove(&programme.id);
            said.push(format!("The training programme {} has ended; what it unlocks is there from the start.", programme.id));
            continue;
        }
        let (done, all) = (work(&|period| period < then.period), work(&|_| true));
        let Some(stated) = plan.training.get_mut(&programme.id).filter(|_| all > 0.0 && done > 0.0) else { continue };
        let left = (1.0 - done / all).max(0.0);
        match &mut stated.need {
            TrainingNeed::Zflop(zflop) => *zflop *= left,
            TrainingNeed::ChipHours(hours) => hours.millions *= left,
        }
        stated.data_gtok *= left;
        stated.from = stated.from.max(start);
        said.push(format!("Of the training programme {} a share of {} is left.", programme.id, crate::words::share(left)));
    }
}

/// Money that is spent is spent.
fn money(then: &Then<'_>, plan: &mut Plan, said: &mut Vec<String>) {
    let layout = &then.stated.formulation.layout;
    let spent: f64 =
        layout.capex.iter().filter(|capex| capex.period.position() < then.period).map(|capex| capex.musd * then.value(capex.col)).sum();
    if let Some(total) = &mut plan.budget.capex_musd_total {
        *total = (*total - spent).max(0.0);
    }
    let is_capped =
        |policy: &crate::plan::Policy| matches!(policy, crate::plan::Policy::CapexSubsidy(subsidy) if subsidy.ceiling_musd.is_some());
    if plan.policies.values().any(is_capped) {
        said.push("A subsidy has a ceiling: what was used of it is not taken off; do so in its policy.".to_owned());
    }
    if plan.policies.values().any(|policy| matches!(policy, crate::plan::Policy::DomesticShare(_))) {
        said.push("A domestic share is of what is ordered within the horizon: what was ordered before counts no more, unless it includes what stands.".to_owned());
    }
}

/// What counts from the horizon's start, restated from the new one.
fn restated(then: &Then<'_>, plan: &mut Plan, said: &mut Vec<String>) -> Result<(), Vec<Diagnostic>> {
    let old = plan.horizon.start;
    let years = f64::from(then.month(then.period).0 - old.0) / 12.0;
    for demand in plan.markets.values_mut().flat_map(|market| market.demand.values_mut()) {
        let (growth, price) = (demand.growth_factor_per_year.powf(years), demand.price_factor_per_year.powf(years));
        for segment in &mut demand.segments {
            scale(&mut segment.answer_gtok_per_day, growth);
            for steps in [&mut segment.usd_per_mtok.answer, &mut segment.usd_per_mtok.prompt, &mut segment.usd_per_mtok.cached_prompt] {
                scale(steps, price);
            }
        }
    }
    plan.each_steps(&mut Vec::new(), &mut |_, steps| {
        if let Course::Curve(curve) = &mut steps.course
            && curve.since.is_none()
        {
            curve.since = Some(old);
        }
    });
    for id in plan.contracts.keys().cloned().collect::<Vec<_>>() {
        let Some(contract) = plan.contracts.get(&id) else { continue };
        let rate = contract.terms.child("escalation_fraction_per_year").and_then(crate::plan::node::Node::number).unwrap_or(0.0);
        let Some(field) = contract.terms.kind().price_field.filter(|_| rate != 0.0) else { continue };
        let at = format!("contracts.{id}.terms.{field}");
        let changed = path::node_at(plan, &at).and_then(|node| changed_tree(&node.tree(), &|price| price * (1.0 + rate).powf(years)));
        match changed {
            Some(tree) => apply(plan, &Edit::set(&at, tree.inline()))?,
            None => said.push(format!("The price of {id} has grown since; it could not be restated.")),
        }
        if let Some(charges) = plan.contracts.get(&id).map(|contract| contract.terms.kind().variant).filter(|kind| *kind == "Tariff") {
            said.push(format!("{charges} {id} escalates: its price is restated, its demand charges and fees are not."));
        }
    }
    Ok(())
}

fn scale(steps: &mut Steps, by: f64) {
    match &mut steps.course {
        Course::Dated(dated) => dated.values_mut().for_each(|value| *value *= by),
        Course::Curve(curve) => {
            curve.from *= by;
            for bound in [&mut curve.floor, &mut curve.ceiling] {
                *bound = bound.map(|bound| bound * by);
            }
        }
    }
}

/// A hedge whose date is past has been decided.
fn studies(plan: &mut Plan, to: Month, said: &mut Vec<String>) {
    plan.studies.retain(|id, study| {
        let is_past = matches!(study, Study::Hedge(hedge) if hedge.decide_before <= to);
        if is_past {
            said.push(format!("The hedge {id} asked what to sign before {to}: that is signed, and the study is gone."));
        }
        !is_past
    });
}
