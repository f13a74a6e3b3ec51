//! What the charts that compare chips share: the product shown, and chips named with their evidence.

use crate::catalog::Evidence;
use crate::results::Results;
use crate::results::comparison::ServingPair;

use super::{ColorKey, Selection};
use crate::words::{percent, short};

/// The product shown and its pairs: the chosen one, else the one that most tokens are made of.
pub(super) fn pairs<'r>(results: &'r Results, selection: &Selection) -> Option<(&'r str, Vec<&'r ServingPair>)> {
    let all = &results.comparison.pairs;
    let made = |product: usize| all.iter().filter(|pair| pair.product == product).map(|pair| pair.made_ttok).sum::<f64>();
    let products = (0..results.products.len()).filter(|product| all.iter().any(|pair| pair.product == *product));
    // The first of equals: `max_by` would take the last.
    let most = products.rev().max_by(|left, right| made(*left).total_cmp(&made(*right)));
    let product = selection.product.filter(|product| *product < results.products.len()).or(most)?;
    let pairs: Vec<&ServingPair> = all.iter().filter(|pair| pair.product == product).collect();
    let name = results.products.get(product).map_or("", |product| product.name.as_str());
    (!pairs.is_empty()).then_some((name, pairs))
}

/// Name and colour of a pair's chip.
pub(super) fn chip(results: &Results, pair: &ServingPair) -> (String, ColorKey) {
    super::frame::chip(results, pair.chip)
}

/// `calibrated ±25 %`, or `stated`.
pub(super) fn evidence(pair: &ServingPair) -> String {
    match pair.evidence {
        Evidence::Stated if pair.band_fraction <= 0.0 => pair.evidence.label().to_owned(),
        grade => format!("{grade} ±{}", percent(pair.band_fraction)),
    }
}

/// The evidence of every pair in a sentence, and every known miss among them.
pub(super) fn evidence_in_words(results: &Results, pairs: &[&ServingPair]) -> String {
    let grades: Vec<String> = pairs.iter().map(|pair| format!("{} {}", chip(results, pair).0, evidence(pair))).collect();
    let mut words = format!("Throughput: {}.", grades.join(", "));
    let mut misses: Vec<&str> = pairs.iter().flat_map(|pair| pair.known_misses.iter().copied()).collect();
    misses.sort_unstable();
    misses.dedup();
    for miss in misses {
        words.push(' ');
        words.push_str(miss);
    }
    words
}

/// `PUE 1.12, 61.3 $/MWh`: what the costs and energies are computed at; empty where nothing is known.
pub(super) fn conditions(results: &Results) -> String {
    results.comparison.conditions.map_or_else(String::new, |conditions| {
        let whose = if results.comparison.from_answer { "as in the answer" } else { "as stated" };
        format!("PUE {}, {} $/MWh {whose}", short(conditions.pue), short(conditions.power_usd_per_mwh))
    })
}
