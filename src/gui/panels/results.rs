//! The results panel: a dashboard of charts, chosen by the planner.

use std::collections::{BTreeMap, BTreeSet};

use egui::{ComboBox, ScrollArea, Ui, vec2};

use crate::charts::{CHARTS, Entry, Selection};
use crate::gui::change::Edit;
use crate::gui::command::{Commands, Request, UiCommand};
use crate::gui::document::Document;
use crate::gui::theme;
use crate::gui::widgets::chart::{Card, ChartCache, card_ui};
use crate::gui::widgets::tick_ui;
use crate::results::{Results, Status};

/// Charts shown at first: the questions every planner asks.
const FIRST: [&str; 11] = [
    "tokens",
    "power-day",
    "bottlenecks",
    "fleet",
    "power-periods",
    "cost-per-mtok",
    "supply-curve",
    "frontier",
    "cash-flow",
    "capex",
    "sankey",
];

/// Charts that need the width of the panel.
const WIDE: [&str; 2] = ["sankey", "map"];

/// The least width a chart is readable at.
const LEAST_WIDTH: f32 = 400.0;

/// What the results panel remembers.
#[derive(Debug)]
pub struct ResultsView {
    /// Charts already made.
    pub cache: ChartCache,
    /// What of the plan is shown.
    pub selection: Selection,
    shown: BTreeSet<&'static str>,
    cards: BTreeMap<&'static str, Card>,
}

impl Default for ResultsView {
    fn default() -> Self {
        Self { cache: ChartCache::default(), selection: Selection::default(), shown: BTreeSet::from(FIRST), cards: BTreeMap::new() }
    }
}

impl ResultsView {
    /// Shows one chart over the whole panel.
    pub fn enlarge(&mut self, name: &'static str) {
        for card in self.cards.values_mut() {
            card.large = false;
        }
        self.cards.entry(name).or_default().large = true;
    }
}

/// Draws the results panel.
pub fn results_ui(ui: &mut Ui, document: &Document, view: &mut ResultsView, commands: &mut Commands) {
    if lacking_ui(ui, document, commands) {
        return;
    }
    let Some(results) = document.results().cloned() else {
        no_answer_ui(ui, document, commands);
        return;
    };
    choices_ui(ui, &results, view);
    stale_note_ui(ui, document);
    fractions_ui(ui, document, &results, commands);
    ui.add_space(2.0);
    let stale = document.is_behind();
    let selection = view.selection;
    if let Some(entry) = CHARTS.iter().find(|entry| view.cards.get(entry.name).is_some_and(|card| card.large)) {
        let height = ui.available_height() - 22.0;
        chart_card_ui(ui, &results, view, entry, selection, height, stale, commands);
        return;
    }
    let entries: Vec<&Entry> = CHARTS.iter().filter(|entry| view.shown.contains(entry.name)).collect();
    if entries.is_empty() {
        ui.label(theme::quiet(ui, "No chart is chosen. Pick some under Charts."));
        return;
    }
    ScrollArea::vertical().id_salt("dashboard").auto_shrink(false).show(ui, |ui| {
        let gap = theme::GAP;
        let room = ui.available_width() - 4.0;
        let columns = ((room + gap) / (LEAST_WIDTH + gap)).floor().clamp(1.0, 4.0);
        let width = (room - gap * (columns - 1.0)) / columns;
        let height = (width * 0.56).clamp(220.0, 360.0);
        ui.spacing_mut().item_spacing = vec2(gap, gap);
        for row in rows_of(&entries, columns as usize) {
            let wide = row.len() == 1 && row.iter().any(|entry| WIDE.contains(&entry.name));
            let (width, height) = if wide { (room, (room * 0.42).clamp(260.0, 460.0)) } else { (width, height) };
            ui.horizontal_top(|ui| {
                for entry in row {
                    ui.allocate_ui_with_layout(vec2(width, height + 22.0), egui::Layout::top_down(egui::Align::Min), |ui| {
                        ui.set_width(width);
                        let place = egui::Rect::from_min_size(ui.cursor().min, vec2(width, height + 22.0));
                        // Charts out of sight are not even made.
                        if ui.is_rect_visible(place) {
                            chart_card_ui(ui, &results, view, entry, selection, height, stale, commands);
                        } else {
                            ui.allocate_space(place.size());
                        }
                    });
                }
            });
        }
    });
}

/// Draws one chart over all the room there is, with buttons to the one before and after: the enlarged one,
/// else the first of those that are shown.
pub fn one_chart_ui(ui: &mut Ui, document: &Document, view: &mut ResultsView, commands: &mut Commands) {
    let Some(results) = document.results().cloned() else {
        no_answer_ui(ui, document, commands);
        return;
    };
    let entries: Vec<&Entry> = CHARTS.iter().filter(|entry| view.shown.contains(entry.name)).collect();
    let large = |entry: &&Entry| view.cards.get(entry.name).is_some_and(|card| card.large);
    let mut position = entries.iter().position(large).unwrap_or(0);
    ui.horizontal(|ui| {
        let keys = ui.input(|input| (input.key_pressed(egui::Key::ArrowLeft), input.key_pressed(egui::Key::ArrowRight)));
        let back = ui.button("◀").accessible_name("Chart before").on_hover_text("Chart before, ←").clicked() || keys.0;
        let on = ui.button("▶").accessible_name("Chart after").on_hover_text("Chart after, →").clicked() || keys.1;
        let count = entries.len().max(1);
        if back || on {
            position = (position + if on { 1 } else { count - 1 }) % count;
            if let Some(entry) = entries.get(position) {
                view.enlarge(entry.name);
            }
        }
        ui.label(theme::quiet(ui, format!("{} of {}", position + 1, entries.len())));
    });
    if let Some(entry) = entries.get(position) {
        let height = ui.available_height() - 22.0;
        let stale = document.is_behind();
        chart_card_ui(ui, &results, view, entry, view.selection, height, stale, commands);
    }
}

/// Charts in rows of so many; those that need the width stand alone.
fn rows_of<'e>(entries: &[&'e Entry], columns: usize) -> Vec<Vec<&'e Entry>> {
    let mut rows: Vec<Vec<&Entry>> = Vec::new();
    // Wide ones are put after the row they would break.
    let (wide, narrow): (Vec<&Entry>, Vec<&Entry>) = entries.iter().copied().partition(|entry| WIDE.contains(&entry.name));
    rows.extend(narrow.chunks(columns.max(1)).map(<[&Entry]>::to_vec));
    rows.extend(wide.into_iter().map(|entry| vec![entry]));
    rows
}

fn chart_card_ui(
    ui: &mut Ui,
    results: &std::sync::Arc<Results>,
    view: &mut ResultsView,
    entry: &Entry,
    selection: Selection,
    height: f32,
    stale: bool,
    commands: &mut Commands,
) {
    let chart = view.cache.get(results, entry, selection);
    let mut card = view.cards.get(entry.name).copied().unwrap_or_default();
    ui.push_id(entry.name, |ui| {
        if stale {
            ui.multiply_opacity(0.65);
        }
        card_ui(ui, &chart, height, &mut card, commands);
    });
    view.cards.insert(entry.name, card);
}

/// Site, period, day and charts.
fn choices_ui(ui: &mut Ui, results: &Results, view: &mut ResultsView) {
    // What was chosen may be gone from a new answer.
    view.selection.site = view.selection.site.filter(|site| *site < results.sites.len());
    view.selection.period = view.selection.period.filter(|period| *period < results.periods.len());
    view.selection.day = view.selection.day.filter(|day| *day < results.days.len());
    view.selection.product = view.selection.product.filter(|product| *product < results.products.len());
    ui.horizontal_wrapped(|ui| {
        let sites: Vec<&str> =
            results.sites.iter().map(|site| if site.name.is_empty() { site.id.as_str() } else { site.name.as_str() }).collect();
        choice_ui(ui, "Site", "All sites", &sites, &mut view.selection.site);
        let periods: Vec<&str> = results.periods.iter().map(|period| period.label.as_str()).collect();
        choice_ui(ui, "Period", "Whole horizon", &periods, &mut view.selection.period);
        let days: Vec<&str> = results.days.iter().map(|day| day.id.as_str()).collect();
        choice_ui(ui, "Day", "Day of highest load", &days, &mut view.selection.day);
        if results.products.len() > 1 {
            let products: Vec<&str> = results.products.iter().map(|product| product.name.as_str()).collect();
            choice_ui(ui, "Product", "Main product", &products, &mut view.selection.product);
        }
        ui.menu_button(format!("Charts, {} of {}", view.shown.len(), CHARTS.len()), |ui| {
            ScrollArea::vertical().max_height(460.0).show(ui, |ui| {
                ui.horizontal(|ui| {
                    if ui.button("All").clicked() {
                        view.shown = CHARTS.iter().map(|entry| entry.name).collect();
                    }
                    if ui.button("First choice").clicked() {
                        view.shown = BTreeSet::from(FIRST);
                    }
                });
                for entry in CHARTS {
                    let mut on = view.shown.contains(entry.name);
                    if tick_ui(ui, &mut on, entry.title).on_hover_text(entry.doc).changed() && !view.shown.remove(entry.name) {
                        view.shown.insert(entry.name);
                    }
                }
            });
        });
    });
}

/// A choice of one or all.
pub fn choice_ui(ui: &mut Ui, name: &str, all: &str, items: &[&str], chosen: &mut Option<usize>) {
    let text = chosen.and_then(|index| items.get(index).copied()).unwrap_or(all);
    let combo = ComboBox::from_id_salt(("choice", name)).selected_text(text).width(120.0).show_ui(ui, |ui| {
        ui.selectable_value(chosen, None, all);
        for (index, item) in items.iter().enumerate() {
            ui.selectable_value(chosen, Some(index), *item);
        }
    });
    combo.response.accessible_name(name).on_hover_text(name);
}

/// Says that the numbers belong to the plan before the last edit.
pub fn stale_note_ui(ui: &mut Ui, document: &Document) {
    if document.is_behind() {
        let text = if document.is_solving() { "For the plan before this edit; solving…" } else { "For the plan before this edit" };
        ui.label(theme::quiet(ui, text));
    }
}

/// Says how much is made in fractions of a hall, and offers the run that plans whole ones.
pub fn fractions_ui(ui: &mut Ui, document: &Document, results: &Results, commands: &mut Commands) {
    let Some(sentence) = crate::results::fractions::sentence(results) else { return };
    ui.horizontal_wrapped(|ui| {
        ui.label(theme::quiet(ui, sentence));
        let whole = &document.plan().whole;
        let button = ui.add_enabled(!(whole.halls && whole.racks), egui::Button::new("Whole halls and racks").small());
        if button.on_hover_text("Solve the plan in whole halls and racks from now on; this can be undone").clicked() {
            let set = |path: &str| Edit::Set { path: path.to_owned(), value: "true".to_owned() };
            commands.send(Request::Batch("whole halls and racks".into(), vec![set("whole.halls"), set("whole.racks")]));
        }
    });
}

/// What a plan still needs, where it makes no tokens for want of it; whether that is so.
pub fn lacking_ui(ui: &mut Ui, document: &Document, commands: &mut Commands) -> bool {
    let idle = document.results().is_none_or(|results| results.kpis.answer_tokens_ttok <= 0.0);
    let lacking = idle && !document.is_read_only() && super::checklist::is_lacking(document.plan());
    if lacking {
        ui.vertical_centered(|ui| {
            ui.add_space((ui.available_height() * 0.12).max(8.0));
            super::checklist::checklist_ui(ui, document.plan(), commands);
        });
    }
    lacking
}

/// Says why there is no answer, and what can be done.
pub fn no_answer_ui(ui: &mut Ui, document: &Document, commands: &mut Commands) {
    if lacking_ui(ui, document, commands) {
        return;
    }
    let (title, text, button) = match document.newest_results().map(|results| results.status) {
        _ if document.is_solving() => ("Solving…", "The answer appears here as soon as it is in.", None),
        _ if document.is_blocked() => (
            "The plan can't be solved yet",
            "It holds errors; each problem leads to its field.",
            Some(("Show the problems", UiCommand::ShowProblems)),
        ),
        Some(Status::Infeasible) => (
            "The limits contradict each other",
            "Explain shows what must give, and by how much.",
            Some(("Show what must give", UiCommand::ShowExplain)),
        ),
        Some(Status::Unbounded) => {
            ("There is no best answer", "Something useful is free and unlimited in this plan.", Some(("Show why", UiCommand::ShowExplain)))
        }
        Some(Status::Nothing) => {
            ("Nothing can be made", "Under the limits of this plan no tokens can be sold, so there is no cost per token.", None)
        }
        Some(Status::Failed) => ("The solver failed", "The log says more.", Some(("Show the log", UiCommand::ShowLog))),
        _ if document.plan().sites.is_empty() => (
            "Nothing to show yet",
            "A plan needs a site, a chip, a product and a market. Start with a site: double-click the map.",
            Some(("Show the map", UiCommand::ShowMap)),
        ),
        _ => ("No answer yet", "Solve the plan to see what comes out.", Some(("Solve", UiCommand::Solve))),
    };
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.3).max(8.0));
        ui.label(theme::title(title));
        ui.label(theme::quiet(ui, text));
        ui.add_space(theme::GAP);
        if let Some((text, command)) = button
            && ui.button(text).clicked()
        {
            commands.run(command);
        }
    });
}
