//! IT power.
//!
//! For each site s and slice t:
//!
//!   it_mw = Σ_c \[Σ_o (active_kw\[o] − idle_kw)·(work\[o] + training\[o]) + idle_kw·powered] + pipeline MW
//!
//! in MW (kW per chip · thousand chips), over the ways o to run a chip: at full power and at its operating
//! points. Chips that are down for repair draw idle power, since they
//! are powered. The terms are added by `fleet` and `data_pipeline`, and the expression is substituted
//! into the energy balance; results compute it again. Only an oversubscribed site has rows here, in
//! place of the all-in rating of `hall_capacity`:
//!
//!   it_mw ≤ MW of halls in service
//!   power drawn by liquid-cooled chips ≤ MW of liquid halls in service

use super::Builder;
use super::builder::{Bound, When};
use super::feeds;
use super::layout::HallMw;
use crate::resolved::Ix as _;

/// Adds the rows of oversubscribed sites.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (place_index, place) in resolved.places.pairs() {
        let Some(site) = place.site.as_ref().filter(|site| site.oversubscribed) else { continue };
        let some_air_hall = site.halls.iter().any(|hall| !hall.liquid) || site.buildable.iter().any(|kind| !kind.liquid);
        for period in resolved.calendar.periods.keys() {
            for liquid_only in [false, true] {
                // With liquid halls alone the second row would repeat the first.
                if liquid_only && !some_air_hall {
                    continue;
                }
                let mut limit = None;
                let halls = feeds::fed(builder, (place_index, place), site, period, liquid_only);
                builder.layout.hall_mw.push(HallMw { place: place_index, period, liquid_only, mw: halls.clone() });
                for (position, slice) in resolved.calendar.slices_of[period].iter().enumerate() {
                    let power = if liquid_only { &builder.balance.liquid_power } else { &builder.balance.it_power };
                    let Some(mut row) = power[place_index][period].get(position).filter(|power| !power.is_zero()).cloned() else {
                        continue;
                    };
                    row.add_expr(&halls, -1.0);
                    let limit = *limit.get_or_insert_with(|| builder.limit(format!("sites.{}.halls", place.id), "MW", halls.constant, 1.0));
                    let noun = if liquid_only { "it_mw_liquid" } else { "it_mw" };
                    builder.row(
                        "it_power",
                        noun,
                        &[&place.id],
                        When::slice(period, slice.position()),
                        row,
                        Bound::AtMost(0.0),
                        Some(limit),
                    );
                }
            }
        }
    }
}
