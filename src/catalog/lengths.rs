//! Lengths of prompts and answers of published workloads: means and tails.

use super::evidence::Confidence;
use super::table::{Row, read};

/// Prompts or answers of one workload, in tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct LengthsRow {
    /// Id of the workload.
    pub id: String,
    /// `prompt` or `answer`.
    pub what: String,
    /// Mean.
    pub mean: f64,
    /// Share of requests at most as long, and how long.
    pub quantiles: Vec<(f64, f64)>,
    /// Where it comes from.
    pub source: String,
    /// How well it is sourced.
    pub confidence: Confidence,
    /// Anything else worth knowing.
    pub note: String,
}

impl LengthsRow {
    /// In words: `mean 2047.8; p10 147, p50 1469, p99 7436`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let tail: Vec<String> = self.quantiles.iter().map(|(share, tokens)| format!("p{} {tokens}", (100.0 * share).round())).collect();
        format!("mean {}; {}", self.mean, tail.join(", "))
    }
}

/// Columns of the quantiles.
const QUANTILES: [(&str, f64); 7] = [("p10", 0.1), ("p25", 0.25), ("p50", 0.5), ("p75", 0.75), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99)];

pub(super) fn read_lengths(text: &str, problems: &mut Vec<String>) -> Vec<LengthsRow> {
    read("demand_lengths.csv", text, problems, |row: &mut Row<'_>| LengthsRow {
        id: row.required_text("id"),
        what: row.required_text("what"),
        mean: row.required("mean"),
        quantiles: QUANTILES.iter().filter_map(|(name, share)| Some((*share, row.number(name)?))).collect(),
        source: row.required_text("source"),
        confidence: row.confidence("confidence"),
        note: row.text("note"),
    })
}
