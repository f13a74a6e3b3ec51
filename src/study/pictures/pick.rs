//! Which row of a study a place of one of its pictures stands for.

use crate::charts::plot::Pointed;
use crate::charts::{Body, Chart, RangeRow};
use crate::study::engine::Record;
use crate::study::summary::SHOWN;

/// The row, if the place stands for one.
#[must_use]
pub fn picked(chart: &Chart, rows: &[Record], at: Pointed) -> Option<usize> {
    match (&chart.body, at) {
        (Body::Heat { across, up, .. }, Pointed::Part(part)) => {
            let (x, y) = (across.get(part % across.len().max(1))?, up.get(part / across.len().max(1))?);
            rows.iter().position(|row| row.at.as_slice() == [*x, *y])
        }
        (Body::Ranges { rows: bars }, Pointed::Part(part)) => bar(chart, (part, bars.get(part)?), rows),
        (Body::Bars { categories, .. }, Pointed::Part(part)) => {
            let name = categories.get(part)?;
            rows.iter().position(|row| row.label == *name || format!("{}: no answer", row.label) == *name)
        }
        (Body::StackedBars { .. }, Pointed::Place { stop, .. }) if chart.name == "study-chips" => (stop < rows.len()).then_some(stop),
        (Body::Lines { .. }, Pointed::Place { x, y, .. }) => match chart.name {
            "study-lines" => nearest(rows, |row| Some((*row.at.first()?, 0.0)), (x, 0.0)),
            "study-frontier" => nearest(rows, |row| Some((*row.answer.asked.first()?, *row.answer.asked.get(1)?)), (x, y)),
            "study-scatter" => {
                let (figure, ..) = SHOWN.iter().find(|(_, title, unit)| *title == chart.y.label && *unit == chart.y.unit)?;
                let has = |row: &Record, place: usize| Some((*row.at.get(place)?, row.answer.kpi(figure)?));
                let place = place_of(chart, rows, figure)?;
                nearest(rows, |row| has(row, place), (x, y))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Which input a scatter is drawn over: the one whose numbers are those of its points.
fn place_of(chart: &Chart, rows: &[Record], figure: &str) -> Option<usize> {
    let Body::Lines { traces, .. } = &chart.body else { return None };
    let first = traces.iter().find_map(|trace| trace.points.first())?;
    let row = rows.iter().find(|row| row.answer.kpi(figure) == Some(first.y))?;
    row.at.iter().position(|at| *at == first.x)
}

/// The end of a bar that is farther from what is planned.
fn bar(chart: &Chart, (part, bar): (usize, &RangeRow), rows: &[Record]) -> Option<usize> {
    let away = |end: Option<f64>| end.map_or(0.0, |end| (end - bar.at).abs());
    let upper = away(bar.to) >= away(bar.from);
    match chart.name {
        "study-alternatives" => {
            // The bars of a picture are one group's, all of it, in its order; the group is what the picture's title begins with.
            let (group, _) = chart.title.split_once(':')?;
            let side = f64::from(u8::from(upper));
            rows.iter().position(|row| row.label.starts_with(group) && row.at.get(1..).is_some_and(|at| at == [part as f64, side]))
        }
        "study-tornado" => {
            let side = f64::from(u8::from(upper));
            rows.iter().position(|row| row.label.starts_with(&format!("{} ", bar.name)) && row.at.get(1) == Some(&side))
        }
        _ => None,
    }
}

/// The row nearest to a place, in shares of what all rows span each way.
fn nearest(rows: &[Record], of: impl Fn(&Record) -> Option<(f64, f64)>, at: (f64, f64)) -> Option<usize> {
    let places: Vec<(usize, (f64, f64))> = rows.iter().enumerate().filter_map(|(row, record)| Some((row, of(record)?))).collect();
    let span = |of: fn(&(f64, f64)) -> f64| {
        let (low, high) =
            places.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (_, place)| (low.min(of(place)), high.max(of(place))));
        if high > low { high - low } else { 1.0 }
    };
    let (width, height) = (span(|place| place.0), span(|place| place.1));
    let far = |place: (f64, f64)| ((place.0 - at.0) / width).hypot((place.1 - at.1) / height);
    places.iter().min_by(|one, other| far(one.1).total_cmp(&far(other.1))).map(|(row, _)| *row)
}
