//! Files in plans: what they cost, worked out by hand, and what is said about their clocks.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tokenworks::diagnostic::Diagnostic;
use tokenworks::disk::read_series;
use tokenworks::plan::{Plan, file};
use tokenworks::study::{self, Options};

use super::{date, stamp};

/// Cost of the best plan in M$, and the warnings about its files.
fn solved(text: &str, folder: &Path) -> (f64, Vec<Diagnostic>) {
    let plan = plan_of(text);
    let series = read_series(&plan, folder).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let warnings = series.warnings.clone();
    let answer = study::answer(&plan, &series, &Options::default());
    let results = answer.results.unwrap_or_else(|| panic!("{:#?}", answer.problems));
    (results.kpis.cost_npv_musd, warnings)
}

fn plan_of(text: &str) -> Arc<Plan> {
    let read = file::read_plan(text);
    Arc::new(read.plan.unwrap_or_else(|| panic!("{:#?}", read.diagnostics)))
}

/// 20 MW in June to August at 120 $/MWh and 2 MW otherwise at 30: 92 · 24 · 20 · 120 + 273 · 24 · 2 · 30 $. A file that
/// begins in July and is not turned puts 2.115 M$.
#[test]
fn a_file_that_starts_in_july() {
    let folder = tempfile::tempdir().unwrap();
    let first = date(2022, 7, 1) * 24;
    let rows: String = (first..first + 8760)
        .map(|hour| {
            let summer = matches!(stamp(hour * 60, "%m").as_str(), "06" | "07" | "08");
            format!("{},{}\n", stamp(hour * 60, "%Y-%m-%d %H:%M"), if summer { 120 } else { 30 })
        })
        .collect();
    fs::write(folder.path().join("july.csv"), format!("timestamp,usd_per_mwh\n{rows}")).unwrap();
    let (cost, warnings) = solved(include_str!("july.ron"), folder.path());
    assert!((cost - 5.692_32).abs() < 1e-6, "{cost}");
    // The site is six hours from UTC or not at all; here it is at UTC, where nothing is in doubt.
    assert!(warnings.is_empty(), "{warnings:?}");
}

/// 24 MW from 17 to 21 o'clock at 200 $/MWh: 4 · 24 · 200 · 365 = 7.008 M$. Read as UTC it would be the cheap hours'
/// 0.7008 M$, which is said.
#[test]
fn a_file_on_the_sites_clock() {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = super::hourly(2023)
        .map(|hour| format!("{},{}\n", stamp(hour * 60, "%Y-%m-%d %H:%M"), if (17..21).contains(&hour.rem_euclid(24)) { 200 } else { 20 }))
        .collect();
    fs::write(folder.path().join("local_prices.csv"), format!("hour,usd\n{rows}")).unwrap();
    let left_out = include_str!("local_clock.ron");
    let stated = |profile: &str| left_out.replace("Csv(path: \"local_prices.csv\", column: \"usd\")", profile);
    for profile in [
        "Csv(path: \"local_prices.csv\", column: \"usd\", utc_offset_hours: -6.0)",
        "File(path: \"local_prices.csv\", column: \"usd\", utc_offset_hours: -6.0)",
        "File(path: \"local_prices.csv\", utc_offset_hours: -6.0, stamp: Begin, unit: \"USD/MWh\", gaps: Refuse, separator: \",\", decimal: \".\")",
    ] {
        let (cost, warnings) = solved(&stated(profile), folder.path());
        assert!((cost - 7.008).abs() < 1e-6 && warnings.is_empty(), "{profile}: {cost} {warnings:?}");
    }
    let (cost, warnings) = solved(left_out, folder.path());
    assert!((cost - 0.7008).abs() < 1e-6, "{cost}");
    let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
    assert_eq!((warning.code, warning.path.as_str()), ("unknown-clock", "profiles.p.utc_offset_hours"));
    for part in ["6 h earlier", "17:00 in the file, falls at 11:00 in s", "at 17:00 if the file is on the clock of s"] {
        assert!(warning.message.contains(part), "{part}: {}", warning.message);
    }
    // UTC said is UTC meant.
    let (cost, warnings) = solved(&stated("Csv(path: \"local_prices.csv\", column: \"usd\", utc_offset_hours: 0.0)"), folder.path());
    assert!((cost - 0.7008).abs() < 1e-6 && warnings.is_empty(), "{cost} {warnings:?}");
}

#[test]
fn what_a_plan_says_about_a_file_must_hold_together() {
    let plan = |profile: &str| include_str!("local_clock.ron").replace("Csv(path: \"local_prices.csv\", column: \"usd\")", profile);
    for (profile, code) in [
        ("File(path: \"../p.csv\")", "bad-path"),
        ("File(path: \"p.csv\", column: \" \")", "missing-field"),
        ("File(path: \"p.csv\", separator: \"ab\")", "bad-separator"),
        ("File(path: \"p.csv\", decimal: \";\")", "bad-separator"),
        ("File(path: \"p.csv\", zone: \"Europe/Berlin\", utc_offset_hours: 1.0)", "two-clocks"),
        ("File(path: \"p.csv\", nameplate: 0.0)", "bad-nameplate"),
        ("File(path: \"p.csv\", utc_offset_hours: 99.0)", "out-of-range"),
    ] {
        let read = file::read_plan(&plan(profile));
        assert!(read.diagnostics.iter().any(|problem| problem.code == code), "{profile}: {:#?}", read.diagnostics);
    }
    let text = plan(
        "File(path: \"p.csv\", column: \"2\", sheet: \"Prices\", skip_rows: 3, time: [\"a\", \"b\"], zone: \"Asia/Tokyo\", stamp: End, unit: \"EUR/MWh\", nameplate: 5.0, year: Only(2023), gaps: Mean)",
    );
    let first = file::read_plan(&text).plan.unwrap();
    assert_eq!(file::read_plan(&file::print(&first)).plan.unwrap(), first);
}
