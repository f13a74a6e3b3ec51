//! From the solver's point to tables in plan units: what a reading is, and the labels.

mod fleet;
mod money;
mod power;
mod serving;
mod tokens;

pub(super) use serving::serving;

use super::{DayInfo, MarketInfo, Named, PeriodInfo, Results, SiteInfo, SliceInfo};
use crate::formulation::Formulation;
use crate::formulation::expr::Expr;
use crate::formulation::program::Col;
use crate::scenario::{Ix as _, Market, PeriodIx, Scenario, SliceIx};

/// A point and what it is a point of.
pub(super) struct Reading<'a> {
    pub scenario: &'a Scenario,
    pub formulation: &'a Formulation,
    pub point: &'a [f64],
}

impl Reading<'_> {
    pub(super) fn col(&self, col: Col) -> f64 {
        self.point.get(col.0 as usize).copied().unwrap_or(0.0)
    }

    fn maybe(&self, col: Option<Col>) -> f64 {
        col.map_or(0.0, |col| self.col(col))
    }

    fn value(&self, expr: &Expr) -> f64 {
        expr.value(self.point)
    }

    pub(super) fn periods(&self) -> impl Iterator<Item = PeriodIx> + use<> {
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

    pub(super) fn hours(&self, period: PeriodIx, slice: SliceIx) -> f64 {
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
    results.warnings.extend(power::batteries_at_once(reading));
}
