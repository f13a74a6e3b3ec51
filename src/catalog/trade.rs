//! The world around the factory: list prices, published demand, policies, reference cases and
//! exchange rates.

use super::evidence::Confidence;
use super::table::{Row, read};

/// One list price of tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceRow {
    /// Catalog id, for example `deepseek-r1`.
    pub id: String,
    /// The name in the price list.
    pub listed_name: String,
    /// The served model of the catalog that it is; empty where it is none of them.
    pub served_model: String,
    /// Who sells.
    pub provider: String,
    /// Country of the seller (ISO 3166 alpha-2).
    pub country: String,
    /// Prompt tokens, in USD per million.
    pub prompt_usd_per_mtok: Option<f64>,
    /// Prompt tokens found in the cache, in USD per million.
    pub cached_prompt_usd_per_mtok: Option<f64>,
    /// Answer tokens, in USD per million.
    pub answer_usd_per_mtok: Option<f64>,
    /// Price of a mix of 3 prompt tokens to 1 answer token, in USD per million.
    pub blended_3to1_usd_per_mtok: Option<f64>,
    /// Price of a mix of 8 prompt tokens to 1 answer token, in USD per million.
    pub blended_8to1_usd_per_mtok: Option<f64>,
    /// Epoch capability index.
    pub capability_index: Option<f64>,
    /// Where the capability index comes from.
    pub capability_index_source: String,
    /// Artificial Analysis index (its versions differ; see the source).
    pub artificial_analysis_index: Option<f64>,
    /// Where the Artificial Analysis index comes from.
    pub artificial_analysis_source: String,
    /// Where the price comes from.
    pub source: String,
    /// Date of the source.
    pub date: String,
    /// How well it is sourced.
    pub confidence: Confidence,
    /// The source's own words about confidence, and anything else worth knowing.
    pub note: String,
}

/// One published volume of tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandRow {
    /// Catalog id: series and date.
    pub id: String,
    /// Whose tokens.
    pub series: String,
    /// When.
    pub date: String,
    /// Tokens counted.
    pub tokens: f64,
    /// Over how many days they were counted (a month is 30.4167).
    pub counted_over_days: f64,
    /// `prompt`, `answer` or `prompt and answer`.
    pub tokens_kind: String,
    /// Where the row comes from.
    pub source: String,
    /// How well it is sourced.
    pub confidence: Confidence,
}

impl DemandRow {
    /// Tokens per day, in billions.
    #[must_use]
    pub fn gtok_per_day(&self) -> f64 {
        self.tokens / self.counted_over_days / 1e9
    }
}

/// A number of a policy, with its name and unit.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyNumber {
    /// What it is, for example `total_processing_performance`.
    pub name: String,
    /// The value in `unit`.
    pub value: f64,
    /// The unit.
    pub unit: String,
}

/// One policy, rule or convention.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyRow {
    /// Catalog id, for example `us-bis-2026`.
    pub id: String,
    /// `export_threshold`, `duty`, `ban`, `electricity_subsidy`, `pue_rule`, `own_generation`,
    /// `latency` or `egress`.
    pub kind: String,
    /// Country (ISO 3166 alpha-2); empty where it holds everywhere.
    pub country: String,
    /// Name of the rule.
    pub rule: String,
    /// What it says.
    pub threshold: String,
    /// Details or the date it took effect.
    pub detail: String,
    /// Its numbers, at most two.
    pub numbers: Vec<PolicyNumber>,
    /// Where the row comes from.
    pub source: String,
    /// Date of the rule.
    pub date: String,
    /// How well it is sourced.
    pub confidence: Confidence,
    /// The source's own words about confidence.
    pub confidence_note: String,
}

/// One published case that a plan can be compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct ReferenceRow {
    /// `R1` and so on.
    pub id: String,
    /// What it is.
    pub case: String,
    /// What goes in.
    pub inputs: String,
    /// What was published.
    pub published: String,
    /// What follows from it.
    pub derived_check: String,
    /// What it is good for.
    pub intended_use: String,
    /// Where the row comes from.
    pub source: String,
    /// Date of the source.
    pub date: String,
    /// How well it is sourced.
    pub confidence: Confidence,
}

/// What one unit of a currency is worth, the same for every amount of the catalog.
#[derive(Debug, Clone, PartialEq)]
pub struct ExchangeRate {
    /// ISO 4217 currency.
    pub currency: String,
    /// USD per unit of the currency.
    pub usd_per_unit: f64,
    /// Date of the rate.
    pub date: String,
    /// Where it comes from.
    pub source: String,
    /// How well it is sourced.
    pub confidence: Confidence,
    /// Anything else worth knowing.
    pub note: String,
}

pub(super) fn read_prices(text: &str, problems: &mut Vec<String>) -> Vec<PriceRow> {
    read("prices.csv", text, problems, |row: &mut Row<'_>| {
        let confidence_note = row.text("confidence_note");
        let note = row.text("note");
        PriceRow {
            id: row.required_text("id"),
            listed_name: row.required_text("listed_name"),
            served_model: row.text("served_model"),
            provider: row.required_text("provider"),
            country: row.text("country"),
            prompt_usd_per_mtok: row.number("prompt_usd_per_mtok"),
            cached_prompt_usd_per_mtok: row.number("cached_prompt_usd_per_mtok"),
            answer_usd_per_mtok: row.number("answer_usd_per_mtok"),
            blended_3to1_usd_per_mtok: row.number("blended_3to1_usd_per_mtok"),
            blended_8to1_usd_per_mtok: row.number("blended_8to1_usd_per_mtok"),
            capability_index: row.number("capability_index"),
            capability_index_source: row.text("capability_index_source"),
            artificial_analysis_index: row.number("artificial_analysis_index"),
            artificial_analysis_source: row.text("artificial_analysis_source"),
            source: row.required_text("source"),
            date: row.required_text("date"),
            confidence: row.confidence("confidence"),
            note: [confidence_note, note].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; "),
        }
    })
}

pub(super) fn read_demand(text: &str, problems: &mut Vec<String>) -> Vec<DemandRow> {
    read("demand.csv", text, problems, |row: &mut Row<'_>| DemandRow {
        id: row.required_text("id"),
        series: row.required_text("series"),
        date: row.required_text("date"),
        tokens: row.required("tokens"),
        counted_over_days: row.required("counted_over_days"),
        tokens_kind: row.required_text("tokens_kind"),
        source: row.required_text("source"),
        confidence: row.confidence("confidence"),
    })
}

pub(super) fn read_policies(text: &str, problems: &mut Vec<String>) -> Vec<PolicyRow> {
    read("policies.csv", text, problems, |row: &mut Row<'_>| {
        let mut numbers = Vec::new();
        for place in ["first", "second"] {
            let name = row.text(&format!("{place}_name"));
            let unit = row.text(&format!("{place}_unit"));
            if let Some(value) = row.number(&format!("{place}_value")) {
                numbers.push(PolicyNumber { name, value, unit });
            }
        }
        PolicyRow {
            id: row.required_text("id"),
            kind: row.required_text("kind"),
            country: row.text("country"),
            rule: row.required_text("rule"),
            threshold: row.text("threshold"),
            detail: row.text("detail"),
            numbers,
            source: row.required_text("source"),
            date: row.required_text("date"),
            confidence: row.confidence("confidence"),
            confidence_note: row.text("confidence_note"),
        }
    })
}

pub(super) fn read_references(text: &str, problems: &mut Vec<String>) -> Vec<ReferenceRow> {
    read("reference_cases.csv", text, problems, |row: &mut Row<'_>| ReferenceRow {
        id: row.required_text("id"),
        case: row.required_text("case"),
        inputs: row.text("inputs"),
        published: row.text("published"),
        derived_check: row.text("derived_check"),
        intended_use: row.text("use"),
        source: row.required_text("source"),
        date: row.required_text("date"),
        confidence: row.confidence("confidence"),
    })
}

pub(super) fn read_exchange_rates(text: &str, problems: &mut Vec<String>) -> Vec<ExchangeRate> {
    read("exchange_rates.csv", text, problems, |row: &mut Row<'_>| ExchangeRate {
        currency: row.required_text("currency"),
        usd_per_unit: row.required("usd_per_unit"),
        date: row.required_text("date"),
        source: row.required_text("source"),
        confidence: row.confidence("confidence"),
        note: row.text("note"),
    })
}
