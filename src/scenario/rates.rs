//! Throughput of each chip for each product: stated by the plan, else the catalog's best knowledge.

use std::collections::HashMap;
use std::sync::Mutex;

use super::Resolver;
use super::chips::Chip;
use super::index::{ChipIx, ProductIx, Table};
use super::markets::Product;
use crate::catalog::Evidence;
use crate::physics::throughput::{OperatingPoint, ServingNeed, operating_points};

/// Tokens per second × 3.6e-3 is Gtok per hour and thousand chips.
pub const GTOK_PER_HOUR_PER_THOUSAND: f64 = 3.6e-3;

/// Throughput of a chip for a product.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    /// Prompt tokens prefilled, Gtok per hour and thousand chips.
    pub prefill: f64,
    /// Answer tokens, Gtok per hour and thousand chips.
    pub decode: f64,
    /// Grade.
    pub evidence: Evidence,
    /// Uncertainty, ± share.
    pub band: f64,
    /// How the chips are set up.
    pub configuration: String,
    /// Where it comes from.
    pub source: String,
}

impl Rate {
    /// Answer tokens of one pool that does its own prefill (the harmonic rule), same unit.
    pub fn pooled(&self, prompt_per_answer: f64) -> f64 {
        if prompt_per_answer <= 0.0 {
            return self.decode;
        }
        if self.decode <= 0.0 || self.prefill <= 0.0 {
            return 0.0;
        }
        1.0 / (1.0 / self.decode + prompt_per_answer / self.prefill)
    }
}

type Known = Result<Vec<OperatingPoint>, String>;

/// Looking a pair up in the model takes far longer than an edit may; the answer depends only on the key.
static LOOKED_UP: Mutex<Option<HashMap<String, Known>>> = Mutex::new(None);

impl Resolver<'_> {
    /// Rates of all pairs; a pair without parameters is left out with a warning.
    pub(super) fn rates(
        &mut self,
        chips: &Table<ChipIx, Chip>,
        products: &Table<ProductIx, Product>,
    ) -> Table<ChipIx, Table<ProductIx, Option<Rate>>> {
        chips.iter().map(|chip| products.iter().map(|product| self.rate(chip, product)).collect()).collect()
    }

    fn rate(&mut self, chip: &Chip, product: &Product) -> Option<Rate> {
        let plan = self.plan;
        let stated = plan.throughput.iter().find(|(_, row)| row.chip.0 == chip.id && row.product.0 == product.id);
        if let Some((id, row)) = stated {
            let source = if row.source.is_empty() { "the plan" } else { row.source.as_str() };
            self.assume(format!("throughput.{id}.decode_tok_per_s"), row.decode_tok_per_s, "tok/s per chip", source, "stated");
            if product.prompt_per_answer > 0.0 {
                self.assume(format!("throughput.{id}.prefill_tok_per_s"), row.prefill_tok_per_s, "tok/s per chip", source, "stated");
                if row.prefill_tok_per_s <= 0.0 {
                    let message =
                        format!("`{}` has prompts to prefill, but the row gives no prefill rate: these chips can only answer.", product.id);
                    self.warn("no-prefill-rate", format!("throughput.{id}"), message, "Add `prefill_tok_per_s`.");
                }
            }
            return Some(Rate {
                prefill: row.prefill_tok_per_s * GTOK_PER_HOUR_PER_THOUSAND,
                decode: row.decode_tok_per_s * GTOK_PER_HOUR_PER_THOUSAND,
                evidence: Evidence::Stated,
                band: 0.0,
                configuration: String::new(),
                source: source.to_owned(),
            });
        }
        let known = self.known(chip, product);
        match known {
            Ok(points) => {
                let point = points.into_iter().next()?;
                let path = format!("throughput.{}-{}", chip.id, product.id);
                self.assume(path, point.answer_tok_per_s, "answer tok/s per chip", &point.source, point.evidence.label());
                Some(Rate {
                    prefill: point.prefill_tok_per_s * GTOK_PER_HOUR_PER_THOUSAND,
                    decode: point.decode_tok_per_s * GTOK_PER_HOUR_PER_THOUSAND,
                    evidence: point.evidence,
                    band: point.band_fraction,
                    configuration: point.configuration,
                    source: point.source,
                })
            }
            Err(missing) => {
                let message = format!("`{}` can't be served on `{}` in this plan: {missing}", product.id, chip.id);
                let help = "Add a row under `throughput` if you know better.";
                self.warn("no-throughput-for-pair", format!("products.{}", product.id), message, help);
                None
            }
        }
    }

    fn known(&self, chip: &Chip, product: &Product) -> Known {
        let Some(chip_row) = chip.catalog.as_ref().and_then(|id| self.catalog.chip(id)) else {
            return Err("the chip names no catalog chip.".into());
        };
        let served = self.plan.served_models.get(&product.served_model);
        let Some(model_row) = served.and_then(|served| served.catalog.as_ref()).and_then(|id| self.catalog.served_model(id)) else {
            return Err("the product's served model names no catalog model.".into());
        };
        let stated = self.plan.products.get(&product.id);
        let need = ServingNeed {
            prompt_tokens: product.prompt_tokens,
            answer_tokens: product.answer_tokens,
            cache_hit_fraction: product.cache_hit_fraction,
            tpot_ms: stated.and_then(|stated| stated.tpot_ms),
            ttft_ms: stated.and_then(|stated| stated.ttft_ms),
            precision: stated.and_then(|stated| stated.precision.as_deref()),
            speculative_acceptance_fraction: stated.map_or(0.0, |stated| stated.speculative_acceptance_fraction),
        };
        let key = format!("{}|{}|{need:?}", chip_row.id, model_row.id);
        let mut looked_up = LOOKED_UP.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let looked_up = looked_up.get_or_insert_with(HashMap::new);
        if let Some(known) = looked_up.get(&key) {
            return known.clone();
        }
        let known = operating_points(self.catalog, chip_row, model_row, &need).map_err(|missing| missing.to_string());
        looked_up.insert(key, known.clone());
        known
    }
}
