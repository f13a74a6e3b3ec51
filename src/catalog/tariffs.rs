//! Tariffs for large loads, lead times of what power needs, and what halls have cost: as published.
//!
//! Blanks are numbers that no source gave. A tariff of the catalog is a start: what it says of least bills
//! holds in a plan that names it, wherever the plan says nothing itself.

use super::evidence::Confidence;
use super::table::read;

/// A tariff for large loads.
#[derive(Debug, Clone, PartialEq)]
pub struct TariffRow {
    /// Catalog id, for example `aep-ohio-dct`.
    pub id: String,
    /// Who sells.
    pub utility: String,
    /// State.
    pub state: String,
    /// What the tariff is called.
    pub tariff: String,
    /// Whether it is in force, and since when.
    pub status: String,
    /// From which size it holds, MW.
    pub threshold_mw: Option<f64>,
    /// Share of the contracted demand that is billed at least.
    pub minimum_billing_fraction: Option<f64>,
    /// Of what that is a share.
    pub minimum_applies_to: String,
    /// Years that it is owed; the shortest where a range is given.
    pub term_years: Option<f64>,
    /// The term as published.
    pub term: String,
    /// Years over which the contracted demand may rise.
    pub ramp_years: Option<f64>,
    /// Security asked for.
    pub collateral: String,
    /// What leaving costs, in words.
    pub exit_fee: String,
    /// What may be given back, in words.
    pub capacity_reduction: String,
    /// Demand charge, $ per kW and month.
    pub demand_charge_usd_per_kw_month: Option<f64>,
    /// Energy charge, $ per MWh.
    pub energy_charge_usd_per_mwh: Option<f64>,
    /// Date of the source.
    pub date: String,
    /// Where it comes from.
    pub source: String,
    /// How well it is sourced.
    pub confidence: Confidence,
    /// Anything else worth knowing.
    pub note: String,
}

impl TariffRow {
    /// Utility and tariff.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}, {} ({}): {}", self.utility, self.state, self.status, self.tariff)
    }

    /// The months that its least bill is owed, ramp included.
    #[must_use]
    pub fn term_months(&self) -> Option<u32> {
        let years = self.term_years? + self.ramp_years.unwrap_or(0.0);
        Some((years * 12.0).round().clamp(1.0, 1200.0) as u32)
    }

    /// A contract's terms to start from, in RON: prices that the source doesn't give are to be filled in.
    #[must_use]
    pub fn starting_terms(&self) -> String {
        let energy = self.energy_charge_usd_per_mwh.unwrap_or(60.0);
        let demand = self.demand_charge_usd_per_kw_month.map_or(8.0, |usd| (usd * 100.0).round() / 100.0);
        let bill =
            if self.minimum_billing_fraction.is_some() || self.term_years.is_some() { ", minimum_bill: (contract_mw: 100.0)" } else { "" };
        format!("Tariff(catalog: {:?}, energy_usd_per_mwh: {energy:?}, demand_charge_usd_per_kw_month: {demand:?}{bill})", self.id)
    }
}

/// A published number with its range: a lead time or a cost.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedRow {
    /// What or where.
    pub what: String,
    /// Region or country.
    pub region: String,
    /// Its date.
    pub date: String,
    /// The number; blank where a range was published.
    pub value: Option<f64>,
    /// Low end.
    pub low: Option<f64>,
    /// High end.
    pub high: Option<f64>,
    /// Its unit.
    pub unit: String,
    /// Where it comes from.
    pub source: String,
    /// How well it is sourced.
    pub confidence: Confidence,
    /// Anything else worth knowing.
    pub note: String,
}

impl PublishedRow {
    /// In words: `128 weeks (2025-06)`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let amount = match (self.value, self.low, self.high) {
            (Some(value), ..) => format!("{value}"),
            (None, Some(low), Some(high)) => format!("{low} to {high}"),
            (None, low, high) => low.or(high).map_or_else(String::new, |value| format!("up to {value}")),
        };
        format!("{amount} {}{} ({})", self.unit, self.months_in_words(), self.date)
    }

    /// The months that weeks or years are, since plans count in months.
    fn months_in_words(&self) -> String {
        let months = match self.unit.as_str() {
            "weeks" => 12.0 / (365.0 / 7.0),
            "years" => 12.0,
            _ => return String::new(),
        };
        let all = [self.value, self.low, self.high].into_iter().flatten().map(|number| format!("{}", (number * months).round()));
        format!(", about {} months", all.collect::<Vec<_>>().join(" to "))
    }

    /// An id of its own: `power-transformer-us-2025-06`.
    #[must_use]
    pub fn id(&self) -> String {
        let words = format!("{} {} {}", self.what, self.region, self.date).to_ascii_lowercase();
        let letters: String = words.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
        letters.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
    }
}

/// Reads `tariffs_large_load.csv`.
pub(super) fn read_tariffs(text: &str, problems: &mut Vec<String>) -> Vec<TariffRow> {
    read("tariffs_large_load.csv", text, problems, |row| {
        let term = row.text("term_years");
        // A range counts by its shortest: what is owed at least.
        let term_years = term.split('-').next().and_then(|years| years.trim().parse().ok());
        TariffRow {
            id: row.required_text("id"),
            utility: row.required_text("utility"),
            state: row.text("state"),
            tariff: row.required_text("tariff"),
            status: row.text("status"),
            threshold_mw: row.number("threshold_mw"),
            minimum_billing_fraction: row.number("minimum_billing_fraction"),
            minimum_applies_to: row.text("minimum_applies_to"),
            term_years,
            term,
            ramp_years: row.number("ramp_years"),
            collateral: row.text("collateral"),
            exit_fee: row.text("exit_fee"),
            capacity_reduction: row.text("capacity_reduction"),
            demand_charge_usd_per_kw_month: row.number("demand_charge_usd_per_kw_month"),
            energy_charge_usd_per_mwh: row.number("energy_charge_usd_per_mwh"),
            date: row.required_text("date"),
            source: row.required_text("source"),
            confidence: row.confidence("confidence"),
            note: row.text("note"),
        }
    })
}

/// Reads `lead_times.csv` or `hall_cost.csv`, which differ in the names of two columns.
pub(super) fn read_published(
    table: &'static str,
    (what, region): (&'static str, &'static str),
    text: &str,
    problems: &mut Vec<String>,
) -> Vec<PublishedRow> {
    read(table, text, problems, |row| PublishedRow {
        what: row.required_text(what),
        region: row.text(region),
        date: row.required_text("date"),
        value: row.number("value"),
        low: row.number("low"),
        high: row.number("high"),
        unit: row.required_text("unit"),
        source: row.required_text("source"),
        confidence: row.confidence("confidence"),
        note: row.text("note"),
    })
}
