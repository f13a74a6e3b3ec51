//! What is said about a file, and what comes of reading it.

use crate::diagnostic::Severity;

/// Which end of its hour a time in the file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// The start: `01:00` is the hour from 1 to 2.
    Begin,
    /// The end: `01:00` is the hour from 0 to 1.
    End,
}

/// What becomes of hours without a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gaps {
    /// The file is not read.
    #[default]
    Refuse,
    /// The last value before holds on.
    Hold,
    /// A straight line from the value before to the value after.
    Interpolate,
    /// The mean of the same hour on days of the same kind (working day or weekend) of the month.
    Mean,
}

/// What becomes of several years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Years {
    /// This one is taken.
    Only(i32),
    /// Each hour is the mean over the years.
    Mean,
}

/// What the place that a series is used at holds; decides about units and what is plausible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Holds {
    /// Not known, or a scale of any kind.
    #[default]
    Anything,
    /// $ per MWh.
    Price,
    /// g CO2 per kWh.
    Carbon,
    /// Output per unit contracted, 0 to 1.
    Share,
    /// A day's demand on any scale, nowhere below zero.
    Demand,
    /// Facility power per IT power, at least 1.
    PowerUsageEffectiveness,
}

/// All that may be said about a file. What is not said is found in the file, or asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Name of the column of values, or its number from 1.
    pub column: Option<String>,
    /// Sheet of a spreadsheet.
    pub sheet: Option<String>,
    /// Rows above the line of names.
    pub skip_rows: Option<u32>,
    /// Between columns.
    pub separator: Option<char>,
    /// Before the fraction of a number.
    pub decimal: Option<char>,
    /// Names or numbers of the columns that give the time.
    pub time_columns: Vec<String>,
    /// Time zone by name, summer time included.
    pub zone: Option<String>,
    /// Clock of the file, hours ahead of UTC, all year.
    pub utc_offset_hours: Option<f64>,
    /// Which end of an hour is named.
    pub stamp: Option<Stamp>,
    /// Unit of the values.
    pub unit: Option<String>,
    /// Size of what is measured, in the unit of the values: shares are values over it.
    pub nameplate: Option<f64>,
    /// What becomes of several years.
    pub years: Option<Years>,
    /// What becomes of missing hours.
    pub gaps: Gaps,
    /// What the series is used as.
    pub holds: Holds,
    /// USD per unit of each currency, with the date of the rate.
    pub rates: Vec<(String, f64, String)>,
}

/// Something wrong or doubtful with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// How bad it is.
    pub severity: Severity,
    /// A stable code.
    pub code: &'static str,
    /// The field of the plan that speaks about it.
    pub field: &'static str,
    /// One whole sentence.
    pub message: String,
    /// A way out; empty for none.
    pub help: String,
}

impl Fault {
    /// What keeps the file from being read.
    #[must_use]
    pub fn error(code: &'static str, field: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, field, message: message.into(), help: help.into() }
    }

    /// What the planner may not have meant.
    #[must_use]
    pub fn warning(code: &'static str, field: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, field, message, help) }
    }
}

/// The clock that a series runs on.
#[derive(Clone, Debug, PartialEq)]
pub enum Clock {
    /// Neither the plan nor the file says it.
    Unknown,
    /// Hours ahead of UTC, all year.
    Fixed(f64),
}

/// What was seen in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// Text in UTF-8, UTF-16, Latin-1, or a sheet.
    pub encoding: String,
    /// Between columns: in words.
    pub separator: String,
    /// Before fractions.
    pub decimal: char,
    /// Rows of values.
    pub rows: usize,
    /// Line of the names; 0 where there is none.
    pub header_line: usize,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The column that was read.
    pub column: String,
    /// How the time is written; empty where there is none.
    pub time: String,
    /// First and last time in the file, as written.
    pub span: Option<(String, String)>,
    /// Minutes from one value to the next.
    pub step_minutes: u32,
    /// Hours that had no value.
    pub missing_hours: usize,
    /// A unit that the file states.
    pub unit_stated: Option<String>,
    /// A zone that the file speaks of.
    pub zone_stated: Option<String>,
}

/// A clean year: 8,760 hours from 1 January, 00:00, without 29 February and without summer time.
#[derive(Clone, Debug, PartialEq)]
pub struct Clean {
    /// The values, in the unit of their use.
    pub values: Vec<f64>,
    /// The clock of hour 0.
    pub clock: Clock,
    /// What was put right, in sentences.
    pub put_right: Vec<String>,
    /// What the planner may not have meant.
    pub warnings: Vec<Fault>,
    /// What was seen.
    pub seen: Seen,
}
