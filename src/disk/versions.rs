//! Versions of a plan: what it was when it was saved, and in between, each with its key figures.
//!
//! One file for each version in the user's folder, in a folder named by the hash of the plan's path.
//! Its first line is a comment that says when, how and with which figures; the rest is the plan's text,
//! so that a version opens like any plan. The oldest go when there are more than [`MOST`].

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{DiskError, Fingerprint, UserFolder, create_private_folder, read_text_up_to, write_private};
use crate::plan::file::MAX_PLAN_BYTES;

/// Most versions kept of a plan.
pub const MOST: usize = 40;

const HEADER: &str = "// Version ";
const ENDING: &str = ".version.ron";

/// What the first line says.
#[derive(serde::Serialize, serde::Deserialize)]
struct Header {
    /// Seconds since 1970.
    at_s: u64,
    /// Saved by the planner, or kept in between.
    saved: bool,
    /// Key figures in words.
    figures: String,
}

/// A version of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// When it was kept.
    pub at: SystemTime,
    /// Saved by the planner, or kept in between.
    pub saved: bool,
    /// Key figures in words; empty if it had no answer.
    pub figures: String,
    /// Its file.
    pub file: PathBuf,
}

fn folder_of(user: &UserFolder, plan_path: &Path) -> PathBuf {
    let path = std::path::absolute(plan_path).unwrap_or_else(|_| plan_path.to_owned());
    let path = path.canonicalize().unwrap_or(path);
    let hash = Fingerprint::of(path.as_os_str().as_encoded_bytes()).hex();
    user.path().join("versions").join(hash.chars().take(32).collect::<String>())
}

/// Keeps a version of a plan, unless the newest one is the same text.
///
/// # Errors
/// It can't be written.
pub fn keep(user: &UserFolder, plan_path: &Path, text: &str, saved: bool, figures: &str) -> Result<(), DiskError> {
    let folder = folder_of(user, plan_path);
    let known = list(user, plan_path);
    if let Some(newest) = known.first()
        && newest.saved >= saved
        && read(newest).is_ok_and(|kept| kept == text)
    {
        return Ok(());
    }
    create_private_folder(&folder)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let header = Header { at_s: now.as_secs(), saved, figures: figures.to_owned() };
    let header = serde_json::to_string(&header).unwrap_or_default();
    // Names are in the order of keeping, also when the clock was set back meanwhile: else the newest version
    // would be the first to go.
    let order = now.as_micros().max(known.first().and_then(order_of).map_or(0, |newest| newest.saturating_add(1)));
    write_private(&folder.join(format!("{order:020}{ENDING}")), format!("{HEADER}{header}\n{text}").as_bytes())?;
    for old in known.iter().skip(MOST - 1) {
        if let Err(problem) = std::fs::remove_file(&old.file) {
            tracing::warn!("An old version could not be removed: {problem}.");
        }
    }
    Ok(())
}

/// What a version's name says of its place among the others.
fn order_of(version: &Version) -> Option<u128> {
    version.file.file_name()?.to_str()?.strip_suffix(ENDING)?.parse().ok()
}

/// The versions of a plan, the newest first; what can't be read is left out.
#[must_use]
pub fn list(user: &UserFolder, plan_path: &Path) -> Vec<Version> {
    let Ok(entries) = std::fs::read_dir(folder_of(user, plan_path)) else { return Vec::new() };
    let mut files: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.to_string_lossy().ends_with(ENDING)).collect();
    files.sort();
    files.into_iter().rev().filter_map(version).collect()
}

fn version(file: PathBuf) -> Option<Version> {
    let text = read_text_up_to(&file, MAX_PLAN_BYTES + 4096).ok()?;
    let header: Header = serde_json::from_str(text.lines().next()?.strip_prefix(HEADER)?).ok()?;
    // A moment beyond all clocks is no version of ours.
    let at = UNIX_EPOCH.checked_add(Duration::from_secs(header.at_s))?;
    Some(Version { at, saved: header.saved, figures: header.figures, file })
}

/// The plan's text in a version.
///
/// # Errors
/// It can't be read any more.
pub fn read(version: &Version) -> Result<String, DiskError> {
    let text = read_text_up_to(&version.file, MAX_PLAN_BYTES + 4096)?;
    Ok(text.split_once('\n').map_or_else(String::new, |(_, plan)| plan.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_kept_in_order_and_the_oldest_go() {
        let folder = tempfile::tempdir().unwrap();
        let user = UserFolder::at(folder.path());
        let plan = folder.path().join("plan.ron");
        for index in 0..MOST + 3 {
            keep(&user, &plan, &format!("({index})"), index % 2 == 0, "NPV 1 M$").unwrap();
        }
        let all = list(&user, &plan);
        assert_eq!(all.len(), MOST);
        assert_eq!(read(&all[0]).unwrap(), format!("({})", MOST + 2));
        assert_eq!(all[0].figures, "NPV 1 M$");
        // A clock that went back: what is kept now is the newest all the same, and what it replaces is the oldest.
        let ahead = folder_of(&user, &plan).join(format!("{:020}{ENDING}", u64::MAX));
        std::fs::copy(&all[0].file, &ahead).unwrap();
        for name in ["first", "second"] {
            keep(&user, &plan, name, true, "").unwrap();
            assert_eq!(read(&list(&user, &plan)[0]).unwrap(), name);
        }
        assert_eq!(list(&user, &plan).len(), MOST);
        let broken = folder_of(&user, &plan).join(format!("{:020}{ENDING}", 1));
        std::fs::write(broken, format!("{HEADER}{{\"at_s\":{},\"saved\":true,\"figures\":\"\"}}\n()", u64::MAX)).unwrap();
        assert_eq!(list(&user, &plan).len(), MOST, "a moment beyond all clocks is left out");
        let all = list(&user, &plan);
        // The same once more is no version of its own; other plans have their own.
        keep(&user, &plan, "second", false, "").unwrap();
        assert_eq!(list(&user, &plan), all);
        assert!(list(&user, &folder.path().join("other.ron")).is_empty());
    }
}
