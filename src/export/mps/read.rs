//! Free MPS in: programs that others published.

use std::collections::HashMap;

use crate::formulation::program::{Col, Column, Key, Linear, NO_INDEX, Phase, Program, Row, Sense, Symbol};

/// Why a text is not a program in free MPS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct ReadError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

/// Reads free MPS: one goal, no quadratic parts. Names become symbols.
///
/// # Errors
/// The first line that cannot be understood.
pub fn read(text: &str) -> Result<Program, ReadError> {
    let mut reader = Reader::default();
    let mut section = "";
    for (number, line) in text.lines().enumerate() {
        if line.starts_with('*') || line.trim().is_empty() {
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        if line.starts_with([' ', '\t']) {
            reader.data(section, &words).map_err(|what| ReadError { line: number + 1, what })?;
            continue;
        }
        section = words[0];
        match section {
            "ENDATA" => break,
            "OBJSENSE" if words.len() > 1 => reader.sense(words[1]),
            "NAME" | "OBJSENSE" | "ROWS" | "COLUMNS" | "RHS" | "RANGES" | "BOUNDS" => {}
            other => return Err(ReadError { line: number + 1, what: format!("the section {other} is not known") }),
        }
    }
    Ok(reader.done())
}

#[derive(Default)]
struct Reader {
    program: Program,
    goal_row: Option<String>,
    goal: Vec<(Col, f64)>,
    constant: f64,
    maximise: bool,
    rows: HashMap<String, Option<usize>>,
    kinds: Vec<char>,
    columns: HashMap<String, usize>,
    whole: bool,
}

impl Reader {
    fn key(&mut self, noun: &'static str, name: &str) -> Key {
        let symbol = Symbol::new(name);
        self.program.symbols.insert(symbol, name.to_owned());
        Key { noun, entities: [symbol, Symbol::NONE, Symbol::NONE, Symbol::NONE], period: NO_INDEX, slice: NO_INDEX, future: Symbol::NONE }
    }

    fn sense(&mut self, word: &str) {
        self.maximise = word.to_ascii_uppercase().starts_with("MAX");
    }

    fn data(&mut self, section: &str, words: &[&str]) -> Result<(), String> {
        match section {
            "OBJSENSE" => {
                self.sense(words.first().copied().unwrap_or_default());
                Ok(())
            }
            "ROWS" => self.row(words),
            "COLUMNS" => self.column(words),
            "RHS" => self.pairs(words, Self::rhs),
            "RANGES" => self.pairs(words, Self::range),
            "BOUNDS" => self.bound(words),
            other => Err(format!("data outside a section ({other})")),
        }
    }

    fn row(&mut self, words: &[&str]) -> Result<(), String> {
        let [kind, name] = words else { return Err("a row needs a kind and a name".to_owned()) };
        let (lower, upper) = match *kind {
            "N" => {
                self.rows.insert((*name).to_owned(), None);
                self.goal_row.get_or_insert_with(|| (*name).to_owned());
                return Ok(());
            }
            "E" => (0.0, 0.0),
            "L" => (f64::NEG_INFINITY, 0.0),
            "G" => (0.0, f64::INFINITY),
            other => return Err(format!("{other} is no kind of row")),
        };
        let key = self.key("row", name);
        self.rows.insert((*name).to_owned(), Some(self.program.rows.len()));
        self.kinds.push(kind.chars().next().unwrap_or('N'));
        self.program.rows.push(Row { key, family: "read", terms: Vec::new(), lower, upper, limit: None, scale: 1.0 });
        Ok(())
    }

    fn column(&mut self, words: &[&str]) -> Result<(), String> {
        let Some((name, pairs)) = words.split_first() else { return Ok(()) };
        if pairs.first() == Some(&"'MARKER'") {
            self.whole = pairs.get(1) == Some(&"'INTORG'");
            return Ok(());
        }
        let column = if let Some(column) = self.columns.get(*name) {
            *column
        } else {
            let key = self.key("column", name);
            self.program.columns.push(Column { key, lower: 0.0, upper: f64::INFINITY, whole: self.whole, limit: None });
            self.columns.insert((*name).to_owned(), self.program.columns.len() - 1);
            self.program.columns.len() - 1
        };
        for pair in pairs.chunks(2) {
            let [row, value] = pair else { return Err("an entry needs a row and a number".to_owned()) };
            let value = parse(value)?;
            let col = Col(column as u32);
            match self.rows.get(*row) {
                Some(Some(row)) => self.program.rows[*row].terms.push((col, value)),
                Some(None) if self.goal_row.as_deref() == Some(row) => self.goal.push((col, value)),
                Some(None) => {}
                None => return Err(format!("the row {row} is not known")),
            }
        }
        Ok(())
    }

    /// Lines of a set's name (which may be left out), rows and numbers.
    fn pairs(&mut self, words: &[&str], each: fn(&mut Self, &str, f64) -> Result<(), String>) -> Result<(), String> {
        let pairs = if words.len() % 2 == 1 { &words[1..] } else { words };
        for pair in pairs.chunks(2) {
            each(self, pair[0], parse(pair[1])?)?;
        }
        Ok(())
    }

    fn rhs(&mut self, row: &str, value: f64) -> Result<(), String> {
        match self.rows.get(row) {
            Some(Some(number)) => {
                let row = &mut self.program.rows[*number];
                match self.kinds[*number] {
                    'E' => (row.lower, row.upper) = (value, value),
                    'L' => row.upper = value,
                    _ => row.lower = value,
                }
            }
            Some(None) if self.goal_row.as_deref() == Some(row) => self.constant = -value,
            Some(None) => {}
            None => return Err(format!("the row {row} is not known")),
        }
        Ok(())
    }

    fn range(&mut self, row: &str, value: f64) -> Result<(), String> {
        let Some(Some(number)) = self.rows.get(row) else { return Err(format!("the row {row} is not known")) };
        let row = &mut self.program.rows[*number];
        match self.kinds[*number] {
            'L' => row.lower = row.upper - value.abs(),
            'G' => row.upper = row.lower + value.abs(),
            _ if value < 0.0 => row.lower += value,
            _ => row.upper += value,
        }
        Ok(())
    }

    fn bound(&mut self, words: &[&str]) -> Result<(), String> {
        let kind = words.first().copied().unwrap_or_default();
        let needs_value = matches!(kind, "LO" | "UP" | "FX");
        // The set's name may be left out.
        let rest = match (needs_value, words.len()) {
            (true, 4) | (false, 3..) => &words[2..],
            (true, 3) | (false, 2) => &words[1..],
            _ => return Err("a bound needs a kind and a column".to_owned()),
        };
        let Some(column) = rest.first().and_then(|name| self.columns.get(*name)) else {
            return Err("the column of a bound is not known".to_owned());
        };
        let value = if needs_value { bound(rest.get(1).copied().unwrap_or_default())? } else { 0.0 };
        if matches!((kind, value), ("LO", f64::INFINITY) | ("UP", f64::NEG_INFINITY) | ("FX", f64::INFINITY | f64::NEG_INFINITY)) {
            return Err(format!("nothing lies beyond {value}"));
        }
        let column = &mut self.program.columns[*column];
        match kind {
            "LO" => column.lower = value,
            "UP" => {
                column.upper = value;
                if value < 0.0 && column.lower == 0.0 {
                    column.lower = f64::NEG_INFINITY;
                }
            }
            "FX" => (column.lower, column.upper) = (value, value),
            "FR" => (column.lower, column.upper) = (f64::NEG_INFINITY, f64::INFINITY),
            "MI" => column.lower = f64::NEG_INFINITY,
            "PL" => column.upper = f64::INFINITY,
            "BV" => {
                (column.lower, column.upper) = (0.0, 1.0);
                column.whole = true;
            }
            other => return Err(format!("{other} is no kind of bound")),
        }
        Ok(())
    }

    fn done(mut self) -> Program {
        let goal = Linear { name: "goal", unit: "", terms: self.goal, constant: self.constant };
        let sense = if self.maximise { Sense::Maximise } else { Sense::Minimise };
        self.program.phases.push(Phase { goal, sense, tolerance: 0.0, at_least: None, per: None, floor: None });
        self.program
    }
}

/// Largest coefficient or side: what is larger means nothing, and sums of it have no end.
const LARGEST: f64 = 1e100;

/// A coefficient or a side of a row.
fn parse(word: &str) -> Result<f64, String> {
    bound(word).and_then(|value| if value.abs() <= LARGEST { Ok(value) } else { Err(format!("{word} is too large")) })
}

/// A bound, which may be infinite.
fn bound(word: &str) -> Result<f64, String> {
    let number: Result<f64, _> = word.parse();
    number.ok().filter(|value| !value.is_nan()).ok_or_else(|| format!("{word} is not a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A side that is no limit makes a row that says nothing, and what is no number makes no program.
    #[test]
    fn numbers_without_end_are_bounds_alone() {
        let with = |rhs: &str, bound: &str| {
            read(&format!("NAME x\nROWS\n N cost\n L lim\nCOLUMNS\n a cost 1 lim 1\nRHS\n RHS lim {rhs}\nBOUNDS\n {bound}\nENDATA\n"))
        };
        assert!(with("4", "UP BND a inf").is_ok() && with("4", "LO BND a -inf").is_ok());
        for (rhs, bound) in [
            ("1e999", "FR BND a"),
            ("1e101", "FR BND a"),
            ("NaN", "FR BND a"),
            ("4", "UP BND a nan"),
            ("4", "LO BND a inf"),
            ("4", "FX BND a -inf"),
        ] {
            assert!(with(rhs, bound).is_err(), "{rhs} {bound}");
        }
    }
}
