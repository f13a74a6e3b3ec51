//! The tables panel.

use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::view::ViewState;

/// What the tables panel remembers.
#[derive(Debug, Default)]
pub struct TablesView {}

/// Draws the tables panel.
pub fn tables_ui(ui: &mut egui::Ui, document: &Document, view: &mut ViewState, commands: &mut Commands) {
    let _ = (&view, &commands);
    ui.centered_and_justified(|ui| {
        ui.weak(format!("Tables of {}", document.plan().name));
    });
}
