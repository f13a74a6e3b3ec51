//! The money panel: the lender's view of the answer, or what to state to have one.

use egui::{Grid, Label, ScrollArea, Ui, vec2};

use super::results::{no_answer_ui, stale_note_ui};
use crate::charts::{Selection, Table, TableCell, find};
use crate::export::lender_tables;
use crate::gui::command::{Commands, Request};
use crate::gui::document::Document;
use crate::gui::widgets::chart::{Card, ChartCache, card_ui, cell_ui};
use crate::gui::{propose, theme};
use crate::words::short;

mod again;

/// Its charts, in rows of two.
const PICTURES: [&str; 4] = ["owners-cash", "debt-cover", "repricing", "cost-waterfall"];

/// What the panel remembers.
#[derive(Debug, Default)]
pub struct MoneyView {
    cache: ChartCache,
    cards: [Card; 4],
    stress: again::Again,
}

/// Draws the panel.
pub fn money_ui(ui: &mut Ui, document: &Document, view: &mut MoneyView, commands: &mut Commands) {
    let Some(results) = document.results().cloned() else {
        no_answer_ui(ui, document, commands);
        return;
    };
    if document.plan().finance.is_none() {
        ui.vertical_centered(|ui| {
            ui.add_space((ui.available_height() * 0.25).max(8.0));
            ui.label(theme::title("The plan does not say how it is financed"));
            ui.label(theme::quiet(ui, "With tax, debt and what is left at the end, the answer gets a statement by year, covers and rates of return of the owners."));
            ui.add_space(theme::GAP);
            let button = ui.button("State tax and debt").on_hover_text("Adds a start to the plan: every number of it is yours to replace");
            if button.clicked() {
                commands.set("finance", propose::FINANCE);
            }
        });
        return;
    }
    stale_note_ui(ui, document);
    let tables = lender_tables(&results);
    if tables.is_empty() {
        ui.label(theme::quiet(ui, "The statement appears with the next answer."));
        return;
    }
    ScrollArea::vertical().id_salt("money").auto_shrink(false).show(ui, |ui| {
        let gap = theme::GAP;
        ui.spacing_mut().item_spacing = vec2(gap, gap);
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
                            // The results panel has the room.
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
            if table.name == "stress" {
                again::again_ui(ui, document, &mut view.stress);
            }
        }
    });
}

/// A table as wide as it needs, its first column as wide as its words.
fn table_ui(ui: &mut Ui, table: &Table) {
    // What stands over, under or between numbers keeps to their side.
    let is_of_numbers = |column: usize| table.rows.iter().any(|row| matches!(row.get(column), Some(TableCell::Number(_))));
    let sides: Vec<bool> = (0..table.header.len()).map(is_of_numbers).collect();
    ScrollArea::horizontal().id_salt(("money", &table.name)).show(ui, |ui| {
        Grid::new(("grid of", &table.name)).striped(true).spacing(vec2(18.0, 3.0)).show(ui, |ui| {
            let at_side = |ui: &mut Ui, column: usize, text: egui::RichText| {
                if sides.get(column).copied().unwrap_or(false) {
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| ui.add(Label::new(text))).inner
                } else {
                    ui.add(Label::new(text))
                }
            };
            for (column, name) in table.header.iter().enumerate() {
                let name = theme::quiet(ui, name);
                at_side(ui, column, name);
            }
            ui.end_row();
            for row in &table.rows {
                for (column, cell) in row.iter().enumerate() {
                    let text = match cell {
                        TableCell::Text(text) => egui::RichText::new(text),
                        // A year in which nothing happens says less than a number that comes to nothing.
                        TableCell::Number(0.0) if table.name == "statement" => theme::quiet(ui, "–"),
                        TableCell::Number(number) => egui::RichText::new(short(*number)),
                    };
                    let shown = at_side(ui, column, text);
                    // Pointed at, a number says how it is worked out.
                    if let TableCell::Number(number) = cell {
                        shown.on_hover_ui(|ui| cell_ui(ui, table, row, column, *number));
                    }
                }
                ui.end_row();
            }
        });
    });
}
