//! The compare panel: two plans and their answers side by side: what differs in the inputs, what that
//! did to the key figures, and the same chart of both. Any two of the base plan, the scenarios and
//! the pinned baseline; what is not on screen is solved beside the window.

use std::sync::Arc;

use egui::{Align, Button, Label, Layout, RichText, ScrollArea, Ui};
use egui_extras::{Column, TableBuilder};

use self::sides::{Beside, Shown, Side};
use super::kpi::{KPIS, change_of};
use crate::charts::{CHARTS, Chart, Selection};
use crate::gui::command::{Commands, Request, UiCommand};
use crate::gui::document::Document;
use crate::gui::format::path_in_words;
use crate::gui::theme;
use crate::gui::widgets::chart::{Card, ChartCache, card_ui, one_scale_ui};
use crate::plan::diff::{Difference, differences};
use crate::plan::{Month, Plan};
use crate::results::Results;

pub mod sides;

/// What the compare panel remembers.
#[derive(Debug, Default)]
pub struct CompareView {
    /// Answers that are not on screen.
    pub beside: Beside,
    /// What was picked; what is not picked follows the baseline (left) and the scenario on screen (right).
    picked: [Option<Side>; 2],
    chart: usize,
    charts: [ChartCache; 2],
    found: Option<Found>,
}

/// Differences already found, with the two plans they are of.
#[derive(Debug)]
struct Found {
    plans: [Arc<Plan>; 2],
    differences: Arc<Vec<Difference>>,
}

impl CompareView {
    /// The two sides: as picked, as long as they are there.
    fn sides(&self, document: &Document) -> [Side; 2] {
        let all = Side::all(document);
        let picked = |index: usize| self.picked.get(index).cloned().flatten().filter(|side| all.contains(side));
        let base = Side::Scenario(String::new());
        let baseline = document.baseline().map(|baseline| Arc::ptr_eq(&baseline.plan, &document.plan_arc()));
        // The base plan against itself says nothing; against its first scenario it does.
        let is_same = document.scenario().is_empty() && baseline.unwrap_or(true);
        let first = document.plan().scenarios.keys().next().filter(|_| is_same);
        let right = picked(1).unwrap_or_else(|| Side::Scenario(first.map_or_else(|| document.scenario().to_owned(), Clone::clone)));
        let left = picked(0).unwrap_or_else(|| if baseline.is_some() && first.is_none() { Side::Baseline } else { base });
        [left, right]
    }

    fn differences(&mut self, plans: [Arc<Plan>; 2]) -> Arc<Vec<Difference>> {
        if let Some(found) = &self.found
            && found.plans.iter().zip(&plans).all(|(own, plan)| Arc::ptr_eq(own, plan))
        {
            return Arc::clone(&found.differences);
        }
        let [before, after] = &plans;
        let differences = Arc::new(differences(before, after));
        self.found = Some(Found { plans, differences: Arc::clone(&differences) });
        differences
    }
}

/// Draws the compare panel.
pub fn compare_ui(ui: &mut Ui, document: &Document, view: &mut CompareView, commands: &mut Commands) {
    let sides = view.sides(document);
    choices_ui(ui, document, view, &sides, commands);
    let wanted = sides.iter().find_map(|side| view.beside.wanted(document, side));
    if let Some(scenario) = wanted {
        commands.send(Request::SolveBeside(scenario));
    }
    let [left, right] = sides.each_ref().map(|side| view.beside.shown(document, side));
    let (Some(left), Some(right)) = (left, right) else { return };
    let names = sides.each_ref().map(|side| side.name(document));
    let differences = view.differences([Arc::clone(&left.plan), Arc::clone(&right.plan)]);
    ScrollArea::vertical().id_salt("compare").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = theme::GAP;
        let width = ui.available_width();
        let wide = width > 820.0;
        let half = if wide { (width - theme::GAP) / 2.0 } else { width };
        beside_ui(ui, wide, |ui| {
            section_ui(ui, half, "What went in", |ui| inputs_ui(ui, &differences, &names, commands));
            section_ui(ui, half, "What came out", |ui| match (&left.results, &right.results) {
                (Some(before), Some(after)) => kpis_ui(ui, [before, after], &names),
                _ => awaited_ui(ui, document, [&left, &right], &names, commands),
            });
        });
        charts_ui(ui, view, [&left, &right], &names, (wide, half), commands);
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

/// Which two are compared.
fn choices_ui(ui: &mut Ui, document: &Document, view: &mut CompareView, sides: &[Side; 2], commands: &mut Commands) {
    ui.horizontal_wrapped(|ui| {
        for (index, (side, name)) in sides.iter().zip(["Left answer", "Right answer"]).enumerate() {
            if index == 1 {
                ui.label(theme::quiet(ui, "against"));
            }
            let combo = egui::ComboBox::from_id_salt(name).selected_text(side.name(document)).width(150.0).show_ui(ui, |ui| {
                for other in Side::all(document) {
                    if ui.selectable_label(other == *side, other.name(document)).clicked()
                        && let Some(picked) = view.picked.get_mut(index)
                    {
                        *picked = Some(other);
                    }
                }
            });
            combo.response.accessible_name(name).on_hover_text("The base plan, a scenario, or the pinned baseline");
        }
        if ui.button("Swap").on_hover_text("Left becomes right").clicked() {
            let [left, right] = sides.clone();
            view.picked = [Some(right), Some(left)];
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
        if document.plan().scenarios.is_empty() && ui.button("Add a scenario…").clicked() {
            commands.select("scenarios");
            commands.run(UiCommand::Add);
        }
    });
}

/// Which of the two has no numbers yet, and why.
fn awaited_ui(ui: &mut Ui, document: &Document, sides: [&Shown; 2], names: &[String; 2], commands: &mut Commands) {
    for (shown, name) in sides.into_iter().zip(names).filter(|(shown, _)| shown.results.is_none()) {
        ui.label(RichText::new(name).text_style(theme::strong()));
        match &shown.problem {
            Some(problem) => ui.label(RichText::new(problem).color(theme::tokens(ui).bad)),
            None => ui.label(theme::quiet(ui, "Solving…")),
        };
    }
    if document.results().is_none() && !document.is_solving() {
        ui.add_space(theme::GAP);
        super::results::no_answer_ui(ui, document, commands);
    }
}

fn kpis_ui(ui: &mut Ui, [before, after]: [&Results; 2], names: &[String; 2]) {
    let tokens = theme::tokens(ui);
    let [left, right] = names;
    ui.push_id("kpis", |ui| {
        TableBuilder::new(ui)
            .auto_shrink([false, true])
            .vscroll(false)
            .column(Column::exact(106.0).clip(true))
            .columns(Column::remainder().at_least(70.0).clip(true), 2)
            .column(Column::exact(76.0))
            .header(22.0, |mut header| {
                for name in ["", left, right, "Change"] {
                    header.col(|ui| {
                        ui.add(Label::new(theme::quiet(ui, name)).truncate()).on_hover_text(name);
                    });
                }
            })
            .body(|body| {
                body.rows(24.0, KPIS.len(), |mut row| {
                    let Some(kpi) = KPIS.get(row.index()) else { return };
                    let (before, now) = ((kpi.value)(before), (kpi.value)(after));
                    row.col(|ui| {
                        ui.add(Label::new(kpi.name).truncate()).on_hover_text(kpi.tooltip);
                    });
                    for value in [before, now] {
                        let (figure, unit) = (kpi.words)(value);
                        row.col(|ui| {
                            ui.add(Label::new(format!("{figure} {unit}")).truncate()).on_hover_text(format!("{figure} {unit}"));
                        });
                    }
                    row.col(|ui| {
                        let (text, color) = match change_of(kpi, now, before) {
                            Some((text, Some(true))) => (text, tokens.good),
                            Some((text, Some(false))) => (text, tokens.bad),
                            Some((text, None)) => (text, tokens.quiet),
                            None => ("=".to_owned(), tokens.quiet),
                        };
                        ui.label(RichText::new(text).color(color));
                    });
                });
            });
    });
}

/// A place in words, dated steps by their month.
fn place_in_words(path: &str) -> String {
    match path.rsplit_once('.') {
        Some((field, month)) if Month::parse(month).is_ok() => format!("{} from {month}", path_in_words(field)),
        _ => path_in_words(path),
    }
}

fn inputs_ui(ui: &mut Ui, differences: &[Difference], names: &[String; 2], commands: &mut Commands) {
    if differences.is_empty() {
        ui.label(theme::quiet(ui, "The two plans are the same."));
        return;
    }
    let [left, right] = names;
    ui.push_id("inputs", |ui| {
        TableBuilder::new(ui)
            .auto_shrink([false, true])
            .max_scroll_height(230.0)
            .column(Column::remainder().at_least(120.0).clip(true))
            .columns(Column::initial(82.0).at_least(56.0).clip(true).resizable(true), 2)
            .header(22.0, |mut header| {
                for name in ["Field", left, right] {
                    header.col(|ui| {
                        ui.add(Label::new(theme::quiet(ui, name)).truncate()).on_hover_text(name);
                    });
                }
            })
            .body(|body| {
                body.rows(24.0, differences.len(), |mut row| {
                    let Some(difference) = differences.get(row.index()) else { return };
                    row.col(|ui| {
                        let link = ui.add(egui::Link::new(place_in_words(&difference.path)));
                        if link.on_hover_text(&difference.path).clicked() {
                            commands.go_to(&difference.path);
                        }
                    });
                    for text in [&difference.before, &difference.after] {
                        row.col(|ui| match text {
                            Some(text) => {
                                ui.add(Label::new(text).truncate()).on_hover_text(text);
                            }
                            None => {
                                ui.label(theme::quiet(ui, "not there"));
                            }
                        });
                    }
                });
            });
    });
}

/// The same chart of both, to one scale.
fn charts_ui(
    ui: &mut Ui,
    view: &mut CompareView,
    sides: [&Shown; 2],
    names: &[String; 2],
    (wide, half): (bool, f32),
    commands: &mut Commands,
) {
    let Some(entry) = CHARTS.get(view.chart).or(CHARTS.first()) else { return };
    ui.horizontal(|ui| {
        ui.label(theme::title("The same chart of both"));
        let combo = egui::ComboBox::from_id_salt("compared chart").selected_text(entry.title).width(220.0).show_ui(ui, |ui| {
            for (index, entry) in CHARTS.iter().enumerate() {
                ui.selectable_value(&mut view.chart, index, entry.title);
            }
        });
        combo.response.accessible_name("Compared chart");
    });
    let [left, right] = sides;
    let [left_cache, right_cache] = &mut view.charts;
    let both = [(left, left_cache), (right, right_cache)]
        .map(|(shown, cache)| shown.results.as_ref().map(|results| cache.get(results, entry, Selection::default())));
    let drawn: Vec<&Chart> = both.iter().flatten().map(AsRef::as_ref).collect();
    one_scale_ui(ui, &drawn, |ui| {
        beside_ui(ui, wide, |ui| {
            for (index, ((shown, name), chart)) in sides.into_iter().zip(names).zip(&both).enumerate() {
                ui.allocate_ui_with_layout(egui::vec2(half, 330.0), Layout::top_down(Align::Min), |ui| {
                    ui.set_width(half);
                    let note = if shown.stale { ", for the plan before this edit" } else { "" };
                    ui.label(theme::quiet(ui, format!("{name}{note}")));
                    if let Some(chart) = chart {
                        ui.push_id(index, |ui| {
                            if shown.stale {
                                ui.multiply_opacity(0.65);
                            }
                            card_ui(ui, chart, 270.0, &mut Card::default(), commands);
                        });
                    }
                });
            }
        });
    });
}
