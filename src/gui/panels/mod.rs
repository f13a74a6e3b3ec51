//! The panels. Each takes the document to read, the view's state, and the commands it sends.

use super::command::Commands;
use super::document::Document;
use super::view::ViewState;

pub mod actors;
pub mod catalog;
pub mod checklist;
pub mod compare;
pub mod evidence;
pub mod explain;
pub mod guide;
pub mod inspector;
pub mod kpi;
pub mod layout;
mod limit_page;
pub mod lower;
pub mod map;
pub mod money;
pub mod overview;
mod page;
pub mod present;
pub(crate) mod preview;
pub mod report;
pub mod results;
pub(in crate::gui) mod series;
pub mod studies;
pub mod tables;
pub mod toolbar;
pub mod tree;
pub mod truth;

/// What the panels remember, each for itself.
#[derive(Debug, Default)]
pub struct Panels {
    /// The plan tree.
    pub tree: tree::TreeView,
    /// The map.
    pub map: map::MapView,
    /// The charts under the map.
    pub overview: overview::OverviewView,
    /// The layout.
    pub layout: layout::LayoutView,
    /// The tables.
    pub tables: tables::TablesView,
    /// The results.
    pub results: results::ResultsView,
    /// The actors.
    pub actors: actors::ActorsView,
    /// The money.
    pub money: money::MoneyView,
    /// The comparison.
    pub compare: compare::CompareView,
    /// The explanations.
    pub explain: explain::ExplainView,
    /// The studies.
    pub studies: studies::StudiesView,
    /// The guide.
    pub guide: guide::GuideView,
    /// The page of a number.
    pub truth: truth::TruthView,
    /// The report.
    pub report: report::ReportView,
}

/// Draws a panel with what it remembers.
pub type PanelUi = fn(&mut egui::Ui, &Document, &mut ViewState, &mut Panels, &mut Commands);

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
    Panel {
        name: "Map",
        tooltip: "Sites, markets and token flows on the map",
        ui: |ui, document, view, panels, commands| {
            overview::overview_ui(ui, document, view, &mut panels.overview, &mut panels.map, commands);
        },
    },
    Panel {
        name: "Layout",
        tooltip: "One site from its contracts to its racks",
        ui: |ui, document, view, panels, commands| layout::layout_ui(ui, document, view, &mut panels.layout, commands),
    },
    Panel {
        name: "Tables",
        tooltip: "Every part of the plan as an editable table",
        ui: |ui, document, view, panels, commands| tables::tables_ui(ui, document, view, &mut panels.tables, commands),
    },
    Panel {
        name: "Results",
        tooltip: "Charts of the answer",
        ui: |ui, document, _, panels, commands| results::results_ui(ui, document, &mut panels.results, commands),
    },
    Panel {
        name: "Money",
        tooltip: "Statement by year, debt and what owners get",
        ui: |ui, document, _, panels, commands| money::money_ui(ui, document, &mut panels.money, commands),
    },
    Panel {
        name: "Actors",
        tooltip: "Who sells how much, prices that form, who gains",
        ui: |ui, document, _, panels, commands| actors::actors_ui(ui, document, &mut panels.actors, commands),
    },
    Panel {
        name: "Compare",
        tooltip: "Up to six answers side by side",
        ui: |ui, document, _, panels, commands| compare::compare_ui(ui, document, &mut panels.compare, commands),
    },
    Panel {
        name: "Studies",
        tooltip: "Questions that take many solves",
        ui: |ui, document, _, panels, commands| studies::studies_ui(ui, document, &mut panels.studies, &mut panels.compare, commands),
    },
    Panel {
        name: "Explain",
        tooltip: "What binds, where and when, and what it is worth",
        ui: |ui, document, _, panels, commands| explain::explain_ui(ui, document, &mut panels.explain, commands),
    },
    Panel {
        name: "Report",
        tooltip: "The whole answer as a report",
        ui: |ui, document, _, panels, commands| report::report_ui(ui, document, &mut panels.report, &mut panels.studies, commands),
    },
];
