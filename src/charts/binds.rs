//! What binds, put on one scale: limits have different units, so they are compared by what one
//! percent more of each would bring.

use crate::formulation::FAMILIES;
pub(crate) use crate::formulation::Group;
use crate::results::{Binding, Results};

/// The group of a family of the formulation.
pub(crate) fn group_of(family: &str) -> Group {
    FAMILIES.iter().find(|entry| entry.name == family).map_or(Group::Other, |entry| entry.group)
}

/// The family of the formulation as one or two plain words: `grid`, `chips`, `halls`.
#[must_use]
pub fn family_label(family: &str) -> &'static str {
    group_of(family).label()
}

/// What one percent more of the limit brings, in the unit of the goal (`Ttok`); a limit of zero
/// has no percent and is counted by one unit. Duals of other goals are not comparable.
#[must_use]
pub fn worth_of_one_percent(binding: &Binding) -> f64 {
    of_one_percent(binding.dual, binding.limit)
}

fn of_one_percent(dual: f64, limit: f64) -> f64 {
    let more = if limit == 0.0 || !limit.is_finite() { 1.0 } else { 0.01 * limit.abs() };
    let worth = dual * more;
    if worth.is_finite() { worth } else { 0.0 }
}

/// The unit of the goal: what stands before ` per ` in the unit of the duals.
pub(crate) fn goal_unit(results: &Results) -> &str {
    results.binding.first().map_or("Ttok", |binding| binding.unit.split(" per ").next().unwrap_or("Ttok"))
}

/// The limits that may be shown as facts ([`Binding::stable`]) and are worth something: what is a
/// ten-thousandth of the most valuable, in tokens and in money, is dust of the solver or of no interest.
pub(crate) fn facts(results: &Results) -> impl Iterator<Item = &Binding> {
    let money = |binding: &Binding| binding.dual_musd.map_or(0.0, |dual| of_one_percent(dual, binding.limit).abs());
    let facts = || results.binding.iter().filter(|binding| binding.stable);
    let most = facts().map(|binding| worth_of_one_percent(binding).abs()).fold(0.0, f64::max);
    let most_money = facts().map(money).fold(0.0, f64::max);
    let worth = move |binding: &&Binding| {
        let tokens = worth_of_one_percent(binding).abs();
        (tokens > 1e-12 && tokens >= 1e-4 * most) || (most_money > 1e-9 && money(binding) >= 1e-4 * most_money)
    };
    facts().filter(worth)
}

/// Limits of one plan path, in the order of their periods: a limit that binds over a run is one thing to say.
pub(crate) fn by_path<'a>(bindings: impl Iterator<Item = &'a Binding>) -> Vec<(&'a str, Vec<&'a Binding>)> {
    let mut paths: Vec<(&str, Vec<&Binding>)> = Vec::new();
    for binding in bindings {
        match paths.iter_mut().find(|(path, _)| *path == binding.path) {
            Some((_, same)) => same.push(binding),
            None => paths.push((&binding.path, vec![binding])),
        }
    }
    for (_, same) in &mut paths {
        same.sort_by_key(|binding| binding.period_index);
    }
    paths
}
