//! Seeded random programs: every solver finds the same optimum, and each answer proves itself.

use tokenworks::formulation::program::{Program, Sense};
use tokenworks::solve::{Choice, SolveOptions, Status, solve};

use super::build::{Build, assert_near};
use crate::solver::bench_solver::synthetic::Random;

/// A feasible, bounded program: rows are stated around a known point, columns have upper bounds.
pub fn random_program(seed: u64) -> Program {
    let mut random = Random(seed.wrapping_mul(77) + 5);
    let mut build = Build::new();
    let columns = 3 + (random.next() * 12.0) as usize;
    let rows = 2 + (random.next() * 10.0) as usize;
    let mut inside = Vec::new();
    let cols: Vec<_> = (0..columns)
        .map(|_| {
            let lower = if random.next() < 0.2 { random.between(-5.0, 0.0) } else { 0.0 };
            let upper = lower + random.between(1.0, 20.0);
            inside.push(random.between(lower, upper));
            build.column("x", lower, upper)
        })
        .collect();
    for _ in 0..rows {
        let mut terms = Vec::new();
        for col in &cols {
            if random.next() < 0.5 {
                terms.push((*col, random.between(-4.0, 6.0)));
            }
        }
        let value: f64 = terms.iter().map(|(col, coefficient)| coefficient * inside[col.0 as usize]).sum();
        let slack = if random.next() < 0.3 { 0.0 } else { random.between(0.0, 3.0) };
        match (random.next() * 4.0) as usize {
            0 => build.equal("row", &terms, value),
            1 => build.at_least("row", &terms, value - slack),
            2 => build.row("row", &terms, value - slack - 1.0, value + slack),
            _ => build.at_most("row", &terms, value + slack),
        };
    }
    let goal: Vec<_> = cols.iter().map(|col| (*col, random.between(-3.0, 5.0))).collect();
    let second: Vec<_> = cols.iter().map(|col| (*col, random.between(0.0, 5.0))).collect();
    let sense = if random.next() < 0.5 { Sense::Maximise } else { Sense::Minimise };
    build.phase("first", sense, &goal, random.between(-2.0, 2.0), 1e-3);
    build.phase("second", Sense::Minimise, &second, 1.0, 0.0);
    build.done()
}

#[test]
fn all_solvers_agree() {
    for seed in 0..120 {
        let program = random_program(seed);
        let run = |choice| solve(&program, &SolveOptions { choice, ..SolveOptions::default() });
        let reference = run(Choice::Highs { presolve: true });
        assert_eq!(reference.status, Status::Optimal, "seed {seed}");
        assert!(reference.certificate.checked);
        for choice in [Choice::Highs { presolve: false }, Choice::Clarabel, Choice::Microlp] {
            let other = run(choice);
            assert_eq!(other.status, Status::Optimal, "seed {seed} by {choice:?}");
            for (one, two) in reference.phases.iter().zip(&other.phases) {
                assert_near(two.value, one.value, 2e-6);
            }
        }
    }
}

#[test]
fn presolve_changes_nothing_but_the_road() {
    for seed in 1_000..1_300 {
        let program = random_program(seed);
        let run = |presolve| solve(&program, &SolveOptions { choice: Choice::Highs { presolve }, ..SolveOptions::default() });
        let (with, without) = (run(true), run(false));
        for (one, two) in with.phases.iter().zip(&without.phases) {
            assert_near(two.value, one.value, 1e-9);
        }
        assert_eq!(with.phases.len(), 2);
    }
}

#[test]
fn relaxing_a_row_changes_the_goal_as_its_dual_says() {
    let mut checked = 0;
    for seed in 2_000..2_060 {
        let mut program = random_program(seed);
        program.phases.truncate(1);
        let before = solve(&program, &SolveOptions::default());
        for row in 0..program.rows.len() {
            let dual = before.phases[0].row_duals[row];
            if dual.abs() < 1e-6 {
                continue;
            }
            // A step of the unscaled right-hand side, small enough to stay in most ranges, both ways.
            let mut slopes = Vec::new();
            for step in [1e-5, -1e-5] {
                let mut moved = program.clone();
                let by = step * moved.rows[row].scale;
                moved.rows[row].lower += by;
                moved.rows[row].upper += by;
                let after = solve(&moved, &SolveOptions::default());
                if after.status == Status::Optimal {
                    slopes.push((after.phases[0].value - before.phases[0].value) / step);
                }
            }
            // At a kink the two slopes differ and the dual lies between them.
            let low = slopes.iter().copied().fold(f64::INFINITY, f64::min) - 1e-4;
            let high = slopes.iter().copied().fold(f64::NEG_INFINITY, f64::max) + 1e-4;
            if slopes.len() == 2 {
                assert!((low..=high).contains(&dual), "seed {seed} row {row}: {dual} outside {slopes:?}");
                checked += 1;
            }
        }
    }
    assert!(checked > 60, "{checked}");
}
