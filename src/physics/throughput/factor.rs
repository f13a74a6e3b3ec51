//! The software factor of a pair: what the roofline's speed is multiplied by, what that rests on,
//! and how far it can be trusted.

use super::ServingNeed;
use super::choose::{Limits, Pools};
use super::lookup::{Lookup, same_length};
use super::measured::{MeasuredIndex, Measurement};
use super::reach::best_measured;
use super::sizes::Precision;
use crate::catalog::Evidence;

/// Half-widths of the uncertainty bands, as fractions of a rate: about two thirds of the cases of
/// the validation fall inside.
pub(super) mod band {
    /// Two runs of one benchmark on one chip differ by about this much.
    pub const MEASURED: f64 = 0.1;
    /// Scaled by a measurement of the same chip and served model. Two thirds are within 18 % on
    /// swept configurations, within 32 % on published peaks.
    pub const SAME_PAIR: f64 = 0.25;
    /// Scaled by what was measured on the same chip, by the vendor's software factor or by one
    /// typed in the plan. Two thirds are within 31 % where the configuration is chosen too.
    pub const SAME_CHIP: f64 = 0.35;
    /// Anything less, long reasoning answers, or a served model never measured.
    pub const FAR: f64 = 0.5;
}

/// Answers from this length on are long reasoning: the roofline is less sure of them.
const LONG_ANSWER_TOKENS: f64 = 4096.0;

/// What the roofline's speed is multiplied by, and what that rests on.
pub(super) struct Factor {
    /// Measured speed over the roofline's.
    pub value: f64,
    /// What it rests on.
    pub evidence: Evidence,
    /// Half-width of the uncertainty band.
    pub band_fraction: f64,
    /// Where it comes from, in words.
    pub source: String,
}

/// Chips in one scale-up network from which on two pools are taken for granted.
const RACK_SCALE_CHIPS: f64 = 16.0;

/// The software factor of a pair at a precision with one pool or two, by the order of preference;
/// `None` where that way of serving was not shown to work.
pub(super) fn factor(lookup: &Lookup<'_>, precision: Precision, pools: Pools) -> Option<Factor> {
    let Lookup { chip, model, need, .. } = *lookup;
    let index = MeasuredIndex::embedded();
    // Known misses count where no measurement of the pair corrects them; uneven long answers always.
    let misses = || lookup.catalog.known_misses(chip, model, need.answer_tokens);
    let far = need.answer_tokens >= LONG_ANSWER_TOKENS || !index.has_served_model(&model.id) || misses().next().is_some();
    let uneven = misses().any(|miss| miss.from_answer_tokens > 0.0);
    let widened = |narrow: f64| if far { band::FAR } else { narrow };
    let graded = |value, evidence, band_fraction, source| {
        Some(Factor { value, evidence: if lookup.is_stated { Evidence::Stated } else { evidence }, band_fraction, source })
    };
    let known = lookup.catalog.chip(&chip.id);
    let typed = known.is_none_or(|known| known.software_factor != chip.software_factor);
    if let Some(value) = chip.software_factor.filter(|_| typed) {
        let source = "roofline with the software factor stated in the plan".to_owned();
        return graded(value, Evidence::Stated, widened(band::SAME_CHIP), source);
    }
    let pair: Vec<&Measurement> =
        index.pair(&chip.id, &model.id).iter().filter(|run| run.ratio.is_some() && !(lookup.withhold && same_lengths(run, need))).collect();
    let same_pools: Vec<&Measurement> = pair.iter().copied().filter(|run| run.pools == pools).collect();
    // One pool always works; where nothing else is allowed it need not have been shown.
    let must = pools == Pools::One && !need.two_pools;
    let is_open = pair.is_empty() || (must && same_pools.is_empty());
    if !is_open {
        // Only ways of serving that were shown to work with this pair.
        let (value, words) = nearest(&same_pools, need, precision)?;
        let source = format!("roofline times {value:.2}, as measured at {words}");
        let narrow = if uneven { band::FAR } else { band::SAME_PAIR };
        return graded(value, Evidence::Calibrated, narrow, source);
    }
    let withheld = lookup.withhold.then_some(model.id.as_str());
    let of_chip = |pools| index.chip_ratio(&chip.id, pools, withheld);
    // One pool works on every chip; two pools only where they were shown to.
    if of_chip(pools).is_some() || (pools == Pools::Two && of_chip(Pools::One).is_some()) {
        let value = of_chip(pools)?;
        let source = format!("roofline times {value:.2}, the middle of what was measured on this chip");
        return graded(value, Evidence::Calibrated, widened(band::SAME_CHIP), source);
    }
    // Two pools need many chips on one fast network, and a vendor that has shown them.
    let rack_scale = chip.scaleup_domain_chips.is_some_and(|chips| chips >= RACK_SCALE_CHIPS);
    if pools == Pools::Two && !(rack_scale && index.vendor_runs_two_pools(&chip.vendor)) {
        return None;
    }
    if let Some(value) = chip.software_factor.or(index.vendor_factor(&chip.vendor)) {
        let source = format!("roofline times {value:.2}, the software factor of {}", chip.vendor);
        return graded(value, Evidence::Calibrated, widened(band::SAME_CHIP), source);
    }
    let source = "roofline alone, nothing measured with this vendor's software".to_owned();
    graded(1.0, Evidence::Modelled, band::FAR, source)
}

/// True if a run has the lengths of the need, closely enough to stand for it.
pub(super) fn same_lengths(run: &Measurement, need: &ServingNeed<'_>) -> bool {
    same_length(run.prompt_tokens, need.prompt_tokens) && same_length(run.answer_tokens, need.answer_tokens)
}

/// The software factor at the measured workload closest to the need, and where it was measured.
///
/// Closest is by the lengths of prompt and answer, another precision or recalled lengths counting
/// as far. Of the runs with that workload it is the best one inside the limit on the time per
/// token, or else the fastest.
fn nearest(measurements: &[&Measurement], need: &ServingNeed<'_>, precision: Precision) -> Option<(f64, String)> {
    let distance = |run: &Measurement| {
        let penalty = |far: bool| if far { 1.0 } else { 0.0 };
        (run.prompt_tokens / need.prompt_tokens).ln().abs()
            + (run.answer_tokens / need.answer_tokens).ln().abs()
            + penalty(run.precision.name != precision.name)
            + penalty(run.lengths_recalled)
    };
    let usable = || measurements.iter().copied().filter(|run| run.ratio.is_some());
    let least = usable().map(distance).min_by(f64::total_cmp)?;
    let closest: Vec<&Measurement> = usable().filter(|run| distance(run) <= least + 1e-9).collect();
    let open = f64::INFINITY;
    let fastest = || {
        let fastest = closest.iter().min_by(|left, right| left.tpot_s.total_cmp(&right.tpot_s))?;
        best_measured(&[*fastest], Limits { tpot_s: open, ttft_s: open })
    };
    let limits = Limits { tpot_s: need.limits().tpot_s, ttft_s: open };
    let reached = best_measured(&closest, limits).or_else(fastest)?;
    let first = closest.first()?;
    let words = format!(
        "{:.0} prompt and {:.0} answer tokens, {} ({}; {})",
        first.prompt_tokens, first.answer_tokens, first.precision.name, reached.words, reached.source
    );
    Some((reached.ratio?, words))
}
