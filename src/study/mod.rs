//! Solving plans: once ([`answer`]), live behind a window ([`live`]), and many times ([`STUDIES`]).

mod conflict;
mod entry_price;
mod forecast;
mod given;
pub mod goal_seek;
pub mod late;
pub mod live;
mod marginals;
pub mod proved;
pub mod sensitivity;
pub mod shortlist;
mod stated;
pub mod stress;
mod trial;
mod whole;
pub mod why_not;

pub use stated::{HOT_COLUMNS, Options, Stated, solve_options, state, with_scenario};

use std::sync::Arc;
use std::time::Duration;

use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::resolved::Series;
use crate::results::Results;
use crate::solve::{self, Outcome, SolveOptions};

/// A study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Study {
    /// Its name in `tokenworks study`.
    pub name: &'static str,
    /// What it answers, in words.
    pub question: &'static str,
    /// What it must be told.
    pub needs: &'static str,
    /// What it gives, and how that is drawn.
    pub gives: &'static str,
    /// Where it stands in the window: the panel's title.
    pub panel: &'static str,
}

/// Every study, named once, in the order of lists: the command line, the guide and the window read this.
pub const STUDIES: &[Study] = &[
    Study {
        name: "why-not",
        question: "Why is this not used, and what would make it pay?",
        needs: "a chip at a site, a kind of hall, a contract, or a product in a market",
        gives: "a sentence, and what one more unit would change, part by part",
        panel: "Explain",
    },
    Study {
        name: "take",
        question: "What is the least more of one number that reaches a token target?",
        needs: "a number of the plan and a token target",
        gives: "a sentence with the least amount",
        panel: "Explain",
    },
    Study {
        name: "sensitivity",
        question: "Which inputs' error would move the answer most?",
        needs: "nothing",
        gives: "a table: each input with its band, and the first goal at both ends",
        panel: "Report",
    },
    Study {
        name: "passport",
        question: "Where do tokens come from, and what did they take?",
        needs: "a product, a market or a period; else all of them",
        gives: "facts of a product in a market: chips, energy, carbon, cost",
        panel: "Explain",
    },
    Study {
        name: "calendar",
        question: "What must be ordered by when, and what does a missed date cost?",
        needs: "nothing",
        gives: "a list of dates; with `--cost`, what each is worth",
        panel: "Explain",
    },
    Study {
        name: "stress",
        question: "What do lower prices, idle chips and delay do to lenders and owners?",
        needs: "nothing; the plan states `finance`",
        gives: "a table: cover and returns of each case, with what is ordered as it is, and with everything decided anew",
        panel: "Money",
    },
];

/// The study of a name.
#[must_use]
pub fn study(name: &str) -> Option<&'static Study> {
    STUDIES.iter().find(|entry| entry.name == name)
}

/// The question of a study, for the help of its command; empty if there is no such study.
#[must_use]
pub fn question(name: &str) -> &'static str {
    study(name).map_or("", |entry| entry.question)
}

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

/// Outcome → Answer; an infeasible outcome is explained.
#[must_use]
pub fn read(stated: &Stated, outcome: &Outcome, options: &Options) -> Answer {
    let mut results = Results::new(&stated.plan, &stated.resolved, &stated.formulation, outcome);
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
    Answer { problems: stated.resolved.warnings.clone(), results: Some(Arc::new(results)) }
}
