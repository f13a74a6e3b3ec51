//! The rest of an answer from a month on, and the best rest there is.

use super::stands::Then;
use crate::formulation::layout::Layout;
use crate::formulation::program::{Col, Linear, NO_INDEX, Phase, Sense};
use crate::formulation::scale::merge;
use crate::resolved::{Ix as _, PeriodIx, Resolved};
use crate::solve::{self, Status};
use crate::study::{Options, solve_options};

/// What differs by less than this share is the same.
const SAME: f64 = 1e-6;

/// The rest of the plan, before and after it was rolled on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tail {
    /// Tokens that the old plan makes from the new start on, Ttok.
    pub tokens_before: f64,
    /// Tokens of the rolled plan's answer, Ttok.
    pub tokens_after: f64,
    /// What the old plan comes to from the new start on, valued there, without annuities of what was ordered before, M$.
    pub npv_before: f64,
    /// What the rolled plan's answer comes to, M$.
    pub npv_after: f64,
}

impl Tail {
    /// How far apart the two are in money or in tokens, whichever is further, as a share.
    #[must_use]
    pub fn apart(&self) -> f64 {
        let share = |before: f64, after: f64| (after - before).abs() / before.abs().max(after.abs()).max(1e-9);
        share(self.npv_before, self.npv_after).max(share(self.tokens_before, self.tokens_after))
    }

    /// Whether the rolled plan comes to what the old one comes to from then on.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.apart() <= SAME
    }
}

/// Tokens, and money valued at the first of the periods that follow, without annuities of earlier orders; `after`
/// has the discounts that count from there.
pub(super) fn rest(then: &Then<'_>, after: &Resolved) -> (f64, f64) {
    let (tokens, money) = functions(then, after);
    (tokens.value(then.point), money.value(then.point))
}

/// The same with the best that can be done from then on, what was done before being held.
///
/// A rolled plan discounts whole years from its own start, so where it begins within a year the old answer is
/// the best by other weights: the two are held against each other by the same ones.
pub(super) fn best_rest(then: &Then<'_>, after: &Resolved) -> Option<(f64, f64)> {
    let stated = then.stated;
    let mut program = stated.formulation.program.clone();
    let held = held_columns(then);
    for (number, column) in program.columns.iter_mut().enumerate() {
        let is_past = column.key.period != NO_INDEX && (column.key.period as usize) < then.period;
        if is_past || held.contains(&Col(number as u32)) {
            let value = then.point.get(number).copied()?.clamp(column.lower, column.upper);
            (column.lower, column.upper) = (value, value);
        }
    }
    let (tokens, money) = functions(then, after);
    let phase = |goal: Linear, of: Option<&Phase>| Phase {
        goal,
        sense: Sense::Maximise,
        tolerance: of.map_or(0.0, |of| of.tolerance),
        at_least: None,
        per: None,
        floor: None,
    };
    let mut phases = Vec::new();
    for own in &program.phases {
        match own.goal.name {
            "tokens" => {
                let counts = |col: Col| {
                    stated.formulation.program.columns.get(col.0 as usize).is_some_and(|column| column.key.period as usize >= then.period)
                };
                let terms = own.goal.terms.iter().copied().filter(|(col, _)| counts(*col)).collect();
                phases.push(phase(Linear { terms, ..own.goal.clone() }, Some(own)));
            }
            "npv" | "cost" => phases.push(phase(money.clone(), Some(own))),
            _ => return None,
        }
    }
    program.phases = phases;
    let outcome = solve::solve(&program, &solve_options(stated, &Options::default()));
    (outcome.status == Status::Optimal).then(|| (tokens.value(&outcome.point), money.value(&outcome.point)))
}

/// Columns that were decided before, whatever period stands in their key: an order's key may have that of its arrival.
fn held_columns(then: &Then<'_>) -> Vec<Col> {
    let (resolved, layout) = (&then.stated.resolved, &then.stated.formulation.layout);
    let offers = layout.connections.iter().flatten().flat_map(|connection| connection.offers.iter().flatten());
    let mut held: Vec<Col> = offers.copied().chain(ordered_before(layout, then.period)).collect();
    for (index, contract) in resolved.contracts.pairs() {
        if then.in_force_from(contract).is_some_and(|from| from < then.period) {
            held.extend(layout.contracts[index].contract_mw);
        }
    }
    held
}

/// Tokens and money of the rest as functions of the old program's columns.
fn functions(then: &Then<'_>, after: &Resolved) -> (Linear, Linear) {
    let (resolved, layout) = (&then.stated.resolved, &then.stated.formulation.layout);
    let earlier = ordered_before(layout, then.period);
    let mut money = Linear { name: "npv", unit: "MUSD", terms: Vec::new(), constant: 0.0 };
    let mut tokens = Linear { name: "tokens", unit: "Ttok", terms: Vec::new(), constant: 0.0 };
    let discount = |period: PeriodIx| {
        period
            .position()
            .checked_sub(then.period)
            .map_or(0.0, |later| after.calendar.periods.get(PeriodIx::new(later)).map_or(0.0, |of| of.discount))
    };
    for charge in &layout.charges {
        let weight = discount(charge.period) * charge.musd;
        match charge.col {
            // What was ordered before is sunk.
            Some(col) if charge.part.is_annuity() && earlier.contains(&col) => {}
            Some(col) => money.terms.push((col, -weight)),
            None => money.constant -= weight,
        }
    }
    for (demand, cols) in resolved.demands.iter().zip(&layout.demands) {
        for (period, sold) in cols.sold.pairs().filter(|(period, _)| period.position() >= then.period) {
            for (segment, col) in demand.segments.iter().zip(sold) {
                money.terms.push((*col, discount(period) * segment.usd_per_mtok[period]));
                tokens.terms.push((*col, resolved.products[demand.product].quality_weight[period]));
            }
        }
    }
    for function in [&mut money, &mut tokens] {
        function.terms.retain(|(_, weight)| *weight != 0.0);
        merge(&mut function.terms);
    }
    (tokens, money)
}

/// Columns of what was ordered before a period: chips, halls, pipelines, plant, and the subsidies on them.
fn ordered_before(layout: &Layout, period: usize) -> Vec<Col> {
    let chips = layout.pools.iter().flat_map(|pool| &pool.orders);
    let halls = layout.halls.iter().flat_map(|halls| &halls.orders);
    let plant = layout.contracts.iter().flat_map(|contract| &contract.orders);
    let orders = chips.chain(halls).chain(plant).chain(layout.pipelines.iter().flatten()).copied();
    let subsidies = layout.pools.iter().flat_map(|pool| &pool.subsidies).map(|(_, order, col)| (*order, *col));
    orders.chain(subsidies).filter(|(order, _)| order.position() < period).map(|(_, col)| col).collect()
}
