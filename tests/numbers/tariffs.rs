//! Tariffs as they are sold: ratchets, least bills, windows, blocks, coincident demand, negative prices.
//! Each with the bill worked out by hand.

use tokenworks::plan::Plan;
use tokenworks::resolved::Series;
use tokenworks::results::Results;
use tokenworks::study::{self, Options};

use crate::common::sketch::{HOURS, Sketch, best, binding, decode, market, near, phase, read, said, slices};

/// The tolerance of numbers worked out by hand.
const EXACT: f64 = 1e-9;

/// A plan of `tests/numbers/tariffs`, changed by words, whose first goal gives nothing up for the second.
fn case(name: &str, changes: &[(&str, &str)]) -> Plan {
    let mut text = std::fs::read_to_string(format!("tests/numbers/tariffs/{name}.ron")).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    let mut plan = read(&text);
    plan.tolerance_fraction = 0.0;
    plan
}

fn cost(plan: &Plan) -> f64 {
    best(plan).kpis.cost_npv_musd
}

/// 4 MW, July 10 MW; the higher of the month and 75 % of the last twelve at 10 $/kW: 6 · 4 + 10 + 5 · 7.5 MW,
/// 0.715 M$.
#[test]
fn a_ratchet_bills_what_was_drawn_once() {
    near(cost(&case("F01_ratchet", &[])), 0.715, EXACT);
    // 12 MW in the November before: 75 % are 9 MW until November, July bills its 10, December 75 % of July.
    // 9 · 6 + 10 + 4 · 9 MW (to November) + 7.5: 1.075 M$.
    let before = "demand_charges: {\"all\": (usd_per_kw_month: 10.0, ratchet: (fraction: 0.75, existing_peak_mw: 12.0, existing_peak_months_ago: 2))}";
    let own = "demand_charge_usd_per_kw_month: 10.0, ratchet_fraction: 0.75";
    near(cost(&case("F01_ratchet", &[(own, before)])), 1.075, EXACT);
    // Three months alone: July in August to October, then 4 again: 6 · 4 + 10 + 3 · 7.5 + 2 · 4 = 64.5 MW.
    let short = "demand_charges: {\"all\": (usd_per_kw_month: 10.0, ratchet: (fraction: 0.75, months: 3))}";
    near(cost(&case("F01_ratchet", &[(own, short)])), 0.645, EXACT);
    // Longer than the horizon is as long as it.
    let long = "demand_charges: {\"all\": (usd_per_kw_month: 10.0, ratchet: (fraction: 0.75, months: 120))}";
    near(cost(&case("F01_ratchet", &[(own, long)])), 0.715, EXACT);
    // Of winter months only, July counts for nobody else: 11 · 4 + 10 = 54 MW.
    let winter = "demand_charges: {\"all\": (usd_per_kw_month: 10.0, ratchet: (fraction: 0.75, of_months: [12, 1, 2]))}";
    near(cost(&case("F01_ratchet", &[(own, winter)])), 0.54, EXACT);
}

/// The same with periods of three months: the third quarter's peak is July's in the plan's words, so all of
/// its months bill 10 MW, and the fourth 7.5: (6 · 4 + 3 · 10 + 3 · 7.5) · 10 $/kW = 0.765 M$.
#[test]
fn a_ratchet_counts_months_in_longer_periods() {
    let quarters = case(
        "F01_ratchet",
        &[("period_months: 1, periods: 12", "period_months: 3, periods: 4"), ("\"2027-08\": 345.6", "\"2027-10\": 345.6")],
    );
    near(cost(&quarters), 0.765, EXACT);
}

/// Loads 12, 30, 60, 60, 60 MW, contract 20 to 100 MW, at least 85 % of it at 8 $/kW:
/// (17 + 34 + 60 + 68 + 85) MW · 12 · 8 $/kW = 25.344 M$.
#[test]
fn a_least_demand_follows_the_contract() {
    let bill = "demand_charge_usd_per_kw_month: 8.0, minimum_bill: (contract_mw: {\"2027-01\": 20.0, \"2028-01\": 40.0, \"2029-01\": 60.0, \"2030-01\": 80.0, \"2031-01\": 100.0}, demand_fraction: 0.85)";
    let own = "demand_charge_usd_per_kw_month: 8.0";
    let plan = case("F02_minimum_demand", &[(own, bill)]);
    near(cost(&plan), 25.344, EXACT);
    // One contracted MW more in the last year costs 0.85 · 12 · 8 $/kW.
    let worth = best(&plan);
    let last = worth.binding.iter().find(|binding| binding.path.ends_with("minimum_bill.contract_mw") && binding.period == "2031").unwrap();
    near(last.dual_musd.unwrap().abs(), 0.85 * 12.0 * 8.0 * 1e-3, 1e-6);
    // Owed for three years only: the last two bill their 60 MW.
    let three = bill.replace("demand_fraction", "term_months: 36, demand_fraction");
    near(cost(&case("F02_minimum_demand", &[(own, &three)])), (17.0 + 34.0 + 60.0 + 60.0 + 60.0) * 12.0 * 8.0 * 1e-3, EXACT);
    // The ramp falls to 50 MW in 2031: 30 of 80 MW given back, 20 % of the highest free, 14 MW at 100 $/kW.
    let falls = bill
        .replace("\"2031-01\": 100.0", "\"2031-01\": 50.0")
        .replace("demand_fraction", "exit_fee_usd_per_kw: 100.0, free_exit_fraction: 0.2, demand_fraction");
    near(cost(&case("F02_minimum_demand", &[(own, &falls)])), (17.0 + 34.0 + 60.0 + 68.0 + 60.0) * 12.0 * 8.0 * 1e-3 + 1.4, EXACT);
}

/// 60 MW in the last three years; leaving in 2030 within a term of 60 months costs 100 $/kW of all 60 MW.
#[test]
fn leaving_within_the_term_costs_the_fee() {
    let terms = |until: &str, term: u32| {
        format!(
            "\"grid\": (site: \"s\", {until} terms: Tariff(energy_usd_per_mwh: 0.0, demand_charge_usd_per_kw_month: 8.0, minimum_bill: (contract_mw: 60.0, term_months: {term}, exit_fee_usd_per_kw: 100.0)))"
        )
    };
    let own = "\"grid\": (site: \"s\", terms: Tariff(energy_usd_per_mwh: 0.0, demand_charge_usd_per_kw_month: 8.0))";
    let at = |until: &str, term: u32| cost(&case("F02_minimum_demand", &[(own, &terms(until, term))]));
    near(at("until: \"2030-01\",", 60), (12.0 + 30.0 + 60.0) * 12.0 * 8.0 * 1e-3 + 6.0, EXACT);
    near(at("until: \"2030-01\",", 36), (12.0 + 30.0 + 60.0) * 12.0 * 8.0 * 1e-3, EXACT);
    near(at("", 60), (12.0 + 30.0 + 180.0) * 12.0 * 8.0 * 1e-3, EXACT);
}

/// 10 $/kW from 11 to 21 h alone; 240 MWh a day of batch work fit into the other 14 hours: no demand
/// charge, 87.6 GWh at 50 $ are 4.38 M$.
#[test]
fn demand_on_peak_hours_only() {
    let charge = "demand_charges: {\"on-peak\": (usd_per_kw_month: 10.0, windows: [(from_hour: 11, until_hour: 21)])}";
    let own = "demand_charge_usd_per_kw_month: 10.0";
    near(cost(&case("F30_onpeak_demand", &[(own, charge)])), 4.38, EXACT);
    // Windows that overlap are one.
    let twice = charge.replace("[(from_hour", "[(from_hour: 11, until_hour: 15), (from_hour");
    near(cost(&case("F30_onpeak_demand", &[(own, &twice)])), 4.38, EXACT);
    // Over midnight: 21 to 11 h are 14 hours; 240 MWh fit into the other ten only with 4 MWh more than
    // 20 MW of chips can: 40 MWh over 14 hours are 2.857 MW, 12 · 10 $/kW of it 0.342857 M$.
    let night = charge.replace("from_hour: 11, until_hour: 21", "from_hour: 21, until_hour: 11");
    near(cost(&case("F30_onpeak_demand", &[(own, &night)])), 4.38 + 40.0 / 14.0 * 0.12, EXACT);
    // In July alone: the other months pay nothing.
    let july = night.replace("(from_hour", "(months: [7], from_hour");
    near(cost(&case("F30_onpeak_demand", &[(own, &july)])), 4.38 + 40.0 / 14.0 * 0.01, EXACT);
    // On weekends: the one day stands for them too.
    let weekend = night.replace("(from_hour", "(weekdays: Weekend, from_hour");
    near(cost(&case("F30_onpeak_demand", &[(own, &weekend)])), 4.38 + 40.0 / 14.0 * 0.12, EXACT);
}

/// A site eight hours behind the plan's clock: its 11 to 21 h are the plan's 19 to 5 h.
#[test]
fn windows_are_on_the_site_s_clock() {
    let at = |offset: f64, window: &str| {
        let charge = format!("demand_charges: {{\"on-peak\": (usd_per_kw_month: 10.0, windows: [{window}])}}");
        let plan = case(
            "F30_onpeak_demand",
            &[
                ("demand_charge_usd_per_kw_month: 10.0", charge.as_str()),
                ("discount_rate_fraction: 0.0", "discount_rate_fraction: 0.0, utc_offset_hours: 0.0"),
                (
                    "longitude: -90.0, utc_offset_hours: 0.0, interconnect_mw",
                    &format!("longitude: -90.0, utc_offset_hours: {offset:?}, interconnect_mw"),
                ),
            ],
        );
        let results = best(&plan);
        let open: Vec<bool> = results.contracts[0].draw_mw[0].iter().map(|mw| *mw > 1e-6).collect();
        (results.kpis.cost_npv_musd, open)
    };
    let (money, drawn) = at(-8.0, "(from_hour: 11, until_hour: 21)");
    near(money, 4.38, EXACT);
    assert!((0..24).all(|hour| !drawn[hour] || (5..19).contains(&hour)), "{drawn:?}");
}

/// 10 MW of load all month; the first 4,000 MWh of a month at 5 $ on top, the next 2,000 at 15, the rest at 30.
/// A month of 31 days draws 7,440 MWh: 20,000 + 30,000 + 43,200 $; of 30 days 7,200: 36,000; of 28 days
/// 6,720: 21,600. 12 · 50,000 + 7 · 43,200 + 4 · 36,000 + 21,600 $ = 1.068 M$.
#[test]
fn energy_in_rising_blocks() {
    let tiers = "[(up_to_mwh: 4000.0, usd_per_mwh: 5.0), (up_to_mwh: 6000.0, usd_per_mwh: 15.0), (usd_per_mwh: 30.0)]";
    let at =
        |energy: f64, charge: &str| steady(&format!("Tariff(energy_usd_per_mwh: {energy:?}, energy_charges: {{\"blocks\": ({charge})}})"));
    near(cost(&at(0.0, &format!("tiers: {tiers}"))), 1.068, EXACT);
    near(cost(&at(40.0, &format!("tiers: {tiers}"))), 1.068 + 87_600.0 * 40e-6, EXACT);
    // From 12 to 18 h, 1,860 / 1,800 / 1,680 MWh a month in the first block; blocks of 6 hours, so the window is half of one.
    near(cost(&at(0.0, &format!("windows: [(from_hour: 9, until_hour: 15)], tiers: {tiers}"))), 21_900.0 * 5e-6, EXACT);
    // With a period of a year the months are billed one by one all the same.
    let mut year = at(0.0, &format!("tiers: {tiers}"));
    year.horizon.period_months = 12;
    year.horizon.periods = 1;
    near(cost(&year), 1.068, EXACT);
}

/// 10 MW of live load in twelve months of one day of four blocks.
fn steady(tariff: &str) -> Plan {
    Sketch::new()
        .fleet(10_000.0)
        .top("horizon", "(start: \"2027-01\", period_months: 1, periods: 12, discount_rate_fraction: 0.0)")
        .top("slices", &slices(6, "\"day\": (months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])"))
        .with("markets", "near", &market("chat", 864.0, 1.0, ""))
        .grid(tariff)
        .plan()
}

/// 10 MW billed at 8 $/kW, the first 6 MW with 1 and the rest with 3 on top: 12 · (80 + 6 + 12) k$ = 1.176 M$.
#[test]
fn demand_in_rising_blocks() {
    let charge =
        |tiers: &str| format!("Tariff(energy_usd_per_mwh: 0.0, demand_charges: {{\"d\": (usd_per_kw_month: 8.0, tiers: [{tiers}])}})");
    near(cost(&steady(&charge("(up_to_mw: 6.0, usd_per_kw_month: 1.0), (usd_per_kw_month: 3.0)"))), 1.176, EXACT);
}

/// A least bill of 0.5 M$ a month: energy at 40 $ is 0.2976 M$ in 31 days, with 10 $/kW of demand
/// 0.3976; the rest is paid on top. With 0.3 M$ only February (0.3688 with demand) is above it.
#[test]
fn a_least_bill_is_topped_up() {
    let at = |least: f64| {
        steady(&format!("Tariff(energy_usd_per_mwh: 40.0, demand_charge_usd_per_kw_month: 10.0, minimum_bill: (usd_per_month: {least:?}))"))
    };
    near(cost(&at(500_000.0)), 6.0, EXACT);
    // 31 days: 0.3976, 30 days: 0.388, 28 days: 0.3688; at least 0.39: 7 · 0.3976 + 5 · 0.39.
    near(cost(&at(390_000.0)), 7.0 * 0.3976 + 5.0 * 0.39, EXACT);
    near(cost(&at(300_000.0)), 87_600.0 * 40e-6 + 1.2, EXACT);
}

/// 10 MW strike 40, hub −10 for six hours and 50 for eighteen; 365 · 10 · (6 · 50 − 18 · 10) = 0.438 M$ a year as
/// it is; with a floor of zero 365 · 10 · (6 · 40 − 180) = 0.219; without settlement −0.657; curtailed the same
/// money and a quarter fewer certificates.
#[test]
fn agreements_at_negative_prices() {
    near(cost(&case("F03_ppa_floor", &[])), 0.219, EXACT);
    let at = |clause: &str| best(&case("F03_ppa_floor", &[("floor_usd_per_mwh: 0.0", clause)]));
    let money = |clause: &str| at(clause).kpis.cost_npv_musd;
    near(money("at_negative_prices: Settles"), 0.438, EXACT);
    near(money("at_negative_prices: Floor(0.0)"), 0.219, EXACT);
    near(money("at_negative_prices: NoSettlement"), -0.657, EXACT);
    near(money("at_negative_prices: Curtails"), -0.657, EXACT);
    let certificates = |results: &Results| results.contracts.iter().map(|contract| contract.certificates_gwh[0]).sum::<f64>();
    near(certificates(&at("at_negative_prices: NoSettlement")), 87.6, EXACT);
    near(certificates(&at("at_negative_prices: Curtails")), 65.7, EXACT);
    // A floor above zero lifts what the market counts as: −10 and 50 against 60: 24 · (40 − 60).
    near(money("floor_usd_per_mwh: 60.0"), 365.0 * 10.0 * 24.0 * -20.0 * 1e-6, EXACT);
}

/// The same for power that is delivered: 10 MW at 40 $, paid on what is produced; the market is below zero
/// for six hours. Settled it costs 365 · 240 · 40 $; without settlement a quarter less; curtailed the load
/// buys those hours from the grid at 70 $.
#[test]
fn delivered_power_at_negative_prices() {
    let at = |clause: &str| {
        let plan = Sketch::new()
            .fleet(10_000.0)
            .top("slices", &slices(6, "\"day\": (share_fraction: 1.0)"))
            .with("profiles", "hub", "PerDay({\"day\": [-5.0, 50.0, 50.0, 50.0]})")
            .with("profiles", "out", "PerDay({\"day\": [1.0, 1.0, 1.0, 1.0]})")
            .with("markets", "near", &market("chat", 864.0, 1.0, ""))
            .grid("Tariff(energy_usd_per_mwh: 70.0)")
            .with(
                "contracts",
                "wind",
                &format!(
                    "(site: \"home\", terms: PayAsProduced(profile: \"out\", price_usd_per_mwh: 40.0, contract_mw: Fixed(10.0), {clause}))"
                ),
            )
            .plan();
        cost(&plan)
    };
    let year = 365.0 * 1e-6;
    near(at(""), 240.0 * 40.0 * year, EXACT);
    near(at("market_usd_per_mwh: Series(id: \"hub\"), at_negative_prices: NoSettlement"), 180.0 * 40.0 * year, EXACT);
    near(at("market_usd_per_mwh: Series(id: \"hub\"), at_negative_prices: Curtails"), (180.0 * 40.0 + 60.0 * 70.0) * year, EXACT);
}

/// Demand at the system's peak: 10 MW of chips, 120 MWh of batch work a day, charged on 12 to 18 h of June to
/// September. It moves out of the window and costs nothing; live work of 10 MW pays 10 MW in each month, or in
/// four months if each is billed on its own hours.
#[test]
fn demand_at_the_system_s_peak() {
    let at = |over: &str| {
        let hours = "Windows([(months: [6, 7, 8, 9], from_hour: 12, until_hour: 18)])";
        format!(
            "Tariff(energy_usd_per_mwh: 0.0, demand_charges: {{\"4cp\": (usd_per_kw_month: 5.0, coincident: (hours: {hours}, over: {over}))}})"
        )
    };
    near(cost(&steady(&at("Month"))), 4.0 * 0.05, EXACT);
    near(cost(&steady(&at("Year"))), 12.0 * 0.05, EXACT);
    let mut batch = steady(&at("Year"));
    let moved = Sketch::new().product("chat", "urgency: WithinDay").plan();
    batch.products.clone_from(&moved.products);
    for market in batch.markets.values_mut() {
        for demand in market.demand.values_mut() {
            demand.segments[0].answer_gtok_per_day = tokenworks::plan::Steps::always(432.0);
        }
    }
    assert!(cost(&batch).abs() < 1e-12);
    // A mean, not a peak: with half of the window at work half is billed. 18 hours of 10 MW are 648 Gtok a
    // day; of 756 a day three hours' worth are in the window: 5 MW of its mean.
    for market in batch.markets.values_mut() {
        for demand in market.demand.values_mut() {
            demand.segments[0].answer_gtok_per_day = tokenworks::plan::Steps::always(756.0);
        }
    }
    near(cost(&batch), 12.0 * 0.025, EXACT);
}

/// Batch work behind 20 MW, 8 MW in seven hours of the day: (17 · 20 + 7 · 8) MWh a day · 3.6 Gtok · 365 =
/// 520.344 Ttok; with one window of four hours 567.648.
#[test]
fn a_limit_by_the_hour() {
    near(phase(&best(&case("F18_series", &[])), "tokens"), 520.344, EXACT);
    near(phase(&best(&case("F18_one_window", &[])), "tokens"), 567.648, EXACT);
    // Scaled to a mean the mean is the number that binds: 17/24 · 20 + 7/24 · 8 = 16.5 MW, and one more MW of
    // it brings 520.344 / 16.5 Ttok where nothing else limits.
    let changes = [
        ("Series(id: \"lim\")", "Series(id: \"lim\", mean: 16.5)"),
        ("interconnect_mw: 20.0", "interconnect_mw: 40.0"),
        ("count: 20000.0", "count: 40000.0"),
    ];
    let options = Options { ranges: true, ..Options::default() };
    let scaled = study::answer(&case("F18_series", &changes), &Series::default(), &options).results.unwrap();
    near(phase(&scaled, "tokens"), 520.344, EXACT);
    let worth = binding(&scaled, "contracts.grid.terms.cap_mw.mean");
    near(worth.dual, 520.344 / 16.5, 1e-6);
}

/// What can't hold is said with its place, all of it at once.
#[test]
fn wrong_tariffs_are_named() {
    let at = |tariff: &str| Sketch::new().fleet(10.0).grid(&format!("Tariff(energy_usd_per_mwh: 1.0, {tariff})")).text();
    let energy = |tiers: &str| at(&format!("energy_charges: {{\"e\": (tiers: [{tiers}])}}"));
    let place = "contracts.grid.terms.energy_charges.e.tiers";
    let falling = energy("(up_to_mwh: 10.0, usd_per_mwh: 9.0), (usd_per_mwh: 4.0)");
    assert_eq!(said(&falling, "falling-blocks"), [format!("{place}.1.usd_per_mwh")]);
    assert_eq!(said(&energy("(up_to_mwh: 0.0, usd_per_mwh: 1.0), (usd_per_mwh: 4.0)"), "empty-block"), [format!("{place}.0.up_to_mwh")]);
    assert_eq!(said(&energy("(usd_per_mwh: 1.0), (usd_per_mwh: 4.0)"), "block-without-end"), [format!("{place}.0.up_to_mwh")]);
    assert_eq!(said(&energy("(up_to_mwh: 5.0, usd_per_mwh: 1.0)"), "block-ends"), [format!("{place}.0.up_to_mwh")]);
    assert_eq!(said(&energy(""), "no-blocks"), [place]);
    // Falling in one year only.
    let later = energy("(up_to_mwh: 10.0, usd_per_mwh: {\"2027-01\": 1.0, \"2028-01\": 9.0}), (usd_per_mwh: 4.0)");
    assert_eq!(said(&later, "falling-blocks"), [] as [String; 0], "2028 is beyond the horizon");
    let demand = |more: &str| at(&format!("demand_charges: {{\"d\": (usd_per_kw_month: 1.0, {more})}}"));
    let place = "contracts.grid.terms.demand_charges.d";
    assert_eq!(
        said(&demand("tiers: [(up_to_mw: 1.0, usd_per_kw_month: 3.0), (usd_per_kw_month: 1.0)]"), "falling-blocks"),
        [format!("{place}.tiers.1.usd_per_kw_month")]
    );
    assert_eq!(said(&demand("windows: [(days: [\"sunday\"])]"), "unknown-reference"), [format!("{place}.windows.0.days.0")]);
    assert_eq!(said(&demand("windows: [(months: [13])]"), "out-of-range"), [format!("{place}.windows.0.months.0")]);
    assert_eq!(said(&demand("coincident: (hours: Windows([]))"), "no-hours"), [format!("{place}.coincident.hours")]);
    assert_eq!(said(&demand("windows: [(from_hour: 1)], coincident: (hours: Share(0.1))"), "two-readings"), [format!("{place}.windows")]);
    assert_eq!(said(&at("minimum_bill: (demand_fraction: 0.8)"), "never-binds").len(), 2);
    assert_eq!(
        said(&at("minimum_bill: (contract_mw: 5.0, demand_fraction: 0.8, demand_charges: [\"x\"])"), "unknown-reference"),
        ["contracts.grid.terms.minimum_bill.demand_charges.0"]
    );
    assert_eq!(said(&at("ratchet_fraction: 0.8"), "never-binds"), ["contracts.grid.terms.ratchet_fraction"]);
    let zeros = Sketch::new()
        .fleet(10.0)
        .with("profiles", "zero", "PerDay({\"day\": [0.0]})")
        .grid("Tariff(energy_usd_per_mwh: 1.0, demand_charges: {\"d\": (usd_per_kw_month: 1.0, coincident: (hours: Marked(\"zero\")))})");
    assert_eq!(said(&zeros.text(), "never-open"), [format!("{place}.coincident.hours")]);
    assert!(zeros.best().kpis.cost_npv_musd > 0.0);
    // Every day alike: which of them hold the highest hours nobody can say.
    let alike = Sketch::new().fleet(10.0).with("profiles", "load", "PerHour([1.0, 2.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])").grid("Tariff(energy_usd_per_mwh: 1.0, demand_charges: {\"d\": (usd_per_kw_month: 1.0, coincident: (hours: Highest(profile: \"load\", hours: 20)))})");
    assert_eq!(said(&alike.text(), "hours-tied"), [format!("{place}.coincident.hours.profile")]);
}

/// A horizon that starts in July: the window of January to June is its second half, the ratchet looks at the
/// horizon's own months.
#[test]
fn a_horizon_from_the_middle_of_the_year() {
    let mut plan = steady(
        "Tariff(energy_usd_per_mwh: 0.0, demand_charges: {\"d\": (usd_per_kw_month: 10.0, windows: [(months: [1, 2])], ratchet: (fraction: 0.5, months: 3))})",
    );
    plan.horizon.start = tokenworks::plan::Month::new(2027, 7);
    // January and February 10 MW; March to May half of it.
    near(cost(&plan), (10.0 + 10.0 + 3.0 * 5.0) * 10.0 * 1e-3, EXACT);
}

/// Days in order and a price by the hour of the day: blocks and demand charges see the same months.
#[test]
fn blocks_in_ordered_time() {
    let tariff = "Tariff(energy_usd_per_mwh: 0.0, demand_charge_usd_per_kw_month: 1.0, ratchet_fraction: 1.0, energy_charges: {\"b\": (tiers: [(up_to_mwh: 4000.0, usd_per_mwh: 5.0), (up_to_mwh: 6000.0, usd_per_mwh: 15.0), (usd_per_mwh: 30.0)])})";
    let mut plan = steady(tariff);
    near(cost(&plan), 1.068 + 0.12, EXACT);
    plan.slices = read(
        &Sketch::new()
            .top(
                "slices",
                "Representative(linked: true, block_hours: 24, days: {\"day\": (months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])})",
            )
            .text(),
    )
    .slices;
    near(cost(&plan), 1.068 + 0.12, EXACT);
}

/// 10 MW of live work and the hours' own results agree with what stands in the plan's hours.
#[test]
fn prices_of_agreements_change_by_date() {
    let at = |price: &str| {
        let sketch = Sketch::new()
            .fleet(10_000.0)
            .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 2, discount_rate_fraction: 0.0)")
            .with("markets", "near", &market("chat", 864.0, 1.0, ""))
            .with("throughput", "c-chat", &decode("c", "chat", 1000.0))
            .grid(&format!("Baseload(price_usd_per_mwh: {price}, contract_mw: Fixed(10.0))"));
        cost(&sketch.plan())
    };
    near(at("{\"2027-01\": 50.0, \"2028-01\": 60.0}"), 10.0 * HOURS * 110.0 * 1e-6, EXACT);
    let none_yet = Sketch::new().fleet(10.0).grid("Baseload(price_usd_per_mwh: {\"2028-01\": 60.0}, contract_mw: Fixed(10.0))").text();
    assert_eq!(said(&none_yet, "missing-step"), ["contracts.grid.terms.price_usd_per_mwh"]);
}

/// What a bill says, line by line, is what the plan pays: for every contract and period, in plans of all kinds.
#[test]
fn bills_add_up_to_what_is_paid() {
    let tariff = "Tariff(energy_usd_per_mwh: 40.0, demand_charge_usd_per_kw_month: 10.0, ratchet_fraction: 0.5, existing_peak_mw: 24.0, fixed_usd_per_month: 5000.0, energy_charges: {\"b\": (windows: [(from_hour: 6, until_hour: 12)], tiers: [(up_to_mwh: 500.0, usd_per_mwh: 1.0), (usd_per_mwh: 2.0)])}, demand_charges: {\"peak\": (usd_per_kw_month: 3.0, windows: [(months: [6, 7], from_hour: 12, until_hour: 18)], ratchet: (fraction: 0.9, months: 3)), \"4cp\": (usd_per_kw_month: 2.0, coincident: (hours: Windows([(months: [6, 7, 8, 9], from_hour: 18, until_hour: 24)]), over: Year))}, minimum_bill: (contract_mw: 20.0, demand_fraction: 0.55, usd_per_month: 520000.0, term_months: 9, exit_fee_usd_per_kw: 10.0))";
    let mut plans = vec![steady(tariff), case("F02_minimum_demand", &[]), case("F03_ppa_floor", &[]), case("F01_ratchet", &[])];
    for (_, mut plan) in crate::common::sketch::plans("tests/plans") {
        plan.tolerance_fraction = plan.tolerance_fraction.min(1e-3);
        plans.push(plan);
    }
    let mut looked_at = 0;
    for plan in plans {
        let answer = study::answer(&plan, &Series::default(), &Options::default());
        let Some(results) = answer.results.filter(|results| results.status == tokenworks::results::Status::Optimal) else { continue };
        let money = plan.objective.iter().any(|goal| !matches!(goal, tokenworks::plan::Goal::MaxTokens));
        for contract in results.contracts.iter().filter(|_| money) {
            for (period, cost) in contract.cost_musd.iter().enumerate() {
                let billed: f64 =
                    results.bills.iter().filter(|line| line.contract == contract.id && line.period == period).map(|line| line.usd).sum();
                let scale = 1.0 + cost.abs() * 1e6;
                assert!(
                    (billed - cost * 1e6).abs() <= 1e-5 * scale,
                    "{}: {} in period {period}: {billed} of {}",
                    plan.name,
                    contract.id,
                    cost * 1e6
                );
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 30, "{looked_at}");
    // By hand, October: 7,440 MWh at 40 $; the same peak of 10 MW, 12 MW of the ratchet, no longer 11 MW of the contract.
    let results = best(&steady(tariff));
    let line =
        |item: &str| results.bills.iter().find(|line| line.month == "2027-10" && line.item == item).map_or(f64::NAN, |line| line.usd);
    near(line("energy"), 297_600.0, 1e-9);
    near(line("demand"), 120_000.0, 1e-9);
    near(line("energy b"), 500.0 + 2.0 * 1360.0, 1e-9);
    near(line("demand 4cp"), 20_000.0, 1e-9);
    // 9 MW of July's peak in August to October.
    near(line("demand peak"), 27_000.0, 1e-9);
    assert!(line("up to the least bill").is_nan(), "its term ended in September");
}

/// A rate of the database with blocks, prices and demand by the time of use, a ratchet, fixed and least charges:
/// 10 MW all year, 15 in July, on a day of blocks that stand for working days and weekends as 2027 has them (22
/// working days in each of June to September).
///
/// On-peak energy (working days, 12 to 18 h, June to September): 10 · 6 · 22 = 1,320 MWh, in July 1,980; the first
/// 500 at 80 $, the rest at 100: 3 · 122,000 + 188,000 = 554,000 $. All else (91,320 − 5,940 MWh) at 40 $:
/// 3,415,200 $. On-peak demand at 6 $/kW: 3 · 60,000 + 90,000 = 270,000 $. Flat demand at 10 $/kW, at least 80 % of
/// the 11 months before: 6 · 10 + 15 + 5 · 12 MW: 1,350,000 $. Fixed 20 $ a day: 7,300 $. February comes to 268,800 +
/// 100,000 + 560 $, so 10,640 $ more up to 380,000; no other month is below. In all 5,607,140 $.
#[test]
fn a_rate_of_the_database_gives_a_year_of_bills() {
    let schedule = |on: u32| -> String {
        let row = |month: usize| {
            let hours: Vec<String> =
                (0..24).map(|hour| if (5..9).contains(&month) && (12..18).contains(&hour) { on } else { 0 }.to_string()).collect();
            format!("[{}]", hours.join(","))
        };
        format!("[{}]", (0..12).map(row).collect::<Vec<_>>().join(","))
    };
    let record = format!(
        "{{\"items\": [{{\"label\": \"x1\", \"utility\": \"Made-up Electric\", \"name\": \"Large TOU\",
        \"energyratestructure\": [[{{\"rate\": 0.035, \"adj\": 0.005, \"unit\": \"kWh\"}}], [{{\"max\": 500000, \"rate\": 0.08, \"unit\": \"kWh\"}}, {{\"rate\": 0.10}}]],
        \"energyweekdayschedule\": {on}, \"energyweekendschedule\": {off},
        \"demandratestructure\": [[{{\"rate\": 0}}], [{{\"rate\": 6}}]], \"demandweekdayschedule\": {on}, \"demandweekendschedule\": {off},
        \"flatdemandstructure\": [[{{\"rate\": 10}}]], \"flatdemandmonths\": [0,0,0,0,0,0,0,0,0,0,0,0],
        \"lookbackpercent\": 0.8, \"lookbackrange\": 11,
        \"fixedchargefirstmeter\": 20, \"fixedchargeunits\": \"$/day\", \"mincharge\": 380000, \"minchargeunits\": \"$/month\",
        \"annualmincharge\": 1000, \"demandreactivepowercharge\": 0.3, \"energycomments\": \"Fuel rider applies.\"}}]}}",
        on = schedule(1),
        off = schedule(0),
    );
    let imported = tokenworks::plan::urdb::import(&record).unwrap();
    assert_eq!(imported.name, "Made-up Electric, Large TOU");
    for said in ["annual", "demandreactivepowercharge", "Fuel rider applies."] {
        let found = imported.left_out.iter().any(|left| left.contains(said) || left.contains("a year"));
        assert!(found, "{said}: {:?}", imported.left_out);
    }
    assert_eq!(imported.left_out.len(), 3, "{:?}", imported.left_out);
    let mut plan = steady(&imported.terms);
    let july = read(&Sketch::new().with("markets", "near", "(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {\"chat\": (segments: [(answer_gtok_per_day: {\"2027-01\": 864.0, \"2027-07\": 1296.0, \"2027-08\": 864.0}, usd_per_mtok: (answer: 1.0))])})").text());
    plan.markets.clone_from(&july.markets);
    plan.fleets.values_mut().for_each(|fleet| fleet.count = 15_000.0);
    near(cost(&plan), 5.607_140, EXACT);
}

/// What a linear plan can't have, or a record says in words, is listed; what is no record is an error.
#[test]
fn what_a_rate_cannot_carry_over_is_listed() {
    let import = |text: &str| tokenworks::plan::urdb::import(text);
    let falling = import("{\"energyratestructure\": [[{\"max\": 1000, \"rate\": 0.1}, {\"rate\": 0.05}]]}").unwrap();
    assert_eq!(falling.terms, "Tariff(energy_usd_per_mwh: 50.0)");
    // 1,000 kWh at 5 cents more: 50 $ a month.
    assert!(falling.left_out[0].contains("50 $ a month"), "{:?}", falling.left_out);
    let hours_of_use = import(
        "{\"energyratestructure\": [[{\"max\": 300, \"unit\": \"kWh/kW\", \"rate\": 0.049}, {\"rate\": 0.033, \"unit\": \"kWh/kW\"}]]}",
    )
    .unwrap();
    assert_eq!(hours_of_use.terms, "Tariff(energy_usd_per_mwh: 33.0)");
    assert!(hours_of_use.left_out[0].contains("kWh/kW"), "{:?}", hours_of_use.left_out);
    // JSON in a text of another document, a block that ends at 1e38, two rates in an answer.
    let nested = import("{\"ElectricTariff\": {\"urdb_response\": \"{\\\"items\\\": [{\\\"flatdemandstructure\\\": [[{\\\"max\\\": 1e38, \\\"rate\\\": 7}]]}, {}]}\"}}").unwrap();
    assert_eq!(nested.terms, "Tariff(energy_usd_per_mwh: 0.0, demand_charges: {\"flat-0\": (usd_per_kw_month: 7.0)})");
    assert!(nested.left_out[0].contains("2 rates"), "{:?}", nested.left_out);
    assert!(import("{\"a\": 1}").unwrap_err().contains("No rate was found"));
    assert!(import("a,b").unwrap_err().contains("not JSON"));
}

/// A tariff of the catalog by its name: AEP Ohio's bills 85 % of what is contracted for 12 years; 10 MW of load
/// under a contract of 20 MW pay 17 MW at the plan's 10 $/kW, 2.04 M$ a year.
#[test]
fn tariffs_of_the_catalog_are_picked_by_name() {
    let named = |more: &str| {
        steady(&format!("Tariff(catalog: \"aep-ohio-dct\", energy_usd_per_mwh: 0.0, demand_charge_usd_per_kw_month: 10.0, {more})"))
    };
    near(cost(&named("minimum_bill: (contract_mw: 20.0)")), 2.04, EXACT);
    near(cost(&named("minimum_bill: (contract_mw: 20.0, demand_fraction: 0.5)")), 1.2, EXACT);
    let results = best(&named("minimum_bill: (contract_mw: 20.0)"));
    assert!(results.status == tokenworks::results::Status::Optimal);
    let text = |tariff: &str| Sketch::new().fleet(10.0).grid(&format!("Tariff(catalog: {tariff:?}, energy_usd_per_mwh: 1.0)")).text();
    assert_eq!(said(&text("aep-ohio-dct"), "no-contract-mw"), ["contracts.grid.terms.minimum_bill"]);
    assert_eq!(said(&text("aep-ohio"), "unknown-tariff"), ["contracts.grid.terms.catalog"]);
    // Each of them can be started from.
    for row in tokenworks::catalog::Catalog::embedded().tariffs() {
        let plan = Sketch::new().fleet(10.0).grid(&row.starting_terms()).plan();
        assert!(study::state(&plan, &Series::default(), &Options::default()).is_ok(), "{}", row.id);
    }
}
