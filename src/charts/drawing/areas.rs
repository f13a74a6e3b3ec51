//! Areas over numbers, stacked as steps, with lines over them: a day of power, a merit order.

use std::collections::BTreeSet;

use crate::charts::plot::plot;
use crate::charts::{ColorKey, Series};

use super::axes;
use super::canvas::{Anchor, Path, Stroke, Type};
use super::measure::{ellipsised, text_width};
use super::{Area, Pen, SMALL};

/// Whether a line is one level throughout, whose name stands on the line instead of in the legend.
pub(super) fn is_level(series: &Series) -> bool {
    matches!(series.color, ColorKey::Limit | ColorKey::Good) && series.values.windows(2).all(|pair| matches!(pair, [a, b] if a == b))
}

pub(super) fn draw(pen: &mut Pen<'_>, mut area: Area, edges: &[f64], stacks: &[Series], lines: &[Series]) {
    let Some(plot) = plot(pen.chart, &BTreeSet::new()) else { return };
    let foot = axes::foot(pen);
    area.height -= foot;
    // Names on level lines stand above them: keep a line for the topmost.
    let scale_y = axes::upright(pen, &mut area, plot.y.0, plot.y.1, false);
    let scale_x = axes::level(pen, &area, plot.x.0, plot.x.1, false, false);
    let place = |points: &[(f64, f64)]| -> Vec<(f64, f64)> { points.iter().map(|(x, y)| (scale_x.at(*x), scale_y.at(*y))).collect() };

    for band in &plot.bands {
        let color = pen.color(band.color);
        // One outline for each run of steps in which the series has something to show.
        for run in band.blocks.split(|block| (block.top - block.base).abs() <= 1e-9).filter(|run| !run.is_empty()) {
            let top: Vec<(f64, f64)> = run.iter().flat_map(|block| [(block.from, block.top), (block.to, block.top)]).collect();
            let base: Vec<(f64, f64)> = run.iter().flat_map(|block| [(block.from, block.base), (block.to, block.base)]).collect();
            let mut outline = place(&top);
            outline.extend(place(&base).into_iter().rev());
            pen.canvas.fill(&Path::through(&outline, true), color, 1.0);
            pen.canvas.stroke(&Path::through(&outline, true), Stroke::new(pen.theme.panel, 0.6));
        }
    }
    for (series, curve) in lines.iter().zip(&plot.curves) {
        // Quiet lines follow the load: the same ink, broken.
        let quiet = series.color == ColorKey::Quiet;
        let color = if quiet { pen.theme.text } else { pen.color(&series.color) };
        let points = place(&curve.points);
        let limit = series.color == ColorKey::Limit;
        if !limit {
            pen.canvas.stroke(&Path::through(&points, false), Stroke::new(pen.theme.panel, 4.0));
        }
        pen.canvas.stroke(
            &Path::through(&points, false),
            Stroke { color, width: if limit || quiet { 1.5 } else { 2.0 }, dashed: limit || quiet || is_level(series) },
        );
        if let (true, Some((_, y))) = (is_level(series), points.last()) {
            let name = ellipsised(&series.name, SMALL, false, area.width - 8.0);
            // A merit order rises to the right: there is room for its price on the left.
            let look = Type::new(SMALL, pen.theme.text);
            if limit {
                pen.canvas.text_on(area.right() - 4.0, y - 5.0, look.held(Anchor::End), pen.theme.panel, &name);
            } else {
                pen.canvas.text_on(area.x + 6.0, y - 5.0, look, pen.theme.panel, &name);
            }
        }
    }
    names_on_blocks(pen, &area, edges, stacks, &scale_x, &scale_y);
}

/// Where each step belongs to one series (a merit order), the name stands on its block if it fits.
fn names_on_blocks(pen: &mut Pen<'_>, area: &Area, edges: &[f64], stacks: &[Series], scale_x: &axes::Scale, scale_y: &axes::Scale) {
    let alone = |index: usize| stacks.iter().filter(|series| series.values.get(index).is_some_and(|value| *value > 0.0)).count() == 1;
    if stacks.len() != edges.len().saturating_sub(1) || !(0..stacks.len()).all(alone) {
        return;
    }
    for (index, pair) in edges.windows(2).enumerate() {
        let ([from, to], Some(series)) = (pair, stacks.iter().find(|series| series.values.get(index).is_some_and(|value| *value > 0.0)))
        else {
            continue;
        };
        let (left, right) = (scale_x.at(*from), scale_x.at(*to));
        let value = series.values.get(index).copied().unwrap_or(0.0);
        let top = scale_y.at(value);
        let number = crate::words::short(value);
        let width = text_width(&number, SMALL, true);
        if right - left > width + 6.0 {
            let inside = area.bottom() - top > 20.0;
            let color = pen.color(&series.color);
            let ink = if !inside {
                pen.theme.text
            } else if crate::charts::palette::is_deep(color) {
                [0xff; 3]
            } else {
                [0x16; 3]
            };
            pen.canvas.text(
                f64::midpoint(left, right),
                if inside { top + 15.0 } else { top - 5.0 },
                Type::new(SMALL, ink).bold().held(Anchor::Middle),
                &number,
            );
        }
    }
}
