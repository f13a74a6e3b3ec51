//! The strip of key figures, always visible, each with its change against the baseline.

use egui::{Align2, Sense, TextStyle, Ui, WidgetInfo, vec2};

use crate::gui::document::Document;
use crate::gui::{format, theme};
use crate::results::Results;

mod truth;

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More.
    More,
    /// Less.
    Less,
    /// Neither.
    Neither,
}

/// A key figure.
#[derive(Clone, Copy)]
pub struct Kpi {
    /// The figure it is of, as named in the answer's key figures.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub tooltip: &'static str,
    /// Which way is better.
    pub better: Better,
    /// Its value.
    pub value: fn(&Results) -> f64,
    /// Its figure and unit in words.
    pub words: fn(f64) -> (String, String),
}

fn years(results: &Results) -> f64 {
    results.periods.iter().map(|period| period.years).sum::<f64>().max(1e-9)
}

fn tokens(value: f64) -> (String, String) {
    let (figure, unit) = format::ttok_parts(value);
    (figure, format!("{unit}/yr"))
}

fn plain(unit: &'static str) -> impl Fn(f64) -> (String, String) {
    move |value| (format::short(value), unit.to_owned())
}

fn money(value: f64) -> (String, String) {
    let (figure, unit) = format::musd_parts(value);
    (figure, unit.to_owned())
}

/// The key figures, in order.
pub const KPIS: &[Kpi] = &[
    Kpi {
        key: "answer_tokens_ttok_per_year",
        name: "Answer tokens",
        tooltip: "Raw answer tokens sold, mean per year; bought ones only if the plan counts them",
        better: Better::More,
        value: |results| results.kpis.answer_tokens_ttok_per_year,
        words: tokens,
    },
    Kpi {
        key: "quality_tokens_ttok",
        name: "Quality-weighted",
        tooltip: "Answer tokens weighted by the quality of their served model, mean per year",
        better: Better::More,
        value: |results| results.kpis.quality_tokens_ttok / years(results),
        words: tokens,
    },
    Kpi {
        key: "cost_usd_per_mtok",
        name: "Cost per Mtok",
        tooltip: "Levelised cost of a million tokens: discounted cost over discounted tokens, weighted by quality as the goal has them",
        better: Better::Less,
        value: |results| results.kpis.cost_usd_per_mtok,
        words: |value| plain("$")(value),
    },
    Kpi {
        key: "tokens_per_kwh",
        name: "Tokens per kWh",
        tooltip: "Raw answer tokens of our own sites per kWh at the meter",
        better: Better::More,
        value: |results| results.kpis.tokens_per_kwh,
        words: |value| {
            let (figure, unit) = format::ttok_parts(value * 1e-12);
            (figure, unit.to_owned())
        },
    },
    Kpi {
        key: "tok_per_s_per_mw",
        name: "Speed per power",
        tooltip: "Raw answer tokens per second per MW of mean facility load",
        better: Better::More,
        value: |results| results.kpis.tok_per_s_per_mw,
        words: |value| {
            let (figure, unit) = format::ttok_parts(value * 1e-12);
            (figure, format!("{unit}/s/MW"))
        },
    },
    Kpi {
        key: "peak_mw",
        name: "Peak power",
        tooltip: "Highest facility load of all sites together",
        better: Better::Neither,
        value: |results| results.kpis.peak_mw,
        words: |value| plain("MW")(value),
    },
    Kpi {
        key: "capex_musd",
        name: "Capex",
        tooltip: "Capex ordered over the horizon",
        better: Better::Less,
        value: |results| results.kpis.capex_musd,
        words: money,
    },
    Kpi {
        key: "npv_musd",
        name: "NPV",
        tooltip: "Discounted revenue less cost",
        better: Better::More,
        value: |results| results.kpis.npv_musd,
        words: money,
    },
    Kpi {
        key: "carbon_g_per_mtok",
        name: "Carbon",
        tooltip: "Carbon per million raw answer tokens",
        better: Better::Less,
        value: |results| results.kpis.carbon_g_per_mtok,
        words: |value| plain("g/Mtok")(value),
    },
    Kpi {
        key: "in_part_halls_fraction",
        name: "In part halls",
        tooltip: "Share of the answer tokens made in fractions of a hall, which nobody builds; a whole-number run plans whole ones",
        better: Better::Less,
        value: |results| results.kpis.in_part_halls_fraction * 100.0,
        words: |value| plain("% of tokens")(value),
    },
];

/// Figures that a plan has only if it says how it is financed.
pub const OF_OWNERS: &[Kpi] = &[
    Kpi {
        key: "npv_after_tax_musd",
        name: "NPV after tax",
        tooltip: "Discounted flows after tax, before debt",
        better: Better::More,
        value: |results| results.kpis.npv_after_tax_musd.unwrap_or(f64::NAN),
        words: money,
    },
    Kpi {
        key: "irr_after_tax_fraction",
        name: "IRR after tax",
        tooltip: "Internal rate of return after tax, before debt, in money of the day",
        better: Better::More,
        value: |results| results.kpis.irr_after_tax_fraction.map_or(f64::NAN, |rate| rate * 100.0),
        words: |value| plain("% a year")(value),
    },
    Kpi {
        key: "lcot_usd_per_mtok",
        name: "Levelised price",
        tooltip: "LCOT: the constant real price of a million raw answer tokens at which the owners get just the return they ask, after tax and debt",
        better: Better::Less,
        value: |results| results.lender.as_ref().and_then(|lender| lender.lcot_usd_per_mtok).unwrap_or(f64::NAN),
        words: |value| plain("$/Mtok")(value),
    },
    Kpi {
        key: "irr_of_owners_fraction",
        name: "IRR of owners",
        tooltip: "Internal rate of return of the owners, after tax and debt, in money of the day",
        better: Better::More,
        value: |results| results.kpis.irr_of_owners_fraction.map_or(f64::NAN, |rate| rate * 100.0),
        words: |value| plain("% a year")(value),
    },
    Kpi {
        key: "dscr_least",
        name: "Debt cover",
        tooltip: "Least cash of a year over its debt service",
        better: Better::More,
        value: |results| results.kpis.dscr_least.unwrap_or(f64::NAN),
        words: |value| plain("times, least")(value),
    },
];

/// Figures in the order in which they are kept on the strip where not all fit.
const RANK: [&str; 15] = [
    "answer_tokens_ttok_per_year",
    "cost_usd_per_mtok",
    "npv_musd",
    "npv_after_tax_musd",
    "capex_musd",
    "peak_mw",
    "irr_of_owners_fraction",
    "tokens_per_kwh",
    "irr_after_tax_fraction",
    "lcot_usd_per_mtok",
    "carbon_g_per_mtok",
    "dscr_least",
    "quality_tokens_ttok",
    "in_part_halls_fraction",
    "tok_per_s_per_mw",
];

/// The figures that stay where so many fit, in their order, and the others.
fn kept<'k>(all: &[&'k Kpi], fit: usize) -> (Vec<&'k Kpi>, Vec<&'k Kpi>) {
    let rank = |kpi: &Kpi| RANK.iter().position(|key| *key == kpi.key).unwrap_or(RANK.len());
    let mut ranks: Vec<usize> = all.iter().map(|kpi| rank(kpi)).collect();
    ranks.sort_unstable();
    let last = fit.checked_sub(1).and_then(|last| ranks.get(last).copied()).unwrap_or(0);
    all.iter().partition(|kpi| rank(kpi) <= last)
}

/// Draws the strip: every figure, or those that fit and the rest behind a button.
pub fn kpi_ui(ui: &mut Ui, document: &Document) {
    let gap = theme::GAP;
    let width = ui.available_width();
    // The longest unit beside its figure.
    let least = 122.0;
    let of_owners = if document.plan().finance.is_some() { OF_OWNERS } else { &[] };
    let all: Vec<&Kpi> = KPIS.iter().chain(of_owners).collect();
    let button = 74.0;
    let (shown, rest) = if width >= all.len() as f32 * (least + gap) {
        (all, Vec::new())
    } else {
        kept(&all, ((width - button) / (least + gap)).floor().max(1.0) as usize)
    };
    let room = if rest.is_empty() { width + gap } else { width - button };
    let tile = room / shown.len().max(1) as f32 - gap;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        for kpi in &shown {
            tile_ui(ui, kpi, document, tile);
        }
        if rest.is_empty() {
            return;
        }
        let name = format!("{} more", rest.len());
        let more = egui::Button::new(&name).min_size(vec2(button - gap, 70.0));
        let response = egui::containers::menu::MenuButton::from_button(more)
            .ui(ui, |ui| {
                for kpi in &rest {
                    tile_ui(ui, kpi, document, 180.0);
                }
            })
            .0;
        response.accessible_name(format!("{name} key figures")).on_hover_text("The key figures that do not fit beside each other");
    });
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
        if percent < 0.1 { "< 0.1 %".to_owned() } else { format!("{} %", format::short(percent)) }
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
    Some(format!("+{figure} {unit} for {} of {}", crate::words::percent(give_up.share_fraction), give_up.goal))
}

fn tile_ui(ui: &mut Ui, kpi: &Kpi, document: &Document, width: f32) {
    let tokens = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 70.0), Sense::focusable_noninteractive() | Sense::hover());
    let results = document.results();
    let stale = document.is_behind();
    // What the run was stopped before says nothing yet.
    let value = results
        .filter(|results| !results.hides(kpi.key) && applies(kpi, results))
        .map(|results| (kpi.value)(results))
        .filter(|value| value.is_finite());
    // Under a moving hand some figures are known nearly before they are found.
    let near = results.zip(document.estimate()).and_then(|(results, estimate)| estimated(kpi, results, &estimate.goals));
    let value = near.or(value);
    let (figure, unit) = value.map_or_else(|| ("–".to_owned(), String::new()), |value| (kpi.words)(value));
    // What the answer that is being found can still move is not told as if it were settled.
    let open = value.is_some() && !document.is_canonical();
    let figure = if open { format!("≈ {figure}") } else { figure };
    let change = value.zip(document.baseline()).and_then(|(now, baseline)| change_of(kpi, now, (kpi.value)(&baseline.results)));
    let spoken = format!(
        "{} {figure} {unit}{}",
        kpi.name,
        change.as_ref().map(|(text, _)| format!(", {text} against the baseline")).unwrap_or_default()
    );
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, spoken.trim()));
    let painter = ui.painter().with_clip_rect(rect);
    painter.rect_filled(rect, egui::CornerRadius::same(theme::PANEL_RADIUS), tokens.panel);
    let inner = rect.shrink2(vec2(12.0, 8.0));
    let small = TextStyle::Small.resolve(ui.style());
    painter.text(inner.left_top(), Align2::LEFT_TOP, kpi.name, small.clone(), tokens.quiet);
    let stale = stale && near.is_none();
    let ink = if stale || open { tokens.quiet } else { tokens.text };
    let figure_rect =
        painter.text(inner.left_center() + vec2(0.0, 1.0), Align2::LEFT_CENTER, figure, theme::figure().resolve(ui.style()), ink);
    painter.text(figure_rect.right_bottom() + vec2(5.0, -2.5), Align2::LEFT_BOTTOM, unit, small.clone(), tokens.quiet);
    let (text, color) = match (&change, stale) {
        _ if near.is_some() => ("nearly; being solved".to_owned(), tokens.quiet),
        (_, true) => ("before this edit".to_owned(), tokens.quiet),
        (Some((text, better)), false) => (
            text.clone(),
            match better {
                Some(true) => tokens.good,
                Some(false) => tokens.bad,
                None => tokens.quiet,
            },
        ),
        (None, false) if document.baseline().is_some() && value.is_some() => ("= baseline".to_owned(), tokens.quiet),
        (None, false) => (results.and_then(|results| give_up_in_short(kpi, results)).unwrap_or_default(), tokens.quiet),
    };
    painter.text(inner.left_bottom(), Align2::LEFT_BOTTOM, text, small, color);
    if response.has_focus() {
        ui.painter().rect_stroke(rect, theme::PANEL_RADIUS, egui::Stroke::new(1.0, tokens.accent), egui::StrokeKind::Inside);
    }
    // Pointed at or reached by the keyboard, each figure says what it is.
    if response.has_focus() {
        let tip = egui::Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), response.id, egui::PopupAnchor::from(&response));
        tip.show(|ui| truth::truth_ui(ui, kpi, document, value));
    } else {
        response.on_hover_ui(|ui| truth::truth_ui(ui, kpi, document, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::PhaseValue;

    #[test]
    fn the_weightiest_figures_stay_in_their_order() {
        let all: Vec<&Kpi> = KPIS.iter().chain(OF_OWNERS).collect();
        let keys = |kpis: &[&Kpi]| kpis.iter().map(|kpi| kpi.key).collect::<Vec<_>>();
        let (shown, rest) = kept(&all, 3);
        assert_eq!(keys(&shown), ["answer_tokens_ttok_per_year", "cost_usd_per_mtok", "npv_musd"]);
        assert_eq!(rest.len(), all.len() - 3);
        assert!(all.iter().all(|kpi| RANK.contains(&kpi.key)), "every figure has its rank");
        assert_eq!(kept(&all, all.len()).1.len(), 0);
    }

    #[test]
    fn figures_move_with_their_goals() {
        let kpi = |key: &str| *KPIS.iter().find(|kpi| kpi.key == key).unwrap();
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
