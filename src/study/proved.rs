//! Answers that come with their proof, and answers that are read from one.

use super::{Answer, Options, Stated, read, solve_options, state};
use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::proof::{self, Proof, ProofError};
use crate::resolved::Series;
use crate::results::sha256_of;
use crate::solve::{self, Certificate, SolveOptions};

/// Solves a plan as [`super::answer`] does, and gives the proof of the answer as text, or why there is none.
pub fn answer_with_proof(plan: &Plan, series: &Series, options: &Options) -> (Answer, Result<String, ProofError>) {
    let stated = match state(plan, series, options) {
        Ok(stated) => stated,
        Err(problems) => {
            return (Answer { results: None, problems }, Err(ProofError::NoProof("The plan is wrong, so there is no answer.".to_owned())));
        }
    };
    let how = SolveOptions { give_up: true, ..solve_options(&stated, options) };
    let outcome = solve::solve(&stated.formulation.program, &how);
    let about = (sha256_of(&stated.plan), proof::of_series(series), options.scenario.as_str());
    let proof = Proof::of_any(&stated.formulation.program, &outcome, about, &how, stated.plan.whole.gap_fraction);
    (read(&stated, &outcome, options), proof.map(|proof| proof::to_text(&proof)))
}

/// An answer that was read from a proof and checked, not solved.
#[derive(Clone, Debug)]
pub struct Proved {
    /// The answer.
    pub answer: Answer,
    /// What was checked of every goal.
    pub certificate: Certificate,
    /// Scenario of the plan that it answers; empty for the base.
    pub scenario: String,
    /// Processor time of stating the plan, ms.
    pub state_ms: f64,
    /// Processor time of reading the proof and checking it, ms.
    pub check_ms: f64,
}

/// Why a proof was of no use.
#[derive(Clone, Debug)]
pub enum Unproved {
    /// The plan itself is wrong.
    Plan(Vec<Diagnostic>),
    /// The proof can't be read, belongs to something else, or proves nothing.
    Proof(ProofError),
}

/// Reads the answer to a plan from a proof, and checks it by our own arithmetic. Nothing is solved.
///
/// # Errors
/// If the plan is wrong, or the proof is unreadable, changed, stale or does not prove what it says.
pub fn answer_from_proof(plan: &Plan, series: &Series, text: &str) -> Result<Proved, Unproved> {
    let clock = solve::Clock::start();
    let proof = proof::from_text(text).map_err(Unproved::Proof)?;
    let read_ms = clock.seconds().0 * 1e3;
    if !proof.scenario.is_empty() && !plan.scenarios.contains_key(proof.scenario.as_str()) {
        let why = format!("It proves the scenario `{}`, which the plan has no more.", proof.scenario.escape_debug());
        return Err(Unproved::Proof(ProofError::Stale(why)));
    }
    let options = Options { scenario: proof.scenario.clone(), ..Options::default() };
    let stated = state(plan, series, &options).map_err(Unproved::Plan)?;
    let whole = &stated.plan.whole;
    let asks = whole.any() && stated.formulation.program.columns.iter().any(|column| column.whole);
    let proves = matches!(proof.parts, Some(proof::Parts::Whole(_)));
    if asks != proves {
        let why = if asks { "The plan now asks for whole numbers." } else { "The plan no longer asks for whole numbers." };
        return Err(Unproved::Proof(ProofError::Stale(why.to_owned())));
    }
    let clock = solve::Clock::start();
    let outcome = proof::check(&stated.formulation.program, &proof, stated.plan.whole.gap_fraction)
        .map_err(|error| Unproved::Proof(reason(&stated, &proof, error)))?;
    let check_ms = read_ms + clock.seconds().0 * 1e3;
    let answer = read(&stated, &outcome, &options);
    Ok(Proved { answer, certificate: outcome.certificate, scenario: proof.scenario, state_ms: stated.build_ms, check_ms })
}

/// A stale proof says what has changed since it was written. A changed note or name changes the plan's
/// text and not the program; then the proof still holds and nobody comes here.
fn reason(stated: &Stated, proof: &Proof, error: ProofError) -> ProofError {
    match error {
        ProofError::Stale(_) if sha256_of(&stated.plan) != proof.plan => {
            ProofError::Stale("The plan has changed since the proof was written.".to_owned())
        }
        ProofError::Stale(_) if proof::of_series(&stated.series) != proof.series => {
            ProofError::Stale("A series of the plan has changed since the proof was written.".to_owned())
        }
        other => other,
    }
}
