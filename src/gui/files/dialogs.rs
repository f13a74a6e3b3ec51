//! Asking for files: native dialogs off the window's thread, and a stand-in for tests.

use crate::gui::job::{Job, Lost};
use crate::gui::log::dialog_errors;
use std::collections::VecDeque;
use std::path::PathBuf;

/// What a file is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To open a plan.
    Open,
    /// To save the plan.
    SaveAs,
    /// To save a copy together with its series, into a folder.
    SaveWithSeries,
    /// To save a chart or the report.
    Export,
    /// To look at a series.
    Series,
}

impl Purpose {
    /// Title of the dialog.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Open => "Open a plan",
            Self::SaveAs => "Save the plan as",
            Self::SaveWithSeries => "Save a copy with its series",
            Self::Export => "Save as",
            Self::Series => "A file with a series",
        }
    }
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked {
    /// This file.
    Path(PathBuf),
    /// The planner changed their mind.
    Cancelled,
    /// There is no dialog service here.
    Unavailable(String),
}

/// Asks the planner for a file.
pub trait FilePrompt {
    /// Starts asking; the answer comes through [`FilePrompt::poll`].
    fn ask(&mut self, purpose: Purpose, suggested_name: &str, context: &egui::Context);
    /// The answer, once there is one.
    fn poll(&mut self) -> Option<(Purpose, Picked)>;
}

/// The system's dialogs.
#[derive(Default)]
pub struct SystemPrompt {
    purpose: Option<Purpose>,
    waiting: Option<Job<Picked>>,
}

impl FilePrompt for SystemPrompt {
    fn ask(&mut self, purpose: Purpose, suggested_name: &str, context: &egui::Context) {
        if self.waiting.is_some() {
            return;
        }
        let wake = context.clone();
        let name = suggested_name.to_owned();
        // A dialog service may hang: it must never hold the window's own thread.
        let started = Job::start(
            "file-dialog",
            move || wake.request_repaint(),
            move |_| {
                let before = dialog_errors();
                let dialog = rfd::FileDialog::new().set_title(purpose.title());
                let dialog = match purpose {
                    Purpose::Export => dialog,
                    Purpose::Series => dialog.add_filter("Series", &crate::disk::SERIES_ENDINGS),
                    _ => dialog.add_filter("Plan", &["ron"]),
                }
                .add_filter("All files", &["*"]);
                let path = match purpose {
                    Purpose::Open | Purpose::Series => dialog.pick_file(),
                    Purpose::SaveAs | Purpose::Export => dialog.set_file_name(name).save_file(),
                    Purpose::SaveWithSeries => dialog.pick_folder(),
                };
                // Without a service the library answers as if Cancel had been pressed; only its log tells.
                match path {
                    Some(path) => Picked::Path(path),
                    None if dialog_errors() > before => {
                        Picked::Unavailable("No file dialog answers on this system, so type the path".into())
                    }
                    None => Picked::Cancelled,
                }
            },
        );
        match started {
            Ok(job) => {
                self.purpose = Some(purpose);
                self.waiting = Some(job);
            }
            Err(error) => tracing::error!("The file dialog could not be started: {error}."),
        }
    }

    fn poll(&mut self) -> Option<(Purpose, Picked)> {
        let picked = match Job::poll(&mut self.waiting)? {
            Ok(picked) => picked,
            Err(Lost) => Picked::Unavailable("The file dialog ended without an answer, so type the path".into()),
        };
        Some((self.purpose.take()?, picked))
    }
}

/// Answers prepared beforehand, for tests; with none left, there is no dialog service.
#[derive(Clone, Debug, Default)]
pub struct PreparedPrompt {
    /// The answers, the next first.
    pub answers: VecDeque<Picked>,
    pending: Option<(Purpose, Picked)>,
}

impl PreparedPrompt {
    /// With these answers.
    #[must_use]
    pub fn new(answers: impl IntoIterator<Item = Picked>) -> Self {
        Self { answers: answers.into_iter().collect(), pending: None }
    }
}

impl FilePrompt for PreparedPrompt {
    fn ask(&mut self, purpose: Purpose, _suggested_name: &str, context: &egui::Context) {
        let answer =
            self.answers.pop_front().unwrap_or_else(|| Picked::Unavailable("No file dialog answers here, so type the path".into()));
        self.pending = Some((purpose, answer));
        context.request_repaint();
    }

    fn poll(&mut self) -> Option<(Purpose, Picked)> {
        self.pending.take()
    }
}
