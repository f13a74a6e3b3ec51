//! The layout panel: one site from its contracts through the interconnect and the cooling to the
//! racks in its halls, period by period, with the sentence that says what holds it back.

use crate::words;
use egui::{ComboBox, Label, RichText, Role, ScrollArea, Sense, TextStyle, Ui, WidgetInfo, vec2};

use crate::charts::{family_label, worth_of_one_percent};
use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::theme;
use crate::gui::view::{ViewState, first_period};
use crate::gui::widgets::{scrolls_sideways, truth};
use crate::results::{Binding, Results};

mod canvas;
mod chain;
mod grid;
mod halls;
mod numbers;
mod pieces;
mod sources;

pub(super) use pieces::month_of;

pub use pieces::{Piece, large_load_ui};

/// What the layout panel remembers.
#[derive(Debug, Default)]
pub struct LayoutView {
    /// The site shown while nothing of a site is selected.
    site: String,
}

/// Draws the layout panel.
pub fn layout_ui(ui: &mut Ui, document: &Document, view: &mut ViewState, layout: &mut LayoutView, commands: &mut Commands) {
    let plan = document.plan();
    let Some(site) = shown_site(document, view, layout) else {
        super::results::no_answer_ui(ui, document, commands);
        return;
    };
    layout.site.clone_from(&site);
    header_ui(ui, document, &site, commands);
    let results = document.results().map(AsRef::as_ref);
    let periods: Vec<String> = results.map_or_else(
        || (0..plan.horizon.periods.min(400) as usize).map(|period| month_of(plan, period).to_string()).collect(),
        |results| results.periods.iter().map(|period| period.label.clone()).collect(),
    );
    first_period(view, results);
    view.period = view.period.min(periods.len().saturating_sub(1));
    let note = note_of(results, &site, view.period, &periods);
    // What stands below is measured first; the canvas takes the rest.
    let below = 48.0 + note.as_ref().map_or(0.0, |note| note_job(ui, note, ui.available_width() - 24.0).1 + 28.0);
    let height = (ui.available_height() - below).max(160.0);
    let width = ui.available_width();
    let output = ScrollArea::both().id_salt("canvas").auto_shrink(false).max_height(height).show(ui, |ui| {
        if document.is_behind() {
            ui.multiply_opacity(0.75);
        }
        canvas::canvas_ui(ui, vec2(width, height), document, view, &site, commands);
    });
    scrolls_sideways(ui, "The site, wider than the window", output.inner_rect, output.content_size.x);
    periods_ui(ui, &periods, view);
    if let Some(note) = note {
        note_ui(ui, &note, commands);
    }
}

/// The site of the selection, of a selected contract or fleet, the last one shown, or the first.
fn shown_site(document: &Document, view: &ViewState, layout: &LayoutView) -> Option<String> {
    let plan = document.plan();
    let mut parts = view.selection.split('.');
    let related = match (parts.next(), parts.next()) {
        (Some("sites"), Some(id)) => Some(id.to_owned()),
        (Some("contracts"), Some(id)) => plan.contracts.get(id).map(|contract| contract.site.to_string()),
        (Some("fleets"), Some(id)) => plan.fleets.get(id).map(|fleet| fleet.site.to_string()),
        _ => None,
    };
    [related, Some(layout.site.clone())]
        .into_iter()
        .flatten()
        .find(|id| plan.sites.contains_key(id))
        .or_else(|| plan.sites.keys().next().cloned())
}

/// The site's name, other sites, and the palette.
fn header_ui(ui: &mut Ui, document: &Document, site: &str, commands: &mut Commands) {
    let plan = document.plan();
    let name_of = |id: &str| {
        plan.sites.get(id).map_or_else(String::new, |site| if site.name.is_empty() { words::sentence(id) } else { site.name.clone() })
    };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(5.0, 6.0);
        if plan.sites.len() > 1 {
            let combo = ComboBox::from_id_salt("site of the layout")
                .selected_text(RichText::new(name_of(site)).text_style(theme::strong()))
                .show_ui(ui, |ui| {
                    for id in plan.sites.keys() {
                        if ui.selectable_label(id == site, name_of(id)).clicked() {
                            commands.select(format!("sites.{id}"));
                        }
                    }
                });
            combo.response.accessible_name("Site");
        } else {
            ui.label(theme::title(name_of(site)));
        }
        ui.label(theme::quiet(ui, "drag onto the site"));
        pieces::palette_ui(ui, document, site, commands);
    });
}

/// The bar of periods.
fn periods_ui(ui: &mut Ui, periods: &[String], view: &mut ViewState) {
    let tokens = theme::tokens(ui);
    ui.add_space(6.0);
    let gap = 5.0;
    let font = TextStyle::Small.resolve(ui.style());
    // `2027Q1` reads `27Q1` on a button.
    let short = |label: &str| if label.len() > 4 { label.strip_prefix("20").unwrap_or(label).to_owned() } else { label.to_owned() };
    let widest =
        periods.iter().map(|label| ui.painter().layout_no_wrap(short(label), font.clone(), tokens.text).size().x).fold(20.0, f32::max)
            + 12.0;
    let even = (ui.available_width() - gap * (periods.len() as f32 - 1.0)) / periods.len().max(1) as f32;
    let width = even.clamp(widest, widest.max(72.0));
    let output = ScrollArea::horizontal().id_salt("periods").auto_shrink([false, true]).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            for (index, label) in periods.iter().enumerate() {
                let chosen = view.period == index;
                let (rect, response) = ui.allocate_exact_size(vec2(width, 26.0), Sense::click());
                response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, format!("Period {label}")));
                let (fill, text, border) = match (chosen, response.hovered()) {
                    (true, _) => (tokens.accent, tokens.on_accent, tokens.accent),
                    (false, true) => (tokens.hover, tokens.text, tokens.line),
                    (false, false) => (tokens.raised, tokens.quiet, tokens.line),
                };
                let border = if response.has_focus() { tokens.text } else { border };
                ui.painter().rect(rect, theme::FIELD_RADIUS, fill, egui::Stroke::new(1.0, border), egui::StrokeKind::Inside);
                ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, short(label), font.clone(), text);
                if response.clicked() {
                    view.period = index;
                    view.picked_period = true;
                }
                if chosen && response.gained_focus() {
                    response.scroll_to_me(None);
                }
            }
        });
    });
    scrolls_sideways(ui, "Periods", output.inner_rect, output.content_size.x);
}

/// What holds a site back in a period.
struct Note {
    lead: String,
    text: String,
    path: String,
    binding: Option<Binding>,
}

fn note_of(results: Option<&Results>, site: &str, period: usize, periods: &[String]) -> Option<Note> {
    let results = results?;
    let index = results.sites.iter().position(|other| other.id == site)?;
    let here = |binding: &&Binding| {
        binding.stable
            && (binding.site == Some(index) || binding.site.is_none())
            && binding.period_index.is_none_or(|other| other == period)
            && worth_of_one_percent(binding).abs() > 1e-12
    };
    // A limit of the site itself says more than one of the whole plan, if both bind.
    let binding = results.binding.iter().filter(here).max_by(|a, b| {
        let own = |binding: &Binding| binding.site == Some(index);
        own(a).cmp(&own(b)).then(worth_of_one_percent(a).abs().total_cmp(&worth_of_one_percent(b).abs()))
    });
    let label = periods.get(period).map_or("", String::as_str);
    let Some(binding) = binding else {
        return Some(Note {
            lead: format!("Nothing binds here in {label}."),
            text: "No limit of this site is worth more in this period.".into(),
            path: String::new(),
            binding: None,
        });
    };
    // Since when it has bound without a break.
    let mut since = period;
    while since > 0
        && results.binding.iter().any(|other| other.path == binding.path && other.stable && other.period_index == Some(since - 1))
    {
        since -= 1;
    }
    let family = words::sentence(family_label(binding.family));
    let verb = if family.ends_with('s') { "bind" } else { "binds" };
    let when = match (binding.period_index, periods.get(since)) {
        (None, _) => "over the whole horizon".to_owned(),
        (Some(_), Some(first)) if since < period => format!("since {first}"),
        _ => format!("in {label}"),
    };
    Some(Note {
        lead: format!("{family} {verb} {when}."),
        text: words::in_words(&binding.sentence),
        path: binding.path.clone(),
        binding: Some(binding.clone()),
    })
}

/// The note as text of this width, and its height.
fn note_job(ui: &Ui, note: &Note, width: f32) -> (egui::text::LayoutJob, f32) {
    let color = theme::tokens(ui).accent;
    let mut job = egui::text::LayoutJob::default();
    let format = |style: TextStyle| egui::TextFormat { font_id: style.resolve(ui.style()), color, ..egui::TextFormat::default() };
    job.append(&note.lead, 0.0, format(theme::strong()));
    job.append(&note.text, 5.0, format(TextStyle::Body));
    job.wrap.max_width = width;
    job.wrap.max_rows = 3;
    let height = ui.painter().layout_job(job.clone()).size().y;
    (job, height)
}

fn note_ui(ui: &mut Ui, note: &Note, commands: &mut Commands) {
    ui.add_space(8.0);
    let color = theme::tokens(ui).accent;
    let response = theme::note(ui)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let (job, _) = note_job(ui, note, ui.available_width());
            ui.add(Label::new(job).wrap());
        })
        .response;
    if note.path.is_empty() {
        return;
    }
    let response = response.interact(Sense::click());
    let subject = note.binding.as_ref().map_or("", |binding| binding.subject.as_str());
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, format!("Go to what binds, {subject}")));
    if let Some(binding) = &note.binding {
        truth::offer(ui, &response, || super::limit_page::page(binding));
    }
    if response.has_focus() {
        ui.painter().rect_stroke(response.rect, 6.0, egui::Stroke::new(1.0, color), egui::StrokeKind::Inside);
    }
    if response
        .on_hover_cursor(egui::CursorIcon::PointingHand)
        .on_hover_text(format!("Go to {subject}; F1 says what its worth is"))
        .clicked()
    {
        commands.go_to(&note.path);
    }
}
