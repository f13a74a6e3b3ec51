//! Tables as CSV, safe to open in a spreadsheet.

use crate::charts::tables::{Table, TableCell, plain};

use super::ExportError;

/// Text that a spreadsheet would take for a formula gets a leading apostrophe.
#[must_use]
pub fn guarded(text: &str) -> String {
    // A spreadsheet may skip spaces before it looks for a formula.
    let dangerous = text.starts_with(['\t', '\r', '\n']) || text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if dangerous { format!("'{text}") } else { text.to_owned() }
}

/// What tells spreadsheets that a text beyond ASCII is UTF-8: without it they show `LuleÃ¥`.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A table as CSV with its header, UTF-8, lines ended by CR LF as RFC 4180 says. Where a name goes
/// beyond ASCII the text starts with a byte order mark, for spreadsheets.
///
/// # Errors
/// [`ExportError::Table`] if it can't be written.
pub fn render(table: &Table) -> Result<String, ExportError> {
    let problem = |error: &dyn std::fmt::Display| ExportError::Table(error.to_string());
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(Vec::new());
    writer.write_record(table.header.iter().map(|name| guarded(name))).map_err(|error| problem(&error))?;
    for row in &table.rows {
        let cells = row.iter().map(|cell| match cell {
            TableCell::Text(text) => guarded(text),
            TableCell::Number(number) => plain(*number),
        });
        writer.write_record(cells).map_err(|error| problem(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| problem(&error))?;
    let mut text = String::from_utf8(bytes).map_err(|error| problem(&error))?;
    if !text.is_ascii() {
        text.insert(0, BYTE_ORDER_MARK);
    }
    Ok(text)
}
