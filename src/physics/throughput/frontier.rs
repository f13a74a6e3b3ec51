//! Throughput against speed: the rate of a chip at every time per token, and what was measured.

use super::choose::Pools;
use super::lookup::Lookup;
use super::measured::{MeasuredIndex, Measurement};
pub use super::rests_on::RestsOn;
use super::rests_on::rests_on;
use super::sizes::Precision;
use super::{OperatingPoint, ServingNeed, TwoPools, operating_points};
use crate::catalog::{Catalog, Chip, Evidence, ServedModel};

/// Times per answer token at which the rate is looked up, in ms: 4 to 200 tokens a second and user.
const TPOT_MS: [f64; 14] = [5.0, 6.7, 8.3, 10.0, 12.5, 15.0, 20.0, 25.0, 33.3, 50.0, 75.0, 100.0, 150.0, 250.0];

/// A rate and the time per token it is reached at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed {
    /// Time per answer token, in ms.
    pub tpot_ms: f64,
    /// Answer tokens per second and chip.
    pub answer_tok_per_s: f64,
    /// What it rests on.
    pub evidence: Evidence,
    /// Half-width of its band, as a fraction; 0 of a measurement itself.
    pub band_fraction: f64,
}

impl Speed {
    /// Answer tokens per second that one user sees.
    #[must_use]
    pub fn tok_per_s_per_user(&self) -> f64 {
        1e3 / self.tpot_ms
    }
}

/// Throughput of a chip with a served model against speed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Frontier {
    /// The rate used at every time per token, the fastest speed first; empty where none can be met.
    pub curve: Vec<Speed>,
    /// Measurements that no other one beats in both speed and rate, the fastest speed first.
    pub measured: Vec<Speed>,
    /// Prompt and answer tokens of the measurements: the nearest to those of the need.
    pub measured_tokens: Option<(f64, f64)>,
    /// What the rates of this chip and served model rest on, nearest first.
    pub rests_on: Vec<RestsOn>,
    /// Why the curve is empty, in words: what is missing or what cannot be met at any speed.
    pub refused: Option<String>,
}

/// The frontier of a chip with a served model for the lengths, cache and limit on the time to the
/// first token of a need; its own limit on the time per token is left aside.
#[must_use]
pub fn frontier(catalog: &Catalog, chip: &Chip, model: &ServedModel, need: &ServingNeed<'_>) -> Frontier {
    let curve: Vec<Speed> = TPOT_MS
        .into_iter()
        .filter_map(|tpot_ms| {
            let at = ServingNeed { tpot_ms: Some(tpot_ms), ..*need };
            let point: OperatingPoint = Lookup::new(catalog, chip, model, &at).ok()?.points(1).ok()?.into_iter().next()?;
            Some(Speed { tpot_ms, answer_tok_per_s: point.answer_tok_per_s, evidence: point.evidence, band_fraction: point.band_fraction })
        })
        .collect();
    let runs = nearest_runs(chip, model, need);
    let measured_tokens = runs.first().map(|run| (run.prompt_tokens, run.answer_tokens));
    let mut measured: Vec<Speed> = runs
        .iter()
        .map(|run| Speed {
            tpot_ms: run.tpot_s * 1e3,
            answer_tok_per_s: run.answer_tok_per_s,
            evidence: Evidence::Measured,
            band_fraction: 0.0,
        })
        .collect();
    measured.sort_by(|left, right| {
        left.tpot_ms.total_cmp(&right.tpot_ms).then_with(|| right.answer_tok_per_s.total_cmp(&left.answer_tok_per_s))
    });
    let mut best = 0.0;
    measured.retain(|speed| {
        let ahead = speed.answer_tok_per_s > best;
        best = speed.answer_tok_per_s.max(best);
        ahead
    });
    let refused = if curve.is_empty() { operating_points(catalog, chip, model, need).err().map(|missing| missing.reason) } else { None };
    Frontier { curve, measured, measured_tokens, rests_on: rests_on(catalog, chip, model, need), refused }
}

/// The measurements of a pair with a known time per token, at the lengths nearest to those of a need.
fn nearest_runs(chip: &Chip, model: &ServedModel, need: &ServingNeed<'_>) -> Vec<&'static Measurement> {
    let wanted = need.precision.and_then(Precision::named);
    let distance = |run: &Measurement| {
        let apart = (run.prompt_tokens / need.prompt_tokens).ln().abs() + (run.answer_tokens / need.answer_tokens).ln().abs();
        apart + if run.lengths_recalled { 1.0 } else { 0.0 }
    };
    let usable = || {
        MeasuredIndex::embedded().pair(&chip.id, &model.id).iter().filter(|run| {
            run.tpot_s.is_finite()
                && (need.two_pools != TwoPools::Never || run.pools == Pools::One)
                && wanted.is_none_or(|precision| precision == run.precision)
        })
    };
    let Some(nearest) = usable().min_by(|left, right| distance(left).total_cmp(&distance(right))) else { return Vec::new() };
    let same = |left: f64, right: f64| left.total_cmp(&right).is_eq();
    usable()
        .filter(|run| same(run.prompt_tokens, nearest.prompt_tokens) && same(run.answer_tokens, nearest.answer_tokens))
        .filter(|run| run.lengths_recalled == nearest.lengths_recalled)
        .collect()
}
