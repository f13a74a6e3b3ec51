//! Where a site stands: adding one, moving one, and what follows from the place.

use crate::words;
use egui::{Shape, Stroke, Ui};

use super::MapView;
use super::things::hover_card_ui;
use crate::gui::command::{Commands, Request};
use crate::gui::widgets::chart::world::Projection;
use crate::gui::{templates, theme, whereabouts};
use crate::physics::geography::{great_circle_km, round_trip_ms};
use crate::plan::Plan;

/// A place in words with its country and clock: `60.10 N 6.55 E`, `Norway, Europe/Oslo`.
pub(super) fn clock_in_words(longitude: f64, latitude: f64) -> String {
    whereabouts::whereabouts(latitude, longitude).map_or_else(
        || "at sea".to_owned(),
        |here| if here.time_zone.is_empty() { here.country_name.to_owned() } else { format!("{}, {}", here.country_name, here.time_zone) },
    )
}

/// While something is dragged: where it is, and how far a site is from every market.
pub(super) fn moving_ui(ui: &Ui, painter: &egui::Painter, projection: &Projection, plan: &Plan, map: &MapView) {
    let Some((path, name, (longitude, latitude))) = &map.moving else { return };
    let tokens = theme::tokens(ui);
    let from = projection.at(*longitude, *latitude);
    let mut rows = vec![(words::degrees(*longitude, *latitude), clock_in_words(*longitude, *latitude))];
    let mut markets: Vec<_> = plan
        .markets
        .iter()
        .map(|(id, market)| (great_circle_km(*latitude, *longitude, market.latitude, market.longitude), id, market))
        .collect();
    markets.retain(|_| path.starts_with("sites."));
    markets.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (km, id, market) in markets.into_iter().take(6) {
        painter.add(Shape::dashed_line(
            &[from, projection.at(market.longitude, market.latitude)],
            Stroke::new(1.0, tokens.quiet),
            4.0,
            4.0,
        ));
        let name = if market.name.is_empty() { words::sentence(id) } else { market.name.clone() };
        rows.push((name, format!("{} km, {} ms", words::number(km.round()), words::number(round_trip_ms(km).round()))));
    }
    hover_card_ui(ui, "moving", name, &rows);
}

/// Moves a site or a market: place, country, time zone and clock in one undo step.
/// Distance and latency are computed from the place.
pub(super) fn move_thing(plan: &Plan, path: &str, name: &str, (longitude, latitude): (f64, f64), commands: &mut Commands) {
    match whereabouts::moved(plan, path, (latitude, longitude)) {
        Some(edits) => commands.send(Request::Batch(format!("move {name}"), edits)),
        None => commands.say(format!("That is at sea: {name} stays where it was")),
    }
}

/// Adds a site at a place, with the numbers of the catalog's nearest place.
pub(super) fn add_site(plan: &Plan, longitude: f64, latitude: f64, commands: &mut Commands) {
    let (longitude, latitude) = (whereabouts::rounded(longitude), whereabouts::rounded(latitude));
    let Some(here) = whereabouts::whereabouts(latitude, longitude) else {
        commands.say("That is at sea: a site needs land. Zoom in to aim better");
        return;
    };
    let (id, text) = templates::site_at(plan, here, latitude, longitude);
    commands.add("sites", &id, text);
    commands.select(format!("sites.{id}"));
}
