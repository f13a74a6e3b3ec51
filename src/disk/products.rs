//! What is made from a plan or a file: charts, tables, reports, answers, contracts.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::{DiskError, folder_of, is_plan, is_same_file, write_bytes};

/// The files that one command makes. None is written over what the command reads, over a plan, or over
/// another that it has just made, whatever name or link leads there.
#[derive(Debug, Default)]
pub struct Products {
    inputs: Vec<PathBuf>,
    made: Mutex<Vec<PathBuf>>,
}

impl Products {
    /// What is made from these files.
    #[must_use]
    pub fn of(inputs: Vec<PathBuf>) -> Self {
        Self { inputs, made: Mutex::default() }
    }

    /// Writes one.
    ///
    /// # Errors
    /// The place is taken by an input, a plan or another product, or the file can't be written.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
        if self.inputs.iter().any(|input| is_same_file(path, input)) {
            return Err(DiskError::Input { path: path.to_owned(), what: "read here" });
        }
        if is_plan(path) {
            return Err(DiskError::Input { path: path.to_owned(), what: "a plan" });
        }
        let mut made = self.made.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Several texts may go to one pipe or terminal.
        if std::fs::metadata(path).is_ok_and(|there| there.is_file()) && made.iter().any(|other| is_same_file(path, other)) {
            return Err(DiskError::Made { path: path.to_owned() });
        }
        write_bytes(path, bytes)?;
        made.push(path.to_owned());
        Ok(())
    }

    /// Writes one under a name of the program's own choosing: a link there is not followed, since whoever
    /// put it may mean another's file.
    ///
    /// # Errors
    /// A link is in the way, or the file can't be written.
    pub fn write_own(&self, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
        for place in [folder_of(path), path] {
            if std::fs::symlink_metadata(place).is_ok_and(|there| there.file_type().is_symlink()) {
                return Err(DiskError::Link { path: place.to_owned() });
            }
        }
        self.write(path, bytes)
    }
}
