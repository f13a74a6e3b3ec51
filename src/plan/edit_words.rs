//! What a change of the plan does, in the planner's words.

use super::Plan;
use super::edit::Edit;
use super::node::Shape;
use super::path::{parent, shape_at};
use crate::words::{entity_word, subject, value_words};

/// What a change does, in the planner's words.
pub(super) fn label(edit: &Edit, plan: &Plan) -> String {
    match edit {
        Edit::Set { path, value } => {
            let subject = subject(plan, path);
            if value.trim() == "None" {
                return format!("clear {subject}");
            }
            match value.trim() {
                "true" => format!("switch {subject} on"),
                "false" => format!("switch {subject} off"),
                value => format!("set {subject} to {}", value_words(path, value)),
            }
        }
        Edit::Insert { path, id, value, .. } => {
            let is_steps = shape_at(plan, path).is_some_and(|place| match place.shape {
                Shape::Optional(inner) => matches!(inner(), Shape::Steps | Shape::Level),
                shape => matches!(shape, Shape::Steps | Shape::Level),
            });
            if is_steps {
                return format!("set {} from {id} to {}", subject(plan, path), value_words(path, value));
            }
            format!("add {} {id}", entity_word(path)).trim().to_owned()
        }
        Edit::Remove { path } => match parent(plan, path) {
            Some((map, _)) if matches!(shape_at(plan, &map).map(|place| place.shape), Some(Shape::Map(_))) => {
                format!("delete {} {}", entity_word(&map), subject(plan, path))
            }
            Some((list, _)) if matches!(shape_at(plan, &list).map(|place| place.shape), Some(Shape::List(_))) => {
                format!("delete {}", subject(plan, path))
            }
            _ => format!("reset {}", subject(plan, path)),
        },
        Edit::Rename { path, to } => format!("rename {} to {to}", subject(plan, path)),
        Edit::Move { path, .. } => format!("move {}", subject(plan, path)),
        Edit::Many { label, .. } => label.clone(),
    }
}
