//! The map panel.

use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::view::ViewState;

/// What the map panel remembers.
#[derive(Debug, Default)]
pub struct MapView {}

/// Draws the map panel.
pub fn map_ui(ui: &mut egui::Ui, document: &Document, view: &mut ViewState, commands: &mut Commands) {
    let _ = (&view, &commands);
    ui.centered_and_justified(|ui| {
        ui.weak(format!("Map of {}", document.plan().name));
    });
}
