//! What goes on when a part is lost: plant, connections, feeds, sites. Worked out by hand.

use tokenworks::results::Results;

use crate::common::sketch::{HOURS, Sketch, binding, chip, market, near, phase, said, slices};

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

fn rule(part: &str, keep: f64) -> String {
    format!("(lose: Largest({part}), keep: {{\"chat\": (fraction: {keep:?})}})")
}

const HALL: &str = "pue: 1.0, halls: {\"hall\": (it_mw: 1000.0, cooling: Liquid)}";

/// 40 MW of chips with batch work behind 5 MW of the grid, with 4 and 3 MW of engines beside it.
fn engines(part: &str, keep: f64) -> Sketch {
    let engine = |mw: f64| {
        format!(
            "(site: \"home\", terms: OnSite(fuel: Gas(usd_per_mwh_thermal: 0.0, efficiency_fraction: 0.5), mw: UpTo(0.0), existing_mw: {mw:?}))"
        )
    };
    Sketch::new()
        .fleet(40_000.0)
        .product("chat", "urgency: WithinDay")
        .site("home", &format!("interconnect_mw: 5.0, {HALL}"))
        .with("contracts", "large", &engine(4.0))
        .with("contracts", "small", &engine(3.0))
        .with("resilience", "n-1", &rule(part, keep))
}

/// Of 12 MW the largest engine leaves 8, the grid 7.
#[test]
fn the_largest_plant_may_be_lost() {
    // 80 % of what is made must fit into 8 MW: 10; half of it always does.
    let results = engines("Plant", 0.8).best();
    near(tokens(&results), year(10.0), EXACT);
    near(tokens(&engines("Plant", 0.5).best()), year(12.0), EXACT);
    near(tokens(&engines("Plant", 1.0).best()), year(8.0), EXACT);
    near(tokens(&engines("Connection", 0.8).best()), year(8.75), EXACT);
    assert!(tokens(&engines("Site", 0.8).best()).abs() < 1e-9);
    // 8/k MW: a share kept more costs 8/0.64 MW.
    near(binding(&results, "resilience.n-1.keep.chat.fraction").dual.abs(), year(12.5), 1e-6);
    // A share of none asks for nothing, and neither does a kind of part that is not there.
    assert_eq!(said(&engines("Plant", 0.0).text(), "never-binds"), ["resilience.n-1.keep"]);
    assert_eq!(said(&engines("Feed", 0.5).text(), "never-binds"), ["resilience.n-1.lose"]);
    assert_eq!(
        said(
            &engines("Plant", 0.5).with("resilience", "n-1", "(lose: Largest(Site), keep: {\"talk\": (fraction: 0.5)})").text(),
            "unknown-reference"
        ),
        ["resilience.n-1.keep.talk"]
    );
}

/// Idle power and PUE count after the loss too: a chip at work draws 1 kW of 1.25 times as much.
#[test]
fn what_is_left_carries_pue() {
    let sketch = engines("Plant", 0.8).site("home", &format!("interconnect_mw: 5.0, {}", HALL.replace("1.0,", "1.25,")));
    near(tokens(&sketch.best()), year(8.0), EXACT);
    let idling = sketch.with("chips", "c", &chip(1.0, 1.0, 0.0, "drain: Never").replace("idle_fraction: 0.0", "idle_fraction: 0.5"));
    near(tokens(&idling.best()), year(8.0), EXACT);
}

/// Two halls of 10 MW, each behind a feed of its own, and chips for 40: what stands behind the one that carries on
/// has to make the share.
#[test]
fn a_feed_may_be_lost() {
    let at = |east: &str, west: &str, more: &str, keep: f64| {
        let halls =
            format!("\"a\": (it_mw: 10.0, cooling: Liquid, feed: \"east\"), \"b\": (it_mw: 10.0, cooling: Liquid, feed: \"west\"), {more}");
        let feeds = format!("\"east\": (mw: 12.0, redundancy: {east}), \"west\": (mw: 12.0, redundancy: {west})");
        let site = format!("interconnect_mw: 1000.0, pue: 1.0, halls: {{{halls}}}, feeds: {{{feeds}}}");
        let sketch = Sketch::new().fleet(40_000.0).product("chat", "urgency: WithinDay").site("home", &site);
        tokens(&sketch.with("resilience", "n-1", &rule("Feed", keep)).best())
    };
    near(at("N", "N", "", 0.5), year(20.0), EXACT);
    near(at("N", "N", "", 0.6), year(10.0 / 0.6), EXACT);
    // Of which only one can be lost, it is the same; with both doubled nothing is.
    near(at("N", "TwoN", "", 0.6), year(10.0 / 0.6), EXACT);
    near(at("N1", "TwoN", "", 1.0), year(20.0), EXACT);
    // 5 MW without a feed go on whatever is lost.
    near(at("N", "N", "\"c\": (it_mw: 5.0, cooling: Liquid)", 0.8), year(15.0 / 0.8), EXACT);
}

/// At a site that is filled by what chips draw nobody knows what stands behind a feed: that is refused.
#[test]
fn feeds_of_oversubscribed_sites_can_not_be_lost() {
    let site = "interconnect_mw: 10.0, pue: 1.0, oversubscribed: true, halls: {\"a\": (it_mw: 10.0, cooling: Liquid, feed: \"east\")}, feeds: {\"east\": (mw: 5.0)}";
    let sketch = Sketch::new().fleet(10.0).site("home", site).with("resilience", "n-1", &rule("Feed", 0.5));
    assert_eq!(said(&sketch.text(), "oversubscribed-feeds"), ["resilience.n-1.lose"]);
}

/// Two sites of 10 MW serve one market live: 70 % must fit into one of them. A site of 15 and one of 10 make 25, and
/// the smaller one has to make 70 % of them.
#[test]
fn a_site_may_be_lost() {
    let at = |first: f64, keep: f64| {
        let site = |mw: f64| format!("interconnect_mw: {mw:?}, {HALL}");
        let sketch = Sketch::new()
            .fleet(40_000.0)
            .site("home", &site(first))
            .site("away", &site(10.0))
            .with("fleets", "away", "(site: \"away\", chip: \"c\", count: 40000.0, in_service: \"2026-12\")")
            .with("contracts", "away", "(site: \"away\", terms: Tariff(energy_usd_per_mwh: 0.0))")
            .with("resilience", "n-1", &rule("Site", keep));
        tokens(&sketch.best())
    };
    near(at(10.0, 0.5), year(20.0), EXACT);
    near(at(10.0, 0.7), year(10.0 / 0.7), EXACT);
    near(at(15.0, 0.7), year(10.0 / 0.7), EXACT);
    near(at(15.0, 0.2), year(25.0), EXACT);
}

/// Live demand of 3 by day and 1 by night behind 6 MW and an engine of 4: by day 7.5 MW where 80 % have to go on,
/// 10 where it has to by night only.
#[test]
fn what_goes_on_may_be_asked_of_some_hours() {
    let at = |hours: &str| {
        let sketch = engines("Plant", 0.8)
            .without("contracts", "small")
            .site("home", &format!("interconnect_mw: 6.0, {HALL}"))
            .top("slices", &slices(12, "\"day\": (share_fraction: 1.0)"))
            .with("profiles", "hours", "PerHour([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0])")
            .product("chat", "utilisation_cap_fraction: 1.0")
            .with("markets", "near", &market("chat", 1e6, 1.0, "local_time: \"hours\","))
            .with("resilience", "n-1", &rule("Plant", 0.8).replace("keep:", &format!("{hours} keep:")));
        tokens(&sketch.best())
    };
    let mean = |day: f64| year(day * (1.0 + 1.0 / 3.0) / 2.0);
    near(at(""), mean(7.5), EXACT);
    near(at("worst_hours: Busiest(100.0),"), mean(7.5), EXACT);
    near(at("worst_hours: Stated(Windows([(from_hour: 12, until_hour: 24)])),"), mean(7.5), EXACT);
    near(at("worst_hours: Stated(Windows([(from_hour: 0, until_hour: 12)])),"), mean(10.0), EXACT);
    let wrong = engines("Plant", 0.8).with(
        "resilience",
        "n-1",
        "(lose: Largest(Plant), keep: {\"chat\": (fraction: 0.5)}, worst_hours: Stated(Share(0.1)))",
    );
    assert_eq!(said(&wrong.text(), "no-hours"), ["resilience.n-1.worst_hours.value"]);
}

/// What comes through a connection by name is lost with it; backup that waits for events runs after a loss.
#[test]
fn a_connection_may_be_lost() {
    let site = |connections: &str| {
        Sketch::new()
            .fleet(40_000.0)
            .product("chat", "urgency: WithinDay")
            .top("horizon", "(start: \"2027-01\", period_months: 1, periods: 1, discount_rate_fraction: 0.0)")
            .top("slices", &slices(24, "\"day\": (months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])"))
            .site("home", &format!("interconnect_mw: 6.0, {HALL}, connections: {{{connections}}}"))
            .with("resilience", "n-1", &rule("Connection", 0.9))
    };
    let january = |mw: f64| GTOK * 31.0 * 24.0 * mw * 1e-3;
    near(tokens(&site("\"a\": (firm_mw: 4.0)").best()), january(4.0 / 0.9), EXACT);
    let named = site("\"a\": (firm_mw: 4.0)").with(
        "contracts",
        "grid",
        "(site: \"home\", connection: \"a\", terms: Tariff(energy_usd_per_mwh: 0.0))",
    );
    assert!(tokens(&named.best()).abs() < 1e-9);
    // 6 + 6 MW by day and year; after the loss of either, 3 MW of backup beside the other's 6: 9/0.9.
    let backup = "\"a\": (firm_mw: 4.0, non_firm_mw: 2.0, events: Windows([(months: [7])]), backup: (mw: 3.0, hours_per_year: 50.0, fuel_usd_per_mwh: 300.0))";
    near(tokens(&site(backup).best()), january(10.0), EXACT);
}

/// What each loss leaves is a table: of 12 MW the large engine leaves 8, the small one 9, and 10 are made.
#[test]
fn what_each_loss_leaves() {
    let results = engines("Plant", 0.8).best();
    let of = |lost: &str| results.losses.iter().find(|loss| loss.lost == lost).unwrap();
    assert_eq!(results.losses.len(), 2);
    for (lost, left, share) in [("large", 8.0, 0.8), ("small", 9.0, 0.9)] {
        let loss = of(lost);
        assert!(loss.is_most, "{loss:?}");
        assert_eq!((loss.part, loss.period.as_str(), loss.product.as_str()), ("plant", "2027", "chat"));
        near(loss.asked_fraction, 0.8, EXACT);
        near(loss.left_fraction, share, 1e-6);
        near(loss.before_gtok_per_hour, 10.0 * GTOK, 1e-6);
        near(loss.left_gtok_per_hour, left * GTOK, 1e-6);
        // All hours of the year count, in all of them less goes on: 2 or 1 MW for a year.
        near(loss.hours, HOURS, EXACT);
        near(loss.short_hours, HOURS, EXACT);
        near(loss.lost_ttok, year(10.0 - left), 1e-6);
        near(loss.firm_mw, 12.0, EXACT);
        near(loss.firm_left_mw, left, EXACT);
    }
    // The grid brings 5 of 12: 7 are left of 8.75.
    let grid = &engines("Connection", 0.8).best().losses;
    assert_eq!(grid.iter().map(|loss| loss.lost.as_str()).collect::<Vec<_>>(), ["home.plain"]);
    near(grid[0].left_gtok_per_hour, 7.0 * GTOK, 1e-6);
    near(grid[0].left_fraction, 0.8, 1e-6);
    near(grid[0].firm_left_mw, 7.0, EXACT);
    // Where half has to go on, all that can is said: 8 MW of 12.
    let half = engines("Plant", 0.5).best();
    near(half.losses.iter().find(|loss| loss.lost == "large").unwrap().left_fraction, 8.0 / 12.0, 1e-6);
    // Without a rule nothing is said, and no table is empty.
    assert!(engines("Plant", 0.5).without("resilience", "n-1").best().losses.is_empty());
}

/// Losses of feeds, sites and of some hours alone, and what a second feed is worth in the same hours.
#[test]
fn what_lost_feeds_and_sites_leave() {
    let halls = "\"a\": (it_mw: 10.0, cooling: Liquid, feed: \"east\"), \"b\": (it_mw: 10.0, cooling: Liquid, feed: \"west\")";
    let site = format!("interconnect_mw: 1000.0, pue: 1.0, halls: {{{halls}}}, feeds: {{\"east\": (mw: 12.0), \"west\": (mw: 4.0)}}");
    let sketch = Sketch::new().fleet(40_000.0).product("chat", "urgency: WithinDay").site("home", &site);
    let results = sketch.with("resilience", "n-1", &rule("Feed", 0.2)).best();
    // 10 MW stand behind east, 4 behind west.
    let left =
        |lost: &str| results.losses.iter().find(|loss| loss.lost == lost).map(|loss| (loss.before_gtok_per_hour, loss.left_gtok_per_hour));
    for (lost, mw) in [("home.east", 4.0), ("home.west", 10.0)] {
        let (before, after) = left(lost).unwrap();
        near(before, 14.0 * GTOK, 1e-6);
        near(after, mw * GTOK, 1e-6);
    }
    assert!(results.losses.iter().all(|loss| loss.part == "feed" && (loss.firm_left_mw - 1000.0).abs() < 1e-9));
    // A site alone leaves nothing.
    let alone = engines("Site", 0.0).with("resilience", "n-1", "(lose: Largest(Site), keep: {\"chat\": (fraction: 1e-9)})").best();
    assert!(alone.losses.iter().all(|loss| loss.firm_left_mw == 0.0 && loss.left_gtok_per_hour <= 1e-6), "{:?}", alone.losses);
}

/// The table is a sheet, a file, a part of the document for machines and of the report.
#[test]
fn what_each_loss_leaves_is_exported() {
    let results = engines("Plant", 0.8).best();
    let document = tokenworks::export::json::document(&results);
    assert_eq!(document["losses"][0]["lost"], "large");
    assert_eq!(document["losses"][0]["is_most"], true);
    let table = tokenworks::export::losses_table(&results);
    assert_eq!(table.rows.len(), 2);
    let csv = tokenworks::export::csv::render(&table).unwrap();
    assert!(csv.starts_with("Lost,Period,Product,Has to go on [%],Goes on [%],Worst hour"), "{csv}");
    assert!(csv.contains("plant large,2027,Chat,80"), "{csv}");
}
