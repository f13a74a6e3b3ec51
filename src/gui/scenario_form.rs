//! The question that names a scenario: a new one, a copy, another name, or several in one.

use crate::words;
use egui::{Key, RichText, Ui};

use super::command::{Commands, Decision, Request};
use super::document::Document;
use super::widgets::{primary_ui, tick_ui, typed_over};
use super::{change, theme};
use crate::plan::Plan;
use crate::plan::node::{Node as _, id_problem, quoted};
use change::Edit;

/// What is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A scenario that changes nothing yet.
    New,
    /// A copy of this one.
    Copy(String),
    /// This one.
    Rename(String),
    /// Several in one: those that are ticked, in the order in which they were ticked.
    Combine(Vec<String>),
}

/// The question as far as it is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioForm {
    kind: Kind,
    name: String,
}

impl ScenarioForm {
    /// The question, with a name that is free.
    #[must_use]
    pub fn new(kind: Kind, plan: &Plan) -> Self {
        let wanted = match &kind {
            Kind::New => "scenario".to_owned(),
            Kind::Copy(from) | Kind::Rename(from) => from.clone(),
            Kind::Combine(_) => "combined".to_owned(),
        };
        let taken: Vec<String> = plan.scenarios.keys().cloned().collect();
        let name = if matches!(kind, Kind::Rename(_)) { wanted } else { super::templates::free_id(&taken, &wanted) };
        Self { kind, name }
    }
}

/// The scenarios' changes one after the other, a later one in place of an earlier one at or below it.
#[must_use]
pub fn combined(plan: &Plan, names: &[String]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for (path, value) in names.iter().filter_map(|name| plan.scenarios.get(name)).flat_map(|variation| &variation.set.0) {
        all.retain(|(other, _)| !other.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')));
        all.push((path.clone(), value.0.clone()));
    }
    all
}

/// Paths that more than one of the scenarios set.
fn met(plan: &Plan, names: &[String]) -> Vec<String> {
    let of = |name: &String| plan.scenarios.get(name).map(|variation| variation.set.children()).unwrap_or_default();
    let mut met = Vec::new();
    for (index, name) in names.iter().enumerate() {
        for path in of(name) {
            if names.iter().skip(index + 1).any(|other| of(other).contains(&path)) && !met.contains(&path) {
                met.push(path);
            }
        }
    }
    met
}

fn edit_of(form: &ScenarioForm, plan: &Plan, name: &str) -> Edit {
    match &form.kind {
        Kind::New => Edit::insert("scenarios", name, "(set: {})"),
        Kind::Copy(from) => {
            let text = plan.scenarios.get(from).map_or_else(|| "(set: {})".to_owned(), |variation| variation.tree().inline());
            Edit::insert("scenarios", name, text)
        }
        Kind::Rename(from) => Edit::Rename { path: format!("scenarios.{from}"), to: name.to_owned() },
        Kind::Combine(names) => {
            let set: Vec<String> = combined(plan, names).iter().map(|(path, value)| format!("{}: {value}", quoted(path))).collect();
            let notes = quoted(&format!("{} together", names.join(", ")));
            Edit::insert("scenarios", name, format!("(notes: {notes}, set: {{{}}})", set.join(", ")))
        }
    }
}

/// Draws the question; whether it is answered.
pub fn scenario_form_ui(ui: &mut Ui, form: &mut ScenarioForm, document: &Document, commands: &mut Commands) -> bool {
    let plan = document.base();
    ui.set_width(380.0_f32.min(ui.ctx().content_rect().width() - 60.0));
    let (title, text, verb) = match &form.kind {
        Kind::New => {
            ("New scenario", "The same plan with some numbers changed. What you edit next goes into it; the base plan stays.", "Add")
        }
        Kind::Copy(_) => ("Duplicate the scenario", "A copy with the same changes, to go on from.", "Duplicate"),
        Kind::Rename(_) => ("Rename the scenario", "", "Rename"),
        Kind::Combine(_) => ("Combine scenarios", "The changes of all that are ticked, in one new scenario.", "Combine"),
    };
    ui.label(theme::title(title));
    if !text.is_empty() {
        ui.label(theme::quiet(ui, text));
    }
    if let Kind::Combine(picked) = &mut form.kind {
        for name in plan.scenarios.keys() {
            let mut on = picked.contains(name);
            if tick_ui(ui, &mut on, name).changed() {
                picked.retain(|other| other != name);
                if on {
                    picked.push(name.clone());
                }
            }
        }
        for path in met(plan, picked) {
            let last = picked.last().cloned().unwrap_or_default();
            ui.label(theme::quiet(ui, format!("More than one sets {}; the last ticked, {last}, is taken.", words::path_in_words(&path))));
        }
    }
    let field = ui
        .add(egui::TextEdit::singleline(&mut form.name).desired_width(f32::INFINITY).margin(egui::Margin::symmetric(8, 5)))
        .accessible_name("Name of the scenario");
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if ui.memory(|memory| memory.focused().is_none()) {
        typed_over(ui, &field, &form.name);
    }
    let name = words::id_of(&form.name);
    let own = matches!(&form.kind, Kind::Rename(from) if *from == name);
    let problem = id_problem(&name)
        .or_else(|| (!own && plan.scenarios.contains_key(&name)).then(|| format!("There is a scenario {name} already.")))
        .or_else(|| matches!(&form.kind, Kind::Combine(picked) if picked.len() < 2).then(|| "Tick at least two.".to_owned()));
    if let Some(problem) = &problem {
        ui.label(RichText::new(problem).small().color(theme::tokens(ui).bad));
    }
    ui.add_space(8.0);
    let mut done = false;
    ui.horizontal(|ui| {
        let wanted = ui.add_enabled_ui(problem.is_none(), |ui| primary_ui(ui, verb).clicked()).inner;
        if problem.is_none() && (wanted || entered) {
            commands.send(Request::Decide(Decision::Scenario { edit: edit_of(form, plan, &name), pick: name.clone() }));
            done = true;
        }
        done |= ui.button("Cancel").clicked();
    });
    done
}
