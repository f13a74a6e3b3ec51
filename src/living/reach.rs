//! What is out of a rolled plan's reach: over the whole old plan so many chips could stand that a replica was whole,
//! and of those that can be ordered still there are fewer.

use super::stands::Then;
use crate::resolved::{Pool, Rate, Resolved};

/// A sentence for each pool and product that the rolled plan serves with other replicas, or not at all.
pub(super) fn out_of_reach(then: &Then<'_>, after: &Resolved) -> Vec<String> {
    let before = &then.stated.resolved;
    let mut said = Vec::new();
    for pool in &before.pools {
        let (place, chip) = (&before.places[pool.place], &before.chips[pool.chip]);
        let is_same = |other: &&Pool| {
            let of = |pool: &Pool| pool.rental.as_ref().map(|rental| rental.id.clone());
            after.places[other.place].id == place.id && after.chips[other.chip].id == chip.id && of(other) == of(pool)
        };
        let Some(now) = after.pools.iter().find(is_same) else { continue };
        for ((index, rates), later) in pool.rates.pairs().zip(&now.rates) {
            let pairs = rates.iter().skip(then.period).zip(later);
            let other = pairs.map(|(was, is)| (chips(was.as_deref()), chips(is.as_deref()))).find(|(was, is)| was != is);
            let Some((Some(was), is)) = other else { continue };
            let product = &before.products[index].id;
            let served = match is {
                Some(is) => format!("is served by replicas of {is} chips and no more of {was}"),
                None => format!("can't be served any more, since a replica takes {was} chips"),
            };
            let from = then.month(then.period);
            said.push(format!(
                "{product} on {} at {} {served}: fewer can stand from {from} on than over the whole old plan.",
                chip.id, place.name
            ));
        }
    }
    said
}

/// Chips of a replica.
fn chips(rate: Option<&Rate>) -> Option<f64> {
    rate.map(|rate| rate.replica.chips())
}
