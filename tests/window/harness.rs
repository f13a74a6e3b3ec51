//! The window as tests use it: opened without a display, driven by label, mouse and keyboard.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Key, Modifiers, Pos2, vec2};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, HarnessBuilder};
use tokenworks::gui::app::{Opening, Workbench};
use tokenworks::gui::command::{Request, UiCommand};
use tokenworks::gui::files::PreparedPrompt;
use tokenworks::gui::files::store::Records;
use tokenworks::plan::file::print;

pub type Window = Harness<'static, Workbench>;

/// A plan of the tests.
pub fn plans(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans").join(name)
}

/// Opens a dark window; `opening` says with what.
pub fn window_with(size: egui::Vec2, opening: impl FnOnce(&mut Opening) + 'static) -> Window {
    window_of(Harness::builder(), size, egui::Theme::Dark, opening)
}

/// Opens a window.
pub fn window_of(
    builder: HarnessBuilder<Workbench>,
    size: egui::Vec2,
    theme: egui::Theme,
    opening: impl FnOnce(&mut Opening) + 'static,
) -> Window {
    let builder = builder.with_size(size).with_theme(theme).with_os(egui::os::OperatingSystem::Nix).with_max_steps(60);
    let mut harness = builder.build_eframe(|context| {
        let mut own = Opening { path: None, prompt: Box::new(PreparedPrompt::default()), records: Records::default(), first_example: true };
        opening(&mut own);
        Workbench::open(context, own)
    });
    settle(&mut harness);
    harness
}

/// Puts the small plan in, as a new plan without a file: nothing that is pressed can save over it.
pub fn open_small(harness: &mut Window) {
    harness.state_mut().handle(Request::NewFromText { name: "small".into(), text: include_str!("../plans/small.ron").into() });
    settle(harness);
}

/// A large window with the small plan answered from cold.
pub fn small() -> Window {
    let mut harness = window_with(vec2(1440.0, 1000.0), |opening| opening.first_example = false);
    open_small(&mut harness);
    wait_until(&mut harness, "the answer from cold", |window| window.document.is_canonical());
    harness.run();
    harness
}

/// Waits until something is so, frame by frame.
pub fn wait_until(harness: &mut Window, what: &str, is_so: impl Fn(&Workbench) -> bool) {
    let until = Instant::now() + Duration::from_mins(2);
    while !is_so(harness.state()) {
        assert!(Instant::now() < until, "{what} never came");
        std::thread::sleep(Duration::from_millis(5));
        harness.step();
    }
}

/// Waits for files and answers, then until nothing moves any more.
pub fn settle(harness: &mut Window) {
    harness.run_ok();
    wait_until(harness, "the answer", |window| !window.document.is_solving() && !window.is_opening());
    harness.run_ok();
    harness.state_mut().view.log.toast = None;
    harness.run();
}

/// The plan on screen, as it would be saved.
pub fn text(harness: &Window) -> String {
    print(harness.state().document.plan())
}

pub fn run(harness: &mut Window, command: UiCommand) {
    harness.state_mut().handle(Request::Run(command));
    settle(harness);
}

pub fn select(harness: &mut Window, path: &str) {
    harness.state_mut().handle(Request::Select(path.to_owned()));
    harness.run();
}

/// Types into what has the keyboard, over what is there, and presses Enter.
pub fn type_over(harness: &mut Window, typed: &str) {
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text(typed.to_owned()));
    harness.run();
    harness.key_press(Key::Enter);
    settle(harness);
}

/// Types into a number field as a planner does: click, select all, type, Enter.
pub fn type_number(harness: &mut Window, label: &str, typed: &str) {
    harness.get_by_role_and_label(Role::SpinButton, label).focus();
    type_over(harness, typed);
}

pub fn button(place: Pos2, pressed: bool) -> egui::Event {
    egui::Event::PointerButton { pos: place, button: egui::PointerButton::Primary, pressed, modifiers: Modifiers::NONE }
}

pub fn double_click(harness: &mut Window, place: Pos2) {
    harness.hover_at(place);
    harness.step();
    // Within one frame: the harness's clock is slower than a double click.
    harness.input_mut().events.extend([true, false, true, false].map(|pressed| button(place, pressed)));
    harness.step();
    settle(harness);
}

/// Drags from one place to another in a few moves.
pub fn drag(harness: &mut Window, from: Pos2, to: Pos2) {
    harness.drag_at(from);
    harness.run();
    for share in [0.1, 0.3, 0.5, 0.8, 1.0] {
        harness.hover_at(from + (to - from) * share);
        harness.step();
    }
    harness.drop_at(to);
    settle(harness);
}

/// A turn of the wheel.
pub fn wheel(by: f32) -> egui::Event {
    egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, by),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    }
}

/// Presses what has this name, where it is seen, with a real pointer.
pub fn press(harness: &mut Window, name: &str) {
    let place = harness.get_by_label(name).rect().center();
    press_at(harness, place);
}

/// Presses what is there.
pub fn press_at(harness: &mut Window, place: Pos2) {
    harness.hover_at(place);
    harness.step();
    for pressed in [true, false] {
        harness.event(button(place, pressed));
        harness.step();
    }
    settle(harness);
}
