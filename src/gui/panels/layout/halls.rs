//! The halls of a site in a period, and which chips stand in them.

use crate::catalog::Catalog;
use crate::plan::{Cooling, Plan};
use crate::results::Results;
use crate::results::fractions::{halls_in_words, part_of_halls};
use crate::words;

/// Most cards drawn for halls of one kind; the rest are counted on the last.
const MOST_OF_A_KIND: usize = 12;

/// A hall as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct HallCard {
    /// Path of the hall or the kind of hall.
    pub path: String,
    /// Its name, with a number if it is one of several.
    pub name: String,
    /// MW, and since when.
    pub detail: String,
    /// All-in IT power it can feed, MW.
    pub it_mw: f64,
    /// Any chip may stand in it.
    pub liquid: bool,
    /// Rack positions, if limited.
    pub positions: Option<f64>,
    /// Stands in this period.
    pub stands: bool,
    /// Chips by id, name and all-in MW.
    pub chips: Vec<(String, String, f64)>,
}

impl HallCard {
    /// IT power of the chips in it, MW.
    #[must_use]
    pub fn used_mw(&self) -> f64 {
        self.chips.iter().map(|(.., mw)| mw).sum()
    }
}

/// The halls of a site in a period: those that stand, those of the plan that may be built.
#[must_use]
pub fn cards(plan: &Plan, results: Option<&Results>, site: &str, period: usize) -> Vec<HallCard> {
    let mut cards = standing(plan, results, site, period);
    if let Some(results) = results {
        fill(plan, results, site, period, &mut cards);
    }
    cards
}

fn standing(plan: &Plan, results: Option<&Results>, site: &str, period: usize) -> Vec<HallCard> {
    let Some(own) = plan.sites.get(site) else { return Vec::new() };
    let mut cards = Vec::new();
    let month = super::pieces::month_of(plan, period);
    for (id, hall) in &own.halls {
        let is_gone = hall.until.is_some_and(|until| until <= month);
        let stands = hall.in_service <= month && !is_gone;
        let since = match hall.until {
            Some(until) if is_gone => format!("out of service from {until}"),
            Some(until) if stands => format!("existing, until {until}"),
            _ if stands => "existing".to_owned(),
            _ => format!("from {}", hall.in_service),
        };
        cards.push(HallCard {
            path: format!("sites.{site}.halls.{id}"),
            name: words::sentence(id),
            detail: format!("{} MW IT · {since}{}", words::number(hall.it_mw), behind(hall.feed.as_deref())),
            it_mw: hall.it_mw,
            liquid: matches!(hall.cooling, Cooling::Liquid),
            positions: hall.rack_positions,
            stands,
            chips: Vec::new(),
        });
    }
    let index = results.and_then(|results| results.sites.iter().position(|other| other.id == site));
    for (id, kind) in &own.buildable {
        let built = results
            .zip(index)
            .and_then(|(results, index)| results.halls.iter().find(|hall| hall.site == index && hall.id == *id && !hall.existing));
        let count = built.and_then(|built| built.in_service.get(period).copied()).unwrap_or(0.0);
        let blank = HallCard {
            path: format!("sites.{site}.buildable.{id}"),
            name: words::sentence(id),
            detail: format!(
                "{} MW IT · may be built {} times{}",
                words::number(kind.it_mw),
                words::number(kind.at_most),
                behind(kind.feed.as_deref())
            ),
            it_mw: kind.it_mw,
            liquid: matches!(kind.cooling, Cooling::Liquid),
            positions: kind.rack_positions,
            stands: false,
            chips: Vec::new(),
        };
        if count < 0.005 {
            cards.push(blank);
            continue;
        }
        let wholes = (count.ceil() as usize).min(MOST_OF_A_KIND);
        for number in 0..wholes {
            // The answer may build a part of a hall: the last card shows which.
            let last = number + 1 == wholes;
            let part = if last { count - number as f64 } else { 1.0 };
            let since = built
                .and_then(|built| built.in_service.iter().position(|standing| *standing + 1e-6 >= number as f64 + part.min(1.0)))
                .and_then(|period| results.and_then(|results| results.periods.get(period)))
                .map_or_else(String::new, |period| format!(" · {}", period.label));
            let share = if let Some(words) = halls_in_words(part, kind.it_mw).filter(|_| part < 1.0) {
                format!(": {words}")
            } else if part > 1.005 {
                format!(", and {} more", words::number(part - 1.0))
            } else {
                String::new()
            };
            cards.push(HallCard {
                name: if part_of_halls(part) > 0.0 && part < 1.0 {
                    format!("{}, a fraction", blank.name)
                } else if kind.at_most > 1.0 {
                    format!("{} #{}", blank.name, number + 1)
                } else {
                    blank.name.clone()
                },
                detail: format!("{} MW IT{since}{share}{}", words::number(kind.it_mw * part), behind(kind.feed.as_deref())),
                it_mw: kind.it_mw * part,
                positions: kind.rack_positions.map(|positions| positions * part),
                stands: true,
                ..blank.clone()
            });
        }
    }
    cards
}

/// The feed that a hall hangs on, in words.
fn behind(feed: Option<&str>) -> String {
    feed.map_or_else(String::new, |feed| format!(" · feed {}", words::words(feed)))
}

/// Whether a chip needs a liquid-cooled hall.
fn needs_liquid(plan: &Plan, chip: &str) -> bool {
    let Some(chip) = plan.chips.get(chip) else { return false };
    match (&chip.cooling, &chip.catalog) {
        (Some(cooling), _) => matches!(cooling, Cooling::Liquid),
        (None, Some(id)) => Catalog::embedded().chip(id).is_some_and(|chip| matches!(chip.cooling, crate::catalog::ChipCooling::Liquid)),
        _ => false,
    }
}

/// Puts the chips of the site into its halls. The answer says how much stands at the site, not in
/// which hall: chips that need liquid take liquid-cooled halls first, the others fill what is left.
fn fill(plan: &Plan, results: &Results, site: &str, period: usize, cards: &mut [HallCard]) {
    let Some(index) = results.sites.iter().position(|other| other.id == site) else { return };
    let mut chips: Vec<(String, String, f64, bool)> = results
        .fleet
        .iter()
        .filter(|fleet| fleet.site == index)
        .filter_map(|fleet| {
            let chip = results.chips.get(fleet.chip)?;
            let mw = fleet.all_in_mw.get(period).copied().unwrap_or(0.0);
            (mw > 1e-6).then(|| (chip.id.clone(), chip.name.clone(), mw, needs_liquid(plan, &chip.id)))
        })
        .collect();
    chips.sort_by_key(|(.., liquid)| std::cmp::Reverse(*liquid));
    for (id, name, mw, liquid) in chips {
        let mut left = mw;
        // Chips that may stand anywhere leave the liquid-cooled halls to those that can't.
        let passes: &[bool] = if liquid { &[true] } else { &[false, true] };
        for pass in passes {
            for card in cards.iter_mut().filter(|card| card.stands && card.liquid == *pass) {
                let take = left.min(card.it_mw - card.used_mw());
                if take > 1e-9 {
                    card.chips.push((id.clone(), name.clone(), take));
                    left -= take;
                }
            }
        }
        // What the halls can't hold by their rating (they may be oversubscribed) stands in the last one.
        if left > 1e-6
            && let Some(card) = cards.iter_mut().rev().find(|card| card.stands)
        {
            match card.chips.iter_mut().find(|(other, ..)| *other == id) {
                Some((.., own)) => *own += left,
                None => card.chips.push((id, name, left)),
            }
        }
    }
}
