//! Reading the embedded tables: one typed row at a time, every oddity collected.
//!
//! The tables are ours, so a row that does not parse is a bug; but the program must not stop for
//! it. Such a row is left out, its problem is kept, and a test asserts that there is none.

use std::collections::HashMap;

use super::evidence::Confidence;

/// One line of a table while it is being read.
pub(super) struct Row<'a> {
    table: &'static str,
    line: usize,
    columns: &'a HashMap<String, usize>,
    record: &'a csv::StringRecord,
    problems: Vec<String>,
}

impl Row<'_> {
    /// The text of a column, trimmed; empty where the table leaves it blank.
    pub fn text(&mut self, column: &str) -> String {
        if let Some(&index) = self.columns.get(column) {
            self.record.get(index).unwrap_or("").trim().to_owned()
        } else {
            self.problem(column, "the table has no such column");
            String::new()
        }
    }

    /// A number that may be blank.
    pub fn number(&mut self, column: &str) -> Option<f64> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Some(value),
            _ => {
                self.problem(column, &format!("`{text}` is not a finite number"));
                None
            }
        }
    }

    /// A number that every row must have.
    pub fn required(&mut self, column: &str) -> f64 {
        self.number(column).unwrap_or_else(|| {
            self.problem(column, "a number is needed here");
            0.0
        })
    }

    /// A text that every row must have.
    pub fn required_text(&mut self, column: &str) -> String {
        let text = self.text(column);
        if text.is_empty() {
            self.problem(column, "a text is needed here");
        }
        text
    }

    /// A grade, where a blank means that there is no number to grade.
    pub fn confidence(&mut self, column: &str) -> Confidence {
        let text = self.text(column);
        if text.is_empty() {
            return Confidence::Low;
        }
        Confidence::parse(&text).unwrap_or_else(|| {
            self.problem(column, &format!("`{text}` is not a grade"));
            Confidence::Low
        })
    }

    /// A value read by `parse`, with its problem kept where the text is not one of the known words.
    pub fn word<T: Default>(&mut self, column: &str, parse: impl Fn(&str) -> Option<T>) -> T {
        let text = self.text(column);
        parse(&text).unwrap_or_else(|| {
            self.problem(column, &format!("`{text}` is not a known word"));
            T::default()
        })
    }

    /// Notes a problem of this row; the row will be left out.
    pub fn problem(&mut self, column: &str, what: &str) {
        self.problems.push(format!("{}, line {}, column {column}: {what}", self.table, self.line));
    }
}

/// Reads every row of `text` with `make`; rows with problems are left out and their problems kept.
pub(super) fn read<T>(table: &'static str, text: &str, problems: &mut Vec<String>, make: impl Fn(&mut Row<'_>) -> T) -> Vec<T> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns: HashMap<String, usize> = match reader.headers() {
        Ok(headers) => headers.iter().enumerate().map(|(index, name)| (name.to_owned(), index)).collect(),
        Err(error) => {
            problems.push(format!("{table}: {error}"));
            return Vec::new();
        }
    };
    let mut rows = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let line = index + 2;
        match record {
            Ok(record) => {
                let mut row = Row { table, line, columns: &columns, record: &record, problems: Vec::new() };
                let entry = make(&mut row);
                if row.problems.is_empty() {
                    rows.push(entry);
                } else {
                    problems.append(&mut row.problems);
                }
            }
            Err(error) => problems.push(format!("{table}, line {line}: {error}")),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_bad_row_is_left_out_and_named() {
        let mut problems = Vec::new();
        let rows = read("sample.csv", "id,value\na,1\nb,x\nc,\n", &mut problems, |row| (row.text("id"), row.number("value")));
        assert_eq!(rows, vec![("a".to_owned(), Some(1.0)), ("c".to_owned(), None)]);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].contains("sample.csv, line 3, column value"));
    }
}
