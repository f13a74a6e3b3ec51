//! What the workbench does when it is asked: every command and every request, in one place.
//! What it does with files is in `files`.

use std::sync::Arc;

use super::app::{Workbench, dialog_of};
use super::change::{self, Edit};
use super::command::{Request, Stroke, Then, UiCommand};
use super::dialog::Dialog;
use super::document::Freshness;
use super::files::Purpose;
use super::panels::catalog::Picker;
use super::roll_form::RollForm;
use super::scenario_form::{Kind, ScenarioForm};
use super::sensing::Sensing;
use super::view::{Anchor, LowerTab, Settings, ThemeChoice};
use super::{dependents, dock, questions, reflect, templates, whereabouts};
use crate::diagnostic::{Diagnostic, Severity};
use crate::words;

impl Workbench {
    /// Does what was asked for.
    pub fn handle(&mut self, request: Request) {
        match request {
            Request::Run(command) => self.run(command),
            Request::Edit(edit, stroke) => {
                self.edit(&edit, stroke);
            }
            Request::Batch(name, edits) => {
                let whole = Edit::Many { label: name.clone(), edits: edits.clone() };
                if self.may_edit(&whole) {
                    let outcome = self.document.batch(name, &edits);
                    self.after_edit(outcome, Stroke::Once);
                }
            }
            Request::EndDrag => {
                self.document.end_drag();
                self.keep();
            }
            Request::Select(path) => self.select(path),
            Request::GoTo(path) => self.go_to(path),
            Request::ShowPanel(name) => self.show(name),
            Request::Enlarge(chart, selection) => {
                self.panels.results.selection = selection;
                self.panels.results.enlarge(chart);
                self.show("Results");
            }
            Request::PickScenario(name) => self.document.pick_scenario(name),
            Request::OpenPath(path) => self.ask_first(Then::OpenPath(path)),
            Request::NewFromText { name, text } => self.ask_first(Then::NewFromText(name, text)),
            Request::ReadText(text) => self.read_text(&text),
            Request::Decide(decision) => self.decide(decision),
            Request::Export(export) => self.export(export),
            Request::Ask(question) => {
                let wake = self.context.clone();
                match questions::start(question, &self.document, move || wake.request_repaint()) {
                    Ok(asked) => self.panels.explain.asked = Some(asked),
                    Err(problem) => self.view.log.say(Severity::Error, problem),
                }
            }
            Request::SolveBeside(scenario) => {
                let wake = self.context.clone();
                if let Err(problem) = self.panels.compare.beside.start(scenario, &self.document, move || wake.request_repaint()) {
                    self.view.log.say(Severity::Error, problem);
                }
            }
            Request::BrowseSeries(profile) => {
                self.view.browsed_for = profile;
                self.ask_for(Purpose::Series);
            }
            Request::Sense(on) => self.sense(on),
            Request::Say(text) => self.view.log.say(Severity::Note, text),
        }
    }

    fn run(&mut self, command: UiCommand) {
        if let Some(panel) = command.panel() {
            self.show(panel);
            return;
        }
        if let Some(dialog) = dialog_of(command) {
            self.dialog = Some(dialog);
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
            UiCommand::Versions => {
                let versions = self.document.path.as_deref().map(|path| self.records.versions(path)).unwrap_or_default();
                self.dialog = Some(Dialog::Versions(versions));
            }
            UiCommand::Quit => self.context.send_viewport_cmd(egui::ViewportCommand::Close),
            UiCommand::Undo => {
                if let Some(name) = self.document.undo() {
                    self.view.log.note(Severity::Note, format!("Undone: {name}"));
                    self.after_travel();
                    self.keep();
                }
            }
            UiCommand::Redo => {
                if let Some(name) = self.document.redo() {
                    self.view.log.note(Severity::Note, format!("Redone: {name}"));
                    self.after_travel();
                    self.keep();
                }
            }
            UiCommand::Add => self.add(),
            UiCommand::PickFromCatalog => {
                self.dialog = Some(Dialog::Catalog(Picker::for_selection(self.document.plan(), &self.view.selection)));
            }
            UiCommand::Duplicate => self.duplicate(),
            UiCommand::Rename => {
                let path = self.view.selection.clone();
                if reflect::is_entry(self.document.plan(), &path) {
                    let to = words::name_at(self.document.plan(), &path).unwrap_or_else(|| change::split(&path).1.to_owned());
                    self.dialog = Some(Dialog::Rename { path, to });
                }
            }
            UiCommand::Delete => self.delete(),
            UiCommand::MoveUp => self.step(-1),
            UiCommand::MoveDown => self.step(1),
            // What keeps the plan from being solved is shown in its place.
            UiCommand::Solve if self.document.is_blocked() => lower(settings, LowerTab::Problems),
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
            UiCommand::NewScenario => self.name_scenario(Kind::New),
            UiCommand::DuplicateScenario => self.name_scenario(Kind::Copy(self.document.scenario().to_owned())),
            UiCommand::RenameScenario => self.name_scenario(Kind::Rename(self.document.scenario().to_owned())),
            UiCommand::RollOn => {
                let form = RollForm::new(self.document.plan().clone(), Arc::clone(self.document.series()));
                self.dialog = Some(Dialog::Roll(Box::new(form)));
            }
            UiCommand::CombineScenarios => {
                let picked = self.document.scenario();
                let ticked = if picked.is_empty() { Vec::new() } else { vec![picked.to_owned()] };
                self.name_scenario(Kind::Combine(ticked));
            }
            UiCommand::DeleteScenario => {
                let name = self.document.scenario().to_owned();
                if !name.is_empty() && self.edit(&Edit::remove(format!("scenarios.{name}")), Stroke::Once) {
                    self.view.log.say(Severity::Note, format!("Deleted scenario {name}; Ctrl+Z brings it back"));
                }
            }
            UiCommand::EditBase => self.document.pick_scenario(String::new()),
            UiCommand::NextPeriod => {
                self.view.period = (self.view.period + 1).min((self.document.plan().horizon.periods as usize).saturating_sub(1));
            }
            UiCommand::PreviousPeriod => self.view.period = self.view.period.saturating_sub(1),
            UiCommand::ShowProblems => lower(settings, LowerTab::Problems),
            UiCommand::ShowStatus => lower(settings, LowerTab::Status),
            UiCommand::ShowLog => lower(settings, LowerTab::Log),
            UiCommand::ToggleTree => settings.tree_open = !settings.tree_open,
            UiCommand::ToggleInspector => settings.inspector_open = !settings.inspector_open,
            UiCommand::ToggleLower => settings.lower_open = !settings.lower_open,
            UiCommand::ResetLayout => {
                *settings = Settings {
                    theme: settings.theme,
                    live: settings.live,
                    tour_seen: settings.tour_seen,
                    zoom: settings.zoom,
                    ..Settings::default()
                };
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
            UiCommand::Guide => {
                if self.panels.guide.open {
                    self.panels.guide.open = false;
                } else {
                    self.panels.guide.show("concepts");
                }
            }
            UiCommand::NextPane => self.pane(1),
            UiCommand::PreviousPane => self.pane(-1),
            UiCommand::GuidedPlan => {
                let text = crate::plan::file::print(&super::document::empty_plan());
                self.ask_first(Then::Guided(text));
            }
            UiCommand::Tour => {
                self.view.settings.tree_open = true;
                self.view.settings.inspector_open = true;
                self.view.tour = Some(0);
            }
            // Handled above: panels and dialogs.
            UiCommand::FirstPlan
            | UiCommand::Export
            | UiCommand::ShowMap
            | UiCommand::ShowLayout
            | UiCommand::ShowTables
            | UiCommand::ShowResults
            | UiCommand::ShowCompare
            | UiCommand::ShowStudies
            | UiCommand::ShowExplain
            | UiCommand::ShowMoney
            | UiCommand::ShowActors
            | UiCommand::ShowReport
            | UiCommand::Palette
            | UiCommand::Shortcuts
            | UiCommand::About => {}
        }
    }

    /// Puts the keyboard into the next pane, or the one before.
    fn pane(&mut self, by: isize) {
        let settings = &self.view.settings;
        let open = |anchor: &Anchor| match anchor {
            Anchor::Tree => settings.tree_open,
            Anchor::Inspector => settings.inspector_open,
            _ => true,
        };
        let panes: Vec<Anchor> = [Anchor::Toolbar, Anchor::Tree, Anchor::Centre, Anchor::Inspector].into_iter().filter(open).collect();
        let count = isize::try_from(panes.len()).unwrap_or(1).max(1);
        let here = panes.iter().position(|pane| *pane == self.view.pane).map_or(0, |at| isize::try_from(at).unwrap_or(0) + by);
        self.view.pane = panes.get(usize::try_from(here.rem_euclid(count)).unwrap_or(0)).copied().unwrap_or_default();
        self.view.enter_pane = Some(self.view.pane);
        if self.view.pane == Anchor::Tree {
            self.view.enter_pane = None;
            let selected = self.view.selection.clone();
            self.view.tree_focus = Some(if selected.is_empty() { "name".to_owned() } else { selected });
        }
    }

    fn name_scenario(&mut self, kind: Kind) {
        self.dialog = Some(Dialog::Scenario(ScenarioForm::new(kind, self.document.base())));
    }

    fn zoom(&mut self, by: f32) {
        let factor = (self.context.zoom_factor() * by * 20.0).round() / 20.0;
        self.context.set_zoom_factor(factor.clamp(0.5, 3.0));
    }

    pub(super) fn show(&mut self, name: &str) {
        self.view.welcome = false;
        dock::show(&mut self.dock, name);
    }

    pub(super) fn select(&mut self, path: String) {
        if path != self.view.selection {
            self.view.refused = None;
            self.open_above(&path);
        }
        self.view.selection = path;
    }

    /// Opens the rows above a place in the tree, so that it shows where that is.
    fn open_above(&mut self, path: &str) {
        let mut here = String::new();
        for key in path.split('.') {
            here = reflect::join(&here, key);
            if here != path {
                self.panels.tree.open.insert(here.clone());
            }
        }
    }

    fn go_to(&mut self, path: String) {
        if self.document.unread.is_some() {
            let span = self.document.problems().iter().find(|problem| problem.path == path).and_then(|problem| problem.span);
            self.view.go_to_line = span.map(|span| span.line);
            return;
        }
        self.view.settings.inspector_open = true;
        self.open_above(&path);
        self.view.focus_field = Some(path.clone());
        self.select(path);
    }

    // ---- the plan ------------------------------------------------------------------------------

    pub(super) fn edit(&mut self, edit: &Edit, stroke: Stroke) -> bool {
        if !self.may_edit(edit) {
            return false;
        }
        let outcome = self.document.edit(edit, stroke);
        let done = outcome.is_ok();
        self.after_edit(outcome, stroke);
        done
    }

    /// Asks first where the picked scenario can't hold a change.
    fn may_edit(&mut self, edit: &Edit) -> bool {
        let can = self.document.can_hold(edit);
        if !can {
            self.dialog = Some(Dialog::IntoBase(edit.clone()));
        }
        can
    }

    pub(super) fn after_edit(&mut self, outcome: Result<(), Vec<Diagnostic>>, stroke: Stroke) {
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
            selection.truncate(change::split(&selection).0.len());
        }
        self.view.selection = selection;
        self.view.period = self.view.period.min((plan.horizon.periods as usize).saturating_sub(1));
        self.view.varied.retain(|path, _| change::get(plan, path).is_some());
    }

    fn add(&mut self) {
        let plan = self.document.plan();
        let Some(map) = reflect::map_for(plan, &self.view.selection) else { return };
        let Some((id, edit)) = templates::new_entry(plan, &map) else {
            self.view.log.say(Severity::Warning, format!("There is no further {} to add.", templates::singular(&map)));
            return;
        };
        if self.edit(&edit, Stroke::Once) {
            self.panels.tree.open.insert(map.clone());
            self.go_to(reflect::join(&map, &id));
            self.view.tree_focus = Some(reflect::join(&map, &id));
        }
    }

    fn duplicate(&mut self) {
        let path = self.view.selection.clone();
        if !reflect::is_entry(self.document.plan(), &path) {
            return;
        }
        let Ok(mut edit) = crate::plan::edit::duplicate(self.document.base(), &path) else { return };
        let made = match &edit {
            Edit::Many { edits, .. } => {
                edits.iter().find_map(|edit| if let Edit::Insert { path, id, .. } = edit { Some(reflect::join(path, id)) } else { None })
            }
            _ => None,
        };
        if let (Edit::Many { edits, .. }, Some(made)) = (&mut edit, &made) {
            edits.extend(whereabouts::beside(self.document.base(), &path, made));
        }
        if self.edit(&edit, Stroke::Once)
            && let Some(made) = made
        {
            self.select(made.clone());
            self.view.tree_focus = Some(made);
        }
    }

    fn delete(&mut self) {
        let path = self.view.selection.clone();
        if !reflect::is_entry(self.document.plan(), &path) {
            return;
        }
        let references = dependents::references(self.document.base(), &path);
        if !references.is_empty() {
            let to = dependents::others(self.document.base(), &path).into_iter().next().unwrap_or_default();
            self.dialog = Some(Dialog::DeleteAlso { path, references, to });
            return;
        }
        self.delete_by(&Edit::Remove { path: path.clone() }, &path);
    }

    /// Deletes an entry by this edit, and selects what is left beside it.
    pub(super) fn delete_by(&mut self, edit: &Edit, path: &str) {
        let (map, id) = (change::split(path).0.to_owned(), change::split(path).1.to_owned());
        let ids = change::get(self.document.plan(), &map).map(crate::plan::node::Node::children).unwrap_or_default();
        let position = ids.iter().position(|other| *other == id).unwrap_or(0);
        if self.edit(edit, Stroke::Once) {
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
        let ids = change::get(self.document.plan(), map).map(crate::plan::node::Node::children).unwrap_or_default();
        let position = ids
            .iter()
            .position(|other| other == id)
            .and_then(|position| position.checked_add_signed(by))
            .filter(|position| *position < ids.len());
        if let Some(position) = position {
            self.edit(&Edit::Move { path, position }, Stroke::Once);
        }
    }

    fn sense(&mut self, on: bool) {
        // A run that is dropped stops.
        self.panels.explain.evidence.sensing = None;
        if on {
            let wake = self.context.clone();
            match Sensing::start(&self.document, move || wake.request_repaint()) {
                Ok(sensing) => self.panels.explain.evidence.sensing = Some(sensing),
                Err(problem) => self.view.log.say(Severity::Error, problem),
            }
        }
    }

    // ---- answers -------------------------------------------------------------------------------

    /// After an answer came in.
    pub(super) fn after_answer(&mut self) {
        if let Some(newest) = self.document.newest()
            && let Some(results) = &newest.answer.results
        {
            let text = format!("Solved: {:?} in {} ms", results.status, words::grouped(newest.wall_ms, 0));
            if newest.explained {
                self.view.log.note(Severity::Note, text);
                self.keep_version(false);
            }
        }
    }
}

/// Opens the lower panel at a tab.
pub(super) fn lower(settings: &mut Settings, tab: LowerTab) {
    settings.lower_open = true;
    settings.lower_tab = tab;
}
