//! What is left when the window ends in the middle of work: killed, or by a mistake of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use egui::vec2;
use egui_kittest::kittest::Queryable as _;
use tokenworks::gui::change::Edit;
use tokenworks::gui::command::{Request, Stroke};
use tokenworks::gui::files::panic;
use tokenworks::gui::files::store::Records;
use tokenworks::plan::file::read_plan;

use crate::window::harness::{Window, open_small, settle, text, window_with};

/// Where the helper below keeps its work.
const RECORDS: &str = "TOKENWORKS_TEST_RECORDS";
/// Set if it ends by a panic of its own.
const PANICS: &str = "TOKENWORKS_TEST_PANICS";

const ENERGY: &str = "contracts.grid.terms.energy_usd_per_mwh";

fn window_at(records: &Path) -> Window {
    let records = records.to_owned();
    window_with(vec2(1200.0, 800.0), move |opening| {
        opening.records = Records::at(records);
        opening.first_example = false;
    })
}

fn set(harness: &mut Window, value: f64, stroke: Stroke) {
    harness.state_mut().handle(Request::Edit(Edit::set(ENERGY, format!("{value:?}")), stroke));
    harness.step();
}

/// Not a test: a session that the tests below start and end. It edits without end, or until it panics in
/// the middle of a drag.
#[test]
#[ignore = "started and ended by the tests of this file"]
fn a_session_that_ends_too_early() {
    let Some(records) = std::env::var_os(RECORDS).map(PathBuf::from) else { return };
    let mut harness = window_at(&records);
    harness.state_mut().document.live_on = false;
    open_small(&mut harness);
    if std::env::var_os(PANICS).is_some() {
        std::panic::set_hook(Box::new(|_| panic::keep()));
        // No undo point yet: nothing but the hook keeps this.
        set(&mut harness, 61.0, Stroke::Dragging);
        set(&mut harness, 62.0, Stroke::Dragging);
        panic!("a mistake in the window");
    }
    let started = Instant::now();
    for turn in 0_u32.. {
        set(&mut harness, 50.0 + f64::from(turn % 100), Stroke::Once);
        assert!(started.elapsed() < Duration::from_mins(2), "nobody killed this");
    }
}

fn start(records: &Path, panics: bool) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["window::crash::a_session_that_ends_too_early", "--exact", "--ignored"]).env(RECORDS, records);
    if panics {
        command.env(PANICS, "yes");
    }
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Opens a window after the end: the work is offered, not applied; taken up, it is there and unsaved.
fn take_up(records: &Path) -> Window {
    let mut harness = window_at(records);
    assert!(harness.state().document.plan().sites.is_empty(), "never applied by itself");
    harness.get_by_label("There is unsaved work on “One campus”");
    harness.get_by_label("Recover").click();
    settle(&mut harness);
    assert!(harness.state().document.is_dirty());
    harness
}

#[test]
fn a_panic_in_the_middle_of_a_drag_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    assert!(!start(folder.path(), true).wait().unwrap().success());
    let harness = take_up(folder.path());
    assert!(text(&harness).contains("energy_usd_per_mwh: 62.0"), "{}", text(&harness));
}

#[test]
fn a_killed_session_is_offered_as_a_whole_plan() {
    for round in 0..6 {
        let folder = tempfile::tempdir().unwrap();
        let mut child = start(folder.path(), false);
        let started = Instant::now();
        let files = || std::fs::read_dir(folder.path().join("recovery")).into_iter().flatten().flatten();
        while !files().any(|file| file.file_name().to_string_lossy().ends_with(".recovery.ron")) {
            assert!(started.elapsed() < Duration::from_mins(1), "the session kept nothing");
            std::thread::sleep(Duration::from_millis(2));
        }
        assert!(Records::at(folder.path()).recoveries().is_empty(), "the work of a session that lives is not offered");
        // At another moment of its writing in every round.
        std::thread::sleep(Duration::from_millis(7 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let kept = Records::at(folder.path()).recoveries();
        assert!(read_plan(&kept[0].text).plan.is_some(), "a whole plan: {}", kept[0].text);
        if round == 0 {
            take_up(folder.path());
        }
    }
}
