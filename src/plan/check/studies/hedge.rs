//! Hedges: the futures exist, are likely in all, and something is signed before they are known.

use super::Found;
use crate::plan::node::Map;
use crate::plan::study::hedge::{Futures, Hedge, HedgeGoal, HedgeMethod, MAX_FUTURES, OFF_ONE, SampledFutures, Together};
use crate::plan::study::{Branch, Study};
use crate::plan::{Goal, Month};
use crate::words::short;

impl Found<'_> {
    /// Everything wrong with a hedge.
    pub(super) fn hedge(&mut self, at: &str, hedge: &Hedge) {
        let start = self.plan.horizon.start;
        if hedge.decide_before <= start {
            let message = format!("Nothing can be signed before {}: the horizon begins in {start}.", hedge.decide_before);
            self.error("bad-date", format!("{at}.decide_before"), message, "Name a month after the horizon's first.");
        }
        let months = i32::try_from(self.plan.horizon.period_months.saturating_mul(self.plan.horizon.periods)).unwrap_or(i32::MAX);
        let end = start.plus(months);
        if hedge.decide_before >= end {
            let message = format!(
                "All of the plan is decided before {}: the horizon ends before {end}, so nothing is left to adapt.",
                hedge.decide_before
            );
            self.error("bad-date", format!("{at}.decide_before"), message, "Name a month within the horizon.");
        }
        if hedge.method == HedgeMethod::Cuts && self.plan.whole.any() {
            let message = "With whole halls, racks or offers a future's worth has steps that no cut can follow.";
            self.error("bad-method", format!("{at}.method"), message, "Let it be `OneProgram` or `Auto`, or let them be divisible.");
        }
        if let Futures::Tree(branches) = &hedge.futures {
            for (index, branch) in branches.iter().enumerate().filter(|(_, branch)| branch.branch >= end) {
                let message = format!("This is known in {}, after the horizon's end: nothing in the plan can follow it.", branch.branch);
                self.error("bad-date", format!("{at}.futures.value.{index}.branch"), message, "Name a month within the horizon.");
            }
        }
        let quotient = self.plan.objective.iter().any(|goal| matches!(goal, Goal::MinCostPerToken(_)));
        if hedge.goal == HedgeGoal::Planned && quotient {
            let message = "A cost per token can't be averaged over futures: it is a quotient.";
            self.error("bad-goal", format!("{at}.goal"), message, "Take `Npv` or `Tokens`, or least cost as the plan's goal.");
        }
        if self.plan.objective.iter().any(|goal| matches!(goal, Goal::MarketEquilibrium(_))) {
            let message = "Where prices form among actors nobody signs for all of them, so nothing can be hedged.";
            self.error("bad-goal", at.to_owned(), message, "Hedge a plan with goals of its own, such as tokens or NPV.");
        }
        match &hedge.futures {
            Futures::Stated => self.stated(at),
            Futures::Named(named) => {
                self.count(at, named.len());
                self.likely(&format!("{at}.futures"), "value.", named);
            }
            Futures::Joint(joint) => self.joint(at, joint),
            Futures::Tree(branches) => self.tree(at, hedge.decide_before, branches),
            Futures::Sampled(sampled) => self.sampled(at, sampled),
        }
    }

    fn count(&mut self, at: &str, futures: usize) {
        if futures == 0 {
            let help = "Name scenarios with their probabilities, such as `Named({\"boom\": 0.3, \"as-planned\": 0.7})`.";
            self.error("missing-field", format!("{at}.futures"), "There is no future to hedge against.", help);
        } else if futures > MAX_FUTURES {
            let message = format!("These are {futures} futures; at most {MAX_FUTURES} can be hedged against.");
            self.error("too-many", format!("{at}.futures"), message, "Take fewer outcomes, or let a sample be reduced.");
        }
    }

    fn likely(&mut self, at: &str, inside: &str, named: &Map<f64>) {
        for (id, probability) in named {
            self.probability(&format!("{at}.{inside}{id}"), *probability);
        }
        self.sum(at, named.values().copied());
    }

    fn probability(&mut self, at: &str, probability: f64) {
        if !(probability > 0.0 && probability <= 1.0) {
            let message = format!("{} is not a probability that counts.", short(probability));
            self.error("out-of-range", at.to_owned(), message, "Give a number above 0 and up to 1, or leave the future out.");
        }
    }

    /// Probabilities add up to one, or the sum is said.
    fn sum(&mut self, at: &str, probabilities: impl Iterator<Item = f64>) {
        let sum: f64 = probabilities.sum();
        if sum.is_nan() || (sum - 1.0).abs() > OFF_ONE {
            let message = format!("The probabilities add up to {}, not to 1.", (sum * 1e9).round() / 1e9);
            let help = if sum < 1.0 {
                "Add what is missing; the plan as it stands can be one of the futures, as `\"as-planned\"`."
            } else {
                "Take some of them down."
            };
            self.error("probabilities", at.to_owned(), message, help);
        }
    }

    fn stated(&mut self, at: &str) {
        let plan = self.plan;
        let stated: Vec<(&String, f64)> = plan.scenarios.iter().filter_map(|(id, of)| Some((id, of.probability?))).collect();
        self.count(at, stated.len());
        for (id, probability) in &stated {
            self.probability(&format!("scenarios.{id}.probability"), *probability);
        }
        if !stated.is_empty() {
            self.sum(&format!("{at}.futures"), stated.iter().map(|(_, probability)| *probability));
        }
    }

    fn joint(&mut self, at: &str, joint: &[Together]) {
        self.count(at, joint.len());
        let mut known = Some(0.0);
        for (index, together) in joint.iter().enumerate() {
            let at = format!("{at}.futures.value.{index}");
            let own = probability_of(together, &|id| self.plan.scenarios.get(id).and_then(|scenario| scenario.probability));
            match own {
                Some(probability) => self.probability(&format!("{at}.probability"), probability),
                None => self.error(
                    "missing-field",
                    format!("{at}.probability"),
                    "How likely this future is, is not said.",
                    "Give `probability`, or give each of its scenarios one.",
                ),
            }
            known = known.zip(own).map(|(sum, own)| sum + own);
        }
        if let Some(sum) = known.filter(|_| !joint.is_empty()) {
            self.sum(&format!("{at}.futures"), std::iter::once(sum));
        }
    }

    fn tree(&mut self, at: &str, decide_before: Month, branches: &[Branch]) {
        let futures = branches.iter().fold(1_usize, |futures, branch| futures.saturating_mul(branch.of.len()));
        self.count(at, if branches.is_empty() { 0 } else { futures });
        for (index, branch) in branches.iter().enumerate() {
            let at = format!("{at}.futures.value.{index}");
            if branch.branch < decide_before {
                let message =
                    format!("This is known from {} on, and what is decided before {decide_before} is said not to know it.", branch.branch);
                self.error("bad-date", format!("{at}.branch"), message, "Let `decide_before` be the month of the first branch.");
            }
            if branch.of.is_empty() {
                self.error("missing-field", format!("{at}.of"), "Nothing is said of what it can be.", "Name scenarios with probabilities.");
            } else {
                self.likely(&format!("{at}.of"), "", &branch.of);
            }
        }
    }

    fn sampled(&mut self, at: &str, sampled: &SampledFutures) {
        // That there is no such study is said with the references.
        if let Some(study) = self.plan.studies.get(&sampled.study.0)
            && !matches!(study, Study::Sample(_))
        {
            let message = format!("`{}` is a {}, not a sample.", sampled.study, study.variant_name());
            self.error("wrong-type", format!("{at}.futures.study"), message, "Name a study of the kind `Sample`.");
        }
    }
}

/// How likely a future of several scenarios is: as it says, or the product of theirs.
fn probability_of(together: &Together, of: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
    together.probability.or_else(|| together.scenarios.iter().map(|scenario| of(&scenario.0)).product())
}
