//! What every type of the schema can do: be read, changed, walked through and printed.
//!
//! Types are declared with the macros `record!` and `choice!`; plain values are in
//! `basic` and [`super::values`].

use std::collections::HashMap;

use super::reader::shortened;
use crate::diagnostic::nearest_name;

pub use super::basic::{MAX_ID_CHARS, Map, are_twins, id_problem, is_id_letter, twins};
pub(crate) use super::macros::{choice, record};
pub use super::reader::{Entry, Raw, Reader, example};
pub use super::scan::quoted;
pub use super::shape::{Bounds, FieldInfo, Shape, VariantInfo, example_of, record_example};
pub use super::tree::Tree;

/// Called for every reference found in a plan: its path, the path of the map it points into, and
/// the id (which may be changed).
pub type ReferenceVisitor<'v> = dyn FnMut(&str, &str, &mut String) + 'v;

/// Called for every dated number found in a plan: its path and the number, which may be changed.
pub type StepsVisitor<'v> = dyn FnMut(&str, &mut super::steps::Steps) + 'v;

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
    /// What a child is put into where there is nothing yet.
    fn blank() -> Option<Self>
    where
        Self: Sized,
    {
        example::<Self>()
    }
    /// Whether it is written as `(name: value, …)`.
    fn is_record() -> bool
    where
        Self: Sized,
    {
        false
    }
    /// As a tree of text.
    fn tree(&self) -> Tree;
    /// The number it is, if it is a plain one.
    fn number(&self) -> Option<f64> {
        self.tree().number()
    }
    /// Reads `raw` in its place; unchanged if that fails.
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool;
    /// The variant it is, if it is one of several.
    fn variant(&self) -> Option<&'static str> {
        None
    }
    /// The named child.
    fn child(&self, _key: &str) -> Option<&dyn Node> {
        None
    }
    /// The named child, to be changed.
    fn child_mut(&mut self, _key: &str) -> Option<&mut dyn Node> {
        None
    }
    /// Makes room for a child that is not there yet: a dated step, the inside of an option.
    fn make_child(&mut self, _key: &str) -> bool {
        false
    }
    /// Puts a child back to its default; false if it has none.
    fn reset_child(&mut self, _key: &str) -> bool {
        false
    }
    /// Range of the named child's numbers.
    fn child_bounds(&self, _key: &str) -> Option<Bounds> {
        None
    }
    /// Names of the children, in order.
    fn children(&self) -> Vec<String> {
        Vec::new()
    }
    /// Whether the keys of the children hold dots, so that the rest of a path is one key.
    fn has_dotted_keys(&self) -> bool {
        false
    }
    /// As something entries can be added to and taken from, if it is that.
    fn as_map_mut(&mut self) -> Option<&mut dyn MapNode> {
        None
    }
    /// Notes numbers out of range.
    fn within(&self, _bounds: Bounds, _raw: Raw<'_>, _reader: &mut Reader<'_>) -> bool {
        true
    }
    /// Visits every reference to another entity.
    fn references(&mut self, _path: &mut Vec<String>, _visit: &mut ReferenceVisitor<'_>) {}
    /// Visits every number that may be dated.
    fn each_steps(&mut self, _path: &mut Vec<String>, _visit: &mut StepsVisitor<'_>) {}
}

/// What an editor does with a map, a list (whose ids are positions) or dated steps (whose ids are dates).
pub trait MapNode {
    /// Ids in order.
    fn ids(&self) -> Vec<String>;
    /// Adds an entry at the end or at a position; false if it could not be read. `bounds` hold for its numbers.
    fn insert_raw(&mut self, id: &str, position: Option<usize>, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool;
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

/// Fields of a record as written, checked for unknown, repeated and missing names.
pub fn read_record<'r>(raw: Raw<'r>, fields: &[FieldInfo], reader: &mut Reader<'_>) -> Option<HashMap<String, Raw<'r>>> {
    let mut found: HashMap<String, Raw<'r>> = HashMap::new();
    let mut misspelt: Vec<&str> = Vec::new();
    for Entry { name, key, value } in reader.fields(raw)? {
        if reader.is_hopeless() {
            break;
        }
        if !fields.iter().any(|field| field.name == name) {
            let near = nearest_name(&name, fields.iter().map(|field| field.name));
            misspelt.extend(near);
            let help = near.map_or_else(
                || {
                    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
                    format!("Fields here: {}.", names.join(", "))
                },
                |near| format!("Did you mean `{near}`? The unit is part of the name."),
            );
            let message = format!("There is no field `{}` here.", shortened(&name));
            reader.at(&name, key, |reader| reader.problem("unknown-field", key, message, Some(help)));
            continue;
        }
        match found.entry(name) {
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(value);
            }
            std::collections::hash_map::Entry::Occupied(earlier) => {
                let name = earlier.key();
                let message = format!("`{name}` is given twice.");
                reader.at(name, key, |reader| reader.problem("duplicate-key", key, message, Some("Keep one of them.".into())));
            }
        }
    }
    for field in fields.iter().filter(|field| field.required && !found.contains_key(field.name)) {
        // A slip in its name or of its comma is said once, above.
        if misspelt.contains(&field.name) || (reader.has_lost_child() && raw.text.contains(field.name)) {
            continue;
        }
        let help = format!("Add `{}: {},`: {}.", field.name, example_of((field.shape)()), field.doc.trim().trim_end_matches('.'));
        reader.problem("missing-field", raw, format!("`{}` is missing.", field.name), Some(help));
    }
    Some(found)
}

/// Splits `Variant(…)` and reports what is wrong with the name.
pub fn read_variant<'r>(raw: Raw<'r>, variants: &[VariantInfo], reader: &mut Reader<'_>) -> Option<(&'r str, Raw<'r>)> {
    let names: Vec<_> = variants.iter().map(|variant| variant.name).collect();
    let Some((name, rest)) = raw.variant() else {
        let found = shortened(raw.text);
        reader.problem("wrong-type", raw, format!("Expected one of {}, found `{found}`.", names.join(", ")), None);
        return None;
    };
    // What is one of several now was a switch once: `disaggregated: true`.
    let name = match name {
        "true" if names.contains(&"Shown") => "Shown",
        "false" if names.contains(&"Never") => "Never",
        name => name,
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

/// Reads what stands in a variant's parentheses. A record shows its fields directly; any other
/// value is the child `value`.
pub fn read_variant_body<T: Node>(body: Raw<'_>, reader: &mut Reader<'_>) -> Option<T> {
    if T::is_record() {
        return T::read(body, reader);
    }
    let inner = reader.single(body)?;
    reader.at("value", inner, |reader| T::read(inner, reader))
}
