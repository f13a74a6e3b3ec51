//! Deciding before one knows, as it stands in a plan: futures with probabilities, and what is made as good as
//! possible over all of them.

use crate::plan::node::{Map, choice, record};
use crate::plan::values::{Month, ScenarioRef, StudyRef};

/// The name of the future in which everything comes as the plan says, where no scenario is called so.
pub const AS_PLANNED: &str = "as-planned";
/// Most futures of a study.
pub const MAX_FUTURES: usize = 500;
/// How far probabilities may be from adding up to one.
pub const OFF_ONE: f64 = 1e-6;

record! {
    /// What to sign now: one plan up to a month, before it is known which future comes.
    pub struct Hedge {
        /// Remarks and sources
        notes: String = String::new(),
        /// Orders, halls, plant and contracts dated before this month are signed without knowing which future comes
        decide_before: Month,
        /// The futures that may come
        futures: Futures = Futures::Stated,
        /// What is made as good as possible over all of them
        measure: OverFutures = OverFutures::Mean,
        /// What is measured in each future
        goal: HedgeGoal = HedgeGoal::Npv,
        /// How it is solved
        method: HedgeMethod = HedgeMethod::Auto,
    }
}

choice! {
    /// How a hedge is solved; the answers agree to one part in ten thousand.
    pub enum HedgeMethod {
        /// As one program while that is of a size that solves at once, else by cuts
        Auto,
        /// All futures as one program
        OneProgram,
        /// Each future by itself, joined by cuts; a tree of several dates is one program in any case
        Cuts,
    }
}

choice! {
    /// The futures that may come. Where the plan itself is one of them, it is called `as-planned`.
    pub enum Futures {
        /// Every scenario of the plan that states a probability
        Stated,
        /// These scenarios, each with its probability
        Named(Map<f64>),
        /// These lists of scenarios, each applied in order
        Joint(Vec<Together>),
        /// What becomes known, branch by branch; the futures are all combinations of their outcomes
        Tree(Vec<Branch>),
        /// Futures of a sample of the plan, the ones that stand best for all
        Sampled(SampledFutures),
    }
}

record! {
    /// A future made of several scenarios.
    pub struct Together {
        /// The scenarios, in the order in which they are applied
        scenarios: Vec<ScenarioRef>,
        /// How likely it is; the product of the scenarios' own probabilities if left out
        probability: Option<f64> [0.0, 1.0] = None,
    }
}

record! {
    /// Something that becomes known.
    pub struct Branch {
        /// Name on pictures; the outcomes if left out
        name: String = String::new(),
        /// From this month on it is known
        branch: Month,
        /// What it can be: scenarios, each with its probability whatever else comes
        of: Map<f64>,
    }
}

record! {
    /// Futures of a sample.
    pub struct SampledFutures {
        /// The sample, a study of this plan
        study: StudyRef,
        /// How many of its futures stand for all of them
        reduce_to: u32 [1.0, 500.0] = 12,
    }
}

choice! {
    /// What is made as good as possible over all futures.
    pub enum OverFutures {
        /// The mean
        Mean,
        /// The mean and the mean of the worst futures, weighed
        CVaR(WorstFutures),
        /// The largest regret, as little as possible: what knowing the future would have brought
        Regret,
    }
}

record! {
    /// How much the worst futures count.
    pub struct WorstFutures {
        /// Which share of all futures is the worst
        worst_fraction: f64 [0.001, 1.0] = 0.1,
        /// Weight of their mean; the rest is the weight of the mean of all
        weight: f64 [0.0, 1.0] = 0.5,
    }
}

choice! {
    /// What is measured in each future.
    pub enum HedgeGoal {
        /// Discounted revenue less cost
        Npv,
        /// Quality-weighted answer tokens, then discounted revenue less cost
        Tokens,
        /// The plan's own goals
        Planned,
    }
}

impl Hedge {
    /// Every map whose keys are scenarios, with its path below the study.
    pub fn scenario_maps_mut(&mut self) -> Vec<(String, &mut Map<f64>)> {
        match &mut self.futures {
            Futures::Named(named) => vec![("futures.value".to_owned(), named)],
            Futures::Tree(branches) => {
                branches.iter_mut().enumerate().map(|(index, branch)| (format!("futures.value.{index}.of"), &mut branch.of)).collect()
            }
            Futures::Stated | Futures::Joint(_) | Futures::Sampled(_) => Vec::new(),
        }
    }
}
