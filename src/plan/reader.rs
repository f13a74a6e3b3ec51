//! The state of one reading: the text, the path being read, what went wrong, where values stand.

use std::collections::{HashMap, HashSet};

use super::node::Node;
use super::scan::{self, Fault, Style};
use crate::diagnostic::{Diagnostic, Lines};

/// Most hidden characters that are reported of one text.
pub(super) const MAX_HIDDEN: usize = 20;

/// Most problems that are kept of one text; a text with more is not a plan with slips but another thing.
const MAX_PROBLEMS: usize = 1000;

/// Most entries of a map or list.
pub const MAX_ENTRIES: usize = 10_000;

/// Stands in [`Reader::failed`] for a child whose name could not be read.
pub const ANY: &str = "*";

/// A piece of a plan's text holding one value, and where it starts in the whole text (bytes).
#[derive(Clone, Copy, Debug)]
pub struct Raw<'a> {
    /// The value as written.
    pub text: &'a str,
    /// Offset of its first byte.
    pub offset: usize,
}

impl<'a> Raw<'a> {
    /// A value standing alone.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let start = scan::blank_len(text);
        Self { text: text.get(start..).unwrap_or_default().trim_end(), offset: start }
    }

    /// A part of this value.
    fn part(self, range: &std::ops::Range<usize>) -> Self {
        Self { text: self.text.get(range.clone()).unwrap_or_default(), offset: self.offset + range.start }
    }

    /// `Name(rest)` or `Name` as its name and `(rest)`, if it starts with a name.
    #[must_use]
    pub fn variant(self) -> Option<(&'a str, Raw<'a>)> {
        let end = self.text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(self.text.len());
        let starts_with_letter = self.text.starts_with(|c: char| c.is_ascii_alphabetic());
        let (name, rest) = self.text.split_at_checked(end)?;
        let start = end + scan::blank_len(rest);
        (starts_with_letter && !rest.starts_with('"')).then(|| (name, self.part(&(start..self.text.len()))))
    }

    fn is_group(self, open: char, close: char) -> bool {
        self.text.len() >= 2 && self.text.starts_with(open) && self.text.ends_with(close)
    }
}

/// A key and its value, as written.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The key without quotes.
    pub name: String,
    /// The key as written.
    pub key: Raw<'a>,
    /// The value.
    pub value: Raw<'a>,
}

/// The state of one reading: where we are, what went wrong, and where each value stands.
#[derive(Debug)]
pub struct Reader<'a> {
    lines: Lines<'a>,
    path: Vec<String>,
    hopeless: bool,
    /// What went wrong so far.
    pub problems: Vec<Diagnostic>,
    /// Byte range of every value read, by path.
    pub places: HashMap<String, (usize, usize)>,
    /// Paths that could not be read; a placeholder or nothing stands there, and rules that touch
    /// them say nothing more.
    pub failed: HashSet<String>,
}

impl<'a> Reader<'a> {
    /// A reader of `text`, starting at `path`.
    #[must_use]
    pub fn new(text: &'a str, path: &str) -> Self {
        Self {
            lines: Lines::new(text),
            path: if path.is_empty() { Vec::new() } else { path.split('.').map(str::to_owned).collect() },
            hopeless: false,
            problems: Vec::new(),
            places: HashMap::new(),
            failed: HashSet::new(),
        }
    }

    /// The path being read.
    #[must_use]
    pub fn path(&self) -> String {
        self.path.join(".")
    }

    /// The path of a child of what is being read.
    #[must_use]
    pub fn child_path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path()) }
    }

    /// Reads one level deeper.
    pub fn at<T>(&mut self, key: &str, raw: Raw<'_>, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(key.to_owned());
        self.places.insert(self.path(), (raw.offset, raw.offset + raw.text.len()));
        let value = read(self);
        self.path.pop();
        value
    }

    /// Looks again at a child read before: `look` gets its place, or `raw` if it is not known.
    pub fn again<T>(&mut self, key: &str, raw: Raw<'_>, look: impl FnOnce(&mut Self, Raw<'_>) -> T) -> T {
        self.path.push(key.to_owned());
        let text = self.lines.text();
        let place = self.places.get(&self.path()).and_then(|(start, end)| Some(Raw { text: text.get(*start..*end)?, offset: *start }));
        let value = look(self, place.unwrap_or(raw));
        self.path.pop();
        value
    }

    /// Notes a problem of the value being read.
    pub fn problem(&mut self, code: &'static str, raw: Raw<'_>, message: impl Into<String>, help: Option<String>) {
        if self.problems.len() >= MAX_PROBLEMS {
            self.hopeless = true;
            return;
        }
        let mut diagnostic = Diagnostic::error(code, self.path(), message);
        diagnostic.span = Some(self.lines.span(raw.offset, raw.offset + raw.text.len()));
        diagnostic.help = help;
        self.problems.push(diagnostic);
    }

    /// Whether there are more problems than are kept: reading on would only take time.
    #[must_use]
    pub fn is_hopeless(&self) -> bool {
        self.hopeless
    }

    /// Notes that a child could not be read, and gives what stands in its place: its default, or a
    /// minimal value.
    pub fn placeholder<T: Node>(&mut self, key: &str, default: Option<T>) -> Option<T> {
        self.failed.insert(self.child_path(key));
        default.or_else(|| example::<T>())
    }

    /// Notes that something was here whose name could not be read: it could be anything that others
    /// refer to.
    pub fn lost_child(&mut self) {
        self.failed.insert(self.child_path(ANY));
    }

    /// Whether something was lost in what is being read.
    #[must_use]
    pub fn has_lost_child(&self) -> bool {
        self.failed.contains(&self.child_path(ANY))
    }

    fn fault(&mut self, raw: Raw<'_>, fault: Fault) {
        self.lost_child();
        let place = raw.part(&fault.place);
        self.problem("syntax", place, fault.message, fault.help);
    }

    /// Takes `(name: value, …)` apart. Every slip is noted with its place.
    pub fn fields<'r>(&mut self, raw: Raw<'r>) -> Option<Vec<Entry<'r>>> {
        if !raw.is_group('(', ')') {
            let found = shortened(raw.text);
            let help = raw.variant().filter(|(_, rest)| rest.is_group('(', ')')).map(|(name, _)| format!("Leave `{name}` out."));
            self.problem("wrong-type", raw, format!("Expected `(name: value, …)`, found `{found}`."), help);
            return None;
        }
        Some(self.keyed(raw, Style::Fields))
    }

    /// Takes `{"key": value, …}` apart. Every slip is noted with its place.
    pub fn entries<'r>(&mut self, raw: Raw<'r>) -> Option<Vec<Entry<'r>>> {
        if !raw.is_group('{', '}') {
            let found = shortened(raw.text);
            self.problem("wrong-type", raw, format!("Expected `{{\"id\": value, …}}`, found `{found}`."), None);
            return None;
        }
        Some(self.keyed(raw, Style::Entries))
    }

    fn keyed<'r>(&mut self, raw: Raw<'r>, style: Style) -> Vec<Entry<'r>> {
        let (parts, faults) = scan::parts(raw.text, style);
        for fault in faults {
            if self.is_hopeless() {
                break;
            }
            self.fault(raw, fault);
        }
        let mut entries = Vec::new();
        for part in parts {
            if self.is_hopeless() {
                break;
            }
            let (key, value) = (raw.part(&part.key), raw.part(&part.value));
            let name = if key.text.ends_with(['"', '#']) { self.text_in_quotes(key) } else { Some(key.text.to_owned()) };
            if let Some(name) = name {
                entries.push(Entry { name, key, value });
            }
        }
        entries
    }

    /// Takes `[value, …]` apart.
    pub fn items<'r>(&mut self, raw: Raw<'r>) -> Option<Vec<Raw<'r>>> {
        if !raw.is_group('[', ']') {
            let found = shortened(raw.text);
            self.problem("wrong-type", raw, format!("Expected a list, `[value, …]`, found `{found}`."), None);
            return None;
        }
        Some(self.values(raw))
    }

    fn values<'r>(&mut self, raw: Raw<'r>) -> Vec<Raw<'r>> {
        let (parts, faults) = scan::parts(raw.text, Style::Items);
        for fault in faults {
            if self.is_hopeless() {
                break;
            }
            self.fault(raw, fault);
        }
        parts.iter().map(|part| raw.part(&part.value)).collect()
    }

    /// The one value in `(value)`.
    pub fn single<'r>(&mut self, raw: Raw<'r>) -> Option<Raw<'r>> {
        let values = self.values(raw);
        if let [value] = values.as_slice() {
            return Some(*value);
        }
        self.problem("wrong-type", raw, format!("Expected one value in parentheses, found {}.", values.len()), None);
        None
    }

    /// Whether a list or map is longer than any that can be planned; that is noted.
    pub fn too_many(&mut self, raw: Raw<'_>, count: usize) -> bool {
        if count > MAX_ENTRIES {
            self.problem("too-many", raw, format!("There are {count} entries here; at most {MAX_ENTRIES} can be planned."), None);
        }
        count > MAX_ENTRIES
    }

    /// Reads a text.
    pub fn text_in_quotes(&mut self, raw: Raw<'_>) -> Option<String> {
        match raw.text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(plain) if !plain.contains(['\\', '"']) => Some(plain.to_owned()),
            _ => self.plain(raw, "text in double quotes"),
        }
    }

    /// Notes the characters of a text that nobody sees, whether it is a whole plan or what one value is set to.
    /// It begins at `offset` of what is read.
    pub fn refuse_hidden(&mut self, text: &str, offset: usize) {
        for (place, c) in scan::hidden_characters(text).take(MAX_HIDDEN) {
            let raw = Raw { text: text.get(place.clone()).unwrap_or_default(), offset: offset + place.start };
            let message = format!("The character U+{:04X} can't be seen or changes the order of what is seen.", u32::from(c));
            self.problem("hidden-character", raw, message, Some("Delete it.".into()));
        }
    }

    /// Reads a plain value through serde.
    pub fn plain<'r, T: serde::Deserialize<'r>>(&mut self, raw: Raw<'r>, what: &str) -> Option<T> {
        // A word or a text starts with no bracket, so this can't recurse.
        let value = if raw.text.starts_with(['(', '[', '{', '#']) { None } else { ron::from_str::<T>(raw.text).ok() };
        if value.is_none() {
            let found = shortened(raw.text);
            self.problem("wrong-type", raw, format!("Expected {what}, found `{found}`."), None);
        }
        value
    }
}

/// Reads one value of a plan standing alone, such as an edit's; problems are at `path` and carry no
/// place, because the text is not the plan's.
///
/// # Errors
/// Everything that is wrong with the text.
pub fn read_value<T>(text: &str, path: &str, read: impl FnOnce(Raw<'_>, &mut Reader<'_>) -> Option<T>) -> Result<T, Vec<Diagnostic>> {
    let mut reader = Reader::new(text, path);
    reader.refuse_hidden(text, 0);
    let value = match scan::single_value(text) {
        Ok(place) => {
            let raw = Raw { text: text.get(place.clone()).unwrap_or_default(), offset: place.start };
            read(raw, &mut reader)
        }
        Err(fault) => {
            reader.problem("syntax", Raw { text: "", offset: fault.place.start }, fault.message, fault.help);
            None
        }
    };
    let mut problems = reader.problems;
    for problem in &mut problems {
        problem.span = None;
    }
    match value {
        Some(value) if problems.is_empty() => Ok(value),
        _ if problems.is_empty() => Err(vec![Diagnostic::error("wrong-type", path, format!("`{text}` can't stand here."))]),
        _ => Err(problems),
    }
}

/// The minimal value of a type.
#[must_use]
pub fn example<T: Node>() -> Option<T> {
    let text = T::example();
    T::read(Raw::new(&text), &mut Reader::new(&text, ""))
}

/// The start of a text, for messages.
#[must_use]
pub fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let visible = |c: char| if scan::is_hidden(c) { '\u{fffd}' } else { c };
    if line.chars().count() > 40 || line.len() < text.len() {
        line.chars().map(visible).take(40).chain("…".chars()).collect()
    } else {
        line.chars().map(visible).collect()
    }
}
