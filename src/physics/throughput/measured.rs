//! What was measured, indexed by chip and served model, each row with the ratio of measured to
//! roofline at its own configuration: the software factor that the calibrated grade applies.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::choose::{Candidate, Limits, Styles, Workload, aggregated, best, split_rates};
use super::constants::Constants;
use super::roofline::{ChipRates, Configuration, Layout, ModelSizes, Precision, Roofline};
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
    /// True where the lengths are recalled means of a ragged set (MLPerf).
    pub lengths_recalled: bool,
    /// True where one pool prefilled and another decoded.
    pub two_pools: bool,
    /// False for what the chip's own vendor or operator says about itself.
    pub independent: bool,
    /// Time per answer token, in s: measured, or else the limit it was reached under, or else infinite.
    pub tpot_s: f64,
    /// Time to the first token, in s; infinite where it was not published.
    pub ttft_s: f64,
    /// Answer tokens per second and chip.
    pub answer_tok_per_s: f64,
    /// Prompt tokens per second and chip, prefilling only.
    pub prefill_tok_per_s: f64,
    /// Answer tokens per second and chip, decoding only.
    pub decode_tok_per_s: f64,
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
    chip_ratio: HashMap<String, f64>,
    vendor_factor: HashMap<String, f64>,
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
                pairs
                    .entry((chip.to_owned(), served.to_owned()))
                    .or_default()
                    .push(measurement);
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
        let mut chip_ratios: HashMap<String, Vec<f64>> = HashMap::new();
        for ((chip, _), measurements) in &pairs {
            let ratios = measurements
                .iter()
                .filter(|measured| measured.independent && !measured.lengths_recalled)
                .filter_map(|measured| measured.ratio)
                .collect();
            if let Some(middle) = median(ratios) {
                chip_ratios.entry(chip.clone()).or_default().push(middle);
            }
        }
        let mut vendor_factors: HashMap<String, Vec<f64>> = HashMap::new();
        for chip in catalog.chips() {
            if let Some(factor) = chip.software_factor {
                vendor_factors
                    .entry(chip.vendor.clone())
                    .or_default()
                    .push(factor);
            }
        }
        Self {
            pairs,
            chip_ratio: medians(chip_ratios),
            vendor_factor: medians(vendor_factors),
        }
    }

    /// The measurements of a chip with a served model.
    #[must_use]
    pub fn pair(&self, chip: &str, served_model: &str) -> &[Measurement] {
        self.pairs
            .get(&(chip.to_owned(), served_model.to_owned()))
            .map_or(&[], Vec::as_slice)
    }

    /// Median of measured over roofline of everything measured on a chip.
    #[must_use]
    pub fn chip_ratio(&self, chip: &str) -> Option<f64> {
        self.chip_ratio.get(chip).copied()
    }

    /// Median software factor of the vendor's chips that have one.
    #[must_use]
    pub fn vendor_factor(&self, vendor: &str) -> Option<f64> {
        self.vendor_factor.get(vendor).copied()
    }

    /// True if anything was measured with this served model, on any chip.
    #[must_use]
    pub fn has_served_model(&self, served_model: &str) -> bool {
        self.pairs.keys().any(|(_, served)| served == served_model)
    }
}

/// Middle value of each list; the mean of the middle two where the count is even.
fn medians(lists: HashMap<String, Vec<f64>>) -> HashMap<String, f64> {
    lists
        .into_iter()
        .filter_map(|(key, values)| Some((key, median(values)?)))
        .collect()
}

/// Middle value of a list; the mean of the middle two where the count is even.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = values.get(values.len() / 2)?;
    let lower = values.get((values.len() - 1) / 2)?;
    Some(f64::midpoint(*lower, *upper))
}

/// The calibrated roofline of a chip and served model at a precision, where all sizes are known.
pub(super) fn roofline_of(
    chip: &Chip,
    served: &ServedModel,
    precision: Precision,
    constants: Constants,
) -> Option<Roofline> {
    Some(Roofline {
        chip: ChipRates::of(chip, precision).ok()?,
        served: ModelSizes::of(served).ok()?,
        precision,
        constants,
    })
}

fn from_point(
    chip: &Chip,
    served: &ServedModel,
    point: &crate::catalog::MeasuredPoint,
) -> Option<Measurement> {
    let precision = Precision::named(&point.precision)?;
    let roofline = roofline_of(chip, served, precision, Constants::CALIBRATED)?;
    let workload = Workload::plain(point.prompt_tokens, point.answer_tokens);
    let configuration = Configuration {
        chips: point.chips_per_replica,
        batch: point.concurrency,
        layout: Layout::Tensor,
    };
    let modelled = aggregated(&roofline, configuration, &workload);
    let (prefill_tok_per_s, decode_tok_per_s) = split_rates(
        point.answer_tok_per_s_per_chip,
        modelled.prefill_tok_per_s,
        modelled.decode_tok_per_s,
        workload.prompt_per_answer(),
    );
    Some(Measurement {
        precision,
        prompt_tokens: point.prompt_tokens,
        answer_tokens: point.answer_tokens,
        lengths_recalled: false,
        two_pools: false,
        independent: true,
        tpot_s: point.tpot_ms / 1e3,
        ttft_s: point.ttft_ms / 1e3,
        answer_tok_per_s: point.answer_tok_per_s_per_chip,
        prefill_tok_per_s,
        decode_tok_per_s,
        sweep: Some(Sweep {
            chips: point.chips_per_replica,
            batch: point.concurrency,
            engine: point.engine.clone(),
            date: point.date.clone(),
        }),
        ratio: Some(point.answer_tok_per_s_per_chip / modelled.answer_tok_per_s),
        words: format!(
            "{} chips per replica, {} requests in flight, {}",
            point.chips_per_replica, point.concurrency, point.engine
        ),
        source: dated(&point.source, &point.date),
    })
}

fn from_row(
    catalog: &Catalog,
    chip: &Chip,
    served: &ServedModel,
    row: &crate::catalog::ThroughputRow,
) -> Option<Measurement> {
    let precision = Precision::named(&row.precision)?;
    let roofline = roofline_of(chip, served, precision, Constants::CALIBRATED)?;
    let workload = Workload::plain(row.prompt_tokens?, row.answer_tokens?);
    let tpot_s = row
        .tpot_ms
        .or(row.tpot_limit_ms)
        .map_or(f64::INFINITY, |ms| ms / 1e3);
    let styles = match row.serving {
        Serving::Disaggregated | Serving::Decode => Styles::Disaggregated,
        _ => Styles::Aggregated,
    };
    let rate = row.answer_tok_per_s_per_chip?;
    let published = if row.serving == Serving::Decode {
        // A decoding pool: its prefilling pool is a row of its own.
        let prefill = prefill_row(catalog, row)?;
        let answer = 1.0 / (1.0 / rate + workload.prompt_per_answer() / prefill);
        Some((answer, prefill, rate))
    } else {
        None
    };
    let answer = published.map_or(rate, |(answer, _, _)| answer);
    let like = if row.tpot_ms.is_some() && styles == Styles::Aggregated {
        at_concurrency(&roofline, &workload, tpot_s, answer)
    } else {
        at_limit(&roofline, &workload, tpot_s, answer, styles)
    };
    let (answer, prefill, decode) = published.or_else(|| {
        let like = like
            .map(|(_, candidate)| candidate)
            .or_else(|| unlimited(&roofline, &workload, styles))?;
        let (prefill, decode) = split_rates(
            rate,
            like.prefill_tok_per_s,
            like.decode_tok_per_s,
            workload.prompt_per_answer(),
        );
        Some((rate, prefill, decode))
    })?;
    let ratio = like.map(|(ratio, _)| ratio);
    Some(Measurement {
        precision,
        prompt_tokens: workload.prompt_tokens,
        answer_tokens: workload.answer_tokens,
        lengths_recalled: row.lengths_recalled,
        two_pools: styles == Styles::Disaggregated,
        independent: !matches!(row.kind, BenchmarkKind::Paper | BenchmarkKind::Production),
        tpot_s,
        ttft_s: row.ttft_ms.map_or(f64::INFINITY, |ms| ms / 1e3),
        answer_tok_per_s: answer,
        prefill_tok_per_s: prefill,
        decode_tok_per_s: decode,
        sweep: None,
        ratio,
        words: format!("{}: {}", row.kind.label(), row.config),
        source: dated(&row.source, &row.date),
    })
}

/// The software factor of an aggregated row whose time per token was measured. By Little's law
/// rate times time per token is the number of requests in flight per chip; at that number the
/// roofline's best replica has a time per token to compare with.
fn at_concurrency(
    roofline: &Roofline,
    workload: &Workload,
    tpot_s: f64,
    answer_tok_per_s: f64,
) -> Option<(f64, Candidate)> {
    let requests_per_chip = answer_tok_per_s * tpot_s;
    let fastest = |layout: Layout| {
        [1.0, 2.0, 4.0, 8.0]
            .into_iter()
            .filter(|&chips| chips <= roofline.chip.domain_chips)
            .map(|chips| Configuration {
                chips,
                batch: (requests_per_chip * chips).max(1.0),
                layout,
            })
            .filter(|&configuration| {
                roofline.fits(configuration, workload.longest_context_tokens())
            })
            .map(|configuration| aggregated(roofline, configuration, workload))
            .min_by(|left, right| left.tpot_s.total_cmp(&right.tpot_s))
    };
    // Attention is replicated only where caches would not fit otherwise.
    fastest(Layout::Tensor)
        .or_else(|| fastest(Layout::Expert).filter(|_| roofline.served.has_experts()))
        .map(|candidate| (candidate.tpot_s / tpot_s, candidate))
}

/// The software factor `f` with which the roofline, under the same limit, reaches the published
/// rate: `f · best(limit · f) = rate`, found by bisection (the left side grows with `f`).
fn at_limit(
    roofline: &Roofline,
    workload: &Workload,
    tpot_s: f64,
    answer_tok_per_s: f64,
    styles: Styles,
) -> Option<(f64, Candidate)> {
    let at = |factor: f64| {
        let limits = Limits {
            tpot_s: tpot_s * factor,
            ttft_s: f64::INFINITY,
        };
        best(roofline, workload, limits, styles)
    };
    let reached =
        |factor: f64| at(factor).map_or(0.0, |candidate| factor * candidate.answer_tok_per_s);
    let (mut low, mut high) = (0.05_f64, 20.0_f64);
    if reached(high) < answer_tok_per_s {
        return None;
    }
    for _ in 0..20 {
        let middle = (low * high).sqrt();
        if reached(middle) < answer_tok_per_s {
            low = middle;
        } else {
            high = middle;
        }
    }
    at(high).map(|candidate| (high, candidate))
}

/// Any way to serve, limits aside: its proportion of prefill to decode is all that is needed.
fn unlimited(roofline: &Roofline, workload: &Workload, styles: Styles) -> Option<Candidate> {
    let limits = Limits {
        tpot_s: f64::INFINITY,
        ttft_s: f64::INFINITY,
    };
    best(roofline, workload, limits, styles).or_else(|| {
        let configuration = Configuration {
            chips: 8.0,
            batch: 64.0,
            layout: Layout::Tensor,
        };
        Some(aggregated(roofline, configuration, workload))
    })
}

/// Prompt tokens per second and chip of the prefilling pool published beside a decoding pool.
fn prefill_row(catalog: &Catalog, decode: &crate::catalog::ThroughputRow) -> Option<f64> {
    catalog
        .throughput()
        .iter()
        .find(|row| {
            row.serving == Serving::Prefill
                && row.chip == decode.chip
                && row.served_model == decode.served_model
                && row.kind == decode.kind
        })?
        .total_tok_per_s_per_chip
}

fn dated(source: &str, date: &str) -> String {
    if date.is_empty() {
        source.to_owned()
    } else {
        format!("{source}, {date}")
    }
}

/// A measured operating point under the limits, interpolated where it lies between two points of
/// one sweep.
#[derive(Debug, Clone)]
pub(super) struct Reached {
    /// Rates and times.
    pub candidate: Candidate,
    /// Measured speed over the roofline's.
    pub ratio: Option<f64>,
    /// The configuration in words.
    pub words: String,
    /// Where it comes from.
    pub source: String,
}

/// The best measured rate under the limits; `None` where nothing was measured inside them.
pub(super) fn best_measured(measurements: &[&Measurement], limits: Limits) -> Option<Reached> {
    let single = measurements
        .iter()
        .filter(|measured| measured.tpot_s <= limits.tpot_s && measured.ttft_s <= limits.ttft_s)
        .map(|measured| reached(measured));
    let between = between_points(measurements, limits);
    single.chain(between).max_by(|left, right| {
        left.candidate
            .answer_tok_per_s
            .total_cmp(&right.candidate.answer_tok_per_s)
    })
}

fn reached(measured: &Measurement) -> Reached {
    let (chips, batch) = measured
        .sweep
        .as_ref()
        .map_or((1.0, 1.0), |sweep| (sweep.chips, sweep.batch));
    Reached {
        candidate: Candidate {
            configuration: Configuration {
                chips,
                batch,
                layout: Layout::Tensor,
            },
            serving: Serving::Aggregated,
            prefill_chips: chips,
            tpot_s: measured.tpot_s,
            ttft_s: measured.ttft_s,
            answer_tok_per_s: measured.answer_tok_per_s,
            prefill_tok_per_s: measured.prefill_tok_per_s,
            decode_tok_per_s: measured.decode_tok_per_s,
        },
        ratio: measured.ratio,
        words: measured.words.clone(),
        source: measured.source.clone(),
    }
}

/// For every pair of neighbouring points of one sweep that straddle the limit: the point on the
/// straight line between them at the limit. Linear, so it cannot overshoot its neighbours.
fn between_points(measurements: &[&Measurement], limits: Limits) -> Vec<Reached> {
    let mut sweeps: Vec<(&Sweep, &Measurement)> = measurements
        .iter()
        .filter_map(|measured| Some((measured.sweep.as_ref()?, *measured)))
        .collect();
    sweeps.sort_by(|(left, _), (right, _)| {
        left.chips
            .total_cmp(&right.chips)
            .then_with(|| left.engine.cmp(&right.engine))
            .then_with(|| left.date.cmp(&right.date))
            .then_with(|| left.batch.total_cmp(&right.batch))
    });
    sweeps
        .iter()
        .zip(sweeps.iter().skip(1))
        .filter_map(|((slow_sweep, low), (fast_sweep, high))| {
            let same_sweep = slow_sweep.chips.total_cmp(&fast_sweep.chips).is_eq()
                && slow_sweep.engine == fast_sweep.engine
                && slow_sweep.date == fast_sweep.date;
            let straddles = low.tpot_s <= limits.tpot_s
                && high.tpot_s > limits.tpot_s
                && low.answer_tok_per_s <= high.answer_tok_per_s;
            if !same_sweep || !straddles {
                return None;
            }
            let share = (limits.tpot_s - low.tpot_s) / (high.tpot_s - low.tpot_s);
            let mix = |low: f64, high: f64| low + share * (high - low);
            let ttft_s = mix(low.ttft_s, high.ttft_s);
            if ttft_s > limits.ttft_s {
                return None;
            }
            // The two rates are mixed as times per token, so that their harmonic sum stays exact.
            let answer = mix(low.answer_tok_per_s, high.answer_tok_per_s);
            let decode_share = mix(
                low.answer_tok_per_s / low.decode_tok_per_s,
                high.answer_tok_per_s / high.decode_tok_per_s,
            );
            let prompt_per_answer = low.prompt_tokens / low.answer_tokens;
            let batch = mix(slow_sweep.batch, fast_sweep.batch).round();
            Some(Reached {
                candidate: Candidate {
                    configuration: Configuration {
                        chips: slow_sweep.chips,
                        batch,
                        layout: Layout::Tensor,
                    },
                    serving: Serving::Aggregated,
                    prefill_chips: slow_sweep.chips,
                    tpot_s: limits.tpot_s,
                    ttft_s,
                    answer_tok_per_s: answer,
                    prefill_tok_per_s: prompt_per_answer * answer / (1.0 - decode_share),
                    decode_tok_per_s: answer / decode_share,
                },
                ratio: low.ratio.zip(high.ratio).map(|(low, high)| mix(low, high)),
                words: format!(
                    "{} chips per replica, between {} and {} requests in flight, {}",
                    slow_sweep.chips, slow_sweep.batch, fast_sweep.batch, slow_sweep.engine
                ),
                source: low.source.clone(),
            })
        })
        .collect()
}
