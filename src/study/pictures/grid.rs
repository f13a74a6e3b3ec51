//! Grids as pictures: lines and stacks for one axis, maps of heights and of what wins where for two, a map for
//! each stop of the others beyond.

use std::collections::BTreeMap;

use super::drawn::{Drawn, figures, trace};
use crate::charts::drawing::heat::levels_in_words;
use crate::charts::frame::axis;
use crate::charts::{Axis, Body, Chart, ColorKey, HeatCell, Point, Series, family_label};
use crate::plan::study::Grid;
use crate::study::engine::Record;
use crate::study::kinds::grid::{Drawn as Along, axes};
use crate::words::{ended, short};

/// Most small multiples.
const MOST_MAPS: usize = 24;

pub(super) fn charts(drawn: &Drawn<'_>, study: &Grid) -> Vec<Chart> {
    let axes = axes(study, &drawn.run.base.plan);
    match axes.as_slice() {
        [] => Vec::new(),
        [one] => lines(drawn, one),
        [across, up] => maps(drawn, across, up, drawn.records, ""),
        [across, up, rest @ ..] => multiples(drawn, across, up, rest),
    }
}

fn axis_of(along: &Along) -> Axis {
    axis(&along.name, along.unit)
}

fn lines(drawn: &Drawn<'_>, along: &Along) -> Vec<Chart> {
    let mut charts: Vec<Chart> = figures()
        .map(|(figure, title, unit)| {
            let points = |answered: bool| -> Vec<Point> {
                let of = drawn.records.iter().filter(|record| record.answer.is_answered() == answered);
                of.filter_map(|record| Some(Point { x: *record.at.first()?, y: record.answer.kpi(figure).unwrap_or(0.0) })).collect()
            };
            let mut traces = vec![trace(title, ColorKey::Good, points(true), false)];
            let without = points(false);
            if !without.is_empty() {
                traces.push(trace("no answer", ColorKey::Bad, without, true));
            }
            let body = Body::Lines { traces, log_x: false, log_y: false };
            drawn.chart(
                "study-lines",
                format!("{title} as {} changes", along.name),
                unit.to_owned(),
                "",
                (axis_of(along), axis(title, unit)),
                body,
            )
        })
        .collect();
    let categories: Vec<String> = drawn.records.iter().map(|record| record.at.first().copied().map_or_else(String::new, short)).collect();
    let mut stacks: Vec<Series> = Vec::new();
    for chip in drawn.results.chips.iter().map(|chip| (chip.id.clone(), chip.name.clone())) {
        let values: Vec<f64> =
            drawn.records.iter().map(|record| record.answer.tokens_by_chip.get(&chip.0).copied().unwrap_or(0.0)).collect();
        if values.iter().any(|value| *value > 0.0) {
            stacks.push(Series { name: chip.1, color: ColorKey::Chip(chip.0), values });
        }
    }
    let body = Body::StackedBars { categories, stacks, lines: Vec::new() };
    charts.push(drawn.chart(
        "study-chips",
        format!("Tokens by chip as {} changes", along.name),
        "Ttok".into(),
        "",
        (axis_of(along), axis("Tokens", "Ttok")),
        body,
    ));
    charts
}

/// The record at each cell, by row and column.
fn placed<'r>(across: &Along, up: &Along, records: &'r [Record]) -> Vec<Vec<Option<&'r Record>>> {
    let at = |record: &Record, x: f64, y: f64| record.at.first() == Some(&x) && record.at.get(1) == Some(&y);
    up.stops.iter().map(|y| across.stops.iter().map(|x| records.iter().find(|record| at(record, *x, *y))).collect()).collect()
}

fn detail(record: &Record) -> String {
    if !record.answer.is_answered() {
        return format!("{}: {}", ended(&record.answer.status), record.answer.reason);
    }
    let figures = figures().filter_map(|(figure, title, unit)| Some(format!("{title} {} {unit}", short(record.answer.kpi(figure)?))));
    let binds = record.answer.binding.first().map(|family| format!("what binds first: {}", family_label(family)));
    figures.chain(binds).collect::<Vec<_>>().join(", ")
}

fn largest(of: &BTreeMap<String, f64>) -> Option<(&String, f64)> {
    of.iter().map(|(id, value)| (id, *value)).max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(one.0)))
}

/// What wins in a cell: its name on screen, its colour, how much of it there is where that can be counted.
type Winner<'w> = &'w dyn Fn(&Record) -> Option<(String, ColorKey, Option<f64>)>;

fn map(across: &Along, up: &Along, records: &[Record], cell: &dyn Fn(&Record) -> HeatCell) -> Body {
    let nothing = || HeatCell { value: None, unit: "", label: String::new(), detail: "not run yet".into(), color: None };
    let cells = placed(across, up, records)
        .into_iter()
        .map(|row| row.into_iter().map(|record| record.map_or_else(nothing, cell)).collect())
        .collect();
    Body::Heat { across: across.stops.clone(), up: up.stops.clone(), cells }
}

/// What wins in every cell that has a winner, if it is one and the same.
fn alone(body: &Body) -> Option<&str> {
    let Body::Heat { cells, .. } = body else { return None };
    let mut names = cells.iter().flatten().filter(|cell| cell.is_answered()).map(|cell| cell.label.as_str());
    let first = names.next()?;
    names.all(|name| name == first).then_some(first)
}

fn maps(drawn: &Drawn<'_>, across: &Along, up: &Along, records: &[Record], at: &str) -> Vec<Chart> {
    // The numbers of the map are not in the unit of its axes.
    let named = |along: &Along| {
        axis(if along.unit.is_empty() { along.name.clone() } else { format!("{}, {}", along.name, along.unit) }.as_str(), "")
    };
    let axes = || (named(across), named(up));
    let mut charts: Vec<Chart> = figures()
        .map(|(figure, title, unit)| {
            let body = map(across, up, records, &|record| HeatCell {
                value: record.answer.kpi(figure).filter(|_| record.answer.is_answered()),
                unit,
                label: title.to_owned(),
                detail: detail(record),
                color: None,
            });
            let lines = if let Body::Heat { cells, .. } = &body { levels_in_words(cells) } else { String::new() };
            let reading = if lines.is_empty() {
                "Hatched: no answer.".to_owned()
            } else {
                format!("Lines of equal height at {lines}. Hatched: no answer.")
            };
            drawn.chart("study-map", format!("{title}{at}"), unit.to_owned(), &reading, axes(), body)
        })
        .collect();
    let name_of = |list: &[crate::results::Named], id: &str| {
        list.iter().find(|named| named.id == id).map_or_else(|| id.to_owned(), |named| named.name.clone())
    };
    let site_name = |id: &str| {
        let found = drawn.results.sites.iter().find(|site| site.id == id).map(|site| site.name.clone());
        found.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_owned())
    };
    let chip = |record: &Record| {
        largest(&record.answer.tokens_by_chip).map(|(id, made)| (name_of(&drawn.results.chips, id), ColorKey::Chip(id.clone()), Some(made)))
    };
    let site =
        |record: &Record| largest(&record.answer.tokens_by_site).map(|(id, made)| (site_name(id), ColorKey::Site(id.clone()), Some(made)));
    let binds = |record: &Record| {
        let family = record.answer.binding.first()?;
        let known = crate::formulation::FAMILIES.iter().find(|entry| entry.name == family)?;
        Some((family_label(known.name).to_owned(), ColorKey::Family(known.name), None))
    };
    // Kinds of contracts in the order of the plan, each in the colour of its first contract.
    let power = |record: &Record| {
        let (kind, gwh) = largest(&record.answer.energy_by_kind)?;
        let first = drawn.results.contracts.iter().find(|contract| contract.kind.title == kind)?;
        Some((kind.clone(), ColorKey::Contract(first.id.clone()), Some(gwh)))
    };
    let winners: [(&str, &str, &'static str, Winner<'_>); 4] = [
        ("Which chip makes most tokens", "the chip with the most answer tokens", "Ttok of answers", &chip),
        ("Which site makes most tokens", "the site with the most answer tokens", "Ttok of answers", &site),
        ("What feeds the sites most", "the kind of power with the most energy", "GWh", &power),
        ("What binds first", "the limits worth most", "", &binds),
    ];
    for (title, subtitle, unit, winner) in winners {
        let body = map(across, up, records, &|record| match winner(record).filter(|_| record.answer.is_answered()) {
            Some((label, color, value)) => HeatCell { value, unit, label, detail: detail(record), color: Some(color) },
            None => HeatCell { value: None, unit, label: String::new(), detail: detail(record), color: None },
        });
        let reading = match alone(&body) {
            Some(name) => format!("{name} everywhere. Hatched: no answer, or none."),
            None => "Hatched: no answer, or none.".to_owned(),
        };
        charts.push(drawn.chart("study-winners", format!("{title}{at}"), subtitle.to_owned(), &reading, axes(), body));
    }
    charts
}

/// A map for each stop of the axes beyond the second.
fn multiples(drawn: &Drawn<'_>, across: &Along, up: &Along, rest: &[Along]) -> Vec<Chart> {
    let mut stops: Vec<Vec<f64>> = vec![Vec::new()];
    for along in rest {
        stops = stops.iter().flat_map(|start| along.stops.iter().map(|stop| start.iter().copied().chain([*stop]).collect())).collect();
    }
    let mut charts = Vec::new();
    for stop in stops.iter().take(MOST_MAPS) {
        let records: Vec<Record> = drawn.records.iter().filter(|record| record.at.get(2..) == Some(stop.as_slice())).cloned().collect();
        let at: Vec<String> = rest
            .iter()
            .zip(stop)
            .map(|(along, stop)| format!("{} {} {}", along.name, short(*stop), along.unit).trim().to_owned())
            .collect();
        charts.extend(maps(drawn, across, up, &records, &format!(", {}", at.join(", "))).into_iter().take(2));
    }
    charts
}
