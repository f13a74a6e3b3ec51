//! Bars from a least to a most, with a mark in between: what a plan may have, what an input does.

use crate::charts::RangeRow;
use crate::charts::palette::mixed;
use crate::words::with_unit;

use super::axes;
use super::canvas::{Anchor, Path, Spot, Stroke};
use super::measure::{ellipsised, text_width};
use super::{Area, Pen};

pub(super) fn draw(pen: &mut Pen<'_>, area: Area, rows: &[RangeRow]) {
    let look = pen.quiet();
    let names = rows.iter().map(|row| text_width(&row.name, look.size, false)).fold(0.0, f64::max);
    let gutter = (names + 10.0).min(area.width * 0.4);
    let words = rows.iter().map(|row| text_width(&row.word, look.size, false)).fold(0.0, f64::max) + 14.0;
    let ends = || rows.iter().flat_map(|row| [row.from, row.to, Some(row.at)]).flatten().filter(|value| value.is_finite());
    let low = ends().fold(0.0, f64::min);
    let high = ends().fold(0.0, f64::max);
    let foot = 22.0 + axes::foot(pen);
    let plot = Area {
        x: area.x + gutter,
        y: area.y + 4.0,
        width: (area.width - gutter - words).max(20.0),
        height: (area.height - foot - 4.0).max(10.0),
    };
    let scale = axes::level(pen, &plot, low, high, false, true);
    let pitch = (plot.height / rows.len().max(1) as f64).min(44.0);
    let thick = (pitch * 0.6).min(20.0);
    for (index, row) in rows.iter().enumerate() {
        let middle = plot.y + (index as f64 + 0.5) * pitch;
        let name = ellipsised(&row.name, look.size, false, gutter - 10.0);
        pen.canvas.text(area.x + gutter - 10.0, middle + 4.0, super::Type { color: pen.theme.text, ..look }.held(Anchor::End), &name);
        let color = pen.color(&row.color);
        let mark = scale.at(row.at);
        let (light, faint) = (mixed(pen.theme.panel, color, 0.5), mixed(pen.theme.panel, color, 0.4));
        // The bar is what lies between the ends, and no more: a mark beyond them hangs on it by a thread.
        let seen = |end: Option<f64>| end.filter(|end| end.is_finite()).map(|end| scale.at(end));
        let (from, to) = (seen(row.from), seen(row.to));
        let (least, most) = match (from, to) {
            (Some(from), Some(to)) => (from.min(to), from.max(to)),
            (from, to) => (mark.min(from.or(to).unwrap_or(mark)), mark.max(from.or(to).unwrap_or(mark))),
        };
        let split = mark.clamp(least, most);
        for (end, color) in [(from, light), (to, color)] {
            let Some(end) = end else { continue };
            pen.canvas.rect(split.min(end), middle - thick / 2.0, (end - split).abs().max(0.6), thick, 0.0, color);
        }
        if (mark - split).abs() > 0.5 {
            pen.canvas.line((split, middle), (mark, middle), Stroke::new(faint, 1.6));
        }
        // Without an end it goes on for ever.
        if row.to.is_none() {
            pen.canvas.rect(mark, middle - thick / 6.0, (plot.right() - mark).max(0.0), thick / 3.0, 0.0, faint);
        }
        pen.canvas.line((mark, middle - thick / 2.0 - 3.0), (mark, middle + thick / 2.0 + 3.0), Stroke::new(pen.theme.text, 1.6));
        pen.canvas.text(plot.right() + 12.0, middle + 4.0, look, &row.word);
        let (top, bottom) = (middle - pitch / 2.0, middle + pitch / 2.0);
        let corners = [(area.x, top), (area.right(), top), (area.right(), bottom), (area.x, bottom)];
        let unit = &pen.chart.x.unit;
        let value = |value: Option<f64>| value.map_or_else(|| "no limit".to_owned(), |value| with_unit(value, unit));
        let told = vec![
            (Some(light), row.ends[0].to_owned(), value(row.from)),
            (Some(color), row.ends[1].to_owned(), value(row.to)),
            (None, row.mark.to_owned(), value(Some(row.at))),
        ];
        pen.canvas.spot(Spot { outline: Path::through(&corners, true), heading: row.name.clone(), rows: told, stop: None });
    }
}
