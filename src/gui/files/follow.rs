//! The files of a plan are read anew once it names others: a typed path, another column, another folder.

use super::store;
use crate::diagnostic::Diagnostic;
use crate::gui::document::Document;
use crate::gui::job::{Job, Task};
use crate::resolved::Series;

/// Files on their way: as they were named, what was read, what is wrong.
pub(in crate::gui) type Reading = Job<(String, Series, Vec<Diagnostic>)>;

/// Reads the plan's files on a thread of its own where they are others than those that were read, and takes in what
/// was read. The problem in words where that fails.
pub(in crate::gui) fn follow_files(reading: &mut Option<Reading>, document: &mut Document, context: &egui::Context) -> Option<String> {
    match Job::poll(reading) {
        None => {}
        Some(Ok((named, series, problems))) => document.take_files(named, series, problems),
        Some(Err(_)) => return Some("The plan's files could not be read.".to_owned()),
    }
    if reading.is_some() {
        return None;
    }
    let named = document.other_files()?;
    let (plan, path, wake) = (document.plan_arc(), document.path.clone(), context.clone());
    let work = move |_: &Task| {
        let (series, problems) = store::read_series(&plan, path.as_deref());
        (named, series, problems)
    };
    match Job::start("read-files", move || wake.request_repaint(), work) {
        Ok(job) => {
            *reading = Some(job);
            None
        }
        Err(error) => Some(format!("The plan's files could not be read: {error}.")),
    }
}
