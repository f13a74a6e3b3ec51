//! Files and the window: whoever writes over a file is asked, and nothing typed is lost on the way.

use std::fs;
use std::path::Path;

use egui::accesskit::Role;
use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;
use tokenworks::gui::change::{Edit, Stroke};
use tokenworks::gui::command::{Request, UiCommand};
use tokenworks::gui::files::store::Records;
use tokenworks::plan::file::read_plan;

use crate::window::harness::{Window, open_small, run, settle, text, window_with};

const SMALL: &str = include_str!("../plans/small.ron");
const ENERGY: &str = "contracts.grid.terms.energy_usd_per_mwh";

fn window() -> Window {
    let mut harness = window_with(vec2(1200.0, 800.0), |opening| opening.first_example = false);
    open_small(&mut harness);
    harness
}

fn set(harness: &mut Window, value: &str) {
    harness.state_mut().handle(Request::Edit(Edit::set(ENERGY, value), Stroke::Once));
}

fn type_path(harness: &mut Window, path: &Path) {
    harness.get_by_role_and_label(Role::TextInput, "Path").focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text(path.display().to_string()));
    harness.run();
    harness.key_press(Key::Enter);
    settle(harness);
}

#[test]
fn a_typed_name_of_another_plan_is_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.ron");
    fs::write(&other, SMALL.replacen("One campus", "Precious", 1)).unwrap();
    let before = fs::read(&other).unwrap();
    let mut harness = window();
    // With the ending and without: the ending is added here, so the file is the same.
    for typed in [other.clone(), folder.path().join("other")] {
        run(&mut harness, UiCommand::SaveAs);
        type_path(&mut harness, &typed);
        assert_eq!(fs::read(&other).unwrap(), before);
        harness.get_by_label("Keep it").click();
        settle(&mut harness);
        assert_eq!(fs::read(&other).unwrap(), before);
    }
    run(&mut harness, UiCommand::SaveAs);
    type_path(&mut harness, &other);
    harness.get_by_label("Replace it").click();
    settle(&mut harness);
    assert_eq!(fs::read_to_string(&other).unwrap(), text(&harness));
    // Now it is its own file: saving again asks nothing.
    set(&mut harness, "53.0");
    run(&mut harness, UiCommand::Save);
    assert!(harness.state().dialog.is_none());
    assert_eq!(fs::read_to_string(&other).unwrap(), text(&harness));
}

#[test]
fn recovered_work_is_not_saved_over_what_another_wrote_since() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.ron");
    fs::write(&file, SMALL).unwrap();
    let open = || {
        let records = folder.path().join("user");
        window_with(vec2(1200.0, 800.0), move |opening| {
            opening.records = Records::at(records);
            opening.first_example = false;
        })
    };
    let mut harness = open();
    harness.state_mut().handle(Request::OpenPath(file.clone()));
    settle(&mut harness);
    set(&mut harness, "77.0");
    settle(&mut harness);
    // The process ends without a word, and a colleague saves their version.
    drop(harness);
    let theirs = SMALL.replacen("One campus", "Theirs", 1);
    fs::write(&file, &theirs).unwrap();
    let mut harness = open();
    harness.get_by_label("Recover").click();
    settle(&mut harness);
    run(&mut harness, UiCommand::Save);
    assert_eq!(fs::read_to_string(&file).unwrap(), theirs, "asked first");
    harness.get_by_label("The file was changed by another program");
    harness.get_by_label("Save over it").click();
    settle(&mut harness);
    assert_eq!(fs::read_to_string(&file).unwrap(), text(&harness));
}

#[test]
fn an_edit_made_while_a_plan_is_read_is_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.ron");
    fs::write(&file, SMALL.replacen("One campus", "Another", 1)).unwrap();
    let mut harness = window();
    harness.state_mut().document.mark_saved(folder.path().join("own.ron"), tokenworks::disk::Fingerprint::of(b""));
    harness.state_mut().handle(Request::OpenPath(file));
    // The frame in which the file arrives comes after this.
    set(&mut harness, "77.0");
    settle(&mut harness);
    assert!(text(&harness).contains("energy_usd_per_mwh: 77.0"), "{}", text(&harness));
    harness.get_by_label("Don't save").click();
    settle(&mut harness);
    assert_eq!(read_plan(&text(&harness)).plan.unwrap().name, "Another");
}
