//! Served models, the token products made from them, and how fast chips make them.

use super::node::{choice, record};
use super::succession::Succession;
use super::values::{ChipRef, Month, ProductRef, Quantity, ServedModelRef, SiteRef, Steps};

record! {
    /// A served model: of the catalog, by the config of its weights, or by its sizes. Numbers given here replace the others.
    pub struct ServedModel {
        /// Id in the catalog; where it is left out, a config or sizes say what it is, or throughput rows are stated
        catalog: Option<String> = None,
        /// Name on screen
        name: Option<String> = None,
        /// Quality of its answers
        quality: Quality = Quality::FromIndex,
        /// The `config.json` of its published weights, in the plan's folder
        config: Option<String> = None,
        /// All parameters, billion
        total_params_b: Option<Quantity> [1e-6, 1e6] = None,
        /// Parameters used for one token, billion; all of them if left out
        active_params_b: Option<Quantity> [1e-6, 1e6] = None,
        /// Parameters read for every token (attention, shared experts, dense layers), billion; from the two above and the experts if left out
        always_read_params_b: Option<Quantity> [1e-6, 1e6] = None,
        /// Parameters of all routed experts, billion
        routed_expert_params_b: Option<Quantity> [0.0, 1e6] = None,
        /// Routed experts in a layer; 1 if it is dense
        experts: Option<Quantity> [1.0, 1e5] = None,
        /// Routed experts that one token visits in a layer
        experts_per_token: Option<Quantity> [1.0, 1e5] = None,
        /// Layers
        layers: Option<Quantity> [1.0, 1e5] = None,
        /// Width of the residual stream; of a dense one from parameters and layers if left out
        hidden: Option<Quantity> [1.0, 1e7] = None,
        /// Cached elements per token of context, all layers; from layers and key-value heads of 128 if left out
        kv_elements_per_token: Option<Quantity> [0.0, 1e9] = None,
        /// Key-value heads; 1 of a latent cache
        kv_heads: Option<Quantity> [1.0, 1e5] = None,
        /// Attention FLOP of one answer token per token of context, all layers; from width and layers if left out
        decode_attention_flop: Option<Quantity> [0.0, 1e12] = None,
        /// The same of one prompt token; as of an answer token if left out
        prefill_attention_flop: Option<Quantity> [0.0, 1e12] = None,
        /// Most tokens of context that one token attends to, where attention is sparse
        sparse_attention_tokens: Option<Quantity> [1.0, 1e9] = None,
        /// Longest context, tokens
        max_context_tokens: Option<Quantity> [1.0, 1e9] = None,
        /// Precisions of its weights, such as "fp8" and "bf16"; 8 and 16 bits if nothing says them
        precisions: Vec<String> = Vec::new(),
        /// Its speed on every chip, as a factor on what the catalog or the plan states, by date: what software gains
        speed_factor: Steps [0.0, 1000.0] = Steps::always(1.0),
        /// Remarks and sources
        notes: String = String::new(),
    }
}

choice! {
    /// Where the quality weight of a served model comes from.
    pub enum Quality {
        /// The catalog's capability index divided by the best index in the plan; 1 where there is no index
        FromIndex,
        /// Stated: quality-weighted tokens per raw answer token
        Stated(f64),
    }
}

record! {
    /// How long requests are: so large a share of them is at most as long.
    pub struct Quantile {
        /// Share of the requests
        share_fraction: f64 [1e-6, 0.999_999],
        /// Tokens that they have at most
        tokens: f64 [0.0, 1e8],
    }
}

record! {
    /// A token product: a served model under a promise of speed.
    pub struct Product {
        /// The served model behind it, or one after the other by date
        served_model: Succession,
        /// Prompt tokens of a request, by date where they change
        prompt_tokens: Steps [0.0, 1e8],
        /// Answer tokens of a request, by date where they change
        answer_tokens: Steps [1e-9, 1e8],
        /// Lengths of prompts by share of the requests: work is the mean over them, and the promise holds for 99 of 100
        prompt_quantiles: Vec<Quantile> = Vec::new(),
        /// Lengths of answers by share of the requests
        answer_quantiles: Vec<Quantile> = Vec::new(),
        /// Share of prompt tokens found in the prefix cache, by date where it changes
        cache_hit_fraction: Steps [0.0, 1.0] = Steps::always(0.0),
        /// GB/s per chip at which cached context is fetched from hosts or over the network; it lies in the chips' own memory if left out
        cache_fetch_gb_per_s: Option<f64> [1e-3, 1e6] = None,
        /// Cached contexts of waiting requests in the chips' memory for each request in flight (agents that wait for their tools)
        cached_contexts_per_request: f64 [0.0, 1e4] = 0.0,
        /// Time per output token at most, ms
        tpot_ms: Option<f64> [0.01, 1e6] = None,
        /// Time to first token at most, ms
        ttft_ms: Option<f64> [0.01, 1e7] = None,
        /// Network latency between site and market at most, ms (round trip and fixed part)
        latency_ms: Option<f64> [0.0, 1e5] = None,
        /// When answers are due
        urgency: Urgency = Urgency::Interactive,
        /// Share of its live tokens that may be shed in events of a connection
        flexible_fraction: f64 [0.0, 1.0] = 0.0,
        /// What becomes of tokens that are shed
        shed: Shed = Shed::Lost,
        /// Discount for tokens that are shed, $ per million answer tokens, by date: on those made later, or as a credit for those that are lost
        shed_discount_usd_per_mtok: Steps [0.0, 1e6] = Steps::always(0.0),
        /// Notice without which none of its tokens are shed, hours
        shed_notice_hours: f64 [0.0, 8760.0] = 0.0,
        /// Share of powered chips' time that may be sold, so that the promise of speed holds; 0.8 if interactive and 1 if not, where left out
        utilisation_cap_fraction: Option<f64> [1e-6, 1.0] = None,
        /// Weight of its tokens in quality-weighted tokens; from the served model if left out
        quality_weight: Option<Steps> [0.0, 1e6] = None,
        /// Whether prompts may be prefilled on other chips than those that answer
        disaggregated: Disaggregated = Disaggregated::Shown,
        /// Precision to serve at, such as "fp8"; the fastest known if left out
        precision: Option<String> = None,
        /// Drafted tokens accepted per step by speculative decoding, on average; no more than was published for the served model
        speculative_acceptance_fraction: f64 [0.0, 10.0] = 0.0,
        /// Tokens drafted per step, all of which are computed; as few as can be accepted if left out
        speculative_drafted_tokens: Option<f64> [0.0, 64.0] = None,
        /// Remarks and sources
        notes: String = String::new(),
    }
}

choice! {
    /// Whether one pool of chips may prefill prompts and another answer.
    pub enum Disaggregated {
        /// Where a published run of the chip with the served model, or one like it, has shown that it works
        Shown,
        /// On every chip; graded unproven where nobody has shown it
        Always,
        /// Never: the chips that answer prefill too
        Never,
    }
}

choice! {
    /// What becomes of live tokens that are shed in an event.
    pub enum Shed {
        /// They are not made and not paid
        Lost,
        /// They are made in other hours of the same day
        SameDay,
    }
}

impl Product {
    /// Share of powered chips' time that may be sold: as stated, else 0.8 if interactive and 1 if not.
    #[must_use]
    pub fn utilisation_cap(&self) -> f64 {
        self.utilisation_cap_fraction.unwrap_or(if self.urgency == Urgency::Interactive { 0.8 } else { 1.0 })
    }
}

choice! {
    /// When answers are due.
    pub enum Urgency {
        /// At once: work follows the market's day
        Interactive,
        /// Within the day: work may be moved to cheap hours
        WithinDay,
        /// Within the week, counted from each period's first day; needs hours in order
        WithinWeek,
        /// Within the period; needs hours in order
        WithinPeriod,
    }
}

record! {
    /// Throughput of one chip for one product, stated by the planner.
    pub struct ThroughputRow {
        /// The chip
        chip: ChipRef,
        /// The product
        product: ProductRef,
        /// The served model it is of, where the product has several by date; every one if left out
        served_model: Option<ServedModelRef> = None,
        /// Prompt tokens prefilled per second and chip, when only prefilling
        prefill_tok_per_s: f64 [0.0, 1e9] = 0.0,
        /// Answer tokens per second and chip, when only answering
        decode_tok_per_s: f64 [0.0, 1e9],
        /// Chips that serve together: fewer than this make nothing
        replica_chips: f64 [1.0, 1e6] = 1.0,
        /// Whether it was measured, at this product's lengths and promise; stated if not
        measured: bool = false,
        /// When it was measured, such as "2026-05"
        date: String = String::new(),
        /// Serving engine it was measured with, and its version
        engine: String = String::new(),
        /// Where it comes from
        source: String = String::new(),
    }
}

record! {
    /// A training programme beside serving.
    pub struct Training {
        /// First month
        from: Month,
        /// Last month (included)
        until: Month,
        /// How much compute it needs
        need: TrainingNeed,
        /// When it may run
        rhythm: Rhythm = Rhythm::Elastic(Elastic { floor_fraction: 0.0 }),
        /// The site it runs at; may spread over all sites if left out
        site: Option<SiteRef> = None,
        /// Chips it may run on; any chip with known training compute if empty
        chips: Vec<ChipRef> = Vec::new(),
        /// Model FLOP utilisation
        utilisation_fraction: Quantity [1e-3, 1.0] = Quantity::bare(0.4),
        /// Training data read, Gtok, through the sites' data pipelines
        data_gtok: f64 [0.0, 1e9] = 0.0,
        /// Products that can be sold only once it has ended
        unlocks: Vec<ProductRef> = Vec::new(),
        /// Remarks and sources
        notes: String = String::new(),
    }
}

choice! {
    /// The compute a training programme needs.
    pub enum TrainingNeed {
        /// Floating-point operations, in ZFLOP (1e21)
        Zflop(f64),
        /// Chip-hours of one chip at the programme's utilisation
        ChipHours(ChipHours),
    }
}

record! {
    /// Chip-hours of one chip.
    pub struct ChipHours {
        /// The chip
        chip: ChipRef,
        /// Millions of chip-hours
        millions: f64 [0.0, 1e6],
    }
}

choice! {
    /// When training may run.
    pub enum Rhythm {
        /// At a constant rate
        Rigid,
        /// Faster and slower, above a floor
        Elastic(Elastic),
    }
}

record! {
    /// Elastic training.
    pub struct Elastic {
        /// Lowest rate at any time, as a share of the mean rate
        floor_fraction: f64 [0.0, 1.0],
    }
}
