//! What must hold in every panel: whatever looks like a button acts.

use std::fmt::Write as _;

use egui::accesskit::{Role, Toggled};
use egui::{Key, Pos2, Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tokenworks::gui::command::{Request, UiCommand};
use tokenworks::gui::files::{Picked, PreparedPrompt};
use tokenworks::gui::panels::PANELS;
use tokenworks::gui::view::Anchor;

use crate::window::harness::{Window, button, open_small, run, settle, wait_until, window_of};

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
        // What is chosen already stays chosen.
        .filter(|node| node.accesskit_node().role() != Role::Button || node.accesskit_node().toggled() != Some(Toggled::True))
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
        || ((name.starts_with("Save ") || name.starts_with("Browse ")) && name.ends_with('…'))
        || matches!(name, "Save" | "Open")
        // The whole plan is shown already.
        || name == "Show the whole plan"
}

/// A window in which whatever asks for a file is told that the planner changed their mind.
fn window_to_try(height: f32) -> Window {
    // Every field's plan has names in scripts that the tests have no font for.
    window_of(Harness::builder().allow_missing_glyphs(), vec2(1440.0, height), egui::Theme::Dark, |opening| {
        opening.first_example = false;
        opening.prompt = Box::new(PreparedPrompt::new(vec![Picked::Cancelled; 900]));
    })
}

/// What was pressed, and what of it did nothing.
#[derive(Default)]
struct Tried {
    count: usize,
    dead: Vec<String>,
}

impl Tried {
    /// Presses every button of a part of the window where it is seen; `show` puts everything back before each.
    fn all(&mut self, harness: &mut Window, name: &str, part: impl Fn(&Window) -> Rect, show: impl Fn(&mut Window)) {
        show(harness);
        let within = part(harness);
        let all = buttons(harness, within);
        for (number, (label, first)) in all.iter().enumerate() {
            if is_excused(label, name) {
                continue;
            }
            self.count += 1;
            // Where it stands now: what was opened and shut before may have moved it.
            let earlier = all.iter().take(number).filter(|(other, _)| other == label).count();
            let now = buttons(harness, within).into_iter().filter(|(other, _)| other == label).nth(earlier);
            let Some((_, place)) = now else {
                self.dead.push(format!("{name}: {label} at {first:?} is gone"));
                continue;
            };
            if place.distance(*first) > 1.0 {
                println!("{name}: {label} has moved from {first:?} to {place:?}");
            }
            press(harness, place);
            let before = picture(harness);
            for pressed in [true, false] {
                harness.event(button(place, pressed));
                harness.step();
            }
            harness.step();
            harness.step();
            if picture(harness) == before {
                self.dead.push(format!("{name}: {label} at {place:?}"));
            }
            harness.key_press(Key::Escape);
            harness.step();
            show(harness);
        }
    }

    fn none_is_dead(&self, least: usize) {
        println!("{} buttons pressed", self.count);
        assert!(self.count > least, "only {} were tried", self.count);
        assert!(self.dead.is_empty(), "{} of {} do nothing: {:#?}", self.dead.len(), self.count, self.dead);
    }
}

/// As it was before anything was pressed.
fn put_back(harness: &mut Window, selection: &str, panel: &'static str) {
    harness.state_mut().dialog = None;
    harness.state_mut().view.varied.clear();
    harness.state_mut().panels = tokenworks::gui::panels::Panels::default();
    harness.state_mut().view.settings = tokenworks::gui::view::Settings { live: harness.state().document.live_on, ..Default::default() };
    while harness.state().document.undo_name().is_some() {
        harness.state_mut().document.undo();
    }
    harness.state_mut().handle(Request::Select(selection.into()));
    harness.state_mut().handle(Request::ShowPanel(panel));
    harness.hover_at(Pos2::new(2.0, 2.0));
    settle(harness);
}

#[test]
fn whatever_looks_like_a_button_acts() {
    let mut harness = window_to_try(1400.0);
    open_small(&mut harness);
    wait_until(&mut harness, "the answer from cold", |window| window.document.is_settled());
    let mut tried = Tried::default();
    for panel in PANELS {
        let centre = |harness: &Window| harness.state().view.anchors[&Anchor::Centre];
        tried.all(&mut harness, panel.name, centre, |harness| put_back(harness, "horizon", panel.name));
    }
    tried.none_is_dead(60);
}

#[test]
#[ignore = "every button of every panel, with actors, money and studies, of the sides and of the inspector of every kind: minutes"]
fn every_button_of_the_whole_window_acts() {
    let mut tried = Tried::default();
    let centre = |harness: &Window| harness.state().view.anchors[&Anchor::Centre];
    let part = std::env::var("LAYOUT").unwrap_or_default();
    let is_wanted = |name: &str| part.is_empty() || part == name;
    // The panels, with plans that fill them.
    for (example, panels) in [("texas", &["Money", "Studies", "Explain", "Report", "Results"][..]), ("two-countries", &["Actors", "Map"])] {
        if !is_wanted(example) {
            continue;
        }
        let mut harness = window_to_try(2400.0);
        let text = tokenworks::plan::example::find(example).unwrap().text;
        harness.state_mut().handle(Request::NewFromText { name: example.into(), text: text.into() });
        settle(&mut harness);
        harness.state_mut().view.tour = None;
        wait_until(&mut harness, "the answer from cold", |window| window.document.is_settled());
        harness.state_mut().document.live_on = false;
        for panel in panels.iter().copied() {
            tried.all(&mut harness, panel, centre, |harness| put_back(harness, "horizon", panel));
        }
    }
    // The sides, and the inspector of one entry of every kind.
    if is_wanted("sides") {
        let mut harness = window_to_try(3000.0);
        harness.state_mut().document.live_on = false;
        let text = include_str!("../plans/every-field.ron");
        harness.state_mut().handle(Request::NewFromText { name: "every field".into(), text: text.into() });
        settle(&mut harness);
        harness.state_mut().view.tour = None;
        let screen = harness.ctx.content_rect();
        let top = |harness: &Window| {
            let centre = harness.state().view.anchors[&Anchor::Centre];
            Rect::from_min_max(screen.min, Pos2::new(screen.right(), centre.top()))
        };
        // The plan anew each time: once it is solved, Solve has nothing to do.
        tried.all(&mut harness, "Map", top, |harness| {
            harness.state_mut().document.live_on = false;
            harness.state_mut().handle(Request::NewFromText { name: "every field".into(), text: text.into() });
            settle(harness);
            harness.state_mut().view.tour = None;
            put_back(harness, "horizon", "Map");
        });
        let tree = |harness: &Window| harness.state().view.anchors[&Anchor::Tree];
        tried.all(&mut harness, "Map", tree, |harness| put_back(harness, "horizon", "Map"));
        let plan = harness.state().document.plan().clone();
        let all = tokenworks::gui::panels::tree::rows(&plan, &std::collections::BTreeSet::new());
        let open = all.into_iter().map(|row| row.path).chain(plan.sites.keys().map(|id| format!("sites.{id}"))).collect();
        let mut kinds = std::collections::BTreeSet::new();
        for row in tokenworks::gui::panels::tree::rows(&plan, &open) {
            // One of each kind: the section, and the kind of a contract's terms or of a policy.
            let kind = format!(
                "{} {}",
                row.path.rsplit_once('.').map_or(row.path.as_str(), |(map, _)| map),
                row.detail.split(' ').next_back().unwrap_or_default()
            );
            if !kinds.insert(kind) {
                continue;
            }
            let inspector = |harness: &Window| harness.state().view.anchors[&Anchor::Inspector];
            let selection = row.path.clone();
            tried.all(&mut harness, &format!("inspector of {selection}"), inspector, |harness| put_back(harness, &selection, "Map"));
        }
    }
    tried.none_is_dead(30);
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
