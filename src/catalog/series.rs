//! Hourly series: a whole year of wind, sun, prices or carbon.

use std::collections::HashMap;

use super::evidence::Confidence;
use super::table::{Row, read};
use super::trade::ExchangeRate;

/// Hours of a 365-day year.
pub const HOURS_PER_YEAR: usize = 8760;

/// One year of hourly values. Hour 0 is 1 January 00:00 in the series' own standard time; there is
/// no 29 February and no daylight saving time.
#[derive(Debug, Clone, PartialEq)]
pub struct HourlySeries {
    /// Catalog id, for example `us-southwest-wind`.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// `fraction`, `usd_per_mwh`, `gco2_per_kwh`, or `relative` where only the shape counts.
    pub unit: String,
    /// Standard time of the series, hours ahead of UTC.
    pub utc_offset_hours: f64,
    /// The series is a day on the clock of its users, wherever they are: it has no clock of its own.
    pub is_local: bool,
    /// 8,760 values in `unit`; amounts in EUR are already converted at the catalog's rate.
    pub values: Vec<f64>,
    /// Where the series comes from.
    pub source: String,
    /// Under which licence.
    pub licence: String,
    /// The year (or date) of the data.
    pub date: String,
    /// How well it is sourced.
    pub confidence: Confidence,
    /// Anything else worth knowing.
    pub note: String,
}

impl HourlySeries {
    /// Mean of the year, in the series' unit.
    #[must_use]
    pub fn mean(&self) -> f64 {
        let count: f64 = self.values.iter().map(|_| 1.0).sum();
        self.values.iter().sum::<f64>() / count.max(1.0)
    }
}

/// What series.csv says about one column of hourly.csv.
struct SeriesRow {
    id: String,
    column: String,
    title: String,
    unit: String,
    currency: String,
    utc_offset_hours: Option<f64>,
    source: String,
    licence: String,
    date: String,
    confidence: Confidence,
    note: String,
}

/// Joins the list of series with their values.
pub(super) fn read_series(
    index: &str,
    hourly: &str,
    curves: &str,
    rates: &[ExchangeRate],
    problems: &mut Vec<String>,
) -> Vec<HourlySeries> {
    let rows = read("series.csv", index, problems, |row: &mut Row<'_>| SeriesRow {
        id: row.required_text("id"),
        column: row.required_text("column"),
        title: row.required_text("title"),
        unit: row.required_text("unit"),
        currency: row.text("currency"),
        utc_offset_hours: row.number("utc_offset_hours"),
        source: row.required_text("source"),
        licence: row.required_text("licence"),
        date: row.required_text("date"),
        confidence: row.confidence("confidence"),
        note: row.text("note"),
    });
    let mut columns = hourly_columns(hourly, problems);
    columns.extend(curve_columns(curves, problems));
    let mut series = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(mut values) = columns.remove(row.column.as_str()) else {
            problems.push(format!("hourly.csv has no column {} for {}", row.column, row.id));
            continue;
        };
        if values.len() != HOURS_PER_YEAR {
            problems.push(format!("hourly.csv, {}: {} hours", row.column, values.len()));
            continue;
        }
        if !row.currency.is_empty() {
            let Some(rate) = rates.iter().find(|rate| rate.currency == row.currency) else {
                problems.push(format!("series.csv, {}: no rate for {}", row.id, row.currency));
                continue;
            };
            for value in &mut values {
                *value *= rate.usd_per_unit;
            }
        }
        series.push(HourlySeries {
            id: row.id,
            title: row.title,
            unit: row.unit,
            utc_offset_hours: row.utc_offset_hours.unwrap_or(0.0),
            is_local: row.utc_offset_hours.is_none(),
            values,
            source: row.source,
            licence: row.licence,
            date: row.date,
            confidence: row.confidence,
            note: row.note,
        });
    }
    series
}

/// The columns of hourly.csv by name. Split by hand: a hundred thousand plain numbers need no
/// quoting rules, and this is on the way to the first frame.
fn hourly_columns<'a>(text: &'a str, problems: &mut Vec<String>) -> HashMap<&'a str, Vec<f64>> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or("").split(',').collect();
    let mut columns: Vec<Vec<f64>> = names.iter().map(|_| Vec::with_capacity(HOURS_PER_YEAR)).collect();
    for (hour, line) in lines.enumerate() {
        for (column, field) in columns.iter_mut().zip(line.split(',')) {
            match field.parse::<f64>() {
                Ok(value) if value.is_finite() => column.push(value),
                _ => problems.push(format!("hourly.csv, hour {hour}: `{field}` is not a number")),
            }
        }
    }
    names.into_iter().zip(columns).collect()
}

/// The columns of demand_curves.csv by name, days and weeks repeated to a year.
fn curve_columns<'a>(text: &'a str, problems: &mut Vec<String>) -> HashMap<&'a str, Vec<f64>> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or("").split(',').collect();
    let mut columns: Vec<Vec<f64>> = names.iter().map(|_| Vec::new()).collect();
    for (hour, line) in lines.enumerate() {
        for (column, field) in columns.iter_mut().zip(line.split(',')).filter(|(_, field)| !field.is_empty()) {
            match field.parse::<f64>() {
                Ok(value) if value.is_finite() && column.len() == hour => column.push(value),
                _ => problems.push(format!("demand_curves.csv, hour {hour}: `{field}` is no number or stands after a gap")),
            }
        }
    }
    for (name, column) in names.iter().zip(&columns) {
        if ![24, 168].contains(&column.len()) {
            problems.push(format!("demand_curves.csv, {name}: {} hours are no day and no week", column.len()));
        }
    }
    let year = |column: Vec<f64>| column.iter().copied().cycle().take(HOURS_PER_YEAR).collect();
    names.into_iter().zip(columns.into_iter().map(year)).collect()
}
