//! Tokens: what flows where, and which segments buy it.

use super::super::{Flow, Sale};
use super::Reading;
use crate::formulation::builder::{served, served_total};
use crate::formulation::layout::{DemandCols, Phase};
use crate::resolved::{DayIx, Demand, Ix as _, PeriodIx, PlaceIx, ProductIx, SliceIx, Window};

pub(super) fn flows(reading: &Reading<'_>) -> Vec<Flow> {
    let (resolved, layout) = (reading.resolved, &reading.formulation.layout);
    let mut flows = Vec::new();
    for (index, route) in resolved.routes.iter().enumerate() {
        let deferrable = resolved.products[route.product].deferrable;
        let outputs = deferrable.then(|| output_rates(reading, route.place, route.product));
        let windows: Vec<Vec<Window>> = reading.periods().map(|period| windows_of(reading, route.product, period)).collect();
        let answer_ttok = reading.by_period(|period| reading.value(&served_total(resolved, layout, index, period)));
        let gtok_per_hour = reading.by_slice(|period, position, slice| {
            if !deferrable {
                return reading.value(&served(resolved, layout, index, period, position));
            }
            // A deferrable route's share of what is made in the windows of its day, hour by hour as it is made.
            let calendar = &resolved.calendar;
            let day = calendar.slices[slice].day;
            let made = outputs.as_ref().and_then(|outputs| outputs.get(period.position()));
            let made_in = |slice: SliceIx| made.and_then(|made| made.get(slice.position())).copied().unwrap_or(0.0);
            let (mut of_route, mut of_all) = (0.0, 0.0);
            let windows = windows.get(period.position()).into_iter().flatten().enumerate();
            for (at, window) in windows.filter(|(_, window)| window.holds(day)) {
                of_route += window.days * reading.value(&served(resolved, layout, index, period, at));
                let of_part = |(day, days): &(DayIx, f64)| {
                    days * calendar.slices_of_day(*day).map(|slice| made_in(slice) * calendar.block_hours).sum::<f64>()
                };
                of_all += window.parts.iter().map(of_part).sum::<f64>();
            }
            if of_all > 0.0 { of_route * made_in(slice) / of_all } else { 0.0 }
        });
        flows.push(Flow {
            site: Some(route.place.position()),
            purchase: None,
            product: route.product.position(),
            market: route.market.position(),
            answer_ttok,
            gtok_per_hour,
        });
    }
    for (demand, cols) in resolved.demands.iter().zip(&layout.demands) {
        let deferrable = resolved.products[demand.product].deferrable;
        let windows: Vec<Vec<Window>> = reading.periods().map(|period| windows_of(reading, demand.product, period)).collect();
        for (purchase, bought) in &cols.bought {
            let rate = |period: PeriodIx, position: usize, slice: SliceIx| {
                if !deferrable {
                    return reading.maybe(bought[period].get(position).copied());
                }
                let day = resolved.calendar.slices[slice].day;
                // The mean of the windows that the day is in, by the days of each.
                let (mut tokens, mut days) = (0.0, 0.0);
                let windows = windows.get(period.position()).into_iter().flatten();
                for (window, col) in windows.zip(&bought[period]).filter(|(window, _)| window.holds(day)) {
                    let of_day = window.parts.iter().filter(|(part, _)| *part == day).map(|(_, days)| days).sum::<f64>();
                    tokens += of_day * reading.col(*col);
                    days += of_day;
                }
                if days > 0.0 { tokens / days / 24.0 } else { 0.0 }
            };
            let answer_ttok = reading
                .by_period(|period| reading.value(&crate::formulation::bought_ttok(resolved, demand.product, &bought[period], period)));
            flows.push(Flow {
                site: None,
                purchase: resolved.purchases.get(*purchase).map(|purchase| purchase.id.clone()),
                product: demand.product.position(),
                market: demand.market.position(),
                answer_ttok,
                gtok_per_hour: reading.by_slice(rate),
            });
        }
    }
    flows
}

/// The windows within which a deferrable product's work may be moved in a period; none for others.
fn windows_of(reading: &Reading<'_>, product: ProductIx, period: PeriodIx) -> Vec<Window> {
    let product = &reading.resolved.products[product];
    if product.deferrable { reading.resolved.calendar.windows(period, product.deferral) } else { Vec::new() }
}

/// What chips of a place make of a product, Gtok per hour, by period and slice.
fn output_rates(reading: &Reading<'_>, place: PlaceIx, product: ProductIx) -> Vec<Vec<f64>> {
    reading.by_slice(|period, position, _| {
        reading
            .resolved
            .pools
            .iter()
            .zip(&reading.formulation.layout.pools)
            .filter(|(pool, _)| pool.place == place)
            .flat_map(|(_, cols)| &cols.work)
            .filter(|work| work.product == product && work.phase != Phase::Prefill)
            .map(|work| work.rate[period] * reading.maybe(work.cols[period].get(position).copied()))
            .sum()
    })
}

pub(super) fn sales(reading: &Reading<'_>) -> Vec<Sale> {
    let mut sales = Vec::new();
    let demands = reading.resolved.demands.iter().zip(&reading.formulation.layout.demands);
    for ((demand, cols), prices) in demands.zip(reading.prices) {
        let price = |period: PeriodIx| prices.as_ref().and_then(|prices| prices.get(period.position()).copied().flatten());
        if let Some(curve) = &demand.curve {
            let sold_ttok = reading.by_period(|period| cols.sold[period].iter().map(|col| reading.col(*col)).sum::<f64>());
            let usd_per_mtok = reading.by_period(|period| price(period).unwrap_or(0.0));
            sales.push(Sale {
                market: demand.market.position(),
                product: demand.product.position(),
                segment: 0,
                of_tasks: false,
                revenue_musd: sold_ttok.iter().zip(&usd_per_mtok).map(|(sold, usd)| sold * usd).collect(),
                // The most that is offered at this price is what is bought.
                volume_ttok: reading.by_period(|period| price(period).map_or(0.0, |price| curve.shapes[period].volume(price))),
                usd_per_mtok,
                sold_ttok,
            });
            discount_what_is_shed(reading, (demand, cols), &mut sales);
            continue;
        }
        // Segments are interchangeable to tokens and cost: what is sold is put into the dearest first.
        // Tasks are asked for apart: what they got is their own.
        let of_tasks = |period: PeriodIx| reading.maybe(demand.tasks().and_then(|position| cols.sold[period].get(position).copied()));
        let all = |period: PeriodIx| cols.sold[period].iter().map(|col| reading.col(*col)).sum::<f64>();
        let mut left = reading.by_period(|period| all(period) - of_tasks(period));
        for (position, segment) in demand.segments.iter().enumerate() {
            if segment.of_tasks {
                let sold_ttok = reading.by_period(of_tasks);
                let nothing = reading.by_period(|_| 0.0);
                sales.push(Sale {
                    market: demand.market.position(),
                    product: demand.product.position(),
                    segment: position,
                    of_tasks: true,
                    usd_per_mtok: nothing.clone(),
                    volume_ttok: sold_ttok.clone(),
                    sold_ttok,
                    revenue_musd: nothing,
                });
                continue;
            }
            let volume_ttok: Vec<f64> = segment.volume_ttok.iter().copied().collect();
            let sold_ttok: Vec<f64> = left
                .iter_mut()
                .zip(&volume_ttok)
                .map(|(left, volume)| {
                    let sold = left.min(*volume).max(0.0);
                    *left -= sold;
                    sold
                })
                .collect();
            let revenue_musd = sold_ttok.iter().zip(segment.usd_per_mtok.iter()).map(|(sold, usd)| sold * usd).collect();
            sales.push(Sale {
                market: demand.market.position(),
                product: demand.product.position(),
                segment: position,
                of_tasks: false,
                usd_per_mtok: segment.usd_per_mtok.iter().copied().collect(),
                volume_ttok,
                sold_ttok,
                revenue_musd,
            });
        }
        if prices.is_some() {
            let own = |sale: &&mut Sale| sale.market == demand.market.position() && sale.product == demand.product.position();
            for sale in sales.iter_mut().filter(own) {
                let paid = sale.sold_ttok.iter().enumerate().map(|(at, sold)| sold * price(PeriodIx::new(at)).unwrap_or(0.0));
                sale.revenue_musd = paid.collect();
            }
        } else if reading.resolved.markets[demand.market].single_price {
            at_one_price(&mut sales, demand.market.position(), demand.product.position());
        }
        discount_what_is_shed(reading, (demand, cols), &mut sales);
    }
    sales
}

/// Takes the discount for what is shed off the revenue of its market and product, in proportion.
fn discount_what_is_shed(reading: &Reading<'_>, (demand, cols): (&Demand, &DemandCols), sales: &mut [Sale]) {
    let own = |sale: &Sale| sale.market == demand.market.position() && sale.product == demand.product.position();
    for period in reading.periods() {
        let discount = discount_musd(reading, (demand, cols), period);
        if discount <= 0.0 {
            continue;
        }
        let at = period.position();
        let of = |sale: &Sale| sale.revenue_musd.get(at).copied().unwrap_or(0.0);
        let all: f64 = sales.iter().filter(|sale| own(sale)).map(of).sum();
        let count = sales.iter().filter(|sale| own(sale)).count() as f64;
        for sale in sales.iter_mut().filter(|sale| own(sale)) {
            let share = if all > 0.0 { of(sale) / all } else { 1.0 / count };
            if let Some(revenue) = sale.revenue_musd.get_mut(at) {
                *revenue -= discount * share;
            }
        }
    }
}

/// Discount for what is shed of a demand in a period, M$.
pub(super) fn discount_musd(reading: &Reading<'_>, (demand, cols): (&Demand, &DemandCols), period: PeriodIx) -> f64 {
    let usd = reading.resolved.products[demand.product].shed_discount_usd_per_mtok[period];
    let slices = reading.resolved.calendar.slices_of[period].iter().zip(&cols.shed[period]);
    usd * slices.map(|(slice, col)| reading.hours(period, *slice) * reading.maybe(*col) * 1e-3).sum::<f64>()
}

/// Shares of what is sold below which a segment does not make the price.
const LEAST_SOLD: f64 = 1e-9;

/// A market that pays one price: everything of a product in a period at the lowest price sold.
fn at_one_price(sales: &mut [Sale], market: usize, product: usize) {
    let own = |sale: &Sale| sale.market == market && sale.product == product;
    let periods = sales.iter().map(|sale| sale.sold_ttok.len()).max().unwrap_or(0);
    for period in 0..periods {
        let sold = |sale: &Sale| sale.sold_ttok.get(period).copied().unwrap_or(0.0);
        let all: f64 = sales.iter().filter(|sale| own(sale)).map(sold).sum();
        let making = sales.iter().filter(|sale| own(sale) && sold(sale) > LEAST_SOLD * all);
        let price = making.filter_map(|sale| sale.usd_per_mtok.get(period)).copied().fold(f64::INFINITY, f64::min);
        for sale in sales.iter_mut().filter(|sale| own(sale)) {
            let sold = sale.sold_ttok.get(period).copied().unwrap_or(0.0);
            if let Some(revenue) = sale.revenue_musd.get_mut(period).filter(|_| price.is_finite()) {
                *revenue = sold * price;
            }
        }
    }
}
