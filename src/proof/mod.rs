//! A file that proves an answer: the point, and the prices that show that nothing is better.
//!
//! Weak duality makes an optimum checkable without solving: prices of the rows give a bound on the goal
//! that no plan can pass (`solve::certificate` says how), and the point reaches it. Point and prices
//! together are a proof of some hundred kilobytes. Whoever opens it needs no solver and no trust in one:
//! the plan is stated again and the bounds are computed in our own arithmetic, in milliseconds.
//!
//! Of a run with several goals in turn each goal has its prices. The point kept is the last one; of the
//! earlier goals the bound is proved, and that the point keeps what was held of them.
//!
//! A proof belongs to one program, known by its digest. Digests of the plan and its series are kept
//! beside it, so that a stale proof says what has changed since.
//!
//! Goals that are quotients and whole halls and racks are proved by several such programs (`parts`): a quotient to be the
//! least, whole numbers to be within the plan's gap of the best. Of these no more can be proved: their best is known to
//! the search that branched, and leaves no prices.

mod check;
mod derived;
mod digest;
mod parts;
mod text;

pub use check::check;
pub use digest::{of_program, of_series};
pub use parts::{Parts, PerToken, WHOLE, Whole};
pub use text::{from_text, to_text};

use crate::formulation::program::Program;
use crate::solve::{Outcome, Status};

/// First words of a proof's text.
pub const HEAD: &str = "tokenworks-proof";
/// The version of the format that is written, and the only one that is read.
pub const FORMAT: u32 = 1;
/// Ending of the name of the file beside a plan.
pub const ENDING: &str = "proof";

/// Longest proof that is read, bytes: that of two million columns is shorter.
pub const MAX_BYTES: usize = 512 << 20;

/// Why a proof is not written, not read or not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The run has no answer that prices could prove.
    #[error("{0}")]
    NoProof(String),
    /// The text is no proof, or not one of this version.
    #[error("Line {line}: {why}")]
    Unreadable {
        /// Where, from 1.
        line: usize,
        /// Why, as a sentence.
        why: String,
    },
    /// A number was changed after the proof was written.
    #[error("Something between line {from} and line {to} ({section}) was changed after the proof was written.")]
    Changed {
        /// What the section holds.
        section: String,
        /// Its first line.
        from: usize,
        /// Its last line.
        to: usize,
    },
    /// It proves another plan, or this one as it was.
    #[error("{0}")]
    Stale(String),
    /// The numbers do not prove the answer.
    #[error("{0}")]
    Wrong(String),
}

/// What one goal of a run rests on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PhaseProof {
    /// Name of the goal.
    pub name: String,
    /// Its best value, in the goal's unit.
    pub value: f64,
    /// The values at which earlier goals are held, and what the last unit of each costs this one.
    pub held: Vec<(f64, f64)>,
    /// Prices of the least values that goals must have.
    pub least: Vec<f64>,
    /// Price of each row of the program, unscaled: d goal / d right-hand side. Rows without one are left out.
    pub prices: Vec<(u32, f64)>,
}

/// The proof of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Proof {
    /// SHA-256 of the plan's canonical text, scenario applied.
    pub plan: String,
    /// SHA-256 of its series.
    pub series: String,
    /// SHA-256 of the program ([`of_program`]).
    pub program: String,
    /// Scenario of the plan; empty for the base.
    pub scenario: String,
    /// Who found it.
    pub solver: String,
    /// Columns of the program.
    pub columns: u32,
    /// Rows of the program.
    pub rows: u32,
    /// Value of each column that is not zero.
    pub point: Vec<(u32, f64)>,
    /// One for each goal, in turn.
    pub phases: Vec<PhaseProof>,
    /// The programs that an answer rests on which no single list of prices proves; point and goals stand in these.
    pub parts: Option<Parts>,
}

/// The entries that are not zero, with their places.
fn sparse(values: &[f64]) -> Vec<(u32, f64)> {
    values.iter().enumerate().filter(|(_, value)| **value != 0.0).map(|(place, value)| (place as u32, *value)).collect()
}

impl Proof {
    /// The proof of an outcome.
    ///
    /// # Errors
    /// If the outcome is not one that one list of prices proves: no optimum, whole numbers, a quotient, or no prices.
    pub fn of(program: &Program, outcome: &Outcome, plan: String, series: String, scenario: &str) -> Result<Self, ProofError> {
        if outcome.status != Status::Optimal || !outcome.certificate.checked {
            return Err(ProofError::NoProof("Only an answer that is proved to be the best can be kept as a proof.".to_owned()));
        }
        if outcome.whole || program.phases.iter().any(|phase| phase.per.is_some()) {
            return Err(ProofError::NoProof("One list of prices does not prove whole numbers or a quotient.".to_owned()));
        }
        let has_prices = |phase: &crate::solve::PhaseOutcome| phase.row_duals.len() == program.rows.len();
        if outcome.phases.len() != program.phases.len() || !outcome.phases.iter().all(has_prices) {
            return Err(ProofError::NoProof("The solver that found this answer gave no prices.".to_owned()));
        }
        let phases = outcome.phases.iter().map(|phase| PhaseProof {
            name: phase.name.to_owned(),
            value: phase.value,
            held: phase.held.iter().map(|held| (held.bound, held.dual)).collect(),
            least: phase.least_duals.clone(),
            prices: sparse(&phase.row_duals),
        });
        Ok(Self {
            plan,
            series,
            program: of_program(program),
            scenario: scenario.to_owned(),
            solver: outcome.solver.clone(),
            columns: program.columns.len() as u32,
            rows: program.rows.len() as u32,
            point: sparse(&outcome.point),
            phases: phases.collect(),
            parts: None,
        })
    }

    /// The proof of any outcome: of one program, or of the parts that a quotient or whole numbers need, which are solved
    /// for. `gap` is the distance from the best that the plan allows whole numbers.
    ///
    /// # Errors
    /// If there is no proof of this outcome, with the reason.
    pub fn of_any(
        program: &Program,
        outcome: &Outcome,
        (plan, series, scenario): (String, String, &str),
        options: &crate::solve::SolveOptions,
        gap: f64,
    ) -> Result<Self, ProofError> {
        let is_single = !outcome.whole && program.phases.iter().all(|phase| phase.per.is_none());
        if is_single || outcome.status != Status::Optimal || !outcome.certificate.checked {
            return Self::of(program, outcome, plan, series, scenario);
        }
        let mut proof = Self {
            plan,
            series,
            program: of_program(program),
            scenario: scenario.to_owned(),
            solver: outcome.solver.clone(),
            columns: program.columns.len() as u32,
            rows: program.rows.len() as u32,
            ..Self::default()
        };
        proof.parts = Some(Parts::of(program, outcome, &proof, options, gap)?);
        Ok(proof)
    }
}
