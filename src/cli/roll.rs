//! `tokenworks roll`: the plan rolled on to a later month.

use std::path::PathBuf;

use super::failure::{Ended, Failure};
use super::input::{self, SolveOptions};
use super::output;
use crate::disk;
use crate::living::{from_csv, roll, standing, to_csv};
use crate::plan::Month;
use crate::plan::file::print;

/// Print the plan rolled on to a later month: what it has ordered and put into service by then stands
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks roll plans/texas.ron --to 2027-07 > texas-2027-07.ron
  tokenworks roll plans/texas.ron --scenario crash --to 2028-01 > crash-2028.ron
  tokenworks roll plans/texas.ron --to 2027-07 --stands > stands.csv
  tokenworks roll plans/texas.ron --to 2027-07 --actuals stands.csv > texas-2027-07.ron

What really stands is stated in a table: `--stands` prints it as the answer has it, `--actuals` reads it back with
what you changed. Of each thing that it names, its lines are all there is; what it doesn't name is as planned. A plan
that reads files beside it must be written into the same folder.")]
pub(super) struct Args {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The month the new plan begins with: the first one of a period
    #[arg(long, value_name = "MONTH", value_parser = Month::parse)]
    to: Month,
    /// What really stands, is signed or is on its way: CSV with what, site, thing, amount and month
    #[arg(long, value_name = "FILE", conflicts_with = "stands")]
    actuals: Option<PathBuf>,
    /// Print what stands then as the answer has it, as such a table, and no plan
    #[arg(long)]
    stands: bool,
    /// Roll this scenario of the plan on instead of its base
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// Change a value before, as in `sites.abilene.interconnect_mw=450`; may be repeated
    #[arg(long, value_name = "PATH=VALUE", value_parser = input::parse_set)]
    set: Vec<(String, String)>,
}

impl Args {
    /// Does it.
    pub(super) fn run(&self) -> Ended {
        let opened = input::open(&self.plan, &SolveOptions::with_sets(&self.set), self.scenario.as_deref())?;
        if self.stands {
            let rows = opened.ask(&SolveOptions::default(), |plan, series, options| {
                standing(&crate::study::with_scenario(plan, &options.scenario)?, series, self.to)
            })?;
            return output::data(to_csv(&rows).trim_end());
        }
        let table = match &self.actuals {
            Some(file) => Some(disk::read_text(file).map_err(|error| Failure::world(&error))?),
            None => None,
        };
        let rolled = opened.ask(&SolveOptions::default(), |plan, series, options| {
            let plan = crate::study::with_scenario(plan, &options.scenario)?;
            let actuals = table.as_deref().map_or_else(|| Ok(Vec::new()), |table| from_csv(&plan, table))?;
            roll(&plan, series, self.to, &actuals)
        })?;
        for sentence in &rolled.said {
            output::note(sentence);
        }
        output::note(&rolled.checked());
        output::data(print(&rolled.plan).trim_end())
    }
}
