//! Charts on axes as shapes in their own numbers: one layout for the window and for files.
//!
//! A [`Plot`] holds what is drawn (blocks of stacked series, curves, the span of both axes) and where
//! a cursor can stand (stops) with what every series is there. The window turns it into an
//! interactive plot, files into paths; neither stacks anything by itself.

use std::collections::BTreeSet;

use super::{Body, Chart, ColorKey, Series, Trace};
use crate::words::{hour, short, with_unit};

/// Share of a category's width that its bar takes.
pub const BAR_SHARE: f64 = 0.68;

/// A block of a stacked series, in the numbers of the axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Block {
    /// Left.
    pub from: f64,
    /// Right.
    pub to: f64,
    /// Where it begins: on the block below it.
    pub base: f64,
    /// Where it ends; below `base` for a negative value.
    pub top: f64,
}

/// A stacked series as blocks, one for each of its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Band<'c> {
    /// Name in the legend.
    pub name: &'c str,
    /// Colour.
    pub color: &'c ColorKey,
    /// Blocks from left to right.
    pub blocks: Vec<Block>,
}

/// A line or a cloud of points, in the numbers of the axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve<'c> {
    /// Name in the legend.
    pub name: &'c str,
    /// Colour.
    pub color: &'c ColorKey,
    /// Points in order.
    pub points: Vec<(f64, f64)>,
    /// Separate points instead of a line.
    pub scattered: bool,
}

impl Curve<'_> {
    /// A limit is drawn as level steps, broken.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        matches!(self.color, ColorKey::Limit)
    }
}

/// What a chart on axes consists of.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot<'c> {
    /// Span across: least and greatest number shown.
    pub x: (f64, f64),
    /// Span upwards: least and greatest number shown.
    pub y: (f64, f64),
    /// The x axis is drawn by its logarithm.
    pub log_x: bool,
    /// The y axis is drawn by its logarithm.
    pub log_y: bool,
    /// Stacked series, the lowest first.
    pub bands: Vec<Band<'c>>,
    /// Lines over them.
    pub curves: Vec<Curve<'c>>,
    /// Where a cursor can stand: left and right of each stop (the same for a single number), rising.
    pub stops: Vec<(f64, f64)>,
}

impl Plot<'_> {
    /// The stop at a place across: the one that holds it, else the nearest. `None` if there is none.
    #[must_use]
    pub fn stop_at(&self, x: f64) -> Option<usize> {
        let away = |(from, to): &(f64, f64)| if (*from..=*to).contains(&x) { 0.0 } else { (from - x).abs().min((to - x).abs()) };
        (0..self.stops.len()).min_by(|a, b| {
            let at = |index: &usize| self.stops.get(*index).map_or(f64::INFINITY, away);
            at(a).total_cmp(&at(b))
        })
    }
}

/// What one series is at a stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Its colour; none for a sum.
    pub color: Option<ColorKey>,
    /// Its name.
    pub name: String,
    /// The number, in the unit of the chart.
    pub value: f64,
    /// The number with its unit, as it is shown.
    pub text: String,
}

/// Where somebody points in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pointed {
    /// A bar or a cell, counted from the first.
    Part(usize),
    /// A place on axes: its stop, counted from the first, and the numbers there.
    Place {
        /// The stop.
        stop: usize,
        /// Across.
        x: f64,
        /// Upwards.
        y: f64,
    },
}

/// What everything shown is at a stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Readings {
    /// What the stop is called: a period, an hour, a number.
    pub heading: String,
    /// One line each, the topmost of a stack first.
    pub rows: Vec<Reading>,
}

impl Readings {
    /// All of it in one sentence, for those who can't see it.
    #[must_use]
    pub fn spoken(&self) -> String {
        let rows: Vec<String> = self.rows.iter().map(|row| format!("{} {}", row.name, row.text).trim().to_owned()).collect();
        let rows = if rows.is_empty() { "nothing".to_owned() } else { rows.join(", ") };
        if self.heading.is_empty() { rows } else { format!("{}: {rows}", self.heading) }
    }
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

fn at(series: &Series, index: usize) -> f64 {
    finite(series.values.get(index).copied().unwrap_or(0.0))
}

/// The layout of a chart on axes without the series that are switched off; `None` if it has no axes.
#[must_use]
pub fn plot<'c>(chart: &'c Chart, hidden: &BTreeSet<String>) -> Option<Plot<'c>> {
    let shown = |series: &&Series| !hidden.contains(&series.name);
    match &chart.body {
        Body::StackedBars { categories, stacks, lines } => {
            let slots: Vec<(f64, f64)> = (0..categories.len()).map(|index| (index as f64 - 0.5, index as f64 + 0.5)).collect();
            let bars: Vec<(f64, f64)> =
                (0..categories.len()).map(|index| index as f64).map(|x| (x - BAR_SHARE / 2.0, x + BAR_SHARE / 2.0)).collect();
            let curves = lines.iter().filter(shown).map(|series| over_categories(series, categories.len())).collect();
            Some(stacked(stacks.iter().filter(shown).collect(), curves, &bars, slots))
        }
        Body::StackedAreas { edges, stacks, lines } => {
            let slots: Vec<(f64, f64)> = edges.iter().copied().zip(edges.iter().skip(1).copied()).collect();
            let curves = lines
                .iter()
                .filter(shown)
                .map(|series| Curve {
                    name: &series.name,
                    color: &series.color,
                    points: slots
                        .iter()
                        .zip(&series.values)
                        .flat_map(|((from, to), value)| [(*from, finite(*value)), (*to, finite(*value))])
                        .collect(),
                    scattered: false,
                })
                .collect();
            Some(stacked(stacks.iter().filter(shown).collect(), curves, &slots.clone(), slots))
        }
        Body::Lines { traces, log_x, log_y } => {
            Some(lines(traces.iter().filter(|trace| !hidden.contains(&trace.name)).collect(), *log_x, *log_y))
        }
        _ => None,
    }
}

/// A line over categories: through their middles, or, for a limit, level over each.
fn over_categories(series: &Series, count: usize) -> Curve<'_> {
    let level = matches!(series.color, ColorKey::Limit);
    let points = (0..count)
        .filter_map(|index| series.values.get(index).filter(|value| value.is_finite()).map(|value| (index as f64, *value)))
        .flat_map(|(x, y)| if level { vec![(x - 0.5, y), (x + 0.5, y)] } else { vec![(x, y)] })
        .collect();
    Curve { name: &series.name, color: &series.color, points, scattered: false }
}

/// Series on top of each other, what is negative below zero.
fn stacked<'c>(stacks: Vec<&'c Series>, curves: Vec<Curve<'c>>, places: &[(f64, f64)], stops: Vec<(f64, f64)>) -> Plot<'c> {
    let mut up = vec![0.0; places.len()];
    let mut down = vec![0.0; places.len()];
    let bands: Vec<Band<'c>> = stacks
        .into_iter()
        .map(|series| {
            let blocks = places
                .iter()
                .enumerate()
                .zip(up.iter_mut().zip(&mut down))
                .map(|((index, (from, to)), (up, down))| {
                    let value = at(series, index);
                    let level = if value < 0.0 { down } else { up };
                    let base = *level;
                    *level += value;
                    Block { from: *from, to: *to, base, top: *level }
                })
                .collect();
            Band { name: &series.name, color: &series.color, blocks }
        })
        .collect();
    let values = || up.iter().chain(&down).copied().chain(curves.iter().flat_map(|curve| curve.points.iter().map(|(_, y)| *y)));
    let y = (values().fold(0.0, f64::min), values().fold(0.0, f64::max));
    let x = (stops.first().map_or(0.0, |stop| stop.0), stops.last().map_or(1.0, |stop| stop.1));
    Plot { x, y, log_x: false, log_y: false, bands, curves, stops }
}

/// Lines and points over numbers.
fn lines(traces: Vec<&Trace>, log_x: bool, log_y: bool) -> Plot<'_> {
    let drawn =
        |point: &&super::Point| point.x.is_finite() && point.y.is_finite() && (!log_x || point.x > 0.0) && (!log_y || point.y > 0.0);
    let points = || traces.iter().flat_map(|trace| &trace.points).filter(drawn);
    let span = |value: fn(&super::Point) -> f64| {
        let (low, high) =
            points().map(value).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if low.is_finite() { (low, high) } else { (0.0, 1.0) }
    };
    let (left, right) = span(|point| point.x);
    let (low, high) = span(|point| point.y);
    // Linear axes start at zero unless the numbers are all far from it.
    let y = if log_y || low < 0.0 || low > 0.7 * high { low } else { 0.0 };
    let x = if log_x || left < 0.0 || left > 0.5 * right { left } else { 0.0 };
    let mut stops: Vec<f64> = points().map(|point| point.x).collect();
    stops.sort_by(f64::total_cmp);
    stops.dedup();
    let curves = traces
        .into_iter()
        .map(|trace| {
            let mut placed: Vec<(f64, f64)> = Vec::new();
            for point in trace.points.iter().filter(drawn) {
                if let (true, Some((_, before))) = (trace.stepped && !trace.scattered, placed.last().copied()) {
                    placed.push((point.x, before));
                }
                placed.push((point.x, point.y));
            }
            Curve { name: &trace.name, color: &trace.color, scattered: trace.scattered || placed.len() == 1, points: placed }
        })
        .collect();
    Plot { x: (x, right), y: (y, high), log_x, log_y, bands: Vec::new(), curves, stops: stops.into_iter().map(|x| (x, x)).collect() }
}

/// What every series shown is at a stop; `None` beyond the last.
#[must_use]
pub fn readings(chart: &Chart, hidden: &BTreeSet<String>, stop: usize) -> Option<Readings> {
    match &chart.body {
        Body::StackedBars { categories, stacks, lines } => {
            let heading = categories.get(stop)?.clone();
            Some(Readings { heading, rows: stacked_rows(chart, hidden, stacks, lines, stop) })
        }
        Body::StackedAreas { edges, stacks, lines } => {
            let (from, to) = (edges.get(stop)?, edges.get(stop + 1)?);
            let heading = if chart.x.unit == "h" {
                format!("{} to {}", hour(*from), hour(*to))
            } else {
                format!("{} to {}", short(*from), with_unit(*to, &chart.x.unit))
            };
            Some(Readings { heading, rows: stacked_rows(chart, hidden, stacks, lines, stop) })
        }
        Body::Lines { traces, .. } => {
            let (at, _) = plot(chart, hidden)?.stops.get(stop).copied()?;
            let rows = traces
                .iter()
                .filter(|trace| !hidden.contains(&trace.name))
                .filter_map(|trace| {
                    let near = trace.points.iter().min_by(|a, b| (a.x - at).abs().total_cmp(&(b.x - at).abs()))?;
                    let text = format!("{} at {}", with_unit(near.y, &chart.y.unit), with_unit(near.x, &chart.x.unit));
                    Some(Reading { color: Some(trace.color.clone()), name: trace.name.clone(), value: near.y, text })
                })
                .collect();
            Some(Readings { heading: String::new(), rows })
        }
        Body::Timeline { rows, columns, cells, .. } => {
            let heading = columns.get(stop)?.clone();
            let rows = rows
                .iter()
                .zip(cells)
                .filter_map(|(name, cells)| {
                    let cell = cells.get(stop)?;
                    let (color, text) = if cell.label.is_empty() {
                        (None, "nothing binds".to_owned())
                    } else {
                        (Some(cell.color.clone()), cell.label.clone())
                    };
                    Some(Reading { color, name: name.clone(), value: cell.strength, text })
                })
                .collect();
            Some(Readings { heading, rows })
        }
        _ => None,
    }
}

/// As they are stacked: the topmost first, then what they are together, then the lines.
fn stacked_rows(chart: &Chart, hidden: &BTreeSet<String>, stacks: &[Series], lines: &[Series], stop: usize) -> Vec<Reading> {
    let unit = &chart.y.unit;
    let row = |series: &Series| {
        let value = at(series, stop);
        Reading { color: Some(series.color.clone()), name: series.name.clone(), value, text: with_unit(value, unit) }
    };
    let shown = |series: &&Series| !hidden.contains(&series.name);
    let mut rows: Vec<Reading> = stacks.iter().rev().filter(shown).map(row).filter(|row| row.value.abs() > 1e-9).collect();
    if rows.len() > 1 && lines.is_empty() {
        let value = stacks.iter().filter(shown).map(|series| at(series, stop)).sum();
        rows.push(Reading { color: None, name: "Together".into(), value, text: with_unit(value, unit) });
    }
    rows.extend(lines.iter().filter(shown).map(row));
    rows
}

/// Names of the stops that charts share: the periods. Charts with the same names move their cursors
/// together.
#[must_use]
pub fn shared_stops(chart: &Chart) -> Option<&[String]> {
    match &chart.body {
        Body::StackedBars { categories, .. } => Some(categories),
        Body::Timeline { columns, .. } => Some(columns),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(name: &str, values: &[f64]) -> Series {
        Series { name: name.into(), color: ColorKey::Quiet, values: values.to_vec() }
    }

    fn bars() -> Chart {
        let stacks = vec![series("low", &[2.0, 3.0]), series("high", &[1.0, -4.0])];
        let body = Body::StackedBars { categories: vec!["2027".into(), "2028".into()], stacks, lines: Vec::new() };
        Chart {
            name: "test",
            title: String::new(),
            subtitle: String::new(),
            caption: String::new(),
            x: crate::charts::Axis::default(),
            y: crate::charts::Axis { label: String::new(), unit: "MW".into() },
            body,
            beside: None,
            order: std::sync::Arc::default(),
        }
    }

    #[test]
    fn blocks_stand_on_each_other_and_hang_below_zero() {
        let chart = bars();
        let plot = plot(&chart, &BTreeSet::new()).unwrap();
        let edges = |band: usize, index: usize| (plot.bands[band].blocks[index].base, plot.bands[band].blocks[index].top);
        assert_eq!((edges(0, 0), edges(1, 0)), ((0.0, 2.0), (2.0, 3.0)));
        assert_eq!((edges(0, 1), edges(1, 1)), ((0.0, 3.0), (0.0, -4.0)));
        assert_eq!(plot.y, (-4.0, 3.0));
        assert_eq!((plot.stop_at(0.4), plot.stop_at(0.6), plot.stop_at(9.0)), (Some(0), Some(1), Some(1)));
    }

    #[test]
    fn readings_say_what_is_shown() {
        let chart = bars();
        let all = readings(&chart, &BTreeSet::new(), 0).unwrap();
        assert_eq!(all.spoken(), "2027: high 1 MW, low 2 MW, Together 3 MW");
        let off = BTreeSet::from(["low".to_owned()]);
        assert_eq!(readings(&chart, &off, 1).unwrap().spoken(), "2028: high −4 MW");
        assert_eq!(readings(&chart, &off, 2), None);
    }
}
