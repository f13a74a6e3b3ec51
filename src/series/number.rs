//! Numbers as people write them: decimal point or comma, thousands, signs of money, percent.

use super::reading::Fault;

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell {
    Number(f64),
    /// Nothing, or a word for nothing.
    Missing,
    /// Something else.
    Text,
}

/// How the numbers of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) decimal: char,
}

/// Words for "no value".
fn is_missing(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "", "-", "--", "---", "–", "—", ".", "..", "?", "*", "nan", "-nan", "na", "n/a", "#n/a", "#n/a n/a", "#value!", "#ref!", "#div/0!",
        "#num!", "null", "none", "nil", "missing", "n/e", "n.a.", "nd", "n.d.", "no data", "k.a.", "void", "<na>", "\\n",
    ];
    text.len() <= 10 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// A number without its adornments: signs of money, blanks and apostrophes between thousands.
fn bare(text: &str) -> (String, bool) {
    let mut negative = false;
    let mut out = String::with_capacity(text.len());
    let inner = match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => {
            negative = true;
            inner
        }
        None => text,
    };
    for c in inner.chars() {
        match c {
            '$' | '€' | '£' | '¥' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' => {}
            '−' | '–' => out.push('-'),
            _ => out.push(c),
        }
    }
    (out, negative)
}

impl Style {
    /// Reads a cell.
    pub(super) fn read(self, text: &str) -> Cell {
        // By far the most cells are plain.
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
        if self.decimal == '.'
            && plain
            && !text.is_empty()
            && let Ok(value) = text.parse::<f64>()
        {
            return if value.is_finite() { Cell::Number(value) } else { Cell::Text };
        }
        if is_missing(text) {
            return Cell::Missing;
        }
        if text.len() > 64 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return Cell::Text;
        }
        let (text, negative) = bare(text);
        let (text, percent) = match text.strip_suffix('%') {
            Some(text) => (text, true),
            None => (text.as_str(), false),
        };
        let grouping = if self.decimal == ',' { '.' } else { ',' };
        let (whole, fraction) = match text.split_once(self.decimal) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        if fraction.is_some_and(|fraction| fraction.contains(grouping)) {
            return Cell::Text;
        }
        let mut groups = whole.split(grouping);
        let first = groups.next().unwrap_or_default();
        let mut number = first.to_owned();
        for (index, group) in groups.enumerate() {
            let head = first.trim_start_matches(['-', '+']);
            if group.len() != 3 || (index == 0 && (head.is_empty() || head.len() > 3)) {
                return Cell::Text;
            }
            number.push_str(group);
        }
        if let Some(fraction) = fraction {
            number.push('.');
            number.push_str(fraction);
        }
        let digits = number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
        match number.parse::<f64>() {
            Ok(value) if digits && value.is_finite() => {
                let value = if negative { -value } else { value };
                Cell::Number(if percent { value / 100.0 } else { value })
            }
            _ => Cell::Text,
        }
    }

    /// How the numbers of a column are written, from all its cells.
    pub(super) fn find<'a>(cells: impl Iterator<Item = &'a str>, stated: Option<char>, typed: bool) -> Result<Self, Fault> {
        if let Some(decimal) = stated {
            return Ok(Self { decimal });
        }
        let mut points = Marks::default();
        let mut commas = Marks::default();
        let (mut comma_last, mut point_last) = (0_usize, 0_usize);
        for cell in cells {
            let cell = cell.trim_end_matches(['%', '€', '$', ' ']);
            if !cell.bytes().any(|byte| byte.is_ascii_digit())
                || cell.bytes().any(|byte| byte.is_ascii_alphabetic() && !matches!(byte, b'e' | b'E'))
            {
                continue;
            }
            match (cell.rfind('.'), cell.rfind(',')) {
                (Some(point), Some(comma)) if comma > point => comma_last += 1,
                (Some(_), Some(_)) => point_last += 1,
                (Some(_), None) => points.take(cell, '.'),
                (None, Some(_)) => commas.take(cell, ','),
                (None, None) => {
                    points.without(cell);
                    commas.without(cell);
                }
            }
        }
        let ambiguous = |mark: char, example: &str| {
            Fault::error(
                "two-readings",
                "decimal",
                format!("Numbers such as `{example}` can have thousands or a fraction after the `{mark}`."),
                format!(
                    "State what stands before fractions: `decimal: \".\"` or `decimal: \",\"`; without fractions, `decimal: \"{}\"`.",
                    if mark == '.' { ',' } else { '.' }
                ),
            )
        };
        if comma_last > 0 && point_last > 0 {
            return Err(Fault::error(
                "two-readings",
                "decimal",
                "Some numbers have a decimal comma, others a decimal point.",
                "Write them all the same way, or state `decimal`.",
            ));
        }
        let decimal = if comma_last > 0 {
            ','
        } else if point_last > 0 {
            '.'
        } else if commas.fractions > 0 {
            ','
        } else if commas.groups > 0 {
            // 1,234 and 950 beside each other are thousands; 1,234 alone can be either.
            if commas.several > 0 || (commas.small_whole > 0 && points.fractions > 0) {
                '.'
            } else {
                return Err(ambiguous(',', &commas.example));
            }
        } else if points.several > 0 && points.fractions == 0 {
            ','
        } else if !typed && points.groups > 2 && points.fractions == 0 && points.small_whole > 0 && points.long_whole == 0 {
            return Err(ambiguous('.', &points.example));
        } else {
            '.'
        };
        // A mark of both kinds, each as a fraction, is no style at all.
        if commas.fractions > 0 && points.fractions > 0 {
            return Err(Fault::error(
                "two-readings",
                "decimal",
                format!(
                    "Some numbers have a decimal comma (`{}`), others a decimal point (`{}`).",
                    commas.fraction_example, points.fraction_example
                ),
                "Write them all the same way.",
            ));
        }
        Ok(Self { decimal })
    }
}

/// How a mark is used in the numbers of a column.
#[derive(Default)]
struct Marks {
    /// Surely a fraction: not three digits after it, or a zero before it.
    fractions: usize,
    /// Three digits after it.
    groups: usize,
    /// Several in one number: thousands.
    several: usize,
    /// Whole numbers of at most three digits without it.
    small_whole: usize,
    /// Whole numbers of more digits without it.
    long_whole: usize,
    example: String,
    fraction_example: String,
}

impl Marks {
    fn take(&mut self, cell: &str, mark: char) {
        let mut parts = cell.split(mark);
        let head = parts.next().unwrap_or_default().trim_start_matches(|c: char| !c.is_ascii_digit());
        let tails: Vec<&str> = parts.take(8).collect();
        let grouped = !head.is_empty()
            && head.len() <= 3
            && !head.starts_with('0')
            && tails.iter().all(|tail| tail.len() == 3 && tail.bytes().all(|byte| byte.is_ascii_digit()));
        if tails.len() > 1 {
            self.several += usize::from(grouped);
        } else if grouped {
            self.groups += 1;
            if self.example.is_empty() {
                cell.clone_into(&mut self.example);
            }
        } else {
            if self.fractions == 0 {
                cell.clone_into(&mut self.fraction_example);
            }
            self.fractions += 1;
        }
    }

    fn without(&mut self, cell: &str) {
        let digits = cell.trim_start_matches(|c: char| !c.is_ascii_digit());
        if digits.bytes().all(|byte| byte.is_ascii_digit()) {
            if digits.len() <= 3 { self.small_whole += 1 } else { self.long_whole += 1 }
        }
    }
}
