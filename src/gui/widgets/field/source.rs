//! Where a number comes from, and the way back to what the catalog says.

use egui::Ui;

use super::editor::Editor;
use crate::gui::reflect::{self, Place};
use crate::gui::widgets::{dot_ui, icon_button_ui};
use crate::gui::{change, provenance, theme};
use crate::plan::Plan;
use crate::plan::node::{FieldInfo, Shape, Tree};

/// How well a number is known, and where it comes from, in words; none where nothing is stated and the catalog says
/// nothing.
pub fn from_where(plan: &Plan, path: &str, required: bool, tree: &Tree) -> Option<(Known, String)> {
    Some(match tree {
        Tree::Group { name: "Stated", items, .. } => {
            let source = items.get(1).map(|(_, source)| reflect::text_of(source)).unwrap_or_default();
            (Known::Stated, format!("Stated, {source}"))
        }
        Tree::Atom(text) if text == "None" => {
            let fact = provenance::catalog_fact(plan, path)?;
            (Known::Graded(provenance::grade(fact.confidence)), provenance::words(&fact))
        }
        _ if required => (Known::Stated, "Stated in the plan".to_owned()),
        _ => (Known::Perhaps, "Stated in the plan, or the usual value where nobody says".to_owned()),
    })
}

/// How well a number is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Somebody says so.
    Stated,
    /// Somebody says so, or nobody does.
    Perhaps,
    /// From the catalog, with its grade.
    Graded(&'static str),
}

/// The dot that says where a number comes from.
pub fn evidence_ui(ui: &mut Ui, editor: &Editor<'_>, path: &str, field: FieldInfo, tree: &Tree) {
    let tokens = theme::tokens(ui);
    let Some((known, name)) = from_where(editor.document.plan(), path, field.required, tree) else { return };
    let color = match known {
        Known::Stated => tokens.quiet,
        Known::Perhaps => tokens.line,
        Known::Graded(grade) => theme::grade(ui, grade),
    };
    dot_ui(ui, color, &name);
}

/// Puts a chip's number back to what the catalog says.
pub fn reset_ui(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, tree: &Tree) {
    let (parent, _) = change::split(&place.path);
    let is_catalogued = matches!(place.shape, Shape::Optional(_))
        && editor.document.value(&reflect::join(parent, "catalog")).is_some_and(|node| node.tree() != Tree::Atom("None".into()))
        && !place.path.ends_with(".catalog");
    if is_catalogued
        && *tree != Tree::Atom("None".into())
        && icon_button_ui(ui, "↺", &format!("Reset {} to the catalog", editor.name)).clicked()
    {
        editor.set(&place.path, "None");
    }
}
