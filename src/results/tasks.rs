//! Tasks as they were done: which way, how many, how well.

use serde::Serialize;

/// A class of tasks as it was done.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TaskRouting {
    /// Its id.
    pub id: String,
    /// Name on screen.
    pub name: String,
    /// Index of the market where the tasks come up.
    pub market: usize,
    /// How many, millions, by period.
    pub millions: Vec<f64>,
    /// Share that must come out right, by period.
    pub need_fraction: Vec<f64>,
    /// Share that comes out right, by period; 0 where there are no tasks.
    pub pass_fraction: Vec<f64>,
    /// Answer tokens for them, Ttok, by period.
    pub answer_ttok: Vec<f64>,
    /// The ways of doing them, in the order of the plan.
    pub ways: Vec<WayTaken>,
}

/// A way of doing tasks, as far as it was taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WayTaken {
    /// Its name: the product, or `small, then large`.
    pub name: String,
    /// Indices of the products that are asked.
    pub products: Vec<usize>,
    /// Share of its tasks that come out right.
    pub pass_fraction: f64,
    /// Answer tokens for one task.
    pub answer_tokens_per_task: f64,
    /// Pass rate and tokens were measured.
    pub measured: bool,
    /// Tasks done so, millions, by period.
    pub millions: Vec<f64>,
}

impl TaskRouting {
    /// Share of the tasks of a period that went one way; 0 where there are none.
    #[must_use]
    pub fn share(&self, way: &WayTaken, period: usize) -> f64 {
        let of = |values: &[f64]| values.get(period).copied().unwrap_or(0.0);
        if of(&self.millions) > 0.0 { of(&way.millions) / of(&self.millions) } else { 0.0 }
    }
}
