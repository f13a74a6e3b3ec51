//! Whether times lie evenly apart, and nights in which clocks change.

use super::moment;
use super::reading::{Fault, Reading};
use super::year::step_words;

/// The step must be one that hours can be made of, nearly everywhere.
pub(super) fn check_step(sorted: &[i64], step: i64) -> Result<(), Fault> {
    let hint = "Give values every 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60 minutes, or every 2 or 3 hours.";
    if step == 0 {
        return Err(Fault::error("bad-time", "time", "All rows have the same time.", "Write the time of each row."));
    }
    if step > 10_800 {
        let message = if step >= 79_000 {
            format!("The file has one value every {}; a series needs values by the hour.", step_words(step / 60))
        } else {
            format!("The file has one value every {}; three hours are the most.", step_words(step / 60))
        };
        return Err(Fault::error("bad-step", "path", message, "Use a file with a value for each hour."));
    }
    if step < 60 || (step < 3600 && 3600 % step != 0) || (step > 3600 && step % 3600 != 0) || step % 60 != 0 {
        return Err(Fault::error(
            "bad-step",
            "path",
            format!("The times lie {step} seconds apart, from which no hours can be made."),
            hint,
        ));
    }
    let pairs = sorted.windows(2).filter(|pair| matches!(pair, [a, b] if a != b)).count();
    let even = sorted.windows(2).filter(|pair| matches!(pair, [a, b] if (b - a) % step == 0 && a != b)).count();
    let exact = sorted.windows(2).filter(|pair| matches!(pair, [a, b] if b - a == step)).count();
    if even * 100 < pairs * 99 || exact * 2 < pairs {
        return Err(Fault::error("bad-step", "path", "The times of the file do not lie evenly apart.", hint));
    }
    if step > 3600 && sorted.iter().any(|time| time.rem_euclid(3600) != 0) {
        return Err(Fault::error("bad-step", "path", "Steps of more than an hour do not begin on the hour.", hint));
    }
    Ok(())
}

/// Day of the week, Monday 0.
pub(super) fn weekday(days: i64) -> i64 {
    (days + 3).rem_euclid(7)
}

/// Which change of clocks a time of a night could be: the zone to try.
pub(super) fn change_of_clocks(time: i64, forward: bool) -> Option<&'static str> {
    let days = time.div_euclid(86_400);
    let hour = time.rem_euclid(86_400) / 3600;
    // Hours counted through show the change at the day's end.
    let (days, hour) = if !forward && hour == 0 && weekday(days) == 0 { (days - 1, 2) } else { (days, hour) };
    let (_, month, day) = moment::date_of(days);
    if weekday(days) != 6 || !(matches!(hour, 0..=4) || (forward && hour == 23)) {
        return None;
    }
    match (month, day, forward) {
        (3, 25..=31, true) | (10, 25..=31, false) => Some("Europe/Berlin"),
        (3, 8..=14, true) | (11, 1..=7, false) => Some("America/New_York"),
        (10, 1..=7, true) | (4, 1..=7, false) => Some("Australia/Sydney"),
        _ => None,
    }
}

/// A clock that is said to have no summer time, and has: an hour less in one night, one more in another.
pub(super) fn summer_time(sorted: &[i64], step: i64, doubles: &[i64], reading: &Reading) -> Option<Fault> {
    let gaps: Vec<i64> = sorted
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if b - a == step + 3600 => Some(a + step),
            _ => None,
        })
        .collect();
    let short = gaps.iter().find_map(|time| change_of_clocks(*time, true).map(|zone| (*time, zone)));
    // Where every row comes twice, no night is longer than another.
    let few = doubles.len() * 100 <= sorted.len();
    let long = doubles.iter().filter(|_| few).find_map(|time| change_of_clocks(*time, false).map(|zone| (*time, zone)));
    let (_, zone) = short.or(long)?;
    let night = |time: i64| moment::shown(time).get(..10).unwrap_or_default().to_owned();
    let what = match (short, long) {
        (Some((short, _)), Some((long, _))) => format!("{} has 23 hours and {} has 25", night(short), night(long)),
        (Some((short, _)), None) => format!("{} has 23 hours", night(short)),
        (_, Some((long, _))) => format!("{} has 25 hours", night(long)),
        _ => return None,
    };
    let said = if reading.utc_offset_hours.is_some() { ", which a clock that is the same all year has not" } else { "" };
    Some(Fault::error(
        "summer-time",
        "zone",
        format!("The file is on a clock with summer time: {what}{said}."),
        format!("State the zone: `File(…, zone: \"{zone}\")`, or the zone of the place the file is from."),
    ))
}
