//! A study on its way: which chains are whose, workers, progress.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::sync_channel;

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

use super::base::Base;
use super::chain::{self, chains};
use super::point::{Point, digest_of, key, varied};
use super::reduced::Record;

/// Records that wait to be written before workers wait for the writer.
const WAITING: usize = 256;

/// One machine's part of a study: every `of`-th chain from the `number`-th on, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 1.
    pub number: usize,
    /// Of how many.
    pub of: usize,
}

impl Shard {
    /// All of it.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Whether a chain belongs to it.
    #[must_use]
    pub fn has(self, chain: usize) -> bool {
        chain % self.of.max(1) + 1 == self.number
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Points that are there, those of an earlier run counted.
    pub done: usize,
    /// Points of this part.
    pub of: usize,
}

/// A study ready to run: the base plan's answer, the points, and the key of the whole.
#[derive(Debug)]
pub struct Run {
    /// The base plan, solved.
    pub base: Base,
    /// The points.
    pub points: Vec<Point>,
    /// SHA-256 of base plan, series, study and version of the program: what a folder of results belongs to.
    pub key: String,
    /// The study's own goals as they stand in a plan, where it has others than the plan.
    pub goals: Option<String>,
    /// While it is set, workers wait between points: something else goes first.
    pub hold: Arc<AtomicBool>,
}

impl Run {
    /// A run of points; `study` is the study's own text.
    #[must_use]
    pub fn new(base: Base, points: Vec<Point>, study: &str) -> Self {
        let key = digest_of([base.plan_digest.as_str(), base.series_digest.as_str(), study, env!("CARGO_PKG_VERSION")]);
        Self { base, points, key, goals: None, hold: Arc::default() }
    }

    /// The chains of a part.
    #[must_use]
    pub fn chains(&self, shard: Shard) -> Vec<Range<usize>> {
        chains(&self.points).into_iter().enumerate().filter(|(number, _)| shard.has(*number)).map(|(_, chain)| chain).collect()
    }

    /// The keys of all points, in order.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let of = |point: &Point| key(&varied(&self.base.plan, point), point, &self.base.series_digest, &self.base.plan_digest);
        self.points.par_iter().map(of).collect()
    }

    /// Solves a part by so many workers. Points in `known` are there already: chains that lack none are left
    /// out, others run from their start, so that what follows is as if nothing had been stopped. Each new
    /// record is told to `done`, which ends the run by giving false. True if all of the part is there.
    pub fn run(
        &self,
        shard: Shard,
        jobs: usize,
        known: &BTreeSet<usize>,
        cancel: Option<&Arc<AtomicBool>>,
        done: &mut dyn FnMut(Record, Progress) -> bool,
    ) -> bool {
        let chains = self.chains(shard);
        let of = chains.iter().map(ExactSizeIterator::len).sum();
        let is_known = |index: &usize| known.contains(index);
        let wanted: Vec<Range<usize>> = chains.iter().filter(|chain| !(*chain).clone().all(|index| is_known(&index))).cloned().collect();
        let mut count = chains.iter().flat_map(Clone::clone).filter(is_known).count();
        let stop = Arc::new(AtomicBool::new(false));
        let mut told = |record: Record| {
            if known.contains(&record.index) {
                return true;
            }
            count += 1;
            done(record, Progress { done: count, of })
        };
        let is_stopped = || cancel.is_some_and(|cancel| cancel.load(std::sync::atomic::Ordering::Relaxed));
        let pool = ThreadPoolBuilder::new().num_threads(jobs.clamp(1, 1024)).thread_name(|number| format!("study-{number}")).build();
        let Ok(pool) = pool.map_err(|error| log::warn!("No workers can be started ({error}); one chain runs after the other.")) else {
            return wanted.into_iter().all(|chain| chain::run(&self.base, &self.points, chain, (cancel, &self.hold), &mut told));
        };
        let (sender, receiver) = sync_channel::<Record>(WAITING);
        let mut whole = true;
        pool.in_place_scope_fifo(|scope| {
            for chain in wanted {
                let (sender, stop) = (sender.clone(), Arc::clone(&stop));
                scope.spawn_fifo(move |_| {
                    if stop.load(std::sync::atomic::Ordering::Relaxed) {
                        return;
                    }
                    // A flag of its own, if nobody outside has one, ends the solver at once, too.
                    let cancel = cancel.unwrap_or(&stop);
                    chain::run(&self.base, &self.points, chain, (Some(cancel), &self.hold), &mut |record| {
                        !stop.load(std::sync::atomic::Ordering::Relaxed) && sender.send(record).is_ok()
                    });
                });
            }
            drop(sender);
            for record in &receiver {
                if whole && !told(record) {
                    // What is still under way is not waited for any longer than it takes to stop.
                    whole = false;
                    stop.store(true, std::sync::atomic::Ordering::Relaxed);
                }
            }
        });
        whole && !is_stopped() && count == of
    }
}
