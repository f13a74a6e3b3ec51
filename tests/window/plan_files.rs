//! Files beside the plan: read anew once the plan names others, looked at and picked in the inspector.

use std::fmt::Write as _;

use egui_kittest::kittest::Queryable as _;
use tokenworks::gui::change::Edit;
use tokenworks::gui::command::{Request, Stroke};
use tokenworks::plan::horizon::Profile;

use crate::window::harness::{Window, select, settle, window_with};

fn edit(harness: &mut Window, edit: Edit) {
    harness.state_mut().handle(Request::Edit(edit, Stroke::Once));
    settle(harness);
    // What was read meanwhile is answered once more.
    settle(harness);
}

fn says(harness: &Window, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
}

/// The small plan in a folder of its own, with a file of two columns and a config beside it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("plan.ron"), include_str!("../plans/small.ron")).unwrap();
    let mut text = "hour,day ahead,real time\n".to_owned();
    for hour in 0..8760 {
        let _ = writeln!(text, "{hour},{},{}", 30 + hour % 24, 50 + hour % 24);
    }
    std::fs::write(folder.path().join("prices.csv"), text).unwrap();
    let config = r#"{"model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336, "num_attention_heads": 32,
        "num_hidden_layers": 32, "num_key_value_heads": 8, "vocab_size": 128256}"#;
    std::fs::write(folder.path().join("config.json"), config).unwrap();
    folder
}

/// A path typed into an open plan is read at once; a wrong one says so; a column is picked with the mouse; a config
/// gives its served model a preview. None of it needs saving and opening again.
#[test]
fn files_are_read_when_they_are_named() {
    let folder = folder();
    let path = folder.path().join("plan.ron");
    let mut harness = window_with(egui::vec2(1440.0, 1400.0), move |opening| {
        opening.first_example = false;
        opening.path = Some(path);
    });
    settle(&mut harness);
    let profile = "File(path: \"prices.csv\", column: \"day ahead\", utc_offset_hours: 0.0)";
    edit(&mut harness, Edit::Insert { path: "profiles".into(), id: "p".into(), position: None, value: profile.into() });
    let mean = |harness: &Window| harness.state().document.series().files.get("p").map(|values| values.iter().sum::<f64>() / 8760.0);
    assert!((mean(&harness).unwrap() - 41.5).abs() < 1e-9);
    select(&mut harness, "profiles.p");
    assert!(says(&harness, "The year as it was read") && says(&harness, "30 to 53, mean 41.5"));
    assert!(
        says(&harness, "Days across, hours down") && says(&harness, "Hours from the highest down") && says(&harness, "What was put right")
    );

    edit(&mut harness, Edit::set("profiles.p.path", "\"gone.csv\""));
    let problems = harness.state().document.problems().iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("\n");
    assert!(problems.contains("no file `gone.csv`"), "{problems}");
    assert!(mean(&harness).is_none(), "what was read of another file is not kept");
    edit(&mut harness, Edit::set("profiles.p.path", "\"prices.csv\""));
    assert!(harness.state().document.problems().iter().all(|problem| !problem.message.contains("gone.csv")), "mended");
    assert!(mean(&harness).is_some());

    harness.get_by_label("Columns of the file").click();
    harness.run();
    harness.get_by_label("real time").click();
    settle(&mut harness);
    settle(&mut harness);
    let column = match &harness.state().document.plan().profiles["p"] {
        Profile::File(file) => file.column.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(column.as_deref(), Some("real time"));
    assert!((mean(&harness).unwrap() - 61.5).abs() < 1e-9);

    let own = "(quality: Stated(1.0), config: \"config.json\")";
    edit(&mut harness, Edit::Insert { path: "served_models".into(), id: "own".into(), position: None, value: own.into() });
    assert!(harness.state().document.series().configs.contains_key("own"));
    select(&mut harness, "served_models.own");
    assert!(says(&harness, "What it would give") && says(&harness, "H100 SXM: "));
}
