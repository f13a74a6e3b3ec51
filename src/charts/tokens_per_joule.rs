//! Answer tokens per joule of facility energy by chip: rate at full work times what is sold of it,
//! over the power it draws then, PUE included.

use crate::results::Results;

use super::frame::{Words, axis, chart as framed, empty, finite};
use super::serving::{chip, conditions, evidence, evidence_in_words, pairs};
use super::{Body, Chart, ColorKey, Selection, Series};

const NAME: &str = "tokens-per-joule";
const TITLE: &str = "Tokens per joule by chip";

/// One bar for each chip, the best first.
pub(super) fn chart(results: &Results, selection: &Selection) -> Chart {
    let shown = pairs(results, selection).filter(|_| results.has_numbers());
    let (product, pairs) = shown.unwrap_or_default();
    let mut bars: Vec<(String, f64)> = pairs
        .iter()
        .filter_map(|pair| {
            let tokens_per_joule = pair.costs.iter().map(|(_, cost)| cost.tokens_per_joule).fold(0.0, f64::max);
            (tokens_per_joule > 0.0).then(|| (format!("{} ({})", chip(results, pair).0, evidence(pair)), tokens_per_joule))
        })
        .collect();
    if bars.is_empty() {
        return empty(results, NAME, TITLE, "No chip of this plan has both a throughput and a known power.");
    }
    bars.sort_by(|left, right| right.1.total_cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    let at = conditions(results);
    let reading = format!("Answer tokens sold at full use over facility energy{}. {}", comma(&at), evidence_in_words(results, &pairs));
    let (categories, values): (Vec<String>, Vec<f64>) = bars.into_iter().map(|(name, value)| (name, finite(value))).unzip();
    framed(
        results,
        Words { name: NAME, title: TITLE.into(), subtitle: format!("tok/J, {product}{}", comma(&at)), reading: &reading },
        axis("", ""),
        axis("Answer tokens per joule", "tok/J"),
        Body::Bars { categories, values: Series { name: "Answer tokens per joule".into(), color: ColorKey::Good, values } },
    )
}

/// `, words`, or nothing.
pub(super) fn comma(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(", {words}") }
}
