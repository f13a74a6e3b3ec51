//! A plan with few slices, for an answer at once.

use crate::plan::{Day, Plan, Representative, Slices};

/// Slices of a representative day in a coarse plan.
const COARSE_BLOCK_HOURS: u32 = 12;

/// The same plan with few slices: long blocks, and a day for each season in place of 8,760 hours.
/// `None` if it is as coarse already.
#[must_use]
pub fn coarse(plan: &Plan) -> Option<Plan> {
    let season = |months: [u32; 3]| Day { months: months.to_vec(), days_per_year: None, share_fraction: None, pick: None };
    let mut coarse = plan.clone();
    coarse.slices = match &plan.slices {
        Slices::Hourly => {
            let seasons = [("winter", [12, 1, 2]), ("spring", [3, 4, 5]), ("summer", [6, 7, 8]), ("autumn", [9, 10, 11])];
            let days = seasons.into_iter().map(|(id, months)| (id.to_owned(), season(months))).collect();
            Slices::Representative(Representative { block_hours: COARSE_BLOCK_HOURS, days, linked: true })
        }
        Slices::Representative(representative) if representative.block_hours < COARSE_BLOCK_HOURS => {
            Slices::Representative(Representative { block_hours: COARSE_BLOCK_HOURS, ..representative.clone() })
        }
        Slices::Representative(_) => return None,
    };
    Some(coarse)
}
