//! What a scenario sets: values by path.

use super::node::{Bounds, Entry, MapNode, Node, Raw, Reader, Shape, Tree, quoted, replace_with};
use super::scan;

/// RON text of the value of a scenario's override, with plain spacing and without comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawText(
    /// The text.
    pub String,
);

impl Node for RawText {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        // What the value means is known only at its path; here it must be a value at all.
        if let Err(fault) = scan::single_value(raw.text) {
            reader.problem("syntax", raw, fault.message, fault.help);
            return None;
        }
        Some(Self(scan::compact(raw.text)))
    }
    fn shape() -> Shape {
        Shape::Anything
    }
    fn example() -> String {
        "0.0".into()
    }
    fn tree(&self) -> Tree {
        Tree::Atom(self.0.clone())
    }
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        replace_with(self, raw, reader, bounds)
    }
}

/// Overrides of a scenario: values by path, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Overrides(
    /// Path and RON text.
    pub Vec<(String, RawText)>,
);

impl Overrides {
    fn index(&self, path: &str) -> Option<usize> {
        self.0.iter().position(|(known, _)| known == path)
    }
}

impl Node for Overrides {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let mut overrides = Self::default();
        for Entry { name: path, key, value } in reader.entries(raw)? {
            if path.is_empty() || path.chars().any(|c| c.is_whitespace() || scan::is_hidden(c)) {
                reader.problem(
                    "bad-path",
                    key,
                    "This is not a path into the plan.",
                    Some("Write it as \"sites.abilene.interconnect_mw\".".into()),
                );
            } else if overrides.index(&path).is_some() {
                reader.problem("duplicate-key", key, format!("`{path}` is set twice."), Some("Keep one of them.".into()));
            } else if let Some(text) = reader.at(&path, value, |reader| RawText::read(value, reader)) {
                overrides.0.push((path, text));
            }
        }
        Some(overrides)
    }
    fn shape() -> Shape {
        Shape::Map(RawText::shape)
    }
    fn example() -> String {
        "{}".into()
    }
    fn tree(&self) -> Tree {
        let items = self.0.iter().map(|(path, value)| (Some(quoted(path)), value.tree())).collect();
        Tree::Group { name: "", brackets: ('{', '}'), items }
    }
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        replace_with(self, raw, reader, bounds)
    }
    fn child(&self, key: &str) -> Option<&dyn Node> {
        self.0.get(self.index(key)?).map(|(_, value)| value as &dyn Node)
    }
    fn child_mut(&mut self, key: &str) -> Option<&mut dyn Node> {
        let index = self.index(key)?;
        self.0.get_mut(index).map(|(_, value)| value as &mut dyn Node)
    }
    fn make_child(&mut self, key: &str) -> bool {
        if key.is_empty() {
            return false;
        }
        if self.index(key).is_none() {
            self.0.push((key.to_owned(), RawText("0.0".to_owned())));
        }
        true
    }
    fn children(&self) -> Vec<String> {
        self.0.iter().map(|(path, _)| path.clone()).collect()
    }
    fn has_dotted_keys(&self) -> bool {
        true
    }
    fn as_map_mut(&mut self) -> Option<&mut dyn MapNode> {
        Some(self)
    }
}

impl MapNode for Overrides {
    fn ids(&self) -> Vec<String> {
        self.children()
    }
    fn insert_raw(&mut self, id: &str, position: Option<usize>, raw: Raw<'_>, reader: &mut Reader<'_>, _bounds: Option<Bounds>) -> bool {
        if self.index(id).is_some() {
            reader.problem("duplicate-key", raw, format!("`{id}` is set already."), Some("Change it there.".into()));
            return false;
        }
        let Some(text) = RawText::read(raw, reader) else {
            return false;
        };
        let position = position.unwrap_or(self.0.len()).min(self.0.len());
        self.0.insert(position, (id.to_owned(), text));
        true
    }
    fn remove(&mut self, id: &str) -> bool {
        let index = self.index(id);
        index.map(|index| self.0.remove(index)).is_some()
    }
    fn rename(&mut self, id: &str, to: &str) -> bool {
        if to.is_empty() || self.index(to).is_some() {
            return false;
        }
        let Some(entry) = self.index(id).and_then(|index| self.0.get_mut(index)) else {
            return false;
        };
        to.clone_into(&mut entry.0);
        true
    }
    fn move_to(&mut self, id: &str, position: usize) -> bool {
        let Some(from) = self.index(id) else {
            return false;
        };
        let entry = self.0.remove(from);
        self.0.insert(position.min(self.0.len()), entry);
        true
    }
}
