//! Losses that a plan has to bear: which parts, in which slices, and how much goes on.

use super::calendar::Calendar;
use super::connections::PLAIN;
use super::index::{ContractIx, PeriodIx, PlaceIx, ProductIx, SliceIx, Table};
use super::markets::{Demand, Market, Product};
use super::sites::Place;
use super::supply::{Contract, Delivery};
use super::{Ix as _, Resolver};
use crate::plan::resilience::{Lose, Part, WorstHours};

/// A rule of what goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Resilience {
    /// Its id.
    pub id: String,
    /// Where it stands in the plan.
    pub path: String,
    /// Each part that may be lost, one at a time.
    pub losses: Vec<Loss>,
    /// Share of a product's tokens that go on.
    pub keep: Vec<(ProductIx, f64)>,
    /// Slices in which that has to hold, by period.
    pub held: Table<PeriodIx, Table<SliceIx, bool>>,
}

/// A part that may be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// A feed of a site, which carries nothing then.
    Feed(PlaceIx, usize),
    /// The plain interconnect of a site.
    Plain(PlaceIx),
    /// A connection of a site.
    Connection(PlaceIx, usize),
    /// On-site plant.
    Plant(ContractIx),
    /// All of a site.
    Site(PlaceIx),
}

impl Loss {
    /// What kind of part it is, in a word.
    #[must_use]
    pub fn part(self) -> &'static str {
        match self {
            Self::Feed(..) => "feed",
            Self::Plain(_) | Self::Connection(..) => "connection",
            Self::Plant(_) => "plant",
            Self::Site(_) => "site",
        }
    }

    /// Its place and name, for keys and words.
    #[must_use]
    pub fn name(self, places: &Table<PlaceIx, Place>, contracts: &Table<ContractIx, Contract>) -> String {
        let of = |place: PlaceIx, part: &str| format!("{}.{part}", places[place].id);
        let facts = |place: PlaceIx| places[place].site.as_ref();
        match self {
            Self::Feed(place, feed) => of(place, facts(place).and_then(|site| site.feeds.get(feed)).map_or("", |feed| feed.id.as_str())),
            Self::Plain(place) => of(place, PLAIN),
            Self::Connection(place, index) => {
                of(place, facts(place).and_then(|site| site.connections.get(index)).map_or("", |connection| connection.id.as_str()))
            }
            Self::Plant(contract) => contracts[contract].id.clone(),
            Self::Site(place) => places[place].id.clone(),
        }
    }
}

/// What the parts are looked for in.
pub(super) struct Parts<'r> {
    pub calendar: &'r Calendar,
    pub places: &'r Table<PlaceIx, Place>,
    pub contracts: &'r Table<ContractIx, Contract>,
    pub products: &'r Table<ProductIx, Product>,
    pub markets: &'r Table<super::MarketIx, Market>,
    pub demands: &'r [Demand],
}

impl Resolver<'_> {
    /// The rules of what goes on.
    pub(super) fn resilience(&mut self, parts: &Parts<'_>) -> Vec<Resilience> {
        let plan = self.plan;
        let mut rules = Vec::new();
        for (id, rule) in &plan.resilience {
            let path = format!("resilience.{id}");
            let Lose::Largest(part) = &rule.lose;
            let losses = losses(parts, part);
            if *part == Part::Feed {
                self.check_oversubscribed(&path, parts, &losses);
            }
            if losses.is_empty() {
                let (what, way) = match part {
                    Part::Feed => (
                        "no feed without redundancy",
                        "A feed of `N1` or `TwoN` carries on when part of it fails: nothing more is asked of the plan.",
                    ),
                    Part::Connection => ("no connection to the grid", "State `interconnect_mw` or `connections` of a site."),
                    Part::Plant => ("no plant on a site", "Add an `OnSite` contract, or say what else may be lost."),
                    Part::Site => ("no site", "Add a site."),
                };
                self.warn("never-binds", format!("{path}.lose"), format!("The plan has {what}, so nothing is lost."), way);
            }
            let keep: Vec<(ProductIx, f64)> = parts
                .products
                .pairs()
                .filter_map(|(index, product)| Some((index, rule.keep.get(&product.id)?.fraction)))
                .filter(|(_, fraction)| *fraction > 0.0)
                .collect();
            let held = match &rule.worst_hours {
                None => Table::build(&parts.calendar.periods, |_| Table::build(&parts.calendar.slices, |_| true)),
                Some(WorstHours::Busiest(hours)) => busiest(parts, &keep, *hours),
                Some(WorstHours::Stated(hours)) => {
                    let clock = parts.calendar.utc_offset_hours;
                    let marks = self.marks(parts.calendar, hours, &format!("{path}.worst_hours.value"), clock);
                    let marked = |period: PeriodIx, slice: SliceIx| {
                        let share =
                            |month: super::billing::BillMonth| marks.as_ref().map_or(0.0, |marks| marks.share(slice, month.of_year));
                        let stands = |month: &super::billing::BillMonth| parts.calendar.hours_in_month(slice, month.of_year) > 0.0;
                        parts.calendar.months_of_period(period).filter(stands).any(|month| share(month) > 0.0)
                    };
                    Table::build(&parts.calendar.periods, |period| Table::build(&parts.calendar.slices, |slice| marked(period, slice)))
                }
            };
            rules.push(Resilience { id: id.clone(), path, losses, keep, held });
        }
        rules
    }

    /// At a site that is filled by what chips draw, nobody says which chips stand behind a feed.
    fn check_oversubscribed(&mut self, path: &str, parts: &Parts<'_>, losses: &[Loss]) {
        for loss in losses {
            let Loss::Feed(place, _) = loss else { continue };
            let place = &parts.places[*place];
            if place.site.as_ref().is_some_and(|site| site.oversubscribed) {
                self.error(
                    "oversubscribed-feeds",
                    format!("{path}.lose"),
                    format!("`{}` is oversubscribed: its halls are filled by what chips draw, so which of them stand behind a feed is not planned.", place.id),
                    format!("Set `oversubscribed: false` of `sites.{}`, or make its feeds `TwoN`.", place.id),
                );
                return;
            }
        }
    }
}

/// Every part of a kind that may be lost.
fn losses(parts: &Parts<'_>, part: &Part) -> Vec<Loss> {
    let mut losses = Vec::new();
    for (place, facts) in parts.places.pairs().filter_map(|(index, place)| Some((index, place.site.as_ref()?))) {
        match part {
            Part::Feed => {
                let lost = facts.feeds.iter().enumerate().filter(|(_, feed)| !feed.redundant);
                losses.extend(lost.map(|(feed, _)| Loss::Feed(place, feed)));
            }
            Part::Connection => {
                if facts.interconnect_mw.iter().any(|mw| *mw > 0.0) {
                    losses.push(Loss::Plain(place));
                }
                losses.extend((0..facts.connections.len()).map(|connection| Loss::Connection(place, connection)));
            }
            Part::Site => losses.push(Loss::Site(place)),
            Part::Plant => {}
        }
    }
    if *part == Part::Plant {
        let plant = |contract: &Contract| {
            contract.facets.delivery == Delivery::OnSite && contract.facets.plant.is_some() && contract.facets.store.is_none()
        };
        losses.extend(parts.contracts.pairs().filter(|(_, contract)| plant(contract)).map(|(index, _)| Loss::Plant(index)));
    }
    losses
}

/// The slices of each period in which the kept products may want the most, for so many hours a year; those that are
/// alike all count.
fn busiest(parts: &Parts<'_>, keep: &[(ProductIx, f64)], hours_a_year: f64) -> Table<PeriodIx, Table<SliceIx, bool>> {
    let calendar = parts.calendar;
    Table::build(&calendar.periods, |period| {
        let slices = &calendar.slices_of[period];
        let wanted = |slice: SliceIx| -> f64 {
            let of_product = |(product, fraction): &(ProductIx, f64)| -> f64 {
                let of_demand = |demand: &&Demand| demand.product == *product;
                let most = |demand: &Demand| -> f64 {
                    let volume: f64 = demand.segments.iter().map(|segment| segment.volume_ttok[period]).sum();
                    let shape = &parts.markets[demand.market].shape;
                    let total: f64 = slices.iter().map(|slice| calendar.hours(period, *slice) * shape[*slice]).sum();
                    let live = !parts.products[*product].deferrable && total > 0.0;
                    volume * if live { shape[slice] / total } else { 1.0 / calendar.period_hours(period) }
                };
                fraction * parts.demands.iter().filter(of_demand).map(most).sum::<f64>()
            };
            keep.iter().map(of_product).sum()
        };
        let mut by_want: Vec<(SliceIx, f64)> = slices.iter().map(|slice| (*slice, wanted(*slice))).collect();
        by_want.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.position().cmp(&right.0.position())));
        let mut left = hours_a_year * calendar.periods[period].years;
        let mut held = Table::build(&calendar.slices, |_| false);
        let mut last = f64::INFINITY;
        for (slice, want) in by_want {
            if left <= 1e-9 && want < last * (1.0 - 1e-9) {
                break;
            }
            held[slice] = true;
            left -= calendar.hours(period, slice);
            last = want;
        }
        held
    })
}
