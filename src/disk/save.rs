//! Saving plans.

use std::path::Path;

use super::replace::{Files, RealFiles, replace};
use super::series::{confined, read_confined};
use super::{DiskError, Fingerprint, create_folder, folder_of, read_bytes, write_bytes};
use crate::plan::Plan;
use crate::plan::file::{MAX_PLAN_BYTES, parse, print};

/// What the saver believes is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// What was read or saved last; anything else is [`DiskError::Changed`].
    Unchanged(Fingerprint),
    /// No file; one that is there is [`DiskError::Exists`].
    Nothing,
    /// Whatever there is: the planner was asked and said so.
    Anything,
}

/// Saves a plan: its text is read back and compared, then it replaces the file as a whole. At any
/// moment, also after a crash or a power cut, the file holds the old plan or the new one. A link is
/// followed, permissions are kept. Gives the fingerprint to expect at the next save.
///
/// # Errors
/// The file was changed by someone else, can't be written, or the plan can't be written as text;
/// what was there is kept.
pub fn save_plan(plan: &Plan, path: &Path, expected: Expected) -> Result<Fingerprint, DiskError> {
    save_with(&RealFiles, plan, path, expected)
}

fn save_with(files: &dyn Files, plan: &Plan, path: &Path, expected: Expected) -> Result<Fingerprint, DiskError> {
    let text = print(plan);
    // Never write what can't be read again.
    let read = parse(&text);
    if read.plan.as_ref() != Some(plan) {
        let problem = read
            .problems
            .first()
            .map_or_else(|| "it reads as another plan.".to_owned(), |problem| format!("{} ({})", problem.message, problem.path));
        return Err(DiskError::NotReadBack { problem });
    }
    save_text_with(files, &text, path, expected)
}

/// Saves a text that is not a plan (yet), as it is.
///
/// # Errors
/// The file was changed by someone else or can't be written; what was there is kept.
pub fn save_text(text: &str, path: &Path, expected: Expected) -> Result<Fingerprint, DiskError> {
    save_text_with(&RealFiles, text, path, expected)
}

fn save_text_with(files: &dyn Files, text: &str, path: &Path, expected: Expected) -> Result<Fingerprint, DiskError> {
    // Between the look and the rename another window could write: whoever saves waits for their turn.
    let _turn = turn_at(path);
    expect(path, expected)?;
    if expected == Expected::Nothing {
        super::replace::place_new(files, path, text.as_bytes())?;
    } else {
        replace(files, path, text.as_bytes())?;
    }
    Ok(Fingerprint::of(text.as_bytes()))
}

/// Longest wait for another window that saves the same plan, in steps of 10 ms.
const PATIENCE: usize = 200;

/// A hold on the plan's file while it is replaced. It is let go when it is dropped, and by the system when the
/// process ends. Where there is no file or the file system has no locks, there is none: what is saved is whole
/// all the same.
fn turn_at(path: &Path) -> Option<std::fs::File> {
    if !cfg!(unix) {
        // There, a hold keeps the holder from reading, too.
        return None;
    }
    let file = std::fs::File::open(path).ok().filter(|file| file.metadata().is_ok_and(|there| there.is_file()))?;
    for _ in 0..PATIENCE {
        match file.try_lock() {
            Ok(()) => return Some(file),
            Err(std::fs::TryLockError::WouldBlock) => std::thread::sleep(std::time::Duration::from_millis(10)),
            Err(std::fs::TryLockError::Error(_)) => return None,
        }
    }
    None
}

/// Whether what the writer believes is so.
pub(super) fn expect(path: &Path, expected: Expected) -> Result<(), DiskError> {
    match expected {
        Expected::Unchanged(before) => match read_bytes(path, MAX_PLAN_BYTES) {
            Ok(bytes) if Fingerprint::of(&bytes) == before => Ok(()),
            // Gone is changed too, but nothing can be lost by writing it again.
            Err(DiskError::Missing { .. }) => Ok(()),
            Ok(_) | Err(DiskError::TooLarge { .. }) => Err(DiskError::Changed { path: path.to_owned() }),
            Err(error) => Err(error),
        },
        // A link that leads nowhere is something too.
        Expected::Nothing if path.symlink_metadata().is_ok() => Err(DiskError::Exists { path: path.to_owned() }),
        Expected::Nothing | Expected::Anything => Ok(()),
    }
}

/// Saves a copy of a plan with the series files it names, so that the copy's folder can be mailed.
/// `folder` is where the plan's series are now.
///
/// # Errors
/// A series can't be read, another file is in the way of a copy, or something can't be written.
pub fn save_copy_with_series(plan: &Plan, folder: &Path, copy: &Path) -> Result<Fingerprint, DiskError> {
    let to = folder_of(copy);
    let mut copies: Vec<(&str, Vec<u8>)> = Vec::new();
    for profile in plan.profiles.values() {
        if let Some(path) = profile.file_path()
            && !copies.iter().any(|(known, _)| *known == path)
        {
            let file = confined(folder, path).map_err(|problem| DiskError::Series { problem })?;
            copies.push((path, read_confined(&file)?));
        }
    }
    // All is read before anything is written, and nothing of others is written over. The same copy
    // again is fine.
    let same = read_bytes(copy, MAX_PLAN_BYTES).is_ok_and(|there| there == print(plan).as_bytes());
    let expected = if same { Expected::Anything } else { Expected::Nothing };
    expect(copy, expected)?;
    for (path, bytes) in &copies {
        let target = to.join(path);
        match read_bytes(&target, bytes.len()) {
            Err(DiskError::Missing { .. }) => {}
            Ok(there) if there == *bytes => {}
            _ => return Err(DiskError::Exists { path: target }),
        }
    }
    create_folder(to)?;
    for (path, bytes) in &copies {
        let target = to.join(path);
        if !target.exists() {
            create_folder(folder_of(&target))?;
            // A link inside the new folder could lead out of it.
            confined(to, path.rsplit_once('/').map_or(".", |(folder, _)| folder)).map_err(|problem| DiskError::Series { problem })?;
            write_bytes(&target, bytes)?;
        }
    }
    save_plan(plan, copy, expected)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::fs;

    use super::super::replace::tests::FailAt;
    use super::*;

    const SMALL: &str = include_str!("../../tests/plans/small.ron");

    #[test]
    fn after_a_failure_at_any_step_the_old_or_the_new_plan_loads() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.ron");
        let old = parse(SMALL).plan.unwrap();
        let mut new = old.clone();
        new.name = "Another name".into();
        let mut outcomes = Vec::new();
        for step in 1.. {
            let before = save_plan(&old, &path, Expected::Anything).unwrap();
            let files = FailAt { step, done: Cell::new(0) };
            let result = save_with(&files, &new, &path, Expected::Unchanged(before));
            let loaded = parse(&fs::read_to_string(&path).unwrap()).plan.unwrap();
            assert!(loaded == old || loaded == new, "step {step}");
            outcomes.push(loaded == new);
            if result.is_ok() {
                break;
            }
        }
        // Old until the rename, new after it.
        assert_eq!(outcomes, [false, false, false, false, false, true, true]);
    }

    /// Windows that save one plan in the same moment: one is first, and all the others hear of it.
    #[test]
    fn of_many_windows_one_saves() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.ron");
        for round in 0..20 {
            let before = save_text("(schema: 1)", &path, Expected::Anything).unwrap();
            let new = folder.path().join(format!("new-{round}.ron"));
            let saved = std::thread::scope(|scope| {
                let windows: Vec<_> = (0..8)
                    .map(|window| {
                        let (path, new) = (&path, &new);
                        scope.spawn(move || {
                            let text = format!("(schema: 1) // {window}");
                            (save_text(&text, path, Expected::Unchanged(before)), save_text(&text, new, Expected::Nothing))
                        })
                    })
                    .collect();
                windows.into_iter().map(|window| window.join().unwrap()).collect::<Vec<_>>()
            });
            assert_eq!(saved.iter().filter(|(first, _)| first.is_ok()).count(), 1, "round {round}");
            assert_eq!(saved.iter().filter(|(_, second)| second.is_ok()).count(), 1, "round {round}");
            for (first, second) in saved {
                assert!(matches!(first, Ok(_) | Err(DiskError::Changed { .. })), "{first:?}");
                assert!(matches!(second, Ok(_) | Err(DiskError::Exists { .. })), "{second:?}");
            }
        }
        assert!(fs::read_dir(folder.path()).unwrap().all(|entry| !entry.unwrap().file_name().to_string_lossy().ends_with(".tmp")));
    }

    #[test]
    fn a_plan_that_could_not_be_read_again_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.ron");
        let mut plan = parse(SMALL).plan.unwrap();
        save_plan(&plan, &path, Expected::Anything).unwrap();
        plan.tolerance_fraction = f64::NAN;
        let error = save_plan(&plan, &path, Expected::Anything).unwrap_err();
        assert!(matches!(error, DiskError::NotReadBack { .. }), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), SMALL);
    }
}
