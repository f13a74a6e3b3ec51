//! The known mistakes of such optimisers, each with a plan in which it would show: the number that is
//! right, worked out by hand beside it, and what the mistake would give.

use std::sync::Arc;

use tokenworks::plan::file;
use tokenworks::resolved::Series;
use tokenworks::results::{Results, Status};
use tokenworks::study::{self, Options};

use crate::sketch::{HOURS, MEGASECONDS, Sketch, binding, chip, decode, market, near, phase, slices};

/// The tolerance of numbers worked out by hand.
const EXACT: f64 = 1e-9;

/// Four quarters of 2027 at no interest.
const QUARTERS: &str = "(start: \"2027-01\", period_months: 3, periods: 4, discount_rate_fraction: 0.0)";

/// A day of two blocks of 12 hours.
fn two_blocks(sketch: Sketch) -> Sketch {
    sketch.top("slices", &slices(12, "\"day\": (share_fraction: 1.0)"))
}

/// 1 MW of IT behind 1.5 MW at PUE 1.5, in a hall of 1 MW: everything fits, 1,000 chips of 1 kW.
/// PUE on the hall too, or twice on the meter, would leave 667.
#[test]
fn pue_twice() {
    let results = Sketch::new()
        .site("home", "interconnect_mw: 1.5, pue: 1.5, halls: {\"hall\": (it_mw: 1.0, cooling: Liquid)}")
        .fleet(5000.0)
        .grid("Tariff(energy_usd_per_mwh: 10.0)")
        .best();
    near(phase(&results, "tokens"), MEGASECONDS, EXACT);
    near(results.kpis.energy_gwh, 1.5 * HOURS * 1e-3, EXACT);
    near(phase(&results, "cost"), 15.0 * HOURS * 1e-6, EXACT);
}

/// Chips of 1 kW that idle at 0.4, of which 0.9 work: N chips draw 0.4 N + 0.6 · 0.9 N = 0.94 N kW.
/// Behind 0.94 MW stand 1,000 chips, 900 at work. Without idle power it would be all of 5,000.
#[test]
fn idle_power_ignored() {
    let results = Sketch::new()
        .site("home", "interconnect_mw: 0.94, pue: 1.0, halls: {\"hall\": (it_mw: 1000.0, cooling: Liquid)}")
        .with(
            "chips",
            "c",
            &chip(1.0, 1.0, 0.0, "")
                .replace("idle_fraction: 0.0", "idle_fraction: 0.4")
                .replace("availability_fraction: 1.0", "availability_fraction: 0.9"),
        )
        .fleet(5000.0)
        .best();
    near(phase(&results, "tokens"), 0.9 * MEGASECONDS, EXACT);
}

/// A promise that half the powered time stays free: 500 chips' work needs 1,000 powered, which draw
/// 0.4 · 1,000 + 0.6 · 500 = 700 kW. Headroom from switched-off chips would cost 500 kW.
#[test]
fn headroom_from_switched_off_chips() {
    let results = Sketch::new()
        .with("chips", "c", &chip(1.0, 1.0, 0.0, "").replace("idle_fraction: 0.0", "idle_fraction: 0.4"))
        .product("chat", "utilisation_cap_fraction: 0.5")
        .fleet(5000.0)
        .with("markets", "near", &market("chat", 0.5 * 3.6 * 24.0, 1.0, ""))
        .grid("Tariff(energy_usd_per_mwh: 100.0)")
        .best();
    near(phase(&results, "tokens"), 0.5 * MEGASECONDS, EXACT);
    near(phase(&results, "cost"), 0.7 * 100.0 * HOURS * 1e-6, EXACT);
}

/// Chips ordered at the start serve after 4 months, which are two quarters: 1,000 chips in the last
/// two quarters (92 days each).
#[test]
fn lead_time_ignored() {
    let results = Sketch::new()
        .top("horizon", QUARTERS)
        .with(
            "chips",
            "c",
            &chip(1.0, 1.0, 0.0, "supply_per_period: {\"2027-01\": 1000.0, \"2027-04\": 0.0}")
                .replace("lead_months: 0.0", "lead_months: 4.0"),
        )
        .best();
    near(phase(&results, "tokens"), MEGASECONDS * 184.0 / 365.0, EXACT);
    assert_eq!(results.fleet[0].in_service.iter().map(|count| count.round()).collect::<Vec<_>>(), [0.0, 0.0, 1000.0, 1000.0]);
    // An order that would arrive after the horizon is none.
    assert_eq!(results.fleet[0].orders.iter().map(|count| count.round()).collect::<Vec<_>>(), [1000.0, 0.0, 0.0, 0.0]);
}

/// 1 MW, from 1 April 2 MW: the second quarter has 2. A period late it would be 90 + 91 days of 1.
#[test]
fn interconnect_one_period_late() {
    let results = Sketch::new()
        .top("horizon", QUARTERS)
        .site(
            "home",
            "interconnect_mw: {\"2027-01\": 1.0, \"2027-04\": 2.0}, pue: 1.0, halls: {\"hall\": (it_mw: 1000.0, cooling: Liquid)}",
        )
        .fleet(5000.0)
        .best();
    near(phase(&results, "tokens"), MEGASECONDS * (90.0 + 2.0 * 275.0) / 365.0, EXACT);
    let of = |period: &str| {
        results.binding.iter().find(|binding| binding.path == "sites.home.interconnect_mw" && binding.period == period).unwrap()
    };
    near(of("2027Q1").limit, 1.0, EXACT);
    near(of("2027Q2").limit, 2.0, EXACT);
}

/// The first quarter has no summer day. Its plant stands still in summer: kept with a weight of zero,
/// that day would stop a flat market in the first quarter too.
#[test]
fn zero_weight_slices_kept() {
    let results = Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 3, periods: 1, discount_rate_fraction: 0.0)")
        .top("slices", &slices(24, "\"winter\": (months: [1, 2, 3, 10, 11, 12]), \"summer\": (months: [4, 5, 6, 7, 8, 9])"))
        .with("profiles", "wind", "PerDay({\"winter\": [1.0], \"summer\": [0.0]})")
        .fleet(1000.0)
        .grid("PayAsProduced(profile: \"wind\", price_usd_per_mwh: 10.0, contract_mw: Fixed(1.0))")
        .best();
    near(phase(&results, "tokens"), MEGASECONDS * 90.0 / 365.0, EXACT);
    assert_eq!(results.slices.iter().filter(|slice| slice.hours[0] > 0.0).count(), 1);
}

/// 3 MW of sun by day, none by night, 1 MW from the grid, and a flat market: 1 MW by night is 1 MW by
/// day. The mean of the sun would serve 2.5 MW.
#[test]
fn one_average_slice_instead_of_the_profile() {
    let results = two_blocks(Sketch::new())
        .with("profiles", "sun", "PerDay({\"day\": [1.0, 0.0]})")
        .fleet(5000.0)
        .grid("Tariff(energy_usd_per_mwh: 10.0, cap_mw: 1.0)")
        .with(
            "contracts",
            "sun",
            "(site: \"home\", terms: PayAsProduced(profile: \"sun\", price_usd_per_mwh: 5.0, contract_mw: Fixed(3.0)))",
        )
        .best();
    near(phase(&results, "tokens"), MEGASECONDS, EXACT);
}

/// The most tokens can be made by fleets at 100 $/MWh and at 1 $/MWh alike; the second phase takes the
/// cheap one: 1 MW · 1 $. After the first phase alone either may stand.
#[test]
fn stopping_after_phase_one() {
    let results = Sketch::new()
        .fleet(1000.0)
        .site("away", "interconnect_mw: 1000.0, pue: 1.0, halls: {\"hall\": (it_mw: 1000.0, cooling: Liquid)}")
        .with("fleets", "other", "(site: \"away\", chip: \"c\", count: 1000.0, in_service: \"2026-12\")")
        .with("contracts", "away-grid", "(site: \"away\", terms: Tariff(energy_usd_per_mwh: 1.0))")
        .grid("Tariff(energy_usd_per_mwh: 100.0)")
        .with("markets", "near", &market("chat", 3.6 * 24.0, 1.0, ""))
        .best();
    near(phase(&results, "tokens"), MEGASECONDS, EXACT);
    near(phase(&results, "cost"), HOURS * 1e-6, EXACT);
}

/// Market segments that can be sold alike, at 5, 1 and 3 $: what is made goes to the dearest.
fn segments(listed: &str) -> Sketch {
    Sketch::new().fleet(1000.0).with(
        "markets",
        "near",
        &format!("(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {{\"chat\": (segments: [{listed}])}})"),
    )
}

fn segment(usd: f64) -> String {
    format!("(answer_gtok_per_day: 86.4, usd_per_mtok: (answer: {usd:?}))")
}

/// Made is as much as one segment takes; it sells at 5 $, not at 1 $.
#[test]
fn arbitrary_segment_filling() {
    let results = segments(&[segment(5.0), segment(3.0), segment(1.0)].join(", ")).best();
    near(phase(&results, "revenue"), 5.0 * MEGASECONDS, EXACT);
    near(results.kpis.revenue_npv_musd, 5.0 * MEGASECONDS, EXACT);
}

/// A plan as it may stand while it is edited: answered although its check has something against it.
fn answered_all_the_same(sketch: &Sketch) -> Arc<Results> {
    let checked = file::read_plan(&sketch.text());
    assert!(
        checked.diagnostics.iter().any(|diagnostic| diagnostic.code == "segment-order" || diagnostic.path.contains("segments")),
        "{:#?}",
        checked.diagnostics
    );
    study::answer(&checked.plan.unwrap(), &Series::default(), &Options::default()).results.unwrap()
}

/// The same segments listed from the cheapest are an error of the plan; answered all the same they are
/// filled from the dearest.
#[test]
fn segments_in_the_wrong_order() {
    let results = answered_all_the_same(&segments(&[segment(1.0), segment(5.0), segment(3.0)].join(", ")));
    near(phase(&results, "revenue"), 5.0 * MEGASECONDS, EXACT);
    let sold: Vec<(f64, f64)> = results.sales.iter().map(|sale| (sale.usd_per_mtok[0], sale.sold_ttok[0].round())).collect();
    assert_eq!(sold, [(5.0, 32.0), (3.0, 0.0), (1.0, 0.0)]);
}

/// 1,000 chips at 1,000 $ a year, a hall of 2 MW at 1,000 $ per MW and year, a fee of 100 $ a month:
/// 1.0 + 0.002 + 0.0012 M$ a year, however many periods it is cut into.
#[test]
fn per_year_and_per_period_money_mixed() {
    for months in [1, 3, 6, 12] {
        let results = Sketch::new()
            .top(
                "horizon",
                &format!("(start: \"2027-01\", period_months: {months}, periods: {}, discount_rate_fraction: 0.0)", 12 / months),
            )
            .site("home", "interconnect_mw: 1000.0, pue: 1.0, om_usd_per_mw_year: 1000.0, halls: {\"hall\": (it_mw: 2.0, cooling: Liquid)}")
            .with("chips", "c", &chip(1.0, 1.0, 1000.0, ""))
            .fleet(1000.0)
            .grid("Tariff(energy_usd_per_mwh: 0.0, fixed_usd_per_month: 100.0)")
            .best();
        near(phase(&results, "cost"), 1.0032, EXACT);
    }
}

/// Chips bought for the first of two years: 1 M$ over 5 years at no interest is 0.2 M$ in both,
/// retired or not. Retiring saves the 0.1 M$ of O&M in the second, and no annuity.
#[test]
fn retiring_to_escape_the_annuity() {
    let results = Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 2, discount_rate_fraction: 0.0)")
        .with("chips", "c", &chip(1.0, 1000.0, 100.0, "supply_per_period: {\"2027-01\": 1000.0, \"2028-01\": 0.0}"))
        .with(
            "markets",
            "near",
            &market("chat", 86.4, 1.0, "")
                .replace("answer_gtok_per_day: 86.4", "answer_gtok_per_day: {\"2027-01\": 86.4, \"2028-01\": 0.0}"),
        )
        .best();
    assert!(results.fleet[0].in_service[1].abs() < 1e-6, "what stands idle is retired");
    near(phase(&results, "cost"), 0.2 + 0.2 + 0.1, EXACT);
}

/// 1 M$ of chips ordered in the last of three years costs one annuity at the end of that year,
/// crf(8 %, 5 a) / 1.08³ = 0.198820, not 1 M$; and never two.
#[test]
fn overnight_capex_without_annuity() {
    let results = Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 3, discount_rate_fraction: 0.08)")
        .with("chips", "c", &chip(1.0, 1000.0, 0.0, "supply_per_period: {\"2029-01\": 1000.0}"))
        .best();
    near(phase(&results, "cost"), 0.250_456_454_566_836_4 / 1.08_f64.powi(3), EXACT);
    near(results.kpis.capex_musd, 1.0, EXACT);
}

/// At −50 $/MWh by night, wasting power in a battery pays unless wear on both ways outweighs it:
/// 50 · (1 − 0.81) / (1 + 0.81) = 5.25 $/MWh. Below that the plan is refused; above it, the battery
/// never charges and discharges at once.
#[test]
fn battery_charging_and_discharging_at_once() {
    let with = |wear: f64| {
        two_blocks(Sketch::new())
            .with("profiles", "price", "PerDay({\"day\": [-50.0, 100.0]})")
            .fleet(1000.0)
            .grid("Tariff(energy_usd_per_mwh: Series(id: \"price\"))")
            .with("contracts", "battery", &format!("(site: \"home\", terms: Battery(energy_mwh: UpTo(0.0), existing_mwh: 12.0, duration_hours: 12.0, one_way_efficiency_fraction: 0.9, wear_usd_per_mwh: {wear:?}))"))
    };
    let refused = study::answer(&file::read_plan(&with(5.2).text()).plan.unwrap(), &Series::default(), &Options::default());
    assert!(refused.results.is_none());
    assert!(refused.problems.iter().any(|problem| problem.code == "battery-wear" && problem.is_error()), "{:#?}", refused.problems);
    let results = with(5.3).best();
    // 1 MW in by night at −50 + 5.3, 0.81 MW out by day at 5.3 − 100, for a load of 1 MW.
    let per_hour = 1.0 * -50.0 + 1.0 * 100.0 + (5.3 - 50.0) + 0.81 * (5.3 - 100.0);
    near(phase(&results, "cost"), 12.0 * 365.0 * per_hour * 1e-6, EXACT);
    let battery = results.contracts.iter().find(|contract| contract.id == "battery").unwrap();
    near(battery.draw_mw[0][0], -1.0, EXACT);
    near(battery.draw_mw[0][1], 0.81, EXACT);
}

/// 80 of 100 MW paid for at 70 $ in any case: a load of 60 MW and one of 80 MW cost the same 5,600 $ an
/// hour, though the spot price is 40 $; the 81st MW costs 40 $.
#[test]
fn take_or_pay_makes_marginal_energy_free() {
    let with = |mw: f64| {
        let results = Sketch::new()
            .fleet(mw * 1e3)
            .grid("Tariff(energy_usd_per_mwh: 40.0)")
            .with(
                "contracts",
                "block",
                "(site: \"home\", terms: Baseload(price_usd_per_mwh: 70.0, contract_mw: Fixed(100.0), take_or_pay_fraction: 0.8))",
            )
            .best();
        phase(&results, "cost") * 1e6 / HOURS
    };
    near(with(60.0), 5600.0, EXACT);
    near(with(80.0), 5600.0, EXACT);
    near(with(81.0), 5640.0, EXACT);
}

/// Surplus sold at 60 $ that was bought at 50 $: the plan trades power and is warned. 10 MW that run
/// all year earn 10 · 10 $ an hour, less the 60 $ that the load of 1 MW does not sell.
#[test]
fn resale_above_price() {
    let results = Sketch::new()
        .with("profiles", "flat", "PerDay({\"day\": [1.0]})")
        .fleet(1000.0)
        .grid("PayAsProduced(profile: \"flat\", price_usd_per_mwh: 50.0, contract_mw: UpTo(10.0), resale_usd_per_mwh: 60.0)")
        .best();
    assert!(results.warnings.iter().any(|warning| warning.code == "trades-power"), "{:#?}", results.warnings);
    near(phase(&results, "cost"), (-100.0 + 60.0) * HOURS * 1e-6, EXACT);
}

/// Three whole halls of 150 M$ leave 1,550 M$ for chips at 30 M$ a MW. Given these halls a further M$
/// is worth 1/30 MW; with divisible halls it would be 1/37.5.
#[test]
fn duals_of_an_integer_run() {
    let results = Sketch::new()
        .site("home", "interconnect_mw: 1000.0, pue: 1.0, buildable: {\"hall\": (it_mw: 20.0, capex_usd_per_w: 7.5, at_most: 100.0)}")
        .with("chips", "c", &chip(1.0, 30_000.0, 0.0, "supply_per_period: 1000000.0"))
        .top("budget", "(capex_musd_total: 2000.0)")
        .top("whole", "(halls: true, gap_fraction: 0.0)")
        .best();
    near(results.halls[0].orders[0], 3.0, EXACT);
    near(binding(&results, "budget.capex_musd_total").dual, MEGASECONDS / 30.0, EXACT);
}

/// A price of 100 $/MWh that rises by a real 2 % a year, discounted at a real 8 %, for 1 MW:
/// 8,760 · 100 · (1/1.08 + 1.02/1.08²). A nominal rate or price would leave one of the factors out.
#[test]
fn real_and_nominal_mixed() {
    let results = Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 2, discount_rate_fraction: 0.08)")
        .fleet(1000.0)
        .grid("Tariff(energy_usd_per_mwh: 100.0, escalation_fraction_per_year: 0.02)")
        .best();
    near(phase(&results, "cost"), HOURS * 100.0 * (1.0 / 1.08 + 1.02 / 1.08_f64.powi(2)) * 1e-6, EXACT);
}

/// Liquid-cooled chips need liquid halls at an oversubscribed site too: 1 MW of liquid halls holds what
/// 1,000 of them draw, whatever room there is in air-cooled halls.
#[test]
fn liquid_chips_in_air_halls_when_oversubscribed() {
    let results = Sketch::new()
        .site("home", "interconnect_mw: 1000.0, pue: 1.0, oversubscribed: true, halls: {\"air\": (it_mw: 50.0, cooling: Air), \"liquid\": (it_mw: 1.0, cooling: Liquid)}")
        .fleet(5000.0)
        .best();
    near(phase(&results, "tokens"), MEGASECONDS, EXACT);
    // Air-cooled chips may stand in both: 51 MW.
    let air = Sketch::new()
        .site("home", "interconnect_mw: 1000.0, pue: 1.0, oversubscribed: true, halls: {\"air\": (it_mw: 50.0, cooling: Air), \"liquid\": (it_mw: 1.0, cooling: Liquid)}")
        .with("chips", "c", &chip(1.0, 1.0, 0.0, "").replace("Liquid", "Air"))
        .fleet(100_000.0)
        .best();
    near(phase(&air, "tokens"), 51.0 * MEGASECONDS, EXACT);
}

/// A carbon price that begins only in the second year has no value in the first: an error, like any
/// price; a cap that begins then is zero before, like any limit.
#[test]
fn steps_that_begin_late() {
    let years = "(start: \"2027-01\", period_months: 12, periods: 2, discount_rate_fraction: 0.0)";
    let plan = |policy: &str| {
        Sketch::new()
            .top("horizon", years)
            .fleet(1000.0)
            .with("contracts", "grid", "(site: \"home\", carbon_g_per_kwh: 100.0, terms: Tariff(energy_usd_per_mwh: 1.0))")
            .with("policies", "rule", policy)
    };
    let priced = study::answer(
        &file::read_plan(&plan("CarbonPrice(usd_per_t: {\"2028-01\": 10.0})").text()).plan.unwrap(),
        &Series::default(),
        &Options::default(),
    );
    assert!(priced.results.is_none());
    assert!(priced.problems.iter().any(|problem| problem.path == "policies.rule.usd_per_t"), "{:#?}", priced.problems);
    // 1 MW · 8,760 h · 0.1 t: 0.876 kt a year.
    let capped = plan("CarbonCap(kt_per_year: {\"2028-01\": 0.438})").answer();
    assert_eq!(capped.status, Status::Optimal);
    near(phase(&capped, "tokens"), 0.5 * MEGASECONDS, EXACT);
    let taxed = plan("CarbonPrice(usd_per_t: {\"2027-01\": 0.0, \"2028-01\": 10.0})").best();
    near(phase(&taxed, "cost"), 2.0 * HOURS * 1e-6 + 0.876 * 10.0 * 1e-3, EXACT);
}

/// Chips of two kinds, one of which only answers: prompts may be prefilled on the other.
/// 5 answer tok/s on A (no prefill), 40 prompt tok/s on B (no answers), 4 prompts to an answer:
/// 90 chips split as 60 A and 30 B would be best; with 45 of each B's are short of work: 225 from A
/// need 900 prompts of B's 1,800. Pooled instead, neither could make anything.
#[test]
fn prefill_on_another_chip() {
    let results = Sketch::new()
        .product("chat", "utilisation_cap_fraction: 1.0, prompt_tokens: 4.0, answer_tokens: 1.0")
        .with("chips", "d", &chip(1.0, 1.0, 0.0, ""))
        .fleet(45_000.0)
        .with("fleets", "other", "(site: \"home\", chip: \"d\", count: 45000.0, in_service: \"2026-12\")")
        .with("throughput", "c-chat", &decode("c", "chat", 5000.0))
        .with("throughput", "d-chat", "(chip: \"d\", product: \"chat\", prefill_tok_per_s: 40000.0, decode_tok_per_s: 0.0)")
        .best();
    near(phase(&results, "tokens"), 225.0 * MEGASECONDS, EXACT);
}

/// Demand that grows fourfold a year is twofold half a year on: 181 days of 10 Gtok and 184 days of 20,
/// each token with its prompts: 2 + 3 · (0.5 · 0.4 + 0.5 · 0.1) = 2.75 $.
#[test]
fn growth_and_prices_with_prompts() {
    let results = Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 6, periods: 2, discount_rate_fraction: 0.0)")
        .product("chat", "utilisation_cap_fraction: 1.0, prompt_tokens: 3.0, answer_tokens: 1.0, cache_hit_fraction: 0.5, disaggregated: false")
        .fleet(500_000.0)
        .with("throughput", "c-chat", "(chip: \"c\", product: \"chat\", prefill_tok_per_s: 1500.0, decode_tok_per_s: 1000.0)")
        .with("markets", "near", "(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {\"chat\": (growth_factor_per_year: 4.0, segments: [(answer_gtok_per_day: 10.0, usd_per_mtok: (answer: 2.0, prompt: 0.4, cached_prompt: 0.1))])})")
        .best();
    let tokens = (181.0 * 10.0 + 184.0 * 20.0) * 1e-3;
    near(phase(&results, "tokens"), tokens, EXACT);
    near(phase(&results, "revenue"), 2.75 * tokens, EXACT);
}

/// The worth of a segment's volume stands at its place in the plan, however the segments are sorted:
/// only the 3 $ segment is too small, and it is the second one written.
#[test]
fn worth_of_a_segment_listed_out_of_order() {
    let listed = [segment(1.0), segment(3.0).replace("86.4", "8.64")].join(", ");
    let results = answered_all_the_same(&segments(&listed).top("objective", "[MaxNpv]"));
    // 8.64 Gtok a day at 3 $ and 77.76 at 1 $; one more a day at 3 $ takes the place of one at 1 $.
    near(phase(&results, "npv"), (8.64 * 3.0 + 77.76) * 0.365, EXACT);
    near(binding(&results, "markets.near.demand.chat.segments.1.answer_gtok_per_day").dual, 2.0 * 0.365, EXACT);
}

/// With `scope: Site` the export share holds at each site (without, for the country as a whole, which
/// it once did not): one site of 100 that reaches only markets abroad exports nothing,
/// though another one serves 100 at home.
#[test]
fn export_share_of_each_site() {
    let results = Sketch::new()
        .fleet(1000.0)
        .site("away", "interconnect_mw: 1000.0, pue: 1.0, halls: {\"hall\": (it_mw: 1000.0, cooling: Liquid)}")
        .with("fleets", "other", "(site: \"away\", chip: \"c\", count: 1000.0, in_service: \"2026-12\")")
        .with("contracts", "away-grid", "(site: \"away\", terms: Tariff(energy_usd_per_mwh: 1.0))")
        .with("markets", "abroad", &market("chat", 1e6, 1.0, "").replace("US", "DE"))
        .with("routes", "far", "(site: \"away\", market: \"near\", banned: true)")
        .with("routes", "near", "(site: \"home\", market: \"abroad\", banned: true)")
        .with("policies", "export", "ExportShare(site_country: \"US\", maximum_fraction: 0.5, scope: Site)")
        .best();
    near(phase(&results, "tokens"), MEGASECONDS, EXACT);
}

/// A programme from January to May holds one whole quarter: its window ends, and the product it unlocks
/// is sold, on 1 April: 275 days.
#[test]
fn product_before_its_training_has_ended() {
    let results = Sketch::new()
        .top("horizon", QUARTERS)
        .with("chips", "c", &chip(1.0, 1.0, 0.0, "dense_bf16_tflops: 1000.0"))
        .fleet(1000.0)
        .with("training", "next", "(from: \"2027-01\", until: \"2027-05\", need: Zflop(100.0), rhythm: Rigid, unlocks: [\"chat\"])")
        .best();
    near(phase(&results, "tokens"), MEGASECONDS * 275.0 / 365.0, EXACT);
}

/// A free surplus of renewable power and a share of it that must be kept. Losses in a battery once counted
/// as renewable draw, and a battery without wear burned them to let more of the grid in; now they are taken
/// off the share. By day L + c of sun, by night 0.64 c from the battery: L + 0.64 c ≥ 0.6 · 2 L, and 12
/// hours of 0.8 c fill 1 MWh: L = 3.2/9.6 = 1/3 MW, and nothing is gained by burning.
#[test]
fn a_battery_does_not_burn_free_surplus() {
    let results = Sketch::new()
        .site("home", "interconnect_mw: 1000.0, pue: 1.0, halls: {\"hall\": (it_mw: 1000.0, cooling: Liquid)}")
        .fleet(10_000.0)
        .top("slices", &slices(12, "\"day\": (share_fraction: 1.0)"))
        .with("profiles", "morning", "PerHour([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])")
        .with("contracts", "sun", "(site: \"home\", renewable: true, terms: PayAsProduced(profile: \"morning\", price_usd_per_mwh: 1.0, contract_mw: Fixed(16.0)))")
        .with("contracts", "store", "(site: \"home\", terms: Battery(energy_mwh: Fixed(1.0), duration_hours: 0.1, capex_usd_per_kwh: 1.0, one_way_efficiency_fraction: 0.8, wear_usd_per_mwh: 0.0, lead_months: 0.0, life_years: 10.0))")
        .with("policies", "green", "RenewableShare(minimum_fraction: 0.6)")
        .best();
    near(phase(&results, "tokens"), MEGASECONDS / 3.0, EXACT);
}

/// A licence by performance density and memory bandwidth beside the plain threshold: of three chips
/// below the threshold one is dense, one has fast memory, and the third may stand in any number.
#[test]
fn licence_by_more_than_one_threshold() {
    let restricted = |c: &str| chip(1.0, 1.0, 0.0, &format!("origin: \"TW\", {c}"));
    let plan = |c: &str| {
        Sketch::new().with("chips", "c", &restricted(c)).fleet(5000.0).with(
            "policies",
            "licence",
            "ChipLicence(site_country: \"US\", tpp_at_least: 4800, further_classes: [(tpp_at_least: 1600, performance_density_at_least: 5.92), \
             (memory_tb_per_s_at_least: 6.5)], at_most: 1000)",
        )
    };
    let free = 5.0 * MEGASECONDS;
    for (numbers, tokens) in [
        ("tpp: 4800, performance_density: 1, memory_tb_per_s: 1", MEGASECONDS),
        ("tpp: 1600, performance_density: 5.92, memory_tb_per_s: 1", MEGASECONDS),
        ("tpp: 1599, performance_density: 9, memory_tb_per_s: 6.5", MEGASECONDS),
        ("tpp: 1599, performance_density: 9, memory_tb_per_s: 6.4", free),
        ("tpp: 4799, performance_density: 5.9, memory_tb_per_s: 6.4", free),
    ] {
        near(phase(&plan(numbers).best(), "tokens"), tokens, EXACT);
    }
    // A number that a class asks for and nobody has given is an error, not a way through.
    let problems = study::state(&plan("tpp: 2000, memory_tb_per_s: 1").plan(), &Series::default(), &Options::default()).unwrap_err();
    assert!(
        problems.iter().any(|problem| problem.code == "missing-number" && problem.path == "policies.licence.further_classes.0"),
        "{problems:#?}"
    );
}
