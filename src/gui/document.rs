//! The document: a plan, its history, and the answer to it.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use crate::charts::Order;
use crate::diagnostic::Diagnostic;
use crate::disk::Fingerprint;
use crate::gui::change::{self, Edit};
use crate::gui::command::Stroke;
use crate::plan::check::check;
use crate::plan::node::{Map, Node};
use crate::plan::{self, Goal, Horizon, Month, Plan, Representative, Slices};
use crate::results::{Results, Status, SupplyKind};
use crate::scenario::Series;
use crate::study::live::{Job, Live, LiveAnswer};
use crate::study::{Options, with_scenario};

/// Most undo steps kept.
const MAX_UNDO: usize = 200;

/// A plan before a change, and what the change was.
#[derive(Clone, Debug)]
struct UndoPoint {
    name: String,
    plan: Arc<Plan>,
}

/// An answer that is compared with.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// What it is called.
    pub name: String,
    /// The answer.
    pub results: Arc<Results>,
    /// The plan it belongs to, with its scenario applied.
    pub plan: Arc<Plan>,
}

/// A text that is not a plan (yet): broken, or from a newer version.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The text.
    pub text: String,
    /// From a newer version of the program: shown, never written.
    pub newer: bool,
}

/// How the answer on screen relates to the plan on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// There is no answer.
    None,
    /// The answer belongs to the plan on screen.
    Fresh,
    /// The answer belongs to the plan before the last edit.
    Stale,
}

/// The document.
pub struct Document {
    plan: Arc<Plan>,
    series: Arc<Series>,
    /// The text instead of a plan, if it could not be read.
    pub unread: Option<Unread>,
    /// The file it is saved to.
    pub path: Option<PathBuf>,
    /// What the file held when it was last read or written.
    pub on_disk: Option<Fingerprint>,
    /// The file holds comments that saving would drop.
    pub has_comments: bool,
    saved: Arc<Plan>,
    undo: Vec<UndoPoint>,
    redo: Vec<UndoPoint>,
    stroke: Option<String>,
    revision: u64,
    scenario: String,
    live: Option<Live>,
    /// Solve after every change.
    pub live_on: bool,
    submitted: u64,
    submitted_at: Option<Instant>,
    newest: Option<LiveAnswer>,
    good: Option<LiveAnswer>,
    baseline: Option<Baseline>,
    /// Revision whose answer becomes the baseline by itself: the plan as it was opened.
    baseline_at: Option<u64>,
    /// What was wrong with the plan as it was read, with places in its text.
    read_problems: Vec<Diagnostic>,
    /// The plan those are of.
    read: Arc<Plan>,
    /// Rules that the plan as it is breaks.
    broken: Vec<Diagnostic>,
    problems: Vec<Diagnostic>,
    order: Order,
    dirty: bool,
}

/// A plan with nothing in it.
#[must_use]
pub fn empty_plan() -> Plan {
    Plan {
        schema: plan::SCHEMA,
        name: "New plan".into(),
        notes: String::new(),
        catalog_version: String::new(),
        horizon: Horizon {
            start: Month::new(2027, 1),
            period_months: 3,
            periods: 12,
            discount_rate_fraction: 0.08,
            price_basis: "real 2026 USD".into(),
            utc_offset_hours: None,
        },
        slices: Slices::Representative(Representative {
            block_hours: 4,
            days: Map::from_iter([
                ("winter".to_owned(), day(&[12, 1, 2])),
                ("spring".to_owned(), day(&[3, 4, 5])),
                ("summer".to_owned(), day(&[6, 7, 8])),
                ("autumn".to_owned(), day(&[9, 10, 11])),
            ]),
        }),
        profiles: Map::new(),
        sites: Map::new(),
        chips: Map::new(),
        fleets: Map::new(),
        rentals: Map::new(),
        contracts: Map::new(),
        served_models: Map::new(),
        products: Map::new(),
        throughput: Map::new(),
        markets: Map::new(),
        routes: Map::new(),
        purchases: Map::new(),
        training: Map::new(),
        policies: Map::new(),
        decisions: Map::new(),
        budget: plan::Budget::default(),
        objective: vec![Goal::MaxTokens, Goal::MinCost],
        tolerance_fraction: 1e-6,
        whole: plan::Whole::default(),
        scenarios: Map::new(),
    }
}

fn day(months: &[u32]) -> plan::Day {
    plan::Day { months: months.to_vec(), days_per_year: None, share_fraction: None, pick: None }
}

impl Document {
    /// A new document; `live` solves it, if there is a worker.
    #[must_use]
    pub fn new(live: Option<Live>) -> Self {
        let plan = Arc::new(empty_plan());
        Self {
            plan: Arc::clone(&plan),
            series: Arc::new(Series::default()),
            unread: None,
            path: None,
            on_disk: None,
            has_comments: false,
            saved: Arc::clone(&plan),
            undo: Vec::new(),
            redo: Vec::new(),
            stroke: None,
            revision: 0,
            scenario: String::new(),
            live,
            live_on: true,
            submitted: 0,
            submitted_at: None,
            newest: None,
            good: None,
            baseline: None,
            baseline_at: None,
            read_problems: Vec::new(),
            read: plan,
            broken: Vec::new(),
            problems: Vec::new(),
            order: Order::default(),
            dirty: false,
        }
    }

    // ---- reading -------------------------------------------------------------------------------

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The plan, to be kept.
    #[must_use]
    pub fn plan_arc(&self) -> Arc<Plan> {
        Arc::clone(&self.plan)
    }

    /// Series of the plan's files.
    #[must_use]
    pub fn series(&self) -> &Arc<Series> {
        &self.series
    }

    /// The value at a path of the plan.
    #[must_use]
    pub fn value(&self, path: &str) -> Option<&dyn Node> {
        change::get(&self.plan, path)
    }

    /// The last answer with numbers, whether it is fresh or not; see [`Document::freshness`].
    #[must_use]
    pub fn results(&self) -> Option<&Arc<Results>> {
        self.good.as_ref().and_then(|good| good.answer.results.as_ref())
    }

    /// The newest answer's results, also without numbers (infeasible, unbounded, failed).
    #[must_use]
    pub fn newest_results(&self) -> Option<&Arc<Results>> {
        self.newest.as_ref().and_then(|newest| newest.answer.results.as_ref())
    }

    /// The newest answer.
    #[must_use]
    pub fn newest(&self) -> Option<&LiveAnswer> {
        self.newest.as_ref()
    }

    /// Whether the numbers on screen belong to the plan on screen.
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        match &self.good {
            None => Freshness::None,
            Some(good) if good.revision == self.revision => Freshness::Fresh,
            Some(_) => Freshness::Stale,
        }
    }

    /// Revision of the plan whose numbers are on screen; 0 if there are none.
    #[must_use]
    pub fn shown_revision(&self) -> u64 {
        self.good.as_ref().map_or(0, |good| good.revision)
    }

    /// Whether the plan on screen has its answer from cold, and nothing is being solved any more.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.live.as_ref().is_none_or(Live::is_settled)
    }

    /// How the newest solve of this very plan ended, if it has ended.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        let newest = self.newest.as_ref().filter(|newest| newest.revision == self.revision)?;
        newest.answer.results.as_ref().map(|results| results.status)
    }

    /// Whether an answer is awaited.
    #[must_use]
    pub fn is_solving(&self) -> bool {
        self.live.as_ref().is_some_and(Live::is_busy)
    }

    /// Whether the answer on screen is fresh and was solved from cold: fit to be compared, saved, exported.
    #[must_use]
    pub fn is_canonical(&self) -> bool {
        self.freshness() == Freshness::Fresh && self.good.as_ref().is_some_and(|good| good.canonical)
    }

    /// Seconds since the running solve was asked for.
    #[must_use]
    pub fn solving_seconds(&self) -> f64 {
        self.submitted_at.filter(|_| self.is_solving()).map_or(0.0, |at| at.elapsed().as_secs_f64())
    }

    /// What the plan is compared with.
    #[must_use]
    pub fn baseline(&self) -> Option<&Baseline> {
        self.baseline.as_ref()
    }

    /// What is wrong or doubtful, the worst first.
    #[must_use]
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// Errors and warnings at a path or below it.
    #[must_use]
    pub fn problems_at(&self, path: &str) -> (usize, usize) {
        let below = |diagnostic: &&Diagnostic| {
            diagnostic.path == path || diagnostic.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))
        };
        let errors = self.problems.iter().filter(below).filter(|diagnostic| diagnostic.is_error()).count();
        (errors, self.problems.iter().filter(below).count() - errors)
    }

    /// The things of the plan in its own order: what fixes their colours.
    #[must_use]
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// Grows with every change of the plan.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The scenario picked, empty for the base plan.
    #[must_use]
    pub fn scenario(&self) -> &str {
        &self.scenario
    }

    /// Whether the plan differs from its file.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        self.unread.is_none() && self.dirty
    }

    /// Whether nothing may be changed.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.unread.is_some()
    }

    /// What undo would take back.
    #[must_use]
    pub fn undo_name(&self) -> Option<&str> {
        self.undo.last().map(|point| point.name.as_str())
    }

    /// What redo would make again.
    #[must_use]
    pub fn redo_name(&self) -> Option<&str> {
        self.redo.last().map(|point| point.name.as_str())
    }

    /// Name for the window's title.
    #[must_use]
    pub fn title(&self) -> String {
        if !self.plan.name.is_empty() {
            return self.plan.name.clone();
        }
        self.path.as_ref().and_then(|path| path.file_name()).map_or_else(|| "Untitled".into(), |name| name.to_string_lossy().into_owned())
    }

    /// The canonical text of the plan.
    #[must_use]
    pub fn text(&self) -> String {
        self.unread.as_ref().map_or_else(|| plan::file::print(&self.plan), |unread| unread.text.clone())
    }

    // ---- changing ------------------------------------------------------------------------------

    /// Replaces everything with another plan.
    pub fn open(&mut self, plan: Plan, series: Series, path: Option<PathBuf>, problems: Vec<Diagnostic>) {
        self.plan = Arc::new(plan);
        self.saved = Arc::clone(&self.plan);
        self.series = Arc::new(series);
        self.path = path;
        self.unread = None;
        self.read = Arc::clone(&self.plan);
        // Rules are checked after every change; what only the files can tell stays with the plan.
        self.read_problems = problems;
        self.forget();
        self.baseline_at = Some(self.revision + 1);
        self.changed();
    }

    /// Replaces everything with a text that could not be read.
    pub fn open_unread(&mut self, text: String, newer: bool, path: Option<PathBuf>, problems: Vec<Diagnostic>) {
        self.plan = Arc::new(empty_plan());
        self.saved = Arc::clone(&self.plan);
        self.path = path;
        self.unread = Some(Unread { text, newer });
        self.dirty = false;
        self.read = Arc::clone(&self.plan);
        self.read_problems = problems;
        self.broken.clear();
        self.forget();
        self.revision += 1;
        self.collect_problems();
    }

    fn forget(&mut self) {
        self.on_disk = None;
        self.has_comments = false;
        self.undo.clear();
        self.redo.clear();
        self.stroke = None;
        self.scenario.clear();
        self.newest = None;
        self.good = None;
        self.baseline = None;
    }

    /// Notes that the plan is on the disk as it is.
    pub fn mark_saved(&mut self, path: PathBuf, on_disk: Fingerprint) {
        self.saved = Arc::clone(&self.plan);
        self.dirty = false;
        self.path = Some(path);
        self.on_disk = Some(on_disk);
        self.has_comments = false;
    }

    /// Notes that the plan, although just opened, is not on the disk (recovered, or new).
    pub fn mark_unsaved(&mut self) {
        self.saved = Arc::new(empty_plan());
        self.dirty = true;
    }

    /// Applies an edit.
    ///
    /// # Errors
    /// What is wrong with it; the plan is unchanged.
    pub fn edit(&mut self, edit: &Edit, stroke: Stroke) -> Result<(), Vec<Diagnostic>> {
        let name = edit.label(&self.plan);
        let key = match edit {
            Edit::Set { path, .. } if stroke == Stroke::Dragging => Some(path.clone()),
            _ => None,
        };
        let plan = change::apply(&self.plan, edit)?;
        self.replace(plan, name, key);
        Ok(())
    }

    /// Applies several edits as one undo step, or none of them.
    ///
    /// # Errors
    /// What is wrong with the first that fails.
    pub fn batch(&mut self, name: String, edits: &[Edit]) -> Result<(), Vec<Diagnostic>> {
        let mut plan = (*self.plan).clone();
        for edit in edits {
            plan = change::apply(&plan, edit)?;
        }
        self.replace(plan, name, None);
        Ok(())
    }

    fn replace(&mut self, plan: Plan, name: String, stroke: Option<String>) {
        if plan == *self.plan || self.is_read_only() {
            return;
        }
        let before = std::mem::replace(&mut self.plan, Arc::new(plan));
        if stroke.is_some() && stroke == self.stroke {
            // The same drag goes on: the step keeps the plan from before its first move.
            if let Some(point) = self.undo.last_mut() {
                point.name = name;
            }
        } else {
            self.undo.push(UndoPoint { name, plan: before });
            if self.undo.len() > MAX_UNDO {
                self.undo.remove(0);
            }
        }
        self.stroke = stroke;
        self.redo.clear();
        self.changed();
    }

    /// Ends a drag: the next edit is another undo step.
    pub fn end_drag(&mut self) {
        self.stroke = None;
    }

    /// Whether a drag is going on.
    #[must_use]
    pub fn is_dragging(&self) -> bool {
        self.stroke.is_some()
    }

    /// Takes back the last change; says what it was.
    pub fn undo(&mut self) -> Option<String> {
        let point = self.undo.pop()?;
        let after = std::mem::replace(&mut self.plan, point.plan);
        self.redo.push(UndoPoint { name: point.name.clone(), plan: after });
        self.stroke = None;
        self.changed();
        Some(point.name)
    }

    /// Makes the change taken back again; says what it was.
    pub fn redo(&mut self) -> Option<String> {
        let point = self.redo.pop()?;
        let before = std::mem::replace(&mut self.plan, point.plan);
        self.undo.push(UndoPoint { name: point.name.clone(), plan: before });
        self.stroke = None;
        self.changed();
        Some(point.name)
    }

    /// Picks a scenario.
    pub fn pick_scenario(&mut self, name: String) {
        if name != self.scenario && (name.is_empty() || self.plan.scenarios.contains_key(&name)) {
            self.scenario = name;
            self.changed();
        }
    }

    /// Pins the answer as the baseline.
    pub fn pin_baseline(&mut self) -> bool {
        // Only an answer from cold may be compared with: a hot one may be another of equal worth.
        let Some(results) = self.good.as_ref().filter(|good| good.canonical).and_then(|good| good.answer.results.clone()) else {
            return false;
        };
        let picked = &results.scenario_name;
        let name = if picked.is_empty() { "base plan".to_owned() } else { picked.clone() };
        // The plan that was solved: with the scenario's values in it.
        let plan = if picked.is_empty() { None } else { with_scenario(&self.plan, picked).ok().map(Arc::new) };
        self.baseline = Some(Baseline { name, results, plan: plan.unwrap_or_else(|| Arc::clone(&self.plan)) });
        true
    }

    /// Compares with nothing.
    pub fn clear_baseline(&mut self) {
        self.baseline = None;
        self.baseline_at = None;
    }

    fn changed(&mut self) {
        self.revision += 1;
        if !self.scenario.is_empty() && !self.plan.scenarios.contains_key(&self.scenario) {
            self.scenario.clear();
        }
        self.broken = check(&self.plan, &HashSet::new());
        self.order = order_of(&self.plan);
        self.dirty = !Arc::ptr_eq(&self.plan, &self.saved) && self.plan != self.saved;
        self.collect_problems();
        if self.live_on {
            self.solve();
        }
    }

    fn collect_problems(&mut self) {
        if Arc::ptr_eq(&self.plan, &self.read) {
            self.problems.clone_from(&self.read_problems);
        } else {
            self.problems.clone_from(&self.broken);
            self.problems.extend(self.of_files());
        }
        if let Some(newest) = &self.newest {
            for problem in &newest.answer.problems {
                if !self.problems.iter().any(|other| is_same(other, problem)) {
                    self.problems.push(problem.clone());
                }
            }
        }
        self.problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
    }

    /// Problems that no rule finds, such as a missing series file: they stay while their place does.
    fn of_files(&self) -> Vec<Diagnostic> {
        if self.read_problems.is_empty() {
            return Vec::new();
        }
        let by_rule = check(&self.read, &HashSet::new());
        let stays = |problem: &&Diagnostic| {
            !by_rule.iter().any(|other| is_same(other, problem)) && change::get(&self.plan, &problem.path).is_some()
        };
        self.read_problems.iter().filter(stays).cloned().collect()
    }

    /// Whether a rule is broken that keeps the plan, with the scenario on screen, from being solved.
    fn is_broken(&self) -> bool {
        let own = format!("scenarios.{}.", self.scenario);
        self.broken.iter().any(|problem| problem.is_error() && (!problem.path.starts_with("scenarios.") || problem.path.starts_with(&own)))
    }

    // ---- solving -------------------------------------------------------------------------------

    /// Asks for an answer to the plan as it is.
    pub fn solve(&mut self) {
        if self.unread.is_some() || self.is_broken() {
            return;
        }
        let Some(live) = &mut self.live else { return };
        let options = Options { scenario: self.scenario.clone(), ..Options::default() };
        live.submit(Job { revision: self.revision, plan: Arc::clone(&self.plan), series: Arc::clone(&self.series), options });
        self.submitted = self.revision;
        self.submitted_at = Some(Instant::now());
    }

    /// Stops the running solve.
    pub fn cancel(&mut self) {
        if let Some(live) = &mut self.live {
            live.cancel();
        }
    }

    /// Takes in answers that are ready; whether there was any.
    pub fn poll(&mut self) -> bool {
        let mut any = false;
        while let Some(answer) = self.live.as_mut().and_then(Live::poll) {
            self.take_answer(answer);
            any = true;
        }
        if any {
            // What was opened is what changes are first compared with.
            if self.baseline_at == Some(self.revision) && self.is_canonical() && self.pin_baseline() {
                self.baseline_at = None;
                if let Some(baseline) = &mut self.baseline {
                    "as opened".clone_into(&mut baseline.name);
                }
            }
            self.collect_problems();
        }
        any
    }

    /// Takes in an answer, unless a newer one is there already.
    pub fn take_answer(&mut self, answer: LiveAnswer) {
        let older = self.newest.as_ref().is_some_and(|newest| newest.revision > answer.revision);
        if older {
            return;
        }
        if answer.answer.results.as_ref().is_some_and(|results| results.has_numbers()) {
            self.good = Some(answer.clone());
        }
        self.newest = Some(answer);
    }
}

/// Whether two problems are the same, one with its place in the text and one without.
fn is_same(one: &Diagnostic, other: &Diagnostic) -> bool {
    (one.code, &one.path, &one.message) == (other.code, &other.path, &other.message)
}

/// The order of a plan's things.
fn order_of(plan: &Plan) -> Order {
    let kind = |contract: &plan::Contract| match contract.terms {
        plan::Terms::Tariff(_) => SupplyKind::Tariff,
        plan::Terms::PayAsProduced(_) => SupplyKind::PayAsProduced,
        plan::Terms::Baseload(_) => SupplyKind::Baseload,
        plan::Terms::OnSite(_) => SupplyKind::OnSite,
        plan::Terms::Battery(_) => SupplyKind::Battery,
        plan::Terms::Virtual(_) => SupplyKind::Virtual,
    };
    let halls = |(site, value): (&String, &plan::Site)| {
        value.halls.keys().chain(value.buildable.keys()).map(|hall| format!("{site}/{hall}")).collect::<Vec<_>>()
    };
    Order {
        chips: plan.chips.keys().cloned().collect(),
        contracts: plan.contracts.iter().map(|(id, contract)| (id.clone(), kind(contract))).collect(),
        products: plan.products.keys().cloned().collect(),
        markets: plan.markets.keys().cloned().collect(),
        sites: plan.sites.keys().cloned().collect(),
        halls: plan.sites.iter().flat_map(halls).collect(),
    }
}
