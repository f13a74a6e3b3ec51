//! The frame loop: draws the panels, then does what they asked for.

use std::path::PathBuf;

use egui::{CentralPanel, Frame, Margin, Panel, Ui};

use super::command::{Commands, Request, UiCommand};
use super::document::Document;
use super::panels::PANELS;
use super::theme;
use super::view::ViewState;
use crate::study::live::Live;

/// The window's state.
pub struct Workbench {
    /// The document.
    pub document: Document,
    /// The view.
    pub view: ViewState,
    shown: &'static str,
}

impl Workbench {
    /// Opens the workbench.
    #[must_use]
    pub fn new(context: &eframe::CreationContext<'_>, path: Option<PathBuf>) -> Self {
        let _ = path;
        theme::apply(&context.egui_ctx);
        let wake = context.egui_ctx.clone();
        let live = Live::start(move || wake.request_repaint()).inspect_err(|error| tracing::error!("No solver thread: {error}")).ok();
        Self { document: Document::new(live), view: ViewState::default(), shown: "Map" }
    }

    fn handle(&mut self, request: Request) {
        match request {
            Request::Run(command) => self.run(command),
            Request::Edit(edit, stroke) => {
                if let Err(problems) = self.document.edit(&edit, stroke) {
                    self.view.refused = problems.first().map(|problem| (problem.path.clone(), problem.message.clone()));
                }
            }
            Request::Batch(name, edits) => {
                if let Err(problems) = self.document.batch(name, &edits) {
                    self.view.refused = problems.first().map(|problem| (problem.path.clone(), problem.message.clone()));
                }
            }
            Request::EndDrag => self.document.end_drag(),
            Request::Select(path) => self.view.selection = path,
            Request::GoTo(path) => {
                self.view.focus_field = Some(path.clone());
                self.view.selection = path;
            }
            Request::ShowPanel(name) => self.shown = name,
            Request::PickScenario(name) => self.document.pick_scenario(name),
            Request::OpenPath(_) | Request::NewFromText { .. } | Request::Say(_) => {}
        }
    }

    fn run(&mut self, command: UiCommand) {
        if let Some(panel) = command.panel() {
            self.shown = panel;
        }
    }
}

impl eframe::App for Workbench {
    fn logic(&mut self, _context: &egui::Context, _frame: &mut eframe::Frame) {
        self.document.poll();
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let mut commands = Commands::default();
        Panel::top("tabs").show(ui, |ui| {
            ui.horizontal(|ui| {
                for panel in PANELS {
                    if ui.selectable_label(self.shown == panel.name, panel.name).on_hover_text(panel.tooltip).clicked() {
                        commands.send(Request::ShowPanel(panel.name));
                    }
                }
            });
        });
        let window = theme::tokens(ui).window;
        CentralPanel::default().frame(Frame::new().fill(window).inner_margin(Margin::same(8))).show(ui, |ui| {
            theme::card(ui).show(ui, |ui| {
                if let Some(panel) = PANELS.iter().find(|panel| panel.name == self.shown) {
                    (panel.ui)(ui, &self.document, &mut self.view, &mut commands);
                }
            });
        });
        for request in commands.take() {
            self.handle(request);
        }
    }
}
