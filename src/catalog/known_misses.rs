//! Where the throughput model is known to be wrong: said on screen beside the number.

use super::served_models::ServedModel;

/// A family of cases that the roofline misses, with what the validation found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnownMiss {
    /// Short name.
    pub name: &'static str,
    /// Served-model family it concerns; empty where it is about how requests are served.
    pub family: &'static str,
    /// One sentence for the planner.
    pub sentence: &'static str,
}

impl KnownMiss {
    /// True if the sentence is about this served model.
    #[must_use]
    pub fn covers(&self, served_model: &ServedModel) -> bool {
        !self.family.is_empty() && served_model.family == self.family
    }
}

/// Every known miss.
pub const KNOWN_MISSES: &[KnownMiss] = &[
    KnownMiss {
        name: "sparse attention (DSA)",
        family: "moe-mla-dsa",
        sentence: "Sparse attention with an indexer is missed by about two thirds: measured engines were not yet tuned for it.",
    },
    KnownMiss {
        name: "wide expert parallelism on Hopper",
        family: "",
        sentence: "Published wide expert parallelism on Hopper reaches far less than the roofline where the engine was not tuned for it.",
    },
    KnownMiss {
        name: "ragged long answers (MLPerf)",
        family: "",
        sentence: "MLPerf's long answers of very uneven length reach about 0.45 of the roofline.",
    },
];
