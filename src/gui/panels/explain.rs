//! The explain panel.

use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::view::ViewState;

/// What the explain panel remembers.
#[derive(Debug, Default)]
pub struct ExplainView {}

/// Draws the explain panel.
pub fn explain_ui(ui: &mut egui::Ui, document: &Document, view: &mut ViewState, commands: &mut Commands) {
    let _ = (&view, &commands);
    ui.centered_and_justified(|ui| {
        ui.weak(format!("Explain of {}", document.plan().name));
    });
}
