//! Columns. They exist only where they can be non-zero: no order without supply, no work for a chip
//! never alive in the period, no route out of reach, no draw of a contract not in force.
//!
//! Two reductions keep the optimum and save a third of the matrix: a product whose only pool at a
//! place does its own prefill has one work column instead of two (the harmonic rule), and a market
//! with a single source has no `served` columns (they are written in terms of what is sold).

use super::Builder;
use super::builder::When;
use super::flexible;
use super::layout::{ContractCols, DemandCols, HallCols, Phase, PoolCols, Served, TrainingWork, Work};
use super::program::Col;
use crate::resolved::supply::Plant;
use crate::resolved::{Calendar, Contract, Deferral, Drain, Ix as _, PeriodIx, Pool, Product, Rate, SliceIx, Table};

/// Declares every column but those of a family's own (peaks, matched energy).
pub fn add(builder: &mut Builder<'_>) {
    pools(builder);
    halls(builder);
    pipelines(builder);
    contracts(builder);
    demands(builder);
}

/// Whether a pool can have chips in a period.
pub fn alive(builder: &Builder<'_>, pool: &Pool, period: PeriodIx) -> bool {
    let chip = &builder.resolved.chips[pool.chip];
    pool.rental.as_ref().is_some_and(|rental| rental.at_most[period] > 0.0)
        || pool.existing[period] > 0.0
        || pool.orders_in.iter().any(|order| Pool::serves(chip, *order, period))
}

fn pools(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    for (index, pool) in resolved.pools.iter().enumerate() {
        let chip = &resolved.chips[pool.chip];
        let ids = [resolved.places[pool.place].id.as_str(), chip.id.as_str()];
        let alive: Table<PeriodIx, bool> = Table::build(&calendar.periods, |period| alive(builder, pool, period));
        let order_unit = if resolved.whole.racks { chip.chips_per_rack * 1e-3 } else { 1.0 };
        let orders: Vec<(PeriodIx, Col)> = pool
            .orders_in
            .iter()
            .map(|order| {
                let col = builder.column("orders", &ids, When::period(*order), f64::INFINITY);
                if resolved.whole.racks
                    && let Some(column) = builder.program.columns.get_mut(col.0 as usize)
                {
                    column.whole = true;
                }
                (*order, col)
            })
            .collect();
        let owned = pool.rental.is_none();
        let in_service = Table::build(&calendar.periods, |period| {
            (owned && alive[period]).then(|| builder.column("in_service", &ids, When::period(period), f64::INFINITY))
        });
        let powered = Table::build(&calendar.periods, |period| {
            if owned && alive[period] && chip.drain == Drain::PerDay {
                calendar.days_of[period]
                    .iter()
                    .map(|day| builder.column("powered", &ids, When::slice(period, day.position()), f64::INFINITY))
                    .collect()
            } else {
                Vec::new()
            }
        });
        let rented = Table::build(&calendar.periods, |period| match &pool.rental {
            Some(rental) if alive[period] => {
                let path = format!("rentals.{}.at_most", rental.id);
                let upper = rental.at_most[period];
                let slices: Vec<When> = if rental.committed {
                    vec![When::period(period)]
                } else {
                    calendar.slices_of[period].iter().map(|slice| When::slice(period, slice.position())).collect()
                };
                let limit = builder.limit(path, "chips", upper * 1e3, 1e-3);
                slices
                    .into_iter()
                    .map(|when| {
                        let col = builder.column("rented", &ids, when, upper);
                        builder.limit_column(col, limit);
                        col
                    })
                    .collect()
            }
            _ => Vec::new(),
        });
        let work = work(builder, index, pool, &alive);
        let training = if owned { training(builder, pool, &alive) } else { Vec::new() };
        let mut subsidies = Vec::new();
        for (policy, _) in &pool.capped_subsidies {
            let name = resolved.subsidies.get(*policy).map_or("", |subsidy| subsidy.id.as_str());
            for order in &pool.orders_in {
                subsidies.push((*policy, *order, builder.column("subsidy", &[ids[0], ids[1], name], When::period(*order), f64::INFINITY)));
            }
        }
        for (position, of) in work.iter().enumerate() {
            builder.makers[pool.place][of.product].push((index, position));
        }
        builder.layout.pools.push(PoolCols { orders, order_unit, in_service, powered, rented, work, training, subsidies });
    }
}

/// Work columns of a pool: pooled where the product has no prompts, is served as one, or no other
/// pool at the place could share the work; else prefill and decode.
fn work(builder: &mut Builder<'_>, index: usize, pool: &Pool, alive: &Table<PeriodIx, bool>) -> Vec<Work> {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    let ids = [resolved.places[pool.place].id.as_str(), resolved.chips[pool.chip].id.as_str()];
    let mut all = Vec::new();
    for (product_index, product) in resolved.products.pairs() {
        let reached = resolved.routes.iter().any(|route| route.place == pool.place && route.product == product_index);
        let rates = &pool.rates[product_index];
        if !reached || rates.iter().all(Option::is_none) {
            continue;
        }
        let others = resolved.pools.iter().enumerate().any(|(other, of)| {
            other != index
                && of.place == pool.place
                && of.rates[product_index].iter().flatten().any(|rate| rate.decode > 0.0 || rate.prefill > 0.0)
        });
        let pooled = !product.disaggregated || !product.has_prompts() || !others;
        let by_period = |tokens: &dyn Fn(PeriodIx, &Rate) -> f64| -> Table<PeriodIx, f64> {
            rates.pairs().map(|(period, rate)| rate.as_ref().map_or(0.0, |rate| tokens(period, rate))).collect()
        };
        let phases: Vec<(Phase, &'static str, Table<PeriodIx, f64>)> = if pooled {
            vec![(Phase::Pooled, "work", by_period(&|period, rate| rate.pooled(product.ask(period).prompt_per_answer)))]
        } else {
            vec![
                (Phase::Decode, "work_decode", by_period(&|_, rate| rate.decode)),
                (
                    Phase::Prefill,
                    "work_prefill",
                    by_period(&|period, rate| if product.ask(period).prompt_per_answer > 0.0 { rate.prefill } else { 0.0 }),
                ),
            ]
        };
        let phases = phases.into_iter().filter(|(_, _, tokens)| tokens.iter().any(|tokens| *tokens > 0.0));
        // Rented chips are run by whoever rents them out.
        let ways = resolved.chips[pool.chip].ways().filter(|(point, ..)| point.is_none() || pool.rental.is_none());
        for ((phase, noun, full), (point, active_kw, speed)) in phases.flat_map(|phase| ways.clone().map(move |way| (phase.clone(), way))) {
            let tokens: Table<PeriodIx, f64> = full.iter().map(|tokens| tokens * speed).collect();
            let named = [ids[0], ids[1], &product.id, point.unwrap_or_default()];
            let named = named.get(..if point.is_some() { 4 } else { 3 }).unwrap_or(&named);
            let cols = Table::build(&calendar.periods, |period| {
                if alive[period] && product.exists(period) && tokens[period] > 0.0 {
                    let slices = &calendar.slices_of[period];
                    slices.iter().map(|slice| builder.column(noun, named, When::slice(period, slice.position()), f64::INFINITY)).collect()
                } else {
                    Vec::new()
                }
            });
            all.push(Work { product: product_index, phase, active_kw, rate: tokens, cols });
        }
    }
    all
}

fn training(builder: &mut Builder<'_>, pool: &Pool, alive: &Table<PeriodIx, bool>) -> Vec<TrainingWork> {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    let ids = [resolved.places[pool.place].id.as_str(), resolved.chips[pool.chip].id.as_str()];
    let mut all = Vec::new();
    for (index, programme) in resolved.training.iter().enumerate() {
        if programme.place.is_some_and(|place| place != pool.place) {
            continue;
        }
        let Some((_, rate)) = programme.chips.iter().find(|(chip, _)| *chip == pool.chip) else { continue };
        for (point, active_kw, speed) in resolved.chips[pool.chip].ways() {
            let names = [ids[0], ids[1], programme.id.as_str(), point.unwrap_or_default()];
            let names = names.get(..if point.is_some() { 4 } else { 3 }).unwrap_or(&names);
            let cols = Table::build(&calendar.periods, |period| {
                if !alive[period] || !programme.window.contains(&period) {
                    return Vec::new();
                }
                match programme.floor {
                    None => vec![builder.column("training", names, When::period(period), f64::INFINITY)],
                    Some(_) => calendar.slices_of[period]
                        .iter()
                        .map(|slice| builder.column("training", names, When::slice(period, slice.position()), f64::INFINITY))
                        .collect(),
                }
            });
            all.push(TrainingWork { programme: index, active_kw, rate: rate * speed, cols });
        }
    }
    all
}

fn halls(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (place_index, place) in resolved.places.pairs() {
        let Some(site) = &place.site else { continue };
        for (kind, hall) in site.buildable.iter().enumerate() {
            let mut orders = Vec::new();
            for period in resolved.calendar.periods.keys().filter(|period| period.position() + hall.lead < resolved.calendar.periods.len())
            {
                if hall.at_most > 0.0 {
                    let col = builder.column("halls", &[&place.id, &hall.id], When::period(period), f64::INFINITY);
                    if let Some(column) = builder.program.columns.get_mut(col.0 as usize) {
                        column.whole = resolved.whole.halls;
                    }
                    orders.push((period, col));
                }
            }
            builder.layout.halls.push(HallCols { place: place_index, kind, orders });
        }
    }
}

fn pipelines(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    builder.layout.pipelines = resolved
        .places
        .iter()
        .map(|place| {
            let mut orders = Vec::new();
            let Some(pipeline) = place.site.as_ref().and_then(|site| site.pipeline.as_ref()) else { return orders };
            if pipeline.expand_at_most_gtok_per_hour > 0.0 {
                for period in
                    resolved.calendar.periods.keys().filter(|period| period.position() + pipeline.lead < resolved.calendar.periods.len())
                {
                    orders.push((period, builder.column("pipeline", &[&place.id], When::period(period), f64::INFINITY)));
                }
            }
            orders
        })
        .collect();
}

fn contracts(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    for contract in &resolved.contracts {
        let id = contract.id.as_str();
        let nowhere = || Table::build(&calendar.periods, |_| Vec::new());
        let mut cols = ContractCols {
            short: Table::build(&calendar.periods, |_| None),
            charge: nowhere(),
            discharge: nowhere(),
            charge_state: nowhere(),
            day_level: Table::build(&calendar.periods, |_| Vec::new()),
            peaks: nowhere(),
            ..ContractCols::default()
        };
        if let Some(size) = &contract.facets.size {
            let col = builder.column("contract_mw", &[id], When::HORIZON, size.most_mw);
            let limit = builder.limit(size.path.clone(), "MW", size.most_mw, 1.0);
            builder.limit_column(col, limit);
            if let Some(column) = builder.program.columns.get_mut(col.0 as usize) {
                column.lower = size.least_mw;
            }
            cols.contract_mw = Some(col);
        }
        if let Some(plant) = &contract.facets.plant {
            cols.orders = plant_orders(builder, contract, plant);
        }
        if contract.facets.store.is_some() {
            let mut by_slice = |noun: &'static str| -> Table<PeriodIx, Vec<Col>> {
                Table::build(&calendar.periods, |period| {
                    let slices = calendar.slices_of[period].iter().filter(|_| contract.in_force[period]);
                    slices.map(|slice| builder.column(noun, &[id], When::slice(period, slice.position()), f64::INFINITY)).collect()
                })
            };
            cols.charge = by_slice("charge");
            cols.discharge = by_slice("discharge");
            cols.charge_state = by_slice("charge_state");
        }
        cols.draw = Table::build(&calendar.periods, |period| {
            if !contract.is_drawn() || !contract.in_force[period] {
                return Vec::new();
            }
            let mut draw = |slice: SliceIx| builder.column("draw", &[id], When::slice(period, slice.position()), f64::INFINITY);
            calendar.slices_of[period].iter().map(|slice| contract.can_draw(period, *slice).then(|| draw(*slice))).collect()
        });
        builder.layout.contracts.push(cols);
    }
}

fn plant_orders(builder: &mut Builder<'_>, contract: &Contract, plant: &Plant) -> Vec<(PeriodIx, Col)> {
    // A fixed amount is ordered once, as early as it can serve; up to an amount, at any time: up to
    // nothing too, so that what more would be worth is known.
    let mut possible = contract.orders_in(plant.lead);
    if plant.least > 0.0 {
        possible.truncate(1);
    }
    let noun = if contract.facets.store.is_some() { "battery_mwh" } else { "onsite_mw" };
    possible.into_iter().map(|order| (order, builder.column(noun, &[&contract.id], When::period(order), f64::INFINITY))).collect()
}

fn demands(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    builder.layout.routes = resolved.routes.iter().map(|_| Table::build(&calendar.periods, |_| Served::None)).collect();
    for demand in &resolved.demands {
        let product = &resolved.products[demand.product];
        let market = &resolved.markets[demand.market];
        let routes: Vec<usize> = resolved
            .routes
            .iter()
            .enumerate()
            .filter(|(_, route)| route.market == demand.market && route.product == demand.product)
            .map(|(index, _)| index)
            .collect();
        let purchases: Vec<usize> = resolved
            .purchases
            .iter()
            .enumerate()
            .filter(|(_, purchase)| purchase.product == demand.product && !purchase.banned[demand.market])
            .map(|(index, _)| index)
            .collect();
        let mut bought: Vec<(usize, Table<PeriodIx, Vec<Col>>)> = Vec::new();
        for purchase_index in purchases {
            let Some(purchase) = resolved.purchases.get(purchase_index) else { continue };
            let cols = Table::build(&calendar.periods, |period| {
                if !product.exists(period) || purchase.at_most_gtok_per_day[period] <= 0.0 {
                    return Vec::new();
                }
                let names = [purchase.id.as_str(), market.id.as_str()];
                positions(calendar, period, product)
                    .into_iter()
                    .map(|position| builder.column("bought", &names, When::slice(period, position), f64::INFINITY))
                    .collect()
            });
            bought.push((purchase_index, cols));
        }
        let mut sold: Table<PeriodIx, Vec<Col>> = Table::default();
        let mut shedding = flexible::Shedding::new(calendar);
        for period in calendar.periods.keys() {
            let sources: Vec<usize> = routes
                .iter()
                .copied()
                .filter(|route| {
                    resolved.routes.get(*route).is_some_and(|route| {
                        let of_place = |(pool, cols): (&Pool, &PoolCols)| {
                            pool.place == route.place
                                && cols.work.iter().any(|work| {
                                    work.product == route.product && work.phase != Phase::Prefill && !work.cols[period].is_empty()
                                })
                        };
                        resolved.pools.iter().zip(&builder.layout.pools).any(of_place)
                    })
                })
                .collect();
            let buys = bought.iter().any(|(_, cols)| !cols[period].is_empty());
            if (sources.is_empty() && !buys) || !product.exists(period) {
                sold.push(Vec::new());
                continue;
            }
            let flexible = flexible::may_shed(resolved, demand, &sources, period);
            let single = sources.len() == 1 && !buys && !flexible;
            for route in sources {
                let Some(from) = resolved.routes.get(route) else { continue };
                let form = if single {
                    Served::Share
                } else {
                    let names = [resolved.places[from.place].id.as_str(), product.id.as_str(), market.id.as_str()];
                    Served::Cols(
                        positions(calendar, period, product)
                            .into_iter()
                            .map(|position| builder.column("served", &names, When::slice(period, position), f64::INFINITY))
                            .collect(),
                    )
                };
                if let Some(forms) = builder.layout.routes.get_mut(route) {
                    forms[period] = form;
                }
            }
            let names = [market.id.as_str(), product.id.as_str()];
            let cols = demand
                .segments
                .iter()
                .enumerate()
                .map(|(position, segment)| {
                    if segment.of_tasks {
                        // As much as tasks ask, which the rows of routing say.
                        return builder.column("sold", &names, When::slice(period, position), f64::INFINITY);
                    }
                    let path = format!("markets.{}.demand.{}.segments.{}.answer_gtok_per_day", market.id, product.id, segment.position);
                    let volume = segment.volume_ttok[period];
                    let col = builder.column("sold", &names, When::slice(period, position), volume);
                    // Steps of a curve are ours, no limits of the plan.
                    if demand.curve.is_some() {
                        return col;
                    }
                    let per_plan = segment.ttok_per_gtok_per_day[period];
                    let value = if per_plan > 0.0 { volume / per_plan } else { 0.0 };
                    let limit = builder.limit(path, "Gtok/day", value, per_plan);
                    builder.limit_column(col, limit);
                    col
                })
                .collect();
            sold.push(cols);
            if flexible {
                let most: f64 = demand.segments.iter().map(|segment| segment.volume_ttok[period]).sum();
                flexible::columns(builder, (demand, most), period, &mut shedding);
            }
        }
        builder.layout.demands.push(DemandCols {
            sold,
            asked: shedding.asked,
            shed: shedding.shed,
            paid_back: shedding.paid_back,
            routes,
            bought,
        });
    }
}

/// Indices of the slices of a period, or of the windows within which a product's work may be moved.
pub fn positions(calendar: &Calendar, period: PeriodIx, product: &Product) -> Vec<usize> {
    if product.deferrable && product.deferral == Deferral::Day {
        calendar.days_of[period].iter().map(|day| day.position()).collect()
    } else if product.deferrable {
        (0..calendar.windows(period, product.deferral).len()).collect()
    } else {
        calendar.slices_of[period].iter().map(|slice| slice.position()).collect()
    }
}
