//! Files as the window sees them: asking for them, opening and saving, what survives a crash, and
//! what is taken away as a picture or a report.

pub mod autosave;
mod browse;
pub mod dialogs;
pub mod export;
pub(in crate::gui) mod follow;
pub(in crate::gui) mod open_save;
pub mod panic;
mod proof;
pub mod store;
pub(in crate::gui) mod version;

pub use self::dialogs::{FilePrompt, Picked, PreparedPrompt, Purpose, SystemPrompt};
