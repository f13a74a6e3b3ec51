//! Trying a plan: its goals in turn through hot sessions, one for each, so that what is said about an
//! answer can be confirmed by solving with it.
//!
//! A claim ("one more MW brings …", "below this price it comes in") is tried on the plan itself: the
//! plan's own number is changed, the plan is stated again and solved. Only what differs from the last
//! program goes to the session, so a trial of a plan of a live size takes some milliseconds.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::Stated;
use crate::catalog::Catalog;
use crate::formulation::Formulation;
use crate::formulation::program::{Col, Key, Linear, NO_INDEX, Phase, Program, Row, Sense, Symbol};
use crate::plan::Plan;
use crate::resolved::Resolved;
use crate::solve::session::Session;
use crate::solve::{self, Outcome, SolveOptions, Status};

/// What a trial came to.
#[derive(Clone, Debug, Default)]
pub(super) struct Tried {
    /// Values of the goals, in turn.
    pub values: Vec<f64>,
    /// One value per column.
    pub point: Vec<f64>,
}

/// Hot sessions for the goals of a plan, and the time that is left for trials.
pub(super) struct Trial {
    sessions: Vec<Session>,
    until: Option<Instant>,
    cancel: Option<Arc<AtomicBool>>,
}

impl Trial {
    /// Nothing tried yet; no trial goes on for longer than until `most` from now.
    pub fn new(most: Duration, cancel: Option<Arc<AtomicBool>>) -> Self {
        Self { sessions: Vec::new(), until: Instant::now().checked_add(most), cancel }
    }

    /// Whether the time for trials is over.
    pub fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until) || self.cancel.as_ref().is_some_and(|cancel| cancel.load(Ordering::Relaxed))
    }

    /// What is solved from cold ends with the time, too.
    fn options(&self) -> SolveOptions {
        let time_limit_s = self.until.map(|until| until.saturating_duration_since(Instant::now()).as_secs_f64());
        SolveOptions { cancel: self.cancel.clone(), time_limit_s, ..SolveOptions::default() }
    }

    /// Solves in a session of its own making, within the time.
    pub fn hot(&self, session: &mut Session, program: &Program) -> Outcome {
        session.solve_until(program, self.cancel.clone(), self.until)
    }

    fn one(&mut self, number: usize, program: &Program) -> Option<Outcome> {
        if self.is_over() {
            return None;
        }
        while self.sessions.len() <= number {
            self.sessions.push(Session::new());
        }
        let session = self.sessions.get_mut(number)?;
        let outcome = session.solve_until(program, self.cancel.clone(), self.until);
        (outcome.status == Status::Optimal && outcome.has_point()).then_some(outcome)
    }

    /// All goals in turn, each with the earlier ones held as in a run.
    pub fn solve(&mut self, program: &Program) -> Option<Tried> {
        if program.phases.iter().any(|phase| phase.per.is_some() || phase.at_least.is_some()) {
            if self.is_over() {
                return None;
            }
            let outcome = solve::solve(program, &self.options());
            let values = outcome.phases.iter().map(|phase| phase.value).collect();
            return (outcome.status == Status::Optimal).then_some(Tried { values, point: outcome.point });
        }
        let mut tried = Tried::default();
        let mut held = Vec::new();
        // The last one, which only breaks ties, has no say: it may bring in a little of anything within
        // what the goals before it may give up.
        let breaks_ties = program.phases.len() > 1 && program.phases.last().is_some_and(|phase| phase.goal.name == "revenue");
        let deciding = program.phases.len() - usize::from(breaks_ties);
        for (number, phase) in program.phases.iter().enumerate().take(deciding) {
            let outcome = self.one(number, &with_goal(program, phase, &held))?;
            let value = phase.goal.value(&outcome.point);
            held.push((phase, kept(phase, value)));
            tried.values.push(value);
            tried.point = outcome.point;
        }
        Some(tried)
    }

    /// One goal alone with others kept at what is given; `None` if nothing keeps all limits.
    pub fn goal(&mut self, program: &Program, number: usize, held: &[(&Phase, f64)]) -> Option<f64> {
        let phase = program.phases.get(number)?;
        if phase.per.is_some() || phase.at_least.is_some() {
            return self.solve(program)?.values.get(number).copied();
        }
        self.one(number, &with_goal(program, phase, held)).map(|outcome| phase.goal.value(&outcome.point))
    }

    /// The plan's answer as it will be solved from cold.
    pub fn cold(&self, program: &Program) -> Option<Vec<f64>> {
        if self.is_over() {
            return None;
        }
        let outcome = solve::solve(program, &self.options());
        (outcome.status == Status::Optimal).then_some(outcome.point)
    }

    /// Whether a solve from cold ends with an answer, or with the finding that nothing can be made: then
    /// all limits can be kept, too. `None` where neither was reached.
    pub fn last_word(&self, program: &Program) -> Option<Status> {
        if self.is_over() {
            return None;
        }
        let status = solve::solve(program, &self.options()).status;
        matches!(status, Status::Optimal | Status::Nothing).then_some(status)
    }

    /// Whether anything keeps all limits.
    pub fn is_feasible(&mut self, program: &Program) -> Option<bool> {
        if self.is_over() {
            return None;
        }
        let nothing = Linear { name: "nothing", unit: "", terms: Vec::new(), constant: 0.0 };
        let phase = Phase { goal: nothing, sense: Sense::Minimise, tolerance: 0.0, at_least: None, per: None, floor: None };
        if self.sessions.is_empty() {
            self.sessions.push(Session::new());
        }
        let outcome = self.sessions.first_mut()?.solve_until(&with_goal(program, &phase, &[]), self.cancel.clone(), self.until);
        match outcome.status {
            Status::Optimal => Some(true),
            Status::Infeasible => Some(false),
            _ => None,
        }
    }
}

/// What later goals must leave of an earlier one.
pub(super) fn kept(phase: &Phase, value: f64) -> f64 {
    let give = phase.tolerance.max(0.0) * value.abs();
    match phase.sense {
        Sense::Maximise => value - give,
        Sense::Minimise => value + give,
    }
}

/// The program with one goal, and rows that keep others.
fn with_goal(program: &Program, phase: &Phase, held: &[(&Phase, f64)]) -> Program {
    let mut rows = program.rows.clone();
    rows.extend(held.iter().enumerate().map(|(number, (phase, kept))| keeping(number, &phase.goal, phase.sense, *kept)));
    Program {
        columns: program.columns.clone(),
        rows,
        limits: program.limits.clone(),
        phases: vec![phase.clone()],
        symbols: program.symbols.clone(),
    }
}

/// A row that keeps a function at least (or, wanted little, at most) at a value.
pub(super) fn keeping(number: usize, goal: &Linear, sense: Sense, kept: f64) -> Row {
    let mut terms: Vec<(Col, f64)> = Vec::new();
    let mut sorted = goal.terms.clone();
    sorted.sort_by_key(|(col, _)| *col);
    for (col, coefficient) in sorted {
        match terms.last_mut() {
            Some((last, sum)) if *last == col => *sum += coefficient,
            _ => terms.push((col, coefficient)),
        }
    }
    let largest = terms.iter().map(|(_, coefficient)| coefficient.abs()).fold(0.0, f64::max);
    let scale = if largest > 0.0 && largest.is_finite() { (-largest.log2().round()).exp2() } else { 1.0 };
    // What is a ten-millionth of the largest is dust that the solver would refuse.
    terms.retain(|(_, coefficient)| coefficient.abs() > 1e-7 * largest);
    for (_, coefficient) in &mut terms {
        *coefficient *= scale;
    }
    let side = (kept - goal.constant) * scale;
    let (lower, upper) = match sense {
        Sense::Maximise => (side, f64::INFINITY),
        Sense::Minimise => (f64::NEG_INFINITY, side),
    };
    let key = Key { noun: "kept", entities: [Symbol::NONE; 4], period: NO_INDEX, slice: number as u32, future: Symbol::NONE };
    Row { key, family: "objective", terms, lower, upper, limit: None, scale }
}

/// The plan, changed, stated again.
pub(super) fn restated(stated: &Stated, plan: &Plan) -> Option<Restated> {
    let resolved = Resolved::new(plan, Catalog::embedded(), &stated.series).ok()?;
    let formulation = Formulation::new(&resolved).ok()?;
    Some(Restated { resolved, formulation })
}

/// A changed plan, resolved and stated.
#[derive(Debug)]
pub(super) struct Restated {
    /// The resolved plan.
    pub resolved: Resolved,
    /// Its program.
    pub formulation: Formulation,
}
