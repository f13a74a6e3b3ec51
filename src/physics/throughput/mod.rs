//! Throughput: tokens per second of a chip with a served model, with its evidence.
//!
//! The order of preference, kept on every number:
//! 1. **measured**: a published benchmark at or inside the limits, interpolated between points of
//!    one sweep and never beyond its ends;
//! 2. **calibrated**: the roofline times (measured / roofline) at the nearest measurement of the
//!    same chip and served model, else of the same chip, else the chip vendor's software factor;
//! 3. **modelled**: the roofline alone;
//! 4. **stated**: typed by the planner, or computed from a size the planner typed.
//!
//! [`roofline`] holds the equations, [`constants`] their eight constants, [`calibrate`] how these
//! are found, [`validation`] how well they do.

pub mod calibrate;
pub mod choose;
pub mod constants;
pub mod measured;
pub mod roofline;
pub mod validation;

use crate::catalog::{Catalog, Chip, Evidence, ServedModel, Serving};
use choose::{Candidate, Limits, Styles, Workload, best};
use constants::Constants;
use measured::{MeasuredIndex, Measurement, best_measured, roofline_of};
use roofline::{ChipRates, Layout, ModelSizes, PRECISIONS, Precision};

/// What a token product asks of a chip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ServingNeed<'a> {
    /// Prompt tokens per request, those found in the cache included.
    pub prompt_tokens: f64,
    /// Answer tokens per request.
    pub answer_tokens: f64,
    /// Share of prompt tokens found in the cache, 0 to below 1.
    pub cache_hit_fraction: f64,
    /// Longest time per answer token, in ms.
    pub tpot_ms: Option<f64>,
    /// Longest time to the first token, in ms.
    pub ttft_ms: Option<f64>,
    /// Precision of the weights; the best of the served model's where it is not given.
    pub precision: Option<&'a str>,
    /// Extra tokens accepted per decoding step by speculation.
    pub speculative_acceptance_fraction: f64,
}

impl ServingNeed<'_> {
    /// A need without limits, caching and speculation.
    #[must_use]
    pub const fn plain(prompt_tokens: f64, answer_tokens: f64) -> Self {
        Self {
            prompt_tokens,
            answer_tokens,
            cache_hit_fraction: 0.0,
            tpot_ms: None,
            ttft_ms: None,
            precision: None,
            speculative_acceptance_fraction: 0.0,
        }
    }

    fn workload(&self) -> Workload {
        Workload {
            // A request has at least one token each way; less would divide by zero.
            prompt_tokens: self.prompt_tokens.max(1.0),
            answer_tokens: self.answer_tokens.max(1.0),
            cache_hit_fraction: self.cache_hit_fraction.clamp(0.0, 1.0),
            speculative_acceptance_fraction: self.speculative_acceptance_fraction.max(0.0),
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            tpot_s: self.tpot_ms.map_or(f64::INFINITY, |ms| ms / 1e3),
            ttft_s: self.ttft_ms.map_or(f64::INFINITY, |ms| ms / 1e3),
        }
    }
}

/// One way of serving a product on a chip. Rates are per chip.
///
/// One pool of chips that prefills and decodes obeys
/// `1 / answer_tok_per_s = 1 / decode_tok_per_s + prompt_per_answer / prefill_tok_per_s` exactly.
#[derive(Debug, Clone, PartialEq)]
pub struct OperatingPoint {
    /// Prompt tokens (those not found in the cache) per second, prefilling only.
    pub prefill_tok_per_s: f64,
    /// Answer tokens per second, decoding only.
    pub decode_tok_per_s: f64,
    /// Answer tokens per second of chips that do both in the product's proportion.
    pub answer_tok_per_s: f64,
    /// Time per answer token reached, in ms.
    pub tpot_ms: f64,
    /// What the numbers rest on.
    pub evidence: Evidence,
    /// Half-width of the uncertainty band, as a fraction of the rates.
    pub band_fraction: f64,
    /// How it is served, in words.
    pub configuration: String,
    /// Where it comes from, in words.
    pub source: String,
}

/// Why a chip cannot serve a product: what is missing, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{chip} cannot serve {served_model}: {reason}")]
pub struct MissingParameters {
    /// Chip id.
    pub chip: String,
    /// Served model id.
    pub served_model: String,
    /// What is missing or what does not fit, in words.
    pub reason: String,
}

/// The share of the limit on the time per token at which further operating points are looked for.
const FASTER_SHARES: [f64; 3] = [0.7, 0.5, 0.35];

/// A faster point is worth offering where it costs at least this share of the rate: the frontier
/// is steep there.
const STEEP_FRACTION: f64 = 0.1;

/// Lengths within this factor count as the same workload.
const SAME_LENGTH_FACTOR: f64 = 1.1;

/// Answers from this length on are long reasoning: the roofline is less sure of them.
const LONG_ANSWER_TOKENS: f64 = 4096.0;

/// The ways in which a chip can serve a product, best first, at most four. The first has the
/// highest rate inside the limits; the others answer faster at a lower rate.
///
/// # Errors
/// [`MissingParameters`] where a size needed by the roofline is unknown and nothing was measured,
/// where the served model does not fit, or where the limits cannot be met.
pub fn operating_points(
    catalog: &Catalog,
    chip: &Chip,
    model: &ServedModel,
    need: &ServingNeed<'_>,
) -> Result<Vec<OperatingPoint>, MissingParameters> {
    let refuse = |reason: String| MissingParameters {
        chip: chip.id.clone(),
        served_model: model.id.clone(),
        reason,
    };
    if ![need.prompt_tokens, need.answer_tokens]
        .iter()
        .all(|tokens| tokens.is_finite() && *tokens > 0.0)
    {
        return Err(refuse(
            "prompt and answer tokens must be above zero".to_owned(),
        ));
    }
    let longest = need.prompt_tokens + need.answer_tokens;
    if let Some(most) = model.max_context_tokens
        && longest > most
    {
        return Err(refuse(format!(
            "prompt and answer take {longest} tokens, its longest context is {most}"
        )));
    }
    let precisions = precisions_of(chip, model, need).map_err(refuse)?;
    let standing = Standing::of(catalog, chip, model);

    if standing.is_catalog {
        let points = measured_points(chip, model, need, &precisions);
        if !points.is_empty() {
            return Ok(points);
        }
    }
    computed_points(catalog, chip, model, need, &precisions, standing).map_err(refuse)
}

/// Whether chip and served model are as in the catalog.
#[derive(Debug, Clone, Copy)]
struct Standing {
    /// Both are, in every number that a throughput depends on.
    is_catalog: bool,
    /// The planner changed or made up a number that a throughput depends on.
    is_stated: bool,
}

impl Standing {
    fn of(catalog: &Catalog, chip: &Chip, model: &ServedModel) -> Self {
        let chip_is_catalog = catalog.chip(&chip.id).is_some_and(|known| {
            known.hbm_gb == chip.hbm_gb
                && known.hbm_tb_per_s == chip.hbm_tb_per_s
                && known.bf16_dense_tflops == chip.bf16_dense_tflops
                && known.fp8_dense_tflops == chip.fp8_dense_tflops
                && known.fp4_dense_tflops == chip.fp4_dense_tflops
                && known.scaleup_domain_chips == chip.scaleup_domain_chips
                && known.scaleup_gb_per_s_one_way == chip.scaleup_gb_per_s_one_way
                && known.software_factor == chip.software_factor
        });
        let model_is_catalog = catalog
            .served_model(&model.id)
            .is_some_and(|known| ModelSizes::of(known) == ModelSizes::of(model));
        let is_catalog = chip_is_catalog && model_is_catalog;
        Self {
            is_catalog,
            is_stated: !is_catalog,
        }
    }
}

/// The precisions to choose from: the one asked for, else those that this pair was measured with,
/// else those of the served model that the chip computes natively.
fn precisions_of(
    chip: &Chip,
    model: &ServedModel,
    need: &ServingNeed<'_>,
) -> Result<Vec<Precision>, String> {
    if let Some(name) = need.precision {
        return Precision::named(name)
            .map(|precision| vec![precision])
            .ok_or_else(|| format!("precision `{name}` is not one of bf16, fp8, int8, fp4, int4"));
    }
    let published: Vec<Precision> = model
        .precisions
        .iter()
        .filter_map(|name| Precision::named(name))
        .collect();
    if published.is_empty() {
        return Err("the served model's precisions are not known".to_owned());
    }
    let pair = MeasuredIndex::embedded().pair(&chip.id, &model.id);
    let measured: Vec<Precision> = PRECISIONS
        .into_iter()
        .filter(|precision| pair.iter().any(|run| run.precision.name == precision.name))
        .collect();
    if !measured.is_empty() {
        return Ok(measured);
    }
    // 4-bit floats on a chip that unpacks them to 16 bits are served only where nothing else is
    // published: 8 bits are faster there.
    let native: Vec<Precision> = published
        .iter()
        .copied()
        .filter(|precision| {
            precision.name != "fp4" || chip.fp4_dense_tflops > chip.fp8_dense_tflops
        })
        .collect();
    Ok(if native.is_empty() { published } else { native })
}

/// Limits of the best point and of the faster ones around a time per token.
fn faster_limits(limits: Limits, reached_tpot_s: f64) -> impl Iterator<Item = Limits> {
    FASTER_SHARES.into_iter().map(move |share| Limits {
        tpot_s: reached_tpot_s.min(limits.tpot_s) * share,
        ttft_s: limits.ttft_s,
    })
}

/// Keeps the first point, and those after it that cost enough of the rate to be worth a choice.
fn keep_steep(points: Vec<OperatingPoint>) -> Vec<OperatingPoint> {
    let mut kept: Vec<OperatingPoint> = Vec::with_capacity(points.len());
    for point in points {
        let steep = kept.last().is_none_or(|last| {
            point.answer_tok_per_s < (1.0 - STEEP_FRACTION) * last.answer_tok_per_s
        });
        if steep {
            kept.push(point);
        }
    }
    kept
}

fn measured_points(
    chip: &Chip,
    model: &ServedModel,
    need: &ServingNeed<'_>,
    precisions: &[Precision],
) -> Vec<OperatingPoint> {
    // A cache hit or speculation changes what is served: such a need was not measured.
    if need.cache_hit_fraction > 0.0 || need.speculative_acceptance_fraction > 0.0 {
        return Vec::new();
    }
    let same = |left: f64, right: f64| (left / right).ln().abs() <= SAME_LENGTH_FACTOR.ln();
    let measurements: Vec<&Measurement> = MeasuredIndex::embedded()
        .pair(&chip.id, &model.id)
        .iter()
        .filter(|measured| {
            same(measured.prompt_tokens, need.prompt_tokens)
                && same(measured.answer_tokens, need.answer_tokens)
                && precisions
                    .iter()
                    .any(|precision| precision.name == measured.precision.name)
        })
        .collect();
    let limits = need.limits();
    let Some(first) = best_measured(&measurements, limits) else {
        return Vec::new();
    };
    let reached_tpot_s = first.candidate.tpot_s;
    let mut found = vec![first];
    if reached_tpot_s.is_finite() {
        found.extend(
            faster_limits(limits, reached_tpot_s)
                .filter_map(|limits| best_measured(&measurements, limits)),
        );
    }
    let points = found
        .into_iter()
        .map(|reached| OperatingPoint {
            prefill_tok_per_s: reached.candidate.prefill_tok_per_s,
            decode_tok_per_s: reached.candidate.decode_tok_per_s,
            answer_tok_per_s: reached.candidate.answer_tok_per_s,
            tpot_ms: reached.candidate.tpot_s * 1e3,
            evidence: Evidence::Measured,
            band_fraction: band::MEASURED,
            configuration: reached.words,
            source: reached.source,
        })
        .collect();
    keep_steep(points)
}

/// Half-widths of the uncertainty bands, as fractions.
mod band {
    /// Two runs of one benchmark on one chip differ by about this much.
    pub const MEASURED: f64 = 0.1;
    /// Scaled by a measurement of the same chip and served model.
    pub const SAME_PAIR: f64 = 0.15;
    /// Scaled by what was measured on the same chip, or by the vendor's software factor.
    pub const SAME_CHIP: f64 = 0.25;
    /// The roofline alone.
    pub const MODELLED: f64 = 0.25;
    /// The roofline alone, for long reasoning answers or a served model never measured.
    pub const MODELLED_FAR: f64 = 0.5;
}

/// What the roofline is multiplied by, and what that rests on.
struct Factor {
    value: f64,
    evidence: Evidence,
    band_fraction: f64,
    source: String,
}

fn factor(
    catalog: &Catalog,
    chip: &Chip,
    model: &ServedModel,
    need: &ServingNeed<'_>,
    precision: Precision,
    standing: Standing,
) -> Factor {
    let index = MeasuredIndex::embedded();
    let far = need.answer_tokens >= LONG_ANSWER_TOKENS || !index.has_served_model(&model.id);
    let widened = |narrow: f64| if far { band::MODELLED_FAR } else { narrow };
    let graded = |value, evidence, band_fraction, source| Factor {
        value,
        evidence: if standing.is_stated {
            Evidence::Stated
        } else {
            evidence
        },
        band_fraction,
        source,
    };
    let stated_factor = chip.software_factor.filter(|_| {
        catalog
            .chip(&chip.id)
            .is_none_or(|known| known.software_factor != chip.software_factor)
    });
    if let Some(value) = stated_factor {
        let source = "roofline with the software factor stated in the plan".to_owned();
        return graded(value, Evidence::Stated, widened(band::MODELLED), source);
    }
    if let Some((value, words)) = nearest(index.pair(&chip.id, &model.id), need, precision) {
        let source = format!("roofline times {value:.2}, as measured at {words}");
        return graded(value, Evidence::Calibrated, band::SAME_PAIR, source);
    }
    if let Some(value) = index.chip_ratio(&chip.id) {
        let source =
            format!("roofline times {value:.2}, the middle of all measurements on this chip");
        return graded(
            value,
            Evidence::Calibrated,
            widened(band::SAME_CHIP),
            source,
        );
    }
    if let Some(value) = chip.software_factor.or(index.vendor_factor(&chip.vendor)) {
        let source = format!(
            "roofline times {value:.2}, the software factor of {}",
            chip.vendor
        );
        return graded(
            value,
            Evidence::Calibrated,
            widened(band::SAME_CHIP),
            source,
        );
    }
    // Nothing was ever measured with this vendor's software.
    let source = "roofline alone, nothing measured with this vendor's software".to_owned();
    graded(1.0, Evidence::Modelled, band::MODELLED_FAR, source)
}

/// The software factor at the measured workload closest to the need, and where it was measured.
///
/// Closest is by the lengths of prompt and answer, another precision or recalled lengths counting
/// as far. Of the runs with that workload it is the best one inside the limit on the time per
/// token, or else the fastest.
fn nearest(
    measurements: &[Measurement],
    need: &ServingNeed<'_>,
    precision: Precision,
) -> Option<(f64, String)> {
    let distance = |measured: &Measurement| {
        (measured.prompt_tokens / need.prompt_tokens).ln().abs()
            + (measured.answer_tokens / need.answer_tokens).ln().abs()
            + if measured.precision.name == precision.name {
                0.0
            } else {
                1.0
            }
            + if measured.lengths_recalled { 1.0 } else { 0.0 }
    };
    let usable = || {
        measurements
            .iter()
            .filter(|measured| measured.ratio.is_some())
    };
    let least = usable().map(distance).min_by(f64::total_cmp)?;
    let closest: Vec<&Measurement> = usable()
        .filter(|measured| distance(measured) <= least + 1e-9)
        .collect();
    let fastest = || {
        let fastest = closest
            .iter()
            .min_by(|left, right| left.tpot_s.total_cmp(&right.tpot_s))?;
        best_measured(
            &[*fastest],
            Limits {
                tpot_s: f64::INFINITY,
                ttft_s: f64::INFINITY,
            },
        )
    };
    let limits = Limits {
        tpot_s: need.limits().tpot_s,
        ttft_s: f64::INFINITY,
    };
    let reached = best_measured(&closest, limits).or_else(fastest)?;
    let first = closest.first()?;
    let words = format!(
        "{:.0} prompt and {:.0} answer tokens, {} ({}; {})",
        first.prompt_tokens,
        first.answer_tokens,
        first.precision.name,
        reached.words,
        reached.source
    );
    Some((reached.ratio?, words))
}

fn computed_points(
    catalog: &Catalog,
    chip: &Chip,
    model: &ServedModel,
    need: &ServingNeed<'_>,
    precisions: &[Precision],
    standing: Standing,
) -> Result<Vec<OperatingPoint>, String> {
    let mut missing = ModelSizes::of(model).err().unwrap_or_default();
    let usable: Vec<Precision> = precisions
        .iter()
        .copied()
        .filter(|&precision| match ChipRates::of(chip, precision) {
            Ok(_) => true,
            Err(names) => {
                for name in names {
                    if !missing.contains(&name) {
                        missing.push(name);
                    }
                }
                false
            }
        })
        .collect();
    if usable.is_empty() || ModelSizes::of(model).is_err() {
        return Err(format!(
            "{} not found in the catalog; state {} in the plan, or a throughput",
            list(&missing),
            if missing.len() == 1 { "it" } else { "them" }
        ));
    }
    let (workload, limits) = (need.workload(), need.limits());
    let mut best_points: Vec<OperatingPoint> = Vec::new();
    let mut fits = false;
    for precision in usable {
        let Some(roofline) = roofline_of(chip, model, precision, Constants::CALIBRATED) else {
            continue;
        };
        let factor = factor(catalog, chip, model, need, precision, standing);
        // Software that runs at 0.6 of the roofline takes 1/0.6 of its times: the roofline must
        // meet limits that much tighter.
        let scaled = |limits: Limits| Limits {
            tpot_s: limits.tpot_s * factor.value,
            ttft_s: limits.ttft_s * factor.value,
        };
        let choose = |limits: Limits| best(&roofline, &workload, scaled(limits), Styles::Either);
        let Some(first) = choose(limits) else {
            fits |= choose(Limits {
                tpot_s: f64::INFINITY,
                ttft_s: f64::INFINITY,
            })
            .is_some();
            continue;
        };
        let reached_tpot_s = first.tpot_s / factor.value;
        let mut found = vec![first];
        found.extend(faster_limits(limits, reached_tpot_s).filter_map(choose));
        let points = keep_steep(
            found
                .iter()
                .map(|candidate| computed_point(candidate, precision, &factor))
                .collect(),
        );
        if is_better(&points, &best_points) {
            best_points = points;
        }
    }
    if best_points.is_empty() {
        return Err(if fits {
            "no configuration meets the limits on time per token and time to the first token"
                .to_owned()
        } else {
            "weights and caches of one request do not fit into any replica".to_owned()
        });
    }
    Ok(best_points)
}

/// Better evidence first, then the higher rate.
fn is_better(points: &[OperatingPoint], than: &[OperatingPoint]) -> bool {
    match (points.first(), than.first()) {
        (Some(new), Some(old)) => {
            new.evidence < old.evidence
                || (new.evidence == old.evidence && new.answer_tok_per_s > old.answer_tok_per_s)
        }
        (Some(_), None) => true,
        (None, _) => false,
    }
}

fn computed_point(candidate: &Candidate, precision: Precision, factor: &Factor) -> OperatingPoint {
    let layout = match candidate.configuration.layout {
        Layout::Tensor => "per replica",
        Layout::Expert => "per replica, experts spread",
    };
    let pools = match candidate.serving {
        Serving::Disaggregated => format!("; prefill apart on {} chips", candidate.prefill_chips),
        _ => String::new(),
    };
    OperatingPoint {
        prefill_tok_per_s: candidate.prefill_tok_per_s * factor.value,
        decode_tok_per_s: candidate.decode_tok_per_s * factor.value,
        answer_tok_per_s: candidate.answer_tok_per_s * factor.value,
        tpot_ms: candidate.tpot_s / factor.value * 1e3,
        evidence: factor.evidence,
        band_fraction: factor.band_fraction,
        configuration: format!(
            "{}, {} chips {layout}, {} requests in flight{pools}",
            precision.name, candidate.configuration.chips, candidate.configuration.batch
        ),
        source: factor.source.clone(),
    }
}

/// "a, b and c".
fn list(names: &[&str]) -> String {
    match names.split_last() {
        None => "numbers".to_owned(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
