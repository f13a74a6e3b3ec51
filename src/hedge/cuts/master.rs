//! The master of a run by cuts: decisions, and what each future comes to at most.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::sub::Found;
use super::{CutError, Kept};
use crate::formulation::program::{Col, Column, Key, Linear, Phase, Program, Row, Sense, Symbol};
use crate::formulation::scale::power_of_two;
use crate::hedge::joint::{Joint, Member};
use crate::hedge::measure::{Measure, at_least_as_good};
use crate::hedge::shared::{Shared, rows_of};
use crate::solve::Status;
use crate::solve::session::Session;

/// The master: decisions, then what each future comes to at most.
pub(super) struct Master {
    program: Program,
    decisions: usize,
    session: Session,
    near: Session,
    cuts: usize,
}

fn own_key(noun: &'static str, place: usize, round: usize) -> Key {
    Key { noun, entities: [Symbol::NONE; 4], period: place as u32, slice: round as u32, future: Symbol::NONE }
}

/// Keeps the measure of an earlier goal at its level; how much each future keeps of it are columns from `first` on.
fn keep(joint: &mut Joint, first: usize, kept: &Kept) {
    let futures = joint.probabilities.len();
    let (columns, phases) = (joint.columns.clone(), joint.program.phases.clone());
    joint.columns = (0..futures).map(|future| vec![Col((first + future) as u32)]).collect();
    let own = Linear { name: "keeps", unit: "", terms: vec![(Col(0), 1.0)], constant: 0.0 };
    let terms = joint.probabilities.iter().enumerate().map(|(future, probability)| (Col((first + future) as u32), *probability)).collect();
    let mean = Linear { name: "mean", unit: "", terms, constant: 0.0 };
    joint.program.phases = vec![Phase { goal: mean, sense: kept.sense, tolerance: 0.0, at_least: None, per: None, floor: None }];
    kept.measure.apply(joint, &vec![own; futures]);
    if let Some(phase) = joint.program.phases.first().cloned() {
        // The worst futures are stated turned about where little is wanted.
        let is_turned = phase.sense != kept.measure.sense(kept.sense);
        let level = if is_turned { -kept.level } else { kept.level };
        joint.program.rows.push(at_least_as_good(&phase.goal, phase.sense, level));
    }
    (joint.columns, joint.program.phases) = (columns, phases);
}

impl Master {
    pub(super) fn new(members: &[Member<'_>], shared: &[Shared], most: &[f64], measure: &Measure, kept: &[Kept]) -> Self {
        let mut program = Program::default();
        for of_all in shared {
            program.columns.push(Column { key: of_all.own_key(), lower: of_all.lower, upper: of_all.upper, whole: false, limit: None });
        }
        for number in 0..kept.len() {
            for future in 0..members.len() {
                let column = Column {
                    key: own_key("keeps", future, number),
                    lower: f64::NEG_INFINITY,
                    upper: f64::INFINITY,
                    whole: false,
                    limit: None,
                };
                program.columns.push(column);
            }
        }
        let decisions = program.columns.len();
        for (future, most) in most.iter().enumerate() {
            program.columns.push(Column {
                key: own_key("comes_to", future, 0),
                lower: f64::NEG_INFINITY,
                upper: *most,
                whole: false,
                limit: None,
            });
        }
        program.rows = rows_of(members, shared);
        let probabilities: Vec<f64> = members.iter().map(|member| member.probability).collect();
        let own = |future: usize| Col((decisions + future) as u32);
        let terms = probabilities.iter().enumerate().map(|(future, probability)| (own(future), *probability)).collect();
        let goal = Linear { name: "mean", unit: "", terms, constant: 0.0 };
        program.phases = vec![Phase { goal, sense: Sense::Maximise, tolerance: 0.0, at_least: None, per: None, floor: None }];
        let mut joint = Joint {
            program,
            columns: (0..members.len()).map(|future| vec![own(future)]).collect(),
            probabilities,
            ids: members.iter().map(|member| member.id.to_owned()).collect(),
            ..Joint::default()
        };
        let goals: Vec<Linear> =
            members.iter().map(|_| Linear { name: "comes_to", unit: "", terms: vec![(Col(0), 1.0)], constant: 0.0 }).collect();
        measure.apply(&mut joint, &goals);
        joint.program.phases.truncate(1);
        for (number, kept) in kept.iter().enumerate() {
            let first = shared.len() + number * members.len();
            keep(&mut joint, first, kept);
        }
        Self { program: joint.program, decisions, session: Session::new(), near: Session::new(), cuts: 0 }
    }

    /// Adds what a future says of a decision.
    pub(super) fn add(&mut self, future: usize, at: &[f64], found: &Found) {
        let (noun, level, slopes, own) = match found {
            Found::Value { bound, slopes, .. } => ("tangent", *bound, slopes, true),
            Found::Away { distance, slopes } => ("distance", -distance, slopes, false),
            Found::NoAnswer | Found::Failed(_) | Found::Stopped => return,
        };
        // own − g · x ≤ level − g · x̂;  for a distance d + g · (x − x̂) ≤ 0.
        let sign = if own { -1.0 } else { 1.0 };
        let mut terms: Vec<(Col, f64)> =
            slopes.iter().enumerate().filter(|(_, slope)| **slope != 0.0).map(|(place, slope)| (Col(place as u32), sign * slope)).collect();
        let side: f64 = level + sign * slopes.iter().zip(at).map(|(slope, at)| slope * at).sum::<f64>();
        if own {
            terms.push((Col((self.decisions + future) as u32), 1.0));
        }
        let largest = terms.iter().map(|(_, coefficient)| coefficient.abs()).fold(0.0, f64::max);
        // A slope that is a hundred-millionth of the largest is the solver's dust.
        terms.retain(|(_, coefficient)| coefficient.abs() > 1e-11 * largest);
        let smallest = terms.iter().map(|(_, coefficient)| coefficient.abs()).fold(largest, f64::min);
        let scale = power_of_two((largest * smallest).sqrt());
        for (_, coefficient) in &mut terms {
            *coefficient *= scale;
        }
        terms.sort_unstable_by_key(|(col, _)| *col);
        let key = own_key(noun, future, self.cuts);
        self.cuts += 1;
        self.program.rows.push(Row { key, family: "objective", terms, lower: f64::NEG_INFINITY, upper: side * scale, limit: None, scale });
    }

    /// The most that can be promised, proved, and where.
    pub(super) fn best(&mut self, cancel: Option<&Arc<AtomicBool>>) -> Result<(f64, Vec<f64>), CutError> {
        let outcome = self.session.solve(&self.program, cancel.cloned());
        match (&outcome.status, outcome.phases.first()) {
            (Status::Optimal, Some(phase)) => {
                let sense = self.program.phases.first().map_or(Sense::Maximise, |phase| phase.sense);
                let proved = outcome.certificate.phases.first().and_then(|phase| phase.dual).unwrap_or(phase.value);
                let bound = if sense == Sense::Maximise { proved.max(phase.value) } else { proved.min(phase.value) };
                Ok((bound, outcome.point.get(..self.decisions).unwrap_or_default().to_vec()))
            }
            (Status::Infeasible, _) => Err(CutError::Infeasible),
            (Status::Stopped { .. }, _) => Err(CutError::Stopped),
            (status, _) => Err(CutError::Failed(format!("The decisions could not be weighed: {status:?}."))),
        }
    }

    /// The point nearest to one, of those that promise a level.
    pub(super) fn nearest(&mut self, centre: &[f64], level: Option<f64>, cancel: Option<&Arc<AtomicBool>>) -> Option<Vec<f64>> {
        let mut program = self.program.clone();
        let phase = program.phases.first()?.clone();
        program.rows.extend(level.map(|level| at_least_as_good(&phase.goal, phase.sense, level)));
        let mut terms = Vec::new();
        for (place, at) in centre.iter().enumerate() {
            let far = Col(program.columns.len() as u32);
            let column = Column { key: own_key("far", place, 0), lower: 0.0, upper: f64::INFINITY, whole: false, limit: None };
            program.columns.push(column);
            terms.push((far, 1.0 / at.abs().max(1.0)));
            for (number, sign) in [1.0, -1.0].into_iter().enumerate() {
                program.rows.push(Row {
                    key: own_key("far", place, number),
                    family: "objective",
                    terms: vec![(Col(place as u32), sign), (far, -1.0)],
                    lower: f64::NEG_INFINITY,
                    upper: sign * at,
                    limit: None,
                    scale: 1.0,
                });
            }
        }
        let goal = Linear { name: "distance", unit: "", terms, constant: 0.0 };
        program.phases = vec![Phase { goal, sense: Sense::Minimise, tolerance: 0.0, at_least: None, per: None, floor: None }];
        let outcome = self.near.solve(&program, cancel.cloned());
        (outcome.status == Status::Optimal).then(|| outcome.point.get(..self.decisions).unwrap_or_default().to_vec())
    }
}
