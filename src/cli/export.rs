//! `tokenworks export`: charts, the linear program and the resolved scenario, as files.

use std::path::{Path, PathBuf};

use super::failure::{Ended, Failure};
use super::input::{self, Opened, SolveOptions};
use super::output;
use crate::charts::{self, Chart, Entry, Selection};
use crate::export::fonts::Fonts;
use crate::export::svg::Style;
use crate::results::Results;
use crate::{disk, export};

/// Write charts, the linear program or the resolved scenario into files
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks export plans/texas.ron --chart power-day --to power.svg
  tokenworks export plans/texas.ron --all-charts charts/
  tokenworks export plans/texas.ron --lp texas.mps --scenario texas.json
  tokenworks export --list-charts

The program (--lp) is that of the first objective, with names in the plan's words.")]
pub(super) struct Args {
    /// The plan
    #[arg(value_name = "PLAN", required_unless_present = "list_charts")]
    plan: Option<PathBuf>,
    /// A chart by name, written to --to; may be repeated with as many --to
    #[arg(long, value_name = "NAME", requires = "to")]
    chart: Vec<String>,
    /// The chart's file; its ending says what it becomes
    #[arg(long, value_name = "FILE.{svg,png,pdf,csv}", requires = "chart")]
    to: Vec<PathBuf>,
    /// Every chart as SVG and CSV into this folder
    #[arg(long, value_name = "DIR")]
    all_charts: Option<PathBuf>,
    /// Name the charts and what they answer
    #[arg(long)]
    list_charts: bool,
    /// The linear program, as free MPS or LP text
    #[arg(long, value_name = "FILE.{mps,lp}")]
    lp: Option<PathBuf>,
    /// The resolved scenario: every set, coefficient and limit
    #[arg(long, value_name = "FILE.json")]
    scenario: Option<PathBuf>,
    /// Export this scenario of the plan instead of its base
    #[arg(long, value_name = "NAME")]
    variation: Option<String>,
    /// Dots per inch of PNG files
    #[arg(long, value_name = "DPI", default_value_t = 144, value_parser = clap::value_parser!(u32).range(24..=1200))]
    dpi: u32,
    #[command(flatten)]
    options: SolveOptions,
}

/// What a chart becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Picture {
    Svg,
    Png,
    Pdf,
    Csv,
}

impl Args {
    /// Does it.
    pub(super) fn run(&self) -> Ended {
        if self.list_charts {
            let lines: Vec<_> = charts::CHARTS.iter().map(|entry| format!("{:20}  {}", entry.name, entry.doc)).collect();
            output::data(&lines.join("\n"))?;
        }
        if self.chart.len() != self.to.len() {
            return Err(Failure::Usage("Give one --to for each --chart.".to_owned()));
        }
        // Wrong names are found before anything is solved or written.
        let pictures: Vec<_> = self
            .chart
            .iter()
            .zip(&self.to)
            .map(|(name, file)| Ok((find_chart(name)?, Picture::of(file)?, file)))
            .collect::<Result<_, Failure>>()?;
        let program = self.lp.as_deref().map(|file| Ok((ProgramFormat::of(file)?, file))).transpose()?;
        let wants_charts = !pictures.is_empty() || self.all_charts.is_some();
        if !wants_charts && program.is_none() && self.scenario.is_none() {
            let nothing = "Say what to export: --chart, --all-charts, --lp or --scenario.".to_owned();
            return if self.list_charts { Ok(()) } else { Err(Failure::Usage(nothing)) };
        }
        let Some(plan) = &self.plan else {
            return Err(Failure::Usage("Name the plan to export from.".to_owned()));
        };
        let opened = input::open(plan, &self.options, self.variation.as_deref())?;
        if program.is_some() || self.scenario.is_some() {
            self.write_program(&opened, program)?;
        }
        if !wants_charts {
            return Ok(());
        }
        let results = opened.solve(&self.options)?;
        input::settled(&results)?;
        for (entry, picture, file) in pictures {
            write(file, &self.draw(entry, picture, &results)?)?;
        }
        match &self.all_charts {
            Some(folder) => self.write_all_charts(folder, &results),
            None => Ok(()),
        }
    }

    fn write_program(&self, opened: &Opened, program: Option<(ProgramFormat, &Path)>) -> Ended {
        let stated = opened.state(&self.options)?;
        let whole = stated.plan.whole.halls || stated.plan.whole.racks;
        if let Some((format, file)) = program {
            let text = match format {
                ProgramFormat::Mps => export::mps::mps(&stated.formulation.program, 0, whole),
                ProgramFormat::Lp => export::mps::lp(&stated.formulation.program, 0, whole),
            };
            write(file, text.as_bytes())?;
        }
        if let Some(file) = &self.scenario {
            write(file, export::scenario::render(&stated.scenario, &stated.formulation.program).as_bytes())?;
        }
        Ok(())
    }

    fn write_all_charts(&self, folder: &Path, results: &Results) -> Ended {
        disk::create_folder(folder).map_err(|error| Failure::world(&error))?;
        for entry in charts::CHARTS {
            for (picture, ending) in [(Picture::Svg, "svg"), (Picture::Csv, "csv")] {
                let file = folder.join(format!("{}.{ending}", entry.name));
                disk::write_bytes(&file, &self.draw(entry, picture, results)?).map_err(|error| Failure::world(&error))?;
            }
        }
        output::note(&format!("wrote {} charts, each as SVG and CSV, into {}", charts::CHARTS.len(), folder.display()));
        Ok(())
    }

    fn draw(&self, entry: &Entry, picture: Picture, results: &Results) -> Result<Vec<u8>, Failure> {
        let chart: Chart = (entry.chart)(results, &Selection::default());
        if picture == Picture::Csv {
            return export::csv::render(&charts::table(&chart)).map(String::into_bytes).map_err(|error| Failure::world(&error));
        }
        // A lone SVG carries its font; the others are drawn with it here.
        let style = Style { embed_font: picture == Picture::Svg, ..Style::default() };
        let svg = export::svg::render(&chart, &style);
        let fonts = Fonts::bundled();
        match picture {
            Picture::Png => export::png::render(&svg, f64::from(self.dpi), &fonts),
            Picture::Pdf => export::pdf::render(&chart.title, &[svg], &fonts),
            Picture::Svg | Picture::Csv => Ok(svg.into_bytes()),
        }
        .map_err(|error| Failure::world(&error))
    }
}

/// Writes a file and says so.
fn write(file: &Path, bytes: &[u8]) -> Ended {
    disk::write_bytes(file, bytes).map_err(|error| Failure::world(&error))?;
    output::note(&format!("wrote {}", file.display()));
    Ok(())
}

fn find_chart(name: &str) -> Result<&'static Entry, Failure> {
    charts::find(name).ok_or_else(|| {
        let hint = crate::diagnostic::nearest_name(name, charts::CHARTS.iter().map(|entry| entry.name))
            .map_or_else(|| "--list-charts names them all.".to_owned(), |near| format!("Did you mean `{near}`?"));
        Failure::Usage(format!("There is no chart `{name}`. {hint}"))
    })
}

fn ending(file: &Path) -> String {
    file.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}

impl Picture {
    fn of(file: &Path) -> Result<Self, Failure> {
        match ending(file).as_str() {
            "svg" => Ok(Self::Svg),
            "png" => Ok(Self::Png),
            "pdf" => Ok(Self::Pdf),
            "csv" => Ok(Self::Csv),
            _ => Err(Failure::Usage(format!("A chart becomes .svg, .png, .pdf or .csv, not `{}`.", file.display()))),
        }
    }
}

/// How the program is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProgramFormat {
    Mps,
    Lp,
}

impl ProgramFormat {
    fn of(file: &Path) -> Result<Self, Failure> {
        match ending(file).as_str() {
            "mps" => Ok(Self::Mps),
            "lp" => Ok(Self::Lp),
            _ => Err(Failure::Usage(format!("The program becomes .mps or .lp, not `{}`.", file.display()))),
        }
    }
}
