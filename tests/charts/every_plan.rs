//! Every plan that is shipped, solved once as the command line does it: its figures, its pictures and its
//! report.

use std::fmt::Write;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use tokenworks::charts::{CHARTS, Selection, tables::plain};
use tokenworks::export::fonts::Fonts;
use tokenworks::export::report::{self, ReportInput};
use tokenworks::export::svg::{Style, render};
use tokenworks::export::{report_pdf, xlsx};
use tokenworks::plan::Plan;
use tokenworks::resolved::Assumption;
use tokenworks::results::Results;
use tokenworks::study::{self, Options};

use crate::charts::data::{adds_up, numbers};
use crate::numbers::throughput::thread_cpu;

/// A plan's answer and what it rests on.
struct Solved {
    name: String,
    results: Arc<Results>,
    assumptions: Vec<Assumption>,
    plan: Plan,
}

/// All plans under `plans/`, solved once for all tests of this module.
fn solved() -> &'static [Solved] {
    static SOLVED: OnceLock<Vec<Solved>> = OnceLock::new();
    SOLVED.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans");
        let mut files: Vec<_> = [root.clone(), root.join("reference")]
            .into_iter()
            .flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
            .filter(|path| path.extension().is_some_and(|ending| ending == "ron"))
            .collect();
        files.sort();
        assert!(files.len() >= 9, "{files:?}");
        files.iter().map(|path| solve(path)).collect()
    })
}

fn solve(path: &Path) -> Solved {
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let checked = tokenworks::plan::file::read_plan(&std::fs::read_to_string(path).unwrap());
    let plan = checked.plan.unwrap_or_else(|| panic!("{name}: {:?}", checked.diagnostics));
    let series = tokenworks::disk::read_series(&plan, path.parent()).unwrap();
    let options = Options { ranges: true, ..Options::default() };
    let assumptions = study::state(&plan, &series, &options).unwrap().resolved.assumptions;
    let answer = study::answer(&plan, &series, &options);
    let results = answer.results.unwrap_or_else(|| panic!("{name}: {:?}", answer.problems));
    Solved { name, results, assumptions, plan }
}

/// Four figures: the same on every machine, and all that a reader of a difference needs.
fn figures(value: f64) -> String {
    if value.abs() < 1e-6 {
        return "0".into();
    }
    plain(format!("{value:.3e}").parse().unwrap())
}

#[test]
fn sums_agree_on_every_plan() {
    for plan in solved() {
        adds_up(&plan.results);
    }
}

/// Numbers alone: words of a plan, its hash and how its charts are laid out may change without a trace here.
#[test]
fn figures_of_every_plan_are_as_recorded() {
    for plan in solved() {
        let document = tokenworks::export::json::document(&plan.results);
        let kpis = document["kpis"].as_object().unwrap();
        let mut out = String::new();
        for (key, value) in kpis.iter().filter_map(|(key, value)| Some((key, value.as_f64()?))) {
            let _ = writeln!(out, "{key} {}", figures(value));
        }
        out.push_str("\nchart: numbers, sum of their sizes\n");
        for entry in CHARTS {
            let chart = (entry.chart)(&plan.results, &Selection::default());
            let numbers = numbers(&chart);
            assert!(numbers.iter().all(|number| number.is_finite()), "{} of {}", entry.name, plan.name);
            let _ = writeln!(out, "{}: {}, {}", entry.name, numbers.len(), figures(numbers.iter().map(|number| number.abs()).sum()));
        }
        insta::assert_snapshot!(format!("figures_of_{}", plan.name), out);
    }
}

/// Long paths (coasts, bands of a Sankey) by their start and length: small enough to be read in a difference.
fn compact(svg: &str) -> String {
    let mut out = String::with_capacity(svg.len());
    for line in svg.lines() {
        let path = line.split_once(" d=\"").and_then(|(head, rest)| Some((head, rest.split_once('"')?)));
        match path {
            Some((head, (data, tail))) if data.len() > 160 => {
                let start: String = data.chars().take(40).collect();
                let _ = writeln!(out, "{head} d=\"{start}… ({} bytes)\"{tail}", data.len());
            }
            _ => out.push_str(&format!("{line}\n")),
        }
    }
    out
}

/// Of a made-up answer: no plan's numbers move them.
#[test]
fn pictures_of_the_fixture_are_as_recorded() {
    let results = crate::fixture::results();
    let drawn = |entry: &tokenworks::charts::Entry| render(&(entry.chart)(&results, &Selection::default()), &Style::default());
    let all: String = CHARTS.iter().map(|entry| compact(&drawn(entry))).collect();
    insta::assert_snapshot!("pictures_of_the_fixture", all);
}

#[test]
fn pictures_of_every_plan_are_well_formed_and_fetch_nothing() {
    for plan in solved() {
        for entry in CHARTS {
            let chart = (entry.chart)(&plan.results, &Selection::default());
            for style in [Style::default(), Style::sized(1200.0, 700.0).dark(), Style { embed_font: true, ..Style::sized(360.0, 240.0) }] {
                self_contained(&render(&chart, &style), &format!("{} of {}", entry.name, plan.name));
            }
        }
    }
}

/// A strict parser reads it; nothing in it runs or points outside.
pub fn self_contained(svg: &str, what: &str) {
    let document = usvg::roxmltree::Document::parse(svg).unwrap_or_else(|error| panic!("{what}: {error}"));
    for node in document.descendants() {
        assert!(!["script", "image", "use", "foreignObject", "a"].contains(&node.tag_name().name()), "{what}: {:?}", node.tag_name());
        for attribute in node.attributes() {
            assert!(!attribute.name().starts_with("on") && attribute.name() != "href", "{what}: {attribute:?}");
            let value = attribute.value();
            assert!(!value.contains("url(") || value.starts_with("url(#"), "{what}: {attribute:?}");
            assert!(!value.contains("NaN") && value != "inf", "{what}: {attribute:?}");
        }
    }
    let names: usize = svg.matches("http://www.w3.org/2000/svg").count();
    assert_eq!(svg.matches("://").count(), names, "{what} names something outside");
}

#[test]
fn reports_of_every_plan_are_whole_and_quick() {
    for plan in solved() {
        let input = ReportInput { results: &plan.results, assumptions: &plan.assumptions, plan: Some(&plan.plan), studies: &[] };
        let before = thread_cpu();
        let html = report::render(&input);
        let pages = report_pdf::pages(&input);
        let pdf = report_pdf::render(&input, &Fonts::bundled()).unwrap();
        let sheets = xlsx::render(&input).unwrap();
        let spent = thread_cpu().zip(before).map_or(0.0, |(after, before)| after.saturating_sub(before).as_secs_f64());
        println!("{}: {} kB HTML, {} pages, {spent:.2} CPU s for HTML, PDF and XLSX", plan.name, html.len() / 1000, pages.len());
        assert!(spent < 9.0, "{}: {spent} CPU s for three reports of 3 s", plan.name);
        assert!(pdf.starts_with(b"%PDF") && sheets.starts_with(b"PK"));
        assert!(!html.contains(">NaN") && html.contains(&plan.results.plan_sha256), "{}", plan.name);
        for page in &pages {
            self_contained(page, &format!("a page of {}", plan.name));
        }
    }
}
