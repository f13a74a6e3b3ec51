//! A Sankey: nodes in columns, links as bands between them.

use crate::charts::palette::mixed;
use crate::charts::{SankeyLink, SankeyNode};
use crate::words::with_unit;

use super::canvas::{Anchor, Path, Spot, Step, Type};
use super::measure::{ellipsised, text_width};
use super::{Area, Pen, SMALL};

const NODE: f64 = 10.0;
/// Least height that a node takes up, so that its label has room, where there is any to spare.
const LEAST: f64 = 15.0;
/// Share of the height that nodes may take at least, whatever flows through them.
const PADDING: f64 = 0.55;
const GAP: f64 = 5.0;

/// A node in its place.
#[derive(Clone, Copy, Debug, Default)]
struct Placed {
    x: f64,
    y: f64,
    height: f64,
}

pub(super) fn draw(pen: &mut Pen<'_>, area: Area, nodes: &[SankeyNode], links: &[SankeyLink]) {
    let columns = nodes.iter().map(|node| node.column + 1).max().unwrap_or(0);
    let flow = |index: usize, inward: bool| -> f64 {
        links.iter().filter(|link| if inward { link.to == index } else { link.from == index }).map(|link| link.share).sum()
    };
    let sizes: Vec<f64> = (0..nodes.len()).map(|index| flow(index, true).max(flow(index, false))).collect();
    let label = |node: &SankeyNode| text_width(&node.name, SMALL, true) + 6.0 + text_width(&node.value, SMALL, false);
    let gutter =
        |column: usize| nodes.iter().filter(|node| node.column == column).map(label).fold(0.0, f64::max).min(area.width * 0.24) + 13.0;
    let left = area.x + gutter(0);
    // Labels of the last column stand on two lines: the page is narrower than they are high.
    let last = |node: &&SankeyNode| columns > 1 && node.column + 1 == columns;
    let ending = nodes
        .iter()
        .filter(last)
        .map(|node| text_width(&node.name, SMALL, true).max(text_width(&node.value, SMALL, false)) + 10.0)
        .fold(0.0, f64::max);
    let ending = ending.min(area.width * 0.24);
    let right = area.right() - ending - NODE;
    let top = area.y + 8.0;
    let height = area.height - 12.0;

    let crowd = (0..columns).map(|column| nodes.iter().filter(|node| node.column == column).count()).max().unwrap_or(1);
    let least = LEAST.min((height * PADDING / crowd.max(1) as f64 - GAP).max(1.0));
    // The largest scale at which every column fits, small nodes padded to the height of a label.
    let taken = |column: usize, scale: f64| -> f64 {
        let members = nodes.iter().zip(&sizes).filter(|(node, _)| node.column == column);
        members.map(|(_, size)| (size * scale).max(least) + GAP).sum::<f64>() - GAP
    };
    let (mut low, mut high) = (0.0, height);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if (0..columns).all(|column| taken(column, middle) <= height) { low = middle } else { high = middle }
    }
    let scale = low;
    let mut placed = vec![Placed::default(); nodes.len()];
    for column in 0..columns {
        let mut y = top + (height - taken(column, scale)).max(0.0) / 2.0;
        let x = if columns > 1 { left + (right - left) * column as f64 / (columns - 1) as f64 } else { left };
        for ((node, size), slot) in nodes.iter().zip(&sizes).zip(&mut placed) {
            if node.column == column {
                let room = (size * scale).max(least);
                *slot = Placed { x, y: y + (room - size * scale) / 2.0, height: size * scale };
                y += room + GAP;
            }
        }
    }
    bands(pen, nodes, links, &placed, scale);
    for (node, slot) in nodes.iter().zip(&placed) {
        let color = pen.color(&node.color);
        pen.canvas.rect(slot.x, slot.y, NODE, slot.height.max(1.0), 1.5, color);
    }
    // In a crowd a label must keep clear of the one above it, or stay away.
    let mut lowest = vec![f64::NEG_INFINITY; columns];
    for (node, slot) in nodes.iter().zip(&placed) {
        let middle = slot.y + slot.height / 2.0;
        match lowest.get_mut(node.column) {
            Some(lowest) if middle - *lowest >= SMALL + 1.0 => *lowest = middle,
            _ => continue,
        }
        let first = node.column == 0;
        let room = if first {
            gutter(0) - 9.0
        } else if last(&node) {
            ending
        } else {
            (right - left) / (columns.max(2) - 1) as f64 - NODE - 10.0
        };
        let value = text_width(&node.value, SMALL, false) + 6.0;
        let strong = Type::new(SMALL, pen.theme.text).bold();
        let quiet = Type::new(SMALL, pen.theme.quiet);
        let (x, anchor) = if first { (slot.x - 7.0, Anchor::End) } else { (slot.x + NODE + 7.0, Anchor::Start) };
        let y = slot.y + slot.height / 2.0 + 4.0;
        let whole = text_width(&node.name, SMALL, true);
        if whole + value > room && slot.height > 24.0 {
            // Two lines where one is too long and the node is high enough.
            pen.canvas.text_on(x, y - 7.0, strong.held(anchor), pen.theme.panel, &ellipsised(&node.name, SMALL, true, room));
            pen.canvas.text_on(x, y + 7.0, quiet.held(anchor), pen.theme.panel, &node.value);
        } else {
            let name = ellipsised(&node.name, SMALL, true, (room - value).max(24.0));
            pen.canvas.spans_on(x, y, strong.held(anchor), pen.theme.panel, &[(&name, strong), (&format!("  {}", node.value), quiet)]);
        }
    }
}

/// Links, from the top of each node downwards in the order of where they go or come from.
fn bands(pen: &mut Pen<'_>, nodes: &[SankeyNode], links: &[SankeyLink], placed: &[Placed], scale: f64) {
    let middle = |index: usize| placed.get(index).map_or(0.0, |slot| slot.y + slot.height / 2.0);
    let mut order: Vec<usize> = (0..links.len()).collect();
    let key = |index: &usize, other: fn(&SankeyLink) -> usize| links.get(*index).map_or(0.0, |link| middle(other(link)));
    let mut starts = vec![0.0; links.len()];
    let mut ends = vec![0.0; links.len()];
    let mut used_out = vec![0.0; nodes.len()];
    let mut used_in = vec![0.0; nodes.len()];
    order.sort_by(|a, b| key(a, |link| link.to).total_cmp(&key(b, |link| link.to)));
    for index in &order {
        if let (Some(link), Some(start)) = (links.get(*index), starts.get_mut(*index))
            && let Some(used) = used_out.get_mut(link.from)
        {
            *start = *used;
            *used += link.share * scale;
        }
    }
    order.sort_by(|a, b| key(a, |link| link.from).total_cmp(&key(b, |link| link.from)));
    for index in &order {
        if let (Some(link), Some(end)) = (links.get(*index), ends.get_mut(*index))
            && let Some(used) = used_in.get_mut(link.to)
        {
            *end = *used;
            *used += link.share * scale;
        }
    }
    for ((link, start), end) in links.iter().zip(&starts).zip(&ends) {
        let (Some(from), Some(to), Some(node)) = (placed.get(link.from), placed.get(link.to), nodes.get(link.from)) else { continue };
        let thick = link.share * scale;
        if thick < 0.05 {
            continue;
        }
        // Outflows of a node that takes more in than it gives out stand in its middle.
        let spare =
            |slot: &Placed, used: &[f64], index: usize| (slot.height - used.get(index).copied().unwrap_or(slot.height)).max(0.0) / 2.0;
        let (x0, x1) = (from.x + NODE, to.x);
        let (y0, y1) = (from.y + start + spare(from, &used_out, link.from), to.y + end + spare(to, &used_in, link.to));
        let bend = f64::midpoint(x0, x1);
        let band = Path(vec![
            Step::Move((x0, y0)),
            Step::Curve((bend, y0), (bend, y1), (x1, y1)),
            Step::Line((x1, y1 + thick)),
            Step::Curve((bend, y1 + thick), (bend, y0 + thick), (x0, y0 + thick)),
            Step::Close,
        ]);
        let color = pen.color(&node.color);
        pen.canvas.fill(&band, mixed(color, pen.theme.panel, 0.15), 0.5);
        let name = |index: usize| nodes.get(index).map_or("", |node| node.name.as_str());
        let row = (Some(color), format!("{} → {}", name(link.from), name(link.to)), with_unit(link.value, &link.unit));
        pen.canvas.spot(Spot { outline: band, heading: String::new(), rows: vec![row], stop: None });
    }
}
