//! What one goal costs of another: the best of the one at every level of the other.

use super::measure;
use crate::plan::study::{Frontier, FrontierPoints};
use crate::study::engine::{Ask, Point, Record};
use crate::words::lowered;

/// One point that is the whole curve, or even steps between its ends.
pub(super) fn points(study: &Frontier) -> Vec<Point> {
    let (optimise, hold) = (measure(&study.optimise), measure(&study.hold));
    let name = format!("best {} over {}", lowered(optimise.title()), lowered(hold.title()));
    match study.points {
        FrontierPoints::BreakPoints(at_most) => {
            vec![Point { label: name, at: Vec::new(), changes: Vec::new(), ask: Ask::Curve { optimise, hold, at_most } }]
        }
        FrontierPoints::Evenly(count) => (0..count)
            .map(|step| {
                let share = f64::from(step) / f64::from(count.max(2) - 1);
                let label = format!("{name}, {} of the way", crate::words::percent(share));
                Point { label, at: vec![share], changes: Vec::new(), ask: Ask::Held { optimise, hold, share } }
            })
            .collect(),
    }
}

/// A point of the curve that is drawn: the held measure and the other one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnCurve {
    /// The held measure.
    pub held: f64,
    /// The other one, at its best.
    pub value: f64,
}

/// The curve as far as it is known, in the order of the held measure.
#[must_use]
pub fn curve(records: &[Record]) -> Vec<OnCurve> {
    let mut curve: Vec<OnCurve> = Vec::new();
    for record in records {
        curve.extend(record.answer.curve.iter().map(|vertex| OnCurve { held: vertex.held, value: vertex.value }));
        if record.answer.curve.is_empty()
            && record.answer.is_answered()
            && let [held, value] = record.answer.asked.as_slice()
        {
            curve.push(OnCurve { held: *held, value: *value });
        }
    }
    curve.sort_by(|one, other| one.held.total_cmp(&other.held));
    curve
}

/// The knee: the point farthest from the line between the ends, in shares of the curve's width and height.
/// Where nothing bends there is none.
#[must_use]
pub fn knee(curve: &[OnCurve]) -> Option<usize> {
    let (first, last) = (curve.first()?, curve.last()?);
    let (width, height) = (last.held - first.held, last.value - first.value);
    if width.abs() <= 0.0 || height.abs() <= 0.0 {
        return None;
    }
    let off = |point: &OnCurve| ((point.held - first.held) / width - (point.value - first.value) / height).abs();
    let (place, farthest) =
        curve.iter().enumerate().map(|(place, point)| (place, off(point))).max_by(|one, other| one.1.total_cmp(&other.1))?;
    (farthest > 0.01).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_knee_is_the_corner() {
        let curve: Vec<OnCurve> = [(0.0, 10.0), (4.0, 9.0), (5.0, 5.0), (6.0, 0.0)].map(|(held, value)| OnCurve { held, value }).to_vec();
        assert_eq!(knee(&curve), Some(1));
        let straight: Vec<OnCurve> = [(0.0, 2.0), (1.0, 1.0), (2.0, 0.0)].map(|(held, value)| OnCurve { held, value }).to_vec();
        assert_eq!(knee(&straight), None);
    }
}
