//! Charts, answers and reports as bytes.

use tokenworks::charts::{CHARTS, Selection, find, table};
use tokenworks::export::fonts::Fonts;
use tokenworks::export::report::ReportInput;
use tokenworks::export::svg::{Style, render};
use tokenworks::export::{csv, json, pdf, png, report, report_pdf, text, xlsx};
use tokenworks::plan::Month;
use tokenworks::resolved::Assumption;
use tokenworks::results::Results;
use tokenworks::results::calendar::{Decision, DecisionKind};

use crate::charts::every_plan::self_contained;
use crate::fixture;

fn assumption(path: &str, value: f64, source: &str) -> Assumption {
    Assumption { path: path.into(), value, unit: "", source: source.into(), grade: "stated".into() }
}

/// The answer alone, with nothing it rests on.
fn bare(results: &Results) -> ReportInput<'_> {
    ReportInput { results, assumptions: &[], plan: None, studies: &[] }
}

/// Writes every picture into the folder named by `LOOK`, to be looked at.
#[test]
#[ignore = "for looking at pictures: LOOK=/some/folder"]
fn look() {
    let Ok(folder) = std::env::var("LOOK") else { return };
    let results = fixture::results();
    let input = ReportInput {
        results: &results,
        assumptions: &[
            assumption("chips.gb200.capex_usd", 48_000.0, "Quote of May 2026"),
            assumption("sites.abilene.pue", 1.12, "MLPerf Inference 5.1, closed division, server scenario, https://mlcommons.org"),
        ],
        plan: None,
        studies: &[],
    };
    std::fs::write(format!("{folder}/report.html"), report::render(&input)).unwrap();
    std::fs::write(format!("{folder}/report.pdf"), report_pdf::render(&input, &Fonts::bundled()).unwrap()).unwrap();
    std::fs::write(format!("{folder}/answer.json"), json::render(&results)).unwrap();
    std::fs::write(format!("{folder}/answer.txt"), text::render(&results)).unwrap();
    std::fs::write(format!("{folder}/answer.xlsx"), xlsx::render(&input).unwrap()).unwrap();
    for entry in CHARTS {
        let chart = (entry.chart)(&results, &Selection::default());
        for (suffix, style) in [("light", Style::default()), ("dark", Style::sized(560.0, 330.0).dark())] {
            let svg = render(&chart, &style);
            let picture = png::render(&svg, 96.0 * 1.5, &Fonts::bundled()).unwrap();
            std::fs::write(format!("{folder}/{}-{suffix}.svg", entry.name), svg).unwrap();
            std::fs::write(format!("{folder}/{}-{suffix}.png", entry.name), picture).unwrap();
        }
    }
}

/// XML is well-formed if a strict parser reads it.
fn parsed(svg: &str) -> usvg::roxmltree::Document<'_> {
    usvg::roxmltree::Document::parse(svg).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_chart_draws_well_formed_without_references() {
    for results in [fixture::results(), fixture::hostile(), fixture::infeasible()] {
        for entry in CHARTS {
            for site in [None, Some(0)] {
                let chart = (entry.chart)(&results, &Selection { site, ..Selection::default() });
                for style in [
                    Style::default(),
                    Style::sized(300.0, 200.0).dark(),
                    Style { embed_font: true, ..Style::sized(1400.0, 900.0) },
                    Style::sized(f64::NAN, -1.0),
                ] {
                    let svg = render(&chart, &style);
                    assert_eq!(svg, render(&chart, &style), "the same chart, the same bytes");
                    self_contained(&svg, entry.name);
                }
            }
        }
    }
}

#[test]
fn hostile_names_stay_text_in_svg_and_html() {
    let results = fixture::hostile();
    let chart = (find("fleet").unwrap().chart)(&results, &Selection::default());
    let svg = render(&chart, &Style::default());
    let document = parsed(&svg);
    let texts: Vec<String> =
        document.descendants().filter(|node| node.has_tag_name("text")).map(|node| node.text().unwrap_or_default().to_owned()).collect();
    assert!(
        chart_names(&chart)
            .iter()
            .filter(|name| name.starts_with("<script>") || name.starts_with('&'))
            .all(|name| texts.iter().any(|text| text.contains(name.as_str())))
    );
    let html = report::render(&ReportInput {
        results: &results,
        assumptions: &[assumption("<b>", 1.0, "\"><img src=x onerror=alert(1)>")],
        plan: None,
        studies: &[],
    });
    assert!(!html.contains("<script") && !html.contains("<b>") && !html.contains("<img"));
}

fn chart_names(chart: &tokenworks::charts::Chart) -> Vec<String> {
    match &chart.body {
        tokenworks::charts::Body::StackedBars { stacks, .. } => stacks.iter().map(|series| series.name.clone()).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_report_is_self_contained_and_complete() {
    let results = fixture::results();
    let html = report::render(&ReportInput {
        results: &results,
        assumptions: &[assumption("sites.abilene.pue", 1.12, "Operator, 2026")],
        plan: None,
        studies: &[],
    });
    for needle in [
        "Abilene campus, 2027 to 2028",
        "scenario late-grid",
        &results.plan_sha256,
        "What binds",
        "Builds by period",
        "Power by contract",
        "Money by period",
        "Operator, 2026",
        "HiGHS 1.11.0",
        "Checked by our own arithmetic",
        "72 % measured",
        "@page",
    ] {
        assert!(html.contains(needle), "{needle}");
    }
    let outside = html.replace("http://www.w3.org/2000/svg", "");
    assert!(!outside.contains("://") && !outside.contains("src=\"") && !outside.contains("<link"));
    assert!(html.matches("<figure").count() >= 20);
    let empty = report::render(&bare(&fixture::infeasible()));
    assert!(empty.contains("must give 12.5 MW") && !empty.contains("<figure"));
}

/// The opening says the answer's own numbers, and the same on paper and on screen.
#[test]
fn the_report_opens_with_sentences() {
    let mut results = fixture::results();
    // Two orders of one chip are one line: 1,500 chips for 75 M$.
    let order = |amount: f64, capex_musd: f64, by: u32| Decision {
        kind: DecisionKind::Chips,
        index: 0,
        path: "chips.gb200".into(),
        subject: "GB200 NVL72 for Abilene".into(),
        amount,
        unit: "chips",
        hall_it_mw: None,
        rack_chips: Some(72.0),
        period: 0,
        by: Month::new(2027, by),
        serves: Month::new(2027, by + 3),
        capex_musd,
    };
    results.decisions = vec![order(1000.0, 50.0, 1), order(500.0, 25.0, 4)];
    let assumptions = [
        assumption("sites.abilene.pue", 1.12, "Operator, 2026"),
        assumption("sites.abilene.pue", 1.12, "A second and longer source, page 4"),
    ];
    let input = ReportInput { results: &results, assumptions: &assumptions, plan: None, studies: &[] };
    let parts = tokenworks::export::brief::parts(&input);
    let titles: Vec<&str> = parts.iter().map(|part| part.title).collect();
    for title in ["What to do, and when", "What it yields", "What decides it", "What limits it", "What it rests on"] {
        assert!(titles.contains(&title), "{titles:?}");
    }
    let all = parts.iter().flat_map(|part| &part.sentences).cloned().collect::<Vec<_>>().join("\n");
    let kpis = &results.kpis;
    let words = tokenworks::words::musd;
    for needle in [
        "The first step: order 1,000 GB200 NVL72 for Abilene by 2027-01; in service from 2027-04 (50 M$).".to_owned(),
        "Over the whole plan 75 M$ are ordered".to_owned(),
        "1,500 GB200 NVL72 for Abilene, ordered from 2027-01 to 2027-04 for 75 M$; the first in service from 2027-04.".to_owned(),
        tokenworks::words::ttok(kpis.answer_tokens_ttok),
        format!("revenue of {} less cost of {} leaves {}", words(kpis.revenue_npv_musd), words(kpis.cost_npv_musd), words(kpis.npv_musd)),
        "2 numbers of the plan and the catalog go in (2 stated)".to_owned(),
        "72 % measured".to_owned(),
    ] {
        assert!(all.contains(&needle), "{needle}\n{all}");
    }
    // Loss is said as one.
    let mut poor = results.clone();
    poor.kpis.npv_musd = -12.0;
    let told = tokenworks::export::brief::parts(&bare(&poor));
    assert!(told.iter().flat_map(|part| &part.sentences).any(|sentence| sentence.contains("12 M$ short of the cost")));
    let html = report::render(&input);
    let pages = report_pdf::pages(&input).concat();
    for part in &parts {
        assert!(html.contains(part.title) && pages.contains(part.title), "{}", part.title);
        for sentence in &part.sentences {
            assert!(html.contains(&tokenworks::export::svg::escaped(sentence)), "{sentence}");
        }
    }
    // A long source is said once, in a numbered list.
    assert!(html.contains("[1]") && html.matches("A second and longer source, page 4").count() == 1);
    assert!(tokenworks::export::brief::parts(&bare(&fixture::infeasible())).is_empty());
}

/// Forty sites on a small card: the names that are shown can be read, the rest is said in a word.
#[test]
fn a_timeline_of_many_rows_stays_readable() {
    let mut chart = (find("bottlenecks").unwrap().chart)(&fixture::results(), &Selection::default());
    let tokenworks::charts::Body::Timeline { rows, columns, cells, .. } = &mut chart.body else { panic!("{:?}", chart.body) };
    let bare = tokenworks::charts::Cell { label: String::new(), strength: 0.0, ..cells[0][0].clone() };
    for index in 0..40 {
        rows.insert(0, format!("Campus {index}"));
        cells.insert(0, vec![bare.clone(); columns.len()]);
    }
    let svg = render(&chart, &Style::sized(400.0, 240.0));
    let document = parsed(&svg);
    let names = document.descendants().filter(|node| node.has_tag_name("text") && node.attribute("text-anchor") == Some("end"));
    let mut heights: Vec<f64> = names.map(|node| node.attribute("y").unwrap().parse().unwrap()).collect();
    heights.sort_by(f64::total_cmp);
    assert!(heights.len() >= 3 && heights.windows(2).all(|pair| pair[1] - pair[0] >= 12.0), "{heights:?}");
    // What binds is among them.
    assert!(svg.contains("All sites") && svg.contains("more, where nothing binds"), "{svg}");
}

/// Letters that no font has are said; what a font of the computer has is set with it.
#[test]
fn letters_of_other_scripts_are_set_or_said_to_be_missing() {
    let bundled = Fonts::bundled();
    assert!(bundled.missing("Abilene, ≥ 12 µ → Zürich").is_empty());
    assert_eq!(bundled.missing("甘肃 Gansu 甘"), ['甘', '肃']);
    let said = bundled.missing_in_words("甘肃").unwrap();
    assert!(said.contains("甘") && said.contains("HTML"), "{said}");
    let none = Fonts::bundled().or_installed(usvg::fontdb::Database::new);
    assert_eq!(none.missing("甘肃"), ['甘', '肃']);
    // A font that has them: the bundled one stands in for it with a letter it has, moved to where a script is looked for.
    let installed = Fonts::bundled().or_installed(tokenworks::disk::installed_fonts);
    let covered = installed.missing("甘").is_empty();
    let svg = |text: &str| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\" font-family=\"Tokenworks Sans\"><text y=\"15\" font-size=\"14\">{text}</text></svg>"
        )
    };
    let (with, without) = (png::render(&svg("甘"), 96.0, &installed).unwrap(), png::render(&svg("甘"), 96.0, &bundled).unwrap());
    assert_eq!(with != without, covered, "a font that has the letter draws it");
}

#[test]
fn pictures_hold_text() {
    let fonts = Fonts::bundled();
    let svg = |words: &str| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"120\" height=\"30\" font-family=\"{}\"><text x=\"4\" y=\"20\" font-size=\"16\">{words}</text></svg>",
            tokenworks::export::fonts::FAMILIES
        )
    };
    let (blank, regular) = (png::render(&svg(""), 96.0, &fonts).unwrap(), png::render(&svg("CO₂ Ωж 123"), 96.0, &fonts).unwrap());
    assert_ne!(blank, regular, "text vanished");
    assert_ne!(
        regular,
        png::render(&svg("CO₂ Ωж 123").replace("<text", "<text font-weight=\"600\""), 96.0, &fonts).unwrap(),
        "semibold is its own face"
    );
    let chart = (find("tokens").unwrap().chart)(&fixture::results(), &Selection::default());
    let (low, high) = (
        png::render(&render(&chart, &Style::default()), 96.0, &fonts).unwrap(),
        png::render(&render(&chart, &Style::default()), 192.0, &fonts).unwrap(),
    );
    let width = |png: &[u8]| u32::from_be_bytes([png[16], png[17], png[18], png[19]]);
    assert_eq!((width(&low), width(&high)), (800, 1600));
    assert!(png::render("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20000\" height=\"20000\"/>", 96.0, &fonts).is_err());
    assert!(png::render("no svg", 96.0, &fonts).is_err());
}

#[test]
fn widths_of_text_are_those_of_the_font() {
    let text = "Abilene, 2028Q3 — 12,345 MW";
    for (semibold, weight) in [(false, 400), (true, 600)] {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"60\"><text x=\"0\" y=\"40\" font-family=\"Tokenworks Sans\" font-weight=\"{weight}\" font-size=\"20\">{text}</text></svg>"
        );
        let options = usvg::Options {
            fontdb: {
                let mut database = usvg::fontdb::Database::new();
                for bytes in [tokenworks::export::fonts::REGULAR, tokenworks::export::fonts::SEMIBOLD] {
                    database.load_font_data(bytes.to_vec());
                }
                std::sync::Arc::new(database)
            },
            ..usvg::Options::default()
        };
        let tree = usvg::Tree::from_str(&svg, &options).unwrap();
        let drawn = f64::from(tree.root().abs_layer_bounding_box().width());
        let measured = tokenworks::export::svg::text_width(text, 20.0, semibold);
        assert!((drawn - measured).abs() < 8.0, "{drawn} {measured}");
    }
}

#[test]
fn figures_are_tabular() {
    for semibold in [false, true] {
        let widths: Vec<f64> =
            "0123456789".chars().map(|digit| tokenworks::export::svg::text_width(&digit.to_string(), 100.0, semibold)).collect();
        assert!(widths.windows(2).all(|pair| pair[0] == pair[1]), "{widths:?}");
    }
}

#[test]
fn pdf_has_real_text() {
    let results = fixture::results();
    let chart = (find("power-day").unwrap().chart)(&results, &Selection::default());
    let one = pdf::render("A chart", &[render(&chart, &Style::default())], &Fonts::bundled()).unwrap();
    let whole = report_pdf::render(&bare(&results), &Fonts::bundled()).unwrap();
    for bytes in [&one, &whole] {
        assert!(bytes.starts_with(b"%PDF-"));
        let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        assert!(has(b"TokenworksSans"), "the font is inside");
        assert!(has(b"/ToUnicode"), "text can be copied");
    }
    let hostile = fixture::hostile();
    assert!(report_pdf::render(&bare(&hostile), &Fonts::bundled()).is_ok());
    assert!(report_pdf::render(&bare(&fixture::infeasible()), &Fonts::bundled()).is_ok());
    // Where poppler is installed, its words are ours.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("chart.pdf");
    std::fs::write(&file, one).unwrap();
    if let Ok(output) = std::process::Command::new("pdftotext").arg(&file).arg("-").output() {
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("Power at Abilene") && text.contains("Interconnect 450 MW"), "{text}");
    }
}

#[test]
fn csv_never_holds_a_formula() {
    let results = fixture::hostile();
    for entry in CHARTS {
        let table = table(&(entry.chart)(&results, &Selection::default()));
        let text = csv::render(&table).unwrap();
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let records: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), table.rows.len() + 1, "{}", entry.name);
        for cell in records.iter().flatten() {
            let number = cell.parse::<f64>().is_ok();
            assert!(number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{}: {cell}", entry.name);
        }
    }
    for (raw, safe) in [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-x", "'-x"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        (" =x", "' =x"),
        ("a=b", "a=b"),
        ("../x", "../x"),
    ] {
        assert_eq!(csv::guarded(raw), safe);
    }
}

/// The files inside a spreadsheet, by name, inflated.
fn unzipped(bytes: &[u8]) -> Vec<(String, String)> {
    use std::io::Read;
    let number = |at: usize, count: usize| (0..count).map(|byte| usize::from(bytes[at + byte]) << (8 * byte)).sum::<usize>();
    let end = (0..bytes.len() - 3).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06")).unwrap();
    let mut at = number(end + 16, 4);
    let mut out = Vec::new();
    while bytes[at..].starts_with(b"PK\x01\x02") {
        let (method, packed, name, extra, comment, local) =
            (number(at + 10, 2), number(at + 20, 4), number(at + 28, 2), number(at + 30, 2), number(at + 32, 2), number(at + 42, 4));
        let file = String::from_utf8_lossy(&bytes[at + 46..at + 46 + name]).into_owned();
        let start = local + 30 + number(local + 26, 2) + number(local + 28, 2);
        let data = &bytes[start..start + packed];
        let mut text = String::new();
        match method {
            8 => {
                flate2::read::DeflateDecoder::new(data).read_to_string(&mut text).unwrap();
            }
            _ => text = String::from_utf8_lossy(data).into_owned(),
        }
        out.push((file, text));
        at += 46 + name + extra + comment;
    }
    out
}

#[test]
fn spreadsheets_hold_text_never_formulas() {
    let files = unzipped(&xlsx::render(&bare(&fixture::hostile())).unwrap());
    let sheets: Vec<&(String, String)> = files.iter().filter(|(name, _)| name.starts_with("xl/worksheets/sheet")).collect();
    // Four tables of the lender's view, five of trade, two of tasks, what throughputs rest on, and the sheet that computes: its formulas hold cells and numbers alone.
    assert_eq!(sheets.len(), CHARTS.len() + 25);
    let computing = format!("xl/worksheets/sheet{}.xml", CHARTS.len() + 25);
    for (name, text) in &sheets {
        if *name == computing {
            let formulas = text.split("<f>").skip(1).filter_map(|rest| rest.split("</f>").next());
            assert!(
                formulas.clone().count() > 20 && formulas.clone().all(|formula| !formula.contains(['"', '\'', '!', '&', '|'])),
                "{name}"
            );
            continue;
        }
        assert!(!text.contains("<f>") && !text.contains("<f "), "{name}");
    }
    let (_, strings) = files.iter().find(|(name, _)| name.ends_with("sharedStrings.xml")).unwrap();
    assert!(strings.contains("=1+1") && strings.contains("&lt;script&gt;"));
}

/// What LibreOffice reads in a file, sheet by sheet, as CSV; none where it is not installed.
fn read_by_libreoffice(name: &str, bytes: &[u8]) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, bytes).unwrap();
    let out = folder.path().join("out");
    // Commas, quotes, UTF-8, values and not formulas, every sheet.
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";
    let run = std::process::Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", folder.path().join("profile").display()))
        .args(["--headless", "--norestore", "--convert-to", filter, "--outdir"])
        .args([&out, &file])
        .output();
    match run {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        run => {
            let run = run.unwrap();
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
            let sheets: Vec<_> = std::fs::read_dir(&out)
                .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&run.stderr)))
                .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
                .collect();
            Some(sheets)
        }
    }
}

#[test]
fn libreoffice_shows_names_as_text() {
    let results = fixture::hostile();
    let fleet = table(&(find("fleet").unwrap().chart)(&results, &Selection::default()));
    let tokens = table(&(find("tokens-by-site").unwrap().chart)(&results, &Selection::default()));
    let Some(sheets) = read_by_libreoffice("answer.xlsx", &xlsx::render(&bare(&results)).unwrap()) else {
        println!("SKIPPED: LibreOffice (soffice) is not installed here; the bytes are inspected by another test.");
        return;
    };
    assert_eq!(sheets.len(), CHARTS.len() + 25, "every sheet opens");
    let all = sheets.concat();
    for sheet in [&fleet, &tokens] {
        for name in sheet.header.iter().map(|name| name.replace(['\t', '\u{1}'], "").replace('"', "\"\"")) {
            assert!(all.contains(&name), "{name:?} is not shown");
        }
    }
    assert!(all.contains("=1+1") && all.contains("@SUM(A1)") && all.contains("<script>alert(1)</script>") && all.contains("../x"));
    for table in [&fleet, &tokens] {
        let text = csv::render(table).unwrap();
        let seen = read_by_libreoffice("table.csv", text.as_bytes()).unwrap().concat();
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(seen.as_bytes());
        let header: Vec<String> = reader.records().next().unwrap().unwrap().iter().map(str::to_owned).collect();
        for (name, shown) in table.header.iter().zip(&header) {
            // A formula would show its value, an apostrophe keeps it text.
            let bare = |text: &str| text.trim_start_matches('\'').split_whitespace().collect::<String>();
            assert_eq!(bare(name), bare(shown), "{name:?} became {shown:?}");
        }
    }
}

#[test]
fn json_is_the_documented_document() {
    let results = fixture::results();
    let document = json::document(&results);
    for key in ["plan", "status", "objective", "kpis", "periods", "binding", "conflict", "certificate", "evidence", "solver"] {
        assert!(document.get(key).is_some(), "{key}");
    }
    assert_eq!(document["status"], "optimal");
    assert_eq!(document["certificate"]["checked"], true);
    let period = &document["periods"][4];
    for key in fixture::PERIOD_KEYS {
        assert!(period.get(key).is_some(), "{key}");
    }
    for key in [
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
    ] {
        assert!(document["kpis"][key].is_f64(), "{key}");
    }
    for key in ["path", "period", "family", "dual", "unit", "range"] {
        assert!(document["binding"][0].get(key).is_some(), "{key}");
    }
    assert_eq!(period["chips_in_service"]["abilene/gb200"], 64_800.0);
    assert!(period["served_ttok"]["abilene/chat/us"].as_f64().unwrap() > 0.0);
    // Sums agree with the key figures.
    let sum = |key: &str| {
        document["periods"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|period| period[key].as_object().unwrap().values())
            .map(|value| value.as_f64().unwrap())
            .sum::<f64>()
    };
    // What is served was made, or bought without counting.
    let served = results.kpis.answer_tokens_ttok + results.kpis.bought_tokens_ttok;
    assert!((sum("served_ttok") - served).abs() < 1e-6 * served);
    assert!(serde_json::from_str::<serde_json::Value>(&json::render(&results)).is_ok());
    let mut broken = results;
    broken.kpis.tokens_per_kwh = f64::NAN;
    assert!(json::document(&broken)["kpis"].get("tokens_per_kwh").is_none());
    let infeasible = json::document(&fixture::infeasible());
    assert_eq!(infeasible["status"], "infeasible");
    assert_eq!(infeasible["conflict"][0]["give"], 12.5);
    assert!(infeasible.get("kpis").is_none() && infeasible.get("periods").is_none());
}

/// Every key that a document can have stands on the guide's page of them.
#[test]
fn the_guide_names_every_key() {
    let page = include_str!("../../assets/guide/json.md");
    let (full, infeasible) = (json::document(&fixture::results()), json::document(&fixture::infeasible()));
    let objects = [&full, &full["plan"], &full["objective"], &full["kpis"], &full["periods"][0], &full["binding"][0], &full["certificate"]];
    let others = [&full["evidence"], &full["solver"], &infeasible, &infeasible["conflict"][0], &full["objective"]["phases"][0]];
    for object in objects.into_iter().chain(others) {
        for key in object.as_object().unwrap().keys() {
            assert!(page.contains(&format!("`{key}`")), "the guide does not name the key `{key}`");
        }
    }
}

#[test]
fn the_terminal_text_is_as_recorded() {
    insta::assert_snapshot!("solve_text", text::render(&fixture::results()));
    insta::assert_snapshot!("solve_text_infeasible", text::render(&fixture::infeasible()));
    assert!(!text::render(&fixture::hostile()).contains(['\t', '\u{1}', '\u{1b}']));
}

#[test]
fn the_svg_of_a_small_chart_is_as_recorded() {
    let chart = (find("bottlenecks").unwrap().chart)(&fixture::results(), &Selection::default());
    insta::assert_snapshot!("svg_bottlenecks", render(&chart, &Style::sized(420.0, 240.0)));
}
