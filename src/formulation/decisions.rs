//! Decisions already made.
//!
//! For each decision on chips c or halls y at site s, over the orders of its month's period (or of
//! the whole horizon if it names no month):
//!
//!   Σ orders ≥ at_least,   or   Σ orders = exactly          (chips or halls)
//!
//! The dual is what the decision costs: the worth of being bound by one unit less.

use super::Builder;
use super::expr::Expr;
use crate::resolved::{PeriodIx, PlaceIx};

/// Chips of pools ordered in a period, thousand, if it is one of those meant.
pub fn chips(builder: &Builder<'_>, period: PeriodIx, pools: &[usize], periods: &[PeriodIx]) -> Expr {
    let mut ordered = Expr::default();
    for cols in pools.iter().filter_map(|pool| builder.layout.pools.get(*pool)) {
        for (_, col) in cols.orders.iter().filter(|(order, _)| *order == period && periods.contains(order)) {
            ordered.add(*col, cols.order_unit);
        }
    }
    ordered
}

/// Halls of kinds ordered in a period, if it is one of those meant.
pub fn halls(builder: &Builder<'_>, period: PeriodIx, kinds: &[(PlaceIx, usize)], periods: &[PeriodIx]) -> Expr {
    let mut ordered = Expr::default();
    for halls in builder.layout.halls.iter().filter(|halls| kinds.contains(&(halls.place, halls.kind))) {
        for (_, col) in halls.orders.iter().filter(|(order, _)| *order == period && periods.contains(order)) {
            ordered.add(*col, 1.0);
        }
    }
    ordered
}
