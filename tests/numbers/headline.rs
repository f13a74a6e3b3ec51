//! The figures on top, as a lender reads them: what can be built, what an hour of a chip earns, money of
//! one set of flows, tokens that count, energy at the meter, one price, one cost per token, and no
//! rounding anywhere. All numbers worked out by hand.

use std::collections::HashMap;

use serde_json::Value;
use tokenworks::charts::{Body, Selection, find, sankey_sums};
use tokenworks::export::{csv, json, text};
use tokenworks::results::money::cash_value_musd;
use tokenworks::results::{Results, Status};
use tokenworks::solve::{self, Outcome, StopReason};
use tokenworks::study::{self, Options};

use crate::sketch::{HOURS, MEGASECONDS, Sketch, answer, best, chip, market, near, phase, read, slices};

/// Chips for 30 M$ a MW in halls of 20 MW at 7.5 M$ a MW, out of a budget: 37.5 M$ a MW in all.
pub fn halls_of_20(budget_musd: f64, whole: &str) -> Sketch {
    Sketch::new()
        .site("home", "interconnect_mw: 1000.0, pue: 1.0, buildable: {\"hall\": (it_mw: 20.0, capex_usd_per_w: 7.5, at_most: 100.0)}")
        .with("chips", "c", &chip(1.0, 30_000.0, 0.0, "supply_per_period: 1000000.0"))
        .top("budget", &format!("(capex_musd_total: {budget_musd:?})"))
        .top("whole", whole)
}

/// 2,000 M$ make 53.33 MW in 2.667 halls: a quarter of the tokens is made in the two thirds beyond two whole ones.
#[test]
fn what_is_made_in_fractions_of_halls_is_told() {
    let results = halls_of_20(2000.0, "()").best();
    let all = 2000.0 / 37.5 * MEGASECONDS;
    near(results.kpis.answer_tokens_ttok, all, 1e-9);
    near(results.fractions.hall_ttok, all / 4.0, 1e-6);
    near(results.kpis.in_part_halls_fraction, 0.25, 1e-6);
    let document = json::document(&results);
    let hall = &document["fractions"]["halls"][0];
    near(hall["halls"].as_f64().unwrap(), 8.0 / 3.0, 1e-6);
    near(hall["part"].as_f64().unwrap(), 2.0 / 3.0, 1e-6);
    assert_eq!(hall["sentence"], "2.67 halls of 20 MW: not whole; whole halls: 2");
    assert_eq!(document["fractions"]["whole"], false);
    let words = text::render(&results);
    for part in ["25 % of the answer tokens", "fractions of a hall, which nobody builds", "`--integer`", "halls of 20 MW, in fractions"] {
        assert!(words.contains(part), "{part} missing in:\n{words}");
    }
    let halls = (find("halls").unwrap().chart)(&results, &Selection::default());
    let Body::StackedBars { stacks, .. } = &halls.body else { panic!("{:?}", halls.body) };
    assert_eq!(stacks[0].name, "Hall, in fractions");
    assert!(halls.caption.contains("can't be built"), "{}", halls.caption);
    // Whole ones: nothing of it is said.
    let whole = halls_of_20(2000.0, "(halls: true, racks: true, gap_fraction: 0.0)").best();
    assert_eq!((whole.fractions.halls.len(), whole.kpis.in_part_halls_fraction), (0, 0.0));
    let words = text::render(&whole);
    assert!(!words.contains("fraction"), "{words}");
}

/// 300 M$ make 8 MW in 0.4 of a hall: everything is made in it, and no list says "0.4 halls" alone.
#[test]
fn a_part_of_a_hall_is_never_shown_as_if_it_could_be_built() {
    let results = halls_of_20(300.0, "()").best();
    near(results.kpis.in_part_halls_fraction, 1.0, 1e-9);
    let words = "0.4 of a hall of 20 MW: a fraction; whole halls: none";
    assert!(text::render(&results).contains(words), "{}", text::render(&results));
    let decision = results.decisions.iter().find(|decision| decision.unit == "halls").unwrap();
    assert!(
        decision.sentence().starts_with("Order 0.4 of a hall of 20 MW (a fraction; whole halls: none), Hall at home by 2027-01"),
        "{}",
        decision.sentence()
    );
    assert_eq!(decision.unit_in_words(), "halls of 20 MW: a fraction");
}

/// 15 MW of air-cooled chips: ten stand in the old air-cooled hall, five in a quarter of a liquid-cooled one.
#[test]
fn air_cooled_chips_fill_their_own_halls_first() {
    let results = Sketch::new()
        .site(
            "home",
            "interconnect_mw: 1000.0, pue: 1.0, halls: {\"old\": (it_mw: 10.0, cooling: Air)}, buildable: {\"new\": (it_mw: 20.0, capex_usd_per_w: 1.0, at_most: 0.25)}",
        )
        .with("chips", "c", &chip(1.0, 1.0, 0.0, "").replace("cooling: Liquid", "cooling: Air"))
        .fleet(15_000.0)
        .best();
    near(results.kpis.answer_tokens_ttok, 15.0 * MEGASECONDS, 1e-9);
    near(results.kpis.in_part_halls_fraction, 1.0 / 3.0, 1e-9);
}

/// 2.5 racks of ten chips: a fifth of the tokens in half a rack.
#[test]
fn fractions_of_racks_are_told_where_halls_are_whole() {
    let results = Sketch::new()
        .with("chips", "c", &chip(1.0, 1.0, 0.0, "supply_per_period: 25.0").replace("chips_per_rack: 1.0", "chips_per_rack: 10.0"))
        .best();
    near(results.kpis.in_part_racks_fraction, 0.2, 1e-9);
    assert!(text::render(&results).contains("20 % of the answer tokens"), "{}", text::render(&results));
}

/// 30 M$ of chips earn 12.6144 M$ a year for three years; two of five annuities are left.
#[test]
fn npv_rate_of_return_and_payback_are_of_the_same_flows() {
    let results = Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 3, discount_rate_fraction: 0.1)")
        .with("chips", "c", &chip(1.0, 30_000.0, 0.0, "supply_per_period: {\"2027-01\": 1000, \"2028-01\": 0}"))
        .with("markets", "near", &market("chat", 1e6, 0.4, ""))
        .best();
    let (earned, v) = (0.4 * MEGASECONDS, 1.0_f64 / 1.1);
    let annuity = 30.0 * 0.1 / (1.0 - v.powi(5));
    let left = annuity * (v + v * v);
    let kpis = &results.kpis;
    near(kpis.end_value_musd, left, 1e-9);
    near(kpis.end_value_npv_musd, left * v.powi(3), 1e-9);
    let value = |v: f64| -30.0 + earned * (v + v.powi(2) + v.powi(3)) + left * v.powi(3);
    near(kpis.npv_musd, value(v), 1e-9);
    near(kpis.npv_musd, (earned - annuity) * (v + v * v + v.powi(3)), 1e-9);
    let rate = kpis.irr_fraction.unwrap();
    assert!(value(1.0 / (1.0 + rate)).abs() < 1e-6, "{rate}");
    // Within the third year: interpolated.
    near(kpis.payback_years.unwrap(), 30.0 / earned, 1e-9);
    assert!(text::render(&results).contains("Left at the end, in NPV"));
}

/// By quarters and with lead times too, flows at the plan's rate are worth what annuities say; the sign of
/// NPV and the side of the rate of return agree.
#[test]
fn flows_are_worth_the_npv_whatever_the_periods() {
    for (months, lead) in [(1, 0), (3, 5), (6, 9), (12, 12)] {
        let results = Sketch::new()
            .top(
                "horizon",
                &format!("(start: \"2027-01\", period_months: {months}, periods: {}, discount_rate_fraction: 0.12)", 36 / months),
            )
            .with(
                "chips",
                "c",
                &chip(1.0, 50_000.0, 500.0, "supply_per_period: 100.0").replace("lead_months: 0.0", &format!("lead_months: {lead}.0")),
            )
            .with("markets", "near", &market("chat", 1e6, 0.6, ""))
            .best();
        let kpis = &results.kpis;
        assert!(kpis.capex_musd > 1.0);
        near(cash_value_musd(&results, 0.12), kpis.npv_musd, 1e-9);
        assert_eq!(kpis.irr_fraction.unwrap() > 0.12, kpis.npv_musd > 0.0, "{kpis:?}");
        // What the flows pay for capital is capex but for parts of a year.
        let capital: f64 = results.money.iter().map(|money| money.capital_musd).sum();
        near(capital, kpis.capex_musd, 2e-3);
    }
}

/// A thousand H100 sell 3.6 Mtok an hour each: 3.60 $ at 1 $/Mtok beside the catalog's rent, 7.20 $ at 2 $.
#[test]
fn revenue_of_a_chip_hour_stands_beside_its_market_rent() {
    let rent = tokenworks::catalog::Catalog::embedded().chip("h100_sxm").and_then(|chip| chip.rent_usd_per_chip_hour).unwrap();
    assert!(rent > 1.8 && rent < 3.6, "{rent}");
    for (usd, doubtful) in [(1.0, false), (2.0, true)] {
        let results = Sketch::new()
            .with("chips", "c", &chip(1.0, 1.0, 0.0, "catalog: \"h100_sxm\""))
            .fleet(1000.0)
            .with("markets", "near", &market("chat", 1e6, usd, ""))
            .best();
        let hours = &results.chip_hours[0];
        near(hours.million_hours, 1000.0 * HOURS * 1e-6, 1e-9);
        near(hours.revenue_usd_per_chip_hour, 3.6 * usd, 1e-9);
        near(hours.times_rent().unwrap(), 3.6 * usd / rent, 1e-9);
        let warned = results.warnings.iter().any(|warning| warning.code == "revenue-above-rent");
        assert_eq!(warned, doubtful, "{:?}", results.warnings);
        assert_eq!(json::document(&results)["chip_hours"][0]["market_rent_usd_per_chip_hour"], rent);
    }
}

/// Where prompts are prefilled on other chips, these earn their share of the hours: twice as many
/// chips prefill as decode, so they earn two thirds, and every hour earns the same.
#[test]
fn chips_that_prefill_earn_too() {
    let results = Sketch::new()
        .with("chips", "d", &chip(1.0, 1.0, 0.0, ""))
        .fleet(100.0)
        .with("fleets", "decoders", "(site: \"home\", chip: \"d\", count: 50.0, in_service: \"2026-12\")")
        .product("chat", "utilisation_cap_fraction: 1.0, prompt_tokens: 2000.0, answer_tokens: 1000.0")
        .with("throughput", "c-chat", "(chip: \"c\", product: \"chat\", prefill_tok_per_s: 1000.0, decode_tok_per_s: 1.0)")
        .with("throughput", "d-chat", "(chip: \"d\", product: \"chat\", prefill_tok_per_s: 1.0, decode_tok_per_s: 1000.0)")
        .best();
    let revenue = results.kpis.revenue_npv_musd;
    let of = |index: usize| results.chip_hours.iter().find(|hours| hours.chip == index).unwrap();
    near(of(0).revenue_musd + of(1).revenue_musd, revenue, 1e-9);
    near(of(0).revenue_musd, revenue * 2.0 / 3.0, 2e-2);
}

/// 400 Gtok a day at 5 $ and the rest of 315.36 Ttok at 1 $: at one price all sell at 1 $.
#[test]
fn a_single_price_is_what_every_figure_is_at() {
    let results = best(&read(include_str!("../cases/twin/single-price-revenue-899-is-315.ron")));
    let (all, by_segment) = (10.0 * MEGASECONDS, 10.0 * MEGASECONDS + 4.0 * 146.0);
    near(results.kpis.revenue_npv_musd, all, 1e-9);
    near(results.kpis.npv_musd, all - 4.38, 1e-9);
    let document = json::document(&results);
    near(document["periods"][0]["revenue_musd"].as_f64().unwrap(), all, 1e-9);
    near(document["kpis"]["revenue_npv_musd"].as_f64().unwrap(), all, 1e-9);
    let sankey = (find("sankey").unwrap().chart)(&results, &Selection::default());
    let Body::Sankey { nodes, links } = &sankey.body else { panic!("{:?}", sankey.body) };
    near(sankey_sums(nodes, links).revenue_musd, all, 1e-9);
    let warning = results.warnings.iter().find(|warning| warning.code == "single-price").unwrap();
    assert!(warning.message.contains(&format!("315 M$ instead of the {by_segment:.0} M$")), "{}", warning.message);
}

/// Own chips make 315.36 Ttok; 365 Ttok are bought and sold on and do not count.
#[test]
fn bought_tokens_that_do_not_count_are_not_in_the_headline() {
    let results = best(&read(include_str!("../cases/twin/kpi-answer-tokens-680-of-315.ron")));
    let own = 10.0 * MEGASECONDS;
    let kpis = &results.kpis;
    near(kpis.answer_tokens_ttok, own, 1e-9);
    near(kpis.answer_tokens_ttok_per_year, own, 1e-9);
    near(kpis.bought_tokens_ttok, 365.0, 1e-9);
    near(kpis.cost_usd_per_mtok, (4.38 + 73.0) / own, 1e-9);
    let document = json::document(&results);
    near(document["periods"][0]["answer_tokens_ttok"].as_f64().unwrap(), own, 1e-9);
    assert!(text::render(&results).contains("Bought, not counted"));
}

/// 100 GWh a year at the meter; half the load comes out of a battery that gives back 49 %, so 65.77 GWh are used.
#[test]
fn energy_is_at_the_meter_with_the_load_beside_it() {
    let results = best(&read(include_str!("../cases/twin/kpi-energy-66-at-limit-100.ron")));
    near(results.kpis.energy_gwh, 100.0, 1e-9);
    near(results.kpis.load_gwh, 200.0 * 0.49 / 1.49, 1e-9);
    // All of it is wind, less what the battery lost.
    near(results.kpis.renewable_fraction, 1.0, 1e-9);
}

/// Certificates of a virtual contract count, and do not make the load larger: half of 87.6 GWh.
#[test]
fn certificates_count_in_the_renewable_share() {
    let wind =
        "PerHour([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])";
    let results = Sketch::new()
        .fleet(10_000.0)
        .with("profiles", "w", wind)
        .with(
            "contracts",
            "paper",
            "(site: \"home\", renewable: true, terms: Virtual(profile: \"w\", strike_usd_per_mwh: 60.0, reference_usd_per_mwh: 50.0, contract_mw: Fixed(10.0)))",
        )
        .best();
    near(results.kpis.energy_gwh, 87.6, 1e-9);
    near(results.kpis.renewable_fraction, 0.5, 1e-9);
    // On paper: no power flows, and half of what is drawn is certified, all of it by day.
    let paper = results.contracts.iter().find(|contract| contract.id == "paper").unwrap();
    assert_eq!(paper.draw_mw, [[0.0]]);
    near(paper.certificates_mw[0][0], 5.0, 1e-9);
    near(paper.energy_gwh[0], 0.0, 1e-9);
    near(paper.certificates_gwh[0], 43.8, 1e-9);
}

/// One slice by day with 9 MW of wind, one by night without, a load of 8 MW; a battery of 0.9 each way. The
/// picture and the key figure count the same: by day 1 MW goes into the battery, of which 0.19 never come back.
#[test]
fn matching_counts_what_batteries_lose_as_the_key_figure_does() {
    let results = Sketch::new()
        .fleet(8_000.0)
        .top("slices", &slices(12, "\"day\": (share_fraction: 1.0)"))
        .with("profiles", "w", "PerDay({\"day\": [1.0, 0.0]})")
        .grid("Tariff(energy_usd_per_mwh: 100.0)")
        .with("contracts", "wind", "(site: \"home\", renewable: true, terms: PayAsProduced(profile: \"w\", price_usd_per_mwh: 1.0, contract_mw: Fixed(9.0)))")
        .with(
            "contracts",
            "battery",
            "(site: \"home\", terms: Battery(energy_mwh: UpTo(0.0), existing_mwh: 100.0, duration_hours: 4.0, one_way_efficiency_fraction: 0.9))",
        )
        .best();
    let battery = results.contracts.iter().find(|contract| contract.id == "battery").unwrap();
    near(battery.draw_mw[0][0], -1.0, 1e-6);
    near(battery.draw_mw[0][1], 0.81, 1e-6);
    near(battery.losses_mw[0][0], 0.19, 1e-6);
    // 8 + 1 MW of wind by day, less what is lost, of a load of 8 MW.
    near(results.kpis.renewable_fraction, 8.81 / 16.0, 1e-6);
    let chart = (find("matching").unwrap().chart)(&results, &Selection::default());
    let Body::StackedBars { stacks, lines, .. } = &chart.body else { panic!("{:?}", chart.body) };
    near(lines[0].values[0], results.kpis.renewable_fraction * results.kpis.load_gwh, 1e-6);
    // By the hour: 8.81 of the 9 MW drawn by day, none of the night's 7.19.
    near(stacks[0].values[0], 8.81 * 4380.0 * 1e-3, 1e-6);
    near(stacks[0].values[0] + stacks[1].values[0], (9.0 + 7.19) * 4380.0 * 1e-3, 1e-6);
}

/// 12 M$ a year; a thousand chips in the first year, two thousand in the second: levelised
/// 12/31.536 · (1 + v)/(1 + 2v), twice that by tokens of half the quality, in goal, key figure and chart.
#[test]
fn a_million_tokens_have_one_cost() {
    let results = Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 2, discount_rate_fraction: 0.1)")
        .fleet(1000.0)
        .with("fleets", "later", "(site: \"home\", chip: \"c\", count: 1000.0, in_service: \"2028-01\")")
        .with("served_models", "any", "(quality: Stated(0.5))")
        .grid("Tariff(energy_usd_per_mwh: 0.0, fixed_usd_per_month: 1000000.0)")
        .top("objective", "[MinCostPerToken(0.9)]")
        .best();
    let v = 1.0 / 1.1;
    let raw = 12.0 / MEGASECONDS * (1.0 + v) / (1.0 + 2.0 * v);
    near(phase(&results, "cost_per_token"), 2.0 * raw, 1e-9);
    near(results.kpis.cost_usd_per_mtok, 2.0 * raw, 1e-9);
    near(results.kpis.cost_usd_per_raw_mtok, raw, 1e-9);
    let chart = (find("cost-per-mtok").unwrap().chart)(&results, &Selection::default());
    let Body::StackedBars { stacks, .. } = &chart.body else { panic!("{:?}", chart.body) };
    let by_period = |period: usize| stacks.iter().map(|series| series.values[period]).sum::<f64>();
    near((by_period(0) * v + 2.0 * by_period(1) * v * v) / (v + 2.0 * v * v), 2.0 * raw, 1e-9);
    assert!(chart.caption.contains("0.516 $"), "{}", chart.caption);
}

/// A floor on tokens is a share of the most tokens, not of discounted ones: chips late in the horizon count
/// in full. A thousand chips in each of two years can rest; the dear first year (price of power) rests
/// down to the floor of 0.75 of 63.072 Ttok.
#[test]
fn the_floor_of_a_cost_per_token_is_of_undiscounted_tokens() {
    let results = Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 2, discount_rate_fraction: 0.1)")
        .fleet(1000.0)
        .grid("Tariff(energy_usd_per_mwh: 100.0, escalation_fraction_per_year: -0.5)")
        .top("objective", "[MinCostPerToken(0.75)]")
        .best();
    near(results.kpis.quality_tokens_ttok, 1.5 * MEGASECONDS, 1e-6);
}

#[test]
fn a_cost_per_token_of_nothing_is_told() {
    for (name, text) in [
        ("nothing", include_str!("../cases/twin/failed-cost-per-token-of-nothing.ron")),
        ("no power", include_str!("../cases/faults/cost-per-token-no-tokens.ron")),
    ] {
        let results = answer(&read(text));
        assert_eq!(results.status, Status::Nothing, "{name}: {}", results.message);
        assert!(results.message.starts_with("Nothing can be made"), "{}", results.message);
        assert_eq!(json::document(&results)["status"], "nothing");
    }
    // The plan's own goals have an answer: no tokens, and no cost of one.
    let results = answer(&read(include_str!("../cases/faults/cost-per-token-failed-7006084.ron")));
    assert_eq!(results.status, Status::Optimal, "{}", results.message);
    assert_eq!(results.kpis.answer_tokens_ttok, 0.0);
    assert!(json::document(&results)["kpis"].get("cost_usd_per_mtok").is_none());
}

/// A run stopped after its first goal: tokens are known, money is not, and nothing reads NaN or infinity.
#[test]
fn a_stopped_run_shows_no_figure_of_a_goal_it_did_not_reach() {
    let stated = Sketch::new().fleet(1000.0).top("objective", "[MaxTokens, MinCost]").stated();
    let whole = solve::solve(&stated.formulation.program, &study::solve_options(&stated, &Options::default()));
    assert!(whole.phases.len() >= 2);
    let stopped = Outcome {
        status: solve::Status::Stopped { reason: StopReason::TimeLimit, gap: Some(f64::NAN) },
        phases: whole.phases.iter().take(1).cloned().collect(),
        ..whole.clone()
    };
    let results = study::read(&stated, &stopped, &Options::default()).results.unwrap();
    assert_eq!(results.status, Status::Stopped);
    assert!(!results.certificate.checked);
    assert!(results.unreached.contains(&"cost".to_owned()), "{:?}", results.unreached);
    assert!(results.message.contains("Not reached: the least cost"), "{}", results.message);
    let document = json::document(&results);
    near(document["kpis"]["answer_tokens_ttok"].as_f64().unwrap(), MEGASECONDS, 1e-9);
    for key in ["cost_npv_musd", "revenue_npv_musd", "npv_musd", "cost_usd_per_mtok", "irr_fraction", "payback_years", "capex_musd"] {
        assert!(document["kpis"].get(key).is_none(), "{key}");
    }
    assert!(document["periods"][0].get("cost_musd").is_none());
    let words = format!("{}{document}", text::render(&results));
    for wrong in ["NPV", "NaN", "inf %", "residual inf"] {
        assert!(!words.contains(wrong), "{wrong} in {words}");
    }
    // Stopped in its first goal, the best so far is the answer so far.
    let first = Outcome { phases: Vec::new(), ..stopped };
    let results = study::read(&stated, &first, &Options::default()).results.unwrap();
    assert!(!results.hides("answer_tokens_ttok") && results.hides("npv_musd"));
}

/// Excel takes a file without a mark for the system's own letters.
#[test]
fn names_beyond_ascii_are_marked_for_spreadsheets() {
    let table = |results: &Results, name: &str| {
        let chart = (find(name).unwrap().chart)(results, &Selection::default());
        csv::render(&tokenworks::charts::table(&chart)).unwrap()
    };
    let named = best(&read(include_str!("../cases/field/names-beyond-ascii.ron")));
    let text = table(&named, "revenue");
    assert!(text.starts_with("\u{feff}Period,"), "{text:?}");
    assert!(text.contains("Île-de-France 贵州"));
    let plain = best(&Sketch::new().fleet(1000.0).plan());
    assert!(table(&plain, "revenue").starts_with("Period,"));
}

/// Every number of a JSON document with its kind: its place, without positions and ids.
fn numbers(value: &Value, kind: &str, found: &mut Vec<(String, f64)>) {
    match value {
        Value::Number(number) => found.push((kind.to_owned(), number.as_f64().unwrap())),
        Value::Array(items) => items.iter().for_each(|item| numbers(item, kind, found)),
        Value::Object(fields) => {
            let unit = ["unit", "limit_unit"].iter().filter_map(|key| fields.get(*key)?.as_str()).collect::<Vec<_>>().join("/");
            // Maps of a period go by id, and all their numbers are of one kind.
            let of_ids = kind.matches('.').count() == 2 && kind.starts_with(".periods.");
            for (key, item) in fields {
                let kind = if of_ids { kind.to_owned() } else { format!("{kind}.{key}{unit}") };
                numbers(item, &kind, found);
            }
        }
        _ => {}
    }
}

/// No number of any plan is a −0 or smaller than 1e-9 of the largest of its kind, and nobody orders a
/// thousandth of a rack.
#[test]
fn no_plan_shows_rounding() {
    for (name, results) in crate::numbers::answers::shipped() {
        let mut found = Vec::new();
        numbers(&json::document(&results), "", &mut found);
        assert!(found.len() > 30, "{name}");
        let mut largest: HashMap<&str, f64> = HashMap::new();
        for (kind, value) in &found {
            let most = largest.entry(kind).or_default();
            *most = most.max(value.abs());
        }
        for (kind, value) in &found {
            assert!(!(*value == 0.0 && value.is_sign_negative()), "{name}: −0 in {kind}");
            assert!(
                *value == 0.0 || value.abs() >= 1e-9 * largest[kind.as_str()],
                "{name}: {value:e} in {kind} beside {:e}",
                largest[kind.as_str()]
            );
        }
        for fleet in &results.fleet {
            let rack =
                fleet.in_service.iter().zip(&fleet.racks).find(|(_, racks)| **racks > 0.0).map_or(1.0, |(chips, racks)| chips / racks);
            for order in &fleet.orders {
                assert!(*order == 0.0 || *order >= 1e-3 * rack, "{name}: {order} chips ordered");
            }
        }
    }
}

/// A point with rounding in it, read: none of it is left, and what is small but meant stays.
#[test]
fn rounding_of_a_point_is_taken_out_once() {
    let stated = Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 2, discount_rate_fraction: 0.0)")
        .with("chips", "c", &chip(1.0, 30_000.0, 0.0, "supply_per_period: 1000.0").replace("chips_per_rack: 1.0", "chips_per_rack: 72.0"))
        .stated();
    let mut outcome = solve::solve(&stated.formulation.program, &study::solve_options(&stated, &Options::default()));
    let columns = &stated.formulation.program.columns;
    let orders: Vec<usize> = (0..columns.len()).filter(|column| columns[*column].key.noun == "orders").collect();
    assert_eq!(orders.len(), 2);
    // An order of 1e-4 chips (in thousands), and a negative one.
    outcome.point[orders[0]] = 1e-7;
    outcome.point[orders[1]] = -1e-13;
    let results = study::read(&stated, &outcome, &Options::default()).results.unwrap();
    assert_eq!(results.fleet[0].orders[..], [0.0, 0.0]);
    assert!(results.fleet[0].orders.iter().all(|order| order.is_sign_positive()));
    assert_eq!(results.kpis.capex_musd, 0.0);
}

/// A price of 1e-100 $ a MWh is nothing: the plan has the answer it has at 0 $.
#[test]
fn a_price_next_to_nothing_has_an_answer() {
    let text = include_str!("../cases/faults/failed-price-1e-100.ron");
    let (nearly, free) = (best(&read(text)), best(&read(&text.replace("1e-100", "0.0"))));
    assert!(nearly.kpis.answer_tokens_ttok > 1.0);
    near(nearly.kpis.quality_tokens_ttok, free.kpis.quality_tokens_ttok, 1e-6);
    near(nearly.kpis.npv_musd, free.kpis.npv_musd, 1e-4);
}
