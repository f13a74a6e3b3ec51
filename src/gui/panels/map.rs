//! The map panel: sites sized by MW and coloured by what holds them back, markets, token flows.
//! A site is moved by dragging it and added by a double click.

use egui::{Button, Id, Key, Pos2, Rect, Response, Role, Sense, Shape, Stroke, TextStyle, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2};

use crate::catalog::Catalog;
use crate::charts::{ColorKey, family_label, worth_of_one_percent};
use crate::gui::change::Edit;
use crate::gui::command::{Commands, Request};
use crate::gui::document::{Document, Freshness};
use crate::gui::templates::free_id;
use crate::gui::view::ViewState;
use crate::gui::widgets::chart::world::{Camera, Projection, Tag, arc_points, disc_radius, land, tags};
use crate::gui::{format, theme};
use crate::physics::geography::{great_circle_km, round_trip_ms};
use crate::plan::node::quoted;
use crate::plan::{Plan, Site};
use crate::results::Results;

/// Nearer than this to the catalog's place, a new site takes over its numbers.
const NEAR_KM: f64 = 900.0;

/// What the map panel remembers.
#[derive(Debug, Default)]
pub struct MapView {
    camera: Camera,
    fitted: bool,
    /// A site that is being dragged: its id and where it is held, longitude before latitude.
    moving: Option<(String, (f64, f64))>,
}

/// A site as it is drawn.
struct Dot {
    id: String,
    name: String,
    longitude: f64,
    latitude: f64,
    mw: f64,
    detail: String,
    color: ColorKey,
    binds: String,
}

/// Draws the map panel.
pub fn map_ui(ui: &mut Ui, document: &Document, view: &mut ViewState, commands: &mut Commands) {
    let rect = ui.available_rect_before_wrap();
    if rect.width() < 40.0 || rect.height() < 40.0 {
        return;
    }
    let plan = document.plan();
    let results = document.results().map(AsRef::as_ref);
    if !view.map.fitted && !plan.sites.is_empty() {
        view.map.fitted = true;
        view.map.camera = home(rect, plan);
    }
    super::layout::first_period(view, results);
    let response = ui.allocate_rect(rect, Sense::click_and_drag());
    let name = format!("Map of {}; double-click to add a site", document.title());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &name));
    let projection = move_ui(ui, &response, rect, &mut view.map);
    let tokens = theme::tokens(ui);
    let clip = rect.intersect(ui.clip_rect());
    let mut painter = ui.painter().with_clip_rect(clip);
    land(&painter, &projection, tokens.land, tokens.panel);
    if document.freshness() == Freshness::Stale {
        painter.multiply_opacity(0.75);
    }
    let dots = dots(plan, results, view);
    let most = dots.iter().map(|dot| dot.mw).fold(0.0, f64::max);
    let mut taken = Vec::new();
    flows_ui(ui, &painter, &projection, plan, results, view, &dots, &mut taken);
    let mut labels = Vec::new();
    markets_ui(ui, &painter, &projection, document, view, commands, &mut taken, &mut labels);
    // The large ones first, so that small ones stay on top and can be hit.
    let mut order: Vec<&Dot> = dots.iter().collect();
    order.sort_by(|a, b| b.mw.total_cmp(&a.mw));
    for dot in order {
        site_ui(ui, &painter, &projection, dot, most, document, view, commands, &mut taken, &mut labels);
    }
    // Sites are named before markets.
    labels.sort_by_key(|(is_market, _)| *is_market);
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
    tags(ui, &painter, &mut taken, &tag_list);
    moving_ui(ui, &painter, &projection, plan, view);
    buttons_ui(ui, rect, plan, &mut view.map, &projection);
    legend_ui(ui, rect, document, &dots, view.period);
    if plan.sites.is_empty() {
        hint_ui(ui, rect);
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
        let factor = pinch * (scroll / 220.0).exp();
        if (factor - 1.0).abs() > 1e-4 {
            projection = Projection::new(rect, projection.zoomed(factor, pointer));
        }
    }
    view.camera = projection.camera();
    projection
}

fn dots(plan: &Plan, results: Option<&Results>, view: &ViewState) -> Vec<Dot> {
    plan.sites
        .iter()
        .map(|(id, site)| {
            let index = results.and_then(|results| results.sites.iter().position(|other| other.id == *id));
            let peak = results.zip(index).and_then(|(results, index)| {
                results.power.get(index)?.load_mw.get(view.period).map(|loads| loads.iter().copied().fold(0.0, f64::max))
            });
            let limit = site.interconnect_mw.at(super::layout::month_of(plan, view.period)).unwrap_or(0.0);
            let binds = results.zip(index).and_then(|(results, index)| {
                let own = results.binding.iter().filter(|binding| {
                    binding.site == Some(index)
                        && binding.fact
                        && worth_of_one_percent(binding).abs() > 1e-12
                        && binding.period_index.is_none_or(|period| period == view.period)
                });
                own.max_by(|a, b| worth_of_one_percent(a).abs().total_cmp(&worth_of_one_percent(b).abs()))
            });
            let (longitude, latitude) = match &view.map.moving {
                Some((moving, place)) if moving == id => *place,
                _ => (site.longitude, site.latitude),
            };
            Dot {
                id: id.clone(),
                name: display_name(id, site),
                longitude,
                latitude,
                // Without an answer a site is as large as its grid connection.
                mw: peak.unwrap_or(limit),
                detail: format!("{} MW", format::number(peak.unwrap_or(limit).round())),
                color: binds.map_or(ColorKey::Quiet, |binding| ColorKey::Family(binding.family)),
                binds: binds.map_or_else(
                    || if peak.is_some() { "Nothing binds here in this period".into() } else { String::new() },
                    |binding| super::explain::in_words(&binding.sentence),
                ),
            }
        })
        .collect()
}

fn display_name(id: &str, site: &Site) -> String {
    if site.name.is_empty() { format::sentence(id) } else { site.name.clone() }
}

/// Token flows of the period, as wide as they are large.
fn flows_ui(
    ui: &Ui,
    painter: &egui::Painter,
    projection: &Projection,
    plan: &Plan,
    results: Option<&Results>,
    view: &ViewState,
    dots: &[Dot],
    taken: &mut Vec<Rect>,
) {
    let Some(results) = results else { return };
    let mut flows: Vec<(usize, usize, f64)> = Vec::new();
    for flow in &results.flows {
        let (Some(site), value) = (flow.site, flow.answer_ttok.get(view.period).copied().unwrap_or(0.0)) else { continue };
        if value <= 1e-9 {
            continue;
        }
        match flows.iter_mut().find(|(from, to, _)| *from == site && *to == flow.market) {
            Some((.., sum)) => *sum += value,
            None => flows.push((site, flow.market, value)),
        }
    }
    let most = flows.iter().map(|(.., value)| *value).fold(0.0, f64::max);
    let blue = theme::tokens(ui).chart.first().copied().unwrap_or(theme::tokens(ui).accent);
    // Sites and markets are in front of the lines, and one card at a time is enough.
    let largest = dots.iter().map(|dot| dot.mw).fold(0.0, f64::max);
    let places = dots.iter().map(|dot| (projection.at(dot.longitude, dot.latitude), disc_radius(dot.mw, largest, 18.0) + 4.0));
    let mut in_front: Vec<(Pos2, f32)> = places.collect();
    in_front.extend(plan.markets.values().map(|market| (projection.at(market.longitude, market.latitude), 8.0)));
    let mut pointer = ui
        .input(|input| input.pointer.hover_pos())
        .filter(|_| ui.rect_contains_pointer(painter.clip_rect()))
        .filter(|pointer| !in_front.iter().any(|(at, radius)| pointer.distance(*at) <= *radius));
    for (site, market, value) in flows {
        let (Some(site), Some(market)) = (results.sites.get(site), results.markets.get(market)) else { continue };
        // Both ends stand where the plan on screen has them, also while a site is dragged.
        let from = dots.iter().find(|dot| dot.id == site.id).map_or((site.longitude, site.latitude), |dot| (dot.longitude, dot.latitude));
        let to = plan.markets.get(&market.id).map_or((market.longitude, market.latitude), |market| (market.longitude, market.latitude));
        let points = arc_points(projection, from, to);
        let width = 1.0 + 4.0 * (value / most).sqrt() as f32;
        let near = pointer.is_some_and(|pointer| {
            points.windows(2).any(|pair| matches!(pair, [a, b] if distance_to(pointer, *a, *b) < width / 2.0 + 3.0))
        });
        // Labels keep off the lines.
        taken.extend(points.iter().map(|point| Rect::from_center_size(*point, Vec2::splat(width + 3.0))));
        painter.add(Shape::line(points, Stroke::new(width, blue.gamma_multiply(if near { 1.0 } else { 0.72 }))));
        if near {
            pointer = None;
            let km = great_circle_km(from.1, from.0, to.1, to.0);
            hover_card_ui(
                ui,
                "flow",
                &format!("{} to {}", site.name, market.name),
                &[
                    ("Answer tokens".into(), format::ttok(value)),
                    ("Distance".into(), format!("{} km", format::number(km.round()))),
                    ("Round trip".into(), format!("{} ms", format::number(round_trip_ms(km).round()))),
                ],
            );
        }
    }
}

fn distance_to(point: Pos2, a: Pos2, b: Pos2) -> f32 {
    let along = b - a;
    let share = ((point - a).dot(along) / along.length_sq().max(1e-6)).clamp(0.0, 1.0);
    point.distance(a + along * share)
}

/// What a label needs until all are known.
struct Label {
    at: Pos2,
    radius: f32,
    name: String,
    detail: String,
    always: bool,
}

fn markets_ui(
    ui: &mut Ui,
    painter: &egui::Painter,
    projection: &Projection,
    document: &Document,
    view: &mut ViewState,
    commands: &mut Commands,
    taken: &mut Vec<Rect>,
    labels: &mut Vec<(bool, Label)>,
) {
    let tokens = theme::tokens(ui);
    for (id, market) in &document.plan().markets {
        let at = projection.at(market.longitude, market.latitude);
        let name = if market.name.is_empty() { format::sentence(id) } else { market.name.clone() };
        let path = format!("markets.{id}");
        let place = Rect::from_center_size(at, Vec2::splat(14.0));
        let response = ui.interact(place.intersect(painter.clip_rect()), Id::unique(("market on the map", id)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Market {name}")));
        let selected = view.selection == path;
        let ring = theme::chart_color(ui, &ColorKey::Market(id.clone()), document.order());
        painter.circle(at, 4.5, tokens.panel, Stroke::new(if selected || response.hovered() { 2.5 } else { 1.5 }, ring));
        if response.has_focus() {
            painter.circle_stroke(at, 9.0, Stroke::new(1.0, tokens.accent));
        }
        if response.clicked() {
            commands.select(&path);
        }
        if response.hovered() {
            let served = served(document, id, view.period);
            let mut rows =
                vec![("Country".to_owned(), market.country.clone()), ("Products wanted".to_owned(), market.demand.len().to_string())];
            rows.extend(served.map(|served| ("Served in this period".to_owned(), format::ttok(served))));
            hover_card_ui(ui, "market", &name, &rows);
        }
        taken.push(Rect::from_center_size(at, Vec2::splat(9.0)));
        labels.push((true, Label { at, radius: 4.5, name, detail: String::new(), always: selected }));
    }
}

fn served(document: &Document, market: &str, period: usize) -> Option<f64> {
    let results = document.results()?;
    let index = results.markets.iter().position(|other| other.id == market)?;
    Some(results.flows.iter().filter(|flow| flow.market == index).filter_map(|flow| flow.answer_ttok.get(period)).sum())
}

#[expect(clippy::too_many_arguments, reason = "one thing on the map needs the map, the document and the labels")]
fn site_ui(
    ui: &mut Ui,
    painter: &egui::Painter,
    projection: &Projection,
    dot: &Dot,
    most: f64,
    document: &Document,
    view: &mut ViewState,
    commands: &mut Commands,
    taken: &mut Vec<Rect>,
    labels: &mut Vec<(bool, Label)>,
) {
    let tokens = theme::tokens(ui);
    let at = projection.at(dot.longitude, dot.latitude);
    let radius = disc_radius(dot.mw, most, 18.0);
    let path = format!("sites.{}", dot.id);
    let place = Rect::from_center_size(at, Vec2::splat(radius * 2.0 + 4.0));
    let response = ui.interact(place.intersect(painter.clip_rect()), Id::unique(("site on the map", &dot.id)), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Site {}, {}", dot.name, dot.detail)));
    let selected = view.selected_site() == Some(dot.id.as_str());
    let moving = view.map.moving.as_ref().is_some_and(|(id, _)| *id == dot.id);
    let fill = theme::chart_color(ui, &dot.color, document.order());
    painter.circle_filled(at, radius, fill);
    if selected || moving {
        painter.circle_stroke(at, radius + 4.0, Stroke::new(2.0, tokens.accent));
    } else if response.hovered() || response.has_focus() {
        painter.circle_stroke(at, radius + 3.0, Stroke::new(1.5, tokens.quiet));
    }
    if response.clicked() {
        commands.select(&path);
    }
    if response.double_clicked() {
        commands.select(&path);
        commands.send(Request::ShowPanel("Layout"));
    }
    if response.drag_started() && !document.is_read_only() {
        commands.select(&path);
        view.map.moving = Some((dot.id.clone(), (dot.longitude, dot.latitude)));
    }
    if moving {
        let held = ui.input(|input| input.pointer.interact_pos()).filter(|_| response.dragged());
        if let Some(pointer) = held {
            view.map.moving = Some((dot.id.clone(), projection.place(pointer)));
        }
        if ui.input(|input| input.key_pressed(Key::Escape)) {
            view.map.moving = None;
        } else if response.drag_stopped() || !response.dragged() {
            move_site(document.plan(), &dot.id, (dot.longitude, dot.latitude), commands);
            view.map.moving = None;
        }
    } else if response.hovered() {
        let mut rows = vec![("Peak load".to_owned(), dot.detail.clone())];
        if let Some(site) = document.plan().sites.get(&dot.id) {
            rows.push(("Place".into(), format!("{}, {}", site.country, place_in_words(site.longitude, site.latitude))));
            rows.push(("Halls".into(), format!("{} standing, {} kinds to build", site.halls.len(), site.buildable.len())));
        }
        if !dot.binds.is_empty() {
            rows.push((dot.binds.clone(), String::new()));
        }
        rows.push(("Drag to move, double-click for its layout".into(), String::new()));
        hover_card_ui(ui, "site", &dot.name, &rows);
    }
    taken.push(Rect::from_center_size(at, Vec2::splat(radius * 1.8)));
    labels.push((
        false,
        Label { at, radius: radius + if selected { 4.0 } else { 0.0 }, name: dot.name.clone(), detail: dot.detail.clone(), always: true },
    ));
}

fn place_in_words(longitude: f64, latitude: f64) -> String {
    let ns = if latitude < 0.0 { "S" } else { "N" };
    let ew = if longitude < 0.0 { "W" } else { "E" };
    format!("{:.2} {ns} {:.2} {ew}", latitude.abs(), longitude.abs())
}

/// While a site is dragged: how far it is from every market.
fn moving_ui(ui: &Ui, painter: &egui::Painter, projection: &Projection, plan: &Plan, view: &ViewState) {
    let Some((id, (longitude, latitude))) = &view.map.moving else { return };
    let tokens = theme::tokens(ui);
    let from = projection.at(*longitude, *latitude);
    let mut rows = vec![(place_in_words(*longitude, *latitude), format!("UTC{:+}", utc_offset(plan, *longitude, *latitude)))];
    let mut markets: Vec<_> = plan
        .markets
        .iter()
        .map(|(id, market)| (great_circle_km(*latitude, *longitude, market.latitude, market.longitude), id, market))
        .collect();
    markets.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (km, id, market) in markets.into_iter().take(6) {
        painter.add(Shape::dashed_line(
            &[from, projection.at(market.longitude, market.latitude)],
            Stroke::new(1.0, tokens.quiet),
            4.0,
            4.0,
        ));
        let name = if market.name.is_empty() { format::sentence(id) } else { market.name.clone() };
        rows.push((name, format!("{} km, {} ms", format::number(km.round()), format::number(round_trip_ms(km).round()))));
    }
    let name = plan.sites.get(id).map_or_else(|| id.clone(), |site| display_name(id, site));
    hover_card_ui(ui, "moving", &name, &rows);
}

fn hover_card_ui(ui: &Ui, salt: &str, title: &str, rows: &[(String, String)]) {
    let id = ui.scope_id().with(("map card", salt));
    egui::Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), id, egui::PopupAnchor::Pointer).gap(16.0).show(|ui| {
        ui.set_max_width(280.0);
        ui.label(egui::RichText::new(title).text_style(theme::strong()));
        for (name, value) in rows {
            if value.is_empty() {
                ui.add(egui::Label::new(theme::quiet(ui, name)).wrap());
            } else {
                ui.horizontal(|ui| {
                    ui.label(theme::quiet(ui, name));
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| ui.label(value));
                });
            }
        }
    });
}

/// The clock of a place: that of the nearest place known, or of its longitude far from any.
fn utc_offset(plan: &Plan, longitude: f64, latitude: f64) -> f64 {
    let known = Catalog::embedded().sites().iter().map(|row| (row.longitude, row.latitude, row.utc_offset_hours));
    let own = plan.markets.values().map(|market| (market.longitude, market.latitude, market.utc_offset_hours));
    let nearest = known
        .chain(own)
        .map(|(east, north, offset)| (great_circle_km(latitude, longitude, north, east), offset))
        .min_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((km, offset)) if km < NEAR_KM => offset,
        _ => (longitude / 15.0).round().clamp(-12.0, 14.0),
    }
}

/// Two decimals of a degree are a kilometre: what a hand on a map can mean.
fn rounded(degrees: f64) -> f64 {
    (degrees * 100.0).round() / 100.0
}

/// Moves a site: place and clock in one undo step. Distance and latency are computed from them.
fn move_site(plan: &Plan, id: &str, (longitude, latitude): (f64, f64), commands: &mut Commands) {
    let Some(site) = plan.sites.get(id) else { return };
    let set = |field: &str, value: f64| Edit::Set { path: format!("sites.{id}.{field}"), value: format!("{value:?}") };
    let mut edits = vec![set("latitude", rounded(latitude)), set("longitude", rounded(longitude))];
    let (old, new) = (utc_offset(plan, site.longitude, site.latitude), utc_offset(plan, longitude, latitude));
    // A clock that the planner set by hand moves only when the time zone does.
    if (old - new).abs() > 0.1 {
        edits.push(set("utc_offset_hours", new));
    }
    commands.send(Request::Batch(format!("move {}", display_name(id, site)), edits));
}

/// Adds a site at a place, with the numbers of the catalog's nearest place.
fn add_site(plan: &Plan, longitude: f64, latitude: f64, commands: &mut Commands) {
    let (longitude, latitude) = (rounded(longitude), rounded(latitude));
    let nearest = Catalog::embedded()
        .sites()
        .iter()
        .map(|row| (great_circle_km(latitude, longitude, row.latitude, row.longitude), row))
        .min_by(|a, b| a.0.total_cmp(&b.0));
    let near = nearest.filter(|(km, _)| *km < NEAR_KM).map(|(_, row)| row);
    let country = nearest.map_or("US", |(_, row)| row.country.as_str());
    let pue = near.and_then(|row| row.pue_liquid.or(row.pue_air)).unwrap_or(1.2);
    let offset = utc_offset(plan, longitude, latitude);
    let taken: Vec<String> = plan.sites.keys().cloned().collect();
    let id = free_id(&taken, "site");
    let number = id.trim_start_matches("site").trim_start_matches('-');
    let name = if number.is_empty() { "New site".to_owned() } else { format!("New site {number}") };
    let text = format!(
        "(name: {}, country: {}, latitude: {latitude:?}, longitude: {longitude:?}, utc_offset_hours: {offset:?}, interconnect_mw: 100.0, pue: {pue:?})",
        quoted(&name),
        quoted(country)
    );
    commands.add("sites", &id, text);
    commands.select(format!("sites.{id}"));
}

/// Zoom buttons in the corner.
fn buttons_ui(ui: &mut Ui, rect: Rect, plan: &Plan, view: &mut MapView, projection: &Projection) {
    let corner = Rect::from_min_size(pos2(rect.right() - 34.0, rect.top() + 4.0), vec2(30.0, 96.0));
    ui.scope_builder(UiBuilder::new().max_rect(corner), |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let square = vec2(28.0, 28.0);
        let button = |ui: &mut Ui, text: &str, name: &str| {
            ui.add_sized(square, Button::new(text)).accessible_name(name).on_hover_text(name).clicked()
        };
        if button(ui, "+", "Zoom into the map") {
            view.camera = projection.zoomed(1.5, rect.center());
        }
        if button(ui, "−", "Zoom out of the map") {
            view.camera = projection.zoomed(1.0 / 1.5, rect.center());
        }
        if button(ui, "⛶", "Show the whole plan") {
            view.camera = home(rect, plan);
        }
    });
}

/// What colours and sizes mean.
fn legend_ui(ui: &Ui, rect: Rect, document: &Document, dots: &[Dot], period: usize) {
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
        ui.painter().text(at + vec2(24.0, 0.0), egui::Align2::LEFT_CENTER, "answer tokens", small, tokens.quiet);
    }
}

fn hint_ui(ui: &Ui, rect: Rect) {
    let tokens = theme::tokens(ui);
    let font = TextStyle::Heading.resolve(ui.style());
    let galley = ui.painter().layout_no_wrap("Double-click the map to add a site".to_owned(), font, tokens.text);
    let place = Rect::from_center_size(rect.center(), galley.size() + vec2(36.0, 20.0));
    ui.painter().rect(place, theme::FIELD_RADIUS, tokens.raised, Stroke::new(1.0, tokens.line), egui::StrokeKind::Inside);
    ui.painter().galley(place.center() - galley.size() / 2.0, galley, tokens.text);
}
