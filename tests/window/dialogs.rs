//! Every question of the window: at each size its texts stand clear of each other and uncut, and each of its
//! buttons acts.

use std::path::PathBuf;
use std::time::SystemTime;

use egui::accesskit::Role;
use egui::{Key, Pos2, Rect, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tokenworks::disk::versions::Version;
use tokenworks::gui::change::Edit;
use tokenworks::gui::command::{Request, Stroke, Then, UiCommand};
use tokenworks::gui::dialog::Dialog;
use tokenworks::gui::files::store::Recovery;
use tokenworks::gui::files::{Picked, PreparedPrompt, Purpose};
use tokenworks::gui::palette::Palette;
use tokenworks::gui::panels::catalog::Picker;
use tokenworks::gui::scenario_form::{Kind, ScenarioForm};
use tokenworks::gui::series_form::SeriesForm;
use tokenworks::gui::wizard::{QUESTIONS, Wizard};
use tokenworks::plan::Plan;

use crate::window::harness::{
    Window, button, open_small, press, press_at, run, select, settle, type_number, type_over, wait_until, window_with,
};
use crate::window::overlaps::{Found, SIZES, faults, window};

/// Prices of a year, hour by hour, as they are downloaded.
fn prices() -> Vec<u8> {
    let hours = (0..8760_u32)
        .map(|hour| format!("2025-{:02}-{:02} {:02}:00,{}\n", hour / 730 + 1, hour % 730 / 24 % 28 + 1, hour % 24, 30 + hour % 24));
    let mut text = String::from("hour,a price with a name that is longer than a column of a list would be\n");
    text.extend(hours);
    text.into_bytes()
}

/// Every question, as it is asked of a plan.
fn questions(plan: &Plan) -> Vec<(&'static str, Dialog)> {
    let version = |saved: bool, figures: &str| Version {
        at: SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_790_000_000),
        saved,
        figures: figures.to_owned(),
        file: PathBuf::from("abilene.ron"),
    };
    let recovery = Recovery {
        file: PathBuf::from("kept.ron"),
        plan_path: Some(PathBuf::from("abilene.ron")),
        on_disk: None,
        text: tokenworks::plan::file::print(plan),
        written: Some(SystemTime::UNIX_EPOCH),
    };
    let path = |purpose| Dialog::PathField {
        purpose,
        path: String::new(),
        reason: "No dialog service answers on this computer; type the path instead.".into(),
    };
    let picked = |selection: &str, ids: [&str; 2]| {
        let mut picker = Picker::for_selection(plan, selection);
        picker.beside = ids.map(str::to_owned).to_vec();
        Dialog::Catalog(picker)
    };
    vec![
        ("palette", Dialog::Palette(Palette { query: "pue".into(), picked: 0 })),
        ("rename", Dialog::Rename { path: "contracts.grid".into(), to: "the-grid-of-the-city-behind-the-hills-of-the-north".into() }),
        ("unsaved", Dialog::Unsaved(Then::New)),
        ("changed on disk", Dialog::ChangedOnDisk),
        (
            "replace",
            Dialog::Replace(
                PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("a-file-with-a-name-that-is-longer-than-people-would-have-it.ron"),
            ),
        ),
        ("comments", Dialog::Comments),
        ("path to open", path(Purpose::Open)),
        ("path to save", path(Purpose::SaveAs)),
        ("path of a folder", path(Purpose::SaveWithSeries)),
        ("path of a series", path(Purpose::Series)),
        ("recovery", Dialog::Recovery { name: "One campus".into(), recovery }),
        (
            "delete",
            Dialog::DeleteAlso {
                path: "sites.abilene".into(),
                references: vec!["contracts.grid.site".into(), "fleets.abilene-h100.site".into()],
                to: String::new(),
            },
        ),
        ("into base", Dialog::IntoBase(Edit::Remove { path: "contracts.grid".into() })),
        ("new scenario", Dialog::Scenario(ScenarioForm::new(Kind::New, plan))),
        ("combine", Dialog::Scenario(ScenarioForm::new(Kind::Combine(Vec::new()), plan))),
        ("versions", Dialog::Versions(vec![version(true, "43,730 Ttok, NPV 2,543 M$"), version(false, "")])),
        ("no versions", Dialog::Versions(Vec::new())),
        ("wizard", Dialog::Wizard(Wizard::default())),
        ("series", Dialog::Series(Box::new(SeriesForm::new(plan, None, &PathBuf::from("prices-of-the-year.csv"), prices())))),
        ("chips", Dialog::Catalog(Picker::for_selection(plan, "chips"))),
        ("two chips", picked("chips.gb200", ["gb200_nvl72", "gb300_nvl72"])),
        ("two served models", picked("served_models", ["deepseek-v3-r1", "kimi-k2"])),
        ("shortcuts", Dialog::Shortcuts),
        ("about", Dialog::About),
    ]
}

fn with_scenarios(harness: &mut Window) {
    open_small(harness);
    for (id, price) in [("dear", "90.0"), ("cheap-power-for-everybody-everywhere", "20.0")] {
        let value = format!("(set: {{\"contracts.grid.terms.energy_usd_per_mwh\": {price}}})");
        let edit = Edit::Insert { path: "scenarios".into(), id: id.into(), position: None, value };
        harness.state_mut().handle(Request::Edit(edit, Stroke::Once));
    }
    settle(harness);
}

fn campus() -> Window {
    let mut harness = window_with(vec2(1440.0, 900.0), |opening| opening.first_example = false);
    open_small(&mut harness);
    harness
}

/// The wizard goes on to its next question.
fn next_question(harness: &mut Window) {
    let place = harness.get_by_label("Next").rect().center();
    press_at(harness, place);
}

#[test]
fn no_question_paints_text_on_text_or_cuts_one() {
    let mut found = Found::default();
    for (index, (size, zoom)) in [(SIZES[0], 1.0), (SIZES[0], 1.25), (SIZES[1], 1.25), (SIZES[2], 1.0)].into_iter().enumerate() {
        let mut harness = window(size, zoom, if index % 2 == 0 { egui::Theme::Light } else { egui::Theme::Dark });
        harness.state_mut().document.live_on = false;
        with_scenarios(&mut harness);
        let plan = harness.state().document.base().clone();
        for (name, dialog) in questions(&plan) {
            harness.state_mut().dialog = Some(dialog);
            harness.run_ok();
            harness.run_ok();
            let pages = if name == "wizard" { QUESTIONS.len() } else { 1 };
            for page in 0..pages {
                if page > 0 {
                    next_question(&mut harness);
                }
                let screen = harness.ctx.content_rect();
                found.add(&format!("{name} {page}, {} × {} at {zoom}", size.x, size.y), faults(&harness, screen));
                // The last button of a question is in the window, whatever its size.
                for node in harness.query_all_by_role(Role::Button) {
                    let inside = screen.expand(1.0).contains_rect(node.rect());
                    let label = node.accesskit_node().label().unwrap_or_default();
                    let ends = ["Cancel", "Close", "Next", "Keep editing", "Rename", "Combine"].contains(&label.as_str());
                    if ends && !inside {
                        found.add(name, vec![format!("“{label}” of {name} is outside at {:?}", node.rect())]);
                    }
                }
            }
        }
    }
    found.none();
}

/// Everything of the question on screen, and whether it is still asked.
fn picture(harness: &Window) -> String {
    let nodes = harness.query_all_by(|_| true).map(|node| {
        let own = node.accesskit_node();
        format!(
            "{:?} {:?} {:?} {:?} {:?}",
            own.role(),
            own.label(),
            own.value(),
            own.toggled(),
            own.raw_bounds().map(|rect| rect.y0.round())
        )
    });
    let window = harness.state();
    format!("{} {} {:?} {}", nodes.collect::<String>(), window.document.revision(), window.dialog, window.view.log.lines.len())
}

/// What can be pressed within the question.
fn buttons(harness: &Window, within: Rect) -> Vec<(String, Pos2)> {
    let is_button = |role| matches!(role, Role::Button | Role::CheckBox | Role::Link | Role::ComboBox | Role::Switch | Role::RadioButton);
    harness
        .query_all_by(|node| is_button(node.role()))
        .filter(|node| !node.accesskit_node().is_disabled() && within.contains_rect(node.rect()))
        .map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect().center()))
        .collect()
}

/// Where the question stands: the box over the shade.
fn place_of(harness: &Window) -> Rect {
    let screen = harness.ctx.content_rect();
    let layers = harness.ctx.memory(|memory| memory.areas().visible_layer_ids().into_iter().collect::<Vec<_>>());
    let areas = layers.into_iter().filter(|layer| layer.order == egui::Order::Foreground);
    areas.filter_map(|layer| harness.ctx.memory(|memory| memory.area_rect(layer.id))).fold(Rect::NOTHING, Rect::union).intersect(screen)
}

#[test]
fn every_button_of_every_question_acts() {
    let mut harness = window_with(vec2(1440.0, 900.0), |opening| {
        opening.first_example = false;
        opening.prompt = Box::new(PreparedPrompt::new(vec![Picked::Cancelled; 200]));
    });
    with_scenarios(&mut harness);
    wait_until(&mut harness, "the answer from cold", |window| window.document.is_settled());
    harness.state_mut().document.live_on = false;
    let plan = harness.state().document.base().clone();
    let (mut tried, mut dead) = (0, Vec::new());
    for (name, dialog) in questions(&plan) {
        let ask = |harness: &mut Window| {
            while harness.state().document.undo_name().is_some_and(|name| !name.starts_with("add")) {
                harness.state_mut().document.undo();
            }
            harness.state_mut().dialog = Some(dialog.clone());
            harness.run_ok();
        };
        // What stands behind the question is not of it.
        harness.state_mut().dialog = None;
        harness.run_ok();
        let behind = buttons(&harness, harness.ctx.content_rect());
        ask(&mut harness);
        let place = place_of(&harness);
        let mut all = buttons(&harness, place);
        all.retain(|button| !behind.contains(button));
        // The last row of a catalog may be cut by the edge of its table: where its middle is, nothing can be pressed.
        let lowest = all.iter().filter(|(label, _)| label.starts_with("Compare ")).map(|(_, at)| at.y).fold(0.0, f32::max);
        all.retain(|(_, at)| lowest < place.center().y || (at.y - lowest).abs() > 12.0);
        assert!(!all.is_empty() || name == "palette", "{name} has no button at {place:?}");
        // Of a long list a few: every row is the same code.
        let step = all.len() / 12 + 1;
        for (label, at) in all.into_iter().step_by(step) {
            tried += 1;
            harness.hover_at(at);
            harness.step();
            harness.step();
            let before = picture(&harness);
            for pressed in [true, false] {
                harness.event(button(at, pressed));
                harness.step();
            }
            harness.step();
            if picture(&harness) == before {
                dead.push(format!("{name}: {label} at {at:?}"));
            }
            harness.key_press(Key::Escape);
            harness.step();
            ask(&mut harness);
        }
    }
    println!("{tried} buttons of questions pressed");
    assert!(tried > 60, "only {tried} were tried");
    assert!(dead.is_empty(), "{} of {tried} do nothing: {dead:#?}", dead.len());
}

#[test]
fn deleting_what_scenarios_and_studies_speak_of_asks_and_leaves_nothing_hanging() {
    let mut harness = campus();
    run(&mut harness, UiCommand::NewScenario);
    type_over(&mut harness, "dear");
    select(&mut harness, "contracts.grid");
    type_number(&mut harness, "Energy", "90");
    press(&mut harness, "Edit base instead");
    let vary = "(paths: [\"contracts.grid.terms.energy_usd_per_mwh\"], act: Multiplies, at: Evenly(from: 0.5, to: 1.5, steps: 3))";
    let study = format!("Grid(axes: [(vary: [{vary}])])");
    harness.state_mut().handle(Request::Edit(
        Edit::Insert { path: "studies".into(), id: "what-decides".into(), position: None, value: study },
        Stroke::Once,
    ));
    settle(&mut harness);
    assert!(harness.state().document.plan().studies.contains_key("what-decides"), "{:?}", harness.state().view.log.toast);
    select(&mut harness, "contracts.grid");
    run(&mut harness, UiCommand::Delete);
    harness.get_by_label("Scenario dear changes Grid energy");
    harness.get_by_label("Study what-decides");
    press(&mut harness, "Delete all 2 too");
    let plan = harness.state().document.base();
    assert!(plan.contracts.is_empty() && plan.studies.is_empty());
    assert!(plan.scenarios["dear"].set.0.is_empty());
    let errors = harness.state().document.problems().iter().filter(|problem| problem.is_error()).count();
    assert_eq!(errors, 0, "{:?}", harness.state().document.problems());
    // A file that was left so by hand is mended by a click.
    run(&mut harness, UiCommand::Undo);
    harness.state_mut().handle(Request::Edit(Edit::Remove { path: "contracts.grid".into() }, Stroke::Once));
    settle(&mut harness);
    run(&mut harness, UiCommand::ShowProblems);
    press(&mut harness, "Mend: Drop this change");
    assert!(harness.state().document.base().scenarios["dear"].set.0.is_empty());
}

#[test]
fn what_is_typed_into_a_question_takes_the_place_of_what_it_offers() {
    let mut harness = campus();
    let type_and_enter = |harness: &mut Window, typed: &str| {
        harness.run();
        harness.event(egui::Event::Text(typed.to_owned()));
        harness.run();
        harness.key_press(Key::Enter);
        settle(harness);
    };
    run(&mut harness, UiCommand::NewScenario);
    type_and_enter(&mut harness, "dear");
    assert_eq!(harness.state().document.scenario(), "dear");
    run(&mut harness, UiCommand::RenameScenario);
    type_and_enter(&mut harness, "dearer");
    assert_eq!(harness.state().document.scenario(), "dearer");
    run(&mut harness, UiCommand::EditBase);
    select(&mut harness, "contracts.grid");
    run(&mut harness, UiCommand::Rename);
    type_and_enter(&mut harness, "city");
    assert!(harness.state().document.base().contracts.contains_key("city"));
}
