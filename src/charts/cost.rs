//! Cost by part over the periods, M$ undiscounted: annuities, not overnight capex.

use crate::results::{CostPart, Results};

use super::frame::{Words, at, axis, series, span, stacked};
use super::{Chart, ColorKey, Selection};

/// Every dollar of cost is in exactly one part; revenue is the line over them.
pub(super) fn chart(results: &Results, _selection: &Selection) -> Chart {
    let stacks = CostPart::ALL
        .into_iter()
        .enumerate()
        .map(|(index, part)| {
            series(results, part.label(), ColorKey::Cost(part.label()), |period| {
                results.money.get(period).map_or(0.0, |money| at(&money.cost_musd, index))
            })
        })
        .collect();
    let revenue = series(results, "Revenue", ColorKey::Good, |period| results.money.get(period).map_or(0.0, |money| money.revenue_musd));
    let words = Words {
        name: "cost",
        title: "Cost by part".into(),
        subtitle: format!("M$ a period, undiscounted, {}", span(results, &Selection::default())),
        reading: "Capital is counted as annuities over the life of what was bought.",
    };
    stacked(results, words, axis("Cost", "M$"), stacks, vec![revenue], "Nothing costs money in this plan.")
}
