//! `tokenworks tariff`: a rate of the OpenEI database as a power contract of a plan.

use std::path::PathBuf;

use super::failure::{Ended, Failure};
use super::output;
use crate::disk::{self, Products};
use crate::plan::urdb::import;

/// Turn a rate of the OpenEI Utility Rate Database (JSON) into a power contract
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks tariff rate.json --site abilene
  tokenworks tariff rate.json --to contract.ron

The contract is an entry of a plan's `contracts`. What can't be carried over is listed, with the reason; it is in the
contract's notes, too. Exit code 1 if the file holds no rate.")]
pub(super) struct Args {
    /// The rate: a record of URDB, or an answer of its API
    file: PathBuf,
    /// Site that the contract feeds
    #[arg(long, value_name = "ID", default_value = "site")]
    site: String,
    /// Write the contract here
    #[arg(long, value_name = "FILE.ron")]
    to: Option<PathBuf>,
}

impl Args {
    /// Does it.
    pub(super) fn run(&self) -> Ended {
        let text = disk::read_text(&self.file).map_err(|error| Failure::world(&error))?;
        let imported = import(&text).map_err(|problem| Failure::Usage(format!("{}: {problem}", self.file.display())))?;
        let notes = std::iter::once(format!("{} ({})", imported.name, imported.source))
            .chain(imported.left_out.iter().map(|left| format!("Not carried over: {left}")));
        let contract = format!("(site: {:?}, terms: {}, notes: {:?})\n", self.site, imported.terms, notes.collect::<Vec<_>>().join(" "));
        for left in &imported.left_out {
            output::note(&format!("Not carried over: {left}"));
        }
        match &self.to {
            Some(file) => Products::of(vec![self.file.clone()]).write(file, contract.as_bytes()).map_err(|error| Failure::world(&error)),
            None => output::data(&contract),
        }
    }
}
