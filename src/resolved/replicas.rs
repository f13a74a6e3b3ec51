//! What each place can use of a chip's throughput: a rate belongs to a replica of so many chips, and
//! is offered only where so many can stand.
//!
//! The chips that can stand at a place in a period: those that exist, plus all that the suppliers can
//! have delivered there by then and that are still alive, as far as halls that stand or may be built
//! have room for them; rented chips at their `at_most`. Where they are fewer than the replica of the
//! fastest point, the best point on so few chips is taken; where there is none, the chip makes
//! nothing of the product there, and a warning names what would fit.

use std::sync::Arc;

use super::Resolver;
use super::asks::Ask;
use super::calendar::Calendar;
use super::chips::{Chip, Pool};
use super::index::{AskIx, ChipIx, Ix as _, PeriodIx, PlaceIx, ProductIx, Table};
use super::markets::Product;
use super::rates::{GTOK_PER_HOUR_PER_THOUSAND, Rate, RateByPeriod};
use super::sites::{Place, SiteFacts};

/// Rates by chip and product.
type Rates = Table<ChipIx, Table<ProductIx, Option<Rate>>>;

/// Rates by chip, product and what the product asks.
type Best = Table<ChipIx, Table<ProductIx, Table<AskIx, Option<Rate>>>>;

impl Resolver<'_> {
    /// Fills in what the pools can use of the best rates. Returns the rates to show for each chip: the
    /// best that some place can use, or the best there is where none can.
    pub(super) fn replicas(
        &mut self,
        calendar: &Calendar,
        places: &Table<PlaceIx, Place>,
        (chips, products): (&Table<ChipIx, Chip>, &Table<ProductIx, Product>),
        best: &Best,
        pools: &mut [Pool],
    ) -> Rates {
        for pool in pools.iter_mut() {
            let (place, chip) = (&places[pool.place], &chips[pool.chip]);
            pool.most_chips = most_chips(calendar, place.site.as_ref(), chip, pool);
            pool.rates = products
                .pairs()
                .map(|(index, product)| self.usable(calendar, &place.name, (chip, product), &best[pool.chip][index], &pool.most_chips))
                .collect();
        }
        // What is asked first is shown, or the first of what can be served at all.
        let first = |asks: &Table<AskIx, Option<Rate>>| asks.iter().flatten().next().cloned();
        let mut shown: Rates = best.iter().map(|row| row.iter().map(first).collect()).collect();
        for ((chip_index, chip), row) in chips.pairs().zip(shown.iter_mut()) {
            for ((product_index, product), rate) in products.pairs().zip(row.iter_mut()) {
                let mut used: Vec<&Arc<Rate>> = Vec::new();
                let of_chip = pools.iter().filter(|pool| pool.chip == chip_index);
                for offered in of_chip.flat_map(|pool| pool.rates[product_index].iter().flatten()) {
                    if !used.contains(&offered) {
                        used.push(offered);
                    }
                }
                let prompts = product.first_ask().prompt_per_answer;
                used.sort_by(|left, right| right.pooled(prompts).total_cmp(&left.pooled(prompts)));
                // Of what is asked first; where nothing is offered of it, of what is offered.
                let of_first = |offered: &&&Arc<Rate>| {
                    let mine = pools.iter().filter(|pool| pool.chip == chip_index);
                    mine.flat_map(|pool| pool.rates[product_index].pairs())
                        .any(|(period, at)| product.ask_of[period] == AskIx::new(0) && at.as_ref() == Some(**offered))
                };
                if let Some(first) = used.iter().find(of_first).or_else(|| used.first()) {
                    *rate = Some(Rate::clone(first));
                }
                for rate in used.iter().map(|rate| &***rate).chain(rate.as_ref().filter(|_| used.is_empty())) {
                    // What is stated has been noted number by number.
                    if !rate.is_typed() {
                        let answer = rate.pooled(prompts) / GTOK_PER_HOUR_PER_THOUSAND;
                        let path = format!("throughput.{}-{}", chip.id, product.id);
                        self.assume(path, answer, "answer tok/s per chip", &rate.source, rate.evidence.label());
                    }
                }
            }
        }
        shown
    }

    /// What a place can use, period by period.
    fn usable(
        &mut self,
        calendar: &Calendar,
        place: &str,
        (chip, product): (&Chip, &Product),
        best: &Table<AskIx, Option<Rate>>,
        most_chips: &Table<PeriodIx, f64>,
    ) -> RateByPeriod {
        let best: Table<AskIx, Option<Arc<Rate>>> = best.iter().map(|rate| rate.clone().map(Arc::new)).collect();
        // The smaller points asked for so far: a fleet that grows asks for few of them.
        let mut smaller: Vec<(AskIx, f64, Result<Arc<Rate>, String>)> = Vec::new();
        let mut too_few: Vec<(PeriodIx, f64)> = Vec::new();
        let rates = most_chips
            .pairs()
            .map(|(period, thousand)| {
                // A rounding error of a fleet's count must not cost it a replica.
                let most = (thousand * 1e3 + 1e-6).floor();
                let ask = product.ask_of[period];
                let best = best[ask].as_ref()?;
                let needed = best.replica.chips();
                if needed <= 1.0 || most >= needed {
                    return Some(best.clone());
                }
                if *thousand <= 0.0 {
                    return None;
                }
                let known =
                    smaller.iter().find(|(of, chips, _)| *of == ask && chips.total_cmp(&most).is_eq()).map(|(_, _, known)| known.clone());
                let found = known.unwrap_or_else(|| {
                    let found = self.smaller(chip, (product, &product.asks[ask]), best, most);
                    smaller.push((ask, most, found.clone()));
                    found
                });
                if found.is_err() {
                    too_few.push((period, most));
                }
                found.ok()
            })
            .collect();
        if let (Some((first, most)), Some((last, _))) = (too_few.first(), too_few.last()) {
            let ask = product.ask_of[*first];
            let reason = smaller
                .iter()
                .find(|(of, chips, _)| *of == ask && chips.total_cmp(most).is_eq())
                .and_then(|(_, _, known)| known.as_ref().err());
            let when = match calendar.periods.len() {
                all if too_few.len() == all => String::new(),
                _ if first == last => format!(" in {}", calendar.periods[*first].label),
                _ => format!(" from {} to {}", calendar.periods[*first].label, calendar.periods[*last].label),
            };
            let message = format!(
                "`{}` can't be served on `{}` at {place}{when}, where at most {most} can stand: {}.",
                product.id,
                chip.id,
                reason.map_or("", String::as_str)
            );
            let help = format!("Let more of `{}` stand there, or state a throughput with fewer `replica_chips`.", chip.id);
            self.warn("replica-too-large", format!("products.{}", product.id), message, help);
        }
        rates
    }

    /// The best point on at most so many chips, or why there is none.
    fn smaller(&self, chip: &Chip, (product, ask): (&Product, &Ask), best: &Rate, most: f64) -> Result<Arc<Rate>, String> {
        if best.is_typed() {
            return Err(format!("the plan states a replica of {}", best.replica.in_words()));
        }
        let point = self.known(chip, product, ask, Some(most)).map_err(|missing| {
            // The words name the pair already.
            missing.split_once(": ").map_or(missing.clone(), |(_, reason)| reason.to_owned())
        })?;
        Ok(Arc::new(Rate::of_point(point)))
    }
}

/// Chips that can stand at a place at most, thousand, by period.
fn most_chips(calendar: &Calendar, site: Option<&SiteFacts>, chip: &Chip, pool: &Pool) -> Table<PeriodIx, f64> {
    if let Some(rental) = &pool.rental {
        return rental.at_most.clone();
    }
    Table::build(&calendar.periods, |period| {
        let supplied: f64 =
            pool.orders_in.iter().filter(|order| Pool::serves(chip, **order, period)).map(|order| chip.supply[*order]).sum();
        let room = site.map_or(f64::INFINITY, |site| room(site, chip, period));
        (pool.existing[period] + supplied).min(room)
    })
}

/// Chips of one kind that halls which stand or may be built have room for, thousand.
fn room(site: &SiteFacts, chip: &Chip, period: PeriodIx) -> f64 {
    let at = period.position();
    let standing = site.halls.iter().filter(|hall| hall.serves(period));
    let standing = standing.map(|hall| (1.0, hall.it_mw, hall.rack_positions, hall.liquid, hall.feed));
    let built = site.buildable.iter().filter(|kind| at >= kind.lead);
    let built = built.map(|kind| (kind.at_most, kind.it_mw, kind.rack_positions, kind.liquid, kind.feed));
    let (mut mw, mut racks) = (0.0, 0.0);
    let mut behind = vec![0.0; site.feeds.len()];
    for (count, it_mw, positions, liquid, feed) in standing.chain(built) {
        if liquid || !chip.liquid {
            *feed.and_then(|feed| behind.get_mut(feed)).unwrap_or(&mut mw) += count * it_mw;
            racks += count * positions.unwrap_or(f64::INFINITY);
        }
    }
    // Halls behind a feed have no more than it brings.
    mw += site.feeds.iter().zip(&behind).map(|(feed, behind)| feed.mw[period].min(*behind)).sum::<f64>();
    // A hall filled by what chips draw has room for more of them than their rating says.
    let by_power = if site.oversubscribed || chip.all_in_kw <= 0.0 { f64::INFINITY } else { mw / chip.all_in_kw };
    by_power.min(if racks.is_nan() { f64::INFINITY } else { racks * chip.chips_per_rack * 1e-3 })
}
