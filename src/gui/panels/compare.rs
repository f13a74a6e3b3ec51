//! The compare panel.

use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::view::ViewState;

/// What the compare panel remembers.
#[derive(Debug, Default)]
pub struct CompareView {}

/// Draws the compare panel.
pub fn compare_ui(ui: &mut egui::Ui, document: &Document, view: &mut ViewState, commands: &mut Commands) {
    let _ = (&view, &commands);
    ui.centered_and_justified(|ui| {
        ui.weak(format!("Compare of {}", document.plan().name));
    });
}
