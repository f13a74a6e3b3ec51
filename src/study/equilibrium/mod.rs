//! Markets whose prices form: steps of demand curves made fine about the answer, what each actor could gain
//! alone, and what competition would have had more.

mod reply;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::{Options, Stated, state};
use crate::diagnostic::Diagnostic;
use crate::formulation::conduct::position;
use crate::formulation::program::Program;
use crate::formulation::scale::RangeProblem;
use crate::formulation::{Formulation, Layout};
use crate::resolved::curve::{At, Shape};
use crate::resolved::{Conduct, Goal, PeriodIx, Resolved, Table};
use crate::results::Results;
use crate::results::trade::{BestReply, PRICE_ERROR};
use crate::solve::{self, Outcome, SolveOptions};

/// Most solves until steps are fine. Straight lines take two or three; the slope of a bent curve, which
/// sellers reckon with, is found in some more.
const MOST: usize = 16;
/// How near the slope that sellers reckon with is to that at the answer, as a share of it.
const SLOPE: f64 = 5e-4;

/// Where the point lies on every curve.
fn positions(resolved: &Resolved, layout: &Layout, point: &[f64]) -> Vec<Option<Table<PeriodIx, At>>> {
    let of = |(number, demand): (usize, &crate::resolved::Demand)| {
        let curve = demand.curve.as_ref()?;
        let periods = &resolved.calendar.periods;
        Some(Table::build(periods, |period| position(resolved, layout, point, number, curve, period)))
    };
    resolved.demands.iter().enumerate().map(of).collect()
}

/// A slope on its way: the logarithm reckoned with last, and by how much that at the answer was greater.
#[derive(Clone, Copy, Debug, Default)]
struct Tried {
    last: Option<(f64, f64)>,
}

impl Tried {
    /// The next logarithm to try, by the secant where there is one.
    fn next(&mut self, log: f64, off: f64) -> f64 {
        let step = match self.last {
            Some((earlier, earlier_off)) if (log - earlier).abs() > 1e-12 => {
                let slope = (off - earlier_off) / (log - earlier);
                if slope < -0.1 { (-off / slope).clamp(-1.5, 1.5) } else { off }
            }
            _ => off,
        };
        self.last = Some((log, off));
        log + step
    }
}

/// The plan with steps fine about its answer, stated. Where there is no answer the steps stay as they are: why
/// there is none is not for their sake.
///
/// # Errors
/// Coefficients that no solver should be given.
pub(super) fn refined(
    mut resolved: Resolved,
    mut formulation: Formulation,
    solved: &mut dyn FnMut(&Program) -> Outcome,
) -> Result<(Resolved, Formulation), Vec<RangeProblem>> {
    let mut tried: Vec<Table<PeriodIx, Tried>> =
        resolved.demands.iter().map(|_| Table::build(&resolved.calendar.periods, |_| Tried::default())).collect();
    for _ in 0..MOST {
        let outcome = solved(&formulation.program);
        if outcome.status != solve::Status::Optimal {
            break;
        }
        let at = positions(&resolved, &formulation.layout, &outcome.point);
        let mut done = true;
        let mut slopes: Vec<Option<Table<PeriodIx, f64>>> = Vec::new();
        for (number, (demand, at)) in resolved.demands.iter().zip(&at).enumerate() {
            let (Some(curve), Some(at)) = (&demand.curve, at) else {
                slopes.push(None);
                continue;
            };
            done &= at.pairs().all(|(period, at)| curve.price_error(period, at) <= PRICE_ERROR && !curve.is_at_end(period, at));
            let mut of_demand = curve.slopes.clone();
            for (period, slope) in curve.slopes.pairs() {
                let (shape, volume) = (&curve.shapes[period], at[period].volume);
                let right = shape.slope(volume);
                if curve.own.is_empty() || matches!(shape, Shape::Linear { .. }) || volume <= 0.0 || right <= 0.0 || *slope <= 0.0 {
                    continue;
                }
                let (log, off) = (slope.ln(), (right / slope).ln());
                if off.abs() > SLOPE {
                    done = false;
                    // Ten figures: the same on every machine.
                    let next = tried.get_mut(number).map_or(log + off, |tried| tried[period].next(log, off)).exp();
                    of_demand[period] = format!("{next:.9e}").parse().unwrap_or(next);
                }
            }
            slopes.push(Some(of_demand));
        }
        if done {
            break;
        }
        resolved.refine(&at, &slopes);
        formulation = Formulation::new(&resolved)?;
    }
    Ok((resolved, formulation))
}

/// How programs are solved on the way to fine steps: from cold, so that the same plan always ends at the same steps.
pub(super) fn options(time_limit_s: Option<f64>, cancel: Option<Arc<AtomicBool>>) -> SolveOptions {
    SolveOptions { time_limit_s, cancel, ..SolveOptions::default() }
}

/// What each actor could gain alone; nothing where no price forms.
pub(super) fn replies_at(stated: &Stated, outcome: &Outcome, results: &Results, cancel: Option<&Arc<AtomicBool>>) -> Vec<BestReply> {
    if results.trade.equilibrium.is_none() || outcome.status != solve::Status::Optimal {
        return Vec::new();
    }
    reply::replies(stated, outcome, results, &options(None, cancel.cloned()))
}

/// Fills in what an equilibrium leaves open: what each actor could gain alone, and what competition would have
/// had more.
pub(super) fn complete(stated: &Stated, outcome: &Outcome, results: &mut Results, options: &Options) {
    if results.trade.equilibrium.is_none() || outcome.status != solve::Status::Optimal {
        return;
    }
    let how = self::options(options.time_limit_s, options.cancel.clone());
    let replies = reply::replies(stated, outcome, results, &how);
    let competes = matches!(stated.resolved.conduct(), Some(Conduct::Competition));
    let best = if competes { None } else { in_competition(stated, options) };
    let doubts: Vec<Diagnostic> = replies
        .iter()
        .filter(|reply| reply.gain_fraction > PRICE_ERROR && !matches!(stated.resolved.conduct(), Some(Conduct::Cartel)))
        .filter_map(|reply| {
            let actor = results.trade.actors.get(reply.actor)?;
            let gain = crate::words::share(reply.gain_fraction);
            let message = format!(
                "{} could gain {gain} of its revenue or profit by acting otherwise alone: the answer is no equilibrium.",
                actor.name
            );
            Some(
                Diagnostic::warning("not-at-rest", format!("actors.{}", actor.id), message)
                    .help("Look at what binds where it sells; a limit that several actors share can have many resting points."),
            )
        })
        .collect();
    let Some(equilibrium) = &mut results.trade.equilibrium else { return };
    equilibrium.replies = replies;
    equilibrium.lost_to_competition_musd = best.map(|best| best - equilibrium.surplus.total_musd());
    results.warnings.extend(doubts);
}

/// The surplus of the same plan if all compete, M$.
fn in_competition(stated: &Stated, options: &Options) -> Option<f64> {
    let mut plan = stated.plan.clone();
    plan.objective = vec![Goal::MarketEquilibrium(Conduct::Competition)];
    let again = state(&plan, &stated.series, &Options { cancel: options.cancel.clone(), ..Options::default() }).ok()?;
    let outcome = solve::solve(&again.formulation.program, &self::options(options.time_limit_s, options.cancel.clone()));
    if outcome.status != solve::Status::Optimal {
        return None;
    }
    let results = Results::new(&again.plan, &again.resolved, &again.formulation, &outcome);
    results.trade.equilibrium.map(|equilibrium| equilibrium.surplus.total_musd())
}
