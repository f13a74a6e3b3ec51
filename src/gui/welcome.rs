//! What an empty plan shows: three ways to start.

use egui::{Align, Layout, RichText, Sense, Ui, WidgetInfo, vec2};

use super::command::{Commands, Request, UiCommand};
use super::theme;
use super::view::ViewState;
use crate::gui::document::empty_plan;
use crate::plan::example::EXAMPLES;
use crate::plan::file::print;

/// Draws the three cards.
pub fn welcome_ui(ui: &mut Ui, view: &mut ViewState, commands: &mut Commands) {
    let wide = ui.available_width() > 640.0;
    egui::ScrollArea::vertical().id_salt("welcome").auto_shrink(false).show(ui, |ui| {
        ui.add_space((ui.available_height() * 0.12).max(8.0));
        ui.vertical_centered(|ui| {
            ui.label(RichText::new("Start a plan").text_style(theme::figure()));
            ui.label(theme::quiet(ui, "A plan is one readable file. You can also drop one on this window."));
        });
        ui.add_space(18.0);
        let width = if wide { ((ui.available_width() - 80.0) / 3.0).clamp(180.0, 280.0) } else { (ui.available_width() - 24.0).max(160.0) };
        let mut cards = |ui: &mut Ui| {
            card_ui(ui, width, "From an example", "Real sites, chips and prices, solved at once. Change anything.", |ui| {
                for example in EXAMPLES {
                    if ui
                        .add(egui::Button::new(example.title).min_size(vec2(ui.available_width(), 26.0)).wrap())
                        .on_hover_text(example.about)
                        .clicked()
                    {
                        commands.send(Request::NewFromText { name: example.title.into(), text: example.text.into() });
                    }
                }
            });
            card_ui(
                ui,
                width,
                "From five questions",
                "Where, how much power, which chips, which product, how much money: a first plan that solves.",
                |ui| {
                    if super::widgets::primary_ui(ui, "Answer five questions…").clicked() {
                        commands.run(UiCommand::FirstPlan);
                    }
                    let led = ui.button("Be led through it…");
                    if led.on_hover_text(UiCommand::GuidedPlan.text_and_tooltip().1).clicked() {
                        commands.run(UiCommand::GuidedPlan);
                    }
                },
            );
            card_ui(ui, width, "Empty", "A horizon and four seasons, nothing else. Add sites on the map and the rest in the tree.", |ui| {
                if ui.button("Start empty").clicked() {
                    view.welcome = false;
                    commands.send(Request::NewFromText { name: "New plan".into(), text: print(&empty_plan()) });
                }
            });
        };
        if wide {
            let total = width * 3.0 + 2.0 * 16.0;
            ui.horizontal_top(|ui| {
                ui.add_space(((ui.available_width() - total) / 2.0).max(0.0));
                ui.spacing_mut().item_spacing.x = 16.0;
                cards(ui);
            });
        } else {
            ui.vertical_centered(cards);
        }
    });
}

fn card_ui(ui: &mut Ui, width: f32, title: &str, text: &str, content: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(vec2(width, 190.0), Layout::top_down(Align::Min), |ui| {
        theme::raised(ui).inner_margin(14).show(ui, |ui| {
            ui.set_width(width - 30.0);
            ui.set_min_height(160.0);
            ui.label(theme::title(title));
            ui.label(RichText::new(text).color(theme::tokens(ui).quiet));
            ui.add_space(8.0);
            content(ui);
        });
    });
}

/// A text that is not a plan: from a newer version (shown only), or broken (mended here).
pub fn unread_ui(ui: &mut Ui, document: &super::document::Document, view: &mut ViewState, commands: &mut Commands) {
    let Some(unread) = &document.unread else { return };
    let count = document.problems().iter().filter(|problem| problem.is_error()).count();
    if unread.newer {
        ui.label(theme::title("This plan is from a newer version"));
        ui.label(theme::quiet(ui, "It is shown as text and never saved over. Open it with a newer version of the program."));
    } else {
        ui.label(theme::title(format!("This plan can't be read: {count} {}", if count == 1 { "problem" } else { "problems" })));
        ui.label(theme::quiet(ui, "Each problem is listed below with its line. Mend the text here and read it again."));
    }
    let edited = view.unread_text.get_or_insert_with(|| unread.text.clone());
    ui.horizontal(|ui| {
        if !unread.newer && super::widgets::primary_ui(ui, "Read it again").clicked() {
            commands.send(Request::ReadText(edited.clone()));
        }
    });
    let height = ui.available_height();
    egui::ScrollArea::both().id_salt("unread").auto_shrink(false).max_height(height).show(ui, |ui| {
        let editor = egui::TextEdit::multiline(edited).code_editor().desired_width(f32::INFINITY).interactive(!unread.newer);
        let response = ui.add(editor).accessible_name("Text of the plan");
        if let Some(line) = view.go_to_line.take() {
            let height = ui.text_style_height(&egui::TextStyle::Monospace);
            let top = response.rect.top() + height * line.saturating_sub(1) as f32;
            ui.scroll_to_rect(egui::Rect::from_min_size(egui::pos2(response.rect.left(), top), vec2(10.0, height)), Some(Align::Center));
        }
        let _ = (Sense::hover(), WidgetInfo::new(egui::Role::Label));
    });
}
