//! Interconnect.
//!
//! For each site s and slice t:
//!
//!   Σ over contracts through the grid of draw ≤ interconnect_mw\[s,p] + Σ_c (firm\[c,t] + non_firm\[c,t])   (MW)
//!   firm\[c,t] ≤ firm MW\[c,p,t] + Σ firm offers taken of c that are there
//!   non_firm\[c,t] ≤ there\[c,p,t] · (non-firm MW\[c,p] + Σ non-firm offers taken of c that are there)
//!   Σ draw of contracts that name c ≤ firm\[c,t] + non_firm\[c,t]   (or ≤ interconnect_mw, where they name that)
//!
//! (draw already carries what charges batteries). `there` is 1 outside events and 1 − response in them; from
//! the month in which non-firm power becomes firm it is 1. An offer is taken up to its most; its fee is paid
//! while it is there, its deposit from the horizon's start until it is, its studies in proportion, or in
//! full where offers are whole: then offer = most · taken, taken 0 or 1. Of what is taken already, deposit and
//! studies are paid: it costs its fee, and the deposit comes back.
//!
//! The dual of a number, summed over the slices of a period, is the worth of one more MW of it there.

use super::Builder;
use super::builder::{Bound, When};
use super::cost::CostPart;
use super::expr::Expr;
use super::layout::ConnectionCols;
use super::program::Col;
use crate::resolved::connections::{Connection, Offer};
use crate::resolved::{Ix as _, PeriodIx, PlaceIx, SliceIx, Table};

/// The name by which a contract says that it comes through the plain interconnect.
const PLAIN: &str = crate::resolved::connections::PLAIN;

/// Adds the rows.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (place_index, place) in resolved.places.pairs() {
        let Some(site) = &place.site else {
            builder.layout.connections.push(Vec::new());
            continue;
        };
        let connections = site.connections.iter().map(|connection| declared(builder, &place.id, place_index, connection)).collect();
        builder.layout.connections.push(connections);
        for (period, most) in site.interconnect_mw.pairs() {
            // One number of the plan, however many slices it holds in.
            let mut limit = None;
            for (position, slice) in resolved.calendar.slices_of[period].iter().enumerate() {
                let Some(grid) = builder.balance.through_grid[place_index][period].get(position).filter(|grid| !grid.is_zero()).cloned()
                else {
                    continue;
                };
                let limit = *limit.get_or_insert_with(|| builder.limit(format!("sites.{}.interconnect_mw", place.id), "MW", *most, 1.0));
                let when = When::slice(period, slice.position());
                let mut row = grid;
                for cols in &builder.layout.connections[place_index] {
                    row.add_expr(&cols.through(period, position), -1.0);
                }
                builder.row("interconnect", "interconnect", &[&place.id], when, row, Bound::AtMost(*most), Some(limit));
                named(builder, place_index, period, (position, *slice), (*most, limit));
            }
        }
    }
}

/// Rows of contracts that name the connection they come through.
fn named(builder: &mut Builder<'_>, place: PlaceIx, period: PeriodIx, (position, slice): (usize, SliceIx), (plain, limit): (f64, u32)) {
    let resolved = builder.resolved;
    let Some(site) = &resolved.places[place].site else { return };
    let drawn = |builder: &Builder<'_>, name: &str| -> Expr {
        let mut drawn = Expr::default();
        for (index, contract) in resolved.contracts.pairs() {
            let here = contract.place == place && contract.through_grid() && contract.connection.as_deref() == Some(name);
            let cols = &builder.layout.contracts[index].draw[period];
            if let Some(col) = cols.get(position).copied().flatten().filter(|_| here) {
                drawn.add(col, 1.0);
            }
        }
        drawn
    };
    let ids = |id: &str| [resolved.places[place].id.clone(), id.to_owned()];
    let when = When::slice(period, slice.position());
    for (index, connection) in site.connections.iter().enumerate() {
        let mut row = drawn(builder, &connection.id);
        if row.is_zero() {
            continue;
        }
        if let Some(cols) = builder.layout.connections[place].get(index) {
            row.add_expr(&cols.through(period, position), -1.0);
        }
        let ids = ids(&connection.id);
        builder.row("interconnect", "named_connection", &[&ids[0], &ids[1]], when, row, Bound::AtMost(0.0), None);
    }
    let row = drawn(builder, PLAIN);
    if !row.is_zero() {
        let ids = ids(PLAIN);
        builder.row("interconnect", "named_connection", &[&ids[0], &ids[1]], when, row, Bound::AtMost(plain), Some(limit));
    }
}

/// Columns of a connection with their limits, and what its offers cost.
fn declared(builder: &mut Builder<'_>, site: &str, place: PlaceIx, connection: &Connection) -> ConnectionCols {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    let ids = [site, connection.id.as_str()];
    let offers: Vec<Option<Col>> = connection.offers.iter().map(|offer| offered(builder, site, connection, offer)).collect();
    let taken = |firm: bool, period: PeriodIx| -> Expr {
        let mut taken = Expr::default();
        for (offer, col) in connection.offers.iter().zip(&offers) {
            if let Some(col) = col.filter(|_| offer.firm == firm && offer.there[period]) {
                taken.add(col, 1.0);
            }
        }
        taken
    };
    let nowhere = || Table::build(&calendar.periods, |_| Vec::new());
    let (mut firm, mut non_firm) = (nowhere(), nowhere());
    for period in calendar.periods.keys() {
        let (mut of_firm, mut of_non_firm) = (None, None);
        for (position, slice) in calendar.slices_of[period].iter().enumerate() {
            // Where nothing is drawn through the grid there is nothing to carry.
            let idle = builder.balance.through_grid[place][period].get(position).is_none_or(Expr::is_zero);
            let when = When::slice(period, slice.position());
            let carried = |builder: &mut Builder<'_>, noun: &'static str, offered: &Expr, most: f64, share: f64, limit: u32| {
                let col = builder.column(noun, &ids, when, f64::INFINITY);
                let mut row = Expr::col(col);
                row.add_expr(offered, -share);
                builder.row("interconnect", noun, &ids, when, row, Bound::AtMost(most * share), Some(limit));
                col
            };
            let firm_offers = taken(true, period);
            let most = connection.firm.mw.at(period, *slice);
            firm[period].push((!idle).then(|| {
                let limit = if connection.firm.is_flat() {
                    *of_firm.get_or_insert_with(|| builder.limit(connection.firm.path.clone(), "MW", most, 1.0))
                } else {
                    let (path, value, per_unit) = connection.firm.number(period, *slice);
                    builder.limit(path, "MW", value, per_unit)
                };
                carried(builder, "firm", &firm_offers, most, 1.0, limit)
            }));
            let share = connection.there[period][*slice];
            let non_firm_offers = taken(false, period);
            let most = connection.non_firm_mw[period];
            non_firm[period].push((!idle && share > 0.0).then(|| {
                let path = format!("{}.non_firm_mw", connection.path);
                // In an event with part of it left, one more MW of it is that part.
                let limit = if share < 1.0 {
                    builder.limit(path, "MW", most, share)
                } else {
                    *of_non_firm.get_or_insert_with(|| builder.limit(path, "MW", most, 1.0))
                };
                carried(builder, "non_firm", &non_firm_offers, most, share, limit)
            }));
        }
    }
    ConnectionCols { firm, non_firm, offers }
}

/// What a connection can carry in a slice, MW: what is stated and taken of its firm and non-firm power.
pub fn carries(builder: &Builder<'_>, place: PlaceIx, index: usize, period: PeriodIx, slice: SliceIx) -> Expr {
    let connection = builder.resolved.places[place].site.as_ref().and_then(|site| site.connections.get(index));
    let cols = builder.layout.connections.get(place).and_then(|connections| connections.get(index));
    let (Some(connection), Some(cols)) = (connection, cols) else { return Expr::default() };
    let mut carries = Expr::number(connection.firm.mw.at(period, slice) + connection.non_firm_mw[period] * connection.there[period][slice]);
    for (offer, col) in connection.offers.iter().zip(&cols.offers) {
        if let Some(col) = col.filter(|_| offer.there[period]) {
            carries.add(col, connection.share(offer.firm, period, slice));
        }
    }
    carries
}

/// The column of an offer and its money; none where it is never there.
fn offered(builder: &mut Builder<'_>, site: &str, connection: &Connection, offer: &Offer) -> Option<Col> {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    let starts = offer.there.pairs().find(|(_, there)| **there).map(|(period, _)| period)?;
    let first = calendar.periods.keys().next()?;
    let ids = [site, connection.id.as_str(), offer.id.as_str()];
    let most = offer.taken_mw.unwrap_or(offer.at_most_mw);
    let col = builder.column("offer", &ids, When::HORIZON, most);
    let field = if offer.taken_mw.is_some() { "taken_mw" } else { "at_most_mw" };
    let limit = builder.limit(format!("{}.{field}", offer.path), "MW", most, 1.0);
    builder.limit_column(col, limit);
    if let Some(taken) = offer.taken_mw {
        if let Some(column) = builder.program.columns.get_mut(col.0 as usize) {
            column.lower = taken;
        }
        for period in calendar.periods.keys().filter(|period| offer.there[*period]) {
            builder.charge(period, CostPart::Power, col, offer.fee_musd_per_mw_year[period] * calendar.periods[period].years);
        }
        if let Some(back) = offer.gives_back {
            builder.charge(back, CostPart::Power, col, -offer.deposit_musd_per_mw);
        }
        return Some(col);
    }
    if resolved.whole.offers {
        let taken = builder.column("offer_taken", &ids, When::HORIZON, 1.0);
        if let Some(column) = builder.program.columns.get_mut(taken.0 as usize) {
            column.whole = true;
        }
        let mut row = Expr::col(col);
        row.add(taken, -offer.at_most_mw);
        builder.row("interconnect", "whole_offer", &ids, When::HORIZON, row, Bound::Equal(0.0), None);
    }
    for period in calendar.periods.keys().filter(|period| offer.there[*period]) {
        builder.charge(period, CostPart::Power, col, offer.fee_musd_per_mw_year[period] * calendar.periods[period].years);
    }
    if offer.at_most_mw > 0.0 {
        builder.charge(first, CostPart::Power, col, offer.study_musd / offer.at_most_mw);
    }
    if starts != first {
        builder.charge(first, CostPart::Power, col, offer.deposit_musd_per_mw);
        builder.charge(starts, CostPart::Power, col, -offer.deposit_musd_per_mw);
    }
    Some(col)
}
