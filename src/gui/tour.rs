//! The first-run tour: five steps, each beside the part of the window it speaks of.

use egui::{Area, Id, Order, Pos2, Rect, RichText, Ui, vec2};

use super::theme;
use super::view::{Anchor, ViewState};

const STEPS: [(Anchor, &str, &str); 5] = [
    (
        Anchor::Tree,
        "The plan",
        "Everything you state stands here: sites with their halls and fleets, power contracts, chips, products, markets, policies and scenarios. Arrow keys walk it.",
    ),
    (
        Anchor::Inspector,
        "Its numbers",
        "Pick anything and change its numbers here: drag a number, or type 2*36 or 1.5 GW. Where a limit binds, you see what one more of it is worth.",
    ),
    (
        Anchor::Kpis,
        "The answer, live",
        "Every change is solved while you drag. Pin a baseline, and each figure shows its change against it.",
    ),
    (
        Anchor::Centre,
        "Pictures of it",
        "Map, layout of a site, tables, charts, comparison and explanations. Drag a tab aside to see two at once.",
    ),
    (
        Anchor::Search,
        "Anything by name",
        "Ctrl+K finds every command and every part of the plan. Ctrl+Z takes anything back; nothing you typed is lost.",
    ),
];

/// Draws the step of the tour that is shown, if any.
pub fn tour_ui(ui: &Ui, view: &mut ViewState) {
    let Some(step) = view.tour else { return };
    let Some((anchor, title, text)) = STEPS.get(step).copied() else {
        view.tour = None;
        return;
    };
    let screen = ui.ctx().content_rect();
    let part = view.anchors.get(&anchor).copied().unwrap_or(Rect::from_center_size(screen.center(), vec2(10.0, 10.0)));
    let tokens = theme::tokens(ui);
    let marker = ui.ctx().layer_painter(egui::LayerId::new(Order::Foreground, Id::unique("tour-marker")));
    marker.rect_stroke(
        part.shrink(1.0),
        egui::CornerRadius::same(theme::PANEL_RADIUS),
        egui::Stroke::new(2.0, tokens.accent),
        egui::StrokeKind::Inside,
    );
    let size = vec2(300.0, 170.0);
    let place = beside(part, size, screen);
    let mut next = Some(step);
    Area::new(Id::unique("tour")).order(Order::Foreground).fixed_pos(place).constrain_to(screen.shrink(8.0)).show(ui.ctx(), |ui| {
        egui::Frame::new()
            .fill(tokens.raised)
            .stroke(egui::Stroke::new(1.0, tokens.accent))
            .corner_radius(10)
            .inner_margin(14)
            .shadow(ui.visuals().popup_shadow)
            .show(ui, |ui| {
                ui.set_width(size.x - 28.0);
                ui.label(theme::title(title));
                ui.label(RichText::new(text).color(tokens.text));
                ui.add_space(8.0);
                ui.horizontal(|ui| {
                    ui.label(theme::quiet(ui, format!("{} of {}", step + 1, STEPS.len())));
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        let last = step + 1 == STEPS.len();
                        if super::widgets::primary_ui(ui, if last { "Start planning" } else { "Next" }).clicked() {
                            next = (!last).then_some(step + 1);
                        }
                        if step > 0 && ui.button("Back").clicked() {
                            next = Some(step - 1);
                        }
                        if !last && ui.button("Skip the tour").clicked() {
                            next = None;
                        }
                    });
                });
            });
    });
    if ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape)) {
        next = None;
    }
    view.tour = next;
    if next.is_none() {
        view.settings.tour_seen = true;
    }
}

/// A place for a box beside a part, on the side with the most room. Low where it can be: whoever leaves the tour
/// standing goes on working, and what is pressed stands at the top of a page.
fn beside(part: Rect, size: egui::Vec2, screen: Rect) -> Pos2 {
    let gap = 12.0;
    let low = (part.bottom() - size.y - gap).max(part.top() + gap);
    if screen.right() - part.right() > size.x + gap {
        Pos2::new(part.right() + gap, low)
    } else if part.left() - screen.left() > size.x + gap {
        Pos2::new(part.left() - size.x - gap, low)
    } else if screen.bottom() - part.bottom() > size.y + gap {
        Pos2::new(part.center().x - size.x / 2.0, part.bottom() + gap)
    } else {
        Pos2::new(part.center().x - size.x / 2.0, low)
    }
}
