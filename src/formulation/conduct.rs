//! Sellers who reckon with the price (Cournot).
//!
//! With demand P(Q) in market r and what each actor i sells there, q\[i], the equilibrium is where
//! P(Q) − b·q\[i] = marginal cost of i, with b = −P′(Q). It makes a potential best (Slade 1994; Monderer and
//! Shapley 1996; exactly so for straight lines, and with b taken at the answer for any other):
//!
//!   Σ_r \[∫ P over Q − ½ b Σ_i q\[i]²] − cost
//!
//! For each actor i that can sell product m in market r, and period p:
//!
//!   Σ of its routes and purchases = Σ_g own\[i,r,m,p,g]             (Ttok)
//!
//! with own at most the width of its step, and the square added up over steps: own\[g] costs b · middle of g.

use super::Builder;
use super::builder::{Bound, When};
use super::expr::Expr;
use super::layout::{Cols, Layout};
use super::sourcing::bought_ttok;
use crate::resolved::curve::At;
use crate::resolved::{ActorIx, Elastic, PeriodIx, Resolved, Table};

/// What an actor sells to a demand, in steps of its own.
#[derive(Clone, Debug)]
pub struct OwnCols {
    /// Index of the demand.
    pub demand: usize,
    /// Position among the demand's sellers.
    pub seller: usize,
    /// Ttok, by period and step.
    pub cols: Cols,
}

/// Adds the columns and the rows.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (index, demand) in resolved.demands.iter().enumerate() {
        let Some(curve) = &demand.curve else { continue };
        for (seller, own) in curve.own.iter().enumerate() {
            let (market, product) = (&resolved.markets[demand.market], &resolved.products[demand.product]);
            let ids = [resolved.actors[own.actor].id.as_str(), market.id.as_str(), product.id.as_str()];
            let mut cols: Cols = Table::default();
            for period in resolved.calendar.periods.keys() {
                let sells = builder.layout.demands.get(index).is_some_and(|cols| !cols.sold[period].is_empty());
                let mut row = sold_by(builder.resolved, &builder.layout, index, own.actor, period);
                if !sells || row.is_zero() {
                    cols.push(Vec::new());
                    continue;
                }
                let mut steps = Vec::new();
                for (step, ends) in own.grid[period].windows(2).enumerate() {
                    if let [from, to] = ends
                        && to > from
                    {
                        let col = builder.column("own", &ids, When::slice(period, step), to - from);
                        row.add(col, -1.0);
                        steps.push(col);
                    }
                }
                builder.row("conduct", "own", &ids, When::period(period), row, Bound::Equal(0.0), None);
                cols.push(steps);
            }
            builder.layout.own.push(OwnCols { demand: index, seller, cols });
        }
    }
}

/// What an actor sells to a demand in a period, Ttok.
#[must_use]
pub fn sold_by(resolved: &Resolved, layout: &Layout, demand: usize, actor: ActorIx, period: PeriodIx) -> Expr {
    let mut total = Expr::default();
    let (Some(data), Some(cols)) = (resolved.demands.get(demand), layout.demands.get(demand)) else { return total };
    for route in &cols.routes {
        if resolved.routes.get(*route).is_some_and(|route| resolved.places[route.place].actor == actor) {
            total.add_expr(&super::builder::served_total(resolved, layout, *route, period), 1.0);
        }
    }
    for (purchase, bought) in &cols.bought {
        if resolved.purchases.get(*purchase).is_some_and(|purchase| purchase.actor == actor) {
            total.add_expr(&bought_ttok(resolved, data.product, &bought[period], period), 1.0);
        }
    }
    total
}

/// What sellers' own volumes take off the potential, discounted, M$ for each column.
pub(super) fn own_terms(resolved: &Resolved, layout: &Layout) -> Expr {
    let mut terms = Expr::default();
    for own in &layout.own {
        let curve = resolved.demands.get(own.demand).and_then(|demand| demand.curve.as_ref());
        let Some((curve, seller)) = curve.and_then(|curve| Some((curve, curve.own.get(own.seller)?))) else { continue };
        for (period, cols) in own.cols.pairs() {
            let widths = seller.grid[period].windows(2).filter_map(|ends| match ends {
                [from, to] if to > from => Some(0.5 * (from + to)),
                _ => None,
            });
            for (col, middle) in cols.iter().zip(widths) {
                terms.add(*col, curve.slopes[period] * middle * resolved.calendar.periods[period].discount);
            }
        }
    }
    terms
}

/// Where a point lies on the curve of a demand in a period: what all sell, and each of its sellers.
#[must_use]
pub fn position(resolved: &Resolved, layout: &Layout, point: &[f64], demand: usize, curve: &Elastic, period: PeriodIx) -> At {
    let Some(cols) = layout.demands.get(demand) else { return At { volume: 0.0, own: Vec::new() } };
    let volume = cols.sold[period].iter().map(|col| point.get(col.0 as usize).copied().unwrap_or(0.0)).sum::<f64>();
    let own = curve.own.iter().map(|own| sold_by(resolved, layout, demand, own.actor, period).value(point).max(0.0)).collect();
    At { volume, own }
}
