//! What is under the hand: the pointer, kept from what lies under a question, and the number that F1 asks about.

use super::app::Workbench;
use super::command::{Commands, UiCommand};
use super::widgets::truth;

impl Workbench {
    /// Hides the pointer from what lies under a question, or under a window that has come up while the pointer
    /// rests: a tip that was open there would stay on top of it. The pointer, to be given back.
    pub(super) fn hide_pointer(&mut self, context: &egui::Context) -> Option<egui::PointerState> {
        let now = context.input(|input| input.time);
        let floats = self.panels.guide.open || self.panels.truth.is_open();
        if !floats {
            self.floats_since = None;
        }
        let since = self.floats_since.or(floats.then_some(now));
        self.floats_since = since;
        let rests = context.input(|input| {
            let moved = input.time - f64::from(input.pointer.time_since_last_movement());
            let busy = input.pointer.any_down() || input.pointer.any_pressed() || input.pointer.any_released();
            since.is_some_and(|since| moved < since) && !busy
        });
        (self.dialog.is_some() || rests).then(|| context.input_mut(|input| std::mem::take(&mut input.pointer)))
    }

    /// Opens the page of the number under the hand, where it was asked for; elsewhere the guide.
    pub(super) fn answer_what(&mut self, context: &egui::Context, commands: &mut Commands) {
        if !std::mem::take(&mut self.view.asked_what) {
            return;
        }
        match truth::under_hand(context) {
            Some(subject) => self.panels.truth.show(subject, &self.document),
            None if self.panels.truth.is_open() => self.panels.truth.close(),
            None => commands.run(UiCommand::Guide),
        }
    }
}
