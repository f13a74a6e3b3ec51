//! A chart as data: what every chart is made of, whatever draws it.

use super::palette::Order;
use super::tables::Table;
use crate::words::short;

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
    /// An actor, by id.
    Actor(String),
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

impl HeatCell {
    /// Whether there is an answer: a height, or something that wins.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.value.is_some() || self.color.is_some()
    }

    /// The value with its unit; empty where there is none.
    #[must_use]
    pub fn amount(&self) -> String {
        self.value.map_or_else(String::new, |value| format!("{} {}", short(value), self.unit).trim().to_owned())
    }
}

/// A cell of a map of heights.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatCell {
    /// Its height or how much of the winner there is; none where there is no answer, or nothing to count.
    pub value: Option<f64>,
    /// The unit of the value.
    pub unit: &'static str,
    /// What wins there, or what the value is.
    pub label: String,
    /// In words, for hovering and tables.
    pub detail: String,
    /// The colour of what wins; shaded by its height if there is none.
    pub color: Option<ColorKey>,
}

/// A bar from a least to a most.
#[derive(Clone, Debug, PartialEq)]
pub struct RangeRow {
    /// What it is.
    pub name: String,
    /// Its one end, if it has one.
    pub from: Option<f64>,
    /// Its other end.
    pub to: Option<f64>,
    /// What the ends are called: least and most, low and high.
    pub ends: [&'static str; 2],
    /// The mark.
    pub at: f64,
    /// What the mark is: what is planned, or hedged.
    pub mark: &'static str,
    /// A word at its end: must, may, never.
    pub word: String,
    /// Colour.
    pub color: ColorKey,
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
        /// Whether what a cell says stands in it, as of payoffs; else its colour says it, by the legend.
        written: bool,
    },
    /// Cells over two axes of numbers.
    Heat {
        /// Numbers across, one for each column.
        across: Vec<f64>,
        /// Numbers up, one for each row, the lowest first.
        up: Vec<f64>,
        /// Cells by row and column.
        cells: Vec<Vec<HeatCell>>,
    },
    /// Bars from a least to a most with a mark in between.
    Ranges {
        /// Rows.
        rows: Vec<RangeRow>,
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
        /// What the widest line stands for, Ttok: maps that are compared have one measure.
        widest: f64,
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
    /// A table that belongs to it, of other things than those drawn.
    pub beside: Option<Table>,
    /// Which colour belongs to which chip, contract, market…: the same in all charts of a plan.
    pub order: std::sync::Arc<Order>,
}
