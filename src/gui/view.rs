//! What is on screen: selection, period, open panels, dialogs. Nothing of this is in the plan.

use serde::{Deserialize, Serialize};

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
    /// Keys of the figures on the strip, in order; the standard ones if nobody chose.
    pub key_figures: Option<Vec<String>>,
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
            key_figures: None,
        }
    }
}

/// Parts of the window that the tour points at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// The toolbar.
    #[default]
    Toolbar,
    /// The plan tree.
    Tree,
    /// The centre.
    Centre,
    /// The inspector.
    Inspector,
    /// The key figures.
    Kpis,
    /// The search field.
    Search,
}

/// The view's state, shared by the panels. What a panel remembers for itself is its own.
#[derive(Debug, Default)]
pub struct ViewState {
    /// What is remembered.
    pub settings: Settings,
    /// Path of the selected part of the plan: `sites.abilene`; empty for none.
    pub selection: String,
    /// What to say of letters of the plan that no font here has, while there are any.
    pub unshown: Option<String>,
    /// Path of a field that the keyboard should go to, until the inspector has shown it.
    pub focus_field: Option<String>,
    /// Index of the period shown.
    pub period: usize,
    /// Whether the planner has picked a period; until then the last one is shown.
    pub picked_period: bool,
    /// Index of the representative day shown.
    pub day: usize,
    /// Why the last edit of a field was refused, with its path.
    pub refused: Option<(String, String)>,
    /// The profile that a series is browsed for; none for a new one.
    pub browsed_for: Option<String>,
    /// Files opened lately, the newest first.
    pub recent: Vec<std::path::PathBuf>,
    /// Row of the plan tree that the keyboard should go to.
    pub tree_focus: Option<String>,
    /// Fields shown as sliders, by path, with the range of each.
    pub varied: std::collections::BTreeMap<String, (f64, f64)>,
    /// What happened in this session.
    pub log: super::log::Log,
    /// A question is open and has the keyboard.
    pub asking: bool,
    /// Step of the tour that is shown.
    pub tour: Option<usize>,
    /// How far a guided first plan is, while there is one.
    pub guided: Option<super::guided::Guided>,
    /// Parts of the window that the tour points at.
    pub anchors: std::collections::HashMap<Anchor, egui::Rect>,
    /// The pane that F6 was last in.
    pub pane: Anchor,
    /// The pane that the keyboard goes to in the next frame.
    pub enter_pane: Option<Anchor>,
    /// Show the three ways to start.
    pub welcome: bool,
    /// Presentation mode.
    pub presenting: bool,
    /// What the number under the hand is was asked in this frame.
    pub asked_what: bool,
    /// Text being mended, of a plan that can't be read.
    pub unread_text: Option<String>,
    /// Line of that text to show.
    pub go_to_line: Option<usize>,
}

impl ViewState {
    /// The id of the site that is selected or holds what is selected, if any.
    #[must_use]
    pub fn selected_site(&self) -> Option<&str> {
        let mut parts = self.selection.split('.');
        (parts.next() == Some("sites")).then(|| parts.next()).flatten()
    }
}

/// Until a period is picked, the last one is shown: the plan as it stands when all is built.
pub fn first_period(view: &mut ViewState, results: Option<&crate::results::Results>) {
    if view.period != 0 {
        view.picked_period = true;
    }
    if let Some(results) = results.filter(|_| !view.picked_period) {
        view.period = results.periods.len().saturating_sub(1);
        view.picked_period = true;
    }
}
