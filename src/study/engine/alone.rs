//! A program of a study's own that begins with the base plan's rows and columns: solved, and read in the plan's
//! units.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::base::{Base, best};
use super::reduced::Reduced;
use crate::formulation::Formulation;
use crate::formulation::program::{Linear, Phase, Sense};
use crate::results::Results;
use crate::solve::session::Session;
use crate::solve::{self, Outcome};

/// By how little of a level a held measure may fall short, as a share of it: solvers have a tolerance.
pub(super) const SLACK: f64 = 1e-7;

/// One goal alone.
pub(super) fn goal(goal: Linear, sense: Sense) -> Phase {
    Phase { goal, sense, tolerance: 0.0, at_least: None, per: None, floor: None }
}

/// A program that begins with the base plan's rows and columns solved, and its answer read in the plan's units by
/// the base's layout.
pub(super) fn alone(base: &Base, session: &mut Session, own: &Formulation, cancel: Option<&Arc<AtomicBool>>) -> Option<(Outcome, Reduced)> {
    let outcome = best(session, &base.stated, &own.program, cancel);
    let is_cancelled = cancel.is_some_and(|cancel| cancel.load(std::sync::atomic::Ordering::Relaxed));
    if is_cancelled && matches!(outcome.status, solve::Status::Stopped { .. }) {
        return None;
    }
    let mut reduced = reduced(base, own, &outcome);
    if let solve::Status::Unbounded { free } = &outcome.status {
        reduced.reason = format!("Nothing limits it: {}.", free.first().map_or("a column", String::as_str));
    }
    Some((outcome, reduced))
}

/// An outcome of such a program in the plan's units.
pub(super) fn reduced(base: &Base, own: &Formulation, outcome: &Outcome) -> Reduced {
    Reduced::of(&Results::figures(&base.plan, &base.stated.resolved, own, outcome))
}
