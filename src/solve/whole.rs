//! Runs in which some columns must be whole numbers: branch and bound decides them, then they are held
//! and the phases are run as an LP, so that the duals exist and are said to hold "given these halls".

use super::certificate::check;
use super::cold::{Engine, phases};
use super::highs::{self, Live};
use super::outcome::{Outcome, Status, StopReason};
use super::statement::Statement;
use super::{Choice, Control, RunStatus, SolveOptions};
use crate::formulation::program::Program;

/// Phases whose goal the whole numbers serve; later phases (revenue) take them as they are.
const DECIDING: usize = 2;

pub(crate) fn solve(program: &Program, options: &SolveOptions, control: &Control) -> Outcome {
    if program.phases.iter().any(|phase| phase.per.is_some()) {
        return Outcome::failed("A quotient such as cost per token needs divisible columns.".to_owned());
    }
    match decide(program, options, control) {
        Ok(Decision { statement, point, gap, stopped, iterations }) => {
            let mut held = program.clone();
            for (column, value) in held.columns.iter_mut().zip(&point) {
                if column.whole {
                    column.lower = value.round();
                    column.upper = value.round();
                }
            }
            let mut outcome =
                phases(&held, &mut Engine::new(Choice::Highs { presolve: true }), &Control { deadline: None, ..control.clone() });
            outcome.iterations += iterations;
            outcome.whole = true;
            outcome.gap = Some(gap);
            if outcome.status == Status::Optimal {
                let asked = if stopped.is_some() { f64::INFINITY } else { options.gap };
                outcome.certificate.push(check(&statement, "whole numbers", &outcome.point, None, Some((gap, asked))));
                if !outcome.certificate.checked {
                    let reason = outcome.certificate.phases.last().map(super::certificate::PhaseCertificate::sentence).unwrap_or_default();
                    return Outcome::failed(format!("The whole numbers did not pass the check ({reason})."));
                }
                if let Some(reason) = stopped {
                    outcome.status = Status::Stopped { reason, gap: Some(gap) };
                }
            }
            outcome
        }
        Err(status) => Outcome { status, whole: true, solver: highs::version(), ..Outcome::default() },
    }
}

struct Decision {
    statement: Statement,
    point: Vec<f64>,
    gap: f64,
    stopped: Option<StopReason>,
    iterations: u64,
}

/// Branch and bound over the first phases; the gap is the first phase's.
fn decide(program: &Program, options: &SolveOptions, control: &Control) -> Result<Decision, Status> {
    let mut statement = Statement::new(program, true);
    let refused = |refused: highs::Refused| Status::Failed(format!("{refused}."));
    let mut decision: Option<Decision> = None;
    for (number, phase) in program.phases.iter().take(DECIDING).enumerate() {
        statement.set_phase(number, phase);
        if statement.crossed() {
            return Err(Status::Infeasible);
        }
        let mut live = Live::load(&statement).map_err(refused)?;
        live.gap(options.gap).map_err(refused)?;
        if let Some(decision) = &decision {
            live.hint(&decision.point);
        }
        let status = live.run(control);
        let stopped = match status {
            RunStatus::Optimal => None,
            RunStatus::OutOfTime => Some(StopReason::TimeLimit),
            RunStatus::Cancelled => Some(StopReason::Cancelled),
            RunStatus::Infeasible | RunStatus::UnboundedOrInfeasible if number == 0 => return Err(Status::Infeasible),
            RunStatus::Unbounded => return Err(Status::Unbounded { free: Vec::new() }),
            // Without this phase the earlier decision still stands.
            _ if decision.is_some() => break,
            RunStatus::Failed(reason) => return Err(Status::Failed(reason)),
            _ => return Err(Status::Failed("Branch and bound found no answer.".to_owned())),
        };
        let solved = live.solved(status).map_err(refused)?;
        let gap = live.mip_gap();
        let certificate = check(&statement, phase.goal.name, &solved.point, None, Some((gap, f64::INFINITY)));
        if !certificate.feasible() {
            match (decision, stopped) {
                (Some(decision), _) => return Ok(decision),
                (None, Some(reason)) => return Err(Status::Stopped { reason, gap: None }),
                (None, None) => return Err(Status::Failed(format!("The answer did not pass the check ({}).", certificate.sentence()))),
            }
        }
        let iterations = solved.iterations + decision.as_ref().map_or(0, |decision| decision.iterations);
        // A plain LP reports no gap; it has none.
        let gap = if stopped.is_none() && !gap.is_finite() { 0.0 } else { gap };
        let first_gap = decision.as_ref().map_or(gap, |decision| decision.gap);
        let value = certificate.primal;
        decision = Some(Decision {
            statement: statement.clone(),
            point: solved.point,
            gap: first_gap,
            stopped: stopped.or(decision.and_then(|decision| decision.stopped)),
            iterations,
        });
        if stopped.is_some() {
            break;
        }
        // The gap of the search is a share the next phase may give up anyway.
        statement.hold(number, phase, value, phase.tolerance);
    }
    let mut decision = decision.ok_or_else(|| Status::Failed("The program has no goal.".to_owned()))?;
    decision.statement = Statement::new(program, true);
    decision.statement.set_phase(0, &program.phases[0]);
    Ok(decision)
}
