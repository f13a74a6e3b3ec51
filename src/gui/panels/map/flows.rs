//! Token flows on the map: arcs from sites to markets.

use crate::words;
use egui::{Pos2, Rect, Shape, Stroke, Ui, Vec2};

use super::things::{Dot, hover_card_ui};
use crate::gui::theme;
use crate::gui::view::ViewState;
use crate::gui::widgets::chart::standing::marked;
use crate::gui::widgets::chart::world::{Projection, arc_points, disc_radius};
use crate::physics::geography::{great_circle_km, round_trip_ms};
use crate::plan::Plan;
use crate::results::Results;

/// Token flows of the period, as wide as they are large.
pub(super) fn flows_ui(
    ui: &Ui,
    painter: &egui::Painter,
    projection: &Projection,
    plan: &Plan,
    results: Option<&Results>,
    view: &ViewState,
    dots: &[Dot],
    taken: &mut Vec<Rect>,
) {
    let Some(results) = results else { return };
    let mut flows: Vec<(usize, usize, f64)> = Vec::new();
    for flow in &results.flows {
        let (Some(site), value) = (flow.site, flow.answer_ttok.get(view.period).copied().unwrap_or(0.0)) else { continue };
        if value <= 1e-9 {
            continue;
        }
        match flows.iter_mut().find(|(from, to, _)| *from == site && *to == flow.market) {
            Some((.., sum)) => *sum += value,
            None => flows.push((site, flow.market, value)),
        }
    }
    let most = flows.iter().map(|(.., value)| *value).fold(0.0, f64::max);
    let blue = theme::tokens(ui).chart.first().copied().unwrap_or(theme::tokens(ui).accent);
    // Sites and markets are in front of the lines, and one card at a time is enough.
    let largest = dots.iter().map(|dot| dot.mw).fold(0.0, f64::max);
    let places = dots.iter().map(|dot| (projection.at(dot.longitude, dot.latitude), disc_radius(dot.mw, largest, 18.0) + 4.0));
    let mut in_front: Vec<(Pos2, f32)> = places.collect();
    in_front.extend(plan.markets.values().map(|market| (projection.at(market.longitude, market.latitude), 8.0)));
    let mut pointer = ui
        .input(|input| input.pointer.hover_pos())
        .filter(|_| ui.rect_contains_pointer(painter.clip_rect()))
        .filter(|pointer| !in_front.iter().any(|(at, radius)| pointer.distance(*at) <= *radius));
    for (site, market, value) in flows {
        let (Some(site), Some(market)) = (results.sites.get(site), results.markets.get(market)) else { continue };
        // Both ends stand where the plan on screen has them, also while a site is dragged.
        let from = dots.iter().find(|dot| dot.id == site.id).map_or((site.longitude, site.latitude), |dot| (dot.longitude, dot.latitude));
        let to = plan.markets.get(&market.id).map_or((market.longitude, market.latitude), |market| (market.longitude, market.latitude));
        let points = arc_points(projection, from, to);
        let width = 1.0 + 4.0 * (value / most).sqrt() as f32;
        let near = pointer.is_some_and(|pointer| {
            points.windows(2).any(|pair| matches!(pair, [a, b] if distance_to(pointer, *a, *b) < width / 2.0 + 3.0))
        });
        // Labels keep off the lines.
        taken.extend(points.iter().map(|point| Rect::from_center_size(*point, Vec2::splat(width + 3.0))));
        painter.add(Shape::line(points, Stroke::new(width, blue.gamma_multiply(if near { 1.0 } else { 0.72 }))));
        if near {
            pointer = None;
            let km = great_circle_km(from.1, from.0, to.1, to.0);
            hover_card_ui(
                ui,
                "flow",
                &format!("{} to {}", site.name, market.name),
                &[
                    ("Answer tokens".into(), marked(ui, words::ttok(value))),
                    ("Distance".into(), format!("{} km", words::number(km.round()))),
                    ("Round trip".into(), format!("{} ms", words::number(round_trip_ms(km).round()))),
                ],
            );
        }
    }
}

fn distance_to(point: Pos2, a: Pos2, b: Pos2) -> f32 {
    let along = b - a;
    let share = ((point - a).dot(along) / along.length_sq().max(1e-6)).clamp(0.0, 1.0);
    point.distance(a + along * share)
}
