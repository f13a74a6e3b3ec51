//! What must hold in every panel: whatever looks like a button acts, and no text lies on another.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use egui::accesskit::Role;
use egui::{Key, Pos2, Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tokenworks::gui::command::{Request, UiCommand};
use tokenworks::gui::files::{Picked, PreparedPrompt};
use tokenworks::gui::panels::{PANELS, tree};
use tokenworks::gui::view::Anchor;
use tokenworks::plan::example::EXAMPLES;

use crate::window::harness::{Window, button, open_small, run, select, settle, wait_until, window_of, window_with};

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

/// Forty sites with long names, each with its hall and contract.
fn forty() -> String {
    let small = include_str!("../plans/small.ron");
    let plan = tokenworks::plan::file::read_plan(small).plan.unwrap();
    let text = |path: &str| tokenworks::plan::edit::get(&plan, path).unwrap();
    let (site, contract) = (text("sites.abilene"), text("contracts.grid"));
    let mut many = plan;
    for index in 2..=40 {
        let id = format!("site-{index}");
        let name = format!("Campus number {index} on the river of the long name, northern bank");
        let edits = [
            tokenworks::gui::change::Edit::insert("sites", &id, &site),
            tokenworks::gui::change::Edit::set_text(format!("sites.{id}.name"), &name),
            tokenworks::gui::change::Edit::set_number(format!("sites.{id}.longitude"), -120.0 + 2.0 * f64::from(index)),
            tokenworks::gui::change::Edit::insert("contracts", format!("grid-{index}"), &contract),
            tokenworks::gui::change::Edit::set_text(format!("contracts.grid-{index}.site"), &id),
        ];
        for edit in edits {
            many = tokenworks::gui::change::apply(&many, &edit).unwrap();
        }
    }
    tokenworks::plan::file::print(&many)
}

/// Texts of a part of the window that lie on each other.
fn overlaps(harness: &Window, part: Rect) -> Vec<String> {
    let texts: Vec<(String, Rect)> = harness
        .query_all_by(|node| {
            matches!(node.role(), Role::Label | Role::Button | Role::Link | Role::SpinButton | Role::ComboBox | Role::TreeItem)
        })
        .filter(|node| part.expand(0.5).contains_rect(node.rect()))
        .filter_map(|node| node.accesskit_node().label().or_else(|| node.accesskit_node().value()).map(|label| (label, node.rect())))
        .filter(|(label, _)| !label.trim().is_empty())
        .collect();
    let mut found = Vec::new();
    for (index, (one, at)) in texts.iter().enumerate() {
        for (other, place) in texts.iter().skip(index + 1) {
            let common = at.intersect(*place);
            // A button in a row lies within it; two texts side by side may touch.
            let within = at.contains_rect(*place) || place.contains_rect(*at);
            if common.width() > 2.0 && common.height() > 3.0 && !within {
                found.push(format!("“{one}” {at:?} and “{other}” {place:?}"));
            }
        }
    }
    found
}

#[test]
fn no_text_lies_on_another() {
    let plans: Vec<(&str, String)> =
        EXAMPLES.iter().map(|example| (example.title, example.text.to_owned())).chain([("forty sites", forty())]).collect();
    let mut bad: BTreeMap<String, usize> = BTreeMap::new();
    for size in [vec2(800.0, 600.0), vec2(1024.0, 700.0), vec2(1440.0, 900.0), vec2(2560.0, 1440.0)] {
        let mut harness =
            window_of(Harness::builder().allow_missing_glyphs(), size, egui::Theme::Light, |opening| opening.first_example = false);
        harness.state_mut().document.live_on = false;
        for (name, text) in &plans {
            harness.state_mut().handle(Request::NewFromText { name: (*name).into(), text: text.clone() });
            harness.run_ok();
            let plan = harness.state().document.plan().clone();
            let open: std::collections::BTreeSet<String> = ["sites", "contracts", "chips", "markets", "products"].map(str::to_owned).into();
            let rows = tree::rows(&plan, &open);
            let step = rows.len().div_ceil(24);
            for row in rows.iter().step_by(step) {
                select(&mut harness, &row.path);
                harness.step();
                for anchor in [Anchor::Tree, Anchor::Inspector, Anchor::Kpis] {
                    let Some(part) = harness.state().view.anchors.get(&anchor).copied() else { continue };
                    for overlap in overlaps(&harness, part) {
                        *bad.entry(format!("{name} {size:?} {anchor:?} {}: {overlap}", row.path)).or_default() += 1;
                    }
                }
            }
        }
    }
    let some: Vec<&String> = bad.keys().take(20).collect();
    assert!(bad.is_empty(), "{} texts lie on another, such as {some:#?}", bad.len());
}

#[test]
fn the_window_is_as_quick_with_forty_sites() {
    let mut harness = window_with(vec2(1440.0, 900.0), |opening| opening.first_example = false);
    harness.state_mut().document.live_on = false;
    harness.state_mut().handle(Request::NewFromText { name: "forty".into(), text: forty() });
    settle(&mut harness);
    for panel in PANELS {
        harness.state_mut().handle(Request::ShowPanel(panel.name));
        harness.run_ok();
    }
    assert_eq!(harness.state().document.plan().sites.len(), 40);
    run(&mut harness, UiCommand::ShowMap);
}
