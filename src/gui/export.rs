//! Files and pictures that the planner takes away: made and written on a thread of their own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use egui::ColorImage;
use resvg::tiny_skia::Pixmap;

use super::document::Document;
use super::panels::report::{ChartFormat, Export, ReportFormat};
use crate::charts::{Chart, tables};
use crate::disk;
use crate::export::fonts::Fonts;
use crate::export::report::{Assumption, ReportInput};
use crate::export::svg::Style;
use crate::export::{self, ExportError};
use crate::plan::Plan;
use crate::results::Results;
use crate::scenario::Series;
use crate::study::{Options, state};

/// Dots per inch of saved pictures: sharp on paper.
const DPI: f64 = 192.0;

/// A file being made.
pub type Running = Receiver<Result<PathBuf, String>>;

/// The name a file is offered under.
#[must_use]
pub fn suggested_name(export: &Export, title: &str) -> String {
    let clean: String = title.chars().map(|letter| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { '-' }).collect();
    let clean = clean.trim_matches('-');
    let clean = if clean.is_empty() { "plan" } else { clean };
    match export {
        Export::Chart(chart, format) => format!("{clean}-{}.{}", chart.name, format.extension()),
        Export::CopyChart(chart) => format!("{clean}-{}.png", chart.name),
        Export::Report(format) => format!("{clean}-report.{}", format.extension()),
    }
}

/// Makes a file and writes it, off the window's thread; `wake` is called when it is there.
///
/// # Errors
/// A sentence, if there is no answer to export or no thread.
pub fn start(export: Export, path: &Path, document: &Document, wake: impl Fn() + Send + 'static) -> Result<Running, String> {
    let results = document.results().cloned().ok_or("There is no answer to export yet.")?;
    let (plan, series) = (document.plan_arc(), Arc::clone(document.series()));
    let path = path.to_owned();
    let (sender, receiver) = channel();
    let run = move || {
        let made = bytes(&export, &results, &plan, &series).map_err(|error| error.to_string());
        let written = made.and_then(|bytes| disk::write_bytes(&path, &bytes).map_err(|error| error.to_string())).map(|()| path);
        if sender.send(written).is_ok() {
            wake();
        }
    };
    std::thread::Builder::new().name("export".into()).spawn(run).map_err(|error| format!("The file could not be made: {error}."))?;
    Ok(receiver)
}

/// What came of it, once there is something.
pub fn poll(running: &mut Option<Running>) -> Option<Result<PathBuf, String>> {
    let outcome = match running.as_ref()?.try_recv() {
        Ok(outcome) => outcome,
        Err(TryRecvError::Empty) => return None,
        Err(TryRecvError::Disconnected) => Err("The file could not be made; the log says more.".into()),
    };
    *running = None;
    Some(outcome)
}

fn bytes(export: &Export, results: &Arc<Results>, plan: &Plan, series: &Series) -> Result<Vec<u8>, ExportError> {
    match export {
        Export::Chart(chart, ChartFormat::Csv) => export::csv::render(&tables::table(chart)).map(String::into_bytes),
        Export::Chart(chart, ChartFormat::Svg) => {
            Ok(export::svg::render(chart, &Style { embed_font: true, ..Style::default() }).into_bytes())
        }
        Export::Chart(chart, ChartFormat::Pdf) => {
            export::pdf::render(&chart.title, &[export::svg::render(chart, &Style::default())], &Fonts::bundled())
        }
        Export::Chart(chart, ChartFormat::Png) | Export::CopyChart(chart) => {
            export::png::render(&export::svg::render(chart, &Style::default()), DPI, &Fonts::bundled())
        }
        Export::Report(ReportFormat::Xlsx) => export::xlsx::render(results),
        Export::Report(ReportFormat::Json) => Ok(export::json::render(results).into_bytes()),
        Export::Report(ReportFormat::Html) => Ok(export::report::render(&input(results, plan, series)).into_bytes()),
        Export::Report(ReportFormat::Pdf) => export::report_pdf::render(&input(results, plan, series), &Fonts::bundled()),
    }
}

/// The answer with the numbers it rests on.
fn input<'r>(results: &'r Results, plan: &Plan, series: &Series) -> ReportInput<'r> {
    let options = Options { scenario: results.scenario_name.clone(), ..Options::default() };
    let assumptions = state(plan, series, &options).map(|stated| stated.scenario.assumptions).unwrap_or_default();
    let assumptions = assumptions
        .into_iter()
        .map(|found| Assumption {
            path: found.path,
            value: found.value.to_string(),
            unit: found.unit.to_owned(),
            source: found.source,
            grade: found.grade,
        })
        .collect();
    ReportInput { results, assumptions }
}

/// A chart as pixels for the clipboard, in the theme it is seen in.
///
/// # Errors
/// If it can't be drawn.
pub fn picture(chart: &Chart, dark: bool) -> Result<ColorImage, ExportError> {
    let style = Style { dark, ..Style::default() };
    let png = export::png::render(&export::svg::render(chart, &style), DPI, &Fonts::bundled())?;
    let pixmap = Pixmap::decode_png(&png).map_err(|error| ExportError::Svg(error.to_string()))?;
    let size = [pixmap.width() as usize, pixmap.height() as usize];
    Ok(ColorImage::from_rgba_premultiplied(size, pixmap.data()))
}
