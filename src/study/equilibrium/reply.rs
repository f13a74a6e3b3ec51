//! Best replies: what an actor could gain by acting otherwise while all others do as they do.
//!
//! Everything that is not the actor's stays where the answer has it; what is its own is decided anew, to its
//! own profit. It is not the potential that is made best, so this tests the equilibrium and not the solver: what it
//! sells is worth P(Q of the others + q)·q by the true curve to a seller who reckons with the price, and the
//! price times q to one who takes it as given.

use std::collections::BTreeSet;

use crate::formulation::conduct::sold_by;
use crate::formulation::expr::Expr;
use crate::formulation::owners::of_columns;
use crate::formulation::program::{Col, Column, Key, Linear, NO_INDEX, Phase, Program, Row, Sense, Symbol};
use crate::formulation::scale;
use crate::resolved::{ActorIx, Conduct, Demand, Ix as _, PeriodIx};
use crate::results::Results;
use crate::results::trade::{ActorResult, BestReply};
use crate::solve::{self, Outcome, SolveOptions};
use crate::study::Stated;

/// Share of an actor's size below which a gain is rounding.
const ROUNDING: f64 = 1e-9;

/// Steps of what an actor gains by another volume, as shares of what is sold: fine about what it sells.
const OFFSETS: [f64; 17] = [1e-4, 2e-4, 4e-4, 7e-4, 1e-3, 2e-3, 3e-3, 5e-3, 8e-3, 0.012, 0.02, 0.03, 0.05, 0.08, 0.15, 0.3, 0.6];

/// The gain of every actor that owns something; none where a program has no answer.
pub(super) fn replies(stated: &Stated, outcome: &Outcome, results: &Results, options: &SolveOptions) -> Vec<BestReply> {
    let owners = of_columns(&stated.resolved, &stated.formulation.program, &stated.formulation.layout);
    let owning: BTreeSet<ActorIx> = owners.iter().flatten().copied().collect();
    owning.into_iter().filter_map(|actor| reply(stated, outcome, results, &owners, actor, options)).collect()
}

/// A program in which only one actor moves.
struct Alone<'s> {
    stated: &'s Stated,
    outcome: &'s Outcome,
    program: Program,
    goal: Expr,
    /// The goal at the answer.
    now: f64,
}

fn reply(
    stated: &Stated,
    outcome: &Outcome,
    results: &Results,
    owners: &[Option<ActorIx>],
    actor: ActorIx,
    options: &SolveOptions,
) -> Option<BestReply> {
    let mut alone = Alone { stated, outcome, program: stated.formulation.program.clone(), goal: Expr::default(), now: 0.0 };
    alone.hold_others(owners, actor);
    alone.costs(owners, actor);
    let resolved = &stated.resolved;
    for (number, demand) in resolved.demands.iter().enumerate() {
        for period in resolved.calendar.periods.keys() {
            alone.revenue((number, demand), actor, period);
        }
    }
    let goal = Linear { name: "profit", unit: "M$", terms: alone.goal.terms, constant: alone.goal.constant };
    let mut program = alone.program;
    program.phases = vec![Phase { goal, sense: Sense::Maximise, tolerance: 0.0, at_least: None, per: None, floor: None }];
    scale::finish(&mut program).ok()?;
    let best = solve::solve(&program, options);
    let value = best.phases.first().filter(|_| best.status == solve::Status::Optimal)?.value;
    let gain_musd = (value - alone.now).max(0.0);
    let figures = results.trade.actors.get(actor.position())?;
    let revenue_of =
        |actor: &ActorResult| -> f64 { results.periods.iter().zip(&actor.revenue_musd).map(|(period, musd)| period.discount * musd).sum() };
    let own = revenue_of(figures).max(figures.npv_musd.abs());
    // Who has nothing to compare it with is compared with all.
    let all: f64 = results.trade.actors.iter().map(revenue_of).sum();
    let size = if own > 1e-6 * all { own } else { all };
    // What is smaller than the solver's own rounding of such sums is no gain.
    let gain_musd = if gain_musd <= ROUNDING * size { 0.0 } else { gain_musd };
    let gain_fraction = if size > 1e-9 { gain_musd / size } else { 0.0 };
    Some(BestReply { actor: actor.position(), gain_musd, gain_fraction })
}

impl Alone<'_> {
    fn at(&self, col: Col) -> f64 {
        self.outcome.point.get(col.0 as usize).copied().unwrap_or(0.0)
    }

    /// What others own stands still; rows of it alone are left out, and every row holds at the answer itself.
    fn hold_others(&mut self, owners: &[Option<ActorIx>], actor: ActorIx) {
        let point = &self.outcome.point;
        let is_held = |col: Col| owners.get(col.0 as usize).copied().flatten().is_some_and(|owner| owner != actor);
        let value = |col: Col| point.get(col.0 as usize).copied().unwrap_or(0.0);
        for (index, column) in self.program.columns.iter_mut().enumerate() {
            let col = Col(index as u32);
            let at = value(col);
            (column.lower, column.upper) = if is_held(col) { (at, at) } else { (column.lower.min(at), column.upper.max(at)) };
        }
        // What sellers reckon with does not bind one who decides anew.
        self.program.rows.retain(|row| row.family != "conduct" && row.terms.iter().any(|(col, _)| !is_held(*col)));
        for row in &mut self.program.rows {
            let held: f64 = row.terms.iter().filter(|(col, _)| is_held(*col)).map(|(col, factor)| factor * value(*col)).sum();
            row.terms.retain(|(col, _)| !is_held(*col));
            let now: f64 = row.terms.iter().map(|(col, factor)| factor * value(*col)).sum();
            row.lower = (row.lower - held).min(now);
            row.upper = (row.upper - held).max(now);
        }
    }

    fn costs(&mut self, owners: &[Option<ActorIx>], actor: ActorIx) {
        let (resolved, layout) = (&self.stated.resolved, &self.stated.formulation.layout);
        for charge in &layout.charges {
            let Some(col) = charge.col.filter(|col| owners.get(col.0 as usize).copied().flatten() == Some(actor)) else { continue };
            let musd = charge.musd * resolved.calendar.periods[charge.period].discount;
            self.goal.add(col, -musd);
            self.now -= musd * self.at(col);
        }
    }

    /// What the actor is paid in a market and period.
    fn revenue(&mut self, (number, demand): (usize, &Demand), actor: ActorIx, period: PeriodIx) {
        let stated = self.stated;
        let (resolved, layout) = (&stated.resolved, &stated.formulation.layout);
        let own = sold_by(resolved, layout, number, actor, period);
        let Some(cols) = layout.demands.get(number).map(|cols| &cols.sold[period]).filter(|cols| !cols.is_empty()) else { return };
        if own.is_zero() {
            return;
        }
        let discount = resolved.calendar.periods[period].discount;
        let is_price_taker = matches!(resolved.conduct(), Some(Conduct::Competition));
        let forms = demand.curve.is_some() || resolved.markets[demand.market].single_price;
        if forms && is_price_taker {
            // What one more token is worth: a segment's price less its reduced cost.
            let duals = self.outcome.phases.last().map(|phase| phase.column_duals.as_slice()).unwrap_or_default();
            let priced = demand.segments.iter().zip(cols).find(|(segment, _)| segment.volume_ttok[period] > 0.0);
            let Some((segment, col)) = priced else { return };
            let price = segment.usd_per_mtok[period] * discount - duals.get(col.0 as usize).copied().unwrap_or(0.0);
            self.goal.add_expr(&own, price);
            self.now += price * own.value(&self.outcome.point);
        } else if let Some(curve) = &demand.curve {
            let shape = &curve.shapes[period];
            let all: f64 = cols.iter().map(|col| self.at(*col)).sum();
            let sold = own.value(&self.outcome.point).clamp(0.0, all);
            let others = all - sold;
            let most = curve.grid[period].last().copied().unwrap_or(0.0) - others;
            let worth = |volume: f64| if volume > 0.0 { shape.price(others + volume) * volume } else { 0.0 };
            let mut ends: Vec<f64> = vec![0.0, sold, most];
            for base in [sold, all] {
                ends.extend(OFFSETS.iter().flat_map(|offset| [sold - offset * base, sold + offset * base]));
            }
            ends.extend(curve.grid[period].iter().map(|end| end - others));
            ends.retain(|end| *end >= 0.0 && *end <= most);
            ends.sort_by(f64::total_cmp);
            ends.dedup_by(|later, earlier| *later - *earlier <= 1e-9 * all);
            let mut row = own;
            for (from, to) in ends.iter().zip(ends.iter().skip(1)) {
                let col = self.step(to - from);
                self.goal.add(col, discount * (worth(*to) - worth(*from)) / (to - from));
                row.add(col, -1.0);
            }
            self.now += discount * worth(sold);
            let key = Key { noun: "sells", entities: [Symbol::NONE; 4], period: NO_INDEX, slice: NO_INDEX, future: Symbol::NONE };
            let held = -row.constant;
            self.program.rows.push(Row { key, family: "reply", terms: row.terms, lower: held, upper: held, limit: None, scale: 1.0 });
        } else {
            // Segments pay their own prices, one after the other.
            for (segment, col) in demand.segments.iter().zip(cols) {
                let price = segment.usd_per_mtok[period] * discount;
                self.goal.add(*col, price);
                self.now += price * self.at(*col);
            }
        }
    }

    fn step(&mut self, width: f64) -> Col {
        let place = self.program.columns.len() as u32;
        let key = Key { noun: "step", entities: [Symbol::NONE; 4], period: NO_INDEX, slice: place, future: Symbol::NONE };
        self.program.columns.push(Column { key, lower: 0.0, upper: width, whole: false, limit: None });
        Col(place)
    }
}
