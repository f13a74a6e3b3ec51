//! A number field: drag, or click and type; arithmetic and units are understood.

use crate::words;
use std::cell::RefCell;

use egui::{DragValue, Ui};

use super::bring_into_sight;
use crate::gui::{arithmetic, theme};
use crate::plan::node::Bounds;

/// What a number field did in this frame.
#[derive(Debug, Default)]
pub struct NumberOutput {
    /// A step of a drag to this value.
    pub dragged: Option<f64>,
    /// Typed, or changed from the keyboard.
    pub typed: Option<f64>,
    /// The drag ended.
    pub released: bool,
    /// What was typed can't be taken, and why.
    pub refused: Option<String>,
}

/// What a number field shows.
#[derive(Clone, Copy, Debug)]
pub struct NumberField<'t> {
    /// Its name for screen readers.
    pub name: &'t str,
    /// The value.
    pub value: f64,
    /// Unit in words, empty if none.
    pub unit: &'static str,
    /// Shown in percent.
    pub percent: bool,
    /// Whole numbers only.
    pub whole: bool,
    /// The range it must lie in.
    pub bounds: Option<Bounds>,
    /// Put the keyboard here.
    pub focus: bool,
    /// Width.
    pub width: f32,
}

/// Draws a number field.
pub fn number_ui(ui: &mut Ui, field: NumberField<'_>) -> NumberOutput {
    let mut output = NumberOutput::default();
    let refused = RefCell::new(None);
    let escaped = was_escaped(ui);
    let shown = if field.percent { field.value * 100.0 } else { field.value };
    let factor = if field.percent { 100.0 } else { 1.0 };
    let (low, high) = field.bounds.map_or((f64::NEG_INFINITY, f64::INFINITY), |(low, high)| (low * factor, high * factor));
    let mut value = shown;
    // A drag over the width of the field roughly doubles the number.
    let speed =
        if field.whole { (shown.abs() / 100.0).max(0.1) } else { (shown.abs() / 100.0).max(if field.percent { 0.1 } else { 0.01 }) };
    let response = ui
        .scope(|ui| {
            ui.spacing_mut().interact_size.y = 24.0;
            ui.style_mut().explanation_tooltips = false;
            let suffix = if field.percent { " %" } else { "" };
            ui.add(
                DragValue::new(&mut value)
                    .speed(speed)
                    .range(low..=high)
                    .clamp_existing_to_range(false)
                    .max_decimals(if field.whole { 0 } else { 6 })
                    .update_while_editing(false)
                    .min_size(egui::vec2(field.width, 24.0))
                    .custom_formatter(move |value, _| format!("{}{suffix}", words::exact(rounded(value))))
                    .custom_parser(|text| {
                        if escaped {
                            None
                        } else {
                            match arithmetic::evaluate(text, field.unit, field.percent) {
                                Ok(number) => match problem_of(number * factor, low, high, field.whole, field.percent) {
                                    None => Some(number * factor),
                                    Some(problem) => {
                                        *refused.borrow_mut() = Some(problem);
                                        None
                                    }
                                },
                                Err(problem) => {
                                    *refused.borrow_mut() = Some(problem);
                                    None
                                }
                            }
                        }
                    }),
            )
        })
        .inner;
    let response = response.accessible_name(field.name);
    if field.focus {
        response.request_focus();
        bring_into_sight(ui, response.rect);
    }
    output.released = response.drag_stopped();
    output.refused = refused.into_inner();
    if value != shown {
        let number = rounded(value) / factor;
        let number = if field.percent { rounded(number) } else { number };
        if response.dragged() {
            output.dragged = Some(number);
        } else {
            output.typed = Some(number);
        }
    }
    response.on_hover_text(hint(&field));
    output
}

/// Whether Esc was pressed just now. The toolkit reports a lost focus for two frames, and would take
/// what was typed in the second, when Esc is no longer seen as pressed.
fn was_escaped(ui: &Ui) -> bool {
    let key = egui::Id::unique("escape-pressed");
    let now = ui.ctx().cumulative_pass_nr();
    if ui.input(|input| input.key_pressed(egui::Key::Escape)) {
        ui.data_mut(|data| data.insert_temp(key, now));
    }
    ui.data(|data| data.get_temp::<u64>(key)).is_some_and(|at| now.saturating_sub(at) <= 2)
}

/// Without the dust of binary arithmetic behind twelve digits.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    format!("{value:.11e}").parse().unwrap_or(value)
}

fn problem_of(value: f64, low: f64, high: f64, whole: bool, percent: bool) -> Option<String> {
    if whole && value.fract() != 0.0 {
        return Some(format!("{} is not a whole number.", words::exact(value)));
    }
    let unit = if percent { " %" } else { "" };
    if value < low || value > high {
        let shown = |value: f64| format!("{}{unit}", words::exact(rounded(value)));
        return Some(format!(
            "{} is out of range: it must be between {} and {}. The old number stays.",
            shown(value),
            shown(low),
            shown(high)
        ));
    }
    None
}

fn hint(field: &NumberField<'_>) -> String {
    let range = field.bounds.filter(|(low, high)| low.is_finite() && high.is_finite()).map(|(low, high)| {
        if field.percent {
            format!("{} to {}", words::percent(low), words::percent(high))
        } else {
            format!("{} to {} {}", words::exact(low), words::exact(high), field.unit)
        }
    });
    let range = range.map(|range| format!("{}\n", range.trim())).unwrap_or_default();
    format!("{range}Drag, or click and type; arithmetic and units are understood, such as 2*36 or 1.5 GW")
}

/// A frame around a note about a field that refused what was typed.
pub fn refusal_ui(ui: &mut Ui, text: &str) {
    let color = theme::tokens(ui).bad;
    ui.label(egui::RichText::new(text).text_style(egui::TextStyle::Small).color(color));
}
