//! Cash in and out by period, M$ undiscounted: revenue, opex and overnight capex as ordered, with
//! the running total.

use crate::results::Results;

use super::frame::{Words, axis, finite, series, span, stacked};
use super::{Chart, ColorKey, Selection};

/// Overnight capex, not annuities: this is money that leaves, not cost.
pub(super) fn chart(results: &Results, _selection: &Selection) -> Chart {
    let money = |period: usize, value: &dyn Fn(&crate::results::PeriodMoney) -> f64| results.money.get(period).map_or(0.0, value);
    let stacks = vec![
        series(results, "Revenue", ColorKey::Good, |period| money(period, &|money| money.revenue_musd)),
        series(results, "Opex", ColorKey::Cost("Power"), |period| money(period, &|money| -money.opex_musd)),
        series(results, "Capex", ColorKey::Cost("Chips"), |period| money(period, &|money| -money.capex_musd)),
    ];
    let mut total = 0.0;
    let running: Vec<f64> = results
        .money
        .iter()
        .map(|money| {
            total += finite(money.revenue_musd) - finite(money.opex_musd) - finite(money.capex_musd);
            total
        })
        .collect();
    let line = series(results, "Since the start", ColorKey::Load, |period| super::frame::at(&running, period));
    let words = Words {
        name: "cash-flow",
        title: "Cash flow".into(),
        subtitle: format!("M$ a period, undiscounted, {}", span(results, &Selection::default())),
        reading: "Capex is paid when ordered; what is left of its life after the horizon is not counted back.",
    };
    stacked(results, words, axis("Money", "M$"), stacks, vec![line], "No money flows in this plan.")
}
