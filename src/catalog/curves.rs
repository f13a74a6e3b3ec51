//! How fast prices, software and worth have moved: factors a year, from published series.

use super::evidence::Confidence;
use super::table::read;

/// A course over time that a plan may take over.
#[derive(Debug, Clone, PartialEq)]
pub struct CurveRow {
    /// Catalog id, for example `token-price-index-130`.
    pub id: String,
    /// What it is.
    pub name: String,
    /// What kind of number it moves: token price, throughput, residual value, rent, hall cost.
    pub of: String,
    /// Factor a year.
    pub factor_per_year: f64,
    /// The lowest that sources give.
    pub low_factor_per_year: Option<f64>,
    /// The highest.
    pub high_factor_per_year: Option<f64>,
    /// First month of what it was taken from.
    pub from: String,
    /// Last month.
    pub until: String,
    /// Where it comes from.
    pub source: String,
    /// How well it is sourced.
    pub confidence: Confidence,
    /// Anything else worth knowing.
    pub note: String,
}

/// Reads `curves.csv`.
pub(super) fn read_curves(text: &str, problems: &mut Vec<String>) -> Vec<CurveRow> {
    read("curves.csv", text, problems, |row| CurveRow {
        id: row.required_text("id"),
        name: row.required_text("name"),
        of: row.required_text("of"),
        factor_per_year: row.required("factor_per_year"),
        low_factor_per_year: row.number("low_factor_per_year"),
        high_factor_per_year: row.number("high_factor_per_year"),
        from: row.text("from"),
        until: row.text("until"),
        source: row.required_text("source"),
        confidence: row.confidence("confidence"),
        note: row.text("note"),
    })
}
