//! The layout panel.

use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::view::ViewState;

/// What the layout panel remembers.
#[derive(Debug, Default)]
pub struct LayoutView {}

/// Draws the layout panel.
pub fn layout_ui(ui: &mut egui::Ui, document: &Document, view: &mut ViewState, commands: &mut Commands) {
    let _ = (&view, &commands);
    ui.centered_and_justified(|ui| {
        ui.weak(format!("Layout of {}", document.plan().name));
    });
}
