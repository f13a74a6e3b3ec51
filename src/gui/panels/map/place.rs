//! Where a site stands: adding one, moving one, and what follows from the place.

use egui::{Shape, Stroke, Ui};

use super::MapView;
use super::things::{display_name, hover_card_ui};
use crate::catalog::Catalog;
use crate::gui::change::Edit;
use crate::gui::command::{Commands, Request};
use crate::gui::templates::free_id;
use crate::gui::widgets::chart::world::Projection;
use crate::gui::{format, theme};
use crate::physics::geography::{great_circle_km, round_trip_ms};
use crate::plan::Plan;
use crate::plan::node::quoted;

/// Nearer than this to the catalog's place, a new site takes over its numbers.
const NEAR_KM: f64 = 900.0;

/// While a site is dragged: how far it is from every market.
pub(super) fn moving_ui(ui: &Ui, painter: &egui::Painter, projection: &Projection, plan: &Plan, map: &MapView) {
    let Some((id, (longitude, latitude))) = &map.moving else { return };
    let tokens = theme::tokens(ui);
    let from = projection.at(*longitude, *latitude);
    let mut rows = vec![(crate::words::degrees(*longitude, *latitude), format!("UTC{:+}", utc_offset(plan, *longitude, *latitude)))];
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
pub(super) fn rounded(degrees: f64) -> f64 {
    (degrees * 100.0).round() / 100.0
}

/// Moves a site: place and clock in one undo step. Distance and latency are computed from them.
pub(super) fn move_site(plan: &Plan, id: &str, (longitude, latitude): (f64, f64), commands: &mut Commands) {
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
pub(super) fn add_site(plan: &Plan, longitude: f64, latitude: f64, commands: &mut Commands) {
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
