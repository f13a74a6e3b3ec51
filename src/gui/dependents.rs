//! What depends on an entry of the plan: found by taking the entry away and looking what is left hanging.

use std::collections::HashSet;

use super::change::{self, Edit};
use super::reflect;
use crate::plan::Plan;
use crate::plan::check::check;
use crate::plan::node::{Node as _, quoted};
use crate::plan::study::Study;
use crate::words;

/// Most rounds of things that depend on things that depend.
const ROUNDS: usize = 8;

/// Places that name an entry of the plan that is not there.
fn hanging(plan: &Plan) -> HashSet<String> {
    check(plan, &HashSet::new()).into_iter().filter(|problem| problem.code == "unknown-reference").map(|problem| problem.path).collect()
}

fn without(plan: &Plan, paths: &[String]) -> Option<Plan> {
    let edits = paths.iter().map(|path| Edit::remove(path.clone())).collect();
    change::apply(plan, &Edit::Many { label: String::new(), edits }).ok()
}

/// Places of the plan that refer to an entry, which is to be deleted.
#[must_use]
pub fn references(plan: &Plan, path: &str) -> Vec<String> {
    let Some(left) = without(plan, &[path.to_owned()]) else { return Vec::new() };
    let before = hanging(plan);
    let mut found: Vec<String> = hanging(&left).difference(&before).filter(|found| !is_of_the_plan(found)).cloned().collect();
    found.extend(said_of(plan, &[path.to_owned()]));
    found.sort();
    found
}

/// Scenarios and studies are found by what they say, not by what is left hanging in them.
fn is_of_the_plan(path: &str) -> bool {
    path.starts_with("scenarios.") || path.starts_with("studies.")
}

/// What scenarios change of entries that are to go, and studies that name one of their numbers.
fn said_of(plan: &Plan, gone: &[String]) -> Vec<String> {
    let is_gone =
        |path: &str| gone.iter().any(|gone| path.strip_prefix(gone.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')));
    let changes = plan.scenarios.iter().flat_map(|(id, variation)| {
        variation.set.children().into_iter().filter(|path| is_gone(path)).map(move |path| format!("scenarios.{id}.set.{path}"))
    });
    let names_one = |study: &Study| {
        let text = study.tree().inline();
        text.split('"').any(is_gone)
    };
    let studies = plan.studies.iter().filter(|(_, study)| names_one(study)).map(|(id, _)| format!("studies.{id}"));
    changes.chain(studies).collect()
}

/// A place that depends on an entry, in words.
#[must_use]
pub fn place_in_words(plan: &Plan, place: &str) -> String {
    let change = place.strip_prefix("scenarios.").and_then(|rest| rest.split_once(".set."));
    match (change, place.strip_prefix("studies.")) {
        (Some((scenario, path)), _) => format!("Scenario {scenario} changes {}", words::subject(plan, path)),
        (None, Some(study)) => format!("Study {study}"),
        (None, None) => words::sentence(&words::subject(plan, place)),
    }
}

/// The entry that holds a reference: the entry itself where its id is the reference.
fn holder(plan: &Plan, path: &str) -> Option<String> {
    let mut here = path.to_owned();
    while !here.is_empty() {
        if reflect::is_entry(plan, &here) {
            return Some(here);
        }
        here = change::split(&here).0.to_owned();
    }
    None
}

/// The edit that deletes an entry with all that depends on it, and how much that is.
#[must_use]
pub fn with_all(plan: &Plan, path: &str) -> (Edit, usize) {
    let mut gone = vec![path.to_owned()];
    for _ in 0..ROUNDS {
        let Some(left) = without(plan, &gone) else { break };
        let before = hanging(plan);
        let hanging = hanging(&left);
        let next = hanging.difference(&before).filter(|found| !is_of_the_plan(found)).filter_map(|found| holder(&left, found));
        let next: Vec<String> = next.collect();
        let mut fresh: Vec<String> = next.into_iter().filter(|entry| !gone.contains(entry)).collect();
        fresh.sort();
        fresh.dedup();
        if fresh.is_empty() {
            break;
        }
        gone.extend(fresh);
    }
    // First what is said of them: a scenario can't change what is not there.
    let mut first = said_of(plan, &gone);
    let count = gone.len() - 1 + first.len();
    first.append(&mut gone);
    let gone = first;
    let label = format!("delete {} and what depends on it", words::subject(plan, path));
    (Edit::Many { label, edits: gone.into_iter().map(Edit::remove).collect() }, count)
}

/// The edit that lets all that refers to an entry refer to another of its kind, then deletes it.
#[must_use]
pub fn moved_to(plan: &Plan, path: &str, to: &str) -> Edit {
    let mut edits = Vec::new();
    for place in references(plan, path) {
        if is_of_the_plan(&place) {
            // What was said of this one is not true of the other.
            edits.push(Edit::remove(place));
        } else if reflect::is_entry(plan, &place) {
            // Its id is the reference; what has the other's already is in the way of nothing.
            let taken = change::get(plan, change::split(&place).0).is_some_and(|map| map.children().iter().any(|id| id == to));
            edits.push(if taken { Edit::remove(place) } else { Edit::Rename { path: place, to: to.to_owned() } });
        } else {
            edits.push(Edit::set(place, quoted(to)));
        }
    }
    edits.push(Edit::remove(path));
    let label = format!("delete {}, what depends on it moved to {to}", words::subject(plan, path));
    Edit::Many { label, edits }
}

/// Others of the same kind.
#[must_use]
pub fn others(plan: &Plan, path: &str) -> Vec<String> {
    let (map, id) = change::split(path);
    change::get(plan, map).map(crate::plan::node::Node::children).unwrap_or_default().into_iter().filter(|other| other != id).collect()
}
