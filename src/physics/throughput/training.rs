//! What the correction of the roofline is learnt from: the measured frontier of every cell.
//!
//! A cell is a chip, a served model, a precision, a pair of lengths, a number of pools, with or
//! without speculation. Its frontier are the runs that no other run of the cell beats in both speed
//! and rate. Each becomes a [`Target`]: the factor `f` with which the chooser itself, under the
//! run's time per token, reaches the run's rate, `f · best(limit · f) = rate`. So what is learnt is
//! what a plan is given, and a factor that is read back at a measured point returns its rate.

use std::collections::BTreeMap;

use super::choose::Pools;
use super::choose::{Speculation, Workload};
use super::constants::Constants;
use super::measured::{MeasuredIndex, Measurement, roofline_of};
use super::published::at_limit;
use crate::catalog::{Catalog, Chip, ServedModel};

/// Time per token that stands for "no limit", in s: slower than any promise made to a person.
pub const UNLIMITED_TPOT_S: f64 = 0.3;

/// Round limits on the time per token, in ms: those at which the chooser is validated.
pub const LIMITS_MS: [f64; 4] = [20.0, 30.0, 50.0, 100.0];

/// A sweep reaches limits up to this factor beyond its slowest run.
pub const REACHES_TO: f64 = 1.3;

/// Everything about a question that the correction depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    /// Chip id.
    pub chip: String,
    /// Chip vendor.
    pub vendor: String,
    /// Served model id.
    pub served_model: String,
    /// Family of the served model.
    pub family: String,
    /// Precision of the weights.
    pub precision: &'static str,
    /// One pool or two.
    pub pools: Pools,
    /// With speculation.
    pub speculation: bool,
    /// Lengths are means of a ragged set.
    pub ragged: bool,
    /// Logarithm of the time per token, in s.
    pub ln_tpot: f64,
    /// Logarithm of the prompt tokens.
    pub ln_prompt: f64,
    /// Logarithm of the answer tokens.
    pub ln_answer: f64,
}

impl Features {
    /// The features of a pair at a precision and lengths.
    pub(super) fn of(chip: &Chip, model: &ServedModel, precision: &'static str, pools: Pools, lengths: (f64, f64), tpot_s: f64) -> Self {
        Self {
            chip: chip.id.clone(),
            vendor: chip.vendor.clone(),
            served_model: model.id.clone(),
            family: model.family.clone(),
            precision,
            pools,
            speculation: false,
            ragged: false,
            ln_tpot: tpot_s.min(UNLIMITED_TPOT_S).ln(),
            ln_prompt: lengths.0.max(1.0).ln(),
            ln_answer: lengths.1.max(1.0).ln(),
        }
    }
}

/// One point of a measured frontier.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Number of its cell: targets of one cell are left out together.
    pub cell: usize,
    /// What it was measured with.
    pub features: Features,
    /// Limit on the time per token, in s.
    pub tpot_s: f64,
    /// Prompt and answer tokens.
    pub lengths: (f64, f64),
    /// The sweep ended before this limit: its last rate is what a plan with the limit is given.
    pub ended: bool,
    /// Answer tokens per second and chip.
    pub answer_tok_per_s: f64,
    /// Logarithm of the factor on the roofline's speed.
    pub ln_factor: f64,
}

/// What makes a cell: all but the time per token.
type CellKey = (String, String, &'static str, Pools, bool, bool, i64, i64);

fn length_class(tokens: f64) -> i64 {
    (tokens.ln() / 0.25).round() as i64
}

/// The targets of the catalog, by cell.
#[must_use]
pub fn targets(catalog: &Catalog) -> Vec<Target> {
    let index = MeasuredIndex::embedded();
    let mut cells: BTreeMap<CellKey, Vec<&Measurement>> = BTreeMap::new();
    for (chip, served, runs) in index.pairs() {
        for run in runs.iter().filter(|run| run.ratio().is_some()) {
            let key = (
                chip.to_owned(),
                served.to_owned(),
                run.precision.name,
                run.pools,
                run.speculation,
                run.lengths_recalled,
                length_class(run.prompt_tokens),
                length_class(run.answer_tokens),
            );
            cells.entry(key).or_default().push(run);
        }
    }
    let mut found = Vec::new();
    for (cell, (key, mut runs)) in cells.into_iter().enumerate() {
        let Some((chip, model)) = catalog.chip(&key.0).zip(catalog.served_model(&key.1)) else { continue };
        runs.sort_by(|left, right| {
            left.tpot_s.total_cmp(&right.tpot_s).then_with(|| right.answer_tok_per_s.total_cmp(&left.answer_tok_per_s))
        });
        let mut best = 0.0;
        let mut points: Vec<(&Measurement, f64, bool)> = Vec::new();
        for run in runs {
            if run.answer_tok_per_s > best {
                best = run.answer_tok_per_s;
                points.push((run, run.tpot_s, false));
            }
        }
        // Beyond the end of a sweep a plan is given its last rate, for nobody has shown more: that is
        // learnt too, at the round limits.
        if let Some((last, end, _)) = points.last().copied().filter(|(_, end, _)| end.is_finite()) {
            let beyond = LIMITS_MS.map(|limit_ms| limit_ms / 1e3).into_iter().filter(|limit| *limit > REACHES_TO * end);
            points.extend(beyond.map(|limit| (last, limit, true)));
        }
        for (run, tpot_s, ended) in points {
            let lengths = (run.prompt_tokens, run.answer_tokens);
            let Some(roofline) = roofline_of(chip, model, run.precision, Constants::CALIBRATED) else { continue };
            let speculation = if run.speculation { Speculation::usual(catalog, &key.1) } else { Speculation::NONE };
            let workload = Workload { speculation, ..Workload::plain(lengths.0, lengths.1) };
            let Some((factor, _)) = at_limit(&roofline, &workload, tpot_s, run.answer_tok_per_s, run.pools) else { continue };
            let mut features = Features::of(chip, model, run.precision.name, run.pools, lengths, tpot_s);
            features.speculation = run.speculation;
            features.ragged = run.lengths_recalled;
            found.push(Target { cell, features, tpot_s, lengths, ended, answer_tok_per_s: run.answer_tok_per_s, ln_factor: factor.ln() });
        }
    }
    found
}
