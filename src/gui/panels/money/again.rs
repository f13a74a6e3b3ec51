//! Worse cases solved again, worked out beside the window.

use std::sync::Arc;

use egui::{RichText, Ui};

use super::table_ui;
use crate::gui::document::Document;
use crate::gui::job::Job;
use crate::gui::theme;
use crate::results::lender::SolvedAgain;
use crate::study::stress::stress;
use crate::study::{Options, with_scenario};

/// What came of a run, or why there is nothing.
type Found = Result<Vec<SolvedAgain>, String>;

/// A run under way, and the last one.
#[derive(Debug, Default)]
pub struct Again {
    job: Option<Job<Found>>,
    /// Revision that the run under way is of.
    started: u64,
    /// What was found, and for which revision of the plan.
    found: Option<(u64, Found)>,
}

/// The button that solves the worse cases again, how it goes, and what came of it.
pub(super) fn again_ui(ui: &mut Ui, document: &Document, view: &mut Again) {
    if let Some(done) = Job::poll(&mut view.job) {
        let found = done.unwrap_or_else(|_| Err("The worse cases could not be solved; the log says more.".into()));
        view.found = Some((view.started, found));
    }
    if view.job.is_some() {
        ui.horizontal(|ui| {
            ui.spinner();
            ui.label(theme::quiet(ui, "Solving the worse cases again…"));
            if ui.button("Stop").on_hover_text("Stop solving worse cases").clicked() {
                view.job = None;
            }
        });
        return;
    }
    match &view.found {
        Some((revision, Ok(cases))) => {
            if *revision != document.revision() {
                ui.label(theme::quiet(ui, "For the plan before this edit"));
            }
            let table = crate::export::solved_again_table(cases);
            ui.label(theme::title(table.title.clone()));
            table_ui(ui, &table);
        }
        Some((_, Err(problem))) => _ = ui.label(RichText::new(problem).color(theme::tokens(ui).warn)),
        None => {}
    }
    let hint = "States the plan with each case and solves it: once with what is ordered as it is, once decided anew. Takes some seconds";
    if ui.button("Solve the worse cases again").on_hover_text(hint).clicked() {
        view.started = document.revision();
        match start(ui, document) {
            Ok(job) => view.job = Some(job),
            Err(problem) => view.found = Some((document.revision(), Err(problem))),
        }
    }
}

fn start(ui: &Ui, document: &Document) -> Result<Job<Found>, String> {
    let in_words =
        |problems: Vec<crate::diagnostic::Diagnostic>| problems.into_iter().next().map_or_else(String::new, |problem| problem.message);
    let plan = with_scenario(document.base(), document.scenario()).map_err(in_words)?;
    let series = Arc::clone(document.series());
    let context = ui.ctx().clone();
    Job::start(
        "worse cases",
        move || context.request_repaint(),
        move |task| {
            let options = Options { cancel: Some(Arc::clone(&task.cancel)), ..Options::default() };
            stress(&plan, &series, &options).map_err(in_words)
        },
    )
    .map_err(|error| format!("The worse cases could not be solved: {error}."))
}
