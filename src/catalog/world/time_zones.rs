//! Time zones by name, and the one that a place of a country keeps.

use std::collections::HashMap;
use std::sync::OnceLock;

use jiff::tz::TimeZone;

/// Noon of 15 January and of 15 July 2027, UTC, in seconds since 1970.
const JANUARY: i64 = 1_800_014_400;
const JULY: i64 = 1_815_652_800;

/// Clocks of a country.
enum Clocks {
    /// The same everywhere.
    One(&'static str),
    /// By place.
    Many(Vec<Row>),
}

/// A row of places: from this tenth of a degree of latitude to the next row's.
struct Row {
    south: i32,
    /// Western ends in tenths of a degree, and the zone from there.
    zones: Vec<(i32, &'static str)>,
}

/// The time zone that a country keeps at a place, degrees north and east, such as `Europe/Oslo`.
#[must_use]
pub fn time_zone_at(country: &str, latitude: f64, longitude: f64) -> Option<&'static str> {
    match table().get(country)? {
        Clocks::One(zone) => Some(zone),
        Clocks::Many(rows) => {
            let (y, x) = ((latitude * 10.0).floor() as i32, (longitude * 10.0).floor() as i32);
            let row = rows.iter().rev().find(|row| row.south <= y).or_else(|| rows.first())?;
            let zone = row.zones.iter().rev().find(|(west, _)| *west <= x).or_else(|| row.zones.first())?;
            Some(zone.1)
        }
    }
}

/// Whether there is a time zone of this name.
#[must_use]
pub fn is_time_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

/// Hours ahead of UTC that a time zone keeps without summer time, by the rules of 2027.
#[must_use]
pub fn standard_offset_hours(name: &str) -> Option<f64> {
    let (winter, summer) = offsets(name)?;
    Some(winter.min(summer))
}

/// Hours ahead of UTC that a time zone keeps in its summer, by the rules of 2027.
#[must_use]
pub fn summer_offset_hours(name: &str) -> Option<f64> {
    let (winter, summer) = offsets(name)?;
    Some(winter.max(summer))
}

/// Hours ahead of UTC in January and in July.
fn offsets(name: &str) -> Option<(f64, f64)> {
    let zone = TimeZone::get(name).ok()?;
    let at = |moment: i64| Some(f64::from(zone.to_offset(jiff::Timestamp::from_second(moment).ok()?).seconds()) / 3600.0);
    Some((at(JANUARY)?, at(JULY)?))
}

fn table() -> &'static HashMap<&'static str, Clocks> {
    static TABLE: OnceLock<HashMap<&'static str, Clocks>> = OnceLock::new();
    TABLE.get_or_init(|| parsed(include_str!("../../../assets/map/time_zones.csv")))
}

/// Reads the table: a country with one zone, or with several and its rows below.
fn parsed(text: &'static str) -> HashMap<&'static str, Clocks> {
    let mut found: HashMap<&'static str, Clocks> = HashMap::new();
    let (mut country, mut zones) = ("", Vec::new());
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let Some(first) = words.next() else { continue };
        if let Ok(south) = first.parse::<i32>() {
            let row = words.filter_map(|word| {
                let (west, zone) = word.split_once(':')?;
                Some((west.parse().ok()?, *zones.get(zone.parse::<usize>().ok()?)?))
            });
            let row = Row { south, zones: row.collect() };
            if let Some(Clocks::Many(rows)) = found.get_mut(country) {
                rows.push(row);
            }
            continue;
        }
        country = first;
        zones = words.collect();
        let clocks = match zones.as_slice() {
            [only] => Clocks::One(only),
            _ => Clocks::Many(Vec::new()),
        };
        found.insert(country, clocks);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{countries, country_at};
    use super::*;

    /// Cities whose clock is well known, with the zone or another of the same clock that the tables may name.
    #[test]
    fn cities_keep_their_clocks() {
        for (latitude, longitude, zone) in [
            (59.91, 10.75, "Europe/Oslo"),
            (68.44, 17.43, "Europe/Oslo"),
            (32.45, -99.73, "America/Chicago"),
            (39.04, -77.49, "America/New_York"),
            (33.45, -112.07, "America/Phoenix"),
            (35.20, -111.65, "America/Phoenix"),
            (39.74, -104.99, "America/Denver"),
            (35.08, -106.65, "America/Denver"),
            (40.76, -111.89, "America/Denver"),
            (45.6, -121.2, "America/Los_Angeles"),
            (61.2, -149.9, "America/Anchorage"),
            (21.31, -157.86, "Pacific/Honolulu"),
            (50.45, -104.6, "America/Regina"),
            (45.5, -73.57, "America/Toronto"),
            (51.05, -114.07, "America/Edmonton"),
            (-27.47, 153.03, "Australia/Brisbane"),
            (-33.87, 151.21, "Australia/Sydney"),
            (-34.93, 138.6, "Australia/Adelaide"),
            (-12.46, 130.84, "Australia/Darwin"),
            (-31.95, 115.86, "Australia/Perth"),
            (35.73, 107.64, "Asia/Shanghai"),
            (43.8, 87.6, "Asia/Shanghai"),
            (-23.55, -46.63, "America/Sao_Paulo"),
            (-3.1, -60.02, "America/Manaus"),
            (55.75, 37.62, "Europe/Moscow"),
            (56.84, 60.6, "Asia/Yekaterinburg"),
            (52.3, 104.3, "Asia/Irkutsk"),
            (40.42, -3.7, "Europe/Madrid"),
            (19.43, -99.13, "America/Mexico_City"),
            (32.5, -117.0, "America/Tijuana"),
            (-6.2, 106.8, "Asia/Jakarta"),
        ] {
            let country = country_at(latitude, longitude).unwrap();
            let found = time_zone_at(&country.code, latitude, longitude).unwrap();
            assert_eq!(offsets(found), offsets(zone), "{latitude} {longitude}: {found}");
        }
        assert_eq!(time_zone_at("NO", 60.0, 10.0), Some("Europe/Oslo"));
        assert_eq!(time_zone_at("CN", 43.8, 87.6), Some("Asia/Shanghai"));
    }

    #[test]
    fn every_country_has_clocks_that_exist() {
        for own in countries() {
            match table().get(own.code.as_str()) {
                Some(Clocks::One(zone)) => assert!(is_time_zone(zone), "{zone}"),
                Some(Clocks::Many(rows)) => {
                    assert!(!rows.is_empty(), "{}", own.code);
                    assert!(rows.iter().flat_map(|row| &row.zones).all(|(_, zone)| is_time_zone(zone)), "{}", own.code);
                }
                None => assert!(["HM", "TF", "GS"].contains(&own.code.as_str()), "{} has no clock", own.code),
            }
        }
        assert_eq!(standard_offset_hours("Europe/Oslo"), Some(1.0));
        assert_eq!(summer_offset_hours("Europe/Oslo"), Some(2.0));
        assert_eq!(standard_offset_hours("Australia/Sydney"), Some(10.0));
        assert!(!is_time_zone("Europe/Trondheim"));
    }
}
