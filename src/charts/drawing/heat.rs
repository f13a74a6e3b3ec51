//! A map of heights: cells over two axes of numbers, shaded by a value with lines of equal height, or coloured
//! by what wins there. A cell without an answer is hatched.

use crate::charts::palette::{is_deep, mixed};
use crate::charts::ticks::ticks;
use crate::charts::{HeatCell, color_of};
use crate::words::{grouped, short};

use super::axes;
use super::canvas::{Anchor, Path, Spot, Stroke};
use super::measure::text_width;
use super::{Area, Pen};

/// Lines of equal height wanted.
const LINES: usize = 6;

/// Levels at which lines are drawn.
pub(crate) fn levels(cells: &[Vec<HeatCell>]) -> Vec<f64> {
    let values = || cells.iter().flatten().filter_map(|cell| cell.value.filter(|_| cell.color.is_none()));
    let (low, high) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if high <= low {
        return Vec::new();
    }
    ticks(low, high, LINES).values.into_iter().filter(|level| *level > low && *level < high).collect()
}

pub(super) fn draw(pen: &mut Pen<'_>, mut area: Area, across: &[f64], up: &[f64], cells: &[Vec<HeatCell>]) {
    let look = pen.quiet();
    let name = axes::title(&pen.chart.y);
    pen.canvas.text(area.x, area.y + 10.0, look, &name);
    area.y += 20.0;
    area.height -= 20.0 + 24.0 + axes::foot(pen);
    let labels: Vec<String> = up.iter().map(|value| short(*value)).collect();
    let gutter = labels.iter().map(|label| text_width(label, look.size, false)).fold(0.0, f64::max) + 10.0;
    area.x += gutter;
    area.width -= gutter;
    if across.is_empty() || up.is_empty() {
        return;
    }
    let (step, pitch) = (area.width / across.len() as f64, area.height / up.len() as f64);
    let values = || cells.iter().flatten().filter_map(|cell| cell.value);
    let (low, high) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    let middle = |column: f64, row: f64| (area.x + (column + 0.5) * step, area.bottom() - (row + 0.5) * pitch);
    // Numbers are written where there is room for every one of them.
    let widest = values().map(|value| text_width(&short(value), look.size, false)).fold(0.0, f64::max);
    let written = step > widest + 6.0 && pitch > 16.0;
    // Over the lines, each on a patch of its cell: no line runs through a number.
    let mut numbers: Vec<((f64, f64), [u8; 3], String)> = Vec::new();
    for (row, of_row) in cells.iter().enumerate() {
        let y = area.bottom() - (row as f64 + 1.0) * pitch;
        for (column, cell) in of_row.iter().enumerate().take(across.len()) {
            let x = area.x + column as f64 * step;
            let share = cell.value.map_or(0.0, |value| if high > low { (value - low) / (high - low) } else { 0.5 });
            let fill = match (&cell.color, cell.value) {
                (Some(key), _) => mixed(pen.theme.panel, color_of(key, pen.style.dark, &pen.chart.order), 0.75),
                (None, Some(_)) => mixed(pen.theme.raised, pen.theme.accent, 0.08 + 0.87 * share),
                (None, None) => pen.theme.panel,
            };
            pen.canvas.rect(x, y, step + 0.4, pitch + 0.4, 0.0, fill);
            if !cell.is_answered() {
                hatch(pen, x, y, step, pitch);
            } else if let Some(value) = cell.value.filter(|_| written && cell.color.is_none()) {
                numbers.push((middle(column as f64, row as f64), fill, short(value)));
            }
            let corners = [(x, y), (x + step, y), (x + step, y + pitch), (x, y + pitch)];
            let at = |axis: &crate::charts::Axis, stops: &[f64], number: usize| {
                (None, axes::title(axis), stops.get(number).copied().map_or_else(String::new, short))
            };
            let told = vec![
                at(&pen.chart.x, across, column),
                at(&pen.chart.y, up, row),
                (cell.color.as_ref().map(|key| pen.color(key)), cell.label.clone(), cell.amount()),
                (None, cell.detail.clone(), String::new()),
            ];
            let told = told.into_iter().filter(|(_, name, value)| !name.is_empty() || !value.is_empty()).collect();
            let heading = pen.chart.title.clone();
            pen.canvas.spot(Spot { outline: Path::through(&corners, true), heading, rows: told, stop: None });
        }
    }
    for level in levels(cells) {
        for (from, to) in contour(cells, level) {
            let (from, to) = (middle(from.0, from.1), middle(to.0, to.1));
            pen.canvas.line(from, to, Stroke::new(pen.theme.panel, 3.0));
            pen.canvas.line(from, to, Stroke::new(pen.theme.text, 1.0));
        }
    }
    for (at, fill, number) in numbers {
        let width = text_width(&number, look.size, false) + 4.0;
        pen.canvas.rect(at.0 - width / 2.0, at.1 - 7.0, width, 14.0, 0.0, fill);
        let color = if is_deep(fill) { [0xff; 3] } else { [0x1c, 0x21, 0x27] };
        pen.canvas.text(at.0, at.1 + 4.0, super::Type { color, ..look }.held(Anchor::Middle), &number);
    }
    for (row, label) in labels.iter().enumerate() {
        // As many as fit above each other.
        let every = (14.0 / pitch).ceil().max(1.0) as usize;
        if row % every == 0 {
            pen.canvas.text(area.x - 8.0, middle(0.0, row as f64).1 + 4.0, look.held(Anchor::End), label);
        }
    }
    let names: Vec<String> = across.iter().map(|value| short(*value)).collect();
    axes::categories(pen, &area, &names);
    let name = axes::title(&pen.chart.x);
    pen.canvas.text(area.x + area.width / 2.0, area.bottom() + 32.0, look.held(Anchor::Middle), &name);
}

/// What says that there is no answer.
fn hatch(pen: &mut Pen<'_>, x: f64, y: f64, width: f64, height: f64) {
    let gap = 7.0;
    let mut at = gap;
    while at < width + height {
        let from = (x + at.min(width), y + (at - width).max(0.0));
        let to = (x + (at - height).max(0.0), y + at.min(height));
        pen.canvas.line(from, to, Stroke::new(pen.theme.quiet, 0.8));
        at += gap;
    }
}

/// The line of equal height in cells (marching squares), in positions of cells from their middles.
fn contour(cells: &[Vec<HeatCell>], level: f64) -> Vec<((f64, f64), (f64, f64))> {
    let value = |row: usize, column: usize| cells.get(row)?.get(column)?.value.filter(|value| value.is_finite());
    let mut lines = Vec::new();
    for (row, of_row) in cells.iter().enumerate().take(cells.len().saturating_sub(1)) {
        for column in 0..of_row.len().saturating_sub(1) {
            let corner = [(0, 0), (1, 0), (1, 1), (0, 1)];
            let Some(values) = corner.iter().map(|(right, up)| value(row + up, column + right)).collect::<Option<Vec<f64>>>() else {
                continue;
            };
            let mut crossings = Vec::new();
            for edge in 0..4 {
                let (from, to) = (edge, (edge + 1) % 4);
                if (values[from] >= level) != (values[to] >= level) {
                    let share = (level - values[from]) / (values[to] - values[from]);
                    let along = |one: usize, other: usize| one as f64 + (other as f64 - one as f64) * share;
                    crossings.push((column as f64 + along(corner[from].0, corner[to].0), row as f64 + along(corner[from].1, corner[to].1)));
                }
            }
            match crossings.as_slice() {
                [one, other] => lines.push((*one, *other)),
                // A saddle: the mean says which corners hang together.
                [first, second, third, fourth] => {
                    let mean = values.iter().sum::<f64>() / 4.0;
                    let (one, other) = if (mean >= level) == (values[0] >= level) {
                        ((*first, *second), (*third, *fourth))
                    } else {
                        ((*first, *fourth), (*second, *third))
                    };
                    lines.extend([one, other]);
                }
                _ => {}
            }
        }
    }
    lines
}

/// The levels of the lines, in words.
pub(crate) fn levels_in_words(cells: &[Vec<HeatCell>]) -> String {
    let levels = levels(cells);
    let decimals = levels.first().map_or(0, |level| if level.abs() < 10.0 { 2 } else { 0 });
    levels.iter().map(|level| grouped(*level, decimals)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_equal_height_runs_between_the_cells() {
        let cell = |value: f64| HeatCell { value: Some(value), unit: "", label: String::new(), detail: String::new(), color: None };
        let cells = vec![vec![cell(0.0), cell(4.0)], vec![cell(0.0), cell(4.0)]];
        let lines = contour(&cells, 1.0);
        assert_eq!(lines.len(), 1);
        assert!((lines[0].0.0 - 0.25).abs() < 1e-12 && (lines[0].1.0 - 0.25).abs() < 1e-12);
        assert_eq!(levels(&cells), [1.0, 2.0, 3.0]);
    }
}
