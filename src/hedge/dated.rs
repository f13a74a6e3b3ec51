//! The columns in which something is ordered, built or signed, each with the month in which that is decided.
//!
//! An order is decided in the first month of its period; a contract before it comes into force; an offer of a
//! connection at the horizon's start, when its deposit and studies are paid; chips rented for a whole period
//! at its first day. Training at one steady rate is placed period by period.

use std::collections::HashSet;

use crate::formulation::layout::Layout;
use crate::formulation::program::{Col, Key, NO_INDEX, Program, Symbol};
use crate::plan::Month;
use crate::resolved::{Ix as _, PeriodIx, Resolved};
use crate::words::{sentence, short};

/// What kind of thing is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decided {
    /// Chips ordered.
    Chips,
    /// Halls ordered.
    Halls,
    /// Plant or batteries ordered.
    Plant,
    /// A contract signed.
    Contract,
    /// An offer of a connection taken.
    Offer,
    /// A data pipeline made larger.
    Pipeline,
    /// Chips rented for a period.
    Rental,
    /// A place of steady training.
    Training,
}

/// A column in which something is decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The column.
    pub col: Col,
    /// Its key, by which it is found in another future.
    pub key: Key,
    /// When it is decided.
    pub month: Month,
    /// What kind of thing.
    pub kind: Decided,
    /// Id of the site, or of the place of rented chips.
    pub place: String,
    /// Id of the chip, hall type, contract or offer.
    pub thing: String,
    /// In words: `GB200 NVL72 for Abilene`.
    pub name: String,
    /// Unit of an amount of it.
    pub unit: &'static str,
    /// So many units are one of the column.
    pub per_column: f64,
    /// Whether it is an order of one period, so that amounts of several periods add up.
    pub adds_up: bool,
}

/// Every decision of a formulation.
#[must_use]
pub fn decisions(resolved: &Resolved, layout: &Layout, program: &Program) -> Vec<Decision> {
    let start = |period: PeriodIx| resolved.calendar.periods[period].start;
    let first = resolved.calendar.start;
    let mut found = Vec::new();
    let mut add =
        |col: Col, month: Month, kind: Decided, (place, thing): (&str, &str), name: String, (unit, per_column): (&'static str, f64)| {
            let Some(column) = program.columns.get(col.0 as usize) else { return };
            let (place, thing) = (place.to_owned(), thing.to_owned());
            let adds_up = !matches!(kind, Decided::Rental | Decided::Training);
            found.push(Decision { col, key: column.key, month, kind, place, thing, name, unit, per_column, adds_up });
        };
    for (pool, cols) in resolved.pools.iter().zip(&layout.pools) {
        let (chip, place) = (&resolved.chips[pool.chip], &resolved.places[pool.place]);
        let ids = (place.id.as_str(), chip.id.as_str());
        for (period, col) in &cols.orders {
            let name = format!("{} for {}", chip.name, place.name);
            add(*col, start(*period), Decided::Chips, ids, name, ("chips", 1e3 * cols.order_unit));
        }
        if pool.rental.as_ref().is_some_and(|rental| rental.committed) {
            for (period, rented) in cols.rented.pairs() {
                for col in rented {
                    let name = format!("{} rented at {}", chip.name, place.name);
                    add(*col, start(period), Decided::Rental, ids, name, ("chips", 1e3));
                }
            }
        }
        for training in &cols.training {
            let Some(programme) = resolved.training.get(training.programme).filter(|programme| programme.floor.is_none()) else { continue };
            for (period, of_period) in training.cols.pairs() {
                for col in of_period {
                    let name = format!("{} on {} at {}", sentence(&programme.id), chip.name, place.name);
                    add(*col, start(period), Decided::Training, (ids.0, &programme.id), name, ("chips", 1e3));
                }
            }
        }
    }
    for cols in &layout.halls {
        let place = &resolved.places[cols.place];
        let Some(kind) = place.site.as_ref().and_then(|site| site.buildable.get(cols.kind)) else { continue };
        for (period, col) in &cols.orders {
            let name = format!("{} ({} MW each) at {}", sentence(&kind.id), short(kind.it_mw), place.name);
            add(*col, start(*period), Decided::Halls, (&place.id, &kind.id), name, ("halls", 1.0));
        }
    }
    for (place, orders) in layout.pipelines.pairs() {
        let place = &resolved.places[place];
        for (period, col) in orders {
            let name = format!("the data pipeline of {}", place.name);
            add(*col, start(*period), Decided::Pipeline, (&place.id, "pipeline"), name, ("Gtok/h", 1.0));
        }
    }
    for (index, contract) in resolved.contracts.pairs() {
        let cols = &layout.contracts[index];
        let place = &resolved.places[contract.place];
        let name = || format!("{} for {}", sentence(&contract.id), place.name);
        let unit = contract.facets.plant.as_ref().map_or("MW", |plant| plant.unit);
        for (period, col) in &cols.orders {
            add(*col, start(*period), Decided::Plant, (&place.id, &contract.id), name(), (unit, 1.0));
        }
        let in_force = resolved.calendar.periods.keys().find(|period| contract.in_force[*period]);
        if let (Some(col), Some(from)) = (cols.contract_mw, in_force) {
            add(col, start(from), Decided::Contract, (&place.id, &contract.id), name(), ("MW", 1.0));
        }
    }
    for (place_index, connections) in layout.connections.pairs() {
        let place = &resolved.places[place_index];
        let stated = place.site.as_ref().map(|site| site.connections.as_slice()).unwrap_or_default();
        for (connection, cols) in stated.iter().zip(connections) {
            for (offer, col) in connection.offers.iter().zip(&cols.offers) {
                if let Some(col) = col {
                    let name = format!("{} of {}", sentence(&offer.id), place.name);
                    add(*col, first, Decided::Offer, (&place.id, &offer.id), name, ("MW", 1.0));
                }
            }
        }
    }
    found
}

/// Keys of orders that may be placed and arrive only after the horizon's end: they have no column, for
/// nothing of them is seen within the horizon, and nothing forbids them.
#[must_use]
pub fn late(resolved: &Resolved) -> HashSet<Key> {
    let count = resolved.calendar.periods.len();
    let mut found = HashSet::new();
    let mut add = |noun: &'static str, ids: &[&str], period: PeriodIx| {
        let mut entities = [Symbol::NONE; 4];
        for (symbol, id) in entities.iter_mut().zip(ids) {
            *symbol = Symbol::new(id);
        }
        found.insert(Key { noun, entities, period: period.position() as u32, slice: NO_INDEX, future: Symbol::NONE });
    };
    for period in resolved.calendar.periods.keys() {
        let is_late = |lead: usize| period.position() + lead >= count;
        for place in &resolved.places {
            let Some(site) = &place.site else { continue };
            for chip in resolved.chips.iter().filter(|chip| is_late(chip.lead) && chip.supply[period] > 0.0) {
                add("orders", &[&place.id, &chip.id], period);
            }
            for hall in site.buildable.iter().filter(|hall| is_late(hall.lead) && hall.at_most > 0.0) {
                add("halls", &[&place.id, &hall.id], period);
            }
            if site.pipeline.as_ref().is_some_and(|pipeline| is_late(pipeline.lead) && pipeline.expand_at_most_gtok_per_hour > 0.0) {
                add("pipeline", &[&place.id], period);
            }
        }
        for contract in &resolved.contracts {
            if contract.facets.plant.as_ref().is_some_and(|plant| is_late(plant.lead) && plant.most > 0.0) {
                add(if contract.facets.store.is_some() { "battery_mwh" } else { "onsite_mw" }, &[&contract.id], period);
            }
        }
    }
    found
}
