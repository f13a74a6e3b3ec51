//! The roofline: how long one decoding step and one prefill take.
//!
//! ```text
//! touched(B) = 1 − (1 − k/E)^B                             share of experts read in one step
//! t_mem  = [Pd·b·rep + Pe·b·touched/η_moe + B·C·kv·bytes·rep_kv] / (G·BW·η_b)
//! t_comp = 2·Pd·B/(G·F·eff_d) + 2·Pe·(k/E)·B/(G·F·eff_e) + B·C·af/(G·F_bf16·η_p)
//!          eff_d = η_p·Bl/(Bl + B_half);  eff_e = η_p·η_moe·Me/(Me + Me_half), Me = B·k/E
//! t_comm = L·(2·α + V/(0.7·link))                          0 at G = 1
//!          V = 2·B·d·2 bytes·2(G−1)/G under tensor parallelism, (B/G)·d·k·3 bytes under expert parallelism
//! t_step = (t_mem³ + t_comp³)^(1/3) + t_comm + L·τ + 0.3 ms
//! t_prefill = 2·(Pd + Pe·k/(E·η_moe))·ISL/(G·F·η_p) + af·ISL²/2/(G·F_bf16·η_p) + L·V_prefill/(0.7·link)
//!          V_prefill as V with B = ISL; under expert parallelism it overlaps with computing (cubic sum)
//! ```
//! With d tokens drafted a step computes and moves `B·(1 + d)` tokens; weights and context are read once.
//! `B` is the batch of one replica, `Bl` its share on one chip where dense weights are replicated,
//! `G` the chips of a replica, `C` the mean context (prompt and half the answer). `rep` is `G`
//! where dense weights are replicated (data-parallel attention), else 1; `rep_kv` is
//! `max(1, G / kv_heads)` under tensor parallelism. `af` differs for a latent cache between
//! decoding (on the latent) and prefill (unfolded); both come from the catalog. A served model
//! with sparse attention computes at most its stated number of context tokens.
//! All in SI units: s, bytes, FLOP, per chip.

use super::constants::Constants;
use super::sizes::{ChipRates, ModelSizes, Precision};

/// Share of the link rate that collectives reach.
const LINK_EFFICIENCY: f64 = 0.7;

/// Time per step outside the layers (sampling, scheduling), in s.
const STEP_OVERHEAD_S: f64 = 0.3e-3;

/// Share of memory usable for weights and caches; the rest is fragmentation and activations.
const USABLE_MEMORY_FRACTION: f64 = 0.88;

/// Memory taken by the engine itself, in bytes.
const ENGINE_BYTES: f64 = 3e9;

/// Bytes per element of the state of linear-attention layers (bf16).
const STATE_BYTES: f64 = 2.0;

/// Share of the chip-time of a disaggregated pair of pools that is not lost to imbalance.
pub const DISAGGREGATED_EFFICIENCY: f64 = 0.9;

/// How a replica divides its work among chips.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Every matrix is split over all chips.
    Tensor,
    /// Experts are spread over the chips, attention and dense weights replicated on each.
    Expert,
}

/// One way to serve: chips per replica, requests in flight and layout.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Configuration {
    /// Chips of one replica.
    pub chips: f64,
    /// Requests in flight on one replica.
    pub batch: f64,
    /// How work is divided.
    pub layout: Layout,
}

/// One chip, one served model, one precision: everything a step time depends on but the workload.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Roofline {
    /// The chip.
    pub chip: ChipRates,
    /// The served model.
    pub served: ModelSizes,
    /// The number format.
    pub precision: Precision,
    /// The calibrated constants.
    pub constants: Constants,
}

impl Roofline {
    /// Dense rate that the engine can reach at the precision, in FLOP/s.
    fn flop_per_s(&self) -> f64 {
        let native = self.chip.flop_per_s > self.chip.bf16_flop_per_s;
        self.chip.flop_per_s * if native { self.constants.low_precision_efficiency } else { 1.0 }
    }

    /// Copies of the dense weights on one replica.
    fn dense_copies(configuration: Configuration) -> f64 {
        match configuration.layout {
            Layout::Tensor => 1.0,
            Layout::Expert => configuration.chips,
        }
    }

    /// Copies of each cached element on one replica.
    fn cache_copies(&self, configuration: Configuration) -> f64 {
        match configuration.layout {
            Layout::Tensor => (configuration.chips / self.served.kv_heads).max(1.0),
            Layout::Expert => 1.0,
        }
    }

    /// Time of one step of the whole batch at a mean context, in s, in which every request has so many
    /// tokens computed: one, or one and those drafted for it. Weights and context are read once.
    #[must_use]
    pub fn step_s(&self, configuration: Configuration, context_tokens: f64, tokens_per_request: f64) -> f64 {
        let Configuration { chips, batch: requests, layout } = configuration;
        let batch = requests * tokens_per_request;
        let (served, constants) = (&self.served, &self.constants);
        let share = served.experts_per_token / served.experts;
        let touched = 1.0 - (1.0 - share).powf(batch);
        let attended = context_tokens.min(served.attended_tokens);
        // An indexer reads its keys of the whole context; the state of linear layers is read and written.
        let cache_bytes = requests
            * ((attended * served.kv_elements + context_tokens * served.index_elements) * self.precision.kv_bytes
                + 2.0 * STATE_BYTES * served.state_elements);
        let read_bytes = served.always_read * self.precision.weight_bytes * Self::dense_copies(configuration)
            + served.routed * self.precision.weight_bytes * touched / constants.expert_efficiency
            + cache_bytes * self.cache_copies(configuration);
        let memory_s = read_bytes / (chips * self.chip.memory_bytes_per_s * constants.bandwidth_efficiency);

        let batch_per_weight_copy = batch / Self::dense_copies(configuration);
        let dense_efficiency = constants.peak_efficiency * batch_per_weight_copy / (batch_per_weight_copy + constants.half_batch);
        let tokens_per_expert = batch * share;
        let expert_efficiency = constants.peak_efficiency * constants.expert_efficiency * tokens_per_expert
            / (tokens_per_expert + constants.half_tokens_per_expert);
        let flop_per_s = chips * self.flop_per_s();
        let compute_s = 2.0 * served.always_read * batch / (flop_per_s * dense_efficiency)
            + 2.0 * served.routed * share * batch / (flop_per_s * expert_efficiency)
            + batch * (attended * served.decode_attention_flop + context_tokens * served.index_flop)
                / (chips * self.chip.bf16_flop_per_s * constants.peak_efficiency);

        let communication_s = if chips > 1.0 {
            let moving_s = self.bytes_per_layer(chips, layout, batch) / self.link(chips);
            served.layers * (2.0 * constants.collective_latency_s + moving_s)
        } else {
            0.0
        };
        (memory_s.powi(3) + compute_s.powi(3)).cbrt() + communication_s + served.layers * self.layer_s() + STEP_OVERHEAD_S
    }

    /// Time of one layer and step outside of reading and computing, in s.
    fn layer_s(&self) -> f64 {
        self.constants.layer_overhead_s + if self.served.has_experts() { self.constants.routing_overhead_s } else { 0.0 }
    }

    /// Time to prefill one prompt on a replica, in s: the reciprocal of the prompts it prefills per
    /// second. Under expert parallelism several prompts run side by side, so one prompt takes longer.
    #[must_use]
    pub fn prefill_s(&self, chips: f64, layout: Layout, prompt_tokens: f64) -> f64 {
        let (served, constants) = (&self.served, &self.constants);
        let share = served.experts_per_token / served.experts;
        let parameters = served.always_read + served.routed * share / constants.expert_efficiency;
        let attended_pairs = if prompt_tokens <= served.attended_tokens {
            prompt_tokens * prompt_tokens / 2.0
        } else {
            // Every token sees what came before it, up to the limit of the sparse attention.
            served.attended_tokens * (prompt_tokens - served.attended_tokens / 2.0)
        };
        let compute_s = 2.0 * parameters * prompt_tokens / (chips * self.flop_per_s() * constants.peak_efficiency)
            + (served.prefill_attention_flop * attended_pairs + served.index_flop * prompt_tokens * prompt_tokens / 2.0)
                / (chips * self.chip.bf16_flop_per_s * constants.peak_efficiency);
        if chips <= 1.0 {
            return compute_s;
        }
        let communication_s = served.layers * self.bytes_per_layer(chips, layout, prompt_tokens) / self.link(chips);
        match layout {
            Layout::Tensor => compute_s + communication_s,
            // Engines that spread experts work on two half-batches in turn: one moves while the
            // other computes (published for DeepSeek's and CloudMatrix's prefilling pools).
            Layout::Expert => (compute_s.powi(3) + communication_s.powi(3)).cbrt(),
        }
    }

    /// Bytes that one chip moves per layer for a number of tokens.
    fn bytes_per_layer(&self, chips: f64, layout: Layout, tokens: f64) -> f64 {
        match layout {
            Layout::Tensor => 2.0 * tokens * self.served.hidden * 2.0 * 2.0 * (chips - 1.0) / chips,
            Layout::Expert => tokens / chips * self.served.hidden * self.served.experts_per_token * 3.0,
        }
    }

    /// Bytes that one token of context takes in a cache.
    #[must_use]
    pub fn cache_bytes_per_token(&self) -> f64 {
        (self.served.kv_elements + self.served.index_elements) * self.precision.kv_bytes
    }

    /// True if weights and caches of the whole batch fit into the memory of the replica.
    #[must_use]
    pub fn fits(&self, configuration: Configuration, context_tokens: f64) -> bool {
        let weights = ((self.served.always_read + self.served.embedding) * Self::dense_copies(configuration) + self.served.routed)
            * self.precision.weight_bytes;
        let caches = configuration.batch
            * (context_tokens * self.cache_bytes_per_token() + STATE_BYTES * self.served.state_elements)
            * self.cache_copies(configuration);
        (weights + caches) / configuration.chips < USABLE_MEMORY_FRACTION * self.chip.memory_bytes - ENGINE_BYTES
    }

    /// Rate that collectives reach on the link that joins so many chips, in bytes/s.
    fn link(&self, chips: f64) -> f64 {
        let link = if chips <= self.chip.domain_chips { self.chip.link_bytes_per_s } else { self.chip.scaleout_bytes_per_s };
        LINK_EFFICIENCY * link.unwrap_or(f64::MIN_POSITIVE)
    }
}
