//! Throughput against speed: answer tokens a second of a chip over answer tokens a second that one
//! user sees, for the product's lengths, cache and limit on the first token. Lines are what the plan
//! would count on at each speed, between the ends of its band; points were measured, at the lengths nearest
//! to the product's; one point is the one that the plan counts on. Beside it stands what it rests on.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::catalog::Evidence;
use crate::physics::throughput::frontier::{Frontier, Speed};
use crate::results::Results;
use crate::words::{grouped, percent, short};

use super::frame::{Words, axis, chart as framed, empty};
use super::serving::{chip, evidence_in_words, pairs};
use super::{Axis, Body, Chart, ColorKey, Order, Point, Selection, Trace, rests_on};

const NAME: &str = "frontier";
const TITLE: &str = "Throughput against speed";

/// Most kinds of runs named for a chip; all of them are in the table.
const MOST_GROUPS: usize = 3;

/// Highest over lowest rate from which on the upright axis is logarithmic.
const WIDE: f64 = 12.0;

/// Least share of a rate that the lower end of a band is drawn at: a band that reaches zero has no place
/// on a logarithmic axis.
const LEAST_SHARE: f64 = 0.05;

/// One frontier to draw: of a chip in an answer, or of what is looked at before it is used.
#[derive(Clone, Debug)]
pub struct Drawn<'f> {
    /// Name in the legend.
    pub name: String,
    /// Colour.
    pub color: ColorKey,
    /// The frontier.
    pub frontier: &'f Frontier,
    /// The point that counts: time per token in ms and answer tokens per second and chip.
    pub point: Option<(f64, f64)>,
    /// Whether a plan counts on that point, or would.
    pub planned: bool,
}

/// The points at a share of their rate.
fn at_share(speeds: &[Speed], share: impl Fn(&Speed) -> f64) -> Vec<Point> {
    speeds.iter().map(|speed| Point { x: speed.tok_per_s_per_user(), y: speed.answer_tok_per_s * share(speed) }).collect()
}

/// Curve, ends of the band, the point that counts and measured points of one frontier.
fn traces(drawn: &Drawn<'_>) -> Vec<Trace> {
    let Drawn { name, color, frontier, .. } = drawn;
    let trace = |name: String, points: Vec<Point>, scattered: bool| Trace { name, color: color.clone(), points, scattered, stepped: false };
    let mut traces = Vec::new();
    if !frontier.curve.is_empty() {
        traces.push(trace(name.clone(), at_share(&frontier.curve, |_| 1.0), false));
        let low = at_share(&frontier.curve, |speed| (1.0 - speed.band_fraction).max(LEAST_SHARE));
        let high = at_share(&frontier.curve, |speed| 1.0 + speed.band_fraction);
        traces.push(trace(format!("{name}, low end of the band"), low, false));
        traces.push(trace(format!("{name}, high end of the band"), high, false));
    }
    if let Some((tpot_ms, rate)) = drawn.point.filter(|(tpot_ms, _)| *tpot_ms > 0.0) {
        let what = if drawn.planned { "what the plan counts on" } else { "what a plan would count on" };
        traces.push(trace(format!("{name}, {what}"), vec![Point { x: 1e3 / tpot_ms, y: rate }], true));
    }
    if let Some((prompt, answer)) = frontier.measured_tokens.filter(|_| !frontier.measured.is_empty()) {
        traces.push(trace(
            format!("{name}, measured at {} + {}", grouped(prompt, 0), grouped(answer, 0)),
            at_share(&frontier.measured, |_| 1.0),
            true,
        ));
    }
    traces
}

/// Lines and points; upright by logarithm where rates are far apart.
fn body(traces: Vec<Trace>) -> Body {
    let rates = || traces.iter().flat_map(|trace| &trace.points).map(|point| point.y).filter(|rate| *rate > 0.0);
    let log_y = rates().fold(0.0, f64::max) > WIDE * rates().fold(f64::INFINITY, f64::min);
    Body::Lines { traces, log_x: false, log_y }
}

fn axes() -> [Axis; 2] {
    [axis("Speed seen by one user", "tok/s"), axis("Answer tokens per chip", "tok/s")]
}

/// ` It rests on 12 runs of …`, or nothing.
fn rests_on_in_words(frontier: &Frontier) -> String {
    let Some((first, rest)) = frontier.rests_on.split_first() else { return String::new() };
    let mut words = format!(" It rests on {}", first.in_words());
    for group in rest.iter().take(MOST_GROUPS - 1) {
        let _ = write!(words, ", {}", group.in_words());
    }
    if rest.len() >= MOST_GROUPS {
        let _ = write!(words, " and {} more", rest.len() + 1 - MOST_GROUPS);
    }
    words.push('.');
    words
}

/// A line for each chip, and its measured points.
pub(super) fn chart(results: &Results, selection: &Selection) -> Chart {
    let Some((product, pairs)) = pairs(results, selection).filter(|_| results.has_numbers()) else {
        return empty(results, NAME, TITLE, "No chip of this plan has a throughput for a product.");
    };
    let mut drawn = Vec::new();
    let mut used = String::new();
    for pair in &pairs {
        let (name, color) = chip(results, pair);
        let rate = short(pair.answer_tok_per_s);
        let _ = write!(used, " {name} is planned with {rate} tok/s ± {}.", percent(pair.band_fraction));
        used.push_str(&rests_on_in_words(&pair.frontier));
        let point = pair.tpot_ms.map(|tpot_ms| (tpot_ms, pair.answer_tok_per_s));
        drawn.push(Drawn { name, color, frontier: &pair.frontier, point, planned: true });
    }
    let traces: Vec<Trace> = drawn.iter().flat_map(traces).collect();
    if traces.is_empty() {
        let reason = "The throughputs of this product are stated in the plan, so nothing is known at other speeds.";
        return empty(results, NAME, TITLE, reason);
    }
    let reading = format!(
        "Lines: what the plan counts on at each speed. Points: measured, at so many prompt + answer tokens.{used} {}",
        evidence_in_words(results, &pairs)
    );
    let [x, y] = axes();
    let words = Words { name: NAME, title: TITLE.into(), subtitle: format!("answer tok/s per chip, {product}"), reading: &reading };
    let table = rests_on::table(drawn.iter().map(|drawn| (drawn.name.clone(), drawn.frontier.rests_on.as_slice())));
    Chart { beside: Some(table).filter(|table| !table.rows.is_empty()), ..framed(results, words, x, y, body(traces)) }
}

/// The same chart of what is only looked at: chips or served models that no answer counts on yet. `subtitle`
/// says for what; where nothing can be drawn the chart says why for each.
#[must_use]
pub fn preview(subtitle: String, drawn: &[Drawn<'_>], order: Arc<Order>) -> Chart {
    let mut caption = "Lines: what a plan would count on at each speed, and the ends of its band. Points: measured.".to_owned();
    let mut refused = Vec::new();
    for one in drawn {
        match (&one.frontier.refused, one.frontier.curve.first()) {
            (_, Some(_)) => {
                let _ = write!(caption, " {}: {}.{}", one.name, grades(one.frontier), rests_on_in_words(one.frontier));
            }
            (Some(reason), None) => refused.push(format!("{}: {reason}.", one.name)),
            (None, None) => refused.push(format!("{}: no speed between 4 and 200 tokens a second can be met.", one.name)),
        }
    }
    for reason in &refused {
        let _ = write!(caption, " {reason}");
    }
    let traces: Vec<Trace> = drawn.iter().flat_map(traces).collect();
    let [x, y] = axes();
    let body = if traces.is_empty() { Body::Empty { reason: refused.join("\n") } } else { body(traces) };
    let table = rests_on::table(drawn.iter().map(|one| (one.name.clone(), one.frontier.rests_on.as_slice())));
    let beside = Some(table).filter(|table| !table.rows.is_empty());
    Chart { name: NAME, title: TITLE.into(), subtitle, caption, x, y, body, beside, order }
}

/// The grades of a curve with their bands, fastest speed first: `calibrated ±28 to ±41 %`.
#[must_use]
pub fn grades(frontier: &Frontier) -> String {
    let mut grades: Vec<(Evidence, f64, f64)> = Vec::new();
    for speed in &frontier.curve {
        let band = speed.band_fraction;
        match grades.iter_mut().find(|(grade, ..)| *grade == speed.evidence) {
            Some((_, low, high)) => (*low, *high) = (low.min(band), high.max(band)),
            None => grades.push((speed.evidence, band, band)),
        }
    }
    let words: Vec<String> = grades
        .iter()
        .map(|(grade, low, high)| {
            let (low, high) = (percent(*low), percent(*high));
            if low == high { format!("{grade} ±{low}") } else { format!("{grade} ±{low} to ±{high}") }
        })
        .collect();
    words.join(", ")
}
