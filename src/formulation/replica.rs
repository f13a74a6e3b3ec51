//! Whole replicas, in runs of whole numbers.
//!
//! For each pool (site s, chip c), product m and period p in which the rate belongs to a replica of
//! G > 1 chips, with z either 0 or 1:
//!
//!   in_service\[p] ≥ G · z                                               (thousand chips)
//!   Σ_t θ · Σ_phase work\[t] / Σ_t θ ≤ most chips that can stand · z      (thousand chips)
//!
//! so fewer chips than one replica make nothing. Rented chips stand in for those in service: with a z
//! for the period where they are committed, with one for each slice where they are paid by the slice.
//! In other runs z could be a fraction and would say nothing: there are no such columns, and work by
//! fewer chips than one replica is a warning of the answer.

use super::Builder;
use super::builder::{Bound, When};
use super::expr::Expr;
use super::program::Col;
use crate::resolved::{Ix as _, PeriodIx, Pool, ProductIx};

/// Adds the columns and rows.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    if !(resolved.whole.racks || resolved.whole.halls) {
        return;
    }
    for (index, pool) in resolved.pools.iter().enumerate() {
        for (product, rates) in pool.rates.pairs() {
            for (period, rate) in rates.pairs() {
                let chips = rate.as_ref().map_or(0.0, |rate| rate.replica.chips());
                if chips > 1.0 {
                    whole_replicas(builder, (index, pool), product, period, chips * 1e-3);
                }
            }
        }
    }
}

fn whole_replicas(builder: &mut Builder<'_>, (index, pool): (usize, &Pool), product: ProductIx, period: PeriodIx, thousand: f64) {
    let resolved = builder.resolved;
    let Some(cols) = builder.layout.pools.get(index) else { return };
    let of_product: Vec<Vec<Col>> = cols
        .work
        .iter()
        .filter(|work| work.product == product)
        .map(|work| work.cols[period].clone())
        .filter(|cols| !cols.is_empty())
        .collect();
    if of_product.is_empty() {
        return;
    }
    let (in_service, rented) = (cols.in_service[period], cols.rented[period].clone());
    let slices = &resolved.calendar.slices_of[period];
    let hours: Vec<f64> = slices.iter().map(|slice| resolved.calendar.hours(period, *slice)).collect();
    let most = pool.most_chips[period];
    let ids = [resolved.places[pool.place].id.as_str(), resolved.chips[pool.chip].id.as_str(), resolved.products[product].id.as_str()];
    let mut hold = |when: When, there: Col, of_slices: std::ops::Range<usize>| {
        let serves = builder.column("replica", &ids, when, 1.0);
        if let Some(column) = builder.program.columns.get_mut(serves.0 as usize) {
            column.whole = true;
        }
        let mut stands = Expr::col(there);
        stands.add(serves, -thousand);
        builder.row("replica", "replica_stands", &ids, when, stands, Bound::AtLeast(0.0), None);
        let total: f64 = hours.get(of_slices.clone()).into_iter().flatten().sum();
        let mut works = Expr::default();
        for cols in &of_product {
            let of_slices = of_slices.clone();
            for (col, hours) in cols.iter().zip(&hours).skip(of_slices.start).take(of_slices.len()) {
                works.add(*col, hours / total);
            }
        }
        works.add(serves, -most);
        builder.row("replica", "replica_works", &ids, when, works, Bound::AtMost(0.0), None);
    };
    match (in_service, rented.as_slice()) {
        (Some(there), _) => hold(When::period(period), there, 0..slices.len()),
        (None, [there]) => hold(When::period(period), *there, 0..slices.len()),
        (None, by_slice) => {
            for (position, (slice, there)) in slices.iter().zip(by_slice).enumerate() {
                hold(When::slice(period, slice.position()), *there, position..position + 1);
            }
        }
    }
}
