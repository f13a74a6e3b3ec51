//! The compare panel: up to six plans and their answers side by side: what differs in the inputs, what
//! that did to the key figures, and the same chart of each. Any of the base plan, the scenarios and the
//! pinned baseline; what is not on screen is solved beside the window. All are compared with the first.

use std::sync::Arc;

use egui::{Align, Button, Color32, Label, Layout, RichText, ScrollArea, TextStyle, Ui};
use egui_extras::{Column, TableBuilder};

use self::bridged::{Bridged, bridged_ui};
use self::courses::by_whole_course;
use self::sides::{Beside, Shown, Side};
use super::kpi::{change_of, offered};
use crate::charts::{CHARTS, Chart, Selection};
use crate::gui::command::{Commands, Request, UiCommand};
use crate::gui::document::Document;
use crate::gui::theme;
use crate::gui::widgets::chart::{Card, ChartCache, card_ui, one_scale_ui};
use crate::gui::widgets::{icon_button_ui, scrolls_sideways, tick_ui, truth};
use crate::plan::Plan;
use crate::plan::diff::differences;
use crate::results::Results;
use crate::words;

mod bridged;
mod courses;
pub mod sides;

/// Most answers side by side.
pub const MOST: usize = 6;

/// What the compare panel remembers.
#[derive(Debug, Default)]
pub struct CompareView {
    /// Answers that are not on screen.
    pub beside: Beside,
    /// What was picked, the one that all are compared with first; while nothing is, the baseline and the
    /// scenario on screen.
    picked: Vec<Side>,
    /// Key figures that are the same everywhere are shown too.
    all: bool,
    chart: usize,
    charts: [ChartCache; MOST],
    cards: [Card; MOST],
    found: Option<Found>,
    bridged: Bridged,
}

/// A place of the plans that differs, with what each plan says there.
#[derive(Debug, PartialEq)]
struct Row {
    path: String,
    /// In words; a rename says what it was.
    name: String,
    values: Vec<Option<String>>,
}

/// Differences already found, with the plans they are of.
#[derive(Debug)]
struct Found {
    plans: Vec<Arc<Plan>>,
    rows: Arc<Vec<Row>>,
}

impl CompareView {
    /// Puts a scenario beside the base plan.
    pub fn beside_the_base(&mut self, scenario: &str) {
        self.picked = vec![Side::Scenario(String::new()), Side::Scenario(scenario.to_owned())];
    }

    /// The sides: as picked, as long as they are there.
    fn sides(&self, document: &Document) -> Vec<Side> {
        let all = Side::all(document);
        let picked: Vec<Side> = self.picked.iter().filter(|side| all.contains(side)).cloned().collect();
        if picked.len() > 1 {
            return picked;
        }
        let base = Side::Scenario(String::new());
        let baseline = document.baseline().map(|baseline| Arc::ptr_eq(&baseline.plan, &document.plan_arc()));
        // The base plan against itself says nothing; against its first scenario it does.
        let is_same = document.scenario().is_empty() && baseline.unwrap_or(true);
        let first = document.base().scenarios.keys().next().filter(|_| is_same);
        let right = Side::Scenario(first.map_or_else(|| document.scenario().to_owned(), Clone::clone));
        let left = picked.into_iter().next().unwrap_or_else(|| if baseline.is_some() && first.is_none() { Side::Baseline } else { base });
        vec![left, right]
    }

    fn rows(&mut self, plans: Vec<Arc<Plan>>) -> Arc<Vec<Row>> {
        if let Some(found) = &self.found
            && found.plans.len() == plans.len()
            && found.plans.iter().zip(&plans).all(|(own, plan)| Arc::ptr_eq(own, plan))
        {
            return Arc::clone(&found.rows);
        }
        let rows = Arc::new(rows_of(&plans));
        self.found = Some(Found { plans, rows: Arc::clone(&rows) });
        rows
    }
}

/// Every place in which any plan differs from the first.
fn rows_of(plans: &[Arc<Plan>]) -> Vec<Row> {
    let Some(first) = plans.first() else { return Vec::new() };
    let mut rows: Vec<Row> = Vec::new();
    for (index, plan) in plans.iter().enumerate().skip(1) {
        let found = differences(first, plan);
        for difference in &found {
            // An entry that went with one that came of the same content was renamed.
            let was = difference.before.is_none().then(|| found.iter().find(|other| is_rename(other, difference))).flatten();
            if difference.after.is_none() && found.iter().any(|other| is_rename(difference, other)) {
                continue;
            }
            let at = rows.iter().position(|row| row.path == difference.path).unwrap_or_else(|| {
                let of = if difference.before.is_some() { first } else { plan };
                let mut name = words::subject(of, &difference.path);
                if let Some(was) = was {
                    name = format!("{name}, was {}", words::subject(first, &was.path));
                }
                let own = difference.before.as_ref().or(was.and_then(|was| was.before.as_ref()));
                let values = plans.iter().map(|_| own.cloned()).collect();
                rows.push(Row { path: difference.path.clone(), name, values });
                rows.len() - 1
            });
            if let Some(value) = rows.get_mut(at).and_then(|row| row.values.get_mut(index)) {
                value.clone_from(&difference.after);
            }
        }
    }
    by_whole_course(plans, rows)
}

/// Whether an entry that is gone and one that is new are the same under two ids.
fn is_rename(gone: &crate::plan::diff::Difference, new: &crate::plan::diff::Difference) -> bool {
    let map = |path: &str| path.rsplit_once('.').map(|(map, _)| map.to_owned());
    gone.after.is_none() && new.before.is_none() && gone.before.is_some() && gone.before == new.after && map(&gone.path) == map(&new.path)
}

/// Draws the compare panel.
pub fn compare_ui(ui: &mut Ui, document: &Document, view: &mut CompareView, commands: &mut Commands) {
    let sides = view.sides(document);
    choices_ui(ui, document, view, &sides, commands);
    let wanted = sides.iter().find_map(|side| view.beside.wanted(document, side));
    if let Some(scenario) = wanted {
        commands.send(Request::SolveBeside(scenario));
    }
    let shown: Vec<Shown> = sides.iter().filter_map(|side| view.beside.shown(document, side)).collect();
    if shown.len() != sides.len() {
        return;
    }
    let names: Vec<String> = sides.iter().map(|side| side.name(document)).collect();
    let rows = view.rows(shown.iter().map(|shown| Arc::clone(&shown.plan)).collect());
    ScrollArea::vertical().id_salt("compare").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = theme::GAP;
        let width = ui.available_width();
        let wide = width > 820.0 && sides.len() == 2;
        let half = if wide { (width - theme::GAP) / 2.0 } else { width };
        beside_ui(ui, wide, |ui| {
            section_ui(ui, half, "What went in", |ui| inputs_ui(ui, &rows, &names, commands));
            section_ui(ui, half, "What came out", |ui| {
                let answers: Vec<&Results> = shown.iter().filter_map(|shown| shown.results.as_deref()).collect();
                if answers.len() == shown.len() {
                    tick_ui(ui, &mut view.all, "All, also what is the same");
                    kpis_ui(ui, &answers, &names, view.all);
                } else {
                    awaited_ui(ui, document, &shown, &names, commands);
                }
            });
        });
        if sides.len() == 2 {
            bridged_ui(ui, &mut view.bridged, &shown, &names, document.series(), commands);
        }
        charts_ui(ui, view, &shown, &names, width, commands);
    });
}

/// Side by side where there is room, else one below the other.
fn beside_ui(ui: &mut Ui, wide: bool, content: impl FnOnce(&mut Ui)) {
    if wide {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = theme::GAP;
            content(ui);
        });
    } else {
        ui.vertical(content);
    }
}

fn section_ui(ui: &mut Ui, width: f32, title: &str, body: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(egui::vec2(width, 320.0), Layout::top_down(Align::Min), |ui| {
        theme::raised(ui).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.set_min_height(334.0);
            ui.label(RichText::new(title).text_style(theme::strong()));
            body(ui);
        });
    });
}

/// Which are compared.
fn choices_ui(ui: &mut Ui, document: &Document, view: &mut CompareView, sides: &[Side], commands: &mut Commands) {
    const NAMES: [&str; MOST] = ["Left answer", "Right answer", "Third answer", "Fourth answer", "Fifth answer", "Sixth answer"];
    let mut next: Option<Vec<Side>> = None;
    ui.horizontal_wrapped(|ui| {
        for (index, (side, name)) in sides.iter().zip(NAMES).enumerate() {
            if index == 1 {
                ui.label(theme::quiet(ui, "against"));
            }
            let combo = egui::ComboBox::from_id_salt(name).selected_text(side.name(document)).width(130.0).show_ui(ui, |ui| {
                for other in Side::all(document) {
                    if ui.selectable_label(other == *side, other.name(document)).clicked() {
                        let mut picked = sides.to_vec();
                        if let Some(own) = picked.get_mut(index) {
                            *own = other;
                        }
                        next = Some(picked);
                    }
                }
            });
            let tip = if index == 0 { "What all others are compared with" } else { "The base plan, a scenario, or the pinned baseline" };
            combo.response.accessible_name(name).on_hover_text(tip);
            if index > 1 && icon_button_ui(ui, "×", &format!("Remove {}", name.to_lowercase())).clicked() {
                let mut picked = sides.to_vec();
                picked.remove(index);
                next = Some(picked);
            }
        }
        let fresh = Side::all(document).into_iter().find(|side| !sides.contains(side));
        let can = sides.len() < MOST && fresh.is_some();
        if ui.add_enabled(can, Button::new("+ Answer")).on_hover_text("Compare one more, up to six").clicked()
            && let Some(fresh) = fresh
        {
            let mut picked = sides.to_vec();
            picked.push(fresh);
            next = Some(picked);
        }
        if sides.len() == 2 && ui.button("Swap").on_hover_text("Left becomes right").clicked() {
            next = Some(sides.iter().rev().cloned().collect());
        }
        if view.beside.is_running() {
            ui.add(egui::Spinner::new().size(12.0));
            ui.label(theme::quiet(ui, "solving beside the window"));
        }
        ui.add_space(theme::GAP);
        let pin = ui.add_enabled(document.is_canonical(), Button::new("Pin as baseline"));
        if pin.on_hover_text("Keep the answer on screen to compare later ones with").clicked() {
            commands.run(UiCommand::PinBaseline);
        }
        if ui.add_enabled(document.baseline().is_some(), Button::new("Clear")).accessible_name("Clear the baseline").clicked() {
            commands.run(UiCommand::ClearBaseline);
        }
        if document.base().scenarios.is_empty() && ui.button("Add a scenario…").clicked() {
            commands.run(UiCommand::NewScenario);
        }
    });
    if let Some(next) = next {
        view.picked = next;
    }
}

/// Which has no numbers yet, and why.
fn awaited_ui(ui: &mut Ui, document: &Document, sides: &[Shown], names: &[String], commands: &mut Commands) {
    for (shown, name) in sides.iter().zip(names).filter(|(shown, _)| shown.results.is_none()) {
        ui.label(RichText::new(name).text_style(theme::strong()));
        match &shown.problem {
            Some(problem) => ui.label(RichText::new(words::in_words(problem)).color(theme::tokens(ui).bad)),
            None => ui.label(theme::quiet(ui, "Solving…")),
        };
    }
    if document.results().is_none() && !document.is_solving() {
        ui.add_space(theme::GAP);
        super::results::no_answer_ui(ui, document, commands);
    }
}

/// The name of an answer over its column: that it is a scenario stands above the table.
fn short_name(name: &str) -> &str {
    name.strip_prefix("Scenario ").unwrap_or(name)
}

/// A header of names, whole on hover.
fn names_ui(header: &mut egui_extras::TableRow<'_, '_>, first: &str, names: &[String]) {
    for name in std::iter::once(first).chain(names.iter().map(|name| short_name(name))) {
        header.col(|ui| {
            ui.add(Label::new(theme::quiet(ui, name)).truncate());
        });
    }
}

/// A table that is no narrower than it can be read, and scrolls sideways where there is less room.
fn sideways_ui(ui: &mut Ui, name: &str, least: f32, content: impl FnOnce(&mut Ui)) {
    if ui.available_width() >= least {
        ui.push_id(name, content);
        return;
    }
    let output = ScrollArea::horizontal().id_salt(name).auto_shrink([false, true]).show(ui, |ui| {
        ui.set_width(least);
        ui.push_id(name, content);
    });
    scrolls_sideways(ui, name, output.inner_rect, output.content_size.x);
}

fn kpis_ui(ui: &mut Ui, answers: &[&Results], names: &[String], all: bool) {
    let Some(first) = answers.first() else { return };
    let financed = answers.iter().any(|answer| answer.lender.is_some());
    let rows: Vec<&super::kpi::Kpi> = offered(financed)
        .filter(|kpi| all || answers.iter().any(|answer| change_of(kpi, (kpi.value)(answer), (kpi.value)(first)).is_some()))
        .collect();
    if rows.is_empty() {
        ui.label(theme::quiet(ui, "No key figure differs."));
        return;
    }
    sideways_ui(ui, "Key figures of each", 126.0 + 70.0 * names.len() as f32, |ui| {
        TableBuilder::new(ui)
            .auto_shrink([false, true])
            .vscroll(false)
            .column(Column::exact(126.0).clip(true))
            .columns(Column::remainder().at_least(70.0).clip(true), names.len())
            .header(22.0, |mut header| names_ui(&mut header, "", names))
            .body(|body| {
                body.rows(38.0, rows.len(), |mut row| {
                    let Some(kpi) = rows.get(row.index()) else { return };
                    row.col(|ui| {
                        ui.add(Label::new(kpi.name).truncate()).on_hover_text(kpi.tooltip);
                    });
                    for (index, answer) in answers.iter().enumerate() {
                        row.col(|ui| {
                            ui.vertical(|ui| {
                                ui.spacing_mut().item_spacing.y = 0.0;
                                let value = (kpi.value)(answer);
                                let (figure, unit) = if value.is_finite() { (kpi.words)(value) } else { ("–".to_owned(), String::new()) };
                                let shown = ui.add(Label::new(format!("{figure} {unit}")).truncate());
                                let name = names.get(index).map_or("", String::as_str);
                                truth::offer(ui, &shown, || super::kpi::page_of(kpi, answer, name));
                                if index > 0 {
                                    changed_ui(ui, kpi, value, (kpi.value)(first));
                                }
                            });
                        });
                    }
                });
            });
    });
}

/// A change against the first answer.
fn changed_ui(ui: &mut Ui, kpi: &super::kpi::Kpi, now: f64, before: f64) {
    let tokens = theme::tokens(ui);
    let (text, color) = match change_of(kpi, now, before) {
        Some((text, Some(true))) => (text, tokens.good),
        Some((text, Some(false))) => (text, tokens.bad),
        Some((text, None)) => (text, tokens.quiet),
        None => ("=".to_owned(), tokens.quiet),
    };
    ui.label(RichText::new(text).small().color(color));
}

/// Room that a column of values needs: its name and its longest value, whole.
fn widest(ui: &Ui, rows: &[Row], names: &[String]) -> f32 {
    let said = rows.iter().flat_map(|row| row.values.iter().flatten().map(|text| words::value_words(&row.path, text)));
    let longest = said.max_by_key(|text| text.chars().count()).unwrap_or_default();
    let font = TextStyle::Body.resolve(ui.style());
    let wide = |text: &str| ui.painter().layout_no_wrap(text.to_owned(), font.clone(), Color32::WHITE).size().x;
    names.iter().map(|name| short_name(name)).chain([longest.as_str()]).map(wide).fold(0.0, f32::max).ceil() + 2.0
}

/// Height of a row that says more than fits beside it, at most.
const MOST_HIGH: f32 = 96.0;

fn inputs_ui(ui: &mut Ui, rows: &[Row], names: &[String], commands: &mut Commands) {
    if rows.is_empty() {
        ui.label(theme::quiet(ui, if names.len() > 2 { "The plans are the same." } else { "The two plans are the same." }));
        return;
    }
    // The names of the fields keep a third, and no less than they can be read in.
    let rest = ui.available_width() - (ui.available_width() * 0.33).max(120.0);
    let most = (rest / names.len().max(1) as f32 - 8.0).max(64.0);
    let each = widest(ui, rows, names).clamp(64.0, most);
    // What does not fit goes on below: of two dates that differ both are read.
    let font = TextStyle::Body.resolve(ui.style());
    let high = |text: &str| ui.painter().layout(text.to_owned(), font.clone(), Color32::WHITE, each).size().y + 7.0;
    let said = |row: &Row| row.values.iter().flatten().map(|text| high(&words::value_words(&row.path, text))).fold(24.0, f32::max);
    let heights: Vec<f32> = rows.iter().map(|row| said(row).min(MOST_HIGH)).collect();
    sideways_ui(ui, "What differs in what went in", 120.0 + 72.0 * names.len() as f32, |ui| {
        TableBuilder::new(ui)
            .auto_shrink([false, true])
            .max_scroll_height(420.0)
            .column(Column::remainder().at_least(120.0).clip(true))
            .columns(Column::exact(each).clip(true), names.len())
            .header(22.0, |mut header| names_ui(&mut header, "Field", names))
            .body(|body| {
                body.heterogeneous_rows(heights.into_iter(), |mut line| {
                    let Some(row) = rows.get(line.index()) else { return };
                    line.col(|ui| {
                        ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
                        let link = ui.add(egui::Link::new(&row.name));
                        if link.on_hover_text(&row.name).clicked() {
                            commands.go_to(&row.path);
                        }
                    });
                    for value in &row.values {
                        line.col(|ui| match value {
                            Some(text) => {
                                let said = words::value_words(&row.path, text);
                                let shortened = said.ends_with('…');
                                let label = ui.add(Label::new(said).wrap());
                                if shortened {
                                    label.on_hover_text(text);
                                }
                            }
                            None => {
                                ui.add(Label::new(theme::quiet(ui, "not there")).truncate());
                            }
                        });
                    }
                });
            });
    });
}

/// The same chart of each, to one scale.
fn charts_ui(ui: &mut Ui, view: &mut CompareView, sides: &[Shown], names: &[String], width: f32, commands: &mut Commands) {
    let Some(entry) = CHARTS.get(view.chart).or(CHARTS.first()) else { return };
    ui.horizontal(|ui| {
        ui.label(theme::title(if sides.len() > 2 { "The same chart of each" } else { "The same chart of both" }));
        let combo = egui::ComboBox::from_id_salt("compared chart").selected_text(entry.title).width(220.0).show_ui(ui, |ui| {
            for (index, entry) in CHARTS.iter().enumerate() {
                ui.selectable_value(&mut view.chart, index, entry.title);
            }
        });
        combo.response.accessible_name("Compared chart");
    });
    let charts: Vec<Option<Arc<Chart>>> = sides
        .iter()
        .zip(&mut view.charts)
        .map(|(shown, cache)| shown.results.as_ref().map(|results| cache.get(results, entry, Selection::default())))
        .collect();
    let drawn: Vec<&Chart> = charts.iter().flatten().map(AsRef::as_ref).collect();
    // One that is enlarged stands alone, over the whole width.
    let large = view.cards.iter().take(sides.len()).position(|card| card.large);
    let columns = if width > 820.0 && large.is_none() { 2 } else { 1 };
    let height = if large.is_some() { 460.0 } else { 270.0 };
    let own = (width - theme::GAP * (columns as f32 - 1.0)) / columns as f32;
    let all: Vec<(usize, &Shown, &String, &Option<Arc<Chart>>)> =
        sides.iter().zip(names).zip(&charts).enumerate().map(|(index, ((shown, name), chart))| (index, shown, name, chart)).collect();
    one_scale_ui(ui, &drawn, |ui| {
        for row in all.chunks(columns).filter(|row| large.is_none_or(|large| row.iter().any(|(index, ..)| *index == large))) {
            beside_ui(ui, columns > 1, |ui| {
                for (index, shown, name, chart) in row {
                    ui.allocate_ui_with_layout(egui::vec2(own, height + 60.0), Layout::top_down(Align::Min), |ui| {
                        ui.set_width(own);
                        let note = if shown.stale { ", for the plan before this edit" } else { "" };
                        ui.label(theme::quiet(ui, format!("{name}{note}")));
                        if let Some(chart) = chart {
                            ui.push_id(index, |ui| {
                                if shown.stale {
                                    ui.multiply_opacity(0.65);
                                }
                                if let Some(card) = view.cards.get_mut(*index) {
                                    card_ui(ui, chart, height, card, commands);
                                }
                            });
                        }
                    });
                }
            });
        }
    });
}
