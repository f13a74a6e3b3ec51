//! Charts in the window under a real pointer and real keys: hover, zoom, linked cursors, icons.

use std::sync::Arc;

use egui::accesskit::Role;
use egui::{Key, Pos2, Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tokenworks::charts::{Body, Chart, Selection, find};
use tokenworks::gui::command::{Commands, Request, UiCommand};
use tokenworks::gui::theme;
use tokenworks::gui::widgets::chart::{Card, card_ui};
use tokenworks::results::Results;

use crate::fixture;
use crate::window::harness::{button, open_small, press, run, settle, window_with};

type Cards = Harness<'static>;

fn made(results: &Results, name: &str) -> Arc<Chart> {
    Arc::new((find(name).unwrap().chart)(results, &Selection::default()))
}

/// Charts below each other, as a panel shows them.
fn cards(names: &[&str]) -> Cards {
    let results = fixture::results();
    let charts: Vec<Arc<Chart>> = names.iter().map(|name| made(&results, name)).collect();
    let mut kept = vec![Card::default(); charts.len()];
    let mut harness = Harness::builder().with_size(vec2(720.0, 340.0 * charts.len() as f32)).build_ui(move |ui| {
        if ui.ctx().cumulative_frame_nr() == 0 {
            theme::apply(ui.ctx());
            return;
        }
        for (chart, card) in charts.iter().zip(&mut kept) {
            ui.push_id(chart.name, |ui| card_ui(ui, chart, 290.0, card, &mut Commands::default()));
        }
    });
    harness.run();
    harness
}

/// The pictures from top to bottom: where they are and what is said of them.
fn pictures(harness: &Cards) -> Vec<(Rect, String)> {
    let mut all: Vec<(Rect, String)> =
        harness.query_all_by_role(Role::Image).map(|node| (node.rect(), node.accesskit_node().label().unwrap_or_default())).collect();
    all.sort_by(|a, b| a.0.top().total_cmp(&b.0.top()));
    all
}

fn said(harness: &Cards, index: usize) -> String {
    pictures(harness)[index].1.split_once("At the cursor, ").map(|(_, said)| said.to_owned()).unwrap_or_default()
}

fn hover(harness: &mut Cards, at: Pos2) {
    harness.hover_at(at);
    harness.run();
}

fn drag(harness: &mut Cards, from: Pos2, to: Pos2) {
    harness.hover_at(from);
    harness.run();
    harness.drag_at(from);
    harness.run();
    for share in [0.2, 0.6, 1.0] {
        harness.hover_at(from + (to - from) * share);
        harness.step();
    }
    harness.drop_at(to);
    harness.run();
}

/// Within the axes of the first picture, at a share of their width and height.
fn inside(harness: &Cards, x: f32, y: f32) -> Pos2 {
    let rect = pictures(harness)[0].0;
    egui::pos2(rect.left() + 70.0 + (rect.width() - 90.0) * x, rect.top() + 10.0 + (rect.height() - 70.0) * y)
}

#[test]
fn the_pointer_reads_the_numbers_of_the_answer() {
    let results = fixture::results();
    let mut harness = cards(&["tokens"]);
    assert_eq!(said(&harness, 0), "");
    let chart = made(&results, "tokens");
    let Body::StackedBars { categories, stacks, .. } = &chart.body else { panic!("{:?}", chart.body) };
    let mut seen = std::collections::BTreeSet::new();
    for step in 0..40 {
        let at = inside(&harness, step as f32 / 39.0, 0.5);
        hover(&mut harness, at);
        let said = said(&harness, 0);
        let index = categories.iter().position(|name| said.starts_with(&format!("{name}: "))).unwrap_or_else(|| panic!("{said}"));
        seen.insert(index);
        for series in stacks.iter().filter(|series| series.values[index] > 1e-9) {
            let number = tokenworks::words::with_unit(series.values[index], &chart.y.unit);
            assert!(said.contains(&format!("{} {number}", series.name)), "{said}: {} {number}", series.name);
            // And it stands in the tip that is seen.
            assert!(harness.query_all_by_label(&number).next().is_some(), "{number}");
        }
    }
    assert_eq!(seen.len(), categories.len(), "every period is reached");
    // What is shown is what the answer holds.
    let made: f64 = results.flows.iter().map(|flow| flow.answer_ttok[0]).sum();
    let shown: f64 = stacks.iter().map(|series| series.values[0]).sum();
    assert!((made - shown).abs() < 1e-9 * made, "{made} {shown}");
    hover(&mut harness, Pos2::new(1.0, 1.0));
    assert_eq!(said(&harness, 0), "", "nothing is said when the pointer is gone");
}

#[test]
fn a_drag_zooms_and_a_double_click_shows_all() {
    let mut harness = cards(&["tokens"]);
    let (left, right) = (inside(&harness, 0.02, 0.5), inside(&harness, 0.98, 0.5));
    let ends = |harness: &mut Cards| {
        hover(harness, left);
        let first = said(harness, 0);
        hover(harness, right);
        (first, said(harness, 0))
    };
    let whole = ends(&mut harness);
    assert_ne!(whole.0, whole.1);
    let (from, to) = (inside(&harness, 0.4, 0.5), inside(&harness, 0.6, 0.52));
    drag(&mut harness, from, to);
    assert!(harness.query_by_label("Show all").is_some(), "a part is shown");
    let part = ends(&mut harness);
    assert!(part.0 != whole.0 || part.1 != whole.1, "{part:?} of {whole:?}");
    // A double click shows all again …
    let at = inside(&harness, 0.5, 0.7);
    harness.hover_at(at);
    harness.step();
    harness.input_mut().events.extend([true, false, true, false].map(|pressed| button(at, pressed)));
    harness.step();
    harness.run();
    assert!(harness.query_by_label("Show all").is_none());
    assert_eq!(ends(&mut harness), whole);
    // … and so does the button, and Esc.
    drag(&mut harness, from, to);
    let place = harness.get_by_label("Show all").rect().center();
    harness.hover_at(place);
    harness.run();
    harness.input_mut().events.extend([true, false].map(|pressed| button(place, pressed)));
    harness.run();
    assert!(harness.query_by_label("Show all").is_none());
    drag(&mut harness, from, to);
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.query_by_label("Show all").is_none());
    assert_eq!(ends(&mut harness), whole);
}

#[test]
fn charts_of_the_same_periods_share_their_cursor() {
    let mut harness = cards(&["tokens", "cash-flow", "bottlenecks", "sankey"]);
    let at = inside(&harness, 0.1, 0.5);
    hover(&mut harness, at);
    let period = said(&harness, 0).split(':').next().unwrap().to_owned();
    assert!(!period.is_empty());
    for other in [1, 2] {
        assert!(said(&harness, other).starts_with(&format!("{period}: ")), "{}", said(&harness, other));
    }
    assert_eq!(said(&harness, 3), "", "a Sankey has no periods");
    // The timeline moves it as well.
    let timeline = pictures(&harness)[2].0;
    hover(&mut harness, timeline.left_top() + vec2(timeline.width() * 0.9, 24.0));
    let later = said(&harness, 2);
    assert!(!later.is_empty());
    assert_ne!(said(&harness, 0).split(':').next().unwrap(), period);
}

#[test]
fn arrow_keys_move_the_cursor() {
    let results = fixture::results();
    for name in ["tokens", "power-day", "frontier", "bottlenecks", "sankey", "cost-waterfall", "shadow-prices"] {
        let mut harness = cards(&[name]);
        harness.get_by_role(Role::Image).focus();
        harness.run();
        assert_eq!(said(&harness, 0), "", "{name}");
        harness.key_press(Key::ArrowRight);
        harness.run();
        let first = said(&harness, 0);
        assert!(!first.is_empty(), "{name}");
        harness.key_press(Key::End);
        harness.run();
        let last = said(&harness, 0);
        assert_ne!(first, last, "{name}");
        harness.key_press(Key::Home);
        harness.run();
        assert_eq!(said(&harness, 0), first, "{name}");
        if let Body::StackedBars { categories, .. } = &made(&results, name).body {
            assert!(first.starts_with(&categories[0]) && last.starts_with(&categories[categories.len() - 1]), "{first} {last}");
        }
        harness.key_press(Key::Escape);
        harness.run();
        assert_eq!(said(&harness, 0), "", "{name}");
    }
}

#[test]
fn painted_charts_say_what_is_pointed_at() {
    for (name, unit) in [("sankey", "→"), ("cost-waterfall", "M$"), ("shadow-prices", ""), ("bottlenecks", "202")] {
        let mut harness = cards(&[name]);
        let rect = pictures(&harness)[0].0;
        let mut found = std::collections::BTreeSet::new();
        for step in 0..600 {
            let at = rect.left_top() + vec2((step % 30) as f32 / 30.0 * rect.width(), (step / 30) as f32 / 20.0 * rect.height());
            harness.hover_at(at);
            harness.step();
            found.insert(said(&harness, 0));
        }
        found.remove("");
        assert!(found.len() > 3, "{name}: {found:?}");
        assert!(found.iter().all(|said| said.contains(unit)), "{name}: {found:?}");
    }
}

/// Pictures of charts; the sketch of a dated number beside its field is no chart.
pub fn big_pictures(harness: &crate::window::harness::Window) -> usize {
    harness
        .query_all_by_role(Role::Image)
        .filter(|node| node.accesskit_node().label().is_some_and(|label| !label.contains(" over the horizon: ")))
        .count()
}

#[test]
fn the_icons_of_every_chart_act_and_esc_leaves() {
    let mut harness = window_with(vec2(1440.0, 2400.0), |opening| opening.first_example = false);
    open_small(&mut harness);
    run(&mut harness, UiCommand::ShowResults);
    let results = harness.state().document.results().cloned().unwrap();
    let titles: Vec<String> = ["tokens", "power-day", "bottlenecks", "fleet"].map(|name| made(&results, name).title.clone()).into();
    for title in &titles {
        press(&mut harness, &format!("Show the table of {title}"));
        press(&mut harness, &format!("Hide the table of {title}"));
        press(&mut harness, &format!("Enlarge of {title}"));
        assert_eq!(big_pictures(&harness), 1, "{title} stands alone");
        harness.key_press(Key::Escape);
        settle(&mut harness);
        assert!(big_pictures(&harness) > 1, "Esc leaves {title}");
        press(&mut harness, &format!("Save or copy {title}"));
        assert!(harness.query_by_label("Copy the data").is_some(), "{title}");
        harness.key_press(Key::Escape);
        settle(&mut harness);
    }
    harness.state_mut().handle(Request::ShowPanel("Map"));
    settle(&mut harness);
    for title in titles.iter().skip(1).take(2) {
        press(&mut harness, &format!("Enlarge of {title}"));
        assert_eq!(tokenworks::gui::dock::in_front(&harness.state().dock), ["Results".to_owned()]);
        harness.key_press(Key::Escape);
        settle(&mut harness);
        harness.state_mut().handle(Request::ShowPanel("Map"));
        settle(&mut harness);
    }
}
