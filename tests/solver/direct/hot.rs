//! The hot session gives what cold runs give.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokenworks::formulation::program::{Program, Sense};
use tokenworks::plan::edit::{Edit, apply};
use tokenworks::plan::file::read_plan;
use tokenworks::resolved::Series;
use tokenworks::solve::glance::Glance;
use tokenworks::solve::session::Session;
use tokenworks::solve::{Outcome, SolveOptions, Status, StopReason, solve};

use super::build::{Build, assert_near};
use super::random::random_program;
use crate::solver::bench_solver::synthetic::{Random, Size, Synthetic};

#[track_caller]
fn same(hot: &Outcome, cold: &Outcome, what: &str) {
    assert_eq!(hot.status, cold.status, "{what}");
    if cold.status != Status::Optimal {
        return;
    }
    assert!(hot.certificate.checked, "{what}");
    assert_eq!(hot.phases.len(), cold.phases.len());
    for (one, two) in hot.phases.iter().zip(&cold.phases) {
        assert_eq!(one.name, two.name);
        assert!((one.value - two.value).abs() <= 3e-7 * two.value.abs().max(1.0), "{what}: {} {} {}", one.name, one.value, two.value);
    }
}

#[test]
fn hot_is_cold_on_random_edits() {
    let mut hot_ones = 0;
    for seed in 0..6 {
        let mut random = Random(seed);
        let mut plan = Synthetic::new(Size { sites: 1 + seed as usize % 2, ..Size::TINY });
        plan.seed = seed;
        let mut session = Session::new();
        for step in 0..30 {
            plan.edit((random.next() * 60.0) as usize);
            if step % 7 == 3 {
                // Another shape: one more period, or one less.
                plan.size.periods = if plan.size.periods == 3 { 4 } else { 3 };
                plan.budget.resize(plan.size.periods, 300.0);
            }
            let program = plan.program();
            let hot = session.solve(&program, None);
            same(&hot, &solve(&program, &SolveOptions::default()), &format!("seed {seed} step {step}"));
            hot_ones += usize::from(!session.last().loaded && !session.last().cold);
        }
    }
    assert!(hot_ones > 100, "{hot_ones}");
}

/// Programs with nothing in common but their size, two goals at tolerance 0.
#[test]
fn hot_is_cold_on_random_programs() {
    let mut session = Session::new();
    for seed in 0..150 {
        let mut program = random_program(seed);
        program.phases[0].tolerance = 0.0;
        same(&session.solve(&program, None), &solve(&program, &SolveOptions::default()), &format!("seed {seed}"));
        // The same again with another right-hand side: hot, perhaps infeasible.
        program.rows[0].upper += 0.4;
        program.rows[0].lower += 0.4;
        same(&session.solve(&program, None), &solve(&program, &SolveOptions::default()), &format!("seed {seed} moved"));
    }
}

#[test]
fn an_edit_sends_only_what_changed() {
    let mut plan = Synthetic::new(Size::SMALL);
    let mut session = Session::new();
    session.solve(&plan.program(), None);
    assert!(session.last().loaded);
    session.solve(&plan.program(), None);
    let last = session.last();
    assert_eq!((last.loaded, last.bounds, last.entries, last.costs), (false, 0, 0, false));
    plan.budget[0] *= 1.01;
    let before = session.solve(&plan.program(), None);
    let last = session.last();
    assert_eq!((last.loaded, last.bounds, last.entries, last.costs), (false, 1, 0, false));
    assert_eq!(before.status, Status::Optimal);
    plan.chip_price[1] *= 1.1;
    session.solve(&plan.program(), None);
    let last = session.last();
    // The price stands in eight entries of budget rows, and in as many of the row that holds the cost.
    assert_eq!((last.loaded, last.bounds, last.entries, last.costs), (false, 0, 16, true));
}

/// The duals of both goals come apart and are those of the phases one by one.
#[test]
fn duals_of_both_goals() {
    let program = super::hand::lexicographic(0.0);
    let mut session = Session::new();
    let hot = session.solve(&program, None);
    assert_eq!(hot.status, Status::Optimal);
    assert_near(hot.phases[0].value, 80.0, 1e-12);
    assert_near(hot.phases[1].value, 2_400.0, 1e-12);
    // One more of the fleet: one more token, 30 $ more, the token price being what the last one costs.
    assert_near(hot.phases[0].row_duals[1], 1.0, 1e-9);
    assert_near(hot.phases[1].held[0].dual, 30.0, 1e-9);
    assert_near(hot.phases[1].row_duals[1], 0.0, 1e-9);
    let both = super::hand::both_bind();
    let hot = session.solve(&both, None);
    assert_near(hot.phases[0].row_duals[0], 1.5, 1e-9);
    assert_near(hot.phases[0].row_duals[1], 0.04, 1e-9);
}

/// A second goal so dear, beside a first one so small, that any blend of the two would give tokens away.
#[test]
fn the_first_goal_is_exact_however_dear_the_second() {
    let mut build = Build::new();
    let x = build.column("x", 0.0, f64::INFINITY);
    build.at_most("power", &[(x, 1.0)], 10.0);
    build.maximise("tokens", &[(x, 1e-3)]);
    build.minimise("cost", &[(x, 500.0)]);
    let program = build.done();
    let mut session = Session::new();
    let hot = session.solve(&program, None);
    same(&hot, &solve(&program, &SolveOptions::default()), "dear");
    assert_near(hot.phases[0].value, 0.01, 1e-12);
}

/// A third goal worth more than 100,000 of the second never bends it.
#[test]
fn the_third_goal_never_bends_the_second() {
    let mut build = Build::new();
    let x = build.column("x", 0.0, 10.0);
    let y = build.column("y", 0.0, 10.0);
    build.equal("sum", &[(x, 1.0), (y, 1.0)], 10.0);
    build.maximise("tokens", &[(x, 1.0), (y, 1.0)]);
    build.minimise("cost", &[(x, 1e-4), (y, 2e-4)]);
    build.maximise("revenue", &[(y, 1e4)]);
    let program = build.done();
    let mut session = Session::new();
    let hot = session.solve(&program, None);
    same(&hot, &solve(&program, &SolveOptions::default()), "bent");
    assert_near(hot.point[0], 10.0, 1e-9);
    // And hot again, the way it goes from now on.
    let mut edited = program.clone();
    edited.columns[0].upper = 9.0;
    let hot = session.solve(&edited, None);
    same(&hot, &solve(&edited, &SolveOptions::default()), "bent again");
    assert_near(hot.point[1], 1.0, 1e-9);
}

/// Two columns as good as each other: hot and cold choose the same one, from whichever side they come.
#[test]
fn ties_end_at_one_answer() {
    let program = |least: f64| {
        let mut build = Build::new();
        let cols: Vec<_> = (0..6).map(|_| build.column("x", 0.0, 10.0)).collect();
        let all: Vec<_> = cols.iter().map(|col| (*col, 1.0)).collect();
        build.at_most("sum", &all, 25.0);
        build.at_least("one", &all[..1], least);
        build.maximise("tokens", &all);
        build.minimise("cost", &all.iter().map(|(col, _)| (*col, 3.0)).collect::<Vec<_>>());
        build.done()
    };
    let cold = solve(&program(0.0), &SolveOptions::default());
    let mut session = Session::new();
    for least in [0.0, 7.0, 3.0, 9.5, 0.0, 1.0, 0.0] {
        let hot = session.solve(&program(least), None);
        let cold = solve(&program(least), &SolveOptions::default());
        for (one, two) in hot.point.iter().zip(&cold.point) {
            assert_near(*one, *two, 1e-7);
        }
    }
    let back = session.solve(&program(0.0), None);
    assert_near(back.point[0], cold.point[0], 1e-7);
}

#[test]
fn infeasible_and_back() {
    let mut session = Session::new();
    let program = |least: f64| -> Program {
        let mut build = Build::new();
        let x = build.column("x", 0.0, 10.0);
        build.at_least("need", &[(x, 1.0)], least);
        build.phase("tokens", Sense::Maximise, &[(x, -1.0)], 20.0, 0.0);
        build.minimise("cost", &[(x, 1.0)]);
        build.done()
    };
    for (least, expected) in [(4.0, Some(16.0)), (12.0, None), (11.0, None), (9.0, Some(11.0)), (10.5, None), (0.0, Some(20.0))] {
        let outcome = session.solve(&program(least), None);
        match expected {
            Some(value) => assert_near(outcome.phases[0].value, value, 1e-9),
            None => assert_eq!(outcome.status, Status::Infeasible),
        }
    }
}

#[test]
fn a_cancelled_session_goes_on() {
    let mut plan = Synthetic::new(Size::SMALL);
    let mut session = Session::new();
    let cancelled = Some(Arc::new(AtomicBool::new(true)));
    let outcome = session.solve(&plan.program(), cancelled.clone());
    assert!(matches!(outcome.status, Status::Stopped { reason: StopReason::Cancelled, .. }));
    assert!(!outcome.has_point());
    plan.edit(0);
    let program = plan.program();
    same(&session.solve(&program, None), &solve(&program, &SolveOptions::default()), "after cancelling");
    plan.edit(1);
    assert!(!session.solve(&plan.program(), cancelled).has_point());
    same(&session.solve(&program, None), &solve(&program, &SolveOptions::default()), "back");
}

/// Plans as they are shipped, along edits of an efficiency, a limit, a price and a budget.
#[test]
fn hot_is_cold_on_the_bundled_plans() {
    let edits: [(&str, &[(&str, &str)]); 2] = [
        (
            "gansu",
            &[
                ("sites.qingyang.pue", "1.3"),
                ("sites.qingyang.pue", "1.31"),
                ("sites.qingyang.interconnect_mw.2028-01", "240.0"),
                ("sites.qingyang.pue", "1.1"),
            ],
        ),
        (
            "texas",
            &[
                ("sites.abilene.pue", "1.25"),
                ("contracts.abilene-wind.terms.price_usd_per_mwh", "44.0"),
                ("budget.capex_musd_per_period.2028-01", "900.0"),
            ],
        ),
    ];
    for (name, edits) in edits {
        let text = std::fs::read_to_string(format!("plans/{name}.ron")).unwrap();
        let mut plan = read_plan(&text).plan.unwrap();
        let mut session = Session::new();
        let mut first = true;
        for (path, value) in std::iter::once(&("name", "\"as shipped\"")).chain(edits) {
            apply(&mut plan, &Edit::Set { path: (*path).into(), value: (*value).into() }).unwrap();
            let stated = tokenworks::study::state(&plan, &Series::default(), &tokenworks::study::Options::default()).unwrap();
            let program = stated.formulation.program;
            let hot = session.solve(&program, None);
            let cold = solve(&program, &SolveOptions::default());
            assert!(first || !session.last().cold, "{name} {path}");
            first = false;
            assert_eq!((hot.status, cold.status), (Status::Optimal, Status::Optimal), "{name} {path}");
            assert!(hot.certificate.checked && cold.certificate.checked, "{name} {path}");
            assert_eq!(hot.phases.iter().map(|phase| phase.name).collect::<Vec<_>>(), ["tokens", "npv"]);
            let near = |one: f64, two: f64| (one - two).abs() <= 1e-7 * two.abs().max(1.0);
            for (goal, (one, two)) in hot.phases.iter().zip(&cold.phases).enumerate() {
                assert!(near(one.value, two.value), "{name} {path}: goal {goal} {} {}", one.value, two.value);
            }
            let made = &program.phases[0].goal;
            assert!(near(made.value(&hot.point), made.value(&cold.point)), "{name} {path}: tokens held");
        }
    }
}

/// What a moving hand is shown first: the goals at the last bases, near what is then found, and nothing where
/// they are far from it or where the program is another one.
#[test]
fn a_glance_is_near_what_is_found() {
    let stated = |edits: &[(&str, &str)]| {
        let mut plan = read_plan(&std::fs::read_to_string("plans/texas.ron").unwrap()).plan.unwrap();
        for (path, value) in edits {
            apply(&mut plan, &Edit::Set { path: (*path).into(), value: (*value).into() }).unwrap();
        }
        tokenworks::study::state(&plan, &Series::default(), &tokenworks::study::Options::default()).unwrap().formulation.program
    };
    let program = stated(&[]);
    let mut session = Session::new();
    let outcome = session.solve(&program, None);
    let bases = Arc::new(session.bases(&outcome).unwrap());
    let mut glance = Glance::default();
    for (path, value) in [
        ("sites.abilene.pue", "1.22"),
        ("sites.abilene.interconnect_mw.2028-07", "440.0"),
        ("budget.capex_musd_per_period.2028-01", "1240.0"),
        ("contracts.abilene-wind.terms.price_usd_per_mwh", "42.0"),
        ("horizon.discount_rate_fraction", "0.085"),
    ] {
        let moved = stated(&[(path, value)]);
        let near = glance.at(&moved, &bases).unwrap();
        let found = session.solve(&moved, None);
        assert_eq!(near.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["tokens", "npv"]);
        for ((name, value), phase) in near.iter().zip(&found.phases) {
            // NPV is the difference of sums many times its size: what is small of them is more of it.
            let near = if *name == "npv" { 1e-2 } else { 5e-3 };
            assert!((value - phase.value).abs() <= near * phase.value.abs(), "{path}: {name} {value} {}", phase.value);
        }
    }
    // At the plan as it was it is what was found, to the digit.
    for ((_, value), phase) in glance.at(&program, &bases).unwrap().iter().zip(&outcome.phases) {
        assert_near(*value, phase.value, 1e-9);
    }
    assert_eq!(glance.at(&stated(&[("horizon.periods", "4")]), &bases), None, "another program");
    // A tenth of the discount rate: far more NPV than a tenth.
    assert_eq!(glance.at(&stated(&[("horizon.discount_rate_fraction", "0.0")]), &bases), None, "too far away");
}
