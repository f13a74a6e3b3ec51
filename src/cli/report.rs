//! `tokenworks report`: the self-contained report of a plan and its answer.

use std::path::{Path, PathBuf};

use super::failure::{Ended, Failure};
use super::input::{self, Opened, SolveOptions};
use super::output;
use crate::disk::studies::StudyFolder;
use crate::export::fonts::Fonts;
use crate::export::report::{ReportInput, StudyPage};
use crate::plan::example;
use crate::results::Results;
use crate::study::HOT_COLUMNS;
use crate::study::kinds::kind_of;
use crate::study::sensitivity::sensitivity;
use crate::study::stress::stress;
use crate::study::{pictures, planned, summary};
use crate::{disk, export};

/// Write the self-contained report: key figures, charts, builds, what binds, sources
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks report plans/texas.ron --to texas.html
  tokenworks report plans/texas.ron --to texas.pdf --effects
  tokenworks report plans/texas.ron --to texas.xlsx --scenario late-grid
  tokenworks report plans/texas.ron --to texas.html --studies tokenworks-studies")]
pub(super) struct Args {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The report's file; its ending says what it becomes
    #[arg(long, value_name = "FILE.{html,pdf,xlsx}")]
    to: PathBuf,
    /// Report this scenario of the plan instead of its base
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// Show what came of the plan's studies, too: those with results in this folder (`study run --out`)
    #[arg(long, value_name = "DIR")]
    studies: Option<PathBuf>,
    /// Also try which inputs' errors would move the answer most, and solve a lender's worse cases again: takes some seconds more
    #[arg(long)]
    effects: bool,
    #[command(flatten)]
    options: SolveOptions,
}

/// What the report becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Paper {
    Html,
    Pdf,
    Xlsx,
}

impl Args {
    /// Does it.
    pub(super) fn run(&self) -> Ended {
        let ending = self.to.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        let paper = match ending.as_str() {
            "html" | "htm" => Paper::Html,
            "pdf" => Paper::Pdf,
            "xlsx" => Paper::Xlsx,
            _ => return Err(Failure::Usage(format!("A report becomes .html, .pdf or .xlsx, not `{}`.", self.to.display()))),
        };
        let opened = input::open(&self.plan, &self.options, self.scenario.as_deref())?;
        let solved = opened.solve(&self.options)?;
        let results = if self.effects { &with_effects(&opened, &self.options, &solved) } else { &*solved };
        let pages = self.study_pages(&opened)?;
        let bytes = render(paper, &opened, &self.options, results, &pages)?;
        opened.products().write(&self.to, &bytes).map_err(|error| Failure::world(&error))?;
        output::note(&format!("wrote {}", self.to.display()));
        // The report of an infeasible plan says what must give; the exit code says it too.
        input::settled(results)
    }
}

impl Args {
    /// What came of the plan's studies; one whose results are of another plan is left out, which is said.
    fn study_pages(&self, opened: &Opened) -> Result<Vec<StudyPage>, Failure> {
        let Some(out) = &self.studies else { return Ok(Vec::new()) };
        let mut pages = Vec::new();
        for (id, study) in &opened.plan.studies {
            let Ok((folder, header)) = StudyFolder::existing(out, id) else { continue };
            let run = opened.ask(&self.options, |plan, series, options| {
                let options = crate::study::Options { scenario: options.scenario.clone(), ..crate::study::Options::default() };
                planned::prepared(plan, id, series, &options)
            })?;
            if run.key != header.key {
                output::note(&format!(
                    "The results of the study `{id}` are of another plan, or of the study before it changed; they are left out."
                ));
                continue;
            }
            let found = super::study::found(&folder)?;
            let words = format!("{} {}", kind_of(study).question, study.notes());
            pages.push(StudyPage {
                title: format!("{} {id}", study.variant_name()),
                words: words.trim().to_owned(),
                sentences: summary::sentences(study, &run, &found),
                tables: summary::tables(id, study, &run, &found),
                charts: pictures::charts(study, &run, &found),
            });
        }
        Ok(pages)
    }
}

/// The answer with the inputs whose error would move it most, where trying them takes seconds.
fn with_effects(opened: &Opened, options: &SolveOptions, results: &Results) -> Results {
    let mut results = results.clone();
    if results.has_numbers() && !options.integer && results.solver.columns <= HOT_COLUMNS {
        output::note("trying which inputs matter most");
        results.comparison.effects = opened.ask(options, sensitivity).unwrap_or_default();
        if let Some(lender) = &mut results.lender {
            output::note("solving the worse cases again");
            lender.solved_again = opened.ask(options, stress).unwrap_or_default();
        }
    }
    results
}

fn render(paper: Paper, opened: &Opened, options: &SolveOptions, results: &Results, studies: &[StudyPage]) -> Result<Vec<u8>, Failure> {
    let stated = opened.state(options)?;
    let input = ReportInput { results, assumptions: &stated.resolved.assumptions, plan: Some(&stated.plan), studies };
    match paper {
        Paper::Html => Ok(export::report::render(&input).into_bytes()),
        Paper::Pdf => {
            let fonts = Fonts::bundled().or_installed(disk::installed_fonts);
            fonts.missing_in_words(&export::report_pdf::pages(&input).concat()).iter().for_each(|said| output::note(said));
            export::report_pdf::render(&input, &fonts)
        }
        Paper::Xlsx => export::xlsx::render(&input),
    }
    .map_err(|error| Failure::world(&error))
}

/// The folder for reports nobody asked to put elsewhere, in the working folder.
const REPORT_FOLDER: &str = "tokenworks-report";

/// Solves a plan (else the bundled example), writes its report into the working folder and names it.
pub(super) fn write_into_working_folder(plan: Option<&Path>) -> Ended {
    let (opened, stem) = match plan {
        Some(path) => {
            let stem = path.file_stem().map_or_else(|| "plan".to_owned(), |stem| stem.to_string_lossy().into_owned());
            (input::open(path, &SolveOptions::default(), None)?, stem)
        }
        None => {
            let Some(example) = example::EXAMPLES.first() else {
                return Err(Failure::Usage("Name a plan: this build carries no example.".to_owned()));
            };
            (input::open_text(example.text, example.name)?, example.name.to_owned())
        }
    };
    let options = SolveOptions::default();
    let results = opened.solve(&options)?;
    let folder = Path::new(REPORT_FOLDER);
    disk::create_folder(folder).map_err(|error| Failure::world(&error))?;
    let file = folder.join(format!("{stem}.html"));
    opened.products().write_own(&file, &render(Paper::Html, &opened, &options, &results, &[])?).map_err(|error| Failure::world(&error))?;
    output::data(&format!("The report is in {}.", file.display()))?;
    input::settled(&results)
}
