//! The only room that touches the file system: bounded reading, atomic writing, series files,
//! recovery files and the list of recent plans.
//!
//! A plan that is opened is only read, and files beside it are read only inside its folder. A plan
//! that is saved is never half-written: see [`save_plan`].
#![expect(clippy::disallowed_methods, reason = "this is the room that owns files")]

mod folders;
mod fonts;
mod products;
pub mod recent;
pub mod recovery;
mod replace;
mod save;
mod series;
pub mod settings;
pub mod studies;
pub mod versions;

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::plan::Plan;
use crate::plan::file::MAX_PLAN_BYTES;

pub use folders::{UserFolder, in_full};
pub use fonts::installed_fonts;
pub use products::Products;
pub use save::{Expected, save_copy_with_series, save_plan, save_text};
pub use series::{MAX_SERIES_BYTES, SERIES_ENDINGS, beside, read_series, series_files};

/// The file system failed, or a file is not what it should be.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// Nothing is there.
    #[error("There is no file {}.", .path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// Something else is there.
    #[error("{} is not a file.", .path.display())]
    NotAFile {
        /// The place.
        path: PathBuf,
    },
    /// It can't be read.
    #[error("The file {} can't be read. Check that you may open it.", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is larger than what is read.
    #[error("The file {} is larger than {} MiB, the most that is read.", .path.display(), .limit >> 20)]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Most bytes.
        limit: usize,
    },
    /// It is not text.
    #[error("The file {} is not text in UTF-8 (byte {} is not). Is it a plan?", .path.display(), .at)]
    NotText {
        /// The file.
        path: PathBuf,
        /// First byte that is not text.
        at: usize,
    },
    /// It can't be written.
    #[error("The file {} can't be written; what was there is kept. Check that you may write there and that the disk is not full.", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is written, but may not outlast a power cut.
    #[error("The file {} is written, but the disk has not confirmed that it would outlast a power cut. Check the disk and save again.", .path.display())]
    Unconfirmed {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It may not be written.
    #[error("The file {} is read-only. Save the plan under another name.", .path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Someone else wrote it since it was read.
    #[error("The file {} was changed on disk since it was opened. Reload it, save under another name, or save over it.", .path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A file is there that may not be written over.
    #[error("There is a file {} already. Choose another name or folder.", .path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// What is made from a plan would take the place of a plan or of what a plan reads.
    #[error("{} is {what}; nothing that is made is written over it. Choose another name.", .path.display())]
    Input {
        /// The file.
        path: PathBuf,
        /// What it is: "a plan", "read here".
        what: &'static str,
    },
    /// Two things that one command makes would be one file.
    #[error("{} was just written by this command. Name another file for each.", .path.display())]
    Made {
        /// The file.
        path: PathBuf,
    },
    /// A link stands where a file of the program's own is to be written.
    #[error("{} is a link; the file is not written through it. Remove the link, or name a file with --to.", .path.display())]
    Link {
        /// The link.
        path: PathBuf,
    },
    /// The plan's text would not be read as the same plan again; it is not written.
    #[error("The plan can't be saved because its text would not be read as the same plan again: {problem}")]
    NotReadBack {
        /// What is wrong.
        problem: String,
    },
    /// The series of a plan can't be copied with it.
    #[error("The series of the plan can't be copied: {problem}")]
    Series {
        /// What is wrong.
        problem: String,
    },
    /// A folder of results holds those of another study.
    #[error("{} holds the points of another study, or of this one before its plan changed. Name another folder with --out, or delete this one.", .path.display())]
    OtherStudy {
        /// The folder.
        path: PathBuf,
    },
    /// Another run writes the file.
    #[error("Another run is writing {}. Wait for it, or end it.", .path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// A line of a file of results cannot be read.
    #[error("Line {line} of {} is not a point of a study. Delete the file; its points are then run again.", .path.display())]
    BrokenPoints {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
    },
    /// No folder of the user is known.
    #[error("No folder for the program's own files is known: neither XDG_DATA_HOME nor HOME is set.")]
    NoUserFolder,
}

/// What a file held, to notice that someone else wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// From hexadecimal digits, as [`Self::hex`] gives them.
    #[must_use]
    pub fn from_hex(digits: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if digits.len() != 2 * bytes.len() {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// As hexadecimal digits (SHA-256).
    #[must_use]
    pub fn hex(&self) -> String {
        self.0.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
    }
}

/// Reads a plan's text, at most 8 MiB.
///
/// # Errors
/// The file is missing, too large, not text, or can't be read.
pub fn read_text(path: &Path) -> Result<String, DiskError> {
    read_text_up_to(path, MAX_PLAN_BYTES)
}

/// Reads a text of at most `limit` bytes.
///
/// # Errors
/// The file is missing, too large, not text, or can't be read.
pub fn read_text_up_to(path: &Path, limit: usize) -> Result<String, DiskError> {
    let bytes = read_bytes(path, limit)?;
    String::from_utf8(bytes).map_err(|error| DiskError::NotText { path: path.to_owned(), at: error.utf8_error().valid_up_to() })
}

/// Reads a file of at most `limit` bytes.
///
/// # Errors
/// The file is missing, too large, or can't be read.
pub fn read_bytes(path: &Path, limit: usize) -> Result<Vec<u8>, DiskError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => DiskError::Missing { path: path.to_owned() },
        _ => DiskError::Read { path: path.to_owned(), source },
    };
    // Asked before opening: to open a pipe waits for ever.
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(DiskError::NotAFile { path: path.to_owned() });
    }
    let too_large = || DiskError::TooLarge { path: path.to_owned(), limit };
    if metadata.len() > limit as u64 {
        return Err(too_large());
    }
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    // It may have grown since.
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > limit { Err(too_large()) } else { Ok(bytes) }
}

/// Writes a file as a whole or not at all: what was there stays until the new bytes are safe. Who calls
/// it knows what is there: [`Products`], [`write_new`] and [`save_plan`] ask before.
///
/// # Errors
/// The file can't be written.
fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    replace::replace(&replace::RealFiles, path, bytes)
}

/// Writes a file that only the user may read: what they work on is nobody else's.
///
/// # Errors
/// The file can't be written.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    replace::replace_private(&replace::RealFiles, path, bytes)
}

/// Makes a folder (and those above it) that only the user may look into; one that is there already is
/// closed to others.
///
/// # Errors
/// It can't be made.
pub fn create_private_folder(path: &Path) -> Result<(), DiskError> {
    let failed = |source| DiskError::Write { path: path.to_owned(), source };
    std::fs::create_dir_all(path).map_err(failed)?;
    // Nothing is in a new folder yet that another could have read before this.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mut permissions = std::fs::metadata(path).map_err(failed)?.permissions();
        if permissions.mode() & 0o077 != 0 {
            permissions.set_mode(0o700);
            std::fs::set_permissions(path, permissions).map_err(failed)?;
        }
    }
    Ok(())
}

/// Writes a file that is not there yet.
///
/// # Errors
/// Something is there, or the file can't be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    save::expect(path, Expected::Nothing)?;
    replace::place_new(&replace::RealFiles, path, bytes)
}

/// Whether two names lead to one file: by links, by other ways through folders, or as hard links.
fn is_same_file(one: &Path, other: &Path) -> bool {
    if let (Ok(one), Ok(other)) = (one.canonicalize(), other.canonicalize())
        && one == other
    {
        return true;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        if let (Ok(one), Ok(other)) = (std::fs::metadata(one), std::fs::metadata(other)) {
            return one.is_file() && (one.dev(), one.ino()) == (other.dev(), other.ino());
        }
    }
    false
}

/// Whether a plan is at a place, by what it says of itself.
fn is_plan(path: &Path) -> bool {
    // A file too large for a plan is none; its start tells.
    std::fs::metadata(path).is_ok_and(|there| there.is_file()) && read_text(path).is_ok_and(|text| crate::plan::file::states_schema(&text))
}

/// Makes a folder and those above it.
///
/// # Errors
/// It can't be made.
pub fn create_folder(path: &Path) -> Result<(), DiskError> {
    std::fs::create_dir_all(path).map_err(|source| DiskError::Write { path: path.to_owned(), source })
}

/// The files a plan is made of: its own and those of its series, whether they are there or not.
#[must_use]
pub fn files_of(plan: &Plan, path: &Path) -> Vec<PathBuf> {
    let beside = plan.profiles.values().filter_map(|profile| Some(folder_of(path).join(profile.file_path()?)));
    std::iter::once(path.to_owned()).chain(beside).collect()
}

/// The folder a plan stands in, where its series are looked for.
#[must_use]
pub fn folder_of(plan: &Path) -> &Path {
    match plan.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
