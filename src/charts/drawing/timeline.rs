//! Rows by columns of cells: what binds, where and when.

use crate::charts::Cell;
use crate::charts::palette::mixed;

use super::axes;
use super::canvas::{Anchor, Path, Spot};
use super::measure::{ellipsised, text_width};
use super::{Area, Pen, Type};

/// Least height of a row whose name can be read.
const LEAST_PITCH: f64 = 15.0;

/// Size of words in cells.
const CELL_TEXT: f64 = 11.5;

pub(super) fn draw(pen: &mut Pen<'_>, area: Area, (rows, columns, cells): (&[String], &[String], &[Vec<Cell>]), written: bool) {
    let look = Type::new(12.0, pen.theme.text).held(Anchor::End);
    let (names, shown, told) = readable(rows, cells, ((area.height - 28.0) / LEAST_PITCH).floor().max(1.0) as usize);
    let (rows, cells) = (names.as_slice(), shown.as_slice());
    let gutter = (rows.iter().map(|row| text_width(row, look.size, false)).fold(0.0, f64::max) + 12.0).min(area.width * 0.35);
    let mut plot = Area { x: area.x + gutter, y: area.y + 6.0, width: area.width - gutter, height: area.height - 28.0 };
    let count = columns.len().max(1) as f64;
    // As wide as what is written in the widest, where there is room.
    let wanted = cells.iter().flat_map(|row| row.iter()).map(|cell| text_width(&cell.label, CELL_TEXT, false) + 24.0);
    let most = if written { wanted.fold(120.0, f64::max) } else { 120.0 };
    let step = (plot.width / count).min(most);
    plot.width = step * count;
    if !told.is_empty() {
        plot.height -= LEAST_PITCH;
    }
    let pitch = (plot.height / rows.len().max(1) as f64).min(72.0);
    plot.height = pitch * rows.len() as f64;
    let gap = (step * 0.12).clamp(1.0, 3.0);
    let words = Type::new(CELL_TEXT, pen.theme.text).held(Anchor::Middle);
    for (row, (name, cells)) in rows.iter().zip(cells).enumerate() {
        let y = plot.y + row as f64 * pitch;
        let height = (pitch - 8.0).clamp(2.0, 52.0).min(pitch);
        pen.canvas.text(plot.x - 12.0, y + height / 2.0 + 4.0, look, &ellipsised(name, look.size, false, gutter - 12.0));
        for (column, cell) in cells.iter().enumerate().take(columns.len()) {
            let color = pen.color(&cell.color);
            let fill = if cell.label.is_empty() { pen.theme.raised } else { mixed(pen.theme.raised, color, 0.3 + 0.7 * cell.strength) };
            let left = plot.x + column as f64 * step;
            pen.canvas.rect(left + gap / 2.0, y, step - gap, height, 3.0, fill);
            if written {
                let label = ellipsised(&cell.label, CELL_TEXT, false, step - gap - 6.0);
                pen.canvas.text(left + step / 2.0, y + height / 2.0 + 4.0, words, &label);
            }
            let corners = [(left, y - 4.0), (left + step, y - 4.0), (left + step, y + height + 4.0), (left, y + height + 4.0)];
            let bare = cell.label.is_empty();
            let label = if bare { "nothing binds".to_owned() } else { cell.label.clone() };
            let mut rows = vec![((!bare).then_some(color), label, String::new())];
            if !cell.detail.is_empty() {
                rows.push((None, cell.detail.clone(), String::new()));
            }
            let heading = format!("{name}, {}", columns.get(column).map_or("", String::as_str));
            pen.canvas.spot(Spot { outline: Path::through(&corners, true), heading, rows, stop: Some(column) });
        }
    }
    if !told.is_empty() {
        // In the place of the last row.
        let y = plot.bottom() + 8.0;
        pen.canvas.text(plot.x, y, pen.quiet(), &told);
        plot.height += LEAST_PITCH;
    }
    plot.height -= 4.0;
    axes::categories(pen, &plot, columns);
}

/// The rows that there is room for: all, or those where most binds, with a word on the rest. The table beside the
/// chart has every row.
fn readable<'c>(rows: &[String], cells: &'c [Vec<Cell>], most: usize) -> (Vec<String>, Vec<&'c [Cell]>, String) {
    let binds = |cells: &[Cell]| cells.iter().filter(|cell| !cell.label.is_empty()).map(|cell| 0.01 + cell.strength).sum::<f64>();
    let all: Vec<(&String, &[Cell])> = rows.iter().zip(cells.iter().map(Vec::as_slice)).collect();
    if all.len() <= most {
        return (rows.to_vec(), all.into_iter().map(|(_, cells)| cells).collect(), String::new());
    }
    let mut ranked: Vec<usize> = (0..all.len()).collect();
    let worth = |index: usize| all.get(index).map_or(0.0, |(_, cells)| binds(cells));
    ranked.sort_by(|a, b| worth(*b).total_cmp(&worth(*a)).then(a.cmp(b)));
    let rest = ranked.split_off(most.saturating_sub(1).min(ranked.len()));
    ranked.sort_unstable();
    let shown = ranked.iter().filter_map(|index| all.get(*index));
    let (names, cells) = shown.map(|(name, cells)| ((*name).clone(), *cells)).unzip();
    let nothing = rest.iter().all(|index| worth(*index) <= 0.0);
    let told = format!("and {} more{}", rest.len(), if nothing { ", where nothing binds" } else { ", where less binds" });
    (names, cells, told)
}
