//! The views of the centre, used as a planner uses them: map, layout, tables, charts, compare,
//! explain, report.

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tokenworks::charts::{CHARTS, Selection};
use tokenworks::gui::app::Workbench;
use tokenworks::gui::command::{ChartFormat, Export, ReportFormat};
use tokenworks::gui::command::{Commands, Request, UiCommand};
use tokenworks::gui::files::{Picked, PreparedPrompt};
use tokenworks::gui::panels::PANELS;
use tokenworks::gui::theme;
use tokenworks::gui::widgets::chart::{Card, card_ui};
use tokenworks::results::Results;
use tokenworks::study::Answer;
use tokenworks::study::live::LiveAnswer;

use crate::common::dice::Dice;
use crate::fixture;
use crate::window::harness::{Window, button, double_click, drag, open_small, run, settle, text, wait_until, wheel, window_of};

fn window_at(size: egui::Vec2, light: bool, answers: Vec<Picked>) -> Window {
    built(Harness::builder(), size, light, answers)
}

fn built(builder: egui_kittest::HarnessBuilder<Workbench>, size: egui::Vec2, light: bool, answers: Vec<Picked>) -> Window {
    let theme = if light { egui::Theme::Light } else { egui::Theme::Dark };
    let mut harness = window_of(builder, size, theme, |opening| {
        opening.prompt = Box::new(PreparedPrompt::new(answers));
        opening.first_example = false;
    });
    open_small(&mut harness);
    harness
}

pub fn window() -> Window {
    window_at(vec2(1440.0, 900.0), false, Vec::new())
}

/// Waits for the answer from cold, after which nothing on screen moves by itself.
fn last_word(harness: &mut Window) {
    wait_until(harness, "the answer from cold", |window| {
        !window.document.live_on || window.document.is_canonical() || window.document.results().is_none()
    });
}

/// Puts an answer on screen as if the solver had given it.
fn answer(harness: &mut Window, results: Results) {
    // The solver's own answer from cold would replace it.
    wait_until(harness, "the answer from cold", |window| window.document.is_settled());
    // The solver's own last word must be in, or it would replace this one.
    last_word(harness);
    harness.state_mut().document.live_on = false;
    let revision = harness.state().document.revision();
    let answer = Answer { results: Some(Arc::new(results)), problems: Vec::new() };
    harness.state_mut().document.take_answer(LiveAnswer {
        revision,
        answer,
        canonical: true,
        explained: true,
        coarse: false,
        wall_ms: 1.0,
    });
    harness.run();
}

fn show_each(harness: &mut Window) {
    for panel in PANELS {
        harness.state_mut().handle(Request::ShowPanel(panel.name));
        harness.run();
    }
}

#[test]
fn each_view_opens_with_and_without_an_answer() {
    for (size, light) in [(vec2(1440.0, 900.0), false), (vec2(1440.0, 900.0), true), (vec2(640.0, 480.0), false)] {
        let mut harness = window_at(size, light, Vec::new());
        show_each(&mut harness);
        answer(&mut harness, fixture::results());
        show_each(&mut harness);
        run(&mut harness, UiCommand::PinBaseline);
        show_each(&mut harness);
        answer(&mut harness, fixture::infeasible());
        show_each(&mut harness);
        run(&mut harness, UiCommand::New);
    }
}

#[test]
fn names_of_any_kind_do_no_harm() {
    // The test machine may have no font for every script.
    let mut harness = built(Harness::builder().allow_missing_glyphs(), vec2(1100.0, 700.0), false, Vec::new());
    answer(&mut harness, fixture::hostile());
    show_each(&mut harness);
}

#[test]
fn every_chart_is_drawn_beside_its_table() {
    let results = fixture::results();
    for entry in CHARTS {
        let chart = Arc::new((entry.chart)(&results, &Selection::default()));
        for (table, width) in [(false, 420.0), (true, 900.0), (true, 300.0)] {
            let chart = Arc::clone(&chart);
            let mut harness = Harness::builder().with_size(vec2(width, 360.0)).build_ui(move |ui| {
                if ui.ctx().cumulative_frame_nr() == 0 {
                    theme::apply(ui.ctx());
                    return;
                }
                card_ui(ui, &chart, 300.0, &mut Card { table, large: false }, &mut Commands::default());
            });
            harness.run();
            assert!(harness.query_by_label_contains("Save or copy").is_some(), "{}", entry.name);
            // Where there is room, the picture is named for those who can't see it.
            let pictures = harness.query_all_by_role(Role::Image).count();
            assert_eq!(pictures, usize::from(!table || width > 600.0), "{}", entry.name);
        }
    }
}

#[test]
fn a_number_in_a_table_changes_the_plan() {
    let mut harness = window();
    run(&mut harness, UiCommand::ShowTables);
    harness.get_by_label("Table of tariffs").click();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Demand charge of grid").focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text("2*4".into()));
    harness.run();
    harness.key_press(Key::Enter);
    settle(&mut harness);
    assert!(text(&harness).contains("demand_charge_usd_per_kw_month: 8.0"), "{}", text(&harness));
}

#[test]
fn rows_are_pasted_all_or_none() {
    let mut harness = window();
    let before = text(&harness);
    run(&mut harness, UiCommand::ShowTables);
    harness.get_by_label("Table of hall types").click();
    harness.run();
    let paste = |harness: &mut Window, rows: &str| {
        harness.get_by_label("Paste rows…").click();
        harness.run();
        harness.get_by_label("Rows to paste").focus();
        harness.run();
        harness.event(egui::Event::Paste(rows.to_owned()));
        harness.run();
    };
    paste(&mut harness, "id\tit_mw\tcapex_usd_per_w\tat_most\nabilene/liquid-48\t60\t11.5\tmany\nabilene/small\t12\t10\t3");
    assert!(harness.get_by_label("Apply the rows").accesskit_node().is_disabled());
    harness.get_by_label_contains("Row 1, abilene/liquid-48, at_most");
    harness.get_by_label("Cancel").click();
    harness.run();
    assert_eq!(text(&harness), before);
    paste(&mut harness, "id\tit_mw\tcapex_usd_per_w\tat_most\nabilene/liquid-48\t60\t11.5\t8\nabilene/small\t12\t10\t3");
    harness.get_by_label("Apply the rows").click();
    settle(&mut harness);
    let site = &harness.state().document.plan().sites["abilene"];
    assert_eq!((site.buildable["liquid-48"].it_mw, site.buildable["small"].at_most), (60.0, 3.0));
    run(&mut harness, UiCommand::Undo);
    assert_eq!(text(&harness), before);
}

#[test]
fn a_site_is_added_by_a_double_click_on_the_map() {
    let mut harness = window();
    run(&mut harness, UiCommand::ShowMap);
    let before = harness.state().document.plan().sites.len();
    let place = harness.state().panels.map.position(23.6, -102.5).unwrap();
    double_click(&mut harness, place);
    assert_eq!(harness.state().document.plan().sites.len(), before + 1);
    assert_eq!(harness.state().view.selection, "sites.mexico");
    let site = &harness.state().document.plan().sites["mexico"];
    assert_eq!((site.country.as_str(), site.time_zone.as_deref(), site.utc_offset_hours), ("MX", Some("America/Mexico_City"), -6.0));
    run(&mut harness, UiCommand::Undo);
    assert_eq!(harness.state().document.plan().sites.len(), before);
}

#[test]
fn a_site_is_moved_by_hand_in_one_step() {
    let mut harness = window();
    run(&mut harness, UiCommand::ShowMap);
    let before = text(&harness);
    let dot = harness.get_by_label_contains("Site Abilene").rect().center();
    drag(&mut harness, dot, dot + vec2(-60.0, 4.0));
    let site = &harness.state().document.plan().sites["abilene"];
    assert!(site.longitude < -99.8, "{}", site.longitude);
    assert_eq!(harness.state().document.undo_name(), Some("move Abilene"));
    run(&mut harness, UiCommand::Undo);
    assert_eq!(text(&harness), before);
}

#[test]
fn halls_and_contracts_are_dropped_on_a_site() {
    let mut harness = window();
    run(&mut harness, UiCommand::ShowLayout);
    // By drag and drop.
    let piece = harness.get_by_label("Add Hall").rect().center();
    let slot = harness.get_by_label("Drop a hall here").rect().center();
    drag(&mut harness, piece, slot);
    assert_eq!(harness.state().document.plan().sites["abilene"].buildable.len(), 2);
    // By click, every piece.
    for (piece, path) in [
        ("Fleet", "fleets."),
        ("Tariff", "contracts."),
        ("PPA", "contracts."),
        ("Baseload", "contracts."),
        ("On-site plant", "contracts."),
        ("Battery", "contracts."),
        ("Data pipeline", "sites.abilene"),
    ] {
        harness.get_by_label(&format!("Add {piece}")).click();
        settle(&mut harness);
        assert!(harness.state().view.selection.starts_with(path), "{piece}: {}", harness.state().view.selection);
    }
    let plan = harness.state().document.plan();
    assert_eq!((plan.contracts.len(), plan.fleets.len()), (6, 2));
    assert!(plan.sites["abilene"].data_pipeline.is_some());
    assert!(harness.state().document.problems().iter().all(|problem| !problem.is_error()), "{:?}", harness.state().document.problems());
}

#[test]
fn what_must_give_is_applied_on_a_click_and_can_be_undone() {
    let mut harness = window();
    let before = text(&harness);
    let mut results = fixture::infeasible();
    // The card leads to this plan.
    if let Some(give) = results.conflict.first_mut() {
        give.path = "contracts.grid.terms.demand_charge_usd_per_kw_month".into();
        give.value = 6.0;
        give.give = 1.5;
    }
    answer(&mut harness, results);
    run(&mut harness, UiCommand::ShowExplain);
    harness.get_by_label("Apply to contracts.grid.terms.demand_charge_usd_per_kw_month").click();
    settle(&mut harness);
    assert!(text(&harness).contains("demand_charge_usd_per_kw_month: 7.5"), "{}", text(&harness));
    run(&mut harness, UiCommand::Undo);
    assert_eq!(text(&harness), before);
}

#[test]
fn charts_and_reports_become_files() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["chart.svg", "chart.csv", "report.html", "report.xlsx"];
    let answers = names.iter().map(|name| Picked::Path(folder.path().join(name))).collect();
    let mut harness = window_at(vec2(1440.0, 900.0), true, answers);
    answer(&mut harness, fixture::results());
    let chart = Arc::new((CHARTS[0].chart)(&fixture::results(), &Selection::default()));
    let wanted = [
        Export::Chart(Arc::clone(&chart), ChartFormat::Svg),
        Export::Chart(chart, ChartFormat::Csv),
        Export::Report(ReportFormat::Html),
        Export::Report(ReportFormat::Xlsx),
    ];
    for (export, name) in wanted.into_iter().zip(names) {
        harness.state_mut().handle(Request::Export(export));
        let path = folder.path().join(name);
        let until = Instant::now() + Duration::from_mins(1);
        while !path.exists() {
            assert!(Instant::now() < until, "{name} was never written");
            harness.step();
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn a_monkey_on_the_views_does_no_harm() {
    let mut harness = window_at(vec2(1200.0, 760.0), false, vec![Picked::Cancelled; 500]);
    answer(&mut harness, fixture::results());
    run(&mut harness, UiCommand::PinBaseline);
    let mut dice = Dice(72);
    for panel in PANELS {
        harness.state_mut().handle(Request::ShowPanel(panel.name));
        for _ in 0..100 {
            let place = egui::pos2(250.0 + dice.roll(640) as f32, 150.0 + dice.roll(570) as f32);
            match dice.roll(6) {
                0 | 1 => {
                    harness.hover_at(place);
                    for pressed in [true, false] {
                        harness.event(button(place, pressed));
                    }
                }
                2 => {
                    harness.drag_at(place);
                    harness.step();
                    harness.hover_at(place + vec2(dice.roll(120) as f32 - 60.0, dice.roll(60) as f32 - 30.0));
                    harness.step();
                    harness.drop_at(place + vec2(dice.roll(120) as f32 - 60.0, 0.0));
                }
                3 => harness.event(wheel(dice.roll(300) as f32 - 150.0)),
                4 => harness.key_press([Key::Enter, Key::Escape, Key::Tab, Key::Space][dice.roll(4) as usize]),
                _ => harness.hover_at(place),
            }
            harness.step();
        }
    }
    harness.run_ok();
    while harness.state_mut().document.undo().is_some() {}
}

#[test]
fn tokens_are_traced_and_a_missed_date_is_asked_about() {
    let mut harness = window();
    last_word(&mut harness);
    run(&mut harness, UiCommand::ShowExplain);
    let results = harness.state().document.results().cloned().unwrap();
    assert!(!results.decisions.is_empty());
    harness.get_by_label("Tokens to trace");
    let first = results.decisions.first().unwrap();
    harness.get_by_label(&format!("If late: {} by {}", first.subject, first.by)).click_accesskit();
    wait_until(&mut harness, "what a missed date costs", |window| !window.panels.explain.calendar.told.is_empty());
    let told = harness.state().panels.explain.calendar.told.clone();
    assert!(told.iter().any(|sentence| sentence.contains("ne period late") || sentence.contains("first period")), "{told:?}");
}
