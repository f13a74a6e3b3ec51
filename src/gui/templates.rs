//! What a new entry of each section starts from: numbers a planner would recognise.

use super::change::Edit;
use super::{change, reflect};
use crate::plan::Plan;
use crate::plan::node::{Node as _, Shape};

/// What one entry of a section is called.
#[must_use]
pub fn singular(map: &str) -> &'static str {
    match change::split(map).1 {
        "profiles" => "profile",
        "sites" => "site",
        "halls" => "hall",
        "buildable" => "hall type",
        "chips" => "chip",
        "fleets" => "fleet",
        "rentals" => "rental",
        "contracts" => "contract",
        "served_models" => "served model",
        "products" => "product",
        "throughput" => "throughput row",
        "markets" => "market",
        "routes" => "route",
        "purchases" => "purchase",
        "training" => "training programme",
        "policies" => "policy",
        "decisions" => "decision",
        "scenarios" => "scenario",
        "studies" => "study",
        "days" => "day",
        "demand" => "demand",
        _ => "entry",
    }
}

/// An edit that adds a new entry to a map, and the entry's id. Nothing is added that could not be read.
#[must_use]
pub fn new_entry(plan: &Plan, map: &str) -> Option<(String, Edit)> {
    let place = reflect::place(plan, map)?;
    let Shape::Map(inner) = place.shape else { return None };
    let taken = change::get(plan, map).map(crate::plan::node::Node::children).unwrap_or_default();
    let id = match change::split(map).1 {
        // Demand is keyed by product: take one that has none yet.
        "demand" => plan.products.keys().find(|product| !taken.contains(product)).cloned()?,
        _ => free_id(&taken, &singular(map).replace(' ', "-")),
    };
    let text = template(plan, map).unwrap_or_else(|| reflect::example_in(plan, inner()));
    Some((id.clone(), Edit::insert(map, id, text)))
}

/// The first of `name`, `name-2`, `name-3`… that is free.
#[must_use]
pub fn free_id(taken: &[String], name: &str) -> String {
    let mut id = name.to_owned();
    let mut next = 2;
    while taken.contains(&id) {
        id = format!("{name}-{next}");
        next += 1;
    }
    id
}

fn template(plan: &Plan, map: &str) -> Option<String> {
    let first = |target: &str| plan.child(target).and_then(|node| node.children().into_iter().next()).unwrap_or_default();
    let (site, chip, product, market, model) =
        (first("sites"), first("chips"), first("products"), first("markets"), first("served_models"));
    let start = plan.horizon.start;
    Some(match change::split(map).1 {
        "sites" => "(name: \"New site\", country: \"US\", latitude: 39.0, longitude: -95.0, utc_offset_hours: -6.0, interconnect_mw: 100.0, pue: 1.2)".into(),
        "halls" => "(it_mw: 20.0, cooling: Liquid)".into(),
        "buildable" => "(it_mw: 24.0, cooling: Liquid, capex_usd_per_w: 11.0, lead_months: 18.0, life_years: 20.0, at_most: 4.0)".into(),
        "contracts" => format!("(site: {site:?}, terms: Tariff(energy_usd_per_mwh: 60.0, demand_charge_usd_per_kw_month: 8.0))"),
        "fleets" => format!("(site: {site:?}, chip: {chip:?}, count: 1024.0, in_service: \"{start}\")"),
        "rentals" => format!("(chip: {chip:?}, site: {site:?}, price_usd_per_chip_hour: 3.0, at_most: 1000.0)"),
        "products" => format!("(served_model: {model:?}, prompt_tokens: 4096.0, answer_tokens: 1024.0)"),
        "markets" => "(name: \"New market\", country: \"US\", latitude: 40.7, longitude: -74.0, utc_offset_hours: -5.0, demand: {})".into(),
        "demand" => "(segments: [(answer_gtok_per_day: 100.0, usd_per_mtok: (answer: 1.0))])".into(),
        "throughput" => format!("(chip: {chip:?}, product: {product:?}, prefill_tok_per_s: 4000.0, decode_tok_per_s: 500.0)"),
        "routes" => format!("(site: {site:?}, market: {market:?}, banned: true)"),
        "purchases" => format!("(product: {product:?}, country: \"US\", usd_per_mtok: 2.0, at_most_gtok_per_day: 10.0)"),
        "policies" => format!("CarbonPrice(usd_per_t: {{\"{start}\": 50.0}})"),
        "profiles" => "PerHour([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])".into(),
        "training" => format!("(from: \"{start}\", until: \"{}\", need: Zflop(100.0))", start.plus(11)),
        "decisions" => format!("(site: {site:?}, what: Chips({chip:?}), at_least: 1000.0)"),
        "scenarios" => "(set: {})".into(),
        "studies" => format!("Grid(axes: [(vary: [(paths: [\"sites.{site}.interconnect_mw\"], act: Multiplies, at: Evenly(from: 0.5, to: 1.5, steps: 5))])])"),
        _ => return None,
    })
}
