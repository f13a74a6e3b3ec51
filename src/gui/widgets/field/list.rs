//! Editors of lists and of maps that are shown in place.

use crate::words;
use egui::{Button, Label, RichText, Ui};

use super::editor::{Editor, refused_ui};
use super::labelled::problems_ui;
use super::offered::{self, Offered};
use super::text::raw;
use super::value_ui;
use crate::gui::command::{Request, Stroke};
use crate::gui::reflect::{self, Place};
use crate::gui::widgets::icon_button_ui;
use crate::gui::{templates, theme};
use crate::plan::edit::Edit;
use crate::plan::node::{Node, Shape, Tree};

pub(super) fn list(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, inner: Shape, tree: &Tree) {
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
            // An entry has no label that says what is wrong with it; a record's fields have.
            if !matches!(inner, Shape::Record(_)) {
                let child = reflect::join(&path, &index.to_string());
                refused_ui(ui, editor, &child);
                problems_ui(ui, editor, &child);
            }
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

pub(super) fn map(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, inner: fn() -> Shape, tree: &Tree) {
    let path = place.path.clone();
    let own_name = editor.name.clone();
    let plain = matches!(inner(), Shape::Anything);
    let Some(ids) = editor.document.value(&path).map(Node::children).filter(|ids| !ids.is_empty() || !plain) else {
        raw(ui, editor, &path, tree);
        return;
    };
    let inline = reflect::is_inline(&path);
    ui.vertical(|ui| {
        for id in &ids {
            let child = reflect::join(&path, id);
            if !inline {
                if ui
                    .add(Button::new(format!("{} →", words::called(editor.document.plan(), &child))).frame_when_inactive(false))
                    .accessible_name(format!("Go to {id}"))
                    .clicked()
                {
                    editor.commands.select(&child);
                }
                continue;
            }
            ui.horizontal(|ui| {
                ui.label(RichText::new(words::sentence(id)).strong());
                if icon_button_ui(ui, "×", &format!("Remove {id}")).clicked() {
                    editor.commands.remove(&child);
                }
            });
            let value = editor.document.value(&child).map(|node| node.tree());
            if let Some(value) = value {
                editor.name = format!("{own_name} {id}");
                let place = Place { path: child, shape: inner(), bounds: place.bounds, field: None };
                value_ui(ui, editor, &place, &value);
                refused_ui(ui, editor, &place.path);
                problems_ui(ui, editor, &place.path);
            }
        }
        let singular = templates::singular(&path);
        if let Some(offered) = offered::keys(editor.document.plan(), &path) {
            offered_ui(ui, editor, &path, singular, &offered);
        } else if ui
            .add(Button::new(format!("+ {}", words::sentence(singular))).frame_when_inactive(false).small())
            .accessible_name(format!("Add {singular}"))
            .clicked()
            && let Some((_, edit)) = templates::new_entry(editor.document.plan(), &path)
        {
            editor.commands.send(Request::Edit(edit, Stroke::Once));
        }
    });
    editor.name = own_name;
}

/// What a new entry can be of, to pick one: its key is the name of something in the plan.
fn offered_ui(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, singular: &str, offered: &[Offered]) {
    if offered.is_empty() {
        ui.add(Label::new(theme::quiet(ui, format!("Every {singular} there can be is here."))).wrap());
        return;
    }
    let menu = ui.menu_button(RichText::new(format!("+ {}", words::sentence(singular))).small(), |ui| {
        for Offered { key, name, value } in offered {
            if ui.button(name).clicked() {
                editor.commands.send(Request::Edit(Edit::insert(path, key.clone(), value.clone()), Stroke::Once));
                ui.close();
            }
        }
    });
    menu.response.accessible_name(format!("Add {singular}"));
}
