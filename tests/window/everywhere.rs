//! What must hold in every panel: whatever looks like a button acts.

use std::fmt::Write as _;

use egui::accesskit::Role;
use egui::{Key, Pos2, Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tokenworks::gui::command::{Request, UiCommand};
use tokenworks::gui::files::{Picked, PreparedPrompt};
use tokenworks::gui::panels::PANELS;
use tokenworks::gui::view::Anchor;

use crate::window::harness::{Window, button, open_small, run, settle, wait_until, window_of, window_with};

/// Everything on screen and in the document, as one text: a change of anything is seen.
fn picture(harness: &Window) -> String {
    let mut out = String::new();
    for node in harness.query_all_by(|_| true) {
        let own = node.accesskit_node();
        let _ = writeln!(
            out,
            "{:?} {:?} {:?} {:?} {:?}",
            own.role(),
            own.label(),
            own.value(),
            own.toggled(),
            own.raw_bounds().map(|rect| (rect.x0.round(), rect.y0.round()))
        );
    }
    let window = harness.state();
    let _ = write!(
        out,
        "{} {} {} {:?} {}",
        window.document.revision(),
        window.view.selection,
        window.view.period,
        window.dialog.is_some(),
        window.view.log.lines.len()
    );
    out
}

/// Buttons in a part of the window: their names and where they are seen.
fn buttons(harness: &Window, within: Rect) -> Vec<(String, Pos2)> {
    harness
        .query_all_by(|node| {
            matches!(
                node.role(),
                Role::Button | Role::Tab | Role::CheckBox | Role::Link | Role::ComboBox | Role::Switch | Role::RadioButton
            )
        })
        .filter(|node| !node.accesskit_node().is_disabled() && within.contains_rect(node.rect()))
        .map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect().center()))
        .collect()
}

fn press(harness: &mut Window, place: Pos2) {
    harness.hover_at(place);
    harness.step();
    harness.step();
}

/// What does nothing visible, and why that is right.
fn is_excused(name: &str, panel: &str) -> bool {
    // The tab that is in front, and what is chosen already.
    name == format!("{panel} tab")
        || name.starts_with("Period ")
        || name.starts_with("Table of ")
        // A click that copies says so in a message that is looked for elsewhere; one that is chosen stays chosen.
        || name.ends_with(" pictures")
        // Asks for a file; the planner of this test always changes their mind.
        || (name.starts_with("Save ") && name.ends_with('…'))
        // The whole plan is shown already.
        || name == "Show the whole plan"
}

#[test]
fn whatever_looks_like_a_button_acts() {
    let mut harness = window_with(vec2(1440.0, 1400.0), |opening| {
        opening.first_example = false;
        // Whatever asks for a file is told that the planner changed their mind.
        opening.prompt = Box::new(PreparedPrompt::new(vec![Picked::Cancelled; 200]));
    });
    open_small(&mut harness);
    wait_until(&mut harness, "the answer from cold", |window| window.document.is_settled());
    let mut tried = 0;
    let mut dead: Vec<String> = Vec::new();
    for panel in PANELS {
        let show = |harness: &mut Window| {
            harness.state_mut().dialog = None;
            harness.state_mut().panels = tokenworks::gui::panels::Panels::default();
            while harness.state().document.undo_name().is_some() {
                harness.state_mut().document.undo();
            }
            harness.state_mut().handle(Request::Select("horizon".into()));
            harness.state_mut().handle(Request::ShowPanel(panel.name));
            harness.hover_at(Pos2::new(2.0, 2.0));
            settle(harness);
        };
        show(&mut harness);
        let centre = harness.state().view.anchors[&Anchor::Centre];
        for (name, place) in buttons(&harness, centre) {
            if is_excused(&name, panel.name) {
                continue;
            }
            tried += 1;
            press(&mut harness, place);
            let before = picture(&harness);
            for pressed in [true, false] {
                harness.event(button(place, pressed));
                harness.step();
            }
            harness.step();
            harness.step();
            if picture(&harness) == before {
                dead.push(format!("{}: {name} at {place:?}", panel.name));
            }
            harness.key_press(Key::Escape);
            harness.step();
            show(&mut harness);
        }
    }
    assert!(tried > 60, "only {tried} were tried");
    assert!(dead.is_empty(), "{} of {tried} do nothing: {dead:#?}", dead.len());
}

#[test]
fn the_window_is_as_quick_with_forty_sites() {
    let builder = Harness::builder().allow_missing_glyphs();
    let mut harness = window_of(builder, vec2(1440.0, 900.0), egui::Theme::Dark, |opening| opening.first_example = false);
    harness.state_mut().document.live_on = false;
    harness.state_mut().handle(Request::NewFromText { name: "forty".into(), text: include_str!("../plans/forty.ron").into() });
    settle(&mut harness);
    for panel in PANELS {
        harness.state_mut().handle(Request::ShowPanel(panel.name));
        harness.run_ok();
    }
    assert_eq!(harness.state().document.plan().sites.len(), 40);
    run(&mut harness, UiCommand::ShowMap);
}
