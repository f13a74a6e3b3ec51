//! What each loss leaves, where the plan says what has to go on after one.
//!
//! The program states for each loss a way to carry on (`formulation::resilience`), and any that keeps the
//! shares will do there. Here the most that can go on is looked for, with everything that is built,
//! signed and sold held as it is: the copies of slices alone, as a program of their own, with tokens after
//! the loss as its goal: of all kept products together, while each keeps its share. What it says is as hard a fact as the answer: the same check has passed it.

use std::collections::BTreeMap;

use super::Results;
use super::kept::most;
use super::read::Reading;
use super::tables::LossInfo;
use crate::resolved::resilience::{Loss, Resilience};
use crate::resolved::supply::Delivery;
use crate::resolved::{Ix as _, PeriodIx, SliceIx};

/// What is less than this share short of all goes on.
const NOTHING_LOST: f64 = 1e-6;

/// A slice with the tokens of an hour before and after a loss.
type Held = (SliceIx, f64, f64);

/// What every loss leaves, rule by rule.
pub(super) fn losses(reading: &Reading<'_>, results: &Results) -> Vec<LossInfo> {
    let layout = &reading.formulation.layout;
    if layout.kept.is_empty() {
        return Vec::new();
    }
    let most = most(reading);
    let point = most.as_deref().unwrap_or(reading.point);
    // Slices of one rule, loss, product and period.
    let mut groups: BTreeMap<(usize, usize, usize, usize), Vec<Held>> = BTreeMap::new();
    for kept in &layout.kept {
        for tokens in &kept.tokens {
            let before = reading.value(&tokens.before).max(0.0);
            let after = tokens.after.value(point).clamp(0.0, before);
            let key = (kept.rule, kept.loss, tokens.product.position(), kept.period.position());
            groups.entry(key).or_default().push((kept.slice, before, after));
        }
    }
    let mut found = Vec::new();
    for ((rule, loss, product, period), slices) in groups {
        let resolved = reading.resolved;
        let Some(rule) = resolved.resilience.get(rule) else { continue };
        let Some(loss) = rule.losses.get(loss).copied() else { continue };
        let (product, period) = (crate::resolved::ProductIx::new(product), PeriodIx::new(period));
        let about = |(slice, before, after): &Held| (*slice, *before, *after, share(*before, *after));
        let worst =
            slices.iter().map(about).min_by(|one, other| one.3.total_cmp(&other.3).then((other.1 - other.2).total_cmp(&(one.1 - one.2))));
        let Some((slice, before, left, left_fraction)) = worst else { continue };
        let hours = |counts: &dyn Fn(f64, f64) -> f64| -> f64 {
            slices.iter().map(|(slice, before, after)| reading.hours(period, *slice) * counts(*before, *after)).sum()
        };
        let of_slice = &resolved.calendar.slices[slice];
        let (firm_mw, firm_left_mw) = firm(reading, results, loss, period, slice);
        found.push(LossInfo {
            rule: rule.id.clone(),
            lost: loss.name(&resolved.places, &resolved.contracts),
            part: loss.part(),
            period: resolved.calendar.periods[period].label.clone(),
            product: resolved.products[product].id.clone(),
            asked_fraction: asked(rule, product),
            // What is asked is kept to within the solver's rounding.
            left_fraction: if (left_fraction - asked(rule, product)).abs() < NOTHING_LOST { asked(rule, product) } else { left_fraction },
            is_most: most.is_some(),
            worst_day: resolved.calendar.days[of_slice.day].id.clone(),
            worst_hour: of_slice.start_hour,
            before_gtok_per_hour: before,
            left_gtok_per_hour: left,
            hours: hours(&|_, _| 1.0),
            short_hours: hours(&|before, after| f64::from(u8::from(share(before, after) < 1.0))),
            lost_ttok: hours(&|before, after| if share(before, after) < 1.0 { (before - after) * 1e-3 } else { 0.0 }),
            firm_mw,
            firm_left_mw,
        });
    }
    found
}

/// Share that goes on; all of nothing, and all where the rest is rounding.
fn share(before: f64, after: f64) -> f64 {
    if before <= 0.0 || after >= before * (1.0 - NOTHING_LOST) { 1.0 } else { after / before }
}

fn asked(rule: &Resilience, product: crate::resolved::ProductIx) -> f64 {
    rule.keep.iter().find(|(kept, _)| *kept == product).map_or(0.0, |(_, fraction)| *fraction)
}

/// Power that is always there in a slice before and after a loss, MW.
fn firm(reading: &Reading<'_>, results: &Results, lost: Loss, period: PeriodIx, slice: SliceIx) -> (f64, f64) {
    let (resolved, layout) = (reading.resolved, &reading.formulation.layout);
    let (mut before, mut left) = (0.0, 0.0);
    let mut add = |mw: f64, is_lost: bool| {
        before += mw;
        left += if is_lost { 0.0 } else { mw };
    };
    for (place, facts) in resolved.places.pairs().filter_map(|(place, found)| Some((place, found.site.as_ref()?))) {
        let dark = lost == Loss::Site(place);
        add(facts.interconnect_mw[period], dark || lost == Loss::Plain(place));
        for (index, (connection, cols)) in facts.connections.iter().zip(&layout.connections[place]).enumerate() {
            let offers = connection.offers.iter().zip(&cols.offers).filter(|(offer, _)| offer.firm && offer.there[period]);
            let taken: f64 = offers.map(|(_, col)| reading.maybe(*col)).sum();
            add(connection.firm.mw.at(period, slice) + taken, dark || lost == Loss::Connection(place, index));
        }
        for ((index, contract), shown) in resolved.contracts.pairs().zip(&results.contracts) {
            let facets = &contract.facets;
            let on_site = contract.place == place && facets.delivery == Delivery::OnSite && facets.store.is_none();
            if let Some(output) = contract.output_after_loss(period, slice).filter(|_| on_site && contract.in_force[period]) {
                let alive = shown.contracted.get(period.position()).copied().unwrap_or(0.0);
                add(alive * output, dark || lost == Loss::Plant(index));
            }
        }
    }
    (before, left)
}
