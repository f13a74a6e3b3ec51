//! What a tariff bills by the month, resolved, for machines.

use serde_json::{Value, json};

use super::{by_period, compact, finite, list};
use crate::resolved::SliceIx;
use crate::resolved::billing::Marks;
use crate::resolved::charges::{OWN, PeakCharge, blocks_of};
use crate::resolved::supply::{Clause, Closed, Facets};
use crate::resolved::{PeriodIx, Table};

/// Charges and clauses under their keys; what there isn't is absent.
pub(super) fn charges(facets: &Facets) -> Vec<(&'static str, Value)> {
    let mut said = Vec::new();
    for charge in facets.peak_charges.iter().filter(|charge| charge.id == OWN) {
        said.push(("demand_charge_musd_per_mw_month_by_period", json!(list(&charge.musd_per_mw_month))));
        if !charge.is_plain() {
            said.push(("demand_charge_terms", peak(charge)));
        }
    }
    let others: Vec<Value> = facets.peak_charges.iter().filter(|charge| charge.id != OWN).map(peak).collect();
    if !others.is_empty() {
        said.push(("demand_charges", json!(others)));
    }
    if !facets.energy_charges.is_empty() {
        let energy = facets.energy_charges.iter().map(|charge| {
            compact(json!({ "id": charge.id, "share_by_slice_and_month": marks(charge.hours.as_ref()), "blocks": blocks(&charge.blocks, "up_to_gwh", "usd_per_mwh") }))
        });
        said.push(("energy_charges", energy.collect()));
    }
    if let Some(least) = &facets.least_bill {
        said.push((
            "least_bill",
            json!({ "musd_per_month": by_period(&least.musd_per_month), "owed_by_month": least.owed, "exit_musd_by_period": list(&least.exit_musd) }),
        ));
    }
    if let Some(still) = &facets.still {
        said.push(("still_by_period_and_slice", closed(still)));
    }
    if let Some(unpaid) = facets.produced_price.as_ref().and_then(|price| price.unpaid.as_ref()) {
        said.push(("unpaid_by_period_and_slice", closed(unpaid)));
    }
    if let Some(difference) = &facets.difference {
        match difference.clause {
            Clause::Floor(floor) => said.push(("floor_usd_per_mwh", json!(floor))),
            Clause::NoSettlement => said.push(("no_settlement_below_zero", json!(true))),
            Clause::Settles | Clause::Curtails => {}
        }
    }
    said
}

fn closed(table: &Closed) -> Value {
    table.iter().map(|slices| slices.iter().copied().collect::<Vec<bool>>()).collect::<Vec<_>>().into()
}

fn marks(hours: Option<&Marks>) -> Option<Value> {
    let rows = |marks: &Marks| -> Value {
        let table: &Table<SliceIx, [f64; 12]> = &marks.0;
        table.iter().map(|months| months.to_vec()).collect::<Vec<_>>().into()
    };
    hours.map(rows)
}

fn blocks(all: &[(f64, Table<PeriodIx, f64>)], end: &str, price: &str) -> Vec<Value> {
    // Widths are for readers who add up; the ends are what the plan says.
    let widths: Vec<f64> = blocks_of(all, f64::MAX).map(|(width, _)| width).collect();
    all.iter()
        .zip(widths)
        .map(|((up_to, prices), width)| {
            let width = if up_to.is_finite() { finite(width) } else { None };
            compact(json!({ end: finite(*up_to), "width": width, price: by_period(prices) }))
        })
        .collect()
}

fn peak(charge: &PeakCharge) -> Value {
    let ratchet = charge.ratchet.as_ref().map(|ratchet| {
        json!({ "fraction": ratchet.fraction, "months": ratchet.months, "of_months": ratchet.of_months,
            "existing_mw": ratchet.existing_mw, "existing_months_ago": ratchet.existing_months_ago })
    });
    let least = charge.least.as_ref().map(|least| {
        json!({ "contract_mw_by_period": list(&least.contract_mw), "fraction": least.fraction, "owed_by_month": least.owed })
    });
    let coincident = charge
        .coincident
        .as_ref()
        .map(|coincident| json!({ "share_by_slice_and_month": marks(Some(&coincident.hours)), "by_year": coincident.by_year }));
    compact(json!({
        "id": charge.id, "path": charge.path, "musd_per_mw_month_by_period": list(&charge.musd_per_mw_month),
        "blocks": blocks(&charge.blocks, "up_to_mw", "musd_per_mw_month"), "share_by_slice_and_month": marks(charge.hours.as_ref()),
        "coincident": coincident, "ratchet": ratchet, "least": least,
    }))
}
