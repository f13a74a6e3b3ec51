//! What a new entry of each section starts from: numbers a planner would recognise.

use super::change::Edit;
use super::whereabouts::{self, Whereabouts};
use super::{change, defaults, reflect};
use crate::catalog::{TariffRow, world};
use crate::plan::Plan;
use crate::plan::node::{Node as _, Shape, quoted};
use crate::words;
pub use crate::words::singular;

/// An edit that adds a new entry to a map, and the entry's id. Nothing is added that could not be read.
#[must_use]
pub fn new_entry(plan: &Plan, map: &str) -> Option<(String, Edit)> {
    let place = reflect::place(plan, map)?;
    let Shape::Map(inner) = place.shape else { return None };
    let taken = change::get(plan, map).map(crate::plan::node::Node::children).unwrap_or_default();
    // What stands on the map has a name of its place.
    let placed = match map {
        "sites" => new_site(plan),
        "markets" => new_market(plan),
        _ => None,
    };
    if let Some((id, text)) = placed {
        return Some((id.clone(), Edit::insert(map, id, text)));
    }
    let id = match change::split(map).1 {
        // Demand is keyed by product, and so is what goes on: take one that has none yet.
        "demand" | "keep" => plan.products.keys().find(|product| !taken.contains(product)).cloned()?,
        _ => free_id(&taken, &id_for(plan, map)),
    };
    let text = template(plan, map).unwrap_or_else(|| reflect::example_in(plan, inner()));
    Some((id.clone(), Edit::insert(map, id, text)))
}

/// An edit that adds a contract on a tariff for large loads of the catalog, and the contract's id.
#[must_use]
pub fn large_load(plan: &Plan, site: &str, tariff: &TariffRow) -> (String, Edit) {
    let taken: Vec<String> = plan.contracts.keys().cloned().collect();
    let id = free_id(&taken, &tariff.id);
    let carbon = defaults::at_site(plan, site).carbon_g_per_kwh;
    let text = format!("(site: {}, carbon_g_per_kwh: {carbon:?}, terms: {})", quoted(site), tariff.starting_terms());
    (id.clone(), Edit::insert("contracts", id, text))
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

/// A new site at a place: its id and its text, with the catalog's numbers of the nearest place.
#[must_use]
pub fn site_at(plan: &Plan, here: Whereabouts, latitude: f64, longitude: f64) -> (String, String) {
    let names: Vec<String> =
        plan.sites.iter().map(|(id, site)| if site.name.is_empty() { id.clone() } else { site.name.clone() }).collect();
    let name = whereabouts::free_name(&names, here.country_name);
    let taken: Vec<String> = plan.sites.keys().cloned().collect();
    let id = free_id(&taken, &words::id_of(&name));
    let pue = defaults::local(here.country, latitude, longitude).pue;
    let place = whereabouts::fields(latitude, longitude, here.country);
    (id, format!("(name: {}, {place}, interconnect_mw: 100.0, pue: {pue:?})", quoted(&name)))
}

/// Where something new stands that was not put on the map: beside the first site, or in Texas.
fn somewhere(plan: &Plan) -> (f64, f64) {
    plan.sites.values().next().map_or((32.45, -99.73), |site| (site.latitude, site.longitude))
}

/// A new site beside the last one.
fn new_site(plan: &Plan) -> Option<(String, String)> {
    let (latitude, longitude) = plan.sites.values().last().map_or((32.45, -99.73), |site| (site.latitude - 0.5, site.longitude));
    let (latitude, longitude) = (whereabouts::rounded(latitude), whereabouts::rounded(longitude));
    let here = whereabouts::whereabouts(latitude, longitude)?;
    Some(site_at(plan, here, latitude, longitude))
}

/// A new market: users of the first site's country that has none yet.
fn new_market(plan: &Plan) -> Option<(String, String)> {
    let (latitude, longitude) = somewhere(plan);
    let here = whereabouts::whereabouts(latitude, longitude)?;
    // Users live all over the country: its middle stands for them, and keeps off the site.
    let (longitude, latitude) = world::country(here.country).map_or((longitude, latitude), |country| {
        let ((east, north), _) = country.label;
        (f64::from(east), f64::from(north))
    });
    let here = whereabouts::whereabouts(latitude, longitude).unwrap_or(here);
    let names: Vec<String> =
        plan.markets.iter().map(|(id, market)| if market.name.is_empty() { id.clone() } else { market.name.clone() }).collect();
    let name = whereabouts::free_name(&names, &format!("Users in {}", here.country_name));
    let taken: Vec<String> = plan.markets.keys().cloned().collect();
    let place = whereabouts::fields(latitude, longitude, here.country);
    Some((free_id(&taken, &words::id_of(&name)), format!("(name: {}, {place}, demand: {{}})", quoted(&name))))
}

/// What an entry is called by what it belongs to, where its kind alone would say nothing.
fn id_for(plan: &Plan, map: &str) -> String {
    let first = |target: &str| plan.child(target).and_then(|node| node.children().into_iter().next()).unwrap_or_default();
    let of = |owner: String, what: &str| if owner.is_empty() { what.to_owned() } else { format!("{owner}-{what}") };
    match change::split(map).1 {
        "contracts" => of(first("sites"), "power"),
        "fleets" | "rentals" => of(first("sites"), &first("chips")),
        "buildable" => "liquid-hall".into(),
        "products" => "chat".into(),
        _ => singular(map).replace(' ', "-"),
    }
}

fn template(plan: &Plan, map: &str) -> Option<String> {
    let first = |target: &str| plan.child(target).and_then(|node| node.children().into_iter().next()).unwrap_or_default();
    let (site, chip, product, market, model) =
        (first("sites"), first("chips"), first("products"), first("markets"), first("served_models"));
    let owner = map.strip_prefix("sites.").and_then(|rest| rest.split('.').next()).unwrap_or(&site);
    let here = defaults::at_site(plan, owner);
    let start = plan.horizon.start;
    Some(match change::split(map).1 {
        "halls" => "(it_mw: 20.0, cooling: Liquid)".into(),
        "buildable" => format!(
            "(it_mw: 24.0, cooling: Liquid, capex_usd_per_w: {:?}, lead_months: {:?}, life_years: {:?}, at_most: 4.0)",
            here.hall_capex_usd_per_w,
            defaults::HALL_LEAD_MONTHS,
            defaults::HALL_LIFE_YEARS
        ),
        "contracts" => format!(
            "(site: {site:?}, carbon_g_per_kwh: {:?}, terms: Tariff(energy_usd_per_mwh: {:?}, demand_charge_usd_per_kw_month: {:?}))",
            here.carbon_g_per_kwh, here.energy_usd_per_mwh, here.demand_charge_usd_per_kw_month
        ),
        "actors" => "(name: \"\")".into(),
        "fleets" => format!("(site: {site:?}, chip: {chip:?}, count: 1024.0, in_service: \"{start}\")"),
        "rentals" => format!(
            "(chip: {chip:?}, site: {site:?}, price_usd_per_chip_hour: {:?}, at_most: 1000.0)",
            defaults::rent_of(plan, &chip)
        ),
        "products" => format!(
            "(served_model: {model:?}, prompt_tokens: {:?}, answer_tokens: {:?}, cache_hit_fraction: {:?}, tpot_ms: {:?})",
            defaults::PROMPT_TOKENS,
            defaults::ANSWER_TOKENS,
            defaults::CACHE_HIT_FRACTION,
            defaults::TPOT_MS
        ),
        "demand" => demand(plan, map),
        "throughput" => throughput(plan, &chip, &product)?,
        "routes" => format!("(site: {site:?}, market: {market:?}, banned: true)"),
        "purchases" => purchase(plan, &product),
        "tasks" => format!(
            "(market: {market:?}, tasks_per_day: 0.0, answers: [(product: {product:?}, pass_fraction: 1.0, answer_tokens_per_task: {:?})])",
            defaults::ANSWER_TOKENS
        ),
        "policies" => format!("CarbonPrice(usd_per_t: {{\"{start}\": {:?}}})", defaults::CARBON_USD_PER_T),
        "profiles" => "PerHour([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])".into(),
        "training" => format!("(from: \"{start}\", until: \"{}\", need: Zflop(100.0))", start.plus(11)),
        "decisions" => format!("(site: {site:?}, what: Chips({chip:?}), at_least: 1000.0)"),
        "resilience" => format!("(lose: Largest(Plant), keep: {{{product:?}: (fraction: 0.9)}})"),
        "keep" => "(fraction: 0.9)".into(),
        "scenarios" => "(set: {})".into(),
        "studies" => format!("Grid(axes: [(vary: [(paths: [\"sites.{site}.interconnect_mw\"], act: Multiplies, at: Evenly(from: 0.5, to: 1.5, steps: 5))])])"),
        "connections" => "(firm_mw: 100.0)".into(),
        "feeds" => "(mw: 50.0, redundancy: TwoN)".into(),
        "energy_charges" => "(tiers: [(usd_per_mwh: 5.0)])".into(),
        "demand_charges" => "(usd_per_kw_month: 5.0)".into(),
        _ => return None,
    })
}

/// Demand of the first product that the market has none for: at what hosts ask, falling as sources say.
fn demand(plan: &Plan, map: &str) -> String {
    let taken = change::get(plan, map).map(crate::plan::node::Node::children).unwrap_or_default();
    let product = plan.products.keys().find(|product| !taken.contains(product)).map(String::as_str).unwrap_or_default();
    format!(
        "(price_factor_per_year: {:?}, segments: [(answer_gtok_per_day: {:?}, usd_per_mtok: {})])",
        defaults::price_factor_per_year(),
        defaults::DEMAND_GTOK_PER_DAY / 2.0,
        defaults::price_of(plan, product).text()
    )
}

/// What the catalog says of a chip with a product, to start from; the shape alone where it says nothing.
fn throughput(plan: &Plan, chip: &str, product: &str) -> Option<String> {
    let point = defaults::throughput_of(plan, chip, product)?;
    Some(format!(
        "(chip: {chip:?}, product: {product:?}, prefill_tok_per_s: {:?}, decode_tok_per_s: {:?}, replica_chips: {:?}, source: {})",
        point.prefill_tok_per_s.round(),
        point.decode_tok_per_s.round(),
        point.replica.chips(),
        quoted(&format!("to start from: {}", point.source))
    ))
}

/// Answer tokens bought at what hosts ask, the product's prompts included.
fn purchase(plan: &Plan, product: &str) -> String {
    let price = defaults::price_of(plan, product);
    let prompts = plan.products.get(product).and_then(|product| {
        let hit = product.cache_hit_fraction.constant()?;
        let per_answer = product.prompt_tokens.constant()? / product.answer_tokens.constant()?.max(1e-9);
        Some(per_answer * ((1.0 - hit) * price.prompt + hit * price.cached_prompt))
    });
    let full = ((price.answer + prompts.unwrap_or(0.0)) * 1e4).round() / 1e4;
    let stated =
        if price.source.is_empty() { format!("{full:?}") } else { format!("Stated(value: {full:?}, source: {})", quoted(&price.source)) };
    format!("(product: {product:?}, country: \"US\", usd_per_mtok: {stated}, at_most_gtok_per_day: 10.0)")
}
