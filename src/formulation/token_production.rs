//! Token production.
//!
//! For each site s, product m and slice t, with work in thousand chips and rates in Gtok per hour and
//! thousand chips (tok/s · 3.6e-3):
//!
//!   Σ_r served = Σ_c decode_rate·work\[decode] + Σ_c pooled_rate·work\[pooled]
//!   prompt_per_answer · Σ_r served = Σ_c prefill_rate·work\[prefill] + prompt_per_answer·Σ_c pooled_rate·work\[pooled]
//!
//! Work makes tokens, or it is not done: with "at most" idle chips burn power that is paid for taking
//! or that counts as green, and call it work. So the rows also stand where nothing can be served (no
//! chip that answers is alive, or the markets want nothing in that slice): there they hold work at zero.
//!
//! Written with prefill and decode apart, chips share the two as suits them; for one pool this gives
//! the harmonic rule, which the pooled rate states directly. A deferrable product's output per slice
//! takes the place of `served`, and over each window w of n days within
//! which it may be moved (day, week or period; n\[d] of them of the representative day d)
//!
//!   Σ_d n\[d]/n · β · Σ_{h of d} output = Σ_r served\[w]                     (Gtok per day)
//!
//! Duals here are not unique and never shown as facts.

use super::Builder;
use super::builder::{Bound, When};
use super::expr::Expr;
use super::layout::{Output, Phase, Served};
use super::variables::positions;
use crate::resolved::{Ix as _, PeriodIx, PlaceIx, ProductIx, Table};

/// Adds the rows.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for place in resolved.places.keys() {
        for product in resolved.products.keys() {
            if builder.makers[place][product].is_empty() {
                continue;
            }
            if resolved.products[product].deferrable {
                deferrable(builder, place, product);
            } else {
                interactive(builder, place, product);
            }
        }
    }
}

/// Tokens the chips of a place can make in a slice, by phase.
struct Capacity {
    decode: Expr,
    prefill: Expr,
    pooled: Expr,
    split: bool,
}

fn capacity(builder: &Builder<'_>, place: PlaceIx, product: ProductIx, period: PeriodIx, position: usize) -> Capacity {
    let mut capacity = Capacity { decode: Expr::default(), prefill: Expr::default(), pooled: Expr::default(), split: false };
    for (pool, work) in &builder.makers[place][product] {
        let Some(work) = builder.layout.pools.get(*pool).and_then(|cols| cols.work.get(*work)) else { continue };
        capacity.split |= work.phase != Phase::Pooled;
        let Some(col) = work.cols[period].get(position) else { continue };
        match work.phase {
            Phase::Pooled => capacity.pooled.add(*col, work.rate[period]),
            Phase::Decode => capacity.decode.add(*col, work.rate[period]),
            Phase::Prefill => capacity.prefill.add(*col, work.rate[period]),
        };
    }
    capacity
}

/// Rows that make `tokens` exactly what the chips' work gives.
fn made_by_work(
    builder: &mut Builder<'_>,
    place: PlaceIx,
    product: ProductIx,
    period: PeriodIx,
    position: usize,
    slice: usize,
    tokens: &Expr,
) {
    let resolved = builder.resolved;
    let ids = [resolved.places[place].id.as_str(), resolved.products[product].id.as_str()];
    let capacity = capacity(builder, place, product, period, position);
    let when = When::slice(period, slice);
    let mut decode = tokens.clone();
    decode.add_expr(&capacity.decode, -1.0).add_expr(&capacity.pooled, -1.0);
    builder.row("token_production", "decoded", &ids, when, decode, Bound::Equal(0.0), None);
    let prompts = resolved.products[product].prompt_per_answer;
    if capacity.split && prompts > 0.0 {
        let mut prefill = Expr::default();
        prefill.add_expr(tokens, prompts).add_expr(&capacity.prefill, -1.0).add_expr(&capacity.pooled, -prompts);
        builder.row("token_production", "prefilled", &ids, when, prefill, Bound::Equal(0.0), None);
    }
}

/// Routes of a product from a place.
fn routes(builder: &Builder<'_>, place: PlaceIx, product: ProductIx) -> Vec<usize> {
    builder
        .resolved
        .routes
        .iter()
        .enumerate()
        .filter(|(_, route)| route.place == place && route.product == product)
        .map(|(index, _)| index)
        .collect()
}

fn flows(builder: &Builder<'_>, routes: &[usize], period: PeriodIx) -> bool {
    routes.iter().any(|route| builder.layout.routes.get(*route).is_some_and(|forms| !matches!(forms[period], Served::None)))
}

fn interactive(builder: &mut Builder<'_>, place: PlaceIx, product: ProductIx) {
    let resolved = builder.resolved;
    let routes = routes(builder, place, product);
    let per_answer = 1.0 + resolved.products[product].full_prompt_per_answer;
    for period in resolved.calendar.periods.keys() {
        for (position, slice) in resolved.calendar.slices_of[period].iter().enumerate() {
            let mut served = Expr::default();
            for route in &routes {
                served.add_expr(&builder.served(*route, period, position), 1.0);
            }
            made_by_work(builder, place, product, period, position, slice.position(), &served);
            if let Some(handled) = builder.balance.handled[place][period].get_mut(position) {
                handled.add_expr(&served, per_answer);
            }
        }
    }
}

fn deferrable(builder: &mut Builder<'_>, place: PlaceIx, product: ProductIx) {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    let routes = routes(builder, place, product);
    let ids = [resolved.places[place].id.as_str(), resolved.products[product].id.as_str()];
    let per_answer = 1.0 + resolved.products[product].full_prompt_per_answer;
    let mut outputs: Table<PeriodIx, Vec<Expr>> = Table::default();
    for period in calendar.periods.keys() {
        if !flows(builder, &routes, period) {
            for (position, slice) in calendar.slices_of[period].iter().enumerate() {
                made_by_work(builder, place, product, period, position, slice.position(), &Expr::default());
            }
            outputs.push(Vec::new());
            continue;
        }
        let mut by_slice = Vec::new();
        for (position, slice) in calendar.slices_of[period].iter().enumerate() {
            let capacity = capacity(builder, place, product, period, position);
            // With pooled work alone, output is that work; no column and no row are needed.
            let output = if capacity.split {
                let col = builder.column("output", &ids, When::slice(period, slice.position()), f64::INFINITY);
                let output = Expr::col(col);
                made_by_work(builder, place, product, period, position, slice.position(), &output);
                output
            } else {
                capacity.pooled
            };
            if let Some(handled) = builder.balance.handled[place][period].get_mut(position) {
                handled.add_expr(&output, per_answer);
            }
            by_slice.push(output);
        }
        let product = &resolved.products[product];
        for (at, (window, key)) in calendar.windows(period, product.deferral).iter().zip(positions(calendar, period, product)).enumerate() {
            let mut row = Expr::default();
            for (slice, output) in calendar.slices_of[period].iter().zip(&by_slice) {
                if let Some((_, days)) = window.parts.iter().find(|(day, _)| *day == calendar.slices[*slice].day) {
                    row.add_expr(output, calendar.block_hours * days / window.days);
                }
            }
            for route in &routes {
                row.add_expr(&builder.served(*route, period, at), -1.0);
            }
            builder.row("token_production", "output_of_window", &ids, When::slice(period, key), row, Bound::Equal(0.0), None);
        }
        outputs.push(by_slice);
    }
    builder.layout.outputs.push(Output { place, product, rate: outputs });
}
