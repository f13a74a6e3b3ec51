//! Money over time in the window: curves, dates and successions edited by clicks.

use egui::{Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tokenworks::gui::command::{Request, UiCommand};
use tokenworks::plan::path;

use crate::window::harness::{Window, run, select, settle, type_number, window_of};

/// A small plan whose dated numbers take every form, in a tall window.
fn window() -> Window {
    let mut harness = window_of(Harness::builder(), vec2(1440.0, 1500.0), Theme::Dark, |_| {});
    let text = include_str!("../plans/small.ron");
    harness.state_mut().handle(Request::NewFromText { name: "small".into(), text: text.into() });
    settle(&mut harness);
    harness
}

fn value(harness: &Window, at: &str) -> String {
    path::get(harness.state().document.plan(), at).unwrap_or_else(|| panic!("nothing at {at}"))
}

fn set(harness: &mut Window, at: &str, text: &str) {
    harness.state_mut().handle(Request::Edit(tokenworks::plan::edit::Edit::set(at, text), tokenworks::gui::command::Stroke::Once));
    settle(harness);
}

/// Picks what begins with these words from a list.
fn pick(harness: &mut Window, list: &str, words: &str) {
    harness.get_by_role_and_label(egui::accesskit::Role::ComboBox, list).click();
    harness.run();
    harness
        .get_by(|node| node.role() == egui::accesskit::Role::Button && node.label().is_some_and(|label| label.starts_with(words)))
        .click();
    settle(harness);
}

/// A number becomes a curve, gets another factor, a floor, a curve of the catalog; and one number again.
#[test]
fn a_curve_is_edited_by_clicks() {
    let mut harness = window();
    let site = harness.state().document.plan().sites.keys().next().unwrap().clone();
    let at = format!("sites.{site}.egress_usd_per_mtok");
    set(&mut harness, &at, "10.0");
    select(&mut harness, &format!("sites.{site}"));
    let label = "Egress".to_owned();
    let own = harness
        .query_all_by(|node| node.label().is_some_and(|label| label.starts_with("Let ") && label.ends_with(" follow a curve")))
        .filter_map(|node| node.accesskit_node().label())
        .map(|label| label.trim_start_matches("Let ").trim_end_matches(" follow a curve").to_owned())
        .find(|name| name.starts_with(&label))
        .unwrap_or_else(|| panic!("no button makes it a curve"));
    harness.get_by_label(&format!("Let {own} follow a curve")).click();
    settle(&mut harness);
    assert_eq!(value(&harness, &at), "Curve(from: 10.0, factor_per_year: 0.9)");
    type_number(&mut harness, &format!("{own}, factor a year"), "0.5");
    assert_eq!(value(&harness, &at), "Curve(from: 10.0, factor_per_year: 0.5)");
    harness.get_by_label(&format!("Add a floor to {own}")).click();
    settle(&mut harness);
    type_number(&mut harness, &format!("{own}, never below"), "4");
    assert_eq!(path::get(harness.state().document.plan(), &format!("{at}.floor")).as_deref(), Some("4.0"));
    // What it comes to over the horizon is said beside its line.
    assert!(
        harness.query_all_by(|node| node.label().is_some_and(|label| label.starts_with(&format!("{own} over the horizon: 10")))).count()
            == 1
    );
    // A curve of the catalog, picked from the list, takes the place of the factor; and a half-life that of the curve.
    let row = &tokenworks::catalog::Catalog::embedded().curves()[0];
    pick(&mut harness, &format!("Course of {own}"), &row.name);
    assert_eq!(path::get(harness.state().document.plan(), &format!("{at}.catalog")).unwrap().matches(row.id.as_str()).count(), 1);
    assert!(!value(&harness, &at).contains("factor_per_year"), "{}", value(&harness, &at));
    pick(&mut harness, &format!("Course of {own}"), "halves in … years");
    assert!(value(&harness, &at).contains("half_life_years: 2.0") && !value(&harness, &at).contains("catalog"), "{}", value(&harness, &at));
    harness.get_by_label(&format!("Use one number for {own}")).click();
    settle(&mut harness);
    assert_eq!(value(&harness, &at), "10.0");
    run(&mut harness, UiCommand::Undo);
    assert!(value(&harness, &at).contains("floor: 4.0"));
}

/// A sourced curve shows its course and its source, not its fields as dates.
#[test]
fn a_sourced_curve_shows_its_source() {
    let mut harness = window();
    let chip = harness.state().document.plan().chips.keys().next().unwrap().clone();
    set(
        &mut harness,
        &format!("chips.{chip}.capex_usd"),
        "Stated(value: Curve(from: 40000.0, half_life_years: 4.0), source: \"quote of May\")",
    );
    select(&mut harness, &format!("chips.{chip}"));
    assert!(
        harness.query_all_by(|node| node.label().is_some_and(|label| label.starts_with("Source of ") && label.contains("apex"))).count()
            == 1
    );
    assert!(
        harness.query_all_by(|node| node.label().is_some_and(|label| label.starts_with("Course of ") && label.contains("apex"))).count()
            == 1
    );
}

/// A product's served model gets a follower by a click, another date, and is one again.
#[test]
fn a_succession_is_edited_by_clicks() {
    let mut harness = window();
    let product = harness.state().document.plan().products.keys().next().unwrap().clone();
    let at = format!("products.{product}.served_model");
    let first = value(&harness, &at);
    select(&mut harness, &format!("products.{product}"));
    harness.get_by_label("Change Served model from a date on").click();
    settle(&mut harness);
    assert!(value(&harness, &at).starts_with("{\"") && value(&harness, &at).contains(&first), "{}", value(&harness, &at));
    harness.get_by_label("Add a step to Served model").click();
    settle(&mut harness);
    assert_eq!(value(&harness, &at).matches(": \"").count(), 3, "{}", value(&harness, &at));
    assert!(harness.state().document.problems().iter().all(|problem| !problem.is_error()), "{:?}", harness.state().document.problems());
    for left in [2, 0] {
        let remove = |label: &str| label.starts_with("Remove ") && label.ends_with(", Served model");
        harness.query_all_by(|node| node.label().is_some_and(|label| remove(&label))).last().unwrap().click();
        settle(&mut harness);
        assert_eq!(value(&harness, &at).matches(": \"").count(), left, "{}", value(&harness, &at));
    }
    assert_eq!(value(&harness, &at), first);
}
