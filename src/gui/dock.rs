//! The tabs of the centre: they can be dragged apart, side by side, and are put back by one command.

use egui::{Color32, CornerRadius, Sense, Stroke, TextStyle, Ui, Visuals, WidgetInfo, WidgetText, vec2};
use egui_tiles::{Behavior, SimplificationOptions, TabState, Tile, TileId, Tiles, Tree, UiResponse};

use super::command::Commands;
use super::document::Document;
use super::panels::{PANELS, Panels};
use super::theme;
use super::view::{Anchor, ViewState};
use super::widgets::chart::standing;

/// The arrangement of the centre panels; a pane is a panel's name.
pub type Dock = Tree<String>;

/// Every panel as a tab of one group.
#[must_use]
pub fn default_dock() -> Dock {
    Tree::new_tabs(egui::Id::unique("centre"), PANELS.iter().map(|panel| panel.name.to_owned()).collect())
}

/// An arrangement kept from an earlier version is used only if it holds exactly today's panels.
#[must_use]
pub fn is_complete(dock: &Dock) -> bool {
    let mut names: Vec<&str> =
        dock.tiles.tiles().filter_map(|tile| if let Tile::Pane(name) = tile { Some(name.as_str()) } else { None }).collect();
    names.sort_unstable();
    let mut wanted: Vec<&str> = PANELS.iter().map(|panel| panel.name).collect();
    wanted.sort_unstable();
    names == wanted
}

/// Brings a panel to the front.
pub fn show(dock: &mut Dock, name: &str) {
    dock.make_active(|_, tile| matches!(tile, Tile::Pane(pane) if pane == name));
}

/// The names of the panels that are in front.
#[must_use]
pub fn in_front(dock: &Dock) -> Vec<String> {
    dock.active_tiles().into_iter().filter_map(|id| dock.tiles.get_pane(&id).cloned()).collect()
}

/// Draws the panes.
pub struct Panes<'p> {
    /// The document.
    pub document: &'p Document,
    /// The view.
    pub view: &'p mut ViewState,
    /// What the panels remember.
    pub panels: &'p mut Panels,
    /// Where requests go.
    pub commands: &'p mut Commands,
}

impl Behavior<String> for Panes<'_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile_id: TileId, pane: &mut String) -> UiResponse {
        egui::Frame::new().inner_margin(egui::Margin { left: 10, right: 10, top: 8, bottom: 8 }).show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            ui.push_id(pane.as_str(), |ui| {
                if let Some(panel) = PANELS.iter().find(|panel| panel.name == pane) {
                    (panel.ui)(ui, self.document, self.view, self.panels, self.commands);
                }
            });
        });
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &String) -> WidgetText {
        pane.as_str().into()
    }

    fn tab_ui(&mut self, tiles: &mut Tiles<String>, ui: &mut Ui, id: egui::Id, tile_id: TileId, state: &TabState) -> egui::Response {
        let text = self.tab_title_for_tile(tiles, tile_id).text().to_owned();
        let tokens = theme::tokens(ui);
        let color = if state.active { tokens.text } else { tokens.quiet };
        let galley = ui.painter().layout_no_wrap(text.clone(), TextStyle::Body.resolve(ui.style()), color);
        let (_, rect) = ui.allocate_space(vec2(galley.size().x + 26.0, ui.available_height()));
        let response = ui.interact(rect, id, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::selected(egui::Role::Tab, true, state.active, format!("{text} tab")));
        if state.active && self.view.enter_pane == Some(Anchor::Centre) {
            self.view.enter_pane = None;
            response.request_focus();
        }
        if state.is_being_dragged || !ui.is_rect_visible(rect) {
            return response;
        }
        let inside = rect.shrink2(vec2(2.0, 4.0));
        let radius = CornerRadius::same(theme::FIELD_RADIUS);
        if state.active {
            ui.painter().rect_filled(inside, radius, tokens.field);
        } else if response.hovered() {
            ui.painter().rect_filled(inside, radius, tokens.raised);
        }
        if response.has_focus() {
            ui.painter().rect_stroke(inside, radius, Stroke::new(1.0, tokens.accent), egui::StrokeKind::Inside);
        }
        // A tab that is scrolled to the edge of the bar says what of its name there is room for.
        let seen = inside.intersect(ui.clip_rect());
        if galley.size().x <= seen.width() {
            let middle = egui::pos2(
                inside.center().x.clamp(seen.left() + galley.size().x / 2.0, seen.right() - galley.size().x / 2.0),
                inside.center().y,
            );
            ui.painter().galley(middle - galley.size() / 2.0, galley, color);
        } else if seen.width() > 16.0 {
            let mut job = egui::text::LayoutJob::simple_singleline(text.clone(), TextStyle::Body.resolve(ui.style()), color);
            job.wrap = egui::text::TextWrapping::truncate_at_width(seen.width() - 4.0);
            let cut = ui.painter().layout_job(job);
            ui.painter().galley(egui::pos2(seen.left() + 2.0, inside.center().y - cut.size().y / 2.0), cut, color);
        }
        let tooltip = PANELS.iter().find(|panel| panel.name == text).map_or("", |panel| panel.tooltip);
        response.on_hover_text(tooltip)
    }

    fn top_bar_right_ui(&mut self, _tiles: &Tiles<String>, ui: &mut Ui, _id: TileId, _tabs: &egui_tiles::Tabs, _scroll: &mut f32) {
        // One mark for whatever the panel in front tells of an answer that can still move.
        if standing::standing(ui).open {
            ui.add_space(10.0);
            ui.label(theme::quiet(ui, format!("{} being settled", standing::MARK))).on_hover_text(standing::MEANING);
        }
    }

    fn tab_bar_height(&self, _style: &egui::Style) -> f32 {
        38.0
    }

    fn tab_bar_color(&self, visuals: &Visuals) -> Color32 {
        visuals.panel_fill
    }

    fn tab_bar_hline_stroke(&self, _visuals: &Visuals) -> Stroke {
        Stroke::NONE
    }

    fn gap_width(&self, _style: &egui::Style) -> f32 {
        theme::GAP
    }

    fn resize_stroke(&self, style: &egui::Style, state: egui_tiles::ResizeState) -> Stroke {
        match state {
            egui_tiles::ResizeState::Idle => Stroke::NONE,
            _ => Stroke::new(2.0, style.visuals.selection.stroke.color),
        }
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..SimplificationOptions::default() }
    }
}
