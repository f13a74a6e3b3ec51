//! The hot session: one live HiGHS instance that answers edits in milliseconds.
//!
//! The usual run wants the most tokens, then the least cost, then the most revenue. The first two are
//! solved as one *blended* LP, `min f₂ + W·f₁` (both turned to a minimum), because a single objective
//! keeps its basis from edit to edit. With a large weight `W` its optimum is the exact answer of the
//! first two phases at tolerance 0; this is not assumed but proved at each solve:
//! * the basis is priced once for each goal (`lagrangian.rs`, one back-solve each), and the duals
//!   must prove the point to be the best for the first goal, then for the second with the first held,
//!   then for the third with both held;
//! * where the first proof fails, the first goal is run from this basis, and if that gains anything the
//!   weight is raised;
//! * `μ`, the least multiple of the first goal that makes the second one's signs right, is what the last
//!   unit of the first goal costs.
//!
//! The third goal joins with a small weight `δ`, `min f₂ + W·f₁ + δ·f₃`. Where `δ` bends the second goal
//! it is made smaller. Where the third is not proved, and for further phases, the session moves only
//! where the blended duals are zero: every other column and row is fixed where it stands, which is
//! exactly the set of equally good answers, and let go again afterwards. The third and later phases
//! report no duals: with the earlier goals held at tolerance 0 they are not unique.
//!
//! After an edit of costs alone the last basis is still feasible and the primal simplex goes on from it;
//! after any other the dual simplex.
//!
//! A new program is compared with the loaded one number by number. If the shape is the same, only what
//! differs is sent; otherwise the program is loaded anew and the basis is carried over by key. No code
//! here knows any field of a plan. `highs::Model` cannot change threads, so neither can a session.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::certificate::{Duals, PhaseCertificate, check};
use super::clock::Clock;
use super::cold;
use super::highs::{self, Basis, Refused, Simplex};
use super::lagrangian::{Lagrangian, to_minimum};
use super::loaded::Loaded;
use super::outcome::{Held, Outcome, PhaseOutcome, Status, StopReason};
use super::statement::Statement;
use super::{Choice, Control, RunStatus, SolveOptions};
use crate::formulation::program::{Key, Phase, Program, Sense};
use crate::formulation::scale;

/// Weight of the first goal to begin with (a million dollars per million million tokens, times 1e4).
const WEIGHT: f64 = 1e4;
/// Weight at which the session gives up and solves from cold.
const MOST_WEIGHT: f64 = 1e9;
/// Weight of the third goal to begin with: a dollar of cost outweighs ten million of revenue.
const THIRD: f64 = 1e-7;
/// Least weight of the third goal that is tried where more bends the second.
const LEAST_THIRD: f64 = 1e-8;
/// Blended duals up to this size count as zero: a hundred times the tolerance they are solved to.
const ZERO_DUAL: f64 = 1e-7;

/// What the last solve of a session did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LastSolve {
    /// The program was loaded anew (its shape had changed, or it was the first).
    pub loaded: bool,
    /// The answer came from a cold run of the phases in turn.
    pub cold: bool,
    /// Columns and rows whose bounds were sent.
    pub bounds: usize,
    /// Matrix entries that were sent.
    pub entries: usize,
    /// The objective was sent.
    pub costs: bool,
    /// The first goal had to be run by itself to prove the point.
    pub proof_run: bool,
    /// Weight of the first goal.
    pub weight: f64,
    /// Weight of the third goal; 0 if every one tried bent the second.
    pub third: f64,
}

/// One live instance and what it holds.
pub struct Session {
    held: Option<HeldProgram>,
    weight: f64,
    third: f64,
    last: LastSolve,
}

struct HeldProgram {
    loaded: Loaded,
    /// The last run reached its end, so that its basis is feasible as long as only costs change.
    settled: bool,
    columns: Vec<Key>,
    rows: Vec<Key>,
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// An empty session.
    #[must_use]
    pub fn new() -> Self {
        Self { held: None, weight: WEIGHT, third: THIRD, last: LastSolve::default() }
    }

    /// What the last solve did.
    #[must_use]
    pub fn last(&self) -> LastSolve {
        self.last
    }

    /// Solves a finished program, from the last basis where there is one. Setting `cancel` stops it
    /// within some 25 milliseconds; the session can be used on.
    pub fn solve(&mut self, program: &Program, cancel: Option<Arc<AtomicBool>>) -> Outcome {
        let clock = Clock::start();
        self.last = LastSolve::default();
        let control = Control { cancel, deadline: None };
        let mut outcome = match self.hot(program, &control) {
            Ok(Some(outcome)) => outcome,
            // Not a list of phases for a session, or its instance is in trouble: start afresh.
            Ok(None) => self.cold(program, &control),
            Err(refused) => {
                log::warn!("{refused}; the session starts afresh.");
                self.cold(program, &control)
            }
        };
        let (seconds, is_cpu) = clock.seconds();
        outcome.cpu_seconds = seconds;
        outcome.cpu_is_wall = !is_cpu;
        self.last.weight = self.weight;
        self.last.third = self.third;
        outcome
    }

    fn cold(&mut self, program: &Program, control: &Control) -> Outcome {
        self.held = None;
        self.weight = WEIGHT;
        self.third = THIRD;
        self.last.cold = true;
        cold::solve(program, &SolveOptions { choice: Choice::Auto, cancel: control.cancel.clone(), ..SolveOptions::default() })
    }

    /// The hot way; `None` where it does not apply or did not give a proof.
    fn hot(&mut self, program: &Program, control: &Control) -> Result<Option<Outcome>, Refused> {
        if !suits(program) || !scale::problems(program).is_empty() {
            return Ok(None);
        }
        let mut statement = Statement::without_holds(program, false);
        statement.set_phase(0, &program.phases[0]);
        if statement.crossed() {
            return Ok(Some(Outcome { status: Status::Infeasible, solver: highs::version(), ..Outcome::default() }));
        }
        loop {
            blend(&mut statement, program, self.weight, self.third);
            self.load(program, statement.clone())?;
            let Some(held) = self.held.as_mut() else { return Ok(None) };
            let costs_only = held.settled && self.last.bounds == 0 && self.last.entries == 0;
            held.settled = false;
            held.loaded.live.simplex(if costs_only { Simplex::Primal } else { Simplex::Dual })?;
            let mut status = held.loaded.live.run(control);
            if let RunStatus::Failed(reason) = &status {
                // Among columns of nearly the same worth the dual simplex may go round until it gives up.
                // From the same basis, with what it remembers forgotten, it takes another way out.
                log::debug!("{reason} The session goes on from where it stands.");
                let basis = held.loaded.live.basis()?;
                held.loaded.live.forget_basis();
                held.loaded.live.set_basis(&basis)?;
                held.loaded.live.simplex(Simplex::Dual)?;
                status = held.loaded.live.run(control);
            }
            if let RunStatus::Failed(reason) = &status {
                log::warn!("{reason} The session runs again without its basis.");
                held.loaded.live.forget_basis();
                status = held.loaded.live.run(control);
            }
            match status {
                RunStatus::Optimal => held.settled = true,
                RunStatus::Infeasible => {
                    return Ok(Some(Outcome { status: Status::Infeasible, solver: highs::version(), ..Outcome::default() }));
                }
                RunStatus::Cancelled | RunStatus::OutOfTime => return Ok(Some(stopped(&status))),
                RunStatus::Unbounded | RunStatus::UnboundedOrInfeasible | RunStatus::Nothing | RunStatus::Failed(_) => return Ok(None),
            }
            match self.priced(program, &mut statement, control)? {
                Priced::Done(outcome) => return Ok(Some(*outcome)),
                Priced::LessThird => self.third = if self.third > 2.0 * LEAST_THIRD { 0.1 * self.third } else { 0.0 },
                Priced::RaiseWeight if self.weight < MOST_WEIGHT => self.weight *= 10.0,
                Priced::RaiseWeight | Priced::Unproved => return Ok(None),
            }
        }
    }

    /// Brings the live instance to a statement: as a difference if the shape is the same, else anew.
    fn load(&mut self, program: &Program, statement: Statement) -> Result<(), Refused> {
        let same_keys = |held: &HeldProgram| {
            held.columns.len() == program.columns.len()
                && held.rows.len() == program.rows.len()
                && held.columns.iter().zip(&program.columns).all(|(key, column)| *key == column.key)
                && held.rows.iter().zip(&program.rows).all(|(key, row)| *key == row.key)
        };
        if let Some(held) = self.held.as_mut().filter(|held| same_keys(held) && held.loaded.statement.same_shape(&statement)) {
            let changes = held.loaded.update(statement)?;
            self.last.bounds += changes.bounds;
            self.last.entries += changes.entries;
            self.last.costs |= changes.costs;
            return Ok(());
        }
        let carried = self.held.take().and_then(|held| carry(&held, program, &statement));
        let mut loaded = Loaded::new(statement)?;
        loaded.live.prepare_for_hot_runs()?;
        if let Some(basis) = carried {
            loaded.live.set_basis(&basis)?;
        }
        self.last.loaded = true;
        self.held = Some(HeldProgram {
            loaded,
            settled: false,
            columns: program.columns.iter().map(|column| column.key).collect(),
            rows: program.rows.iter().map(|row| row.key).collect(),
        });
        Ok(())
    }

    /// Takes the duals of the goals apart, proves each phase and runs the later ones.
    fn priced(&mut self, program: &Program, statement: &mut Statement, control: &Control) -> Result<Priced, Refused> {
        let Some(held) = self.held.as_mut() else { return Ok(Priced::Unproved) };
        let live = &mut held.loaded.live;
        let blended = live.solved(RunStatus::Optimal)?;
        let mut outcome = Outcome {
            status: Status::Optimal,
            solver: format!("{}, hot", highs::version()),
            iterations: blended.iterations,
            ..Outcome::default()
        };
        let first = &program.phases[0];
        let blended_cost = statement.cost.clone();

        statement.set_goal(&first.goal, first.sense);
        let mut first_duals = live.duals_of(&statement.cost)?;
        let mut certificate = check(statement, first.goal.name, &blended.point, Some(Duals { rows: &first_duals, columns: None }), None);
        let first_value = certificate.primal;
        if !certificate.checked {
            if program.phases.len() == 1 || !certificate.feasible() {
                return Ok(Priced::Unproved);
            }
            let basis = live.basis()?;
            live.change_costs(&statement.cost, statement.sense)?;
            live.simplex(Simplex::Primal)?;
            let status = live.run(control);
            self.last.proof_run = true;
            let alone = live.solved(status.clone())?;
            live.change_costs(&blended_cost, Sense::Minimise)?;
            live.set_basis(&basis)?;
            match status {
                RunStatus::Optimal => {}
                RunStatus::Cancelled | RunStatus::OutOfTime => return Ok(Priced::Done(Box::new(stopped(&status)))),
                _ => return Ok(Priced::Unproved),
            }
            outcome.iterations += alone.iterations;
            certificate = check(statement, first.goal.name, &alone.point, Some(Duals { rows: &alone.row_duals, columns: None }), None);
            if (certificate.primal - first_value).abs() > 1e-9 * first_value.abs().max(1e-3) {
                return Ok(Priced::RaiseWeight);
            }
            if !certificate.checked {
                return Ok(Priced::Unproved);
            }
            first_duals = alone.row_duals;
        }
        outcome.phases.push(reported(statement, first, first_value, &first_duals, blended.iterations));
        outcome.certificate.push(certificate);
        outcome.point.clone_from(&blended.point);

        // The goals after it, each with the earlier ones held: all at this basis.
        let basis = live.basis()?;
        let mut held: Vec<Lagrangian> = Vec::new();
        for (number, phase) in program.phases.iter().enumerate() {
            statement.set_goal(&phase.goal, phase.sense);
            let duals = live.duals_of(&statement.cost)?;
            let mut lagrangian = Lagrangian::new(&phase.goal, phase.sense, statement.cost.clone(), duals, &blended.point);
            if number == 0 {
                held.push(lagrangian);
                continue;
            }
            let of_first = |earlier: usize| if earlier == 0 { self.weight } else { 1.0 };
            let most = |earlier: usize| if number == 1 { of_first(earlier) } else { of_first(earlier) / LEAST_THIRD };
            let multiples: Vec<f64> =
                (0..number).rev().map(|earlier| lagrangian.hold(&held[earlier], statement, &basis, most(earlier))).collect();
            lagrangian.state(statement);
            let duals = Duals { rows: &lagrangian.duals, columns: None };
            let certificate = check(statement, phase.goal.name, &blended.point, Some(duals), None);
            if !certificate.checked && number == 1 {
                let bent = self.third > 0.0 && program.phases.len() > 2 && certificate.feasible();
                return Ok(if bent { Priced::LessThird } else { Priced::Unproved });
            }
            if !certificate.checked {
                break;
            }
            if number == 1 {
                let mut reported = reported(statement, phase, lagrangian.value, &lagrangian.duals, 0);
                reported.held.push(Held { name: first.goal.name, bound: first_value, dual: -multiples[0] });
                outcome.phases.push(reported);
            } else {
                outcome.phases.push(PhaseOutcome { name: phase.goal.name, value: lagrangian.value, ..PhaseOutcome::default() });
            }
            outcome.certificate.push(certificate);
            held.push(lagrangian);
        }
        let done = outcome.phases.len();
        if program.phases.len() > done {
            self.later_phases(program, statement, &blended, &basis, done, &mut outcome, control)?;
        }
        Ok(Priced::Done(Box::new(outcome)))
    }

    /// Runs the phases from number `done` on, on the set of answers that are equally good to the blend.
    fn later_phases(
        &mut self,
        program: &Program,
        statement: &mut Statement,
        blended: &super::Solved,
        basis: &Basis,
        done: usize,
        outcome: &mut Outcome,
        control: &Control,
    ) -> Result<(), Refused> {
        let Some(held) = self.held.as_mut() else { return Ok(()) };
        let loaded = &mut held.loaded;
        let mut point = blended.point.clone();
        let (mut row_duals, mut column_duals) = (blended.row_duals.clone(), blended.column_duals.clone());
        let mut result = Ok(());
        for (number, phase) in program.phases.iter().enumerate().skip(done) {
            result = (|| {
                let (columns, rows) = fix(statement, &point, &row_duals, &column_duals);
                loaded.live.change_columns(&columns, statement)?;
                loaded.live.change_rows(&rows, statement)?;
                statement.set_phase(number, phase);
                loaded.live.change_costs(&statement.cost, statement.sense)?;
                loaded.live.simplex(Simplex::Primal)?;
                let status = loaded.live.run(control);
                let solved = loaded.live.solved(status)?;
                let certificate =
                    check(statement, phase.goal.name, &solved.point, Some(Duals { rows: &solved.row_duals, columns: None }), None);
                outcome.iterations += solved.iterations;
                match &solved.status {
                    RunStatus::Optimal if certificate.checked => {}
                    RunStatus::Cancelled => {
                        outcome.status = Status::Stopped { reason: StopReason::Cancelled, gap: None };
                        return Ok(());
                    }
                    other => return Err(Refused(format!("the phase {} ({other:?}, {})", phase.goal.name, certificate.sentence()))),
                }
                let reported = PhaseOutcome {
                    name: phase.goal.name,
                    value: certificate.primal,
                    iterations: solved.iterations,
                    ..PhaseOutcome::default()
                };
                outcome.phases.push(reported);
                outcome.certificate.push(certificate);
                outcome.point.clone_from(&solved.point);
                point = solved.point;
                row_duals = solved.row_duals;
                column_duals = solved.column_duals;
                Ok(())
            })();
            if result.is_err() || outcome.status != Status::Optimal {
                break;
            }
        }
        // Let everything go again: the loaded statement still says what the blended LP was.
        let all_columns: Vec<u32> = (0..loaded.statement.columns() as u32).collect();
        let all_rows: Vec<u32> = (0..loaded.statement.rows() as u32).collect();
        loaded.live.change_columns(&all_columns, &loaded.statement)?;
        loaded.live.change_rows(&all_rows, &loaded.statement)?;
        loaded.live.change_costs(&loaded.statement.cost, loaded.statement.sense)?;
        loaded.live.set_basis(basis)?;
        result
    }
}

enum Priced {
    Done(Box<Outcome>),
    RaiseWeight,
    LessThird,
    Unproved,
}

/// Phases a session can blend: no quotients, and no target that comes into force later than at first.
fn suits(program: &Program) -> bool {
    !program.phases.is_empty()
        && program.phases.iter().enumerate().all(|(number, phase)| phase.per.is_none() && (number == 0 || phase.at_least.is_none()))
}

/// Makes `f₂ + W·f₁ + δ·f₃` the goal (or the only goal there is), as a minimum.
fn blend(statement: &mut Statement, program: &Program, weight: f64, third: f64) {
    statement.cost.iter_mut().for_each(|cost| *cost = 0.0);
    let single = program.phases.len() == 1;
    for (phase, weight) in program.phases.iter().zip([if single { 1.0 } else { weight }, 1.0, third]) {
        let factor = to_minimum(phase.sense) * weight;
        for (col, coefficient) in &phase.goal.terms {
            statement.cost[col.0 as usize] += factor * coefficient;
        }
    }
    statement.constant = 0.0;
    statement.sense = Sense::Minimise;
}

fn stopped(status: &RunStatus) -> Outcome {
    let reason = if *status == RunStatus::OutOfTime { StopReason::TimeLimit } else { StopReason::Cancelled };
    Outcome { status: Status::Stopped { reason, gap: None }, solver: highs::version(), ..Outcome::default() }
}

/// The basis of the old program as far as the new one has the same columns and rows; HiGHS completes
/// what does not add up.
fn carry(held: &HeldProgram, program: &Program, statement: &Statement) -> Option<Basis> {
    let old = held.loaded.live.basis().ok()?;
    let columns: HashMap<Key, i32> = held.columns.iter().copied().zip(old.columns.iter().copied()).collect();
    let rows: HashMap<Key, i32> = held.rows.iter().copied().zip(old.rows.iter().copied()).collect();
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
    Some(Basis { columns: new_columns.collect(), rows: new_rows.collect() })
}

/// Fixes every column and row whose dual is not zero where it stands, and names them.
fn fix(statement: &mut Statement, point: &[f64], row_duals: &[f64], column_duals: &[f64]) -> (Vec<u32>, Vec<u32>) {
    let mut columns = Vec::new();
    for (column, dual) in column_duals.iter().enumerate() {
        if dual.abs() > ZERO_DUAL && statement.lower[column] != statement.upper[column] {
            statement.lower[column] = point[column];
            statement.upper[column] = point[column];
            columns.push(column as u32);
        }
    }
    let mut rows = Vec::new();
    for (row, dual) in row_duals.iter().enumerate() {
        let (lower, upper) = (statement.row_lower[row], statement.row_upper[row]);
        if dual.abs() > ZERO_DUAL && lower != upper {
            let value: f64 = statement.entries(row).map(|(column, value)| value * point[column]).sum();
            // The side it stands at, exactly, rather than the side plus rounding.
            let side = if (value - lower).abs() <= (value - upper).abs() { lower } else { upper };
            let side = if side.is_finite() { side } else { value };
            statement.row_lower[row] = side;
            statement.row_upper[row] = side;
            rows.push(row as u32);
        }
    }
    (columns, rows)
}

/// A phase in the units of the program.
fn reported(statement: &Statement, phase: &Phase, value: f64, duals: &[f64], iterations: u64) -> PhaseOutcome {
    PhaseOutcome {
        name: phase.goal.name,
        value,
        row_duals: (0..statement.program_rows).map(|row| duals[row] * statement.row_scale[row]).collect(),
        column_duals: statement.reduced_costs(&statement.cost, duals),
        held: Vec::new(),
        least_duals: statement.least_rows.iter().flatten().map(|row| duals[*row] * statement.row_scale[*row]).collect(),
        iterations,
    }
}

/// Shown in logs: the measures of each phase.
impl std::fmt::Display for PhaseCertificate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.sentence())
    }
}
