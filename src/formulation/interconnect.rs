//! Interconnect.
//!
//! For each site s and slice t:
//!
//!   Σ over contracts through the grid of draw ≤ interconnect_mw\[s,p]          (MW)
//!
//! (draw already carries what charges batteries). The dual, summed over the slices of a period, is the
//! worth of one more MW of grid connection in that period.

use super::Builder;
use super::builder::{Bound, When};
use crate::resolved::Ix as _;

/// Adds the rows.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (place_index, place) in resolved.places.pairs() {
        let Some(site) = &place.site else { continue };
        for (period, most) in site.interconnect_mw.pairs() {
            // One number of the plan, however many slices it holds in.
            let mut limit = None;
            for (position, slice) in resolved.calendar.slices_of[period].iter().enumerate() {
                let Some(grid) = builder.balance.through_grid[place_index][period].get(position).filter(|grid| !grid.is_zero()).cloned()
                else {
                    continue;
                };
                let limit = *limit.get_or_insert_with(|| builder.limit(format!("sites.{}.interconnect_mw", place.id), "MW", *most, 1.0));
                builder.row(
                    "interconnect",
                    "interconnect",
                    &[&place.id],
                    When::slice(period, slice.position()),
                    grid,
                    Bound::AtMost(*most),
                    Some(limit),
                );
            }
        }
    }
}
