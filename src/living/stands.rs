//! What an answer has ordered and put into service by a period, and a plan in which that stands.

use std::collections::BTreeMap;

use super::standing::{Standing, StandingKind};
use crate::formulation::program::Col;
use crate::plan::connection::Service;
use crate::plan::values::{ChipRef, SiteRef};
use crate::plan::{Amount, Fleet, Hall, Month, Ordered, Plan, Steps, Terms};
use crate::resolved::{Contract, Ix as _, PeriodIx};
use crate::study::Stated;

/// An amount that is the solver's dust.
const DUST: f64 = 1e-6;

/// An answer, and the first period of what follows.
pub(super) struct Then<'a> {
    /// The plan, stated.
    pub(super) stated: &'a Stated,
    /// Its answer, a value for each column.
    pub(super) point: &'a [f64],
    /// The first period that is planned anew.
    pub(super) period: usize,
}

impl Then<'_> {
    pub(super) fn value(&self, col: Col) -> f64 {
        self.point.get(col.0 as usize).copied().unwrap_or(0.0)
    }

    /// The first month of a period, also of one after the horizon.
    pub(super) fn month(&self, period: usize) -> Month {
        let calendar = &self.stated.resolved.calendar;
        calendar.start.plus(i32::try_from(period * calendar.period_months as usize).unwrap_or(i32::MAX))
    }

    /// The month so many periods after another.
    fn later(&self, month: Month, periods: usize) -> Month {
        let months = periods.saturating_mul(self.stated.resolved.calendar.period_months as usize).min(12_000);
        month.plus(months as i32)
    }

    /// What was ordered before, with the period of the order.
    pub(super) fn before(&self, orders: &[(PeriodIx, Col)]) -> Vec<(usize, f64)> {
        let of = |(period, col): &(PeriodIx, Col)| (period.position(), self.value(*col));
        orders.iter().map(of).filter(|(period, amount)| *period < self.period && *amount > DUST).collect()
    }

    /// The first period in which a contract is in force.
    pub(super) fn in_force_from(&self, contract: &Contract) -> Option<usize> {
        self.stated.resolved.calendar.periods.keys().find(|period| contract.in_force[*period]).map(PeriodIx::position)
    }
}

/// An id that is not taken: the stem, or with a number.
pub(super) fn free_id(stem: &str, taken: &dyn Fn(&str) -> bool) -> String {
    let mut id = stem.to_owned();
    let mut number = 2;
    while taken(&id) {
        id = format!("{stem}-{number}");
        number += 1;
    }
    id
}

/// Everything that stands, is signed or is on its way by then.
pub(super) fn rows(then: &Then<'_>, plan: &Plan) -> Vec<Standing> {
    let mut rows = Vec::new();
    chips(then, plan, &mut rows);
    let (resolved, layout) = (&then.stated.resolved, &then.stated.formulation.layout);
    for cols in &layout.halls {
        let place = &resolved.places[cols.place];
        let Some(kind) = place.site.as_ref().and_then(|site| site.buildable.get(cols.kind)) else { continue };
        for (order, amount) in then.before(&cols.orders) {
            let ids = (StandingKind::Halls, place.id.as_str(), kind.id.as_str());
            rows.push(row(then, ids, (amount, "halls"), then.month(order + kind.lead), Some(order)));
        }
    }
    for (index, contract) in resolved.contracts.pairs() {
        let (cols, place) = (&layout.contracts[index], &resolved.places[contract.place]);
        let ids = |kind| (kind, place.id.as_str(), contract.id.as_str());
        if let Some(plant) = &contract.facets.plant {
            for (order, amount) in then.before(&cols.orders) {
                rows.push(row(then, ids(StandingKind::Plant), (amount, plant.unit), then.month(order + plant.lead), Some(order)));
            }
        }
        if let (Some(col), Some(from)) = (cols.contract_mw, then.in_force_from(contract).filter(|from| *from < then.period)) {
            rows.push(row(then, ids(StandingKind::Contract), (then.value(col), "MW"), then.month(from), None));
        }
    }
    for (index, connections) in layout.connections.pairs() {
        let place = &resolved.places[index];
        let Some(site) = &place.site else { continue };
        for (connection, cols) in site.connections.iter().zip(connections) {
            for (offer, col) in connection.offers.iter().zip(&cols.offers) {
                let Some(col) = *col else { continue };
                let thing = format!("{}/{}", connection.id, offer.id);
                let from = resolved.calendar.periods.keys().find(|period| offer.there[*period]).map_or(0, PeriodIx::position);
                let amount = then.value(col);
                let amount = if amount > DUST { amount } else { 0.0 };
                rows.push(row(then, (StandingKind::Offer, &place.id, &thing), (amount, "MW"), then.month(from), None));
            }
        }
    }
    rows
}

fn row(
    then: &Then<'_>,
    (kind, site, thing): (StandingKind, &str, &str),
    (amount, unit): (f64, &str),
    month: Month,
    ordered: Option<usize>,
) -> Standing {
    Standing {
        kind,
        site: site.to_owned(),
        thing: thing.to_owned(),
        amount,
        unit: unit.to_owned(),
        month: month.to_string(),
        fleet: None,
        ordered: ordered.map(|period| then.month(period).to_string()),
    }
}

/// Chips: the fleets there are and what was ordered; what was retired early is gone, the oldest first.
fn chips(then: &Then<'_>, plan: &Plan, rows: &mut Vec<Standing>) {
    let (resolved, layout) = (&then.stated.resolved, &then.stated.formulation.layout);
    for (pool, cols) in resolved.pools.iter().zip(&layout.pools).filter(|(pool, _)| pool.rental.is_none()) {
        let (chip, place) = (&resolved.chips[pool.chip], &resolved.places[pool.place]);
        let ids = (StandingKind::Chips, place.id.as_str(), chip.id.as_str());
        let life_months = i32::try_from(chip.life * resolved.calendar.period_months as usize).unwrap_or(i32::MAX);
        let last = then.month(then.period - 1);
        let is_alive = |since: Month| since <= last && last < since.plus(life_months);
        let mut own: Vec<(Month, Standing)> = Vec::new();
        for (id, fleet) in plan.fleets.iter().filter(|(_, fleet)| fleet.site.0 == place.id && fleet.chip.0 == chip.id) {
            let standing = row(then, ids, (fleet.count, "chips"), fleet.in_service, None);
            own.push((fleet.in_service, Standing { fleet: Some(id.clone()), ..standing }));
        }
        for (order, amount) in then.before(&cols.orders) {
            let since = then.month(order + chip.lead);
            own.push((since, row(then, ids, (amount * cols.order_unit * 1e3, "chips"), since, Some(order))));
        }
        own.sort_by_key(|(since, _)| *since);
        let alive: f64 = own.iter().filter(|(since, _)| is_alive(*since)).map(|(_, standing)| standing.amount).sum();
        let in_service = cols.in_service[PeriodIx::new(then.period - 1)].map_or(0.0, |col| then.value(col) * 1e3);
        let mut retired = (alive - in_service).max(0.0);
        for (since, standing) in &mut own {
            if is_alive(*since) {
                let gone = retired.min(standing.amount);
                standing.amount -= gone;
                retired -= gone;
            }
        }
        rows.extend(own.into_iter().map(|(_, standing)| standing).filter(|standing| standing.amount > DUST));
    }
}

/// Makes all of it stand in a plan, in which nothing of it is to be ordered any more.
pub(super) fn apply(then: &Then<'_>, rows: &[Standing], plan: &mut Plan, said: &mut Vec<String>) {
    decisions(then, rows, plan);
    fleets(then, rows, plan);
    halls(then, rows, plan);
    pipelines(then, plan);
    plant(then, rows, plan, said);
    contracts(then, rows, plan, said);
    offers(rows, plan, said);
}

fn of(rows: &[Standing], kind: StandingKind) -> impl Iterator<Item = &Standing> {
    rows.iter().filter(move |row| row.kind == kind)
}

fn about(row: &Standing) -> String {
    row.ordered.as_ref().map_or_else(
        || "Stated to stand when the plan was rolled on.".to_owned(),
        |month| format!("Ordered {month} by the plan that was rolled on."),
    )
}

fn fleets(then: &Then<'_>, rows: &[Standing], plan: &mut Plan) {
    let kept: Vec<&str> = rows.iter().filter_map(|row| row.fleet.as_deref()).collect();
    // Of rented chips and of chips that nothing can be said of there are no pools.
    let has_pool = |fleet: &Fleet| {
        let resolved = &then.stated.resolved;
        let same =
            |pool: &crate::resolved::Pool| resolved.places[pool.place].id == fleet.site.0 && resolved.chips[pool.chip].id == fleet.chip.0;
        resolved.pools.iter().any(|pool| pool.rental.is_none() && same(pool))
    };
    plan.fleets.retain(|id, fleet| kept.contains(&id.as_str()) || !has_pool(fleet));
    for row in of(rows, StandingKind::Chips) {
        if let Some(fleet) = row.fleet.as_ref().and_then(|id| plan.fleets.get_mut(id)) {
            fleet.count = row.amount;
            continue;
        }
        let Some(in_service) = row.from() else { continue };
        let id = free_id(&format!("{}-{}-{in_service}", row.site, row.thing), &|id| plan.fleets.contains_key(id));
        let (site, chip) = (SiteRef(row.site.clone()), ChipRef(row.thing.clone()));
        plan.fleets.insert(id, Fleet { site, chip, count: row.amount, in_service, notes: about(row) });
    }
}

/// Halls ordered stand, or will, for as long as they live; so many fewer may be built.
fn halls(then: &Then<'_>, rows: &[Standing], plan: &mut Plan) {
    let calendar = &then.stated.resolved.calendar;
    for row in of(rows, StandingKind::Halls) {
        let Some(site) = plan.sites.get_mut(&row.site) else { continue };
        let (Some(stated), Some(in_service)) = (site.buildable.get_mut(&row.thing), row.from()) else { continue };
        let gone = then.later(in_service, calendar.life_periods(stated.life_years));
        stated.at_most = (stated.at_most - row.amount).max(0.0);
        stated.at_least = (stated.at_least - row.amount).max(0.0);
        let hall = Hall {
            it_mw: stated.it_mw * row.amount,
            cooling: stated.cooling.clone(),
            rack_positions: stated.rack_positions.map(|racks| racks * row.amount),
            feed: stated.feed.clone(),
            in_service,
            until: Some(gone).filter(|gone| *gone < calendar.end()),
            notes: about(row),
        };
        let id = free_id(&format!("{}-{in_service}", row.thing), &|id| site.halls.contains_key(id));
        site.halls.insert(id, hall);
    }
}

/// Expansions ordered carry from when they arrive, for as long as they live; so much less may be added.
fn pipelines(then: &Then<'_>, plan: &mut Plan) {
    let (resolved, layout) = (&then.stated.resolved, &then.stated.formulation.layout);
    for (index, orders) in layout.pipelines.pairs() {
        let (ordered, place) = (then.before(orders), &resolved.places[index]);
        let Some(facts) = place.site.as_ref().and_then(|site| site.pipeline.as_ref()).filter(|_| !ordered.is_empty()) else { continue };
        let Some(pipeline) = plan.sites.get_mut(&place.id).and_then(|site| site.data_pipeline.as_mut()) else { continue };
        let mut steps = BTreeMap::new();
        for (period, stands) in facts.capacity_gtok_per_hour.pairs().map(|(period, stands)| (period.position(), *stands)) {
            let carries = |(order, _): &&(usize, f64)| (order + facts.lead..order + facts.lead + facts.life).contains(&period);
            let added: f64 = ordered.iter().filter(carries).map(|(_, amount)| amount).sum();
            let from = if period <= then.period { Month::ALWAYS } else { then.month(period) };
            if period <= then.period || steps.last_key_value().is_none_or(|(_, last)| *last != stands + added) {
                steps.insert(from, stands + added);
            }
        }
        pipeline.capacity_gtok_per_hour = Steps::dated(steps);
        let gone: f64 = ordered.iter().map(|(_, amount)| amount).sum();
        pipeline.expand_at_most_gtok_per_hour = (pipeline.expand_at_most_gtok_per_hour - gone).max(0.0);
    }
}

/// Plant ordered stands, or will, as a contract of its own for as long as it lives.
fn plant(then: &Then<'_>, rows: &[Standing], plan: &mut Plan, said: &mut Vec<String>) {
    let calendar = &then.stated.resolved.calendar;
    for row in of(rows, StandingKind::Plant) {
        if backup(then, row, plan, said) {
            continue;
        }
        let (Some(stated), Some(since)) = (plan.contracts.get(&row.thing).cloned(), row.from()) else { continue };
        let mut built = stated.clone();
        built.from = Some(stated.from.unwrap_or(since).max(since));
        let life = then
            .stated
            .resolved
            .contracts
            .iter()
            .find(|contract| contract.id == row.thing)
            .and_then(|contract| contract.facets.plant.as_ref());
        let gone = life.map(|plant| then.later(since, plant.life));
        built.until = match (stated.until, gone.filter(|gone| *gone < calendar.end())) {
            (Some(until), Some(gone)) => Some(until.min(gone)),
            (until, gone) => until.or(gone),
        };
        built.notes = format!("{:?} {}. {}", row.amount, row.unit, about(row));
        if !stands_with(&mut built.terms, row.amount) {
            said.push(format!("{} at {}: what was ordered could not be written down; state it as existing.", row.thing, row.site));
            continue;
        }
        let copy = free_id(&format!("{}-{since}", row.thing), &|id| plan.contracts.contains_key(id));
        plan.contracts.insert(copy, built);
        if let Some(stated) = plan.contracts.get_mut(&row.thing) {
            less_to_order(&mut stated.terms, row.amount);
        }
    }
}

/// Whether a row is of the backup plant of a connection, which stands as a part of it.
fn backup(then: &Then<'_>, row: &Standing, plan: &mut Plan, said: &mut Vec<String>) -> bool {
    let mut parts = row.thing.split('/');
    let (Some(site), Some(id), Some("backup")) = (parts.next(), parts.next(), parts.next()) else { return false };
    let connection = plan.sites.get_mut(site).and_then(|site| site.connections.get_mut(id));
    let Some(backup) = connection.and_then(|connection| connection.backup.as_mut()) else { return false };
    backup.existing_mw = (backup.existing_mw + row.amount).min(backup.mw);
    let resolved = &then.stated.resolved;
    let life = resolved.contracts.iter().find(|contract| contract.id == row.thing).and_then(|contract| contract.facets.plant.as_ref());
    let months = life.map_or(0, |plant| plant.life * resolved.calendar.period_months as usize);
    let gone = row.from().map(|since| since.plus(i32::try_from(months).unwrap_or(i32::MAX)));
    if let Some(gone) = gone.filter(|gone| *gone < resolved.calendar.end()) {
        said.push(format!("The backup plant of {id} at {site} would have worn out by {gone} by itself; in the rolled plan it stays."));
    }
    true
}

/// Makes terms hold so much that stands, and nothing to order.
fn stands_with(terms: &mut Terms, amount: f64) -> bool {
    match terms {
        Terms::OnSite(terms) => (terms.existing_mw, terms.mw) = (amount, Amount::UpTo(0.0)),
        Terms::Battery(terms) => (terms.existing_mwh, terms.energy_mwh) = (amount, Amount::UpTo(0.0)),
        _ => return false,
    }
    true
}

fn less_to_order(terms: &mut Terms, gone: f64) {
    let size = match terms {
        Terms::OnSite(terms) => &mut terms.mw,
        Terms::Battery(terms) => &mut terms.energy_mwh,
        _ => return,
    };
    *size = match *size {
        Amount::Fixed(most) | Amount::UpTo(most) => Amount::UpTo((most - gone).max(0.0)),
    };
}

/// Contracts in force keep their size.
fn contracts(then: &Then<'_>, rows: &[Standing], plan: &mut Plan, said: &mut Vec<String>) {
    for row in of(rows, StandingKind::Contract) {
        let contract = then.stated.resolved.contracts.iter().find(|contract| contract.id == row.thing);
        let Some(field) = contract.and_then(|contract| contract.kind.size_field) else { continue };
        let at = format!("contracts.{}.terms.{field}", row.thing);
        let edit = crate::plan::edit::Edit::set(&at, format!("Fixed({:?})", row.amount));
        if crate::plan::edit::apply(plan, &edit).is_err() {
            said.push(format!("`{at}` keeps what it said; {:?} MW are signed.", row.amount));
        }
    }
}

/// Offers that were taken are taken: deposit and studies are paid. What was left of them has lapsed.
fn offers(rows: &[Standing], plan: &mut Plan, said: &mut Vec<String>) {
    for row in of(rows, StandingKind::Offer) {
        let Some((connection, id)) = row.thing.split_once('/') else { continue };
        let connection = plan.sites.get_mut(&row.site).and_then(|site| site.connections.get_mut(connection));
        let Some(Service::Choose(offers)) = connection.map(|connection| &mut connection.service) else { continue };
        let Some(offer) = offers.get_mut(id) else { continue };
        let lapsed = offer.at_most_mw - row.amount;
        if offer.taken_mw.is_none() && lapsed > DUST {
            said.push(format!(
                "{} MW of the offer {id} at {} were not taken and count as lapsed; take `taken_mw` out if they are still on the table.",
                crate::words::short(lapsed),
                row.site
            ));
        }
        offer.taken_mw = Some(row.amount.min(offer.at_most_mw));
    }
}

/// Decisions of months that are past are made; of those at any time, what was ordered is done.
fn decisions(then: &Then<'_>, rows: &[Standing], plan: &mut Plan) {
    let start = then.month(then.period);
    plan.decisions.retain(|_, decision| decision.month.is_none_or(|month| month >= start));
    for decision in plan.decisions.values_mut().filter(|decision| decision.month.is_none()) {
        let (kind, thing) = match &decision.what {
            Ordered::Chips(chip) => (StandingKind::Chips, &chip.0),
            Ordered::Halls(kind) => (StandingKind::Halls, kind),
        };
        let is_done = |row: &&Standing| row.id() == (kind, decision.site.0.as_str(), thing.as_str()) && row.fleet.is_none();
        let done: f64 = rows.iter().filter(is_done).map(|row| row.amount).sum();
        decision.at_least = (decision.at_least - done).max(0.0);
        decision.exactly = decision.exactly.map(|exactly| (exactly - done).max(0.0));
    }
}
