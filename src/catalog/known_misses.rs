//! Where the throughput model is known to be wrong: said on screen beside the number.
//!
//! The figures are those of the validation; a test holds them to it.

use super::chips::Chip;
use super::served_models::ServedModel;

/// A family of cases that the roofline misses, with what the validation found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnownMiss {
    /// Short name.
    pub name: &'static str,
    /// Served-model families or ids it concerns; empty where it concerns all of them.
    pub served: &'static [&'static str],
    /// Chips or vendors it concerns; empty where it concerns all of them.
    pub chips: &'static [&'static str],
    /// Shortest answer it concerns, in tokens.
    pub from_answer_tokens: f64,
    /// One sentence for the planner.
    pub sentence: &'static str,
}

impl KnownMiss {
    /// True if the sentence is about this served model, whatever the chip.
    #[must_use]
    pub fn covers(&self, served_model: &ServedModel) -> bool {
        self.chips.is_empty() && !self.served.is_empty() && self.covers_served(served_model)
    }

    /// True if the sentence is about this chip with this served model and answers of this length.
    #[must_use]
    pub fn covers_pair(&self, chip: &Chip, served_model: &ServedModel, answer_tokens: f64) -> bool {
        let chip_matches = self.chips.is_empty() || self.chips.iter().any(|name| *name == chip.id || *name == chip.vendor);
        chip_matches && self.covers_served(served_model) && answer_tokens >= self.from_answer_tokens
    }

    fn covers_served(&self, served_model: &ServedModel) -> bool {
        self.served.is_empty() || self.served.iter().any(|name| *name == served_model.id || *name == served_model.family)
    }
}

/// Every known miss.
pub const KNOWN_MISSES: &[KnownMiss] = &[
    KnownMiss {
        name: "sparse attention (DSA)",
        served: &["moe-mla-dsa", "moe-csa", "moe-msa"],
        chips: &[],
        from_answer_tokens: 0.0,
        sentence: "Without its own measurements the roofline is 60 to 160 % too fast for sparse attention with an indexer: the engines measured were not yet tuned for it.",
    },
    KnownMiss {
        name: "4-bit mixture of experts (gpt-oss)",
        served: &["gpt-oss-120b"],
        chips: &[],
        from_answer_tokens: 0.0,
        sentence: "Without its own measurements the roofline is about 30 % too slow for gpt-oss: its small experts run better than those of the others.",
    },
    KnownMiss {
        name: "hybrid attention (Qwen3.5)",
        served: &["moe-hybrid", "dense-hybrid"],
        chips: &[],
        from_answer_tokens: 0.0,
        sentence: "Without its own measurements the roofline is about 20 % too fast for linear-attention hybrids: the state of the linear layers is not modelled.",
    },
    KnownMiss {
        name: "wide expert parallelism on Hopper",
        served: &["moe-mla"],
        chips: &["h100_sxm", "h20"],
        from_answer_tokens: 0.0,
        sentence: "Published two-pool runs on H100 reach about 0.65 of the roofline: the engine was not tuned for experts spread over the scale-out network.",
    },
    KnownMiss {
        name: "DeepSeek on AMD",
        served: &["moe-mla"],
        chips: &["AMD"],
        from_answer_tokens: 0.0,
        sentence: "Published DeepSeek and Kimi runs on AMD reach 0.3 to 0.7 of the roofline, mostly less than other served models on the same chips.",
    },
    KnownMiss {
        name: "ragged long answers (MLPerf)",
        served: &[],
        chips: &["gb200_nvl72", "gb300_nvl72"],
        from_answer_tokens: 3000.0,
        sentence: "MLPerf's long answers of very uneven length reach about a quarter (under limits) to a half (without) of what two pools are computed to reach here on rack-scale systems; served in one pool, as they were, they are inside the band.",
    },
];
