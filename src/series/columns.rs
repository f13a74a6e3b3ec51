//! Which columns give the time.

use super::layout::Layout;
use super::moment::{self, Moment, Order};
use super::reading::{Fault, Reading};
use super::table::Table;
use super::time_words::{hour_label, is_time_name, part_of, plain, says_universal, whole};

/// What gives the time of a row.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Whole(usize),
    DateAndTime(usize, usize),
    DateAndHour(usize, usize, Option<usize>),
    /// A date and a number of a part of the day: parts in an hour.
    DateAndPart(usize, usize, i64),
    Parts {
        year: Option<usize>,
        month: usize,
        day: usize,
        hour: usize,
        minute: Option<usize>,
    },
    DayOfYear {
        year: Option<usize>,
        day: usize,
        hour: usize,
    },
    Serial(usize, Option<usize>),
    Epoch(usize, i64),
    Date(usize),
}

/// What a column holds, from some of its rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Timed,
    Midnights,
    Date,
    TimeOfDay,
    Number { low: f64, high: f64, whole: bool, labels: bool },
    Other,
}

pub(super) fn kind(table: &Table, rows: &[usize], column: usize) -> Kind {
    let step = (rows.len() / 60).max(1);
    // The first rows, and some of all the others: rare forms show at the ends.
    let sample: Vec<&str> =
        rows.iter().take(30).chain(rows.iter().step_by(step)).map(|row| table.cell(*row, column)).filter(|cell| !cell.is_empty()).collect();
    if sample.is_empty() {
        return Kind::Other;
    }
    let most = |count: usize| count * 10 >= sample.len() * 9;
    let order = Some(Order::DayFirst);
    let moments: Vec<Moment> =
        sample.iter().filter_map(|cell| moment::parse(cell, order).or_else(|| moment::parse(cell, Some(Order::MonthFirst)))).collect();
    if most(moments.len()) {
        return if !moments.iter().any(|moment| moment.timed) {
            Kind::Date
        } else if moments.iter().all(|moment| moment.wall.rem_euclid(86_400) == 0) {
            Kind::Midnights
        } else {
            Kind::Timed
        };
    }
    if most(sample.iter().filter(|cell| moment::time_of_day(cell).is_some()).count()) {
        return Kind::TimeOfDay;
    }
    let numbers: Vec<f64> = sample.iter().filter_map(|cell| cell.replace(',', ".").parse().ok()).collect();
    let labels = most(sample.iter().filter(|cell| hour_label(cell).is_some()).count());
    if most(numbers.len()) || labels {
        let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        return Kind::Number { low, high, whole: numbers.iter().all(|number| number.fract() == 0.0), labels };
    }
    Kind::Other
}

/// Which columns give the time.
pub(super) fn source(table: &Table, layout: &Layout, reading: &Reading, rows: &[usize]) -> Result<Option<Source>, Fault> {
    let name = |column: usize| layout.names.get(column).map_or("", String::as_str);
    let wide = layout.values.len() > 1;
    let is_value = |column: usize| layout.values.iter().any(|(value, _)| *value == column);
    let mut columns: Vec<usize> =
        (0..table.usual_width().max(table.width(layout.first))).filter(|column| !is_value(*column)).take(200).collect();
    if !reading.time_columns.is_empty() {
        columns = reading
            .time_columns
            .iter()
            .map(|wanted| {
                let by_name = layout.names.iter().position(|name| name.trim() == wanted.trim());
                by_name
                    .or_else(|| {
                        wanted
                            .trim()
                            .parse::<usize>()
                            .ok()
                            .filter(|number| (1..=layout.names.len()).contains(number))
                            .map(|number| number - 1)
                    })
                    .ok_or_else(|| {
                        Fault::error(
                            "unknown-column",
                            "time",
                            format!("The file has no column `{wanted}`."),
                            format!(
                                "Columns there: {}.",
                                layout.names.iter().take(20).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
                            ),
                        )
                    })
            })
            .collect::<Result<_, _>>()?;
    }
    let kinds: Vec<(usize, Kind)> = columns.iter().map(|column| (*column, kind(table, rows, *column))).collect();
    let of = |wanted: Kind| kinds.iter().filter(move |(_, kind)| *kind == wanted).map(|(column, _)| *column);
    let stated = !reading.time_columns.is_empty();
    let part = |wanted: &str| {
        kinds
            .iter()
            .find(|(column, kind)| matches!(kind, Kind::Number { .. }) && part_of(name(*column)) == Some(wanted))
            .map(|(column, _)| *column)
    };
    let timed: Vec<usize> = of(Kind::Timed).collect();
    if let Some(first) = timed.first() {
        // Of several clocks: the one of UTC, unless the plan says that the file is on another.
        let universal = timed.iter().find(|column| says_universal(name(**column)));
        let local = reading.zone.is_some() || reading.utc_offset_hours.is_some_and(|hours| hours != 0.0);
        let chosen = match universal {
            Some(_) if local => timed.iter().find(|column| !says_universal(name(**column))).unwrap_or(first),
            Some(universal) => universal,
            None => first,
        };
        return Ok(Some(Source::Whole(*chosen)));
    }
    let dates: Vec<usize> = of(Kind::Date).chain(of(Kind::Midnights)).collect();
    if let Some(date) = dates.first() {
        if wide {
            return Ok(Some(Source::Date(*date)));
        }
        if let Some(time) = of(Kind::TimeOfDay).next() {
            return Ok(Some(Source::DateAndTime(*date, time)));
        }
        let hour = part("hour").or_else(|| {
            kinds
                .iter()
                .find(|(_, kind)| matches!(kind, Kind::Number { low, high, whole: true, labels: true } if *low >= 0.0 && (23.0..=25.0).contains(high)))
                .map(|(column, _)| *column)
        });
        if let Some(hour) = hour {
            return Ok(Some(Source::DateAndHour(*date, hour, part("minute"))));
        }
        if let Some(column) = part("part").or_else(|| kinds.iter().find(|(_, kind)| matches!(kind, Kind::Number { low, high, whole: true, .. } if *low == 1.0 && matches!(*high as i64, 46..=50 | 92..=100))).map(|(column, _)| *column)) {
            let high = rows.iter().filter_map(|row| whole(table.cell(*row, column))).max().unwrap_or(0);
            let per_hour = match high {
                23..=25 => 1,
                46..=50 => 2,
                92..=100 => 4,
                _ => return Err(Fault::error("bad-time", "time", format!("The parts of a day in the column `{}` are numbered up to {high}; 24, 48 or 96 are known.", name(column)), "Write the time of each row as 2023-01-01 00:00.")),
            };
            return Ok(Some(Source::DateAndPart(*date, column, per_hour)));
        }
    }
    if let (Some(month), Some(day), Some(hour)) = (part("month"), part("day"), part("hour")) {
        return Ok(Some(Source::Parts { year: part("year"), month, day, hour, minute: part("minute") }));
    }
    if let (Some(day), Some(hour)) = (part("doy"), part("hour")) {
        return Ok(Some(Source::DayOfYear { year: part("year"), day, hour }));
    }
    for (column, kind) in &kinds {
        let Kind::Number { low, high, .. } = kind else { continue };
        let meant = stated || is_time_name(name(*column)) || *column == 0;
        if !meant {
            continue;
        }
        // Days since 1900 (a sheet's way), from 1954 to 2119, one step apart.
        if *low >= 20_000.0 && *high <= 80_000.0 && (is_time_name(name(*column)) || stated || even_steps(table, rows, *column)) {
            return Ok(Some(Source::Serial(*column, part("hour").filter(|hour| hour != column))));
        }
        if *low >= 4e8 && *high <= 4.2e9 && even_steps(table, rows, *column) {
            return Ok(Some(Source::Epoch(*column, 1)));
        }
        if *low >= 4e11 && *high <= 4.2e12 && even_steps(table, rows, *column) {
            return Ok(Some(Source::Epoch(*column, 1000)));
        }
    }
    if let Some(date) = dates.first() {
        return Ok(Some(Source::Date(*date)));
    }
    if stated {
        return Err(Fault::error(
            "bad-time",
            "time",
            "The columns stated for the time hold no times that can be read.",
            "Write them as 2023-01-01 00:00, or state other columns.",
        ));
    }
    // Something that is called a time and can't be read must not be passed over.
    let unread = columns.iter().find(|column| {
        let name = plain(name(**column));
        (name.contains("time") || name.contains("date") || name.contains("datum") || name.contains("stamp"))
            && kinds.iter().any(|(at, kind)| at == *column && matches!(kind, Kind::Other | Kind::TimeOfDay))
            && rows.first().is_some_and(|row| !table.cell(*row, **column).is_empty())
    });
    if let Some(column) = unread {
        let example = rows.first().map_or("", |row| table.cell(*row, *column));
        return Err(Fault::error(
            "bad-time",
            "time",
            format!("The times of the column `{}`, such as `{}`, can't be read.", name(*column), crate::plan::reader::shortened(example)),
            "Write them as 2023-01-01 00:00.",
        ));
    }
    Ok(None)
}

/// Whether the numbers of a column go in steps of at most three hours' size, up or down.
pub(super) fn even_steps(table: &Table, rows: &[usize], column: usize) -> bool {
    let numbers: Vec<f64> = rows.iter().take(8).filter_map(|row| table.cell(*row, column).replace(',', ".").parse().ok()).collect();
    let steps: Vec<f64> = numbers.windows(2).filter_map(|pair| Some(pair.get(1)? - pair.first()?)).collect();
    let first = steps.first().copied().unwrap_or(0.0);
    steps.len() > 2 && first != 0.0 && steps.iter().all(|step| (step - first).abs() <= first.abs() * 0.01)
}
