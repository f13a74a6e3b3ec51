//! The actors panel: who sells how much, the prices that form, and who gains from it.

use egui::{ScrollArea, Ui, vec2};

use super::page::{Pictures, table_ui};
use super::results::{no_answer_ui, stale_note_ui};
use crate::export::trade;
use crate::gui::command::{Commands, UiCommand};
use crate::gui::document::Document;
use crate::gui::theme;
use crate::gui::widgets::primary_ui;

/// Its charts, in rows of two.
const PICTURES: [&str; 4] = ["actors", "league", "prices", "surplus"];

/// What the panel remembers.
#[derive(Debug)]
pub struct ActorsView {
    pictures: Pictures,
}

impl Default for ActorsView {
    fn default() -> Self {
        Self { pictures: Pictures::new(&PICTURES) }
    }
}

/// Draws the panel.
pub fn actors_ui(ui: &mut Ui, document: &Document, view: &mut ActorsView, commands: &mut Commands) {
    let Some(results) = document.results().cloned() else {
        no_answer_ui(ui, document, commands);
        return;
    };
    let tables = trade::tables(&results);
    if tables.is_empty() {
        ui.vertical_centered(|ui| {
            ui.add_space((ui.available_height() * 0.25).max(8.0));
            ui.label(theme::title("One actor owns everything here"));
            ui.label(theme::quiet(
                ui,
                "Name countries or companies as actors and say whose each site is; then they stand side by side, and prices can form among them.",
            ));
            ui.add_space(theme::GAP);
            if primary_ui(ui, "Add an actor").clicked() {
                commands.select("actors");
                commands.run(UiCommand::Add);
            }
            if ui.button("Read how actors compete").on_hover_text("A page of the guide").clicked() {
                commands.run(UiCommand::Guide);
            }
        });
        return;
    }
    stale_note_ui(ui, document);
    ScrollArea::vertical().id_salt("actors").auto_shrink(false).show(ui, |ui| {
        let gap = theme::GAP;
        ui.spacing_mut().item_spacing = vec2(gap, gap);
        for sentence in trade::in_words(&results) {
            ui.label(sentence);
        }
        view.pictures.draw(ui, &results, commands);
        for table in &tables {
            ui.label(theme::title(table.title.clone()));
            table_ui(ui, table);
        }
    });
}
