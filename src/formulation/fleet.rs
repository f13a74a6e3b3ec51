//! Chips in service and at work.
//!
//! For each pool (site s, chip c) and period p:
//!
//!   in_service\[p] ≤ Σ orders alive + existing chips alive               (thousand chips)
//!   in_service\[p] ≤ in_service\[p−1] + arrivals\[p]
//!
//! so chips may be retired early and never come back; the first row is stated only where chips may
//! have reached the end of their life (elsewhere the second implies it). For each slice t of day d:
//!
//!   Σ_{m,phase} work / utilisation_cap\[m] + Σ training ≤ availability\[c] · powered\[d]
//!   powered\[d] ≤ in_service
//!
//! Availability (chips that work) and the utilisation cap (headroom that keeps the promise of speed)
//! are two factors, and headroom comes from powered chips. A chip that never drains has powered =
//! in_service; one that drains by the slice has powered = what the slice needs. Rented chips are
//! powered by whoever rents them out: rented stands in for powered.
//!
//! In a run of whole racks the orders are whole racks: that is what a supplier delivers. What is in
//! service need not be: chips fail and are retired one by one, and existing fleets are counted in chips.
//!
//! A chip with operating points has work of its own at each: a chip at work there makes speed_fraction as
//! much and draws that point's kW. Any split is allowed: some chips run so, the others at full power.
//!
//! Retiring saves operation and maintenance, idle power, hall MW and racks, never an annuity.
//! Duals of these rows are not unique and never shown as facts.

use super::Builder;
use super::builder::{Bound, When};
use super::cost::CostPart;
use super::expr::Expr;
use crate::resolved::{Drain, Ix as _, PeriodIx, Pool};

/// Adds the rows and the money of chips.
pub fn add(builder: &mut Builder<'_>) {
    for index in 0..builder.resolved.pools.len() {
        orders(builder, index);
        stock(builder, index);
        work(builder, index);
    }
}

fn orders(builder: &mut Builder<'_>, index: usize) {
    let resolved = builder.resolved;
    let Some(pool) = resolved.pools.get(index) else { return };
    let chip = &resolved.chips[pool.chip];
    let Some(cols) = builder.layout.pools.get(index) else { return };
    let unit = cols.order_unit;
    for (order, col) in cols.orders.clone() {
        let duty_and_subsidy = (pool.duty_musd_per_thousand[order] * unit, pool.subsidy_musd_per_thousand[order] * unit);
        builder.order_cost(
            CostPart::Chips,
            col,
            order,
            pool.landed_capex_musd_per_thousand[order] * unit,
            pool.annuity_musd_per_year[order] * unit,
            chip.lead,
            chip.life,
            duty_and_subsidy,
        );
    }
}

fn stock(builder: &mut Builder<'_>, index: usize) {
    let resolved = builder.resolved;
    let Some(pool) = resolved.pools.get(index).filter(|pool| pool.rental.is_none()) else { return };
    let chip = &resolved.chips[pool.chip];
    let ids = [resolved.places[pool.place].id.as_str(), chip.id.as_str()];
    let mut before: Option<PeriodIx> = None;
    let mut alive_before = 0.0;
    for period in resolved.calendar.periods.keys() {
        let Some(cols) = builder.layout.pools.get(index) else { return };
        let existing = pool.existing[period];
        let Some(col) = cols.in_service[period] else {
            before = None;
            continue;
        };
        let (orders, unit) = (cols.orders.clone(), cols.order_unit);
        let carried = before.and_then(|before| cols.in_service[before]);
        let years = resolved.calendar.periods[period].years;
        builder.charge(period, CostPart::Maintenance, col, chip.om_musd_per_thousand_year[period] * years);

        let expires = orders.iter().any(|(order, _)| order.position() + chip.lead + chip.life == period.position())
            || existing + 1e-12 < alive_before + pool.existing_arrivals[period];
        if carried.is_none() || expires {
            let mut row = Expr::col(col);
            row.constant -= existing;
            for (_, ordered) in orders.iter().filter(|(order, _)| Pool::serves(chip, *order, period)) {
                row.add(*ordered, -unit);
            }
            builder.row("fleet", "alive", &ids, When::period(period), row, Bound::AtMost(0.0), None);
        }
        if let Some(carried) = carried {
            let mut row = Expr::col(col);
            row.add(carried, -1.0);
            row.constant -= pool.existing_arrivals[period];
            for (_, ordered) in orders.iter().filter(|(order, _)| order.position() + chip.lead == period.position()) {
                row.add(*ordered, -unit);
            }
            builder.row("fleet", "carried", &ids, When::period(period), row, Bound::AtMost(0.0), None);
        }
        alive_before = existing;
        before = Some(period);
    }
}

fn work(builder: &mut Builder<'_>, index: usize) {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    let Some(pool) = resolved.pools.get(index) else { return };
    let chip = &resolved.chips[pool.chip];
    let ids = [resolved.places[pool.place].id.as_str(), chip.id.as_str()];
    for period in calendar.periods.keys() {
        for (position, slice) in calendar.slices_of[period].iter().enumerate() {
            let Some(cols) = builder.layout.pools.get(index) else { return };
            let mut working = Expr::default();
            let mut needs = Expr::default();
            // What work adds to idle power.
            let mut load = Expr::default();
            for work in &cols.work {
                if let Some(col) = work.cols[period].get(position) {
                    working.add(*col, 1.0);
                    load.add(*col, work.active_kw - chip.idle_kw);
                    needs.add(*col, 1.0 / resolved.products[work.product].utilisation_cap);
                }
            }
            for training in &cols.training {
                // A constant rate has one column for all slices.
                let by_slice = &training.cols[period];
                if let Some(col) = if by_slice.len() == 1 { by_slice.first() } else { by_slice.get(position) } {
                    working.add(*col, 1.0);
                    load.add(*col, training.active_kw - chip.idle_kw);
                    needs.add(*col, 1.0);
                }
            }
            let day = calendar.slices[*slice].day;
            let at = calendar.days_of[period].iter().position(|candidate| *candidate == day);
            let powered = if pool.rental.is_some() {
                let rented = &cols.rented[period];
                if rented.len() == 1 { rented.first() } else { rented.get(position) }.copied()
            } else if chip.drain == Drain::PerDay {
                at.and_then(|at| cols.powered[period].get(at)).copied()
            } else {
                cols.in_service[period]
            };
            let drains_by_slice = chip.drain == Drain::PerSlice;
            if pool.rental.is_none()
                && let Some(powered) = powered
            {
                // Idle power of what is powered comes on top.
                if drains_by_slice {
                    load.add_expr(&needs, chip.idle_kw / chip.availability.max(1e-9));
                } else {
                    load.add(powered, chip.idle_kw);
                }
                if let Some(it_power) = builder.balance.it_power[pool.place][period].get_mut(position) {
                    it_power.add_expr(&load, 1.0);
                }
                if chip.liquid
                    && let Some(liquid_power) = builder.balance.liquid_power[pool.place][period].get_mut(position)
                {
                    liquid_power.add_expr(&load, 1.0);
                }
            }
            if let Some(total) = builder.balance.work.get_mut(index).and_then(|work| work[period].get_mut(position)) {
                total.add_expr(&working, 1.0);
            }
            let Some(powered) = powered else { continue };
            if needs.is_zero() {
                continue;
            }
            needs.add(powered, -chip.availability);
            builder.row("fleet", "at_work", &ids, When::slice(period, slice.position()), needs, Bound::AtMost(0.0), None);
        }
        let Some(cols) = builder.layout.pools.get(index) else { return };
        let (powered, in_service) = (cols.powered[period].clone(), cols.in_service[period]);
        for (day, col) in calendar.days_of[period].iter().zip(powered) {
            let mut row = Expr::col(col);
            if let Some(in_service) = in_service {
                row.add(in_service, -1.0);
            }
            builder.row("fleet", "powered", &ids, When::slice(period, day.position()), row, Bound::AtMost(0.0), None);
        }
    }
}
