//! The answer for the terminal: key figures, builds by period, what binds.

use std::fmt::Write;

use crate::charts::tables::{Table, TableCell};
use crate::results::{Results, Status};

use super::headline::{chip_hours, figures, fraction_notes, fractions_in_words};
use super::report_rows::{binding, builds, cell_in_words, certificate_in_words, in_words, solver_in_words, status_in_words};

/// Limits shown; the rest are in the JSON and the report.
const LIMITS: usize = 12;
/// Halls in fractions shown in words, likewise.
const FRACTIONS: usize = 6;
/// Unused things shown, likewise.
const UNUSED: usize = 8;

/// Terminals obey control characters: a name must not move the cursor.
pub(crate) fn tame(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// What `solve` prints.
#[must_use]
pub fn render(results: &Results) -> String {
    let mut out = String::new();
    let hash: String = results.plan_sha256.chars().take(12).collect();
    let scenario = if results.scenario_name.is_empty() { String::new() } else { format!(", scenario {}", results.scenario_name) };
    let _ = writeln!(out, "{}{} ({hash})\n{}", tame(&results.plan_name), tame(&scenario), status_in_words(results));
    if !results.message.is_empty() {
        let _ = writeln!(out, "{}", tame(&results.message));
    }
    if results.status == Status::Infeasible && !results.conflict.is_empty() {
        out.push_str("\nThe least that must give\n");
        for give in &results.conflict {
            let _ = writeln!(out, "  {}", tame(&give.sentence));
        }
    }
    if results.has_numbers() {
        out.push('\n');
        let figures = figures(results);
        let label = figures.iter().map(|figure| figure.label.len()).max().unwrap_or(0);
        let width = figures.iter().map(|figure| figure.figure.chars().count()).max().unwrap_or(0);
        for figure in &figures {
            let pad = width - figure.figure.chars().count();
            let _ = writeln!(out, "  {:label$}  {}{} {}", figure.label, " ".repeat(pad), figure.figure, figure.of_figure);
        }
        if let Some(give_up) = &results.give_up {
            let _ = writeln!(out, "\n{}", tame(&give_up.sentence));
        }
        if let Some(sentence) = fractions_in_words(results) {
            let _ = writeln!(out, "\n{}", tame(&sentence));
        }
        let builds = builds(results);
        if !builds.rows.is_empty() {
            let _ = write!(out, "\n{}\n{}", builds.title, grid(&builds));
            for note in fraction_notes(results).iter().take(FRACTIONS) {
                let _ = writeln!(out, "  {}", tame(note));
            }
        }
        let earned = chip_hours(results);
        if !earned.rows.is_empty() {
            let _ = write!(out, "\n{}\n{}", earned.title, grid(&earned));
        }
        for sentence in super::routing::in_words(results) {
            let _ = writeln!(out, "\n{}", tame(&sentence));
        }
        for table in super::routing::tables(results) {
            let _ = write!(out, "\n{}\n{}", table.title, grid(&table));
        }
        for sentence in super::trade::in_words(results) {
            let _ = writeln!(out, "\n{}", tame(&sentence));
        }
        for table in super::trade::tables(results) {
            let _ = write!(out, "\n{}\n{}", table.title, grid(&table));
        }
        for table in super::lender::tables(results) {
            let _ = write!(out, "\n{}\n{}", table.title, grid(&table));
        }
        let binding = binding(results, LIMITS);
        if !binding.rows.is_empty() {
            out.push_str("\nWhat binds, the most valuable first\n");
            out.extend(super::trade::worth_in_words(results).iter().flat_map(|whose| ["  ", whose, "\n"]));
            for row in &binding.rows {
                let word = |index: usize| row.get(index).map(cell_in_words).unwrap_or_default();
                let when = if word(2).is_empty() { "over the horizon".into() } else { format!("in {}", word(2)) };
                let range = if word(7).is_empty() && word(8).is_empty() {
                    String::new()
                } else {
                    format!(", holds from {} to {}", word(7), word(8))
                };
                let _ = writeln!(out, "  {:<10} {}", word(0), tame(&word(9)));
                let _ = writeln!(out, "  {:<10} binds {when}, limit {} {}{range}", "", word(3), word(4));
            }
        }
        if !results.entry_prices.is_empty() {
            out.push_str("\nWhat is not used, the nearest to it first\n");
            for entry in results.entry_prices.iter().take(UNUSED) {
                let _ = writeln!(out, "  {}", tame(&entry.sentence));
            }
        }
        let _ = writeln!(out, "\n{}\n{}", certificate_in_words(results), solver_in_words(results));
    }
    for warning in &results.warnings {
        let _ = writeln!(out, "Note on {}: {}", tame(&warning.path), tame(&warning.message));
    }
    // No blanks at the end of lines.
    let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n"))
}

/// A table as text: its columns padded to their width.
#[must_use]
pub fn table(table: &Table) -> String {
    format!("{}\n{}", table.title, grid(table))
}

/// Columns padded to their width: text to the left, numbers to the right.
fn grid(table: &Table) -> String {
    let rows: Vec<Vec<String>> = in_words(table).iter().map(|row| row.iter().map(|cell| tame(cell)).collect()).collect();
    let columns = table.header.len();
    let wide = |text: &str| text.chars().count();
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().chain([&table.header]).filter_map(|row| row.get(column)).map(|text| wide(text)).max().unwrap_or(0))
        .collect();
    let numeric: Vec<bool> =
        (0..columns).map(|column| table.rows.iter().any(|row| matches!(row.get(column), Some(TableCell::Number(_))))).collect();
    let line = |row: &[String]| -> String {
        let cells = row.iter().zip(&widths).zip(&numeric).map(|((text, width), numeric)| {
            let pad = " ".repeat(width.saturating_sub(wide(text)));
            if *numeric { format!("{pad}{text}") } else { format!("{text}{pad}") }
        });
        format!("  {}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    let mut out = line(&table.header);
    for row in &rows {
        out.push_str(&line(row));
    }
    out
}
