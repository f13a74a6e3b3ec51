//! Solving plans: once ([`answer`]), live behind a window ([`live`]), and many times ([`STUDIES`]).

mod conflict;
pub mod earlier;
pub mod engine;
mod entry_price;
mod equilibrium;
mod forecast;
mod given;
pub mod goal_seek;
pub mod kinds;
pub mod late;
pub mod live;
mod marginals;
pub mod pictures;
pub mod planned;
pub mod proved;
pub mod rows;
pub mod sensitivity;
pub mod shortlist;
mod stated;
pub mod stress;
pub mod summary;
pub mod table;
mod trial;
mod whole;
pub mod why_not;

pub use stated::{HOT_COLUMNS, Options, Stated, size, solve_options, state, with_scenario};
pub use table::{STUDIES, question};

use std::sync::Arc;
use std::time::Duration;

use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::resolved::Series;
use crate::results::Results;
use crate::solve::{self, Outcome, SolveOptions};

/// What solving a plan gave: results, or what is wrong with the plan (errors and warnings).
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The answer, also for plans that are infeasible or unbounded; none if the plan is wrong.
    pub results: Option<Arc<Results>>,
    /// Everything that is wrong or doubtful, with places by path (spans belong to the text).
    pub problems: Vec<Diagnostic>,
}

/// Solves a plan from cold: Plan → Resolved → Formulation → Outcome → Results.
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
    if wanted.is_empty() || program.columns.len() > HOT_COLUMNS {
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

/// Where prices form a worth falls little by little as there is more; how far a step of the demand curve reaches says nothing.
fn forget_ranges(stated: &Stated, results: &mut Results) {
    let unit = stated.formulation.program.phases.first().map_or("", |phase| phase.goal.unit);
    for binding in results.binding.iter_mut().filter(|binding| binding.range.is_some()) {
        binding.range = None;
        binding.sentence = crate::results::marginal::sentence(binding, unit);
    }
}

/// Outcome → Answer; an infeasible outcome is explained.
#[must_use]
pub fn read(stated: &Stated, outcome: &Outcome, options: &Options) -> Answer {
    let mut results = Results::new(&stated.plan, &stated.resolved, &stated.formulation, outcome);
    results.scenario_name.clone_from(&options.scenario);
    results.solver.build_ms = stated.build_ms;
    if results.status == crate::results::Status::Infeasible {
        results.conflict = conflict::explain(stated, options.cancel.clone());
    }
    if options.ranges {
        equilibrium::complete(stated, outcome, &mut results, options);
    }
    if options.ranges && !outcome.whole {
        ranges(stated, &mut results, options);
        let most = if options.entry_prices { CONFIRM_BESIDE } else { CONFIRM };
        marginals::confirm(stated, &mut results, most, options.cancel.clone());
        if results.trade.equilibrium.is_some() {
            forget_ranges(stated, &mut results);
        }
    }
    if options.entry_prices {
        results.entry_prices = entry_price::entry_prices(stated, outcome, &results, options.cancel.clone());
    }
    Answer { problems: stated.resolved.warnings.clone(), results: Some(Arc::new(results)) }
}
