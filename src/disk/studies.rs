//! Folders of results of studies: one line a point, flushed as it comes, so that a run that is killed goes on
//! from there.
//!
//! `<out>/<study>/study.json` says what the folder belongs to; `points-<shard>-of-<shards>.jsonl` are the points
//! of each part; `points.jsonl` is all of them in order, once they have been merged.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{DiskError, create_folder, read_text_up_to, write_bytes};

/// Largest file of points that is read: two thousand million bytes are half a million points.
const MAX_POINTS_BYTES: usize = 2 << 30;
/// Largest `study.json`.
const MAX_HEADER_BYTES: usize = 1 << 20;

/// What a folder of results belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Id of the study in its plan.
    pub study: String,
    /// Name of the plan.
    pub plan: String,
    /// Key of the study: what was run.
    pub key: String,
    /// How many points it has.
    pub points: usize,
    /// Version of the program.
    pub version: String,
}

/// A folder of results.
#[derive(Debug)]
pub struct StudyFolder {
    path: PathBuf,
}

/// The file of one part, open to be written on.
#[derive(Debug)]
pub struct PartFile {
    file: File,
    path: PathBuf,
    /// Its lines so far.
    pub lines: Vec<String>,
    /// Bytes at its end that were no whole line and were dropped.
    pub torn: usize,
}

impl StudyFolder {
    /// The folder of a study, made if it is not there.
    ///
    /// # Errors
    /// It holds the points of another study, or can't be made.
    pub fn open(out: &Path, header: &Header) -> Result<Self, DiskError> {
        let folder = Self { path: out.join(&header.study) };
        create_folder(&folder.path)?;
        match folder.header()? {
            Some(there) if there.key == header.key => {}
            Some(_) => return Err(DiskError::OtherStudy { path: folder.path }),
            None => {
                let text = serde_json::to_string_pretty(header).unwrap_or_default() + "\n";
                write_bytes(&folder.path.join("study.json"), text.as_bytes())?;
            }
        }
        Ok(folder)
    }

    /// A folder that is there already.
    ///
    /// # Errors
    /// There is none.
    pub fn existing(out: &Path, study: &str) -> Result<(Self, Header), DiskError> {
        let folder = Self { path: out.join(study) };
        match folder.header()? {
            Some(header) => Ok((folder, header)),
            None => Err(DiskError::Missing { path: folder.path.join("study.json") }),
        }
    }

    fn header(&self) -> Result<Option<Header>, DiskError> {
        let path = self.path.join("study.json");
        match read_text_up_to(&path, MAX_HEADER_BYTES) {
            Err(DiskError::Missing { .. }) => Ok(None),
            Err(error) => Err(error),
            Ok(text) => serde_json::from_str(&text).map(Some).map_err(|_| DiskError::BrokenPoints { path, line: 1 }),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file of a part, to be written on: what is there is read first, and half a line at its end dropped.
    ///
    /// # Errors
    /// Another run writes it, or it can't be read or written.
    pub fn part(&self, number: usize, of: usize) -> Result<PartFile, DiskError> {
        let path = self.path.join(format!("points-{number}-of-{of}.jsonl"));
        let failed = |source| DiskError::Write { path: path.clone(), source };
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(DiskError::Busy { path }),
            // A file system without locks: two runs of one part would write every point twice, which a merge sees.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        (&mut file).take(MAX_POINTS_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() > MAX_POINTS_BYTES {
            return Err(DiskError::TooLarge { path, limit: MAX_POINTS_BYTES });
        }
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let torn = bytes.len() - whole;
        if torn > 0 {
            file.set_len(whole as u64).map_err(failed)?;
            bytes.truncate(whole);
        }
        let text =
            String::from_utf8(bytes).map_err(|error| DiskError::NotText { path: path.clone(), at: error.utf8_error().valid_up_to() })?;
        Ok(PartFile { file, path, lines: text.lines().map(str::to_owned).collect(), torn })
    }

    /// The lines of all parts, by file; half a line at the end of one is left out.
    ///
    /// # Errors
    /// The folder or a file can't be read.
    pub fn parts(&self) -> Result<Vec<(PathBuf, Vec<String>)>, DiskError> {
        let failed = |source| DiskError::Read { path: self.path.clone(), source };
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(&self.path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with("points-") && name.ends_with(".jsonl") {
                paths.push(entry.path());
            }
        }
        paths.sort();
        paths.into_iter().map(|path| whole_lines(&path).map(|lines| (path, lines))).collect()
    }

    /// Writes all points in order.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn write_merged(&self, lines: &[String]) -> Result<PathBuf, DiskError> {
        let path = self.path.join("points.jsonl");
        let mut text = lines.join("\n");
        text.push('\n');
        write_bytes(&path, text.as_bytes())?;
        Ok(path)
    }

    /// All points in order, if they have been merged.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn merged(&self) -> Result<Option<Vec<String>>, DiskError> {
        match whole_lines(&self.path.join("points.jsonl")) {
            Err(DiskError::Missing { .. }) => Ok(None),
            lines => lines.map(Some),
        }
    }
}

fn whole_lines(path: &Path) -> Result<Vec<String>, DiskError> {
    let text = read_text_up_to(path, MAX_POINTS_BYTES)?;
    let whole = text.rfind('\n').map_or("", |last| &text[..last]);
    Ok(whole.lines().map(str::to_owned).collect())
}

impl PartFile {
    /// Writes a line and hands it to the system at once.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn add(&mut self, line: &str) -> Result<(), DiskError> {
        let failed = |source| DiskError::Write { path: self.path.clone(), source };
        let mut bytes = line.as_bytes().to_vec();
        bytes.push(b'\n');
        self.file.write_all(&bytes).map_err(failed)?;
        self.file.flush().map_err(failed)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Most memory that this process has held, MiB, where the system says it.
#[must_use]
pub fn peak_memory_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kib| kib.div_ceil(1024))
}
