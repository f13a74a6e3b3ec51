//! Prices over hosts, tariffs for large loads, lead times and costs of halls as entries of the catalog.

use super::{Entry, Kind};
use crate::catalog::{Catalog, Fact, HostedRow};

/// Their entries.
pub(super) fn entries(catalog: &Catalog) -> Vec<Entry> {
    let mut entries: Vec<Entry> = catalog.hosted_prices().iter().map(hosted).collect();
    entries.extend(catalog.tariffs().iter().map(|row| {
        let fact =
            |value: Option<f64>, unit| Fact { value, unit, source: row.source.clone(), date: row.date.clone(), confidence: row.confidence };
        Entry {
            kind: Kind::Tariffs,
            id: row.id.clone(),
            title: row.title(),
            words: vec![
                ("least bill is of", row.minimum_applies_to.clone()),
                ("term in years", row.term.clone()),
                ("collateral", row.collateral.clone()),
                ("exit fee", row.exit_fee.clone()),
                ("may be given back", row.capacity_reduction.clone()),
                ("note", row.note.clone()),
                ("start from", row.starting_terms()),
            ],
            facts: vec![
                ("from", fact(row.threshold_mw, "MW")),
                ("billed_at_least", fact(row.minimum_billing_fraction, "")),
                ("ramp", fact(row.ramp_years, "years")),
                ("demand_charge", fact(row.demand_charge_usd_per_kw_month, "USD/kW-month")),
                ("energy_charge", fact(row.energy_charge_usd_per_mwh, "USD/MWh")),
            ],
            source: row.source.clone(),
            date: row.date.clone(),
        }
    }));
    for (kind, rows) in [(Kind::LeadTimes, catalog.lead_times()), (Kind::HallCosts, catalog.hall_costs())] {
        entries.extend(rows.iter().map(|row| Entry {
            kind,
            id: row.id(),
            title: format!("{}, {}: {}", row.what, row.region, row.in_words()),
            words: vec![("confidence", row.confidence.label().to_owned()), ("note", row.note.clone())],
            facts: Vec::new(),
            source: row.source.clone(),
            date: row.date.clone(),
        }));
    }
    entries
}

/// Prices of one served model over its hosts.
fn hosted(row: &HostedRow) -> Entry {
    let fact = |value: Option<f64>| Fact {
        value,
        unit: "USD/Mtok",
        source: row.source.clone(),
        date: row.date.clone(),
        confidence: row.confidence,
    };
    Entry {
        kind: Kind::HostedPrices,
        id: row.id.clone(),
        title: format!("{} over {} hosts", row.id.trim_end_matches("-hosted"), row.hosts),
        words: vec![("served model", row.served_model.clone()), ("listings", format!("{}", row.listings)), ("note", row.note.clone())],
        facts: vec![
            ("answer", fact(Some(row.answer.median))),
            ("answer_low", fact(Some(row.answer.low))),
            ("answer_high", fact(Some(row.answer.high))),
            ("prompt", fact(Some(row.prompt.median))),
            ("prompt_low", fact(Some(row.prompt.low))),
            ("prompt_high", fact(Some(row.prompt.high))),
            ("cached_prompt", fact(row.cached_prompt_usd_per_mtok)),
        ],
        source: row.source.clone(),
        date: row.date.clone(),
    }
}
