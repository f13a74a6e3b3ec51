//! Hours in order: batteries and deferrable work across midnight, by the hour and with linked days.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokenworks::plan::Plan;
use tokenworks::resolved::Series;
use tokenworks::results::{Results, Status};
use tokenworks::study::{self, Options};

use crate::sketch::{Sketch, market, near, phase, read, slices};

/// The tolerance of sums by hand.
const EXACT: f64 = 1e-9;
/// $ of a day of 10 MW on a cheap day, at 10 $/MWh.
const CHEAP_DAY: f64 = 2_400.0;
/// $ of a day of 10 MW on a dear day, at 100 $/MWh.
const DEAR_DAY: f64 = 24_000.0;
/// Share of what is charged that comes out again: 0.95 each way.
const ROUND_TRIP: f64 = 0.9025;

/// Days of the year in turn at 10 and 100 $/MWh, as the series `p`.
fn alternating() -> Series {
    let values = (0..8760).map(|hour| if hour / 24 % 2 == 0 { 10.0 } else { 100.0 }).collect();
    Series { files: BTreeMap::from([("p".to_owned(), values)]), ..Series::default() }
}

/// The optimal and certified answer of a plan with the alternating days.
fn best(plan: &Plan) -> Arc<Results> {
    let answer = study::answer(plan, &alternating(), &Options::default());
    let results = answer.results.unwrap_or_else(|| panic!("{:#?}", answer.problems));
    assert_eq!(results.status, Status::Optimal, "{}", results.message);
    assert!(results.certificate.checked, "{:?}", results.certificate);
    results
}

/// $ of the plan's cost.
fn cost(results: &Results) -> f64 {
    results.kpis.cost_npv_musd * 1e6
}

/// $ of a battery that takes `mwh` of a day's load: charging at 10 $/MWh, and 1 $ of wear each way.
fn carried(mwh: f64) -> f64 {
    mwh / ROUND_TRIP * 10.0 + mwh / ROUND_TRIP + mwh
}

/// 10 MW all day at the price `p`, with horizon and slices.
fn load(horizon: &str, slices: &str) -> Sketch {
    Sketch::new()
        .fleet(10_000.0)
        .with("markets", "near", &market("chat", 864.0, 1.0, ""))
        .top("horizon", &format!("(start: \"2027-01\", discount_rate_fraction: 0.0, {horizon})"))
        .top("slices", slices)
        .grid("Tariff(energy_usd_per_mwh: Series(id: \"p\"))")
}

/// By the hour.
fn hourly(horizon: &str) -> Sketch {
    load(horizon, "Hourly").with("profiles", "p", "Csv(path: \"alt.csv\", column: \"usd\")")
}

/// A cheap and a dear representative day of blocks of six hours; `days` says when.
fn two_days(horizon: &str, days: &str, linked: bool) -> Sketch {
    let slices = slices(6, days).replace("block_hours: 6,", &format!("block_hours: 6, linked: {linked},"));
    load(horizon, &slices).with("profiles", "p", "PerDay({\"a\": [10.0, 10.0, 10.0, 10.0], \"b\": [100.0, 100.0, 100.0, 100.0]})")
}

/// Half the days each, turn and turn about when linked.
const IN_TURN: &str = "\"a\": (share_fraction: 0.5), \"b\": (share_fraction: 0.5)";

fn with_battery(sketch: Sketch, mwh: f64) -> Sketch {
    let terms = format!(
        "Battery(energy_mwh: UpTo(0.0), existing_mwh: {mwh:?}, duration_hours: 20.0, one_way_efficiency_fraction: 0.95, wear_usd_per_mwh: 1.0)"
    );
    sketch.with("contracts", "bat", &format!("(site: \"home\", terms: {terms})"))
}

/// January in turn at 10 and 100 $/MWh: 16 cheap days, and 15 dear ones that the battery carries.
/// The energy bill is 38,400 + 15·240/0.9025·10 = 78,289.20 $; wear of 1 $ a MWh each way is 7,588.92 $ more.
#[test]
fn a_battery_carries_the_cheap_day_into_the_dear_one() {
    let results = best(&read(&std::fs::read_to_string("tests/cases/field/F16_battery_midnight/plan.ron").unwrap()));
    let grid = results.contracts.iter().find(|contract| contract.id == "grid").unwrap();
    near(grid.cost_musd[0] * 1e6, 78_289.196_675_900_28, EXACT);
    near(cost(&results), 16.0 * CHEAP_DAY + 15.0 * carried(240.0), EXACT);
    near(cost(&results), 85_878.116_343_490_3, EXACT);
    let battery = results.contracts.iter().find(|contract| contract.id == "bat").unwrap();
    let most = battery.charge_state_mwh[0].iter().copied().fold(0.0, f64::max);
    assert!((240.0 / 0.95 - 1e-6..=1000.0 + 1e-6).contains(&most), "{most}");
}

/// Two linked days in turn are those hours.
#[test]
fn linked_days_are_the_hours_they_stand_for() {
    let january = "period_months: 1, periods: 1";
    let by_hour = best(&with_battery(hourly(january), 1000.0).plan());
    let linked = best(&with_battery(two_days(january, IN_TURN, true), 1000.0).plan());
    near(cost(&by_hour), 16.0 * CHEAP_DAY + 15.0 * carried(240.0), EXACT);
    near(cost(&linked), cost(&by_hour), EXACT);
    assert!(linked.solver.columns < 100, "{} columns", linked.solver.columns);
    // Days that are not linked are cycles of their own, and half of each month whole or not.
    let apart = best(&with_battery(two_days(january, IN_TURN, false), 1000.0).plan());
    near(cost(&apart), 15.5 * (CHEAP_DAY + DEAR_DAY), EXACT);
}

/// A battery of 100 MWh gives 95 of a dear day's 240 MWh by the hour. Linked, every cheap day charges the
/// same, and the month's last and first are two in a row: 50 MWh each, which give 16/15 · 47.5 a dear day.
#[test]
fn a_small_battery_is_filled_and_emptied() {
    let january = "period_months: 1, periods: 1";
    for (sketch, given) in [(hourly(january), 95.0), (two_days(january, IN_TURN, true), 16.0 / 15.0 * 47.5)] {
        let results = best(&with_battery(sketch, 100.0).plan());
        near(cost(&results), 16.0 * CHEAP_DAY + 15.0 * (carried(given) + (240.0 - given) * 100.0), EXACT);
        let battery = results.contracts.iter().find(|contract| contract.id == "bat").unwrap();
        let states = &battery.charge_state_mwh[0];
        assert!(states.iter().all(|state| (-1e-6..100.0 + 1e-6).contains(state)), "{states:?}");
    }
}

/// A cheap half year of 181 days and a dear one of 184: 1,000 MWh cross the middle once, and none more.
#[test]
fn runs_of_days_keep_within_the_battery() {
    let halves = "\"a\": (months: [1, 2, 3, 4, 5, 6]), \"b\": (months: [7, 8, 9, 10, 11, 12])";
    for (horizon, years) in
        [("period_months: 12, periods: 1", 1.0), ("period_months: 24, periods: 1", 2.0), ("period_months: 12, periods: 2", 2.0)]
    {
        let results = best(&with_battery(two_days(horizon, halves, true), 1000.0).plan());
        let year = 181.0 * CHEAP_DAY + 184.0 * DEAR_DAY - 950.0 * 100.0 + carried(950.0);
        near(cost(&results), years * year, EXACT);
    }
}

/// Each month is a cycle: 15 dear days in January, 14 in February.
#[test]
fn each_period_by_the_hour_is_a_cycle() {
    let results = best(&with_battery(hourly("period_months: 1, periods: 2"), 1000.0).plan());
    near(cost(&results), 30.0 * CHEAP_DAY + 29.0 * carried(240.0), EXACT);
}

/// A year from October on, in halves: the order of its days does not begin in January.
#[test]
fn a_half_year_over_new_year_is_one_cycle() {
    let from_october = |sketch: Sketch| {
        let horizon = "(start: \"2027-10\", discount_rate_fraction: 0.0, period_months: 6, periods: 1)";
        best(&with_battery(sketch.top("horizon", horizon), 1000.0).plan())
    };
    // Cheap from October to December, dear from January to March.
    let quarters = "\"a\": (months: [4, 5, 6, 7, 8, 9, 10, 11, 12]), \"b\": (months: [1, 2, 3])";
    let results = from_october(two_days("period_months: 6, periods: 1", quarters, true));
    near(cost(&results), 92.0 * CHEAP_DAY + 90.0 * DEAR_DAY - 950.0 * 100.0 + carried(950.0), EXACT);
}

/// A linked plan does what its hours could do too, the same on every day that one day stands for: the
/// hours never cost more than the linked days, and these never more than no battery.
#[test]
fn hours_are_freer_than_linked_days_and_these_than_none() {
    let mut state = 7_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1_u32 << 31)
    };
    let january = "period_months: 1, periods: 1";
    let mut better = 0;
    for _ in 0..6 {
        let mut four = || (0..4).map(|_| (random() * 200.0).round()).collect::<Vec<f64>>();
        let days = [four(), four()];
        let profile = format!("PerDay({{\"a\": {:?}, \"b\": {:?}}})", days[0], days[1]);
        let values = (0..8760).map(|hour: usize| days[hour / 24 % 2][hour % 24 / 6]).collect();
        let series = Series { files: BTreeMap::from([("p".to_owned(), values)]), ..Series::default() };
        let by_hour = study::answer(&with_battery(hourly(january), 60.0).plan(), &series, &Options::default()).results.unwrap();
        let linked = two_days(january, IN_TURN, true).with("profiles", "p", &profile);
        let (none, linked, by_hour) = (cost(&best(&linked.plan())), cost(&best(&with_battery(linked, 60.0).plan())), cost(&by_hour));
        assert!(by_hour <= linked * (1.0 + 1e-9) && linked <= none * (1.0 + 1e-9), "{by_hour}, {linked}, {none} with {profile}");
        better += usize::from(by_hour < linked * (1.0 - 1e-6)) + usize::from(linked < none * (1.0 - 1e-6));
    }
    assert!(better > 6, "the batteries did something: {better}");
}

/// A day too small for a whole day of the year is refused by name.
#[test]
fn a_linked_day_needs_a_day_of_the_year() {
    let days = "\"a\": (share_fraction: 0.9999), \"b\": (share_fraction: 0.0001)";
    let problems =
        study::state(&two_days("period_months: 12, periods: 1", days, true).plan(), &Series::default(), &Options::default()).unwrap_err();
    assert!(problems.iter().any(|problem| problem.code == "no-day-left" && problem.message.contains("`b`")), "{problems:#?}");
}

/// Work that may be put off, with chips for twice its mean; January has weeks of 4, 3, 4 and 3 cheap days
/// and a rest of three days with 2.
#[test]
fn work_is_put_off_to_cheap_days() {
    let at = |sketch: Sketch, urgency: &str| {
        let sketch = sketch.fleet(20_000.0).product("chat", &format!("utilisation_cap_fraction: 1.0, urgency: {urgency}"));
        let results = best(&sketch.plan());
        near(phase(&results, "tokens"), 31.0 * 0.864, EXACT);
        let flow: f64 = results.flows.iter().flat_map(|flow| &flow.answer_ttok).sum();
        near(flow, 31.0 * 0.864, EXACT);
        let by_slice: f64 =
            results.flows[0].gtok_per_hour[0].iter().zip(&results.slices).map(|(rate, slice)| rate * slice.hours[0] * 1e-3).sum();
        near(by_slice, 31.0 * 0.864, EXACT);
        cost(&results)
    };
    let january = "period_months: 1, periods: 1";
    near(at(hourly(january), "WithinDay"), 16.0 * CHEAP_DAY + 15.0 * DEAR_DAY, EXACT);
    // 1,680 MWh a week, of which a cheap day takes 480: 240 MWh of the second and of the fourth week are dear.
    near(at(hourly(january), "WithinWeek"), (7440.0 - 480.0) * 10.0 + 480.0 * 100.0, EXACT);
    near(at(hourly(january), "WithinPeriod"), 7440.0 * 10.0, EXACT);
    near(at(two_days(january, IN_TURN, true), "WithinPeriod"), 7440.0 * 10.0, EXACT);
    // Every cheap linked day does the same work, so weeks of three cheap days set what is left to dear ones:
    // 4a + 3b = 7·240 and 3a + 4b = 7·240 leave only a = b.
    near(at(two_days(january, IN_TURN, true), "WithinWeek"), 16.0 * CHEAP_DAY + 15.0 * DEAR_DAY, EXACT);
}

/// A cheap week's days before a dear week's: what may wait a week may not wait two.
#[test]
fn a_week_is_a_week() {
    let days = "\"a\": (months: [1]), \"b\": (months: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])";
    let at = |urgency: &str| {
        let sketch = two_days("period_months: 3, periods: 1", days, true)
            .fleet(20_000.0)
            .product("chat", &format!("utilisation_cap_fraction: 1.0, urgency: {urgency}"));
        cost(&best(&sketch.plan()))
    };
    near(at("WithinDay"), 31.0 * CHEAP_DAY + 59.0 * DEAR_DAY, EXACT);
    near(at("WithinWeek"), 31.0 * CHEAP_DAY + 59.0 * DEAR_DAY, EXACT);
    // 31 January days at twice the mean, the rest after.
    near(at("WithinPeriod"), 31.0 * 480.0 * 10.0 + (90.0 * 240.0 - 31.0 * 480.0) * 100.0, EXACT);
}

/// Without an order of days there is no week: refused, with the way out.
#[test]
fn a_week_needs_days_in_order() {
    for urgency in ["WithinWeek", "WithinPeriod"] {
        let sketch = two_days("period_months: 12, periods: 1", IN_TURN, false)
            .product("chat", &format!("utilisation_cap_fraction: 1.0, urgency: {urgency}"));
        let problems = study::state(&sketch.plan(), &Series::default(), &Options::default()).unwrap_err();
        let told = problems.iter().find(|problem| problem.code == "days-without-order").unwrap_or_else(|| panic!("{problems:#?}"));
        assert!(told.help.as_deref().is_some_and(|help| help.contains("linked: true")), "{told:?}");
    }
}

/// Tokens bought for work that may wait still keep to what the seller gives in a day.
#[test]
fn bought_tokens_keep_to_the_day() {
    for urgency in ["WithinDay", "WithinWeek", "WithinPeriod"] {
        let results = best(
            &hourly("period_months: 1, periods: 1")
                .without("fleets", "standing")
                .product("chat", &format!("utilisation_cap_fraction: 1.0, urgency: {urgency}"))
                .with(
                    "purchases",
                    "api",
                    "(product: \"chat\", country: \"US\", usd_per_mtok: 0.1, at_most_gtok_per_day: 500.0, counts_as_tokens: true)",
                )
                .plan(),
        );
        near(phase(&results, "tokens"), 31.0 * 0.5, EXACT);
        let by_slice: f64 = results.flows.iter().map(|flow| flow.gtok_per_hour[0].iter().sum::<f64>() * 1e-3).sum();
        near(by_slice, 31.0 * 0.5, EXACT);
    }
}
