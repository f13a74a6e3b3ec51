//! Solving behind a window: one worker thread, the newest edit wins.
//!
//! An edit is answered by the hot session within milliseconds. A hand that drags makes edits faster
//! than they are answered: the solve at work is left to finish ([`PATIENCE`]), its answer is shown, and
//! the newest edit is taken next; the numbers move with the hand instead of waiting for it to rest. When no newer edit has come for half a
//! second the plan is solved again from cold (whole halls and racks included, where the plan asks for
//! them), and that canonical answer replaces the hot one: the same plan always ends at the same
//! answer, however it was reached. The last of them are kept: a plan that is put back as it was shows its
//! numbers at once.
//!
//! A plan too large for the session is answered at once with its slices merged to a few a period
//! ([`coarse`]), and in full when the hand rests; the answer says which one it is.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Answer, HOT_COLUMNS, Options, read, solve_options, state};
use crate::diagnostic::Diagnostic;
use crate::plan::{Day, Plan, Representative, Slices};
use crate::scenario::Series;
use crate::solve::session::Session;
use crate::solve::{self, Status, StopReason};

/// How long the hand must rest before the canonical answer is made.
pub const REST: Duration = Duration::from_millis(500);

/// How long a live solve may still run when a newer edit comes. One that was always stopped at once
/// would never answer a hand that keeps moving.
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
    /// Solved from cold after the hand rested: the only answer to be exported, saved or compared.
    pub canonical: bool,
    /// Solved with merged slices, because the plan is too large to be solved in full while the hand moves.
    pub coarse: bool,
    /// Wall milliseconds from taking the job to the answer.
    pub wall_ms: f64,
}

/// Slices of a representative day in a coarse plan.
const COARSE_BLOCK_HOURS: u32 = 12;

/// The same plan with few slices: long blocks, and a day for each season in place of 8,760 hours.
/// `None` if it is as coarse already.
#[must_use]
pub fn coarse(plan: &Plan) -> Option<Plan> {
    let season = |months: [u32; 3]| Day { months: months.to_vec(), days_per_year: None, share_fraction: None, pick: None };
    let mut coarse = plan.clone();
    coarse.slices = match &plan.slices {
        Slices::Hourly => {
            let seasons = [("winter", [12, 1, 2]), ("spring", [3, 4, 5]), ("summer", [6, 7, 8]), ("autumn", [9, 10, 11])];
            let days = seasons.into_iter().map(|(id, months)| (id.to_owned(), season(months))).collect();
            Slices::Representative(Representative { block_hours: COARSE_BLOCK_HOURS, days, linked: true })
        }
        Slices::Representative(representative) if representative.block_hours < COARSE_BLOCK_HOURS => {
            Slices::Representative(Representative { block_hours: COARSE_BLOCK_HOURS, ..representative.clone() })
        }
        Slices::Representative(_) => return None,
    };
    Some(coarse)
}

/// What the window and the worker share.
#[derive(Default)]
struct Inbox {
    job: Mutex<(Option<Job>, bool)>,
    arrived: Condvar,
    /// The solve that is running.
    running: Mutex<Option<Running>>,
}

/// A solve at work.
struct Running {
    /// Set to stop it.
    stop: Arc<AtomicBool>,
    since: Instant,
    /// From cold, after the hand rested: any edit ends its use.
    canonical: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The worker. Dropping it ends the thread.
pub struct Live {
    inbox: Arc<Inbox>,
    answers: Receiver<LiveAnswer>,
    newest: u64,
    answered: u64,
    canonical: u64,
}

impl Live {
    /// Starts the worker; `wake` is called from its thread whenever an answer is ready.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn start(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let inbox = Arc::new(Inbox::default());
        let (outbox, answers) = channel();
        let shared = Arc::clone(&inbox);
        std::thread::Builder::new().name("solve".into()).stack_size(16 << 20).spawn(move || work(&shared, &outbox, &wake))?;
        Ok(Self { inbox, answers, newest: 0, answered: 0, canonical: 0 })
    }

    /// Gives the worker the newest plan; older ones it has not begun are dropped. What it is at is
    /// stopped if it is a canonical solve or takes longer than [`PATIENCE`].
    pub fn submit(&mut self, job: Job) {
        self.newest = job.revision;
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
        if answer.canonical {
            self.canonical = self.canonical.max(answer.revision);
        }
        Some(answer)
    }

    /// Whether an answer to the newest job is still awaited.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.answered < self.newest
    }

    /// Whether the newest job has its canonical answer.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.canonical >= self.newest
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
        self.stop_running();
        self.inbox.arrived.notify_one();
    }
}

/// Canonical answers that are kept.
const KEPT: usize = 8;

/// The last canonical answers, so that an edit that is taken back shows its numbers at once.
#[derive(Default)]
struct Kept {
    answers: VecDeque<(Job, Answer)>,
}

impl Kept {
    fn find(&self, job: &Job) -> Option<Answer> {
        let same = |kept: &Job| {
            let (one, two) = (&kept.options, &job.options);
            (Arc::ptr_eq(&kept.series, &job.series) || kept.series == job.series)
                && (&one.scenario, one.whole, one.time_limit_s) == (&two.scenario, two.whole, two.time_limit_s)
                && (Arc::ptr_eq(&kept.plan, &job.plan) || kept.plan == job.plan)
        };
        self.answers.iter().find(|(kept, _)| same(kept)).map(|(_, answer)| answer.clone())
    }

    /// Keeps an answer, unless it was stopped on its way.
    fn keep(&mut self, job: Job, answer: &Answer) {
        if answer.results.as_ref().is_some_and(|results| results.status != crate::results::Status::Optimal) {
            return;
        }
        self.answers.push_front((job, answer.clone()));
        self.answers.truncate(KEPT);
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

fn work(inbox: &Inbox, outbox: &Sender<LiveAnswer>, wake: &dyn Fn()) {
    let mut session = Session::new();
    let mut waiting: Option<Job> = None;
    let mut kept = Kept::default();
    loop {
        let job = match next(inbox, waiting.as_ref().map(|_| REST)) {
            Err(()) => return,
            Ok(Some(job)) => job,
            Ok(None) => {
                // The hand rests: the canonical answer, unless a newer edit interrupts it.
                if let Some(job) = waiting.take() {
                    let (answer, wall_ms) = timed(inbox, &job, true, |options| {
                        super::answer(&job.plan, &job.series, &Options { ranges: true, ..options.clone() })
                    });
                    let whole = !interrupted(&answer, inbox);
                    if whole {
                        kept.keep(job.clone(), &answer);
                    }
                    if whole && outbox.send(LiveAnswer { revision: job.revision, answer, canonical: true, coarse: false, wall_ms }).is_ok()
                    {
                        wake();
                    }
                }
                continue;
            }
        };
        if let Some(answer) = kept.find(&job) {
            waiting = None;
            if outbox.send(LiveAnswer { revision: job.revision, answer, canonical: true, coarse: false, wall_ms: 0.0 }).is_err() {
                return;
            }
            wake();
            continue;
        }
        let mut hot = true;
        let mut merged = false;
        let (answer, wall_ms) = timed(inbox, &job, false, |options| match state(&job.plan, &job.series, options) {
            Err(problems) => {
                hot = false;
                Answer { results: None, problems }
            }
            Ok(mut stated) => {
                if stated.formulation.program.columns.len() > HOT_COLUMNS
                    && let Some(plan) = coarse(&job.plan)
                    && let Ok(smaller) = state(&plan, &job.series, options)
                {
                    stated = smaller;
                    merged = true;
                }
                let program = &stated.formulation.program;
                hot = program.columns.len() <= HOT_COLUMNS;
                let outcome = if hot {
                    session.solve(program, options.cancel.clone())
                } else {
                    solve::solve(program, &solve_options(&stated, options))
                };
                let stopped = matches!(outcome.status, Status::Stopped { reason: StopReason::Cancelled, .. });
                if stopped && !outcome.has_point() { Answer::default() } else { read(&stated, &outcome, options) }
            }
        });
        if interrupted(&answer, inbox) {
            // A newer edit took over; the half-done answer belongs to no revision worth showing.
            continue;
        }
        if outbox.send(LiveAnswer { revision: job.revision, answer, canonical: !hot && !merged, coarse: merged, wall_ms }).is_err() {
            return;
        }
        wake();
        waiting = (hot || merged).then_some(job);
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
