//! Who carries which energy and money: every GWh and every dollar of the answer is given to chips
//! of one kind at one site, or to tokens bought from others. [`Results`] knows cost by part and by
//! period only, so the parts are shared out, period by period, by a weight that follows the cause:
//!
//! | part | shared by |
//! |---|---|
//! | energy of a site | all-in MW × utilisation of the chips there |
//! | power, carbon | energy so found |
//! | chips | all-in MW of chips that have arrived since the start (existing fleets have no annuity) |
//! | halls, plant, maintenance | all-in MW in service |
//! | rent | rented chips |
//! | bought tokens | tokens bought |
//! | egress, token duty | answer tokens |
//!
//! Where a weight is zero throughout, all-in MW and then answer tokens take its place. The shares
//! of a part always add up to the part.

use super::{ChipsAt, ContractInfo, CostPart, Results, Role};

/// The number of a period, 0 where there is none or it is not finite.
fn at(values: &[f64], period: usize) -> f64 {
    values.get(period).copied().filter(|value| value.is_finite()).unwrap_or(0.0)
}

/// What a carrier is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Index into [`Results::fleet`].
    Fleet(usize),
    /// Tokens bought, by id of the purchase.
    Bought(String),
}

/// A carrier with what it carries over the selected periods.
#[derive(Clone, Debug)]
pub(crate) struct Carrier {
    /// What it is.
    pub kind: Kind,
    /// Answer tokens, Ttok, by product.
    pub tokens_ttok: Vec<f64>,
    /// Energy drawn for it, GWh, by contract.
    pub energy_gwh: Vec<f64>,
    /// Cost, M$ undiscounted, by part.
    pub cost_musd: [f64; 10],
}

impl Carrier {
    /// Answer tokens, Ttok.
    pub(crate) fn tokens(&self) -> f64 {
        self.tokens_ttok.iter().sum()
    }

    /// Cost, M$.
    pub(crate) fn cost(&self) -> f64 {
        self.cost_musd.iter().sum()
    }
}

/// Shares of 1 by weight; the next weights where the first are all zero; nothing if all are.
fn shares(choices: &[&[f64]]) -> Vec<f64> {
    for weights in choices {
        let sum: f64 = weights.iter().sum();
        if sum > 1e-12 {
            return weights.iter().map(|weight| weight / sum).collect();
        }
    }
    Vec::new()
}

/// Every carrier of the answer, fleets first, over one period or the horizon.
pub(crate) fn carriers(results: &Results, only: Option<usize>) -> Vec<Carrier> {
    let products = results.products.len();
    let blank =
        |kind| Carrier { kind, tokens_ttok: vec![0.0; products], energy_gwh: vec![0.0; results.contracts.len()], cost_musd: [0.0; 10] };
    let mut carriers: Vec<Carrier> = (0..results.fleet.len()).map(|index| blank(Kind::Fleet(index))).collect();
    for flow in &results.flows {
        if flow.site.is_none() {
            let kind = Kind::Bought(flow.purchase.clone().unwrap_or_default());
            if !carriers.iter().any(|carrier| carrier.kind == kind) {
                carriers.push(blank(kind));
            }
        }
    }
    let kinds: Vec<Kind> = carriers.iter().map(|carrier| carrier.kind.clone()).collect();
    let mut arrived = vec![0.0; results.fleet.len()];
    for period in 0..results.periods.len() {
        for (sum, fleet) in arrived.iter_mut().zip(&results.fleet) {
            *sum += at(&fleet.arrivals, period);
        }
        if only.is_none_or(|only| only == period) {
            add(results, period, &kinds, &arrived, &mut carriers);
        }
    }
    carriers
}

/// Adds what is carried in a period.
fn add(results: &Results, period: usize, kinds: &[Kind], arrived: &[f64], carriers: &mut [Carrier]) {
    let fleet = |kind: &Kind| match kind {
        Kind::Fleet(index) => results.fleet.get(*index),
        Kind::Bought(_) => None,
    };
    let weigh = |value: &dyn Fn(&ChipsAt) -> f64| -> Vec<f64> { kinds.iter().map(|kind| fleet(kind).map_or(0.0, value)).collect() };
    for carrier in carriers.iter_mut() {
        match &carrier.kind {
            Kind::Fleet(index) => {
                let made = results.fleet.get(*index).and_then(|fleet| fleet.answer_ttok.get(period));
                for (sum, tokens) in carrier.tokens_ttok.iter_mut().zip(made.into_iter().flatten()) {
                    *sum += tokens;
                }
            }
            Kind::Bought(id) => {
                for flow in results.flows.iter().filter(|flow| flow.site.is_none() && flow.purchase.as_deref().unwrap_or_default() == id) {
                    if let Some(sum) = carrier.tokens_ttok.get_mut(flow.product) {
                        *sum += at(&flow.answer_ttok, period);
                    }
                }
            }
        }
    }
    let all_in = weigh(&|fleet| at(&fleet.all_in_mw, period));
    let worked = weigh(&|fleet| at(&fleet.all_in_mw, period) * at(&fleet.utilisation, period));
    let rented = weigh(&|fleet| at(&fleet.rented, period));
    let own = |kind: &Kind, site: usize| fleet(kind).is_some_and(|fleet| fleet.site == site);
    let mut energy = vec![0.0; kinds.len()];
    for (index, contract) in results.contracts.iter().enumerate() {
        if !brings_energy(contract) {
            continue;
        }
        let here = |weights: &[f64]| -> Vec<f64> {
            weights.iter().zip(kinds).map(|(weight, kind)| if own(kind, contract.site) { *weight } else { 0.0 }).collect()
        };
        let gwh = at(&contract.energy_gwh, period);
        for ((carrier, share), sum) in carriers.iter_mut().zip(shares(&[&here(&worked), &here(&all_in)])).zip(&mut energy) {
            *sum += gwh * share;
            if let Some(drawn) = carrier.energy_gwh.get_mut(index) {
                *drawn += gwh * share;
            }
        }
    }
    let tokens: Vec<f64> = kinds
        .iter()
        .map(|kind| match kind {
            Kind::Fleet(_) => fleet(kind).and_then(|fleet| fleet.answer_ttok.get(period)).map_or(0.0, |made| made.iter().sum()),
            Kind::Bought(id) => bought(results, id, period),
        })
        .collect();
    let purchases: Vec<f64> =
        kinds.iter().map(|kind| if let Kind::Bought(id) = kind { bought(results, id, period) } else { 0.0 }).collect();
    let bought_mw: Vec<f64> = kinds
        .iter()
        .map(|kind| match kind {
            Kind::Fleet(index) => fleet(kind).map_or(0.0, |fleet| {
                let in_service = at(&fleet.in_service, period);
                if in_service > 1e-9 { at(&fleet.all_in_mw, period) * (at(arrived, *index) / in_service).min(1.0) } else { 0.0 }
            }),
            Kind::Bought(_) => 0.0,
        })
        .collect();
    let Some(money) = results.money.get(period) else { return };
    for (part, (kind, cost)) in CostPart::ALL.into_iter().zip(money.cost_musd).enumerate() {
        let first: &[f64] = match kind {
            CostPart::Chips => &bought_mw,
            CostPart::Halls | CostPart::Plant | CostPart::Maintenance => &all_in,
            CostPart::Power | CostPart::Carbon => &energy,
            CostPart::Rent => &rented,
            CostPart::Purchases => &purchases,
            CostPart::Egress | CostPart::TokenDuty => &tokens,
        };
        let even = vec![1.0; kinds.len()];
        for (carrier, share) in carriers.iter_mut().zip(shares(&[first, &all_in, &rented, &tokens, &even])) {
            if let Some(sum) = carrier.cost_musd.get_mut(part) {
                *sum += cost * share;
            }
        }
    }
}

/// Ttok bought of a purchase in a period.
fn bought(results: &Results, id: &str, period: usize) -> f64 {
    results
        .flows
        .iter()
        .filter(|flow| flow.site.is_none() && flow.purchase.as_deref().unwrap_or_default() == id)
        .map(|flow| at(&flow.answer_ttok, period))
        .sum()
}

/// Whether a contract brings energy to its site: batteries only move it, contracts for difference are paper.
pub(crate) fn brings_energy(contract: &ContractInfo) -> bool {
    contract.kind.role == Role::Energy
}
