//! Whether a proof proves, by our own arithmetic: no solver is asked.

use super::{PhaseProof, Proof, ProofError, of_program};
use crate::formulation::program::{Phase, Program, Sense};
use crate::solve::certificate::{Certificate, Duals, PhaseCertificate, TOLERANCE, check as certified};
use crate::solve::statement::Statement;
use crate::solve::{Held, Outcome, PhaseOutcome, Status, give_up_at_least};

/// The least share that any solver may need to hold a goal with (an interior point needs an interior).
const LEAST_SHARE: f64 = 1e-7;

/// Checks a proof of a program, and gives the outcome that it proves. `gap` is the distance from the best that the plan
/// allows whole numbers.
///
/// # Errors
/// [`ProofError::Stale`] if it is the proof of another program; [`ProofError::Wrong`] with the goal and
/// the measure if the numbers do not prove the answer.
pub fn check(program: &Program, proof: &Proof, gap: f64) -> Result<Outcome, ProofError> {
    match &proof.parts {
        None => single(program, proof),
        Some(parts) => {
            is_of(program, proof)?;
            parts.check(program, gap)
        }
    }
}

/// Whether a proof is one of this program.
fn is_of(program: &Program, proof: &Proof) -> Result<(), ProofError> {
    if of_program(program) == proof.program {
        return Ok(());
    }
    Err(ProofError::Stale("This version of Tokenworks states the plan otherwise than the one that wrote the proof.".to_owned()))
}

/// Checks a proof that rests on one program.
pub(super) fn single(program: &Program, proof: &Proof) -> Result<Outcome, ProofError> {
    is_of(program, proof)?;
    let sizes = (program.columns.len(), program.rows.len()) == (proof.columns as usize, proof.rows as usize);
    if !sizes || proof.phases.len() != program.phases.len() || program.phases.iter().any(|phase| phase.per.is_some()) {
        return Err(ProofError::Wrong("The proof has other goals, columns or rows than the plan.".to_owned()));
    }
    let point = dense(&proof.point, program.columns.len());
    let mut statement = Statement::new(program, false);
    let mut outcome = Outcome { solver: proof.solver.clone(), ..Outcome::default() };
    // The values at which the goals so far are held, each proved to be close enough to its best.
    let mut held: Vec<f64> = Vec::new();
    for (number, (phase, proved)) in program.phases.iter().zip(&proof.phases).enumerate() {
        let is_last = number + 1 == program.phases.len();
        statement.set_phase(number, phase);
        let duals = duals(&statement, proved, number, &held)
            .ok_or_else(|| ProofError::Wrong(format!("The prices of `{}` are not those of this plan's goals.", phase.goal.name)))?;
        let mut certificate = certified(&statement, phase.goal.name, &point, Some(Duals { rows: &duals, columns: None }), None);
        let bound = certificate.dual.filter(|_| certificate.dual_residual.is_some_and(|residual| residual <= TOLERANCE));
        if !certificate.feasible() {
            return Err(broken(program, &certificate));
        }
        let Some(bound) = bound else { return Err(unproved(phase, "its prices prove no bound")) };
        let value = if is_last { certificate.primal } else { proved.value };
        if !(apart(value, bound) <= TOLERANCE && apart(value, proved.value) <= TOLERANCE) {
            return Err(unproved(phase, &format!("{value} is said to be the best, and the prices prove {bound}")));
        }
        if is_last && !certificate.checked {
            return Err(unproved(phase, &certificate.sentence()));
        }
        outcome.phases.push(PhaseOutcome {
            name: phase.goal.name,
            value,
            row_duals: dense(&proved.prices, program.rows.len()),
            column_duals: reduced_costs(&statement, &duals),
            held: held
                .iter()
                .zip(&proved.held)
                .enumerate()
                .map(|(earlier, (bound, (_, dual)))| Held { name: program.phases[earlier].goal.name, bound: *bound, dual: *dual })
                .collect(),
            least_duals: proved.least.clone(),
            iterations: 0,
        });
        // The earlier goals are measured at their own best, which the last point has given some of.
        (certificate.primal, certificate.gap, certificate.checked) = (value, Some(apart(value, bound)), true);
        outcome.certificate.push(certificate);
        if !is_last {
            let bound = proof.phases.get(number + 1).and_then(|next| next.held.get(number)).map(|(bound, _)| *bound);
            let bound = bound.filter(|bound| is_held(phase, value, *bound));
            let bound = bound.ok_or_else(|| unproved(phase, "later goals hold less of it than the plan allows"))?;
            held.push(statement.hold(number, phase, bound, 0.0));
        }
    }
    outcome.status = Status::Optimal;
    outcome.point = point;
    outcome.give_up = give_up_at_least(program, &outcome);
    outcome.certificate = Certificate { checked: !outcome.certificate.phases.is_empty(), ..outcome.certificate };
    Ok(outcome)
}

/// A reduced cost up to this share of its largest term cannot be told from zero.
const ROUNDING: f64 = 1e-12;

/// Reduced costs at the prices; what rounding leaves where terms cancel is zero.
fn reduced_costs(statement: &Statement, duals: &[f64]) -> Vec<f64> {
    let mut reduced = statement.reduced_costs(&statement.cost, duals);
    let mut largest: Vec<f64> = statement.cost.iter().map(|cost| cost.abs()).collect();
    for (row, dual) in duals.iter().enumerate().filter(|(_, dual)| **dual != 0.0) {
        for (column, value) in statement.entries(row) {
            largest[column] = largest[column].max((value * dual).abs());
        }
    }
    for (cost, largest) in reduced.iter_mut().zip(&largest) {
        if cost.abs() <= ROUNDING * largest {
            *cost = 0.0;
        }
    }
    reduced
}

fn dense(values: &[(u32, f64)], size: usize) -> Vec<f64> {
    let mut all = vec![0.0; size];
    for (place, value) in values {
        if let Some(entry) = all.get_mut(*place as usize) {
            *entry = *value;
        }
    }
    all
}

/// Relative distance of two values of a goal; a thousandth of a unit stands in for zero, as in the certificate.
pub(super) fn apart(value: f64, other: f64) -> f64 {
    (value - other).abs() / value.abs().max(other.abs()).max(1e-3)
}

/// Whether a goal is held at no less than the plan lets later goals have.
pub(super) fn is_held(phase: &Phase, best: f64, bound: f64) -> bool {
    let give = (phase.tolerance.max(LEAST_SHARE) + TOLERANCE) * best.abs().max(1e-3);
    match phase.sense {
        Sense::Maximise => bound >= best - give,
        Sense::Minimise => bound <= best + give,
    }
}

/// Prices of all rows of the statement, scaled; `None` if there are more or fewer than it has.
fn duals(statement: &Statement, proved: &PhaseProof, number: usize, held: &[f64]) -> Option<Vec<f64>> {
    let mut duals = vec![0.0; statement.rows()];
    for (row, price) in &proved.prices {
        let row = *row as usize;
        *duals.get_mut(row).filter(|_| row < statement.program_rows)? = price / statement.row_scale[row];
    }
    if proved.held.len() != held.len() || proved.held.iter().zip(held).any(|((bound, _), held)| bound != held) {
        return None;
    }
    for (earlier, (_, price)) in proved.held.iter().enumerate() {
        let row = statement.hold_rows.get(earlier).copied().flatten()?;
        duals[row] = price / statement.row_scale[row];
    }
    let least: Vec<usize> = statement.least_rows.iter().take(number + 1).flatten().copied().collect();
    if least.len() != proved.least.len() {
        return None;
    }
    for (row, price) in least.into_iter().zip(&proved.least) {
        duals[row] = price / statement.row_scale[row];
    }
    Some(duals)
}

fn broken(program: &Program, certificate: &PhaseCertificate) -> ProofError {
    let row = certificate.worst_row.and_then(|row| program.rows.get(row));
    ProofError::Wrong(match row {
        Some(row) if certificate.row_residual > TOLERANCE => {
            let limit = row.limit.and_then(|limit| program.limits.get(limit as usize)).map(|limit| format!(" (`{}`)", limit.path));
            format!(
                "The plan of the proof breaks `{}`{} by {:.1e}.",
                program.name(&row.key),
                limit.unwrap_or_default(),
                certificate.row_residual
            )
        }
        _ => format!("The plan of the proof breaks a bound by {:.1e}.", certificate.bound_residual.max(certificate.row_residual)),
    })
}

fn unproved(phase: &Phase, why: &str) -> ProofError {
    ProofError::Wrong(format!("The best of `{}` is not proved: {why}.", phase.goal.name))
}
