//! A planner's first hours: where edits go, what is said of numbers, names, panels that keep their place.

use egui::accesskit::Role;
use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tokenworks::gui::change::Edit;
use tokenworks::gui::command::{Request, Stroke, UiCommand};
use tokenworks::gui::files::{Picked, PreparedPrompt};
use tokenworks::gui::panels::tree;
use tokenworks::gui::view::Anchor;
use tokenworks::plan::example::EXAMPLES;
use tokenworks::plan::file::print;

use crate::window::harness::{
    Window, open_small, plans, press, press_at, run, select, settle, type_number, type_over, wait_until, window_of, window_with,
};

fn small() -> Window {
    let mut harness = window_with(vec2(1440.0, 900.0), |opening| opening.first_example = false);
    open_small(&mut harness);
    harness
}

/// Picks a command of a menu by clicks.
fn menu(harness: &mut Window, menu: &str, item: &str) {
    // The menu bar is above everything else of that name.
    let top = harness.query_all_by_label(menu).map(|node| node.rect().center()).min_by(|a, b| a.y.total_cmp(&b.y)).unwrap();
    press_at(harness, top);
    let place = harness.query_all_by_label_contains(item).map(|node| node.rect().center()).min_by(|a, b| a.y.total_cmp(&b.y)).unwrap();
    press_at(harness, place);
}

#[test]
fn a_scenario_is_built_edited_renamed_combined_and_deleted_by_clicks_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("campus.ron");
    let picked = file.clone();
    let mut harness = window_with(vec2(1440.0, 900.0), move |opening| {
        opening.first_example = false;
        opening.prompt = Box::new(PreparedPrompt::new([Picked::Path(picked)]));
    });
    open_small(&mut harness);
    let base = print(harness.state().document.base());
    let before = harness.state().document.results().unwrap().kpis.cost_npv_musd;

    // Added from the menu, named by typing.
    menu(&mut harness, "Plan", "New scenario");
    type_over(&mut harness, "Dear power");
    assert_eq!(harness.state().document.scenario(), "dear-power");
    harness.get_by_label("Editing scenario dear-power · 0 changes");

    // What is typed goes into it, and is on screen; the base plan stays.
    select(&mut harness, "contracts.grid");
    type_number(&mut harness, "Energy", "90");
    settle(&mut harness);
    harness.get_by_label("Editing scenario dear-power · 1 change");
    let shown = harness.get_by_role_and_label(Role::SpinButton, "Energy").accesskit_node().value().unwrap_or_default();
    assert!(shown.contains("90"), "the field shows the scenario's number: {shown}");
    assert!(harness.state().document.results().unwrap().kpis.cost_npv_musd > before);
    let without = |harness: &Window| {
        let mut plan = harness.state().document.base().clone();
        plan.scenarios.clear();
        print(&plan)
    };
    assert_eq!(without(&harness), base, "the base plan is untouched, byte for byte");

    // A drag is one change and one undo step.
    run(&mut harness, UiCommand::Undo);
    harness.get_by_label("Editing scenario dear-power · 0 changes");
    run(&mut harness, UiCommand::Redo);

    // What it can't hold is asked about first, and not done by Cancel.
    run(&mut harness, UiCommand::Duplicate);
    harness.get_by_label("A scenario can't hold this");
    press(&mut harness, "Cancel");
    assert_eq!(harness.state().document.base().contracts.len(), 1);

    // Renamed, and a second one beside it.
    menu(&mut harness, "Plan", "Rename the scenario");
    type_over(&mut harness, "dear");
    assert_eq!(harness.state().document.scenario(), "dear");
    press(&mut harness, "Edit base instead");
    assert_eq!(harness.state().document.scenario(), "");
    menu(&mut harness, "Plan", "New scenario");
    type_over(&mut harness, "leaky");
    select(&mut harness, "sites.abilene");
    type_number(&mut harness, "PUE", "1.4");

    // Both together.
    menu(&mut harness, "Plan", "Combine scenarios");
    press(&mut harness, "dear");
    press(&mut harness, "Combine");
    assert_eq!(harness.state().document.scenario(), "combined");
    assert_eq!(harness.state().document.override_count(), 2);
    let plan = harness.state().document.plan();
    assert!((plan.sites["abilene"].pue.clone(), text_of(plan, "contracts.grid.terms.energy_usd_per_mwh").as_str()).1 == "90.0");

    // Back to the base plan's number by the mark beside the field.
    select(&mut harness, "contracts.grid");
    press(&mut harness, "Put Energy back to the base plan");
    assert_eq!(harness.state().document.override_count(), 1);
    // Typing the base plan's number is the same.
    select(&mut harness, "sites.abilene");
    let own = text_of(harness.state().document.base(), "sites.abilene.pue");
    type_number(&mut harness, "PUE", &own);
    assert_eq!(harness.state().document.override_count(), 0);

    // Deleted; saved; the base plan in the file is what it was.
    menu(&mut harness, "Plan", "Delete the scenario");
    assert_eq!(harness.state().document.base().scenarios.keys().collect::<Vec<_>>(), ["dear", "leaky"]);
    assert_eq!(harness.state().document.scenario(), "");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(&mut harness);
    assert_eq!(without(&harness), base);
    let saved = tokenworks::plan::file::read_plan(&std::fs::read_to_string(&file).unwrap()).plan.unwrap();
    assert_eq!(saved.scenarios.len(), 2);
    assert_eq!(print(&tokenworks::plan::Plan { scenarios: tokenworks::plan::node::Map::new(), ..saved }), base);
}

fn text_of(plan: &tokenworks::plan::Plan, path: &str) -> String {
    tokenworks::plan::edit::get(plan, path).unwrap_or_default()
}

#[test]
fn later_changes_of_a_scenario_win_over_earlier_ones_above_and_below() {
    let mut harness = small();
    run(&mut harness, UiCommand::NewScenario);
    type_over(&mut harness, "grid");
    let set = |harness: &mut Window, path: &str, value: &str| {
        harness.state_mut().handle(Request::Edit(Edit::set(path, value), Stroke::Once));
        settle(harness);
        assert!(harness.state().dialog.is_none());
    };
    let interconnect = |harness: &Window| text_of(harness.state().document.plan(), "sites.abilene.interconnect_mw");
    set(&mut harness, "sites.abilene.interconnect_mw", "{\"2027-01\": 100.0, \"2028-01\": 200.0}");
    set(&mut harness, "sites.abilene.interconnect_mw.2028-01", "150.0");
    assert!(interconnect(&harness).contains("150.0"), "{}", interconnect(&harness));
    set(&mut harness, "sites.abilene.interconnect_mw.2028-01", "200.0");
    assert!(interconnect(&harness).contains("200.0"), "{}", interconnect(&harness));
    set(&mut harness, "sites.abilene.interconnect_mw", "{\"2027-01\": 90.0, \"2028-01\": 95.0}");
    assert!(interconnect(&harness).contains("95.0") && !interconnect(&harness).contains("200.0"), "{}", interconnect(&harness));
    assert_eq!(harness.state().document.override_count(), 1);
}

#[test]
fn no_panel_changes_its_width_by_what_is_selected() {
    let everything: Vec<(&str, String)> = EXAMPLES
        .iter()
        .map(|example| (example.title, example.text.to_owned()))
        .chain([("every field", std::fs::read_to_string(plans("every-field.ron")).unwrap())])
        .collect();
    for size in [vec2(800.0, 600.0), vec2(1024.0, 700.0), vec2(1440.0, 900.0), vec2(2560.0, 1440.0)] {
        let builder = Harness::builder().allow_missing_glyphs();
        let mut harness = window_of(builder, size, egui::Theme::Dark, |opening| opening.first_example = false);
        // The panels are looked at, not the answer.
        harness.state_mut().document.live_on = false;
        for (name, text) in &everything {
            harness.state_mut().handle(Request::NewFromText { name: (*name).into(), text: text.clone() });
            harness.run_ok();
            harness.state_mut().view.tour = None;
            let plan = harness.state().document.plan().clone();
            let mut open: std::collections::BTreeSet<String> =
                tree::rows(&plan, &std::collections::BTreeSet::new()).into_iter().map(|row| row.path).collect();
            open.extend(plan.sites.keys().map(|id| format!("sites.{id}")));
            let anchors = |harness: &Window| {
                let view = &harness.state().view;
                let mut widths: Vec<(String, f32)> = view
                    .anchors
                    .iter()
                    .map(|(anchor, rect)| (format!("{anchor:?}"), rect.width().round()))
                    .filter(|(name, _)| name != "Search")
                    .collect();
                widths.sort_by(|a, b| a.0.cmp(&b.0));
                widths
            };
            select(&mut harness, "horizon");
            harness.run();
            let first = anchors(&harness);
            for row in tree::rows(&plan, &open) {
                select(&mut harness, &row.path);
                for _ in 0..3 {
                    harness.step();
                }
                assert_eq!(anchors(&harness), first, "{name}, {} at {size:?}", row.path);
            }
        }
    }
}

#[test]
fn the_guide_opens_is_searched_and_closes() {
    let mut harness = small();
    menu(&mut harness, "Help", "Guide");
    assert!(harness.query_all_by_label("Concepts").next().is_some());
    press(&mut harness, "The charts");
    harness.get_by_label_contains("Each chart has a table behind it");
    harness.get_by_label("Search the guide").focus();
    harness.run();
    harness.event(egui::Event::Text("demand charge".into()));
    harness.run();
    harness.get_by_label_contains("$/kW and month");
    // The plan beside it can be worked on.
    select(&mut harness, "contracts.grid");
    harness.key_press(Key::Escape);
    settle(&mut harness);
    assert!(harness.query_by_label("Search the guide").is_none());
}

#[test]
fn panes_are_reached_by_f6() {
    let mut harness = small();
    select(&mut harness, "sites.abilene");
    let mut reached = Vec::new();
    for _ in 0..4 {
        harness.key_press(Key::F6);
        harness.run();
        harness.run();
        reached.push(format!("{:?}", harness.state().view.pane));
        assert!(harness.ctx.memory(|memory| memory.focused()).is_some(), "{reached:?}");
    }
    reached.sort();
    assert_eq!(reached, ["Centre", "Inspector", "Toolbar", "Tree"]);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::F6);
    harness.run();
}

#[test]
fn a_rename_names_and_the_id_follows() {
    let mut harness = small();
    select(&mut harness, "sites.abilene");
    press(&mut harness, "Rename abilene");
    type_over(&mut harness, "Odda, Norway");
    let plan = harness.state().document.plan();
    assert_eq!(plan.sites["odda-norway"].name, "Odda, Norway");
    assert_eq!(plan.contracts["grid"].site.to_string(), "odda-norway");
    assert_eq!(harness.state().view.selection, "sites.odda-norway");
    // A copy has a name of its own.
    run(&mut harness, UiCommand::Duplicate);
    let plan = harness.state().document.plan();
    assert_eq!(plan.sites["odda-norway-2"].name, "Odda, Norway 2");
    // A name in letters that no id may hold keeps the id; accents that stand apart are left out of it.
    for (typed, id) in [("Αθήνα 2", "odda-norway-2"), ("E\u{301}vry 3", "evry-3"), ("Odda, Norway 2", "odda-norway-2")] {
        let own = harness.state().view.selection.clone();
        select(&mut harness, &own);
        run(&mut harness, UiCommand::Rename);
        type_over(&mut harness, typed);
        assert_eq!(harness.state().document.plan().sites[id].name, typed);
        select(&mut harness, &format!("sites.{id}"));
    }
    // A name that makes no id keeps the one there is.
    select(&mut harness, "sites.odda-norway-2");
    run(&mut harness, UiCommand::Rename);
    type_over(&mut harness, "!!!");
    assert_eq!(harness.state().document.plan().sites["odda-norway-2"].name, "!!!");
}

/// A step that comes later is compared by its date, not as if it were the same number.
#[test]
fn a_later_step_is_compared_with_its_date() {
    let mut harness = small();
    let steps = |later: &str| format!("{{\"2027-01\": 200.0, \"{later}\": 450.0}}");
    let set = Edit::set("sites.abilene.interconnect_mw", steps("2027-07"));
    harness.state_mut().handle(Request::Edit(set, Stroke::Once));
    let scenario = format!("(set: {{\"sites.abilene.interconnect_mw\": {}}})", steps("2027-10"));
    let insert = Edit::Insert { path: "scenarios".into(), id: "late".into(), position: None, value: scenario };
    harness.state_mut().handle(Request::Edit(insert, Stroke::Once));
    settle(&mut harness);
    run(&mut harness, UiCommand::ClearBaseline);
    run(&mut harness, UiCommand::ShowCompare);
    for _ in 0..4 {
        wait_until(&mut harness, "the comparison", |window| !window.panels.compare.beside.is_running() && window.document.is_settled());
        harness.run_ok();
    }
    settle(&mut harness);
    let says = |words: &str| harness.query_all_by(|node| node.value().is_some_and(|text| text.contains(words))).next().is_some();
    assert!(says("450 MW from 2027-07") && says("450 MW from 2027-10"), "the dates are not compared");
    assert!(!says("200 MW from 2027-01, 450 MW"), "what is the same in both is not repeated");
}

/// What has no name of its own but its id is called in the planner's own script.
#[test]
fn things_are_called_in_other_scripts() {
    // Tests have no font for Chinese; the window takes the system's.
    let builder = Harness::builder().allow_missing_glyphs();
    let mut harness = window_of(builder, vec2(1440.0, 1000.0), egui::Theme::Dark, |_| {});
    open_small(&mut harness);
    harness.state_mut().view.tour = None;
    for (path, typed, id) in [
        ("contracts.grid", "阿比林 风电", "阿比林-风电"),
        ("products.chat", "Réponse n° 2", "réponse-n-2"),
        ("served_models.any", "模型 甲", "模型-甲"),
    ] {
        if tokenworks::plan::edit::get(harness.state().document.plan(), path).is_none() {
            continue;
        }
        let map = path.split_once('.').unwrap().0;
        select(&mut harness, path);
        run(&mut harness, UiCommand::Rename);
        type_over(&mut harness, typed);
        assert!(
            print(harness.state().document.plan()).contains(&format!("\"{id}\": (")),
            "{typed}: {}",
            print(harness.state().document.plan())
        );
        assert_eq!(harness.state().view.selection, format!("{map}.{id}"));
    }
    let plan = print(harness.state().document.plan());
    assert!(plan.contains("\"阿比林-风电\": (") && plan.contains("\"réponse-n-2\": ("), "{plan}");
    let read = tokenworks::plan::file::read_plan(&plan);
    assert_eq!(print(&read.plan.expect("it opens again")), plan, "{:?}", read.diagnostics);
    wait_until(&mut harness, "the answer from cold", |window| window.document.is_canonical());
    assert!(harness.query_all_by_label_contains("阿比林 风电").next().is_some(), "the tree says it as it was typed");
}

#[test]
fn what_is_not_settled_is_marked() {
    let mut harness = small();
    let marked = |harness: &Window| harness.query_all_by_label_contains("≈").count();
    wait_until(&mut harness, "the answer from cold", |window| window.document.is_canonical());
    harness.run();
    assert_eq!(marked(&harness), 0);
    let mut seen = 0;
    for price in 40..50 {
        let edit = Edit::set_number("contracts.grid.terms.energy_usd_per_mwh", f64::from(price));
        harness.state_mut().handle(Request::Edit(edit, Stroke::Once));
        for _ in 0..400 {
            harness.step();
            let (open, settled) = (marked(&harness) > 0, harness.state().document.is_canonical());
            assert!(open || settled, "a figure that is not settled has its mark");
            seen += usize::from(open && !settled);
            if settled {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }
    assert!(seen > 0);
}

#[test]
fn every_key_figure_says_what_it_rests_on() {
    let mut harness = small();
    wait_until(&mut harness, "the answer from cold", |window| window.document.is_canonical());
    harness.run();
    let standard = harness.state().view.settings.key_figures.clone();
    for kpi in tokenworks::gui::panels::kpi::offered(false) {
        // Alone on the strip, so that it is in sight.
        harness.state_mut().view.settings.key_figures = Some(vec![kpi.key.to_owned()]);
        harness.run();
        let label = harness
            .query_all_by_label_contains(kpi.name)
            .find(|node| node.rect().height() > 60.0)
            .unwrap_or_else(|| panic!("{} is not on screen", kpi.name))
            .rect()
            .center();
        harness.hover_at(label);
        for _ in 0..40 {
            harness.step();
        }
        assert!(harness.query_by_label(kpi.tooltip).is_some(), "{}", kpi.name);
        if harness.query_by_label_contains("This answer").is_some() {
            assert!(harness.query_all_by_label_contains("= ").next().is_some(), "{}", kpi.name);
            assert!(harness.query_by_label_contains("Rests on").is_some(), "{}", kpi.name);
        }
        harness.hover_at(egui::pos2(720.0, 880.0));
        harness.run();
    }
    harness.state_mut().view.settings.key_figures = standard;
}

/// The strip holds what the planner chose, in their order, by clicks; nothing on it is cut, and the choice is kept.
#[test]
fn the_planner_chooses_the_key_figures() {
    let mut harness = small();
    wait_until(&mut harness, "the answer from cold", |window| window.document.is_canonical());
    harness.run();
    let tiles = |harness: &Window| -> Vec<String> {
        let strip = harness.state().view.anchors[&Anchor::Kpis];
        let own = harness
            .query_all_by(|node| node.role() == Role::Label)
            .filter(|node| strip.contains_rect(node.rect()) && node.rect().height() > 60.0);
        let mut found: Vec<(f32, String)> =
            own.map(|node| (node.rect().left(), node.value().or(node.accesskit_node().label()).unwrap_or_default())).collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.into_iter().map(|(_, name)| name).collect()
    };
    assert!(tiles(&harness)[0].starts_with("Answer tokens"), "{:?}", tiles(&harness));
    let button = harness.query_all_by_label_contains("key figures").next().unwrap().rect().center();
    press_at(&mut harness, button);
    press(&mut harness, "Move NPV up");
    press(&mut harness, "Move NPV up");
    let energy = harness.get_by_role_and_label(Role::CheckBox, "Quality-weighted").rect().center();
    press_at(&mut harness, energy);
    harness.key_press(Key::Escape);
    settle(&mut harness);
    assert!(tiles(&harness)[0].starts_with("NPV") && tiles(&harness)[1].starts_with("Answer tokens"), "{:?}", tiles(&harness));
    let kept = harness.state().view.settings.key_figures.clone().unwrap();
    assert!(!kept.contains(&"quality_tokens_ttok".to_owned()) && kept[0] == "npv_musd", "{kept:?}");
    // The settings go to the disk and come back.
    let text = ron::to_string(&harness.state().view.settings).unwrap();
    let back: tokenworks::gui::view::Settings = ron::from_str(&text).unwrap();
    assert_eq!(back.key_figures, Some(kept));
}

#[test]
fn deleting_offers_to_delete_or_to_move_what_depends_on_it() {
    let mut harness = small();
    let before = print(harness.state().document.base());
    select(&mut harness, "sites.abilene");
    run(&mut harness, UiCommand::Delete);
    harness.get_by_label_contains("can't be without it");
    press(&mut harness, "Cancel");
    assert_eq!(print(harness.state().document.base()), before);
    run(&mut harness, UiCommand::Delete);
    let all = harness.get_by_label_contains("Delete all").rect().center();
    press_at(&mut harness, all);
    let plan = harness.state().document.plan();
    assert!(plan.sites.is_empty() && plan.contracts.is_empty() && plan.fleets.is_empty());
    assert!(harness.state().document.problems().iter().all(|problem| problem.code != "unknown-reference"));
    run(&mut harness, UiCommand::Undo);
    assert_eq!(print(harness.state().document.base()), before, "one step brings all of it back");
    // With another site they can move there.
    select(&mut harness, "sites.abilene");
    run(&mut harness, UiCommand::Duplicate);
    let copy = harness.state().view.selection.strip_prefix("sites.").unwrap().to_owned();
    select(&mut harness, "sites.abilene");
    run(&mut harness, UiCommand::Delete);
    press(&mut harness, "Move them to");
    let plan = harness.state().document.plan();
    assert_eq!(plan.contracts["grid"].site.to_string(), copy);
    assert!(!plan.sites.contains_key("abilene"));
    assert!(harness.state().document.problems().iter().all(|problem| !problem.is_error()), "{:?}", harness.state().document.problems());
}

#[test]
fn setting_a_limit_changes_nothing_by_itself() {
    let mut harness = small();
    wait_until(&mut harness, "the answer from cold", |window| window.document.is_settled());
    let npv = |harness: &Window| harness.state().document.results().unwrap().kpis.npv_musd;
    let before = npv(&harness);
    for (path, label) in [
        ("budget.capex_musd_per_period", "Set Capex per period"),
        ("budget.energy_gwh_per_year", "Set Energy"),
        ("products.chat.tpot_ms", "Set TPOT"),
        ("products.chat.utilisation_cap_fraction", "Set Utilisation cap"),
    ] {
        // Scrolled to, as a planner would.
        harness.state_mut().handle(Request::GoTo(path.into()));
        harness.run();
        harness.run();
        let Some(place) = harness.query_all_by_label_contains(label).map(|node| node.rect().center()).next() else { continue };
        press_at(&mut harness, place);
        wait_until(&mut harness, "the answer from cold", |window| window.document.is_settled());
        assert!(harness.state().document.undo_name().is_some(), "{label} is set");
        let now = npv(&harness);
        assert!((now - before).abs() <= 2e-3 * before.abs().max(1.0), "{label}: {now} after {before}");
        run(&mut harness, UiCommand::Undo);
    }
}

#[test]
fn an_empty_plan_says_what_it_lacks_and_each_is_a_button() {
    let mut harness = window_with(vec2(1440.0, 900.0), |opening| opening.first_example = false);
    press(&mut harness, "Start empty");
    run(&mut harness, UiCommand::ShowResults);
    let mut clicks = 2;
    for step in ["Add a site", "Add a hall type", "Add a power contract", "Pick a chip…"] {
        harness.get_by_label("What this plan still needs");
        press(&mut harness, step);
        clicks += 1;
    }
    // The catalog: the first that has numbers.
    let chip = harness.query_all_by_label_contains("GB200").map(|node| node.rect().center()).next().unwrap();
    press_at(&mut harness, chip);
    let take = harness.query_all_by_label_contains("Use ").map(|node| node.rect().center()).next().unwrap();
    press_at(&mut harness, take);
    clicks += 2;
    press(&mut harness, "Pick a served model…");
    let model = harness.query_all_by_label_contains("DeepSeek").map(|node| node.rect().center()).next().unwrap();
    press_at(&mut harness, model);
    let take = harness.query_all_by_label_contains("Use ").map(|node| node.rect().center()).next().unwrap();
    press_at(&mut harness, take);
    clicks += 3;
    for step in ["Add a product", "Add a market", "Add its demand"] {
        press(&mut harness, step);
        clicks += 1;
    }
    wait_until(&mut harness, "the answer", |window| window.document.is_settled());
    harness.run();
    assert!(harness.query_by_label("What this plan still needs").is_none());
    assert!(harness.state().document.problems().iter().all(|problem| !problem.is_error()), "{:?}", harness.state().document.problems());
    let results = harness.state().document.results().unwrap();
    assert!(results.kpis.answer_tokens_ttok > 0.0, "it makes tokens after {clicks} clicks");
    assert!(clicks <= 40);
}

#[test]
fn a_site_without_tokens_says_what_it_waits_for() {
    let mut harness = window_with(vec2(1440.0, 900.0), |opening| opening.first_example = false);
    // The wizard's halls take a year, its chips half of one.
    let text = tokenworks::gui::wizard::plan_text(&tokenworks::gui::wizard::Wizard::default());
    harness.state_mut().handle(Request::NewFromText { name: "first".into(), text });
    settle(&mut harness);
    wait_until(&mut harness, "the answer from cold", |window| window.document.is_settled());
    let results = harness.state().document.results().cloned().unwrap();
    let said = tokenworks::gui::panels::explain::nothing::nothing(harness.state().document.plan(), &results);
    let first = said.first().unwrap();
    assert_eq!(first.why, "A hall ordered in January 2027 serves from January 2028 (12 months).");
    assert_eq!(first.periods, ("2027Q1".to_owned(), "2027Q4".to_owned()));
    assert!(said.iter().all(|one| !one.why.contains("money")), "{said:?}");
    run(&mut harness, UiCommand::ShowExplain);
    harness.get_by_label_contains("serves from January 2028");
}

#[test]
fn up_to_six_answers_are_compared_in_words() {
    let mut harness = small();
    for (name, price) in [("dear", 80), ("dearer", 90), ("cheap", 20), ("free", 1)] {
        let text = format!("(set: {{\"contracts.grid.terms.energy_usd_per_mwh\": {price}.0}})");
        harness.state_mut().handle(Request::Edit(Edit::insert("scenarios", name, text), Stroke::Once));
    }
    settle(&mut harness);
    run(&mut harness, UiCommand::ClearBaseline);
    run(&mut harness, UiCommand::ShowCompare);
    for _ in 0..3 {
        press(&mut harness, "+ Answer");
    }
    for _ in 0..8 {
        wait_until(&mut harness, "the comparison", |window| !window.panels.compare.beside.is_running() && window.document.is_settled());
        harness.run_ok();
    }
    settle(&mut harness);
    for value in ["80 $/MWh", "90 $/MWh", "20 $/MWh", "1 $/MWh"] {
        harness.get_by_label(value);
    }
    assert!(harness.query_by_label_contains("contracts.grid").is_none(), "no path on screen");
    assert!(harness.query_all_by_label_contains("▲").count() + harness.query_all_by_label_contains("▼").count() >= 4);
    // Five answers, the charts of which stand below each other.
    harness.get_by_role_and_label(Role::ComboBox, "Fifth answer");
    press(&mut harness, "Remove fifth answer");
    assert!(harness.query_by_role_and_label(Role::ComboBox, "Fifth answer").is_none());
}

#[test]
fn versions_are_kept_with_their_figures_and_open_beside() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("campus.ron");
    std::fs::write(&file, include_str!("../plans/small.ron")).unwrap();
    let (path, at) = (file.clone(), folder.path().join("user"));
    let mut harness = window_with(vec2(1440.0, 900.0), move |opening| {
        opening.path = Some(path);
        opening.records = tokenworks::gui::files::store::Records::at(at);
    });
    let set = |harness: &mut Window, price: f64| {
        let edit = Edit::set_number("contracts.grid.terms.energy_usd_per_mwh", price);
        harness.state_mut().handle(Request::Edit(edit, Stroke::Once));
        wait_until(harness, "the answer from cold", |window| window.document.is_canonical());
        run(harness, UiCommand::Save);
    };
    set(&mut harness, 50.0);
    set(&mut harness, 60.0);
    run(&mut harness, UiCommand::Versions);
    assert!(harness.query_all_by_label_contains("saved").count() >= 2);
    assert!(harness.query_all_by_label_contains("NPV").count() >= 2, "each has its key figures");
    // The older one is what the present plan is compared with …
    press(&mut harness, "Compare with version 2");
    wait_until(&mut harness, "the version", |window| window.document.baseline().is_some_and(|baseline| baseline.name == "a version"));
    settle(&mut harness);
    assert_eq!(tokenworks::gui::dock::in_front(&harness.state().dock), ["Compare".to_owned()]);
    harness.get_by_label("50 $/MWh");
    harness.get_by_label("60 $/MWh");
    // … or is opened; the file stays as it is.
    let saved = std::fs::read_to_string(&file).unwrap();
    run(&mut harness, UiCommand::Versions);
    press(&mut harness, "Open version 2");
    assert_eq!(text_of(harness.state().document.plan(), "contracts.grid.terms.energy_usd_per_mwh"), "50.0");
    assert!(harness.state().document.path.is_none());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), saved);
}

/// No two fields of one record have the same label: what is set in one is not taken for the other.
#[test]
fn fields_side_by_side_have_labels_of_their_own() {
    use tokenworks::plan::node::{Node as _, Shape};
    fn walk(shape: Shape, at: &str, seen: &mut std::collections::BTreeSet<String>, alike: &mut Vec<String>) {
        match shape {
            Shape::Record(fields) => {
                let names: Vec<&str> = fields().iter().map(|field| field.name).collect();
                if !seen.insert(names.join(" ")) {
                    return;
                }
                let mut labels = std::collections::BTreeMap::new();
                for field in fields() {
                    if let Some(other) = labels.insert(tokenworks::words::label_of(field.name), field.name) {
                        alike.push(format!("{at}: {other} and {}", field.name));
                    }
                    walk((field.shape)(), &format!("{at}.{}", field.name), seen, alike);
                }
            }
            Shape::Map(inner) | Shape::List(inner) | Shape::Optional(inner) => walk(inner(), at, seen, alike),
            Shape::Choice(variants) => {
                for variant in variants() {
                    if let Some(inner) = variant.shape {
                        walk(inner(), &format!("{at}.{}", variant.name), seen, alike);
                    }
                }
            }
            _ => {}
        }
    }
    let (mut seen, mut alike) = (std::collections::BTreeSet::new(), Vec::new());
    walk(tokenworks::plan::Plan::shape(), "plan", &mut seen, &mut alike);
    assert!(seen.len() > 20 && alike.is_empty(), "{} records; {alike:#?}", seen.len());
}
