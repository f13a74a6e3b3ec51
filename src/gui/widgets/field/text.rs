//! Editors of text: names, notes, months, and plan text as it is written.

use egui::{TextEdit, Ui};

use super::editor::Editor;
use crate::gui::widgets::number::refusal_ui;
use crate::gui::widgets::{bring_into_sight, icon_button_ui, typed_over};
use crate::gui::{reflect, theme};
use crate::plan::Month;
use crate::plan::node::{Tree, quoted};

pub(super) fn text(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, tree: &Tree, long: bool) {
    kept_ui(ui, editor, path, &reflect::text_of(tree), long, quoted);
}

/// A text field that keeps what was typed where the plan refuses it, and says why.
fn kept_ui(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, value: &str, long: bool, in_plan: impl Fn(&str) -> String) {
    let typed = egui::Id::unique(("typed", path));
    let is_here = |refused: &str| refused.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let refused = editor.view.refused.clone().filter(|(refused, _)| is_here(refused));
    let kept = if refused.is_some() {
        ui.data(|data| data.get_temp::<String>(typed))
    } else {
        ui.data_mut(|data| data.remove::<String>(typed));
        None
    };
    let focus = editor.take_focus(path);
    if let Some(new) = text_field_ui(ui, &editor.name, path, kept.as_deref().unwrap_or(value), long, focus) {
        editor.set(path, in_plan(&new));
        ui.data_mut(|data| data.insert_temp(typed, new));
    } else if let Some((_, problem)) = refused.filter(|(refused, _)| refused != path) {
        // Of the field itself it is said beside its label.
        refusal_ui(ui, &problem);
    }
}

/// A text field that gives its text once, when it is left or Enter is pressed; Esc restores.
pub fn text_field_ui(ui: &mut Ui, name: &str, salt: &str, value: &str, long: bool, focus: bool) -> Option<String> {
    let id = ui.make_persistent_id(("text-field", salt));
    let mut buffer = ui.data(|data| data.get_temp::<String>(id)).unwrap_or_else(|| value.to_owned());
    let width = ui.available_width().min(if long { f32::INFINITY } else { 230.0 });
    let edit = if long { TextEdit::multiline(&mut buffer).desired_rows(2) } else { TextEdit::singleline(&mut buffer) };
    let response = ui.add(edit.id(id).desired_width(width - 12.0).margin(egui::Margin::symmetric(7, 4))).accessible_name(name);
    if focus {
        if long {
            response.request_focus();
        } else {
            typed_over(ui, &response, value);
        }
        bring_into_sight(ui, response.rect);
    }
    if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, buffer));
        return None;
    }
    let font = egui::TextStyle::Body.resolve(ui.style());
    if !long && ui.painter().layout_no_wrap(value.to_owned(), font, egui::Color32::WHITE).size().x > width - 26.0 {
        // What is cut at the edge of the field is said whole.
        response.clone().on_hover_text(value);
    }
    ui.data_mut(|data| data.remove::<String>(id));
    let escaped = ui.input(|input| input.key_pressed(egui::Key::Escape));
    (response.lost_focus() && !escaped && buffer != value).then_some(buffer)
}

pub(super) fn month(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, tree: &Tree) {
    let value = reflect::text_of(tree);
    let focus = editor.take_focus(path);
    ui.scope(|ui| {
        // Two steps of a month stand beside it, and perhaps the button that clears it.
        ui.set_max_width((theme::NUMBER_WIDTH + 12.0).min((ui.available_width() - 100.0).max(48.0)));
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

/// Plan text as it is written, for what has no editor of its own.
pub(super) fn raw(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, tree: &Tree) {
    kept_ui(ui, editor, path, &tree.inline(), true, str::to_owned);
}
