//! A scenario in the inspector: what it changes, in words, each with the base plan's value and a way back.

use crate::words;
use egui::{Label, RichText, Ui};

use crate::gui::change::{Edit, Stroke};
use crate::gui::command::{Commands, Request};
use crate::gui::document::Document;
use crate::gui::theme;
use crate::gui::widgets::icon_button_ui;
use crate::words::{subject, value_words};

/// Draws a scenario's changes.
pub(super) fn scenario_ui(ui: &mut Ui, document: &Document, commands: &mut Commands, name: &str) {
    let Some(variation) = document.base().scenarios.get(name) else { return };
    let picked = document.scenario() == name;
    ui.horizontal_wrapped(|ui| {
        if picked {
            ui.label(RichText::new("Edits go into this scenario").color(theme::tokens(ui).accent));
            if ui.button("Edit the base plan").clicked() {
                commands.send(Request::PickScenario(String::new()));
            }
        } else if ui.button("Edit this scenario").on_hover_text("Show its numbers; what is edited then goes into it").clicked() {
            commands.send(Request::PickScenario(name.to_owned()));
        }
    });
    if variation.set.0.is_empty() {
        ui.label(theme::quiet(ui, "It changes nothing yet. Pick it, and change any number of the plan."));
    }
    for (path, value) in &variation.set.0 {
        theme::raised(ui).inner_margin(egui::Margin::symmetric(8, 6)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            let words = subject(document.base(), path);
            ui.horizontal(|ui| {
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    if icon_button_ui(ui, "↺", &format!("Put {words} back to the base plan")).clicked() {
                        let edit = Edit::remove(format!("scenarios.{name}.set.{path}"));
                        commands.send(Request::Edit(edit, Stroke::Once));
                    }
                    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                        // A long name gives way to the button, and is said whole.
                        ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
                        let link = ui.add(egui::Link::new(words::sentence(&words)));
                        if link.on_hover_text(format!("Go to {words} in this scenario")).clicked() {
                            commands.send(Request::PickScenario(name.to_owned()));
                            commands.go_to(path);
                        }
                    });
                });
            });
            let before =
                crate::plan::edit::get(document.base(), path).map_or_else(|| "not there".to_owned(), |text| value_words(path, &text));
            ui.add(Label::new(format!("{before} → {}", value_words(path, &value.0))).wrap());
        });
    }
}
