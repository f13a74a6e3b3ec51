//! A plan stated as a program, ready to be solved.

use std::sync::{Arc, atomic::AtomicBool};

use super::equilibrium;
use crate::catalog::Catalog;
use crate::diagnostic::Diagnostic;
use crate::formulation::Formulation;
use crate::formulation::scale::RangeProblem;
use crate::formulation::size::{self, MAX_COLUMNS, Size};
use crate::plan::Plan;
use crate::resolved::{Resolved, Series};
use crate::solve::{self, SolveOptions};
use crate::words::short;

/// Columns up to which the hot session answers. Above, cold interior point is faster.
pub const HOT_COLUMNS: usize = 15_000;

/// How to solve.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Name of the plan's scenario to apply; empty for the base plan.
    pub scenario: String,
    /// Whole halls and racks even where the plan does not ask for them.
    pub whole: bool,
    /// Seconds after which to stop with the best answer so far.
    pub time_limit_s: Option<f64>,
    /// How far the worth of the limits that bind holds: one more solve of the first goal.
    pub ranges: bool,
    /// What the unused would have to cost to come in: one more solve, and a hot one for each such thing.
    pub entry_prices: bool,
    /// Set to stop at once.
    pub cancel: Option<Arc<AtomicBool>>,
}

/// A plan with one of its scenarios applied.
///
/// # Errors
/// If there is no such scenario, or its values don't fit.
pub fn with_scenario(plan: &Plan, scenario: &str) -> Result<Plan, Vec<Diagnostic>> {
    if scenario.is_empty() { Ok(plan.clone()) } else { crate::plan::edit::with_scenario(plan, scenario) }
}

/// A plan, resolved and stated: everything that is needed to solve it.
#[derive(Debug)]
pub struct Stated {
    /// The plan with its scenario applied.
    pub plan: Plan,
    /// The resolved plan.
    pub resolved: Resolved,
    /// Its LP.
    pub formulation: Formulation,
    /// Its hourly series, to state it again with another number.
    pub series: Series,
    /// What all of this took, ms of processor time (wall time where the system has no clock for it).
    pub build_ms: f64,
}

/// Plan → Resolved → Formulation.
///
/// # Errors
/// Everything that is wrong with the plan.
pub fn state(plan: &Plan, series: &Series, options: &Options) -> Result<Stated, Vec<Diagnostic>> {
    let clock = solve::Clock::start();
    let mut plan = with_scenario(plan, &options.scenario)?;
    if options.whole {
        plan.whole.halls = true;
        plan.whole.offers = true;
        plan.whole.racks = true;
    }
    let mut resolved = Resolved::new(&plan, Catalog::embedded(), series)?;
    let size = size::of(&resolved);
    if size.columns() > MAX_COLUMNS {
        return Err(vec![too_large(&size)]);
    }
    let in_words = |problems: Vec<RangeProblem>| problems.iter().map(range_problem).collect::<Vec<_>>();
    let mut formulation = Formulation::new(&resolved).map_err(in_words)?;
    if plan.whole.any() && formulation.program.phases.iter().any(|phase| phase.per.is_some()) {
        return Err(vec![whole_quotient()]);
    }
    if resolved.has_curves() {
        let how = equilibrium::options(options.time_limit_s, options.cancel.clone());
        (resolved, formulation) =
            equilibrium::refined(resolved, formulation, &mut |program| solve::solve(program, &how)).map_err(in_words)?;
    }
    let build_ms = clock.seconds().0 * 1e3;
    Ok(Stated { plan, resolved, formulation, series: series.clone(), build_ms })
}

/// How large a plan's program will be at most, before it is built.
///
/// # Errors
/// Everything that is wrong with the plan.
pub fn size(plan: &Plan, series: &Series, options: &Options) -> Result<Size, Vec<Diagnostic>> {
    let plan = with_scenario(plan, &options.scenario)?;
    Ok(size::of(&Resolved::new(&plan, Catalog::embedded(), series)?))
}

/// Said before anything is built: nothing would be left to say it afterwards.
fn too_large(size: &Size) -> Diagnostic {
    let millions = |count: u64| format!("{} million", short(count as f64 * 1e-6));
    let message = format!(
        "The plan asks for up to {} unknowns: {} for work of chips, {} for flows of tokens, {} for power; at most {} can be planned.",
        millions(size.columns()),
        millions(size.work),
        millions(size.flows),
        millions(size.power),
        millions(MAX_COLUMNS)
    );
    Diagnostic::error("too-large", "slices", message)
        .help("Use representative days or longer blocks, or fewer sites, markets or products; state throughput only for chips that matter.")
}

/// A search among whole numbers needs a goal that is a sum.
fn whole_quotient() -> Diagnostic {
    let message = "The least cost per token is not found in whole halls, racks or offers: it is a quotient.";
    Diagnostic::error("whole-quotient", "objective", message).help(
        "Ask for the least cost of so many tokens instead (`MinCostForTtok(120.0)`, `--objective cost=120`), or leave halls and racks divisible.",
    )
}

fn range_problem(problem: &RangeProblem) -> Diagnostic {
    let path = problem.path.clone().unwrap_or_default();
    Diagnostic::error("number-range", path, problem.to_string())
        .help("Check the units of the numbers that meet in this row; one of them is far too small or too large.")
}

/// How a stated plan is solved from cold.
#[must_use]
pub fn solve_options(stated: &Stated, options: &Options) -> SolveOptions {
    let whole = &stated.plan.whole;
    let is_whole = whole.any();
    SolveOptions {
        time_limit_s: options.time_limit_s.or(is_whole.then_some(whole.time_limit_s)),
        cancel: options.cancel.clone(),
        gap: whole.gap_fraction,
        whole: is_whole,
        ..SolveOptions::default()
    }
}
