//! Which inputs matter most, worked out beside the window with progress and a way to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::document::Document;
use super::job::Job;
use crate::study::sensitivity::{Effect, sensitivity_with};
use crate::study::{Options, with_scenario};

/// A run under way.
#[derive(Debug)]
pub struct Sensing {
    revision: u64,
    done: Arc<AtomicUsize>,
    count: Arc<AtomicUsize>,
    job: Option<Job<Result<Vec<Effect>, String>>>,
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensed {
    /// Revision of the plan it belongs to.
    pub revision: u64,
    /// The effects, the largest first; or why there are none.
    pub effects: Result<Vec<Effect>, String>,
}

impl Sensing {
    /// Starts a run for the plan as it is; `wake` is called at each step.
    ///
    /// # Errors
    /// Why it could not be started.
    pub fn start(document: &Document, wake: impl Fn() + Send + 'static) -> Result<Self, String> {
        let in_words =
            |problems: Vec<crate::diagnostic::Diagnostic>| problems.into_iter().next().map_or_else(String::new, |problem| problem.message);
        let plan = with_scenario(document.base(), document.scenario()).map_err(in_words)?;
        let series = Arc::clone(document.series());
        let (done, count) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let (tried, all) = (Arc::clone(&done), Arc::clone(&count));
        let job = Job::start("sensitivity", wake, move |task| {
            let options = Options { cancel: Some(Arc::clone(&task.cancel)), ..Options::default() };
            let progress = |at: usize, of: usize| {
                tried.store(at, Ordering::Relaxed);
                all.store(of, Ordering::Relaxed);
                task.wake();
            };
            sensitivity_with(&plan, &series, &options, &progress).map_err(in_words)
        });
        let job = job.map_err(|error| format!("The inputs could not be tried: {error}."))?;
        Ok(Self { revision: document.revision(), done, count, job: Some(job) })
    }

    /// Inputs tried, of so many.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.count.load(Ordering::Relaxed))
    }

    /// What came of it, once it is there.
    #[must_use]
    pub fn poll(&mut self) -> Option<Sensed> {
        let effects = Job::poll(&mut self.job)?;
        let effects = effects.unwrap_or_else(|_| Err("The inputs could not be tried; the log says more.".into()));
        Some(Sensed { revision: self.revision, effects })
    }
}
