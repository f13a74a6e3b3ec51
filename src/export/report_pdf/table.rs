//! Tables of the PDF: over as many pages as they take, the header on each; long texts in several
//! lines, numbers never cut.

use crate::charts::drawing::canvas::{Anchor, Stroke, Type};
use crate::charts::drawing::measure::{ellipsised, text_width, wrapped};
use crate::charts::palette;
use crate::charts::tables::{Table, TableCell};
use crate::export::report_rows as rows;

use super::{BOTTOM, HEADING, INNER, MARGIN, Pages};

/// Sizes of letters, the largest first; the smallest is still read without a glass.
const SIZES: [f64; 5] = [10.0, 9.5, 9.0, 8.5, 8.0];
/// Room between two columns.
const GUTTER: f64 = 12.0;
/// Lines that a text may take.
const MOST_LINES: usize = 5;
/// Height of a table up to which it is kept on one page.
const WHOLE_TABLE: f64 = 300.0;
/// Share of the page that a text asks for at most before it is broken into lines.
const TEXT_SHARE: f64 = 0.42;

/// The columns of a table: where each stands and how.
struct Columns {
    widths: Vec<f64>,
    numeric: Vec<bool>,
    size: f64,
}

impl Columns {
    /// The largest letters at which everything stands in one line, long texts aside.
    fn new(table: &Table, words: &[Vec<String>]) -> Self {
        let count = table.header.len();
        let is_number = |row: &Vec<TableCell>, column: usize| matches!(row.get(column), Some(TableCell::Number(_)));
        let numeric: Vec<bool> = (0..count).map(|column| table.rows.iter().any(|row| is_number(row, column))).collect();
        let natural = |size: f64| -> Vec<f64> {
            let of_column = |column: usize| {
                let cells = words.iter().filter_map(|row| row.get(column)).map(|text| text_width(text, size, false));
                let header = table.header.get(column).map_or(0.0, |text| text_width(text, size, true));
                cells.fold(header, f64::max) + GUTTER
            };
            (0..count).map(of_column).collect()
        };
        let asked = |size: f64| -> f64 {
            let capped = |(width, numeric): (f64, &bool)| if *numeric { width } else { width.min(TEXT_SHARE * INNER) };
            natural(size).into_iter().zip(&numeric).map(capped).sum()
        };
        let size = SIZES.into_iter().find(|size| asked(*size) <= INNER).unwrap_or(8.0);
        Self { widths: fitted(&natural(size), &numeric, INNER), numeric, size }
    }

    fn pitch(&self) -> f64 {
        self.size + 7.5
    }

    fn leading(&self) -> f64 {
        self.size + 2.5
    }

    /// The lines of each cell.
    fn broken(&self, row: &[String], semibold: bool) -> Vec<Vec<String>> {
        let cells = row.iter().zip(&self.widths).zip(&self.numeric);
        cells
            .map(|((text, width), numeric)| {
                let room = width - GUTTER + 4.0;
                if *numeric {
                    vec![ellipsised(text, self.size, semibold, room)]
                } else {
                    wrapped(text, self.size, semibold, room, MOST_LINES)
                }
            })
            .collect()
    }

    /// How high a row of such cells is.
    fn height(&self, cells: &[Vec<String>]) -> f64 {
        let lines = cells.iter().map(Vec::len).max().unwrap_or(1).max(1);
        self.pitch() + (lines - 1) as f64 * self.leading()
    }
}

/// Draws a table.
pub(super) fn draw(pages: &mut Pages<'_>, table: &Table) {
    let words = rows::in_words(table);
    let columns = Columns::new(table, &words);
    let header = columns.broken(&table.header, true);
    let whole: f64 = words.iter().map(|row| columns.height(&columns.broken(row, false))).sum::<f64>() + columns.height(&header);
    // A short table stays in one piece; the heading of a long one with its first rows.
    let together = if whole < WHOLE_TABLE { whole } else { columns.pitch() * 5.0 };
    pages.need(HEADING + together);
    pages.heading(&table.title);
    let theme = palette::theme(false);
    let mut headed = false;
    for row in &words {
        let cells = columns.broken(row, false);
        let more = if headed { 0.0 } else { columns.height(&header) };
        if pages.y + columns.height(&cells) + more > BOTTOM {
            pages.turn();
            headed = false;
        }
        if !headed {
            line(pages, &header, &columns, Type::new(columns.size, theme.quiet).bold());
            headed = true;
        }
        line(pages, &cells, &columns, Type::new(columns.size, theme.text));
    }
    pages.y += 18.0;
}

/// One row, ruled below.
fn line(pages: &mut Pages<'_>, cells: &[Vec<String>], columns: &Columns, look: Type) {
    let mut x = MARGIN;
    for ((lines, width), numeric) in cells.iter().zip(&columns.widths).zip(&columns.numeric) {
        for (index, text) in lines.iter().enumerate() {
            let base = pages.y + look.size + 1.0 + index as f64 * columns.leading();
            if *numeric {
                pages.canvas.text(x + width - 6.0, base, look.held(Anchor::End), text);
            } else {
                pages.canvas.text(x + 2.0, base, look, text);
            }
        }
        x += width;
    }
    pages.y += columns.height(cells);
    let color = palette::theme(false).line;
    pages.canvas.line((MARGIN, pages.y - 2.5), (MARGIN + INNER, pages.y - 2.5), Stroke::new(color, 0.6));
}

/// Widths that fill the page: spare room is shared out; where there is too little, texts wider than
/// their share give way, the widest first, and numbers only if they alone don't fit.
fn fitted(natural: &[f64], numeric: &[bool], room: f64) -> Vec<f64> {
    let sum = natural.iter().sum::<f64>();
    if sum <= room {
        let spare = (room - sum) / natural.len().max(1) as f64;
        return natural.iter().map(|width| width + spare).collect();
    }
    let numbers: f64 = natural.iter().zip(numeric).filter(|(_, numeric)| **numeric).map(|(width, _)| width).sum();
    let held = numbers < 0.85 * room;
    let capped = |(width, numeric): (&f64, &bool), cap: f64| if held && *numeric { *width } else { width.min(cap) };
    let (mut low, mut high) = (0.0, room);
    for _ in 0..40 {
        let cap = f64::midpoint(low, high);
        let taken: f64 = natural.iter().zip(numeric).map(|pair| capped(pair, cap)).sum();
        if taken <= room { low = cap } else { high = cap }
    }
    natural.iter().zip(numeric).map(|pair| capped(pair, low)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_give_way_before_numbers() {
        let widths = fitted(&[900.0, 80.0, 300.0], &[false, true, false], 800.0);
        assert!((widths.iter().sum::<f64>() - 800.0).abs() < 1e-6 && widths[1] == 80.0, "{widths:?}");
        assert!(widths[0] >= widths[2] && widths[2] > 299.0, "{widths:?}");
        // Spare room is shared out.
        assert_eq!(fitted(&[100.0, 100.0], &[false, true], 300.0), [150.0, 150.0]);
        // Numbers that don't fit are narrowed too: nothing leaves the page.
        assert!(fitted(&[500.0, 500.0], &[true, true], 600.0).iter().sum::<f64>() <= 600.0 + 1e-6);
    }
}
