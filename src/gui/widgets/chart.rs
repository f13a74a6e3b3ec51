//! Draws a [`Chart`].

use crate::charts::Chart;

/// Draws a chart into the space there is.
pub fn chart_ui(ui: &mut egui::Ui, chart: &Chart) {
    ui.label(&chart.title);
}
