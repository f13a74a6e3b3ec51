//! Two plans and their answers beside each other, in words and as JSON: which inputs differ, which
//! answers differ, and by how much.

use std::fmt::Write as _;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value, json};

use crate::charts::frame::{at, chip, finite, site_name};
use crate::charts::worth_of_one_percent;
use crate::plan::diff::Difference;
use crate::results::fractions::part_of_halls;
use crate::results::{Binding, ChipsAt, ContractInfo, CostPart, Results};
use crate::words::{self, grouped, trimmed};

use super::headline::figures;
use super::report_rows::status_in_words;
use super::text::tame;

/// A number that is not the same in both answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Part of the answer it belongs to, such as "Chips ordered".
    pub part: &'static str,
    /// What it is of: a key figure, or ids joined by `/`.
    pub name: String,
    /// Unit of all three numbers; empty for counts and ratios.
    pub unit: String,
    /// In the first answer; 0 where it is not there.
    pub before: f64,
    /// In the second answer; 0 where it is not there.
    pub after: f64,
    /// Second less first.
    pub change: f64,
}

/// Halls, which may be fractions.
const HALLS_ORDERED: &str = "Halls ordered";

/// The part that comes first and stands apart in JSON.
const KEY_FIGURES: &str = "Key figures";

/// Changes below this share of the larger number are the last digits of two equally good answers.
const SAME: f64 = 1e-6;

/// Everything that differs between two answers, the key figures first.
#[must_use]
pub fn changes(before: &Results, after: &Results) -> Vec<Change> {
    if !(before.has_numbers() && after.has_numbers()) {
        return Vec::new();
    }
    let mut rows: IndexMap<(&'static str, String, String), [f64; 2]> = IndexMap::new();
    for (side, results) in [before, after].into_iter().enumerate() {
        let mut add = |part, name: String, unit: &str, value: f64| {
            if let Some(cell) = rows.entry((part, name, unit.to_owned())).or_default().get_mut(side) {
                *cell += finite(value);
            }
        };
        for figure in figures(results) {
            add(KEY_FIGURES, figure.label.to_owned(), figure.unit, figure.value);
        }
        built(results, &mut add);
        power(results, &mut add);
        sold(results, &mut add);
        for (index, part) in CostPart::ALL.into_iter().enumerate() {
            let total = results.money.iter().map(|money| at(&money.cost_musd, index)).sum();
            add("Cost over the horizon", part.label().to_owned(), "M$", total);
        }
    }
    rows.extend(worth(before, after));
    rows.into_iter()
        .filter(|(_, [before, after])| (before - after).abs() > SAME * before.abs().max(after.abs()).max(1e-3))
        .map(|((part, name, unit), [before, after])| Change { part, name, unit, before, after, change: after - before })
        .collect()
}

/// What a part of the answer adds: part, name, unit, value.
type Add<'a> = dyn FnMut(&'static str, String, &str, f64) + 'a;

fn built(results: &Results, add: &mut Add<'_>) {
    let name = |fleet: &ChipsAt| format!("{}, {}", site_name(results, fleet.site), chip(results, fleet.chip).0);
    for fleet in &results.fleet {
        add("Chips ordered", name(fleet), "chips", fleet.orders.iter().sum());
    }
    for fleet in &results.fleet {
        let periods = results.periods.len().max(1) as f64;
        add("Chips rented, mean", name(fleet), "chips", fleet.rented.iter().sum::<f64>() / periods);
    }
    for hall in &results.halls {
        let name = format!("{}, {}", site_name(results, hall.site), words::sentence(&hall.id));
        add(HALLS_ORDERED, name, "halls", hall.orders.iter().sum());
    }
}

fn power(results: &Results, add: &mut Add<'_>) {
    let name = |contract: &ContractInfo| format!("{}, {}", site_name(results, contract.site), words::sentence(&contract.id));
    for contract in &results.contracts {
        add("Power contracted, most", name(contract), contract.kind.unit, contract.contracted.iter().copied().fold(0.0, f64::max));
    }
    for contract in &results.contracts {
        add("Energy by contract", name(contract), "GWh", contract.energy_gwh.iter().sum());
    }
    for contract in results.contracts.iter().filter(|contract| !contract.certificates_mw.is_empty()) {
        add("Certificates by contract", name(contract), "GWh", contract.certificates_gwh.iter().sum());
    }
}

fn sold(results: &Results, add: &mut Add<'_>) {
    for flow in &results.flows {
        let from = flow.site.map_or_else(|| flow.purchase.clone().unwrap_or_default(), |site| site_name(results, site).to_owned());
        let product = results.products.get(flow.product).map_or("", |product| &product.name);
        let market = results.markets.get(flow.market).map_or("", |market| &market.name);
        add("Tokens served", format!("{from}, {product}, {market}"), "Ttok", flow.answer_ttok.iter().sum());
    }
    for sale in &results.sales {
        let market = results.markets.get(sale.market).map_or("", |market| &market.name);
        add("Revenue by market", market.to_owned(), "M$", sale.revenue_musd.iter().sum());
    }
}

/// Worth of the limits whose worth is a fact in each answer: the strongest of a path's periods.
fn worth(before: &Results, after: &Results) -> IndexMap<(&'static str, String, String), [f64; 2]> {
    let mut rows: IndexMap<(&'static str, String, String), [f64; 2]> = IndexMap::new();
    for (side, results) in [before, after].into_iter().enumerate() {
        let mut strongest: IndexMap<&str, &Binding> = IndexMap::new();
        for binding in results.binding.iter().filter(|binding| binding.stable) {
            let held = strongest.entry(&binding.path).or_insert(binding);
            if worth_of_one_percent(binding).abs() > worth_of_one_percent(held).abs() {
                *held = binding;
            }
        }
        for (path, binding) in strongest {
            let key = ("Worth of one more where it binds most", path.to_owned(), binding.unit.clone());
            if let Some(cell) = rows.entry(key).or_default().get_mut(side) {
                *cell = finite(binding.dual);
            }
        }
    }
    rows
}

/// The name of a plan and its scenario, for headings.
fn name_of(results: &Results) -> String {
    let scenario = if results.scenario_name.is_empty() { "base plan".to_owned() } else { format!("scenario {}", results.scenario_name) };
    let hash: String = results.plan_sha256.chars().take(12).collect();
    format!("{}, {scenario} ({hash}): {}", tame(&results.plan_name), status_in_words(results))
}

/// In words. Without answers, the inputs alone.
#[must_use]
pub fn text(inputs: &[Difference], answers: Option<(&Results, &Results)>) -> String {
    let mut out = String::new();
    if let Some((before, after)) = answers {
        let _ = writeln!(out, "A  {}\nB  {}\n", name_of(before), name_of(after));
    }
    if inputs.is_empty() {
        out.push_str("The plans say the same.\n");
    } else {
        out.push_str("Inputs that differ, A → B\n");
    }
    for input in inputs {
        let _ = writeln!(out, "  {}", tame(&input.sentence()));
    }
    let Some((before, after)) = answers else { return out };
    if !(before.has_numbers() && after.has_numbers()) {
        out.push_str("\nOne of them has no answer, so there are no answers to compare.\n");
        return out;
    }
    let changes = changes(before, after);
    if changes.is_empty() {
        out.push_str("\nThe answers are the same.\n");
        return out;
    }
    if changes.iter().all(|change| change.part != KEY_FIGURES) {
        out.push_str("\nThe key figures are the same: two equally good ways to them.\n");
    }
    let width = changes.iter().map(|change| change.name.chars().count()).max().unwrap_or(0).min(60);
    let mut part = "";
    for change in &changes {
        if change.part != part {
            part = change.part;
            let _ = writeln!(out, "\n{part}");
        }
        let name = tame(&change.name);
        let pad = " ".repeat(width.saturating_sub(name.chars().count()));
        let _ = writeln!(out, "  {name}{pad}  {}", tame(&in_words(change)));
    }
    out
}

/// `450 → 600 MW, +150 (+33 %)`.
fn in_words(change: &Change) -> String {
    let largest = change.before.abs().max(change.after.abs());
    // As many decimals as show the change: six figures of the larger number.
    let decimals = if largest > 0.0 { (5.0 - largest.log10().floor()).clamp(0.0, 9.0) as usize } else { 0 };
    let number = |value: f64| trimmed(grouped(value, decimals));
    let sign = if change.change > 0.0 { "+" } else { "" };
    let share = change.change / change.before.abs();
    let share = match share.abs() {
        size if !size.is_finite() || size > 100.0 => String::new(),
        size if size < 0.001 => format!(" ({sign}{})", words::share(share)),
        _ => format!(" ({sign}{})", words::percent(share)),
    };
    let unit = if change.unit.is_empty() { String::new() } else { format!(" {}", change.unit) };
    let whole = change.part != HALLS_ORDERED || [change.before, change.after].iter().all(|count| part_of_halls(*count) == 0.0);
    let fractions = if whole { "" } else { "; a fraction of a hall can't be built" };
    format!("{} → {}{unit}, {sign}{}{share}{fractions}", number(change.before), number(change.after), number(change.change))
}

/// As JSON: `a` and `b` (which plan and answer), `plan` (inputs that differ), `kpis` and `answers`
/// (numbers that differ, key figures apart), all numbers finite.
#[must_use]
pub fn document(inputs: &[Difference], answers: Option<(&Results, &Results)>) -> Value {
    let side = |results: &Results| json!({"name": results.plan_name, "sha256": results.plan_sha256, "scenario": results.scenario_name, "status": results.status});
    let mut out = serde_json::Map::new();
    if let Some((before, after)) = answers {
        out.insert("a".into(), side(before));
        out.insert("b".into(), side(after));
    }
    out.insert("plan".into(), json!(inputs));
    if let Some((before, after)) = answers {
        let (kpis, answers): (Vec<_>, Vec<_>) = changes(before, after).into_iter().partition(|change| change.part == KEY_FIGURES);
        out.insert("kpis".into(), json!(kpis));
        out.insert("answers".into(), json!(answers));
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_reads_well() {
        let change = |before: f64, after: f64, unit: &str| {
            in_words(&Change { part: "", name: String::new(), unit: unit.into(), before, after, change: after - before })
        };
        assert_eq!(change(450.0, 600.0, "MW"), "450 → 600 MW, +150 (+33 %)");
        assert_eq!(change(0.0, 12_345.678, "chips"), "0 → 12,345.7 chips, +12,345.7");
        assert_eq!(change(100.0, 99.99, "M$"), "100 → 99.99 M$, −0.01 (−0.01 %)");
        assert_eq!(change(2.0, 1.0, ""), "2 → 1, −1 (−50 %)");
        let halls = Change { part: HALLS_ORDERED, name: String::new(), unit: "halls".into(), before: 0.22, after: 2.0, change: 1.78 };
        assert_eq!(in_words(&halls), "0.22 → 2 halls, +1.78 (+809 %); a fraction of a hall can't be built");
    }

    #[test]
    fn inputs_alone_need_no_answer() {
        let input = Difference { path: "sites.a.interconnect_mw".into(), before: Some("200.0".into()), after: Some("450.0".into()) };
        let words = text(std::slice::from_ref(&input), None);
        assert!(words.contains("sites.a.interconnect_mw: 200.0 → 450.0"), "{words}");
        assert_eq!(document(&[input], None)["plan"][0]["after"], "450.0");
        assert_eq!(text(&[], None), "The plans say the same.\n");
    }
}
