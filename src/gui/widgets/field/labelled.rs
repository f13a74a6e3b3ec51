//! One field of an entity: label, editor, unit, source; below it problems, worth and slider.

use crate::words;
use egui::{Label, RichText, Sense, Ui};

use super::asked::{Stated, offer_field, under_hand};
use super::dated::becomes_ui;
use super::editor::{Editor, is_simple, refused_ui, unit_ui};
use super::published::published_ui;
use super::source::{evidence_ui, reset_ui};
use super::value_ui;
use super::vary::{vary_button_ui, vary_ui};
use super::worth::{keeps_room, worth_label_ui, worth_of};
use crate::gui::change::{Edit, Stroke};
use crate::gui::command::{Request, UiCommand};
use crate::gui::mend::mend_ui;
use crate::gui::reflect::Place;
use crate::gui::widgets::{room_seen, within};
use crate::gui::{change, provenance, theme};
use crate::plan::node::{FieldInfo, Shape, Tree};

/// One field: label, editor, unit, source; below it problems, worth, slider.
pub fn field_ui(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, field: FieldInfo, tree: &Tree) {
    let path = place.path.clone();
    let label = words::label_of(field.name);
    // Suffixes of choices' own numbers (`UpTo(400.0)` of `contract_mw`) come from the field that holds them.
    editor.unit_field = field.name;
    editor.name.clone_from(&label);
    // A whole map has no single worth, and each dated step shows its own.
    let dated = matches!(tree, Tree::Group { brackets: ('{', '}'), .. });
    let worth = if is_limit(place.shape) && !dated { worth_of(editor.document, &path) } else { None };
    let kept = is_limit(place.shape) && !dated && keeps_room(ui, &path, worth.is_some());
    let frame = if kept {
        theme::raised(ui).inner_margin(egui::Margin::symmetric(8, 6))
    } else {
        egui::Frame::new().inner_margin(egui::Margin::symmetric(0, 1))
    };
    let room = room_seen(ui);
    let place_of = within(ui, room, |ui| {
        frame
            .show(ui, |ui| {
                let inside = ui.available_width();
                ui.set_min_width(inside);
                ui.spacing_mut().item_spacing.y = 1.0;
                ui.horizontal(|ui| {
                    ui.set_max_height(17.0);
                    ui.spacing_mut().interact_size.y = 17.0;
                    ui.scope(|ui| {
                        // A long name gives way to the buttons beside it, and is said whole.
                        ui.set_max_width((ui.available_width() - FOR_BUTTONS).max(40.0));
                        ui.add(Label::new(theme::quiet(ui, &label)).truncate().sense(Sense::hover())).on_hover_text(doc_of(field));
                    });
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        ui.spacing_mut().item_spacing.x = 4.0;
                        if let Some(number) = variable(place, tree) {
                            vary_button_ui(ui, editor, &path, number, place.bounds, &label);
                        }
                        back_to_base_ui(ui, editor, &path, &label);
                        becomes_ui(ui, editor, place, tree);
                    });
                });
                let simple = is_simple(place.shape, tree);
                if simple {
                    ui.horizontal(|ui| {
                        value_ui(ui, editor, place, tree);
                        let numeric =
                            matches!(tree, Tree::Atom(text) if text != "None") || matches!(tree, Tree::Group { name: "Stated", .. });
                        if numeric && needs_unit(place.shape) {
                            unit_ui(ui, words::unit_of(field.name));
                        }
                        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                            if needs_unit(place.shape) || matches!(place.shape, Shape::Steps | Shape::Level) {
                                evidence_ui(ui, editor, &path, field, tree);
                            }
                            reset_ui(ui, editor, place, tree);
                        });
                    });
                } else {
                    value_ui(ui, editor, place, tree);
                }
                // What was too wide for the panel makes nothing below it wider.
                within(ui, inside, |ui| {
                    refused_ui(ui, editor, &path);
                    if let (Some(range), Some(value)) = (editor.view.varied.get(&path).copied(), tree.number()) {
                        vary_ui(ui, editor, &path, value, range);
                    }
                    problems_ui(ui, editor, &path);
                    if kept {
                        worth_label_ui(ui, editor.document, worth.as_ref());
                    }
                    published_ui(ui, editor, &path);
                    if field.name == "catalog" {
                        catalog_ui(ui, editor, &path);
                    }
                });
            })
            .response
            .rect
    });
    if is_limit(place.shape) {
        let stated = Stated { path: &path, doc: field.doc, bounds: field.bounds, required: field.required };
        offer_field(ui, editor.document, under_hand(ui, place_of), stated, tree);
    }
}

/// What is wrong with a value, under it, with its ways out.
pub(super) fn problems_ui(ui: &mut Ui, editor: &mut Editor<'_>, path: &str) {
    for problem in editor.document.problems().iter().filter(|problem| problem.path == path) {
        let said = words::in_words(&problem.message);
        ui.add(Label::new(RichText::new(said).small().color(theme::severity(ui, problem.severity))).wrap());
        mend_ui(ui, editor.document, problem, editor.commands);
    }
}

/// Room beside a label that its buttons take at least.
const FOR_BUTTONS: f32 = 76.0;

/// Where the picked scenario has a value of its own: a mark, and the way back to the base plan's.
fn back_to_base_ui(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, label: &str) {
    let Some(edit) = editor.document.back_to_base(path) else { return };
    let base =
        crate::plan::edit::get(editor.document.base(), path).map_or_else(|| "not there".to_owned(), |text| words::value_words(path, &text));
    let text = RichText::new(format!("● {}", editor.document.scenario())).small().color(theme::tokens(ui).accent);
    let button = ui.add(egui::Button::new(text).frame_when_inactive(false).small());
    let button = button.accessible_name(format!("Put {label} back to the base plan"));
    if button.on_hover_text(format!("Changed in this scenario; the base plan says {base}. Click to put it back.")).clicked() {
        editor.commands.send(Request::Edit(edit, Stroke::Once));
    }
}

/// Under a catalog id: the picker, and the way back from the plan's own numbers.
fn catalog_ui(ui: &mut Ui, editor: &mut Editor<'_>, path: &str) {
    let entity = change::split(path).0;
    if entity.starts_with("contracts.") {
        return tariffs_ui(ui, editor, path);
    }
    // Below one another: in a narrow inspector there is no room side by side.
    if ui.add(egui::Button::new("Pick from the catalog…").truncate()).clicked() {
        editor.commands.select(entity);
        editor.commands.run(UiCommand::PickFromCatalog);
    }
    let own = entity.strip_prefix("chips.").map(|id| provenance::overridden(editor.document.plan(), id)).unwrap_or_default();
    if !own.is_empty() {
        let words: Vec<String> = own.iter().map(|field| words::label_of(field).to_lowercase()).collect();
        let text = format!("Reset {}", words::counted(own.len(), "number"));
        let reset = ui.add(egui::Button::new(text).wrap());
        if reset.on_hover_text(format!("Back to the catalog: {}", words.join(", "))).clicked() {
            let edits = own.iter().map(|field| Edit::set(format!("{entity}.{field}"), "None")).collect();
            editor.commands.send(Request::Batch(format!("reset {} to the catalog", change::split(entity).1), edits));
        }
    }
}

/// Under a tariff's catalog id: the tariffs there are.
fn tariffs_ui(ui: &mut Ui, editor: &mut Editor<'_>, path: &str) {
    ui.menu_button("Pick a tariff of the catalog…", |ui| {
        for row in crate::catalog::Catalog::embedded().tariffs() {
            let about = format!("{} ({})", row.note, row.source);
            if ui.button(row.title()).on_hover_text(about).clicked() {
                editor.commands.send(Request::Edit(Edit::set(path, crate::plan::node::quoted(&row.id)), Stroke::Once));
                ui.close();
            }
        }
    });
}

fn doc_of(field: FieldInfo) -> String {
    let range = field.bounds.map(|(low, high)| {
        if field.name.contains("_fraction") {
            format!("\n{} to {}", words::percent(low), words::percent(high))
        } else {
            format!("\n{} to {} {}", words::number(low), words::number(high), words::unit_of(field.name))
        }
    });
    format!("{}{}\n{}", field.doc.trim(), range.unwrap_or_default().trim_end(), field.name)
}

/// Whether a field of this shape states one limit.
fn is_limit(shape: Shape) -> bool {
    match shape {
        Shape::Number | Shape::Whole | Shape::Quantity | Shape::Steps | Shape::Level | Shape::Choice(_) => true,
        Shape::Optional(inner) => is_limit(inner()),
        _ => false,
    }
}

/// Steps and levels draw their own units.
fn needs_unit(shape: Shape) -> bool {
    match shape {
        Shape::Number | Shape::Whole | Shape::Quantity => true,
        Shape::Optional(inner) => needs_unit(inner()),
        _ => false,
    }
}

/// The number that a slider would move, if the field has one.
fn variable(place: &Place, tree: &Tree) -> Option<f64> {
    let numeric = match place.shape {
        Shape::Number | Shape::Quantity | Shape::Steps | Shape::Level => true,
        Shape::Optional(inner) => matches!(inner(), Shape::Number | Shape::Quantity | Shape::Steps | Shape::Level),
        _ => false,
    };
    tree.number().filter(|_| numeric)
}
