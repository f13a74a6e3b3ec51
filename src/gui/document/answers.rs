//! Solving the plan, and how the answer on screen relates to it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Document;
use crate::plan::Plan;
use crate::results::{Results, Status};
use crate::study::live::{Estimate, Job, Live, LiveAnswer};
use crate::study::{Answer, Options, with_scenario};

/// An answer that is compared with.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// What it is called.
    pub name: String,
    /// The answer.
    pub results: Arc<Results>,
    /// The plan it belongs to, with its scenario applied.
    pub plan: Arc<Plan>,
}

/// How old an edit without an answer may be before the numbers on screen are greyed. A moving hand is
/// answered sooner; greying every move and showing its answer a moment later would make the window flicker.
const GREY_AFTER: Duration = Duration::from_millis(150);

/// How the answer on screen relates to the plan on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// There is no answer.
    None,
    /// The answer belongs to the plan on screen.
    Fresh,
    /// The answer belongs to the plan before the last edit.
    Stale,
}

impl Document {
    /// Asks for an answer to the plan as it is.
    pub fn solve(&mut self) {
        if self.unread.is_some() || self.is_broken() {
            return;
        }
        let Some(live) = &mut self.live else { return };
        let options = Options { scenario: self.scenario.clone(), ..Options::default() };
        live.submit(Job { revision: self.revision, plan: Arc::clone(&self.plan), series: Arc::clone(&self.series), options });
        self.submitted = self.revision;
        self.submitted_at = Some(Instant::now());
    }

    /// Stops the running solve.
    pub fn cancel(&mut self) {
        if let Some(live) = &mut self.live {
            live.cancel();
        }
    }

    /// Takes in answers that are ready; whether there was any.
    pub fn poll(&mut self) -> bool {
        let mut any = false;
        while let Some(answer) = self.live.as_mut().and_then(Live::poll) {
            self.take_answer(answer);
            any = true;
        }
        if any {
            // What was opened is what changes are first compared with.
            if self.baseline_at == Some(self.revision) && self.is_canonical() && self.pin_baseline() {
                self.baseline_at = None;
                if let Some(baseline) = &mut self.baseline {
                    "as opened".clone_into(&mut baseline.name);
                }
            }
            self.collect_problems();
        }
        if let Some(estimate) = self.live.as_mut().and_then(Live::poll_estimate) {
            self.estimate = Some(estimate);
        }
        any
    }

    /// What the goals of a plan come to nearly that is newer than any answer: what a moving hand is shown first.
    #[must_use]
    pub fn estimate(&self) -> Option<&Estimate> {
        let answered = self.newest.as_ref().map_or(0, |newest| newest.revision);
        self.estimate.as_ref().filter(|estimate| estimate.revision > answered && self.good.is_some())
    }

    /// Revision of the newest plan whose headline figures are on screen, found or nearly.
    #[must_use]
    pub fn headline_revision(&self) -> u64 {
        self.shown_revision().max(self.estimate().map_or(0, |estimate| estimate.revision))
    }

    /// Takes in an answer, unless a newer one is there already.
    pub fn take_answer(&mut self, answer: LiveAnswer) {
        let older = self.newest.as_ref().is_some_and(|newest| newest.revision > answer.revision);
        if older {
            return;
        }
        self.unanswered.retain(|(revision, _)| *revision > answer.revision);
        if answer.answer.results.as_ref().is_some_and(|results| results.has_numbers()) {
            self.good = Some(answer.clone());
        }
        self.newest = Some(answer);
    }

    /// Takes in the answer of a proof that was checked: it belongs to the plan as it is.
    pub fn take_proved(&mut self, answer: Answer) {
        self.take_answer(LiveAnswer { revision: self.revision, answer, canonical: true, explained: false, coarse: false, wall_ms: 0.0 });
        self.collect_problems();
    }

    /// Picks a scenario.
    pub fn pick_scenario(&mut self, name: String) {
        if name != self.scenario && (name.is_empty() || self.plan.scenarios.contains_key(&name)) {
            self.scenario = name;
            self.changed();
        }
    }

    /// Pins the answer as the baseline.
    pub fn pin_baseline(&mut self) -> bool {
        // Only a canonical answer may be compared with: another may be one of equal worth.
        let Some(results) = self.good.as_ref().filter(|good| good.canonical).and_then(|good| good.answer.results.clone()) else {
            return false;
        };
        let picked = &results.scenario_name;
        let name = if picked.is_empty() { "base plan".to_owned() } else { picked.clone() };
        // The plan that was solved: with the scenario's values in it.
        let plan = if picked.is_empty() { None } else { with_scenario(&self.plan, picked).ok().map(Arc::new) };
        self.baseline = Some(Baseline { name, results, plan: plan.unwrap_or_else(|| Arc::clone(&self.plan)) });
        true
    }

    /// Compares with another answer.
    pub fn set_baseline(&mut self, baseline: Baseline) {
        self.baseline = Some(baseline);
        self.baseline_at = None;
    }

    /// Compares with nothing.
    pub fn clear_baseline(&mut self) {
        self.baseline = None;
        self.baseline_at = None;
    }

    /// Whether an answer is awaited.
    #[must_use]
    pub fn is_solving(&self) -> bool {
        self.live.as_ref().is_some_and(Live::is_busy)
    }

    /// Whether the plan on screen has its canonical answer, and nothing is being solved any more.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.live.as_ref().is_none_or(Live::is_settled)
    }

    /// Whether the answer on screen is fresh and the one answer of its plan: fit to be compared, saved, exported.
    #[must_use]
    pub fn is_canonical(&self) -> bool {
        self.freshness() == Freshness::Fresh && self.good.as_ref().is_some_and(|good| good.canonical)
    }

    /// Whether it is that, and what is said about it has been confirmed by solving.
    #[must_use]
    pub fn is_explained(&self) -> bool {
        self.is_canonical() && self.good.as_ref().is_some_and(|good| good.explained)
    }

    /// Seconds since the running solve was asked for.
    #[must_use]
    pub fn solving_seconds(&self) -> f64 {
        self.submitted_at.filter(|_| self.is_solving()).map_or(0.0, |at| at.elapsed().as_secs_f64())
    }

    /// Whether the numbers on screen belong to the plan on screen.
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        match &self.good {
            None => Freshness::None,
            Some(good) if good.revision == self.revision => Freshness::Fresh,
            Some(_) => Freshness::Stale,
        }
    }

    /// Whether the numbers on screen are to be greyed: they belong to the plan before an edit, and their
    /// successors are not on their way, or take longer than a moment.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        // After an answer without numbers they are older than it.
        let passed = self.newest.as_ref().is_some_and(|newest| newest.revision > self.shown_revision());
        self.freshness() == Freshness::Stale && (passed || !self.is_solving() || self.is_slow())
    }

    /// Whether an answer is awaited for longer than a moment.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.is_solving() && self.greys_in().is_none()
    }

    /// How long until the numbers are greyed unless an answer comes; `None` if that time is over or nothing is awaited.
    #[must_use]
    pub fn greys_in(&self) -> Option<Duration> {
        let (_, since) = self.unanswered.front()?;
        GREY_AFTER.checked_sub(since.elapsed()).filter(|left| !left.is_zero())
    }

    /// How the newest solve of this very plan ended, if it has ended.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        let newest = self.newest.as_ref().filter(|newest| newest.revision == self.revision)?;
        newest.answer.results.as_ref().map(|results| results.status)
    }

    /// Revision of the plan whose numbers are on screen; 0 if there are none.
    #[must_use]
    pub fn shown_revision(&self) -> u64 {
        self.good.as_ref().map_or(0, |good| good.revision)
    }
}
