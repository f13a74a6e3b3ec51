//! Chips serving products: replicas, and how their time is split.

use super::super::serving::ServingAt;
use super::Reading;
use crate::formulation::layout::{Phase, PoolCols};
use crate::resolved::{Ix as _, PeriodIx, Pool, ProductIx};

/// Every chip and product at a place where work is done.
pub(in super::super) fn serving(reading: &Reading<'_>) -> Vec<ServingAt> {
    let resolved = reading.resolved;
    let mut all = Vec::new();
    for (pool, cols) in resolved.pools.iter().zip(&reading.formulation.layout.pools) {
        for product in resolved.products.keys() {
            let by_period: Vec<[f64; 2]> = reading.periods().map(|period| chips_at_work(reading, (pool, cols), product, period)).collect();
            if by_period.iter().flatten().all(|chips| *chips <= 0.0) {
                continue;
            }
            all.push(ServingAt {
                site: pool.place.position(),
                chip: pool.chip.position(),
                product: product.position(),
                replicas: pool.rates[product].iter().map(|rate| rate.as_ref().map(|rate| rate.replica)).collect(),
                prefill_chips: by_period.iter().map(|[prefill, _]| *prefill).collect(),
                decode_chips: by_period.iter().map(|[_, decode]| *decode).collect(),
                standing_chips: reading.by_period(|period| standing(reading, cols, product, period)),
            });
        }
    }
    all
}

/// Chips that prefill and that decode, mean over a period. One pool's time is split by how long each takes.
fn chips_at_work(reading: &Reading<'_>, (pool, cols): (&Pool, &PoolCols), product: ProductIx, period: PeriodIx) -> [f64; 2] {
    let resolved = reading.resolved;
    let calendar = &resolved.calendar;
    let mut chips = [0.0; 2];
    for work in cols.work.iter().filter(|work| work.product == product) {
        let hours: f64 = calendar.slices_of[period]
            .iter()
            .zip(&work.cols[period])
            .map(|(slice, col)| reading.hours(period, *slice) * reading.col(*col))
            .sum();
        let mean = hours.max(0.0) * 1e3 / calendar.period_hours(period);
        let prefilling = match (work.phase, &pool.rates[product][period]) {
            (Phase::Prefill, _) => 1.0,
            (Phase::Pooled, Some(rate)) if rate.prefill > 0.0 => {
                let prompts = resolved.products[product].prompt_per_answer;
                prompts / rate.prefill / (prompts / rate.prefill + 1.0 / rate.decode.max(f64::MIN_POSITIVE))
            }
            _ => 0.0,
        };
        chips[0] += mean * prefilling;
        chips[1] += mean * (1.0 - prefilling);
    }
    chips
}

/// Chips that stand while the product is worked on: in service, or rented in the slices with work.
fn standing(reading: &Reading<'_>, cols: &PoolCols, product: ProductIx, period: PeriodIx) -> f64 {
    if let Some(col) = cols.in_service[period] {
        return reading.col(col) * 1e3;
    }
    match cols.rented[period].as_slice() {
        [] => 0.0,
        [one] => reading.col(*one) * 1e3,
        many => {
            let works = |position: usize| {
                let of_product = cols.work.iter().filter(|work| work.product == product);
                of_product.map(|work| reading.maybe(work.cols[period].get(position).copied())).sum::<f64>() * 1e3 > 1e-4
            };
            let fewest = many.iter().enumerate().filter(|(position, _)| works(*position)).map(|(_, col)| reading.col(*col) * 1e3);
            let fewest = fewest.fold(f64::INFINITY, f64::min);
            if fewest.is_finite() { fewest } else { 0.0 }
        }
    }
}
