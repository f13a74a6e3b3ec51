//! Token passports in words and as a table.

use crate::catalog::Evidence;
use crate::charts::frame::{chip, site_name};
use crate::charts::tables::{Table, TableCell};
use crate::results::passport::{Burden, Passport, passports};
use crate::results::{CostPart, Results};
use crate::words::{percent, short};

/// A fact of a passport: what it is, and what it says.
pub type Fact = (&'static str, String);

/// Shares under this are left out of a list.
const LEAST_SHARE: f64 = 0.0005;

/// `name 92.0 %` of a total, the largest first.
fn shares(parts: impl IntoIterator<Item = (String, f64)>) -> String {
    let mut sums: Vec<(String, f64)> = Vec::new();
    for (name, amount) in parts {
        match sums.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += amount,
            None => sums.push((name, amount)),
        }
    }
    let total: f64 = sums.iter().map(|(_, amount)| amount).sum();
    sums.sort_by(|a, b| b.1.total_cmp(&a.1));
    let shown = sums.iter().filter(|(_, amount)| *amount > LEAST_SHARE * total);
    shown.map(|(name, amount)| format!("{name} {}", percent(amount / total))).collect::<Vec<_>>().join(", ")
}

/// kWh per Mtok of so many GWh for so many Ttok: the same number, 1e6 kWh over 1e6 Mtok.
fn per_mtok(amount: f64, ttok: f64) -> f64 {
    if ttok > 0.0 { amount / ttok } else { 0.0 }
}

/// The cost of a million tokens, part by part, the largest first.
fn cost_in_words(burden: &Burden, ttok: f64) -> String {
    let mut parts: Vec<(&str, f64)> =
        CostPart::ALL.iter().zip(burden.cost_musd).map(|(part, musd)| (part.label(), per_mtok(musd, ttok))).collect();
    let total = per_mtok(burden.cost_total_musd(), ttok);
    parts.retain(|(_, usd)| usd.abs() > LEAST_SHARE * total.abs());
    parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    parts.iter().map(|(name, usd)| format!("{} {} $", name.to_lowercase(), short(*usd))).collect::<Vec<_>>().join(", ")
}

/// What a passport says, fact by fact.
#[must_use]
pub fn facts(results: &Results, passport: &Passport) -> Vec<Fact> {
    let ttok = passport.answer_ttok;
    if ttok <= 1e-9 {
        return vec![("Answer tokens", "none are sold here".into())];
    }
    let fleet = |index: usize| results.fleet.get(index);
    let site = |index: usize| fleet(index).map_or_else(String::new, |fleet| site_name(results, fleet.site).to_string());
    let of = |index: usize| fleet(index).map_or_else(String::new, |fleet| chip(results, fleet.chip).0.clone());
    let bought = || passport.bought_ttok.iter().map(|(id, ttok)| (format!("bought from {id}"), *ttok));
    let burden = &passport.burden;
    let mut facts = vec![
        ("Answer tokens", crate::words::ttok(ttok)),
        ("Made at", shares(passport.made_ttok.iter().map(|(index, ttok)| (site(*index), *ttok)).chain(bought()))),
    ];
    if !passport.made_ttok.is_empty() {
        facts.push(("Made on", shares(passport.made_ttok.iter().map(|(index, ttok)| (of(*index), *ttok)))));
        let grades = Evidence::ALL.iter().zip(passport.graded_ttok);
        facts.push(("Throughput", shares(grades.map(|(grade, ttok)| (grade.label().to_owned(), ttok)))));
    }
    let energy = burden.energy_total_gwh();
    if energy > 0.0 {
        let mix = results.contracts.iter().zip(&burden.energy_gwh).map(|(contract, gwh)| (crate::words::sentence(&contract.id), *gwh));
        facts.push(("Energy", format!("{} kWh per Mtok: {}", short(per_mtok(energy, ttok)), shares(mix))));
        // kt per Ttok is g per Mtok times 1e-3.
        facts.push(("Carbon", format!("{} g CO₂ per Mtok", short(per_mtok(burden.carbon_kt, ttok) * 1e3))));
    }
    facts.push(("Cost", format!("{} $ per Mtok: {}", short(per_mtok(burden.cost_total_musd(), ttok)), cost_in_words(burden, ttok))));
    facts.push(("Revenue", format!("{} $ per Mtok", short(per_mtok(passport.revenue_musd, ttok)))));
    facts
}

/// Every passport over the horizon, fact by fact.
#[must_use]
pub fn facts_table(results: &Results) -> Table {
    let mut rows = Vec::new();
    for passport in passports(results, None).passports.iter().filter(|passport| passport.answer_ttok > 1e-9) {
        for (fact, words) in facts(results, passport) {
            rows.push([name(results, passport).as_str(), fact, &words].map(TableCell::from).into());
        }
    }
    Table {
        name: "passports".into(),
        title: "Token passports".into(),
        header: ["Tokens", "Fact", "What it is"].map(str::to_owned).into(),
        rows,
    }
}

/// `chat in US East`.
#[must_use]
pub fn name(results: &Results, passport: &Passport) -> String {
    let product = results.products.get(passport.product).map_or("", |product| product.name.as_str());
    let market = results.markets.get(passport.market).map_or("", |market| market.name.as_str());
    format!("{product} in {market}")
}

/// Every passport over the horizon, a row each.
#[must_use]
pub fn table(results: &Results) -> Table {
    let all = passports(results, None);
    let mut header: Vec<String> =
        ["Product", "Market", "Answer tokens [Ttok]", "Energy [kWh/Mtok]", "Carbon [g/Mtok]"].map(str::to_owned).into();
    header.extend(CostPart::ALL.iter().map(|part| format!("{} [$/Mtok]", part.label())));
    header.extend(["Cost [$/Mtok]".to_owned(), "Revenue [$/Mtok]".to_owned()]);
    let rows = all.passports.iter().filter(|passport| passport.answer_ttok > 1e-9).map(|passport| {
        let ttok = passport.answer_ttok;
        let name = |named: Option<&str>| TableCell::from(named.unwrap_or_default());
        let mut row = vec![
            name(results.products.get(passport.product).map(|product| product.name.as_str())),
            name(results.markets.get(passport.market).map(|market| market.name.as_str())),
        ];
        let burden = &passport.burden;
        let numbers = [ttok, per_mtok(burden.energy_total_gwh(), ttok), per_mtok(burden.carbon_kt, ttok) * 1e3];
        row.extend(numbers.map(TableCell::from));
        row.extend(burden.cost_musd.iter().map(|musd| TableCell::from(per_mtok(*musd, ttok))));
        row.extend([per_mtok(burden.cost_total_musd(), ttok), per_mtok(passport.revenue_musd, ttok)].map(TableCell::from));
        row
    });
    Table { name: "passports".into(), title: "Token passports".into(), header, rows: rows.collect() }
}
