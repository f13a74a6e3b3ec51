//! What changed a key figure between the two answers that are compared: each group of inputs with its share.

use std::sync::Arc;

use egui::{Label, RichText, Ui};

use super::sides::Shown;
use crate::charts::Chart;
use crate::diagnostic::Diagnostic;
use crate::gui::command::Commands;
use crate::gui::job::Job;
use crate::gui::theme;
use crate::gui::widgets::chart::{Card, card_ui};
use crate::living::{Bridge, bridge};
use crate::plan::Plan;
use crate::resolved::Series;
use crate::study::summary::SHOWN;
use crate::words::with_unit;

/// Height of the picture.
const HEIGHT: f32 = 300.0;

type Found = Result<Bridge, Vec<Diagnostic>>;

/// What is known of the change.
#[derive(Default)]
pub struct Bridged {
    figure: usize,
    /// The two plans and the figure it is of.
    of: Option<(Arc<Plan>, Arc<Plan>, usize)>,
    job: Option<Job<Found>>,
    found: Option<Result<(Arc<Chart>, String), String>>,
    card: Card,
}

impl std::fmt::Debug for Bridged {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Bridged").field("figure", &self.figure).finish_non_exhaustive()
    }
}

impl Bridged {
    fn start(&mut self, ui: &Ui, (before, after): (&Arc<Plan>, &Arc<Plan>), series: &Arc<Series>) {
        let Some((figure, ..)) = SHOWN.get(self.figure).copied() else { return };
        let (one, other, series, context) = (Arc::clone(before), Arc::clone(after), Arc::clone(series), ui.ctx().clone());
        self.of = Some((Arc::clone(before), Arc::clone(after), self.figure));
        self.found = None;
        let work = move || bridge((&one, &series), (&other, &series), figure);
        match Job::start("bridge", move || context.request_repaint(), move |_| work()) {
            Ok(job) => self.job = Some(job),
            Err(error) => self.found = Some(Err(format!("It could not be started: {error}."))),
        }
    }

    fn poll(&mut self) {
        let Some(ended) = Job::poll(&mut self.job) else { return };
        self.found = Some(match ended {
            Ok(Ok(bridge)) => Ok((Arc::new(bridge.chart()), words(&bridge))),
            Ok(Err(problems)) => {
                let words = |problem: &Diagnostic| format!("{} {}", problem.message, problem.help.as_deref().unwrap_or_default());
                Err(problems.iter().map(words).collect::<Vec<_>>().join(" ").trim().to_owned())
            }
            Err(_) => Err("It ended without an answer; the log says more.".to_owned()),
        });
    }
}

/// The sum in a sentence, and what the first goal came to.
fn words(bridge: &Bridge) -> String {
    let (title, unit) = bridge.title();
    let mut words = format!("{title} went from {} to {}.", with_unit(bridge.before, unit), with_unit(bridge.after, unit));
    if let Some(goal) = &bridge.goal {
        let (was, is) = (with_unit(goal.before, &goal.unit), with_unit(goal.after, &goal.unit));
        words.push_str(&format!(" What the plan wants first, {}, went from {was} to {is}.", crate::words::goal(&goal.name)));
    }
    // What only one of the plans has is told by name: no bar shows it.
    for (part, said) in bridge.parts.iter().filter_map(|part| Some((part, part.in_words()?))) {
        words.push_str(&format!("\n{}: {said}.", part.name));
    }
    words
}

/// Draws what changed between the first two answers, once it is asked for.
pub fn bridged_ui(ui: &mut Ui, view: &mut Bridged, sides: &[Shown], names: &[String], series: &Arc<Series>, commands: &mut Commands) {
    let ([before, after, ..], [was, is, ..]) = (sides, names) else { return };
    view.poll();
    let is_of = view
        .of
        .as_ref()
        .is_some_and(|(one, other, figure)| Arc::ptr_eq(one, &before.plan) && Arc::ptr_eq(other, &after.plan) && *figure == view.figure);
    if !is_of && view.of.is_some() {
        // What was found is of other plans: let go.
        (view.of, view.job, view.found) = (None, None, None);
    }
    ui.horizontal_wrapped(|ui| {
        ui.label(theme::title("What changed"));
        let name = |place: usize| SHOWN.get(place).map_or_else(String::new, |(_, title, unit)| format!("{title}, {unit}"));
        let combo = egui::ComboBox::from_id_salt("bridged figure").selected_text(name(view.figure)).width(130.0).show_ui(ui, |ui| {
            for place in 0..SHOWN.len() {
                ui.selectable_value(&mut view.figure, place, name(place));
            }
        });
        combo.response.accessible_name("Figure whose change is parted");
        if view.job.is_some() {
            ui.add(egui::Spinner::new().size(12.0));
            ui.label(theme::quiet(ui, "solving mixtures of the two plans"));
            if ui.button("Stop").accessible_name("Stop parting the change").clicked() {
                (view.of, view.job) = (None, None);
            }
        } else if view.found.is_none() {
            let ready = before.results.is_some() && after.results.is_some();
            let button = ui.add_enabled(ready, egui::Button::new("Part the change among the inputs"));
            if button
                .on_hover_text("Takes up to 64 solves beside the window: each group of inputs from the one plan or the other")
                .clicked()
            {
                view.start(ui, (&before.plan, &after.plan), series);
            }
        }
    });
    match &view.found {
        Some(Ok((chart, words))) => {
            ui.add(Label::new(theme::quiet(ui, format!("From {was} to {is}: {words}"))).wrap());
            let chart = Arc::clone(chart);
            let height = if view.card.large { 2.0 * HEIGHT } else { HEIGHT };
            ui.push_id("bridge", |ui| card_ui(ui, &chart, height, &mut view.card, commands));
        }
        Some(Err(problem)) => {
            ui.add(Label::new(RichText::new(problem).color(theme::tokens(ui).bad)).wrap());
        }
        None => {}
    }
}
