//! What a plan states and can never arrive within its horizon is named: it would be left out of the
//! answer without a word, and a fixed amount with it.

use super::index::{Ix as _, Table};
use super::sites::Hall;
use super::{Calendar, Chip, ChipIx, Contract, ContractIx, Place, PlaceIx, Resolver};
use crate::plan::Month;

impl Resolver<'_> {
    /// Names plant, batteries, halls and chips whose lead is longer than what is left of the horizon.
    pub(super) fn check_arrivals(
        &mut self,
        calendar: &Calendar,
        places: &Table<PlaceIx, Place>,
        chips: &Table<ChipIx, Chip>,
        contracts: &Table<ContractIx, Contract>,
    ) {
        for contract in contracts {
            self.plant(calendar, contract);
        }
        for place in places {
            let Some(site) = &place.site else { continue };
            for hall in site.halls.iter().filter(|hall| hall.from_period >= calendar.periods.len()) {
                let message = format!("The hall `{}` goes into service after the horizon, so it does nothing.", hall.id);
                let help = "Move `in_service`, or lengthen the horizon.";
                self.warn("never-arrives", format!("sites.{}.halls.{}.in_service", place.id, hall.id), message, help);
            }
            let ends = |hall: &&Hall| hall.until_period <= hall.from_period && hall.from_period < calendar.periods.len();
            for hall in site.halls.iter().filter(ends) {
                let message = format!(
                    "The hall `{}` does nothing: it serves in no whole period. A period counts if its first day lies from `in_service` on and before `until`.",
                    hall.id
                );
                self.warn(
                    "never-in-force",
                    format!("sites.{}.halls.{}.until", place.id, hall.id),
                    message,
                    "Change `in_service` or `until`.",
                );
            }
            for kind in site.buildable.iter().filter(|kind| kind.at_most > 0.0 && kind.lead >= calendar.periods.len()) {
                let message = format!(
                    "No hall `{}` can stand within the horizon: ordered at the start it would serve from {} on.",
                    kind.id,
                    served_from(calendar, 0, kind.lead)
                );
                let path = format!("sites.{}.buildable.{}.lead_months", place.id, kind.id);
                self.warn("never-arrives", path, message, "Shorten `lead_months` or lengthen the horizon.");
            }
        }
        for chip in chips {
            self.before_release(calendar, chip);
            let mut orders = chip.supply.pairs().filter(|(_, supply)| **supply > 0.0).map(|(order, _)| order.position());
            let Some(first) = orders.next().filter(|first| first + chip.lead >= calendar.periods.len()) else { continue };
            let message = format!(
                "`{}` can't be bought in time: ordered at the first it would serve from {} on, after the horizon.",
                chip.id,
                served_from(calendar, first, chip.lead)
            );
            let help = "Let it be supplied earlier, shorten `lead_months`, or lengthen the horizon.";
            self.warn("never-arrives", format!("chips.{}.supply_per_period", chip.id), message, help);
        }
    }

    /// Names a chip of the catalog that may be ordered before it is on sale.
    fn before_release(&mut self, calendar: &Calendar, chip: &Chip) {
        let row = chip.catalog.as_deref().and_then(|id| self.catalog.chip(id));
        let Some((released, text)) = row.and_then(|row| Some((released(&row.release)?, row.release.clone()))) else { return };
        let early = chip.supply.pairs().find(|(order, supply)| **supply > 0.0 && calendar.periods[*order].start < released);
        let Some((first, _)) = early else { return };
        let message = format!(
            "`{}` may be ordered from {} on, but the catalog has it on sale from {released} ({text}).",
            chip.id, calendar.periods[first].start
        );
        let help = format!("Let its supply begin in {released}, or leave it if orders are taken before.");
        self.warn("before-release", format!("chips.{}.supply_per_period", chip.id), message, help);
    }

    fn plant(&mut self, calendar: &Calendar, contract: &Contract) {
        let Some(plant) = &contract.facets.plant else { return };
        let (least, most, lead, unit) = (plant.least, plant.most, plant.lead, plant.unit);
        // One that is never in force has been named as such.
        let in_force = contract.in_force.iter().any(|in_force| *in_force);
        if most <= 0.0 || !in_force || !contract.orders_in(lead).is_empty() {
            return;
        }
        let stated = if least > 0.0 { "fixed" } else { "at most" };
        let message = format!(
            "`{}` ({stated} {most} {unit}) can't arrive within the horizon while its contract is in force: ordered at the start it would serve from {} on. None of it is in the answer.",
            contract.id,
            served_from(calendar, 0, lead)
        );
        let help = "Shorten `lead_months`, lengthen the horizon or the contract, or state what stands already as existing.";
        self.warn("never-arrives", plant.path.clone(), message, help);
    }
}

/// First month in service of what is ordered in a period.
fn served_from(calendar: &Calendar, order: usize, lead: usize) -> Month {
    let months = i32::try_from((order + lead) * calendar.period_months as usize).unwrap_or(i32::MAX);
    calendar.start.plus(months)
}

/// The first month that a date of the catalog may mean: `2026-10`, `2026-Q4`, `2026-H2` or `2026`.
fn released(text: &str) -> Option<Month> {
    let text = text.split_whitespace().next()?;
    let (year, part) = text.split_once('-').unwrap_or((text, ""));
    let year: i32 = year.parse().ok()?;
    let month = match part.split_at_checked(1) {
        Some(("Q", quarter)) => quarter.parse::<u32>().ok()?.checked_sub(1)? * 3 + 1,
        Some(("H", half)) => half.parse::<u32>().ok()?.checked_sub(1)? * 6 + 1,
        // A span of years begins with its first.
        _ if part.len() == 4 || part.is_empty() => 1,
        _ => part.parse().ok()?,
    };
    (1..=12).contains(&month).then(|| Month::new(year, month))
}

#[cfg(test)]
mod tests {
    use super::{Month, released};

    #[test]
    fn dates_of_the_catalog() {
        for (text, wanted) in [
            ("2026-Q4", Some((2026, 10))),
            ("2026-H2 (mass tokens Q2-2027 per SemiAnalysis)", Some((2026, 7))),
            ("2026-04 announced", Some((2026, 4))),
            ("2022-2023", Some((2022, 1))),
            ("2025", Some((2025, 1))),
            ("", None),
            ("soon", None),
        ] {
            assert_eq!(released(text), wanted.map(|(year, month)| Month::new(year, month)), "{text}");
        }
    }
}
