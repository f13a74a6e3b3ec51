//! A waterfall lying down: long names have room on the left, values at the end of each bar.

use crate::charts::Step;
use crate::words::{grouped, short, with_unit};

use super::axes;
use super::canvas::{Anchor, Path, Spot, Stroke};
use super::measure::{ellipsised, text_width};
use super::{Area, Pen, Type};

pub(super) fn draw(pen: &mut Pen<'_>, area: Area, steps: &[Step]) {
    let look = pen.quiet();
    // From and to of every bar.
    let mut level = 0.0;
    let bars: Vec<(f64, f64)> = steps
        .iter()
        .map(|step| {
            let bar = if step.total { (0.0, step.value) } else { (level, level + step.value) };
            level = bar.1;
            bar
        })
        .collect();
    let ends = || bars.iter().flat_map(|(from, to)| [*from, *to]);
    let (low, high) = (ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
    let size = high.abs().max(low.abs());
    let decimals = if size >= 1000.0 {
        0
    } else if size >= 10.0 {
        1
    } else {
        2
    };
    // What the common decimals would round to nothing keeps its own figures.
    let vanishes = |value: f64| value != 0.0 && value.abs() < 0.5 * 10f64.powi(-i32::try_from(decimals).unwrap_or(0));
    let number = |step: &Step| if vanishes(step.value) { short(step.value) } else { grouped(step.value, decimals) };
    let numbers: Vec<String> = steps.iter().map(number).collect();
    let room = numbers.iter().map(|text| text_width(text, look.size, true)).fold(0.0, f64::max) + 12.0;
    let names = steps.iter().map(|step| text_width(&step.name, look.size, true)).fold(0.0, f64::max);
    let gutter = (names + 12.0).min(area.width * 0.4);
    let foot = 22.0 + 16.0;
    let plot =
        Area { x: area.x + gutter, y: area.y + 4.0, width: (area.width - gutter - room).max(20.0), height: (area.height - foot).max(10.0) };
    let scale = axes::level(pen, &plot, low, high, false, true);
    pen.canvas.text(plot.x + plot.width / 2.0, plot.bottom() + 32.0, look.held(Anchor::Middle), &axes::title(&pen.chart.y));
    let row = plot.height / steps.len().max(1) as f64;
    let thick = (row * 0.66).min(26.0);
    for (index, ((step, (from, to)), number)) in steps.iter().zip(&bars).zip(&numbers).enumerate() {
        let middle = plot.y + (index as f64 + 0.5) * row;
        let name = Type { semibold: step.total, color: pen.theme.text, ..look };
        pen.canvas.text(plot.x - 12.0, middle + 4.0, name.held(Anchor::End), &ellipsised(&step.name, look.size, step.total, gutter - 12.0));
        let (start, end) = (scale.at(from.min(*to)), scale.at(from.max(*to)));
        let color = pen.color(&step.color);
        pen.canvas.rect(start, middle - thick / 2.0, (end - start).max(1.0), thick, 2.0, color);
        if index + 1 < steps.len() {
            let x = scale.at(*to);
            pen.canvas.line((x, middle + thick / 2.0), (x, middle + row - thick / 2.0), Stroke::new(pen.theme.quiet, 0.75));
        }
        let value = Type { semibold: step.total, color: if step.total { pen.theme.text } else { pen.theme.quiet }, ..look };
        pen.canvas.text(end + 6.0, middle + 4.0, value, number);
        let (top, bottom) = (middle - row / 2.0, middle + row / 2.0);
        let corners = [(area.x, top), (area.right(), top), (area.right(), bottom), (area.x, bottom)];
        let told = (Some(color), step.name.clone(), with_unit(step.value, &pen.chart.y.unit));
        pen.canvas.spot(Spot { outline: Path::through(&corners, true), heading: String::new(), rows: vec![told], stop: None });
    }
    let zero = scale.at(0.0);
    pen.canvas.line((zero, plot.y), (zero, plot.bottom()), Stroke::new(pen.theme.quiet, 1.0));
}
