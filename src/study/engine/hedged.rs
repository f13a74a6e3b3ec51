//! Several futures met together: each stated, all joined, solved, and read one by one.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::base::{Base, best};
use super::future::{Hedging, Over, Way};
use super::met::{Met, NoPlan};
use super::point::varied_by;
use super::reduced::{InFuture, Proof, Reduced, Signed};
use crate::diagnostic::Diagnostic;
use crate::formulation::Formulation;
use crate::formulation::program::{Col, Key, Linear, Sense};
use crate::hedge::{self, Decided, Decision, Joint, Measure, Member, Unfolding};
use crate::plan::Plan;
use crate::plan::edit::Edit;
use crate::plan::mean::mean_of;
use crate::results::Results;
use crate::solve::outcome::PhaseOutcome;
use crate::solve::session::Session;
use crate::solve::{self, Outcome, SolveOptions, Status};

/// By how little of an amount what is held may fall short: solvers have a tolerance.
const SLACK: f64 = 1e-9;

/// What came of the futures, met in a way; `None` if it was stopped.
pub(super) fn solved(
    base: &Base,
    session: &mut Session,
    hedging: &Hedging,
    way: &Way,
    cancel: Option<&Arc<AtomicBool>>,
) -> Option<Reduced> {
    // A run has one hedge: its futures are stated by whoever comes first.
    let stated = base.met.get_or_init(|| (0..hedging.futures.len()).map(|future| met(base, hedging, future)).collect());
    let all = match (stated, way) {
        (Ok(all), Way::Known(future)) => {
            let Some(met) = all.get(*future) else { return Some(Reduced::without("nothing", "There is no such future.")) };
            let outcome = best(session, &met.stated, &met.stated.formulation.program, cancel);
            return read_one(hedging, met, &outcome);
        }
        (Ok(all), _) => all,
        // A future that is no plan takes nothing from the others.
        (Err(_), Way::Known(future)) => {
            return match met(base, hedging, *future) {
                Ok(met) => {
                    let outcome = best(session, &met.stated, &met.stated.formulation.program, cancel);
                    read_one(hedging, &met, &outcome)
                }
                Err(no_plan) => Some(refused(&no_plan)),
            };
        }
        (Err(no_plan), _) => return Some(refused(no_plan)),
    };
    let unfolding = match way {
        Way::Learning(uncertainty) => hedging.knowing(*uncertainty),
        Way::Later => hedging.later(),
        Way::Known(_) | Way::Hedged | Way::MeanPlan | Way::Waiting => hedging.unfolding.clone(),
    };
    let pins = match way {
        Way::MeanPlan => match mean_plan(base, hedging, cancel)? {
            Ok(pins) => Some(pins),
            Err(refused) => return Some(refused),
        },
        _ => None,
    };
    together(hedging, all, &unfolding, (way, pins.as_ref()), cancel)
}

/// The plan of a future.
fn plan_of(base: &Base, hedging: &Hedging, future: usize) -> Result<Plan, Vec<Diagnostic>> {
    let Some(of) = hedging.futures.get(future) else { return Ok(base.plan.clone()) };
    wanting(hedging, varied_by(&base.plan, &of.changes)?)
}

/// A plan with the goals of the hedge.
fn wanting(hedging: &Hedging, mut plan: Plan) -> Result<Plan, Vec<Diagnostic>> {
    if !hedging.objective.is_empty() {
        crate::plan::edit::apply_to_scratch(&mut plan, &Edit::set("objective", hedging.objective.clone()))?;
    }
    Ok(plan)
}

fn met(base: &Base, hedging: &Hedging, future: usize) -> Result<Met, NoPlan> {
    plan_of(base, hedging, future).and_then(|plan| Met::new(&base.series, &plan)).map_err(|problems| {
        let future = hedging.futures.get(future).map_or_else(String::new, |future| future.id.clone());
        NoPlan { future, problems }
    })
}

fn refused(no_plan: &NoPlan) -> Reduced {
    let refused = Reduced::refused(&no_plan.problems);
    Reduced { reason: format!("In the future `{}`: {}", no_plan.future, refused.reason), ..refused }
}

fn is_stopped(outcome: &Outcome) -> bool {
    matches!(outcome.status, Status::Stopped { reason: solve::StopReason::Cancelled, .. })
}

/// A future alone, read.
fn read_one(hedging: &Hedging, met: &Met, outcome: &Outcome) -> Option<Reduced> {
    if is_stopped(outcome) {
        return None;
    }
    let results = Results::new(&met.stated.plan, &met.stated.resolved, &met.stated.formulation, outcome);
    let mut reduced = Reduced::of(&results);
    if outcome.has_point() {
        reduced.asked = outcome.phases.iter().map(|phase| phase.value).collect();
        reduced.signed = signed(hedging, &met.decisions, &outcome.point);
    }
    Some(reduced)
}

/// What is signed before the date, at a point.
fn signed(hedging: &Hedging, decisions: &[Decision], point: &[f64]) -> Vec<Signed> {
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

/// What the plan of the mean future signs, by key.
fn mean_plan(base: &Base, hedging: &Hedging, cancel: Option<&Arc<AtomicBool>>) -> Option<Result<HashMap<Key, f64>, Reduced>> {
    let plans: Result<Vec<(f64, Plan)>, Vec<Diagnostic>> =
        hedging.futures.iter().enumerate().map(|(number, future)| Ok((future.probability, plan_of(base, hedging, number)?))).collect();
    let mean = plans.and_then(|plans| mean_of(&wanting(hedging, base.plan.clone())?, &plans));
    let met = match mean.and_then(|(plan, _)| Met::new(&base.series, &plan)) {
        Ok(met) => met,
        Err(problems) => {
            let refused = Reduced::refused(&problems);
            return Some(Err(Reduced { reason: format!("The mean future is no plan: {}", refused.reason), ..refused }));
        }
    };
    let outcome = best(&mut Session::new(), &met.stated, &met.stated.formulation.program, cancel);
    if is_stopped(&outcome) {
        return None;
    }
    if !outcome.has_point() || outcome.status != Status::Optimal {
        return Some(Err(Reduced::without("nothing", "The plan of the mean future has no answer.")));
    }
    let value = |decision: &Decision| outcome.point.get(decision.col.0 as usize).copied().unwrap_or(0.0);
    Some(Ok(met.decisions.iter().map(|decision| (decision.key, value(decision))).collect()))
}

/// All futures in one program.
fn together(
    hedging: &Hedging,
    all: &[Met],
    unfolding: &Unfolding,
    (way, pins): (&Way, Option<&HashMap<Key, f64>>),
    cancel: Option<&Arc<AtomicBool>>,
) -> Option<Reduced> {
    let members: Vec<Member<'_>> = hedging
        .futures
        .iter()
        .zip(all)
        .map(|(future, met)| Member {
            id: &future.id,
            probability: future.probability,
            program: &met.stated.formulation.program,
            decisions: &met.decisions,
            late: &met.late,
        })
        .collect();
    let mut joint = match hedge::joint(&members, unfolding) {
        Ok(joint) => joint,
        Err(reason) => return Some(Reduced::without("refused", reason)),
    };
    if let Some(pins) = pins
        && let Some(reason) = pin(&mut joint, pins)
    {
        return Some(Reduced::without("infeasible", reason));
    }
    if *way == Way::Waiting {
        wait(&mut joint);
    }
    let sense = all.first().and_then(|met| met.stated.formulation.program.phases.first()).map_or(Sense::Maximise, |phase| phase.sense);
    let measure = match measure(hedging, all, cancel)? {
        Ok(measure) => measure,
        Err(refused) => return Some(refused),
    };
    let goals: Vec<Linear> = all.iter().filter_map(|met| met.goals().cloned()).collect();
    measure.apply(&mut joint, &goals);
    let whole = all.iter().any(|met| met.stated.plan.whole.any());
    let gap = all.first().map_or(1e-3, |met| met.stated.plan.whole.gap_fraction);
    let outcome = solve::solve(&joint.program, &SolveOptions { cancel: cancel.cloned(), whole, gap, ..SolveOptions::default() });
    if is_stopped(&outcome) {
        return None;
    }
    Some(read_all(hedging, all, &joint, (&measure, sense), way, &outcome))
}

/// The measure, with what each future gives alone where regret is counted from it.
fn measure(hedging: &Hedging, all: &[Met], cancel: Option<&Arc<AtomicBool>>) -> Option<Result<Measure, Reduced>> {
    Some(Ok(match hedging.over {
        Over::Mean => Measure::Mean,
        Over::Worst { share, weight } => Measure::Worst { share, weight },
        Over::Regret => {
            let mut best_alone = Vec::new();
            for (met, future) in all.iter().zip(&hedging.futures) {
                let outcome = best(&mut Session::new(), &met.stated, &met.stated.formulation.program, cancel);
                if is_stopped(&outcome) {
                    return None;
                }
                match outcome.phases.first().filter(|_| outcome.status == Status::Optimal) {
                    Some(phase) => best_alone.push(phase.value),
                    None => {
                        let reason = format!("The future `{}` has no answer even if it is known.", future.id);
                        return Some(Err(Reduced::without("infeasible", reason)));
                    }
                }
            }
            Measure::Regret { best: best_alone }
        }
    }))
}

/// Holds what all futures share at given amounts; why that can't be, if it can't.
fn pin(joint: &mut Joint, pins: &HashMap<Key, f64>) -> Option<String> {
    for col in &joint.shared {
        let column = joint.program.columns.get_mut(col.0 as usize)?;
        // What the mean future can't have at all is not ordered in it.
        let value = pins.get(&column.key).copied().unwrap_or(0.0);
        let slack = SLACK * value.abs().max(1.0);
        if value - slack > column.upper || value + slack < column.lower {
            let name = column.key.noun.replace('_', " ");
            return Some(format!("What the mean future asks for can't be had in every future: {name}."));
        }
        let held = value.clamp(column.lower, column.upper);
        (column.lower, column.upper) = (held, held);
    }
    None
}

/// Holds what all futures share at nothing, but for what is decided already.
fn wait(joint: &mut Joint) {
    let decided: HashSet<Col> = joint
        .program
        .rows
        .iter()
        .filter(|row| row.lower > 0.0 && matches!(row.family, "decisions" | "buildout" | "contract_terms"))
        .flat_map(|row| row.terms.iter().map(|(col, _)| *col))
        .collect();
    for col in joint.shared.iter().filter(|col| !decided.contains(col)) {
        if let Some(column) = joint.program.columns.get_mut(col.0 as usize) {
            column.upper = column.lower.max(0.0);
        }
    }
}

/// Why all futures together have no answer.
fn reason(hedging: &Hedging, joint: &Joint, way: &Way, outcome: &Outcome) -> (&'static str, String) {
    match &outcome.status {
        Status::Infeasible => {
            let mut reason = match way {
                Way::MeanPlan => "What the mean future asks for leaves some future without an answer.".to_owned(),
                Way::Waiting => format!("Something has to be signed before {}.", hedging.decide_before),
                _ => format!("Nothing that can be signed before {} keeps the limits of every future.", hedging.decide_before),
            };
            for (name, future) in joint.held_back.iter().take(3) {
                let id = hedging.futures.get(*future).map_or("", |future| future.id.as_str());
                reason.push_str(&format!(" {name} can't be had in `{id}`."));
            }
            ("infeasible", reason)
        }
        Status::Unbounded { free } => ("unbounded", format!("Nothing limits {}.", free.first().map_or("it", String::as_str))),
        Status::Failed(reason) => ("failed", reason.clone()),
        Status::Stopped { .. } => ("stopped", "It was stopped before it was solved.".to_owned()),
        Status::Optimal | Status::Nothing | Status::NotRun => ("nothing", "There is no answer.".to_owned()),
    }
}

fn read_all(hedging: &Hedging, all: &[Met], joint: &Joint, (measure, sense): (&Measure, Sense), way: &Way, outcome: &Outcome) -> Reduced {
    if outcome.status != Status::Optimal {
        let (status, reason) = reason(hedging, joint, way, outcome);
        return Reduced::without(status, reason);
    }
    let mut reduced = Reduced { status: "optimal".to_owned(), ..Reduced::default() };
    let points = joint.split(&outcome.point);
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
            certificate: outcome.certificate.clone(),
            solver: outcome.solver.clone(),
            ..Outcome::default()
        };
        let formulation = Formulation { program: program.clone(), layout: met.stated.formulation.layout.clone() };
        let results = Results::new(&met.stated.plan, &met.stated.resolved, &formulation, &alone);
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
    // The first goal at its best, before a later one took what it may; without a measure in its place the mean.
    let reached = outcome.phases.first().map_or(f64::NAN, |phase| phase.value);
    let measured = match measure {
        Measure::Mean | Measure::Regret { .. } => reached,
        // The program states it turned about where little is wanted.
        Measure::Worst { weight, .. } if *weight > 0.0 && sense == Sense::Minimise => -reached,
        Measure::Worst { .. } => reached,
    };
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
    let certified = outcome.certificate.phases.first();
    let bound = certified.and_then(|phase| phase.dual).unwrap_or(reached);
    let bound = if measured == reached { bound } else { -bound };
    reduced.proof = Some(Proof {
        by: "one program".to_owned(),
        columns: joint.program.columns.len(),
        bound,
        gap: certified.and_then(|phase| phase.gap).unwrap_or(f64::INFINITY),
        cpu_seconds: outcome.cpu_seconds,
    });
    let shared: HashSet<Key> =
        joint.shared.iter().filter_map(|col| joint.program.columns.get(col.0 as usize)).map(|column| column.key).collect();
    let mut seen: HashSet<Key> = HashSet::new();
    for (met, point) in all.iter().zip(&points) {
        let is_new = |decision: &&Decision| shared.contains(&decision.key) && !seen.contains(&decision.key);
        let of_all: Vec<Decision> = met.decisions.iter().filter(is_new).cloned().collect();
        seen.extend(of_all.iter().map(|decision| decision.key));
        reduced.signed.extend(signed(hedging, &of_all, point));
    }
    reduced.notes = joint
        .held_back
        .iter()
        .map(|(name, future)| {
            let id = hedging.futures.get(*future).map_or("", |future| future.id.as_str());
            format!("{name} can't be signed for all futures: it can't be had in `{id}`.")
        })
        .collect();
    reduced.notes.dedup();
    reduced
}
