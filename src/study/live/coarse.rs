//! A plan with few slices, for an answer at once.
//!
//! How few is chosen by measurement. Of a plan of 91,000 columns (24 slices of each of 12 days a month) the days that
//! stand for odd ones (the windiest, the dearest) were left out and the hours merged; CPU s of both goals by simplex,
//! and how far the answer lies from the full one: 12-hour blocks of all days 1.7 s, tokens 1.6 % and NPV 27 % off;
//! 12-hour blocks of a season's day 0.25 s, as far off; 6-hour blocks of it 0.53 s, 0.7 % and 16 %; 4-hour blocks
//! 1.2 s, 0.8 % and 12 %. So hours are worth more than odd days.

use crate::plan::{Day, Plan, Representative, Slices};

/// Columns that a coarse program should have, reckoned by its slices alone (what has no slices comes on top): it is
/// solved in about half a second.
const COLUMNS: usize = 6_500;

/// Blocks that hours are merged into, the finest first.
const BLOCK_HOURS: [u32; 4] = [4, 6, 12, 24];

/// Slices of a year of hours.
const HOURS: usize = 8_760;

/// The same plan with few slices: long blocks, no odd days, and a day for each season in place of 8,760 hours.
/// `columns` is how many its own program has. `None` if it is as coarse already.
#[must_use]
pub fn coarse(plan: &Plan, columns: usize) -> Option<Plan> {
    let (days, own_block_hours, linked, slices) = match &plan.slices {
        Slices::Hourly => (seasons(), 1, true, HOURS),
        Slices::Representative(own) => (usual(own), own.block_hours, own.linked, own.days.len() * blocks(own.block_hours)),
    };
    let merged = |block_hours: u32| days.len() * blocks(block_hours);
    let fits = |block_hours: &u32| columns.saturating_mul(merged(*block_hours)) <= COLUMNS.saturating_mul(slices);
    let longer = || BLOCK_HOURS.into_iter().filter(|block_hours| *block_hours >= own_block_hours);
    let block_hours = longer().find(fits).or_else(|| longer().next_back())?;
    if merged(block_hours) >= slices {
        return None;
    }
    let mut coarse = plan.clone();
    coarse.slices = Slices::Representative(Representative { block_hours, days, linked });
    Some(coarse)
}

fn blocks(block_hours: u32) -> usize {
    (24 / block_hours.clamp(1, 24)) as usize
}

type Days = crate::plan::node::Map<Day>;

fn seasons() -> Days {
    let season = |months: [u32; 3]| Day { months: months.to_vec(), days_per_year: None, share_fraction: None, pick: None };
    let seasons = [("winter", [12, 1, 2]), ("spring", [3, 4, 5]), ("summer", [6, 7, 8]), ("autumn", [9, 10, 11])];
    seasons.into_iter().map(|(id, months)| (id.to_owned(), season(months))).collect()
}

/// The days without those that stand for odd ones, where another day of the same months takes what they leave.
fn usual(own: &Representative) -> Days {
    let takes_the_rest = |day: &Day| day.pick.is_none() && day.days_per_year.is_none() && day.share_fraction.is_none();
    let is_left = |month: &u32| own.days.iter().any(|(_, day)| takes_the_rest(day) && day.months.contains(month));
    let is_odd = |day: &Day| day.pick.is_some() && day.share_fraction.is_none() && !day.months.is_empty() && day.months.iter().all(is_left);
    own.days.iter().filter(|(_, day)| !is_odd(day)).map(|(id, day)| (id.clone(), day.clone())).collect()
}
