//! Time: the horizon's periods, the slices of a period, and the profiles that shape them.

use super::node::{Map, choice, record};
use super::values::{Month, ProfileRef};

record! {
    /// The span of time that is planned.
    pub struct Horizon {
        /// First month
        start: Month,
        /// Length of a period in months: 1, 3, 6, 12 or 24
        period_months: u32,
        /// Number of periods
        periods: u32 [1.0, 400.0],
        /// Real discount rate per year
        discount_rate_fraction: f64 [0.0, 1.0],
        /// The money all amounts are in, such as "real 2026 USD"
        price_basis: String = "real USD".to_owned(),
        /// Clock the slices run on, hours ahead of UTC; the first site's if left out
        utc_offset_hours: Option<f64> [-12.0, 14.0] = None,
    }
}

choice! {
    /// How a period is cut into slices.
    pub enum Slices {
        /// Representative days cut into blocks
        Representative(Representative),
        /// All 8,760 hours of the year
        Hourly,
    }
}

record! {
    /// Representative days.
    pub struct Representative {
        /// Hours in a block: 1, 2, 3, 4, 6, 8, 12 or 24
        block_hours: u32,
        /// The days, each standing for some days of the year
        days: Map<Day>,
        /// Whether the days of the year follow one another, each standing for one of the days, so that batteries and work put off cross midnight
        linked: bool = false,
    }
}

record! {
    /// A representative day. Either every day of the plan names its months, or every day gives its share of the year.
    pub struct Day {
        /// Months of the year it stands for, 1 to 12
        months: Vec<u32> [1.0, 12.0] = Vec::new(),
        /// Days of the year it stands for; the other days that name a month share what is left
        days_per_year: Option<f64> [0.0, 365.0] = None,
        /// Share of the year it stands for, instead of months
        share_fraction: Option<f64> [0.0, 1.0] = None,
        /// Which days it stands for; the rest of its months if left out
        pick: Option<Pick> = None,
    }
}

choice! {
    /// Which days of its months a representative day stands for.
    pub enum Pick {
        /// The days on which the profile is highest
        Highest(ProfileRef),
        /// The days on which the profile is lowest
        Lowest(ProfileRef),
    }
}

choice! {
    /// A series over the hours of a year.
    pub enum Profile {
        /// An hourly series of the catalog, by id
        Catalog(String),
        /// A column of a CSV file beside the plan, 8,760 hours from 1 January
        Csv(CsvProfile),
        /// 24 values, one for each hour of every day
        PerHour(Vec<f64>),
        /// Values for each representative day: 24, or one for each block
        PerDay(Map<Vec<f64>>),
    }
}

record! {
    /// A column of a CSV file in the plan's folder.
    pub struct CsvProfile {
        /// Path relative to the plan, inside its folder
        path: String,
        /// Name of the column
        column: String,
        /// Clock of the series, hours ahead of UTC
        utc_offset_hours: f64 [-12.0, 14.0] = 0.0,
    }
}
