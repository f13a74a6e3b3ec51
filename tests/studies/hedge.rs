//! Deciding before one knows: the newsvendor by hand, inequalities on random plans, what a hedge says.

use tokenworks::formulation::program::Sense;
use tokenworks::hedge::{Measure, of_values};
use tokenworks::plan::file::{print, read_plan};
use tokenworks::plan::{Month, Plan};
use tokenworks::study::engine::{Ask, Record, Run};
use tokenworks::study::kinds::hedge::{Numbers, groups, numbers, sentences};
use tokenworks::study::summary;

use super::engine::{prepared, records, with};
use crate::common::dice::Dice;
use crate::common::sketch::{Sketch, chip, decode, market, near};

/// A unit of money: what a million tokens of a chip's year cost at 1 $, in M$ (31,536 Mtok).
pub(super) const UNIT: f64 = 0.031_536;

/// A chip makes 31.536 Gtok a year, sold at 10 $ a million: 10 units of 31,536 $. It costs so many units and
/// lives a year. A demand of 8.64 Gtok a day is 100 chips; it may be 50 or 150.
pub fn newsvendor(cost: f64, hedge: &str) -> Plan {
    let mut body = chip(1.0, cost * 31_536.0, 0.0, "supply_per_period: 1e6,");
    body = body.replace("life_years: 5.0", "life_years: 1.0");
    let demand = "markets.near.demand.chat.segments.0.answer_gtok_per_day";
    let sketch = Sketch::new()
        .with("chips", "c", &body)
        .with("markets", "near", &market("chat", 8.64, 10.0, ""))
        .with("scenarios", "few", &format!("(set: {{\"{demand}\": 4.32}}, probability: 0.3)"))
        .with("scenarios", "some", "(set: {}, probability: 0.4)")
        .with("scenarios", "many", &format!("(set: {{\"{demand}\": 12.96}}, probability: 0.3)"))
        .top("objective", "[MaxNpv]");
    with(&print(&sketch.plan()), &format!("\"h\": Hedge(decide_before: \"2027-07\", {hedge})"))
}

fn solved(plan: &Plan) -> (Run, Vec<Record>, Numbers) {
    let run = prepared(plan, "h");
    let found = records(&run);
    let numbers = numbers(&run.points, &found);
    (run, found, numbers)
}

fn ordered(run: &Run, found: &[Record]) -> f64 {
    groups(&run.points, found).iter().find(|group| group.kind == "chips").map_or(0.0, |group| group.hedged)
}

#[test]
fn the_newsvendor_orders_what_the_hand_says() {
    for (cost, order, value, mean_plan, if_known) in [(2.0, 150.0, 700.0, 650.0, 800.0), (6.0, 100.0, 250.0, 250.0, 400.0)] {
        let (run, found, numbers) = solved(&newsvendor(cost, ""));
        assert!(found.iter().all(|record| record.answer.is_answered()), "{found:#?}");
        near(ordered(&run, &found), order, 1e-9);
        near(numbers.measure.unwrap(), value * UNIT, 1e-9);
        near(numbers.mean_plan.unwrap(), mean_plan * UNIT, 1e-9);
        near(numbers.if_known.unwrap(), if_known * UNIT, 1e-9);
        near(numbers.evpi.unwrap(), (if_known - value) * UNIT, 1e-8);
        assert!((numbers.vss.unwrap() - (value - mean_plan) * UNIT).abs() < 1e-9, "{numbers:?}");
        // Known before: 50, 100, 150 at 8 or 4 units each.
        let known: Vec<f64> = numbers.known.iter().flatten().map(|known| known / UNIT).collect();
        for (known, demand) in known.iter().zip([50.0, 100.0, 150.0]) {
            near(*known, demand * (10.0 - cost), 1e-9);
        }
        // Whoever waits sells nothing in the year.
        near(numbers.waiting.unwrap(), value * UNIT, 1e-9);
        assert!(found.iter().filter_map(|record| record.answer.proof.as_ref()).all(|proof| proof.gap < 1e-9), "{found:#?}");
    }
}

#[test]
fn the_worst_futures_weigh_until_the_order_falls() {
    // Cost 6, q chips between 50 and 100: the mean is 150 + q, the worst 30 % come to 500 − 6 q: the order falls from
    // 100 to 50 where (1 − λ) − 6 λ = 0, λ = 1/7.
    let order = |weight: f64| {
        let (run, found, numbers) = solved(&newsvendor(6.0, &format!("measure: CVaR(worst_fraction: 0.3, weight: {weight:?})")));
        (ordered(&run, &found), numbers)
    };
    let at = |weight: f64| order(weight).0;
    near(at(0.0), 100.0, 1e-6);
    near(at(1.0 / 7.0 - 1e-3), 100.0, 1e-6);
    near(at(1.0 / 7.0 + 1e-3), 50.0, 1e-6);
    near(at(1.0), 50.0, 1e-6);
    // λ = 0 is the mean; at λ = 1 the worst 30 % come to 50 · 4 = 200, and the mean to 200.
    near(order(0.0).1.measure.unwrap(), 250.0 * UNIT, 1e-9);
    let all = order(1.0).1;
    near(all.measure.unwrap(), 200.0 * UNIT, 1e-6);
    near(all.mean.unwrap(), 200.0 * UNIT, 1e-6);
    // The worst futures' own mean never falls as they weigh more.
    let worst: Vec<f64> = [0.0, 0.1, 0.2, 0.6, 1.0]
        .iter()
        .map(|weight| of_values(&Measure::Worst { share: 0.3, weight: 1.0 }, &order(*weight).1.hedged, &[0.3, 0.4, 0.3], Sense::Maximise))
        .collect();
    assert!(worst.windows(2).all(|pair| pair[1] >= pair[0] - 1e-9), "{worst:?}");
}

#[test]
fn the_largest_regret_is_as_small_as_can_be() {
    // Cost 6: known, the futures give 200, 400, 600. With q chips: 500 − 6 q and 4 q below its demand. Regrets
    // 6 q − 300 (few) and 600 − 4 q (many) meet at q = 90: 240, and in between 400 − 360 = 40.
    let (run, found, numbers) = solved(&newsvendor(6.0, "measure: Regret"));
    near(ordered(&run, &found), 90.0, 1e-4);
    near(numbers.measure.unwrap(), 240.0 * UNIT, 1e-6);
    near(numbers.evpi.unwrap(), 240.0 * UNIT, 1e-6);
    assert!(numbers.regret.iter().flatten().all(|regret| *regret <= 240.0 * UNIT * (1.0 + 1e-5)), "{numbers:?}");
    assert!(numbers.vss.unwrap() >= -1e-9);
}

#[test]
fn one_future_is_the_plain_answer() {
    for (text, goal) in [(include_str!("../plans/small.ron"), "Planned"), (include_str!("../plans/one-site.ron"), "Tokens")] {
        let hedge = format!("\"h\": Hedge(decide_before: \"2027-07\", futures: Named({{\"as-planned\": 1.0}}), goal: {goal})");
        let plan = with(text, &hedge);
        let (run, found, numbers) = solved(&plan);
        let plain = tokenworks::solve::solve(&run.base.stated.formulation.program, &tokenworks::solve::SolveOptions::default());
        let hedged = found.iter().find(|record| record.at == [1.0, 0.0]).unwrap();
        near(numbers.measure.unwrap(), plain.phases[0].value, 1e-9);
        for (phase, (name, value)) in run.base.stated.formulation.program.phases.iter().zip(&hedged.answer.goals) {
            assert_eq!(phase.goal.name, name);
            near(*value, phase.goal.value(&plain.point), 1e-9);
        }
        assert!(numbers.evpi.unwrap().abs() <= 1e-9 * plain.phases[0].value && numbers.vss.unwrap().abs() <= 1e-9 * plain.phases[0].value);
    }
}

/// A plan of two chips, two sites and three periods of which every number is drawn, with three or four futures.
pub(super) fn drawn(dice: &mut Dice, measure: &str) -> Plan {
    let mut between = |low: f64, high: f64| low + (high - low) * (dice.roll(1 << 30) as f64 / f64::from(1_u32 << 30));
    let chips = |between: &mut dyn FnMut(f64, f64) -> f64| {
        chip(between(0.5, 2.0), between(3e4, 3e5), between(0.0, 1e4), &format!("supply_per_period: {:?},", between(20.0, 200.0)))
            .replace("life_years: 5.0", &format!("life_years: {:?}", between(1.0, 5.0).round()))
            .replace("lead_months: 0.0", &format!("lead_months: {:?}", 12.0 * between(0.0, 1.4).floor()))
    };
    let mut sketch = Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 3, discount_rate_fraction: 0.08)")
        .with("chips", "c", &chips(&mut between))
        .with("chips", "d", &chips(&mut between))
        .with("throughput", "d-chat", &decode("d", "chat", between(500.0, 2500.0)))
        .with("markets", "near", &market("chat", between(4.0, 20.0), between(2.0, 12.0), ""))
        .site(
            "home",
            &format!("interconnect_mw: {:?}, pue: 1.2, halls: {{\"hall\": (it_mw: 1000.0, cooling: Liquid)}}", between(0.05, 0.3)),
        )
        .grid(&format!("Tariff(energy_usd_per_mwh: {:?})", between(20.0, 90.0)))
        .top("objective", "[MaxNpv]");
    let probabilities = [0.2, 0.5, 0.3];
    for (number, probability) in probabilities.iter().enumerate() {
        let set = format!(
            "\"markets.near.demand.chat.segments.0.answer_gtok_per_day\": {:?}, \"markets.near.demand.chat.segments.0.usd_per_mtok.answer\": {:?}, \
             \"sites.home.interconnect_mw\": {:?}",
            between(2.0, 25.0),
            between(1.0, 14.0),
            between(0.02, 0.4)
        );
        sketch = sketch.with("scenarios", &format!("f{number}"), &format!("(set: {{{set}}}, probability: {probability:?})"));
    }
    with(&print(&sketch.plan()), &format!("\"h\": Hedge(decide_before: \"2028-01\", measure: {measure})"))
}

#[test]
fn knowing_is_worth_no_less_than_hedging_and_hedging_no_less_than_averages() {
    let mut dice = Dice(18);
    let (mut hedges, mut knows) = (0, 0);
    for number in 0..54 {
        let measure = ["Mean", "CVaR(worst_fraction: 0.4, weight: 0.5)", "Regret"][number % 3];
        let plan = drawn(&mut dice, measure);
        let (_, found, numbers) = solved(&plan);
        let slack = 1e-6 * numbers.if_known.unwrap().abs().max(numbers.measure.unwrap().abs()).max(1e-3);
        assert!(numbers.evpi.unwrap() >= -slack, "{number}: {numbers:?}");
        let vss = numbers.vss.unwrap_or_else(|| panic!("{number}: {found:#?}"));
        assert!(vss >= -slack, "{number}: {numbers:?}");
        assert!(numbers.later.unwrap() >= -slack && numbers.waiting.unwrap() >= -slack, "{number}: {numbers:?}");
        hedges += usize::from(vss > 100.0 * slack);
        knows += usize::from(numbers.evpi.unwrap() > 100.0 * slack);
    }
    // The plans are such that it makes a difference.
    assert!(hedges >= 10 && knows >= 30, "{hedges} hedge, {knows} would know");
}

#[test]
fn a_tree_lets_what_is_decided_between_its_branches_know_the_first() {
    let plan = drawn(&mut Dice(3), "Mean");
    let value = |futures: &str| {
        let mut plan = plan.clone();
        plan.studies.clear();
        let plan = with(&print(&plan), &format!("\"h\": Hedge(decide_before: \"2028-01\", futures: {futures})"));
        solved(&plan).2
    };
    let outcomes = "{\"f0\": 0.4, \"f1\": 0.6}";
    let tree = |first: &str, second: &str| {
        value(&format!("Tree([(branch: \"{first}\", of: {outcomes}), (branch: \"{second}\", of: {{\"f2\": 0.5, \"as-planned\": 0.5}})])"))
            .measure
            .unwrap()
    };
    let (both_early, second_late, both_late) = (tree("2028-01", "2028-01"), tree("2028-01", "2029-01"), tree("2029-01", "2029-01"));
    assert!(both_early >= second_late - 1e-9 && second_late >= both_late - 1e-9, "{both_early} {second_late} {both_late}");
    assert!(both_early > both_late + 1e-9, "{both_early} {both_late}");
}

#[test]
fn probabilities_that_do_not_add_up_are_named_with_their_sum() {
    let text = print(&newsvendor(2.0, ""));
    for (futures, sum) in [
        ("Named({\"few\": 0.3, \"many\": 0.3})", "0.6"),
        ("Joint([(scenarios: [\"few\"], probability: 0.9), (scenarios: [\"many\"])])", "1.2"),
        ("Tree([(branch: \"2027-07\", of: {\"few\": 0.5, \"many\": 0.6})])", "1.1"),
    ] {
        let text = text.replace("Hedge(decide_before: \"2027-07\")", &format!("Hedge(decide_before: \"2027-07\", futures: {futures})"));
        let checked = read_plan(&text);
        let said: Vec<&str> =
            checked.diagnostics.iter().filter(|problem| problem.code == "probabilities").map(|problem| problem.message.as_str()).collect();
        assert_eq!(said, [format!("The probabilities add up to {sum}, not to 1.")], "{:#?}", checked.diagnostics);
    }
    // A future that nobody knows is an unknown reference; renaming a scenario takes its futures along.
    let named = text
        .replace("Hedge(decide_before: \"2027-07\")", "Hedge(decide_before: \"2027-07\", futures: Named({\"few\": 0.5, \"mny\": 0.5}))");
    assert!(
        read_plan(&named)
            .diagnostics
            .iter()
            .any(|problem| problem.code == "unknown-reference" && problem.help.as_deref() == Some("Did you mean `many`?"))
    );
    let mut plan = read_plan(&named.replace("mny", "many")).plan.unwrap();
    tokenworks::plan::edit::apply(&mut plan, &tokenworks::plan::edit::Edit::Rename { path: "scenarios.many".into(), to: "lots".into() })
        .unwrap();
    assert!(print(&plan).contains("\"lots\": 0.5"), "{}", print(&plan));
}

#[test]
fn what_a_hedge_says_can_be_read_out() {
    let (run, found, _) = solved(&newsvendor(2.0, ""));
    let said = sentences(&run.points, &found);
    for part in [
        "Order 150 c for home now, before 2027-07: 50 would be signed in every future, and up to 150 in some.",
        "Hedged, the plan comes to 22.1 M$ on average.",
        "Knowing what comes before signing would bring 3.15 M$: no forecast is worth more.",
        "Planning with averages would come to 1.58 M$ less.",
    ] {
        assert!(said.iter().any(|sentence| sentence == part), "{part}: {said:#?}");
    }
    // With a future still to come nothing is said of what is right in all.
    let rest = ["2 of 3 futures are solved as if they were known; what to sign is known when all are."];
    assert_eq!(sentences(&run.points, &found[1..]), rest);
    let plan = newsvendor(2.0, "");
    let study = &plan.studies["h"];
    let text = summary::text("h", study, &run, &found);
    assert!(text.contains("future by future") && text.contains("gap"), "{text}");
    let table = summary::table("h", study, &run, &found);
    // Every way is a row, and every future of a way that meets them all.
    assert!(table.rows.len() > run.points.len() && table.rows.iter().all(|row| row.len() == table.header.len()));
    let charts = tokenworks::study::pictures::charts(study, &run, &found);
    assert_eq!(charts.len(), 5);
    assert!(charts.iter().all(|chart| !matches!(chart.body, tokenworks::charts::Body::Empty { .. })), "{charts:#?}");
    assert!(matches!(&run.points[0].ask, Ask::Futures { .. }));
    assert_eq!(Month::parse("2027-07").unwrap().to_string(), "2027-07");
}

#[test]
fn cuts_find_what_one_program_finds() {
    let mut dice = Dice(77);
    let mut rounds = 0;
    for number in 0..12 {
        let measure = ["Mean", "CVaR(worst_fraction: 0.4, weight: 0.5)", "Regret"][number % 3];
        let plan = drawn(&mut dice, measure);
        let by = |method: &str| {
            let mut plan = plan.clone();
            let text =
                print(&plan).replace("Hedge(decide_before: \"2028-01\"", &format!("Hedge(method: {method}, decide_before: \"2028-01\""));
            plan = read_plan(&text).plan.unwrap();
            let run = prepared(&plan, "h");
            let found = records(&run);
            let hedged = found.iter().find(|record| record.at == [1.0, 0.0]).unwrap().answer.clone();
            assert!(hedged.is_answered(), "{number} {method}: {}", hedged.reason);
            (hedged.asked[0], hedged.proof.unwrap(), numbers(&run.points, &found))
        };
        let (one, _, numbers_of_one) = by("OneProgram");
        let (cut, proof, numbers) = by("Cuts");
        let slack = 1e-4 * one.abs().max(1e-3);
        assert!((one - cut).abs() <= 1.01 * slack, "{number} {measure}: {one} by one program, {cut} by cuts {proof:?}");
        assert!(proof.by.starts_with("cuts") && proof.gap <= 1e-4, "{proof:?}");
        // Nothing is promised that the one program does not reach: the bound lies on its better side.
        let better = if measure == "Regret" { -1.0 } else { 1.0 };
        assert!(better * (proof.bound - one) >= -1e-6 * one.abs().max(1e-3), "{number} {measure}: bound {} of {one}", proof.bound);
        assert!(
            (numbers.later.unwrap() - numbers_of_one.later.unwrap()).abs() <= 3.0 * slack + 1e-4 * numbers_of_one.later.unwrap().abs(),
            "{number}"
        );
        rounds += proof.by.split(' ').nth(2).unwrap().parse::<usize>().unwrap();
    }
    assert!(rounds > 30, "{rounds} rounds: the plans are too easy to say anything");
}

#[test]
fn the_hedged_plan_becomes_a_scenario_with_its_orders_decided() {
    let plan = newsvendor(2.0, "");
    let (_, found, _) = solved(&plan);
    let hedged = found.iter().find(|record| record.at == [1.0, 0.0]).unwrap();
    let text = tokenworks::study::kinds::hedge::scenario(&plan, hedged).unwrap();
    let mut plan = plan;
    tokenworks::plan::edit::apply(&mut plan, &tokenworks::plan::edit::Edit::insert("scenarios", "hedged", text)).unwrap();
    assert!(!read_plan(&print(&plan)).has_errors(), "{}", print(&plan));
    let decided = tokenworks::plan::edit::with_scenario(&plan, "hedged").unwrap();
    // As planned 100 chips are wanted; 150 are decided.
    near(crate::common::sketch::best(&decided).fleet[0].orders[0], 150.0, 1e-8);
    near(crate::common::sketch::best(&plan).fleet[0].orders[0], 100.0, 1e-9);
}
