//! Which inputs matter most, worked out beside the window with progress and a way to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use super::document::Document;
use crate::study::sensitivity::{Effect, sensitivity_with};
use crate::study::{Options, with_scenario};

/// A run under way.
#[derive(Debug)]
pub struct Sensing {
    revision: u64,
    done: Arc<AtomicUsize>,
    count: Arc<AtomicUsize>,
    cancel: Arc<AtomicBool>,
    answer: Receiver<Result<Vec<Effect>, String>>,
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
        let plan = with_scenario(document.plan(), document.scenario()).map_err(in_words)?;
        let series = Arc::clone(document.series());
        let (sender, answer) = channel();
        let sensing = Self { revision: document.revision(), done: Arc::default(), count: Arc::default(), cancel: Arc::default(), answer };
        let (done, count) = (Arc::clone(&sensing.done), Arc::clone(&sensing.count));
        let options = Options { cancel: Some(Arc::clone(&sensing.cancel)), ..Options::default() };
        let run = move || {
            let progress = |at: usize, of: usize| {
                done.store(at, Ordering::Relaxed);
                count.store(of, Ordering::Relaxed);
                wake();
            };
            // Nobody listens any more once the run was stopped.
            _ = sender.send(sensitivity_with(&plan, &series, &options, &progress).map_err(in_words));
            wake();
        };
        let thread = std::thread::Builder::new().name("sensitivity".into()).spawn(run);
        thread.map_err(|error| format!("The inputs could not be tried: {error}."))?;
        Ok(sensing)
    }

    /// Inputs tried, of so many.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.count.load(Ordering::Relaxed))
    }

    /// What came of it, once it is there.
    #[must_use]
    pub fn poll(&self) -> Option<Sensed> {
        match self.answer.try_recv() {
            Ok(effects) => Some(Sensed { revision: self.revision, effects }),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                Some(Sensed { revision: self.revision, effects: Err("The inputs could not be tried; the log says more.".into()) })
            }
        }
    }
}

impl Drop for Sensing {
    /// A run that nobody waits for stops.
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}
