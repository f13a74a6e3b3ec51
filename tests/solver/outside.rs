//! Linear programs that others published, with optima that others found: our reader, our solvers and
//! our certificate against them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::io::Read;

use tokenworks::export::mps;
use tokenworks::formulation::program::Program;
use tokenworks::formulation::scale::{self, RangeFault};
use tokenworks::solve::{Choice, SolveOptions, Status, solve};

fn outside(file: &str) -> Program {
    let bytes = std::fs::read(format!("{}/tests/outside/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let text = if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut text = String::new();
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
        text
    } else {
        String::from_utf8(bytes).unwrap()
    };
    let program = mps::read(&text).unwrap();
    println!("{}", scale::ranges(&program));
    program
}

fn expect(program: &Program, choice: Choice, optimum: f64, tolerance: f64) {
    let outcome = solve(program, &SolveOptions { choice, ..SolveOptions::default() });
    println!("{choice:?}: {:.1} s, {} iterations, {:?}", outcome.cpu_seconds, outcome.iterations, outcome.certificate);
    assert_eq!(outcome.status, Status::Optimal);
    assert!(outcome.certificate.checked);
    let value = outcome.phases[0].value;
    assert!((value - optimum).abs() <= tolerance * optimum, "{value}");
}

#[test]
fn osemosys_super_simple() {
    let mut program = outside("osemosys_super_simple.mps");
    scale::finish(&mut program).unwrap();
    assert_eq!(program.columns.len(), 89);
    for choice in [Choice::Highs { presolve: true }, Choice::Highs { presolve: false }, Choice::Clarabel] {
        expect(&program, choice, 46.431_233_17, 1e-9_f64.max(if choice == Choice::Clarabel { 1e-6 } else { 0.0 }));
    }
}

/// Utopia writes "dear" as 999,999 beside 0.00001 in one row. Of our own families we refuse such a row;
/// as published, unscaled, its entries are still within what solvers keep.
#[test]
fn our_own_rules_refuse_utopia_once_scaled() {
    let mut program = outside("osemosys_utopia.mps.gz");
    assert!(scale::problems(&program).is_empty());
    let problems = scale::finish(&mut program).unwrap_err();
    assert!(problems.iter().all(|problem| problem.fault == RangeFault::TooSmall), "{}", problems[0]);
}

#[test]
fn osemosys_utopia_by_simplex() {
    let program = outside("osemosys_utopia.mps.gz");
    assert_eq!((program.columns.len(), program.rows.len()), (147_171, 119_272));
    expect(&program, Choice::Highs { presolve: true }, 29_446.862_688, 1e-9);
}

/// The interior point comes as near as the others, but its prices leave a wrong sign at a column that
/// nothing bounds: there is no bound on what a better answer could gain, so it is not called checked.
#[test]
fn osemosys_utopia_by_interior_point() {
    let program = outside("osemosys_utopia.mps.gz");
    let outcome = solve(&program, &SolveOptions { choice: Choice::Clarabel, ..SolveOptions::default() });
    let phase = &outcome.certificate.phases[0];
    assert!((phase.primal - 29_446.862_688).abs() <= 1e-6 * phase.primal, "{}", phase.primal);
    assert!(outcome.certificate.checked || (phase.gap.is_none() && matches!(outcome.status, Status::Failed(_))), "{:?}", outcome.status);
}
