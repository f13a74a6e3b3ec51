//! What an answer has ordered and put into service by a period, as it stands in a plan from then on.

use crate::formulation::program::Col;
use crate::plan::values::{ChipRef, SiteRef};
use crate::plan::{Amount, Fleet, Hall, Month, Ordered, Plan};
use crate::resolved::{Ix as _, PeriodIx};
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

    /// What was ordered before, with the period of the order.
    pub(super) fn before(&self, orders: &[(PeriodIx, Col)]) -> Vec<(usize, f64)> {
        let of = |(period, col): &(PeriodIx, Col)| (period.position(), self.value(*col));
        orders.iter().map(of).filter(|(period, amount)| *period < self.period && *amount > DUST).collect()
    }
}

fn free_id(stem: &str, taken: &dyn Fn(&str) -> bool) -> String {
    let mut id = stem.to_owned();
    let mut number = 2;
    while taken(&id) {
        id = format!("{stem}-{number}");
        number += 1;
    }
    id
}

/// Chips in service become fleets; what was retired early is gone, the oldest first; what is on its way arrives.
pub(super) fn chips(then: &Then<'_>, plan: &mut Plan) {
    let (resolved, layout) = (&then.stated.resolved, &then.stated.formulation.layout);
    for (pool, cols) in resolved.pools.iter().zip(&layout.pools).filter(|(pool, _)| pool.rental.is_none()) {
        let (chip, place) = (&resolved.chips[pool.chip], &resolved.places[pool.place]);
        let of_pool = |fleet: &Fleet| fleet.site.0 == place.id && fleet.chip.0 == chip.id;
        let life_months = i32::try_from(chip.life * resolved.calendar.period_months as usize).unwrap_or(i32::MAX);
        let last = then.month(then.period - 1);
        let is_alive = |since: Month| since <= last && last < since.plus(life_months);
        for (order, amount) in then.before(&cols.orders) {
            let count = amount * cols.order_unit * 1e3;
            let since = then.month(order + chip.lead);
            let id = free_id(&format!("{}-{}-{since}", place.id, chip.id), &|id| plan.fleets.contains_key(id));
            let notes = format!("Ordered {} by the plan that was rolled on.", then.month(order));
            let (site, chip) = (SiteRef(place.id.clone()), ChipRef(chip.id.clone()));
            plan.fleets.insert(id, Fleet { site, chip, count, in_service: since, notes });
        }
        let alive: f64 = plan.fleets.values().filter(|fleet| of_pool(fleet) && is_alive(fleet.in_service)).map(|fleet| fleet.count).sum();
        let in_service = cols.in_service[PeriodIx::new(then.period - 1)].map_or(0.0, |col| then.value(col) * 1e3);
        let mut retired = (alive - in_service).max(0.0);
        let mut oldest: Vec<(Month, String)> = plan
            .fleets
            .iter()
            .filter(|(_, fleet)| of_pool(fleet) && is_alive(fleet.in_service))
            .map(|(id, fleet)| (fleet.in_service, id.clone()))
            .collect();
        oldest.sort();
        for (_, id) in oldest {
            let Some(fleet) = plan.fleets.get_mut(&id) else { continue };
            let gone = retired.min(fleet.count);
            fleet.count -= gone;
            retired -= gone;
        }
        plan.fleets.retain(|_, fleet| !of_pool(fleet) || fleet.count > DUST);
    }
}

/// Halls ordered stand, or will; so many fewer may be built.
pub(super) fn halls(then: &Then<'_>, plan: &mut Plan) {
    let (resolved, layout) = (&then.stated.resolved, &then.stated.formulation.layout);
    for cols in &layout.halls {
        let place = &resolved.places[cols.place];
        let Some(kind) = place.site.as_ref().and_then(|site| site.buildable.get(cols.kind)) else { continue };
        let Some(site) = plan.sites.get_mut(&place.id) else { continue };
        for (order, amount) in then.before(&cols.orders) {
            let Some(stated) = site.buildable.get_mut(&kind.id) else { continue };
            stated.at_most = (stated.at_most - amount).max(0.0);
            stated.at_least = (stated.at_least - amount).max(0.0);
            let hall = Hall {
                it_mw: stated.it_mw * amount,
                cooling: stated.cooling.clone(),
                rack_positions: stated.rack_positions.map(|racks| racks * amount),
                feed: stated.feed.clone(),
                in_service: then.month(order + kind.lead),
                notes: format!("Ordered {} by the plan that was rolled on.", then.month(order)),
            };
            let id = free_id(&format!("{}-{}", kind.id, hall.in_service), &|id| site.halls.contains_key(id));
            site.halls.insert(id, hall);
        }
    }
    for (index, orders) in layout.pipelines.pairs() {
        let Some(pipeline) = plan.sites.get_mut(&resolved.places[index].id).and_then(|site| site.data_pipeline.as_mut()) else { continue };
        for (_, amount) in then.before(orders) {
            pipeline.capacity_gtok_per_hour += amount;
            pipeline.expand_at_most_gtok_per_hour = (pipeline.expand_at_most_gtok_per_hour - amount).max(0.0);
        }
    }
}

/// Plant ordered stands, or will, as a contract of its own; contracts in force keep their MW.
pub(super) fn contracts(then: &Then<'_>, plan: &mut Plan, said: &mut Vec<String>) {
    let (resolved, layout) = (&then.stated.resolved, &then.stated.formulation.layout);
    for (index, contract) in resolved.contracts.pairs() {
        let cols = &layout.contracts[index];
        let ordered = then.before(&cols.orders);
        for (order, amount) in &ordered {
            let since = then.month(order + contract.facets.plant.as_ref().map_or(0, |plant| plant.lead));
            let Some(stated) = plan.contracts.get(&contract.id).cloned() else { continue };
            let mut built = stated.clone();
            let (site, id) = (built.site.0.clone(), contract.id.clone());
            built.from = Some(stated.from.unwrap_or(since).max(since));
            built.notes = format!(
                "{amount} {} ordered {} by the plan that was rolled on.",
                contract.facets.plant.as_ref().map_or("MW", |plant| plant.unit),
                then.month(*order)
            );
            if !stands_with(&mut built.terms, *amount) {
                said.push(format!("{id} at {site}: what was ordered could not be written down; state it as existing."));
                continue;
            }
            let copy = free_id(&format!("{id}-{since}"), &|id| plan.contracts.contains_key(id));
            plan.contracts.insert(copy, built);
        }
        if !ordered.is_empty()
            && let Some(stated) = plan.contracts.get_mut(&contract.id)
        {
            let gone: f64 = ordered.iter().map(|(_, amount)| amount).sum();
            less_to_order(&mut stated.terms, gone);
        }
        let from = resolved.calendar.periods.keys().find(|period| contract.in_force[*period]);
        if let (Some(col), Some(true)) = (cols.contract_mw, from.map(|from| from.position() < then.period)) {
            let signed = then.value(col);
            let Some(field) = contract.kind.size_field else { continue };
            let at = format!("contracts.{}.terms.{field}", contract.id);
            let edit = crate::plan::edit::Edit::set(&at, format!("Fixed({signed:?})"));
            if crate::plan::edit::apply(plan, &edit).is_err() {
                said.push(format!("`{at}` keeps what it said; {signed} MW are signed."));
            }
        }
    }
    for (index, connections) in layout.connections.pairs() {
        for col in connections.iter().flat_map(|connection| connection.offers.iter().flatten()) {
            if then.value(*col) > DUST {
                said.push(format!(
                    "An offer at {} was taken; in the rolled plan it is chosen again, with its deposit.",
                    resolved.places[index].name
                ));
            }
        }
    }
}

/// Makes terms hold so much that stands, and nothing to order.
fn stands_with(terms: &mut crate::plan::Terms, amount: f64) -> bool {
    match terms {
        crate::plan::Terms::OnSite(terms) => (terms.existing_mw, terms.mw) = (amount, Amount::UpTo(0.0)),
        crate::plan::Terms::Battery(terms) => (terms.existing_mwh, terms.energy_mwh) = (amount, Amount::UpTo(0.0)),
        _ => return false,
    }
    true
}

fn less_to_order(terms: &mut crate::plan::Terms, gone: f64) {
    let size = match terms {
        crate::plan::Terms::OnSite(terms) => &mut terms.mw,
        crate::plan::Terms::Battery(terms) => &mut terms.energy_mwh,
        _ => return,
    };
    *size = match *size {
        Amount::Fixed(most) | Amount::UpTo(most) => Amount::UpTo((most - gone).max(0.0)),
    };
}

/// Decisions of months that are past are made; of those at any time, what was ordered is done.
pub(super) fn decisions(then: &Then<'_>, plan: &mut Plan) {
    let (resolved, layout) = (&then.stated.resolved, &then.stated.formulation.layout);
    let start = then.month(then.period);
    plan.decisions.retain(|_, decision| decision.month.is_none_or(|month| month >= start));
    for decision in plan.decisions.values_mut().filter(|decision| decision.month.is_none()) {
        let done: f64 = match &decision.what {
            Ordered::Chips(chip) => {
                let of = resolved
                    .pools
                    .iter()
                    .zip(&layout.pools)
                    .filter(|(pool, _)| resolved.places[pool.place].id == decision.site.0 && resolved.chips[pool.chip].id == chip.0);
                of.map(|(_, cols)| then.before(&cols.orders).iter().map(|(_, amount)| amount * cols.order_unit * 1e3).sum::<f64>()).sum()
            }
            Ordered::Halls(kind) => {
                let of = layout.halls.iter().filter(|cols| {
                    let place = &resolved.places[cols.place];
                    let own = place.site.as_ref().and_then(|site| site.buildable.get(cols.kind));
                    place.id == decision.site.0 && own.is_some_and(|own| own.id == *kind)
                });
                of.map(|cols| then.before(&cols.orders).iter().map(|(_, amount)| amount).sum::<f64>()).sum()
            }
        };
        decision.at_least = (decision.at_least - done).max(0.0);
        decision.exactly = decision.exactly.map(|exactly| (exactly - done).max(0.0));
    }
}
