//! The map, and under it the two charts that people keep an eye on while they move things: the day of
//! power at the site in hand, and what binds where and when.

use egui::{Rect, Ui, UiBuilder, pos2};

use super::checklist;
use super::map::{self, MapView};
use crate::charts::{CHARTS, Selection};
use crate::gui::command::{Commands, Request};
use crate::gui::document::Document;
use crate::gui::theme;
use crate::gui::view::ViewState;
use crate::gui::widgets::chart::{Card, ChartCache, card_ui};

/// The charts under the map, from left to right.
const BESIDE: [&str; 2] = ["power-day", "bottlenecks"];

/// Less room than this is left to the map alone.
const LEAST_HEIGHT: f32 = 470.0;

/// The least width a chart is readable at.
const LEAST_WIDTH: f32 = 300.0;

/// What the overview remembers.
#[derive(Debug, Default)]
pub struct OverviewView {
    cache: ChartCache,
    cards: [Card; 2],
}

/// Draws the panel.
pub fn overview_ui(
    ui: &mut Ui,
    document: &Document,
    view: &mut ViewState,
    own: &mut OverviewView,
    map: &mut MapView,
    commands: &mut Commands,
) {
    let rect = ui.available_rect_before_wrap();
    let fits = rect.height() >= LEAST_HEIGHT && rect.width() >= 2.0 * LEAST_WIDTH + theme::GAP;
    // While a plan is being put together the map keeps its room: there is nothing to draw yet.
    let nothing_yet =
        checklist::is_lacking(document.plan()) && document.results().is_none_or(|results| results.kpis.answer_tokens_ttok <= 0.0);
    if !fits || nothing_yet || document.results().is_none() {
        map::map_ui(ui, document, view, map, commands);
        return;
    }
    let height = (rect.height() * 0.37).clamp(190.0, 300.0);
    let split = rect.bottom() - height;
    let above = Rect::from_min_max(rect.min, pos2(rect.right(), split - theme::GAP));
    ui.scope_builder(UiBuilder::new().max_rect(above), |ui| map::map_ui(ui, document, view, map, commands));
    let width = (rect.width() - theme::GAP) / 2.0;
    for (position, name) in BESIDE.into_iter().enumerate() {
        let left = rect.left() + position as f32 * (width + theme::GAP);
        let place = Rect::from_min_max(pos2(left, split), pos2(left + width, rect.bottom()));
        ui.scope_builder(UiBuilder::new().id_salt(name).max_rect(place), |ui| chart_ui(ui, position, name, document, view, own, commands));
    }
}

fn chart_ui(
    ui: &mut Ui,
    position: usize,
    name: &str,
    document: &Document,
    view: &ViewState,
    own: &mut OverviewView,
    commands: &mut Commands,
) {
    let (Some(results), Some(entry)) = (document.results().cloned(), CHARTS.iter().find(|entry| entry.name == name)) else { return };
    // The day of power is of one site and period; what binds is of all.
    let selection = if position == 0 {
        let in_hand = view.selected_site().and_then(|id| results.sites.iter().position(|site| site.id == id));
        Selection { site: in_hand, period: (view.period < results.periods.len()).then_some(view.period), ..Selection::default() }
    } else {
        Selection::default()
    };
    let chart = own.cache.get(&results, entry, selection);
    let mut card = own.cards.get(position).copied().unwrap_or_default();
    if document.is_behind() {
        ui.multiply_opacity(0.65);
    }
    let room = ui.available_height() - 20.0;
    card_ui(ui, &chart, room, &mut card, commands);
    if card.large {
        // The results panel has the room.
        card.large = false;
        commands.send(Request::Enlarge(entry.name, selection));
    }
    if let Some(kept) = own.cards.get_mut(position) {
        *kept = card;
    }
}
