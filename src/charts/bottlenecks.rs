//! The bottleneck timeline: for each site and period the limit that is worth most, by what one
//! percent more of it would bring. Limits over the whole horizon stand in every period of the last
//! row, limits of no one site (chip supply, money, demand) in that row too.

use crate::results::{Binding, Results};

use super::binds::{facts, family_label, goal_unit, worth_of_one_percent};
use super::frame::{Words, chart as framed, empty, finite, periods, span};
use super::{Axis, Body, Cell, Chart, ColorKey, Selection};

const NAME: &str = "bottlenecks";
const TITLE: &str = "What binds, where and when";

/// Stronger colour, higher worth; the strongest cell has strength 1.
pub(super) fn chart(results: &Results, selection: &Selection) -> Chart {
    let unit = goal_unit(results).to_owned();
    let facts: Vec<&Binding> = facts(results).collect();
    let most = facts.iter().map(|binding| worth_in_a_period(results, binding).abs()).fold(0.0, f64::max);
    if !results.has_numbers() || most == 0.0 {
        return empty(results, NAME, TITLE, "No limit of this plan is worth more than any other: nothing binds.");
    }
    let mut rows = Vec::new();
    let mut cells = Vec::new();
    let shown = results.sites.iter().enumerate().filter(|(site, info)| super::frame::takes(selection, *site) && !info.rented);
    for (site, info) in shown {
        rows.push(if info.name.is_empty() { info.id.clone() } else { info.name.clone() });
        cells.push(row(results, &facts, most, &unit, |binding| binding.site == Some(site)));
    }
    if facts.iter().any(|binding| binding.site.is_none()) {
        rows.push("All sites".into());
        cells.push(row(results, &facts, most, &unit, |binding| binding.site.is_none()));
    }
    let words = Words {
        name: NAME,
        title: TITLE.into(),
        subtitle: format!("stronger colour, higher worth, {}", span(results, &Selection::default())),
        reading: "Worth is what one percent more of the limit would bring.",
    };
    framed(results, words, Axis::default(), Axis::default(), Body::Timeline { rows, columns: periods(results), cells, written: false })
}

/// One row: in each period the limit worth most.
fn row(results: &Results, facts: &[&Binding], most: f64, unit: &str, takes: impl Fn(&Binding) -> bool) -> Vec<Cell> {
    (0..results.periods.len())
        .map(|period| {
            let strongest = facts
                .iter()
                .filter(|binding| takes(binding) && binding.period_index.is_none_or(|index| index == period))
                .max_by(|a, b| worth_in_a_period(results, a).abs().total_cmp(&worth_in_a_period(results, b).abs()));
            strongest.map_or_else(
                || Cell { label: String::new(), color: ColorKey::Quiet, strength: 0.0, detail: String::new() },
                |binding| cell(binding, worth_in_a_period(results, binding).abs() / most, unit),
            )
        })
        .collect()
}

/// A limit over the whole horizon is worth its share in each period, so that it compares with limits of one.
fn worth_in_a_period(results: &Results, binding: &Binding) -> f64 {
    let periods = if binding.period_index.is_some() { 1 } else { results.periods.len().max(1) };
    worth_of_one_percent(binding) / periods as f64
}

fn cell(binding: &Binding, share: f64, unit: &str) -> Cell {
    let worth = worth_of_one_percent(binding);
    Cell {
        label: family_label(binding.family).into(),
        color: ColorKey::Family(binding.family),
        // The root keeps small worths visible beside a large one.
        strength: finite(share.sqrt()).clamp(0.0, 1.0),
        detail: format!("{}, +1 % is worth {}", crate::words::path_in_words(&binding.path), crate::words::with_unit(worth, unit)),
    }
}
