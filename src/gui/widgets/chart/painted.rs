//! Charts without axes of their own to move on (bars lying down, waterfall, Sankey, timeline, map):
//! the shapes that files hold, painted, with what each part says when it is pointed at.

use egui::{Align2, Color32, FontFamily, FontId, Mesh, Painter, Pos2, Rect, Response, Ui, pos2, vec2};

use super::cursor::Cursor;
use super::{tip, world};
use crate::charts::drawing::canvas::{Anchor, Canvas, Path, Shape, Spot, Stroke, Type};
use crate::charts::drawing::{Frame, drawing};
use crate::charts::palette::Rgb;
use crate::charts::plot::{Pointed, Reading, Readings, readings};
use crate::charts::{Body, Chart, outline};
use crate::gui::theme;

/// Pieces that a curve is drawn in.
const PIECES: usize = 24;

/// Paints a chart into a rectangle; what the cursor is on, if it is on anything.
pub(super) fn painted(ui: &Ui, chart: &Chart, rect: Rect, picture: &Response) -> Option<Readings> {
    let frame = Frame {
        width: f64::from(rect.width()),
        height: f64::from(rect.height()),
        dark: theme::tokens(ui).dark,
        caption: false,
        bare: true,
    };
    let canvas = drawing(chart, &frame);
    let painter = ui.painter().with_clip_rect(rect.expand(2.0).intersect(ui.clip_rect()));
    for shape in &canvas.shapes {
        paint(&painter, rect.min, shape);
    }
    told(ui, chart, &canvas, rect, picture, &painter)
}

/// What is pointed at, or reached by the arrow keys.
fn told(ui: &Ui, chart: &Chart, canvas: &Canvas, rect: Rect, picture: &Response, painter: &Painter) -> Option<Readings> {
    let cursor = Cursor::new(chart, picture.id);
    let pressed = ui.input(|input| input.pointer.any_down());
    let pointer = ui.input(|input| input.pointer.hover_pos()).filter(|at| rect.contains(*at) && ui.rect_contains_pointer(rect) && !pressed);
    let columns = if let Body::Timeline { columns, .. } = &chart.body { columns.len() } else { 0 };
    let hovered = pointer.and_then(|pointer| {
        let at = pointer - rect.min;
        // The topmost, as it is seen.
        canvas.spots.iter().enumerate().rev().find(|(_, spot)| holds(&spot.outline, (f64::from(at.x), f64::from(at.y))))
    });
    if let Some((number, spot)) = hovered {
        if ui.input(|input| input.pointer.primary_clicked()) {
            super::tell_click(ui, chart, Pointed::Part(number));
        }
        mark(ui, painter, rect.min, spot);
        let rows: Vec<(Option<Color32>, String, String)> =
            spot.rows.iter().map(|(color, name, value)| (color.map(color_of), name.clone(), value.clone())).collect();
        tip(ui, chart.name, egui::PopupAnchor::Pointer, &spot.heading, &rows);
        if let Some(stop) = spot.stop {
            cursor.put(ui, stop);
        }
        return Some(in_words(spot));
    }
    if columns > 0 {
        let by_keys = cursor.keys(ui, picture, columns);
        match by_keys {
            Some(stop) => cursor.put(ui, stop),
            None => cursor.left(ui),
        }
        let stop = by_keys.or_else(|| cursor.now(ui))?;
        for spot in canvas.spots.iter().filter(|spot| spot.stop == Some(stop)) {
            mark(ui, painter, rect.min, spot);
        }
        return readings(chart, &std::collections::BTreeSet::new(), stop);
    }
    let spot = canvas.spots.get(cursor.keys(ui, picture, canvas.spots.len())?)?;
    mark(ui, painter, rect.min, spot);
    Some(in_words(spot))
}

fn in_words(spot: &Spot) -> Readings {
    let rows =
        spot.rows.iter().map(|(_, name, text)| Reading { color: None, name: name.clone(), value: 0.0, text: text.clone() }).collect();
    Readings { heading: spot.heading.clone(), rows }
}

/// A thin line around what is pointed at.
fn mark(ui: &Ui, painter: &Painter, origin: Pos2, spot: &Spot) {
    let color = theme::tokens(ui).text.gamma_multiply(0.7);
    for (points, _) in spot.outline.flattened(PIECES) {
        painter.add(egui::Shape::closed_line(points.into_iter().map(|at| place(origin, at)).collect(), egui::Stroke::new(1.0, color)));
    }
}

/// Whether a point lies within an outline.
fn holds(outline: &Path, (x, y): (f64, f64)) -> bool {
    outline.flattened(PIECES).iter().any(|(ring, _)| {
        let mut inside = false;
        for (&(ax, ay), &(bx, by)) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            if (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax {
                inside = !inside;
            }
        }
        inside
    })
}

fn place(origin: Pos2, (x, y): (f64, f64)) -> Pos2 {
    origin + vec2(x as f32, y as f32)
}

fn color_of(color: Rgb) -> Color32 {
    theme::color(color)
}

fn stroke_of(stroke: Stroke) -> egui::Stroke {
    egui::Stroke::new(stroke.width as f32, color_of(stroke.color))
}

fn paint(painter: &Painter, origin: Pos2, shape: &Shape) {
    match shape {
        Shape::Rect { rect: (x, y, width, height), radius, fill, opacity } => {
            let rect = Rect::from_min_size(place(origin, (*x, *y)), vec2(*width as f32, *height as f32));
            painter.rect_filled(rect, *radius as f32, color_of(*fill).gamma_multiply(*opacity as f32));
        }
        Shape::Stroked(path, stroke) => {
            for (points, closed) in path.flattened(PIECES) {
                let mut points: Vec<Pos2> = points.into_iter().map(|at| place(origin, at)).collect();
                if closed && let Some(first) = points.first().copied() {
                    points.push(first);
                }
                if stroke.dashed {
                    painter.extend(egui::Shape::dashed_line(&points, stroke_of(*stroke), 5.0, 3.0));
                } else {
                    painter.add(egui::Shape::line(points, stroke_of(*stroke)));
                }
            }
        }
        Shape::Filled(path, fill, opacity) => {
            let color = color_of(*fill).gamma_multiply(*opacity as f32);
            let parts: Vec<Vec<Pos2>> =
                path.flattened(PIECES).into_iter().map(|(points, _)| points.into_iter().map(|at| place(origin, at)).collect()).collect();
            if parts.len() == outline().len() {
                world::paint_rings(painter, &parts, color, painter.ctx().global_style().visuals.panel_fill);
            } else {
                for points in &parts {
                    strip(painter, points, color);
                }
            }
        }
        Shape::Disc { at, radius, fill, rim } => {
            painter.circle(place(origin, *at), *radius as f32, color_of(*fill), stroke_of(*rim));
        }
        Shape::Text { at, held, runs } => text(painter, place(origin, *at), *held, runs),
        Shape::Clipped { rect: (x, y, width, height), inside, .. } => {
            let rect = Rect::from_min_size(place(origin, (*x, *y)), vec2(*width as f32, *height as f32));
            let clipped = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
            for shape in inside {
                paint(&clipped, origin, shape);
            }
        }
    }
}

/// A band between two edges of as many points each: there along the one, back along the other.
fn strip(painter: &Painter, points: &[Pos2], color: Color32) {
    let mut mesh = Mesh::default();
    let half = points.len() / 2;
    for (index, (there, back)) in points.iter().zip(points.iter().rev()).take(half).enumerate() {
        let at = mesh.vertices.len() as u32;
        mesh.colored_vertex(*there, color);
        mesh.colored_vertex(*back, color);
        if index > 0 {
            mesh.add_triangle(at - 2, at - 1, at);
            mesh.add_triangle(at - 1, at, at + 1);
        }
    }
    painter.add(egui::Shape::mesh(mesh));
}

fn text(painter: &Painter, at: Pos2, held: Type, runs: &[(String, Type)]) {
    let mut job = egui::text::LayoutJob::default();
    for (text, look) in runs {
        let family = if look.semibold { theme::semibold() } else { FontFamily::Proportional };
        let font_id = FontId::new(look.size as f32, family);
        job.append(
            text,
            0.0,
            egui::TextFormat { font_id, color: color_of(look.color), valign: egui::Align::BOTTOM, ..egui::TextFormat::default() },
        );
    }
    job.wrap.max_width = f32::INFINITY;
    let galley = painter.layout_job(job);
    let left = match held.anchor {
        Anchor::Start => at.x,
        Anchor::Middle => at.x - galley.size().x / 2.0,
        Anchor::End => at.x - galley.size().x,
    };
    // Text stands on its base line: what is under it is a fifth of its height.
    let top = Align2::LEFT_BOTTOM.anchor_size(pos2(left, at.y + galley.size().y * 0.21), galley.size()).min;
    painter.galley(top, galley, color_of(held.color));
}
