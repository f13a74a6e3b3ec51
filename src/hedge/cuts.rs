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
//! Each future has a hot session of its own on a thread of its own, so only what is held changes between two
//! solves, and the answer is the same for every number of threads. Every solve passes the certificate, and
//! a cut stands on the bound that its duals prove.

mod master;
mod sub;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use self::master::Master;
use self::sub::{Answer, Found, Sub, sub};
use super::joint::{Member, Unfolding};
use super::measure::{Measure, of_values};
use super::shared::{Shared, shared};
use crate::formulation::program::{Key, Sense};

/// Share of what lies between the bounds that a point must promise.
const LEVEL: f64 = 0.5;
/// Most rounds; a hedge needs some tens.
const MOST_ROUNDS: usize = 400;

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
    /// Set to stop.
    pub cancel: Option<Arc<AtomicBool>>,
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

/// The best decision for all futures that are told apart at one date, with bounds.
///
/// # Errors
/// Why there is none.
pub fn by_cuts(members: &[Member<'_>], unfolding: &Unfolding, wanted: &Wanted) -> Result<Cut, CutError> {
    let (shared, held_back) = shared(members, unfolding);
    let sign = if wanted.sense == Sense::Maximise { 1.0 } else { -1.0 };
    let workers = wanted.workers.clamp(1, members.len().max(1));
    std::thread::scope(|scope| {
        let (tell, answers) = channel();
        let mut asks = Vec::new();
        for worker in 0..workers {
            let (ask, asked) = channel::<Option<Arc<Vec<f64>>>>();
            asks.push(ask);
            let (tell, shared, cancel) = (tell.clone(), &shared, wanted.cancel.clone());
            let work = move || {
                let own = (worker..members.len()).step_by(workers);
                let mut subs: Vec<Sub> = own.filter_map(|future| sub(members, shared, future, sign)).collect();
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
        let mut cut = rounds(members, &shared, wanted, sign, &crew)?;
        cut.held_back = held_back;
        Ok(cut)
    })
}

fn rounds(members: &[Member<'_>], shared: &[Shared], wanted: &Wanted, sign: f64, crew: &Crew) -> Result<Cut, CutError> {
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
    for (at, of_all) in centre.iter_mut().zip(shared) {
        *at = at.max(of_all.lower).min(of_all.upper);
    }
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
    let mut master = Master::new(members, shared, &most, &turned);
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
