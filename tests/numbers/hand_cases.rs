//! The hand-checkable cases of the formulation as plans, whole way from the plan's text to results.
//!
//! One-hour slices are written as blocks of 12 or 6 hours: a case's MWh times the block's hours and
//! the days of the year are the plan's. A rack of the case is a chip of as many kW; 1 Mtok/s all year
//! is 31.536 Ttok.

use tokenworks::results::Status;

use crate::sketch::{HOURS, MEGASECONDS, Sketch, binding, chip, decode, market, near, phase, slices};

/// The tolerance of the cases.
const EXACT: f64 = 1e-9;
/// Days of the year.
const DAYS: f64 = 365.0;

/// 130 kW a rack behind 13,000 kW, 2 Mtok/s a rack: 200 Mtok/s, 2/130 a kW.
#[test]
fn power_bound() {
    let results = Sketch::new()
        .site("home", "interconnect_mw: 13.0, pue: 1.0, halls: {\"hall\": (it_mw: 1000.0, cooling: Liquid)}")
        .with("chips", "c", &chip(130.0, 1.0, 0.0, "supply_per_period: 1000.0"))
        .with("throughput", "c-chat", &decode("c", "chat", 2e6))
        .best();
    near(phase(&results, "tokens"), 200.0 * MEGASECONDS, EXACT);
    near(results.fleet[0].in_service[0], 100.0, EXACT);
    let worth = binding(&results, "sites.home.interconnect_mw");
    // Per MW, not kW.
    near(worth.dual, 1000.0 * 2.0 / 130.0 * MEGASECONDS, EXACT);
    assert_eq!(worth.unit, "Ttok per MW");
}

/// Two chips A and B (M$, kW, Mtok/s), a budget in M$ and a connection in MW.
fn two_chips(a: (f64, f64, f64), b: (f64, f64, f64), budget: f64, mw: f64) -> Sketch {
    Sketch::new()
        .site("home", &format!("interconnect_mw: {mw:?}, pue: 1.0, halls: {{\"hall\": (it_mw: 1000.0, cooling: Liquid)}}"))
        .without("chips", "c")
        .without("throughput", "c-chat")
        .with("chips", "a", &chip(a.1, a.0 * 1e6, 0.0, "supply_per_period: 1000.0"))
        .with("chips", "b", &chip(b.1, b.0 * 1e6, 0.0, "supply_per_period: 1000.0"))
        .with("throughput", "a-chat", &decode("a", "chat", a.2 * 1e6))
        .with("throughput", "b-chat", &decode("b", "chat", b.2 * 1e6))
        .top("budget", &format!("(capex_musd_total: {budget:?})"))
}

/// A 3 M$, 120 kW, 10; B 1.2 M$, 60 kW, 3; 30 M$: 100, worth 10/3 a M$.
#[test]
fn two_chips_and_a_budget() {
    let results = two_chips((3.0, 120.0, 10.0), (1.2, 60.0, 3.0), 30.0, 1000.0).best();
    near(phase(&results, "tokens"), 100.0 * MEGASECONDS, EXACT);
    near(results.fleet[0].in_service[0], 10.0, EXACT);
    assert!(results.fleet[1].in_service[0].abs() < 1e-6, "B is dearer by the token");
    near(binding(&results, "budget.capex_musd_total").dual, 10.0 / 3.0 * MEGASECONDS, EXACT);
    assert!(results.binding.iter().all(|binding| binding.path != "sites.home.interconnect_mw"));
}

/// A 4 M$, 100 kW, 10; B 1 M$, 50 kW, 3.5; 40 M$ and 1,500 kW: A 5, B 20, 120 in all.
#[test]
fn budget_and_power_both_bind() {
    let at = |budget: f64, mw: f64| two_chips((4.0, 100.0, 10.0), (1.0, 50.0, 3.5), budget, mw).best();
    let tokens = |budget: f64, mw: f64| phase(&at(budget, mw), "tokens") / MEGASECONDS;
    let results = at(40.0, 1.5);
    near(phase(&results, "tokens"), 120.0 * MEGASECONDS, EXACT);
    near(results.fleet[0].in_service[0], 5.0, EXACT);
    near(results.fleet[1].in_service[0], 20.0, EXACT);
    near(binding(&results, "budget.capex_musd_total").dual, 1.5 * MEGASECONDS, EXACT);
    near(binding(&results, "sites.home.interconnect_mw").dual, 1000.0 * 0.04 * MEGASECONDS, EXACT);
    // 1.5 a M$ holds from 30 to 60 M$; below it is 3.5, above nothing.
    near(tokens(30.0, 1.5), 105.0, EXACT);
    near(tokens(60.0, 1.5), 150.0, EXACT);
    near(tokens(61.0, 1.5), 150.0, EXACT);
    near(tokens(29.0, 1.5), 101.5, EXACT);
    near(tokens(40.0, 1.501), 120.04, EXACT);
}

/// A load of `mw` all day at `home`, by as many thousand chips of 1 kW that stand there.
fn flat_load(mw: f64) -> Sketch {
    Sketch::new().fleet(mw * 1e3).with("markets", "near", &market("chat", mw * 3.6 * 24.0, 1.0, ""))
}

/// 10 MW for two hours at 20 and 100 $/MWh with a battery of 5 MW and 8 MWh, 0.9 each way: 895 $.
#[test]
fn battery() {
    let case = flat_load(10.0)
        .top("slices", &slices(12, "\"day\": (share_fraction: 1.0)"))
        .with("profiles", "price", "PerDay({\"day\": [20.0, 100.0]})")
        .grid("Tariff(energy_usd_per_mwh: Series(id: \"price\"))");
    near(phase(&case.best(), "cost"), 12.0 * DAYS * 1200.0 * 1e-6, EXACT);
    // 8 MWh in blocks of 12 hours are 96, and 5 MW of it last 19.2 hours.
    let battery =
        "Battery(energy_mwh: UpTo(0.0), existing_mwh: 96.0, duration_hours: 19.2, one_way_efficiency_fraction: 0.9, wear_usd_per_mwh: 0.0)";
    let results = case.with("contracts", "battery", &format!("(site: \"home\", terms: {battery})")).best();
    near(phase(&results, "cost"), 12.0 * DAYS * 895.0 * 1e-6, EXACT);
    let battery = results.contracts.iter().find(|contract| contract.id == "battery").unwrap();
    // 5 MW in, 5 · 0.81 MW out.
    near(battery.draw_mw[0][0], -5.0, EXACT);
    near(battery.draw_mw[0][1], 4.05, EXACT);
}

/// 32 MWh over 4 hours at 50, 50, 10, 10 $/MWh, at most 12 MW, 30 $ a MW of peak: peak 12, 1,000 $;
/// at 100 $ a MW flat 8 MW, 1,760 $.
#[test]
fn demand_charge() {
    let at = |usd_per_mw: f64| {
        // A year of days of blocks of 6 hours: 6 · 365 times the case, the charge in 12 months.
        let usd_per_kw_month = 6.0 * DAYS * usd_per_mw / 12.0 / 1000.0;
        Sketch::new()
            .fleet(12_000.0)
            .top("slices", &slices(6, "\"day\": (share_fraction: 1.0)"))
            .with("profiles", "price", "PerDay({\"day\": [50.0, 50.0, 10.0, 10.0]})")
            .product("chat", "urgency: WithinDay")
            .with("markets", "near", &market("chat", 32.0 * 6.0 * 3.6, 1.0, ""))
            .grid(&format!("Tariff(energy_usd_per_mwh: Series(id: \"price\"), demand_charge_usd_per_kw_month: {usd_per_kw_month:?})"))
            .best()
    };
    let steep = at(30.0);
    near(phase(&steep, "cost"), 6.0 * DAYS * 1000.0 * 1e-6, EXACT);
    near(steep.contracts[0].peak_mw[0], 12.0, EXACT);
    let flat = at(100.0);
    near(phase(&flat, "cost"), 6.0 * DAYS * 1760.0 * 1e-6, EXACT);
    near(flat.contracts[0].peak_mw[0], 8.0, EXACT);
}

/// 60 MW all year beside a grid at 20 $/MWh from January and 100 $ from July, and a river of 60 MW and
/// 100 GWh a year at 30 $: all its water is kept for the second half. 181 days: 260.64 GWh at 20 $ are
/// 5.2128 M$; 184 days: 100 GWh at 30 $ and 164.96 at 100 $ are 3 + 16.496 M$. In all 24.7088 M$; a GWh
/// more saves 70,000 $. With 60 MW it gives at most 264.96 GWh in the second half: water for 300 leaves
/// 35.04 GWh, which are dearer than the grid in the first half.
#[test]
fn hydro() {
    let at = |gwh: f64| {
        flat_load(60.0)
            .top("horizon", "(start: \"2027-01\", period_months: 6, periods: 2, discount_rate_fraction: 0.0)")
            .grid("Tariff(energy_usd_per_mwh: {\"2027-01\": 20.0, \"2027-07\": 100.0})")
            .with(
                "contracts",
                "river",
                &format!("(site: \"home\", terms: Hydro(price_usd_per_mwh: 30.0, contract_mw: Fixed(60.0), gwh_per_year: {gwh:?}))"),
            )
    };
    let worth = at(100.0).top("objective", "[MaxNpv]").best();
    near(binding(&worth, "contracts.river.terms.gwh_per_year").dual, 0.07, EXACT);
    let dry = at(100.0).best();
    near(phase(&dry, "cost"), 24.7088, EXACT);
    let river = dry.contracts.iter().find(|contract| contract.id == "river").unwrap();
    near(river.energy_gwh[0], 0.0, EXACT);
    near(river.energy_gwh[1], 100.0, EXACT);
    let wet = at(300.0).best();
    near(phase(&wet, "cost"), 5.2128 + 264.96 * 0.03, EXACT);
}

/// A load of 60 MWh, a block of up to 100 of which 80 are paid for at 70 $, spot at 40 $: 5,600 $.
#[test]
fn take_or_pay() {
    let baseload = "Baseload(price_usd_per_mwh: 70.0, contract_mw: Fixed(100.0), take_or_pay_fraction: 0.8)";
    let results = flat_load(60.0)
        .grid("Tariff(energy_usd_per_mwh: 40.0)")
        .with("contracts", "block", &format!("(site: \"home\", terms: {baseload})"))
        .best();
    near(phase(&results, "cost"), HOURS * 5600.0 * 1e-6, EXACT);
}

/// 100 MWh at 30 $ and 100 at 90 $, a fleet of 80: 80 tokens, 2,400 $ at ε = 0, 2,399.9976 at 1e-6.
#[test]
fn lexicographic() {
    let case = |tolerance: &str| {
        Sketch::new()
            .fleet(80_000.0)
            .top("tolerance_fraction", tolerance)
            .grid("Tariff(energy_usd_per_mwh: 30.0, cap_mw: 100.0)")
            .with("contracts", "dear", "(site: \"home\", terms: Tariff(energy_usd_per_mwh: 90.0, cap_mw: 100.0))")
            .best()
    };
    let strict = case("0.0");
    near(phase(&strict, "tokens"), 80.0 * MEGASECONDS, EXACT);
    near(phase(&strict, "cost"), HOURS * 2400.0 * 1e-6, EXACT);
    near(phase(&case("1e-6"), "cost"), HOURS * 2399.9976 * 1e-6, EXACT);
}

/// 100 M$ overnight, 5 years of life, 3 years of horizon, 8 %: 64.54505745 M$, whatever the periods.
#[test]
fn annuity() {
    for months in [3, 6, 12] {
        let results = Sketch::new()
            .top(
                "horizon",
                &format!("(start: \"2027-01\", period_months: {months}, periods: {}, discount_rate_fraction: 0.08)", 36 / months),
            )
            .with("chips", "c", &chip(1.0, 1000.0, 0.0, "supply_per_period: 100000.0"))
            .with("markets", "near", &market("chat", 100.0 * 3.6 * 24.0, 1.0, ""))
            .best();
        near(results.kpis.capex_musd, 100.0, EXACT);
        near(phase(&results, "cost"), 64.545_057_45, 1e-9);
        let crf: f64 = 0.250_456_454_566_836_4;
        near(phase(&results, "cost"), 100.0 * crf * (1.0 / 1.08 + 1.0 / 1.08_f64.powi(2) + 1.0 / 1.08_f64.powi(3)), EXACT);
    }
}

/// IT loads of 80 and 100 MW at PUE 1.1 and 1.3, one hour each: 218 MWh.
#[test]
fn pue_by_slice() {
    let results = Sketch::new()
        .fleet(100_000.0)
        .top("slices", &slices(12, "\"day\": (share_fraction: 1.0)"))
        .with("profiles", "pue", "PerDay({\"day\": [1.1, 1.3]})")
        .with("profiles", "load", "PerDay({\"day\": [80.0, 100.0]})")
        .site("home", "interconnect_mw: 1000.0, pue: Series(id: \"pue\"), halls: {\"hall\": (it_mw: 1000.0, cooling: Liquid)}")
        .with("markets", "near", &market("chat", 12.0 * 180.0 * 3.6, 1.0, "local_time: \"load\","))
        .grid("Tariff(energy_usd_per_mwh: 1.0)")
        .best();
    near(results.kpis.energy_gwh, 12.0 * DAYS * 218.0 * 1e-3, EXACT);
    near(phase(&results, "cost"), 12.0 * DAYS * 218.0 * 1e-6, EXACT);
    near(results.power[0].it_mw[0][0], 80.0, EXACT);
    near(results.power[0].load_mw[0][1], 130.0, EXACT);
}

/// Fixed 1,000 $, 50 $/MWh, 4 tokens a MWh, 100 MWh: 15 $ a token.
#[test]
fn cost_per_token() {
    // 4 Mtok a MWh: 1000/3.6 chips of 3.6 kW for an hour at 4 tok/s.
    let fixed_per_month = 1000.0 * HOURS / 12.0;
    let results = Sketch::new()
        .with("chips", "c", &chip(3.6, 1.0, 0.0, ""))
        .fleet(1e6)
        .site("home", "interconnect_mw: 1000.0, pue: 1.0, halls: {\"hall\": (it_mw: 10000.0, cooling: Liquid)}")
        .with("throughput", "c-chat", &decode("c", "chat", 4.0))
        .grid(&format!("Tariff(energy_usd_per_mwh: 50.0, cap_mw: 100.0, fixed_usd_per_month: {fixed_per_month:?})"))
        .top("objective", "[MinCostPerToken(0.5)]")
        .best();
    near(phase(&results, "cost_per_token"), 15.0, EXACT);
    near(results.kpis.answer_tokens_ttok, 400.0 * HOURS * 1e-6, EXACT);
}

/// 300 tokens wanted, 100 units that make 2 each: the target must fall by 100.
#[test]
fn elastic() {
    let rate = 2e12 / (MEGASECONDS * 1e6);
    let results = Sketch::new()
        .fleet(100.0)
        .with("throughput", "c-chat", &decode("c", "chat", rate))
        .top("objective", "[MinCostForTtok(300.0)]")
        .answer();
    assert_eq!(results.status, Status::Infeasible);
    assert_eq!(results.conflict.len(), 1, "{:#?}", results.conflict);
    let give = &results.conflict[0];
    assert!(give.path.starts_with("objective.0"), "{give:?}");
    near(give.give, -100.0, EXACT);
}

/// Halls of 20 MW at 150 M$ and chips for 30 M$ a MW out of 2,000 M$: 53.3333 MW, with whole halls 51.6667 MW.
#[test]
fn integer_halls() {
    let case = |whole: &str| {
        Sketch::new()
            .site("home", "interconnect_mw: 1000.0, pue: 1.0, buildable: {\"hall\": (it_mw: 20.0, capex_usd_per_w: 7.5, at_most: 100.0)}")
            .with("chips", "c", &chip(1.0, 30_000.0, 0.0, "supply_per_period: 1000000.0"))
            .top("budget", "(capex_musd_total: 2000.0)")
            .top("whole", whole)
            .best()
    };
    let made = |mw: f64| mw * MEGASECONDS;
    near(phase(&case("()"), "tokens"), made(2000.0 / 37.5), EXACT);
    let whole = case("(halls: true, gap_fraction: 0.0)");
    near(phase(&whole, "tokens"), made(1550.0 / 30.0), EXACT);
    near(whole.halls[0].orders[0], 3.0, EXACT);
}

/// 90 racks of 40 prompt or 5 answer tokens a second, 4 prompt tokens to an answer token: 300.
#[test]
fn prefill_and_decode() {
    let both = "(chip: \"c\", product: \"chat\", prefill_tok_per_s: 40000.0, decode_tok_per_s: 5000.0)";
    let one = Sketch::new().product("chat", "utilisation_cap_fraction: 1.0, prompt_tokens: 4.0, answer_tokens: 1.0").fleet(90_000.0).with(
        "throughput",
        "c-chat",
        both,
    );
    let made = 300.0 * MEGASECONDS;
    near(phase(&one.best(), "tokens"), made, EXACT);
    // The same chips under two names share prefill and decode as suits them, and come to the same.
    let two = one
        .fleet(45_000.0)
        .with("chips", "d", &chip(1.0, 1.0, 0.0, ""))
        .with("fleets", "other", "(site: \"home\", chip: \"d\", count: 45000.0, in_service: \"2026-12\")")
        .with("throughput", "d-chat", &both.replace("\"c\"", "\"d\""));
    near(phase(&two.best(), "tokens"), made, EXACT);
    // Half of it cached: 2 prompt tokens to an answer, 1 / (1/5 + 2/40) · 90 = 360.
    let cached = two.product("chat", "utilisation_cap_fraction: 1.0, prompt_tokens: 4.0, answer_tokens: 1.0, cache_hit_fraction: 0.5");
    near(phase(&cached.best(), "tokens"), made * 1.2, EXACT);
}

/// Exports at most half, 40 wanted at home, capacity 100, prices 2 and 3: 200.
#[test]
fn export_share() {
    // 1 Gtok a day for each unit.
    let rate = 1e9 / 86_400.0 / 1000.0;
    let results = Sketch::new()
        .fleet(100_000.0)
        .with("throughput", "c-chat", &decode("c", "chat", rate))
        .with("markets", "near", &market("chat", 40.0, 2.0, ""))
        .with("markets", "abroad", &market("chat", 1000.0, 3.0, "").replace("US", "DE"))
        .with("policies", "export", "ExportShare(site_country: \"US\", maximum_fraction: 0.5)")
        .best();
    near(phase(&results, "tokens"), 80.0 * DAYS * 1e-3, EXACT);
    near(phase(&results, "revenue"), 200.0 * DAYS * 1e-3, EXACT);
}

/// Mélange's published example: rates 6, 3, 15, 6 of four kinds of requests; an A10G does 2, 1, 5, 2
/// for 1.01 $/h, an A100 20, 20, 40, 20 for 3.67 $/h. LP 4.12875 $/h, whole chips 4.68 $/h.
#[test]
fn chip_mix() {
    let case = |owned: bool, whole: &str| {
        // A chip of the example is a rack of 1,000. Its price is paid as O&M, which a share of a rack may
        // be spared by retiring it, or as an annuity at no interest, which is due on whole racks.
        let rack = |usd: f64| {
            let (capex, om) = if owned { (usd * HOURS * 5.0, 0.0) } else { (0.0, usd * HOURS) };
            chip(1.0, capex, om, "supply_per_period: 1000000.0").replace("chips_per_rack: 1.0", "chips_per_rack: 1000.0")
        };
        let mut sketch = Sketch::new()
            .without("chips", "c")
            .without("throughput", "c-chat")
            .without("products", "chat")
            .with("chips", "a10g", &rack(1.01))
            .with("chips", "a100", &rack(3.67))
            .top("whole", whole);
        let mut demand = String::new();
        for (kind, wanted, a10g, a100) in [("p", 6.0, 2.0, 20.0), ("q", 3.0, 1.0, 20.0), ("r", 15.0, 5.0, 40.0), ("s", 6.0, 2.0, 20.0)] {
            // 1 of the example is 1 Mtok/s: a rack of 1,000 at 1,000 tok/s.
            demand += &format!("{kind:?}: (segments: [(answer_gtok_per_day: {:?}, usd_per_mtok: (answer: 1.0))]), ", wanted * 86.4);
            sketch = sketch
                .product(kind, "utilisation_cap_fraction: 1.0")
                .with("throughput", &format!("a10g-{kind}"), &decode("a10g", kind, a10g * 1000.0))
                .with("throughput", &format!("a100-{kind}"), &decode("a100", kind, a100 * 1000.0));
        }
        sketch.with("markets", "near", &format!("(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {{{demand}}})")).best()
    };
    for owned in [false, true] {
        let divisible = case(owned, "()");
        near(phase(&divisible, "tokens"), 30.0 * MEGASECONDS, EXACT);
        near(phase(&divisible, "cost"), 4.12875 * HOURS * 1e-3, EXACT);
    }
    let whole = case(true, "(racks: true, gap_fraction: 0.0)");
    near(phase(&whole, "tokens"), 30.0 * MEGASECONDS, EXACT);
    near(phase(&whole, "cost"), 4.68 * HOURS * 1e-3, EXACT);
}

/// A year of all 8,760 hours, from plan to answer: 1,000 chips of 1 kW work in every one of them, under
/// a tariff whose hourly price has a mean of 50 $/MWh. 1 MW for a year is 31.536 Ttok and 438,000 $.
#[test]
fn a_year_by_the_hour() {
    let results = Sketch::new()
        .top("slices", "Hourly")
        .with("profiles", "price", "Catalog(\"pjm-price\")")
        .fleet(1000.0)
        .grid("Tariff(energy_usd_per_mwh: Series(id: \"price\", mean: 50.0))")
        .best();
    assert_eq!(results.slices.len(), 8760);
    near(phase(&results, "tokens"), MEGASECONDS, 1e-9);
    near(phase(&results, "cost"), 50.0 * HOURS * 1e-6, 1e-6);
    near(results.kpis.energy_gwh, HOURS * 1e-3, 1e-9);
    assert!(results.energy_residual_mw < 1e-6);
}
