//! Solving behind a window: one worker thread, the newest edit wins.
//!
//! An edit is answered by the hot session within milliseconds. A user who drags makes edits faster
//! than they are answered: the solve at work is left to finish ([`PATIENCE`]), its answer is shown, and
//! the newest edit is taken next; the numbers follow the drag instead of waiting for its end.
//! Meanwhile a second thread looks what every edit's goals come to nearly, at the bases of the last answer
//! ([`crate::solve::glance`]): an [`Estimate`] of the headline figures, sooner than any answer.
//!
//! When the user pauses ([`REST`]) the answer is made canonical, which replaces the hot one: the same plan
//! always ends at the same answer, however it was reached. The hot session's own answer is that already (its
//! ties are broken as those of a cold run); only plans with whole halls or racks, with quotients, and those
//! too large for the session are solved from cold. Then it is explained: ranges, and what limits are worth
//! confirmed by solving. The last canonical answers are kept: a plan that is put back as it was shows its
//! numbers at once.
//!
//! A plan too large for the session is answered at once with its slices merged to a few a period
//! (by merged slices), and in full when the user pauses; the answer says which one it is.

mod coarse;
mod kept;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use self::coarse::coarse;
use self::kept::Kept;
use super::{Answer, HOT_COLUMNS, Options, Stated, read, solve_options, state};
use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::resolved::Series;
use crate::solve::glance::{Bases, Glance};
use crate::solve::session::Session;
use crate::solve::{self, Outcome, Status, StopReason};

/// How long the user must pause before the canonical answer is made.
pub const REST: Duration = Duration::from_millis(150);

/// How long a live solve may still run when a newer edit comes. One that was always stopped at once
/// would never answer someone who keeps dragging.
pub const PATIENCE: Duration = Duration::from_millis(250);

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
    /// The one answer of its plan, however it was reached: the only one to be exported, saved or compared.
    pub canonical: bool,
    /// With everything that is said about it: nothing more comes.
    pub explained: bool,
    /// Solved with merged slices, because the plan is too large to be solved in full while the user drags.
    pub coarse: bool,
    /// Wall milliseconds from taking the job to the answer.
    pub wall_ms: f64,
}

/// What the goals of an edited plan come to nearly, before it is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Revision it belongs to.
    pub revision: u64,
    /// The goals by name, in the order and in the units of the answer's phases.
    pub goals: Vec<(&'static str, f64)>,
}

/// What the window and the worker share.
#[derive(Default)]
struct Inbox {
    job: Mutex<(Option<Job>, bool)>,
    arrived: Condvar,
    /// The solve that is running.
    running: Mutex<Option<Running>>,
    /// The newest job that nobody has glanced at; true when the window is gone.
    glance: Mutex<(Option<Job>, bool)>,
    glance_arrived: Condvar,
    /// The bases of the last answer, and its revision.
    bases: Mutex<(Arc<Bases>, u64)>,
}

/// A solve at work.
struct Running {
    /// Set to stop it.
    stop: Arc<AtomicBool>,
    since: Instant,
    /// From cold, after the user paused: any edit ends its use.
    canonical: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The worker. Dropping it ends the thread.
pub struct Live {
    inbox: Arc<Inbox>,
    answers: Receiver<LiveAnswer>,
    estimates: Receiver<Estimate>,
    newest: u64,
    answered: u64,
    explained: u64,
}

impl Live {
    /// Starts the worker; `wake` is called from its threads whenever an answer or an estimate is ready.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn start(wake: impl Fn() + Send + Sync + 'static) -> std::io::Result<Self> {
        let inbox = Arc::new(Inbox::default());
        let wake = Arc::new(wake);
        let (outbox, answers) = channel();
        let (shared, waking) = (Arc::clone(&inbox), Arc::clone(&wake));
        std::thread::Builder::new().name("solve".into()).stack_size(16 << 20).spawn(move || work(&shared, &outbox, &*waking))?;
        let (outbox, estimates) = channel();
        let shared = Arc::clone(&inbox);
        std::thread::Builder::new().name("glance".into()).stack_size(16 << 20).spawn(move || look(&shared, &outbox, &*wake))?;
        Ok(Self { inbox, answers, estimates, newest: 0, answered: 0, explained: 0 })
    }

    /// Gives the worker the newest plan; older ones it has not begun are dropped. What it is at is
    /// stopped if it is a canonical solve or takes longer than [`PATIENCE`].
    pub fn submit(&mut self, job: Job) {
        self.newest = job.revision;
        lock(&self.inbox.glance).0 = Some(job.clone());
        self.inbox.glance_arrived.notify_one();
        lock(&self.inbox.job).0 = Some(job);
        if let Some(running) = lock(&self.inbox.running).as_ref()
            && (running.canonical || running.since.elapsed() > PATIENCE)
        {
            running.stop.store(true, Ordering::Relaxed);
        }
        self.inbox.arrived.notify_one();
    }

    /// The next answer that is ready, if any.
    pub fn poll(&mut self) -> Option<LiveAnswer> {
        let answer = self.answers.try_recv().ok()?;
        self.answered = self.answered.max(answer.revision);
        if answer.explained {
            self.explained = self.explained.max(answer.revision);
        }
        Some(answer)
    }

    /// The newest estimate that is ready, if it is of a plan without an answer.
    pub fn poll_estimate(&mut self) -> Option<Estimate> {
        self.estimates.try_iter().last().filter(|estimate| estimate.revision > self.answered)
    }

    /// Whether an answer to the newest job is still awaited.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.answered < self.newest
    }

    /// Whether the newest job has its canonical answer with all that is said about it.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.explained >= self.newest
    }

    /// Stops the running solve; it answers with what it has.
    pub fn cancel(&mut self) {
        self.stop_running();
    }

    fn stop_running(&self) {
        if let Some(running) = lock(&self.inbox.running).as_ref() {
            running.stop.store(true, Ordering::Relaxed);
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        lock(&self.inbox.job).1 = true;
        lock(&self.inbox.glance).1 = true;
        self.stop_running();
        self.inbox.arrived.notify_one();
        self.inbox.glance_arrived.notify_one();
    }
}

/// Waits for a job, at most `patience` long. `Err` if the window is gone.
fn next(inbox: &Inbox, patience: Option<Duration>) -> Result<Option<Job>, ()> {
    let until = patience.and_then(|patience| Instant::now().checked_add(patience));
    let mut guard = lock(&inbox.job);
    loop {
        if guard.1 {
            return Err(());
        }
        if let Some(job) = guard.0.take() {
            return Ok(Some(job));
        }
        guard = match until {
            None => inbox.arrived.wait(guard).unwrap_or_else(PoisonError::into_inner),
            Some(until) => {
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Ok(None);
                }
                inbox.arrived.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner).0
            }
        };
    }
}

/// A job that waits for its canonical answer.
struct Waiting {
    job: Job,
    /// The hot session's own answer, which is canonical; `None` where the job is to be solved from cold.
    hot: Option<Box<(Stated, Outcome)>>,
}

/// The thread of answers.
struct Worker<'a> {
    inbox: &'a Inbox,
    outbox: &'a Sender<LiveAnswer>,
    wake: &'a dyn Fn(),
    session: Session,
    kept: Kept,
}

fn work(inbox: &Inbox, outbox: &Sender<LiveAnswer>, wake: &dyn Fn()) {
    let mut worker = Worker { inbox, outbox, wake, session: Session::new(), kept: Kept::default() };
    let mut waiting: Option<Waiting> = None;
    loop {
        let sent = match next(inbox, waiting.as_ref().map(|_| REST)) {
            Err(()) => return,
            Ok(Some(job)) => worker.answer(&job, &mut waiting),
            // The user pauses: the canonical answer, unless a newer edit interrupts it.
            Ok(None) => waiting.take().is_none_or(|waiting| worker.settle(waiting)),
        };
        if !sent {
            return;
        }
    }
}

impl Worker<'_> {
    /// Whether there still is somebody to send to.
    fn send(&self, answer: LiveAnswer) -> bool {
        let sent = self.outbox.send(answer).is_ok();
        (self.wake)();
        sent
    }

    /// The canonical answer and then what is said about it.
    fn settle(&mut self, waiting: Waiting) -> bool {
        let Waiting { job, hot } = waiting;
        let revision = job.revision;
        let explain = |options: &Options| Options { ranges: true, ..options.clone() };
        let (answer, wall_ms) = match hot {
            None => timed(self.inbox, &job, true, |options| super::answer(&job.plan, &job.series, &explain(options))),
            Some(hot) => {
                let (stated, mut outcome) = *hot;
                let session = &mut self.session;
                let (answer, wall_ms) = timed(self.inbox, &job, true, |options| {
                    session.find_give_up(&stated.formulation.program, &mut outcome, options.cancel.clone());
                    read(&stated, &outcome, options)
                });
                // Stopped on its way it lacks something; the hot answer is still on screen.
                if lock(&self.inbox.job).0.is_some() {
                    return true;
                }
                if !self.send(LiveAnswer { revision, answer, canonical: true, explained: false, coarse: false, wall_ms }) {
                    return false;
                }
                let (answer, more_ms) = timed(self.inbox, &job, true, |options| read(&stated, &outcome, &explain(options)));
                (answer, wall_ms + more_ms)
            }
        };
        if interrupted(&answer, self.inbox) {
            return true;
        }
        self.kept.keep(job, &answer);
        self.send(LiveAnswer { revision, answer, canonical: true, explained: true, coarse: false, wall_ms })
    }

    /// The answer while the user drags.
    fn answer(&mut self, job: &Job, waiting: &mut Option<Waiting>) -> bool {
        let revision = job.revision;
        *waiting = None;
        if let Some(answer) = self.kept.find(job) {
            return self.send(LiveAnswer { revision, answer, canonical: true, explained: true, coarse: false, wall_ms: 0.0 });
        }
        let mut left: Option<Waiting> = None;
        let mut merged = false;
        let session = &mut self.session;
        let inbox = self.inbox;
        let (answer, wall_ms) = timed(inbox, job, false, |options| match state(&job.plan, &job.series, options) {
            Err(problems) => Answer { results: None, problems },
            Ok(mut stated) => {
                let columns = stated.formulation.program.columns.len();
                if columns > HOT_COLUMNS
                    && let Some(plan) = coarse(&stated.plan, columns)
                    // Its scenario is applied already, and could put the slices back.
                    && let Ok(smaller) = state(&plan, &job.series, &Options { scenario: String::new(), ..options.clone() })
                {
                    stated = smaller;
                    merged = true;
                }
                let program = &stated.formulation.program;
                let is_hot = program.columns.len() <= HOT_COLUMNS;
                let outcome = if is_hot {
                    session.solve(program, options.cancel.clone())
                } else {
                    solve::solve(program, &solve_options(&stated, options))
                };
                let stopped = matches!(outcome.status, Status::Stopped { reason: StopReason::Cancelled, .. });
                if stopped && !outcome.has_point() {
                    return Answer::default();
                }
                let answer = read(&stated, &outcome, options);
                if is_hot
                    && !merged
                    && let Some(bases) = session.bases(&outcome)
                {
                    *lock(&inbox.bases) = (Arc::new(bases), revision);
                }
                if is_hot || merged {
                    let own =
                        !merged && !session.last().cold && outcome.status == Status::Optimal && !solve_options(&stated, options).whole;
                    left = Some(Waiting { job: job.clone(), hot: own.then(|| Box::new((stated, outcome))) });
                }
                answer
            }
        });
        if interrupted(&answer, self.inbox) {
            // A newer edit took over; the half-done answer belongs to no revision worth showing.
            return true;
        }
        let last = left.is_none();
        *waiting = left;
        self.send(LiveAnswer { revision, answer, canonical: last, explained: last, coarse: merged, wall_ms })
    }
}

/// The thread of estimates: every edit is glanced at, the newest first, unless its answer is there already.
fn look(inbox: &Inbox, outbox: &Sender<Estimate>, wake: &dyn Fn()) {
    let mut glance = Glance::default();
    loop {
        let job = {
            let mut guard = lock(&inbox.glance);
            loop {
                if guard.1 {
                    return;
                }
                if let Some(job) = guard.0.take() {
                    break job;
                }
                guard = inbox.glance_arrived.wait(guard).unwrap_or_else(PoisonError::into_inner);
            }
        };
        let bases = Arc::clone(&lock(&inbox.bases).0);
        if bases.is_empty() {
            continue;
        }
        let looked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let stated = state(&job.plan, &job.series, &job.options).ok()?;
            glance.at(&stated.formulation.program, &bases)
        }));
        match looked {
            Ok(Some(goals)) if lock(&inbox.bases).1 < job.revision => {
                if outbox.send(Estimate { revision: job.revision, goals }).is_err() {
                    return;
                }
                wake();
            }
            Ok(_) => {}
            Err(_) => glance = Glance::default(),
        }
    }
}

/// Runs with a flag that `submit` and `cancel` set; a panic in the run becomes a problem with its text.
fn timed(inbox: &Inbox, job: &Job, canonical: bool, run: impl FnOnce(&Options) -> Answer) -> (Answer, f64) {
    let stop = Arc::new(AtomicBool::new(false));
    *lock(&inbox.running) = Some(Running { stop: Arc::clone(&stop), since: Instant::now(), canonical });
    let options = Options { cancel: Some(stop), ..job.options.clone() };
    let start = Instant::now();
    let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&options))).unwrap_or_else(|_| {
        let message = "Solving failed inside the program; this is a mistake of ours. The plan is safe.";
        Answer {
            results: None,
            problems: vec![Diagnostic::error("internal", "", message).help("Undo the last edit, and send us the plan.")],
        }
    });
    *lock(&inbox.running) = None;
    (answer, start.elapsed().as_secs_f64() * 1e3)
}

/// Whether a newer job is already waiting and this answer is only a half-done one.
fn interrupted(answer: &Answer, inbox: &Inbox) -> bool {
    let newer = lock(&inbox.job).0.is_some();
    let half_done =
        answer.results.as_ref().is_none_or(|results| !results.has_numbers()) && answer.problems.iter().all(|problem| !problem.is_error());
    newer && half_done
}
