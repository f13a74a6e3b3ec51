//! `tokenworks export`: charts, the linear program and the resolved plan, as files.

use std::path::{Path, PathBuf};

use super::failure::{Ended, Failure};
use super::input::{self, Opened, SolveOptions};
use super::output;
use crate::charts::{self, Chart, Entry, Selection};
use crate::disk::Products;
use crate::export::chart_file::{self, ChartFormat, Look};
use crate::export::fonts::Fonts;
use crate::results::Results;
use crate::{disk, export};

/// Write charts, the linear program or the resolved plan into files
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks export plans/texas.ron --chart power-day --to power.svg
  tokenworks export plans/texas.ron --chart map --to map.png --size 1200x700 --dpi 300 --dark
  tokenworks export plans/texas.ron --all-charts charts/ --as svg,png,pdf,csv
  tokenworks export plans/texas.ron --lp texas.mps --resolved texas.json
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
    /// Every chart into this folder, in the formats of --as
    #[arg(long, value_name = "DIR")]
    all_charts: Option<PathBuf>,
    /// What --all-charts writes: any of svg, png, pdf, csv
    #[arg(long = "as", value_name = "FORMATS", value_delimiter = ',', default_value = "svg,csv", value_parser = parse_format)]
    formats: Vec<ChartFormat>,
    /// Name the charts and what they answer
    #[arg(long)]
    list_charts: bool,
    /// The linear program, as free MPS or LP text
    #[arg(long, value_name = "FILE.{mps,lp}")]
    lp: Option<PathBuf>,
    /// The resolved plan: every set, coefficient and limit
    #[arg(long, value_name = "FILE.json")]
    resolved: Option<PathBuf>,
    /// Export this scenario of the plan instead of its base
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// Size of pictures, in pixels of 1/96 inch
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "800x440", value_parser = parse_size)]
    size: (u32, u32),
    /// Dots per inch of PNG files: at 192 a picture has twice the pixels of --size each way
    #[arg(long, value_name = "DPI", default_value_t = 192, value_parser = clap::value_parser!(u32).range(24..=1200))]
    dpi: u32,
    /// Pictures in the dark theme
    #[arg(long)]
    dark: bool,
    #[command(flatten)]
    options: SolveOptions,
}

fn parse_format(text: &str) -> Result<ChartFormat, String> {
    ChartFormat::of(text.trim()).ok_or_else(|| "choose from svg, png, pdf and csv".to_owned())
}

/// Pixels across and down.
fn parse_size(text: &str) -> Result<(u32, u32), String> {
    let side = |text: &str| text.trim().parse::<u32>().ok().filter(|side| (160..=20_000).contains(side));
    text.split_once(['x', 'X', '×'])
        .and_then(|(width, height)| Some((side(width)?, side(height)?)))
        .ok_or_else(|| "write WIDTHxHEIGHT with sides of 160 to 20000, as in 800x440".to_owned())
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
            .map(|(name, file)| Ok((find_chart(name)?, format_of(file)?, file)))
            .collect::<Result<_, Failure>>()?;
        let program = self.lp.as_deref().map(|file| Ok((ProgramFormat::of(file)?, file))).transpose()?;
        let wants_charts = !pictures.is_empty() || self.all_charts.is_some();
        if !wants_charts && program.is_none() && self.resolved.is_none() {
            let nothing = "Say what to export: --chart, --all-charts, --lp or --resolved.".to_owned();
            return if self.list_charts { Ok(()) } else { Err(Failure::Usage(nothing)) };
        }
        let Some(plan) = &self.plan else {
            return Err(Failure::Usage("Name the plan to export from.".to_owned()));
        };
        let opened = input::open(plan, &self.options, self.scenario.as_deref())?;
        if program.is_some() || self.resolved.is_some() {
            self.write_program(&opened, program)?;
        }
        if !wants_charts {
            return Ok(());
        }
        let results = opened.solve(&self.options)?;
        input::settled(&results)?;
        for (entry, format, file) in pictures {
            let chart = (entry.chart)(&results, &Selection::default());
            write(file, &self.draw(&chart, format)?, opened.products())?;
            if let Some((beside, bytes)) = table_beside(&chart, format, file)? {
                write(&beside, &bytes, opened.products())?;
            }
        }
        match &self.all_charts {
            Some(folder) => self.write_all_charts(folder, &results, opened.products()),
            None => Ok(()),
        }
    }

    fn write_program(&self, opened: &Opened, program: Option<(ProgramFormat, &Path)>) -> Ended {
        let stated = opened.state(&self.options)?;
        let whole = stated.plan.whole.any();
        if let Some((format, file)) = program {
            let text = match format {
                ProgramFormat::Mps => export::mps::mps(&stated.formulation.program, 0, whole),
                ProgramFormat::Lp => export::mps::lp(&stated.formulation.program, 0, whole),
            };
            write(file, text.as_bytes(), opened.products())?;
        }
        if let Some(file) = &self.resolved {
            write(file, export::resolved::render(&stated.resolved, &stated.formulation.program).as_bytes(), opened.products())?;
        }
        Ok(())
    }

    fn write_all_charts(&self, folder: &Path, results: &Results, products: &Products) -> Ended {
        disk::create_folder(folder).map_err(|error| Failure::world(&error))?;
        for entry in charts::CHARTS {
            for format in &self.formats {
                let file = folder.join(format!("{}.{}", entry.name, format.extension()));
                let chart = (entry.chart)(results, &Selection::default());
                products.write(&file, &self.draw(&chart, *format)?).map_err(|error| Failure::world(&error))?;
                if let Some((beside, bytes)) = table_beside(&chart, *format, &file)? {
                    products.write(&beside, &bytes).map_err(|error| Failure::world(&error))?;
                }
            }
        }
        let names: Vec<_> = self.formats.iter().map(|format| format.name()).collect();
        output::note(&format!("wrote {} charts, each as {}, into {}", charts::CHARTS.len(), names.join(" and "), folder.display()));
        Ok(())
    }

    fn draw(&self, chart: &Chart, format: ChartFormat) -> Result<Vec<u8>, Failure> {
        let (width, height) = self.size;
        let look = Look { width: width.into(), height: height.into(), dark: self.dark, dpi: self.dpi.into() };
        chart_file::render(chart, format, &look, &Fonts::bundled().or_installed(disk::installed_fonts))
            .map_err(|error| Failure::world(&error))
    }
}

/// The table that belongs to a chart written as CSV, in a file of its own beside it: `frontier-rests-on.csv`.
fn table_beside(chart: &Chart, format: ChartFormat, file: &Path) -> Result<Option<(PathBuf, Vec<u8>)>, Failure> {
    if format != ChartFormat::Csv {
        return Ok(None);
    }
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = chart_file::beside(chart).map_err(|error| Failure::world(&error))?;
    Ok(beside.map(|(name, bytes)| (file.with_file_name(format!("{stem}-{name}.csv")), bytes)))
}

/// Writes a file and says so.
fn write(file: &Path, bytes: &[u8], products: &Products) -> Ended {
    products.write(file, bytes).map_err(|error| Failure::world(&error))?;
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

fn format_of(file: &Path) -> Result<ChartFormat, Failure> {
    let wrong = || Failure::Usage(format!("A chart becomes .svg, .png, .pdf or .csv, not `{}`.", file.display()));
    ChartFormat::of(&ending(file)).ok_or_else(wrong)
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
