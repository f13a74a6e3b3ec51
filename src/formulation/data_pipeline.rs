//! Data pipelines.
//!
//! For each site s with a pipeline and each slice t:
//!
//!   Σ_m (1 + prompt/answer)·answers + training tokens ≤ capacity + expansions in service   (Gtok/h)
//!
//! counting all prompt tokens, cached ones included. What is handled draws kw_per_gtok_per_hour of IT
//! power. The dual is the worth of one more Gtok per hour.

use super::Builder;
use super::builder::{Bound, When};
use crate::resolved::Ix as _;

/// Adds the rows and the power.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (place_index, place) in resolved.places.pairs() {
        let Some(pipeline) = place.site.as_ref().and_then(|site| site.pipeline.as_ref()) else { continue };
        let orders = builder.layout.pipelines[place_index].clone();
        for period in resolved.calendar.periods.keys() {
            let mut limit = None;
            for (position, slice) in resolved.calendar.slices_of[period].iter().enumerate() {
                let Some(handled) =
                    builder.balance.handled[place_index][period].get(position).filter(|handled| !handled.is_zero()).cloned()
                else {
                    continue;
                };
                if let Some(it_power) = builder.balance.it_power[place_index][period].get_mut(position) {
                    it_power.add_expr(&handled, pipeline.mw_per_gtok_per_hour);
                }
                let mut row = handled;
                for (order, col) in &orders {
                    let first = order.position() + pipeline.lead;
                    if (first..first + pipeline.life).contains(&period.position()) {
                        row.add(*col, -1.0);
                    }
                }
                let most = pipeline.capacity_gtok_per_hour[period];
                let limit = *limit.get_or_insert_with(|| {
                    builder.limit(format!("sites.{}.data_pipeline.capacity_gtok_per_hour", place.id), "Gtok/h", most, 1.0)
                });
                builder.row(
                    "data_pipeline",
                    "handled",
                    &[&place.id],
                    When::slice(period, slice.position()),
                    row,
                    Bound::AtMost(most),
                    Some(limit),
                );
            }
        }
    }
}
