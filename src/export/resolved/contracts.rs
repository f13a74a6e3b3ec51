//! Contracts and plant, resolved, for machines.

use serde_json::{Map, Value, json};

use super::{bills, by_period, compact, finite, level, list};
use crate::resolved::supply::{Delivery, Facets, Output};
use crate::resolved::{Contract, Ix as _, Resolved};

pub(super) fn contract(resolved: &Resolved, contract: &Contract) -> Value {
    let facets = &contract.facets;
    // Taken apart in full: a facet that is not written here, or under `bills`, does not compile.
    let Facets {
        delivery,
        size,
        plant,
        output,
        cap,
        hold_down,
        yearly_energy,
        energy_price,
        produced_price,
        difference,
        take_or_pay,
        energy_charges: _,
        peak_charges: _,
        least_bill: _,
        still: _,
        fixed_musd_per_year,
        store,
    } = facets;
    let mut terms = Map::new();
    let mut say = |key: &str, value: Value| {
        terms.insert(key.to_owned(), value);
    };
    say("kind", json!(contract.kind.name));
    if let Some(size) = size {
        say("contract_mw_at_least", json!(size.least_mw));
        say("contract_mw_at_most", json!(finite(size.most_mw)));
    }
    if let Some(plant) = plant {
        let unit = plant.unit.to_lowercase();
        say(&format!("{unit}_at_least"), json!(plant.least));
        say(&format!("{unit}_at_most"), json!(finite(plant.most)));
        say(&format!("existing_{unit}"), json!(plant.existing));
        say(&format!("capex_musd_per_{unit}"), by_period(&plant.capex_musd));
        say(&format!("annuity_musd_per_{unit}_year"), by_period(&plant.annuity_musd_per_year));
        say(&format!("om_musd_per_{unit}_year"), by_period(&plant.om_musd_per_year));
        say("lead_periods", json!(plant.lead));
        say("life_periods", json!(plant.life));
    }
    match output {
        Some(Output::Flat(output)) => say("availability_fraction", json!(output)),
        Some(Output::Profile(profile)) => say("output_per_mw_by_slice", json!(list(profile))),
        None => {}
    }
    if let Some(cap) = cap {
        if cap.is_flat() {
            say("cap_mw_by_period", json!(list(&cap.mw.base)));
        } else {
            say("cap_mw", level(&cap.mw));
        }
    }
    if let Some(held) = hold_down {
        let slices: Vec<_> = held.slices.iter().map(|slice| slice.position()).collect();
        say(
            "interruptible",
            json!({ "slices": slices, "cap_mw": held.cap_mw, "credit_musd_per_year": by_period(&held.credit_musd_per_year) }),
        );
    }
    if let Some(energy) = yearly_energy {
        say("gwh_per_year_by_period", json!(list(&energy.gwh_per_year)));
    }
    if let Some(price) = energy_price {
        say("energy_usd_per_mwh", level(&price.usd_per_mwh));
    }
    if let Some(price) = produced_price {
        say("produced_usd_per_mwh_by_period", json!(list(&price.usd_per_mwh)));
        if let Some(resale) = &price.resale_usd_per_mwh {
            say("resale_usd_per_mwh", by_period(resale));
        }
    }
    if let Some(difference) = difference {
        say("strike_usd_per_mwh", by_period(&difference.strike_usd_per_mwh));
        say("reference_usd_per_mwh", level(&difference.reference_usd_per_mwh));
    }
    if let Some(terms) = take_or_pay {
        say("take_or_pay_fraction", json!(terms.fraction));
    }
    for (key, value) in bills::charges(facets) {
        say(key, value);
    }
    if let Some(fee) = fixed_musd_per_year {
        say("fixed_musd_per_year_by_period", json!(list(fee)));
    }
    if let Some(store) = store {
        say("duration_hours", json!(store.duration_hours));
        say("one_way_efficiency_fraction", json!(store.efficiency));
        say("wear_usd_per_mwh", json!(store.wear_usd_per_mwh));
    }
    compact(json!({
        "id": contract.id, "path": contract.path, "place": resolved.places[contract.place].id,
        "in_force_by_period": contract.in_force.iter().collect::<Vec<_>>(), "carbon_g_per_kwh": level(&contract.carbon_g_per_kwh),
        "renewable": contract.renewable, "delivery": delivery_word(*delivery), "through_interconnect": contract.through_grid(),
        "connection": contract.connection, "terms": compact(Value::Object(terms)),
    }))
}

fn delivery_word(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Nothing => "none",
        Delivery::Grid => "grid",
        Delivery::OnSite => "on_site",
        Delivery::Paper => "paper",
    }
}
