//! What every editor of a value shares: where it reads, where it writes, and the number field.

use crate::words;
use egui::{Label, Ui};

use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::reflect::Place;
use crate::gui::theme;
use crate::gui::view::ViewState;
use crate::gui::widgets::number::{NumberField, number_ui, refusal_ui};
use crate::plan::node::{Shape, Tree};

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

    pub(super) fn take_focus(&mut self, path: &str) -> bool {
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
        Shape::Steps | Shape::Level | Shape::Succession(_) => matches!(tree, Tree::Atom(_)),
        Shape::Optional(_) if matches!(tree, Tree::Atom(text) if text == "None") => true,
        Shape::Optional(inner) => is_simple(inner(), tree),
        _ => false,
    }
}

/// A number field of the usual width.
pub(super) fn number(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, tree: &Tree, whole: bool) {
    number_in(ui, editor, place, tree, whole, theme::NUMBER_WIDTH);
}

/// A number field of this width.
pub(super) fn number_in(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, tree: &Tree, whole: bool, width: f32) {
    let path = place.path.as_str();
    let value = tree.number().unwrap_or(0.0);
    let focus = editor.take_focus(path);
    let field = NumberField {
        name: &editor.name,
        value,
        unit: words::unit_of(editor.unit_field),
        percent: editor.percent(),
        whole,
        bounds: place.bounds,
        focus,
        width,
    };
    let print = |value: f64| if whole { value.round().to_string() } else { format!("{value:?}") };
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

/// Why the last edit of this very field was refused.
pub fn refused_ui(ui: &mut Ui, editor: &Editor<'_>, path: &str) {
    if let Some((_, problem)) = editor.view.refused.as_ref().filter(|(refused, _)| refused == path) {
        refusal_ui(ui, problem);
    }
}

/// Room at the end of a value for its mark of evidence and the way back.
const FOR_EVIDENCE: f32 = 44.0;

/// A number's unit behind it: a long one gives way to what stands at the end of the line, and is said whole.
pub(super) fn unit_ui(ui: &mut Ui, unit: &str) {
    ui.scope(|ui| {
        ui.set_max_width((ui.available_width() - FOR_EVIDENCE).max(10.0));
        ui.add(Label::new(theme::quiet(ui, unit)).truncate());
    });
}
