//! Several futures met together, read one by one: what each comes to, what is signed for all of them.

use std::collections::HashSet;

use super::future::Hedging;
use super::met::Met;
use super::reduced::{InFuture, Proof, Reduced, Signed};
use crate::formulation::Formulation;
use crate::formulation::program::Key;
use crate::hedge::{Decided, Decision};
use crate::results::Results;
use crate::solve::outcome::PhaseOutcome;
use crate::solve::{Certificate, Outcome, Status};

/// A point in each future, and what is proved of all of them.
pub(super) struct Readout<'h> {
    /// The futures.
    pub(super) hedging: &'h Hedging,
    /// The same, stated.
    pub(super) all: &'h [Met],
    /// A point for each, in its own columns.
    pub(super) points: Vec<Vec<f64>>,
    /// The measure over all of them.
    pub(super) measured: f64,
    /// What is proved of it.
    pub(super) proof: Proof,
    /// What is decided once for all.
    pub(super) shared: HashSet<Key>,
    /// What can't be, and the future that does not allow it.
    pub(super) held_back: &'h [(String, usize)],
    /// The check of what was solved.
    pub(super) certificate: Certificate,
    /// Who solved it.
    pub(super) solver: String,
}

impl Readout<'_> {
    /// Read.
    pub(super) fn reduced(self) -> Reduced {
        let Self { hedging, all, points, measured, proof, shared, held_back, certificate, solver } = self;
        let mut reduced = Reduced { status: "optimal".to_owned(), ..Reduced::default() };
        let probabilities = hedging.probabilities();
        for ((met, point), future) in all.iter().zip(&points).zip(&hedging.futures) {
            let program = &met.stated.formulation.program;
            let phases = program
                .phases
                .iter()
                .map(|phase| PhaseOutcome { name: phase.goal.name, value: phase.goal.value(point), ..PhaseOutcome::default() })
                .collect();
            let alone = Outcome {
                status: Status::Optimal,
                point: point.clone(),
                phases,
                certificate: certificate.clone(),
                solver: solver.clone(),
                ..Outcome::default()
            };
            let formulation = Formulation { program: program.clone(), layout: met.stated.formulation.layout.clone() };
            let results = Results::figures(&met.stated.plan, &met.stated.resolved, &formulation, &alone);
            let answer = Reduced::of(&results);
            for (name, value) in &answer.kpis {
                *reduced.kpis.entry(name.clone()).or_default() += future.probability * value;
            }
            let value = met.goals().map_or(0.0, |goal| goal.value(point));
            reduced.futures.push(InFuture { id: future.id.clone(), probability: future.probability, value, answer });
        }
        // What only some futures have a figure for has no mean.
        let has_all = |name: &String| reduced.futures.iter().all(|future| future.answer.kpis.contains_key(name));
        let kept: Vec<String> = reduced.kpis.keys().filter(|name| has_all(name)).cloned().collect();
        reduced.kpis.retain(|name, _| kept.contains(name));
        let values: Vec<f64> = reduced.futures.iter().map(|future| future.value).collect();
        let mean: f64 = values.iter().zip(&probabilities).map(|(value, probability)| value * probability).sum();
        reduced.asked = vec![measured, mean];
        reduced.goals = all.first().map_or_else(Vec::new, |met| {
            let names = met.stated.formulation.program.phases.iter().map(|phase| phase.goal.name);
            names
                .enumerate()
                .map(|(number, name)| {
                    let of = |(met, point): (&Met, &Vec<f64>)| {
                        met.stated.formulation.program.phases.get(number).map_or(0.0, |phase| phase.goal.value(point))
                    };
                    let mean = all.iter().zip(&points).zip(&probabilities).map(|(pair, probability)| probability * of(pair)).sum();
                    (name.to_owned(), mean)
                })
                .collect()
        });
        reduced.proof = Some(proof);
        let mut seen: HashSet<Key> = HashSet::new();
        for (met, point) in all.iter().zip(&points) {
            let is_new = |decision: &&Decision| shared.contains(&decision.key) && !seen.contains(&decision.key);
            let of_all: Vec<Decision> = met.decisions.iter().filter(is_new).cloned().collect();
            seen.extend(of_all.iter().map(|decision| decision.key));
            reduced.signed.extend(signed(hedging, &of_all, point));
        }
        reduced.notes = held_back
            .iter()
            .map(|(name, future)| {
                let id = hedging.futures.get(*future).map_or("", |future| future.id.as_str());
                format!("{name} can't be signed for all futures: it can't be had in `{id}`.")
            })
            .collect();
        reduced.notes.dedup();
        reduced
    }
}

/// What is signed before the date, at a point.
pub(super) fn signed(hedging: &Hedging, decisions: &[Decision], point: &[f64]) -> Vec<Signed> {
    let mut all = Vec::new();
    for decision in decisions.iter().filter(|decision| decision.month < hedging.decide_before) {
        let amount = point.get(decision.col.0 as usize).copied().unwrap_or(0.0) * decision.per_column;
        // A thousandth of a chip, hall or MW is the solver's dust.
        if amount > 1e-3 {
            all.push(Signed {
                kind: kind_name(decision.kind).to_owned(),
                place: decision.place.clone(),
                thing: decision.thing.clone(),
                name: decision.name.clone(),
                month: decision.month.to_string(),
                amount,
                unit: decision.unit.to_owned(),
            });
        }
    }
    all
}

fn kind_name(kind: Decided) -> &'static str {
    match kind {
        Decided::Chips => "chips",
        Decided::Halls => "halls",
        Decided::Plant => "plant",
        Decided::Contract => "contract",
        Decided::Offer => "offer",
        Decided::Pipeline => "pipeline",
        Decided::Rental => "rental",
        Decided::Training => "training",
    }
}
