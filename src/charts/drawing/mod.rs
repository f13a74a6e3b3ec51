//! Charts as pictures: any [`Chart`] laid out in pixels, for any size, light or dark. Files write the
//! shapes down, the window paints those charts that need no axes of their own; what is on axes is laid
//! out in its own numbers by [`super::plot`] first.

use crate::charts::palette::theme;
use crate::charts::{Body, Chart, ColorKey};
use crate::words::grouped;

mod areas;
mod axes;
mod bars;
pub(crate) mod canvas;
pub(crate) mod heat;
mod lines;
mod map;
pub(crate) mod measure;
mod pen;
mod ranges;
mod sankey;
mod timeline;
mod waterfall;

pub(crate) use pen::{Area, Frame, Key, Mark, Pen, SMALL};

use canvas::{Anchor, Canvas, Stroke, Type};
use measure::{ellipsised, text_width, wrapped};

const PAD: f64 = 16.0;
const LEGEND_ROW: f64 = 18.0;

/// A chart as shapes.
pub(crate) fn drawing(chart: &Chart, frame: &Frame) -> Canvas {
    let theme = theme(frame.dark);
    let mut pen = Pen { canvas: Canvas::default(), chart, style: *frame, theme };
    let mut area = Area { x: 0.0, y: 0.0, width: frame.width, height: frame.height };
    if !frame.bare {
        pen.canvas.rect(0.0, 0.0, frame.width, frame.height, 0.0, theme.panel);
        area = Area { x: PAD, y: PAD, width: frame.width - 2.0 * PAD, height: frame.height - 2.0 * PAD };
        heading(&mut pen, &mut area);
    }
    if frame.caption {
        caption(&mut pen, &mut area);
    }
    let keys = legend_of(&pen);
    legend(&mut pen, &mut area, &keys);
    match &chart.body {
        Body::StackedBars { categories, .. } => bars::stacked(&mut pen, area, categories),
        Body::StackedAreas { edges, stacks, lines } => areas::draw(&mut pen, area, edges, stacks, lines),
        Body::Bars { categories, values } => bars::horizontal(&mut pen, area, categories, values),
        Body::Lines { .. } => lines::draw(&mut pen, area),
        Body::Sankey { nodes, links } => sankey::draw(&mut pen, area, nodes, links),
        Body::Timeline { rows, columns, cells, written } => timeline::draw(&mut pen, area, (rows, columns, cells), *written),
        Body::Waterfall { steps } => waterfall::draw(&mut pen, area, steps),
        Body::Heat { across, up, cells } => heat::draw(&mut pen, area, across, up, cells),
        Body::Ranges { rows } => ranges::draw(&mut pen, area, rows),
        Body::Map { places, arcs, widest } => map::draw(&mut pen, area, places, arcs, *widest),
        Body::Empty { reason } => empty(&mut pen, area, reason),
    }
    pen.canvas
}

/// Title and, beside or under it, the subtitle.
fn heading(pen: &mut Pen<'_>, area: &mut Area) {
    let title = Type::new(15.0, pen.theme.text).bold();
    let quiet = Type::new(12.0, pen.theme.quiet);
    let text = ellipsised(&pen.chart.title, title.size, true, area.width);
    let used = text_width(&text, title.size, true);
    let subtitle = &pen.chart.subtitle;
    let beside = used + 10.0 + text_width(subtitle, quiet.size, false) <= area.width;
    let base = area.y + 12.0;
    pen.canvas.text(area.x, base, title, &text);
    let mut taken = 22.0;
    if beside {
        pen.canvas.text(area.x + used + 10.0, base, quiet, subtitle);
    } else {
        pen.canvas.text(area.x, base + 18.0, quiet, &ellipsised(subtitle, quiet.size, false, area.width));
        taken += 18.0;
    }
    area.y += taken;
    area.height -= taken;
}

/// The caption at the foot, three lines at most.
fn caption(pen: &mut Pen<'_>, area: &mut Area) {
    let look = Type::new(10.0, pen.theme.quiet);
    let lines = wrapped(&pen.chart.caption, look.size, false, area.width, 3);
    let height = lines.len() as f64 * 13.0;
    for (index, line) in lines.iter().enumerate() {
        pen.canvas.text(area.x, area.bottom() - height + index as f64 * 13.0 + 11.0, look, line);
    }
    area.height -= height + 6.0;
}

/// Entries of the legend, each name once.
fn legend_of(pen: &Pen<'_>) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    let mut add = |name: &str, color: &ColorKey, mark: Mark| {
        let key = Key { name: name.to_owned(), color: pen.color(color), mark };
        if !name.is_empty() && !keys.contains(&key) {
            keys.push(key);
        }
    };
    match &pen.chart.body {
        Body::StackedBars { stacks, lines, .. } | Body::StackedAreas { stacks, lines, .. } => {
            let labelled = matches!(pen.chart.body, Body::StackedAreas { .. });
            for series in stacks {
                add(&series.name, &series.color, Mark::Box);
            }
            for series in lines {
                // A limit over areas carries its name on the line.
                if !(labelled && areas::is_level(series)) {
                    match series.color {
                        ColorKey::Limit => add(&series.name, &series.color, Mark::Dashed),
                        ColorKey::Quiet if labelled => add(&series.name, &ColorKey::Load, Mark::Dashed),
                        _ => add(&series.name, &series.color, Mark::Line),
                    }
                }
            }
        }
        Body::Lines { traces, .. } => {
            for trace in traces {
                add(&trace.name, &trace.color, if trace.scattered { Mark::Ring } else { Mark::Line });
            }
        }
        Body::Heat { cells, .. } => {
            for cell in cells.iter().flatten() {
                if let Some(color) = &cell.color {
                    add(&cell.label, color, Mark::Box);
                }
            }
        }
        Body::Timeline { cells, written: false, .. } => {
            for cell in cells.iter().flatten() {
                add(&cell.label, &cell.color, Mark::Box);
            }
        }
        _ => {}
    }
    if let Body::Timeline { .. } = pen.chart.body {
        // Families of one group share their colour and their name: each once is enough.
        keys.sort_by(|a, b| a.name.cmp(&b.name));
        keys.dedup_by(|a, b| a.name == b.name);
    }
    keys
}

/// Rows of entries above the caption; as many rows as it takes, up to a third of the height.
fn legend(pen: &mut Pen<'_>, area: &mut Area, keys: &[Key]) {
    if keys.is_empty() {
        return;
    }
    let look = pen.quiet();
    let most_rows = ((area.height / 3.0) / LEGEND_ROW).floor().clamp(1.0, 8.0) as usize;
    let widest = (area.width / 2.0 - 30.0).clamp(60.0, 220.0);
    let entries: Vec<(String, f64)> = keys
        .iter()
        .map(|key| {
            let name = ellipsised(&key.name, look.size, false, widest);
            let width = 16.0 + text_width(&name, look.size, false) + 16.0;
            (name, width)
        })
        .collect();
    let mut rows: Vec<Vec<usize>> = vec![Vec::new()];
    let mut used = 0.0;
    let mut left_out = 0;
    for (index, (_, width)) in entries.iter().enumerate() {
        if used + width > area.width && used > 0.0 {
            if rows.len() == most_rows {
                left_out = entries.len() - index;
                break;
            }
            rows.push(Vec::new());
            used = 0.0;
        }
        used += width;
        if let Some(row) = rows.last_mut() {
            row.push(index);
        }
    }
    let height = rows.len() as f64 * LEGEND_ROW;
    let top = area.bottom() - height;
    for (row, members) in rows.iter().enumerate() {
        let mut x = area.x;
        let base = top + row as f64 * LEGEND_ROW + 13.0;
        for index in members {
            let (Some((name, width)), Some(key)) = (entries.get(*index), keys.get(*index)) else { continue };
            match key.mark {
                Mark::Box => pen.canvas.rect(x, base - 9.0, 10.0, 10.0, 2.0, key.color),
                Mark::Ring => pen.canvas.disc((x + 5.0, base - 4.0), 3.5, key.color, Stroke::new(pen.theme.panel, 1.0)),
                Mark::Line | Mark::Dashed => {
                    let stroke = Stroke { color: key.color, width: 2.0, dashed: key.mark == Mark::Dashed };
                    pen.canvas.line((x - 1.0, base - 4.0), (x + 12.0, base - 4.0), stroke);
                }
            }
            pen.canvas.text(x + 16.0, base, look, name);
            x += width;
        }
        if left_out > 0 && row + 1 == rows.len() {
            pen.canvas.text(area.right(), base, look.held(Anchor::End), &format!("and {} more", grouped(left_out as f64, 0)));
        }
    }
    area.height -= height + 8.0;
}

/// A sentence in the middle.
fn empty(pen: &mut Pen<'_>, area: Area, reason: &str) {
    let look = Type::new(13.0, pen.theme.quiet).held(Anchor::Middle);
    let lines = wrapped(reason, look.size, false, (area.width - 40.0).min(460.0), 4);
    let top = area.y + area.height / 2.0 - lines.len() as f64 * 9.0;
    for (index, line) in lines.iter().enumerate() {
        pen.canvas.text(area.x + area.width / 2.0, top + index as f64 * 18.0 + 12.0, look, line);
    }
}
