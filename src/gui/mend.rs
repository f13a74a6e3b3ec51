//! The click that mends: for what is wrong or doubtful in a plan, a change that makes it right. Each is tried on a
//! copy of the plan first and offered only if the problem is gone and nothing else is wrong instead.

use std::collections::HashSet;
use std::sync::Arc;

use egui::{Button, Id, Ui};

use super::change::{self, Edit, Stroke};
use super::command::{Commands, Request};
use super::document::Document;
use super::{propose, reflect};
use crate::catalog::Catalog;
use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::plan::check::{check, keeps_from_solving};
use crate::plan::edit::applied;
use crate::plan::node::{Node, Shape, quoted};
use crate::resolved::{Resolved, Series};

/// Problems that a mend is looked for; the rest come up once these are gone.
const MOST: usize = 24;
/// How many periods the horizon is made longer at most.
const LONGER: u32 = 8;

/// A change that mends a problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Mend {
    /// What the button says.
    pub label: String,
    /// The change.
    pub edit: Edit,
}

/// Everything that rules find in a plan.
fn problems_of(plan: &Plan, series: &Series) -> Vec<Diagnostic> {
    let mut problems = check(plan, &HashSet::new());
    if problems.iter().any(|problem| keeps_from_solving(problem, "")) {
        return problems;
    }
    match Resolved::new(plan, Catalog::embedded(), series) {
        Ok(resolved) => problems.extend(resolved.warnings),
        Err(errors) => problems.extend(errors),
    }
    problems
}

/// A change that mends a problem of a plan, if one was found that does.
#[must_use]
pub fn mend(plan: &Plan, series: &Series, problem: &Diagnostic) -> Option<Mend> {
    let candidates = candidates(plan, problem);
    if candidates.is_empty() {
        return None;
    }
    let same = |other: &&Diagnostic| (other.code, &other.path) == (problem.code, &problem.path);
    let errors = |problems: &[Diagnostic]| problems.iter().filter(|problem| problem.is_error()).count();
    let before = problems_of(plan, series);
    let had = before.iter().filter(same).count();
    candidates.into_iter().find(|mend| {
        let Ok(changed) = applied(plan, &mend.edit) else { return false };
        let after = problems_of(&changed, series);
        // With its errors mended a plan is looked at further, and more may be doubtful in it.
        after.iter().filter(same).count() < had.max(1) && (errors(&after) < errors(&before) || errors(&after) == 0)
    })
}

fn candidates(plan: &Plan, problem: &Diagnostic) -> Vec<Mend> {
    let path = problem.path.as_str();
    let place = reflect::place(plan, path);
    let mut found = Vec::new();
    let mut offer = |label: String, edit: Edit| found.push(Mend { label, edit });
    let help = problem.help.as_deref().unwrap_or_default();
    let shape = place.as_ref().map(|place| place.shape);
    let inner = match shape {
        Some(Shape::Optional(inner)) => Some(inner()),
        other => other,
    };
    // What was meant.
    if let Some(near) = help.strip_prefix("Did you mean `").and_then(|rest| rest.split('`').next())
        && matches!(inner, Some(Shape::Text | Shape::Reference(_)))
    {
        let named = if let Some(Shape::Reference(target)) = inner { name_of(plan, target, near) } else { near.to_owned() };
        offer(format!("Use {named}"), Edit::set(path, quoted(near)));
    }
    if let Some(Shape::Reference(target)) = inner {
        let ids = plan.child(target).map(Node::children).unwrap_or_default();
        for id in ids.iter().take(4) {
            offer(format!("Use {}", name_of(plan, target, id)), Edit::set(path, quoted(id)));
        }
    }
    match problem.code {
        // The same number from the month it is needed in.
        "no-step-yet" | "missing-step" => {
            let month = help.split(|letter: char| !(letter.is_ascii_digit() || letter == '-')).find(|word| word.len() == 7);
            if let Some(month) = month
                && let Some(first) =
                    change::get(plan, path).and_then(|node| node.child(node.children().first()?).map(|step| step.tree().inline()))
            {
                offer(
                    format!("Let it be {first} from {month} on"),
                    Edit::Insert { path: path.to_owned(), id: month.to_owned(), position: None, value: first },
                );
            }
        }
        "segment-order" => found.extend(dearest_first(plan, path)),
        "slice-weights" => found.extend(shares_of_one(plan)),
        "goal-needs-finance" => offer("State tax and debt".to_owned(), Edit::set("finance", propose::FINANCE)),
        "never-arrives" | "not-in-time" | "never-in-force" | "outside-horizon" => {
            for more in 1..=LONGER {
                let periods = plan.horizon.periods.saturating_add(more);
                let label = format!("Plan {} longer", crate::words::counted((more * plan.horizon.period_months) as usize, "month"));
                offer(label, Edit::set("horizon.periods", periods.to_string()));
            }
        }
        _ => {}
    }
    // A change of what is not there can go: it has nothing to change.
    if problem.code == "unknown-path" && path.starts_with("scenarios.") && change::get(plan, path).is_some() {
        found.push(Mend { label: "Drop this change".to_owned(), edit: Edit::remove(path) });
    }
    // What does nothing can go.
    let does_nothing = matches!(problem.code, "never-binds" | "no-effect" | "outside-horizon" | "no-hours" | "no-charge" | "two-readings");
    if does_nothing && !path.is_empty() && change::get(plan, path).is_some() {
        found.push(Mend { label: "Take it out".to_owned(), edit: Edit::remove(path) });
    }
    found
}

fn name_of(plan: &Plan, map: &str, id: &str) -> String {
    crate::words::name_at(plan, &reflect::join(map, id)).unwrap_or_else(|| id.to_owned())
}

/// Segments of a demand with the dearest first.
fn dearest_first(plan: &Plan, path: &str) -> Option<Mend> {
    let list = path.split_once(".segments").map(|(demand, _)| format!("{demand}.segments"))?;
    let node = change::get(plan, &list)?;
    let price = |key: &String| {
        let price = node.child(key)?.child("usd_per_mtok")?;
        price.number().or_else(|| price.child("answer")?.number())
    };
    let mut keys = node.children();
    keys.sort_by(|a, b| price(b).unwrap_or(0.0).total_cmp(&price(a).unwrap_or(0.0)));
    let texts: Option<Vec<String>> = keys.iter().map(|key| Some(node.child(key)?.tree().inline())).collect();
    Some(Mend { label: "Put the dearest first".to_owned(), edit: Edit::set(list, format!("[{}]", texts?.join(", "))) })
}

/// Shares of representative days that add up to one.
fn shares_of_one(plan: &Plan) -> Option<Mend> {
    let node = change::get(plan, "slices.days")?;
    let shares: Option<Vec<(String, f64)>> =
        node.children().into_iter().map(|id| Some((id.clone(), node.child(&id)?.child("share_fraction")?.number()?))).collect();
    let shares = shares.filter(|shares| shares.iter().map(|(_, share)| share).sum::<f64>() > 0.0)?;
    let all: f64 = shares.iter().map(|(_, share)| share).sum();
    let edits = shares.into_iter().map(|(id, share)| Edit::set_number(format!("slices.days.{id}.share_fraction"), share / all)).collect();
    Some(Mend { label: "Scale the shares to 1".to_owned(), edit: Edit::Many { label: "scale the days' shares to 1".to_owned(), edits } })
}

/// Mends of the document's problems, in their order; found once a revision.
fn mends(ui: &Ui, document: &Document) -> Arc<Vec<Option<Mend>>> {
    type Kept = (u64, usize, Arc<Vec<Option<Mend>>>);
    let key = Id::unique("mends of the problems");
    let now = (document.revision(), document.problems().len());
    if let Some((revision, count, kept)) = ui.data(|data| data.get_temp::<Kept>(key))
        && (revision, count) == now
    {
        return kept;
    }
    let found = document.problems().iter().take(MOST).map(|problem| mend(document.plan(), document.series(), problem)).collect();
    let found = Arc::new(found);
    ui.data_mut(|data| data.insert_temp::<Kept>(key, (now.0, now.1, Arc::clone(&found))));
    found
}

/// The button that mends a problem of the document, if there is one.
pub fn mend_ui(ui: &mut Ui, document: &Document, problem: &Diagnostic, commands: &mut Commands) {
    if document.is_read_only() {
        return;
    }
    let Some(index) = document.problems().iter().position(|other| std::ptr::eq(other, problem)) else { return };
    let Some(mend) = mends(ui, document).get(index).cloned().flatten() else { return };
    let button = ui.add(Button::new(&mend.label).small()).accessible_name(format!("Mend: {}", mend.label));
    if button.on_hover_text("Makes this right; it can be undone").clicked() {
        let edit = match mend.edit {
            Edit::Many { .. } => mend.edit,
            edit => Edit::Many { label: crate::words::lowered(&mend.label), edits: vec![edit] },
        };
        commands.send(Request::Edit(edit, Stroke::Once));
    }
}
