//! Training.
//!
//! For each programme g with a window of whole periods, rate = dense TFLOP/s · utilisation · 3.6e-3
//! ZFLOP per hour and thousand chips:
//!
//! Elastic:
//!   Σ_{s,c,p,t} θ·rate·training ≥ need                                     (ZFLOP)
//!   Σ_{s,c} rate·training\[t] ≥ floor · need / hours of the window, in each slice
//! Rigid (no slice index):
//!   Σ_{s,c} rate·training\[p] ≥ need / hours of the window, in each period
//!
//! Training tokens read are proportional to the work and pass the data pipeline. A product the
//! programme unlocks has no sales before the end of the window of whole periods (no columns). Rented
//! chips do not train.
//!
//! The dual is what one ZFLOP less to train would be worth.

use super::Builder;
use super::builder::{Bound, When};
use super::expr::Expr;
use crate::resolved::{Ix as _, PeriodIx};

/// Adds the rows.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    for (index, programme) in resolved.training.iter().enumerate() {
        let hours: f64 = programme.window.iter().map(|period| calendar.period_hours(*period)).sum();
        let mean = programme.need_zflop / hours.max(1e-9);
        let mut total = Expr::default();
        for period in &programme.window {
            let slices = calendar.slices_of[*period].clone();
            match programme.floor {
                None => {
                    let rate = rate(builder, index, *period, 0);
                    let limit =
                        builder.limit(format!("training.{}.need", programme.id), "ZFLOP", programme.need_zflop, 1.0 / hours.max(1e-9));
                    builder.row(
                        "training",
                        "trained_constant",
                        &[&programme.id],
                        When::period(*period),
                        rate,
                        Bound::AtLeast(mean),
                        Some(limit),
                    );
                }
                Some(floor) => {
                    let mut limit = None;
                    for (position, slice) in slices.iter().enumerate() {
                        let rate = rate(builder, index, *period, position);
                        total.add_expr(&rate, calendar.hours(*period, *slice));
                        if floor > 0.0 {
                            let limit = *limit.get_or_insert_with(|| {
                                builder.limit(format!("training.{}.rhythm.floor_fraction", programme.id), "share", floor, mean)
                            });
                            builder.row(
                                "training",
                                "trained_floor",
                                &[&programme.id],
                                When::slice(*period, slice.position()),
                                rate,
                                Bound::AtLeast(floor * mean),
                                Some(limit),
                            );
                        }
                    }
                }
            }
            for (position, _) in slices.iter().enumerate() {
                data(builder, index, *period, position, programme.data_gtok_per_zflop);
            }
        }
        if programme.floor.is_some() {
            let limit = builder.limit(format!("training.{}.need", programme.id), "ZFLOP", programme.need_zflop, 1.0);
            builder.row("training", "trained", &[&programme.id], When::HORIZON, total, Bound::AtLeast(programme.need_zflop), Some(limit));
        }
    }
}

/// ZFLOP per hour of a programme in a slice.
fn rate(builder: &Builder<'_>, programme: usize, period: PeriodIx, position: usize) -> Expr {
    let mut rate = Expr::default();
    for cols in &builder.layout.pools {
        for training in cols.training.iter().filter(|training| training.programme == programme) {
            let by_slice = &training.cols[period];
            if let Some(col) = if by_slice.len() == 1 { by_slice.first() } else { by_slice.get(position) } {
                rate.add(*col, training.rate);
            }
        }
    }
    rate
}

/// Training tokens that pass the pipelines.
fn data(builder: &mut Builder<'_>, programme: usize, period: PeriodIx, position: usize, gtok_per_zflop: f64) {
    if gtok_per_zflop <= 0.0 {
        return;
    }
    let resolved = builder.resolved;
    for (pool, cols) in resolved.pools.iter().zip(&builder.layout.pools) {
        for training in cols.training.iter().filter(|training| training.programme == programme) {
            let by_slice = &training.cols[period];
            let col = if by_slice.len() == 1 { by_slice.first() } else { by_slice.get(position) };
            if let (Some(col), Some(handled)) = (col, builder.balance.handled[pool.place][period].get_mut(position)) {
                handled.add(*col, training.rate * gtok_per_zflop);
            }
        }
    }
}
