//! The actors panel: who sells how much, the prices that form, and who gains from it.

use egui::{ScrollArea, Ui, vec2};

use super::money::table_ui;
use super::results::{no_answer_ui, stale_note_ui};
use crate::charts::{Selection, find};
use crate::export::trade;
use crate::gui::command::{Commands, Request, UiCommand};
use crate::gui::document::Document;
use crate::gui::theme;
use crate::gui::widgets::chart::{Card, ChartCache, card_ui};

/// Its charts, in rows of two.
const PICTURES: [&str; 4] = ["actors", "league", "prices", "surplus"];

/// What the panel remembers.
#[derive(Debug, Default)]
pub struct ActorsView {
    cache: ChartCache,
    cards: [Card; 4],
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
        let room = ui.available_width() - 4.0;
        let width = ((room - gap) / 2.0).max(320.0);
        for (row, names) in PICTURES.chunks(2).enumerate() {
            ui.horizontal_top(|ui| {
                for (column, name) in names.iter().enumerate() {
                    let Some(entry) = find(name) else { continue };
                    ui.allocate_ui_with_layout(vec2(width, 300.0), egui::Layout::top_down(egui::Align::Min), |ui| {
                        ui.set_width(width);
                        let chart = view.cache.get(&results, entry, Selection::default());
                        let Some(card) = view.cards.get_mut(row * 2 + column) else { return };
                        ui.push_id(entry.name, |ui| card_ui(ui, &chart, 278.0, card, commands));
                        if card.large {
                            card.large = false;
                            commands.send(Request::Enlarge(entry.name, Selection::default()));
                        }
                    });
                }
            });
        }
        for table in &tables {
            ui.label(theme::title(table.title.clone()));
            table_ui(ui, table);
        }
    });
}
