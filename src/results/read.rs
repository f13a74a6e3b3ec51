//! From the solver's point to tables in plan units.

use super::{
    ChipsAt, ContractInfo, DayInfo, Flow, HallsAt, MarketInfo, Named, PeriodInfo, PeriodMoney, Results, Sale, SiteInfo, SitePower,
    SliceInfo, SupplyKind,
};
use crate::formulation::builder::{served, served_total};
use crate::formulation::expr::Expr;
use crate::formulation::layout::Phase;
use crate::formulation::program::Col;
use crate::formulation::{Formulation, cost::CostPart};
use crate::scenario::{ContractIx, Ix as _, Market, PeriodIx, PlaceIx, Pool, ProductIx, Scenario, SliceIx, Terms};

/// A point and what it is a point of.
pub(super) struct Reading<'a> {
    pub scenario: &'a Scenario,
    pub formulation: &'a Formulation,
    pub point: &'a [f64],
}

impl Reading<'_> {
    fn col(&self, col: Col) -> f64 {
        self.point.get(col.0 as usize).copied().unwrap_or(0.0)
    }

    fn maybe(&self, col: Option<Col>) -> f64 {
        col.map_or(0.0, |col| self.col(col))
    }

    fn value(&self, expr: &Expr) -> f64 {
        expr.value(self.point)
    }

    fn periods(&self) -> impl Iterator<Item = PeriodIx> + use<> {
        self.scenario.calendar.periods.keys()
    }

    fn by_period(&self, value: impl FnMut(PeriodIx) -> f64) -> Vec<f64> {
        self.periods().map(value).collect()
    }

    /// Values by period and slice over all slices of the plan (zero where a slice does not exist).
    fn by_slice(&self, mut value: impl FnMut(PeriodIx, usize, SliceIx) -> f64) -> Vec<Vec<f64>> {
        let calendar = &self.scenario.calendar;
        self.periods()
            .map(|period| {
                let mut row = vec![0.0; calendar.slices.len()];
                for (position, slice) in calendar.slices_of[period].iter().enumerate() {
                    if let Some(cell) = row.get_mut(slice.position()) {
                        *cell = value(period, position, *slice);
                    }
                }
                row
            })
            .collect()
    }

    fn hours(&self, period: PeriodIx, slice: SliceIx) -> f64 {
        self.scenario.calendar.hours(period, slice)
    }
}

/// Labels: everything that is known without an answer.
pub(super) fn labels(scenario: &Scenario, results: &mut Results) {
    let calendar = &scenario.calendar;
    results.periods = calendar
        .periods
        .iter()
        .map(|period| PeriodInfo {
            label: period.label.clone(),
            start: period.start,
            days: period.days,
            years: period.years,
            discount: period.discount,
        })
        .collect();
    results.days = calendar.days.iter().map(|day| DayInfo { id: day.id.clone(), days: day.days.iter().copied().collect() }).collect();
    results.slices = calendar
        .slices
        .pairs()
        .map(|(index, slice)| SliceInfo {
            day: slice.day.position(),
            start_hour: slice.start_hour,
            block_hours: calendar.block_hours,
            hours: calendar.periods.keys().map(|period| calendar.hours(period, index)).collect(),
        })
        .collect();
    results.sites = scenario
        .places
        .iter()
        .map(|place| SiteInfo {
            id: place.id.clone(),
            name: place.name.clone(),
            country: place.country.clone(),
            latitude: place.latitude,
            longitude: place.longitude,
            interconnect_mw: place
                .site
                .as_ref()
                .map_or_else(|| vec![0.0; calendar.periods.len()], |site| site.interconnect_mw.iter().copied().collect()),
            rented: place.site.is_none(),
        })
        .collect();
    results.chips = scenario.chips.iter().map(|chip| Named { id: chip.id.clone(), name: chip.name.clone() }).collect();
    results.products = scenario.products.iter().map(|product| Named { id: product.id.clone(), name: product.id.clone() }).collect();
    let market = |market: &Market| MarketInfo {
        id: market.id.clone(),
        name: market.name.clone(),
        country: market.country.clone(),
        latitude: market.latitude,
        longitude: market.longitude,
        single_price: market.single_price,
    };
    results.markets = scenario.markets.iter().map(market).collect();
    results.capex_limit_musd = calendar
        .periods
        .iter()
        .map(|period| scenario.budget.capex_musd_per_period.as_ref().map_or(f64::INFINITY, |steps| steps.at(period.start).unwrap_or(0.0)))
        .collect();
}

/// Every table.
pub(super) fn tables(reading: &Reading<'_>, results: &mut Results) {
    results.flows = flows(reading);
    results.sales = sales(reading);
    results.fleet = fleet(reading, results);
    results.halls = halls(reading);
    results.contracts = contracts(reading);
    results.power = power(reading);
    results.money = money(reading, results);
    results.energy_residual_mw = energy_residual(reading);
}

fn flows(reading: &Reading<'_>) -> Vec<Flow> {
    let (scenario, layout) = (reading.scenario, &reading.formulation.layout);
    let mut flows = Vec::new();
    for (index, route) in scenario.routes.iter().enumerate() {
        let deferrable = scenario.products[route.product].deferrable;
        let outputs = deferrable.then(|| output_rates(reading, route.place, route.product));
        let answer_ttok = reading.by_period(|period| reading.value(&served_total(scenario, layout, index, period)));
        let gtok_per_hour = reading.by_slice(|period, position, slice| {
            if !deferrable {
                return reading.value(&served(scenario, layout, index, period, position));
            }
            // A deferrable route's share of its day's output, hour by hour as it is made.
            let calendar = &scenario.calendar;
            let day = calendar.slices[slice].day;
            let Some(day_position) = calendar.days_of[period].iter().position(|candidate| *candidate == day) else { return 0.0 };
            let of_route = reading.value(&served(scenario, layout, index, period, day_position));
            let made = outputs.as_ref().and_then(|outputs| outputs.get(period.position()));
            let of_slice = made.and_then(|made| made.get(slice.position())).copied().unwrap_or(0.0);
            let of_day: f64 = calendar
                .slices_of_day(day)
                .map(|slice| made.and_then(|made| made.get(slice.position())).copied().unwrap_or(0.0) * calendar.block_hours)
                .sum();
            if of_day > 0.0 { of_route * of_slice / of_day } else { 0.0 }
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
    for (demand, cols) in scenario.demands.iter().zip(&layout.demands) {
        let deferrable = scenario.products[demand.product].deferrable;
        for (purchase, bought) in &cols.bought {
            let rate = |period: PeriodIx, position: usize, slice: SliceIx| {
                if !deferrable {
                    return reading.maybe(bought[period].get(position).copied());
                }
                let day = scenario.calendar.slices[slice].day;
                let at = scenario.calendar.days_of[period].iter().position(|candidate| *candidate == day);
                reading.maybe(at.and_then(|at| bought[period].get(at)).copied()) / 24.0
            };
            let answer_ttok = reading
                .by_period(|period| reading.value(&crate::formulation::bought_ttok(scenario, demand.product, &bought[period], period)));
            flows.push(Flow {
                site: None,
                purchase: scenario.purchases.get(*purchase).map(|purchase| purchase.id.clone()),
                product: demand.product.position(),
                market: demand.market.position(),
                answer_ttok,
                gtok_per_hour: reading.by_slice(rate),
            });
        }
    }
    flows
}

/// What chips of a place make of a product, Gtok per hour, by period and slice.
fn output_rates(reading: &Reading<'_>, place: PlaceIx, product: ProductIx) -> Vec<Vec<f64>> {
    reading.by_slice(|period, position, _| {
        reading
            .scenario
            .pools
            .iter()
            .zip(&reading.formulation.layout.pools)
            .filter(|(pool, _)| pool.place == place)
            .flat_map(|(_, cols)| &cols.work)
            .filter(|work| work.product == product && work.phase != Phase::Prefill)
            .map(|work| work.rate * reading.maybe(work.cols[period].get(position).copied()))
            .sum()
    })
}

fn sales(reading: &Reading<'_>) -> Vec<Sale> {
    let mut sales = Vec::new();
    for (demand, cols) in reading.scenario.demands.iter().zip(&reading.formulation.layout.demands) {
        // Segments are interchangeable to tokens and cost: what is sold is put into the dearest first.
        let mut left = reading.by_period(|period| cols.sold[period].iter().map(|col| reading.col(*col)).sum());
        for (position, segment) in demand.segments.iter().enumerate() {
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
            let revenue_musd = sold_ttok.iter().map(|sold| sold * segment.usd_per_mtok).collect();
            sales.push(Sale {
                market: demand.market.position(),
                product: demand.product.position(),
                segment: position,
                usd_per_mtok: segment.usd_per_mtok,
                volume_ttok,
                sold_ttok,
                revenue_musd,
            });
        }
    }
    sales
}

fn fleet(reading: &Reading<'_>, results: &Results) -> Vec<ChipsAt> {
    let scenario = reading.scenario;
    let calendar = &scenario.calendar;
    let mut fleet: Vec<ChipsAt> = Vec::new();
    for (index, (pool, cols)) in scenario.pools.iter().zip(&reading.formulation.layout.pools).enumerate() {
        let chip = &scenario.chips[pool.chip];
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
        let made = |product: ProductIx, period: PeriodIx| -> f64 { made_ttok(reading, pool, cols, product, period) };
        let answer_ttok = reading
            .periods()
            .map(|period| {
                scenario
                    .products
                    .keys()
                    .map(|product| {
                        let own = made(product, period);
                        if own <= 0.0 {
                            return 0.0;
                        }
                        // Chips may make a hair more than is served; shares are of what is served.
                        let of_place: f64 = scenario
                            .pools
                            .iter()
                            .zip(&reading.formulation.layout.pools)
                            .filter(|(other, _)| other.place == pool.place)
                            .map(|(other, cols)| made_ttok(reading, other, cols, product, period))
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

fn made_ttok(reading: &Reading<'_>, pool: &Pool, cols: &crate::formulation::layout::PoolCols, product: ProductIx, period: PeriodIx) -> f64 {
    let _ = pool;
    cols.work
        .iter()
        .filter(|work| work.product == product && work.phase != Phase::Prefill)
        .map(|work| {
            reading.scenario.calendar.slices_of[period]
                .iter()
                .zip(&work.cols[period])
                .map(|(slice, col)| reading.hours(period, *slice) * work.rate * reading.col(*col) * 1e-3)
                .sum::<f64>()
        })
        .sum()
}

fn halls(reading: &Reading<'_>) -> Vec<HallsAt> {
    let scenario = reading.scenario;
    let mut halls = Vec::new();
    for (place_index, place) in scenario.places.pairs() {
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
                in_service: reading.by_period(|period| if period.position() >= hall.from_period { 1.0 } else { 0.0 }),
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

fn contracts(reading: &Reading<'_>) -> Vec<ContractInfo> {
    let scenario = reading.scenario;
    let calendar = &scenario.calendar;
    let layout = &reading.formulation.layout;
    scenario
        .contracts
        .pairs()
        .map(|(index, contract)| {
            let cols = &layout.contracts[index];
            let plant = |period: PeriodIx, existing: f64, lead: usize, life: usize| {
                let ordered: f64 = cols
                    .orders
                    .iter()
                    .filter(|(order, _)| contract.serves(*order, lead, life, period))
                    .map(|(_, col)| reading.col(*col))
                    .sum();
                if contract.in_force[period] { existing + ordered } else { 0.0 }
            };
            let contract_mw = reading.maybe(cols.contract_mw);
            let contracted = reading.by_period(|period| match &contract.terms {
                Terms::OnSite { existing_mw, lead, life, .. } => plant(period, *existing_mw, *lead, *life),
                Terms::Battery { existing_mwh, lead, life, .. } => plant(period, *existing_mwh, *lead, *life),
                Terms::Tariff { cap_mw, .. } => {
                    if contract.in_force[period] {
                        cap_mw[period]
                    } else {
                        0.0
                    }
                }
                _ => {
                    if contract.in_force[period] {
                        contract_mw
                    } else {
                        0.0
                    }
                }
            });
            let is_battery = matches!(contract.terms, Terms::Battery { .. });
            let draw_mw = reading.by_slice(|period, position, _| {
                if is_battery {
                    reading.maybe(cols.discharge[period].get(position).copied()) - reading.maybe(cols.charge[period].get(position).copied())
                } else {
                    reading.maybe(cols.draw[period].get(position).copied().flatten())
                }
            });
            let over = |value: &dyn Fn(PeriodIx, usize, SliceIx) -> f64| {
                reading.by_period(|period| {
                    calendar.slices_of[period]
                        .iter()
                        .enumerate()
                        .map(|(position, slice)| reading.hours(period, *slice) * value(period, position, *slice))
                        .sum()
                })
            };
            let energy_gwh = over(&|period, position, _| {
                let col = if is_battery {
                    cols.discharge[period].get(position).copied()
                } else {
                    cols.draw[period].get(position).copied().flatten()
                };
                reading.maybe(col) * 1e-3
            });
            let carbon_kt = over(&|period, position, slice| {
                let drawn = if is_battery { 0.0 } else { reading.maybe(cols.draw[period].get(position).copied().flatten()) };
                drawn * contract.carbon_g_per_kwh.at(period, slice) * 1e-6
            });
            let surplus_gwh = over(&|period, position, slice| match &contract.terms {
                Terms::PayAsProduced { profile, .. } if contract.in_force[period] => {
                    (profile[slice] * contract_mw - reading.maybe(cols.draw[period].get(position).copied().flatten())).max(0.0) * 1e-3
                }
                _ => 0.0,
            });
            let cost_musd = reading.by_period(|period| {
                layout
                    .charges
                    .iter()
                    .filter(|charge| charge.contract == Some(index.0) && charge.period == period)
                    .map(|charge| charge.musd * charge.col.map_or(1.0, |col| reading.col(col)))
                    .sum()
            });
            let peak_mw = reading.by_period(|period| cols.peaks[period].iter().map(|col| reading.col(*col)).fold(0.0, f64::max));
            let charge_state_mwh = if is_battery {
                reading.by_slice(|period, position, _| reading.maybe(cols.charge_state[period].get(position).copied()))
            } else {
                Vec::new()
            };
            ContractInfo {
                id: contract.id.clone(),
                site: contract.place.position(),
                kind: kind(&contract.terms),
                renewable: contract.renewable,
                contracted,
                draw_mw,
                energy_gwh,
                surplus_gwh,
                cost_musd,
                carbon_kt,
                charge_state_mwh,
                peak_mw,
            }
        })
        .collect()
}

fn kind(terms: &Terms) -> SupplyKind {
    match terms {
        Terms::Tariff { .. } => SupplyKind::Tariff,
        Terms::PayAsProduced { .. } => SupplyKind::PayAsProduced,
        Terms::Baseload { .. } => SupplyKind::Baseload,
        Terms::OnSite { .. } => SupplyKind::OnSite,
        Terms::Battery { .. } => SupplyKind::Battery,
        Terms::Virtual { .. } => SupplyKind::Virtual,
    }
}

fn power(reading: &Reading<'_>) -> Vec<SitePower> {
    let scenario = reading.scenario;
    let layout = &reading.formulation.layout;
    scenario
        .places
        .pairs()
        .map(|(place_index, place)| {
            let at = |exprs: &Vec<Expr>, position: usize| exprs.get(position).map_or(0.0, |expr| reading.value(expr));
            let it_mw = reading.by_slice(|period, position, _| at(&layout.it_power[place_index][period], position));
            let pue = |period: PeriodIx, slice: SliceIx| place.site.as_ref().map_or(0.0, |site| site.pue.at(period, slice));
            let load_mw =
                reading.by_slice(|period, position, slice| at(&layout.it_power[place_index][period], position) * pue(period, slice));
            let interconnect_mw = reading.by_slice(|period, position, _| at(&layout.through_grid[place_index][period], position));
            let energy_gwh: Vec<f64> = reading.by_period(|period| {
                let loads = load_mw.get(period.position());
                scenario.calendar.slices_of[period]
                    .iter()
                    .map(|slice| {
                        reading.hours(period, *slice) * loads.and_then(|loads| loads.get(slice.position())).copied().unwrap_or(0.0) * 1e-3
                    })
                    .sum()
            });
            let litres = place.site.as_ref().map_or(0.0, |site| site.water_l_per_kwh);
            SitePower { water_ml: energy_gwh.iter().map(|gwh| gwh * litres).collect(), load_mw, it_mw, interconnect_mw, energy_gwh }
        })
        .collect()
}

fn money(reading: &Reading<'_>, results: &Results) -> Vec<PeriodMoney> {
    let layout = &reading.formulation.layout;
    let mut money: Vec<PeriodMoney> = reading.periods().map(|_| PeriodMoney::default()).collect();
    for charge in &layout.charges {
        let amount = charge.musd * charge.col.map_or(1.0, |col| reading.col(col));
        let part = CostPart::ALL.iter().position(|part| *part == charge.part);
        if let (Some(of_period), Some(part)) = (money.get_mut(charge.period.position()), part) {
            if let Some(cell) = of_period.cost_musd.get_mut(part) {
                *cell += amount;
            }
            if !charge.part.is_annuity() {
                of_period.opex_musd += amount;
            }
        }
    }
    for order in &layout.capex {
        let amount = reading.col(order.col);
        if let Some(of_period) = money.get_mut(order.period.position()) {
            of_period.capex_musd += order.musd * amount;
            of_period.chip_duty_musd += order.duty_musd * amount;
            of_period.subsidy_musd += order.subsidy_musd * amount;
            of_period.unpaid_annuities_musd += order.unpaid_musd * amount;
        }
    }
    for (index, of_period) in money.iter_mut().enumerate() {
        of_period.revenue_musd = results.sales.iter().map(|sale| sale.revenue_musd.get(index).copied().unwrap_or(0.0)).sum();
    }
    money
}

/// The energy balance once more, from the numbers shown: supply less PUE × IT power, MW.
fn energy_residual(reading: &Reading<'_>) -> f64 {
    let scenario = reading.scenario;
    let layout = &reading.formulation.layout;
    let mut worst: f64 = 0.0;
    for (place_index, place) in scenario.places.pairs() {
        let Some(site) = &place.site else { continue };
        for period in reading.periods() {
            for (position, slice) in scenario.calendar.slices_of[period].iter().enumerate() {
                let supply: f64 = scenario
                    .contracts
                    .pairs()
                    .filter(|(_, contract)| contract.place == place_index)
                    .map(|(index, _)| supply(reading, index, period, position))
                    .sum();
                let it: f64 = scenario
                    .pools
                    .iter()
                    .enumerate()
                    .filter(|(_, pool)| pool.place == place_index && pool.rental.is_none())
                    .map(|(index, pool)| {
                        let chip = &scenario.chips[pool.chip];
                        let working =
                            layout.work.get(index).and_then(|work| work[period].get(position)).map_or(0.0, |work| reading.value(work));
                        (chip.active_kw - chip.idle_kw) * working + chip.idle_kw * powered(reading, index, pool, period, position, *slice)
                    })
                    .sum();
                let pipeline = site
                    .pipeline
                    .as_ref()
                    .map_or(0.0, |pipeline| pipeline.mw_per_gtok_per_hour * handled(reading, place_index, period, position));
                worst = worst.max((supply - site.pue.at(period, *slice) * (it + pipeline)).abs());
            }
        }
    }
    worst
}

fn supply(reading: &Reading<'_>, contract: ContractIx, period: PeriodIx, position: usize) -> f64 {
    let cols = &reading.formulation.layout.contracts[contract];
    reading.maybe(cols.draw[period].get(position).copied().flatten()) + reading.maybe(cols.discharge[period].get(position).copied())
        - reading.maybe(cols.charge[period].get(position).copied())
}

/// Thousand chips powered in a slice.
fn powered(reading: &Reading<'_>, index: usize, pool: &Pool, period: PeriodIx, position: usize, slice: SliceIx) -> f64 {
    let scenario = reading.scenario;
    let chip = &scenario.chips[pool.chip];
    let Some(cols) = reading.formulation.layout.pools.get(index) else { return 0.0 };
    match chip.drain {
        crate::plan::Drain::Never => reading.maybe(cols.in_service[period]),
        crate::plan::Drain::PerDay => {
            let day = scenario.calendar.slices[slice].day;
            let at = scenario.calendar.days_of[period].iter().position(|candidate| *candidate == day);
            reading.maybe(at.and_then(|at| cols.powered[period].get(at)).copied())
        }
        crate::plan::Drain::PerSlice => {
            let working: f64 = cols
                .work
                .iter()
                .map(|work| reading.maybe(work.cols[period].get(position).copied()) / scenario.products[work.product].utilisation_cap)
                .sum();
            let training: f64 = cols.training.iter().map(|training| reading.maybe(one_or_at(&training.cols[period], position))).sum();
            (working + training) / chip.availability.max(1e-9)
        }
    }
}

fn one_or_at(cols: &[Col], position: usize) -> Option<Col> {
    if cols.len() == 1 { cols.first().copied() } else { cols.get(position).copied() }
}

/// Tokens handled at a site, Gtok per hour, from what is served and trained.
fn handled(reading: &Reading<'_>, place: PlaceIx, period: PeriodIx, position: usize) -> f64 {
    let scenario = reading.scenario;
    let layout = &reading.formulation.layout;
    let mut total = 0.0;
    for (product_index, product) in scenario.products.pairs() {
        let per_answer = 1.0 + product.full_prompt_per_answer;
        if product.deferrable {
            let slice = scenario.calendar.slices_of[period].get(position).map_or(0, |slice| slice.position());
            let made = deferrable_output(reading, place, product_index, period, slice, position);
            total += per_answer * made;
        } else {
            for (index, _) in scenario.routes.iter().enumerate().filter(|(_, route)| route.place == place && route.product == product_index)
            {
                total += per_answer * reading.value(&served(scenario, layout, index, period, position));
            }
        }
    }
    for (pool, cols) in scenario.pools.iter().zip(&layout.pools).filter(|(pool, _)| pool.place == place) {
        let _ = pool;
        for training in &cols.training {
            let data = scenario.training.get(training.programme).map_or(0.0, |programme| programme.data_gtok_per_zflop);
            total += training.rate * data * reading.maybe(one_or_at(&training.cols[period], position));
        }
    }
    total
}

fn deferrable_output(reading: &Reading<'_>, place: PlaceIx, product: ProductIx, period: PeriodIx, slice: usize, position: usize) -> f64 {
    let _ = slice;
    let outputs = reading.formulation.layout.outputs.iter().find(|output| output.place == place && output.product == product);
    outputs.and_then(|output| output.rate[period].get(position)).map_or(0.0, |expr| reading.value(expr))
}
