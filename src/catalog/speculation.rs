//! Speculation: how many drafted tokens were published to be accepted, by served model.

use super::table::{Row, read};

/// What was published of drafting ahead with a served model.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeculationRow {
    /// Served model id.
    pub served_model: String,
    /// Tokens drafted per step.
    pub drafted_tokens: Option<f64>,
    /// Of them, accepted on average: the highest published.
    pub accepted_tokens: Option<f64>,
    /// Where it comes from.
    pub source: String,
    /// Date of the source.
    pub date: String,
}

pub(super) fn read_speculation(text: &str, problems: &mut Vec<String>) -> Vec<SpeculationRow> {
    read("speculation.csv", text, problems, |row: &mut Row<'_>| SpeculationRow {
        served_model: row.required_text("served_model"),
        drafted_tokens: row.number("drafted_tokens"),
        accepted_tokens: row.number("accepted_tokens"),
        source: row.required_text("source"),
        date: row.required_text("date"),
    })
}
