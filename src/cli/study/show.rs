//! `study list` and `study show`: what studies a plan has, and what came of one.

use std::path::PathBuf;

use super::folder::{Of, found};
use super::summary::{Format, summary};
use crate::charts::{Body, Chart};
use crate::cli::failure::{Ended, Failure};
use crate::cli::input::{self, SolveOptions};
use crate::cli::output;
use crate::disk::{self, Products};
use crate::export::chart_file::{self, ChartFormat, Look};
use crate::export::fonts::Fonts;
use crate::study::engine::Way;
use crate::study::kinds::{hedge, kind_of};
use crate::study::{pictures, planned};

/// List the studies of a plan
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  tokenworks study list plans/texas.ron")]
pub(super) struct List {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
}

impl List {
    pub(super) fn run(&self) -> Ended {
        let opened = input::open(&self.plan, &SolveOptions::default(), None)?;
        let lines: Vec<String> = opened
            .plan
            .studies
            .iter()
            .map(|(id, study)| {
                let kind = kind_of(study);
                let notes = if study.notes().is_empty() { String::new() } else { format!("  {}", study.notes()) };
                format!("{id:<20} {:<13} {}{notes}", study.variant_name(), kind.question)
            })
            .collect();
        if lines.is_empty() {
            return output::data(
                "The plan has no studies. State one under `studies`, such as `\"curve\": Frontier(optimise: Npv, hold: Tokens)`.",
            );
        }
        output::data(&lines.join("\n"))
    }
}

/// Print what came of a study, as far as it was run
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks study show plans/texas.ron curve
  tokenworks study show plans/texas.ron map --format csv > map.csv
  tokenworks study show plans/texas.ron map --charts pictures --as svg,png")]
pub(super) struct Show {
    #[command(flatten)]
    of: Of,
    /// Write its pictures into this folder, too
    #[arg(long, value_name = "DIR")]
    charts: Option<PathBuf>,
    /// What --charts writes: any of svg, png, pdf, csv
    #[arg(long = "as", value_name = "FORMATS", value_delimiter = ',', default_value = "svg", value_parser = parse_format)]
    formats: Vec<ChartFormat>,
    /// Pictures in the dark theme
    #[arg(long)]
    dark: bool,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Of a hedge: print the hedged plan as a scenario, with what it signs decided, and nothing else
    #[arg(long)]
    as_scenario: bool,
}

impl Show {
    pub(super) fn run(&self) -> Ended {
        let opened = self.of.open()?;
        let run = self.of.prepared(&opened)?;
        let folder = self.of.folder(&opened, &run)?;
        let found = found(&folder)?;
        if found.len() < run.points.len() {
            output::note(&format!("{} of {} points are there.", found.len(), run.points.len()));
        }
        let study = opened.ask(&SolveOptions::default(), |plan, _, _| planned::study_of(plan, &self.of.study).cloned())?;
        if self.as_scenario {
            let hedged = found.iter().find(|record| record.at == Way::Hedged.place());
            let text = hedged.and_then(|record| hedge::scenario(&run.base.plan, record));
            return match text {
                Some(text) => output::data(&format!("\"hedged\": {text},")),
                None => Err(Failure::Usage("This study has no hedged plan that signs anything.".to_owned())),
            };
        }
        if let Some(place) = &self.charts {
            self.write_charts(place, &pictures::charts(&study, &run, &found), opened.products())?;
        }
        output::data(&summary(&self.of.study, &study, &run, &found, self.format)?)
    }

    /// A file for each picture and format, numbered in their order.
    fn write_charts(&self, place: &std::path::Path, charts: &[Chart], products: &Products) -> Ended {
        disk::create_folder(place).map_err(|error| Failure::world(&error))?;
        for (number, chart) in charts.iter().enumerate() {
            let high = crate::export::report::wide_height(chart) + 60.0;
            let height = if matches!(chart.body, Body::Ranges { .. }) { high } else { high.max(Look::default().height) };
            let look = Look { height, dark: self.dark, ..Look::default() };
            for format in &self.formats {
                let bytes = chart_file::render(chart, *format, &look, &Fonts::bundled().or_installed(disk::installed_fonts))
                    .map_err(|error| Failure::world(&error))?;
                let file = place.join(format!("{}-{:02}-{}.{}", self.of.study, number + 1, chart.name, format.extension()));
                products.write(&file, &bytes).map_err(|error| Failure::world(&error))?;
            }
        }
        output::note(&format!("{} pictures are in {}.", charts.len(), place.display()));
        Ok(())
    }
}

fn parse_format(text: &str) -> Result<ChartFormat, String> {
    ChartFormat::of(text.trim()).ok_or_else(|| "choose from svg, png, pdf and csv".to_owned())
}
