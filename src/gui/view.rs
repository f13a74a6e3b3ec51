//! What is on screen: selection, period, open panels, dialogs. Nothing of this is in the plan.

use serde::{Deserialize, Serialize};

use super::panels;

/// Which theme the planner wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThemeChoice {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Tabs of the lower panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LowerTab {
    /// Problems.
    #[default]
    Problems,
    /// Solve status.
    Status,
    /// Log.
    Log,
}

/// What is remembered from one session to the next.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Theme.
    pub theme: ThemeChoice,
    /// Whether the plan tree is shown.
    pub tree_open: bool,
    /// Whether the inspector is shown.
    pub inspector_open: bool,
    /// Whether the lower panel is shown.
    pub lower_open: bool,
    /// Its tab.
    pub lower_tab: LowerTab,
    /// Solve after every change.
    pub live: bool,
    /// The tour was seen or sent away.
    pub tour_seen: bool,
    /// Zoom.
    pub zoom: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::System,
            tree_open: true,
            inspector_open: true,
            lower_open: false,
            lower_tab: LowerTab::Problems,
            live: true,
            tour_seen: false,
            zoom: 1.0,
        }
    }
}

/// The view's state, shared by the panels.
#[derive(Debug, Default)]
pub struct ViewState {
    /// What is remembered.
    pub settings: Settings,
    /// Path of the selected part of the plan: `sites.abilene`; empty for none.
    pub selection: String,
    /// Path of a field that the keyboard should go to, until the inspector has shown it.
    pub focus_field: Option<String>,
    /// Index of the period shown.
    pub period: usize,
    /// Index of the representative day shown.
    pub day: usize,
    /// Why the last edit of a field was refused, with its path.
    pub refused: Option<(String, String)>,
    /// Files opened lately, the newest first.
    pub recent: Vec<std::path::PathBuf>,
    /// State of the plan tree.
    pub tree: panels::tree::TreeView,
    /// Row of the plan tree that the keyboard should go to.
    pub tree_focus: Option<String>,
    /// Fields shown as sliders, by path, with the range of each.
    pub varied: std::collections::BTreeMap<String, (f64, f64)>,
    /// What happened in this session.
    pub log: super::log::Log,
    /// The open question.
    pub dialog: Option<super::dialog::Dialog>,
    /// Step of the tour that is shown.
    pub tour: Option<usize>,
    /// Parts of the window that the tour points at.
    pub anchors: std::collections::HashMap<super::tour::Anchor, egui::Rect>,
    /// Show the three ways to start.
    pub welcome: bool,
    /// Presentation mode.
    pub presenting: bool,
    /// Text being mended, of a plan that can't be read.
    pub unread_text: Option<String>,
    /// Line of that text to show.
    pub go_to_line: Option<usize>,
    /// State of the map.
    pub map: panels::map::MapView,
    /// State of the charts under the map.
    pub overview: panels::overview::OverviewView,
    /// State of the layout.
    pub layout: panels::layout::LayoutView,
    /// State of the tables.
    pub tables: panels::tables::TablesView,
    /// State of the results.
    pub results: panels::results::ResultsView,
    /// State of the comparison.
    pub compare: panels::compare::CompareView,
    /// State of the evidence.
    pub evidence: panels::evidence::EvidenceView,
    /// State of the explanations.
    pub explain: panels::explain::ExplainView,
    /// State of the report.
    pub report: panels::report::ReportView,
}

impl ViewState {
    /// The id of the site that is selected or holds what is selected, if any.
    #[must_use]
    pub fn selected_site(&self) -> Option<&str> {
        let mut parts = self.selection.split('.');
        (parts.next() == Some("sites")).then(|| parts.next()).flatten()
    }
}
