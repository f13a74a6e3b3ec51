//! IT power.
//!
//! For each site s and slice t:
//!
//!   it_mw = Σ_c [(active_kw − idle_kw)·(work + training) + idle_kw·powered] + pipeline MW
//!
//! in MW (kW per chip · thousand chips). Chips that are down for repair draw idle power, since they
//! are powered. The terms are added by `fleet` and `data_pipeline`, and the expression is substituted
//! into the energy balance; results compute it again. Only an oversubscribed site has rows here, in
//! place of the all-in rating of `hall_capacity`:
//!
//!   it_mw ≤ MW of halls in service

use super::Builder;
use super::builder::{Bound, When};
use super::hall_capacity::space;
use crate::scenario::Ix as _;

/// Adds the rows of oversubscribed sites.
pub fn add(builder: &mut Builder<'_>) {
    let scenario = builder.scenario;
    for (place_index, place) in scenario.places.pairs() {
        let Some(site) = place.site.as_ref().filter(|site| site.oversubscribed) else { continue };
        for period in scenario.calendar.periods.keys() {
            let mut limit = None;
            let halls = space(builder, place_index, site, period, false);
            for (position, slice) in scenario.calendar.slices_of[period].iter().enumerate() {
                let Some(it_power) = builder.balance.it_power[place_index][period].get(position) else { continue };
                if it_power.is_zero() {
                    continue;
                }
                let mut row = it_power.clone();
                row.add_expr(&halls.mw, -1.0);
                let limit = *limit.get_or_insert_with(|| builder.limit(format!("sites.{}.halls", place.id), "MW", halls.mw.constant, 1.0));
                builder.row("it_power", "it_mw", &[&place.id], When::slice(period, slice.position()), row, Bound::AtMost(0.0), Some(limit));
            }
        }
    }
}
