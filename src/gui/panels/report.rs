//! The report panel.

use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::view::ViewState;

/// What the report panel remembers.
#[derive(Debug, Default)]
pub struct ReportView {}

/// Draws the report panel.
pub fn report_ui(ui: &mut egui::Ui, document: &Document, view: &mut ViewState, commands: &mut Commands) {
    let _ = (&view, &commands);
    ui.centered_and_justified(|ui| {
        ui.weak(format!("Report of {}", document.plan().name));
    });
}
