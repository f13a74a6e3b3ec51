//! Power: contracts and plant, loads, and the energy balance once more.

use super::super::{ContractInfo, SitePower};
use super::Reading;
use crate::diagnostic::Diagnostic;
use crate::formulation::builder::served;
use crate::formulation::expr::Expr;
use crate::formulation::layout::PoolCols;
use crate::formulation::program::Col;
use crate::resolved::supply::Delivery;
use crate::resolved::{ContractIx, Ix as _, PeriodIx, PlaceIx, Pool, ProductIx, SliceIx};
use crate::words::with_unit;

pub(super) fn contracts(reading: &Reading<'_>) -> Vec<ContractInfo> {
    let resolved = reading.resolved;
    let calendar = &resolved.calendar;
    let layout = &reading.formulation.layout;
    resolved
        .contracts
        .pairs()
        .map(|(index, contract)| {
            let cols = &layout.contracts[index];
            let facets = &contract.facets;
            let contract_mw = reading.maybe(cols.contract_mw);
            let contracted = reading.by_period(|period| match (&facets.plant, &facets.size) {
                _ if !contract.in_force[period] => 0.0,
                (Some(plant), _) => {
                    let alive = cols.orders.iter().filter(|(order, _)| contract.serves(plant, *order, period));
                    plant.existing + alive.map(|(_, col)| reading.col(*col)).sum::<f64>()
                }
                (None, Some(_)) => contract_mw,
                (None, None) => facets.cap.as_ref().map_or(f64::INFINITY, |cap| {
                    calendar.slices_of[period].iter().map(|slice| cap.mw.at(period, *slice)).fold(0.0, f64::max)
                }),
            });
            // Certificates bring no electrons: they stand for those of others.
            let certificates = |period: PeriodIx, slice: SliceIx| contract.certified(period, slice) * contract_mw;
            let certificates_mw = if contract.renewable && facets.delivery == Delivery::Paper {
                reading.by_slice(|period, _, slice| certificates(period, slice))
            } else {
                Vec::new()
            };
            let losses_mw = facets.store.as_ref().map_or_else(Vec::new, |store| {
                let lost = 1.0 - store.efficiency * store.efficiency;
                reading.by_slice(|period, position, _| lost * reading.maybe(cols.charge[period].get(position).copied()))
            });
            let stores = facets.store.is_some();
            let draw_mw = reading.by_slice(|period, position, _| {
                if stores {
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
            let certificates_gwh = over(&|period, _, slice| certificates(period, slice) * 1e-3);
            let energy_gwh = over(&|period, position, _| {
                let col =
                    if stores { cols.discharge[period].get(position).copied() } else { cols.draw[period].get(position).copied().flatten() };
                reading.maybe(col) * 1e-3
            });
            let carbon_kt = over(&|period, position, slice| {
                let drawn = if stores { 0.0 } else { reading.maybe(cols.draw[period].get(position).copied().flatten()) };
                drawn * contract.carbon_g_per_kwh.at(period, slice) * 1e-6
            });
            let surplus_gwh = over(&|period, position, slice| match &facets.produced_price {
                Some(_) if contract.in_force[period] => {
                    (contract.output(period, slice) * contract_mw - reading.maybe(cols.draw[period].get(position).copied().flatten()))
                        .max(0.0)
                        * 1e-3
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
            let charge_state_mwh = if stores {
                reading.by_slice(|period, position, slice| {
                    let day = calendar.days_of[period].iter().position(|day| *day == calendar.slices[slice].day);
                    let level = day.and_then(|day| cols.day_level[period].get(day)).map_or(0.0, |level| reading.value(level));
                    level + reading.maybe(cols.charge_state[period].get(position).copied())
                })
            } else {
                Vec::new()
            };
            ContractInfo {
                id: contract.id.clone(),
                site: contract.place.position(),
                kind: contract.kind,
                renewable: contract.renewable,
                contracted,
                hours: facets.store.as_ref().map_or(1.0, |store| store.duration_hours),
                draw_mw,
                certificates_mw,
                losses_mw,
                energy_gwh,
                certificates_gwh,
                surplus_gwh,
                cost_musd,
                carbon_kt,
                charge_state_mwh,
                peak_mw,
            }
        })
        .collect()
}

pub(super) fn power(reading: &Reading<'_>) -> Vec<SitePower> {
    let resolved = reading.resolved;
    let layout = &reading.formulation.layout;
    resolved
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
                resolved.calendar.slices_of[period]
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

/// The energy balance once more, from the numbers shown: supply less PUE × IT power, MW.
pub(super) fn energy_residual(reading: &Reading<'_>) -> f64 {
    let resolved = reading.resolved;
    let layout = &reading.formulation.layout;
    let mut worst: f64 = 0.0;
    for (place_index, place) in resolved.places.pairs() {
        let Some(site) = &place.site else { continue };
        for period in reading.periods() {
            for (position, slice) in resolved.calendar.slices_of[period].iter().enumerate() {
                let supply: f64 = resolved
                    .contracts
                    .pairs()
                    .filter(|(_, contract)| contract.place == place_index)
                    .map(|(index, _)| supply(reading, index, period, position))
                    .sum();
                let it: f64 = resolved
                    .pools
                    .iter()
                    .enumerate()
                    .filter(|(_, pool)| pool.place == place_index && pool.rental.is_none())
                    .map(|(index, pool)| {
                        let chip = &resolved.chips[pool.chip];
                        let active =
                            layout.pools.get(index).map_or(0.0, |cols| added_by_work(reading, cols, chip.idle_kw, period, position));
                        active + chip.idle_kw * powered(reading, index, pool, period, position, *slice)
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

/// IT power that work adds to the idle power of a pool, MW.
fn added_by_work(reading: &Reading<'_>, cols: &PoolCols, idle_kw: f64, period: PeriodIx, position: usize) -> f64 {
    let work = cols.work.iter().map(|work| (work.active_kw, work.cols[period].get(position).copied()));
    let training = cols.training.iter().map(|training| (training.active_kw, one_or_at(&training.cols[period], position)));
    work.chain(training).map(|(active_kw, col)| (active_kw - idle_kw) * reading.maybe(col)).sum()
}

fn supply(reading: &Reading<'_>, contract: ContractIx, period: PeriodIx, position: usize) -> f64 {
    let cols = &reading.formulation.layout.contracts[contract];
    reading.maybe(cols.draw[period].get(position).copied().flatten()) + reading.maybe(cols.discharge[period].get(position).copied())
        - reading.maybe(cols.charge[period].get(position).copied())
}

/// Thousand chips powered in a slice.
fn powered(reading: &Reading<'_>, index: usize, pool: &Pool, period: PeriodIx, position: usize, slice: SliceIx) -> f64 {
    let resolved = reading.resolved;
    let chip = &resolved.chips[pool.chip];
    let Some(cols) = reading.formulation.layout.pools.get(index) else { return 0.0 };
    match chip.drain {
        crate::resolved::Drain::Never => reading.maybe(cols.in_service[period]),
        crate::resolved::Drain::PerDay => {
            let day = resolved.calendar.slices[slice].day;
            let at = resolved.calendar.days_of[period].iter().position(|candidate| *candidate == day);
            reading.maybe(at.and_then(|at| cols.powered[period].get(at)).copied())
        }
        crate::resolved::Drain::PerSlice => {
            let working: f64 = cols
                .work
                .iter()
                .map(|work| reading.maybe(work.cols[period].get(position).copied()) / resolved.products[work.product].utilisation_cap)
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
    let resolved = reading.resolved;
    let layout = &reading.formulation.layout;
    let mut total = 0.0;
    for (product_index, product) in resolved.products.pairs() {
        let per_answer = 1.0 + product.ask(period).full_prompt_per_answer;
        if product.deferrable {
            let made = deferrable_output(reading, place, product_index, period, position);
            total += per_answer * made;
        } else {
            for (index, _) in resolved.routes.iter().enumerate().filter(|(_, route)| route.place == place && route.product == product_index)
            {
                total += per_answer * reading.value(&served(resolved, layout, index, period, position));
            }
        }
    }
    for (_, cols) in resolved.pools.iter().zip(&layout.pools).filter(|(pool, _)| pool.place == place) {
        for training in &cols.training {
            let data = resolved.training.get(training.programme).map_or(0.0, |programme| programme.data_gtok_per_zflop);
            total += training.rate * data * reading.maybe(one_or_at(&training.cols[period], position));
        }
    }
    total
}

fn deferrable_output(reading: &Reading<'_>, place: PlaceIx, product: ProductIx, period: PeriodIx, position: usize) -> f64 {
    let outputs = reading.formulation.layout.outputs.iter().find(|output| output.place == place && output.product == product);
    outputs.and_then(|output| output.rate[period].get(position)).map_or(0.0, |expr| reading.value(expr))
}

/// Batteries that charge and discharge in the same slice. With positive prices wear and losses see to
/// it that this never pays; where wasting energy pays (negative prices, or losses that raise a
/// renewable share out of free surplus) it can, and the planner is told.
pub(super) fn batteries_at_once(reading: &Reading<'_>) -> Vec<Diagnostic> {
    let (resolved, layout) = (reading.resolved, &reading.formulation.layout);
    let mut found = Vec::new();
    for (index, contract) in resolved.contracts.pairs() {
        let cols = &layout.contracts[index];
        let mut worst: (f64, &str) = (0.0, "");
        for (period, info) in resolved.calendar.periods.pairs() {
            for (charge, discharge) in cols.charge[period].iter().zip(&cols.discharge[period]) {
                let both = reading.col(*charge).min(reading.col(*discharge));
                if both > worst.0 {
                    worst = (both, &info.label);
                }
            }
        }
        if worst.0 > AT_ONCE_MW {
            let path = format!("{}.terms.wear_usd_per_mwh", contract.path);
            let message = format!(
                "{} charges and discharges at once, up to {} in {}: here wasting energy pays, which no battery is built for.",
                crate::words::sentence(&contract.id),
                with_unit(worst.0, "MW"),
                worst.1
            );
            found
                .push(Diagnostic::warning("battery-at-once", path, message).help("Raise its wear, or give surplus energy a resale price."));
        }
    }
    found
}

/// Below this a battery's two flows are the solver's rounding, MW.
const AT_ONCE_MW: f64 = 1e-3;
