//! What planners decide when they are asked.

use std::path::PathBuf;

use crate::gui::files::dialogs::Purpose;
use crate::gui::files::store::Recovery;

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
    /// Give an entry another id.
    Rename(String, String),
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
    /// Throw the recovered work away.
    ForgetRecovery(Recovery),
}
