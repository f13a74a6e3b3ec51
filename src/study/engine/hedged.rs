//! Several futures met together: each stated, all joined, solved, and read one by one.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError};

use super::base::{Base, best};
use super::cut::by_cuts;
use super::future::{Future, Hedging, Over, Way};
use super::met::{Met, NoPlan};
use super::point::varied_by;
use super::readout::{Readout, signed};
use super::reduced::{Proof, Reduced};
use super::warm;
use crate::diagnostic::Diagnostic;
use crate::formulation::program::{Col, Key, Linear, Sense};
use crate::hedge::{self, Decision, Joint, Measure, Member, Unfolding};
use crate::plan::Plan;
use crate::plan::edit::Edit;
use crate::plan::mean::mean_of;
use crate::results::Results;
use crate::solve::glance::Bases;
use crate::solve::session::Session;
use crate::solve::{self, Outcome, SolveOptions, Status};

/// By how little of an amount what is held may fall short: solvers have a tolerance.
const SLACK: f64 = 1e-9;
/// Unknowns up to which all futures are one program.
const JOINT_COLUMNS: usize = 150_000;
/// Unknowns up to which the joint program begins from where the futures end alone. Above, the interior point method is
/// there sooner: three futures of Texas (20,388 unknowns) take it 0.9 CPU s, and the simplex method 4.4 from there.
const WARM_COLUMNS: usize = solve::INTERIOR_COLUMNS;

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
            let known = all.get(*future).zip(warm::alone(base, all, cancel).get(*future));
            let Some((met, alone)) = known else { return Some(Reduced::without("nothing", "There is no such future.")) };
            return read_one(hedging, met, &alone.outcome);
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
    let weighed;
    let own = hedging;
    let hedging = match way {
        Way::Weighing(thousandths) => {
            weighed = hedging.weighing(*thousandths);
            &weighed
        }
        _ => hedging,
    };
    let unfolding = match way {
        Way::Learning(uncertainty) => hedging.knowing(*uncertainty),
        Way::Later => hedging.later(),
        Way::Known(_) | Way::Hedged | Way::MeanPlan | Way::Waiting | Way::Weighing(_) => hedging.unfolding.clone(),
    };
    let pins = match way {
        Way::MeanPlan => match mean_plan(base, hedging, cancel)? {
            Ok(pins) => Some(pins),
            Err(refused) => return Some(refused),
        },
        _ => None,
    };
    together(base, (hedging, own, all), &unfolding, (way, pins.as_ref()), cancel)
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

pub(super) fn is_stopped(outcome: &Outcome) -> bool {
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
    let outcome = best(&mut base.session(true), &met.stated, &met.stated.formulation.program, cancel);
    if is_stopped(&outcome) {
        return None;
    }
    if !outcome.has_point() || outcome.status != Status::Optimal {
        return Some(Err(Reduced::without("nothing", "The plan of the mean future has no answer.")));
    }
    let value = |decision: &Decision| outcome.point.get(decision.col.0 as usize).copied().unwrap_or(0.0);
    Some(Ok(met.decisions.iter().map(|decision| (decision.key, value(decision))).collect()))
}

/// All futures in one program, met in a way; `own` is what the study itself asks, from whose answer the other ways begin.
fn together(
    base: &Base,
    (hedging, own, all): (&Hedging, &Hedging, &[Met]),
    unfolding: &Unfolding,
    (way, pins): (&Way, Option<&HashMap<Key, f64>>),
    cancel: Option<&Arc<AtomicBool>>,
) -> Option<Reduced> {
    let members = members(hedging, all);
    let columns: usize = members.iter().map(|member| member.program.columns.len()).sum();
    let whole = all.iter().any(|met| met.stated.plan.whole.any());
    // Whole numbers are for one program, and so is a tree of several dates.
    if whole && hedging.by_cuts == Some(true) {
        let reason = "With whole halls, racks or offers a future's worth has steps that no cut can follow. Let the study's method be \"OneProgram\", or let them be divisible.";
        return Some(Reduced::without("refused", reason.to_owned()));
    }
    let can_cut = unfolding.is_in_two_stages() && !whole && members.len() > 1;
    if can_cut && hedging.by_cuts.unwrap_or(columns > JOINT_COLUMNS) {
        let begin = warm::known_ends(base, all, cancel);
        // One way after the other: each has all processors, and two of them would hold twice as many sessions.
        let _turn = base.cutting.lock().unwrap_or_else(PoisonError::into_inner);
        return by_cuts((hedging, all), &members, (unfolding, &begin), (way, pins), cancel);
    }
    let measure = match measure(base, hedging, all, cancel)? {
        Ok(measure) => measure,
        Err(refused) => return Some(refused),
    };
    let mut joint = match stated(&members, unfolding, all, &measure) {
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
    let gap = all.first().map_or(1e-3, |met| met.stated.plan.whole.gap_fraction);
    let options = SolveOptions { cancel: cancel.cloned(), whole, gap, ..SolveOptions::default() };
    let outcome = if whole || members.len() < 2 || joint.program.columns.len() > WARM_COLUMNS {
        solve::solve(&joint.program, &options)
    } else if *way == Way::Hedged {
        let found = || warm::from(&joint.beginning(&members, &warm::ends(base, all, cancel)), &joint, &options);
        base.hedged.get_or_init(found).outcome.clone()
    } else {
        near_the_hedge(base, (own, all), (&joint, &members, unfolding), &options)
    };
    if is_stopped(&outcome) {
        return None;
    }
    let mut read = read_all(hedging, all, &joint, (&measure, sense), way, &outcome);
    // A future that has no answer of its own takes all of them along: it is named.
    if outcome.status == Status::Infeasible
        && let Some(future) = warm::without_answer(base, all, cancel).and_then(|future| hedging.futures.get(future))
    {
        read.reason =
            format!("The future `{}` has no answer even if it is known: see what contradicts itself in it, or leave it out.", future.id);
    }
    Some(read)
}

fn members<'m>(hedging: &'m Hedging, all: &'m [Met]) -> Vec<Member<'m>> {
    let of = |(future, met): (&'m Future, &'m Met)| Member {
        id: &future.id,
        probability: future.probability,
        program: &met.stated.formulation.program,
        decisions: &met.decisions,
        late: &met.late,
    };
    hedging.futures.iter().zip(all).map(of).collect()
}

/// The joint program with its measure.
fn stated(members: &[Member<'_>], unfolding: &Unfolding, all: &[Met], measure: &Measure) -> Result<Joint, String> {
    let mut joint = hedge::joint(members, unfolding)?;
    let goals: Vec<Linear> = all.iter().filter_map(|met| met.goals().cloned()).collect();
    measure.apply(&mut joint, &goals);
    Ok(joint)
}

/// Another way of meeting the futures, from where the hedge itself ends: what is shared otherwise or held stands near there.
fn near_the_hedge(
    base: &Base,
    (own, all): (&Hedging, &[Met]),
    (joint, members, unfolding): (&Joint, &[Member<'_>], &Unfolding),
    options: &SolveOptions,
) -> Outcome {
    let cancel = options.cancel.as_ref();
    let hedge = || {
        let measure = measure(base, own, all, cancel)?.ok()?;
        stated(members, &own.unfolding, all, &measure).ok()
    };
    let found = || {
        let hedge = hedge().unwrap_or_default();
        warm::from(&hedge.beginning(members, &warm::ends(base, all, cancel)), &hedge, options)
    };
    let beginning = match &base.hedged.get_or_init(found).bases {
        Some(bases) if *unfolding == own.unfolding => bases.clone(),
        Some(bases) => hedge().map_or_else(Bases::default, |hedge| joint.beginning(members, &hedge.apart(members, bases))),
        None => Bases::default(),
    };
    warm::from(&beginning, joint, options).outcome
}

/// The measure, with what each future gives alone where regret is counted from it.
fn measure(base: &Base, hedging: &Hedging, all: &[Met], cancel: Option<&Arc<AtomicBool>>) -> Option<Result<Measure, Reduced>> {
    Some(Ok(match hedging.over {
        Over::Mean => Measure::Mean,
        Over::Worst { share, weight } => Measure::Worst { share, weight },
        Over::Regret => {
            let mut best_alone = Vec::new();
            for (alone, future) in warm::alone(base, all, cancel).iter().zip(&hedging.futures) {
                let outcome = &alone.outcome;
                if is_stopped(outcome) {
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

/// The joint program's answer, future by future.
fn read_all(hedging: &Hedging, all: &[Met], joint: &Joint, (measure, sense): (&Measure, Sense), way: &Way, outcome: &Outcome) -> Reduced {
    if outcome.status != Status::Optimal {
        let (status, reason) = reason(hedging, joint, way, outcome);
        return Reduced::without(status, reason);
    }
    // The first goal at its best, before a later one took what it may.
    let reached = outcome.phases.first().map_or(f64::NAN, |phase| phase.value);
    // The program states the worst futures turned about where little is wanted.
    let turned = matches!(measure, Measure::Worst { weight, .. } if *weight > 0.0) && sense == Sense::Minimise;
    let back = |value: f64| if turned { -value } else { value };
    let certified = outcome.certificate.phases.first();
    let proof = Proof {
        by: "one program".to_owned(),
        columns: joint.program.columns.len(),
        bound: back(certified.and_then(|phase| phase.dual).unwrap_or(reached)),
        gap: certified.and_then(|phase| phase.gap).unwrap_or(f64::INFINITY),
        cpu_seconds: outcome.cpu_seconds,
    };
    let shared = joint.shared.iter().filter_map(|col| joint.program.columns.get(col.0 as usize)).map(|column| column.key).collect();
    Readout {
        hedging,
        all,
        points: joint.split(&outcome.point),
        measured: back(reached),
        proof,
        shared,
        held_back: &joint.held_back,
        certificate: outcome.certificate.clone(),
        solver: outcome.solver.clone(),
    }
    .reduced()
}
