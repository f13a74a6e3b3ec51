//! Bars by category, stacked, with lines over them; and level bars with a value each.

use crate::charts::format::short;
use crate::charts::{ColorKey, Series};

use super::axes;
use super::canvas::{Anchor, Stroke, path_of};
use super::measure::{ellipsised, text_width};
use super::{Area, Pen};

/// Highest and lowest of stacks and lines.
fn span(count: usize, stacks: &[Series], lines: &[Series]) -> (f64, f64) {
    let mut low: f64 = 0.0;
    let mut high: f64 = 0.0;
    for index in 0..count {
        let values = || stacks.iter().filter_map(|series| series.values.get(index).copied());
        high = high.max(values().filter(|value| *value > 0.0).sum());
        low = low.min(values().filter(|value| *value < 0.0).sum());
        for value in lines.iter().filter_map(|series| series.values.get(index).copied()) {
            high = high.max(value);
            low = low.min(value);
        }
    }
    (low, high)
}

/// Stacked bars; what is negative goes below zero.
pub(super) fn stacked(pen: &mut Pen<'_>, mut area: Area, categories: &[String], stacks: &[Series], lines: &[Series]) {
    let (low, high) = span(categories.len(), stacks, lines);
    let scale = axes::upright(pen, &mut area, low, high, false);
    axes::categories(pen, &area, categories);
    let slot = area.width / categories.len().max(1) as f64;
    let width = (slot * 0.68).min(56.0);
    let middle = |index: usize| area.x + (index as f64 + 0.5) * slot;
    for index in 0..categories.len() {
        let (mut up, mut down) = (0.0, 0.0);
        for series in stacks {
            let value = series.values.get(index).copied().unwrap_or(0.0);
            let from = if value >= 0.0 { &mut up } else { &mut down };
            let (start, end) = (scale.at(*from), scale.at(*from + value));
            *from += value;
            let height = (start - end).abs();
            if height > 0.05 {
                // A hair of the background parts the segments where there is room for it.
                let hair = if height > 3.0 { 0.8 } else { 0.0 };
                let color = pen.color(&series.color);
                pen.canvas.rect(middle(index) - width / 2.0, start.min(end) + hair, width, height - hair, 0.0, color);
            }
        }
    }
    for series in lines {
        let color = pen.color(&series.color);
        let points: Vec<(f64, f64)> =
            series.values.iter().take(categories.len()).enumerate().map(|(index, value)| (middle(index), scale.at(*value))).collect();
        if series.color == ColorKey::Limit {
            let steps: Vec<(f64, f64)> = points.iter().flat_map(|(x, y)| [(x - slot / 2.0, *y), (x + slot / 2.0, *y)]).collect();
            pen.canvas.stroke(&path_of(&steps, false), Stroke { color, width: 1.6, dashed: true });
            continue;
        }
        // A line needs two points; one alone is a disc.
        if points.len() > 1 {
            if !stacks.is_empty() {
                pen.canvas.stroke(&path_of(&points, false), Stroke::new(pen.theme.panel, 4.0));
            }
            pen.canvas.stroke(&path_of(&points, false), Stroke::new(color, 2.0));
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
    let color = pen.color(&values.color);
    let zero = scale.at(0.0);
    for (index, ((name, value), number)) in categories.iter().zip(&values.values).zip(&numbers).enumerate() {
        let middle = plot.y + (index as f64 + 0.5) * row;
        let text = ellipsised(name, look.size, false, gutter - 10.0);
        pen.canvas.text(area.x + gutter - 10.0, middle + 4.0, super::Type { color: pen.theme.text, ..look }.held(Anchor::End), &text);
        let end = scale.at(*value);
        pen.canvas.rect(zero.min(end), middle - thick / 2.0, (end - zero).abs().max(1.0), thick, 2.0, color);
        if *value < 0.0 {
            pen.canvas.text(end - 5.0, middle + 4.0, look.held(Anchor::End), number);
        } else {
            pen.canvas.text(end + 5.0, middle + 4.0, look, number);
        }
    }
    pen.canvas.line((zero, plot.y), (zero, plot.bottom()), Stroke::new(pen.theme.quiet, 1.0));
}
