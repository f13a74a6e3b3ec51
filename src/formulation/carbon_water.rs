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
use super::expr::Expr;
use super::layout::Layout;
use crate::resolved::{Ix as _, PeriodIx, PlaceIx, Resolved, Table};

/// IT power by place, period and slice, MW.
type ItPower = Table<PlaceIx, Table<PeriodIx, Vec<Expr>>>;

/// Carbon of a period, kt, of the energy drawn at places.
pub fn carbon(resolved: &Resolved, layout: &Layout, period: PeriodIx, places: &[PlaceIx]) -> Expr {
    let calendar = &resolved.calendar;
    let mut total = Expr::default();
    for (index, contract) in resolved.contracts.pairs().filter(|(_, contract)| places.contains(&contract.place)) {
        for (slice, col) in calendar.slices_of[period].iter().zip(&layout.contracts[index].draw[period]) {
            if let Some(col) = col {
                total.add(*col, calendar.hours(period, *slice) * contract.carbon_g_per_kwh.at(period, *slice) * 1e-6);
            }
        }
    }
    total
}

/// Water of a period, ML.
pub fn water(resolved: &Resolved, it_power: &ItPower, period: PeriodIx, places: &[PlaceIx]) -> Expr {
    let calendar = &resolved.calendar;
    let mut total = Expr::default();
    for place in places {
        let Some(site) = &resolved.places[*place].site else { continue };
        for (slice, it_power) in calendar.slices_of[period].iter().zip(&it_power[*place][period]) {
            total.add_expr(it_power, calendar.hours(period, *slice) * site.pue.at(period, *slice) * site.water_l_per_kwh * 1e-3);
        }
    }
    total
}

/// The energy of a slice as a renewable share sees it, MW.
#[derive(Default)]
struct Slice {
    /// All draw, what charges batteries included.
    drawn: Expr,
    /// Renewable draw and certificates.
    green: Expr,
    /// What stores lose of it over the year.
    lost: Expr,
    /// What of their charge will not come back.
    will_be_lost: Expr,
    /// Facility load.
    load: Expr,
}

fn slice_of(builder: &Builder<'_>, period: PeriodIx, position: usize, places: &[PlaceIx]) -> Slice {
    let resolved = builder.resolved;
    let mut of = Slice::default();
    let Some(slice) = resolved.calendar.slices_of[period].get(position) else { return of };
    for (index, contract) in resolved.contracts.pairs().filter(|(_, contract)| places.contains(&contract.place)) {
        let cols = &builder.layout.contracts[index];
        if let Some(Some(col)) = cols.draw[period].get(position) {
            of.drawn.add(*col, 1.0);
            if contract.renewable {
                of.green.add(*col, 1.0);
            }
        }
        if let Some(contract_mw) = cols.contract_mw {
            of.green.add(contract_mw, contract.certified(period, *slice));
        }
        if let Some(store) = &contract.facets.store
            && let (Some(charge), Some(discharge)) = (cols.charge[period].get(position), cols.discharge[period].get(position))
        {
            of.lost.add(*charge, 1.0).add(*discharge, -1.0);
            of.will_be_lost.add(*charge, 1.0 - store.efficiency * store.efficiency);
        }
    }
    for place in places {
        if let (Some(site), Some(it_power)) = (&resolved.places[*place].site, builder.balance.it_power[*place][period].get(position)) {
            of.load.add_expr(it_power, site.pue.at(period, *slice));
        }
    }
    of
}

/// Renewable energy of a period less what stores lose, and facility load, GWh.
pub fn renewable(builder: &Builder<'_>, period: PeriodIx, places: &[PlaceIx]) -> (Expr, Expr) {
    let calendar = &builder.resolved.calendar;
    let (mut part, mut whole) = (Expr::default(), Expr::default());
    for (position, slice) in calendar.slices_of[period].iter().enumerate() {
        // GWh keep coefficients near one.
        let hours = calendar.hours(period, *slice) * 1e-3;
        let Slice { green, lost, load, .. } = slice_of(builder, period, position, places);
        part.add_expr(&green, hours).add_expr(&lost, -hours);
        whole.add_expr(&load, hours);
    }
    (part, whole)
}

/// Energy of a period matched by renewable energy in its own slice, and energy drawn, GWh. States a column
/// for what is matched in each slice, and its two limits.
pub fn matched(builder: &mut Builder<'_>, period: PeriodIx, places: &[PlaceIx], ids: &[&str]) -> (Expr, Expr) {
    let calendar = &builder.resolved.calendar;
    let (mut part, mut whole) = (Expr::default(), Expr::default());
    for (position, slice) in calendar.slices_of[period].iter().enumerate() {
        let hours = calendar.hours(period, *slice) * 1e-3;
        let Slice { drawn, green, will_be_lost, .. } = slice_of(builder, period, position, places);
        whole.add_expr(&drawn, hours);
        if drawn.is_zero() || green.is_zero() {
            continue;
        }
        let mut kept = green;
        kept.add_expr(&will_be_lost, -1.0);
        let when = When::slice(period, slice.position());
        let matched = builder.column("matched", ids, when, f64::INFINITY);
        part.add(matched, hours);
        for (noun, supply) in [("matched_green", kept), ("matched_draw", drawn)] {
            let mut most = Expr::col(matched);
            most.add_expr(&supply, -1.0);
            builder.row("carbon_water", noun, ids, when, most, Bound::AtMost(0.0), None);
        }
    }
    (part, whole)
}
