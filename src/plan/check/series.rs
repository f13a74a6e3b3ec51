//! Rules of profiles and of the files they are read from.

use super::Checker;
use crate::plan::horizon::{Profile, Slices, separator_of};
use crate::plan::scan;

/// Longest path of a series file in characters.
const MAX_PATH_CHARS: usize = 200;

/// What is wrong with the path of a series file, if anything: it must stay inside the plan's folder
/// whatever the system it is opened on. Refused before the file system is asked.
#[must_use]
pub fn series_path_problem(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("The path of the file is empty.");
    }
    if path.chars().count() > MAX_PATH_CHARS {
        return Some("The path of the file is longer than 200 characters.");
    }
    if path.chars().any(|c| scan::is_hidden(c) || matches!(c, '\n' | '\r' | '\t')) {
        return Some("The path of the file holds characters that can't be seen.");
    }
    if path.starts_with(['/', '\\', '~']) {
        return Some("The path of the file must be relative to the plan.");
    }
    if path.contains('\\') {
        return Some("The path of the file must be written with `/`.");
    }
    if path.contains(':') {
        return Some("The path of the file may not name a drive or an address.");
    }
    if path.split('/').any(|part| part.is_empty() || part == "." || part == "..") {
        return Some("The path of the file may not leave the plan's folder or hold empty parts.");
    }
    None
}

/// Hours and days have their values.
pub(super) fn check_profile_values(checker: &mut Checker<'_>) {
    for (id, profile) in &checker.plan.profiles {
        let path = format!("profiles.{id}.value");
        match profile {
            Profile::PerHour(values) if values.len() != 24 && checker.known(&path) => {
                let message = format!("The profile `{id}` has {} values instead of 24, one for each hour.", values.len());
                checker.error("wrong-count", path, message, "");
            }
            Profile::PerDay(by_day) => {
                let Slices::Representative(slices) = &checker.plan.slices else {
                    let message = format!("The profile `{id}` has values by representative day, but the plan runs on all hours.");
                    checker.error("wrong-profile", format!("profiles.{id}"), message, "Use an hourly series, or representative days.");
                    continue;
                };
                let blocks = if super::time::BLOCK_HOURS.contains(&slices.block_hours) { 24 / slices.block_hours as usize } else { 24 };
                for (day, values) in by_day {
                    if values.len() != 24 && values.len() != blocks {
                        let wanted = if blocks == 24 { "24".to_owned() } else { format!("24, or {blocks} for the blocks") };
                        let message = format!("The day `{day}` of the profile `{id}` has {} values instead of {wanted}.", values.len());
                        checker.error("wrong-count", format!("{path}.{day}"), message, "");
                    }
                }
                let missing: Vec<_> = slices.days.keys().filter(|day| !by_day.contains_key(*day)).cloned().collect();
                if !missing.is_empty() && checker.known(&path) {
                    let message = format!(
                        "The profile `{id}` has no values for the day{} {}.",
                        if missing.len() == 1 { "" } else { "s" },
                        missing.join(", ")
                    );
                    checker.error("missing-day", path, message, "Give 24 values, or one for each block, for every representative day.");
                }
            }
            Profile::Catalog(_) | Profile::Csv(_) | Profile::File(_) | Profile::PerHour(_) => {}
        }
    }
}

/// Files stay inside the plan's folder.
pub(super) fn check_series_paths(checker: &mut Checker<'_>) {
    for (id, profile) in &checker.plan.profiles {
        let Some(file) = profile.file() else { continue };
        if let Some(problem) = series_path_problem(&file.path) {
            checker.error(
                "bad-path",
                format!("profiles.{id}.path"),
                problem,
                "Put the file beside the plan and write \"series/prices.csv\".",
            );
        }
        let path = |field: &str| format!("profiles.{id}.{field}");
        if file.column.as_ref().is_some_and(|column| column.trim().is_empty()) && checker.known(&path("column")) {
            checker.error("missing-field", path("column"), "The name of the column is empty.", "Write it as in the file's line of names.");
        }
        let one_of = |text: &Option<String>, letters: &[char]| {
            text.as_ref().is_none_or(|text| separator_of(text).is_some_and(|letter| letters.contains(&letter)))
        };
        if !one_of(&file.separator, &[',', ';', '\t', '|', ' ']) && checker.known(&path("separator")) {
            checker.error(
                "bad-separator",
                path("separator"),
                "Columns are not separated by this.",
                "Write \",\", \";\", \"tab\" or \"|\".",
            );
        }
        if !one_of(&file.decimal, &['.', ',']) && checker.known(&path("decimal")) {
            checker.error("bad-separator", path("decimal"), "Fractions do not begin with this.", "Write \".\" or \",\".");
        }
        if file.decimal.is_some() && file.decimal == file.separator && checker.known(&path("decimal")) {
            checker.error(
                "bad-separator",
                path("decimal"),
                "The same letter stands between columns and before fractions.",
                "Change one of them.",
            );
        }
        if file.zone.is_some() && file.utc_offset_hours.is_some() && checker.known(&path("zone")) {
            checker.error(
                "two-clocks",
                path("zone"),
                "The file is given a time zone and a fixed clock.",
                "Keep one of `zone` and `utc_offset_hours`.",
            );
        }
        if file.nameplate.is_some_and(|nameplate| nameplate <= 0.0) && checker.known(&path("nameplate")) {
            checker.error(
                "bad-nameplate",
                path("nameplate"),
                "The size that values are divided by must be above zero.",
                "State the size of the plant in the unit of the column.",
            );
        }
    }
}

/// A market's day has some demand and nowhere less than none.
pub(super) fn check_local_time(checker: &mut Checker<'_>) {
    for (id, market) in &checker.plan.markets {
        let Some(profile_id) = &market.local_time else {
            continue;
        };
        let path = format!("markets.{id}.local_time");
        let values: Vec<f64> = match checker.plan.profiles.get(&profile_id.0) {
            Some(Profile::PerHour(values)) => values.clone(),
            Some(Profile::PerDay(by_day)) => by_day.values().flatten().copied().collect(),
            _ => continue,
        };
        if values.iter().any(|value| *value < 0.0) {
            checker.error("negative-profile", path, format!("The profile `{profile_id}` is negative in some hours; demand can't be."), "");
        } else if !values.is_empty() && values.iter().sum::<f64>() <= 0.0 {
            checker.error(
                "empty-profile",
                path,
                format!("The profile `{profile_id}` is zero in all hours: no demand would fall on any."),
                "",
            );
        }
    }
}
