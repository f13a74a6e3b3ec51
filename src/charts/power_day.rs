//! Power of a representative day at one site: what each contract gives in each block, stacked,
//! with the load and the interconnect. A battery's discharge is part of the stack; its charging is
//! part of the line "load and charging", which the stack therefore always meets.

use std::fmt::Write;

use crate::results::{Results, Role};

use super::frame::{self, Words, at, at2, axis, empty, finite, present, site_name, takes, takes_period};
use super::{Body, Chart, ColorKey, Selection, Series};

const NAME: &str = "power-day";
const TITLE: &str = "Power of a day";

/// The chart, if there is any power; without a selection that of the site, period and day of the highest load.
fn chart_of(results: &Results, selection: &Selection) -> Option<Chart> {
    let (site, period, day) = chosen(results, selection)?;
    let site_info = results.sites.get(site)?;
    let mut slices: Vec<(usize, f64, f64)> = results
        .slices
        .iter()
        .enumerate()
        .filter(|(_, slice)| slice.day == day && at(&slice.hours, period) > 0.0)
        .map(|(index, slice)| (index, slice.start_hour, slice.block_hours))
        .collect();
    slices.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut edges: Vec<f64> = slices.iter().map(|slice| slice.1).collect();
    edges.push(slices.last().map(|(_, start, hours)| start + hours)?);

    let over = |name: String, color: ColorKey, value: &dyn Fn(usize) -> f64| Series {
        name,
        color,
        values: slices.iter().map(|(slice, ..)| finite(value(*slice))).collect(),
    };
    // What comes through the grid below, so that it stands under the line of what the grid carries; steady sources
    // first, then what follows the weather and tariffs; plant on the site and batteries on top.
    let mut contracts: Vec<_> =
        results.contracts.iter().filter(|contract| contract.site == site && contract.kind.role != Role::Paper).collect();
    contracts.sort_by_key(|contract| (contract.kind.behind_meter, contract.kind.order));
    let stacks = present(
        contracts
            .iter()
            .map(|contract| {
                over(crate::words::sentence(&frame::contract_name(&contract.id)), ColorKey::Contract(contract.id.clone()), &|slice| {
                    at2(&contract.draw_mw, period, slice).max(0.0)
                })
            })
            .collect(),
    );
    let power = results.power.get(site)?;
    let charging = |slice: usize| -> f64 {
        contracts
            .iter()
            .filter(|contract| contract.kind.role == Role::Store)
            .map(|contract| (-at2(&contract.draw_mw, period, slice)).max(0.0))
            .sum()
    };
    let load = over("Load".into(), ColorKey::Load, &|slice| at2(&power.load_mw, period, slice));
    let peak = load.values.iter().copied().fold(0.0, f64::max);
    if stacks.is_empty() && peak == 0.0 {
        return None;
    }
    let mut lines = Vec::new();
    // A line that can't be told from the load would only fill the legend.
    if slices.iter().any(|(slice, ..)| charging(*slice) > 1e-3 * peak) {
        lines.push(over("Load and charging".into(), ColorKey::Quiet, &|slice| at2(&power.load_mw, period, slice) + charging(slice)));
    }
    lines.push(load);
    let limit = at(&site_info.interconnect_mw, period);
    // What events take away of it.
    let away = |slice: usize| -> f64 {
        let here = results.connections.iter().filter(|connection| connection.site == site_info.id);
        here.map(|of| at(&of.firm_mw, period) + at(&of.non_firm_mw, period) - at2(&of.limit_mw, period, slice)).sum()
    };
    let mut reading = String::from("Steps are the blocks of a representative day on the plan's clock.");
    let events = spans(slices.iter().map(|(slice, start, hours)| (*start, start + hours, away(*slice))), 1e-6 * limit);
    if !events.is_empty() {
        let _ = write!(reading, " Non-firm power is away in events: {}.", events.join("; "));
    }
    // A limit far above the load would flatten everything else.
    if limit > 0.0 && limit <= 2.5 * peak {
        lines.push(over(format!("Interconnect {}", crate::words::with_unit(limit, "MW")), ColorKey::Limit, &|slice| limit - away(slice)));
        if !events.is_empty() {
            reading.push_str(" There the line of the interconnect dips.");
        }
    } else if limit > 0.0 {
        let _ = write!(reading, " The interconnect, {}, is above the picture.", crate::words::with_unit(limit, "MW"));
    }
    let label = results.periods.get(period).map_or("", |period| period.label.as_str());
    let day = crate::words::words(results.days.get(day).map_or("", |day| day.id.as_str()));
    // A day that is called one is not called so twice.
    let day = if day.ends_with("day") { day } else { format!("{day} day") };
    let words = Words {
        name: NAME,
        title: format!("Power at {}", site_name(results, site)),
        subtitle: format!("MW, {day}, {label}"),
        reading: &reading,
    };
    Some(frame::chart(results, words, axis("Hour of the day", "h"), axis("Power", "MW"), Body::StackedAreas { edges, stacks, lines }))
}

/// The chart, or why there is none.
pub(super) fn chart(results: &Results, selection: &Selection) -> Chart {
    results
        .has_numbers()
        .then(|| chart_of(results, selection))
        .flatten()
        .unwrap_or_else(|| empty(results, NAME, TITLE, "No power is drawn here on this day: the site uses none, or rents chips elsewhere."))
}

/// Runs of hours with the same MW away, in words.
fn spans(blocks: impl Iterator<Item = (f64, f64, f64)>, least: f64) -> Vec<String> {
    let mut runs: Vec<(f64, f64, f64)> = Vec::new();
    for (from, until, mw) in blocks.filter(|(.., mw)| *mw > least) {
        match runs.last_mut() {
            Some((_, end, same)) if (*end - from).abs() < 1e-9 && (*same - mw).abs() <= least => *end = until,
            _ => runs.push((from, until, mw)),
        }
    }
    let hour = crate::words::hour;
    runs.into_iter()
        .map(|(from, until, mw)| format!("{} less from {} to {}", crate::words::with_unit(mw, "MW"), hour(from), hour(until)))
        .collect()
}

/// The site, period and day that are shown; what is not selected is that of the highest load.
fn chosen(results: &Results, selection: &Selection) -> Option<(usize, usize, usize)> {
    let mut best: Option<(f64, usize, usize, usize)> = None;
    for (site, power) in results.power.iter().enumerate() {
        if !takes(selection, site) {
            continue;
        }
        for (period, loads) in power.load_mw.iter().enumerate() {
            if !takes_period(selection, period) {
                continue;
            }
            for (load, slice) in loads.iter().zip(&results.slices) {
                let exists = at(&slice.hours, period) > 0.0 && selection.day.is_none_or(|day| day == slice.day);
                // The later period wins a tie: plans grow towards their end.
                if exists && best.is_none_or(|(most, ..)| *load >= most - 1e-9) {
                    best = Some((*load, site, period, slice.day));
                }
            }
        }
    }
    best.map(|(_, site, period, day)| (site, period, day))
}
