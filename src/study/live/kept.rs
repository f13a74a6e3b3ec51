//! The last canonical answers.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Job;
use crate::study::Answer;

/// Canonical answers that are kept.
const KEPT: usize = 8;

/// The last canonical answers, so that an edit that is taken back shows its numbers at once.
#[derive(Default)]
pub(super) struct Kept {
    answers: VecDeque<(Job, Answer)>,
}

impl Kept {
    pub(super) fn find(&self, job: &Job) -> Option<Answer> {
        let same = |kept: &Job| {
            let (one, two) = (&kept.options, &job.options);
            (Arc::ptr_eq(&kept.series, &job.series) || kept.series == job.series)
                && (&one.scenario, one.whole, one.time_limit_s) == (&two.scenario, two.whole, two.time_limit_s)
                && (Arc::ptr_eq(&kept.plan, &job.plan) || kept.plan == job.plan)
        };
        self.answers.iter().find(|(kept, _)| same(kept)).map(|(_, answer)| answer.clone())
    }

    /// Keeps an answer, unless it was stopped on its way.
    pub(super) fn keep(&mut self, job: Job, answer: &Answer) {
        if answer.results.as_ref().is_some_and(|results| results.status != crate::results::Status::Optimal) {
            return;
        }
        self.answers.push_front((job, answer.clone()));
        self.answers.truncate(KEPT);
    }
}
