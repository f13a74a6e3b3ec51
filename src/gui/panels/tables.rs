//! The tables panel: every part of the plan as a grid that is edited in place, with spreadsheets at
//! either end.

use crate::words;
use std::sync::Arc;

use egui::{Button, Event, Label, Modal, RichText, ScrollArea, TextEdit, TextStyle, Ui};
use egui_extras::{Column as Width, TableBuilder};

use crate::gui::command::{Commands, Request, Stroke, UiCommand};
use crate::gui::document::Document;
use crate::gui::view::ViewState;
use crate::gui::widgets::field::asked::{Stated, offer_field, under_hand};
use crate::gui::widgets::field::text_field_ui;
use crate::gui::widgets::number::{NumberField, number_ui, refusal_ui};
use crate::gui::widgets::{scrolls_sideways, tick_ui};
use crate::gui::{change, reflect, theme};
use crate::plan::Plan;
use crate::plan::node::{Node, Shape, Tree};

pub mod paste;
pub mod sheet;

use paste::Pasted;
use sheet::{Column, Row, SHEETS, Sheet, cell_ron, cell_text};

/// What the tables panel remembers.
#[derive(Debug, Default)]
pub struct TablesView {
    /// Index of the sheet shown.
    sheet: usize,
    /// Text being pasted, while its window is open.
    paste: Option<String>,
    /// What of it was read last, for which text and plan: it is not read again in every frame.
    pasted: Option<(String, Arc<Plan>, Pasted)>,
}

/// Draws the tables panel.
pub fn tables_ui(ui: &mut Ui, document: &Document, view: &mut ViewState, tables: &mut TablesView, commands: &mut Commands) {
    let plan = document.plan();
    sheets_ui(ui, document, tables);
    let Some(sheet) = SHEETS.get(tables.sheet).copied().or_else(|| SHEETS.first().copied()) else { return };
    let rows = sheet.rows(plan);
    let columns = sheet.columns(plan);
    ui.add_space(4.0);
    actions_ui(ui, document, view, tables, commands, &sheet, &rows, &columns);
    if let Some((path, problem)) = view.refused.clone().filter(|(path, _)| rows.iter().any(|row| path.starts_with(&row.path))) {
        refusal_ui(ui, &format!("{}: {problem}", change::split(&path).1));
    }
    if rows.is_empty() {
        ui.add_space(theme::GAP);
        ui.label(theme::quiet(ui, format!("There are no {} yet. Add one, or paste rows from a spreadsheet.", words::lowered(sheet.title))));
    } else {
        grid_ui(ui, document, view, commands, &sheet, &rows, &columns);
    }
    paste_ui(ui, document, tables, commands, &sheet, &rows, &columns);
}

/// The sheets that can be picked, with how many rows each has.
fn sheets_ui(ui: &mut Ui, document: &Document, view: &mut TablesView) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
        for (index, sheet) in SHEETS.iter().enumerate() {
            let count = sheet.rows(document.plan()).len();
            let chosen = view.sheet == index;
            let text = if count == 0 {
                RichText::new(sheet.title).color(theme::tokens(ui).quiet)
            } else {
                RichText::new(format!("{} {count}", sheet.title))
            };
            let button = ui.add(Button::new(text.text_style(TextStyle::Small)).selected(chosen).frame_when_inactive(chosen));
            if button.accessible_name(format!("Table of {}", words::lowered(sheet.title))).clicked() {
                view.sheet = index;
            }
        }
    });
}

fn selected_row<'r>(view: &ViewState, rows: &'r [Row]) -> Option<&'r Row> {
    rows.iter().find(|row| view.selection == row.path)
}

fn actions_ui(
    ui: &mut Ui,
    document: &Document,
    view: &ViewState,
    tables: &mut TablesView,
    commands: &mut Commands,
    sheet: &Sheet,
    rows: &[Row],
    columns: &[Column],
) {
    let plan = document.plan();
    let writable = !document.is_read_only();
    let holder = view
        .selection
        .split('.')
        .nth(1)
        .filter(|id| {
            reflect::place(plan, &format!("{}.{id}", sheet.section)).is_some()
                && change::get(plan, &format!("{}.{id}", sheet.section)).is_some()
        })
        .map(str::to_owned);
    let first = change::get(plan, sheet.section).and_then(|node| node.children().into_iter().next());
    let new = sheet.new_row(plan, &holder.or(first).unwrap_or_default());
    let chosen = selected_row(view, rows).cloned();
    ui.horizontal_wrapped(|ui| {
        if ui.add_enabled(writable && new.is_some(), Button::new("Add a row")).clicked()
            && let Some((path, edit)) = new
        {
            commands.send(Request::Edit(edit, Stroke::Once));
            commands.select(path);
        }
        for (text, command) in [("Duplicate", UiCommand::Duplicate), ("Delete", UiCommand::Delete)] {
            let button = ui.add_enabled(writable && chosen.is_some(), Button::new(text));
            if button.accessible_name(format!("{text} the row")).on_disabled_hover_text("Pick a row first").clicked() {
                commands.run(command);
            }
        }
        ui.separator();
        if ui
            .add_enabled(!rows.is_empty(), Button::new("Copy the table"))
            .on_hover_text("As tab-separated text with field names, for a spreadsheet")
            .clicked()
        {
            ui.ctx().copy_text(paste::copied(plan, rows, columns));
            commands.say(format!("{} rows are on the clipboard", rows.len()));
        }
        if ui
            .add_enabled(writable, Button::new("Paste rows…"))
            .on_hover_text("From a spreadsheet: rows with a known id are changed, others added")
            .clicked()
        {
            tables.paste = Some(String::new());
        }
    });
    // Ctrl+V over the table, while nothing is typed in, opens the same window with the text in it.
    if writable && tables.paste.is_none() && !view.asking && ui.rect_contains_pointer(ui.max_rect()) && !ui.ctx().text_edit_focused() {
        let pasted =
            ui.input(|input| input.events.iter().find_map(|event| if let Event::Paste(text) = event { Some(text.clone()) } else { None }));
        if pasted.as_ref().is_some_and(|text| text.contains('\t')) {
            tables.paste = pasted;
        }
    }
}

fn grid_ui(
    ui: &mut Ui,
    document: &Document,
    view: &mut ViewState,
    commands: &mut Commands,
    sheet: &Sheet,
    rows: &[Row],
    columns: &[Column],
) {
    let height = ui.available_height();
    let output = ScrollArea::horizontal().id_salt(("grid", sheet.title)).auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::vec2(6.0, 2.0);
        let mut table = TableBuilder::new(ui)
            .id_salt(sheet.title)
            .striped(true)
            .auto_shrink([false, false])
            .max_scroll_height((height - 60.0).max(60.0))
            .sense(egui::Sense::click());
        table = table.column(Width::initial(130.0).at_least(60.0).clip(true).resizable(true));
        for column in columns {
            table = table.column(Width::initial(width_of(column)).at_least(48.0).clip(true).resizable(true));
        }
        table
            .header(36.0, |mut header| {
                header.col(|ui| {
                    ui.label(theme::quiet(ui, "Id"));
                });
                for column in columns {
                    let (title, unit) = column.title();
                    header.col(|ui| {
                        ui.vertical(|ui| {
                            ui.spacing_mut().item_spacing.y = 0.0;
                            ui.add(Label::new(RichText::new(title).text_style(TextStyle::Small)).truncate())
                                .on_hover_text(column.doc.trim());
                            ui.add(Label::new(theme::quiet(ui, unit)).truncate());
                        });
                    });
                }
            })
            .body(|body| {
                body.rows(28.0, rows.len(), |mut line| {
                    let Some(row) = rows.get(line.index()) else { return };
                    let chosen = view.selection == row.path;
                    line.set_selected(chosen);
                    line.col(|ui| {
                        let button =
                            ui.add(Button::new(RichText::new(&row.id).text_style(theme::strong())).frame_when_inactive(false).truncate());
                        if button.accessible_name(format!("Row {}", row.id)).clicked() {
                            commands.select(&row.path);
                        }
                    });
                    for column in columns {
                        line.col(|ui| {
                            ui.push_id((&row.path, column.field), |ui| {
                                ui.add_enabled_ui(!document.is_read_only(), |ui| cell_ui(ui, document, view, commands, row, column));
                                asked_ui(ui, document, row, column);
                            });
                        });
                    }
                    if line.response().clicked() {
                        commands.select(&row.path);
                    }
                });
            });
    });
    scrolls_sideways(ui, sheet.title, output.inner_rect, output.content_size.x);
}

/// Lets a number of the grid be asked about.
fn asked_ui(ui: &Ui, document: &Document, row: &Row, column: &Column) {
    let hand = under_hand(ui, ui.max_rect());
    if hand == (false, false) {
        return;
    }
    let path = column.path(&row.path);
    let is_number = |shape: Shape| matches!(shape, Shape::Number | Shape::Whole | Shape::Quantity | Shape::Steps | Shape::Level);
    let numeric = match column.shape {
        Shape::Optional(inner) => is_number(inner()),
        shape => is_number(shape),
    };
    if let Some(node) = document.value(&path).filter(|_| numeric) {
        let stated = Stated { path: &path, doc: column.doc, bounds: column.bounds, required: false };
        offer_field(ui, document, hand, stated, &node.tree());
    }
}

fn width_of(column: &Column) -> f32 {
    match column.shape {
        Shape::Switch => 64.0,
        Shape::Number | Shape::Whole | Shape::Quantity | Shape::Month => 92.0,
        Shape::Text if column.field == "country" => 60.0,
        Shape::Text if column.field == "notes" => 220.0,
        Shape::Text if column.field == "name" => 190.0,
        Shape::Optional(inner) if matches!(inner(), Shape::Number | Shape::Quantity | Shape::Month | Shape::Whole) => 92.0,
        _ if column.field.is_empty() => 560.0,
        Shape::Steps | Shape::Level => 224.0,
        _ => 120.0,
    }
}

fn cell_ui(ui: &mut Ui, document: &Document, view: &mut ViewState, commands: &mut Commands, row: &Row, column: &Column) {
    let path = column.path(&row.path);
    let Some(tree) = document.value(&path).map(Node::tree) else { return };
    let (title, unit) = column.title();
    let name = format!("{title} of {}", row.id);
    let new = match column.shape {
        Shape::Number | Shape::Whole | Shape::Quantity => {
            number_cell_ui(ui, view, commands, &path, &tree, &name, column);
            return;
        }
        Shape::Switch => {
            let mut on = matches!(&tree, Tree::Atom(text) if text == "true");
            tick_ui(ui, &mut on, "").accessible_name(&name).changed().then(|| on.to_string())
        }
        Shape::Reference(target) => {
            // Things are called by their names; the id is what is written in the plan.
            let called = |id: &String| words::name_at(document.plan(), &reflect::join(target, id)).unwrap_or_else(|| id.clone());
            let ids = document.value(target).map(Node::children).unwrap_or_default();
            let items: Vec<(String, String)> = ids.into_iter().map(|id| (called(&id), id)).collect();
            pick_ui(ui, &path, &name, &reflect::text_of(&tree), &items).map(|id| crate::plan::node::quoted(&id))
        }
        Shape::Choice(variants) if variants().iter().all(|variant| variant.shape.is_none()) => {
            let names: Vec<(String, String)> =
                variants().iter().map(|variant| (words::sentence(&words::kind_text(variant.name)), variant.name.to_owned())).collect();
            pick_ui(ui, &path, &name, &tree.inline(), &names)
        }
        shape => {
            let shown = cell_text(&tree, shape);
            text_field_ui(ui, &name, &path, &shown, false, false).map(|text| cell_ron(&text, shape, unit))
        }
    };
    if let Some(text) = new {
        view.refused = None;
        commands.set(path, text);
    }
}

fn number_cell_ui(ui: &mut Ui, view: &mut ViewState, commands: &mut Commands, path: &str, tree: &Tree, name: &str, column: &Column) {
    let whole = matches!(column.shape, Shape::Whole);
    let field = NumberField {
        name,
        value: tree.number().unwrap_or(0.0),
        unit: words::unit_of(column.field),
        percent: false,
        whole,
        bounds: column.bounds,
        focus: false,
        width: ui.available_width().min(110.0),
    };
    let print = |value: f64| if whole { value.round().to_string() } else { format!("{value:?}") };
    let output = number_ui(ui, field);
    if let Some(value) = output.dragged {
        commands.drag(path, print(value));
    }
    if let Some(value) = output.typed {
        view.refused = None;
        commands.set(path, print(value));
    }
    if output.released {
        commands.end_drag();
    }
    if let Some(problem) = output.refused {
        view.refused = Some((path.to_owned(), problem));
    }
}

/// A choice of one: what each is called, and what is written for it.
fn pick_ui(ui: &mut Ui, path: &str, name: &str, value: &str, items: &[(String, String)]) -> Option<String> {
    let mut picked = None;
    let shown = items.iter().find(|(_, id)| id == value).map_or(value, |(called, _)| called.as_str());
    let combo = egui::ComboBox::from_id_salt(path).selected_text(shown).width(ui.available_width() - 4.0).truncate().show_ui(ui, |ui| {
        for (called, id) in items {
            if ui.selectable_label(id == value, called).on_hover_text(id).clicked() && id != value {
                picked = Some(id.clone());
            }
        }
    });
    combo.response.accessible_name(name);
    picked
}

/// The window that takes rows from a spreadsheet: all or nothing.
fn paste_ui(
    ui: &mut Ui,
    document: &Document,
    tables: &mut TablesView,
    commands: &mut Commands,
    sheet: &Sheet,
    rows: &[Row],
    columns: &[Column],
) {
    let Some(mut text) = tables.paste.take() else { return };
    let mut open = true;
    let modal = Modal::new(egui::Id::unique("paste rows")).show(ui.ctx(), |ui| {
        ui.set_width(560.0_f32.min(ui.ctx().content_rect().width() - 40.0));
        ui.label(theme::title(format!("Paste rows into {}", words::lowered(sheet.title))));
        ui.label(theme::quiet(ui, "Tab-separated, as a spreadsheet copies it. With a first line of field names the columns may come in any order; without one they come as on screen, the id first."));
        ui.add_space(4.0);
        ScrollArea::vertical().id_salt("pasted").max_height(180.0).show(ui, |ui| {
            let field = TextEdit::multiline(&mut text).desired_rows(6).desired_width(f32::INFINITY).font(TextStyle::Monospace).hint_text("id\tit_mw\t…");
            let response = ui.add(field).accessible_name("Rows to paste");
            if text.is_empty() && ui.memory(|memory| memory.focused().is_none()) {
                response.request_focus();
            }
        });
        let plan = document.plan_arc();
        if !tables.pasted.as_ref().is_some_and(|(of, on, _)| *of == text && Arc::ptr_eq(on, &plan)) {
            let pasted = paste::read(&plan, sheet, rows, columns, &text);
            tables.pasted = Some((text.clone(), plan, pasted));
        }
        let Some((_, _, pasted)) = &tables.pasted else { return };
        ui.add_space(4.0);
        if pasted.problems.is_empty() {
            let plural = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
            ui.label(theme::quiet(ui, format!("{} changed, {} added", plural(pasted.changed, "cell"), plural(pasted.added, "row"))));
        } else {
            ScrollArea::vertical().id_salt("problems of the paste").max_height(120.0).show(ui, |ui| {
                for problem in pasted.problems.iter().take(50) {
                    refusal_ui(ui, problem);
                }
            });
        }
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            let ready = pasted.problems.is_empty() && !pasted.edits.is_empty();
            if ui.add_enabled(ready, Button::new("Apply the rows")).clicked() {
                commands.send(Request::Batch(format!("paste into {}", words::lowered(sheet.title)), pasted.edits.clone()));
                open = false;
            }
            if ui.button("Cancel").clicked() {
                open = false;
            }
        });
    });
    if open && !modal.should_close() {
        tables.paste = Some(text);
    } else {
        tables.pasted = None;
    }
}
