//! Sheets to and from a spreadsheet, as tab-separated text.

use super::sheet::{Column, Row, Sheet, cell_ron, shown};
use crate::gui::change::{self, Edit};
use crate::plan::{Plan, edit};

/// The whole sheet with its field names.
#[must_use]
pub fn copied(plan: &Plan, rows: &[Row], columns: &[Column]) -> String {
    // Tabs and line ends would break the table apart.
    let clean = |text: String| text.replace(['\t', '\n', '\r'], " ");
    let mut out = String::from("id");
    for column in columns {
        out.push('\t');
        out.push_str(&column.name());
    }
    out.push('\n');
    for row in rows {
        out.push_str(&row.id);
        for column in columns {
            out.push('\t');
            out.push_str(&clean(shown(plan, row, column)));
        }
        out.push('\n');
    }
    out
}

/// Longest text that is read as rows, in bytes, and most rows of it: more than any plan's table has.
const MOST_BYTES: usize = 1 << 20;
const MOST_ROWS: usize = 2000;

/// After this many problems the rest is not tried: they are mended first.
const MOST_PROBLEMS: usize = 20;

/// What a pasted text would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pasted {
    /// Edits, in order.
    pub edits: Vec<Edit>,
    /// Cells that change.
    pub changed: usize,
    /// Rows that are new.
    pub added: usize,
    /// What is wrong, with row and column.
    pub problems: Vec<String>,
}

/// Reads tab-separated text into edits. Everything that is wrong is said; nothing is applied then.
#[must_use]
pub fn read(plan: &Plan, sheet: &Sheet, rows: &[Row], columns: &[Column], text: &str) -> Pasted {
    let mut pasted = Pasted::default();
    if text.len() > MOST_BYTES || text.lines().nth(MOST_ROWS).is_some() {
        pasted.problems.push(format!("At most {MOST_ROWS} rows and {} MiB can be pasted at once.", MOST_BYTES >> 20));
        return pasted;
    }
    let mut lines = text.lines().map(|line| line.trim_end_matches('\r')).filter(|line| !line.trim().is_empty()).peekable();
    let names: Vec<String> = columns.iter().map(Column::name).collect();
    // With a header the columns may come in any order; without one they come as on screen.
    let mut order: Vec<Option<usize>> = (0..columns.len()).map(Some).collect();
    if let Some(header) = lines.peek().filter(|line| line.split('\t').next().is_some_and(|first| first.trim().eq_ignore_ascii_case("id"))) {
        order = header
            .split('\t')
            .skip(1)
            .map(|name| {
                let name = name.trim();
                let found = names.iter().zip(columns).position(|(own, column)| own == name || column.title().0.eq_ignore_ascii_case(name));
                if found.is_none() && pasted.problems.len() < MOST_PROBLEMS {
                    pasted.problems.push(format!("There is no column “{name}” here."));
                }
                found
            })
            .collect();
        lines.next();
    }
    let mut trial = plan.clone();
    for (number, line) in lines.enumerate() {
        if pasted.problems.len() >= MOST_PROBLEMS {
            pasted.problems.push(format!("From row {} on nothing was read.", number + 1));
            break;
        }
        let mut cells = line.split('\t').map(str::trim);
        let id = cells.next().unwrap_or_default();
        let cells: Vec<&str> = cells.collect();
        if cells.len() > order.len() {
            pasted.problems.push(format!("Row {}, {id}: {} cells, but {} columns.", number + 1, cells.len() + 1, order.len() + 1));
            continue;
        }
        let given: Vec<(&Column, &str)> =
            order.iter().zip(&cells).filter_map(|(index, cell)| Some((columns.get((*index)?)?, *cell))).collect();
        let edits = match rows.iter().find(|row| row.id == id) {
            Some(row) => changes(plan, row, &given),
            None => match new_entry(sheet, id, &given) {
                Ok(edit) => vec![edit],
                Err(problem) => {
                    pasted.problems.push(format!("Row {}: {problem}", number + 1));
                    continue;
                }
            },
        };
        for edit in edits {
            match edit::apply_to_scratch(&mut trial, &edit) {
                Ok(()) => {}
                Err(problems) => {
                    // What it left by half goes: the good edits so far are made again on a fresh copy.
                    trial.clone_from(plan);
                    pasted.edits.iter().for_each(|good| {
                        let _ = edit::apply_to_scratch(&mut trial, good);
                    });
                    let place = match &edit {
                        Edit::Set { path, .. } => change::split(path).1.to_owned(),
                        _ => "new row".to_owned(),
                    };
                    pasted.problems.extend(
                        problems
                            .iter()
                            .take(MOST_PROBLEMS)
                            .map(|problem| format!("Row {}, {id}, {place}: {}", number + 1, problem.message)),
                    );
                    continue;
                }
            }
            match edit {
                Edit::Insert { .. } => pasted.added += 1,
                _ => pasted.changed += 1,
            }
            pasted.edits.push(edit);
        }
    }
    pasted
}

/// Only the cells that differ: formatting in between must not touch what is there.
fn changes(plan: &Plan, row: &Row, given: &[(&Column, &str)]) -> Vec<Edit> {
    given
        .iter()
        .filter(|(column, cell)| shown(plan, row, column).replace(['\t', '\n', '\r'], " ").trim() != *cell)
        .map(|(column, cell)| (column.path(&row.path), cell_ron(cell, column.shape, column.title().1)))
        // `8` typed over `8.0` is no change either.
        .filter(|(path, value)| change::get(plan, path).is_none_or(|node| node.tree().inline() != *value))
        .map(|(path, value)| Edit::Set { path, value })
        .collect()
}

fn new_entry(sheet: &Sheet, id: &str, given: &[(&Column, &str)]) -> Result<Edit, String> {
    let (map, id) = if sheet.inner.is_empty() {
        (sheet.section.to_owned(), id)
    } else {
        let (holder, id) = id.split_once('/').ok_or_else(|| format!("“{id}” must name its holder too, such as abilene/{id}."))?;
        (format!("{}.{holder}.{}", sheet.section, sheet.inner), id)
    };
    if id.is_empty() {
        return Err("the id is missing.".into());
    }
    if let Some((_, cell)) = given.iter().find(|(column, _)| column.field.is_empty()) {
        return Ok(Edit::Insert { path: map, id: id.to_owned(), position: None, value: (*cell).to_owned() });
    }
    let field = |(column, cell): &(&Column, &str)| {
        // An empty cell is a field left out.
        (!cell.is_empty()).then(|| format!("{}: {}", column.field, cell_ron(cell, column.shape, column.title().1)))
    };
    let mut fields: Vec<String> = given.iter().filter(|(column, _)| !column.of_terms).filter_map(field).collect();
    if !sheet.terms.is_empty() {
        let terms: Vec<String> = given.iter().filter(|(column, _)| column.of_terms).filter_map(field).collect();
        fields.push(format!("terms: {}({})", sheet.terms, terms.join(", ")));
    }
    // A market without its demand is a market all the same.
    if sheet.section == "markets" && sheet.inner.is_empty() {
        fields.push("demand: {}".into());
    }
    Ok(Edit::Insert { path: map, id: id.to_owned(), position: None, value: format!("({})", fields.join(", ")) })
}

#[cfg(test)]
mod tests {
    use super::super::sheet::SHEETS;
    use super::*;

    fn plan() -> Plan {
        crate::plan::file::read_plan(include_str!("../../../../tests/plans/small.ron")).plan.expect("the small plan reads")
    }

    #[test]
    fn what_is_copied_pastes_back_as_nothing_new() {
        let plan = plan();
        for sheet in SHEETS.iter() {
            let (rows, columns) = (sheet.rows(&plan), sheet.columns(&plan));
            assert!(!columns.is_empty(), "{}", sheet.title);
            let text = copied(&plan, &rows, &columns);
            assert_eq!(read(&plan, sheet, &rows, &columns, &text), Pasted::default(), "{}", sheet.title);
        }
    }

    #[test]
    fn a_changed_and_a_new_row() {
        let plan = plan();
        let sheet = SHEETS.iter().find(|sheet| sheet.title == "Hall types").expect("there is one");
        let (rows, columns) = (sheet.rows(&plan), sheet.columns(&plan));
        let text = "id\tit_mw\tcapex_usd_per_w\tat_most\nabilene/liquid-48\t2*30\t11.5\t8\nabilene/new\t24\t10\t2";
        let pasted = read(&plan, sheet, &rows, &columns, text);
        assert_eq!((pasted.changed, pasted.added, pasted.problems.len()), (1, 1, 0), "{pasted:?}");
    }

    #[test]
    fn everything_wrong_is_said() {
        let plan = plan();
        let sheet = SHEETS.iter().find(|sheet| sheet.title == "Fleets").expect("there is one");
        let (rows, columns) = (sheet.rows(&plan), sheet.columns(&plan));
        let pasted = read(&plan, sheet, &rows, &columns, "id\tcount\tnonsense\nabilene-h100\tmany\t1\nother\t-5\t2");
        assert!(pasted.problems.len() >= 3, "{pasted:?}");
    }
}
