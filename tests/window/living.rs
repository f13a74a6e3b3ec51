//! The plan as time goes on, by clicks: rolled on with what really stands, what changed between two plans, the hedged plan
//! made a scenario, a game begun from nothing.

use std::time::{Duration, Instant};

use egui::{Key, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tokenworks::gui::command::{Request, UiCommand};
use tokenworks::gui::panels::studies::State;
use tokenworks::plan::file::print;
use tokenworks::plan::study::Study;

use crate::studies::hedge::newsvendor;
use crate::window::harness::{Window, open_small, press, run, settle, type_number, window_of, window_with};

fn says(harness: &Window, words: &str) -> bool {
    harness.query_all_by(|node| [node.label(), node.value()].iter().flatten().any(|text| text.contains(words))).next().is_some()
}

fn wait_for(harness: &mut Window, words: &str) {
    let until = Instant::now() + Duration::from_mins(2);
    while !says(harness, words) {
        assert!(Instant::now() < until, "`{words}` never came");
        std::thread::sleep(Duration::from_millis(5));
        harness.step();
    }
    settle(harness);
}

#[test]
fn a_plan_is_rolled_on_with_what_really_stands_by_clicks() {
    let mut harness = window_with(vec2(1280.0, 900.0), |_| {});
    open_small(&mut harness);
    let start = harness.state().document.plan().horizon.start;
    run(&mut harness, UiCommand::RollOn);
    assert!(says(&harness, "Roll the plan on"));
    press(&mut harness, "State what really stands…");
    wait_for(&mut harness, "What is there or on its way");
    // One thing is corrected: half of the first row.
    let amount = harness
        .query_all_by(|node| node.label().is_some_and(|label| label.starts_with("Amount 1 of ")))
        .next()
        .and_then(|node| node.accesskit_node().label())
        .expect("nothing stands");
    type_number(&mut harness, &amount, "123");
    press(&mut harness, "Roll on");
    wait_for(&mut harness, "with what stands the new one comes to");
    assert!(says(&harness, "Stated: 123"));
    press(&mut harness, "Open it");
    let plan = harness.state().document.plan();
    assert!(plan.horizon.start > start, "{}", plan.horizon.start);
    let counts: Vec<f64> = plan.fleets.values().map(|fleet| fleet.count).collect();
    assert!(counts.contains(&123.0), "{counts:?}");
}

#[test]
fn the_hedged_plan_becomes_a_scenario_by_clicks() {
    let mut harness = window_of(Harness::builder(), vec2(1600.0, 3200.0), Theme::Dark, |_| {});
    harness.state_mut().handle(Request::NewFromText { name: "stall".into(), text: print(&newsvendor(2.0, "")) });
    // The tour would stand before the button.
    harness.state_mut().view.tour = None;
    settle(&mut harness);
    run(&mut harness, UiCommand::ShowStudies);
    press(&mut harness, "Run");
    let until = Instant::now() + Duration::from_mins(2);
    loop {
        let window = harness.state_mut();
        if window.panels.studies.state_of(&window.document, "h") == Some(State::Fresh) {
            break;
        }
        assert!(Instant::now() < until, "the hedge never ended: {:?}", window.panels.studies.state_of(&window.document, "h"));
        std::thread::sleep(Duration::from_millis(5));
        harness.step();
    }
    settle(&mut harness);
    // What to sign stands on the page, in words.
    assert!(says(&harness, "Order 150 c for home now, before 2027-07"), "nothing is said");
    // The hedged plan is the point after the three futures; it is reached by its number.
    type_number(&mut harness, "of the table", "3");
    assert!(says(&harness, "hedged over 3 futures"), "another point is looked at");
    press(&mut harness, "Make this a scenario");
    let scenarios = &harness.state().document.base().scenarios;
    let hedged = scenarios.get("h-3").unwrap_or_else(|| panic!("{:?}", scenarios.keys().collect::<Vec<_>>()));
    let set: Vec<&String> = hedged.set.0.iter().map(|(path, _)| path).collect();
    assert_eq!(set, ["decisions"]);
}

#[test]
fn a_game_is_begun_from_actors_and_says_what_it_needs_without() {
    let mut harness = window_of(Harness::builder(), vec2(1600.0, 1400.0), Theme::Light, |_| {});
    open_small(&mut harness);
    run(&mut harness, UiCommand::ShowStudies);
    press(&mut harness, "Add a study…");
    press(&mut harness, "Game");
    assert!(harness.state().document.plan().studies.is_empty());
    harness.key_press(Key::Escape);
    settle(&mut harness);
    let text = std::fs::read_to_string("plans/two-countries.ron").unwrap();
    harness.state_mut().handle(Request::NewFromText { name: "two".into(), text });
    settle(&mut harness);
    run(&mut harness, UiCommand::ShowStudies);
    press(&mut harness, "Add a study…");
    press(&mut harness, "Game");
    let Some(Study::Game(game)) = harness.state().document.plan().studies.get("game") else { panic!("no game") };
    assert_eq!(game.players.keys().collect::<Vec<_>>(), ["us", "cn"]);
    assert!(harness.state().document.problems().iter().all(|problem| !problem.is_error()));
}
