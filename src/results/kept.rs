//! The most that can go on after each loss: the copies of slices alone, as a program of their own, with everything that is
//! built, signed and sold held as it is.

use super::read::Reading;
use crate::formulation::expr::Expr;
use crate::formulation::layout::Kept;
use crate::formulation::program::{Col, Linear, Phase, Program, Row, Sense};
use crate::formulation::scale;
use crate::solve::{self, SolveOptions, Status};

/// Columns of the copies up to which the most is looked for, so that an edit is answered at once; above,
/// a way to carry on is all that is known.
const MOST_COLUMNS: usize = 10_000;

/// Wall seconds for it.
const MOST_SECONDS: f64 = 5.0;

/// A point in which as many tokens go on after each loss as can, everything else held; none if that was not found.
pub(super) fn most(reading: &Reading<'_>) -> Option<Vec<f64>> {
    let (layout, stated) = (&reading.formulation.layout, &reading.formulation.program);
    let copies = layout.kept_columns.clone();
    if copies.is_empty() || copies.len() > MOST_COLUMNS {
        return None;
    }
    let is_copy = |col: Col| copies.contains(&(col.0 as usize));
    let own = |col: Col| Col(col.0 - copies.start as u32);
    let mut program =
        Program { columns: stated.columns.get(copies.clone())?.to_vec(), symbols: stated.symbols.clone(), ..Program::default() };
    for column in &mut program.columns {
        column.limit = None;
    }
    for row in stated.rows.iter().filter(|row| row.terms.iter().any(|(col, _)| is_copy(*col))) {
        let held: f64 = row.terms.iter().filter(|(col, _)| !is_copy(*col)).map(|(col, factor)| factor * reading.col(*col)).sum();
        // The answer keeps its rows to within the solver's rounding.
        let room = 1e-9 * held.abs().max(1.0);
        let terms = row.terms.iter().filter(|(col, _)| is_copy(*col)).map(|(col, factor)| (own(*col), *factor)).collect();
        program.rows.push(Row {
            terms,
            lower: row.lower - held - room,
            upper: row.upper - held + room,
            limit: None,
            scale: 1.0,
            ..row.clone()
        });
    }
    let mut goal = Linear { name: "kept", unit: "Gtok/h", terms: Vec::new(), constant: 0.0 };
    for tokens in layout.kept.iter().flat_map(|kept: &Kept| &kept.tokens) {
        let terms = |after: &Expr| after.terms.iter().map(|(col, factor)| (own(*col), *factor)).collect::<Vec<_>>();
        goal.terms.extend(terms(&tokens.after));
        // No more of one product than there was, where it could have less of another.
        let key = program.columns.first()?.key;
        let upper = reading.value(&tokens.before).max(0.0) - tokens.after.constant;
        program.rows.push(Row {
            key,
            family: "resilience",
            terms: terms(&tokens.after),
            lower: f64::NEG_INFINITY,
            upper,
            limit: None,
            scale: 1.0,
        });
    }
    program.phases.push(Phase { goal, sense: Sense::Maximise, tolerance: 0.0, at_least: None, per: None, floor: None });
    scale::finish(&mut program).ok()?;
    let outcome = solve::solve(&program, &SolveOptions { time_limit_s: Some(MOST_SECONDS), ..SolveOptions::default() });
    if outcome.status != Status::Optimal {
        return None;
    }
    let mut point = reading.point.to_vec();
    point.get_mut(copies)?.copy_from_slice(&outcome.point);
    Some(point)
}
