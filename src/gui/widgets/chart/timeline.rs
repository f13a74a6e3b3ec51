//! A timeline: rows of cells over periods, the stronger the colour the higher the worth.

use std::collections::BTreeMap;

use egui::{Align2, Color32, Rect, TextStyle, Ui, pos2, vec2};

use super::{ink, tip};
use crate::charts::{Cell, Chart};
use crate::gui::theme;

/// Draws a timeline.
pub fn timeline(ui: &mut Ui, chart: &Chart, rect: Rect, rows: &[String], columns: &[String], cells: &[Vec<Cell>]) {
    let tokens = theme::tokens(ui);
    let small = TextStyle::Small.resolve(ui.style());
    let width_of = |text: &str| ui.painter().layout_no_wrap(text.to_owned(), small.clone(), Color32::WHITE).size().x;
    let label_width = rows.iter().map(|row| width_of(row)).fold(0.0, f32::max).min(rect.width() * 0.3) + 10.0;
    let legend = legend(cells);
    let legend_lines = legend_lines(ui, &legend, rect.width());
    let below = 20.0 + 18.0 * legend_lines.len() as f32;
    let grid = Rect::from_min_max(
        pos2(rect.left() + label_width, rect.top() + 4.0),
        pos2(rect.right(), (rect.bottom() - below).max(rect.top() + 24.0)),
    );
    let pitch = vec2(grid.width() / columns.len().max(1) as f32, (grid.height() / rows.len().max(1) as f32).min(34.0));
    let cell_size = vec2((pitch.x - 2.0).max(1.0), (pitch.y - 4.0).clamp(3.0, 26.0));
    let pointer = ui.input(|input| input.pointer.hover_pos()).filter(|_| ui.rect_contains_pointer(grid));
    let ground = tokens.field;
    for (row, (name, own)) in rows.iter().zip(cells).enumerate() {
        let middle = grid.top() + pitch.y * (row as f32 + 0.5);
        let galley = ui.painter().layout(name.clone(), small.clone(), tokens.quiet, label_width);
        ui.painter().with_clip_rect(Rect::from_x_y_ranges(rect.left()..=grid.left() - 6.0, rect.y_range())).galley(
            pos2((grid.left() - 10.0 - galley.size().x).max(rect.left()), middle - galley.size().y / 2.0),
            galley,
            tokens.quiet,
        );
        for (column, cell) in own.iter().enumerate() {
            let center = pos2(grid.left() + pitch.x * (column as f32 + 0.5), middle);
            let place = Rect::from_center_size(center, cell_size);
            let color = if cell.label.is_empty() {
                ground
            } else {
                mixed(ground, ink(ui, chart, &cell.color), 0.35 + 0.65 * cell.strength.clamp(0.0, 1.0) as f32)
            };
            ui.painter().rect_filled(place, 3.0, color);
            if pointer.is_some_and(|pointer| Rect::from_center_size(center, pitch).contains(pointer)) {
                ui.painter().rect_stroke(place, 3.0, egui::Stroke::new(1.5, tokens.text), egui::StrokeKind::Outside);
                let heading = format!("{name}, {}", columns.get(column).map_or("", String::as_str));
                let (label, detail) = if cell.label.is_empty() {
                    ("nothing binds".to_owned(), String::new())
                } else {
                    (cell.label.clone(), cell.detail.clone())
                };
                let shown = (!cell.label.is_empty()).then(|| ink(ui, chart, &cell.color));
                tip(ui, chart.name, &heading, &[(shown, label, String::new()), (None, detail, String::new())]);
            }
        }
    }
    let axis = grid.top() + pitch.y * rows.len() as f32 + 3.0;
    let widest = columns.iter().map(|name| width_of(name)).fold(8.0, f32::max) + 8.0;
    let mut step = 1;
    while pitch.x * (step as f32) < widest && step < columns.len() {
        step *= 2;
    }
    for (column, name) in columns.iter().enumerate().step_by(step) {
        let left = grid.left() + pitch.x * column as f32 + 1.0;
        ui.painter().text(pos2(left, axis), Align2::LEFT_TOP, name, small.clone(), tokens.quiet);
    }
    let mut top = axis + 20.0;
    for line in legend_lines {
        let mut left = grid.left();
        for index in line {
            let Some((name, color)) = legend.get(index) else { continue };
            let mark = Rect::from_min_size(pos2(left, top + 3.0), vec2(9.0, 9.0));
            ui.painter().rect_filled(mark, 2.0, ink(ui, chart, color));
            let end = ui.painter().text(pos2(left + 14.0, top + 7.5), Align2::LEFT_CENTER, name, small.clone(), tokens.quiet);
            left = end.right() + 14.0;
        }
        top += 18.0;
    }
}

/// What the colours stand for, each once.
fn legend(cells: &[Vec<Cell>]) -> Vec<(String, crate::charts::ColorKey)> {
    let mut seen = BTreeMap::new();
    for cell in cells.iter().flatten().filter(|cell| !cell.label.is_empty()) {
        seen.entry(cell.label.clone()).or_insert_with(|| cell.color.clone());
    }
    seen.into_iter().collect()
}

fn legend_lines(ui: &Ui, legend: &[(String, crate::charts::ColorKey)], width: f32) -> Vec<Vec<usize>> {
    let font = TextStyle::Small.resolve(ui.style());
    let mut lines: Vec<Vec<usize>> = Vec::new();
    let mut used = f32::INFINITY;
    for (index, (name, _)) in legend.iter().enumerate() {
        let own = ui.painter().layout_no_wrap(name.clone(), font.clone(), Color32::WHITE).size().x + 28.0;
        if used + own > width * 0.8 {
            lines.push(Vec::new());
            used = 0.0;
        }
        used += own;
        if let Some(line) = lines.last_mut() {
            line.push(index);
        }
    }
    lines
}

/// Two colours mixed; `share` of the second.
pub fn mixed(first: Color32, second: Color32, share: f32) -> Color32 {
    first.lerp_to_gamma(second, share)
}
