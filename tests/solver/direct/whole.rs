//! Runs of whole numbers that are stopped, and what their later goals may give up.

use tokenworks::formulation::program::{Program, Sense};
use tokenworks::solve::{SolveOptions, Status, StopReason, solve};

use super::build::{Build, assert_near};

/// One hall may be built: of kind A for 100 tokens at 10, or of kind B for 99.95 at 5. Serving a token costs
/// a hundredth. A thousandth of the tokens may be given up for money.
fn one_hall() -> Program {
    let mut build = Build::new();
    let kinds = [build.whole("halls", 0.0, 1.0), build.whole("halls", 0.0, 1.0)];
    let sold = build.column("sold", 0.0, 1e3);
    build.at_most("buildout", &[(kinds[0], 1.0), (kinds[1], 1.0)], 1.0);
    build.at_most("demand", &[(sold, 1.0), (kinds[0], -100.0), (kinds[1], -99.95)], 0.0);
    build.phase("tokens", Sense::Maximise, &[(sold, 1.0)], 0.0, 1e-3);
    build.maximise("npv", &[(sold, -0.01), (kinds[0], -10.0), (kinds[1], -5.0)]);
    build.done()
}

/// B is built, since 99.95 are within a thousandth of A's 100, and 99.9 are sold: what may be given up is counted
/// from the best of all halls, not once more from B's own best (99.85).
#[test]
fn a_share_is_given_up_once() {
    let outcome = solve(&one_hall(), &SolveOptions { whole: true, gap: 0.0, give_up: true, ..SolveOptions::default() });
    assert_eq!(outcome.status, Status::Optimal);
    assert!(outcome.certificate.checked);
    assert_near(outcome.point[1], 1.0, 1e-9);
    assert_near(outcome.point[2], 99.9, 1e-9);
    assert_near(outcome.phases[1].value, -5.0 - 0.999, 1e-9);
    // With this hall held, its own best of 99.95 would cost a twentieth of a token more to serve.
    let give_up = outcome.give_up.unwrap();
    assert!(give_up.whole && give_up.exact);
    assert_near(give_up.brings, 0.05 * 0.01, 1e-6);
}

/// Knapsacks of many goods in several rooms: found in a moment, proved only in hours.
fn hard() -> Program {
    let mut build = Build::new();
    let mut state = 7_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 40) % 900 + 100) as f64
    };
    let goods: Vec<_> = (0..250).map(|_| build.whole("goods", 0.0, 1.0)).collect();
    for _ in 0..12 {
        let room: Vec<_> = goods.iter().map(|good| (*good, draw())).collect();
        let most = room.iter().map(|(_, size)| size).sum::<f64>() / 2.0;
        build.at_most("room", &room, most.floor());
    }
    let worth: Vec<_> = goods.iter().map(|good| (*good, draw())).collect();
    build.maximise("worth", &worth);
    build.minimise("count", &goods.iter().map(|good| (*good, 1.0)).collect::<Vec<_>>());
    build.done()
}

/// Stopped early, it has an answer of whole numbers and a bound on what a better one could bring.
#[test]
fn a_stopped_run_has_its_best_so_far_and_a_gap() {
    let program = hard();
    let divisible = solve(&program, &SolveOptions::default()).phases[0].value;
    for seconds in [0.05, 0.5] {
        let outcome = solve(&program, &SolveOptions { whole: true, gap: 0.0, time_limit_s: Some(seconds), ..SolveOptions::default() });
        let Status::Stopped { reason: StopReason::TimeLimit, gap } = outcome.status else { panic!("{seconds} s: {:?}", outcome.status) };
        if !outcome.has_point() {
            // Not even the divisible program was solved in that time.
            assert!(seconds < 0.1 && gap.is_none());
            continue;
        }
        let gap = gap.unwrap();
        assert!(outcome.point.iter().all(|value| (value - value.round()).abs() <= 1e-6));
        assert_eq!(outcome.phases.len(), 2);
        let worth = outcome.phases[0].value;
        assert!(worth <= divisible * (1.0 + 1e-9) && gap.is_finite() && gap > 0.0);
        // No farther from the divisible one than the gap says: the bound of a search is no looser, once the
        // divisible program was solved. A busy machine may not come so far in the shorter time.
        assert!(seconds < 0.1 || worth * (1.0 + gap) <= divisible * (1.0 + 1e-6), "{worth}, {gap}, {divisible}");
        assert!(outcome.certificate.phases.iter().all(|phase| phase.feasible()));
    }
}
