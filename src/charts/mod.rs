//! Charts as data: `Results` in, [`Chart`] out. The window draws them through egui_plot or its
//! painter, files are drawn by `export::svg`; both read the same [`Chart`].
//!
//! To add a chart: one file with `fn chart(&Results, &Selection) -> Chart`, one line in [`CHARTS`].

use crate::results::Results;

pub(crate) mod binds;
pub(crate) mod drawing;
pub mod format;
pub(crate) mod frame;
pub mod outline;
pub mod palette;
pub mod plot;
pub mod tables;

mod bottlenecks;
mod capex;
mod carbon;
mod cash_flow;
mod chip_cost;
mod cost;
mod cost_per_mtok;
mod cost_waterfall;
mod fleet;
mod frontier;
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
pub use outline::outline;
pub use palette::{Order, color_of};
pub use sankey::{SankeySums, sums as sankey_sums};
pub use tables::{Table, TableCell, table};

/// What of the plan a chart shows; `None` is the chart's own choice, said in its title or subtitle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selection {
    /// Index of a site; otherwise all sites (the site with the highest load where sites can't be added up).
    pub site: Option<usize>,
    /// Index of a period; otherwise the whole horizon (the period of highest load where one must be shown).
    pub period: Option<usize>,
    /// Index of a representative day; otherwise the day of highest load.
    pub day: Option<usize>,
    /// Index of a product, where chips are compared; otherwise the one most tokens are made of.
    pub product: Option<usize>,
}

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

/// What a colour stands for; the same key has the same colour in every chart, on screen and on paper.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ColorKey {
    /// A chip, by id.
    Chip(String),
    /// A shade of a chip's colour, by id: its second, third… appearance in one chart (1, 2…).
    ChipShade(String, usize),
    /// A contract, by id, and its position among the contracts.
    Contract(String),
    /// A product, by id.
    Product(String),
    /// A market, by id.
    Market(String),
    /// A site, by id.
    Site(String),
    /// A hall, by `site/hall`.
    Hall(String),
    /// A cost part, by label.
    Cost(&'static str),
    /// What binds: a family.
    Family(&'static str),
    /// A line of load.
    Load,
    /// A limit.
    Limit,
    /// Something good (revenue).
    Good,
    /// Bad.
    Bad,
    /// Quiet.
    Quiet,
}

/// An axis.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Axis {
    /// What it shows.
    pub label: String,
    /// Unit.
    pub unit: String,
}

/// A named row of numbers, one for each category.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name in the legend.
    pub name: String,
    /// Colour.
    pub color: ColorKey,
    /// One value for each category.
    pub values: Vec<f64>,
}

/// A point of a scatter or a line over numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Across.
    pub x: f64,
    /// Up.
    pub y: f64,
}

/// A named line or cloud over numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Name in the legend.
    pub name: String,
    /// Colour.
    pub color: ColorKey,
    /// Points in order.
    pub points: Vec<Point>,
    /// Drawn as separate points (measured) instead of a line.
    pub scattered: bool,
    /// Drawn as steps.
    pub stepped: bool,
}

/// A node of a Sankey.
#[derive(Clone, Debug, PartialEq)]
pub struct SankeyNode {
    /// Name.
    pub name: String,
    /// Column, from 0 on the left.
    pub column: usize,
    /// Colour.
    pub color: ColorKey,
    /// Value in words (`412 GWh`).
    pub value: String,
}

/// A link of a Sankey; `share` is its thickness as a share of its column's total.
#[derive(Clone, Debug, PartialEq)]
pub struct SankeyLink {
    /// From this node.
    pub from: usize,
    /// to this node.
    pub to: usize,
    /// Thickness at the start, as a share of the diagram's height.
    pub share: f64,
    /// Value in the unit below.
    pub value: f64,
    /// Unit.
    pub unit: String,
}

/// A cell of a timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What it says (`interconnect`), empty if nothing binds.
    pub label: String,
    /// Colour.
    pub color: ColorKey,
    /// Strength 0–1.
    pub strength: f64,
    /// In words, for hovering and tables.
    pub detail: String,
}

/// A place on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Name.
    pub name: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// MW for sites, Ttok for markets: sets the size.
    pub size: f64,
    /// Second line of the label.
    pub detail: String,
    /// A market (drawn as a ring) or a site.
    pub market: bool,
    /// Colour.
    pub color: ColorKey,
}

/// A flow on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Arc {
    /// From this place.
    pub from: usize,
    /// to this place.
    pub to: usize,
    /// Ttok: sets the width.
    pub value: f64,
}

/// A step of a waterfall.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Name.
    pub name: String,
    /// Change, or the level if `total`.
    pub value: f64,
    /// A level, not a change.
    pub total: bool,
    /// Colour.
    pub color: ColorKey,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Bars by category, stacked (negative values below zero), with lines over them.
    StackedBars {
        /// Names of the categories.
        categories: Vec<String>,
        /// Stacked series.
        stacks: Vec<Series>,
        /// Lines over them.
        lines: Vec<Series>,
    },
    /// Areas over the hours of a day (or any numbers), stacked as steps, with lines over them.
    StackedAreas {
        /// Edges of the steps: one more than values.
        edges: Vec<f64>,
        /// Stacked series.
        stacks: Vec<Series>,
        /// Lines over them.
        lines: Vec<Series>,
    },
    /// Horizontal bars with a value each.
    Bars {
        /// Names.
        categories: Vec<String>,
        /// One series.
        values: Series,
    },
    /// Lines and points over numbers.
    Lines {
        /// Traces.
        traces: Vec<Trace>,
        /// The x axis is drawn by its logarithm.
        log_x: bool,
        /// The y axis is drawn by its logarithm.
        log_y: bool,
    },
    /// A Sankey.
    Sankey {
        /// Nodes.
        nodes: Vec<SankeyNode>,
        /// Links.
        links: Vec<SankeyLink>,
    },
    /// Rows by columns of cells.
    Timeline {
        /// Names of the rows.
        rows: Vec<String>,
        /// Names of the columns.
        columns: Vec<String>,
        /// Cells by row and column.
        cells: Vec<Vec<Cell>>,
    },
    /// A waterfall.
    Waterfall {
        /// Steps.
        steps: Vec<Step>,
    },
    /// A map.
    Map {
        /// Places.
        places: Vec<Place>,
        /// Flows.
        arcs: Vec<Arc>,
    },
    /// Nothing to draw, and why.
    Empty {
        /// A sentence.
        reason: String,
    },
}

/// A chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Its name in `export --chart`.
    pub name: &'static str,
    /// Title.
    pub title: String,
    /// What is shown, with its unit: `MW, summer day, 2029Q3`.
    pub subtitle: String,
    /// Scenario, plan hash and how to read it.
    pub caption: String,
    /// Across.
    pub x: Axis,
    /// Up.
    pub y: Axis,
    /// What is drawn.
    pub body: Body,
    /// Which colour belongs to which chip, contract, market…: the same in all charts of a plan.
    pub order: std::sync::Arc<Order>,
}
