//! Rules a plan must keep beyond the types of its fields: one `check_…` function for each, all run,
//! so that a planner sees everything at once.
//!
//! What needs the catalog (unknown catalog ids, missing numbers of a chip) or hourly series is
//! checked where the plan is resolved.

mod actors;
mod checker;
mod finance;
mod limits;
mod names;
mod orders;
mod power;
mod sales;
mod scenarios;
mod series;
mod studies;
mod tasks;
mod time;

use std::collections::{HashMap, HashSet};

use super::Plan;
use crate::diagnostic::{Diagnostic, Span};

use checker::{Checker, is_at_or_below};
pub use series::series_path_problem;
pub use studies::check_study;

/// The rules, in the order of the plan's sections.
const RULES: &[fn(&mut Checker<'_>)] = &[
    limits::check_counts,
    limits::check_texts,
    time::check_horizon,
    time::check_block_hours,
    time::check_days_state_one_kind,
    time::check_months_of_days,
    time::check_days_per_year,
    time::check_shares,
    series::check_profile_values,
    series::check_series_paths,
    series::check_local_time,
    names::check_references,
    names::check_countries,
    names::check_time_zones,
    names::check_policy_countries,
    power::check_contract_dates,
    power::check_prices_from_start,
    power::check_terms,
    power::check_connections,
    power::check_named_connections,
    power::check_feeds,
    power::check_flexible,
    power::check_resilience,
    power::check_steps_in_horizon,
    orders::check_rental_places,
    orders::check_hall_limits,
    orders::check_fleets,
    orders::check_chip_power,
    orders::check_decisions,
    orders::check_training,
    orders::check_goals,
    actors::check_owners,
    actors::check_curves,
    actors::check_equilibrium,
    sales::check_segments,
    sales::check_doubles,
    sales::check_demand,
    tasks::check_tasks,
    finance::check_finance,
];

/// Everything that breaks a rule, scenarios included. `failed` are the paths the reading gave up on
/// (see [`super::file::Parsed`]): rules that touch them are silent.
#[must_use]
#[expect(clippy::implicit_hasher, reason = "the one set of paths that the reader makes")]
pub fn check(plan: &Plan, failed: &HashSet<String>) -> Vec<Diagnostic> {
    let mut found = check_base(plan, failed);
    found.extend(scenarios::check_scenarios(plan, failed, &found));
    found.extend(studies::check_studies(plan, failed));
    found
}

/// Whether a problem keeps the plan from being solved with this scenario (empty for the base plan): an error, and not
/// one of a study or of another scenario, which stop only that study and that scenario.
#[must_use]
pub fn keeps_from_solving(problem: &Diagnostic, scenario: &str) -> bool {
    let of_other = |path: &str| path.strip_prefix("scenarios.").is_some_and(|rest| !is_at_or_below(rest, scenario));
    problem.is_error() && !problem.path.starts_with("studies.") && !of_other(&problem.path)
}

/// Everything that breaks a rule in the plan itself, without its scenarios.
fn check_base(plan: &Plan, failed: &HashSet<String>) -> Vec<Diagnostic> {
    let mut checker = Checker { plan, failed, found: Vec::new() };
    for rule in RULES {
        rule(&mut checker);
    }
    let touched = |diagnostic: &Diagnostic| failed.iter().any(|path| is_at_or_below(&diagnostic.path, path));
    checker.found.retain(|diagnostic| !touched(diagnostic));
    checker.found
}

/// Gives diagnostics their places: that of their path, or of the nearest value around it.
#[must_use]
#[expect(clippy::implicit_hasher, reason = "the one map of places that the reader makes")]
pub fn with_places(mut diagnostics: Vec<Diagnostic>, places: &HashMap<String, Span>) -> Vec<Diagnostic> {
    for diagnostic in diagnostics.iter_mut().filter(|diagnostic| diagnostic.span.is_none()) {
        let mut path = diagnostic.path.as_str();
        diagnostic.span = loop {
            if let Some(span) = places.get(path) {
                break Some(*span);
            }
            match path.rsplit_once('.') {
                Some((parent, _)) => path = parent,
                None => break None,
            }
        };
    }
    diagnostics
}
