//! A plan rolled on: what an answer has ordered and put into service by a month stands, the horizon begins there.
//!
//! Chips in service become fleets (retired ones are gone), chips, halls and plant on their way arrive when they
//! were to arrive, contracts in force keep their MW, offers taken are taken, decisions of past months are made,
//! training that was done is done. What really stands can be stated instead, thing by thing. What counts from
//! the horizon's start (growth of demand, prices that fall, escalation, curves, terms, years) says from when it
//! counts. Annuities of what was ordered are sunk: they are no cost of the rolled plan, as those of no fleet are.
//!
//! Whether all of this says the same is not taken on trust: the best rest of the old plan, with what was done
//! before held, is valued from the new start, and the rolled plan is solved and held against it.

use super::reach::out_of_reach;
use super::restated;
use super::standing::{Standing, with_actuals};
use super::stands::{self, Then};
use super::tail::{Tail, best_rest, rest};
use super::training::training;
use crate::diagnostic::Diagnostic;
use crate::plan::{Month, Plan};
use crate::resolved::{Ix as _, Resolved, Series};
use crate::results::Results;
use crate::solve::{self, SolveOptions, Status};
use crate::study::{Options, Stated, solve_options, state};
use crate::words::{musd, share, ttok};

/// A plan rolled on.
#[derive(Clone, Debug, PartialEq)]
pub struct Rolled {
    /// The plan.
    pub plan: Plan,
    /// What a planner has to know of it.
    pub said: Vec<String>,
    /// What stands in it: as the answer has it, or as it was stated.
    pub stands: Vec<Standing>,
    /// Whether something was stated otherwise than the answer has it.
    pub is_stated: bool,
    /// The rest, before and after.
    pub tail: Tail,
}

impl Rolled {
    /// How the rolled plan compares with the rest of the old one from its first month on, in a sentence.
    #[must_use]
    pub fn checked(&self) -> String {
        let (tail, to) = (self.tail, self.plan.horizon.start);
        let before = format!("{} and {}", ttok(tail.tokens_before), musd(tail.npv_before));
        let after = format!("{} and {}", ttok(tail.tokens_after), musd(tail.npv_after));
        if self.is_stated {
            format!("From {to} on the old plan would have come to {before}; with what stands the new one comes to {after}.")
        } else if tail.is_same() {
            format!("Checked: from {to} on it comes to {after}, as before.")
        } else {
            let apart = share(tail.apart());
            format!(
                "From {to} on the old plan comes to {before}, the rolled one to {after} ({apart} apart): what is said beside it, or what a goal may give up, makes the difference."
            )
        }
    }
}

/// What stands by a month as the plan's answer has it: a table that a planner can correct.
///
/// # Errors
/// As of [`roll`].
pub fn standing(plan: &Plan, series: &Series, to: Month) -> Result<Vec<Standing>, Vec<Diagnostic>> {
    let (stated, point, period) = begun(plan, series, to)?;
    Ok(stands::rows(&Then { stated: &stated, point: &point, period }, plan))
}

/// Rolls a plan on to a month: the first month of one of its periods. `actuals` is what really stands, of each
/// thing that it names; of all others the answer says it.
///
/// # Errors
/// What is wrong with the plan or the month, or that the plan has no answer to roll on from.
pub fn roll(plan: &Plan, series: &Series, to: Month, actuals: &[Standing]) -> Result<Rolled, Vec<Diagnostic>> {
    let (stated, point, period) = begun(plan, series, to)?;
    let then = Then { stated: &stated, point: &point, period };
    let mut rolled = plan.clone();
    let (rows, mut said) = with_actuals(stands::rows(&then, plan), actuals);
    let is_stated = !actuals.is_empty();
    if is_stated && (plan.budget.capex_musd_total.is_some() || !plan.policies.is_empty()) {
        said.push(
            "Money spent, subsidies used, water drawn and training done are as the old answer has them; state otherwise in the plan."
                .to_owned(),
        );
    }
    stands::apply(&then, &rows, &mut rolled, &mut said);
    training(&then, &mut rolled, &mut said);
    restated::restate(&then, &mut rolled, &mut said);
    rolled.horizon.start = to;
    rolled.horizon.periods -= u32::try_from(period).unwrap_or(0);
    restated::variations(plan, &mut rolled, to, &mut said);
    let about = format!("Rolled on from {} to {to}: what was ordered and in service by then stands.", plan.horizon.start);
    rolled.notes = if rolled.notes.is_empty() { about } else { format!("{} {about}", rolled.notes) };
    let months = period * stated.resolved.calendar.period_months as usize;
    let is_whole_years = months.is_multiple_of(12);
    if !is_whole_years && stated.resolved.calendar.discount_rate > 0.0 {
        said.push("Discounting counts whole years from the new start, which lies within a year of the old plan: later money weighs a little otherwise.".to_owned());
    }
    let after = state(&rolled, series, &Options::default())?;
    let help = match said.as_slice() {
        [] => "Roll to another month, or state what really stands.".to_owned(),
        // What is not carried over may be what the rest cannot do without.
        said => format!("Change in the plan what is not carried over, then roll it on: {}", said.join(" ")),
    };
    let point_after = answered(&after, "The rolled plan has no answer", &help)?;
    // Within a year, and with tokens first, the old answer need not be the best rest.
    let before = if is_whole_years { None } else { best_rest(&then, &after.resolved) };
    let (tokens_before, npv_before) = before.unwrap_or_else(|| rest(&then, &after.resolved));
    let zero = Then { stated: &after, point: &point_after, period: 0 };
    let (tokens_after, npv_after) = rest(&zero, &after.resolved);
    let tail = Tail { tokens_before, tokens_after, npv_before, npv_after };
    if !is_stated && !tail.is_same() {
        said.extend(out_of_reach(&then, &after.resolved));
    }
    Ok(Rolled { plan: rolled, said, stands: rows, is_stated, tail })
}

fn begun(plan: &Plan, series: &Series, to: Month) -> Result<(Stated, Vec<f64>, usize), Vec<Diagnostic>> {
    if let Some(path) = path_of_curve(plan) {
        let message = "Where prices form, what is sold is no number to roll on from.";
        return Err(vec![
            Diagnostic::error("prices-form", path, message)
                .help("State segments instead of the curve, or change the plan's start by hand."),
        ]);
    }
    let stated = state(plan, series, &Options::default())?;
    let period = period_at(&stated.resolved, to)?;
    let point = answered(&stated, "The plan has no answer that could be rolled on", "Solve it first, and mend what contradicts itself.")?;
    Ok((stated, point, period))
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

/// The months a plan can be rolled on to: the first ones of its later periods.
#[must_use]
pub fn months(plan: &Plan) -> Vec<Month> {
    let horizon = &plan.horizon;
    let start = |period: u32| horizon.start.plus(i32::try_from(period.saturating_mul(horizon.period_months)).unwrap_or(i32::MAX));
    (1..horizon.periods).map(start).collect()
}

fn period_at(resolved: &Resolved, to: Month) -> Result<usize, Vec<Diagnostic>> {
    let periods = &resolved.calendar.periods;
    if let Some((period, _)) = periods.pairs().find(|(period, of)| of.start == to && period.position() > 0) {
        return Ok(period.position());
    }
    let starts: Vec<String> = periods.iter().skip(1).map(|period| period.start.to_string()).collect();
    let (start, end) = (resolved.calendar.start, resolved.calendar.end());
    let message = if to >= end {
        format!("{to} lies after the plan's horizon, which ends before {end}: there is nothing to roll on.")
    } else if to <= start {
        format!("{to} is not after {start}, where the plan begins.")
    } else {
        format!("{to} lies within a period of the plan.")
    };
    let help = match starts.as_slice() {
        [] => "The plan has one period: there is nothing left to roll on to.".to_owned(),
        [only] => format!("Take {only}."),
        [all @ .., last] if all.len() < 8 => format!("Take one of {} or {last}.", all.join(", ")),
        [first, .., last] => format!("Take the first month of a period, {first} or a later one up to {last}."),
    };
    Err(vec![Diagnostic::error("bad-date", "horizon.start", message).help(help)])
}

fn answered(stated: &Stated, what: &str, help: &str) -> Result<Vec<f64>, Vec<Diagnostic>> {
    let outcome = solve::solve(&stated.formulation.program, &SolveOptions { ..solve_options(stated, &Options::default()) });
    if outcome.status == Status::Optimal {
        return Ok(outcome.point);
    }
    let results = Results::new(&stated.plan, &stated.resolved, &stated.formulation, &outcome);
    let message = format!("{what}: {}", results.message);
    Err(vec![Diagnostic::error("no-answer", "", message).help(help)])
}
