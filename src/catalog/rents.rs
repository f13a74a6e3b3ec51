//! Rents of chips: what an hour costs depends on the term and the month, so each has both.

use super::table::{Row, read};

/// A published rent.
#[derive(Debug, Clone, PartialEq)]
pub struct RentRow {
    /// Chip id.
    pub chip: String,
    /// What it is paid for: a one-year contract, on demand, spot, the cost of owning and so on.
    pub term: String,
    /// Month or day.
    pub date: String,
    /// USD per chip and hour; blank where a range was published.
    pub usd_per_chip_hour: Option<f64>,
    /// Low end of a range.
    pub low_usd_per_chip_hour: Option<f64>,
    /// High end of a range.
    pub high_usd_per_chip_hour: Option<f64>,
    /// Where it comes from.
    pub source: String,
}

impl RentRow {
    /// In words: "one-year contract 2026-06: 2.65 $/h (source)".
    #[must_use]
    pub fn in_words(&self) -> String {
        let amount = match (self.usd_per_chip_hour, self.low_usd_per_chip_hour, self.high_usd_per_chip_hour) {
            (Some(value), _, _) => format!("{value} $/h"),
            (None, Some(low), Some(high)) => format!("{low} to {high} $/h"),
            (None, low, high) => low.or(high).map_or_else(String::new, |value| format!("{value} $/h")),
        };
        format!("{} {}: {amount} ({})", self.term, self.date, self.source)
    }
}

pub(super) fn read_rents(text: &str, problems: &mut Vec<String>) -> Vec<RentRow> {
    read("rents.csv", text, problems, |row: &mut Row<'_>| RentRow {
        chip: row.required_text("chip"),
        term: row.required_text("term"),
        date: row.required_text("date"),
        usd_per_chip_hour: row.number("usd_per_chip_hour"),
        low_usd_per_chip_hour: row.number("low_usd_per_chip_hour"),
        high_usd_per_chip_hour: row.number("high_usd_per_chip_hour"),
        source: row.required_text("source"),
    })
}
