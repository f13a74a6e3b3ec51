//! The command line from outside: what it prints where, and how it ends.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Hand-checkable: 100 racks of 130 kW behind 13 MW, each 2 Mtok/s, for a year.
const ONE_SITE: &str = include_str!("../plans/one-site.ron");
const ONE_SITE_TTOK: f64 = 100.0 * 2e6 * 8760.0 * 3600.0 / 1e12;

fn tokenworks(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tokenworks"));
    // The same words on every machine: no display, no colours, no logs asked for.
    command.args(arguments).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("TOKENWORKS_LOG").env("NO_COLOR", "1");
    command.stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    tokenworks(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// A decision to buy for 2,700 M$ on a budget of 100 M$.
fn impossible() -> String {
    ONE_SITE.replacen(
        "    served_models:",
        "    decisions: {\"too-many\": (site: \"home\", what: Chips(\"rack\"), at_least: 900.0)},\n    budget: (capex_musd_total: 100.0),\n    served_models:",
        1,
    )
}

/// A folder with one plan in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn with(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("plan.ron"), text).unwrap();
        Self(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn plan(&self) -> String {
        self.file("plan.ron").to_string_lossy().into_owned()
    }
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}\n{}", stdout(output), stderr(output)))
}

// --- Help and usage ------------------------------------------------------------------------

#[test]
fn every_study_is_a_command() {
    let help = stdout(&run(&["study", "--help"]));
    for study in tokenworks::study::STUDIES {
        // Those that a plan states are run by one command, which lists them with their questions (`study list`).
        let is_stated = study.panel == "Studies";
        let name = if is_stated { "run" } else { study.name };
        let line = help.lines().find(|line| line.trim_start().starts_with(name)).unwrap_or_default();
        assert!(if is_stated { line.contains("Run a study of the plan") } else { line.contains(study.question) }, "{}: {help}", study.name);
    }
}

#[test]
fn help_of_every_command() {
    for command in [
        "",
        "check",
        "solve",
        "export",
        "report",
        "diff",
        "new",
        "catalog",
        "catalog list",
        "catalog show",
        "study",
        "study why-not",
        "study take",
        "study sensitivity",
        "guide",
    ] {
        let arguments: Vec<_> = command.split_whitespace().chain(["--help"]).collect();
        let output = run(&arguments);
        assert_eq!(code(&output), 0);
        let help = stdout(&output);
        assert!(help.contains("Example"), "no example in the help of `{command}`");
        let name = if command.is_empty() { "help".to_owned() } else { format!("help_{}", command.replace(' ', "_")) };
        insta::assert_snapshot!(name, help);
    }
}

/// A study that is wrong is refused with its place, and stops nothing else.
#[test]
fn a_wrong_study_stops_only_itself() {
    let study = "    studies: {\"off\": Grid(axes: [(name: \"Nowhere\", vary: [(paths: [\"sites.nowhere.interconnect_mw\"], at: Evenly(from: 1.0, to: 2.0, steps: 2))])]), \"ways\": Alternatives()},\n    served_models:";
    let folder = Folder::with(&ONE_SITE.replacen("    served_models:", study, 1));
    let checked = run(&["check", &folder.plan()]);
    assert_eq!(code(&checked), 1);
    let said = format!("{}{}", stdout(&checked), stderr(&checked));
    assert!(said.contains("studies.off") && said.contains("plan.ron:"), "{said}");
    let solved = run(&["solve", &folder.plan(), "--format", "json"]);
    assert_eq!(code(&solved), 0, "{}", stderr(&solved));
    assert!(stderr(&solved).contains("studies.off"), "{}", stderr(&solved));
    assert_eq!(json(&solved)["status"], "optimal");
    let out = folder.file("out").to_string_lossy().into_owned();
    let refused = run(&["study", "run", &folder.plan(), "off", "--out", &out]);
    assert_eq!(code(&refused), 1, "{}", stderr(&refused));
    assert!(stderr(&refused).contains("studies.off"), "{}", stderr(&refused));
    let other = run(&["study", "run", &folder.plan(), "ways", "--out", &out]);
    assert_eq!(code(&other), 0, "{}", stderr(&other));
}

#[test]
fn wrong_usage_is_two() {
    for arguments in [
        &["solve"][..],
        &["solve", "plan.ron", "--no-such-option"],
        &["solve", "plan.ron", "--objective", "fame"],
        &["solve", "plan.ron", "--time-limit", "-1"],
        &["export", "plan.ron"],
        &["export", "plan.ron", "--chart", "power-day", "--to", "chart.docx"],
        &["export", "plan.ron", "--chart", "powerday", "--to", "chart.svg"],
        &["export", "plan.ron", "--lp", "program.txt"],
        &["export", "plan.ron", "--all-charts", "charts", "--as", "gif"],
        &["export", "plan.ron", "--all-charts", "charts", "--size", "big"],
        &["report", "plan.ron", "--to", "report.doc"],
        &["new", "no-such-example"],
        &["catalog", "show", "h1000"],
        &["sovle"],
    ] {
        let output = run(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{arguments:?}");
        assert!(!stderr(&output).trim().is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_slip_of_the_hand_gets_a_hint() {
    assert!(stderr(&run(&["sovle"])).contains("tokenworks solve"));
    assert!(stderr(&run(&["export", "plan.ron", "--chart", "powr-day", "--to", "a.svg"])).contains("power-day"));
}

/// Before anything is built a large plan says how large it is; a small one says nothing.
#[test]
fn a_large_plan_says_so_first() {
    let large = ["horizon.period_months=1", "horizon.periods=48", "slices.block_hours=2"].map(|set| ["--set", set]).concat();
    let words = [&["solve", "plans/texas.ron", "--time-limit", "0.01"][..], &large].concat();
    let said = stderr(&run(&words));
    assert!(said.contains("A large plan: up to ") && said.contains(" s of one processor core."), "{said}");
    let said = stderr(&run(&words[..4]));
    assert!(!said.contains("A large plan"), "{said}");
}

#[test]
fn a_missing_file_is_three() {
    for command in ["check", "solve"] {
        let output = run(&[command, "no-such-plan.ron"]);
        assert_eq!(code(&output), 3, "{}", stderr(&output));
        assert!(stderr(&output).contains("no-such-plan.ron"));
    }
}

// --- check ---------------------------------------------------------------------------------

#[test]
fn check_passes_a_good_plan() {
    let folder = Folder::with(ONE_SITE);
    let output = run(&["check", &folder.plan()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("plan.ron: "));
}

#[test]
fn check_names_every_fault_with_its_place() {
    // Ten faults of ten kinds in one file.
    let faults = [
        (
            "latitude: 32.4,\n            longitude: -99.7,\n            interconnect_mw",
            "latitude: 132.4,\n            longitude: -99.7,\n            interconnect_mw",
        ),
        ("interconnect_mw: 13.0", "interconect_mw: 13.0"),
        ("it_mw: 100.0", "it_mw: -100.0"),
        ("capex_usd: 3000000.0", "capex_usd: NaN"),
        ("life_years: 5.0", "life_years: inf"),
        ("share_fraction: 1.0", "share_fraction: \"all\""),
        ("energy_usd_per_mwh: 50.0", "energy_usd_per_mwh: 50.0, energy_usd_per_mwh: 60.0"),
        ("cooling: Liquid)", "cooling: Liquit)"),
        ("served_model: \"any\"", "served_model: \"some\""),
        ("start: \"2027-01\"", "start: \"2027-13\""),
    ];
    let mut text = ONE_SITE.to_owned();
    for (right, wrong) in faults {
        assert!(text.contains(right), "{right}");
        text = text.replacen(right, wrong, 1);
    }
    let folder = Folder::with(&text);
    let output = run(&["check", &folder.plan(), "--format", "json"]);
    assert_eq!(code(&output), 1);
    let report = json(&output);
    let problems = report["plans"][0]["diagnostics"].as_array().unwrap();
    let lines: std::collections::BTreeSet<u64> = problems.iter().filter_map(|problem| problem["span"]["line"].as_u64()).collect();
    for (_, wrong) in faults {
        let first_line = wrong.lines().next().unwrap();
        let at = text.find(first_line).unwrap();
        let line = text[..at].matches('\n').count() as u64 + 1;
        assert!(lines.contains(&line), "no problem on line {line} ({first_line}): {report:#}");
    }
    let output = run(&["check", &folder.plan()]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("Did you mean"), "{}", stderr(&output));
}

#[test]
fn check_survives_anything() {
    let truncated = &ONE_SITE[..ONE_SITE.len() / 2];
    let newer = ONE_SITE.replacen("schema: 1", "schema: 99", 1);
    let deep = "(".repeat(100_000);
    for text in ["", "\0\0\0", "hello", "()", "(schema: 1)", truncated, &newer, &deep, "[[[[", "(schema: 1, name: \"\\u{0}\")"] {
        let folder = Folder::with(text);
        let output = run(&["check", &folder.plan()]);
        assert_eq!(code(&output), 1, "{:?}: {}", text.chars().take(40).collect::<String>(), stderr(&output));
        assert!(!stderr(&output).contains("bug in Tokenworks"), "{}", stderr(&output));
    }
    // Not text at all.
    let folder = Folder::with("");
    fs::write(folder.file("plan.ron"), [0xff, 0xfe, 0x00, 0x80]).unwrap();
    let output = run(&["check", &folder.plan()]);
    assert!(matches!(code(&output), 1 | 3), "{}", stderr(&output));
}

// --- solve ---------------------------------------------------------------------------------

#[test]
fn solve_finds_the_optimum_known_by_hand() {
    let folder = Folder::with(ONE_SITE);
    let output = run(&["solve", &folder.plan(), "--format", "json"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let answer = json(&output);
    assert_eq!(answer["status"], "optimal");
    assert_eq!(answer["certificate"]["checked"], true, "{:#}", answer["certificate"]);
    let ttok = answer["kpis"]["answer_tokens_ttok"].as_f64().unwrap();
    assert!((ttok / ONE_SITE_TTOK - 1.0).abs() < 1e-6, "{ttok} against {ONE_SITE_TTOK}");
}

#[test]
fn the_answer_has_every_key_that_is_promised() {
    let folder = Folder::with(ONE_SITE);
    let answer = json(&run(&["solve", &folder.plan(), "--format", "json"]));
    for (part, keys) in [
        ("plan", &["name", "sha256", "schema"][..]),
        ("objective", &["name", "phases"]),
        (
            "kpis",
            &[
                "answer_tokens_ttok",
                "quality_tokens_ttok",
                "cost_npv_musd",
                "revenue_npv_musd",
                "npv_musd",
                "cost_usd_per_mtok",
                "capex_musd",
                "energy_gwh",
                "peak_mw",
                "tokens_per_kwh",
                "carbon_kt",
            ],
        ),
        ("certificate", &["max_row_residual", "max_bound_residual", "max_dual_residual", "relative_gap", "checked"]),
        ("evidence", &["measured", "calibrated", "modelled", "stated"]),
        ("solver", &["name", "version", "columns", "rows", "nonzeros", "build_ms", "solve_ms", "iterations"]),
    ] {
        for key in keys {
            assert!(answer[part].get(key).is_some(), "{part}.{key} is missing in {:#}", answer[part]);
        }
    }
    let period = &answer["periods"][0];
    for key in crate::fixture::PERIOD_KEYS {
        assert!(period.get(key).is_some(), "periods[].{key} is missing in {period:#}");
    }
    assert!((period["chips_in_service"]["home/rack"].as_f64().unwrap() - 100.0).abs() < 1e-6);
    assert!(period["energy_gwh"]["home/grid"].is_number() && period["served_ttok"]["home/chat/near"].is_number());
    assert!(answer["entry_prices"].is_array());
    let binding = answer["binding"].as_array().unwrap();
    let interconnect = binding.iter().find(|row| row["path"] == "sites.home.interconnect_mw").unwrap_or_else(|| panic!("{binding:#?}"));
    assert!((interconnect["dual"].as_f64().unwrap() / (ONE_SITE_TTOK / 13.0) - 1.0).abs() < 1e-6, "{interconnect:#}");
}

#[test]
fn set_changes_a_value() {
    let folder = Folder::with(ONE_SITE);
    let answer = json(&run(&["solve", &folder.plan(), "--format", "json", "--set", "sites.home.interconnect_mw=6.5"]));
    let ttok = answer["kpis"]["answer_tokens_ttok"].as_f64().unwrap();
    assert!((2.0 * ttok / ONE_SITE_TTOK - 1.0).abs() < 1e-6, "{ttok}");
    for wrong in ["sites.home.interconect_mw=6.5", "sites.home.interconnect_mw=-1", "sites.home.interconnect_mw"] {
        let output = run(&["solve", &folder.plan(), "--set", wrong]);
        assert!(matches!(code(&output), 1 | 2), "{wrong}: {}", stderr(&output));
        assert_eq!(stdout(&output), "");
        assert!(stderr(&output).contains("interconnect_mw"), "{}", stderr(&output));
    }
}

#[test]
fn solve_writes_a_table_and_a_file() {
    let folder = Folder::with(ONE_SITE);
    let output = run(&["solve", &folder.plan()]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains("One site, power-bound"), "{}", stdout(&output));
    let file = folder.file("answer.json");
    let output = run(&["solve", &folder.plan(), "--format", "json", "--out", &file.to_string_lossy()]);
    assert_eq!((code(&output), stdout(&output).as_str()), (0, ""));
    let answer: serde_json::Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(answer["status"], "optimal");
}

#[test]
fn an_infeasible_plan_is_one_and_says_what_must_give() {
    let folder = Folder::with(&impossible());
    let output = run(&["solve", &folder.plan(), "--format", "json"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let answer = json(&output);
    assert_eq!(answer["status"], "infeasible");
    assert!(!answer["conflict"].as_array().unwrap().is_empty(), "{answer:#}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = tokenworks(&["catalog", "list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut complaints = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
    assert_eq!((child.wait().unwrap().code(), complaints.as_str()), (Some(0), ""));
}

// --- export, report, new, diff, catalog ------------------------------------------------------

#[test]
fn every_export_is_written() {
    let folder = Folder::with(ONE_SITE);
    let plan = folder.plan();
    for (name, start) in [("c.svg", &b"<"[..]), ("c.png", b"\x89PNG"), ("c.pdf", b"%PDF"), ("c.csv", b"")] {
        let file = folder.file(name);
        let output = run(&["export", &plan, "--chart", "tokens", "--to", &file.to_string_lossy()]);
        assert_eq!(code(&output), 0, "{name}: {}", stderr(&output));
        let bytes = fs::read(&file).unwrap();
        assert!(bytes.len() > 20 && bytes.starts_with(start), "{name}");
    }
    let (mps, lp, scenario) = (folder.file("p.mps"), folder.file("p.lp"), folder.file("s.json"));
    for file in [&mps, &lp] {
        let output = run(&["export", &plan, "--lp", &file.to_string_lossy(), "--resolved", &scenario.to_string_lossy()]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    }
    assert!(fs::read_to_string(mps).unwrap().contains("ROWS"));
    assert!(fs::read_to_string(lp).unwrap().contains("home"));
    let _: serde_json::Value = serde_json::from_str(&fs::read_to_string(scenario).unwrap()).unwrap();
    let charts = folder.file("charts");
    let output = run(&["export", &plan, "--all-charts", &charts.to_string_lossy()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(fs::read_dir(&charts).unwrap().count(), 2 * tokenworks_chart_count());
    let output =
        run(&["export", &plan, "--all-charts", &charts.to_string_lossy(), "--as", "png,pdf", "--size", "400x300", "--dpi", "48", "--dark"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(fs::read_dir(&charts).unwrap().count(), 4 * tokenworks_chart_count());
    let png = fs::read(charts.join("tokens.png")).unwrap();
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!((side(16), side(20)), (200, 150), "half a pixel each way at 48 dpi");
    // Dots per metre stand in the file, so that it has its size on paper.
    assert_eq!((&png[37..41], side(41)), (&b"pHYs"[..], 1890));
}

fn tokenworks_chart_count() -> usize {
    stdout(&run(&["export", "--list-charts"])).lines().count()
}

#[test]
fn every_report_is_written() {
    let folder = Folder::with(ONE_SITE);
    for (name, start) in [("r.html", &b"<!"[..]), ("r.pdf", b"%PDF"), ("r.xlsx", b"PK")] {
        let file = folder.file(name);
        let output = run(&["report", &folder.plan(), "--to", &file.to_string_lossy()]);
        assert_eq!(code(&output), 0, "{name}: {}", stderr(&output));
        assert!(fs::read(&file).unwrap().starts_with(start), "{name}");
    }
    let html = fs::read_to_string(folder.file("r.html")).unwrap();
    for outside in ["http://", "https://", "<script src", "<link rel=\"stylesheet\""] {
        let fetched = html.matches(outside).count();
        let namespaces = html.matches("http://www.w3.org/").count();
        assert!(fetched == 0 || outside == "http://" && fetched == namespaces || outside == "https://", "the report fetches {outside}");
    }
}

#[test]
fn without_a_display_the_plan_is_reported() {
    let why = if cfg!(feature = "gui") { "display" } else { "has no window" };
    let folder = Folder::with(ONE_SITE);
    for (arguments, file) in [(&["plan.ron"][..], Some("plan.html")), (&[], None)] {
        let output = tokenworks(arguments).current_dir(folder.0.path()).output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert_eq!(stderr(&output).lines().filter(|line| line.contains(why)).count(), 1, "{}", stderr(&output));
        let said = stdout(&output);
        let named = said.split_whitespace().find(|word| word.contains(".html")).unwrap().trim_end_matches('.');
        assert!(folder.file(named).exists(), "{said}");
        assert!(file.is_none_or(|file| Path::new(named) == Path::new("tokenworks-report").join(file)), "{said}");
    }
}

#[test]
fn every_plan_of_the_folder_is_bundled() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans");
    for entry in fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_some_and(|ending| ending == "ron") {
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            assert!(tokenworks::plan::example::find(&name).is_some(), "src/plan/example.rs does not know plans/{name}.ron");
        }
    }
}

#[test]
fn examples_check_out() {
    let listed = stdout(&run(&["new"]));
    assert!(listed.lines().count() >= 3, "{listed}");
    for line in listed.lines() {
        let name = line.split_whitespace().next().unwrap();
        let folder = Folder::with("");
        let file = folder.file("copy.ron");
        let output = run(&["new", name, "--to", &file.to_string_lossy()]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let output = run(&["check", &file.to_string_lossy()]);
        assert_eq!(code(&output), 0, "{name}: {}", stderr(&output));
        // What stands there is never overwritten.
        let output = run(&["new", name, "--to", &file.to_string_lossy()]);
        assert_eq!(code(&output), 3, "{}", stderr(&output));
    }
}

#[test]
fn diff_says_what_changed() {
    let folder = Folder::with(ONE_SITE);
    let other = folder.file("other.ron");
    fs::write(&other, ONE_SITE.replacen("interconnect_mw: 13.0", "interconnect_mw: 26.0", 1)).unwrap();
    let output = run(&["diff", &folder.plan(), &other.to_string_lossy()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let words = stdout(&output);
    assert!(words.contains("sites.home.interconnect_mw: 13.0 → 26.0") && words.contains("Answer tokens"), "{words}");
    let output = run(&["diff", &folder.plan(), &other.to_string_lossy(), "--format", "json"]);
    let document = json(&output);
    assert_eq!(document["plan"][0]["path"], "sites.home.interconnect_mw");
    let tokens = document["kpis"].as_array().unwrap().iter().find(|row| row["name"] == "Answer tokens").unwrap();
    let number = |key: &str| tokens[key].as_f64().unwrap();
    assert!((number("after") - number("before") - number("change")).abs() < 1e-9 && number("change") > 0.0, "{tokens}");
    assert!(document["answers"].as_array().unwrap().iter().any(|row| row["part"] == "Chips ordered"), "{document:#}");
    // One plan, with a value set; the same plan twice; inputs alone.
    let words = stdout(&run(&["diff", &folder.plan(), "--set", "sites.home.interconnect_mw=6.5"]));
    assert!(words.contains("sites.home.interconnect_mw: 13.0 → 6.5") && words.contains("(−50 %)"), "{words}");
    let words = stdout(&run(&["diff", &folder.plan(), &folder.plan()]));
    assert!(words.contains("The plans say the same.") && words.contains("The answers are the same."), "{words}");
    let words = stdout(&run(&["diff", &folder.plan(), &other.to_string_lossy(), "--plans-only"]));
    assert!(words.contains("13.0 → 26.0") && !words.contains("Answer tokens"), "{words}");
    assert_eq!(code(&run(&["diff", &folder.plan()])), 2);
}

#[test]
fn a_wrong_scenario_stops_only_itself() {
    let text = ONE_SITE.trim_end().trim_end_matches(')').to_owned()
        + "    scenarios: {\"lost\": (set: {\"sites.away.interconnect_mw\": 26.0}), \"more\": (set: {\"sites.home.interconnect_mw\": 26.0})},\n)\n";
    let folder = Folder::with(&text);
    for sound in [vec!["solve", &folder.plan()], vec!["solve", &folder.plan(), "--scenario", "more"]] {
        let output = run(&sound);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(stdout(&output).contains("Optimal, checked") && stderr(&output).contains("There is no `away` in `sites`"));
    }
    let with_value = run(&["solve", &folder.plan(), "--set", "sites.home.interconnect_mw=20"]);
    assert_eq!(code(&with_value), 0, "{}", stderr(&with_value));
    let output = run(&["solve", &folder.plan(), "--scenario", "lost"]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).is_empty());
    assert_eq!(code(&run(&["check", &folder.plan()])), 1);
}

#[test]
fn diff_compares_scenarios_of_one_plan() {
    let text = ONE_SITE.trim_end().trim_end_matches(')').to_owned()
        + "    scenarios: {\"twice\": (set: {\"sites.home.interconnect_mw\": 26.0})},\n)\n";
    let folder = Folder::with(&text);
    let words = stdout(&run(&["diff", &folder.plan(), "--scenario-b", "twice"]));
    assert!(words.contains("sites.home.interconnect_mw: 13.0 → 26.0") && words.contains("scenario twice"), "{words}");
    let output = run(&["diff", &folder.plan(), "--scenario-b", "thrice"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("twice"), "{}", stderr(&output));
}

#[test]
fn diff_with_a_plan_that_has_no_answer_says_so() {
    let folder = Folder::with(ONE_SITE);
    let other = folder.file("other.ron");
    fs::write(&other, impossible()).unwrap();
    let output = run(&["diff", &folder.plan(), &other.to_string_lossy()]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let words = stdout(&output);
    assert!(
        words.contains("budget.capex_musd_total: not set → 100.0")
            && words.contains("Infeasible")
            && words.contains("no answers to compare"),
        "{words}"
    );
}

#[test]
fn the_catalog_shows_its_sources() {
    let listed = stdout(&run(&["catalog", "list"]));
    assert!(listed.contains("gb200_nvl72"), "{listed}");
    let shown = stdout(&run(&["catalog", "show", "gb200_nvl72"]));
    assert!(shown.contains("source: ") && shown.contains("hbm_gb"), "{shown}");
    let entry = json(&run(&["catalog", "show", "gb200_nvl72", "--json"]));
    assert_eq!(entry["entries"][0]["id"], "gb200_nvl72");
    assert!(stderr(&run(&["catalog", "show", "gb200_nvl7"])).contains("gb200_nvl72"));
}

#[test]
fn data_goes_to_stdout_only() {
    let folder = Folder::with(ONE_SITE);
    let mut child =
        tokenworks(&["solve", &folder.plan(), "--format", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut data = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut data).unwrap();
    child.wait().unwrap();
    std::io::sink().write_all(&data).unwrap();
    assert!(serde_json::from_slice::<serde_json::Value>(&data).is_ok());
}

// --- Series --------------------------------------------------------------------------------

#[test]
fn series_says_what_is_in_a_file_and_writes_a_clean_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("prices.csv");
    let clean = folder.path().join("clean.csv");
    let rows: String = (0..8760).map(|hour| format!("{}.5\n", 30 + hour % 24)).collect();
    fs::write(&file, format!("price [EUR/MWh]\n{rows}")).unwrap();
    let (file, clean) = (file.to_string_lossy().into_owned(), clean.to_string_lossy().into_owned());
    let output = run(&["series", &file, "--unit", "EUR/MWh", "--holds", "price", "--to", &clean]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    for part in ["UTF-8", "8760 of `price [EUR/MWh]`", "30.5 to 53.5", "not stated", "EUR is converted at"] {
        let part = part.replace("30.5 to 53.5", "35.075 to 61.525");
        assert!(stdout(&output).contains(&part), "{part}:\n{}", stdout(&output));
    }
    let written = fs::read_to_string(&clean).unwrap();
    assert_eq!(written.lines().count(), 8761);
    assert!(written.lines().nth(2).unwrap().starts_with("1,36.22"), "{:?}", written.lines().nth(2));
    let output = run(&["series", &clean, "--format", "json"]);
    assert_eq!(json(&output)["rows"], 8760);
    let output = run(&["series", &file, "--column", "prize"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("no column `prize`"), "{}", stderr(&output));
    assert_eq!(code(&run(&["series", "no-such.csv"])), 3);
}

/// A proof written beside a plan is found under the plan's name, believed, and refused when the plan has changed.
#[test]
fn a_proof_is_written_and_verified() {
    let folder = Folder::with(ONE_SITE);
    let proof = folder.file("plan.proof").to_string_lossy().into_owned();
    assert_eq!(code(&run(&["solve", &folder.plan(), "--proof", &proof])), 0);
    let verified = run(&["verify", &folder.plan()]);
    assert_eq!(code(&verified), 0, "{}", stderr(&verified));
    assert!(stdout(&verified).starts_with("Proved, without solving"), "{}", stdout(&verified));
    let json: serde_json::Value = serde_json::from_str(&stdout(&run(&["verify", &folder.plan(), "--format", "json"]))).unwrap();
    let tokens = json["goals"][0]["value"].as_f64().unwrap();
    assert!((tokens - ONE_SITE_TTOK).abs() < 1e-6 * ONE_SITE_TTOK, "{tokens}");
    let stale = run(&["verify", &folder.plan(), "--set", "sites.home.interconnect_mw=12"]);
    assert_eq!(code(&stale), 1);
    assert!(stderr(&stale).contains("has changed since"), "{}", stderr(&stale));
    // Over the plan itself nothing is written.
    assert_eq!(code(&run(&["solve", &folder.plan(), "--proof", &folder.plan()])), 3);
    assert_eq!(code(&run(&["verify", &folder.plan(), "--proof", "nowhere.proof"])), 3);
}
