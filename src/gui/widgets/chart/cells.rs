//! Cells of a table one by one: pointed at, or walked over by the arrow keys, each number says what it is, and
//! F1 opens its page.

use egui::{EventFilter, Id, Key, Modifiers, Rect, Response, RichText, Role, Sense, Tooltip, Ui, WidgetInfo};

use super::standing;
use crate::charts::{Table, TableCell};
use crate::gui::theme;
use crate::gui::widgets::truth;
use crate::words::short;

/// The cursor that the arrow keys move over a table that has the keyboard.
#[derive(Clone, Copy, Debug)]
pub struct Walk {
    id: Id,
    at: Option<(usize, usize)>,
    moved: bool,
}

impl Walk {
    /// Takes the arrow keys, if the table has the keyboard. [`Walk::end`] must follow once it is drawn.
    pub fn begin(ui: &Ui, table: &Table) -> Self {
        let id = ui.scope_id().with(("cells of", &table.name, &table.title));
        let (rows, columns) = (table.rows.len(), table.header.len());
        if rows == 0 || columns == 0 || !ui.memory(|memory| memory.has_focus(id)) {
            return Self { id, at: None, moved: false };
        }
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        let pressed = |key: Key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let before = ui.data(|data| data.get_temp::<(usize, usize)>(id));
        let (mut row, mut column) = before.unwrap_or_else(|| (0, first_number(table)));
        row = row.min(rows - 1);
        column = column.min(columns - 1);
        if before.is_some() {
            let (up, down, left, right) =
                (pressed(Key::ArrowUp), pressed(Key::ArrowDown), pressed(Key::ArrowLeft), pressed(Key::ArrowRight));
            row = if down { (row + 1).min(rows - 1) } else { row.saturating_sub(usize::from(up)) };
            column = if right { (column + 1).min(columns - 1) } else { column.saturating_sub(usize::from(left)) };
        }
        ui.data_mut(|data| data.insert_temp(id, (row, column)));
        Self { id, at: Some((row, column)), moved: before != Some((row, column)) }
    }

    /// The row to be brought into sight, if the cursor has just moved.
    #[must_use]
    pub fn row_to_show(self) -> Option<usize> {
        self.at.filter(|_| self.moved).map(|(row, _)| row)
    }

    /// Says what a cell is: where it is pointed at, and where the cursor stands on it.
    pub fn cell_ui(self, ui: &Ui, table: &Table, (row, column): (usize, usize), rect: Rect, label: Option<Response>) {
        let cells = table.rows.get(row).map_or(&[][..], Vec::as_slice);
        let number = if let Some(TableCell::Number(number)) = cells.get(column) { Some(*number) } else { None };
        if let Some((number, label)) = number.zip(label) {
            truth::offer(ui, &label, || subject(table, cells, column, number));
            label.on_hover_ui(|ui| tip_ui(ui, table, cells, column, number));
        }
        if self.at != Some((row, column)) {
            return;
        }
        if self.moved {
            ui.scroll_to_rect(rect, None);
        }
        ui.painter().rect_stroke(rect, 2.0, egui::Stroke::new(1.0, theme::tokens(ui).accent), egui::StrokeKind::Inside);
        if let Some(number) = number {
            truth::tell(ui.ctx(), self.id, (false, true), || subject(table, cells, column, number));
            let tip = Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), self.id, egui::PopupAnchor::from(rect));
            tip.show(|ui| tip_ui(ui, table, cells, column, number));
        }
    }

    /// Lets the keyboard come to the table, which lies here.
    pub fn end(self, ui: &Ui, table: &Table, rect: Rect) {
        if table.rows.is_empty() {
            return;
        }
        let response = ui.interact(rect, self.id, Sense::focusable_noninteractive());
        let here = self.at.and_then(|(row, column)| Some((table.rows.get(row)?, column)));
        let spoken = here.map_or_else(String::new, |(cells, column)| format!(" {}, {}", title(table, cells, column), value(cells, column)));
        let name = format!("Cells of {}; arrow keys walk over them.{spoken}", table.title);
        response.widget_info(|| WidgetInfo::labeled(Role::Table, true, &name));
        if self.at.is_none() {
            // The next time it starts at the first number again.
            ui.data_mut(|data| data.remove::<(usize, usize)>(self.id));
        }
    }
}

/// The first column that holds a number.
fn first_number(table: &Table) -> usize {
    let first = table.rows.first().and_then(|row| row.iter().position(|cell| matches!(cell, TableCell::Number(_))));
    first.unwrap_or(0)
}

/// What a cell is called: its row and its column.
fn title(table: &Table, cells: &[TableCell], column: usize) -> String {
    let of: Vec<&str> = cells.iter().filter_map(|cell| if let TableCell::Text(text) = cell { Some(text.as_str()) } else { None }).collect();
    let name = table.header.get(column).map_or("", String::as_str);
    format!("{}{}{name}", of.join(", "), if of.is_empty() { "" } else { ": " })
}

fn value(cells: &[TableCell], column: usize) -> String {
    match cells.get(column) {
        Some(TableCell::Number(number)) => short(*number),
        Some(TableCell::Text(text)) => text.clone(),
        None => String::new(),
    }
}

fn line(cells: &[TableCell]) -> &str {
    cells.iter().find_map(|cell| if let TableCell::Text(text) = cell { Some(text.as_str()) } else { None }).unwrap_or_default()
}

/// The page of a number of a table: what else stands in its row is what it belongs to.
fn subject(table: &Table, cells: &[TableCell], column: usize, number: f64) -> truth::Subject {
    let (what, formula) = standing::said_of(&table.name, line(cells));
    let mut readings = vec![("Exactly".to_owned(), format!("{number}"))];
    let others = cells.iter().enumerate().filter(|(other, _)| *other != column);
    readings.extend(others.filter_map(|(other, cell)| match cell {
        TableCell::Number(number) => Some((table.header.get(other)?.clone(), short(*number))),
        TableCell::Text(_) => None,
    }));
    truth::Subject::Value(truth::Page {
        title: title(table, cells, column),
        readings,
        what: if what.is_empty() { format!("A number of the table “{}”.", table.title) } else { what.to_owned() },
        formula: formula.to_owned(),
        source: String::new(),
    })
}

/// What a number of a table is: its row and column, all its digits, how it is worked out and what it rests on.
fn tip_ui(ui: &mut Ui, table: &Table, cells: &[TableCell], column: usize, number: f64) {
    ui.set_max_width(340.0);
    ui.label(RichText::new(title(table, cells, column)).strong());
    ui.label(standing::marked(ui, format!("{number}")));
    standing::line_ui(ui, &table.name, line(cells));
    truth::hint_ui(ui);
}
