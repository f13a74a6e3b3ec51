//! Changing the plan: every edit can be undone, a drag is one step.

use std::sync::Arc;

use super::Document;
use crate::diagnostic::Diagnostic;
use crate::gui::change::{self, Edit, Stroke};
use crate::plan::Plan;
use crate::plan::node::Node as _;

/// Most undo steps kept.
const MAX_UNDO: usize = 200;

/// A plan before a change, and what the change was.
#[derive(Clone, Debug)]
pub(super) struct UndoPoint {
    pub(super) name: String,
    pub(super) plan: Arc<Plan>,
}

/// Whether two plans are the same, the order of their things too: it fixes rows and colours, and maps
/// compare without it.
pub(super) fn is_same(one: &Plan, other: &Plan) -> bool {
    one == other && one.tree() == other.tree()
}

impl Document {
    /// Applies an edit.
    ///
    /// # Errors
    /// What is wrong with it; the plan is unchanged.
    pub fn edit(&mut self, edit: &Edit, stroke: Stroke) -> Result<(), Vec<Diagnostic>> {
        let mut name = edit.label(&self.shown);
        if !self.scenario.is_empty() && !matches!(edit, Edit::Many { .. }) {
            name = format!("{name} in {}", self.scenario);
        }
        let key = match edit {
            Edit::Set { path, .. } if stroke == Stroke::Dragging => Some(path.clone()),
            _ => None,
        };
        let plan = change::apply(&self.plan, &self.redirected(edit))?;
        self.replace(plan, name, key);
        Ok(())
    }

    /// Applies several edits as one undo step, or none of them.
    ///
    /// # Errors
    /// What is wrong with the first that fails.
    pub fn batch(&mut self, name: String, edits: &[Edit]) -> Result<(), Vec<Diagnostic>> {
        let edits = edits.iter().map(|edit| self.redirected(edit)).collect();
        let plan = change::apply(&self.plan, &Edit::Many { label: name.clone(), edits })?;
        self.replace(plan, name, None);
        Ok(())
    }

    pub(super) fn replace(&mut self, plan: Plan, name: String, stroke: Option<String>) {
        if is_same(&plan, &self.plan) || self.is_read_only() {
            return;
        }
        let before = std::mem::replace(&mut self.plan, Arc::new(plan));
        if stroke.is_some() && stroke == self.stroke {
            // The same drag goes on: the step keeps the plan from before its first move.
            if let Some(point) = self.undo.last_mut() {
                point.name = name;
            }
        } else {
            self.undo.push(UndoPoint { name, plan: before });
            if self.undo.len() > MAX_UNDO {
                self.undo.remove(0);
            }
        }
        self.stroke = stroke;
        self.redo.clear();
        self.changed();
    }

    /// Ends a drag: the next edit is another undo step.
    pub fn end_drag(&mut self) {
        self.stroke = None;
    }

    /// Takes back the last change; says what it was.
    pub fn undo(&mut self) -> Option<String> {
        let point = self.undo.pop()?;
        let after = std::mem::replace(&mut self.plan, point.plan);
        self.redo.push(UndoPoint { name: point.name.clone(), plan: after });
        self.stroke = None;
        self.changed();
        Some(point.name)
    }

    /// Makes the change taken back again; says what it was.
    pub fn redo(&mut self) -> Option<String> {
        let point = self.redo.pop()?;
        let before = std::mem::replace(&mut self.plan, point.plan);
        self.undo.push(UndoPoint { name: point.name.clone(), plan: before });
        self.stroke = None;
        self.changed();
        Some(point.name)
    }

    /// What undo would take back.
    #[must_use]
    pub fn undo_name(&self) -> Option<&str> {
        self.undo.last().map(|point| point.name.as_str())
    }

    /// What redo would make again.
    #[must_use]
    pub fn redo_name(&self) -> Option<&str> {
        self.redo.last().map(|point| point.name.as_str())
    }
}
