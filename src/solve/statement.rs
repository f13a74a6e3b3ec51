//! The LP of one phase as plain arrays: what every solver is given and what the certificate checks.
//!
//! Rows of the program come first, under their own numbers and scaled as `formulation::scale` left
//! them. Then come the *extra rows*: one for each phase that wants a function to have a least value,
//! and one for each phase but the last that will hold what the phase reached. An extra row exists
//! from the start and is free (−∞ … ∞) until it is needed, so that the shape never changes during a
//! run and a basis fits every phase.

use crate::formulation::program::{Linear, Phase, Program, Sense};
use crate::formulation::scale::{merge, power_of_two};

/// One LP: `lower ≤ x ≤ upper`, `row_lower ≤ A x ≤ row_upper`, a goal and its sense.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Smallest values of the columns.
    pub lower: Vec<f64>,
    /// Largest values of the columns.
    pub upper: Vec<f64>,
    /// Columns that must be whole numbers; all false in an LP.
    pub whole: Vec<bool>,
    /// Where each row's entries start; one more than there are rows.
    pub start: Vec<usize>,
    /// Columns of the entries.
    pub index: Vec<u32>,
    /// Values of the entries (scaled rows).
    pub value: Vec<f64>,
    /// Smallest values of the rows (scaled).
    pub row_lower: Vec<f64>,
    /// Largest values of the rows (scaled).
    pub row_upper: Vec<f64>,
    /// Factor each row was multiplied by.
    pub row_scale: Vec<f64>,
    /// Goal, one entry per column.
    pub cost: Vec<f64>,
    /// Constant of the goal.
    pub constant: f64,
    /// Which way.
    pub sense: Sense,
    /// Rows that come from the program.
    pub program_rows: usize,
    /// The extra row of each phase's `at_least`.
    pub least_rows: Vec<Option<usize>>,
    /// The extra row that keeps the divisor of a quotient at its least share.
    pub share_rows: Vec<Option<usize>>,
    /// The extra row that holds what each phase reached (`None` for the last one).
    pub hold_rows: Vec<Option<usize>>,
}

/// Share of a function's largest coefficient below which another one is nothing.
const NOTHING_BESIDE: f64 = 1e-15;

impl Statement {
    /// States the program with all extra rows free and no goal.
    #[must_use]
    pub fn new(program: &Program, whole: bool) -> Self {
        let mut statement = Self::without_holds(program, whole);
        for (number, phase) in program.phases.iter().enumerate() {
            let held = number + 1 < program.phases.len();
            let hold = held.then(|| statement.push_function(&held_places(phase)));
            statement.hold_rows.push(hold);
        }
        statement
    }

    /// States the program without the rows that hold what earlier phases reached.
    #[must_use]
    pub fn without_holds(program: &Program, whole: bool) -> Self {
        let columns = program.columns.len();
        let rows = program.rows.len();
        let nonzeros = program.nonzeros();
        let mut statement = Self {
            lower: program.columns.iter().map(|column| column.lower).collect(),
            upper: program.columns.iter().map(|column| column.upper).collect(),
            whole: program.columns.iter().map(|column| whole && column.whole).collect(),
            start: Vec::with_capacity(rows + 1),
            index: Vec::with_capacity(nonzeros),
            value: Vec::with_capacity(nonzeros),
            row_lower: Vec::with_capacity(rows),
            row_upper: Vec::with_capacity(rows),
            row_scale: Vec::with_capacity(rows),
            cost: vec![0.0; columns],
            constant: 0.0,
            sense: Sense::Minimise,
            program_rows: rows,
            least_rows: Vec::new(),
            share_rows: Vec::new(),
            hold_rows: Vec::new(),
        };
        statement.start.push(0);
        for row in &program.rows {
            let scale = if row.scale > 0.0 { row.scale } else { 1.0 };
            let terms = row.terms.iter().map(|(col, coefficient)| (col.0, *coefficient));
            statement.push_row(terms, row.lower, row.upper, scale);
        }
        for phase in &program.phases {
            let least = phase.at_least.as_ref().map(|(function, _)| statement.push_function(function));
            statement.least_rows.push(least);
            let share = phase.per.as_ref().map(|(function, _)| statement.push_function(phase.floor.as_ref().unwrap_or(function)));
            statement.share_rows.push(share);
        }
        statement
    }

    /// Adds a row and gives its number.
    pub fn push_row(&mut self, terms: impl IntoIterator<Item = (u32, f64)>, lower: f64, upper: f64, scale: f64) -> usize {
        let columns = self.lower.len();
        for (column, coefficient) in terms {
            if (column as usize) < columns {
                self.index.push(column);
                self.value.push(coefficient);
            }
        }
        self.start.push(self.index.len());
        self.row_lower.push(lower);
        self.row_upper.push(upper);
        self.row_scale.push(scale);
        self.row_lower.len() - 1
    }

    /// Adds a free row for a function, scaled about the middle of its range: a cost function may
    /// range over eight decades, and the solver drops entries below 1e-9.
    fn push_function(&mut self, function: &Linear) -> usize {
        let most = function.terms.iter().map(|(_, coefficient)| coefficient.abs()).fold(0.0, f64::max);
        // A price of 1e-100 $ is nothing beside others, and would pull the scale of the row to where no solver follows.
        let least_of_all = NOTHING_BESIDE * most;
        let sizes = || function.terms.iter().map(|(_, coefficient)| coefficient.abs()).filter(|size| *size > least_of_all);
        let least = sizes().fold(most, f64::min);
        let scale = power_of_two((most * least).sqrt());
        let terms = function.terms.iter().filter(|(_, coefficient)| coefficient.abs() > least_of_all);
        let terms = terms.map(|(col, coefficient)| (col.0, coefficient * scale));
        self.push_row(terms, f64::NEG_INFINITY, f64::INFINITY, scale)
    }

    /// Makes a phase's goal the goal, and puts its `at_least` in force.
    pub fn set_phase(&mut self, number: usize, phase: &Phase) {
        self.set_goal(&phase.goal, phase.sense);
        if let (Some((function, least)), Some(Some(row))) = (&phase.at_least, self.least_rows.get(number).copied()) {
            self.row_lower[row] = (least - function.constant) * self.row_scale[row];
        }
    }

    /// Makes a function the goal.
    pub fn set_goal(&mut self, goal: &Linear, sense: Sense) {
        self.cost.iter_mut().for_each(|cost| *cost = 0.0);
        for (col, coefficient) in &goal.terms {
            if let Some(cost) = self.cost.get_mut(col.0 as usize) {
                *cost += coefficient;
            }
        }
        self.constant = goal.constant;
        self.sense = sense;
    }

    /// From now on holds what a phase reached, less the share it may give up, and gives the value it holds.
    pub fn hold(&mut self, number: usize, phase: &Phase, best: f64, tolerance: f64) -> f64 {
        let give = tolerance.max(0.0) * best.abs();
        let held = match phase.sense {
            Sense::Maximise => best - give,
            Sense::Minimise => best + give,
        };
        let Some(Some(row)) = self.hold_rows.get(number).copied() else { return held };
        let bound = match &phase.per {
            None => held - phase.goal.constant,
            // goal / per ≤ held  ⇔  goal − held · per ≤ 0, for a divisor above zero.
            Some((per, _)) => {
                let mut entries: Vec<f64> = vec![0.0; self.start[row + 1] - self.start[row]];
                let places = &self.index[self.start[row]..self.start[row + 1]];
                for (terms, factor) in [(&phase.goal.terms, 1.0), (&per.terms, -held)] {
                    for (col, coefficient) in terms {
                        if let Ok(place) = places.binary_search(&col.0) {
                            entries[place] += factor * coefficient * self.row_scale[row];
                        }
                    }
                }
                let from = self.start[row];
                self.value[from..from + entries.len()].copy_from_slice(&entries);
                held * per.constant - phase.goal.constant
            }
        } * self.row_scale[row];
        match phase.sense {
            Sense::Maximise => self.row_lower[row] = bound,
            Sense::Minimise => self.row_upper[row] = bound,
        }
        held
    }

    /// From now on keeps the divisor of a quotient (or what stands for it) at or above `least`.
    pub fn hold_share(&mut self, number: usize, phase: &Phase, least: f64) {
        if let (Some(Some(row)), Some((per, _))) = (self.share_rows.get(number).copied(), &phase.per) {
            let floor = phase.floor.as_ref().unwrap_or(per);
            self.row_lower[row] = (least - floor.constant) * self.row_scale[row];
        }
    }

    /// Number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.lower.len()
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.row_lower.len()
    }

    /// The entries of a row.
    pub fn entries(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let (from, to) = (self.start[row], self.start[row + 1]);
        self.index[from..to].iter().zip(&self.value[from..to]).map(|(column, value)| (*column as usize, *value))
    }

    /// The goal's value at a point, with its constant, in the goal's own unit.
    #[must_use]
    pub fn goal(&self, point: &[f64]) -> f64 {
        self.constant + self.cost.iter().zip(point).map(|(cost, value)| cost * value).sum::<f64>()
    }

    /// The rows' values at a point (scaled).
    #[must_use]
    pub fn activity(&self, point: &[f64]) -> Vec<f64> {
        (0..self.rows()).map(|row| self.entries(row).map(|(column, value)| value * point[column]).sum()).collect()
    }

    /// Reduced costs `c − Aᵀ y` for duals of scaled rows.
    #[must_use]
    pub fn reduced_costs(&self, cost: &[f64], row_duals: &[f64]) -> Vec<f64> {
        let mut reduced = cost.to_vec();
        for (row, dual) in row_duals.iter().enumerate().filter(|(_, dual)| **dual != 0.0) {
            for (column, value) in self.entries(row) {
                reduced[column] -= value * dual;
            }
        }
        reduced
    }

    /// Whether some column's or row's bounds cross, so that nothing can be feasible.
    #[must_use]
    pub fn crossed(&self) -> bool {
        let crossed = |(lower, upper): (&f64, &f64)| lower - upper > 1e-9 * upper.abs().max(1.0);
        self.lower.iter().zip(&self.upper).any(crossed) || self.row_lower.iter().zip(&self.row_upper).any(crossed)
    }

    /// Whether another statement has the same columns, rows and places of entries, so that one can be
    /// turned into the other by changing numbers only.
    #[must_use]
    pub fn same_shape(&self, other: &Self) -> bool {
        self.columns() == other.columns()
            && self.start == other.start
            && self.index == other.index
            && self.whole == other.whole
            && self.hold_rows == other.hold_rows
            && self.least_rows == other.least_rows
            && self.share_rows == other.share_rows
    }
}

/// The places of the row that holds a phase: the goal's, and for a quotient the divisor's too (the
/// numbers are set when the quotient is known; adding sizes keeps any place from cancelling).
fn held_places(phase: &Phase) -> Linear {
    let mut held = phase.goal.clone();
    if let Some((per, _)) = &phase.per {
        held.terms.extend(per.terms.iter().copied());
        held.terms.iter_mut().for_each(|(_, coefficient)| *coefficient = coefficient.abs());
        merge(&mut held.terms);
    }
    held
}
