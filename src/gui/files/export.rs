//! Files and pictures that the planner takes away: made and written on a thread of their own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::ColorImage;
use resvg::tiny_skia::Pixmap;

use crate::charts::Chart;
use crate::disk::{self, Products};
use crate::export::chart_file::Look;
use crate::export::fonts::Fonts;
use crate::export::report::{ReportInput, StudyPage};
use crate::export::report_pdf::Extent;
use crate::export::{self, ExportError};
use crate::gui::command::{ChartFormat, Export, ReportFormat};
use crate::gui::document::Document;
use crate::gui::job::Job;
use crate::plan::Plan;
use crate::resolved::Series;
use crate::results::Results;
use crate::study::{Options, state};

/// A file being made.
pub type Running = Job<Result<PathBuf, String>>;

/// How much a report holds, being found out.
pub type Measuring = Job<Extent>;

/// Finds out how much the report of the answer on screen holds, off the window's thread.
///
/// # Errors
/// The system's words, if no thread can be started.
pub fn measure(
    results: &Arc<Results>,
    studies: Vec<StudyPage>,
    document: &Document,
    wake: impl Fn() + Send + 'static,
) -> std::io::Result<Measuring> {
    let (results, plan, series) = (Arc::clone(results), document.plan_arc(), Arc::clone(document.series()));
    Job::start("measure", wake, move |_| with_input(&results, (&plan, &studies), &series, export::report_pdf::extent))
}

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
pub fn start(
    export: Export,
    (look, studies): (Look, Vec<StudyPage>),
    path: &Path,
    document: &Document,
    wake: impl Fn() + Send + 'static,
) -> Result<Running, String> {
    let results = document.results().cloned().ok_or("There is no answer to export yet.")?;
    let (plan, series) = (document.plan_arc(), Arc::clone(document.series()));
    let path = path.to_owned();
    let products = Products::of(document.path.as_ref().map_or_else(Vec::new, |own| disk::files_of(&plan, own)));
    Job::start("export", wake, move |_| {
        let made = bytes(&export, &look, &results, (&plan, &studies), &series).map_err(|error| error.to_string());
        made.and_then(|bytes| products.write(&path, &bytes).map_err(|error| error.to_string())).map(|()| path)
    })
    .map_err(|error| format!("The file could not be made: {error}."))
}

/// What came of it, once there is something.
pub fn poll(running: &mut Option<Running>) -> Option<Result<PathBuf, String>> {
    Some(Job::poll(running)?.unwrap_or_else(|_| Err("The file could not be made; the log says more.".into())))
}

/// The bundled font, and those of this computer for scripts that it lacks.
fn fonts() -> Fonts {
    Fonts::bundled().or_installed(disk::installed_fonts)
}

fn bytes(
    export: &Export,
    look: &Look,
    results: &Arc<Results>,
    (plan, studies): (&Plan, &[StudyPage]),
    series: &Series,
) -> Result<Vec<u8>, ExportError> {
    let fonts = fonts();
    match export {
        Export::Chart(chart, format) => export::chart_file::render(chart, *format, look, &fonts),
        Export::CopyChart(chart) => export::chart_file::render(chart, ChartFormat::Png, look, &fonts),
        Export::Report(format) => with_input(results, (plan, studies), series, |input| match format {
            ReportFormat::Html => Ok(export::report::render(input).into_bytes()),
            ReportFormat::Pdf => export::report_pdf::render(input, &fonts),
            ReportFormat::Xlsx => export::xlsx::render(input),
            ReportFormat::Json => Ok(export::json::render(results).into_bytes()),
        }),
    }
}

/// What a report is made of, to be used.
fn with_input<T>(
    results: &Results,
    (plan, studies): (&Plan, &[StudyPage]),
    series: &Series,
    make: impl FnOnce(&ReportInput<'_>) -> T,
) -> T {
    // The numbers an answer rests on are those of its own scenario.
    let options = Options { scenario: results.scenario_name.clone(), ..Options::default() };
    let stated = state(plan, series, &options).ok();
    let assumptions = stated.as_ref().map_or(&[][..], |stated| &stated.resolved.assumptions);
    make(&ReportInput { results, assumptions, plan: stated.as_ref().map(|stated| &stated.plan), studies })
}

/// A chart as pixels for the clipboard, in the theme it is seen in.
///
/// # Errors
/// If it can't be drawn.
pub fn picture(chart: &Chart, look: &Look, dark: bool) -> Result<ColorImage, ExportError> {
    let png = export::chart_file::render(chart, ChartFormat::Png, &Look { dark, ..*look }, &fonts())?;
    let pixmap = Pixmap::decode_png(&png).map_err(|error| ExportError::Svg(error.to_string()))?;
    let size = [pixmap.width() as usize, pixmap.height() as usize];
    Ok(ColorImage::from_rgba_premultiplied(size, pixmap.data()))
}
