//! Widgets of the workbench.

use egui::text::CCursorRange;
use egui::{Button, Color32, CornerRadius, Response, RichText, Sense, TextEdit, Ui, WidgetInfo, vec2};

use super::theme;

pub mod chart;
pub mod field;
pub mod number;
pub mod truth;

/// Scrolls a field into the middle of what is seen of its panel: up or down alone, unless it ends beyond the panel's side.
pub fn bring_into_sight(ui: &Ui, field: egui::Rect) {
    let seen = ui.clip_rect();
    let across = if field.right() > seen.right() { field.x_range() } else { seen.x_range() };
    ui.scroll_to_rect(egui::Rect::from_x_y_ranges(across, field.y_range()), Some(egui::Align::Center));
}

/// A switch: on or off.
pub fn switch_ui(ui: &mut Ui, on: bool, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(30.0, 17.0), Sense::click());
    let tokens = theme::tokens(ui);
    let name_owned = name.to_owned();
    response.widget_info(|| WidgetInfo::selected(egui::Role::Switch, ui.is_enabled(), on, name_owned.clone()));
    let along = ui.ctx().animate_bool_responsive(response.id, on);
    let fill = if on { tokens.accent } else { tokens.hover };
    let knob = if on { tokens.on_accent } else { tokens.quiet };
    ui.painter().rect_filled(rect, CornerRadius::same(9), fill);
    let center = egui::pos2(egui::lerp((rect.left() + 8.5)..=(rect.right() - 8.5), along), rect.center().y);
    let knob = if on && !tokens.dark {
        tokens.on_accent
    } else if on {
        Color32::WHITE
    } else {
        knob
    };
    ui.painter().circle_filled(center, 6.0, knob);
    if response.has_focus() {
        ui.painter().rect_stroke(
            rect.expand(2.0),
            CornerRadius::same(10),
            egui::Stroke::new(1.0, tokens.accent),
            egui::StrokeKind::Outside,
        );
    }
    response
}

/// Draws a part that has this much room across, however wide what stands above it has become: one thing that is too
/// wide does not push the ends of everything below it over the edge.
pub fn within<R>(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui) -> R) -> R {
    let place = egui::Rect::from_min_size(ui.cursor().min, vec2(width, ui.available_height().max(0.0)));
    let layout = egui::Layout::top_down(egui::Align::Min);
    ui.scope_builder(egui::UiBuilder::new().max_rect(place).layout(layout), content).inner
}

/// The room up to the edge of the part of the window that is drawn into.
#[must_use]
pub fn room_seen(ui: &Ui) -> f32 {
    let seen = ui.clip_rect().right() - ui.clip_rect().left().max(ui.cursor().left()) - 4.0;
    ui.available_width().min(seen.max(40.0))
}

/// What a pill takes beside its text.
const PILL_EDGES: f32 = 22.0;

/// How wide the pill of a text is where there is room for it.
#[must_use]
pub fn pill_width(ui: &Ui, text: &str) -> f32 {
    let font = egui::TextStyle::Small.resolve(ui.style());
    ui.painter().layout_no_wrap(text.to_owned(), font, Color32::WHITE).size().x + PILL_EDGES
}

/// A pill: a short text on a soft ground; cut where there is no room for it, and whole when it is pointed at.
pub fn pill_ui(ui: &mut Ui, text: &str, color: Color32, ground: Color32) -> Response {
    let font = egui::TextStyle::Small.resolve(ui.style());
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = egui::text::TextWrapping::truncate_at_width((ui.available_width() - PILL_EDGES).max(8.0));
    let galley = ui.painter().layout_job(job);
    let size = galley.size() + vec2(PILL_EDGES, 9.0);
    let (rect, mut response) = ui.allocate_exact_size(size, Sense::click());
    if galley.elided {
        response = response.on_hover_text(text);
    }
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), text));
    ui.painter().rect_filled(rect, CornerRadius::same(12), ground);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, color);
    response
}

/// Tells screen readers of a part of the window that scrolls sideways: what is behind its edge is not lost.
pub fn scrolls_sideways(ui: &Ui, name: &str, seen: egui::Rect, content_width: f32) {
    let hidden = f64::from(content_width - seen.width());
    if hidden < 1.0 {
        return;
    }
    // A node of its own, that takes no pointer from what stands in it.
    let response = ui.interact(seen, ui.scope_id().with(("sideways", name)), Sense::empty());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::ScrollView, true, name));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_scroll_x_min(0.0);
        node.set_scroll_x_max(hidden);
    });
}

/// A dot with a tooltip and a name.
pub fn dot_ui(ui: &mut Ui, color: Color32, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(12.0, 16.0), Sense::hover());
    ui.painter().circle_filled(rect.center(), 3.5, color);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, name));
    response.on_hover_text(name)
}

/// A button without a frame until the pointer is on it; `name` is what screen readers say.
pub fn icon_button_ui(ui: &mut Ui, icon: &str, name: &str) -> Response {
    let response = ui.add(Button::new(icon).frame_when_inactive(false));
    response.accessible_name(name).on_hover_text(name)
}

/// Gives a text field the keyboard with all that is in it marked: what is typed next takes its place.
pub fn typed_over(ui: &Ui, field: &Response, text: &str) {
    field.request_focus();
    if let Some(mut state) = TextEdit::load_state(ui.ctx(), field.id) {
        state.cursor.set_char_range(Some(CCursorRange::select_all_str(text)));
        state.store(ui.ctx(), field.id);
    }
}

/// A box to tick, with an outline that is seen on every ground.
pub fn tick_ui<'a>(ui: &mut Ui, on: &'a mut bool, text: impl egui::IntoAtoms<'a>) -> Response {
    ui.scope(|ui| {
        ui.visuals_mut().widgets.inactive.bg_stroke.color = theme::tokens(ui).quiet;
        ui.checkbox(on, text)
    })
    .inner
}

/// One of several, with an outline that is seen on every ground.
pub fn radio_ui<V: PartialEq>(ui: &mut Ui, picked: &mut V, own: V, text: &str) -> Response {
    ui.scope(|ui| {
        ui.visuals_mut().widgets.inactive.bg_stroke.color = theme::tokens(ui).quiet;
        ui.radio_value(picked, own, text)
    })
    .inner
}

/// Gives a button the keyboard where nothing else has it, so that Enter presses it.
pub fn has_keyboard(ui: &Ui, button: &Response) {
    if ui.memory(|memory| memory.focused().is_none()) {
        button.request_focus();
    }
}

/// The button that stands out.
pub fn primary_ui(ui: &mut Ui, text: &str) -> Response {
    let tokens = theme::tokens(ui);
    ui.add(Button::new(RichText::new(text).color(tokens.on_accent)).fill(tokens.accent))
}
