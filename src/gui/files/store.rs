//! What the window asks of the disk, in the window's own words.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use crate::diagnostic::Diagnostic;
use crate::disk::versions::{self, Version};
use crate::disk::{self, UserFolder, recent, recovery};
use crate::plan::Plan;
use crate::plan::check::keeps_from_solving;
use crate::plan::file::{Checked, print, read_plan};
use crate::proof;
use crate::resolved::Series;
use crate::study::proved::{Proved, Unproved, answer_from_proof};

pub use crate::disk::recovery::{Recovery, Session};
pub use crate::disk::{DiskError, Expected, Fingerprint};

/// A plan file, read.
pub struct Opened {
    /// Where it is.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// What the file held.
    pub fingerprint: Fingerprint,
    /// The text, read and checked.
    pub checked: Checked,
    /// Series of its files.
    pub series: Series,
    /// What is wrong with them.
    pub series_problems: Vec<Diagnostic>,
    /// What came of the proof that lies beside the plan, if one does.
    pub proof: Option<BesideProof>,
}

/// A proof of the plan's answer that lies beside it.
pub struct BesideProof {
    /// Name of its file.
    pub name: String,
    /// The answer, checked and not solved; else why the proof is of no use.
    pub checked: Result<Box<Proved>, String>,
}

/// Looks for a proof beside a plan, and checks it.
fn proof_beside(path: &Path, plan: &Plan, series: &Series) -> Option<BesideProof> {
    let file = path.with_extension(proof::ENDING);
    let name = file.file_name()?.to_string_lossy().into_owned();
    let text = match disk::read_text_up_to(&file, proof::MAX_BYTES) {
        Err(DiskError::Missing { .. }) => return None,
        text => text.map_err(|error| error.to_string()),
    };
    let checked = text.and_then(|text| match answer_from_proof(plan, series, &text) {
        Ok(proved) => Ok(Box::new(proved)),
        Err(Unproved::Proof(error)) => Err(error.to_string()),
        Err(Unproved::Plan(_)) => Err("The plan itself has problems.".to_owned()),
    });
    Some(BesideProof { name, checked })
}

/// Reads a plan file and its series.
///
/// # Errors
/// Why the file can't be read.
pub fn open(path: &Path) -> Result<Opened, DiskError> {
    let text = disk::read_text(path)?;
    let checked = read_plan(&text);
    let (series, series_problems) = checked.plan.as_ref().map_or_else(Default::default, |plan| read_series(plan, Some(path)));
    let mut problems = checked.diagnostics.iter().chain(&series_problems);
    let sound = checked.plan.as_ref().filter(|_| !problems.any(|problem| keeps_from_solving(problem, "")));
    let proof = sound.and_then(|plan| proof_beside(path, plan, &series));
    Ok(Opened { path: path.to_owned(), fingerprint: Fingerprint::of(text.as_bytes()), text, checked, series, series_problems, proof })
}

/// The series of a plan's files, and what is wrong with them.
#[must_use]
pub fn read_series(plan: &Plan, path: Option<&Path>) -> (Series, Vec<Diagnostic>) {
    match disk::read_series(plan, path.map(disk::folder_of)) {
        Ok(series) => (series, Vec::new()),
        Err(problems) => (Series::default(), problems),
    }
}

/// Files beside a plan that may hold a series.
#[must_use]
pub fn series_files(path: &Path) -> Vec<String> {
    disk::series_files(disk::folder_of(path), MOST_FILES)
}

/// What a file with a series holds.
///
/// # Errors
/// It can't be read, or is too large.
pub fn series_bytes(path: &Path) -> Result<Vec<u8>, DiskError> {
    disk::read_bytes(path, disk::MAX_SERIES_BYTES)
}

/// Where a file lies beside a plan, and whether it had to be copied there.
///
/// # Errors
/// It can't be copied.
pub fn beside(plan: &Path, file: &Path, bytes: &[u8]) -> Result<(String, bool), DiskError> {
    disk::beside(disk::folder_of(plan), file, bytes)
}

/// Files offered beside a plan at most.
const MOST_FILES: usize = 200;

/// What a file holds now; `None` if it can't be read.
#[must_use]
pub fn fingerprint(path: &Path) -> Option<Fingerprint> {
    disk::read_text(path).ok().map(|text| Fingerprint::of(text.as_bytes()))
}

/// Saves a plan where the file is what is expected; anything else there is not touched.
///
/// # Errors
/// Why it can't be saved.
pub fn save_plan(path: &Path, plan: &Plan, expected: Expected) -> Result<Fingerprint, DiskError> {
    disk::save_plan(plan, path, expected)
}

/// Saves a copy of a plan with the series files it uses into a folder; where the plan is.
///
/// # Errors
/// Why it can't be saved.
pub fn save_with_series(folder: &Path, plan: &Plan, path: Option<&Path>, name: &str) -> Result<PathBuf, DiskError> {
    let copy = folder.join(name);
    let from = path.map_or(folder, disk::folder_of);
    disk::save_copy_with_series(plan, from, &copy)?;
    Ok(copy)
}

/// The records a session keeps in the user's own folder; none in tests and where there is no such folder.
/// Copies are of the same session; it ends with the last of them.
#[derive(Clone, Debug, Default)]
pub struct Records {
    session: Option<Arc<Session>>,
}

impl Records {
    /// In the usual place.
    #[must_use]
    pub fn standard() -> Self {
        Self { session: UserFolder::standard().map(|user| Arc::new(Session::new(user))) }
    }

    /// In a given folder.
    #[must_use]
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { session: Some(Arc::new(Session::new(UserFolder::at(folder)))) }
    }

    fn user(&self) -> Option<&UserFolder> {
        self.session.as_ref().map(|session| session.user())
    }

    /// The session, for those that must not keep it alive.
    #[must_use]
    pub fn session(&self) -> Weak<Session> {
        self.session.as_ref().map(Arc::downgrade).unwrap_or_default()
    }

    /// Keeps unsaved work, so that it survives the end of the program.
    ///
    /// # Errors
    /// Why it can't be kept.
    pub fn keep(&self, plan: &Plan, path: Option<&Path>, on_disk: Option<Fingerprint>) -> Result<(), DiskError> {
        self.session.as_ref().map_or(Ok(()), |session| session.write(path, on_disk, &print(plan)))
    }

    /// Forgets the kept work of a plan.
    pub fn forget(&self, path: Option<&Path>) {
        if let Some(session) = &self.session
            && let Err(problem) = session.remove(path)
        {
            tracing::warn!("{problem}");
        }
    }

    /// Work of a session that ended too early, the newest first.
    #[must_use]
    pub fn recoveries(&self) -> Vec<Recovery> {
        self.user().map(recovery::list).unwrap_or_default()
    }

    /// Plans opened lately, the newest first.
    #[must_use]
    pub fn recent(&self) -> Vec<PathBuf> {
        self.user().map(recent::list).unwrap_or_default()
    }

    /// Keeps a version of a plan that has a file.
    pub fn keep_version(&self, path: &Path, plan: &Plan, saved: bool, figures: &str) {
        if let Some(user) = self.user()
            && let Err(problem) = versions::keep(user, path, &print(plan), saved, figures)
        {
            tracing::warn!("{problem}");
        }
    }

    /// Versions of a plan, the newest first.
    #[must_use]
    pub fn versions(&self, path: &Path) -> Vec<Version> {
        self.user().map(|user| versions::list(user, path)).unwrap_or_default()
    }

    /// Notes that a plan was opened.
    pub fn note_recent(&self, path: &Path) {
        if let Some(user) = self.user()
            && let Err(problem) = recent::add(user, path)
        {
            tracing::warn!("{problem}");
        }
    }
}

/// Throws kept work away.
pub fn discard(recovery: &Recovery) {
    if let Err(problem) = recovery::discard(recovery) {
        tracing::warn!("{problem}");
    }
}
