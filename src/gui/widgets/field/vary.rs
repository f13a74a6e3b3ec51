//! Varying a number: a button turns its field into a slider, and the plan is solved while it moves.

use crate::words;
use egui::{RichText, Ui};

use super::editor::Editor;
use crate::gui::templates::free_id;
use crate::gui::theme;
use crate::plan::node::quoted;

/// The button that turns a field into a slider and back.
pub fn vary_button_ui(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, value: f64, bounds: Option<(f64, f64)>, label: &str) {
    let on = editor.view.varied.contains_key(path);
    let text = RichText::new("vary").small().color(if on { theme::tokens(ui).accent } else { theme::tokens(ui).quiet });
    let button = egui::Button::new(text).frame_when_inactive(false).small();
    let tooltip = "Turn this field into a slider; beside it, or with the other button: an axis of a study, or uncertain in one";
    let button = ui.add(button).accessible_name(format!("Vary {label}")).on_hover_text(tooltip);
    button.context_menu(|ui| study_menu_ui(ui, editor, path));
    if button.clicked() {
        if on {
            editor.view.varied.remove(path);
        } else {
            editor.view.varied.insert(path.to_owned(), slider_range(value, bounds));
        }
    }
}

/// What a study can do with a field: a new study is added to the plan, to be edited there.
fn study_menu_ui(ui: &mut Ui, editor: &mut Editor<'_>, path: &str) {
    let vary = format!("paths: [{}], act: Multiplies", quoted(path));
    let kinds = [
        ("As an axis of a study", "axis", format!("Grid(axes: [(vary: [({vary}, at: Evenly(from: 0.5, to: 1.5, steps: 9))])])")),
        (
            "As uncertain in a study",
            "uncertain",
            format!("Sample(futures: 100, inputs: [({vary}, is: Triangular(low: 0.8, likely: 1.0, high: 1.2))])"),
        ),
    ];
    for (label, name, text) in kinds {
        if ui.button(label).clicked() {
            let taken: Vec<String> = editor.document.plan().studies.keys().cloned().collect();
            let id = free_id(&taken, name);
            editor.commands.add("studies", &id, text);
            editor.commands.go_to(format!("studies.{id}"));
            ui.close();
        }
    }
}

/// What else can be done with a field that varies: an axis of a study, or uncertain in one.
fn study_links_ui(ui: &mut Ui, editor: &mut Editor<'_>, path: &str) {
    ui.menu_button(RichText::new("in a study…").small(), |ui| study_menu_ui(ui, editor, path));
}

/// From nothing to twice the number, within its bounds.
fn slider_range(value: f64, bounds: Option<(f64, f64)>) -> (f64, f64) {
    let (low, high) = bounds.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
    let (from, to) =
        if value == 0.0 { (0.0, if high <= 1.0 { 1.0 } else { 10.0 }) } else { (0.0_f64.min(value * 2.0), 0.0_f64.max(value * 2.0)) };
    (from.max(low), to.min(high))
}

/// The slider of a varied field.
pub fn vary_ui(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, value: f64, range: (f64, f64)) {
    let mut moved = value;
    let percent = editor.percent();
    let name = format!("{} slider", editor.name);
    let response = ui
        .scope(|ui| {
            ui.spacing_mut().slider_width = (ui.available_width() - 20.0).max(80.0);
            ui.add(egui::Slider::new(&mut moved, range.0..=range.1).show_value(false).clamping(egui::SliderClamping::Never).smart_aim(true))
        })
        .inner
        .accessible_name(name);
    if moved != value {
        if response.dragged() {
            editor.commands.drag(path, format!("{moved:?}"));
        } else {
            editor.set(path, format!("{moved:?}"));
        }
    }
    if response.drag_stopped() {
        editor.commands.end_drag();
    }
    ui.horizontal(|ui| {
        let shown = |value: f64| if percent { words::percent(value) } else { words::number(value) };
        ui.label(theme::quiet(ui, shown(range.0)));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.label(theme::quiet(ui, shown(range.1)));
            study_links_ui(ui, editor, path);
        });
    });
}
