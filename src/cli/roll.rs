//! `tokenworks roll`: the plan rolled on to a later month.

use std::path::PathBuf;

use super::failure::Ended;
use super::input::{self, SolveOptions};
use super::output;
use crate::living::roll;
use crate::plan::Month;
use crate::plan::file::print;
use crate::words::{musd, share, ttok};

/// Print the plan rolled on to a later month: what it has ordered and put into service by then stands
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks roll plans/texas.ron --to 2027-07 > texas-2027-07.ron
  tokenworks roll plans/texas.ron --scenario crash --to 2028-01 > crash-2028.ron

What really stands goes into `fleets` and `halls` of the new plan, in place of what was planned. A plan that
reads files beside it must be written into the same folder.")]
pub(super) struct Args {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The month the new plan begins with: the first one of a period
    #[arg(long, value_name = "MONTH", value_parser = Month::parse)]
    to: Month,
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
        let rolled = opened.ask(&SolveOptions::default(), |plan, series, options| {
            roll(&crate::study::with_scenario(plan, &options.scenario)?, series, self.to)
        })?;
        for sentence in &rolled.said {
            output::note(sentence);
        }
        let tail = rolled.tail;
        let (tokens, money) = ((tail.tokens_before, tail.tokens_after), (tail.npv_before, tail.npv_after));
        if tail.apart() <= SAME {
            output::note(&format!("Checked: from {} on it comes to {} and {}, as before.", self.to, ttok(tokens.1), musd(money.1)));
        } else {
            output::note(&format!(
                "From {} on the old answer comes to {} and {}, the rolled plan to {} and {} ({} apart): what is said above, or what a goal may give up, makes the difference.",
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
