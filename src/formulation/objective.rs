//! What is wanted.
//!
//! tokens = Σ quality_weight·sold, undiscounted, less what was bought unless the plan counts it (Ttok).
//! cost = Σ_p discount_p · charges, revenue = Σ_p discount_p · price·sold, npv = revenue − cost (M$); after
//! tax as [`super::after_tax`] says.
//!
//! The plan's list is worked through in its order; each goal is then held to within the tolerance.
//! The usual list is tokens, then NPV: two phases. A list that ends with something else than NPV gets
//! the most revenue as its last phase: segments and routes are interchangeable to tokens and cost, and
//! without it the revenue shown would be arbitrary. That phase is ours, not the planner's, so the last
//! goal of the list gives it no more than `TIE`. A token target is a row; cost per token divides the
//! discounted cost by the discounted tokens, the levelised cost (Charnes–Cooper), while the floor stays
//! a share of the most tokens.

use super::Builder;
use super::builder::{Bound, When};
use super::expr::Expr;
use super::layout::Layout;
use super::program::{Linear, Phase, Sense};
use super::sourcing::bought_total;
use crate::resolved::{Goal, PeriodIx, Resolved};

/// Share of the last stated goal that the revenue phase after it may take.
const TIE: f64 = 1e-6;

/// Quality-weighted tokens.
pub fn tokens(resolved: &Resolved, layout: &Layout) -> Linear {
    counted(resolved, layout, &|_| 1.0)
}

/// The same tokens, each at its period's discount: what a levelised cost is divided by.
pub fn discounted_tokens(resolved: &Resolved, layout: &Layout) -> Linear {
    counted(resolved, layout, &|period| resolved.calendar.periods[period].discount)
}

fn counted(resolved: &Resolved, layout: &Layout, worth: &dyn Fn(PeriodIx) -> f64) -> Linear {
    let mut tokens = Expr::default();
    for (demand, cols) in resolved.demands.iter().zip(&layout.demands) {
        let weight = &resolved.products[demand.product].quality_weight;
        for (period, sold) in cols.sold.pairs() {
            for col in sold {
                tokens.add(*col, weight[period] * worth(period));
            }
        }
    }
    for (index, purchase) in resolved.purchases.iter().enumerate().filter(|(_, purchase)| !purchase.counts_as_tokens) {
        let weight = &resolved.products[purchase.product].quality_weight;
        for period in resolved.calendar.periods.keys() {
            tokens.add_expr(&bought_total(resolved, layout, index, period), -weight[period] * worth(period));
        }
    }
    Linear { name: "tokens", unit: "Ttok", terms: tokens.terms, constant: tokens.constant }
}

/// Discounted cost.
pub fn cost(resolved: &Resolved, layout: &Layout) -> Linear {
    let mut cost = Expr::default();
    for charge in &layout.charges {
        let musd = charge.musd * resolved.calendar.periods[charge.period].discount;
        match charge.col {
            Some(col) => {
                cost.add(col, musd);
            }
            None => cost.constant += musd,
        }
    }
    Linear { name: "cost", unit: "M$", terms: cost.terms, constant: cost.constant }
}

/// Discounted revenue.
pub fn revenue(resolved: &Resolved, layout: &Layout) -> Linear {
    let mut revenue = Expr::default();
    for (demand, cols) in resolved.demands.iter().zip(&layout.demands) {
        for (period, sold) in cols.sold.pairs() {
            for (segment, col) in demand.segments.iter().zip(sold) {
                revenue.add(*col, segment.usd_per_mtok[period] * resolved.calendar.periods[period].discount);
            }
            let discount = resolved.products[demand.product].shed_discount_usd_per_mtok[period];
            for (slice, col) in resolved.calendar.slices_of[period].iter().zip(&cols.shed[period]) {
                if let Some(col) = col.filter(|_| discount > 0.0) {
                    let ttok_per_unit = resolved.calendar.hours(period, *slice) * 1e-3;
                    revenue.add(col, -discount * ttok_per_unit * resolved.calendar.periods[period].discount);
                }
            }
        }
    }
    Linear { name: "revenue", unit: "M$", terms: revenue.terms, constant: 0.0 }
}

/// Discounted revenue less cost.
pub fn npv(revenue: &Linear, cost: &Linear) -> Linear {
    let mut terms = revenue.terms.clone();
    terms.extend(cost.terms.iter().map(|(col, musd)| (*col, -musd)));
    Linear { name: "npv", unit: "M$", terms, constant: -(cost.constant - revenue.constant) }
}

/// States the goals.
pub fn add(builder: &mut Builder<'_>) {
    let (resolved, layout) = (builder.resolved, &builder.layout);
    let (tokens, cost, revenue) = (tokens(resolved, layout), cost(resolved, layout), revenue(resolved, layout));
    let tolerance = builder.resolved.tolerance;
    let simple = |goal: &Linear, sense| Phase { goal: goal.clone(), sense, tolerance, at_least: None, per: None, floor: None };
    for (index, goal) in builder.resolved.goals.iter().enumerate() {
        let phase = match goal {
            Goal::MaxTokens => simple(&tokens, Sense::Maximise),
            Goal::MinCost => simple(&cost, Sense::Minimise),
            Goal::MaxNpv => simple(&npv(&revenue, &cost), Sense::Maximise),
            Goal::MaxNpvAfterTax => {
                // A plan that doesn't say how it is taxed is refused before.
                let Some(goal) = super::after_tax::npv_after_tax(builder, &revenue) else { continue };
                simple(&goal, Sense::Maximise)
            }
            Goal::MinCostForTtok(ttok) => {
                let limit = builder.limit(format!("objective.{index}"), "Ttok", *ttok, 1.0);
                let made = Expr { terms: tokens.terms.clone(), constant: tokens.constant };
                builder.row("objective", "token_target", &[], When::HORIZON, made, Bound::AtLeast(*ttok), Some(limit));
                simple(&cost, Sense::Minimise)
            }
            Goal::MinCostPerToken(share) => Phase {
                per: Some((discounted_tokens(resolved, &builder.layout), *share)),
                floor: Some(tokens.clone()),
                goal: Linear { name: "cost_per_token", unit: "$/Mtok", ..cost.clone() },
                sense: Sense::Minimise,
                tolerance,
                at_least: None,
            },
        };
        builder.program.phases.push(phase);
    }
    if builder.resolved.goals.last().is_none_or(|goal| !matches!(goal, Goal::MaxNpv | Goal::MaxNpvAfterTax)) {
        if let Some(last) = builder.program.phases.last_mut() {
            last.tolerance = last.tolerance.min(TIE);
        }
        builder.program.phases.push(simple(&revenue, Sense::Maximise));
    }
}
