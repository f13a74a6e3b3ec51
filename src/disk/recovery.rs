//! Recovery files: after a crash the last edits are offered, never applied by themselves.
//!
//! One file for each plan and session in the user's folder, named by the hash of the plan's path and
//! the session. Its first line is a comment that names the plan; the rest is the plan's text as a save
//! would write it. A session that lives holds a lock, which the system lets go when its process ends,
//! however it ends: so the work of another window is not taken for what a crash left, and what a crash
//! left is not written over by the next session.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use super::replace::create_private_file;
use super::{DiskError, Fingerprint, UserFolder, create_private_folder, read_text_up_to, write_private};
use crate::plan::file::MAX_PLAN_BYTES;

const ENDING: &str = ".recovery.ron";
const LOCK_ENDING: &str = ".session";
const HEADER: &str = "// Recovery of ";

/// What the first line says of the plan.
#[derive(serde::Serialize, serde::Deserialize)]
struct Header {
    /// Its path, if it has one.
    plan: Option<String>,
    /// Hexadecimal digits of the [`Fingerprint`] its file had.
    on_disk: Option<String>,
}

/// Most bytes of a recovery file: a plan and its header.
const MAX_BYTES: usize = MAX_PLAN_BYTES + (64 << 10);

/// What a crash left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The recovery file.
    pub file: PathBuf,
    /// The plan it belongs to; nothing if that was never saved.
    pub plan_path: Option<PathBuf>,
    /// What the plan's file held when the session read or saved it last: anything else there now is
    /// another's work. Nothing if that is not known.
    pub on_disk: Option<Fingerprint>,
    /// The plan's text.
    pub text: String,
    /// When it was written.
    pub written: Option<SystemTime>,
}

fn folder(user: &UserFolder) -> PathBuf {
    user.path().join("recovery")
}

/// Who writes recovery files: one window, from its start to its end.
#[derive(Debug)]
pub struct Session {
    user: UserFolder,
    /// Without a dash: it follows the last one in the names of files.
    id: String,
    /// Locked from the first file on; nothing where the system has no locks.
    lock: OnceLock<Option<File>>,
}

impl Session {
    /// A session that keeps its files in the user's folder. Nothing is written yet.
    #[must_use]
    pub fn new(user: UserFolder) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { user, id: format!("{}x{:x}", std::process::id(), now.as_nanos()), lock: OnceLock::new() }
    }

    /// The user's folder.
    #[must_use]
    pub fn user(&self) -> &UserFolder {
        &self.user
    }

    fn lock_file(&self) -> PathBuf {
        folder(&self.user).join(format!("{}{LOCK_ENDING}", self.id))
    }

    fn file_of(&self, plan_path: Option<&Path>) -> PathBuf {
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
            None => "untitled".to_owned(),
        };
        folder(&self.user).join(format!("{name}-{}{ENDING}", self.id))
    }

    /// Writes the recovery file of a plan (of a new plan, if it has no path yet). `on_disk` is what the
    /// plan's file held when it was read or saved last.
    ///
    /// # Errors
    /// It can't be written.
    pub fn write(&self, plan_path: Option<&Path>, on_disk: Option<Fingerprint>, text: &str) -> Result<(), DiskError> {
        create_private_folder(&folder(&self.user))?;
        self.lock.get_or_init(|| create_private_file(&self.lock_file()).ok().filter(|file| file.try_lock().is_ok()));
        let shown = plan_path.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
        let header = Header { plan: shown.map(|path| path.to_string_lossy().into_owned()), on_disk: on_disk.map(|held| held.hex()) };
        let header = serde_json::to_string(&header).unwrap_or_default();
        write_private(&self.file_of(plan_path), format!("{HEADER}{header}\n{text}").as_bytes())
    }

    /// Removes this session's recovery file of a plan, after a save or when nothing is unsaved any more.
    ///
    /// # Errors
    /// It is there and can't be removed.
    pub fn remove(&self, plan_path: Option<&Path>) -> Result<(), DiskError> {
        remove_file(&self.file_of(plan_path))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(Some(_)) = self.lock.get()
            && let Err(problem) = remove_file(&self.lock_file())
        {
            tracing::warn!("{problem}");
        }
    }
}

/// The lock of the session that wrote a recovery file.
fn lock_of(file: &Path) -> Option<PathBuf> {
    let name = file.file_name()?.to_str()?.strip_suffix(ENDING)?;
    let (_, session) = name.rsplit_once('-')?;
    Some(file.with_file_name(format!("{session}{LOCK_ENDING}")))
}

/// Whether the session that holds a lock still lives.
fn is_held(lock: &Path) -> bool {
    File::open(lock).is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
}

fn is_saved(recovery: &Recovery, plan_path: &Path) -> bool {
    read_text_up_to(plan_path, MAX_PLAN_BYTES).is_ok_and(|saved| saved == recovery.text)
}

/// Everything that ended sessions left and that differs from what is saved, the newest first.
#[must_use]
pub fn list(user: &UserFolder) -> Vec<Recovery> {
    let Ok(entries) = std::fs::read_dir(folder(user)) else {
        return Vec::new();
    };
    let mut found: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(ENDING)))
        .filter(|path| !lock_of(path).is_some_and(|lock| is_held(&lock)))
        .filter_map(|path| read(&path))
        .filter(|recovery| !recovery.plan_path.as_deref().is_some_and(|path| is_saved(recovery, path)))
        .collect();
    found.sort_by_key(|recovery| std::cmp::Reverse(recovery.written));
    found
}

fn read(file: &Path) -> Option<Recovery> {
    let text = read_text_up_to(file, MAX_BYTES).ok()?;
    let (header, text) = text.split_once('\n')?;
    let header = header.strip_prefix(HEADER)?;
    // Earlier editions wrote the path alone.
    let header: Header =
        serde_json::from_str(header).or_else(|_| serde_json::from_str(header).map(|plan| Header { plan, on_disk: None })).ok()?;
    let written = std::fs::metadata(file).and_then(|metadata| metadata.modified()).ok();
    Some(Recovery {
        file: file.to_owned(),
        plan_path: header.plan.map(PathBuf::from),
        on_disk: header.on_disk.as_deref().and_then(Fingerprint::from_hex),
        text: text.to_owned(),
        written,
    })
}

/// Removes what a crash left, when it is declined or was applied.
///
/// # Errors
/// It is there and can't be removed.
pub fn discard(recovery: &Recovery) -> Result<(), DiskError> {
    remove_file(&recovery.file)?;
    // What an ended session left of its lock is of no use to anyone.
    lock_of(&recovery.file).filter(|lock| !is_held(lock)).map_or(Ok(()), |lock| remove_file(&lock))
}

fn remove_file(file: &Path) -> Result<(), DiskError> {
    match std::fs::remove_file(file) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(DiskError::Write { path: file.to_owned(), source }),
        _ => Ok(()),
    }
}
