//! Changes to a plan. The window changes a plan in no other way, so that every change can be
//! undone, named and replayed.

use super::Plan;
use super::edit_words;
use super::links;
use super::node::{MapNode, Node, Shape, are_twins, id_problem, quoted, twins};
use super::path::{self, node_for_change};
use super::reader;
use super::values::RawText;
use crate::diagnostic::{Diagnostic, nearest_name};

pub use super::path::{Place, get, node_at, shape_at, split};

/// A change. Paths are those of [`super::path`]; values are RON text.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Sets a value. `None` clears an optional one; the inside of an optional value and a dated
    /// step are made where they are not there yet.
    Set {
        /// What is set.
        path: String,
        /// RON text.
        value: String,
    },
    /// Adds an entry to a map, an item to a list, or a dated step.
    Insert {
        /// The map, list or dated value.
        path: String,
        /// Id of the entry; ignored by lists; the month of a step.
        id: String,
        /// Where; at the end if left out.
        position: Option<usize>,
        /// RON text.
        value: String,
    },
    /// Removes an entry, an item or a step; puts a field back to its default.
    Remove {
        /// What is removed.
        path: String,
    },
    /// Gives an entry another id and updates every reference to it; gives a step another month.
    Rename {
        /// The entry.
        path: String,
        /// Its new id.
        to: String,
    },
    /// Moves an entry or item to another position.
    Move {
        /// The entry.
        path: String,
        /// Its new position, from 0.
        position: usize,
    },
    /// Several changes that are one to the planner.
    Many {
        /// What they are together, in the planner's words.
        label: String,
        /// The changes, in order.
        edits: Vec<Edit>,
    },
}

impl Edit {
    /// Sets a value from RON text.
    #[must_use]
    pub fn set(path: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Set { path: path.into(), value: value.into() }
    }

    /// Sets a number.
    #[must_use]
    pub fn set_number(path: impl Into<String>, value: f64) -> Self {
        Self::set(path, value.tree().inline())
    }

    /// Sets a text, a month or a reference.
    #[must_use]
    pub fn set_text(path: impl Into<String>, value: &str) -> Self {
        Self::set(path, quoted(value))
    }

    /// Adds an entry at the end.
    #[must_use]
    pub fn insert(path: impl Into<String>, id: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Insert { path: path.into(), id: id.into(), position: None, value: value.into() }
    }

    /// Removes an entry or resets a field.
    #[must_use]
    pub fn remove(path: impl Into<String>) -> Self {
        Self::Remove { path: path.into() }
    }

    /// What the change does, in the planner's words: "set Abilene interconnect to 450 MW". `plan`
    /// is the plan before the change.
    #[must_use]
    pub fn label(&self, plan: &Plan) -> String {
        edit_words::label(self, plan)
    }
}

/// Applies a change: all of it, or nothing if anything is wrong. References to what is removed are
/// left, for [`super::check`] to report.
///
/// # Errors
/// Everything that is wrong with the change; paths are the plan's, without places in a text.
pub fn apply(plan: &mut Plan, edit: &Edit) -> Result<(), Vec<Diagnostic>> {
    *plan = applied(plan, edit)?;
    Ok(())
}

/// The plan with a change applied.
///
/// # Errors
/// As [`apply`].
pub fn applied(plan: &Plan, edit: &Edit) -> Result<Plan, Vec<Diagnostic>> {
    let mut changed = plan.clone();
    change(&mut changed, edit)?;
    still_read(&mut changed, edit)?;
    Ok(changed)
}

/// What was changed in parts must still be one that can be read: a curve keeps exactly one course, say. Each change
/// of a list is looked at when all are made.
fn still_read(plan: &mut Plan, edit: &Edit) -> Result<(), Vec<Diagnostic>> {
    let (Edit::Set { path, .. } | Edit::Remove { path }) = edit else {
        return match edit {
            Edit::Many { edits, .. } => edits.iter().try_for_each(|edit| still_read(plan, edit)),
            _ => Ok(()),
        };
    };
    // Rules over several fields are those of values that change over time.
    let Some((whole, _)) = path::parent(plan, path) else { return Ok(()) };
    let mut shape = shape_at(plan, &whole).map(|place| place.shape);
    while let Some(Shape::Optional(inner)) = shape {
        shape = Some(inner());
    }
    let is_dated = matches!(shape, Some(Shape::Steps | Shape::Level));
    match get(plan, &whole).filter(|_| is_dated) {
        Some(text) => path::set(plan, &whole, &text),
        None => Ok(()),
    }
}

/// Applies a change to a plan that may be thrown away: without the copy that [`apply`] makes, and so
/// possibly by half if anything is wrong.
///
/// # Errors
/// As [`apply`]; the plan is of no use any more then.
pub fn apply_to_scratch(plan: &mut Plan, edit: &Edit) -> Result<(), Vec<Diagnostic>> {
    change(plan, edit)
}

fn change(plan: &mut Plan, edit: &Edit) -> Result<(), Vec<Diagnostic>> {
    match edit {
        Edit::Set { path, value } => path::set(plan, path, value),
        Edit::Insert { path, id, position, value } => insert(plan, path, id, *position, value),
        Edit::Remove { path } => remove(plan, path),
        Edit::Rename { path, to } => rename(plan, path, to),
        Edit::Move { path, position } => {
            let (parent, key) = parent_of(plan, path)?;
            let moved = map_at(plan, &parent)?.is_some_and(|map| map.move_to(&key, *position));
            if moved { Ok(()) } else { Err(refuse("unknown-path", path, format!("There is no `{key}` that could be moved."))) }
        }
        Edit::Many { edits, .. } => edits.iter().try_for_each(|edit| change(plan, edit)),
    }
}

fn refuse(code: &'static str, path: &str, message: impl Into<String>) -> Vec<Diagnostic> {
    vec![Diagnostic::error(code, path, message)]
}

fn parent_of(plan: &Plan, path: &str) -> Result<(String, String), Vec<Diagnostic>> {
    path::parent(plan, path).ok_or_else(|| refuse("unknown-path", path, format!("There is no `{path}` in the plan.")))
}

fn map_at<'p>(plan: &'p mut Plan, path: &str) -> Result<Option<&'p mut dyn MapNode>, Vec<Diagnostic>> {
    node_for_change(plan, path).map(|(node, _)| node.as_map_mut())
}

fn insert(plan: &mut Plan, path: &str, id: &str, position: Option<usize>, value: &str) -> Result<(), Vec<Diagnostic>> {
    let (node, bounds) = node_for_change(plan, path)?;
    if let Some(map) = node.as_map_mut() {
        return reader::read_value(value, path, |raw, reader| map.insert_raw(id, position, raw, reader, bounds).then_some(()));
    }
    // A step into a dated value that is not there yet.
    if node.child(id).is_none() && node.make_child(id) {
        return path::set(plan, &format!("{path}.{id}"), value);
    }
    Err(refuse("wrong-type", path, format!("Nothing can be added to `{path}`.")))
}

fn remove(plan: &mut Plan, path: &str) -> Result<(), Vec<Diagnostic>> {
    let (parent, key) = parent_of(plan, path)?;
    let (node, _) = node_for_change(plan, &parent)?;
    if node.child(&key).is_none() {
        return Err(refuse("unknown-path", path, format!("There is no `{path}` that could be removed.")));
    }
    if node.reset_child(&key) || node.as_map_mut().is_some_and(|map| map.remove(&key)) {
        return Ok(());
    }
    Err(refuse("missing-field", path, format!("`{path}` can't be left out.")))
}

fn rename(plan: &mut Plan, path: &str, to: &str) -> Result<(), Vec<Diagnostic>> {
    let (parent, from) = parent_of(plan, path)?;
    let is_entry = matches!(shape_at(plan, &parent), Some(Place { shape: Shape::Map(_), .. }));
    if is_entry
        && !node_at(plan, &parent).is_some_and(Node::has_dotted_keys)
        && let Some(problem) = id_problem(to)
    {
        return Err(refuse("bad-id", path, problem));
    }
    if from == to {
        return Ok(());
    }
    let Some(map) = map_at(plan, &parent)? else {
        return Err(refuse("wrong-type", path, format!("`{path}` has no id that could be changed.")));
    };
    let ids = map.ids();
    if ids.iter().any(|id| id == to) {
        return Err(vec![Diagnostic::error("duplicate-key", path, format!("`{to}` exists already.")).help("Choose another id.")]);
    }
    if let Some(twin) = ids.iter().find(|id| are_twins(id, to) && **id != from) {
        return Err(vec![Diagnostic::error("twin-id", path, twins(twin, to)).help("Choose another id.")]);
    }
    if !ids.contains(&from) || !map.rename(&from, to) {
        return Err(refuse("bad-id", path, format!("`{path}` can't be renamed to `{to}`.")));
    }
    links::visit(plan, &mut |_, target, id| {
        if target == parent && *id == from {
            to.clone_into(id);
        }
    });
    rename_in_overrides(plan, &parent, &from, to);
    let old_path = format!("{parent}.{from}");
    for path in plan.studies.values_mut().flat_map(super::Study::paths_mut) {
        if let Some(rest) = path.strip_prefix(&old_path).filter(|rest| rest.is_empty() || rest.starts_with('.')) {
            *path = format!("{parent}.{to}{rest}");
        }
    }
    Ok(())
}

/// Follows a renaming in the paths and in the values of scenarios' overrides.
fn rename_in_overrides(plan: &mut Plan, parent: &str, from: &str, to: &str) {
    let old_path = format!("{parent}.{from}");
    let mut scenarios = std::mem::take(&mut plan.scenarios);
    for variation in scenarios.values_mut() {
        for (path, value) in &mut variation.set.0 {
            if let Some(rest) = path.strip_prefix(&old_path).filter(|rest| rest.is_empty() || rest.starts_with('.')) {
                *path = format!("{parent}.{to}{rest}");
            }
            // Only the plan knows which texts of a value are references: try the value in its place.
            let mut tried = plan.clone();
            if path::set(&mut tried, path, &value.0).is_err() {
                continue;
            }
            let mut found = false;
            links::visit(&mut tried, &mut |at, target, id| {
                let inside = at.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
                if inside && target == parent && *id == from {
                    to.clone_into(id);
                    found = true;
                }
            });
            if found && let Some(text) = get(&tried, path) {
                *value = RawText(text);
            }
        }
    }
    plan.scenarios = scenarios;
}

/// The change that copies an entry under a new id, right after the original.
///
/// # Errors
/// There is no such entry.
pub fn duplicate(plan: &Plan, path: &str) -> Result<Edit, Vec<Diagnostic>> {
    let (parent, key) = parent_of(plan, path)?;
    let (Some(node), Some(map)) = (node_at(plan, path), node_at(plan, &parent)) else {
        return Err(refuse("unknown-path", path, format!("There is no `{path}` that could be copied.")));
    };
    if !map.tree().inline().starts_with(['{', '[']) {
        return Err(refuse("wrong-type", path, format!("`{path}` is not an entry that could be copied.")));
    }
    let ids = map.children();
    let position = ids.iter().position(|id| *id == key).map(|at| at + 1);
    let (id, number) = free_id(&key, &ids);
    let copy = Edit::Insert { path: parent.clone(), id: id.clone(), position, value: node.tree().inline() };
    let mut edits = vec![copy];
    if let Some(name) = crate::words::paths::name_of(node) {
        edits.push(Edit::set_text(format!("{parent}.{id}.name"), &format!("{name} {number}")));
    }
    Ok(Edit::Many { label: format!("duplicate {}", crate::words::subject(plan, path)), edits })
}

/// A free id made from another: `grid`, `grid-2`, `grid-3`…
fn free_id(id: &str, taken: &[String]) -> (String, usize) {
    let stem = match id.rsplit_once('-') {
        Some((stem, number)) if !stem.is_empty() && number.len() <= 3 && number.parse::<u16>().is_ok() => stem,
        _ => id,
    };
    let stem: String = stem.chars().take(super::node::MAX_ID_CHARS - 6).collect();
    let mut number = 2;
    loop {
        let candidate = format!("{stem}-{number}");
        if !taken.iter().any(|id| are_twins(id, &candidate)) {
            return (candidate, number);
        }
        number += 1;
    }
}

/// The plan with one of its scenarios applied.
///
/// # Errors
/// The scenario does not exist, or a path or value of it is wrong; paths are
/// `scenarios.<id>.set.<path>`.
pub fn with_scenario(plan: &Plan, name: &str) -> Result<Plan, Vec<Diagnostic>> {
    let Some(variation) = plan.scenarios.get(name) else {
        let diagnostic = Diagnostic::error("unknown-reference", format!("scenarios.{name}"), format!("There is no scenario `{name}`."));
        let near = nearest_name(name, plan.scenarios.keys().map(String::as_str));
        let names: Vec<_> = plan.scenarios.keys().map(|name| format!("`{name}`")).collect();
        return Err(vec![match near {
            Some(near) => diagnostic.help(format!("Did you mean `{near}`?")),
            None if names.is_empty() => diagnostic.help("This plan has no scenarios."),
            None => diagnostic.help(format!("It has {}.", names.join(", "))),
        }]);
    };
    let mut changed = plan.clone();
    let mut problems = Vec::new();
    for (path, value) in &variation.set.0 {
        let section = path.split('.').next().unwrap_or_default();
        let result = if section == "scenarios" || section == "studies" {
            Err(refuse("bad-path", path, format!("A scenario can't change {section}.")))
        } else {
            path::set(&mut changed, path, &value.0)
        };
        problems.extend(result.err().into_iter().flatten().map(|mut problem| {
            // Paths inside of the value are not places of the plan's text.
            problem.path = format!("scenarios.{name}.set.{path}");
            problem
        }));
    }
    if problems.is_empty() { Ok(changed) } else { Err(problems) }
}

/// The plan with values set by path, as on the command line. A value that is plain text may stand
/// without quotes.
///
/// # Errors
/// Everything that is wrong with the paths and values.
pub fn with_sets<P: AsRef<str>, V: AsRef<str>>(plan: &Plan, sets: &[(P, V)]) -> Result<Plan, Vec<Diagnostic>> {
    let mut changed = plan.clone();
    let mut problems = Vec::new();
    for (path, value) in sets {
        let (path, value) = (path.as_ref(), value.as_ref());
        // Each one works on a copy: a failed one may have made room on its way.
        let mut tried = changed.clone();
        let result = path::set(&mut tried, path, value).or_else(|problems| {
            tried = changed.clone();
            path::set(&mut tried, path, &quoted(value)).map_err(|_| problems)
        });
        match result {
            Ok(()) => changed = tried,
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(changed) } else { Err(problems) }
}
