//! The plain values of the schema: numbers, text, options, lists and maps.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::node::{Bounds, MapNode, Node, ReferenceVisitor, StepsVisitor, replace_with};
use super::reader::{Entry, Raw, Reader, shortened};
use super::scan::{self, quoted};
use super::shape::Shape;
use super::tree::Tree;

impl Node for f64 {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        // Most numbers are plain ones; RON also knows `1_000` and the like.
        let is_plain = raw.text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
        let value: f64 = match raw.text.parse() {
            Ok(value) if is_plain => value,
            _ => reader.plain(raw, "a number")?,
        };
        // Minus zero is zero: it must not be told apart after printing.
        let value = if value == 0.0 { 0.0 } else { value };
        if value.is_finite() {
            return Some(value);
        }
        // `1e400` is a number to the eye and infinity to the machine.
        let found = shortened(raw.text);
        reader.problem(
            "not-finite",
            raw,
            format!("Expected a finite number, found `{found}`."),
            Some("Leave a limit out where there is none.".into()),
        );
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
        let nearest = self.clamp(low, high);
        let help = format!("The nearest that is allowed is {nearest}.");
        reader.problem("out-of-range", raw, format!("{self} is out of range: it must be {range}."), Some(help));
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

impl Node for String {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let value = reader.text_in_quotes(raw)?;
        // Those written as they are, are found in the whole text at once; here come the escaped ones.
        if value.chars().any(scan::is_hidden) && !raw.text.chars().any(scan::is_hidden) {
            let message = "Text may not hold control characters or characters that turn the direction of writing.";
            reader.problem("hidden-character", raw, message, None);
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
            && rest.text.starts_with('(')
        {
            let inner = reader.single(rest)?;
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
    fn variant(&self) -> Option<&'static str> {
        self.as_ref()?.variant()
    }
    fn make_child(&mut self, key: &str) -> bool {
        if let Some(value) = self {
            return value.make_child(key);
        }
        let Some(mut value) = T::blank() else {
            return false;
        };
        let fits = value.child(key).is_some() || value.make_child(key);
        if fits {
            *self = Some(value);
        }
        fits
    }
    fn reset_child(&mut self, key: &str) -> bool {
        self.as_mut().is_some_and(|value| value.reset_child(key))
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
        match (self, raw.variant()) {
            (Some(value), Some(("Some", rest))) => value.within(bounds, rest, reader),
            (Some(value), _) => value.within(bounds, raw, reader),
            (None, _) => true,
        }
    }
    fn references(&mut self, path: &mut Vec<String>, visit: &mut ReferenceVisitor<'_>) {
        if let Some(value) = self {
            value.references(path, visit);
        }
    }
    fn each_steps(&mut self, path: &mut Vec<String>, visit: &mut StepsVisitor<'_>) {
        if let Some(value) = self {
            value.each_steps(path, visit);
        }
    }
}

impl<T: Node + Clone + PartialEq> Node for Vec<T> {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let mut values = Vec::new();
        let items = reader.items(raw)?;
        if reader.too_many(raw, items.len()) {
            return None;
        }
        for (index, item) in items.into_iter().enumerate() {
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
    fn as_map_mut(&mut self) -> Option<&mut dyn MapNode> {
        Some(self)
    }
    fn within(&self, bounds: Bounds, raw: Raw<'_>, reader: &mut Reader<'_>) -> bool {
        let mut fits = true;
        for (index, value) in self.iter().enumerate() {
            fits &= reader.again(&index.to_string(), raw, |reader, raw| value.within(bounds, raw, reader));
        }
        fits
    }
    fn references(&mut self, path: &mut Vec<String>, visit: &mut ReferenceVisitor<'_>) {
        for (index, value) in self.iter_mut().enumerate() {
            path.push(index.to_string());
            value.references(path, visit);
            path.pop();
        }
    }
    fn each_steps(&mut self, path: &mut Vec<String>, visit: &mut StepsVisitor<'_>) {
        for (index, value) in self.iter_mut().enumerate() {
            path.push(index.to_string());
            value.each_steps(path, visit);
            path.pop();
        }
    }
}

impl<T: Node + Clone + PartialEq> MapNode for Vec<T> {
    fn ids(&self) -> Vec<String> {
        self.children()
    }
    fn insert_raw(&mut self, id: &str, position: Option<usize>, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        let before = reader.problems.len();
        let position = position.or_else(|| id.parse().ok()).unwrap_or(self.len()).min(self.len());
        let value = reader.at(&position.to_string(), raw, |reader| {
            T::read(raw, reader).filter(|value| bounds.is_none_or(|bounds| value.within(bounds, raw, reader)))
        });
        match value {
            Some(value) if reader.problems.len() == before => {
                self.insert(position, value);
                true
            }
            _ => false,
        }
    }
    fn remove(&mut self, id: &str) -> bool {
        match id.parse::<usize>() {
            Ok(index) if index < self.len() => {
                self.remove(index);
                true
            }
            _ => false,
        }
    }
    fn rename(&mut self, _id: &str, _to: &str) -> bool {
        false
    }
    fn move_to(&mut self, id: &str, position: usize) -> bool {
        match id.parse::<usize>() {
            Ok(from) if from < self.len() => {
                let value = self.remove(from);
                self.insert(position.min(self.len()), value);
                true
            }
            _ => false,
        }
    }
}

/// Entries by id, in the order of the file.
pub type Map<T> = IndexMap<String, T>;

/// Longest id in characters.
pub const MAX_ID_CHARS: usize = 63;

/// Whether an id may hold a character: Latin letters with all their accents, Chinese, Japanese and Korean ones, digits,
/// `-` and `_`. Each of them is written in one way only: no accents that stand apart, no two letters in one character,
/// no wide forms. Scripts whose letters look like Latin ones are for names, which tell nothing apart.
#[must_use]
pub fn is_id_letter(c: char) -> bool {
    const ALSO_WRITTEN_OTHERWISE: [std::ops::RangeInclusive<char>; 9] = [
        '\u{d7}'..='\u{d7}',
        '\u{f7}'..='\u{f7}',
        '\u{132}'..='\u{133}',
        '\u{13f}'..='\u{140}',
        '\u{149}'..='\u{149}',
        '\u{17f}'..='\u{17f}',
        '\u{1c4}'..='\u{1cc}',
        '\u{1f1}'..='\u{1f3}',
        '\u{1e9a}'..='\u{1e9b}',
    ];
    let is_letter = matches!(c,
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'
        | '\u{ac00}'..='\u{d7a3}');
    c.is_ascii_alphanumeric() || c == '-' || c == '_' || is_letter && !ALSO_WRITTEN_OTHERWISE.iter().any(|range| range.contains(&c))
}

/// Whether two ids differ in capitals only.
#[must_use]
pub fn are_twins(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// What is wrong with an id, if anything. Dots join paths, so ids hold none.
#[must_use]
pub fn id_problem(id: &str) -> Option<String> {
    if id.is_empty() {
        return Some("An id can't be empty.".into());
    }
    if id.chars().count() > MAX_ID_CHARS {
        return Some(format!("An id may have at most {MAX_ID_CHARS} characters; this one has {}.", id.chars().count()));
    }
    if !id.chars().all(is_id_letter) {
        return Some(format!("The id {id:?} may hold only letters (Latin, Chinese, Japanese or Korean), digits, `-` and `_`."));
    }
    None
}

/// What is wrong with two ids that differ in capitals only: in a file's name and to the ear they are one.
#[must_use]
pub fn twins(known: &str, id: &str) -> String {
    format!("`{known}` and `{id}` differ in capitals only and would be taken for each other.")
}

impl<T: Node + Clone + PartialEq> Node for Map<T> {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let mut map = Self::new();
        // Ids in small letters, with how they are written.
        let mut small: HashMap<String, String> = HashMap::new();
        let entries = reader.entries(raw)?;
        if reader.too_many(raw, entries.len()) {
            return None;
        }
        for Entry { name: id, key, value } in entries {
            if reader.is_hopeless() {
                break;
            }
            if let Some(problem) = id_problem(&id) {
                reader.problem("bad-id", key, problem, None);
                reader.lost_child();
                continue;
            }
            if map.contains_key(&id) {
                let message = format!("`{id}` is given twice.");
                reader.at(&id, value, |reader| reader.problem("duplicate-key", key, message, Some("Give one of them another id.".into())));
                continue;
            }
            if let Some(twin) = small.get(&id.to_lowercase()) {
                let message = twins(twin, &id);
                reader.at(&id, value, |reader| reader.problem("twin-id", key, message, Some("Give one of them another id.".into())));
                continue;
            }
            small.insert(id.to_lowercase(), id.clone());
            match reader.at(&id, value, |reader| T::read(value, reader)) {
                Some(entry) => {
                    map.insert(id, entry);
                }
                // The rest of the plan is read and checked all the same.
                None => {
                    reader.failed.insert(reader.child_path(&id));
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
    fn each_steps(&mut self, path: &mut Vec<String>, visit: &mut StepsVisitor<'_>) {
        for (id, value) in self.iter_mut() {
            path.push(id.clone());
            value.each_steps(path, visit);
            path.pop();
        }
    }
}

impl<T: Node + Clone + PartialEq> MapNode for Map<T> {
    fn ids(&self) -> Vec<String> {
        self.keys().cloned().collect()
    }
    fn insert_raw(&mut self, id: &str, position: Option<usize>, raw: Raw<'_>, reader: &mut Reader<'_>, _bounds: Option<Bounds>) -> bool {
        let before = reader.problems.len();
        if let Some(problem) = id_problem(id) {
            reader.problem("bad-id", raw, problem, None);
            return false;
        }
        if self.contains_key(id) {
            reader.problem("duplicate-key", raw, format!("`{id}` exists already."), Some("Choose another id.".into()));
            return false;
        }
        if let Some(twin) = self.keys().find(|known| are_twins(known, id)) {
            reader.problem("twin-id", raw, twins(twin, id), Some("Choose another id.".into()));
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
