//! What was measured, indexed by chip and served model, each run with its way by the roofline: rates of
//! prefill and decode, replica, and the ratio of measured to roofline at its own configuration.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::choose::Pools;
use super::constants::Constants;
use super::published::{from_point, from_row, way_of};
use super::replica::Replica;
use super::roofline::Roofline;
use super::sizes::{ChipRates, ModelSizes, Precision};
use crate::catalog::{BenchmarkKind, Catalog, Chip, MeasuredPoint, ServedModel, Serving, ThroughputRow};

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
    /// Time to the first token, in s; infinite where it was not published.
    pub ttft_s: f64,
    /// Answer tokens per second and chip.
    pub answer_tok_per_s: f64,
    /// Chips, requests in flight and engine of a sweep; `None` where they were not published.
    pub sweep: Option<Sweep>,
    /// The configuration in words.
    pub words: String,
    /// Where it comes from.
    pub source: String,
    /// What it was made of.
    pub(super) origin: Origin,
    /// Its way by the roofline, worked out when first asked for: most runs are never asked.
    pub(super) way: OnceLock<RunWay>,
}

/// The row of the catalog behind a measurement, with its chip and served model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    pub chip: &'static Chip,
    pub served: &'static ServedModel,
    pub row: OriginRow,
}

/// A row of one of the two tables.
#[derive(Debug, Clone, Copy)]
pub(super) enum OriginRow {
    /// A point of a public sweep.
    Point(&'static MeasuredPoint),
    /// A published rate; of a decoding pool with the rate of its prefilling pool.
    Published(&'static ThroughputRow, Option<f64>),
}

/// How the roofline explains a run: what of it was not published.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunWay {
    /// Time per answer token, or the roofline's own where nothing was published about it, in s.
    pub likely_tpot_s: f64,
    pub prefill_tok_per_s: f64,
    pub decode_tok_per_s: f64,
    pub replica: Replica,
    pub ratio: Option<f64>,
}

impl Measurement {
    fn way(&self) -> &RunWay {
        self.way.get_or_init(|| way_of(self))
    }

    /// Time per answer token, or the roofline's own where nothing was published about it, in s.
    #[must_use]
    pub fn likely_tpot_s(&self) -> f64 {
        self.way().likely_tpot_s
    }

    /// Prompt tokens per second and chip, prefilling only.
    #[must_use]
    pub fn prefill_tok_per_s(&self) -> f64 {
        self.way().prefill_tok_per_s
    }

    /// Answer tokens per second and chip, decoding only.
    #[must_use]
    pub fn decode_tok_per_s(&self) -> f64 {
        self.way().decode_tok_per_s
    }

    /// The fewest chips it runs on: published, else those of the roofline's way to the same rate.
    #[must_use]
    pub fn replica(&self) -> Replica {
        self.way().replica
    }

    /// Measured speed over the roofline's; `None` where the roofline finds no way to serve it.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        self.way().ratio
    }
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
    /// By chip, then by served model.
    pairs: HashMap<&'static str, HashMap<&'static str, Vec<Measurement>>>,
    /// By chip: served models measured with two pools.
    two_pool_models: HashMap<&'static str, Vec<&'static str>>,
}

impl MeasuredIndex {
    /// The index of the embedded catalog, made on first use.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static INDEX: OnceLock<MeasuredIndex> = OnceLock::new();
        INDEX.get_or_init(|| Self::new(Catalog::embedded()))
    }

    fn new(catalog: &'static Catalog) -> Self {
        let chips: HashMap<&str, &'static Chip> = catalog.chips().iter().map(|chip| (chip.id.as_str(), chip)).collect();
        let models: HashMap<&str, &'static ServedModel> = catalog.served_models().iter().map(|row| (row.id.as_str(), row)).collect();
        let mut pairs: HashMap<&'static str, HashMap<&'static str, Vec<Measurement>>> = HashMap::new();
        let mut add = |chip: &str, served: &str, measurement: &dyn Fn(&'static Chip, &'static ServedModel) -> Option<Measurement>| {
            let (Some(chip), Some(served)) = (chips.get(chip), models.get(served)) else { return };
            if let Some(measurement) = measurement(chip, served) {
                pairs.entry(&chip.id).or_default().entry(&served.id).or_default().push(measurement);
            }
        };
        for point in catalog.measured_points().iter().filter(|point| !point.confidence.is_weak()) {
            add(&point.chip, &point.served_model, &|chip, served| from_point(chip, served, point));
        }
        for row in catalog.throughput() {
            // The frontier of the public sweeps is made of the measured points themselves.
            let counts = row.kind.is_measurement()
                && !row.confidence.is_weak()
                && row.kind != BenchmarkKind::MeasuredFrontier
                && row.serving != Serving::Prefill;
            if counts {
                add(&row.chip, &row.served_model, &|chip, served| from_row(catalog, chip, served, row));
            }
        }
        let mut two_pool_models: HashMap<&'static str, Vec<&'static str>> = HashMap::new();
        for (chip, served, runs) in pairs_of(&pairs) {
            if runs.iter().any(|run| run.pools == Pools::Two) {
                two_pool_models.entry(chip).or_default().push(served);
            }
        }
        Self { pairs, two_pool_models }
    }

    /// Every pair with its measurements.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'static str, &'static str, &Vec<Measurement>)> {
        pairs_of(&self.pairs)
    }

    /// The measurements of a chip with a served model.
    #[must_use]
    pub fn pair(&self, chip: &str, served_model: &str) -> &[Measurement] {
        self.pairs.get(chip).and_then(|of_chip| of_chip.get(served_model)).map_or(&[], Vec::as_slice)
    }

    /// Served models that were measured with two pools on a chip.
    #[must_use]
    pub fn two_pool_models(&self, chip: &str) -> &[&'static str] {
        self.two_pool_models.get(chip).map_or(&[], Vec::as_slice)
    }
}

/// Every pair: chip, served model and its measurements.
fn pairs_of<'p, T>(
    pairs: &'p HashMap<&'static str, HashMap<&'static str, T>>,
) -> impl Iterator<Item = (&'static str, &'static str, &'p T)> {
    pairs.iter().flat_map(|(chip, of_chip)| of_chip.iter().map(|(served, runs)| (*chip, *served, runs)))
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
