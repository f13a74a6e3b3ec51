//! What the power passes on its way to the halls: the interconnect and the cooling.

use crate::words;
use egui::{
    Align2, CornerRadius, CursorIcon, Id, Painter, Pos2, Rect, Role, Sense, Stroke, StrokeKind, TextStyle, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::canvas::Moment;
use super::numbers;
use crate::charts::ColorKey;
use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::theme;
use crate::gui::view::ViewState;
use crate::gui::widgets::truth;
use crate::plan::Month;
use crate::plan::node::Node as _;

pub(super) fn interconnect_ui(
    ui: &mut Ui,
    painter: &Painter,
    document: &Document,
    view: &ViewState,
    site: &str,
    commands: &mut Commands,
    bar: Rect,
    limit: f64,
    moment: Option<Moment>,
) {
    let tokens = theme::tokens(ui);
    let path = format!("sites.{site}.interconnect_mw");
    let import = moment.map_or(0.0, |moment| moment.import_mw);
    let text = if moment.is_some() {
        format!("{} of {} MW", words::number(import.round()), words::number(limit))
    } else {
        format!("{} MW", words::number(limit))
    };
    let response = ui.interact(bar.expand(4.0), Id::unique(("interconnect", site)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Interconnect, {text}")));
    let border = if view.selection == path || response.has_focus() { tokens.accent } else { tokens.line };
    painter.rect(bar, CornerRadius::same(5), tokens.field, Stroke::new(1.0, border), StrokeKind::Inside);
    let share = if limit > 0.0 { (import / limit).clamp(0.0, 1.0) as f32 } else { 0.0 };
    if share > 0.0 {
        let filled = Rect::from_min_max(pos2(bar.left(), bar.bottom() - bar.height() * share), bar.max);
        let grid = theme::chart_color(ui, &ColorKey::Family("interconnect"), document.order());
        // The colour of what binds, only where it does.
        let full = share > 0.985;
        painter.rect_filled(filled, CornerRadius::same(5), if full { grid } else { grid.lerp_to_gamma(tokens.quiet, 0.45) });
    }
    for (up, text, font, color) in
        [(24.0, "Interconnect", theme::strong(), tokens.text), (8.0, text.as_str(), TextStyle::Small, tokens.quiet)]
    {
        let galley = painter.layout_no_wrap(text.to_owned(), font.resolve(ui.style()), color);
        let place = Align2::CENTER_BOTTOM.anchor_size(bar.center_top() - vec2(0.0, up), galley.size());
        // Bands pass behind the words.
        painter.rect_filled(place.expand2(vec2(4.0, 1.0)), 3.0, tokens.panel.gamma_multiply(0.8));
        painter.galley(place.min, galley, color);
    }
    truth::offer(ui, &response, || numbers::interconnect(&words::called(document.plan(), &format!("sites.{site}")), moment, limit));
    if response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text("Go to the interconnect; F1 says what its numbers are").clicked() {
        commands.go_to(path);
    }
}

pub(super) fn cooling_ui(
    ui: &mut Ui,
    painter: &Painter,
    document: &Document,
    site: &str,
    commands: &mut Commands,
    at: Pos2,
    (moment, month): (Option<Moment>, Month),
) {
    let tokens = theme::tokens(ui);
    let radius = 32.0;
    let small = TextStyle::Small.resolve(ui.style());
    let stated = document.plan().sites.get(site).and_then(|own| own.pue.number());
    let pue = moment.filter(|moment| moment.it_mw > 1e-6).map(|moment| moment.load_mw / moment.it_mw).or(stated);
    let text = pue.map_or_else(|| "by the hour".to_owned(), |pue| words::fixed(pue, 2));
    let response = ui.interact(Rect::from_center_size(at, Vec2::splat(radius * 2.0)), Id::unique(("pue", site)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("PUE {text}")));
    let border = if response.has_focus() || response.hovered() { tokens.accent } else { tokens.quiet };
    painter.circle(at, radius, tokens.raised, Stroke::new(2.0, border));
    painter.text(at - vec2(0.0, 7.0), Align2::CENTER_CENTER, "PUE", theme::strong().resolve(ui.style()), tokens.text);
    painter.text(at + vec2(0.0, 9.0), Align2::CENTER_CENTER, &text, small.clone(), tokens.quiet);
    if let Some(moment) = moment {
        let cooling = (moment.load_mw - moment.it_mw).max(0.0);
        for (line, (mw, what)) in [(moment.it_mw, "IT"), (cooling, "cooling")].into_iter().enumerate() {
            let text = format!("{} MW {what}", words::number(mw.round()));
            painter.text(at + vec2(0.0, radius + 8.0 + 15.0 * line as f32), Align2::CENTER_TOP, text, small.clone(), tokens.quiet);
        }
    }
    if let Some(pipeline) = document.plan().sites.get(site).and_then(|own| own.data_pipeline.as_ref()) {
        let capacity = pipeline.capacity_gtok_per_hour.at(month).unwrap_or(0.0);
        let text = format!("pipeline {} Gtok/h", words::number(capacity));
        painter.text(at + vec2(0.0, radius + 40.0), Align2::CENTER_TOP, text, small, tokens.quiet);
    }
    truth::offer(ui, &response, || numbers::pue(&words::called(document.plan(), &format!("sites.{site}")), moment, pue));
    if response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text("Go to the PUE; F1 says what its numbers are").clicked() {
        commands.go_to(format!("sites.{site}.pue"));
    }
}
