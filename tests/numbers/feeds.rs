//! Operating points of chips, feeds of halls, notice of events and discounts for what is shed. Worked out by hand.

use tokenworks::plan::edit::{self, Edit};
use tokenworks::results::Results;

use crate::common::sketch::{HOURS, Sketch, binding, chip, near, phase, said, slices};

/// The tolerance of numbers worked out by hand.
const EXACT: f64 = 1e-9;
/// Gtok that a MWh makes.
const GTOK: f64 = 3.6;

fn tokens(results: &Results) -> f64 {
    phase(results, "tokens")
}

/// Ttok of a year in which so many MW of chips at full power work.
fn year(mw: f64) -> f64 {
    GTOK * HOURS * mw * 1e-3
}

const CAPPED: &str = "operating_points: {\"capped\": (kw: 0.6, speed_fraction: 0.8)}";

/// 10,000 chips that draw 1 kW, or 0.6 kW at 80 % of the speed, behind some power.
#[test]
fn work_is_split_over_operating_points() {
    let at = |mw: f64, chip: &str, more: &str| {
        let site = format!("interconnect_mw: {mw:?}, pue: 1.0, halls: {{\"hall\": (it_mw: 1000.0, cooling: Liquid)}}, {more}");
        tokens(&Sketch::new().fleet(10_000.0).product("chat", "urgency: WithinDay").site("home", &site).with("chips", "c", chip).best())
    };
    let two = chip(1.0, 1.0, 0.0, CAPPED);
    // 3 MW feed 5,000 chips at 0.6 kW, 6 MW all of them; at 8 MW half of them run at full power (5 + 5 · 0.8).
    near(at(3.0, &two, ""), year(4.0), EXACT);
    near(at(6.0, &two, ""), year(8.0), EXACT);
    near(at(8.0, &two, ""), year(9.0), EXACT);
    near(at(12.0, &two, ""), year(10.0), EXACT);
    near(at(6.0, &chip(1.0, 1.0, 0.0, ""), ""), year(6.0), EXACT);
    // Always powered: 5 MW are enough for 5/0.6 thousand capped ones, the others are retired.
    let idling = two.replace("idle_fraction: 0.0", "idle_fraction: 0.2, drain: Never");
    near(at(5.0, &idling, ""), year(5.0 / 0.6 * 0.8), EXACT);
    near(at(6.0, &idling, ""), year(8.0), EXACT);
    // By the slice a chip at work draws what its point says, idle power in it.
    near(at(6.0, &idling.replace("Never", "PerSlice"), ""), year(8.0), EXACT);
    // Nine in ten work: 9,000 · 0.6 = 5.4 MW.
    near(at(5.4, &two.replace("availability_fraction: 1.0", "availability_fraction: 0.9"), ""), year(7.2), EXACT);
    // A hall that is filled by what chips draw.
    let site = "interconnect_mw: 100.0, pue: 1.0, oversubscribed: true, halls: {\"hall\": (it_mw: 8.0, cooling: Liquid)}";
    let full = Sketch::new().fleet(10_000.0).product("chat", "urgency: WithinDay").site("home", site).with("chips", "c", &two).best();
    near(tokens(&full), year(9.0), EXACT);
}

/// Training runs at a point too: 10,000 chips in need of 4 of their 10 MW, at 6 MW at most.
#[test]
fn training_may_run_at_an_operating_point() {
    // 1 TFLOP/s at full use is 3.6e-3 ZFLOP an hour for a thousand chips: 8 thousand for a year.
    let need = 8.0 * 3.6e-3 * HOURS;
    let plan = |mw: f64| {
        let point = CAPPED.to_owned() + ", dense_bf16_tflops: 1.0";
        Sketch::new()
            .fleet(10_000.0)
            .with("chips", "c", &chip(1.0, 1.0, 0.0, &point))
            .site("home", &format!("interconnect_mw: {mw:?}, pue: 1.0, halls: {{\"hall\": (it_mw: 1000.0, cooling: Liquid)}}"))
            .with("training", "run", &format!("(from: \"2027-01\", until: \"2027-12\", need: Zflop({need:?}), utilisation_fraction: 1.0)"))
    };
    // 6 MW train 10,000 chips at 80 %: nothing is left. At full power it would take 8 MW.
    assert!(tokens(&plan(6.0).best()).abs() < 1e-6);
    // Two MW more run half of them at full power: a thousand work on tokens instead of training.
    near(tokens(&plan(8.0).best()), year(1.0), 1e-6);
}

/// What can't be is said with its place.
#[test]
fn odd_operating_points_are_named() {
    let at = |point: &str| {
        let body =
            chip(1.0, 1.0, 0.0, &format!("operating_points: {{\"p\": {point}}}")).replace("idle_fraction: 0.0", "idle_fraction: 0.3");
        Sketch::new().fleet(10.0).with("chips", "c", &body).text()
    };
    assert_eq!(said(&at("(kw: 0.2, speed_fraction: 0.5)"), "below-idle"), ["chips.c.operating_points.p.kw"]);
    assert_eq!(said(&at("(kw: 1.2, speed_fraction: 1.1)"), "above-all-in"), ["chips.c.operating_points.p.kw"]);
    assert_eq!(said(&at("(kw: 1.0, speed_fraction: 0.9)"), "never-binds"), ["chips.c.operating_points.p"]);
}

/// Two halls of 10 MW behind a feed of 12, and one of 5 MW without: 17 MW of chips.
#[test]
fn feeds_are_never_added_up() {
    let at = |chip: &str, feeds: &str, more: &str| {
        let halls = "\"a\": (it_mw: 10.0, cooling: Liquid, feed: \"east\"), \"b\": (it_mw: 10.0, cooling: Liquid, feed: \"east\"), \"c\": (it_mw: 5.0, cooling: Liquid)";
        let site = format!("interconnect_mw: 1000.0, pue: 1.3, halls: {{{halls}}}, feeds: {{{feeds}}}, {more}");
        Sketch::new().fleet(40_000.0).with("chips", "c", chip).product("chat", "urgency: WithinDay").site("home", &site).best()
    };
    let plain = chip(1.0, 1.0, 0.0, "");
    for redundancy in ["N", "N1", "TwoN"] {
        let results = at(&plain, &format!("\"east\": (mw: 12.0, redundancy: {redundancy})"), "");
        near(tokens(&results), year(17.0), EXACT);
        near(binding(&results, "sites.home.feeds.east.mw").dual, year(1.0), 1e-6);
    }
    // A feed that is not named limits nothing; one that carries more than its halls limits nothing either.
    near(tokens(&at(&plain, "\"east\": (mw: 30.0), \"west\": (mw: 1.0)", "")), year(25.0), EXACT);
    // Filled by what chips draw, of which each needs 0.5 kW: 34,000.
    let half = chip(1.0, 1.0, 0.0, "active_kw: 0.5");
    near(tokens(&at(&half, "\"east\": (mw: 12.0)", "oversubscribed: true")), year(34.0), EXACT);
    near(tokens(&at(&half, "\"east\": (mw: 12.0)", "")), year(17.0), EXACT);
    assert_eq!(
        said(&Sketch::new().site("home", "pue: 1.0, halls: {\"a\": (it_mw: 1.0, feed: \"west\")}").text(), "unknown-reference"),
        ["sites.home.halls.a.feed"]
    );
}

/// An air-cooled and a liquid-cooled hall of 10 MW behind a feed of 12: ten of the liquid chips that are twice as
/// fast, two of the others. In the second half of the year the feed carries 4 MW.
#[test]
fn a_feed_is_shared_by_air_and_liquid_halls() {
    let at = |mw: &str, more: &str| {
        let halls = "\"a\": (it_mw: 10.0, feed: \"east\"), \"b\": (it_mw: 10.0, cooling: Liquid, feed: \"east\")";
        let site = format!("interconnect_mw: 1000.0, pue: 1.0, halls: {{{halls}}}, feeds: {{\"east\": (mw: {mw})}}, {more}");
        let sketch = Sketch::new()
            .fleet(40_000.0)
            .with("chips", "air", &chip(1.0, 1.0, 0.0, "").replace("cooling: Liquid", "cooling: Air"))
            .with("fleets", "air", "(site: \"home\", chip: \"air\", count: 40000.0, in_service: \"2026-12\")")
            .with("throughput", "air-chat", "(chip: \"air\", product: \"chat\", decode_tok_per_s: 500.0)")
            .top("horizon", "(start: \"2027-01\", period_months: 6, periods: 2, discount_rate_fraction: 0.0)")
            .product("chat", "urgency: WithinDay")
            .site("home", &site);
        tokens(&sketch.best())
    };
    for more in ["", "oversubscribed: true"] {
        near(at("12.0", more), year(11.0), EXACT);
        near(at("{\"2027-01\": 12.0, \"2027-07\": 4.0}", more), GTOK * 24.0 * (181.0 * 11.0 + 184.0 * 4.0) * 1e-3, EXACT);
    }
}

const JULY: &str = "Windows([(months: [7], from_hour: 16, until_hour: 20)])";

fn july(mwh: f64) -> f64 {
    GTOK * 31.0 * mwh * 1e-3
}

/// 10 MW of live work at 1 $/Mtok behind 4 MW firm and 16 non-firm, away from 16 to 20 h; 60 % may be shed.
fn live(chips: f64, product: &str, connection: &str) -> Sketch {
    Sketch::new()
        .fleet(chips)
        .top("horizon", "(start: \"2027-07\", period_months: 1, periods: 1, discount_rate_fraction: 0.0)")
        .top("slices", &slices(4, "\"day\": (months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])"))
        .product("chat", &format!("utilisation_cap_fraction: 1.0, flexible_fraction: 0.6, {product}"))
        .with("markets", "near", &crate::common::sketch::market("chat", 864.0, 1.0, ""))
        .site("home", &format!("pue: 1.0, halls: {{\"hall\": (it_mw: 1000.0, cooling: Liquid)}}, connections: {{\"a\": (firm_mw: 4.0, non_firm_mw: 16.0, events: {JULY}, {connection})}}"))
}

/// A product that needs four hours' notice is shed in no event announced one hour before: 4 MW all day.
#[test]
fn what_is_shed_needs_its_notice() {
    let at = |notice: &str| live(10_000.0, "shed_notice_hours: 4.0", notice);
    near(tokens(&at("notice_hours: 1.0").best()), july(96.0), EXACT);
    near(tokens(&at("notice_hours: 4.0").best()), july(216.0), EXACT);
    near(tokens(&at("").best()), july(216.0), EXACT);
    assert_eq!(said(&at("notice_hours: 1.0").text(), "never-binds"), ["products.chat.flexible_fraction"]);
    let rigid = Sketch::new().product("chat", "utilisation_cap_fraction: 1.0, shed_notice_hours: 1.0").text();
    assert_eq!(said(&rigid, "never-binds"), ["products.chat.shed_notice_hours"]);
}

/// A MW more that is asked for brings 20 MWh a day and sheds 4. Lost tokens are worth shedding up to a discount of
/// 20/4 = 5 times their price; made the same day, which sells all 24 MWh, up to 6 times.
#[test]
fn a_discount_for_shed_tokens() {
    let at = |chips: f64, usd: f64, shed: &str| {
        live(chips, &format!("shed_discount_usd_per_mtok: {usd:?}, shed: {shed}"), "").top("objective", "[MaxNpv]").best()
    };
    let revenue = |results: &Results| results.sales.iter().flat_map(|sale| &sale.revenue_musd).sum::<f64>();
    let lost = at(10_000.0, 4.9, "Lost");
    near(phase(&lost, "npv"), july(216.0) - 4.9 * july(24.0), EXACT);
    near(revenue(&lost), july(216.0) - 4.9 * july(24.0), EXACT);
    near(lost.shed[0].discount_musd[0], 4.9 * july(24.0), EXACT);
    near(phase(&at(10_000.0, 5.1, "Lost"), "npv"), july(96.0), EXACT);
    near(phase(&at(12_000.0, 5.9, "SameDay"), "npv"), july(240.0) - 5.9 * july(24.0), EXACT);
    near(phase(&at(12_000.0, 6.1, "SameDay"), "npv"), july(96.0), EXACT);
}

/// A new name of a connection, feed or demand charge is followed by contracts, halls, scenarios and studies.
#[test]
fn renaming_follows_everywhere() {
    let charge = "demand_charges: {\"peak\": (usd_per_kw_month: 1.0)}, minimum_bill: (contract_mw: 1.0, demand_fraction: 0.5, demand_charges: [\"peak\"])";
    let mut plan = Sketch::new()
        .site("home", "pue: 1.0, halls: {\"hall\": (it_mw: 10.0, feed: \"east\")}, buildable: {\"big\": (it_mw: 1.0, feed: \"east\", capex_usd_per_w: 1.0, at_most: 1.0)}, feeds: {\"east\": (mw: 5.0)}, connections: {\"a\": (firm_mw: 4.0)}")
        .with("contracts", "grid", &format!("(site: \"home\", connection: \"a\", terms: Tariff(energy_usd_per_mwh: 0.0, {charge}))"))
        .with("scenarios", "s", "(set: {\"sites.home.connections.a.firm_mw\": 5.0, \"contracts.grid.connection\": \"a\", \"contracts.grid.terms.demand_charges.peak.usd_per_kw_month\": 2.0, \"sites.home.halls.hall.feed\": \"east\"})")
        .with("studies", "t", "Tornado(inputs: Stated([(paths: [\"sites.home.feeds.east.mw\"], low: 1.0, high: 2.0)]))")
        .plan();
    for (path, to) in
        [("sites.home.connections.a", "north"), ("sites.home.feeds.east", "one"), ("contracts.grid.terms.demand_charges.peak", "monthly")]
    {
        edit::apply(&mut plan, &Edit::Rename { path: path.into(), to: to.into() }).unwrap();
    }
    let text = tokenworks::plan::file::print(&plan);
    for gone in ["\"a\"", "east", "peak"] {
        assert!(!text.contains(gone), "{gone} is left in\n{text}");
    }
    for there in ["sites.home.connections.north.firm_mw", "demand_charges.monthly", "sites.home.feeds.one.mw"] {
        assert!(text.contains(there), "{there} is missing in\n{text}");
    }
    assert!(!tokenworks::plan::file::read_plan(&text).has_errors());
}
