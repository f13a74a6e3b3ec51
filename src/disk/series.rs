//! Series in files beside a plan: which are opened; what is in them is read in the room `series`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::{DiskError, read_bytes};
use crate::catalog::Catalog;
use crate::catalog::config::{MAX_CONFIG_BYTES, read_config};
use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::plan::check::series_path_problem;
use crate::plan::horizon::Profile;
use crate::resolved::{FileReport, Series};
use crate::series::uses::{clock_doubt, reading_of, uses};
use crate::series::{Clock, Fault};

/// Largest series file in bytes (64 MiB).
pub const MAX_SERIES_BYTES: usize = 64 << 20;

/// Most bytes of all series files of a plan together.
const MAX_ALL_BYTES: usize = 256 << 20;

/// Reads the series files a plan names. `folder` is the plan's folder; nothing outside of it is
/// opened. Without a folder (a plan that was never saved) every file is an error.
///
/// # Errors
/// Everything that is wrong with the files, at the paths of their profiles.
pub fn read_series<'f>(plan: &Plan, folder: impl Into<Option<&'f Path>>) -> Result<Series, Vec<Diagnostic>> {
    let folder = folder.into();
    let mut series = Series::default();
    let mut problems = Vec::new();
    let mut files: HashMap<&str, Result<Vec<u8>, String>> = HashMap::new();
    let mut room = MAX_ALL_BYTES;
    let uses = uses(plan);
    for (id, profile) in &plan.profiles {
        let (Some(file), Some(file_path)) = (profile.file(), profile.file_path()) else {
            continue;
        };
        let path = format!("profiles.{id}");
        if series_path_problem(file_path).is_some() {
            // `check` says it; here it is only not opened, but a plan must not be solved without it.
            problems.push(Diagnostic::error(
                "bad-path",
                format!("{path}.path"),
                "The file is not read because its path may leave the plan's folder.",
            ));
            continue;
        }
        let Some(folder) = folder else {
            let message = format!("The file `{file_path}` is looked for beside the plan, but the plan is not saved yet.");
            problems
                .push(Diagnostic::error("no-folder", format!("{path}.path"), message).help("Save the plan into the folder of its series."));
            continue;
        };
        let bytes = files.entry(file_path).or_insert_with(|| {
            let bytes = confined(folder, file_path).and_then(|file| read_confined(&file).map_err(|error| error.to_string()))?;
            room = room
                .checked_sub(bytes.len())
                .ok_or_else(|| format!("The series of a plan may have {} MiB together.", MAX_ALL_BYTES >> 20))?;
            Ok(bytes)
        });
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(problem) => {
                problems.push(Diagnostic::error("bad-file", format!("{path}.path"), problem.clone()));
                continue;
            }
        };
        let used = uses.get(id).map_or(&[][..], Vec::as_slice);
        // An old `Csv` has no field for most of what can be said about a file.
        let old = matches!(profile, Profile::Csv(_));
        let diagnostic = |fault: Fault| {
            let field = if old && !matches!(fault.field, "column" | "utc_offset_hours") { "path" } else { fault.field };
            let mut diagnostic = Diagnostic::error(fault.code, format!("{path}.{field}"), format!("`{file_path}`: {}", fault.message));
            diagnostic.severity = fault.severity;
            diagnostic.help = (!fault.help.is_empty()).then_some(fault.help);
            diagnostic
        };
        match crate::series::read(bytes, &reading_of(&file, used, Catalog::embedded().exchange_rates())) {
            Ok(clean) => {
                series.warnings.extend(clock_doubt(&clean, used).into_iter().chain(clean.warnings.iter().cloned()).map(diagnostic));
                if let Clock::Fixed(hours) = clean.clock {
                    series.clocks.insert(id.clone(), hours);
                }
                series.files.insert(id.clone(), clean.values);
                series.reports.insert(id.clone(), FileReport { seen: clean.seen, put_right: clean.put_right });
            }
            Err(faults) => problems.extend(faults.into_iter().map(diagnostic)),
        }
    }
    read_configs(plan, folder, &mut series, &mut problems);
    if problems.is_empty() { Ok(series) } else { Err(problems) }
}

/// The configs of served models that a plan names.
fn read_configs(plan: &Plan, folder: Option<&Path>, series: &mut Series, problems: &mut Vec<Diagnostic>) {
    for (id, served) in &plan.served_models {
        let Some(name) = &served.config else { continue };
        let path = format!("served_models.{id}.config");
        let Some(folder) = folder else {
            let message = format!("The file `{name}` is looked for beside the plan, but the plan is not saved yet.");
            problems.push(Diagnostic::error("no-folder", path, message).help("Save the plan into the folder of the config."));
            continue;
        };
        let read = confined(folder, name)
            .and_then(|file| read_bytes(&file, MAX_CONFIG_BYTES).map_err(|error| error.to_string()))
            .and_then(|bytes| String::from_utf8(bytes).map_err(|_| format!("`{name}` is not text.")))
            .and_then(|text| read_config(&text).map_err(|reason| format!("`{name}` can't be used: {reason}.")));
        match read {
            Ok(row) => {
                series.configs.insert(id.clone(), row);
            }
            Err(message) => problems.push(
                Diagnostic::error("bad-config", path, message)
                    .help("Put the `config.json` of the published weights beside the plan, or state the sizes instead."),
            ),
        }
    }
}

/// Endings of files that may hold a series.
pub const SERIES_ENDINGS: [&str; 6] = ["csv", "tsv", "txt", "dat", "xlsx", "xlsm"];

/// Files beside a plan that may hold a series, by name; at most so many, folders left out.
#[must_use]
pub fn series_files(folder: &Path, most: usize) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.rsplit_once('.').is_some_and(|(_, ending)| SERIES_ENDINGS.contains(&ending.to_lowercase().as_str())))
        .collect();
    names.sort_unstable();
    names.truncate(most);
    names
}

/// Where a file lies in a plan's folder, by its relative path, and whether it had to be copied there. One that lies
/// elsewhere is copied under its own name, or under the next that is free.
///
/// # Errors
/// It can't be written.
pub fn beside(folder: &Path, file: &Path, bytes: &[u8]) -> Result<(String, bool), DiskError> {
    /// Names that are tried.
    const TRIED: usize = 1000;
    let root = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let there = root.canonicalize().ok().zip(file.canonicalize().ok());
    if let Some(inside) = there.as_ref().and_then(|(root, file)| file.strip_prefix(root).ok()) {
        let parts: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        return Ok((parts.join("/"), false));
    }
    let text = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = (text(file.file_stem()), text(file.extension()));
    let ending = if ending.is_empty() { String::new() } else { format!(".{ending}") };
    let mut last = None;
    for number in 1..=TRIED {
        let name = if number == 1 { format!("{stem}{ending}") } else { format!("{stem}-{number}{ending}") };
        let to = root.join(&name);
        // The same file once more is not copied twice.
        if read_confined(&to).is_ok_and(|known| known == bytes) {
            return Ok((name, false));
        }
        match super::write_new(&to, bytes) {
            Ok(()) => return Ok((name, true)),
            Err(error) if to.exists() => last = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(last.unwrap_or(DiskError::Link { path: file.to_owned() }))
}

/// The file at a relative path, if it is inside the folder also after links are followed.
pub(super) fn confined(folder: &Path, relative: &str) -> Result<PathBuf, String> {
    if relative != "."
        && let Some(problem) = series_path_problem(relative)
    {
        return Err(problem.to_owned());
    }
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let root = folder.canonicalize().map_err(|_| format!("The plan's folder {} can't be opened.", folder.display()))?;
    let file = root.join(relative).canonicalize().map_err(|_| format!("There is no file `{relative}` beside the plan."))?;
    if file.starts_with(&root) {
        Ok(file)
    } else {
        Err(format!("The file `{relative}` is a link that leaves the plan's folder; it is not opened."))
    }
}

pub(super) fn read_confined(file: &Path) -> Result<Vec<u8>, DiskError> {
    read_bytes(file, MAX_SERIES_BYTES)
}
