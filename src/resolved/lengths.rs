//! Products whose requests differ in length: mean work by quantile, and the promise of speed held in the tail.
//!
//! ```text
//! quantiles (s₁, t₁) … (sₙ, tₙ) of lengths with mean m:  classes of share s₁, s₂ − s₁, …, 1 − sₙ
//! lengths of the classes: t₁/2, (t₂ − t₁)/ln(t₂/t₁), …; of the last (m − Σ share·length)/(1 − sₙ), at least tₙ:
//! the others then take what is left of the mean, by at most a tenth less (2 % in 21 published workloads)
//! prefill = Σ w·p / Σ (w·p/prefill(p, a)),  decode = Σ w·a / Σ (w·a/decode(p, a)),  w = share(p)·share(a)
//! ```
//! Prompts and answers are taken as independent. Each class is asked for under the product's promise; the last
//! hundredth of the requests may be late, and is said to be.

use std::sync::Arc;

use super::serving::{BestWay, best_way, frontier_of, remembered};
use crate::catalog;
use crate::physics::throughput::frontier::{Frontier, Speed};
use crate::physics::throughput::{OperatingPoint, ServingNeed};
use crate::plan::{Product, Quantile};
use crate::words::fixed;

/// Share of the requests that may miss the promise: a promise of the 99th percentile.
const LATE: f64 = 0.01;

/// Requests of about one length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LengthClass {
    /// Share of the requests.
    pub share: f64,
    /// Their tokens.
    pub tokens: f64,
}

/// By how much classes between quantiles may be shorter than logarithms put them, so that the mean holds.
const FREEDOM: f64 = 0.1;

/// The classes of lengths of quantiles with a mean; one class where there are none.
///
/// # Errors
/// Why the numbers contradict each other, in a sentence.
pub fn classes(mean: f64, quantiles: &[Quantile]) -> Result<Vec<LengthClass>, String> {
    let mut found = Vec::with_capacity(quantiles.len() + 1);
    let (mut share, mut tokens, mut sum) = (0.0, 0.0, 0.0);
    for quantile in quantiles {
        if quantile.share_fraction <= share || quantile.share_fraction >= 1.0 || quantile.tokens < tokens {
            return Err("the shares of quantiles must rise from above 0 to below 1, and their tokens with them".to_owned());
        }
        let class = LengthClass { share: quantile.share_fraction - share, tokens: between(tokens, quantile.tokens) };
        sum += class.share * class.tokens;
        found.push(class);
        (share, tokens) = (quantile.share_fraction, quantile.tokens);
    }
    let rest = 1.0 - share;
    let mut last = (mean - sum) / rest;
    if last < tokens {
        // The longest are no shorter than the last quantile: the others hold less than thought.
        last = tokens;
        let factor = if sum > 0.0 { (mean - rest * tokens) / sum } else { 0.0 };
        if factor < 1.0 - FREEDOM {
            let least = (1.0 - FREEDOM) * sum + rest * tokens;
            return Err(format!("a mean of {mean} tokens contradicts the quantiles, by which it is at least {}", fixed(least, 0)));
        }
        for class in &mut found {
            class.tokens *= factor;
        }
    }
    found.push(LengthClass { share: rest, tokens: last });
    Ok(found)
}

/// Mean length between two quantiles, straight on logarithms: lengths spread over orders of magnitude.
fn between(low: f64, high: f64) -> f64 {
    if low > 0.0 && high > low * (1.0 + 1e-9) { (high - low) / (high / low).ln() } else { f64::midpoint(low, high) }
}

/// What a chip gives for requests of all lengths.
#[derive(Clone, Debug, PartialEq)]
pub struct OfLengths {
    /// The mean over the lengths.
    pub point: OperatingPoint,
    /// What misses the promise, in a sentence; none where nothing does.
    pub late: Option<String>,
}

/// True if a product states quantiles of its lengths.
#[must_use]
pub fn has_quantiles(product: &Product) -> bool {
    !product.prompt_quantiles.is_empty() || !product.answer_quantiles.is_empty()
}

/// What a chip gives for a product by the quantiles of its lengths.
///
/// # Errors
/// Why it can't serve them, in a sentence.
pub fn of_lengths(
    chip: &catalog::Chip,
    model: &catalog::ServedModel,
    product: &Product,
    need: &ServingNeed<'_>,
) -> Result<OfLengths, String> {
    let prompts = classes(need.prompt_tokens, &product.prompt_quantiles).map_err(|reason| format!("prompts: {reason}"))?;
    let answers = classes(need.answer_tokens, &product.answer_quantiles).map_err(|reason| format!("answers: {reason}"))?;
    let mut sums = Sums::default();
    let mut late: Option<(f64, String)> = None;
    let mut late_share = 0.0;
    for prompt in &prompts {
        for answer in &answers {
            let share = prompt.share * answer.share;
            let at = ServingNeed { prompt_tokens: prompt.tokens.max(1.0), answer_tokens: answer.tokens.max(1.0), ..*need };
            match best_way(chip, model, &at) {
                Ok(point) => sums.add(share, &at, point, true),
                Err(reason) => {
                    let without_promise = ServingNeed { tpot_ms: None, ttft_ms: None, ..at };
                    let lengths = format!("{} + {} tokens", fixed(at.prompt_tokens, 0), fixed(at.answer_tokens, 0));
                    let point =
                        best_way(chip, model, &without_promise).map_err(|worse| format!("at {lengths}: {}", reason_alone(&worse)))?;
                    sums.add(share, &at, point, false);
                    late_share += share;
                    if late.as_ref().is_none_or(|(most, _)| share > *most) {
                        late = Some((share, format!("at {lengths}: {}", reason_alone(&reason))));
                    }
                }
            }
        }
    }
    if let Some((_, reason)) = late.as_ref().filter(|_| late_share > LATE + 1e-9) {
        return Err(format!("{} % of its requests would miss the promise; {reason}", fixed(100.0 * late_share, 1)));
    }
    let late = late.map(|(_, reason)| format!("The longest {} % of requests miss the promise ({reason}).", fixed(100.0 * late_share, 2)));
    let classes = prompts.len() * answers.len();
    let point = sums.point(classes, late.as_deref()).ok_or_else(|| "nothing fits".to_owned())?;
    Ok(OfLengths { point, late })
}

/// A refusal without the names of the pair.
fn reason_alone(refusal: &str) -> &str {
    refusal.split_once(": ").map_or(refusal, |(_, reason)| reason)
}

/// The first of the ways by quantiles where a product states them, else by its means.
///
/// # Errors
/// Why it can't serve, in a sentence.
pub fn best_way_of(chip: &catalog::Chip, model: &catalog::ServedModel, product: &Product, need: &ServingNeed<'_>) -> BestWay {
    if has_quantiles(product) { of_lengths(chip, model, product, need).map(|found| found.point) } else { best_way(chip, model, need) }
}

/// Throughput of a chip against speed for a product: where it states quantiles of its lengths the mean over them,
/// which is what a plan counts on, at each speed at which all but the last hundredth keep the promise.
#[must_use]
pub fn frontier_for(chip: &catalog::Chip, model: &catalog::ServedModel, product: &Product, need: &ServingNeed<'_>) -> Arc<Frontier> {
    let of_mean = frontier_of(chip, model, need);
    if !has_quantiles(product) {
        return of_mean;
    }
    let any_speed = ServingNeed { tpot_ms: None, ..*need };
    remembered(chip, model, &(&any_speed, &product.prompt_quantiles, &product.answer_quantiles), || {
        let at = |speed: &Speed| {
            let found = of_lengths(chip, model, product, &ServingNeed { tpot_ms: Some(speed.tpot_ms), ..any_speed }).ok()?;
            let OperatingPoint { answer_tok_per_s, evidence, band_fraction, .. } = found.point;
            Some(Speed { tpot_ms: speed.tpot_ms, answer_tok_per_s, evidence, band_fraction })
        };
        let curve: Vec<Speed> = of_mean.curve.iter().filter_map(at).collect();
        let none = "no speed keeps the promise for all but the last hundredth of the requests".to_owned();
        let refused = of_mean.refused.clone().or_else(|| curve.is_empty().then_some(none));
        Frontier { curve, refused, ..Frontier::clone(&of_mean) }
    })
}

/// Tokens and the time that they take, added up over classes.
#[derive(Default)]
struct Sums {
    prompt_tokens: f64,
    answer_tokens: f64,
    prefill_s: f64,
    decode_s: f64,
    band_s: f64,
    tpot_ms: f64,
    /// The class of the greatest share, with the largest replica and the weakest grade of all.
    most: Option<(f64, OperatingPoint)>,
}

impl Sums {
    fn add(&mut self, share: f64, need: &ServingNeed<'_>, point: OperatingPoint, in_time: bool) {
        let prompt = share * need.prompt_tokens * (1.0 - need.cache_hit_fraction);
        let answer = share * need.answer_tokens;
        let (prefill_s, decode_s) = (prompt / point.prefill_tok_per_s, answer / point.decode_tok_per_s);
        self.prompt_tokens += prompt;
        self.answer_tokens += answer;
        self.prefill_s += prefill_s;
        self.decode_s += decode_s;
        self.band_s += point.band_fraction * (prefill_s + decode_s);
        if in_time {
            self.tpot_ms = self.tpot_ms.max(point.tpot_ms);
        }
        let (evidence, replica) = self.most.as_ref().map_or((point.evidence, point.replica), |(_, most)| {
            let larger = if point.replica.chips() > most.replica.chips() { point.replica } else { most.replica };
            (most.evidence.max(point.evidence), larger)
        });
        let (share, shown) = match self.most.take() {
            Some((most, shown)) if most >= share => (most, shown),
            _ => (share, point),
        };
        self.most = Some((share, OperatingPoint { evidence, replica, ..shown }));
    }

    fn point(self, classes: usize, late: Option<&str>) -> Option<OperatingPoint> {
        let (_, most) = self.most?;
        let prefill_tok_per_s = if self.prefill_s > 0.0 { self.prompt_tokens / self.prefill_s } else { most.prefill_tok_per_s };
        let late = late.map_or_else(String::new, |late| format!(" {late}"));
        Some(OperatingPoint {
            prefill_tok_per_s,
            decode_tok_per_s: self.answer_tokens / self.decode_s,
            answer_tok_per_s: self.answer_tokens / (self.prefill_s + self.decode_s),
            tpot_ms: self.tpot_ms,
            band_fraction: self.band_s / (self.prefill_s + self.decode_s),
            source: format!("mean work of {classes} classes of lengths, most of them: {}{late}", most.source),
            ..most
        })
    }
}
