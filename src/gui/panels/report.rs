//! The report panel: what the report will hold, in its own order, and the files it can be saved as.

use crate::words;
use std::sync::Arc;

use egui::{Button, DragValue, Label, RichText, ScrollArea, TextStyle, Ui};

use crate::charts::Selection;
use crate::export::brief::{self, Part};
use crate::export::chart_file::Look;
use crate::export::report::{ReportInput, chart_entries};
use crate::export::report_pdf::Extent;
use crate::gui::command::{Commands, Export, ReportFormat, Request};
use crate::gui::document::Document;
use crate::gui::files::export::{Measuring, Running, measure};
use crate::gui::job::Job;
use crate::gui::theme;
use crate::gui::widgets::chart::{Card, ChartCache, card_ui};
use crate::gui::widgets::truth;
use crate::results::Results;

use super::kpi;
use super::studies::{Shown, StudiesView};

/// What the report panel remembers.
#[derive(Debug, Default)]
pub struct ReportView {
    cache: ChartCache,
    cards: std::collections::BTreeMap<&'static str, Card>,
    /// Of the studies, by id and number of the picture.
    of_studies: std::collections::BTreeMap<(String, usize), Card>,
    brief: Option<(Arc<Results>, Vec<Part>)>,
    /// What is to be saved, while it is asked where.
    pub wanted: Option<Export>,
    /// A file being made.
    pub running: Option<Running>,
    /// How much the report holds, of which answer; and what is being found out.
    extent: Option<(Arc<Results>, Extent)>,
    measuring: Option<(Arc<Results>, Option<Measuring>)>,
    /// How saved pictures of charts look.
    pub look: Look,
}

/// Draws the report panel.
pub fn report_ui(ui: &mut Ui, document: &Document, view: &mut ReportView, studies: &mut StudiesView, commands: &mut Commands) {
    let Some(results) = document.results().cloned() else {
        super::results::no_answer_ui(ui, document, commands);
        return;
    };
    ui.horizontal_wrapped(|ui| {
        ui.label(theme::title("Report"));
        ui.label(theme::quiet(ui, "a preview in the order of the pages"));
        ui.add_space(theme::GAP);
        for format in ReportFormat::ALL {
            if ui.button(format!("Save {}…", format.name())).on_hover_text(format.tooltip()).clicked() {
                commands.send(Request::Export(Export::Report(format)));
            }
        }
        if view.running.is_some() {
            ui.label(theme::quiet(ui, "saving…"));
        }
    });
    // On a line of its own, which is there from the start: nothing moves under the hand when it is known.
    let extent = extent_in_words(ui, document, &results, view, studies);
    ui.add(Label::new(theme::quiet(ui, extent)).truncate());
    look_ui(ui, &mut view.look);
    super::results::stale_note_ui(ui, document);
    ui.add_space(theme::GAP);
    let shown = studies.shown(document);
    ScrollArea::vertical().id_salt("report").auto_shrink(false).show(ui, |ui| {
        // A page is narrower than a screen.
        let width = ui.available_width().min(900.0);
        ui.vertical(|ui| {
            ui.set_max_width(width);
            ui.spacing_mut().item_spacing.y = theme::GAP;
            title_page_ui(ui, document, &results);
            brief_ui(ui, document, &results, &mut view.brief);
            figures_ui(ui, document, &results);
            for entry in chart_entries() {
                let height = 280.0;
                let place = egui::Rect::from_min_size(ui.cursor().min, egui::vec2(width, height + 22.0));
                if !ui.is_rect_visible(place) {
                    ui.allocate_space(place.size());
                    continue;
                }
                let chart = view.cache.get(&results, entry, Selection::default());
                let card = view.cards.entry(entry.name).or_default();
                ui.push_id(("report", entry.name), |ui| card_ui(ui, &chart, height, card, commands));
                if std::mem::take(&mut card.large) {
                    // A page has no room to enlarge a chart: the dashboard has it.
                    commands.send(Request::Enlarge(entry.name, Selection::default()));
                }
            }
            studies_ui(ui, document, (&shown, width), &mut view.of_studies, commands);
            assumptions_ui(ui, &results);
        });
    });
}

/// The studies that have been run on this plan, as the report has them; which others are left out.
fn studies_ui(
    ui: &mut Ui,
    document: &Document,
    (studies, width): (&[Shown], f32),
    cards: &mut std::collections::BTreeMap<(String, usize), Card>,
    commands: &mut Commands,
) {
    for study in studies {
        theme::raised(ui).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(RichText::new(&study.title).text_style(theme::strong()));
            ui.add(Label::new(&study.words).wrap());
        });
        for (number, chart) in study.charts.iter().enumerate() {
            let card = cards.entry((study.id.clone(), number)).or_default();
            let height = if card.large { 620.0 } else { 340.0 };
            let place = egui::Rect::from_min_size(ui.cursor().min, egui::vec2(width, height + 22.0));
            if !ui.is_rect_visible(place) {
                ui.allocate_space(place.size());
                continue;
            }
            ui.push_id(("report-study", &study.id, number), |ui| card_ui(ui, chart, height, card, commands));
        }
    }
    let left_out: Vec<&str> =
        document.plan().studies.keys().map(String::as_str).filter(|id| !studies.iter().any(|study| study.id == *id)).collect();
    if !left_out.is_empty() {
        let words = format!("Left out, because not run to the end on this plan: {}. Run them in the tab Studies.", left_out.join(", "));
        ui.add(Label::new(theme::quiet(ui, words)).wrap());
    }
}

/// How much the report holds, in words, once that is known of this answer.
fn extent_in_words(ui: &Ui, document: &Document, results: &Arc<Results>, view: &mut ReportView, studies: &mut StudiesView) -> String {
    if let Some((of, slot)) = &mut view.measuring
        && let Some(found) = Job::poll(slot)
    {
        view.extent = found.ok().map(|extent| (Arc::clone(of), extent)).or(view.extent.take());
    }
    let is_of_this = |of: &Arc<Results>| Arc::ptr_eq(of, results);
    // Pages are composed for it: once the answer is there to stay.
    let is_asked = view.measuring.as_ref().is_some_and(|(of, _)| is_of_this(of));
    if document.is_settled() && document.is_canonical() && !is_asked {
        let context = ui.ctx().clone();
        let pages = studies.pages(document);
        let started = measure(results, pages, document, move || context.request_repaint());
        view.measuring = Some((Arc::clone(results), started.ok()));
    }
    if let Some((_, extent)) = view.extent.as_ref().filter(|(of, _)| is_of_this(of)) {
        return format!(
            "{} as PDF, {}, {} with {}",
            words::counted(extent.pages, "page"),
            words::counted(extent.charts, "chart"),
            words::counted(extent.tables, "table"),
            words::counted(extent.numbers, "number"),
        );
    }
    match view.measuring.as_ref().filter(|(of, _)| is_of_this(of)) {
        Some((_, Some(_))) => "Counting its pages…".to_owned(),
        Some((_, None)) => "Its pages could not be counted; the log says more.".to_owned(),
        None => "Its pages are counted once the answer is settled.".to_owned(),
    }
}

/// How charts are saved, from here and from the menu of every chart.
fn look_ui(ui: &mut Ui, look: &mut Look) {
    ui.horizontal_wrapped(|ui| {
        ui.label(theme::quiet(ui, "Charts are saved as pictures of"));
        for (value, name, range, suffix) in [
            (&mut look.width, "Picture width", 160.0..=4000.0, ""),
            (&mut look.height, "Picture height", 120.0..=4000.0, " px"),
            (&mut look.dpi, "Dots per inch", 24.0..=1200.0, " dpi"),
        ] {
            let field = DragValue::new(value).range(range).speed(4.0).max_decimals(0).suffix(suffix);
            ui.add(field).accessible_name(name).on_hover_text(format!("{name} of saved charts; at 96 dpi a PNG has just as many pixels"));
            if name == "Picture width" {
                ui.label(theme::quiet(ui, "×"));
            }
        }
        for (dark, name) in [(false, "Light"), (true, "Dark")] {
            if ui.add(Button::new(name).selected(look.dark == dark)).accessible_name(format!("{name} pictures")).clicked() {
                look.dark = dark;
            }
        }
    });
}

fn title_page_ui(ui: &mut Ui, document: &Document, results: &Results) {
    theme::raised(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(RichText::new(document.title()).text_style(theme::figure()));
        let span = match (results.periods.first(), results.periods.last()) {
            (Some(first), Some(last)) => format!("{} to {}", first.label, last.label),
            _ => String::new(),
        };
        let scenario =
            if results.scenario_name.is_empty() { "base plan".to_owned() } else { format!("scenario {}", results.scenario_name) };
        ui.label(theme::quiet(ui, format!("{span} · {scenario} · plan {}", results.plan_sha256.chars().take(12).collect::<String>())));
    });
}

/// What the report says before anything else.
fn brief_ui(ui: &mut Ui, document: &Document, results: &Arc<Results>, kept: &mut Option<(Arc<Results>, Vec<Part>)>) {
    if !kept.as_ref().is_some_and(|(of, _)| Arc::ptr_eq(of, results)) {
        let input = ReportInput { results, assumptions: &[], plan: Some(document.plan()), studies: &[] };
        *kept = Some((Arc::clone(results), brief::parts(&input)));
    }
    let Some((_, parts)) = kept.as_ref().filter(|(_, parts)| !parts.is_empty()) else { return };
    theme::raised(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        for part in parts {
            ui.label(RichText::new(part.title).text_style(theme::strong()));
            for sentence in &part.sentences {
                ui.add(Label::new(sentence).wrap());
            }
            ui.add_space(4.0);
        }
    });
}

/// The key figures as the report has them, each in a tile as wide as the longest needs.
fn figures_ui(ui: &mut Ui, document: &Document, results: &Results) {
    theme::raised(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(12.0, 12.0);
            let financed = document.plan().finance.is_some();
            for kpi in kpi::offered(financed) {
                let value = (kpi.value)(results);
                let applies = value.is_finite() && !results.hides(kpi.key) && kpi::applies(kpi, results);
                let (figure, unit) = if applies { (kpi.words)(value) } else { ("–".to_owned(), String::new()) };
                // Tiles of one size wrap; columns of their own width would not.
                let tile = ui.allocate_ui_with_layout(egui::vec2(190.0, 44.0), egui::Layout::top_down(egui::Align::Min), |ui| {
                    ui.set_min_size(egui::vec2(190.0, 44.0));
                    ui.spacing_mut().item_spacing.y = 0.0;
                    ui.label(theme::quiet(ui, kpi.name));
                    ui.horizontal(|ui| {
                        ui.spacing_mut().item_spacing.x = 4.0;
                        ui.label(RichText::new(figure).text_style(theme::figure()));
                        ui.label(theme::quiet(ui, unit));
                    });
                });
                let pointed = ui.rect_contains_pointer(tile.response.rect);
                truth::tell(ui.ctx(), tile.response.id, (pointed, false), || truth::Subject::Figure(kpi.key));
                tile.response.on_hover_ui(|ui| kpi::tip_ui(ui, kpi, document, applies.then_some(value)));
            }
        });
    });
}

fn assumptions_ui(ui: &mut Ui, results: &Results) {
    theme::raised(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(RichText::new("How sure it is").text_style(theme::strong()));
        let shares = [
            ("measured", results.evidence.measured),
            ("calibrated", results.evidence.calibrated),
            ("modelled", results.evidence.modelled),
            ("unproven", results.evidence.unproven),
            ("stated", results.evidence.stated),
        ];
        let words: Vec<String> =
            shares.iter().filter(|(_, share)| *share > 0.0005).map(|(name, share)| format!("{} {name}", words::percent(*share))).collect();
        if !words.is_empty() {
            ui.label(format!("Tokens rest on throughput that is {}.", words.join(", ")));
        }
        let check = if results.certificate.checked { "checked" } else { "not checked" };
        let solver = &results.solver;
        ui.label(format!(
            "{} {}, {} columns, {} rows; certificate {check}, gap {:.0e}.",
            solver.name, solver.version, solver.columns, solver.rows, results.certificate.relative_gap
        ));
        for warning in &results.warnings {
            ui.label(RichText::new(&warning.message).text_style(TextStyle::Small).color(theme::severity(ui, warning.severity)));
        }
    });
}
