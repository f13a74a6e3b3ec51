//! Power in the window: connections and feeds in the Layout, what was published beside the fields it informs, tariffs
//! for large loads in a menu, and what power at an earlier date is worth.

use egui_kittest::kittest::Queryable as _;
use tokenworks::gui::command::{Question, Request, UiCommand};
use tokenworks::plan::Terms;

use crate::common::sketch::{Sketch, slices};
use crate::window::harness::{Window, run, select, settle, wait_until, window_with};

fn window(sketch: &Sketch) -> Window {
    let mut harness = window_with(egui::vec2(1600.0, 1300.0), |opening| opening.first_example = false);
    harness.state_mut().handle(Request::NewFromText { name: "power".into(), text: sketch.text() });
    settle(&mut harness);
    harness
}

fn says(harness: &Window, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
}

/// 4 MW firm and 6 but for some hours of July behind two feeds.
fn site() -> Sketch {
    let connection = "\"west\": (firm_mw: {\"2027-01\": 4.0, \"2027-07\": 8.0}, non_firm_mw: 6.0, events: Windows([(months: [7], from_hour: 16, until_hour: 20)]))";
    let halls = "\"hall\": (it_mw: 20.0, cooling: Liquid, feed: \"east\")";
    let kinds = "\"big\": (it_mw: 10.0, cooling: Liquid, capex_usd_per_w: 11.0, lead_months: 12.0, at_most: 0.0)";
    Sketch::new()
        .fleet(20_000.0)
        .top("horizon", "(start: \"2027-01\", period_months: 3, periods: 4, discount_rate_fraction: 0.0)")
        .top("slices", &slices(4, "\"day\": (months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])"))
        .product("chat", "urgency: WithinDay")
        .site("home", &format!("interconnect_mw: 2.0, pue: 1.0, halls: {{{halls}}}, buildable: {{{kinds}}}, feeds: {{\"east\": (mw: 15.0, redundancy: TwoN), \"west\": (mw: 5.0)}}, connections: {{{connection}}}"))
}

#[test]
fn the_layout_shows_connections_and_feeds() {
    let mut harness = window(&site());
    run(&mut harness, UiCommand::ShowLayout);
    for words in
        ["plain 2 MW", "West 8 MW firm", "+ 6 MW but for windows", "feed east 15 MW · 2N", "feed west 5 MW · N", "existing · feed east"]
    {
        assert!(says(&harness, words), "{words}");
    }
    // A line leads to what it says.
    harness.get_by_label_contains("feed west 5 MW").click();
    settle(&mut harness);
    assert_eq!(harness.state().view.selection, "sites.home.feeds.west");
}

#[test]
fn published_numbers_stand_beside_their_fields() {
    let mut harness = window(&site());
    for (path, words) in [
        ("sites.home.buildable.big", "USD per W of IT"),
        ("sites.home.buildable.big", "transformer"),
        ("sites.home", "large load connection"),
        ("sites.home.feeds.east", "transformer"),
    ] {
        select(&mut harness, path);
        assert!(says(&harness, "Published: ") && says(&harness, words), "{path}: {words}");
    }
}

#[test]
fn a_large_load_tariff_is_taken_from_a_menu() {
    let mut harness = window(&site());
    select(&mut harness, "contracts");
    harness.get_all_by_label("Large-load tariff…").next().unwrap().click();
    harness.run();
    harness.get_by_label_contains("Schedule DCT").click();
    settle(&mut harness);
    let plan = harness.state().document.plan();
    let (id, contract) = plan.contracts.last().unwrap();
    assert!(harness.state().view.selection.ends_with(id.as_str()));
    match &contract.terms {
        Terms::Tariff(tariff) => assert!(tariff.catalog.is_some() && tariff.minimum_bill.is_some(), "{tariff:?}"),
        other => panic!("{other:?}"),
    }
    assert!(harness.state().document.problems().iter().all(|problem| !problem.is_error()), "{:#?}", harness.state().document.problems());
}

#[test]
fn explain_says_what_an_earlier_date_is_worth() {
    let mut harness = window(&site());
    run(&mut harness, UiCommand::ShowExplain);
    assert!(says(&harness, "Ask what earlier is worth"));
    harness.state_mut().handle(Request::Ask(Question::Earlier));
    harness.run_ok();
    wait_until(&mut harness, "the answer", |window| !window.panels.explain.told.is_empty());
    harness.run();
    // The second quarter with 3 MW more, which is all that the feed of 15 lets through, for 91 days: 23.6 Ttok.
    assert!(says(&harness, "in 2027-04 instead of 2027-07 brings 23.6 Ttok more"), "{:?}", harness.state().panels.explain.told);
}
