//! The files of a plan are read anew once it names others: a typed path, another column, another folder.

use super::store;
use crate::diagnostic::{Diagnostic, Severity};
use crate::gui::app::Workbench;
use crate::gui::job::Job;
use crate::resolved::Series;

/// Files on their way: as they were named, what was read, what is wrong.
pub(in crate::gui) type Reading = Job<(String, Series, Vec<Diagnostic>)>;

impl Workbench {
    /// Reads the plan's files on a thread of its own where they are others than those that were read, and takes in
    /// what was read.
    pub(in crate::gui) fn follow_files(&mut self) {
        match Job::poll(&mut self.reading_files) {
            None => {}
            Some(Ok((named, series, problems))) => self.document.take_files(named, series, problems),
            Some(Err(_)) => self.view.log.say(Severity::Error, "The plan's files could not be read."),
        }
        if self.reading_files.is_some() || self.opening.is_some() {
            return;
        }
        let Some(named) = self.document.other_files() else { return };
        let (plan, path, wake) = (self.document.plan_arc(), self.document.path.clone(), self.context.clone());
        let work = move |_: &crate::gui::job::Task| {
            let (series, problems) = store::read_series(&plan, path.as_deref());
            (named, series, problems)
        };
        match Job::start("read-files", move || wake.request_repaint(), work) {
            Ok(job) => self.reading_files = Some(job),
            Err(error) => self.view.log.say(Severity::Error, format!("The plan's files could not be read: {error}.")),
        }
    }
}
