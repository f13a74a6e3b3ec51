//! The plan that the answers describe.

use super::{Block, Wizard};
use crate::catalog::{Catalog, SiteRow};
use crate::gui::{defaults, whereabouts};
use crate::plan::node::{id_problem, quoted};
use crate::words;

/// Share of a block's energy that is paid for even if it is not drawn: our own choice.
const TAKE_OR_PAY: f64 = 0.8;

/// An id made from a name, or another where it makes none.
fn id_or(name: &str, other: &str) -> String {
    let id = words::id_of(name);
    if id_problem(&id).is_some() { other.to_owned() } else { id }
}

/// The text of the plan that the answers describe.
#[must_use]
pub fn plan_text(wizard: &Wizard) -> String {
    let catalog = Catalog::embedded();
    let site = catalog.site(&wizard.site);
    let here = defaults::of(site);
    let (name, country, latitude, longitude) =
        site.map_or(("Texas", "US", 32.45, -99.73), |site| (site.place.as_str(), site.country.as_str(), site.latitude, site.longitude));
    let site_id = id_or(name, "first-site");
    let hall_mw = (wizard.power_mw / here.pue / 4.0 * 100.0).round().max(50.0) / 100.0;
    let notes = format!(
        "Made from five questions. Place, energy price, PUE, capex of halls and carbon from the catalog ({}); power, chips, sales and money as answered. \
         A hall takes {} months to build, and a block of power costs what the tariff's energy does, until better is known. \
         A token's price goes to {} of itself each year: half way, in logarithms, between one model's list price (catalog \
         token-price-one-model) and the price of fixed capability (token-price-fixed-capability) unless typed otherwise; this \
         decides what such a plan is worth. Software gains what it gains on mature models.",
        wizard.site,
        defaults::HALL_LEAD_MONTHS,
        words::number(wizard.price_factor_per_year)
    );
    let model_id = id_or(&wizard.served_model, "first-model");
    let budget = if wizard.in_all {
        format!("capex_musd_total: {:?}", wizard.capex_musd)
    } else {
        format!("capex_musd_per_period: {:?}", wizard.capex_musd / 4.0)
    };
    format!(
        r#"(
    schema: 1,
    name: {title},
    notes: {notes},
    catalog_version: {version},
    horizon: (start: "2027-01", period_months: 3, periods: {periods}, discount_rate_fraction: 0.08, price_basis: "real 2026 USD"),
    slices: Representative(block_hours: 4, days: {{
        "winter": (months: [12, 1, 2]), "spring": (months: [3, 4, 5]), "summer": (months: [6, 7, 8]), "autumn": (months: [9, 10, 11]),
    }}),
    sites: {{{site}: (
        name: {name}, {place},
        interconnect_mw: {power:?}, pue: {pue:?},
        buildable: {{{hall}: (it_mw: {hall_mw:?}, cooling: Liquid, capex_usd_per_w: {hall_capex:?}, lead_months: {lead:?}, life_years: {life:?}, at_most: 4.0)}},
    )}},
    chips: {{{chips}}},
    contracts: {{{contracts}}},
    served_models: {{{model_id}: (catalog: {model}, speed_factor: Curve(from: 1.0, catalog: "software-mature-model"))}},
    products: {{"chat": (served_model: {model_id}, prompt_tokens: {prompt:?}, answer_tokens: {answer:?}, cache_hit_fraction: {cached:?}, tpot_ms: {tpot:?})}},
    markets: {{{markets}}},
    budget: ({budget}),
)"#,
        title = quoted(&format!("{name} with {} MW", words::number(wizard.power_mw))),
        notes = quoted(&notes),
        version = quoted(crate::catalog::VERSION),
        periods = (wizard.years * 4.0).round(),
        site = quoted(&site_id),
        name = quoted(name),
        place = whereabouts::fields(latitude, longitude, country),
        cached = defaults::CACHE_HIT_FRACTION,
        tpot = defaults::TPOT_MS,
        power = wizard.power_mw,
        pue = here.pue,
        hall = quoted(&format!("liquid-{}", hall_mw.round())),
        hall_capex = here.hall_capex_usd_per_w,
        lead = defaults::HALL_LEAD_MONTHS,
        life = defaults::HALL_LIFE_YEARS,
        chips = chips(wizard),
        contracts = contracts(wizard, &site_id, &here),
        model = quoted(&wizard.served_model),
        model_id = quoted(&model_id),
        prompt = defaults::PROMPT_TOKENS,
        answer = defaults::ANSWER_TOKENS,
        markets = markets(wizard),
    )
}

fn chips(wizard: &Wizard) -> String {
    let entry = |chip: &String| {
        let lead = Catalog::embedded().chip(chip).and_then(|chip| chip.fact("lead_months")).and_then(|fact| fact.value).unwrap_or(6.0);
        let id = id_or(&chip.replace('_', "-"), "first-chip");
        format!("{}: (catalog: {}, lead_months: {lead:?}, supply_per_period: {:?})", quoted(&id), quoted(chip), defaults::SUPPLY_PER_PERIOD)
    };
    wizard.chips.iter().map(entry).collect::<Vec<_>>().join(", ")
}

fn contracts(wizard: &Wizard, site: &str, here: &defaults::Local) -> String {
    let site = quoted(site);
    let (price, mw) = (here.energy_usd_per_mwh, (wizard.power_mw * wizard.block_fraction * 100.0).round() / 100.0);
    let mut all = vec![format!(
        "\"grid\": (site: {site}, carbon_g_per_kwh: {:?}, terms: Tariff(energy_usd_per_mwh: {price:?}, demand_charge_usd_per_kw_month: {:?}))",
        here.carbon_g_per_kwh, here.demand_charge_usd_per_kw_month
    )];
    all.extend(wizard.blocks.iter().map(|block| match block {
        Block::Baseload => {
            let carbon = here.carbon_g_per_kwh;
            format!("\"baseload\": (site: {site}, carbon_g_per_kwh: {carbon:?}, terms: Baseload(price_usd_per_mwh: {price:?}, contract_mw: UpTo({mw:?}), take_or_pay_fraction: {TAKE_OR_PAY:?}))")
        }
        Block::HydroBaseload => format!(
            "\"hydro-baseload\": (site: {site}, renewable: true, terms: Baseload(price_usd_per_mwh: {price:?}, contract_mw: UpTo({mw:?}), take_or_pay_fraction: {TAKE_OR_PAY:?}))"
        ),
        Block::Hydro => {
            // Half of what the power could give in a year, as large reservoirs do.
            let gwh = (mw * 8.76 * 0.5).round();
            format!("\"hydro\": (site: {site}, renewable: true, terms: Hydro(price_usd_per_mwh: {price:?}, contract_mw: UpTo({mw:?}), gwh_per_year: {gwh:?}))")
        }
    }));
    all.join(", ")
}

fn markets(wizard: &Wizard) -> String {
    let rows: Vec<&SiteRow> = wizard.markets.iter().filter_map(|id| Catalog::embedded().site(id)).collect();
    // Each an equal part, in the fewest digits that give the whole.
    let each = wizard.gtok_per_day / rows.len().max(1) as f64;
    let listed = defaults::token_price(&wizard.served_model);
    let price = wizard
        .usd_per_mtok
        .map_or_else(|| listed.clone(), |answer| defaults::TokenPrice { source: String::new(), ..listed.with_answer(answer) });
    let entry = |row: &SiteRow| {
        // Users near the site stand beside it on the map, not under it.
        let own = (row.latitude, row.longitude);
        let (latitude, longitude) = if row.id == wizard.site { whereabouts::place_beside(own).unwrap_or(own) } else { own };
        format!(
            "{}: (name: {}, {}, demand: {{\"chat\": (price_factor_per_year: {:?}, segments: [(answer_gtok_per_day: {each:?}, usd_per_mtok: {})])}})",
            quoted(&id_or(&format!("users-{}", row.place), &format!("users-{}", row.id))),
            quoted(&format!("Users near {}", row.place)),
            whereabouts::fields(latitude, longitude, &row.country),
            (wizard.price_factor_per_year * 1e4).round() / 1e4,
            price.text()
        )
    };
    rows.into_iter().map(entry).collect::<Vec<_>>().join(", ")
}
