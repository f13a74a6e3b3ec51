//! The number under the hand: whatever shows a number says what it is of while the pointer is on it or the
//! keyboard is in it, and F1 opens that number's page.

use egui::{Context, Id, Response, Ui};

use crate::gui::theme;

/// What a number is, how it is worked out, and what went in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// What it is called.
    pub title: String,
    /// Its value, and what stands with it: names and values.
    pub readings: Vec<(String, String)>,
    /// What it is, in a sentence; empty where the title says it.
    pub what: String,
    /// How it is worked out, in words; empty for a number that is stated.
    pub formula: String,
    /// Where a stated number comes from; empty for one of the answer.
    pub source: String,
}

/// What a number is of.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// A key figure, by its key.
    Figure(&'static str),
    /// Any other number.
    Value(Page),
}

/// A number that can be asked about in this pass.
#[derive(Clone, Debug)]
struct Offer {
    subject: Subject,
    by: Id,
    pass: u64,
    /// When it was first offered without a break, in seconds of the window.
    since: f64,
}

fn slot(by_keys: bool) -> Id {
    Id::unique(("number under the hand", by_keys))
}

/// Says what a number is of, while the pointer is on it or it has the keyboard.
pub fn offer(ui: &Ui, response: &Response, subject: impl FnOnce() -> Subject) {
    tell(ui.ctx(), response.id, (response.hovered() || response.contains_pointer(), response.has_focus()), subject);
}

/// The same where the place itself knows whether it is pointed at, and whether the keyboard is in it.
pub fn tell(context: &Context, by: Id, (pointed, by_keys): (bool, bool), subject: impl FnOnce() -> Subject) {
    if !pointed && !by_keys {
        return;
    }
    let subject = subject();
    let pass = context.cumulative_pass_nr();
    let now = context.input(|input| input.time);
    for (on, keys) in [(pointed, false), (by_keys, true)] {
        if on {
            context.data_mut(|data| {
                let before = data.get_temp::<Offer>(slot(keys)).filter(|offer| offer.by == by && offer.pass + 1 >= pass);
                let since = before.map_or(now, |offer| offer.since);
                data.insert_temp(slot(keys), Offer { subject: subject.clone(), by, pass, since });
            });
        }
    }
}

/// The number under the hand in this pass: the one that the pointer is on, or the one that has the keyboard if that
/// came to it later.
#[must_use]
pub fn under_hand(context: &Context) -> Option<Subject> {
    let pass = context.cumulative_pass_nr();
    let find = |keys: bool| context.data(|data| data.get_temp::<Offer>(slot(keys))).filter(|offer| offer.pass == pass);
    let moved = context.input(|input| input.time - f64::from(input.pointer.time_since_last_movement()));
    match (find(false), find(true)) {
        (Some(_), Some(keys)) if keys.since > moved => Some(keys.subject),
        (Some(pointed), _) => Some(pointed.subject),
        (None, keys) => keys.map(|offer| offer.subject),
    }
}

/// The last line of a tip about a number: that there is more of it.
pub fn hint_ui(ui: &mut Ui) {
    ui.label(theme::quiet(ui, "F1 opens its page"));
}
