//! One point solved: its plan stated, what is asked of it stated as a program, the answer reduced.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::base::{Base, best};
use super::point::{Ask, Point};
use super::reduced::Reduced;
use super::{curve, hedged, pair};
use crate::diagnostic::Diagnostic;
use crate::formulation::measures::{self, Measure, Measured};
use crate::formulation::program::{Linear, Phase, Program, Sense};
use crate::formulation::{Formulation, program};
use crate::plan::Plan;
use crate::plan::study::Group;
use crate::results::{Results, Status};
use crate::solve::session::Session;
use crate::solve::{self, Outcome};
use crate::study::trial::keeping;
use crate::study::{Options, Stated, conflict, state};

/// By how little of a level a held measure may fall short, as a share of it: solvers have a tolerance.
pub(super) const SLACK: f64 = 1e-7;

/// What came of a point; `None` if it was stopped. `good` are the answers of the chain so far that keep the base
/// plan's goals within what may be given up.
pub(super) fn solved(
    base: &Base,
    session: &mut Session,
    good: &mut Vec<Outcome>,
    point: &Point,
    varied: Result<Plan, Vec<Diagnostic>>,
    cancel: Option<&Arc<AtomicBool>>,
) -> Option<Reduced> {
    let varied = match varied {
        Ok(varied) => varied,
        Err(problems) => return Some(Reduced::refused(&problems)),
    };
    match &point.ask {
        Ask::Answer | Ask::AsOrdered => {
            let stated = match state(&varied, &base.series, &Options::default()) {
                Ok(stated) => stated,
                Err(problems) => return Some(Reduced::refused(&problems)),
            };
            if point.ask == Ask::Answer { answer(session, &stated, cancel) } else { as_ordered(base, session, stated, cancel) }
        }
        Ask::Extreme { group, id, most, give_up, first_only } => {
            extreme(base, session, good, (group, id, *most), (*give_up, *first_only), cancel)
        }
        Ask::Held { optimise, hold, share } => {
            let (pair, ends) = match pair::prepared(base, session, (*optimise, *hold), cancel) {
                Ok(prepared) => prepared,
                Err(why) => return why.map(|why| *why),
            };
            pair.at(base, session, ends.level(*share), cancel).map(|(_, _, reduced)| reduced)
        }
        Ask::Curve { optimise, hold, at_most } if point.changes.is_empty() => {
            curve::curve(base, session, (*optimise, *hold), *at_most, cancel)
        }
        // The curve of another plan begins from that plan's own answer.
        Ask::Curve { optimise, hold, at_most } => {
            let own = match Base::new(&varied, &base.series, &Options { cancel: cancel.cloned(), ..Options::default() }) {
                Ok(own) => own,
                Err(problems) => return Some(Reduced::refused(&problems)),
            };
            curve::curve(&own, &mut own.session(false), (*optimise, *hold), *at_most, cancel)
        }
        Ask::Futures { hedging, way } => hedged::solved(base, session, hedging, way, cancel),
    }
}

fn answer(session: &mut Session, stated: &Stated, cancel: Option<&Arc<AtomicBool>>) -> Option<Reduced> {
    let outcome = best(session, stated, &stated.formulation.program, cancel);
    read(stated, &outcome, cancel)
}

/// Reduces an outcome; none if it was stopped by whoever waits for it.
fn read(stated: &Stated, outcome: &Outcome, cancel: Option<&Arc<AtomicBool>>) -> Option<Reduced> {
    if matches!(outcome.status, solve::Status::Stopped { reason: solve::StopReason::Cancelled, .. }) {
        return None;
    }
    let mut results = Results::new(&stated.plan, &stated.resolved, &stated.formulation, outcome);
    if results.status == Status::Infeasible {
        let give = conflict::explain(stated, cancel.cloned());
        let paths: Vec<&str> = give.iter().map(|give| give.path.as_str()).take(4).collect();
        if !paths.is_empty() {
            results.message = format!("The limits contradict each other: {}.", paths.join(", "));
        }
    }
    Some(Reduced::of(&results))
}

/// The plan at this point with the orders of the base plan.
fn as_ordered(base: &Base, session: &mut Session, mut stated: Stated, cancel: Option<&Arc<AtomicBool>>) -> Option<Reduced> {
    if !base.outcome.has_point() {
        return Some(Reduced::without("nothing", "The base plan has no answer, so nothing is ordered that could stay."));
    }
    let mut left = base.ordered.len();
    for column in &mut stated.formulation.program.columns {
        let Some(ordered) = base.ordered.get(&column.key) else { continue };
        left -= 1;
        let slack = SLACK * ordered.abs();
        // What the future no longer allows stays contradicted, and is said.
        if ordered - slack > column.upper + slack {
            return Some(Reduced::without(
                "infeasible",
                format!("What is ordered can't be had here: {}.", column.key.noun.replace('_', " ")),
            ));
        }
        column.lower = (ordered - slack).clamp(column.lower.min(ordered - slack), column.upper).max(0.0);
        column.upper = (ordered + slack).min(column.upper);
    }
    // An order that does not exist here (a date moved beyond the horizon) can't stay.
    if left > 0
        && base
            .ordered
            .iter()
            .any(|(key, value)| *value > 1e-9 && !stated.formulation.program.columns.iter().any(|column| column.key == *key))
    {
        return Some(Reduced::without("infeasible", "Something that is ordered can't be ordered here at all."));
    }
    let outcome = best(session, &stated, &stated.formulation.program, cancel);
    if outcome.status == solve::Status::Infeasible {
        return Some(Reduced::without("infeasible", "What is ordered and what must be kept contradict each other here."));
    }
    read(&stated, &outcome, cancel)
}

/// The rows that keep the goals of the base plan within what may be given up.
fn kept(base: &Base, give_up: f64, first_only: bool) -> Vec<program::Row> {
    let stated = &base.stated.formulation.program;
    let mut rows = Vec::new();
    let deciding = stated.phases.iter().zip(&base.outcome.phases).enumerate();
    // The revenue after the goals only breaks ties; it is the program's own.
    let last = stated.phases.len().saturating_sub(1);
    for (number, (phase, reached)) in
        deciding.filter(|(number, (phase, _))| *number == 0 || !(*number == last && phase.goal.name == "revenue"))
    {
        if first_only && number > 0 {
            break;
        }
        let give = give_up * reached.value.abs();
        let worst = |at_best: f64, at_answer: f64, sense: Sense| match sense {
            Sense::Maximise => (at_best - give).min(at_answer),
            Sense::Minimise => (at_best + give).max(at_answer),
        };
        let point = &base.outcome.point;
        match &phase.per {
            None => rows.push(keeping(rows.len(), &phase.goal, phase.sense, worst(reached.value, phase.goal.value(point), phase.sense))),
            Some((per, _)) => {
                let quotient = Measured { measure: Measure::CostPerMtok, function: phase.goal.clone(), per: Some(per.clone()) };
                let (function, bound) = quotient.held(worst(reached.value, quotient.value(point), phase.sense));
                rows.push(keeping(rows.len(), &function, phase.sense, bound));
                let floor = phase.floor.as_ref().unwrap_or(per);
                let made = floor.value(point);
                rows.push(keeping(rows.len(), floor, Sense::Maximise, made - give_up * made.abs()));
            }
        }
    }
    rows
}

/// One goal alone.
pub(super) fn goal(goal: Linear, sense: Sense) -> Phase {
    Phase { goal, sense, tolerance: 0.0, at_least: None, per: None, floor: None }
}

fn extreme(
    base: &Base,
    session: &mut Session,
    good: &mut Vec<Outcome>,
    (group, id, most): (&Group, &str, bool),
    (give_up, first_only): (f64, bool),
    cancel: Option<&Arc<AtomicBool>>,
) -> Option<Reduced> {
    if base.outcome.status != solve::Status::Optimal {
        return Some(Reduced::without("nothing", "The base plan has no best answer to give anything up from."));
    }
    let (resolved, layout) = (&base.stated.resolved, &base.stated.formulation.layout);
    let function = match group {
        Group::ChipsByKind => measures::chips_ordered(resolved, layout, id),
        Group::PowerBySite => measures::it_power(resolved, layout, id),
        Group::HallsBySite => measures::halls_ordered(resolved, layout, id),
        Group::PowerByContract => measures::contract_power(resolved, layout, id),
        Group::TokensByMarket => measures::sold(resolved, layout, id),
    };
    let mut program = base.stated.formulation.program.clone();
    let planned = function.value(&base.outcome.point);
    let end = limit(&program, &function, most);
    let reaches = |outcome: &Outcome| {
        let value = function.value(&outcome.point);
        if most { value >= end - REACHED } else { value <= end + REACHED }
    };
    // What is as little already as its columns allow cannot be less, and that plan itself is the proof.
    if reaches(&base.outcome) {
        let results = Results::new(&base.plan, resolved, &base.stated.formulation, &base.outcome);
        return Some(Reduced { asked: vec![planned, planned], ..Reduced::of(&results) });
    }
    program.rows.extend(kept(base, give_up, first_only));
    program.phases = vec![goal(function.clone(), if most { Sense::Maximise } else { Sense::Minimise })];
    if let Some(known) = good.iter().find(|outcome| reaches(outcome)) {
        let value = function.value(&known.point);
        let mut reduced = reduced(base, &program, known);
        (reduced.goals, reduced.asked) = (vec![(function.name.to_owned(), value)], vec![value, planned]);
        // What binds there is of another question.
        reduced.binding.clear();
        return Some(reduced);
    }
    let (outcome, mut reduced) = alone(base, session, &program, cancel)?;
    if outcome.has_point() {
        reduced.asked = vec![function.value(&outcome.point), planned];
    }
    // With the goals kept as they are, only what is looked at changes from one extreme to the next: the point
    // where one ends is a feasible start for the primal simplex of the next.
    if outcome.status == solve::Status::Optimal {
        good.push(outcome);
    }
    Some(reduced)
}

/// How near to the end of its range counts as there, in the function's unit.
const REACHED: f64 = 1e-9;

/// The least or most that a function can have by the bounds of its columns alone.
fn limit(program: &Program, function: &Linear, most: bool) -> f64 {
    let of = |(col, coefficient): &(program::Col, f64)| {
        let Some(column) = program.columns.get(col.0 as usize) else { return f64::NAN };
        coefficient * if (*coefficient > 0.0) == most { column.upper } else { column.lower }
    };
    function.constant + function.terms.iter().filter(|(_, coefficient)| *coefficient != 0.0).map(of).sum::<f64>()
}

/// A program of the base plan's columns solved, and its answer read in the plan's units.
pub(super) fn alone(base: &Base, session: &mut Session, program: &Program, cancel: Option<&Arc<AtomicBool>>) -> Option<(Outcome, Reduced)> {
    let outcome = best(session, &base.stated, program, cancel);
    let is_cancelled = cancel.is_some_and(|cancel| cancel.load(std::sync::atomic::Ordering::Relaxed));
    if is_cancelled && matches!(outcome.status, solve::Status::Stopped { .. }) {
        return None;
    }
    let mut reduced = reduced(base, program, &outcome);
    if let solve::Status::Unbounded { free } = &outcome.status {
        reduced.reason = format!("Nothing limits it: {}.", free.first().map_or("a column", String::as_str));
    }
    Some((outcome, reduced))
}

/// An answer of a program of the base plan's columns in the plan's units: the base's own rows and columns come
/// first in it, so the layout of the base reads the point.
fn reduced(base: &Base, program: &Program, outcome: &Outcome) -> Reduced {
    let formulation = Formulation { program: program.clone(), layout: base.stated.formulation.layout.clone() };
    Reduced::of(&Results::new(&base.plan, &base.stated.resolved, &formulation, outcome))
}
