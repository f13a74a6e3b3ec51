//! What the commands of studies share: where results lie, and reading their lines.

use std::path::PathBuf;

use crate::cli::failure::Failure;
use crate::cli::input::{self, Opened, SolveOptions};
use crate::disk::DiskError;
use crate::disk::studies::{Header, StudyFolder};
use crate::study::engine::{Record, Run};
use crate::study::{self, planned};

/// Which study of which plan, and where its results lie.
#[derive(Debug, clap::Args)]
pub(super) struct Of {
    /// The plan
    #[arg(value_name = "PLAN")]
    pub(super) plan: PathBuf,
    /// Id of the study in the plan
    #[arg(value_name = "STUDY")]
    pub(super) study: String,
    /// Study this scenario of the plan instead of its base
    #[arg(long, value_name = "NAME")]
    pub(super) scenario: Option<String>,
    /// Change a value before the study, as in `sites.abilene.interconnect_mw=450`; may be repeated
    #[arg(long, value_name = "PATH=VALUE", value_parser = input::parse_set)]
    pub(super) set: Vec<(String, String)>,
    /// Folder for results; the study has a folder of its own in it
    #[arg(long, value_name = "DIR", default_value = "tokenworks-studies")]
    pub(super) out: PathBuf,
}

impl Of {
    /// Opens the plan.
    pub(super) fn open(&self) -> Result<Opened, Failure> {
        input::open(&self.plan, &SolveOptions::with_sets(&self.set), self.scenario.as_deref())
    }

    /// Makes the study ready to run.
    pub(super) fn prepared(&self, opened: &Opened) -> Result<Run, Failure> {
        opened.ask(&SolveOptions::default(), |plan, series, options| {
            let options = study::Options { scenario: options.scenario.clone(), ..study::Options::default() };
            planned::prepared(plan, &self.study, series, &options)
        })
    }

    /// The folder of its results.
    pub(super) fn folder(&self, opened: &Opened, run: &Run) -> Result<StudyFolder, Failure> {
        let header = Header {
            study: self.study.clone(),
            plan: opened.plan.name.clone(),
            key: run.key.clone(),
            points: run.points.len(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        StudyFolder::open(&self.out, &header).map_err(|error| Failure::world(&error))
    }
}

/// The records of lines.
pub(super) fn records(path: &std::path::Path, lines: &[String]) -> Result<Vec<Record>, Failure> {
    let read = |(number, line): (usize, &String)| {
        serde_json::from_str(line).map_err(|_| Failure::world(&DiskError::BrokenPoints { path: path.to_owned(), line: number + 1 }))
    };
    lines.iter().enumerate().map(read).collect()
}

/// Every record that a folder holds, in order, each once: all of them if they have been merged, else those of its parts.
pub(in crate::cli) fn found(folder: &StudyFolder) -> Result<Vec<Record>, Failure> {
    let world = |error: DiskError| Failure::world(&error);
    let mut found = match folder.merged().map_err(world)? {
        Some(lines) => records(folder.path(), &lines)?,
        None => {
            let mut found = Vec::new();
            for (path, lines) in folder.parts().map_err(world)? {
                found.extend(records(&path, &lines)?);
            }
            found
        }
    };
    found.sort_by_key(|record| record.index);
    found.dedup_by_key(|record| record.index);
    Ok(found)
}
