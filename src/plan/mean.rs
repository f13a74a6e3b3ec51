//! The mean of several futures of a plan: what somebody plans with who plans with averages.
//!
//! Every value in which a future differs from the plan is averaged over all futures with their
//! probabilities: numbers, dated numbers date by date, months. What has no mean (a name, a switch, a curve
//! of another shape) is taken from the likeliest future.

use super::edit::{Edit, apply_to_scratch};
use super::node::{Node as _, Tree, quoted};
use super::path::node_at;
use super::values::Month;
use super::{Plan, diff};
use crate::diagnostic::Diagnostic;

/// The mean plan, and the paths of what has no mean.
///
/// # Errors
/// A value that the plan cannot take.
pub fn mean_of(base: &Plan, futures: &[(f64, Plan)]) -> Result<(Plan, Vec<String>), Vec<Diagnostic>> {
    let mut paths: Vec<String> = Vec::new();
    for (_, future) in futures {
        for difference in diff::differences(base, future) {
            let path = whole_of(base, &difference.path);
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    // What stands below another path goes with it.
    let all = paths.clone();
    paths.retain(|path| !all.iter().any(|other| other != path && path.starts_with(&format!("{other}."))));
    let mut plan = base.clone();
    let mut without_mean = Vec::new();
    let mut likeliest: Option<&(f64, Plan)> = None;
    for future in futures {
        if likeliest.is_none_or(|known| future.0 > known.0) {
            likeliest = Some(future);
        }
    }
    for path in paths {
        let trees: Option<Vec<(f64, Tree)>> =
            futures.iter().map(|(probability, future)| Some((*probability, node_at(future, &path)?.tree()))).collect();
        let mean = trees.and_then(|trees| average(&trees));
        let tree = match mean {
            Some(tree) => Some(tree),
            None => {
                without_mean.push(path.clone());
                likeliest.and_then(|(_, future)| node_at(future, &path)).map(super::node::Node::tree)
            }
        };
        if let Some(tree) = tree {
            apply_to_scratch(&mut plan, &Edit::set(path, tree.inline()))?;
        }
    }
    Ok((plan, without_mean))
}

/// The path of the whole value that a difference lies in: a dated value is one, an entry that was added or
/// taken out belongs to its map.
fn whole_of(base: &Plan, path: &str) -> String {
    let (parent, key) = super::path::split(path);
    let is_date = key == "start" || Month::parse(key).is_ok();
    if is_date || node_at(base, path).is_none() { parent.to_owned() } else { path.to_owned() }
}

/// The mean of values of one shape; none where they have none.
fn average(trees: &[(f64, Tree)]) -> Option<Tree> {
    let (_, first) = trees.first()?;
    if trees.iter().all(|(_, tree)| tree == first) {
        return Some(first.clone());
    }
    if let Some(steps) = trees.iter().map(|(probability, tree)| Some((*probability, steps_of(tree)?))).collect::<Option<Vec<_>>>() {
        return Some(mean_steps(&steps));
    }
    if let Some(months) = trees.iter().map(|(probability, tree)| Some((*probability, month_of(tree)?))).collect::<Option<Vec<_>>>() {
        let mean: f64 = months.iter().map(|(probability, month)| probability * f64::from(month.0)).sum();
        return Some(Tree::Atom(quoted(&Month((mean - 1e-9).ceil() as i32).to_string())));
    }
    let Tree::Group { name, brackets, items } = first else { return None };
    let mut averaged = Vec::new();
    for (place, (key, _)) in items.iter().enumerate() {
        let of_place: Option<Vec<(f64, Tree)>> = trees
            .iter()
            .map(|(probability, tree)| match tree {
                Tree::Group { name: own, items: of, .. } if own == name && of.len() == items.len() => {
                    of.get(place).filter(|(own, _)| own == key).map(|(_, value)| (*probability, value.clone()))
                }
                _ => None,
            })
            .collect();
        averaged.push((key.clone(), average(&of_place?)?));
    }
    Some(Tree::Group { name, brackets: *brackets, items: averaged })
}

fn month_of(tree: &Tree) -> Option<Month> {
    match tree {
        Tree::Atom(text) if text.starts_with('"') => Month::parse(text.trim_matches('"')).ok(),
        _ => None,
    }
}

/// A number or dated numbers, by date.
fn steps_of(tree: &Tree) -> Option<Vec<(Month, f64)>> {
    match tree {
        Tree::Atom(text) => Some(vec![(Month::ALWAYS, text.parse().ok()?)]),
        Tree::Group { name: "Stated", items, .. } => items.first().and_then(|(_, value)| steps_of(value)),
        Tree::Group { name: "", brackets: ('{', '}'), items } if !items.is_empty() => items
            .iter()
            .map(|(key, value)| {
                let key = key.as_deref()?.trim_matches('"');
                let month = if key == "start" { Month::ALWAYS } else { Month::parse(key).ok()? };
                Some((month, value.number()?))
            })
            .collect(),
        Tree::Group { .. } => None,
    }
}

/// Dated numbers averaged at every date of any of them; before its first date a number is nothing.
fn mean_steps(steps: &[(f64, Vec<(Month, f64)>)]) -> Tree {
    let mut dates: Vec<Month> = steps.iter().flat_map(|(_, steps)| steps.iter().map(|(month, _)| *month)).collect();
    dates.sort_unstable();
    dates.dedup();
    let at = |month: Month| -> f64 {
        let in_force = |steps: &[(Month, f64)]| {
            steps.iter().filter(|(from, _)| *from <= month).max_by_key(|(from, _)| *from).map_or(0.0, |step| step.1)
        };
        steps.iter().map(|(probability, steps)| probability * in_force(steps)).sum()
    };
    if dates == [Month::ALWAYS] {
        return at(Month::ALWAYS).tree();
    }
    let items = dates.iter().map(|month| (Some(quoted(&super::values::step_key(*month))), at(*month).tree())).collect();
    Tree::Group { name: "", brackets: ('{', '}'), items }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::file::parse;
    use crate::plan::path::get;

    #[test]
    fn numbers_dates_and_steps_have_a_mean_and_names_do_not() {
        let base = parse(include_str!("../../tests/plans/small.ron")).plan.unwrap();
        let with = |edits: &[(&str, &str)]| {
            let mut plan = base.clone();
            for (path, value) in edits {
                apply_to_scratch(&mut plan, &Edit::set(*path, *value)).unwrap();
            }
            plan
        };
        let late = with(&[
            ("sites.abilene.interconnect_mw", "{\"2027-01\": 200.0, \"2028-07\": 450.0}"),
            ("sites.abilene.pue", "1.4"),
            ("name", "\"late\""),
        ]);
        let (plan, without) = mean_of(&base, &[(0.75, base.clone()), (0.25, late)]).unwrap();
        // 450 MW in 2027-07 in three of four cases: 200 + 0.75 · 250 until the last has it, too.
        assert_eq!(get(&plan, "sites.abilene.interconnect_mw").unwrap(), "{\"2027-01\": 200.0, \"2027-07\": 387.5, \"2028-07\": 450.0}");
        let pue: f64 = get(&base, "sites.abilene.pue").unwrap().parse().unwrap();
        assert!((get(&plan, "sites.abilene.pue").unwrap().parse::<f64>().unwrap() - (0.75 * pue + 0.35)).abs() < 1e-12);
        assert_eq!(without, ["name"]);
    }
}
