//! Rented chips and bought tokens.
//!
//! Rent: rented ≤ at_most (a bound of the column, thousand chips). A committed rental pays for
//! rented\[p] in every hour of the period, one by the slice for rented\[p,t]:
//!
//!   Σ_t θ · price\[t] · rented · 1e-3                                   (M$; $/h · thousand chips · h)
//!
//! Buy, for each purchase u, period p and representative day d (answer tokens, Gtok):
//!
//!   β·Σ_{h of d} Σ_r bought\[u,r,p,t]  or  Σ_r bought\[u,r,p,d]  ≤ at_most_gtok_per_day
//!
//! at the stated price per Mtok (prompts included). The dual is the worth of one more Gtok a day on
//! that day.
//!
//! Rented chips answer by themselves: prefill and decode of one answer are not shared between them and
//! a site's own chips, because what is handed over (the attention cache of a whole prompt) would have to
//! cross from one operator's network to another's.

use super::Builder;
use super::builder::{Bound, When};
use super::cost::CostPart;
use super::expr::Expr;
use super::layout::Layout;
use crate::resolved::{Ix as _, PeriodIx, Resolved};

/// Adds the rows and the money.
pub fn add(builder: &mut Builder<'_>) {
    rent(builder);
    buy(builder);
}

fn rent(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    for (index, pool) in resolved.pools.iter().enumerate() {
        let Some(rental) = &pool.rental else { continue };
        for period in calendar.periods.keys() {
            let Some(cols) = builder.layout.pools.get(index).map(|cols| cols.rented[period].clone()) else { continue };
            // $/chip·h · thousand chips · h = thousand $.
            let price = |slice| calendar.hours(period, slice) * rental.price_usd_per_chip_hour.at(period, slice) * 1e-3;
            if rental.committed {
                let total: f64 = calendar.slices_of[period].iter().map(|slice| price(*slice)).sum();
                for col in cols {
                    builder.charge(period, CostPart::Rent, col, total);
                }
            } else {
                for (slice, col) in calendar.slices_of[period].iter().zip(cols) {
                    builder.charge(period, CostPart::Rent, col, price(*slice));
                }
            }
        }
    }
}

fn buy(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    for (index, purchase) in resolved.purchases.iter().enumerate() {
        let product = &resolved.products[purchase.product];
        for period in calendar.periods.keys() {
            let mut limit = None;
            // What may be bought at any time of a window is bought evenly in it: each of its days takes part.
            let windows = if product.deferrable { calendar.windows(period, product.deferral) } else { Vec::new() };
            let of_days = calendar.days_of[period].iter().flat_map(|day| {
                let holding: Vec<Option<usize>> =
                    (0..windows.len()).filter(|at| windows.get(*at).is_some_and(|window| window.holds(*day))).map(Some).collect();
                let all = if product.deferrable { holding } else { vec![None] };
                all.into_iter().map(move |window| (window, day))
            });
            for (window, day) in of_days.collect::<Vec<_>>() {
                let mut of_day = Expr::default();
                for demand in &builder.layout.demands {
                    for (_, cols) in demand.bought.iter().filter(|(of, _)| *of == index) {
                        let cols = &cols[period];
                        if let Some(window) = window {
                            if let Some(col) = cols.get(window) {
                                of_day.add(*col, 1.0);
                            }
                        } else {
                            for (_, col) in
                                calendar.slices_of[period].iter().zip(cols).filter(|(slice, _)| calendar.slices[**slice].day == *day)
                            {
                                of_day.add(*col, calendar.block_hours);
                            }
                        }
                    }
                }
                if !of_day.is_zero() {
                    let most = purchase.at_most_gtok_per_day[period];
                    let limit = *limit.get_or_insert_with(|| {
                        builder.limit(format!("purchases.{}.at_most_gtok_per_day", purchase.id), "Gtok/day", most, 1.0)
                    });
                    builder.row(
                        "sourcing",
                        "bought_per_day",
                        &[&purchase.id],
                        When::slice(period, day.position()),
                        of_day,
                        Bound::AtMost(most),
                        Some(limit),
                    );
                }
            }
            let price = purchase.usd_per_mtok[period];
            let total = bought_total(builder.resolved, &builder.layout, index, period);
            // $/Mtok · Ttok = M$.
            builder.charge_expr(period, CostPart::Purchases, &total, price);
        }
    }
}

/// Tokens bought through a purchase in a period, Ttok.
pub fn bought_total(resolved: &Resolved, layout: &Layout, purchase: usize, period: PeriodIx) -> Expr {
    let mut total = Expr::default();
    for (demand, cols) in resolved.demands.iter().zip(&layout.demands) {
        for (_, cols) in cols.bought.iter().filter(|(of, _)| *of == purchase) {
            total.add_expr(&bought_ttok(resolved, demand.product, &cols[period], period), 1.0);
        }
    }
    total
}

/// Ttok of bought columns in a period.
pub fn bought_ttok(resolved: &Resolved, product: crate::resolved::ProductIx, cols: &[super::program::Col], period: PeriodIx) -> Expr {
    let calendar = &resolved.calendar;
    let mut total = Expr::default();
    if resolved.products[product].deferrable {
        for (window, col) in calendar.windows(period, resolved.products[product].deferral).iter().zip(cols) {
            total.add(*col, window.days * 1e-3);
        }
    } else {
        for (slice, col) in calendar.slices_of[period].iter().zip(cols) {
            total.add(*col, calendar.hours(period, *slice) * 1e-3);
        }
    }
    total
}
