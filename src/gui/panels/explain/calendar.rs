//! The card of dates: what must be ordered by when, and, on request, what a missed date costs.

use egui::{Button, CursorIcon, Label, RichText, Sense, Ui};

use crate::gui::command::{Commands, Question, Request};
use crate::gui::questions::Asked;
use crate::gui::theme;
use crate::results::Results;

/// Dates shown before the rest is asked for.
const FIRST: usize = 8;

/// What the card remembers.
#[derive(Debug, Default)]
pub struct CalendarView {
    all: bool,
    /// What the date asked about last costs, in sentences.
    pub told: Vec<String>,
}

/// Draws the card.
pub fn calendar_ui(ui: &mut Ui, results: &Results, view: &mut CalendarView, asked: &mut Option<Asked>, commands: &mut Commands) {
    let busy = asked.is_some();
    ui.label(theme::title("What must be decided by when"));
    theme::raised(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        if results.decisions.is_empty() {
            ui.label(theme::quiet(ui, "Nothing is ordered and nothing signed: the plan runs on what stands."));
            return;
        }
        let shown = if view.all { results.decisions.len() } else { FIRST };
        for (index, decision) in results.decisions.iter().take(shown).enumerate() {
            ui.horizontal(|ui| {
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let ask = ui.add_enabled(!busy, Button::new("If late…").small());
                    let ask = ask.accessible_name(format!("If late: {} by {}", decision.subject, decision.by));
                    if ask.on_hover_text("Solves the plan again as if this were one period late").clicked() {
                        commands.send(Request::Ask(Question::Late { index }));
                    }
                    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                        // The sentence leads to what it speaks of.
                        let sentence = ui.add(Label::new(decision.sentence()).wrap().sense(Sense::click()));
                        let sentence = sentence.on_hover_cursor(CursorIcon::PointingHand).on_hover_text("Go to it in the plan");
                        if sentence.clicked() {
                            commands.go_to(&decision.path);
                        }
                    });
                });
            });
        }
        if asked.as_ref().is_some_and(|asked| asked.of_dates) {
            super::solving_ui(ui, asked);
        }
        for told in &view.told {
            ui.add(Label::new(RichText::new(told).color(theme::tokens(ui).accent)).wrap());
        }
        let more = results.decisions.len().saturating_sub(FIRST);
        if more > 0 {
            let text = if view.all { "Show the first only".to_owned() } else { format!("Show {more} more") };
            if ui.add(Button::new(text).frame_when_inactive(false)).clicked() {
                view.all = !view.all;
            }
        }
    });
}
