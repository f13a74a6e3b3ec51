//! Files: opening, saving, recovering, and what happens to them outside the window.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::dialogs::{Picked, Purpose};
use super::export;
use super::store::{self, DiskError, Opened, Recovery};
use crate::charts::Selection;
use crate::diagnostic::{Diagnostic, Severity};
use crate::disk::Expected;
use crate::gui::app::Workbench;
use crate::gui::change::{self, Edit, Stroke};
use crate::gui::command::{Decision, Export, Then};
use crate::gui::dialog::Dialog;
use crate::gui::document::empty_plan;
use crate::gui::handle::lower;
use crate::gui::job::Job;
use crate::gui::panels::layout::LayoutView;
use crate::gui::panels::map::MapView;
use crate::gui::panels::tree::TreeView;
use crate::gui::view::LowerTab;
use crate::gui::{questions, reflect};
use crate::plan::Plan;
use crate::plan::file::read_plan;
use crate::resolved::Series;

/// A file being opened beside the window, with the plan that stood in the window when that began.
pub type Opening = Job<(Result<Opened, DiskError>, Arc<Plan>)>;

impl Workbench {
    /// Asks about unsaved changes before going on.
    pub(in crate::gui) fn ask_first(&mut self, then: Then) {
        if self.document.is_dirty() {
            self.dialog = Some(Dialog::Unsaved(then));
        } else {
            self.go_on(then);
        }
    }

    pub(in crate::gui) fn go_on(&mut self, then: Then) {
        match then {
            Then::New => {
                self.leave();
                self.document.open(empty_plan(), Series::default(), None, Vec::new());
                self.reset_view();
                self.view.welcome = true;
                // The start page asks anew how to begin: a card of an older way would lie over it.
                (self.view.guided, self.view.tour) = (None, None);
            }
            Then::Open => self.ask_for(Purpose::Open),
            Then::OpenPath(path) => self.open_path(&path),
            Then::NewFromText(name, text) => self.new_from_text(&name, &text),
            Then::Guided(text) => {
                self.new_from_text("First plan", &text);
                self.view.settings.inspector_open = true;
                self.view.tour = None;
                self.view.guided = Some(crate::gui::guided::Guided::default());
                self.show("Map");
            }
            Then::Reload => {
                if let Some(path) = self.document.path.clone() {
                    self.open_path(&path);
                }
            }
            Then::Quit => {
                self.leave();
                self.closing = true;
                self.context.send_viewport_cmd(egui::ViewportCommand::Close);
            }
        }
    }

    /// The document is left as the planner wants it: what was kept of it need not be offered again.
    fn leave(&self) {
        self.forget_kept(self.document.path.as_deref());
    }

    pub(in crate::gui) fn reset_view(&mut self) {
        // A plan opens with a site in hand: its numbers stand in the inspector.
        let site = self.document.plan().sites.keys().next().filter(|_| self.document.unread.is_none());
        self.view.selection = site.map_or_else(String::new, |id| format!("sites.{id}"));
        self.view.refused = None;
        self.view.varied.clear();
        self.view.unread_text = None;
        // Where the last plan was looked at says nothing about this one.
        self.view.period = 0;
        self.view.picked_period = false;
        self.view.day = 0;
        self.panels.map = MapView::default();
        self.panels.layout = LayoutView::default();
        self.panels.tree = TreeView::default();
        self.panels.results.selection = Selection::default();
        self.view.welcome = false;
    }

    /// Starts from a text that has no file.
    pub(in crate::gui) fn new_from_text(&mut self, name: &str, text: &str) {
        let checked = read_plan(text);
        self.leave();
        if let Some(plan) = checked.plan {
            self.document.open(plan, Series::default(), None, checked.diagnostics);
            self.reset_view();
            self.view.log.note(Severity::Note, format!("Started from {name}"));
        } else {
            self.document.open_unread(text.to_owned(), false, None, checked.diagnostics);
            self.reset_view();
            lower(&mut self.view.settings, LowerTab::Problems);
        }
    }

    /// Reads the text being mended.
    pub(in crate::gui) fn read_text(&mut self, text: &str) {
        let path = self.document.path.clone();
        let on_disk = self.document.on_disk;
        let checked = read_plan(text);
        let newer = checked.is_newer();
        if let Some(plan) = checked.plan {
            let (series, problems) = store::read_series(&plan, path.as_deref());
            let all = checked.diagnostics.into_iter().chain(problems).collect();
            self.document.open(plan, series, path, all);
            self.document.on_disk = on_disk;
            self.document.has_comments = checked.has_comments;
            self.document.mark_unsaved();
            self.reset_view();
            self.view.log.say(Severity::Note, "The plan can be read now; it is not saved yet");
        } else {
            let count = checked.diagnostics.len();
            self.document.open_unread(text.to_owned(), newer, path, checked.diagnostics);
            self.document.on_disk = on_disk;
            self.view.log.say(Severity::Warning, format!("There are still {count} problems"));
        }
    }

    /// Opens a file on a thread of its own.
    pub(in crate::gui) fn open_path(&mut self, path: &Path) {
        let wake = self.context.clone();
        let path = path.to_owned();
        let over = self.document.plan_arc();
        match Job::start("open-plan", move || wake.request_repaint(), move |_| (store::open(&path), over)) {
            Ok(job) => self.opening = Some(job),
            Err(error) => self.view.log.say(Severity::Error, format!("The file could not be opened: {error}.")),
        }
    }

    /// Whether a file is being read.
    #[must_use]
    pub fn is_opening(&self) -> bool {
        self.opening.is_some() || self.reading_files.is_some()
    }

    pub(in crate::gui) fn poll_opening(&mut self) {
        match Job::poll(&mut self.opening) {
            None => {}
            // An edit made while the file was being read was not asked about yet.
            Some(Ok((Ok(opened), over))) if self.document.is_dirty() && !Arc::ptr_eq(&over, &self.document.plan_arc()) => {
                self.ask_first(Then::OpenPath(opened.path));
            }
            Some(Ok((Ok(opened), _))) => self.take_opened(opened),
            Some(Ok((Err(problem), _))) => self.view.log.say(Severity::Error, problem.to_string()),
            Some(Err(_)) => self.view.log.say(Severity::Error, "The file could not be opened."),
        }
    }

    pub(in crate::gui) fn take_opened(&mut self, opened: Opened) {
        let Opened { path, text, fingerprint, checked, series, series_problems, proof } = opened;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let newer = checked.is_newer();
        let has_comments = checked.has_comments;
        let has_errors = checked.has_errors() || series_problems.iter().any(Diagnostic::is_error);
        self.leave();
        self.records.note_recent(&path);
        self.view.recent = self.records.recent();
        match checked.plan {
            Some(plan) => {
                let problems = checked.diagnostics.into_iter().chain(series_problems).collect();
                self.document.open(plan, series, Some(path), problems);
            }
            None => self.document.open_unread(text, newer, Some(path), checked.diagnostics),
        }
        self.document.on_disk = Some(fingerprint);
        self.document.has_comments = has_comments;
        self.reset_view();
        if has_errors {
            lower(&mut self.view.settings, LowerTab::Problems);
        }
        self.view.log.note(Severity::Note, format!("Opened {name}"));
        if let Some(proof) = proof {
            self.take_proof(proof);
        }
    }

    pub(in crate::gui) fn file_name(&self) -> String {
        let own = self.document.path.as_ref().and_then(|path| path.file_name());
        own.map_or_else(|| file_name_of(&self.document.title()), |name| name.to_string_lossy().into_owned())
    }

    pub(in crate::gui) fn ask_for(&mut self, purpose: Purpose) {
        let name = self.file_name();
        let context = self.context.clone();
        self.prompt.ask(purpose, &name, &context);
    }

    /// Copies a picture at once, or asks where a file goes.
    pub(in crate::gui) fn export(&mut self, wanted: Export) {
        if let Export::CopyChart(chart) = &wanted {
            let dark = self.context.theme() == egui::Theme::Dark;
            match export::picture(chart, &self.panels.report.look, dark) {
                Ok(image) => {
                    self.context.copy_image(image);
                    self.view.log.say(Severity::Note, "The picture is on the clipboard");
                }
                Err(error) => self.view.log.say(Severity::Error, error.to_string()),
            }
            return;
        }
        let name = export::suggested_name(&wanted, &self.document.title());
        self.panels.report.wanted = Some(wanted);
        let context = self.context.clone();
        self.prompt.ask(Purpose::Export, &name, &context);
    }

    pub(in crate::gui) fn export_to(&mut self, path: &Path) {
        let Some(wanted) = self.panels.report.wanted.take() else { return };
        let wake = self.context.clone();
        let studies = self.panels.studies.pages(&self.document);
        match export::start(wanted, (self.panels.report.look, studies), path, &self.document, move || wake.request_repaint()) {
            Ok(running) => self.panels.report.running = Some(running),
            Err(problem) => self.view.log.say(Severity::Error, problem),
        }
    }

    /// Takes in what came of asking for a file.
    pub(in crate::gui) fn poll_prompt(&mut self) {
        self.poll_opening();
        let of_dates = self.panels.explain.asked.as_ref().is_some_and(|asked| asked.of_dates);
        if let Some(told) = questions::poll(&mut self.panels.explain.asked) {
            if of_dates {
                self.panels.explain.calendar.told = told;
            } else {
                self.panels.explain.told = told;
            }
        }
        match export::poll(&mut self.panels.report.running) {
            Some(Ok(path)) => self.view.log.say(Severity::Note, format!("Saved {}", path.display())),
            Some(Err(problem)) => self.view.log.say(Severity::Error, problem),
            None => {}
        }
        let Some((purpose, picked)) = self.prompt.poll() else { return };
        match picked {
            Picked::Path(path) => self.picked(purpose, path, true),
            Picked::Cancelled => {
                self.save_then = None;
                self.panels.report.wanted = None;
            }
            Picked::Unavailable(reason) => {
                let path = match purpose {
                    Purpose::Open | Purpose::Series => String::new(),
                    Purpose::Export => self
                        .panels
                        .report
                        .wanted
                        .as_ref()
                        .map_or_else(String::new, |export| export::suggested_name(export, &self.document.title())),
                    _ => {
                        self.document.path.as_ref().map_or_else(|| file_name_of(&self.document.title()), |path| path.display().to_string())
                    }
                };
                self.dialog = Some(Dialog::PathField { purpose, path, reason });
            }
        }
    }

    /// Goes on with a path. `asked` says that the system's own dialog has asked about a file that is there.
    pub(in crate::gui) fn picked(&mut self, purpose: Purpose, path: PathBuf, asked: bool) {
        match purpose {
            Purpose::Open => self.open_path(&path),
            Purpose::Export => self.export_to(&path),
            Purpose::SaveAs => {
                // An ending added here makes it a file that nobody was asked about.
                let (path, asked) = if path.extension().is_none() { (path.with_extension("ron"), false) } else { (path, asked) };
                // Its own file is saved over as ever; another's only after a question.
                let own = self.document.path.as_deref() == Some(path.as_path());
                let otherwise = if asked { Expected::Anything } else { Expected::Nothing };
                let expected = self.document.on_disk.filter(|_| own).map_or(otherwise, Expected::Unchanged);
                self.save_to(&path, expected);
            }
            Purpose::Series => self.look_at_series(&path),
            Purpose::SaveWithSeries => {
                let name = self.file_name();
                match store::save_with_series(&path, self.document.base(), self.document.path.as_deref(), &name) {
                    Ok(copy) => self.view.log.say(Severity::Note, format!("Copied with its series to {}", copy.display())),
                    Err(problem) => self.view.log.say(Severity::Error, problem.to_string()),
                }
            }
        }
    }

    pub(in crate::gui) fn save(&mut self) {
        let Some(path) = self.document.path.clone() else {
            self.ask_for(Purpose::SaveAs);
            return;
        };
        if self.document.has_comments {
            self.dialog = Some(Dialog::Comments);
        } else {
            self.save_to(&path, self.document.on_disk.map_or(Expected::Nothing, Expected::Unchanged));
        }
    }

    pub(in crate::gui) fn save_to(&mut self, path: &Path, expected: Expected) {
        if self.document.unread.is_some() {
            self.view.log.say(Severity::Warning, "A plan that can't be read is not saved over");
            return;
        }
        match store::save_plan(path, self.document.base(), expected) {
            Ok(on_disk) => {
                self.forget_kept(self.document.path.as_deref());
                self.forget_kept(Some(path));
                self.document.mark_saved(path.to_owned(), on_disk);
                self.records.note_recent(path);
                self.view.recent = self.records.recent();
                self.view.log.say(Severity::Note, "Saved");
                self.keep_version(true);
                if let Some(then) = self.save_then.take() {
                    self.go_on(then);
                }
            }
            Err(DiskError::Changed { .. }) if self.document.path.as_deref() == Some(path) => self.dialog = Some(Dialog::ChangedOnDisk),
            Err(DiskError::Exists { .. } | DiskError::Changed { .. }) => self.dialog = Some(Dialog::Replace(path.to_owned())),
            Err(problem) => {
                // It is there all the same: saving again is not saving over another's work.
                if matches!(problem, DiskError::Unconfirmed { .. }) && self.document.path.as_deref() == Some(path) {
                    self.document.on_disk = store::fingerprint(path);
                }
                self.save_then = None;
                self.view.log.say(Severity::Error, problem.to_string());
            }
        }
    }

    pub(in crate::gui) fn decide(&mut self, decision: Decision) {
        match decision {
            Decision::SaveThen(then) => {
                self.save_then = Some(then);
                self.save();
            }
            Decision::DiscardThen(then) => self.go_on(then),
            Decision::Rename { path, to, name } => {
                let renamed = reflect::join(change::split(&path).0, &to);
                let label = Edit::Rename { path: path.clone(), to: name.clone().unwrap_or_else(|| to.clone()) }.label(self.document.base());
                let mut edits: Vec<Edit> = name.iter().map(|name| Edit::set_text(format!("{path}.name"), name)).collect();
                if renamed != path {
                    edits.push(Edit::Rename { path, to });
                }
                if self.edit(&Edit::Many { label, edits }, Stroke::Once) {
                    self.select(renamed);
                }
            }
            Decision::Path(purpose, path) => self.picked(purpose, path, false),
            Decision::Overwrite => {
                if let Some(path) = self.document.path.clone() {
                    self.save_to(&path, Expected::Anything);
                }
            }
            Decision::Replace(path) => self.save_to(&path, Expected::Anything),
            Decision::TakeTheirs => {
                if let Some(path) = self.document.path.clone() {
                    self.open_path(&path);
                }
            }
            Decision::SaveWithoutComments => {
                self.document.has_comments = false;
                self.save();
            }
            Decision::KeepCommented => self.ask_for(Purpose::SaveAs),
            Decision::Delete { edit, path } => self.delete_by(&edit, &path),
            Decision::TakeSeries(taken) => self.take_series(&taken),
            Decision::IntoBase(edit) => {
                let outcome = self.document.edit_base(&edit);
                let made = outcome.is_ok();
                self.after_edit(outcome, Stroke::Once);
                if let (true, Edit::Insert { path, id, .. }) = (made, &edit) {
                    self.select(reflect::join(path, id));
                }
            }
            Decision::Scenario { edit, pick } => {
                if self.edit(&edit, Stroke::Once) {
                    self.document.pick_scenario(pick);
                }
            }
            Decision::OpenVersion(version) => match crate::disk::versions::read(&version) {
                Ok(text) => self.ask_first(Then::NewFromText("a version".into(), text)),
                Err(problem) => self.view.log.say(Severity::Error, problem.to_string()),
            },
            Decision::CompareVersion(version) => self.compare_version(&version),
            Decision::Recover(recovery) => self.recover(recovery),
            Decision::ForgetRecovery(recovery) => {
                store::discard(&recovery);
                self.offer_recovery();
            }
        }
    }

    /// Takes up work of a session that ended too early. It stays kept until it is saved.
    fn recover(&mut self, recovery: Recovery) {
        let checked = read_plan(&recovery.text);
        let Some(plan) = checked.plan else {
            self.new_from_text("recovered work", &recovery.text);
            return;
        };
        let (series, problems) = store::read_series(&plan, recovery.plan_path.as_deref());
        self.leave();
        self.document.open(plan, series, recovery.plan_path.clone(), checked.diagnostics.into_iter().chain(problems).collect());
        self.reset_view();
        // What the session had read or saved: what another has written since is not saved over unasked.
        self.document.on_disk = recovery.on_disk;
        self.document.mark_unsaved();
        self.keep();
        // It is kept under this session's name from now on.
        self.discard_kept(recovery);
        self.view.log.say(Severity::Note, "Recovered; it is not saved yet");
    }

    /// Recent files, and work of a session that ended too early.
    pub(in crate::gui) fn load_records(&mut self) {
        self.view.recent = self.records.recent();
        self.offer_recovery();
    }

    fn offer_recovery(&mut self) {
        if let Some(recovery) = self.records.recoveries().into_iter().next() {
            let name = read_plan(&recovery.text).plan.map_or_else(|| "a plan".to_owned(), |plan| plan.name);
            self.dialog = Some(Dialog::Recovery { name, recovery });
        }
    }

    /// Things that happen to the window: dropped files, closing, coming back to the front.
    pub(in crate::gui) fn watch(&mut self, context: &egui::Context) {
        let dropped = context.input(|input| {
            input.raw.dropped_files.iter().find_map(|file| Some(file.path().to_path_buf()).filter(|path| !path.as_os_str().is_empty()))
        });
        if let Some(path) = dropped {
            self.ask_first(Then::OpenPath(path));
        }
        let asked_to_close = context.input(|input| input.viewport().close_requested());
        if asked_to_close && !self.closing && self.document.is_dirty() {
            context.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.dialog = Some(Dialog::Unsaved(Then::Quit));
        }
        let came_back = context.input(|input| input.events.iter().any(|event| matches!(event, egui::Event::WindowFocused(true))));
        if came_back && self.dialog.is_none() {
            self.look_at_disk();
        }
    }

    /// Whether somebody else changed the file while the window was behind others.
    pub(in crate::gui) fn look_at_disk(&mut self) {
        let (Some(path), Some(known)) = (self.document.path.clone(), self.document.on_disk) else { return };
        let Some(now) = store::fingerprint(&path).filter(|now| *now != known) else { return };
        if self.document.is_dirty() {
            self.dialog = Some(Dialog::ChangedOnDisk);
        } else {
            self.view.log.say(Severity::Note, "The file was changed by another program and is read again");
            self.document.on_disk = Some(now);
            self.open_path(&path);
        }
    }
}

/// A file name for a plan's name: `Abilene campus, 2027` becomes `abilene-campus-2027.ron`.
fn file_name_of(title: &str) -> String {
    let mut name: String = title.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect::<String>().to_lowercase();
    while name.contains("--") {
        name = name.replace("--", "-");
    }
    let name = name.trim_matches('-');
    format!("{}.ron", if name.is_empty() { "plan" } else { name })
}
