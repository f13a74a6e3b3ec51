//! The document: a plan, its history, and the answer to it.

use std::collections::{HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use self::empty::order_of;
use self::history::{UndoPoint, is_same};
use crate::charts::Order;
use crate::diagnostic::Diagnostic;
use crate::disk::Fingerprint;
use crate::gui::change;
use crate::plan::check::check;
use crate::plan::node::Node;
use crate::plan::{self, Plan};
use crate::resolved::Series;
use crate::results::Results;
use crate::study::live::{Estimate, Live, LiveAnswer};

mod answers;
mod empty;
mod history;
mod problems;
mod scenario;

pub use self::answers::{Baseline, Freshness};
pub use self::empty::empty_plan;

/// A text that is not a plan (yet): broken, or from a newer version.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The text.
    pub text: String,
    /// From a newer version of the program: shown, never written.
    pub newer: bool,
}

/// Most revisions whose time is remembered.
const MOST_UNANSWERED: usize = 1000;

/// The document.
pub struct Document {
    /// As it is saved.
    plan: Arc<Plan>,
    /// With the picked scenario applied: what is on screen.
    shown: Arc<Plan>,
    series: Arc<Series>,
    /// The files that `series` was read from, as the plan named them then; see [`Document::other_files`].
    files_read: String,
    /// What is wrong with the files since they were read anew.
    file_problems: Vec<Diagnostic>,
    /// Revision and path at which the files were last looked at.
    files_seen: Option<(u64, Option<PathBuf>)>,
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
    /// Revisions whose numbers are not on screen yet, and since when; the oldest first.
    unanswered: VecDeque<(u64, Instant)>,
    newest: Option<LiveAnswer>,
    good: Option<LiveAnswer>,
    estimate: Option<Estimate>,
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

impl Document {
    /// A new document; `live` solves it, if there is a worker.
    #[must_use]
    pub fn new(live: Option<Live>) -> Self {
        let plan = Arc::new(empty_plan());
        Self {
            plan: Arc::clone(&plan),
            shown: Arc::clone(&plan),
            series: Arc::new(Series::default()),
            files_read: String::new(),
            file_problems: Vec::new(),
            files_seen: None,
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
            unanswered: VecDeque::new(),
            newest: None,
            good: None,
            estimate: None,
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

    /// The plan as it is on screen: with the picked scenario applied.
    #[must_use]
    #[expect(clippy::misnamed_getters, reason = "what is on screen is the plan to everybody but the one who saves it")]
    pub fn plan(&self) -> &Plan {
        &self.shown
    }

    /// The plan as it is saved, to be kept.
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
        change::get(&self.shown, path)
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

    /// What the plan is compared with.
    #[must_use]
    pub fn baseline(&self) -> Option<&Baseline> {
        self.baseline.as_ref()
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

    /// Replaces everything with another plan.
    pub fn open(&mut self, plan: Plan, series: Series, path: Option<PathBuf>, problems: Vec<Diagnostic>) {
        self.plan = Arc::new(plan);
        self.saved = Arc::clone(&self.plan);
        self.series = Arc::new(series);
        self.files_read = problems::files_named(&self.plan, path.as_deref());
        self.files_seen = None;
        self.file_problems.clear();
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
        self.shown = Arc::clone(&self.plan);
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
        self.estimate = None;
        self.unanswered.clear();
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

    fn changed(&mut self) {
        self.revision += 1;
        self.unanswered.push_back((self.revision, Instant::now()));
        // The oldest is asked for; one in the middle never is.
        if self.unanswered.len() > MOST_UNANSWERED {
            self.unanswered.remove(1);
        }
        if !self.scenario.is_empty() && !self.plan.scenarios.contains_key(&self.scenario) {
            self.scenario.clear();
        }
        self.shown = self.apply_scenario();
        self.broken = check(&self.shown, &HashSet::new());
        self.order = order_of(&self.shown);
        self.dirty = !Arc::ptr_eq(&self.plan, &self.saved) && !is_same(&self.plan, &self.saved);
        self.collect_problems();
        if self.live_on {
            self.solve();
        }
    }
}
