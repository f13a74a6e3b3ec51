//! Countries: letters, names and outlines, and the one that a place is in.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::Point;

/// So far off the coast, in km, a place is still taken for its country's: the outlines are coarse.
const OFF_THE_COAST_KM: f32 = 60.0;

/// Length of a degree of latitude, km.
const KM_PER_DEGREE: f32 = 111.2;

/// A country.
#[derive(Debug)]
pub struct Country {
    /// Two letters (ISO 3166-1).
    pub code: String,
    /// As it is called.
    pub name: String,
    /// Outlines, each with its bounds; a place inside an odd number of them is in the country.
    rings: Vec<Ring>,
    /// Where its name is best written: the middle of its widest part, and how wide that is in degrees.
    pub label: (Point, f32),
}

#[derive(Debug)]
struct Ring {
    points: Vec<Point>,
    low: Point,
    high: Point,
}

impl Ring {
    /// A ring that crosses the 180th meridian goes on beyond it.
    fn new(mut points: Vec<Point>) -> Self {
        let mut before = points.first().map_or(0.0, |point| point.0);
        for point in &mut points {
            point.0 -= ((point.0 - before) / 360.0).round() * 360.0;
            before = point.0;
        }
        let low = points.iter().fold((f32::MAX, f32::MAX), |low, point| (low.0.min(point.0), low.1.min(point.1)));
        let high = points.iter().fold((f32::MIN, f32::MIN), |high, point| (high.0.max(point.0), high.1.max(point.1)));
        Self { points, low, high }
    }

    fn edges(&self) -> impl Iterator<Item = (Point, Point)> + '_ {
        self.points.iter().copied().zip(self.points.iter().copied().cycle().skip(1))
    }

    fn is_near(&self, (x, y): Point, by: Point) -> bool {
        x >= self.low.0 - by.0 && x <= self.high.0 + by.0 && y >= self.low.1 - by.1 && y <= self.high.1 + by.1
    }

    /// How large it is, as a rectangle, true to scale.
    fn size(&self) -> f32 {
        (self.high.0 - self.low.0) * (self.high.1 - self.low.1) * f32::midpoint(self.low.1, self.high.1).to_radians().cos()
    }

    /// The middle and the width of its widest part.
    fn widest(&self) -> (Point, f32) {
        let mut best = (self.low, 0.0);
        let mut most = 0.0;
        for step in 1..12 {
            let y = self.low.1 + (self.high.1 - self.low.1) * step as f32 / 12.0;
            let crosses = self.edges().filter(|((_, ay), (_, by))| (*ay > y) != (*by > y));
            let mut ends: Vec<f32> = crosses.map(|((ax, ay), (bx, by))| (bx - ax) * (y - ay) / (by - ay) + ax).collect();
            ends.sort_by(f32::total_cmp);
            for pair in ends.chunks_exact(2) {
                let [west, east] = pair else { continue };
                // In kilometres: a degree is shorter in the north.
                let wide = (east - west) * y.to_radians().cos();
                if wide > most {
                    most = wide;
                    best = ((f32::midpoint(*west, *east), y), east - west);
                }
            }
        }
        best
    }

    fn encloses(&self, (x, y): Point) -> bool {
        self.is_near((x, y), (0.0, 0.0))
            && self.edges().filter(|((ax, ay), (bx, by))| (*ay > y) != (*by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax).count() % 2
                == 1
    }
}

impl Country {
    fn encloses(&self, (x, y): Point) -> bool {
        let times = |x: f32| self.rings.iter().filter(|ring| ring.encloses((x, y))).count();
        (times(x) + times(x + 360.0) + times(x - 360.0)) % 2 == 1
    }

    /// How far its outline is from a point, km; `None` if further than one looks.
    fn km_from(&self, point: Point) -> Option<f32> {
        // A degree of longitude is shorter away from the equator.
        let shrink = point.1.to_radians().cos().max(0.05);
        let reach = OFF_THE_COAST_KM / KM_PER_DEGREE;
        let near = self.rings.iter().filter(|ring| ring.is_near(point, (reach / shrink, reach)));
        near.flat_map(Ring::edges)
            .map(|(a, b)| {
                let flat = |p: Point| ((p.0 - point.0) * shrink, p.1 - point.1);
                let (a, b) = (flat(a), flat(b));
                let along = (b.0 - a.0, b.1 - a.1);
                let length = along.0 * along.0 + along.1 * along.1;
                let share = if length > 0.0 { (-(a.0 * along.0 + a.1 * along.1) / length).clamp(0.0, 1.0) } else { 0.0 };
                (a.0 + share * along.0).hypot(a.1 + share * along.1) * KM_PER_DEGREE
            })
            .min_by(f32::total_cmp)
            .filter(|km| *km <= OFF_THE_COAST_KM)
    }
}

/// Every country with land outside Antarctica, by its letters.
#[must_use]
pub fn countries() -> &'static [Country] {
    static COUNTRIES: OnceLock<Vec<Country>> = OnceLock::new();
    COUNTRIES.get_or_init(|| parsed(include_str!("../../../assets/map/countries.csv")))
}

/// The country of two letters.
#[must_use]
pub fn country(code: &str) -> Option<&'static Country> {
    static BY_CODE: OnceLock<HashMap<&'static str, &'static Country>> = OnceLock::new();
    BY_CODE.get_or_init(|| countries().iter().map(|country| (country.code.as_str(), country)).collect()).get(code).copied()
}

/// The country that a place is in, degrees north and east; the nearest one close to a coast, none at sea.
#[must_use]
pub fn country_at(latitude: f64, longitude: f64) -> Option<&'static Country> {
    let point = (longitude as f32, latitude as f32);
    countries().iter().find(|country| country.encloses(point)).or_else(|| {
        countries()
            .iter()
            .filter_map(|country| Some((country.km_from(point)?, country)))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, country)| country)
    })
}

/// Reads the table: arcs in steps of hundredths of a degree, then countries as rings of arcs.
fn parsed(text: &str) -> Vec<Country> {
    let mut arcs: Vec<Vec<Point>> = Vec::new();
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split('|');
        let (Some(first), name, rings) = (parts.next(), parts.next(), parts.next()) else { continue };
        match (name, rings) {
            (Some(name), Some(rings)) => {
                let rings: Vec<Ring> = rings.split(';').map(|ring| Ring::new(ring_of(ring, &arcs))).collect();
                let widest = rings.iter().max_by(|a, b| a.size().total_cmp(&b.size())).map(Ring::widest);
                found.push(Country { code: first.to_owned(), name: name.to_owned(), rings, label: widest.unwrap_or_default() });
            }
            _ => arcs.push(arc_of(first)),
        }
    }
    found
}

fn arc_of(line: &str) -> Vec<Point> {
    let (mut x, mut y) = (0_i32, 0_i32);
    line.split_whitespace()
        .filter_map(|pair| {
            let (east, north) = pair.split_once(',')?;
            x += east.parse::<i32>().ok()?;
            y += north.parse::<i32>().ok()?;
            Some((x as f32 / 100.0, y as f32 / 100.0))
        })
        .collect()
}

/// `~3` is arc 3 backwards.
fn ring_of(text: &str, arcs: &[Vec<Point>]) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for word in text.split_whitespace() {
        let (number, backwards) = word.strip_prefix('~').map_or((word, false), |number| (number, true));
        let Some(arc) = number.parse::<usize>().ok().and_then(|number| arcs.get(number)) else { continue };
        // The last point of one arc is the first of the next.
        points.pop();
        if backwards {
            points.extend(arc.iter().rev());
        } else {
            points.extend(arc);
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cities well known to be where they are, some of them at a coast or beside a border.
    #[test]
    fn cities_are_in_their_countries() {
        for (latitude, longitude, code) in [
            (59.91, 10.75, "NO"),
            (68.44, 17.43, "NO"),
            (60.39, 5.32, "NO"),
            (62.39, 17.31, "SE"),
            (32.45, -99.73, "US"),
            (21.31, -157.86, "US"),
            (1.35, 103.82, "SG"),
            (1.49, 103.74, "MY"),
            (22.32, 114.17, "HK"),
            (35.73, 107.64, "CN"),
            (26.23, 50.59, "BH"),
            (35.9, 14.5, "MT"),
            (51.51, -0.13, "GB"),
            (53.35, -6.26, "IE"),
            (25.03, 121.56, "TW"),
            (-29.61, 28.2, "LS"),
            (64.15, -21.94, "IS"),
            (-33.87, 151.21, "AU"),
            (55.75, 37.62, "RU"),
            (66.3, -172.2, "RU"),
            (68.8, 179.5, "RU"),
            (51.9, 179.5, "US"),
            (-16.8, 179.4, "FJ"),
            (-16.9, -179.95, "FJ"),
        ] {
            assert_eq!(country_at(latitude, longitude).map(|country| country.code.as_str()), Some(code), "{latitude} {longitude}");
        }
        assert!(country_at(45.0, -30.0).is_none(), "the Atlantic is nobody's");
        assert!(country_at(65.0, 3.0).is_none(), "the Norwegian Sea");
    }

    #[test]
    fn every_country_is_there_once_with_an_outline() {
        assert!(countries().len() > 225, "{}", countries().len());
        for own in countries() {
            assert!(own.code.len() == 2 && !own.name.is_empty() && own.rings.iter().all(|ring| ring.points.len() > 2), "{own:?}");
            assert!(std::ptr::eq(country(&own.code).unwrap(), own));
        }
        // Norway's name stands in its south, not on Svalbard.
        let ((_, north), _) = country("NO").unwrap().label;
        assert!((58.0..64.0).contains(&north), "{north}");
        // Each place of the catalog's own is in the country it says.
        for site in crate::catalog::Catalog::embedded().sites() {
            assert_eq!(country_at(site.latitude, site.longitude).unwrap().code, site.country, "{}", site.id);
        }
    }
}
