//! Tasks that an enterprise has done by models: how many, how well, and what each product makes of them.

use super::node::record;
use super::values::{MarketRef, ProductRef, Quantity, Steps};

record! {
    /// Tasks of one class: all of them are done, and so large a share of them right.
    pub struct Task {
        /// Name on screen
        name: String = String::new(),
        /// Where they come up: a market, for its place and its day; it need not buy anything
        market: MarketRef,
        /// Tasks a day, at the horizon's start, by date
        tasks_per_day: Steps [0.0, 1e12],
        /// Growth of the tasks per year, as a factor
        growth_factor_per_year: f64 [0.0, 1000.0] = 1.0,
        /// Share of the tasks that must come out right, over all ways, by date
        pass_fraction: Steps [0.0, 1.0] = Steps::always(0.0),
        /// Products that can do them
        answers: Vec<TaskAnswer>,
        /// Pairs of these products of which the second is asked where the first failed
        cascades: Vec<Cascade> = Vec::new(),
        /// Remarks and sources
        notes: String = String::new(),
    }
}

record! {
    /// How well a product does a class of tasks, and how much it writes for one.
    pub struct TaskAnswer {
        /// The product
        product: ProductRef,
        /// Share of the tasks that it gets right
        pass_fraction: Quantity [0.0, 1.0],
        /// Answer tokens that it writes for one task, thinking included; prompts come with them as the product has them
        answer_tokens_per_task: Quantity [1e-6, 1e9],
        /// Whether both were measured on tasks of this class; stated if not
        measured: bool = false,
    }
}

record! {
    /// A small model first, and a large one where it failed.
    pub struct Cascade {
        /// The product that is asked first
        first: ProductRef,
        /// The product that is asked where the first failed
        then: ProductRef,
        /// Share of the first one's wrong answers that are noticed, and so asked again
        noticed_fraction: f64 [0.0, 1.0] = 1.0,
        /// Share of the first one's right answers that are asked again all the same
        asked_again_fraction: f64 [0.0, 1.0] = 0.0,
        /// Share of what the first gets wrong that the second gets right; if left out, whatever the first gets right the second would get right, too
        then_pass_fraction: Option<Quantity> [0.0, 1.0] = None,
    }
}

impl Task {
    /// Whether there ever is a task of it.
    #[must_use]
    pub fn is_ever_asked(&self) -> bool {
        self.tasks_per_day.first_above_zero().is_some()
    }
}
