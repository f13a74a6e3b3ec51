//! Holding what earlier phases reached, in a form that an interior point method can take.
//!
//! A phase that must keep an earlier goal `c` (turned to a minimum) at `c·x ≤ H`, a millionth from its
//! best, has a feasible set as thin as a sheet of paper: an interior point method, which needs an
//! interior, takes twice as many iterations there and loses its last digits. But the earlier phase has
//! left its duals `y`, and with `d = c − Aᵀ y` every point obeys the identity
//! `c·x = D + Σ_j d_j (x_j − b_j) + Σ_i y_i (a_i·x − B_i)`, where `b` and `B` are the bounds that the
//! duals press against and `D` is their sum. All terms are ≥ 0 on feasible points, so that the goal is
//! kept exactly if they add up to no more than `g = H − D`, the little that may be given away.
//!
//! So each column with `d_j ≠ 0` is written `x_j = b_j ± s_j p_j`, with the step `s_j = g/|d_j|` that
//! would spend all of it (at most 1); a row with `y_i ≠ 0` gets a slack of the step `g/|y_i|`; and the
//! held row becomes `Σ p + … + w = 1`. The sheet is as thick as it is wide then. Steps are powers of
//! two. Nothing is left out: the identity turns the answer's duals into those of the program as it was
//! stated, `y' − Σ η y` with `η` the price of a held goal, and the certificate is taken there.

use super::Solved;
use super::statement::Statement;
use crate::formulation::program::Sense;
use crate::formulation::scale::power_of_two;

/// A goal that later phases hold.
#[derive(Clone, Debug)]
pub(crate) struct HeldGoal {
    /// The row of the statement that holds it.
    row: usize,
    /// The goal as a minimum, without its constant.
    cost: Vec<f64>,
    /// Duals of the statement's rows at its best, for that minimum.
    duals: Vec<f64>,
    /// Factor from the goal as a minimum to the row: the row's scale, negative for a maximum.
    factor: f64,
}

impl HeldGoal {
    /// A phase's goal, which a statement has as its goal, with the duals of its run.
    pub(crate) fn new(statement: &Statement, row: usize, row_duals: &[f64]) -> Self {
        let sign = sign(statement.sense);
        Self {
            row,
            cost: statement.cost.iter().map(|cost| sign * cost).collect(),
            duals: row_duals.iter().map(|dual| sign * dual).collect(),
            factor: sign * statement.row_scale[row],
        }
    }
}

/// Duals below this are left to the columns' reduced costs.
const ZERO_DUAL: f64 = 1e-6;
/// Reduced costs below this are rounding.
const ROUNDING: f64 = 1e-13;

/// A statement whose held rows have been turned into sums of steps, and the way back.
pub(crate) struct Thin {
    /// The statement for the solver: a minimum.
    pub(crate) statement: Statement,
    sense: Sense,
    columns: usize,
    shift: Vec<f64>,
    step: Vec<f64>,
    held: Vec<Resource>,
}

/// A held goal in the new statement.
struct Resource {
    row: usize,
    duals: Vec<f64>,
    reduced: Vec<f64>,
    factor: f64,
    /// What may be given away.
    give: f64,
    /// The column of what is not.
    left: usize,
}

fn sign(sense: Sense) -> f64 {
    match sense {
        Sense::Minimise => 1.0,
        Sense::Maximise => -1.0,
    }
}

/// The bound that a price presses against.
fn pressed(price: f64, lower: f64, upper: f64) -> f64 {
    if price > 0.0 { lower } else { upper }
}

impl Thin {
    /// `None` where there is nothing to hold, or where what may be given away is lost in rounding.
    pub(crate) fn new(statement: &Statement, goals: &[HeldGoal]) -> Option<Self> {
        if goals.is_empty() {
            return None;
        }
        let (columns, rows) = (statement.columns(), statement.rows());
        let is_held = |row: usize| goals.iter().any(|goal| goal.row == row);
        let mut held: Vec<Resource> = Vec::new();
        for goal in goals {
            if goal.duals.len() != rows || goal.cost.len() != columns {
                return None;
            }
            let mut duals = goal.duals.clone();
            for (row, dual) in duals.iter_mut().enumerate() {
                if dual.abs() < ZERO_DUAL || !pressed(*dual, statement.row_lower[row], statement.row_upper[row]).is_finite() {
                    *dual = 0.0;
                }
            }
            let mut reduced = statement.reduced_costs(&goal.cost, &duals);
            reduced.iter_mut().filter(|cost| cost.abs() < ROUNDING).for_each(|cost| *cost = 0.0);
            let base: f64 = duals
                .iter()
                .enumerate()
                .filter(|(_, dual)| **dual != 0.0)
                .map(|(row, dual)| dual * pressed(*dual, statement.row_lower[row], statement.row_upper[row]))
                .chain(
                    reduced
                        .iter()
                        .enumerate()
                        .map(|(column, cost)| cost * finite(pressed(*cost, statement.lower[column], statement.upper[column]))),
                )
                .sum();
            let bound = if goal.factor > 0.0 { statement.row_upper[goal.row] } else { statement.row_lower[goal.row] } / goal.factor;
            let give = bound - base;
            if !(give.is_finite() && give > 1e-9 * bound.abs()) {
                return None;
            }
            held.push(Resource { row: goal.row, duals, reduced, factor: goal.factor, give, left: 0 });
        }
        let (shift, step, thin) = steps(statement, &held);
        let mut made = Statement {
            lower: Vec::with_capacity(columns),
            upper: Vec::with_capacity(columns),
            whole: Vec::new(),
            start: vec![0],
            index: Vec::with_capacity(statement.index.len()),
            value: Vec::with_capacity(statement.index.len()),
            row_lower: Vec::with_capacity(rows),
            row_upper: Vec::with_capacity(rows),
            row_scale: Vec::with_capacity(rows),
            cost: Vec::with_capacity(columns),
            constant: 0.0,
            sense: Sense::Minimise,
            program_rows: rows,
            least_rows: Vec::new(),
            share_rows: Vec::new(),
            hold_rows: Vec::new(),
        };
        for column in 0..columns {
            let (lower, upper) = (statement.lower[column] - shift[column], statement.upper[column] - shift[column]);
            let (lower, upper) = (lower / step[column], upper / step[column]);
            made.lower.push(lower.min(upper));
            // The sum of steps bounds a thin column at about 1; its own far bound only gets in the way.
            made.upper.push(beyond(lower.max(upper), thin[column]));
            made.cost.push(sign(statement.sense) * statement.cost[column] * step[column]);
        }
        // The sums, one for each held goal: a column's or slack's step times its price, over what may be given.
        let mut sums: Vec<Vec<(u32, f64)>> = vec![Vec::new(); held.len()];
        let mut already: Vec<f64> = vec![0.0; held.len()];
        for (resource, (sum, already)) in held.iter().zip(sums.iter_mut().zip(&mut already)) {
            for (column, cost) in resource.reduced.iter().enumerate().filter(|(_, cost)| **cost != 0.0) {
                sum.push((column as u32, cost * step[column] / resource.give));
                *already +=
                    cost * (shift[column] - finite(pressed(*cost, statement.lower[column], statement.upper[column]))) / resource.give;
            }
        }
        for resource in &mut held {
            resource.left = add_column(&mut made, f64::INFINITY);
        }
        for row in 0..rows {
            if is_held(row) {
                // An empty row in its place keeps the numbers of the others.
                made.push_row(std::iter::empty(), f64::NEG_INFINITY, f64::INFINITY, 1.0);
                continue;
            }
            let (lower, upper) = (statement.row_lower[row], statement.row_upper[row]);
            let moved: f64 = statement.entries(row).map(|(column, value)| value * shift[column]).sum();
            let entries: Vec<(u32, f64)> = statement.entries(row).map(|(column, value)| (column as u32, value * step[column])).collect();
            let pace = |resource: &Resource| resource.duals[row].abs() / resource.give;
            let steepest = held.iter().max_by(|left, right| pace(left).total_cmp(&pace(right)));
            let Some(steepest) = steepest.filter(|steepest| steepest.duals[row] != 0.0 && lower < upper) else {
                made.push_row(entries, lower - moved, upper - moved, 1.0);
                continue;
            };
            let side = pressed(steepest.duals[row], lower, upper);
            let away = steepest.duals[row].signum();
            let slack_step = away * power_of_two(pace(steepest).max(1.0));
            let slack = add_column(&mut made, beyond((upper - lower) / slack_step.abs(), pace(steepest) >= 1.0));
            made.push_row(entries.into_iter().chain([(slack as u32, -slack_step)]), side - moved, side - moved, 1.0);
            for (resource, (sum, already)) in held.iter().zip(sums.iter_mut().zip(&mut already)) {
                let dual = resource.duals[row];
                if dual != 0.0 {
                    sum.push((slack as u32, dual * slack_step / resource.give));
                    *already += dual * (side - pressed(dual, lower, upper)) / resource.give;
                }
            }
        }
        for (number, (mut sum, already)) in sums.into_iter().zip(already).enumerate() {
            // What an earlier held goal has left over counts too, at its price in this one.
            for earlier in &held[..number] {
                let price = held[number].duals[earlier.row] * earlier.factor;
                if price != 0.0 {
                    sum.push((earlier.left as u32, -price * earlier.give / held[number].give));
                }
            }
            sum.push((held[number].left as u32, 1.0));
            sum.sort_by_key(|(column, _)| *column);
            made.push_row(sum, 1.0 - already, 1.0 - already, 1.0);
        }
        made.whole = vec![false; made.lower.len()];
        Some(Self { statement: made, sense: statement.sense, columns, shift, step, held })
    }

    /// The answer of the statement as it was.
    pub(crate) fn restore(&self, statement: &Statement, answer: Solved) -> Solved {
        if answer.point.len() < self.columns || answer.row_duals.len() < statement.rows() + self.held.len() {
            return Solved { point: Vec::new(), row_duals: Vec::new(), column_duals: Vec::new(), has_duals: false, ..answer };
        }
        let mut point: Vec<f64> = (0..self.columns).map(|column| self.shift[column] + self.step[column] * answer.point[column]).collect();
        for (value, (lower, upper)) in point.iter_mut().zip(statement.lower.iter().zip(&statement.upper)) {
            *value = value.max(*lower).min(*upper);
        }
        let mut row_duals = answer.row_duals[..statement.rows()].to_vec();
        let prices: Vec<f64> =
            self.held.iter().enumerate().map(|(number, held)| answer.row_duals[statement.rows() + number] / held.give).collect();
        for (held, price) in self.held.iter().zip(&prices) {
            row_duals[held.row] = price / held.factor;
        }
        for (held, price) in self.held.iter().zip(&prices) {
            for (dual, of_held) in row_duals.iter_mut().zip(&held.duals) {
                *dual -= price * of_held;
            }
        }
        let sign = sign(self.sense);
        for dual in &mut row_duals {
            *dual *= sign;
        }
        let column_duals = statement.reduced_costs(&statement.cost, &row_duals);
        Solved { point, row_duals, column_duals, ..answer }
    }
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

/// A bound that the sum of steps makes superfluous is left out.
fn beyond(bound: f64, thin: bool) -> f64 {
    if thin && bound > 4.0 { f64::INFINITY } else { bound }
}

/// Where each column starts from, its signed step, and whether a step spends all that may be given.
fn steps(statement: &Statement, held: &[Resource]) -> (Vec<f64>, Vec<f64>, Vec<bool>) {
    let (mut shift, mut step, mut thin) = (Vec::new(), Vec::new(), Vec::new());
    let one = |column: usize| {
        let pace = |resource: &&Resource| resource.reduced[column].abs() / resource.give;
        let steepest = held.iter().max_by(|left, right| pace(left).total_cmp(&pace(right)))?;
        let price = steepest.reduced[column];
        let from = pressed(price, statement.lower[column], statement.upper[column]);
        let pace = pace(&steepest);
        (price.abs() > ZERO_DUAL && from.is_finite()).then(|| (from, price.signum() * power_of_two(pace.max(1.0)), pace >= 1.0))
    };
    for column in 0..statement.columns() {
        let (from, by, is_thin) = one(column).unwrap_or((0.0, 1.0, false));
        shift.push(from);
        step.push(by);
        thin.push(is_thin);
    }
    (shift, step, thin)
}

fn add_column(statement: &mut Statement, upper: f64) -> usize {
    statement.lower.push(0.0);
    statement.upper.push(upper);
    statement.cost.push(0.0);
    statement.lower.len() - 1
}
