//! The editor of what stands behind something by date: one thing, or one after the other.

use egui::{Button, RichText, Ui};

use super::dated::date_ui;
use super::editor::{Editor, refused_ui};
use super::reference::reference;
use crate::gui::reflect::{self, Place};
use crate::gui::widgets::icon_button_ui;
use crate::plan::Month;
use crate::plan::node::{Tree, quoted};

fn text_of(rows: &[(String, String)]) -> String {
    let mut rows = rows.to_vec();
    rows.sort();
    let items: Vec<String> = rows.iter().map(|(month, id)| format!("{}: {}", quoted(month), quoted(id))).collect();
    format!("{{{}}}", items.join(", "))
}

/// One list to pick from, or one for each date, with a way to add a date and to take one away.
pub(super) fn succession(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, target: &str, tree: &Tree) {
    let path = place.path.clone();
    let own_name = editor.name.clone();
    let start = editor.document.plan().horizon.start;
    let small = |text: &str| Button::new(RichText::new(text).small()).frame_when_inactive(false).small();
    let Tree::Group { items, .. } = tree else {
        ui.horizontal_wrapped(|ui| {
            reference(ui, editor, &path, target, tree);
            let add = ui.add(small("+ date")).accessible_name(format!("Change {own_name} from a date on"));
            if add.on_hover_text("Let another one follow it from a date on").clicked() {
                let id = reflect::text_of(tree);
                let others = editor.document.value(target).map(crate::plan::node::Node::children).unwrap_or_default();
                let next = others.into_iter().find(|other| *other != id).unwrap_or_else(|| id.clone());
                editor.set(&path, text_of(&[(start.to_string(), id), (start.plus(12).to_string(), next)]));
            }
        });
        return;
    };
    let rows: Vec<(String, String)> =
        items.iter().filter_map(|(key, id)| Some((key.as_ref()?.trim_matches('"').to_owned(), reflect::text_of(id)))).collect();
    ui.vertical(|ui| {
        for (index, (month, id)) in rows.iter().enumerate() {
            ui.horizontal(|ui| {
                // What stands on the right is placed first: dates and names give way to it.
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    if icon_button_ui(ui, "×", &format!("Remove {id} from {month}, {own_name}")).clicked() {
                        let mut rows = rows.clone();
                        rows.remove(index);
                        let text = match rows.as_slice() {
                            [(_, only)] => quoted(only),
                            [] => quoted(id),
                            _ => text_of(&rows),
                        };
                        editor.set(&path, text);
                    }
                    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                        editor.name.clone_from(&own_name);
                        date_ui(ui, editor, &path, &rows, index, text_of);
                        editor.name = format!("{own_name} from {month}");
                        reference(ui, editor, &reflect::join(&path, month), target, &Tree::Atom(quoted(id)));
                    });
                });
            });
            refused_ui(ui, editor, &reflect::join(&path, month));
        }
        editor.name.clone_from(&own_name);
        if ui.add(small("+ Step")).accessible_name(format!("Add a step to {own_name}")).clicked()
            && let Some((month, id)) = rows.last()
        {
            let mut rows = rows.clone();
            let next = Month::parse(month).unwrap_or(start).plus(12);
            rows.push((next.to_string(), id.clone()));
            editor.set(&path, text_of(&rows));
        }
    });
}
