//! How sure the answer is: the share of its tokens by grade of the throughput they rest on, chip by
//! chip, and the five inputs whose error would move it most.

use crate::words;
use egui::{Grid, Label, ProgressBar, RichText, Ui, vec2};

use crate::catalog::Evidence;
use crate::gui::command::{Commands, Request};
use crate::gui::document::Document;
use crate::gui::sensing::{Sensed, Sensing};
use crate::gui::theme;
use crate::gui::widgets::dot_ui;
use crate::results::Results;
use crate::results::comparison::ServingPair;
use crate::study::sensitivity::Effect;
use words::path_in_words;

/// Inputs shown.
const SHOWN: usize = 5;

/// What the card remembers.
#[derive(Debug, Default)]
pub struct EvidenceView {
    /// A run under way.
    pub sensing: Option<Sensing>,
    /// What came of the last one.
    pub sensed: Option<Sensed>,
}

/// Draws the card.
pub fn evidence_ui(ui: &mut Ui, document: &Document, results: &Results, view: &mut EvidenceView, commands: &mut Commands) {
    ui.label(theme::title("How sure it is"));
    theme::raised(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        shares_ui(ui, results);
        pairs_ui(ui, results);
        ui.add_space(6.0);
        sensitivity_ui(ui, document, results, view, commands);
    });
}

/// The shares of the five grades, best first.
fn shares(results: &Results) -> [(Evidence, f64); 5] {
    let evidence = &results.evidence;
    [
        (Evidence::Measured, evidence.measured),
        (Evidence::Calibrated, evidence.calibrated),
        (Evidence::Modelled, evidence.modelled),
        (Evidence::Unproven, evidence.unproven),
        (Evidence::Stated, evidence.stated),
    ]
}

/// What most tokens rest on, in short.
#[must_use]
pub fn in_short(results: &Results) -> String {
    let most = shares(results).into_iter().max_by(|left, right| left.1.total_cmp(&right.1)).filter(|(_, share)| *share > 0.0);
    most.map_or_else(String::new, |(grade, share)| format!("{} of tokens on {grade} throughput", words::percent(share)))
}

/// A bar of the five grades, and their shares in words.
pub(super) fn shares_ui(ui: &mut Ui, results: &Results) {
    let shares = shares(results);
    if shares.iter().all(|(_, share)| *share <= 0.0) {
        ui.label(theme::quiet(ui, "No tokens are made in this plan."));
        return;
    }
    let (rect, bar) = ui.allocate_exact_size(vec2(ui.available_width(), 8.0), egui::Sense::hover());
    let spoken: Vec<String> = shares.iter().map(|(grade, share)| format!("{} {grade}", words::percent(*share))).collect();
    bar.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, format!("Tokens by evidence: {}", spoken.join(", "))));
    let mut left = rect.left();
    for (grade, share) in shares {
        let width = rect.width() * share as f32;
        let part = egui::Rect::from_min_size(egui::pos2(left, rect.top()), vec2(width, rect.height()));
        ui.painter().rect_filled(part, 2.0, theme::grade(ui, grade.label()));
        left += width;
    }
    ui.horizontal_wrapped(|ui| {
        for (grade, share) in shares.into_iter().filter(|(_, share)| *share > 0.0005) {
            dot_ui(ui, theme::grade(ui, grade.label()), grade.meaning());
            ui.label(format!("{} of the tokens on {grade} throughput", words::percent(share))).on_hover_text(grade.meaning());
        }
    });
}

/// Chips and products that tokens rest on, the largest share first.
fn pairs_ui(ui: &mut Ui, results: &Results) {
    let made: f64 = results.comparison.pairs.iter().map(|pair| pair.made_ttok).sum();
    let mut pairs: Vec<&ServingPair> = results.comparison.pairs.iter().filter(|pair| pair.made_ttok > 1e-4 * made).collect();
    pairs.sort_by(|left, right| right.made_ttok.total_cmp(&left.made_ttok));
    let name = |names: &[crate::results::Named], index: usize| names.get(index).map(|named| named.name.clone()).unwrap_or_default();
    for pair in pairs {
        ui.horizontal(|ui| {
            dot_ui(ui, theme::grade(ui, pair.evidence.label()), pair.evidence.meaning());
            let band = if pair.band_fraction > 0.0 { format!(" ±{}", words::percent(pair.band_fraction)) } else { String::new() };
            ui.label(format!(
                "{}, {}: {} tok/s per chip on replicas of {}, {}{band}, {} of the tokens",
                name(&results.chips, pair.chip),
                name(&results.products, pair.product),
                words::number(pair.answer_tok_per_s),
                pair.replica.in_words(),
                pair.evidence,
                words::percent(pair.made_ttok / made),
            ));
        });
        let source = if pair.configuration.is_empty() { pair.source.clone() } else { format!("{}; {}", pair.configuration, pair.source) };
        ui.add(Label::new(theme::quiet(ui, source)).wrap());
        for miss in &pair.known_misses {
            ui.add(Label::new(RichText::new(format!("Known miss: {miss}")).small().color(theme::tokens(ui).warn)).wrap());
        }
    }
}

/// The inputs whose error would move the answer most.
fn sensitivity_ui(ui: &mut Ui, document: &Document, results: &Results, view: &mut EvidenceView, commands: &mut Commands) {
    if let Some(sensed) = view.sensing.as_mut().and_then(Sensing::poll) {
        view.sensing = None;
        view.sensed = Some(sensed);
    }
    ui.label(RichText::new("The inputs whose error would move the answer most").text_style(theme::strong()));
    if let Some(sensing) = &view.sensing {
        let (done, count) = sensing.progress();
        ui.horizontal(|ui| {
            let share = if count > 0 { done as f32 / count as f32 } else { 0.0 };
            let bar = ui.add(ProgressBar::new(share).desired_width(180.0).desired_height(8.0));
            bar.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, "Inputs tried"));
            ui.label(theme::quiet(ui, if count > 0 { format!("{done} of {count} inputs tried") } else { "Solving…".to_owned() }));
            if ui.button("Stop").on_hover_text("Stop trying inputs").clicked() {
                commands.send(Request::Sense(false));
            }
        });
        return;
    }
    match &view.sensed {
        Some(Sensed { revision, effects: Ok(effects) }) => {
            if *revision != document.revision() {
                ui.label(theme::quiet(ui, "For the plan before this edit"));
            }
            effects_ui(ui, document, results, effects, commands);
        }
        Some(Sensed { effects: Err(problem), .. }) => _ = ui.label(RichText::new(problem).color(theme::tokens(ui).warn)),
        None => {}
    }
    let text = if view.sensed.is_some() { "Find them again" } else { "Find them" };
    let tooltip = "Moves each number by the uncertainty of its grade, down and up, and solves again";
    if ui.button(text).on_hover_text(tooltip).clicked() {
        commands.send(Request::Sense(true));
    }
}

fn effects_ui(ui: &mut Ui, document: &Document, results: &Results, effects: &[Effect], commands: &mut Commands) {
    let goal = results.phases.first().map_or("the first goal", |phase| phase.name.as_str()).replace('_', " ");
    if effects.iter().all(|effect| effect.size() < 5e-5) {
        ui.label(theme::quiet(ui, format!("No input's error would move {goal} by 0.01 %.")));
        return;
    }
    Grid::new("effects").num_columns(5).striped(true).spacing([16.0, 4.0]).show(ui, |ui| {
        for title in ["Input", "Value", "Moved by", &format!("{goal} if lower"), &format!("{goal} if higher")] {
            ui.label(theme::quiet(ui, title));
        }
        ui.end_row();
        for effect in effects.iter().take(SHOWN) {
            ui.horizontal(|ui| {
                dot_ui(ui, theme::grade(ui, &effect.grade), &format!("{} number", effect.grade));
                let words = path_in_words(&effect.path);
                // What the plan leaves to the catalog has no field of its own to go to but its chip's.
                let known = document.value(&effect.path).is_some();
                if known && ui.link(&words).on_hover_text(&effect.path).clicked() {
                    commands.go_to(&effect.path);
                } else if !known {
                    ui.label(&words);
                }
            });
            ui.label(format!("{} {}", words::number(effect.value), effect.unit));
            ui.label(format!("±{} ({})", words::percent(effect.band), effect.grade));
            for change in effect.first {
                ui.label(words::signed_percent(change, 2));
            }
            ui.end_row();
        }
    });
}
