//! The guided first plan from nothing to a saved answer, and problems that are mended by a click.

use egui::accesskit::Role;
use egui::vec2;
use egui_kittest::kittest::Queryable as _;
use tokenworks::gui::command::{Request, UiCommand};
use tokenworks::gui::files::{Picked, PreparedPrompt};
use tokenworks::gui::mend::mend;
use tokenworks::plan::check::check;
use tokenworks::plan::edit::applied;
use tokenworks::resolved::Series;

use crate::window::harness::{double_click, plans, press, press_at, run, settle, type_number, wait_until, window_with};

#[test]
fn a_first_plan_is_led_to_a_saved_answer() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("first.ron");
    let picked = file.clone();
    let mut harness = window_with(vec2(1440.0, 900.0), move |opening| {
        opening.first_example = false;
        opening.prompt = Box::new(PreparedPrompt::new([Picked::Path(picked)]));
    });
    run(&mut harness, UiCommand::GuidedPlan);
    harness.get_by_label_contains("double-click where your site is");
    let next = |harness: &mut crate::window::harness::Window| press(harness, "Next");
    // The planner's own site, near Odda.
    let place = harness.state().panels.map.position(60.07, 6.55).unwrap();
    double_click(&mut harness, place);
    assert_eq!(harness.state().document.plan().sites.keys().collect::<Vec<_>>(), ["norway"]);
    type_number(&mut harness, "Interconnect", "80");
    for (button, picks) in [
        ("Add a hall type", None),
        ("Add a power contract", None),
        ("Pick a chip…", Some(("Compare GB200 NVL72", "Use GB200 NVL72"))),
        ("Pick a served model…", Some(("Compare DeepSeek V3 / R1", "Use DeepSeek V3 / R1"))),
        ("Add a product", None),
        ("Add a market", None),
    ] {
        next(&mut harness);
        press(&mut harness, &format!("Guided: {button}"));
        if let Some((compare, take)) = picks {
            press(&mut harness, compare);
            press(&mut harness, take);
        }
    }
    press(&mut harness, "Guided: Add its demand");
    assert!(!tokenworks::gui::panels::checklist::is_lacking(harness.state().document.plan()));
    next(&mut harness);
    wait_until(&mut harness, "the answer", |window| window.document.is_settled());
    harness.run();
    // The answer is told in words, with its own numbers.
    let npv = tokenworks::words::musd(harness.state().document.results().unwrap().kpis.npv_musd);
    harness.get_by_label_contains(&format!("NPV {npv}."));
    next(&mut harness);
    wait_until(&mut harness, "the baseline", |window| window.document.baseline().is_some());
    type_number(&mut harness, "Interconnect", "120");
    wait_until(&mut harness, "the answer", |window| window.document.is_settled());
    harness.run();
    harness.get_by_label_contains("a year more");
    next(&mut harness);
    press(&mut harness, "Save…");
    assert!(file.is_file());
    press(&mut harness, "Finish");
    assert!(harness.state().view.guided.is_none());
}

/// Each mend offered makes its problem go, and brings no other.
#[test]
fn what_is_wrong_is_mended_by_a_click() {
    let small = std::fs::read_to_string(plans("small.ron")).unwrap();
    let cases = [
        // A name that is nearly right, and one that is not there at all.
        ("site: \"abilene\", chip", "site: \"abilen\", chip", "Use Abilene"),
        ("chip: \"h100\"", "chip: \"b300\"", "Use GB200 NVL72"),
        // The dearest segment is not the first.
        (
            "(answer_gtok_per_day: 250.0, usd_per_mtok: (answer: 0.9))",
            "(answer_gtok_per_day: 250.0, usd_per_mtok: (answer: 9.0))",
            "Put the dearest first",
        ),
        // A step that lies after the horizon, a fleet too late.
        ("\"2027-07\": 450.0", "\"2027-07\": 450.0, \"2029-01\": 500.0", "Plan 15 months longer"),
        ("in_service: \"2024-07\"", "in_service: \"2028-02\"", "Plan 3 months longer"),
    ];
    for (from, to, label) in cases {
        let text = small.replace(from, to);
        assert_ne!(text, small, "{from}");
        // Rules that are broken keep a text from being read as sound; what they are about is in the rough plan.
        let parsed = tokenworks::plan::file::parse(&text);
        let Some(plan) = parsed.plan.or(parsed.rough) else { panic!("{to}: {:?}", parsed.problems) };
        let problems = check(&plan, &std::collections::HashSet::new());
        let found = tokenworks::resolved::Resolved::new(&plan, tokenworks::catalog::Catalog::embedded(), &Series::default());
        let problems = if problems.is_empty() { found.map_or_else(|errors| errors, |resolved| resolved.warnings) } else { problems };
        assert!(!problems.is_empty(), "{to}");
        let mended = problems.iter().find_map(|problem| mend(&plan, &Series::default(), problem));
        let mended = mended.unwrap_or_else(|| panic!("{to}: {problems:#?}"));
        assert_eq!(mended.label, label, "{to}");
        let after = applied(&plan, &mended.edit).unwrap();
        assert!(check(&after, &std::collections::HashSet::new()).is_empty(), "{label}");
    }
    // In the window: the button stands beside the problem.
    let mut harness = window_with(vec2(1440.0, 900.0), |opening| opening.first_example = false);
    let broken = small.replace("in_service: \"2024-07\"", "in_service: \"2028-02\"");
    harness.state_mut().handle(Request::NewFromText { name: "late".into(), text: broken });
    settle(&mut harness);
    run(&mut harness, UiCommand::ShowProblems);
    let place = harness.get_by_role_and_label(Role::Button, "Mend: Plan 3 months longer").rect().center();
    press_at(&mut harness, place);
    assert_eq!(harness.state().document.plan().horizon.periods, 5);
    run(&mut harness, UiCommand::Undo);
    assert_eq!(harness.state().document.plan().horizon.periods, 4);
}
