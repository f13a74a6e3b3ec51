//! Solving plans: once ([`answer`]), live behind a window ([`live`]), and many times.

pub mod live;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::results::Results;
use crate::scenario::Series;

/// How to solve.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Name of the plan's scenario to apply; empty for the base plan.
    pub scenario: String,
    /// Whole halls and racks even where the plan does not ask for them.
    pub whole: bool,
    /// Seconds after which to stop with the best answer so far.
    pub time_limit_s: Option<f64>,
    /// Set to stop at once.
    pub cancel: Option<Arc<AtomicBool>>,
}

/// What solving a plan gave: results, or what is wrong with the plan (errors and warnings).
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The answer, also for plans that are infeasible or unbounded; none if the plan is wrong.
    pub results: Option<Arc<Results>>,
    /// Everything that is wrong or doubtful, with places by path (spans belong to the text).
    pub problems: Vec<Diagnostic>,
}

/// Solves a plan from cold: Plan → Scenario → Formulation → Outcome → Results.
#[must_use]
pub fn answer(_plan: &Plan, _series: &Series, _options: &Options) -> Answer {
    Answer::default()
}
