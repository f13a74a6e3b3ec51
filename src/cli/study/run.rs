//! `study run`: solves a study's points, a part of them or all, and goes on where an earlier run stopped.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::folder::{Of, records};
use super::spread;
use super::summary::{Format, summary};
use crate::cli::failure::{Ended, Failure};
use crate::cli::output;
use crate::study::engine::Shard;
use crate::study::planned;

/// How often progress is told.
const EVERY: Duration = Duration::from_secs(10);

/// Run a study of the plan: many solves, on all processors or as one part of many
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks study run plans/texas.ron curve
  tokenworks study run plans/texas.ron map --jobs 2 --out results
  tokenworks study run plans/texas.ron futures --shard 2/8 --out /shared/results

A run that was stopped goes on from where it was: the same command again. Without --shard, the part is that
of a Slurm array, a Kubernetes indexed job (with --shards) or an AWS Batch array, where there is one.")]
pub(super) struct Run {
    #[command(flatten)]
    of: Of,
    /// Workers; one for each processor if left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Run only this part: I/N is every N-th chain of points from the I-th on
    #[arg(long, value_name = "I/N", value_parser = spread::parse_shard)]
    shard: Option<Shard>,
    /// How many parts there are, where a scheduler says which one this is
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    shards: Option<u32>,
    /// What is printed at the end
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

impl Run {
    pub(super) fn run(&self) -> Ended {
        let environment = |name: &str| std::env::var(name).ok();
        let (shard, whose) = spread::shard(self.shard, self.shards.map(|shards| shards as usize), &environment).map_err(Failure::Usage)?;
        if let Some(whose) = whose {
            output::note(&whose);
        }
        let jobs = spread::jobs(self.jobs.map(usize::from), &environment);
        let opened = self.of.open()?;
        let run = self.of.prepared(&opened)?;
        let folder = self.of.folder(&opened, &run)?;
        let mut file = folder.part(shard.number, shard.of).map_err(|error| Failure::world(&error))?;
        if file.torn > 0 {
            output::note(&format!(
                "The last line of {} was torn ({} bytes); it is dropped and run again.",
                file.path().display(),
                file.torn
            ));
        }
        let known: BTreeSet<usize> = records(file.path(), &file.lines)?.iter().map(|record| record.index).collect();
        let begun = Instant::now();
        let mut last_told = begun;
        let first = known.len();
        if first > 0 {
            output::note(&format!("Going on from {first} points that are there."));
        }
        let mut failure = None;
        let is_whole = run.run(shard, jobs, &known, None, &mut |record, progress| {
            let line = serde_json::to_string(&record).unwrap_or_default();
            if let Err(error) = file.add(&line) {
                failure = Some(Failure::world(&error));
                return false;
            }
            if last_told.elapsed() >= EVERY {
                last_told = Instant::now();
                let (done, of) = (progress.done, progress.of);
                let each = begun.elapsed().as_secs_f64() / (done.saturating_sub(first)).max(1) as f64;
                let left_s = crate::words::fixed(each * of.saturating_sub(done) as f64, 0);
                output::note(&format!("{done} of {of} points, about {left_s} s left."));
            }
            true
        });
        drop(file);
        if let Some(failure) = failure {
            return Err(failure);
        }
        if !is_whole {
            return Err(Failure::World("The run was stopped; the same command goes on from there.".to_owned()));
        }
        if shard != Shard::WHOLE {
            output::note(&format!("Part {} of {} is done. When all are: tokenworks study merge.", shard.number, shard.of));
            return Ok(());
        }
        let lines = super::merge::merged(&folder, &run)?;
        let study =
            opened.ask(&crate::cli::input::SolveOptions::default(), |plan, _, _| planned::study_of(plan, &self.of.study).cloned())?;
        output::data(&summary(&self.of.study, &study, &run, &records(folder.path(), &lines)?, self.format)?)
    }
}
