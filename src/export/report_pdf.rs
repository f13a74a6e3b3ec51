//! The report as a PDF: A4 pages lying down, composed as SVG and set with real text.

use crate::charts::Chart;
use crate::charts::palette::{self, Rgb};
use crate::charts::tables::{Table, TableCell};
use crate::results::Results;

use super::fonts::{FAMILIES, Fonts};
use super::report::{DISCOUNTING, ReportInput, Room, StudyPage, pictures, report_tables, subtitle, wide_height};
use super::report_rows::evidence_in_words;
use super::svg::{self, Style};
use super::{ExportError, pdf};
use super::{headline, report_rows as rows};
use crate::charts::drawing::canvas::{Anchor, Canvas, Type};
use crate::charts::drawing::measure::{ellipsised, text_width, wrapped};

mod table;

const WIDTH: f64 = 1123.0;
const HEIGHT: f64 = 794.0;
const MARGIN: f64 = 40.0;
const INNER: f64 = WIDTH - 2.0 * MARGIN;
const TOP: f64 = MARGIN + 6.0;
const BOTTOM: f64 = HEIGHT - MARGIN - 14.0;
const GAP: f64 = 14.0;
/// What a heading takes up.
const HEADING: f64 = 28.0;

/// Pages as they are filled.
struct Pages<'a> {
    results: &'a Results,
    done: Vec<String>,
    canvas: Canvas,
    /// Charts of this page, as nested documents.
    pictures: String,
    y: f64,
}

impl<'a> Pages<'a> {
    fn new(results: &'a Results) -> Self {
        Self { results, done: Vec::new(), canvas: Canvas::default(), pictures: String::new(), y: TOP }
    }

    fn look(size: f64) -> Type {
        Type::new(size, palette::theme(false).text)
    }

    fn quiet(size: f64) -> Type {
        Type::new(size, palette::theme(false).quiet)
    }

    /// Ends the page, with its foot.
    fn turn(&mut self) {
        let hash: String = self.results.plan_sha256.chars().take(12).collect();
        let scenario =
            if self.results.scenario_name.is_empty() { String::new() } else { format!(", scenario {}", self.results.scenario_name) };
        let foot = ellipsised(&format!("{}{scenario}, plan {hash}", self.results.plan_name), 9.0, false, INNER - 60.0);
        let base = HEIGHT - MARGIN + 8.0;
        self.canvas.text(MARGIN, base, Self::quiet(9.0), &foot);
        self.canvas.text(WIDTH - MARGIN, base, Self::quiet(9.0).held(Anchor::End), &(self.done.len() + 1).to_string());
        let elements = svg::elements(&std::mem::take(&mut self.canvas));
        let pictures = std::mem::take(&mut self.pictures);
        self.done.push(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"{FAMILIES}\">\n{elements}{pictures}</svg>\n"
        ));
        self.y = TOP;
    }

    /// Turns the page if less than `height` is left.
    fn need(&mut self, height: f64) {
        if self.y + height > BOTTOM && self.y > TOP {
            self.turn();
        }
    }

    fn heading(&mut self, text: &str) {
        self.canvas.text(MARGIN, self.y + 16.0, Self::look(16.0).bold(), &ellipsised(text, 16.0, true, INNER));
        self.y += HEADING;
    }

    fn paragraph(&mut self, text: &str) {
        for line in wrapped(text, 11.0, false, INNER, 6) {
            self.need(16.0);
            self.canvas.text(MARGIN, self.y + 11.0, Self::look(11.0), &line);
            self.y += 16.0;
        }
        self.y += 4.0;
    }

    /// A chart in a thin frame at a place.
    fn picture(&mut self, chart: &Chart, x: f64, y: f64, width: f64, height: f64) {
        let line = palette::theme(false).line;
        self.canvas.rect(x - 1.0, y - 1.0, width + 2.0, height + 2.0, 2.0, line);
        let inside = svg::render(chart, &Style::sized(width, height));
        self.pictures.push_str(&inside.replacen("<svg ", &format!("<svg x=\"{x}\" y=\"{y}\" "), 1));
    }
}

/// The report as PDF.
///
/// # Errors
/// [`ExportError`] if the PDF can't be written.
pub fn render(input: &ReportInput<'_>, fonts: &Fonts) -> Result<Vec<u8>, ExportError> {
    pdf::render(&input.results.plan_name, &pages(input), fonts)
}

/// The pages as SVG.
#[must_use]
pub fn pages(input: &ReportInput<'_>) -> Vec<String> {
    let results = input.results;
    let mut pages = Pages::new(results);
    title_page(&mut pages, input);
    if results.has_numbers() {
        figures_page(&mut pages);
        charts(&mut pages);
    }
    studies(&mut pages, input.studies);
    let mut tables = report_tables(input);
    let binding = rows::binding(results, 24);
    if !binding.rows.is_empty() {
        tables.insert(0, narrow_binding(&binding));
    }
    // The sources and notes come last: they are looked up, not read.
    let sources = tables.iter().position(|table| table.name == "assumptions").unwrap_or(tables.len());
    let sources = tables.split_off(sources);
    for table in &tables {
        table::draw(&mut pages, table);
    }
    how_it_was_solved(&mut pages);
    for table in &sources {
        table::draw(&mut pages, table);
    }
    pages.turn();
    pages.done
}

/// How much a report holds, to be said before it is saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Pages of the PDF.
    pub pages: usize,
    /// Charts, those of studies among them.
    pub charts: usize,
    /// Tables.
    pub tables: usize,
    /// Numbers in the tables.
    pub numbers: usize,
}

/// How much the report holds; the pages are composed for it, as they are to be saved.
#[must_use]
pub fn extent(input: &ReportInput<'_>) -> Extent {
    let tables = report_tables(input);
    // Some numbers are words already, rounded for people.
    let is_number = |cell: &TableCell| match cell {
        TableCell::Number(_) => true,
        TableCell::Text(text) => text.trim_start_matches(['−', '-', '+', '≈', ' ']).starts_with(|first: char| first.is_ascii_digit()),
    };
    let charts = if input.results.has_numbers() { pictures(input.results).len() } else { 0 };
    Extent {
        pages: pages(input).len(),
        charts: charts + input.studies.iter().map(|study| study.charts.len()).sum::<usize>(),
        tables: tables.len(),
        numbers: tables.iter().flat_map(|table| table.rows.iter().flatten()).filter(|cell| is_number(cell)).count(),
    }
}

/// Solver, certificate, evidence, discounting, and the notes of the run.
fn how_it_was_solved(pages: &mut Pages<'_>) {
    let results = pages.results;
    let mut facts = vec![rows::solver_in_words(results)];
    if results.has_numbers() {
        facts.extend(results.give_up.as_ref().map(|give_up| give_up.sentence.clone()));
        facts.push(rows::certificate_in_words(results));
        facts.push(evidence_in_words(results));
    }
    facts.push(DISCOUNTING.into());
    facts.push(format!("Plan SHA-256 {}.", results.plan_sha256));
    // The heading stays with what it announces.
    pages.need(HEADING + 20.0 * facts.len() as f64);
    pages.heading("How it was solved");
    for fact in facts.iter().filter(|fact| !fact.is_empty()) {
        pages.paragraph(fact);
    }
    for warning in &results.warnings {
        pages.paragraph(&format!("Note on {}: {}", warning.path, warning.message));
    }
    pages.y += GAP;
}

/// The sentence says where the limit stands and what it is worth.
fn narrow_binding(table: &Table) -> Table {
    let ranged = table.rows.iter().any(|row| matches!(row.get(7), Some(TableCell::Number(_))));
    let keep: &[usize] = if ranged { &[0, 2, 3, 4, 7, 8, 9] } else { &[0, 2, 3, 4, 9] };
    let pick = |row: &[TableCell]| keep.iter().filter_map(|column| row.get(*column).cloned()).collect();
    Table {
        name: table.name.clone(),
        title: table.title.clone(),
        header: keep.iter().filter_map(|column| table.header.get(*column).cloned()).collect(),
        rows: table.rows.iter().map(|row| pick(row)).collect(),
    }
}

/// Title, and the opening in sentences.
fn title_page(pages: &mut Pages<'_>, input: &ReportInput<'_>) {
    let results = pages.results;
    let theme = palette::theme(false);
    pages.canvas.text(MARGIN, pages.y + 12.0, Type::new(12.0, theme.accent).bold(), "Tokenworks plan report");
    pages.y += 22.0;
    for line in wrapped(&results.plan_name, 28.0, true, INNER, 2) {
        pages.canvas.text(MARGIN, pages.y + 28.0, Pages::look(28.0).bold(), &line);
        pages.y += 36.0;
    }
    pages.canvas.text(MARGIN, pages.y + 12.0, Pages::quiet(12.0), &ellipsised(&subtitle(results), 12.0, false, INNER));
    pages.y += 34.0;
    if !results.message.is_empty() {
        pages.paragraph(&results.message);
    }
    for give in &results.conflict {
        pages.paragraph(&give.sentence);
    }
    if !results.has_numbers() {
        return;
    }
    brief(pages, &super::brief::parts(input));
    pages.turn();
}

/// The opening in two columns, so that it is one page.
fn brief(pages: &mut Pages<'_>, parts: &[super::brief::Part]) {
    let accent = palette::theme(false).accent;
    let width = (INNER - 32.0) / 2.0;
    // Each line with its heading mark and the room it takes.
    let mut columns: [Vec<(Option<&str>, String, f64)>; 2] = [Vec::new(), Vec::new()];
    let set: Vec<Vec<(Option<&str>, String, f64)>> = parts
        .iter()
        .map(|part| {
            let mut lines = vec![(Some(part.title), String::new(), 24.0)];
            for sentence in &part.sentences {
                let wrapped = wrapped(sentence, 11.0, false, width, 8);
                let last = wrapped.len().saturating_sub(1);
                lines.extend(wrapped.into_iter().enumerate().map(|(index, line)| (None, line, if index == last { 20.0 } else { 15.0 })));
            }
            lines
        })
        .collect();
    let height = |lines: &[(Option<&str>, String, f64)]| lines.iter().map(|(.., height)| height).sum::<f64>();
    let all: f64 = set.iter().map(|lines| height(lines)).sum();
    let mut used = 0.0;
    for lines in set {
        let own = height(&lines);
        // A part stays whole in the column that most of it belongs to.
        let column = usize::from(used + own / 2.0 > all / 2.0);
        used += own;
        if let Some(column) = columns.get_mut(column) {
            column.extend(lines);
        }
    }
    let top = pages.y;
    if columns.iter().any(|lines| top + height(lines) > BOTTOM) {
        // More than a page holds runs over pages.
        for part in parts {
            pages.need(HEADING + 20.0);
            pages.canvas.text(MARGIN, pages.y + 14.0, Type::new(13.0, accent).bold(), part.title);
            pages.y += 20.0;
            part.sentences.iter().for_each(|sentence| pages.paragraph(sentence));
        }
        return;
    }
    for (index, lines) in columns.into_iter().enumerate() {
        let x = MARGIN + index as f64 * (width + 32.0);
        let mut y = top;
        for (title, line, height) in lines {
            match title {
                Some(title) => pages.canvas.text(x, y + 17.0, Type::new(13.0, accent).bold(), title),
                None => pages.canvas.text(x, y + 11.0, Pages::look(11.0), &line),
            }
            y += height;
        }
        pages.y = pages.y.max(y);
    }
}

/// Tiles beside each other: as wide as the longest figure with its unit.
const TILES: usize = 6;

/// Key figures, and the map or the tokens.
fn figures_page(pages: &mut Pages<'_>) {
    let results = pages.results;
    let theme = palette::theme(false);
    pages.heading("Key figures");
    let width = (INNER - (TILES as f64 - 1.0) * 8.0) / TILES as f64;
    let figures = headline::figures(results);
    for (index, figure) in figures.iter().enumerate() {
        let (row, column) = (index / TILES, index % TILES);
        let (x, y) = (MARGIN + column as f64 * (width + 8.0), pages.y + row as f64 * 58.0);
        frame(&mut pages.canvas, x, y, width, 50.0, theme.line, theme.panel);
        pages.canvas.text(x + 10.0, y + 17.0, Pages::quiet(9.5), &ellipsised(figure.label, 9.5, false, width - 14.0));
        let unit = format!(" {}", figure.of_figure);
        // A long unit makes the figure smaller: nothing leaves its tile.
        let needs = |size: f64| text_width(&figure.figure, size, true) + text_width(&unit, 10.0, false);
        let size = [17.0, 15.0, 13.0].into_iter().find(|size| needs(*size) <= width - 18.0).unwrap_or(11.0);
        let number = Pages::look(size).bold();
        pages.canvas.spans(x + 10.0, y + 39.0, number, &[(&figure.figure, number), (&unit, Pages::quiet(10.0))]);
    }
    pages.y += figures.len().div_ceil(TILES) as f64 * 58.0 + 8.0;
    let height = BOTTOM - pages.y;
    if let Some((chart, _)) = pictures(results).first() {
        pages.picture(chart, MARGIN, pages.y, INNER, height);
    }
    pages.turn();
}

fn frame(canvas: &mut Canvas, x: f64, y: f64, width: f64, height: f64, line: Rgb, fill: Rgb) {
    canvas.rect(x, y, width, height, 6.0, line);
    canvas.rect(x + 0.75, y + 0.75, width - 1.5, height - 1.5, 5.5, fill);
}

/// Each study with its question and its pictures, one below the other.
fn studies(pages: &mut Pages<'_>, studies: &[StudyPage]) {
    let row = (BOTTOM - TOP - GAP) / 2.0;
    for study in studies {
        pages.need(HEADING + 20.0 + row);
        pages.heading(&study.title);
        pages.paragraph(&study.words);
        for chart in &study.charts {
            let height = wide_height(chart).min(row);
            pages.need(height);
            let y = pages.y;
            pages.picture(chart, MARGIN, y, INNER, height);
            pages.y += height + GAP;
        }
    }
}

/// Two charts in a row, wide ones alone. A tall one fills what is left of its page if that is much.
fn charts(pages: &mut Pages<'_>) {
    let half = (INNER - GAP) / 2.0;
    let row = (BOTTOM - TOP - GAP) / 2.0;
    let mut waiting: Option<Chart> = None;
    for (chart, room) in pictures(pages.results).into_iter().skip(1) {
        match (room, waiting.take()) {
            (Room::Half, None) => waiting = Some(chart),
            (Room::Half, Some(first)) => {
                pages.need(row);
                let y = pages.y;
                pages.picture(&first, MARGIN, y, half, row);
                pages.picture(&chart, MARGIN + half + GAP, y, half, row);
                pages.y += row + GAP;
            }
            (Room::Wide | Room::Tall, _) => {
                let left = BOTTOM - pages.y;
                let height = match room {
                    Room::Tall if left > 0.55 * (BOTTOM - TOP) => left,
                    Room::Tall => BOTTOM - TOP,
                    _ => wide_height(&chart).min(row),
                };
                pages.need(height);
                let y = pages.y;
                pages.picture(&chart, MARGIN, y, INNER, height);
                pages.y += height + GAP;
            }
        }
    }
}
