//! Energy balance.
//!
//! For each site s and slice t:
//!
//!   Σ_k draw + Σ discharge − Σ charge = PUE\[s,t] · it_mw\[s,t]                (MW)
//!
//! PUE multiplies IT power once, here and nowhere else. Families add to the two sides through the
//! accumulators; this one closes them. The dual is not unique and never shown as a fact.

use super::Builder;
use super::builder::{Bound, When};
use crate::resolved::Ix as _;

/// Adds the rows.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (place_index, place) in resolved.places.pairs() {
        let Some(site) = &place.site else { continue };
        for period in resolved.calendar.periods.keys() {
            for (position, slice) in resolved.calendar.slices_of[period].iter().enumerate() {
                let (Some(supply), Some(it_power)) = (
                    builder.balance.supply[place_index][period].get(position),
                    builder.balance.it_power[place_index][period].get(position),
                ) else {
                    continue;
                };
                let mut row = supply.clone();
                row.add_expr(it_power, -site.pue.at(period, *slice));
                builder.row(
                    "energy_balance",
                    "energy_balance",
                    &[&place.id],
                    When::slice(period, slice.position()),
                    row,
                    Bound::Equal(0.0),
                    None,
                );
            }
        }
    }
}
