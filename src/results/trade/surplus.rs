//! Who has what of a market at rest, discounted over the horizon.
//!
//! - **buyers**: what they would have paid at most, less what they paid, by market;
//! - **sellers**: revenue less cost, by actor (its NPV), and its credits;
//! - **governments**: token duties to the market's country; import duties on chips and carbon prices to the
//!   site's, less its subsidies on what is ordered and on power, and its credits. What is paid on an order comes in with its
//!   annuities, as the cost of the order does, so that nothing is counted twice or lost: together the three are what buyers would
//!   have paid less what things cost without duties, subsidies and credits.
//!
//! Prices form before tax: nobody reckons with taxes and credits (`finance`), and taxes are in no account. Credits are, as what
//! they are: money that goes from a government to a seller.

use std::collections::BTreeMap;

use super::{Equilibrium, PRICE_ERROR, Surplus, Transfer, conduct_name};
use crate::diagnostic::Diagnostic;
use crate::formulation::budget::energy_bought;
use crate::formulation::cost::CostPart;
use crate::formulation::owners::Owners;
use crate::formulation::program::Col;
use crate::resolved::financing::Class;
use crate::resolved::rules::{Quantity, Says};
use crate::resolved::{ActorIx, Ix as _, MarketIx, Resolved};
use crate::results::Results;
use crate::results::read::Reading;

/// The market at rest; nothing where the plan's goals are a planner's.
pub(in crate::results) fn equilibrium(reading: &Reading<'_>, results: &Results) -> Option<Equilibrium> {
    let conduct = reading.resolved.conduct()?;
    let errors = results.trade.prices.iter().flat_map(|price| &price.error_fraction).copied();
    Some(Equilibrium {
        conduct: conduct_name(conduct),
        price_error_fraction: errors.fold(0.0, f64::max),
        surplus: surplus(reading, results),
        lost_to_competition_musd: None,
        replies: Vec::new(),
    })
}

fn surplus(reading: &Reading<'_>, results: &Results) -> Surplus {
    let discounted = |values: &[f64]| -> f64 { results.periods.iter().zip(values).map(|(period, value)| period.discount * value).sum() };
    let of_market = |market: usize| {
        let own = results.trade.prices.iter().filter(|price| price.market == market);
        own.map(|price| discounted(&price.consumer_musd)).sum()
    };
    let mut accounts = Accounts::default();
    duties_on_tokens(reading, &mut accounts);
    orders(reading, &mut accounts);
    power(reading, results, &mut accounts);
    let mut producers_musd: Vec<f64> = results.trade.actors.iter().map(|actor| actor.npv_musd).collect();
    for (actor, musd) in &accounts.credits {
        if let Some(producer) = producers_musd.get_mut(actor.position()) {
            *producer += musd;
        }
    }
    let mut governments: BTreeMap<String, f64> = BTreeMap::new();
    for ((country, _), musd) in &accounts.transfers {
        *governments.entry(country.clone()).or_default() += musd;
    }
    let transfers = accounts.transfers.into_iter().map(|((country, what), musd)| Transfer { country, what, musd });
    Surplus {
        consumers_musd: (0..results.markets.len()).map(of_market).collect(),
        producers_musd,
        governments_musd: governments.into_iter().collect(),
        transfers: transfers.collect(),
    }
}

/// What governments take and give, by country and kind; and credits by who gets them.
#[derive(Default)]
struct Accounts {
    transfers: BTreeMap<(String, &'static str), f64>,
    credits: Vec<(ActorIx, f64)>,
}

impl Accounts {
    fn pay(&mut self, country: &str, what: &'static str, musd: f64) {
        if musd != 0.0 {
            *self.transfers.entry((country.to_owned(), what)).or_default() += musd;
        }
    }
}

fn duties_on_tokens(reading: &Reading<'_>, accounts: &mut Accounts) {
    const WHAT: &str = "duties on tokens";
    let (resolved, layout) = (reading.resolved, &reading.formulation.layout);
    let discount = |period| resolved.calendar.periods[period].discount;
    for (index, route) in resolved.routes.iter().enumerate() {
        for (period, duty) in route.duty_usd_per_mtok.pairs().filter(|(_, duty)| **duty != 0.0) {
            let ttok = reading.value(&crate::formulation::builder::served_total(resolved, layout, index, period));
            accounts.pay(&resolved.markets[route.market].country, WHAT, discount(period) * duty * ttok);
        }
    }
    for (demand, cols) in resolved.demands.iter().zip(&layout.demands) {
        for (purchase, bought) in &cols.bought {
            let Some(data) = resolved.purchases.get(*purchase) else { continue };
            for period in resolved.calendar.periods.keys() {
                let ttok = reading.value(&crate::formulation::bought_ttok(resolved, demand.product, &bought[period], period));
                let market: MarketIx = demand.market;
                let duty = data.duty_usd_per_mtok[market][period];
                accounts.pay(&resolved.markets[market].country, WHAT, discount(period) * duty * ttok);
            }
        }
    }
}

/// What is paid on orders, and the price of carbon.
fn orders(reading: &Reading<'_>, accounts: &mut Accounts) {
    let (resolved, layout) = (reading.resolved, &reading.formulation.layout);
    let discount = |period| resolved.calendar.periods[period].discount;
    // Annuities of the horizon, by the order's column.
    let mut annuities: BTreeMap<Col, (CostPart, f64)> = BTreeMap::new();
    let countries = country_of_columns(reading);
    let country = |col: Col| countries.get(col.0 as usize).copied().flatten();
    for charge in &layout.charges {
        let Some(col) = charge.col else { continue };
        if charge.part.is_annuity() {
            annuities.entry(col).or_insert((charge.part, 0.0)).1 += charge.musd * discount(charge.period);
        }
        if let (CostPart::Carbon, Some(country)) = (charge.part, country(col)) {
            accounts.pay(country, "price of carbon", discount(charge.period) * charge.musd * reading.col(col));
        }
    }
    let owners = Owners::new(resolved);
    for order in &layout.capex {
        let (Some(country), Some((part, annuity))) = (country(order.col), annuities.get(&order.col)) else { continue };
        if order.musd <= 0.0 {
            continue;
        }
        let of_annuity = annuity / order.musd * reading.col(order.col);
        accounts.pay(country, "duties on chips", of_annuity * order.duty_musd);
        accounts.pay(country, "subsidies on what is ordered", -of_annuity * order.subsidy_musd);
        let class = match part {
            CostPart::Chips => Class::Chips,
            CostPart::Halls => Class::Halls,
            _ => Class::Plant,
        };
        let month = resolved.calendar.periods[order.period].start;
        let credit = resolved.financing.as_ref().map_or(0.0, |financing| financing.credit_fraction(class, month));
        let key = reading.formulation.program.columns.get(order.col.0 as usize).map(|column| &column.key);
        if let Some(actor) = key.and_then(|key| owners.of_key(key)).filter(|_| credit > 0.0) {
            let musd = credit * annuity * reading.col(order.col);
            accounts.pay(country, "credits", -musd);
            accounts.credits.push((actor, musd));
        }
    }
    // Subsidies with a ceiling stand in columns of their own, M$ of capex each.
    for (pool, cols) in resolved.pools.iter().zip(&layout.pools) {
        for (_, _, col) in &cols.subsidies {
            if let Some((_, annuity)) = annuities.get(col) {
                accounts.pay(&resolved.places[pool.place].country, "subsidies on what is ordered", annuity * reading.col(*col));
            }
        }
    }
}

/// Subsidies on power that is bought, and credits for what is produced.
fn power(reading: &Reading<'_>, results: &Results, accounts: &mut Accounts) {
    let (resolved, layout) = (reading.resolved, &reading.formulation.layout);
    for rule in &resolved.rules {
        let Says::Price(price) = &rule.says else { continue };
        let Quantity::EnergyBought(places) = &price.of else { continue };
        for (period, musd) in price.musd_per_unit.pairs() {
            for place in places {
                let gwh = reading.value(&energy_bought(resolved, layout, period, std::slice::from_ref(place)));
                let country = &resolved.places[*place].country;
                accounts.pay(country, "subsidies on power", resolved.calendar.periods[period].discount * musd * gwh);
            }
        }
    }
    let Some(financing) = &resolved.financing else { return };
    for credit in &financing.production_credits {
        for (contract, data) in results.contracts.iter().zip(&resolved.contracts).filter(|(contract, _)| contract.id == credit.contract) {
            let place = &resolved.places[data.place];
            for (number, info) in
                results.periods.iter().enumerate().filter(|(_, info)| credit.from <= info.start && info.start < credit.until)
            {
                let gwh = super::at(&contract.energy_gwh, number) + super::at(&contract.surplus_gwh, number);
                let musd = info.discount * gwh * credit.usd_per_mwh * 1e-3;
                accounts.pay(&place.country, "credits", -musd);
                accounts.credits.push((place.actor, musd));
            }
        }
    }
}

/// The country of every column that stands at a place; contracts stand at their sites.
fn country_of_columns<'r>(reading: &Reading<'r>) -> Vec<Option<&'r str>> {
    let (resolved, program) = (reading.resolved, &reading.formulation.program);
    let mut of: Vec<Option<&str>> = vec![None; program.columns.len()];
    let mut set = |col: Col, country: &'r str| {
        if let Some(cell) = of.get_mut(col.0 as usize) {
            *cell = Some(country);
        }
    };
    let layout = &reading.formulation.layout;
    for (pool, cols) in resolved.pools.iter().zip(&layout.pools) {
        let country = resolved.places[pool.place].country.as_str();
        cols.orders.iter().for_each(|(_, col)| set(*col, country));
    }
    for (place, orders) in layout.pipelines.pairs() {
        let country = resolved.places[place].country.as_str();
        for (_, col) in orders {
            set(*col, country);
        }
    }
    for halls in &layout.halls {
        halls.orders.iter().for_each(|(_, col)| set(*col, resolved.places[halls.place].country.as_str()));
    }
    for (contract, cols) in resolved.contracts.iter().zip(&layout.contracts) {
        let country = resolved.places[contract.place].country.as_str();
        cols.orders.iter().for_each(|(_, col)| set(*col, country));
        cols.contract_mw.iter().for_each(|col| set(*col, country));
        cols.draw.iter().flatten().flatten().for_each(|col| set(*col, country));
    }
    of
}

/// What is doubtful about prices: those whose steps are coarser than is promised.
pub(in crate::results) fn warnings(resolved: &Resolved, results: &Results) -> Vec<Diagnostic> {
    let doubtful = |price: &super::MarketPrice| {
        let worst = price.error_fraction.iter().copied().fold(0.0, f64::max);
        let (market, product) = (results.markets.get(price.market)?, results.products.get(price.product)?);
        (worst > PRICE_ERROR).then(|| {
            let message = format!("The price in {} for {} may be off by {}.", market.name, product.name, crate::words::share(worst));
            Diagnostic::warning("coarse-price", format!("markets.{}.demand.{}.curve", market.id, product.id), message)
                .help("Something else than prices decides here, such as a limit that is met at many prices; look at what binds.")
        })
    };
    let mut found: Vec<Diagnostic> =
        if resolved.has_curves() { results.trade.prices.iter().filter_map(doubtful).collect() } else { Vec::new() };
    let credits = resolved
        .financing
        .as_ref()
        .is_some_and(|financing| !financing.investment_credits.is_empty() || !financing.production_credits.is_empty());
    if resolved.conduct().is_some() && credits {
        let message = "Prices form before tax and credits: nobody decides otherwise for them here. The accounts show credits as paid by governments to sellers.";
        found.push(
            Diagnostic::warning("before-tax", "finance.incentives", message)
                .help("State as `CapexSubsidy` or `PowerSubsidy` what sellers are to reckon with."),
        );
    }
    found
}
