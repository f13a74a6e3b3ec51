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
use crate::formulation::program::{Phase, Program, Sense};

/// What counts as the very best of a goal: a share below it that no digit shown can tell.
const VERY_BEST: f64 = 1e-9;

/// The question, where there is one.
pub(crate) struct Question<'a> {
    first: &'a Phase,
    second: &'a Phase,
    share: f64,
    amount: f64,
    /// The second goal as it was found.
    with: f64,
    /// The second goal, with the first one held at its very best.
    pub(crate) statement: Statement,
    /// What the price of the last units proves.
    pub(crate) at_least: Option<GiveUp>,
}

impl<'a> Question<'a> {
    /// `None` where there is no second goal, where the first is a quotient, or where nothing was given up.
    pub(crate) fn new(program: &'a Program, outcome: &Outcome) -> Option<Self> {
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
        let mut statement = Statement::new(program, false);
        statement.set_phase(0, first);
        statement.hold(0, first, best.value, VERY_BEST);
        statement.set_phase(1, second);
        let mut question = Self { first, second, share, amount, with: with.value, statement, at_least: None };
        question.at_least = with.held.first().map(|held| question.answer(held.dual.abs() * amount, false));
        Some(question)
    }

    /// Name of the second goal.
    pub(crate) fn name(&self) -> &'static str {
        self.second.goal.name
    }

    /// The answer, from what the second goal comes to with the first at its very best.
    pub(crate) fn exact(&self, without: f64) -> GiveUp {
        let better = if self.second.sense == Sense::Maximise { self.with - without } else { without - self.with };
        self.answer(better, true)
    }

    fn answer(&self, brings: f64, exact: bool) -> GiveUp {
        GiveUp {
            name: self.first.goal.name,
            share: self.share,
            amount: self.amount,
            second: self.second.goal.name,
            brings: brings.max(0.0),
            exact,
            whole: false,
        }
    }
}

/// What the give-up brought at least, by the prices of an outcome; nothing is solved.
#[must_use]
pub fn at_least(program: &Program, outcome: &Outcome) -> Option<GiveUp> {
    Question::new(program, outcome)?.at_least
}

/// What the give-up brought, found by the solver that found the answer.
pub(crate) fn found(program: &Program, outcome: &Outcome, engine: &mut Engine, control: &Control) -> Option<GiveUp> {
    let question = Question::new(program, outcome)?;
    if engine.loaded().is_none() || !engine.is_simplex() {
        return question.at_least;
    }
    let step = plain(&question.statement, question.name(), engine, control);
    if step.solved.status == RunStatus::Optimal && step.certificate.checked { Some(question.exact(step.value)) } else { question.at_least }
}
