//! Axes: nice ticks, thousands separators, units in titles, labels that never overlap.

use crate::charts::Axis;
use crate::charts::ticks::{power_of_ten, ticks};
use crate::words::{grouped, hour};

use super::canvas::{Anchor, Stroke};
use super::measure::{ellipsised, text_width};
use super::{Area, Pen, SMALL};

/// A scale from numbers to pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    log: bool,
}

impl Scale {
    pub(crate) fn at(&self, value: f64) -> f64 {
        let value = if self.log { value.max(1e-300).log10() } else { value };
        let span = self.high - self.low;
        let share = if span.abs() > 0.0 { (value - self.low) / span } else { 0.5 };
        self.from + share.clamp(-0.02, 1.02) * (self.to - self.from)
    }
}

/// `Power, MW`.
pub(crate) fn title(axis: &Axis) -> String {
    match (axis.label.is_empty(), axis.unit.is_empty()) {
        (true, _) => axis.unit.clone(),
        (false, true) => axis.label.clone(),
        // The labels of the ticks say that these are hours.
        (false, false) if axis.unit == "h" => axis.label.clone(),
        (false, false) => format!("{}, {}", axis.label, axis.unit),
    }
}

/// Values and labels of ticks, and the span they cover.
fn marks(low: f64, high: f64, wanted: usize, log: bool) -> (Vec<(f64, String)>, f64, f64) {
    if log {
        let first = low.max(1e-300).log10().floor() as i32;
        let last = (high.max(1e-300).log10().ceil() as i32).clamp(first + 1, first + 40);
        let step = ((last - first) / 8 + 1).max(1);
        let values = (first..=last)
            .filter(|exponent| (exponent - first) % step == 0)
            .map(|exponent| (10f64.powi(exponent), power_of_ten(exponent)))
            .collect();
        return (values, f64::from(first), f64::from(last));
    }
    let ticks = ticks(low, high, wanted);
    let (first, last) = (ticks.values.first().copied().unwrap_or(0.0), ticks.values.last().copied().unwrap_or(1.0));
    (ticks.values.into_iter().map(|value| (value, grouped(value, ticks.decimals))).collect(), first, last)
}

/// Draws the upright axis with its grid and title; shrinks the area to the plot and gives the scale.
pub(crate) fn upright(pen: &mut Pen<'_>, area: &mut Area, low: f64, high: f64, log: bool) -> Scale {
    let look = pen.quiet();
    let name = title(&pen.chart.y);
    if !name.is_empty() {
        pen.canvas.text(area.x, area.y + 10.0, look, &ellipsised(&name, look.size, false, area.width));
        area.y += 18.0;
        area.height -= 18.0;
    }
    // Room for half a label above and for the labels below.
    area.y += 6.0;
    area.height -= 6.0 + 20.0;
    let wanted = (area.height / 44.0).clamp(2.0, 10.0) as usize;
    let (labels, first, last) = marks(low, high, wanted, log);
    let gutter = labels.iter().map(|(_, label)| text_width(label, SMALL, false)).fold(0.0, f64::max) + 8.0;
    area.x += gutter;
    area.width -= gutter;
    let scale = Scale { low: first, high: last, from: area.bottom(), to: area.y, log };
    for (value, label) in labels {
        let y = scale.at(value);
        let zero = value == 0.0 && !log;
        let color = if zero { pen.theme.quiet } else { pen.theme.line };
        pen.canvas.line((area.x, y), (area.right(), y), Stroke::new(color, if zero { 1.0 } else { 0.75 }));
        pen.canvas.text(area.x - 8.0, y + 4.0, look.held(Anchor::End), &label);
    }
    scale
}

/// Draws names under slots of equal width, as many as fit.
pub(crate) fn categories(pen: &mut Pen<'_>, area: &Area, names: &[String]) {
    let look = pen.quiet().held(Anchor::Middle);
    let slot = area.width / names.len().max(1) as f64;
    let widest = names.iter().map(|name| text_width(name, SMALL, false)).fold(0.0, f64::max).min(110.0) + 10.0;
    let every =
        [1, 2, 3, 4, 6, 8, 12, 24, 48, 96, 192].into_iter().find(|every| *every as f64 * slot >= widest).unwrap_or(names.len().max(1));
    let mut taken = f64::NEG_INFINITY;
    for (index, name) in names.iter().enumerate().filter(|(index, _)| index % every == 0) {
        let name = ellipsised(name, look.size, false, (every as f64 * slot - 4.0).max(30.0));
        let half = text_width(&name, look.size, false) / 2.0;
        // A wide name over the first or the last of several slots must not leave the picture, which in the window ends
        // where the slots do.
        let over = if pen.style.bare { 0.0 } else { 4.0 };
        let middle = (area.x + (index as f64 + 0.5) * slot).min(area.right() + over - half).max(4.0 + half);
        if middle - half < taken + 4.0 {
            continue;
        }
        taken = middle + half;
        pen.canvas.text(middle, area.bottom() + 15.0, look, &name);
    }
}

/// Room that the level axis needs under the plot for its title.
pub(crate) fn foot(pen: &Pen<'_>) -> f64 {
    if title(&pen.chart.x).is_empty() { 0.0 } else { 16.0 }
}

/// Draws the level axis under the plot; hours are written as times.
pub(crate) fn level(pen: &mut Pen<'_>, area: &Area, low: f64, high: f64, log: bool, to_ticks: bool) -> Scale {
    let look = pen.quiet();
    let hours = pen.chart.x.unit == "h" && high - low <= 48.0;
    let wanted = (area.width / 90.0).clamp(2.0, 12.0) as usize;
    let (labels, first, last) = if hours {
        let step = [1.0, 2.0, 3.0, 4.0, 6.0, 12.0].into_iter().find(|step| (high - low) / step <= wanted as f64).unwrap_or(12.0);
        let count = ((high - low) / step).floor() as usize;
        ((0..=count).map(|index| low + index as f64 * step).map(|value| (value, hour(value))).collect(), low, high)
    } else {
        marks(low, high, wanted, log)
    };
    let (first, last) = if to_ticks || log { (first, last) } else { (low, high) };
    let scale = Scale { low: first, high: last, from: area.x, to: area.right(), log };
    for (value, label) in labels {
        let inside = if log { value.log10() } else { value };
        if inside < first - 1e-9 || inside > last + 1e-9 {
            continue;
        }
        let x = scale.at(value);
        pen.canvas.line((x, area.bottom()), (x, area.bottom() + 4.0), Stroke::new(pen.theme.line, 1.0));
        let half = text_width(&label, look.size, false) / 2.0;
        let held = x.min(pen.style.width - half - 4.0);
        pen.canvas.text(held, area.bottom() + 16.0, look.held(Anchor::Middle), &label);
    }
    let name = title(&pen.chart.x);
    if !name.is_empty() {
        let name = ellipsised(&name, look.size, false, area.width);
        pen.canvas.text(area.x + area.width / 2.0, area.bottom() + 32.0, look.held(Anchor::Middle), &name);
    }
    scale
}
