//! The picture of a site: contracts, interconnect, cooling, halls, and the power that flows between.

use crate::words;
use egui::emath::GuiRounding as _;
use egui::{
    Align2, Color32, CornerRadius, CursorIcon, Id, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, TextStyle, Ui,
    Vec2, WidgetInfo, pos2, vec2,
};

use super::chain::{cooling_ui, interconnect_ui};
use super::grid::{connections_ui, feeds_ui};
use super::halls::{HallCard, cards};
use super::numbers;
use super::pieces::{self, Piece, chip_color, month_of};
use super::sources::{Places, sources, sources_ui};
use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::theme::{self};
use crate::gui::view::ViewState;
use crate::gui::widgets::chart::ribbon::{Edge, ribbon};
use crate::gui::widgets::truth;
use crate::results::Results;

pub(super) const CARD_HEIGHT: f32 = 48.0;
pub(super) const CARD_PITCH: f32 = 62.0;
const HALL_WIDTH: f32 = 148.0;
const HALL_HEIGHT: f32 = 116.0;
const HALL_GAP: f32 = 10.0;
const CELL: f32 = 8.0;
const RACK_ROWS: usize = 5;

/// Power at the site in the slice of the highest load of a period.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moment {
    /// Index of the slice.
    pub(super) slice: usize,
    pub(super) load_mw: f64,
    pub(super) it_mw: f64,
    pub(super) import_mw: f64,
}

fn moment(results: &Results, site: &str, period: usize) -> Option<Moment> {
    let index = results.sites.iter().position(|other| other.id == site)?;
    let power = results.power.get(index)?;
    let loads = power.load_mw.get(period)?;
    let (slice, load_mw) = loads.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let at = |rows: &[Vec<f64>]| rows.get(period).and_then(|row| row.get(slice)).copied().unwrap_or(0.0);
    Some(Moment { slice, load_mw, it_mw: at(&power.it_mw), import_mw: at(&power.interconnect_mw) })
}

/// Draws the canvas in at least this size.
pub fn canvas_ui(ui: &mut Ui, size: Vec2, document: &Document, view: &mut ViewState, site: &str, commands: &mut Commands) {
    let plan = document.plan();
    let results = document.results().map(AsRef::as_ref);
    let moment = results.and_then(|results| moment(results, site, view.period));
    let sources = sources(document, results, moment, site, view.period);
    let halls = cards(plan, results, site, view.period);
    // The scroll bar lies over the edge.
    let width = size.x.max(640.0) - 12.0;
    let halls_left = width * 0.61;
    let columns = (((width - halls_left + HALL_GAP) / (HALL_WIDTH + HALL_GAP)).floor() as usize).max(1);
    let hall = vec2(((width - halls_left - HALL_GAP * (columns as f32 - 1.0)) / columns as f32).min(210.0), HALL_HEIGHT);
    let rows = (halls.len() + 1).div_ceil(columns);
    let needed = (rows as f32 * (hall.y + HALL_GAP) + 12.0).max(sources.len() as f32 * CARD_PITCH + 12.0).max(300.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, needed.max(size.y - 4.0)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, format!("Layout of {site}")));
    let tokens = theme::tokens(ui);
    drop_ui(ui, &response, rect, document, site, commands);
    if response.clicked() {
        commands.select(format!("sites.{site}"));
    }
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let top = rect.top() + 10.0;
    // What flows stays in sight, however many halls there are.
    let middle = top + (needed - 20.0).min(size.y - 20.0).max(260.0) * 0.5;
    // Above the bar of the grid stand two lines of words.
    let tallest = 150.0_f32.min(rect.height() * 0.42);
    let middle = middle.max(top + 85.0 + tallest * 0.5);
    let limit = plan.sites.get(site).map_or(0.0, |own| own.grid_mw_at(month_of(plan, view.period)));
    let imported: f64 = sources.iter().filter(|source| !source.behind_meter).filter_map(|source| source.mw).sum();
    // One scale for every band, so that what goes in comes out.
    let scale = f64::from(tallest) / limit.max(imported).max(moment.map_or(0.0, |moment| moment.load_mw)).max(1.0);
    let thick = |mw: f64| ((mw * scale) as f32).max(1.0);
    // Its name stands above it.
    let bar_middle = (middle - 45.0).max(rect.top() + 46.0 + tallest / 2.0);
    let bar = Rect::from_center_size(pos2(rect.left() + width * 0.385, bar_middle), vec2(30.0, tallest));
    let circle = pos2(rect.left() + width * 0.52, middle + 15.0);
    sources_ui(ui, &painter, &sources, document, view, commands, &Places { rect, top, bar, circle, scale, width });
    interconnect_ui(ui, &painter, document, view, site, commands, bar, limit, moment);
    let month = month_of(plan, view.period);
    connections_ui(ui, &painter, document, site, commands, bar, month);
    if let Some(moment) = moment.filter(|moment| moment.import_mw > 1e-6) {
        let height = thick(moment.import_mw);
        let from = Edge { x: bar.right(), top: bar.bottom() - height, bottom: bar.bottom() };
        // A band no thicker than the circle it ends in.
        ribbon(&painter, from, Edge::around(pos2(circle.x - 20.0, circle.y), height.min(52.0)), tokens.quiet.gamma_multiply(0.35));
    }
    let slots: Vec<Rect> = (0..=halls.len())
        .map(|index| {
            let corner = pos2(
                rect.left() + halls_left + (index % columns) as f32 * (hall.x + HALL_GAP),
                top + (index / columns) as f32 * (hall.y + HALL_GAP),
            );
            Rect::from_min_size(corner, hall)
        })
        .collect();
    let it_mw: f64 = halls.iter().map(HallCard::used_mw).sum();
    for (hall, slot) in halls.iter().zip(&slots).filter(|(hall, _)| hall.stands) {
        let share = if it_mw > 0.0 { hall.used_mw() / it_mw } else { 0.0 };
        let height = (share as f32 * 44.0).clamp(2.0, 12.0);
        // Halls of the second column are fed through the gap between the rows.
        let first = (slot.left() - (rect.left() + halls_left)).abs() < 1.0;
        if first {
            ribbon(
                &painter,
                Edge::around(pos2(circle.x + 28.0, circle.y), height),
                Edge::around(slot.left_center(), height),
                tokens.quiet.gamma_multiply(0.28),
            );
        }
    }
    cooling_ui(ui, &painter, document, site, commands, circle, (moment, month_of(plan, view.period)));
    feeds_ui(ui, &painter, document, site, commands, circle + vec2(0.0, 90.0), month);
    for (hall, slot) in halls.iter().zip(&slots) {
        hall_ui(ui, &painter, document, view, hall, *slot, commands);
    }
    if let Some(slot) = slots.last() {
        new_hall_ui(ui, &painter, document, site, *slot, commands);
    }
    if let Some((results, moment)) = results.zip(moment) {
        let slice = results.slices.get(moment.slice);
        let day = slice.and_then(|slice| results.days.get(slice.day)).map_or("", |day| day.id.as_str());
        let hour = slice.map_or(0.0, |slice| slice.start_hour);
        let text = format!("At the highest load of the period, {day}, {}", words::hour(hour));
        painter.text(rect.left_bottom() + vec2(10.0, -4.0), Align2::LEFT_BOTTOM, text, TextStyle::Small.resolve(ui.style()), tokens.quiet);
    }
}

/// Takes in a piece dropped on the site.
fn drop_ui(ui: &Ui, response: &Response, rect: Rect, document: &Document, site: &str, commands: &mut Commands) {
    if response.dnd_hover_payload::<Piece>().is_some() {
        let tokens = theme::tokens(ui);
        ui.painter().rect(
            rect.shrink(2.0),
            8.0,
            tokens.accent_soft.gamma_multiply(0.5),
            Stroke::new(1.5, tokens.accent),
            StrokeKind::Inside,
        );
    }
    if let Some(piece) = response.dnd_release_payload::<Piece>() {
        pieces::add(document.plan(), site, *piece, commands);
    }
}

/// A card that selects what it stands for.
pub(super) fn card_ui(
    ui: &mut Ui,
    painter: &Painter,
    card: Rect,
    path: &str,
    view: &ViewState,
    name: &str,
    commands: &mut Commands,
) -> Response {
    let tokens = theme::tokens(ui);
    let response = ui.interact(card, Id::unique(("card on the canvas", path, name)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let selected = view.selection == path;
    let border = if selected || response.has_focus() {
        Stroke::new(1.5, tokens.accent)
    } else if response.hovered() {
        Stroke::new(1.0, tokens.quiet)
    } else {
        Stroke::new(1.0, if tokens.dark { tokens.field } else { tokens.line })
    };
    painter.rect(card, CornerRadius::same(6), tokens.raised, border, StrokeKind::Inside);
    if response.clicked() {
        commands.select(path);
    }
    response.on_hover_cursor(CursorIcon::PointingHand)
}

pub(super) fn cut_text(painter: &Painter, at: Pos2, text: &str, font: &egui::FontId, color: Color32, width: f32) -> bool {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font.clone(), color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(10.0));
    let galley = painter.layout_job(job);
    let whole = !galley.elided;
    painter.galley(at, galley, color);
    whole
}

fn hall_ui(ui: &mut Ui, painter: &Painter, document: &Document, view: &ViewState, hall: &HallCard, slot: Rect, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let share = |mw: f64| if hall.it_mw > 0.0 { mw / hall.it_mw } else { 0.0 };
    let filling: Vec<String> = hall
        .chips
        .iter()
        .filter(|(.., mw)| share(*mw) > 0.004)
        .map(|(_, name, mw)| format!("{name} {}", words::percent(share(*mw))))
        .collect();
    let filling = if filling.is_empty() {
        if hall.stands { "empty".to_owned() } else { "not built in this period".to_owned() }
    } else {
        filling.join(" · ")
    };
    let response = card_ui(ui, painter, slot, &hall.path, view, &format!("Hall {}, {}, {filling}", hall.name, hall.detail), commands);
    cut_text(
        painter,
        slot.min + vec2(10.0, 7.0),
        &hall.name,
        &theme::strong().resolve(ui.style()),
        if hall.stands { tokens.text } else { tokens.quiet },
        slot.width() - 20.0,
    );
    let small = TextStyle::Small.resolve(ui.style());
    cut_text(painter, slot.min + vec2(10.0, 24.0), &hall.detail, &small, tokens.quiet, slot.width() - 18.0);
    racks(ui, painter, document, hall, pos2(slot.left() + 10.0, slot.top() + 43.0), slot.width() - 20.0);
    cut_text(painter, pos2(slot.left() + 10.0, slot.bottom() - 19.0), &filling, &small, tokens.quiet, slot.width() - 18.0);
    let chips = || hall.chips.iter().map(|(_, name, mw)| (name.clone(), *mw));
    truth::offer(ui, &response, || numbers::hall(&hall.name, hall.it_mw, chips()));
    response.on_hover_text(format!("{}\n{filling}", hall.detail));
}

/// Rack positions, filled with the colours of the chips in them.
fn racks(ui: &Ui, painter: &Painter, document: &Document, hall: &HallCard, at: Pos2, width: f32) {
    let tokens = theme::tokens(ui);
    let columns = (width / CELL).floor().max(1.0) as usize;
    let cells = columns * RACK_ROWS;
    let mut fills: Vec<(Color32, usize)> = Vec::new();
    let mut sum = 0.0;
    let mut done = 0;
    for (chip, _, mw) in &hall.chips {
        sum += mw;
        let until = if hall.it_mw > 0.0 { ((sum / hall.it_mw * cells as f64).round() as usize).min(cells) } else { 0 };
        fills.push((chip_color(ui, document, chip), until.saturating_sub(done)));
        done = done.max(until);
    }
    let mut colors = fills.into_iter().flat_map(|(color, count)| std::iter::repeat_n(color, count));
    let blank = if hall.stands { tokens.field } else { tokens.field.gamma_multiply(0.5) };
    let size = Vec2::splat(CELL - 2.0);
    // One shape for all of them: each by itself would cost more than the rest of the frame.
    let mut mesh = egui::Mesh::default();
    for index in 0..cells {
        let (row, column) = (index / columns, index % columns);
        // Aisles between pairs of rows.
        let aisle = (row.div_ceil(2)) as f32 * 2.0;
        let corner = at + vec2(column as f32 * CELL, row as f32 * CELL + aisle);
        let cell = Rect::from_min_size(corner, size).round_to_pixels(painter.pixels_per_point());
        mesh.add_colored_rect(cell, colors.next().unwrap_or(blank));
    }
    painter.add(mesh);
}

fn new_hall_ui(ui: &mut Ui, painter: &Painter, document: &Document, site: &str, slot: Rect, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let enabled = !document.is_read_only();
    let response = ui.interact(slot, Id::unique(("new hall", site)), if enabled { Sense::click() } else { Sense::hover() });
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, "Drop a hall here"));
    let color = if response.hovered() || response.has_focus() { tokens.accent } else { tokens.quiet.gamma_multiply(0.7) };
    dashed(painter, slot, color);
    painter.text(slot.center(), Align2::CENTER_CENTER, "drop a hall here", TextStyle::Small.resolve(ui.style()), tokens.quiet);
    if response.on_hover_text("Add a kind of hall that may be built here").clicked() {
        pieces::add(document.plan(), site, Piece::Hall, commands);
    }
}

pub(super) fn dashed(painter: &Painter, rect: Rect, color: Color32) {
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    painter.extend(Shape::dashed_line(&corners, Stroke::new(1.2, color), 5.0, 5.0));
}
