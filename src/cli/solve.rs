//! `tokenworks solve`: the answer to a plan, as a table or as JSON.

use std::path::PathBuf;

use clap::ValueEnum;

use super::failure::{Ended, Failure};
use super::input::SolveOptions;
use super::{input, output};
use crate::export;

/// Solve a plan: key figures, what is built, what binds
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks solve plans/texas.ron
  tokenworks solve plans/texas.ron --set sites.abilene.interconnect_mw=450 --objective npv
  tokenworks solve plans/texas.ron --format json --out answer.json
  tokenworks solve plans/texas.ron --proof texas.proof

Exit code 1 if the plan is wrong, infeasible or unbounded, or was stopped before a feasible answer.")]
pub(super) struct Args {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// Solve this scenario of the plan instead of its base
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    #[command(flatten)]
    options: SolveOptions,
    /// A table to read or JSON for machines
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write the answer into this file instead of stdout
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the proof of the answer into this file, to be checked by `tokenworks verify` without solving
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
}

/// How the answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For machines
    Json,
}

impl Args {
    /// Does it.
    pub(super) fn run(&self) -> Ended {
        let opened = input::open(&self.plan, &self.options, self.scenario.as_deref())?;
        opened.say_size();
        let (results, proof) = match &self.proof {
            Some(_) => opened.solve_with_proof(&self.options)?,
            None => (opened.solve(&self.options)?, Ok(String::new())),
        };
        let answer = match self.format {
            Format::Table => export::text::render(&results),
            Format::Json => export::json::render(&results),
        };
        match &self.out {
            Some(file) => opened.products().write(file, answer.as_bytes()).map_err(|error| Failure::world(&error))?,
            None => output::data(&answer)?,
        }
        input::settled(&results)?;
        match (&self.proof, proof) {
            (Some(file), Ok(text)) => opened.products().write(file, text.as_bytes()).map_err(|error| Failure::world(&error)),
            (Some(_), Err(why)) => {
                output::note(&format!("error: No proof was written. {why}"));
                Err(Failure::Plan)
            }
            (None, _) => Ok(()),
        }
    }
}
