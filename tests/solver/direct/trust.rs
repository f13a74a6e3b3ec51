//! What must never be shown: falsified points and duals, unfinished points, numbers a solver would lose.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokenworks::formulation::program::Program;
use tokenworks::formulation::scale::{self, RangeFault};
use tokenworks::solve::certificate::{Duals, check};
use tokenworks::solve::statement::Statement;
use tokenworks::solve::{Choice, Outcome, SolveOptions, Status, StopReason, solve};

use super::build::{Build, assert_near};
use super::random::random_program;
use crate::solver::bench_solver::synthetic::{Random, Size, Synthetic};

/// The first phase of a program, its point and its duals of scaled rows.
fn proved(program: &Program) -> (Statement, Vec<f64>, Vec<f64>, Vec<f64>) {
    let mut statement = Statement::without_holds(program, false);
    statement.set_phase(0, &program.phases[0]);
    let outcome = solve(program, &SolveOptions::default());
    let phase = &outcome.phases[0];
    let rows = phase.row_duals.iter().zip(&statement.row_scale).map(|(dual, scale)| dual / scale).collect();
    let columns = phase.column_duals.clone();
    (statement, outcome.point, rows, columns)
}

#[test]
fn the_certificate_catches_falsified_answers() {
    let mut mutations = 0;
    for seed in 0..40 {
        let mut program = random_program(seed);
        program.phases.truncate(1);
        let (statement, point, rows, columns) = proved(&program);
        let verdict = |point: &[f64], rows: &[f64], columns: &[f64]| {
            check(&statement, "first", point, Some(Duals { rows, columns: Some(columns) }), None).checked
        };
        assert!(verdict(&point, &rows, &columns), "seed {seed}");
        let mut random = Random(seed + 9);
        for column in 0..point.len() {
            // A point moved by a thousandth: infeasible, or no longer optimal, or a tie.
            let mut false_point = point.clone();
            false_point[column] += 1e-3 * if random.next() < 0.5 { 1.0 } else { -1.0 };
            let tie =
                statement.cost[column] == 0.0 && statement.value.iter().zip(&statement.index).all(|(_, index)| *index as usize != column);
            assert!(tie || columns[column].abs() < 1e-9 || !verdict(&false_point, &rows, &columns), "seed {seed} column {column}");
            let mut false_columns = columns.clone();
            false_columns[column] += 1e-3;
            assert!(!verdict(&point, &rows, &false_columns));
            mutations += 2;
        }
        for row in 0..rows.len() {
            let mut false_rows = rows.clone();
            false_rows[row] += 1e-2;
            // The reduced costs that came with the true duals no longer fit, unless the row is empty.
            assert!(program.rows[row].terms.is_empty() || !verdict(&point, &false_rows, &columns), "seed {seed} row {row}");
            mutations += 1;
        }
        assert!(!verdict(&[], &rows, &columns));
        let mut nan = point.clone();
        nan[0] = f64::NAN;
        assert!(!verdict(&nan, &rows, &columns));
        let mut nan = rows.clone();
        nan[0] = f64::NAN;
        assert!(!verdict(&point, &nan, &columns));
    }
    assert!(mutations > 500);
}

/// A price of a billionth of the wrong sign, at a column that only a row keeps from growing: the goal can
/// still gain 1e-9 · 10,000 = 1e-5 of 1, and the gap says so. Without the row there is no bound at all.
#[test]
fn a_small_price_is_charged_at_what_its_column_can_reach() {
    for (limit, gap) in [(Some(1e4), Some(1e-5)), (None, None)] {
        let mut build = Build::new();
        let x = build.column("x", 0.0, f64::INFINITY);
        let y = build.column("y", 0.0, 1.0);
        match limit {
            Some(limit) => build.at_most("row", &[(x, 1.0), (y, 1.0)], limit),
            None => build.at_most("row", &[(y, 1.0)], 1.0),
        };
        build.phase("cost", tokenworks::formulation::program::Sense::Minimise, &[(x, -1e-9)], 1.0, 0.0);
        let program = build.done();
        let mut statement = Statement::without_holds(&program, false);
        statement.set_phase(0, &program.phases[0]);
        let certificate = check(&statement, "cost", &[0.0, 0.0], Some(Duals { rows: &[0.0], columns: None }), None);
        assert!(certificate.feasible() && !certificate.checked, "{}", certificate.sentence());
        assert_eq!(certificate.gap.is_some(), gap.is_some());
        assert!((certificate.gap.unwrap_or(0.0) - gap.unwrap_or(0.0)).abs() < 1e-9, "{}", certificate.sentence());
        if limit.is_some() {
            let outcome = solve(&program, &SolveOptions::default());
            assert_eq!(outcome.status, Status::Optimal);
            assert!((outcome.phases[0].value - (1.0 - 1e-5)).abs() < 1e-9);
        }
    }
}

#[test]
fn a_wrong_sign_or_sense_is_caught() {
    let program = super::hand::both_bind();
    let (mut statement, point, rows, columns) = proved(&program);
    let turned: Vec<f64> = rows.iter().map(|dual| -dual).collect();
    let ours = |statement: &Statement, rows: &[f64]| check(statement, "tokens", &point, Some(Duals { rows, columns: None }), None);
    assert!(ours(&statement, &rows).checked);
    assert!(!ours(&statement, &turned).checked);
    assert!(!check(&statement, "tokens", &point, Some(Duals { rows: &rows, columns: Some(&turned) }), None).checked);
    statement.sense = tokenworks::formulation::program::Sense::Minimise;
    assert!(!ours(&statement, &rows).checked);
    assert_eq!(columns.len(), 2);
}

#[test]
fn a_number_that_is_not_finite_is_refused_with_its_place() {
    for (fault, value) in [(RangeFault::NotFinite, f64::NAN), (RangeFault::NotFinite, f64::INFINITY)] {
        let mut build = Build::new();
        let x = build.column("chips", 0.0, 10.0);
        let row = build.at_most("power", &[(x, value)], 5.0);
        build.limit(row, "sites.a.grid_mw", 5.0, 1.0);
        build.maximise("tokens", &[(x, 1.0)]);
        let problems = scale::finish(&mut build.program).unwrap_err();
        assert_eq!(problems[0].fault, fault);
        let text = problems[0].to_string();
        assert!(text.contains("chips[p0]") && text.contains("power[p0]") && text.contains("sites.a.grid_mw"), "{text}");
        // And a solver never sees it, should somebody forget to ask.
        assert!(matches!(solve(&build.program, &SolveOptions::default()).status, Status::Failed(_)));
    }
    for (lower, upper) in [(0.0, f64::NAN), (f64::INFINITY, f64::INFINITY), (0.0, 1e20), (f64::NEG_INFINITY, f64::NEG_INFINITY)] {
        let mut build = Build::new();
        let x = build.column("chips", lower, upper);
        build.maximise("tokens", &[(x, 1.0)]);
        assert!(scale::finish(&mut build.program).is_err(), "{lower} {upper}");
        let mut build = Build::new();
        let x = build.column("chips", 0.0, 1.0);
        build.row("power", &[(x, 1.0)], lower, upper);
        assert!(scale::finish(&mut build.program).is_err(), "{lower} {upper}");
    }
    let mut build = Build::new();
    let x = build.column("chips", 0.0, 1.0);
    build.maximise("tokens", &[(x, f64::NAN)]);
    assert!(scale::finish(&mut build.program).is_err());
}

/// 0.5 J a token is 1.39e-10 MWh: beside the idle power of a chip in MWh, a solver drops the tokens
/// from the energy row, and 100 MW of power would make 158 times the tokens it can.
#[test]
fn an_entry_a_solver_would_lose_is_refused() {
    let mut build = Build::new();
    let tokens = build.column("tokens", 0.0, 1e18);
    let chips = build.column("chips", 0.0, 1e5);
    let energy = build.at_most("energy", &[(tokens, 1.39e-10), (chips, 2.0)], 8.76e5);
    build.limit(energy, "sites.a.grid_mw", 100.0, 8_760.0);
    build.maximise("tokens", &[(tokens, 1.0)]);
    let problems = scale::finish(&mut build.program).unwrap_err();
    assert_eq!(problems[0].fault, RangeFault::TooSmall);
    assert!(problems[0].to_string().contains("energy[p0]"), "{}", problems[0]);
}

/// An hour's wear of a battery (7.5e-8 beside a year's annuity) is neither lost nor a reason to refuse: the
/// row is raised. 2e7 hours of it use up what the annuity leaves.
#[test]
fn a_wide_row_is_raised_and_held() {
    let mut build = Build::new();
    let plant = build.column("plant", 1.0, 1.0);
    let wear = build.column("wear", 0.0, 1e9);
    build.at_most("opex", &[(plant, 8.0), (wear, 6e-7)], 20.0);
    build.maximise("tokens", &[(wear, 1e-3)]);
    let program = build.done();
    assert!(program.rows[0].terms.iter().all(|(_, coefficient)| coefficient.abs() >= 1e-6), "{:?}", program.rows[0].terms);
    for choice in [Choice::Highs { presolve: true }, Choice::Highs { presolve: false }, Choice::Clarabel] {
        let outcome = solve(&program, &SolveOptions { choice, ..SolveOptions::default() });
        assert_eq!(outcome.status, Status::Optimal, "{choice:?}");
        assert_near(outcome.point[1], 2e7, 1e-6);
    }
}

#[test]
fn finishing_merges_scales_and_drops_zeros() {
    let mut build = Build::new();
    let x = build.column("x", 0.0, 10.0);
    let y = build.column("y", 0.0, 10.0);
    build.at_most("row", &[(y, 300.0), (x, 100.0), (y, 100.0), (x, -100.0)], 800.0);
    build.maximise("tokens", &[(y, 1.0), (y, 1.0)]);
    let mut program = build.done();
    let row = &program.rows[0];
    assert_eq!(row.terms, vec![(y, 400.0 / 512.0)]);
    assert_eq!((row.upper, row.scale), (800.0 / 512.0, 1.0 / 512.0));
    let before = program.clone();
    scale::finish(&mut program).unwrap();
    assert_eq!(program.rows, before.rows);
    let outcome = solve(&program, &SolveOptions::default());
    assert_eq!(outcome.phases[0].value, 4.0);
    // The dual is of the unscaled row.
    assert_eq!(outcome.phases[0].row_duals[0], 2.0 / 400.0);
    assert_eq!(scale::ranges(&program).matrix, Some((400.0 / 512.0, 400.0 / 512.0)));
}

fn shown_only_if_feasible(program: &Program, outcome: &Outcome) {
    if outcome.has_point() {
        let mut statement = Statement::without_holds(program, false);
        statement.set_phase(0, &program.phases[0]);
        assert!(check(&statement, "any", &outcome.point, None, None).feasible());
    }
}

#[test]
fn a_stopped_point_is_shown_only_if_feasible() {
    let program = Synthetic::new(Size { periods: 8, ..Size::LIVE }).program();
    let mut stopped = 0;
    for time in [0.0, 0.002, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4] {
        for choice in [Choice::Highs { presolve: true }, Choice::Highs { presolve: false }, Choice::Clarabel] {
            let outcome = solve(&program, &SolveOptions { choice, time_limit_s: Some(time), ..SolveOptions::default() });
            match &outcome.status {
                Status::Stopped { reason, .. } => {
                    assert_eq!(*reason, StopReason::TimeLimit);
                    stopped += 1;
                }
                Status::Optimal => {}
                // An interior point method may end without enough digits for the check.
                Status::Failed(_) if choice == Choice::Clarabel => assert!(!outcome.has_point()),
                other => panic!("{other:?}"),
            }
            shown_only_if_feasible(&program, &outcome);
        }
    }
    assert!(stopped >= 3, "{stopped}");
    let odd = solve(&program, &SolveOptions { time_limit_s: Some(f64::NAN), ..SolveOptions::default() });
    assert_eq!(odd.status, Status::Optimal);
    let negative = solve(&program, &SolveOptions { time_limit_s: Some(-1.0), ..SolveOptions::default() });
    assert!(matches!(negative.status, Status::Stopped { .. }));
}

#[test]
fn a_run_can_be_cancelled() {
    let program = Synthetic::new(Size::LIVE).program();
    for choice in [Choice::Highs { presolve: false }, Choice::Clarabel] {
        let cancel = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&cancel);
        let asked = std::thread::Builder::new()
            .name("canceller".into())
            .spawn(move || {
                std::thread::sleep(Duration::from_millis(120));
                flag.store(true, Ordering::Relaxed);
                Instant::now()
            })
            .unwrap();
        let outcome = solve(&program, &SolveOptions { choice, cancel: Some(cancel), ..SolveOptions::default() });
        let waited = asked.join().unwrap().elapsed();
        assert!(matches!(outcome.status, Status::Stopped { reason: StopReason::Cancelled, .. }), "{:?}", outcome.status);
        shown_only_if_feasible(&program, &outcome);
        // 25 ms on an idle machine; the machine of a test may be busy.
        assert!(waited < Duration::from_millis(1_500), "{choice:?}: {waited:?}");
        println!("{choice:?} stopped after {waited:?}");
    }
    let cancelled = Arc::new(AtomicBool::new(true));
    let outcome = solve(&program, &SolveOptions { cancel: Some(cancelled), ..SolveOptions::default() });
    assert!(matches!(outcome.status, Status::Stopped { reason: StopReason::Cancelled, .. }));
}

#[test]
fn odd_programs_do_not_panic() {
    let empty = Program::default();
    assert!(matches!(solve(&empty, &SolveOptions::default()).status, Status::Failed(_)));
    for choice in [Choice::Auto, Choice::Clarabel, Choice::Microlp] {
        let run = |program: &Program| solve(program, &SolveOptions { choice, ..SolveOptions::default() });
        // No columns, but a goal.
        let mut build = Build::new();
        build.phase("tokens", tokenworks::formulation::program::Sense::Maximise, &[], 3.0, 0.0);
        let outcome = run(&build.program);
        assert!(matches!(outcome.status, Status::Optimal | Status::Failed(_)), "{choice:?} {:?}", outcome.status);
        // A goal of zero; a row without terms that cannot hold; bounds that cross.
        let mut build = Build::new();
        let x = build.column("x", 0.0, 1.0);
        build.maximise("tokens", &[]);
        assert_eq!(run(&build.program).status, Status::Optimal, "{choice:?}");
        build.at_least("impossible", &[], 2.0);
        assert_eq!(run(&build.program).status, Status::Infeasible, "{choice:?}");
        let mut build = Build::new();
        build.column("x", 2.0, 1.0);
        build.maximise("tokens", &[(x, 1.0)]);
        assert_eq!(run(&build.program).status, Status::Infeasible);
    }
}
