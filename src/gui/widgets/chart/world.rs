//! The world: its outline, a projection that can be moved and zoomed, labels that keep apart.

use std::sync::OnceLock;

use egui::{Align2, Color32, FontId, Mesh, Painter, Pos2, Rect, Shape, Stroke, TextStyle, Ui, Vec2, pos2, vec2};

use super::ribbon::bow;
use crate::charts::{borders, outline};
use crate::gui::theme;

/// Degrees of latitude are drawn this much longer than degrees of longitude: true at 37°, where
/// most sites are.
const STRETCH: f32 = 1.25;
/// The part of the world that is shown: nobody builds nearer to the poles.
const NORTH: f32 = 78.0;
const SOUTH: f32 = -56.0;
/// How far one can go in.
const MOST_ZOOM: f32 = 40.0;

/// Which part of the world is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Degrees east in the middle.
    pub longitude: f32,
    /// Degrees north in the middle.
    pub latitude: f32,
    /// 1 shows the whole world.
    pub zoom: f32,
}

impl Default for Camera {
    fn default() -> Self {
        Self { longitude: 0.0, latitude: f32::midpoint(NORTH, SOUTH), zoom: 1.0 }
    }
}

/// From degrees to the screen and back.
#[derive(Clone, Copy, Debug)]
pub struct Projection {
    rect: Rect,
    camera: Camera,
    /// Points for a degree of longitude.
    scale: f32,
}

impl Projection {
    /// The camera's view of a rectangle, kept over the world.
    #[must_use]
    pub fn new(rect: Rect, camera: Camera) -> Self {
        let world = (rect.width() / 360.0).min(rect.height() / ((NORTH - SOUTH) * STRETCH)).max(0.05);
        let zoom = camera.zoom.clamp(1.0, MOST_ZOOM);
        let scale = world * zoom;
        // No more sea beyond the edge than is needed.
        let limit = |value: f32, low: f32, high: f32, shown: f32| {
            if shown >= high - low { f32::midpoint(low, high) } else { value.clamp(low + shown / 2.0, high - shown / 2.0) }
        };
        let longitude = limit(camera.longitude, -180.0, 180.0, rect.width() / scale);
        let latitude = limit(camera.latitude, SOUTH, NORTH, rect.height() / (scale * STRETCH));
        Self { rect, camera: Camera { longitude, latitude, zoom }, scale }
    }

    /// The camera, kept over the world.
    #[must_use]
    pub fn camera(&self) -> Camera {
        self.camera
    }

    /// Where a place is drawn.
    #[must_use]
    pub fn at(&self, longitude: f64, latitude: f64) -> Pos2 {
        self.rect.center()
            + vec2((longitude as f32 - self.camera.longitude) * self.scale, (self.camera.latitude - latitude as f32) * self.scale * STRETCH)
    }

    /// How long so many degrees of longitude are on the screen.
    #[must_use]
    pub fn degrees(&self, longitude: f32) -> f32 {
        longitude * self.scale
    }

    /// Longitude and latitude of a point on the screen.
    #[must_use]
    pub fn place(&self, at: Pos2) -> (f64, f64) {
        let from = at - self.rect.center();
        let longitude = f64::from(self.camera.longitude + from.x / self.scale);
        let latitude = f64::from(self.camera.latitude - from.y / (self.scale * STRETCH));
        ((longitude + 180.0).rem_euclid(360.0) - 180.0, latitude.clamp(-90.0, 90.0))
    }

    /// The camera after a drag by this much.
    #[must_use]
    pub fn dragged(&self, by: Vec2) -> Camera {
        Camera {
            longitude: self.camera.longitude - by.x / self.scale,
            latitude: self.camera.latitude + by.y / (self.scale * STRETCH),
            ..self.camera
        }
    }

    /// The camera zoomed by a factor, the place under `around` staying where it is.
    #[must_use]
    pub fn zoomed(&self, factor: f32, around: Pos2) -> Camera {
        let zoom = (self.camera.zoom * factor).clamp(1.0, MOST_ZOOM);
        let kept = 1.0 - self.camera.zoom / zoom;
        let from = around - self.rect.center();
        Camera {
            longitude: self.camera.longitude + from.x / self.scale * kept,
            latitude: self.camera.latitude - from.y / (self.scale * STRETCH) * kept,
            zoom,
        }
    }

    /// The camera that shows all of these places (longitude, latitude) with room around them.
    #[must_use]
    pub fn fitted(rect: Rect, places: &[(f64, f64)]) -> Camera {
        let ends = |pick: fn(&(f64, f64)) -> f64| {
            let low = places.iter().map(pick).fold(f64::INFINITY, f64::min);
            let high = places.iter().map(pick).fold(f64::NEG_INFINITY, f64::max);
            (low as f32, high as f32)
        };
        if places.is_empty() {
            return Camera::default();
        }
        let ((west, east), (south, north)) = (ends(|place| place.0), ends(|place| place.1));
        let whole = Self::new(rect, Camera::default()).scale;
        let across = rect.width() * 0.7 / (east - west).max(12.0);
        let up = rect.height() * 0.7 / ((north - south).max(8.0) * STRETCH);
        Camera {
            longitude: f32::midpoint(west, east),
            latitude: f32::midpoint(south, north),
            zoom: (across.min(up) / whole).clamp(1.0, MOST_ZOOM),
        }
    }
}

/// A ring of land (or of a sea within it), cut into triangles once.
struct Ring {
    /// Its place among the rings of the outline.
    index: usize,
    points: Vec<(f32, f32)>,
    triangles: Vec<[u32; 3]>,
    sea: bool,
}

fn rings() -> &'static [Ring] {
    static RINGS: OnceLock<Vec<Ring>> = OnceLock::new();
    RINGS.get_or_init(|| {
        let all = outline();
        let mut rings: Vec<Ring> = all
            .iter()
            .enumerate()
            // The ice is out of sight and would only be cut off at the edge.
            .filter(|(_, points)| points.iter().any(|(_, latitude)| *latitude > SOUTH - 4.0))
            .map(|(index, points)| {
                let inside = points.first().is_some_and(|first| {
                    all.iter().filter(|other| !std::ptr::eq(*other, points) && encloses(other, *first)).count() % 2 == 1
                });
                Ring { index, points: points.clone(), triangles: triangles(points), sea: inside }
            })
            .collect();
        // Seas are painted over the land around them.
        rings.sort_by_key(|ring| ring.sea);
        rings
    })
}

fn encloses(ring: &[(f32, f32)], (x, y): (f32, f32)) -> bool {
    let mut inside = false;
    let ends = ring.iter().zip(ring.iter().cycle().skip(1));
    for (&(ax, ay), &(bx, by)) in ends {
        if (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax {
            inside = !inside;
        }
    }
    inside
}

/// Cuts a simple polygon into triangles, ear by ear.
fn triangles(points: &[(f32, f32)]) -> Vec<[u32; 3]> {
    let twice_area: f32 = points.iter().zip(points.iter().cycle().skip(1)).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum();
    let mut left: Vec<u32> = if twice_area >= 0.0 { (0..points.len() as u32).collect() } else { (0..points.len() as u32).rev().collect() };
    let point = |index: u32| points.get(index as usize).copied().unwrap_or_default();
    let cross = |a: (f32, f32), b: (f32, f32), c: (f32, f32)| (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0);
    let mut out = Vec::with_capacity(points.len());
    let mut tried = 0;
    let mut at = 0;
    while left.len() > 2 && tried <= left.len() {
        let count = left.len();
        let pick = |offset: usize| left.get((at + offset) % count).copied().unwrap_or_default();
        let (a, b, c) = (pick(0), pick(1), pick(2));
        let (pa, pb, pc) = (point(a), point(b), point(c));
        let is_ear = cross(pa, pb, pc) > 0.0
            && !left.iter().filter(|index| ![a, b, c].contains(index)).any(|index| {
                let p = point(*index);
                cross(pa, pb, p) >= 0.0 && cross(pb, pc, p) >= 0.0 && cross(pc, pa, p) >= 0.0
            });
        // What can't be cut any more (points on one line) is given up ear by ear.
        if is_ear || cross(pa, pb, pc).abs() < 1e-9 {
            if is_ear {
                out.push([a, b, c]);
            }
            let gone = (at + 1) % count;
            left.remove(gone);
            at = if gone < at { at - 1 } else { at } % left.len().max(1);
            tried = 0;
        } else {
            at = (at + 1) % count;
            tried += 1;
        }
    }
    out
}

/// Paints the land.
pub fn land(painter: &Painter, projection: &Projection, land: Color32, sea: Color32) {
    let clip = painter.clip_rect();
    for ring in rings() {
        let points: Vec<Pos2> =
            ring.points.iter().map(|(longitude, latitude)| projection.at(f64::from(*longitude), f64::from(*latitude))).collect();
        if !Rect::from_points(&points).intersects(clip) {
            continue;
        }
        fill_ring(painter, ring, points, if ring.sea { sea } else { land });
    }
}

/// Paints the borders between countries.
pub fn frontiers(painter: &Painter, projection: &Projection, color: Color32) {
    let clip = painter.clip_rect();
    for line in borders() {
        let points: Vec<Pos2> =
            line.iter().map(|(longitude, latitude)| projection.at(f64::from(*longitude), f64::from(*latitude))).collect();
        if Rect::from_points(&points).expand(1.0).intersects(clip) {
            painter.add(Shape::line(points, Stroke::new(1.0, color)));
        }
    }
}

/// Paints the land with the rings of the outline placed by somebody else, in the order of the outline.
pub fn paint_rings(painter: &Painter, parts: &[Vec<Pos2>], land: Color32, sea: Color32) {
    for ring in rings() {
        if let Some(points) = parts.get(ring.index) {
            fill_ring(painter, ring, points.clone(), if ring.sea { sea } else { land });
        }
    }
}

fn fill_ring(painter: &Painter, ring: &Ring, points: Vec<Pos2>, color: Color32) {
    let mut mesh = Mesh::default();
    for point in &points {
        mesh.colored_vertex(*point, color);
    }
    for [a, b, c] in &ring.triangles {
        mesh.add_triangle(*a, *b, *c);
    }
    painter.add(Shape::mesh(mesh));
    // Smooths the hard edge of the mesh.
    painter.add(Shape::closed_line(points, Stroke::new(1.0, color)));
}

/// Radius of a disc whose area stands for a size, the largest being `most`.
#[must_use]
pub fn disc_radius(size: f64, most: f64, largest: f32) -> f32 {
    let share = if most > 0.0 { (size / most).clamp(0.0, 1.0) as f32 } else { 0.0 };
    (share.sqrt() * largest).max(5.0)
}

/// Points of a flow's bow on the screen, bent towards the pole as great circles are.
#[must_use]
pub fn arc_points(projection: &Projection, from: (f64, f64), to: (f64, f64)) -> Vec<Pos2> {
    let (start, end) = (projection.at(from.0, from.1), projection.at(to.0, to.1));
    let share = if end.x >= start.x { 0.13 } else { -0.13 };
    bow(start, end, share).0
}

/// A label that does not lie on another.
pub struct Tag<'t> {
    /// Next to this point.
    pub at: Pos2,
    /// This far from it.
    pub radius: f32,
    /// First line.
    pub name: &'t str,
    /// Second line, may be empty.
    pub detail: &'t str,
    /// Draw it even where it lies on a disc or a line.
    pub always: bool,
    /// Colour of the first line.
    pub color: Color32,
    /// Font of the first line.
    pub font: FontId,
}

/// Paints labels, the first ones first. No label ever lies on one of `written`; `taken` (discs, lines) is kept clear
/// of too where there is room, and covered as little as can be by what must be shown. A long name is cut before it is
/// left out; what is left out is said when its place is pointed at.
pub fn tags(ui: &Ui, painter: &Painter, taken: &[Rect], written: &mut Vec<Rect>, tags: &[Tag<'_>]) {
    let quiet = theme::tokens(ui).quiet;
    let small = TextStyle::Small.resolve(ui.style());
    for tag in tags {
        let lines = |most: f32| {
            let mut job = egui::text::LayoutJob::simple_singleline(tag.name.to_owned(), tag.font.clone(), tag.color);
            job.wrap = egui::text::TextWrapping::truncate_at_width(most);
            painter.layout_job(job)
        };
        let detail = (!tag.detail.is_empty()).then(|| painter.layout_no_wrap(tag.detail.to_owned(), small.clone(), quiet));
        let ways = [(lines(LONG_NAME), detail), (lines(LONG_NAME), None), (lines(SHORT_NAME), None)];
        let Some((name, detail, align, rect)) = ways.into_iter().find_map(|(name, detail)| {
            let (align, rect) = place_of(painter.clip_rect(), tag, &name, detail.as_deref(), taken, written)?;
            Some((name, detail, align, rect))
        }) else {
            continue;
        };
        written.push(rect.expand(1.0));
        let x = |own: f32| match align.x() {
            egui::Align::Min => rect.left(),
            egui::Align::Center => rect.center().x - own / 2.0,
            egui::Align::Max => rect.right() - own,
        };
        let second = rect.top() + name.size().y - 2.0;
        // Lines and discs pass behind the words.
        if taken.iter().any(|other| other.intersects(rect)) {
            painter.rect_filled(rect.expand2(vec2(2.0, 0.0)), 3.0, theme::tokens(ui).panel.gamma_multiply(0.7));
        }
        painter.galley(pos2(x(name.size().x), rect.top()), name, tag.color);
        if let Some(detail) = detail {
            painter.galley(pos2(x(detail.size().x), second), detail, quiet);
        }
    }
}

/// Names longer than this are cut wherever they are: farther off nobody sees any more of what they are the name.
const LONG_NAME: f32 = 170.0;

/// Names longer than this are cut where there is no room for them.
const SHORT_NAME: f32 = 84.0;

/// Where a label finds its place.
fn place_of(
    clip: Rect,
    tag: &Tag<'_>,
    name: &egui::Galley,
    detail: Option<&egui::Galley>,
    taken: &[Rect],
    written: &[Rect],
) -> Option<(Align2, Rect)> {
    let width = name.size().x.max(detail.map_or(0.0, |detail| detail.size().x));
    let height = name.size().y + detail.map_or(0.0, |detail| detail.size().y - 2.0);
    let away = tag.radius + 5.0;
    let sides = [
        (Align2::LEFT_CENTER, vec2(away, 0.0)),
        (Align2::RIGHT_CENTER, vec2(-away, 0.0)),
        (Align2::CENTER_TOP, vec2(0.0, away - 2.0)),
        (Align2::CENTER_BOTTOM, vec2(0.0, -away + 2.0)),
        (Align2::LEFT_TOP, vec2(away * 0.7, away * 0.5)),
        (Align2::LEFT_BOTTOM, vec2(away * 0.7, -away * 0.5)),
        (Align2::RIGHT_TOP, vec2(-away * 0.7, away * 0.5)),
        (Align2::RIGHT_BOTTOM, vec2(-away * 0.7, -away * 0.5)),
    ];
    let rects = sides.map(|(align, offset)| (align, align.anchor_size(tag.at + offset, vec2(width, height))));
    let possible = |rect: &Rect| clip.contains_rect(*rect) && !written.iter().any(|other| other.intersects(*rect));
    let covered = |rect: &Rect| -> f32 {
        taken.iter().map(|other| other.intersect(*rect)).filter(Rect::is_positive).map(|common| common.area()).sum()
    };
    let free = rects.iter().find(|(_, rect)| possible(rect) && covered(rect) <= 0.0);
    let least = || rects.iter().filter(|(_, rect)| tag.always && possible(rect)).min_by(|(_, a), (_, b)| covered(a).total_cmp(&covered(b)));
    free.or_else(least).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let rect = Rect::from_min_size(pos2(10.0, 20.0), vec2(900.0, 500.0));
        let projection = Projection::new(rect, Camera { longitude: -90.0, latitude: 40.0, zoom: 6.0 });
        let (longitude, latitude) = projection.place(projection.at(-99.73, 32.45));
        assert!((longitude + 99.73).abs() < 1e-3 && (latitude - 32.45).abs() < 1e-3);
        let around = pos2(300.0, 100.0);
        let before = projection.place(around);
        let after = Projection::new(rect, projection.zoomed(1.5, around)).place(around);
        assert!((before.0 - after.0).abs() < 1e-2 && (before.1 - after.1).abs() < 1e-2);
    }

    #[test]
    fn triangles_cover_the_land() {
        for ring in rings() {
            let area = |points: [(f32, f32); 3]| {
                let [a, b, c] = points.map(|(x, y)| (f64::from(x), f64::from(y)));
                ((b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)).abs() / 2.0
            };
            let cut: f64 = ring.triangles.iter().map(|triangle| area(triangle.map(|index| ring.points[index as usize]))).sum();
            let whole: f64 = ring
                .points
                .iter()
                .zip(ring.points.iter().cycle().skip(1))
                .map(|(a, b)| f64::from(a.0) * f64::from(b.1) - f64::from(b.0) * f64::from(a.1))
                .sum::<f64>()
                .abs()
                / 2.0;
            assert!((cut - whole).abs() <= 0.01 * whole + 0.05, "{cut} of {whole}");
        }
    }
}
