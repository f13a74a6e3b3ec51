//! Where the cursor stands in a chart: put there by the pointer or by the arrow keys, and seen in
//! every chart that has the same stops, such as the same periods.

use egui::{EventFilter, Id, Key, Modifiers, Response, Ui};

use crate::charts::Chart;
use crate::charts::plot::shared_stops;

/// The cursor of one chart on screen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor {
    /// Shared by all charts with the same stops.
    key: Id,
    /// The chart's own picture.
    own: Id,
}

/// Where a cursor stands, who put it there, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stand {
    stop: usize,
    by: Id,
    pass: u64,
}

impl Cursor {
    /// The cursor of a chart whose picture has this id.
    pub(super) fn new(chart: &Chart, own: Id) -> Self {
        let key = shared_stops(chart).map_or(own, |names| Id::unique(("cursor over", names)));
        Self { key, own }
    }

    /// Where it stands now.
    pub(super) fn now(self, ui: &Ui) -> Option<usize> {
        let pass = ui.ctx().cumulative_pass_nr();
        // Whoever put it there says so in every pass; a chart drawn earlier hears of it in the next.
        ui.data(|data| data.get_temp::<Stand>(self.key)).filter(|stand| stand.pass + 1 >= pass).map(|stand| stand.stop)
    }

    /// Puts it at a stop, in this pass.
    pub(super) fn put(self, ui: &Ui, stop: usize) {
        let before = self.now(ui);
        let pass = ui.ctx().cumulative_pass_nr();
        ui.data_mut(|data| data.insert_temp(self.key, Stand { stop, by: self.own, pass }));
        if before != Some(stop) {
            // The other charts show it too.
            ui.ctx().request_repaint();
        }
    }

    /// Whether the pointer was on this chart in the last pass: when it has gone, the others are drawn again.
    pub(super) fn left(self, ui: &Ui) {
        let pass = ui.ctx().cumulative_pass_nr();
        let own = ui.data(|data| data.get_temp::<Stand>(self.key)).is_some_and(|stand| stand.by == self.own && stand.pass + 1 == pass);
        if own {
            ui.ctx().request_repaint();
        }
    }

    /// The stop that the arrow keys have reached while the picture has the keyboard.
    pub(super) fn keys(self, ui: &Ui, picture: &Response, stops: usize) -> Option<usize> {
        let key = self.own.with("stop by keys");
        if !picture.has_focus() || stops == 0 {
            ui.data_mut(|data| data.remove::<usize>(key));
            return None;
        }
        let filter = EventFilter { horizontal_arrows: true, escape: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(picture.id, filter));
        let pressed = |key: Key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let here = ui.data(|data| data.get_temp::<usize>(key));
        let last = stops - 1;
        let next = if pressed(Key::ArrowRight) {
            Some(here.map_or(0, |here| (here + 1).min(last)))
        } else if pressed(Key::ArrowLeft) {
            Some(here.map_or(last, |here| here.saturating_sub(1)))
        } else if pressed(Key::Home) {
            Some(0)
        } else if pressed(Key::End) {
            Some(last)
        } else {
            here.map(|here| here.min(last))
        };
        if here.is_some() && pressed(Key::Escape) {
            ui.data_mut(|data| data.remove::<usize>(key));
            return None;
        }
        if let Some(next) = next {
            ui.data_mut(|data| data.insert_temp(key, next));
        }
        next
    }
}
