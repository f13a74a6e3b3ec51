//! Which figures stand on the strip, and in what order: a list behind a button, kept in the settings.

use std::sync::Arc;

use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{Align, Button, Layout, PopupCloseBehavior, ScrollArea, Ui, Vec2, vec2};

use super::{Kpi, applies, offered, standard};
use crate::gui::document::Document;
use crate::gui::theme;
use crate::gui::view::Settings;
use crate::gui::widgets::{tick_ui, truth};

/// The figures of the strip: those the planner chose, else the standard ones. What a plan has not is left out.
pub(in crate::gui::panels) fn chosen(settings: &Settings, document: &Document) -> Vec<&'static Kpi> {
    let financed = document.plan().finance.is_some();
    let Some(keys) = &settings.key_figures else { return standard(financed) };
    keys.iter().filter_map(|key| offered(financed).find(|kpi| kpi.key == key)).collect()
}

/// The button at the end of the strip: how many of the chosen ones do not fit, and the list of all.
pub(super) fn button_ui(ui: &mut Ui, document: &Document, settings: &mut Settings, shown: &[&'static Kpi], hidden: usize, size: Vec2) {
    let text = if hidden > 0 { format!("{hidden} more") } else { "Choose".to_owned() };
    let name = if hidden > 0 { format!("{text} key figures") } else { "Choose key figures".to_owned() };
    let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let button = MenuButton::from_button(Button::new(&text).min_size(size)).config(config);
    let response = button.ui(ui, |ui| list_ui(ui, document, settings, shown)).0;
    response.accessible_name(name).on_hover_text("All key figures, which ones stand here, and in what order");
}

/// Every figure with its value: ticked if it stands on the strip, with arrows to move it.
fn list_ui(ui: &mut Ui, document: &Document, settings: &mut Settings, shown: &[&'static Kpi]) {
    let financed = document.plan().finance.is_some();
    let others: Vec<&Kpi> = offered(financed).filter(|kpi| shown.iter().all(|own| own.key != kpi.key)).collect();
    ui.set_width(380.0);
    ui.label(theme::quiet(ui, "Ticked figures stand on the strip, the first ones where not all fit."));
    let mut order: Vec<&str> = shown.iter().map(|kpi| kpi.key).collect();
    let mut changed = false;
    let height = (ui.ctx().content_rect().height() - 190.0).clamp(160.0, 640.0);
    ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
        for (position, kpi) in shown.iter().enumerate() {
            row_ui(
                ui,
                document,
                kpi,
                |ui| {
                    let down = ui
                        .add_enabled(position + 1 < shown.len(), Button::new("▼").small())
                        .accessible_name(format!("Move {} down", kpi.name));
                    let up = ui.add_enabled(position > 0, Button::new("▲").small()).accessible_name(format!("Move {} up", kpi.name));
                    if down.on_hover_text("Further to the right").clicked() {
                        order.swap(position, position + 1);
                        changed = true;
                    }
                    if up.on_hover_text("Further to the left").clicked() {
                        order.swap(position - 1, position);
                        changed = true;
                    }
                },
                true,
            )
            .then(|| {
                order.retain(|key| *key != kpi.key);
                changed = true;
            });
        }
        ui.separator();
        for kpi in others {
            row_ui(ui, document, kpi, |_| {}, false).then(|| {
                order.push(kpi.key);
                changed = true;
            });
        }
    });
    if changed {
        settings.key_figures = Some(order.into_iter().map(str::to_owned).collect());
    }
    if ui.add_enabled(settings.key_figures.is_some(), Button::new("Standard choice")).clicked() {
        settings.key_figures = None;
    }
}

/// A figure's line; whether its tick was clicked.
fn row_ui(ui: &mut Ui, document: &Document, kpi: &'static Kpi, arrows: impl FnOnce(&mut Ui), ticked: bool) -> bool {
    let results = document.results().map(Arc::as_ref).filter(|results| !results.hides(kpi.key) && applies(kpi, results));
    let told = super::told(kpi, document);
    let value = results.map(|results| (kpi.value)(results)).filter(|value| value.is_finite());
    ui.allocate_ui_with_layout(vec2(ui.available_width(), 22.0), Layout::left_to_right(Align::Center), |ui| {
        let mut on = ticked;
        let tick = tick_ui(ui, &mut on, kpi.name);
        let clicked = tick.changed();
        truth::offer(ui, &tick, || truth::Subject::Figure(kpi.key));
        tick.on_hover_ui(|ui| super::tip_ui(ui, kpi, document, value));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.allocate_ui_with_layout(vec2(48.0, 20.0), Layout::right_to_left(Align::Center), |ui| {
                ui.set_min_width(48.0);
                arrows(ui);
            });
            ui.label(theme::quiet(ui, format!("{} {}", told.figure, told.unit).trim().to_owned()));
        });
        clicked
    })
    .inner
}
