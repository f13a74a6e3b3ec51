//! The plans opened last.

use std::path::{Path, PathBuf};

use super::{DiskError, UserFolder, settings};

/// Most plans that are kept.
pub const MAX_RECENT: usize = 12;

const NAME: &str = "recent.json";

/// The plans opened last, the newest first. A list that can't be read is empty.
#[must_use]
pub fn list(user: &UserFolder) -> Vec<PathBuf> {
    let text = settings::read(user, NAME).unwrap_or_default();
    let mut paths: Vec<PathBuf> = serde_json::from_str(&text).unwrap_or_default();
    paths.truncate(MAX_RECENT);
    paths
}

/// Puts a plan first.
///
/// # Errors
/// The list can't be written.
pub fn add(user: &UserFolder, path: &Path) -> Result<(), DiskError> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut paths = list(user);
    paths.retain(|known| *known != path);
    paths.insert(0, path);
    write(user, paths)
}

/// Takes a plan off the list.
///
/// # Errors
/// The list can't be written.
pub fn forget(user: &UserFolder, path: &Path) -> Result<(), DiskError> {
    let mut paths = list(user);
    paths.retain(|known| known != path);
    write(user, paths)
}

fn write(user: &UserFolder, mut paths: Vec<PathBuf>) -> Result<(), DiskError> {
    paths.truncate(MAX_RECENT);
    // Paths that are not Unicode can't be kept in a text; the others can.
    paths.retain(|path| path.to_str().is_some());
    let text = serde_json::to_string_pretty(&paths).unwrap_or_default();
    settings::write(user, NAME, &text)
}
