//! What must hold in every panel: whatever looks like a button acts.

use std::fmt::Write as _;

use egui::accesskit::{Role, Toggled};
use egui::{Key, Pos2, Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tokenworks::gui::change::Edit;
use tokenworks::gui::command::{Request, Stroke, UiCommand};
use tokenworks::gui::files::{Picked, PreparedPrompt};
use tokenworks::gui::panels::PANELS;
use tokenworks::gui::panels::studies::State;
use tokenworks::gui::view::Anchor;

use crate::window::harness::{Window, button, open_small, run, settle, wait_until, wheel, window_of};
use crate::window::overlaps::wanted;

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
                Role::Button | Role::Tab | Role::CheckBox | Role::Link | Role::ComboBox | Role::Switch | Role::RadioButton | Role::TreeItem
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
        || name.starts_with("Horizon ")
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
        let begun = std::time::Instant::now();
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
        println!("{name}: {} buttons, {} pressed so far, {:.0} s", all.len(), self.count, begun.elapsed().as_secs_f64());
    }

    fn none_is_dead(&self, least: usize) {
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
    // What stands beside in Compare is solved anew; until then its wheel turns.
    harness.step();
    wait_until(harness, "the answer beside", |window| !window.panels.compare.beside.is_running());
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

/// Buttons of a study that was run, its pictures and its table, and of what the report shows of it.
#[test]
fn whatever_looks_like_a_button_of_a_study_acts() {
    let mut harness = window_to_try(1800.0);
    open_small(&mut harness);
    let study = "Alternatives(groups: [ChipsByKind, TokensByMarket])";
    let insert = Edit::Insert { path: "studies".into(), id: "must-or-may".into(), position: None, value: study.into() };
    harness.state_mut().handle(Request::Edit(insert, Stroke::Once));
    settle(&mut harness);
    let show = |harness: &mut Window, panel: &'static str| {
        harness.state_mut().dialog = None;
        while harness.state().document.undo_name().is_some_and(|name| !name.contains("must-or-may")) {
            harness.state_mut().document.undo();
        }
        harness.state_mut().handle(Request::ShowPanel(panel));
        harness.hover_at(Pos2::new(2.0, 2.0));
        settle(harness);
        let until = std::time::Instant::now() + std::time::Duration::from_mins(2);
        loop {
            let window = harness.state_mut();
            if window.panels.studies.state_of(&window.document, "must-or-may") != Some(State::Running) {
                break;
            }
            assert!(std::time::Instant::now() < until, "the study never ended");
            std::thread::sleep(std::time::Duration::from_millis(5));
            harness.step();
        }
        settle(harness);
    };
    show(&mut harness, "Studies");
    crate::window::harness::press(&mut harness, "Run");
    let mut tried = Tried::default();
    let centre = |harness: &Window| harness.state().view.anchors[&Anchor::Centre];
    tried.all(&mut harness, "Studies", centre, |harness| show(harness, "Studies"));
    // In the report its pictures stand below all others.
    show(&mut harness, "Report");
    harness.hover_at(harness.ctx.content_rect().center());
    for _ in 0..60 {
        harness.event(wheel(-600.0));
        harness.step();
    }
    let below = |harness: &Window| {
        let centre = harness.state().view.anchors[&Anchor::Centre];
        let first = harness.query_all_by(|node| node.label().is_some_and(|label| label.starts_with("Chips ordered: "))).next();
        Rect::from_min_max(Pos2::new(centre.left(), first.map_or(centre.bottom(), |first| first.rect().top() - 30.0)), centre.max)
    };
    tried.all(&mut harness, "Report", below, |harness| show(harness, "Report"));
    tried.none_is_dead(20);
}

/// Parts of the run over the whole window that are wanted, as in `LAYOUT="texas Money"`: a plan and a panel of it.
#[test]
#[ignore = "every button of the panels of plans that fill them: minutes; LAYOUT=\"texas Money\" runs a part"]
fn every_button_of_full_panels_acts() {
    let is_wanted = wanted();
    let forty = include_str!("../plans/forty.ron");
    let of = |name| tokenworks::plan::example::find(name).unwrap().text;
    let plans = [
        ("texas", of("texas"), &["Money", "Studies", "Explain", "Report", "Results", "Compare", "Tables", "Layout"][..]),
        ("two-countries", of("two-countries"), &["Actors", "Map", "Tables"]),
        ("forty", forty, &["Map", "Layout", "Tables", "Results", "Explain", "Report"]),
    ];
    let names = plans.map(|(name, ..)| name);
    let panels: Vec<&str> = PANELS.iter().map(|panel| panel.name).collect();
    let mut tried = Tried::default();
    for (name, text, shown) in plans.into_iter().filter(|(name, ..)| is_wanted(&names, name)) {
        let mut harness = window_to_try(2400.0);
        harness.state_mut().handle(Request::NewFromText { name: name.into(), text: text.into() });
        settle(&mut harness);
        harness.state_mut().view.tour = None;
        wait_until(&mut harness, "the answer from cold", |window| window.document.is_settled());
        harness.state_mut().document.live_on = false;
        for panel in shown.iter().copied().filter(|panel| is_wanted(&panels, panel)) {
            let centre = |harness: &Window| harness.state().view.anchors[&Anchor::Centre];
            tried.all(&mut harness, panel, centre, |harness| put_back(harness, "horizon", panel));
        }
    }
    tried.none_is_dead(0);
}

/// The plan with every field, not solved.
fn every_field(harness: &mut Window) {
    harness.state_mut().document.live_on = false;
    let text = include_str!("../plans/every-field.ron");
    harness.state_mut().handle(Request::NewFromText { name: "every field".into(), text: text.into() });
    settle(harness);
    harness.state_mut().view.tour = None;
}

#[test]
#[ignore = "every button above the panels and of the plan's tree: minutes"]
fn every_button_of_the_sides_acts() {
    let mut tried = Tried::default();
    let mut harness = window_to_try(3000.0);
    every_field(&mut harness);
    let screen = harness.ctx.content_rect();
    let top = |harness: &Window| {
        let centre = harness.state().view.anchors[&Anchor::Centre];
        Rect::from_min_max(screen.min, Pos2::new(screen.right(), centre.top()))
    };
    // The plan anew each time: once it is solved, Solve has nothing to do.
    tried.all(&mut harness, "Map", top, |harness| {
        every_field(harness);
        put_back(harness, "horizon", "Map");
    });
    let tree = |harness: &Window| harness.state().view.anchors[&Anchor::Tree];
    tried.all(&mut harness, "Map", tree, |harness| put_back(harness, "horizon", "Map"));
    tried.none_is_dead(30);
}

#[test]
#[ignore = "every button of the inspector of one entry of every kind: an hour; LAYOUT=\"2/6\" runs the second sixth of the kinds"]
fn every_button_of_every_inspector_acts() {
    let part = std::env::var("LAYOUT").unwrap_or_default();
    let (own, parts) = part.split_once('/').map_or((1, 1), |(own, parts)| (own.parse().unwrap(), parts.parse().unwrap()));
    let mut tried = Tried::default();
    let mut harness = window_to_try(3000.0);
    every_field(&mut harness);
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
        if !kinds.insert(kind) || kinds.len() % parts != own % parts {
            continue;
        }
        let inspector = |harness: &Window| harness.state().view.anchors[&Anchor::Inspector];
        let selection = row.path.clone();
        tried.all(&mut harness, &format!("inspector of {selection}"), inspector, |harness| put_back(harness, &selection, "Map"));
    }
    tried.none_is_dead(0);
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
