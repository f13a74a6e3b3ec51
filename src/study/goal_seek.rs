//! "What would it take?": the least change of one number of the plan that reaches a token target.
//!
//! One linear program foretells it: every row and bound that states the number may give by the same
//! amount, and that amount is made as small as possible while the tokens reach the target. Then the
//! amount is given to the plan's own number and the plan is solved: the target must be reached with it,
//! and not with a thousandth less. Where it is not so (the number stands in other places of the program
//! too), the amount is searched on the plan itself.

use std::time::Duration;

use super::given::Number;
use super::trial::Trial;
use super::{Options, Stated, state};
use crate::diagnostic::Diagnostic;
use crate::formulation::program::{Col, Column, Key, Linear, NO_INDEX, Phase, Program, Row, Sense, Symbol};
use crate::plan::Plan;
use crate::resolved::Series;
use crate::solve::{self, SolveOptions};
use crate::words::{amount, ttok};

/// Longest time for confirming an amount.
const MOST: Duration = Duration::from_secs(20);
/// An amount is needed to this share of it.
const NEAR: f64 = 1e-3;
/// A target is reached to this share of it.
const REACHED: f64 = 1e-7;

/// What it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Take {
    /// The number that is changed.
    pub path: String,
    /// Its unit.
    pub unit: &'static str,
    /// How much more of it is needed in each period that states it.
    pub more: f64,
    /// In words.
    pub sentence: String,
}

/// Numbers of the plan that a target can be sought by: limits that state an upper side.
///
/// # Errors
/// What is wrong with the plan.
pub fn candidates(plan: &Plan, series: &Series, options: &Options) -> Result<Vec<(String, &'static str)>, Vec<Diagnostic>> {
    let stated = state(plan, series, options)?;
    let program = &stated.formulation.program;
    let mut paths: Vec<(String, &'static str)> = Vec::new();
    for row in program.rows.iter().filter(|row| row.upper.is_finite() && row.lower == f64::NEG_INFINITY) {
        if let Some(limit) = row.limit.and_then(|limit| program.limits.get(limit as usize)).filter(|limit| limit.lp_per_plan > 0.0)
            && !paths.iter().any(|(path, unit)| *path == limit.path && *unit == limit.unit)
        {
            paths.push((limit.path.clone(), limit.unit));
        }
    }
    Ok(paths)
}

/// The least extra of one number, in every period alike, for a token target in Ttok. A path that states
/// limits in two units (MW and rack positions of halls) is answered in the first of them that can do it.
///
/// # Errors
/// What is wrong with the plan, or why the target is out of reach this way.
pub fn what_would_it_take(plan: &Plan, series: &Series, options: &Options, path: &str, target_ttok: f64) -> Result<Take, Vec<Diagnostic>> {
    let stated = state(plan, series, options)?;
    let refuse = |message: String| vec![Diagnostic::error("goal-seek", path, message)];
    let limits = &stated.formulation.program.limits;
    let mut units: Vec<&'static str> = Vec::new();
    for limit in limits.iter().filter(|limit| limit.path == path && limit.lp_per_plan != 0.0) {
        if !units.contains(&limit.unit) {
            units.push(limit.unit);
        }
    }
    if units.is_empty() {
        return Err(refuse(format!("`{path}` is not a limit of this plan.")));
    }
    let Some(goal) = stated.formulation.program.phases.iter().find(|phase| phase.goal.name == "tokens").cloned() else {
        return Err(refuse("The plan's objective does not count tokens.".into()));
    };
    let mut trial = Trial::new(MOST, options.cancel.clone());
    for unit in &units {
        let number = Number { path: path.to_owned(), unit, value: None, period: None };
        if let Some(more) = least(&stated, &mut trial, &number, &goal, target_ttok) {
            return Ok(take(path, unit, more, target_ttok, units.len() > 1));
        }
    }
    let halls = if units.len() > 1 { format!(" (neither {} alone)", units.join(" nor ")) } else { String::new() };
    if trial.is_over() {
        return Err(refuse(format!("How much more of `{path}` reaches {} was not known in time.", ttok(target_ttok))));
    }
    Err(refuse(format!("No amount of `{path}` alone{halls} reaches {}: something else binds.", ttok(target_ttok))))
}

fn take(path: &str, unit: &'static str, more: f64, target_ttok: f64, is_one_of_two: bool) -> Take {
    let of = match (is_one_of_two, unit) {
        (true, "racks") => "rack positions".to_owned(),
        _ => unit.to_owned(),
    };
    let sentence = if more <= 1e-9 {
        format!("{} are reached without more of `{path}`.", ttok(target_ttok))
    } else {
        format!("{} take {} {of} more of `{path}` in every period.", ttok(target_ttok), amount(more))
    };
    Take { path: path.to_owned(), unit, more, sentence }
}

/// The least amount that reaches the target, confirmed; `None` if there is none.
fn least(stated: &Stated, trial: &mut Trial, number: &Number, goal: &Phase, target: f64) -> Option<f64> {
    let tokens_of = |program: &Program| program.phases.iter().position(|phase| phase.goal.name == "tokens");
    let best = |more: f64, trial: &mut Trial| -> Option<f64> {
        let mut program = number.moved(stated, more)?;
        let phase = program.phases.remove(tokens_of(&program)?);
        program.phases = vec![phase];
        trial.goal(&program, 0, &[])
    };
    let enough = target - REACHED * target.abs();
    let reaches = |more: f64, trial: &mut Trial| best(more, trial).is_some_and(|best| best >= enough);
    if reaches(0.0, trial) {
        return Some(0.0);
    }
    let foretold = foretold(stated, number, goal, target);
    let mut high = None;
    let mut low = 0.0;
    if let Some(foretold) = foretold {
        if reaches(foretold * (1.0 + 1e-6), trial) {
            high = Some(foretold * (1.0 + 1e-6));
            let less = foretold * (1.0 - 0.9 * NEAR);
            if !reaches(less, trial) {
                return high;
            }
            high = Some(less);
        } else {
            low = foretold;
        }
    }
    let size = stated.formulation.program.limits.iter().filter(|limit| limit.path == number.path && limit.unit == number.unit);
    let size = size.map(|limit| limit.value.abs()).fold(1e-3, f64::max);
    if high.is_none() {
        let mut more = if low > 0.0 { 1.01 * low } else { 0.1 * size };
        let start = more;
        while more <= start.max(size) * 1e4 {
            if reaches(more, trial) {
                high = Some(more);
                break;
            }
            if trial.is_over() {
                return None;
            }
            low = more;
            more *= 4.0;
        }
    }
    let mut high = high?;
    while high - low > 0.9 * NEAR * high {
        let middle = 0.5 * (low + high);
        if trial.is_over() {
            return None;
        }
        if reaches(middle, trial) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

/// The least amount by which all rows and bounds that state the number must give, in one linear program.
fn foretold(stated: &Stated, number: &Number, goal: &Phase, target: f64) -> Option<f64> {
    let mut program = stated.formulation.program.clone();
    let limits = number.limits(&program);
    let extra = Col(program.columns.len() as u32);
    let key = |noun| Key { noun, entities: [Symbol::NONE; 4], period: NO_INDEX, slice: NO_INDEX, future: Symbol::NONE };
    let is_it = |limit: Option<u32>| limit.is_some_and(|limit| limits.contains(&limit));
    let per_plan: Vec<f64> = program.limits.iter().map(|limit| limit.lp_per_plan).collect();
    let of = |limit: Option<u32>| limit.and_then(|limit| per_plan.get(limit as usize)).copied().unwrap_or(0.0);
    program.columns.push(Column { key: key("extra"), lower: 0.0, upper: f64::INFINITY, whole: false, limit: None });
    for row in program.rows.iter_mut().filter(|row| is_it(row.limit)) {
        // More of the number moves the row's side, whichever it is.
        row.terms.push((extra, -of(row.limit) * row.scale));
    }
    let mut given = Vec::new();
    for (index, column) in program.columns.iter_mut().enumerate().filter(|(_, column)| is_it(column.limit)) {
        given.push((Col(index as u32), column.upper, of(column.limit)));
        column.upper = f64::INFINITY;
        column.limit = None;
    }
    let row = |noun, terms, lower, upper| Row { key: key(noun), family: "objective", terms, lower, upper, limit: None, scale: 1.0 };
    for (col, upper, per_plan) in given {
        program.rows.push(row("given", vec![(col, 1.0), (extra, -per_plan)], f64::NEG_INFINITY, upper));
    }
    let mut made = goal.goal.terms.clone();
    made.sort_by_key(|(col, _)| *col);
    program.rows.push(row("target", made, target - goal.goal.constant, f64::INFINITY));
    let least = Linear { name: "extra", unit: number.unit, terms: vec![(extra, 1.0)], constant: 0.0 };
    program.phases = vec![Phase { goal: least, sense: Sense::Minimise, tolerance: 0.0, at_least: None, per: None, floor: None }];
    let outcome = solve::solve(&program, &SolveOptions { time_limit_s: Some(20.0), ..SolveOptions::default() });
    outcome.point.get(extra.0 as usize).copied().filter(|_| outcome.has_point())
}
