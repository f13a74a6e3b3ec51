//! What the workbench does when it is asked: every command and every request, in one place.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use super::app::{Workbench, dialog_of};
use super::change::{self, Edit};
use super::command::{Request, Stroke, UiCommand};
use super::dialog::{Decision, Dialog, Then};
use super::document::Freshness;
use super::files::{Picked, Purpose};
use super::store::{self, DiskError, Opened};
use super::view::{LowerTab, Settings, ThemeChoice};
use super::panels::report::Export;
use super::{dock, export, reflect, templates};
use crate::diagnostic::{Diagnostic, Severity};
use crate::disk::Fingerprint;
use crate::plan::file::read_plan;
use crate::scenario::Series;

/// A file being opened on a thread of its own.
pub type Opening = Receiver<Result<Opened, DiskError>>;

impl Workbench {
    /// Does what was asked for.
    pub fn handle(&mut self, request: Request) {
        match request {
            Request::Run(command) => self.run(command),
            Request::Edit(edit, stroke) => {
                self.edit(&edit, stroke);
            }
            Request::Batch(name, edits) => {
                let outcome = self.document.batch(name, &edits);
                self.after_edit(outcome, Stroke::Once);
            }
            Request::EndDrag => {
                self.document.end_drag();
                self.keep();
            }
            Request::Select(path) => self.select(path),
            Request::GoTo(path) => self.go_to(path),
            Request::ShowPanel(name) => self.show(name),
            Request::PickScenario(name) => self.document.pick_scenario(name),
            Request::OpenPath(path) => self.ask_first(Then::OpenPath(path)),
            Request::NewFromText { name, text } => self.ask_first(Then::NewFromText(name, text)),
            Request::ReadText(text) => self.read_text(&text),
            Request::Decide(decision) => self.decide(decision),
            Request::Export(export) => self.export(export),
            Request::Ask(_) => self.view.log.say(Severity::Warning, "This question can't be answered yet."),
            Request::Say(text) => self.view.log.say(Severity::Note, text),
        }
    }

    fn run(&mut self, command: UiCommand) {
        if let Some(panel) = command.panel() {
            self.show(panel);
            return;
        }
        if let Some(dialog) = dialog_of(command) {
            self.view.dialog = Some(dialog);
            return;
        }
        let settings = &mut self.view.settings;
        match command {
            UiCommand::New => self.ask_first(Then::New),
            UiCommand::Open => self.ask_first(Then::Open),
            UiCommand::Save => self.save(),
            UiCommand::SaveAs => self.ask_for(Purpose::SaveAs),
            UiCommand::SaveWithSeries => self.ask_for(Purpose::SaveWithSeries),
            UiCommand::Reload => self.ask_first(Then::Reload),
            UiCommand::Quit => self.context.send_viewport_cmd(egui::ViewportCommand::Close),
            UiCommand::Undo => {
                if let Some(name) = self.document.undo() {
                    self.view.log.note(Severity::Note, format!("Undone: {name}"));
                    self.after_travel();
                }
            }
            UiCommand::Redo => {
                if let Some(name) = self.document.redo() {
                    self.view.log.note(Severity::Note, format!("Redone: {name}"));
                    self.after_travel();
                }
            }
            UiCommand::Add => self.add(),
            UiCommand::Duplicate => self.duplicate(),
            UiCommand::Rename => {
                let path = self.view.selection.clone();
                if reflect::is_entry(self.document.plan(), &path) {
                    let to = change::split(&path).1.to_owned();
                    self.view.dialog = Some(Dialog::Rename { path, to });
                }
            }
            UiCommand::Delete => self.delete(),
            UiCommand::MoveUp => self.step(-1),
            UiCommand::MoveDown => self.step(1),
            UiCommand::Solve => self.document.solve(),
            UiCommand::Cancel => self.document.cancel(),
            UiCommand::ToggleLive => {
                self.document.live_on = !self.document.live_on;
                if self.document.live_on && self.document.freshness() != Freshness::Fresh {
                    self.document.solve();
                }
            }
            UiCommand::PinBaseline => {
                if self.document.pin_baseline() {
                    self.view.log.say(Severity::Note, "Every key figure is now compared with this answer");
                }
            }
            UiCommand::ClearBaseline => self.document.clear_baseline(),
            UiCommand::NextPeriod => self.view.period = (self.view.period + 1).min((self.document.plan().horizon.periods as usize).saturating_sub(1)),
            UiCommand::PreviousPeriod => self.view.period = self.view.period.saturating_sub(1),
            UiCommand::ShowProblems => lower(settings, LowerTab::Problems),
            UiCommand::ShowStatus => lower(settings, LowerTab::Status),
            UiCommand::ShowLog => lower(settings, LowerTab::Log),
            UiCommand::ToggleTree => settings.tree_open = !settings.tree_open,
            UiCommand::ToggleInspector => settings.inspector_open = !settings.inspector_open,
            UiCommand::ToggleLower => settings.lower_open = !settings.lower_open,
            UiCommand::ResetLayout => {
                *settings = Settings { theme: settings.theme, live: settings.live, tour_seen: settings.tour_seen, zoom: settings.zoom, ..Settings::default() };
                self.dock = dock::default_dock();
                self.context.memory_mut(|memory| {
                    for panel in ["tree", "inspector", "lower"] {
                        memory.data.remove::<egui::containers::panel::PanelState>(egui::Id::unique(panel));
                    }
                });
            }
            UiCommand::ThemeSystem => settings.theme = ThemeChoice::System,
            UiCommand::ThemeLight => settings.theme = ThemeChoice::Light,
            UiCommand::ThemeDark => settings.theme = ThemeChoice::Dark,
            UiCommand::ZoomIn => self.zoom(1.1),
            UiCommand::ZoomOut => self.zoom(1.0 / 1.1),
            UiCommand::ZoomReset => self.context.set_zoom_factor(1.0),
            UiCommand::Present => {
                self.view.presenting = !self.view.presenting;
                self.context.send_viewport_cmd(egui::ViewportCommand::Fullscreen(self.view.presenting));
            }
            UiCommand::Tour => {
                self.view.settings.tree_open = true;
                self.view.settings.inspector_open = true;
                self.view.tour = Some(0);
            }
            // Handled above: panels and dialogs.
            UiCommand::ShowMap
            | UiCommand::ShowLayout
            | UiCommand::ShowTables
            | UiCommand::ShowResults
            | UiCommand::ShowCompare
            | UiCommand::ShowExplain
            | UiCommand::ShowReport
            | UiCommand::Palette
            | UiCommand::Shortcuts
            | UiCommand::About => {}
        }
    }

    fn zoom(&mut self, by: f32) {
        let factor = (self.context.zoom_factor() * by * 20.0).round() / 20.0;
        self.context.set_zoom_factor(factor.clamp(0.5, 3.0));
    }

    fn show(&mut self, name: &str) {
        self.view.welcome = false;
        dock::show(&mut self.dock, name);
    }

    fn select(&mut self, path: String) {
        if path != self.view.selection {
            self.view.refused = None;
        }
        self.view.selection = path;
    }

    fn go_to(&mut self, path: String) {
        if self.document.unread.is_some() {
            let span = self.document.problems().iter().find(|problem| problem.path == path).and_then(|problem| problem.span);
            self.view.go_to_line = span.map(|span| span.line);
            return;
        }
        self.view.settings.inspector_open = true;
        // Open the rows above it, so that the tree shows where it is.
        let mut here = String::new();
        for key in path.split('.') {
            here = reflect::join(&here, key);
            if here != path {
                self.view.tree.open.insert(here.clone());
            }
        }
        self.view.focus_field = Some(path.clone());
        self.select(path);
    }

    // ---- the plan ------------------------------------------------------------------------------

    fn edit(&mut self, edit: &Edit, stroke: Stroke) -> bool {
        let outcome = self.document.edit(edit, stroke);
        let done = outcome.is_ok();
        self.after_edit(outcome, stroke);
        done
    }

    fn after_edit(&mut self, outcome: Result<(), Vec<Diagnostic>>, stroke: Stroke) {
        match outcome {
            Ok(()) => {
                self.view.welcome = false;
                self.after_travel();
                if stroke == Stroke::Once {
                    self.keep();
                }
            }
            Err(problems) => {
                if let Some(problem) = problems.first() {
                    self.view.refused = Some((problem.path.clone(), problem.message.clone()));
                    self.view.log.say(Severity::Warning, problem.message.clone());
                }
            }
        }
    }

    /// After any change of the plan: what is selected must still exist.
    fn after_travel(&mut self) {
        let plan = self.document.plan();
        let mut selection = self.view.selection.clone();
        while !selection.is_empty() && change::get(plan, &selection).is_none() {
            let parent = change::split(&selection).0.len();
            selection.truncate(parent);
        }
        self.view.selection = selection;
        self.view.period = self.view.period.min((plan.horizon.periods as usize).saturating_sub(1));
        self.view.varied.retain(|path, _| change::get(plan, path).is_some());
    }

    /// Keeps unsaved work after each undo point.
    fn keep(&mut self) {
        if !self.document.is_dirty() {
            return;
        }
        if let Err(problem) = self.records.keep(self.document.plan(), self.document.path.as_deref()) {
            self.view.log.note(Severity::Warning, problem.to_string());
        }
    }

    fn add(&mut self) {
        let plan = self.document.plan();
        let Some(map) = reflect::map_for(plan, &self.view.selection) else { return };
        let Some((id, edit)) = templates::new_entry(plan, &map) else {
            self.view.log.say(Severity::Warning, format!("There is no further {} to add.", templates::singular(&map)));
            return;
        };
        if self.edit(&edit, Stroke::Once) {
            self.view.tree.open.insert(map.clone());
            self.go_to(reflect::join(&map, &id));
            self.view.tree_focus = Some(reflect::join(&map, &id));
        }
    }

    fn duplicate(&mut self) {
        let path = self.view.selection.clone();
        let (map, id) = change::split(&path);
        let plan = self.document.plan();
        let (Some(node), Some(entries)) = (change::get(plan, &path), change::get(plan, map)) else { return };
        if !reflect::is_entry(plan, &path) {
            return;
        }
        let ids = entries.children();
        let copy = templates::free_id(&ids, &format!("{id}-copy"));
        let position = ids.iter().position(|other| other == id).map(|position| position + 1);
        let edit = Edit::Insert { path: map.to_owned(), id: copy.clone(), position, value: node.tree().inline() };
        if self.edit(&edit, Stroke::Once) {
            self.select(reflect::join(map, &copy));
            self.view.tree_focus = Some(reflect::join(map, &copy));
        }
    }

    fn delete(&mut self) {
        let path = self.view.selection.clone();
        if !reflect::is_entry(self.document.plan(), &path) {
            return;
        }
        let (map, id) = (change::split(&path).0.to_owned(), change::split(&path).1.to_owned());
        let ids = change::get(self.document.plan(), &map).map(|node| node.children()).unwrap_or_default();
        let position = ids.iter().position(|other| *other == id).unwrap_or(0);
        if self.edit(&Edit::Remove { path }, Stroke::Once) {
            // The next entry, else the one before, else the section takes the selection.
            let neighbour = ids.get(position + 1).or_else(|| position.checked_sub(1).and_then(|before| ids.get(before)));
            let next = neighbour.map_or_else(|| map.clone(), |id| reflect::join(&map, id));
            self.select(next.clone());
            self.view.tree_focus = Some(next);
            self.view.log.say(Severity::Note, format!("Deleted {id}; Ctrl+Z brings it back"));
        }
    }

    fn step(&mut self, by: isize) {
        let path = self.view.selection.clone();
        let (map, id) = change::split(&path);
        if !reflect::is_entry(self.document.plan(), &path) {
            return;
        }
        let ids = change::get(self.document.plan(), map).map(|node| node.children()).unwrap_or_default();
        let position = ids.iter().position(|other| other == id).and_then(|position| position.checked_add_signed(by)).filter(|position| *position < ids.len());
        if let Some(position) = position {
            self.edit(&Edit::Move { path, position }, Stroke::Once);
        }
    }

    // ---- answers -------------------------------------------------------------------------------

    /// After an answer came in.
    pub(super) fn after_answer(&mut self) {
        if let Some(newest) = self.document.newest()
            && let Some(results) = &newest.answer.results
        {
            let text = format!("Solved: {:?} in {:.0} ms", results.status, newest.wall_ms);
            if newest.canonical {
                self.view.log.note(Severity::Note, text);
            }
        }
    }

    // ---- files ---------------------------------------------------------------------------------

    /// Asks about unsaved changes before going on.
    pub(super) fn ask_first(&mut self, then: Then) {
        if self.document.is_dirty() {
            self.view.dialog = Some(Dialog::Unsaved(then));
        } else {
            self.go_on(then);
        }
    }

    fn go_on(&mut self, then: Then) {
        match then {
            Then::New => {
                self.document.open(super::document::empty_plan(), Series::default(), None, Vec::new());
                self.reset_view();
                self.view.welcome = true;
            }
            Then::Open => self.ask_for(Purpose::Open),
            Then::OpenPath(path) => self.open_path(&path),
            Then::NewFromText(name, text) => self.new_from_text(&name, &text),
            Then::Reload => {
                if let Some(path) = self.document.path.clone() {
                    self.open_path(&path);
                }
            }
            Then::Quit => {
                self.records.forget(self.document.path.as_deref());
                self.closing = true;
                self.context.send_viewport_cmd(egui::ViewportCommand::Close);
            }
        }
    }

    fn reset_view(&mut self) {
        self.view.selection.clear();
        self.view.refused = None;
        self.view.varied.clear();
        self.view.unread_text = None;
        self.view.period = 0;
        self.view.day = 0;
        self.view.welcome = false;
    }

    /// Starts from a text that has no file.
    pub(super) fn new_from_text(&mut self, name: &str, text: &str) {
        let checked = read_plan(text);
        match checked.plan {
            Some(plan) => {
                self.document.open(plan, Series::default(), None, checked.diagnostics);
                self.reset_view();
                self.view.log.note(Severity::Note, format!("Started from {name}"));
            }
            None => {
                self.document.open_unread(text.to_owned(), false, None, checked.diagnostics);
                self.reset_view();
                lower(&mut self.view.settings, LowerTab::Problems);
            }
        }
    }

    /// Reads the text being mended.
    fn read_text(&mut self, text: &str) {
        let path = self.document.path.clone();
        let on_disk = self.document.on_disk;
        let checked = read_plan(text);
        let newer = checked.is_newer();
        match checked.plan {
            Some(plan) => {
                let (series, problems) = store::read_series(&plan, path.as_deref());
                let all = checked.diagnostics.into_iter().chain(problems).collect();
                self.document.open(plan, series, path, all);
                self.document.on_disk = on_disk;
                self.document.has_comments = checked.has_comments;
                self.document.mark_unsaved();
                self.reset_view();
                self.view.log.say(Severity::Note, "The plan can be read now; it is not saved yet");
            }
            None => {
                let count = checked.diagnostics.len();
                self.document.open_unread(text.to_owned(), newer, path, checked.diagnostics);
                self.document.on_disk = on_disk;
                self.view.log.say(Severity::Warning, format!("There are still {count} problems"));
            }
        }
    }

    /// Opens a file on a thread of its own.
    pub(super) fn open_path(&mut self, path: &Path) {
        let (sender, receiver) = channel();
        let wake = self.context.clone();
        let path = path.to_owned();
        let started = std::thread::Builder::new().name("open-plan".into()).spawn(move || {
            let opened = store::open(&path);
            if sender.send(opened).is_ok() {
                wake.request_repaint();
            }
        });
        match started {
            Ok(_) => self.opening = Some(receiver),
            Err(error) => self.view.log.say(Severity::Error, format!("The file could not be opened: {error}.")),
        }
    }

    /// Whether a file is being read.
    #[must_use]
    pub fn is_opening(&self) -> bool {
        self.opening.is_some()
    }

    fn poll_opening(&mut self) {
        let Some(opening) = &self.opening else { return };
        let outcome = opening.try_recv();
        if matches!(outcome, Err(TryRecvError::Empty)) {
            return;
        }
        self.opening = None;
        match outcome {
            Ok(Ok(opened)) => self.take_opened(opened),
            Ok(Err(problem)) => self.view.log.say(Severity::Error, problem.to_string()),
            Err(_) => self.view.log.say(Severity::Error, "The file could not be opened."),
        }
    }

    fn take_opened(&mut self, opened: Opened) {
        let Opened { path, text, fingerprint, checked, series, series_problems } = opened;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let newer = checked.is_newer();
        let has_comments = checked.has_comments;
        let has_errors = checked.has_errors() || series_problems.iter().any(Diagnostic::is_error);
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
    }

    fn file_name(&self) -> String {
        let own = self.document.path.as_ref().and_then(|path| path.file_name());
        own.map_or_else(|| file_name_of(&self.document.title()), |name| name.to_string_lossy().into_owned())
    }

    fn ask_for(&mut self, purpose: Purpose) {
        let name = self.file_name();
        let context = self.context.clone();
        self.prompt.ask(purpose, &name, &context);
    }

    /// Copies a picture at once, or asks where a file goes.
    fn export(&mut self, wanted: Export) {
        if let Export::CopyChart(chart) = &wanted {
            let dark = self.context.theme() == egui::Theme::Dark;
            match export::picture(chart, dark) {
                Ok(image) => {
                    self.context.copy_image(image);
                    self.view.log.say(Severity::Note, "The picture is on the clipboard");
                }
                Err(error) => self.view.log.say(Severity::Error, error.to_string()),
            }
            return;
        }
        let name = export::suggested_name(&wanted, &self.document.title());
        self.view.report.wanted = Some(wanted);
        let context = self.context.clone();
        self.prompt.ask(Purpose::Export, &name, &context);
    }

    fn export_to(&mut self, path: &Path) {
        let Some(wanted) = self.view.report.wanted.take() else { return };
        let wake = self.context.clone();
        match export::start(wanted, path, &self.document, move || wake.request_repaint()) {
            Ok(running) => self.view.report.running = Some(running),
            Err(problem) => self.view.log.say(Severity::Error, problem),
        }
    }

    /// Takes in what came of asking for a file.
    pub(super) fn poll_prompt(&mut self) {
        self.poll_opening();
        match export::poll(&mut self.view.report.running) {
            Some(Ok(path)) => self.view.log.say(Severity::Note, format!("Saved {}", path.display())),
            Some(Err(problem)) => self.view.log.say(Severity::Error, problem),
            None => {}
        }
        let Some((purpose, picked)) = self.prompt.poll() else { return };
        match picked {
            Picked::Path(path) => self.picked(purpose, path),
            Picked::Cancelled => {
                self.save_then = None;
                self.view.report.wanted = None;
            }
            Picked::Unavailable(reason) => {
                let path = match purpose {
                    Purpose::Open => String::new(),
                    Purpose::Export => self.view.report.wanted.as_ref().map_or_else(String::new, |export| export::suggested_name(export, &self.document.title())),
                    _ => self.document.path.as_ref().map_or_else(|| file_name_of(&self.document.title()), |path| path.display().to_string()),
                };
                self.view.dialog = Some(Dialog::PathField { purpose, path, reason });
            }
        }
    }

    fn picked(&mut self, purpose: Purpose, path: PathBuf) {
        match purpose {
            Purpose::Open => self.open_path(&path),
            Purpose::Export => self.export_to(&path),
            Purpose::SaveAs => {
                let path = if path.extension().is_none() { path.with_extension("ron") } else { path };
                self.save_to(&path, None);
            }
            Purpose::SaveWithSeries => {
                let name = self.file_name();
                match store::save_with_series(&path, self.document.plan(), self.document.path.as_deref(), &name) {
                    Ok(copy) => self.view.log.say(Severity::Note, format!("Copied with its series to {}", copy.display())),
                    Err(problem) => self.view.log.say(Severity::Error, problem.to_string()),
                }
            }
        }
    }

    fn save(&mut self) {
        let Some(path) = self.document.path.clone() else {
            self.ask_for(Purpose::SaveAs);
            return;
        };
        if self.document.has_comments {
            self.view.dialog = Some(Dialog::Comments);
        } else {
            self.save_to(&path, self.document.on_disk);
        }
    }

    fn save_to(&mut self, path: &Path, expected: Option<Fingerprint>) {
        if self.document.unread.is_some() {
            self.view.log.say(Severity::Warning, "A plan that can't be read is not saved over");
            return;
        }
        match store::save_plan(path, self.document.plan(), expected) {
            Ok(on_disk) => {
                self.records.forget(self.document.path.as_deref());
                self.records.forget(Some(path));
                self.document.mark_saved(path.to_owned(), on_disk);
                self.records.note_recent(path);
                self.view.recent = self.records.recent();
                self.view.log.say(Severity::Note, "Saved");
                if let Some(then) = self.save_then.take() {
                    self.go_on(then);
                }
            }
            Err(DiskError::Changed { .. }) => self.view.dialog = Some(Dialog::ChangedOnDisk),
            Err(problem) => {
                self.save_then = None;
                self.view.log.say(Severity::Error, problem.to_string());
            }
        }
    }

    fn decide(&mut self, decision: Decision) {
        match decision {
            Decision::SaveThen(then) => {
                self.save_then = Some(then);
                self.save();
            }
            Decision::DiscardThen(then) => self.go_on(then),
            Decision::Rename(path, to) => {
                let map = change::split(&path).0.to_owned();
                if self.edit(&Edit::Rename { path, to: to.clone() }, Stroke::Once) {
                    self.select(reflect::join(&map, &to));
                }
            }
            Decision::Path(purpose, path) => self.picked(purpose, path),
            Decision::Overwrite => {
                if let Some(path) = self.document.path.clone() {
                    self.save_to(&path, None);
                }
            }
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
            Decision::Recover(recovery) => {
                self.new_from_text("recovered work", &recovery.text);
                // The file is as it was: saving over it is what was meant before the end.
                self.document.on_disk = recovery.plan_path.as_deref().and_then(store::fingerprint);
                self.document.path = recovery.plan_path;
                self.document.mark_unsaved();
                self.view.log.say(Severity::Note, "Recovered; it is not saved yet");
            }
            Decision::ForgetRecovery(recovery) => store::discard(&recovery),
        }
    }

    /// Recent files, and work of a session that ended too early.
    pub(super) fn load_records(&mut self) {
        self.view.recent = self.records.recent();
        if let Some(recovery) = self.records.recoveries().into_iter().next() {
            let name = read_plan(&recovery.text).plan.map_or_else(|| "a plan".to_owned(), |plan| plan.name);
            self.view.dialog = Some(Dialog::Recovery { name, recovery });
        }
    }

    /// Things that happen to the window: dropped files, closing, coming back to the front.
    pub(super) fn watch(&mut self, context: &egui::Context) {
        let dropped = context.input(|input| input.raw.dropped_files.iter().find_map(|file| Some(file.path().to_path_buf()).filter(|path| !path.as_os_str().is_empty())));
        if let Some(path) = dropped {
            self.ask_first(Then::OpenPath(path));
        }
        let asked_to_close = context.input(|input| input.viewport().close_requested());
        if asked_to_close && !self.closing && self.document.is_dirty() {
            context.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.view.dialog = Some(Dialog::Unsaved(Then::Quit));
        }
        let came_back = context.input(|input| input.events.iter().any(|event| matches!(event, egui::Event::WindowFocused(true))));
        if came_back && self.view.dialog.is_none() {
            self.look_at_disk();
        }
    }

    /// Whether somebody else changed the file while the window was behind others.
    fn look_at_disk(&mut self) {
        let (Some(path), Some(known)) = (self.document.path.clone(), self.document.on_disk) else { return };
        let Some(now) = store::fingerprint(&path).filter(|now| *now != known) else { return };
        if self.document.is_dirty() {
            self.view.dialog = Some(Dialog::ChangedOnDisk);
        } else {
            self.view.log.say(Severity::Note, "The file was changed by another program and is read again");
            self.document.on_disk = Some(now);
            self.open_path(&path);
        }
    }
}

fn lower(settings: &mut Settings, tab: LowerTab) {
    settings.lower_open = true;
    settings.lower_tab = tab;
}

/// A file name for a plan's name: `Abilene campus, 2027` becomes `abilene-campus-2027.ron`.
fn file_name_of(title: &str) -> String {
    let mut name: String = title.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    while name.contains("--") {
        name = name.replace("--", "-");
    }
    let name = name.trim_matches('-');
    format!("{}.ron", if name.is_empty() { "plan" } else { name })
}
