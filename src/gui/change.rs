//! Changing plans: the plan room's edits, and whether one is a step of a drag.

pub use crate::plan::edit::{Edit, applied as apply, node_at as get, split};

/// Whether an edit stands alone or is a step of a drag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// One edit, one undo step.
    Once,
    /// A step of a drag: all steps on the same place are one undo step.
    Dragging,
}
