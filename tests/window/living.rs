//! The plan as time goes on, by clicks: rolled on with what really stands, what changed between two plans, the hedged plan
//! made a scenario, a game begun from nothing.

use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Key, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tokenworks::gui::command::{Request, UiCommand};
use tokenworks::gui::panels::studies::State;
use tokenworks::plan::file::print;
use tokenworks::plan::study::Study;
use tokenworks::words::with_unit;

use crate::studies::hedge::newsvendor;
use crate::window::harness::{Window, open_small, press, press_at, run, settle, type_number, window_of, window_with};

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

/// Presses the combo box and then the item of its list, both where they are seen.
fn pick(harness: &mut Window, combo: &str, item: &str) {
    for (role, name) in [(Role::ComboBox, combo), (Role::Button, item)] {
        let place = harness.get_by_role_and_label(role, name).rect().center();
        press_at(harness, place);
    }
}

/// What changed between two answers, parted among the inputs: it can be asked for as soon as both are there, its picture names
/// every part with what it brings, and the parts are those of the bridge.
#[test]
fn what_changed_is_parted_among_the_inputs_by_clicks() {
    let mut harness = window_with(vec2(1440.0, 2000.0), |opening| opening.first_example = false);
    let text = include_str!("../plans/small.ron").trim_end().strip_suffix(')').unwrap().to_owned()
        + "    scenarios: {\n        \"dear\": (set: {\"contracts.grid.terms.energy_usd_per_mwh\": 80.0}),\n        \"slow\": (set: {\"sites.abilene.interconnect_mw\": {\"2027-01\": 2.0}, \"contracts.grid.terms.energy_usd_per_mwh\": 20.0}),\n    },\n)\n";
    harness.state_mut().handle(Request::NewFromText { name: "small".into(), text });
    harness.state_mut().view.tour = None;
    settle(&mut harness);
    run(&mut harness, UiCommand::ShowCompare);
    pick(&mut harness, "Left answer", "Scenario dear");
    pick(&mut harness, "Right answer", "Scenario slow");
    let part = "Part the change among the inputs";
    let until = Instant::now() + Duration::from_mins(2);
    loop {
        let button = harness.query_by_label(part);
        if button.is_some_and(|button| !button.accesskit_node().is_disabled()) {
            break;
        }
        assert!(Instant::now() < until, "both answers never came");
        std::thread::sleep(Duration::from_millis(5));
        harness.step();
    }
    settle(&mut harness);
    pick(&mut harness, "Figure whose change is parted", "NPV, M$");
    press(&mut harness, part);
    wait_for(&mut harness, "NPV went from");
    let picture = harness.get_by(|node| node.label().is_some_and(|label| label.starts_with("What changed NPV, M$. ")));
    let spoken = picture.accesskit_node().label().unwrap();
    let plan = harness.state().document.base();
    let of = |name: &str| tokenworks::study::with_scenario(plan, name).unwrap();
    let series = tokenworks::resolved::Series::default();
    let right = tokenworks::living::bridge((&of("dear"), &series), (&of("slow"), &series), "npv_musd").unwrap();
    assert_eq!(right.parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), ["Sites and grid", "Power"]);
    let mut told = vec![format!("before {}", with_unit(right.before, "M$")), format!("after {}", with_unit(right.after, "M$"))];
    for part in &right.parts {
        assert!(part.change.abs() > 1e-3, "{:?}", right.parts);
        let sign = if part.change < 0.0 { "" } else { "+" };
        told.push(format!("{} {sign}{}", part.name, with_unit(part.change, "M$")));
    }
    for told in told {
        assert!(spoken.contains(&told), "{told}: {spoken}");
    }
    // Another figure is another question.
    pick(&mut harness, "Figure whose change is parted", "Tokens, Ttok");
    assert!(!says(&harness, "NPV went from"));
    harness.get_by_label(part);
}
