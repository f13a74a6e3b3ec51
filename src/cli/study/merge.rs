//! `study merge`: puts the parts of a study together.

use std::collections::BTreeMap;

use super::folder::{Of, records};
use super::summary::{Format, summary};
use crate::cli::failure::{Ended, Failure};
use crate::cli::output;
use crate::disk::studies::StudyFolder;
use crate::study::engine::Run;
use crate::study::planned;

/// Missing points that are named.
const NAMED: usize = 5;

/// Put the parts of a study together, and say what is missing
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  tokenworks study merge plans/texas.ron futures --out /shared/results")]
pub(super) struct Merge {
    #[command(flatten)]
    of: Of,
    /// What is printed at the end
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

impl Merge {
    pub(super) fn run(&self) -> Ended {
        let opened = self.of.open()?;
        let run = self.of.prepared(&opened)?;
        let folder = self.of.folder(&opened, &run)?;
        let lines = merged(&folder, &run)?;
        let study =
            opened.ask(&crate::cli::input::SolveOptions::default(), |plan, _, _| planned::study_of(plan, &self.of.study).cloned())?;
        output::data(&summary(&self.of.study, &study, &run, &records(folder.path(), &lines)?, self.format)?)
    }
}

/// The lines of all points in order, written into the folder. Every point must be there with its own key; the
/// same point from two parts must be the same to the last digit.
pub(super) fn merged(folder: &StudyFolder, run: &Run) -> Result<Vec<String>, Failure> {
    let keys = run.keys();
    let mut lines: BTreeMap<usize, String> = BTreeMap::new();
    for (path, of_part) in folder.parts().map_err(|error| Failure::world(&error))? {
        for (record, line) in records(&path, &of_part)?.iter().zip(&of_part) {
            if keys.get(record.index) != Some(&record.key) {
                return Err(Failure::World(format!(
                    "Point {} in {} is not of this study. Delete the file and run its part again.",
                    record.index,
                    path.display()
                )));
            }
            match lines.get(&record.index) {
                Some(known) if known != line => {
                    let message = format!(
                        "Point {} ({}) has two answers; one is in {}. Run the parts on machines of one kind.",
                        record.index,
                        record.label,
                        path.display()
                    );
                    return Err(Failure::World(message));
                }
                _ => lines.insert(record.index, line.clone()),
            };
        }
    }
    let missing: Vec<usize> = (0..run.points.len()).filter(|index| !lines.contains_key(index)).collect();
    if !missing.is_empty() {
        let named: Vec<String> =
            missing.iter().take(NAMED).filter_map(|index| Some(format!("{index} ({})", run.points.get(*index)?.label))).collect();
        let more = if missing.len() > NAMED { format!(" and {} more", missing.len() - NAMED) } else { String::new() };
        return Err(Failure::World(format!(
            "{} of {} points are missing: {}{more}. Run their parts; each goes on from what it has.",
            missing.len(),
            run.points.len(),
            named.join(", ")
        )));
    }
    let lines: Vec<String> = lines.into_values().collect();
    folder.write_merged(&lines).map_err(|error| Failure::world(&error))?;
    Ok(lines)
}
