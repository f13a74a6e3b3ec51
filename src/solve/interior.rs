//! The two solvers in Rust: clarabel's interior point for large cold LPs, microlp as second opinion.
//!
//! good_lp calls an answer of clarabel optimal even where clarabel says that there is none, and hides
//! the duals of bounds. So the program is stated through good_lp, and the solver beneath is run and
//! read here. clarabel minimises `g` over `A x + s = b`, and `d g / d b = −z`.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use clarabel::solver::{IPSolver, SolverStatus};
use good_lp::variable::UnsolvedProblem;
use good_lp::{Constraint, Expression, ProblemVariables, ResolutionError, Solution, SolverModel, Variable, variable};

use super::highs::{Live, Reduced, Refused};
use super::statement::Statement;
use super::thin::{HeldGoal, Thin};
use super::{Control, RunStatus, Solved};
use crate::formulation::program::Sense;
use crate::formulation::scale::power_of_two;

/// What a row handed to a solver states: a row of the program (or a column that stands still) and the
/// sign of `d b / d right-hand side`.
#[derive(Clone, Copy)]
enum Stated {
    Row(usize, f64),
    Column,
}

/// Columns above which the program is presolved first.
const PRESOLVE_COLUMNS: usize = 2_000;

/// How clarabel is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    /// Without refining each of its linear solves: two thirds of the time, and nearly always enough.
    Quick,
    /// With it, for a second try.
    Refined,
    /// With it, the program as it is stated: no held goals turned into sums, nothing brought to 1. For small
    /// programs, which gain no time from either, and for a last try.
    AsStated,
}

/// Runs clarabel on what HiGHS's presolve leaves of a large program. It is smaller, and free of the
/// redundant equations that keep an interior point method from its last digits. Goals that are held
/// are stated by [`Thin`].
///
/// A mistake inside the solver's own code (it stops the thread, as an overflow does in a build that checks
/// for it) is a run that failed: the next solver is asked.
pub(crate) fn clarabel(statement: &Statement, goals: &[HeldGoal], care: Care, control: &Control) -> Solved {
    guarded("clarabel", || run(statement, goals, care, control))
}

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread runs a solver whose panic is caught and answered by the next solver.
#[must_use]
pub fn is_guarded() -> bool {
    IS_GUARDED.get()
}

/// Runs a solver whose mistakes must not be ours.
fn guarded(name: &str, run: impl FnOnce() -> Solved) -> Solved {
    IS_GUARDED.set(true);
    let solved = catch_unwind(AssertUnwindSafe(run));
    IS_GUARDED.set(false);
    solved.unwrap_or_else(|_| Solved::nothing(RunStatus::Failed(format!("{name} stopped in a mistake of its own."))))
}

fn run(statement: &Statement, goals: &[HeldGoal], care: Care, control: &Control) -> Solved {
    let small = statement.columns() <= PRESOLVE_COLUMNS;
    if care == Care::AsStated || small {
        return reduced(statement, Way { care: Care::AsStated, held: 0 }, control);
    }
    if let Some(thin) = Thin::new(statement, goals) {
        let solved = reduced(&thin.statement, Way { care, held: goals.len() }, control);
        return thin.restore(statement, solved);
    }
    reduced(statement, Way { care, held: 0 }, control)
}

/// How a statement is solved: with how much care, and how many goals it holds by [`Thin`].
#[derive(Clone, Copy)]
struct Way {
    care: Care,
    held: usize,
}

fn reduced(statement: &Statement, way: Way, control: &Control) -> Solved {
    if statement.columns() <= PRESOLVE_COLUMNS || control.cancelled() || statement.whole.contains(&true) {
        return plain(statement, way, control);
    }
    match presolved(statement, way, control) {
        Ok(Some(solved)) => solved,
        Ok(None) => plain(statement, way, control),
        Err(refused) => {
            log::warn!("{refused}; the interior point method takes the program as it is.");
            plain(statement, way, control)
        }
    }
}

/// `None` where presolve does not lead to an answer that can be restored.
fn presolved(statement: &Statement, way: Way, control: &Control) -> Result<Option<Solved>, Refused> {
    let turned = statement.sense == Sense::Maximise;
    let mut minimum = statement.clone();
    minimum.sense = Sense::Minimise;
    if turned {
        minimum.cost.iter_mut().for_each(|cost| *cost = -*cost);
    }
    let mut live = Live::load(&minimum)?;
    let reduced = match live.reduce()? {
        Reduced::To(reduced) => reduced,
        Reduced::Infeasible => return Ok(Some(Solved::nothing(RunStatus::Infeasible))),
        Reduced::Unclear => return Ok(None),
    };
    let answer = plain(&reduced, way, control);
    if answer.status != RunStatus::Optimal {
        return Ok(Some(Solved { point: Vec::new(), row_duals: Vec::new(), column_duals: Vec::new(), has_duals: false, ..answer }));
    }
    let mut solved = live.restore(&reduced, &answer)?;
    if turned {
        solved.row_duals.iter_mut().for_each(|dual| *dual = -*dual);
    }
    // Restoring works on numbers good to 1e-8; the reduced costs are taken from the rows' duals.
    solved.column_duals = statement.reduced_costs(&statement.cost, &solved.row_duals);
    Ok(Some(solved))
}

/// Bounds from here on are left out for an interior point method, which ends in "dual infeasible"
/// beside them. The check uses the true ones.
const FAR_BOUND: f64 = 1e7;

/// Beside two held goals the rows' last digits matter more than where the method starts: its tolerances
/// are absolute, so its numbers are made larger by this, and the goal a little smaller.
const FINER: (f64, f64) = (64.0, 0.5);

/// The statement as an interior point method likes it, and the factors its columns and its goal were
/// multiplied by: far bounds left out, and bounds and right-hand sides brought to a geometric mean of
/// about 1, where the method starts from.
fn about_one(statement: &Statement, way: Way) -> (Statement, f64, f64) {
    let mut made = statement.clone();
    for (bounds, beyond) in [(&mut made.lower, f64::NEG_INFINITY), (&mut made.upper, f64::INFINITY)] {
        bounds.iter_mut().filter(|bound| bound.abs() >= FAR_BOUND && **bound * beyond > 0.0).for_each(|bound| *bound = beyond);
    }
    if way.care == Care::AsStated {
        return (made, 1.0, 1.0);
    }
    let (mut logs, mut count) = (0.0, 0_u32);
    for value in [&made.lower, &made.upper, &made.row_lower, &made.row_upper].into_iter().flatten() {
        if value.is_finite() && *value != 0.0 {
            logs += value.abs().ln();
            count += 1;
        }
    }
    let mean = if count == 0 { 1.0 } else { power_of_two((logs / f64::from(count)).exp()) };
    let (finer, of_goal) = if way.held > 1 { FINER } else { (1.0, 1.0) };
    let factor = mean * finer;
    made.cost.iter_mut().for_each(|cost| *cost *= of_goal);
    for values in [&mut made.lower, &mut made.upper, &mut made.row_lower, &mut made.row_upper] {
        for value in values.iter_mut() {
            *value *= factor;
        }
    }
    (made, factor, of_goal)
}

/// How far the method is asked to go. Near its end each iteration gains two digits or more, so that this takes one or
/// two beyond its own 1e-8; and it brings prices whose wrong signs, charged at all that columns may reach, still
/// prove the answer. What it does not reach is no failure: our own check says what was reached.
const LAST_DIGITS: f64 = 1e-11;

/// Iterations after which the method is stopped. A second goal takes 70 at 14,000 columns, 120 at 32,000 and 180 from
/// 90,000 on: its own 200 would be too near.
const MOST_ITERATIONS: u32 = 500;

fn plain(statement: &Statement, way: Way, control: &Control) -> Solved {
    if statement.whole.contains(&true) {
        return Solved::nothing(RunStatus::Failed("The interior point method cannot hold columns to whole numbers.".to_owned()));
    }
    if control.cancelled() {
        return Solved::nothing(RunStatus::Cancelled);
    }
    if let Some(solved) = without_columns(statement) {
        return solved;
    }
    let (scaled, factor, of_goal) = about_one(statement, way);
    let (variables, columns) = columns(&scaled, false);
    let mut problem = objective(&scaled, variables, &columns).using(good_lp::clarabel);
    // good_lp has stated a row for every finite bound so far.
    let mut stated: Vec<Stated> = Vec::new();
    for column in 0..scaled.columns() {
        let (lower, upper) = (scaled.lower[column], scaled.upper[column]);
        let bounds = if lower == upper { 0 } else { usize::from(lower.is_finite()) + usize::from(upper.is_finite()) };
        stated.extend(std::iter::repeat_n(Stated::Column, bounds));
    }
    for (constraint, what) in constraints(&scaled, &columns) {
        problem.add_constraint(constraint);
        stated.push(what);
    }
    if stated.is_empty() {
        return Solved::nothing(RunStatus::Failed("clarabel needs at least one row or bound.".to_owned()));
    }
    problem.settings().iterative_refinement_enable(way.care != Care::Quick);
    problem.settings().max_iter(MOST_ITERATIONS);
    if way.care != Care::AsStated {
        problem.settings().tol_feas(LAST_DIGITS).tol_gap_abs(LAST_DIGITS).tol_gap_rel(LAST_DIGITS);
    }
    if let Some(seconds) = control.seconds_left() {
        problem.settings().time_limit(seconds);
    }
    let mut solver = match problem.try_into_solver() {
        Ok(solver) => solver,
        Err(error) => return Solved::nothing(RunStatus::Failed(format!("clarabel refused the program: {error}"))),
    };
    if let Some(flag) = control.cancel.clone() {
        solver.set_termination_callback(move |_: &_| flag.load(std::sync::atomic::Ordering::Relaxed));
    }
    solver.solve();
    let answer = &solver.solution;
    let status = match answer.status {
        // "Almost" is for our own check to judge.
        SolverStatus::Solved | SolverStatus::AlmostSolved | SolverStatus::InsufficientProgress => RunStatus::Optimal,
        SolverStatus::PrimalInfeasible => RunStatus::Infeasible,
        SolverStatus::MaxTime => RunStatus::OutOfTime,
        SolverStatus::CallbackTerminated => RunStatus::Cancelled,
        // Above all `DualInfeasible`: badly scaled programs end there though they are bounded.
        other => RunStatus::Failed(format!("clarabel ended with {other:?}.")),
    };
    let sign = match statement.sense {
        Sense::Minimise => 1.0,
        Sense::Maximise => -1.0,
    };
    let mut row_duals = vec![0.0; statement.rows()];
    for (what, dual) in stated.iter().zip(&answer.z) {
        if let Stated::Row(row, side) = what {
            row_duals[*row] -= sign * side * dual / of_goal;
        }
    }
    let column_duals = statement.reduced_costs(&statement.cost, &row_duals);
    // An interior point lies within its bounds but for the solver's tolerance.
    let point = answer
        .x
        .iter()
        .zip(statement.lower.iter().zip(&statement.upper))
        .map(|(value, (lower, upper))| (value / factor).max(*lower).min(*upper))
        .collect();
    Solved { status, point, row_duals, column_duals, iterations: u64::from(answer.iterations), has_duals: true }
}

/// A program without columns, which neither solver takes: feasible if every row allows zero.
fn without_columns(statement: &Statement) -> Option<Solved> {
    if statement.columns() > 0 {
        return None;
    }
    let feasible = statement.row_lower.iter().zip(&statement.row_upper).all(|(lower, upper)| *lower <= 0.0 && *upper >= 0.0);
    let status = if feasible { RunStatus::Optimal } else { RunStatus::Infeasible };
    Some(Solved { row_duals: vec![0.0; statement.rows()], has_duals: feasible, ..Solved::nothing(status) })
}

/// Runs microlp. Its time limit is ours; it cannot be interrupted.
pub(crate) fn microlp(statement: &Statement, control: &Control) -> Solved {
    guarded("microlp", || by_microlp(statement, control))
}

fn by_microlp(statement: &Statement, control: &Control) -> Solved {
    if let Some(solved) = without_columns(statement) {
        return solved;
    }
    let (variables, columns) = columns(statement, true);
    let mut problem = objective(statement, variables, &columns).using(good_lp::microlp);
    for (constraint, _) in constraints(statement, &columns) {
        problem.add_constraint(constraint);
    }
    if let Some(seconds) = control.seconds_left() {
        use good_lp::WithTimeLimit;
        problem = problem.with_time_limit(seconds);
    }
    match problem.solve() {
        Ok(answer) => Solved {
            status: RunStatus::Optimal,
            point: columns.iter().map(|column| answer.value(*column)).collect(),
            has_duals: false,
            ..Solved::nothing(RunStatus::Optimal)
        },
        Err(ResolutionError::Infeasible) => Solved::nothing(RunStatus::Infeasible),
        Err(ResolutionError::Unbounded) => Solved::nothing(RunStatus::Unbounded),
        Err(error) => Solved::nothing(RunStatus::Failed(format!("microlp: {error}"))),
    }
}

/// The columns; one that stands still gets no bounds here but a row below, for an interior point needs
/// an interior (microlp takes both).
fn columns(statement: &Statement, whole: bool) -> (ProblemVariables, Vec<Variable>) {
    let mut variables = ProblemVariables::new();
    let columns = (0..statement.columns())
        .map(|column| {
            let (lower, upper) = (statement.lower[column], statement.upper[column]);
            let plain = if lower == upper { variable() } else { variable().min(lower).max(upper) };
            variables.add(if whole && statement.whole[column] { plain.integer() } else { plain })
        })
        .collect();
    (variables, columns)
}

fn objective(statement: &Statement, variables: ProblemVariables, columns: &[Variable]) -> UnsolvedProblem {
    let mut goal = Expression::with_capacity(columns.len());
    for (column, cost) in columns.iter().zip(&statement.cost).filter(|(_, cost)| **cost != 0.0) {
        goal.add_mul(*cost, *column);
    }
    match statement.sense {
        Sense::Maximise => variables.maximise(goal),
        Sense::Minimise => variables.minimise(goal),
    }
}

/// The rows one side at a time, and the columns that stand still.
fn constraints<'a>(statement: &'a Statement, columns: &'a [Variable]) -> impl Iterator<Item = (Constraint, Stated)> + 'a {
    let still = (0..statement.columns())
        .filter(|column| statement.lower[*column] == statement.upper[*column])
        .map(|column| (Expression::from_other_affine(columns[column]).eq(statement.lower[column]), Stated::Column));
    let rows = (0..statement.rows()).flat_map(move |row| {
        let (lower, upper) = (statement.row_lower[row], statement.row_upper[row]);
        let sum = || {
            let mut sum = Expression::with_capacity(statement.start[row + 1] - statement.start[row]);
            for (column, value) in statement.entries(row) {
                sum.add_mul(value, columns[column]);
            }
            sum
        };
        let sides = if lower == upper {
            [Some((sum().eq(upper), Stated::Row(row, 1.0))), None]
        } else {
            // good_lp turns `≥` round, and with it the sign of its right-hand side.
            [
                lower.is_finite().then(|| (sum().geq(lower), Stated::Row(row, -1.0))),
                upper.is_finite().then(|| (sum().leq(upper), Stated::Row(row, 1.0))),
            ]
        };
        sides.into_iter().flatten()
    });
    still.chain(rows)
}
