//! Programs that are stated from a plan's own to prove what its own prices do not: of a quotient its floor, its least and
//! what comes after, and of whole numbers the program that has them as its own.

use std::collections::BTreeMap;

use crate::formulation::program::{Col, Linear, Phase, Program, Sense};
use crate::solve;

/// A plain goal.
fn goal(goal: Linear, sense: Sense, at_least: Option<(Linear, f64)>) -> Phase {
    Phase { goal, sense, tolerance: 0.0, at_least, per: None, floor: None }
}

/// A program with other goals.
pub(super) fn with_phases(program: &Program, phases: Vec<Phase>) -> Program {
    Program { phases, ..program.clone() }
}

/// The quotient of a program whose first goal is one and whose others are not.
pub(super) struct Quotient<'p> {
    program: &'p Program,
    /// The goal.
    pub phase: &'p Phase,
    /// What it is divided by.
    pub per: &'p Linear,
    floor: &'p Linear,
    share: f64,
}

impl<'p> Quotient<'p> {
    /// None where the first goal is no quotient, or another one is.
    pub fn of(program: &'p Program) -> Option<Self> {
        let (phase, later) = program.phases.split_first()?;
        let (per, share) = phase.per.as_ref()?;
        let plain = phase.at_least.is_none() && phase.sense == Sense::Minimise && later.iter().all(|phase| phase.per.is_none());
        let first_is_free = later.first().is_none_or(|phase| phase.at_least.is_none());
        let floor = phase.floor.as_ref().unwrap_or(per);
        (plain && first_is_free).then_some(Self { program, phase, per, floor, share: share.clamp(1e-3, 1.0) })
    }

    /// The most of what its floor is a share of.
    pub fn most(&self) -> Program {
        with_phases(self.program, vec![goal(self.floor.clone(), Sense::Maximise, None)])
    }

    /// The least of `cost − value · per`, raised by what its distance from nothing is measured by.
    pub fn linear(&self, best: f64, value: f64) -> (Program, f64) {
        let size = value.abs() * self.share * best * solve::least_ratio(self.per, self.floor);
        let mut function = self.less(value);
        function.constant += size;
        (with_phases(self.program, vec![goal(function, Sense::Minimise, Some((self.floor.clone(), self.share * best)))]), size)
    }

    /// The goals after it, while it keeps a value.
    pub fn later(&self, best: f64, held: f64) -> Option<Program> {
        let mut later: Vec<Phase> = self.program.phases.get(1..).filter(|later| !later.is_empty())?.to_vec();
        // A goal that is reached by every plan, for its floor.
        let nothing = Linear { name: "nothing", unit: "", terms: Vec::new(), constant: 1.0 };
        let kept = self.less(held);
        let kept = Linear { terms: kept.terms.into_iter().map(|(col, factor)| (col, -factor)).collect(), constant: -kept.constant, ..kept };
        if let Some(first) = later.first_mut() {
            first.at_least = Some((kept, 0.0));
        }
        later.insert(0, goal(nothing, Sense::Minimise, Some((self.floor.clone(), self.share * best))));
        Some(with_phases(self.program, later))
    }

    /// `cost − value · per`.
    fn less(&self, value: f64) -> Linear {
        let mut terms: BTreeMap<Col, f64> = BTreeMap::new();
        for (function, factor) in [(&self.phase.goal, 1.0), (self.per, -value)] {
            for (col, coefficient) in &function.terms {
                *terms.entry(*col).or_default() += factor * coefficient;
            }
        }
        Linear {
            name: self.phase.goal.name,
            unit: self.phase.goal.unit,
            terms: terms.into_iter().filter(|(_, factor)| *factor != 0.0).collect(),
            constant: self.phase.goal.constant - value * self.per.constant,
        }
    }
}

/// A program with the whole numbers of a point as its own.
pub(super) fn fixed(program: &Program, point: &[f64]) -> Program {
    let mut held = program.clone();
    for (column, value) in held.columns.iter_mut().zip(point).filter(|(column, _)| column.whole) {
        (column.lower, column.upper) = (value.round(), value.round());
    }
    held
}
