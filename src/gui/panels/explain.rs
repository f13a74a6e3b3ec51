//! The explain panel: what binds, with its worth and range, in sentences; what must give in a plan
//! without an answer; and the questions a planner asks next.

use crate::words;
use std::sync::Arc;

use egui::{Button, ComboBox, Label, RichText, ScrollArea, TextStyle, Ui};

use crate::charts::{ColorKey, Selection, family_label, worth_of_one_percent};
use crate::gui::command::{Commands, Question, Request};
use crate::gui::document::Document;
use crate::gui::widgets::chart::{Card, ChartCache, card_ui};
use crate::gui::widgets::truth;
use crate::gui::{change, questions, theme};
use crate::results::{Binding, Give, Results, Status};

pub mod calendar;
pub mod nothing;
mod passport;

/// What the explain panel remembers.
#[derive(Debug, Default)]
pub struct ExplainView {
    cache: ChartCache,
    /// How sure the answer is.
    pub evidence: super::evidence::EvidenceView,
    timeline: Card,
    prices: Card,
    why_not: String,
    target_ttok: Option<f64>,
    passport: passport::PassportView,
    /// The card of dates.
    pub calendar: calendar::CalendarView,
    /// A question being answered.
    pub asked: Option<questions::Asked>,
    /// The last answer, in sentences.
    pub told: Vec<String>,
}

/// A limit that binds over a run of periods.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Where it stands in the plan.
    pub path: String,
    /// Family.
    pub family: &'static str,
    /// Periods, in words.
    pub periods: String,
    /// In words.
    pub sentence: String,
    /// The strongest of them, for its page.
    binding: Binding,
    /// What one more in every period of the run is worth, in words; empty for a single period.
    pub worth: String,
    /// What one percent more would bring.
    pub one_percent: f64,
}

/// What binds, the most worth first; a limit that binds in several periods is one run.
#[must_use]
pub fn runs(results: &Results) -> Vec<Run> {
    let mut groups: Vec<Vec<&Binding>> = Vec::new();
    for binding in results.binding.iter().filter(|binding| binding.stable && worth_of_one_percent(binding).abs() > 1e-12) {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| first.path == binding.path)) {
            Some(group) => group.push(binding),
            None => groups.push(vec![binding]),
        }
    }
    let mut runs: Vec<Run> = groups.iter().filter_map(|group| run(group)).collect();
    runs.sort_by(|a, b| b.one_percent.abs().total_cmp(&a.one_percent.abs()));
    runs
}

fn run(group: &[&Binding]) -> Option<Run> {
    let strongest = group.iter().copied().max_by(|a, b| worth_of_one_percent(a).abs().total_cmp(&worth_of_one_percent(b).abs()))?;
    let mut in_time = group.to_vec();
    in_time.sort_by_key(|binding| binding.period_index);
    let labels: Vec<&str> = in_time.iter().map(|binding| binding.period.as_str()).filter(|label| !label.is_empty()).collect();
    let periods = match (labels.first(), labels.last()) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(first), _) => (*first).to_owned(),
        _ => "the whole horizon".to_owned(),
    };
    let dual: f64 = group.iter().map(|binding| binding.dual).sum();
    let goal = strongest.unit.split(" per ").next().unwrap_or_default();
    let worth = match goal {
        "Ttok" => words::ttok(dual),
        "M$" => words::musd(dual),
        other => format!("{} {other}", words::number(dual)),
    };
    Some(Run {
        path: strongest.path.clone(),
        family: strongest.family,
        periods,
        sentence: words::in_words(&strongest.sentence),
        binding: strongest.clone(),
        // A single period's worth and range are in its sentence.
        worth: if group.len() > 1 {
            format!(
                "+1 {} in each of these {} periods is worth about {worth} in all",
                crate::results::marginal::one(strongest.limit_unit),
                group.len()
            )
        } else {
            String::new()
        },
        one_percent: group.iter().copied().map(worth_of_one_percent).sum(),
    })
}

/// Draws the explain panel.
pub fn explain_ui(ui: &mut Ui, document: &Document, view: &mut ExplainView, commands: &mut Commands) {
    ScrollArea::vertical().id_salt("explain").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = theme::GAP;
        if let Some(newest) = document.newest_results().filter(|results| !results.has_numbers()) {
            trouble_ui(ui, document, newest, commands);
        }
        let Some(results) = document.results().cloned() else {
            if document.newest_results().is_none() {
                super::results::no_answer_ui(ui, document, commands);
            }
            return;
        };
        super::results::stale_note_ui(ui, document);
        super::results::fractions_ui(ui, document, &results, commands);
        chart_ui(ui, &results, "bottlenecks", 90.0 + 32.0 * (results.sites.len() as f32 + 1.0), view, commands);
        tasks_ui(ui, &results);
        binds_ui(ui, document, &results, commands);
        if let Some(give_up) = &results.give_up {
            ui.add(Label::new(&give_up.sentence).wrap());
        }
        losses_ui(ui, &results);
        nothing::nothing_ui(ui, document.plan(), &results, commands);
        chart_ui(ui, &results, "shadow-prices", 320.0, view, commands);
        super::evidence::evidence_ui(ui, document, &results, &mut view.evidence, commands);
        questions_ui(ui, document, &results, view, commands);
        passport::passport_ui(ui, &results, &mut view.passport);
        let explain = view;
        calendar::calendar_ui(ui, &results, &mut explain.calendar, &mut explain.asked, commands);
    });
}

/// Says that a question is being answered; a click lets it go.
fn solving_ui(ui: &mut Ui, asked: &mut Option<questions::Asked>) {
    ui.horizontal(|ui| {
        ui.label(theme::quiet(ui, "Solving…"));
        if ui.button("Stop asking").clicked() {
            *asked = None;
        }
    });
}

/// Where tasks go, as sentences.
fn tasks_ui(ui: &mut Ui, results: &Results) {
    let sentences = crate::export::routing::in_words(results);
    if !sentences.is_empty() {
        ui.label(theme::title("Where tasks go"));
    }
    for sentence in sentences {
        ui.add(Label::new(sentence).wrap());
    }
}

/// Least room for the periods of what binds beside its family.
const LEAST_PERIODS: f32 = 40.0;

/// What binds, as sentences.
fn binds_ui(ui: &mut Ui, document: &Document, results: &Results, commands: &mut Commands) {
    ui.label(theme::title("What binds"));
    let runs = runs(results);
    if runs.is_empty() {
        ui.label(theme::quiet(ui, "No limit of this plan is worth anything more: nothing binds."));
    } else if let Some(whose) = crate::export::trade::worth_in_words(results) {
        ui.add(Label::new(theme::quiet(ui, whose)).wrap());
    }
    for run in runs.iter().take(8) {
        theme::raised(ui).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    if ui
                        .button("Go to the field")
                        .on_hover_text(words::subject(document.plan(), &run.path))
                        .accessible_name(format!("Go to {}", run.path))
                        .clicked()
                    {
                        commands.go_to(&run.path);
                    }
                    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                        let color = theme::chart_color(ui, &ColorKey::Family(run.family), document.order());
                        let (rect, _) = ui.allocate_exact_size(egui::vec2(10.0, 16.0), egui::Sense::hover());
                        ui.painter().rect_filled(egui::Rect::from_center_size(rect.center(), egui::Vec2::splat(10.0)), 3.0, color);
                        ui.label(RichText::new(words::sentence(family_label(run.family))).text_style(theme::strong()));
                        // Of too short a rest of it nothing could be read.
                        if ui.available_width() > LEAST_PERIODS {
                            ui.add(Label::new(theme::quiet(ui, &run.periods)).truncate());
                        }
                    });
                });
            });
            let said = ui.add(Label::new(&run.sentence).wrap());
            truth::offer(ui, &said, || super::limit_page::page(&run.binding));
            if !run.worth.is_empty() {
                ui.label(RichText::new(&run.worth).text_style(TextStyle::Small).color(theme::tokens(ui).accent));
            }
        });
    }
}

/// What each loss leaves, where the plan says what has to go on after one.
fn losses_ui(ui: &mut Ui, results: &Results) {
    let table = crate::export::losses_table(results);
    if !table.rows.is_empty() {
        ui.label(theme::title(table.title.clone()));
        super::page::table_ui(ui, &table);
    }
}

fn chart_ui(ui: &mut Ui, results: &Arc<Results>, name: &str, height: f32, view: &mut ExplainView, commands: &mut Commands) {
    let Some(entry) = crate::charts::find(name) else { return };
    let chart = view.cache.get(results, entry, Selection::default());
    let card = if name == "bottlenecks" { &mut view.timeline } else { &mut view.prices };
    ui.push_id(("explain", name), |ui| card_ui(ui, &chart, height.min(420.0), card, commands));
    if std::mem::take(&mut card.large) {
        // There is no room to enlarge a card here: the dashboard has it.
        commands.send(Request::Enlarge(entry.name, Selection::default()));
    }
}

/// Why not, and what would it take.
fn questions_ui(ui: &mut Ui, document: &Document, results: &Results, view: &mut ExplainView, commands: &mut Commands) {
    ui.label(theme::title("Ask"));
    theme::raised(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let unused = unused(document, results);
        ui.horizontal_wrapped(|ui| {
            ui.label("Why not");
            if unused.iter().all(|(path, _)| *path != view.why_not) {
                view.why_not = unused.first().map(|(path, _)| path.clone()).unwrap_or_default();
            }
            let shown = unused.iter().find(|(path, _)| *path == view.why_not).map_or("everything is used", |(_, name)| name.as_str());
            let combo = ComboBox::from_id_salt("why not").selected_text(shown).width(200.0).show_ui(ui, |ui| {
                for (path, name) in &unused {
                    ui.selectable_value(&mut view.why_not, path.clone(), name);
                }
            });
            combo.response.accessible_name("What is not used");
            let ask = ui.add_enabled(!unused.is_empty(), Button::new("Ask why not"));
            if ask.on_hover_text("Forces one unit of it, solves again, and says what is lost to what").clicked() {
                commands.send(Request::Ask(Question::WhyNot { path: view.why_not.clone() }));
            }
        });
        ui.horizontal_wrapped(|ui| {
            ui.label("What would it take to make");
            let now = results.kpis.answer_tokens_ttok_per_year;
            let mut target = view.target_ttok.unwrap_or((now * 1.1 * 10.0).round() / 10.0);
            let field = ui.add(egui::DragValue::new(&mut target).speed((now / 100.0).max(0.01)).range(0.0..=1e9).max_decimals(3));
            if field.accessible_name("Target in Ttok per year").changed() {
                view.target_ttok = Some(target);
            }
            ui.label(theme::quiet(ui, "Ttok per year"));
            if ui.button("Ask what it takes").on_hover_text("Least extra power, chips or money for this many answer tokens").clicked() {
                commands.send(Request::Ask(Question::WhatWouldItTake { ttok_per_year: target }));
            }
        });
        ui.horizontal_wrapped(|ui| {
            ui.label("What would power of the grid be worth a period earlier");
            let ask = ui.button("Ask what earlier is worth");
            if ask.on_hover_text("Solves the plan again with each date of a connection a period earlier").clicked() {
                commands.send(Request::Ask(Question::Earlier));
            }
        });
        if view.asked.as_ref().is_some_and(|asked| !asked.of_dates) {
            solving_ui(ui, &mut view.asked);
        }
        for told in &view.told {
            ui.label(told);
        }
    });
}

/// Parts of the plan that the answer makes no use of: path and name.
fn unused(document: &Document, results: &Results) -> Vec<(String, String)> {
    let plan = document.plan();
    let some = |values: &[f64]| values.iter().any(|value| value.abs() > 1e-6);
    let mut out = Vec::new();
    for (index, chip) in results.chips.iter().enumerate() {
        let used = results.fleet.iter().any(|fleet| fleet.chip == index && (some(&fleet.orders) || some(&fleet.rented)));
        if !used && plan.chips.contains_key(&chip.id) {
            out.push((format!("chips.{}", chip.id), format!("more {}", chip.name)));
        }
    }
    for (index, site) in results.sites.iter().enumerate() {
        let used = results.power.get(index).is_some_and(|power| some(&power.energy_gwh));
        if !used && plan.sites.contains_key(&site.id) {
            out.push((format!("sites.{}", site.id), site.name.clone()));
        }
    }
    for contract in &results.contracts {
        if !some(&contract.energy_gwh) && !some(&contract.certificates_gwh) && plan.contracts.contains_key(&contract.id) {
            out.push((format!("contracts.{}", contract.id), words::sentence(&contract.id)));
        }
    }
    for (index, market) in results.markets.iter().enumerate() {
        let used = results.flows.iter().any(|flow| flow.market == index && some(&flow.answer_ttok));
        if !used && plan.markets.contains_key(&market.id) {
            out.push((format!("markets.{}", market.id), market.name.clone()));
        }
    }
    out
}

/// A plan without an answer: what must give, as cards with a way out each.
fn trouble_ui(ui: &mut Ui, document: &Document, results: &Results, commands: &mut Commands) {
    let title = match results.status {
        Status::Infeasible => "The limits of this plan contradict each other",
        Status::Unbounded => "Something useful is free and unlimited",
        Status::Nothing => "Nothing can be made",
        Status::Failed => "The solver failed",
        _ => "Stopped before there was an answer",
    };
    ui.label(theme::title(title));
    if !results.message.is_empty() {
        ui.add(Label::new(&results.message).wrap());
    }
    if results.conflict.is_empty() {
        return;
    }
    ui.label(theme::quiet(ui, "The least that must give, together. Nothing changes until you apply it, and every change can be undone."));
    let edits: Vec<(String, String)> =
        results.conflict.iter().filter_map(|give| Some((give.path.clone(), new_value(document, give)?))).collect();
    for give in &results.conflict {
        theme::raised(ui).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.add(Label::new(words::in_words(&give.sentence)).wrap());
            ui.horizontal(|ui| {
                let after = give.value + give.give;
                ui.label(theme::quiet(ui, format!("{} → {} {}", words::number(give.value), words::number(after), give.unit)));
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let text = new_value(document, give);
                    if ui.add_enabled(text.is_some(), Button::new("Apply")).accessible_name(format!("Apply to {}", give.path)).clicked()
                        && let Some(text) = text
                    {
                        commands.set(&give.path, text);
                    }
                    if ui.button("Go to the field").accessible_name(format!("Go to {}", give.path)).clicked() {
                        commands.go_to(&give.path);
                    }
                });
            });
        });
    }
    if edits.len() > 1 && ui.button("Apply all").clicked() {
        let edits = edits.into_iter().map(|(path, text)| change::Edit::Set { path, value: text }).collect();
        commands.send(Request::Batch("let the limits give".into(), edits));
    }
}

/// The number that gives enough, rounded outwards so that rounding does not leave it short; nothing
/// if the place holds no plain number.
fn new_value(document: &Document, give: &Give) -> Option<String> {
    let node = document.value(&give.path)?;
    node.number()?;
    let after = give.value + give.give;
    let unit = 10f64.powf((after.abs().max(1e-9).log10() - 4.0).floor());
    let rounded = if give.give >= 0.0 { (after / unit).ceil() * unit } else { (after / unit).floor() * unit };
    // Powers of ten leave dust: print what was meant.
    Some(format!("{:?}", (rounded * 1e9).round() / 1e9))
}
