//! What the commands that take a plan share: opening it, changing it by `--set`, solving it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::failure::{Ended, Failure};
use super::problems;
use crate::diagnostic::Diagnostic;
use crate::plan::{Goal, Plan};
use crate::results::{Results, Status};
use crate::scenario::Series;
use crate::{disk, plan, study};

/// How to solve.
#[derive(Debug, Default, clap::Args)]
pub(super) struct SolveOptions {
    /// What is wanted instead of the plan's own objective: `tokens` (most tokens, then least cost),
    /// `npv`, `cost` (least cost, then most tokens), `cost=120` (least cost for 120 Ttok),
    /// `cost-per-token` (at 90 % of the most tokens; `cost-per-token=0.8` at 80 %)
    #[arg(long, value_name = "tokens|cost|npv|cost-per-token", value_parser = parse_objective)]
    pub(super) objective: Option<Objective>,
    /// Whole halls and racks
    #[arg(long)]
    pub(super) integer: bool,
    /// Stop after this many seconds with the best answer so far
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds)]
    pub(super) time_limit: Option<f64>,
    /// Change a value before solving, as in `sites.abilene.interconnect_mw=450`; may be repeated.
    /// The paths are those of diagnostics; a plain number on a dated value holds from the start
    #[arg(long, value_name = "PATH=VALUE")]
    pub(super) set: Vec<String>,
}

/// The goals of `--objective`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Objective(Vec<Goal>);

fn parse_objective(text: &str) -> Result<Objective, String> {
    let (name, number) = match text.split_once('=') {
        Some((name, number)) => {
            let number: f64 = number.parse().map_err(|_| format!("`{number}` is not a number"))?;
            if !number.is_finite() || number < 0.0 {
                return Err(format!("`{number}` is not a finite number of at least 0"));
            }
            (name, Some(number))
        }
        None => (text, None),
    };
    Ok(Objective(match (name, number) {
        ("tokens", None) => vec![Goal::MaxTokens, Goal::MinCost],
        ("npv", None) => vec![Goal::MaxNpv],
        ("cost", None) => vec![Goal::MinCost, Goal::MaxTokens],
        ("cost", Some(ttok)) => vec![Goal::MinCostForTtok(ttok)],
        ("cost-per-token", None) => vec![Goal::MinCostPerToken(0.9)],
        ("cost-per-token", Some(share)) if share <= 1.0 => vec![Goal::MinCostPerToken(share)],
        ("cost-per-token", Some(_)) => return Err("the share of the most tokens lies between 0 and 1".to_owned()),
        _ => return Err("choose tokens, npv, cost, cost=TTOK or cost-per-token[=SHARE]".to_owned()),
    }))
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() && seconds > 0.0 => Ok(seconds),
        _ => Err("give a number of seconds above 0".to_owned()),
    }
}

/// A plan that can be solved, with the series it reads.
#[derive(Debug)]
pub(super) struct Opened {
    /// The plan as it will be solved: scenario and `--set` applied.
    pub(super) plan: Plan,
    /// Series from files beside the plan.
    pub(super) series: Series,
    /// The file's name, for messages.
    pub(super) file: String,
    /// The file's text, for quoting.
    pub(super) text: String,
    /// Where each value stands, to place later problems.
    places: std::collections::HashMap<String, crate::diagnostic::Span>,
}

/// Opens a plan and makes it ready to solve: scenario and `--set` applied, series read. What is
/// wrong is shown; a plan with errors does not come back.
pub(super) fn open(file: &PlanFile, sets: &[String], scenario: Option<&str>) -> Result<Opened, Failure> {
    let text = disk::read_plan(&file.path).map_err(|error| Failure::world(&error))?;
    let opened = read(&text, &file.path.display().to_string(), file.path.parent())?;
    opened.with(sets, scenario)
}
