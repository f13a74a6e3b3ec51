//! The hot session: live HiGHS instances that answer edits in milliseconds.
//!
//! Each goal of the list has an instance of its own, a *lane*, that keeps its basis from edit to edit:
//! the first one finds the most tokens, the second one the most money with the tokens held at what they
//! may give up, and so on. So a hot run states exactly what a cold run states, number by number, and the
//! last goal has the same tie-breaker (`tie.rs`): hot and cold answers are one answer.
//!
//! After an edit of costs alone the last basis is still feasible and the primal simplex goes on from it;
//! after any other the dual simplex. A lane to which nothing has changed answers from memory.
//!
//! A new program is compared with the loaded one number by number. If the shape is the same, only what
//! differs is sent; otherwise the program is loaded anew and the basis is carried over by key. No code
//! here knows any field of a plan. `highs::Model` cannot change threads, so neither can a session.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::clock::Clock;
use super::cold::{self, Step, certified};
use super::give_up;
use super::glance::Bases;
use super::highs::{self, Basis, Refused, Simplex};
use super::loaded::{Changes, Loaded};
use super::outcome::{Outcome, Status, StopReason};
use super::statement::Statement;
use super::{Choice, Control, RunStatus, SolveOptions, Solved, tie};
use crate::formulation::program::{Key, Program};

/// What the last solve of a session did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastSolve {
    /// The program was loaded anew (its shape had changed, or it was the first).
    pub loaded: bool,
    /// The answer came from a cold run of the phases in turn.
    pub cold: bool,
    /// Columns and rows whose bounds were sent for the first goal.
    pub bounds: usize,
    /// Matrix entries that were sent for the first goal.
    pub entries: usize,
    /// An objective was sent.
    pub costs: bool,
    /// Goals that were answered from memory, because nothing had changed for them.
    pub remembered: usize,
}

/// Live instances, one for each goal, and what they hold.
#[derive(Default)]
pub struct Session {
    lanes: Vec<Lane>,
    columns: Vec<Key>,
    rows: Vec<Key>,
    last: LastSolve,
    /// The second goal with the first one at its very best: what the give-up brings.
    very_best: Option<Lane>,
    /// Bases to begin with, by goal, until the first program comes.
    start: Vec<Basis>,
    /// Where one program ends is feasible for the next; see [`Session::of_goals`].
    feasible: bool,
    /// Ties are left as they fall.
    leaves_ties: bool,
}

/// The instance of one goal.
struct Lane {
    loaded: Loaded,
    /// What the last run left, if it reached its end: its basis is feasible as long as only costs change.
    solved: Option<Solved>,
}

impl Session {
    /// An empty session.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A session that begins from the bases of another one's answer: as if it had given that answer itself.
    #[must_use]
    pub fn starting_from(bases: &Bases) -> Self {
        Self { start: bases.lanes.clone(), columns: bases.columns.clone(), rows: bases.rows.clone(), ..Self::default() }
    }

    /// A session for programs of one goal each, of which every one is feasible where the one before ended, and the
    /// first one where the bases stand: only goals change, or limits are loosened, or a goal is held at what it has
    /// just reached. The primal simplex goes on from there; the dual one would have to begin anew. Ties are left as
    /// they fall (to break them takes as many steps again), so that the point is one of several as good; the goal's
    /// value is the same.
    #[must_use]
    pub fn of_goals(bases: &Bases) -> Self {
        Self { feasible: true, leaves_ties: true, ..Self::starting_from(bases) }
    }

    /// Breaks ties from now on, or leaves them.
    pub(crate) fn break_ties(&mut self, breaks: bool) {
        self.leaves_ties = !breaks;
    }

    /// The basis at which the last goal stands.
    pub(crate) fn stands(&self) -> Option<Basis> {
        self.lanes.last()?.loaded.live.basis().ok()
    }

    /// Goes on from a basis of the same program at which it stood before.
    pub(crate) fn stand_at(&mut self, basis: &Basis) {
        let Some(lane) = self.lanes.last_mut() else { return };
        if let Err(refused) = lane.loaded.live.set_basis(basis) {
            log::debug!("{refused}; the session goes on from where it stands.");
        }
    }

    /// Whether it has solved nothing yet.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.lanes.is_empty()
    }

    /// What the last solve did.
    #[must_use]
    pub fn last(&self) -> LastSolve {
        self.last
    }

    /// The bases of the last answer, for whoever looks at the same program with other numbers; `None` after
    /// a cold answer or none.
    #[must_use]
    pub fn bases(&self, outcome: &Outcome) -> Option<Bases> {
        if outcome.status != Status::Optimal || self.lanes.len() != outcome.phases.len() || self.last.cold {
            return None;
        }
        let lanes = self.lanes.iter().map(|lane| lane.loaded.live.basis().ok()).collect::<Option<Vec<Basis>>>()?;
        let values = outcome.phases.iter().map(|phase| phase.value).collect();
        Some(Bases { columns: self.columns.clone(), rows: self.rows.clone(), lanes, values })
    }

    /// Finds what the little that the first goal gives up brings in the second, from the last bases: the
    /// same number that a cold run finds.
    pub fn find_give_up(&mut self, program: &Program, outcome: &mut Outcome, cancel: Option<Arc<AtomicBool>>) {
        let control = Control { cancel, deadline: None };
        let Some(question) = give_up::Question::new(program, outcome).filter(|_| !self.last.cold) else { return };
        outcome.give_up = match self.run_very_best(&question.statement, &control) {
            Ok(Some(solved)) => {
                let certificate = certified(&question.statement, question.name(), &solved);
                if certificate.checked { Some(question.exact(certificate.primal)) } else { question.at_least }
            }
            Ok(None) => question.at_least,
            Err(refused) => {
                log::warn!("{refused}; what the give-up brings is not found.");
                self.very_best = None;
                question.at_least
            }
        };
    }

    fn run_very_best(&mut self, statement: &Statement, control: &Control) -> Result<Option<Solved>, Refused> {
        let fits = self.very_best.as_ref().is_some_and(|lane| lane.loaded.statement.same_shape(statement));
        if !fits {
            // The second goal's own basis is the nearest one.
            let near = self.lanes.get(1).map(|lane| lane.loaded.live.basis()).transpose()?;
            self.very_best = Some(Lane { loaded: load(statement.clone(), near.as_ref())?, solved: None });
        }
        let Some(lane) = &mut self.very_best else { return Ok(None) };
        if fits {
            lane.loaded.update(statement.clone())?;
        }
        lane.loaded.live.simplex(Simplex::Dual)?;
        let status = lane.loaded.live.run(control);
        if status == RunStatus::Optimal { lane.loaded.live.solved(status).map(Some) } else { Ok(None) }
    }

    /// Solves a finished program, from the last bases where there are any. Setting `cancel` stops it
    /// within some 25 milliseconds; the session can be used on.
    pub fn solve(&mut self, program: &Program, cancel: Option<Arc<AtomicBool>>) -> Outcome {
        self.solve_until(program, cancel, None)
    }

    /// The same, stopped at a moment if it takes so long.
    pub(crate) fn solve_until(&mut self, program: &Program, cancel: Option<Arc<AtomicBool>>, deadline: Option<Instant>) -> Outcome {
        let clock = Clock::start();
        self.last = LastSolve::default();
        let control = Control { cancel, deadline };
        let mut outcome = match self.hot(program, &control) {
            Ok(Some(outcome)) => outcome,
            // Not a list of phases for a session, or an instance is in trouble: start afresh.
            Ok(None) => self.cold(program, &control),
            Err(refused) => {
                log::warn!("{refused}; the session starts afresh.");
                self.cold(program, &control)
            }
        };
        let (seconds, is_cpu) = clock.seconds();
        outcome.cpu_seconds = seconds;
        outcome.cpu_is_wall = !is_cpu;
        outcome
    }

    fn cold(&mut self, program: &Program, control: &Control) -> Outcome {
        self.lanes.clear();
        self.very_best = None;
        self.last.cold = true;
        let options = SolveOptions {
            choice: Choice::Auto,
            cancel: control.cancel.clone(),
            time_limit_s: control.seconds_left(),
            ..SolveOptions::default()
        };
        cold::solve(program, &options)
    }

    /// The hot way; `None` where it does not apply or did not give a proof.
    fn hot(&mut self, program: &Program, control: &Control) -> Result<Option<Outcome>, Refused> {
        if cold::left_out(program) {
            return Ok(None);
        }
        let mut outcome = Outcome { solver: format!("{}, hot", highs::version()), ..Outcome::default() };
        let mut statement = Statement::new(program, false);
        let mut held: Vec<f64> = Vec::new();
        self.keep_lanes(program);
        for (number, phase) in program.phases.iter().enumerate() {
            statement.set_phase(number, phase);
            if statement.crossed() {
                return Ok(Some(infeasible()));
            }
            let is_last = number + 1 == program.phases.len();
            let own_cost = statement.cost.clone();
            let leans = is_last && !self.leaves_ties;
            if leans {
                statement.cost = tie::broken(program, phase, &own_cost);
            }
            let mut solved = self.run(program, number, &statement, control)?;
            match solved.status {
                RunStatus::Optimal => {}
                RunStatus::Infeasible if number == 0 || phase.at_least.is_some() => return Ok(Some(infeasible())),
                RunStatus::Cancelled | RunStatus::OutOfTime => return Ok(Some(stopped(&solved.status, outcome))),
                _ => return Ok(None),
            }
            if leans {
                // Priced for the goal as stated: the tie-breaker chooses among its best points.
                statement.cost = own_cost;
                if let Some(lane) = self.lanes.get(number) {
                    solved.row_duals = lane.loaded.live.duals_of(&statement.cost)?;
                    solved.column_duals = statement.reduced_costs(&statement.cost, &solved.row_duals);
                }
            }
            let certificate = certified(&statement, phase.goal.name, &solved);
            if !certificate.checked {
                log::debug!("hot: {}", certificate.sentence());
                return Ok(None);
            }
            let step = Step { value: certificate.primal, solved, certificate };
            outcome.iterations += step.solved.iterations;
            outcome.phases.push(cold::phase_outcome(program, &statement, number, &step, &held));
            outcome.certificate.push(step.certificate);
            outcome.point = step.solved.point;
            held.push(statement.hold(number, phase, step.value, phase.tolerance));
        }
        outcome.status = Status::Optimal;
        Ok(Some(outcome))
    }

    /// Keeps the lanes if the program is about the same things; otherwise they are carried over one by
    /// one as each is loaded, by the keys that stand here until then.
    fn keep_lanes(&mut self, program: &Program) {
        self.lanes.truncate(program.phases.len());
        let mut start = std::mem::take(&mut self.start);
        start.truncate(program.phases.len());
        let same = start.is_empty()
            && self.columns.len() == program.columns.len()
            && self.rows.len() == program.rows.len()
            && self.columns.iter().zip(&program.columns).all(|(key, column)| *key == column.key)
            && self.rows.iter().zip(&program.rows).all(|(key, row)| *key == row.key);
        if same {
            return;
        }
        let own = self.lanes.iter().map(|lane| lane.loaded.live.basis().ok());
        let bases: Vec<Option<Basis>> = if start.is_empty() { own.collect() } else { start.into_iter().map(Some).collect() };
        let statement = Statement::new(program, false);
        let carried: Vec<Option<Basis>> =
            bases.into_iter().map(|basis| basis.map(|basis| carry(&basis, &self.columns, &self.rows, program, &statement))).collect();
        self.lanes.clear();
        self.columns = program.columns.iter().map(|column| column.key).collect();
        self.rows = program.rows.iter().map(|row| row.key).collect();
        for basis in carried {
            match load(statement.clone(), basis.as_ref()) {
                Ok(loaded) => self.lanes.push(Lane { loaded, solved: None }),
                Err(refused) => {
                    log::warn!("{refused}; a goal starts afresh.");
                    return;
                }
            }
            self.last.loaded = true;
        }
    }

    /// Brings a lane to a statement and runs it.
    fn run(&mut self, program: &Program, number: usize, statement: &Statement, control: &Control) -> Result<Solved, Refused> {
        let fits = self.lanes.get(number).is_some_and(|lane| lane.loaded.statement.same_shape(statement));
        let mut changes = Changes::default();
        let mut from_earlier = false;
        if fits && let Some(lane) = self.lanes.get_mut(number) {
            changes = lane.loaded.update(statement.clone())?;
        } else {
            debug_assert_eq!(program.columns.len(), statement.columns());
            // The first goal from cold as a cold run finds it, with presolve; a later one from the point of the
            // one before, which is feasible for it: half the time of either by the hot way.
            let from = match number.checked_sub(1).and_then(|before| self.lanes.get(before)) {
                Some(before) => before.loaded.live.basis().ok(),
                None => cold_basis(statement, control)?,
            };
            from_earlier = number > 0 && from.is_some();
            let loaded = load(statement.clone(), from.as_ref())?;
            self.lanes.truncate(number);
            self.lanes.push(Lane { loaded, solved: None });
            self.last.loaded = true;
        }
        if number == 0 {
            (self.last.bounds, self.last.entries) = (changes.bounds, changes.entries);
        }
        self.last.costs |= changes.costs;
        let Some(lane) = self.lanes.get_mut(number) else { return Ok(Solved::nothing(RunStatus::Failed("No instance.".to_owned()))) };
        let remembered = lane.solved.take();
        if let Some(solved) = remembered.clone().filter(|_| changes == Changes::default()) {
            lane.solved = Some(solved.clone());
            self.last.remembered += 1;
            return Ok(Solved { iterations: 0, ..solved });
        }
        let costs_only = self.feasible || (remembered.is_some() && changes.bounds == 0 && changes.entries == 0);
        let live = &mut lane.loaded.live;
        live.simplex(if costs_only || from_earlier { Simplex::Primal } else { Simplex::Dual })?;
        let mut status = live.run(control);
        if let RunStatus::Failed(reason) = &status {
            // Among columns of nearly the same worth the dual simplex may go round until it gives up.
            // From the same basis, with what it remembers forgotten, it takes another way out.
            log::debug!("{reason} The session goes on from where it stands.");
            let basis = live.basis()?;
            live.forget_basis();
            live.set_basis(&basis)?;
            live.simplex(Simplex::Dual)?;
            status = live.run(control);
        }
        if let RunStatus::Failed(reason) = &status {
            log::warn!("{reason} The session runs again without its basis.");
            live.forget_basis();
            status = live.run(control);
        }
        if status != RunStatus::Optimal {
            return Ok(Solved::nothing(status));
        }
        let solved = live.solved(status)?;
        lane.solved = Some(solved.clone());
        Ok(solved)
    }
}

/// The best basis of a statement, found from cold; `None` where there is none.
fn cold_basis(statement: &Statement, control: &Control) -> Result<Option<Basis>, Refused> {
    let mut loaded = Loaded::new(statement.clone())?;
    if loaded.live.run(control) == RunStatus::Optimal { loaded.live.basis().map(Some) } else { Ok(None) }
}

/// A live instance that is ready for edits.
fn load(statement: Statement, basis: Option<&Basis>) -> Result<Loaded, Refused> {
    let mut loaded = Loaded::new(statement)?;
    loaded.live.prepare_for_hot_runs()?;
    if let Some(basis) = basis {
        loaded.live.set_basis(basis)?;
    }
    Ok(loaded)
}

fn infeasible() -> Outcome {
    Outcome { status: Status::Infeasible, solver: highs::version(), ..Outcome::default() }
}

/// Stopped in the middle: nothing of it is worth showing beside the last answer.
fn stopped(status: &RunStatus, outcome: Outcome) -> Outcome {
    let reason = if *status == RunStatus::OutOfTime { StopReason::TimeLimit } else { StopReason::Cancelled };
    Outcome { status: Status::Stopped { reason, gap: None }, solver: outcome.solver, iterations: outcome.iterations, ..Outcome::default() }
}

/// The basis of the old program as far as the new one has the same columns and rows; HiGHS completes
/// what does not add up.
fn carry(old: &Basis, old_columns: &[Key], old_rows: &[Key], program: &Program, statement: &Statement) -> Basis {
    let columns: HashMap<Key, i32> = old_columns.iter().copied().zip(old.columns.iter().copied()).collect();
    let rows: HashMap<Key, i32> = old_rows.iter().copied().zip(old.rows.iter().copied()).collect();
    let at_a_bound = |status: i32, lower: f64, upper: f64| match (lower.is_finite(), upper.is_finite()) {
        (true, true) if status == Basis::UPPER => Basis::UPPER,
        (true, _) => Basis::LOWER,
        (false, true) => Basis::UPPER,
        (false, false) => Basis::ZERO,
    };
    let status = |known: Option<&i32>, unknown: i32, lower: f64, upper: f64| match known.copied().unwrap_or(unknown) {
        Basis::BASIC => Basis::BASIC,
        nonbasic => at_a_bound(nonbasic, lower, upper),
    };
    let new_columns = program
        .columns
        .iter()
        .zip(statement.lower.iter().zip(&statement.upper))
        .map(|(column, (lower, upper))| status(columns.get(&column.key), Basis::LOWER, *lower, *upper));
    let new_rows = (0..statement.rows()).map(|row| {
        let known = program.rows.get(row).and_then(|row| rows.get(&row.key));
        status(known, Basis::BASIC, statement.row_lower[row], statement.row_upper[row])
    });
    Basis { columns: new_columns.collect(), rows: new_rows.collect() }
}
