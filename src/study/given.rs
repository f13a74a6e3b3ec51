//! The plan with one of its numbers at another value: what a planner would type into it.

use super::Stated;
use super::trial::{self, Restated};
use crate::formulation::program::Program;
use crate::plan::edit::{Edit, apply};
pub(super) use crate::plan::numbers::{changed_tree, numbers_of};
use crate::plan::{Plan, path};
use crate::resolved::{Ix as _, PeriodIx};
use crate::solve::range::moved;

/// Numbers this near are the same one.
const SAME: f64 = 1e-9;

/// A number of the plan that limits, as the program knows it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number {
    /// Where it stands.
    pub path: String,
    /// Its unit: one path may state two limits (MW and rack positions of halls).
    pub unit: &'static str,
    /// Its value, where only the places that hold this value are meant.
    pub value: Option<f64>,
    /// One period only.
    pub period: Option<u32>,
}

pub(super) fn is_near(left: f64, right: f64) -> bool {
    (left - right).abs() <= SAME * left.abs().max(right.abs()).max(1e-12)
}

impl Number {
    /// The limits of a program that state it.
    pub fn limits(&self, program: &Program) -> Vec<u32> {
        let of_period = |index: u32| {
            let Some(period) = self.period else { return true };
            program.rows.iter().any(|row| row.limit == Some(index) && row.key.period == period)
                || program.columns.iter().any(|column| column.limit == Some(index) && column.key.period == period)
        };
        let is_it = |index: usize| {
            let limit = &program.limits[index];
            limit.path == self.path
                && limit.unit == self.unit
                && self.value.is_none_or(|value| is_near(limit.value, value))
                && of_period(index as u32)
        };
        (0..program.limits.len()).filter(|index| is_it(*index)).map(|index| index as u32).collect()
    }

    /// Whether it is what halls can hold: several numbers at one path.
    pub fn is_halls(&self) -> bool {
        self.path.rsplit('.').next() == Some("halls")
    }

    /// The plan with `by` added to it; `None` where the plan holds no such plain number, or where it
    /// would leave its range.
    pub fn edited(&self, stated: &Stated, plan: &Plan, by: f64) -> Option<Plan> {
        // Halls are several numbers, and their rack positions and MW stand at one path.
        if self.is_halls() {
            return None;
        }
        if let Some(period) = self.period
            && let Some(plan) = self.step(stated, plan, period as usize, by)
        {
            return Some(plan);
        }
        if self.period.is_some() && stated.resolved.calendar.periods.len() > 1 {
            return None;
        }
        let value = self.value.unwrap_or(f64::NAN);
        let is_hours = path::get(plan, &self.path).is_some_and(|text| text.starts_with("ChipHours"));
        let add = |number: f64| match self.value {
            // Stated in another unit, in proportion.
            Some(_) if is_hours && value != 0.0 => number * (value + by) / value,
            Some(_) if !is_near(number, value) => number,
            _ => number + by,
        };
        let changed = changed(plan, &self.path, &add)?;
        (changed != *plan || by == 0.0).then_some(changed)
    }

    /// A dated number in one period: a step at its first day, and one at the next period's that puts it back.
    pub(super) fn step(&self, stated: &Stated, plan: &Plan, period: usize, by: f64) -> Option<Plan> {
        let periods = &stated.resolved.calendar.periods;
        let value = self.value?;
        let start = periods.get(PeriodIx::new(period))?.start.to_string();
        let next = periods.get(PeriodIx::new(period + 1)).map(|next| next.start.to_string());
        let node = path::node_at(plan, &self.path)?;
        // The number in force must be the limit's, not one that grows or is made of several.
        let in_force = node
            .children()
            .into_iter()
            .filter(|date| *date <= start || date == "start")
            .max_by_key(|date| if date == "start" { String::new() } else { date.clone() });
        let number: f64 = match in_force {
            Some(date) => node.child(&date)?.tree().inline().parse().ok()?,
            None => node.tree().inline().parse().ok()?,
        };
        if !is_near(number, value) {
            return None;
        }
        let mut plan = plan.clone();
        if let Some(next) = next {
            let is_stepped = node.children().iter().any(|date| *date > start && *date <= next && date != "start");
            if !is_stepped {
                apply(&mut plan, &Edit::set_number(format!("{}.{next}", self.path), number)).ok()?;
            }
        }
        apply(&mut plan, &Edit::set_number(format!("{}.{start}", self.path), number + by)).ok()?;
        Some(plan)
    }

    /// The program with `by` added to it, by the plan's own number where it can be, else wherever the
    /// program states it.
    pub fn moved(&self, stated: &Stated, by: f64) -> Option<Program> {
        all_moved(stated, &[(self.clone(), by)])
    }
}

/// The program with several numbers moved.
pub(super) fn all_moved(stated: &Stated, moves: &[(Number, f64)]) -> Option<Program> {
    let mut plan = stated.plan.clone();
    let mut left = Vec::new();
    let mut is_changed = false;
    for (number, by) in moves {
        match number.edited(stated, &plan, *by) {
            Some(edited) => {
                plan = edited;
                is_changed = true;
            }
            None => left.push((number, *by)),
        }
    }
    let again = if is_changed { trial::restated(stated, &plan) } else { None };
    if is_changed && again.is_none() {
        // No plan may say so (a need of nothing, say); the program can.
        left = moves.iter().map(|(number, by)| (number, *by)).collect();
    }
    let mut program = again.map_or_else(|| stated.formulation.program.clone(), |Restated { formulation, .. }| formulation.program);
    for (number, by) in left {
        let limits = number.limits(&program);
        if limits.is_empty() {
            return None;
        }
        for limit in limits {
            let stated = program.limits.get(limit as usize)?;
            if stated.lp_per_plan == 0.0 {
                return None;
            }
            program = moved(&program, limit, stated.value + by);
        }
    }
    Some(program)
}

/// The plan with each number at a path changed; `None` where there is none or it leaves its range.
pub(super) fn changed(plan: &Plan, path: &str, by: &dyn Fn(f64) -> f64) -> Option<Plan> {
    let tree = path::node_at(plan, path)?.tree();
    let text = changed_tree(&tree, by)?.inline();
    let mut plan = plan.clone();
    apply(&mut plan, &Edit::set(path, text)).ok()?;
    Some(plan)
}

/// The plan with a number set.
pub(super) fn set(plan: &Plan, path: &str, value: f64) -> Option<Plan> {
    let mut plan = plan.clone();
    apply(&mut plan, &Edit::set_number(path, value)).ok()?;
    Some(plan)
}
