//! A spreadsheet with one sheet for each table: text cells are text, never formulas.

use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

use crate::charts::tables::{Table, TableCell};
use crate::charts::{CHARTS, Selection, table};

use super::ExportError;
use super::report::ReportInput;
use super::report_rows::all;
use crate::results::lender::Lender;

/// How numbers of a size are shown, the largest first; the cells keep all their digits.
const SHOWN: [(f64, &str); 4] = [(1000.0, "#,##0"), (10.0, "#,##0.0"), (0.01, "0.000"), (1e-9, "0.00E+00")];

/// Pixels of the widest column; longer texts are wrapped.
const WIDEST_COLUMN: u32 = 480;

/// Letters that surely stand in one line of the widest column.
const LETTERS_IN_A_LINE: usize = 62;

/// Height of a line, points.
const LINE_POINTS: f64 = 15.0;

/// The number of A4 among paper sizes.
const A4: u8 = 9;

/// Letters that a sheet holds in a cell.
const LONGEST_TEXT: usize = 32_000;

/// Every table of the answer and of its charts, a sheet each.
///
/// # Errors
/// [`ExportError::Spreadsheet`] if it can't be written.
pub fn render(input: &ReportInput<'_>) -> Result<Vec<u8>, ExportError> {
    let results = input.results;
    let charts = CHARTS.iter().flat_map(|entry| {
        let mut chart = (entry.chart)(results, &Selection::default());
        let mut table = table(&chart);
        // Some charts have the name of a table of the report.
        table.name = format!("chart {}", entry.name);
        let beside = chart.beside.take().map(|beside| Table { name: format!("chart {}", beside.name), ..beside });
        std::iter::once(table).chain(beside)
    });
    let studies = input.studies.iter().flat_map(|study| study.tables.iter().cloned());
    let all: Vec<Table> = all(input).into_iter().chain(studies).chain(charts).collect();
    let lender = results.lender.as_ref().filter(|_| !results.hides("npv_musd"));
    write(&all, lender).map_err(|error| ExportError::Spreadsheet(error.to_string()))
}

/// Tables as a workbook, a sheet each.
///
/// # Errors
/// [`ExportError::Spreadsheet`] if it can't be written.
pub fn tables(tables: &[Table]) -> Result<Vec<u8>, ExportError> {
    write(tables, None).map_err(|error| ExportError::Spreadsheet(error.to_string()))
}

fn write(tables: &[Table], lender: Option<&Lender>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold();
    let right = bold.clone().set_align(FormatAlign::Right);
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let shown = SHOWN.map(|(_, digits)| Format::new().set_num_format(digits).set_align(FormatAlign::Top));
    let mut names: Vec<String> = Vec::new();
    for table in tables {
        let name = sheet_name(&table.name, &names);
        let sheet = workbook.add_worksheet();
        sheet.set_name(&name)?;
        names.push(name);
        sheet.write_string_with_format(0, 0, cut(&table.title), &bold)?;
        for (column, header) in table.header.iter().enumerate() {
            let numeric = table.rows.iter().any(|row| matches!(row.get(column), Some(TableCell::Number(_))));
            let column = u16::try_from(column).unwrap_or(u16::MAX);
            sheet.write_string_with_format(2, column, cut(header), if numeric { &right } else { &bold })?;
        }
        for (row, cells) in table.rows.iter().enumerate() {
            let row = u32::try_from(row + 3).unwrap_or(u32::MAX);
            let lines = cells.iter().map(lines_of).max().unwrap_or(1);
            if lines > 1 {
                sheet.set_row_height(row, LINE_POINTS * f64::from(lines))?;
            }
            for (column, cell) in cells.iter().enumerate() {
                let column = u16::try_from(column).unwrap_or(u16::MAX);
                match cell {
                    TableCell::Text(text) => sheet.write_string_with_format(row, column, cut(text), &wrapped)?,
                    TableCell::Number(number) => {
                        let whole = number.fract() == 0.0;
                        let look = SHOWN.iter().zip(&shown).find(|((least, _), _)| whole || number.abs() >= *least);
                        match look {
                            Some((_, format)) => sheet.write_number_with_format(row, column, *number, format)?,
                            None => sheet.write_number(row, column, *number)?,
                        }
                    }
                };
            }
        }
        sheet.set_freeze_panes(3, 0)?;
        sheet.set_autofit_max_width(WIDEST_COLUMN);
        sheet.autofit();
        // On paper: lying down, as wide as the page.
        sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    }
    if let Some(lender) = lender {
        super::lender_sheet::write(&mut workbook, &sheet_name("lender model", &names), lender)?;
    }
    workbook.save_to_buffer()
}

/// Lines that a cell takes in a column of the greatest width; programs differ in whether they find
/// out by themselves.
fn lines_of(cell: &TableCell) -> u16 {
    match cell {
        TableCell::Text(text) => {
            let lines: usize = text.lines().map(|line| line.chars().count().div_ceil(LETTERS_IN_A_LINE).max(1)).sum();
            u16::try_from(lines).unwrap_or(u16::MAX).clamp(1, 20)
        }
        TableCell::Number(_) => 1,
    }
}

fn cut(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control() || *letter == '\n').take(LONGEST_TEXT).collect()
}

/// A sheet's name: at most 31 letters, none of `[]:*?/\`, no apostrophe at an end, each once.
fn sheet_name(name: &str, taken: &[String]) -> String {
    let clean: String =
        name.chars().map(|letter| if "[]:*?/\\".contains(letter) || letter.is_control() { ' ' } else { letter }).take(28).collect();
    let clean = clean.trim().trim_matches('\'').to_owned();
    let clean = if clean.is_empty() { "Table".to_owned() } else { clean };
    let free = |name: &str| !taken.iter().any(|other| other.eq_ignore_ascii_case(name));
    if free(&clean) {
        return clean;
    }
    (2..10_000).map(|number| format!("{clean} {number}")).find(|name| free(name)).unwrap_or(clean)
}
