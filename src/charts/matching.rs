//! Renewable energy and how much of it comes in the hour it is used, GWh by period. In each slice,
//! matched = min(drawn, renewable drawn + certificates); the line adds certificates of other hours.

use crate::results::{ContractInfo, Results, Role};

use super::frame::{Words, at, at_site, at2, axis, series, span, stacked, takes};
use super::{Chart, ColorKey, Selection};

/// Matching is by slice over all selected sites together, as in the rule of the plan.
pub(super) fn chart(results: &Results, selection: &Selection) -> Chart {
    let contracts: Vec<&ContractInfo> =
        results.contracts.iter().filter(|contract| takes(selection, contract.site) && contract.kind.role != Role::Store).collect();
    // GWh drawn, renewable, and matched in a period.
    let sums = |period: usize| -> (f64, f64, f64) {
        results.slices.iter().enumerate().fold((0.0, 0.0, 0.0), |(drawn, green, matched), (slice, info)| {
            let gigawatt_hours = at(&info.hours, period) / 1000.0;
            let sum = |takes: &dyn Fn(&ContractInfo) -> bool| -> f64 {
                contracts.iter().filter(|contract| takes(contract)).map(|contract| at2(&contract.draw_mw, period, slice).max(0.0)).sum()
            };
            let here = sum(&|contract| contract.kind.role != Role::Paper);
            let renewable = sum(&|contract| contract.renewable);
            (drawn + here * gigawatt_hours, green + renewable * gigawatt_hours, matched + here.min(renewable) * gigawatt_hours)
        })
    };
    let all: Vec<_> = (0..results.periods.len()).map(sums).collect();
    let pick = |period: usize, value: fn(&(f64, f64, f64)) -> f64| all.get(period).map_or(0.0, value);
    let drawn: f64 = all.iter().map(|sum| sum.0).sum();
    let matched: f64 = all.iter().map(|sum| sum.2).sum();
    let share = if drawn > 0.0 { matched / drawn } else { 0.0 };
    let stacks = vec![
        series(results, "Renewable in the same hour", ColorKey::Good, |period| pick(period, |sum| sum.2)),
        series(results, "Not matched", ColorKey::Quiet, |period| pick(period, |sum| sum.0 - sum.2)),
    ];
    let lines = vec![series(results, "Renewable in any hour", ColorKey::Load, |period| pick(period, |sum| sum.1))];
    let words = Words {
        name: "matching",
        title: format!("Renewable matching{}", at_site(results, selection)),
        subtitle: format!("GWh a period, {} matched by the hour, {}", super::format::percent(share), span(results, &Selection::default())),
        reading: "Energy drawn, split by whether as much renewable energy comes in the same block.",
    };
    stacked(results, words, axis("Energy", "GWh"), stacks, lines, "No energy is drawn in this plan.")
}
