//! Futures of a plan, and what is asked of all of them together.

use super::point::Change;
use crate::formulation::program::Sense;
use crate::hedge::Unfolding;
use crate::plan::Month;

/// A future of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Future {
    /// Its id: the scenarios it is made of.
    pub id: String,
    /// How likely it is.
    pub probability: f64,
    /// What is other than planned in it, in order.
    pub changes: Vec<Change>,
}

/// Something that is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertainty {
    /// What it is called.
    pub name: String,
    /// What it can be.
    pub outcomes: Vec<String>,
}

/// What is made as good as possible over all futures.
#[derive(Clone, Debug, PartialEq)]
pub enum Over {
    /// The mean.
    Mean,
    /// The mean, and the mean of the worst share with a weight.
    Worst {
        /// The share.
        share: f64,
        /// Its weight.
        weight: f64,
    },
    /// The largest regret.
    Regret,
}

/// What is asked: many futures, what becomes known when, what is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Hedging {
    /// The futures.
    pub futures: Vec<Future>,
    /// What is not known; `unfolding` says when it becomes known, and which future has which outcome.
    pub uncertainties: Vec<Uncertainty>,
    /// When what becomes known.
    pub unfolding: Unfolding,
    /// Decisions dated before this month are signed now.
    pub decide_before: Month,
    /// What is made as good as possible over all futures.
    pub over: Over,
    /// The plan's goals in each future, as they stand in a plan; the plan's own if empty.
    pub objective: String,
    /// Months in a period.
    pub period_months: u32,
    /// Whether it is solved by cuts; by its size if nothing is said.
    pub by_cuts: Option<bool>,
}

impl Hedging {
    /// What becomes known when, with one uncertainty known from the start.
    #[must_use]
    pub fn knowing(&self, uncertainty: usize) -> Unfolding {
        let mut unfolding = self.unfolding.clone();
        if let Some(known) = unfolding.known_from.get_mut(uncertainty) {
            *known = Month::ALWAYS;
        }
        unfolding
    }

    /// The same, a period later.
    #[must_use]
    pub fn later(&self) -> Unfolding {
        let mut unfolding = self.unfolding.clone();
        for known in &mut unfolding.known_from {
            *known = known.plus(i32::try_from(self.period_months).unwrap_or(0));
        }
        unfolding
    }

    /// The same with another weight on the worst futures, in thousandths.
    #[must_use]
    pub fn weighing(&self, thousandths: u32) -> Self {
        let mut other = self.clone();
        if let Over::Worst { weight, .. } = &mut other.over {
            *weight = f64::from(thousandths) * 1e-3;
        }
        other
    }

    /// The probabilities, one for each future.
    #[must_use]
    pub fn probabilities(&self) -> Vec<f64> {
        self.futures.iter().map(|future| future.probability).collect()
    }
}

/// Which way the futures are met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// One of them alone, known before anything is signed.
    Known(usize),
    /// One plan up to the date, then each its own.
    Hedged,
    /// What is signed is what the mean future asks for.
    MeanPlan,
    /// Hedged, with one uncertainty known from the start.
    Learning(usize),
    /// Hedged, with everything known a period later.
    Later,
    /// Nothing is signed before it is known what comes.
    Waiting,
    /// Hedged, with so many thousandths of the weight on the worst futures.
    Weighing(u32),
}

impl Way {
    /// Its place among the ways, and which of its kind.
    #[must_use]
    pub fn place(&self) -> [f64; 2] {
        match self {
            Self::Known(future) => [0.0, *future as f64],
            Self::Hedged => [1.0, 0.0],
            Self::MeanPlan => [2.0, 0.0],
            Self::Learning(uncertainty) => [3.0, *uncertainty as f64],
            Self::Later => [4.0, 0.0],
            Self::Waiting => [5.0, 0.0],
            Self::Weighing(thousandths) => [6.0, f64::from(*thousandths) * 1e-3],
        }
    }
}

/// Whether more is better of a goal, by its name.
#[must_use]
pub fn sense_of(goal: &str) -> Sense {
    if matches!(goal, "cost" | "regret") { Sense::Minimise } else { Sense::Maximise }
}
