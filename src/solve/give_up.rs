//! What the little that the first goal may give up brings in the second.
//!
//! The second goal is solved once more with the first one held at its very best; the difference is what
//! the give-up brought, as anybody finds who tries. Where that run is too long (an interior point method
//! on a large program) the price of the last units of the first goal, the dual of the row that holds it,
//! still proves the least it brought: the second goal's best is concave in what is held.

use super::cold::{Engine, plain};
use super::outcome::{GiveUp, Outcome};
use super::statement::Statement;
use super::{Control, RunStatus};
use crate::formulation::program::{Program, Sense};

/// What counts as the very best of a goal: a share below it that no digit shown can tell.
const VERY_BEST: f64 = 1e-9;

/// `None` where there is no second goal, where the first is a quotient, or where nothing was given up.
pub(crate) fn found(program: &Program, outcome: &Outcome, engine: &mut Engine, control: &Control) -> Option<GiveUp> {
    let ([first, second, ..], [best, with, ..]) = (program.phases.as_slice(), outcome.phases.as_slice()) else { return None };
    if first.per.is_some() || second.per.is_some() || first.tolerance <= VERY_BEST {
        return None;
    }
    let reached = first.goal.value(&outcome.point);
    let amount = (best.value - reached).abs();
    let share = amount / best.value.abs().max(f64::MIN_POSITIVE);
    if share.is_nan() || share <= 10.0 * VERY_BEST {
        return None;
    }
    let better = |with: f64, without: f64| if second.sense == Sense::Maximise { with - without } else { without - with };
    let give_up = |brings: f64, exact| GiveUp {
        name: first.goal.name,
        share,
        amount,
        second: second.goal.name,
        brings: brings.max(0.0),
        exact,
        whole: false,
    };
    let at_least = with.held.first().map(|held| give_up(held.dual.abs() * amount, false));
    if engine.loaded().is_none() || !engine.is_simplex() {
        return at_least;
    }
    let mut statement = Statement::new(program, false);
    statement.set_phase(0, first);
    statement.hold(0, first, best.value, VERY_BEST);
    statement.set_phase(1, second);
    let step = plain(&statement, second.goal.name, engine, control);
    if step.solved.status == RunStatus::Optimal && step.certificate.checked {
        Some(give_up(better(with.value, step.value), true))
    } else {
        at_least
    }
}
