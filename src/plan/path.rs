//! Paths into a plan: `sites.abilene.halls.building-1.it_mw`.
//!
//! Keys are joined by dots. A variant that holds a record shows the record's fields directly
//! (`contracts.grid.terms.cap_mw`); any other variant shows its value as `value`
//! (`contracts.wind.terms.contract_mw.value`). Steps are children by date
//! (`sites.abilene.interconnect_mw.2028-07`), items of lists by position from 0.

use super::Plan;
use super::node::{Bounds, FieldInfo, Node, Shape};
use super::reader::read_value;
use super::steps::Curve;
use super::values::SeriesLevel;
use crate::diagnostic::{Diagnostic, nearest_name};

/// The first key of a path below `node`, and what follows it.
fn next_key<'p>(node: &dyn Node, path: &'p str) -> (&'p str, Option<&'p str>) {
    if node.has_dotted_keys() {
        return (path, None);
    }
    path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)))
}

/// The value at a path.
#[must_use]
pub fn node_at<'p>(plan: &'p Plan, path: &str) -> Option<&'p dyn Node> {
    let mut node: &dyn Node = plan;
    let mut rest = (!path.is_empty()).then_some(path);
    while let Some(path) = rest {
        let (key, next) = next_key(node, path);
        node = node.child(key)?;
        rest = next;
    }
    Some(node)
}

/// Splits `sites.abilene` into `sites` and `abilene`.
#[must_use]
pub fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

/// The value at a path as RON text on one line, if there is one.
#[must_use]
pub fn get(plan: &Plan, path: &str) -> Option<String> {
    node_at(plan, path).map(|node| node.tree().inline())
}

/// The path of the parent and the last key, if the parent exists.
#[must_use]
pub fn parent(plan: &Plan, path: &str) -> Option<(String, String)> {
    let mut node: &dyn Node = plan;
    let mut at = 0;
    loop {
        let rest = path.get(at..)?;
        match next_key(node, rest) {
            (key, None) if !key.is_empty() => {
                return Some((path.get(..at.saturating_sub(1)).unwrap_or_default().to_owned(), key.to_owned()));
            }
            (key, Some(_)) => {
                node = node.child(key)?;
                at += key.len() + 1;
            }
            _ => return None,
        }
    }
}

/// The value at a path, to be changed, and the range of its numbers. Room is made on the way for
/// what is left out: the inside of an option, a dated step.
pub(super) fn node_for_change<'p>(plan: &'p mut Plan, path: &str) -> Result<(&'p mut dyn Node, Option<Bounds>), Vec<Diagnostic>> {
    let mut node: &mut dyn Node = plan;
    let mut bounds = None;
    let mut rest = (!path.is_empty()).then_some(path);
    let mut walked = 0;
    while let Some(below) = rest {
        let (key, next) = next_key(node, below);
        if node.child(key).is_none() && !node.make_child(key) {
            let within = path.get(..walked).unwrap_or_default().trim_end_matches('.');
            return Err(vec![unknown(node, within, key, path)]);
        }
        // The bounds of a field hold for the steps, items and variants inside it.
        bounds = node.child_bounds(key).or(bounds);
        node = match node.child_mut(key) {
            Some(child) => child,
            None => return Err(vec![Diagnostic::error("unknown-path", path, format!("There is no `{key}` here."))]),
        };
        walked += key.len() + 1;
        rest = next;
    }
    Ok((node, bounds))
}

fn unknown(node: &dyn Node, within: &str, key: &str, path: &str) -> Diagnostic {
    let place = if within.is_empty() { "the plan".to_owned() } else { format!("`{within}`") };
    let diagnostic = Diagnostic::error("unknown-path", path, format!("There is no `{key}` in {place}."));
    let names = node.children();
    match nearest_name(key, names.iter().map(String::as_str)) {
        Some(near) => diagnostic.help(format!("Did you mean `{near}`?")),
        None if names.is_empty() => diagnostic.help("There is nothing in it."),
        None => diagnostic.help(format!("There is: {}.", names.iter().take(40).cloned().collect::<Vec<_>>().join(", "))),
    }
}

/// Sets the value at a path from RON text. A plain number on a dated value holds from the start,
/// on a variant with one number (`UpTo(400.0)`) it keeps the variant.
pub(super) fn set(plan: &mut Plan, path: &str, text: &str) -> Result<(), Vec<Diagnostic>> {
    if path.is_empty() || path == "schema" {
        return Err(vec![
            Diagnostic::error("unknown-path", path, "The schema and the plan as a whole can't be set.").help("Set a field of the plan."),
        ]);
    }
    let (node, bounds) = node_for_change(plan, path)?;
    let Err(problems) = read_value(text, path, |raw, reader| node.replace(raw, reader, bounds).then_some(())) else {
        return Ok(());
    };
    if node.variant().is_some()
        && let Some(inner) = node.child_mut("value")
    {
        let inner_path = format!("{path}.value");
        let plain = read_value(text, &inner_path, |raw, reader| inner.replace(raw, reader, bounds).then_some(()));
        match plain {
            Ok(()) => return Ok(()),
            // The number itself is wrong, not the variant's name.
            Err(inner_problems) if inner_problems.iter().any(|problem| problem.code == "out-of-range") => return Err(inner_problems),
            Err(_) => {}
        }
    }
    Err(problems)
}

/// What may stand at a path.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// What it looks like.
    pub shape: Shape,
    /// The range of its numbers.
    pub bounds: Option<Bounds>,
    /// What it means; of the field it is part of.
    pub doc: &'static str,
    /// Whether it must be given.
    pub required: bool,
}

/// What may stand at a path, also where nothing stands yet.
#[must_use]
pub fn shape_at(plan: &Plan, path: &str) -> Option<Place> {
    let mut place = Place { shape: Shape::Record(Plan::fields), bounds: None, doc: "", required: true };
    let mut node: Option<&dyn Node> = Some(plan);
    let mut rest = (!path.is_empty()).then_some(path);
    while let Some(below) = rest {
        let dotted = node.is_some_and(Node::has_dotted_keys);
        let (key, next) = match below.split_once('.') {
            Some((key, next)) if !dotted => (key, Some(next)),
            _ => (below, None),
        };
        place = step(place, node.and_then(Node::variant), key)?;
        node = node.and_then(|node| node.child(key));
        rest = next;
    }
    Some(place)
}

fn step(place: Place, variant: Option<&str>, key: &str) -> Option<Place> {
    let inner = |shape| Place { shape, required: true, ..place };
    match place.shape {
        Shape::Optional(shape) => step(inner(shape()), variant, key),
        Shape::Record(fields) => field(fields(), key),
        Shape::Choice(variants) => {
            variants().iter().filter(|info| variant.is_none_or(|name| info.name == name)).filter_map(|info| info.shape).find_map(|shape| {
                match shape() {
                    Shape::Record(fields) => field(fields(), key),
                    shape => (key == "value").then_some(inner(shape)),
                }
            })
        }
        Shape::Map(shape) => Some(Place { shape: shape(), bounds: None, required: false, ..place }),
        Shape::List(shape) => key.parse::<usize>().ok().map(|_| inner(shape())),
        Shape::Steps => Some(of_steps(place, key)),
        Shape::Level => SeriesLevel::fields().iter().find(|info| info.name == key).map_or_else(
            || Some(of_steps(place, key)),
            |info| {
                let bounds = if info.name == "mean" { place.bounds } else { None };
                Some(Place { shape: (info.shape)(), bounds, doc: info.doc, required: info.required })
            },
        ),
        Shape::Succession(target) => Some(Place { shape: Shape::Reference(target), required: true, ..place }),
        Shape::Quantity => match key {
            "value" => Some(inner(Shape::Number)),
            "source" => Some(Place { shape: Shape::Text, bounds: None, doc: "Where the number comes from", required: false }),
            _ => None,
        },
        Shape::Number | Shape::Whole | Shape::Text | Shape::Switch | Shape::Month | Shape::Reference(_) | Shape::Anything => None,
    }
}

/// What stands within a number that may be dated: a step, a part of a curve, or of a number with its source.
fn of_steps(place: Place, key: &str) -> Place {
    match key {
        "value" => Place { shape: Shape::Steps, required: true, ..place },
        "source" => Place { shape: Shape::Text, bounds: None, doc: "Where the number comes from", required: false },
        _ => match field(Curve::fields(), key) {
            Some(part) => Place { bounds: part.bounds.or(if key == "since" { None } else { place.bounds }), ..part },
            None => Place { shape: Shape::Number, required: true, ..place },
        },
    }
}

fn field(fields: &'static [FieldInfo], key: &str) -> Option<Place> {
    let info = fields.iter().find(|info| info.name == key)?;
    Some(Place { shape: (info.shape)(), bounds: info.bounds, doc: info.doc, required: info.required })
}
