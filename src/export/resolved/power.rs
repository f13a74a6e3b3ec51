//! Sites, connections, feeds and what has to go on after a loss, resolved, for machines.
//!
//! The parts of power are taken apart in full, field by field, so that none is left out by oversight.

use serde_json::{Value, json};

use super::{by_period, compact, finite, level, list};
use crate::resolved::connections::{Connection, Offer};
use crate::resolved::feeds::Feed;
use crate::resolved::resilience::Resilience;
use crate::resolved::{PeriodIx, Product, Resolved, SiteFacts, SliceIx, Table};

pub(super) fn site(id: &str, facts: &SiteFacts) -> Value {
    let halls: Vec<_> = facts
        .halls
        .iter()
        .map(|hall| {
            compact(json!({ "id": hall.id, "path": format!("sites.{id}.halls.{}", hall.id), "it_mw": hall.it_mw, "liquid": hall.liquid,
                "rack_positions": hall.rack_positions, "feed": feed_id(facts, hall.feed), "in_service_from_period": hall.from_period,
                "in_service_until_period": (hall.until_period != usize::MAX).then_some(hall.until_period) }))
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
        json!({ "path": format!("sites.{id}.data_pipeline"), "capacity_gtok_per_hour": by_period(&pipeline.capacity_gtok_per_hour),
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
    let Offer { id, path, firm, there, at_most_mw, fee_musd_per_mw_year, deposit_musd_per_mw, study_musd, taken_mw, gives_back } = offer;
    json!({
        "id": id, "path": path, "firm": firm, "there_by_period": there.iter().collect::<Vec<_>>(), "at_most_mw": at_most_mw,
        "fee_musd_per_mw_year": by_period(fee_musd_per_mw_year), "deposit_musd_per_mw": deposit_musd_per_mw, "study_musd": study_musd,
        "taken_mw": taken_mw, "deposit_comes_back_in_period": gives_back.map(crate::resolved::Ix::position),
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
