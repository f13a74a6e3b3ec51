//! The catalog picker and the evidence card, used by label.

use std::time::{Duration, Instant};

use egui_kittest::kittest::Queryable as _;
use tokenworks::catalog::{Catalog, VERSION};
use tokenworks::gui::change::Edit;
use tokenworks::gui::command::{Request, Stroke, UiCommand};
use tokenworks::gui::dialog::Dialog;
use tokenworks::gui::panels::catalog::{Picker, Shelf};

use crate::window::harness::{Window, open_small, run, settle, window_with};

fn window() -> Window {
    let mut harness = window_with(egui::vec2(1440.0, 900.0), |opening| opening.first_example = false);
    open_small(&mut harness);
    harness
}

fn pick_for(harness: &mut Window, selection: &str) {
    harness.state_mut().handle(Request::Select(selection.into()));
    run(harness, UiCommand::PickFromCatalog);
}

fn picker(harness: &Window) -> Picker {
    match &harness.state().dialog {
        Some(Dialog::Catalog(picker)) => picker.clone(),
        other => panic!("{other:?}"),
    }
}

/// Another chip is found by typing, compared with the present one, and taken; one undo brings the old one back.
#[test]
fn a_chip_is_searched_compared_and_taken() {
    let mut harness = window();
    let plan = harness.state().document.plan().clone();
    let (id, chip) = plan.chips.iter().find(|(_, chip)| chip.catalog.is_some()).unwrap();
    let before = chip.catalog.clone();
    pick_for(&mut harness, &format!("chips.{id}"));
    assert_eq!(picker(&harness).entry.as_ref(), Some(id));
    assert_eq!(picker(&harness).beside.first(), before.as_ref());

    harness.get_by_label("Search the catalog").focus();
    harness.run();
    harness.get_by_label("Search the catalog").type_text("mi355");
    harness.run();
    let name = Catalog::embedded().chip("mi355x").unwrap().name.clone();
    harness.get_by_label(&format!("Compare {name}")).click();
    harness.run();
    assert_eq!(picker(&harness).beside.len(), 2);
    // Both stand side by side, each with its own button.
    assert_eq!(harness.query_all_by_label_contains("Use ").count(), 2);
    harness.get_by_label("Show the sources").click();
    harness.run();
    assert!(picker(&harness).sources);
    assert!(harness.query_all_by_label_contains(&Catalog::embedded().chip("mi355x").unwrap().source).next().is_some());
    harness.get_by_label(&format!("Use {name}")).click();
    settle(&mut harness);
    assert!(harness.state().dialog.is_none());
    assert_eq!(harness.state().document.plan().chips[id].catalog.as_deref(), Some("mi355x"));
    assert_eq!(harness.state().document.plan().catalog_version, VERSION);
    run(&mut harness, UiCommand::Undo);
    assert_eq!(harness.state().document.plan().chips[id].catalog, before);
}

/// Numbers that the plan states are kept, or go back to the catalog's with the pick or by the inspector's button.
#[test]
fn own_numbers_are_kept_or_reset() {
    let mut harness = window();
    let id = harness.state().document.plan().chips.iter().find(|(_, chip)| chip.catalog.is_some()).unwrap().0.clone();
    for (field, text) in [("all_in_kw", "1.5"), ("capex_usd", "30000.0")] {
        harness.state_mut().handle(Request::Edit(Edit::set(format!("chips.{id}.{field}"), text), Stroke::Once));
    }
    settle(&mut harness);
    pick_for(&mut harness, &format!("chips.{id}"));
    let plan = harness.state().document.plan().clone();
    let mut picker = picker(&harness);
    let resets = |picker: &Picker| {
        let edits = picker.edits(&plan, "h200_sxm").1;
        edits.iter().filter(|edit| matches!(edit, Edit::Set { value, .. } if value == "None")).count()
    };
    assert_eq!(resets(&picker), 0);
    picker.reset = true;
    assert!(resets(&picker) >= 2);
    harness.get_by_label("Close").click();
    harness.run();

    harness.state_mut().handle(Request::Select(format!("chips.{id}")));
    harness.run();
    harness.get_by_label("Reset 2 numbers").click();
    settle(&mut harness);
    let chip = harness.state().document.plan().chips[&id].clone();
    assert!(chip.all_in_kw.is_none() && chip.capex_usd.is_none());
    run(&mut harness, UiCommand::Undo);
    assert!(harness.state().document.plan().chips[&id].all_in_kw.is_some(), "one undo step brings both back");
    assert!(harness.state().document.plan().chips[&id].capex_usd.is_some());
}

/// A new chip and a new served model; sorting; every row has a name.
#[test]
fn new_entries_are_added_and_rows_sorted() {
    let mut harness = window();
    pick_for(&mut harness, "chips");
    assert_eq!(picker(&harness).entry, None);
    harness.get_by_label("Sort by Memory").click();
    settle(&mut harness);
    assert_eq!(picker(&harness).sorted, Some((5, true)));
    let mut searched = picker(&harness);
    searched.query = "tpu v7".into();
    harness.state_mut().dialog = Some(Dialog::Catalog(searched));
    settle(&mut harness);
    let name = Catalog::embedded().chip("tpu_v7").unwrap().name.clone();
    harness.get_by_label(&name).click();
    harness.run();
    harness.get_by_label(&format!("Use {name}")).click();
    settle(&mut harness);
    assert_eq!(harness.state().document.plan().chips["tpu_v7"].catalog.as_deref(), Some("tpu_v7"));
    assert_eq!(harness.state().view.selection, "chips.tpu_v7");

    pick_for(&mut harness, "served_models");
    assert_eq!(picker(&harness).shelf, Shelf::ServedModels);
    let first = &Catalog::embedded().served_models()[0];
    harness.get_by_label(&first.name).click();
    harness.run();
    harness.get_by_label(&format!("Use {}", first.name)).click();
    settle(&mut harness);
    let models = &harness.state().document.plan().served_models;
    assert!(models.values().filter(|model| model.catalog.as_deref() == Some(first.id.as_str())).count() >= 1);
}

/// The five inputs are found beside the window, and a run can be stopped.
#[test]
fn the_inputs_that_matter_are_found_and_can_be_stopped() {
    let mut harness = window();
    harness.state_mut().handle(Request::ShowPanel("Explain"));
    settle(&mut harness);
    harness.state_mut().handle(Request::Sense(true));
    harness.step();
    harness.state_mut().handle(Request::Sense(false));
    harness.run_ok();
    assert!(harness.state().panels.explain.evidence.sensing.is_none());

    harness.state_mut().handle(Request::Sense(true));
    let until = Instant::now() + Duration::from_mins(2);
    while harness.state().panels.explain.evidence.sensed.is_none() {
        assert!(Instant::now() < until, "no answer");
        std::thread::sleep(Duration::from_millis(20));
        // The card polls when it is drawn, wherever the panel is scrolled to.
        harness.step();
    }
    harness.run_ok();
    let effects = harness.state().panels.explain.evidence.sensed.clone().unwrap().effects.unwrap();
    assert!(effects.len() > 3);
    for pair in effects.windows(2) {
        assert!(pair[0].size() >= pair[1].size());
    }
}
