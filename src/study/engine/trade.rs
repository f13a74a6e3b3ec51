//! What studies read of actors and of markets at rest.

use std::collections::BTreeMap;

use crate::results::Results;
use crate::results::trade::ActorResult;

/// What an actor would gain by acting otherwise alone, as a share of its revenue or profit, where that was asked.
pub const GAIN_ALONE: &str = "gain_alone_fraction";
/// The same of a member of a cartel: what tempts it to leave.
pub const GAIN_BY_LEAVING: &str = "gain_by_leaving_fraction";

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

/// Figures of actors by id and name.
pub(super) type OfActors = BTreeMap<String, BTreeMap<String, f64>>;

/// The figures of actors, and the surplus by party.
pub(super) fn figures(results: &Results) -> (OfActors, BTreeMap<String, f64>) {
    let (mut of_actors, mut by_party) = (OfActors::new(), BTreeMap::new());
    let trade = &results.trade;
    for actor in &trade.actors {
        let mut figures = BTreeMap::new();
        for (name, value) in [
            ("npv_musd", actor.npv_musd),
            ("quality_ttok", sum(&actor.quality_ttok)),
            ("answer_ttok", sum(&actor.answer_ttok)),
            ("exports_ttok", sum(&actor.exports_ttok)),
            ("cost_musd", sum(&actor.cost_musd)),
            ("revenue_musd", sum(&actor.revenue_musd)),
            ("energy_gwh", sum(&actor.energy_gwh)),
        ] {
            figures.insert(name.to_owned(), value);
        }
        let cost = sum(&actor.cost_musd);
        if cost > 1e-9 {
            figures.insert("mtok_per_usd".into(), sum(&actor.quality_ttok) / cost);
        }
        for (market, info) in results.markets.iter().enumerate() {
            let of = |actor: &ActorResult| actor.sold_ttok.get(market).map_or(0.0, |sold| sum(sold));
            let all: f64 = trade.actors.iter().map(of).sum();
            let share = if all > 1e-12 { 100.0 * of(actor) / all } else { 0.0 };
            figures.insert(format!("share_percent:{}", info.id), share);
        }
        if let Some(surplus) = trade.equilibrium.as_ref().map(|equilibrium| &equilibrium.surplus) {
            let country = actor.country.as_deref();
            let buyers = results.markets.iter().zip(&surplus.consumers_musd).filter(|(market, _)| Some(market.country.as_str()) == country);
            let sellers = trade.actors.iter().zip(&surplus.producers_musd);
            let own = |other: &ActorResult| other.id == actor.id || (country.is_some() && other.country.as_deref() == country);
            let sellers = sellers.filter(|(other, _)| own(other));
            let government = surplus.governments_musd.iter().filter(|(of, _)| Some(of.as_str()) == country);
            let all = buyers.map(|(_, musd)| musd).sum::<f64>()
                + sellers.map(|(_, musd)| musd).sum::<f64>()
                + government.map(|(_, musd)| musd).sum::<f64>();
            figures.insert("country_surplus_musd".into(), all);
        }
        of_actors.insert(actor.id.clone(), figures);
    }
    let Some(surplus) = trade.equilibrium.as_ref().map(|equilibrium| &equilibrium.surplus) else { return (of_actors, by_party) };
    for (market, musd) in results.markets.iter().zip(&surplus.consumers_musd) {
        by_party.insert(format!("buyers, {}", market.name), *musd);
    }
    for (actor, musd) in trade.actors.iter().zip(&surplus.producers_musd) {
        by_party.insert(format!("seller, {}", actor.name), *musd);
    }
    for (country, musd) in &surplus.governments_musd {
        by_party.insert(format!("government, {country}"), *musd);
    }
    (of_actors, by_party)
}
