//! What the roofline needs to know of number formats, chips and served models, in SI units.

use crate::catalog::{Chip, ServedModel};

/// A number format of weights: how many bytes a parameter takes, and a cached element.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Precision {
    /// `bf16`, `fp8`, `int8`, `fp4` or `int4`.
    pub name: &'static str,
    /// Bytes per parameter; 4-bit formats carry their scales.
    pub weight_bytes: f64,
    /// Bytes per cached element.
    pub kv_bytes: f64,
}

/// Every precision the roofline knows.
pub const PRECISIONS: [Precision; 5] = [
    Precision { name: "fp4", weight_bytes: 0.56, kv_bytes: 1.0 },
    Precision { name: "int4", weight_bytes: 0.56, kv_bytes: 1.0 },
    Precision { name: "fp8", weight_bytes: 1.0, kv_bytes: 1.0 },
    Precision { name: "int8", weight_bytes: 1.0, kv_bytes: 1.0 },
    Precision { name: "bf16", weight_bytes: 2.0, kv_bytes: 2.0 },
];

impl Precision {
    /// A precision by name; `mxfp4` and `nvfp4` are 4-bit floats with scales too.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let plain = match name {
            "mxfp4" | "nvfp4" => "fp4",
            "fp16" => "bf16",
            other => other,
        };
        PRECISIONS.into_iter().find(|precision| precision.name == plain)
    }
}

/// What the roofline needs of a chip at one precision, in SI units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChipRates {
    /// Dense rate at the precision, in FLOP/s.
    pub flop_per_s: f64,
    /// Dense bf16 rate, in FLOP/s (attention is computed in it).
    pub bf16_flop_per_s: f64,
    /// Memory bandwidth, in bytes/s.
    pub memory_bytes_per_s: f64,
    /// Memory, in bytes.
    pub memory_bytes: f64,
    /// Scale-up link, one way, in bytes/s; `None` allows only one chip per replica.
    pub link_bytes_per_s: Option<f64>,
    /// Link to chips outside the scale-up domain, one way, in bytes/s; `None` keeps replicas inside.
    pub scaleout_bytes_per_s: Option<f64>,
    /// Chips joined by the scale-up link.
    pub domain_chips: f64,
}

impl ChipRates {
    /// The rates of a chip at a precision, or the names of the numbers that are missing.
    ///
    /// # Errors
    /// The numbers without which nothing can be computed, in words.
    pub fn of(chip: &Chip, precision: Precision) -> Result<Self, Vec<&'static str>> {
        let mut missing = Vec::new();
        let mut need = |value: Option<f64>, what: &'static str| match value {
            Some(value) if value > 0.0 && value.is_finite() => value,
            _ => {
                missing.push(what);
                1.0
            }
        };
        let flop_per_s = need(chip.dense_tflops(precision.name), "the chip's dense rate") * 1e12;
        let bf16_flop_per_s = need(
            // Attention in 8 bits is the best a chip without a published bf16 rate can do.
            chip.bf16_dense_tflops.or(chip.fp8_dense_tflops.map(|rate| rate / 2.0)),
            "the chip's bf16 rate",
        ) * 1e12;
        let memory_bytes_per_s = need(chip.hbm_tb_per_s, "the chip's memory bandwidth") * 1e12;
        let memory_bytes = need(chip.hbm_gb, "the chip's memory size") * 1e9;
        if !missing.is_empty() {
            return Err(missing);
        }
        Ok(Self {
            flop_per_s,
            bf16_flop_per_s,
            memory_bytes_per_s,
            memory_bytes,
            link_bytes_per_s: chip.scaleup_gb_per_s_one_way.map(|rate| rate * 1e9),
            scaleout_bytes_per_s: chip.scaleout_gb_per_s_one_way.map(|rate| rate * 1e9),
            domain_chips: chip.scaleup_domain_chips.unwrap_or(1.0),
        })
    }
}

/// What the roofline needs of a served model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModelSizes {
    /// Parameters read for every token, without the input embedding table, which is looked up.
    pub always_read: f64,
    /// Parameters of the input embedding table: they take memory, nothing else.
    pub embedding: f64,
    /// Parameters of all routed experts.
    pub routed: f64,
    /// Experts per layer, 1 if dense.
    pub experts: f64,
    /// Experts one token visits, 1 if dense.
    pub experts_per_token: f64,
    /// Layers.
    pub layers: f64,
    /// Width of the residual stream.
    pub hidden: f64,
    /// Cached elements per token of context.
    pub kv_elements: f64,
    /// Key-value heads that tensor parallelism can split.
    pub kv_heads: f64,
    /// Attention FLOP per decoded token and token of context.
    pub decode_attention_flop: f64,
    /// Attention FLOP per prefilled token and token of context.
    pub prefill_attention_flop: f64,
    /// Most context tokens one token attends to.
    pub attended_tokens: f64,
    /// Cached elements per token of context that an indexer reads in full.
    pub index_elements: f64,
    /// FLOP of an indexer per token and token of context.
    pub index_flop: f64,
    /// Elements of state per request, whatever its length.
    pub state_elements: f64,
}

impl ModelSizes {
    /// The sizes of a served model, or the names of the numbers that are missing.
    ///
    /// # Errors
    /// The numbers without which nothing can be computed, in words.
    pub fn of(served: &ServedModel) -> Result<Self, Vec<&'static str>> {
        let mut missing = Vec::new();
        let mut need = |value: Option<f64>, what: &'static str, least: f64| match value {
            Some(value) if value >= least && value.is_finite() => value,
            _ => {
                missing.push(what);
                1.0
            }
        };
        let sizes = Self {
            always_read: (need(served.always_read_params_b, "the served model's always-read parameters", 1e-9)
                - served.input_embedding_params_b.unwrap_or(0.0))
            .max(1e-9)
                * 1e9,
            embedding: served.input_embedding_params_b.unwrap_or(0.0) * 1e9,
            routed: need(served.routed_expert_params_b, "the served model's routed-expert parameters", 0.0) * 1e9,
            experts: need(served.experts, "the served model's number of experts", 1.0),
            experts_per_token: need(served.experts_per_token, "the served model's experts per token", 1.0),
            layers: need(served.layers, "the served model's layers", 1.0),
            hidden: need(served.hidden, "the served model's width", 1.0),
            kv_elements: need(served.kv_elements_per_token, "the served model's cached elements per token", 0.0),
            kv_heads: need(served.kv_heads, "the served model's key-value heads", 1.0),
            decode_attention_flop: need(served.decode_attention_flop, "the served model's attention FLOP", 0.0),
            prefill_attention_flop: served.prefill_attention_flop.or(served.decode_attention_flop).unwrap_or(0.0),
            attended_tokens: served.sparse_attention_tokens.unwrap_or(f64::INFINITY),
            index_elements: served.index_elements_per_token.unwrap_or(0.0),
            index_flop: served.index_flop.unwrap_or(0.0),
            state_elements: served.state_elements_per_request.unwrap_or(0.0),
        };
        if missing.is_empty() { Ok(sizes) } else { Err(missing) }
    }

    /// True for a mixture of experts.
    #[must_use]
    pub fn has_experts(&self) -> bool {
        self.experts > 1.0 && self.routed > 0.0
    }
}
