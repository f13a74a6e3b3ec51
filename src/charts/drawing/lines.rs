//! Lines and points over numbers, on linear or logarithmic axes.

use std::collections::BTreeSet;

use crate::charts::plot::plot;

use super::axes;
use super::canvas::{Path, Stroke};
use super::{Area, Pen};

pub(super) fn draw(pen: &mut Pen<'_>, mut area: Area) {
    let Some(plot) = plot(pen.chart, &BTreeSet::new()).filter(|plot| !plot.stops.is_empty()) else { return };
    area.height -= axes::foot(pen);
    let scale_y = axes::upright(pen, &mut area, plot.y.0, plot.y.1, plot.log_y);
    let scale_x = axes::level(pen, &area, plot.x.0, plot.x.1, plot.log_x, true);
    for curve in &plot.curves {
        let color = pen.color(curve.color);
        let placed: Vec<(f64, f64)> = curve.points.iter().map(|(x, y)| (scale_x.at(*x), scale_y.at(*y))).collect();
        if curve.scattered {
            for point in placed {
                pen.canvas.disc(point, 3.5, color, Stroke::new(pen.theme.panel, 1.0));
            }
        } else {
            pen.canvas.stroke(&Path::through(&placed, false), Stroke::new(color, 2.0));
        }
    }
}
