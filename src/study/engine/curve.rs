//! The curve of the best of one measure over another one, by its tangents.
//!
//! The best value is a concave function of the level (convex for what is wanted little), made of straight
//! pieces. Each solve gives a point of it and, by the dual of the row that holds the level, a tangent. Where
//! the tangents of two neighbours meet, the curve cannot be better; if it reaches that far, it has its break
//! point there and is straight on both sides. If not, the new point's own tangent parts the gap, and the
//! widest gap is looked at next. When no more points may be taken, the widest gap that is left bounds how far
//! the curve drawn can be from the true one.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::base::Base;
use super::link::Link;
use super::pair;
use super::reduced::{Reduced, Vertex};
use crate::formulation::measures::Measure;
use crate::solve::Basis;

/// A gap below this share of the curve's height is none.
const CLOSED: f64 = 1e-6;

/// Where two tangents meet, and how far that is beyond the line between their points.
fn meeting(left: &Vertex, right: &Vertex) -> Option<(f64, f64, f64)> {
    let turn = left.slope - right.slope;
    let width = right.held - left.held;
    if width <= 0.0 || turn.abs() * width <= 1e-15 {
        return None;
    }
    let held = (right.value - left.value + left.slope * left.held - right.slope * right.held) / turn;
    if !(held > left.held + CLOSED * width && held < right.held - CLOSED * width) {
        return None;
    }
    let value = left.value + left.slope * (held - left.held);
    let chord = left.value + (right.value - left.value) * (held - left.held) / width;
    Some((held, value, (value - chord).abs()))
}

/// The curve as one answer: its points in the order of the held measure.
pub(super) fn curve(
    base: &Base,
    link: &mut Link,
    (optimise, hold): (Measure, Measure),
    at_most: u32,
    cancel: Option<&Arc<AtomicBool>>,
) -> Option<Reduced> {
    let ends = match pair::prepared(base, link, (optimise, hold), cancel) {
        Ok(ends) => ends,
        Err(why) => return why.map(|why| *why),
    };
    let ends = ends.at;
    let pair = link.pair.as_mut()?;
    let session = &mut link.session;
    let mut curve: Vec<Vertex> = Vec::new();
    // Where each point stands: the next one between two of them begins at the nearer.
    let mut stands: Vec<(f64, Basis)> = Vec::new();
    let mut put = |curve: &mut Vec<Vertex>, level: f64| -> Option<Result<usize, Box<Reduced>>> {
        let apart = |at: &f64| (at - level).abs();
        let nearest = stands.iter().min_by(|(one, _), (other, _)| apart(one).total_cmp(&apart(other)));
        if let Some((at, basis)) = nearest.filter(|(at, _)| stands.last().is_some_and(|(last, _)| last != at)) {
            log::debug!("From {at} to {level}.");
            session.stand_at(basis);
        }
        let (value, slope, answer) = pair.at(base, session, level, cancel)?;
        if !answer.is_answered() {
            return Some(Err(Box::new(answer)));
        }
        stands.extend(session.stands().map(|basis| (level, basis)));
        let place = curve.partition_point(|vertex| vertex.held < level);
        curve.insert(place, Vertex { held: level, value, slope, gap_to_next: 0.0, answer });
        Some(Ok(place))
    };
    let mut levels = [ends[0].0, ends[1].0];
    levels.sort_by(f64::total_cmp);
    let apart = (levels[1] - levels[0]).abs() > 1e-9 * levels[0].abs().max(levels[1].abs()).max(1e-9);
    for level in levels.iter().take(if apart { 2 } else { 1 }) {
        if let Err(why) = put(&mut curve, *level)? {
            return Some(*why);
        }
    }
    let height = (ends[0].1 - ends[1].1).abs();
    // Gaps that a solve has found closed, by the level they begin at.
    let mut closed: Vec<f64> = Vec::new();
    while curve.len() < at_most as usize {
        let open = curve.windows(2).filter(|pair| !closed.contains(&pair[0].held));
        let widest =
            open.filter_map(|pair| Some((pair[0].held, meeting(&pair[0], &pair[1])?))).filter(|(_, (_, _, gap))| *gap > CLOSED * height);
        let Some((from, (held, value, _))) = widest.max_by(|(_, (_, _, one)), (_, (_, _, other))| one.total_cmp(other)) else { break };
        let Ok(place) = put(&mut curve, held)? else {
            // So near to an end that the solver finds no answer: nothing more is to be found there.
            closed.push(from);
            continue;
        };
        if (curve[place].value - value).abs() <= CLOSED * height {
            // The curve reaches where its tangents meet: it breaks here and is straight on both sides.
            closed.extend([from, held]);
        }
    }
    for place in 1..curve.len() {
        let gap = meeting(&curve[place - 1], &curve[place]).map_or(0.0, |(_, _, gap)| gap);
        let before = &mut curve[place - 1];
        before.gap_to_next = if closed.contains(&before.held) || gap <= CLOSED * height { 0.0 } else { gap };
    }
    straightened(&mut curve, CLOSED * height);
    let mut reduced = Reduced { status: "optimal".to_owned(), ..Reduced::default() };
    reduced.asked = vec![ends[0].0, ends[0].1, ends[1].0, ends[1].1];
    reduced.curve = curve;
    Some(reduced)
}

/// Takes out what lies on a straight piece: the search met it, and nothing breaks there.
fn straightened(curve: &mut Vec<Vertex>, tolerance: f64) {
    let mut place = 1;
    while place + 1 < curve.len() {
        let (before, at, after) = (&curve[place - 1], &curve[place], &curve[place + 1]);
        let chord = before.value + (after.value - before.value) * (at.held - before.held) / (after.held - before.held);
        if before.gap_to_next == 0.0 && at.gap_to_next == 0.0 && (at.value - chord).abs() <= tolerance {
            curve.remove(place);
        } else {
            place += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vertex(held: f64, value: f64, slope: f64) -> Vertex {
        Vertex { held, value, slope, gap_to_next: 0.0, answer: Reduced::default() }
    }

    #[test]
    fn tangents_meet_where_the_curve_breaks() {
        // 10 up to 4, then one down for each: from (0, 10) and (10, 4) the tangents meet at (4, 10).
        let (held, value, gap) = meeting(&vertex(0.0, 10.0, 0.0), &vertex(10.0, 4.0, -1.0)).unwrap();
        assert!((held - 4.0).abs() < 1e-12 && (value - 10.0).abs() < 1e-12 && (gap - 2.4).abs() < 1e-12);
        assert!(meeting(&vertex(0.0, 10.0, -1.0), &vertex(10.0, 0.0, -1.0)).is_none());
    }
}
