//! Everything the window can be asked to do.
//!
//! [`UiCommand`] is what a planner finds in menus, toolbar, shortcuts and the palette: its text,
//! tooltip and shortcut are exhaustive matches, and it is handled in one place (`app`). What
//! panels ask for with data (an edit, a selection) is a [`Request`]; both go through [`Commands`]
//! and run at the end of the frame, when nobody reads the document any more.

use egui::{Key, KeyboardShortcut, Modifiers};

mod decision;
mod export;
mod menu;
mod request;

pub use super::change::Stroke;
pub use decision::{Decision, Then};
pub use export::{ChartFormat, Export, ReportFormat};
pub use menu::Menu;
pub use request::{Commands, Question, Request};

/// A command, in the order of the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UiCommand {
    /// Starts a new plan.
    New,
    /// Starts a plan from five questions.
    FirstPlan,
    /// Opens a plan.
    Open,
    /// Saves the plan.
    Save,
    /// Saves the plan under another name.
    SaveAs,
    /// Saves a copy together with the series files it uses.
    SaveWithSeries,
    /// Reads the plan again from the disk.
    Reload,
    /// Lists what the plan was.
    Versions,
    /// Shows where the report and its data are saved.
    Export,
    /// Closes the window.
    Quit,
    /// Takes back the last change.
    Undo,
    /// Makes the change taken back again.
    Redo,
    /// Adds an entry beside the selected one.
    Add,
    /// Picks a chip or a served model from the catalog.
    PickFromCatalog,
    /// Copies the selected entry.
    Duplicate,
    /// Renames the selected entry.
    Rename,
    /// Deletes the selected entry.
    Delete,
    /// Moves the selected entry up.
    MoveUp,
    /// Moves the selected entry down.
    MoveDown,
    /// Solves the plan now.
    Solve,
    /// Stops the running solve.
    Cancel,
    /// Switches solving after each change.
    ToggleLive,
    /// Pins the answer as the baseline.
    PinBaseline,
    /// Removes the baseline.
    ClearBaseline,
    /// Adds a scenario.
    NewScenario,
    /// Copies the picked scenario.
    DuplicateScenario,
    /// Gives the picked scenario another name.
    RenameScenario,
    /// Deletes the picked scenario.
    DeleteScenario,
    /// Makes one scenario of several.
    CombineScenarios,
    /// Rolls the plan on to a later month.
    RollOn,
    /// Leaves the picked scenario for the base plan.
    EditBase,
    /// Shows the next period.
    NextPeriod,
    /// Shows the period before.
    PreviousPeriod,
    /// Shows the map.
    ShowMap,
    /// Shows the layout of a site.
    ShowLayout,
    /// Shows the tables.
    ShowTables,
    /// Shows the results.
    ShowResults,
    /// Shows the comparison.
    ShowCompare,
    /// Shows the studies.
    ShowStudies,
    /// Shows the explanations.
    ShowExplain,
    /// Shows the statement of money.
    ShowMoney,
    /// Shows the actors.
    ShowActors,
    /// Shows the report.
    ShowReport,
    /// Shows the problems.
    ShowProblems,
    /// Shows the solve status.
    ShowStatus,
    /// Shows the log.
    ShowLog,
    /// Shows or hides the plan tree.
    ToggleTree,
    /// Shows or hides the inspector.
    ToggleInspector,
    /// Shows or hides the lower panel.
    ToggleLower,
    /// Puts every panel back in its place.
    ResetLayout,
    /// Follows the system's theme.
    ThemeSystem,
    /// Light theme.
    ThemeLight,
    /// Dark theme.
    ThemeDark,
    /// Larger.
    ZoomIn,
    /// Smaller.
    ZoomOut,
    /// Natural size.
    ZoomReset,
    /// Presentation mode.
    Present,
    /// The command palette.
    Palette,
    /// Puts the keyboard into the next pane.
    NextPane,
    /// Puts the keyboard into the pane before.
    PreviousPane,
    /// Opens the guide.
    Guide,
    /// Leads through a first plan of one's own.
    GuidedPlan,
    /// Starts the tour.
    Tour,
    /// Lists the shortcuts.
    Shortcuts,
    /// About the program.
    About,
}

impl UiCommand {
    /// All commands, in the order of the palette.
    pub const ALL: &'static [Self] = &[
        Self::New,
        Self::FirstPlan,
        Self::Open,
        Self::Save,
        Self::SaveAs,
        Self::SaveWithSeries,
        Self::Reload,
        Self::Versions,
        Self::Export,
        Self::Quit,
        Self::Undo,
        Self::Redo,
        Self::Add,
        Self::PickFromCatalog,
        Self::Duplicate,
        Self::Rename,
        Self::Delete,
        Self::MoveUp,
        Self::MoveDown,
        Self::Solve,
        Self::Cancel,
        Self::ToggleLive,
        Self::PinBaseline,
        Self::ClearBaseline,
        Self::NewScenario,
        Self::DuplicateScenario,
        Self::RenameScenario,
        Self::DeleteScenario,
        Self::CombineScenarios,
        Self::RollOn,
        Self::EditBase,
        Self::NextPeriod,
        Self::PreviousPeriod,
        Self::ShowMap,
        Self::ShowLayout,
        Self::ShowTables,
        Self::ShowResults,
        Self::ShowMoney,
        Self::ShowActors,
        Self::ShowCompare,
        Self::ShowStudies,
        Self::ShowExplain,
        Self::ShowReport,
        Self::ShowProblems,
        Self::ShowStatus,
        Self::ShowLog,
        Self::ToggleTree,
        Self::ToggleInspector,
        Self::ToggleLower,
        Self::ResetLayout,
        Self::ThemeSystem,
        Self::ThemeLight,
        Self::ThemeDark,
        Self::ZoomIn,
        Self::ZoomOut,
        Self::ZoomReset,
        Self::Present,
        Self::Palette,
        Self::NextPane,
        Self::PreviousPane,
        Self::Guide,
        Self::GuidedPlan,
        Self::Tour,
        Self::Shortcuts,
        Self::About,
    ];

    /// What it is called, and what it does.
    #[must_use]
    pub fn text_and_tooltip(self) -> (&'static str, &'static str) {
        match self {
            Self::New => ("New…", "Start a new plan from an example, five questions, or nothing"),
            Self::FirstPlan => (
                "New from five questions…",
                "A first plan that solves, from where, how much power, which chips, what is sold, how much money",
            ),
            Self::Open => ("Open…", "Open a plan file"),
            Self::Save => ("Save", "Save the plan to its file"),
            Self::SaveAs => ("Save as…", "Save the plan under another name"),
            Self::SaveWithSeries => {
                ("Save a copy with its series…", "Save a copy of the plan together with the series files it uses, ready to be mailed")
            }
            Self::Reload => ("Reload from disk", "Read the plan again from its file"),
            Self::Versions => ("Versions…", "What the plan was when it was saved and in between, with its key figures"),
            Self::Export => ("Export report or data…", "Save the report as HTML, PDF, XLSX or JSON; charts are saved from their own menu"),
            Self::Quit => ("Quit", "Close the window"),
            Self::Undo => ("Undo", "Take back the last change"),
            Self::Redo => ("Redo", "Make the change again that was taken back"),
            Self::Add => ("Add…", "Add an entry to the selected part of the plan"),
            Self::PickFromCatalog => {
                ("Pick from the catalog…", "Compare chips or served models of the catalog for this plan, and take one of them")
            }
            Self::Duplicate => ("Duplicate", "Copy the selected entry"),
            Self::Rename => ("Rename…", "Give the selected entry another id; everything that refers to it follows"),
            Self::Delete => ("Delete", "Delete the selected entry"),
            Self::MoveUp => ("Move up", "Move the selected entry up in its list"),
            Self::MoveDown => ("Move down", "Move the selected entry down in its list"),
            Self::Solve => ("Solve", "Solve the plan now"),
            Self::Cancel => ("Cancel", "Stop the running solve; the last good answer stays"),
            Self::ToggleLive => ("Live", "Solve after every change"),
            Self::PinBaseline => ("Pin as baseline", "Compare every key figure with the answer as it is now"),
            Self::ClearBaseline => ("Clear baseline", "Compare with nothing"),
            Self::NewScenario => ("New scenario…", "The same plan with some numbers changed; what is edited next goes into it"),
            Self::DuplicateScenario => ("Duplicate the scenario…", "Copy the picked scenario"),
            Self::RenameScenario => ("Rename the scenario…", "Give the picked scenario another name"),
            Self::DeleteScenario => ("Delete the scenario", "Delete the picked scenario; the base plan stays"),
            Self::CombineScenarios => ("Combine scenarios…", "Make one scenario with the changes of several"),
            Self::RollOn => ("Roll on…", "The plan as it goes on from a later month: what is ordered and in service by then stands"),
            Self::EditBase => ("Edit the base plan", "Leave the picked scenario; edits go into the base plan"),
            Self::NextPeriod => ("Next period", "Show the next period"),
            Self::PreviousPeriod => ("Previous period", "Show the period before"),
            Self::ShowMap => ("Map", "Sites, markets and token flows on the map"),
            Self::ShowLayout => ("Layout", "One site from its contracts to its racks"),
            Self::ShowTables => ("Tables", "Every part of the plan as an editable table"),
            Self::ShowResults => ("Results", "Charts of the answer"),
            Self::ShowCompare => ("Compare", "Up to six answers side by side"),
            Self::ShowStudies => ("Studies", "Questions that take many solves"),
            Self::ShowExplain => ("Explain", "What binds, where and when, and what it is worth"),
            Self::ShowMoney => ("Money", "Statement by year, debt and what owners get"),
            Self::ShowActors => ("Actors", "Who sells how much, prices that form, who gains"),
            Self::ShowReport => ("Report", "The whole answer as a report"),
            Self::ShowProblems => ("Problems", "What is wrong or doubtful in the plan"),
            Self::ShowStatus => ("Solve status", "How the last solve went"),
            Self::ShowLog => ("Log", "What happened in this session"),
            Self::ToggleTree => ("Plan tree", "Show or hide the plan tree"),
            Self::ToggleInspector => ("Inspector", "Show or hide the inspector"),
            Self::ToggleLower => ("Lower panel", "Show or hide problems, solve status and log"),
            Self::ResetLayout => ("Reset layout", "Put every panel back in its place"),
            Self::ThemeSystem => ("System theme", "Light or dark as the system is"),
            Self::ThemeLight => ("Light theme", "Light colours"),
            Self::ThemeDark => ("Dark theme", "Dark colours"),
            Self::ZoomIn => ("Zoom in", "Make everything larger"),
            Self::ZoomOut => ("Zoom out", "Make everything smaller"),
            Self::ZoomReset => ("Natural size", "Undo zooming"),
            Self::Present => ("Presentation mode", "Big type, three key figures, one chart"),
            Self::Palette => ("Search or run a command", "Find any command or any part of the plan"),
            Self::NextPane => ("Next pane", "Put the keyboard into the next pane: toolbar, tree, centre, inspector"),
            Self::PreviousPane => ("Previous pane", "Put the keyboard into the pane before"),
            Self::Guide => (
                "Guide",
                "What everything means, a first plan by hand, and how pictures are read; searchable. Over a number, the key opens that number's page",
            ),
            Self::GuidedPlan => {
                ("Guided first plan…", "Five minutes, on your own site: from a point on the map to an answer and what would change it")
            }
            Self::Tour => ("Take the tour", "Five steps through the workbench"),
            Self::Shortcuts => ("Keyboard shortcuts", "List every shortcut"),
            Self::About => ("About Tokenworks", "Version and solver"),
        }
    }

    /// What it is called.
    #[must_use]
    pub fn text(self) -> &'static str {
        self.text_and_tooltip().0
    }

    /// Its shortcuts, the one shown in menus first.
    #[must_use]
    pub fn shortcuts(self) -> &'static [KeyboardShortcut] {
        const fn command(key: Key) -> KeyboardShortcut {
            KeyboardShortcut::new(Modifiers::COMMAND, key)
        }
        const fn shifted(key: Key) -> KeyboardShortcut {
            KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
        }
        const fn alone(key: Key) -> KeyboardShortcut {
            KeyboardShortcut::new(Modifiers::NONE, key)
        }
        const fn alt(key: Key) -> KeyboardShortcut {
            KeyboardShortcut::new(Modifiers::ALT, key)
        }
        match self {
            Self::New => const { &[command(Key::N)] },
            Self::Open => const { &[command(Key::O)] },
            Self::Save => const { &[command(Key::S)] },
            Self::SaveAs => const { &[shifted(Key::S)] },
            Self::Quit => const { &[command(Key::Q)] },
            Self::Undo => const { &[command(Key::Z)] },
            Self::Redo => const { &[shifted(Key::Z), command(Key::Y)] },
            Self::Add => const { &[command(Key::Insert)] },
            Self::PickFromCatalog => const { &[shifted(Key::K)] },
            Self::Duplicate => const { &[command(Key::D)] },
            Self::Rename => const { &[alone(Key::F2)] },
            Self::Delete => const { &[command(Key::Delete)] },
            Self::MoveUp => const { &[alt(Key::ArrowUp)] },
            Self::MoveDown => const { &[alt(Key::ArrowDown)] },
            Self::Solve => const { &[alone(Key::F5)] },
            Self::Cancel => const { &[command(Key::Period)] },
            Self::ToggleLive => const { &[command(Key::L)] },
            Self::PinBaseline => const { &[command(Key::B)] },
            Self::NextPeriod => const { &[alt(Key::ArrowRight)] },
            Self::PreviousPeriod => const { &[alt(Key::ArrowLeft)] },
            Self::ShowMap => const { &[command(Key::Num1)] },
            Self::ShowLayout => const { &[command(Key::Num2)] },
            Self::ShowTables => const { &[command(Key::Num3)] },
            Self::ShowResults => const { &[command(Key::Num4)] },
            Self::ShowCompare => const { &[command(Key::Num5)] },
            Self::ShowExplain => const { &[command(Key::Num6)] },
            Self::ShowReport => const { &[command(Key::Num7)] },
            Self::ShowMoney => const { &[command(Key::Num8)] },
            Self::ShowActors => const { &[command(Key::Num9)] },
            Self::ShowStudies => const { &[shifted(Key::T)] },
            Self::ShowProblems => const { &[shifted(Key::M)] },
            Self::ToggleLower => const { &[command(Key::J)] },
            Self::ToggleTree => const { &[shifted(Key::E)] },
            Self::ToggleInspector => const { &[shifted(Key::I)] },
            Self::ZoomIn => const { &[command(Key::Plus), command(Key::Equals)] },
            Self::ZoomOut => const { &[command(Key::Minus)] },
            Self::ZoomReset => const { &[command(Key::Num0)] },
            Self::Present => const { &[alone(Key::F11)] },
            Self::Palette => const { &[command(Key::K), command(Key::P)] },
            Self::Guide => const { &[alone(Key::F1)] },
            Self::NextPane => const { &[alone(Key::F6)] },
            Self::PreviousPane => const { &[KeyboardShortcut::new(Modifiers::SHIFT, Key::F6)] },
            Self::FirstPlan
            | Self::SaveWithSeries
            | Self::Reload
            | Self::Versions
            | Self::Export
            | Self::ClearBaseline
            | Self::NewScenario
            | Self::DuplicateScenario
            | Self::RenameScenario
            | Self::DeleteScenario
            | Self::CombineScenarios
            | Self::RollOn
            | Self::EditBase
            | Self::ShowStatus
            | Self::ShowLog
            | Self::ResetLayout
            | Self::ThemeSystem
            | Self::ThemeLight
            | Self::ThemeDark
            | Self::GuidedPlan
            | Self::Tour
            | Self::Shortcuts
            | Self::About => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_listed_once_and_shortcuts_do_not_collide() {
        let mut seen = std::collections::HashSet::new();
        for command in UiCommand::ALL.iter().copied() {
            assert!(seen.insert(command), "{command:?} twice");
            let (text, tooltip) = command.text_and_tooltip();
            assert!(!text.is_empty() && !tooltip.ends_with('.'), "{command:?}");
        }
        // Every panel is reached by the menu, the palette and a shortcut, not by its tab alone.
        for panel in crate::gui::panels::PANELS {
            let shows = UiCommand::ALL.iter().find(|command| command.panel() == Some(panel.name) && command.menu().0 == Menu::View);
            assert!(
                shows.is_some_and(|command| !command.shortcuts().is_empty() && command.text_and_tooltip() == (panel.name, panel.tooltip)),
                "{}",
                panel.name
            );
        }
        let mut shortcuts = Vec::new();
        for command in UiCommand::ALL.iter().copied() {
            for shortcut in command.shortcuts() {
                assert!(!shortcuts.contains(shortcut), "{command:?} shares a shortcut");
                shortcuts.push(*shortcut);
            }
        }
    }
}
