//! Cost by part over the periods, M$ undiscounted: annuities, not overnight capex.

use crate::results::{CostPart, Results};

use super::frame::{Words, at, axis, series, span, stacked, too_high};
use super::{Chart, ColorKey, Selection, Series};
use crate::words::with_unit;

/// Every dollar of cost is in exactly one part; revenue is the line over them.
pub(super) fn chart(results: &Results, _selection: &Selection) -> Chart {
    let stacks: Vec<Series> = CostPart::ALL
        .into_iter()
        .enumerate()
        .map(|(index, part)| {
            series(results, part.label(), ColorKey::Cost(part.label()), |period| {
                results.money.get(period).map_or(0.0, |money| at(&money.cost_musd, index))
            })
        })
        .collect();
    let revenue = series(results, "Revenue", ColorKey::Good, |period| results.money.get(period).map_or(0.0, |money| money.revenue_musd));
    let mut reading = String::from("Capital is counted as annuities over the life of what was bought.");
    let mut lines = Vec::new();
    if too_high(&revenue, &stacks) {
        let most = revenue.values.iter().copied().fold(0.0, f64::max);
        reading = format!("{reading} Revenue, up to {} a period, is above the picture.", with_unit(most, "M$"));
    } else {
        lines.push(revenue);
    }
    let words = Words {
        name: "cost",
        title: "Cost by part".into(),
        subtitle: format!("M$ a period, undiscounted, {}", span(results, &Selection::default())),
        reading: &reading,
    };
    stacked(results, words, axis("Cost", "M$"), stacks, lines, "Nothing costs money in this plan.")
}
