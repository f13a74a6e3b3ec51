//! Calibration: the nine constants that bring the roofline closest to what was measured.
//!
//! Robust least squares on the logarithm of predicted over measured answer tokens per second and
//! chip, at the measured number of chips and requests in flight. The loss of one point is
//! pseudo-Huber, `√(1 + (r/0.2)²) − 1`: quadratic for errors below 20 %, linear beyond, so that
//! a few misconfigured runs do not bend the constants. Nelder–Mead on the logarithms of the
//! constants, from stated starting values, without any randomness: every run ends at the same
//! constants. `tests/numbers/throughput.rs` runs it.

use super::choose::{Candidate, Workload, aggregated};
use super::constants::Constants;
use super::roofline::{Configuration, Layout, Roofline};
use super::sizes::{ChipRates, ModelSizes, Precision};
use crate::catalog::{BenchmarkKind, Catalog, Serving, ThroughputRow};

/// Error beyond which a point pulls linearly instead of quadratically.
const ROBUST_WIDTH: f64 = 0.2;

/// Number of constants.
const COUNT: usize = 9;

/// One measured point, ready to be compared with the roofline.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Chip id.
    pub chip_id: String,
    /// Served model id.
    pub served_model_id: String,
    /// The chip at the point's precision.
    pub chip: ChipRates,
    /// The served model.
    pub served: ModelSizes,
    /// Precision of the weights.
    pub precision: Precision,
    /// Chips and requests in flight.
    pub configuration: Configuration,
    /// Lengths of prompt and answer.
    pub workload: Workload,
    /// Measured answer tokens per second and chip.
    pub answer_tok_per_s: f64,
    /// Measured time per answer token, in s.
    pub tpot_s: f64,
}

impl Observation {
    /// What the roofline with these constants says about the point.
    #[must_use]
    pub fn predicted(&self, constants: Constants) -> Candidate {
        let roofline = Roofline { chip: self.chip, served: self.served, precision: self.precision, constants };
        aggregated(&roofline, self.configuration, &self.workload)
    }

    /// Logarithm of predicted over measured rate.
    #[must_use]
    pub fn log_error(&self, constants: Constants) -> f64 {
        (self.predicted(constants).answer_tok_per_s / self.answer_tok_per_s).ln()
    }
}

/// All measured points of the catalog whose chip and served model have known sizes.
#[must_use]
pub fn observations(catalog: &Catalog) -> Vec<Observation> {
    catalog
        .measured_points()
        .iter()
        .filter(|point| !point.confidence.is_weak())
        .filter_map(|point| {
            let precision = Precision::named(&point.precision)?;
            Some(Observation {
                chip_id: point.chip.clone(),
                served_model_id: point.served_model.clone(),
                chip: ChipRates::of(catalog.chip(&point.chip)?, precision).ok()?,
                served: ModelSizes::of(catalog.served_model(&point.served_model)?).ok()?,
                precision,
                configuration: Configuration { chips: point.chips_per_replica, batch: point.concurrency, layout: Layout::Tensor },
                workload: Workload::plain(point.prompt_tokens, point.answer_tokens),
                answer_tok_per_s: point.answer_tok_per_s_per_chip,
                tpot_s: point.tpot_ms / 1e3,
            })
        })
        .chain(catalog.throughput().iter().filter_map(|row| published(catalog, row)))
        .collect()
}

/// A published point of one pool whose chips and requests in flight are known.
fn published(catalog: &Catalog, row: &ThroughputRow) -> Option<Observation> {
    let usable =
        row.kind == BenchmarkKind::SweepPoint && row.serving == Serving::Aggregated && !row.speculation && !row.confidence.is_weak();
    if !usable {
        return None;
    }
    let precision = Precision::named(&row.precision)?;
    Some(Observation {
        chip_id: row.chip.clone(),
        served_model_id: row.served_model.clone(),
        chip: ChipRates::of(catalog.chip(&row.chip)?, precision).ok()?,
        served: ModelSizes::of(catalog.served_model(&row.served_model)?).ok()?,
        precision,
        configuration: Configuration { chips: row.chips_per_replica?, batch: row.concurrency?, layout: Layout::Tensor },
        workload: Workload::plain(row.prompt_tokens?, row.answer_tokens?),
        answer_tok_per_s: row.answer_tok_per_s_per_chip?,
        tpot_s: row.tpot_ms? / 1e3,
    })
}

/// Mean robust loss over the observations; efficiencies above 1 are punished.
#[must_use]
pub fn loss(observations: &[&Observation], constants: Constants) -> f64 {
    let sum: f64 = observations
        .iter()
        .map(|observation| {
            let scaled = observation.log_error(constants) / ROBUST_WIDTH;
            scaled.hypot(1.0) - 1.0
        })
        .sum();
    let count: f64 = observations.iter().map(|_| 1.0).sum();
    let excess: f64 =
        [constants.bandwidth_efficiency, constants.peak_efficiency, constants.expert_efficiency, constants.low_precision_efficiency]
            .into_iter()
            .map(|efficiency| (efficiency - 1.0).max(0.0).powi(2))
            .sum();
    sum / count.max(1.0) + 1e3 * excess
}

/// Fits the constants to the observations from a start, with so many evaluations of the loss per
/// round and so many rounds (each round starts with a fresh simplex, which frees it from corners).
#[must_use]
pub fn calibrate(observations: &[&Observation], start: Constants, evaluations: usize, rounds: usize) -> Constants {
    let value = |logarithms: &[f64; COUNT]| {
        let loss = loss(observations, Constants::from_array(logarithms.map(f64::exp)));
        if loss.is_finite() { loss } else { f64::MAX }
    };
    let mut best = start.to_array().map(f64::ln);
    for _ in 0..rounds {
        best = nelder_mead(&value, best, evaluations);
    }
    // Efficiencies pressed against 1 end a hair above it.
    let mut constants = Constants::from_array(best.map(f64::exp));
    constants.bandwidth_efficiency = constants.bandwidth_efficiency.min(1.0);
    constants.peak_efficiency = constants.peak_efficiency.min(1.0);
    constants.expert_efficiency = constants.expert_efficiency.min(1.0);
    constants
}

/// A corner of the simplex with its value.
type Corner = ([f64; COUNT], f64);

/// Nelder–Mead with the coefficients of Gao and Han for nine dimensions: reflect, expand,
/// contract, shrink. Stops after so many evaluations.
fn nelder_mead(value: &impl Fn(&[f64; COUNT]) -> f64, start: [f64; COUNT], evaluations: usize) -> [f64; COUNT] {
    const DIMENSION: f64 = 9.0;
    const EXPAND: f64 = 1.0 + 2.0 / DIMENSION;
    const CONTRACT: f64 = 0.75 - 1.0 / (2.0 * DIMENSION);
    const SHRINK: f64 = 1.0 - 1.0 / DIMENSION;
    let corner = |at: [f64; COUNT]| -> Corner { (at, value(&at)) };
    let mut simplex: Vec<Corner> = vec![corner(start)];
    for axis in 0..COUNT {
        let mut at = start;
        if let Some(coordinate) = at.get_mut(axis) {
            *coordinate += 0.1;
        }
        simplex.push(corner(at));
    }
    let mut spent = simplex.len();
    while spent < evaluations {
        simplex.sort_by(|left, right| left.1.total_cmp(&right.1));
        let (Some(&best), Some(&worst)) = (simplex.first(), simplex.last()) else {
            break;
        };
        let second_worst = simplex.get(simplex.len().saturating_sub(2)).map_or(worst.1, |corner| corner.1);
        if worst.1 - best.1 < 1e-10 {
            break;
        }
        let centre = centre_of(simplex.get(..COUNT).unwrap_or_default());
        let along = |step: f64| -> [f64; COUNT] {
            let mut at = centre;
            for (coordinate, worst) in at.iter_mut().zip(worst.0) {
                *coordinate += step * (*coordinate - worst);
            }
            at
        };
        let reflected = corner(along(1.0));
        spent += 1;
        let replacement = if reflected.1 < best.1 {
            let expanded = corner(along(EXPAND));
            spent += 1;
            Some(if expanded.1 < reflected.1 { expanded } else { reflected })
        } else if reflected.1 < second_worst {
            Some(reflected)
        } else {
            let step = if reflected.1 < worst.1 { CONTRACT } else { -CONTRACT };
            let contracted = corner(along(step));
            spent += 1;
            (contracted.1 < reflected.1.min(worst.1)).then_some(contracted)
        };
        if let Some(replacement) = replacement {
            if let Some(last) = simplex.last_mut() {
                *last = replacement;
            }
        } else {
            for corner in simplex.iter_mut().skip(1) {
                for (coordinate, best) in corner.0.iter_mut().zip(best.0) {
                    *coordinate = best + SHRINK * (*coordinate - best);
                }
                corner.1 = value(&corner.0);
                spent += 1;
            }
        }
    }
    simplex.into_iter().min_by(|left, right| left.1.total_cmp(&right.1)).map_or(start, |corner| corner.0)
}

/// Mean of the corners.
fn centre_of(corners: &[Corner]) -> [f64; COUNT] {
    let count: f64 = corners.iter().map(|_| 1.0).sum();
    let mut centre = [0.0; COUNT];
    for (at, _) in corners {
        for (sum, coordinate) in centre.iter_mut().zip(at) {
            *sum += coordinate / count;
        }
    }
    centre
}

#[cfg(test)]
mod tests {
    use super::{COUNT, nelder_mead};

    #[test]
    fn the_simplex_finds_a_bowl() {
        let target = [0.3, -0.2, 0.5, 0.1, -0.4, 0.2, 0.0, -0.1, 0.25];
        let bowl = |at: &[f64; COUNT]| -> f64 {
            at.iter()
                .zip(target)
                .zip([1.0, 3.0, 2.0, 5.0, 1.0, 4.0, 2.0, 1.0, 3.0])
                .map(|((at, target), weight)| weight * (at - target).powi(2))
                .sum()
        };
        let mut found = [0.0; COUNT];
        for _ in 0..3 {
            found = nelder_mead(&bowl, found, 2000);
        }
        for (found, target) in found.iter().zip(target) {
            assert!((found - target).abs() < 1e-3, "{found} is not {target}");
        }
    }
}
