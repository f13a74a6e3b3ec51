//! Studies: questions that take many solves, as the planner states them. They travel with the plan and
//! change none of its answers.
//!
//! What varies is named by path. A `*` in a path stands for every entry: `markets.*.demand.*.segments.*.usd_per_mtok.answer`
//! are all prices at once.

mod crossover;
mod game;
pub mod hedge;
mod kinds;
mod random;
pub mod vary;

pub use crossover::Crossover;
pub use game::{BASE, Game, MAX_COMBINATIONS, Payoff};
pub use hedge::{AS_PLANNED, Branch, Futures, Hedge, HedgeGoal, HedgeMethod, OverFutures};
pub use kinds::{
    Act, Alternatives, Axis, Correlation, Distribution, Even, Frontier, FrontierPoints, Grid, Group, Inputs, Measure, Ranked, Sample,
    Stops, Study, Swing, Tornado, Uncertain, Varied,
};
pub use random::{correlations_of, ends_of, root};

use super::budget::Goal;

/// Most points of a study.
pub const MAX_POINTS: usize = 100_000;
/// Most axes of a grid.
pub const MAX_AXES: usize = 4;
/// Most switches that are tried in all combinations.
pub const MAX_SWITCHES: usize = 12;
/// Most break points or points of a frontier.
pub const MAX_FRONTIER: u32 = 500;

impl Study {
    /// Every path that the study varies, to follow a renaming.
    pub fn paths_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::Grid(grid) => grid.axes.iter_mut().flat_map(|axis| &mut axis.vary).flat_map(|varied| &mut varied.paths).collect(),
            Self::Tornado(Tornado { inputs: Inputs::Stated(swings), .. }) => swings.iter_mut().flat_map(|swing| &mut swing.paths).collect(),
            Self::Sample(sample) => sample.inputs.iter_mut().flat_map(|input| &mut input.paths).collect(),
            Self::Tornado(_)
            | Self::Frontier(_)
            | Self::Alternatives(_)
            | Self::Ranked(_)
            | Self::Hedge(_)
            | Self::Game(_)
            | Self::Crossover(_) => Vec::new(),
        }
    }

    /// What is wanted in place of the plan's goals; nothing where the plan's hold.
    #[must_use]
    pub fn goals(&self) -> &[Goal] {
        match self {
            Self::Grid(study) => &study.goals,
            Self::Tornado(study) => &study.goals,
            Self::Alternatives(study) => &study.goals,
            Self::Ranked(study) => &study.goals,
            Self::Sample(study) => &study.goals,
            Self::Frontier(_) | Self::Hedge(_) | Self::Game(_) | Self::Crossover(_) => &[],
        }
    }

    /// What the planner noted with it.
    #[must_use]
    pub fn notes(&self) -> &str {
        match self {
            Self::Grid(study) => &study.notes,
            Self::Tornado(study) => &study.notes,
            Self::Frontier(study) => &study.notes,
            Self::Alternatives(study) => &study.notes,
            Self::Ranked(study) => &study.notes,
            Self::Sample(study) => &study.notes,
            Self::Game(study) => &study.notes,
            Self::Crossover(study) => &study.notes,
            Self::Hedge(study) => &study.notes,
        }
    }
}

impl Stops {
    /// Its values, in order.
    #[must_use]
    pub fn values(&self) -> Vec<f64> {
        match self {
            Self::Values(values) => values.clone(),
            Self::Evenly(stops) => {
                let last = stops.steps.max(2) - 1;
                (0..=last).map(|step| stops.from + (stops.to - stops.from) * f64::from(step) / f64::from(last)).collect()
            }
        }
    }
}

impl Axis {
    /// How many stops it has: those of the first thing that moves along it.
    #[must_use]
    pub fn stops(&self) -> usize {
        self.vary.first().map_or(0, |varied| varied.at.values().len())
    }
}
