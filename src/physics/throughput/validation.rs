//! How well the throughput model does: errors on points it has seen, on served models and chips
//! it has not, on choosing a configuration, and on what operators published.
//!
//! An error is `|predicted / measured − 1|`; a row shows the median. Nothing here is tuned: the
//! table prints what comes out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rayon::prelude::*;

use super::calibrate::{Observation, calibrate, observations};
use super::choose::{Workload, disaggregated};
use super::constants::Constants;
use super::measured::{MeasuredIndex, median, roofline_of};
use super::roofline::{
    Configuration, DISAGGREGATED_EFFICIENCY, Layout, ModelSizes, Precision, Roofline,
};
use crate::catalog::{Catalog, Chip};

/// Limits on the time per answer token at which choosing a configuration is validated, in ms.
pub const SLO_MS: [f64; 4] = [20.0, 30.0, 50.0, 100.0];

/// Evaluations of the loss per round when one served model or chip is left out; the fit starts
/// from the shipped constants.
const FOLD_EVALUATIONS: usize = 400;

/// One line of the validation table.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidationRow {
    /// What is tested.
    pub test: String,
    /// Number of predictions.
    pub cases: usize,
    /// Median of `|predicted / measured − 1|`.
    pub median_error: f64,
    /// Median of `predicted / measured − 1`: which way it errs.
    pub median_bias: f64,
    /// The error it must not exceed, where one was set.
    pub bar: Option<f64>,
}

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

/// The whole validation.
#[derive(Debug, Clone, PartialEq)]
pub struct Validation {
    /// The table: in sample, left out, choosing, withheld.
    pub rows: Vec<ValidationRow>,
    /// Per served model: in sample, and with the served model left out of the calibration.
    pub served_models: Vec<(String, ValidationRow, ValidationRow)>,
    /// Per chip: in sample, and with the chip left out of the calibration.
    pub chips: Vec<(String, ValidationRow, ValidationRow)>,
    /// Published production figures.
    pub production: Vec<ProductionCheck>,
}

/// Runs the validation: fourteen calibrations, a few seconds.
#[must_use]
pub fn validation(catalog: &Catalog) -> Validation {
    let all = observations(catalog);
    let in_sample: Vec<f64> = all
        .iter()
        .map(|observation| observation.log_error(Constants::CALIBRATED))
        .collect();
    let without_model = left_out(&all, |observation| observation.served_model_id.as_str());
    let without_chip = left_out(&all, |observation| observation.chip_id.as_str());

    let mut rows = vec![
        row("in sample", &in_sample, Some(0.15)),
        row("leaving one served model out", &without_model, Some(0.18)),
        row("leaving one chip out", &without_chip, None),
    ];
    for limit_ms in SLO_MS {
        let bar = (limit_ms.total_cmp(&50.0).is_eq()).then_some(0.25);
        rows.push(row(
            &format!("choosing the configuration under {limit_ms} ms per token"),
            &choosing(&all, limit_ms / 1e3),
            bar,
        ));
    }
    rows.push(row(
        "calibrated on other lengths of the same pair, under 50 ms per token",
        &withheld_workloads(&all, 0.05),
        None,
    ));
    let (one_pool, two_pools) = published_peaks(catalog);
    rows.push(row(
        "published peaks never calibrated on, one pool",
        &one_pool,
        None,
    ));
    rows.push(row(
        "published peaks never calibrated on, two pools",
        &two_pools,
        None,
    ));

    let grouped = |key: fn(&Observation) -> &str, left_out: &[f64]| {
        let mut groups: BTreeMap<String, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
        for ((observation, seen), unseen) in all.iter().zip(&in_sample).zip(left_out) {
            let group = groups.entry(key(observation).to_owned()).or_default();
            group.0.push(*seen);
            group.1.push(*unseen);
        }
        groups
            .into_iter()
            .map(|(name, (seen, unseen))| {
                let seen = row("in sample", &seen, None);
                (name, seen, row("left out", &unseen, None))
            })
            .collect::<Vec<_>>()
    };
    Validation {
        rows,
        served_models: grouped(|observation| &observation.served_model_id, &without_model),
        chips: grouped(|observation| &observation.chip_id, &without_chip),
        production: production_checks(catalog),
    }
}

/// A row from logarithms of predicted over measured.
fn row(test: &str, log_errors: &[f64], bar: Option<f64>) -> ValidationRow {
    let errors = log_errors.iter().map(|error| error.exp() - 1.0);
    ValidationRow {
        test: test.to_owned(),
        cases: log_errors.len(),
        median_error: median(errors.clone().map(f64::abs).collect()).unwrap_or(f64::NAN),
        median_bias: median(errors.collect()).unwrap_or(f64::NAN),
        bar,
    }
}

/// For each point, the error with constants calibrated without all points that share its key.
fn left_out(all: &[Observation], key: impl Fn(&Observation) -> &str + Sync) -> Vec<f64> {
    let names: BTreeSet<&str> = all.iter().map(&key).collect();
    let constants: BTreeMap<&str, Constants> = names
        .into_par_iter()
        .map(|name| {
            let rest: Vec<&Observation> = all
                .iter()
                .filter(|observation| key(observation) != name)
                .collect();
            let fitted = calibrate(&rest, Constants::CALIBRATED, FOLD_EVALUATIONS, 2);
            (name, fitted)
        })
        .collect();
    all.iter()
        .map(|observation| {
            let fitted = constants.get(key(observation)).copied();
            observation.log_error(fitted.unwrap_or(Constants::CALIBRATED))
        })
        .collect()
}

/// Points of one chip, served model, precision and lengths.
type Sweep<'a> = Vec<&'a Observation>;

/// All sweeps, in a fixed order.
fn sweeps(all: &[Observation]) -> Vec<Sweep<'_>> {
    let mut groups: BTreeMap<(&str, &str, &str, u64, u64), Sweep<'_>> = BTreeMap::new();
    for observation in all {
        let key = (
            observation.chip_id.as_str(),
            observation.served_model_id.as_str(),
            observation.precision.name,
            observation.workload.prompt_tokens.to_bits(),
            observation.workload.answer_tokens.to_bits(),
        );
        groups.entry(key).or_default().push(observation);
    }
    groups.into_values().collect()
}

/// For each sweep: the best rate that the roofline finds among the configurations that were run,
/// by its own time per token, over the best rate that was measured inside the limit.
fn choosing(all: &[Observation], limit_s: f64) -> Vec<f64> {
    sweeps(all)
        .iter()
        .filter_map(|sweep| {
            let measured = best_rate(
                sweep.iter().map(|run| (run.tpot_s, run.answer_tok_per_s)),
                limit_s,
            )?;
            let predicted = best_rate(
                sweep.iter().map(|run| {
                    let predicted = run.predicted(Constants::CALIBRATED);
                    (predicted.tpot_s, predicted.answer_tok_per_s)
                }),
                limit_s,
            )?;
            Some((predicted / measured).ln())
        })
        .collect()
}

/// The highest rate whose time per token is inside the limit.
fn best_rate(runs: impl Iterator<Item = (f64, f64)>, limit_s: f64) -> Option<f64> {
    runs.filter(|&(tpot_s, _)| tpot_s <= limit_s)
        .map(|(_, rate)| rate)
        .max_by(f64::total_cmp)
}

/// The calibrated grade without what it would normally see: for each sweep, the software factor of
/// the same chip, served model and precision at the closest other lengths, applied to the
/// configurations that were run.
fn withheld_workloads(all: &[Observation], limit_s: f64) -> Vec<f64> {
    let sweeps = sweeps(all);
    sweeps
        .iter()
        .filter_map(|sweep| {
            let first = sweep.first()?;
            let distance = |other: &Sweep<'_>| -> Option<f64> {
                let other = other.first()?;
                let same_pair = other.chip_id == first.chip_id
                    && other.served_model_id == first.served_model_id
                    && other.precision == first.precision
                    && other.workload != first.workload;
                same_pair.then(|| {
                    let (near, far) = (first.workload, other.workload);
                    (near.prompt_tokens / far.prompt_tokens).ln().abs()
                        + (near.answer_tokens / far.answer_tokens).ln().abs()
                })
            };
            let closest = sweeps
                .iter()
                .filter_map(|other| Some((distance(other)?, other)))
                .min_by(|left, right| left.0.total_cmp(&right.0))?
                .1;
            // The factor of the closest sweep's best run inside the limit, as the look-up does.
            let run = closest
                .iter()
                .filter(|run| run.tpot_s <= limit_s)
                .max_by(|left, right| left.answer_tok_per_s.total_cmp(&right.answer_tok_per_s))?;
            let factor = (-run.log_error(Constants::CALIBRATED)).exp();
            let measured = best_rate(
                sweep.iter().map(|run| (run.tpot_s, run.answer_tok_per_s)),
                limit_s,
            )?;
            let predicted = best_rate(
                sweep.iter().map(|run| {
                    let predicted = run.predicted(Constants::CALIBRATED);
                    (
                        predicted.tpot_s / factor,
                        predicted.answer_tok_per_s * factor,
                    )
                }),
                limit_s,
            )?;
            Some((predicted / measured).ln())
        })
        .collect()
}

/// The vendor's software factor alone against published peaks (one pool, two pools): logarithms
/// of the roofline's speed times the factor over the published speed.
fn published_peaks(catalog: &Catalog) -> (Vec<f64>, Vec<f64>) {
    let index = MeasuredIndex::embedded();
    let mut one_pool = Vec::new();
    let mut two_pools = Vec::new();
    for chip in catalog.chips() {
        let Some(factor) = chip.software_factor else {
            continue;
        };
        for served in catalog.served_models() {
            let peaks = index
                .pair(&chip.id, &served.id)
                .iter()
                .filter(|run| run.sweep.is_none() && run.independent && !run.lengths_recalled);
            for peak in peaks {
                if let Some(ratio) = peak.ratio {
                    let error = (factor / ratio).ln();
                    if peak.two_pools {
                        two_pools.push(error);
                    } else {
                        one_pool.push(error);
                    }
                }
            }
        }
    }
    (one_pool, two_pools)
}

/// DeepSeek's published production and the CloudMatrix paper, at their published configurations.
///
/// The requests in flight follow from the published rate and time per token (Little's law).
fn production_checks(catalog: &Catalog) -> Vec<ProductionCheck> {
    let Some(sizes) = catalog
        .served_model("deepseek-v3-r1")
        .and_then(|served| ModelSizes::of(served).ok())
    else {
        return Vec::new();
    };
    let roofline = |chip: &str, precision: &str| -> Option<Roofline> {
        let chip: &Chip = catalog.chip(chip)?;
        let served = catalog.served_model("deepseek-v3-r1")?;
        roofline_of(
            chip,
            served,
            Precision::named(precision)?,
            Constants::CALIBRATED,
        )
        .map(|roofline| Roofline {
            served: sizes,
            ..roofline
        })
    };
    let expert = |chips: f64, batch: f64| Configuration {
        chips,
        batch,
        layout: Layout::Expert,
    };
    // The published pools are whole: what two pools lose to imbalance is not in these figures.
    let decode =
        |roofline: Roofline, chips: f64, published: f64, tpot_s: f64, lengths: Workload| {
            let configuration = expert(chips, published * tpot_s * chips);
            disaggregated(&roofline, configuration, configuration, &lengths).decode_tok_per_s
                / DISAGGREGATED_EFFICIENCY
        };
    let prefill = |roofline: Roofline, chips: f64, lengths: Workload| {
        lengths.prompt_tokens
            / (roofline.prefill_s(chips, Layout::Expert, lengths.prompt_tokens) * chips)
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

impl Validation {
    /// The tables as Markdown, for the README.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let percent = |fraction: f64| format!("{:.1} %", 100.0 * fraction);
        let signed = |fraction: f64| format!("{:+.1} %", 100.0 * fraction);
        let mut text = String::from(
            "| test | cases | median error | median bias | bar |\n|---|---:|---:|---:|---:|\n",
        );
        for row in &self.rows {
            let bar = row.bar.map(percent).unwrap_or_default();
            // Writing into a String cannot fail.
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {bar} |",
                row.test,
                row.cases,
                percent(row.median_error),
                signed(row.median_bias)
            );
        }
        for (title, groups) in [("served model", &self.served_models), ("chip", &self.chips)] {
            let _ = writeln!(
                text,
                "\n| {title} | points | in sample | left out | bias left out |\n|---|---:|---:|---:|---:|"
            );
            for (name, seen, unseen) in groups {
                let _ = writeln!(
                    text,
                    "| {name} | {} | {} | {} | {} |",
                    seen.cases,
                    percent(seen.median_error),
                    percent(unseen.median_error),
                    signed(unseen.median_bias)
                );
            }
        }
        text.push_str(
            "\n| published | tok/s per chip | predicted | error |\n|---|---:|---:|---:|\n",
        );
        for check in &self.production {
            let _ = writeln!(
                text,
                "| {} | {:.0} | {:.0} | {} |",
                check.name,
                check.published_tok_per_s,
                check.predicted_tok_per_s,
                signed(check.error())
            );
        }
        text
    }
}
