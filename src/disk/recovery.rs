//! Recovery files: after a crash the last edits are offered, never applied by themselves.
//!
//! One file for each plan in the user's folder, named by the hash of the plan's path. Its first
//! line is a comment that names the plan; the rest is the plan's text as a save would write it.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{DiskError, Fingerprint, UserFolder, create_folder, read_text_up_to, write_bytes};
use crate::plan::file::MAX_PLAN_BYTES;

const ENDING: &str = ".recovery.ron";
const HEADER: &str = "// Recovery of ";

/// Most bytes of a recovery file: a plan and its header.
const MAX_BYTES: usize = MAX_PLAN_BYTES + (64 << 10);

/// What a crash left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The recovery file.
    pub file: PathBuf,
    /// The plan it belongs to; nothing if that was never saved.
    pub plan_path: Option<PathBuf>,
    /// The plan's text.
    pub text: String,
    /// When it was written.
    pub written: Option<SystemTime>,
}

fn folder(user: &UserFolder) -> PathBuf {
    user.path().join("recovery")
}

fn file_of(user: &UserFolder, plan_path: Option<&Path>) -> PathBuf {
    let name = match plan_path {
        // The same plan by another way is the same plan.
        Some(path) => {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            // The folder's, not the file's: the plan may not be saved yet.
            let folder = super::folder_of(&path);
            let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
            let path = path.file_name().map_or(path.clone(), |name| folder.join(name));
            let hash = Fingerprint::of(path.as_os_str().as_encoded_bytes()).hex();
            hash.chars().take(32).collect()
        }
        // Two windows with new plans do not write over each other.
        None => format!("untitled-{}", std::process::id()),
    };
    folder(user).join(name + ENDING)
}

/// Writes the recovery file of a plan (of a new plan, if it has no path yet).
///
/// # Errors
/// It can't be written.
pub fn write(user: &UserFolder, plan_path: Option<&Path>, text: &str) -> Result<(), DiskError> {
    create_folder(&folder(user))?;
    let shown = plan_path.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    let header = serde_json::to_string(&shown.map(|path| path.to_string_lossy().into_owned())).unwrap_or_default();
    write_bytes(&file_of(user, plan_path), format!("{HEADER}{header}\n{text}").as_bytes())
}

/// What a crash left of a plan, if that differs from the plan's file.
#[must_use]
pub fn find(user: &UserFolder, plan_path: &Path) -> Option<Recovery> {
    let recovery = read(&file_of(user, Some(plan_path)))?;
    (!is_saved(&recovery, plan_path)).then_some(recovery)
}

fn is_saved(recovery: &Recovery, plan_path: &Path) -> bool {
    read_text_up_to(plan_path, MAX_PLAN_BYTES).is_ok_and(|saved| saved == recovery.text)
}

/// Everything crashes left that differs from what is saved, the newest first.
#[must_use]
pub fn list(user: &UserFolder) -> Vec<Recovery> {
    let Ok(entries) = std::fs::read_dir(folder(user)) else {
        return Vec::new();
    };
    let mut found: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(ENDING)))
        .filter_map(|path| read(&path))
        .filter(|recovery| !recovery.plan_path.as_deref().is_some_and(|path| is_saved(recovery, path)))
        .collect();
    found.sort_by_key(|recovery| std::cmp::Reverse(recovery.written));
    found
}

fn read(file: &Path) -> Option<Recovery> {
    let text = read_text_up_to(file, MAX_BYTES).ok()?;
    let (header, text) = text.split_once('\n')?;
    let plan_path: Option<String> = serde_json::from_str(header.strip_prefix(HEADER)?).ok()?;
    let written = std::fs::metadata(file).and_then(|metadata| metadata.modified()).ok();
    Some(Recovery { file: file.to_owned(), plan_path: plan_path.map(PathBuf::from), text: text.to_owned(), written })
}

/// Removes the recovery file of a plan, after a save or when it is declined.
///
/// # Errors
/// It is there and can't be removed.
pub fn remove(user: &UserFolder, plan_path: Option<&Path>) -> Result<(), DiskError> {
    discard_file(&file_of(user, plan_path))
}

/// Removes what a crash left, when it is declined or was applied.
///
/// # Errors
/// It is there and can't be removed.
pub fn discard(recovery: &Recovery) -> Result<(), DiskError> {
    discard_file(&recovery.file)
}

fn discard_file(file: &Path) -> Result<(), DiskError> {
    match std::fs::remove_file(file) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(DiskError::Write { path: file.to_owned(), source }),
        _ => Ok(()),
    }
}
