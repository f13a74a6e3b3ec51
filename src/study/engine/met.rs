//! A future of a hedge, stated once for all the ways in which it is met.

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::formulation::program::{Key, Linear};
use crate::hedge::{self, Decision};
use crate::plan::Plan;
use crate::resolved::Series;
use crate::solve::Outcome;
use crate::solve::glance::Bases;
use crate::study::{Options, Stated, state};

/// A future, stated, with what is decided in it.
#[derive(Debug)]
pub(super) struct Met {
    pub(super) stated: Stated,
    pub(super) decisions: Vec<Decision>,
    pub(super) late: HashSet<Key>,
}

impl Met {
    pub(super) fn new(series: &Series, plan: &Plan) -> Result<Self, Vec<Diagnostic>> {
        let stated = state(plan, series, &Options::default())?;
        let decisions = hedge::decisions(&stated.resolved, &stated.formulation.layout, &stated.formulation.program);
        let late = hedge::late(&stated.resolved);
        Ok(Self { stated, decisions, late })
    }

    /// Its first goal.
    pub(super) fn goals(&self) -> Option<&Linear> {
        self.stated.formulation.program.phases.first().map(|phase| &phase.goal)
    }
}

/// A future alone: its answer, and where that stands.
#[derive(Debug)]
pub(super) struct Alone {
    pub(super) outcome: Outcome,
    /// None where it has no answer, or was solved from cold.
    pub(super) bases: Option<Bases>,
}

/// The hedge of all futures: its answer, and where that stands.
#[derive(Debug)]
pub(super) struct Together {
    pub(super) outcome: Outcome,
    pub(super) bases: Option<Bases>,
}

/// A future that is no plan.
#[derive(Clone, Debug)]
pub(super) struct NoPlan {
    /// Its id.
    pub(super) future: String,
    /// What is wrong.
    pub(super) problems: Vec<Diagnostic>,
}
