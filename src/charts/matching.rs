//! Renewable energy and how much of it comes in the hour it is used, GWh by period. In each slice,
//! matched = min(drawn, renewable drawn + certificates − battery losses); the line adds what comes in other hours.

use crate::results::Results;
use crate::results::renewable::Renewable;

use super::frame::{Words, at_site, axis, series, span, stacked, takes};
use super::{Chart, ColorKey, Selection};

/// Matching is by slice over all selected sites together, as in the rule of the plan.
pub(super) fn chart(results: &Results, selection: &Selection) -> Chart {
    let all: Vec<Renewable> =
        (0..results.periods.len()).map(|period| Renewable::of(results, period, &|site| takes(selection, site))).collect();
    let pick = |period: usize, value: fn(&Renewable) -> f64| all.get(period).map_or(0.0, value);
    let share = |part: fn(&Renewable) -> f64, whole: fn(&Renewable) -> f64| {
        let (part, whole): (f64, f64) = (all.iter().map(part).sum(), all.iter().map(whole).sum());
        crate::words::percent(if whole > 0.0 { (part / whole).max(0.0) } else { 0.0 })
    };
    let stacks = vec![
        series(results, "Renewable in the same hour", ColorKey::Good, |period| pick(period, |sum| sum.matched_gwh)),
        series(results, "Not matched", ColorKey::Quiet, |period| pick(period, |sum| sum.drawn_gwh - sum.matched_gwh)),
    ];
    let lines = vec![series(results, "Renewable in any hour", ColorKey::Load, |period| pick(period, |sum| sum.renewable_gwh.max(0.0)))];
    let words = Words {
        name: "matching",
        title: format!("Renewable matching{}", at_site(results, selection)),
        subtitle: format!(
            "GWh a period, {} matched by the hour, {} in any hour, {}",
            share(|sum| sum.matched_gwh, |sum| sum.drawn_gwh),
            share(|sum| sum.renewable_gwh, |sum| sum.load_gwh),
            span(results, &Selection::default())
        ),
        reading: "Energy drawn, split by whether as much renewable energy comes in the same block; what batteries lose is taken off the renewable.",
    };
    stacked(results, words, axis("Energy", "GWh"), stacks, lines, "No energy is drawn in this plan.")
}
