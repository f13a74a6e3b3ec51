//! Revenue by period, M$ undiscounted, by market or by product.

use crate::results::{Results, Sale};

use super::frame::{Words, at, axis, series, span, stacked};
use super::{Chart, ColorKey, Selection, Series};

/// By market.
pub(super) fn by_market(results: &Results, _selection: &Selection) -> Chart {
    let stacks = results
        .markets
        .iter()
        .enumerate()
        .map(|(market, info)| revenue(results, &info.name, ColorKey::Market(info.id.clone()), |sale| sale.market == market))
        .collect();
    finish(results, "revenue", "market", stacks)
}

/// By product.
pub(super) fn by_product(results: &Results, _selection: &Selection) -> Chart {
    let stacks = results
        .products
        .iter()
        .enumerate()
        .map(|(product, info)| revenue(results, &info.name, ColorKey::Product(info.id.clone()), |sale| sale.product == product))
        .collect();
    finish(results, "revenue-by-product", "product", stacks)
}

fn revenue(results: &Results, name: &str, color: ColorKey, takes: impl Fn(&Sale) -> bool) -> Series {
    series(results, name, color, |period| results.sales.iter().filter(|sale| takes(sale)).map(|sale| at(&sale.revenue_musd, period)).sum())
}

fn finish(results: &Results, name: &'static str, by: &str, stacks: Vec<Series>) -> Chart {
    let words = Words {
        name,
        title: format!("Revenue by {by}"),
        subtitle: format!("M$ a period, undiscounted, {}", span(results, &Selection::default())),
        reading: "Answer tokens with their prompts, at the price of each segment.",
    };
    stacked(results, words, axis("Revenue", "M$"), stacks, Vec::new(), "Nothing is sold in this plan.")
}
