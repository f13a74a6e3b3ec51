//! What the goals come to nearly, before they are found anew: the last best basis at the new numbers.
//!
//! At the basis of the last answer every goal is a function of the plan's numbers that touches the best
//! value at the old plan and leaves it slowly: after a small move of one number it is off by the square of
//! the move (a few parts in ten thousand for a PUE that moves by a twentieth). It takes one factorisation
//! a goal and no step of the simplex method. The point at that basis breaks limits, so nothing but the
//! goals' values is taken from it, and whoever shows them says that they are near, not found.

use std::collections::HashMap;
use std::sync::Arc;

use super::cold::left_out;
use super::highs::Basis;
use super::loaded::Loaded;
use super::statement::Statement;
use super::{Control, RunStatus};
use crate::formulation::program::{Key, Program};

/// A goal that moves by more than this share of its value is not said: the basis is too far away.
const FAR: f64 = 0.1;

/// The bases of an answer, by goal, and what they belong to.
#[derive(Clone, Debug, Default)]
pub struct Bases {
    pub(crate) columns: Vec<Key>,
    pub(crate) rows: Vec<Key>,
    pub(crate) lanes: Vec<Basis>,
    /// What each goal came to.
    pub(crate) values: Vec<f64>,
}

impl Bases {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    /// Puts the bases of another program beside these, its columns and rows under other keys: what a program
    /// made of several begins from. Where two say something of one key, the later one holds.
    #[must_use]
    pub fn beside(mut self, other: &Self, columns: &[Key], rows: &[Key]) -> Self {
        if columns.len() != other.columns.len() || rows.len() != other.rows.len() {
            return self;
        }
        if self.is_empty() {
            self.lanes = vec![Basis { columns: Vec::new(), rows: Vec::new() }; other.lanes.len()];
        }
        self.lanes.truncate(other.lanes.len());
        self.columns.extend(columns);
        self.rows.extend(rows);
        for (lane, others) in self.lanes.iter_mut().zip(&other.lanes) {
            lane.columns.extend(others.columns.iter().take(columns.len()));
            lane.rows.extend(others.rows.iter().take(rows.len()));
        }
        self.values.clear();
        self
    }

    /// The bases of these columns and rows alone, in their order; what is not known stands at its bound, and its row is slack.
    #[must_use]
    pub fn of(&self, columns: &[Key], rows: &[Key]) -> Self {
        let places = |keys: &[Key]| -> HashMap<Key, usize> { keys.iter().enumerate().map(|(place, key)| (*key, place)).collect() };
        let (own_columns, own_rows) = (places(&self.columns), places(&self.rows));
        let status = |known: &HashMap<Key, usize>, statuses: &[i32], key: &Key, unknown: i32| {
            known.get(key).and_then(|place| statuses.get(*place)).copied().unwrap_or(unknown)
        };
        let lane = |lane: &Basis| Basis {
            columns: columns.iter().map(|key| status(&own_columns, &lane.columns, key, Basis::LOWER)).collect(),
            rows: rows.iter().map(|key| status(&own_rows, &lane.rows, key, Basis::BASIC)).collect(),
        };
        Self { columns: columns.to_vec(), rows: rows.to_vec(), lanes: self.lanes.iter().map(lane).collect(), values: Vec::new() }
    }

    /// That of the last goal alone: its point keeps what all goals before it may give up.
    #[must_use]
    pub fn last_alone(&self) -> Self {
        let lanes = self.lanes.last().cloned().into_iter().collect();
        let values = self.values.last().copied().into_iter().collect();
        Self { columns: self.columns.clone(), rows: self.rows.clone(), lanes, values }
    }
}

/// Instances that are only ever looked at.
#[derive(Default)]
pub struct Glance {
    lanes: Vec<Loaded>,
    bases: Arc<Bases>,
}

impl Glance {
    /// What a program's goals come to nearly, by name, at the bases of an earlier answer; nothing where they
    /// are of another program, or too far away.
    pub fn at(&mut self, program: &Program, bases: &Arc<Bases>) -> Option<Vec<(&'static str, f64)>> {
        let same = bases.lanes.len() == program.phases.len()
            && bases.columns.len() == program.columns.len()
            && bases.rows.len() == program.rows.len()
            && bases.columns.iter().zip(&program.columns).all(|(key, column)| *key == column.key)
            && bases.rows.iter().zip(&program.rows).all(|(key, row)| *key == row.key);
        if !same || left_out(program) {
            return None;
        }
        let anew = !Arc::ptr_eq(&self.bases, bases);
        self.bases = Arc::clone(bases);
        let mut statement = Statement::new(program, false);
        let mut found = Vec::new();
        for (number, phase) in program.phases.iter().enumerate() {
            statement.set_phase(number, phase);
            if statement.crossed() {
                return None;
            }
            let value = self.value(number, &statement, anew)?;
            let before = bases.values.get(number)?;
            // What is no number is not near either.
            let is_near = (value - before).abs() <= FAR * before.abs();
            if !is_near {
                return None;
            }
            statement.hold(number, phase, value, phase.tolerance);
            found.push((phase.goal.name, value));
        }
        Some(found)
    }

    /// One goal at its basis.
    fn value(&mut self, number: usize, statement: &Statement, anew: bool) -> Option<f64> {
        let fits = self.lanes.get(number).is_some_and(|lane| lane.statement.same_shape(statement));
        if !fits {
            let mut loaded = Loaded::new(statement.clone()).ok()?;
            loaded.live.prepare_for_hot_runs().ok()?;
            loaded.live.most_iterations(0).ok()?;
            self.lanes.truncate(number);
            self.lanes.push(loaded);
        }
        let lane = self.lanes.get_mut(number)?;
        if fits {
            lane.update(statement.clone()).ok()?;
        }
        if anew || !fits {
            lane.live.set_basis(self.bases.lanes.get(number)?).ok()?;
        }
        // No step is allowed: it ends where it stands, which HiGHS calls a limit reached.
        let status = lane.live.run(&Control::default());
        if matches!(status, RunStatus::Infeasible | RunStatus::Unbounded | RunStatus::UnboundedOrInfeasible) {
            return None;
        }
        let solved = lane.live.solved(status).ok()?;
        let value = statement.goal(&solved.point);
        value.is_finite().then_some(value)
    }
}
