//! Rules of markets, prices and demand.

use std::collections::HashMap;

use super::Checker;
use crate::plan::market::Price;
use crate::plan::product::Product;
use crate::words::{digits, entity_word};

/// The price of an answer token with the prompts that belong to it, $ per million answer tokens; none where
/// it changes by date (that is checked where the plan is resolved, period by period).
fn full_price(price: &Price, product: &Product) -> Option<f64> {
    let prompt_per_answer = product.prompt_tokens.constant()? / product.answer_tokens.constant()?.max(1e-9);
    let hit = product.cache_hit_fraction.constant()?;
    let prompts = (1.0 - hit) * price.prompt.constant()? + hit * price.cached_prompt.constant()?;
    Some(price.answer.constant()? + prompt_per_answer * prompts)
}

/// Segments stand from the dearest to the cheapest: a market fills them in this order.
pub(super) fn check_segments(checker: &mut Checker<'_>) {
    for (market_id, market) in &checker.plan.markets {
        for (product_id, demand) in &market.demand {
            let path = format!("markets.{market_id}.demand.{product_id}.segments");
            if !checker.known(&path) {
                continue;
            }
            if demand.segments.is_empty() && demand.curve.is_some() {
                continue;
            }
            if demand.segments.is_empty() {
                checker.warning(
                    "no-effect",
                    path,
                    format!("The demand for `{product_id}` in `{market_id}` has no segment and no curve, so nothing can be sold."),
                    "Add a segment with a volume and a price.",
                );
                continue;
            }
            let Some(product) = checker.plan.products.get(product_id) else {
                continue;
            };
            let prices: Vec<_> = demand.segments.iter().map(|segment| full_price(&segment.usd_per_mtok, product)).collect();
            for (index, pair) in prices.windows(2).enumerate() {
                if let [Some(before), Some(after)] = pair
                    && *after > *before * (1.0 + 1e-9)
                {
                    let message = format!(
                        "Segment {} pays {} $/Mtok with its prompts, more than the {} of the segment before it.",
                        index + 2,
                        digits(*after, 5),
                        digits(*before, 5)
                    );
                    checker.error("segment-order", format!("{path}.{}", index + 1), message, "Put the dearest segment first.");
                }
            }
        }
    }
}

/// What may be stated once is stated once.
pub(super) fn check_doubles(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    let mut stated: Vec<(&str, &str, String, String)> = Vec::new();
    stated.extend(plan.throughput.iter().map(|(id, row)| {
        let of = row.served_model.as_ref().map_or_else(|| row.product.0.clone(), |only| format!("{}` with `{only}", row.product));
        ("throughput", id.as_str(), row.chip.0.clone(), of)
    }));
    stated.extend(plan.routes.iter().map(|(id, route)| ("routes", id.as_str(), route.site.0.clone(), route.market.0.clone())));
    let mut first: HashMap<(&str, String, String), &str> = HashMap::new();
    for (map, id, left, right) in stated {
        match first.get(&(map, left.clone(), right.clone())) {
            Some(earlier) => {
                let what = entity_word(map);
                checker.error(
                    "double",
                    format!("{map}.{id}"),
                    format!("The {what} `{id}` is about `{left}` and `{right}`, as `{earlier}` is."),
                    "Keep one of them.",
                );
            }
            None => {
                first.insert((map, left, right), id);
            }
        }
    }
}

/// Somebody wants tokens.
pub(super) fn check_demand(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    if checker.known("markets") && plan.tasks.is_empty() && plan.markets.values().all(|market| market.demand.is_empty()) {
        checker.warning("no-effect", "markets", "No market demands a product, so no token is worth making.", "Add a market with demand.");
    }
    if checker.known("sites") && plan.sites.is_empty() && plan.rentals.is_empty() && plan.purchases.is_empty() {
        checker.warning(
            "no-effect",
            "sites",
            "The plan has no site, no rented chips and no bought tokens: nothing can be made.",
            "Add a site.",
        );
    }
}
