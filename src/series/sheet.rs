//! Sheets of a spreadsheet (`.xlsx`) as a table.

// Bytes in memory are read through these two; no file is opened.
use std::io::{Cursor, Read as _};

use calamine::{DataRef, Reader as _, Xlsx};

use super::moment;
use super::reading::Fault;
use super::table::{Table, too_large};

/// Most bytes of a spreadsheet once unpacked: a small file may hide a large one.
const MAX_UNPACKED: u64 = 192 << 20;

/// Most columns of a sheet that are looked at.
const MAX_COLUMNS: u32 = 4096;

/// Whether bytes are a packed spreadsheet.
pub(super) fn is_sheet(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Whether bytes are a spreadsheet of the old kind, which is not read.
pub(super) fn is_old_sheet(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

/// The table of a sheet, the names of all sheets, and which one was read.
pub(super) fn read(bytes: &[u8], wanted: Option<&str>) -> Result<(Table, Vec<String>, String), Fault> {
    let damaged =
        |_| Fault::error("bad-file", "path", "The spreadsheet is damaged or is not one.", "Open it, save it anew as .xlsx or as CSV.");
    unpacked_size(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error: calamine::XlsxError| damaged(error.to_string()))?;
    let names = book.sheet_names();
    let name = match wanted {
        Some(wanted) => names.iter().find(|name| name.trim() == wanted.trim()).ok_or_else(|| {
            let there: Vec<_> = names.iter().take(20).map(|name| format!("`{name}`")).collect();
            Fault::error(
                "unknown-sheet",
                "sheet",
                format!("The spreadsheet has no sheet `{wanted}`."),
                format!("There is: {}.", there.join(", ")),
            )
        })?,
        None => names.first().ok_or_else(|| Fault::error("bad-file", "path", "The spreadsheet has no sheet.", ""))?,
    }
    .clone();
    let mut cells = book.worksheet_cells_reader(&name).map_err(|error| damaged(error.to_string()))?;
    let mut table = Table::new(true);
    let (mut row, mut column) = (None::<u32>, 0_u32);
    while let Some(cell) = cells.next_cell().map_err(|error| damaged(error.to_string()))? {
        let (at_row, at_column) = cell.get_position();
        let text = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::Int(number) => number.to_string(),
            DataRef::Float(number) => number.to_string(),
            DataRef::SharedString(text) => (*text).to_owned(),
            DataRef::Bool(flag) => flag.to_string(),
            DataRef::DateTime(date) => {
                let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
                let seconds = moment::days_of(year.into(), month.into(), day.into()) * 86_400
                    + i64::from(hour) * 3600
                    + i64::from(minute) * 60
                    + i64::from(second)
                    + i64::from(milli >= 500);
                // A time of day alone has no date.
                if date.as_f64() < 1.0 { moment::shown(seconds).get(11..).unwrap_or_default().to_owned() } else { moment::shown(seconds) }
            }
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
            DataRef::Error(_) => "#N/A".to_owned(),
        };
        if row != Some(at_row) {
            if let Some(row) = row {
                table.end_row(row as usize + 1);
            }
            row = Some(at_row);
            column = 0;
        }
        if at_column >= MAX_COLUMNS {
            continue;
        }
        // Cells that are not there are empty ones.
        while column < at_column {
            if !table.push_cell("") {
                return Err(too_large());
            }
            column += 1;
        }
        if at_column == column && !table.push_cell(&text) {
            return Err(too_large());
        }
        column = at_column + 1;
    }
    if let Some(row) = row {
        table.end_row(row as usize + 1);
    }
    Ok((table, names, name))
}

/// Refuses spreadsheets that unpack to more than is sensible. What the file says of its own sizes is
/// not believed; it is unpacked once, and nothing is kept.
fn unpacked_size(bytes: &[u8]) -> Result<(), Fault> {
    let damaged =
        || Fault::error("bad-file", "path", "The spreadsheet is damaged or is not one.", "Open it, save it anew as .xlsx or as CSV.");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let mut room = MAX_UNPACKED;
    let mut buffer = vec![0; 64 << 10];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| damaged())?;
        loop {
            let read = part.read(&mut buffer).map_err(|_| damaged())?;
            if read == 0 {
                break;
            }
            room = room.checked_sub(read as u64).ok_or_else(|| {
                Fault::error(
                    "bad-file",
                    "path",
                    "The spreadsheet is larger than 192 MiB once unpacked.",
                    "Leave only the sheet with the year that is needed.",
                )
            })?;
        }
    }
    Ok(())
}
