//! What a report opens with: what to do, what it yields, what decides it, what limits it, what it rests on
//! and what would change it, in sentences for somebody who has not seen the plan.
//!
//! Every number is one of the answer's own, of its orders, sums and confirmed worths; nothing is estimated here.

use std::fmt::Write as _;

use crate::charts::frame::{at, chip, site_name};
use crate::results::calendar::{Decision, DecisionKind};
use crate::results::{CostPart, Results};
use crate::words::{counted, grouped, in_words, lowered, musd, percent, share, short, ttok};

use super::report_input::ReportInput;
use super::report_rows::{self as rows, cell_in_words, evidence_in_words};

/// Orders said one by one; the rest are summed.
const ORDERS: usize = 5;
/// Limits, prices and shares said.
const FEW: usize = 3;

/// A heading with its sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Heading.
    pub title: &'static str,
    /// Sentences.
    pub sentences: Vec<String>,
}

/// The opening of a report; empty for an answer without numbers. A part without sentences is left out.
#[must_use]
pub fn parts(input: &ReportInput<'_>) -> Vec<Part> {
    let results = input.results;
    if !results.has_numbers() {
        return Vec::new();
    }
    let mut parts = vec![
        Part { title: "What to do, and when", sentences: to_do(results) },
        Part { title: "What it yields", sentences: yields(results) },
        Part { title: "How prices form", sentences: super::trade::in_words(results) },
        Part { title: "Where tasks go", sentences: super::routing::in_words(results) },
        Part { title: "What decides it", sentences: decides(input) },
        Part { title: "What limits it", sentences: limits(results) },
        Part { title: "What it rests on", sentences: rests_on(input) },
        Part { title: "What would change it", sentences: would_change(results) },
    ];
    parts.retain(|part| !part.sentences.is_empty());
    parts
}

/// Orders of one thing, over all their dates.
struct Order<'r> {
    first: &'r Decision,
    last: &'r Decision,
    amount: f64,
    capex_musd: f64,
}

fn to_do(results: &Results) -> Vec<String> {
    let Some(first) = results.decisions.first() else {
        return vec!["Nothing is ordered and nothing is signed: the plan runs on what stands.".into()];
    };
    let mut sentences = Vec::new();
    let mut orders: Vec<Order<'_>> = Vec::new();
    for decision in &results.decisions {
        let same = |order: &&mut Order<'_>| (order.first.kind, &order.first.subject) == (decision.kind, &decision.subject);
        if let Some(order) = orders.iter_mut().find(same) {
            order.last = decision;
            order.amount += decision.amount;
            order.capex_musd += decision.capex_musd;
        } else {
            orders.push(Order { first: decision, last: decision, amount: decision.amount, capex_musd: decision.capex_musd });
        }
    }
    sentences.push(format!("The first step: {}", lowered(&first.sentence())));
    let capex: f64 = orders.iter().map(|order| order.capex_musd).sum();
    if capex > 0.0 {
        sentences.push(format!("Over the whole plan {} are ordered:", musd(capex)));
    }
    orders.sort_by(|a, b| b.capex_musd.total_cmp(&a.capex_musd));
    let (shown, rest) = orders.split_at(orders.len().min(ORDERS));
    sentences.extend(shown.iter().map(order_in_words));
    if !rest.is_empty() {
        let others: f64 = rest.iter().map(|order| order.capex_musd).sum();
        sentences.push(format!(
            "{} more, {} in all: see “Decisions by date”.",
            counted(rest.len(), "order or contract").replace("order or contracts", "orders and contracts"),
            musd(others)
        ));
    }
    sentences
}

/// “12,000 GB200 NVL72 for Abilene, from 2027-01 to 2028-07, 519 M$; the first serve from 2027-04.”
fn order_in_words(order: &Order<'_>) -> String {
    let (first, last) = (order.first, order.last);
    if first.kind == DecisionKind::Contract {
        return first.sentence();
    }
    let amount = if order.amount < 10.0 { short(order.amount) } else { grouped(order.amount, 0) };
    let what = match (first.kind, first.hall_it_mw) {
        (DecisionKind::Chips, _) => format!("{amount} {}", first.subject),
        (_, Some(it_mw)) => format!("{amount} halls of {} MW, {}", short(it_mw), first.subject),
        _ => format!("{amount} {} of {}", first.unit, first.subject),
    };
    let when = if first.by == last.by { format!("by {}", first.by) } else { format!("from {} to {}", first.by, last.by) };
    let serve =
        if first.by == first.serves { "in service at once".to_owned() } else { format!("the first in service from {}", first.serves) };
    format!("{what}, ordered {when} for {}; {serve}.", musd(order.capex_musd))
}

fn yields(results: &Results) -> Vec<String> {
    let kpis = &results.kpis;
    let mut sentences = Vec::new();
    let years: f64 = results.periods.iter().map(|period| period.years).sum();
    if kpis.answer_tokens_ttok <= 0.0 {
        sentences.push("No answer tokens of our own are sold.".to_owned());
    } else {
        let mut made = format!("{} of answer tokens are sold in {}", ttok(kpis.answer_tokens_ttok), span_in_words(years));
        if (years - 1.0).abs() > 0.01 {
            let _ = write!(made, ", {} a year on average", ttok(kpis.answer_tokens_ttok_per_year));
        }
        if !results.hides("cost_usd_per_mtok") {
            let _ = write!(made, "; a million of them cost {} $, levelised", short(kpis.cost_usd_per_mtok));
            if (kpis.cost_usd_per_raw_mtok - kpis.cost_usd_per_mtok).abs() > 1e-3 * kpis.cost_usd_per_mtok.abs() {
                let _ = write!(made, " and weighted by quality ({} $ each as they are)", short(kpis.cost_usd_per_raw_mtok));
            }
        }
        sentences.push(made + ".");
    }
    if !results.hides("npv_musd") {
        let (revenue, cost) = (musd(kpis.revenue_npv_musd), musd(kpis.cost_npv_musd));
        sentences.push(match kpis.npv_musd {
            npv if npv > 0.0 => format!("Discounted, revenue of {revenue} less cost of {cost} leaves {} (NPV).", musd(npv)),
            npv if npv < 0.0 => {
                format!("Discounted, revenue of {revenue} falls {} short of the cost of {cost}: the plan loses money (NPV).", musd(-npv))
            }
            _ => format!("Discounted, revenue of {revenue} just covers the cost of {cost}."),
        });
    }
    if let Some(npv) = kpis.npv_after_tax_musd {
        let rate = kpis
            .irr_after_tax_fraction
            .map_or_else(String::new, |rate| format!(", a return of {} a year in money of the day", percent(rate)));
        let owners = kpis.irr_of_owners_fraction.map_or_else(String::new, |rate| format!("; the owners get {} a year", percent(rate)));
        sentences.push(format!("After tax and before debt, NPV is {}{rate}{owners}.", musd(npv)));
    }
    if kpis.load_gwh > 0.0 {
        let carbon = if kpis.carbon_kt > 1e-9 { format!(" and {} kt of CO₂", short(kpis.carbon_kt)) } else { String::new() };
        sentences.push(format!("It draws {} MW at its peak, {} GWh in all{carbon}.", short(kpis.peak_mw), short(kpis.energy_gwh)));
    }
    sentences.extend(crate::results::fractions::sentence(results));
    sentences
}

/// “a year”, “4 years”, “0.5 years”.
fn span_in_words(years: f64) -> String {
    if (years - 1.0).abs() < 0.01 { "a year".to_owned() } else { format!("{} years", short(years)) }
}

fn total(values: &[f64]) -> f64 {
    (0..values.len()).map(|index| at(values, index)).sum()
}

/// “Abilene 62 %, Odda 38 %”, the largest first; nothing for what is all in one.
fn shares(mut of: Vec<(String, f64)>) -> Vec<(String, f64)> {
    let all: f64 = of.iter().map(|(_, value)| value).sum();
    of.retain(|(_, value)| *value > 5e-3 * all);
    of.sort_by(|a, b| b.1.total_cmp(&a.1));
    of.into_iter().map(|(name, value)| (name, value / all)).collect()
}

fn listed(shares: &[(String, f64)]) -> String {
    let words: Vec<String> = shares.iter().take(FEW).map(|(name, share)| format!("{name} {}", percent(*share))).collect();
    words.join(", ")
}

/// Adds up what has one name.
fn by_name(pairs: impl Iterator<Item = (String, f64)>) -> Vec<(String, f64)> {
    let mut sums: Vec<(String, f64)> = Vec::new();
    for (name, value) in pairs {
        match sums.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += value,
            None => sums.push((name, value)),
        }
    }
    sums
}

fn decides(input: &ReportInput<'_>) -> Vec<String> {
    let results = input.results;
    let mut sentences = Vec::new();
    let goals: Vec<&str> = results.phases.iter().map(|phase| crate::words::goal(&phase.name)).collect();
    if let Some((first, then)) = goals.split_first() {
        let then = if then.is_empty() { String::new() } else { format!(", then {}", then.join(", then ")) };
        sentences.push(format!("The plan asks for {first}{then}."));
    }
    sentences.extend(results.give_up.as_ref().map(|give_up| give_up.sentence.clone()));
    let sites = by_name(results.flows.iter().map(|flow| {
        let from = flow.site.map_or_else(
            || format!("bought from {}", flow.purchase.as_deref().unwrap_or_default()),
            |site| site_name(results, site).to_owned(),
        );
        (from, total(&flow.answer_ttok))
    }));
    let chips =
        by_name(results.fleet.iter().map(|fleet| (chip(results, fleet.chip).0, fleet.answer_ttok.iter().map(|made| total(made)).sum())));
    for (what, shares) in [("place", shares(sites)), ("chip", shares(chips))] {
        match shares.as_slice() {
            [] => {}
            [(name, _)] => sentences.push(format!("All tokens are made {} {name}.", if what == "place" { "at" } else { "by" })),
            several => sentences.push(format!("Tokens by {what}: {}.", listed(several))),
        }
    }
    let cost = by_name(CostPart::ALL.into_iter().enumerate().map(|(index, part)| {
        (
            lowered_label(part.label()),
            results.money.iter().zip(&results.periods).map(|(money, period)| at(&money.cost_musd, index) * period.discount).sum(),
        )
    }));
    let cost = shares(cost);
    if !cost.is_empty() {
        sentences.push(format!("Largest in the discounted cost: {}.", listed(&cost)));
    }
    let sold = by_name(results.sales.iter().map(|sale| {
        let name = |of: &[crate::results::Named], index: usize| of.get(index).map_or(String::new(), |named| named.name.clone());
        let market = results.markets.get(sale.market).map_or("", |market| market.name.as_str());
        (format!("{} in {market}", name(&results.products, sale.product)), total(&sale.revenue_musd))
    }));
    match shares(sold).as_slice() {
        [] => {}
        [(name, _)] => sentences.push(format!("All revenue comes from {name}.")),
        several => sentences.push(format!("Revenue comes from {}.", listed(several))),
    }
    sentences
}

/// “power”, but “O&M” as it is.
fn lowered_label(label: &str) -> String {
    if label.chars().nth(1).is_some_and(char::is_uppercase) { label.to_owned() } else { lowered(label) }
}

fn limits(results: &Results) -> Vec<String> {
    let binding = rows::binding(results, FEW);
    if binding.rows.is_empty() {
        return vec!["No limit of the plan was found that would bring anything if it were looser.".into()];
    }
    let word = |row: &[crate::charts::tables::TableCell], index: usize| row.get(index).map(cell_in_words).unwrap_or_default();
    binding
        .rows
        .iter()
        .map(|row| {
            let when = word(row, 2);
            let span = if when.contains(" to ") { format!(" It binds from {when}.") } else { String::new() };
            format!("{}{span}", in_words(&word(row, 9)))
        })
        .collect()
}

fn rests_on(input: &ReportInput<'_>) -> Vec<String> {
    let results = input.results;
    let mut sentences = vec![evidence_in_words(results)];
    let mut grades: Vec<(&str, usize)> = Vec::new();
    for assumption in input.assumptions {
        match grades.iter_mut().find(|(grade, _)| *grade == assumption.grade) {
            Some((_, count)) => *count += 1,
            None => grades.push((&assumption.grade, 1)),
        }
    }
    grades.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    if !grades.is_empty() {
        let words: Vec<String> = grades.iter().map(|(grade, count)| format!("{count} {}", grade_in_words(grade))).collect();
        sentences.push(format!(
            "{} of the plan and the catalog go in ({}); each is listed with its source.",
            counted(input.assumptions.len(), "number"),
            words.join(", ")
        ));
    }
    if results.certificate.checked {
        sentences.push("That no better answer exists under these numbers was checked by arithmetic apart from the solver's.".into());
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// “of high confidence” for the catalog's own grades, the others as they are.
fn grade_in_words(grade: &str) -> String {
    if matches!(grade, "high" | "medium" | "low") { format!("of {grade} confidence") } else { grade.to_owned() }
}

fn would_change(results: &Results) -> Vec<String> {
    let mut sentences: Vec<String> =
        results.entry_prices.iter().filter(|entry| entry.entry_price.is_some()).take(FEW).map(|entry| in_words(&entry.sentence)).collect();
    if let Some(lender) = &results.lender {
        let even = &lender.break_evens;
        if let Some(factor) = even.least_price_factor {
            sentences.push(format!("The owners get just the return they ask if all prices are {} of what the plan says.", share(factor)));
        }
        if let Some(factor) = even.most_chip_cost_factor {
            sentences.push(format!("They still get it if chips cost {} of what the plan says.", share(factor)));
        }
        if let Some(factor) = even.price_factor_per_year {
            let change = crate::words::signed_percent(factor - 1.0, 1);
            sentences.push(format!("NPV after tax is nothing if prices change by {change} a year beyond what the plan says."));
        }
    }
    sentences
}
