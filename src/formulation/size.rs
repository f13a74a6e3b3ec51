//! How large a program will be, before it is built: a plan of a few hundred kilobytes can ask for more
//! unknowns than any machine holds.

use crate::resolved::{Resolved, SliceIx};

/// Most unknowns that are planned. One takes about 400 bytes with its rows and entries, and a solver
/// holds the program a few times over: with this many a plan stays below 4 GiB.
pub const MAX_COLUMNS: u64 = 2_000_000;

/// At most how many unknowns the program of a resolved plan has, by what makes them. Never less than what is
/// built (tested on the random plans); how much more depends on what can't stand, reach or sell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Work of chips by place, chip, product, period and slice.
    pub work: u64,
    /// Tokens by place, product, market, period and slice.
    pub flows: u64,
    /// Power by contract, period and slice.
    pub power: u64,
    /// Chips, orders, halls and what else there is by period.
    pub others: u64,
}

impl Size {
    /// All of it.
    #[must_use]
    pub fn columns(&self) -> u64 {
        [self.work, self.flows, self.power, self.others].into_iter().fold(0, u64::saturating_add)
    }
}

impl Size {
    /// About how many CPU seconds all goals take from cold: of Texas cut finer, a plan of at most 56,000 unknowns (in
    /// truth 32,000) took 8 s on a busy machine, one of in truth 14,000 took 2.5 s and one of 91,000 took 36 s, between
    /// which time goes with the power 1.4 to 1.5.
    #[must_use]
    pub fn about_seconds(&self) -> f64 {
        8.0 * (self.columns() as f64 / 56_000.0).powf(1.5)
    }
}

/// The size of a resolved plan's program.
#[must_use]
pub fn of(resolved: &Resolved) -> Size {
    let calendar = &resolved.calendar;
    let count = |items: usize| items as u64;
    let periods = count(calendar.periods.len());
    let slices: Vec<u64> = calendar.slices_of.iter().map(|slices| count(slices.len())).collect();
    let slots: u64 = slices.iter().sum();
    let days: u64 = calendar.days_of.iter().map(|days| count(days.len())).sum();
    let mut size = Size::default();
    for pool in &resolved.pools {
        let ways = if pool.rental.is_some() { 1 } else { 1 + count(resolved.chips[pool.chip].points.len()) };
        for ((_, product), (_, rates)) in resolved.products.pairs().zip(pool.rates.pairs()) {
            let phases = if product.disaggregated && product.has_prompts() { 2 } else { 1 };
            let busy: u64 = rates.iter().zip(slices.iter()).filter(|(rate, _)| rate.is_some()).map(|(_, slices)| *slices).sum();
            size.work = size.work.saturating_add(phases * ways * busy);
        }
        size.work += count(resolved.training.len()) * ways * slots;
        let rented = pool.rental.as_ref().map_or(0, |rental| if rental.committed { periods } else { slots });
        let orders = count(pool.orders_in.len());
        size.others += orders * (1 + count(pool.capped_subsidies.len())) + periods + days + rented;
    }
    let made: Vec<u64> = resolved
        .demands
        .iter()
        .map(|demand| {
            let flexible = u64::from(resolved.products[demand.product].flexible > 0.0);
            let bought = resolved.purchases.iter().filter(|purchase| purchase.product == demand.product).count();
            count(bought) * slots + count(demand.segments.len()) * periods + flexible * (2 * slots + periods)
        })
        .collect();
    size.flows = made.iter().fold(count(resolved.routes.len()).saturating_mul(slots), |sum, more| sum.saturating_add(*more));
    size.flows = resolved.tasks.iter().fold(size.flows, |sum, task| sum.saturating_add(count(task.ways.len()) * periods));
    // Days in order: a store keeps a level for each run of like days, at most one for each day there is.
    let months = periods * u64::from(calendar.period_months);
    let real_days: u64 = calendar.periods.iter().map(|period| (366.0 * period.years).ceil() as u64).sum();
    for contract in &resolved.contracts {
        let power = if contract.facets.store.is_some() { 3 * slots + 4 * days + real_days } else { slots };
        // Peaks, by slice at most; the amount, and what is taken short or ordered by period.
        size.power += power + slots + 1 + 2 * periods;
        // Months as they are billed: blocks of energy, each demand charge with what is measured, billed and its blocks, least bills.
        let facets = &contract.facets;
        let blocks: usize = facets.energy_charges.iter().map(|charge| charge.blocks.len()).sum();
        let demand: usize = facets.peak_charges.iter().filter(|charge| !charge.is_plain()).map(|charge| 3 + charge.blocks.len()).sum();
        size.power += months * count(blocks + demand + usize::from(facets.least_bill.is_some()));
    }
    // After a loss: a copy of a slice's work, flows and draws.
    let work_of_slice = resolved.pools.iter().map(|pool| {
        let ways = 1 + count(resolved.chips[pool.chip].points.len());
        2 * ways * count(resolved.products.len())
    });
    let copy = work_of_slice.sum::<u64>()
        + count(resolved.routes.len() + resolved.contracts.len() + resolved.products.len() * resolved.places.len());
    for rule in &resolved.resilience {
        let held = |period, slices: &Vec<SliceIx>| slices.iter().filter(|slice| rule.held[period][**slice]).count();
        let slots: usize = calendar.slices_of.pairs().map(|(period, slices)| held(period, slices)).sum();
        size.others = size.others.saturating_add(copy.saturating_mul(count(rule.losses.len() * slots)));
    }
    // What is matched by the hour, and deferrable output, at a place.
    let places = count(resolved.places.len());
    size.others += (places + 1) * slots;
    let deferrable = count(resolved.products.iter().filter(|product| product.deferrable).count());
    size.flows = size.flows.saturating_add(deferrable * places * slots);
    for place in &resolved.places {
        let Some(site) = &place.site else { continue };
        size.others += (count(site.buildable.len()) + 1) * periods;
        let chips = if site.oversubscribed { 2 } else { count(resolved.chips.len()) };
        size.others += (count(site.feeds.len()) + 1) * chips * periods;
        for connection in &site.connections {
            size.power += 2 * slots + 2 * count(connection.offers.len());
        }
    }
    size
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::formulation::Formulation;
    use crate::plan::file::parse;
    use crate::resolved::Series;

    #[test]
    fn no_plan_is_larger_than_was_said() {
        for text in
            [include_str!("../../tests/plans/small.ron"), include_str!("../../plans/texas.ron"), include_str!("../../plans/gansu.ron")]
        {
            let plan = parse(text).plan.unwrap();
            let resolved = Resolved::new(&plan, Catalog::embedded(), &Series::default()).unwrap();
            let built = Formulation::new(&resolved).unwrap().program.columns.len() as u64;
            let said = of(&resolved).columns();
            assert!(built <= said && said <= 4 * built, "{}: {built} built, {said} said: {:?}", plan.name, of(&resolved));
        }
    }
}
