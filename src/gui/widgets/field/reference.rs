//! The editor of a reference: one of the plan's things.

use egui::Ui;

use super::editor::Editor;
use crate::gui::reflect;
use crate::gui::widgets::icon_button_ui;
use crate::plan::node::{Tree, quoted};

/// A list of what can be referred to.
pub(super) fn reference(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, target: &str, tree: &Tree) {
    let value = reflect::text_of(tree);
    let ids = editor.document.value(target).map(crate::plan::node::Node::children).unwrap_or_default();
    // Things are called by their names; the id is what is written in the plan.
    let plan = editor.document.plan();
    let called = |id: &str| crate::words::name_at(plan, &reflect::join(target, id)).unwrap_or_else(|| id.to_owned());
    let shown = if value.is_empty() {
        "Pick one".to_owned()
    } else if ids.contains(&value) {
        called(&value)
    } else {
        format!("{value} (missing)")
    };
    let focus = editor.take_focus(path);
    let mut picked = None;
    // The button behind it, and what stands right of it in a narrow row, keep their room.
    let width = (ui.available_width() - 46.0).clamp(48.0, 160.0);
    let combo = egui::ComboBox::from_id_salt(path).selected_text(shown).width(width).truncate();
    let show = |ui: &mut Ui| {
        for id in &ids {
            if ui.selectable_label(*id == value, called(id)).on_hover_text(id).clicked() {
                picked = Some(id.clone());
            }
        }
    };
    // A long name is cut here: the buttons beside it keep their room.
    let response = ui.scope(|ui| {
        ui.set_max_width(width);
        combo.show_ui(ui, show)
    });
    let response = response.inner.response.accessible_name(&editor.name);
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

/// A text that names one of several things, each with what it is called.
pub(super) fn one_of(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, offered: &[(String, String)], tree: &Tree) {
    let value = reflect::text_of(tree);
    let shown = offered.iter().find(|(id, _)| *id == value).map_or_else(|| format!("{value} (missing)"), |(_, name)| name.clone());
    let mut picked = None;
    let width = (ui.available_width() - 46.0).clamp(48.0, 200.0);
    let combo = egui::ComboBox::from_id_salt(path).selected_text(shown).width(width).truncate().show_ui(ui, |ui| {
        for (id, name) in offered {
            if ui.selectable_label(*id == value, name).clicked() {
                picked = Some(id.clone());
            }
        }
    });
    combo.response.accessible_name(&editor.name);
    if let Some(id) = picked {
        editor.set(path, quoted(&id));
    }
}
