//! Hourly series in CSV files beside a plan.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::{DiskError, read_bytes};
use crate::diagnostic::{Diagnostic, nearest_name};
use crate::plan::Plan;
use crate::plan::check::series_path_problem;
use crate::plan::horizon::{CsvProfile, Profile};
use crate::scenario::Series;

/// Largest series file in bytes (64 MiB).
pub const MAX_SERIES_BYTES: usize = 64 << 20;

/// Most bytes of all series files of a plan together.
const MAX_ALL_BYTES: usize = 256 << 20;

/// Hours of a year without 29 February.
const HOURS: usize = 8760;

/// Values that can't be read are listed up to here, then counted.
const MAX_LISTED: usize = 3;

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
    for (id, profile) in &plan.profiles {
        let Profile::Csv(csv) = profile else {
            continue;
        };
        let path = format!("profiles.{id}");
        if series_path_problem(&csv.path).is_some() {
            // `check` says it; here it is only not opened, but a plan must not be solved without it.
            problems.push(Diagnostic::error(
                "bad-path",
                format!("{path}.path"),
                "The file is not read because its path may leave the plan's folder.",
            ));
            continue;
        }
        let Some(folder) = folder else {
            let message = format!("The file `{}` is looked for beside the plan, but the plan is not saved yet.", csv.path);
            problems
                .push(Diagnostic::error("no-folder", format!("{path}.path"), message).help("Save the plan into the folder of its series."));
            continue;
        };
        let bytes = files.entry(&csv.path).or_insert_with(|| {
            let bytes = confined(folder, &csv.path).and_then(|file| read_confined(&file).map_err(|error| error.to_string()))?;
            room = room
                .checked_sub(bytes.len())
                .ok_or_else(|| format!("The series of a plan may have {} MiB together.", MAX_ALL_BYTES >> 20))?;
            Ok(bytes)
        });
        match bytes {
            Err(problem) => problems.push(Diagnostic::error("bad-file", format!("{path}.path"), problem.clone())),
            Ok(bytes) => match column(bytes, csv, &path) {
                Ok(values) => {
                    series.files.insert(id.clone(), values);
                }
                Err(problem) => problems.push(*problem),
            },
        }
    }
    if problems.is_empty() { Ok(series) } else { Err(problems) }
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

/// The values of a column: 8,760 finite numbers.
fn column(bytes: &[u8], csv: &CsvProfile, path: &str) -> Result<Vec<f64>, Box<Diagnostic>> {
    let file = &csv.path;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let bad_file = |message: String| Box::new(Diagnostic::error("bad-file", format!("{path}.path"), message));
    let mut reader = ::csv::ReaderBuilder::new().trim(::csv::Trim::All).from_reader(bytes);
    let headers = reader.headers().map_err(|error| bad_file(format!("The first line of `{file}` can't be read: {error}.")))?.clone();
    let index = find_column(&headers, csv, path)?;

    let mut values = Vec::with_capacity(HOURS);
    let mut wrong = Vec::new();
    let mut wrong_count = 0_usize;
    let mut rows = 0_usize;
    let mut record = ::csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => return Err(bad_file(format!("`{file}` can't be read: {error}."))),
        }
        rows += 1;
        // Far more rows than hours are another kind of file; counting on says nothing more.
        if rows > 10 * HOURS {
            break;
        }
        let text = record.get(index).unwrap_or_default();
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => values.push(value),
            _ => {
                wrong_count += 1;
                if wrong.len() < MAX_LISTED {
                    let line = record.position().map_or(0, ::csv::Position::line);
                    wrong.push(format!("line {line} has `{}`", crate::plan::reader::shortened(text)));
                }
            }
        }
    }
    if wrong_count > 0 {
        let more = if wrong_count > wrong.len() { format!(" and {} more", wrong_count - wrong.len()) } else { String::new() };
        let message =
            format!("The column `{}` of `{file}` holds values that are not finite numbers: {}{more}.", csv.column, wrong.join(", "));
        return Err(with_help(bad_file(message), "Write numbers with a point, such as 42.5, and fill gaps."));
    }
    if rows != HOURS {
        let shown = if rows > 10 * HOURS { "far more".to_owned() } else { rows.to_string() };
        let diagnostic = bad_file(format!("`{file}` has {shown} rows instead of 8760, one for each hour of a year."));
        return Err(match rows {
            8784 => with_help(diagnostic, "Leave 29 February out."),
            8761 => with_help(diagnostic, "Leave the first hour of the next year out."),
            _ => with_help(diagnostic, "Give hourly values from 1 January, 00:00, to 31 December, 23:00."),
        });
    }
    Ok(values)
}

#[expect(clippy::boxed_local, reason = "errors travel boxed here; it is boxed again")]
fn with_help(diagnostic: Box<Diagnostic>, help: impl Into<String>) -> Box<Diagnostic> {
    Box::new((*diagnostic).help(help))
}

fn find_column(headers: &::csv::StringRecord, csv: &CsvProfile, path: &str) -> Result<usize, Box<Diagnostic>> {
    let file = &csv.path;
    let missing = |message: String| Box::new(Diagnostic::error("unknown-column", format!("{path}.column"), message));
    let found: Vec<usize> = headers.iter().enumerate().filter(|(_, name)| *name == csv.column).map(|(index, _)| index).collect();
    match found.as_slice() {
        [index] => Ok(*index),
        [] => {
            let diagnostic = missing(format!("`{file}` has no column `{}`.", csv.column));
            let first = headers.get(0).unwrap_or_default();
            Err(if let Some(near) = nearest_name(&csv.column, headers.iter()) {
                with_help(diagnostic, format!("Did you mean `{near}`?"))
            } else if headers.len() == 1 && first.contains([';', '\t']) {
                with_help(diagnostic, "Columns must be separated by commas.")
            } else {
                let names: Vec<_> = headers.iter().take(20).map(crate::plan::reader::shortened).collect();
                with_help(diagnostic, format!("Columns there: {}.", names.join(", ")))
            })
        }
        _ => Err(with_help(missing(format!("`{file}` has several columns `{}`.", csv.column)), "Give each column a name of its own.")),
    }
}
