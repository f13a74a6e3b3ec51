//! Many futures by cuts (the L-shaped method of Van Slyke and Wets 1969, with a cut for each future as Birge
//! and Louveaux 1988 have it).
//!
//! A small program, the *master*, holds what is decided for all futures and, for each future, what it comes
//! to at most. Each future's own program is solved with these decisions held; its value and the reduced costs
//! of what is held are a tangent from above:
//!
//!   v_ω(x) ≤ v_ω(x̂) + g_ω · (x − x̂)        for every decision x
//!
//! Where a future has no answer with what is held, the distance to what it can do gives a cut of the same
//! kind. The master is the upper bound; the best point that was tried in every future is the lower one. Points
//! are tried where the master promises a good part of what lies between the two, as near as can be to the
//! best one known (the level method of Lemaréchal, Nemirovskii and Nesterov 1995, with the sum of distances
//! in place of their square): the master alone jumps from end to end.
//!
//! Where several futures are known to be told apart before, each heap of them has decisions of its own.
//!
//! Each future has a hot session of its own on a thread of its own, so only what is held changes between two
//! solves, and the answer is the same for every number of threads. Every solve passes the certificate, and
//! a cut stands on the bound that its duals prove.

mod master;
mod sub;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use self::master::Master;
use self::sub::{Answer, Found, Sub, sub};
use super::joint::{Member, Unfolding};
use super::measure::{Measure, of_values};
use super::shared::{Shared, rows_of, shared};
use crate::formulation::program::{Key, Sense};
use crate::solve::glance::Bases;

/// Share of what lies between the bounds that a point must promise.
const LEVEL: f64 = 0.5;
/// Most rounds; a hedge needs some tens.
const MOST_ROUNDS: usize = 400;
/// By how little of an amount what is held may fall short: solvers have a tolerance.
const SLACK: f64 = 1e-9;

/// What is wanted of a run.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The measure; of regret its `best` is filled in here.
    pub measure: Measure,
    /// Which way the futures' first goal goes.
    pub sense: Sense,
    /// Distance of the bounds, as a share, at which it ends.
    pub gap: f64,
    /// Threads.
    pub workers: usize,
    /// What of the decisions is given.
    pub held: Held,
    /// Where each future ends alone, for its session to begin from; from nothing where there is none.
    pub begin: Vec<Bases>,
    /// Set to stop.
    pub cancel: Option<Arc<AtomicBool>>,
}

/// What of the decisions is given before.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Held {
    /// Nothing: all are open.
    #[default]
    Open,
    /// All of them, by key; what is not named is not signed.
    At(HashMap<Key, f64>),
    /// Nothing is signed but what the plan says is.
    Nothing,
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cut {
    /// The best decisions tried, by key.
    pub decided: Vec<(Key, f64)>,
    /// A point for each future, in its own columns.
    pub points: Vec<Vec<f64>>,
    /// What each future comes to.
    pub values: Vec<f64>,
    /// What each future comes to if it is known.
    pub known: Vec<f64>,
    /// The measure of the values.
    pub measure: f64,
    /// No decision has a better measure than this.
    pub bound: f64,
    /// Distance of the two, as a share.
    pub gap: f64,
    /// Rounds.
    pub rounds: usize,
    /// Unknowns of all programs.
    pub columns: usize,
    /// Processor time of all threads, s.
    pub cpu_seconds: f64,
    /// What can't be decided for all, and the future that does not allow it.
    pub held_back: Vec<(String, usize)>,
}

/// Why there is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CutError {
    /// Somebody asked it to stop.
    #[error("It was stopped.")]
    Stopped,
    /// Nothing that can be decided keeps the limits of every future.
    #[error("Nothing that can be decided keeps the limits of every future.")]
    Infeasible,
    /// A future that has no answer even if it is known, by its number.
    #[error("A future has no answer even if it is known.")]
    NoAnswer(usize),
    /// Why, in a sentence.
    #[error("{0}")]
    Failed(String),
}

/// All futures at one decision.
struct Round {
    found: BTreeMap<usize, Found>,
    cpu_seconds: f64,
}

/// Threads that hold the futures' sessions.
struct Crew {
    asks: Vec<Sender<Option<Arc<Vec<f64>>>>>,
    answers: Receiver<Answer>,
    futures: usize,
}

impl Crew {
    fn ask(&self, held: Option<&[f64]>) -> Result<Round, CutError> {
        let held = held.map(|held| Arc::new(held.to_vec()));
        for ask in &self.asks {
            ask.send(held.clone()).map_err(|_| CutError::Failed("A worker is gone.".to_owned()))?;
        }
        let mut round = Round { found: BTreeMap::new(), cpu_seconds: 0.0 };
        for _ in 0..self.futures {
            let answer = self.answers.recv().map_err(|_| CutError::Failed("A worker is gone.".to_owned()))?;
            round.cpu_seconds += answer.cpu_seconds;
            match answer.found {
                Found::Stopped => return Err(CutError::Stopped),
                Found::Failed(reason) => return Err(CutError::Failed(reason)),
                Found::NoAnswer => return Err(CutError::NoAnswer(answer.future)),
                found => {
                    round.found.insert(answer.future, found);
                }
            }
        }
        Ok(round)
    }
}

/// The best decision for all futures that are told apart at one date, with bounds. With more goals than one the
/// later ones are means, each with those before it kept as far as they must be; the bound is of the first.
///
/// # Errors
/// Why there is none.
pub fn by_cuts(members: &[Member<'_>], unfolding: &Unfolding, wanted: &Wanted) -> Result<Cut, CutError> {
    let (mut shared, held_back) = shared(members, unfolding);
    hold(&mut shared, members, &wanted.held)?;
    let mut cut = of_goal(members, &shared, wanted, &Goal::default())?;
    let goals = members.first().map_or(0, |member| member.program.phases.len());
    let mut kept: Vec<Kept> = Vec::new();
    for goal in 1..goals {
        let own = members.first().and_then(|member| member.program.phases.get(goal - 1)).cloned();
        let sense = members.first().and_then(|member| member.program.phases.get(goal)).map(|phase| phase.sense);
        let (Some(own), Some(sense)) = (own, sense) else { break };
        let values: Vec<f64> =
            members.iter().zip(&cut.points).map(|(member, point)| member.program.phases[goal - 1].goal.value(point)).collect();
        let measure = if goal == 1 { measured(wanted, &cut) } else { Measure::Mean };
        let probabilities: Vec<f64> = members.iter().map(|member| member.probability).collect();
        let reached = of_values(&measure, &values, &probabilities, own.sense);
        let slack = own.tolerance.max(SLACK) * reached.abs();
        let better = measure.sense(own.sense);
        let level = if better == Sense::Maximise { reached - slack } else { reached + slack };
        // A little within what was reached, so that no future begins at the edge of what it can do.
        let worse = if own.sense == Sense::Maximise { -0.5 * slack } else { 0.5 * slack };
        let from = values.iter().map(|value| value + worse).collect();
        kept.push(Kept { goal: goal - 1, sense: own.sense, measure, level, from });
        let begin = cut.decided.iter().map(|(_, at)| *at).collect();
        let next = Wanted { measure: Measure::Mean, sense, ..wanted.clone() };
        let of = Goal { number: goal, kept: kept.clone(), begin: Some(begin) };
        let later = of_goal(members, &shared, &next, &of)?;
        cut.points = later.points;
        cut.decided = later.decided;
        cut.rounds += later.rounds;
        cut.cpu_seconds += later.cpu_seconds;
        cut.gap = cut.gap.max(later.gap);
        cut.values = members.iter().zip(&cut.points).map(|(member, point)| member.program.phases[0].goal.value(point)).collect();
    }
    cut.held_back = held_back;
    Ok(cut)
}

/// The measure of the first goal, with what each future gives alone.
fn measured(wanted: &Wanted, cut: &Cut) -> Measure {
    match &wanted.measure {
        Measure::Regret { .. } => Measure::Regret { best: cut.known.clone() },
        other => other.clone(),
    }
}

/// Which of the futures' goals is wanted, and what is kept of those before it.
#[derive(Clone, Debug, Default)]
struct Goal {
    number: usize,
    kept: Vec<Kept>,
    /// The decisions to begin from.
    begin: Option<Vec<f64>>,
}

/// A goal that is kept at a level of its measure. How much of it each future keeps is decided, too.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    goal: usize,
    sense: Sense,
    measure: Measure,
    level: f64,
    /// What each future came to before.
    from: Vec<f64>,
}

/// Holds decisions at what is given.
fn hold(shared: &mut [Shared], members: &[Member<'_>], held: &Held) -> Result<(), CutError> {
    match held {
        Held::Open => {}
        Held::At(given) => {
            for of_all in shared.iter_mut() {
                let value = given.get(&of_all.key).copied().unwrap_or(0.0);
                let slack = SLACK * value.abs().max(1.0);
                if value - slack > of_all.upper || value + slack < of_all.lower {
                    return Err(CutError::Infeasible);
                }
                let value = value.max(of_all.lower).min(of_all.upper);
                (of_all.lower, of_all.upper) = (value, value);
            }
        }
        Held::Nothing => {
            let says = |row: &crate::formulation::program::Row| {
                row.lower > 0.0 && matches!(row.family, "decisions" | "buildout" | "contract_terms")
            };
            let decided: HashSet<u32> =
                rows_of(members, shared).iter().filter(|row| says(row)).flat_map(|row| row.terms.iter().map(|(col, _)| col.0)).collect();
            for (place, of_all) in shared.iter_mut().enumerate() {
                if !decided.contains(&(place as u32)) {
                    of_all.upper = of_all.lower.max(0.0);
                }
            }
        }
    }
    Ok(())
}

fn of_goal(members: &[Member<'_>], shared: &[Shared], wanted: &Wanted, goal: &Goal) -> Result<Cut, CutError> {
    let sign = if wanted.sense == Sense::Maximise { 1.0 } else { -1.0 };
    let workers = wanted.workers.clamp(1, members.len().max(1));
    std::thread::scope(|scope| {
        let (tell, answers) = channel();
        let mut asks = Vec::new();
        for worker in 0..workers {
            let (ask, asked) = channel::<Option<Arc<Vec<f64>>>>();
            asks.push(ask);
            let (tell, cancel) = (tell.clone(), wanted.cancel.clone());
            let work = move || {
                let own = (worker..members.len()).step_by(workers);
                let mut subs: Vec<Sub> = own
                    .filter_map(|future| sub(members, shared, future, (goal.number, &goal.kept), (sign, wanted.begin.get(future))))
                    .collect();
                while let Ok(held) = asked.recv() {
                    for sub in &mut subs {
                        let is_stopped = cancel.as_ref().is_some_and(|cancel| cancel.load(Ordering::Relaxed));
                        let answer = if is_stopped {
                            Answer { future: sub.future, found: Found::Stopped, cpu_seconds: 0.0 }
                        } else {
                            sub.solved(held.as_deref().map(Vec::as_slice), cancel.as_ref())
                        };
                        if tell.send(answer).is_err() {
                            return;
                        }
                    }
                }
            };
            let started = std::thread::Builder::new().name(format!("future-{worker}")).spawn_scoped(scope, work);
            started.map_err(|error| CutError::Failed(format!("No thread can be started: {error}.")))?;
        }
        drop(tell);
        let crew = Crew { asks, answers, futures: members.len() };
        rounds(members, shared, wanted, sign, (goal, &crew))
    })
}

fn rounds(members: &[Member<'_>], shared: &[Shared], wanted: &Wanted, sign: f64, (goal, crew): (&Goal, &Crew)) -> Result<Cut, CutError> {
    let cancel = wanted.cancel.as_ref();
    let known = crew.ask(None)?;
    let mut cpu_seconds = known.cpu_seconds;
    let mut most = Vec::new();
    let mut centre = vec![0.0; shared.len()];
    let probabilities: Vec<f64> = members.iter().map(|member| member.probability).collect();
    for (future, found) in &known.found {
        let Found::Value { bound, point, .. } = found else { return Err(CutError::NoAnswer(*future)) };
        most.push(*bound);
        for (place, of_all) in shared.iter().enumerate() {
            let own = of_all.columns.get(*future).copied().flatten().and_then(|col| point.get(col.0 as usize));
            centre[place] += probabilities[*future] * own.copied().unwrap_or(0.0);
        }
    }
    if let Some(begin) = &goal.begin {
        centre.clone_from(begin);
    }
    for (at, of_all) in centre.iter_mut().zip(shared) {
        *at = at.max(of_all.lower).min(of_all.upper);
    }
    // How much of an earlier goal each future keeps stands behind the decisions.
    centre.extend(goal.kept.iter().flat_map(|kept| &kept.from));
    let measure = match &wanted.measure {
        Measure::Regret { .. } => Measure::Regret { best: most.iter().map(|most| sign * most).collect() },
        other => other.clone(),
    };
    // The futures' values are turned about in here where little is wanted; the measure is of them as they are.
    let turned = match &measure {
        Measure::Regret { best } => Measure::Regret { best: best.iter().map(|best| sign * best).collect() },
        other => other.clone(),
    };
    let of = |values: &[f64]| of_values(&turned, values, &probabilities, Sense::Maximise);
    let better = if matches!(measure, Measure::Regret { .. }) { -1.0 } else { 1.0 };
    let mut master = Master::new(members, shared, &most, &turned, &goal.kept);
    let mut best: Option<(f64, Vec<f64>, BTreeMap<usize, Found>)> = None;
    let mut bound = f64::INFINITY;
    // The mean of what the futures would do need not keep the rows of the decisions: the nearest that does.
    let mut at = master.nearest(&centre, None, cancel).unwrap_or(centre);
    let mut round = 0;
    loop {
        let answers = crew.ask(Some(&at))?;
        cpu_seconds += answers.cpu_seconds;
        for (future, found) in &answers.found {
            master.add(*future, &at, found);
        }
        let values: Option<Vec<f64>> =
            answers.found.values().map(|found| if let Found::Value { value, .. } = found { Some(*value) } else { None }).collect();
        if let Some(values) = values {
            let reached = better * of(&values);
            if best.as_ref().is_none_or(|(known, ..)| reached > *known) {
                best = Some((reached, at.clone(), answers.found));
            }
        }
        let (promised, promising) = master.best(cancel)?;
        bound = bound.min(better * promised);
        round += 1;
        let reached = best.as_ref().map(|(reached, ..)| *reached);
        let is_near = |reached: f64| bound - reached <= wanted.gap * reached.abs().max(bound.abs()).max(1e-3);
        if reached.is_some_and(is_near) || round >= MOST_ROUNDS {
            break;
        }
        at = match &best {
            Some((reached, centre, _)) => {
                let level = reached + LEVEL * (bound - reached);
                master.nearest(centre, Some(better * level), cancel).unwrap_or(promising)
            }
            None => promising,
        };
    }
    let Some((reached, at, found)) = best else {
        return Err(CutError::Failed("No decision was found that every future can follow.".to_owned()));
    };
    let mut cut = Cut {
        decided: shared.iter().zip(&at).map(|(of_all, at)| (of_all.key, *at)).collect(),
        known: most.iter().map(|most| sign * most).collect(),
        rounds: round,
        columns: members.iter().map(|member| member.program.columns.len()).sum(),
        cpu_seconds,
        gap: (bound - reached).max(0.0) / reached.abs().max(bound.abs()).max(1e-3),
        ..Cut::default()
    };
    // Regret is one number whichever way the goal goes; of the others, what was turned about is turned back.
    let back = if better < 0.0 { better } else { sign };
    (cut.measure, cut.bound) = (back * reached, back * bound);
    for found in found.into_values() {
        let Found::Value { value, point, .. } = found else { continue };
        cut.values.push(sign * value);
        cut.points.push(point);
    }
    Ok(cut)
}
