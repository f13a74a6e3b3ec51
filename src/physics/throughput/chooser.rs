//! The validation of the chooser: what a plan is given, against every measured frontier, the cell
//! left out; then the pair, the chip and the vendor.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::band::{slope, two_thirds};
use super::choose::{Pools, Speculation};
use super::correction::{Correction, Distance, Fit};
use super::lookup::{Lookup, same_length};
use super::training::{LIMITS_MS, REACHES_TO, Target, targets};
use super::{ServingNeed, TwoPools};
use crate::catalog::{Catalog, Chip, Evidence, ServedModel};

/// What a frontier was asked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The time per token of a measured point.
    Point,
    /// A round limit that the sweep reaches.
    Limit,
    /// A round limit beyond the end of the sweep: a plan with that limit is given the last rate.
    Beyond,
}

/// One question to the chooser and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Number of the cell.
    pub cell: usize,
    /// Chip id.
    pub chip: String,
    /// Served model id.
    pub served_model: String,
    /// Number of pools.
    pub pools: Pools,
    /// Limit on the time per token, in ms.
    pub limit_ms: f64,
    /// What was asked.
    pub asked: Asked,
    /// Distance to what the answer was learnt from.
    pub distance: Distance,
    /// Measured answer tokens per second and chip.
    pub measured: f64,
    /// Predicted answer tokens per second and chip.
    pub predicted: f64,
    /// The printed band.
    pub band_fraction: f64,
    /// Its grade.
    pub evidence: Evidence,
}

impl Case {
    /// `predicted / measured − 1`.
    #[must_use]
    pub fn error(&self) -> f64 {
        self.predicted / self.measured - 1.0
    }

    /// True if what was measured lies inside the printed band.
    #[must_use]
    pub fn inside(&self) -> bool {
        (self.measured / self.predicted - 1.0).abs() <= self.band_fraction
    }

    /// The miss per unit of slope: what the widths of the bands are made of.
    #[must_use]
    pub fn miss(&self) -> f64 {
        (self.measured / self.predicted - 1.0).abs() / (self.band_fraction / two_thirds(self.distance, self.pools)).max(1.0)
    }
}

/// The fit to the embedded catalog, with its targets.
fn fitted(catalog: &Catalog) -> &'static (Vec<Target>, Fit) {
    static FITTED: OnceLock<(Vec<Target>, Fit)> = OnceLock::new();
    FITTED.get_or_init(|| {
        let all = targets(catalog);
        let fit = Fit::new(&all);
        (all, fit)
    })
}

/// The table of corrections that ships, made anew.
#[must_use]
pub fn corrections_csv(catalog: &Catalog) -> String {
    let (all, fit) = fitted(catalog);
    fit.to_csv(all)
}

/// The correction as if a workload had never been measured on a chip with a served model.
pub(super) fn without_workload(catalog: &Catalog, chip: &Chip, model: &ServedModel, need: &ServingNeed<'_>) -> Correction {
    let (all, fit) = fitted(catalog);
    let left_out = numbers(all, |target| {
        target.features.chip == chip.id
            && target.features.served_model == model.id
            && same_length(target.lengths.0, need.prompt_tokens)
            && same_length(target.lengths.1, need.answer_tokens)
    });
    fit.without(&left_out)
}

fn numbers(all: &[Target], mut wanted: impl FnMut(&Target) -> bool) -> Vec<usize> {
    all.iter().enumerate().filter(|(_, target)| wanted(target)).map(|(index, _)| index).collect()
}

/// What is left out when a cell is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// Only the cell itself, at all precisions with and without speculation.
    Cell,
    /// Everything of the chip with the served model.
    Pair,
    /// Everything of the chip.
    Chip,
    /// Everything of the vendor.
    Vendor,
}

impl LeftOut {
    /// Every way, least first.
    pub const ALL: [Self; 4] = [Self::Cell, Self::Pair, Self::Chip, Self::Vendor];

    fn covers(self, out: &Target, asked: &Target) -> bool {
        let (out, asked, lengths) = (&out.features, &asked.features, (out.lengths, asked.lengths));
        let chip = out.chip == asked.chip;
        match self {
            Self::Cell => {
                chip && out.served_model == asked.served_model
                    && same_length(lengths.0.0, lengths.1.0)
                    && same_length(lengths.0.1, lengths.1.1)
            }
            Self::Pair => chip && out.served_model == asked.served_model,
            Self::Chip => chip,
            Self::Vendor => out.vendor == asked.vendor,
        }
    }
}

/// Asks the chooser about every cell, with what is left out.
#[must_use]
pub fn cases(catalog: &Catalog, left_out: LeftOut) -> Vec<Case> {
    let (all, fit) = fitted(catalog);
    let mut cells: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, target) in all.iter().enumerate() {
        cells.entry(target.cell).or_default().push(index);
    }
    // One correction serves every cell that leaves the same out.
    let mut corrections: Vec<(Vec<usize>, Correction)> = Vec::new();
    let mut found = Vec::new();
    for (cell, members) in cells {
        let points: Vec<&Target> = members.iter().filter_map(|&index| all.get(index)).filter(|target| !target.ended).collect();
        let Some(first) = points.first() else { continue };
        // Runs that drafted tokens are asked for by saying so.
        let drafted =
            if first.features.speculation { Speculation::usual(catalog, &first.features.served_model) } else { Speculation::NONE };
        let out = numbers(all, |target| left_out.covers(target, first));
        let known = corrections.iter().position(|(known, _)| *known == out);
        let at = known.unwrap_or_else(|| {
            corrections.push((out.clone(), fit.without(&out)));
            corrections.len() - 1
        });
        let Some((_, correction)) = corrections.get(at) else { continue };
        let Some((chip, model)) = catalog.chip(&first.features.chip).zip(catalog.served_model(&first.features.served_model)) else {
            continue;
        };
        for (limit_s, measured, asked) in questions(&points) {
            let need = ServingNeed {
                tpot_ms: limit_s.is_finite().then_some(limit_s * 1e3),
                precision: Some(first.features.precision),
                two_pools: if first.features.pools == Pools::Two { TwoPools::Always } else { TwoPools::Never },
                speculative_acceptance_fraction: drafted.accepted,
                drafted_tokens: Some(drafted.drafted),
                ..ServingNeed::plain(first.lengths.0, first.lengths.1)
            };
            let Ok(lookup) = Lookup::new(catalog, chip, model, &need) else { continue };
            let lookup = lookup.withholding(correction);
            let Some((point, distance)) = lookup.only(first.features.pools) else { continue };
            found.push(Case {
                cell,
                chip: chip.id.clone(),
                served_model: model.id.clone(),
                pools: first.features.pools,
                limit_ms: limit_s * 1e3,
                asked,
                distance,
                measured,
                predicted: point.answer_tok_per_s,
                band_fraction: point.band_fraction,
                evidence: point.evidence,
            });
        }
    }
    found
}

/// The limits at which a frontier is asked, each with its measured rate: its own points, and every
/// round limit from its fastest point on.
fn questions(points: &[&Target]) -> Vec<(f64, f64, Asked)> {
    let mut asked: Vec<(f64, f64, Asked)> = points.iter().map(|point| (point.tpot_s, point.answer_tok_per_s, Asked::Point)).collect();
    let end = points.last().map_or(0.0, |last| last.tpot_s);
    for limit_ms in LIMITS_MS {
        let limit = limit_ms / 1e3;
        let Some(low) = points.iter().rev().find(|point| point.tpot_s <= limit) else { continue };
        let measured = points.iter().find(|point| point.tpot_s > limit && point.tpot_s.is_finite()).map_or(low.answer_tok_per_s, |high| {
            let share = (limit / low.tpot_s).ln() / (high.tpot_s / low.tpot_s).ln();
            (low.answer_tok_per_s.ln() + share * (high.answer_tok_per_s / low.answer_tok_per_s).ln()).exp()
        });
        asked.push((limit, measured, if limit > REACHES_TO * end { Asked::Beyond } else { Asked::Limit }));
    }
    asked
}

/// Between the points of its own cell: each inner point of a frontier against the line through its
/// neighbours.
#[must_use]
pub fn between_cases(catalog: &Catalog) -> Vec<Case> {
    let (all, _) = fitted(catalog);
    let mut cells: BTreeMap<usize, Vec<&Target>> = BTreeMap::new();
    for target in all.iter().filter(|target| !target.ended) {
        cells.entry(target.cell).or_default().push(target);
    }
    let mut found = Vec::new();
    for (cell, points) in cells {
        for triple in points.windows(3) {
            let [low, middle, high] = triple else { continue };
            if !high.tpot_s.is_finite() {
                continue;
            }
            let share = (middle.tpot_s / low.tpot_s).ln() / (high.tpot_s / low.tpot_s).ln();
            let rise = (high.answer_tok_per_s / low.answer_tok_per_s).ln();
            let steepness = slope(1.0 + rise / (high.tpot_s / low.tpot_s).ln());
            found.push(Case {
                cell,
                chip: middle.features.chip.clone(),
                served_model: middle.features.served_model.clone(),
                pools: middle.features.pools,
                limit_ms: middle.tpot_s * 1e3,
                asked: Asked::Point,
                distance: Distance::Between,
                measured: middle.answer_tok_per_s,
                predicted: (low.answer_tok_per_s.ln() + share * rise).exp(),
                band_fraction: two_thirds(Distance::Between, middle.features.pools) * steepness,
                evidence: Evidence::Measured,
            });
        }
    }
    found
}
