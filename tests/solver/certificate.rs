//! The gap is a bound: every answer's certificate proves how far the best can be, on every plan there is.

use tokenworks::plan::Plan;
use tokenworks::plan::file::read_plan;
use tokenworks::resolved::Series;
use tokenworks::solve::certificate::TOLERANCE;
use tokenworks::solve::{Choice, Outcome, SolveOptions, Status, solve};
use tokenworks::study::{self, Options, solve_options};

use crate::sketch::plans;

/// Solves a plan from cold; `None` if it is not a plan that can be solved by itself.
fn outcome(plan: &Plan) -> Option<Outcome> {
    let stated = study::state(plan, &Series::default(), &Options::default()).ok()?;
    Some(solve(&stated.formulation.program, &solve_options(&stated, &Options::default())))
}

/// `MORE_PLANS=folder` takes a folder of further plans, as `tests/oracle/generate.py` writes them.
#[test]
fn every_gap_is_a_bound_below_a_millionth() {
    let mut folders: Vec<String> = ["plans", "plans/reference", "tests/plans", "tests/oracle/plans"].map(str::to_owned).into();
    folders.extend(std::env::var("MORE_PLANS"));
    let (mut proved, mut infeasible, mut other, mut worst) = (0, 0, 0, 0.0_f64);
    let mut faults = Vec::new();
    for (name, plan) in folders.iter().flat_map(|folder| plans(folder)) {
        let Some(outcome) = outcome(&plan) else {
            other += 1;
            continue;
        };
        match &outcome.status {
            Status::Optimal => {
                for phase in &outcome.certificate.phases {
                    let allowed = if outcome.whole { plan.whole.gap_fraction.max(TOLERANCE) } else { TOLERANCE };
                    match phase.gap {
                        Some(gap) if gap <= allowed && phase.checked => worst = worst.max(if outcome.whole { 0.0 } else { gap }),
                        _ => faults.push(format!("{name}: {}", phase.sentence())),
                    }
                }
                proved += 1;
            }
            Status::Infeasible => infeasible += 1,
            // A cost per token where none can be made.
            Status::Nothing => other += 1,
            Status::Stopped { .. } if outcome.whole => other += 1,
            status => faults.push(format!("{name}: {status:?}")),
        }
    }
    println!("{proved} plans proved, worst gap {worst:.1e}; {infeasible} infeasible, {other} not solved here");
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(proved >= 40, "{proved}");
}

/// A third of the hours at prices within a tenth of a dollar of nothing: a solver's tolerance of duals is
/// larger than what an hour's power costs there, and the sum must come out all the same.
/// 10 MW · 365 · (16 · 60 + 0.1 − 0.1 + 0.05 − 0.05 + 0.02 − 0.02 + 0.01 − 0.08) $ = 3.5037445 M$.
#[test]
fn prices_near_zero_add_up() {
    let plan = |goals: &str| {
        read_plan(&format!(
            r#"(
    schema: 1,
    name: "Near nothing",
    objective: {goals},
    tolerance_fraction: 0.0,
    horizon: (start: "2027-01", period_months: 12, periods: 1, discount_rate_fraction: 0.0),
    slices: Representative(block_hours: 1, days: {{"day": (share_fraction: 1.0)}}),
    profiles: {{"p": PerHour([0.1, -0.1, 0.05, -0.05, 0.02, -0.02, 0.01, -0.08, 60.0, 60.0, 60.0, 60.0, 60.0, 60.0, 60.0, 60.0, 60.0, 60.0, 60.0, 60.0, 60.0, 60.0, 60.0, 60.0])}},
    sites: {{"s": (country: "US", latitude: 40.0, longitude: -90.0, utc_offset_hours: 0.0, interconnect_mw: 1000.0, pue: 1.0, halls: {{"hall": (it_mw: 1000.0, cooling: Liquid)}})}},
    chips: {{"c": (all_in_kw: 1.0, idle_fraction: 0.0, capex_usd: 0.0, om_usd_per_year: 0.0, chips_per_rack: 1.0, cooling: Liquid, availability_fraction: 1.0, lead_months: 0.0, life_years: 5.0)}},
    fleets: {{"f": (site: "s", chip: "c", count: 40000.0, in_service: "2024-01")}},
    contracts: {{"grid": (site: "s", terms: Tariff(energy_usd_per_mwh: Series(id: "p")))}},
    served_models: {{"any": (quality: Stated(1.0))}},
    products: {{"chat": (served_model: "any", prompt_tokens: 0.0, answer_tokens: 1000.0, utilisation_cap_fraction: 1.0)}},
    throughput: {{"t": (chip: "c", product: "chat", decode_tok_per_s: 1000.0)}},
    markets: {{"m": (country: "US", latitude: 40.0, longitude: -90.0, utc_offset_hours: 0.0, demand: {{"chat": (segments: [(answer_gtok_per_day: 864.0, usd_per_mtok: (answer: 1.0))])}})}},
)"#
        ))
        .plan
        .unwrap()
    };
    for (goals, sign, by) in [("[MaxTokens, MinCost]", 1.0, 0.0), ("[MaxTokens, MaxNpv]", -1.0, 315.36)] {
        let outcome = outcome(&plan(goals)).unwrap();
        assert_eq!(outcome.status, Status::Optimal);
        let cost = sign * (outcome.phases[1].value - by);
        assert!((cost / 3.503_744_5 - 1.0).abs() <= 1e-6, "{goals}: {cost}");
        assert!(outcome.certificate.phases[1].gap.unwrap() <= 1e-6);
    }
}

/// The interior point method proves both goals by itself, the second one too: with its own tolerance the prices of
/// Texas' second goal left 1e-6 to 5e-5 open, and the simplex method had to take over at any size.
#[test]
fn an_interior_point_proves_a_held_goal() {
    let mut plan = read_plan(&std::fs::read_to_string("plans/texas.ron").unwrap()).plan.unwrap();
    plan.horizon.periods = 8;
    let stated = study::state(&plan, &Series::default(), &Options::default()).unwrap();
    let outcome = solve(&stated.formulation.program, &SolveOptions { choice: Choice::Clarabel, ..SolveOptions::default() });
    assert_eq!(outcome.status, Status::Optimal);
    for phase in &outcome.certificate.phases {
        assert!(phase.gap.is_some_and(|gap| gap <= 1e-8), "{}", phase.sentence());
    }
    // One run for each goal, and no step of the simplex method.
    assert!(outcome.iterations < 200, "{}", outcome.iterations);
}
