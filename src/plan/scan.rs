//! Takes a plan's text apart, one level at a time, without recursion: a hostile text can neither
//! overflow the stack nor stop the reading at its first slip.
//!
//! This is the outer grammar of RON (brackets, commas, colons, comments, texts). What stands in one
//! value is read by `ron` itself, in [`super::reader`].

use std::borrow::Cow;
use std::ops::Range;

pub use super::parts::{Part, Style, first_field, parts};

/// Deepest nesting of brackets in a plan.
pub const MAX_NESTING: usize = 64;

/// Something that can't be read, and where (bytes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Range<usize>,
    /// One whole sentence.
    pub message: String,
    /// A way out.
    pub help: Option<String>,
}

impl Fault {
    pub(super) fn new(place: Range<usize>, message: impl Into<String>) -> Self {
        Self { place, message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The smallest part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open(char),
    Close(char),
    Comma,
    Colon,
    /// Text in quotes.
    Text,
    /// A number, a name, or anything else without blanks and brackets.
    Word,
}

/// Walks over the tokens of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    comments: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, comments: false }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Skips blanks and comments; RON's block comments nest.
    pub(super) fn skip_blank(&mut self) -> Result<(), Fault> {
        loop {
            self.at += white_len(self.rest());
            let rest = self.rest();
            if rest.starts_with("//") {
                self.comments = true;
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.comments = true;
                self.at += block_comment_len(rest).ok_or_else(|| {
                    Fault::new(self.at..self.at + 2, "The comment that starts here is never closed.").help("Close it with `*/`.")
                })?;
            } else {
                return Ok(());
            }
        }
    }

    /// The next token and its place; nothing at the end of the text.
    pub(super) fn next(&mut self) -> Result<Option<(Token, Range<usize>)>, Fault> {
        self.skip_blank()?;
        let rest = self.rest();
        let start = self.at;
        let Some(first) = rest.as_bytes().first().copied() else {
            return Ok(None);
        };
        let (token, len) = match first {
            b'(' | b'[' | b'{' => (Token::Open(char::from(first)), 1),
            b')' | b']' | b'}' => (Token::Close(char::from(first)), 1),
            b',' => (Token::Comma, 1),
            b':' => (Token::Colon, 1),
            _ => match text_len(rest) {
                Some(Ok(len)) => (Token::Text, len),
                Some(Err(Unclosed)) => {
                    let first_line = rest.lines().next().map_or(0, str::len);
                    return Err(
                        Fault::new(start..start + first_line, "The text that starts here is never closed.").help("Close it with `\"`.")
                    );
                }
                None => (Token::Word, word_len(rest)),
            },
        };
        self.at += len;
        Ok(Some((token, start..self.at)))
    }

    /// The next token, left in place.
    fn peek(&self) -> Option<(Token, Range<usize>)> {
        let mut ahead = *self;
        ahead.next().ok().flatten()
    }

    /// Skips to the bracket that closes one opened just before; false if there is none.
    fn skip_group(&mut self) -> Result<bool, Fault> {
        let mut depth = 1_usize;
        while let Some((token, _)) = self.next()? {
            match token {
                Token::Open(_) => depth += 1,
                Token::Close(_) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Skips one value; its place, or nothing (and no step) if no value starts here.
    pub(super) fn value(&mut self) -> Result<Option<Range<usize>>, Fault> {
        self.skip_blank()?;
        let before = *self;
        let Some((token, place)) = self.next()? else {
            return Ok(None);
        };
        match token {
            Token::Comma | Token::Colon | Token::Close(_) => {
                *self = before;
                return Ok(None);
            }
            Token::Text => {}
            Token::Open(_) => {
                self.skip_group()?;
            }
            Token::Word => {
                let after_word = *self;
                if let Some((Token::Open('('), _)) = self.next()? {
                    self.skip_group()?;
                } else {
                    *self = after_word;
                }
            }
        }
        Ok(Some(place.start..self.at))
    }

    /// Skips to the next comma of this level, and over it.
    pub(super) fn skip_entry(&mut self) -> Result<(), Fault> {
        while let Some((token, _)) = self.next()? {
            match token {
                Token::Comma => return Ok(()),
                Token::Open(_) => {
                    self.skip_group()?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Length of the block comment at the start of `text`.
fn block_comment_len(text: &str) -> Option<usize> {
    let mut level = 0_usize;
    let mut at = 0;
    let bytes = text.as_bytes();
    while at + 1 < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/*") => {
                level += 1;
                at += 2;
            }
            Some(b"*/") => {
                level -= 1;
                at += 2;
                if level == 0 {
                    return Some(at);
                }
            }
            _ => at += 1,
        }
    }
    None
}

/// A text without its closing quote.
struct Unclosed;

/// Length of the quoted text at the start of `text`; nothing if there is none.
fn text_len(text: &str) -> Option<Result<usize, Unclosed>> {
    if let Some(inner) = text.strip_prefix('"') {
        let mut escaped = false;
        for (at, byte) in inner.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => return Some(Ok(at + 2)),
                _ => {}
            }
        }
        return Some(Err(Unclosed));
    }
    // A raw text, r"…" or r#"…"#.
    let after_r = text.strip_prefix('r')?;
    let inner = after_r.trim_start_matches('#');
    let hashes = after_r.len() - inner.len();
    let inner = inner.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(inner.find(&end).map(|at| 2 + hashes + at + end.len()).ok_or(Unclosed))
}

/// Length of the word at the start of `text`; at least one character.
fn word_len(text: &str) -> usize {
    // A character literal may hold a bracket or a quote.
    if let Some(inner) = text.strip_prefix('\'') {
        let mut chars = inner.char_indices();
        let first = chars.next();
        if first.is_some_and(|(_, c)| c == '\\') {
            chars.next();
        }
        if let Some((at, '\'')) = chars.next() {
            return at + 2;
        }
    }
    for (at, byte) in text.bytes().enumerate().skip(1) {
        let ends = match byte {
            b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b':' | b'"' => true,
            b'/' => matches!(text.as_bytes().get(at + 1), Some(b'/' | b'*')),
            _ if byte.is_ascii() => byte.is_ascii_whitespace() || byte == 0x0b,
            _ => text.get(at..).is_some_and(|rest| rest.starts_with(char::is_whitespace)),
        };
        if ends {
            return at;
        }
    }
    text.len()
}

/// Length of the blanks at the start of `text`.
fn white_len(text: &str) -> usize {
    for (at, byte) in text.bytes().enumerate() {
        let white = if byte.is_ascii() {
            byte.is_ascii_whitespace() || byte == 0x0b
        } else {
            // Rare enough to be done the slow way for the rest.
            let rest = text.get(at..).unwrap_or_default();
            return at + rest.len() - rest.trim_start().len();
        };
        if !white {
            return at;
        }
    }
    text.len()
}

/// Length of the blanks and comments at the start of a text.
#[must_use]
pub fn blank_len(text: &str) -> usize {
    let mut scanner = Scanner::new(text);
    match scanner.skip_blank() {
        Ok(()) => scanner.at,
        Err(_) => text.len(),
    }
}

/// Whether a text holds comments, which a save would drop.
#[must_use]
pub fn has_comments(text: &str) -> bool {
    let mut scanner = Scanner::new(text);
    while let Ok(Some(_)) = scanner.next() {}
    scanner.comments
}

/// Checks that the text is one value with every bracket closed by its like, not too deep; its place.
///
/// # Errors
/// The first place where that fails.
pub fn single_value(text: &str) -> Result<Range<usize>, Fault> {
    let mut scanner = Scanner::new(text);
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut long_text = None;
    let line_of = |at: usize| text.get(..at).unwrap_or_default().matches('\n').count() + 1;
    // A quote left open swallows all up to the next quote: the fault is seen much later.
    let suspect = |fault: Fault, long_text: Option<usize>| match (long_text, fault.help.is_some()) {
        (Some(start), false) => {
            let help = format!("The text that starts in line {} runs over several lines: is its closing `\"` missing?", line_of(start));
            fault.help(help)
        }
        _ => fault,
    };
    while let Some((token, place)) = scanner.next().map_err(|fault| match long_text {
        Some(start) if fault.message.contains("text") => {
            let help = format!("Close it with `\"`; or is one missing in line {}, where a text runs over several lines?", line_of(start));
            Fault { help: Some(help), ..fault }
        }
        _ => fault,
    })? {
        match token {
            Token::Open(bracket) => {
                open.push((bracket, place.start));
                if open.len() > MAX_NESTING {
                    let message = format!("Brackets are nested deeper than {MAX_NESTING} levels here.");
                    return Err(Fault::new(place, message).help("A plan needs less than ten levels."));
                }
            }
            Token::Close(bracket) => {
                let wanted = open.pop();
                let matches = |(opened, _): (char, usize)| matches!((opened, bracket), ('(', ')') | ('[', ']') | ('{', '}'));
                if !wanted.is_some_and(matches) {
                    let message = match wanted {
                        Some((opened, at)) => format!("This `{bracket}` does not close the `{opened}` of line {}.", line_of(at)),
                        None => format!("This `{bracket}` closes nothing."),
                    };
                    return Err(suspect(Fault::new(place, message), long_text));
                }
            }
            Token::Text => {
                let several = text.get(place.clone()).is_some_and(|text| text.contains('\n'));
                if several && long_text.is_none() {
                    long_text = Some(place.start);
                }
            }
            Token::Comma | Token::Colon | Token::Word => {}
        }
    }
    if let Some((bracket, at)) = open.last() {
        let message = format!("The text ends before the `{bracket}` of line {} is closed.", line_of(*at));
        let end = text.trim_end().len();
        let fault = Fault::new(end..end, message);
        let help = "Is a closing bracket missing, or was the file cut off?";
        return Err(suspect(fault, long_text)).map_err(|fault| if fault.help.is_some() { fault } else { fault.help(help) });
    }
    let mut scanner = Scanner::new(text);
    let Some(place) = scanner.value()? else {
        let place = scanner.peek().map_or(scanner.at..scanner.at, |(_, place)| place);
        return Err(Fault::new(place, "There is no value here."));
    };
    match scanner.next()? {
        None => Ok(place),
        Some((_, extra)) => {
            let extra = extra.start..text.trim_end().len();
            Err(suspect(Fault::new(extra, "Nothing may follow the closing bracket or the value."), long_text))
        }
    }
}

/// The text of one value with plain spacing and without comments; a value written by hand and the
/// same value printed are then the same text.
#[must_use]
pub fn compact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut scanner = Scanner::new(text);
    let mut pending_comma = false;
    let mut previous = None;
    while let Ok(Some((token, place))) = scanner.next() {
        if pending_comma && !matches!(token, Token::Close(_)) {
            out.push_str(", ");
        }
        pending_comma = token == Token::Comma;
        match token {
            Token::Comma => {}
            Token::Colon => out.push_str(": "),
            _ => {
                // Two words in a row are no value; keep them apart all the same.
                if matches!((previous, token), (Some(Token::Word | Token::Text), Token::Word | Token::Text)) {
                    out.push(' ');
                }
                out.push_str(scanner.text.get(place).unwrap_or_default());
            }
        }
        previous = Some(token);
    }
    out
}

/// Places of characters that hide or reorder what is shown: control characters and those that turn
/// the direction of writing.
pub fn hidden_characters(text: &str) -> impl Iterator<Item = (Range<usize>, char)> {
    text.char_indices().filter(|(_, c)| is_hidden(*c)).map(|(at, c)| (at..at + c.len_utf8(), c))
}

/// Whether a character hides or reorders what is shown.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        // Soft hyphens, fillers that are letters by name and blank by look, tags, and what marks direction.
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// The text with a mark in place of each character that hides or reorders what is shown, of as many
/// bytes, so that places in the text stay where they are. What a terminal would obey, it shows.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mark = |c: char| match c.len_utf8() {
        _ if !is_hidden(c) => c,
        1 => '?',
        2 => '¿',
        4 => '\u{1f6d1}',
        _ => char::REPLACEMENT_CHARACTER,
    };
    Cow::Owned(text.chars().map(mark).collect())
}

/// `text` as a RON string literal.
#[must_use]
pub fn quoted(text: &str) -> String {
    // Debug escapes are Rust's, which are RON's too (`\n`, `\"`, `\u{…}`).
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        let tags = "a\u{ad}\u{e0041}\u{3164}";
        assert_eq!(visible(tags).len(), tags.len());
        assert!(!visible(tags).chars().any(is_hidden));
        let text = "a\u{1b}[31mb\u{7}\u{9b}2J\u{202e}c\tä\n";
        let shown = visible(text);
        assert_eq!(shown, "a?[31mb?¿2J\u{fffd}c\tä\n");
        assert_eq!(shown.len(), text.len());
        assert!(matches!(visible("plain ä\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn brackets_are_balanced_and_bounded() {
        assert!(single_value("(a: [1, {\"b\": 2}]) // end").is_ok());
        assert_eq!(single_value("(a: [1)").unwrap_err().place, 6..7);
        assert_eq!(single_value("(a: 1").unwrap_err().place, 5..5);
        assert_eq!(single_value("(a: 1) x").unwrap_err().place, 7..8);
        assert!(single_value(&"(".repeat(1_000_000)).unwrap_err().message.contains("64"));
        assert!(single_value("(a: \"x)\n, b: \"y\")").unwrap_err().help.unwrap().contains("line 1"));
        assert!(single_value("").is_err());
        assert!(single_value(", 1").is_err());
        assert!(single_value("/* never").is_err());
    }

    #[test]
    fn compact_text_is_stable() {
        let text = compact("( a : 1 ,\n// no\n b: {\"x\": Up ( 2 , ) , } , )");
        assert_eq!(text, "(a: 1, b: {\"x\": Up(2)})");
        assert_eq!(compact(&text), text);
    }

    #[test]
    fn comments_are_found_outside_of_texts() {
        assert!(has_comments("(a: 1 /* x */)"));
        assert!(!has_comments("(a: \"https://example.org\")"));
    }
}
