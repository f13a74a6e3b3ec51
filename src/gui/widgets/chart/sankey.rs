//! A Sankey: columns of nodes, bands between them.

use egui::{Align2, Color32, Pos2, Rect, TextStyle, Ui, pos2, vec2};

use super::ribbon::{Edge, contains, ribbon};
use super::{ink, tip};
use crate::charts::format::with_unit;
use crate::charts::{Chart, SankeyLink, SankeyNode};
use crate::gui::theme;

const NODE_WIDTH: f32 = 10.0;

/// Where a node stands, and how much of its sides is taken.
struct Placed {
    rect: Rect,
    out: f32,
    into: f32,
}

/// Draws a Sankey.
pub fn sankey(ui: &mut Ui, chart: &Chart, rect: Rect, nodes: &[SankeyNode], links: &[SankeyLink]) {
    let columns = nodes.iter().map(|node| node.column).max().unwrap_or(0) + 1;
    let tallest = (0..columns).map(|column| nodes.iter().filter(|node| node.column == column).count()).max().unwrap_or(1);
    let gap = (rect.height() * 0.35 / tallest as f32).clamp(4.0, 22.0);
    let height = rect.height() - gap * (tallest as f32 - 1.0).max(0.0) - 16.0;
    let mut placed = place(nodes, links, rect, columns, gap, height.max(20.0));
    let pointer = ui.input(|input| input.pointer.hover_pos()).filter(|_| ui.rect_contains_pointer(rect));
    let mut hovered: Option<(&SankeyLink, Color32)> = None;
    for link in links {
        let (Some(from), Some(to)) = (nodes.get(link.from), nodes.get(link.to)) else { continue };
        let thick = (link.share as f32 * height).max(0.75);
        let (Some(start), Some(end)) = (edge(&mut placed, link.from, thick, true), edge(&mut placed, link.to, thick, false)) else {
            continue;
        };
        let color = ink(ui, chart, if from.column == 0 { &from.color } else { &to.color });
        let under = pointer.is_some_and(|pointer| contains(start, end, pointer));
        ribbon(ui.painter(), start, end, color.gamma_multiply(if under { 0.65 } else { 0.38 }));
        if under {
            hovered = Some((link, color));
        }
    }
    let font = TextStyle::Small.resolve(ui.style());
    let tokens = theme::tokens(ui);
    // The large ones are named first; a name that would lie on another is left to the table.
    let mut order: Vec<(&SankeyNode, &Placed)> = nodes.iter().zip(&placed).collect();
    order.sort_by(|a, b| b.1.rect.height().total_cmp(&a.1.rect.height()));
    let mut taken = Vec::new();
    for (node, place) in order {
        ui.painter().rect_filled(place.rect, 2.0, ink(ui, chart, &node.color));
        let last = node.column + 1 == columns;
        let (anchor, at) = if last {
            (Align2::RIGHT_CENTER, place.rect.left_center() - vec2(6.0, 0.0))
        } else {
            (Align2::LEFT_CENTER, place.rect.right_center() + vec2(6.0, 0.0))
        };
        label(ui, anchor, at, &node.name, &node.value, &font, tokens, &mut taken);
    }
    if let Some((link, color)) = hovered {
        let name = |index: usize| nodes.get(index).map_or("", |node| node.name.as_str());
        tip(ui, chart.name, "", &[(Some(color), format!("{} → {}", name(link.from), name(link.to)), with_unit(link.value, &link.unit))]);
    }
}

fn place(nodes: &[SankeyNode], links: &[SankeyLink], rect: Rect, columns: usize, gap: f32, height: f32) -> Vec<Placed> {
    let share = |index: usize| {
        let out: f64 = links.iter().filter(|link| link.from == index).map(|link| link.share).sum();
        let into: f64 = links.iter().filter(|link| link.to == index).map(|link| link.share).sum();
        out.max(into) as f32
    };
    let step = if columns > 1 { (rect.width() - NODE_WIDTH) / (columns as f32 - 1.0) } else { 0.0 };
    let mut tops = vec![0.0; columns];
    for (column, top) in tops.iter_mut().enumerate() {
        let own: Vec<usize> = (0..nodes.len()).filter(|index| nodes.get(*index).is_some_and(|node| node.column == column)).collect();
        let total: f32 = own.iter().map(|index| share(*index) * height).sum::<f32>() + gap * (own.len() as f32 - 1.0).max(0.0);
        // Short columns stand in the middle.
        *top = rect.top() + 8.0 + ((rect.height() - 16.0 - total) / 2.0).max(0.0);
    }
    nodes
        .iter()
        .enumerate()
        .map(|(index, node)| {
            let top = tops.get(node.column).copied().unwrap_or(rect.top());
            let own = (share(index) * height).max(1.5);
            if let Some(next) = tops.get_mut(node.column) {
                *next += own + gap;
            }
            let left = rect.left() + step * node.column as f32;
            Placed { rect: Rect::from_min_size(pos2(left, top), vec2(NODE_WIDTH, own)), out: 0.0, into: 0.0 }
        })
        .collect()
}

/// The next free part of a node's right or left side.
fn edge(placed: &mut [Placed], index: usize, thick: f32, right: bool) -> Option<Edge> {
    let node = placed.get_mut(index)?;
    let used = if right { &mut node.out } else { &mut node.into };
    let top = node.rect.top() + *used;
    *used += thick;
    Some(Edge { x: if right { node.rect.right() } else { node.rect.left() }, top, bottom: top + thick })
}

fn label(ui: &Ui, anchor: Align2, at: Pos2, name: &str, value: &str, font: &egui::FontId, tokens: &theme::Tokens, taken: &mut Vec<Rect>) {
    let (text, quiet) = (tokens.text, tokens.quiet);
    let mut job = egui::text::LayoutJob::default();
    job.append(name, 0.0, egui::TextFormat { font_id: font.clone(), color: text, ..egui::TextFormat::default() });
    job.append(value, 6.0, egui::TextFormat { font_id: font.clone(), color: quiet, ..egui::TextFormat::default() });
    let galley = ui.painter().layout_job(job);
    let rect = anchor.anchor_size(at, galley.size());
    if taken.iter().any(|other| other.intersects(rect)) {
        return;
    }
    taken.push(rect);
    let ground = tokens.raised;
    // Words on a band need a ground to be read on.
    ui.painter().rect_filled(rect.expand2(vec2(2.0, 0.0)), 2.0, ground.gamma_multiply(0.7));
    ui.painter().galley(rect.min, galley, text);
}
