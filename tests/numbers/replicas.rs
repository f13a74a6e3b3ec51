//! Replicas: a rate belongs to so many chips, and fewer of them make nothing.

use rayon::prelude::*;
use tokenworks::catalog::Catalog;
use tokenworks::diagnostic::Diagnostic;
use tokenworks::physics::throughput::{ServingNeed, TwoPools, operating_points};
use tokenworks::plan::{Goal, Plan};
use tokenworks::resolved::Series;
use tokenworks::resolved::rates::GTOK_PER_HOUR_PER_THOUSAND;
use tokenworks::study::{self, Options};

use crate::sketch::{MEGASECONDS, Sketch, best, chip, near, phase, read};

fn case(name: &str) -> Plan {
    read(&std::fs::read_to_string(format!("tests/cases/{name}.ron")).unwrap())
}

fn problems(plan: &Plan) -> Vec<Diagnostic> {
    match study::state(plan, &Series::default(), &Options::default()) {
        Ok(stated) => stated.resolved.warnings,
        Err(problems) => problems,
    }
}

/// A sketch whose chip serves in replicas of so many.
fn in_replicas_of(chips: f64) -> Sketch {
    let row = format!("(chip: \"c\", product: \"chat\", decode_tok_per_s: 1000.0, replica_chips: {chips:?})");
    Sketch::new().with("throughput", "c-chat", &row)
}

/// Ttok of so many chips of the sketch in a year.
fn of_chips(chips: f64) -> f64 {
    chips * 1e-3 * MEGASECONDS
}

/// 8 H100 hold 640 GB; the weights alone take 671 GB: the plan is refused, and told what would fit.
#[test]
fn eight_chips_cannot_hold_what_needs_sixteen() {
    let problems = problems(&case("field/F26_replica/h100-8"));
    let too_large = problems.iter().find(|problem| problem.code == "replica-too-large").unwrap();
    assert!(too_large.message.contains("hold 640 GB") && too_large.message.contains("needs 16"), "{}", too_large.message);
    assert!(problems.iter().any(|problem| problem.code == "not-in-time" && problem.is_error()), "{problems:#?}");
}

/// 16 H100 give what 16 chips give, not the rates of 72 that decode and 16 that prefill.
#[test]
fn sixteen_chips_serve_as_one_pool_of_sixteen() {
    let mut plan = case("field/F26_replica/h100-16");
    // Tokens alone: these chips cost more than they earn, and a second goal would give some up.
    plan.objective = vec![Goal::MaxTokens];
    let results = best(&plan);
    let catalog = Catalog::embedded();
    let (h100, served) = (catalog.chip("h100_sxm").unwrap(), catalog.served_model("deepseek-v3-r1").unwrap());
    let need = ServingNeed { tpot_ms: Some(50.0), ..ServingNeed::plain(8000.0, 500.0) };
    let free = operating_points(catalog, h100, served, &need).unwrap().remove(0);
    let small = operating_points(catalog, h100, served, &ServingNeed { most_chips: Some(16.0), ..need }).unwrap().remove(0);
    assert!(free.replica.chips() > 16.0, "the fastest point takes {}", free.replica.in_words());
    assert!(small.replica.chips() <= 16.0 && small.answer_tok_per_s < free.answer_tok_per_s);
    let at = &results.serving[0];
    let replica = at.replicas[0].unwrap();
    assert_eq!(replica, small.replica);
    assert_eq!(replica.chips(), 16.0);
    // 16 chips, of which 97 % work, and 80 % of their time sold.
    let availability = h100.availability_fraction.unwrap_or(1.0);
    near(phase(&results, "tokens"), 16.0 * availability * 0.8 * small.answer_tok_per_s * MEGASECONDS * 1e-6, 1e-9);
    near(at.prefill_chips[0] + at.decode_chips[0], 16.0 * availability * 0.8, 1e-9);
    let document = tokenworks::export::json::document(&results);
    let serving = &document["periods"][0]["serving"]["s/c/chat"];
    assert_eq!(serving["replica_decode_chips"], 16.0);
    near(serving["chips_prefilling"].as_f64().unwrap(), at.prefill_chips[0], 1e-12);
}

/// Prompts of 6 per answer at 8,000 tok/s against answers at 1,200: 32 chips make 20,210.5 tok/s, and
/// are split 0.75 : 0.8333, that is 15.158 that prefill and 16.842 that decode.
#[test]
fn the_split_of_prefill_and_decode_is_in_the_answer() {
    let results = best(&case("field/F10_pd_budget/two-pools"));
    near(phase(&results, "tokens"), 32.0 / (6.0 / 8000.0 + 1.0 / 1200.0) * MEGASECONDS * 1e-6, 1e-9);
    let at = &results.serving[0];
    near(at.prefill_chips[0], 32.0 * 0.000_75 / (0.000_75 + 1.0 / 1200.0), 1e-9);
    near(at.decode_chips[0], 32.0 / 1200.0 / (0.000_75 + 1.0 / 1200.0), 1e-9);
    assert_eq!(at.split_in_words(&results.periods), "1 : 1.11");
    let plan = case("field/F10_pd_budget/two-pools");
    let tables = tokenworks::export::report::render(&tokenworks::export::report::ReportInput {
        results: &results,
        assumptions: &[],
        plan: Some(&plan),
        studies: &[],
    });
    assert!(tables.contains("1 : 1.11"), "the split stands in the report");
}

/// What is offered never falls when more chips may serve, and a replica keeps to what it may take: every
/// chip of the catalog with every served model, as measured and not, with and without limits.
#[test]
fn more_chips_never_serve_slower() {
    let catalog = Catalog::embedded();
    let plain = ServingNeed::plain(4096.0, 1024.0);
    let needs = [
        ServingNeed { tpot_ms: Some(30.0), cache_hit_fraction: 0.5, ..ServingNeed::plain(4000.0, 1000.0) },
        ServingNeed { tpot_ms: Some(50.0), ..ServingNeed::plain(8192.0, 1024.0) },
        ServingNeed { tpot_ms: Some(20.0), ..ServingNeed::plain(1024.0, 1024.0) },
        ServingNeed { two_pools: TwoPools::Always, tpot_ms: Some(100.0), ttft_ms: Some(2000.0), ..plain },
        plain,
    ];
    let pairs: Vec<_> = catalog.chips().iter().flat_map(|chip| catalog.served_models().iter().map(move |served| (chip, served))).collect();
    let grown: usize = pairs
        .par_iter()
        .map(|(chip, served)| {
            let mut grown = 0;
            for need in &needs {
                let mut before = 0.0;
                for most in [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, f64::INFINITY] {
                    let Ok(points) = operating_points(catalog, chip, served, &ServingNeed { most_chips: Some(most), ..*need }) else {
                        assert!(before <= 0.0, "{} {} {need:?}: nothing on {most}, {before} on fewer", chip.id, served.id);
                        continue;
                    };
                    assert!(points.iter().all(|point| point.replica.chips() <= most), "{} within {most}", chip.id);
                    let rate = points[0].answer_tok_per_s;
                    assert!(rate >= before * (1.0 - 1e-12), "{} {} {need:?}: {rate} on {most}, {before} on fewer", chip.id, served.id);
                    grown += usize::from(rate > before && before > 0.0);
                    before = rate;
                }
            }
            grown
        })
        .sum();
    // Not all rates are the same on any number of chips: there is something to see.
    assert!(grown > 500, "{grown}");
}

/// Plans whose place can take more chips from one period to the next, and were offered less there.
#[test]
fn a_place_that_grows_is_offered_no_less() {
    for name in ["more-chips-serve-slower", "more-chips-serve-slower-2"] {
        let stated = study::state(&case(name), &Series::default(), &Options::default()).unwrap();
        let resolved = &stated.resolved;
        let mut compared = 0;
        for pool in &resolved.pools {
            for (product, rates) in pool.rates.pairs() {
                let mut offered: Vec<(f64, f64)> = rates
                    .iter()
                    .zip(pool.most_chips.iter())
                    .filter_map(|(rate, most)| {
                        Some((*most, rate.as_ref()?.pooled(resolved.products[product].first_ask().prompt_per_answer)))
                    })
                    .collect();
                offered.sort_by(|left, right| left.0.total_cmp(&right.0));
                compared += offered.len();
                assert!(offered.windows(2).all(|pair| pair[1].1 >= pair[0].1 * (1.0 - 1e-12)), "{name}: {offered:?}");
            }
        }
        assert!(compared > 1, "{name}");
    }
}

/// 5 chips of which 8 serve together make nothing: rented, standing, or in a hall with room for 5.
#[test]
fn fewer_chips_than_a_replica_make_nothing() {
    let rental = "(chip: \"c\", country: \"US\", latitude: 0.0, longitude: 0.0, price_usd_per_chip_hour: 0.0, at_most: 5.0)";
    let small_hall = "interconnect_mw: 1000.0, pue: 1.0, halls: {\"hall\": (it_mw: 0.0055, cooling: Liquid)}";
    let cases = [
        in_replicas_of(8.0).fleet(5.0),
        in_replicas_of(8.0).with("rentals", "cloud", rental),
        in_replicas_of(8.0).site("home", small_hall).fleet(20.0),
    ];
    for case in cases {
        let problems = problems(&case.plan());
        let too_large = problems.iter().find(|problem| problem.code == "replica-too-large").unwrap_or_else(|| panic!("{problems:#?}"));
        assert!(too_large.message.contains("at most 5 can stand: the plan states a replica of 8 chips"), "{}", too_large.message);
    }
    // Eight do, and a chip of which one serves may stand alone or in part.
    near(phase(&in_replicas_of(8.0).fleet(8.0).best(), "tokens"), of_chips(8.0), 1e-9);
    near(phase(&in_replicas_of(1.0).fleet(0.5).best(), "tokens"), of_chips(0.5), 1e-9);
}

/// 4 chips a year: nothing in the first, 8 in the second, 12 in the third.
#[test]
fn a_replica_serves_from_when_it_can_stand() {
    let results = in_replicas_of(8.0)
        .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 3, discount_rate_fraction: 0.0)")
        .with("chips", "c", &chip(1.0, 1.0, 0.0, "supply_per_period: 4.0"))
        .best();
    let made: Vec<f64> = results.fleet[0].answer_ttok.iter().map(|row| row[0]).collect();
    assert_eq!(made[0], 0.0);
    near(made[1], of_chips(8.0), 1e-9);
    near(made[2], of_chips(12.0), 1e-9);
    let told = results.warnings.iter().find(|warning| warning.code == "replica-too-large").unwrap();
    assert!(told.message.contains("in 2027, where at most 4 can stand"), "{}", told.message);
    assert!(results.serving[0].replicas[0].is_none() && results.serving[0].replicas[1].is_some());
}

/// Other products are planned where one cannot be made, and the answer says which one is not.
#[test]
fn a_product_that_cannot_be_made_leaves_the_others() {
    let results = in_replicas_of(8.0)
        .fleet(5.0)
        .product("batch", "utilisation_cap_fraction: 1.0")
        .with("throughput", "c-batch", &crate::sketch::decode("c", "batch", 500.0))
        .with("markets", "far", &crate::sketch::market("batch", 1e6, 1.0, ""))
        .best();
    near(phase(&results, "tokens"), of_chips(2.5), 1e-9);
    assert!(results.warnings.iter().any(|warning| warning.code == "not-in-time" && warning.message.contains("`chat`")));
}

/// Money for 5 chips of which 8 serve together: the rates are offered, since 100 could stand; the
/// answer warns of 5, and a run of whole racks makes nothing. Money for 9 makes what 9 make.
#[test]
fn whole_runs_make_nothing_of_less_than_a_replica() {
    let money_for = |chips: f64, whole: bool| {
        let sketch = in_replicas_of(8.0)
            .with("chips", "c", &chip(1.0, 1.0, 0.0, "supply_per_period: 100.0"))
            .top("budget", &format!("(capex_musd_total: {:?})", chips * 1e-6));
        if whole { sketch.top("whole", "(racks: true, gap_fraction: 0.0)").best() } else { sketch.best() }
    };
    let fractions = money_for(5.0, false);
    near(phase(&fractions, "tokens"), of_chips(5.0), 1e-6);
    let warning = fractions.warnings.iter().find(|warning| warning.code == "less-than-a-replica").unwrap();
    for word in ["2027", "5.0 c", "home", "`chat`", "8 chips"] {
        assert!(warning.message.contains(word), "{word}: {}", warning.message);
    }
    let whole = money_for(5.0, true);
    assert!(phase(&whole, "tokens").abs() < 1e-9, "{}", phase(&whole, "tokens"));
    for results in [money_for(9.0, true), money_for(9.0, false)] {
        near(phase(&results, "tokens"), of_chips(9.0), 1e-6);
        assert!(results.warnings.iter().all(|warning| warning.code != "less-than-a-replica"));
    }
}

/// The resolved plan for other programs says what each place can use.
#[test]
fn the_scenario_says_what_each_place_can_use() {
    let stated = study::state(&case("field/F26_replica/h100-16"), &Series::default(), &Options::default()).unwrap();
    let pool = &stated.resolved.pools[0];
    let rate = pool.rates.iter().next().unwrap().iter().next().unwrap().as_ref().unwrap();
    let document = tokenworks::export::resolved::document(&stated.resolved, &stated.formulation.program);
    let shown = &document["rates"][0];
    near(shown["decode_gtok_per_hour_per_thousand"].as_f64().unwrap(), rate.decode, 1e-12);
    assert_eq!(shown["replica"]["decode_chips"], 16.0);
    assert!(rate.decode > GTOK_PER_HOUR_PER_THOUSAND, "a token a second at least");
}

/// Chips that have a throughput but can only arrive after the horizon: the plan says so, product by
/// product, not that there is no throughput.
#[test]
fn chips_that_arrive_too_late_are_said_to() {
    let text = std::fs::read_to_string("tests/cases/twin/message-no-throughput-though-stated.ron").unwrap();
    let problems = problems(&read(&text));
    for product in ["p0", "p1"] {
        let told = problems.iter().find(|problem| problem.code == "not-in-time" && problem.path == format!("products.{product}"));
        assert!(told.is_some_and(|told| told.message.contains("can arrive or stand before 2029-11")), "{problems:#?}");
    }
    assert!(problems.iter().all(|problem| problem.code != "no-throughput"), "{problems:#?}");
}

/// 10,000 tok/s at 2,000 a chip and 30 % of headroom are 6.5 chips: 7 whole ones, 8 in nodes of eight.
#[test]
fn the_fewest_whole_chips_and_nodes() {
    for (name, chips) in [("by-chip", 7.0), ("by-node", 8.0)] {
        let results = best(&case(&format!("field/F15_min_chips/{name}")));
        near(results.fleet[0].orders[0], chips, 1e-9);
        near(phase(&results, "tokens"), 0.000_864 * 365.0, 1e-9);
    }
}
