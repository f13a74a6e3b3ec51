//! Prices of tokens across hosts: what a served model sells for, by all who list it.

use super::evidence::Confidence;
use super::table::{Row, read};

/// Prices of one served model over its hosts, $ per million tokens: the middle one, and both ends.
#[derive(Debug, Clone, PartialEq)]
pub struct HostedRow {
    /// Catalog id, for example `gpt-oss-120b-hosted`.
    pub id: String,
    /// The served model of the catalog; empty where it is none of them.
    pub served_model: String,
    /// Day of the lists.
    pub date: String,
    /// Hosts that list it.
    pub hosts: f64,
    /// Their listings, fast and regional ones included.
    pub listings: f64,
    /// Answer tokens.
    pub answer: Spread,
    /// Prompt tokens not found in the cache.
    pub prompt: Spread,
    /// Prompt tokens found in the cache, in the middle; `None` where no host says.
    pub cached_prompt_usd_per_mtok: Option<f64>,
    /// Where it comes from.
    pub source: String,
    /// How well it is sourced.
    pub confidence: Confidence,
    /// Anything else worth knowing.
    pub note: String,
}

/// A price over hosts, $ per million tokens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The median.
    pub median: f64,
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
}

impl HostedRow {
    /// In words: "median of 9 hosts, 2026-11-20".
    #[must_use]
    pub fn basis(&self) -> String {
        format!("median of {} hosts, {}", self.hosts, self.date)
    }
}

/// Reads `hosted_prices.csv`.
pub(super) fn read_hosted(text: &str, problems: &mut Vec<String>) -> Vec<HostedRow> {
    read("hosted_prices.csv", text, problems, |row: &mut Row<'_>| HostedRow {
        id: row.required_text("id"),
        served_model: row.text("served_model"),
        date: row.required_text("date"),
        hosts: row.required("hosts"),
        listings: row.required("listings"),
        answer: Spread {
            median: row.required("answer_usd_per_mtok"),
            low: row.required("low_answer_usd_per_mtok"),
            high: row.required("high_answer_usd_per_mtok"),
        },
        prompt: Spread {
            median: row.required("prompt_usd_per_mtok"),
            low: row.required("low_prompt_usd_per_mtok"),
            high: row.required("high_prompt_usd_per_mtok"),
        },
        cached_prompt_usd_per_mtok: row.number("cached_prompt_usd_per_mtok"),
        source: row.required_text("source"),
        confidence: row.confidence("confidence"),
        note: row.text("note"),
    })
}

#[cfg(test)]
mod tests {
    use crate::catalog::Catalog;

    #[test]
    fn hosts_agree_on_an_order() {
        let catalog = Catalog::embedded();
        assert_eq!(catalog.hosted_prices().len(), 35);
        for row in catalog.hosted_prices() {
            for spread in [row.answer, row.prompt] {
                assert!(spread.low <= spread.median && spread.median <= spread.high, "{}", row.id);
            }
            // Fewer hosts say what a token found in the cache costs, dearer ones among them; every linked model is one
            // of the catalog's.
            assert!(row.cached_prompt_usd_per_mtok.is_none_or(|cached| cached <= row.prompt.high), "{}", row.id);
            assert!(row.served_model.is_empty() || catalog.served_model(&row.served_model).is_some(), "{}", row.id);
        }
        assert_eq!(catalog.hosted_price("gpt-oss-120b").unwrap().answer.median, 0.6);
    }
}
