//! Many futures by cuts: each solved by itself, what is signed for all of them weighed in a program of its own.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::future::{Hedging, Over, Way};
use super::met::Met;
use super::readout::Readout;
use super::reduced::{Proof, Reduced};
use crate::formulation::program::{Key, Sense};
use crate::hedge::{self, CutError, Held, Measure, Member, Unfolding, Wanted};
use crate::solve;
use crate::solve::glance::Bases;

/// Distance of the bounds at which cuts end, as a share.
const CUT_GAP: f64 = 1e-4;

/// All futures by cuts; `None` if it was stopped. `begin` is where each ends alone; `pins` holds what is signed at
/// given amounts.
pub(super) fn by_cuts(
    (hedging, all): (&Hedging, &[Met]),
    members: &[Member<'_>],
    (unfolding, begin): (&Unfolding, &[Bases]),
    (way, pins): (&Way, Option<&HashMap<Key, f64>>),
    cancel: Option<&Arc<AtomicBool>>,
) -> Option<Reduced> {
    let sense = all.first().and_then(|met| met.stated.formulation.program.phases.first()).map_or(Sense::Maximise, |phase| phase.sense);
    let measure = match hedging.over {
        Over::Mean => Measure::Mean,
        Over::Worst { share, weight } => Measure::Worst { share, weight },
        Over::Regret => Measure::Regret { best: Vec::new() },
    };
    let held = match (way, pins) {
        (_, Some(pins)) => Held::At(pins.clone()),
        (Way::Waiting, None) => Held::Nothing,
        _ => Held::Open,
    };
    let workers = rayon::current_num_threads();
    let wanted = Wanted { measure, sense, gap: CUT_GAP, workers, held, begin: begin.to_vec(), cancel: cancel.cloned() };
    let cut = match hedge::by_cuts(members, unfolding, &wanted) {
        Ok(cut) => cut,
        Err(CutError::Stopped) => return None,
        Err(CutError::NoAnswer(future)) => {
            let id = hedging.futures.get(future).map_or("", |future| future.id.as_str());
            return Some(Reduced::without("infeasible", format!("The future `{id}` has no answer even if it is known.")));
        }
        Err(CutError::Infeasible) => {
            let reason = match way {
                Way::MeanPlan => "What the mean future asks for leaves some future without an answer.".to_owned(),
                Way::Waiting => format!("Something has to be signed before {}.", hedging.decide_before),
                _ => format!("Nothing that can be signed before {} keeps the limits of every future.", hedging.decide_before),
            };
            return Some(Reduced::without("infeasible", reason));
        }
        Err(CutError::Failed(reason)) => return Some(Reduced::without("failed", reason)),
    };
    let proof = Proof {
        by: format!("cuts in {}", crate::words::counted(cut.rounds, "round")),
        columns: cut.columns,
        bound: cut.bound,
        gap: cut.gap,
        cpu_seconds: cut.cpu_seconds,
    };
    let shared = cut.decided.iter().map(|(key, _)| *key).collect();
    let held_back = &cut.held_back;
    let (solver, certificate) = ("cuts".to_owned(), solve::Certificate::default());
    Some(Readout { hedging, all, points: cut.points, measured: cut.measure, proof, shared, held_back, certificate, solver }.reduced())
}
