//! The map panel: sites sized by MW and coloured by what holds them back, markets, token flows.
//! A site is moved by dragging it and added by a double click.

use egui::{Button, Rect, Response, Role, Sense, Stroke, TextStyle, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::charts::{ColorKey, family_label};
use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::panels::checklist;
use crate::gui::view::ViewState;
use crate::gui::view::first_period;
use crate::gui::widgets::chart::world::{Camera, Projection, Tag, frontiers, land, tags};
use crate::gui::{theme, whereabouts};
use crate::plan::Plan;
use crate::words;

mod flows;
mod names;
mod place;
mod things;

use self::flows::flows_ui;
use self::place::{add_site, clock_in_words, moving_ui};
use self::things::{Dot, dots, markets_ui, site_ui};

/// Height of what a plan still needs.
const CHECKLIST: f32 = 268.0;

/// What the map panel remembers.
#[derive(Debug, Default)]
pub struct MapView {
    camera: Camera,
    fitted: bool,
    /// What is being dragged: its path, its name and where it is held, longitude before latitude.
    moving: Option<(String, String, (f64, f64))>,
    /// What was selected when it was last drawn.
    selected: String,
    /// How large it was then.
    size: egui::Vec2,
    shown: Option<Projection>,
}

impl MapView {
    /// Where a place was drawn last, degrees north and east.
    #[must_use]
    pub fn position(&self, latitude: f64, longitude: f64) -> Option<egui::Pos2> {
        self.shown.map(|projection| projection.at(longitude, latitude))
    }
}

/// Draws the map panel.
pub fn map_ui(ui: &mut Ui, document: &Document, view: &mut ViewState, map: &mut MapView, commands: &mut Commands) {
    let rect = ui.available_rect_before_wrap();
    if rect.width() < 40.0 || rect.height() < 40.0 {
        return;
    }
    let plan = document.plan();
    let results = document.results().map(AsRef::as_ref);
    if !map.fitted && !plan.sites.is_empty() {
        map.fitted = true;
        map.camera = home(rect, plan);
    }
    first_period(view, results);
    let response = ui.allocate_rect(rect, Sense::click_and_drag());
    let name = format!("Map of {}; double-click to add a site", document.title());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &name));
    keep_in_sight(rect, document, view, map);
    let projection = move_ui(ui, &response, rect, map);
    map.shown = Some(projection);
    let tokens = theme::tokens(ui);
    let clip = rect.intersect(ui.clip_rect());
    let mut painter = ui.painter().with_clip_rect(clip);
    land(&painter, &projection, tokens.land, tokens.panel);
    frontiers(&painter, &projection, tokens.panel);
    if document.is_behind() {
        painter.multiply_opacity(0.75);
    }
    let dots = dots(plan, results, results.is_some() && !document.is_canonical(), view, map);
    let most = dots.iter().map(|dot| dot.mw).fold(0.0, f64::max);
    let mut taken = Vec::new();
    // Whoever is led through a first plan has its card to follow.
    let led = document.is_read_only() || view.guided.is_some();
    let lacking = !led && checklist::is_lacking(plan) && rect.width() > 360.0 && rect.height() > CHECKLIST + 30.0;
    let mut written = written_over(rect, plan, lacking);
    flows_ui(ui, &painter, &projection, plan, results, view, &dots, &mut taken);
    let mut labels = Vec::new();
    markets_ui(ui, &painter, &projection, document, view, map, commands, &mut taken, &mut labels);
    // The large ones first, so that small ones stay on top and can be hit.
    let mut order: Vec<&Dot> = dots.iter().collect();
    order.sort_by(|a, b| b.mw.total_cmp(&a.mw));
    for dot in order {
        site_ui(ui, &painter, &projection, dot, most, document, view, map, commands, &mut taken, &mut labels);
    }
    // What is selected is named first, then sites, then markets.
    labels.sort_by_key(|(is_market, label)| (!label.selected, *is_market));
    let strong = theme::strong().resolve(ui.style());
    let small = TextStyle::Small.resolve(ui.style());
    let tag_list: Vec<Tag<'_>> = labels
        .iter()
        .map(|(is_market, label)| Tag {
            at: label.at,
            radius: label.radius,
            name: &label.name,
            detail: &label.detail,
            always: label.always,
            color: if *is_market { tokens.quiet } else { tokens.text },
            font: if *is_market { small.clone() } else { strong.clone() },
        })
        .collect();
    tags(ui, &painter, &taken, &mut written, &tag_list);
    taken.extend(written);
    names::country_names(ui, &painter, &projection, &mut taken);
    moving_ui(ui, &painter, &projection, plan, map);
    buttons_ui(ui, rect, plan, map, &projection);
    let legend_end = legend_ui(ui, rect, document, &dots, view.period);
    if let Some(pointer) = response.hover_pos().filter(|_| map.moving.is_none()) {
        aim_ui(ui, rect, legend_end, projection.place(pointer));
    }
    if plan.sites.is_empty() && view.guided.is_none() {
        hint_ui(ui, rect);
    }
    if lacking {
        // Below most people's sites.
        let corner = Rect::from_min_size(pos2(rect.left() + 8.0, rect.bottom() - CHECKLIST - 26.0), vec2(340.0, CHECKLIST));
        ui.scope_builder(UiBuilder::new().max_rect(corner), |ui| checklist::checklist_ui(ui, plan, commands));
    }
    if response.double_clicked()
        && !document.is_read_only()
        && let Some(at) = response.interact_pointer_pos()
    {
        let (longitude, latitude) = projection.place(at);
        add_site(plan, longitude, latitude, commands);
    } else if response.clicked() {
        commands.select("");
    }
}

/// Where buttons, legend, hint and checklist stand: no name is written there.
fn written_over(rect: Rect, plan: &Plan, lacking: bool) -> Vec<Rect> {
    let mut written = vec![
        Rect::from_min_max(pos2(rect.right() - 38.0, rect.top()), pos2(rect.right(), rect.top() + 104.0)),
        Rect::from_min_max(pos2(rect.left(), rect.bottom() - 24.0), rect.max),
    ];
    if plan.sites.is_empty() {
        written.push(Rect::from_center_size(rect.center(), vec2(340.0_f32.min(rect.width()), 60.0)));
    }
    if lacking {
        written.push(Rect::from_min_size(pos2(rect.left(), rect.bottom() - CHECKLIST - 30.0), vec2(360.0, CHECKLIST + 30.0)));
    }
    written
}

/// Moves the camera where something was selected that is out of sight.
fn keep_in_sight(rect: Rect, document: &Document, view: &ViewState, map: &mut MapView) {
    if map.selected == view.selection && map.size == rect.size() {
        return;
    }
    map.selected.clone_from(&view.selection);
    map.size = rect.size();
    let top = view.selection.split('.').take(2).collect::<Vec<_>>().join(".");
    let Some((latitude, longitude)) = whereabouts::place_of(document.plan(), &top) else { return };
    if !rect.shrink(24.0).contains(Projection::new(rect, map.camera).at(longitude, latitude)) {
        map.camera = Camera { longitude: longitude as f32, latitude: latitude as f32, ..map.camera };
    }
}

/// The whole of the plan, at least a continent.
fn home(rect: Rect, plan: &Plan) -> Camera {
    let places: Vec<(f64, f64)> = plan
        .sites
        .values()
        .map(|site| (site.longitude, site.latitude))
        .chain(plan.markets.values().map(|market| (market.longitude, market.latitude)))
        .collect();
    let camera = Projection::fitted(rect, &places);
    Camera { zoom: camera.zoom.min(5.0), ..camera }
}

/// Moves and zooms the map; what is seen now.
fn move_ui(ui: &Ui, response: &Response, rect: Rect, view: &mut MapView) -> Projection {
    let mut projection = Projection::new(rect, view.camera);
    if response.dragged() && view.moving.is_none() {
        projection = Projection::new(rect, projection.dragged(response.drag_delta()));
    }
    if let Some(pointer) = ui.input(|input| input.pointer.hover_pos()).filter(|_| response.contains_pointer()) {
        let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
        let factor = pinch * (scroll / 300.0).exp();
        if (factor - 1.0).abs() > 1e-4 {
            projection = Projection::new(rect, projection.zoomed(factor, pointer));
        }
    }
    view.camera = projection.camera();
    projection
}

/// Zoom buttons in the corner.
fn buttons_ui(ui: &mut Ui, rect: Rect, plan: &Plan, view: &mut MapView, projection: &Projection) {
    let corner = Rect::from_min_size(pos2(rect.right() - 34.0, rect.top() + 4.0), vec2(30.0, 96.0));
    ui.scope_builder(UiBuilder::new().max_rect(corner), |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let square = vec2(28.0, 28.0);
        // What would change nothing can't be pressed.
        let now = projection.camera();
        let mut button = |ui: &mut Ui, text: &str, name: &str, to: Camera| {
            let moves = Projection::new(rect, to).camera() != now;
            let button = ui.add_enabled_ui(moves, |ui| ui.add_sized(square, Button::new(text))).inner;
            if button.accessible_name(name).on_hover_text(name).clicked() {
                view.camera = to;
            }
        };
        button(ui, "+", "Zoom into the map", projection.zoomed(1.5, rect.center()));
        button(ui, "−", "Zoom out of the map", projection.zoomed(1.0 / 1.5, rect.center()));
        button(ui, "⛶", "Show the whole plan", home(rect, plan));
    });
}

/// What colours and sizes mean; where it ends.
fn legend_ui(ui: &Ui, rect: Rect, document: &Document, dots: &[Dot], period: usize) -> f32 {
    let tokens = theme::tokens(ui);
    let small = TextStyle::Small.resolve(ui.style());
    let mut families: Vec<&'static str> = Vec::new();
    for dot in dots {
        if let ColorKey::Family(family) = dot.color
            && !families.iter().any(|other| family_label(other) == family_label(family))
        {
            families.push(family);
        }
    }
    let mut at = pos2(rect.left() + 6.0, rect.bottom() - 12.0);
    if let Some(period) = document.results().and_then(|results| results.periods.get(period)) {
        at.x = ui.painter().text(at, egui::Align2::LEFT_CENTER, &period.label, theme::strong().resolve(ui.style()), tokens.text).right()
            + 14.0;
    }
    if !families.is_empty() {
        at.x = ui.painter().text(at, egui::Align2::LEFT_CENTER, "Held back by", small.clone(), tokens.quiet).right() + 10.0;
    }
    for family in families {
        ui.painter().circle_filled(at + vec2(5.0, 0.0), 5.0, theme::chart_color(ui, &ColorKey::Family(family), document.order()));
        at.x =
            ui.painter().text(at + vec2(14.0, 0.0), egui::Align2::LEFT_CENTER, family_label(family), small.clone(), tokens.quiet).right()
                + 14.0;
    }
    if !document.plan().markets.is_empty() && at.x + 90.0 < rect.right() {
        ui.painter().circle_stroke(at + vec2(5.0, 0.0), 4.5, Stroke::new(1.5, tokens.quiet));
        at.x = ui.painter().text(at + vec2(14.0, 0.0), egui::Align2::LEFT_CENTER, "market", small.clone(), tokens.quiet).right() + 14.0;
    }
    if document.results().is_some() && at.x + 110.0 < rect.right() {
        let blue = tokens.chart.first().copied().unwrap_or(tokens.accent);
        ui.painter().line_segment([at, at + vec2(18.0, 0.0)], Stroke::new(3.0, blue));
        at.x = ui.painter().text(at + vec2(24.0, 0.0), egui::Align2::LEFT_CENTER, "answer tokens", small, tokens.quiet).right();
    }
    at.x
}

/// The place under the pointer, to aim by; nothing where the legend needs the room.
fn aim_ui(ui: &Ui, rect: Rect, from: f32, (longitude, latitude): (f64, f64)) {
    let tokens = theme::tokens(ui);
    let text = format!("{} · {}", words::degrees(longitude, latitude), clock_in_words(longitude, latitude));
    let galley = ui.painter().layout_no_wrap(text, TextStyle::Small.resolve(ui.style()), tokens.quiet);
    let at = pos2(rect.right() - 8.0 - galley.size().x, rect.bottom() - 12.0 - galley.size().y / 2.0);
    if at.x > from + 12.0 {
        ui.painter().galley(at, galley, tokens.quiet);
    }
}

fn hint_ui(ui: &Ui, rect: Rect) {
    let tokens = theme::tokens(ui);
    let font = TextStyle::Heading.resolve(ui.style());
    let room = (rect.width() - 44.0).max(60.0);
    let galley = ui.painter().layout("Double-click the map to add a site".to_owned(), font, tokens.text, room);
    let place = Rect::from_center_size(rect.center(), galley.size() + vec2(36.0, 20.0));
    ui.painter().rect(place, theme::FIELD_RADIUS, tokens.raised, Stroke::new(1.0, tokens.line), egui::StrokeKind::Inside);
    ui.painter().galley(place.center() - galley.size() / 2.0, galley, tokens.text);
}
