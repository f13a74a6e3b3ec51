//! The guided first plan: some five minutes, on the planner's own site, from a point on the map to an answer and to
//! what would change it. A card says what to do next; the plan itself is built with the workbench's own means, so
//! that each step is also how it is done ever after.

use crate::words;
use egui::{Align, Button, Id, Label, Layout, RichText, Ui, vec2};

use super::command::{Commands, UiCommand};
use super::document::Document;
use super::panels::checklist;
use super::panels::explain::runs;
use super::theme;
use super::view::ViewState;
use super::widgets::primary_ui;
use crate::plan::Plan;

/// How far the planner is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guided {
    /// Index of the step shown.
    pub step: usize,
    /// The step whose field was brought into sight already.
    shown: Option<usize>,
}

/// What a step asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ask {
    /// A part of the plan, by its place on the checklist.
    Part(usize),
    /// A look at the answer.
    Answer,
    /// A change, and what it did.
    Change,
    /// A file.
    Save,
}

/// A step: what it asks for, its title, what to do and why, and the field to look at once it is done.
struct Step {
    ask: Ask,
    title: &'static str,
    text: &'static str,
    field: fn(&Plan) -> Option<String>,
}

fn of_first(ids: Option<&String>, map: &str, field: &str) -> Option<String> {
    ids.map(|id| format!("{map}.{id}.{field}"))
}

const STEPS: [Step; 10] = [
    Step {
        ask: Ask::Part(0),
        title: "Your site",
        text: "Zoom into the map with the wheel and double-click where your site is. Its country, its clock and what power and building cost there follow from the place. Then say on the right how many MW the grid gives it, and from when.",
        field: |plan| of_first(plan.sites.keys().next(), "sites", "interconnect_mw"),
    },
    Step {
        ask: Ask::Part(1),
        title: "Halls",
        text: "What may be built there: a kind of hall with its MW of IT, its cost, how many months it takes and how many there can be. A hall that stands already goes under Halls of the site.",
        field: |plan| {
            let (id, site) = plan.sites.iter().find(|(_, site)| !site.buildable.is_empty())?;
            Some(format!("sites.{id}.buildable.{}.at_most", site.buildable.keys().next()?))
        },
    },
    Step {
        ask: Ask::Part(2),
        title: "Power",
        text: "A contract for the energy, to begin with the grid's tariff. Check its price; hours, demand charges, PPAs and batteries can come later.",
        field: |plan| of_first(plan.contracts.keys().next(), "contracts", "terms.energy_usd_per_mwh"),
    },
    Step {
        ask: Ask::Part(3),
        title: "Chips",
        text: "Pick a chip of the catalog: speed, power and price come with their sources. Then say how many can be bought in a quarter.",
        field: |plan| of_first(plan.chips.keys().next(), "chips", "supply_per_period"),
    },
    Step {
        ask: Ask::Part(4),
        title: "A model to serve",
        text: "Pick what the chips run. Its size decides how many tokens a chip makes.",
        field: |plan| of_first(plan.served_models.keys().next(), "served_models", "catalog"),
    },
    Step {
        ask: Ask::Part(5),
        title: "What you sell",
        text: "A token product: how long prompts and answers are, and how fast each user gets them (TPOT). Faster is dearer.",
        field: |plan| of_first(plan.products.keys().next(), "products", "tpot_ms"),
    },
    Step {
        ask: Ask::Part(6),
        title: "Who buys",
        text: "A market and its demand: how many tokens a day at which price, the dearest first. Once it is there, the plan solves by itself.",
        field: |plan| of_first(plan.markets.keys().next(), "markets", "demand"),
    },
    Step {
        ask: Ask::Answer,
        title: "Read the answer",
        text: "The figures above are the best plan there is under your numbers: point at one to see what it is made of.",
        field: |_| None,
    },
    Step {
        ask: Ask::Change,
        title: "Change something",
        text: "The answer is pinned as the baseline. Drag any number on the right, such as the site's MW: the figures follow your hand and say what changed. Ctrl+Z takes it back.",
        field: |plan| of_first(plan.sites.keys().next(), "sites", "interconnect_mw"),
    },
    Step {
        ask: Ask::Save,
        title: "Keep it",
        text: "Save the plan: it is one file that can be read and mailed. Explain says what holds it back, Compare puts scenarios side by side, Report is for those who were not here.",
        field: |_| None,
    },
];

/// Whether what a step asks for is there.
fn is_done(ask: Ask, document: &Document) -> bool {
    match ask {
        Ask::Part(index) => checklist::items(document.plan()).get(index).is_some_and(|item| item.done),
        Ask::Answer => document.results().is_some() && document.is_settled(),
        Ask::Change => document.is_settled() && what_changed(document).is_some(),
        Ask::Save => document.path.is_some() && !document.is_dirty(),
    }
}

/// What the last change did to the answer, in words; `None` if it did nothing yet.
fn what_changed(document: &Document) -> Option<String> {
    let (results, baseline) = (document.results()?, document.baseline()?);
    let tokens = results.kpis.answer_tokens_ttok_per_year - baseline.results.kpis.answer_tokens_ttok_per_year;
    let npv = results.kpis.npv_musd - baseline.results.kpis.npv_musd;
    if results.plan_sha256 == baseline.results.plan_sha256 {
        return None;
    }
    let more = |value: f64| if value < 0.0 { "less" } else { "more" };
    let name = document.undo_name().unwrap_or("The change");
    Some(format!(
        "{}: {} a year {}, NPV {} {}.",
        words::sentence(name),
        words::ttok(tokens.abs()),
        more(tokens),
        words::musd(npv.abs()),
        more(npv)
    ))
}

/// What there is to say once a step is done.
fn told(ask: Ask, document: &Document) -> Option<String> {
    match ask {
        Ask::Answer => {
            let results = document.results()?;
            let kpis = &results.kpis;
            let first = format!(
                "{} a year at {} $ a million, NPV {}.",
                words::ttok(kpis.answer_tokens_ttok_per_year),
                words::short(kpis.cost_usd_per_mtok),
                words::musd(kpis.npv_musd)
            );
            let holds = runs(results).first().map(|run| format!(" What holds it back most: {}", run.sentence));
            Some(first + &holds.unwrap_or_default())
        }
        Ask::Change => what_changed(document),
        _ => None,
    }
}

/// Draws the card of the step in hand, if a plan is being guided.
pub fn guided_ui(ui: &Ui, document: &Document, view: &mut ViewState, commands: &mut Commands) {
    let Some(mut guided) = view.guided else { return };
    let Some(step) = STEPS.get(guided.step) else {
        view.guided = None;
        return;
    };
    let done = is_done(step.ask, document);
    if done && guided.shown != Some(guided.step) {
        // What was just added is looked at: its number is the planner's to say.
        guided.shown = Some(guided.step);
        if let Some(field) = (step.field)(document.plan()) {
            commands.go_to(&field);
        }
    }
    let mut leave = false;
    let screen = ui.ctx().content_rect();
    let title = format!("First plan, {} of {}", guided.step + 1, STEPS.len());
    egui::Window::new(&title)
        .id(Id::unique("guided first plan"))
        .collapsible(false)
        .resizable(false)
        .fixed_size(vec2(330.0_f32.min(screen.width() - 40.0), 0.0))
        .default_pos(egui::pos2(screen.left() + 264.0_f32.min(screen.width() * 0.3), screen.bottom() - 290.0))
        .constrain_to(screen)
        .frame(egui::Frame::window(&ui.global_style()).inner_margin(12))
        .show(ui.ctx(), |ui| {
            ui.label(RichText::new(step.title).text_style(theme::strong()));
            ui.add(Label::new(step.text).wrap());
            if let Some(told) = told(step.ask, document).filter(|_| done) {
                ui.add(Label::new(RichText::new(told).color(theme::tokens(ui).accent)).wrap());
            }
            ui.add_space(4.0);
            if !done {
                action_ui(ui, step.ask, document, commands);
            }
            ui.horizontal(|ui| {
                if guided.step > 0 && ui.button("Back").clicked() {
                    guided.step -= 1;
                }
                leave = ui.button("Leave").on_hover_text("The plan stays; Help brings the guided plan back").clicked();
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let last = guided.step + 1 == STEPS.len();
                    let text = if last { "Finish" } else { "Next" };
                    let next = if done { primary_ui(ui, text) } else { ui.add_enabled(false, Button::new(text)) };
                    if next.clicked() {
                        guided.step += 1;
                        if let Some(next) = STEPS.get(guided.step).filter(|next| next.ask == Ask::Change) {
                            commands.run(UiCommand::PinBaseline);
                            commands.go_to((next.field)(document.plan()).unwrap_or_default());
                        }
                    }
                });
            });
        });
    view.guided = (!leave && guided.step < STEPS.len()).then_some(guided);
}

/// The button that does what a step asks for, where one can.
fn action_ui(ui: &mut Ui, ask: Ask, document: &Document, commands: &mut Commands) {
    match ask {
        Ask::Part(index) => {
            let items = checklist::items(document.plan());
            let Some(item) = items.get(index) else { return };
            // On the map a site is put where it is; the button is for who has none in mind.
            let text = if index == 0 { "Put one in Texas" } else { item.button };
            if ui.button(text).accessible_name(format!("Guided: {text}")).clicked() {
                item.way.go(commands);
            }
        }
        Ask::Answer => {
            ui.label(theme::quiet(ui, if document.is_solving() { "Solving…" } else { "There is no answer yet; Problems says why." }));
        }
        Ask::Change => {
            ui.label(theme::quiet(ui, "Waiting for a change…"));
        }
        Ask::Save => {
            if ui.button("Save…").clicked() {
                commands.run(UiCommand::Save);
            }
        }
    }
}
