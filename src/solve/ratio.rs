//! Least goal per unit of another function (cost per token), by Charnes and Cooper.
//!
//! With `x' = s·x` and a scale `s > 0`, a quotient of two linear functions becomes linear: every
//! constant and every bound is multiplied by `s`, and the divisor is normalised to the best value of
//! the floor, `per·x' + per₀·s = best`. The floor keeps at least a share `f` of its best: where it is
//! the divisor itself, that is `s ≤ 1/f`; where the divisor is the floor's terms each made smaller
//! (tokens and discounted tokens), to no less than a share `d`, `s ≤ 1/(f·d)`. The goal is
//! `(goal·x' + goal₀·s) / best`, and the answer is `x = x'/s`.
//!
//! A row `a·x ≥ b` became `a·x' − b·s ≥ 0`. Raising `b` by one raises that row's right-hand side by
//! `s`, so the quotient's dual is the row's dual times `s`; the same holds for bounds.

use std::collections::HashMap;

use super::cold::{Engine, Step, certified, plain};
use super::statement::Statement;
use super::{Control, RunStatus};
use crate::formulation::program::{Col, Linear, Phase, Sense};

/// Below this the best of a divisor is the solver's rounding of nothing.
const NOTHING: f64 = 1e-9;

/// Runs a phase whose goal is divided by `per`, with its floor (else `per` itself) kept at or above `share` of its best.
pub(crate) fn run(
    statement: &mut Statement,
    number: usize,
    phase: &Phase,
    per: &Linear,
    share: f64,
    engine: &mut Engine,
    control: &Control,
) -> Step {
    // The best of the floor first.
    let floor = phase.floor.as_ref().unwrap_or(per);
    statement.set_goal(floor, Sense::Maximise);
    let best = plain(statement, floor.name, engine, control);
    statement.set_phase(number, phase);
    if best.solved.status != RunStatus::Optimal || !best.certificate.checked {
        return best;
    }
    if best.value <= NOTHING {
        let mut step = best;
        step.solved.status = RunStatus::Nothing;
        return step;
    }
    let share = share.clamp(1e-3, 1.0);
    statement.hold_share(number, phase, share * best.value);
    let (homogeneous, bounds) = homogenised(statement, phase, per, share * least_ratio(per, floor), best.value);
    let mut step = plain(&homogeneous, phase.goal.name, engine, control);
    step.solved.iterations += best.solved.iterations;
    let columns = statement.columns();
    let scale = step.solved.point.get(columns).copied().unwrap_or(0.0);
    if step.solved.status != RunStatus::Optimal || scale <= 0.0 {
        step.solved.point.clear();
        return step;
    }
    // Back to the plan's own columns, rows and bounds.
    let solved = &mut step.solved;
    solved.point.truncate(columns);
    solved.point.iter_mut().for_each(|value| *value /= scale);
    if solved.has_duals {
        let duals = solved.row_duals.clone();
        solved.column_duals.truncate(columns);
        solved.column_duals.iter_mut().for_each(|dual| *dual *= scale);
        solved.row_duals = vec![0.0; statement.rows()];
        for (row, what) in bounds.iter().enumerate() {
            match what {
                Origin::Row(original) => solved.row_duals[*original] += duals[row] * scale,
                Origin::Column(column) => solved.column_duals[*column] += duals[row] * scale,
                Origin::Normal => {}
            }
        }
    }
    let original = certified(statement, phase.goal.name, &super::Solved { has_duals: false, ..solved.clone() });
    // Optimality is proved on the homogeneous program, feasibility on the original one as well.
    step.certificate.row_residual = step.certificate.row_residual.max(original.row_residual);
    step.certificate.bound_residual = step.certificate.bound_residual.max(original.bound_residual);
    step.certificate.worst_row = original.worst_row;
    step.certificate.checked &= original.feasible();
    step.value = phase.goal.value(&step.solved.point) / per.value(&step.solved.point);
    step
}

/// The least share of the floor's coefficient that the divisor has on any column: 1 where they are the same.
#[must_use]
pub fn least_ratio(per: &Linear, floor: &Linear) -> f64 {
    let known: HashMap<Col, f64> = per.terms.iter().copied().collect();
    let of = |col: &Col| known.get(col).copied().unwrap_or(0.0);
    let shares = floor.terms.iter().filter(|(_, coefficient)| *coefficient != 0.0).map(|(col, coefficient)| of(col) / coefficient);
    shares.fold(1.0, f64::min).max(1e-6)
}

/// What a row of the homogeneous program came from.
enum Origin {
    Row(usize),
    Column(usize),
    Normal,
}

fn homogenised(statement: &Statement, phase: &Phase, per: &Linear, share: f64, best: f64) -> (Statement, Vec<Origin>) {
    let columns = statement.columns();
    let scale = columns as u32;
    let mut origins = Vec::new();
    let mut made = Statement {
        lower: vec![f64::NEG_INFINITY; columns],
        upper: vec![f64::INFINITY; columns],
        whole: vec![false; columns + 1],
        start: vec![0],
        index: Vec::new(),
        value: Vec::new(),
        row_lower: Vec::new(),
        row_upper: Vec::new(),
        row_scale: Vec::new(),
        cost: vec![0.0; columns + 1],
        constant: 0.0,
        sense: phase.sense,
        program_rows: 0,
        least_rows: Vec::new(),
        share_rows: Vec::new(),
        hold_rows: Vec::new(),
    };
    // s lies between 1 (the divisor at its best) and 1/share; 0 leaves room for rounding.
    made.lower.push(0.0);
    made.upper.push(1.0 / share);
    let mut side = |made: &mut Statement,
                    terms: &mut dyn Iterator<Item = (u32, f64)>,
                    lower: f64,
                    upper: f64,
                    origin: fn(usize) -> Origin,
                    number: usize| {
        let terms: Vec<(u32, f64)> = terms.collect();
        let sides =
            if lower == upper { vec![(lower, 0.0, 0.0)] } else { vec![(lower, 0.0, f64::INFINITY), (upper, f64::NEG_INFINITY, 0.0)] };
        for (bound, least, most) in sides.into_iter().filter(|(bound, _, _)| bound.is_finite()) {
            let constant = (bound != 0.0).then_some((scale, -bound));
            made.push_row(terms.iter().copied().chain(constant), least, most, 1.0);
            origins.push(origin(number));
        }
    };
    for row in 0..statement.rows() {
        let mut terms = statement.entries(row).map(|(column, value)| (column as u32, value));
        side(&mut made, &mut terms, statement.row_lower[row], statement.row_upper[row], Origin::Row, row);
    }
    for column in 0..columns {
        let (lower, upper) = (statement.lower[column], statement.upper[column]);
        let mut one = std::iter::once((column as u32, 1.0));
        if lower == 0.0 {
            // Zero is zero on any scale.
            made.lower[column] = 0.0;
            side(&mut made, &mut one, f64::NEG_INFINITY, upper, Origin::Column, column);
        } else {
            side(&mut made, &mut one, lower, upper, Origin::Column, column);
        }
    }
    let normal = per
        .terms
        .iter()
        .map(|(col, coefficient)| (col.0, *coefficient / best))
        .chain((per.constant != 0.0).then_some((scale, per.constant / best)));
    made.push_row(normal, 1.0, 1.0, 1.0);
    origins.push(Origin::Normal);
    for (col, coefficient) in &phase.goal.terms {
        made.cost[col.0 as usize] += coefficient / best;
    }
    made.cost[columns] += phase.goal.constant / best;
    (made, origins)
}
