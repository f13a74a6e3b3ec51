//! The catalog: what is known about chips, served models, power, places and prices, each number
//! with its source, its date and how far it can be trusted.
//!
//! The tables under `assets/catalog/` are compiled in and parsed once. A blank in a table is a
//! number that was not found: it stays `None` and is never filled in. Numbers that Tokenworks had
//! to choose itself are graded [`Confidence::StatedDefault`].
//!
//! A plan takes entries by id and may override any number; [`Chip`] and [`ServedModel`] are plain
//! structs for that purpose.

mod benchmarks;
mod beside;
mod chips;
pub mod config;
mod curves;
mod evidence;
mod hosted;
mod known_misses;
mod lengths;
mod names;
mod places;
mod power;
mod rents;
mod series;
mod served_models;
mod speculation;
mod table;
mod tariffs;
mod trade;
pub mod world;

use std::sync::OnceLock;

pub use benchmarks::{BenchmarkKind, MeasuredPoint, Serving, ThroughputRow};
pub use chips::{CHIP_FIELDS, Chip, ChipCooling, HOURS_OF_CAPITAL};
pub use curves::CurveRow;
pub use evidence::{Confidence, Evidence, Fact};
pub use hosted::{HostedRow, Spread};
pub use known_misses::{KNOWN_MISSES, KnownMiss};
pub use lengths::LengthsRow;
pub use names::nearest_name;
pub use places::{Exportable, SiteRow};
pub use power::{PowerRow, PowerTemplate};
pub use rents::RentRow;
pub use series::{HOURS_PER_YEAR, HourlySeries};
pub use served_models::{SERVED_MODEL_FIELDS, ServedModel};
pub use speculation::SpeculationRow;
pub use tariffs::{PublishedRow, TariffRow};
pub use trade::{DemandRow, ExchangeRate, PolicyNumber, PolicyRow, PriceRow, ReferenceRow};

/// Version of the embedded catalog, recorded in plans and reports.
pub const VERSION: &str = "2026-11";

/// Licences and credits of the embedded data, in Markdown.
pub const NOTICES: &str = include_str!("../../assets/catalog/NOTICES.md");

/// Every embedded table.
#[derive(Debug)]
pub struct Catalog {
    chips: Vec<Chip>,
    served_models: Vec<ServedModel>,
    speculation: Vec<SpeculationRow>,
    rents: Vec<RentRow>,
    throughput: Vec<ThroughputRow>,
    measured_points: Vec<MeasuredPoint>,
    power: Vec<PowerRow>,
    sites: Vec<SiteRow>,
    prices: Vec<PriceRow>,
    hosted_prices: Vec<HostedRow>,
    demand: Vec<DemandRow>,
    policies: Vec<PolicyRow>,
    references: Vec<ReferenceRow>,
    exchange_rates: Vec<ExchangeRate>,
    curves: Vec<CurveRow>,
    tariffs: Vec<TariffRow>,
    lead_times: Vec<PublishedRow>,
    hall_costs: Vec<PublishedRow>,
    lengths: Vec<LengthsRow>,
    problems: Vec<String>,
    /// Parsed on first use: half a megabyte of hours that `catalog list` never needs.
    series: OnceLock<(Vec<HourlySeries>, Vec<String>)>,
}

impl Catalog {
    /// The catalog compiled into the program, parsed on first use.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: OnceLock<Catalog> = OnceLock::new();
        EMBEDDED.get_or_init(Self::parse)
    }

    fn parse() -> Self {
        let mut problems = Vec::new();
        let chips = chips::read_chips(include_str!("../../assets/catalog/chips.csv"), &mut problems);
        let served_models = served_models::read_served_models(include_str!("../../assets/catalog/served_models.csv"), &mut problems);
        let speculation = speculation::read_speculation(include_str!("../../assets/catalog/speculation.csv"), &mut problems);
        let rents = rents::read_rents(include_str!("../../assets/catalog/rents.csv"), &mut problems);
        let throughput = benchmarks::read_throughput(include_str!("../../assets/catalog/throughput.csv"), &mut problems);
        let measured_points = benchmarks::read_measured_points(include_str!("../../assets/catalog/measured_points.csv"), &mut problems);
        let power = power::read_power(include_str!("../../assets/catalog/power.csv"), &mut problems);
        let sites = places::read_sites(include_str!("../../assets/catalog/sites.csv"), &mut problems);
        let prices = trade::read_prices(include_str!("../../assets/catalog/prices.csv"), &mut problems);
        let hosted_prices = hosted::read_hosted(include_str!("../../assets/catalog/hosted_prices.csv"), &mut problems);
        let demand = trade::read_demand(include_str!("../../assets/catalog/demand.csv"), &mut problems);
        let policies = trade::read_policies(include_str!("../../assets/catalog/policies.csv"), &mut problems);
        let references = trade::read_references(include_str!("../../assets/catalog/reference_cases.csv"), &mut problems);
        let exchange_rates = trade::read_exchange_rates(include_str!("../../assets/catalog/exchange_rates.csv"), &mut problems);
        let curves = curves::read_curves(include_str!("../../assets/catalog/curves.csv"), &mut problems);
        let tariffs = tariffs::read_tariffs(include_str!("../../assets/catalog/tariffs_large_load.csv"), &mut problems);
        let lead_times = tariffs::read_published(
            "lead_times.csv",
            ("what", "region"),
            include_str!("../../assets/catalog/lead_times.csv"),
            &mut problems,
        );
        let hall_costs = tariffs::read_published(
            "hall_cost.csv",
            ("place", "country"),
            include_str!("../../assets/catalog/hall_cost.csv"),
            &mut problems,
        );
        let lengths = lengths::read_lengths(include_str!("../../assets/catalog/demand_lengths.csv"), &mut problems);
        Self {
            chips,
            served_models,
            speculation,
            rents,
            throughput,
            measured_points,
            power,
            sites,
            prices,
            hosted_prices,
            demand,
            policies,
            references,
            exchange_rates,
            curves,
            tariffs,
            lead_times,
            hall_costs,
            lengths,
            problems,
            series: OnceLock::new(),
        }
    }

    /// Rows that could not be read, one sentence each. A test asserts that there is none.
    #[must_use]
    pub fn problems(&self) -> Vec<&str> {
        let (_, series_problems) = self.series_table();
        self.problems.iter().chain(series_problems).map(String::as_str).collect()
    }

    /// All chips.
    #[must_use]
    pub fn chips(&self) -> &[Chip] {
        &self.chips
    }

    /// A chip by id.
    #[must_use]
    pub fn chip(&self, id: &str) -> Option<&Chip> {
        self.chips.iter().find(|chip| chip.id == id)
    }

    /// All served models.
    #[must_use]
    pub fn served_models(&self) -> &[ServedModel] {
        &self.served_models
    }

    /// A served model by id.
    #[must_use]
    pub fn served_model(&self, id: &str) -> Option<&ServedModel> {
        self.served_models.iter().find(|served| served.id == id)
    }

    /// Published rents of a chip, with their terms and dates.
    pub fn rents(&self, chip: &str) -> impl Iterator<Item = &RentRow> {
        self.rents.iter().filter(move |row| row.chip == chip)
    }

    /// What was published of drafting ahead with a served model.
    #[must_use]
    pub fn speculation(&self, served_model: &str) -> Option<&SpeculationRow> {
        self.speculation.iter().find(|row| row.served_model == served_model)
    }

    /// All courses over time.
    #[must_use]
    pub fn curves(&self) -> &[CurveRow] {
        &self.curves
    }

    /// Lengths of prompts and answers of published workloads.
    #[must_use]
    pub fn lengths(&self) -> &[LengthsRow] {
        &self.lengths
    }

    /// A course over time by id.
    #[must_use]
    pub fn curve(&self, id: &str) -> Option<&CurveRow> {
        self.curves.iter().find(|curve| curve.id == id)
    }

    /// All tariffs for large loads.
    #[must_use]
    pub fn tariffs(&self) -> &[TariffRow] {
        &self.tariffs
    }

    /// A tariff for large loads by id.
    #[must_use]
    pub fn tariff(&self, id: &str) -> Option<&TariffRow> {
        self.tariffs.iter().find(|row| row.id == id)
    }

    /// Published lead times of transformers, turbines and connections.
    #[must_use]
    pub fn lead_times(&self) -> &[PublishedRow] {
        &self.lead_times
    }

    /// Published costs of halls.
    #[must_use]
    pub fn hall_costs(&self) -> &[PublishedRow] {
        &self.hall_costs
    }

    /// All published throughputs, predictions of other tools among them.
    #[must_use]
    pub fn throughput(&self) -> &[ThroughputRow] {
        &self.throughput
    }

    /// All points of public sweeps.
    #[must_use]
    pub fn measured_points(&self) -> &[MeasuredPoint] {
        &self.measured_points
    }

    /// All prices and costs of power.
    #[must_use]
    pub fn power(&self) -> &[PowerRow] {
        &self.power
    }

    /// A price or cost of power by id.
    #[must_use]
    pub fn power_row(&self, id: &str) -> Option<&PowerRow> {
        self.power.iter().find(|row| row.id == id)
    }

    /// All typical sites.
    #[must_use]
    pub fn sites(&self) -> &[SiteRow] {
        &self.sites
    }

    /// A typical site by id.
    #[must_use]
    pub fn site(&self, id: &str) -> Option<&SiteRow> {
        self.sites.iter().find(|site| site.id == id)
    }

    /// All list prices of tokens.
    #[must_use]
    pub fn prices(&self) -> &[PriceRow] {
        &self.prices
    }

    /// A list price of tokens by id.
    #[must_use]
    pub fn price(&self, id: &str) -> Option<&PriceRow> {
        self.prices.iter().find(|price| price.id == id)
    }

    /// Prices of served models over their hosts.
    #[must_use]
    pub fn hosted_prices(&self) -> &[HostedRow] {
        &self.hosted_prices
    }

    /// Prices of one served model over its hosts, by the model's id.
    #[must_use]
    pub fn hosted_price(&self, served_model: &str) -> Option<&HostedRow> {
        self.hosted_prices.iter().find(|row| !row.served_model.is_empty() && row.served_model == served_model)
    }

    /// All published volumes of tokens.
    #[must_use]
    pub fn demand(&self) -> &[DemandRow] {
        &self.demand
    }

    /// All policies.
    #[must_use]
    pub fn policies(&self) -> &[PolicyRow] {
        &self.policies
    }

    /// A policy by id.
    #[must_use]
    pub fn policy(&self, id: &str) -> Option<&PolicyRow> {
        self.policies.iter().find(|policy| policy.id == id)
    }

    /// All published reference cases.
    #[must_use]
    pub fn reference_cases(&self) -> &[ReferenceRow] {
        &self.references
    }

    /// All exchange rates.
    #[must_use]
    pub fn exchange_rates(&self) -> &[ExchangeRate] {
        &self.exchange_rates
    }

    /// USD per unit of a currency (ISO 4217).
    #[must_use]
    pub fn usd_per_unit(&self, currency: &str) -> Option<f64> {
        self.exchange_rates.iter().find(|rate| rate.currency == currency).map(|rate| rate.usd_per_unit)
    }

    /// Electricity price of a site in USD per megawatt-hour, converted at the catalog's rate.
    #[must_use]
    pub fn electricity_usd_per_mwh(&self, site: &SiteRow) -> Option<f64> {
        Some(site.electricity_price_per_mwh? * self.usd_per_unit(&site.electricity_currency)?)
    }

    /// Low, middle and high of a power row in USD (or as they are for a pure fraction).
    #[must_use]
    pub fn power_in_usd(&self, row: &PowerRow) -> [Option<f64>; 3] {
        let rate = if row.currency.is_empty() { Some(1.0) } else { self.usd_per_unit(&row.currency) };
        [row.low, row.mid, row.high].map(|value| Some(value? * rate?))
    }

    /// All hourly series.
    #[must_use]
    pub fn all_series(&self) -> &[HourlySeries] {
        &self.series_table().0
    }

    /// An hourly series by id.
    #[must_use]
    pub fn series(&self, id: &str) -> Option<&HourlySeries> {
        self.all_series().iter().find(|series| series.id == id)
    }

    /// Why the throughput of a served model is known to be off, where it is.
    #[must_use]
    pub fn known_miss(&self, served_model: &ServedModel) -> Option<&'static KnownMiss> {
        KNOWN_MISSES.iter().find(|miss| miss.covers(served_model))
    }

    /// Everything known to be off for a chip with a served model and answers of a length.
    pub fn known_misses(&self, chip: &Chip, served_model: &ServedModel, answer_tokens: f64) -> impl Iterator<Item = &'static KnownMiss> {
        KNOWN_MISSES.iter().filter(move |miss| miss.covers_pair(chip, served_model, answer_tokens))
    }

    /// The chip, served model, site, power row, price or series whose id is closest to `id`.
    #[must_use]
    pub fn nearest(&self, id: &str) -> Option<&str> {
        let chips = self.chips.iter().map(|row| row.id.as_str());
        let served_models = self.served_models.iter().map(|row| row.id.as_str());
        let sites = self.sites.iter().map(|row| row.id.as_str());
        let power = self.power.iter().map(|row| row.id.as_str());
        let prices = self.prices.iter().map(|row| row.id.as_str());
        let series = self.all_series().iter().map(|row| row.id.as_str());
        nearest_name(id, chips.chain(served_models).chain(sites).chain(power).chain(prices).chain(series))
    }

    fn series_table(&self) -> &(Vec<HourlySeries>, Vec<String>) {
        self.series.get_or_init(|| {
            let mut problems = Vec::new();
            let series = series::read_series(
                include_str!("../../assets/catalog/series.csv"),
                include_str!("../../assets/catalog/hourly.csv"),
                include_str!("../../assets/catalog/demand_curves.csv"),
                &self.exchange_rates,
                &mut problems,
            );
            (series, problems)
        })
    }
}
