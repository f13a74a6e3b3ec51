//! What pages of an answer are made of: pictures two in a row, and tables below them.

use std::sync::Arc;

use egui::{Align, Grid, Label, Layout, ScrollArea, Ui, vec2};

use crate::charts::{Selection, Table, TableCell, find};
use crate::gui::command::{Commands, Request};
use crate::gui::theme;
use crate::gui::widgets::chart::{Card, ChartCache, Walk, card_ui};
use crate::gui::widgets::scrolls_sideways;
use crate::results::Results;
use crate::words::short;

/// The least width of one of two pictures beside each other.
const LEAST_CARD: f32 = 320.0;

/// Pictures of a page, by name, and what each of their cards remembers.
#[derive(Debug)]
pub struct Pictures {
    names: &'static [&'static str],
    cache: ChartCache,
    cards: Vec<Card>,
}

impl Pictures {
    /// Of these charts.
    #[must_use]
    pub fn new(names: &'static [&'static str]) -> Self {
        Self { names, cache: ChartCache::default(), cards: names.iter().map(|_| Card::default()).collect() }
    }

    /// Draws them, in rows of two where there is room.
    pub fn draw(&mut self, ui: &mut Ui, results: &Arc<Results>, commands: &mut Commands) {
        let room = ui.available_width() - 4.0;
        // Below one another where two of them are too narrow to be read.
        let columns = if room < 2.0 * LEAST_CARD + theme::GAP { 1 } else { 2 };
        let width = (room - theme::GAP * (columns as f32 - 1.0)) / columns as f32;
        for (names, cards) in self.names.chunks(columns).zip(self.cards.chunks_mut(columns)) {
            ui.horizontal_top(|ui| {
                for (name, card) in names.iter().zip(cards) {
                    let Some(entry) = find(name) else { continue };
                    ui.allocate_ui_with_layout(vec2(width, 300.0), Layout::top_down(Align::Min), |ui| {
                        ui.set_width(width);
                        let chart = self.cache.get(results, entry, Selection::default());
                        ui.push_id(entry.name, |ui| card_ui(ui, &chart, 278.0, card, commands));
                        if card.large {
                            // The results panel has the room.
                            card.large = false;
                            commands.send(Request::Enlarge(entry.name, Selection::default()));
                        }
                    });
                }
            });
        }
    }
}

/// A table as wide as it needs, its first column as wide as its words.
pub fn table_ui(ui: &mut Ui, table: &Table) {
    // What stands over, under or between numbers keeps to their side.
    let is_of_numbers = |column: usize| table.rows.iter().any(|row| matches!(row.get(column), Some(TableCell::Number(_))));
    let sides: Vec<bool> = (0..table.header.len()).map(is_of_numbers).collect();
    let walk = Walk::begin(ui, table);
    let output = ScrollArea::horizontal().id_salt(("page", &table.name)).show(ui, |ui| {
        Grid::new(("grid of", &table.name)).striped(true).spacing(vec2(18.0, 3.0)).show(ui, |ui| {
            let at_side = |ui: &mut Ui, column: usize, text: egui::RichText| {
                if sides.get(column).copied().unwrap_or(false) {
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.add(Label::new(text))).inner
                } else {
                    ui.add(Label::new(text))
                }
            };
            for (column, name) in table.header.iter().enumerate() {
                let name = theme::quiet(ui, name);
                at_side(ui, column, name);
            }
            ui.end_row();
            for (number, row) in table.rows.iter().enumerate() {
                for (column, cell) in row.iter().enumerate() {
                    let text = match cell {
                        TableCell::Text(text) => egui::RichText::new(text),
                        // A year in which nothing happens says less than a number that comes to nothing.
                        TableCell::Number(0.0) if table.name == "statement" => theme::quiet(ui, "–"),
                        TableCell::Number(number) => egui::RichText::new(short(*number)),
                    };
                    let shown = at_side(ui, column, text);
                    walk.cell_ui(ui, table, (number, column), shown.rect.expand(3.0), Some(shown));
                }
                ui.end_row();
            }
        });
    });
    walk.end(ui, table, output.inner_rect);
    scrolls_sideways(ui, &table.title, output.inner_rect, output.content_size.x);
}
