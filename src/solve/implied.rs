//! The largest and smallest value each column can take, by its own bounds and by what the rows imply.
//!
//! A dual bound charges a price of the wrong sign at the farthest value its column can reach. Many
//! columns have no upper bound of their own, but a row keeps them: what `a·x ≤ U` leaves to one column
//! when all others do their least. The bounds found by one row help the next, so the rows are gone
//! through a few times.

use super::statement::Statement;

/// Times the rows are gone through at most.
const ROUNDS: usize = 12;
/// Bounds from here on are no help to anybody, and lose digits in sums.
const FAR: f64 = 1e15;

/// Smallest and largest values of the columns.
#[derive(Clone, Debug)]
pub(crate) struct Implied {
    pub(crate) lower: Vec<f64>,
    pub(crate) upper: Vec<f64>,
}

/// A sum in which some terms may be without limit.
#[derive(Clone, Copy, Default)]
struct Activity {
    finite: f64,
    /// What the finite part was summed from, to know its rounding.
    size: f64,
    endless: u32,
}

impl Activity {
    fn add(&mut self, term: f64) {
        if term.is_finite() {
            self.finite += term;
            self.size += term.abs();
        } else {
            self.endless += 1;
        }
    }

    /// The sum without one of its terms.
    fn without(self, term: f64) -> Option<f64> {
        match (self.endless, term.is_finite()) {
            (0, _) => Some(self.finite - term),
            (1, false) => Some(self.finite),
            _ => None,
        }
    }
}

impl Implied {
    /// Goes through the rows. `cutoff` is the goal as a minimum (costs) and a value it must not exceed: a
    /// point that is worse need not be bounded.
    pub(crate) fn of(statement: &Statement, cutoff: Option<(&[f64], f64)>) -> Self {
        let mut bounds = Self { lower: statement.lower.clone(), upper: statement.upper.clone() };
        for _ in 0..ROUNDS {
            let mut found = false;
            for row in 0..statement.rows() {
                let (lower, upper) = (statement.row_lower[row], statement.row_upper[row]);
                if lower.is_finite() || upper.is_finite() {
                    found |= bounds.tighten(lower, upper, || statement.entries(row));
                }
            }
            if let Some((cost, most)) = cutoff {
                let entries = || cost.iter().copied().enumerate().filter(|(_, cost)| *cost != 0.0);
                found |= bounds.tighten(f64::NEG_INFINITY, most, entries);
            }
            if !found {
                break;
            }
        }
        bounds
    }

    /// One row; whether a column without a limit got one.
    fn tighten<I: Iterator<Item = (usize, f64)>>(&mut self, lower: f64, upper: f64, entries: impl Fn() -> I) -> bool {
        let (mut least, mut most) = (Activity::default(), Activity::default());
        for (column, value) in entries() {
            let (low, high) = self.ends(column, value);
            least.add(low);
            most.add(high);
        }
        let reads_up = upper.is_finite() && least.endless < 2;
        let reads_down = lower.is_finite() && most.endless < 2;
        if !reads_up && !reads_down {
            return false;
        }
        let mut found = false;
        // Room for the rounding of the sums.
        let slack = 1e-12 * (least.size + most.size);
        for (column, value) in entries() {
            let (low, high) = self.ends(column, value);
            if reads_up && let Some(others) = least.without(low) {
                found |= self.keep(column, value, upper - others + slack);
            }
            if reads_down && let Some(others) = most.without(high) {
                found |= self.keep(column, -value, others - lower + slack);
            }
        }
        found
    }

    /// `value · x ≤ most`; whether a column without a limit got one.
    fn keep(&mut self, column: usize, value: f64, most: f64) -> bool {
        if value == 0.0 {
            return false;
        }
        let bound = most / value;
        if !bound.is_finite() || bound.abs() > FAR {
            return false;
        }
        let (low, high) = (self.lower[column], self.upper[column]);
        // Rounding must not make the two ends cross.
        let bound = if value > 0.0 { bound.max(low) } else { bound.min(high) };
        let slot = if value > 0.0 { &mut self.upper[column] } else { &mut self.lower[column] };
        let better = if value > 0.0 { bound < *slot } else { bound > *slot };
        let was_endless = slot.is_infinite();
        if better {
            *slot = bound;
        }
        better && was_endless
    }

    fn ends(&self, column: usize, value: f64) -> (f64, f64) {
        if value > 0.0 {
            (value * self.lower[column], value * self.upper[column])
        } else {
            (value * self.upper[column], value * self.lower[column])
        }
    }
}
