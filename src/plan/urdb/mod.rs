//! Tariffs of the OpenEI Utility Rate Database (URDB, schema v3 and later, JSON) as terms of a contract.
//!
//! What the record says in numbers becomes a tariff; what can't be carried over is listed, with the reason.
//! Schedules are 12 × 24 numbers of periods, for working days and weekends; blocks of energy and demand
//! are by period; rates are $ per kWh and $ per kW.

mod blocks;
mod schedule;
mod unread;

use serde_json::Value;

use crate::plan::reader::shortened;
use blocks::{Block, reached, rising, unpriced};
use schedule::{Cells, windows};

/// kWh or kW beyond which a block has no end, as records write it.
const NO_END: f64 = 1e30;

/// What became of a record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// Utility and name of the rate.
    pub name: String,
    /// Where it comes from.
    pub source: String,
    /// The terms in RON: `Tariff(…)`.
    pub terms: String,
    /// What was not carried over, or not exactly, a sentence each.
    pub left_out: Vec<String>,
}

/// Reads a record: alone, in `items` of an answer, or inside a text of another document.
///
/// # Errors
/// A sentence that says what was found instead of a record.
pub fn import(text: &str) -> Result<Imported, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("This is not JSON: {error}."))?;
    let mut left_out = Vec::new();
    let record = find(&value, 0, &mut left_out).ok_or_else(|| {
        "No rate was found: a URDB record has `energyratestructure`, `demandratestructure` or `flatdemandstructure`.".to_owned()
    })?;
    let record = Record { value: &record };
    let mut imported = Imported { name: record.name(), source: record.source(), terms: String::new(), left_out };
    let mut fields = Vec::new();
    energy(&record, &mut fields, &mut imported.left_out);
    demand(&record, &mut fields, &mut imported.left_out);
    fixed(&record, &mut fields, &mut imported.left_out);
    unread::list(&record, &mut imported.left_out);
    imported.terms = format!("Tariff({})", fields.join(", "));
    Ok(imported)
}

/// The record in a document.
fn find(value: &Value, depth: usize, left_out: &mut Vec<String>) -> Option<Value> {
    if depth > 6 {
        return None;
    }
    match value {
        // An answer may hold its JSON as a text.
        Value::String(text) if text.trim_start().starts_with('{') => find(&serde_json::from_str(text).ok()?, depth + 1, left_out),
        Value::Object(fields) => {
            if ["energyratestructure", "demandratestructure", "flatdemandstructure"].iter().any(|key| fields.contains_key(*key)) {
                return Some(value.clone());
            }
            if let Some(Value::Array(items)) = fields.get("items") {
                if items.len() > 1 {
                    let name = |item: &Value| item.get("name").and_then(Value::as_str).map(|name| format!("`{}`", shortened(name)));
                    let others: Vec<String> = items.iter().skip(1).filter_map(name).take(5).collect();
                    let which = if others.is_empty() { String::new() } else { format!(" Others are {}.", others.join(", ")) };
                    left_out.push(format!("The answer holds {} rates; the first was taken.{which}", items.len()));
                }
                return items.first().and_then(|item| find(item, depth + 1, left_out));
            }
            fields.values().find_map(|inner| find(inner, depth + 1, left_out))
        }
        Value::Array(items) => items.iter().find_map(|item| find(item, depth + 1, left_out)),
        _ => None,
    }
}

struct Record<'a> {
    value: &'a Value,
}

impl Record<'_> {
    fn text(&self, key: &str) -> &str {
        self.value.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    fn number(&self, key: &str) -> Option<f64> {
        number(self.value.get(key)?)
    }

    fn name(&self) -> String {
        let words: Vec<&str> = ["utility", "name"].into_iter().map(|key| self.text(key)).filter(|text| !text.is_empty()).collect();
        if words.is_empty() { "tariff".to_owned() } else { words.join(", ") }
    }

    fn source(&self) -> String {
        let label = self.text("label");
        if label.is_empty() { "OpenEI URDB".to_owned() } else { format!("OpenEI URDB, label {label}") }
    }

    /// The blocks of each period.
    fn structure(&self, key: &str, left_out: &mut Vec<String>) -> Vec<Vec<Block>> {
        let Some(periods) = self.value.get(key).and_then(Value::as_array) else { return Vec::new() };
        let block = |block: &Value| {
            let up_to = block.get("max").and_then(number).filter(|max| *max < NO_END);
            let rate = block.get("rate").and_then(number).unwrap_or(0.0) + block.get("adj").and_then(number).unwrap_or(0.0);
            Block { up_to, rate }
        };
        let units = |period: &Value| -> Option<String> {
            let first = period.as_array()?.iter().find_map(|block| block.get("unit").and_then(Value::as_str))?;
            (!matches!(first, "kWh" | "kW" | "")).then(|| first.to_owned())
        };
        periods
            .iter()
            .enumerate()
            .map(|(index, period)| {
                let mut blocks: Vec<Block> = period.as_array().map_or_else(Vec::new, |blocks| blocks.iter().map(block).collect());
                if let Some(unit) = units(period)
                    && blocks.len() > 1
                {
                    let last = blocks.last().map_or(0.0, |block| block.rate);
                    left_out.push(format!(
                        "`{key}`, period {index}: its blocks are in {unit}, which depends on the month's own demand; the last block's rate of {last} holds for all."
                    ));
                    blocks = vec![Block { up_to: None, rate: last }];
                }
                blocks = reached(blocks, &format!("`{key}`, period {index}"), left_out);
                if let Some(last) = blocks.last_mut()
                    && let Some(end) = last.up_to.take()
                {
                    left_out.push(format!("`{key}`, period {index}: its last block ends at {end}; its rate holds beyond that, too."));
                }
                blocks
            })
            .collect()
    }

    fn cells(&self, weekday: &str, weekend: &str) -> Option<Cells> {
        let rows = |key: &str| -> Option<Vec<Vec<usize>>> {
            let rows = self.value.get(key)?.as_array()?;
            let row = |row: &Value| -> Option<Vec<usize>> {
                let hours = row.as_array()?;
                hours.iter().map(|hour| number(hour).filter(|period| *period >= 0.0).map(|period| period.round() as usize)).collect()
            };
            let rows: Option<Vec<Vec<usize>>> = rows.iter().map(row).collect();
            rows.filter(|rows| rows.len() == 12 && rows.iter().all(|row| row.len() == 24))
        };
        let working = rows(weekday)?;
        let weekends = rows(weekend).unwrap_or_else(|| working.clone());
        Some(Cells { working, weekends })
    }
}

fn number(value: &Value) -> Option<f64> {
    let number = value.as_f64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
    number.filter(|number| number.is_finite())
}

/// A number as RON writes it, without the noise of binary fractions.
fn ron(number: f64) -> String {
    let rounded = (number * 1e9).round() / 1e9;
    format!("{rounded:?}")
}

fn energy(record: &Record<'_>, fields: &mut Vec<String>, left_out: &mut Vec<String>) {
    let periods = record.structure("energyratestructure", left_out);
    let cells = record.cells("energyweekdayschedule", "energyweekendschedule");
    let used: Vec<usize> = (0..periods.len()).filter(|period| cells.as_ref().is_none_or(|cells| cells.uses(*period))).collect();
    if periods.len() > 1 && cells.is_none() {
        left_out.push("The periods of energy have no schedule of 12 × 24 hours, so only the first was taken.".to_owned());
    }
    if let Some(cells) = &cells {
        unpriced(cells, periods.len(), "energy", left_out);
    }
    let always = |period: usize| cells.as_ref().is_none_or(|cells| cells.periods() == [period]);
    let mut charges = Vec::new();
    for period in used.iter().copied().take(if cells.is_some() { usize::MAX } else { 1 }) {
        let Some(blocks) = periods.get(period) else { continue };
        let blocks = rising(blocks, &format!("Energy, period {period}"), "kWh", left_out);
        if let ([only], true) = (blocks.as_slice(), always(period)) {
            fields.insert(0, format!("energy_usd_per_mwh: {}", ron(only.rate * 1e3)));
            return;
        }
        let tiers: Vec<String> = blocks
            .iter()
            .map(|block| {
                let end = block.up_to.map_or_else(String::new, |kwh| format!("up_to_mwh: {}, ", ron(kwh * 1e-3)));
                format!("({end}usd_per_mwh: {})", ron(block.rate * 1e3))
            })
            .collect();
        if blocks.iter().all(|block| block.rate == 0.0) {
            continue;
        }
        let windows = cells.as_ref().map_or_else(String::new, |cells| windows(cells, period));
        charges.push(format!("\"period-{period}\": ({windows}tiers: [{}])", tiers.join(", ")));
    }
    fields.insert(0, "energy_usd_per_mwh: 0.0".to_owned());
    if !charges.is_empty() {
        fields.push(format!("energy_charges: {{{}}}", charges.join(", ")));
    }
}

/// One demand charge as RON, or nothing if it charges nothing.
fn charge(id: &str, blocks: &[Block], windows: &str, more: &str, left_out: &mut Vec<String>) -> Option<String> {
    let blocks = rising(blocks, &format!("Demand, {id}"), "kW", left_out);
    if let Some(credit) = blocks.iter().find(|block| block.rate < 0.0) {
        left_out
            .push(format!("Demand, {id}: a credit of {} $/kW is not carried over; a demand charge here is not below zero.", -credit.rate));
        if blocks.len() > 1 {
            return None;
        }
    }
    if blocks.iter().all(|block| block.rate <= 0.0) {
        return None;
    }
    let body = if let [only] = blocks.as_slice() {
        format!("usd_per_kw_month: {}", ron(only.rate))
    } else {
        let tiers: Vec<String> = blocks
            .iter()
            .map(|block| {
                let end = block.up_to.map_or_else(String::new, |kw| format!("up_to_mw: {}, ", ron(kw * 1e-3)));
                format!("({end}usd_per_kw_month: {})", ron(block.rate))
            })
            .collect();
        format!("tiers: [{}]", tiers.join(", "))
    };
    Some(format!("\"{id}\": ({windows}{body}{more})"))
}

fn demand(record: &Record<'_>, fields: &mut Vec<String>, left_out: &mut Vec<String>) {
    let mut charges = Vec::new();
    for unit in ["demandunits", "flatdemandunit", "demandrateunit", "coincidentrateunit"] {
        let stated = record.text(unit);
        if !stated.is_empty() && stated != "kW" {
            left_out.push(format!("`{unit}` is {stated}; rates were taken as $ per kW."));
        }
    }
    let ratchet = ratchet(record, left_out);
    let timed = record.structure("demandratestructure", left_out);
    let cells = record.cells("demandweekdayschedule", "demandweekendschedule");
    if let Some(cells) = cells.as_ref().filter(|_| !timed.is_empty()) {
        unpriced(cells, timed.len(), "demand", left_out);
    }
    for (period, blocks) in timed.iter().enumerate() {
        let Some(cells) = cells.as_ref() else {
            left_out.push("The periods of demand have no schedule of 12 × 24 hours, so they were left out.".to_owned());
            break;
        };
        if cells.uses(period) {
            charges.extend(charge(&format!("period-{period}"), blocks, &windows(cells, period), "", left_out));
        }
    }
    let flat = record.structure("flatdemandstructure", left_out);
    let months: Vec<usize> = record.value.get("flatdemandmonths").and_then(Value::as_array).map_or_else(Vec::new, |months| {
        months.iter().map(|month| number(month).map_or(0, |period| period.round().max(0.0) as usize)).collect()
    });
    if let Some(month) = months.iter().position(|period| *period >= flat.len()).filter(|_| !flat.is_empty()) {
        left_out
            .push(format!("`flatdemandmonths` names a period for month {} that has no rates: its demand is charged nothing.", month + 1));
    }
    if !flat.is_empty() && months.len() != 12 {
        left_out.push(format!("`flatdemandmonths` has {} months instead of 12; the others are of period 0.", months.len()));
    }
    for (period, blocks) in flat.iter().enumerate() {
        let of: Vec<String> =
            (1..=12).filter(|month| months.get(month - 1).copied().unwrap_or(0) == period).map(|month| month.to_string()).collect();
        if of.is_empty() {
            continue;
        }
        if of.len() < 12 && !ratchet.is_empty() {
            left_out.push(format!(
                "The ratchet of flat-{period} counts the demand of its own {} months only; what was drawn in the others does not raise it here.",
                of.len()
            ));
        }
        let windows = if of.len() == 12 { String::new() } else { format!("windows: [(months: [{}])], ", of.join(", ")) };
        charges.extend(charge(&format!("flat-{period}"), blocks, &windows, &ratchet, left_out));
    }
    if !ratchet.is_empty() && flat.is_empty() {
        left_out.push("The ratchet has no flat demand charge to hold for.".to_owned());
    }
    let coincident = record.structure("coincidentratestructure", left_out);
    let cells = record.cells("coincidentrateschedule", "coincidentrateschedule");
    for (period, blocks) in coincident.iter().enumerate() {
        match cells.as_ref() {
            Some(cells) if cells.uses(period) => {
                let more = format!(", coincident: (hours: Windows({}))", schedule::list(cells, period));
                let made = charge(&format!("coincident-{period}"), blocks, "", &more, left_out);
                if made.is_some() {
                    left_out.push(format!(
                        "Demand, coincident-{period}: billed on the draw in the one hour of the utility's peak, which nobody knows beforehand; here on the mean of the hours of its schedule. State the hours of the peak (`coincident: (hours: Highest(…))`) where you have its load."
                    ));
                }
                charges.extend(made);
            }
            Some(_) => {}
            None => {
                left_out.push("The coincident rates have no schedule of 12 × 24 hours, so they were left out.".to_owned());
                break;
            }
        }
    }
    if !charges.is_empty() {
        fields.push(format!("demand_charges: {{{}}}", charges.join(", ")));
    }
}

/// The ratchet of flat demand, as RON; nothing if there is none.
fn ratchet(record: &Record<'_>, left_out: &mut Vec<String>) -> String {
    let share = |number: f64| if number > 1.0 { number / 100.0 } else { number };
    if let Some(fraction) = record.number("lookbackpercent").map(share).filter(|share| *share > 0.0) {
        let months = record.number("lookbackrange").filter(|months| *months >= 1.0).unwrap_or(11.0).round();
        let of: Vec<String> = record.value.get("lookbackmonths").and_then(Value::as_array).map_or_else(Vec::new, |flags| {
            let counts = |flag: &Value| number(flag).is_some_and(|flag| flag > 0.0) || flag.as_bool() == Some(true);
            (1..=12).zip(flags).filter(|(_, flag)| counts(flag)).map(|(month, _)| month.to_string()).collect()
        });
        let of = if of.is_empty() || of.len() == 12 { String::new() } else { format!(", of_months: [{}]", of.join(", ")) };
        return format!(", ratchet: (fraction: {}, months: {months}{of})", ron(fraction));
    }
    let by_month: Vec<f64> = record
        .value
        .get("demandratchetpercentage")
        .and_then(Value::as_array)
        .map_or_else(Vec::new, |months| months.iter().map(|month| number(month).map_or(0.0, share)).collect());
    let Some(first) = by_month.first().copied() else { return String::new() };
    if by_month.iter().any(|share| (share - first).abs() > 1e-9) {
        left_out.push(
            "`demandratchetpercentage` differs by month; a ratchet of one share is what a tariff here can have, so none was taken."
                .to_owned(),
        );
        return String::new();
    }
    if first > 0.0 { format!(", ratchet: (fraction: {}, months: 11)", ron(first)) } else { String::new() }
}

/// $ a month of an amount in a unit of the database.
fn per_month(amount: f64, unit: &str) -> Option<f64> {
    match unit {
        "" | "$/month" => Some(amount),
        "$/day" => Some(amount * 365.0 / 12.0),
        "$/year" => Some(amount / 12.0),
        _ => None,
    }
}

fn fixed(record: &Record<'_>, fields: &mut Vec<String>, left_out: &mut Vec<String>) {
    let mut fee = record.number("fixedmonthlycharge").unwrap_or(0.0);
    if let Some(first) = record.number("fixedchargefirstmeter") {
        match per_month(first, record.text("fixedchargeunits")) {
            Some(amount) => fee = amount,
            None => left_out.push(format!("The fixed charge is in `{}`, which is not known here.", record.text("fixedchargeunits"))),
        }
    }
    if fee > 0.0 {
        fields.push(format!("fixed_usd_per_month: {}", ron(fee)));
    }
    let mut least = record.number("minmonthlycharge").unwrap_or(0.0);
    if let Some(amount) = record.number("mincharge") {
        match per_month(amount, record.text("minchargeunits")).filter(|_| record.text("minchargeunits") != "$/year") {
            Some(amount) => least = least.max(amount),
            None => left_out.push(format!("The least charge of {amount} `{}` is not by the month.", record.text("minchargeunits"))),
        }
    }
    if let Some(amount) = record.number("annualmincharge").filter(|amount| *amount > 0.0) {
        left_out.push(format!("The least charge of {amount} $ a year is not carried over: a least bill here is by the month."));
    }
    if least > 0.0 {
        fields.push(format!("minimum_bill: (usd_per_month: {})", ron(least)));
    }
}
