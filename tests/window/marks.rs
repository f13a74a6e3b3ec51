//! What is on screen while an answer is being found, and after fifty edits and undos: read off the painted text.

use std::collections::HashMap;

use egui::epaint::Shape;
use egui::{Rect, vec2};
use egui_kittest::kittest::Queryable as _;
use tokenworks::gui::change::Edit;
use tokenworks::gui::command::{Request, Stroke, UiCommand};
use tokenworks::gui::panels::PANELS;
use tokenworks::gui::panels::kpi::KPIS;
use tokenworks::gui::view::Anchor;

use crate::window::harness::{Window, settle, small, text, wait_until};

/// Every text that the last frame painted, with its place.
fn painted(harness: &Window) -> Vec<(Rect, String)> {
    fn collect(shape: &Shape, clip: Rect, out: &mut Vec<(Rect, String)>) {
        match shape {
            Shape::Text(text) => {
                let place = text.galley.rect.translate(text.pos.to_vec2());
                if clip.intersects(place) {
                    out.push((place, text.galley.text().to_owned()));
                }
            }
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, clip, out)),
            _ => {}
        }
    }
    let mut out = Vec::new();
    for clipped in &harness.output().shapes {
        collect(&clipped.shape, clipped.clip_rect, &mut out);
    }
    out
}

/// Titles of charts that are painted, without their marks.
fn titles(harness: &Window) -> Vec<&'static str> {
    let all = painted(harness);
    let is_there = |title: &str| all.iter().any(|(_, text)| text == title || *text == format!("≈ {title}"));
    tokenworks::charts::CHARTS.iter().map(|entry| entry.title).filter(|title| is_there(title)).collect()
}

#[test]
fn every_panel_and_chart_marks_what_can_still_move() {
    let mut harness = small();
    let mut price = 40.0;
    let mut charts = 0;
    for panel in PANELS {
        harness.state_mut().handle(Request::ShowPanel(panel.name));
        settle(&mut harness);
        wait_until(&mut harness, "the answer", |window| window.document.is_canonical());
        harness.run();
        let settled: Vec<String> = painted(&harness).into_iter().map(|(_, text)| text).filter(|text| text.contains('≈')).collect();
        assert!(settled.is_empty(), "{}: {settled:?}", panel.name);
        let shown = titles(&harness);
        let mut seen = 0;
        for _ in 0..12 {
            price += 0.5;
            let edit = Edit::set_number("contracts.grid.terms.energy_usd_per_mwh", price);
            harness.state_mut().handle(Request::Edit(edit, Stroke::Once));
            for _ in 0..400 {
                harness.step();
                if harness.state().document.is_canonical() {
                    break;
                }
                seen += 1;
                let all = painted(&harness);
                let centre = harness.state().view.anchors[&Anchor::Centre];
                assert!(all.iter().any(|(at, text)| centre.contains_rect(*at) && text == "≈ being settled"), "{}", panel.name);
                for title in &shown {
                    let marked = all.iter().any(|(_, text)| *text == format!("≈ {title}"));
                    assert!(marked || !all.iter().any(|(_, text)| text == title), "{}: {title}", panel.name);
                    charts += usize::from(marked);
                }
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
            if seen > 0 {
                break;
            }
        }
        assert!(seen > 0, "{}: no answer was ever on its way", panel.name);
    }
    assert!(charts > 0);
}

#[test]
fn a_value_of_a_chart_says_how_it_is_worked_out_and_what_it_rests_on() {
    assert!(tokenworks::charts::CHARTS.iter().all(|entry| entry.how.len() > 15 && !entry.how.contains('_')));
    let mut harness = small();
    harness.state_mut().handle(Request::ShowPanel("Map"));
    settle(&mut harness);
    let picture = harness
        .query_all_by(|node| node.role() == egui::accesskit::Role::Image && node.label().is_some_and(|label| label.starts_with("Power at")))
        .map(|node| node.rect())
        .next()
        .unwrap();
    harness.hover_at(picture.center() - vec2(0.0, picture.height() * 0.2));
    for _ in 0..4 {
        harness.step();
    }
    let how = tokenworks::charts::find("power-day").unwrap().how;
    assert!(harness.query_by_label(&format!("= {how}")).is_some());
    assert!(harness.query_by_label_contains("Rests on: ").is_some());
}

#[test]
fn fifty_edits_and_undos_rest_at_the_same_figures() {
    let mut harness = small();
    let mut first: HashMap<String, Vec<String>> = HashMap::new();
    let mut met = 0;
    let paths = ["contracts.grid.terms.energy_usd_per_mwh", "sites.abilene.pue", "sites.abilene.interconnect_mw"];
    for step in 0..50_u32 {
        // Three edits, then two steps back and one forward.
        let command = match step % 6 {
            3 | 4 => Some(UiCommand::Undo),
            5 => Some(UiCommand::Redo),
            _ => None,
        };
        if let Some(command) = command {
            harness.state_mut().handle(Request::Run(command));
        } else {
            let which = (step % 3) as usize;
            let value = [40.0 + f64::from(step), 1.1 + 0.003 * f64::from(step), 60.0 + f64::from(step)][which];
            harness.state_mut().handle(Request::Edit(Edit::set_number(paths[which], value), Stroke::Once));
        }
        settle(&mut harness);
        wait_until(&mut harness, "the answer", |window| window.document.is_canonical());
        harness.run();
        // As painted on the strip, and as they are.
        let strip = harness.state().view.anchors[&Anchor::Kpis];
        let mut now: Vec<String> = painted(&harness).into_iter().filter(|(at, _)| strip.contains_rect(*at)).map(|(_, text)| text).collect();
        // The change against the baseline may be said of another pin; figures and units may not.
        now.retain(|text| !text.contains('▲') && !text.contains('▼') && !text.contains("baseline"));
        let results = harness.state().document.results().unwrap().clone();
        now.extend(KPIS.iter().map(|kpi| format!("{} {:.9e}", kpi.key, (kpi.value)(&results))));
        let plan = text(&harness);
        if let Some(before) = first.get(&plan) {
            met += 1;
            assert_eq!(*before, now, "step {step}");
        } else {
            first.insert(plan, now);
        }
    }
    assert!(met >= 20, "the same plan was met only {met} times");
}
