//! Crossovers, as they stand in a plan.

use crate::plan::node::{Map, record};

record! {
    /// From which volume on which way of having tokens is the cheapest: to own, to rent, to buy.
    pub struct Crossover {
        /// Remarks and sources
        notes: String = String::new(),
        /// The ways, by name: each a scenario of the plan that leaves the others out, or `base` for the plan as it is
        ways: Map<String>,
        /// Break points of a way's cost at most; what is then left out is said
        points: u32 = 60,
    }
}
