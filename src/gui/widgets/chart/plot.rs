//! Stacked bars, stacked areas and lines, through `egui_plot`.
//!
//! The toolkit has no category axis and no logarithmic one: categories stand at whole numbers,
//! logarithms are taken here, and formatters say what the ticks mean.

use egui::{Color32, FontId, Rangef, Stroke, TextStyle, Ui, Vec2b, pos2, vec2};
use egui_plot::{
    AxisHints, Bar, BarChart, FilledArea, GridMark, Line, LineStyle, MarkerShape, Plot, PlotPoint, PlotPoints, PlotTransform, Points,
};

use super::{LegendItem, hidden, ink, legend_height, legend_ui, tip};
use crate::charts::format::{hour, power_of_ten, short, ticks, with_unit};
use crate::charts::{Body, Chart, ColorKey, Series, Trace};
use crate::gui::theme;

/// What a plot needs besides its items.
struct Frame<'f> {
    chart: &'f Chart,
    /// Range across.
    x: (f64, f64),
    /// Range up.
    y: (f64, f64),
    /// Marks across and what they are called.
    x_marks: Vec<(f64, String)>,
    /// Logarithmic upwards.
    log_y: bool,
    /// Grid lines across.
    x_grid: bool,
    /// Space left for the legend below.
    below: f32,
}

/// Stacked bars by category.
pub fn stacked_bars(ui: &mut Ui, chart: &Chart, categories: &[String], stacks: &[Series], lines: &[Series]) {
    let off = hidden(ui, chart);
    let shown = |series: &&Series| !off.contains(&series.name);
    let count = categories.len();
    let (low, high) = up(ui, chart);
    let width = ui.available_width();
    let below = legend_room(ui, stacks, lines, width);
    let frame = Frame {
        chart,
        x: (-0.6, count as f64 - 0.4),
        y: (low, high),
        x_marks: category_marks(ui, categories, width - 60.0),
        log_y: false,
        x_grid: false,
        below,
    };
    let mut positive = vec![0.0; count];
    let mut negative = vec![0.0; count];
    let mut charts = Vec::new();
    for series in stacks.iter().filter(shown) {
        let color = ink(ui, chart, &series.color);
        let bars = (0..count)
            .filter_map(|index| {
                let value = finite(series.values.get(index).copied().unwrap_or(0.0));
                let base = if value < 0.0 { negative.get_mut(index)? } else { positive.get_mut(index)? };
                let bar = Bar::new(index as f64, value).base_offset(*base).width(0.72).fill(color).stroke(Stroke::NONE);
                *base += value;
                (value != 0.0).then_some(bar)
            })
            .collect();
        charts.push(BarChart::new(series.name.clone(), bars).color(color).allow_hover(false));
    }
    let over: Vec<Vec<Line<'_>>> = lines.iter().filter(shown).map(|series| category_line(ui, chart, series, count)).collect();
    let transform = plot_ui(ui, &frame, |plot| {
        for chart in charts {
            plot.bar_chart(chart);
        }
        for line in over.into_iter().flatten() {
            plot.line(line);
        }
    });
    hover(ui, &transform, |ui, at| {
        let index = at.x.round();
        let name = categories.get(index as usize).filter(|_| index >= 0.0)?;
        mark_column(ui, &transform, index - 0.5, index + 0.5);
        tip(ui, chart.name, name, &rows_at(ui, chart, stacks, lines, index as usize));
        Some(())
    });
    stacked_legend(ui, chart, stacks, lines);
}

/// Areas over a continuous axis, stacked as steps.
pub fn stacked_areas(ui: &mut Ui, chart: &Chart, edges: &[f64], stacks: &[Series], lines: &[Series]) {
    let off = hidden(ui, chart);
    let shown = |series: &&Series| !off.contains(&series.name);
    let count = edges.len().saturating_sub(1);
    let (first, last) = (edges.first().copied().unwrap_or(0.0), edges.last().copied().unwrap_or(1.0));
    let (low, high) = up(ui, chart);
    let below = legend_room(ui, stacks, lines, ui.available_width());
    let hours = chart.x.unit == "h";
    let x_marks = if hours {
        let step = if last - first > 30.0 { 24.0 } else { 6.0 };
        (0..=((last / step) as usize))
            .map(|mark| mark as f64 * step)
            .filter(|mark| (first..last).contains(mark))
            .map(|mark| (mark, hour(mark)))
            .collect()
    } else {
        ticks(first, last, 5).values.into_iter().filter(|mark| *mark < last).map(|mark| (mark, short(mark))).collect()
    };
    let frame = Frame { chart, x: (first, last), y: (low, high), x_marks, log_y: false, x_grid: true, below };
    let xs: Vec<f64> = edges.windows(2).flat_map(|pair| pair.iter().copied()).collect();
    let mut base = vec![0.0; count];
    let mut areas = Vec::new();
    for series in stacks.iter().filter(shown) {
        let color = ink(ui, chart, &series.color);
        let top: Vec<f64> =
            base.iter().enumerate().map(|(index, base)| base + finite(series.values.get(index).copied().unwrap_or(0.0))).collect();
        let doubled = |values: &[f64]| -> Vec<f64> { values.iter().flat_map(|value| [*value, *value]).collect() };
        areas.push(FilledArea::new(series.name.clone(), &xs, &doubled(&base), &doubled(&top)).fill_color(color).allow_hover(false));
        base = top;
    }
    let over: Vec<Line<'_>> = lines
        .iter()
        .filter(shown)
        .map(|series| {
            let points: Vec<[f64; 2]> =
                xs.iter().enumerate().map(|(index, x)| [*x, finite(series.values.get(index / 2).copied().unwrap_or(0.0))]).collect();
            styled(ui, chart, series, points)
        })
        .collect();
    let transform = plot_ui(ui, &frame, |plot| {
        for area in areas {
            plot.add(area);
        }
        for line in over {
            plot.line(line);
        }
    });
    hover(ui, &transform, |ui, at| {
        let index = edges.windows(2).position(|pair| matches!(pair, [from, to] if *from <= at.x && at.x <= *to))?;
        let (from, to) = (edges.get(index)?, edges.get(index + 1)?);
        mark_column(ui, &transform, *from, *to);
        let heading = if hours {
            format!("{} to {}", hour(*from), hour(*to))
        } else {
            format!("{} to {}", short(*from), with_unit(*to, &chart.x.unit))
        };
        tip(ui, chart.name, &heading, &rows_at(ui, chart, stacks, lines, index));
        Some(())
    });
    stacked_legend(ui, chart, stacks, lines);
}

/// Lines and points over numbers, either axis logarithmic.
pub fn lines(ui: &mut Ui, chart: &Chart, traces: &[Trace], log_x: bool, log_y: bool) {
    let off = hidden(ui, chart);
    let scaled: Vec<(&Trace, Vec<[f64; 2]>)> = traces
        .iter()
        .filter(|trace| !off.contains(&trace.name))
        .map(|trace| {
            let points: Vec<[f64; 2]> = trace
                .points
                .iter()
                .map(|point| [scale(point.x, log_x), scale(point.y, log_y)])
                .filter(|[x, y]| x.is_finite() && y.is_finite())
                .collect();
            let points = if trace.stepped { stepped(&points) } else { points };
            (trace, points)
        })
        .collect();
    let (x_low, x_high) = widened(extent(scaled.iter().flat_map(|(_, points)| points).map(|[x, _]| *x)));
    let (y_low, y_high) = up(ui, chart);
    let mut x_marks = marks(x_low, x_high, log_x, 6);
    x_marks.retain(|(value, _)| (x_low..=x_high).contains(value));
    let names: Vec<&str> = traces.iter().map(|trace| trace.name.as_str()).collect();
    let below = legend_height(ui, &names, ui.available_width());
    let frame = Frame { chart, x: (x_low, x_high), y: (y_low, y_high), x_marks, log_y, x_grid: true, below };
    let drawn: Vec<(bool, Color32, String, Vec<[f64; 2]>)> =
        scaled.iter().map(|(trace, points)| (trace.scattered, ink(ui, chart, &trace.color), trace.name.clone(), points.clone())).collect();
    let transform = plot_ui(ui, &frame, |plot| {
        for (scattered, color, name, points) in drawn {
            if scattered {
                plot.points(
                    Points::new(name, PlotPoints::from(points)).color(color).radius(3.0).shape(MarkerShape::Circle).allow_hover(false),
                );
            } else {
                plot.line(Line::new(name, PlotPoints::from(points)).color(color).width(2.0).allow_band(false).allow_hover(false));
            }
        }
    });
    hover(ui, &transform, |ui, at| {
        let unscale = |value: f64, log: bool| if log { 10f64.powf(value) } else { value };
        let rows: Vec<_> = scaled
            .iter()
            .filter_map(|(trace, points)| {
                let near = points.iter().min_by(|a, b| nearness(a, at.x).total_cmp(&nearness(b, at.x)))?;
                let [x, y] = *near;
                let text = format!("{} at {}", with_unit(unscale(y, log_y), &chart.y.unit), with_unit(unscale(x, log_x), &chart.x.unit));
                Some((Some(ink(ui, chart, &trace.color)), trace.name.clone(), text))
            })
            .collect();
        tip(ui, chart.name, "", &rows);
        Some(())
    });
    let items: Vec<LegendItem<'_>> =
        traces.iter().map(|trace| LegendItem { name: &trace.name, color: ink(ui, chart, &trace.color), line: !trace.scattered }).collect();
    legend_ui(ui, chart, &items);
}

fn scale(value: f64, log: bool) -> f64 {
    match log {
        true if value > 0.0 => value.log10(),
        true => f64::NAN,
        false => value,
    }
}

fn extent(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    (values.clone().fold(f64::INFINITY, f64::min), values.fold(f64::NEG_INFINITY, f64::max))
}

/// The range upwards of what is shown of a chart by itself; `None` if it is not drawn on axes.
pub fn own_range_up(ui: &Ui, chart: &Chart) -> Option<(f64, f64)> {
    let off = hidden(ui, chart);
    let shown = |series: &&Series| !off.contains(&series.name);
    let stacked =
        |count, stacks: &[Series], lines: &[Series]| stacked_range(count, stacks.iter().filter(shown), lines.iter().filter(shown));
    match &chart.body {
        Body::StackedBars { categories, stacks, lines } => Some(stacked(categories.len(), stacks, lines)),
        Body::StackedAreas { edges, stacks, lines } => Some(stacked(edges.len().saturating_sub(1), stacks, lines)),
        Body::Lines { traces, log_x, log_y } => {
            let points = traces.iter().filter(|trace| !off.contains(&trace.name)).flat_map(|trace| &trace.points);
            let drawn = points.filter(|point| scale(point.x, *log_x).is_finite()).map(|point| scale(point.y, *log_y));
            let (low, high) = widened(extent(drawn.filter(|y| y.is_finite())));
            Some((if !log_y && low > 0.0 && low < 0.5 * high { 0.0 } else { low }, high))
        }
        _ => None,
    }
}

/// The range upwards of a chart: its own, and what it is drawn beside.
fn up(ui: &Ui, chart: &Chart) -> (f64, f64) {
    let own = own_range_up(ui, chart).unwrap_or((0.0, 1.0));
    super::shared_range(ui, chart).map_or(own, |(low, high)| (own.0.min(low), own.1.max(high)))
}

fn nearness([x, _]: &[f64; 2], at: f64) -> f64 {
    (x - at).abs()
}

fn stepped(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut out: Vec<[f64; 2]> = Vec::with_capacity(points.len() * 2);
    for point in points {
        if let Some([_, before]) = out.last().copied() {
            out.push([point[0], before]);
        }
        out.push(*point);
    }
    out
}

/// A range with something in it.
fn widened((low, high): (f64, f64)) -> (f64, f64) {
    if !low.is_finite() || !high.is_finite() {
        return (0.0, 1.0);
    }
    let room = if high - low > f64::EPSILON * (1.0 + high.abs()) { 0.04 * (high - low) } else { 0.5 * high.abs().max(1.0) };
    (low - room, high + room)
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

/// From the lowest to the highest stack, rounded out to ticks.
fn stacked_range<'s>(count: usize, stacks: impl Iterator<Item = &'s Series>, lines: impl Iterator<Item = &'s Series>) -> (f64, f64) {
    let mut up = vec![0.0; count];
    let mut down = vec![0.0; count];
    for series in stacks {
        for ((value, up), down) in series.values.iter().zip(&mut up).zip(&mut down) {
            *(if *value < 0.0 { down } else { up }) += finite(*value);
        }
    }
    let mut low = down.into_iter().fold(0.0, f64::min);
    let mut high = up.into_iter().fold(0.0, f64::max);
    for value in lines.flat_map(|series| &series.values) {
        low = low.min(finite(*value));
        high = high.max(finite(*value));
    }
    let marks = ticks(low, high.max(low + 1e-9), 4).values;
    // A little room over the highest, so that a line on the edge isn't cut.
    let top = marks.last().copied().unwrap_or(high);
    let bottom = marks.first().copied().unwrap_or(low);
    // … and under the lowest, so that its number keeps clear of those across.
    (bottom - 0.03 * (top - bottom), top + 0.02 * (top - bottom))
}

fn legend_room(ui: &Ui, stacks: &[Series], lines: &[Series], width: f32) -> f32 {
    let names: Vec<&str> = stacks.iter().chain(lines).map(|series| series.name.as_str()).collect();
    legend_height(ui, &names, width)
}

fn stacked_legend(ui: &mut Ui, chart: &Chart, stacks: &[Series], lines: &[Series]) {
    let item = |series: &'_ Series, line: bool, color: Color32| (series.name.clone(), color, line);
    let items: Vec<(String, Color32, bool)> = stacks
        .iter()
        .map(|series| item(series, false, ink(ui, chart, &series.color)))
        .chain(lines.iter().map(|series| item(series, true, ink(ui, chart, &series.color))))
        .collect();
    let items: Vec<LegendItem<'_>> = items.iter().map(|(name, color, line)| LegendItem { name, color: *color, line: *line }).collect();
    legend_ui(ui, chart, &items);
}

/// Every second, fourth… category, so that their names don't touch.
fn category_marks(ui: &Ui, categories: &[String], width: f32) -> Vec<(f64, String)> {
    let font = TextStyle::Small.resolve(ui.style());
    let widest =
        categories.iter().map(|name| ui.painter().layout_no_wrap(name.clone(), font.clone(), Color32::WHITE).size().x).fold(20.0, f32::max)
            + 10.0;
    let fit = (width / widest).floor().max(1.0) as usize;
    let mut step = 1;
    while categories.len().div_ceil(step) > fit {
        step *= 2;
    }
    categories.iter().enumerate().step_by(step).map(|(index, name)| (index as f64, name.clone())).collect()
}

fn marks(low: f64, high: f64, log: bool, wanted: usize) -> Vec<(f64, String)> {
    if log {
        return (low.floor() as i32..=high.ceil() as i32).map(|exponent| (f64::from(exponent), power_of_ten(exponent))).collect();
    }
    ticks(low, high, wanted).values.into_iter().map(|value| (value, short(value))).collect()
}

/// A line over categories: through the middles, or, for a limit, level over each.
fn category_line<'l>(ui: &Ui, chart: &Chart, series: &Series, count: usize) -> Vec<Line<'l>> {
    let level = matches!(series.color, ColorKey::Limit);
    let value = |index: usize| series.values.get(index).copied().filter(|value| value.is_finite());
    let points: Vec<[f64; 2]> = (0..count)
        .filter_map(|index| value(index).map(|value| (index as f64, value)))
        .flat_map(|(x, y)| if level { vec![[x - 0.5, y], [x + 0.5, y]] } else { vec![[x, y]] })
        .collect();
    vec![styled(ui, chart, series, points)]
}

fn styled<'l>(ui: &Ui, chart: &Chart, series: &Series, points: Vec<[f64; 2]>) -> Line<'l> {
    let line = Line::new(series.name.clone(), PlotPoints::from(points))
        .color(ink(ui, chart, &series.color))
        .width(2.0)
        .allow_band(false)
        .allow_hover(false);
    if matches!(series.color, ColorKey::Limit) { line.style(LineStyle::dashed_dense()).width(1.5) } else { line }
}

/// What every series is at a category or a step.
fn rows_at(ui: &Ui, chart: &Chart, stacks: &[Series], lines: &[Series], index: usize) -> Vec<(Option<Color32>, String, String)> {
    let unit = &chart.y.unit;
    let value = |series: &Series| series.values.get(index).copied().unwrap_or(0.0);
    // As they are stacked: the topmost first.
    let mut rows: Vec<_> = stacks
        .iter()
        .rev()
        .filter(|series| value(series).abs() > 1e-9)
        .map(|series| (Some(ink(ui, chart, &series.color)), series.name.clone(), with_unit(value(series), unit)))
        .collect();
    if rows.len() > 1 && lines.is_empty() {
        rows.push((None, "Together".into(), with_unit(stacks.iter().map(value).sum(), unit)));
    }
    rows.extend(lines.iter().map(|series| (Some(ink(ui, chart, &series.color)), series.name.clone(), with_unit(value(series), unit))));
    rows
}

fn hover(ui: &mut Ui, transform: &PlotTransform, mut show: impl FnMut(&mut Ui, PlotPoint) -> Option<()>) {
    let pointer = ui.input(|input| input.pointer.hover_pos());
    let pressed = ui.input(|input| input.pointer.any_down());
    if let Some(pointer) =
        pointer.filter(|pointer| transform.frame().contains(*pointer) && !pressed && ui.rect_contains_pointer(*transform.frame()))
    {
        show(ui, transform.value_from_position(pointer));
    }
}

/// A soft band behind what the pointer is on.
fn mark_column(ui: &Ui, transform: &PlotTransform, from: f64, to: f64) {
    let frame = *transform.frame();
    let left = transform.position_from_point_x(from).max(frame.left());
    let right = transform.position_from_point_x(to).min(frame.right());
    let rect = egui::Rect::from_min_max(pos2(left, frame.top()), pos2(right, frame.bottom()));
    ui.painter().rect_filled(rect, 0.0, theme::tokens(ui).text.gamma_multiply(0.06));
}

/// The plot itself, with a frame of axes in the theme's quiet colours.
fn plot_ui<'p>(ui: &mut Ui, frame: &'p Frame<'_>, build: impl FnOnce(&mut egui_plot::PlotUi<'p>) + 'p) -> PlotTransform {
    let tokens = theme::tokens(ui);
    let size = ui.available_size();
    let height = (size.y - frame.below).max(60.0);
    let font: FontId = TextStyle::Small.resolve(ui.style());
    let wanted = ((height / 34.0) as usize).clamp(3, 6);
    let mut y_marks: Vec<(f64, String)> = marks(frame.y.0, frame.y.1, frame.log_y, wanted);
    // The toolkit writes what lies outside too, over what stands there.
    y_marks.retain(|(value, _)| (frame.y.0..=frame.y.1).contains(value));
    let widest = y_marks
        .iter()
        .map(|(_, text)| ui.painter().layout_no_wrap(text.clone(), font.clone(), Color32::WHITE).size().x)
        .fold(16.0, f32::max);
    let say = |marks: Vec<(f64, String)>| {
        move |mark: GridMark, _: &std::ops::RangeInclusive<f64>| {
            let step = mark.step_size.abs().max(1e-12);
            marks
                .iter()
                .find(|(value, _)| (value - mark.value).abs() < 1e-6 * step.max(value.abs()))
                .map(|(_, text)| text.clone())
                .unwrap_or_default()
        }
    };
    let spaced = |marks: Vec<(f64, String)>| {
        move |_: egui_plot::GridInput| {
            let step = marks.iter().zip(marks.iter().skip(1)).map(|((a, _), (b, _))| b - a).fold(f64::INFINITY, f64::min);
            let step_size = if step.is_finite() { step } else { 1.0 };
            marks.iter().map(|(value, _)| GridMark { value: *value, step_size }).collect()
        }
    };
    let axis_text = |axis: &crate::charts::Axis| match (axis.label.is_empty(), axis.unit.is_empty()) {
        (true, _) => String::new(),
        (false, true) => axis.label.clone(),
        (false, false) => format!("{}, {}", axis.label, axis.unit),
    };
    // The category axis needs no label; the height is short of what one takes on small cards.
    let x_text = if height > 150.0 { axis_text(&frame.chart.x) } else { String::new() };
    let y_text = if frame.chart.y.unit.is_empty() || height < 120.0 { String::new() } else { frame.chart.y.unit.clone() };
    let small = |text: String| egui::RichText::new(text).text_style(TextStyle::Small).color(tokens.quiet);
    let x_axis = AxisHints::new_x()
        .formatter(say(frame.x_marks.clone()))
        .label(small(x_text))
        .label_spacing(Rangef::new(4.0, 8.0))
        .tick_label_color(tokens.quiet)
        .tick_label_font(font.clone());
    let y_axis = AxisHints::new_y()
        .formatter(say(y_marks.clone()))
        .label(small(y_text))
        .label_spacing(Rangef::new(8.0, 12.0))
        .min_thickness(widest + 8.0)
        .tick_label_color(tokens.quiet)
        .tick_label_font(font);
    let plot = Plot::new((frame.chart.name, "plot"))
        .width(size.x)
        .height(height)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .show_crosshair(false)
        .set_margin_fraction(vec2(0.0, 0.0))
        .show_background(false)
        .grid_color(tokens.line)
        .grid_fade(0.0)
        .grid_spacing(Rangef::new(1.0, 2.0))
        .show_grid(Vec2b::new(frame.x_grid, true))
        .x_grid_spacer(spaced(frame.x_marks.clone()))
        .y_grid_spacer(spaced(y_marks))
        .custom_x_axes(vec![x_axis])
        .custom_y_axes(vec![y_axis])
        .cursor_color(Color32::TRANSPARENT)
        .sense(egui::Sense::hover());
    let (x, y) = (frame.x, frame.y);
    let response = plot.show(ui, move |plot| {
        // Bounds follow the data at once: an answer may come in while the pointer is on the plot.
        plot.set_plot_bounds(egui_plot::PlotBounds::from_min_max([x.0, y.0], [x.1, y.1]));
        build(plot);
    });
    response.transform
}
