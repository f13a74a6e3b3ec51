//! What a token product asks of a chip, and how a chip can serve it.

use super::choose::{Cache, Limits, Speculation, Workload};
use super::replica::Replica;
use crate::catalog::Evidence;

/// Most ways of serving a product on a chip that are offered.
pub(super) const MOST_POINTS: usize = 4;

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
    pub(super) fn most_chips(&self) -> f64 {
        self.most_chips.unwrap_or(f64::INFINITY)
    }

    pub(super) fn workload(&self) -> Workload {
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

    pub(super) fn limits(&self) -> Limits {
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
