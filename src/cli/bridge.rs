//! `tokenworks bridge`: what changed a figure between two plans.

use std::path::PathBuf;

use super::failure::{Ended, Failure};
use super::input::{self, SolveOptions};
use super::output::{self, Format};
use crate::disk;
use crate::export::chart_file::{self, ChartFormat, Look};
use crate::export::fonts::Fonts;
use crate::living::bridge;
use crate::words::{short, with_unit};

/// Say what changed a figure between two plans, or between a plan and a scenario of it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks bridge plans/texas.ron my-texas.ron
  tokenworks bridge plans/texas.ron --scenario-b crash --figure quality_tokens_ttok
  tokenworks bridge plans/texas.ron my-texas.ron --chart bridge.svg")]
pub(super) struct Args {
    /// The first plan
    #[arg(value_name = "A")]
    before: PathBuf,
    /// The second plan; the first once more if left out
    #[arg(value_name = "B", required_unless_present_any = ["scenario_a", "scenario_b"])]
    after: Option<PathBuf>,
    /// Take this scenario of the first plan instead of its base
    #[arg(long, value_name = "NAME")]
    scenario_a: Option<String>,
    /// Take this scenario of the second plan instead of its base
    #[arg(long, value_name = "NAME")]
    scenario_b: Option<String>,
    /// Which figure, by its name in JSON results
    #[arg(long, value_name = "FIGURE", default_value = "npv_musd")]
    figure: String,
    /// Draw it into this file, too: svg, png, pdf or csv by its ending
    #[arg(long, value_name = "FILE")]
    chart: Option<PathBuf>,
    /// Text to read or JSON for machines
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Args {
    /// Does it.
    pub(super) fn run(&self) -> Ended {
        let options = SolveOptions::default();
        let before = input::open(&self.before, &options, self.scenario_a.as_deref())?;
        let after = input::open(self.after.as_ref().unwrap_or(&self.before), &options, self.scenario_b.as_deref())?;
        let other =
            after.ask(&options, |plan, series, options| Ok((crate::study::with_scenario(plan, &options.scenario)?, series.clone())))?;
        let found = before.ask(&options, |plan, series, options| {
            bridge((&crate::study::with_scenario(plan, &options.scenario)?, series), (&other.0, &other.1), &self.figure)
        })?;
        if let Some(file) = &self.chart {
            let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            let Some(format) = ChartFormat::of(ending) else {
                return Err(Failure::Usage("choose a file that ends in svg, png, pdf or csv".to_owned()));
            };
            let bytes = chart_file::render(&found.chart(), format, &Look::default(), &Fonts::bundled().or_installed(disk::installed_fonts))
                .map_err(|error| Failure::world(&error))?;
            before.products().write(file, &bytes).map_err(|error| Failure::world(&error))?;
        }
        if self.format == Format::Json {
            return output::json(&found);
        }
        let (title, unit) = found.title();
        let mut lines = vec![format!("{:<28} {:>14} {unit}", format!("{title} before"), short(found.before))];
        for part in &found.parts {
            let sign = if part.change > 0.0 { "+" } else { "" };
            lines.push(format!("{:<28} {:>14} {unit}  {}", part.name, format!("{sign}{}", short(part.change)), part.about()));
        }
        lines.push(format!("{:<28} {:>14} {unit}", format!("{title} after"), short(found.after)));
        lines.push(if found.shares {
            "Each group's share is what it brings on average over every order in which the groups can change.".to_owned()
        } else {
            "Each group in its turn, those above it changed already.".to_owned()
        });
        if let Some(goal) = &found.goal {
            let (was, is) = (with_unit(goal.before, &goal.unit), with_unit(goal.after, &goal.unit));
            lines.push(format!("What the plan wants first, {}, went from {was} to {is}.", crate::words::goal(&goal.name)));
        }
        output::data(&lines.join("\n"))
    }
}
