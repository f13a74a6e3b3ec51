//! `tokenworks diff`: what differs between two plans, or two scenarios of one, and between their
//! answers.

use std::path::PathBuf;

use super::failure::Ended;
use super::input::{self, SolveOptions, parse_set};
use super::output::{self, Format};
use crate::export::difference;
use crate::plan::diff::differences;

/// Say what differs between two plans and between their answers
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks diff plans/texas.ron my-texas.ron
  tokenworks diff plans/texas.ron --scenario-b late-grid
  tokenworks diff plans/texas.ron --set sites.abilene.interconnect_mw=450
  tokenworks diff plans/texas.ron my-texas.ron --plans-only --format json")]
pub(super) struct Args {
    /// The first plan
    #[arg(value_name = "A")]
    before: PathBuf,
    /// The second plan; the first once more if left out
    #[arg(value_name = "B", required_unless_present_any = ["scenario_a", "scenario_b", "set"])]
    after: Option<PathBuf>,
    /// Take this scenario of the first plan instead of its base
    #[arg(long, value_name = "NAME")]
    scenario_a: Option<String>,
    /// Take this scenario of the second plan instead of its base
    #[arg(long, value_name = "NAME")]
    scenario_b: Option<String>,
    /// Change a value of the second plan, as in `sites.abilene.interconnect_mw=450`; may be repeated
    #[arg(long, value_name = "PATH=VALUE", value_parser = parse_set)]
    set: Vec<(String, String)>,
    /// Compare what the plans say, without solving them
    #[arg(long)]
    plans_only: bool,
    /// Text to read or JSON for machines
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Args {
    /// Does it.
    pub(super) fn run(&self) -> Ended {
        let options = SolveOptions::default();
        let before = input::open(&self.before, &options, self.scenario_a.as_deref())?;
        let changed = SolveOptions::with_sets(&self.set);
        let after = input::open(self.after.as_ref().unwrap_or(&self.before), &changed, self.scenario_b.as_deref())?;
        let inputs = differences(&before.varied()?, &after.varied()?);
        let answers = if self.plans_only { None } else { Some((before.solve(&options)?, after.solve(&options)?)) };
        let both = answers.as_ref().map(|(before, after)| (before.as_ref(), after.as_ref()));
        match self.format {
            Format::Json => output::json(&difference::document(&inputs, both))?,
            Format::Text => output::data(&difference::text(&inputs, both))?,
        }
        // What differs has been said; the exit code tells that one of them has no answer.
        both.map_or(Ok(()), |(before, after)| input::settled(before).and(input::settled(after)))
    }
}
