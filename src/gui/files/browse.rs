//! A file with a series that was browsed for: looked at, then taken into the plan.

use std::path::Path;

use super::store;
use crate::diagnostic::Severity;
use crate::gui::app::Workbench;
use crate::gui::change::{Edit, Stroke};
use crate::gui::dialog::Dialog;
use crate::gui::series_form::{SeriesForm, Taken};

impl Workbench {
    /// Opens a file that was picked as a series.
    pub(in crate::gui) fn look_at_series(&mut self, path: &Path) {
        let profile = self.view.browsed_for.take();
        match store::series_bytes(path) {
            Ok(bytes) => self.dialog = Some(Dialog::Series(Box::new(SeriesForm::new(self.document.plan(), profile, path, bytes)))),
            Err(problem) => self.view.log.say(Severity::Error, problem.to_string()),
        }
    }

    /// Takes a series into the plan; its file is copied beside the plan if it lies elsewhere.
    pub(in crate::gui) fn take_series(&mut self, taken: &Taken) {
        let Some(plan) = self.document.path.clone() else {
            self.view.log.say(Severity::Warning, "Files of a plan lie beside it: save the plan first");
            return;
        };
        let (path, copied) = match store::beside(&plan, &taken.file, &taken.bytes) {
            Ok(found) => found,
            Err(problem) => {
                self.view.log.say(Severity::Error, problem.to_string());
                return;
            }
        };
        if copied {
            self.view.log.say(Severity::Note, format!("Copied beside the plan as {path}"));
        }
        let place = format!("profiles.{}", taken.id);
        let text = taken.text(path);
        let edit = if self.document.plan().profiles.contains_key(&taken.id) {
            Edit::set(place.clone(), text)
        } else {
            Edit::insert("profiles", taken.id.clone(), text)
        };
        if self.edit(&edit, Stroke::Once) {
            self.select(place);
        }
    }
}
