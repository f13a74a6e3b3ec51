//! The strip of key figures, always visible, each with its change against the baseline. The planner chooses
//! which ones stand there, and in what order.

use crate::words;
use egui::{Align2, Sense, TextStyle, Ui, WidgetInfo, vec2};

use crate::gui::document::Document;
use crate::gui::theme;
use crate::gui::view::Settings;
use crate::gui::widgets::truth::{self, Subject};
use crate::results::Results;

mod choice;
mod figures;
mod page;

pub(super) use self::choice::chosen;
pub use self::figures::{Better, KPIS, Kpi, find, offered, standard};
pub(super) use self::page::{page_of, tip_ui, truth_ui};

/// Height of a tile.
const HEIGHT: f32 = 70.0;
/// Room at both sides of what a tile says.
const INSIDE: f32 = 12.0;
/// The button at the end of the strip.
const BUTTON: f32 = 74.0;

/// Draws the strip: the figures that the planner chose, as many as fit without being cut, and a button with all.
pub fn kpi_ui(ui: &mut Ui, document: &Document, settings: &mut Settings) {
    let gap = theme::GAP;
    let room = ui.available_width() - BUTTON;
    let chosen = chosen(settings, document);
    let (mut shown, mut used): (Vec<(&Kpi, f32)>, f32) = (Vec::new(), 0.0);
    for kpi in &chosen {
        let own = least_width(ui, kpi, document) + gap;
        if used + own > room && !shown.is_empty() {
            break;
        }
        shown.push((kpi, own));
        used += own;
    }
    // What is left is shared out, so that the strip is full.
    let more = ((room - used) / shown.len().max(1) as f32).max(0.0);
    let hidden = chosen.len() - shown.len();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        for (kpi, own) in &shown {
            tile_ui(ui, kpi, document, own + more - gap);
        }
        choice::button_ui(ui, document, settings, &chosen, hidden, vec2(BUTTON - gap, HEIGHT));
    });
}

/// What a tile needs so that nothing in it is cut. It never shrinks while the plan is open: figures that change
/// under a moving hand do not push each other about.
fn least_width(ui: &Ui, kpi: &Kpi, document: &Document) -> f32 {
    let width = |text: &str, style: TextStyle| {
        let font = style.resolve(ui.style());
        ui.painter().layout_no_wrap(text.to_owned(), font, egui::Color32::WHITE).size().x
    };
    let told = told(kpi, document);
    let figure = width(&format!("≈ {}", told.figure), theme::figure()) + 5.0 + width(&told.unit, TextStyle::Small);
    // Half a figure more: numbers get a digit while they are moved.
    let needs = [
        width(kpi.name, TextStyle::Small),
        figure + 6.0,
        width("nearly; being solved", TextStyle::Small),
        width(&told.below, TextStyle::Small),
    ];
    let least = needs.into_iter().fold(0.0, f32::max) + 2.0 * INSIDE;
    let key = egui::Id::unique(("width of", kpi.key, document.title(), ui.ctx().zoom_factor().to_bits()));
    let known = ui.data(|data| data.get_temp::<f32>(key)).unwrap_or(0.0);
    if least > known {
        ui.data_mut(|data| data.insert_temp(key, least));
    }
    least.max(known).ceil()
}

/// Share of a figure below which two answers are the same: what a later goal may give up of an earlier
/// one, and what the hot session keeps of it, lies below.
const SAME: f64 = 1e-5;

/// The change against the baseline in words, and whether it is better; `None` if there is none to speak of.
#[must_use]
pub fn change_of(kpi: &Kpi, now: f64, before: f64) -> Option<(String, Option<bool>)> {
    let change = now - before;
    if !change.is_finite() || change.abs() <= SAME * before.abs().max(1e-12) {
        return None;
    }
    let arrow = if change > 0.0 { "▲" } else { "▼" };
    let share = if before.abs() > 1e-12 {
        let percent = change.abs() / before.abs() * 100.0;
        if percent < 0.1 { "< 0.1 %".to_owned() } else { format!("{} %", words::short(percent)) }
    } else {
        (kpi.words)(change.abs()).0
    };
    let better = match kpi.better {
        Better::More => Some(change > 0.0),
        Better::Less => Some(change < 0.0),
        Better::Neither => None,
    };
    Some((format!("{arrow} {share}"), better))
}

/// Whether a figure says anything: a cost or a speed of no tokens does not.
#[must_use]
pub fn applies(kpi: &Kpi, results: &Results) -> bool {
    results.kpis.answer_tokens_ttok > 0.0
        || !matches!(kpi.key, "cost_usd_per_mtok" | "tokens_per_kwh" | "tok_per_s_per_mw" | "carbon_g_per_mtok" | "in_part_halls_fraction")
}

/// A figure, moved by what a goal it hangs on has moved nearly; `None` where it hangs on none, or on more.
fn estimated(kpi: &Kpi, results: &Results, goals: &[(&'static str, f64)]) -> Option<f64> {
    let goal = match kpi.key {
        // Raw tokens are the goal only where every token weighs the same.
        "answer_tokens_ttok_per_year" if results.kpis.answer_tokens_ttok == results.kpis.quality_tokens_ttok => "tokens",
        "quality_tokens_ttok" => "tokens",
        "npv_musd" => "npv",
        _ => return None,
    };
    let before = results.phases.iter().find(|phase| phase.name == goal)?.value;
    let (_, now) = goals.iter().find(|(name, _)| *name == goal)?;
    let value = (kpi.value)(results);
    Some(if goal == "npv" { value + (now - before) } else { value * now / before }).filter(|value| value.is_finite())
}

/// The goal whose value a figure is.
fn goal_of(kpi: &Kpi) -> &'static str {
    if kpi.key == "npv_musd" { "npv" } else { "" }
}

/// What giving up a little of the first goal brings to this figure: "+4.61 B$ for 0.1 % of tokens".
fn give_up_in_short(kpi: &Kpi, results: &Results) -> Option<String> {
    let give_up = results.give_up.as_ref().filter(|give_up| give_up.second == goal_of(kpi) && give_up.brings > 0.0)?;
    let (figure, unit) = (kpi.words)(give_up.brings);
    Some(format!("+{figure} {unit} for {} of {}", words::percent(give_up.share_fraction), give_up.goal))
}

/// What a tile says.
struct Told {
    value: Option<f64>,
    figure: String,
    unit: String,
    /// The line under the figure.
    below: String,
    /// Whether what the line says is better than before.
    better: Option<bool>,
    /// The change against the baseline, as it is spoken.
    change: String,
    /// Greyed: for the plan before the edit, or not settled yet.
    quiet: bool,
}

/// A figure of the answer on screen; what the run was stopped before says nothing yet.
pub(super) fn value_of(kpi: &Kpi, document: &Document) -> Option<f64> {
    let results = document.results().filter(|results| !results.hides(kpi.key) && applies(kpi, results))?;
    Some((kpi.value)(results)).filter(|value| value.is_finite())
}

fn told(kpi: &Kpi, document: &Document) -> Told {
    let results = document.results();
    let value = value_of(kpi, document);
    // Under a moving hand some figures are known nearly before they are found.
    let near = results.zip(document.estimate()).and_then(|(results, estimate)| estimated(kpi, results, &estimate.goals));
    let value = near.or(value);
    let (figure, unit) = value.map_or_else(|| ("–".to_owned(), String::new()), |value| (kpi.words)(value));
    // What the answer that is being found can still move is not told as if it were settled.
    let open = value.is_some() && !document.is_canonical();
    let figure = if open { format!("≈ {figure}") } else { figure };
    let change = value.zip(document.baseline()).and_then(|(now, baseline)| change_of(kpi, now, (kpi.value)(&baseline.results)));
    let stale = document.is_behind() && near.is_none();
    let (below, better) = match &change {
        _ if near.is_some() => ("nearly; being solved".to_owned(), None),
        _ if stale => ("before this edit".to_owned(), None),
        Some((text, better)) => (text.clone(), *better),
        None if document.baseline().is_some() && value.is_some() => ("= baseline".to_owned(), None),
        None => (results.and_then(|results| give_up_in_short(kpi, results)).unwrap_or_default(), None),
    };
    let change = change.map(|(text, _)| format!(", {text} against the baseline")).unwrap_or_default();
    Told { value, figure, unit, below, better, change, quiet: stale || open }
}

fn tile_ui(ui: &mut Ui, kpi: &Kpi, document: &Document, width: f32) {
    let tokens = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::focusable_noninteractive() | Sense::hover());
    let told = told(kpi, document);
    let spoken = format!("{} {} {}{}", kpi.name, told.figure, told.unit, told.change);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, spoken.trim()));
    let painter = ui.painter().with_clip_rect(rect);
    painter.rect_filled(rect, egui::CornerRadius::same(theme::PANEL_RADIUS), tokens.panel);
    let inner = rect.shrink2(vec2(INSIDE, 8.0));
    let small = TextStyle::Small.resolve(ui.style());
    painter.text(inner.left_top(), Align2::LEFT_TOP, kpi.name, small.clone(), tokens.quiet);
    let ink = if told.quiet { tokens.quiet } else { tokens.text };
    let figure = theme::figure().resolve(ui.style());
    let figure_rect = painter.text(inner.left_center() + vec2(0.0, 1.0), Align2::LEFT_CENTER, told.figure, figure, ink);
    painter.text(figure_rect.right_bottom() + vec2(5.0, -2.5), Align2::LEFT_BOTTOM, told.unit, small.clone(), tokens.quiet);
    let color = match told.better {
        Some(true) => tokens.good,
        Some(false) => tokens.bad,
        None => tokens.quiet,
    };
    painter.text(inner.left_bottom(), Align2::LEFT_BOTTOM, told.below, small, color);
    if response.has_focus() {
        ui.painter().rect_stroke(rect, theme::PANEL_RADIUS, egui::Stroke::new(1.0, tokens.accent), egui::StrokeKind::Inside);
    }
    truth::offer(ui, &response, || Subject::Figure(kpi.key));
    // Pointed at or reached by the keyboard, each figure says what it is.
    let value = told.value;
    if response.has_focus() {
        let tip = egui::Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), response.id, egui::PopupAnchor::from(&response));
        tip.show(|ui| tip_ui(ui, kpi, document, value));
    } else {
        response.on_hover_ui(|ui| tip_ui(ui, kpi, document, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::PhaseValue;

    #[test]
    fn figures_move_with_their_goals() {
        let kpi = |key: &str| *find(key).unwrap();
        let plan = crate::gui::document::empty_plan();
        let answer = crate::study::answer(&plan, &crate::resolved::Series::default(), &crate::study::Options::default());
        let Some(results) = answer.results else { return };
        let mut results = Results::clone(&results);
        results.phases = vec![
            PhaseValue { name: "tokens".into(), value: 40.0, unit: "Ttok".into() },
            PhaseValue { name: "npv".into(), value: 900.0, unit: "MUSD".into() },
        ];
        results.kpis.npv_musd = 900.0;
        results.kpis.quality_tokens_ttok = 40.0;
        results.kpis.answer_tokens_ttok = 50.0;
        let goals = [("tokens", 42.0), ("npv", 930.0)];
        assert_eq!(estimated(&kpi("npv_musd"), &results, &goals), Some(930.0));
        let weighted = kpi("quality_tokens_ttok");
        assert_eq!(estimated(&weighted, &results, &goals), Some((weighted.value)(&results) * 42.0 / 40.0));
        // Raw tokens of products that weigh differently, and what hangs on builds, are not known nearly.
        assert_eq!(estimated(&kpi("answer_tokens_ttok_per_year"), &results, &goals), None);
        assert_eq!(estimated(&kpi("capex_musd"), &results, &goals), None);
    }
}
