//! The two ends of a frontier, as the base plan remembers them.

use std::sync::Arc;

use crate::solve::glance::Bases;

/// The ends, and where hot runs between them begin.
#[derive(Clone, Debug)]
pub(super) struct Ends {
    /// Level of the held measure, and value of the other one: at the best of the other, then at its own best.
    pub at: [(f64, f64); 2],
    /// Where the first of them stands.
    pub bases: Bases,
}

impl Ends {
    /// The level at a share of the way from the first end to the second.
    pub fn level(&self, share: f64) -> f64 {
        self.at[0].0 + (self.at[1].0 - self.at[0].0) * share
    }
}

/// Why there are none: how the solve ended, and the reason.
#[derive(Clone, Debug)]
pub(super) struct NoEnds {
    /// Status of the answer.
    pub status: String,
    /// The reason.
    pub reason: String,
}

/// What ends came to: every chain would find the same.
pub(super) type Found = Result<Arc<Ends>, NoEnds>;
