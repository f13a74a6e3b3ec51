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
        /// A month in which the years begin that limits of a year hold for; the horizon's start if left out
        year_begins: Option<Month> = None,
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
        /// A column of a CSV file beside the plan; `File` says more about it
        Csv(CsvProfile),
        /// A series in a file beside the plan, as people have them
        File(FileProfile),
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
        /// Clock of the series, hours ahead of UTC; read as UTC, with a warning, if neither the plan nor the file says it
        utc_offset_hours: Option<f64> [-12.0, 14.0] = None,
    }
}

record! {
    /// A series in a file in the plan's folder, as text or as spreadsheet. What is left out is found in the file, or asked for.
    pub struct FileProfile {
        /// Path relative to the plan, inside its folder
        path: String,
        /// Name of the column of values, or its number from 1; the only one of numbers if left out
        column: Option<String> = None,
        /// Sheet of a spreadsheet; the first if left out
        sheet: Option<String> = None,
        /// Lines above the line of names; found if left out
        skip_rows: Option<u32> [0.0, 100_000.0] = None,
        /// Between columns: `,`, `;`, `tab` or `bar`; found if left out
        separator: Option<String> = None,
        /// Before fractions: `.` or `,`; found if left out
        decimal: Option<String> = None,
        /// Columns that give the time, by name or number; found if left out
        time: Vec<String> = Vec::new(),
        /// Time zone of the file's clock by name, such as `Europe/Berlin`, with its summer time
        zone: Option<String> = None,
        /// Clock of the file all year, hours ahead of UTC; read as UTC, with a warning, if nothing says it
        utc_offset_hours: Option<f64> [-12.0, 14.0] = None,
        /// Which end of its step a time names; found if left out
        stamp: Option<Stamp> = None,
        /// Unit of the values, such as `EUR/MWh`, `c/kWh`, `lb/MWh`, `kW`, `%`; that of the field if left out
        unit: Option<String> = None,
        /// Size of the plant in the unit of the column; values are divided by it
        nameplate: Option<f64> [0.0, 1e9] = None,
        /// What is taken of several years
        year: Option<FileYear> = None,
        /// What becomes of hours without a value
        gaps: Gaps = Gaps::Refuse,
    }
}

choice! {
    /// Which end of its step a time names.
    pub enum Stamp {
        /// The beginning: 01:00 is the hour from 1 to 2
        Begin,
        /// The end: 01:00 is the hour from 0 to 1
        End,
    }
}

choice! {
    /// What is taken of a file of several years.
    pub enum FileYear {
        /// This year
        Only(u32),
        /// The mean of each hour over the years
        Mean,
    }
}

choice! {
    /// What becomes of hours without a value.
    pub enum Gaps {
        /// The file is not read
        Refuse,
        /// The value before holds on
        Hold,
        /// A straight line between the neighbours
        Interpolate,
        /// The mean of the same hour on working days or weekends of the month
        Mean,
    }
}

impl Profile {
    /// The file it is read from, if it is; an old `Csv` says less of the same.
    #[must_use]
    pub fn file(&self) -> Option<FileProfile> {
        match self {
            Self::File(file) => Some(file.clone()),
            Self::Csv(csv) => Some(FileProfile {
                path: csv.path.clone(),
                column: Some(csv.column.clone()),
                sheet: None,
                skip_rows: None,
                separator: None,
                decimal: None,
                time: Vec::new(),
                zone: None,
                utc_offset_hours: csv.utc_offset_hours,
                stamp: None,
                unit: None,
                nameplate: None,
                year: None,
                gaps: Gaps::Refuse,
            }),
            Self::Catalog(_) | Self::PerHour(_) | Self::PerDay(_) => None,
        }
    }

    /// Path of the file it is read from, if it is.
    #[must_use]
    pub fn file_path(&self) -> Option<&str> {
        match self {
            Self::File(file) => Some(&file.path),
            Self::Csv(csv) => Some(&csv.path),
            Self::Catalog(_) | Self::PerHour(_) | Self::PerDay(_) => None,
        }
    }
}

/// The letter that a plan's `separator` or `decimal` names.
#[must_use]
pub fn separator_of(text: &str) -> Option<char> {
    match text {
        "tab" => Some('\t'),
        "comma" => Some(','),
        "semicolon" => Some(';'),
        "point" => Some('.'),
        "bar" => Some('|'),
        _ => text.chars().next().filter(|letter| letter.is_ascii() && text.len() == 1),
    }
}
