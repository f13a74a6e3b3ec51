//! Which inputs decide: each one low and high, the others as planned. By grade, it is the sensitivity study.

use crate::plan::Plan;
use crate::plan::study::{Inputs, Tornado};
use crate::study::engine::{Ask, Base, Change, Point};
use crate::study::sensitivity;

use super::words::{in_words, number_in_words};

/// The base, then every input low and high.
pub(super) fn points(study: &Tornado, base: &Base) -> Vec<Point> {
    let plan: &Plan = &base.plan;
    let mut points = vec![Point { label: "as planned".into(), at: Vec::new(), changes: Vec::new(), ask: Ask::Answer }];
    match &study.inputs {
        Inputs::Stated(swings) => {
            for (number, swing) in swings.iter().enumerate() {
                let name = in_words(plan, &swing.name, &swing.paths);
                for (side, value) in [swing.low, swing.high].into_iter().enumerate() {
                    points.push(Point {
                        label: format!("{name} {}", number_in_words(value, &swing.act)),
                        at: vec![number as f64, side as f64, value],
                        changes: vec![Change::Number { paths: swing.paths.clone(), act: swing.act.clone(), value }],
                        ask: Ask::Answer,
                    });
                }
            }
        }
        Inputs::ByGrade => {
            for (number, input) in sensitivity::movable(&base.stated).into_iter().enumerate() {
                for (side, factor) in [1.0 - input.band, 1.0 + input.band].into_iter().enumerate() {
                    let Some(edit) = (input.edit)(plan, factor) else { continue };
                    points.push(Point {
                        label: format!("{} {}", input.path, crate::words::signed_percent(factor - 1.0, 0)),
                        at: vec![number as f64, side as f64, factor],
                        changes: vec![Change::Edit(edit)],
                        ask: Ask::Answer,
                    });
                }
            }
        }
    }
    points
}

/// The names of the inputs, by the number that stands in a point's place.
#[must_use]
pub fn names(study: &Tornado, base: &Base) -> Vec<String> {
    match &study.inputs {
        Inputs::Stated(swings) => swings.iter().map(|swing| in_words(&base.plan, &swing.name, &swing.paths)).collect(),
        Inputs::ByGrade => {
            sensitivity::movable(&base.stated).into_iter().map(|input| crate::words::subject(&base.plan, &input.path)).collect()
        }
    }
}
