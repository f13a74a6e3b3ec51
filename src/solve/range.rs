//! How far a limit may move before its dual changes.
//!
//! At an optimal basis a change of a limit by `θ` moves the basic columns along `B⁻¹ Δ`, where `Δ` is
//! what the limit does to all rows and bounds that state it. The dual holds for as long as every basic
//! column and row stays within its bounds. This needs a basis, so it is offered for HiGHS only, and it
//! says nothing about integer runs. At a degenerate point a range can have no width on one side.

use super::cold::{Engine, plain};
use super::highs::{Basis, Refused};
use super::ratio;
use super::statement::Statement;
use super::{Choice, Control, RunStatus, SolveError, SolveOptions};
use crate::formulation::program::{Program, Sense};

/// The range over which the dual of a limit holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LimitRange {
    /// Index into [`Program::limits`].
    pub limit: u32,
    /// d (goal of the phase) / d (the plan's number).
    pub dual: f64,
    /// The plan's number in force.
    pub value: f64,
    /// Least value of the plan's number at which the dual holds, or minus infinity.
    pub from: f64,
    /// Largest value, or infinity.
    pub to: f64,
}

/// What came of solving again at the ends of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RangeCheck {
    /// Largest relative difference between the goal at an end and what the dual foretold.
    pub worst: f64,
    /// Ends that were finite and feasible, and so could be checked.
    pub ends: usize,
}

/// The ranges of all limits, for the goal of one phase with the earlier ones held as in a run.
///
/// # Errors
/// If the phase has no optimal basis.
pub fn ranges(program: &Program, phase: usize, options: &SolveOptions) -> Result<Vec<LimitRange>, SolveError> {
    let mut at = Basic::new(program, phase, &[], &Control::new(options))?;
    (0..program.limits.len() as u32).map(|limit| Ok(at.range(program, limit)?)).collect()
}

/// The ranges of some limits; see [`ranges`].
///
/// # Errors
/// A sentence, if the phase has no optimal basis.
pub fn ranges_of(program: &Program, phase: usize, limits: &[u32], options: &SolveOptions) -> Result<Vec<LimitRange>, SolveError> {
    let mut at = Basic::new(program, phase, &[], &Control::new(options))?;
    let known = limits.iter().copied().filter(|limit| (*limit as usize) < program.limits.len());
    known.map(|limit| Ok(at.range(program, limit)?)).collect()
}

/// Solves again with the limit at each finite end of its range, the earlier goals held where they were.
///
/// # Errors
/// If the phase could not be solved as it is.
pub fn check_range_by_resolve(
    program: &Program,
    phase: usize,
    range: &LimitRange,
    options: &SolveOptions,
) -> Result<RangeCheck, SolveError> {
    let control = Control::new(options);
    let before = Basic::new(program, phase, &[], &control)?;
    let mut check = RangeCheck { worst: 0.0, ends: 0 };
    for end in [range.from, range.to] {
        if !end.is_finite() {
            continue;
        }
        if let Ok(after) = Basic::new(&moved(program, range.limit, end), phase, &before.held, &control) {
            let foretold = before.value + range.dual * (end - range.value);
            check.worst = check.worst.max((after.value - foretold).abs() / foretold.abs().max(before.value.abs()).max(1e-3));
            check.ends += 1;
        }
    }
    Ok(check)
}

/// The program with one limit at another value.
#[must_use]
pub fn moved(program: &Program, limit: u32, value: f64) -> Program {
    let mut program = program.clone();
    let Some(stated) = program.limits.get_mut(limit as usize) else { return program };
    let by = (value - stated.value) * stated.lp_per_plan;
    stated.value = value;
    for row in program.rows.iter_mut().filter(|row| row.limit == Some(limit)) {
        let (low, high) = sides(row.lower, row.upper);
        row.lower += if low { by * row.scale } else { 0.0 };
        row.upper += if high { by * row.scale } else { 0.0 };
    }
    for column in program.columns.iter_mut().filter(|column| column.limit == Some(limit)) {
        column.upper += by;
    }
    program
}

/// Which sides of a row its limit states: the upper one if it has one, else the lower, both of an equation.
fn sides(lower: f64, upper: f64) -> (bool, bool) {
    (lower == upper || !upper.is_finite(), upper.is_finite())
}

/// A phase at its optimal basis.
struct Basic {
    engine: Engine,
    statement: Statement,
    point: Vec<f64>,
    row_duals: Vec<f64>,
    column_duals: Vec<f64>,
    value: f64,
    /// What the earlier phases reached.
    held: Vec<f64>,
}

impl Basic {
    /// Runs the phases up to one of them; `held` overrides what the earlier ones reach.
    fn new(program: &Program, phase: usize, held: &[f64], control: &Control) -> Result<Self, SolveError> {
        let mut engine = Engine::new(Choice::Highs { presolve: true });
        let mut statement = Statement::new(program, false);
        let mut reached = Vec::new();
        for (number, stated) in program.phases.iter().enumerate().take(phase + 1) {
            statement.set_phase(number, stated);
            if statement.crossed() {
                return Err(SolveError::NoAnswer("The limits contradict each other.".to_owned()));
            }
            if number < phase && number < held.len() {
                statement.hold(number, stated, held[number], stated.tolerance);
                reached.push(held[number]);
                continue;
            }
            let step = match &stated.per {
                Some((per, share)) if number < phase => ratio::run(&mut statement, number, stated, per, *share, &mut engine, control),
                Some(_) => return Err(SolveError::NoAnswer("A quotient has no ranges.".to_owned())),
                None => plain(&statement, stated.goal.name, &mut engine, control),
            };
            if step.solved.status != RunStatus::Optimal || !step.certificate.checked {
                return Err(SolveError::NoAnswer(format!("The phase {} has no certified answer.", stated.goal.name)));
            }
            if number == phase {
                let (point, row_duals, column_duals) = (step.solved.point, step.solved.row_duals, step.solved.column_duals);
                return Ok(Self { engine, statement, point, row_duals, column_duals, value: step.value, held: reached });
            }
            statement.hold(number, stated, step.value, stated.tolerance);
            reached.push(step.value);
        }
        Err(SolveError::NoAnswer("There is no such phase.".to_owned()))
    }

    fn range(&mut self, program: &Program, limit: u32) -> Result<LimitRange, Refused> {
        let stated = &program.limits[limit as usize];
        let statement = &self.statement;
        let Some(loaded) = self.engine.loaded() else { return Err(Refused("to range without a basis".to_owned())) };
        let basis = loaded.live.basis()?;
        let basic = loaded.live.basic()?;
        // Per unit of the plan's number: what each row's and column's limit moves by.
        let rows: Vec<usize> = program.rows.iter().enumerate().filter(|(_, row)| row.limit == Some(limit)).map(|(row, _)| row).collect();
        let columns: Vec<usize> =
            program.columns.iter().enumerate().filter(|(_, column)| column.limit == Some(limit)).map(|(column, _)| column).collect();
        let row_move = |row: usize| stated.lp_per_plan * statement.row_scale[row];
        let mut rhs = vec![0.0; statement.rows()];
        let mut direction = vec![0.0; statement.columns()];
        let mut dual = 0.0;
        for row in rows.iter().copied() {
            let (low, high) = sides(statement.row_lower[row], statement.row_upper[row]);
            let at = basis.rows[row];
            let binds = (high && at == Basis::UPPER) || (low && at == Basis::LOWER) || (low && high && at != Basis::BASIC);
            if binds {
                rhs[row] += row_move(row);
                dual += self.row_duals[row] * row_move(row);
            }
        }
        for column in columns.iter().copied() {
            let fixed = statement.lower[column] == statement.upper[column];
            if basis.columns[column] == Basis::UPPER || (fixed && basis.columns[column] != Basis::BASIC) {
                direction[column] = stated.lp_per_plan;
                dual += self.column_duals[column] * stated.lp_per_plan;
            }
        }
        if columns.iter().any(|column| direction[*column] != 0.0) {
            for (row, by) in statement.activity(&direction).iter().enumerate() {
                rhs[row] -= by;
            }
        }
        let solved = loaded.live.solve_basis(&rhs)?;
        let mut free = vec![false; statement.columns()];
        for (basic, value) in basic.iter().zip(&solved) {
            if let Ok(column) = usize::try_from(*basic) {
                direction[column] = *value;
                free[column] = true;
            }
        }
        let mut room = Room { back: f64::NEG_INFINITY, forth: f64::INFINITY };
        for column in (0..statement.columns()).filter(|column| free[*column]) {
            let own = if program.columns[column].limit == Some(limit) { stated.lp_per_plan } else { 0.0 };
            room.keep(self.point[column], direction[column], statement.lower[column], 0.0, statement.upper[column], own);
        }
        // What moves with its bound must not pass its other bound.
        for column in columns.iter().copied().filter(|column| !free[*column] && direction[*column] != 0.0) {
            if statement.lower[column] != statement.upper[column] {
                room.keep(self.point[column], direction[column], statement.lower[column], 0.0, f64::INFINITY, 0.0);
            }
        }
        let (activity, moves) = (statement.activity(&self.point), statement.activity(&direction));
        for row in (0..statement.rows()).filter(|row| basis.rows[*row] == Basis::BASIC) {
            let own = if program.rows.get(row).is_some_and(|stated| stated.limit == Some(limit)) { row_move(row) } else { 0.0 };
            let (low, high) = sides(statement.row_lower[row], statement.row_upper[row]);
            let (low, high) = (if low { own } else { 0.0 }, if high { own } else { 0.0 });
            room.keep(activity[row], moves[row], statement.row_lower[row], low, statement.row_upper[row], high);
        }
        for row in rows.iter().copied().filter(|row| basis.rows[*row] != Basis::BASIC) {
            let (low, high) = sides(statement.row_lower[row], statement.row_upper[row]);
            if high && !low && basis.rows[row] == Basis::UPPER {
                room.keep(activity[row], row_move(row), statement.row_lower[row], 0.0, f64::INFINITY, 0.0);
            }
        }
        Ok(LimitRange { limit, dual, value: stated.value, from: stated.value + room.back, to: stated.value + room.forth })
    }
}

/// How far `θ` may go down and up.
struct Room {
    back: f64,
    forth: f64,
}

impl Room {
    /// Keeps `lower + θ·lower_move ≤ value + θ·by ≤ upper + θ·upper_move`.
    fn keep(&mut self, value: f64, by: f64, lower: f64, lower_move: f64, upper: f64, upper_move: f64) {
        for (gap, pace) in [(upper - value, by - upper_move), (value - lower, lower_move - by)] {
            if !gap.is_finite() || pace.abs() <= 1e-11 * by.abs().max(1.0) {
                continue;
            }
            let at = gap.max(0.0) / pace;
            if pace > 0.0 {
                self.forth = self.forth.min(at);
            } else {
                self.back = self.back.max(at);
            }
        }
    }
}

/// Whether more of a limit helps the goal, given its dual.
#[must_use]
pub fn helps(sense: Sense, dual: f64) -> bool {
    match sense {
        Sense::Maximise => dual > 0.0,
        Sense::Minimise => dual < 0.0,
    }
}
