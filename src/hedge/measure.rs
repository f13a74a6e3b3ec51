//! What is made as good as possible over all futures.
//!
//! With v_ω = ± goal_ω (what is wanted little turned about) and probabilities π_ω:
//!
//! * mean: most Σ π_ω v_ω;
//! * worst futures: most (1 − λ) Σ π_ω v_ω + λ (η − 1/α Σ π_ω s_ω), s_ω ≥ η − v_ω, s_ω ≥ 0: at the best η the
//!   bracket is the mean of the worst share α (Rockafellar and Uryasev 2000);
//! * regret: least t, t ≥ v*_ω − v_ω, v*_ω from each future alone.
//!
//! Each v_ω is a column of its own, so that what measures it has few entries. A measure may leave the other
//! futures open: what is as good by it is settled by the mean, and the goals after the first are means.

use super::joint::Joint;
use crate::formulation::program::{Col, Column, Key, Linear, NO_INDEX, Phase, Program, Row, Sense, Symbol};
use crate::formulation::scale::{merge, power_of_two};

/// Share of the measure that the mean after it may take, where nothing else says.
const TIE: f64 = 1e-6;
/// A coefficient that is so small a share of the largest one is nothing beside it, and no solver could hold both.
const NOTHING: f64 = 1e-13;

/// What is made as good as possible.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// The mean.
    Mean,
    /// The mean, and the mean of the worst futures with a weight.
    Worst {
        /// Which share of all futures is the worst.
        share: f64,
        /// Weight of their mean.
        weight: f64,
    },
    /// The largest regret.
    Regret {
        /// What each future would give if it were known.
        best: Vec<f64>,
    },
}

impl Measure {
    /// The measure of values, one for each future, `sense` being what is wanted of a value. For regret it is
    /// the largest one, which is wanted little whatever the sense.
    #[must_use]
    pub fn of(&self, values: &[f64], probabilities: &[f64], sense: Sense) -> f64 {
        of_values(self, values, probabilities, sense)
    }

    /// Which way the measure is better.
    #[must_use]
    pub fn sense(&self, goal: Sense) -> Sense {
        if matches!(self, Self::Regret { .. }) { Sense::Minimise } else { goal }
    }

    /// Sets the goals of a joint program: the measure of the first goal in turn with the means of the others.
    /// `goals` are the futures' first goals.
    pub fn apply(&self, joint: &mut Joint, goals: &[Linear]) {
        let Some(first) = joint.program.phases.first().cloned() else { return };
        let sign = if first.sense == Sense::Maximise { 1.0 } else { -1.0 };
        let (goal, sense) = match self {
            Self::Mean => return,
            Self::Worst { weight, .. } if *weight <= 0.0 => return,
            Self::Worst { share, weight } => (worst(joint, goals, sign, (*share, *weight)), Sense::Maximise),
            Self::Regret { best } => (regret(joint, goals, sign, best), Sense::Minimise),
        };
        // With one goal the mean settles what the measure leaves open; with more the next one does.
        let is_alone = joint.program.phases.len() == 1;
        let tolerance = if is_alone { first.tolerance.min(TIE) } else { first.tolerance };
        let measured = Phase { goal: Linear { unit: first.goal.unit, ..goal }, sense, tolerance, ..first.clone() };
        if is_alone {
            joint.program.phases.insert(0, measured);
        } else {
            joint.program.phases[0] = measured;
        }
    }
}

/// See [`Measure::of`].
#[must_use]
pub fn of_values(measure: &Measure, values: &[f64], probabilities: &[f64], sense: Sense) -> f64 {
    let mean: f64 = values.iter().zip(probabilities).map(|(value, probability)| value * probability).sum();
    let sign = if sense == Sense::Maximise { 1.0 } else { -1.0 };
    match measure {
        Measure::Mean => mean,
        Measure::Worst { share, weight } => {
            let mut order: Vec<(f64, f64)> = values.iter().map(|value| sign * value).zip(probabilities.iter().copied()).collect();
            order.sort_by(|one, other| one.0.total_cmp(&other.0));
            let (mut left, mut sum) = (*share, 0.0);
            for (value, probability) in order {
                let taken = probability.min(left);
                sum += taken * value;
                left -= taken;
            }
            (1.0 - weight) * mean + weight * sign * sum / share
        }
        Measure::Regret { best } => {
            best.iter().zip(values).map(|(best, value)| sign * (best - value)).fold(f64::NEG_INFINITY, f64::max).max(0.0)
        }
    }
}

fn column(program: &mut Program, noun: &'static str, future: Symbol, lower: f64) -> Col {
    let key = Key { noun, entities: [Symbol::NONE; 4], period: NO_INDEX, slice: NO_INDEX, future };
    program.columns.push(Column { key, lower, upper: f64::INFINITY, whole: false, limit: None });
    Col(program.columns.len() as u32 - 1)
}

fn row(program: &mut Program, noun: &'static str, future: Symbol, mut terms: Vec<(Col, f64)>, (lower, upper): (f64, f64)) {
    merge(&mut terms);
    let largest = terms.iter().map(|(_, coefficient)| coefficient.abs()).fold(0.0, f64::max);
    terms.retain(|(_, coefficient)| coefficient.abs() > NOTHING * largest);
    let smallest = terms.iter().map(|(_, coefficient)| coefficient.abs()).fold(largest, f64::min);
    // About the middle of its range: a future's money ranges over many decades.
    let scale = power_of_two((largest * smallest).sqrt());
    for (_, coefficient) in &mut terms {
        *coefficient *= scale;
    }
    let key = Key { noun, entities: [Symbol::NONE; 4], period: NO_INDEX, slice: NO_INDEX, future };
    program.rows.push(Row { key, family: "objective", terms, lower: lower * scale, upper: upper * scale, limit: None, scale });
}

/// A column for what each future comes to, turned about where little is wanted.
fn values(joint: &mut Joint, goals: &[Linear], sign: f64) -> Vec<Col> {
    let mut cols = Vec::new();
    for (future, goal) in goals.iter().enumerate() {
        let symbol = joint.symbol(future);
        let col = column(&mut joint.program, "value", symbol, f64::NEG_INFINITY);
        let mut terms: Vec<(Col, f64)> =
            joint.of(future, goal).terms.iter().map(|(col, coefficient)| (*col, -sign * coefficient)).collect();
        terms.push((col, 1.0));
        let constant = sign * goal.constant;
        row(&mut joint.program, "value", symbol, terms, (constant, constant));
        cols.push(col);
    }
    cols
}

/// The row that keeps a goal at a level or better.
pub(super) fn at_least_as_good(goal: &Linear, sense: Sense, level: f64) -> Row {
    let mut program = Program::default();
    let side = level - goal.constant;
    let bounds = if sense == Sense::Maximise { (side, f64::INFINITY) } else { (f64::NEG_INFINITY, side) };
    row(&mut program, "level", Symbol::NONE, goal.terms.clone(), bounds);
    program.rows.swap_remove(0)
}

fn worst(joint: &mut Joint, goals: &[Linear], sign: f64, (share, weight): (f64, f64)) -> Linear {
    let values = values(joint, goals, sign);
    let edge = column(&mut joint.program, "edge", Symbol::NONE, f64::NEG_INFINITY);
    let mut terms = vec![(edge, weight)];
    for (future, value) in values.iter().enumerate() {
        let symbol = joint.symbol(future);
        let short = column(&mut joint.program, "shortfall", symbol, 0.0);
        row(&mut joint.program, "shortfall", symbol, vec![(short, 1.0), (*value, 1.0), (edge, -1.0)], (0.0, f64::INFINITY));
        let probability = joint.probabilities.get(future).copied().unwrap_or(0.0);
        terms.push((*value, (1.0 - weight) * probability));
        terms.push((short, -weight * probability / share));
    }
    merge(&mut terms);
    Linear { name: "worst", unit: "", terms, constant: 0.0 }
}

fn regret(joint: &mut Joint, goals: &[Linear], sign: f64, best: &[f64]) -> Linear {
    let values = values(joint, goals, sign);
    let most = column(&mut joint.program, "regret", Symbol::NONE, 0.0);
    for (future, (value, best)) in values.iter().zip(best).enumerate() {
        let symbol = joint.symbol(future);
        row(&mut joint.program, "regret", symbol, vec![(most, 1.0), (*value, 1.0)], (sign * best, f64::INFINITY));
    }
    Linear { name: "regret", unit: "", terms: vec![(most, 1.0)], constant: 0.0 }
}
