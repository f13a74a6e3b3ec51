//! Where things stand: country, time zone and clock follow from the place on the map.

use crate::catalog::world;
use crate::gui::change::Edit;
use crate::plan::Plan;
use crate::plan::node::quoted;

/// What follows from a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Whereabouts {
    /// Two letters of the country.
    pub country: &'static str,
    /// Its name.
    pub country_name: &'static str,
    /// Its time zone there; empty where none is known.
    pub time_zone: &'static str,
    /// Hours ahead of UTC without summer time.
    pub utc_offset_hours: f64,
}

/// What follows from a place in degrees; none at sea.
#[must_use]
pub fn whereabouts(latitude: f64, longitude: f64) -> Option<Whereabouts> {
    let country = world::country_at(latitude, longitude)?;
    let time_zone = world::time_zone_at(&country.code, latitude, longitude).unwrap_or_default();
    let utc_offset_hours = world::standard_offset_hours(time_zone).unwrap_or_else(|| (longitude / 15.0).round().clamp(-12.0, 14.0));
    Some(Whereabouts { country: &country.code, country_name: &country.name, time_zone, utc_offset_hours })
}

/// Two decimals of a degree are a kilometre: what a hand on a map can mean.
#[must_use]
pub fn rounded(degrees: f64) -> f64 {
    (degrees * 100.0).round() / 100.0
}

/// Where a site or market of the plan stands, degrees north and east.
#[must_use]
pub fn place_of(plan: &Plan, path: &str) -> Option<(f64, f64)> {
    let (map, id) = path.split_once('.')?;
    match map {
        "sites" => plan.sites.get(id).map(|site| (site.latitude, site.longitude)),
        "markets" => plan.markets.get(id).map(|market| (market.latitude, market.longitude)),
        _ => None,
    }
}

/// The edits that put a site or market somewhere: place, country, time zone and clock. None at sea.
///
/// A country or clock that the planner chose against the map stays while the place stays in the same country and zone.
#[must_use]
pub fn moved(plan: &Plan, path: &str, (latitude, longitude): (f64, f64)) -> Option<Vec<Edit>> {
    let new = whereabouts(latitude, longitude)?;
    let old = place_of(plan, path).and_then(|(latitude, longitude)| whereabouts(latitude, longitude));
    let mut edits = vec![
        Edit::set_number(format!("{path}.latitude"), rounded(latitude)),
        Edit::set_number(format!("{path}.longitude"), rounded(longitude)),
    ];
    if old.is_none_or(|old| old.country != new.country) {
        edits.push(Edit::set_text(format!("{path}.country"), new.country));
    }
    if old.is_none_or(|old| old.time_zone != new.time_zone) {
        edits.extend(clock(path, new));
    }
    Some(edits)
}

/// A place beside another, where both can be seen and held: in the same country, if there is one.
#[must_use]
pub fn place_beside((latitude, longitude): (f64, f64)) -> Option<(f64, f64)> {
    let country = whereabouts(latitude, longitude).map(|here| here.country);
    let around = [(-1.0, 0.0), (1.0, 0.0), (0.0, 1.5), (0.0, -1.5), (-0.3, 0.0), (0.3, 0.0), (0.0, 0.4), (0.0, -0.4)];
    let places = around.map(|(north, east)| (rounded(latitude + north), rounded(longitude + east)));
    places.into_iter().find(|(latitude, longitude)| whereabouts(*latitude, *longitude).map(|here| here.country) == country)
}

/// The edits that put a copy of a site or market beside it.
#[must_use]
pub fn beside(plan: &Plan, path: &str, copy: &str) -> Vec<Edit> {
    let Some((latitude, longitude)) = place_of(plan, path).and_then(place_beside) else { return Vec::new() };
    vec![Edit::set_number(format!("{copy}.latitude"), latitude), Edit::set_number(format!("{copy}.longitude"), longitude)]
}

/// The edits that make country and clock those of the place.
#[must_use]
pub fn taken(path: &str, here: Whereabouts) -> Vec<Edit> {
    let mut edits = vec![Edit::set_text(format!("{path}.country"), here.country)];
    edits.extend(clock(path, here));
    edits
}

fn clock(path: &str, here: Whereabouts) -> Vec<Edit> {
    let zone = if here.time_zone.is_empty() { "None".to_owned() } else { quoted(here.time_zone) };
    vec![Edit::set(format!("{path}.time_zone"), zone), Edit::set_number(format!("{path}.utc_offset_hours"), here.utc_offset_hours)]
}

/// The fields of a new site or market that follow from its place, as text of a plan; the place alone at sea.
#[must_use]
pub fn fields(latitude: f64, longitude: f64, country: &str) -> String {
    let (latitude, longitude) = (rounded(latitude), rounded(longitude));
    let here = whereabouts(latitude, longitude);
    let country = here.map_or(country, |here| here.country);
    let zone =
        here.filter(|here| !here.time_zone.is_empty()).map_or_else(String::new, |here| format!(", time_zone: {}", quoted(here.time_zone)));
    let offset = here.map_or_else(|| (longitude / 15.0).round().clamp(-12.0, 14.0), |here| here.utc_offset_hours);
    format!("country: {}, latitude: {latitude:?}, longitude: {longitude:?}, utc_offset_hours: {offset:?}{zone}", quoted(country))
}

/// `Norway`, or `Norway 2` where that is taken: a name for something new at a place.
#[must_use]
pub fn free_name(taken: &[String], name: &str) -> String {
    let is_free = |name: &String| !taken.iter().any(|other| crate::plan::node::are_twins(other, name));
    let mut candidates = std::iter::once(name.to_owned()).chain((2..).map(|number| format!("{name} {number}")));
    candidates.find(is_free).unwrap_or_else(|| name.to_owned())
}

/// A country's name by its two letters; the letters, where it has none.
#[must_use]
pub fn country_name(code: &str) -> String {
    world::country(code).map_or_else(|| code.to_owned(), |country| country.name.clone())
}

/// A country's name with its letters.
#[must_use]
pub fn country_with_code(code: &str) -> String {
    let name = country_name(code);
    if name == code { name } else { format!("{name} ({code})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_from_a_place() {
        let narvik = whereabouts(68.44, 17.43).unwrap();
        assert_eq!((narvik.country, narvik.country_name, narvik.time_zone, narvik.utc_offset_hours), ("NO", "Norway", "Europe/Oslo", 1.0));
        assert!(whereabouts(0.0, -30.0).is_none());
        assert_eq!(
            fields(-33.868, 151.209, "US"),
            "country: \"AU\", latitude: -33.87, longitude: 151.21, utc_offset_hours: 10.0, time_zone: \"Australia/Sydney\""
        );
        assert_eq!(free_name(&["Norway".into(), "norway 2".into()], "Norway"), "Norway 3");
    }
}
