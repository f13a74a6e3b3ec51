//! Presentation mode: big type, three key figures, one picture.

use egui::{Align2, Sense, TextStyle, Ui, vec2};

use super::kpi::{self, change_of};
use super::{PANELS, Panels, results};
use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::theme;
use crate::gui::view::{Settings, ViewState};
use crate::gui::widgets::truth;

/// Draws the title and the first three of the chosen figures: where nobody chose, tokens, cost and profit.
pub fn present_ui(ui: &mut Ui, document: &Document, settings: &Settings) {
    let tokens = theme::tokens(ui);
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.label(theme::quiet(ui, "F11 or Esc leaves"));
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                let scenario = if document.scenario().is_empty() { String::new() } else { format!(" · {}", document.scenario()) };
                let title = egui::RichText::new(format!("{}{scenario}", document.title())).text_style(theme::figure());
                ui.add(egui::Label::new(title).truncate());
            });
        });
    });
    let pinned: Vec<&kpi::Kpi> = kpi::chosen(settings, document).into_iter().take(3).collect();
    let gap = 2.0 * theme::GAP;
    let width = (ui.available_width() - 2.0 * gap) / pinned.len().max(1) as f32;
    // Big type on a small window must not spill out of its tile.
    let scale = (width / 420.0).clamp(0.35, 1.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        for kpi in pinned {
            let (rect, response) = ui.allocate_exact_size(vec2(width, 60.0 + 70.0 * scale), Sense::hover());
            truth::offer(ui, &response, || truth::Subject::Figure(kpi.key));
            let value = document.results().map(|results| (kpi.value)(results)).filter(|value| value.is_finite());
            let (figure, unit) = value.map_or_else(|| ("–".to_owned(), String::new()), |value| (kpi.words)(value));
            let open = value.is_some() && !document.is_canonical();
            let figure = if open { format!("≈ {figure}") } else { figure };
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{} {figure} {unit}", kpi.name)));
            let painter = ui.painter().with_clip_rect(rect);
            painter.rect_filled(rect, egui::CornerRadius::same(theme::PANEL_RADIUS), tokens.panel);
            let inner = rect.shrink(14.0);
            painter.text(inner.left_top(), Align2::LEFT_TOP, kpi.name, TextStyle::Heading.resolve(ui.style()), tokens.quiet);
            let mut big = theme::giant().resolve(ui.style());
            big.size *= scale;
            let ink = if document.is_behind() || open { tokens.quiet } else { tokens.text };
            let shown = painter.text(inner.left_center() + vec2(0.0, 4.0), Align2::LEFT_CENTER, figure, big, ink);
            painter.text(
                shown.right_bottom() + vec2(8.0, -8.0 * scale),
                Align2::LEFT_BOTTOM,
                unit,
                TextStyle::Heading.resolve(ui.style()),
                tokens.quiet,
            );
            let change = value.zip(document.baseline()).and_then(|(now, baseline)| change_of(kpi, now, (kpi.value)(&baseline.results)));
            if let Some((text, better)) = change {
                let color = match better {
                    Some(true) => tokens.good,
                    Some(false) => tokens.bad,
                    None => tokens.quiet,
                };
                painter.text(inner.left_bottom(), Align2::LEFT_BOTTOM, text, TextStyle::Heading.resolve(ui.style()), color);
            }
        }
    });
}

/// Panels that are one picture by themselves.
const PICTURES: [&str; 2] = ["Map", "Layout"];

/// Draws the picture under the figures: the map or the layout if that was in front, else one chart.
pub fn picture_ui(ui: &mut Ui, document: &Document, view: &mut ViewState, panels: &mut Panels, commands: &mut Commands, in_front: &str) {
    match PANELS.iter().find(|panel| panel.name == in_front && PICTURES.contains(&panel.name)) {
        Some(panel) => (panel.ui)(ui, document, view, panels, commands),
        None => results::one_chart_ui(ui, document, &mut panels.results, commands),
    }
}
