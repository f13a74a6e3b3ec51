//! The panels. Each takes the document to read, the view's state, and the commands it sends.

use super::command::Commands;
use super::document::Document;
use super::view::ViewState;

pub mod catalog;
pub mod compare;
pub mod evidence;
pub mod explain;
pub mod inspector;
pub mod kpi;
pub mod layout;
pub mod lower;
pub mod map;
pub mod overview;
pub mod present;
pub mod report;
pub mod results;
pub mod tables;
pub mod toolbar;
pub mod tree;

/// Draws a panel.
pub type PanelUi = fn(&mut egui::Ui, &Document, &mut ViewState, &mut Commands);

/// A panel of the centre.
#[derive(Clone, Copy)]
pub struct Panel {
    /// Title of its tab.
    pub name: &'static str,
    /// What it shows.
    pub tooltip: &'static str,
    /// Draws it.
    pub ui: PanelUi,
}

/// The panels of the centre, in the order of their tabs.
pub const PANELS: &[Panel] = &[
    Panel { name: "Map", tooltip: "Sites, markets and token flows", ui: overview::overview_ui },
    Panel { name: "Layout", tooltip: "One site from its contracts to its racks", ui: layout::layout_ui },
    Panel { name: "Tables", tooltip: "Every part of the plan as an editable table", ui: tables::tables_ui },
    Panel { name: "Results", tooltip: "Charts of the answer", ui: results::results_ui },
    Panel { name: "Compare", tooltip: "Two answers side by side", ui: compare::compare_ui },
    Panel { name: "Explain", tooltip: "What binds, and what it is worth", ui: explain::explain_ui },
    Panel { name: "Report", tooltip: "The whole answer as a report", ui: report::report_ui },
];
