//! Series as people have them: the bytes of a file in, a clean year of hours out, with a list of what
//! was put right and what is doubtful. No disk, no clock, no guess that is not said.
//!
//! A file goes one way: bytes → text (`encoding`) or sheet (`sheet`) → `table` → where the
//! names and the values are (`layout`) → `number`s and `times` → a clock without summer time
//! (`clock`) → 8,760 hours (`year`) → the unit of their use (`unit`).

mod clock;
mod columns;
mod encoding;
mod even;
mod layout;
mod moment;
mod number;
pub mod preview;
pub mod reading;
pub mod runs;
mod sheet;
mod table;
mod time_words;
mod times;
pub mod trace;
mod unit;
pub mod uses;
mod year;

pub use clock::offset_words;
pub use preview::Preview;
pub use reading::{Clean, Clock, Fault, Gaps, Holds, Reading, Seen, Stamp, Years};

use number::{Cell, Style};
use table::Table;

/// Values that can't be read are listed up to here, then counted.
const MAX_LISTED: usize = 3;

/// A table and what is known of where it comes from.
struct Opened {
    table: Table,
    seen: Seen,
    notes: Vec<String>,
}

fn open(bytes: &[u8], reading: &Reading) -> Result<Opened, Fault> {
    let mut notes = Vec::new();
    if sheet::is_old_sheet(bytes) {
        return Err(Fault::error(
            "bad-file",
            "path",
            "The file is a spreadsheet of the old kind (.xls), or is locked by a password.",
            "Save it as .xlsx or as CSV.",
        ));
    }
    if sheet::is_sheet(bytes) {
        let (table, names, name) = sheet::read(bytes, reading.sheet.as_deref())?;
        if names.len() > 1 && reading.sheet.is_none() {
            notes.push(format!("The first of {} sheets is read, `{name}`.", names.len()));
        }
        let seen = Seen { encoding: format!("spreadsheet, sheet `{name}`"), separator: "cells".to_owned(), ..Seen::default() };
        return Ok(Opened { table, seen, notes });
    }
    if let Some(sheet) = &reading.sheet {
        return Err(Fault::error(
            "unknown-sheet",
            "sheet",
            format!("The file is a text and has no sheet `{sheet}`."),
            "Leave `sheet` out.",
        ));
    }
    let decoded = encoding::decode(bytes);
    if decoded.damaged {
        return Err(Fault::error(
            "bad-file",
            "path",
            format!("The file begins like {}, but is damaged or is not text.", decoded.encoding),
            "Save it anew as CSV.",
        ));
    }
    if decoded.text.contains('\0') {
        return Err(Fault::error("bad-file", "path", "The file is not text.", "Save it as CSV or as .xlsx."));
    }
    if decoded.encoding != "UTF-8" {
        notes.push(format!("The file is in {}.", decoded.encoding));
    }
    let table = table::read(&decoded.text, reading.separator, reading.column.as_deref())?;
    let seen =
        Seen { encoding: decoded.encoding.to_owned(), separator: table::separator_word(table.separator).to_owned(), ..Seen::default() };
    Ok(Opened { table, seen, notes })
}

/// The names of a file's columns, whichever of them is read; none where it is no table.
#[must_use]
pub fn columns(bytes: &[u8], reading: &Reading) -> Vec<String> {
    /// Columns that are tried as the one of values.
    const TRIED: usize = 40;
    let Ok(Opened { table, .. }) = open(bytes, reading) else { return Vec::new() };
    let of = |column: Option<String>| layout::find(&table, &Reading { column, ..reading.clone() }).ok();
    let found = of(None).or_else(|| (1..=TRIED).find_map(|number| of(Some(number.to_string()))));
    found.map_or_else(Vec::new, |layout| layout.names)
}

/// Reads a file.
///
/// # Errors
/// Why it is not read, with what to do.
pub fn read(bytes: &[u8], reading: &Reading) -> Result<Clean, Vec<Fault>> {
    read_or_fault(bytes, reading).map_err(|fault| vec![fault])
}

fn read_or_fault(bytes: &[u8], reading: &Reading) -> Result<Clean, Fault> {
    let Opened { table, mut seen, notes: mut put_right } = open(bytes, reading)?;
    let layout = layout::find(&table, reading)?;
    put_right.extend(layout.notes.iter().cloned());
    seen.header_line = layout.header.map_or(0, |row| table.line(row));
    seen.columns.clone_from(&layout.names);
    let first_column = layout.values.first().map_or(0, |(column, _)| *column);
    seen.column = if layout.values.len() > 1 {
        "a column for each hour".to_owned()
    } else {
        layout.names.get(first_column).cloned().unwrap_or_default()
    };

    let timed = times::read(&table, &layout, reading)?;
    put_right.extend(timed.notes.iter().cloned());
    let cells = || timed.places.iter().map(|(row, column)| table.cell(*row as usize, *column as usize));
    let style = Style::find(cells(), reading.decimal, table.typed)?;
    seen.decimal = style.decimal;
    if style.decimal == ',' {
        put_right.push("Numbers are read with a decimal comma.".to_owned());
    }
    let values = values(&table, &timed.places, style, &seen.column)?;
    seen.rows = values.len();

    let in_name = (layout.values.len() == 1).then(|| unit::spoken_of(&seen.column, &reading.rates)).flatten();
    let stated = in_name.or_else(|| layout.unit_row.as_deref().and_then(|cell| unit::spoken_of(cell, &reading.rates)));
    seen.unit_stated = stated.as_ref().map(|(written, _)| written.clone());
    let conversion = unit::conversion(reading, stated.as_ref())?;
    let mut warnings = conversion.warnings;
    put_right.extend(conversion.notes);

    let spoken_of = clock::zone_spoken_of(layout.remarks.iter().chain(&layout.names).map(String::as_str));
    seen.zone_stated.clone_from(&spoken_of);
    let (year, clock) = match &timed.stamps {
        None => {
            let clock = reading.utc_offset_hours.map_or(Clock::Unknown, Clock::Fixed);
            if reading.zone.is_some() {
                return Err(Fault::error(
                    "no-time",
                    "zone",
                    "The file has no times, so that summer time can't be taken out of it.",
                    "State `utc_offset_hours`, the one of winter, if its hours are those of winter all year.",
                ));
            }
            (year::untimed(&values, reading, conversion.energy)?, clock)
        }
        Some(stamps) => {
            seen.time.clone_from(&stamps.words);
            seen.span.clone_from(&stamps.span);
            put_right.extend(stamps.notes.iter().cloned());
            let on = clock::resolve(stamps, reading, spoken_of.as_deref())?;
            put_right.extend(on.notes.iter().cloned());
            warnings.extend(on.warnings.iter().cloned());
            let lines: Vec<usize> = timed.places.iter().map(|(row, _)| table.line(*row as usize)).collect();
            (year::timed(&on, &values, &lines, reading, conversion.energy)?, on.clock)
        }
    };
    put_right.extend(year.notes);
    warnings.extend(year.warnings);
    seen.step_minutes = year.step_minutes;
    seen.missing_hours = year.missing;
    let mut values: Vec<f64> = year.values.iter().map(|value| value * conversion.factor).collect();
    // Energy of an hour in MWh is its mean power in MW; a warning tells sums from means where no unit does.
    if let Some((written, unit)) = &stated
        && reading.unit.is_none()
        && unit.measures == unit::Measures::Energy
        && year.step_minutes != 60
    {
        warnings.push(Fault::warning(
            "likely-unit",
            "unit",
            format!("The file says {written}, energy of each step; its steps are averaged as if they were power."),
            format!("State `unit: \"{written}\"`, so that steps are summed."),
        ));
    }
    if values.iter().any(|value| !value.is_finite()) {
        return Err(Fault::error("bad-file", "path", "Some values are too large to be computed with.", "Check the column and its unit."));
    }
    let judged = unit::judge(&mut values, reading, &mut put_right)?;
    // The file's own word about its unit says the same, and better.
    if !warnings.iter().any(|warning| warning.code == "likely-unit") {
        warnings.extend(judged);
    }
    Ok(Clean { values, clock, put_right, warnings, seen })
}

/// The values of a file; missing ones are NaN.
fn values(table: &Table, places: &[(u32, u32)], style: Style, column: &str) -> Result<Vec<f64>, Fault> {
    let mut values = Vec::with_capacity(places.len());
    let mut wrong = Vec::new();
    let mut wrong_count = 0_usize;
    for (row, at) in places {
        let (row, at) = (*row as usize, *at as usize);
        match style.read(table.cell(row, at)) {
            Cell::Number(value) => values.push(value),
            Cell::Missing => values.push(f64::NAN),
            Cell::Text => {
                wrong_count += 1;
                values.push(f64::NAN);
                if wrong.len() < MAX_LISTED {
                    wrong.push(format!("line {} has `{}`", table.line(row), crate::plan::reader::shortened(table.cell(row, at))));
                }
            }
        }
    }
    if wrong_count > 0 {
        let more = if wrong_count > wrong.len() { format!(" and {} more", wrong_count - wrong.len()) } else { String::new() };
        return Err(Fault::error(
            "bad-value",
            "column",
            format!(
                "The column `{}` holds values that are not finite numbers: {}{more}.",
                crate::plan::reader::shortened(column),
                wrong.join(", ")
            ),
            "Write numbers such as 42.5, and leave cells empty where there is none.",
        ));
    }
    sentinels(&mut values)?;
    Ok(values)
}

/// Numbers such as −9999 that stand for "no value": refused, never taken as values.
fn sentinels(values: &mut [f64]) -> Result<(), Fault> {
    const SENTINELS: [f64; 8] = [-999.0, -9999.0, -99_999.0, -999_999.0, -999.9, -9999.9, -6999.0, -7777.0];
    let others = values.iter().copied().filter(|value| !value.is_nan() && !SENTINELS.contains(value));
    let (low, count) = others.fold((f64::INFINITY, 0_usize), |(low, count), value| (low.min(value), count + 1));
    let found: Vec<f64> = values.iter().copied().filter(|value| SENTINELS.contains(value)).collect();
    if let Some(first) = found.first()
        && count > 0
        && low > first / 3.0
    {
        return Err(Fault::error(
            "sentinel",
            "column",
            format!("{} values are {first}, which stands for a missing value in many files; all others are {low} and above.", found.len()),
            "Leave those cells empty, and say what becomes of gaps: `File(…, gaps: Interpolate)`.",
        ));
    }
    Ok(())
}
