//! Bars by category, stacked, with lines over them; and level bars with a value each.

use std::collections::BTreeSet;

use crate::charts::plot::{BAR_SHARE, plot};
use crate::charts::{ColorKey, Series};
use crate::words::{short, with_unit};

use super::axes;
use super::canvas::{Anchor, Path, Spot, Stroke};
use super::measure::{ellipsised, text_width};
use super::{Area, Pen};

/// Stacked bars; what is negative goes below zero.
pub(super) fn stacked(pen: &mut Pen<'_>, mut area: Area, categories: &[String]) {
    let Some(plot) = plot(pen.chart, &BTreeSet::new()) else { return };
    let scale = axes::upright(pen, &mut area, plot.y.0, plot.y.1, false);
    axes::categories(pen, &area, categories);
    let slot = area.width / categories.len().max(1) as f64;
    // Bars on a wide page stay bars.
    let width = (slot * BAR_SHARE).min(56.0);
    let across = |x: f64| area.x + (x + 0.5) * slot;
    for index in 0..categories.len() {
        for band in &plot.bands {
            let Some(block) = band.blocks.get(index) else { continue };
            let (start, end) = (scale.at(block.base), scale.at(block.top));
            let height = (start - end).abs();
            if height > 0.05 {
                // A hair of the background parts the segments where there is room for it.
                let hair = if height > 3.0 { 0.8 } else { 0.0 };
                let middle = across(f64::midpoint(block.from, block.to));
                let color = pen.color(band.color);
                pen.canvas.rect(middle - width / 2.0, start.min(end) + hair, width, height - hair, 0.0, color);
            }
        }
    }
    for curve in &plot.curves {
        let color = pen.color(curve.color);
        let points: Vec<(f64, f64)> = curve.points.iter().map(|(x, y)| (across(*x), scale.at(*y))).collect();
        if curve.is_limit() {
            pen.canvas.stroke(&Path::through(&points, false), Stroke { color, width: 1.6, dashed: true });
            continue;
        }
        // A line needs two points; one alone is a disc.
        if points.len() > 1 {
            if !plot.bands.is_empty() {
                pen.canvas.stroke(&Path::through(&points, false), Stroke::new(pen.theme.panel, 4.0));
            }
            pen.canvas.stroke(&Path::through(&points, false), Stroke::new(color, 2.0));
        }
        if points.len() <= 40 {
            for point in points {
                pen.canvas.disc(point, 3.0, color, Stroke::new(pen.theme.panel, 1.2));
            }
        }
    }
}

/// Level bars, the value at the end of each.
pub(super) fn horizontal(pen: &mut Pen<'_>, area: Area, categories: &[String], values: &Series) {
    let look = pen.quiet();
    let names = categories.iter().map(|name| text_width(name, look.size, false)).fold(0.0, f64::max);
    let gutter = (names + 10.0).min(area.width * 0.45);
    let numbers: Vec<String> = values.values.iter().map(|value| short(*value)).collect();
    let room = numbers.iter().map(|text| text_width(text, look.size, false)).fold(0.0, f64::max) + 10.0;
    let high = values.values.iter().copied().fold(0.0, f64::max);
    let low = values.values.iter().copied().fold(0.0, f64::min);
    let foot = 22.0 + axes::foot(pen);
    let below_room = if low < 0.0 { room } else { 0.0 };
    let plot = Area {
        x: area.x + gutter + below_room,
        y: area.y + 4.0,
        width: (area.width - gutter - room - below_room).max(20.0),
        height: (area.height - foot - 4.0).max(10.0),
    };
    let scale = axes::level(pen, &plot, low, high, false, false);
    let row = plot.height / categories.len().max(1) as f64;
    let thick = (row * 0.66).min(22.0);
    // What is good above nothing is bad below it.
    let [above, below] = match values.color {
        ColorKey::Good => [ColorKey::Good, ColorKey::Bad].map(|key| pen.color(&key)),
        _ => [pen.color(&values.color); 2],
    };
    let zero = scale.at(0.0);
    for (index, ((name, value), number)) in categories.iter().zip(&values.values).zip(&numbers).enumerate() {
        let middle = plot.y + (index as f64 + 0.5) * row;
        let text = ellipsised(name, look.size, false, gutter - 10.0);
        pen.canvas.text(area.x + gutter - 10.0, middle + 4.0, super::Type { color: pen.theme.text, ..look }.held(Anchor::End), &text);
        let end = scale.at(*value);
        let color = if *value < 0.0 { below } else { above };
        pen.canvas.rect(zero.min(end), middle - thick / 2.0, (end - zero).abs().max(1.0), thick, 2.0, color);
        let (top, bottom) = (middle - row / 2.0, middle + row / 2.0);
        let corners = [(area.x, top), (area.right(), top), (area.right(), bottom), (area.x, bottom)];
        let told = (Some(color), name.clone(), with_unit(*value, &pen.chart.x.unit));
        pen.canvas.spot(Spot { outline: Path::through(&corners, true), heading: String::new(), rows: vec![told], stop: None });
        if *value < 0.0 {
            pen.canvas.text(end - 5.0, middle + 4.0, look.held(Anchor::End), number);
        } else {
            pen.canvas.text(end + 5.0, middle + 4.0, look, number);
        }
    }
    pen.canvas.line((zero, plot.y), (zero, plot.bottom()), Stroke::new(pen.theme.quiet, 1.0));
}
