//! Editors of numbers that change over time: dated steps and hourly series.

use crate::words;
use egui::{Button, RichText, Ui};

use super::curve::{curve, over_horizon, sketch_ui};
use super::editor::{Editor, number, number_in, refused_ui, unit_ui};
use super::reference::reference;
use super::text::text_field_ui;
use super::vary::{vary_button_ui, vary_ui};
use super::worth::worth_ui;
use crate::gui::reflect::{self, Place};
use crate::gui::theme;
use crate::gui::widgets::{icon_button_ui, room_seen, within};
use crate::plan::Month;
use crate::plan::node::{Shape, Tree, quoted};

fn dated(tree: &Tree) -> Vec<(String, Tree)> {
    match tree {
        Tree::Group { name: "", items, .. } => {
            items.iter().filter_map(|(key, value)| Some((key.as_ref()?.trim_matches('"').to_owned(), value.clone()))).collect()
        }
        Tree::Group { .. } | Tree::Atom(_) => Vec::new(),
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
    let start = editor.document.plan().horizon.start;
    let dated = steps_text(&[(start.to_string(), tree.clone()), (start.plus(12).to_string(), tree.clone())]);
    let curve = format!("Curve(from: {}, factor_per_year: 0.9)", tree.inline());
    let name = &editor.name;
    let mut offers = vec![
        ("+ date", format!("Change {name} from a date on"), "Let it change from a date on", dated),
        ("curve", format!("Let {name} follow a curve"), "Let it change by a factor a year, or as a curve of the catalog", curve),
    ];
    if matches!(shape, Shape::Level)
        && let Some(profile) = editor.document.plan().profiles.keys().next()
    {
        let series = format!("Series(id: {}, mean: {})", quoted(profile), tree.inline());
        offers.push(("hourly", format!("Use an hourly series for {name}"), "Let it follow an hourly series", series));
    }
    let mut taken = None;
    let small = |ui: &Ui, text: &str| RichText::new(text).small().color(theme::tokens(ui).quiet);
    if ui.available_width() < 54.0 * offers.len() as f32 {
        // Beside a long label there is room for one button: all of them behind it.
        let menu = egui::containers::menu::MenuButton::from_button(Button::new(small(ui, "…")).frame_when_inactive(false).small());
        let response = menu.ui(ui, |ui| {
            for (text, _, tooltip, value) in &offers {
                if ui.button(*text).on_hover_text(*tooltip).clicked() {
                    taken = Some(value.clone());
                }
            }
        });
        response.0.accessible_name(format!("What {name} can become")).on_hover_text("Dated, as a curve, by the hour");
    } else {
        for (text, name, tooltip, value) in offers {
            let button = Button::new(small(ui, text)).frame_when_inactive(false).small();
            if ui.add(button).accessible_name(name).on_hover_text(tooltip).clicked() {
                taken = Some(value);
            }
        }
    }
    if let Some(value) = taken {
        editor.set(&place.path, value);
    }
}

/// Less room than this is too little for a date, its number and their buttons in one line.
const NARROW: f32 = 226.0;

pub(super) fn steps(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, tree: &Tree) {
    let path = place.path.clone();
    let number_place = |key: Option<&str>| Place {
        path: key.map_or_else(|| path.clone(), |key| reflect::join(&path, key)),
        shape: Shape::Number,
        bounds: place.bounds,
        field: None,
    };
    match tree {
        Tree::Group { name: "Curve", .. } => return curve(ui, editor, place, tree),
        Tree::Group { name: "Stated", items, .. } => {
            let find = |key: &str| items.iter().find(|(name, _)| name.as_deref() == Some(key)).map(|(_, value)| value.clone());
            let inner = Place { path: reflect::join(&path, "value"), ..place.clone() };
            ui.vertical(|ui| {
                steps(ui, editor, &inner, &find("value").unwrap_or(Tree::Atom("0.0".into())));
                let own_name = editor.name.clone();
                let source = reflect::join(&path, "source");
                let said = find("source").map(|said| reflect::text_of(&said)).unwrap_or_default();
                if let Some(new) = text_field_ui(ui, &format!("Source of {own_name}"), &source, &said, false, false) {
                    editor.set(&source, quoted(&new));
                }
            });
            return;
        }
        _ => {}
    }
    let rows = dated(tree);
    let start = editor.document.plan().horizon.start;
    if rows.is_empty() {
        number(ui, editor, &number_place(None), tree, false);
        unit_ui(ui, words::unit_of(editor.unit_field));
        return;
    }
    let own_name = editor.name.clone();
    ui.vertical(|ui| {
        let unit = words::unit_of(editor.unit_field);
        if !unit.is_empty() {
            // Once for all steps: beside each it would stand on its buttons.
            ui.label(theme::quiet(ui, unit));
        }
        let room = room_seen(ui);
        for (index, (month, value)) in rows.iter().enumerate() {
            within(ui, room, |ui| {
                let narrow = room < NARROW;
                if narrow {
                    // The date on a line of its own: beside its number there is no room for both.
                    ui.horizontal(|ui| {
                        editor.name.clone_from(&own_name);
                        date_ui(ui, editor, &path, &rows, index, steps_text);
                    });
                }
                ui.horizontal(|ui| {
                    // What stands on the right is placed first: dates and numbers give way to it.
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        ui.spacing_mut().item_spacing.x = 2.0;
                        if icon_button_ui(ui, "×", &format!("Remove the step from {month}, {own_name}")).clicked() {
                            let mut rows = rows.clone();
                            rows.remove(index);
                            let text = if rows.is_empty() { value.inline() } else { steps_text(&rows) };
                            editor.set(&path, text);
                        }
                        if let Some(number) = value.number() {
                            let name = format!("{own_name} from {month}");
                            vary_button_ui(ui, editor, &reflect::join(&path, month), number, place.bounds, &name);
                        }
                        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                            ui.spacing_mut().item_spacing.x = 4.0;
                            if !narrow {
                                editor.name.clone_from(&own_name);
                                date_ui(ui, editor, &path, &rows, index, steps_text);
                            }
                            editor.name = format!("{own_name} from {month}");
                            let width = ui.available_width().clamp(40.0, 78.0);
                            number_in(ui, editor, &number_place(Some(month)), value, false, width);
                        });
                    });
                });
                editor.name = format!("{own_name} from {month}");
                let step = reflect::join(&path, month);
                if let (Some(range), Some(value)) = (editor.view.varied.get(&step).copied(), value.number()) {
                    vary_ui(ui, editor, &step, value, range);
                }
                refused_ui(ui, editor, &reflect::join(&path, month));
                worth_ui(ui, editor.document, &reflect::join(&path, month));
            });
        }
        editor.name.clone_from(&own_name);
        if let Some(stepped) = crate::plan::Steps::of_text(&tree.inline()) {
            let unit = words::unit_of(editor.unit_field);
            sketch_ui(ui, &over_horizon(editor.document.plan(), &stepped), unit, &own_name, false);
        }
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

/// From when a row of dated values holds, to be changed; no two rows may begin in the same month.
pub(super) fn date_ui<V: Clone>(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    path: &str,
    rows: &[(String, V)],
    index: usize,
    text_of: fn(&[(String, V)]) -> String,
) {
    let Some((month, _)) = rows.get(index) else { return };
    ui.label(theme::quiet(ui, "from"));
    ui.scope(|ui| {
        ui.set_max_width(80.0);
        let name = format!("{}, date {}", editor.name, index + 1);
        let Some(new) = text_field_ui(ui, &name, &format!("{path}.{month}.date"), month, false, false) else { return };
        match Month::parse(new.trim()) {
            Ok(new) if rows.iter().all(|(other, _)| *other != new.to_string()) => {
                let mut rows = rows.to_vec();
                if let Some(row) = rows.get_mut(index) {
                    row.0 = new.to_string();
                }
                editor.set(path, text_of(&rows));
            }
            Ok(new) => editor.view.refused = Some((path.to_owned(), format!("There is one from {new} already."))),
            Err(problem) => editor.view.refused = Some((path.to_owned(), problem)),
        }
    });
}

/// An hourly series, or steps. `value_ui` draws the editor of the mean.
pub(super) fn level(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    place: &Place,
    tree: &Tree,
    value_ui: fn(&mut Ui, &mut Editor<'_>, &Place, &Tree),
) {
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
