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
//! [`roofline`] holds the equations, [`constants`] their nine constants, [`calibrate`] how these
//! are found, [`validation`] how well they do.

pub mod band;
pub mod calibrate;
pub mod choose;
pub mod chooser;
pub mod chooser_table;
pub mod constants;
pub mod correction;
pub mod frontier;
mod lookup;
pub mod measured;
mod production;
mod published;
mod reach;
pub mod replica;
pub mod roofline;
pub mod sizes;
pub mod training;
pub mod validation;
mod way;

use crate::catalog::{Catalog, Chip, Evidence, ServedModel};
use choose::{Cache, Limits, Speculation, Workload};
use lookup::Lookup;
pub use production::ProductionCheck;
pub use replica::Replica;

/// Most ways of serving a product on a chip that are offered.
const MOST_POINTS: usize = 4;

/// Whether prompts may be prefilled by other chips than those that answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TwoPools {
    /// Where a run of the chip with the served model, or one like it, has shown it.
    #[default]
    Shown,
    /// Always: unproven where nobody has shown it.
    Always,
    /// Never.
    Never,
}

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
    /// Bytes per second and chip at which cached context is fetched, in GB/s; none where it lies in the
    /// chips' own memory.
    pub cache_fetch_gb_per_s: Option<f64>,
    /// Further requests' cached context that lies in the chips' memory for each request in flight.
    pub cached_contexts_per_request: f64,
    /// Extra tokens accepted per decoding step by speculation.
    pub speculative_acceptance_fraction: f64,
    /// Tokens drafted per step; as few as can be accepted if none.
    pub drafted_tokens: Option<f64>,
    /// Whether prompts may be prefilled by other chips than those that answer.
    pub two_pools: TwoPools,
    /// Chips that one replica may take at most; no limit if none.
    pub most_chips: Option<f64>,
}

impl ServingNeed<'_> {
    /// A need without limits, caching and speculation, served in any way.
    #[must_use]
    pub const fn plain(prompt_tokens: f64, answer_tokens: f64) -> Self {
        Self {
            prompt_tokens,
            answer_tokens,
            cache_hit_fraction: 0.0,
            cache_fetch_gb_per_s: None,
            cached_contexts_per_request: 0.0,
            drafted_tokens: None,
            tpot_ms: None,
            ttft_ms: None,
            precision: None,
            speculative_acceptance_fraction: 0.0,
            two_pools: TwoPools::Shown,
            most_chips: None,
        }
    }

    /// Chips that one replica may take at most.
    fn most_chips(&self) -> f64 {
        self.most_chips.unwrap_or(f64::INFINITY)
    }

    fn workload(&self) -> Workload {
        let accepting = Speculation::accepting(self.speculative_acceptance_fraction.max(0.0));
        Workload {
            // A request has at least one token each way; less would divide by zero.
            prompt_tokens: self.prompt_tokens.max(1.0),
            answer_tokens: self.answer_tokens.max(1.0),
            cache: Cache {
                hit_fraction: self.cache_hit_fraction.clamp(0.0, 1.0),
                fetch_bytes_per_s: self.cache_fetch_gb_per_s.map_or(f64::INFINITY, |rate| rate * 1e9),
                kept_per_request: self.cached_contexts_per_request.max(0.0),
            },
            speculation: Speculation { drafted: self.drafted_tokens.unwrap_or(accepting.drafted).max(0.0), ..accepting },
        }
    }

    fn limits(&self) -> Limits {
        Limits { tpot_s: self.tpot_ms.map_or(f64::INFINITY, |ms| ms / 1e3), ttft_s: self.ttft_ms.map_or(f64::INFINITY, |ms| ms / 1e3) }
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
    /// The fewest chips it runs on; the rates are per chip of it.
    pub replica: Replica,
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
    let found = Lookup::new(catalog, chip, model, need).and_then(|lookup| lookup.points(MOST_POINTS));
    let told = |reason: String| need.most_chips.and_then(|most| replica::too_few(catalog, chip, model, need, most)).unwrap_or(reason);
    refusing(chip, model, found.map_err(told))
}

/// What [`operating_points`] would say if this workload had never been measured on this chip with
/// this served model: for comparing the throughput model with a published figure.
///
/// # Errors
/// As [`operating_points`].
pub fn withheld_points(
    catalog: &Catalog,
    chip: &Chip,
    model: &ServedModel,
    need: &ServingNeed<'_>,
) -> Result<Vec<OperatingPoint>, MissingParameters> {
    let correction = chooser::without_workload(catalog, chip, model, need);
    let found = Lookup::new(catalog, chip, model, need).and_then(|lookup| lookup.withholding(&correction).points(MOST_POINTS));
    refusing(chip, model, found)
}

fn refusing<T>(chip: &Chip, model: &ServedModel, found: Result<T, String>) -> Result<T, MissingParameters> {
    found.map_err(|reason| MissingParameters { chip: chip.id.clone(), served_model: model.id.clone(), reason })
}
