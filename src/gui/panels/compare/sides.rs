//! The two answers that are compared, and where they come from: the screen, the baseline, or a solve
//! beside the window for a scenario that is not on screen.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::gui::document::Document;
use crate::gui::job::Job;
use crate::plan::Plan;
use crate::results::Results;
use crate::study::{self, Options, with_scenario};

/// Said of a scenario that has no answer: infeasible, unbounded or stopped.
const NO_NUMBERS: &str = "It has no answer with numbers. Pick it in the toolbar; Explain then says what must give.";

/// One of two answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// The pinned answer.
    Baseline,
    /// A scenario of the plan as it is now; empty for the base plan.
    Scenario(String),
}

impl Side {
    /// What it is called.
    #[must_use]
    pub fn name(&self, document: &Document) -> String {
        match self {
            Self::Baseline => document.baseline().map_or_else(|| "Baseline".into(), |baseline| format!("Baseline, {}", baseline.name)),
            Self::Scenario(name) if name.is_empty() => "Base plan".into(),
            Self::Scenario(name) => format!("Scenario {name}"),
        }
    }

    /// Everything that can be compared now.
    #[must_use]
    pub fn all(document: &Document) -> Vec<Self> {
        let mut all = vec![Self::Scenario(String::new())];
        all.extend(document.base().scenarios.keys().cloned().map(Self::Scenario));
        if document.baseline().is_some() {
            all.push(Self::Baseline);
        }
        all
    }
}

/// An answer as far as it is there.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The plan it is of, its scenario applied.
    pub plan: Arc<Plan>,
    /// The answer; none while it is solved, or if it has no numbers.
    pub results: Option<Arc<Results>>,
    /// Belongs to the plan before the last edit.
    pub stale: bool,
    /// Why there are no numbers, if the solve has ended without.
    pub problem: Option<String>,
}

/// A solve that has ended.
#[derive(Debug)]
struct Solved {
    /// The document's plan it was asked for.
    of: Arc<Plan>,
    results: Option<Arc<Results>>,
    problem: Option<String>,
}

/// A solve at work.
#[derive(Debug)]
struct Running {
    scenario: String,
    of: Arc<Plan>,
    job: Option<Job<Solved>>,
}

/// A scenario applied, and the document's plan it was applied to.
type Applied = (Arc<Plan>, Arc<Plan>);

/// Answers to scenarios that are not on screen, solved when somebody looks at them.
#[derive(Debug, Default)]
pub struct Beside {
    solved: BTreeMap<String, Solved>,
    running: Option<Running>,
    applied: BTreeMap<String, Applied>,
}

impl Beside {
    /// The plan with a scenario applied, made once for each plan; the plan itself if it can't be applied.
    fn plan_of(&mut self, document: &Document, scenario: &str) -> Arc<Plan> {
        let plan = document.plan_arc();
        if scenario.is_empty() {
            return plan;
        }
        if let Some((of, applied)) = self.applied.get(scenario)
            && Arc::ptr_eq(of, &plan)
        {
            return Arc::clone(applied);
        }
        let applied = with_scenario(&plan, scenario).map_or_else(|_| Arc::clone(&plan), Arc::new);
        self.applied.insert(scenario.to_owned(), (plan, Arc::clone(&applied)));
        applied
    }

    /// What is known of a side now.
    pub fn shown(&mut self, document: &Document, side: &Side) -> Option<Shown> {
        let scenario = match side {
            Side::Baseline => {
                let baseline = document.baseline()?;
                let plan = Arc::clone(&baseline.plan);
                return Some(Shown { plan, results: Some(Arc::clone(&baseline.results)), stale: false, problem: None });
            }
            Side::Scenario(name) => name,
        };
        let plan = self.plan_of(document, scenario);
        if scenario == document.scenario() {
            // Right after a scenario was picked, the answer on screen is still that of the one before.
            let results = document.results().filter(|results| results.scenario_name == *scenario).cloned();
            let stale = document.is_behind();
            let problem = (results.is_none() && !document.is_solving()).then(|| NO_NUMBERS.to_owned());
            return Some(Shown { plan, results, stale, problem });
        }
        let Some(solved) = self.solved.get(scenario) else {
            return Some(Shown { plan, results: None, stale: false, problem: None });
        };
        let stale = !Arc::ptr_eq(&solved.of, &document.plan_arc());
        Some(Shown { plan, results: solved.results.clone(), stale, problem: solved.problem.clone() })
    }

    /// The scenario of a side that should be solved now: its answer is missing or of an older plan, the
    /// window's own answer is in, and nothing else runs.
    #[must_use]
    pub fn wanted(&self, document: &Document, side: &Side) -> Option<String> {
        let Side::Scenario(scenario) = side else { return None };
        let plan = document.plan_arc();
        let is_there = self.solved.get(scenario).is_some_and(|solved| Arc::ptr_eq(&solved.of, &plan));
        let wanted = scenario != document.scenario() && !is_there && self.running.is_none() && document.is_settled();
        wanted.then(|| scenario.clone())
    }

    /// Whether a scenario is being solved.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Solves a scenario on a thread of its own; `wake` is called when it is done.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn start(&mut self, scenario: String, document: &Document, wake: impl Fn() + Send + 'static) -> Result<(), String> {
        let (of, series) = (document.plan_arc(), Arc::clone(document.series()));
        let (plan, name) = (Arc::clone(&of), scenario.clone());
        let job = Job::start("compare", wake, move |task| {
            let options = Options { scenario: name, cancel: Some(Arc::clone(&task.cancel)), ..Options::default() };
            solve(&plan, &series, &options)
        })
        .map_err(|error| format!("The scenario could not be solved: {error}."))?;
        self.running = Some(Running { scenario, of, job: Some(job) });
        Ok(())
    }

    /// Takes in a solve that has ended, and stops one that nobody waits for any more.
    pub fn poll(&mut self, document: &Document) {
        self.solved.retain(|scenario, _| scenario.is_empty() || document.base().scenarios.contains_key(scenario));
        let Some(running) = &mut self.running else { return };
        if !Arc::ptr_eq(&running.of, &document.plan_arc())
            && let Some(job) = &running.job
        {
            job.stop();
        }
        let stopped = running.job.as_ref().is_some_and(Job::is_stopped);
        let Some(outcome) = Job::poll(&mut running.job) else { return };
        let solved = outcome.unwrap_or_else(|_| Solved {
            of: Arc::clone(&running.of),
            results: None,
            problem: Some("Solving failed inside the program; this is a mistake of ours.".into()),
        });
        // One that was stopped has nothing to say; the older answer stays until the next is in.
        if !stopped {
            self.solved.insert(running.scenario.clone(), solved);
        }
        self.running = None;
    }
}

fn solve(plan: &Arc<Plan>, series: &crate::resolved::Series, options: &Options) -> Solved {
    let answer = study::answer(plan, series, options);
    let results = answer.results.filter(|results| results.has_numbers());
    let problem = results.is_none().then(|| {
        let first = answer.problems.iter().find(|problem| problem.is_error());
        first.map_or_else(|| NO_NUMBERS.to_owned(), |problem| problem.message.clone())
    });
    Solved { of: Arc::clone(plan), results, problem }
}
