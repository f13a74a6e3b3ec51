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
use super::builder::{Bound, When};
use super::expr::Expr;
use super::sourcing::bought_ttok;
use crate::plan::Policy;
use crate::plan::policy::ExportScope;
use crate::scenario::PlaceIx;

/// Adds the rows.
pub fn add(builder: &mut Builder<'_>) {
    let scenario = builder.scenario;
    for (id, policy) in &scenario.policies {
        for period in scenario.calendar.periods.keys() {
            match policy {
                Policy::ExportShare(rule) => {
                    let inside: Vec<PlaceIx> =
                        scenario.places.pairs().filter(|(_, place)| place.country == rule.site_country).map(|(index, _)| index).collect();
                    let held_together = if rule.scope == ExportScope::Site { 1 } else { inside.len().max(1) };
                    for places in inside.chunks(held_together) {
                        let mut row = Expr::default();
                        let mut all = Expr::default();
                        for (index, route) in scenario.routes.iter().enumerate().filter(|(_, route)| places.contains(&route.place)) {
                            let abroad = scenario.markets[route.market].country != rule.site_country;
                            let total = builder.served_total(index, period);
                            all.add_expr(&total, 1.0);
                            row.add_expr(&total, if abroad { 1.0 - rule.maximum_fraction } else { -rule.maximum_fraction });
                        }
                        if !row.is_zero() {
                            let limit = builder.share_limit(format!("policies.{id}.maximum_fraction"), rule.maximum_fraction, all);
                            let of_site = places.first().filter(|_| rule.scope == ExportScope::Site);
                            let held = of_site.map_or(rule.site_country.as_str(), |place| scenario.places[*place].id.as_str());
                            builder.row(
                                "export_rules",
                                "export_share",
                                &[id, held],
                                When::period(period),
                                row,
                                Bound::AtMost(0.0),
                                Some(limit),
                            );
                        }
                    }
                }
                Policy::Residency(rule) => {
                    let Some(market) = scenario.market(&rule.market.0) else { continue };
                    let country = &scenario.markets[market].country;
                    let mut row = Expr::default();
                    let mut all = Expr::default();
                    for (index, _) in scenario
                        .routes
                        .iter()
                        .enumerate()
                        .filter(|(_, route)| route.market == market && scenario.places[route.place].country == *country)
                    {
                        row.add_expr(&builder.served_total(index, period), 1.0);
                    }
                    for (demand, cols) in scenario.demands.iter().zip(&builder.layout.demands).filter(|(demand, _)| demand.market == market)
                    {
                        for (purchase, bought) in &cols.bought {
                            if scenario.purchases.get(*purchase).is_some_and(|purchase| purchase.country == *country) {
                                row.add_expr(&bought_ttok(scenario, demand.product, &bought[period], period), 1.0);
                            }
                        }
                        for col in &cols.sold[period] {
                            row.add(*col, -rule.minimum_fraction);
                            all.add(*col, 1.0);
                        }
                    }
                    if !row.is_zero() {
                        let limit = builder.share_limit(format!("policies.{id}.minimum_fraction"), rule.minimum_fraction, all);
                        builder.row("export_rules", "residency", &[id], When::period(period), row, Bound::AtLeast(0.0), Some(limit));
                    }
                }
                _ => {}
            }
        }
    }
}
