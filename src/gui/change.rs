//! What the window does to a plan, through the schema's own reflection.

use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::plan::node::{Bounds, Node, Raw, Reader};

/// A change of a plan.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Writes RON text in the place of a value.
    Set {
        /// Where.
        path: String,
        /// RON text.
        text: String,
    },
    /// Adds an entry to a map.
    Add {
        /// The map.
        map: String,
        /// Id of the entry.
        id: String,
        /// Position; at the end if left out.
        position: Option<usize>,
        /// RON text.
        text: String,
    },
    /// Removes an entry of a map.
    Remove {
        /// Where.
        path: String,
    },
    /// Gives an entry another id and follows every reference to it.
    Rename {
        /// Where.
        path: String,
        /// The new id.
        to: String,
    },
    /// Moves an entry within its map.
    Move {
        /// Where.
        path: String,
        /// The new position.
        position: usize,
    },
}

/// The node at a path.
#[must_use]
pub fn get<'a>(plan: &'a Plan, path: &str) -> Option<&'a dyn Node> {
    let mut node: &dyn Node = plan;
    for key in path.split('.').filter(|key| !key.is_empty()) {
        node = node.child(key)?;
    }
    Some(node)
}

fn get_mut<'a>(plan: &'a mut Plan, path: &str) -> Option<(&'a mut dyn Node, Option<Bounds>)> {
    let mut node: &mut dyn Node = plan;
    let mut bounds = None;
    for key in path.split('.').filter(|key| !key.is_empty()) {
        bounds = node.child_bounds(key).or(bounds);
        node = node.child_mut(key)?;
    }
    Some((node, bounds))
}

/// Splits `sites.abilene` into `sites` and `abilene`.
#[must_use]
pub fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

/// Applies an edit to a copy of the plan.
///
/// # Errors
/// What is wrong with the edit; the plan is unchanged.
pub fn apply(plan: &Plan, edit: &Edit) -> Result<Plan, Vec<Diagnostic>> {
    let mut plan = plan.clone();
    let missing = |path: &str| vec![Diagnostic::error("unknown-path", path, "There is nothing at this place of the plan.")];
    match edit {
        Edit::Set { path, text } => {
            let (node, bounds) = get_mut(&mut plan, path).ok_or_else(|| missing(path))?;
            let mut reader = Reader::new(text, path);
            if !node.replace(Raw::new(text), &mut reader, bounds) {
                return Err(reader.problems);
            }
        }
        Edit::Add { map, id, position, text } => {
            let (node, bounds) = get_mut(&mut plan, map).ok_or_else(|| missing(map))?;
            let entries = node.as_map_mut().ok_or_else(|| missing(map))?;
            let mut reader = Reader::new(text, map);
            if !entries.insert_raw(id, *position, Raw::new(text), &mut reader, bounds) {
                return Err(reader.problems);
            }
        }
        Edit::Remove { path } => {
            let (map, id) = split(path);
            let (node, _) = get_mut(&mut plan, map).ok_or_else(|| missing(path))?;
            let removed = node.as_map_mut().is_some_and(|entries| entries.remove(id));
            if !removed {
                return Err(missing(path));
            }
        }
        Edit::Rename { path, to } => {
            let (map, id) = split(path);
            let (node, _) = get_mut(&mut plan, map).ok_or_else(|| missing(path))?;
            if let Some(problem) = crate::plan::node::id_problem(to) {
                return Err(vec![Diagnostic::error("bad-id", path, problem)]);
            }
            let renamed = node.as_map_mut().is_some_and(|entries| entries.rename(id, to));
            if !renamed {
                return Err(vec![Diagnostic::error("duplicate-key", path, format!("`{to}` exists already."))]);
            }
            let target = map.to_owned();
            plan.references(&mut Vec::new(), &mut |_, into, reference| {
                if into == target && reference == id {
                    to.clone_into(reference);
                }
            });
        }
        Edit::Move { path, position } => {
            let (map, id) = split(path);
            let (node, _) = get_mut(&mut plan, map).ok_or_else(|| missing(path))?;
            let moved = node.as_map_mut().is_some_and(|entries| entries.move_to(id, *position));
            if !moved {
                return Err(missing(path));
            }
        }
    }
    Ok(plan)
}
