//! Decisions already made.
//!
//! For each decision on chips c or halls y at site s, over the orders of its month's period (or of
//! the whole horizon if it names no month):
//!
//!   Σ orders ≥ at_least,   or   Σ orders = exactly          (chips or halls)
//!
//! The dual is what the decision costs: the worth of being bound by one unit less.

use super::Builder;
use super::builder::{Bound, When};
use super::expr::Expr;
use crate::plan::Ordered;

/// Adds the rows.
pub fn add(builder: &mut Builder<'_>) {
    let scenario = builder.scenario;
    for (id, decision) in &scenario.decisions {
        let Some(place) = scenario.place(&decision.site.0) else { continue };
        let in_month = |period| decision.month.is_none_or(|month| scenario.calendar.period_of(month) == Some(period));
        let mut ordered = Expr::default();
        let unit = match &decision.what {
            Ordered::Chips(chip) => {
                for (_, cols) in scenario
                    .pools
                    .iter()
                    .zip(&builder.layout.pools)
                    .filter(|(pool, _)| pool.place == place && scenario.chips[pool.chip].id == chip.0)
                {
                    for (_, col) in cols.orders.iter().filter(|(order, _)| in_month(*order)) {
                        ordered.add(*col, cols.order_unit);
                    }
                }
                "chips"
            }
            Ordered::Halls(kind) => {
                for halls in builder.layout.halls.iter().filter(|halls| halls.place == place) {
                    let of_kind = scenario.places[place]
                        .site
                        .as_ref()
                        .and_then(|site| site.buildable.get(halls.kind))
                        .is_some_and(|known| known.id == *kind);
                    for (_, col) in halls.orders.iter().filter(|(order, _)| of_kind && in_month(*order)) {
                        ordered.add(*col, 1.0);
                    }
                }
                "halls"
            }
        };
        let per_plan = if unit == "chips" { 1e-3 } else { 1.0 };
        match decision.exactly {
            Some(exactly) => {
                let limit = builder.limit(format!("decisions.{id}.exactly"), unit, exactly, per_plan);
                builder.row("decisions", "decided", &[id], When::HORIZON, ordered, Bound::Equal(exactly * per_plan), Some(limit));
            }
            None => {
                let limit = builder.limit(format!("decisions.{id}.at_least"), unit, decision.at_least, per_plan);
                builder.row(
                    "decisions",
                    "decided",
                    &[id],
                    When::HORIZON,
                    ordered,
                    Bound::AtLeast(decision.at_least * per_plan),
                    Some(limit),
                );
            }
        }
    }
}
