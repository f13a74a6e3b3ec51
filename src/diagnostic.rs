//! The one way to say that a plan is wrong: a code, a sentence, the place and a way out.

use serde::Serialize;

/// How bad it is. Only an [`Severity::Error`] keeps a plan from being solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// The plan is solved, but the planner may not have meant this.
    Warning,
    /// The plan can't be solved as it stands.
    Error,
}

/// A range of a plan's text, with the line and column of its start (both from 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Line of the first byte, from 1.
    pub line: usize,
    /// Column of the first byte in characters, from 1.
    pub column: usize,
}

impl Span {
    /// The span of bytes `start..end` of `text`; out-of-range ends are pulled in.
    #[must_use]
    pub fn new(text: &str, start: usize, end: usize) -> Self {
        Lines::new(text).span(start, end)
    }
}

/// Bytes after which a long line gets another mark.
const MARK_BYTES: usize = 1024;

/// A text and marks in it, to find line and column of many places quickly, also in long lines.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    text: &'a str,
    marks: Vec<Mark>,
}

/// A place whose line and column are known.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: usize,
    line: usize,
    column: usize,
}

impl<'a> Lines<'a> {
    /// Of a text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let mut mark = Mark { at: 0, line: 1, column: 1 };
        let mut marks = vec![mark];
        let (mut line, mut column) = (1, 1);
        for (at, c) in text.char_indices() {
            // Here `line` and `column` are those of this character.
            if at - mark.at >= MARK_BYTES {
                mark = Mark { at, line, column };
                marks.push(mark);
            }
            column += 1;
            if c == '\n' {
                line += 1;
                column = 1;
            }
        }
        Self { text, marks }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The span of bytes `start..end`; out-of-range ends are pulled in.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Span {
        let mut start = start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = end.clamp(start, self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let after = self.marks.partition_point(|mark| mark.at <= start);
        let mark = self.marks.get(after.saturating_sub(1)).copied().unwrap_or(Mark { at: 0, line: 1, column: 1 });
        let between = self.text.get(mark.at..start).unwrap_or_default();
        let (line, column) = match between.rfind('\n') {
            Some(newline) => {
                (mark.line + between.matches('\n').count(), between.get(newline + 1..).unwrap_or_default().chars().count() + 1)
            }
            None => (mark.line, mark.column + between.chars().count()),
        };
        Span { start, end, line, column }
    }
}

/// One problem of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable code such as `unknown-reference`, for filters and tests.
    pub code: &'static str,
    /// One whole sentence.
    pub message: String,
    /// Where in the plan: `sites.abilene.halls.building-1.it_mw`; empty for the whole plan.
    pub path: String,
    /// Where in the text, if the plan was read from a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// A way out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at `path`.
    #[must_use]
    pub fn error(code: &'static str, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, message: message.into(), path: path.into(), span: None, help: None }
    }

    /// A warning at `path`.
    #[must_use]
    pub fn warning(code: &'static str, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, path, message) }
    }

    /// The same problem with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether this keeps the plan from being solved.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The candidate nearest to `wanted` in spelling, if it is near enough to be a typing error.
pub fn nearest_name<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted_lower = wanted.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (edit_distance(&wanted_lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().max(wanted.len()) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Edits (insert, delete, replace, swap of neighbours) between two words; case counts.
#[must_use]
pub fn edit_distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for (row, a) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, b) in right.iter().enumerate() {
            let at = |values: &[usize], index: usize| values.get(index).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&previous, column) + usize::from(a != b)).min(at(&previous, column + 1) + 1).min(at(&current, column) + 1);
            let swapped = row > 0 && column > 0 && left.get(row - 1) == Some(b) && right.get(column - 1) == Some(a);
            if swapped {
                best = best.min(at(&before, column - 1) + 1);
            }
            current.push(best);
        }
        before = previous;
        previous = current;
    }
    previous.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("h100", "h200"), 1);
        assert_eq!(edit_distance("ab", "ba"), 1);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
    }

    #[test]
    fn span_counts_lines_and_characters() {
        let text = "a\nbé c\n";
        let span = Span::new(text, text.find('c').unwrap(), text.len());
        assert_eq!((span.line, span.column), (2, 4));
    }

    #[test]
    fn places_are_the_same_however_far_the_next_mark_is() {
        let text = format!("é\n{}\n\n{}ü\nx", "é,".repeat(3000), "ab\n".repeat(2000));
        let lines = Lines::new(&text);
        let (mut line, mut column) = (1, 1);
        for (at, c) in text.char_indices() {
            let span = lines.span(at, at);
            assert_eq!((span.line, span.column), (line, column), "byte {at}");
            (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        assert_eq!(lines.span(usize::MAX, 0).start, text.len());
    }

    #[test]
    fn slips_of_the_hand_are_found_and_strangers_are_not() {
        assert_eq!(nearest_name("h20O", ["h100", "h200"]), Some("h200"));
        assert_eq!(nearest_name("interconect_mw", ["interconnect_mw", "pue"]), Some("interconnect_mw"));
        assert_eq!(nearest_name("zebra", ["interconnect_mw", "pue"]), None);
    }
}
