//! What a million tokens cost in each period, by part: cost of the period (annuities, not overnight
//! capex) over the quality-weighted tokens that count in it; M$ per Ttok is $ per Mtok. Over the horizon
//! the discounted sums of both are the levelised cost of the key figures.

use crate::results::{CostPart, Results};

use super::frame::{Words, at, axis, series, span, stacked, too_high};
use super::{Chart, ColorKey, Selection, Series};
use crate::words::with_unit;

/// A period that sells nothing has no cost per token and is left blank.
pub(super) fn chart(results: &Results, _selection: &Selection) -> Chart {
    let sold: Vec<f64> = results.tokens.iter().map(|tokens| tokens.quality_ttok).collect();
    let per_token = |period: usize, money: f64| {
        let tokens = at(&sold, period);
        if tokens > 1e-9 { money / tokens } else { 0.0 }
    };
    let stacks: Vec<Series> = CostPart::ALL
        .into_iter()
        .enumerate()
        .map(|(index, part)| {
            series(results, part.label(), ColorKey::Cost(part.label()), |period| {
                per_token(period, results.money.get(period).map_or(0.0, |money| at(&money.cost_musd, index)))
            })
        })
        .collect();
    let price = series(results, "Mean price", ColorKey::Good, |period| {
        per_token(period, results.money.get(period).map_or(0.0, |money| money.revenue_musd))
    });
    let mut reading = format!(
        "Cost of the period over the quality-weighted tokens that count in it; blank where none are sold. Over the horizon, discounted, a million tokens cost {}.",
        with_unit(results.kpis.cost_usd_per_mtok, "$")
    );
    let mut lines = Vec::new();
    if too_high(&price, &stacks) {
        let most = price.values.iter().copied().fold(0.0, f64::max);
        reading = format!("{reading} The mean price, up to {}, is above the picture.", with_unit(most, "$/Mtok"));
    } else {
        lines.push(price);
    }
    let words = Words {
        name: "cost-per-mtok",
        title: "Cost of a million tokens".into(),
        subtitle: format!("$/Mtok by period, {}", span(results, &Selection::default())),
        reading: &reading,
    };
    stacked(results, words, axis("Cost", "$/Mtok"), stacks, lines, "No tokens are sold in this plan.")
}
