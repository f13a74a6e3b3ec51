//! From which volume on which way is the cheapest: the least cost of every volume, way by way, and where the lines cross.
//!
//! The cost of a way over its volume is straight between break points that are found exactly; where the lines of two
//! ways cross is worked out from their pieces. With a fixed cost F and c for each token of one way, and a price p of
//! the other, that is at F / (p − c).

use crate::formulation::measures::Measure;
use crate::plan::Plan;
use crate::plan::edit::Edit;
use crate::plan::study::Crossover;
use crate::study::engine::{Ask, Change, Point, Record};

/// A point for each way: its whole curve.
pub(super) fn points(study: &Crossover, plan: &Plan) -> Vec<Point> {
    let ask = Ask::Curve { optimise: Measure::Cost, hold: Measure::Tokens, at_most: study.points };
    study
        .ways
        .iter()
        .enumerate()
        .map(|(number, (name, scenario))| {
            let set = plan.scenarios.get(scenario).into_iter().flat_map(|scenario| &scenario.set.0);
            Point {
                label: name.clone(),
                at: vec![number as f64],
                changes: set.map(|(path, value)| Change::Edit(Edit::set(path.clone(), value.0.clone()))).collect(),
                ask: ask.clone(),
            }
        })
        .collect()
}

/// The least cost of a way over its volume: Ttok over the horizon and M$ discounted, in the order of volume.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The way.
    pub name: String,
    /// Volume and cost at every break point.
    pub points: Vec<(f64, f64)>,
}

impl Line {
    /// The cost of a volume; none of more than the way can make. Less than its first point costs what that costs.
    #[must_use]
    pub fn cost(&self, volume: f64) -> Option<f64> {
        let (first, last) = (self.points.first()?, self.points.last()?);
        if volume > last.0 * (1.0 + 1e-9) {
            return None;
        }
        if volume <= first.0 {
            return Some(first.1);
        }
        self.points.windows(2).find_map(|pair| match pair {
            [from, to] if volume <= to.0 * (1.0 + 1e-9) => Some(from.1 + (to.1 - from.1) * (volume - from.0) / (to.0 - from.0)),
            _ => None,
        })
    }
}

/// The lines, in the order of the study; of ways without an answer none.
#[must_use]
pub fn lines(records: &[Record]) -> Vec<Line> {
    let of = |record: &Record| {
        let points = record.answer.curve.iter().map(|vertex| (vertex.held, vertex.value)).collect::<Vec<_>>();
        (!points.is_empty()).then(|| Line { name: record.label.clone(), points })
    };
    records.iter().filter_map(of).collect()
}

/// A span of volumes and the way that is cheapest there.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// From this volume, Ttok over the horizon.
    pub from: f64,
    /// To this one.
    pub to: f64,
    /// Index of the line.
    pub line: usize,
}

/// Which way is the cheapest from which volume on, from nothing to the most that some way can make.
#[must_use]
pub fn spans(lines: &[Line]) -> Vec<Span> {
    let mut ends: Vec<f64> = lines.iter().flat_map(|line| line.points.iter().map(|(volume, _)| *volume)).chain([0.0]).collect();
    ends.sort_by(f64::total_cmp);
    ends.dedup();
    // Between two ends every line is straight (or not there): two cross at most once.
    let mut cuts = ends.clone();
    for pair in ends.windows(2) {
        let [from, to] = pair else { continue };
        for (number, one) in lines.iter().enumerate() {
            for other in lines.iter().skip(number + 1) {
                let gap = |volume: f64| Some(one.cost(volume)? - other.cost(volume)?);
                if let (Some(before), Some(after)) = (gap(*from), gap(*to))
                    && before * after < 0.0
                {
                    cuts.push(from + (to - from) * before / (before - after));
                }
            }
        }
    }
    cuts.sort_by(f64::total_cmp);
    cuts.dedup();
    let mut spans: Vec<Span> = Vec::new();
    for pair in cuts.windows(2) {
        let [from, to] = pair else { continue };
        if to - from <= 1e-12 * to.abs() {
            continue;
        }
        let middle = 0.5 * (from + to);
        let costs = lines.iter().enumerate().filter_map(|(number, line)| Some((number, line.cost(middle)?)));
        let Some((line, _)) = costs.min_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0))) else { continue };
        match spans.last_mut() {
            Some(last) if last.line == line => last.to = *to,
            _ => spans.push(Span { from: *from, to: *to, line }),
        }
    }
    spans
}

/// What comes of it, in sentences; `days` is the length of the horizon.
#[must_use]
pub fn in_words(lines: &[Line], days: f64) -> Vec<String> {
    let spans = spans(lines);
    let volume = |ttok: f64| {
        format!("{} ({} a day)", crate::words::with_unit(ttok, "Ttok"), crate::words::with_unit(ttok * 1e3 / days.max(1e-9), "Gtok"))
    };
    let name = |span: &Span| lines.get(span.line).map_or("", |line| line.name.as_str());
    let mut said: Vec<String> = spans
        .iter()
        .enumerate()
        .map(|(number, span)| match (number, number + 1 == spans.len()) {
            (0, true) => format!("{} is the cheapest for every volume, up to {}.", name(span), volume(span.to)),
            (0, false) => format!("Up to {}: {}.", volume(span.to), name(span)),
            (_, true) => format!("From {} on: {}, up to {}, the most that can be had.", volume(span.from), name(span), volume(span.to)),
            (_, false) => format!("From {} to {}: {}.", volume(span.from), volume(span.to), name(span)),
        })
        .collect();
    for (number, line) in lines.iter().enumerate().filter(|(number, _)| !spans.iter().any(|span| span.line == *number)) {
        let _ = number;
        said.push(format!("{} is the cheapest for no volume.", line.name));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, points: &[(f64, f64)]) -> Line {
        Line { name: name.into(), points: points.to_vec() }
    }

    #[test]
    fn lines_cross_where_they_should() {
        // Own: 10 and 1 each; rent: 4 and 2 each up to 20; buy: 3 each up to 100.
        let lines = [
            line("own", &[(0.0, 10.0), (50.0, 60.0)]),
            line("rent", &[(0.0, 4.0), (20.0, 44.0)]),
            line("buy", &[(0.0, 0.0), (100.0, 300.0)]),
        ];
        let found: Vec<(f64, f64, usize)> = spans(&lines).into_iter().map(|span| (span.from, span.to, span.line)).collect();
        assert_eq!(found, [(0.0, 4.0, 2), (4.0, 6.0, 1), (6.0, 50.0, 0), (50.0, 100.0, 2)]);
    }
}
