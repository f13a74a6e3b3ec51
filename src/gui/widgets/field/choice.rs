//! Editors of choices: one of several kinds, given or left out.

use crate::words;
use egui::{Button, Label, RichText, Ui};

use super::editor::{Editor, is_simple, refused_ui};
use super::{fields_ui, value_ui};
use crate::gui::reflect::{self, Place};
use crate::gui::widgets::{bring_into_sight, icon_button_ui};
use crate::gui::{change, propose, provenance, theme, whereabouts};
use crate::plan::node::{Shape, Tree, VariantInfo};

pub(super) fn optional(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, inner: Shape, tree: &Tree) {
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
            bring_into_sight(ui, response.rect);
        }
        if response.clicked() {
            let text = match inner {
                // What the catalog says is the natural number to start from.
                Shape::Quantity if fact.as_ref().is_some_and(|fact| fact.value.is_some()) => {
                    format!("{:?}", fact.as_ref().and_then(|fact| fact.value).unwrap_or_default())
                }
                Shape::Number | Shape::Quantity | Shape::Steps | Shape::Level => {
                    // Setting a limit changes nothing by itself.
                    let used = editor.document.results().and_then(|results| propose::used_now(editor.document.plan(), results, path));
                    let name = change::split(path).1;
                    let free = used.or_else(|| propose::unbinding(name, place.bounds));
                    let low = place.bounds.map_or(0.0, |(low, high)| if low > 0.0 { low } else { 0.0_f64.clamp(low, high) });
                    format!("{:?}", free.unwrap_or(low))
                }
                // The clock of the place itself.
                Shape::Text if path.ends_with(".time_zone") => {
                    let thing = change::split(path).0;
                    let place = whereabouts::place_of(editor.document.plan(), thing);
                    let here = place.and_then(|(latitude, longitude)| whereabouts::whereabouts(latitude, longitude));
                    crate::plan::node::quoted(here.map_or("UTC", |here| here.time_zone))
                }
                // Who sets a switch wants it on.
                Shape::Switch => "true".to_owned(),
                shape => reflect::example_in(editor.document.plan(), shape),
            };
            editor.set(path, text);
            // The number that was proposed can be typed over at once.
            if is_simple(inner, &Tree::Atom("0".into())) {
                editor.commands.go_to(path);
            }
        }
        match fact.as_ref().and_then(|fact| fact.value) {
            Some(value) => {
                let shown = if editor.percent() {
                    words::percent(value)
                } else {
                    format!("{} {}", words::number(value), words::unit_of(editor.unit_field))
                };
                ui.label(RichText::new(shown.trim())).on_hover_text("From the catalog");
            }
            None => {
                // One line, as a number has: a longer hint is said whole when it is pointed at.
                let hint = theme::quiet(ui, if hint.is_empty() { "not set".to_owned() } else { hint });
                ui.add(Label::new(hint).truncate());
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

pub(super) fn choice(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, variants: &'static [VariantInfo], tree: &Tree) {
    let path = place.path.clone();
    let here = reflect::variant_of(tree, variants);
    let own_name = editor.name.clone();
    let words = |name: &str| words::sentence(&words::kind_text(name));
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
                    let unit = words::unit_of(editor.unit_field);
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
