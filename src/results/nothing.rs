//! Why an answer makes nothing: an optimum of no tokens is true, but says little by itself.

use super::Results;
use crate::diagnostic::Diagnostic;
use crate::formulation::Formulation;
use crate::formulation::program::Limit;
use crate::plan::Plan;
use crate::resolved::Resolved;
use crate::solve::Outcome;
use crate::words;

/// The limits that leave no room for a single token, if most tokens were wanted and none can be made.
pub(super) fn warning(
    plan: &Plan,
    resolved: &Resolved,
    formulation: &Formulation,
    outcome: &Outcome,
    results: &Results,
) -> Option<Diagnostic> {
    // Bought tokens that the plan does not count are something all the same.
    let sold: f64 = results.sales.iter().flat_map(|sale| &sale.sold_ttok).sum();
    let program = &formulation.program;
    let first = outcome.phases.first().filter(|phase| phase.name == "tokens")?;
    let most: f64 = resolved.demands.iter().flat_map(|demand| &demand.segments).flat_map(|segment| segment.volume_ttok.iter()).sum();
    if first.value.abs().max(sold) > 1e-9 * most.max(1e-9) || most <= 0.0 {
        return None;
    }
    // What has a price at nothing made is what forbids the first token.
    let of_rows = program.rows.iter().zip(&first.row_duals).filter(|(_, dual)| dual.abs() > 1e-9).filter_map(|(row, _)| row.limit);
    let of_columns = program
        .columns
        .iter()
        .zip(&first.column_duals)
        .filter(|(column, dual)| dual.abs() > 1e-9 && column.upper <= 0.0)
        .filter_map(|(column, _)| column.limit);
    let mut limits: Vec<&Limit> = Vec::new();
    for limit in of_rows.chain(of_columns).filter_map(|limit| program.limits.get(limit as usize)) {
        if !limits.iter().any(|known| known.path == limit.path) {
            limits.push(limit);
        }
    }
    let named: Vec<String> = limits
        .iter()
        .take(3)
        .map(|limit| {
            let unit = if limit.unit == "share" { String::new() } else { format!(" {}", limit.unit) };
            format!("“{}” of {}{unit}", words::subject(plan, &limit.path), limit.value)
        })
        .collect();
    let first_path = limits.first().map_or("markets", |limit| limit.path.as_str());
    let (path, message, help) = match named.as_slice() {
        [] => (
            first_path,
            "Nothing is made: no chips, power or routes come together in any period.".to_owned(),
            "Look at the other warnings: they name what can't arrive, stand or be reached.",
        ),
        [one] => (
            first_path,
            format!("Nothing is made: {one} leaves no room for a single token."),
            "Loosen it, or give the plan what it asks for.",
        ),
        several => (
            first_path,
            format!("Nothing is made: together {} leave no room for a single token.", several.join(" and ")),
            "Loosen one of them, or give the plan what they ask for.",
        ),
    };
    Some(Diagnostic::warning("nothing-made", path, message).help(help))
}
