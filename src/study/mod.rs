//! Solving plans: once ([`answer`]), live behind a window ([`live`]), and many times.

mod conflict;
mod entry_price;
mod forecast;
mod given;
pub mod goal_seek;
pub mod late;
pub mod live;
mod marginals;
pub mod sensitivity;
pub mod shortlist;
mod trial;
mod whole;
pub mod why_not;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::catalog::Catalog;
use crate::diagnostic::Diagnostic;
use crate::formulation::Formulation;
use crate::formulation::scale::RangeProblem;
use crate::formulation::size::{self, MAX_COLUMNS, Size};
use crate::plan::Plan;
use crate::results::Results;
use crate::scenario::{Scenario, Series};
use crate::solve::{self, Outcome, SolveOptions};

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

/// What solving a plan gave: results, or what is wrong with the plan (errors and warnings).
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The answer, also for plans that are infeasible or unbounded; none if the plan is wrong.
    pub results: Option<Arc<Results>>,
    /// Everything that is wrong or doubtful, with places by path (spans belong to the text).
    pub problems: Vec<Diagnostic>,
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
    pub scenario: Scenario,
    /// Its LP.
    pub formulation: Formulation,
    /// Its hourly series, to state it again with another number.
    pub series: Series,
    /// What all of this took, ms of processor time (wall time where the system has no clock for it).
    pub build_ms: f64,
}

/// Plan → Scenario → Formulation.
///
/// # Errors
/// Everything that is wrong with the plan.
pub fn state(plan: &Plan, series: &Series, options: &Options) -> Result<Stated, Vec<Diagnostic>> {
    let clock = solve::Clock::start();
    let mut plan = with_scenario(plan, &options.scenario)?;
    if options.whole {
        plan.whole.halls = true;
        plan.whole.racks = true;
    }
    let scenario = Scenario::new(&plan, Catalog::embedded(), series)?;
    let size = size::of(&scenario);
    if size.columns() > MAX_COLUMNS {
        return Err(vec![too_large(&size)]);
    }
    let formulation = Formulation::new(&scenario).map_err(|problems| problems.iter().map(range_problem).collect::<Vec<_>>())?;
    let build_ms = clock.seconds().0 * 1e3;
    Ok(Stated { plan, scenario, formulation, series: series.clone(), build_ms })
}

/// Said before anything is built: nothing would be left to say it afterwards.
fn too_large(size: &Size) -> Diagnostic {
    let millions = |count: u64| format!("{:.1} million", count as f64 * 1e-6);
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

fn range_problem(problem: &RangeProblem) -> Diagnostic {
    let path = problem.path.clone().unwrap_or_default();
    Diagnostic::error("number-range", path, problem.to_string())
        .help("Check the units of the numbers that meet in this row; one of them is far too small or too large.")
}

/// Solves a plan from cold: Plan → Scenario → Formulation → Outcome → Results.
#[must_use]
pub fn answer(plan: &Plan, series: &Series, options: &Options) -> Answer {
    let stated = match state(plan, series, options) {
        Ok(stated) => stated,
        Err(problems) => return Answer { results: None, problems },
    };
    let outcome = solve::solve(&stated.formulation.program, &SolveOptions { give_up: true, ..solve_options(&stated, options) });
    read(&stated, &outcome, options)
}

/// Longest time for confirming what limits are worth: behind a window, and where an answer is waited for.
const CONFIRM: Duration = Duration::from_secs(2);
const CONFIRM_BESIDE: Duration = Duration::from_secs(20);

/// Limits whose range is looked up with an answer: the most valuable ones.
const RANGED: usize = 24;

/// Fills in how far the worth of the most valuable limits holds.
fn ranges(stated: &Stated, results: &mut Results, options: &Options) {
    let program = &stated.formulation.program;
    let wanted: Vec<u32> = results
        .binding
        .iter()
        .filter(|binding| binding.dual != 0.0 && binding.limit_unit != "share")
        .filter_map(|binding| binding.limit_index)
        .take(RANGED)
        .collect();
    if wanted.is_empty() || program.columns.len() > live::HOT_COLUMNS {
        return;
    }
    let solve_options = SolveOptions { cancel: options.cancel.clone(), time_limit_s: options.time_limit_s, ..SolveOptions::default() };
    let found = match solve::range::ranges_of(program, 0, &wanted, &solve_options) {
        Ok(found) => found,
        Err(reason) => {
            tracing::info!("No ranges: {reason}");
            return;
        }
    };
    let unit = program.phases.first().map_or("", |phase| phase.goal.unit);
    for binding in &mut results.binding {
        let Some(range) = found.iter().find(|range| binding.limit_index == Some(range.limit)) else { continue };
        // Another basis of the same optimum may give another dual; a range belongs to its own.
        if (range.dual - binding.dual).abs() <= 1e-6 * binding.dual.abs().max(1e-9) {
            binding.range = Some([range.from, range.to]);
            binding.sentence = crate::results::marginal::sentence(binding, unit);
        }
    }
}

/// How a stated plan is solved from cold.
#[must_use]
pub fn solve_options(stated: &Stated, options: &Options) -> SolveOptions {
    let whole = &stated.plan.whole;
    let is_whole = whole.halls || whole.racks;
    SolveOptions {
        time_limit_s: options.time_limit_s.or(is_whole.then_some(whole.time_limit_s)),
        cancel: options.cancel.clone(),
        gap: whole.gap_fraction,
        whole: is_whole,
        ..SolveOptions::default()
    }
}

/// Outcome → Answer; an infeasible outcome is explained.
#[must_use]
pub fn read(stated: &Stated, outcome: &Outcome, options: &Options) -> Answer {
    let mut results = Results::new(&stated.plan, &stated.scenario, &stated.formulation, outcome);
    results.scenario_name.clone_from(&options.scenario);
    results.solver.build_ms = stated.build_ms;
    if results.status == crate::results::Status::Infeasible {
        results.conflict = conflict::explain(stated, options.cancel.clone());
    }
    if options.ranges && !outcome.whole {
        ranges(stated, &mut results, options);
        let most = if options.entry_prices { CONFIRM_BESIDE } else { CONFIRM };
        marginals::confirm(stated, &mut results, most, options.cancel.clone());
    }
    if options.entry_prices {
        results.entry_prices = entry_price::entry_prices(stated, outcome, &results, options.cancel.clone());
    }
    Answer { problems: stated.scenario.warnings.clone(), results: Some(Arc::new(results)) }
}
