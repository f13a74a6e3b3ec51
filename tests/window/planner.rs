//! Whole sessions as planners have them: by label, mouse and keyboard, on the example and the small plan.

use egui::accesskit::Role;
use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;
use tokenworks::gui::change::Edit;
use tokenworks::gui::command::{Request, Stroke, UiCommand};
use tokenworks::gui::dock;
use tokenworks::gui::document::Freshness;
use tokenworks::gui::files::{Picked, PreparedPrompt};
use tokenworks::plan::example::EXAMPLES;

use crate::numbers::headline::halls_of_20;
use crate::sketch::{MEGASECONDS, near};
use crate::window::harness::{Window, double_click, drag, open_small, run, select, settle, text, type_over, wait_until, window_with};

/// Net present value of the answer on screen.
/// What the example's first goal comes to.
fn tokens(harness: &Window) -> f64 {
    harness.state().document.results().unwrap().kpis.answer_tokens_ttok
}

#[test]
fn the_example_is_laid_out_by_hand_undone_saved_and_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("campus.ron");
    std::fs::write(&file, EXAMPLES.iter().find(|example| example.title.contains("Gansu")).unwrap().text).unwrap();
    let copy = folder.path().join("copy.ron");
    let (path, picked) = (file.clone(), copy.clone());
    let mut harness = window_with(vec2(1440.0, 900.0), move |opening| {
        opening.path = Some(path);
        opening.prompt = Box::new(PreparedPrompt::new([Picked::Path(picked)]));
    });
    harness.state_mut().view.tour = None;
    let (first, before) = (text(&harness), tokens(&harness));

    // A site on the map, where the double click was.
    run(&mut harness, UiCommand::ShowMap);
    let place = harness.state().panels.map.position(30.0, 104.0).unwrap();
    double_click(&mut harness, place);
    assert_eq!(harness.state().document.plan().sites.len(), 2);
    let site = harness.state().view.selection.strip_prefix("sites.").unwrap().to_owned();

    // A hall, a fleet and a tariff, from the palette onto the layout of that site.
    run(&mut harness, UiCommand::ShowLayout);
    let slot = harness.get_by_label("Drop a hall here").rect().center();
    for piece in ["Hall", "Tariff", "Fleet"] {
        let from = harness.get_by_label(&format!("Add {piece}")).rect().center();
        drag(&mut harness, from, slot);
    }
    let plan = harness.state().document.plan();
    assert!(!plan.sites[&site].halls.is_empty() || !plan.sites[&site].buildable.is_empty());
    assert!(plan.fleets.values().any(|fleet| fleet.site.to_string() == site));
    assert!(plan.contracts.values().any(|contract| contract.site.to_string() == site));
    assert!(harness.state().document.problems().iter().all(|problem| !problem.is_error()), "{:?}", harness.state().document.problems());

    // The last step of the grid's connection, dragged as a slider: one undo step.
    select(&mut harness, "sites.qingyang");
    harness.get_by_label("Vary Interconnect from 2028-01").click();
    harness.run();
    let slider = harness.get_by_role_and_label(Role::Slider, "Interconnect from 2028-01 slider").rect();
    drag(&mut harness, slider.center(), slider.left_center() + vec2(slider.width() * 0.2, 0.0));
    let interconnect = |harness: &Window| text(harness).split("\"2028-01\": ").nth(1).unwrap().split([',', '}']).next().unwrap().to_owned();
    assert!(interconnect(&harness).parse::<f64>().unwrap() < 200.0, "{}", interconnect(&harness));
    assert_eq!(harness.state().document.freshness(), Freshness::Fresh);
    assert!(tokens(&harness) < before - 1.0, "the answer follows: {} after {before}", tokens(&harness));
    let last = text(&harness);
    run(&mut harness, UiCommand::Undo);
    assert_eq!(interconnect(&harness), "300.0");
    run(&mut harness, UiCommand::Redo);

    // Saved under another name, opened again: the same to the byte.
    run(&mut harness, UiCommand::SaveAs);
    assert_eq!(std::fs::read_to_string(&copy).unwrap(), last);
    let again = window_with(vec2(1440.0, 900.0), move |opening| opening.path = Some(copy));
    assert_eq!(text(&again), last);

    // And back to the start.
    while harness.state().document.undo_name().is_some() {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        settle(&mut harness);
    }
    assert_eq!(text(&harness), first);
}

#[test]
fn a_problem_leads_to_its_field() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.ron");
    let good = include_str!("../plans/small.ron");
    std::fs::write(
        &file,
        good.replace("site: \"abilene\", chip: \"h100\", count: 4096.0", "site: \"abilene\", chip: \"h1000\", count: 4096.0"),
    )
    .unwrap();
    let path = file.clone();
    let mut harness = window_with(vec2(1440.0, 900.0), move |opening| opening.path = Some(path));
    // Problems are open without asking; a click leads to the field, which has the keyboard.
    harness.get_by_label_contains("Abilene h100 chip").click();
    settle(&mut harness);
    assert_eq!(harness.state().view.selection, "fleets.abilene-h100.chip");
    assert!(harness.get_by_role_and_label(Role::ComboBox, "Chip").is_focused());
    harness.key_press(Key::Enter);
    harness.run();
    harness.get_by_role_and_label(Role::Button, "H100 SXM").click();
    settle(&mut harness);
    assert!(harness.state().document.problems().iter().all(|problem| !problem.is_error()), "{:?}", harness.state().document.problems());
    assert_eq!(text(&harness), good);
}

#[test]
fn two_scenarios_are_compared_without_pinning() {
    let mut harness = window_with(vec2(1440.0, 900.0), |opening| opening.first_example = false);
    open_small(&mut harness);
    let with_scenarios = include_str!("../plans/small.ron").trim_end().strip_suffix(')').unwrap().to_owned()
        + "    scenarios: {\n        \"dear\": (set: {\"contracts.grid.terms.energy_usd_per_mwh\": 80.0}),\n        \"slow\": (set: {\"sites.abilene.interconnect_mw\": {\"2027-01\": 100.0}}),\n    },\n)\n";
    harness.state_mut().handle(Request::NewFromText { name: "small".into(), text: with_scenarios });
    settle(&mut harness);
    run(&mut harness, UiCommand::ClearBaseline);
    assert!(harness.state().document.baseline().is_none());
    run(&mut harness, UiCommand::ShowCompare);
    for (combo, item) in [("Left answer", "Scenario dear"), ("Right answer", "Scenario slow")] {
        harness.get_by_role_and_label(Role::ComboBox, combo).click();
        harness.run();
        harness.get_by_role_and_label(Role::Button, item).click();
        harness.run_ok();
    }
    // Neither is on screen; both are solved beside the window.
    wait_until(&mut harness, "the comparison", |window| !window.panels.compare.beside.is_running() && window.document.is_settled());
    for _ in 0..3 {
        settle(&mut harness);
        wait_until(&mut harness, "the comparison", |window| !window.panels.compare.beside.is_running());
    }
    settle(&mut harness);
    assert_eq!(harness.state().document.scenario(), "");
    harness.get_by_label("Grid energy");
    harness.get_by_label("80 $/MWh");
    let changes = harness.query_all_by_label_contains("▼").count() + harness.query_all_by_label_contains("▲").count();
    assert!(changes >= 2, "{changes} key figures differ");
    assert_eq!(crate::window::charts::big_pictures(&harness), 2, "the same chart of both");
}

#[test]
fn entries_are_put_in_order_by_hand_and_by_keyboard() {
    let mut harness = window_with(vec2(1440.0, 900.0), |opening| opening.first_example = false);
    open_small(&mut harness);
    select(&mut harness, "contracts.grid");
    run(&mut harness, UiCommand::Duplicate);
    let order = |harness: &Window| harness.state().document.plan().contracts.keys().cloned().collect::<Vec<_>>();
    assert_eq!(order(&harness), ["grid", "grid-2"]);
    let row = |harness: &Window, name: &str| harness.get_by_role_and_label(Role::TreeItem, name).rect().center();
    let (from, to) = (row(&harness, "Grid 2 grid tariff"), row(&harness, "Grid grid tariff"));
    drag(&mut harness, from, to);
    assert_eq!(order(&harness), ["grid-2", "grid"]);
    assert!(harness.state().document.is_dirty());
    // The keyboard takes it down again; both are steps that can be taken back.
    select(&mut harness, "contracts.grid-2");
    harness.key_press_modifiers(Modifiers::ALT, Key::ArrowDown);
    settle(&mut harness);
    assert_eq!(order(&harness), ["grid", "grid-2"]);
    run(&mut harness, UiCommand::Undo);
    assert_eq!(order(&harness), ["grid-2", "grid"]);
    run(&mut harness, UiCommand::Undo);
    assert_eq!(order(&harness), ["grid", "grid-2"]);
}

#[test]
fn a_session_needs_no_mouse() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("typed.ron");
    let mut harness = window_with(vec2(1440.0, 900.0), |opening| opening.first_example = false);
    open_small(&mut harness);
    // Found by the palette, reached by Tab, typed with units, saved under a typed path.
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run();
    harness.event(egui::Event::Text("contracts grid".into()));
    harness.run();
    harness.key_press(Key::Enter);
    settle(&mut harness);
    assert_eq!(harness.state().view.selection, "contracts.grid");
    let reached = |harness: &Window| harness.get_by_role_and_label(Role::SpinButton, "Energy").is_focused();
    let presses = (0..250).find(|_| {
        harness.key_press(Key::Tab);
        harness.step();
        reached(&harness)
    });
    assert!(presses.is_some(), "Tab never reaches the field");
    type_over(&mut harness, "1,200/20");
    assert!(text(&harness).contains("energy_usd_per_mwh: 60.0"), "{}", text(&harness));
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    settle(&mut harness);
    type_over(&mut harness, file.to_str().unwrap());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text(&harness));
    // Every view by its shortcut.
    for (key, name) in [(Key::Num1, "Map"), (Key::Num2, "Layout"), (Key::Num3, "Tables"), (Key::Num5, "Compare")] {
        harness.key_press_modifiers(Modifiers::COMMAND, key);
        settle(&mut harness);
        assert_eq!(dock::in_front(&harness.state().dock), [name.to_owned()]);
    }
}

#[test]
fn another_plan_is_looked_at_from_its_own_place() {
    let mut harness = window_with(vec2(1440.0, 900.0), |opening| opening.first_example = false);
    let open = |harness: &mut Window, name: &str| {
        let example = EXAMPLES.iter().find(|example| example.title.contains(name)).unwrap();
        harness.state_mut().handle(Request::NewFromText { name: name.into(), text: example.text.into() });
        settle(harness);
    };
    let visible = |harness: &Window, site: &str| {
        let map = harness.get_by_label_contains("double-click to add a site").rect();
        map.contains_rect(harness.get_by_label_contains(&format!("Site {site}")).rect())
    };
    let period = |harness: &Window| (harness.state().view.period, harness.state().document.plan().horizon.periods as usize - 1);
    open(&mut harness, "Texas");
    assert!(visible(&harness, "Abilene"));
    assert_eq!(period(&harness).0, period(&harness).1, "the plan as it stands when all is built");
    let map = harness.get_by_label_contains("double-click to add a site").rect();
    drag(&mut harness, map.left_bottom() + vec2(40.0, -60.0), map.right_bottom() + vec2(-40.0, -60.0));
    run(&mut harness, UiCommand::PreviousPeriod);
    run(&mut harness, UiCommand::New);
    settle(&mut harness);
    open(&mut harness, "Gansu");
    assert!(visible(&harness, "Qingyang"));
    assert_eq!(period(&harness).0, period(&harness).1);
}

#[test]
fn the_wizard_is_answered_by_enter_alone() {
    let mut harness = window_with(vec2(1200.0, 800.0), |opening| opening.first_example = false);
    harness.get_by_label_contains("Answer five questions").click();
    harness.run();
    for question in 1..=5 {
        harness.get_by_label_contains(&format!("Question {question} of 5"));
        harness.key_press(Key::Enter);
        harness.run();
    }
    settle(&mut harness);
    assert!(harness.state().dialog.is_none());
    assert!(harness.state().document.results().unwrap().kpis.peak_mw > 1.0);
}

#[test]
fn numbers_without_successors_are_greyed() {
    let mut harness = window_with(vec2(1200.0, 800.0), |opening| opening.first_example = false);
    open_small(&mut harness);
    assert!(!harness.state().document.is_behind());
    // Nothing is on its way: at once.
    harness.state_mut().document.live_on = false;
    harness.state_mut().handle(Request::Edit(Edit::set("contracts.grid.terms.energy_usd_per_mwh", "77.0"), Stroke::Once));
    assert!(harness.state().document.is_behind());
    harness.state_mut().document.live_on = true;
    run(&mut harness, UiCommand::Solve);
    settle(&mut harness);
    assert_eq!(harness.state().document.freshness(), Freshness::Fresh);
    assert!(!harness.state().document.is_behind());
}

/// 2,000 M$ build 53.333 MW in 2.667 halls of 20 MW. In whole ones, 3 halls cost 450 M$ and leave 1,550 M$ for
/// 51,666 chips of 30,000 $. The button says so beforehand, plans it, and can be undone.
#[test]
fn whole_halls_and_racks_are_planned_at_a_press() {
    let mut harness = window_with(vec2(1440.0, 900.0), |_| {});
    harness.state_mut().view.tour = None;
    harness.state_mut().handle(Request::NewFromText { name: "halls".into(), text: halls_of_20(2000.0, "()").text() });
    settle(&mut harness);
    run(&mut harness, UiCommand::ShowResults);
    settle(&mut harness);
    let tokens = |harness: &Window| harness.state().document.results().unwrap().kpis.answer_tokens_ttok / MEGASECONDS;
    let halls = |harness: &Window| harness.state().document.results().unwrap().halls.iter().map(|hall| hall.in_service[0]).sum::<f64>();
    near(tokens(&harness), 160.0 / 3.0, 1e-6);
    assert!(harness.query_by_label_contains("in fractions of a hall").is_some());
    harness.get_by_label("Whole halls and racks").click();
    harness.run();
    settle(&mut harness);
    wait_until(&mut harness, "the answer in whole halls", |window| {
        window.document.results().is_some_and(|results| results.kpis.answer_tokens_ttok < 53.0 * MEGASECONDS)
    });
    settle(&mut harness);
    near(tokens(&harness), 51.666, 1e-6);
    near(halls(&harness), 3.0, 1e-9);
    // Nothing is left in fractions, so nothing is offered.
    assert!(harness.query_by_label("Whole halls and racks").is_none());
    run(&mut harness, UiCommand::Undo);
    settle(&mut harness);
    assert!(!harness.state().document.plan().whole.halls);
    near(tokens(&harness), 160.0 / 3.0, 1e-6);
}
