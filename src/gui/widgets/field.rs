//! Editors of the schema's values, drawn from reflection: one for each shape.

use egui::Ui;

use self::choice::{choice, optional};
use self::dated::{level, steps};
use self::editor::number;
use self::list::{list, map};
use self::reference::{one_of, reference};
use self::succession::succession;
use self::text::{month, raw, text};
use super::switch_ui;
use crate::gui::document::Document;
use crate::gui::reflect::{self, Place};
use crate::plan::node::{FieldInfo, Shape, Tree};

pub mod asked;
mod choice;
mod curve;
mod dated;
mod editor;
mod labelled;
mod list;
mod offered;
mod published;
mod reference;
mod source;
mod succession;
mod text;
pub mod vary;
pub mod worth;

pub use self::editor::Editor;
pub use self::labelled::field_ui;
pub use self::text::text_field_ui;

/// Draws the editor of a place, whatever its shape.
pub fn value_ui(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, tree: &Tree) {
    let path = place.path.as_str();
    match place.shape {
        Shape::Number => {
            number(ui, editor, place, tree, false);
        }
        Shape::Whole => number(ui, editor, place, tree, true),
        Shape::Quantity => quantity(ui, editor, place, tree),
        Shape::Text => match offered::texts(editor.document.plan(), path) {
            Some(offered) => one_of(ui, editor, path, &offered, tree),
            None => text(ui, editor, path, tree, path.ends_with("notes")),
        },
        Shape::Switch => {
            let on = matches!(tree, Tree::Atom(text) if text == "true");
            let name = editor.name.clone();
            if switch_ui(ui, on, &name).clicked() {
                editor.set(path, (!on).to_string());
            }
        }
        Shape::Month => month(ui, editor, path, tree),
        Shape::Reference(target) => reference(ui, editor, path, target, tree),
        Shape::Succession(target) => succession(ui, editor, place, target, tree),
        Shape::Steps => steps(ui, editor, place, tree),
        Shape::Level => level(ui, editor, place, tree, value_ui),
        Shape::Optional(inner) => optional(ui, editor, place, inner(), tree),
        Shape::Choice(variants) => choice(ui, editor, place, variants(), tree),
        Shape::Record(fields) => record(ui, editor, place, fields(), tree),
        Shape::List(inner) => list(ui, editor, place, inner(), tree),
        Shape::Map(inner) => map(ui, editor, place, inner, tree),
        Shape::Anything => raw(ui, editor, path, tree),
    }
}

fn quantity(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, tree: &Tree) {
    let number_place = Place { shape: Shape::Number, ..place.clone() };
    // A number typed over a sourced one keeps the place, not the source: the old quote is not its source.
    number(ui, editor, &number_place, tree, false);
}

fn record(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, fields: &'static [FieldInfo], tree: &Tree) {
    let name = editor.name.clone();
    ui.vertical(|ui| {
        egui::Frame::new()
            .inner_margin(egui::Margin { left: 10, ..egui::Margin::ZERO })
            .show(ui, |ui| fields_ui(ui, editor, place, fields, tree));
    });
    editor.name = name;
}

fn fields_ui(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, fields: &'static [FieldInfo], tree: &Tree) {
    let outer = (editor.unit_field, editor.name.clone());
    for field in fields {
        let value = child_tree(editor.document, &place.path, field.name, tree);
        let inner =
            Place { path: reflect::join(&place.path, field.name), shape: (field.shape)(), bounds: field.bounds, field: Some(*field) };
        field_ui(ui, editor, &inner, *field, &value);
    }
    (editor.unit_field, editor.name) = outer;
}

/// The value of a field; printing leaves defaults out, so the plan itself is asked.
fn child_tree(document: &Document, path: &str, field: &str, tree: &Tree) -> Tree {
    if let Some(node) = document.value(&reflect::join(path, field)) {
        return node.tree();
    }
    if let Tree::Group { items, .. } = tree
        && let Some((_, value)) = items.iter().find(|(key, _)| key.as_deref() == Some(field))
    {
        return value.clone();
    }
    Tree::Atom("None".into())
}
