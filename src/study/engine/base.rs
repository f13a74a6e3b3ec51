//! The base plan's answer, which every chain begins from.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::ends::{Ends, Found, NoEnds};
use super::met::{Alone, Met, NoPlan, Together};
use super::point::digest_of_series;
use crate::diagnostic::Diagnostic;
use crate::formulation::measures::Measure;
use crate::formulation::program::{Col, Key, Program};
use crate::plan::Plan;
use crate::resolved::Series;
use crate::results::sha256_of;
use crate::solve::glance::Bases;
use crate::solve::session::Session;
use crate::solve::{self, Outcome, SolveOptions, Status};
use crate::study::{HOT_COLUMNS, Options, Stated, state};

/// The base plan, stated and solved.
#[derive(Debug)]
pub struct Base {
    /// The plan, without its studies.
    pub plan: Plan,
    /// Its series.
    pub series: Series,
    /// The plan stated.
    pub stated: Stated,
    /// Its answer; any that the solver gave.
    pub outcome: Outcome,
    /// Where hot runs begin; empty where there is nothing to begin from.
    pub(super) bases: Bases,
    /// SHA-256 of the plan.
    pub(super) plan_digest: String,
    /// SHA-256 of the series.
    pub(super) series_digest: String,
    /// What is ordered, by the column it stands in.
    pub(super) ordered: HashMap<Key, f64>,
    /// The futures of a hedge, stated once for all the ways they are met.
    pub(super) met: OnceLock<Result<Vec<Met>, NoPlan>>,
    /// Each of them alone.
    pub(super) alone: OnceLock<Vec<Alone>>,
    /// All of them hedged.
    pub(super) hedged: OnceLock<Together>,
    /// Held by the way of meeting futures that is being found by cuts.
    pub(super) cutting: Mutex<()>,
    /// The ends of frontiers, by the measure made as good as possible and the one held.
    ends: Mutex<HashMap<(Measure, Measure), Found>>,
}

impl Base {
    /// States and solves the base plan.
    ///
    /// # Errors
    /// What is wrong with the plan.
    pub fn new(plan: &Plan, series: &Series, options: &Options) -> Result<Self, Vec<Diagnostic>> {
        let mut plan = crate::study::with_scenario(plan, &options.scenario)?;
        plan.studies.clear();
        if options.whole {
            plan.whole.halls = true;
            plan.whole.racks = true;
        }
        let stated = state(&plan, series, &Options::default())?;
        let program = &stated.formulation.program;
        let (outcome, bases) = if is_hot(&stated, program) {
            let mut session = Session::new();
            let outcome = best(&mut session, &stated, program, options.cancel.as_ref());
            let bases = session.bases(&outcome).unwrap_or_default();
            (outcome, bases)
        } else {
            (best(&mut Session::new(), &stated, program, options.cancel.as_ref()), Bases::default())
        };
        let ordered = ordered(&stated).into_iter().filter_map(|col| {
            let column = program.columns.get(col.0 as usize)?;
            Some((column.key, outcome.point.get(col.0 as usize).copied()?))
        });
        let ordered = ordered.collect();
        let (plan_digest, series_digest) = (sha256_of(&plan), digest_of_series(series));
        Ok(Self {
            plan,
            series: series.clone(),
            stated,
            outcome,
            bases,
            plan_digest,
            series_digest,
            ordered,
            met: OnceLock::new(),
            alone: OnceLock::new(),
            hedged: OnceLock::new(),
            cutting: Mutex::default(),
            ends: Mutex::default(),
        })
    }

    /// A session that begins where the base plan's answer stands: with all goals, or with the last one alone.
    pub(super) fn session(&self, all_goals: bool) -> Session {
        if self.bases.is_empty() {
            return Session::new();
        }
        if all_goals { Session::starting_from(&self.bases) } else { Session::starting_from(&self.bases.last_alone()) }
    }

    /// A session for goals of the plan's own program: its answer is feasible for all that give up no less.
    pub(super) fn session_of_goals(&self) -> Session {
        Session::of_goals(&self.bases.last_alone())
    }

    /// The ends of a frontier, found once: they rest on the base plan alone, so every chain would find the same.
    pub(super) fn ends(
        &self,
        pair: (Measure, Measure),
        find: impl FnOnce() -> Result<Ends, Option<NoEnds>>,
    ) -> Result<Arc<Ends>, Option<NoEnds>> {
        // Whoever comes second waits for the first one rather than doing its work again.
        let mut known = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(&pair) {
            return found.clone().map_err(Some);
        }
        let found = match find() {
            Ok(ends) => Ok(Arc::new(ends)),
            Err(Some(reason)) => Err(reason),
            Err(None) => return Err(None),
        };
        known.insert(pair, found.clone());
        found.map_err(Some)
    }
}

/// The columns in which something is ordered, built or signed.
fn ordered(stated: &Stated) -> Vec<Col> {
    let layout = &stated.formulation.layout;
    let pools = layout.pools.iter().flat_map(|pool| &pool.orders);
    let halls = layout.halls.iter().flat_map(|halls| &halls.orders);
    let plant = layout.contracts.iter().flat_map(|contract| &contract.orders);
    let pipelines = layout.pipelines.iter().flatten();
    let signed = layout.contracts.iter().filter_map(|contract| contract.contract_mw);
    pools.chain(halls).chain(plant).chain(pipelines).map(|(_, col)| *col).chain(signed).collect()
}

/// Whether a program is solved hot: no whole numbers, and of a size that the simplex method answers quickly.
pub(super) fn is_hot(stated: &Stated, program: &Program) -> bool {
    let whole = &stated.plan.whole;
    !(whole.halls || whole.racks) && program.columns.len() <= HOT_COLUMNS
}

/// The best answer of a program: hot and certified, else from cold. That there is none is found from cold.
pub(super) fn best(session: &mut Session, stated: &Stated, program: &Program, cancel: Option<&Arc<AtomicBool>>) -> Outcome {
    if is_hot(stated, program) {
        let outcome = session.solve(program, cancel.cloned());
        if matches!(outcome.status, Status::Optimal | Status::Stopped { .. }) {
            return outcome;
        }
    }
    let options = Options { cancel: cancel.cloned(), ..Options::default() };
    solve::solve(program, &SolveOptions { ..crate::study::solve_options(stated, &options) })
}
