//! Sources said once: a report's table of assumptions points into a numbered list.

use crate::charts::tables::{Table, TableCell};

use super::report_rows::{table, text};

/// A source shorter than this is left where it stands: a number would say less.
const SHORT: usize = 24;

/// Puts numbers in place of the sources of a table that ends in them; gives the list they point into.
pub(super) fn numbered(assumptions: &mut Table) -> Table {
    let mut sources = table("sources", "Sources", &["No.", "Source"]);
    for cell in assumptions.rows.iter_mut().filter_map(|row| row.last_mut()) {
        let TableCell::Text(source) = cell else { continue };
        if source.chars().count() < SHORT {
            continue;
        }
        let known = sources.rows.iter().position(|row| row.last() == Some(&text(&*source)));
        let position = known.unwrap_or_else(|| {
            let label = format!("[{}]", sources.rows.len() + 1);
            sources.rows.push(vec![text(label), text(&*source)]);
            sources.rows.len() - 1
        });
        *cell = text(format!("[{}]", position + 1));
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_said_once() {
        let long = "A data sheet of the maker, second edition, page 4";
        let row = |source: &str| vec![text("path"), text(source)];
        let mut assumptions = table("assumptions", "", &["Assumption", "Source"]);
        assumptions.rows = vec![row(long), row("stated"), row("Another long source with its page"), row(long)];
        let sources = numbered(&mut assumptions);
        let last: Vec<_> = assumptions.rows.iter().filter_map(|row| row.last().cloned()).collect();
        assert_eq!(last, [text("[1]"), text("stated"), text("[2]"), text("[1]")]);
        assert_eq!(sources.rows, [vec![text("[1]"), text(long)], vec![text("[2]"), text("Another long source with its page")]]);
    }
}
