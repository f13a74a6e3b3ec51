//! Plan › Roll on: the plan as it goes on from a later month. What stands by then is shown as the answer has it;
//! whoever knows better corrects it, and what is stated counts.

use std::sync::{Arc, Mutex, PoisonError};

use egui::{DragValue, Label, RichText, ScrollArea, TextEdit, Ui};

use super::arithmetic;
use super::command::{Commands, Request};
use super::job::Job;
use super::theme;
use super::widgets::primary_ui;
use crate::diagnostic::Diagnostic;
use crate::living::{self, Rolled, Standing, StandingKind};
use crate::plan::file::print;
use crate::plan::{Month, Plan};
use crate::resolved::Series;
use crate::words::{called, exact};

/// Where the question stands.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    /// The month is asked for.
    Asking,
    /// What stands is looked for.
    Finding(Work<Vec<Standing>>),
    /// What stands can be corrected.
    Correcting {
        /// As the answer has it.
        planned: Vec<Standing>,
        /// As it is stated.
        rows: Vec<Standing>,
    },
    /// The plan is rolled on; what was corrected is kept, for where that fails.
    Rolling { work: Work<Rolled>, corrected: Option<(Vec<Standing>, Vec<Standing>)> },
    /// The rolled plan, to be opened.
    Done(Box<Rolled>),
}

/// What work beside the window comes to, or what is wrong.
type Ending<T> = Result<T, Vec<Diagnostic>>;

/// Work beside the window whose end is looked for.
#[derive(Clone)]
struct Work<T>(Arc<Mutex<Option<Job<Ending<T>>>>>);

impl<T: Send + 'static> Work<T> {
    fn start(name: &str, context: egui::Context, work: impl FnOnce() -> Ending<T> + Send + 'static) -> Result<Self, String> {
        let job = Job::start(name, move || context.request_repaint(), move |_| work())
            .map_err(|error| format!("It could not be started: {error}."))?;
        Ok(Self(Arc::new(Mutex::new(Some(job)))))
    }

    /// What came of it, once it is there.
    fn ended(&self) -> Option<Result<T, String>> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Some(match Job::poll(&mut slot)? {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(problems)) => Err(problems.iter().map(in_words).collect::<Vec<_>>().join(" ")),
            Err(_) => Err("It ended without an answer; the log says more.".to_owned()),
        })
    }
}

impl<T> PartialEq for Work<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> std::fmt::Debug for Work<T> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Work")
    }
}

fn in_words(problem: &Diagnostic) -> String {
    format!("{} {}", problem.message, problem.help.as_deref().unwrap_or_default()).trim().to_owned()
}

/// The question as far as it is answered.
#[derive(Clone, Debug)]
pub struct RollForm {
    plan: Arc<Plan>,
    series: Arc<Series>,
    months: Vec<Month>,
    to: Month,
    stage: Stage,
    problem: Option<String>,
}

impl PartialEq for RollForm {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.plan, &other.plan) && self.to == other.to && self.stage == other.stage
    }
}

impl RollForm {
    /// The question for a plan with its scenario applied.
    #[must_use]
    pub fn new(plan: Plan, series: Arc<Series>) -> Self {
        let months = living::months(&plan);
        let to = months.first().copied().unwrap_or(plan.horizon.start);
        Self { plan: Arc::new(plan), series, months, to, stage: Stage::Asking, problem: None }
    }

    /// What is stated: every row of the things of which something was changed.
    fn actuals(planned: &[Standing], rows: &[Standing]) -> Vec<Standing> {
        let of = |all: &[Standing], row: &Standing| -> Vec<(f64, String)> {
            all.iter().filter(|other| other.id() == row.id()).map(|other| (other.amount, other.month.clone())).collect()
        };
        let changed = rows.iter().filter(|row| of(planned, row) != of(rows, row));
        changed.map(|row| Standing { fleet: None, ordered: None, ..row.clone() }).collect()
    }

    fn advance(&mut self) {
        match &self.stage {
            Stage::Finding(work) => match work.ended() {
                None => {}
                Some(Ok(rows)) => self.stage = Stage::Correcting { planned: rows.clone(), rows },
                Some(Err(problem)) => (self.stage, self.problem) = (Stage::Asking, Some(problem)),
            },
            Stage::Rolling { work, corrected } => match work.ended() {
                None => {}
                Some(Ok(rolled)) => self.stage = Stage::Done(Box::new(rolled)),
                Some(Err(problem)) => {
                    let back = corrected.clone().map_or(Stage::Asking, |(planned, rows)| Stage::Correcting { planned, rows });
                    (self.stage, self.problem) = (back, Some(problem));
                }
            },
            Stage::Asking | Stage::Correcting { .. } | Stage::Done(_) => {}
        }
    }

    fn roll(&mut self, context: &egui::Context) {
        let corrected = match &self.stage {
            Stage::Correcting { planned, rows } => Some((planned.clone(), rows.clone())),
            _ => None,
        };
        let actuals = corrected.as_ref().map_or_else(Vec::new, |(planned, rows)| Self::actuals(planned, rows));
        let (plan, series, to) = (Arc::clone(&self.plan), Arc::clone(&self.series), self.to);
        match Work::start("roll", context.clone(), move || living::roll(&plan, &series, to, &actuals)) {
            Ok(work) => (self.stage, self.problem) = (Stage::Rolling { work, corrected }, None),
            Err(problem) => self.problem = Some(problem),
        }
    }

    fn find(&mut self, context: &egui::Context) {
        let (plan, series, to) = (Arc::clone(&self.plan), Arc::clone(&self.series), self.to);
        match Work::start("stands", context.clone(), move || living::standing(&plan, &series, to)) {
            Ok(work) => (self.stage, self.problem) = (Stage::Finding(work), None),
            Err(problem) => self.problem = Some(problem),
        }
    }
}

/// Draws the question; whether it is answered.
pub fn roll_form_ui(ui: &mut Ui, form: &mut RollForm, commands: &mut Commands) -> bool {
    form.advance();
    ui.set_width(560.0_f32.min(ui.ctx().content_rect().width() - 60.0));
    ui.label(theme::title("Roll the plan on"));
    ui.label(theme::quiet(
        ui,
        "The plan as it goes on from a later month: what its answer has ordered and put into service by then stands. It opens as a plan of its own; this one stays in its file.",
    ));
    if form.months.is_empty() {
        ui.label(RichText::new("The plan has one period: there is nothing left to roll on to.").color(theme::tokens(ui).bad));
        return ui.button("Close").clicked();
    }
    if let Stage::Done(rolled) = &form.stage {
        return done_ui(ui, rolled, commands);
    }
    let is_working = matches!(form.stage, Stage::Finding(_) | Stage::Rolling { .. });
    ui.horizontal(|ui| {
        ui.label("From");
        ui.add_enabled_ui(!is_working, |ui| {
            let before = form.to;
            let combo = egui::ComboBox::from_id_salt("roll to").selected_text(form.to.to_string()).show_ui(ui, |ui| {
                for month in &form.months {
                    ui.selectable_value(&mut form.to, *month, month.to_string());
                }
            });
            combo.response.accessible_name("First month of the rolled plan");
            if form.to != before {
                form.stage = Stage::Asking;
            }
        });
        if is_working {
            ui.add(egui::Spinner::new().size(12.0));
            ui.label(theme::quiet(ui, if matches!(form.stage, Stage::Finding(_)) { "looking what stands" } else { "rolling on" }));
        }
    });
    if let Stage::Correcting { rows, .. } = &mut form.stage {
        rows_ui(ui, &form.plan, rows);
    }
    if let Some(problem) = &form.problem {
        ui.add(Label::new(RichText::new(problem).color(theme::tokens(ui).bad)).wrap());
    }
    ui.add_space(8.0);
    let context = ui.ctx().clone();
    let mut closes = false;
    ui.horizontal(|ui| {
        ui.add_enabled_ui(!is_working, |ui| {
            if primary_ui(ui, "Roll on").clicked() {
                form.roll(&context);
            }
            let asks = matches!(form.stage, Stage::Asking);
            if asks
                && ui
                    .button("State what really stands…")
                    .on_hover_text("Shows what stands by then as the answer has it, to be corrected")
                    .clicked()
            {
                form.find(&context);
            }
        });
        closes = ui.button("Cancel").clicked();
    });
    closes
}

/// What a thing that stands is called in the window.
fn named(plan: &Plan, row: &Standing) -> String {
    match row.kind {
        StandingKind::Chips => called(plan, &format!("chips.{}", row.thing)),
        StandingKind::Offer => row.thing.split('/').map(|part| called(plan, part)).collect::<Vec<_>>().join(", "),
        StandingKind::Halls | StandingKind::Plant | StandingKind::Contract => called(plan, &row.thing),
    }
}

/// What stands, to be corrected.
fn rows_ui(ui: &mut Ui, plan: &Plan, rows: &mut [Standing]) {
    ui.label(theme::quiet(
        ui,
        "What is there or on its way, and from when. Correct what is otherwise; an amount of 0 says that there is none.",
    ));
    let height = (ui.ctx().content_rect().height() - 320.0).clamp(120.0, 360.0);
    ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink([false, true]).show(ui, |ui| {
        if rows.is_empty() {
            ui.label(theme::quiet(ui, "Nothing is ordered or signed by then."));
        }
        egui::Grid::new("stands").num_columns(5).striped(true).spacing([12.0, 4.0]).show(ui, |ui| {
            for (number, row) in rows.iter_mut().enumerate() {
                let name = named(plan, row);
                ui.label(format!("{} {name}", row.kind.word()));
                ui.label(theme::quiet(ui, called(plan, &format!("sites.{}", row.site))));
                let amount = DragValue::new(&mut row.amount)
                    .range(0.0..=f64::MAX)
                    .max_decimals(3)
                    .custom_formatter(|value, _| exact((value * 1e3).round() / 1e3))
                    .custom_parser(|text| arithmetic::evaluate(text, "", false).ok());
                ui.add(amount).accessible_name(format!("Amount {} of {name}", number + 1));
                ui.label(theme::quiet(ui, &row.unit));
                let is_month = row.from().is_some();
                let color = if is_month { theme::tokens(ui).text } else { theme::tokens(ui).bad };
                let field = TextEdit::singleline(&mut row.month).desired_width(92.0).text_color(color);
                ui.add(field)
                    .accessible_name(format!("Month {} of {name}", number + 1))
                    .on_hover_text("The month from which it is there, such as 2027-07");
                ui.end_row();
            }
        });
    });
}

/// What came of it, and the plan to be opened.
fn done_ui(ui: &mut Ui, rolled: &Rolled, commands: &mut Commands) -> bool {
    ui.add(Label::new(RichText::new(rolled.checked()).text_style(theme::strong())).wrap());
    let height = (ui.ctx().content_rect().height() - 300.0).clamp(100.0, 340.0);
    ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink([false, true]).show(ui, |ui| {
        for sentence in &rolled.said {
            ui.add(Label::new(sentence).wrap());
        }
    });
    ui.add_space(8.0);
    let mut closes = false;
    ui.horizontal(|ui| {
        if primary_ui(ui, "Open it").clicked() {
            commands.send(Request::NewFromText {
                name: format!("{} from {}", rolled.plan.name, rolled.plan.horizon.start),
                text: print(&rolled.plan),
            });
            closes = true;
        }
        closes |= ui.button("Cancel").clicked();
    });
    closes
}
