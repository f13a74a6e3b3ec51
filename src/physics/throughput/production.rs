//! What operators and vendors published about whole services, beside the roofline at the same
//! configuration.

use super::choose::{Workload, disaggregated};
use super::constants::Constants;
use super::measured::roofline_of;
use super::roofline::{Configuration, DISAGGREGATED_EFFICIENCY, Layout, Roofline};
use super::sizes::Precision;
use crate::catalog::Catalog;

/// A figure that an operator or vendor published, beside the model's own.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductionCheck {
    /// What it is.
    pub name: &'static str,
    /// Published tokens per second and chip.
    pub published_tok_per_s: f64,
    /// Tokens per second and chip of the roofline at the published configuration.
    pub predicted_tok_per_s: f64,
}

impl ProductionCheck {
    /// `predicted / published − 1`.
    #[must_use]
    pub fn error(&self) -> f64 {
        self.predicted_tok_per_s / self.published_tok_per_s - 1.0
    }
}

/// `DeepSeek`'s published production and the `CloudMatrix` paper, at their published configurations.
///
/// The requests in flight follow from the published rate and time per token (Little's law).
pub(super) fn production_checks(catalog: &Catalog) -> Vec<ProductionCheck> {
    let roofline = |chip: &str, precision: &str| {
        roofline_of(catalog.chip(chip)?, catalog.served_model("deepseek-v3-r1")?, Precision::named(precision)?, Constants::CALIBRATED)
    };
    let expert = |chips: f64, batch: f64| Configuration { chips, batch, layout: Layout::Expert };
    // The published pools are whole: what two pools lose to imbalance is not in these figures.
    let decode = |roofline: Roofline, chips: f64, published: f64, tpot_s: f64, lengths: Workload| {
        let configuration = expert(chips, published * tpot_s * chips);
        disaggregated(&roofline, configuration, configuration, &lengths).decode_tok_per_s / DISAGGREGATED_EFFICIENCY
    };
    let prefill = |roofline: Roofline, chips: f64, lengths: Workload| {
        lengths.prompt_tokens / (roofline.prefill_s(chips, Layout::Expert, lengths.prompt_tokens) * chips)
    };
    let mut checks = Vec::new();
    if let Some(hopper) = roofline("h800_sxm", "fp8") {
        let lengths = Workload::plain(4989.0, 1380.0);
        checks.push(ProductionCheck {
            name: "DeepSeek production, decoding on 144 H800 (answer tokens)",
            published_tok_per_s: 1850.0,
            predicted_tok_per_s: decode(hopper, 144.0, 1850.0, 0.0476, lengths),
        });
        checks.push(ProductionCheck {
            name: "DeepSeek production, prefilling on 32 H800 (prompt tokens not in the cache)",
            published_tok_per_s: 4026.0,
            predicted_tok_per_s: prefill(hopper, 32.0, lengths),
        });
    }
    if let Some(ascend) = roofline("ascend910c", "int8") {
        let lengths = Workload::plain(4096.0, 4096.0);
        checks.push(ProductionCheck {
            name: "CloudMatrix384, decoding on 320 Ascend 910C (answer tokens)",
            published_tok_per_s: 1943.0,
            predicted_tok_per_s: decode(ascend, 320.0, 1943.0, 0.05, lengths),
        });
        checks.push(ProductionCheck {
            name: "CloudMatrix384, prefilling on 32 Ascend 910C (prompt tokens)",
            published_tok_per_s: 6688.0,
            predicted_tok_per_s: prefill(ascend, 32.0, lengths),
        });
    }
    checks
}
