//! Horizontal bars with a value each, and waterfalls.

use egui::{Align2, Color32, Rect, TextStyle, Ui, pos2, vec2};

use super::{ink, tip};
use crate::charts::format::{short, with_unit};
use crate::charts::{Chart, ColorKey, Series, Step};
use crate::gui::theme;

/// A horizontal bar.
struct Row<'r> {
    name: &'r str,
    from: f64,
    to: f64,
    /// What is written at its end.
    text: String,
    color: Color32,
    total: bool,
}

/// Horizontal bars, one for each category.
pub fn bars(ui: &mut Ui, chart: &Chart, rect: Rect, categories: &[String], values: &Series) {
    let color = ink(ui, chart, &values.color);
    let rows: Vec<Row<'_>> = categories
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let value = values.values.get(index).copied().filter(|value| value.is_finite()).unwrap_or(0.0);
            Row { name, from: 0.0, to: value, text: short(value), color, total: false }
        })
        .collect();
    draw(ui, chart, rect, &rows, &chart.x.unit, false);
}

/// From one level to the next, each change a bar that hangs where the one before ended.
pub fn waterfall(ui: &mut Ui, chart: &Chart, rect: Rect, steps: &[Step]) {
    let mut level = 0.0;
    let rows: Vec<Row<'_>> = steps
        .iter()
        .map(|step| {
            let from = if step.total { 0.0 } else { level };
            level = if step.total { step.value } else { level + step.value };
            let color = ink(ui, chart, if step.total && step.value < 0.0 { &ColorKey::Bad } else { &step.color });
            let sign = if !step.total && step.value > 0.0 { "+" } else { "" };
            Row { name: &step.name, from, to: level, text: format!("{sign}{}", short(step.value)), color, total: step.total }
        })
        .collect();
    draw(ui, chart, rect, &rows, &chart.y.unit, true);
}

fn draw(ui: &mut Ui, chart: &Chart, rect: Rect, rows: &[Row<'_>], unit: &str, linked: bool) {
    let tokens = theme::tokens(ui);
    let small = TextStyle::Small.resolve(ui.style());
    let width_of = |text: &str| ui.painter().layout_no_wrap(text.to_owned(), small.clone(), Color32::WHITE).size().x;
    let label_width = rows.iter().map(|row| width_of(row.name)).fold(0.0, f32::max).min(rect.width() * 0.42);
    let value_width = rows.iter().map(|row| width_of(&row.text)).fold(0.0, f32::max) + 8.0;
    let low = rows.iter().flat_map(|row| [row.from, row.to]).fold(0.0, f64::min);
    let high = rows.iter().flat_map(|row| [row.from, row.to]).fold(0.0, f64::max).max(low + 1e-12);
    let left = rect.left() + label_width + 10.0 + if low < 0.0 { value_width } else { 0.0 };
    let right = (rect.right() - value_width).max(left + 10.0);
    let x = |value: f64| egui::lerp(left..=right, ((value - low) / (high - low)) as f32);
    let pitch = ((rect.height() - 4.0) / rows.len().max(1) as f32).min(30.0);
    let thick = (pitch - 6.0).clamp(3.0, 18.0);
    ui.painter().vline(x(0.0), rect.top()..=rect.top() + pitch * rows.len() as f32, egui::Stroke::new(1.0, tokens.line));
    let pointer = ui.input(|input| input.pointer.hover_pos()).filter(|_| ui.rect_contains_pointer(rect));
    let mut before: Option<(f32, f32)> = None;
    for (index, row) in rows.iter().enumerate() {
        let middle = rect.top() + pitch * (index as f32 + 0.5) + 2.0;
        let mut job = egui::text::LayoutJob::simple_singleline(
            row.name.to_owned(),
            small.clone(),
            if row.total { tokens.text } else { tokens.quiet },
        );
        job.wrap = egui::text::TextWrapping::truncate_at_width(label_width);
        let galley = ui.painter().layout_job(job);
        ui.painter().galley(pos2(rect.left() + label_width - galley.size().x, middle - galley.size().y / 2.0), galley, tokens.quiet);
        let bar = Rect::from_x_y_ranges(x(row.from.min(row.to))..=x(row.from.max(row.to)), middle - thick / 2.0..=middle + thick / 2.0);
        let bar = if bar.width() < 1.0 { bar.expand2(vec2(0.5, 0.0)) } else { bar };
        ui.painter().rect_filled(bar, 2.0, row.color);
        if let Some((level, bottom)) = before.filter(|_| linked && !row.total) {
            ui.painter().vline(level, bottom..=middle - thick / 2.0, egui::Stroke::new(1.0, tokens.quiet.gamma_multiply(0.6)));
        }
        before = Some((x(row.to), middle + thick / 2.0));
        let (anchor, at) = if row.to < row.from && row.to <= 0.0 && row.from <= 0.0 {
            (Align2::RIGHT_CENTER, pos2(bar.left() - 5.0, middle))
        } else {
            (Align2::LEFT_CENTER, pos2(bar.right() + 5.0, middle))
        };
        ui.painter().text(at, anchor, &row.text, small.clone(), if row.total { tokens.text } else { tokens.quiet });
        let line = Rect::from_x_y_ranges(rect.x_range(), middle - pitch / 2.0..=middle + pitch / 2.0);
        if pointer.is_some_and(|pointer| line.contains(pointer)) {
            let value = if row.total { row.to } else { row.to - row.from };
            tip(ui, chart.name, "", &[(Some(row.color), row.name.to_owned(), with_unit(value, unit))]);
        }
    }
}
