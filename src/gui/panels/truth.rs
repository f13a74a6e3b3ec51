//! The page of one number, in a window of its own: F1 opens it over the number under the hand.

use std::sync::Arc;

use egui::{Context, Grid, Id, Key, Label, Modifiers, RichText, ScrollArea, Ui};

use super::{evidence, kpi};
use crate::gui::command::{Commands, UiCommand};
use crate::gui::document::Document;
use crate::gui::theme;
use crate::gui::widgets::chart::standing::MEANING;
use crate::gui::widgets::truth::{Page, Subject};
use crate::results::Results;

/// What the window remembers.
#[derive(Debug, Default)]
pub struct TruthView {
    open: Option<Opened>,
}

#[derive(Debug)]
struct Opened {
    subject: Subject,
    /// The answer it was read off.
    of: Option<Arc<Results>>,
}

impl TruthView {
    /// Opens the page of a number, or closes it where that is the one that is open.
    pub fn show(&mut self, subject: Subject, document: &Document) {
        let is_open = self.open.as_ref().is_some_and(|open| open.subject == subject);
        self.open = (!is_open).then(|| Opened { subject, of: document.results().cloned() });
    }

    /// Whether a page is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Closes the page.
    pub fn close(&mut self) {
        self.open = None;
    }
}

/// Draws the page, if one is open.
pub fn truth_window_ui(context: &Context, document: &Document, view: &mut TruthView, commands: &mut Commands) {
    let Some(opened) = &view.open else { return };
    let screen = context.content_rect();
    let mut open = true;
    egui::Window::new("What this number is")
        .id(Id::unique("page of a number"))
        .open(&mut open)
        // Below the key figures, beside the tree: what is asked about stays in sight where there is room.
        .default_pos(screen.min + screen.size() * egui::vec2(0.3, 0.22))
        .default_width((screen.width() - 60.0).clamp(240.0, 420.0))
        .max_size(screen.size() - egui::vec2(20.0, 20.0))
        .constrain_to(screen)
        .collapsible(false)
        .resizable([true, false])
        .show(context, |ui| {
            // The title and the edges of the window, and what stands below, need their room.
            let height = (screen.height() - 150.0).max(80.0);
            ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| body_ui(ui, document, opened));
            ui.add_space(4.0);
            ui.horizontal_wrapped(|ui| {
                if ui.button("Each source").on_hover_text("Explain says how sure the answer is, and where each number comes from").clicked()
                {
                    commands.run(UiCommand::ShowExplain);
                }
                if ui.button("Read the guide").on_hover_text("What everything means, and how pictures are read").clicked() {
                    commands.run(UiCommand::Guide);
                }
            });
        });
    if context.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        open = false;
    }
    if !open {
        view.open = None;
    }
}

fn body_ui(ui: &mut Ui, document: &Document, opened: &Opened) {
    match &opened.subject {
        Subject::Figure(key) => {
            if let Some(kpi) = kpi::find(key) {
                kpi::truth_ui(ui, kpi, document, kpi::value_of(kpi, document));
            }
        }
        Subject::Value(page) => page_ui(ui, document, opened, page),
    }
    let Some(results) = document.results().filter(|_| !matches!(&opened.subject, Subject::Value(page) if !page.source.is_empty())) else {
        return;
    };
    ui.add_space(4.0);
    ui.label(RichText::new("How sure the answer is").text_style(theme::strong()));
    evidence::shares_ui(ui, results);
    for problem in &results.warnings {
        ui.add(Label::new(RichText::new(&problem.message).small().color(theme::severity(ui, problem.severity))).wrap());
    }
}

fn page_ui(ui: &mut Ui, document: &Document, opened: &Opened, page: &Page) {
    ui.add(Label::new(RichText::new(&page.title).strong()).wrap());
    if !page.what.is_empty() {
        ui.add(Label::new(&page.what).wrap());
    }
    if !page.formula.is_empty() {
        ui.add(Label::new(format!("= {}", page.formula)).wrap());
    }
    let is_now = match (&opened.of, document.results()) {
        (Some(of), Some(now)) => Arc::ptr_eq(of, now),
        (of, now) => of.is_none() && now.is_none(),
    };
    if !page.source.is_empty() {
        ui.add(Label::new(theme::quiet(ui, &page.source)).wrap());
    } else if !is_now {
        ui.add(Label::new(theme::quiet(ui, "The answer has changed since: these are the numbers that stood there.")).wrap());
    } else if !document.is_canonical() {
        ui.add(Label::new(theme::quiet(ui, MEANING)).wrap());
    }
    Grid::new("what went in").num_columns(2).spacing([14.0, 2.0]).show(ui, |ui| {
        for (name, value) in &page.readings {
            ui.add(Label::new(theme::quiet(ui, name)).wrap_mode(egui::TextWrapMode::Extend));
            ui.label(value);
            ui.end_row();
        }
    });
}
