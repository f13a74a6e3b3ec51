//! Sites and markets on the map.

use crate::words;
use egui::{Id, Key, Pos2, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo};

use super::MapView;
use super::place::move_thing;
use crate::charts::{ColorKey, worth_of_one_percent};
use crate::gui::command::{Commands, Request};
use crate::gui::document::Document;
use crate::gui::panels::layout;
use crate::gui::theme;
use crate::gui::view::ViewState;
use crate::gui::whereabouts::country_name;
use crate::gui::widgets::chart::standing::marked;
use crate::gui::widgets::chart::world::{Projection, disc_radius};
use crate::gui::widgets::truth::{self, Page, Subject};
use crate::plan::{Plan, Site};
use crate::results::Results;
use crate::words::degrees;

/// A site as it is drawn.
pub(super) struct Dot {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) longitude: f64,
    pub(super) latitude: f64,
    pub(super) mw: f64,
    pub(super) detail: String,
    pub(super) color: ColorKey,
    pub(super) binds: String,
}

pub(super) fn dots(plan: &Plan, results: Option<&Results>, open: bool, view: &ViewState, map: &MapView) -> Vec<Dot> {
    plan.sites
        .iter()
        .map(|(id, site)| {
            let index = results.and_then(|results| results.sites.iter().position(|other| other.id == *id));
            let peak = results.zip(index).and_then(|(results, index)| {
                results.power.get(index)?.load_mw.get(view.period).map(|loads| loads.iter().copied().fold(0.0, f64::max))
            });
            let limit = site.interconnect_mw.at(layout::month_of(plan, view.period)).unwrap_or(0.0);
            let binds = results.zip(index).and_then(|(results, index)| {
                let own = results.binding.iter().filter(|binding| {
                    binding.site == Some(index)
                        && binding.stable
                        && worth_of_one_percent(binding).abs() > 1e-12
                        && binding.period_index.is_none_or(|period| period == view.period)
                });
                own.max_by(|a, b| worth_of_one_percent(a).abs().total_cmp(&worth_of_one_percent(b).abs()))
            });
            let (longitude, latitude) = match &map.moving {
                Some((moving, _, place)) if moving.strip_prefix("sites.") == Some(id) => *place,
                _ => (site.longitude, site.latitude),
            };
            Dot {
                id: id.clone(),
                name: display_name(id, site),
                longitude,
                latitude,
                // Without an answer a site is as large as its grid connection.
                mw: peak.unwrap_or(limit),
                // Where nothing runs there is no figure to read: the name alone leaves more room to the others.
                detail: if peak.is_some_and(|peak| peak < 0.5) {
                    String::new()
                } else {
                    let detail = format!("{} MW", words::number(peak.unwrap_or(limit).round()));
                    if peak.is_some() && open { format!("≈ {detail}") } else { detail }
                },
                color: binds.map_or(ColorKey::Quiet, |binding| ColorKey::Family(binding.family)),
                binds: binds.map_or_else(
                    || if peak.is_some() { "Nothing binds here in this period".into() } else { String::new() },
                    |binding| words::in_words(&binding.sentence),
                ),
            }
        })
        .collect()
}

pub(super) fn display_name(id: &str, site: &Site) -> String {
    if site.name.is_empty() { words::sentence(id) } else { site.name.clone() }
}

/// What a label needs until all are known.
pub(super) struct Label {
    pub(super) at: Pos2,
    pub(super) radius: f32,
    pub(super) name: String,
    pub(super) detail: String,
    pub(super) always: bool,
    pub(super) selected: bool,
}

pub(super) fn markets_ui(
    ui: &mut Ui,
    painter: &egui::Painter,
    projection: &Projection,
    document: &Document,
    view: &ViewState,
    map: &mut MapView,
    commands: &mut Commands,
    taken: &mut Vec<Rect>,
    labels: &mut Vec<(bool, Label)>,
) {
    let tokens = theme::tokens(ui);
    for (id, market) in &document.plan().markets {
        let (longitude, latitude) = match &map.moving {
            Some((moving, _, place)) if moving.strip_prefix("markets.") == Some(id) => *place,
            _ => (market.longitude, market.latitude),
        };
        let at = projection.at(longitude, latitude);
        let name = if market.name.is_empty() { words::sentence(id) } else { market.name.clone() };
        let path = format!("markets.{id}");
        let place = Rect::from_center_size(at, Vec2::splat(14.0));
        let response = ui.interact(place.intersect(painter.clip_rect()), Id::unique(("market on the map", id)), Sense::click_and_drag());
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
        if held(ui, &response, projection, document, map, (&path, &name), (longitude, latitude), commands) {
            // Its card says where it is held.
        } else if response.hovered() {
            let served = served(document, id, view.period);
            let mut rows = vec![
                ("Country".to_owned(), country_name(&market.country)),
                ("Products wanted".to_owned(), market.demand.len().to_string()),
            ];
            rows.extend(served.map(|served| ("Served in this period".to_owned(), marked(ui, words::ttok(served)))));
            rows.push(("Drag to move".into(), String::new()));
            hover_card_ui(ui, "market", &name, &rows);
        }
        taken.push(Rect::from_center_size(at, Vec2::splat(9.0)));
        labels.push((true, Label { at, radius: 4.5, name, detail: String::new(), always: selected, selected }));
    }
}

fn served(document: &Document, market: &str, period: usize) -> Option<f64> {
    let results = document.results()?;
    let index = results.markets.iter().position(|other| other.id == market)?;
    Some(results.flows.iter().filter(|flow| flow.market == index).filter_map(|flow| flow.answer_ttok.get(period)).sum())
}

#[expect(clippy::too_many_arguments, reason = "one thing on the map needs the map, the document and the labels")]
pub(super) fn site_ui(
    ui: &mut Ui,
    painter: &egui::Painter,
    projection: &Projection,
    dot: &Dot,
    most: f64,
    document: &Document,
    view: &ViewState,
    map: &mut MapView,
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
    let moving = map.moving.as_ref().is_some_and(|(own, ..)| *own == path);
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
    if held(ui, &response, projection, document, map, (&path, &dot.name), (dot.longitude, dot.latitude), commands) {
        // Its card says where it is held.
    } else if response.hovered() {
        let mut rows = vec![("Peak load".to_owned(), dot.detail.clone())];
        if let Some(site) = document.plan().sites.get(&dot.id) {
            rows.push(("Place".into(), format!("{}, {}", country_name(&site.country), degrees(site.longitude, site.latitude))));
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
        Label {
            at,
            radius: radius + if selected { 4.0 } else { 0.0 },
            name: dot.name.clone(),
            detail: dot.detail.clone(),
            always: true,
            selected,
        },
    ));
}

/// Lets a thing of the map be dragged: it moves where it is let go, Esc leaves it where it was. Whether it is held.
fn held(
    ui: &Ui,
    response: &egui::Response,
    projection: &Projection,
    document: &Document,
    map: &mut MapView,
    (path, name): (&str, &str),
    (longitude, latitude): (f64, f64),
    commands: &mut Commands,
) -> bool {
    if response.drag_started() && !document.is_read_only() {
        commands.select(path);
        map.moving = Some((path.to_owned(), name.to_owned(), (longitude, latitude)));
    }
    let Some((_, _, place)) = map.moving.as_mut().filter(|(own, ..)| own == path) else { return false };
    if let Some(pointer) = ui.input(|input| input.pointer.interact_pos()).filter(|_| response.dragged()) {
        *place = projection.place(pointer);
    }
    if ui.input(|input| input.key_pressed(Key::Escape)) {
        map.moving = None;
    } else if response.drag_stopped() || !response.dragged() {
        move_thing(document.plan(), path, name, (longitude, latitude), commands);
        map.moving = None;
    }
    true
}

pub(super) fn hover_card_ui(ui: &Ui, salt: &str, title: &str, rows: &[(String, String)]) {
    let id = ui.scope_id().with(("map card", salt));
    truth::tell(ui.ctx(), id, (true, false), || {
        let (what, formula) = crate::charts::find("map").map_or(("", ""), |entry| (entry.doc, entry.how));
        let readings = rows.iter().filter(|(_, value)| !value.is_empty()).cloned().collect();
        Subject::Value(Page { title: title.to_owned(), readings, what: what.into(), formula: formula.into(), source: String::new() })
    });
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
