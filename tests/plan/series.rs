//! Series as people have them: read right or refused with what to do, never accepted and wrong.

mod handed_over;
mod imports;
mod plans;
mod quirks;
mod shapes;
mod traces;

use tokenworks::series::{self, Clean, Fault, Reading};

/// Days since 1970 of a date.
fn date(year: i64, month: i64, day: i64) -> i64 {
    let days = |year: i64| year * 365 + (year - 1).div_euclid(4) - (year - 1).div_euclid(100) + (year - 1).div_euclid(400);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let months = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    days(year) - days(1970) + months.iter().take(usize::try_from(month).unwrap() - 1).sum::<i64>() + day - 1
}

/// A time, in minutes since 1970, as text.
fn stamp(minutes: i64, format: &str) -> String {
    let time = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::from_second(minutes * 60).unwrap());
    time.strftime(format).to_string()
}

/// Hours since 1970 of a year.
fn hourly(year: i64) -> std::ops::Range<i64> {
    date(year, 1, 1) * 24..date(year + 1, 1, 1) * 24
}

/// A value that no other hour of the year has, between 30 and 100.
fn value(hour: i64) -> f64 {
    let hour = f64::from(i32::try_from(hour).unwrap());
    60.0 + 20.0 * (hour * std::f64::consts::TAU / 24.0).sin()
        + 9.0 * (hour * std::f64::consts::TAU / 8760.0).cos()
        + (hour * 0.618_033_988_749).fract()
}

/// What a year without 29 February should be.
fn year_of(year: i64, value: impl Fn(i64) -> f64) -> Vec<f64> {
    hourly(year).map(value).collect()
}

#[track_caller]
fn read(text: &str, reading: &Reading) -> Clean {
    series::read(text.as_bytes(), reading).unwrap_or_else(|faults| panic!("refused: {faults:#?}"))
}

#[track_caller]
fn refused(text: &str, reading: &Reading) -> Fault {
    match series::read(text.as_bytes(), reading) {
        Ok(clean) => panic!("accepted: {:?} {:?}", clean.seen, clean.put_right),
        Err(mut faults) => {
            let fault = faults.remove(0);
            assert!(!fault.help.is_empty(), "no way out: {fault:?}");
            fault
        }
    }
}

#[track_caller]
fn close(found: &[f64], wanted: &[f64]) {
    assert_eq!(found.len(), wanted.len());
    for (hour, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        assert!((found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "hour {hour}: {found} instead of {wanted}");
    }
}
