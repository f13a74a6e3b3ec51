//! Hours of the year: windows of a tariff, and hours that a profile picks.

use crate::diagnostic::Diagnostic;
use crate::plan::node::{choice, record};
use crate::plan::values::{DayRef, ProfileRef};

record! {
    /// Hours of the day in some months and days; all of them where nothing is said.
    pub struct Window {
        /// Months of the year, 1 to 12; all if empty
        months: Vec<u32> [1.0, 12.0] = Vec::new(),
        /// Representative days; all if empty
        days: Vec<DayRef> = Vec::new(),
        /// Working days, weekends or both, by the calendar of the horizon's first year
        weekdays: Weekdays = Weekdays::All,
        /// From this hour of the site's clock
        from_hour: u32 [0.0, 23.0] = 0,
        /// up to this hour (not included); over midnight if it is the same or earlier
        until_hour: u32 [1.0, 24.0] = 24,
    }
}

choice! {
    /// Days of the week.
    pub enum Weekdays {
        /// Every day
        All,
        /// Monday to Friday
        Working,
        /// Saturday and Sunday
        Weekend,
    }
}

choice! {
    /// Which hours of the year are meant.
    pub enum Hours {
        /// The hours of a year in which a profile is highest
        Highest(HighestHours),
        /// Hours of the day in some months and days
        Windows(Vec<Window>),
        /// Hours that a profile marks: 1 where an hour is meant, 0 where it is not
        Marked(ProfileRef),
        /// A share of all hours, nobody knows which
        Share(f64),
    }
}

record! {
    /// The hours of a year in which a profile is highest.
    pub struct HighestHours {
        /// The profile, such as the load of the system
        profile: ProfileRef,
        /// How many hours a year
        hours: u32 [1.0, 8760.0],
        /// Months of the year that they are looked for in; all if empty
        months: Vec<u32> [1.0, 12.0] = Vec::new(),
        /// Whether so many are taken in each of the months, as for a coincident peak of every month
        each_month: bool = false,
    }
}

impl Window {
    /// The window that is always open.
    #[must_use]
    pub fn always() -> Self {
        Self { months: Vec::new(), days: Vec::new(), weekdays: Weekdays::All, from_hour: 0, until_hour: 24 }
    }

    /// Whether it is open at a time of the day on the site's clock, in hours from midnight.
    #[must_use]
    pub fn is_open_at(&self, hour: f64) -> bool {
        let (from, until) = (f64::from(self.from_hour), f64::from(self.until_hour));
        if until > from { (from..until).contains(&hour) } else { hour >= from || hour < until }
    }
}

impl Hours {
    /// What is wrong with it; `at` is its path.
    #[must_use]
    pub fn check(&self, at: &str) -> Vec<Diagnostic> {
        match self {
            Self::Share(share) if !(0.0..=1.0).contains(share) => {
                let message = format!("A share of {share} of all hours is not between 0 and 1.");
                vec![Diagnostic::error("out-of-range", format!("{at}.value"), message).help("72 hours a year are a share of 0.0082.")]
            }
            Self::Windows(windows) if windows.is_empty() => {
                let message = "No window is given, so no hour is meant.".to_owned();
                vec![Diagnostic::error("no-hours", at.to_owned(), message).help("Add a window such as `(months: [7, 8], from_hour: 16, until_hour: 20)`.")]
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_may_run_over_midnight() {
        let window = |from_hour, until_hour| Window { from_hour, until_hour, ..Window::always() };
        let open = |window: &Window| (0..24).filter(|hour| window.is_open_at(f64::from(*hour))).count();
        assert_eq!(open(&window(11, 21)), 10);
        assert_eq!(open(&window(22, 6)), 8);
        assert!(window(22, 6).is_open_at(23.5) && window(22, 6).is_open_at(0.0) && !window(22, 6).is_open_at(6.0));
        // The same hour twice is the whole day.
        assert_eq!(open(&window(5, 5)), 24);
    }
}
