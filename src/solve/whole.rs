//! Runs in which some columns must be whole numbers: branch and bound decides them, then they are held
//! and the phases are run as an LP, so that the duals exist and are said to hold "given these halls".
//!
//! Before the search the program is solved with divisible columns: its best is a bound on any whole
//! answer, and with its whole columns rounded down it is nearly always a first one. So a run that is
//! stopped early has an answer and knows how far it may be from the best, even where the search itself
//! had not come to either.

use super::certificate::check;
use super::cold::{Engine, phases};
use super::give_up;
use super::highs::{self, Live};
use super::loaded::Loaded;
use super::outcome::{Outcome, PhaseOutcome, Status, StopReason};
use super::statement::Statement;
use super::{Choice, Control, RunStatus, SolveOptions};
use crate::formulation::program::{Phase, Program, Sense};
use std::time::Duration;

/// The goal that the formulation adds after the planner's own; it takes the whole numbers as they are.
const ADDED: &str = "revenue";

/// How long the LP that follows the search may take when the search was cancelled: somebody waits.
const AFTER_CANCEL: Duration = Duration::from_secs(5);

pub(crate) fn solve(program: &Program, options: &SolveOptions, control: &Control) -> Outcome {
    if program.phases.iter().any(|phase| phase.per.is_some()) {
        return Outcome::failed("A quotient such as cost per token needs divisible columns.".to_owned());
    }
    match decide(program, options, control) {
        Ok(decision) => settled(program, options, control, &decision),
        Err(status) => Outcome { status, whole: true, solver: highs::version(), ..Outcome::default() },
    }
}

/// The answer that a decision comes to.
fn settled(program: &Program, options: &SolveOptions, control: &Control, decision: &Decision) -> Outcome {
    let mut held = program.clone();
    for (column, value) in held.columns.iter_mut().zip(&decision.point) {
        if column.whole {
            column.lower = value.round();
            column.upper = value.round();
        }
    }
    let control = if control.cancelled() { Control::default().within(AFTER_CANCEL) } else { Control { deadline: None, ..control.clone() } };
    let mut engine = Engine::new(Choice::Highs { presolve: true });
    let mut outcome = phases(&held, &mut engine, &control, &decision.values);
    if outcome.status == Status::Optimal {
        if options.give_up && decision.stopped.is_none() {
            outcome.give_up = give_up::found(&held, &outcome, &mut engine, &control).map(|found| super::GiveUp { whole: true, ..found });
        }
    } else {
        // The search's own point keeps all limits; it only has no duals.
        log::info!("{:?} with the whole numbers held; the point of the search stands.", outcome.status);
        outcome = without_duals(program, decision);
    }
    outcome.iterations += decision.iterations;
    outcome.whole = true;
    outcome.gap = decision.gap;
    let asked = if decision.stopped.is_some() { f64::INFINITY } else { options.gap };
    let gap = decision.gap.unwrap_or(f64::INFINITY);
    let mut certificate = check(&decision.statement, "whole numbers", &outcome.point, None, Some((gap, asked)));
    certificate.gap = certificate.gap.filter(|gap| gap.is_finite());
    outcome.certificate.push(certificate);
    if !outcome.certificate.checked && outcome.point != decision.point {
        let mut plain = without_duals(program, decision);
        plain.certificate.push(check(&decision.statement, "whole numbers", &plain.point, None, Some((gap, asked))));
        outcome = Outcome { iterations: outcome.iterations, whole: true, gap: decision.gap, ..plain };
    }
    if !outcome.certificate.checked {
        let reason = outcome.certificate.phases.last().map(super::certificate::PhaseCertificate::sentence).unwrap_or_default();
        return Outcome::failed(format!("The whole numbers did not pass the check ({reason})."));
    }
    if let Some(reason) = decision.stopped {
        outcome.status = Status::Stopped { reason, gap: decision.gap };
    }
    outcome
}

/// The point of the search as an answer.
fn without_duals(program: &Program, decision: &Decision) -> Outcome {
    let of = |phase: &Phase| PhaseOutcome { name: phase.goal.name, value: phase.goal.value(&decision.point), ..PhaseOutcome::default() };
    Outcome {
        status: Status::Optimal,
        point: decision.point.clone(),
        phases: program.phases.iter().map(of).collect(),
        solver: highs::version(),
        ..Outcome::default()
    }
}

/// What the search came to.
struct Decision {
    /// The first phase, whole.
    statement: Statement,
    point: Vec<f64>,
    /// What each phase that was searched reached.
    values: Vec<f64>,
    /// The first phase's relative distance from a bound on its best, if there is one.
    gap: Option<f64>,
    stopped: Option<StopReason>,
    iterations: u64,
}

/// Branch and bound over the goals of the planner.
fn decide(program: &Program, options: &SolveOptions, control: &Control) -> Result<Decision, Status> {
    let mut statement = Statement::new(program, true);
    let refused = |refused: highs::Refused| Status::Failed(format!("{refused}."));
    let mut decision: Option<Decision> = None;
    for (number, phase) in program.phases.iter().enumerate().filter(|(number, phase)| *number == 0 || phase.goal.name != ADDED) {
        statement.set_phase(number, phase);
        if statement.crossed() {
            return decision.ok_or(Status::Infeasible);
        }
        let relaxed = if number == 0 { relaxed(&statement, control)? } else { Relaxed::default() };
        let hint = decision.as_ref().map(|decision| &decision.point).or(relaxed.rounded.as_ref());
        let mut live = Live::load(&statement).map_err(refused)?;
        live.gap(options.gap).map_err(refused)?;
        if let Some(point) = hint {
            live.hint(point);
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
        let found = live.has_point() && check(&statement, phase.goal.name, &solved.point, None, Some((0.0, f64::INFINITY))).feasible();
        let own_gap = Some(live.mip_gap()).filter(|gap| gap.is_finite() && found);
        // The search's point, or what it was given to start from where it found none.
        let point = match (found, stopped) {
            (true, _) => solved.point,
            (false, Some(_)) if hint.is_some() => hint.cloned().unwrap_or_default(),
            (false, Some(reason)) => return Err(Status::Stopped { reason, gap: None }),
            (false, None) if decision.is_some() => break,
            (false, None) => return Err(Status::Failed("The answer of branch and bound did not pass the check.".to_owned())),
        };
        let value = statement.goal(&point);
        // A plain LP reports no gap; it has none.
        let gap = own_gap.or(if stopped.is_none() { Some(0.0) } else { relaxed.bound.map(|bound| distance(phase, value, bound)) });
        let iterations = solved.iterations;
        let earlier = decision.take();
        let mut values = earlier.as_ref().map(|earlier| earlier.values.clone()).unwrap_or_default();
        values.push(value);
        decision = Some(Decision {
            statement: statement.clone(),
            point,
            values,
            gap: earlier.as_ref().map_or(gap, |earlier| earlier.gap),
            stopped: stopped.or(earlier.as_ref().and_then(|earlier| earlier.stopped)),
            iterations: iterations + earlier.map_or(0, |earlier| earlier.iterations),
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

/// How far a value is from a bound on the best, relative to the value.
fn distance(phase: &Phase, value: f64, bound: f64) -> f64 {
    let beyond = if phase.sense == Sense::Maximise { bound - value } else { value - bound };
    beyond.max(0.0) / value.abs().max(1e-9)
}

/// What the program with divisible columns says about the whole one.
#[derive(Default)]
struct Relaxed {
    /// No whole answer is better.
    bound: Option<f64>,
    /// An answer with whole columns.
    rounded: Option<Vec<f64>>,
}

/// Solves the first phase with divisible columns, and once more with the whole ones rounded down.
fn relaxed(whole: &Statement, control: &Control) -> Result<Relaxed, Status> {
    let mut statement = whole.clone();
    statement.whole.iter_mut().for_each(|is| *is = false);
    let mut found = Relaxed::default();
    let mut run = || -> Result<(), highs::Refused> {
        let mut loaded = Loaded::new(statement.clone())?;
        if loaded.live.run(control) != RunStatus::Optimal {
            return Ok(());
        }
        let solved = loaded.live.solved(RunStatus::Optimal)?;
        found.bound = Some(statement.goal(&solved.point));
        let mut rounded = statement.clone();
        for column in (0..whole.columns()).filter(|column| whole.whole[*column]) {
            // What is whole but for a last digit isn't rounded to one less.
            let down = (solved.point[column] + 1e-6).floor().clamp(whole.lower[column].ceil(), whole.upper[column].floor());
            (rounded.lower[column], rounded.upper[column]) = (down, down);
        }
        if rounded.crossed() {
            return Ok(());
        }
        loaded.update(rounded)?;
        if loaded.live.run(control) == RunStatus::Optimal {
            let solved = loaded.live.solved(RunStatus::Optimal)?;
            let certificate = check(whole, "rounded", &solved.point, None, Some((0.0, f64::INFINITY)));
            found.rounded = certificate.feasible().then_some(solved.point);
        }
        Ok(())
    };
    run().map_err(|refused| Status::Failed(format!("{refused}.")))?;
    Ok(found)
}
