//! Charts on axes, through `egui_plot`: hover values, zoom, pan, and a cursor that charts with the
//! same periods share.
//!
//! What is drawn is laid out by [`crate::charts::plot`]; here it becomes items of the toolkit. The
//! toolkit has no category axis and no logarithmic one: categories stand at whole numbers, logarithms
//! are taken here, and formatters say what the ticks mean.

use std::collections::BTreeSet;

use egui::{Color32, FontId, Id, PointerButton, Rangef, Rect, Response, Sense, Stroke, TextStyle, Ui, Vec2b, pos2, vec2};
use egui_plot::{
    AxisHints, Bar, BarChart, FilledArea, GridInput, GridMark, Line, LineStyle, MarkerShape, PlotBounds, PlotPoints, PlotTransform, Points,
};

use self::marks::{Ticks, clear_below};
use super::cursor::Cursor;
use super::{LegendItem, hidden, ink, legend_height, legend_ui, tip};
use crate::charts::plot::{Curve, Plot, Pointed, Readings, plot, readings};
use crate::charts::ticks::ticks;
use crate::charts::{Body, Chart};
use crate::gui::theme;
use crate::words::grouped;

mod marks;

/// A drag that goes less than this far up or down zooms across alone.
const LEVEL_DRAG: f64 = 0.06;

/// Draws a chart on axes into the room there is, its legend below; what the cursor is on.
pub(super) fn axes_ui(ui: &mut Ui, chart: &Chart, picture: &Response) -> Option<Readings> {
    let off = hidden(ui, chart);
    let plot = plot(chart, &off)?;
    let items = legend_items(ui, chart);
    let names: Vec<&str> = items.iter().map(|(name, ..)| name.as_str()).collect();
    let below = legend_height(ui, &names, ui.available_width());
    let transform = plot_ui(ui, chart, &plot, picture, below);
    let told = cursor_ui(ui, chart, &plot, &off, picture, &transform);
    let items: Vec<LegendItem<'_>> = items.iter().map(|(name, color, line)| LegendItem { name, color: *color, line: *line }).collect();
    legend_ui(ui, chart, &items);
    told
}

/// The range upwards of what is shown of a chart by itself; `None` if it is not drawn on axes.
pub(super) fn own_range_up(ui: &Ui, chart: &Chart) -> Option<(f64, f64)> {
    let off = hidden(ui, chart);
    Some(range_up(&plot(chart, &off)?))
}

/// From the lowest to the highest, rounded out to ticks; by its logarithm where the axis is drawn by it.
fn range_up(plot: &Plot<'_>) -> (f64, f64) {
    let (low, high) = plot.y;
    if plot.log_y {
        return widened((scale(low, true), scale(high, true)));
    }
    let marks = ticks(low, high.max(low + 1e-9), 4).values;
    let (bottom, top) = (marks.first().copied().unwrap_or(low), marks.last().copied().unwrap_or(high));
    // A little room over the highest, so that a line on the edge isn't cut, and under the lowest, so
    // that its number keeps clear of those across.
    (bottom - 0.03 * (top - bottom), top + 0.02 * (top - bottom))
}

/// The range upwards of what lies between two places across.
fn range_within(plot: &Plot<'_>, left: f64, right: f64) -> Option<(f64, f64)> {
    let inside = |from: f64, to: f64| to > left && from < right;
    let blocks = plot.bands.iter().flat_map(|band| &band.blocks).filter(|block| inside(block.from, block.to));
    let mut part = Plot { y: (0.0, 0.0), bands: Vec::new(), ..plot.clone() };
    for value in blocks
        .map(|block| block.top)
        .chain(plot.curves.iter().flat_map(|curve| &curve.points).filter(|(x, _)| inside(*x, *x)).map(|(_, y)| *y))
    {
        part.y = (part.y.0.min(value), part.y.1.max(value));
    }
    (part.y != (0.0, 0.0)).then(|| range_up(&part))
}

/// The range across of the whole chart.
fn range_across(chart: &Chart, plot: &Plot<'_>) -> (f64, f64) {
    let (low, high) = (scale(plot.x.0, plot.log_x), scale(plot.x.1, plot.log_x));
    match chart.body {
        Body::StackedBars { .. } => (low - 0.1, high + 0.1),
        Body::StackedAreas { .. } => (low, high),
        _ => widened((low, high)),
    }
}

/// A range with something in it.
fn widened((low, high): (f64, f64)) -> (f64, f64) {
    if !low.is_finite() || !high.is_finite() {
        return (0.0, 1.0);
    }
    let room = if high - low > f64::EPSILON * (1.0 + high.abs()) { 0.04 * (high - low) } else { 0.5 * high.abs().max(1.0) };
    (low - room, high + room)
}

fn scale(value: f64, log: bool) -> f64 {
    match log {
        true if value > 0.0 => value.log10(),
        true => f64::NAN,
        false => value,
    }
}

/// Name, colour, and whether it is a line, of everything in the legend.
fn legend_items(ui: &Ui, chart: &Chart) -> Vec<(String, Color32, bool)> {
    match &chart.body {
        Body::StackedBars { stacks, lines, .. } | Body::StackedAreas { stacks, lines, .. } => stacks
            .iter()
            .map(|series| (series, false))
            .chain(lines.iter().map(|series| (series, true)))
            .map(|(series, line)| (series.name.clone(), ink(ui, chart, &series.color), line))
            .collect(),
        Body::Lines { traces, .. } => {
            traces.iter().map(|trace| (trace.name.clone(), ink(ui, chart, &trace.color), !trace.scattered)).collect()
        }
        _ => Vec::new(),
    }
}

/// The stop that the pointer is on or the keys have reached, marked, with its tip; or where another
/// chart's cursor stands.
fn cursor_ui(
    ui: &Ui,
    chart: &Chart,
    plot: &Plot<'_>,
    off: &BTreeSet<String>,
    picture: &Response,
    transform: &PlotTransform,
) -> Option<Readings> {
    let cursor = Cursor::new(chart, picture.id);
    let frame = *transform.frame();
    let pressed = ui.input(|input| input.pointer.any_down());
    let pointer =
        ui.input(|input| input.pointer.hover_pos()).filter(|at| frame.contains(*at) && !pressed && ui.rect_contains_pointer(frame));
    let hovered = pointer.and_then(|at| {
        let x = transform.value_from_position(at).x;
        plot.stop_at(if plot.log_x { 10f64.powf(x) } else { x })
    });
    let by_keys = cursor.keys(ui, picture, plot.stops.len());
    if let (Some(stop), Some(at)) = (hovered, pointer)
        && ui.input(|input| input.pointer.primary_clicked())
    {
        let place = transform.value_from_position(at);
        let number = |value: f64, log: bool| if log { 10f64.powf(value) } else { value };
        super::tell_click(ui, chart, Pointed::Place { stop, x: number(place.x, plot.log_x), y: number(place.y, plot.log_y) });
    }
    let own = hovered.or(by_keys);
    match own {
        Some(stop) => cursor.put(ui, stop),
        None => cursor.left(ui),
    }
    let stop = own.or_else(|| cursor.now(ui))?;
    let (from, to) = plot.stops.get(stop).copied()?;
    mark_column(ui, transform, scale(from, plot.log_x), scale(to, plot.log_x));
    let told = readings(chart, off, stop)?;
    // Pointed at, or reached by the arrow keys.
    let at = match (hovered, by_keys) {
        (Some(_), _) => Some(egui::PopupAnchor::Pointer),
        (None, Some(_)) => Some(egui::PopupAnchor::from(picture)),
        _ => None,
    };
    if let Some(at) = at {
        let rows: Vec<(Option<Color32>, String, String)> =
            told.rows.iter().map(|row| (row.color.as_ref().map(|key| ink(ui, chart, key)), row.name.clone(), row.text.clone())).collect();
        tip(ui, chart.name, at, &told.heading, &rows);
    }
    Some(told)
}

/// A soft band behind the stop, or a line where it is a single number.
fn mark_column(ui: &Ui, transform: &PlotTransform, from: f64, to: f64) {
    let frame = *transform.frame();
    let color = theme::tokens(ui).text;
    let (left, right) = (transform.position_from_point_x(from), transform.position_from_point_x(to));
    if right - left < 2.0 {
        if frame.x_range().contains(left) {
            ui.painter().vline(left, frame.y_range(), Stroke::new(1.0, color.gamma_multiply(0.35)));
        }
        return;
    }
    let rect = Rect::from_min_max(pos2(left.max(frame.left()), frame.top()), pos2(right.min(frame.right()), frame.bottom()));
    if rect.is_positive() {
        ui.painter().rect_filled(rect, 0.0, color.gamma_multiply(0.08));
    }
}

/// Ticks across for a plot of this width.
fn ticks_across(ui: &Ui, chart: &Chart, plot: &Plot<'_>, width: f32) -> Ticks {
    match &chart.body {
        Body::StackedBars { categories, .. } => {
            let font = TextStyle::Small.resolve(ui.style());
            let wide = |name: &String| ui.painter().layout_no_wrap(name.clone(), font.clone(), Color32::WHITE).size().x;
            // Names are of a kind: the longest of some tells the width of all.
            let step = categories.len().div_ceil(40).max(1);
            let widest = categories.iter().step_by(step).map(wide).fold(20.0, f32::max) + 10.0;
            Ticks::Names { names: categories.clone(), fit: f64::from((width / widest).floor().max(1.0)) }
        }
        _ if plot.log_x => Ticks::Powers,
        _ if chart.x.unit == "h" => Ticks::Hours { fit: f64::from((width / 64.0).floor().clamp(2.0, 8.0)) },
        _ => {
            let last = grouped(range_across(chart, plot).1, 0);
            let font = TextStyle::Small.resolve(ui.style());
            let half = ui.painter().layout_no_wrap(last, font, Color32::WHITE).size().x / 2.0;
            Ticks::Numbers { fit: ((width / 80.0) as usize).clamp(2, 8), edge: f64::from(half / width.max(1.0)) }
        }
    }
}

/// The plot itself, with a frame of axes in the theme's quiet colours.
fn plot_ui(ui: &mut Ui, chart: &Chart, plot: &Plot<'_>, picture: &Response, below: f32) -> PlotTransform {
    let tokens = theme::tokens(ui);
    let size = ui.available_size();
    let height = (size.y - below).max(60.0);
    let font: FontId = TextStyle::Small.resolve(ui.style());
    let up = super::shared_range(ui, chart).map_or_else(
        || range_up(plot),
        |(low, high)| {
            let own = range_up(plot);
            (own.0.min(low), own.1.max(high))
        },
    );
    let across = range_across(chart, plot);
    let across_ticks = ticks_across(ui, chart, plot, size.x - 60.0);
    let up_ticks = if plot.log_y { Ticks::Powers } else { Ticks::Numbers { fit: ((height / 34.0) as usize).clamp(3, 6), edge: 0.0 } };
    let up = clear_below(up, &up_ticks, height, ui.text_style_height(&TextStyle::Small));
    let widest = up_ticks
        .marks(up)
        .iter()
        .map(|mark| ui.painter().layout_no_wrap(up_ticks.text(mark), font.clone(), Color32::WHITE).size().x)
        .fold(16.0, f32::max);
    let axis_text = |axis: &crate::charts::Axis| match (axis.label.is_empty(), axis.unit.is_empty()) {
        (true, _) => String::new(),
        (false, true) => axis.label.clone(),
        (false, false) => format!("{}, {}", axis.label, axis.unit),
    };
    // The category axis needs no label; the height is short of what one takes on small cards.
    let x_text = if height > 150.0 { axis_text(&chart.x) } else { String::new() };
    let y_text = if chart.y.unit.is_empty() || height < 120.0 { String::new() } else { chart.y.unit.clone() };
    let small = |text: String| egui::RichText::new(text).text_style(TextStyle::Small).color(tokens.quiet);
    let x_axis = AxisHints::new_x()
        .formatter({
            let ticks = across_ticks.clone();
            move |mark: GridMark, _: &std::ops::RangeInclusive<f64>| ticks.text(&mark)
        })
        .label(small(x_text))
        .label_spacing(Rangef::new(4.0, 8.0))
        .tick_label_color(tokens.quiet)
        .tick_label_font(font.clone());
    let y_axis = AxisHints::new_y()
        .formatter({
            let ticks = up_ticks.clone();
            move |mark: GridMark, _: &std::ops::RangeInclusive<f64>| ticks.text(&mark)
        })
        .label(small(y_text))
        .label_spacing(Rangef::new(8.0, 12.0))
        .min_thickness(widest + 8.0)
        .tick_label_color(tokens.quiet)
        .tick_label_font(font);
    let id = picture.id.with("plot");
    let zoom = Zoom::of(ui, id);
    // Shift turns the drag that zooms into one that moves; the second button always moves.
    let shift = ui.input(|input| input.modifiers.shift);
    let x_grid = !matches!(chart.body, Body::StackedBars { .. });
    let (whole_x, whole_y) = (across_ticks.clone(), up_ticks.clone());
    let items = Items::new(ui, chart, plot);
    let toolkit = egui_plot::Plot::new((chart.name, "plot"))
        .id(id)
        .width(size.x)
        .height(height)
        .allow_scroll(false)
        .allow_zoom(true)
        .allow_drag(zoom.on || shift)
        .pan_pointer_button(if shift { PointerButton::Primary } else { PointerButton::Secondary })
        .allow_boxed_zoom(!shift)
        .boxed_zoom_pointer_button(PointerButton::Primary)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .show_crosshair(false)
        .set_margin_fraction(vec2(0.0, 0.0))
        .show_background(false)
        .grid_color(tokens.line)
        .grid_fade(0.0)
        .grid_spacing(Rangef::new(1.0, 2.0))
        .show_grid(Vec2b::new(x_grid, true))
        .x_grid_spacer(move |input: GridInput| whole_x.marks(input.bounds))
        .y_grid_spacer(move |input: GridInput| whole_y.marks(input.bounds))
        .custom_x_axes(vec![x_axis])
        .custom_y_axes(vec![y_axis])
        .cursor_color(Color32::TRANSPARENT)
        .sense(Sense::click_and_drag());
    let whole = PlotBounds::from_min_max([across.0, up.0], [across.1, up.1]);
    let response = toolkit.show(ui, move |plot| {
        // Bounds follow the data at once, unless somebody has chosen a part of it.
        if !zoom.on {
            plot.set_plot_bounds(whole);
        } else if let Some(part) = zoom.wanted {
            plot.set_plot_bounds(part);
        }
        items.add(plot);
    });
    zoom_ui(ui, zoom, plot, &response.response, &response.transform, whole, picture);
    response.transform
}

/// Whether a part of a chart is shown, and which part is asked for next.
#[derive(Clone, Copy, Debug)]
struct Zoom {
    id: Id,
    on: bool,
    wanted: Option<PlotBounds>,
}

impl Zoom {
    fn of(ui: &Ui, id: Id) -> Self {
        let (on, wanted) = ui.data(|data| (data.get_temp::<bool>(id.with("zoomed")), data.get_temp::<PlotBounds>(id.with("wanted"))));
        if wanted.is_some() {
            ui.data_mut(|data| data.remove::<PlotBounds>(id.with("wanted")));
        }
        Self { id, on: on.unwrap_or(false), wanted }
    }

    fn set(self, ui: &Ui, on: bool) {
        ui.data_mut(|data| data.insert_temp(self.id.with("zoomed"), on));
        ui.ctx().request_repaint();
    }
}

/// What the user did to the part that is shown; double click and a button show all again.
fn zoom_ui(ui: &mut Ui, zoom: Zoom, layout: &Plot<'_>, plot: &Response, transform: &PlotTransform, whole: PlotBounds, picture: &Response) {
    let is_stacked = !layout.bands.is_empty();
    if plot.clicked() || plot.drag_started() {
        picture.request_focus();
    }
    let escaped = zoom.on && picture.has_focus() && ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape));
    if plot.double_clicked() || escaped {
        zoom.set(ui, false);
        return;
    }
    let now = *transform.bounds();
    let before = if zoom.on { zoom.wanted } else { Some(whole) };
    if !zoom.on && before.is_some_and(|before| before != now) {
        let mut part = now;
        let height = whole.max()[1] - whole.min()[1];
        // A drag along one period says which periods, not which numbers; and stacks are looked at as
        // high as they are: a box over them would show nothing.
        if is_stacked || part.max()[1] - part.min()[1] < LEVEL_DRAG * height {
            let up = if is_stacked { range_within(layout, part.min()[0], part.max()[0]) } else { None };
            let (low, high) = up.unwrap_or((whole.min()[1], whole.max()[1]));
            part = PlotBounds::from_min_max([part.min()[0], low], [part.max()[0], high]);
        }
        if part.max()[0] - part.min()[0] > 1e-9 {
            ui.data_mut(|data| data.insert_temp(zoom.id.with("wanted"), part));
            zoom.set(ui, true);
        }
    }
    if zoom.on {
        let frame = *transform.frame();
        let place = Rect::from_min_size(pos2(frame.right() - 80.0, frame.top() + 2.0), vec2(78.0, 20.0));
        let button = ui.place(place, egui::Button::new("Show all").small().truncate());
        if button.on_hover_text("Show the whole chart again, or double-click it").clicked() {
            zoom.set(ui, false);
        }
    }
}

/// A layout as items of the toolkit.
struct Items<'c> {
    bars: Vec<BarChart>,
    areas: Vec<FilledArea>,
    lines: Vec<Line<'c>>,
    clouds: Vec<Points<'c>>,
}

impl<'c> Items<'c> {
    fn new(ui: &Ui, chart: &Chart, plot: &Plot<'_>) -> Self {
        let mut items = Self { bars: Vec::new(), areas: Vec::new(), lines: Vec::new(), clouds: Vec::new() };
        for band in &plot.bands {
            let color = ink(ui, chart, band.color);
            if matches!(chart.body, Body::StackedBars { .. }) {
                let bars = band
                    .blocks
                    .iter()
                    .filter(|block| block.top != block.base)
                    .map(|block| {
                        let bar = Bar::new(f64::midpoint(block.from, block.to), block.top - block.base).base_offset(block.base);
                        bar.width(block.to - block.from).fill(color).stroke(Stroke::NONE)
                    })
                    .collect();
                items.bars.push(BarChart::new(band.name.to_owned(), bars).color(color).allow_hover(false));
            } else {
                let xs: Vec<f64> = band.blocks.iter().flat_map(|block| [block.from, block.to]).collect();
                let low: Vec<f64> = band.blocks.iter().flat_map(|block| [block.base, block.base]).collect();
                let high: Vec<f64> = band.blocks.iter().flat_map(|block| [block.top, block.top]).collect();
                items.areas.push(FilledArea::new(band.name.to_owned(), &xs, &low, &high).fill_color(color).allow_hover(false));
            }
        }
        for curve in &plot.curves {
            items.curve(curve, ink(ui, chart, curve.color), plot.log_x, plot.log_y);
        }
        items
    }

    fn curve(&mut self, curve: &Curve<'_>, color: Color32, log_x: bool, log_y: bool) {
        let points: Vec<[f64; 2]> = curve.points.iter().map(|(x, y)| [scale(*x, log_x), scale(*y, log_y)]).collect();
        let name = curve.name.to_owned();
        if curve.scattered {
            let cloud = Points::new(name, PlotPoints::from(points)).color(color).radius(3.0).shape(MarkerShape::Circle);
            self.clouds.push(cloud.allow_hover(false));
            return;
        }
        let line = Line::new(name, PlotPoints::from(points)).color(color).width(2.0).allow_band(false).allow_hover(false);
        self.lines.push(if curve.is_limit() { line.style(LineStyle::dashed_dense()).width(1.5) } else { line });
    }

    fn add(self, plot: &mut egui_plot::PlotUi<'c>) {
        for bars in self.bars {
            plot.bar_chart(bars);
        }
        for area in self.areas {
            plot.add(area);
        }
        for line in self.lines {
            plot.line(line);
        }
        for cloud in self.clouds {
            plot.points(cloud);
        }
    }
}
