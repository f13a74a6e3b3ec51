//! Samples as pictures: how often, how surely, over time, and what explains it.

use super::drawn::{Drawn, figures, trace};
use crate::charts::frame::axis;
use crate::charts::{Axis, Body, Chart, ColorKey, Point, Series};
use crate::plan::study::Sample;
use crate::study::engine::Record;
use crate::study::kinds::sample::{percentile, rank_correlation, values};
use crate::study::summary::PERCENTILES;
use crate::words::{lowered, short};

/// The two ways futures are met, with their colours.
fn ways() -> [(bool, &'static str, ColorKey); 2] {
    [(false, "best plan of each future", ColorKey::Good), (true, "this plan's orders in each future", ColorKey::Limit)]
}

pub(super) fn charts(drawn: &Drawn<'_>, study: &Sample) -> Vec<Chart> {
    let mut charts = Vec::new();
    for (figure, title, unit) in figures() {
        charts.push(exceedance(drawn, figure, title, unit));
        charts.push(histogram(drawn, figure, title, unit));
    }
    charts.push(fan(drawn));
    for (figure, title, unit) in figures() {
        charts.push(explained(drawn, study, figure, title));
        charts.extend(scatter(drawn, study, figure, title, unit));
    }
    charts
}

/// How surely at least so much is reached.
fn exceedance(drawn: &Drawn<'_>, figure: &str, title: &str, unit: &str) -> Chart {
    let mut traces = Vec::new();
    for (as_ordered, name, color) in ways() {
        let mut values = values(drawn.records, figure, as_ordered);
        values.sort_by(f64::total_cmp);
        // A future without an answer reaches nothing.
        let all = drawn.records.iter().filter(|record| record.as_ordered == as_ordered).count().max(1) as f64;
        let points: Vec<Point> =
            values.iter().enumerate().map(|(place, value)| Point { x: *value, y: 100.0 * (values.len() - place) as f64 / all }).collect();
        if !points.is_empty() {
            traces.push(trace(name, color, points, false));
        }
    }
    if let Some(planned) = drawn.planned(figure) {
        traces.push(trace("as planned", ColorKey::Load, vec![Point { x: planned, y: 0.0 }, Point { x: planned, y: 100.0 }], false));
    }
    let reading = "How many of all futures reach at least so much; one without an answer reaches nothing.";
    let body = Body::Lines { traces, log_x: false, log_y: false };
    drawn.chart(
        "study-exceedance",
        format!("How sure {} is", if title == "NPV" { "NPV".to_owned() } else { format!("the number of {}", lowered(title)) }),
        "% of futures".into(),
        reading,
        (axis(title, unit), axis("Futures that reach it", "%")),
        body,
    )
}

fn histogram(drawn: &Drawn<'_>, figure: &str, title: &str, unit: &str) -> Chart {
    let all: Vec<f64> = ways().iter().flat_map(|(as_ordered, ..)| values(drawn.records, figure, *as_ordered)).collect();
    let (low, high) = all.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
    let bins = (all.len() as f64 / 2.0).sqrt().ceil().clamp(5.0, 30.0) as usize;
    let width = if high > low { (high - low) / bins as f64 } else { 1.0 };
    let lines = ways()
        .into_iter()
        .map(|(as_ordered, name, color)| {
            let mut counts = vec![0.0; bins];
            for value in values(drawn.records, figure, as_ordered) {
                let bin = (((value - low) / width) as usize).min(bins - 1);
                counts[bin] += 1.0;
            }
            (as_ordered, Series { name: name.to_owned(), color, values: counts })
        })
        .collect::<Vec<_>>();
    let categories = (0..bins).map(|bin| short(low + (bin as f64 + 0.5) * width)).collect();
    let (mut stacks, mut over) = (Vec::new(), Vec::new());
    for (as_ordered, series) in lines {
        // A limit would be drawn dashed and level; what is ordered is a line through the middles.
        if as_ordered { over.push(Series { color: ColorKey::Load, ..series }) } else { stacks.push(series) }
    }
    let body = Body::StackedBars { categories, stacks, lines: over };
    drawn.chart(
        "study-histogram",
        format!("How {} spread", if title == "NPV" { "NPV is".to_owned() } else { format!("{} are", lowered(title)) }),
        format!("futures by {unit}"),
        "",
        (axis(title, unit), axis("Futures", "")),
        body,
    )
}

/// Percentiles of tokens over the periods.
fn fan(drawn: &Drawn<'_>) -> Chart {
    let of: Vec<&Record> = drawn.records.iter().filter(|record| !record.as_ordered && record.answer.is_answered()).collect();
    let lines = PERCENTILES.iter().map(|share| {
        let values = (0..drawn.results.periods.len())
            .map(|period| {
                let at: Vec<f64> = of.iter().filter_map(|record| record.answer.tokens_by_period.get(period).copied()).collect();
                percentile(&at, *share).unwrap_or(0.0)
            })
            .collect();
        let color = if *share == 0.5 {
            ColorKey::Good
        } else if (0.25..=0.75).contains(share) {
            ColorKey::Product(String::new())
        } else {
            ColorKey::Quiet
        };
        Series { name: format!("P{}", crate::words::fixed(share * 100.0, 0)), color, values }
    });
    let categories = drawn.results.periods.iter().map(|period| period.label.clone()).collect();
    let body = Body::StackedBars { categories, stacks: Vec::new(), lines: lines.collect() };
    let reading = "P5: one future in twenty stays below it. The best plan of each future.";
    drawn.chart("study-fan", "Tokens over the periods".into(), "Ttok".into(), reading, (Axis::default(), axis("Tokens", "Ttok")), body)
}

/// Rank correlation of each input with a figure.
fn correlations(drawn: &Drawn<'_>, study: &Sample, figure: &str) -> Vec<(String, f64)> {
    let of: Vec<&Record> = drawn.records.iter().filter(|record| !record.as_ordered && record.answer.kpi(figure).is_some()).collect();
    let values: Vec<f64> = of.iter().filter_map(|record| record.answer.kpi(figure)).collect();
    let mut found: Vec<(String, f64)> = study
        .inputs
        .iter()
        .enumerate()
        .map(|(number, input)| {
            let drawn: Vec<f64> = of.iter().map(|record| record.at.get(number).copied().unwrap_or(0.0)).collect();
            (input.id().to_owned(), rank_correlation(&drawn, &values))
        })
        .collect();
    found.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
    found
}

fn explained(drawn: &Drawn<'_>, study: &Sample, figure: &str, title: &str) -> Chart {
    let found = correlations(drawn, study, figure);
    let categories = found.iter().map(|(name, _)| name.clone()).collect();
    let series = Series { name: "rank correlation".into(), color: ColorKey::Good, values: found.iter().map(|(_, value)| *value).collect() };
    let title = format!("What explains {}", lowered(title));
    let reading = "1: more of the input always comes with more of it; -1: always with less; 0: neither. Inputs that go together share what they explain.";
    drawn.chart(
        "study-explained",
        title,
        "rank correlation, best plan of each future".into(),
        reading,
        (axis("", ""), Axis::default()),
        Body::Bars { categories, values: series },
    )
}

/// The input that explains most, against the figure.
fn scatter(drawn: &Drawn<'_>, study: &Sample, figure: &str, title: &str, unit: &str) -> Option<Chart> {
    let (first, _) = correlations(drawn, study, figure).into_iter().next()?;
    let number = study.inputs.iter().position(|input| input.id() == first)?;
    let traces = ways()
        .into_iter()
        .map(|(as_ordered, name, color)| {
            let of = drawn.records.iter().filter(|record| record.as_ordered == as_ordered);
            let points = of.filter_map(|record| Some(Point { x: *record.at.get(number)?, y: record.answer.kpi(figure)? })).collect();
            trace(name, color, points, true)
        })
        .collect();
    let input = study.inputs.get(number)?;
    let across = axis(&first, crate::study::kinds::grid::unit(&input.act));
    let body = Body::Lines { traces, log_x: false, log_y: false };
    Some(drawn.chart(
        "study-scatter",
        format!("{title} against {first}"),
        unit.to_owned(),
        "One point is one future.",
        (across, axis(title, unit)),
        body,
    ))
}
