//! Questions that take solves of their own, answered on a thread beside the window.

use std::sync::Arc;

use super::command::Question;
use super::document::Document;
use super::job::Job;
use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::resolved::Series;
use crate::results::Results;
use crate::study::earlier::earlier;
use crate::study::goal_seek::what_would_it_take;
use crate::study::late::Dates;
use crate::study::why_not::{Subject, why_not};
use crate::study::{Options, with_scenario};

/// An answer on its way: sentences. Let go, it is no longer looked for.
#[derive(Debug)]
pub struct Asked {
    job: Option<Job<Vec<String>>>,
    /// Whether it is about a missed date.
    pub of_dates: bool,
}

/// Numbers tried for a token target: the most valuable limits that bind.
const TRIED: usize = 4;

/// Starts answering; `wake` is called when the answer is there.
///
/// # Errors
/// Why no answer can be looked for.
pub fn start(question: Question, document: &Document, wake: impl Fn() + Send + 'static) -> Result<Asked, String> {
    let results = document.results().ok_or("There is no answer yet to ask about.")?;
    let (plan, series) = (document.base().clone(), Arc::clone(document.series()));
    let plan = with_scenario(&plan, document.scenario()).map_err(|problems| sentence(&problems))?;
    let results = Arc::clone(results);
    let of_dates = matches!(question, Question::Late { .. });
    let job = Job::start("question", wake, move |task| {
        let options = Options { cancel: Some(Arc::clone(&task.cancel)), ..Options::default() };
        match question {
            Question::WhyNot { path } => answer_why_not(&plan, &series, &options, &path),
            Question::Earlier => answer_earlier(&plan, &series, &options),
            Question::Late { index } => answer_late(&plan, &series, &options, &results, index),
            Question::WhatWouldItTake { ttok_per_year } => answer_take(&plan, &series, &options, &results, ttok_per_year),
        }
    })
    .map_err(|error| format!("The question could not be asked: {error}."))?;
    Ok(Asked { job: Some(job), of_dates })
}

/// The answer, once it is there.
pub fn poll(running: &mut Option<Asked>) -> Option<Vec<String>> {
    let outcome = Job::poll(&mut running.as_mut()?.job)?;
    *running = None;
    Some(outcome.unwrap_or_else(|_| vec!["The question could not be answered; the log says more.".into()]))
}

fn sentence(problems: &[Diagnostic]) -> String {
    problems.first().map_or_else(String::new, |problem| problem.message.clone())
}

/// What a path of the plan can mean: a chip at every site, a site with every chip, and so on.
fn subjects(plan: &Plan, path: &str) -> Vec<(String, Subject)> {
    let (kind, id) = path.split_once('.').unwrap_or((path, ""));
    let chip = |site: &str, chip: &str| (format!("{chip} at {site}"), Subject::Chip { site: site.to_owned(), chip: chip.to_owned() });
    match kind {
        "chips" => plan.sites.keys().map(|site| chip(site, id)).collect(),
        "sites" => plan.chips.keys().map(|of| chip(id, of)).collect(),
        "contracts" => vec![(id.to_owned(), Subject::Contract(id.to_owned()))],
        "markets" => {
            let products = plan.markets.get(id).map(|market| market.demand.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
            products.into_iter().map(|product| (format!("{product} in {id}"), Subject::Market { market: id.to_owned(), product })).collect()
        }
        _ => Vec::new(),
    }
}

fn answer_why_not(plan: &Plan, series: &Series, options: &Options, path: &str) -> Vec<String> {
    let answers: Vec<String> = subjects(plan, path)
        .into_iter()
        .map(|(name, subject)| match why_not(plan, series, options, &subject) {
            Ok(why) => format!("{name}. {}", why.sentence),
            Err(problems) => format!("{name}. {}", sentence(&problems)),
        })
        .collect();
    if answers.is_empty() { vec![format!("There is nothing to ask about `{path}`.")] } else { answers }
}

fn answer_earlier(plan: &Plan, series: &Series, options: &Options) -> Vec<String> {
    match earlier(plan, series, options) {
        Ok(dates) if dates.is_empty() => vec!["No power of the grid comes within the horizon, so no date could be earlier.".into()],
        Ok(dates) => dates.into_iter().map(|date| date.sentence).collect(),
        Err(problems) => vec![sentence(&problems)],
    }
}

fn answer_late(plan: &Plan, series: &Series, options: &Options, results: &Results, index: usize) -> Vec<String> {
    let dates = match Dates::new(plan, series, options) {
        Ok(dates) => dates,
        Err(problems) => return vec![sentence(&problems)],
    };
    // The same plan has the same answer; a decision of another one is told so.
    let asked = results.decisions.get(index);
    match dates.decisions.iter().find(|decision| {
        asked.is_some_and(|asked| (asked.kind, asked.index, asked.period) == (decision.kind, decision.index, decision.period))
    }) {
        Some(decision) => vec![decision.sentence(), dates.late(decision).sentence],
        None => vec!["The newest answer no longer holds this decision.".into()],
    }
}

fn answer_take(plan: &Plan, series: &Series, options: &Options, results: &Results, ttok_per_year: f64) -> Vec<String> {
    let years: f64 = results.periods.iter().map(|period| period.years).sum();
    let now = results.kpis.answer_tokens_ttok;
    // The goal counts quality-weighted tokens; the target is of raw ones at today's mix.
    let weight = if now > 0.0 { results.kpis.quality_tokens_ttok / now } else { 1.0 };
    let target = ttok_per_year * years * weight;
    let mut paths: Vec<&str> = Vec::new();
    for binding in results.binding.iter().filter(|binding| binding.dual != 0.0 && binding.limit_unit != "share") {
        if !paths.contains(&binding.path.as_str()) && paths.len() < TRIED {
            paths.push(&binding.path);
        }
    }
    if paths.is_empty() {
        return vec!["Nothing that binds could give.".into()];
    }
    paths
        .into_iter()
        .map(|path| match what_would_it_take(plan, series, options, path, target) {
            Ok(take) => take.sentence,
            Err(problems) => sentence(&problems),
        })
        .collect()
}
