//! A plan with what a study varies at other values.

use super::Act;
use crate::diagnostic::{Diagnostic, nearest_name};
use crate::plan::Plan;
use crate::plan::edit::{Edit, apply_to_scratch};
use crate::plan::node::Shape;
use crate::plan::numbers::{changed_tree, delayed_tree};
use crate::plan::path::{node_at, shape_at};

/// Sections of a plan that no study varies: they are not solved.
const NOT_SOLVED: [&str; 6] = ["schema", "name", "notes", "catalog_version", "scenarios", "studies"];

/// The paths that a path with `*` stands for, in the order of the plan; a path without one stands for itself.
#[must_use]
pub fn expanded(plan: &Plan, path: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    if !path.split('.').any(|key| key == "*") {
        return vec![path.to_owned()];
    }
    for key in path.split('.') {
        let joined = |start: &String, key: &str| if start.is_empty() { key.to_owned() } else { format!("{start}.{key}") };
        found = match key {
            "*" => {
                let entries = |start: &String| {
                    let is_open = |node: &&dyn crate::plan::node::Node| node.tree().inline().starts_with(['{', '[']);
                    let children = node_at(plan, start).filter(is_open).map(crate::plan::node::Node::children).unwrap_or_default();
                    children.into_iter().map(|child| joined(start, &child)).collect::<Vec<_>>()
                };
                found.iter().flat_map(entries).collect()
            }
            key => found.iter().map(|start| joined(start, key)).collect(),
        };
    }
    // An entry may lack what another one states.
    found.retain(|path| node_at(plan, path).is_some_and(|node| node.tree().inline() != "None"));
    found
}

/// Changes a plan that may be thrown away.
///
/// # Errors
/// What is wrong with a path or a value; the plan is of no use any more then.
pub fn change(plan: &mut Plan, paths: &[String], act: &Act, value: f64) -> Result<(), Vec<Diagnostic>> {
    for path in paths {
        let section = path.split('.').next().unwrap_or_default();
        if NOT_SOLVED.contains(&section) {
            let message = format!("`{path}` is not solved, so nothing comes of varying it.");
            return Err(vec![
                Diagnostic::error("bad-path", path, message).help("Vary a number of sites, chips, contracts, markets or money."),
            ]);
        }
        let places = expanded(plan, path);
        if places.is_empty() {
            let message = format!("Nothing in the plan is at `{path}`.");
            return Err(vec![Diagnostic::error("unknown-path", path, message).help(nearest_help(plan, path))]);
        }
        for place in places {
            let edit = edit(plan, &place, act, value)?;
            apply_to_scratch(plan, &edit).map_err(|problems| no_number(act, &place, problems))?;
        }
    }
    Ok(())
}

/// A study sets numbers: what takes none says so in these words.
fn no_number(act: &Act, place: &str, mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for problem in problems.iter_mut().filter(|problem| matches!(act, Act::Sets) && problem.code == "wrong-type") {
        problem.message = format!("`{place}` takes no number.");
        problem.help = Some("Name the path of a number; texts and choices are what scenarios change.".to_owned());
    }
    problems
}

/// What stands at the point where a path with `*` leaves the plan.
fn nearest_help(plan: &Plan, path: &str) -> String {
    let mut start = String::new();
    for key in path.split('.') {
        let node = node_at(plan, &start);
        let children = node.map(crate::plan::node::Node::children).unwrap_or_default();
        let next = if key == "*" { children.first().cloned() } else { children.iter().find(|child| *child == key).cloned() };
        let Some(next) = next else {
            let place = if start.is_empty() { "The plan".to_owned() } else { format!("`{start}`") };
            return match nearest_name(key, children.iter().map(String::as_str)) {
                Some(near) => format!("Did you mean `{near}`?"),
                None if children.is_empty() => format!("{place} has no entries."),
                None => format!("{place} has: {}.", children.iter().take(40).cloned().collect::<Vec<_>>().join(", ")),
            };
        };
        start = if start.is_empty() { next } else { format!("{start}.{next}") };
    }
    "The value is left out in every entry.".to_owned()
}

fn edit(plan: &Plan, place: &str, act: &Act, value: f64) -> Result<Edit, Vec<Diagnostic>> {
    if let Act::Sets = act {
        let shape = shape_at(plan, place).map(|place| match place.shape {
            Shape::Optional(inner) => inner(),
            shape => shape,
        });
        return Ok(match shape {
            Some(Shape::Whole) => Edit::set(place, (value.round() as i64).to_string()),
            _ => Edit::set_number(place, value),
        });
    }
    let Some(node) = node_at(plan, place) else {
        // Setting says best what is wrong with a path.
        let mut tried = plan.clone();
        let problems = apply_to_scratch(&mut tried, &Edit::set_number(place, 1.0)).err();
        return Err(problems.unwrap_or_else(|| vec![nothing(place, "no number yet", "State one in the plan, or let the study set it.")]));
    };
    let tree = node.tree();
    let whole = matches!(shape_at(plan, place).map(|place| place.shape), Some(Shape::Whole));
    let changed = match act {
        Act::Delays => delayed_tree(&tree, value.round() as i32, plan.horizon.start),
        Act::Adds => changed_tree(&tree, &|number| number + value),
        Act::Sets | Act::Multiplies => changed_tree(&tree, &|number| number * value),
    };
    match changed {
        Some(changed) if whole => Ok(Edit::set(
            place,
            changed.inline().parse::<f64>().map_or_else(|_| changed.inline(), |value| (value.round() as i64).to_string()),
        )),
        Some(changed) => Ok(Edit::set(place, changed.inline())),
        None if matches!(act, Act::Delays) => Err(vec![nothing(place, "no date", "State a month or dated numbers there.")]),
        None => Err(vec![nothing(place, "no number", "State one in the plan, or let the study set it.")]),
    }
}

fn nothing(place: &str, what: &str, help: &str) -> Diagnostic {
    Diagnostic::error("wrong-type", place, format!("`{place}` holds {what} that could be moved.")).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::file::parse;
    use crate::plan::path;

    fn small() -> Plan {
        parse(include_str!("../../../tests/plans/small.ron")).plan.unwrap()
    }

    fn got(plan: &Plan, path: &str) -> String {
        path::get(plan, path).unwrap()
    }

    #[test]
    fn a_star_stands_for_every_entry_that_states_the_value() {
        let plan = small();
        let prices = expanded(&plan, "markets.*.demand.*.segments.*.usd_per_mtok.answer");
        assert_eq!(prices.len(), 2);
        // Only the first segment pays for prompts at all: the other one's default is a number too.
        assert!(prices[0].ends_with("segments.0.usd_per_mtok.answer"), "{prices:?}");
    }

    #[test]
    fn acts_do_what_they_say() {
        let mut plan = small();
        change(&mut plan, &["sites.abilene.interconnect_mw".into()], &Act::Multiplies, 0.5).unwrap();
        assert_eq!(got(&plan, "sites.abilene.interconnect_mw"), "{\"2027-01\": 100.0, \"2027-07\": 225.0}");
        change(&mut plan, &["sites.abilene.interconnect_mw".into()], &Act::Delays, 3.0).unwrap();
        assert_eq!(got(&plan, "sites.abilene.interconnect_mw"), "{\"2027-01\": 100.0, \"2027-10\": 225.0}");
        change(&mut plan, &["sites.abilene.interconnect_mw".into()], &Act::Adds, 10.0).unwrap();
        assert_eq!(got(&plan, "sites.abilene.interconnect_mw"), "{\"2027-01\": 110.0, \"2027-10\": 235.0}");
        change(&mut plan, &["sites.abilene.interconnect_mw".into()], &Act::Sets, 300.0).unwrap();
        assert_eq!(got(&plan, "sites.abilene.interconnect_mw"), "300.0");
        change(&mut plan, &["horizon.periods".into()], &Act::Sets, 6.0).unwrap();
        assert_eq!(got(&plan, "horizon.periods"), "6");
    }

    #[test]
    fn a_wrong_path_is_named_with_what_is_near() {
        let mut plan = small();
        let problems = change(&mut plan, &["markets.*.demnd.*.segments".into()], &Act::Multiplies, 2.0).unwrap_err();
        assert_eq!(problems[0].code, "unknown-path");
        assert!(problems[0].help.as_deref().is_some_and(|help| help.contains("`demand`")), "{problems:?}");
    }
}
