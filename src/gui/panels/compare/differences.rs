//! Where two plans differ.

use crate::plan::Plan;
use crate::plan::node::{Node as _, Tree};

/// A place where two plans differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where.
    pub path: String,
    /// Before; empty if it was not there.
    pub before: String,
    /// After; empty if it is gone.
    pub after: String,
}

/// Everything that differs between two plans, in the order of the plan.
#[must_use]
pub fn differences(before: &Plan, after: &Plan) -> Vec<Difference> {
    let mut out = Vec::new();
    walk("", &before.tree(), &after.tree(), &mut out);
    out
}

fn key_of(key: Option<&String>, index: usize) -> String {
    key.map_or_else(|| index.to_string(), |key| key.trim_matches('"').to_owned())
}

fn walk(path: &str, before: &Tree, after: &Tree, out: &mut Vec<Difference>) {
    if before == after {
        return;
    }
    let (Tree::Group { name, items, brackets }, Tree::Group { name: other_name, items: others, brackets: other_brackets }) =
        (before, after)
    else {
        out.push(Difference { path: path.to_owned(), before: before.inline(), after: after.inline() });
        return;
    };
    if name != other_name || brackets != other_brackets || (brackets.0 == '[' && items.len() != others.len()) {
        out.push(Difference { path: path.to_owned(), before: before.inline(), after: after.inline() });
        return;
    }
    let place = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    for (index, (key, value)) in items.iter().enumerate() {
        let key = key_of(key.as_ref(), index);
        match others.iter().enumerate().find(|(index, (other, _))| key_of(other.as_ref(), *index) == key) {
            Some((_, (_, other))) => walk(&place(&key), value, other, out),
            None => out.push(Difference { path: place(&key), before: value.inline(), after: String::new() }),
        }
    }
    for (index, (key, value)) in others.iter().enumerate() {
        let key = key_of(key.as_ref(), index);
        if !items.iter().enumerate().any(|(index, (other, _))| key_of(other.as_ref(), index) == key) {
            out.push(Difference { path: place(&key), before: String::new(), after: value.inline() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::document::empty_plan;

    #[test]
    fn differences_are_found_where_they_are() {
        let before = empty_plan();
        let mut after = before.clone();
        after.horizon.periods = 16;
        after.name = "Other".into();
        let found = differences(&before, &after);
        let paths: Vec<&str> = found.iter().map(|difference| difference.path.as_str()).collect();
        assert_eq!(paths, ["name", "horizon.periods"]);
        assert_eq!(found.last().map(|difference| difference.after.as_str()), Some("16"));
        assert!(differences(&before, &before).is_empty());
    }
}
