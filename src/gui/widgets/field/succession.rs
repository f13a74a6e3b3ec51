//! The editor of what stands behind something by date: one thing, or one after the other.

use egui::{Button, RichText, Ui};

use super::editor::{Editor, refused_ui};
use super::reference::reference;
use super::text::text_field_ui;
use crate::gui::reflect::{self, Place};
use crate::gui::theme;
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
        ui.horizontal(|ui| {
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
                ui.label(theme::quiet(ui, "from"));
                ui.scope(|ui| {
                    ui.set_max_width(80.0);
                    let name = format!("{own_name}, date {}", index + 1);
                    if let Some(new) = text_field_ui(ui, &name, &format!("{path}.{month}.date"), month, false, false) {
                        match Month::parse(new.trim()) {
                            Ok(new) if rows.iter().all(|(other, _)| *other != new.to_string()) => {
                                let mut rows = rows.clone();
                                if let Some(row) = rows.get_mut(index) {
                                    row.0 = new.to_string();
                                }
                                editor.set(&path, text_of(&rows));
                            }
                            Ok(new) => editor.view.refused = Some((path.clone(), format!("There is one from {new} already."))),
                            Err(problem) => editor.view.refused = Some((path.clone(), problem)),
                        }
                    }
                });
                editor.name = format!("{own_name} from {month}");
                reference(ui, editor, &reflect::join(&path, month), target, &Tree::Atom(quoted(id)));
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
