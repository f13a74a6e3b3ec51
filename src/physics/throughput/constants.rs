//! The nine constants of the roofline.

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
    /// Share of the native 8-bit and 4-bit arithmetic rates that engines reach, over that of 16 bits.
    /// Fitted apart, both come out the same.
    pub low_precision_efficiency: f64,
    /// Time a layer of routed experts takes per step on routing and sorting, in s.
    pub routing_overhead_s: f64,
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
        low_precision_efficiency: 0.8,
        routing_overhead_s: 10e-6,
    };

    /// The constants that ship: the end of the calibration on all measured points.
    /// `tests/numbers/throughput.rs` checks that they are a local optimum of its loss.
    pub const CALIBRATED: Self = Self {
        bandwidth_efficiency: 0.869_343,
        half_batch: 23.4809,
        peak_efficiency: 0.596_836,
        layer_overhead_s: 2.80929e-05,
        collective_latency_s: 2.0512e-05,
        expert_efficiency: 0.57814,
        half_tokens_per_expert: 11.1234,
        low_precision_efficiency: 0.63206,
        routing_overhead_s: 5.26107e-06,
    };

    /// Names of the constants, in the order of [`Self::to_array`].
    pub const NAMES: [&'static str; 9] = [
        "bandwidth efficiency",
        "half batch",
        "peak efficiency",
        "layer overhead (s)",
        "collective latency (s)",
        "expert efficiency",
        "half tokens per expert",
        "low-precision efficiency",
        "routing overhead (s)",
    ];

    /// The constants as numbers, for the calibration.
    #[must_use]
    pub const fn to_array(self) -> [f64; 9] {
        [
            self.bandwidth_efficiency,
            self.half_batch,
            self.peak_efficiency,
            self.layer_overhead_s,
            self.collective_latency_s,
            self.expert_efficiency,
            self.half_tokens_per_expert,
            self.low_precision_efficiency,
            self.routing_overhead_s,
        ]
    }

    /// The constants from numbers, in the order of [`Self::NAMES`].
    #[must_use]
    pub const fn from_array(values: [f64; 9]) -> Self {
        let [
            bandwidth_efficiency,
            half_batch,
            peak_efficiency,
            layer_overhead_s,
            collective_latency_s,
            expert_efficiency,
            half_tokens_per_expert,
            low_precision_efficiency,
            routing_overhead_s,
        ] = values;
        Self {
            bandwidth_efficiency,
            half_batch,
            peak_efficiency,
            layer_overhead_s,
            collective_latency_s,
            expert_efficiency,
            half_tokens_per_expert,
            low_precision_efficiency,
            routing_overhead_s,
        }
    }
}
