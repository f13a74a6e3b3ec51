//! Prices that prove a little less, but something.
//!
//! An interior point leaves prices a billionth beside the truth. At a column that nothing limits (chips
//! that may be ordered without end, and are not) a price of the wrong sign, however small, proves
//! nothing at all. But any prices of rows give a bound, so one of the column's rows is given a price as
//! much higher or lower as sets the column right; what that moves falls on columns that have limits,
//! where it costs next to nothing.

use super::statement::Statement;

/// Times the columns are gone through at most.
const SWEEPS: usize = 40;
/// Rows longer than this (a whole goal) are left alone.
const LONG: usize = 1_000;

/// Row prices and what is left of the columns' costs at them, as for a minimum.
pub(crate) struct Mend<'a> {
    pub(crate) statement: &'a Statement,
    pub(crate) rows: &'a mut [f64],
    pub(crate) columns: &'a mut [f64],
    /// Prices up to this are zero, by column.
    pub(crate) zero: &'a [f64],
    /// What the columns can reach.
    pub(crate) lower: &'a [f64],
    pub(crate) upper: &'a [f64],
}

impl Mend<'_> {
    /// Sets columns without a limit right, as far as that can be.
    pub(crate) fn run(&mut self) {
        let endless = |column: usize| self.upper[column].is_infinite() || self.lower[column].is_infinite();
        let mut rows_of: Vec<Vec<(usize, f64)>> = vec![Vec::new(); self.columns.len()];
        for row in 0..self.statement.rows() {
            if self.statement.start[row + 1] - self.statement.start[row] <= LONG {
                for (column, value) in self.statement.entries(row).filter(|(column, value)| *value != 0.0 && endless(*column)) {
                    rows_of[column].push((row, value));
                }
            }
        }
        for _ in 0..SWEEPS {
            let mut moved = false;
            for column in 0..self.columns.len() {
                if self.is_wrong(column, self.columns[column]) {
                    moved |= self.set_right(column, &rows_of[column]);
                }
            }
            if !moved {
                return;
            }
        }
    }

    fn is_wrong(&self, column: usize, price: f64) -> bool {
        let presses_on_nothing = if price > 0.0 { self.lower[column].is_infinite() } else { self.upper[column].is_infinite() };
        presses_on_nothing && price.abs() > self.zero[column]
    }

    /// Moves the price of the row in which that does the least harm.
    fn set_right(&mut self, column: usize, rows: &[(usize, f64)]) -> bool {
        let mut best: Option<(usize, usize, f64)> = None;
        for (row, value) in rows {
            let by = self.allowed(*row, self.columns[column] / value);
            if by == 0.0 {
                continue;
            }
            let harmed = |(other, value): (usize, f64)| {
                let price = self.columns[other];
                other != column && self.is_wrong(other, price - value * by) && !self.is_wrong(other, price)
            };
            let harm = self.statement.entries(*row).filter(|entry| harmed(*entry)).count();
            if best.is_none_or(|(least, _, _)| harm < least) {
                best = Some((harm, *row, by));
            }
        }
        let Some((_, row, by)) = best else { return false };
        self.rows[row] += by;
        for (other, value) in self.statement.entries(row) {
            self.columns[other] -= value * by;
        }
        true
    }

    /// As much of a change as leaves the row's price a sign that presses against a limit.
    fn allowed(&self, row: usize, by: f64) -> f64 {
        let after = self.rows[row] + by;
        let side = if after > 0.0 { self.statement.row_lower[row] } else { self.statement.row_upper[row] };
        if after == 0.0 || side.is_finite() { by } else { -self.rows[row] }
    }
}
