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

mod actors;
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
mod routing;
mod sankey;
mod serving;
mod shadow_prices;
mod supply_curve;
mod tokens;
mod tokens_per_joule;
mod utilisation;

pub use binds::{family_label, worth_of_one_percent};
pub use chart::*;
pub use outline::{borders, outline};
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
    /// How its values are worked out, in words.
    pub how: &'static str,
    /// Makes it.
    pub chart: fn(&Results, &Selection) -> Chart,
}

/// Shorthand for the table below.
const fn entry(
    name: &'static str,
    title: &'static str,
    doc: &'static str,
    how: &'static str,
    chart: fn(&Results, &Selection) -> Chart,
) -> Entry {
    Entry { name, title, doc, how, chart }
}

/// Every chart, in the order of galleries and reports.
pub const CHARTS: &[Entry] = &[
    entry(
        "tokens",
        "Tokens by product",
        "How many answer tokens are served in each period, by product.",
        "answer tokens served in the slices of the period, summed over sites and chips",
        tokens::by_product,
    ),
    entry(
        "tokens-by-site",
        "Tokens by site",
        "Where the answer tokens of each period are made.",
        "answer tokens made at the site in the slices of the period, summed over chips and products",
        tokens::by_site,
    ),
    entry(
        "tokens-by-chip",
        "Tokens by chip",
        "Which chips make the answer tokens of each period.",
        "answer tokens made on the chip in the slices of the period, summed over sites and products",
        tokens::by_chip,
    ),
    entry(
        "fleet",
        "Chips in service",
        "Which chips are in service in each period, and how many are ordered.",
        "chips that stood before + chips ordered a lead time earlier − chips at the end of their life",
        fleet::in_service,
    ),
    entry(
        "orders",
        "Chips ordered",
        "Which chips are ordered in each period.",
        "chips that the plan orders in the period; they serve a lead time later",
        fleet::orders,
    ),
    entry(
        "power-day",
        "Power of a day",
        "Which contracts carry the load through a representative day.",
        "power drawn from each contract in the hour, mean over the days that the representative day stands for",
        power_day::chart,
    ),
    entry(
        "power-periods",
        "Power by contract",
        "Mean power from each contract, with peak load and interconnect.",
        "energy drawn from each contract in the period ÷ hours of the period",
        power_periods::power,
    ),
    entry(
        "energy",
        "Energy mix",
        "Energy from each contract in each period.",
        "power drawn from each contract × hours, summed over the slices of the period",
        power_periods::energy,
    ),
    entry(
        "cost",
        "Cost by part",
        "What each period costs and for what.",
        "each part's price × its quantity in the period; chips and halls by annuity over their life",
        cost::chart,
    ),
    entry(
        "cost-waterfall",
        "From revenue to NPV",
        "How discounted revenue is used up by each part of cost.",
        "each part of revenue and cost of every period, discounted to the start and summed",
        cost_waterfall::chart,
    ),
    entry(
        "cost-per-mtok",
        "Cost of a million tokens",
        "What a million answer tokens cost in each period, by part.",
        "each part of the period's cost ÷ answer tokens of the period in millions",
        cost_per_mtok::chart,
    ),
    entry(
        "cash-flow",
        "Cash flow",
        "Money in and out in each period, and what has come in since the start.",
        "money that comes in and goes out in the period when it is paid, orders in full",
        cash_flow::chart,
    ),
    entry(
        "capex",
        "Capex against budget",
        "What is ordered in each period and since the start, against the budget.",
        "price of everything ordered in the period, in full when it is ordered",
        capex::chart,
    ),
    entry(
        "owners-cash",
        "Cash of the owners",
        "What the owners pay and get in each year, with tax and debt, and what they have got since the start.",
        "cash of the year after operation, tax and debt service, paid in or out by the owners",
        money::owners,
    ),
    entry(
        "debt-cover",
        "Cover of debt service",
        "How many times each year's cash covers its debt service.",
        "cash of the year before debt service ÷ interest and repayment of the year",
        money::cover,
    ),
    entry(
        "repricing",
        "NPV when prices fall faster",
        "What is left of NPV after tax when prices fall faster than planned.",
        "NPV after tax with the prices of every later year lowered by the fraction",
        money::repricing,
    ),
    entry(
        "revenue",
        "Revenue by market",
        "Revenue of each period by market.",
        "answer tokens sold in the market × price of their segment, prompts at their own price",
        revenue::by_market,
    ),
    entry(
        "revenue-by-product",
        "Revenue by product",
        "Revenue of each period by product.",
        "answer tokens of the product sold × price of their segment, prompts at their own price",
        revenue::by_product,
    ),
    entry(
        "sankey",
        "From power and money to revenue",
        "How energy and money become tokens and tokens revenue.",
        "energy, money and tokens over the whole horizon; what goes into each box comes out of it",
        sankey::chart,
    ),
    entry(
        "bottlenecks",
        "What binds, where and when",
        "The limit that holds each site back in each period.",
        "the limit of the site whose one percent more would bring most in the period",
        bottlenecks::chart,
    ),
    entry(
        "shadow-prices",
        "What more of a limit is worth",
        "The limits worth most, by what one percent more of each would bring.",
        "what one unit more of the limit would bring × one percent of the limit",
        shadow_prices::chart,
    ),
    entry(
        "actors",
        "Tokens by actor",
        "How many tokens each country or company sells.",
        "answer tokens sold along the actor's routes and purchases in the period",
        actors::tokens,
    ),
    entry(
        "league",
        "Tokens per dollar by actor",
        "Who turns energy, chips and money into tokens best.",
        "quality-weighted tokens that the actor sold in the period / all its cost in the period",
        actors::league,
    ),
    entry(
        "prices",
        "Prices that form",
        "What a token costs in each market where prices form.",
        "the price at which all that is sold in the period is bought",
        actors::prices,
    ),
    entry(
        "surplus",
        "Who gains from trade",
        "What buyers, sellers and governments have of the market.",
        "buyers: what they would have paid at most − what they paid; sellers: revenue − cost; governments: duties and carbon prices − subsidies and credits; all discounted",
        actors::surplus,
    ),
    entry(
        "routing",
        "Where tasks go",
        "Which share of the tasks each product or cascade does, and how much comes out right.",
        "tasks of the class that go this way in the period ÷ all tasks of the class in the period",
        routing::tasks,
    ),
    entry(
        "supply-curve",
        "Token supply curve",
        "What a million tokens cost from each site and chip, the cheapest first.",
        "cost of the site's chips that hangs on tokens ÷ tokens they make, the cheapest first",
        supply_curve::chart,
    ),
    entry(
        "frontier",
        "Throughput against speed",
        "How many tokens a second each chip makes at each speed, computed and measured.",
        "tokens a second of one chip at each speed of answer, by the throughput model or as measured",
        frontier::chart,
    ),
    entry(
        "tokens-per-joule",
        "Tokens per joule by chip",
        "How many answer tokens each chip makes of a joule.",
        "tokens a second of one chip ÷ power it draws at the meter",
        tokens_per_joule::chart,
    ),
    entry(
        "chip-cost",
        "Cost of a million tokens by chip",
        "What a million answer tokens of each chip cost, by part.",
        "each part of the cost of a chip-hour ÷ answer tokens of a chip-hour in millions",
        chip_cost::chart,
    ),
    entry(
        "carbon",
        "Carbon by contract",
        "Carbon of each period by contract.",
        "energy drawn from each contract × its carbon per kWh",
        carbon::chart,
    ),
    entry(
        "matching",
        "Renewable matching",
        "How much of the energy is renewable in the same hour.",
        "energy of renewable contracts in the same hour ÷ energy drawn",
        matching::chart,
    ),
    entry(
        "utilisation",
        "Utilisation of chips",
        "Share of time that the chips work.",
        "time that the chips work ÷ time that they stand",
        utilisation::chart,
    ),
    entry(
        "halls",
        "Halls in service",
        "IT power of halls in service against the chips that stand in them.",
        "IT power of halls in service, and all-in power of the chips that stand in them",
        halls::chart,
    ),
    entry(
        "map",
        "Sites, markets and token flows",
        "Where power is used and where the tokens go.",
        "highest load of the site in the period; answer tokens that flow along each line",
        map::chart,
    ),
];

/// The chart of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    CHARTS.iter().find(|entry| entry.name == name)
}
