//! Carbon, renewable energy and water.
//!
//! Carbon of a period: Σ_k Σ_t θ·draw·g_per_kwh·1e-6 (kt; MWh · g/kWh = kg). A cap per year holds times
//! Δ_p; a price is a cost (1e-3 M$ per kt and $/t).
//!
//! RenewableShare, for each plan year (12 months from the horizon's start; a longer period is its own):
//!   annual:  Σ θ·(renewable draw + certificates − battery losses) ≥ minimum · Σ θ·facility load
//!   hourly:  matched\[t] ≤ renewable draw + certificates − battery losses,  matched\[t] ≤ Σ draw,
//!            Σ θ·matched ≥ minimum · Σ θ·draw
//! Batteries lose charge − discharge over the year, and by the hour (1 − η²)·charge: what will not come
//! back is charged to the hour in which it goes in. So surplus that is burned in a battery is not green
//! energy used. Certificates are the output of renewable virtual contracts (as they are unless they say
//! otherwise). A rule names one site, or holds for all together.
//!
//! Water of a period: facility energy · litres per kWh (ML; MWh · L/kWh = 1e-3 ML), capped per year.

use super::Builder;
use super::builder::{Bound, When};
use super::cost::CostPart;
use super::expr::Expr;
use crate::plan::policy::{Matching, RenewableShare};
use crate::plan::{Policy, SiteRef};
use crate::scenario::{ContractIx, Ix as _, PeriodIx};

/// Adds the rows and the carbon price.
pub fn add(builder: &mut Builder<'_>) {
    let scenario = builder.scenario;
    for (id, policy) in &scenario.policies {
        match policy {
            Policy::CarbonCap(rule) => {
                for (period, data) in scenario.calendar.periods.pairs() {
                    let place = rule.site.as_ref();
                    let row = carbon(builder, period, |builder, contract| at_site(builder, contract, place));
                    let cap = rule.kt_per_year.at(data.start).unwrap_or(0.0);
                    let limit = builder.limit(format!("policies.{id}.kt_per_year"), "kt/year", cap, data.years);
                    builder.row(
                        "carbon_water",
                        "carbon_cap",
                        &[id],
                        When::period(period),
                        row,
                        Bound::AtMost(cap * data.years),
                        Some(limit),
                    );
                }
            }
            Policy::CarbonPrice(rule) => {
                for (period, data) in scenario.calendar.periods.pairs() {
                    let in_country = |builder: &Builder<'_>, contract: ContractIx| {
                        let place = builder.scenario.contracts[contract].place;
                        rule.site_country.as_ref().is_none_or(|country| *country == builder.scenario.places[place].country)
                    };
                    let kt = carbon(builder, period, in_country);
                    let price = rule.usd_per_t.at(data.start).unwrap_or(0.0);
                    builder.charge_expr(period, CostPart::Carbon, &kt, price * 1e-3);
                }
            }
            Policy::WaterCap(rule) => {
                for (period, data) in scenario.calendar.periods.pairs() {
                    let row = water(builder, period, rule.site.as_ref());
                    let cap = rule.ml_per_year.at(data.start).unwrap_or(0.0);
                    let limit = builder.limit(format!("policies.{id}.ml_per_year"), "ML/year", cap, data.years);
                    builder.row(
                        "carbon_water",
                        "water_cap",
                        &[id],
                        When::period(period),
                        row,
                        Bound::AtMost(cap * data.years),
                        Some(limit),
                    );
                }
            }
            Policy::RenewableShare(rule) => renewable(builder, id, rule),
            _ => {}
        }
    }
}

fn at_site(builder: &Builder<'_>, contract: ContractIx, site: Option<&SiteRef>) -> bool {
    let place = builder.scenario.contracts[contract].place;
    site.is_none_or(|site| builder.scenario.places[place].id == site.0)
}

/// Carbon of a period, kt, over the contracts wanted.
fn carbon(builder: &Builder<'_>, period: PeriodIx, wanted: impl Fn(&Builder<'_>, ContractIx) -> bool) -> Expr {
    let scenario = builder.scenario;
    let calendar = &scenario.calendar;
    let mut total = Expr::default();
    for (index, contract) in scenario.contracts.pairs().filter(|(index, _)| wanted(builder, *index)) {
        for (slice, col) in calendar.slices_of[period].iter().zip(&builder.layout.contracts[index].draw[period]) {
            if let Some(col) = col {
                total.add(*col, calendar.hours(period, *slice) * contract.carbon_g_per_kwh.at(period, *slice) * 1e-6);
            }
        }
    }
    total
}

/// Water of a period, ML.
fn water(builder: &Builder<'_>, period: PeriodIx, only: Option<&SiteRef>) -> Expr {
    let scenario = builder.scenario;
    let calendar = &scenario.calendar;
    let mut total = Expr::default();
    for (index, place) in scenario.places.pairs().filter(|(_, place)| only.is_none_or(|only| place.id == only.0)) {
        let Some(site) = &place.site else { continue };
        for (slice, it_power) in calendar.slices_of[period].iter().zip(&builder.balance.it_power[index][period]) {
            total.add_expr(it_power, calendar.hours(period, *slice) * site.pue.at(period, *slice) * site.water_l_per_kwh * 1e-3);
        }
    }
    total
}

/// The energy of a slice as a renewable share sees it, MW.
#[derive(Default)]
struct Share {
    /// All draw, what charges batteries included.
    drawn: Expr,
    /// Renewable draw and certificates.
    green: Expr,
    /// What batteries lose of it: over the year, or of what is charged in this slice.
    lost: Expr,
    /// Facility load.
    load: Expr,
}

fn share(builder: &Builder<'_>, period: PeriodIx, position: usize, rule: &RenewableShare) -> Share {
    let scenario = builder.scenario;
    let mut share = Share::default();
    let Some(slice) = scenario.calendar.slices_of[period].get(position) else { return share };
    for (index, contract) in scenario.contracts.pairs().filter(|(index, _)| at_site(builder, *index, rule.site.as_ref())) {
        let cols = &builder.layout.contracts[index];
        if let Some(Some(col)) = cols.draw[period].get(position) {
            share.drawn.add(*col, 1.0);
            if contract.renewable {
                share.green.add(*col, 1.0);
            }
        }
        let certified = contract.certified(period, *slice);
        if let Some(contract_mw) = cols.contract_mw {
            share.green.add(contract_mw, certified);
        }
        if let Some(store) = &contract.facets.store {
            let (charge, discharge) = (cols.charge[period].get(position), cols.discharge[period].get(position));
            if let (Some(charge), Some(discharge)) = (charge, discharge) {
                match rule.matching {
                    Matching::Annual => share.lost.add(*charge, 1.0).add(*discharge, -1.0),
                    Matching::Hourly => share.lost.add(*charge, 1.0 - store.efficiency * store.efficiency),
                };
            }
        }
    }
    for (index, place) in scenario.places.pairs().filter(|(_, place)| rule.site.as_ref().is_none_or(|site| place.id == site.0)) {
        if let (Some(site), Some(it_power)) = (&place.site, builder.balance.it_power[index][period].get(position)) {
            share.load.add_expr(it_power, site.pue.at(period, *slice));
        }
    }
    share
}

fn renewable(builder: &mut Builder<'_>, id: &str, rule: &RenewableShare) {
    let scenario = builder.scenario;
    let calendar = &scenario.calendar;
    let per_year = (12 / calendar.period_months.max(1)).max(1) as usize;
    let periods: Vec<PeriodIx> = calendar.periods.keys().collect();
    for year in periods.chunks(per_year) {
        let mut row = Expr::default();
        let mut of = Expr::default();
        for period in year {
            for (position, slice) in calendar.slices_of[*period].iter().enumerate() {
                // GWh keep coefficients near one.
                let hours = calendar.hours(*period, *slice) * 1e-3;
                let Share { drawn, green, lost, load } = share(builder, *period, position, rule);
                let all = if rule.matching == Matching::Annual { load } else { drawn };
                row.add_expr(&all, -rule.minimum_fraction * hours);
                of.add_expr(&all, hours);
                let mut green_less_lost = green;
                let some_green = !green_less_lost.is_zero();
                green_less_lost.add_expr(&lost, -1.0);
                if rule.matching == Matching::Annual {
                    row.add_expr(&green_less_lost, hours);
                    continue;
                }
                if all.is_zero() || !some_green {
                    continue;
                }
                let when = When::slice(*period, slice.position());
                let matched = builder.column("matched", &[id], when, f64::INFINITY);
                row.add(matched, hours);
                for (noun, supply) in [("matched_green", green_less_lost), ("matched_draw", all)] {
                    let mut most = Expr::col(matched);
                    most.add_expr(&supply, -1.0);
                    builder.row("carbon_water", noun, &[id], when, most, Bound::AtMost(0.0), None);
                }
            }
        }
        let Some(first) = year.first() else { continue };
        let limit = builder.share_limit(format!("policies.{id}.minimum_fraction"), rule.minimum_fraction, of);
        builder.row("carbon_water", "renewable_share", &[id], When::period(*first), row, Bound::AtLeast(0.0), Some(limit));
    }
}
