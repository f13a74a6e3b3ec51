//! What differs between two plans, value by value, in the paths of diagnostics.

use super::Plan;
use super::node::{Node, Tree};

/// A value that differs.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// Where: `sites.abilene.interconnect_mw`.
    pub path: String,
    /// Its text in the first plan; none if it is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Its text in the second plan; none if it is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Difference {
    /// In words: `sites.abilene.interconnect_mw: 200.0 → 450.0`.
    #[must_use]
    pub fn sentence(&self) -> String {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => format!("{}: {} → {}", self.path, short(before), short(after)),
            (Some(before), None) => format!("{}: removed (was {})", self.path, short(before)),
            (None, Some(after)) => format!("{}: added, {}", self.path, short(after)),
            (None, None) => self.path.clone(),
        }
    }
}

/// Longest text of a value in a sentence, in characters.
const LONGEST_VALUE: usize = 80;

fn short(text: &str) -> String {
    match text {
        "None" => return "not set".to_owned(),
        "{}" | "[]" => return "nothing".to_owned(),
        _ => {}
    }
    if text.chars().count() <= LONGEST_VALUE {
        return text.to_owned();
    }
    text.chars().take(LONGEST_VALUE - 1).chain("…".chars()).collect()
}

/// Everything that differs, in the order of the first plan, then what only the second one has.
/// The order of entries in a map is no difference.
#[must_use]
pub fn differences(before: &Plan, after: &Plan) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(before, after, &mut Vec::new(), &mut found);
    found
}

fn compare(before: &dyn Node, after: &dyn Node, path: &mut Vec<String>, found: &mut Vec<Difference>) {
    let (tree_before, tree_after) = (before.tree(), after.tree());
    if tree_before == tree_after {
        return;
    }
    let (children_before, children_after) = (before.children(), after.children());
    // A list that grew shifts what follows; a variant that changed has other fields: as a whole.
    // A dated value that never changes reads as the number it is.
    let plain = |tree: &Tree| matches!(tree, Tree::Atom(_));
    let whole = children_before.is_empty()
        || plain(&tree_before)
        || plain(&tree_after)
        || children_after.is_empty()
        || shape(&tree_before) != shape(&tree_after)
        || (shape(&tree_before).1 == '[' && children_before.len() != children_after.len());
    if whole {
        found.push(Difference { path: path.join("."), before: Some(tree_before.inline()), after: Some(tree_after.inline()) });
        return;
    }
    let start = found.len();
    for key in &children_before {
        path.push(key.clone());
        match (before.child(key), after.child(key)) {
            (Some(one), Some(other)) => compare(one, other, path, found),
            (Some(one), None) => found.push(Difference { path: path.join("."), before: Some(one.tree().inline()), after: None }),
            (None, Some(other)) => found.push(Difference { path: path.join("."), before: None, after: Some(other.tree().inline()) }),
            (None, None) => {}
        }
        path.pop();
    }
    for key in children_after.iter().filter(|key| !children_before.contains(key)) {
        if let Some(other) = after.child(key) {
            path.push(key.clone());
            found.push(Difference { path: path.join("."), before: None, after: Some(other.tree().inline()) });
            path.pop();
        }
    }
    // Same children, yet other texts: only the order of a map can differ. Dated values keep one
    // number outside their children: those are told as a whole.
    let sorted = |mut keys: Vec<String>| {
        keys.sort_unstable();
        keys
    };
    if found.len() == start && sorted(children_before) == sorted(children_after) && shape(&tree_before).1 != '{' {
        found.push(Difference { path: path.join("."), before: Some(tree_before.inline()), after: Some(tree_after.inline()) });
    }
}

/// The variant name and the bracket of a tree.
fn shape(tree: &Tree) -> (&str, char) {
    match tree {
        Tree::Atom(_) => ("", ' '),
        Tree::Group { name, brackets, .. } => (name, brackets.0),
    }
}
