//! Replaces a file as a whole: a temporary file beside it, written and synced, takes its name.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::{DiskError, folder_of};

/// Start and end of the names of temporary files.
const TEMPORARY: (&str, &str) = (".tokenworks-", ".tmp");

/// Temporary files of this age were left by a crash.
const LEFT_BEHIND: Duration = Duration::from_hours(24);

/// The steps of writing, each of which can fail; tests let them.
pub(super) trait Files {
    /// Makes a new file; a private one is the user's alone from the first byte on.
    fn create(&self, path: &Path, private: bool) -> io::Result<File>;
    /// Writes all bytes.
    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()>;
    /// Gives the file the permissions of the one it replaces.
    fn set_permissions(&self, file: &File, permissions: fs::Permissions) -> io::Result<()>;
    /// Waits until the bytes are on the disk.
    fn sync(&self, file: &File) -> io::Result<()>;
    /// Takes the place of another file.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Gives the file a second name, unless something has that name.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Waits until the folder's entries are on the disk.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// The file system.
pub(super) struct RealFiles;

impl Files for RealFiles {
    fn create(&self, path: &Path, private: bool) -> io::Result<File> {
        if private { create_private_file(path) } else { fs::OpenOptions::new().write(true).create_new(true).open(path) }
    }
    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }
    fn set_permissions(&self, file: &File, permissions: fs::Permissions) -> io::Result<()> {
        file.set_permissions(permissions)
    }
    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut tries = 0;
        loop {
            match fs::rename(from, to) {
                // On Windows a virus scanner or another program may hold the file for a moment.
                Err(error) if cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied && tries < 10 => {
                    tries += 1;
                    std::thread::sleep(Duration::from_millis(50));
                }
                result => return result,
            }
        }
    }
    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        if !cfg!(unix) {
            return Ok(());
        }
        match File::open(folder)?.sync_all() {
            // Some network file systems can't sync folders; their renames are their own affair.
            Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
            result => result,
        }
    }
}

/// Makes a new file that only the user may read.
pub(super) fn create_private_file(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// Replaces the file at `path`, or the file a link there points to; its permissions are kept.
pub(super) fn replace(files: &dyn Files, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    replace_with(files, path, bytes, false)
}

/// The same for a file that only the user may read, whatever its permissions were.
pub(super) fn replace_private(files: &dyn Files, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    replace_with(files, path, bytes, true)
}

fn replace_with(files: &dyn Files, path: &Path, bytes: &[u8], private: bool) -> Result<(), DiskError> {
    let failed = |source| DiskError::Write { path: path.to_owned(), source };
    let target = link_target(path).map_err(failed)?;
    let permissions = match fs::metadata(&target) {
        Ok(metadata) if metadata.is_dir() => return Err(DiskError::NotAFile { path: path.to_owned() }),
        Ok(metadata) if !metadata.is_file() => {
            // A pipe or a device such as /dev/stdout takes bytes but can't be replaced.
            return fs::OpenOptions::new().write(true).open(&target).and_then(|mut file| file.write_all(bytes)).map_err(failed);
        }
        // Renaming would write over it all the same.
        Ok(metadata) if metadata.permissions().readonly() => return Err(DiskError::ReadOnly { path: path.to_owned() }),
        Ok(_) if private => None,
        Ok(metadata) => Some(metadata.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    let folder = folder_of(&target);
    remove_left_behind(folder);
    let temporary = temporary_in(folder);
    let written = write_beside(files, &temporary, bytes, permissions, private).and_then(|()| files.rename(&temporary, &target));
    if let Err(error) = written {
        // What was there is untouched; the half-written file is of no use.
        let _ = fs::remove_file(&temporary);
        return Err(failed(error));
    }
    files.sync_folder(folder).map_err(|source| DiskError::Unconfirmed { path: path.to_owned(), source })
}

/// Writes a file where none is. If another made one meanwhile, that one stays.
pub(super) fn place_new(files: &dyn Files, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let failed = |source| DiskError::Write { path: path.to_owned(), source };
    let folder = folder_of(path);
    remove_left_behind(folder);
    let temporary = temporary_in(folder);
    let written = write_beside(files, &temporary, bytes, None, false).and_then(|()| match files.link(&temporary, path) {
        // File systems without second names (FAT, some shares): the look before has to do.
        Err(error) if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied) && !path.exists() => {
            files.rename(&temporary, path)
        }
        linked => linked,
    });
    // Linked, it is the new file's own second name; else it is half-written and of no use.
    let _ = fs::remove_file(&temporary);
    match written {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(DiskError::Exists { path: path.to_owned() }),
        Err(error) => return Err(failed(error)),
        Ok(()) => {}
    }
    files.sync_folder(folder).map_err(|source| DiskError::Unconfirmed { path: path.to_owned(), source })
}

fn write_beside(files: &dyn Files, temporary: &Path, bytes: &[u8], permissions: Option<fs::Permissions>, private: bool) -> io::Result<()> {
    let mut file = files.create(temporary, private)?;
    if let Some(permissions) = permissions {
        files.set_permissions(&file, permissions)?;
    }
    files.write(&mut file, bytes)?;
    // Without this a crash can leave an empty file under the new name.
    files.sync(&file)
}

/// The file that links at `path` lead to, whether it exists or not.
fn link_target(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..40 {
        match fs::symlink_metadata(&target) {
            Ok(metadata) if metadata.file_type().is_symlink() => {
                let next = fs::read_link(&target)?;
                target = folder_of(&target).join(next);
            }
            _ => return Ok(target),
        }
    }
    Err(io::Error::other("the links at this place lead in a circle"))
}

fn temporary_in(folder: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    loop {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        // Short, so that it fits wherever the plan's own name fits.
        let path = folder.join(format!("{}{}-{count}{}", TEMPORARY.0, std::process::id(), TEMPORARY.1));
        if !path.exists() {
            return path;
        }
    }
}

/// Removes temporary files that a crash left here long ago; those of today may be in use.
fn remove_left_behind(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1));
        let is_old = || entry.metadata().ok()?.modified().ok()?.elapsed().ok().map(|age| age > LEFT_BEHIND);
        if ours && is_old() == Some(true) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;

    use super::*;

    /// Fails at the n-th step; a failing write leaves half of the bytes.
    pub(in super::super) struct FailAt {
        pub step: usize,
        pub done: Cell<usize>,
    }

    impl FailAt {
        fn next(&self) -> io::Result<()> {
            self.done.set(self.done.get() + 1);
            if self.done.get() == self.step { Err(io::Error::other("as if the disk failed")) } else { Ok(()) }
        }
    }

    impl Files for FailAt {
        fn create(&self, path: &Path, private: bool) -> io::Result<File> {
            self.next()?;
            RealFiles.create(path, private)
        }
        fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
            if let Err(error) = self.next() {
                RealFiles.write(file, &bytes[..bytes.len() / 2])?;
                return Err(error);
            }
            RealFiles.write(file, bytes)
        }
        fn set_permissions(&self, file: &File, permissions: fs::Permissions) -> io::Result<()> {
            self.next()?;
            RealFiles.set_permissions(file, permissions)
        }
        fn sync(&self, file: &File) -> io::Result<()> {
            self.next()?;
            RealFiles.sync(file)
        }
        fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
            self.next()?;
            RealFiles.rename(from, to)
        }
        fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
            self.next()?;
            RealFiles.link(from, to)
        }
        fn sync_folder(&self, folder: &Path) -> io::Result<()> {
            self.next()?;
            RealFiles.sync_folder(folder)
        }
    }

    #[test]
    fn whichever_step_fails_the_file_is_old_or_new() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.txt");
        let mut steps = 0;
        for step in 1.. {
            fs::write(&path, "old").unwrap();
            let files = FailAt { step, done: Cell::new(0) };
            let result = replace(&files, &path, b"new and longer");
            let text = fs::read_to_string(&path).unwrap();
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind at step {step}");
            if result.is_ok() {
                assert_eq!(text, "new and longer");
                break;
            }
            assert!(text == "old" || text == "new and longer", "step {step}: {text}");
            assert!(result.unwrap_err().to_string().ends_with('.'));
            steps = step;
        }
        assert_eq!(steps, 6, "create, permissions, write, sync, rename, sync of the folder");
    }

    #[test]
    fn whichever_step_fails_a_new_file_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.txt");
        for step in 1.. {
            let _ = fs::remove_file(&path);
            let files = FailAt { step, done: Cell::new(0) };
            let result = place_new(&files, &path, b"all of it");
            let there = fs::read(&path).ok();
            assert!(there.as_deref().is_none_or(|bytes| bytes == b"all of it"), "step {step}");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), usize::from(there.is_some()), "nothing is left behind at step {step}");
            if result.is_ok() {
                assert_eq!(step, 6, "create, write, sync, link, sync of the folder");
                break;
            }
        }
    }

    #[test]
    fn a_file_left_by_a_crash_goes_after_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let [old, young, other] = [".tokenworks-1-1.tmp", ".tokenworks-2-1.tmp", ".other.tmp"].map(|name| folder.path().join(name));
        for path in [&old, &young, &other] {
            fs::write(path, "").unwrap();
        }
        let long_ago = std::time::SystemTime::now() - LEFT_BEHIND * 2;
        for path in [&old, &other] {
            File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
        }
        replace(&RealFiles, &folder.path().join("x"), b"x").unwrap();
        assert!(!old.exists() && young.exists() && other.exists());
    }
}
