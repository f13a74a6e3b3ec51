//! Where in a table the names, the values and the ends are: metadata rows above, units below the
//! names, footers, tables that are wide (a row for each day, a column for each hour).

use super::number::{Cell, Style};
use super::reading::{Fault, Reading};
use super::table::{Table, same_name};
use super::time_words::{hour_label, is_time_name, is_time_text};
use crate::diagnostic::nearest_name;

/// Rows in which the line of names is looked for.
const TOP_ROWS: usize = 500;

/// Most rows of units or remarks below the names.
const MAX_UNIT_ROWS: usize = 5;

/// Where things are.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Row of the names.
    pub(super) header: Option<usize>,
    /// First row of values.
    pub(super) first: usize,
    /// Names of the columns, or their numbers.
    pub(super) names: Vec<String>,
    /// Columns of values with the hour each stands for; one without an hour in a long table.
    pub(super) values: Vec<(usize, Option<(i64, bool)>)>,
    /// What was put right.
    pub(super) notes: Vec<String>,
    /// Cells between the names and the values, and above the names.
    pub(super) remarks: Vec<String>,
    /// What stands in the column of values between the names and the values.
    pub(super) unit_row: Option<String>,
}

fn is_value(text: &str) -> bool {
    !matches!(loose(text), Cell::Text)
}

/// A number in either style.
fn loose(text: &str) -> Cell {
    match (Style { decimal: '.' }).read(text) {
        Cell::Text => Style { decimal: ',' }.read(text),
        cell => cell,
    }
}

fn is_number(text: &str) -> bool {
    matches!(loose(text), Cell::Number(_))
}

/// Whether a row and those after it hold values in a column.
fn values_follow(table: &Table, from: usize, column: usize) -> bool {
    let rows = from..(from + 4).min(table.rows());
    rows.clone().any(|row| is_number(table.cell(row, column))) && rows.clone().all(|row| is_value(table.cell(row, column)))
}

/// The first row of values of any kind in rows as wide as most.
fn first_values(table: &Table, width: usize) -> Option<usize> {
    (0..table.rows().min(TOP_ROWS)).find(|row| {
        table.width(*row) + 1 >= width && (0..width).any(|column| values_follow(table, *row, column)) && {
            // A line of names holds no numbers and no times.
            let cells: Vec<&str> = table.cells(*row).filter(|cell| !cell.is_empty()).collect();
            cells.iter().any(|cell| is_number(cell))
        }
    })
}

/// Finds everything but the time.
pub(super) fn find(table: &Table, reading: &Reading) -> Result<Layout, Fault> {
    if table.rows() == 0 {
        return Err(Fault::error("bad-file", "path", "The file is empty.", "Save the series into it anew."));
    }
    let width = table.usual_width();
    let skipped = reading.skip_rows.map(|rows| rows as usize);
    if let Some(skipped) = skipped
        && (0..table.rows()).all(|row| table.line(row) <= skipped)
    {
        return Err(Fault::error("bad-file", "skip_rows", format!("The file has no row below the first {skipped}."), "Lower `skip_rows`."));
    }
    // The first row that is not skipped; lines count, empty ones too.
    let start = skipped.map_or(0, |skipped| (0..table.rows()).find(|row| table.line(*row) > skipped).unwrap_or(0));
    let found = match &reading.column {
        Some(name) => named(table, name, start, skipped.is_some(), width)?,
        None => match wide(table, start, width) {
            Some(layout) => return finish(layout, table),
            None => unnamed(table, start, width)?,
        },
    };
    finish(found, table)
}

/// Fills in what follows from the row of names.
fn finish(mut layout: Layout, table: &Table) -> Result<Layout, Fault> {
    if let Some(header) = layout.header {
        layout.names = table.cells(header).map(str::to_owned).collect();
        if layout.first == 0 {
            layout.first = header + 1;
        }
        let above = header.min(layout.first);
        if above > 0 {
            layout.notes.push(format!("{above} row{} above the names {} remarks and {} left out.", plural(above), are(above), are(above)));
        }
        layout.remarks = (0..above).flat_map(|row| table.cells(row).map(str::to_owned).collect::<Vec<_>>()).take(1000).collect();
        // Units and the like between the names and the values.
        let column = layout.values.first().map_or(0, |(column, _)| *column);
        let mut skipped = 0;
        while skipped < MAX_UNIT_ROWS && layout.first < table.rows() && !is_value(table.cell(layout.first, column)) {
            let cell = table.cell(layout.first, column);
            layout.unit_row.get_or_insert_with(|| cell.to_owned());
            layout.remarks.extend(table.cells(layout.first).map(str::to_owned));
            layout.first += 1;
            skipped += 1;
        }
        if skipped > 0 {
            layout.notes.push(format!("{skipped} row{} between the names and the values {} left out.", plural(skipped), are(skipped)));
        }
    } else {
        if layout.first > 0 {
            layout.notes.push(format!("{} row{} above the values {} left out.", layout.first, plural(layout.first), are(layout.first)));
            layout.remarks = (0..layout.first).flat_map(|row| table.cells(row).map(str::to_owned).collect::<Vec<_>>()).take(1000).collect();
        }
        layout.names = (1..=table.usual_width()).map(|number| number.to_string()).collect();
    }
    if layout.first >= table.rows() {
        return Err(Fault::error("bad-file", "path", "The file has names, but no row of values.", "Save the series into it anew."));
    }
    Ok(layout)
}

fn plural(number: usize) -> &'static str {
    if number == 1 { "" } else { "s" }
}

fn are(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

/// A column by its name, or by its number.
fn named(table: &Table, name: &str, start: usize, stated: bool, width: usize) -> Result<Layout, Fault> {
    let places = |same: &dyn Fn(&str) -> bool| -> Vec<(usize, Vec<usize>)> {
        (start..table.rows().min(start + if stated { 1 } else { TOP_ROWS }))
            .map(|row| (row, table.cells(row).enumerate().filter(|(_, cell)| same(cell)).map(|(column, _)| column).collect::<Vec<_>>()))
            .filter(|(_, columns)| !columns.is_empty())
            .collect()
    };
    let mut notes = Vec::new();
    let mut found = places(&|cell| same_name(cell, name));
    if found.is_empty() {
        found = places(&|cell| cell.to_lowercase() == name.trim().to_lowercase());
        if let Some((row, columns)) = found.first() {
            let cell = columns.first().map_or("", |column| table.cell(*row, *column));
            notes.push(format!("The column `{name}` is written `{cell}` in the file."));
        }
    }
    // The names stand right above values; a remark may hold the same word.
    let below = |row: usize, column: usize| {
        (row + 1..(row + 2 + MAX_UNIT_ROWS).min(table.rows() + 1)).any(|from| values_follow(table, from, column))
    };
    let headed = found.iter().find(|(row, columns)| columns.iter().any(|column| below(*row, *column)));
    if let Some((row, columns)) = headed.or(found.first().filter(|(_, _)| name.trim().parse::<usize>().is_err())) {
        return match columns.as_slice() {
            [column] => Ok(Layout { header: Some(*row), values: vec![(*column, None)], notes, ..Layout::default() }),
            _ => {
                let numbers: Vec<String> = columns.iter().map(|column| format!("`{}`", column + 1)).collect();
                Err(Fault::error(
                    "unknown-column",
                    "column",
                    format!("The file has several columns `{name}`: numbers {}.", numbers.join(", ")),
                    format!(
                        "Give each a name of its own, or state the one by its number: `column: \"{}\"`.",
                        columns.first().map_or(1, |column| column + 1)
                    ),
                ))
            }
        };
    }
    let first = first_values(table, width);
    let header = first.and_then(|row| row.checked_sub(1)).filter(|row| *row >= start && table.width(*row) + 1 >= width);
    // A number names the column of a file by its place.
    if let Ok(number) = name.trim().parse::<usize>() {
        let column = number.wrapping_sub(1);
        let first = (start..table.rows().min(start + TOP_ROWS)).find(|row| values_follow(table, *row, column));
        if let Some(first) = first.filter(|_| column < width) {
            // The row above holds the names if it is as wide and no row of values.
            let header =
                first.checked_sub(1).filter(|row| *row >= start && table.width(*row) > column && !is_value(table.cell(*row, column)));
            return Ok(Layout { header, first, values: vec![(column, None)], notes, ..Layout::default() });
        }
        return Err(Fault::error(
            "unknown-column",
            "column",
            format!("The file has no column {number} of numbers; it has {width} columns."),
            "Choose another number.",
        ));
    }
    let message = format!("The file has no column `{name}`.");
    let Some(header) = header else {
        return Err(Fault::error(
            "unknown-column",
            "column",
            format!("The file has no column `{name}`: it has no line of names."),
            format!("Name the column by its number, such as `column: \"{width}\"`."),
        ));
    };
    let names: Vec<&str> = table.cells(header).filter(|cell| !cell.is_empty()).collect();
    let shown: Vec<String> = names.iter().take(20).map(|cell| format!("`{}`", crate::plan::reader::shortened(cell))).collect();
    let help = match nearest_name(name, names.iter().copied()) {
        Some(near) => format!("Did you mean `{near}`?"),
        None if wide(table, start, width).is_some() => {
            "It has a row for each day and a column for each hour: use `File` and leave `column` out.".to_owned()
        }
        None => format!("Columns there: {}.", shown.join(", ")),
    };
    Err(Fault::error("unknown-column", "column", message, help))
}

/// The one column of numbers, where none is named.
fn unnamed(table: &Table, start: usize, width: usize) -> Result<Layout, Fault> {
    let Some(first) = (start..table.rows().min(start + TOP_ROWS))
        .find(|row| table.width(*row) + 1 >= width && (0..width).any(|column| values_follow(table, *row, column)))
    else {
        return Err(Fault::error(
            "bad-file",
            "path",
            "No column of numbers is found in the file.",
            "State `separator` and `decimal`, or save it anew as CSV.",
        ));
    };
    let header = first.checked_sub(1).filter(|row| *row >= start && table.width(*row) + 1 >= width);
    let names: Vec<&str> = header.map_or_else(Vec::new, |row| table.cells(row).collect());
    let name = |column: usize| names.get(column).copied().unwrap_or_default();
    let numeric: Vec<usize> = (0..width)
        .filter(|column| values_follow(table, first, *column) && !is_time_text(table.cell(first, *column)) && !is_time_name(name(*column)))
        .collect();
    match numeric.as_slice() {
        [column] => Ok(Layout { header, first: header.map_or(first, |_| 0), values: vec![(*column, None)], ..Layout::default() }),
        [] => Err(Fault::error("unknown-column", "column", "No column of values is found in the file.", "State it: `column: \"…\"`.")),
        _ => {
            let shown: Vec<String> = numeric
                .iter()
                .take(20)
                .map(|column| {
                    if name(*column).is_empty() {
                        format!("`{}`", column + 1)
                    } else {
                        format!("`{}`", crate::plan::reader::shortened(name(*column)))
                    }
                })
                .collect();
            Err(Fault::error(
                "unknown-column",
                "column",
                "The file has several columns of numbers.",
                format!("State which one, such as `column: …`: {}.", shown.join(", ")),
            ))
        }
    }
}

/// A row for each day and a column for each hour.
fn wide(table: &Table, start: usize, width: usize) -> Option<Layout> {
    if width < 24 {
        return None;
    }
    for row in start..table.rows().min(start + 50) {
        let hours: Vec<(usize, (i64, bool))> =
            table.cells(row).enumerate().filter_map(|(column, cell)| hour_label(cell).map(|hour| (column, hour))).collect();
        let plain: Vec<i64> = hours.iter().filter(|(_, (_, again))| !again).map(|(_, (hour, _))| *hour).collect();
        let from_zero = plain.iter().copied().eq(0..24);
        let from_one = plain.iter().copied().eq(1..25) || plain.iter().copied().eq(1..26);
        if (from_zero || from_one) && table.width(row) >= 24 && row + 1 < table.rows() {
            // A first row of values can't be told from hours only if the days number the same.
            let values = hours.iter().map(|(column, hour)| (*column, Some(*hour))).collect();
            return Some(Layout {
                header: Some(row),
                values,
                notes: vec!["The file has a row for each day and a column for each hour.".to_owned()],
                ..Layout::default()
            });
        }
    }
    // Nothing but values: 365 or 366 rows of 24, after a date or a number of the day.
    let full: Vec<usize> = (start..table.rows()).filter(|row| table.width(*row) == width).collect();
    if (width == 24 || width == 25)
        && matches!(full.len(), 365 | 366)
        && full.last().zip(full.first()).is_some_and(|(last, first)| last - first + 1 == full.len())
    {
        let from = width - 24;
        let values = (0..24).map(|hour| (from + hour as usize, Some((hour, false)))).collect();
        return Some(Layout {
            header: None,
            first: full.first().copied().unwrap_or(0),
            values,
            notes: vec!["The file has a row for each day and a column for each hour.".to_owned()],
            ..Layout::default()
        });
    }
    None
}
