//! Rules of actors, demand curves and market equilibria.

use super::Checker;
use crate::plan::{Conduct, DemandCurve, Goal};

/// A demand states segments or a curve, and a curve that has an answer.
pub(super) fn check_curves(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    let conduct = conduct(checker);
    for (market_id, market) in &plan.markets {
        for (product_id, demand) in &market.demand {
            let path = format!("markets.{market_id}.demand.{product_id}");
            let Some(curve) = &demand.curve else { continue };
            if !demand.segments.is_empty() {
                checker.error(
                    "two-demands",
                    path.clone(),
                    format!("The demand for `{product_id}` in `{market_id}` states segments and a curve."),
                    "Keep one: segments pay their own prices, on a curve all pay the one that forms.",
                );
            }
            let (field, volume) = match curve {
                DemandCurve::Isoelastic(curve) => ("at_gtok_per_day", &curve.at_gtok_per_day),
                DemandCurve::Linear(curve) => ("free_gtok_per_day", &curve.free_gtok_per_day),
            };
            if volume.first_above_zero().is_none() {
                let message = format!("Nobody in `{market_id}` buys `{product_id}` at any price: the volume is never above zero.");
                checker.warning("no-effect", format!("{path}.curve.{field}"), message, "State a volume, or leave the demand out.");
            }
            let DemandCurve::Isoelastic(curve) = curve else { continue };
            let elasticity = curve.elasticity.value;
            if elasticity > 1.0 {
                continue;
            }
            let at = format!("{path}.curve.elasticity");
            let said = crate::words::digits(elasticity, 3);
            if curve.highest_usd_per_mtok.is_none() {
                checker.error(
                    "inelastic",
                    at,
                    format!("With an elasticity of {said} whoever sells less is paid more, without end: no price can form."),
                    "State `highest_usd_per_mtok`, the price beyond which nobody buys, or an elasticity above 1.",
                );
            } else if !matches!(conduct, Some(Conduct::Competition | Conduct::Cournot)) {
                checker.error(
                    "inelastic",
                    at,
                    format!(
                        "One seller of all is paid most for the least at an elasticity of {said}: it would sell at the highest price only."
                    ),
                    "State an elasticity above 1, or let actors compete: `objective: [MarketEquilibrium(Competition)]`.",
                );
            }
        }
    }
}

fn conduct<'p>(checker: &Checker<'p>) -> Option<&'p Conduct> {
    checker.plan.objective.iter().find_map(|goal| match goal {
        Goal::MarketEquilibrium(conduct) => Some(conduct),
        _ => None,
    })
}

/// An equilibrium is the only goal, of parts that can be divided, in markets whose conduct has a meaning.
pub(super) fn check_equilibrium(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    let Some(conduct) = conduct(checker) else { return };
    if plan.objective.len() > 1 {
        checker.error(
            "not-alone",
            "objective",
            "Where prices form nobody plans for all: a market equilibrium can't stand beside other goals.",
            "Write `objective: [MarketEquilibrium(…)]` alone.",
        );
    }
    if plan.whole.any() {
        checker.error(
            "not-with-whole",
            "whole",
            "There may be no price at which everybody is content with whole halls or racks.",
            "Leave `whole` out; halls and racks may then be divided.",
        );
    }
    if matches!(conduct, Conduct::Competition) {
        return;
    }
    for (id, market) in plan.markets.iter().filter(|(_, market)| market.single_price) {
        for product in market.demand.iter().filter(|(_, demand)| demand.curve.is_none()).map(|(product, _)| product) {
            checker.error(
                "needs-curve",
                format!("markets.{id}.demand.{product}"),
                "Sellers who reckon with the price need to know how it falls; segments at one price do not say it.",
                "State a `curve`, or let them compete: `objective: [MarketEquilibrium(Competition)]`.",
            );
        }
    }
}

/// Actors own something.
pub(super) fn check_owners(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    if !checker.known("actors") || !checker.known("sites") || plan.actors.len() < 2 {
        return;
    }
    for (id, actor) in &plan.actors {
        let own = |named: Option<&crate::plan::ActorRef>, country: Option<&str>| {
            named.map_or_else(|| actor.country.is_some() && actor.country.as_deref() == country, |named| named.0 == *id)
        };
        let sites = plan.sites.values().any(|site| own(site.actor.as_ref(), Some(&site.country)));
        let rentals = plan.rentals.values().any(|rental| {
            let site = rental.site.as_ref().and_then(|site| plan.sites.get(&site.0));
            let country = rental.country.as_deref().or(site.map(|site| site.country.as_str()));
            own(rental.actor.as_ref().or_else(|| site.and_then(|site| site.actor.as_ref())), country)
        });
        let purchases = plan.purchases.values().any(|purchase| own(purchase.actor.as_ref(), Some(&purchase.country)));
        if !(sites || rentals || purchases) {
            checker.warning(
                "no-effect",
                format!("actors.{id}"),
                format!("`{id}` has no site, no rented chips and no purchases, so it does nothing."),
                "Name it as `actor` of a site.",
            );
        }
    }
}
