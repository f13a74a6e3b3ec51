//! What happens as inputs change: every combination of the stops of one to four axes.

use crate::plan::Plan;
use crate::plan::study::{Act, Axis, Grid};
use crate::study::engine::{Ask, Change, Point};

pub use super::words::unit;
use super::words::{in_words, number_in_words};

/// An axis as it is drawn: its name and the number at each stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// Name.
    pub name: String,
    /// What the numbers are: the plan's own, factors, what is added, months.
    pub unit: &'static str,
    /// The numbers of the first thing that moves along it.
    pub stops: Vec<f64>,
}

/// The axes as they are drawn.
#[must_use]
pub fn axes(study: &Grid, plan: &Plan) -> Vec<Drawn> {
    study.axes.iter().map(|axis| drawn(axis, plan)).collect()
}

fn drawn(axis: &Axis, plan: &Plan) -> Drawn {
    let Some(first) = axis.vary.first() else { return Drawn { name: axis.name.clone(), unit: "", stops: Vec::new() } };
    Drawn { name: in_words(plan, &axis.name, &first.paths), unit: unit(&first.act), stops: first.at.values() }
}

/// Every combination, the last axis fastest.
pub(super) fn points(study: &Grid, plan: &Plan) -> Vec<Point> {
    let axes = axes(study, plan);
    let count = study.axes.iter().map(Axis::stops).product::<usize>();
    let stops: Vec<Vec<Vec<f64>>> = study.axes.iter().map(|axis| axis.vary.iter().map(|varied| varied.at.values()).collect()).collect();
    (0..count)
        .map(|index| {
            let mut left = index;
            let mut places = vec![0; study.axes.len()];
            for (place, axis) in places.iter_mut().zip(&study.axes).rev() {
                *place = left % axis.stops();
                left /= axis.stops();
            }
            let mut point = Point { label: String::new(), at: Vec::new(), changes: Vec::new(), ask: Ask::Answer };
            let mut words = Vec::new();
            for (number, place) in places.iter().enumerate() {
                let value = axes[number].stops.get(*place).copied().unwrap_or(0.0);
                point.at.push(value);
                let act = study.axes[number].vary.first().map_or(Act::Sets, |varied| varied.act.clone());
                words.push(format!("{} {}", axes[number].name, number_in_words(value, &act)));
                for (varied, values) in study.axes[number].vary.iter().zip(&stops[number]) {
                    let value = values.get(*place).copied().unwrap_or(0.0);
                    point.changes.push(Change::Number { paths: varied.paths.clone(), act: varied.act.clone(), value });
                }
            }
            point.label = words.join(", ");
            point
        })
        .collect()
}
