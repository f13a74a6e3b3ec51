//! From a program to an outcome: solvers, and our own check of what they say.
//!
//! [`solve`] runs a program's phases in turn from cold. [`session::Session`] keeps one HiGHS instance
//! alive and answers edits in milliseconds. Both give an [`Outcome`] whose point has passed
//! [`certificate`]: no number from a solver is shown on the solver's word alone.
//!
//! This room does no input or output and does not panic on any program it is given.

pub mod certificate;
mod clock;
mod cold;
pub mod conflict;
mod give_up;
pub mod glance;
mod highs;
mod implied;
mod interior;
mod loaded;
mod mend;
pub mod outcome;
pub mod range;
mod ratio;
pub mod session;
pub mod statement;
mod thin;
mod tie;
mod whole;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub use self::certificate::Certificate;
pub use self::clock::Clock;
pub use self::cold::solve;
pub use self::give_up::at_least as give_up_at_least;
pub(crate) use self::highs::Basis;
pub use self::interior::is_guarded;
pub use self::outcome::{GiveUp, Held, Outcome, PhaseOutcome, Status, StopReason};
pub use self::ratio::least_ratio;

/// Why a question about a program (what must give, how far a limit may move) has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SolveError {
    /// Its time was over, or somebody asked it to stop.
    #[error("The search was stopped before it had an answer.")]
    Stopped,
    /// Why, in a sentence.
    #[error("{0}")]
    NoAnswer(String),
}

impl From<highs::Refused> for SolveError {
    fn from(refused: highs::Refused) -> Self {
        Self::NoAnswer(format!("{refused}."))
    }
}

/// Which solver is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Choice {
    /// HiGHS up to [`INTERIOR_COLUMNS`] columns, clarabel above, and the other ones if the answer
    /// does not pass our check.
    #[default]
    Auto,
    /// HiGHS's simplex (branch and bound for whole numbers).
    Highs {
        /// Whether it may simplify the program first.
        presolve: bool,
    },
    /// clarabel's interior point method. No whole numbers, no basis.
    Clarabel,
    /// microlp: a second opinion on small programs. No duals.
    Microlp,
}

/// Columns above which a cold LP goes to the interior point method. The hot session, whose answers a cold run must
/// repeat to the tie, goes as far (`HOT_COLUMNS`); beyond, the interior point takes less. CPU s for both goals of
/// Texas, a busy machine: 14,000 columns 4.3 by simplex and 2.6 by interior point, 32,000 columns 24.6 and 8.6.
pub const INTERIOR_COLUMNS: usize = 15_000;

/// How to solve.
#[derive(Clone, Debug)]
pub struct SolveOptions {
    /// Which solver.
    pub choice: Choice,
    /// Wall seconds for the whole run, all phases together.
    pub time_limit_s: Option<f64>,
    /// Set to true to stop the run.
    pub cancel: Option<Arc<AtomicBool>>,
    /// Relative gap at which an integer run is good enough.
    pub gap: f64,
    /// Whole columns must be whole; otherwise they are divisible.
    pub whole: bool,
    /// Also find what the little that the first goal may give up brings in the second: one more run.
    pub give_up: bool,
}

impl Default for SolveOptions {
    fn default() -> Self {
        Self { choice: Choice::Auto, time_limit_s: None, cancel: None, gap: 1e-3, whole: false, give_up: false }
    }
}

/// What stops a run from outside: a flag and a moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Control {
    pub(crate) cancel: Option<Arc<AtomicBool>>,
    pub(crate) deadline: Option<Instant>,
}

impl Control {
    pub(crate) fn new(options: &SolveOptions) -> Self {
        let deadline = options
            .time_limit_s
            .filter(|seconds| seconds.is_finite())
            .and_then(|seconds| Duration::try_from_secs_f64(seconds.max(0.0)).ok())
            .and_then(|limit| Instant::now().checked_add(limit));
        Self { cancel: options.cancel.clone(), deadline }
    }

    /// The same with a deadline at most so far away.
    pub(crate) fn within(&self, time: Duration) -> Self {
        let near = Instant::now().checked_add(time);
        Self { cancel: self.cancel.clone(), deadline: self.deadline.map_or(near, |deadline| near.map(|near| near.min(deadline))) }
    }

    pub(crate) fn cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    /// Seconds until the deadline, not below zero; `None` if there is none.
    pub(crate) fn seconds_left(&self) -> Option<f64> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()).as_secs_f64())
    }
}

/// How one run of one solver ended, in its own word.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RunStatus {
    Optimal,
    Infeasible,
    Unbounded,
    UnboundedOrInfeasible,
    OutOfTime,
    Cancelled,
    /// The goal is a quotient of nothing.
    Nothing,
    Failed(String),
}

/// What one run of one solver left: the point, the duals of scaled rows (d objective / d right-hand
/// side) and the reduced costs, all for the objective as stated.
#[derive(Clone, Debug)]
pub(crate) struct Solved {
    pub(crate) status: RunStatus,
    pub(crate) point: Vec<f64>,
    pub(crate) row_duals: Vec<f64>,
    pub(crate) column_duals: Vec<f64>,
    pub(crate) iterations: u64,
    pub(crate) has_duals: bool,
}

impl Solved {
    /// A run that left no point.
    pub(crate) fn nothing(status: RunStatus) -> Self {
        Self { status, point: Vec::new(), row_duals: Vec::new(), column_duals: Vec::new(), iterations: 0, has_duals: false }
    }
}
