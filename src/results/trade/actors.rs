//! What each actor did: the league table.

use super::ActorResult;
use crate::formulation::cost::Charge;
use crate::formulation::owners;
use crate::resolved::{ActorIx, Ix as _, PeriodIx, ProductIx, Resolved};
use crate::results::read::Reading;
use crate::results::{Flow, Results, Role};

/// Whose a charge is; none of what belongs to all.
pub(super) fn owner_of(resolved: &Resolved, owners: &[Option<ActorIx>], charge: &Charge) -> Option<ActorIx> {
    let of_contract = || {
        let contract = resolved.contracts.as_slice().get(charge.contract? as usize)?;
        Some(resolved.places[contract.place].actor)
    };
    of_contract().or_else(|| owners.get(charge.col?.0 as usize).copied().flatten()).or(charge.actor)
}

/// Who sells along a flow.
fn seller(resolved: &Resolved, flow: &Flow) -> Option<ActorIx> {
    match (&flow.purchase, flow.site) {
        (Some(id), _) => resolved.purchases.iter().find(|purchase| purchase.id == *id).map(|purchase| purchase.actor),
        (None, Some(site)) => resolved.places.as_slice().get(site).map(|place| place.actor),
        (None, None) => None,
    }
}

/// Country in which the tokens of a flow are made.
fn made_in<'r>(resolved: &'r Resolved, flow: &Flow) -> Option<&'r str> {
    match (&flow.purchase, flow.site) {
        (Some(id), _) => resolved.purchases.iter().find(|purchase| purchase.id == *id).map(|purchase| purchase.country.as_str()),
        (None, Some(site)) => resolved.places.as_slice().get(site).map(|place| place.country.as_str()),
        (None, None) => None,
    }
}

/// The actors; none where the plan states none and no price forms.
pub(in crate::results) fn actors(reading: &Reading<'_>, results: &Results) -> Vec<ActorResult> {
    let resolved = reading.resolved;
    if !resolved.actors.iter().any(|actor| actor.stated) && resolved.conduct().is_none() {
        return Vec::new();
    }
    let nothing = || vec![0.0; results.periods.len()];
    let mut all: Vec<ActorResult> = resolved
        .actors
        .iter()
        .map(|actor| ActorResult {
            id: actor.id.clone(),
            name: actor.name.clone(),
            country: actor.country.clone(),
            answer_ttok: nothing(),
            quality_ttok: nothing(),
            exports_ttok: nothing(),
            sold_ttok: vec![nothing(); results.markets.len()],
            revenue_musd: nothing(),
            cost_musd: nothing(),
            capex_musd: nothing(),
            energy_gwh: nothing(),
            million_chip_hours: nothing(),
            made_ttok: nothing(),
            npv_musd: 0.0,
        })
        .collect();
    sales(resolved, results, &mut all);
    costs(reading, &mut all);
    for contract in results.contracts.iter().filter(|contract| contract.kind.role == Role::Energy) {
        let Some(actor) = resolved.places.as_slice().get(contract.site).and_then(|place| all.get_mut(place.actor.position())) else {
            continue;
        };
        add_all(&mut actor.energy_gwh, &contract.energy_gwh);
    }
    for chips in &results.fleet {
        let Some(actor) = resolved.places.as_slice().get(chips.site).and_then(|place| all.get_mut(place.actor.position())) else {
            continue;
        };
        for (period, info) in results.periods.iter().enumerate() {
            let count = super::at(&chips.in_service, period) + super::at(&chips.rented, period);
            add(&mut actor.million_chip_hours, period, count * info.days * 24.0 * 1e-6);
        }
    }
    for actor in &mut all {
        let flows = results.periods.iter().zip(actor.revenue_musd.iter().zip(&actor.cost_musd));
        actor.npv_musd = flows.map(|(period, (revenue, cost))| period.discount * (revenue - cost)).sum();
    }
    all
}

/// Tokens and revenue: each flow is paid its market's mean price of the product in the period.
fn sales(resolved: &Resolved, results: &Results, all: &mut [ActorResult]) {
    for flow in &results.flows {
        let Some(actor) = seller(resolved, flow).and_then(|actor| all.get_mut(actor.position())) else { continue };
        let weight = &resolved.products[ProductIx::new(flow.product)].quality_weight;
        let abroad = results.markets.get(flow.market).is_some_and(|market| made_in(resolved, flow) != Some(market.country.as_str()));
        let own_site = flow.purchase.is_none() && flow.site.and_then(|site| results.sites.get(site)).is_some_and(|site| !site.rented);
        for period in 0..results.periods.len() {
            let ttok = super::at(&flow.answer_ttok, period);
            if ttok <= 0.0 {
                continue;
            }
            let (mut sold, mut paid) = (0.0, 0.0);
            for sale in results.sales.iter().filter(|sale| sale.market == flow.market && sale.product == flow.product) {
                sold += super::at(&sale.sold_ttok, period);
                paid += super::at(&sale.revenue_musd, period);
            }
            add(&mut actor.answer_ttok, period, ttok);
            add(&mut actor.quality_ttok, period, ttok * weight[PeriodIx::new(period)]);
            if abroad {
                add(&mut actor.exports_ttok, period, ttok);
            }
            if own_site {
                add(&mut actor.made_ttok, period, ttok);
            }
            if let Some(of_market) = actor.sold_ttok.get_mut(flow.market) {
                add(of_market, period, ttok);
            }
            if sold > 0.0 {
                add(&mut actor.revenue_musd, period, paid * ttok / sold);
            }
        }
    }
}

fn costs(reading: &Reading<'_>, all: &mut [ActorResult]) {
    let (resolved, formulation) = (reading.resolved, reading.formulation);
    let owners = owners::of_columns(resolved, &formulation.program, &formulation.layout);
    for charge in &formulation.layout.charges {
        let amount = charge.musd * charge.col.map_or(1.0, |col| reading.col(col));
        if let Some(actor) = owner_of(resolved, &owners, charge).and_then(|actor| all.get_mut(actor.position())) {
            add(&mut actor.cost_musd, charge.period.position(), amount);
        }
    }
    for order in &formulation.layout.capex {
        let owner = owners.get(order.col.0 as usize).copied().flatten();
        if let Some(actor) = owner.and_then(|actor| all.get_mut(actor.position())) {
            add(&mut actor.capex_musd, order.period.position(), order.musd * reading.col(order.col));
        }
    }
}

fn add(values: &mut [f64], period: usize, amount: f64) {
    if let Some(value) = values.get_mut(period) {
        *value += amount;
    }
}

fn add_all(values: &mut [f64], more: &[f64]) {
    values.iter_mut().zip(more).for_each(|(value, more)| *value += more);
}
