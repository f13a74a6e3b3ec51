//! Numbers that change by date: steps and curves of prices, of what chips cost and of what software gains.

use tokenworks::catalog::Catalog;
use tokenworks::formulation::Formulation;
use tokenworks::plan::edit::{Edit, apply};
use tokenworks::plan::{Plan, file, path};
use tokenworks::resolved::{Resolved, Series};
use tokenworks::study::{self, Options};

use crate::sketch::{MEGASECONDS, Sketch, best, chip, decode, market, near, read};

const EXACT: f64 = 1e-9;
const THREE_YEARS: &str = "(start: \"2027-01\", period_months: 12, periods: 3, discount_rate_fraction: 0.0)";

fn resolved(plan: &Plan) -> Resolved {
    Resolved::new(plan, Catalog::embedded(), &Series::default()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn faults(plan: &Plan) -> Vec<(&'static str, String)> {
    let problems = match Resolved::new(plan, Catalog::embedded(), &Series::default()) {
        Ok(resolved) => resolved.warnings,
        Err(problems) => problems,
    };
    problems.into_iter().map(|problem| (problem.code, problem.path)).collect()
}

/// Three years of a market at a price, chips standing: 1,000 chips make 31.536 Ttok a year.
fn priced(price: &str) -> Sketch {
    Sketch::new().top("horizon", THREE_YEARS).fleet(1000.0).top("objective", "[MaxTokens, MaxNpv]").with(
        "markets",
        "near",
        &format!("(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {{\"chat\": (segments: [(answer_gtok_per_day: 1e6, usd_per_mtok: (answer: {price}))])}})"),
    )
}

fn revenues(sketch: &Sketch) -> Vec<f64> {
    sketch.best().money.iter().map(|money| money.revenue_musd / MEGASECONDS).collect()
}

/// 2 $, halved each year, not below 0.8: 2, 1, 0.8; the same as steps, as a half-life, and by the demand's factor (2, 1, 0.5).
#[test]
fn a_price_that_falls_by_hand() {
    for price in [
        "Curve(from: 2.0, factor_per_year: 0.5, floor: 0.8)",
        "Curve(from: 2.0, half_life_years: 1.0, floor: 0.8)",
        "{\"2027-01\": 2.0, \"2028-01\": 1.0, \"2029-01\": 0.8}",
        "Stated(value: Curve(from: 4.0, factor_per_year: 0.5, floor: 0.8, since: \"2026-01\"), source: \"a list of 2026\")",
    ] {
        for (made, wanted) in revenues(&priced(price)).iter().zip([2.0, 1.0, 0.8]) {
            near(*made, wanted, EXACT);
        }
    }
    let falling = "(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {\"chat\": (price_factor_per_year: 0.5, segments: [(answer_gtok_per_day: 1e6, usd_per_mtok: (answer: 2.0))])})";
    for (made, wanted) in revenues(&priced("2.0").with("markets", "near", falling)).iter().zip([2.0, 1.0, 0.5]) {
        near(*made, wanted, EXACT);
    }
}

/// Capex of 50, 40, 30 k$ a chip in 2027, 2028, 2029, 10,000 more chips a year, no interest, five years:
/// annuities 100, 180, 240 M$; energy 10, 20, 30 MW at 50 $/MWh: 4.38, 8.76, 13.14 M$. Together 546.28 M$.
#[test]
fn chips_cost_what_they_cost_when_ordered() {
    let text = |capex: &str, speed: &str| {
        format!(
            "(all_in_kw: 1.0, idle_fraction: 0.0, capex_usd: {capex}, om_usd_per_year: 0.0, chips_per_rack: 1.0, cooling: Liquid, availability_fraction: 1.0, lead_months: 0.0, life_years: 5.0, supply_per_period: 1000000.0, {speed})"
        )
    };
    let plan = |capex: &str| {
        Sketch::new().top("horizon", THREE_YEARS).grid("Tariff(energy_usd_per_mwh: 50.0)").with("chips", "c", &text(capex, "")).with(
            "markets",
            "near",
            &market("chat", 864.0, 1.0, "").replace("864.0", "{\"2027-01\": 864.0, \"2028-01\": 1728.0, \"2029-01\": 2592.0}"),
        )
    };
    let results = plan("{\"2027-01\": 50000.0, \"2028-01\": 40000.0, \"2029-01\": 30000.0}").best();
    near(results.kpis.cost_npv_musd, 546.28, EXACT);
    near(results.kpis.capex_musd, 1200.0, EXACT);
    for (money, capex) in results.money.iter().zip([500.0, 400.0, 300.0]) {
        near(money.capex_musd, capex, EXACT);
    }
    // A price for a later year is needed only where chips are ordered.
    let late = plan("{\"2028-01\": 40000.0}").plan();
    assert_eq!(faults(&late), [("missing-step", "chips.c.capex_usd".to_owned())]);
}

/// Software makes 1,000 chips twice as fast in the second year and the chip's own factor half again in the third.
#[test]
fn what_software_gains() {
    let plan = priced("1.0").with("served_models", "any", "(quality: Stated(1.0), speed_factor: {\"start\": 1.0, \"2028-01\": 2.0})").with(
        "chips",
        "c",
        &chip(1.0, 1.0, 0.0, "speed_factor: {\"2027-01\": 1.0, \"2029-01\": 1.5}"),
    );
    for (made, wanted) in revenues(&plan).iter().zip([1.0, 2.0, 3.0]) {
        near(*made, wanted, EXACT);
    }
    // Prompts are prefilled faster too: with a prompt token for each answer both halves speed up alike.
    let prompts = plan.product("chat", "utilisation_cap_fraction: 1.0, prompt_tokens: 1.0, answer_tokens: 1.0").with(
        "throughput",
        "c-chat",
        &decode("c", "chat", 1000.0).replace("decode_", "prefill_tok_per_s: 1000.0, decode_"),
    );
    for (made, wanted) in revenues(&prompts).iter().zip([0.5, 1.0, 1.5]) {
        near(*made, wanted, EXACT);
    }
}

/// Quality by date weighs tokens by their period: 1, 1, 3 times the same tokens.
#[test]
fn quality_by_date() {
    let plan = priced("1.0").product("chat", "utilisation_cap_fraction: 1.0, quality_weight: {\"2027-01\": 1.0, \"2029-01\": 3.0}");
    let results = plan.best();
    near(results.kpis.quality_tokens_ttok, 5.0 * MEGASECONDS, EXACT);
    near(results.kpis.answer_tokens_ttok, 3.0 * MEGASECONDS, EXACT);
}

/// Halls cost what they cost when ordered.
#[test]
fn halls_by_date_of_the_order() {
    let plan = Sketch::new()
        .top("horizon", THREE_YEARS)
        .site("home", "interconnect_mw: 1000.0, pue: 1.0, buildable: {\"h\": (it_mw: 10.0, cooling: Liquid, capex_usd_per_w: Curve(from: 10.0, factor_per_year: 1.1), life_years: 10.0, at_most: 100.0)}")
        .with("chips", "c", &chip(1.0, 1.0, 0.0, "supply_per_period: 10000.0"));
    let results = plan.best();
    for (money, usd_per_w) in results.money.iter().zip([10.0, 11.0, 12.1]) {
        // 10,000 chips of 1 kW a year need one hall more, of 10 MW; the chips are a dollar each.
        near(money.capex_musd, usd_per_w * 10.0 + 0.01, EXACT);
    }
}

/// A curve is the steps it turns into: the very same program.
#[test]
fn a_curve_is_its_steps() {
    let curve = priced("Curve(from: 2.0, factor_per_year: 0.7)");
    let steps = priced("{\"2027-01\": 2.0, \"2028-01\": 1.4, \"2029-01\": 0.98}");
    let program = |sketch: &Sketch| Formulation::new(&resolved(&sketch.plan())).unwrap_or_else(|_| panic!("no program")).program;
    let (one, other) = (program(&curve), program(&steps));
    assert_eq!(one.columns.len(), other.columns.len());
    for (one, other) in one.phases.iter().zip(&other.phases) {
        for ((col, value), (other_col, other_value)) in one.goal.terms.iter().zip(&other.goal.terms) {
            assert_eq!(col, other_col);
            near(*value, *other_value, 1e-15);
        }
    }
}

/// Curves of the catalog come with source and grade; unknown ones and a curve without a course are refused.
#[test]
fn curves_of_the_catalog() {
    let plan = priced("Curve(from: 2.0, catalog: \"token-price-fixed-capability\")").plan();
    let known = resolved(&plan);
    let assumed = known.assumptions.iter().find(|known| known.path.ends_with("answer.factor_per_year")).unwrap();
    assert_eq!((assumed.value, assumed.grade.as_str()), (0.1414, "medium"));
    assert!(assumed.source.contains("2511.23455"));
    // A fall to a seventh within a year is too coarse for yearly periods, and that is said.
    assert!(faults(&plan).iter().any(|(code, _)| *code == "curve-coarse"));
    let unknown = priced("Curve(from: 2.0, catalog: \"token-price-fixed\")").plan();
    assert!(faults(&unknown).iter().any(|(code, path)| *code == "unknown-curve" && path.ends_with("usd_per_mtok.answer.catalog")));
    for wrong in ["Curve(from: 2.0)", "Curve(from: 2.0, factor_per_year: 0.5, half_life_years: 2.0)"] {
        let codes: Vec<&str> = file::read_plan(&priced(wrong).text()).diagnostics.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["curve-course"], "{wrong}");
    }
}

/// Every fault of a curve and of dates is told at once, each with its place.
#[test]
fn faults_of_dated_numbers() {
    let text = priced("Curve(from: -2.0, factor_per_year: -0.5, flor: 0.1)").text();
    let found: Vec<(&str, String)> =
        file::read_plan(&text).diagnostics.iter().map(|problem| (problem.code, problem.path.clone())).collect();
    let at = "markets.near.demand.chat.segments.0.usd_per_mtok.answer";
    assert!(found.contains(&("unknown-field", format!("{at}.flor"))), "{found:?}");
    assert!(found.contains(&("out-of-range", format!("{at}.factor_per_year"))), "{found:?}");
    let negative = file::read_plan(&priced("Curve(from: -2.0, factor_per_year: 0.5)").text()).diagnostics;
    assert_eq!(
        negative.iter().map(|problem| (problem.code, problem.path.clone())).collect::<Vec<_>>(),
        [("out-of-range", format!("{at}.from"))]
    );
    // The second segment overtakes the first in 2028.
    let crossing = "(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {\"chat\": (segments: [(answer_gtok_per_day: 1.0, usd_per_mtok: (answer: Curve(from: 2.0, factor_per_year: 0.4))), (answer_gtok_per_day: 1.0, usd_per_mtok: (answer: 1.0))])})";
    let plan = priced("1.0").with("markets", "near", crossing).plan();
    let problems = Resolved::new(&plan, Catalog::embedded(), &Series::default()).unwrap_err();
    let problem = problems.iter().find(|problem| problem.code == "segment-order").unwrap();
    assert_eq!(problem.path, "markets.near.demand.chat.segments.1");
    assert!(problem.message.contains("2028"), "{}", problem.message);
    // A price that starts late.
    let late = priced("{\"2028-01\": 1.0}").plan();
    assert_eq!(faults(&late), [("missing-step", at.to_string())]);
}

/// Paths into curves and sourced numbers read and write, and the text comes back as it was.
#[test]
fn paths_into_curves() {
    let mut plan = priced("Stated(value: Curve(from: 2.0, factor_per_year: 0.5), source: \"a list\")").plan();
    let at = "markets.near.demand.chat.segments.0.usd_per_mtok.answer";
    assert_eq!(path::get(&plan, &format!("{at}.factor_per_year")).unwrap(), "Some(0.5)".trim_start_matches("Some(").trim_end_matches(')'));
    assert_eq!(path::get(&plan, &format!("{at}.source")).unwrap(), "\"a list\"");
    apply(&mut plan, &Edit::set_number(format!("{at}.from"), 3.0)).unwrap();
    apply(&mut plan, &Edit::Set { path: format!("{at}.floor"), value: "0.5".to_owned() }).unwrap();
    assert_eq!(path::get(&plan, at).unwrap(), "Stated(value: Curve(from: 3.0, factor_per_year: 0.5, floor: 0.5), source: \"a list\")");
    let again = read(&file::print(&plan));
    assert_eq!(again, plan);
    assert!(apply(&mut plan, &Edit::set_number(format!("{at}.from"), -3.0)).is_err(), "the field's range holds within the curve");
    // A bare number takes its place, and its source with it.
    apply(&mut plan, &Edit::set_number(at.to_owned(), 1.0)).unwrap();
    assert_eq!(path::get(&plan, at).unwrap(), "1.0");
}

/// A scenario may put a curve where a number stood; the base stays.
#[test]
fn a_variation_by_curve() {
    let text = priced("2.0").text().replace(
        "    name: \"sketch\",\n",
        "    name: \"sketch\",\n    scenarios: {\"falling\": (set: {\"markets.near.demand.chat.segments.0.usd_per_mtok.answer\": Curve(from: 2.0, factor_per_year: 0.5)})},\n",
    );
    let plan = read(&text);
    let base = best(&plan).kpis.revenue_npv_musd;
    let options = Options { scenario: "falling".to_owned(), ..Options::default() };
    let falling = study::answer(&plan, &Series::default(), &options).results.unwrap().kpis.revenue_npv_musd;
    near(base, 6.0 * MEGASECONDS, EXACT);
    near(falling, 3.5 * MEGASECONDS, EXACT);
}

/// One served model after the other: `any` at 1,000 tok/s and a weight of 1, from 2028 on `next` at 500 tok/s and a
/// weight of 3, which software makes twice as fast in 2029: 1, 0.5, 1 times the tokens, 1, 1.5, 3 with their weight.
#[test]
fn served_models_follow_one_another() {
    let succession = |dates: &str| {
        priced("1.0")
            .with("served_models", "next", "(quality: Stated(3.0), speed_factor: {\"2028-01\": 1.0, \"2029-01\": 2.0})")
            .product("chat", "utilisation_cap_fraction: 1.0")
            .with(
                "products",
                "chat",
                &format!("(served_model: {dates}, prompt_tokens: 0.0, answer_tokens: 1.0, utilisation_cap_fraction: 1.0)"),
            )
            .with("throughput", "c-chat", &decode("c", "chat", 1000.0))
            .with("throughput", "c-next", &decode("c", "chat", 500.0).replace("decode_", "served_model: \"next\", decode_"))
    };
    let plan = succession("{\"2027-01\": \"any\", \"2028-01\": \"next\"}");
    let results = plan.best();
    for (made, wanted) in results.tokens.iter().zip([1.0, 0.5, 1.0]) {
        near(made.answer_ttok, wanted * MEGASECONDS, EXACT);
    }
    near(results.kpis.quality_tokens_ttok, 5.5 * MEGASECONDS, EXACT);
    // The same one from the start is what it always was.
    let one = succession("\"any\"").best();
    near(one.kpis.quality_tokens_ttok, 3.0 * MEGASECONDS, EXACT);
    near(succession("{\"start\": \"any\"}").best().kpis.quality_tokens_ttok, 3.0 * MEGASECONDS, EXACT);
    // Text and paths: a rename reaches it, a step of it reads and writes, and it comes back as it was written.
    let mut plan = plan.plan();
    assert_eq!(path::get(&plan, "products.chat.served_model.2028-01").unwrap(), "\"next\"");
    apply(&mut plan, &Edit::Rename { path: "served_models.next".into(), to: "later".into() }).unwrap();
    assert_eq!(path::get(&plan, "products.chat.served_model").unwrap(), "{\"2027-01\": \"any\", \"2028-01\": \"later\"}");
    assert_eq!(read(&file::print(&plan)), plan);
    apply(&mut plan, &Edit::set("products.chat.served_model.2029-01", "\"any\"")).unwrap();
    assert_eq!(path::get(&plan, "products.chat.served_model.2029-01").unwrap(), "\"any\"");
    // What is wrong is named at its own date.
    let faulty = |dates: &str| {
        file::read_plan(&succession(dates).text()).diagnostics.into_iter().map(|problem| (problem.code, problem.path)).collect::<Vec<_>>()
    };
    assert_eq!(
        faulty("{\"2027-01\": \"any\", \"2028-01\": \"nxt\"}"),
        [("unknown-reference", "products.chat.served_model.2028-01".to_owned())]
    );
    assert_eq!(faulty("{\"2027\": \"any\"}"), [("bad-date", "products.chat.served_model".to_owned())]);
    assert_eq!(faulty("{}"), [("empty-steps", "products.chat.served_model".to_owned())]);
    assert_eq!(faults(&succession("{\"2028-01\": \"any\"}").plan()), [("missing-step", "products.chat.served_model".to_owned())]);
}

/// A model that nothing can serve: its periods make nothing, and it is named with its date.
#[test]
fn a_model_without_rates_is_named_with_its_date() {
    let plan = priced("1.0")
        .with("served_models", "dark", "()")
        .with("products", "chat", "(served_model: {\"2027-01\": \"any\", \"2028-01\": \"dark\"}, prompt_tokens: 0.0, answer_tokens: 1.0, utilisation_cap_fraction: 1.0)")
        .with("throughput", "c-chat", &decode("c", "chat", 1000.0).replace("decode_", "served_model: \"any\", decode_"));
    let resolved = resolved(&plan.plan());
    let warning = resolved.warnings.iter().find(|warning| warning.code == "no-throughput-for-pair").unwrap();
    assert!(warning.message.contains("`dark`, from 2028-01") && warning.path == "products.chat", "{warning:?}");
    for (made, wanted) in plan.best().tokens.iter().zip([1.0, 0.0, 0.0]) {
        near(made.answer_ttok, wanted * MEGASECONDS, EXACT);
    }
}

/// Requests that grow: no prompts in 2027, a prompt token for each answer token in 2028 (half of them, so 1,000
/// tok/s prefilling and 1,000 answering make 500), half of it from the cache in 2029 (1 / (1 + 0.5) of 1,000). An answer
/// costs 1 $ with 2 $ a fresh prompt token and 1 $ a cached one: 1; 1 + 2; 1 + 0.5 · 2 + 0.5 · 1.
#[test]
fn lengths_of_requests_by_date() {
    let text =
        "prompt_tokens: {\"2027-01\": 0.0, \"2028-01\": 1.0}, answer_tokens: 1.0, cache_hit_fraction: {\"start\": 0.0, \"2029-01\": 0.5}";
    let both = decode("c", "chat", 1000.0).replace("decode_", "prefill_tok_per_s: 1000.0, decode_");
    let market = "(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {\"chat\": (segments: [(answer_gtok_per_day: 1e6, usd_per_mtok: (answer: 1.0, prompt: 2.0, cached_prompt: 1.0))])})";
    let plan = priced("1.0")
        .product("chat", &format!("utilisation_cap_fraction: 1.0, {text}"))
        .with("throughput", "c-chat", &both)
        .with("markets", "near", market);
    // Alone, and beside chips that could prefill for it.
    let pair = plan
        .clone()
        .with("chips", "d", &chip(1.0, 1.0, 0.0, ""))
        .with("fleets", "more", "(site: \"home\", chip: \"d\", count: 1e-6, in_service: \"2026-12\")")
        .with("throughput", "d-chat", &both.replace("\"c\"", "\"d\""));
    for (plan, tolerance) in [(plan, EXACT), (pair, 1e-6)] {
        let results = plan.best();
        for (period, (tokens, price)) in [(1.0, 1.0), (0.5, 3.0), (2.0 / 3.0, 2.5)].into_iter().enumerate() {
            near(results.tokens[period].answer_ttok, tokens * MEGASECONDS, tolerance);
            near(results.money[period].revenue_musd, tokens * price * MEGASECONDS, tolerance);
        }
    }
}

/// Power by date, three years of 1 MW: energy at 50 then 100 $/MWh (438,000 and 876,000 $), a fee of 100 then 200 $ a
/// month, 1 then 3 $ a kW and month on the peak (12,000 and 36,000 $), upkeep of a hall of 2 MW at 1,000 $ a MW, from 2029
/// at 2,000. Together 451,200 + 2,000, 914,400 + 2,000, 914,400 + 4,000 $.
#[test]
fn power_and_upkeep_by_date() {
    let plan = priced("1.0")
        .top("objective", "[MaxTokens, MinCost]")
        .site("home", "interconnect_mw: 1000.0, pue: 1.0, om_usd_per_mw_year: {\"2027-01\": 1000.0, \"2029-01\": 2000.0}, halls: {\"hall\": (it_mw: 2.0, cooling: Liquid)}")
        .grid("Tariff(energy_usd_per_mwh: {\"2027-01\": 50.0, \"2028-01\": 100.0}, fixed_usd_per_month: {\"2027-01\": 100.0, \"2028-01\": 200.0}, demand_charge_usd_per_kw_month: {\"2027-01\": 1.0, \"2028-01\": 3.0})");
    let results = plan.best();
    for (money, usd) in results.money.iter().zip([453_200.0, 916_400.0, 918_400.0]) {
        near(money.opex_musd, usd * 1e-6, EXACT);
    }
    // A contract's price must be known only while it is in force.
    let late = priced("1.0").with("profiles", "flat", "PerHour([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])").grid("Tariff(energy_usd_per_mwh: 90.0)").with(
        "contracts",
        "sun",
        "(site: \"home\", from: \"2028-01\", terms: PayAsProduced(profile: \"flat\", price_usd_per_mwh: {\"2028-01\": 40.0, \"2029-01\": 30.0}, contract_mw: UpTo(1.0), resale_usd_per_mwh: {\"2029-01\": 5.0}))",
    );
    let results = late.clone().top("objective", "[MaxTokens, MinCost]").best();
    for (money, usd) in results.money.iter().zip([90.0, 40.0, 30.0]) {
        near(money.opex_musd, usd * 8760.0 * 1e-6, EXACT);
    }
    let early = late.with(
        "contracts",
        "sun",
        "(site: \"home\", from: \"2027-01\", terms: Baseload(price_usd_per_mwh: {\"2028-01\": 40.0}, contract_mw: UpTo(1.0)))",
    );
    assert_eq!(faults(&early.plan()), [("missing-step", "contracts.sun.terms.price_usd_per_mwh".to_owned())]);
}

/// Duties, subsidies and plant by date of the order: 10,000 chips of 50 k$ a year, 10 % duty from 2028 and 20 % subsidy
/// from 2029: 500, 550, 550 · 0.8 M$. A token duty of 0.1 $ from 2029.
#[test]
fn duties_and_subsidies_by_date() {
    let plan = Sketch::new()
        .top("horizon", THREE_YEARS)
        .with("chips", "c", &chip(1.0, 50_000.0, 0.0, "supply_per_period: 10000.0, origin: \"TW\""))
        .with("policies", "duty", "ImportDuty(site_country: \"US\", origin: \"TW\", rate_fraction: {\"2028-01\": 0.1})")
        .with("policies", "help", "CapexSubsidy(site: \"home\", rate_fraction: {\"2029-01\": 0.2})")
        .with("policies", "tokens", "TokenDuty(site_country: \"US\", market_country: \"US\", usd_per_mtok: {\"2029-01\": 0.1})");
    let results = plan.best();
    for (money, capex) in results.money.iter().zip([500.0, 550.0, 440.0]) {
        near(money.capex_musd, capex, EXACT);
    }
    // 30,000 chips make 946.08 Ttok in 2029.
    for (money, opex) in results.money.iter().zip([0.0, 0.0, 94.608]) {
        near(money.opex_musd, opex, 1e-8);
    }
}

/// A chip of the catalog that may be ordered before it is on sale is named.
#[test]
fn orders_before_the_release_are_named() {
    let of =
        |from: &str| {
            let plan = Sketch::new()
                .top("horizon", "(start: \"2026-01\", period_months: 3, periods: 8, discount_rate_fraction: 0.0)")
                .with("chips", "rubin", &format!("(catalog: \"vr200_nvl144\", supply_per_period: {{\"{from}\": 100.0}})"));
            let catalog = Catalog::embedded().chips().iter().find(|chip| chip.release.starts_with("2026-H2")).unwrap().id.clone();
            let text = plan.text().replace("vr200_nvl144", &catalog);
            faults(&read(&text)).into_iter().any(|(code, path)| code == "before-release" && path == "chips.rubin.supply_per_period")
        };
    assert!(of("2026-01") && !of("2026-07"));
}

/// Over random plans: whoever looks for value never gets more of it when prices fall faster.
#[test]
fn a_falling_price_never_raises_npv() {
    let mut plans: Vec<_> = std::fs::read_dir("tests/oracle/plans").unwrap().map(|entry| entry.unwrap().path()).collect();
    plans.sort();
    let mut tried = 0;
    for file in plans.into_iter().filter(|file| file.to_string_lossy().contains("/random-")).step_by(4) {
        let text = std::fs::read_to_string(&file).unwrap();
        if text.contains("Hourly") || text.contains("whole:") {
            continue;
        }
        let plan = read(&text);
        let value = |factor: f64| {
            let mut falling = plan.clone();
            apply(&mut falling, &Edit::set("objective", "[MaxNpv]")).unwrap();
            for (market, entry) in &plan.markets {
                for product in entry.demand.keys() {
                    apply(&mut falling, &Edit::set_number(format!("markets.{market}.demand.{product}.price_factor_per_year"), factor))
                        .unwrap();
                }
            }
            let results = study::answer(&falling, &Series::default(), &Options::default()).results?;
            results.has_numbers().then_some(results.kpis.npv_musd)
        };
        let values: Vec<f64> = [1.0, 0.7, 0.3].into_iter().filter_map(value).collect();
        tried += usize::from(values.len() == 3);
        for pair in values.windows(2) {
            assert!(pair[1] <= pair[0] + 1e-6 * pair[0].abs().max(1.0), "{}: {values:?}", file.display());
        }
        if tried == 6 {
            break;
        }
    }
    assert!(tried >= 4, "only {tried} plans have an answer");
}

/// Curves that can hardly be meant are named: bounds that exclude the start or each other, a start within the plan.
#[test]
fn odd_curves_are_named() {
    let at = "markets.near.demand.chat.segments.0.usd_per_mtok.answer";
    let found = |curve: &str| faults(&priced(curve).plan());
    assert_eq!(found("Curve(from: 8.0, factor_per_year: 0.9, floor: 9.0)"), [("curve-bounds", format!("{at}.floor"))]);
    assert_eq!(found("Curve(from: 8.0, factor_per_year: 0.9, floor: 9.0, ceiling: 7.0)"), [("curve-bounds", format!("{at}.floor"))]);
    assert_eq!(found("Curve(from: 8.0, factor_per_year: 1.1, ceiling: 7.0)"), [("curve-bounds", format!("{at}.ceiling"))]);
    let later = resolved(&priced("Curve(from: 8.0, factor_per_year: 0.8, since: \"2028-01\")").plan());
    let warning = later.warnings.iter().find(|warning| warning.code == "curve-starts-later").unwrap();
    assert!(warning.message.contains("to 10 in 2027-01"), "{}", warning.message);
    // A factor out of range is told once, as what it is.
    let codes: Vec<&str> =
        file::read_plan(&priced("Curve(from: 2.0, factor_per_year: -0.5)").text()).diagnostics.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["out-of-range"]);
    // How much a coarse period is off, by hand: a fall to 0.1414 within a year has a mean of 0.8586 / 1.9562 = 0.439 of its
    // first day, so what is earned is 2.28 times too much; both the curve and the demand's own factor say so.
    let coarse = resolved(&priced("Curve(from: 2.0, factor_per_year: 0.1414)").plan());
    let warning = coarse.warnings.iter().find(|warning| warning.code == "curve-coarse").unwrap();
    assert!(warning.message.contains("it is 0.44") && warning.message.contains("128 % too much"), "{}", warning.message);
    let falling = "(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {\"chat\": (price_factor_per_year: 0.1414, segments: [(answer_gtok_per_day: 1e6, usd_per_mtok: (answer: 2.0))])})";
    assert_eq!(
        faults(&priced("2.0").with("markets", "near", falling).plan()),
        [("curve-coarse", "markets.near.demand.chat.price_factor_per_year".to_owned())]
    );
}
