//! Throughput of each chip for each product: stated by the plan, else the catalog's best knowledge.
//! What a place can use of it is decided by `super::replicas`.

use std::sync::Arc;

use super::Resolver;
use super::chips::Chip;
use super::index::{ChipIx, PeriodIx, ProductIx, Table};
use super::lengths::{OfLengths, best_way_of, classes, has_quantiles, of_lengths};
use super::markets::Product;
use super::serving::{BestWay, need_of};
use crate::catalog::Evidence;
use crate::physics::throughput::band::of_a_run;
use crate::physics::throughput::{OperatingPoint, Replica, ServingNeed};
use crate::plan::ThroughputRow;

/// Tokens per second × 3.6e-3 is Gtok per hour and thousand chips.
pub const GTOK_PER_HOUR_PER_THOUSAND: f64 = 3.6e-3;

/// Throughput of a chip for a product.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    /// Prompt tokens prefilled, Gtok per hour and thousand chips.
    pub prefill: f64,
    /// Answer tokens, Gtok per hour and thousand chips.
    pub decode: f64,
    /// The fewest chips that give these rates.
    pub replica: Replica,
    /// Grade.
    pub evidence: Evidence,
    /// Uncertainty, ± share.
    pub band: f64,
    /// Time per answer token that it reaches, ms; `None` of rates that the plan states.
    pub tpot_ms: Option<f64>,
    /// How the chips are set up.
    pub configuration: String,
    /// Where it comes from.
    pub source: String,
}

/// What a chip gives for a product at one place, by period.
pub type RateByPeriod = Table<PeriodIx, Option<Arc<Rate>>>;

impl Rate {
    /// Of an operating point.
    pub(super) fn of_point(point: OperatingPoint) -> Self {
        Self {
            prefill: point.prefill_tok_per_s * GTOK_PER_HOUR_PER_THOUSAND,
            decode: point.decode_tok_per_s * GTOK_PER_HOUR_PER_THOUSAND,
            replica: point.replica,
            evidence: point.evidence,
            band: point.band_fraction,
            tpot_ms: Some(point.tpot_ms),
            configuration: point.configuration,
            source: point.source,
        }
    }

    /// Whether the plan states the rates themselves; otherwise they are looked up or computed.
    #[must_use]
    pub const fn is_typed(&self) -> bool {
        self.configuration.is_empty()
    }

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

/// Where a stated throughput comes from, in words, with its engine and date.
fn source_of(row: &ThroughputRow) -> String {
    let source = if row.source.is_empty() { "the plan" } else { row.source.as_str() };
    let more: Vec<&str> = [row.engine.as_str(), row.date.as_str()].into_iter().filter(|word| !word.is_empty()).collect();
    if more.is_empty() { source.to_owned() } else { format!("{source} ({})", more.join(", ")) }
}

impl Resolver<'_> {
    /// Rates of all pairs; a pair without parameters is left out with a warning.
    pub(super) fn rates(
        &mut self,
        chips: &Table<ChipIx, Chip>,
        products: &Table<ProductIx, Product>,
    ) -> Table<ChipIx, Table<ProductIx, Option<Rate>>> {
        self.unknown_vendors(chips);
        self.contradicting_lengths();
        chips.iter().map(|chip| products.iter().map(|product| self.rate(chip, product)).collect()).collect()
    }

    /// Quantiles of lengths must agree with one another and with the mean.
    fn contradicting_lengths(&mut self) {
        let plan = self.plan;
        for (id, product) in &plan.products {
            for (field, mean, quantiles) in [
                ("prompt_quantiles", product.prompt_tokens, &product.prompt_quantiles),
                ("answer_quantiles", product.answer_tokens, &product.answer_quantiles),
            ] {
                if let Err(reason) = classes(mean, quantiles) {
                    let help = "State both as they were measured: `tokenworks series trace.csv --as demand` gives them.";
                    self.error("contradicting-lengths", format!("products.{id}.{field}"), format!("In `{id}` {reason}."), help);
                }
            }
        }
    }

    /// Warns of vendors that the catalog does not have: what was measured with a vendor's software counts only
    /// where its name is known.
    fn unknown_vendors(&mut self, chips: &Table<ChipIx, Chip>) {
        let mut known: Vec<&str> = self.catalog.chips().iter().map(|chip| chip.vendor.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        for chip in chips {
            let Some(row) = chip.row.as_deref().filter(|row| !known.contains(&row.vendor.as_str())) else { continue };
            if !self.plan.throughput.values().any(|stated| stated.chip.0 == chip.id) {
                let who = if row.vendor.is_empty() {
                    "no vendor is stated".to_owned()
                } else {
                    format!("nothing of `{}` was measured", row.vendor)
                };
                let message = format!("Throughputs of `{}` are those of the roofline alone: {who}.", chip.id);
                let help = crate::diagnostic::nearest_name(&row.vendor, known.iter().copied()).map_or_else(
                    || format!("If its software is that of one of them, name it as `vendor`: {}.", known.join(", ")),
                    |near| format!("Did you mean `{near}`?"),
                );
                self.warn("unknown-vendor", format!("chips.{}.vendor", chip.id), message, help);
            }
        }
    }

    fn rate(&mut self, chip: &Chip, product: &Product) -> Option<Rate> {
        let plan = self.plan;
        let stated = plan.throughput.iter().find(|(_, row)| row.chip.0 == chip.id && row.product.0 == product.id);
        if let Some((id, row)) = stated {
            let source = source_of(row);
            let (source, grade) = (source.as_str(), if row.measured { Evidence::Measured } else { Evidence::Stated });
            if row.measured && row.date.is_empty() {
                let message = format!("`{id}` says that it was measured, but not when: software gains every year.");
                self.warn(
                    "undated-measurement",
                    format!("throughput.{id}.date"),
                    message,
                    "Add `date: \"2026-05\"`, or leave `measured` out.",
                );
            }
            self.assume(format!("throughput.{id}.decode_tok_per_s"), row.decode_tok_per_s, "tok/s per chip", source, grade.label());
            if product.prompt_per_answer > 0.0 {
                self.assume(format!("throughput.{id}.prefill_tok_per_s"), row.prefill_tok_per_s, "tok/s per chip", source, grade.label());
                if row.prefill_tok_per_s <= 0.0 {
                    let message =
                        format!("`{}` has prompts to prefill, but the row gives no prefill rate: these chips can only answer.", product.id);
                    self.warn("no-prefill-rate", format!("throughput.{id}"), message, "Add `prefill_tok_per_s`.");
                }
            }
            return Some(Rate {
                prefill: row.prefill_tok_per_s * GTOK_PER_HOUR_PER_THOUSAND,
                decode: row.decode_tok_per_s * GTOK_PER_HOUR_PER_THOUSAND,
                replica: Replica::one_pool(row.replica_chips),
                evidence: grade,
                band: if row.measured { of_a_run(&row.date) } else { 0.0 },
                tpot_ms: None,
                configuration: String::new(),
                source: source.to_owned(),
            });
        }
        match self.known(chip, product, None) {
            Ok(point) => {
                self.warn_of_the_late(chip, product);
                Some(Rate::of_point(point))
            }
            Err(missing) => {
                let message = format!("`{}` can't be served on `{}` in this plan: {missing}", product.id, chip.id);
                let help = "Add a row under `throughput` if you know better.";
                self.warn("no-throughput-for-pair", format!("products.{}", product.id), message, help);
                None
            }
        }
    }

    /// What is known of a pair, on replicas of at most so many chips.
    pub(super) fn known(&self, chip: &Chip, product: &Product, most_chips: Option<f64>) -> BestWay {
        let Some(chip_row) = &chip.row else {
            return Err(
                "the chip names no catalog chip and states none of its columns (`hbm_gb`, `hbm_tb_per_s`, `bf16_dense_tflops` and so on)."
                    .into(),
            );
        };
        let unknown = || {
            "the product's served model names no catalog model, no `config` and none of its sizes (`total_params_b`, `layers`, `kv_heads` and so on).".to_owned()
        };
        let stated = self.plan.products.get(&product.id).ok_or_else(unknown)?;
        let model_row = product.served.as_ref().ok_or_else(unknown)?;
        best_way_of(chip_row, model_row, stated, &ServingNeed { most_chips, ..need_of(stated) })
    }

    /// Warns of long requests that miss the promise of speed.
    fn warn_of_the_late(&mut self, chip: &Chip, product: &Product) {
        let Some(stated) = self.plan.products.get(&product.id).filter(|stated| has_quantiles(stated)) else { return };
        let (Some(row), Some(model)) = (&chip.row, &product.served) else { return };
        if let Ok(OfLengths { late: Some(late), .. }) = of_lengths(row, model, stated, &need_of(stated)) {
            let message = format!("`{}` on `{}`: {late}", product.id, chip.id);
            self.warn(
                "late-tail",
                format!("products.{}", product.id),
                message,
                "Loosen the promise, or sell long requests as a product of their own.",
            );
        }
    }
}
