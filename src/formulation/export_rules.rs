//! Export and residency rules, in raw answer tokens over a period (Ttok).
//!
//! ExportShare of country C, over its sites and places of rented chips s (with `scope: Site` for each
//! of them alone):
//!   Σ_s tokens from s to markets outside C ≤ maximum · Σ_s tokens from s
//! Residency of market r:
//!   Σ tokens to r from places and purchases in r's country ≥ minimum · Σ tokens sold in r
//!
//! Token duties and bans are in the routes. The dual of a share is the worth of one unit of share
//! (100 percentage points); it is shown per percentage point.

use super::Builder;
use super::expr::Expr;
use super::sourcing::bought_ttok;
use crate::resolved::{MarketIx, PeriodIx, PlaceIx};

/// Tokens of a period that places serve outside a country, and all they serve, Ttok.
pub fn abroad(builder: &Builder<'_>, period: PeriodIx, places: &[PlaceIx], country: &str) -> (Expr, Expr) {
    let resolved = builder.resolved;
    let (mut part, mut whole) = (Expr::default(), Expr::default());
    for (index, route) in resolved.routes.iter().enumerate().filter(|(_, route)| places.contains(&route.place)) {
        let total = builder.served_total(index, period);
        whole.add_expr(&total, 1.0);
        if resolved.markets[route.market].country != country {
            part.add_expr(&total, 1.0);
        }
    }
    (part, whole)
}

/// Tokens of a period that a market takes from inside its country, and all it takes, Ttok.
pub fn resident(builder: &Builder<'_>, period: PeriodIx, market: MarketIx) -> (Expr, Expr) {
    let resolved = builder.resolved;
    let country = &resolved.markets[market].country;
    let (mut part, mut whole) = (Expr::default(), Expr::default());
    let inside = resolved.routes.iter().enumerate().filter(|(_, route)| route.market == market);
    for (index, _) in inside.filter(|(_, route)| resolved.places[route.place].country == *country) {
        part.add_expr(&builder.served_total(index, period), 1.0);
    }
    for (demand, cols) in resolved.demands.iter().zip(&builder.layout.demands).filter(|(demand, _)| demand.market == market) {
        for (purchase, bought) in &cols.bought {
            if resolved.purchases.get(*purchase).is_some_and(|purchase| purchase.country == *country) {
                part.add_expr(&bought_ttok(resolved, demand.product, &bought[period], period), 1.0);
            }
        }
        for col in &cols.sold[period] {
            whole.add(*col, 1.0);
        }
    }
    (part, whole)
}
