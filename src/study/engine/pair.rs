//! Two measures of the base plan: the one made as good as possible, the other one held at a level.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::alone::{SLACK, alone, goal};
use super::base::Base;
use super::ends::{Ends, NoEnds};
use super::link::Link;
use super::reduced::Reduced;
use crate::formulation::Formulation;
use crate::formulation::measures::{Measure, Measured, measured};
use crate::formulation::program::{Phase, Row, Sense};
use crate::solve::session::Session;
use crate::solve::{self, Outcome};
use crate::study::trial::keeping;

/// What stops a frontier: nothing more than that it was stopped, or a result without an answer.
type Why = Option<Box<Reduced>>;

/// The ends of a pair, which the chain keeps from its first point on; its session is put where the ends left off,
/// unless it is on its way between them.
pub(super) fn prepared(
    base: &Base,
    link: &mut Link,
    (optimise, hold): (Measure, Measure),
    cancel: Option<&Arc<AtomicBool>>,
) -> Result<Arc<Ends>, Why> {
    let is_known = link.pair.as_ref().is_some_and(|pair| (pair.optimise.measure, pair.hold.measure) == (optimise, hold));
    let mut pair = match link.pair.take().filter(|_| is_known) {
        Some(pair) => pair,
        None => Pair::new(base, optimise, hold).map_err(Some)?,
    };
    let find = || pair.ends(base, cancel).map_err(|why| why.map(|why| NoEnds { status: why.status, reason: why.reason }));
    let ends = base.ends((optimise, hold), find).map_err(|why| why.map(|why| Box::new(Reduced::without(&why.status, why.reason))))?;
    if link.session.is_new() && !ends.bases.is_empty() {
        link.session = Session::starting_from(&ends.bases);
    }
    link.pair = Some(pair);
    Ok(ends)
}

/// Two measures of the base plan.
pub(super) struct Pair {
    /// The base plan's statement, and what the measures need beside it.
    own: Formulation,
    /// Rows of it before those that hold a measure.
    rows: usize,
    optimise: Measured,
    hold: Measured,
}

/// Which measure of a pair.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Optimise,
    Hold,
}

impl Pair {
    fn new(base: &Base, optimise: Measure, hold: Measure) -> Result<Self, Box<Reduced>> {
        if !base.outcome.has_point() {
            return Err(Box::new(Reduced::without("nothing", "The base plan has no answer to begin from.")));
        }
        let mut own = base.stated.formulation.clone();
        let resolved = &base.stated.resolved;
        let optimise = measured(&mut own.program, resolved, &own.layout, optimise);
        let hold = measured(&mut own.program, resolved, &own.layout, hold);
        Ok(Self { rows: own.program.rows.len(), own, optimise, hold })
    }

    fn of(&self, which: Which) -> &Measured {
        match which {
            Which::Optimise => &self.optimise,
            Which::Hold => &self.hold,
        }
    }

    /// The row that holds a measure at a level. A function that is not held has its row, too, but without a
    /// limit, so that every program of a pair has one shape; a quotient's row has no numbers without a level.
    fn row(&self, which: Which, level: Option<f64>) -> Option<Row> {
        let measured = self.of(which);
        if level.is_none() && measured.per.is_some() {
            return None;
        }
        let (function, bound) = measured.held(level.unwrap_or(0.0));
        let mut row = keeping(which as usize, &function, measured.measure.sense(), bound);
        if level.is_none() {
            (row.lower, row.upper) = (f64::NEG_INFINITY, f64::INFINITY);
        }
        Some(row)
    }

    /// The best of one measure with the other one at a level or better, if one is given; also what a unit
    /// more of the level costs.
    fn run(
        &mut self,
        base: &Base,
        session: &mut Session,
        best: Which,
        level: Option<f64>,
        cancel: Option<&Arc<AtomicBool>>,
    ) -> Option<(Outcome, Reduced, Option<f64>)> {
        self.own.program.rows.truncate(self.rows);
        let mut held_row = None;
        for which in [Which::Optimise, Which::Hold] {
            let level = level.filter(|_| which != best);
            if let Some(row) = self.row(which, level) {
                if level.is_some() {
                    held_row = Some(self.own.program.rows.len());
                }
                self.own.program.rows.push(row);
            }
        }
        let measure = self.of(best);
        let phase = match &measure.per {
            None => goal(measure.function.clone(), measure.measure.sense()),
            // The best of a quotient, whatever is made: a minute share of the most keeps it from being of nothing.
            Some(per) => Phase { per: Some((per.clone(), SLACK)), ..goal(measure.function.clone(), measure.measure.sense()) },
        };
        self.own.program.phases = vec![phase];
        let (outcome, mut reduced) = alone(base, session, &self.own, cancel)?;
        let dual = held_row.and_then(|row| outcome.phases.first()?.row_duals.get(row).copied());
        if outcome.has_point() {
            reduced.asked = vec![self.hold.value(&outcome.point), self.optimise.value(&outcome.point)];
        }
        Some((outcome, reduced, dual))
    }

    /// The two ends, found from the base plan's answer. Each solve is feasible where the one before ended.
    fn ends(&mut self, base: &Base, cancel: Option<&Arc<AtomicBool>>) -> Result<Ends, Why> {
        let mut session = base.session_of_goals();
        let (optimise, hold) = (self.optimise.clone(), self.hold.clone());
        let mut reached = |best: Which, level: Option<f64>| {
            // The points between the ends begin at the first of these, and break ties as it does.
            session.break_ties(best == Which::Optimise && level.is_none());
            match self.run(base, &mut session, best, level, cancel) {
                None => Err(None),
                Some((outcome, _, _)) if outcome.status == solve::Status::Optimal => Ok((session.bases(&outcome), outcome.point)),
                Some((_, reduced, _)) => Err(Some(Box::new(reduced))),
            }
        };
        let near = |best: f64, sense: Sense| if sense == Sense::Maximise { best - SLACK * best.abs() } else { best + SLACK * best.abs() };
        let (bases, best) = reached(Which::Optimise, None)?;
        let best_value = optimise.value(&best);
        let first = reached(Which::Hold, Some(near(best_value, optimise.measure.sense())))?.1;
        let best_held = hold.value(&reached(Which::Hold, None)?.1);
        let level = near(best_held, hold.measure.sense());
        let second = reached(Which::Optimise, Some(level))?.1;
        let at = [(hold.value(&first), best_value), (level, optimise.value(&second))];
        Ok(Ends { at, bases: bases.unwrap_or_default() })
    }

    /// The best with the held measure at a level or better; also how much of it a unit more of the level costs.
    pub(super) fn at(
        &mut self,
        base: &Base,
        session: &mut Session,
        level: f64,
        cancel: Option<&Arc<AtomicBool>>,
    ) -> Option<(f64, f64, Reduced)> {
        let (outcome, reduced, dual) = self.run(base, session, Which::Optimise, Some(level), cancel)?;
        let value = if outcome.has_point() { self.optimise.value(&outcome.point) } else { f64::NAN };
        Some((value, dual.unwrap_or(0.0), reduced))
    }
}
