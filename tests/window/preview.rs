//! What a chip or served model would give, before anything is built with it: by label and by pointer.

use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tokenworks::gui::change::Edit;
use tokenworks::gui::command::{Request, Stroke, UiCommand};

use crate::window::harness::{Window, button, open_small, run, select, settle, window_of, window_with};

fn window() -> Window {
    let mut harness = window_with(egui::vec2(1440.0, 1800.0), |opening| opening.first_example = false);
    open_small(&mut harness);
    harness
}

fn insert(harness: &mut Window, map: &str, id: &str, value: &str) {
    harness
        .state_mut()
        .handle(Request::Edit(Edit::Insert { path: map.into(), id: id.into(), position: None, value: value.into() }, Stroke::Once));
    settle(harness);
}

fn set(harness: &mut Window, path: &str, value: &str) {
    harness.state_mut().handle(Request::Edit(Edit::set(path, value), Stroke::Once));
    settle(harness);
}

fn says(harness: &Window, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
}

/// The texts on screen that hold some words.
fn texts(harness: &Window, words: &str) -> Vec<String> {
    let found = harness.query_all_by_label_contains(words);
    found.filter_map(|node| node.accesskit_node().label().or_else(|| node.accesskit_node().value())).collect()
}

/// A served model of one's own, not used by any product yet: its frontier on the plan's chips is drawn with
/// grade and band; while a size is missing it is named instead.
#[test]
fn an_own_served_model_is_seen_before_it_is_used() {
    let mut harness = window();
    insert(&mut harness, "served_models", "own", "(quality: Stated(1.0))");
    select(&mut harness, "served_models.own");
    assert!(says(&harness, "Nothing is known of this served model"), "nothing is stated yet");
    set(&mut harness, "served_models.own.total_params_b", "405.0");
    set(&mut harness, "served_models.own.active_params_b", "405.0");
    assert!(says(&harness, "GB200 NVL72: ") && says(&harness, "the served model's layers"), "what is missing is named");
    set(&mut harness, "served_models.own.layers", "126.0");
    set(&mut harness, "served_models.own.kv_heads", "8.0");
    assert!(says(&harness, "What it would give"));
    // Rate, grade and band on both chips of the plan, at the lengths of its product.
    for chip in ["GB200 NVL72: ", "H100 SXM: "] {
        let line = texts(&harness, chip).into_iter().find(|text| text.contains("tok/s per chip"));
        let line = line.unwrap_or_else(|| panic!("no line of {chip}"));
        assert!(line.contains("stated ±"), "{line}");
    }
    assert!(says(&harness, "tokens, 50 ms per token"), "for what it is looked at");
    // The picture is the chart of throughput against speed, its caption with the grades.
    let pictures = texts(&harness, "Throughput against speed");
    assert!(
        pictures.iter().any(|text| text.contains("the ends of its band") && text.contains("stated ±")),
        "the picture says what it shows"
    );
}

/// The same under a pointer: the table of what it rests on opens with a click, with distances.
#[test]
fn what_it_rests_on_opens_under_the_pointer() {
    let mut harness = window();
    let own = "(all_in_kw: 1.2, vendor: \"NVIDIA\", hbm_gb: 141.0, hbm_tb_per_s: 4.8, bf16_dense_tflops: 989.0, fp8_dense_tflops: 1979.0)";
    insert(&mut harness, "chips", "own", own);
    select(&mut harness, "chips.own");
    assert!(says(&harness, "for the products of the plan") && says(&harness, "Chat: "));
    assert!(!says(&harness, "other chips of the vendor and served models"), "the table is folded");
    // Folded away at first; scrolled into view as a hand would, then clicked where it is.
    harness.get_by_label("What this rests on").scroll_to_me();
    harness.run();
    let place = harness.get_by_label("What this rests on").rect().center();
    harness.hover_at(place);
    harness.step();
    for pressed in [true, false] {
        harness.event(button(place, pressed));
        harness.step();
    }
    harness.run();
    assert!(says(&harness, "Distance") && says(&harness, "other chips of the vendor"), "the table has opened");
}

/// In the picker, for entries of the catalog side by side; in both themes without a panic.
#[test]
fn the_picker_previews_what_is_side_by_side() {
    for theme in [egui::Theme::Dark, egui::Theme::Light] {
        let builder = egui_kittest::Harness::builder();
        let mut harness = window_of(builder, egui::vec2(1440.0, 1800.0), theme, |opening| opening.first_example = false);
        open_small(&mut harness);
        harness.state_mut().handle(Request::Select("chips.h100".into()));
        run(&mut harness, UiCommand::PickFromCatalog);
        harness.run();
        assert!(says(&harness, "What it would give"));
        assert!(texts(&harness, "H100 SXM: ").iter().any(|line| line.contains("tok/s per chip at") && line.contains('±')));
    }
}
