//! The eight constants of the roofline.

/// What the roofline cannot know from data sheets: how much of a chip its software really uses.
///
/// Found by [`super::calibrate`] on the measured points of the catalog.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constants {
    /// Share of memory bandwidth reached when weights and caches are read.
    pub bandwidth_efficiency: f64,
    /// Batch at which dense matrix products reach half of their best rate.
    pub half_batch: f64,
    /// Share of the arithmetic rate reached by large matrix products.
    pub peak_efficiency: f64,
    /// Time spent per layer and step on launches and everything else, in s.
    pub layer_overhead_s: f64,
    /// Time per collective operation before the first byte moves, in s.
    pub collective_latency_s: f64,
    /// Share of bandwidth and arithmetic left by the uneven load of experts.
    pub expert_efficiency: f64,
    /// Tokens per expert at which expert products reach half of their best rate.
    pub half_tokens_per_expert: f64,
    /// Share of the native 4-bit arithmetic rate that engines reach, over that of 8 bits.
    pub fp4_efficiency: f64,
}

impl Constants {
    /// Where the calibration starts.
    pub const STARTING: Self = Self {
        bandwidth_efficiency: 0.7,
        half_batch: 64.0,
        peak_efficiency: 0.5,
        layer_overhead_s: 20e-6,
        collective_latency_s: 10e-6,
        expert_efficiency: 0.8,
        half_tokens_per_expert: 16.0,
        fp4_efficiency: 0.7,
    };

    /// The constants that ship: the end of the calibration on all measured points.
    /// `tests/throughput.rs` checks that they are a local optimum of its loss.
    pub const CALIBRATED: Self = Self {
        bandwidth_efficiency: 0.967_408,
        half_batch: 60.4394,
        peak_efficiency: 0.479_061,
        layer_overhead_s: 43.4484e-6,
        collective_latency_s: 15.5730e-6,
        expert_efficiency: 0.502_966,
        half_tokens_per_expert: 5.566_51,
        fp4_efficiency: 1.0,
    };

    /// Names of the constants, in the order of [`Self::to_array`].
    pub const NAMES: [&'static str; 8] = [
        "bandwidth efficiency",
        "half batch",
        "peak efficiency",
        "layer overhead (s)",
        "collective latency (s)",
        "expert efficiency",
        "half tokens per expert",
        "fp4 efficiency",
    ];

    /// The constants as numbers, for the calibration.
    #[must_use]
    pub const fn to_array(self) -> [f64; 8] {
        [
            self.bandwidth_efficiency,
            self.half_batch,
            self.peak_efficiency,
            self.layer_overhead_s,
            self.collective_latency_s,
            self.expert_efficiency,
            self.half_tokens_per_expert,
            self.fp4_efficiency,
        ]
    }

    /// The constants from numbers, in the order of [`Self::NAMES`].
    #[must_use]
    pub const fn from_array(values: [f64; 8]) -> Self {
        let [
            bandwidth_efficiency,
            half_batch,
            peak_efficiency,
            layer_overhead_s,
            collective_latency_s,
            expert_efficiency,
            half_tokens_per_expert,
            fp4_efficiency,
        ] = values;
        Self {
            bandwidth_efficiency,
            half_batch,
            peak_efficiency,
            layer_overhead_s,
            collective_latency_s,
            expert_efficiency,
            half_tokens_per_expert,
            fp4_efficiency,
        }
    }
}
