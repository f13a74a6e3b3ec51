//! The frame loop: draws the panels, then does what they asked for.

use std::path::PathBuf;

use egui::{CentralPanel, Frame, Id, Margin, Panel, Ui};

use super::command::{Commands, UiCommand};
use super::dialog::{Dialog, dialog_ui};
use super::dock::{self, Dock, Panes};
use super::document::Document;
use super::files::autosave::Keeper;
use super::files::follow::follow_files;
use super::files::store::{Records, Recovery};
use super::files::{FilePrompt, SystemPrompt, panic};
use super::panels::{Panels, evidence, inspector, kpi, lower, present, toolbar, tree};
use super::view::{Anchor, Settings, ThemeChoice, ViewState};
use super::widgets::chart::standing::{self, Standing};
use super::{theme, tour, welcome};
use crate::diagnostic::Severity;
use crate::plan::example::EXAMPLES;
use crate::study::live::Live;

/// Key of the settings in the window's storage.
const SETTINGS_KEY: &str = "settings";
/// Key of the arrangement of the centre.
const DOCK_KEY: &str = "dock";

/// How a workbench is opened; tests put their own prompt and folder here.
pub struct Opening {
    /// A plan to open.
    pub path: Option<PathBuf>,
    /// Asks for files.
    pub prompt: Box<dyn FilePrompt>,
    /// Where recovery files and recent files are kept.
    pub records: Records,
    /// Show the example on the first start.
    pub first_example: bool,
}

impl Default for Opening {
    fn default() -> Self {
        Self { path: None, prompt: Box::new(SystemPrompt::default()), records: Records::standard(), first_example: true }
    }
}

/// The window's state.
pub struct Workbench {
    /// The document.
    pub document: Document,
    /// The view.
    pub view: ViewState,
    /// What the panels remember.
    pub panels: Panels,
    /// The open question.
    pub dialog: Option<Dialog>,
    /// The arrangement of the centre.
    pub dock: Dock,
    pub(super) prompt: Box<dyn FilePrompt>,
    pub(super) records: Records,
    keeper: Option<Keeper>,
    pub(super) context: egui::Context,
    pub(super) closing: bool,
    pub(super) save_then: Option<super::command::Then>,
    pub(super) opening: Option<super::files::open_save::Opening>,
    pub(super) reading_files: Option<super::files::follow::Reading>,
    pub(super) solving_version: Option<super::files::version::Solving>,
    pub(super) last_version: Option<std::time::SystemTime>,
    shown_title: String,
    shown_theme: Option<ThemeChoice>,
    /// Revision noted for the panic hook, and whether it was unsaved.
    noted: (u64, bool),
    /// Letters of the plan outside Latin that were looked for in the fonts, and at which revision.
    letters: std::collections::BTreeSet<char>,
    lettered: u64,
    /// Since when a window floats over the panels, in seconds of the window.
    pub(super) floats_since: Option<f64>,
}

impl Workbench {
    /// Opens the workbench in a window.
    #[must_use]
    pub fn new(context: &eframe::CreationContext<'_>, path: Option<PathBuf>) -> Self {
        Self::open(context, Opening { path, ..Opening::default() })
    }

    /// Opens the workbench.
    #[must_use]
    pub fn open(context: &eframe::CreationContext<'_>, opening: Opening) -> Self {
        theme::apply(&context.egui_ctx);
        let wake = context.egui_ctx.clone();
        let live = Live::start(move || wake.request_repaint())
            .inspect_err(|error| tracing::error!("The solver thread could not be started: {error}."))
            .ok();
        let settings: Settings = context.storage.and_then(|storage| eframe::get_value(storage, SETTINGS_KEY)).unwrap_or_default();
        let dock = context
            .storage
            .and_then(|storage| eframe::get_value(storage, DOCK_KEY))
            .filter(dock::is_complete)
            .unwrap_or_else(dock::default_dock);
        let mut workbench = Self {
            document: Document::new(live),
            view: ViewState { settings, ..ViewState::default() },
            panels: Panels::default(),
            dialog: None,
            dock,
            prompt: opening.prompt,
            keeper: Keeper::start(opening.records.clone())
                .inspect_err(|error| tracing::error!("Unsaved work can't be kept: {error}."))
                .ok(),
            records: opening.records,
            context: context.egui_ctx.clone(),
            closing: false,
            save_then: None,
            opening: None,
            reading_files: None,
            solving_version: None,
            last_version: None,
            shown_title: String::new(),
            shown_theme: None,
            noted: (0, false),
            letters: std::collections::BTreeSet::new(),
            lettered: 0,
            floats_since: None,
        };
        workbench.document.live_on = workbench.view.settings.live;
        context.egui_ctx.set_zoom_factor(workbench.view.settings.zoom.clamp(0.5, 3.0));
        workbench.start(opening.path, opening.first_example);
        workbench
    }

    fn start(&mut self, path: Option<PathBuf>, first_example: bool) {
        self.load_records();
        if let Some(path) = path {
            self.open_path(&path);
        } else if let Some(example) = EXAMPLES.first().filter(|_| first_example && !self.view.settings.tour_seen) {
            // The first start shows a solved example and the tour, not an empty window.
            self.new_from_text(example.title, example.text);
            self.view.tour = Some(0);
        } else {
            self.view.welcome = true;
        }
    }

    /// Keeps unsaved work after an undo point; forgets it where nothing is unsaved any more.
    pub(super) fn keep(&self) {
        let Some(keeper) = &self.keeper else { return };
        if self.document.is_dirty() {
            keeper.keep(self.document.plan_arc(), self.document.path.clone(), self.document.on_disk);
        } else if self.document.unread.is_none() {
            keeper.forget(self.document.path.as_deref());
        }
    }

    /// Forgets kept work: it was saved, or is not wanted.
    pub(super) fn forget_kept(&self, path: Option<&std::path::Path>) {
        if let Some(keeper) = &self.keeper {
            keeper.forget(path);
        }
    }

    /// Throws a recovery file away, after what was asked for before.
    pub(super) fn discard_kept(&self, recovery: Recovery) {
        if let Some(keeper) = &self.keeper {
            keeper.discard(recovery);
        }
    }

    /// Tells window and context what changed since the last frame.
    fn follow(&mut self, context: &egui::Context) {
        let mark = if self.document.is_dirty() { "• " } else { "" };
        let title = format!("{mark}{} · Tokenworks", self.document.title());
        if title != self.shown_title {
            context.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.shown_title = title;
        }
        let choice = self.view.settings.theme;
        if self.shown_theme != Some(choice) {
            context.set_theme(match choice {
                ThemeChoice::System => egui::ThemePreference::System,
                ThemeChoice::Light => egui::ThemePreference::Light,
                ThemeChoice::Dark => egui::ThemePreference::Dark,
            });
            self.shown_theme = Some(choice);
        }
        let now = (self.document.revision(), self.document.is_dirty());
        if now != self.noted {
            panic::note(&self.document, &self.records);
            self.noted = now;
        }
        // All texts of the plan are read for it: once an edit is answered, not at each move of a hand.
        if now.0 != self.lettered && self.document.is_settled() {
            self.lettered = now.0;
            let letters = super::scripts::letters(self.document.base());
            if letters != self.letters {
                // Once for each new letter, not at each edit.
                self.view.unshown = super::scripts::unshown(context, &letters);
                if let Some(said) = &self.view.unshown {
                    self.view.log.say(Severity::Warning, said.clone());
                }
                self.letters = letters;
            }
        }
        self.view.settings.zoom = context.zoom_factor();
        self.view.settings.live = self.document.live_on;
    }

    fn listen(&mut self, context: &egui::Context, commands: &mut Commands) {
        // A modal has the keyboard to itself.
        if self.dialog.is_some() {
            return;
        }
        let typing = context.text_edit_focused();
        let mut all: Vec<(UiCommand, egui::KeyboardShortcut)> = UiCommand::ALL
            .iter()
            .copied()
            .flat_map(|command| command.shortcuts().iter().map(move |shortcut| (command, *shortcut)))
            .collect();
        // Ctrl+Shift+S must not be taken for Ctrl+S.
        all.sort_by_key(|(_, shortcut)| std::cmp::Reverse(usize::from(shortcut.modifiers.shift) + usize::from(shortcut.modifiers.alt)));
        for (command, shortcut) in all {
            // A text field keeps its own undo, delete and cursor keys.
            let own = matches!(
                command,
                UiCommand::Undo
                    | UiCommand::Redo
                    | UiCommand::Delete
                    | UiCommand::NextPeriod
                    | UiCommand::PreviousPeriod
                    | UiCommand::MoveUp
                    | UiCommand::MoveDown
            );
            if typing && own {
                continue;
            }
            if context.input_mut(|input| input.consume_shortcut(&shortcut)) && toolbar::is_enabled(command, &self.document, &self.view) {
                if command == UiCommand::Guide {
                    // Over a number it is that number's page: known once everything has been drawn.
                    self.view.asked_what = true;
                } else {
                    commands.run(command);
                }
            }
        }
        if self.view.presenting && context.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape)) {
            commands.run(UiCommand::Present);
        }
    }

    fn frame_ui(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let tokens = theme::tokens(ui);
        ui.painter().rect_filled(ui.max_rect(), 0.0, tokens.window);
        if self.view.presenting {
            self.present_frame_ui(ui, commands);
            return;
        }
        let bare = |left, right, top, bottom| Frame::new().fill(tokens.window).inner_margin(Margin { left, right, top, bottom });
        let small = ui.max_rect().height() < 560.0 || ui.max_rect().width() < 1000.0;
        Panel::top("menu").frame(bare(8, 8, 2, 0)).show_separator_line(false).resizable(false).show(ui, |ui| {
            toolbar::menu_ui(ui, &self.document, &mut self.view, commands);
            let rect = ui.min_rect();
            self.view.anchors.insert(Anchor::Search, egui::Rect::from_min_max(egui::pos2(rect.right() - 250.0, rect.top()), rect.max));
        });
        Panel::top("toolbar").frame(bare(8, 8, 2, 4)).show_separator_line(true).resizable(false).show(ui, |ui| {
            toolbar::toolbar_ui(ui, &self.document, &mut self.view, commands);
        });
        if !self.document.scenario().is_empty() {
            let band = Frame::new().fill(tokens.accent_soft).inner_margin(Margin::symmetric(10, 3));
            Panel::top("scenario-band").frame(band).show_separator_line(false).resizable(false).show(ui, |ui| {
                toolbar::scenario_band_ui(ui, &self.document, commands);
            });
        }
        Panel::top("kpis").frame(bare(8, 8, 8, 0)).show_separator_line(false).resizable(false).show(ui, |ui| {
            kpi::kpi_ui(ui, &self.document, &mut self.view.settings);
            self.view.anchors.insert(Anchor::Kpis, ui.min_rect());
        });
        Panel::bottom("status-bar").frame(bare(8, 8, 2, 3)).show_separator_line(true).resizable(false).show(ui, |ui| {
            lower::status_bar_ui(ui, &self.document, &self.view, commands);
        });
        if self.view.settings.lower_open {
            let most = (ui.available_height() * 0.6).max(90.0);
            Panel::bottom("lower")
                .frame(bare(8, 8, 0, 8))
                .show_separator_line(false)
                .resizable(true)
                .default_size(170.0)
                .size_range(80.0..=most)
                .show(ui, |ui| {
                    filled(ui, |ui| lower::lower_ui(ui, &self.document, &mut self.view, commands));
                });
        }
        // On a small window the side panels give way to the centre.
        let width = ui.available_width();
        let side = if small { (width * 0.25).clamp(140.0, 240.0) } else { 240.0 };
        if self.view.settings.tree_open {
            Panel::left("tree")
                .frame(bare(8, 0, 8, 8))
                .show_separator_line(false)
                .resizable(true)
                .default_size(side)
                .size_range(140.0..=(width * 0.28).max(150.0))
                .show(ui, |ui| {
                    filled(ui, |ui| tree::tree_ui(ui, &self.document, &mut self.view, &mut self.panels.tree, commands));
                    self.view.anchors.insert(Anchor::Tree, ui.min_rect());
                });
        }
        if self.view.settings.inspector_open {
            let own = if small { (width * 0.32).clamp(180.0, 320.0) } else { 320.0 };
            Panel::right("inspector")
                .frame(bare(0, 8, 8, 8))
                .show_separator_line(false)
                .resizable(true)
                .default_size(own)
                .size_range(180.0..=(width * 0.36).max(190.0))
                .show(ui, |ui| {
                    filled(ui, |ui| inspector::inspector_ui(ui, &self.document, &mut self.view, commands));
                    self.view.anchors.insert(Anchor::Inspector, ui.min_rect());
                });
        }
        // What was asked for at the sides is done before the centre is drawn: an edit is solved meanwhile,
        // and the map and the charts show it a frame earlier.
        self.obey(commands);
        CentralPanel::default().frame(bare(8, 8, 8, 8)).show(ui, |ui| {
            self.view.anchors.insert(Anchor::Centre, ui.max_rect());
            self.centre_ui(ui, commands);
        });
    }

    fn obey(&mut self, commands: &mut Commands) {
        for request in commands.take() {
            self.handle(request);
        }
    }

    fn centre_ui(&mut self, ui: &mut Ui, commands: &mut Commands) {
        if self.document.unread.is_some() {
            filled(ui, |ui| welcome::unread_ui(ui, &self.document, &mut self.view, commands));
        } else if self.view.welcome {
            filled(ui, |ui| welcome::welcome_ui(ui, &mut self.view, commands));
        } else {
            let tokens = theme::tokens(ui);
            let rect = ui.max_rect();
            // One card for one group of tabs; apart, each group lies on the window.
            ui.painter().rect_filled(rect, egui::CornerRadius::same(theme::PANEL_RADIUS), tokens.panel);
            let inside = rect.shrink2(egui::vec2(4.0, 2.0));
            ui.scope_builder(egui::UiBuilder::new().max_rect(inside), |ui| {
                let mut panes = Panes { document: &self.document, view: &mut self.view, panels: &mut self.panels, commands };
                self.dock.ui(&mut panes, ui);
            });
        }
    }

    fn present_frame_ui(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let tokens = theme::tokens(ui);
        CentralPanel::default().frame(Frame::new().fill(tokens.window).inner_margin(24)).show(ui, |ui| {
            present::present_ui(ui, &self.document, &self.view.settings);
            ui.add_space(16.0);
            let front = dock::in_front(&self.dock).first().cloned().unwrap_or_default();
            filled(ui, |ui| present::picture_ui(ui, &self.document, &mut self.view, &mut self.panels, commands, &front));
        });
    }

    /// How the answer on screen stands: told to every chart and table.
    fn standing(&self) -> Standing {
        let document = &self.document;
        let results = document.results();
        Standing {
            open: results.is_some() && !document.is_canonical(),
            rests_on: results.map(|results| evidence::in_short(results)).unwrap_or_default(),
        }
    }

    fn toast_ui(&self, ui: &Ui) {
        let Some((line, until)) = &self.view.log.toast else { return };
        let tokens = theme::tokens(ui);
        let color = if line.severity == Severity::Note { tokens.text } else { theme::severity(ui, line.severity) };
        egui::Area::new(Id::unique("toast"))
            .order(egui::Order::Tooltip)
            .anchor(egui::Align2::CENTER_BOTTOM, [0.0, -44.0])
            .interactable(false)
            .show(ui.ctx(), |ui| {
                Frame::new()
                    .fill(tokens.raised)
                    .stroke(egui::Stroke::new(1.0, tokens.line))
                    .corner_radius(8)
                    .inner_margin(Margin::symmetric(14, 9))
                    .shadow(ui.visuals().popup_shadow)
                    .show(ui, |ui| {
                        ui.set_max_width(520.0);
                        ui.label(egui::RichText::new(&line.text).color(color));
                    });
            });
        let left = (until - ui.input(|input| input.time)).max(0.05);
        ui.ctx().request_repaint_after_secs(left as f32 + 0.02);
    }
}

/// A panel's card that fills the space there is.
///
/// It takes exactly that space, whatever its content needs: what is selected never widens a panel.
fn filled(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let rect = ui.available_rect_before_wrap();
    ui.painter().rect_filled(rect, egui::CornerRadius::same(theme::PANEL_RADIUS), theme::tokens(ui).panel);
    let inside = rect.shrink(10.0);
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(inside).layout(egui::Layout::top_down(egui::Align::Min)));
    child.shrink_clip_rect(rect);
    content(&mut child);
    ui.advance_cursor_after_rect(rect);
}

impl eframe::App for Workbench {
    fn logic(&mut self, context: &egui::Context, _frame: &mut eframe::Frame) {
        self.view.log.tick(context.input(|input| input.time));
        self.view.log.collect();
        if self.document.poll() {
            self.after_answer();
        }
        self.panels.compare.beside.poll(&self.document);
        // A study gives way to the plan on screen whichever tab is in front.
        self.panels.studies.poll(self.document.is_solving());
        self.poll_prompt();
        self.poll_version();
        if self.opening.is_none()
            && let Some(problem) = follow_files(&mut self.reading_files, &mut self.document, context)
        {
            self.view.log.say(Severity::Error, problem);
        }
        self.watch(context);
        self.follow(context);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let mut commands = Commands::default();
        let context = ui.ctx().clone();
        self.listen(&context, &mut commands);
        self.view.asking = self.dialog.is_some();
        standing::tell(&context, self.standing());
        let hidden = self.hide_pointer(&context);
        self.frame_ui(ui, &mut commands);
        if let Some(pointer) = hidden {
            context.input_mut(|input| input.pointer = pointer);
        }
        if self.dialog.is_none() && !self.view.presenting {
            tour::tour_ui(ui, &mut self.view);
            super::guided::guided_ui(ui, &self.document, &mut self.view, &mut commands);
        }
        dialog_ui(ui, &mut self.dialog, &self.document, &self.view, &mut commands);
        super::panels::guide::guide_ui(&context, &mut self.panels.guide);
        self.answer_what(&context, &mut commands);
        super::panels::truth::truth_window_ui(&context, &self.document, &mut self.panels.truth, &mut commands);
        self.view.enter_pane = None;
        self.toast_ui(ui);
        self.obey(&mut commands);
        if let Some(left) = self.document.greys_in().filter(|_| self.document.is_solving()) {
            context.request_repaint_after(left);
        }
        if self.document.is_solving() && self.document.solving_seconds() > 0.9 {
            // The running seconds are shown.
            context.request_repaint_after_secs(0.5);
        }
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        eframe::set_value(storage, SETTINGS_KEY, &self.view.settings);
        eframe::set_value(storage, DOCK_KEY, &self.dock);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        let tokens = if visuals.dark_mode { theme::DARK } else { theme::LIGHT };
        tokens.window.to_normalized_gamma_f32()
    }
}

/// The question a command opens, if it opens one of its own.
#[must_use]
pub fn dialog_of(command: UiCommand) -> Option<Dialog> {
    match command {
        UiCommand::FirstPlan => Some(Dialog::Wizard(super::wizard::Wizard::default())),
        UiCommand::Palette => Some(Dialog::Palette(super::palette::Palette::default())),
        UiCommand::Shortcuts => Some(Dialog::Shortcuts),
        UiCommand::About => Some(Dialog::About),
        _ => None,
    }
}
