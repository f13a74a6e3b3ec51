//! Editors of the schema's values, drawn from reflection: one for each shape.

use egui::{Button, RichText, TextEdit, Ui};

use super::number::{NumberField, number_ui, refusal_ui};
use super::vary::{vary_button_ui, vary_ui};
use super::{dot_ui, icon_button_ui, switch_ui};
use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::reflect::{self, Place};
use crate::gui::view::ViewState;
use crate::gui::{change, format, provenance, theme};
use crate::plan::Month;
use crate::plan::node::{FieldInfo, Shape, Tree, quoted};

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

fn text(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, tree: &Tree, long: bool) {
    let value = reflect::text_of(tree);
    if let Some(new) = text_field_ui(ui, &editor.name, path, &value, long, editor.view.focus_field.as_deref() == Some(path)) {
        editor.set(path, quoted(&new));
    }
    editor.take_focus(path);
}

/// A text field that gives its text once, when it is left or Enter is pressed; Esc restores.
pub fn text_field_ui(ui: &mut Ui, name: &str, salt: &str, value: &str, long: bool, focus: bool) -> Option<String> {
    let id = ui.make_persistent_id(("text-field", salt));
    let mut buffer = ui.data(|data| data.get_temp::<String>(id)).unwrap_or_else(|| value.to_owned());
    let width = ui.available_width().min(if long { f32::INFINITY } else { 230.0 });
    let edit = if long { TextEdit::multiline(&mut buffer).desired_rows(2) } else { TextEdit::singleline(&mut buffer) };
    let response = ui.add(edit.id(id).desired_width(width - 12.0).margin(egui::Margin::symmetric(7, 4))).accessible_name(name);
    if focus {
        response.request_focus();
        response.scroll_to_me(Some(egui::Align::Center));
    }
    if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, buffer));
        return None;
    }
    ui.data_mut(|data| data.remove::<String>(id));
    let escaped = ui.input(|input| input.key_pressed(egui::Key::Escape));
    (response.lost_focus() && !escaped && buffer != value).then_some(buffer)
}

fn month(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, tree: &Tree) {
    let value = reflect::text_of(tree);
    let focus = editor.take_focus(path);
    ui.scope(|ui| {
        ui.set_max_width(theme::NUMBER_WIDTH + 12.0);
        if let Some(new) = text_field_ui(ui, &editor.name, path, &value, false, focus) {
            match Month::parse(new.trim()) {
                Ok(month) => editor.set(path, quoted(&month.to_string())),
                Err(problem) => editor.view.refused = Some((path.to_owned(), problem)),
            }
        }
    });
    if let Ok(month) = Month::parse(&value) {
        for (icon, by, name) in [("−", -1, "One month earlier"), ("+", 1, "One month later")] {
            if icon_button_ui(ui, icon, &format!("{name}, {}", editor.name)).clicked() {
                editor.set(path, quoted(&month.plus(by).to_string()));
            }
        }
    }
}

fn reference(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, target: &str, tree: &Tree) {
    let value = reflect::text_of(tree);
    let ids = editor.document.value(target).map(crate::plan::node::Node::children).unwrap_or_default();
    let shown = if value.is_empty() {
        "Pick one".to_owned()
    } else if ids.contains(&value) {
        value.clone()
    } else {
        format!("{value} (missing)")
    };
    let focus = editor.take_focus(path);
    let mut picked = None;
    let response = egui::ComboBox::from_id_salt(path).selected_text(shown).width(160.0).show_ui(ui, |ui| {
        for id in &ids {
            if ui.selectable_label(*id == value, id).clicked() {
                picked = Some(id.clone());
            }
        }
    });
    let response = response.response.accessible_name(&editor.name);
    if focus {
        response.request_focus();
    }
    if ids.contains(&value) && icon_button_ui(ui, "→", &format!("Go to {value}")).clicked() {
        editor.commands.select(format!("{target}.{value}"));
    }
    if let Some(id) = picked {
        editor.set(path, quoted(&id));
    }
}

fn dated(tree: &Tree) -> Vec<(String, Tree)> {
    match tree {
        Tree::Group { items, .. } => {
            items.iter().filter_map(|(key, value)| Some((key.as_ref()?.trim_matches('"').to_owned(), value.clone()))).collect()
        }
        Tree::Atom(_) => Vec::new(),
    }
}

fn steps_text(rows: &[(String, Tree)]) -> String {
    let mut rows: Vec<_> = rows.to_vec();
    rows.sort_by(|left, right| left.0.cmp(&right.0));
    let items: Vec<String> = rows.iter().map(|(month, value)| format!("{}: {}", quoted(month), value.inline())).collect();
    format!("{{{}}}", items.join(", "))
}

/// What a number can become, beside its label: dated, or hourly.
pub fn becomes_ui(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, tree: &Tree) {
    let shape = match place.shape {
        Shape::Optional(inner) => inner(),
        shape => shape,
    };
    if !matches!(shape, Shape::Steps | Shape::Level) || !matches!(tree, Tree::Atom(text) if text != "None") {
        return;
    }
    let offer = |ui: &mut Ui, text: &str, name: String, tooltip: &str| {
        let button = Button::new(RichText::new(text).small().color(theme::tokens(ui).quiet)).frame_when_inactive(false).small();
        ui.add(button).accessible_name(name).on_hover_text(tooltip).clicked()
    };
    if matches!(shape, Shape::Level)
        && let Some(profile) = editor.document.plan().profiles.keys().next().cloned()
        && offer(ui, "hourly", format!("Use an hourly series for {}", editor.name), "Let it follow an hourly series")
    {
        editor.set(&place.path, format!("Series(id: {}, mean: {})", quoted(&profile), tree.inline()));
    }
    if offer(ui, "+ date", format!("Change {} from a date on", editor.name), "Let it change from a date on") {
        let start = editor.document.plan().horizon.start;
        let later = start.plus(12);
        editor.set(&place.path, steps_text(&[(start.to_string(), tree.clone()), (later.to_string(), tree.clone())]));
    }
}

fn steps(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, tree: &Tree) {
    let path = place.path.clone();
    let number_place = |key: Option<&str>| Place {
        path: key.map_or_else(|| path.clone(), |key| reflect::join(&path, key)),
        shape: Shape::Number,
        bounds: place.bounds,
        field: None,
    };
    let rows = dated(tree);
    let start = editor.document.plan().horizon.start;
    if rows.is_empty() {
        number(ui, editor, &number_place(None), tree, false);
        ui.label(theme::quiet(ui, format::unit_of(editor.unit_field)));
        return;
    }
    let own_name = editor.name.clone();
    ui.vertical(|ui| {
        for (index, (month, value)) in rows.iter().enumerate() {
            ui.horizontal(|ui| {
                ui.label(theme::quiet(ui, "from"));
                ui.scope(|ui| {
                    ui.set_max_width(90.0);
                    let name = format!("{own_name}, date {}", index + 1);
                    if let Some(new) = text_field_ui(ui, &name, &format!("{path}.{month}.date"), month, false, false) {
                        match Month::parse(new.trim()) {
                            Ok(new) if rows.iter().all(|(other, _)| *other != new.to_string()) => {
                                let mut rows = rows.clone();
                                if let Some(row) = rows.get_mut(index) {
                                    row.0 = new.to_string();
                                }
                                editor.set(&path, steps_text(&rows));
                            }
                            Ok(new) => editor.view.refused = Some((path.clone(), format!("There is a step from {new} already."))),
                            Err(problem) => editor.view.refused = Some((path.clone(), problem)),
                        }
                    }
                });
                editor.name = format!("{own_name} from {month}");
                number_in(ui, editor, &number_place(Some(month)), value, false, 66.0);
                ui.label(theme::quiet(ui, format::unit_of(editor.unit_field)));
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = 2.0;
                    if icon_button_ui(ui, "×", &format!("Remove the step from {month}, {own_name}")).clicked() {
                        let mut rows = rows.clone();
                        rows.remove(index);
                        let text = if rows.is_empty() { value.inline() } else { steps_text(&rows) };
                        editor.set(&path, text);
                    }
                    if let Some(number) = reflect::number_of(value) {
                        let name = editor.name.clone();
                        vary_button_ui(ui, editor, &reflect::join(&path, month), number, place.bounds, &name);
                    }
                });
            });
            editor.name = format!("{own_name} from {month}");
            let step = reflect::join(&path, month);
            if let (Some(range), Some(value)) = (editor.view.varied.get(&step).copied(), reflect::number_of(value)) {
                vary_ui(ui, editor, &step, value, range);
            }
            refused_ui(ui, editor, &reflect::join(&path, month));
            crate::gui::panels::inspector::worth_ui(ui, editor.document, &reflect::join(&path, month));
        }
        editor.name.clone_from(&own_name);
        if ui.add(Button::new("+ Step").frame_when_inactive(false).small()).accessible_name(format!("Add a step to {own_name}")).clicked() {
            let mut rows = rows.clone();
            if let Some((month, value)) = rows.last().cloned() {
                let next = Month::parse(&month).unwrap_or(start).plus(12);
                rows.push((next.to_string(), value));
                editor.set(&path, steps_text(&rows));
            }
        }
    });
}

fn level(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, tree: &Tree) {
    let path = place.path.clone();
    let Tree::Group { name: "Series", items, .. } = tree else {
        steps(ui, editor, place, tree);
        return;
    };
    let find = |key: &str| items.iter().find(|(name, _)| name.as_deref() == Some(key)).map(|(_, value)| value.clone());
    let own_name = editor.name.clone();
    ui.vertical(|ui| {
        ui.horizontal(|ui| {
            ui.label(theme::quiet(ui, "series"));
            editor.name = format!("{own_name}, series");
            let id = find("id").unwrap_or(Tree::Atom(String::new()));
            reference(ui, editor, &reflect::join(&path, "id"), "profiles", &id);
            if icon_button_ui(ui, "×", &format!("Use a flat number for {own_name}")).clicked() {
                let flat = find("mean").filter(|mean| matches!(mean, Tree::Atom(_))).map_or_else(|| "0.0".to_owned(), |mean| mean.inline());
                editor.set(&path, flat);
            }
        });
        ui.horizontal(|ui| {
            ui.label(theme::quiet(ui, "scaled to a mean of"));
            editor.name = format!("{own_name}, mean");
            let mean =
                Place { path: reflect::join(&path, "mean"), shape: Shape::Optional(|| Shape::Steps), bounds: place.bounds, field: None };
            value_ui(ui, editor, &mean, &find("mean").unwrap_or(Tree::Atom("None".into())));
        });
    });
    editor.name = own_name;
}

fn optional(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, inner: Shape, tree: &Tree) {
    let path = place.path.as_str();
    if matches!(tree, Tree::Atom(text) if text == "None") {
        let focus = editor.take_focus(path);
        let hint = place.field.map(|field| left_out(field.doc)).unwrap_or_default();
        let fact = provenance::catalog_fact(editor.document.plan(), path);
        let response = ui
            .add(Button::new(RichText::new("Set").small()).small())
            .accessible_name(format!("Set {}", editor.name))
            .on_hover_text("Give a value of its own");
        if focus {
            response.request_focus();
            response.scroll_to_me(Some(egui::Align::Center));
        }
        if response.clicked() {
            let text = match inner {
                // What the catalog says is the natural number to start from.
                Shape::Quantity if fact.as_ref().is_some_and(|fact| fact.value.is_some()) => {
                    format!("{:?}", fact.as_ref().and_then(|fact| fact.value).unwrap_or_default())
                }
                Shape::Number | Shape::Quantity | Shape::Steps | Shape::Level => {
                    let low = place.bounds.map_or(0.0, |(low, high)| if low > 0.0 { low } else { 0.0_f64.clamp(low, high) });
                    format!("{low:?}")
                }
                shape => reflect::example_in(editor.document.plan(), shape),
            };
            editor.set(path, text);
        }
        match fact.as_ref().and_then(|fact| fact.value) {
            Some(value) => {
                let shown = if editor.percent() {
                    format::percent(value)
                } else {
                    format!("{} {}", format::number(value), format::unit_of(editor.unit_field))
                };
                ui.label(RichText::new(shown.trim())).on_hover_text("From the catalog");
            }
            None => {
                ui.label(theme::quiet(ui, if hint.is_empty() { "not set".to_owned() } else { hint }));
            }
        }
        return;
    }
    let own = Place { shape: inner, ..place.clone() };
    value_ui(ui, editor, &own, tree);
    let name = format!("Clear {}", editor.name);
    if is_simple(inner, tree) {
        if icon_button_ui(ui, "×", &name).clicked() {
            editor.set(path, "None");
        }
    } else if ui.add(Button::new(RichText::new("Clear").small()).small()).accessible_name(&name).clicked() {
        editor.set(path, "None");
    }
}

/// What a field's doc says about leaving it out: `…; no limit if left out` reads `no limit`.
fn left_out(doc: &str) -> String {
    let doc = doc.trim();
    let part = doc.rsplit([';', ',']).next().unwrap_or_default().trim();
    let part = part.strip_suffix("if left out").or_else(|| part.strip_suffix("where left out")).unwrap_or_default().trim();
    part.to_owned()
}

fn choice(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, variants: &'static [crate::plan::node::VariantInfo], tree: &Tree) {
    let path = place.path.clone();
    let here = reflect::variant_of(tree, variants);
    let own_name = editor.name.clone();
    let words = |name: &str| format::sentence(&crate::gui::panels::tree::kind_text(name));
    ui.vertical(|ui| {
        let mut picked = None;
        let response = egui::ComboBox::from_id_salt(&path)
            .selected_text(here.map(|variant| words(variant.name)).unwrap_or_default())
            .width(160.0)
            .show_ui(ui, |ui| {
                for variant in variants {
                    let is_here = here.is_some_and(|here| here.name == variant.name);
                    if ui.selectable_label(is_here, words(variant.name)).on_hover_text(variant.doc.trim()).clicked() && !is_here {
                        picked = Some(variant);
                    }
                }
            });
        response.response.accessible_name(&own_name).on_hover_text(here.map_or("", |variant| variant.doc.trim()));
        if let Some(variant) = picked {
            let text = reflect::variant_example(editor.document.plan(), variant);
            editor.set(&path, text);
            return;
        }
        let Some(shape) = here.and_then(|variant| variant.shape) else { return };
        match shape() {
            Shape::Record(fields) => {
                let inner = Place { shape: Shape::Record(fields), ..place.clone() };
                fields_ui(ui, editor, &inner, fields(), tree);
            }
            shape => {
                let value = match tree {
                    Tree::Group { items, .. } => items.first().map(|(_, value)| value.clone()),
                    Tree::Atom(_) => None,
                };
                let inner = Place { path: reflect::join(&path, "value"), shape, bounds: place.bounds, field: None };
                ui.horizontal_wrapped(|ui| {
                    value_ui(ui, editor, &inner, &value.unwrap_or(Tree::Atom(String::new())));
                    let unit = format::unit_of(editor.unit_field);
                    if matches!(inner.shape, Shape::Number) && !unit.is_empty() {
                        ui.label(theme::quiet(ui, unit));
                    }
                });
                refused_ui(ui, editor, &inner.path);
            }
        }
    });
    editor.name = own_name;
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

fn list(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, inner: Shape, tree: &Tree) {
    let path = place.path.clone();
    let own_name = editor.name.clone();
    let items: Vec<Tree> = match tree {
        Tree::Group { items, .. } => items.iter().map(|(_, value)| value.clone()).collect(),
        Tree::Atom(_) => Vec::new(),
    };
    let text = |items: &[Tree]| format!("[{}]", items.iter().map(Tree::inline).collect::<Vec<_>>().join(", "));
    // Long rows of plain numbers read best as one text.
    if matches!(inner, Shape::Number | Shape::Whole) {
        raw(ui, editor, &path, tree);
        return;
    }
    ui.vertical(|ui| {
        for (index, item) in items.iter().enumerate() {
            let removed = ui
                .horizontal_top(|ui| {
                    ui.label(theme::quiet(ui, format!("{}", index + 1)));
                    let place = Place { path: reflect::join(&path, &index.to_string()), shape: inner, bounds: place.bounds, field: None };
                    editor.name = format!("{own_name} {}", index + 1);
                    value_ui(ui, editor, &place, item);
                    icon_button_ui(ui, "×", &format!("Remove {own_name} {}", index + 1)).clicked()
                })
                .inner;
            if removed {
                let mut items = items.clone();
                items.remove(index);
                editor.set(&path, text(&items));
            }
        }
        if ui.add(Button::new("+ Add").frame_when_inactive(false).small()).accessible_name(format!("Add to {own_name}")).clicked() {
            let mut items = items.clone();
            let new = items.last().map_or_else(|| reflect::example_in(editor.document.plan(), inner), Tree::inline);
            items.push(Tree::Atom(new));
            editor.set(&path, text(&items));
        }
    });
    editor.name = own_name;
}

fn map(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, inner: fn() -> Shape, tree: &Tree) {
    let path = place.path.clone();
    let own_name = editor.name.clone();
    let plain = matches!(inner(), Shape::Anything);
    let Some(ids) = editor.document.value(&path).map(crate::plan::node::Node::children).filter(|ids| !ids.is_empty() || !plain) else {
        raw(ui, editor, &path, tree);
        return;
    };
    let inline = reflect::is_inline(&path);
    ui.vertical(|ui| {
        for id in &ids {
            let child = reflect::join(&path, id);
            if !inline {
                if ui
                    .add(Button::new(format!("{} →", format::words(id))).frame_when_inactive(false))
                    .accessible_name(format!("Go to {id}"))
                    .clicked()
                {
                    editor.commands.select(&child);
                }
                continue;
            }
            ui.horizontal(|ui| {
                ui.label(RichText::new(format::words(id)).strong());
                if icon_button_ui(ui, "×", &format!("Remove {id}")).clicked() {
                    editor.commands.remove(&child);
                }
            });
            let value = editor.document.value(&child).map(|node| node.tree());
            if let Some(value) = value {
                editor.name = format!("{own_name} {id}");
                let place = Place { path: child, shape: inner(), bounds: place.bounds, field: None };
                value_ui(ui, editor, &place, &value);
            }
        }
        let singular = crate::gui::templates::singular(&path);
        if ui
            .add(Button::new(format!("+ {}", format::sentence(singular))).frame_when_inactive(false).small())
            .accessible_name(format!("Add {singular}"))
            .clicked()
            && let Some((_, edit)) = crate::gui::templates::new_entry(editor.document.plan(), &path)
        {
            editor.commands.send(crate::gui::command::Request::Edit(edit, crate::gui::command::Stroke::Once));
        }
    });
    editor.name = own_name;
}

/// Plan text as it is written, for what has no editor of its own.
fn raw(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, tree: &Tree) {
    let focus = editor.take_focus(path);
    if let Some(new) = text_field_ui(ui, &editor.name, path, &tree.inline(), true, focus) {
        editor.set(path, new);
    }
}

/// Why the last edit of this very field was refused.
pub fn refused_ui(ui: &mut Ui, editor: &Editor<'_>, path: &str) {
    if let Some((_, problem)) = editor.view.refused.as_ref().filter(|(refused, _)| refused == path) {
        refusal_ui(ui, problem);
    }
}

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
