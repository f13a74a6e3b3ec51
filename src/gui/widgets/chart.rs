//! Draws a [`Chart`]: bars, areas and lines through `egui_plot`, the rest with the painter.
//! The cursor of a chart is moved by the pointer or, once the picture has the keyboard, by the arrow
//! keys; what it stands on is part of the picture's accessible name.
//!
//! [`chart_ui`] is the picture with its title; [`card_ui`] adds the table beside it and the menu
//! that saves and copies. Both draw exactly what files show: the same data, the same colours.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::containers::menu::MenuButton;
use egui::{Align, Color32, Id, Label, Layout, Rect, Response, RichText, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo, vec2};

use crate::charts::plot::{Pointed, Readings};
use crate::charts::{Body, Chart, ColorKey, Step, tables};
use crate::gui::command::{ChartFormat, Commands, Export, Request};
use crate::gui::theme;
use crate::gui::widgets::truth;
use crate::words::with_unit;

mod cache;
mod cells;
mod cursor;
mod of_tables;
mod painted;
mod plot;
pub mod ribbon;
pub mod standing;
mod table;
pub mod world;

pub use cache::ChartCache;
pub use cells::Walk;
pub use table::table_ui;

/// The least height a picture can be read at.
const LEAST_HEIGHT: f32 = 90.0;

/// The colour of a key in a chart.
#[must_use]
pub fn ink(ui: &Ui, chart: &Chart, key: &ColorKey) -> Color32 {
    theme::chart_color(ui, key, &chart.order)
}

/// Draws a chart into the space there is: title, picture, legend.
pub fn chart_ui(ui: &mut Ui, chart: &Chart) {
    title_ui(ui, chart, |_| {});
    let size = vec2(ui.available_width(), ui.available_height().max(LEAST_HEIGHT));
    picture_ui(ui, chart, size);
}

/// What a chart's card remembers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// The table stands beside the picture.
    pub table: bool,
    /// Asked for the whole panel.
    pub large: bool,
}

/// Draws a chart on a card of this height, with its menu, and its table if that is open.
pub fn card_ui(ui: &mut Ui, chart: &Arc<Chart>, height: f32, card: &mut Card, commands: &mut Commands) -> Response {
    let frame = theme::raised(ui);
    // The card takes its clicks before what stands on it: buttons and pictures are in front of it.
    let inner = ui.scope_builder(UiBuilder::new().id_salt("card").sense(Sense::click()), |ui| {
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 4.0;
            let top = ui.cursor().top();
            title_ui(ui, chart, |ui| buttons_ui(ui, chart, card, commands));
            let left = (height - (ui.cursor().top() - top)).max(LEAST_HEIGHT);
            let width = ui.available_width();
            if !card.table {
                picture_ui(ui, chart, vec2(width, left));
                return;
            }
            // The table stands beside the picture, or in its place where there is no room for both.
            ui.horizontal_top(|ui| {
                let beside = width > 560.0;
                if beside {
                    ui.vertical(|ui| picture_ui(ui, chart, vec2(width * 0.55, left)));
                }
                let rest = ui.available_width();
                ui.allocate_ui_with_layout(vec2(rest, left), Layout::top_down(Align::Min), |ui| {
                    ui.set_min_size(vec2(rest, left));
                    tables_ui(ui, chart, left);
                });
            });
        })
    });
    let response = inner.response;
    let name = format!("{} chart", chart.title);
    response.widget_info(|| WidgetInfo::labeled(Role::Group, true, &name));
    response.context_menu(|ui| menu_ui(ui, chart, card, commands));
    if card.large && ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape)) {
        card.large = false;
    }
    response
}

/// The data of a chart, and under it the table that belongs to it.
fn tables_ui(ui: &mut Ui, chart: &Chart, height: f32) {
    let Some(beside) = &chart.beside else {
        table_ui(ui, &tables::table(chart), height);
        return;
    };
    let half = (height - 26.0) / 2.0;
    let width = ui.available_width();
    let data = tables::table(chart);
    ui.allocate_ui(vec2(width, half), |ui| table_ui(ui, &data, half));
    ui.label(RichText::new(&beside.title).text_style(theme::strong()));
    ui.allocate_ui(vec2(width, half), |ui| table_ui(ui, beside, half));
}

/// Title, quiet subtitle, and what stands on the right.
fn title_ui(ui: &mut Ui, chart: &Chart, right: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.set_min_height(20.0);
        // What stands on the right is placed first, so that a long title gives way to it.
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            right(ui);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                let title = standing::marked(ui, chart.title.clone());
                let label = ui.add(Label::new(RichText::new(title).text_style(theme::strong())).truncate());
                truth::offer(ui, &label, || value_of(chart, None));
                label.on_hover_ui(|ui| {
                    ui.set_max_width(360.0);
                    ui.label(RichText::new(&chart.title).strong());
                    standing::truth_ui(ui, chart.name);
                    truth::hint_ui(ui);
                });
                if !chart.subtitle.is_empty() && ui.available_width() > 40.0 {
                    ui.add(Label::new(theme::quiet(ui, &chart.subtitle)).truncate()).on_hover_text(&chart.caption);
                }
            });
        });
    });
}

fn buttons_ui(ui: &mut Ui, chart: &Arc<Chart>, card: &mut Card, commands: &mut Commands) {
    let menu = MenuButton::from_button(egui::Button::new("…").frame_when_inactive(false)).ui(ui, |ui| menu_ui(ui, chart, card, commands)).0;
    menu.accessible_name(format!("Save or copy {}", chart.title)).on_hover_text("Save or copy");
    let size = if card.large { ("⊟", "Back to all charts") } else { ("⊞", "Enlarge") };
    for (icon, text, on) in
        [("☰", if card.table { "Hide the table" } else { "Show the table" }, &mut card.table), (size.0, size.1, &mut card.large)]
    {
        let button = ui.add(egui::Button::new(icon).selected(*on).frame_when_inactive(*on));
        if button.accessible_name(format!("{text} of {}", chart.title)).on_hover_text(text).clicked() {
            *on = !*on;
        }
    }
}

fn menu_ui(ui: &mut Ui, chart: &Arc<Chart>, card: &mut Card, commands: &mut Commands) {
    if ui.button(if card.table { "Hide the table" } else { "Show the table" }).clicked() {
        card.table = !card.table;
        ui.close();
    }
    if ui.button(if card.large { "Back to all charts" } else { "Enlarge" }).clicked() {
        card.large = !card.large;
        ui.close();
    }
    ui.separator();
    for format in ChartFormat::ALL {
        if ui.button(format!("Save as {}…", format.name())).clicked() {
            commands.send(Request::Export(Export::Chart(Arc::clone(chart), format)));
            ui.close();
        }
    }
    ui.separator();
    if ui.button("Copy the data").clicked() {
        ui.ctx().copy_text(table::tab_separated(&tables::table(chart)));
        commands.say("The data of the chart is on the clipboard");
        ui.close();
    }
    if let Some(beside) = &chart.beside
        && ui.button(format!("Copy “{}”", beside.title)).clicked()
    {
        ui.ctx().copy_text(table::tab_separated(beside));
        commands.say("The table is on the clipboard");
        ui.close();
    }
    if ui.button("Copy the picture").clicked() {
        commands.send(Request::Export(Export::CopyChart(Arc::clone(chart))));
        ui.close();
    }
}

/// Tells whoever drew the chart that a place of it was clicked.
fn tell_click(ui: &Ui, chart: &Chart, at: Pointed) {
    ui.data_mut(|data| data.insert_temp(Id::unique(("clicked", chart.name)), (chart.title.clone(), at)));
}

/// The place of a chart that was clicked since it was last asked.
pub fn take_click(ui: &Ui, chart: &Chart) -> Option<Pointed> {
    let id = Id::unique(("clicked", chart.name));
    let (_, at) = ui.data(|data| data.get_temp::<(String, Pointed)>(id)).filter(|(title, _)| *title == chart.title)?;
    ui.data_mut(|data| data.remove::<(String, Pointed)>(id));
    Some(at)
}

/// The picture and its legend, in exactly this size.
pub fn picture_ui(ui: &mut Ui, chart: &Chart, size: Vec2) {
    let (id, rect) = ui.allocate_space(size);
    // The picture is a leaf for screen readers: what the cursor is on is in its name, all of it in the table.
    let picture = ui.interact(rect, id, Sense::focusable_noninteractive());
    let told = if ui.is_rect_visible(rect) {
        let mut ui = ui.new_child(UiBuilder::new().id_salt((chart.name, "picture")).max_rect(rect).layout(Layout::top_down(Align::Min)));
        body_ui(&mut ui, chart, rect, &picture)
    } else {
        None
    };
    truth::tell(ui.ctx(), picture.id, (ui.rect_contains_pointer(rect), picture.has_focus()), || value_of(chart, told.as_ref()));
    let mut spoken = format!("{}, {}. {}", chart.title, chart.subtitle, chart.caption);
    if let Body::Waterfall { steps } = &chart.body {
        spoken = format!("{spoken} {}.", steps_in_words(steps, &chart.y.unit));
    }
    if let Some(told) = told {
        spoken = format!("{spoken} At the cursor, {}.", told.spoken());
    }
    picture.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
    if picture.has_focus() {
        let accent = theme::tokens(ui).accent;
        ui.painter().rect_stroke(rect.expand(3.0), 4.0, egui::Stroke::new(1.0, accent), egui::StrokeKind::Outside);
    }
}

/// What a waterfall goes through: `before 12 M$, Demand +3 M$, after 15 M$`.
fn steps_in_words(steps: &[Step], unit: &str) -> String {
    let said = |step: &Step| {
        let sign = if step.total || step.value < 0.0 { "" } else { "+" };
        format!("{} {sign}{}", step.name, with_unit(step.value, unit))
    };
    steps.iter().map(said).collect::<Vec<_>>().join(", ")
}

/// What the cursor is on, or the chart itself, as a page of its own.
fn value_of(chart: &Chart, told: Option<&Readings>) -> truth::Subject {
    let (what, formula) = standing::said_of(chart.name, "");
    // A picture of a study says in its caption what it shows.
    let what = if what.is_empty() { chart.caption.as_str() } else { what };
    let heading = told.map(|told| told.heading.as_str()).filter(|heading| !heading.is_empty());
    let title = heading.map_or_else(|| chart.title.clone(), |heading| format!("{}: {heading}", chart.title));
    let readings = told.into_iter().flat_map(|told| &told.rows).map(|row| (row.name.clone(), row.text.clone())).collect();
    truth::Subject::Value(truth::Page { title, readings, what: what.to_owned(), formula: formula.to_owned(), source: String::new() })
}

fn body_ui(ui: &mut Ui, chart: &Chart, rect: Rect, picture: &Response) -> Option<Readings> {
    // The topmost number of an axis stands half above the picture.
    ui.shrink_clip_rect(rect.expand2(vec2(2.0, 7.0)));
    match &chart.body {
        Body::StackedBars { .. } | Body::StackedAreas { .. } | Body::Lines { .. } => plot::axes_ui(ui, chart, picture),
        Body::Bars { .. }
        | Body::Waterfall { .. }
        | Body::Sankey { .. }
        | Body::Timeline { .. }
        | Body::Map { .. }
        | Body::Heat { .. }
        | Body::Ranges { .. } => painted::painted(ui, chart, rect, picture),
        Body::Empty { reason } => {
            empty(ui, rect, reason);
            None
        }
    }
}

/// Says why there is nothing to see.
pub fn empty(ui: &mut Ui, rect: Rect, reason: &str) {
    let color = theme::tokens(ui).quiet;
    let font = egui::TextStyle::Body.resolve(ui.style());
    let galley = ui.painter().layout(reason.to_owned(), font, color, (rect.width() - 40.0).clamp(60.0, 420.0));
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, color);
}

/// Draws charts of one name beside each other to one scale upwards, so that they can be compared by eye.
pub fn one_scale_ui(ui: &mut Ui, charts: &[&Chart], content: impl FnOnce(&mut Ui)) {
    let ranges: Vec<(f64, f64)> = charts.iter().filter_map(|chart| plot::own_range_up(ui, chart)).collect();
    let all = ranges.iter().copied().reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
    let keys = || charts.iter().map(|chart| Id::unique(("shared range", chart.name)));
    if let Some(all) = all {
        for key in keys() {
            ui.data_mut(|data| data.insert_temp(key, all));
        }
    }
    content(ui);
    for key in keys() {
        ui.data_mut(|data| data.remove_temp::<(f64, f64)>(key));
    }
}

/// The range upwards of the charts that this one is drawn beside.
pub(super) fn shared_range(ui: &Ui, chart: &Chart) -> Option<(f64, f64)> {
    ui.data(|data| data.get_temp(Id::unique(("shared range", chart.name))))
}

/// An entry of a legend.
pub(super) struct LegendItem<'l> {
    /// Its name.
    pub name: &'l str,
    /// Its colour.
    pub color: Color32,
    /// Drawn as a line instead of a square.
    pub line: bool,
}

/// Which series of a chart are switched off.
pub(super) fn hidden(ui: &Ui, chart: &Chart) -> BTreeSet<String> {
    ui.data(|data| data.get_temp(Id::unique(("hidden series", chart.name)))).unwrap_or_default()
}

/// The legend in one or more lines; a click on a name shows or hides its series.
pub(super) fn legend_ui(ui: &mut Ui, chart: &Chart, items: &[LegendItem<'_>]) {
    let tokens = theme::tokens(ui);
    let mut off = hidden(ui, chart);
    let before = off.len();
    ui.spacing_mut().interact_size.y = 16.0;
    let room = ui.available_width();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(12.0, 1.0);
        for item in items {
            let shown = !off.contains(item.name);
            let ink = if shown { tokens.quiet } else { tokens.line };
            let mark = if item.line { 18.0 } else { 9.0 };
            // A name longer than a line of the legend is cut there, and said whole when it is pointed at.
            let mut job = egui::text::LayoutJob::simple_singleline(item.name.to_owned(), egui::TextStyle::Small.resolve(ui.style()), ink);
            job.wrap = egui::text::TextWrapping::truncate_at_width((room - mark - 6.0).max(24.0));
            let galley = ui.painter().layout_job(job);
            let (rect, mut response) = ui.allocate_exact_size(vec2(mark + 5.0 + galley.size().x, 16.0), Sense::click());
            if galley.elided {
                response = response.on_hover_text(item.name);
            }
            response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, shown, format!("Show {} in {}", item.name, chart.title)));
            let color = if shown { item.color } else { tokens.line };
            let center = rect.left_center() + vec2(mark / 2.0, 0.0);
            if item.line {
                ui.painter().line_segment([rect.left_center(), rect.left_center() + vec2(mark, 0.0)], egui::Stroke::new(2.0, color));
            } else {
                ui.painter().rect_filled(Rect::from_center_size(center, Vec2::splat(9.0)), 2.0, color);
            }
            ui.painter().galley(egui::pos2(rect.left() + mark + 5.0, rect.center().y - galley.size().y / 2.0), galley, ink);
            if response.has_focus() {
                ui.painter().rect_stroke(rect.expand(2.0), 3.0, egui::Stroke::new(1.0, tokens.accent), egui::StrokeKind::Outside);
            }
            if response.clicked() && !off.remove(item.name) {
                off.insert(item.name.to_owned());
            }
        }
    });
    if off.len() != before {
        ui.data_mut(|data| data.insert_temp(Id::unique(("hidden series", chart.name)), off));
    }
}

/// Height that a legend of these names takes at this width.
pub(super) fn legend_height(ui: &Ui, names: &[&str], width: f32) -> f32 {
    let font = egui::TextStyle::Small.resolve(ui.style());
    let mut lines = 1.0;
    let mut used = 0.0;
    for name in names {
        let whole = ui.painter().layout_no_wrap((*name).to_owned(), font.clone(), Color32::WHITE).size().x + 14.0 + 12.0 + 9.0;
        let own = whole.min(width);
        if used + own > width && used > 0.0 {
            lines += 1.0;
            used = 0.0;
        }
        used += own;
    }
    lines * 17.0 + 7.0
}

/// A tooltip at the pointer with a heading and lines of colour, name and value.
///
/// Below them it says what the values are, how they are worked out and what they rest on.
pub(super) fn tip(ui: &Ui, chart: &str, at: egui::PopupAnchor, heading: &str, rows: &[(Option<Color32>, String, String)]) {
    let id = ui.scope_id().with(("tip", chart));
    egui::Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), id, at).gap(14.0).show(|ui| {
        ui.set_max_width(340.0);
        if !heading.is_empty() {
            ui.label(RichText::new(heading).text_style(theme::strong()));
        }
        egui::Grid::new(id.with("rows")).num_columns(2).spacing(vec2(16.0, 2.0)).show(ui, |ui| {
            for (color, name, value) in rows {
                ui.horizontal(|ui| {
                    if let Some(color) = color {
                        let (rect, _) = ui.allocate_exact_size(vec2(9.0, 14.0), Sense::hover());
                        ui.painter().rect_filled(Rect::from_center_size(rect.center(), Vec2::splat(9.0)), 2.0, *color);
                    }
                    ui.label(name);
                });
                ui.label(if value.is_empty() { String::new() } else { standing::marked(ui, value.clone()) });
                ui.end_row();
            }
        });
        standing::truth_ui(ui, chart);
        truth::hint_ui(ui);
    });
}
