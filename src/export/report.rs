//! The report as one HTML file that needs nothing else: key figures, charts as pictures in the
//! text, tables, assumptions with sources and grades, what binds, solver, certificate, plan hash.
//! It reads on screen and prints on paper.

use std::fmt::Write;

use crate::charts::tables::{Table, TableCell};
use crate::charts::{Body, CHARTS, Chart, Entry, Selection, palette};
use crate::plan::{Plan, file};
use crate::results::{Results, Status};

use super::fonts;
use super::headline;
use super::report_rows::{self as rows, cell_in_words, evidence_in_words};
use super::svg::{self, Style, escaped};

pub use super::report_input::{ReportInput, StudyPage};

/// How much of the page a chart takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// Half the width.
    Half,
    /// The whole width.
    Wide,
    /// The whole width, tall.
    Tall,
}

/// The charts that a report begins with, in its order, and those that need more than half the width. All
/// others follow in the order of [`CHARTS`], but for [`LEFT_OUT`].
const PICTURES: &[(&str, Room)] = &[
    ("map", Room::Wide),
    ("bottlenecks", Room::Wide),
    ("sankey", Room::Tall),
    ("tokens", Room::Half),
    ("tokens-by-chip", Room::Half),
    ("fleet", Room::Half),
    ("halls", Room::Half),
    ("power-day", Room::Half),
    ("power-periods", Room::Half),
    ("energy", Room::Half),
    ("cost", Room::Half),
    ("cost-per-mtok", Room::Half),
    ("cost-waterfall", Room::Half),
    ("cash-flow", Room::Half),
    ("owners-cash", Room::Half),
    ("debt-cover", Room::Half),
    ("repricing", Room::Half),
    ("capex", Room::Half),
    ("revenue", Room::Half),
    ("supply-curve", Room::Half),
    ("frontier", Room::Half),
    ("tokens-per-joule", Room::Half),
    ("chip-cost", Room::Half),
    ("shadow-prices", Room::Half),
    ("utilisation", Room::Half),
    ("carbon", Room::Half),
    ("matching", Room::Half),
];

/// Charts that say what another one of the report says, by other parts.
const LEFT_OUT: [&str; 3] = ["tokens-by-site", "orders", "revenue-by-product"];

/// The charts a report may hold, in its order, each with its room.
fn in_order() -> impl Iterator<Item = (&'static Entry, Room)> {
    let first = PICTURES.iter().filter_map(|(name, room)| Some((crate::charts::find(name)?, *room)));
    let is_named = |name: &str| PICTURES.iter().any(|(known, _)| *known == name) || LEFT_OUT.contains(&name);
    first.chain(CHARTS.iter().filter(move |entry| !is_named(entry.name)).map(|entry| (entry, Room::Half)))
}

/// The charts a report may hold, in its order.
pub fn chart_entries() -> impl Iterator<Item = &'static Entry> {
    in_order().map(|(entry, _)| entry)
}

/// Sites whose day of power is shown.
const DAYS: usize = 6;

/// The charts of a report, each with its room; what has nothing to show is left out.
pub(crate) fn pictures(results: &Results) -> Vec<(Chart, Room)> {
    let mut out: Vec<(Chart, Room)> = Vec::new();
    for (entry, room) in in_order() {
        let selections = if entry.name == "power-day" {
            let own = (0..results.sites.len()).filter(|site| results.sites.get(*site).is_some_and(|site| !site.rented));
            own.take(DAYS).map(|site| Selection { site: Some(site), ..Selection::default() }).collect()
        } else {
            vec![Selection::default()]
        };
        let charts = selections.iter().map(|selection| (entry.chart)(results, selection));
        out.extend(charts.filter(|chart| !matches!(chart.body, Body::Empty { .. })).map(|chart| (chart, room)));
    }
    // Half charts stand in pairs; one that is left over takes the whole width.
    let halves = out.iter().filter(|(_, room)| *room == Room::Half).count();
    if let Some((_, room @ Room::Half)) = out.last_mut().filter(|_| !halves.is_multiple_of(2)) {
        *room = Room::Wide;
    }
    out
}

/// The tables of a report.
pub(crate) fn report_tables(input: &ReportInput<'_>) -> Vec<Table> {
    let results = input.results;
    let mut tables = if results.has_numbers() {
        vec![
            rows::builds(results),
            rows::in_service(results),
            rows::power(results),
            rows::money(results),
            headline::chip_hours(results),
            rows::sales(results),
            rows::decisions(results),
            unused(results),
            super::passport::facts_table(results),
        ]
    } else {
        Vec::new()
    };
    tables.extend(super::bill_rows::short_tables(results));
    tables.extend(super::routing::tables(results));
    tables.extend(super::trade::tables(results));
    tables.extend(super::lender::tables(results));
    let mut assumptions = rows::assumptions(input.assumptions);
    let sources = super::sources::numbered(&mut assumptions);
    for cell in assumptions.rows.iter_mut().flatten() {
        // Numbers as people read them: no more than five figures of what was computed.
        if let TableCell::Number(number) = cell {
            *cell = TableCell::Text(crate::words::digits(*number, 5));
        }
    }
    tables.push(assumptions);
    tables.push(sources);
    tables.extend(super::evidence::tables(results));
    tables.extend(input.plan.map(rows::notes));
    tables.retain(|table| !table.rows.is_empty());
    tables
}

/// What is not used, in the columns that a page has room for.
fn unused(results: &Results) -> Table {
    let mut table = rows::unused(results);
    table.header.truncate(UNUSED_COLUMNS);
    table.rows.iter_mut().for_each(|row| row.truncate(UNUSED_COLUMNS));
    table
}

/// The place of the price and the sentence are for spreadsheets.
const UNUSED_COLUMNS: usize = 5;

/// What stands under the title: plan, scenario, hash, status.
pub(crate) fn subtitle(results: &Results) -> String {
    let span = match (results.periods.first(), results.periods.last()) {
        (Some(first), Some(last)) if first.label == last.label => format!("{} · ", first.label),
        (Some(first), Some(last)) => format!("{} to {} · ", first.label, last.label),
        _ => String::new(),
    };
    let scenario = if results.scenario_name.is_empty() { "base plan".to_owned() } else { format!("scenario {}", results.scenario_name) };
    let hash: String = results.plan_sha256.chars().take(12).collect();
    format!("{span}{scenario} · {} · plan {hash}", rows::status_in_words(results))
}

/// How flows are discounted, said in every report.
pub(crate) const DISCOUNTING: &str = "Flows are discounted as at the end of each year of the horizon; money is real, of the price basis; capital is counted as annuities over its life. NPV, IRR and payback are of the same flows: revenue less opex, orders when they are paid, and, for NPV and IRR, what annuities leave unpaid at the end of the horizon. Cost per Mtok is levelised: discounted cost over discounted tokens.";

/// The report.
#[must_use]
pub fn render(input: &ReportInput<'_>) -> String {
    let results = input.results;
    let mut out = String::with_capacity(600_000);
    let title = escaped(&results.plan_name);
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:\">\n\
         <title>{title}</title>\n<style>\n{}\n{}</style>\n</head>\n<body>\n<main>\n",
        fonts::face_rules(),
        style()
    );
    let _ = writeln!(
        out,
        "<header>\n<p class=\"brand\">Tokenworks plan report</p>\n<h1>{title}</h1>\n<p class=\"quiet\">{}</p>\n</header>",
        escaped(&subtitle(results))
    );
    if !results.message.is_empty() {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", escaped(&results.message));
    }
    conflict(&mut out, results);
    brief(&mut out, input);
    if results.has_numbers() {
        out.push_str("<section class=\"figures\">\n");
        for figure in headline::figures(results) {
            let _ = writeln!(
                out,
                "<div><span class=\"label\">{}</span><span class=\"figure\">{} <small>{}</small></span></div>",
                escaped(figure.label),
                escaped(&figure.figure),
                escaped(figure.of_figure)
            );
        }
        out.push_str("</section>\n");
        if let Some(sentence) = headline::fractions_in_words(results) {
            let _ = writeln!(out, "<p class=\"note\">{}</p>", escaped(&sentence));
        }
        binding(&mut out, results);
        out.push_str("<h2>Charts</h2>\n<section class=\"charts\">\n");
        for (chart, room) in pictures(results) {
            let (class, drawn) = match room {
                Room::Half => ("half", Style::sized(520.0, 330.0)),
                Room::Wide => ("wide", Style::sized(1060.0, wide_height(&chart))),
                Room::Tall => ("wide", Style::sized(1060.0, 560.0)),
            };
            let _ = writeln!(out, "<figure class=\"{class}\">\n{}</figure>", svg::render(&chart, &drawn));
        }
        out.push_str("</section>\n");
    }
    for study in input.studies {
        let _ = writeln!(out, "<h2>{}</h2>\n<p>{}</p>", escaped(&study.title), escaped(&study.words));
        if !study.sentences.is_empty() {
            out.push_str("<ul>\n");
            for sentence in &study.sentences {
                let _ = writeln!(out, "<li>{}</li>", escaped(sentence));
            }
            out.push_str("</ul>\n");
        }
        out.push_str("<section class=\"charts\">\n");
        for chart in &study.charts {
            let _ = writeln!(out, "<figure class=\"wide\">\n{}</figure>", svg::render(chart, &Style::sized(1060.0, wide_height(chart))));
        }
        out.push_str("</section>\n");
        for table in &study.tables {
            self::table(&mut out, table);
        }
    }
    for table in report_tables(input) {
        self::table(&mut out, &table);
    }
    if !results.warnings.is_empty() {
        out.push_str("<h2>Notes on the plan</h2>\n<ul>\n");
        for warning in &results.warnings {
            let _ = writeln!(out, "<li>{} <span class=\"quiet\">{}</span></li>", escaped(&warning.message), escaped(&warning.path));
        }
        out.push_str("</ul>\n");
    }
    out.push_str("<h2>How it was solved</h2>\n<ul>\n");
    let mut facts = vec![rows::solver_in_words(results)];
    if results.has_numbers() {
        facts.extend(results.give_up.as_ref().map(|give_up| give_up.sentence.clone()));
        facts.push(rows::certificate_in_words(results));
        facts.push(evidence_in_words(results));
    }
    facts.push(DISCOUNTING.to_owned());
    for fact in facts.iter().filter(|fact| !fact.is_empty()) {
        let _ = writeln!(out, "<li>{}</li>", escaped(fact));
    }
    let _ = write!(
        out,
        "<li>Plan SHA-256 <code>{}</code></li>\n</ul>\n{}<footer class=\"quiet\">Tokenworks {}</footer>\n</main>\n</body>\n</html>\n",
        escaped(&results.plan_sha256),
        input.plan.map(plan_text).unwrap_or_default(),
        env!("CARGO_PKG_VERSION")
    );
    out
}

/// The plan itself, folded away: whoever has the report can solve it again.
fn plan_text(plan: &Plan) -> String {
    // Escaping for XML turns line ends into spaces: here they count.
    let lines: Vec<String> = file::print(plan).lines().map(escaped).collect();
    format!("<details>\n<summary>The plan as it was solved</summary>\n<pre>{}</pre>\n</details>\n", lines.join("\n"))
}

/// Height of a timeline: as many rows as it has.
pub(crate) fn wide_height(chart: &Chart) -> f64 {
    match &chart.body {
        Body::Timeline { rows, .. } => (120.0 + rows.len() as f64 * 38.0).clamp(190.0, 700.0),
        Body::Map { .. } | Body::Heat { .. } => 460.0,
        Body::Ranges { rows } => (90.0 + rows.len() as f64 * 30.0).clamp(150.0, 900.0),
        _ => 340.0,
    }
}

/// What must give in an infeasible plan.
fn conflict(out: &mut String, results: &Results) {
    if results.status == Status::Infeasible && !results.conflict.is_empty() {
        out.push_str("<h2>The least that must give</h2>\n<ul>\n");
        for give in &results.conflict {
            let _ = writeln!(out, "<li>{} <span class=\"quiet\">{}</span></li>", escaped(&give.sentence), escaped(&give.path));
        }
        out.push_str("</ul>\n");
    }
}

/// The opening sentences, under small headings.
fn brief(out: &mut String, input: &ReportInput<'_>) {
    let parts = super::brief::parts(input);
    if parts.is_empty() {
        return;
    }
    out.push_str("<section class=\"brief\">\n");
    for part in parts {
        let _ = writeln!(out, "<div><h3>{}</h3>", escaped(part.title));
        for sentence in &part.sentences {
            let _ = writeln!(out, "<p>{}</p>", escaped(sentence));
        }
        out.push_str("</div>\n");
    }
    out.push_str("</section>\n");
}

/// The limits worth most, in sentences.
fn binding(out: &mut String, results: &Results) {
    let binding = rows::binding(results, 10);
    if binding.rows.is_empty() {
        return;
    }
    out.push_str("<h2>What binds</h2>\n");
    if let Some(whose) = super::trade::worth_in_words(results) {
        let _ = writeln!(out, "<p>{}</p>", escaped(whose));
    }
    out.push_str("<table>\n<thead><tr><th>What</th><th>When</th><th class=\"number\">Limit</th><th class=\"number\">One more is worth</th><th class=\"number\">Holds between</th><th>In words</th></tr></thead>\n<tbody>\n");
    for row in &binding.rows {
        let word = |index: usize| row.get(index).map(cell_in_words).unwrap_or_default();
        let range = if word(7).is_empty() && word(8).is_empty() { String::new() } else { format!("{} and {}", word(7), word(8)) };
        let when = if word(2).is_empty() { "over the horizon".to_owned() } else { word(2) };
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td class=\"number\">{} {}</td><td class=\"number\">{} {}</td><td class=\"number\">{}</td><td>{}<br><span class=\"quiet\">{}</span></td></tr>",
            escaped(&word(0)),
            escaped(&when),
            escaped(&word(3)),
            escaped(&word(4)),
            escaped(&word(5)),
            escaped(&word(6)),
            escaped(&range),
            escaped(&word(9)),
            escaped(&word(1))
        );
    }
    out.push_str("</tbody>\n</table>\n");
}

/// A table with its title; numbers to the right.
fn table(out: &mut String, table: &Table) {
    let numeric: Vec<bool> =
        (0..table.header.len()).map(|column| table.rows.iter().any(|row| matches!(row.get(column), Some(TableCell::Number(_))))).collect();
    let class = |column: usize| if numeric.get(column).copied().unwrap_or(false) { " class=\"number\"" } else { "" };
    let _ = writeln!(out, "<h2>{}</h2>\n<div class=\"scroll\"><table>\n<thead><tr>", escaped(&table.title));
    for (column, name) in table.header.iter().enumerate() {
        let _ = write!(out, "<th{}>{}</th>", class(column), escaped(name));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows::in_words(table) {
        out.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            let _ = write!(out, "<td{}>{}</td>", class(column), escaped(cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
}

/// The style sheet: light, with room on screen and without waste on paper.
fn style() -> String {
    let theme = palette::theme(false);
    let hex = palette::hex;
    format!(
        "*{{box-sizing:border-box}}\n\
         body{{margin:0;background:{window};color:{text};font:14px/1.45 {families};font-variant-numeric:tabular-nums}}\n\
         main{{max-width:1120px;margin:0 auto;padding:32px 24px 48px}}\n\
         h1{{font-size:28px;font-weight:600;line-height:1.2;margin:2px 0 4px;overflow-wrap:anywhere}}\n\
         h2{{font-size:17px;font-weight:600;margin:32px 0 10px;break-after:avoid}}\n\
         p{{margin:0 0 8px}} ul{{margin:0;padding-left:20px}} code{{font-family:inherit;font-size:12px;overflow-wrap:anywhere}}\n\
         .brief{{display:grid;grid-template-columns:1fr 1fr;gap:4px 28px;margin:20px 0}} .brief div{{break-inside:avoid}} .brief p{{margin:0 0 5px}} h3{{font-size:14px;font-weight:600;margin:10px 0 4px;color:{accent}}}\n\
         .brand{{color:{accent};font-weight:600}} .quiet{{color:{quiet}}} .note{{margin-top:12px;padding:10px 14px;background:{panel};border-left:3px solid {accent}}}\n\
         .figures{{display:grid;grid-template-columns:repeat(4,1fr);gap:8px;margin:20px 0}}\n\
         .figures div{{background:{panel};border:1px solid {line};border-radius:8px;padding:10px 14px;break-inside:avoid}}\n\
         .label{{display:block;color:{quiet};font-size:12px}} .figure{{font-size:20px;font-weight:600}} .figure small{{font-size:12px;font-weight:400;color:{quiet}}}\n\
         .charts{{display:grid;grid-template-columns:1fr 1fr;gap:12px}} figure{{margin:0;background:{panel};border:1px solid {line};border-radius:8px;overflow:hidden;break-inside:avoid}}\n\
         .wide{{grid-column:1/-1}} figure svg{{display:block;width:100%;height:auto}}\n\
         .scroll{{overflow-x:auto}} table{{border-collapse:collapse;width:100%;font-size:12px;background:{panel}}}\n\
         th,td{{text-align:left;padding:5px 8px;border-bottom:1px solid {line};vertical-align:top;overflow-wrap:break-word}}\n\
         th{{font-weight:600;color:{quiet};white-space:nowrap}} .number{{text-align:right;white-space:nowrap}} tr{{break-inside:avoid}} thead{{display:table-header-group}}\n\
         footer{{margin-top:32px;font-size:12px}} details{{margin-top:24px}} summary{{font-size:17px;font-weight:600;cursor:pointer}}\n\
         pre{{font:12px/1.45 ui-monospace,Consolas,monospace;background:{panel};border:1px solid {line};border-radius:8px;padding:12px 14px;white-space:pre-wrap;overflow-wrap:anywhere}}\n\
         @media screen and (max-width:760px){{.charts,.brief{{grid-template-columns:1fr}} .figures{{grid-template-columns:1fr 1fr}}}}\n\
         @page{{size:A4;margin:14mm}}\n\
         @media print{{body{{background:#fff;font-size:10px}} main{{max-width:none;padding:0}} .charts{{gap:8px}} table{{font-size:8px}} th,td{{padding:3px 4px}} \
         .scroll{{overflow:visible}} h2{{margin:18px 0 6px}} *{{print-color-adjust:exact;-webkit-print-color-adjust:exact}}}}\n",
        window = hex(palette::window(false)),
        text = hex(theme.text),
        accent = hex(theme.accent),
        quiet = hex(theme.quiet),
        panel = hex(theme.panel),
        line = hex(theme.line),
        families = fonts::FAMILIES,
    )
}
