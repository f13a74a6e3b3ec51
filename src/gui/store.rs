//! What the window asks of the disk, in the window's own words.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::plan::file::{Checked, read_plan};
use crate::scenario::Series;

/// A plan file, read.
pub struct Opened {
    /// Where it is.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// Hash of the file.
    pub hash: String,
    /// The text, read and checked.
    pub checked: Checked,
    /// Series of its files.
    pub series: Series,
    /// What is wrong with them.
    pub series_problems: Vec<Diagnostic>,
}

/// Reads a plan file and its series.
///
/// # Errors
/// Why the file can't be read, in a sentence.
pub fn open(path: &Path) -> Result<Opened, String> {
    let (text, hash) = read(path)?;
    let checked = read_plan(&text);
    let (series, series_problems) = checked.plan.as_ref().map_or_else(Default::default, |plan| read_series(plan, Some(path)));
    Ok(Opened { path: path.to_owned(), text, hash, checked, series, series_problems })
}

/// Work of an earlier session that was not saved.
pub struct Recovered {
    /// The plan's text.
    pub text: String,
    /// The file it belongs to.
    pub path: Option<PathBuf>,
}

fn read(_path: &Path) -> Result<(String, String), String> {
    Err("Reading is not built yet.".into())
}

/// The series of a plan's files.
#[must_use]
pub fn read_series(_plan: &Plan, _path: Option<&Path>) -> (Series, Vec<Diagnostic>) {
    Default::default()
}

/// Hash of a file as it is on the disk now; `None` if it can't be read.
#[must_use]
pub fn hash(_path: &Path) -> Option<String> {
    None
}

/// Saves a plan; the new file's hash.
///
/// # Errors
/// Why it can't be saved, in a sentence.
pub fn save(_path: &Path, _plan: &Plan) -> Result<String, String> {
    Err("Saving is not built yet.".into())
}

/// Saves a copy of a plan with the series files it uses into a folder; where the plan is.
///
/// # Errors
/// Why it can't be saved, in a sentence.
pub fn save_with_series(_folder: &Path, _plan: &Plan, _path: Option<&Path>) -> Result<PathBuf, String> {
    Err("Saving is not built yet.".into())
}

/// Keeps unsaved work, so that it survives the end of the program.
///
/// # Errors
/// Why it can't be kept, in a sentence.
pub fn keep_recovery(_plan: &Plan, _path: Option<&Path>) -> Result<(), String> {
    Ok(())
}

/// Forgets kept work.
pub fn forget_recovery() {}

/// Work of an earlier session that was not saved.
#[must_use]
pub fn find_recovery() -> Option<Recovered> {
    None
}

/// Files opened lately, the newest first.
#[must_use]
pub fn recent() -> Vec<PathBuf> {
    Vec::new()
}

/// Notes that a file was opened.
pub fn note_recent(_path: &Path) {}
