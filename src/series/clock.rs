//! From the file's own clock to one without summer time: offsets, zones, hour-ending stamps.

use std::collections::HashMap;

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::moment;
use super::reading::{Clock, Fault, Reading, Stamp};
use super::times::Stamps;

/// Times on a clock without summer time.
pub(super) struct OnClock {
    /// Start of each value: seconds of that clock since 1970.
    pub(super) starts: Vec<i64>,
    /// The year that the file's own clock shows, for each.
    pub(super) years: Vec<i32>,
    /// The clock.
    pub(super) clock: Clock,
    /// The times say themselves where they are: a zone or offsets; summer time can't hide in them.
    pub(super) sure: bool,
    pub(super) notes: Vec<String>,
    pub(super) warnings: Vec<Fault>,
}

/// A zone that a remark or a name speaks of, as one would state it.
pub(super) fn zone_spoken_of<'a>(texts: impl Iterator<Item = &'a str>) -> Option<String> {
    for text in texts.take(2000) {
        if text.len() > 300 {
            continue;
        }
        for word in text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ';' | ',' | ':' | '"' | '=' | '[' | ']')) {
            match word {
                "CET/CEST" | "MEZ/MESZ" => return Some("Europe/Berlin".to_owned()),
                "EPT" | "EST/EDT" => return Some("America/New_York".to_owned()),
                "CPT" | "CST/CDT" => return Some("America/Chicago".to_owned()),
                "PPT" | "PST/PDT" => return Some("America/Los_Angeles".to_owned()),
                _ => {}
            }
            if word.contains('/') && word.starts_with(|c: char| c.is_ascii_uppercase()) && word.len() < 40 && TimeZone::get(word).is_ok() {
                return Some(word.to_owned());
            }
        }
    }
    None
}

/// `UTC+5:30`.
#[must_use]
pub fn offset_words(hours: f64) -> String {
    if hours == 0.0 {
        return "UTC".to_owned();
    }
    let minutes = (hours.abs() * 60.0).round() as i64;
    let sign = if hours < 0.0 { '−' } else { '+' };
    if minutes % 60 == 0 { format!("UTC{sign}{}", minutes / 60) } else { format!("UTC{sign}{}:{:02}", minutes / 60, minutes % 60) }
}

/// The most frequent distance of neighbours, without regard to direction; 0 if there is none.
pub(super) fn usual_step(walls: &[i64]) -> i64 {
    let mut counts: HashMap<i64, usize> = HashMap::new();
    for pair in walls.windows(2) {
        if let [a, b] = pair
            && a != b
        {
            *counts.entry((b - a).abs()).or_default() += 1;
        }
        // A file with so many different steps has none.
        if counts.len() > 10_000 {
            break;
        }
    }
    counts.into_iter().max_by_key(|(step, count)| (*count, std::cmp::Reverse(*step))).map_or(0, |(step, _)| step)
}

/// Whether stamps name the end of what they stand for.
fn names_end(stamps: &Stamps, reading: &Reading, step: i64, notes: &mut Vec<String>, warnings: &mut Vec<Fault>) -> bool {
    if stamps.begins {
        return false;
    }
    match reading.stamp {
        Some(stamp) => return stamp == Stamp::End,
        None if stamps.ends => {
            notes.push("The times name the end of each hour.".to_owned());
            return true;
        }
        None => {}
    }
    let (Some(first), Some(last)) = (stamps.walls.iter().min(), stamps.walls.iter().max()) else { return false };
    // Whole days that begin one step late are those of times that name the end.
    let late = first.rem_euclid(86_400) == step && last.rem_euclid(86_400) == 0 && step > 0 && step <= 10_800;
    if late {
        let message = format!(
            "The times run from {} to {}: they are read as naming the end of each step, so that the first is the one from 00:00.",
            moment::shown(*first),
            moment::shown(*last)
        );
        warnings.push(Fault::warning("hour-ending", "stamp", message, "State `stamp: End`, or `stamp: Begin` if they name the beginning."));
    }
    late
}

fn civil(seconds: i64) -> Option<DateTime> {
    let (year, month, day) = moment::date_of(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    DateTime::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
        i8::try_from(of_day / 3600).ok()?,
        i8::try_from(of_day / 60 % 60).ok()?,
        i8::try_from(of_day % 60).ok()?,
        0,
    )
    .ok()
}

/// Times of a zone's clock as seconds since 1970 in UTC.
struct Zoned {
    instants: Vec<i64>,
    /// Times that the zone's clock skips.
    skipped: Vec<i64>,
}

fn in_zone(zone: &TimeZone, walls: impl Iterator<Item = i64>, again: &[bool], backwards: bool) -> Zoned {
    let mut found = Zoned { instants: Vec::with_capacity(again.len()), skipped: Vec::new() };
    let mut seen: HashMap<i64, bool> = HashMap::new();
    let marked = again.contains(&true);
    for (index, wall) in walls.enumerate() {
        let offset = civil(wall).map(|time| zone.to_ambiguous_timestamp(time).offset());
        let seconds = match offset {
            Some(AmbiguousOffset::Unambiguous { offset }) => offset.seconds(),
            Some(AmbiguousOffset::Gap { before, .. }) => {
                found.skipped.push(wall);
                before.seconds()
            }
            Some(AmbiguousOffset::Fold { before, after }) => {
                // The first time that this hour comes is summer time; in a file that runs backwards the last.
                let second =
                    if marked { again.get(index).copied().unwrap_or(false) } else { seen.insert(wall, true).is_some() != backwards };
                if second { after.seconds() } else { before.seconds() }
            }
            None => 0,
        };
        found.instants.push(wall - i64::from(seconds));
    }
    found
}

fn doubles(instants: &[i64]) -> usize {
    let mut sorted = instants.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).filter(|pair| matches!(pair, [a, b] if a == b)).count()
}

/// Hours ahead of UTC in a column's name such as `time (UTC+1)`.
fn offset_in_name(words: &str) -> Option<f64> {
    let upper = words.to_uppercase();
    let at = upper.find("UTC").or_else(|| upper.find("GMT"))?;
    let rest = upper.get(at + 3..)?.trim_start();
    let sign = match rest.chars().next() {
        Some('+') => 1.0,
        Some('-' | '−') => -1.0,
        _ => return Some(0.0),
    };
    let digits: String = rest.chars().skip(1).skip_while(|c| *c == ' ').take_while(|c| c.is_ascii_digit() || *c == ':').collect();
    let (hours, minutes) = digits.split_once(':').unwrap_or((&digits, "0"));
    Some(sign * (hours.parse::<f64>().ok()? + minutes.parse::<f64>().unwrap_or(0.0) / 60.0)).filter(|hours| (-12.0..=14.0).contains(hours))
}

/// Puts times on a clock without summer time.
pub(super) fn resolve(stamps: &Stamps, reading: &Reading, spoken_of: Option<&str>) -> Result<OnClock, Fault> {
    let step = usual_step(&stamps.walls);
    let (mut notes, mut warnings) = (Vec::new(), Vec::new());
    let ends = names_end(stamps, reading, step, &mut notes, &mut warnings);
    let back = if ends { step } else { 0 };
    let years = stamps.walls.iter().map(|wall| moment::date_of((wall - back).div_euclid(86_400)).0 as i32).collect();
    let stated = reading.utc_offset_hours;
    if !stamps.offsets.is_empty() {
        let standard = stamps.offsets.iter().copied().min().unwrap_or(0);
        let starts =
            stamps.walls.iter().zip(&stamps.offsets).map(|(wall, offset)| wall - i64::from(*offset) + i64::from(standard) - back).collect();
        let hours = f64::from(standard) / 3600.0;
        if stamps.offsets.iter().any(|offset| *offset != standard) {
            notes.push(format!("Summer time is taken out by the offsets that the times state; the clock is {}.", offset_words(hours)));
        }
        if let Some(stated) = stated.filter(|stated| {
            (stated - hours).abs() > 1e-9 && !stamps.offsets.iter().any(|offset| (stated - f64::from(*offset) / 3600.0).abs() < 1e-9)
        }) {
            warnings.push(Fault::warning(
                "two-clocks",
                "utc_offset_hours",
                format!(
                    "The times of the file state their own clock, {}; the plan says {}. The file's is used.",
                    offset_words(hours),
                    offset_words(stated)
                ),
                format!("State `utc_offset_hours: {hours:?}`, or leave it out."),
            ));
        }
        return Ok(OnClock { starts, years, clock: Clock::Fixed(hours), sure: true, notes, warnings });
    }
    if let Some(name) = &reading.zone {
        let zone = TimeZone::get(name.trim()).map_err(|_| {
            Fault::error(
                "unknown-zone",
                "zone",
                format!("There is no time zone `{}`.", crate::plan::reader::shortened(name)),
                "Write it as \"Europe/Berlin\" or \"America/New_York\", or state `utc_offset_hours`.",
            )
        })?;
        return zoned(stamps, &zone, name, ends, step, Partly { years, notes, warnings });
    }
    let starts = stamps.walls.iter().map(|wall| wall - back).collect();
    let in_name = stamps.universal.then(|| offset_in_name(&stamps.words).unwrap_or(0.0));
    let clock = match (stated, in_name) {
        (Some(stated), Some(named)) => {
            if (stated - named).abs() > 1e-9 {
                warnings.push(Fault::warning(
                    "two-clocks",
                    "utc_offset_hours",
                    format!(
                        "The name of the time's column says {}, the plan {}. The plan's is used.",
                        offset_words(named),
                        offset_words(stated)
                    ),
                    format!("State `utc_offset_hours: {named:?}` if the name is right."),
                ));
            }
            Clock::Fixed(stated)
        }
        (Some(stated), None) => Clock::Fixed(stated),
        (None, Some(named)) => {
            notes.push(format!("The name of the time's column says that the clock is {}.", offset_words(named)));
            Clock::Fixed(named)
        }
        (None, None) => Clock::Unknown,
    };
    if let (Some(stated), Some(spoken_of)) = (stated, spoken_of) {
        warnings.push(Fault::warning(
            "two-clocks",
            "utc_offset_hours",
            format!("The file speaks of the zone {spoken_of}; the plan says that its clock is {} all year.", offset_words(stated)),
            format!("If the times are those of {spoken_of}, use `File(…, zone: \"{spoken_of}\")`; otherwise nothing is to be done."),
        ));
    }
    Ok(OnClock { starts, years, clock, sure: false, notes, warnings })
}

/// What is known before the zone is looked at.
struct Partly {
    years: Vec<i32>,
    notes: Vec<String>,
    warnings: Vec<Fault>,
}

fn zoned(stamps: &Stamps, zone: &TimeZone, name: &str, ends: bool, step: i64, partly: Partly) -> Result<OnClock, Fault> {
    let Partly { years, mut notes, warnings } = partly;
    let rises = stamps.walls.windows(2).filter(|pair| matches!(pair, [a, b] if b > a)).count();
    let backwards = rises * 2 < stamps.walls.len();
    let mut found = if stamps.counted {
        // Hours are counted through from midnight, however many the day has.
        let starts = in_zone(zone, stamps.midnights.iter().copied(), &[], false);
        let instants = starts
            .instants
            .iter()
            .zip(&stamps.walls)
            .zip(&stamps.midnights)
            .map(|((start, wall), midnight)| start + wall - midnight)
            .collect();
        Zoned { instants, skipped: Vec::new() }
    } else {
        in_zone(zone, stamps.walls.iter().copied(), &stamps.again, backwards)
    };
    if ends {
        // The end of an hour by the clock, or the beginning and an hour more: the two differ when the clock is changed.
        let by_beginning = in_zone(zone, stamps.walls.iter().map(|wall| wall - step), &stamps.again, backwards);
        for instant in &mut found.instants {
            *instant -= step;
        }
        let faults = |zoned: &Zoned| zoned.skipped.len() + doubles(&zoned.instants);
        if faults(&by_beginning) < faults(&found) {
            found = by_beginning;
        }
    }
    if let Some(skipped) = found.skipped.first() {
        return Err(Fault::error(
            "skipped-hour",
            "zone",
            format!("The clock of {name} skips {}, for which the file has a value: its clock has no summer time.", moment::shown(*skipped)),
            "State `utc_offset_hours` instead of `zone`, the one of winter.",
        ));
    }
    let middle = found.instants.get(found.instants.len() / 2).copied().unwrap_or(0);
    let standard = (0..4)
        .filter_map(|quarter| jiff::Timestamp::from_second(middle + quarter * 91 * 86_400).ok())
        .map(|time| zone.to_offset(time).seconds())
        .min()
        .unwrap_or(0);
    let starts: Vec<i64> = found.instants.iter().map(|instant| instant + i64::from(standard)).collect();
    let hours = f64::from(standard) / 3600.0;
    if starts.iter().zip(&stamps.walls).any(|(start, wall)| (start + if ends { step } else { 0 } - wall).abs() >= 60) {
        notes.push(format!("Summer time of {name} is taken out; the clock is {}.", offset_words(hours)));
    }
    Ok(OnClock { starts, years, clock: Clock::Fixed(hours), sure: true, notes, warnings })
}
