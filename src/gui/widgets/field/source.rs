//! Where a number comes from, and the way back to what the catalog says.

use egui::Ui;

use super::editor::Editor;
use crate::gui::reflect::{self, Place};
use crate::gui::widgets::{dot_ui, icon_button_ui};
use crate::gui::{change, provenance, theme};
use crate::plan::node::{FieldInfo, Shape, Tree};

/// The dot that says where a number comes from.
pub fn evidence_ui(ui: &mut Ui, editor: &Editor<'_>, path: &str, field: FieldInfo, tree: &Tree) {
    let tokens = theme::tokens(ui);
    let (color, name) = match tree {
        Tree::Group { name: "Stated", items, .. } => {
            let source = items.get(1).map(|(_, source)| reflect::text_of(source)).unwrap_or_default();
            (tokens.quiet, format!("Stated, {source}"))
        }
        Tree::Atom(text) if text == "None" => {
            let Some(fact) = provenance::catalog_fact(editor.document.plan(), path) else { return };
            let grade = provenance::grade(fact.confidence);
            (theme::grade(ui, grade), provenance::words(&fact))
        }
        _ if field.required => (tokens.quiet, "Stated in the plan".to_owned()),
        _ => (tokens.line, "Stated in the plan, or the schema's default".to_owned()),
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
