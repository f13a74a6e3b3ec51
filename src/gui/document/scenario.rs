//! Where an edit goes: into the picked scenario, or into the base plan.
//!
//! The picked scenario *is* what is edited: its values are on screen, what is typed becomes one of its
//! changes, and the base plan stays as it is. What a scenario can't hold (an entry added, removed,
//! renamed or moved) goes into the base plan, after the planner was asked.

use std::sync::Arc;

use super::Document;
use crate::diagnostic::Diagnostic;
use crate::gui::change::{self, Edit};
use crate::plan::Plan;
use crate::plan::node::Node as _;
use crate::study::with_scenario;

/// Parts of a plan that belong to the plan as a whole: no scenario changes them.
const OF_THE_PLAN: [&str; 4] = ["name", "notes", "scenarios", "studies"];

impl Document {
    /// The plan as it is saved, without the picked scenario.
    #[must_use]
    pub fn base(&self) -> &Plan {
        &self.plan
    }

    /// The plan with the picked scenario applied; the base plan if none is picked or it can't be applied.
    pub(super) fn apply_scenario(&self) -> Arc<Plan> {
        if self.scenario.is_empty() {
            return Arc::clone(&self.plan);
        }
        with_scenario(&self.plan, &self.scenario).map_or_else(|_| Arc::clone(&self.plan), Arc::new)
    }

    /// Whether an edit goes where edits go now: a scenario holds values, not entries.
    #[must_use]
    pub fn can_hold(&self, edit: &Edit) -> bool {
        self.scenario.is_empty()
            || match edit {
                Edit::Set { .. } => true,
                Edit::Many { edits, .. } => edits.iter().all(|edit| self.can_hold(edit)),
                Edit::Insert { path, .. } | Edit::Remove { path } | Edit::Rename { path, .. } | Edit::Move { path, .. } => {
                    is_of_the_plan(path)
                }
            }
    }

    /// The edit that says the same of the picked scenario.
    pub(super) fn redirected(&self, edit: &Edit) -> Edit {
        if self.scenario.is_empty() {
            return edit.clone();
        }
        match edit {
            Edit::Set { path, value } if !is_of_the_plan(path) => self.override_with(path, value),
            Edit::Many { label, edits } => {
                Edit::Many { label: label.clone(), edits: edits.iter().map(|edit| self.redirected(edit)).collect() }
            }
            edit => edit.clone(),
        }
    }

    /// Sets a value in the picked scenario: after all its other changes, in place of those at or below the
    /// path. What equals the base plan is no change.
    fn override_with(&self, path: &str, value: &str) -> Edit {
        let set = format!("scenarios.{}.set", self.scenario);
        let mut edits: Vec<Edit> = self.overrides_at(path).into_iter().map(|own| Edit::remove(format!("{set}.{own}"))).collect();
        let above = self.overrides().iter().any(|own| path.strip_prefix(own.as_str()).is_some_and(|rest| rest.starts_with('.')));
        let same = change::apply(&self.plan, &Edit::set(path, value)).is_ok_and(|changed| changed.tree() == self.plan.tree());
        if above || !same {
            edits.push(Edit::set(format!("{set}.{path}"), value));
        }
        Edit::Many { label: String::new(), edits }
    }

    /// Paths that the picked scenario sets.
    fn overrides(&self) -> Vec<String> {
        self.plan.scenarios.get(&self.scenario).map(|variation| variation.set.children()).unwrap_or_default()
    }

    /// How many values the picked scenario sets.
    #[must_use]
    pub fn override_count(&self) -> usize {
        self.overrides().len()
    }

    /// What the picked scenario sets at or below a path.
    #[must_use]
    pub fn overrides_at(&self, path: &str) -> Vec<String> {
        let mut own = self.overrides();
        own.retain(|other| other.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')));
        own
    }

    /// The edit that puts a path back to what the base plan says; `None` if the scenario leaves it alone.
    #[must_use]
    pub fn back_to_base(&self, path: &str) -> Option<Edit> {
        let own = self.overrides_at(path);
        let edits = own.iter().map(|own| Edit::remove(format!("scenarios.{}.set.{own}", self.scenario))).collect();
        (!own.is_empty())
            .then(|| Edit::Many { label: format!("put {} back to the base plan", crate::words::subject(&self.plan, path)), edits })
    }

    /// Applies an edit to the base plan, whatever is picked.
    ///
    /// # Errors
    /// What is wrong with it; the plan is unchanged.
    pub fn edit_base(&mut self, edit: &Edit) -> Result<(), Vec<Diagnostic>> {
        let name = edit.label(&self.plan);
        let plan = change::apply(&self.plan, edit)?;
        self.replace(plan, name, None);
        Ok(())
    }
}

fn is_of_the_plan(path: &str) -> bool {
    OF_THE_PLAN.contains(&path.split('.').next().unwrap_or_default())
}
