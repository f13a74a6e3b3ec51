//! The results panel.

use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::view::ViewState;

/// What the results panel remembers.
#[derive(Debug, Default)]
pub struct ResultsView {}

/// Draws the results panel.
pub fn results_ui(ui: &mut egui::Ui, document: &Document, view: &mut ViewState, commands: &mut Commands) {
    let _ = (&view, &commands);
    ui.centered_and_justified(|ui| {
        ui.weak(format!("Results of {}", document.plan().name));
    });
}
