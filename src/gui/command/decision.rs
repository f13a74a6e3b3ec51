//! What planners decide when they are asked.

use std::path::PathBuf;

use crate::disk::versions::Version;
use crate::gui::change::Edit;
use crate::gui::files::dialogs::Purpose;
use crate::gui::files::store::Recovery;
use crate::gui::series_form::Taken;

/// What comes after a question about unsaved changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Then {
    /// Offer a new plan.
    New,
    /// Ask for a file to open.
    Open,
    /// Open this file.
    OpenPath(PathBuf),
    /// Start from this text.
    NewFromText(String, String),
    /// Lead through a first plan, from this text.
    Guided(String),
    /// Read the file again.
    Reload,
    /// Close the window.
    Quit,
}

/// What the planner decided.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Save, then go on.
    SaveThen(Then),
    /// Go on without saving.
    DiscardThen(Then),
    /// Give an entry another id, and another name if it has one.
    Rename {
        /// The entry.
        path: String,
        /// Its new id.
        to: String,
        /// Its new name.
        name: Option<String>,
    },
    /// A path typed by hand.
    Path(Purpose, PathBuf),
    /// Save over the changed file.
    Overwrite,
    /// Save over another file.
    Replace(PathBuf),
    /// Read the changed file.
    TakeTheirs,
    /// Save although comments are lost.
    SaveWithoutComments,
    /// Save under another name so that the file with its comments stays.
    KeepCommented,
    /// Take up the recovered work.
    Recover(Recovery),
    /// Delete an entry by this edit, which takes care of what depends on it.
    Delete {
        /// The edit.
        edit: Edit,
        /// The entry.
        path: String,
    },
    /// Take a series of a file into the plan.
    TakeSeries(Box<Taken>),
    /// Make this change to the base plan although a scenario is picked.
    IntoBase(Edit),
    /// Make this change of the scenarios, then pick one.
    Scenario {
        /// The change.
        edit: Edit,
        /// What is picked then.
        pick: String,
    },
    /// Open a version of the plan, as a new plan without a file.
    OpenVersion(Version),
    /// Make a version of the plan the baseline.
    CompareVersion(Version),
    /// Throw the recovered work away.
    ForgetRecovery(Recovery),
}
