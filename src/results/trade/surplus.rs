//! Who has what of a market at rest, discounted over the horizon.
//!
//! - **buyers**: what they would have paid at most, less what they paid, by market;
//! - **sellers**: revenue less cost, by actor (its NPV);
//! - **governments**: token duties to the market's country; import duties on chips and carbon prices to the
//!   site's, less its subsidies. What is paid on an order comes in with its annuities, as the cost of the order does,
//!   so that nothing is counted twice or lost: together the three are what buyers would have paid less what
//!   things cost without duties and subsidies.

use std::collections::BTreeMap;

use super::{Equilibrium, PRICE_ERROR, Surplus, conduct_name};
use crate::diagnostic::Diagnostic;
use crate::formulation::cost::CostPart;
use crate::formulation::program::Col;
use crate::resolved::{MarketIx, Resolved};
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
    Surplus {
        consumers_musd: (0..results.markets.len()).map(of_market).collect(),
        producers_musd: results.trade.actors.iter().map(|actor| actor.npv_musd).collect(),
        governments_musd: governments(reading).into_iter().collect(),
    }
}

fn governments(reading: &Reading<'_>) -> BTreeMap<String, f64> {
    let (resolved, formulation) = (reading.resolved, reading.formulation);
    let layout = &formulation.layout;
    let discount = |period| resolved.calendar.periods[period].discount;
    let mut all: BTreeMap<String, f64> = BTreeMap::new();
    let mut pay = |country: &str, musd: f64| {
        if musd != 0.0 {
            *all.entry(country.to_owned()).or_default() += musd;
        }
    };
    for (index, route) in resolved.routes.iter().enumerate() {
        for (period, duty) in route.duty_usd_per_mtok.pairs().filter(|(_, duty)| **duty != 0.0) {
            let ttok = reading.value(&crate::formulation::builder::served_total(resolved, layout, index, period));
            pay(&resolved.markets[route.market].country, discount(period) * duty * ttok);
        }
    }
    for (demand, cols) in resolved.demands.iter().zip(&layout.demands) {
        for (purchase, bought) in &cols.bought {
            let Some(data) = resolved.purchases.get(*purchase) else { continue };
            for period in resolved.calendar.periods.keys() {
                let ttok = reading.value(&crate::formulation::bought_ttok(resolved, demand.product, &bought[period], period));
                let market: MarketIx = demand.market;
                pay(&resolved.markets[market].country, discount(period) * data.duty_usd_per_mtok[market][period] * ttok);
            }
        }
    }
    // Annuities of the horizon, by the order's column.
    let mut annuities: BTreeMap<Col, f64> = BTreeMap::new();
    let owners = country_of_columns(reading);
    for charge in &layout.charges {
        let Some(col) = charge.col else { continue };
        if charge.part.is_annuity() {
            *annuities.entry(col).or_default() += charge.musd * discount(charge.period);
        }
        if charge.part == CostPart::Carbon
            && let Some(Some(country)) = owners.get(col.0 as usize)
        {
            pay(country, discount(charge.period) * charge.musd * reading.col(col));
        }
    }
    for order in &layout.capex {
        let (Some(Some(country)), Some(annuity)) = (owners.get(order.col.0 as usize), annuities.get(&order.col)) else { continue };
        if order.musd > 0.0 {
            let share = (order.duty_musd - order.subsidy_musd) / order.musd;
            pay(country, annuity * share * reading.col(order.col));
        }
    }
    // Subsidies with a ceiling stand in columns of their own, M$ of capex each.
    for (pool, cols) in resolved.pools.iter().zip(&layout.pools) {
        for (_, _, col) in &cols.subsidies {
            if let Some(annuity) = annuities.get(col) {
                pay(&resolved.places[pool.place].country, annuity * reading.col(*col));
            }
        }
    }
    all
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
    if resolved.has_curves() { results.trade.prices.iter().filter_map(doubtful).collect() } else { Vec::new() }
}
