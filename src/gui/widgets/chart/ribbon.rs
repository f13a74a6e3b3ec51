//! Bands that flow from one edge to another, as in a Sankey.

use egui::{Color32, Mesh, Painter, Pos2, Shape, Vec2, pos2};

/// Steps a band is drawn in.
const STEPS: usize = 28;

/// An edge of a band: where it starts or ends, from top to bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Across.
    pub x: f32,
    /// Its top.
    pub top: f32,
    /// Its bottom.
    pub bottom: f32,
}

impl Edge {
    /// An edge of this height around a point.
    #[must_use]
    pub fn around(center: Pos2, height: f32) -> Self {
        Self { x: center.x, top: center.y - height / 2.0, bottom: center.y + height / 2.0 }
    }
}

/// Smoothly from 0 to 1.
fn eased(along: f32) -> f32 {
    along * along * (3.0 - 2.0 * along)
}

/// Top and bottom of a band at a share of its way.
fn at(from: Edge, to: Edge, along: f32) -> (Pos2, Pos2) {
    let x = egui::lerp(from.x..=to.x, along);
    let share = eased(along);
    (pos2(x, egui::lerp(from.top..=to.top, share)), pos2(x, egui::lerp(from.bottom..=to.bottom, share)))
}

/// Draws a band.
pub fn ribbon(painter: &Painter, from: Edge, to: Edge, color: Color32) {
    let mut mesh = Mesh::default();
    for step in 0..=STEPS {
        let (top, bottom) = at(from, to, step as f32 / STEPS as f32);
        let index = mesh.vertices.len() as u32;
        mesh.colored_vertex(top, color);
        mesh.colored_vertex(bottom, color);
        if step > 0 {
            mesh.add_triangle(index - 2, index - 1, index);
            mesh.add_triangle(index - 1, index, index + 1);
        }
    }
    painter.add(Shape::mesh(mesh));
    // A mesh has hard edges: a line of the same colour along each smooths them.
    let edge = |pick: fn((Pos2, Pos2)) -> Pos2| (0..=STEPS).map(|step| pick(at(from, to, step as f32 / STEPS as f32))).collect::<Vec<_>>();
    let stroke = egui::Stroke::new(1.0, color.gamma_multiply(0.6));
    painter.add(Shape::line(edge(|pair| pair.0), stroke));
    painter.add(Shape::line(edge(|pair| pair.1), stroke));
}

/// Whether a point lies on a band.
#[must_use]
pub fn contains(from: Edge, to: Edge, point: Pos2) -> bool {
    if to.x - from.x < 1.0 {
        return false;
    }
    let along = (point.x - from.x) / (to.x - from.x);
    let (top, bottom) = at(from, to, along.clamp(0.0, 1.0));
    // Thin bands must be hit too.
    (0.0..=1.0).contains(&along) && point.y >= top.y - 2.0 && point.y <= bottom.y + 2.0
}

/// A curved line between two points, bowed to its left by a share of its length; with its direction at the end.
#[must_use]
pub fn bow(from: Pos2, to: Pos2, share: f32) -> (Vec<Pos2>, Vec2) {
    let across = to - from;
    let middle = from + across / 2.0 + Vec2::new(across.y, -across.x) * share;
    let points = (0..=STEPS)
        .map(|step| {
            let along = step as f32 / STEPS as f32;
            let back = 1.0 - along;
            (from.to_vec2() * (back * back) + middle.to_vec2() * (2.0 * along * back) + to.to_vec2() * (along * along)).to_pos2()
        })
        .collect();
    (points, (to - middle).normalized())
}
