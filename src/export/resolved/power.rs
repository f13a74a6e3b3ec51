//! Sites, connections, feeds, contracts and what has to go on after a loss, resolved, for machines.
//!
//! The parts of power are taken apart in full, field by field, so that none is left out by oversight.

use serde_json::{Map, Value, json};

use super::{bills, by_period, compact, finite, level, list};
use crate::resolved::connections::{Connection, Offer};
use crate::resolved::feeds::Feed;
use crate::resolved::resilience::Resilience;
use crate::resolved::supply::{Delivery, Facets, Output};
use crate::resolved::{Contract, Ix as _, PeriodIx, Product, Resolved, SiteFacts, SliceIx, Table};

pub(super) fn site(id: &str, facts: &SiteFacts) -> Value {
    let halls: Vec<_> = facts
        .halls
        .iter()
        .map(|hall| {
            compact(json!({ "id": hall.id, "path": format!("sites.{id}.halls.{}", hall.id), "it_mw": hall.it_mw, "liquid": hall.liquid,
                "rack_positions": hall.rack_positions, "feed": feed_id(facts, hall.feed), "in_service_from_period": hall.from_period }))
        })
        .collect();
    let buildable: Vec<_> = facts
        .buildable
        .iter()
        .map(|hall| {
            compact(json!({ "id": hall.id, "path": format!("sites.{id}.buildable.{}", hall.id), "it_mw": hall.it_mw, "liquid": hall.liquid,
                "rack_positions": hall.rack_positions, "capex_musd": by_period(&hall.capex_musd), "lead_periods": hall.lead, "life_periods": hall.life,
                "annuity_musd_per_year": by_period(&hall.annuity_musd_per_year), "at_most": finite(hall.at_most), "at_least": hall.at_least,
                "feed": feed_id(facts, hall.feed) }))
        })
        .collect();
    let pipeline = facts.pipeline.as_ref().map(|pipeline| {
        json!({ "path": format!("sites.{id}.data_pipeline"), "capacity_gtok_per_hour": pipeline.capacity_gtok_per_hour,
            "expand_at_most_gtok_per_hour": pipeline.expand_at_most_gtok_per_hour,
            "capex_musd_per_gtok_per_hour": by_period(&pipeline.capex_musd_per_gtok_per_hour),
            "annuity_musd_per_year_and_gtok_per_hour": by_period(&pipeline.annuity_musd_per_year), "mw_per_gtok_per_hour": pipeline.mw_per_gtok_per_hour,
            "lead_periods": pipeline.lead, "life_periods": pipeline.life })
    });
    compact(json!({
        "path": format!("sites.{id}"), "interconnect_mw_by_period": list(&facts.interconnect_mw),
        "connections": facts.connections.iter().map(connection).collect::<Vec<_>>(), "feeds": facts.feeds.iter().map(feed).collect::<Vec<_>>(),
        "pue": level(&facts.pue),
        "halls": halls, "buildable": buildable, "data_pipeline": pipeline, "om_musd_per_mw_year": by_period(&facts.om_musd_per_mw_year),
        "water_l_per_kwh": facts.water_l_per_kwh, "oversubscribed": facts.oversubscribed,
    }))
}

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

/// Id of the feed that halls hang on.
fn feed_id(facts: &SiteFacts, feed: Option<usize>) -> Option<&str> {
    facts.feeds.get(feed?).map(|feed| feed.id.as_str())
}

fn feed(feed: &Feed) -> Value {
    let Feed { id, path, mw, redundant } = feed;
    json!({ "id": id, "path": path, "mw_by_period": list(mw), "redundant": redundant })
}

/// By period, a list by slice.
fn by_slice<T: Copy + serde::Serialize>(table: &Table<PeriodIx, Table<SliceIx, T>>) -> Value {
    table.iter().map(|slices| json!(slices.iter().copied().collect::<Vec<T>>())).collect::<Vec<_>>().into()
}

fn connection(connection: &Connection) -> Value {
    let Connection { id, path, firm, non_firm_mw, there, notice_hours, event_hours, offers } = connection;
    compact(json!({
        "id": id, "path": path, "firm_mw": level(&firm.mw), "non_firm_mw_by_period": list(non_firm_mw),
        "non_firm_share_by_period_and_slice": by_slice(there), "notice_hours": finite(*notice_hours),
        "event_hours_by_period_and_slice": by_slice(event_hours), "offers": offers.iter().map(offer).collect::<Vec<_>>(),
    }))
}

fn offer(offer: &Offer) -> Value {
    let Offer { id, path, firm, there, at_most_mw, fee_musd_per_mw_year, deposit_musd_per_mw, study_musd } = offer;
    json!({
        "id": id, "path": path, "firm": firm, "there_by_period": there.iter().collect::<Vec<_>>(), "at_most_mw": at_most_mw,
        "fee_musd_per_mw_year": by_period(fee_musd_per_mw_year), "deposit_musd_per_mw": deposit_musd_per_mw, "study_musd": study_musd,
    })
}

/// What of a live product may be shed in events; nothing where none of it may.
pub(super) fn shedding(product: &Product) -> Option<Value> {
    (product.flexible > 0.0).then(|| {
        json!({
            "flexible_fraction": product.flexible, "made_the_same_day": product.paid_back, "notice_hours": product.shed_notice_hours,
            "discount_usd_per_mtok": by_period(&product.shed_discount_usd_per_mtok),
        })
    })
}

/// What has to go on after each loss, and in which slices.
pub(super) fn resilience(resolved: &Resolved, rule: &Resilience) -> Value {
    let Resilience { id, path, losses, keep, held } = rule;
    let losses = losses.iter().map(|loss| json!({ "part": loss.part(), "lost": loss.name(&resolved.places, &resolved.contracts) }));
    let keep = keep.iter().map(|(product, fraction)| json!({ "product": resolved.products[*product].id, "fraction": fraction }));
    json!({
        "id": id, "path": path, "losses": losses.collect::<Vec<_>>(), "keep": keep.collect::<Vec<_>>(), "held_by_period_and_slice": by_slice(held),
    })
}
