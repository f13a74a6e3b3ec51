//! The best measured rate under limits, interpolated inside a sweep and never beyond its ends.

use super::choose::{Candidate, Limits};
use super::measured::{Measurement, Sweep};
use super::replica::Replica;
use super::roofline::{Configuration, Layout};
use crate::catalog::Serving;

/// A measured operating point under the limits, interpolated where it lies between two points of
/// one sweep.
#[derive(Debug, Clone)]
pub(super) struct Reached {
    /// Rates and times.
    pub candidate: Candidate,
    /// Time per answer token to show, in s: never infinite.
    pub likely_tpot_s: f64,
    /// The fewest chips it runs on.
    pub replica: Replica,
    /// Measured speed over the roofline's.
    pub ratio: Option<f64>,
    /// The configuration in words.
    pub words: String,
    /// Where it comes from.
    pub source: String,
}

/// The best measured rate under the limits; `None` where nothing was measured inside them.
pub(super) fn best_measured(measurements: &[&Measurement], limits: Limits) -> Option<Reached> {
    let single = measurements
        .iter()
        .filter(|measured| measured.tpot_s <= limits.tpot_s && measured.ttft_s <= limits.ttft_s)
        .map(|measured| reached(measured));
    let between = between_points(measurements, limits);
    single.chain(between).max_by(|left, right| left.candidate.answer_tok_per_s.total_cmp(&right.candidate.answer_tok_per_s))
}

fn reached(measured: &Measurement) -> Reached {
    let (chips, batch) = measured.sweep.as_ref().map_or((1.0, 1.0), |sweep| (sweep.chips, sweep.batch));
    Reached {
        candidate: Candidate {
            configuration: Configuration { chips, batch, layout: Layout::Tensor },
            serving: Serving::Aggregated,
            prefill_chips: chips,
            tpot_s: measured.tpot_s,
            ttft_s: measured.ttft_s,
            answer_tok_per_s: measured.answer_tok_per_s,
            prefill_tok_per_s: measured.prefill_tok_per_s,
            decode_tok_per_s: measured.decode_tok_per_s,
        },
        likely_tpot_s: measured.likely_tpot_s,
        replica: measured.replica,
        ratio: measured.ratio,
        words: measured.words.clone(),
        source: measured.source.clone(),
    }
}

/// For every pair of neighbouring points of one sweep that straddle the limit: the point on the
/// straight line between them at the limit. Linear, so it cannot overshoot its neighbours.
fn between_points(measurements: &[&Measurement], limits: Limits) -> Vec<Reached> {
    let mut sweeps: Vec<(&Sweep, &Measurement)> =
        measurements.iter().filter_map(|measured| Some((measured.sweep.as_ref()?, *measured))).collect();
    sweeps.sort_by(|(left, _), (right, _)| {
        left.chips
            .total_cmp(&right.chips)
            .then_with(|| left.engine.cmp(&right.engine))
            .then_with(|| left.date.cmp(&right.date))
            .then_with(|| left.batch.total_cmp(&right.batch))
    });
    sweeps
        .iter()
        .zip(sweeps.iter().skip(1))
        .filter_map(|((slow_sweep, low), (fast_sweep, high))| {
            let same_sweep = slow_sweep.chips.total_cmp(&fast_sweep.chips).is_eq()
                && slow_sweep.engine == fast_sweep.engine
                && slow_sweep.date == fast_sweep.date;
            let straddles = low.tpot_s <= limits.tpot_s && high.tpot_s > limits.tpot_s && low.answer_tok_per_s <= high.answer_tok_per_s;
            if !same_sweep || !straddles {
                return None;
            }
            let share = (limits.tpot_s - low.tpot_s) / (high.tpot_s - low.tpot_s);
            let mix = |low: f64, high: f64| low + share * (high - low);
            let ttft_s = mix(low.ttft_s, high.ttft_s);
            if ttft_s > limits.ttft_s {
                return None;
            }
            // The two rates are mixed as times per token, so that their harmonic sum stays exact.
            let answer = mix(low.answer_tok_per_s, high.answer_tok_per_s);
            let decode_share = mix(low.answer_tok_per_s / low.decode_tok_per_s, high.answer_tok_per_s / high.decode_tok_per_s);
            let prompt_per_answer = low.prompt_tokens / low.answer_tokens;
            let batch = mix(slow_sweep.batch, fast_sweep.batch).round();
            Some(Reached {
                candidate: Candidate {
                    configuration: Configuration { chips: slow_sweep.chips, batch, layout: Layout::Tensor },
                    serving: Serving::Aggregated,
                    prefill_chips: slow_sweep.chips,
                    tpot_s: limits.tpot_s,
                    ttft_s,
                    answer_tok_per_s: answer,
                    prefill_tok_per_s: prompt_per_answer * answer / (1.0 - decode_share),
                    decode_tok_per_s: answer / decode_share,
                },
                likely_tpot_s: limits.tpot_s,
                replica: Replica::one_pool(slow_sweep.chips),
                ratio: low.ratio.zip(high.ratio).map(|(low, high)| mix(low, high)),
                words: format!(
                    "{} chips per replica, between {} and {} requests in flight, {}",
                    slow_sweep.chips, slow_sweep.batch, fast_sweep.batch, slow_sweep.engine
                ),
                source: low.source.clone(),
            })
        })
        .collect()
}
