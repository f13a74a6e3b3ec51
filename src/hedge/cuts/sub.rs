//! One future of a run by cuts: its program with what is held, on its own hot session.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::Kept;
use crate::formulation::program::{Col, Column, Key, Linear, NO_INDEX, Phase, Program, Row, Sense, Symbol};
use crate::hedge::joint::Member;
use crate::hedge::measure::at_least_as_good;
use crate::hedge::shared::Shared;
use crate::solve::glance::Bases;
use crate::solve::session::Session;
use crate::solve::{self, SolveOptions, Status};

/// A distance from what a future can do that is none.
const NEAR: f64 = 1e-7;

/// A tangent: what a future comes to at most, or by how far it has no answer, at any decision.
#[derive(Clone, Debug)]
pub(super) enum Found {
    /// Value, the bound that its duals prove, slopes, point.
    Value {
        value: f64,
        bound: f64,
        slopes: Vec<f64>,
        point: Vec<f64>,
    },
    /// Distance and slopes.
    Away {
        distance: f64,
        slopes: Vec<f64>,
    },
    NoAnswer,
    Failed(String),
    Stopped,
}

pub(super) struct Answer {
    pub(super) future: usize,
    pub(super) found: Found,
    pub(super) cpu_seconds: f64,
}

/// One future on its thread: its program with what is held, and its hot session.
pub(super) struct Sub {
    pub(super) future: usize,
    program: Program,
    columns: Vec<Option<Col>>,
    bounds: Vec<(f64, f64)>,
    sign: f64,
    session: Session,
}

impl Sub {
    pub(super) fn solved(&mut self, held: Option<&[f64]>, cancel: Option<&Arc<AtomicBool>>) -> Answer {
        for (place, col) in self.columns.iter().enumerate() {
            let Some(column) = col.and_then(|col| self.program.columns.get_mut(col.0 as usize)) else { continue };
            let (lower, upper) = self.bounds[place];
            (column.lower, column.upper) = match held {
                Some(held) => {
                    let value = held[place].clamp(lower, upper);
                    (value, value)
                }
                None => (lower, upper),
            };
        }
        let outcome = self.session.solve(&self.program, cancel.cloned());
        let cpu_seconds = outcome.cpu_seconds;
        let found = match (&outcome.status, outcome.phases.first()) {
            (Status::Optimal, Some(phase)) => {
                let bound = outcome.certificate.phases.first().and_then(|phase| phase.dual).unwrap_or(phase.value);
                let slope =
                    |col: &Option<Col>| col.and_then(|col| phase.column_duals.get(col.0 as usize)).map_or(0.0, |dual| self.sign * dual);
                let slopes = self.columns.iter().map(slope).collect();
                let bound = (self.sign * bound).max(self.sign * phase.value);
                Found::Value { value: self.sign * phase.value, bound, slopes, point: outcome.point }
            }
            (Status::Stopped { .. }, _) => Found::Stopped,
            (Status::Infeasible, _) => match held {
                Some(held) => self.away(held, cancel),
                None => Found::NoAnswer,
            },
            (Status::Unbounded { .. }, _) if held.is_none() => Found::NoAnswer,
            (status, _) => Found::Failed(format!("A future could not be solved: {status:?}.")),
        };
        Answer { future: self.future, found, cpu_seconds }
    }

    /// How far what is held is from what this future can do, and which way is nearer.
    fn away(&self, held: &[f64], cancel: Option<&Arc<AtomicBool>>) -> Found {
        let mut program = self.program.clone();
        let key = |noun: &'static str, place: usize| Key {
            noun,
            entities: [Symbol::NONE; 4],
            period: place as u32,
            slice: NO_INDEX,
            future: Symbol::NONE,
        };
        let mut terms = Vec::new();
        let mut rows = vec![None; held.len()];
        for (place, col) in self.columns.iter().enumerate() {
            let Some(col) = *col else { continue };
            if let Some(column) = program.columns.get_mut(col.0 as usize) {
                (column.lower, column.upper) = self.bounds[place];
            }
            let more = Col(program.columns.len() as u32);
            for noun in ["more", "less"] {
                program.columns.push(Column { key: key(noun, place), lower: 0.0, upper: f64::INFINITY, whole: false, limit: None });
            }
            let less = Col(more.0 + 1);
            let weight = 1.0 / held[place].abs().max(1.0);
            terms.extend([(more, weight), (less, weight)]);
            rows[place] = Some(program.rows.len());
            program.rows.push(Row {
                key: key("held", place),
                family: "objective",
                terms: vec![(col, 1.0), (more, 1.0), (less, -1.0)],
                lower: held[place],
                upper: held[place],
                limit: None,
                scale: 1.0,
            });
        }
        let goal = Linear { name: "distance", unit: "", terms, constant: 0.0 };
        program.phases = vec![Phase { goal, sense: Sense::Minimise, tolerance: 0.0, at_least: None, per: None, floor: None }];
        let outcome = solve::solve(&program, &SolveOptions { cancel: cancel.cloned(), ..SolveOptions::default() });
        match (&outcome.status, outcome.phases.first()) {
            (Status::Optimal, Some(phase)) if phase.value > NEAR => {
                let slopes = rows.iter().map(|row| row.and_then(|row| phase.row_duals.get(row)).copied().unwrap_or(0.0)).collect();
                Found::Away { distance: phase.value, slopes }
            }
            (Status::Optimal, _) => {
                Found::Failed("A future is at the edge of what it can do, and its solver finds no answer there.".to_owned())
            }
            (Status::Infeasible, _) => Found::NoAnswer,
            (Status::Stopped { .. }, _) => Found::Stopped,
            (status, _) => Found::Failed(format!("A future's distance could not be found: {status:?}.")),
        }
    }
}

/// A future made ready.
pub(super) fn sub(
    members: &[Member<'_>],
    shared: &[Shared],
    future: usize,
    (goal, kept): (usize, &[Kept]),
    (sign, begin): (f64, Option<&Bases>),
) -> Option<Sub> {
    let member = members.get(future)?;
    let mut program = member.program.clone();
    let own = program.phases.get(goal)?.clone();
    let mut columns: Vec<Option<Col>> = shared.iter().map(|of_all| of_all.columns.get(future).copied().flatten()).collect();
    // What is kept of an earlier goal is a column, held like a decision: goal − kept ≥ 0, or ≤ where little is wanted.
    for kept in kept {
        let mut goal = program.phases.get(kept.goal)?.goal.clone();
        let level = Col(program.columns.len() as u32);
        let key = Key { noun: "kept", entities: [Symbol::NONE; 4], period: kept.goal as u32, slice: NO_INDEX, future: Symbol::NONE };
        program.columns.push(Column { key, lower: f64::NEG_INFINITY, upper: f64::INFINITY, whole: false, limit: None });
        goal.terms.push((level, -1.0));
        let row = at_least_as_good(&goal, kept.sense, 0.0);
        program.rows.push(Row { key: Key { noun: "kept", ..row.key }, ..row });
        columns.extend((0..members.len()).map(|other| (other == future).then_some(level)));
    }
    program.phases = vec![own];
    let bounds = columns
        .iter()
        .map(|col| col.and_then(|col| program.columns.get(col.0 as usize)).map_or((0.0, 0.0), |column| (column.lower, column.upper)))
        .collect();
    let session = begin.map_or_else(Session::new, Session::starting_from);
    Some(Sub { future, program, columns, bounds, sign, session })
}
