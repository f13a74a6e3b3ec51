//! Text as a table: what stands between columns, quotes, and every cell with its line.

use super::reading::Fault;

/// Most cells of a table; more is another kind of file.
const MAX_CELLS: usize = 16_000_000;

/// Bytes from which the shape of a file is judged.
const SAMPLE_BYTES: usize = 64 << 10;

/// What no file has between columns: stands for a single column.
const SINGLE: char = '\u{1f}';

/// Cells in one piece of text.
#[derive(Debug, Default)]
pub(super) struct Table {
    text: String,
    /// End of each cell in `text`.
    ends: Vec<u32>,
    /// First cell of each row, and one more at the end.
    rows: Vec<u32>,
    lines: Vec<u32>,
    /// Numbers are numbers already (a sheet), with a point before the fraction.
    pub(super) typed: bool,
    /// What stood between columns.
    pub(super) separator: Option<char>,
}

impl Table {
    pub(super) fn new(typed: bool) -> Self {
        Self { rows: vec![0], typed, ..Self::default() }
    }

    /// Adds a cell to the row that is being written; false where the table is full.
    pub(super) fn push_cell(&mut self, cell: &str) -> bool {
        self.text.push_str(cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0'));
        let Ok(end) = u32::try_from(self.text.len()) else { return false };
        self.ends.push(end);
        self.ends.len() < MAX_CELLS
    }

    /// Ends the row that is being written; empty rows are not kept.
    pub(super) fn end_row(&mut self, line: usize) {
        let first = self.rows.last().copied().unwrap_or(0) as usize;
        let from = first.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let empty = self.ends.last().copied().unwrap_or(0) == from || self.ends.len() == first;
        if empty {
            self.ends.truncate(first);
            return;
        }
        self.rows.push(self.ends.len() as u32);
        self.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
    }

    pub(super) fn rows(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn width(&self, row: usize) -> usize {
        match (self.rows.get(row), self.rows.get(row + 1)) {
            (Some(from), Some(to)) => (to - from) as usize,
            _ => 0,
        }
    }

    pub(super) fn line(&self, row: usize) -> usize {
        self.lines.get(row).map_or(0, |line| *line as usize)
    }

    /// A cell; empty where the row is shorter.
    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        if column >= self.width(row) {
            return "";
        }
        let at = self.rows.get(row).map_or(0, |from| *from as usize) + column;
        let from = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0) as usize;
        let to = self.ends.get(at).copied().unwrap_or(0) as usize;
        self.text.get(from..to).unwrap_or_default()
    }

    pub(super) fn cells(&self, row: usize) -> impl Iterator<Item = &str> {
        (0..self.width(row)).map(move |column| self.cell(row, column))
    }

    /// The width that most rows have.
    pub(super) fn usual_width(&self) -> usize {
        usual((0..self.rows()).map(|row| self.width(row))).0
    }
}

/// The most frequent number, and how often it comes of how many.
fn usual(numbers: impl Iterator<Item = usize>) -> (usize, usize, usize) {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    let mut all = 0;
    for number in numbers {
        *counts.entry(number).or_default() += 1;
        all += 1;
    }
    counts.into_iter().max_by_key(|(number, count)| (*count, *number)).map_or((0, 0, 0), |(number, count)| (number, count, all))
}

fn records(text: &str, separator: char) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// The words for what stands between columns.
pub(super) fn separator_word(separator: Option<char>) -> &'static str {
    match separator {
        Some(';') => "semicolon",
        Some('\t') => "tab",
        Some('|') => "bar",
        Some(',') => "comma",
        Some(_) => "as stated",
        None => "single column",
    }
}

/// A text as a table. `wanted` is the name of the column that is looked for, if it is known.
pub(super) fn read(text: &str, stated: Option<char>, wanted: Option<&str>) -> Result<Table, Fault> {
    // Excel's own first line says the separator.
    let (text, declared) = match text.strip_prefix("sep=") {
        Some(rest) => (rest.split_once('\n').map_or("", |(_, rest)| rest), rest.chars().next().filter(char::is_ascii)),
        None => (text, None),
    };
    let separator = match stated.or(declared) {
        Some(separator) => separator,
        None => find_separator(text, wanted)?,
    };
    let mut table = Table::new(false);
    table.separator = (separator != SINGLE).then_some(separator);
    let mut reader = records(text, separator);
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(table),
            Ok(true) => {}
            Err(error) => {
                return Err(Fault::error("bad-file", "path", format!("The file can't be read: {error}."), "Save it anew as CSV."));
            }
        }
        for cell in &record {
            if !table.push_cell(cell) {
                return Err(too_large());
            }
        }
        table.end_row(record.position().map_or(0, |position| position.line() as usize));
    }
}

pub(super) fn too_large() -> Fault {
    Fault::error("bad-file", "path", "The file has more than 16 million cells.", "Leave only the year and the columns that are needed.")
}

/// What stands between columns: the same number of columns in nearly all rows, the wanted name among them.
fn find_separator(text: &str, wanted: Option<&str>) -> Result<char, Fault> {
    let mut end = text.len().min(SAMPLE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut sample = text.get(..end).unwrap_or_default();
    // The last line of a sample may be cut.
    if end < text.len() {
        sample = sample.rsplit_once('\n').map_or(sample, |(whole, _)| whole);
    }
    let mut fitting = Vec::new();
    for separator in [';', '\t', '|', ','] {
        let rows: Vec<csv::StringRecord> = records(sample, separator).into_records().filter_map(Result::ok).collect();
        let body = rows.get(rows.len() / 4..).unwrap_or_default();
        let (width, count, all) = usual(body.iter().map(csv::StringRecord::len));
        if width < 2 || count * 10 < all * 8 {
            continue;
        }
        let named = wanted.is_some_and(|name| {
            rows.iter()
                .any(|row| (row.len() >= width || (width > 2 && row.len() + 1 == width)) && row.iter().any(|cell| same_name(cell, name)))
        });
        // A number with a decimal comma looks like two whole numbers.
        let halves = separator == ',' && width == 2 && body.iter().filter(|row| row.len() == 2).all(is_halved_number);
        let headed =
            rows.first().is_some_and(|row| row.len() == 1 && !row.iter().any(|cell| cell.starts_with(|c: char| c.is_ascii_digit())));
        fitting.push((separator, named, halves, headed));
    }
    let single_named = wanted.is_some_and(|name| sample.lines().take(500).any(|line| same_name(line.trim_matches('"'), name)));
    if let Some((separator, ..)) = fitting.iter().find(|(_, named, ..)| *named) {
        return Ok(*separator);
    }
    if single_named {
        return Ok(SINGLE);
    }
    match fitting.first() {
        None | Some((_, _, true, true)) => Ok(SINGLE),
        Some((_, _, true, false)) => Err(Fault::error(
            "two-readings",
            "separator",
            "The lines of the file, such as `35,86`, can be one number with a decimal comma or two whole numbers.",
            "State `separator: \",\"` for two columns, or `separator: \";\", decimal: \",\"` for one.",
        )),
        Some((separator, ..)) => Ok(*separator),
    }
}

fn is_halved_number(row: &csv::StringRecord) -> bool {
    let digits = |cell: &str| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
    row.get(0).is_some_and(|cell| digits(cell.trim().trim_start_matches('-'))) && row.get(1).is_some_and(|cell| digits(cell.trim()))
}

/// Whether two names of columns are the same but for blanks around them.
pub(super) fn same_name(left: &str, right: &str) -> bool {
    left.trim().trim_start_matches('\u{feff}') == right.trim()
}
