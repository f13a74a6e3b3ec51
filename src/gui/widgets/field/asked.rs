//! The page of a number that the plan states: what it is, what stands there, and where it comes from.

use egui::{Rect, Ui};

use super::source::from_where;
use crate::gui::document::Document;
use crate::gui::widgets::truth::{self, Page, Subject};
use crate::plan::node::{Bounds, Tree};
use crate::words;

/// A place of the plan that can be asked about.
#[derive(Clone, Copy)]
pub struct Stated<'p> {
    /// Its path.
    pub path: &'p str,
    /// What it means.
    pub doc: &'p str,
    /// The range of its numbers.
    pub bounds: Option<Bounds>,
    /// Whether it must be given.
    pub required: bool,
}

/// Whether the pointer is on a place, and whether the keyboard is in it.
#[must_use]
pub fn under_hand(ui: &Ui, place: Rect) -> (bool, bool) {
    let focused = ui.memory(|memory| memory.focused()).and_then(|id| ui.ctx().read_response(id));
    let by_keys = focused.is_some_and(|response| place.contains_rect(response.rect.shrink(1.0)) && response.layer_id == ui.layer_id());
    (ui.rect_contains_pointer(place), by_keys)
}

/// Lets a field be asked about, while the pointer is on it or the keyboard in it. What stands within it and says more
/// of itself comes first.
pub fn offer_field(ui: &Ui, document: &Document, hand: (bool, bool), stated: Stated<'_>, tree: &Tree) {
    if hand != (false, false) && truth::under_hand(ui.ctx()).is_none() {
        truth::tell(ui.ctx(), egui::Id::unique(("field", stated.path)), hand, || page(document, stated, tree));
    }
}

fn page(document: &Document, stated: Stated<'_>, tree: &Tree) -> Subject {
    let plan = document.plan();
    let text = tree.inline();
    let mut readings = vec![("In the plan".to_owned(), words::value_words(stated.path, &text))];
    if let Some((low, high)) = stated.bounds.filter(|(low, high)| low.is_finite() && high.is_finite()) {
        let end = |value: f64| words::value_words(stated.path, &format!("{value:?}"));
        readings.push(("May be".to_owned(), format!("{} to {}", end(low), end(high))));
    }
    if document.back_to_base(stated.path).is_some() {
        let base = crate::plan::edit::get(document.base(), stated.path);
        let base = base.map_or_else(|| "not there".to_owned(), |text| words::value_words(stated.path, &text));
        readings.push(("In the base plan".to_owned(), base));
    }
    if let Some(worth) = super::worth::worth_of(document, stated.path) {
        readings.push(("As a limit".to_owned(), worth.text));
    }
    let source =
        from_where(plan, stated.path, stated.required, tree).map_or_else(|| "Not stated in the plan.".to_owned(), |(_, words)| words);
    Subject::Value(Page {
        title: words::subject(plan, stated.path),
        readings,
        what: stated.doc.trim().to_owned(),
        formula: String::new(),
        source,
    })
}
