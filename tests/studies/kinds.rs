//! What each kind of study promises.

use tokenworks::formulation::measures::{Measure, measured};
use tokenworks::plan::edit::{Edit, apply};
use tokenworks::plan::file::read_plan;
use tokenworks::plan::study::Study;
use tokenworks::resolved::Series;
use tokenworks::study::engine::Run;
use tokenworks::study::kinds::{alternatives, frontier, ranked, sample};
use tokenworks::study::rows::{AsScenario, beside, planned, rows, scenario};
use tokenworks::study::{self, Options, pictures, planned as by_id};

use super::engine::{prepared, records, with};
use crate::common::sketch::{Sketch, chip, decode};

const ONE_SITE: &str = include_str!("../plans/one-site.ron");
const SMALL: &str = include_str!("../plans/small.ron");

fn near(left: f64, right: f64, share: f64) -> bool {
    (left - right).abs() <= share * left.abs().max(right.abs()).max(1e-9)
}

/// Three segments of 0.864, 1.728 and 2.592 Gtok a day at 2 $, 0.5 $ and 0.1 $, and a chip-hour at 1 $: 3.6 Mtok,
/// so a million tokens cost 0.2778 $. Most NPV serves the first two.
fn conflict() -> Sketch {
    let chips = chip(1.0, 0.0, 8760.0, "supply_per_period: 1e6,");
    let demand = "(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {\"chat\": (segments: [\
         (answer_gtok_per_day: 864.0, usd_per_mtok: (answer: 2.0)), (answer_gtok_per_day: 1728.0, usd_per_mtok: (answer: 0.5)), \
         (answer_gtok_per_day: 2592.0, usd_per_mtok: (answer: 0.1))])})";
    Sketch::new().with("chips", "c", &chips).with("markets", "near", demand).top("objective", "[MaxTokens, MaxNpv]")
}

#[test]
fn a_frontier_has_the_break_points_worked_out_by_hand() {
    // A year serves 315.36, 630.72 and 946.08 Ttok of the segments. With T Ttok: 864 Gtok a day are 10,000 chips.
    // NPV at most: 315.36 · 2 + 630.72 · 0.5 = 946.08 M$ less 30,000 chips · 8,760 $ = 262.8 M$: 683.28 M$ at 946.08
    // Ttok. All: 946.08 Ttok more at 0.1 $ less 0.277778 $: 168.192 M$ less, 515.088 M$ at 1,892.16 Ttok.
    let plan = conflict().plan();
    let plan = with(
        &tokenworks::plan::file::print(&plan),
        "\"f\": Frontier(optimise: Npv, hold: Tokens), \"g\": Frontier(optimise: Tokens, hold: Npv, points: Evenly(5))",
    );
    let run = prepared(&plan, "f");
    let found = records(&run);
    assert!(found[0].answer.is_answered(), "{:?}", found[0]);
    let curve = frontier::curve(&found);
    let ends: Vec<(f64, f64)> = curve.iter().map(|point| (point.held, point.value)).collect();
    assert_eq!(ends.len(), 2, "{ends:?}");
    assert!(near(ends[0].0, 946.08, 1e-6) && near(ends[0].1, 683.28, 1e-6), "{ends:?}");
    assert!(near(ends[1].0, 1892.16, 1e-6) && near(ends[1].1, 515.088, 1e-5), "{ends:?}");
    // The other way about: tokens for every level of NPV; straight, too.
    let curve = frontier::curve(&records(&prepared(&plan, "g")));
    assert_eq!(curve.len(), 5);
    for pair in curve.windows(2) {
        assert!(pair[1].value <= pair[0].value + 1e-9 && pair[1].held > pair[0].held);
        assert!(near((pair[0].value - pair[1].value) / (pair[1].held - pair[0].held), 1.0 / 0.177_777_8, 1e-3), "{pair:?}");
    }
}

#[test]
fn every_point_of_a_frontier_is_the_plan_of_that_goal_solved_cold() {
    // The least cost with so many tokens is a goal that a plan can have.
    let text = "\"f\": Frontier(optimise: Cost, hold: Tokens, points: Evenly(6)), \"b\": Frontier(optimise: Cost, hold: Tokens)";
    let plan = with(SMALL, text);
    for id in ["f", "b"] {
        let curve = frontier::curve(&records(&prepared(&plan, id)));
        assert!(curve.len() >= 2, "{curve:?}");
        for pair in curve.windows(2) {
            assert!(pair[1].held > pair[0].held && pair[1].value >= pair[0].value - 1e-6 * pair[0].value.abs(), "{pair:?}");
        }
        for point in curve.iter().skip(1).step_by(2) {
            let mut alone = plan.clone();
            alone.objective = vec![tokenworks::plan::Goal::MinCostForTtok(point.held)];
            let results = study::answer(&alone, &Series::default(), &Options::default()).results.unwrap();
            let cost = results.phases.iter().find(|phase| phase.name == "cost").unwrap().value;
            assert!(near(cost, point.value, 1e-6), "{id}: {point:?} and {cost} cold");
        }
    }
}

#[test]
fn a_frontier_over_capex_breaks_where_the_next_segment_begins() {
    // A chip is 876 $ over one year: capex 8.76 M$ for the first 315.36 Ttok, and as much again for every 315.36.
    // Least capex is none. Tokens are straight in capex: two points. NPV (price less cost) breaks at each segment.
    let chips = chip(1.0, 876.0, 0.0, "supply_per_period: 1e6,").replace("life_years: 5.0", "life_years: 1.0");
    let sketch = conflict().with("chips", "c", &chips);
    let plan = with(&tokenworks::plan::file::print(&sketch.plan()), "\"f\": Frontier(optimise: Npv, hold: Capex)");
    let curve = frontier::curve(&records(&prepared(&plan, "f")));
    let capex: Vec<f64> = curve.iter().map(|point| point.held).collect();
    // All three segments pay here: the corners are at 0, 8.76, 26.28 and 52.56 M$.
    assert_eq!(capex.len(), 4, "{curve:?}");
    for (found, hand) in capex.iter().zip([0.0, 8.76, 26.28, 52.56]) {
        assert!((found - hand).abs() < 1e-3, "{capex:?}");
    }
    assert!(curve.windows(2).all(|pair| pair[1].value >= pair[0].value));
}

#[test]
fn measures_are_the_key_figures() {
    for text in [SMALL, ONE_SITE] {
        let plan = read_plan(text).plan.unwrap();
        let mut stated = study::state(&plan, &Series::default(), &Options::default()).unwrap();
        let outcome = tokenworks::solve::solve(&stated.formulation.program, &tokenworks::solve::SolveOptions::default());
        let kpis = study::read(&stated, &outcome, &Options::default()).results.unwrap().kpis.clone();
        let layout = stated.formulation.layout.clone();
        for (measure, figure) in [
            (Measure::Tokens, kpis.quality_tokens_ttok),
            (Measure::Npv, kpis.npv_musd),
            (Measure::Cost, kpis.cost_npv_musd),
            (Measure::CostPerMtok, kpis.cost_usd_per_mtok),
            (Measure::Carbon, kpis.carbon_kt),
            (Measure::Capex, kpis.capex_musd),
            (Measure::Water, kpis.water_ml),
        ] {
            let value = measured(&mut stated.formulation.program, &stated.resolved, &layout, measure).value(&outcome.point);
            assert!(near(value, figure, 1e-6) || (value - figure).abs() < 1e-6, "{measure:?}: {value} and {figure}");
        }
    }
}

#[test]
fn the_least_peak_is_the_highest_load() {
    let plan = with(SMALL, "\"f\": Frontier(optimise: Tokens, hold: PeakMw, points: Evenly(3))");
    let found = records(&prepared(&plan, "f"));
    for record in &found {
        let (held, peak) = (record.answer.asked[0], record.answer.kpi("peak_mw").unwrap());
        assert!(peak <= held * (1.0 + 1e-6) + 1e-6, "{held} held, {peak} drawn");
    }
    let tokens: Vec<f64> = frontier::curve(&found).iter().map(|point| point.value).collect();
    assert!(tokens.is_sorted() && tokens[2] > tokens[0], "{tokens:?}");
}

#[test]
fn alternatives_hold_the_answer_and_their_ends_are_good_plans() {
    let plan =
        with(SMALL, "\"a\": Alternatives(give_up_fraction: 0.02, groups: [ChipsByKind, HallsBySite, PowerByContract, TokensByMarket])");
    let Study::Alternatives(study) = &plan.studies["a"] else { panic!("not alternatives") };
    let run = prepared(&plan, "a");
    let found = records(&run);
    let bars = alternatives::bars(study, &plan, &found);
    assert_eq!(bars.len(), 5);
    let mut wide = 0;
    for bar in &bars {
        let (least, most) = (bar.least.unwrap(), bar.most.unwrap());
        let slack = 1e-6 * most.abs().max(1.0);
        assert!(least <= bar.planned + slack && bar.planned <= most + slack, "{bar:?}");
        wide += usize::from(most - least > 1e-3 * most.abs());
    }
    assert!(wide >= 2, "{bars:?}");
    let best: Vec<f64> = run.base.outcome.phases.iter().map(|phase| phase.value).collect();
    for record in &found {
        let tokens = record.answer.kpi("quality_tokens_ttok").unwrap();
        let npv = record.answer.kpi("npv_musd").unwrap();
        assert!(
            tokens >= best[0] * (1.0 - 0.02) - 1e-6 * best[0] && npv >= best[1] - 0.02 * best[1].abs() - 1e-6 * best[1].abs(),
            "{}",
            record.label
        );
    }
    // Each alone, from the plan's own answer rather than from where a neighbour ended, has the same end.
    for (record, point) in found.iter().zip(&run.points) {
        let alone = records(&Run::new(prepared(&plan, "a").base, vec![point.clone()], "one"));
        assert!(
            near(alone[0].answer.asked[0], record.answer.asked[0], 1e-6),
            "{}: {:?} {:?}",
            record.label,
            alone[0].answer.asked,
            record.answer.asked
        );
    }
    // The only chip that is on sale and the only contract: every good plan has them.
    let must = |id: &str| bars.iter().find(|bar| bar.name == id).map(alternatives::Bar::word);
    assert_eq!(must("Grid"), Some(alternatives::Word::Must));
}

#[test]
fn ranked_tries_every_combination_and_puts_the_best_first() {
    let sketch = conflict()
        .with("chips", "d", &chip(2.0, 0.0, 8760.0, "supply_per_period: 1e6,"))
        .with("throughput", "d-chat", &decode("d", "chat", 1000.0))
        .site("away", "interconnect_mw: 5.0, pue: 1.0, halls: {\"hall\": (it_mw: 5.0, cooling: Liquid)}")
        .with("contracts", "far", "(site: \"away\", terms: Tariff(energy_usd_per_mwh: 0.0))");
    let plan = with(&tokenworks::plan::file::print(&sketch.plan()), "\"r\": Ranked(sites: [\"away\"], chips: [\"c\", \"d\"])");
    let run = prepared(&plan, "r");
    let found = records(&run);
    assert_eq!(found.len(), 8);
    let order = ranked::ranked(&found, &[true, true]);
    assert!(order[0].answer.goal("tokens") >= order[1].answer.goal("tokens"));
    // Without both chips `chat` cannot be made, which is said, and comes last.
    for record in &order[6..] {
        assert!(record.label.contains("C, D") && record.answer.status == "refused" && record.answer.reason.contains("chat"), "{record:?}");
    }
    assert!(order[..6].iter().all(|record| record.answer.is_answered()), "{found:?}");
}

const SAMPLE: &str = "\"s\": Sample(futures: 1000, seed: 11, inputs: [\
     (name: \"a\", paths: [\"sites.home.interconnect_mw\"], is: Normal(mean: 50.0, deviation: 5.0)), \
     (name: \"b\", paths: [\"markets.*.demand.*.segments.*.answer_gtok_per_day\"], act: Multiplies, is: Lognormal(median: 1.0, log_deviation: 0.3)), \
     (name: \"c\", paths: [\"contracts.grid.terms.energy_usd_per_mwh\"], is: Triangular(low: 30.0, likely: 40.0, high: 80.0)), \
     (name: \"d\", paths: [\"sites.home.halls.hall.it_mw\"], is: Discrete(values: [50.0, 100.0], weights: [1.0, 3.0]))], \
     correlations: [(first: \"a\", second: \"b\", rank: 0.6), (first: \"b\", second: \"c\", rank: -0.4)])";

fn drawn(text: &str) -> Vec<Vec<f64>> {
    let plan = with(ONE_SITE, text);
    let Study::Sample(study) = &plan.studies["s"] else { panic!("not a sample") };
    sample::drawn(study)
}

#[test]
fn what_is_drawn_has_the_mean_variance_and_correlations_asked_for() {
    let futures = drawn(SAMPLE);
    let column = |number: usize| -> Vec<f64> { futures.iter().map(|values| values[number]).collect() };
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let variance = |values: &[f64]| values.iter().map(|value| (value - mean(values)).powi(2)).sum::<f64>() / values.len() as f64;
    // Mean and variance of each, by its formula.
    let (a, b, c, d) = (column(0), column(1), column(2), column(3));
    let lognormal_mean = (0.045_f64).exp();
    for (values, mean_by_hand, variance_by_hand) in [
        (&a, 50.0, 25.0),
        (&b, lognormal_mean, ((0.09_f64).exp() - 1.0) * lognormal_mean.powi(2)),
        (&c, 50.0, (900.0 + 1600.0 + 6400.0 - 1200.0 - 2400.0 - 3200.0) / 18.0),
        (&d, 87.5, 468.75),
    ] {
        assert!(near(mean(values), mean_by_hand, 0.01), "{} for {mean_by_hand}", mean(values));
        assert!(near(variance(values), variance_by_hand, 0.01), "{} for {variance_by_hand}", variance(values));
    }
    for (one, other, asked) in [(&a, &b, 0.6), (&b, &c, -0.4), (&a, &c, 0.0), (&a, &d, 0.0)] {
        assert!((sample::rank_correlation(one, other) - asked).abs() < 0.05, "{} for {asked}", sample::rank_correlation(one, other));
    }
    // A linear toy of two normals that go together: variance 25 + 25 + 2 · 0.6180 · 25 (2 sin(π · 0.6 / 6) = 0.6180).
    let toy = drawn(
        &SAMPLE.replace("act: Multiplies, is: Lognormal(median: 1.0, log_deviation: 0.3)", "is: Normal(mean: 1000000.0, deviation: 5.0)"),
    );
    let sums: Vec<f64> = toy.iter().map(|values| values[0] + values[1]).collect();
    assert!(near(mean(&sums), 1_000_050.0, 0.01) && near(variance(&sums), 50.0 + 50.0 * 0.618_034, 0.01), "{}", variance(&sums));
    assert_eq!(futures, drawn(SAMPLE));
    assert_ne!(futures, drawn(&SAMPLE.replace("seed: 11", "seed: 12")));
}

#[test]
fn a_sample_shows_the_best_of_each_future_and_this_plan_in_each() {
    let text =
        SAMPLE.replace("futures: 1000", "futures: 20").replace("Normal(mean: 50.0, deviation: 5.0)", "Uniform(low: 8.0, high: 18.0)");
    let plan = with(ONE_SITE, &text);
    let found = records(&prepared(&plan, "s"));
    assert_eq!(found.len(), 40);
    for (best, ordered) in found[..20].iter().zip(&found[20..]) {
        assert_eq!(best.at, ordered.at);
        assert!(ordered.as_ordered && !best.as_ordered);
        // 130 kW a rack: as many as there is power for; of the 100 racks ordered for 13 MW no more than there are.
        let (most, kept) = (best.answer.goal("tokens").unwrap(), ordered.answer.goal("tokens").unwrap());
        assert!(near(most, 6307.2 * best.at[0] / 13.0, 1e-6), "{}: {most}", best.label);
        assert!(near(kept, 6307.2 * best.at[0].min(13.0) / 13.0, 1e-6), "{}: {kept}", best.label);
    }
}

/// The plan with a scenario added, solved under it.
fn under(plan: &tokenworks::plan::Plan, text: &str) -> std::sync::Arc<tokenworks::results::Results> {
    let mut plan = plan.clone();
    apply(&mut plan, &Edit::insert("scenarios", "point", text)).unwrap();
    let options = Options { scenario: "point".into(), ..Options::default() };
    study::answer(&plan, &Series::default(), &options).results.unwrap()
}

#[test]
fn a_point_is_a_scenario_that_gives_its_answer() {
    // The study wants money first, the plan tokens: what a point is as a scenario says so.
    let plan = with(
        SMALL,
        "\"g\": Grid(goals: [MaxNpv], axes: [(vary: [(paths: [\"sites.abilene.interconnect_mw\"], act: Multiplies, at: Values([0.02, 0.8]))])])",
    );
    let run = prepared(&plan, "g");
    let found = records(&run);
    assert_eq!(found[0].answer.goals[0].0, "npv");
    let AsScenario::Plan(text) = scenario(&run, &found[0]) else { panic!("{:?}", scenario(&run, &found[0])) };
    assert!(text.contains("objective"), "{text}");
    let answer = under(&plan, &text);
    assert!(near(answer.kpis.npv_musd, found[0].answer.kpi("npv_musd").unwrap(), 1e-6), "{}", answer.kpis.npv_musd);
    // What differs from the plan is said: less power, fewer chips.
    let differs = beside(&run.base.plan, &planned(&run), &found[0].answer);
    assert!(differs.iter().any(|differs| differs.name == "Tokens" && differs.here != differs.planned), "{differs:?}");
    // The picture knows its points: the second stop of the line is the second row.
    let Study::Grid(_) = &plan.studies["g"] else { panic!("not a grid") };
    let charts = pictures::charts(&plan.studies["g"], &run, &found);
    let line = charts.iter().find(|chart| chart.name == "study-lines").unwrap();
    let at = tokenworks::charts::plot::Pointed::Place { stop: 1, x: 0.79, y: 0.0 };
    assert_eq!(pictures::pick::picked(line, &found, at), Some(1));
}

#[test]
fn a_point_of_a_frontier_is_a_scenario_of_its_orders() {
    let plan = with(SMALL, "\"f\": Frontier(optimise: Tokens, hold: Capex, points: Evenly(4))");
    let run = prepared(&plan, "f");
    let found = rows(&records(&run));
    let row = &found[2];
    let AsScenario::Orders(text) = scenario(&run, row) else { panic!("{:?}", scenario(&run, row)) };
    let answer = under(&plan, &text);
    assert!(answer.has_numbers(), "{}", answer.message);
    assert!(near(answer.kpis.capex_musd, row.answer.kpi("capex_musd").unwrap(), 1e-4), "{}", answer.kpis.capex_musd);
    // The best tokens with so much ordered are at least those of the point, which had to order so much.
    let tokens = row.answer.kpi("quality_tokens_ttok").unwrap();
    assert!(near(answer.kpis.quality_tokens_ttok, tokens, 1e-3), "{} for {tokens}", answer.kpis.quality_tokens_ttok);
    // The end of the curve is picked where it lies.
    let chart = &pictures::charts(&plan.studies["f"], &run, &found)[0];
    let asked = &found[3].answer.asked;
    let at = tokenworks::charts::plot::Pointed::Place { stop: 0, x: asked[0], y: asked[1] };
    assert_eq!(pictures::pick::picked(chart, &found, at), Some(3));
}

/// What is wrong with a study keeps it from being run, all of it at once; another study of the plan runs.
#[test]
fn a_wrong_study_is_not_run() {
    let mut plan = with(ONE_SITE, "\"good\": Frontier(optimise: Npv, hold: Tokens, points: Evenly(3))");
    let wrong = "Grid(axes: [(vary: [(paths: [\"sites.home.nothing\", \"sites.nowhere.pue\"], at: Values([1.0]))])])";
    apply(&mut plan, &Edit::insert("studies", "bad", wrong)).unwrap();
    let refused = by_id::prepared(&plan, "bad", &Series::default(), &Options::default()).unwrap_err();
    let at: Vec<&str> = refused.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(at, ["studies.bad.axes.0.vary.0.paths.0", "studies.bad.axes.0.vary.0.paths.1"], "{refused:#?}");
    assert!(by_id::prepared(&plan, "good", &Series::default(), &Options::default()).is_ok());
}
