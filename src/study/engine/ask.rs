//! One point solved: its plan stated, what is asked of it stated as a program, the answer reduced.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::alone::SLACK;
use super::base::{Base, best};
use super::link::Link;
use super::point::{Ask, Point};
use super::reduced::Reduced;
use super::trade::{GAIN_ALONE, GAIN_BY_LEAVING};
use super::{curve, extreme, hedged, pair};
use crate::diagnostic::Diagnostic;
use crate::plan::{Conduct, Plan};
use crate::results::{Results, Status};
use crate::solve::session::Session;
use crate::solve::{self, Outcome};
use crate::study::{Options, Stated, conflict, equilibrium, state};

/// What came of a point of a chain; `None` if it was stopped.
pub(super) fn solved(
    base: &Base,
    link: &mut Link,
    chain: &[Point],
    point: &Point,
    varied: Result<Plan, Vec<Diagnostic>>,
    cancel: Option<&Arc<AtomicBool>>,
) -> Option<Reduced> {
    let varied = match varied {
        Ok(varied) => varied,
        Err(problems) => return Some(Reduced::refused(&problems)),
    };
    match &point.ask {
        Ask::Answer | Ask::AtRest | Ask::AsOrdered => {
            let stated = match state(&varied, &base.series, &Options::default()) {
                Ok(stated) => stated,
                Err(problems) => return Some(Reduced::refused(&problems)),
            };
            match point.ask {
                Ask::AsOrdered => as_ordered(base, &mut link.session, stated, cancel),
                Ask::AtRest => at_rest(&mut link.session, &stated, cancel),
                _ => answer(&mut link.session, &stated, cancel),
            }
        }
        Ask::Extreme { .. } => extreme::solved(base, link, chain, &point.ask, cancel),
        Ask::Held { optimise, hold, share } => {
            let ends = match pair::prepared(base, link, (*optimise, *hold), cancel) {
                Ok(ends) => ends,
                Err(why) => return why.map(|why| *why),
            };
            let pair = link.pair.as_mut()?;
            pair.at(base, &mut link.session, ends.level(*share), cancel).map(|(_, _, reduced)| reduced)
        }
        Ask::Curve { optimise, hold, at_most } if point.changes.is_empty() => {
            curve::curve(base, link, (*optimise, *hold), *at_most, cancel)
        }
        // The curve of another plan begins from that plan's own answer.
        Ask::Curve { optimise, hold, at_most } => {
            let own = match Base::new(&varied, &base.series, &Options { cancel: cancel.cloned(), ..Options::default() }) {
                Ok(own) => own,
                Err(problems) => return Some(Reduced::refused(&problems)),
            };
            curve::curve(&own, &mut Link::new(&own, Some(&point.ask)), (*optimise, *hold), *at_most, cancel)
        }
        Ask::Futures { hedging, way } => hedged::solved(base, &mut link.session, hedging, way, cancel),
    }
}

fn answer(session: &mut Session, stated: &Stated, cancel: Option<&Arc<AtomicBool>>) -> Option<Reduced> {
    let outcome = best(session, stated, &stated.formulation.program, cancel);
    read(stated, &outcome, cancel)
}

/// The answer, and what each actor would gain by acting otherwise alone: the check that it is an equilibrium.
fn at_rest(session: &mut Session, stated: &Stated, cancel: Option<&Arc<AtomicBool>>) -> Option<Reduced> {
    let outcome = best(session, stated, &stated.formulation.program, cancel);
    let mut reduced = read(stated, &outcome, cancel)?;
    let results = Results::figures(&stated.plan, &stated.resolved, &stated.formulation, &outcome);
    let name = if matches!(stated.resolved.conduct(), Some(Conduct::Cartel)) { GAIN_BY_LEAVING } else { GAIN_ALONE };
    for reply in equilibrium::replies_at(stated, &outcome, &results, cancel) {
        if let Some(actor) = results.trade.actors.get(reply.actor) {
            reduced.actors.entry(actor.id.clone()).or_default().insert(name.to_owned(), reply.gain_fraction);
        }
    }
    // A check that was stopped half-way is none.
    let is_stopped = cancel.is_some_and(|cancel| cancel.load(std::sync::atomic::Ordering::Relaxed));
    (!is_stopped).then_some(reduced)
}

/// Reduces an outcome; none if it was stopped by whoever waits for it.
fn read(stated: &Stated, outcome: &Outcome, cancel: Option<&Arc<AtomicBool>>) -> Option<Reduced> {
    if matches!(outcome.status, solve::Status::Stopped { reason: solve::StopReason::Cancelled, .. }) {
        return None;
    }
    let mut results = Results::figures(&stated.plan, &stated.resolved, &stated.formulation, outcome);
    if results.status == Status::Infeasible {
        let give = conflict::explain(stated, cancel.cloned());
        if !give.is_empty() {
            let sentences: Vec<&str> = give.iter().map(|give| give.sentence.as_str()).take(3).collect();
            results.message = format!("The limits contradict each other. {}", sentences.join(" "));
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
