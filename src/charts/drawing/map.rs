//! The map: land, token flows, markets as rings, sites as discs sized by MW.

use crate::charts::palette::mixed;
use crate::charts::{Arc, Place, outline};

use super::canvas::{Anchor, Path, Step, Stroke, Type};
use super::measure::text_width;
use super::{Area, Pen, SMALL};

/// Miller's projection: poles stay on the page, and mid latitudes keep their shape.
fn miller(latitude: f64) -> f64 {
    let radians = latitude.clamp(-89.0, 89.0).to_radians();
    (1.25 * (std::f64::consts::FRAC_PI_4 + 0.4 * radians).tan().ln()).to_degrees()
}

/// From degrees to pixels.
struct View {
    scale: f64,
    west: f64,
    north: f64,
    area: Area,
}

impl View {
    /// The part of the world that shows all places with room around them, never less than a
    /// continent; the whole world where they are far apart.
    fn new(area: Area, places: &[Place]) -> Self {
        let (low_y, high_y) = (miller(-56.0), miller(76.0));
        let bounds = |value: &dyn Fn(&Place) -> f64| {
            places.iter().map(value).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
        };
        let (west, east) = bounds(&|place| place.longitude);
        let (south, north) = bounds(&|place| miller(place.latitude));
        let aspect = area.width / area.height.max(1.0);
        let (middle_x, middle_y, span_x) = if west.is_finite() {
            let span = ((east - west) * 1.35).max((north - south) * 1.5 * aspect).max(80.0);
            (f64::midpoint(west, east), f64::midpoint(south, north), span)
        } else {
            (0.0, 0.0, 360.0)
        };
        // Never beyond the edges of the world, as far as its shape allows.
        let span_x = span_x.min(360.0).min((high_y - low_y) * aspect).max(1.0);
        let span_y = span_x / aspect;
        let held = |middle: f64, span: f64, low: f64, high: f64| {
            if span >= high - low { f64::midpoint(low, high) } else { middle.clamp(low + span / 2.0, high - span / 2.0) }
        };
        let middle_x = held(middle_x, span_x, -180.0, 180.0);
        let middle_y = held(middle_y, span_y, low_y, high_y);
        Self { scale: area.width / span_x, west: middle_x - span_x / 2.0, north: middle_y + span_y / 2.0, area }
    }

    fn at(&self, longitude: f64, latitude: f64) -> (f64, f64) {
        (self.area.x + (longitude - self.west) * self.scale, self.area.y + (self.north - miller(latitude)) * self.scale)
    }
}

pub(super) fn draw(pen: &mut Pen<'_>, area: Area, places: &[Place], arcs: &[Arc], widest: f64) {
    let area = Area { y: area.y + 4.0, height: area.height - 4.0, ..area };
    let view = View::new(area, places);
    let land = Path(
        outline()
            .iter()
            .flat_map(|ring| {
                let ring: Vec<_> = ring.iter().map(|(longitude, latitude)| view.at(f64::from(*longitude), f64::from(*latitude))).collect();
                Path::through(&ring, true).0
            })
            .collect(),
    );
    let color = pen.theme.land;
    // Several maps may stand in one document: each clip has its own id.
    let clip = format!("world-{}x{}{}", area.width.round(), area.height.round(), if pen.style.dark { "-dark" } else { "" });
    pen.canvas.clipped(&clip, (area.x, area.y, area.width, area.height), |canvas| canvas.fill(&land, color, 1.0));

    let place = |index: usize| places.get(index).map(|place| view.at(place.longitude, place.latitude));
    let mut flows = Vec::new();
    for arc in arcs {
        let (Some((x0, y0)), Some((x1, y1))) = (place(arc.from), place(arc.to)) else { continue };
        let (dx, dy) = (x1 - x0, y1 - y0);
        if dx.hypot(dy) < 1.0 {
            // A market where the site stands: nothing to draw between them.
            continue;
        }
        // Bent to one side, so that flows both ways don't cover each other.
        let (bend_x, bend_y) = (f64::midpoint(x0, x1) - dy * 0.16, f64::midpoint(y0, y1) + dx * 0.16 - (dx.abs() * 0.12));
        let width = 1.0 + 4.0 * (arc.value / widest.max(1e-12)).clamp(0.0, 1.0).sqrt();
        let accent = pen.color(&places.get(arc.to).map_or(crate::charts::ColorKey::Quiet, |place| place.color.clone()));
        let flow = Path(vec![Step::Move((x0, y0)), Step::Bend((bend_x, bend_y), (x1, y1))]);
        pen.canvas.stroke(&flow, Stroke::new(mixed(accent, pen.theme.land, 0.25), width));
        flows.extend((0..=40).map(|step| {
            let (share, rest) = (f64::from(step) / 40.0, 1.0 - f64::from(step) / 40.0);
            let along = |start: f64, bend: f64, end: f64| rest * rest * start + 2.0 * rest * share * bend + share * share * end;
            (along(x0, bend_x, x1), along(y0, bend_y, y1))
        }));
    }
    let largest = places.iter().filter(|place| !place.market).map(|place| place.size).fold(0.0, f64::max);
    let radius = |place: &Place| if place.market { 4.5 } else { 5.0 + 11.0 * (place.size / largest.max(1e-12)).clamp(0.0, 1.0).sqrt() };
    for place in places.iter().filter(|place| place.market) {
        let rim = pen.color(&place.color);
        pen.canvas.disc(view.at(place.longitude, place.latitude), radius(place), pen.theme.panel, Stroke::new(rim, 2.0));
    }
    for place in places.iter().filter(|place| !place.market) {
        let fill = pen.color(&place.color);
        pen.canvas.disc(view.at(place.longitude, place.latitude), radius(place), fill, Stroke::new(pen.theme.panel, 1.5));
    }
    labels(pen, &view, places, &flows, &radius);
}

/// A label's box: left, top, right, bottom.
type Box4 = (f64, f64, f64, f64);

/// Names beside their places, where nothing else stands and, if there is such a spot, no flow passes;
/// sites first. What has no room keeps its disc or ring only.
fn labels(pen: &mut Pen<'_>, view: &View, places: &[Place], flows: &[(f64, f64)], radius: &dyn Fn(&Place) -> f64) {
    let mut taken: Vec<Box4> = places
        .iter()
        .map(|place| {
            let (x, y) = view.at(place.longitude, place.latitude);
            let radius = radius(place);
            (x - radius, y - radius, x + radius, y + radius)
        })
        .collect();
    let mut written: Vec<Box4> = Vec::new();
    let free = |taken: &[Box4], rect: &Box4| {
        let clear = taken.iter().all(|other| rect.2 < other.0 || rect.0 > other.2 || rect.3 < other.1 || rect.1 > other.3);
        let inside = rect.0 >= view.area.x && rect.2 <= view.area.right() && rect.1 >= view.area.y && rect.3 <= view.area.bottom();
        clear && inside
    };
    let mut order: Vec<&Place> = places.iter().collect();
    order.sort_by(|a, b| a.market.cmp(&b.market).then(b.size.total_cmp(&a.size)));
    for place in order {
        let (x, y) = view.at(place.longitude, place.latitude);
        let strong = if place.market { Type::new(SMALL, pen.theme.quiet) } else { Type::new(12.0, pen.theme.text).bold() };
        let quiet = Type::new(10.0, pen.theme.quiet);
        let name = super::measure::ellipsised(&place.name, strong.size, strong.semibold, 150.0);
        let width = text_width(&name, strong.size, strong.semibold).max(text_width(&place.detail, quiet.size, false));
        let height = 27.0;
        let away = radius(place) + 5.0;
        let spots = [
            (x + away, y - 13.0, Anchor::Start),
            (x - away, y - 13.0, Anchor::End),
            (x, y + away - 2.0, Anchor::Middle),
            (x, y - away - height + 2.0, Anchor::Middle),
            (x + away * 0.6, y + away * 0.7, Anchor::Start),
            (x - away * 0.6, y + away * 0.7, Anchor::End),
            (x + away * 0.6, y - away * 0.7 - height, Anchor::Start),
            (x - away * 0.6, y - away * 0.7 - height, Anchor::End),
        ];
        let rect = |(x, y, anchor): &(f64, f64, Anchor)| -> Box4 {
            let left = match anchor {
                Anchor::Start => *x,
                Anchor::Middle => x - width / 2.0,
                Anchor::End => x - width,
            };
            (left, *y, left + width, y + height)
        };
        let crossed = |rect: &Box4| flows.iter().any(|(x, y)| (rect.0..=rect.2).contains(x) && (rect.1..=rect.3).contains(y));
        let mut open = spots.iter().filter(|spot| free(&taken, &rect(spot)));
        let spot = open.clone().find(|spot| !crossed(&rect(spot))).or_else(|| open.next());
        // A site may be named over a disc, never over another name.
        let over = || spots.iter().find(|spot| !place.market && free(&written, &rect(spot)));
        let Some(spot) = spot.or_else(over) else { continue };
        taken.push(rect(spot));
        written.push(rect(spot));
        let (x, y, anchor) = *spot;
        pen.canvas.text_on(x, y + 11.0, strong.held(anchor), pen.theme.panel, &name);
        pen.canvas.text_on(x, y + 23.0, quiet.held(anchor), pen.theme.panel, &place.detail);
    }
}
