//! The measured frontier of one cell, read at a limit: through its points, rising with the time per
//! token, never beyond its ends.

use super::choose::{Candidate, Limits};
use super::measured::Measurement;
use super::replica::Replica;
use super::roofline::{Configuration, Layout};
use super::training::UNLIMITED_TPOT_S;
use crate::catalog::Serving;

/// A measured operating point under the limits, interpolated where it lies between two runs.
#[derive(Debug, Clone)]
pub(super) struct Reached {
    /// Rates and times.
    pub candidate: Candidate,
    /// Time per answer token to show, in s: never infinite.
    pub likely_tpot_s: f64,
    /// The fewest chips it runs on.
    pub replica: Replica,
    /// How much the rate changes with the speed of the software here: 1 on a flat frontier.
    pub slope: f64,
    /// Logarithm of how far the limit lies beyond the slowest run: the sweep ended before it.
    pub beyond: f64,
    /// The configuration in words.
    pub words: String,
    /// Where it comes from.
    pub source: String,
    /// Date of the older of the runs it rests on.
    pub date: String,
}

/// The frontier of the runs at the limits; `None` where nothing was measured inside them.
pub(super) fn best_measured(runs: &[&Measurement], limits: Limits) -> Option<Reached> {
    let frontier = frontier_of(runs, limits.ttft_s);
    let below = frontier.iter().rposition(|run| run.tpot_s <= limits.tpot_s)?;
    let low = frontier.get(below)?;
    let low_point = single(low);
    let Some(high) = frontier.get(below + 1).filter(|high| high.tpot_s.is_finite()) else {
        let beyond = (limits.tpot_s.min(UNLIMITED_TPOT_S) / low.tpot_s).ln().max(0.0);
        return Some(Reached { beyond: if low.tpot_s.is_finite() { beyond } else { 0.0 }, ..low_point });
    };
    let share = (limits.tpot_s / low.tpot_s).ln() / (high.tpot_s / low.tpot_s).ln();
    if share <= 0.0 {
        return Some(low_point);
    }
    // On logarithms, so that it rises as smoothly as measured frontiers do; between two values that
    // rise, so it cannot overshoot them.
    let mix = |low: f64, high: f64| (low.ln() + share * (high / low).ln()).exp();
    let answer = mix(low.answer_tok_per_s, high.answer_tok_per_s);
    let decode_share = {
        let (low, high) = (low.answer_tok_per_s / low.decode_tok_per_s(), high.answer_tok_per_s / high.decode_tok_per_s());
        low + share * (high - low)
    };
    let prompt_per_answer = low.prompt_tokens / low.answer_tokens;
    let candidate = low_point.candidate;
    Some(Reached {
        candidate: Candidate {
            tpot_s: limits.tpot_s,
            ttft_s: low.ttft_s.max(high.ttft_s),
            answer_tok_per_s: answer,
            prefill_tok_per_s: prompt_per_answer * answer / (1.0 - decode_share).max(1e-9),
            decode_tok_per_s: answer / decode_share,
            ..candidate
        },
        likely_tpot_s: limits.tpot_s,
        // Both runs can be had where the larger of their replicas can stand.
        replica: if high.replica().chips() > low.replica().chips() { high.replica() } else { low.replica() },
        slope: 1.0 + (high.answer_tok_per_s / low.answer_tok_per_s).ln() / (high.tpot_s / low.tpot_s).ln(),
        beyond: 0.0,
        words: format!("between {} and {}", low.words, high.words),
        source: low.source.clone(),
        date: if low.date < high.date { low.date.clone() } else { high.date.clone() },
    })
}

/// The runs within a limit on the time to the first token that no other beats in speed and rate,
/// the fastest first.
pub(super) fn frontier_of<'a>(runs: &[&'a Measurement], ttft_s: f64) -> Vec<&'a Measurement> {
    let mut sorted: Vec<&Measurement> = runs.iter().copied().filter(|run| run.ttft_s <= ttft_s).collect();
    sorted
        .sort_by(|left, right| left.tpot_s.total_cmp(&right.tpot_s).then_with(|| right.answer_tok_per_s.total_cmp(&left.answer_tok_per_s)));
    let mut best = 0.0;
    sorted.retain(|run| {
        let ahead = run.answer_tok_per_s > best;
        best = run.answer_tok_per_s.max(best);
        ahead
    });
    sorted
}

fn single(run: &Measurement) -> Reached {
    let (chips, batch) = run.sweep.as_ref().map_or((1.0, 1.0), |sweep| (sweep.chips, sweep.batch));
    Reached {
        candidate: Candidate {
            configuration: Configuration { chips, batch, layout: Layout::Tensor },
            serving: Serving::Aggregated,
            prefill_chips: chips,
            tpot_s: run.tpot_s,
            ttft_s: run.ttft_s,
            answer_tok_per_s: run.answer_tok_per_s,
            prefill_tok_per_s: run.prefill_tok_per_s(),
            decode_tok_per_s: run.decode_tok_per_s(),
        },
        likely_tpot_s: run.likely_tpot_s(),
        replica: run.replica(),
        slope: 1.0,
        beyond: 0.0,
        words: run.words.clone(),
        source: run.source.clone(),
        date: run.date.clone(),
    }
}
