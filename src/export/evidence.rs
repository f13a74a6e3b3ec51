//! How sure the answer is, as tables of reports: what the tokens rest on, chip by chip, and the inputs
//! whose error would move the answer most.

use crate::charts;
use crate::charts::frame::{chip, site_name};
use crate::charts::tables::{Table, TableCell};
use crate::results::Results;
use crate::results::comparison::ServingPair;
use crate::words::{percent, short, signed_percent};

/// Inputs shown.
const SHOWN: usize = 5;

/// The tables; those without rows are left out.
pub(crate) fn tables(results: &Results) -> Vec<Table> {
    let mut tables = vec![pairs(results), rests_on(results), serving(results), effects(results)];
    tables.retain(|table| !table.rows.is_empty());
    tables
}

fn table(name: &str, title: &str, header: &[&str]) -> Table {
    Table { name: name.into(), title: title.into(), header: header.iter().map(ToString::to_string).collect(), rows: Vec::new() }
}

/// Tokens made, and the chips and products that they rest on, the largest share first.
fn used(results: &Results) -> (f64, Vec<&ServingPair>) {
    let all = &results.comparison.pairs;
    let made: f64 = all.iter().map(|pair| pair.made_ttok).sum();
    let mut pairs: Vec<_> = all.iter().filter(|pair| pair.made_ttok > 1e-4 * made).collect();
    pairs.sort_by(|left, right| right.made_ttok.total_cmp(&left.made_ttok));
    (made, pairs)
}

/// The published runs behind their throughputs, with engine, date and distance.
fn rests_on(results: &Results) -> Table {
    let name = |pair: &ServingPair| {
        let product = results.products.get(pair.product).map_or("", |product| product.name.as_str());
        format!("{}, {product}", chip(results, pair.chip).0)
    };
    let (_, pairs) = used(results);
    charts::rests_on::table(pairs.into_iter().map(|pair| (name(pair), pair.frontier.rests_on.as_slice())))
}

/// Every chip and product that tokens rest on, the largest share first.
fn pairs(results: &Results) -> Table {
    let title = "Evidence behind the tokens";
    let mut table = table("evidence", title, &["Chip", "Product", "Share of tokens", "Answer tok/s per chip", "Evidence", "Source"]);
    let (made, pairs) = used(results);
    for pair in pairs {
        let band = if pair.band_fraction > 0.0 { format!(" ±{}", percent(pair.band_fraction)) } else { String::new() };
        let product = results.products.get(pair.product).map_or("", |product| product.name.as_str());
        let misses = pair.known_misses.iter().fold(String::new(), |all, miss| all + " Known miss: " + miss);
        let text = |text: &str| TableCell::from(text);
        table.rows.push(vec![
            text(&chip(results, pair.chip).0),
            text(product),
            text(&percent(pair.made_ttok / made)),
            pair.answer_tok_per_s.into(),
            text(&format!("{}{band}", pair.evidence)),
            text(&format!("{}{misses}", pair.source)),
        ]);
    }
    table
}

/// Replicas and how chips are split between prompts and answers, by place, as means over the horizon.
fn serving(results: &Results) -> Table {
    let title = "Replicas, and chips that prefill and decode";
    let header = ["Site", "Chip", "Product", "Replica", "Chips prefilling", "Chips decoding", "Prefill : decode"];
    let mut table = table("replicas", title, &header);
    for at in &results.serving {
        let [prefill, decode] = at.mean_chips(&results.periods);
        let product = results.products.get(at.product).map_or("", |product| product.name.as_str());
        table.rows.push(vec![
            TableCell::from(site_name(results, at.site)),
            TableCell::from(chip(results, at.chip).0.as_str()),
            TableCell::from(product),
            TableCell::from(at.replicas_in_words().as_str()),
            prefill.into(),
            decode.into(),
            TableCell::from(at.split_in_words(&results.periods).as_str()),
        ]);
    }
    table
}

/// The inputs whose error would move the answer most.
fn effects(results: &Results) -> Table {
    let goal = results.phases.first().map_or("the first goal", |phase| phase.name.as_str()).replace('_', " ");
    let (lower, higher) = (format!("{goal} if lower"), format!("{goal} if higher"));
    let title = "The inputs whose error would move the answer most";
    let mut table = table("inputs-that-matter", title, &["Input", "Value", "Moved by", "Grade", &lower, &higher]);
    for effect in results.comparison.effects.iter().take(SHOWN) {
        let [low, high] = effect.first.map(|change| signed_percent(change, 2));
        let value = format!("{} {}", short(effect.value), effect.unit);
        let band = format!("±{}", percent(effect.band));
        table.rows.push([effect.path.as_str(), value.trim(), &band, &effect.grade, &low, &high].map(TableCell::from).to_vec());
    }
    table
}
