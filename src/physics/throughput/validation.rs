//! How well the throughput model does: errors on points it has seen, on served models and chips
//! it has not, on choosing a configuration, and on what operators published.
//!
//! An error is `|predicted / measured − 1|`; a row shows the median. Nothing here is tuned: the
//! table prints what comes out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rayon::prelude::*;

use super::calibrate::{Observation, calibrate, observations};
use super::choose::Pools;
use super::chooser_table::{ChooserTable, chooser_table};
use super::constants::Constants;
use super::measured::{MeasuredIndex, median};
use super::production::{ProductionCheck, production_checks};
use super::{ServingNeed, withheld_points};
use crate::catalog::{BenchmarkKind, Catalog};

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
    /// The error that two thirds of the predictions stay within: what a band should cover.
    pub two_thirds_within: f64,
    /// Median of `predicted / measured − 1`: which way it errs.
    pub median_bias: f64,
    /// The error it must not exceed, where one was set.
    pub bar: Option<f64>,
}

/// The whole validation.
#[derive(Debug, Clone, PartialEq)]
pub struct Validation {
    /// What a plan is given, against what was measured.
    pub chooser: ChooserTable,
    /// The table of the roofline: in sample, left out, choosing, withheld.
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
    let in_sample: Vec<f64> = all.iter().map(|observation| observation.log_error(Constants::CALIBRATED)).collect();
    let without_model = left_out(&all, |observation| observation.served_model_id.as_str());
    let without_chip = left_out(&all, |observation| observation.chip_id.as_str());

    let mut rows = vec![
        row("in sample", &in_sample, Some(0.15)),
        row("leaving one served model out", &without_model, Some(0.14)),
        row("leaving one chip out", &without_chip, None),
    ];
    for limit_ms in SLO_MS {
        let bar = (limit_ms.total_cmp(&50.0).is_eq()).then_some(0.25);
        rows.push(row(&format!("choosing the configuration under {limit_ms} ms per token"), &choosing(&all, limit_ms / 1e3), bar));
    }
    rows.push(row("calibrated on other lengths of the same pair, under 50 ms per token", &withheld_workloads(&all, 0.05), None));
    let (one_pool, two_pools) = published_peaks(catalog);
    rows.push(row("published peaks never calibrated on, one pool", &one_pool, None));
    rows.push(row("published peaks never calibrated on, two pools", &two_pools, None));

    rows.push(row("published peaks by the look-up, their own lengths withheld", &withheld_peaks(catalog), None));

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
        chooser: chooser_table(catalog),
        rows,
        served_models: grouped(|observation| &observation.served_model_id, &without_model),
        chips: grouped(|observation| &observation.chip_id, &without_chip),
        production: production_checks(catalog),
    }
}

/// A row from logarithms of predicted over measured.
fn row(test: &str, log_errors: &[f64], bar: Option<f64>) -> ValidationRow {
    let errors: Vec<f64> = log_errors.iter().map(|error| error.exp() - 1.0).collect();
    let mut sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let two_thirds = sizes.get(sizes.len() * 2 / 3).copied();
    ValidationRow {
        test: test.to_owned(),
        cases: sizes.len(),
        median_error: median(sizes).unwrap_or(f64::NAN),
        two_thirds_within: two_thirds.unwrap_or(f64::NAN),
        median_bias: median(errors).unwrap_or(f64::NAN),
        bar,
    }
}

/// For each point, the error with constants calibrated without all points that share its key.
fn left_out(all: &[Observation], key: impl Fn(&Observation) -> &str + Sync) -> Vec<f64> {
    let names: BTreeSet<&str> = all.iter().map(&key).collect();
    let constants: BTreeMap<&str, Constants> = names
        .into_par_iter()
        .map(|name| {
            let rest: Vec<&Observation> = all.iter().filter(|observation| key(observation) != name).collect();
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
            let measured = best_rate(sweep.iter().map(|run| (run.tpot_s, run.answer_tok_per_s)), limit_s)?;
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
    runs.filter(|&(tpot_s, _)| tpot_s <= limit_s).map(|(_, rate)| rate).max_by(f64::total_cmp)
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
                    (near.prompt_tokens / far.prompt_tokens).ln().abs() + (near.answer_tokens / far.answer_tokens).ln().abs()
                })
            };
            let closest =
                sweeps.iter().filter_map(|other| Some((distance(other)?, other))).min_by(|left, right| left.0.total_cmp(&right.0))?.1;
            // The factor of the closest sweep's best run inside the limit, as the look-up does.
            let run = closest
                .iter()
                .filter(|run| run.tpot_s <= limit_s)
                .max_by(|left, right| left.answer_tok_per_s.total_cmp(&right.answer_tok_per_s))?;
            let factor = (-run.log_error(Constants::CALIBRATED)).exp();
            let measured = best_rate(sweep.iter().map(|run| (run.tpot_s, run.answer_tok_per_s)), limit_s)?;
            let predicted = best_rate(
                sweep.iter().map(|run| {
                    let predicted = run.predicted(Constants::CALIBRATED);
                    (predicted.tpot_s / factor, predicted.answer_tok_per_s * factor)
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
            let peaks =
                index.pair(&chip.id, &served.id).iter().filter(|run| run.sweep.is_none() && run.independent && !run.lengths_recalled);
            for peak in peaks {
                if let Some(ratio) = peak.ratio() {
                    let error = (factor / ratio).ln();
                    if peak.pools == Pools::Two {
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

/// Every published peak, asked of the look-up with its own lengths withheld on that chip and
/// served model, under its own time per token: what a planner would have been told.
fn withheld_peaks(catalog: &Catalog) -> Vec<f64> {
    let peaks = catalog.throughput().iter().filter(|row| row.kind == BenchmarkKind::PublishedPeak);
    peaks
        .filter_map(|row| {
            let need = ServingNeed {
                tpot_ms: Some(row.tpot_ms.or(row.tpot_limit_ms)?),
                precision: Some(&row.precision),
                ..ServingNeed::plain(row.prompt_tokens?, row.answer_tokens?)
            };
            let chip = catalog.chip(&row.chip)?;
            let served = catalog.served_model(&row.served_model)?;
            let found = withheld_points(catalog, chip, served, &need).ok()?;
            let predicted = found.first()?.answer_tok_per_s;
            Some((predicted / row.answer_tok_per_s_per_chip?).ln())
        })
        .collect()
}

impl Validation {
    /// The tables as Markdown, for the paper about the catalog.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let percent = |fraction: f64| format!("{:.1} %", 100.0 * fraction);
        let signed = |fraction: f64| format!("{:+.1} %", 100.0 * fraction);
        let mut text = self.chooser.to_markdown();
        text.push_str("\n| the roofline at given configurations | cases | median error | two thirds within | median bias | bar |\n|---|---:|---:|---:|---:|---:|\n");
        for row in &self.rows {
            let bar = row.bar.map(percent).unwrap_or_default();
            // Writing into a String cannot fail.
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {bar} |",
                row.test,
                row.cases,
                percent(row.median_error),
                percent(row.two_thirds_within),
                signed(row.median_bias)
            );
        }
        for (title, groups) in [("served model", &self.served_models), ("chip", &self.chips)] {
            let _ = writeln!(text, "\n| {title} | points | in sample | left out | bias left out |\n|---|---:|---:|---:|---:|");
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
        text.push_str("\n| published | tok/s per chip | predicted | error |\n|---|---:|---:|---:|\n");
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
