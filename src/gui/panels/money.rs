//! The money panel: the lender's view of the answer, or what to state to have one.

use egui::{ScrollArea, Ui, vec2};

use super::page::{Pictures, table_ui};
use super::results::{no_answer_ui, stale_note_ui};
use crate::export::lender_tables;
use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::{propose, theme};

mod again;

/// Its charts, in rows of two.
const PICTURES: [&str; 4] = ["owners-cash", "debt-cover", "repricing", "cost-waterfall"];

/// What the panel remembers.
#[derive(Debug)]
pub struct MoneyView {
    pictures: Pictures,
    stress: again::Again,
}

impl Default for MoneyView {
    fn default() -> Self {
        Self { pictures: Pictures::new(&PICTURES), stress: again::Again::default() }
    }
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
        view.pictures.draw(ui, &results, commands);
        for table in &tables {
            ui.label(theme::title(table.title.clone()));
            table_ui(ui, table);
            if table.name == "stress" {
                again::again_ui(ui, document, &mut view.stress);
            }
        }
    });
}
