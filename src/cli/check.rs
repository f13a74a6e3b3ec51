//! `tokenworks check`: everything that is wrong or doubtful in plans, with its place.

use std::path::PathBuf;

use clap::ValueEnum;
use serde::Serialize;

use super::failure::{Ended, Failure};
use super::{input, output, problems};
use crate::diagnostic::{Diagnostic, Severity};

/// Say all that is wrong or doubtful in plans, with line and column
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks check plans/texas.ron
  tokenworks check plans/*.ron --format json

Exit code 1 if any plan has an error; warnings alone leave it 0.")]
pub(super) struct Args {
    /// Plans to check
    #[arg(required = true, value_name = "PLAN")]
    plans: Vec<PathBuf>,
    /// Text to read or JSON for machines
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How problems are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, on stderr
    Text,
    /// For machines, on stdout
    Json,
}

/// The problems of one plan.
#[derive(Debug, Serialize)]
struct Checked {
    plan: String,
    errors: usize,
    warnings: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Args {
    /// Does it.
    pub(super) fn run(&self) -> Ended {
        let mut checked = Vec::new();
        let mut unreadable = None;
        for plan in &self.plans {
            let file = plan.display().to_string();
            match input::check(plan) {
                // The other plans are checked all the same.
                Err(failure) => {
                    output::note(&format!("error: {failure}"));
                    unreadable = Some(failure);
                }
                Ok((text, diagnostics)) => {
                    if self.format == Format::Text {
                        problems::show(&diagnostics, &file, &text);
                        output::data(&format!("{file}: {}", problems::count(&diagnostics)))?;
                    }
                    let of = |severity| diagnostics.iter().filter(|problem| problem.severity == severity).count();
                    checked.push(Checked { plan: file, errors: of(Severity::Error), warnings: of(Severity::Warning), diagnostics });
                }
            }
        }
        if self.format == Format::Json {
            output::json(&serde_json::json!({ "plans": checked }))?;
        }
        match unreadable {
            // Said already, above.
            Some(_) => Err(Failure::World(String::new())),
            None if checked.iter().any(|plan| plan.errors > 0) => Err(Failure::Plan),
            None => Ok(()),
        }
    }
}
