//! Values with their times as 8,760 hours from 1 January.

use std::collections::{BTreeMap, HashMap};

use super::clock::{OnClock, usual_step};
use super::even::{check_step, summer_time};
use super::moment::{self, days_of};
use super::reading::{Fault, Gaps, Reading, Years};

/// Hours of a year without 29 February.
pub(super) const HOURS: usize = 8760;

/// Most years of a file.
const MAX_YEARS: usize = 60;

/// Hours that may come twice at the ends of a file before it holds more than a year.
const OVERLAP: usize = 48;

/// A year of hours.
#[derive(Debug, Default)]
pub(super) struct Year {
    pub(super) values: Vec<f64>,
    pub(super) notes: Vec<String>,
    pub(super) warnings: Vec<Fault>,
    pub(super) step_minutes: u32,
    pub(super) missing: usize,
}

/// First day of each month in a year without 29 February.
const MONTH_STARTS: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// The hour of the year that a time lies in, its year, and whether it is 29 February (which counts as 28).
fn slot(start: i64) -> (usize, i64) {
    let (year, month, day) = moment::date_of(start.div_euclid(86_400));
    let day = if month == 2 { day.min(28) } else { day };
    let of_year = MONTH_STARTS.get(month as usize - 1).copied().unwrap_or(0) + day - 1;
    ((of_year * 24 + start.rem_euclid(86_400) / 3600) as usize % HOURS, year)
}

/// Sums and counts by hour of the year.
struct Hours {
    sum: Vec<f64>,
    count: Vec<u32>,
}

impl Hours {
    fn new() -> Self {
        Self { sum: vec![0.0; HOURS], count: vec![0; HOURS] }
    }

    fn add(&mut self, slot: usize, value: f64) {
        if let (Some(sum), Some(count)) = (self.sum.get_mut(slot), self.count.get_mut(slot)) {
            *sum += value;
            *count += 1;
        }
    }

    fn filled(&self) -> usize {
        self.count.iter().filter(|count| **count > 0).count()
    }
}

/// Minutes in words.
pub(super) fn step_words(minutes: i64) -> String {
    match minutes {
        60 => "hour".to_owned(),
        minutes if minutes % 1440 == 0 => format!("{} day{}", minutes / 1440, if minutes == 1440 { "" } else { "s" }),
        minutes if minutes % 60 == 0 => format!("{} hours", minutes / 60),
        minutes => format!("{minutes} minutes"),
    }
}

/// Values without times: their number says what they are.
pub(super) fn untimed(values: &[f64], reading: &Reading, energy: bool) -> Result<Year, Fault> {
    // Minutes of a step, and whether the year has a 29 February, by the number of values.
    let fitting = [60, 30, 20, 15, 10, 5, 1, 120, 180].into_iter().find_map(|minutes: usize| match values.len() * minutes {
        525_600 => Some((minutes, false)),
        527_040 => Some((minutes, true)),
        _ => None,
    });
    let Some((minutes, leap)) = fitting else {
        let message = format!("The file has {} values and no times that say what they are.", values.len());
        let help = "What fits is 8760 values (hours of a year), 8784 (of a leap year), 17520 (half hours), 35040 or 35136 (quarter hours) or 2920 (steps of three hours), from 1 January, 00:00; with a column of times any length from a year on.";
        return Err(Fault::error("bad-file", "path", message, help));
    };
    let mut year = Year { step_minutes: minutes as u32, ..Year::default() };
    let mut hours = Hours::new();
    let share = if energy && minutes > 60 { 60.0 / minutes as f64 } else { 1.0 };
    let mut repeated = 0;
    for (index, value) in values.iter().enumerate() {
        let parts = (minutes / 60).max(1);
        let first = index * minutes / 60;
        for hour in first..first + parts {
            let day = hour / 24;
            // 29 February is the 60th day; it counts as 28.
            let day = if leap && day >= 59 { day - 1 } else { day };
            if value.is_finite() {
                hours.add(day * 24 + hour % 24, value * share);
            } else {
                repeated += 1;
            }
        }
    }
    let per_hour = (60 / minutes).max(1);
    if leap {
        year.notes.push("29 February is averaged into 28 February.".to_owned());
    }
    step_note(&mut year.notes, minutes as i64, energy);
    let _ = repeated;
    let scale = if energy { per_hour as f64 } else { 1.0 };
    let days: Vec<bool> = Vec::new();
    close(&mut year, &hours, per_hour, scale, reading, &days)?;
    Ok(year)
}

fn step_note(notes: &mut Vec<String>, minutes: i64, energy: bool) {
    match minutes {
        60 => {}
        minutes if minutes < 60 => {
            notes.push(format!("Steps of {minutes} minutes are {} to hours.", if energy { "summed" } else { "averaged" }));
        }
        minutes => notes.push(format!(
            "Steps of {} are {} hours.",
            step_words(minutes),
            if energy { "split evenly over their" } else { "held for their" }
        )),
    }
}

/// Values with times.
pub(super) fn timed(on: &OnClock, values: &[f64], lines: &[usize], reading: &Reading, energy: bool) -> Result<Year, Fault> {
    let mut year = Year::default();
    let mut order: Vec<usize> = (0..on.starts.len().min(values.len())).collect();
    let start = |index: usize| on.starts.get(index).copied().unwrap_or(0);
    let value = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    let falls = order.windows(2).filter(|pair| matches!(pair, [a, b] if start(*b) < start(*a))).count();
    if falls > 0 {
        order.sort_by_key(|index| start(*index));
        let all = on.starts.len().saturating_sub(1);
        year.notes.push(if falls == all {
            "The rows run backwards and are turned round.".to_owned()
        } else {
            "The rows are sorted by time.".to_owned()
        });
    }
    let sorted: Vec<i64> = order.iter().map(|index| start(*index)).collect();
    let step = usual_step(&sorted);
    check_step(&sorted, step)?;
    year.step_minutes = (step / 60) as u32;
    step_note(&mut year.notes, step / 60, energy);
    let mut doubles = Doubles::default();
    let mut kept: Vec<usize> = Vec::with_capacity(order.len());
    for index in order {
        match kept.last_mut().filter(|before| start(**before) == start(index)) {
            None => kept.push(index),
            Some(before) => {
                doubles.times.push(start(index));
                let (old, new) = (value(*before), value(index));
                if old.is_nan() {
                    *before = index;
                } else if !new.is_nan() && (old - new).abs() > 1e-9 * old.abs().max(new.abs()) {
                    doubles.differing.push((*before, index));
                } else {
                    doubles.same += 1;
                }
            }
        }
    }
    if !on.sure
        && let Some(fault) = summer_time(&kept.iter().map(|index| start(*index)).collect::<Vec<_>>(), step, &doubles.times, reading)
    {
        return Err(fault);
    }
    let line = |index: usize| lines.get(index).copied().unwrap_or(0);
    if let Some((first, second)) = doubles.differing.first() {
        let more =
            if doubles.differing.len() > 1 { format!(", and {} more times like it", doubles.differing.len() - 1) } else { String::new() };
        return Err(Fault::error(
            "two-values",
            "path",
            format!("{} has two different values, in lines {} and {}{more}.", moment::shown(start(*first)), line(*first), line(*second)),
            "Keep one row for each time. If the file is on a clock with summer time, state its `zone`.",
        ));
    }
    if doubles.same > 0 {
        year.notes.push(format!(
            "{} row{} that repeat{} another {} left out.",
            doubles.same,
            if doubles.same == 1 { "" } else { "s" },
            if doubles.same == 1 { "s" } else { "" },
            if doubles.same == 1 { "is" } else { "are" }
        ));
    }
    let by_year = into_years(on, &kept, &value, step, energy, reading)?;
    let per_hour = (3600 / step).max(1) as usize;
    if kept.iter().any(|index| matches!(moment::date_of(start(*index).div_euclid(86_400)), (_, 2, 29))) {
        year.notes.push("29 February is averaged into 28 February.".to_owned());
    }
    if step >= 3600 && sorted.iter().any(|time| time.rem_euclid(3600) != 0) {
        year.notes.push("Times within an hour stand for the hour they lie in.".to_owned());
    }
    let hours = combine(by_year, reading, &mut year)?;
    let first = sorted.first().copied().unwrap_or(0);
    if slot(first).0 != 0 && year.notes.iter().all(|note| !note.contains("is taken of")) {
        let last = sorted.last().copied().unwrap_or(0);
        year.notes.push(format!(
            "The file runs from {} to {} and is turned to begin on 1 January.",
            moment::shown(first),
            moment::shown(last)
        ));
    }
    // Days of the week, of the year that the file begins in.
    let (_, from) = slot(first);
    let weekend: Vec<bool> = (0..365).map(|day| (days_of(from, 1, 1) + day + 3).rem_euclid(7) >= 5).collect();
    let scale = if energy { per_hour as f64 } else { 1.0 };
    close(&mut year, &hours, per_hour, scale, reading, &weekend)?;
    Ok(year)
}

#[derive(Default)]
struct Doubles {
    times: Vec<i64>,
    same: usize,
    differing: Vec<(usize, usize)>,
}

/// Values by calendar year and hour of the year.
fn into_years(
    on: &OnClock,
    kept: &[usize],
    value: &dyn Fn(usize) -> f64,
    step: i64,
    energy: bool,
    reading: &Reading,
) -> Result<BTreeMap<i64, Hours>, Fault> {
    let mut by_year: BTreeMap<i64, Hours> = BTreeMap::new();
    let only = match reading.years {
        Some(Years::Only(year)) => Some(year),
        _ => None,
    };
    let parts = (step / 3600).max(1);
    let share = if energy && parts > 1 { 1.0 / parts as f64 } else { 1.0 };
    for index in kept {
        if only.is_some_and(|only| on.years.get(*index) != Some(&only)) {
            continue;
        }
        let number = value(*index);
        if number.is_nan() {
            continue;
        }
        for part in 0..parts {
            let (slot, year) = slot(on.starts.get(*index).copied().unwrap_or(0) + part * 3600);
            if by_year.len() > MAX_YEARS {
                return Err(Fault::error(
                    "bad-time",
                    "path",
                    format!("The file holds more than {MAX_YEARS} years."),
                    "Leave only the years that are needed.",
                ));
            }
            by_year.entry(year).or_insert_with(Hours::new).add(slot, number * share);
        }
    }
    if let Some(only) = only
        && by_year.values().map(Hours::filled).sum::<usize>() == 0
    {
        let mut there: Vec<i32> = on.years.clone();
        there.sort_unstable();
        there.dedup();
        let there: Vec<String> = there.iter().take(20).map(ToString::to_string).collect();
        return Err(Fault::error(
            "unknown-year",
            "year",
            format!("The file has no values of {only}."),
            format!("It holds {}.", there.join(", ")),
        ));
    }
    Ok(by_year)
}

/// One year of the years of a file.
fn combine(mut by_year: BTreeMap<i64, Hours>, reading: &Reading, year: &mut Year) -> Result<Hours, Fault> {
    let mut held = vec![0_u16; HOURS];
    for hours in by_year.values() {
        for (held, count) in held.iter_mut().zip(&hours.count) {
            *held += u16::from(*count > 0);
        }
    }
    let overlap = held.iter().filter(|held| **held > 1).count();
    let names: Vec<String> = by_year.keys().map(ToString::to_string).collect();
    let merged = |by_year: BTreeMap<i64, Hours>, first_only: bool| {
        let mut all = Hours::new();
        for hours in by_year.into_values() {
            for (slot, (sum, count)) in hours.sum.iter().zip(&hours.count).enumerate() {
                let (Some(all_sum), Some(all_count)) = (all.sum.get_mut(slot), all.count.get_mut(slot)) else { continue };
                if *count > 0 && (*all_count == 0 || !first_only) {
                    *all_sum = *sum;
                    *all_count = *count;
                }
            }
        }
        all
    };
    if overlap == 0 || matches!(reading.years, Some(Years::Only(_))) {
        if let Some(Years::Only(only)) = reading.years {
            year.notes.push(format!("The year {only} is taken of the file."));
        }
        return Ok(merged(by_year, true));
    }
    if reading.years == Some(Years::Mean) {
        let mut mean = Hours::new();
        for slot in 0..HOURS {
            let of_years: Vec<(f64, u32)> = by_year
                .values()
                .filter_map(|hours| Some((*hours.sum.get(slot)?, *hours.count.get(slot)?)).filter(|(_, count)| *count > 0))
                .collect();
            let most = of_years.iter().map(|(_, count)| *count).max().unwrap_or(0);
            if let (Some(sum), Some(count)) = (mean.sum.get_mut(slot), mean.count.get_mut(slot)) {
                // A mean of means, with as many values as one year has.
                *sum = of_years.iter().map(|(sum, count)| sum / f64::from(*count)).sum::<f64>() / of_years.len().max(1) as f64
                    * f64::from(most);
                *count = most;
            }
        }
        year.notes.push(format!("Each hour is the mean of the years {}.", names.join(", ")));
        return Ok(mean);
    }
    if overlap <= OVERLAP {
        let whole: Vec<i64> = by_year.iter().filter(|(_, hours)| hours.filled() == HOURS).map(|(year, _)| *year).collect();
        if let [only] = whole.as_slice() {
            year.notes.push(format!(
                "The year {only} is taken of the file; {overlap} hour{} of other years {} left out.",
                if overlap == 1 { "" } else { "s" },
                if overlap == 1 { "is" } else { "are" }
            ));
            let hours = by_year.remove(only).unwrap_or_else(Hours::new);
            return Ok(hours);
        }
        year.warnings.push(Fault::warning(
            "more-than-a-year",
            "year",
            format!("The file holds {overlap} hours more than a year; of those that come twice the first are taken."),
            "Leave the hours out that are too many.",
        ));
        return Ok(merged(by_year, true));
    }
    Err(Fault::error(
        "several-years",
        "year",
        format!("The file holds more than one year: {}.", names.join(", ")),
        format!("Pick one, `File(…, year: Only({}))`, or average them, `year: Mean`.", names.last().map_or("2023", String::as_str)),
    ))
}

/// Makes hours of sums and counts, and fills what is missing as the plan says.
fn close(year: &mut Year, hours: &Hours, per_hour: usize, scale: f64, reading: &Reading, weekend: &[bool]) -> Result<(), Fault> {
    let mut partial = 0_usize;
    let mut values: Vec<f64> = hours
        .sum
        .iter()
        .zip(&hours.count)
        .map(|(sum, count)| {
            let count = *count as usize;
            if count == 0 {
                return f64::NAN;
            }
            // 28 February may hold two days.
            if !count.is_multiple_of(per_hour) {
                partial += 1;
            }
            sum / count as f64 * scale
        })
        .collect();
    let empty = values.iter().filter(|value| value.is_nan()).count();
    year.missing = empty + partial;
    if year.missing > 0 {
        let first = values
            .iter()
            .zip(&hours.count)
            .position(|(value, count)| value.is_nan() || !(*count as usize).is_multiple_of(per_hour))
            .unwrap_or(0);
        let shown = moment::shown(days_of(2001, 1, 1) * 86_400 + first as i64 * 3600);
        let place = format!("the first on {}", shown.get(5..).unwrap_or_default());
        if empty * 4 > HOURS {
            return Err(Fault::error(
                "bad-file",
                "path",
                format!("The file has values for {} hours of a year, not for 8760.", HOURS - empty),
                "Use a file that holds a whole year.",
            ));
        }
        if reading.gaps == Gaps::Refuse {
            return Err(Fault::error(
                "gaps",
                "gaps",
                format!(
                    "{} hour{} of the year {} no value or not all of {} values, {place} (month-day).",
                    year.missing,
                    if year.missing == 1 { "" } else { "s" },
                    if year.missing == 1 { "has" } else { "have" },
                    if year.missing == 1 { "its" } else { "their" }
                ),
                "Fill them in the file, or say how: `File(…, gaps: Interpolate)`, `Hold` or `Mean`.",
            ));
        }
        fill(&mut values, reading.gaps, weekend);
        let how = match reading.gaps {
            Gaps::Hold => "hold the value before",
            Gaps::Mean => "are the mean of their hour on such days of the month",
            _ => "lie on a straight line between their neighbours",
        };
        year.warnings.push(Fault::warning(
            "gaps",
            "gaps",
            format!("{} hours of the year have no value or not all of them, {place} (month-day): they {how}.", year.missing),
            "",
        ));
    }
    year.values = values;
    Ok(())
}

fn fill(values: &mut [f64], gaps: Gaps, weekend: &[bool]) {
    let known: Vec<usize> = (0..values.len()).filter(|slot| values.get(*slot).is_some_and(|value| !value.is_nan())).collect();
    let length = values.len();
    let at = |slot: usize| known.partition_point(|known| *known < slot);
    let value = |values: &[f64], slot: usize| values.get(slot).copied().unwrap_or(0.0);
    let before_of = |place: usize| known.get((place + known.len() - 1) % known.len().max(1)).copied().unwrap_or(0);
    let mut filled: Vec<(usize, f64)> = Vec::new();
    let mut means: HashMap<(usize, bool, usize), (f64, f64)> = HashMap::new();
    let class = |slot: usize| {
        let day = slot / 24;
        let month = MONTH_STARTS.iter().rposition(|start| *start as usize <= day).unwrap_or(0);
        (month, weekend.get(day).copied().unwrap_or(false), slot % 24)
    };
    if gaps == Gaps::Mean {
        for slot in &known {
            let entry = means.entry(class(*slot)).or_default();
            entry.0 += value(values, *slot);
            entry.1 += 1.0;
        }
    }
    for slot in (0..length).filter(|slot| value(values, *slot).is_nan()) {
        let place = at(slot);
        let before = before_of(place);
        let after = known.get(place % known.len().max(1)).copied().unwrap_or(0);
        let line = || {
            let gap = (after + length - before) % length;
            let done = (slot + length - before) % length;
            value(values, before) + (value(values, after) - value(values, before)) * done as f64 / gap.max(1) as f64
        };
        let number = match gaps {
            Gaps::Hold => value(values, before),
            Gaps::Mean => means.get(&class(slot)).map_or_else(line, |(sum, count)| sum / count),
            Gaps::Refuse | Gaps::Interpolate => line(),
        };
        filled.push((slot, number));
    }
    for (slot, number) in filled {
        if let Some(value) = values.get_mut(slot) {
            *value = number;
        }
    }
}
