//! Wrong inputs typed and picked in the forms of hedges, games and markets: said where they stand, and nothing is lost.

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tokenworks::gui::command::{Request, Stroke, UiCommand};
use tokenworks::gui::panels::studies::State;
use tokenworks::plan::edit::Edit;

use crate::window::harness::{Window, press, press_at, select, settle, small, text};

/// The small plan with scenarios that may come and a study of them, selected.
fn with_study(id: &str, study: &str) -> Window {
    let mut harness = small();
    harness.state_mut().view.tour = None;
    for (scenario, change) in [("cheap", "0.5"), ("dear", "1.5")] {
        let value = format!("(set: {{\"sites.abilene.pue\": {change}}})");
        let value = value.replace("0.5", "1.1").replace("1.5", "1.4");
        let insert = Edit::Insert { path: "scenarios".into(), id: scenario.into(), position: None, value };
        harness.state_mut().handle(Request::Edit(insert, Stroke::Once));
    }
    let insert = Edit::Insert { path: "studies".into(), id: id.into(), position: None, value: study.into() };
    harness.state_mut().handle(Request::Edit(insert, Stroke::Once));
    settle(&mut harness);
    select(&mut harness, &format!("studies.{id}"));
    settle(&mut harness);
    assert!(text(&harness).contains(&format!("\"{id}\": ")), "{}", text(&harness));
    harness
}

fn says(harness: &Window, words: &str) -> bool {
    harness.query_all_by(|node| [node.label(), node.value()].iter().flatten().any(|text| text.contains(words))).next().is_some()
}

/// All that is said, for when something is not.
fn all(harness: &Window) -> Vec<String> {
    let said = |node: egui_kittest::Node<'_>| node.accesskit_node().label().or_else(|| node.accesskit_node().value());
    harness.query_all_by(|_| true).filter_map(said).collect()
}

#[track_caller]
fn must_say(harness: &Window, words: &str) {
    assert!(says(harness, words), "nobody says {words:?}: {:?}", all(harness));
}

/// Clicks into a field where it is painted, types over what is there and leaves it.
fn type_into(harness: &mut Window, role: Role, label: &str, typed: &str) {
    let place = harness.get_by_role_and_label(role, label).rect().center();
    press_at(harness, place);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(Event::Text(typed.to_owned()));
    harness.run();
    harness.key_press(Key::Tab);
    settle(harness);
}

/// Runs the study on screen; what it says of itself.
fn refused_to_run(harness: &mut Window, id: &str, words: &str) {
    harness.state_mut().handle(Request::Run(UiCommand::ShowStudies));
    settle(harness);
    press(harness, "Run");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !says(harness, words) {
        assert!(std::time::Instant::now() < until, "the study does not say {words:?}: {:?}", all(harness));
        std::thread::sleep(std::time::Duration::from_millis(5));
        harness.step();
    }
    let window = harness.state_mut();
    assert_ne!(window.panels.studies.state_of(&window.document, id), Some(State::Fresh), "it was run all the same");
    select(harness, &format!("studies.{id}"));
    settle(harness);
}

#[test]
fn a_hedge_says_what_is_wrong_with_it_where_it_is_typed() {
    let mut harness = with_study("h", "Hedge(decide_before: \"2027-07\", futures: Named({\"cheap\": 0.5, \"as-planned\": 0.5}))");
    let first = text(&harness);
    // Each future has its probability beside its name, to be typed over.
    type_into(&mut harness, Role::SpinButton, "Futures cheap", "0.7");
    must_say(&harness, "The probabilities add up to 1.2, not to 1.");
    refused_to_run(&mut harness, "h", "The probabilities add up to 1.2, not to 1.");
    type_into(&mut harness, Role::SpinButton, "Futures cheap", "-0.5");
    must_say(&harness, "−0.5 is not a probability that counts.");
    type_into(&mut harness, Role::SpinButton, "Futures cheap", "half");
    must_say(&harness, "half");
    assert!(text(&harness).contains("\"cheap\": -0.5"), "what is no number does not go into the plan: {}", text(&harness));
    type_into(&mut harness, Role::SpinButton, "Futures cheap", "0.25 + 0.25");
    assert_eq!(text(&harness), first, "mended where it stands");
    // Another future: those that there are and that are not in yet, with what is left.
    press(&mut harness, "Remove as-planned");
    must_say(&harness, "The probabilities add up to 0.5, not to 1.");
    press(&mut harness, "Add future");
    assert!(says(&harness, "Dear") && says(&harness, "As planned"), "{:?}", all(&harness));
    press(&mut harness, "Dear");
    assert!(text(&harness).contains("\"dear\": 0.5"), "{}", text(&harness));
    let problems = harness.state().document.problems();
    assert!(!problems.iter().any(|problem| problem.path.starts_with("studies.h")), "{problems:?}");
    // A month that is none is kept as typed and said; one outside the horizon is said, too.
    type_into(&mut harness, Role::TextInput, "Decide before", "next summer");
    must_say(&harness, "next summer");
    assert!(text(&harness).contains("decide_before: \"2027-07\""), "{}", text(&harness));
    type_into(&mut harness, Role::TextInput, "Decide before", "2050-01");
    must_say(&harness, "so nothing is left to adapt");
    refused_to_run(&mut harness, "h", "so nothing is left to adapt");
    type_into(&mut harness, Role::TextInput, "Decide before", "2020-01");
    must_say(&harness, "Nothing can be signed before 2020-01");
    type_into(&mut harness, Role::TextInput, "Decide before", "");
    assert!(text(&harness).contains("decide_before: \"2020-01\""), "{}", text(&harness));
}

#[test]
fn a_future_that_is_no_scenario_is_said_beside_it() {
    let harness = with_study("h", "Hedge(decide_before: \"2027-07\", futures: Named({\"boom\": 0.5, \"as-planned\": 0.5}))");
    let problems = harness.state().document.problems();
    let of_it = problems.iter().find(|problem| problem.path.starts_with("studies.h")).expect("it is found wrong");
    must_say(&harness, &tokenworks::words::in_words(&of_it.message));
}

#[test]
fn a_game_says_what_is_wrong_with_it_where_it_is_picked() {
    let mut harness = with_study("g", "Game(players: {\"us\": [\"base\", \"cheap\"]}, payoff: {\"us\": Npv})");
    // Nobody of that name.
    let problems = harness.state().document.problems();
    let of_it = problems.iter().find(|problem| problem.path.starts_with("studies.g") && problem.is_error()).cloned();
    let of_it = of_it.unwrap_or_else(|| panic!("a player who is no actor: {problems:?}"));
    must_say(&harness, &tokenworks::words::in_words(&of_it.message));
    for (id, country) in [("us", "US"), ("no", "NO")] {
        let value = format!("(name: \"{}\", country: \"{country}\")", id.to_uppercase());
        let insert = Edit::Insert { path: "actors".into(), id: id.into(), position: None, value };
        harness.state_mut().handle(Request::Edit(insert, Stroke::Once));
    }
    settle(&mut harness);
    must_say(&harness, "One player plays against nobody");
    // A second player is picked, and what it wants is asked for.
    press(&mut harness, "Add player");
    press(&mut harness, "NO");
    assert!(text(&harness).contains("\"no\": [\"base\"]"), "{}", text(&harness));
    must_say(&harness, "is not said");
    refused_to_run(&mut harness, "g", "is not said");
    press(&mut harness, "Add payoff");
    press(&mut harness, "NO");
    assert!(text(&harness).contains("\"no\": Npv"), "{}", text(&harness));
    // The same move twice.
    press(&mut harness, "Add to Players us");
    must_say(&harness, "stands twice");
    press(&mut harness, "Remove Players us 3");
    assert!(!says(&harness, "stands twice"), "{:?}", all(&harness));
}

/// A demand curve is typed into: what can't be is refused beside the field, kept as typed, and the plan is as it was.
#[test]
fn a_demand_curve_refuses_what_it_cannot_be_where_it_is_typed() {
    let mut harness = small();
    harness.set_size(egui::vec2(1440.0, 2600.0));
    harness.state_mut().view.tour = None;
    let curve = "Isoelastic(at_usd_per_mtok: 1.0, at_gtok_per_day: 100.0, elasticity: 1.2)";
    harness.state_mut().handle(Request::Edit(Edit::set("markets.us-central.demand.chat.curve", curve), Stroke::Once));
    settle(&mut harness);
    // Both segments and a curve: one of the two, and it is said at the curve.
    select(&mut harness, "markets.us-central");
    settle(&mut harness);
    let problem = harness.state().document.problems().iter().find(|problem| problem.is_error()).cloned().expect("two prices of one demand");
    must_say(&harness, &tokenworks::words::in_words(&problem.message));
    harness.state_mut().handle(Request::Edit(Edit::set("markets.us-central.demand.chat.segments", "[]"), Stroke::Once));
    settle(&mut harness);
    let first = text(&harness);
    for (field, typed, said) in [
        ("Elasticity", "-1", "0.01"),
        ("Elasticity", "", ""),
        ("Elasticity", "steep", "steep"),
        ("Elasticity", "1e9", "100"),
        ("Known price", "-2", "0"),
        ("Known price", "two dollars", "two"),
        ("Volume at that price", "1/0", ""),
    ] {
        type_into(&mut harness, Role::SpinButton, field, typed);
        must_say(&harness, said);
        assert_eq!(text(&harness), first, "{typed:?} typed into {field} went into the plan");
    }
    type_into(&mut harness, Role::SpinButton, "Elasticity", "1.5");
    assert!(text(&harness).contains("elasticity: 1.5"), "{}", text(&harness));
}
