//! Whatever may be dated is dated, place by place and all at once: nothing that works with plans may trip over it.

use tokenworks::catalog::Catalog;
use tokenworks::export::report::ReportInput;
use tokenworks::export::{json, report, text, xlsx};
use tokenworks::plan::edit::{Edit, apply};
use tokenworks::plan::node::Node as _;
use tokenworks::plan::{Plan, Steps, file, path};
use tokenworks::resolved::{Resolved, Series};
use tokenworks::results::Results;
use tokenworks::study::sensitivity::sensitivity;
use tokenworks::study::{self, Options, state};

use crate::sketch::{Sketch, chip};

/// Two years of a plan with something of everything that has dated numbers, small enough to be solved in no time.
fn plan() -> Plan {
    let flat =
        "PerHour([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])";
    Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 6, periods: 4, discount_rate_fraction: 0.08)")
        .top("objective", "[MaxTokens, MaxNpv]")
        .top("tolerance_fraction", "0.001")
        .top("finance", "(tax_fraction: 0.21, debt: Share(fraction: 0.5, rate_fraction: 0.07, years: 2), incentives: [ProductionCredit(contract: \"sun\", usd_per_mwh: 3.0)])")
        .top("budget", "(capex_musd_per_period: 500.0, opex_musd_per_period: 900.0, energy_gwh_per_year: 900.0)")
        .with("profiles", "flat", flat)
        .with("actors", "owner", "(country: \"US\", chips: {\"c\": (chip: \"c\", at_most_per_period: 4000.0)}, capex_musd_per_period: 450.0)")
        .site("home", "interconnect_mw: 100.0, pue: 1.2, om_usd_per_mw_year: 1000.0, egress_usd_per_mtok: 0.01, connections: {\"late\": (firm_mw: 10.0, non_firm_mw: 5.0, events: Share(0.01), service: Choose({\"offer\": (kind: NonFirm, at_most_mw: 2.0, fee_usd_per_kw_month: 1.0)}), backup: (mw: 1.0, hours_per_year: 100.0, fuel_usd_per_mwh: 200.0, capex_usd_per_kw: 500.0, om_usd_per_kw_year: 5.0))}, feeds: {\"east\": (mw: 15.0)}, halls: {\"hall\": (it_mw: 20.0, cooling: Liquid, feed: \"east\")}, buildable: {\"h\": (it_mw: 10.0, cooling: Liquid, capex_usd_per_w: 10.0, life_years: 20.0, at_most: 2.0)}, data_pipeline: (capacity_gtok_per_hour: 500.0, expand_usd_per_gtok_per_hour: 1000.0)")
        .with("chips", "c", &chip(1.0, 30_000.0, 1_000.0, "supply_per_period: 5000.0, origin: \"TW\", speed_factor: 1.0"))
        .fleet(1000.0)
        .with("rentals", "cloud", "(chip: \"c\", site: \"home\", price_usd_per_chip_hour: 2.0, at_most: 500.0)")
        .grid("Tariff(energy_usd_per_mwh: 50.0, cap_mw: 60.0, demand_charge_usd_per_kw_month: 2.0, fixed_usd_per_month: 100.0, demand_charges: {\"day\": (usd_per_kw_month: 1.0, windows: [(from_hour: 8, until_hour: 20)])}, energy_charges: {\"blocks\": (tiers: [(up_to_mwh: 1000.0, usd_per_mwh: 1.0), (usd_per_mwh: 2.0)])}, minimum_bill: (contract_mw: 20.0, demand_fraction: 0.5, usd_per_month: 1000.0), interruptible: (from_hour: 0, until_hour: 24, cap_mw: 55.0, credit_usd_per_year: 10.0))")
        .with("contracts", "sun", "(site: \"home\", renewable: true, carbon_g_per_kwh: Series(id: \"flat\", mean: 10.0), terms: PayAsProduced(profile: \"flat\", price_usd_per_mwh: 40.0, contract_mw: UpTo(10.0), resale_usd_per_mwh: 5.0))")
        .with("contracts", "block", "(site: \"home\", terms: Baseload(price_usd_per_mwh: 60.0, contract_mw: UpTo(5.0), take_or_pay_fraction: 0.5))")
        .with("contracts", "river", "(site: \"home\", terms: Hydro(price_usd_per_mwh: 30.0, contract_mw: UpTo(5.0), gwh_per_year: 10.0))")
        .with("contracts", "gas", "(site: \"home\", terms: OnSite(fuel: Gas(usd_per_mwh_thermal: 10.0, efficiency_fraction: 0.4), mw: UpTo(5.0), capex_usd_per_kw: 800.0, om_usd_per_kw_year: 20.0, life_years: 20.0))")
        .with("contracts", "store", "(site: \"home\", terms: Battery(energy_mwh: UpTo(10.0), duration_hours: 4.0, capex_usd_per_kwh: 200.0, om_usd_per_kwh_year: 2.0, one_way_efficiency_fraction: 0.95))")
        .with("contracts", "paper", "(site: \"home\", terms: Virtual(profile: \"flat\", strike_usd_per_mwh: 45.0, reference_usd_per_mwh: 40.0, contract_mw: UpTo(5.0)))")
        .product("chat", "prompt_tokens: 100.0, answer_tokens: 100.0, cache_hit_fraction: 0.5, flexible_fraction: 0.1, shed_discount_usd_per_mtok: 0.1, utilisation_cap_fraction: 0.9, quality_weight: 1.0")
        .with("throughput", "c-chat", "(chip: \"c\", product: \"chat\", prefill_tok_per_s: 4000.0, decode_tok_per_s: 1000.0)")
        .with("markets", "near", "(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {\"chat\": (growth_factor_per_year: 1.2, price_factor_per_year: 0.9, segments: [(answer_gtok_per_day: 500.0, usd_per_mtok: (answer: 2.0, prompt: 0.5, cached_prompt: 0.1)), (answer_gtok_per_day: 500.0, usd_per_mtok: (answer: 0.1, prompt: 0.01, cached_prompt: 0.001))])})")
        .with("routes", "out", "(site: \"home\", market: \"near\", egress_usd_per_mtok: 0.02)")
        .with("purchases", "api", "(product: \"chat\", country: \"US\", usd_per_mtok: 3.0, at_most_gtok_per_day: 5.0)")
        .with("tasks", "none", "(market: \"near\", tasks_per_day: 0.0, pass_fraction: 0.0, answers: [(product: \"chat\", pass_fraction: 0.5, answer_tokens_per_task: 10.0)])")
        .with("policies", "price", "CarbonPrice(usd_per_t: 10.0)")
        .with("policies", "cap", "CarbonCap(kt_per_year: 900.0)")
        .with("policies", "water", "WaterCap(ml_per_year: 900.0)")
        .with("policies", "duty", "ImportDuty(site_country: \"US\", origin: \"TW\", rate_fraction: 0.1)")
        .with("policies", "help", "CapexSubsidy(site: \"home\", rate_fraction: 0.1)")
        .with("policies", "power", "PowerSubsidy(usd_per_mwh: 1.0)")
        .with("policies", "tokens", "TokenDuty(site_country: \"US\", market_country: \"US\", usd_per_mtok: 0.01)")
        .plan()
}

/// Every place of the plan that may be dated, with the number there.
fn places(plan: &Plan) -> Vec<(String, f64)> {
    let mut copy = plan.clone();
    let mut found = Vec::new();
    copy.each_steps(&mut Vec::new(), &mut |path, steps: &mut Steps| found.extend(steps.first().map(|number| (path.to_owned(), number))));
    found
}

/// The ways of dating a number: steps, a curve up to what the field bears, and both with a source.
fn ways(number: f64) -> [String; 3] {
    [
        format!("{{\"2027-01\": {number:?}, \"2028-01\": {:?}}}", number * 0.9),
        format!("Curve(from: {number:?}, factor_per_year: 0.9, floor: {:?})", number * 0.5),
        format!("Stated(value: Curve(from: {number:?}, half_life_years: 6.0), source: \"a survey\")"),
    ]
}

fn dated(plan: &Plan, places: &[(String, f64)], way: usize) -> Plan {
    let mut dated = plan.clone();
    for (path, number) in places {
        // Facility power below IT power is refused, so its share above one falls not at all.
        let text = if path.ends_with(".pue") { "{\"2027-01\": 1.2, \"2028-01\": 1.1}".to_owned() } else { ways(*number)[way].clone() };
        apply(&mut dated, &Edit::set(path.clone(), text.clone())).unwrap_or_else(|problem| panic!("{path} = {text}: {problem:?}"));
    }
    dated
}

fn errors(plan: &Plan) -> Vec<String> {
    let read = file::read_plan(&file::print(plan));
    assert_eq!(read.plan.as_ref(), Some(plan), "the text comes back as it was");
    let mut problems = read.diagnostics;
    if let Err(more) = Resolved::new(plan, Catalog::embedded(), &Series::default()) {
        problems.extend(more);
    }
    problems
        .into_iter()
        .filter(tokenworks::diagnostic::Diagnostic::is_error)
        .map(|problem| format!("{}: {}", problem.path, problem.message))
        .collect()
}

/// Everything the schema lets be dated is in this plan.
#[test]
fn every_dated_field_is_tried() {
    let plan = plan();
    let places = places(&plan);
    let last = |path: &str| path.rsplit('.').next().unwrap().to_owned();
    let tried: Vec<String> = places.iter().map(|(path, _)| last(path)).collect();
    let sample = file::read_plan(include_str!("../plans/every-field.ron")).plan.unwrap();
    let mut missing: Vec<String> =
        self::places(&sample).iter().map(|(path, _)| last(path)).filter(|field| !tried.contains(field)).collect();
    missing.sort();
    missing.dedup();
    // Every plan with a curve is solved a few times over; they are dated in `competition`.
    let of_curves = ["at_usd_per_mtok", "at_gtok_per_day", "highest_usd_per_mtok", "nobody_buys_at_usd_per_mtok", "free_gtok_per_day"];
    missing.retain(|field| !of_curves.contains(&field.as_str()));
    assert_eq!(missing, Vec::<String>::new());
    assert!(places.len() > 45, "{} places", places.len());
}

/// Place by place: it is read, checked, resolved; the text comes back; a path into it reads and writes.
#[test]
fn each_may_be_dated_alone() {
    let plan = plan();
    assert_eq!(errors(&plan), Vec::<String>::new());
    for place in &places(&plan) {
        for way in 0..3 {
            let dated = dated(&plan, std::slice::from_ref(place), way);
            assert_eq!(errors(&dated), Vec::<String>::new(), "{} in way {way}", place.0);
        }
        let steps = dated(&plan, std::slice::from_ref(place), 0);
        assert!(path::get(&steps, &format!("{}.2028-01", place.0)).is_some(), "{}", place.0);
        let mut curve = dated(&plan, std::slice::from_ref(place), 1);
        if !place.0.ends_with(".pue") {
            apply(&mut curve, &Edit::set_number(format!("{}.factor_per_year", place.0), 0.8))
                .unwrap_or_else(|problem| panic!("{}: {problem:?}", place.0));
        }
    }
}

fn solved(plan: &Plan) -> std::sync::Arc<Results> {
    let answer = study::answer(plan, &Series::default(), &Options { entry_prices: true, ranges: true, ..Options::default() });
    answer.results.unwrap_or_else(|| panic!("{:#?}", answer.problems))
}

/// All at once, in every way: solved with a certificate, compared, written in every form, and every input moved.
#[test]
fn all_may_be_dated_at_once() {
    let plan = plan();
    let places = places(&plan);
    let base = solved(&plan);
    for way in 0..3 {
        let dated = dated(&plan, &places, way);
        let results = solved(&dated);
        assert!(results.has_numbers() && results.certificate.checked, "way {way}: {:?}", results.status);
        assert!((results.kpis.npv_musd - base.kpis.npv_musd).abs() > 1e-3, "dates move the answer");
        let stated = state(&dated, &Series::default(), &Options::default()).unwrap();
        let input = ReportInput { results: &results, assumptions: &stated.resolved.assumptions, plan: Some(&dated), studies: &[] };
        let page = report::render(&input);
        assert!(page.contains("</html>") && !page.contains(">NaN"));
        assert!(!xlsx::render(&input).unwrap().is_empty());
        assert!(!text::render(&results).contains("NaN"));
        assert!(json::document(&results)["kpis"]["npv_musd"].as_f64().is_some());
        assert!(xlsx::tables(&tokenworks::export::lender_tables(&results)).is_ok());
        let effects = sensitivity(&dated, &Series::default(), &Options::default()).unwrap();
        let moved = |path: &str| {
            effects
                .iter()
                .find(|effect| effect.path == path)
                .unwrap_or_else(|| panic!("{path} is not moved: {:?}", effects.iter().map(|effect| &effect.path).collect::<Vec<_>>()))
        };
        moved("sites.home.buildable.h.capex_usd_per_w");
        for path in ["sites.home.pue", "contracts.grid.terms.energy_usd_per_mwh", "chips.c.capex_usd"] {
            let effect = moved(path);
            assert!(effect.first.iter().chain(&effect.cost_musd).any(|change| change.abs() > 1e-9), "{path} moves nothing: {effect:?}");
        }
        // Dearer chips cost more, cheaper ones less, whatever their dates.
        let chips = moved("chips.c.capex_usd");
        assert!(chips.cost_musd[0] < 0.0 && chips.cost_musd[1] > 0.0, "{chips:?}");
        // A step is another number in one place; the same plan with it differs there alone.
        let differences = tokenworks::plan::diff::differences(&plan, &dated);
        assert!(differences.len() >= places.len(), "{} of {}", differences.len(), places.len());
    }
}
