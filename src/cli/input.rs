//! What the commands that take a plan share: opening it, changing it by `--set`, solving it.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::failure::{Ended, Failure};
use super::{output, problems};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::disk::Products;
use crate::plan::{Conduct, Goal, Plan, RawText, check, edit, file, path};
use crate::proof::ProofError;
use crate::resolved::Series;
use crate::results::{Results, Status};
use crate::study::proved::{Proved, Unproved, answer_from_proof, answer_with_proof};
use crate::study::{Answer, HOT_COLUMNS, Stated};
use crate::{disk, study, words};

/// How to solve.
#[derive(Debug, Default, clap::Args)]
pub(super) struct SolveOptions {
    /// What is wanted instead of the plan's own objective: `tokens` (most tokens, then least cost),
    /// `npv`, `cost` (least cost, then most tokens), `cost=120` (least cost for 120 Ttok),
    /// `cost-per-token` (at 90 % of the most tokens; `cost-per-token=0.8` at 80 %)
    #[arg(long, value_name = "tokens|cost|npv|cost-per-token", value_parser = parse_objective)]
    objective: Option<Objective>,
    /// Whole halls and racks
    #[arg(long)]
    pub(super) integer: bool,
    /// Stop after this many seconds with the best answer so far
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds)]
    time_limit: Option<f64>,
    /// Change a value before solving, as in `sites.abilene.interconnect_mw=450`; may be repeated.
    /// The paths are those of diagnostics; a plain number on a dated value holds from the start
    #[arg(long, value_name = "PATH=VALUE", value_parser = parse_set)]
    set: Vec<(String, String)>,
}

/// The goals of `--objective`.
#[derive(Clone, Debug, PartialEq)]
struct Objective(Vec<Goal>);

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
        ("tokens", None) => vec![Goal::MaxTokens, Goal::MaxNpv],
        ("npv", None) => vec![Goal::MaxNpv],
        ("npv-after-tax", None) => vec![Goal::MaxNpvAfterTax],
        ("cost", None) => vec![Goal::MinCost, Goal::MaxTokens],
        ("cost", Some(ttok)) => vec![Goal::MinCostForTtok(ttok)],
        ("cost-per-token", None) => vec![Goal::MinCostPerToken(0.9)],
        ("cost-per-token", Some(share)) if share <= 1.0 => vec![Goal::MinCostPerToken(share)],
        ("cost-per-token", Some(_)) => return Err("the share of the most tokens lies between 0 and 1".to_owned()),
        ("competition", None) => vec![Goal::MarketEquilibrium(Conduct::Competition)],
        ("cournot", None) => vec![Goal::MarketEquilibrium(Conduct::Cournot)],
        ("cartel", None) => vec![Goal::MarketEquilibrium(Conduct::Cartel)],
        _ => {
            return Err(
                "choose tokens, npv, npv-after-tax, cost, cost=TTOK, cost-per-token[=SHARE], competition, cournot or cartel".to_owned()
            );
        }
    }))
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() && seconds > 0.0 => Ok(seconds),
        _ => Err("give a number of seconds above 0".to_owned()),
    }
}

pub(super) fn parse_set(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((path, value)) if !path.trim().is_empty() && !value.trim().is_empty() => Ok((path.trim().to_owned(), value.trim().to_owned())),
        _ => Err("write PATH=VALUE, as in sites.abilene.interconnect_mw=450".to_owned()),
    }
}

/// A plan that can be solved, with the series it reads.
#[derive(Debug)]
pub(super) struct Opened {
    /// The plan, `--set` and objective applied.
    pub(super) plan: Plan,
    /// Series from files beside the plan.
    series: Series,
    /// The scenario picked; empty for the base plan.
    scenario: String,
    /// Where the text comes from, for messages.
    file: String,
    /// The text, for quoting.
    text: String,
    /// Where each value stands, to place later problems.
    places: HashMap<String, Span>,
    /// What is made from it, nothing over the files that were read.
    products: Products,
}

/// Opens a plan and makes it ready to solve. What is wrong is shown; a plan with errors does not
/// come back.
pub(super) fn open(path: &Path, options: &SolveOptions, scenario: Option<&str>) -> Result<Opened, Failure> {
    let text = disk::read_text(path).map_err(|error| Failure::world(&error))?;
    make_ready(text, path.display().to_string(), Some(path), options, scenario)
}

/// The same for a text that comes with the program.
pub(super) fn open_text(text: &str, name: &str) -> Result<Opened, Failure> {
    make_ready(text.to_owned(), name.to_owned(), None, &SolveOptions::default(), None)
}

fn make_ready(text: String, file: String, path: Option<&Path>, options: &SolveOptions, scenario: Option<&str>) -> Result<Opened, Failure> {
    let checked = file::read_plan(&text);
    // Warnings come once, with the answer; here only errors.
    let errors: Vec<_> = checked.diagnostics.iter().filter(|problem| problem.is_error()).cloned().collect();
    if !errors.is_empty() {
        problems::show(&errors, &file, &text);
    }
    let wrong = errors.iter().any(|problem| check::keeps_from_solving(problem, scenario.unwrap_or_default()));
    let Some(plan) = checked.plan.filter(|_| !wrong) else { return Err(Failure::Plan) };
    let mut opened = Opened {
        plan,
        series: Series::default(),
        scenario: scenario.unwrap_or_default().to_owned(),
        file,
        text,
        places: checked.places,
        products: Products::default(),
    };
    opened.set(&options.set)?;
    if let Some(Objective(goals)) = &options.objective {
        opened.plan.objective.clone_from(goals);
    }
    let varied = opened.varied()?;
    let series = disk::read_series(&varied, path.map(disk::folder_of));
    opened.series = opened.accept(series)?;
    if let Some(path) = path {
        opened.products = Products::of(disk::files_of(&varied, path));
    }
    Ok(opened)
}

/// Everything that is wrong or doubtful with a plan, and its text.
pub(super) fn check(path: &Path) -> Result<(String, Vec<Diagnostic>), Failure> {
    let text = disk::read_text(path).map_err(|error| Failure::world(&error))?;
    let checked = file::read_plan(&text);
    let mut diagnostics = checked.diagnostics;
    // What only shows when references are resolved and numbers computed comes after the rest is right.
    if let Some(plan) = checked.plan.filter(|_| diagnostics.iter().all(|problem| !problem.is_error())) {
        let deeper = match disk::read_series(&plan, disk::folder_of(path)) {
            Err(problems) => problems,
            Ok(series) => match study::state(&plan, &series, &study::Options::default()) {
                Ok(stated) => stated.resolved.warnings,
                Err(problems) => problems,
            },
        };
        for problem in check::with_places(deeper, &checked.places) {
            if !diagnostics.contains(&problem) {
                diagnostics.push(problem);
            }
        }
        file::sort_by_place(&mut diagnostics);
    }
    Ok((text, diagnostics))
}

impl SolveOptions {
    /// Nothing special but these values set.
    pub(super) fn with_sets(set: &[(String, String)]) -> Self {
        Self { set: set.to_vec(), ..Self::default() }
    }
}

impl Opened {
    /// Says of a large plan how large it is and about how long it takes, before anything is built.
    pub(super) fn say_size(&self) {
        let options = study::Options { scenario: self.scenario.clone(), ..study::Options::default() };
        let Ok(size) = study::size(&self.plan, &self.series, &options) else { return };
        if size.columns() > 2 * HOT_COLUMNS as u64 {
            let (unknowns, seconds) = (words::grouped(size.columns() as f64, 0), words::number(size.about_seconds().round()));
            output::note(&format!("A large plan: up to {unknowns} unknowns, which take about {seconds} s of one processor core."));
        }
    }

    /// Where what is made from the plan is written.
    pub(super) fn products(&self) -> &Products {
        &self.products
    }

    /// The value, or its problems shown.
    fn accept<T>(&self, value: Result<T, Vec<Diagnostic>>) -> Result<T, Failure> {
        value.map_err(|found| {
            problems::show(&check::with_places(found, &self.places), &self.file, &self.text);
            Failure::Plan
        })
    }

    /// Sets values by path in the plan, and in its scenario, where what is typed wins too.
    fn set(&mut self, values: &[(String, String)]) -> Ended {
        let varied = self.accept(edit::with_sets(&self.varied()?, values))?;
        if values.is_empty() {
            return Ok(());
        }
        // A value that reads well may still break a rule or point nowhere.
        // What was wrong with a study or another scenario before stops that one alone.
        let before = check::check(&self.plan, &HashSet::new());
        let stops =
            |problem: &Diagnostic| problem.is_error() && (check::keeps_from_solving(problem, &self.scenario) || !before.contains(problem));
        let broken: Vec<_> = check::check(&varied, &HashSet::new()).into_iter().filter(stops).collect();
        if !broken.is_empty() {
            return self.accept(Err(broken));
        }
        let mut plan = self.accept(edit::with_sets(&self.plan, values))?;
        if let Some(variation) = plan.scenarios.get_mut(&self.scenario) {
            for (path, _) in values {
                if let Some(text) = path::get(&varied, path) {
                    variation.set.0.push((path.clone(), RawText(text)));
                }
            }
        }
        self.plan = plan;
        Ok(())
    }

    /// The plan with its scenario applied.
    pub(super) fn varied(&self) -> Result<Plan, Failure> {
        self.accept(study::with_scenario(&self.plan, &self.scenario))
    }

    /// The plan resolved and stated as a linear program.
    pub(super) fn state(&self, options: &SolveOptions) -> Result<Stated, Failure> {
        self.accept(study::state(&self.plan, &self.series, &self.how(options)))
    }

    /// A question to the plan, its answer or what is wrong, shown.
    pub(super) fn ask<T>(
        &self,
        options: &SolveOptions,
        question: impl FnOnce(&Plan, &Series, &study::Options) -> Result<T, Vec<Diagnostic>>,
    ) -> Result<T, Failure> {
        self.accept(question(&self.plan, &self.series, &self.how(options)))
    }

    fn how(&self, options: &SolveOptions) -> study::Options {
        study::Options {
            scenario: self.scenario.clone(),
            whole: options.integer,
            ranges: true,
            entry_prices: true,
            time_limit_s: options.time_limit,
            ..study::Options::default()
        }
    }

    /// Solves the plan. Its warnings come with the results, those of the plan's own rules too; a plan
    /// that turns out to be wrong does not come back, and why is shown.
    pub(super) fn solve(&self, options: &SolveOptions) -> Result<Arc<Results>, Failure> {
        self.with_doubts(study::answer(&self.plan, &self.series, &self.how(options)))
    }

    /// The same with the proof of the answer, as text, or why there is none.
    pub(super) fn solve_with_proof(&self, options: &SolveOptions) -> Result<(Arc<Results>, Result<String, ProofError>), Failure> {
        let (answer, proof) = answer_with_proof(&self.plan, &self.series, &self.how(options));
        Ok((self.with_doubts(answer)?, proof))
    }

    /// The answer that a proof proves, checked and not solved.
    pub(super) fn proved(&self, text: &str) -> Result<Proved, Failure> {
        answer_from_proof(&self.plan, &self.series, text).map_err(|unproved| match unproved {
            Unproved::Plan(problems) => self.accept::<()>(Err(problems)).err().unwrap_or(Failure::Plan),
            Unproved::Proof(error) => {
                output::note(&format!("error: {error}"));
                Failure::Plan
            }
        })
    }

    /// The answer with the warnings of the plan's own rules.
    fn with_doubts(&self, answer: Answer) -> Result<Arc<Results>, Failure> {
        let Some(mut results) = answer.results else { return self.accept(Err(answer.problems)) };
        let of_rules = check::check(&self.varied()?, &HashSet::new());
        let doubts =
            of_rules.into_iter().filter(|problem| problem.severity == Severity::Warning && !problem.path.starts_with("scenarios."));
        let warnings = &mut Arc::make_mut(&mut results).warnings;
        for doubt in doubts {
            if !warnings.contains(&doubt) {
                warnings.push(doubt);
            }
        }
        Ok(results)
    }
}

/// Whether an answer was found; if not, says why on stderr.
pub(super) fn settled(results: &Results) -> Ended {
    let why = if results.message.is_empty() { String::new() } else { format!(" {}", results.message) };
    match results.status {
        Status::Optimal => Ok(()),
        Status::Stopped if results.has_numbers() => {
            output::note(&format!("Stopped before the best answer was proved.{why}"));
            Ok(())
        }
        Status::Stopped if !results.unreached.is_empty() => {
            output::note(&format!("error: Stopped before its last goal was reached.{why}"));
            Err(Failure::Plan)
        }
        Status::Stopped => {
            output::note(&format!("error: Stopped before any feasible answer was found.{why}"));
            Err(Failure::Plan)
        }
        Status::Infeasible => {
            output::note("error: The limits of this plan contradict each other.");
            Err(Failure::Plan)
        }
        Status::Unbounded => {
            output::note(&format!("error: Something useful is free and unlimited in this plan.{why}"));
            Err(Failure::Plan)
        }
        Status::Nothing => {
            output::note(&format!("error: {}", results.message));
            Err(Failure::Plan)
        }
        Status::Failed => Err(Failure::World(format!("The solver failed.{why}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objectives_are_read() {
        assert_eq!(parse_objective("cost=120"), Ok(Objective(vec![Goal::MinCostForTtok(120.0)])));
        assert_eq!(parse_objective("cost-per-token"), Ok(Objective(vec![Goal::MinCostPerToken(0.9)])));
        for wrong in ["", "fame", "tokens=3", "cost=NaN", "cost=-1", "cost-per-token=1.5"] {
            assert!(parse_objective(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sets_are_split_at_the_first_equals_sign() {
        assert_eq!(parse_set("a.b = \"x=y\""), Ok(("a.b".to_owned(), "\"x=y\"".to_owned())));
        assert!(parse_set("a.b").is_err() && parse_set("=1").is_err() && parse_set("a=").is_err());
    }
}
