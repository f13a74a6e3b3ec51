//! "What would it take?": the least change of one number of the plan that reaches a token target.
//!
//! One linear program: every row that states the number may give by the same amount, and that amount
//! is made as small as possible while the tokens reach the target. Exact, and solved once.

use super::{Options, solve_options, state};
use crate::diagnostic::Diagnostic;
use crate::formulation::program::{Col, Column, Key, Linear, NO_INDEX, Phase, Row, Sense, Symbol};
use crate::plan::Plan;
use crate::results::marginal::{short, tokens};
use crate::scenario::Series;
use crate::solve;

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

/// The least extra of one number, in every period alike, for a token target in Ttok.
///
/// # Errors
/// What is wrong with the plan, or why the target is out of reach this way.
pub fn what_would_it_take(plan: &Plan, series: &Series, options: &Options, path: &str, target_ttok: f64) -> Result<Take, Vec<Diagnostic>> {
    let stated = state(plan, series, options)?;
    let refuse = |message: String| vec![Diagnostic::error("goal-seek", path, message)];
    let mut program = stated.formulation.program.clone();
    let Some(goal) = program.phases.iter().find(|phase| phase.goal.name == "tokens").map(|phase| phase.goal.clone()) else {
        return Err(refuse("The plan's objective does not count tokens.".into()));
    };
    let extra = Col(program.columns.len() as u32);
    let key = |noun| Key { noun, entities: [Symbol::NONE; 4], period: NO_INDEX, slice: NO_INDEX };
    program.columns.push(Column { key: key("extra"), lower: 0.0, upper: f64::INFINITY, whole: false, limit: None });
    let mut unit = "";
    for row in &mut program.rows {
        let Some(limit) =
            row.limit.and_then(|limit| program.limits.get(limit as usize)).filter(|limit| limit.path == path && limit.lp_per_plan != 0.0)
        else {
            continue;
        };
        let sign = if row.upper.is_finite() { -1.0 } else { 1.0 };
        row.terms.push((extra, sign * limit.lp_per_plan.abs() * row.scale));
        unit = limit.unit;
    }
    // Bounds that state the number become rows that can give.
    let bounds: Vec<(Col, f64, f64)> = program
        .columns
        .iter()
        .enumerate()
        .filter_map(|(index, column)| {
            let limit = program.limits.get(column.limit? as usize).filter(|limit| limit.path == path && limit.lp_per_plan > 0.0)?;
            unit = limit.unit;
            Some((Col(index as u32), column.upper, limit.lp_per_plan))
        })
        .collect();
    for (col, upper, per_plan) in bounds {
        if let Some(column) = program.columns.get_mut(col.0 as usize) {
            column.upper = f64::INFINITY;
            column.limit = None;
        }
        program.rows.push(Row {
            key: key("given"),
            family: "objective",
            terms: vec![(col, 1.0), (extra, -per_plan)],
            lower: f64::NEG_INFINITY,
            upper,
            limit: None,
            scale: 1.0,
        });
    }
    if unit.is_empty() {
        return Err(refuse(format!("`{path}` is not a limit of this plan.")));
    }
    let mut target: Vec<(Col, f64)> = goal.terms.clone();
    target.sort_by_key(|(col, _)| *col);
    program.rows.push(Row {
        key: key("target"),
        family: "objective",
        terms: target,
        lower: target_ttok - goal.constant,
        upper: f64::INFINITY,
        limit: None,
        scale: 1.0,
    });
    let least = Linear { name: "extra", unit, terms: vec![(extra, 1.0)], constant: 0.0 };
    program.phases = vec![Phase { goal: least, sense: Sense::Minimise, tolerance: 0.0, at_least: None, per: None, floor: None }];
    let outcome = solve::solve(&program, &solve_options(&stated, options));
    if !outcome.has_point() {
        return Err(refuse(format!("No amount of `{path}` alone reaches {}: something else binds.", tokens(target_ttok))));
    }
    let more = outcome.point.get(extra.0 as usize).copied().unwrap_or(0.0);
    let sentence = if more <= 1e-9 {
        format!("{} are reached without more of `{path}`.", tokens(target_ttok))
    } else {
        format!("{} take {} {unit} more of `{path}` in every period.", tokens(target_ttok), short(more))
    };
    Ok(Take { path: path.to_owned(), unit, more, sentence })
}
