//! A study on its way beside the window: one job, its progress, its pictures as they come.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use super::points;
use crate::charts::{Chart, Table};
use crate::gui::job::Job;
use crate::plan::Plan;
use crate::plan::study::Study;
use crate::resolved::Series;
use crate::study::engine::{Record, Reduced, Run, Shard};
use crate::study::{Options, pictures, planned, rows, summary};
use crate::words;

/// How often the pictures are drawn anew while points come, at most.
const EVERY: Duration = Duration::from_millis(700);
/// Drawing them takes no more than one part in so many of the time.
const SHARE: u32 = 8;

/// What a study came to, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Points that are there.
    pub done: usize,
    /// All points.
    pub of: usize,
    /// Seconds that are left, nearly.
    pub left_s: f64,
    /// Its pictures.
    pub charts: Vec<Arc<Chart>>,
    /// Every point.
    pub table: Arc<Table>,
    /// What it came to, in words.
    pub text: String,
    /// What it says, in sentences to read out.
    pub sentences: Vec<String>,
    /// Tables that a report shows.
    pub tables: Vec<Table>,
    /// The run; none before the plan itself is solved.
    pub run: Option<Arc<Run>>,
    /// What the rows of the table are.
    pub rows: Arc<Vec<Record>>,
    /// The plan's own answer.
    pub planned: Arc<Reduced>,
    /// Why it could not be run.
    pub problem: Option<String>,
}

/// A run on its way. Let go, it stops.
pub struct Running {
    job: Option<Job<()>>,
    news: Receiver<Seen>,
    /// True while the plan on screen is being solved: it goes first, and the workers wait between points.
    hold: Arc<AtomicBool>,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Running").field("job", &self.job).finish_non_exhaustive()
    }
}

impl Running {
    /// Starts a study of the plan on a thread of its own.
    ///
    /// # Errors
    /// The system's words, if no thread can be started.
    pub fn start(plan: Plan, id: String, series: Arc<Series>, wake: impl Fn() + Send + 'static) -> Result<Self, std::io::Error> {
        let (sender, news) = channel();
        let hold = Arc::new(AtomicBool::new(false));
        let held = Arc::clone(&hold);
        let job = Job::start("study", wake, move |task| {
            let cancel = Arc::clone(&task.cancel);
            work(&plan, &id, &series, &cancel, &held, &sender, &|| task.wake());
        })?;
        Ok(Self { job: Some(job), news, hold })
    }

    /// Takes what has come; true once the run has ended.
    pub fn poll(&mut self, seen: &mut Seen, live_is_solving: bool) -> bool {
        self.hold.store(live_is_solving, Ordering::Relaxed);
        while let Ok(news) = self.news.try_recv() {
            *seen = news;
        }
        let ended = Job::poll(&mut self.job);
        if let Some(Err(_)) = ended {
            seen.problem = Some("The study could not be run; the log says more.".to_owned());
        }
        while let Ok(news) = self.news.try_recv() {
            *seen = news;
        }
        ended.is_some()
    }
}

fn work(plan: &Plan, id: &str, series: &Series, cancel: &Arc<AtomicBool>, hold: &Arc<AtomicBool>, sender: &Sender<Seen>, wake: &dyn Fn()) {
    let options = Options { cancel: Some(Arc::clone(cancel)), ..Options::default() };
    let tell = |seen: Seen| {
        // Nobody may be listening any more.
        let _ = sender.send(seen);
        wake();
    };
    let prepared = planned::study_of(plan, id).and_then(|study| Ok((study, planned::prepared(plan, id, series, &options)?)));
    let (study, run) = match prepared {
        Ok((study, mut run)) => {
            run.hold = Arc::clone(hold);
            (study, Arc::new(run))
        }
        Err(problems) => {
            let said = |problem: &crate::diagnostic::Diagnostic| {
                let message = words::in_words(&problem.message);
                let place = words::subject(plan, &problem.path);
                if place.is_empty() { message } else { format!("{place}: {message}") }
            };
            let words = problems.iter().map(said).collect::<Vec<_>>().join("\n");
            tell(Seen { problem: Some(words), ..Seen::default() });
            return;
        }
    };
    let begun = Instant::now();
    let planned = Arc::new(rows::planned(&run));
    let (mut told, mut pause) = (begun, EVERY);
    let mut records: Vec<Record> = Vec::new();
    // One processor stays with the plan on screen.
    let jobs = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).saturating_sub(1).max(1);
    tell(Seen { of: run.points.len(), ..Seen::default() });
    run.run(Shard::WHOLE, jobs, &BTreeSet::new(), Some(cancel), &mut |record, progress| {
        records.push(record);
        if told.elapsed() >= pause {
            let drawing = Instant::now();
            let left_s = begun.elapsed().as_secs_f64() / progress.done as f64 * (progress.of - progress.done) as f64;
            tell(Seen { left_s, ..seen(id, study, (&run, &planned), &mut records) });
            told = Instant::now();
            pause = EVERY.max(drawing.elapsed() * SHARE);
        }
        true
    });
    tell(seen(id, study, (&run, &planned), &mut records));
}

fn seen(id: &str, study: &Study, (run, planned): (&Arc<Run>, &Arc<Reduced>), records: &mut [Record]) -> Seen {
    records.sort_by_key(|record| record.index);
    let charts = pictures::charts(study, run, records).into_iter().map(Arc::new).collect();
    Seen {
        done: records.len(),
        of: run.points.len(),
        left_s: 0.0,
        charts,
        table: Arc::new(points::in_words(summary::table(id, study, run, records), &run.base.plan)),
        text: summary::text(id, study, run, records),
        sentences: summary::sentences(study, run, records),
        tables: summary::tables(id, study, run, records),
        run: Some(Arc::clone(run)),
        rows: Arc::new(rows::rows(records)),
        planned: Arc::clone(planned),
        problem: None,
    }
}
