//! What all charts share: title and caption around a body, safe look-ups, series, empty charts.

use std::fmt::Write;
use std::sync::Arc;

use crate::results::{Results, Status};

use super::{Axis, Body, Chart, ColorKey, Order, Selection, Series};

/// The number at a position, 0 where there is none.
pub(crate) fn at(values: &[f64], index: usize) -> f64 {
    finite(values.get(index).copied().unwrap_or(0.0))
}

/// The number at a row and column, 0 where there is none.
pub(crate) fn at2(rows: &[Vec<f64>], row: usize, column: usize) -> f64 {
    rows.get(row).map_or(0.0, |values| at(values, column))
}

/// 0 for what is no number, and no negative zero or dust of the solver.
pub(crate) fn finite(value: f64) -> f64 {
    if value.is_finite() && value.abs() > 1e-11 { value } else { 0.0 }
}

/// An axis.
pub(crate) fn axis(label: &str, unit: &str) -> Axis {
    Axis { label: label.into(), unit: unit.into() }
}

/// Labels of the periods.
pub(crate) fn periods(results: &Results) -> Vec<String> {
    results.periods.iter().map(|period| period.label.clone()).collect()
}

/// A series over the periods.
pub(crate) fn series(results: &Results, name: impl Into<String>, color: ColorKey, value: impl Fn(usize) -> f64) -> Series {
    Series { name: name.into(), color, values: (0..results.periods.len()).map(|period| finite(value(period))).collect() }
}

/// Drops series that are zero throughout: they would only fill the legend.
pub(crate) fn present(stacks: Vec<Series>) -> Vec<Series> {
    stacks.into_iter().filter(|series| series.values.iter().any(|value| value.abs() > 1e-9)).collect()
}

/// A contract's id; of backup plant that a connection asks for, the connection and what it is.
pub(crate) fn contract_name(id: &str) -> String {
    match id.split('/').collect::<Vec<_>>().as_slice() {
        [_, connection, "backup"] => format!("{connection} backup"),
        _ => id.to_owned(),
    }
}

/// Name of a site, by index.
pub(crate) fn site_name(results: &Results, site: usize) -> &str {
    results.sites.get(site).map_or("", |site| if site.name.is_empty() { &site.id } else { &site.name })
}

/// Name and colour of a chip, by index.
pub(crate) fn chip(results: &Results, chip: usize) -> (String, ColorKey) {
    results.chips.get(chip).map_or_else(|| (String::new(), ColorKey::Quiet), |chip| (chip.name.clone(), ColorKey::Chip(chip.id.clone())))
}

/// The chip's colour, in another shade at every further site that has the chip.
pub(crate) fn shade(results: &Results, fleet: &crate::results::ChipsAt, color: ColorKey) -> ColorKey {
    let rank = results.fleet.iter().take_while(|other| *other != fleet).filter(|other| other.chip == fleet.chip).count();
    match color {
        ColorKey::Chip(id) if rank > 0 => ColorKey::ChipShade(id, rank),
        color => color,
    }
}

/// Whether the selection takes in a site.
pub(crate) fn takes(selection: &Selection, site: usize) -> bool {
    selection.site.is_none_or(|chosen| chosen == site)
}

/// Whether the selection takes in a period.
pub(crate) fn takes_period(selection: &Selection, period: usize) -> bool {
    selection.period.is_none_or(|chosen| chosen == period)
}

/// ` at Abilene`, or nothing for all sites.
pub(crate) fn at_site(results: &Results, selection: &Selection) -> String {
    selection.site.map_or_else(String::new, |site| format!(" at {}", site_name(results, site)))
}

/// `2027Q1 to 2028Q4`, or the chosen period.
pub(crate) fn span(results: &Results, selection: &Selection) -> String {
    if let Some(period) = selection.period.and_then(|period| results.periods.get(period)) {
        return period.label.clone();
    }
    match (results.periods.first(), results.periods.last()) {
        (Some(first), Some(last)) if first.label != last.label => format!("{} to {}", first.label, last.label),
        (Some(first), _) => first.label.clone(),
        _ => String::new(),
    }
}

/// What a chart says about itself.
pub(crate) struct Words<'a> {
    /// Its name in `export --chart`.
    pub name: &'static str,
    /// Title.
    pub title: String,
    /// Subtitle, with the unit.
    pub subtitle: String,
    /// How to read it; a sentence of the caption.
    pub reading: &'a str,
}

/// Puts a body into its frame.
pub(crate) fn chart(results: &Results, words: Words<'_>, x: Axis, y: Axis, body: Body) -> Chart {
    let hash: String = results.plan_sha256.chars().take(12).collect();
    let scenario = if results.scenario_name.is_empty() { "base plan".to_owned() } else { format!("scenario {}", results.scenario_name) };
    let mut caption = format!("{}, {scenario}, plan {hash}.", results.plan_name);
    if results.status == Status::Stopped {
        caption.push_str(" Stopped early: the best answer so far.");
    }
    if !y.unit.is_empty() {
        let _ = write!(caption, " In {}.", unit_in_words(&y.unit));
    }
    if !words.reading.is_empty() {
        caption.push(' ');
        caption.push_str(words.reading);
    }
    Chart {
        name: words.name,
        title: words.title,
        subtitle: words.subtitle,
        caption,
        x,
        y,
        body,
        beside: None,
        order: Arc::new(Order::of(results)),
    }
}

/// A unit as the caption spells it out.
fn unit_in_words(unit: &str) -> &str {
    match unit {
        "Ttok" => "Ttok (10¹² answer tokens)",
        "M$" => "M$ (million dollars of the price basis)",
        "kt" => "kt CO₂",
        "thousand" => "thousands of chips",
        other => other,
    }
}

/// An empty chart with the reason in a sentence: the run's own if there are no numbers at all.
pub(crate) fn empty(results: &Results, name: &'static str, title: &str, reason: &str) -> Chart {
    let reason = if results.has_numbers() {
        reason.to_owned()
    } else {
        match results.status {
            Status::Infeasible => "The limits of this plan contradict each other, so there is nothing to show.".to_owned(),
            Status::Unbounded => "Something useful is free and unlimited in this plan, so there is no best answer to show.".to_owned(),
            Status::Nothing => "No tokens can be made under the limits of this plan, so there is nothing to show.".to_owned(),
            Status::Failed => "The solver failed, so there is nothing to show.".to_owned(),
            Status::Stopped => "The run was stopped before it had an answer.".to_owned(),
            Status::Optimal => reason.to_owned(),
        }
    };
    let words = Words { name, title: title.to_owned(), subtitle: String::new(), reading: "" };
    chart(results, words, Axis::default(), Axis::default(), Body::Empty { reason })
}

/// Height of the highest stack.
pub(crate) fn highest(stacks: &[Series]) -> f64 {
    let periods = stacks.iter().map(|series| series.values.len()).max().unwrap_or(0);
    (0..periods).map(|period| stacks.iter().map(|series| at(&series.values, period).max(0.0)).sum()).fold(0.0, f64::max)
}

/// Whether a line would flatten the stacks below it: then words say what it would have shown.
pub(crate) fn too_high(line: &Series, stacks: &[Series]) -> bool {
    line.values.iter().copied().fold(0.0, f64::max) > 2.5 * highest(stacks)
}

/// Stacked bars over the periods; empty with `reason` where nothing is left to show.
pub(crate) fn stacked(results: &Results, words: Words<'_>, y: Axis, stacks: Vec<Series>, lines: Vec<Series>, reason: &str) -> Chart {
    let stacks = present(stacks);
    let lines = present(lines);
    if !results.has_numbers() || (stacks.is_empty() && lines.is_empty()) {
        return empty(results, words.name, &words.title, reason);
    }
    chart(results, words, Axis::default(), y, Body::StackedBars { categories: periods(results), stacks, lines })
}
