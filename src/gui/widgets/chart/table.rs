//! The data of a chart as a table on screen and on the clipboard.

use egui::{Align, Label, Layout, Ui};
use egui_extras::{Column, TableBuilder};

use super::cells::Walk;
use super::standing;
use crate::charts::{Table, TableCell};
use crate::gui::theme;
use crate::gui::widgets::scrolls_sideways;
use crate::words::short;

/// Draws a table within this height.
///
/// Pointed at, a number says what it is, exactly, how it is worked out and what it rests on.
pub fn table_ui(ui: &mut Ui, table: &Table, height: f32) {
    let columns = table.header.len().max(1);
    let walk = Walk::begin(ui, table);
    let place = egui::Rect::from_min_size(ui.cursor().min, egui::vec2(ui.available_width(), height));
    let scroll = egui::ScrollArea::horizontal().id_salt(("table of", &table.name)).auto_shrink([false, false]).max_height(height);
    let output = scroll.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut builder = TableBuilder::new(ui);
        if let Some(row) = walk.row_to_show() {
            builder = builder.scroll_to_row(row, None);
        }
        builder
            .id_salt(("rows of", &table.name))
            .striped(true)
            .auto_shrink([false, false])
            .max_scroll_height((height - 30.0).max(40.0))
            .columns(Column::initial(96.0).at_least(48.0).clip(true).resizable(true), columns)
            .header(24.0, |mut header| {
                for name in &table.header {
                    header.col(|ui| {
                        ui.add(Label::new(theme::quiet(ui, name)).truncate());
                    });
                }
            })
            .body(|body| {
                body.rows(20.0, table.rows.len(), |mut row| {
                    let number = row.index();
                    let cells = table.rows.get(number).map_or(&[][..], Vec::as_slice);
                    for index in 0..columns {
                        row.col(|ui| {
                            let label = match cells.get(index) {
                                Some(TableCell::Text(text)) => ui.add(Label::new(text).truncate()),
                                Some(TableCell::Number(number)) => {
                                    let text = standing::marked(ui, short(*number));
                                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.label(text)).inner
                                }
                                None => return,
                            };
                            walk.cell_ui(ui, table, (number, index), ui.max_rect(), Some(label));
                        });
                    }
                });
            });
    });
    walk.end(ui, table, place);
    scrolls_sideways(ui, &table.title, output.inner_rect, output.content_size.x);
}

/// A table as a spreadsheet takes it from the clipboard: full precision, no grouping.
pub fn tab_separated(table: &Table) -> String {
    // Tabs and line ends would break the table apart.
    let clean = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    let mut out: String = table.header.iter().map(|name| clean(name)).collect::<Vec<_>>().join("\t");
    out.push('\n');
    for row in &table.rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| match cell {
                TableCell::Text(text) => clean(text),
                TableCell::Number(number) => format!("{number}"),
            })
            .collect();
        out.push_str(&cells.join("\t"));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_stays_a_table_on_the_clipboard() {
        let table =
            Table { header: vec!["Na\tme".into(), "Value".into()], rows: vec![vec!["a\nb".into(), 1234.5.into()]], ..Table::default() };
        assert_eq!(tab_separated(&table), "Na me\tValue\na b\t1234.5\n");
    }
}
