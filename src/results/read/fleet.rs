//! Chips and halls at their places.

use super::super::{ChipsAt, HallsAt, Results};
use super::Reading;
use crate::formulation::layout::{Phase, PoolCols};
use crate::resolved::{Ix as _, PeriodIx, ProductIx};

pub(super) fn fleet(reading: &Reading<'_>, results: &Results) -> Vec<ChipsAt> {
    let resolved = reading.resolved;
    let calendar = &resolved.calendar;
    let mut fleet: Vec<ChipsAt> = Vec::new();
    for (index, (pool, cols)) in resolved.pools.iter().zip(&reading.formulation.layout.pools).enumerate() {
        let chip = &resolved.chips[pool.chip];
        let in_service = reading.by_period(|period| reading.maybe(cols.in_service[period]) * 1e3);
        let rented = reading.by_period(|period| {
            let by_slice = &cols.rented[period];
            match by_slice.as_slice() {
                [] => 0.0,
                [one] => reading.col(*one) * 1e3,
                many => {
                    let total: f64 = calendar.slices_of[period]
                        .iter()
                        .zip(many)
                        .map(|(slice, col)| calendar.hours(period, *slice) * reading.col(*col))
                        .sum();
                    total * 1e3 / calendar.period_hours(period)
                }
            }
        });
        let ordered = |of: &dyn Fn(PeriodIx) -> bool| -> f64 {
            cols.orders.iter().filter(|(order, _)| of(*order)).map(|(_, col)| reading.col(*col) * cols.order_unit * 1e3).sum()
        };
        let orders = reading.by_period(|period| ordered(&|order| order == period));
        let arrivals = reading.by_period(|period| ordered(&|order| order.position() + chip.lead == period.position()));
        let worked = reading.by_period(|period| {
            let by_slice = reading.formulation.layout.work.get(index).map(|work| &work[period]);
            calendar.slices_of[period]
                .iter()
                .zip(by_slice.into_iter().flatten())
                .map(|(slice, work)| calendar.hours(period, *slice) * reading.value(work) * 1e3)
                .sum::<f64>()
                / calendar.period_hours(period)
        });
        let chips: Vec<f64> = in_service.iter().zip(&rented).map(|(own, rented)| own + rented).collect();
        let made = |product: ProductIx, period: PeriodIx| -> f64 { made_ttok(reading, cols, product, period) };
        let answer_ttok = reading
            .periods()
            .map(|period| {
                resolved
                    .products
                    .keys()
                    .map(|product| {
                        let own = made(product, period);
                        if own <= 0.0 {
                            return 0.0;
                        }
                        // Chips may make a hair more than is served; shares are of what is served.
                        let of_place: f64 = resolved
                            .pools
                            .iter()
                            .zip(&reading.formulation.layout.pools)
                            .filter(|(other, _)| other.place == pool.place)
                            .map(|(_, cols)| made_ttok(reading, cols, product, period))
                            .sum();
                        let served: f64 = results
                            .flows
                            .iter()
                            .filter(|flow| flow.site == Some(pool.place.position()) && flow.product == product.position())
                            .map(|flow| flow.answer_ttok.get(period.position()).copied().unwrap_or(0.0))
                            .sum();
                        if of_place > 0.0 { own * served / of_place } else { 0.0 }
                    })
                    .collect()
            })
            .collect();
        fleet.push(ChipsAt {
            site: pool.place.position(),
            chip: pool.chip.position(),
            all_in_mw: in_service.iter().map(|chips| chips * chip.all_in_kw * 1e-3).collect(),
            racks: in_service.iter().map(|chips| chips / chip.chips_per_rack).collect(),
            utilisation: worked.iter().zip(&chips).map(|(worked, chips)| if *chips > 1e-9 { worked / chips } else { 0.0 }).collect(),
            in_service,
            orders,
            arrivals,
            rented,
            answer_ttok,
        });
    }
    fleet
}

fn made_ttok(reading: &Reading<'_>, cols: &PoolCols, product: ProductIx, period: PeriodIx) -> f64 {
    cols.work
        .iter()
        .filter(|work| work.product == product && work.phase != Phase::Prefill)
        .map(|work| {
            reading.resolved.calendar.slices_of[period]
                .iter()
                .zip(&work.cols[period])
                .map(|(slice, col)| reading.hours(period, *slice) * work.rate[period] * reading.col(*col) * 1e-3)
                .sum::<f64>()
        })
        .sum()
}

pub(super) fn halls(reading: &Reading<'_>) -> Vec<HallsAt> {
    let resolved = reading.resolved;
    let mut halls = Vec::new();
    for (place_index, place) in resolved.places.pairs() {
        let Some(site) = &place.site else { continue };
        for hall in &site.halls {
            halls.push(HallsAt {
                site: place_index.position(),
                id: hall.id.clone(),
                existing: true,
                it_mw: hall.it_mw,
                liquid: hall.liquid,
                rack_positions: hall.rack_positions,
                orders: reading.by_period(|_| 0.0),
                in_service: reading.by_period(|period| if hall.serves(period) { 1.0 } else { 0.0 }),
            });
        }
        for cols in reading.formulation.layout.halls.iter().filter(|cols| cols.place == place_index) {
            let Some(kind) = site.buildable.get(cols.kind) else { continue };
            let total = |of: &dyn Fn(usize) -> bool| -> f64 {
                cols.orders.iter().filter(|(order, _)| of(order.position())).map(|(_, col)| reading.col(*col)).sum()
            };
            halls.push(HallsAt {
                site: place_index.position(),
                id: kind.id.clone(),
                existing: false,
                it_mw: kind.it_mw,
                liquid: kind.liquid,
                rack_positions: kind.rack_positions,
                orders: reading.by_period(|period| total(&|order| order == period.position())),
                in_service: reading
                    .by_period(|period| total(&|order| (order + kind.lead..order + kind.lead + kind.life).contains(&period.position()))),
            });
        }
    }
    halls
}
