//! The window, used as a planner uses it: by label, mouse and keyboard, without a display.

use egui::accesskit::Role;
use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use tokenworks::gui::app::Opening;
use tokenworks::gui::change::Edit;
use tokenworks::gui::command::{Request, Stroke, UiCommand};
use tokenworks::gui::dock;
use tokenworks::gui::files::store::Records;
use tokenworks::gui::files::{Picked, PreparedPrompt};
use tokenworks::gui::panels::{PANELS, tree};
use tokenworks::plan::example::EXAMPLES;

use crate::common::dice::Dice;
use crate::window::harness::{Window, button, open_small, plans, run, select, settle, text, type_number, wheel, window_of, window_with};

/// A window with the small plan, as a new plan without a file.
fn window() -> Window {
    window_and(|_| {})
}

fn window_and(opening: impl FnOnce(&mut Opening) + 'static) -> Window {
    let mut harness = window_with(vec2(1440.0, 900.0), |own| {
        own.first_example = false;
        opening(own);
    });
    open_small(&mut harness);
    harness
}

#[test]
fn a_whole_session_edit_undo_save_reopen() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("campus.ron");
    let picked = file.clone();
    let mut harness = window_and(move |opening| opening.prompt = Box::new(PreparedPrompt::new([Picked::Path(picked)])));
    let first = text(&harness);

    // By hand in the inspector.
    select(&mut harness, "contracts.grid");
    type_number(&mut harness, "Energy", "2*30 + 1");
    assert!(text(&harness).contains("energy_usd_per_mwh: 61.0"), "{}", text(&harness));
    assert!(harness.state().document.is_dirty());

    // A site, a hall and a contract.
    select(&mut harness, "sites");
    run(&mut harness, UiCommand::Add);
    assert_eq!(harness.state().view.selection, "sites.united-states");
    select(&mut harness, "sites.abilene.halls");
    run(&mut harness, UiCommand::Add);
    select(&mut harness, "contracts.grid");
    run(&mut harness, UiCommand::Duplicate);
    assert_eq!(harness.state().document.plan().contracts.len(), 2);
    run(&mut harness, UiCommand::Delete);
    assert_eq!(harness.state().document.plan().contracts.len(), 1);
    let last = text(&harness);

    // Back to the start, byte for byte, and forward again.
    while harness.state().document.undo_name().is_some() {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        harness.run();
        settle(&mut harness);
    }
    assert!(text(&harness) == first);
    assert!(!harness.state().document.is_dirty());
    while harness.state().document.redo_name().is_some() {
        run(&mut harness, UiCommand::Redo);
    }
    assert!(text(&harness) == last);

    // Saved, and opened by another window.
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(&mut harness);
    assert!(!harness.state().document.is_dirty());
    let again = window_with(vec2(1440.0, 900.0), move |opening| opening.path = Some(file));
    assert_eq!(text(&again), last);
}

#[test]
fn a_drag_is_one_undo_step() {
    let mut harness = window();
    let before = text(&harness);
    select(&mut harness, "contracts.grid");
    let place = harness.get_by_role_and_label(Role::SpinButton, "Energy").rect().center();
    harness.drag_at(place);
    harness.run();
    for step in 1..8 {
        harness.hover_at(place + vec2(6.0 * step as f32, 0.0));
        harness.step();
    }
    harness.drop_at(place + vec2(50.0, 0.0));
    settle(&mut harness);
    assert_ne!(text(&harness), before);
    run(&mut harness, UiCommand::Undo);
    assert!(text(&harness) == before);
    assert!(harness.state().document.undo_name().is_none());
}

#[test]
fn what_cannot_be_taken_says_why_and_keeps_the_old_number() {
    let mut harness = window();
    let before = text(&harness);
    select(&mut harness, "sites.abilene");
    type_number(&mut harness, "PUE", "7");
    assert!(text(&harness) == before);
    harness.get_by_label_contains("is out of range");
    type_number(&mut harness, "PUE", "5 GW");
    harness.get_by_label_contains("doesn't fit here");
    assert!(text(&harness) == before);
    // Esc restores.
    harness.get_by_role_and_label(Role::SpinButton, "PUE").focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text("1.3".into()));
    harness.key_press(Key::Escape);
    settle(&mut harness);
    assert!(text(&harness) == before);
    type_number(&mut harness, "PUE", "1.3");
    assert!(text(&harness).contains("pue: 1.3"));
}

#[test]
fn a_broken_plan_opens_with_its_problems_and_is_mended_here() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("broken.ron");
    let good = std::fs::read_to_string(plans("small.ron")).unwrap();
    std::fs::write(&file, good.replace("period_months", "period_month")).unwrap();
    let path = file.clone();
    let mut harness = window_with(vec2(1440.0, 900.0), move |opening| opening.path = Some(path));
    assert!(harness.state().document.is_read_only());
    assert!(!harness.state().document.problems().is_empty());
    harness.get_by_label_contains("This plan can't be read");
    harness.get_by_label_contains("period_month");
    run(&mut harness, UiCommand::Save);
    assert!(std::fs::read_to_string(&file).unwrap().contains("period_month:"), "a plan that can't be read is never written");
    harness.state_mut().handle(Request::ReadText(good));
    settle(&mut harness);
    assert!(!harness.state().document.is_read_only());
    assert!(harness.state().document.is_dirty());
}

#[test]
fn a_newer_plan_is_shown_and_never_saved_over() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("newer.ron");
    let text = "(schema: 99, name: \"From tomorrow\")";
    std::fs::write(&file, text).unwrap();
    let path = file.clone();
    let mut harness = window_with(vec2(1200.0, 800.0), move |opening| opening.path = Some(path));
    harness.get_by_label("This plan is from a newer version");
    run(&mut harness, UiCommand::Save);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn comments_unsaved_changes_and_foreign_changes_are_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.ron");
    let commented = format!("// by hand\n{}", std::fs::read_to_string(plans("small.ron")).unwrap());
    std::fs::write(&file, &commented).unwrap();
    let path = file.clone();
    let mut harness = window_with(vec2(1200.0, 800.0), move |opening| opening.path = Some(path));
    harness.state_mut().handle(Request::Edit(Edit::set("contracts.grid.terms.energy_usd_per_mwh", "50.0"), Stroke::Once));
    settle(&mut harness);
    run(&mut harness, UiCommand::Save);
    harness.get_by_label("Saving drops the comments of this file");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), commented);
    harness.get_by_label("Save without comments").click();
    settle(&mut harness);
    assert!(std::fs::read_to_string(&file).unwrap().contains("50.0"));

    // Somebody else writes it: saving asks first.
    std::fs::write(&file, &commented).unwrap();
    harness.state_mut().handle(Request::Edit(Edit::set("contracts.grid.terms.energy_usd_per_mwh", "51.0"), Stroke::Once));
    settle(&mut harness);
    run(&mut harness, UiCommand::Save);
    harness.get_by_label("The file was changed by another program");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), commented);
    harness.get_by_label("Save over it").click();
    settle(&mut harness);
    assert!(std::fs::read_to_string(&file).unwrap().contains("51.0"));

    // Changes would be lost: asked before a new plan.
    harness.state_mut().handle(Request::Edit(Edit::set("contracts.grid.terms.energy_usd_per_mwh", "52.0"), Stroke::Once));
    settle(&mut harness);
    run(&mut harness, UiCommand::New);
    harness.get_by_label("Keep editing").click();
    settle(&mut harness);
    assert!(harness.state().document.is_dirty());
    run(&mut harness, UiCommand::New);
    harness.get_by_label("Don't save").click();
    settle(&mut harness);
    harness.get_by_label("Start a plan");
}

#[test]
fn without_a_dialog_service_a_path_can_be_typed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("typed.ron");
    let mut harness = window();
    run(&mut harness, UiCommand::SaveAs);
    let field = harness.get_by_role_and_label(Role::TextInput, "Path");
    field.focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text(file.display().to_string()));
    harness.run();
    harness.key_press(Key::Enter);
    settle(&mut harness);
    assert!(file.exists());
    assert!(harness.state().dialog.is_none());
}

#[test]
fn work_of_a_killed_session_is_offered_not_applied() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_owned();
    let mut harness = window_and(move |opening| opening.records = Records::at(at));
    harness.state_mut().handle(Request::Edit(Edit::set("contracts.grid.terms.energy_usd_per_mwh", "77.0"), Stroke::Once));
    settle(&mut harness);
    let edited = text(&harness);
    // The process ends here without a word.
    drop(harness);
    let at = folder.path().to_owned();
    let mut harness = window_with(vec2(1200.0, 800.0), move |opening| opening.records = Records::at(at));
    assert_ne!(text(&harness), edited, "never applied by itself");
    harness.get_by_label("Recover").click();
    settle(&mut harness);
    assert!(text(&harness) == edited);
    assert!(harness.state().document.is_dirty());
}

#[test]
fn every_command_runs_and_leaves_the_window_alive() {
    let mut harness = window();
    for command in UiCommand::ALL.iter().copied().filter(|command| *command != UiCommand::Quit) {
        select(&mut harness, "sites.abilene");
        harness.state_mut().handle(Request::Run(command));
        harness.run_ok();
        harness.state_mut().dialog = None;
        harness.state_mut().view.tour = None;
        settle(&mut harness);
    }
}

#[test]
fn every_panel_opens_by_its_tab() {
    let mut harness = window();
    for panel in PANELS {
        harness.get_by_label(&format!("{} tab", panel.name)).click();
        settle(&mut harness);
        assert_eq!(dock::in_front(&harness.state().dock), [panel.name.to_owned()]);
    }
}

#[test]
fn every_part_of_a_plan_can_be_inspected() {
    // The plan holds Chinese text, which the window draws with the system's fonts; tests have none.
    let builder = Harness::builder().allow_missing_glyphs();
    let mut harness = window_of(builder, vec2(1440.0, 900.0), egui::Theme::Dark, |opening| opening.path = Some(plans("every-field.ron")));
    assert!(!harness.state().document.is_read_only(), "{:?}", harness.state().document.problems());
    let plan = harness.state().document.plan().clone();
    let mut open: std::collections::BTreeSet<String> =
        tree::rows(&plan, &std::collections::BTreeSet::new()).into_iter().map(|row| row.path).collect();
    open.extend(plan.sites.keys().map(|id| format!("sites.{id}")));
    let rows = tree::rows(&plan, &open);
    assert!(rows.len() > 30);
    let before = text(&harness);
    for row in rows {
        select(&mut harness, &row.path);
        harness.run();
    }
    assert_eq!(text(&harness), before, "looking changes nothing");
}

#[test]
fn the_tree_is_walked_and_changed_from_the_keyboard() {
    let mut harness = window();
    harness.get_by_role_and_label(Role::TreeItem, "Abilene 450 MW").focus();
    harness.run();
    harness.key_press(Key::ArrowRight);
    harness.run();
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert_eq!(harness.state().view.selection, "sites.abilene.halls.building-1");
    harness.key_press(Key::ArrowLeft);
    harness.run();
    assert_eq!(harness.state().view.selection, "sites.abilene");
    harness.key_press(Key::F2);
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text("texas".into()));
    harness.run();
    harness.key_press(Key::Enter);
    settle(&mut harness);
    assert!(text(&harness).contains("site: \"texas\""), "references follow");
}

#[test]
fn the_palette_finds_commands_and_parts_of_the_plan() {
    let mut harness = window();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run();
    harness.event(egui::Event::Text("abilene h100".into()));
    harness.run();
    harness.key_press(Key::Enter);
    settle(&mut harness);
    assert_eq!(harness.state().view.selection, "fleets.abilene-h100");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::P);
    harness.run();
    harness.event(egui::Event::Text("light theme".into()));
    harness.run();
    harness.key_press(Key::Enter);
    settle(&mut harness);
    assert!(!harness.ctx.global_style().visuals.dark_mode);
}

#[test]
fn every_size_and_zoom_draws() {
    for size in [vec2(640.0, 480.0), vec2(1024.0, 768.0), vec2(1920.0, 1080.0), vec2(3840.0, 2160.0)] {
        let mut harness = window_with(size, |_| {});
        harness.state_mut().view.tour = None;
        for zoom in [0.5, 1.0, 3.0] {
            harness.ctx.set_zoom_factor(zoom);
            settle(&mut harness);
        }
    }
}

#[test]
fn examples_and_welcome_open() {
    let mut harness = window();
    run(&mut harness, UiCommand::New);
    harness.get_by_label("Start a plan");
    let example = EXAMPLES.first().unwrap();
    harness.get_by_label(example.title).click();
    settle(&mut harness);
    assert!(!harness.state().document.plan().sites.is_empty());
    run(&mut harness, UiCommand::New);
    harness.get_by_label("Answer five questions…").click();
    harness.run();
    for _ in 0..4 {
        harness.get_by_label("Next").click();
        harness.run();
    }
    harness.get_by_label("Make the plan").click();
    settle(&mut harness);
    assert_eq!(harness.state().document.plan().sites.len(), 1);
}

#[test]
fn ten_thousand_random_events_do_no_harm() {
    // It types Chinese too, which tests have no font for.
    // On a copy: the monkey finds the Save button too.
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("small.ron");
    std::fs::copy(plans("small.ron"), &copy).unwrap();
    let mut harness = window_of(Harness::builder().allow_missing_glyphs(), vec2(1280.0, 800.0), egui::Theme::Dark, move |opening| {
        opening.path = Some(copy);
    });
    // The monkey tries the window, not the solver.
    harness.state_mut().document.live_on = false;
    settle(&mut harness);
    let keys = [
        Key::Enter,
        Key::Escape,
        Key::Tab,
        Key::ArrowDown,
        Key::ArrowUp,
        Key::ArrowLeft,
        Key::ArrowRight,
        Key::Delete,
        Key::Space,
        Key::F2,
        Key::F11,
        Key::Backspace,
    ];
    let commands = [
        Key::Z,
        Key::Y,
        Key::D,
        Key::K,
        Key::J,
        Key::Num1,
        Key::Num2,
        Key::Num3,
        Key::Num4,
        Key::Num5,
        Key::Num6,
        Key::Num7,
        Key::Insert,
        Key::Delete,
        Key::B,
        Key::L,
    ];
    let texts = ["1", "2*3", "abc", "1.5 GW", "-", "\"", "é漢", "35%"];
    let mut dice = Dice(20_261_122);
    let key = |key, pressed, modifiers| egui::Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
    for event in 0..10_000 {
        let place = egui::pos2(dice.roll(1280) as f32, dice.roll(800) as f32);
        let near = place + vec2(dice.roll(80) as f32 - 40.0, 0.0);
        let mut send = |event| harness.input_mut().events.push(event);
        match dice.roll(10) {
            0..=3 => [egui::Event::PointerMoved(place), button(place, true), button(place, false)].into_iter().for_each(&mut send),
            4 => {
                [egui::Event::PointerMoved(place), button(place, true)].into_iter().for_each(&mut send);
                harness.step();
                harness.input_mut().events.push(egui::Event::PointerMoved(near));
                harness.step();
                harness.input_mut().events.push(button(near, false));
            }
            5 => {
                let pressed = keys[dice.roll(keys.len() as u64) as usize];
                [key(pressed, true, Modifiers::NONE), key(pressed, false, Modifiers::NONE)].into_iter().for_each(&mut send);
            }
            6 => {
                let pressed = commands[dice.roll(commands.len() as u64) as usize];
                [key(pressed, true, Modifiers::COMMAND), key(pressed, false, Modifiers::COMMAND)].into_iter().for_each(&mut send);
            }
            7 => send(egui::Event::Text(texts[dice.roll(texts.len() as u64) as usize].to_owned())),
            8 => send(wheel(dice.roll(200) as f32 - 100.0)),
            _ => send(egui::Event::PointerMoved(place)),
        }
        // Several events a frame, as a fast hand makes them.
        if event % 4 == 0 {
            harness.step();
        }
    }
    harness.run_ok();
    // Whatever it did can be taken back.
    while harness.state_mut().document.undo().is_some() {}
}
