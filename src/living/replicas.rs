//! Work that the rolled plan has no more, for what might have been ordered before it began counted towards a replica.
//!
//! Whether chips of a kind can do some work at a place at all is asked of the most that can ever stand there. Chips that
//! the old plan might have ordered, and did not, count there; the rolled plan can't order them any more.

use super::stands::Then;
use crate::formulation::layout::PoolCols;
use crate::resolved::{Ix as _, PeriodIx, Pool, Resolved};
use crate::study::Stated;

/// What can be done no more, in sentences.
pub(super) fn gone(then: &Then<'_>, after: &Stated) -> Vec<String> {
    let (was, is) = (&then.stated.resolved, &after.resolved);
    let later = |period: PeriodIx| period.position().checked_sub(then.period).map(PeriodIx::new);
    let mut said = Vec::new();
    for (pool, cols) in was.pools.iter().zip(&then.stated.formulation.layout.pools) {
        let ids = ids(was, pool);
        let same: Option<&PoolCols> =
            is.pools.iter().zip(&after.formulation.layout.pools).find(|(other, _)| self::ids(is, other) == ids).map(|(_, cols)| cols);
        for work in &cols.work {
            let product = &was.products[work.product].id;
            let left =
                same.and_then(|cols| cols.work.iter().find(|other| is.products[other.product].id == *product && other.phase == work.phase));
            let is_gone = |period: PeriodIx, rate: f64| {
                rate > 0.0
                    && later(period).is_some_and(|later| left.is_none_or(|left| left.rate.get(later).is_none_or(|rate| *rate <= 0.0)))
            };
            let Some((first, _)) = work.rate.pairs().find(|(period, rate)| is_gone(*period, **rate)) else { continue };
            let sentence = format!(
                "From {} on a replica for `{product}` no longer fits on {} at {}: what stands there and can still be ordered is too few chips by itself, without those that could have been ordered before.",
                was.calendar.periods[first].start, was.chips[pool.chip].name, was.places[pool.place].name
            );
            if !said.contains(&sentence) {
                said.push(sentence);
            }
        }
    }
    said
}

/// What tells a pool from others in any plan: its place, its chip, whether it is rented.
fn ids<'r>(resolved: &'r Resolved, pool: &Pool) -> (&'r str, &'r str, bool) {
    (&resolved.places[pool.place].id, &resolved.chips[pool.chip].id, pool.rental.is_some())
}
