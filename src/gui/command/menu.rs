//! Where commands stand in the menus, and which panel they show.

use super::UiCommand;

/// The menus, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Menu {
    /// File.
    File,
    /// Edit.
    Edit,
    /// View.
    View,
    /// Plan.
    Plan,
    /// Help.
    Help,
}

impl Menu {
    /// All menus.
    pub const ALL: [Self; 5] = [Self::File, Self::Edit, Self::View, Self::Plan, Self::Help];

    /// Its title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Plan => "Plan",
            Self::Help => "Help",
        }
    }
}

impl UiCommand {
    /// The menu it stands in; a new group starts where the second value changes.
    #[must_use]
    pub fn menu(self) -> (Menu, u8) {
        match self {
            Self::New | Self::FirstPlan | Self::Open => (Menu::File, 0),
            Self::Save | Self::SaveAs | Self::SaveWithSeries | Self::Reload | Self::Versions => (Menu::File, 1),
            Self::Export => (Menu::File, 2),
            Self::Quit => (Menu::File, 3),
            Self::Undo | Self::Redo => (Menu::Edit, 0),
            Self::Add | Self::PickFromCatalog | Self::Duplicate | Self::Rename | Self::Delete => (Menu::Edit, 1),
            Self::MoveUp | Self::MoveDown => (Menu::Edit, 2),
            Self::Solve | Self::Cancel | Self::ToggleLive => (Menu::Plan, 0),
            Self::PinBaseline | Self::ClearBaseline => (Menu::Plan, 1),
            Self::NewScenario
            | Self::DuplicateScenario
            | Self::RenameScenario
            | Self::DeleteScenario
            | Self::CombineScenarios
            | Self::EditBase => (Menu::Plan, 2),
            Self::NextPeriod | Self::PreviousPeriod => (Menu::Plan, 3),
            Self::ShowMap
            | Self::ShowLayout
            | Self::ShowTables
            | Self::ShowResults
            | Self::ShowCompare
            | Self::ShowStudies
            | Self::ShowExplain
            | Self::ShowMoney
            | Self::ShowActors
            | Self::ShowReport => (Menu::View, 0),
            Self::ShowProblems | Self::ShowStatus | Self::ShowLog => (Menu::View, 1),
            Self::ToggleTree | Self::ToggleInspector | Self::ToggleLower | Self::ResetLayout => (Menu::View, 2),
            Self::ThemeSystem | Self::ThemeLight | Self::ThemeDark => (Menu::View, 3),
            Self::ZoomIn | Self::ZoomOut | Self::ZoomReset => (Menu::View, 4),
            Self::Present => (Menu::View, 5),
            Self::NextPane | Self::PreviousPane => (Menu::View, 6),
            Self::Palette => (Menu::Help, 0),
            Self::Guide | Self::GuidedPlan | Self::Tour | Self::Shortcuts => (Menu::Help, 1),
            Self::About => (Menu::Help, 2),
        }
    }

    /// The name of the centre panel it shows, if it shows one.
    #[must_use]
    pub fn panel(self) -> Option<&'static str> {
        match self {
            Self::ShowMap => Some("Map"),
            Self::ShowLayout => Some("Layout"),
            Self::ShowTables => Some("Tables"),
            Self::ShowResults => Some("Results"),
            Self::ShowCompare => Some("Compare"),
            Self::ShowStudies => Some("Studies"),
            Self::ShowExplain => Some("Explain"),
            Self::ShowMoney => Some("Money"),
            Self::ShowActors => Some("Actors"),
            Self::ShowReport | Self::Export => Some("Report"),
            _ => None,
        }
    }
}
