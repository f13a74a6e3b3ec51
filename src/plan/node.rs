//! How a plan is read, changed and printed: every type of the schema is a [`Node`].
//!
//! serde stops at the first error; a planner wants all of them. So each struct takes its text apart
//! into fields (as `ron` raw values, borrowed from the plan's text) and reads field by field; what
//! goes wrong is noted with its place and the reading goes on. The macros [`record!`] and
//! [`choice!`] write this once for every struct and enum, together with the list of fields that the
//! window, the tables and "did you mean" use.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use indexmap::IndexMap;
use serde::de::{MapAccess, Visitor};

use crate::diagnostic::{Diagnostic, Span, nearest_name};

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
        Self { text, offset: 0 }.trimmed()
    }

    /// The part of this value that `inner` borrows.
    fn inner(self, inner: &'a str) -> Self {
        let offset = (inner.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        Self { text: inner, offset: self.offset + offset }.trimmed()
    }

    /// Without blanks and comments around it.
    fn trimmed(self) -> Self {
        let start = self.text.len() - skip_blank(self.text).len();
        let text = self.text.get(start..).unwrap_or_default().trim_end();
        Self { text, offset: self.offset + start }
    }

    /// `Name(rest)` or `Name` as its name and `(rest)`, if it starts with a name.
    fn variant(self) -> Option<(&'a str, Raw<'a>)> {
        let end = self
            .text
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(self.text.len());
        let starts_with_letter = self.text.starts_with(|c: char| c.is_ascii_alphabetic());
        let (name, rest) = self.text.split_at_checked(end)?;
        (starts_with_letter && end > 0).then(|| (name, self.inner(rest)))
    }

    /// `(inner)` without its parentheses and without a trailing comma.
    fn unwrapped(self) -> Option<Raw<'a>> {
        let inner = self.text.strip_prefix('(')?.strip_suffix(')')?;
        let inner = inner.trim_end();
        Some(self.inner(inner.strip_suffix(',').unwrap_or(inner)))
    }
}

/// Skips blanks, `// …` and `/* … */` comments.
fn skip_blank(mut text: &str) -> &str {
    loop {
        text = text.trim_start();
        if let Some(rest) = text.strip_prefix("//") {
            text = rest.find('\n').and_then(|end| rest.get(end..)).unwrap_or_default();
        } else if let Some(rest) = text.strip_prefix("/*") {
            text = rest.find("*/").and_then(|end| rest.get(end + 2..)).unwrap_or_default();
        } else {
            return text;
        }
    }
}

/// The state of one reading: where we are, what went wrong, and where each value stands.
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    path: Vec<String>,
    /// What went wrong so far.
    pub problems: Vec<Diagnostic>,
    /// Byte range of every value read, by path.
    pub places: HashMap<String, (usize, usize)>,
    /// Paths of map entries that could not be read: references to them are not reported again.
    pub failed: HashSet<String>,
}

impl<'a> Reader<'a> {
    /// A reader of `text`, starting at `path`.
    #[must_use]
    pub fn new(text: &'a str, path: &str) -> Self {
        Self {
            text,
            path: if path.is_empty() { Vec::new() } else { path.split('.').map(str::to_owned).collect() },
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

    /// Reads one level deeper.
    pub fn at<T>(&mut self, key: &str, raw: Raw<'_>, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(key.to_owned());
        self.places.insert(self.path(), (raw.offset, raw.offset + raw.text.len()));
        let value = read(self);
        self.path.pop();
        value
    }

    /// Notes a problem of the value being read.
    pub fn problem(&mut self, code: &'static str, raw: Raw<'_>, message: impl Into<String>, help: Option<String>) {
        let mut diagnostic = Diagnostic::error(code, self.path(), message);
        diagnostic.span = Some(Span::new(self.text, raw.offset, raw.offset + raw.text.len()));
        diagnostic.help = help;
        self.problems.push(diagnostic);
    }

    /// Takes `(name: value, …)` or `{"key": value, …}` apart. A syntax error is noted with its place.
    pub fn entries<'r>(&mut self, raw: Raw<'r>) -> Option<Vec<(String, Raw<'r>)>> {
        struct Entries<'r>(Vec<(String, &'r ron::value::RawValue)>);
        struct EntriesVisitor;
        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries<'de>;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("`(name: value, …)` or `{\"key\": value, …}`")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Entries(Vec::new()))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry::<String, &'de ron::value::RawValue>()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        impl<'de> serde::Deserialize<'de> for Entries<'de> {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(EntriesVisitor)
            }
        }
        // `{}` and `()` read as unit or an empty sequence in RON; both mean "no entries" here.
        let bare: String = raw.text.chars().filter(|c| !c.is_whitespace()).collect();
        if bare == "{}" || bare == "()" {
            return Some(Vec::new());
        }
        match ron::from_str::<Entries<'r>>(raw.text) {
            Ok(entries) => Some(
                entries.0.into_iter().map(|(key, value)| (key, raw.inner(value.get_ron()))).collect(),
            ),
            Err(error) => {
                self.syntax(raw, &error);
                None
            }
        }
    }

    /// Takes `[value, …]` apart.
    pub fn items<'r>(&mut self, raw: Raw<'r>) -> Option<Vec<Raw<'r>>> {
        match ron::from_str::<Vec<&'r ron::value::RawValue>>(raw.text) {
            Ok(items) => Some(items.into_iter().map(|item| raw.inner(item.get_ron())).collect()),
            Err(error) => {
                self.syntax(raw, &error);
                None
            }
        }
    }

    /// Reads a plain value through serde.
    fn plain<'r, T: serde::Deserialize<'r>>(&mut self, raw: Raw<'r>, what: &str) -> Option<T> {
        match ron::from_str::<T>(raw.text) {
            Ok(value) => Some(value),
            Err(_) => {
                let found = shortened(raw.text);
                self.problem("wrong-type", raw, format!("Expected {what}, found `{found}`."), None);
                None
            }
        }
    }

    fn syntax(&mut self, raw: Raw<'_>, error: &ron::error::SpannedError) {
        let offset = offset_of(raw.text, error.span.start.line, error.span.start.col);
        let end = offset_of(raw.text, error.span.end.line, error.span.end.col).max(offset);
        let place = Raw { text: raw.text.get(offset..end).unwrap_or_default(), offset: raw.offset + offset };
        let at_end = offset >= raw.text.trim_end().len();
        let help = at_end.then(|| "The text ends too early: is a closing `)`, `}` or `\"` missing, or was the file cut off?".to_owned());
        self.problem("syntax", place, format!("This can't be read: {}.", error.code), help);
    }
}

/// Byte offset of a line and column (both from 1, columns in characters).
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start = if line <= 1 {
        0
    } else {
        text.match_indices('\n').nth(line - 2).map_or(text.len(), |(at, _)| at + 1)
    };
    let rest = text.get(start..).unwrap_or_default();
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
}

fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() > 40 || line.len() < text.len() {
        line.chars().take(40).chain("…".chars()).collect()
    } else {
        line.to_owned()
    }
}

/// The range a number must lie in (both ends included).
pub type Bounds = (f64, f64);

/// What a value looks like from outside: enough to draw an editor for it and to document it.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A finite number.
    Number,
    /// A whole number.
    Whole,
    /// A number with an optional source note.
    Quantity,
    /// A number, a dated list of numbers (`{"2027-01": 5.0}`).
    Steps,
    /// A number, dated numbers, or an hourly series scaled to a mean.
    Level,
    /// Text.
    Text,
    /// `true` or `false`.
    Switch,
    /// A month, `"2027-01"`.
    Month,
    /// The id of an entity in the named top-level map.
    Reference(&'static str),
    /// A struct.
    Record(fn() -> &'static [FieldInfo]),
    /// One of several variants.
    Choice(fn() -> &'static [VariantInfo]),
    /// Something that may be left out.
    Optional(fn() -> Shape),
    /// Entries by id.
    Map(fn() -> Shape),
    /// A list.
    List(fn() -> Shape),
    /// Anything written in RON.
    Anything,
}

/// A field of a record.
#[derive(Clone, Copy, Debug)]
pub struct FieldInfo {
    /// The key in the file, with its unit as suffix.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// What it looks like.
    pub shape: fn() -> Shape,
    /// The range of its numbers.
    pub bounds: Option<Bounds>,
    /// Whether it must be given.
    pub required: bool,
}

/// A variant of a choice.
#[derive(Clone, Copy, Debug)]
pub struct VariantInfo {
    /// The name in the file.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// What stands in its parentheses, if anything.
    pub shape: Option<fn() -> Shape>,
    /// A minimal text of this variant, for switching to it in an editor.
    pub example: fn() -> String,
}

/// A value as a tree of text, ready to be laid out.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// Printed as it is.
    Atom(String),
    /// `name(open items close)`; items may carry a key.
    Group {
        /// Variant name before the bracket, or nothing.
        name: &'static str,
        /// Opening and closing bracket.
        brackets: (char, char),
        /// Key (with its quotes, if any) and value.
        items: Vec<(Option<String>, Tree)>,
    },
}

impl Tree {
    /// On one line.
    #[must_use]
    pub fn inline(&self) -> String {
        let mut out = String::new();
        self.write_inline(&mut out);
        out
    }

    fn write_inline(&self, out: &mut String) {
        match self {
            Self::Atom(text) => out.push_str(text),
            Self::Group { name, brackets, items } => {
                out.push_str(name);
                out.push(brackets.0);
                for (index, (key, value)) in items.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    if let Some(key) = key {
                        let _ = write!(out, "{key}: ");
                    }
                    value.write_inline(out);
                }
                out.push(brackets.1);
            }
        }
    }

    /// Laid out: a group stays on one line where it fits into `width` columns.
    #[must_use]
    pub fn pretty(&self, width: usize) -> String {
        let mut out = String::new();
        self.write_pretty(&mut out, 0, 0, width);
        out.push('\n');
        out
    }

    fn write_pretty(&self, out: &mut String, indent: usize, used: usize, width: usize) {
        let inline = self.inline();
        let Self::Group { name, brackets, items } = self else {
            out.push_str(&inline);
            return;
        };
        // The plan itself and its sections always open, so that a diff shows single lines.
        let opens = indent == 0 || (indent == 4 && brackets.0 == '{' && !items.is_empty());
        if !opens && used + inline.chars().count() < width {
            out.push_str(&inline);
            return;
        }
        out.push_str(name);
        out.push(brackets.0);
        out.push('\n');
        let inner = indent + 4;
        for (key, value) in items {
            let _ = write!(out, "{:inner$}", "");
            let mut used = inner + 1;
            if let Some(key) = key {
                let _ = write!(out, "{key}: ");
                used += key.chars().count() + 2;
            }
            value.write_pretty(out, inner, used, width);
            out.push_str(",\n");
        }
        let _ = write!(out, "{:indent$}{}", "", brackets.1);
    }
}

/// A reference found in a plan: its path, the map it points into, and the id (which may be changed).
pub type ReferenceVisitor<'v> = dyn FnMut(&str, &'static str, &mut String) + 'v;

/// A value of the schema.
pub trait Node {
    /// Reads the value; every problem goes to the reader.
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self>
    where
        Self: Sized;
    /// What it looks like.
    fn shape() -> Shape
    where
        Self: Sized;
    /// A minimal text of it.
    fn example() -> String
    where
        Self: Sized;
    /// Whether it is written as `(name: value, …)`.
    fn is_record() -> bool
    where
        Self: Sized,
    {
        false
    }
    /// As a tree of text.
    fn tree(&self) -> Tree;
    /// Reads `raw` in its place; unchanged if that fails.
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool;
    /// The named child.
    fn child(&self, _key: &str) -> Option<&dyn Node> {
        None
    }
    /// The named child, to be changed.
    fn child_mut(&mut self, _key: &str) -> Option<&mut dyn Node> {
        None
    }
    /// Range of the named child's numbers.
    fn child_bounds(&self, _key: &str) -> Option<Bounds> {
        None
    }
    /// Names of the children, in order.
    fn children(&self) -> Vec<String> {
        Vec::new()
    }
    /// As an editable map, if it is one.
    fn as_map_mut(&mut self) -> Option<&mut dyn MapNode> {
        None
    }
    /// Notes numbers out of range.
    fn within(&self, _bounds: Bounds, _raw: Raw<'_>, _reader: &mut Reader<'_>) -> bool {
        true
    }
    /// Visits every reference to another entity.
    fn references(&mut self, _path: &mut Vec<String>, _visit: &mut ReferenceVisitor<'_>) {}
}

/// What an editor does with a map.
pub trait MapNode {
    /// Ids in order.
    fn ids(&self) -> Vec<String>;
    /// Adds an entry at the end or at a position; false if it could not be read.
    fn insert_raw(&mut self, id: &str, position: Option<usize>, raw: Raw<'_>, reader: &mut Reader<'_>) -> bool;
    /// Removes an entry.
    fn remove(&mut self, id: &str) -> bool;
    /// Gives an entry another id, in the same place.
    fn rename(&mut self, id: &str, to: &str) -> bool;
    /// Moves an entry to another place.
    fn move_to(&mut self, id: &str, position: usize) -> bool;
}

/// Reads one field of a record: the value, its bounds, and nothing if it failed.
pub fn read_field<T: Node>(name: &str, raw: Raw<'_>, bounds: Option<Bounds>, reader: &mut Reader<'_>) -> Option<T> {
    reader.at(name, raw, |reader| {
        let value = T::read(raw, reader)?;
        match bounds {
            Some(bounds) if !value.within(bounds, raw, reader) => None,
            _ => Some(value),
        }
    })
}

/// Reads a value in place of an old one, keeping the old one if anything is wrong.
pub fn replace_with<T: Node>(place: &mut T, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
    let before = reader.problems.len();
    let value = T::read(raw, reader);
    let Some(value) = value.filter(|_| reader.problems.len() == before) else {
        return false;
    };
    if bounds.is_some_and(|bounds| !value.within(bounds, raw, reader)) {
        return false;
    }
    *place = value;
    true
}

/// Fields of a record as written, checked for unknown and repeated names.
pub fn read_record<'r>(raw: Raw<'r>, fields: &[FieldInfo], reader: &mut Reader<'_>) -> Option<HashMap<String, Raw<'r>>> {
    let mut found: HashMap<String, Raw<'r>> = HashMap::new();
    for (name, value) in reader.entries(raw)? {
        // The key stands just before its value.
        let before = raw.text.get(..value.offset.saturating_sub(raw.offset)).unwrap_or_default();
        let place = before.rfind(name.as_str()).map_or(value, |at| Raw {
            text: raw.text.get(at..at + name.len()).unwrap_or_default(),
            offset: raw.offset + at,
        });
        if !fields.iter().any(|field| field.name == name) {
            let help = nearest_name(&name, fields.iter().map(|field| field.name))
                .map(|near| format!("Did you mean `{near}`? The unit is part of the name."))
                .or_else(|| {
                    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
                    Some(format!("Fields here: {}.", names.join(", ")))
                });
            reader.problem("unknown-field", place, format!("There is no field `{name}` here."), help);
        } else if found.insert(name.clone(), value).is_some() {
            reader.problem("duplicate-key", place, format!("`{name}` is given twice."), Some("Keep one of them.".into()));
        }
    }
    for field in fields.iter().filter(|field| field.required && !found.contains_key(field.name)) {
        let help = format!("Add `{}: {},`: {}.", field.name, example_of((field.shape)()), field.doc.trim().trim_end_matches('.'));
        reader.problem("missing-field", raw, format!("`{}` is missing.", field.name), Some(help));
    }
    Some(found)
}

/// A minimal text of a shape.
#[must_use]
pub fn example_of(shape: Shape) -> String {
    match shape {
        Shape::Number | Shape::Quantity | Shape::Steps | Shape::Level => "0.0".into(),
        Shape::Whole => "1".into(),
        Shape::Text | Shape::Reference(_) => "\"\"".into(),
        Shape::Switch => "false".into(),
        Shape::Month => "\"2027-01\"".into(),
        Shape::Record(fields) => record_example(fields()),
        Shape::Choice(variants) => variants().first().map(|variant| (variant.example)()).unwrap_or_default(),
        Shape::Optional(inner) => example_of(inner()),
        Shape::Map(_) => "{}".into(),
        Shape::List(_) => "[]".into(),
        Shape::Anything => "()".into(),
    }
}

/// A record with its required fields only.
#[must_use]
pub fn record_example(fields: &[FieldInfo]) -> String {
    let required: Vec<_> = fields
        .iter()
        .filter(|field| field.required)
        .map(|field| format!("{}: {}", field.name, example_of((field.shape)())))
        .collect();
    format!("({})", required.join(", "))
}

/// Splits `Variant(…)` and reports what is wrong with the name.
pub fn read_variant<'r>(raw: Raw<'r>, variants: &[VariantInfo], reader: &mut Reader<'_>) -> Option<(&'r str, Raw<'r>)> {
    let names: Vec<_> = variants.iter().map(|variant| variant.name).collect();
    let Some((name, rest)) = raw.variant() else {
        let found = shortened(raw.text);
        reader.problem("wrong-type", raw, format!("Expected one of {}, found `{found}`.", names.join(", ")), None);
        return None;
    };
    let Some(variant) = variants.iter().find(|variant| variant.name == name) else {
        let help = nearest_name(name, names.iter().copied()).map(|near| format!("Did you mean `{near}`?"));
        reader.problem("unknown-variant", raw, format!("`{name}` is not one of {}.", names.join(", ")), help);
        return None;
    };
    if variant.shape.is_none() && !rest.text.is_empty() {
        reader.problem("wrong-type", rest, format!("`{name}` stands alone, without parentheses."), None);
        return None;
    }
    if variant.shape.is_some() && !(rest.text.starts_with('(') && rest.text.ends_with(')')) {
        let help = format!("Write `{}`.", (variant.example)());
        reader.problem("wrong-type", raw, format!("`{name}` needs a value in parentheses."), Some(help));
        return None;
    }
    Some((name, rest))
}

/// Reads what stands in a variant's parentheses.
pub fn read_variant_body<T: Node>(name: &str, body: Raw<'_>, reader: &mut Reader<'_>) -> Option<T> {
    if T::is_record() {
        return T::read(body, reader);
    }
    let Some(inner) = body.unwrapped() else {
        reader.problem("wrong-type", body, format!("`{name}` needs one value in parentheses."), None);
        return None;
    };
    T::read(inner, reader)
}

/// Declares a struct of the schema: its fields with doc, type, optional `[low, high]` range and
/// optional default (a field without a default must be given).
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[doc = $doc:literal])+ $field:ident : $type:ty $([$low:expr, $high:expr])? $(= $default:expr)? ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $( $(#[doc = $doc])+ pub $field: $type ),*
        }

        impl $name {
            /// The fields of this record, in the order of the file.
            pub fn fields() -> &'static [$crate::plan::node::FieldInfo] {
                const FIELDS: &[$crate::plan::node::FieldInfo] = &[ $( $crate::plan::node::FieldInfo {
                    name: stringify!($field),
                    doc: concat!($($doc),+),
                    shape: <$type as $crate::plan::node::Node>::shape,
                    bounds: record!(@bounds $([$low, $high])?),
                    required: record!(@required $($default)?),
                } ),* ];
                FIELDS
            }
        }

        impl $crate::plan::node::Node for $name {
            fn read(raw: $crate::plan::node::Raw<'_>, reader: &mut $crate::plan::node::Reader<'_>) -> Option<Self> {
                let found = $crate::plan::node::read_record(raw, Self::fields(), reader)?;
                $( let $field: Option<$type> = match found.get(stringify!($field)) {
                    Some(raw) => $crate::plan::node::read_field(stringify!($field), *raw, record!(@bounds $([$low, $high])?), reader),
                    None => record!(@default $($default)?),
                }; )*
                Some(Self { $( $field: $field? ),* })
            }
            fn shape() -> $crate::plan::node::Shape {
                $crate::plan::node::Shape::Record(Self::fields)
            }
            fn example() -> String {
                $crate::plan::node::record_example(Self::fields())
            }
            fn is_record() -> bool {
                true
            }
            fn tree(&self) -> $crate::plan::node::Tree {
                let mut items = Vec::new();
                $( {
                    let default: Option<$type> = record!(@default $($default)?);
                    if default.as_ref() != Some(&self.$field) {
                        items.push((Some(stringify!($field).to_owned()), $crate::plan::node::Node::tree(&self.$field)));
                    }
                } )*
                $crate::plan::node::Tree::Group { name: "", brackets: ('(', ')'), items }
            }
            fn replace(&mut self, raw: $crate::plan::node::Raw<'_>, reader: &mut $crate::plan::node::Reader<'_>, bounds: Option<$crate::plan::node::Bounds>) -> bool {
                $crate::plan::node::replace_with(self, raw, reader, bounds)
            }
            fn child(&self, key: &str) -> Option<&dyn $crate::plan::node::Node> {
                match key {
                    $( stringify!($field) => Some(&self.$field), )*
                    _ => None,
                }
            }
            fn child_mut(&mut self, key: &str) -> Option<&mut dyn $crate::plan::node::Node> {
                match key {
                    $( stringify!($field) => Some(&mut self.$field), )*
                    _ => None,
                }
            }
            fn child_bounds(&self, key: &str) -> Option<$crate::plan::node::Bounds> {
                Self::fields().iter().find(|field| field.name == key).and_then(|field| field.bounds)
            }
            fn children(&self) -> Vec<String> {
                Self::fields().iter().map(|field| field.name.to_owned()).collect()
            }
            fn references(&mut self, path: &mut Vec<String>, visit: &mut $crate::plan::node::ReferenceVisitor<'_>) {
                $( path.push(stringify!($field).to_owned());
                   $crate::plan::node::Node::references(&mut self.$field, path, visit);
                   path.pop(); )*
            }
        }
    };
    (@bounds) => { None };
    (@bounds [$low:expr, $high:expr]) => { Some(($low, $high)) };
    (@required) => { true };
    (@required $default:expr) => { false };
    (@default) => { None };
    (@default $default:expr) => { Some($default) };
}

/// Declares an enum of the schema; each variant stands alone or holds one value.
macro_rules! choice {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[doc = $doc:literal])+ $variant:ident $(($type:ty))? ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name {
            $( $(#[doc = $doc])+ $variant $(($type))? ),*
        }

        impl $name {
            /// The variants, in the order of their declaration.
            pub fn variants() -> &'static [$crate::plan::node::VariantInfo] {
                const VARIANTS: &[$crate::plan::node::VariantInfo] = &[ $( $crate::plan::node::VariantInfo {
                    name: stringify!($variant),
                    doc: concat!($($doc),+),
                    shape: choice!(@shape $($type)?),
                    example: choice!(@example $variant $($type)?),
                } ),* ];
                VARIANTS
            }

            /// The name of this variant in the file.
            #[must_use]
            pub fn variant_name(&self) -> &'static str {
                match self { $( Self::$variant { .. } => stringify!($variant) ),* }
            }
        }

        impl $crate::plan::node::Node for $name {
            fn read(raw: $crate::plan::node::Raw<'_>, reader: &mut $crate::plan::node::Reader<'_>) -> Option<Self> {
                let (name, body) = $crate::plan::node::read_variant(raw, Self::variants(), reader)?;
                let _ = body;
                match name {
                    $( stringify!($variant) => choice!(@read $variant body reader $($type)?), )*
                    _ => None,
                }
            }
            fn shape() -> $crate::plan::node::Shape {
                $crate::plan::node::Shape::Choice(Self::variants)
            }
            fn example() -> String {
                Self::variants().first().map(|variant| (variant.example)()).unwrap_or_default()
            }
            fn tree(&self) -> $crate::plan::node::Tree {
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@tree $variant value $($type)?) ),* }
            }
            fn replace(&mut self, raw: $crate::plan::node::Raw<'_>, reader: &mut $crate::plan::node::Reader<'_>, bounds: Option<$crate::plan::node::Bounds>) -> bool {
                $crate::plan::node::replace_with(self, raw, reader, bounds)
            }
            fn child(&self, key: &str) -> Option<&dyn $crate::plan::node::Node> {
                let _ = key;
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@child $variant value key $($type)?) ),* }
            }
            fn child_mut(&mut self, key: &str) -> Option<&mut dyn $crate::plan::node::Node> {
                let _ = key;
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@child_mut $variant value key $($type)?) ),* }
            }
            fn child_bounds(&self, key: &str) -> Option<$crate::plan::node::Bounds> {
                let _ = key;
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@child_bounds $variant value key $($type)?) ),* }
            }
            fn children(&self) -> Vec<String> {
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@children $variant value $($type)?) ),* }
            }
            fn within(&self, bounds: $crate::plan::node::Bounds, raw: $crate::plan::node::Raw<'_>, reader: &mut $crate::plan::node::Reader<'_>) -> bool {
                let _ = (bounds, raw, &reader);
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@within $variant value bounds raw reader $($type)?) ),* }
            }
            fn references(&mut self, path: &mut Vec<String>, visit: &mut $crate::plan::node::ReferenceVisitor<'_>) {
                let _ = (&path, &visit);
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@references $variant value path visit $($type)?) ),* }
            }
        }
    };
    (@shape) => { None };
    (@shape $type:ty) => { Some(<$type as $crate::plan::node::Node>::shape) };
    (@example $variant:ident) => { || stringify!($variant).to_owned() };
    (@example $variant:ident $type:ty) => { || {
        let body = <$type as $crate::plan::node::Node>::example();
        if <$type as $crate::plan::node::Node>::is_record() {
            format!("{}{body}", stringify!($variant))
        } else {
            format!("{}({body})", stringify!($variant))
        }
    } };
    (@pattern $variant:ident $value:ident) => { Self::$variant };
    (@pattern $variant:ident $value:ident $type:ty) => { Self::$variant($value) };
    (@read $variant:ident $body:ident $reader:ident) => { Some(Self::$variant) };
    (@read $variant:ident $body:ident $reader:ident $type:ty) => {
        $crate::plan::node::read_variant_body::<$type>(stringify!($variant), $body, $reader).map(Self::$variant)
    };
    (@tree $variant:ident $value:ident) => { $crate::plan::node::Tree::Atom(stringify!($variant).to_owned()) };
    (@tree $variant:ident $value:ident $type:ty) => {
        match $crate::plan::node::Node::tree($value) {
            $crate::plan::node::Tree::Group { name: "", brackets: ('(', ')'), items } if <$type as $crate::plan::node::Node>::is_record() =>
                $crate::plan::node::Tree::Group { name: stringify!($variant), brackets: ('(', ')'), items },
            tree => $crate::plan::node::Tree::Group { name: stringify!($variant), brackets: ('(', ')'), items: vec![(None, tree)] },
        }
    };
    // A record in a variant shows its fields directly; any other value is the child `value`.
    (@child $variant:ident $value:ident $key:ident) => { None };
    (@child $variant:ident $value:ident $key:ident $type:ty) => {
        if <$type as $crate::plan::node::Node>::is_record() { $crate::plan::node::Node::child($value, $key) }
        else if $key == "value" { Some($value) } else { $crate::plan::node::Node::child($value, $key) }
    };
    (@child_mut $variant:ident $value:ident $key:ident) => { None };
    (@child_mut $variant:ident $value:ident $key:ident $type:ty) => {
        if <$type as $crate::plan::node::Node>::is_record() { $crate::plan::node::Node::child_mut($value, $key) }
        else if $key == "value" { Some($value) } else { $crate::plan::node::Node::child_mut($value, $key) }
    };
    (@child_bounds $variant:ident $value:ident $key:ident) => { None };
    (@child_bounds $variant:ident $value:ident $key:ident $type:ty) => { $crate::plan::node::Node::child_bounds($value, $key) };
    (@children $variant:ident $value:ident) => { Vec::new() };
    (@children $variant:ident $value:ident $type:ty) => {
        if <$type as $crate::plan::node::Node>::is_record() { $crate::plan::node::Node::children($value) } else { vec!["value".to_owned()] }
    };
    (@within $variant:ident $value:ident $bounds:ident $raw:ident $reader:ident) => { true };
    (@within $variant:ident $value:ident $bounds:ident $raw:ident $reader:ident $type:ty) => { $crate::plan::node::Node::within($value, $bounds, $raw, $reader) };
    (@references $variant:ident $value:ident $path:ident $visit:ident) => { {} };
    (@references $variant:ident $value:ident $path:ident $visit:ident $type:ty) => { $crate::plan::node::Node::references($value, $path, $visit) };
}

pub(crate) use {choice, record};

impl Node for f64 {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let value: f64 = reader.plain(raw, "a number")?;
        if value.is_finite() {
            return Some(value);
        }
        let found = shortened(raw.text);
        reader.problem("not-finite", raw, format!("Expected a finite number, found `{found}`."), Some("Leave a limit out where there is none.".into()));
        None
    }
    fn shape() -> Shape {
        Shape::Number
    }
    fn example() -> String {
        "0.0".into()
    }
    fn tree(&self) -> Tree {
        Tree::Atom(format!("{self:?}"))
    }
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        replace_with(self, raw, reader, bounds)
    }
    fn within(&self, (low, high): Bounds, raw: Raw<'_>, reader: &mut Reader<'_>) -> bool {
        if (low..=high).contains(self) {
            return true;
        }
        let range = if high == f64::INFINITY { format!("at least {low}") } else { format!("between {low} and {high}") };
        reader.problem("out-of-range", raw, format!("{self} is out of range: it must be {range}."), None);
        false
    }
}

impl Node for u32 {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        reader.plain(raw, "a whole number")
    }
    fn shape() -> Shape {
        Shape::Whole
    }
    fn example() -> String {
        "1".into()
    }
    fn tree(&self) -> Tree {
        Tree::Atom(self.to_string())
    }
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        replace_with(self, raw, reader, bounds)
    }
    fn within(&self, bounds: Bounds, raw: Raw<'_>, reader: &mut Reader<'_>) -> bool {
        f64::from(*self).within(bounds, raw, reader)
    }
}

impl Node for bool {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        reader.plain(raw, "`true` or `false`")
    }
    fn shape() -> Shape {
        Shape::Switch
    }
    fn example() -> String {
        "false".into()
    }
    fn tree(&self) -> Tree {
        Tree::Atom(self.to_string())
    }
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        replace_with(self, raw, reader, bounds)
    }
}

/// `text` as a RON string literal.
#[must_use]
pub fn quoted(text: &str) -> String {
    // Debug escapes are Rust's, which are RON's too (`\n`, `\"`, `\u{…}`).
    format!("{text:?}")
}

impl Node for String {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let value: String = reader.plain(raw, "text in double quotes")?;
        if value.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            reader.problem("control-character", raw, "Text may not hold control characters.", None);
            return None;
        }
        Some(value)
    }
    fn shape() -> Shape {
        Shape::Text
    }
    fn example() -> String {
        "\"\"".into()
    }
    fn tree(&self) -> Tree {
        Tree::Atom(quoted(self))
    }
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        replace_with(self, raw, reader, bounds)
    }
}

impl<T: Node + Clone + PartialEq> Node for Option<T> {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        if raw.text == "None" {
            return Some(None);
        }
        // `Some(x)` and plain `x` are the same; plain is what we print.
        if let Some(("Some", rest)) = raw.variant()
            && let Some(inner) = rest.unwrapped()
        {
            return T::read(inner, reader).map(Some);
        }
        T::read(raw, reader).map(Some)
    }
    fn shape() -> Shape {
        Shape::Optional(T::shape)
    }
    fn example() -> String {
        "None".into()
    }
    fn tree(&self) -> Tree {
        self.as_ref().map_or_else(|| Tree::Atom("None".into()), Node::tree)
    }
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        replace_with(self, raw, reader, bounds)
    }
    fn child(&self, key: &str) -> Option<&dyn Node> {
        self.as_ref()?.child(key)
    }
    fn child_mut(&mut self, key: &str) -> Option<&mut dyn Node> {
        self.as_mut()?.child_mut(key)
    }
    fn child_bounds(&self, key: &str) -> Option<Bounds> {
        self.as_ref()?.child_bounds(key)
    }
    fn children(&self) -> Vec<String> {
        self.as_ref().map(Node::children).unwrap_or_default()
    }
    fn as_map_mut(&mut self) -> Option<&mut dyn MapNode> {
        self.as_mut()?.as_map_mut()
    }
    fn within(&self, bounds: Bounds, raw: Raw<'_>, reader: &mut Reader<'_>) -> bool {
        self.as_ref().is_none_or(|value| value.within(bounds, raw, reader))
    }
    fn references(&mut self, path: &mut Vec<String>, visit: &mut ReferenceVisitor<'_>) {
        if let Some(value) = self {
            value.references(path, visit);
        }
    }
}

impl<T: Node + Clone + PartialEq> Node for Vec<T> {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let mut values = Vec::new();
        for (index, item) in reader.items(raw)?.into_iter().enumerate() {
            values.push(reader.at(&index.to_string(), item, |reader| T::read(item, reader)));
        }
        values.into_iter().collect()
    }
    fn shape() -> Shape {
        Shape::List(T::shape)
    }
    fn example() -> String {
        "[]".into()
    }
    fn tree(&self) -> Tree {
        Tree::Group { name: "", brackets: ('[', ']'), items: self.iter().map(|value| (None, value.tree())).collect() }
    }
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        replace_with(self, raw, reader, bounds)
    }
    fn child(&self, key: &str) -> Option<&dyn Node> {
        self.get(key.parse::<usize>().ok()?).map(|value| value as &dyn Node)
    }
    fn child_mut(&mut self, key: &str) -> Option<&mut dyn Node> {
        self.get_mut(key.parse::<usize>().ok()?).map(|value| value as &mut dyn Node)
    }
    fn children(&self) -> Vec<String> {
        (0..self.len()).map(|index| index.to_string()).collect()
    }
    fn within(&self, bounds: Bounds, raw: Raw<'_>, reader: &mut Reader<'_>) -> bool {
        self.iter().all(|value| value.within(bounds, raw, reader))
    }
    fn references(&mut self, path: &mut Vec<String>, visit: &mut ReferenceVisitor<'_>) {
        for (index, value) in self.iter_mut().enumerate() {
            path.push(index.to_string());
            value.references(path, visit);
            path.pop();
        }
    }
}

/// Entries by id, in the order of the file.
pub type Map<T> = IndexMap<String, T>;

/// Longest id in characters.
pub const MAX_ID_CHARS: usize = 63;

/// What is wrong with an id, if anything. Dots join paths, so ids hold none.
#[must_use]
pub fn id_problem(id: &str) -> Option<String> {
    if id.is_empty() {
        return Some("An id can't be empty.".into());
    }
    if id.chars().count() > MAX_ID_CHARS {
        return Some(format!("An id may have at most {MAX_ID_CHARS} characters; this one has {}.", id.chars().count()));
    }
    if !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
        return Some(format!("The id {id:?} may hold only letters, digits, `-` and `_`."));
    }
    None
}

impl<T: Node + Clone + PartialEq> Node for Map<T> {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let mut map = Self::new();
        for (id, value) in reader.entries(raw)? {
            if let Some(problem) = id_problem(&id) {
                reader.problem("bad-id", value, problem, None);
                continue;
            }
            if map.contains_key(&id) {
                reader.problem("duplicate-key", value, format!("`{id}` is given twice."), Some("Give one of them another id.".into()));
                continue;
            }
            match reader.at(&id, value, |reader| T::read(value, reader)) {
                Some(entry) => {
                    map.insert(id, entry);
                }
                // The rest of the plan is read and checked all the same.
                None => {
                    let path = if reader.path.is_empty() { id } else { format!("{}.{id}", reader.path()) };
                    reader.failed.insert(path);
                }
            }
        }
        Some(map)
    }
    fn shape() -> Shape {
        Shape::Map(T::shape)
    }
    fn example() -> String {
        "{}".into()
    }
    fn tree(&self) -> Tree {
        let items = self.iter().map(|(id, value)| (Some(quoted(id)), value.tree())).collect();
        Tree::Group { name: "", brackets: ('{', '}'), items }
    }
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        replace_with(self, raw, reader, bounds)
    }
    fn child(&self, key: &str) -> Option<&dyn Node> {
        self.get(key).map(|value| value as &dyn Node)
    }
    fn child_mut(&mut self, key: &str) -> Option<&mut dyn Node> {
        self.get_mut(key).map(|value| value as &mut dyn Node)
    }
    fn children(&self) -> Vec<String> {
        self.keys().cloned().collect()
    }
    fn as_map_mut(&mut self) -> Option<&mut dyn MapNode> {
        Some(self)
    }
    fn references(&mut self, path: &mut Vec<String>, visit: &mut ReferenceVisitor<'_>) {
        for (id, value) in self.iter_mut() {
            path.push(id.clone());
            value.references(path, visit);
            path.pop();
        }
    }
}

impl<T: Node + Clone + PartialEq> MapNode for Map<T> {
    fn ids(&self) -> Vec<String> {
        self.keys().cloned().collect()
    }
    fn insert_raw(&mut self, id: &str, position: Option<usize>, raw: Raw<'_>, reader: &mut Reader<'_>) -> bool {
        let before = reader.problems.len();
        if let Some(problem) = id_problem(id) {
            reader.problem("bad-id", raw, problem, None);
            return false;
        }
        if self.contains_key(id) {
            reader.problem("duplicate-key", raw, format!("`{id}` exists already."), Some("Choose another id.".into()));
            return false;
        }
        let value = reader.at(id, raw, |reader| T::read(raw, reader));
        match value {
            Some(value) if reader.problems.len() == before => {
                let position = position.unwrap_or(self.len()).min(self.len());
                self.shift_insert(position, id.to_owned(), value);
                true
            }
            _ => false,
        }
    }
    fn remove(&mut self, id: &str) -> bool {
        self.shift_remove(id).is_some()
    }
    fn rename(&mut self, id: &str, to: &str) -> bool {
        if self.contains_key(to) || id_problem(to).is_some() {
            return false;
        }
        let Some((position, _, value)) = self.shift_remove_full(id) else {
            return false;
        };
        self.shift_insert(position, to.to_owned(), value);
        true
    }
    fn move_to(&mut self, id: &str, position: usize) -> bool {
        let Some(from) = self.get_index_of(id) else {
            return false;
        };
        self.move_index(from, position.min(self.len().saturating_sub(1)));
        true
    }
}

/// Dated or keyed numbers are read as a plain ordered map with `read_key`.
pub fn read_keyed<K: Ord>(raw: Raw<'_>, reader: &mut Reader<'_>, read_key: impl Fn(&str) -> Result<K, String>) -> Option<BTreeMap<K, f64>> {
    let mut values = BTreeMap::new();
    let mut complete = true;
    for (key, value) in reader.entries(raw)? {
        match read_key(&key) {
            Err(problem) => {
                reader.problem("bad-date", value, problem, None);
                complete = false;
            }
            Ok(read) => match reader.at(&key, value, |reader| f64::read(value, reader)) {
                Some(number) => {
                    if values.insert(read, number).is_some() {
                        reader.problem("duplicate-key", value, format!("`{key}` is given twice."), Some("Keep one of them.".into()));
                        complete = false;
                    }
                }
                None => complete = false,
            },
        }
    }
    complete.then_some(values)
}
