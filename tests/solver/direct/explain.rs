//! What must give, which limits contradict each other, and how far a limit may move.

use tokenworks::solve::conflict::{Place, explain};
use tokenworks::solve::range::{check_range_by_resolve, moved, ranges};
use tokenworks::solve::{SolveOptions, Status, solve};

use super::build::{Build, assert_near};
use super::random::random_program;

#[test]
fn what_must_give() {
    // 300 tokens at 2 a unit, at most 100 units.
    let mut build = Build::new();
    let x = build.column("x", 0.0, 100.0);
    let need = build.at_least("need", &[(x, 2.0)], 300.0);
    build.limit(need, "markets.m.least_mtok", 0.3, 1_000.0);
    build.maximise("tokens", &[(x, 2.0)]);
    let program = build.done();
    assert_eq!(solve(&program, &SolveOptions::default()).status, Status::Infeasible);
    let conflict = explain(&program, &SolveOptions::default()).unwrap();
    assert_eq!(conflict.gives.len(), 1);
    assert_near(conflict.gives[0].lp, -100.0, 1e-9);
    assert_near(conflict.gives[0].plan.unwrap(), -0.1, 1e-9);
    assert_eq!(conflict.members.len(), 1);
    assert!(conflict.minimal && !conflict.structural);
    // What it says is enough, and nothing less.
    assert_eq!(solve(&moved(&program, 0, 0.2), &SolveOptions::default()).status, Status::Optimal);
    assert_eq!(solve(&moved(&program, 0, 0.201), &SolveOptions::default()).status, Status::Infeasible);
}

#[test]
fn a_target_that_cannot_be_met() {
    let mut build = Build::new();
    let x = build.column("x", 0.0, 100.0);
    build.minimise("cost", &[(x, 1.0)]).at_least = Some((Build::linear("tokens", &[(x, 2.0)], 0.0), 300.0));
    let program = build.done();
    assert_eq!(solve(&program, &SolveOptions::default()).status, Status::Infeasible);
    let conflict = explain(&program, &SolveOptions::default()).unwrap();
    assert_eq!(conflict.gives[0].member.place, Place::Target(0));
    assert_near(conflict.gives[0].lp, -100.0, 1e-9);
}

#[test]
fn a_bound_and_two_rows_contradict_each_other_and_a_third_does_not() {
    let mut build = Build::new();
    let x = build.column("x", 0.0, 10.0);
    build.bound_limit(x, "chips.max", 10.0, 1.0);
    let y = build.column("y", 0.0, f64::INFINITY);
    let budget = build.at_most("budget", &[(x, 1.0), (y, 3.0)], 20.0);
    build.limit(budget, "budget", 20.0, 1.0);
    let need = build.at_least("need", &[(x, 1.0), (y, 1.0)], 16.0);
    build.limit(need, "need", 16.0, 1.0);
    let other = build.at_most("other", &[(y, 1.0)], 50.0);
    build.limit(other, "other", 50.0, 1.0);
    build.maximise("tokens", &[(y, 1.0)]);
    let program = build.done();
    let conflict = explain(&program, &SolveOptions::default()).unwrap();
    let mut limits: Vec<u32> = conflict.members.iter().filter_map(|member| member.limit).collect();
    limits.sort_unstable();
    assert_eq!(limits, [0, 1, 2]);
    assert!(conflict.minimal);
    let mut helped = program.clone();
    for give in &conflict.gives {
        let limit = give.member.limit.unwrap();
        let value = helped.limits[limit as usize].value + give.plan.unwrap() * (1.0 + 1e-9);
        helped = moved(&helped, limit, value);
    }
    assert_eq!(solve(&helped, &SolveOptions::default()).status, Status::Optimal, "{conflict:?}");
}

#[test]
fn limits_weigh_by_their_own_size() {
    // Either a budget of 1,000 gives 10 (1 %) or an interconnect of 10 gives 1 (10 %).
    let mut build = Build::new();
    let x = build.column("x", 0.0, f64::INFINITY);
    let y = build.column("y", 0.0, f64::INFINITY);
    let budget = build.at_most("budget", &[(x, 10.0), (y, 1e3)], 1_000.0);
    build.limit(budget, "budget", 1_000.0, 1.0);
    let power = build.at_most("power", &[(x, 1.0)], 101.0);
    build.limit(power, "power", 101.0, 1.0);
    let need = build.at_least("need", &[(x, 1.0), (y, 1.0)], 101.0);
    assert_eq!(need.0, 2);
    build.maximise("tokens", &[(x, 1.0)]);
    let conflict = explain(&build.done(), &SolveOptions::default()).unwrap();
    assert_eq!(conflict.gives.len(), 1);
    assert_eq!(conflict.gives[0].member.limit, Some(0));
    assert_near(conflict.gives[0].plan.unwrap(), 10.0, 1e-9);
}

#[test]
fn rows_without_limits_are_named_if_no_limit_helps() {
    let mut build = Build::new();
    let x = build.column("x", 0.0, 10.0);
    let least = build.at_least("physics", &[(x, 1.0)], 5.0);
    build.at_most("more_physics", &[(x, 1.0)], 4.0);
    let loose = build.at_most("budget", &[(x, 1.0)], 100.0);
    build.limit(loose, "budget", 100.0, 1.0);
    build.maximise("tokens", &[(x, 1.0)]);
    let conflict = explain(&build.done(), &SolveOptions::default()).unwrap();
    assert!(conflict.structural);
    let mut names: Vec<&str> = conflict.members.iter().map(|member| member.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["more_physics[p1]", "physics[p0]"]);
    assert_eq!(least.0, 0);
}

#[test]
fn ranges_of_the_case_where_both_bind() {
    let program = super::hand::both_bind();
    let ranges = ranges(&program, 0, &SolveOptions::default()).unwrap();
    assert_near(ranges[0].dual, 1.5, 1e-9);
    assert_near(ranges[0].from, 30.0, 1e-9);
    assert_near(ranges[0].to, 60.0, 1e-9);
    // 0.04 a kW is 40 a MW; at 1 MW all is spent on A, at 2 MW on B.
    assert_near(ranges[1].dual, 40.0, 1e-9);
    assert_near(ranges[1].from, 1.0, 1e-9);
    assert_near(ranges[1].to, 2.0, 1e-9);
    for range in &ranges {
        let check = check_range_by_resolve(&program, 0, range, &SolveOptions::default()).unwrap();
        assert_eq!(check.ends, 2);
        assert!(check.worst < 1e-9, "{check:?}");
    }
    // Beyond the range the budget is worth nothing.
    let beyond = solve(&moved(&program, 0, 70.0), &SolveOptions::default());
    assert_near(beyond.phases[0].row_duals[0], 0.0, 1e-9);
    assert_near(beyond.phases[0].value, 150.0, 1e-9);
}

#[test]
fn a_limit_that_does_not_bind_has_no_dual_down_to_where_it_would() {
    let mut build = Build::new();
    let x = build.column("x", 0.0, 10.0);
    build.bound_limit(x, "chips.max", 10.0, 1.0);
    let loose = build.at_most("loose", &[(x, 2.0)], 50.0);
    build.limit(loose, "loose", 50.0, 1.0);
    build.maximise("tokens", &[(x, 1.0)]);
    let program = build.done();
    let ranges = ranges(&program, 0, &SolveOptions::default()).unwrap();
    assert_eq!((ranges[0].dual, ranges[0].from, ranges[0].to), (1.0, 0.0, 25.0));
    assert_eq!((ranges[1].dual, ranges[1].from, ranges[1].to), (0.0, 20.0, f64::INFINITY));
}

/// One limit stated by several rows at once, as a budget per period is not but a price cap may be.
#[test]
fn a_limit_of_two_rows_moves_both() {
    let mut build = Build::new();
    let x = build.column("x", 0.0, f64::INFINITY);
    let y = build.column("y", 0.0, f64::INFINITY);
    let one = build.at_most("one", &[(x, 1.0)], 4.0);
    let two = build.at_most("two", &[(y, 2.0)], 4.0);
    let both = build.at_most("both", &[(x, 1.0), (y, 1.0)], 9.0);
    let limit = build.limit(one, "cap", 4.0, 1.0);
    build.program.rows[two.0 as usize].limit = Some(limit);
    build.limit(both, "sum", 9.0, 1.0);
    build.maximise("tokens", &[(x, 1.0), (y, 1.0)]);
    let program = build.done();
    let ranges = ranges(&program, 0, &SolveOptions::default()).unwrap();
    assert_near(ranges[0].dual, 1.5, 1e-9);
    assert_near(ranges[0].from, 0.0, 1e-9);
    assert_near(ranges[0].to, 6.0, 1e-9);
    assert!(check_range_by_resolve(&program, 0, &ranges[0], &SolveOptions::default()).unwrap().worst < 1e-9);
}

#[test]
fn ranges_hold_on_random_programs() {
    let mut ends = 0;
    for seed in 0..60 {
        let mut program = random_program(seed);
        program.phases.truncate(1);
        for row in 0..program.rows.len() {
            let unscaled = program.rows[row].upper.min(1e9) / program.rows[row].scale;
            let value = if unscaled.is_finite() && program.rows[row].upper.is_finite() {
                unscaled
            } else {
                program.rows[row].lower / program.rows[row].scale
            };
            program.limits.push(tokenworks::formulation::program::Limit {
                path: format!("rows.{row}"),
                unit: "u",
                value,
                lp_per_plan: 1.0,
            });
            program.rows[row].limit = Some(row as u32);
        }
        for range in ranges(&program, 0, &SolveOptions::default()).unwrap() {
            assert!(range.from <= range.value && range.value <= range.to);
            let check = check_range_by_resolve(&program, 0, &range, &SolveOptions::default()).unwrap();
            assert!(check.worst < 1e-7, "seed {seed} {range:?} {check:?}");
            ends += check.ends;
        }
    }
    assert!(ends > 200, "{ends}");
}
