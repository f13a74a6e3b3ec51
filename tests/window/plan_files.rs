//! Files beside the plan: read anew once the plan names others, looked at and picked in the inspector.

use std::fmt::Write as _;

use egui_kittest::kittest::Queryable as _;
use tokenworks::gui::change::Edit;
use tokenworks::gui::command::{Request, Stroke};
use tokenworks::gui::files::{Picked, PreparedPrompt};
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

/// A file from elsewhere is browsed for and looked at: which columns it has, why it can't be read yet, then the year
/// that comes of it and what was put right. Taken, it lies beside the plan and is a profile; taken again it is not
/// copied twice.
#[test]
fn a_series_is_browsed_for() {
    let folder = folder();
    let elsewhere = tempfile::tempdir().unwrap();
    let mut text = "Datum;Uhrzeit;Preis [EUR/MWh];Last [MW]\n".to_owned();
    for day in 0..365 {
        let date = jiff::civil::date(2023, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
        for hour in 0..24 {
            let _ = writeln!(text, "{};{hour:02}:00;{},5;{}", date.strftime("%d.%m.%Y"), 30 + hour, 50_000 + hour);
        }
    }
    let file = elsewhere.path().join("Börse 2023.csv");
    std::fs::write(&file, text).unwrap();
    let path = folder.path().join("plan.ron");
    let picks = [Picked::Path(file.clone()), Picked::Path(file)];
    let mut harness = window_with(egui::vec2(1440.0, 1200.0), move |opening| {
        opening.first_example = false;
        opening.path = Some(path);
        opening.prompt = Box::new(PreparedPrompt::new(picks));
    });
    settle(&mut harness);
    let browse = |harness: &mut Window| {
        select(harness, "profiles");
        harness.get_by_label("Browse for a series…").click();
        settle(harness);
    };
    browse(&mut harness);
    // Two columns of numbers: it says which there are, and waits.
    assert!(says(&harness, "A series from Börse 2023.csv") && says(&harness, "It can't be read so"));
    harness.get_by_label("Column of the values").click();
    harness.run();
    harness.get_by_label("Preis [EUR/MWh]").click();
    settle(&mut harness);
    assert!(says(&harness, "The year as it was read") && says(&harness, "Days across, hours down"), "a picture of the year");
    assert!(says(&harness, "Hours from the highest down") && says(&harness, "Numbers are read with a decimal comma."));
    harness.get_by_label("Take it").click();
    settle(&mut harness);
    settle(&mut harness);
    let taken: Vec<(String, String)> = harness
        .state()
        .document
        .plan()
        .profiles
        .iter()
        .filter_map(|(id, profile)| Some((id.clone(), profile.file_path()?.to_owned())))
        .collect();
    assert_eq!(taken, [("börse-2023".to_owned(), "Börse 2023.csv".to_owned())]);
    assert!(folder.path().join("Börse 2023.csv").is_file());
    let values = harness.state().document.series().files.get("börse-2023").cloned().unwrap();
    assert!(values.len() == 8760 && (values[0] - values[24]).abs() < 1e-9);
    browse(&mut harness);
    harness.get_by_label("Cancel").click();
    settle(&mut harness);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4, "plan, prices, config, and the series once");
}

/// Picks an entry of a menu of the dialog.
fn pick(harness: &mut Window, menu: &str, entry: &str) {
    harness.get_by_label(menu).click();
    harness.run();
    harness.get_by_label(entry).click();
    settle(harness);
}

fn type_into(harness: &mut Window, field: &str, text: &str) {
    let found = harness.get_by_label(field);
    found.focus();
    harness.run();
    harness.get_by_label(field).type_text(text);
    settle(harness);
}

/// What the series will be used as decides its unit and what is plausible: a price in euros is converted, and one of
/// cents says what it looks like. Gaps are refused until something is said of them; the preview follows each choice.
#[test]
fn what_a_series_is_used_as_decides_how_it_is_read() {
    let folder = folder();
    let elsewhere = tempfile::tempdir().unwrap();
    // A price of 40 EUR/MWh all year, with two hours missing.
    let mut text = "time (UTC),price EUR/MWh,output [kW]\n".to_owned();
    for hour in (0..8760).filter(|hour| ![100, 101].contains(hour)) {
        let at = jiff::civil::date(2023, 1, 1).at(0, 0, 0, 0).checked_add(jiff::Span::new().hours(hour)).unwrap();
        let _ = writeln!(text, "{},40,{}", at.strftime("%Y-%m-%d %H:%M"), 500 + 20 * (hour % 24));
    }
    let file = elsewhere.path().join("hub.csv");
    std::fs::write(&file, text).unwrap();
    let path = folder.path().join("plan.ron");
    let mut harness = window_with(egui::vec2(1440.0, 1500.0), move |opening| {
        opening.first_example = false;
        opening.path = Some(path);
        opening.prompt = Box::new(PreparedPrompt::new([Picked::Path(file)]));
    });
    settle(&mut harness);
    select(&mut harness, "profiles");
    harness.get_by_label("Browse for a series…").click();
    settle(&mut harness);
    pick(&mut harness, "Column of the values", "price EUR/MWh");
    // Two hours have no value: nothing is taken, and it says which way out there is.
    assert!(says(&harness, "It can't be read so") && !says(&harness, "The year as it was read"), "gaps are refused");
    pick(&mut harness, "What becomes of gaps", "a straight line");
    assert!(says(&harness, "The year as it was read") && says(&harness, "2 hours had no value"));
    // Of no use in particular it stays as it is; as a price it is in $.
    assert!(says(&harness, "40 to 40, mean 40"), "as it stands in the file");
    pick(&mut harness, "What the series is used as", "a price, $/MWh");
    let rates = tokenworks::catalog::Catalog::embedded().exchange_rates();
    let euro = rates.iter().find(|rate| rate.currency == "EUR").unwrap().usd_per_unit;
    let mean = tokenworks::words::number(40.0 * euro);
    assert!(
        says(&harness, &format!("mean {mean}")),
        "{mean}: {:?}",
        harness.query_all_by_label_contains("mean").map(|node| format!("{node:?}")).collect::<Vec<_>>()
    );
    // The other column as output per MW needs the size of the plant, which the dialog asks for.
    pick(&mut harness, "What the series is used as", "output per MW");
    pick(&mut harness, "Column of the values", "output [kW]");
    assert!(!says(&harness, "0.5 to 0.96"), "500 to 960 kW of what?");
    harness.get_by_label("More about the file").click();
    settle(&mut harness);
    type_into(&mut harness, "Size of the plant in its unit", "1000");
    assert!(says(&harness, "0.5 to 0.96"), "divided by 1,000 kW");
    harness.get_by_label("Take it").click();
    settle(&mut harness);
    settle(&mut harness);
    let plan = harness.state().document.plan();
    let said = plan.profiles.values().find_map(|profile| match profile {
        Profile::File(file) => Some(file.clone()),
        _ => None,
    });
    let said = said.expect("taken");
    assert_eq!(
        (said.nameplate, said.column.as_deref(), said.gaps),
        (Some(1000.0), Some("output [kW]"), tokenworks::plan::horizon::Gaps::Interpolate)
    );
}
