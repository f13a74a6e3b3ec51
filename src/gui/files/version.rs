//! Versions: kept after a save and, at most once a minute, after an answer; opened and compared with.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::diagnostic::Severity;
use crate::disk::versions::{self, Version};
use crate::gui::app::Workbench;
use crate::gui::document::Baseline;
use crate::gui::job::Job;
use crate::plan::file::read_plan;
use crate::study::{self, Options};

/// A version kept by itself is at least this much later than the one before.
const BETWEEN: Duration = Duration::from_mins(1);

/// A version being solved, to be compared with.
pub type Solving = Job<Result<Baseline, String>>;

impl Workbench {
    /// Keeps a version of the plan as it is, with its key figures.
    pub(in crate::gui) fn keep_version(&mut self, saved: bool) {
        let Some(path) = self.document.path.clone() else { return };
        let late = self.last_version.is_none_or(|last| last.elapsed().is_ok_and(|passed| passed >= BETWEEN));
        let worth_it = saved || (self.document.is_dirty() && late);
        if !worth_it {
            return;
        }
        let figures = self.document.results().filter(|_| self.document.is_canonical() && self.document.scenario().is_empty());
        let figures = figures.map(|results| crate::gui::versions::figures(results)).unwrap_or_default();
        self.records.keep_version(&path, self.document.base(), saved, &figures);
        self.last_version = Some(SystemTime::now());
    }

    /// Solves a version beside the window; its answer becomes the baseline.
    pub(in crate::gui) fn compare_version(&mut self, version: &Version) {
        let read = versions::read(version).map_err(|problem| problem.to_string());
        let plan = read.and_then(|text| read_plan(&text).plan.ok_or_else(|| "This version can't be read any more.".to_owned()));
        let plan = match plan {
            Ok(plan) => Arc::new(plan),
            Err(problem) => return self.view.log.say(Severity::Error, problem),
        };
        let series = Arc::clone(self.document.series());
        let wake = self.context.clone();
        let job = Job::start(
            "version",
            move || wake.request_repaint(),
            move |task| {
                let options = Options { cancel: Some(Arc::clone(&task.cancel)), ..Options::default() };
                let answer = study::answer(&plan, &series, &options);
                let results = answer.results.filter(|results| results.has_numbers());
                let results = results.ok_or_else(|| "This version has no answer to compare with.".to_owned())?;
                Ok(Baseline { name: "a version".into(), results, plan })
            },
        );
        match job {
            Ok(job) => self.solving_version = Some(job),
            Err(error) => self.view.log.say(Severity::Error, format!("The version could not be solved: {error}.")),
        }
    }

    /// Takes in a version that was solved.
    pub(in crate::gui) fn poll_version(&mut self) {
        match Job::poll(&mut self.solving_version) {
            None => {}
            Some(Ok(Ok(baseline))) => {
                self.document.set_baseline(baseline);
                self.show("Compare");
            }
            Some(Ok(Err(problem))) => self.view.log.say(Severity::Error, problem),
            Some(Err(_)) => self.view.log.say(Severity::Error, "The version could not be solved; the log says more."),
        }
    }
}
