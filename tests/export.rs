//! Charts, answers and reports as bytes.

use tokenworks::charts::{CHARTS, Selection};
use tokenworks::export::fonts::Fonts;
use tokenworks::export::report::{Assumption, ReportInput};
use tokenworks::export::svg::{Style, render};
use tokenworks::export::{json, report, report_pdf, text, xlsx};

use crate::fixture;

/// Writes every picture into the folder named by `LOOK`, to be looked at.
#[test]
#[ignore = "for looking at pictures: LOOK=/some/folder"]
fn look() {
    let Ok(folder) = std::env::var("LOOK") else { return };
    let results = fixture::results();
    let assumption = |path: &str, value: &str, unit: &str, grade: &str, source: &str| Assumption { path: path.into(), value: value.into(), unit: unit.into(), source: source.into(), grade: grade.into() };
    let input = ReportInput { results: &results, assumptions: vec![
        assumption("chips.gb200.capex_usd", "48,000", "$", "stated", "Quote of May 2026"),
        assumption("throughput.gb200/chat.decode_tok_per_s", "1,240", "tok/s per chip", "measured", "MLPerf Inference 5.1, closed division, server scenario, https://mlcommons.org"),
    ] };
    std::fs::write(format!("{folder}/report.html"), report::render(&input)).unwrap();
    std::fs::write(format!("{folder}/report.pdf"), report_pdf::render(&input, &Fonts::bundled()).unwrap()).unwrap();
    std::fs::write(format!("{folder}/answer.json"), json::render(&results)).unwrap();
    std::fs::write(format!("{folder}/answer.txt"), text::render(&results)).unwrap();
    std::fs::write(format!("{folder}/answer.xlsx"), xlsx::render(&results).unwrap()).unwrap();
    for entry in CHARTS {
        let chart = (entry.chart)(&results, &Selection::default());
        for (suffix, style) in [("light", Style::default()), ("dark", Style::sized(560.0, 330.0).dark())] {
            let svg = render(&chart, &style);
            let picture = tokenworks::export::png::render(&svg, 96.0 * 1.5, &Fonts::bundled()).unwrap();
            std::fs::write(format!("{folder}/{}-{suffix}.svg", entry.name), svg).unwrap();
            std::fs::write(format!("{folder}/{}-{suffix}.png", entry.name), picture).unwrap();
        }
    }
}
