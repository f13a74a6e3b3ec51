//! What something new starts from, whatever door it came in by: the catalog's numbers of the nearest place,
//! of the chip and of the served model.

use crate::catalog::{Catalog, SiteRow};
use crate::physics::geography::great_circle_km;
use crate::physics::throughput::OperatingPoint;
use crate::plan::Plan;
use crate::plan::node::quoted;
use crate::resolved::own::{self, Configs};
use crate::resolved::serving::{best_way, need_of};

/// Nearer than this to the catalog's place, something new takes over its numbers.
const NEAR_KM: f64 = 900.0;

/// Months from order to service of a hall where the grid connection stands: our own choice.
pub const HALL_LEAD_MONTHS: f64 = 12.0;

/// Life of a hall, years: our own choice.
pub const HALL_LIFE_YEARS: f64 = 20.0;

/// Chips of a kind that can be bought in a quarter where nothing is known: our own choice.
pub const SUPPLY_PER_PERIOD: f64 = 10_000.0;

/// Answer tokens that can be sold in all markets of a first plan, Gtok per day: our own choice, about what 100 MW make.
pub const DEMAND_GTOK_PER_DAY: f64 = 10_000.0;

/// Lengths of a first product, tokens: our own choice.
pub const PROMPT_TOKENS: f64 = 4096.0;
/// See [`PROMPT_TOKENS`].
pub const ANSWER_TOKENS: f64 = 1024.0;

/// How fast each user of a first product gets answers, ms per token: our own choice, a reader's pace.
pub const TPOT_MS: f64 = 50.0;
/// Share of its prompts found in the cache: our own choice; DeepSeek's day had 0.56.
pub const CACHE_HIT_FRACTION: f64 = 0.5;

/// Price of carbon, $ per t: our own choice.
pub const CARBON_USD_PER_T: f64 = 50.0;

/// Price of a million answer tokens where nobody lists the served model, $: our own choice.
const USD_PER_MTOK: f64 = 1.5;

/// An hour of a chip where no rent was published, $: our own choice.
const USD_PER_CHIP_HOUR: f64 = 3.0;

/// What tokens of a served model sell for, $ per million.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenPrice {
    /// Answer tokens.
    pub answer: f64,
    /// Prompt tokens not found in the cache; 0 where nobody says.
    pub prompt: f64,
    /// Prompt tokens found in the cache; as the others where nobody says.
    pub cached_prompt: f64,
    /// Where it comes from, in words.
    pub source: String,
}

impl TokenPrice {
    /// The same with another price of answers, prompts in proportion.
    #[must_use]
    pub fn with_answer(&self, answer: f64) -> Self {
        let factor = if self.answer > 0.0 { answer / self.answer } else { 1.0 };
        let rounded = |price: f64| (price * factor * 1e4).round() / 1e4;
        Self { answer, prompt: rounded(self.prompt), cached_prompt: rounded(self.cached_prompt), source: self.source.clone() }
    }

    /// As it stands in a plan.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { answer, prompt, cached_prompt, .. } = self;
        let answer = if self.source.is_empty() {
            format!("{answer:?}")
        } else {
            format!("Stated(value: {answer:?}, source: {})", quoted(&self.source))
        };
        if *prompt > 0.0 {
            format!("(answer: {answer}, prompt: {prompt:?}, cached_prompt: {cached_prompt:?})")
        } else {
            format!("(answer: {answer})")
        }
    }
}

/// What tokens of a served model of the catalog sell for: the median over its hosts, else of the list prices of
/// it, else our own choice.
#[must_use]
pub fn token_price(served_model: &str) -> TokenPrice {
    let catalog = Catalog::embedded();
    if let Some(row) = catalog.hosted_price(served_model) {
        return TokenPrice {
            answer: row.answer.median,
            prompt: row.prompt.median,
            // Fewer hosts say it, dearer ones among them.
            cached_prompt: row.cached_prompt_usd_per_mtok.unwrap_or(row.prompt.median).min(row.prompt.median),
            source: format!("{} ({})", row.basis(), row.source),
        };
    }
    let mut listed: Vec<_> = catalog
        .prices()
        .iter()
        .filter(|row| row.served_model == served_model && !served_model.is_empty())
        .filter_map(|row| Some((row.answer_usd_per_mtok?, row)))
        .collect();
    listed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let Some((answer, row)) = listed.get(listed.len() / 2).copied() else {
        return TokenPrice { answer: USD_PER_MTOK, prompt: 0.0, cached_prompt: 0.0, source: String::new() };
    };
    let prompt = row.prompt_usd_per_mtok.unwrap_or(0.0);
    let source = format!("list price of {}, {} ({})", row.provider, row.date, row.source);
    TokenPrice { answer, prompt, cached_prompt: row.cached_prompt_usd_per_mtok.unwrap_or(prompt), source }
}

/// How prices of tokens go from year to year where nothing better is known: half way, in logarithms, between the
/// list price of one model that stays on sale and the price of a fixed capability.
#[must_use]
pub fn price_factor_per_year() -> f64 {
    let factor = |id: &str| Catalog::embedded().curve(id).map_or(1.0, |row| row.factor_per_year);
    ((factor("token-price-one-model") * factor("token-price-fixed-capability")).sqrt() * 1e3).round() / 1e3
}

/// The catalog's served model behind a product of a plan at the start; empty where there is none.
#[must_use]
pub fn served_model_of(plan: &Plan, product: &str) -> String {
    let id = plan.products.get(product).map(|product| product.served_model.at_or_first(plan.horizon.start).to_owned());
    id.and_then(|id| plan.served_models.get(&id)).and_then(|model| model.catalog.clone()).unwrap_or_default()
}

/// What tokens of a product of a plan sell for.
#[must_use]
pub fn price_of(plan: &Plan, product: &str) -> TokenPrice {
    token_price(&served_model_of(plan, product))
}

/// What an hour of a chip of a plan rents for, $: the last published one of the catalog with an amount.
#[must_use]
pub fn rent_of(plan: &Plan, chip: &str) -> f64 {
    let catalog_id = plan.chips.get(chip).and_then(|chip| chip.catalog.clone()).unwrap_or_default();
    let published = Catalog::embedded().rents(&catalog_id).filter_map(|row| {
        let ends = row.low_usd_per_chip_hour.zip(row.high_usd_per_chip_hour).map(|(low, high)| f64::midpoint(low, high));
        Some((row.date.as_str(), row.usd_per_chip_hour.or(ends)?))
    });
    let listed = Catalog::embedded().chip(&catalog_id).and_then(|chip| chip.fact("rent_usd_per_chip_hour")).and_then(|fact| fact.value);
    published.max_by(|a, b| a.0.cmp(b.0)).map(|(_, rent)| rent).or(listed).unwrap_or(USD_PER_CHIP_HOUR)
}

/// What the plan would use of a chip for a product if nothing were stated; none where that is not known.
#[must_use]
pub fn throughput_of(plan: &Plan, chip: &str, product: &str) -> Option<OperatingPoint> {
    let (catalog, start) = (Catalog::embedded(), plan.horizon.start);
    let stated = plan.products.get(product)?;
    let chip = own::chip(plan, chip, catalog)?;
    let (model, _) = own::served_model(plan, stated.served_model.at_or_first(start), catalog, &Configs::default())?;
    best_way(&chip, &model, &need_of(stated, start)).ok()
}

/// Numbers of a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Local {
    /// The catalog's row they are of; none where it has no place near, or in the same country.
    pub row: Option<&'static SiteRow>,
    /// Facility power over IT power, liquid cooling.
    pub pue: f64,
    /// Hall, $ per W of IT.
    pub hall_capex_usd_per_w: f64,
    /// Energy, $ per MWh.
    pub energy_usd_per_mwh: f64,
    /// Demand charge, $ per kW and month.
    pub demand_charge_usd_per_kw_month: f64,
    /// Carbon of the grid, g per kWh.
    pub carbon_g_per_kwh: f64,
}

/// The numbers that hold at a place: of the catalog's nearest place, at most 900 km off or in the same country;
/// elsewhere our own choice, which the planner replaces.
#[must_use]
pub fn local(country: &str, latitude: f64, longitude: f64) -> Local {
    let catalog = Catalog::embedded();
    let row = catalog
        .sites()
        .iter()
        .map(|row| (row.country != country, great_circle_km(latitude, longitude, row.latitude, row.longitude), row))
        .filter(|(abroad, km, _)| !abroad || *km < NEAR_KM)
        .min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))
        .map(|(_, _, row)| row);
    of(row)
}

/// The numbers of a row of the catalog.
#[must_use]
pub fn of(row: Option<&'static SiteRow>) -> Local {
    let catalog = Catalog::embedded();
    let demand = catalog.power_row("demand-charge-us").and_then(|row| catalog.power_in_usd(row)[1]);
    Local {
        row,
        pue: row.and_then(|row| row.pue_liquid.or(row.pue_air)).unwrap_or(1.2),
        hall_capex_usd_per_w: row.and_then(|row| row.hall_capex_usd_per_w).unwrap_or(11.0),
        energy_usd_per_mwh: row.and_then(|row| catalog.electricity_usd_per_mwh(row)).map_or(60.0, |price| (price * 100.0).round() / 100.0),
        demand_charge_usd_per_kw_month: demand.unwrap_or(8.0),
        carbon_g_per_kwh: row.and_then(|row| row.grid_gco2_per_kwh).unwrap_or(400.0),
    }
}

/// The numbers at a site of a plan; of nowhere if there is no such site.
#[must_use]
pub fn at_site(plan: &Plan, site: &str) -> Local {
    plan.sites.get(site).map_or_else(|| of(None), |site| local(&site.country, site.latitude, site.longitude))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_from_the_nearest_place_of_the_country() {
        // Oslo is nearer to no Norwegian place than Narvik, 1,010 km off; Stockholm's region is nearer but Swedish.
        assert_eq!(local("NO", 59.91, 10.75).row.unwrap().id, "no-nordic");
        assert_eq!(local("US", 33.0, -97.0).row.unwrap().id, "us-ercot");
        assert!(local("NZ", -41.0, 174.0).row.is_none());
    }

    #[test]
    fn prices_are_the_hosts_median_and_fall_as_sources_say() {
        let price = token_price("llama-3.3-70b");
        assert_eq!((price.answer, price.prompt), (0.71, 0.25));
        assert!(price.source.starts_with("median of 21 hosts"), "{}", price.source);
        // Twice the price of answers is twice that of prompts.
        assert_eq!(price.with_answer(1.42).prompt, 0.5);
        // R1 has no host in the table, only its maker's list.
        assert_eq!(token_price("deepseek-v3-r1").answer, 2.19);
        assert_eq!(token_price("").answer, USD_PER_MTOK);
        // The geometric mean of 1 and 0.1414.
        assert_eq!(price_factor_per_year(), 0.376);
    }
}
