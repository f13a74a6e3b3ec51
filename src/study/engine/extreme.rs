//! The least and the most of things within what the goals of the base plan may give up.
//!
//! All extremes of a chain are of one program; only the goal changes. Each begins at the best for it of all
//! points that the chain has met, and goes on from there by the primal simplex. Before the first one, two sums
//! are looked at, of all that is wanted little and of all that is wanted much, each by its size: many a thing is
//! at an end of its range there already, and a plan that has it there is the proof.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::alone::{alone, goal, reduced};
use super::base::Base;
use super::link::Link;
use super::point::{Ask, Point};
use super::reduced::Reduced;
use crate::formulation::Formulation;
use crate::formulation::measures::{self, Measure, Measured};
use crate::formulation::program::{Col, Linear, Program, Row, Sense};
use crate::formulation::scale::merge;
use crate::plan::study::Group;
use crate::solve::session::Session;
use crate::solve::{self, Basis, Outcome};
use crate::study::trial::keeping;

/// How near to the end of its range counts as there, in the function's unit.
const REACHED: f64 = 1e-9;

/// Extremes in a chain from which on the sums are worth their two solves.
const SUMS_FROM: usize = 6;

/// What the extremes of a chain have in common.
pub(super) struct Extremes {
    /// What may be given up, and whether only of the first goal.
    of: (f64, bool),
    /// The base plan's statement with the rows that keep its goals.
    own: Formulation,
    /// The plans that are known to keep them; the base plan's own first.
    known: Vec<Known>,
    /// Index of the one at which the session stands.
    stands_at: usize,
}

/// A plan that keeps the goals.
struct Known {
    outcome: Outcome,
    /// Where it stands, if the simplex method can go on from it.
    basis: Option<Basis>,
}

/// A thing that is looked at, and which end of it.
struct Wanted {
    function: Linear,
    most: bool,
}

impl Wanted {
    fn of(base: &Base, (group, id, most): (&Group, &str, bool)) -> Self {
        let (resolved, layout) = (&base.stated.resolved, &base.stated.formulation.layout);
        let function = match group {
            Group::ChipsByKind => measures::chips_ordered(resolved, layout, id),
            Group::PowerBySite => measures::it_power(resolved, layout, id),
            Group::HallsBySite => measures::halls_ordered(resolved, layout, id),
            Group::PowerByContract => measures::contract_power(resolved, layout, id),
            Group::TokensByMarket => measures::sold(resolved, layout, id),
        };
        Self { function, most }
    }

    fn sense(&self) -> Sense {
        if self.most { Sense::Maximise } else { Sense::Minimise }
    }

    /// The least or most that the bounds of the columns alone allow.
    fn limit(&self, program: &Program) -> f64 {
        let of = |(col, coefficient): &(Col, f64)| {
            let Some(column) = program.columns.get(col.0 as usize) else { return f64::NAN };
            coefficient * if (*coefficient > 0.0) == self.most { column.upper } else { column.lower }
        };
        self.function.constant + self.function.terms.iter().filter(|(_, coefficient)| *coefficient != 0.0).map(of).sum::<f64>()
    }

    /// Whether a plan is at that end.
    fn is_reached(&self, end: f64, outcome: &Outcome) -> bool {
        let value = self.function.value(&outcome.point);
        if self.most { value >= end - REACHED } else { value <= end + REACHED }
    }

    fn is_better(&self, one: f64, other: f64) -> bool {
        let by = REACHED * one.abs().max(other.abs()).max(1.0);
        if self.most { one > other + by } else { one < other - by }
    }
}

/// What came of an extreme; `None` if it was stopped.
pub(super) fn solved(base: &Base, link: &mut Link, chain: &[Point], ask: &Ask, cancel: Option<&Arc<AtomicBool>>) -> Option<Reduced> {
    let Ask::Extreme { group, id, most, give_up, first_only } = ask else { return None };
    if base.outcome.status != solve::Status::Optimal {
        return Some(Reduced::without("nothing", "The base plan has no best answer to give anything up from."));
    }
    let wanted = Wanted::of(base, (group, id, *most));
    let planned = wanted.function.value(&base.outcome.point);
    let of = (*give_up, *first_only);
    let Link { session, extremes, .. } = link;
    if extremes.as_ref().is_none_or(|extremes| extremes.of != of) {
        *session = base.session_of_goals();
        *extremes = Some(Extremes::new(base, session, chain, of, cancel)?);
    }
    let extremes = extremes.as_mut()?;
    let end = wanted.limit(&extremes.own.program);
    // What is as little already as its columns allow cannot be less, and a plan that has so little is the proof.
    if let Some(known) = extremes.known.iter().position(|known| wanted.is_reached(end, &known.outcome)) {
        return Some(extremes.read(base, known, &wanted, planned));
    }
    extremes.start_near(session, &wanted);
    let (outcome, mut reduced) = extremes.run(base, session, &wanted, cancel)?;
    if outcome.has_point() {
        reduced.asked = vec![wanted.function.value(&outcome.point), planned];
    }
    Some(reduced)
}

impl Extremes {
    fn new(base: &Base, session: &mut Session, chain: &[Point], of: (f64, bool), cancel: Option<&Arc<AtomicBool>>) -> Option<Self> {
        let mut own = base.stated.formulation.clone();
        own.program.rows.extend(kept(base, of.0, of.1));
        let basis = None;
        let mut extremes = Self { of, own, known: vec![Known { outcome: base.outcome.clone(), basis }], stands_at: 0 };
        if chain.len() >= SUMS_FROM {
            for most in [false, true] {
                let sum = extremes.sum(base, chain, most);
                if !sum.function.terms.is_empty() {
                    extremes.run(base, session, &sum, cancel)?;
                }
            }
        }
        Some(extremes)
    }

    /// Everything in the chain that is wanted little (or much), each by its size.
    fn sum(&self, base: &Base, chain: &[Point], most: bool) -> Wanted {
        let mut terms: Vec<(Col, f64)> = Vec::new();
        for point in chain {
            let Ask::Extreme { group, id, most: its, give_up, first_only } = &point.ask else { continue };
            if *its != most || (*give_up, *first_only) != self.of {
                continue;
            }
            let wanted = Wanted::of(base, (group, id, true));
            let (planned, limit) = (wanted.function.value(&base.outcome.point), wanted.limit(&self.own.program));
            let size = if limit.is_finite() && limit > REACHED { limit } else { planned };
            if size > REACHED {
                terms.extend(wanted.function.terms.iter().map(|(col, coefficient)| (*col, coefficient / size)));
            }
        }
        merge(&mut terms);
        Wanted { function: Linear { name: "all together", unit: "", terms, constant: 0.0 }, most }
    }

    /// Puts the session at the known plan that is best for what is wanted.
    fn start_near(&mut self, session: &mut Session, wanted: &Wanted) {
        let value = |known: &Known| wanted.function.value(&known.outcome.point);
        let Some(mut best) = self.known.get(self.stands_at).map(value) else { return };
        let mut nearest = self.stands_at;
        for (number, known) in self.known.iter().enumerate().filter(|(_, known)| known.basis.is_some()) {
            if wanted.is_better(value(known), best) {
                (nearest, best) = (number, value(known));
            }
        }
        if nearest != self.stands_at
            && let Some(basis) = self.known.get(nearest).and_then(|known| known.basis.as_ref())
        {
            session.stand_at(basis);
            self.stands_at = nearest;
        }
    }

    /// Solves for a goal, and remembers the plan.
    fn run(&mut self, base: &Base, session: &mut Session, wanted: &Wanted, cancel: Option<&Arc<AtomicBool>>) -> Option<(Outcome, Reduced)> {
        self.own.program.phases = vec![goal(wanted.function.clone(), wanted.sense())];
        let (outcome, reduced) = alone(base, session, &self.own, cancel)?;
        if outcome.status == solve::Status::Optimal {
            self.known.push(Known { outcome: outcome.clone(), basis: session.stands() });
            self.stands_at = self.known.len() - 1;
        }
        if session.stands().is_none() {
            // What was not solved hot leaves no instance to go on from.
            *session = base.session_of_goals();
            self.stands_at = 0;
        }
        Some((outcome, reduced))
    }

    /// What a known plan is as the end of something else.
    fn read(&mut self, base: &Base, known: usize, wanted: &Wanted, planned: f64) -> Reduced {
        self.own.program.phases = vec![goal(wanted.function.clone(), wanted.sense())];
        let Some(known) = self.known.get(known) else { return Reduced::default() };
        let value = wanted.function.value(&known.outcome.point);
        let mut reduced = reduced(base, &self.own, &known.outcome);
        (reduced.goals, reduced.asked) = (vec![(wanted.function.name.to_owned(), value)], vec![value, planned]);
        // What binds there is of another question.
        reduced.binding.clear();
        reduced
    }
}

/// The rows that keep the goals of the base plan within what may be given up.
fn kept(base: &Base, give_up: f64, first_only: bool) -> Vec<Row> {
    let stated = &base.stated.formulation.program;
    let mut rows = Vec::new();
    let deciding = stated.phases.iter().zip(&base.outcome.phases).enumerate();
    // The revenue after the goals only breaks ties; it is the program's own.
    let last = stated.phases.len().saturating_sub(1);
    for (number, (phase, reached)) in
        deciding.filter(|(number, (phase, _))| *number == 0 || !(*number == last && phase.goal.name == "revenue"))
    {
        if first_only && number > 0 {
            break;
        }
        let give = give_up * reached.value.abs();
        let worst = |at_best: f64, at_answer: f64, sense: Sense| match sense {
            Sense::Maximise => (at_best - give).min(at_answer),
            Sense::Minimise => (at_best + give).max(at_answer),
        };
        let point = &base.outcome.point;
        match &phase.per {
            None => rows.push(keeping(rows.len(), &phase.goal, phase.sense, worst(reached.value, phase.goal.value(point), phase.sense))),
            Some((per, _)) => {
                let quotient = Measured { measure: Measure::CostPerMtok, function: phase.goal.clone(), per: Some(per.clone()) };
                let (function, bound) = quotient.held(worst(reached.value, quotient.value(point), phase.sense));
                rows.push(keeping(rows.len(), &function, phase.sense, bound));
                let floor = phase.floor.as_ref().unwrap_or(per);
                let made = floor.value(point);
                rows.push(keeping(rows.len(), floor, Sense::Maximise, made - give_up * made.abs()));
            }
        }
    }
    rows
}
