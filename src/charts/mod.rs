//! Charts as data: `Results` in, [`Chart`] out. The window draws them through egui_plot or its
//! painter, files are drawn by `export::svg`; both read the same [`Chart`].
//!
//! To add a chart: one file with `fn chart(&Results, &Selection) -> Chart`, one line in [`CHARTS`].

use crate::results::Results;

pub(crate) mod binds;
pub(crate) mod drawing;
pub(crate) mod frame;
pub mod outline;
pub mod palette;
pub mod plot;
pub(crate) mod rests_on;
pub mod tables;
pub mod ticks;

mod bottlenecks;
mod capex;
mod carbon;
mod cash_flow;
pub mod chart;
mod chip_cost;
mod cost;
mod cost_per_mtok;
mod cost_waterfall;
mod fleet;
pub mod frontier;
mod halls;
mod map;
mod matching;
mod money;
mod power_day;
mod power_periods;
mod revenue;
mod sankey;
mod serving;
mod shadow_prices;
mod supply_curve;
mod tokens;
mod tokens_per_joule;
mod utilisation;

pub use binds::{family_label, worth_of_one_percent};
pub use chart::*;
pub use outline::outline;
pub use palette::{Order, color_of};
pub use sankey::{SankeySums, sums as sankey_sums};
pub use tables::{Table, TableCell, table};

/// A chart that can be made of any [`Results`].
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name in `export --chart`.
    pub name: &'static str,
    /// Its title in lists.
    pub title: &'static str,
    /// What it answers, a sentence.
    pub doc: &'static str,
    /// Makes it.
    pub chart: fn(&Results, &Selection) -> Chart,
}

/// Shorthand for the table below.
const fn entry(name: &'static str, title: &'static str, doc: &'static str, chart: fn(&Results, &Selection) -> Chart) -> Entry {
    Entry { name, title, doc, chart }
}

/// Every chart, in the order of galleries and reports.
pub const CHARTS: &[Entry] = &[
    entry("tokens", "Tokens by product", "How many answer tokens are served in each period, by product.", tokens::by_product),
    entry("tokens-by-site", "Tokens by site", "Where the answer tokens of each period are made.", tokens::by_site),
    entry("tokens-by-chip", "Tokens by chip", "Which chips make the answer tokens of each period.", tokens::by_chip),
    entry("fleet", "Chips in service", "Which chips are in service in each period, and how many are ordered.", fleet::in_service),
    entry("orders", "Chips ordered", "Which chips are ordered in each period.", fleet::orders),
    entry("power-day", "Power of a day", "Which contracts carry the load through a representative day.", power_day::chart),
    entry("power-periods", "Power by contract", "Mean power from each contract, with peak load and interconnect.", power_periods::power),
    entry("energy", "Energy mix", "Energy from each contract in each period.", power_periods::energy),
    entry("cost", "Cost by part", "What each period costs and for what.", cost::chart),
    entry("cost-waterfall", "From revenue to NPV", "How discounted revenue is used up by each part of cost.", cost_waterfall::chart),
    entry("cost-per-mtok", "Cost of a million tokens", "What a million answer tokens cost in each period, by part.", cost_per_mtok::chart),
    entry("cash-flow", "Cash flow", "Money in and out in each period, and what has come in since the start.", cash_flow::chart),
    entry("capex", "Capex against budget", "What is ordered in each period and since the start, against the budget.", capex::chart),
    entry(
        "owners-cash",
        "Cash of the owners",
        "What the owners pay and get in each year, with tax and debt, and what they have got since the start.",
        money::owners,
    ),
    entry("debt-cover", "Cover of debt service", "How many times each year's cash covers its debt service.", money::cover),
    entry(
        "repricing",
        "NPV when prices fall faster",
        "What is left of NPV after tax when prices fall faster than planned.",
        money::repricing,
    ),
    entry("revenue", "Revenue by market", "Revenue of each period by market.", revenue::by_market),
    entry("revenue-by-product", "Revenue by product", "Revenue of each period by product.", revenue::by_product),
    entry("sankey", "From power and money to revenue", "How energy and money become tokens and tokens revenue.", sankey::chart),
    entry("bottlenecks", "What binds, where and when", "The limit that holds each site back in each period.", bottlenecks::chart),
    entry(
        "shadow-prices",
        "What more of a limit is worth",
        "The limits worth most, by what one percent more of each would bring.",
        shadow_prices::chart,
    ),
    entry(
        "supply-curve",
        "Token supply curve",
        "What a million tokens cost from each site and chip, the cheapest first.",
        supply_curve::chart,
    ),
    entry(
        "frontier",
        "Throughput against speed",
        "How many tokens a second each chip makes at each speed, computed and measured.",
        frontier::chart,
    ),
    entry("tokens-per-joule", "Tokens per joule by chip", "How many answer tokens each chip makes of a joule.", tokens_per_joule::chart),
    entry("chip-cost", "Cost of a million tokens by chip", "What a million answer tokens of each chip cost, by part.", chip_cost::chart),
    entry("carbon", "Carbon by contract", "Carbon of each period by contract.", carbon::chart),
    entry("matching", "Renewable matching", "How much of the energy is renewable in the same hour.", matching::chart),
    entry("utilisation", "Utilisation of chips", "Share of time that the chips work.", utilisation::chart),
    entry("halls", "Halls in service", "IT power of halls in service against the chips that stand in them.", halls::chart),
    entry("map", "Sites, markets and token flows", "Where power is used and where the tokens go.", map::chart),
];

/// The chart of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    CHARTS.iter().find(|entry| entry.name == name)
}
