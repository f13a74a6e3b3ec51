//! Which served model stands behind a product, by date: one, or one after the other.

use std::collections::BTreeMap;

use super::ids::ServedModelRef;
use super::node::{Bounds, MapNode, Node, Raw, Reader, ReferenceVisitor, Shape, Tree, quoted, replace_with};
use super::steps::{read_keyed, step_from_key, step_key};
use super::values::Month;

/// A served model: `"r1"`, or one after the other, `{"2027-01": "r1", "2028-07": "v4"}`.
///
/// A period takes the last one dated on or before its first day. The key `"start"` stands for "before
/// every date".
#[derive(Clone, Debug, PartialEq)]
pub struct Succession(BTreeMap<Month, ServedModelRef>);

impl Succession {
    /// The same one from the start.
    #[must_use]
    pub fn always(id: impl Into<String>) -> Self {
        Self(BTreeMap::from([(Month::ALWAYS, ServedModelRef(id.into()))]))
    }

    /// The one in force in a month, if any is dated on or before it.
    #[must_use]
    pub fn at(&self, month: Month) -> Option<&str> {
        self.0.range(..=month).next_back().map(|(_, id)| id.0.as_str())
    }

    /// The first in time.
    #[must_use]
    pub fn first(&self) -> &str {
        self.0.values().next().map_or("", |id| id.0.as_str())
    }

    /// The one in force in a month, or the first.
    #[must_use]
    pub fn at_or_first(&self, month: Month) -> &str {
        self.at(month).unwrap_or_else(|| self.first())
    }

    /// The dates and the ids from there on.
    pub fn dates(&self) -> impl Iterator<Item = (Month, &str)> {
        self.0.iter().map(|(month, id)| (*month, id.0.as_str()))
    }

    /// The path of an entry, where the whole stands at `at`.
    #[must_use]
    pub fn path_of(&self, at: &str, month: Month) -> String {
        if self.is_one() { at.to_owned() } else { format!("{at}.{}", step_key(month)) }
    }

    /// Whether it never changes.
    #[must_use]
    pub fn is_one(&self) -> bool {
        self.0.len() == 1 && self.0.contains_key(&Month::ALWAYS)
    }

    /// In words: `r1`, or `r1, v4 from 2028-07`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let said = |(index, (month, id)): (usize, (Month, &str))| {
            if index == 0 || month == Month::ALWAYS { id.to_owned() } else { format!("{id} from {month}") }
        };
        self.dates().enumerate().map(said).collect::<Vec<_>>().join(", ")
    }
}

impl Node for Succession {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        if !raw.text.starts_with('{') {
            return ServedModelRef::read(raw, reader).map(|id| Self::always(id.0));
        }
        let read = read_keyed(raw, reader, step_from_key)?;
        if read.is_empty() {
            let help = "Give at least one date and its served model, such as `{\"2027-01\": \"r1\"}`.";
            reader.problem("empty-steps", raw, "There is no served model here.", Some(help.into()));
            return None;
        }
        Some(Self(read))
    }
    fn shape() -> Shape {
        Shape::Succession(ServedModelRef::TARGET)
    }
    fn example() -> String {
        "\"\"".into()
    }
    fn tree(&self) -> Tree {
        if self.is_one() {
            return Tree::Atom(quoted(self.first()));
        }
        let items = self.0.iter().map(|(month, id)| (Some(quoted(&step_key(*month))), id.tree())).collect();
        Tree::Group { name: "", brackets: ('{', '}'), items }
    }
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        replace_with(self, raw, reader, bounds)
    }
    fn child(&self, key: &str) -> Option<&dyn Node> {
        self.0.get(&step_from_key(key).ok()?).map(|id| id as &dyn Node)
    }
    fn child_mut(&mut self, key: &str) -> Option<&mut dyn Node> {
        self.0.get_mut(&step_from_key(key).ok()?).map(|id| id as &mut dyn Node)
    }
    fn make_child(&mut self, key: &str) -> bool {
        let first = ServedModelRef(self.first().to_owned());
        step_from_key(key).is_ok_and(|month| {
            self.0.entry(month).or_insert(first);
            true
        })
    }
    fn children(&self) -> Vec<String> {
        if self.is_one() { Vec::new() } else { self.0.keys().copied().map(step_key).collect() }
    }
    fn as_map_mut(&mut self) -> Option<&mut dyn MapNode> {
        Some(self)
    }
    fn references(&mut self, path: &mut Vec<String>, visit: &mut ReferenceVisitor<'_>) {
        if self.is_one() {
            for id in self.0.values_mut() {
                visit(&path.join("."), ServedModelRef::TARGET, &mut id.0);
            }
            return;
        }
        for (month, id) in &mut self.0 {
            path.push(step_key(*month));
            visit(&path.join("."), ServedModelRef::TARGET, &mut id.0);
            path.pop();
        }
    }
}

impl MapNode for Succession {
    fn ids(&self) -> Vec<String> {
        self.0.keys().copied().map(step_key).collect()
    }
    fn insert_raw(&mut self, id: &str, _position: Option<usize>, raw: Raw<'_>, reader: &mut Reader<'_>, _bounds: Option<Bounds>) -> bool {
        let month = match step_from_key(id) {
            Ok(month) if !self.0.contains_key(&month) => month,
            Ok(_) => {
                reader.problem("duplicate-key", raw, format!("There is a step at `{id}` already."), Some("Choose another month.".into()));
                return false;
            }
            Err(problem) => {
                reader.problem("bad-date", raw, problem, None);
                return false;
            }
        };
        let read = reader.at(id, raw, |reader| ServedModelRef::read(raw, reader));
        read.is_some_and(|read| {
            self.0.insert(month, read);
            true
        })
    }
    fn remove(&mut self, id: &str) -> bool {
        // A product without a served model can't be written.
        self.0.len() > 1 && step_from_key(id).is_ok_and(|month| self.0.remove(&month).is_some())
    }
    fn rename(&mut self, id: &str, to: &str) -> bool {
        let (Ok(from), Ok(to)) = (step_from_key(id), step_from_key(to)) else { return false };
        if self.0.contains_key(&to) {
            return false;
        }
        let Some(value) = self.0.remove(&from) else { return false };
        self.0.insert(to, value);
        true
    }
    fn move_to(&mut self, _id: &str, _position: usize) -> bool {
        false
    }
}
