//! The studies panel: the plan's studies with their state, their pictures, and the table behind them.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{Align, Button, Label, Layout, RichText, ScrollArea, Ui, vec2};

use self::point::Looked;
use self::run::{Running, Seen};
use crate::charts::{Chart, Table};
use crate::export::report::StudyPage;
use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::theme;
use crate::gui::widgets::chart::{Card, card_ui, table_ui, take_click};
use crate::gui::widgets::scrolls_sideways;
use crate::plan::Plan;
use crate::plan::file::print;
use crate::plan::node::Map;
use crate::plan::study::Study;
use crate::results::sha256_of;
use crate::study::engine::digest_of;
use crate::study::kinds::game::BASE;
use crate::study::kinds::{KINDS, kind, kind_of};
use crate::study::pictures::pick::picked;
use crate::words::{counted, sentence};

use super::compare::CompareView;

mod point;
mod points;
mod run;

/// Width of the list of studies.
const LIST_WIDTH: f32 = 236.0;
/// Below this width the study stands under the list.
const LEAST_BESIDE: f32 = 620.0;
/// Height of the table behind a picture.
const TABLE_HEIGHT: f32 = 220.0;

/// What studies are of, as SHA-256.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Of {
    /// The plan alone: what only stands beside it changes no answer of most studies.
    plan: String,
    /// With its scenarios and studies, which a hedge takes its futures from.
    whole: String,
}

impl Of {
    fn new(plan: &Plan) -> Self {
        let bare = Plan { scenarios: Map::new(), studies: Map::new(), notes: String::new(), ..plan.clone() };
        Self { plan: sha256_of(&bare), whole: digest_of([print(plan).as_str()]) }
    }

    fn is_of(&self, study: &Study, now: &Self) -> bool {
        if matches!(study, Study::Hedge(_)) { self.whole == now.whole } else { self.plan == now.plan }
    }
}

/// What is known of a study that was run.
#[derive(Debug, Default)]
struct Kept {
    /// What it was run on.
    plan: Of,
    /// The study as it was then.
    study: Option<Study>,
    seen: Seen,
}

/// What the panel remembers.
#[derive(Debug, Default)]
pub struct StudiesView {
    picked: String,
    kept: BTreeMap<String, Kept>,
    /// The study that runs, and its run.
    running: Option<(String, Running)>,
    /// The plan whose hash is known, and the hash.
    hashed: Option<(Arc<Plan>, Of)>,
    cards: BTreeMap<usize, Card>,
    /// The row of the table that is looked at.
    looked: Looked,
    refused: Option<String>,
}

/// What a report shows of a study.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Id of the study.
    pub id: String,
    /// Kind and id.
    pub title: String,
    /// Its question and the planner's notes.
    pub words: String,
    /// What it says, in sentences to read out.
    pub sentences: Vec<String>,
    /// Tables behind it.
    pub tables: Vec<Table>,
    /// Its pictures.
    pub charts: Vec<Arc<Chart>>,
}

/// How things stand with a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It was not run yet.
    NotRun,
    /// It is on its way.
    Running,
    /// It was stopped.
    Partial,
    /// The plan or the study has changed since.
    Stale,
    /// It is of the plan on screen.
    Fresh,
}

impl StudiesView {
    fn hash(&mut self, document: &Document) -> Of {
        let plan = document.plan_arc();
        if let Some((known, hash)) = &self.hashed
            && Arc::ptr_eq(known, &plan)
        {
            return hash.clone();
        }
        let hash = Of::new(&plan);
        self.hashed = Some((plan, hash.clone()));
        hash
    }

    /// How things stand with a study of the plan on screen, by its id.
    pub fn state_of(&mut self, document: &Document, id: &str) -> Option<State> {
        let hash = self.hash(document);
        document.plan().studies.get(id).map(|study| self.state(id, study, &hash))
    }

    fn state(&self, id: &str, study: &Study, hash: &Of) -> State {
        if self.running.as_ref().is_some_and(|(running, _)| running == id) {
            return State::Running;
        }
        match self.kept.get(id) {
            None => State::NotRun,
            Some(kept) if !kept.plan.is_of(study, hash) || kept.study.as_ref() != Some(study) => State::Stale,
            Some(kept) if kept.seen.done < kept.seen.of || kept.seen.of == 0 => State::Partial,
            Some(_) => State::Fresh,
        }
    }

    fn words(&self, id: &str, state: State) -> String {
        let seen = self.kept.get(id).map(|kept| &kept.seen);
        match (state, seen) {
            (State::NotRun, _) | (_, None) => "Not run yet".to_owned(),
            (State::Running, Some(seen)) if seen.of == 0 => "Solving the plan itself".to_owned(),
            (State::Running, Some(seen)) if seen.done == 0 => format!("Running, {}", counted(seen.of, "point")),
            (State::Running, Some(seen)) => format!("{} of {}, about {} left", seen.done, seen.of, time_left(seen.left_s)),
            (State::Partial, Some(seen)) if seen.problem.is_some() => "Could not be run".to_owned(),
            (State::Partial, Some(seen)) => format!("Stopped at {} of {}", seen.done, counted(seen.of, "point")),
            (State::Stale, _) => "The plan or the study has changed since".to_owned(),
            (State::Fresh, Some(seen)) => counted(seen.done, "point"),
        }
    }

    /// Starts a study of the plan on screen, in place of any that runs.
    pub fn start(&mut self, context: &egui::Context, document: &Document, id: &str) {
        let Some(study) = document.plan().studies.get(id).cloned() else { return };
        let hash = self.hash(document);
        let context = context.clone();
        self.kept.insert(id.to_owned(), Kept { plan: hash, study: Some(study), seen: Seen::default() });
        self.looked = Looked::default();
        match Running::start(document.plan().clone(), id.to_owned(), Arc::clone(document.series()), move || context.request_repaint()) {
            Ok(running) => self.running = Some((id.to_owned(), running)),
            Err(error) => self.refused = Some(format!("The study could not be started: {error}.")),
        }
    }

    /// What a report shows of the studies: those that are of the plan on screen and have come to their end.
    pub fn shown(&mut self, document: &Document) -> Vec<Shown> {
        let hash = self.hash(document);
        let of = |(id, study): (&String, &Study)| {
            let kept = self.kept.get(id).filter(|_| self.state(id, study, &hash) == State::Fresh)?;
            let words = format!("{} {}", kind_of(study).question, study.notes()).trim().to_owned();
            let (sentences, tables) = (kept.seen.sentences.clone(), kept.seen.tables.clone());
            let charts = kept.seen.charts.clone();
            Some(Shown { id: id.clone(), title: format!("{} {id}", study.variant_name()), words, sentences, tables, charts })
        };
        document.plan().studies.iter().filter_map(of).collect()
    }

    /// The same as pages of a file.
    pub fn pages(&mut self, document: &Document) -> Vec<StudyPage> {
        let page = |shown: Shown| {
            let charts = shown.charts.iter().map(|chart| (**chart).clone()).collect();
            StudyPage { title: shown.title, words: shown.words, sentences: shown.sentences, tables: shown.tables, charts }
        };
        self.shown(document).into_iter().map(page).collect()
    }

    /// Takes what has come of the study that runs; `live_is_solving` holds it up.
    pub fn poll(&mut self, live_is_solving: bool) {
        let Some((id, running)) = &mut self.running else { return };
        let Some(kept) = self.kept.get_mut(id) else { return };
        if running.poll(&mut kept.seen, live_is_solving) {
            self.running = None;
        }
    }
}

/// Seconds as people say them.
fn time_left(seconds: f64) -> String {
    if seconds < 90.0 {
        format!("{} s", crate::words::fixed(seconds.ceil(), 0))
    } else {
        format!("{} min", crate::words::fixed((seconds / 60.0).ceil(), 0))
    }
}

/// Draws the panel.
pub fn studies_ui(ui: &mut Ui, document: &Document, view: &mut StudiesView, compare: &mut CompareView, commands: &mut Commands) {
    let studies: Vec<(String, Study)> = document.plan().studies.iter().map(|(id, study)| (id.clone(), study.clone())).collect();
    if studies.is_empty() {
        nothing_ui(ui, document, commands);
        return;
    }
    if let Some((first, _)) = studies.first().filter(|_| !studies.iter().any(|(id, _)| *id == view.picked)) {
        view.picked.clone_from(first);
    }
    let hash = view.hash(document);
    if ui.available_width() < LEAST_BESIDE {
        // Below the list: beside it there is no room for a sentence.
        let height = (ui.available_height() * 0.35).max(90.0);
        let list = ScrollArea::vertical().id_salt("studies").auto_shrink([false, true]).max_height(height);
        list.show(ui, |ui| list_ui(ui, document, view, &studies, &hash, commands));
        ui.separator();
        picked_ui(ui, document, (view, compare), &studies, &hash, commands);
        return;
    }
    ui.horizontal_top(|ui| {
        let height = ui.available_height();
        ui.allocate_ui_with_layout(vec2(LIST_WIDTH, height), Layout::top_down(Align::Min), |ui| {
            ui.set_width(LIST_WIDTH);
            ScrollArea::vertical()
                .id_salt("studies")
                .auto_shrink(false)
                .show(ui, |ui| list_ui(ui, document, view, &studies, &hash, commands));
        });
        ui.add_space(theme::GAP);
        ui.vertical(|ui| picked_ui(ui, document, (view, compare), &studies, &hash, commands));
    });
}

/// The studies there are, and a new one.
fn list_ui(ui: &mut Ui, document: &Document, view: &mut StudiesView, studies: &[(String, Study)], hash: &Of, commands: &mut Commands) {
    for (id, study) in studies {
        let words = view.words(id, view.state(id, study, hash));
        if entry_ui(ui, id, study, &words, view.picked == *id) {
            view.picked.clone_from(id);
            view.looked = Looked::default();
            // Another study has other pictures.
            view.cards.clear();
        }
    }
    ui.add_space(theme::GAP);
    add_ui(ui, document, commands);
}

/// The study that is picked.
fn picked_ui(
    ui: &mut Ui,
    document: &Document,
    (view, compare): (&mut StudiesView, &mut CompareView),
    studies: &[(String, Study)],
    hash: &Of,
    commands: &mut Commands,
) {
    if let Some((id, study)) = studies.iter().find(|(id, _)| *id == view.picked) {
        study_ui(ui, document, (view, compare), (id, study), hash, commands);
    }
}

/// A study of the list; true if it was picked.
fn entry_ui(ui: &mut Ui, id: &str, study: &Study, words: &str, selected: bool) -> bool {
    let kind = kind_of(study);
    let strong = RichText::new(sentence(id)).text_style(theme::strong());
    let button = ui.add(Button::selectable(selected, strong).truncate().min_size(vec2(ui.available_width() - 8.0, 0.0)));
    let clicked = button.on_hover_text(kind.question).clicked();
    ui.horizontal(|ui| {
        // Under the name, which stands in a button.
        ui.add_space(ui.spacing().button_padding.x);
        ui.add(Label::new(theme::quiet(ui, format!("{} · {words}", study.variant_name()))).wrap());
    });
    ui.add_space(6.0);
    clicked
}

/// Where the plan asks nothing yet.
fn nothing_ui(ui: &mut Ui, document: &Document, commands: &mut Commands) {
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.2).max(8.0));
        ui.label(theme::title("The plan has no studies"));
        ui.label(theme::quiet(ui, "A study is a question that takes many solves: what happens as inputs change, which inputs decide, what one goal costs of another."));
        ui.add_space(theme::GAP);
        add_ui(ui, document, commands);
    });
}

/// What a new study starts from, by kind.
fn starting(document: &Document, name: &str) -> Option<String> {
    let plan = document.plan();
    let price = "markets.*.demand.*.segments.*.usd_per_mtok.answer";
    Some(match name {
        "Grid" => format!(
            "Grid(axes: [(name: \"Interconnect\", vary: [(paths: [\"sites.*.interconnect_mw\"], act: Multiplies, at: Evenly(from: 0.5, to: 1.5, steps: 5))]), \
             (name: \"Price\", vary: [(paths: [\"{price}\"], act: Multiplies, at: Evenly(from: 0.5, to: 1.5, steps: 5))])])"
        ),
        "Tornado" => "Tornado()".to_owned(),
        "Frontier" => "Frontier(optimise: Npv, hold: Tokens)".to_owned(),
        "Alternatives" => "Alternatives()".to_owned(),
        "Ranked" => {
            let chips: Vec<String> = plan.chips.keys().take(4).map(|id| format!("{id:?}")).collect();
            format!("Ranked(chips: [{}])", chips.join(", "))
        }
        "Sample" => format!(
            "Sample(futures: 100, inputs: [(name: \"price\", paths: [\"{price}\"], act: Multiplies, is: Lognormal(median: 1.0, log_deviation: 0.2)), \
             (name: \"demand\", paths: [\"markets.*.demand.*.segments.*.answer_gtok_per_day\"], act: Multiplies, is: Triangular(low: 0.6, likely: 1.0, high: 1.3))])"
        ),
        "Hedge" => {
            let decide_before = plan.horizon.start.plus(i32::try_from(plan.horizon.period_months).unwrap_or(12));
            let mut others = plan.scenarios.keys().take(2).map(|id| format!("{id:?}: 0.25")).collect::<Vec<_>>();
            others.push(format!("\"as-planned\": {:?}", 1.0 - 0.25 * others.len() as f64));
            format!("Hedge(decide_before: \"{decide_before}\", futures: Named({{{}}}))", others.join(", "))
        }
        "Game" => {
            let players: Vec<String> = plan.actors.keys().take(2).map(|id| format!("{id:?}")).collect();
            let [one, other] = players.as_slice() else { return None };
            // Scenarios are the first player's moves, which never clash, until the planner deals them out.
            let mut moves = vec![format!("{BASE:?}")];
            moves.extend(plan.scenarios.keys().take(3).map(|id| format!("{id:?}")));
            let moves = moves.join(", ");
            format!("Game(players: {{{one}: [{moves}], {other}: [{BASE:?}]}}, payoff: {{{one}: Npv, {other}: Npv}})")
        }
        "Crossover" => {
            let ways: Vec<String> = plan.scenarios.keys().take(3).map(|id| format!("{id:?}: {id:?}")).collect();
            if ways.len() < 2 {
                return None;
            }
            format!("Crossover(ways: {{{}}})", ways.join(", "))
        }
        _ => return None,
    })
}

/// Why a study of a kind can't be begun in a plan: what it needs first.
fn needs(document: &Document, name: &str) -> Option<&'static str> {
    let plan = document.plan();
    match name {
        "Game" if plan.actors.len() < 2 => Some("A game needs two actors: add them, and say whose each site is."),
        "Crossover" if plan.scenarios.len() < 2 => Some("It compares ways, each a scenario: add one for owning, one for renting."),
        _ => None,
    }
}

fn add_ui(ui: &mut Ui, document: &Document, commands: &mut Commands) {
    ui.menu_button("Add a study…", |ui| {
        for name in KINDS {
            let needs = needs(document, name);
            let button = ui.add_enabled(needs.is_none(), Button::new(name)).on_hover_text(kind(name).question);
            if button.on_disabled_hover_text(needs.unwrap_or_default()).clicked() {
                let taken: Vec<String> = document.plan().studies.keys().cloned().collect();
                let id = crate::gui::templates::free_id(&taken, &name.to_lowercase());
                if let Some(text) = starting(document, name) {
                    commands.add("studies", id, text);
                }
                ui.close();
            }
        }
    });
}

/// A study: its question, run and stop, pictures, words, table.
fn study_ui(
    ui: &mut Ui,
    document: &Document,
    (view, compare): (&mut StudiesView, &mut CompareView),
    (id, study): (&str, &Study),
    hash: &Of,
    commands: &mut Commands,
) {
    let state = view.state(id, study, hash);
    ui.add(Label::new(theme::title(kind_of(study).question)).wrap());
    ui.horizontal(|ui| {
        if state == State::Running {
            if ui.button("Stop").on_hover_text("Stop the study; what has come stays").clicked() {
                view.running = None;
            }
        } else if ui.add_enabled(view.running.is_none(), Button::new("Run")).on_hover_text("Run the study beside the window").clicked() {
            view.start(ui.ctx(), document, id);
        }
        if ui.button("Edit").on_hover_text("Show the study in the inspector").clicked() {
            commands.go_to(format!("studies.{id}"));
        }
    });
    ui.add(Label::new(theme::quiet(ui, view.words(id, state))).wrap());
    if let Some(refused) = &view.refused {
        ui.label(RichText::new(refused).color(theme::tokens(ui).bad));
    }
    if !study.notes().is_empty() {
        ui.add(Label::new(study.notes()).wrap());
    }
    let Some(seen) = view.kept.get(id).map(|kept| kept.seen.clone()) else {
        let gives = format!("It gives {}.", kind_of(study).gives);
        ui.add(Label::new(theme::quiet(ui, gives)).wrap());
        return;
    };
    if state == State::Running {
        let share = if seen.of == 0 { 0.0 } else { seen.done as f32 / seen.of as f32 };
        ui.add(egui::ProgressBar::new(share).desired_height(6.0).desired_width(ui.available_width() - 8.0))
            .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, "Progress of the study"));
    }
    if let Some(problem) = &seen.problem {
        ui.add(Label::new(RichText::new(problem).color(theme::tokens(ui).bad)).wrap());
        return;
    }
    ScrollArea::vertical().id_salt("study").auto_shrink(false).show(ui, |ui| {
        let gap = theme::GAP;
        for sentence in &seen.sentences {
            ui.add(Label::new(sentence).wrap());
        }
        let room = ui.available_width() - 4.0;
        // One that is enlarged stands alone.
        let is_large = |number: usize| view.cards.get(&number).is_some_and(|card| card.large);
        let large = (0..seen.charts.len()).find(|number| is_large(*number));
        let shown: Vec<(usize, &Arc<Chart>)> =
            seen.charts.iter().enumerate().filter(|(number, _)| large.is_none_or(|large| large == *number)).collect();
        let columns = if room > 900.0 && large.is_none() { 2 } else { 1 };
        let width = (room - gap * (columns as f32 - 1.0)) / columns as f32;
        let height = if large.is_some() { 560.0 } else { 318.0 };
        for charts in shown.chunks(columns) {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = gap;
                for (number, chart) in charts.iter().copied() {
                    ui.allocate_ui_with_layout(vec2(width, height + 22.0), Layout::top_down(Align::Min), |ui| {
                        ui.set_width(width);
                        let card = view.cards.entry(number).or_default();
                        ui.push_id(("study-chart", number), |ui| card_ui(ui, chart, height, card, commands));
                        if let Some(row) = take_click(ui, chart).and_then(|at| picked(chart, &seen.rows, at)) {
                            view.looked.at(row);
                        }
                    });
                }
            });
            ui.add_space(gap);
        }
        if !seen.rows.is_empty() {
            point::point_ui(ui, document, &mut view.looked, (id, &seen), compare, commands);
        }
        if !seen.text.is_empty() {
            ui.collapsing("In words", |ui| {
                let words = Label::new(RichText::new(&seen.text).monospace()).extend();
                let output = ScrollArea::horizontal().id_salt("words").show(ui, |ui| ui.add(words));
                scrolls_sideways(ui, "The study in words", output.inner_rect, output.content_size.x);
            });
        }
        if !seen.table.rows.is_empty() {
            ui.label(RichText::new("All points").text_style(theme::strong()));
            ui.add_space(4.0);
            table_ui(ui, &seen.table, TABLE_HEIGHT);
        }
    });
}
