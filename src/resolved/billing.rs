//! Months as they are billed, and which hours of them a tariff means.
//!
//! A slice stands for hours of the months that its day names. What is measured in a window counts a slice
//! of which any hour lies in it (the draw is the same in all of them); what is summed counts the share of
//! its hours that do.

use super::Resolver;
use super::calendar::{Calendar, MONTH_DAYS, YEAR_HOURS};
use super::index::{PeriodIx, SliceIx, Table};
use crate::plan::power::{HighestHours, Hours, Weekdays, Window};

/// A month of the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BillMonth {
    /// Months from the horizon's start.
    pub offset: usize,
    /// The period it lies in.
    pub period: PeriodIx,
    /// Month of the year, 0 to 11.
    pub of_year: usize,
}

/// Share of the hours of a slice that is meant, by month of the year.
#[derive(Clone, Debug, PartialEq)]
pub struct Marks(
    /// By slice.
    pub Table<SliceIx, [f64; 12]>,
);

impl Marks {
    /// Share of a slice's hours in a month of the year.
    #[must_use]
    pub fn share(&self, slice: SliceIx, of_year: usize) -> f64 {
        self.0[slice].get(of_year).copied().unwrap_or(0.0)
    }

    /// Hours a year that are meant.
    #[must_use]
    pub fn hours_a_year(&self, calendar: &Calendar) -> f64 {
        calendar
            .slices
            .keys()
            .map(|slice| (0..12).map(|month| calendar.hours_in_month(slice, month) * self.share(slice, month)).sum::<f64>())
            .sum()
    }

    /// Hours of a year in slices of which any hour is meant.
    #[must_use]
    pub fn touched_hours_a_year(&self, calendar: &Calendar) -> f64 {
        let touched = |slice: SliceIx, month: usize| {
            if self.share(slice, month) > 0.0 { calendar.hours_in_month(slice, month) } else { 0.0 }
        };
        calendar.slices.keys().map(|slice| (0..12).map(|month| touched(slice, month)).sum::<f64>()).sum()
    }
}

impl Calendar {
    /// The months of a period.
    pub fn months_of_period(&self, period: PeriodIx) -> impl Iterator<Item = BillMonth> + use<> {
        let first = self.periods[period].offset_months as usize;
        let start = self.start.month_of_year() as usize - 1;
        (first..first + self.period_months as usize).map(move |offset| BillMonth { offset, period, of_year: (start + offset) % 12 })
    }

    /// Hours of a month of the year that a slice stands for.
    pub fn hours_in_month(&self, slice: SliceIx, of_year: usize) -> f64 {
        let day = &self.days[self.slices[slice].day];
        day.days_by_month.get(of_year).copied().unwrap_or(0.0) * self.block_hours
    }

    /// Days of a day of the year that lie in a month, of those it stands for; all of them if none does.
    fn stands_for_in(&self, slice: SliceIx, of_year: usize) -> Vec<usize> {
        let all = &self.days[self.slices[slice].day].stands_for;
        let first: u32 = MONTH_DAYS.iter().take(of_year).sum();
        let days = first as usize..(first + MONTH_DAYS.get(of_year).copied().unwrap_or(0)) as usize;
        let within: Vec<usize> = all.iter().copied().filter(|day| days.contains(day)).collect();
        if within.is_empty() { all.clone() } else { within }
    }

    /// What is marked by the hour of the plan's clock, as shares of slices.
    fn marks_of(&self, hourly: &[f64]) -> Marks {
        let block = self.block_hours as usize;
        let share = |slice: SliceIx, of_year: usize| {
            if self.hours_in_month(slice, of_year) <= 0.0 {
                return 0.0;
            }
            let days = self.stands_for_in(slice, of_year);
            let of_day = |day: &usize| {
                let first = day * 24 + self.slices[slice].block * block;
                hourly.get(first..first + block).map_or(0.0, |hours| hours.iter().sum::<f64>())
            };
            days.iter().map(of_day).sum::<f64>() / (days.len().max(1) * block.max(1)) as f64
        };
        Marks(Table::build(&self.slices, |slice| std::array::from_fn(|month| share(slice, month))))
    }

    /// Windows as shares of slices; `site_offset` is the clock they are on. Windows that overlap count once.
    pub fn windows_open(&self, windows: &[Window], site_offset: f64) -> Marks {
        const QUARTERS: u32 = 4;
        let shift = site_offset - self.utc_offset_hours;
        let block_quarters = (self.block_hours * f64::from(QUARTERS)).round() as u32;
        let open_share = |slice: SliceIx, of_year: usize, weekend: bool| {
            let day = &self.days[self.slices[slice].day];
            let holds = |window: &&Window| {
                let month = window.months.is_empty() || window.months.iter().any(|month| *month as usize == of_year + 1);
                let kind = match window.weekdays {
                    Weekdays::All => true,
                    Weekdays::Working => !weekend,
                    Weekdays::Weekend => weekend,
                };
                month && kind && (window.days.is_empty() || window.days.iter().any(|named| named.0 == day.id))
            };
            let held: Vec<&Window> = windows.iter().filter(holds).collect();
            let start = self.slices[slice].start_hour + shift;
            let open = (0..block_quarters).filter(|quarter| {
                let hour = (start + (f64::from(*quarter) + 0.5) / f64::from(QUARTERS)).rem_euclid(24.0);
                held.iter().any(|window| window.is_open_at(hour))
            });
            f64::from(open.count() as u32) / f64::from(block_quarters.max(1))
        };
        let by_weekday = windows.iter().any(|window| window.weekdays != Weekdays::All);
        let share = |slice: SliceIx, of_year: usize| {
            if self.hours_in_month(slice, of_year) <= 0.0 {
                return 0.0;
            }
            if !by_weekday {
                return open_share(slice, of_year, false);
            }
            let days = self.stands_for_in(slice, of_year);
            let weekends = days.iter().filter(|day| is_weekend(self.start.year(), **day)).count() as f64 / days.len().max(1) as f64;
            weekends * open_share(slice, of_year, true) + (1.0 - weekends) * open_share(slice, of_year, false)
        };
        Marks(Table::build(&self.slices, |slice| std::array::from_fn(|month| share(slice, month))))
    }
}

/// Whether a day of the 365-day year (which has no 29 February) is a Saturday or Sunday in a year.
fn is_weekend(year: i32, day: usize) -> bool {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let before = i64::from(year) - 1;
    // Days from 1 January of year 1, which was a Monday.
    let first = before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let passed = day as i64 + i64::from(leap && day >= 59);
    (first + passed).rem_euclid(7) >= 5
}

impl Resolver<'_> {
    /// The hours that are meant, as shares of slices. Nothing if a profile has no values, which is said.
    pub(super) fn marks(&mut self, calendar: &Calendar, hours: &Hours, path: &str, site_offset: f64) -> Option<Marks> {
        let marks = match hours {
            Hours::Windows(windows) => calendar.windows_open(windows, site_offset),
            Hours::Share(share) => Marks(Table::build(&calendar.slices, |_| [*share; 12])),
            Hours::Marked(profile) => {
                let by_slice = self.unit_profile(calendar, &profile.0, path)?;
                match self.hourly(&profile.0, calendar.utc_offset_hours, calendar.utc_offset_hours) {
                    Some(hourly) => calendar.marks_of(&hourly),
                    None => Marks(by_slice.iter().map(|share| [*share; 12]).collect()),
                }
            }
            Hours::Highest(highest) => {
                self.plan.profiles.get(&highest.profile.0)?; // An unknown reference is reported by the plan's own check.
                let Some(hourly) = self.hourly(&highest.profile.0, calendar.utc_offset_hours, calendar.utc_offset_hours) else {
                    self.error(
                        "hours-profile",
                        format!("{path}.profile"),
                        format!("The profile `{}` has no values for each hour of the year.", highest.profile),
                        "The highest hours of a year need a catalog or file series.",
                    );
                    return None;
                };
                if is_tied(&hourly, highest) {
                    let message = format!(
                        "The profile `{}` does not tell its highest {} hours from the next: the earliest of those that are alike are taken.",
                        highest.profile, highest.hours
                    );
                    self.warn("hours-tied", format!("{path}.profile"), message, "Use a series with a value of its own for each hour, or state windows.");
                }
                calendar.marks_of(&highest_hours(&hourly, highest))
            }
        };
        if marks.hours_a_year(calendar) <= 0.0 {
            let message = "No hour of the plan is meant by this, so it never holds.".to_owned();
            self.warn("never-open", path.to_owned(), message, "Look at its months, days and hours, or at the profile that marks them.");
        }
        Some(marks)
    }

    /// Windows of a charge; none if it always holds.
    pub(super) fn windows(&mut self, calendar: &Calendar, windows: &[Window], path: &str, site_offset: f64) -> Option<Marks> {
        if windows.is_empty() {
            return None;
        }
        self.marks(calendar, &Hours::Windows(windows.to_vec()), path, site_offset)
    }
}

/// Whether the last hour that is taken is no higher than the first that is not.
fn is_tied(hourly: &[f64], highest: &HighestHours) -> bool {
    let marks = highest_hours(hourly, highest);
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut first = 0;
    for (month, days) in MONTH_DAYS.iter().enumerate() {
        let hours = first..first + *days as usize * 24;
        first = hours.end;
        if !highest.months.is_empty() && !highest.months.iter().any(|named| *named as usize == month + 1) {
            continue;
        }
        if highest.each_month {
            (least, most) = (f64::INFINITY, f64::NEG_INFINITY);
        }
        for (value, mark) in hourly.iter().zip(&marks).skip(hours.start).take(hours.len()) {
            if *mark > 0.0 { least = least.min(*value) } else { most = most.max(*value) }
        }
        if highest.each_month && least <= most {
            return true;
        }
    }
    least <= most
}

/// One in the highest hours of a year, zero in the others; the earlier of two that are alike.
fn highest_hours(hourly: &[f64], highest: &HighestHours) -> Vec<f64> {
    let mut first = 0;
    let mut months: Vec<Vec<usize>> = Vec::new();
    for (month, days) in MONTH_DAYS.iter().enumerate() {
        let hours = first..first + *days as usize * 24;
        first = hours.end;
        if highest.months.is_empty() || highest.months.iter().any(|named| *named as usize == month + 1) {
            months.push(hours.filter(|hour| *hour < hourly.len()).collect());
        }
    }
    if !highest.each_month {
        months = vec![months.into_iter().flatten().collect()];
    }
    let mut marks = vec![0.0; YEAR_HOURS];
    for mut hours in months {
        let value = |hour: &usize| hourly.get(*hour).copied().unwrap_or(f64::NEG_INFINITY);
        hours.sort_by(|a, b| value(b).total_cmp(&value(a)).then(a.cmp(b)));
        for hour in hours.into_iter().take(highest.hours as usize) {
            if let Some(mark) = marks.get_mut(hour) {
                *mark = 1.0;
            }
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekends_of_known_years() {
        // 1 January 2027 is a Friday, 1 March 2028 (a leap year) a Wednesday.
        assert!(!is_weekend(2027, 0) && is_weekend(2027, 1) && is_weekend(2027, 2) && !is_weekend(2027, 3));
        assert!(!is_weekend(2028, 59) && is_weekend(2028, 62));
    }

    #[test]
    fn the_highest_hours_of_each_month() {
        let hourly: Vec<f64> = (0..YEAR_HOURS).map(|hour| hour as f64).collect();
        let pick = |each_month, months: &[u32]| HighestHours {
            profile: crate::plan::ProfileRef("load".into()),
            hours: 2,
            months: months.to_vec(),
            each_month,
        };
        assert!((highest_hours(&hourly, &pick(false, &[])).iter().sum::<f64>() - 2.0).abs() < 1e-12);
        assert!((highest_hours(&hourly, &pick(true, &[])).iter().sum::<f64>() - 24.0).abs() < 1e-12);
        let june = highest_hours(&hourly, &pick(true, &[6]));
        assert!(!is_tied(&hourly, &pick(false, &[])) && is_tied(&vec![1.0; YEAR_HOURS], &pick(false, &[])));
        assert!(!is_tied(&hourly, &pick(true, &[])) && is_tied(&vec![1.0; YEAR_HOURS], &pick(true, &[7])));
        assert!(june[181 * 24 - 1] > 0.5 && june[181 * 24 - 2] > 0.5 && (june.iter().sum::<f64>() - 2.0).abs() < 1e-12);
    }
}
