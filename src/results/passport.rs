//! The token passport: where the tokens of a product in a market come from, and what they took.
//!
//! Period by period, every GWh, kilotonne and dollar of the answer is first given to chips of one
//! kind at one site (`attribution` says how), then to the products they worked for by chip-hours
//! (prefill counts), then to markets by the answer tokens that the site sends there. Egress and token
//! duty are those of the very route; bought tokens carry their own price. What chips did in training
//! goes to training, and what stood idle for a whole period to nobody: both are the remainder. So the
//! passports and the remainder add up to the answer's energy, carbon and cost, and the passports
//! alone to its tokens and revenue.
//!
//! Energy is what is drawn under contracts, so battery losses are in it; money is undiscounted.

use super::attribution::{Kind, carriers};
use super::{CostPart, Results};
use crate::catalog::Evidence;

/// Energy, carbon and money that something took.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Burden {
    /// Energy drawn, GWh, by contract.
    pub energy_gwh: Vec<f64>,
    /// Carbon, kt CO₂.
    pub carbon_kt: f64,
    /// Cost, M$ undiscounted, in the order of [`CostPart::ALL`].
    pub cost_musd: [f64; 10],
}

impl Burden {
    fn none(results: &Results) -> Self {
        Self { energy_gwh: vec![0.0; results.contracts.len()], ..Self::default() }
    }

    fn add(&mut self, other: &Self, share: f64) {
        for (sum, gwh) in self.energy_gwh.iter_mut().zip(&other.energy_gwh) {
            *sum += gwh * share;
        }
        self.carbon_kt += other.carbon_kt * share;
        for (sum, musd) in self.cost_musd.iter_mut().zip(&other.cost_musd) {
            *sum += musd * share;
        }
    }

    /// Energy, GWh.
    #[must_use]
    pub fn energy_total_gwh(&self) -> f64 {
        self.energy_gwh.iter().sum()
    }

    /// Cost, M$.
    #[must_use]
    pub fn cost_total_musd(&self) -> f64 {
        self.cost_musd.iter().sum()
    }
}

/// Tokens of a product in a market.
#[derive(Clone, Debug, PartialEq)]
pub struct Passport {
    /// Index of the product.
    pub product: usize,
    /// Index of the market.
    pub market: usize,
    /// Answer tokens, Ttok.
    pub answer_ttok: f64,
    /// Who made them: index into [`Results::fleet`] and Ttok.
    pub made_ttok: Vec<(usize, f64)>,
    /// Who sold them to us: id of the purchase and Ttok.
    pub bought_ttok: Vec<(String, f64)>,
    /// What they took.
    pub burden: Burden,
    /// What they earned, M$ undiscounted.
    pub revenue_musd: f64,
    /// Ttok made at throughput of each grade, in the order of [`Evidence::ALL`].
    pub graded_ttok: [f64; 5],
}

/// All passports of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Passports {
    /// One for each product and market that is sold to.
    pub passports: Vec<Passport>,
    /// What training took.
    pub training: Burden,
    /// What chips that stood idle for a whole period took.
    pub idle: Burden,
}

fn at(values: &[f64], period: usize) -> f64 {
    values.get(period).copied().unwrap_or(0.0)
}

/// The passports over one period or the horizon.
#[must_use]
pub fn passports(results: &Results, only: Option<usize>) -> Passports {
    let mut out = Passports { passports: Vec::new(), training: Burden::none(results), idle: Burden::none(results) };
    for product in 0..results.products.len() {
        for market in 0..results.markets.len() {
            if results.sales.iter().any(|sale| (sale.product, sale.market) == (product, market)) {
                out.passports.push(Passport {
                    product,
                    market,
                    answer_ttok: 0.0,
                    made_ttok: Vec::new(),
                    bought_ttok: Vec::new(),
                    burden: Burden::none(results),
                    revenue_musd: 0.0,
                    graded_ttok: [0.0; 5],
                });
            }
        }
    }
    for period in (0..results.periods.len()).filter(|period| only.is_none_or(|only| only == *period)) {
        sold(results, period, &mut out);
        shared(results, period, &mut out);
    }
    out
}

fn sold(results: &Results, period: usize, out: &mut Passports) {
    for passport in &mut out.passports {
        for sale in results.sales.iter().filter(|sale| (sale.product, sale.market) == (passport.product, passport.market)) {
            passport.answer_ttok += at(&sale.sold_ttok, period);
            passport.revenue_musd += at(&sale.revenue_musd, period);
        }
        for (index, flow) in results.flows.iter().enumerate() {
            if (flow.product, flow.market) != (passport.product, passport.market) {
                continue;
            }
            // $/Mtok · Ttok = M$.
            let ttok = at(&flow.answer_ttok, period);
            for (part, usd) in
                [(CostPart::Egress, &results.traced.egress_usd_per_mtok), (CostPart::TokenDuty, &results.traced.duty_usd_per_mtok)]
            {
                let usd = usd.get(index).map_or(0.0, |by_period| at(by_period, period));
                charge(&mut passport.burden, part, ttok * usd);
            }
        }
    }
}

fn charge(burden: &mut Burden, part: CostPart, musd: f64) {
    let index = CostPart::ALL.iter().position(|known| *known == part);
    if let Some(sum) = index.and_then(|index| burden.cost_musd.get_mut(index)) {
        *sum += musd;
    }
}

/// Gives what every carrier took in a period to who it worked for.
fn shared(results: &Results, period: usize, out: &mut Passports) {
    let on_the_way = [CostPart::Egress, CostPart::TokenDuty];
    for carrier in carriers(results, Some(period)) {
        let mut burden = Burden { energy_gwh: carrier.energy_gwh.clone(), carbon_kt: 0.0, cost_musd: carrier.cost_musd };
        for (part, musd) in CostPart::ALL.iter().zip(&mut burden.cost_musd) {
            if on_the_way.contains(part) {
                *musd = 0.0;
            }
        }
        burden.carbon_kt = carrier.energy_gwh.iter().zip(&results.contracts).map(|(gwh, contract)| carbon_of(contract, *gwh, period)).sum();
        match &carrier.kind {
            Kind::Fleet(fleet) => share_fleet(results, period, *fleet, &burden, out),
            Kind::Bought(id) => {
                let own = |flow: &&super::Flow| flow.site.is_none() && flow.purchase.as_deref().unwrap_or_default() == id;
                let flows: Vec<_> = results.flows.iter().filter(own).collect();
                let total: f64 = flows.iter().map(|flow| at(&flow.answer_ttok, period)).sum();
                if total <= 0.0 {
                    out.idle.add(&burden, 1.0);
                    continue;
                }
                for flow in flows {
                    let ttok = at(&flow.answer_ttok, period);
                    if let Some(passport) = find(&mut out.passports, flow.product, flow.market).filter(|_| ttok > 0.0) {
                        passport.burden.add(&burden, ttok / total);
                        note(&mut passport.bought_ttok, id.clone(), ttok);
                    }
                }
            }
        }
    }
}

fn carbon_of(contract: &super::ContractInfo, gwh: f64, period: usize) -> f64 {
    let drawn = at(&contract.energy_gwh, period);
    if drawn > 0.0 { at(&contract.carbon_kt, period) * gwh / drawn } else { 0.0 }
}

fn find(passports: &mut [Passport], product: usize, market: usize) -> Option<&mut Passport> {
    passports.iter_mut().find(|passport| (passport.product, passport.market) == (product, market))
}

fn note<T: PartialEq>(list: &mut Vec<(T, f64)>, who: T, ttok: f64) {
    match list.iter_mut().find(|(known, _)| *known == who) {
        Some((_, sum)) => *sum += ttok,
        None => list.push((who, ttok)),
    }
}

fn share_fleet(results: &Results, period: usize, fleet: usize, burden: &Burden, out: &mut Passports) {
    let Some(chips) = results.fleet.get(fleet) else { return };
    let worked = results.traced.work_chip_hours.get(fleet).and_then(|by_period| by_period.get(period)).map_or(&[][..], Vec::as_slice);
    let trained = results.traced.training_chip_hours.get(fleet).map_or(0.0, |by_period| at(by_period, period));
    let hours: f64 = worked.iter().sum::<f64>() + trained;
    if hours <= 1e-9 {
        out.idle.add(burden, 1.0);
        return;
    }
    out.training.add(burden, trained / hours);
    for (product, of_product) in worked.iter().enumerate() {
        let routes: Vec<_> = results.flows.iter().filter(|flow| flow.site == Some(chips.site) && flow.product == product).collect();
        let sent: f64 = routes.iter().map(|flow| at(&flow.answer_ttok, period)).sum();
        if sent <= 0.0 {
            out.idle.add(burden, of_product / hours);
            continue;
        }
        let made = chips.answer_ttok.get(period).map_or(0.0, |by_product| at(by_product, product));
        let grade = results.traced.grades.get(chips.chip).and_then(|by_product| by_product.get(product)).copied().flatten();
        for flow in routes {
            let share = at(&flow.answer_ttok, period) / sent;
            let Some(passport) = find(&mut out.passports, product, flow.market).filter(|_| share > 0.0) else { continue };
            passport.burden.add(burden, share * of_product / hours);
            if made <= 0.0 {
                continue;
            }
            note(&mut passport.made_ttok, fleet, made * share);
            let position = grade.and_then(|grade| Evidence::ALL.iter().position(|known| *known == grade));
            if let Some(sum) = position.and_then(|position| passport.graded_ttok.get_mut(position)) {
                *sum += made * share;
            }
        }
    }
}
