//! `tokenworks roll`: the plan rolled on to a later month.

use std::path::PathBuf;

use super::failure::{Ended, Failure};
use super::input::{self, SolveOptions};
use super::output;
use crate::disk;
use crate::living::{from_csv, roll, standing, to_csv};
use crate::plan::Month;
use crate::plan::file::print;
use crate::words::{musd, share, ttok};

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

/// Money that differs by less than this share is the same.
const SAME: f64 = 1e-6;

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
        let tail = rolled.tail;
        let (tokens, money) = ((tail.tokens_before, tail.tokens_after), (tail.npv_before, tail.npv_after));
        if rolled.is_stated {
            output::note(&format!(
                "From {} on the old plan would have come to {} and {}; with what stands the new one comes to {} and {}.",
                self.to,
                ttok(tokens.0),
                musd(money.0),
                ttok(tokens.1),
                musd(money.1)
            ));
        } else if tail.apart() <= SAME {
            output::note(&format!("Checked: from {} on it comes to {} and {}, as before.", self.to, ttok(tokens.1), musd(money.1)));
        } else {
            output::note(&format!(
                "From {} on the old plan comes to {} and {}, the rolled plan to {} and {} ({} apart): what is said above, or what a goal may give up, makes the difference.",
                self.to,
                ttok(tokens.0),
                musd(money.0),
                ttok(tokens.1),
                musd(money.1),
                share(tail.apart())
            ));
        }
        output::data(print(&rolled.plan).trim_end())
    }
}
