//! Throughput against speed: answer tokens a second of a chip over answer tokens a second that one
//! user sees, for the product's lengths, cache and limit on the first token. Lines are what the plan
//! would count on at each speed, between the ends of its band; points were measured, at the lengths nearest
//! to the product's; one point is the one that the plan counts on.

use std::fmt::Write as _;

use crate::physics::throughput::frontier::Speed;
use crate::results::Results;
use crate::words::{grouped, percent, short};

use super::frame::{Words, axis, chart as framed, empty};
use super::serving::{chip, evidence_in_words, pairs};
use super::{Body, Chart, ColorKey, Point, Selection, Trace};

const NAME: &str = "frontier";
const TITLE: &str = "Throughput against speed";

/// Most kinds of runs named for a chip.
const MOST_GROUPS: usize = 3;

/// Highest over lowest rate from which on the upright axis is logarithmic.
const WIDE: f64 = 12.0;

fn points(speeds: &[Speed]) -> Vec<Point> {
    at_share(speeds, |_| 1.0)
}

/// The points at a share of their rate.
fn at_share(speeds: &[Speed], share: impl Fn(&Speed) -> f64) -> Vec<Point> {
    speeds.iter().map(|speed| Point { x: speed.tok_per_s_per_user(), y: speed.answer_tok_per_s * share(speed) }).collect()
}

/// Least share of a rate that the lower end of a band is drawn at: a band that reaches zero has no place
/// on a logarithmic axis.
const LEAST_SHARE: f64 = 0.05;

/// A line for each chip, and its measured points.
pub(super) fn chart(results: &Results, selection: &Selection) -> Chart {
    let Some((product, pairs)) = pairs(results, selection).filter(|_| results.has_numbers()) else {
        return empty(results, NAME, TITLE, "No chip of this plan has a throughput for a product.");
    };
    let trace =
        |name: String, color: ColorKey, points: Vec<Point>, scattered: bool| Trace { name, color, points, scattered, stepped: false };
    let mut traces = Vec::new();
    let mut used = String::new();
    for pair in &pairs {
        let (name, color) = chip(results, pair);
        if !pair.frontier.curve.is_empty() {
            traces.push(trace(name.clone(), color.clone(), points(&pair.frontier.curve), false));
            let low = at_share(&pair.frontier.curve, |speed| (1.0 - speed.band_fraction).max(LEAST_SHARE));
            let high = at_share(&pair.frontier.curve, |speed| 1.0 + speed.band_fraction);
            traces.push(trace(format!("{name}, low end of the band"), color.clone(), low, false));
            traces.push(trace(format!("{name}, high end of the band"), color.clone(), high, false));
        }
        if let Some(tpot_ms) = pair.tpot_ms.filter(|tpot_ms| *tpot_ms > 0.0) {
            let point = Point { x: 1e3 / tpot_ms, y: pair.answer_tok_per_s };
            traces.push(trace(format!("{name}, what the plan counts on"), color.clone(), vec![point], true));
        }
        if let Some((prompt, answer)) = pair.frontier.measured_tokens.filter(|_| !pair.frontier.measured.is_empty()) {
            let name = format!("{name}, measured at {} + {}", grouped(prompt, 0), grouped(answer, 0));
            traces.push(trace(name, color, points(&pair.frontier.measured), true));
        }
        let (name, _) = chip(results, pair);
        let _ = write!(used, " {name} is planned with {} tok/s ± {}.", short(pair.answer_tok_per_s), percent(pair.band_fraction));
        if let Some((first, rest)) = pair.frontier.rests_on.split_first() {
            let _ = write!(used, " It rests on {}", first.in_words());
            for group in rest.iter().take(MOST_GROUPS - 1) {
                let _ = write!(used, ", {}", group.in_words());
            }
            if rest.len() >= MOST_GROUPS {
                let _ = write!(used, " and {} more", rest.len() + 1 - MOST_GROUPS);
            }
            used.push('.');
        }
    }
    if traces.is_empty() {
        let reason = "The throughputs of this product are stated in the plan, so nothing is known at other speeds.";
        return empty(results, NAME, TITLE, reason);
    }
    let rates = || traces.iter().flat_map(|trace| &trace.points).map(|point| point.y).filter(|rate| *rate > 0.0);
    let log_y = rates().fold(0.0, f64::max) > WIDE * rates().fold(f64::INFINITY, f64::min);
    let reading = format!(
        "Lines: what the plan counts on at each speed. Points: measured, at so many prompt + answer tokens.{used} {}",
        evidence_in_words(results, &pairs)
    );
    framed(
        results,
        Words { name: NAME, title: TITLE.into(), subtitle: format!("answer tok/s per chip, {product}"), reading: &reading },
        axis("Speed seen by one user", "tok/s"),
        axis("Answer tokens per chip", "tok/s"),
        Body::Lines { traces, log_x: false, log_y },
    )
}
