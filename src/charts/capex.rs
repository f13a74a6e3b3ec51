//! Capex ordered by period and since the start, M$, against the budget.

use crate::results::Results;

use super::frame::{Words, at, axis, series, span, stacked};
use super::{Chart, ColorKey, Selection};

/// The budget lines stand only where every period has a limit: a sum with a hole is no limit.
pub(super) fn chart(results: &Results, _selection: &Selection) -> Chart {
    let ordered = series(results, "Ordered in the period", ColorKey::Cost("Chips"), |period| {
        results.money.get(period).map_or(0.0, |money| money.capex_musd)
    });
    let running = running(&ordered.values);
    let mut lines = vec![series(results, "Ordered since the start", ColorKey::Load, |period| at(&running, period))];
    let limits = &results.capex_limit_musd;
    if !limits.is_empty() && limits.iter().all(|limit| limit.is_finite()) {
        let allowed = self::running(limits);
        lines.push(series(results, "Budget since the start", ColorKey::Limit, |period| at(&allowed, period)));
    }
    let words = Words {
        name: "capex",
        title: "Capex against budget".into(),
        subtitle: format!("M$, {}", span(results, &Selection::default())),
        reading: "Overnight, landed with duties, less subsidies, in the period of the order.",
    };
    stacked(results, words, axis("Capex", "M$"), vec![ordered], lines, "Nothing is ordered in this plan.")
}

/// Sums from the start.
fn running(values: &[f64]) -> Vec<f64> {
    values
        .iter()
        .scan(0.0, |sum, value| {
            *sum += value;
            Some(*sum)
        })
        .collect()
}
