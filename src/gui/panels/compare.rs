//! The compare panel: two plans and their answers side by side: what differs in the inputs, and
//! what that did to the key figures.

use std::sync::Arc;

use egui::{Align, Button, Label, Layout, RichText, ScrollArea, Ui};
use egui_extras::{Column, TableBuilder};

use crate::charts::{CHARTS, Selection};
use crate::gui::command::{Commands, Request, UiCommand};
use crate::gui::document::{Baseline, Document};
use crate::gui::view::ViewState;
use crate::gui::widgets::chart::{Card, ChartCache, card_ui};
use crate::gui::{format, theme};
use crate::plan::Plan;
use crate::plan::node::{Node as _, Tree};

use super::explain::path_in_words;
use super::kpi::{KPIS, change_of};

/// What the compare panel remembers.
#[derive(Debug, Default)]
pub struct CompareView {
    chart: usize,
    before: ChartCache,
    differences: Option<Found>,
}

/// Differences already found, with the two plans they are of.
#[derive(Debug)]
struct Found {
    before: Arc<Plan>,
    after: Arc<Plan>,
    differences: Arc<Vec<Difference>>,
}

/// A place where two plans differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where.
    pub path: String,
    /// Before; empty if it was not there.
    pub before: String,
    /// After; empty if it is gone.
    pub after: String,
}

/// Everything that differs between two plans, in the order of the plan.
#[must_use]
pub fn differences(before: &Plan, after: &Plan) -> Vec<Difference> {
    let mut out = Vec::new();
    walk("", &before.tree(), &after.tree(), &mut out);
    out
}

fn key_of(key: Option<&String>, index: usize) -> String {
    key.map_or_else(|| index.to_string(), |key| key.trim_matches('"').to_owned())
}

fn walk(path: &str, before: &Tree, after: &Tree, out: &mut Vec<Difference>) {
    if before == after {
        return;
    }
    let (Tree::Group { name, items, brackets }, Tree::Group { name: other_name, items: others, brackets: other_brackets }) =
        (before, after)
    else {
        out.push(Difference { path: path.to_owned(), before: before.inline(), after: after.inline() });
        return;
    };
    if name != other_name || brackets != other_brackets || (brackets.0 == '[' && items.len() != others.len()) {
        out.push(Difference { path: path.to_owned(), before: before.inline(), after: after.inline() });
        return;
    }
    let place = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    for (index, (key, value)) in items.iter().enumerate() {
        let key = key_of(key.as_ref(), index);
        match others.iter().enumerate().find(|(index, (other, _))| key_of(other.as_ref(), *index) == key) {
            Some((_, (_, other))) => walk(&place(&key), value, other, out),
            None => out.push(Difference { path: place(&key), before: value.inline(), after: String::new() }),
        }
    }
    for (index, (key, value)) in others.iter().enumerate() {
        let key = key_of(key.as_ref(), index);
        if !items.iter().enumerate().any(|(index, (other, _))| key_of(other.as_ref(), index) == key) {
            out.push(Difference { path: place(&key), before: String::new(), after: value.inline() });
        }
    }
}

/// Draws the compare panel.
pub fn compare_ui(ui: &mut Ui, document: &Document, view: &mut ViewState, commands: &mut Commands) {
    choices_ui(ui, document, commands);
    let (Some(results), Some(baseline)) = (document.results().cloned(), document.baseline().cloned()) else {
        missing_ui(ui, document, commands);
        return;
    };
    super::results::stale_note_ui(ui, document);
    let now_name = if results.scenario_name.is_empty() { "This plan".to_owned() } else { format!("Scenario {}", results.scenario_name) };
    let differences = inputs(document, &baseline, &mut view.compare);
    ScrollArea::vertical().id_salt("compare").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = theme::GAP;
        let width = ui.available_width();
        let wide = width > 820.0;
        let half = if wide { (width - theme::GAP) / 2.0 } else { width };
        beside_ui(ui, wide, |ui| {
            section_ui(ui, half, "What came out", |ui| kpis_ui(ui, &baseline, &results, &now_name));
            section_ui(ui, half, "What went in", |ui| {
                scenario_note_ui(ui, document, &baseline);
                inputs_ui(ui, &differences, commands);
            });
        });
        let entry = CHARTS.get(view.compare.chart).or(CHARTS.first());
        let Some(entry) = entry else { return };
        ui.horizontal(|ui| {
            ui.label(theme::title("The same chart of both"));
            let combo = egui::ComboBox::from_id_salt("compared chart").selected_text(entry.title).width(220.0).show_ui(ui, |ui| {
                for (index, entry) in CHARTS.iter().enumerate() {
                    ui.selectable_value(&mut view.compare.chart, index, entry.title);
                }
            });
            combo.response.accessible_name("Compared chart");
        });
        let before = view.compare.before.get(&baseline.results, entry, Selection::default());
        let after = view.results.cache.get(&results, entry, Selection::default());
        beside_ui(ui, wide, |ui| {
            for (name, chart) in [(format!("Baseline, {}", baseline.name), before), (now_name.clone(), after)] {
                ui.allocate_ui_with_layout(egui::vec2(half, 330.0), Layout::top_down(Align::Min), |ui| {
                    ui.set_width(half);
                    ui.label(theme::quiet(ui, &name));
                    ui.push_id(&name, |ui| card_ui(ui, &chart, 270.0, &mut Card::default(), commands));
                });
            }
        });
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
            ui.set_min_height(300.0);
            ui.label(RichText::new(title).text_style(theme::strong()));
            body(ui);
        });
    });
}

/// Which scenario, against which baseline.
fn choices_ui(ui: &mut Ui, document: &Document, commands: &mut Commands) {
    ui.horizontal_wrapped(|ui| {
        ui.label(theme::quiet(ui, "Show"));
        let names = std::iter::once("").chain(document.plan().scenarios.keys().map(String::as_str));
        for name in names {
            let text = if name.is_empty() { "base plan" } else { name };
            if ui.add(Button::new(text).selected(document.scenario() == name)).accessible_name(format!("Show {text}")).clicked() {
                commands.send(Request::PickScenario(name.to_owned()));
            }
        }
        ui.label(theme::quiet(ui, "against"));
        match document.baseline() {
            Some(baseline) => ui.label(RichText::new(&baseline.name).text_style(theme::strong())),
            None => ui.label(theme::quiet(ui, "no baseline")),
        };
        if ui
            .add_enabled(document.results().is_some(), Button::new("Pin this answer"))
            .on_hover_text("Compare with the answer as it is now")
            .clicked()
        {
            commands.run(UiCommand::PinBaseline);
        }
        if ui.add_enabled(document.baseline().is_some(), Button::new("Clear")).accessible_name("Clear the baseline").clicked() {
            commands.run(UiCommand::ClearBaseline);
        }
    });
}

fn missing_ui(ui: &mut Ui, document: &Document, commands: &mut Commands) {
    if document.results().is_none() {
        super::results::no_answer_ui(ui, document, commands);
        return;
    }
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.3).max(8.0));
        ui.label(theme::title("Nothing to compare with yet"));
        ui.label(theme::quiet(
            ui,
            "Pin the answer of the base plan, then pick a scenario or change the plan: inputs and answers stand side by side here.",
        ));
        ui.add_space(theme::GAP);
        if ui.button("Pin as baseline").clicked() {
            commands.run(UiCommand::PinBaseline);
        }
    });
}

fn kpis_ui(ui: &mut Ui, baseline: &Baseline, results: &crate::results::Results, now_name: &str) {
    let tokens = theme::tokens(ui);
    ui.push_id("kpis", |ui| {
        TableBuilder::new(ui)
            .auto_shrink([false, true])
            .vscroll(false)
            .column(Column::remainder().at_least(90.0).clip(true))
            .columns(Column::exact(98.0).clip(true), 2)
            .column(Column::exact(56.0))
            .header(22.0, |mut header| {
                for name in ["", &format!("Baseline, {}", baseline.name), now_name, "Change"] {
                    header.col(|ui| {
                        ui.add(Label::new(theme::quiet(ui, name)).truncate());
                    });
                }
            })
            .body(|body| {
                body.rows(24.0, KPIS.len(), |mut row| {
                    let Some(kpi) = KPIS.get(row.index()) else { return };
                    let (before, now) = ((kpi.value)(&baseline.results), (kpi.value)(results));
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

/// What a scenario overrides is not in the plans that are compared: it is said in words.
fn scenario_note_ui(ui: &mut Ui, document: &Document, baseline: &Baseline) {
    let picked = document.scenario();
    if picked == baseline.results.scenario_name {
        return;
    }
    for (who, name) in [("Baseline", baseline.results.scenario_name.as_str()), ("This plan", picked)] {
        let Some(scenario) = document.plan().scenarios.get(name) else { continue };
        ui.label(theme::quiet(ui, format!("{who} is scenario {name}, which sets")));
        for (path, value) in &scenario.set.0 {
            let value = value.tree().inline();
            ui.add(Label::new(format!("{} to {}", path_in_words(path), format::words(&value))).truncate()).on_hover_text(path);
        }
    }
}

fn inputs(document: &Document, baseline: &Baseline, view: &mut CompareView) -> Arc<Vec<Difference>> {
    let plan = document.plan_arc();
    if let Some(found) = &view.differences
        && Arc::ptr_eq(&found.before, &baseline.plan)
        && Arc::ptr_eq(&found.after, &plan)
    {
        return Arc::clone(&found.differences);
    }
    let differences = Arc::new(differences(&baseline.plan, &plan));
    view.differences = Some(Found { before: Arc::clone(&baseline.plan), after: plan, differences: Arc::clone(&differences) });
    differences
}

fn inputs_ui(ui: &mut Ui, differences: &[Difference], commands: &mut Commands) {
    if differences.is_empty() {
        ui.label(theme::quiet(ui, "The plans are the same."));
        return;
    }
    ui.push_id("inputs", |ui| {
        TableBuilder::new(ui)
            .auto_shrink([false, true])
            .max_scroll_height(230.0)
            .column(Column::remainder().at_least(120.0).clip(true))
            .columns(Column::initial(110.0).at_least(60.0).clip(true).resizable(true), 2)
            .header(22.0, |mut header| {
                for name in ["Field", "Baseline", "Now"] {
                    header.col(|ui| {
                        ui.label(theme::quiet(ui, name));
                    });
                }
            })
            .body(|body| {
                body.rows(24.0, differences.len(), |mut row| {
                    let Some(difference) = differences.get(row.index()) else { return };
                    row.col(|ui| {
                        let link = ui.add(egui::Link::new(path_in_words(&difference.path)));
                        if link.on_hover_text(&difference.path).clicked() {
                            commands.go_to(&difference.path);
                        }
                    });
                    for (text, missing) in [(&difference.before, "not there"), (&difference.after, "removed")] {
                        row.col(|ui| {
                            if text.is_empty() {
                                ui.label(theme::quiet(ui, missing));
                            } else {
                                ui.add(Label::new(text).truncate()).on_hover_text(text);
                            }
                        });
                    }
                });
            });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::document::empty_plan;

    #[test]
    fn differences_are_found_where_they_are() {
        let before = empty_plan();
        let mut after = before.clone();
        after.horizon.periods = 16;
        after.name = "Other".into();
        let found = differences(&before, &after);
        let paths: Vec<&str> = found.iter().map(|difference| difference.path.as_str()).collect();
        assert_eq!(paths, ["name", "horizon.periods"]);
        assert_eq!(found.last().map(|difference| difference.after.as_str()), Some("16"));
        assert!(differences(&before, &before).is_empty());
    }
}
