//! How results of a study are printed.

use clap::ValueEnum;

use crate::cli::failure::Failure;
use crate::export;
use crate::plan::study::Study;
use crate::study::engine::{Record, Run};
use crate::study::summary::{table, text};

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Table,
    /// Every point, a line each
    Csv,
    /// Every point, for machines
    Json,
}

/// The results in a format.
pub(super) fn summary(id: &str, study: &Study, run: &Run, records: &[Record], format: Format) -> Result<String, Failure> {
    match format {
        Format::Table => Ok(text(id, study, run, records)),
        Format::Csv => export::csv::render(&table(id, study, run, records)).map_err(|error| Failure::world(&error)),
        Format::Json => serde_json::to_string_pretty(records).map_err(|error| Failure::world(&error)),
    }
}
