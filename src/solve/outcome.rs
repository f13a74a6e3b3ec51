//! What a run came to.

use super::certificate::Certificate;

/// Why a run stopped before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// Its time was over.
    TimeLimit,
    /// Somebody asked it to stop.
    Cancelled,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Status {
    /// All phases are at their best and every one has passed our own check.
    Optimal,
    /// It stopped early. [`Outcome::point`] is empty unless a point was found that passes our own
    /// check of feasibility.
    Stopped {
        /// Why.
        reason: StopReason,
        /// Relative distance to the bound on the best (integer runs), if known.
        gap: Option<f64>,
    },
    /// No point keeps all limits: see [`super::conflict`].
    Infeasible,
    /// The goal can grow for ever.
    Unbounded {
        /// Names of the columns that can grow, the most useful first.
        free: Vec<String>,
    },
    /// The goal is a quotient, and nothing it is divided by can be made: there is no answer, and nothing wrong.
    Nothing,
    /// No solver gave an answer that passes our check. Why, in a sentence.
    Failed(String),
    /// Nothing was run.
    #[default]
    NotRun,
}

/// What holding an earlier phase costs a later one.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Name of the earlier phase's goal.
    pub name: &'static str,
    /// The value its goal is kept at (not below for a maximum, not above for a minimum).
    pub bound: f64,
    /// d (this phase's goal) / d (that value): what the last unit of the earlier goal costs.
    pub dual: f64,
}

/// What the first goal gave up of its best, and what that brought in the second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GiveUp {
    /// Name of the first goal.
    pub name: &'static str,
    /// Share of its best that was given up.
    pub share: f64,
    /// The same in its unit.
    pub amount: f64,
    /// Name of the second goal.
    pub second: &'static str,
    /// By how much the second goal is better for it, in its unit; never below zero.
    pub brings: f64,
    /// `brings` was found by solving with the first goal held at its very best. Otherwise it is what the
    /// price of the last units proves: at least so much.
    pub exact: bool,
    /// Found with the whole halls and racks of the answer held.
    pub whole: bool,
}

/// One phase of a run.
#[derive(Clone, Debug, Default)]
pub struct PhaseOutcome {
    /// Name of its goal.
    pub name: &'static str,
    /// The goal's value (with its constant; for a quotient, the quotient), computed from the point.
    pub value: f64,
    /// For each row of the program, d goal / d (right-hand side of the *unscaled* row), whichever the
    /// sense: for a maximum, a limit `≤` that binds has a dual ≥ 0. Empty if the solver gives none.
    pub row_duals: Vec<f64>,
    /// For each column, its reduced cost: d goal / d (bound at which the column stands).
    pub column_duals: Vec<f64>,
    /// What the earlier phases cost this one.
    pub held: Vec<Held>,
    /// The `at_least` of this phase or an earlier one: d goal / d (least value).
    pub least_duals: Vec<f64>,
    /// Iterations of the solver.
    pub iterations: u64,
}

/// What a run came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// One value per column; empty if there is no point that may be shown.
    pub point: Vec<f64>,
    /// Phases that were run to the end, in order.
    pub phases: Vec<PhaseOutcome>,
    /// Our own check of every phase.
    pub certificate: Certificate,
    /// What the first goal gave up, where that is known.
    pub give_up: Option<GiveUp>,
    /// Relative gap of an integer run.
    pub gap: Option<f64>,
    /// Whether whole columns were held to whole numbers; the duals then hold for those numbers.
    pub whole: bool,
    /// Solver and version.
    pub solver: String,
    /// Iterations of all phases.
    pub iterations: u64,
    /// Seconds of processor time of the solving thread (wall time if [`Outcome::cpu_is_wall`]).
    pub cpu_seconds: f64,
    /// The system has no clock for a thread's processor time.
    pub cpu_is_wall: bool,
}

impl Outcome {
    /// Whether there is a point that may be shown.
    #[must_use]
    pub fn has_point(&self) -> bool {
        !self.point.is_empty()
    }

    /// The outcome of a phase, by the name of its goal.
    #[must_use]
    pub fn phase(&self, name: &str) -> Option<&PhaseOutcome> {
        self.phases.iter().find(|phase| phase.name == name)
    }

    pub(crate) fn failed(reason: String) -> Self {
        Self { status: Status::Failed(reason), ..Self::default() }
    }
}
