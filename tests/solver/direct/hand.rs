//! The hand-checkable cases, stated as programs.

use tokenworks::formulation::program::{Program, Sense};
use tokenworks::solve::{Choice, Outcome, SolveOptions, Status, solve};

use super::build::{Build, assert_near};

const INFINITY: f64 = f64::INFINITY;

fn by(choice: Choice) -> SolveOptions {
    SolveOptions { choice, ..SolveOptions::default() }
}

fn best(program: &Program) -> Outcome {
    let outcome = solve(program, &SolveOptions::default());
    assert_eq!(outcome.status, Status::Optimal, "{:?}", outcome.certificate);
    assert!(outcome.certificate.checked);
    outcome
}

/// 130 kW a rack, 13,000 kW, 2 Mtok/s a rack.
pub fn power_bound() -> Program {
    let mut build = Build::new();
    let racks = build.column("racks", 0.0, INFINITY);
    let power = build.at_most("power", &[(racks, 130.0)], 13_000.0);
    build.limit(power, "sites.a.grid_kw", 13_000.0, 1.0);
    build.maximise("tokens", &[(racks, 2.0)]);
    build.done()
}

#[test]
fn power_binds() {
    let outcome = best(&power_bound());
    assert_near(outcome.phases[0].value, 200.0, 1e-9);
    assert_near(outcome.phases[0].row_duals[0], 2.0 / 130.0, 1e-9);
    assert_near(outcome.point[0], 100.0, 1e-9);
}

#[test]
fn two_chips_and_a_budget() {
    let mut build = Build::new();
    let dear = build.column("dear", 0.0, INFINITY);
    let cheap = build.column("cheap", 0.0, INFINITY);
    build.at_most("budget", &[(dear, 3.0), (cheap, 1.2)], 30.0);
    build.at_most("power", &[(dear, 120.0), (cheap, 60.0)], 10_000.0);
    build.maximise("tokens", &[(dear, 10.0), (cheap, 3.0)]);
    let outcome = best(&build.done());
    assert_near(outcome.phases[0].value, 100.0, 1e-9);
    assert_near(outcome.phases[0].row_duals[0], 10.0 / 3.0, 1e-9);
    assert_near(outcome.phases[0].row_duals[1], 0.0, 1e-9);
}

/// A 4 M$, 100 kW, 10; B 1 M$, 50 kW, 3.5; 40 M$, 1,500 kW.
pub fn both_bind() -> Program {
    let mut build = Build::new();
    let a = build.column("a", 0.0, INFINITY);
    let b = build.column("b", 0.0, INFINITY);
    let budget = build.at_most("budget", &[(a, 4.0), (b, 1.0)], 40.0);
    build.limit(budget, "budgets.capex_musd", 40.0, 1.0);
    let power = build.at_most("power", &[(a, 100.0), (b, 50.0)], 1_500.0);
    build.limit(power, "sites.a.grid_mw", 1.5, 1_000.0);
    build.maximise("tokens", &[(a, 10.0), (b, 3.5)]);
    build.done()
}

#[test]
fn budget_and_power_bind_by_every_solver() {
    for choice in [Choice::Auto, Choice::Highs { presolve: true }, Choice::Highs { presolve: false }, Choice::Clarabel] {
        let outcome = solve(&both_bind(), &by(choice));
        assert_eq!(outcome.status, Status::Optimal, "{choice:?}");
        let tolerance = if choice == Choice::Clarabel { 1e-6 } else { 1e-9 };
        assert_near(outcome.point[0], 5.0, tolerance);
        assert_near(outcome.point[1], 20.0, tolerance);
        assert_near(outcome.phases[0].value, 120.0, tolerance);
        assert_near(outcome.phases[0].row_duals[0], 1.5, tolerance);
        assert_near(outcome.phases[0].row_duals[1], 0.04, tolerance);
    }
    let outcome = solve(&both_bind(), &by(Choice::Microlp));
    assert_eq!(outcome.status, Status::Optimal);
    assert_near(outcome.phases[0].value, 120.0, 1e-9);
}

/// 100 MWh at 30 and 100 MWh at 90, a fleet of 80.
pub fn lexicographic(tolerance: f64) -> Program {
    let mut build = Build::new();
    let cheap = build.column("draw", 0.0, 100.0);
    let dear = build.column("draw", 0.0, 100.0);
    let tokens = build.column("tokens", 0.0, INFINITY);
    build.equal("balance", &[(tokens, 1.0), (cheap, -1.0), (dear, -1.0)], 0.0);
    build.at_most("fleet", &[(tokens, 1.0)], 80.0);
    build.phase("tokens", Sense::Maximise, &[(tokens, 1.0)], 0.0, tolerance);
    build.minimise("cost", &[(cheap, 30.0), (dear, 90.0)]);
    build.done()
}

#[test]
fn tokens_first_then_cost() {
    let exact = best(&lexicographic(0.0));
    assert_near(exact.phases[0].value, 80.0, 1e-9);
    assert_near(exact.phases[1].value, 2_400.0, 1e-9);
    let loose = best(&lexicographic(1e-6));
    assert_near(loose.phases[1].value, 2_399.997_6, 1e-9);
    // What the last token costs, and what the fleet is then worth.
    assert_near(loose.phases[1].held[0].dual, 30.0, 1e-9);
    assert_near(loose.phases[1].held[0].bound, 80.0 * (1.0 - 1e-6), 1e-12);
}

#[test]
fn least_cost_for_a_token_target() {
    let mut build = Build::new();
    let cheap = build.column("draw", 0.0, 100.0);
    let dear = build.column("draw", 0.0, 100.0);
    let phase = build.phase("cost", Sense::Minimise, &[(cheap, 30.0), (dear, 90.0)], 5.0, 0.0);
    phase.at_least = Some((Build::linear("tokens", &[(cheap, 2.0), (dear, 2.0)], 10.0), 250.0));
    let outcome = best(&build.done());
    assert_near(outcome.phases[0].value, 5.0 + 3_000.0 + 20.0 * 90.0, 1e-9);
    assert_near(outcome.phases[0].least_duals[0], 45.0, 1e-9);
}

/// Fixed 1,000; 50 $/MWh; 4 tok/MWh; 100 MWh.
pub fn cost_per_token() -> Program {
    let mut build = Build::new();
    let energy = build.column("energy", 0.0, 100.0);
    let phase = build.phase("cost", Sense::Minimise, &[(energy, 50.0)], 1_000.0, 0.0);
    phase.per = Some((Build::linear("tokens", &[(energy, 4.0)], 0.0), 0.9));
    build.done()
}

#[test]
fn cost_per_token_by_charnes_and_cooper() {
    for choice in [Choice::Auto, Choice::Clarabel] {
        let outcome = solve(&cost_per_token(), &by(choice));
        assert_eq!(outcome.status, Status::Optimal);
        let tolerance = if choice == Choice::Clarabel { 1e-6 } else { 1e-9 };
        assert_near(outcome.phases[0].value, 15.0, tolerance);
        assert_near(outcome.point[0], 100.0, tolerance);
        // d (1000/4e + 12.5) / d e at e = 100.
        assert_near(outcome.phases[0].column_duals[0], -1_000.0 / (4.0 * 100.0 * 100.0), tolerance);
    }
}

#[test]
fn cost_per_token_keeps_its_share_of_the_best() {
    // Dear energy beyond 50: the cheapest token is made at 50, but 0.9 of the best is asked for.
    let mut build = Build::new();
    let cheap = build.column("energy", 0.0, 50.0);
    let dear = build.column("energy", 0.0, 50.0);
    let row = build.at_most("grid", &[(cheap, 1.0), (dear, 1.0)], 100.0);
    let phase = build.phase("cost", Sense::Minimise, &[(cheap, 10.0), (dear, 100.0)], 20.0, 0.0);
    phase.per = Some((Build::linear("tokens", &[(cheap, 4.0), (dear, 4.0)], 0.0), 0.9));
    build.maximise("revenue", &[(dear, 1.0)]);
    let program = build.done();
    let outcome = best(&program);
    assert_near(outcome.point[1], 40.0, 1e-7);
    assert_near(outcome.phases[0].value, (20.0 + 500.0 + 4_000.0) / 360.0, 1e-9);
    assert_near(outcome.phases[0].row_duals[row.0 as usize], 0.0, 1e-9);
    assert_near(outcome.phases[1].value, 40.0, 1e-6);
}

/// Halls of 20 MW at 150 M$, fit-out 30 M$/MW, 2,000 M$.
pub fn halls() -> Program {
    let mut build = Build::new();
    let halls = build.whole("halls", 0.0, 100.0);
    let fitted = build.column("fitted_mw", 0.0, INFINITY);
    build.at_most("hall_capacity", &[(fitted, 1.0), (halls, -20.0)], 0.0);
    build.at_most("budget", &[(halls, 150.0), (fitted, 30.0)], 2_000.0);
    build.maximise("tokens", &[(fitted, 1.0)]);
    build.minimise("cost", &[(halls, 150.0), (fitted, 30.0)]);
    build.done()
}

#[test]
fn divisible_and_whole_halls() {
    assert_near(best(&halls()).phases[0].value, 2_000.0 / 37.5, 1e-9);
    let outcome = solve(&halls(), &SolveOptions { whole: true, gap: 0.0, ..SolveOptions::default() });
    assert_eq!(outcome.status, Status::Optimal);
    assert!(outcome.whole && outcome.certificate.checked);
    assert_near(outcome.phases[0].value, 51.666_666_666_666_664, 1e-9);
    assert_near(outcome.point[0], 3.0, 1e-12);
    // Given these halls, a million dollars more fits out a thirtieth of a megawatt.
    assert_near(outcome.phases[0].row_duals[1], 1.0 / 30.0, 1e-9);
}

/// Mélange's published chip mix: request rates 6, 3, 15, 6 in four buckets of prompt and answer
/// length; an A10G serves 2, 1, 5, 2 of each at 1.01, an A100 20, 20, 40, 20 at 3.67.
pub fn chip_mix() -> Program {
    let mut build = Build::new();
    let rates = [6.0, 3.0, 15.0, 6.0];
    let chips = [(1.01, [2.0, 1.0, 5.0, 2.0]), (3.67, [20.0, 20.0, 40.0, 20.0])];
    let mut shares = Vec::new();
    let mut counts = Vec::new();
    for (_, serves) in &chips {
        let count = build.whole("chips", 0.0, 100.0);
        let of_chip: Vec<_> = rates.iter().map(|_| build.column("share", 0.0, 1.0)).collect();
        let mut terms = vec![(count, -1.0)];
        terms.extend(of_chip.iter().zip(&rates).zip(serves).map(|((share, rate), serves)| (*share, rate / serves)));
        build.at_most("fleet", &terms, 0.0);
        shares.push(of_chip);
        counts.push(count);
    }
    for (first, second) in shares[0].iter().zip(&shares[1]) {
        build.equal("served", &[(*first, 1.0), (*second, 1.0)], 1.0);
    }
    build.minimise("cost", &[(counts[0], chips[0].0), (counts[1], chips[1].0)]);
    build.done()
}

#[test]
fn chip_mix_of_the_literature() {
    assert_near(best(&chip_mix()).phases[0].value, 4.128_75, 1e-9);
    let outcome = solve(&chip_mix(), &SolveOptions { whole: true, gap: 0.0, ..SolveOptions::default() });
    assert_near(outcome.phases[0].value, 4.68, 1e-9);
}

#[test]
fn constants_reach_the_goal() {
    let mut build = Build::new();
    let x = build.column("x", 0.0, 3.0);
    build.phase("tokens", Sense::Maximise, &[(x, 1.0)], 100.0, 0.0);
    assert_near(best(&build.done()).phases[0].value, 103.0, 1e-12);
}

#[test]
fn ranged_and_free_rows_keep_their_sides() {
    let mut build = Build::new();
    let x = build.column("x", f64::NEG_INFINITY, INFINITY);
    let y = build.column("y", -5.0, 5.0);
    build.row("range", &[(x, 2.0), (y, 2.0)], -6.0, 8.0);
    build.row("free", &[(x, 1.0)], f64::NEG_INFINITY, INFINITY);
    build.minimise("x", &[(x, 1.0)]);
    let mut program = build.done();
    for choice in [Choice::Highs { presolve: true }, Choice::Highs { presolve: false }, Choice::Clarabel] {
        program.phases[0].sense = Sense::Minimise;
        let outcome = solve(&program, &by(choice));
        assert_eq!(outcome.status, Status::Optimal);
        assert_near(outcome.phases[0].value, -8.0, 1e-6);
        assert_near(outcome.phases[0].row_duals[0], 0.5, 1e-6);
        program.phases[0].sense = Sense::Maximise;
        let outcome = solve(&program, &by(choice));
        assert_near(outcome.phases[0].value, 9.0, 1e-6);
        assert_near(outcome.phases[0].row_duals[0], 0.5, 1e-6);
    }
}

#[test]
fn what_is_free_is_named() {
    let mut build = Build::new();
    let x = build.column("rented_chips", 0.0, INFINITY);
    let y = build.column("bought_chips", 0.0, INFINITY);
    build.at_most("budget", &[(y, 1.0)], 10.0);
    build.maximise("tokens", &[(x, 1.0), (y, 2.0)]);
    let outcome = solve(&build.done(), &SolveOptions::default());
    let Status::Unbounded { free } = &outcome.status else { panic!("{:?}", outcome.status) };
    assert_eq!(free, &["rented_chips[p0]"]);
    assert!(!outcome.has_point());
}
