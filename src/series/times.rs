//! The time of each value: found in the columns beside it.

use super::columns::{Source, source};
use super::layout::Layout;
use super::moment::{self, Moment, Order};
use super::reading::{Fault, Reading};
use super::table::Table;
use super::time_words::{hour_label, says_end, says_universal, whole};

/// The times of a file's values, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Stamps {
    /// Seconds of the file's own clock since 1970.
    pub(super) walls: Vec<i64>,
    /// Seconds ahead of UTC that the file states for each; empty where it states none.
    pub(super) offsets: Vec<i32>,
    /// The second time that an hour comes in a night of 25 hours, where the file marks it.
    pub(super) again: Vec<bool>,
    /// The hours of a day are numbered through, also in nights of 23 and 25 hours.
    pub(super) counted: bool,
    /// Where they are counted: the midnight from which, for each.
    pub(super) midnights: Vec<i64>,
    /// The stamp is the beginning for sure: hours by number, or spans.
    pub(super) begins: bool,
    /// The stamp is the end for sure: 24:00 is written, or the column's name says so.
    pub(super) ends: bool,
    /// The column's name says UTC.
    pub(super) universal: bool,
    /// How the time is written.
    pub(super) words: String,
    /// What was put right.
    pub(super) notes: Vec<String>,
    /// First and last as written.
    pub(super) span: Option<(String, String)>,
}

/// Rows of values with their times; `None` where the file has no time.
pub(super) struct Timed {
    /// Row and column of each value.
    pub(super) places: Vec<(u32, u32)>,
    pub(super) stamps: Option<Stamps>,
    /// Rows left out: footers and names again.
    pub(super) notes: Vec<String>,
}

/// Finds the time of every value.
pub(super) fn read(table: &Table, layout: &Layout, reading: &Reading) -> Result<Timed, Fault> {
    let rows: Vec<usize> = (layout.first..table.rows()).collect();
    let source = source(table, layout, reading, &rows)?;
    let Some(source) = source else {
        return untimed(table, layout, &rows);
    };
    let order = match &source {
        Source::Whole(column)
        | Source::DateAndTime(column, _)
        | Source::DateAndHour(column, ..)
        | Source::DateAndPart(column, ..)
        | Source::Date(column) => moment::order_of(rows.iter().map(|row| table.cell(*row, *column))),
        _ => None,
    };
    collect(table, layout, &rows, &source, order)
}

/// Values without a time, in the order of the file. Words at the end are a footer.
fn untimed(table: &Table, layout: &Layout, rows: &[usize]) -> Result<Timed, Fault> {
    let mut places = Vec::with_capacity(rows.len() * layout.values.len());
    let mut kept = rows.len();
    let mut notes = Vec::new();
    let column = layout.values.first().map_or(0, |(column, _)| *column);
    // An index tells rows from footers, and their order.
    let index = (0..column).find(|candidate| {
        let numbers: Vec<Option<i64>> = rows.iter().take(48).map(|row| whole(table.cell(*row, *candidate))).collect();
        numbers.len() > 2 && numbers.windows(2).all(|pair| matches!(pair, [Some(a), Some(b)] if (b - a).abs() == 1 && (b - a) == numbers[1].unwrap_or(0) - numbers[0].unwrap_or(0)))
    });
    let label = |row: usize| index.map_or_else(|| table.cell(row, column), |index| table.cell(row, index));
    while kept > 0
        && rows.len() - kept < 10
        && rows.get(kept - 1).is_some_and(|row| label(*row).chars().any(char::is_alphabetic) && is_footer(label(*row)))
    {
        kept -= 1;
    }
    if kept < rows.len() {
        notes.push(format!(
            "{} row{} at the end {} no value of the series and left out.",
            rows.len() - kept,
            if rows.len() - kept == 1 { "" } else { "s" },
            if rows.len() - kept == 1 { "is" } else { "are" }
        ));
    }
    let mut kept_rows: Vec<usize> = rows.get(..kept).unwrap_or_default().to_vec();
    if let Some(index) = index.filter(|_| layout.values.len() == 1) {
        let numbers: Option<Vec<i64>> = kept_rows.iter().map(|row| whole(table.cell(*row, index))).collect();
        if let Some(numbers) = numbers
            && numbers.windows(2).any(|pair| matches!(pair, [a, b] if b < a))
        {
            let mut by_number: Vec<(i64, usize)> = numbers.iter().copied().zip(kept_rows.iter().copied()).collect();
            by_number.sort_by_key(|(number, _)| *number);
            if by_number.windows(2).any(|pair| matches!(pair, [a, b] if b.0 != a.0 + 1)) {
                return Err(Fault::error(
                    "bad-time",
                    "time",
                    format!(
                        "The numbers of the column `{}` do not count the rows through.",
                        layout.names.get(index).cloned().unwrap_or_default()
                    ),
                    "Sort the file and write the time of each row.",
                ));
            }
            kept_rows = by_number.into_iter().map(|(_, row)| row).collect();
            notes.push("The rows are sorted by their numbers.".to_owned());
        }
    }
    for row in kept_rows {
        places.extend(
            layout
                .values
                .iter()
                .filter(|(_, hour)| hour.is_none_or(|(hour, again)| !again && (hour < 25)))
                .map(|(column, _)| (row as u32, *column as u32)),
        );
    }
    Ok(Timed { places, stamps: None, notes })
}

fn is_footer(text: &str) -> bool {
    let text = text.to_lowercase();
    !matches!(super::number::Style { decimal: '.' }.read(&text), super::number::Cell::Missing) && text != "inf" && !text.contains("inf")
}

/// The time of one row.
enum Row {
    At(Moment, bool),
    No,
}

fn collect(table: &Table, layout: &Layout, rows: &[usize], source: &Source, order: Option<Order>) -> Result<Timed, Fault> {
    let name = |column: usize| layout.names.get(column).map_or("", String::as_str);
    let wide = layout.values.len() > 1;
    let mut stamps = Stamps::default();
    let day =
        |column: usize, row: usize| moment::parse(table.cell(row, column), order).map(|moment| moment.wall.div_euclid(86_400) * 86_400);
    // Hours by number run from 0 or from 1.
    let numbers = |column: usize| {
        rows.iter().filter_map(move |row| hour_label(table.cell(*row, column))).filter(|(_, again)| !again).map(|(hour, _)| hour)
    };
    let mut from_one = false;
    match source {
        Source::DateAndHour(_, column, _) | Source::Parts { hour: column, .. } | Source::DayOfYear { hour: column, .. } => {
            from_one = numbers(*column).max().unwrap_or(0) >= 24;
            stamps.counted = numbers(*column).max() == Some(25);
            stamps.begins = true;
            if from_one && numbers(*column).min() == Some(0) {
                // 0 to 24: both midnights have a name.
                from_one = false;
            }
        }
        Source::DateAndPart(..) => {
            stamps.begins = true;
            stamps.counted = true;
        }
        Source::Date(_) if wide => {
            from_one = layout.values.iter().all(|(_, hour)| hour.is_none_or(|(hour, _)| hour > 0));
            stamps.counted = layout.values.iter().any(|(_, hour)| hour.is_some_and(|(hour, _)| hour == 25));
            stamps.begins = true;
        }
        Source::Whole(column) => {
            stamps.ends = says_end(name(*column));
            stamps.universal = says_universal(name(*column));
        }
        Source::DateAndTime(_, column) => stamps.ends = says_end(name(*column)),
        Source::Epoch(..) => stamps.universal = true,
        _ => {}
    }
    stamps.words = match source {
        Source::Whole(column) | Source::Date(column) => format!("column `{}`", name(*column)),
        Source::DateAndTime(date, time) => format!("columns `{}` and `{}`", name(*date), name(*time)),
        Source::DateAndHour(date, hour, _) => {
            format!("columns `{}` and `{}`, hours {}", name(*date), name(*hour), if from_one { "1 to 24" } else { "0 to 23" })
        }
        Source::DateAndPart(date, part, _) => format!("columns `{}` and `{}`", name(*date), name(*part)),
        Source::Parts { .. } => "columns for month, day and hour".to_owned(),
        Source::DayOfYear { .. } => "columns for day of the year and hour".to_owned(),
        Source::Serial(column, _) => format!("column `{}`, days since 1900", name(*column)),
        Source::Epoch(column, _) => format!("column `{}`, seconds since 1970", name(*column)),
    };
    if from_one && stamps.begins {
        stamps.notes.push("Hours are numbered from 1: hour 1 is 00:00 to 01:00.".to_owned());
    }
    let shift = i64::from(from_one);
    let time_of = |row: usize| -> Row {
        let found = (|| -> Option<(Moment, bool)> {
            let plain = |wall: i64| Moment { wall, timed: true, ..Moment::default() };
            Some(match source {
                Source::Whole(column) => (moment::parse(table.cell(row, *column), order)?, false),
                Source::DateAndTime(date, time) => {
                    let (seconds, ends_day) = moment::time_of_day(table.cell(row, *time))?;
                    (Moment { ends_day, ..plain(day(*date, row)? + seconds) }, false)
                }
                Source::DateAndHour(date, hour, minute) => {
                    let (hour, again) = hour_label(table.cell(row, *hour))?;
                    let minute = minute.map_or(Some(0), |minute| whole(table.cell(row, minute)))?;
                    (plain(day(*date, row)? + (hour - shift) * 3600 + minute * 60), again)
                }
                Source::DateAndPart(date, part, per_hour) => {
                    (plain(day(*date, row)? + (whole(table.cell(row, *part))? - 1) * 3600 / per_hour), false)
                }
                Source::Parts { year, month, day, hour, minute } => {
                    let number = |column: usize| whole(table.cell(row, column));
                    let year = year.map_or(Some(2000), number)?;
                    let year = if year < 100 { 2000 + year } else { year };
                    let (hour, again) = hour_label(table.cell(row, *hour))?;
                    let minute = minute.map_or(Some(0), number)?;
                    let (month, day) = (number(*month)?, number(*day)?);
                    if !(1850..=2200).contains(&year)
                        || !(1..=12).contains(&month)
                        || day < 1
                        || day > moment::month_days(year, month)
                        || !(0..60).contains(&minute)
                    {
                        return None;
                    }
                    (plain(moment::days_of(year, month, day) * 86_400 + (hour - shift) * 3600 + minute * 60), again)
                }
                Source::DayOfYear { year, day, hour } => {
                    let number = |column: usize| whole(table.cell(row, column));
                    let year = year.map_or(Some(2001), number)?;
                    let (hour, again) = hour_label(table.cell(row, *hour))?;
                    let day = number(*day)?;
                    if !(1850..=2200).contains(&year) || !(1..=366).contains(&day) {
                        return None;
                    }
                    (plain((moment::days_of(year, 1, 1) + day - 1) * 86_400 + (hour - shift) * 3600), again)
                }
                Source::Serial(column, hour) => {
                    let days: f64 = table.cell(row, *column).replace(',', ".").parse().ok()?;
                    if !(10_000.0..=100_000.0).contains(&days) {
                        return None;
                    }
                    // Minutes are exact: sheets round days to about a microsecond.
                    let minutes = (days * 1440.0).round() as i64;
                    let hour = hour.map_or(Some(0), |hour| hour_label(table.cell(row, hour)).map(|(hour, _)| hour))?;
                    (plain((minutes - 25_569 * 1440) * 60 + hour * 3600), false)
                }
                Source::Epoch(column, per_second) => {
                    let number: f64 = table.cell(row, *column).replace(',', ".").parse().ok()?;
                    let seconds = (number / *per_second as f64).round();
                    if !(3e8..=7e9).contains(&seconds) {
                        return None;
                    }
                    (plain(seconds as i64), false)
                }
                Source::Date(column) => (plain(day(*column, row)?), false),
            })
        })();
        found.map_or(Row::No, |(moment, again)| Row::At(moment, again))
    };
    let mut timed = Timed { places: Vec::with_capacity(rows.len() * layout.values.len()), stamps: None, notes: Vec::new() };
    let mut wrong = Vec::new();
    let mut repeated = 0_usize;
    let mut offsets_missing = 0_usize;
    let mut last_good = None;
    let mut spans = None;
    for row in rows {
        match time_of(*row) {
            Row::At(moment, again) => {
                last_good = Some(*row);
                stamps.ends |= moment.ends_day && !stamps.begins;
                if let Some(span) = moment.span {
                    stamps.begins = true;
                    spans.get_or_insert(span);
                }
                for (column, hour) in &layout.values {
                    let (wall, again) = match hour {
                        Some((hour, again)) => (moment.wall + (hour - shift) * 3600, *again),
                        None => (moment.wall, again),
                    };
                    // The 25th hour, or a second one, has a value on one day only.
                    if hour.is_some_and(|(hour, again)| again || hour == 25) && table.cell(*row, *column).is_empty() {
                        continue;
                    }
                    timed.places.push((*row as u32, *column as u32));
                    stamps.walls.push(wall);
                    stamps.again.push(again);
                    if stamps.counted {
                        let midnight = match source {
                            Source::DateAndHour(date, ..) | Source::DateAndPart(date, ..) => day(*date, *row),
                            _ => None,
                        };
                        stamps.midnights.push(midnight.unwrap_or_else(|| moment.wall.div_euclid(86_400) * 86_400));
                    }
                    match moment.offset {
                        Some(offset) => stamps.offsets.push(offset),
                        None => offsets_missing += 1,
                    }
                }
            }
            Row::No if layout.header.is_some_and(|header| table.cells(header).eq(table.cells(*row))) => repeated += 1,
            Row::No => wrong.push(*row),
        }
    }
    // What has no time after the last row that has one is a footer.
    let Some(last_good) = last_good else {
        return Err(Fault::error("bad-time", "time", "No time of the file can be read.", "Write them as 2023-01-01 00:00."));
    };
    let footers = wrong.iter().filter(|row| **row > last_good).count();
    wrong.retain(|row| *row < last_good);
    if footers > 20 {
        return Err(Fault::error(
            "bad-time",
            "time",
            format!("After line {} no time can be read, in {footers} rows.", table.line(last_good)),
            "Write the times of all rows the same way.",
        ));
    }
    if footers > 0 {
        timed.notes.push(format!(
            "{footers} row{} after the last hour {} left out.",
            if footers == 1 { "" } else { "s" },
            if footers == 1 { "is" } else { "are" }
        ));
    }
    if repeated > 0 {
        timed.notes.push(format!("The line of names comes {repeated} more time{} and is left out.", if repeated == 1 { "" } else { "s" }));
    }
    if let Some(first) = wrong.first() {
        let lines: Vec<String> = wrong.iter().take(3).map(|row| table.line(*row).to_string()).collect();
        let more = if wrong.len() > 3 { format!(" and {} more", wrong.len() - 3) } else { String::new() };
        let shown: Vec<&str> = table.cells(*first).take(4).collect();
        return Err(Fault::error(
            "bad-time",
            "time",
            format!(
                "The time can't be read in line{} {}{more}: `{}`.",
                if wrong.len() == 1 { "" } else { "s" },
                lines.join(", "),
                crate::plan::reader::shortened(&shown.join(" "))
            ),
            "Write the times of all rows the same way, such as 2023-01-01 00:00.",
        ));
    }
    if offsets_missing > 0 && !stamps.offsets.is_empty() {
        return Err(Fault::error(
            "bad-time",
            "time",
            format!("{offsets_missing} rows state no offset from UTC, the others do."),
            "Write the times of all rows the same way.",
        ));
    }
    let cells = |row: usize| match source {
        Source::DateAndTime(a, b) | Source::DateAndHour(a, b, _) | Source::DateAndPart(a, b, _) => {
            format!("{} {}", table.cell(row, *a), table.cell(row, *b))
        }
        Source::Whole(a) | Source::Serial(a, _) | Source::Epoch(a, _) | Source::Date(a) => table.cell(row, *a).to_owned(),
        Source::Parts { .. } | Source::DayOfYear { .. } => table.cells(row).take(5).collect::<Vec<_>>().join(" "),
    };
    stamps.span = rows.first().map(|first| (cells(*first), cells(last_good)));
    timed.stamps = Some(stamps);
    Ok(timed)
}
