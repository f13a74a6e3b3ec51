//! A point of a study that is looked at: what it has otherwise than the plan, and what can be made of it.

use egui::{Align, Button, Grid, Label, Layout, RichText, Ui};

use super::run::Seen;
use crate::gui::command::{Commands, UiCommand};
use crate::gui::document::Document;
use crate::gui::panels::compare::CompareView;
use crate::gui::templates::free_id;
use crate::gui::theme;
use crate::study::rows::{AsScenario, Differs, beside, scenario};
use crate::words::ended;

/// Most lines of one column.
const MOST_LINES: usize = 10;

/// The row that is looked at, and what is known of it.
#[derive(Debug, Default)]
pub struct Looked {
    row: usize,
    known: Option<Known>,
}

#[derive(Debug)]
struct Known {
    /// The study, how many of its points were there, and the row.
    of: (String, usize, usize),
    differs: Vec<Differs>,
    scenario: AsScenario,
}

impl Looked {
    /// Looks at a row.
    pub fn at(&mut self, row: usize) {
        self.row = row;
    }

    fn known(&mut self, id: &str, seen: &Seen) -> Option<&Known> {
        let of = (id.to_owned(), seen.done, self.row);
        if self.known.as_ref().is_none_or(|known| known.of != of) {
            let (row, run) = (seen.rows.get(self.row)?, seen.run.as_ref()?);
            self.known = Some(Known { of, differs: beside(&run.base.plan, &seen.planned, &row.answer), scenario: scenario(run, row) });
        }
        self.known.as_ref()
    }
}

/// Draws the point.
pub fn point_ui(
    ui: &mut Ui,
    document: &Document,
    looked: &mut Looked,
    (id, seen): (&str, &Seen),
    compare: &mut CompareView,
    commands: &mut Commands,
) {
    let last = seen.rows.len().saturating_sub(1);
    looked.row = looked.row.min(last);
    let Some(label) = seen.rows.get(looked.row).map(|row| row.label.clone()) else { return };
    theme::raised(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.label(RichText::new("Point").text_style(theme::strong()));
            let name = ui.label(theme::quiet(ui, "of the table"));
            ui.add(egui::DragValue::new(&mut looked.row).range(0..=last)).labelled_by(name.id);
            let row = looked.row;
            let Some(known) = looked.known(id, seen) else { return };
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                buttons_ui(ui, document, (id, row, &known.scenario), compare, commands);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| ui.add(Label::new(theme::quiet(ui, &label)).truncate()));
            });
        });
        let Some(row) = seen.rows.get(looked.row) else { return };
        if !row.answer.is_answered() {
            let reason = format!("No answer here ({}). {}", ended(&row.answer.status), row.answer.reason);
            ui.add(Label::new(reason).wrap());
            return;
        }
        let Some(known) = looked.known(id, seen) else { return };
        // Beside each other where there is room for both.
        let layout = if ui.available_width() > 640.0 { Layout::left_to_right(Align::Min) } else { Layout::top_down(Align::Min) };
        ui.with_layout(layout, |ui| {
            for (number, lines) in known.differs.chunks(MOST_LINES).take(2).enumerate() {
                Grid::new(("beside the plan", number)).num_columns(3).spacing([18.0, 3.0]).show(ui, |ui| {
                    for head in ["", "Plan", "Here"] {
                        ui.label(theme::quiet(ui, head));
                    }
                    ui.end_row();
                    for line in lines {
                        ui.label(&line.name);
                        ui.label(theme::quiet(ui, &line.planned));
                        ui.label(if line.here == line.planned { theme::quiet(ui, &line.here) } else { RichText::new(&line.here) });
                        ui.end_row();
                    }
                });
                ui.add_space(theme::GAP);
            }
        });
        if known.differs.len() > 2 * MOST_LINES {
            ui.label(theme::quiet(ui, format!("… and {} more.", known.differs.len() - 2 * MOST_LINES)));
        }
    });
    ui.add_space(theme::GAP);
}

fn buttons_ui(
    ui: &mut Ui,
    document: &Document,
    (id, row, made): (&str, usize, &AsScenario),
    compare: &mut CompareView,
    commands: &mut Commands,
) {
    let (text, hint) = match made {
        AsScenario::Plan(text) => (Some(text), "the plan with this point's numbers"),
        AsScenario::Orders(text) => (Some(text), "the plan with this point's orders of chips and halls decided"),
        AsScenario::Not(why) => (None, *why),
    };
    let mut add = |then: Option<UiCommand>| {
        let Some(text) = text else { return };
        let taken: Vec<String> = document.base().scenarios.keys().cloned().collect();
        let name = free_id(&taken, &format!("{id}-{row}"));
        commands.add("scenarios", &name, text.clone());
        match then {
            Some(then) => {
                compare.beside_the_base(&name);
                commands.run(then);
            }
            None => commands.say(format!("The scenario {name} is in the plan")),
        }
    };
    let compared = ui.add_enabled(text.is_some(), Button::new("Open in Compare"));
    if compared.on_hover_text(format!("Beside the base plan: {hint}, as a scenario")).on_disabled_hover_text(hint).clicked() {
        add(Some(UiCommand::ShowCompare));
    }
    let scenario = ui.add_enabled(text.is_some(), Button::new("Make this a scenario"));
    if scenario.on_hover_text(format!("Adds a scenario: {hint}")).on_disabled_hover_text(hint).clicked() {
        add(None);
    }
}
