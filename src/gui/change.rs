//! Changing plans: the window's short names for the plan room's edits.

use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::plan::edit;

pub use crate::plan::edit::{Edit, node_at as get};

/// Splits `sites.abilene` into `sites` and `abilene`.
#[must_use]
pub fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

/// A plan with an edit applied.
///
/// # Errors
/// What is wrong with the edit.
pub fn apply(plan: &Plan, edit: &Edit) -> Result<Plan, Vec<Diagnostic>> {
    let mut plan = plan.clone();
    edit::apply(&mut plan, edit)?;
    Ok(plan)
}

/// Whether an edit stands alone or is a step of a drag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// One edit, one undo step.
    Once,
    /// A step of a drag: all steps on the same place are one undo step.
    Dragging,
}
