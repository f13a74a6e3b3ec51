//! Editors of the schema's values, drawn from reflection: one for each shape.

use egui::Ui;

use self::choice::{choice, optional, reference};
use self::dated::{level, steps};
use self::list::{list, map};
use self::text::{month, raw, text};
use super::number::{NumberField, number_ui, refusal_ui};
use super::switch_ui;
use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::reflect::{self, Place};
use crate::gui::view::ViewState;
use crate::gui::{format, theme};
use crate::plan::node::{FieldInfo, Shape, Tree};

mod choice;
mod dated;
mod list;
mod source;
mod text;

pub use self::dated::becomes_ui;
pub use self::source::{evidence_ui, reset_ui};
pub use self::text::text_field_ui;

/// What editors need to know.
pub struct Editor<'e> {
    /// The document.
    pub document: &'e Document,
    /// The view.
    pub view: &'e mut ViewState,
    /// Where edits go.
    pub commands: &'e mut Commands,
    /// Name of the field that gives the unit and the label.
    pub unit_field: &'static str,
    /// Label for screen readers.
    pub name: String,
}

impl Editor<'_> {
    pub(super) fn set(&mut self, path: &str, text: impl Into<String>) {
        self.view.refused = None;
        self.commands.set(path, text);
    }

    fn take_focus(&mut self, path: &str) -> bool {
        let wanted = self.view.focus_field.as_deref() == Some(path);
        if wanted {
            self.view.focus_field = None;
        }
        wanted
    }

    pub(super) fn percent(&self) -> bool {
        self.unit_field.contains("_fraction")
    }
}

/// Whether a value of this shape fits on one line beside its unit.
#[must_use]
pub fn is_simple(shape: Shape, tree: &Tree) -> bool {
    match shape {
        Shape::Number | Shape::Whole | Shape::Quantity | Shape::Text | Shape::Switch | Shape::Month | Shape::Reference(_) => true,
        Shape::Steps | Shape::Level => matches!(tree, Tree::Atom(_)),
        Shape::Optional(_) if matches!(tree, Tree::Atom(text) if text == "None") => true,
        Shape::Optional(inner) => is_simple(inner(), tree),
        _ => false,
    }
}

/// Draws the editor of a place, whatever its shape.
pub fn value_ui(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, tree: &Tree) {
    let path = place.path.as_str();
    match place.shape {
        Shape::Number => {
            number(ui, editor, place, tree, false);
        }
        Shape::Whole => number(ui, editor, place, tree, true),
        Shape::Quantity => quantity(ui, editor, place, tree),
        Shape::Text => text(ui, editor, path, tree, path.ends_with("notes")),
        Shape::Switch => {
            let on = matches!(tree, Tree::Atom(text) if text == "true");
            let name = editor.name.clone();
            if switch_ui(ui, on, &name).clicked() {
                editor.set(path, (!on).to_string());
            }
        }
        Shape::Month => month(ui, editor, path, tree),
        Shape::Reference(target) => reference(ui, editor, path, target, tree),
        Shape::Steps => steps(ui, editor, place, tree),
        Shape::Level => level(ui, editor, place, tree),
        Shape::Optional(inner) => optional(ui, editor, place, inner(), tree),
        Shape::Choice(variants) => choice(ui, editor, place, variants(), tree),
        Shape::Record(fields) => record(ui, editor, place, fields(), tree),
        Shape::List(inner) => list(ui, editor, place, inner(), tree),
        Shape::Map(inner) => map(ui, editor, place, inner, tree),
        Shape::Anything => raw(ui, editor, path, tree),
    }
}

fn number(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, tree: &Tree, whole: bool) {
    number_in(ui, editor, place, tree, whole, theme::NUMBER_WIDTH);
}

fn number_in(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, tree: &Tree, whole: bool, width: f32) {
    let path = place.path.as_str();
    let value = reflect::number_of(tree).unwrap_or(0.0);
    let focus = editor.take_focus(path);
    let field = NumberField {
        name: &editor.name,
        value,
        unit: format::unit_of(editor.unit_field),
        percent: editor.percent(),
        whole,
        bounds: place.bounds,
        focus,
        width,
    };
    let print = |value: f64| if whole { format!("{value:.0}") } else { format!("{value:?}") };
    let output = number_ui(ui, field);
    if let Some(value) = output.dragged {
        editor.view.refused = None;
        editor.commands.drag(path, print(value));
    }
    if let Some(value) = output.typed {
        editor.set(path, print(value));
    }
    if output.released {
        editor.commands.end_drag();
    }
    if let Some(problem) = output.refused {
        editor.view.refused = Some((path.to_owned(), problem));
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
        crate::gui::panels::inspector::field_ui(ui, editor, &inner, *field, &value);
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

/// Why the last edit of this very field was refused.
pub fn refused_ui(ui: &mut Ui, editor: &Editor<'_>, path: &str) {
    if let Some((_, problem)) = editor.view.refused.as_ref().filter(|(refused, _)| refused == path) {
        refusal_ui(ui, problem);
    }
}
