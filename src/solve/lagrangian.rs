//! A goal with the goals before it held where they are, proved at one basis.
//!
//! Goals are wanted in turn: the best value of the first, then of the second among all points as good,
//! and so on. A point that one basis gives is proved to be that answer by one dual vector for each
//! goal: the *Lagrangian* of goal `n` is `f_n + Σ μ_k (L_k − v_k)` over the goals `k` before it, where
//! `L_k` is the Lagrangian of goal `k` and `v_k` its value at the point, so that `L_n = f_n` wherever
//! the earlier goals keep their values. Its duals at the basis are the same sum, `y_n = B⁻ᵀ c_n + Σ μ_k y_k`, one
//! back-solve each. The multipliers are the least `μ_k ≥ 0` (goals turned to a minimum) for which the
//! signs of all reduced costs are right, found from the last goal held to the first: what the second
//! goal's Lagrangian prices at zero, only the first one's can put right. `μ_k` is what a unit of goal `k`
//! costs in goal `n`. Whether it is a proof is for [`super::certificate`] to say.

use super::highs::Basis;
use super::statement::Statement;
use crate::formulation::program::{Linear, Sense};

/// A goal and what it takes to hold the ones before it.
#[derive(Debug)]
pub(crate) struct Lagrangian {
    /// One number per column.
    pub(crate) cost: Vec<f64>,
    /// So that the Lagrangian has the goal's value at the point.
    pub(crate) constant: f64,
    /// Of the scaled rows, at the basis.
    pub(crate) duals: Vec<f64>,
    /// The goal's value at the point.
    pub(crate) value: f64,
    /// 1 for a minimum, −1 for a maximum.
    sign: f64,
    sense: Sense,
}

impl Lagrangian {
    /// A goal by itself, priced at a basis; `cost` is the goal's, one number per column.
    pub(crate) fn new(goal: &Linear, sense: Sense, cost: Vec<f64>, duals: Vec<f64>, point: &[f64]) -> Self {
        Self { cost, constant: goal.constant, duals, value: goal.value(point), sign: to_minimum(sense), sense }
    }

    /// Holds an earlier goal: adds the least multiple of it (at most `most`, both turned to a minimum)
    /// for which no reduced cost has a wrong sign that it can mend. Gives the multiple added.
    pub(crate) fn hold(&mut self, earlier: &Self, statement: &Statement, basis: &Basis, most: f64) -> f64 {
        let factor = self.sign * earlier.sign * self.least_multiplier(earlier, statement, basis, most);
        for (cost, held) in self.cost.iter_mut().zip(&earlier.cost) {
            *cost += factor * held;
        }
        for (dual, held) in self.duals.iter_mut().zip(&earlier.duals) {
            *dual += factor * held;
        }
        // L_k − v_k is zero at the point.
        self.constant += factor * (earlier.constant - earlier.value);
        factor
    }

    /// Makes it the statement's goal. Duals that are zero but for the rounding of multiplied numbers are
    /// set to zero where they would press against nothing.
    pub(crate) fn state(&mut self, statement: &mut Statement) {
        statement.cost.clone_from(&self.cost);
        statement.constant = self.constant;
        statement.sense = self.sense;
        for (row, dual) in self.duals.iter_mut().enumerate() {
            let side = if self.sign * *dual > 0.0 { statement.row_lower[row] } else { statement.row_upper[row] };
            if side.is_infinite() {
                *dual = 0.0;
            }
        }
    }

    fn least_multiplier(&self, earlier: &Self, statement: &Statement, basis: &Basis, most: f64) -> f64 {
        let mut least = 0.0_f64;
        let mut demand = |status: i32, lower: f64, upper: f64, own: f64, earlier: f64| {
            if lower == upper {
                return;
            }
            let side = match status {
                Basis::LOWER => 1.0,
                Basis::UPPER => -1.0,
                _ => return,
            };
            let (own, earlier) = (side * own, side * earlier);
            if own < -1e-9 && earlier > 1e-13 {
                least = least.max((-own / earlier).min(most));
            }
        };
        let own_reduced = statement.reduced_costs(&self.cost, &self.duals);
        let earlier_reduced = statement.reduced_costs(&earlier.cost, &earlier.duals);
        for column in 0..statement.columns() {
            let values = (self.sign * own_reduced[column], earlier.sign * earlier_reduced[column]);
            demand(basis.columns[column], statement.lower[column], statement.upper[column], values.0, values.1);
        }
        for row in 0..statement.rows() {
            let values = (self.sign * self.duals[row], earlier.sign * earlier.duals[row]);
            demand(basis.rows[row], statement.row_lower[row], statement.row_upper[row], values.0, values.1);
        }
        least
    }
}

/// 1 for a minimum, −1 for a maximum.
pub(crate) fn to_minimum(sense: Sense) -> f64 {
    match sense {
        Sense::Minimise => 1.0,
        Sense::Maximise => -1.0,
    }
}
