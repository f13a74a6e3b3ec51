//! From the solver's point to tables in plan units: what a reading is, and the labels.

mod bills;
mod fleet;
mod money;
mod power;
mod reading;
mod serving;
mod tokens;

pub(super) use reading::Reading;
pub(super) use serving::serving;

use super::{DayInfo, MarketInfo, Named, PeriodInfo, Results, SiteInfo, SliceInfo};
use crate::resolved::{Ix as _, Market, Resolved};

/// Labels: everything that is known without an answer.
pub(super) fn labels(resolved: &Resolved, results: &mut Results) {
    let calendar = &resolved.calendar;
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
    results.sites = resolved
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
    results.chips = resolved.chips.iter().map(|chip| Named { id: chip.id.clone(), name: chip.name.clone() }).collect();
    results.products =
        resolved.products.iter().map(|product| Named { id: product.id.clone(), name: crate::words::sentence(&product.id) }).collect();
    let market = |market: &Market| MarketInfo {
        id: market.id.clone(),
        name: market.name.clone(),
        country: market.country.clone(),
        latitude: market.latitude,
        longitude: market.longitude,
        single_price: market.single_price,
    };
    results.markets = resolved.markets.iter().map(market).collect();
    results.capex_limit_musd = calendar
        .periods
        .iter()
        .map(|period| resolved.budget.capex_musd_per_period.as_ref().map_or(f64::INFINITY, |steps| steps.at(period.start).unwrap_or(0.0)))
        .collect();
}

/// Every table.
pub(super) fn tables(reading: &Reading<'_>, results: &mut Results) {
    results.flows = tokens::flows(reading);
    results.sales = tokens::sales(reading);
    results.fleet = fleet::fleet(reading, results);
    results.halls = fleet::halls(reading);
    results.contracts = power::contracts(reading);
    results.power = power::power(reading);
    results.money = money::money(reading, results);
    super::clean::tables(results);
    results.tokens = money::tokens(reading, results);
    results.energy_residual_mw = power::energy_residual(reading);
    results.bills = bills::bills(reading);
    results.connections = bills::connections(reading);
    // What a site can draw through the grid, events apart.
    for connection in &results.connections {
        if let Some(site) = results.sites.iter_mut().find(|site| site.id == connection.site && !site.rented) {
            let more = connection.firm_mw.iter().zip(&connection.non_firm_mw);
            site.interconnect_mw.iter_mut().zip(more).for_each(|(mw, (firm, non_firm))| *mw += firm + non_firm);
        }
    }
    results.shed = bills::shed(reading);
    results.warnings.extend(power::batteries_at_once(reading));
}
