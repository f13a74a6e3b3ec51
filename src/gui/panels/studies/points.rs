//! Every point of a study as a table for people: the planner's words over the columns, names in place of ids.

use crate::charts::{Table, TableCell};
use crate::plan::Plan;
use crate::study::rows::built_in_words;
use crate::words::{called, ended, label_of, sentence, unit_of};

/// The table of a study with columns that read like the rest of the window.
pub(super) fn in_words(table: Table, plan: &Plan) -> Table {
    let table = table.without_empty_columns();
    let status = table.header.iter().position(|name| name == "status");
    Table {
        name: "study-points".to_owned(),
        header: table.header.iter().map(|name| column(name, plan)).collect(),
        rows: table.rows.into_iter().map(|row| cells(row, status)).collect(),
        ..table
    }
}

/// `chips abilene/gb200` as “GB200 at Abilene”, `npv_musd` as “NPV [M$]”.
fn column(name: &str, plan: &Plan) -> String {
    let ordered = name.split_once(' ').and_then(|(kind, rest)| match kind {
        "chips" => Some(built_in_words(plan, "chips", rest)),
        "halls" => Some(built_in_words(plan, "", rest)),
        "contract" if plan.contracts.contains_key(rest) => Some(format!("{} [MW]", built_in_words(plan, "contracts", rest))),
        actor => plan.actors.contains_key(actor).then(|| format!("{}: {}", called(plan, &format!("actors.{actor}")), column(rest, plan))),
    });
    if let Some(ordered) = ordered {
        return ordered;
    }
    // Words that are words already stay as they are; keys of figures become words with a unit.
    if name.contains(' ') || !name.contains('_') {
        return sentence(name);
    }
    let (label, unit) = (label_of(name), unit_of(name));
    if unit.is_empty() { label } else { format!("{label} [{unit}]") }
}

/// The row with how it ended as a planner says it.
fn cells(mut row: Vec<TableCell>, status: Option<usize>) -> Vec<TableCell> {
    if let Some(TableCell::Text(text)) = status.and_then(|status| row.get_mut(status)) {
        *text = ended(text).to_owned();
    }
    row
}
