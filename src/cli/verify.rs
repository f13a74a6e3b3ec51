//! `tokenworks verify`: the answer of a proof, checked and not solved.

use std::path::PathBuf;

use clap::ValueEnum;
use serde::Serialize;

use super::failure::{Ended, Failure};
use super::input::{self, SolveOptions};
use super::output;
use crate::study::proved::Proved;
use crate::words::grouped;
use crate::{disk, export, proof};

/// Check the proof of a plan's answer by our own arithmetic, without solving
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks solve plans/texas.ron --proof texas.proof
  tokenworks verify plans/texas.ron --proof texas.proof

Exit code 1 if the proof belongs to another plan or an older one, was changed, or proves nothing.")]
pub(super) struct Args {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The proof; beside the plan, under its name with the ending `.proof`, if left out
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
    /// Change a value before, as it was changed when the proof was written; may be repeated
    #[arg(long, value_name = "PATH=VALUE", value_parser = input::parse_set)]
    set: Vec<(String, String)>,
    /// Sentences to read, the whole answer as a table, or JSON for machines
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How the answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A sentence for each goal
    Text,
    /// The answer, as `solve` prints it
    Table,
    /// For machines
    Json,
}

/// What was checked, for machines.
#[derive(Debug, Serialize)]
struct Verified {
    proved: bool,
    scenario: String,
    goals: Vec<Goal>,
    state_ms: f64,
    check_ms: f64,
}

/// One goal.
#[derive(Debug, Serialize)]
struct Goal {
    name: &'static str,
    value: f64,
    bound: Option<f64>,
    gap: Option<f64>,
}

impl Args {
    /// Does it.
    pub(super) fn run(&self) -> Ended {
        let opened = input::open(&self.plan, &SolveOptions::with_sets(&self.set), None)?;
        let file = self.proof.clone().unwrap_or_else(|| self.plan.with_extension(proof::ENDING));
        let text = disk::read_text_up_to(&file, proof::MAX_BYTES).map_err(|error| Failure::world(&error))?;
        let proved = opened.proved(&text)?;
        let goals: Vec<Goal> = proved
            .certificate
            .phases
            .iter()
            .map(|phase| Goal { name: phase.name, value: phase.primal, bound: phase.dual, gap: phase.gap })
            .collect();
        match (self.format, proved.answer.results.as_deref()) {
            (Format::Text, _) => {
                let of = if proved.scenario.is_empty() { String::new() } else { format!(" of the scenario `{}`", proved.scenario) };
                let mut sentences = format!(
                    "Proved{of}, without solving: the plan was stated in {} ms and its proof checked in {} ms.\n",
                    grouped(proved.state_ms, 0),
                    grouped(proved.check_ms, 0)
                );
                for goal in &goals {
                    let gap = goal.gap.unwrap_or(f64::INFINITY);
                    if goal.name == proof::WHOLE {
                        sentences.push_str(&format!(
                            "So much with these whole numbers; no plan, whole or not, has more than {} more of the first goal.\n",
                            crate::words::share(gap)
                        ));
                        continue;
                    }
                    sentences.push_str(&format!("`{}`: {} is the best, to {gap:.0e} of it.\n", goal.name, goal.value));
                }
                output::data(&sentences)
            }
            (Format::Table, Some(results)) => output::data(&export::text::render(results)),
            (Format::Json | Format::Table, _) => {
                let Proved { scenario, state_ms, check_ms, .. } = proved;
                let verified = Verified { proved: true, scenario, goals, state_ms, check_ms };
                output::json(&verified)
            }
        }
    }
}
