//! Chip supply.
//!
//! For each chip c and period q in which it can be ordered:
//!
//!   Σ over sites of orders\[s,c,q] ≤ supply\[c,q]            (thousand chips)
//!
//! The dual is the worth of one more chip delivered to order in that period.

use super::Builder;
use super::builder::{Bound, When};
use super::expr::Expr;

/// Adds the rows.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (chip_index, chip) in resolved.chips.pairs() {
        for (period, supply) in chip.supply.pairs() {
            let mut ordered = Expr::default();
            for (_, cols) in resolved.pools.iter().zip(&builder.layout.pools).filter(|(pool, _)| pool.chip == chip_index) {
                for (_, col) in cols.orders.iter().filter(|(order, _)| *order == period) {
                    ordered.add(*col, cols.order_unit);
                }
            }
            if !ordered.is_zero() {
                let limit = builder.limit(format!("chips.{}.supply_per_period", chip.id), "chips", supply * 1e3, 1e-3);
                builder.row("chip_supply", "chip_supply", &[&chip.id], When::period(period), ordered, Bound::AtMost(*supply), Some(limit));
            }
        }
    }
}
