//! Studies in the window: a new one by clicks, run beside the plan, a point of its picture made a scenario.

use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Theme, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tokenworks::gui::command::{Request, Stroke, UiCommand};
use tokenworks::gui::panels::studies::State;
use tokenworks::gui::view::Anchor;
use tokenworks::plan::edit::Edit;

use crate::window::harness::{Window, open_small, press, press_at, run, select, settle, text, wait_until, window_of};

const ONE_SITE: &str = include_str!("../plans/one-site.ron");

fn window() -> Window {
    let mut harness = window_of(Harness::builder(), vec2(1600.0, 2600.0), Theme::Light, |_| {});
    harness.state_mut().handle(Request::NewFromText { name: "one".into(), text: ONE_SITE.into() });
    // The tour of the first start would lie over what is pressed here.
    harness.state_mut().view.tour = None;
    settle(&mut harness);
    harness.state_mut().handle(Request::Run(UiCommand::ShowStudies));
    settle(&mut harness);
    harness
}

fn state(harness: &mut Window) -> Option<State> {
    state_of(harness, "grid")
}

fn state_of(harness: &mut Window, id: &str) -> Option<State> {
    let window = harness.state_mut();
    window.panels.studies.state_of(&window.document, id)
}

fn wait_until_fresh(harness: &mut Window) {
    wait_until_fresh_of(harness, "grid");
}

fn wait_until_fresh_of(harness: &mut Window, id: &str) {
    let until = Instant::now() + Duration::from_mins(2);
    while state_of(harness, id) != Some(State::Fresh) {
        assert!(Instant::now() < until, "the study never ended: {:?}", state_of(harness, id));
        std::thread::sleep(Duration::from_millis(5));
        harness.step();
    }
}

fn says(harness: &Window, words: &str) -> bool {
    harness.query_all_by(|node| [node.label(), node.value()].iter().flatten().any(|text| text.contains(words))).next().is_some()
}

#[test]
fn a_study_is_added_run_and_a_point_of_it_becomes_a_scenario_by_clicks() {
    let mut harness = window();
    press(&mut harness, "Add a study…");
    press(&mut harness, "Grid");
    assert!(harness.state().document.plan().studies.contains_key("grid"));
    harness.state_mut().handle(Request::Run(UiCommand::ShowStudies));
    settle(&mut harness);
    assert!(says(&harness, "Not run yet"));
    assert!(says(&harness, "It gives every point"));
    press(&mut harness, "Run");
    wait_until_fresh(&mut harness);
    settle(&mut harness);
    assert!(says(&harness, "25 points") && says(&harness, "All points"));
    // Report pages are of what is fresh.
    let window = harness.state_mut();
    let pages = window.panels.studies.pages(&window.document);
    assert_eq!(pages.len(), 1);
    assert!(pages[0].charts.len() >= 4 && pages[0].title == "Grid grid", "{:?}", pages[0].title);
    // A click on the lowest left cell: half the interconnect, half the price.
    let map = harness
        .get_by(|node| node.label().is_some_and(|label| label.starts_with("Tokens, Ttok. ") || label.starts_with("Tokens, ")))
        .rect();
    press_at(&mut harness, map.left_bottom() + vec2(0.25 * map.width(), -0.3 * map.height()));
    assert!(says(&harness, "× 0.5") || says(&harness, "× 0.75"), "no point is looked at");
    press(&mut harness, "Make this a scenario");
    let scenarios: Vec<String> = harness.state().document.base().scenarios.keys().cloned().collect();
    assert_eq!(scenarios.len(), 1, "{scenarios:?}");
    // The scenario changes no answer, so the study is as fresh as it was; an edit of the plan makes it stale.
    assert_eq!(state(&mut harness), Some(State::Fresh));
    harness.state_mut().handle(Request::Edit(Edit::set("sites.home.interconnect_mw", "11.0"), Stroke::Once));
    settle(&mut harness);
    assert_eq!(state(&mut harness), Some(State::Stale));
    run(&mut harness, UiCommand::Undo);
    assert_eq!(state(&mut harness), Some(State::Fresh));
}

/// A study that is wrong stops itself and nothing else: the plan is solved, the study is refused with its problem.
#[test]
fn a_wrong_study_does_not_stop_the_plan() {
    let mut harness = window();
    let wrong = "{\"off\": Grid(axes: [(name: \"Nowhere\", vary: [(paths: [\"sites.nowhere.interconnect_mw\"], at: Evenly(from: 1.0, to: 2.0, steps: 2))])])}";
    let set = Edit::set("studies", wrong);
    harness.state_mut().handle(Request::Edit(set, Stroke::Once));
    wait_until(&mut harness, "the answer", |window| window.document.is_canonical());
    settle(&mut harness);
    let document = &harness.state().document;
    let of_it = document.problems().iter().find(|problem| problem.is_error() && problem.path.starts_with("studies.off")).cloned();
    let of_it = of_it.unwrap_or_else(|| panic!("the study is not found wrong: {:?}", document.problems()));
    assert!(!document.is_blocked());
    assert_eq!(document.freshness(), tokenworks::gui::document::Freshness::Fresh);
    let status = tokenworks::gui::panels::toolbar::status_text(document);
    assert!(status.starts_with("Optimal"), "{status}");
    // Run, it says what is wrong with it.
    harness.state_mut().handle(Request::Run(UiCommand::ShowStudies));
    settle(&mut harness);
    press(&mut harness, "Run");
    let until = Instant::now() + Duration::from_mins(1);
    while !says(&harness, &tokenworks::words::in_words(&of_it.message)) {
        assert!(Instant::now() < until, "the study says nothing of {:?}", of_it.message);
        std::thread::sleep(Duration::from_millis(5));
        harness.step();
    }
    // The plan's own mistake stops the plan.
    let broken = Edit::set("sites.home.country", "\"x\"");
    harness.state_mut().handle(Request::Edit(broken, Stroke::Once));
    harness.run_ok();
    assert!(harness.state().document.is_blocked());
}

/// A study that varies what isn't there is not run, and says why; a list that can't be read stays as it was typed, with
/// what is wrong with it.
#[test]
fn a_wrong_study_says_why_and_keeps_what_was_typed() {
    let mut harness = window();
    press(&mut harness, "Add a study…");
    press(&mut harness, "Grid");
    settle(&mut harness);
    let set = |harness: &mut Window, path: &str, value: &str| {
        harness.state_mut().handle(Request::Edit(Edit::set(path, value), Stroke::Once));
        settle(harness);
    };
    set(&mut harness, "studies.grid.axes.0.vary.0.at", "Values([1.0, 2.0])");
    select(&mut harness, "studies.grid");
    let field = |harness: &Window, value: &str| {
        harness.query_all_by(|node| node.value().is_some_and(|text| text.trim() == value)).next().map(|node| node.rect().center())
    };
    let place = field(&harness, "[1.0, 2.0]").expect("the values are shown");
    press_at(&mut harness, place);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.event(egui::Event::Text("[1.0, two]".to_owned()));
    harness.run();
    harness.key_press(egui::Key::Tab);
    settle(&mut harness);
    assert!(field(&harness, "[1.0, two]").is_some(), "what was typed is kept");
    assert!(says(&harness, "two"), "and said to be wrong");
    assert!(text(&harness).contains("Values([1.0, 2.0])"), "the plan is as it was");
    // Mended where it stands.
    let place = field(&harness, "[1.0, two]").unwrap();
    press_at(&mut harness, place);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.event(egui::Event::Text("[1.0, 3.0]".to_owned()));
    harness.run();
    harness.key_press(egui::Key::Tab);
    settle(&mut harness);
    assert!(text(&harness).contains("[1.0, 3.0]"), "{}", text(&harness));

    set(&mut harness, "studies.grid.axes.0.vary.0.paths.0", "\"sites.home.nothing\"");
    harness.state_mut().handle(Request::Run(UiCommand::ShowStudies));
    settle(&mut harness);
    press(&mut harness, "Run");
    let until = Instant::now() + Duration::from_secs(20);
    while !says(&harness, "Grid axis 1 change 1 number 1: There is no nothing in sites home.") {
        assert!(
            Instant::now() < until,
            "nobody said why: {:?}",
            harness
                .query_all_by(|_| true)
                .filter_map(|node| node.accesskit_node().label().or_else(|| node.accesskit_node().value()))
                .collect::<Vec<_>>()
        );
        std::thread::sleep(Duration::from_millis(5));
        harness.step();
    }
    assert_ne!(state(&mut harness), Some(State::Fresh));
}

/// The bars of a picture have the planner's names, and each leads to its own end that is farther from what is planned.
#[test]
fn a_bar_is_named_and_leads_to_its_point() {
    let mut harness = window();
    open_small(&mut harness);
    let study = "Alternatives(groups: [ChipsByKind, TokensByMarket])";
    let insert = Edit::Insert { path: "studies".into(), id: "must-or-may".into(), position: None, value: study.into() };
    harness.state_mut().handle(Request::Edit(insert, Stroke::Once));
    harness.state_mut().handle(Request::Run(UiCommand::ShowStudies));
    settle(&mut harness);
    press(&mut harness, "Run");
    wait_until_fresh_of(&mut harness, "must-or-may");
    settle(&mut harness);
    let centre = harness.state().view.anchors[&Anchor::Centre];
    for (number, (title, bar, name)) in
        [("Chips ordered", 0, "GB200 NVL72"), ("Chips ordered", 1, "H100 SXM"), ("Tokens sold", 0, "US central")].into_iter().enumerate()
    {
        let starts = |label: Option<String>| label.is_some_and(|label| label.starts_with(&format!("{title}: what every good plan has")));
        let picture = harness.get_by(|node| node.role() == Role::Image && starts(node.label())).rect();
        press_at(&mut harness, pos2(picture.center().x, picture.top() + 26.0 + 44.0 * bar as f32));
        assert!(says(&harness, &format!("{title}, the most: {name}")), "{name}");
        // Two points of each thing, the least and the most.
        let mut rows = harness.query_all_by_role(Role::SpinButton).filter(|node| centre.contains_rect(node.rect()));
        let row: usize = rows.next().and_then(|node| node.value()).and_then(|value| value.parse().ok()).unwrap();
        assert_eq!(row / 2, number, "the bar of {name} leads to point {row}");
    } // What a bar is, in words, and how it is worked out, as of any other number.
    harness.key_press(egui::Key::F1);
    harness.step();
    settle(&mut harness);
    assert!(says(&harness, "= the plan solved for the least and for the most of this thing"), "no page of the picture");
    assert!(says(&harness, "from the least to the most; the mark is what is planned"), "its page does not say what it shows");
}
