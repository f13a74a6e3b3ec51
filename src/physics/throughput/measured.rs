//! What was measured, indexed by chip and served model, each row with the ratio of measured to
//! roofline at its own configuration: the software factor that the calibrated grade applies.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::choose::Pools;
use super::constants::Constants;
use super::published::{from_point, from_row};
use super::replica::Replica;
use super::roofline::Roofline;
use super::sizes::{ChipRates, ModelSizes, Precision};
use crate::catalog::{BenchmarkKind, Catalog, Chip, ServedModel, Serving};

/// One measurement, comparable with the roofline.
#[derive(Debug, Clone)]
pub struct Measurement {
    /// Precision of the weights.
    pub precision: Precision,
    /// Prompt tokens per request.
    pub prompt_tokens: f64,
    /// Answer tokens per request.
    pub answer_tokens: f64,
    /// True where the lengths are recalled means of a ragged set (`MLPerf`).
    pub lengths_recalled: bool,
    /// Tokens were drafted ahead.
    pub speculation: bool,
    /// Date of the run or publication; may be blank.
    pub date: String,
    /// Whether one pool served or two.
    pub pools: Pools,
    /// False for what the chip's own vendor or operator says about itself.
    pub independent: bool,
    /// Time per answer token, in s: measured, or else the limit it was reached under, or else infinite.
    pub tpot_s: f64,
    /// The same, or the roofline's own where nothing was published about it, in s.
    pub likely_tpot_s: f64,
    /// Time to the first token, in s; infinite where it was not published.
    pub ttft_s: f64,
    /// Answer tokens per second and chip.
    pub answer_tok_per_s: f64,
    /// Prompt tokens per second and chip, prefilling only.
    pub prefill_tok_per_s: f64,
    /// Answer tokens per second and chip, decoding only.
    pub decode_tok_per_s: f64,
    /// The fewest chips it runs on: published, else those of the roofline's way to the same rate.
    pub replica: Replica,
    /// Chips, requests in flight and engine of a sweep; `None` where they were not published.
    pub sweep: Option<Sweep>,
    /// Measured speed over the roofline's; `None` where the roofline finds no way to serve it.
    pub ratio: Option<f64>,
    /// The configuration in words.
    pub words: String,
    /// Where it comes from.
    pub source: String,
}

/// A point of a sweep over the number of requests in flight.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// Chips of one replica.
    pub chips: f64,
    /// Requests in flight on one replica.
    pub batch: f64,
    /// Serving engine.
    pub engine: String,
    /// Date of the run: sweeps of different dates are different software.
    pub date: String,
}

/// Every measurement, by chip and served model.
#[derive(Debug)]
pub struct MeasuredIndex {
    pairs: HashMap<(String, String), Vec<Measurement>>,
    /// By chip and pools: every served model measured so, with the middle of its software factors.
    chip_ratios: HashMap<(String, Pools), Vec<(String, f64)>>,
    vendor_factor: HashMap<String, f64>,
    /// By chip: served models measured with two pools.
    two_pool_models: HashMap<String, Vec<String>>,
    /// Vendors on whose chips two pools were shown to work.
    two_pool_vendors: HashSet<String>,
}

impl MeasuredIndex {
    /// The index of the embedded catalog, made on first use.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static INDEX: OnceLock<MeasuredIndex> = OnceLock::new();
        INDEX.get_or_init(|| Self::new(Catalog::embedded()))
    }

    fn new(catalog: &Catalog) -> Self {
        let mut pairs: HashMap<(String, String), Vec<Measurement>> = HashMap::new();
        let mut add = |chip: &str, served: &str, measurement: Option<Measurement>| {
            if let Some(measurement) = measurement {
                pairs.entry((chip.to_owned(), served.to_owned())).or_default().push(measurement);
            }
        };
        for point in catalog.measured_points() {
            if point.confidence.is_weak() {
                continue;
            }
            let measurement = catalog
                .chip(&point.chip)
                .zip(catalog.served_model(&point.served_model))
                .and_then(|(chip, served)| from_point(chip, served, point));
            add(&point.chip, &point.served_model, measurement);
        }
        for row in catalog.throughput() {
            // The frontier of the public sweeps is made of the measured points themselves.
            let counts = row.kind.is_measurement()
                && !row.confidence.is_weak()
                && row.kind != BenchmarkKind::MeasuredFrontier
                && row.serving != Serving::Prefill;
            if counts {
                let measurement = catalog
                    .chip(&row.chip)
                    .zip(catalog.served_model(&row.served_model))
                    .and_then(|(chip, served)| from_row(catalog, chip, served, row));
                add(&row.chip, &row.served_model, measurement);
            }
        }
        // The middle of the middles of the served models, so that no long sweep outvotes the others.
        let mut chip_ratios: HashMap<(String, Pools), Vec<(String, f64)>> = HashMap::new();
        for ((chip, served), measurements) in &pairs {
            for pools in Pools::ALL {
                let ratios = measurements
                    .iter()
                    .filter(|run| run.pools == pools && run.independent && !run.lengths_recalled)
                    .filter_map(|run| run.ratio)
                    .collect();
                if let Some(middle) = median(ratios) {
                    let list = chip_ratios.entry((chip.clone(), pools)).or_default();
                    list.push((served.clone(), middle));
                }
            }
        }
        let mut vendor_factors: HashMap<String, Vec<f64>> = HashMap::new();
        for chip in catalog.chips() {
            if let Some(factor) = chip.software_factor {
                vendor_factors.entry(chip.vendor.clone()).or_default().push(factor);
            }
        }
        let two_pool_vendors = catalog
            .chips()
            .iter()
            .filter(|chip| pairs.iter().any(|((id, _), runs)| *id == chip.id && runs.iter().any(|run| run.pools == Pools::Two)))
            .map(|chip| chip.vendor.clone())
            .collect();
        let mut two_pool_models: HashMap<String, Vec<String>> = HashMap::new();
        for ((chip, served), runs) in &pairs {
            if runs.iter().any(|run| run.pools == Pools::Two) {
                two_pool_models.entry(chip.clone()).or_default().push(served.clone());
            }
        }
        Self { two_pool_models, two_pool_vendors, pairs, chip_ratios, vendor_factor: medians(vendor_factors) }
    }

    /// Every pair with its measurements.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&(String, String), &Vec<Measurement>)> {
        self.pairs.iter()
    }

    /// The measurements of a chip with a served model.
    #[must_use]
    pub fn pair(&self, chip: &str, served_model: &str) -> &[Measurement] {
        self.pairs.get(&(chip.to_owned(), served_model.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// The middle software factor of the served models measured on a chip with so many pools, one
    /// of them left out where a name is given.
    #[must_use]
    pub fn chip_ratio(&self, chip: &str, pools: Pools, without: Option<&str>) -> Option<f64> {
        let ratios = self.chip_ratios.get(&(chip.to_owned(), pools))?;
        median(ratios.iter().filter(|(served, _)| Some(served.as_str()) != without).map(|&(_, ratio)| ratio).collect())
    }

    /// Median software factor of the vendor's chips that have one.
    #[must_use]
    pub fn vendor_factor(&self, vendor: &str) -> Option<f64> {
        self.vendor_factor.get(vendor).copied()
    }

    /// Served models that were measured with two pools on a chip.
    #[must_use]
    pub fn two_pool_models(&self, chip: &str) -> &[String] {
        self.two_pool_models.get(chip).map_or(&[], Vec::as_slice)
    }

    /// True if two pools were shown to work on a chip of this vendor.
    #[must_use]
    pub fn vendor_runs_two_pools(&self, vendor: &str) -> bool {
        self.two_pool_vendors.contains(vendor)
    }

    /// True if anything was measured with this served model, on any chip.
    #[must_use]
    pub fn has_served_model(&self, served_model: &str) -> bool {
        self.pairs.keys().any(|(_, served)| served == served_model)
    }
}

/// Middle value of each list; the mean of the middle two where the count is even.
fn medians(lists: HashMap<String, Vec<f64>>) -> HashMap<String, f64> {
    lists.into_iter().filter_map(|(key, values)| Some((key, median(values)?))).collect()
}

/// Middle value of a list; the mean of the middle two where the count is even.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = values.get(values.len() / 2)?;
    let lower = values.get((values.len() - 1) / 2)?;
    Some(f64::midpoint(*lower, *upper))
}

/// The calibrated roofline of a chip and served model at a precision, where all sizes are known.
pub(super) fn roofline_of(chip: &Chip, served: &ServedModel, precision: Precision, constants: Constants) -> Option<Roofline> {
    Some(Roofline { chip: ChipRates::of(chip, precision).ok()?, served: ModelSizes::of(served).ok()?, precision, constants })
}
