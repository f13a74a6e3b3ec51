//! Lines and points over numbers, on linear or logarithmic axes.

use crate::charts::Trace;

use super::axes;
use super::canvas::{Stroke, path_of};
use super::{Area, Pen};

pub(super) fn draw(pen: &mut Pen<'_>, mut area: Area, traces: &[Trace], log_x: bool, log_y: bool) {
    let points = || traces.iter().flat_map(|trace| &trace.points).filter(|point| (!log_x || point.x > 0.0) && (!log_y || point.y > 0.0));
    let bounds = |value: fn(&crate::charts::Point) -> f64| {
        points().map(value).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    };
    let (left, right) = bounds(|point| point.x);
    let (low, high) = bounds(|point| point.y);
    if !(left.is_finite() && low.is_finite()) {
        return;
    }
    area.height -= axes::foot(pen);
    // Linear axes start at zero unless the numbers are all far from it.
    let base = if log_y || low < 0.0 || low > 0.7 * high { low } else { 0.0 };
    let scale_y = axes::upright(pen, &mut area, base, high, log_y);
    let start = if log_x || left < 0.0 || left > 0.5 * right { left } else { 0.0 };
    let scale_x = axes::level(pen, &area, start, right, log_x, true);
    for trace in traces {
        let color = pen.color(&trace.color);
        let mut placed: Vec<(f64, f64)> = Vec::new();
        for point in trace.points.iter().filter(|point| (!log_x || point.x > 0.0) && (!log_y || point.y > 0.0)) {
            let (x, y) = (scale_x.at(point.x), scale_y.at(point.y));
            if let (true, Some((_, before))) = (trace.stepped && !trace.scattered, placed.last().copied()) {
                placed.push((x, before));
            }
            placed.push((x, y));
        }
        if trace.scattered || placed.len() == 1 {
            for point in placed {
                pen.canvas.disc(point, 3.5, color, Stroke::new(pen.theme.panel, 1.0));
            }
        } else {
            pen.canvas.stroke(&path_of(&placed, false), Stroke::new(color, 2.0));
        }
    }
}
