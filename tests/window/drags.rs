//! What the bench drags is there: each field is scrolled to, turned into a slider and dragged, with the pointer where
//! it is seen.

use egui::{Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use tokenworks::gui::command::Request;
use tokenworks::gui::view::Anchor;

use crate::common::drags::{DRAGS, label};
use crate::window::harness::{Window, drag, press_at, settle, window_of};

fn value(harness: &Window, path: &str) -> Option<f64> {
    tokenworks::plan::edit::get(harness.state().document.plan(), path)?.parse().ok()
}

#[test]
fn what_the_bench_drags_has_a_button_and_a_slider() {
    for (plan, path) in DRAGS {
        let mut harness = window_of(Harness::builder().allow_missing_glyphs(), vec2(1440.0, 900.0), Theme::Dark, |opening| {
            opening.first_example = false;
        });
        harness.state_mut().document.live_on = false;
        let text = tokenworks::plan::example::find(plan).unwrap().text;
        harness.state_mut().handle(Request::NewFromText { name: plan.into(), text: text.into() });
        settle(&mut harness);
        harness.state_mut().view.tour = None;
        harness.state_mut().handle(Request::GoTo(path.to_owned()));
        settle(&mut harness);
        let inspector = harness.state().view.anchors[&Anchor::Inspector];
        let label = label(path);
        let button = harness.get_by_label(&format!("Vary {label}")).rect();
        assert!(inspector.contains_rect(button), "{plan} {path}: {button:?} is out of sight");
        press_at(&mut harness, button.center());
        let slider = harness.get_by_label(&format!("{label} slider")).rect();
        assert!(inspector.contains_rect(slider), "{plan} {path}: {slider:?} is out of sight");
        let before = value(&harness, path);
        assert!(before.is_some(), "{plan} {path}");
        let at = |share: f32| slider.left_center() + vec2(slider.width() * share, 0.0);
        drag(&mut harness, at(0.5), at(0.7));
        let after = value(&harness, path);
        assert!(after.is_some() && after != before, "{plan} {path}: {before:?} is not moved");
    }
}
