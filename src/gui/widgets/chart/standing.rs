//! How the answer on screen stands, and what each of its values says of itself: told once a frame, read by
//! every chart and table, so that no number is drawn without its mark.

use egui::{Id, Label, Ui};

use super::of_tables;
use crate::charts;
use crate::gui::theme;

/// The mark of a number that the answer being found can still move.
pub const MARK: &str = "≈";

/// What the mark means.
pub const MEANING: &str = "≈ Not settled yet: the answer that is being found may still move it.";

/// How the answer on screen stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// It can still move.
    pub open: bool,
    /// What it rests on, in short; empty where it makes no tokens.
    pub rests_on: String,
}

fn key() -> Id {
    Id::unique("standing of the answer")
}

/// Says how the answer stands, for this frame and the next.
pub fn tell(context: &egui::Context, standing: Standing) {
    context.data_mut(|data| data.insert_temp(key(), standing));
}

/// How the answer stands.
#[must_use]
pub fn standing(ui: &Ui) -> Standing {
    ui.data(|data| data.get_temp(key())).unwrap_or_default()
}

/// A number with its mark, if it needs one.
#[must_use]
pub fn marked(ui: &Ui, text: String) -> String {
    if standing(ui).open { format!("{MARK} {text}") } else { text }
}

/// What a value of a chart is, how it is worked out, and what it rests on.
pub(super) fn truth_ui(ui: &mut Ui, chart: &str) {
    let Some(entry) = charts::find(chart) else {
        if let Some(how) = of_tables::how(chart, "") {
            ui.separator();
            rests_ui(ui, how);
        }
        return;
    };
    ui.separator();
    ui.add(Label::new(theme::quiet(ui, entry.doc)).wrap());
    rests_ui(ui, entry.how);
}

/// What a chart or a line of a table says of its numbers: what they are, and how they are worked out.
pub(super) fn said_of(name: &str, line: &str) -> (&'static str, &'static str) {
    match charts::find(name) {
        Some(entry) => (entry.doc, entry.how),
        None => ("", of_tables::how(name, line).unwrap_or_default()),
    }
}

/// How a number of a table is worked out, and what it rests on.
pub(super) fn line_ui(ui: &mut Ui, table: &str, line: &str) {
    if charts::find(table).is_some() {
        truth_ui(ui, table);
    } else if let Some(how) = of_tables::how(table, line) {
        ui.separator();
        rests_ui(ui, how);
    }
}

fn rests_ui(ui: &mut Ui, how: &str) {
    ui.add(Label::new(theme::quiet(ui, format!("= {how}"))).wrap());
    let standing = standing(ui);
    if standing.open {
        ui.add(Label::new(theme::quiet(ui, MEANING)).wrap());
    }
    if !standing.rests_on.is_empty() {
        ui.add(Label::new(theme::quiet(ui, format!("Rests on: {}.", standing.rests_on))).wrap());
    }
}
