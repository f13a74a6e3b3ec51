//! Traces of requests (time, prompt tokens, answer tokens), such as the public ones of Azure and BurstGPT,
//! as demand: the shape of a day on the users' clock, lengths with their tails, load factor.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::moment;
use super::number::{Cell, Style};
use super::reading::{Fault, Reading};

/// Lengths of prompts or answers, in tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Lengths {
    /// Mean.
    pub mean: f64,
    /// Share of requests that are at most as long, and how long: lengths that were there.
    pub quantiles: Vec<(f64, f64)>,
}

/// Demand as a trace shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// Requests.
    pub requests: usize,
    /// Hours from the first request to the last.
    pub span_hours: f64,
    /// Answer tokens by hour of the users' day; the mean of the hours seen is 1.
    pub day: [f64; 24],
    /// Hours of the day that the trace does not reach.
    pub hours_unseen: usize,
    /// Mean hour of the mean day over its highest.
    pub load_factor: f64,
    /// Mean over the highest single whole hour of the trace; none of a trace below two hours.
    pub load_factor_of_hours: Option<f64>,
    /// Prompts.
    pub prompt: Lengths,
    /// Answers.
    pub answer: Lengths,
    /// What is to be known.
    pub notes: Vec<String>,
}

/// Shares of requests whose lengths are given.
const QUANTILES: [f64; 7] = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

const HOUR: f64 = 3600.0;

/// Numbers from here on are milliseconds since 1970, below them seconds, below the next seconds since a beginning.
const LEAST_EPOCH_MS: f64 = 4e11;
const LEAST_EPOCH_S: f64 = 4e8;

fn lengths(mut tokens: Vec<f64>) -> Lengths {
    tokens.sort_by(f64::total_cmp);
    let count = tokens.len().max(1);
    // The nearest rank: a length that was there.
    let at = |share: f64| tokens.get(((share * count as f64).ceil() as usize).clamp(1, count) - 1).copied().unwrap_or(0.0);
    Lengths { mean: tokens.iter().sum::<f64>() / count as f64, quantiles: QUANTILES.iter().map(|share| (*share, at(*share))).collect() }
}

/// One request.
struct Request {
    /// Seconds, of UTC or of a beginning.
    at: f64,
    prompt: f64,
    answer: f64,
}

/// Reads a trace. The zone or the offset of `reading` is that of the users; times are UTC unless they say
/// otherwise. `unit` may say `s` or `ms` of times that count from a beginning.
///
/// # Errors
/// Why it is not read, with what to do.
pub fn read(bytes: &[u8], reading: &Reading) -> Result<Demand, Vec<Fault>> {
    read_or_fault(bytes, reading).map_err(|fault| vec![fault])
}

fn read_or_fault(bytes: &[u8], reading: &Reading) -> Result<Demand, Fault> {
    let (requests, is_relative) = requests(bytes, reading)?;
    let (low, high) =
        requests.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), request| (low.min(request.at), high.max(request.at)));
    let mut notes = Vec::new();
    if is_relative {
        let unit = if reading.unit.is_some() { "as stated" } else { "taken as seconds; if they are milliseconds, state `unit: \"ms\"`" };
        notes.push(format!("The times count from a beginning that the trace does not name ({unit}); it is taken as midnight."));
    }
    let users = Users::of(reading)?;
    if matches!(users, Users::Fixed(None)) && !is_relative {
        notes.push("The day is that of UTC; state the users' `zone` or `utc_offset_hours` for their local day.".to_owned());
    }
    let unanswered = requests.iter().filter(|request| request.answer <= 0.0).count();
    if unanswered > 0 {
        notes.push(format!("{unanswered} of {} requests have no answer; they count with the others.", requests.len()));
    }
    // Tokens by hour of the trace, so that hours seen more often do not weigh more.
    let first_hour = (low / HOUR).floor();
    let span = (high / HOUR).floor() - first_hour;
    if span >= MOST_HOURS {
        return Err(Fault::error(
            "bad-span",
            "path",
            format!("The trace spans {} hours: a time in it is likely wrong.", crate::words::number(span)),
            "Leave out what is far from the others.",
        ));
    }
    if high - low < 1.0 {
        return Err(Fault::error(
            "bad-span",
            "path",
            "All requests of the trace lie within a second: they say nothing of a day.",
            "Use a longer trace, or state the unit of its times.",
        ));
    }
    let hours = span as usize + 1;
    let mut by_hour = vec![0.0; hours];
    for request in &requests {
        if let Some(sum) = by_hour.get_mut(((request.at / HOUR).floor() - first_hour) as usize) {
            *sum += request.answer;
        }
    }
    let (mut sums, mut reached) = ([0.0; 24], [0.0; 24]);
    for (index, tokens) in by_hour.iter().enumerate() {
        let begins = (first_hour + index as f64) * HOUR;
        let share = ((begins + HOUR).min(high) - begins.max(low)).max(0.0) / HOUR;
        let local = users.hour_of(begins);
        if let (Some(sum), Some(reached)) = (sums.get_mut(local), reached.get_mut(local)) {
            *sum += tokens;
            *reached += share;
        }
    }
    // Of an hour that the trace only grazes a single request would make the day's peak.
    let least = LEAST_SEEN * reached.iter().copied().fold(0.0, f64::max);
    let unseen = reached.iter().filter(|hours| **hours <= least).count();
    let rates: Vec<f64> = sums.iter().zip(&reached).map(|(sum, hours)| if *hours > least { sum / hours } else { 0.0 }).collect();
    let mean = rates.iter().sum::<f64>() / (24 - unseen).max(1) as f64;
    if mean <= 0.0 {
        return Err(Fault::error("empty-profile", "column", "The trace has no answer tokens.", "Choose another trace."));
    }
    let mut day = [1.0; 24];
    for ((slot, rate), hours) in day.iter_mut().zip(&rates).zip(&reached) {
        if *hours > least {
            *slot = rate / mean;
        }
    }
    if unseen > 0 {
        notes.push(format!(
            "The trace does not reach {unseen} hours of the day, or for moments only; they are set to the mean of the others."
        ));
    }
    // The first and last hour are seen in part.
    let whole = by_hour.get(1..hours.saturating_sub(1)).unwrap_or_default();
    let highest = whole.iter().copied().fold(0.0, f64::max);
    let of_hours = (whole.len() > 1 && highest > 0.0).then(|| whole.iter().sum::<f64>() / whole.len() as f64 / highest);
    Ok(Demand {
        requests: requests.len(),
        span_hours: (high - low) / HOUR,
        load_factor: 1.0 / day.iter().copied().fold(0.0, f64::max),
        load_factor_of_hours: of_hours,
        day,
        hours_unseen: unseen,
        prompt: lengths(requests.iter().map(|request| request.prompt).collect()),
        answer: lengths(requests.iter().map(|request| request.answer).collect()),
        notes,
    })
}

/// Longest trace, in hours: ten years.
const MOST_HOURS: f64 = 87_840.0;

/// An hour of the day counts if it is seen for more than this share of the time that the best seen hour is.
const LEAST_SEEN: f64 = 0.05;

/// Most tokens of one request: a thousand times the longest contexts there are.
const MOST_TOKENS: f64 = 1e9;

/// The users' clock.
enum Users {
    /// Hours ahead of UTC all year; none where nothing is said.
    Fixed(Option<f64>),
    /// A zone with its summer time.
    Zone(TimeZone),
}

impl Users {
    fn of(reading: &Reading) -> Result<Self, Fault> {
        let Some(name) = &reading.zone else { return Ok(Self::Fixed(reading.utc_offset_hours)) };
        TimeZone::get(name.trim()).map(Self::Zone).map_err(|_| {
            Fault::error(
                "unknown-zone",
                "zone",
                format!("There is no time zone `{}`.", crate::plan::reader::shortened(name)),
                "Write it as \"Europe/Berlin\" or \"America/New_York\", or state `utc_offset_hours`.",
            )
        })
    }

    /// The hour of the users' day at seconds of UTC.
    fn hour_of(&self, seconds: f64) -> usize {
        let ahead = match self {
            Self::Fixed(hours) => hours.unwrap_or(0.0) * HOUR,
            Self::Zone(zone) => Timestamp::from_second(seconds as i64).map_or(0.0, |at| f64::from(zone.to_offset(at).seconds())),
        };
        ((seconds + ahead).rem_euclid(24.0 * HOUR) / HOUR) as usize % 24
    }
}

/// The requests of a file, and whether its times count from a beginning that is not named.
fn requests(bytes: &[u8], reading: &Reading) -> Result<(Vec<Request>, bool), Fault> {
    let opened = super::open(bytes, reading)?;
    let table = &opened.table;
    let names: Vec<String> =
        table.cells(0).map(|name| name.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect()).collect();
    let find = |words: &[&str]| {
        let mut found = (0..names.len()).filter(|column| names.get(*column).is_some_and(|name| words.contains(&name.as_str())));
        found.next().filter(|_| found.next().is_none())
    };
    let prompt = find(&[
        "contexttokens",
        "prompttokens",
        "requesttokens",
        "inputtokens",
        "numprefilltokens",
        "inputlength",
        "promptlen",
        "promptlength",
        "inputlen",
    ]);
    let answer = find(&[
        "generatedtokens",
        "answertokens",
        "responsetokens",
        "outputtokens",
        "completiontokens",
        "numdecodetokens",
        "outputlength",
        "outputlen",
        "answerlength",
        "generationtokens",
    ]);
    let time = find(&["timestamp", "time", "arrivaltime", "arrivedat", "datetime", "date", "arrivaltimestamp", "starttime"]);
    let (Some(prompt), Some(answer), Some(time)) = (prompt, answer, time) else {
        let seen: Vec<String> = table.cells(0).take(8).map(|name| format!("`{}`", crate::plan::reader::shortened(name))).collect();
        return Err(Fault::error(
            "unknown-column",
            "column",
            format!(
                "A trace needs one column each for the time, the prompt tokens and the answer tokens of a request; found {}.",
                seen.join(", ")
            ),
            "Call them `timestamp`, `prompt tokens` and `answer tokens` in its first line.",
        ));
    };
    let per_second = match reading.unit.as_deref().map(str::trim) {
        None | Some("s" | "seconds") => 1.0,
        Some("ms" | "milliseconds") => 1e-3,
        Some(other) => {
            return Err(Fault::error(
                "unknown-unit",
                "unit",
                format!("The times of a trace can't be in `{}`.", crate::plan::reader::shortened(other)),
                "State `s` or `ms`.",
            ));
        }
    };
    let style = Style { decimal: reading.decimal.unwrap_or('.') };
    let order = moment::order_of((1..table.rows()).map(|row| table.cell(row, time)));
    let mut found = Vec::with_capacity(table.rows());
    let (mut relative, mut absolute) = (0_usize, 0_usize);
    for row in 1..table.rows() {
        let cell = table.cell(row, time);
        let stamped = moment::parse(&without_fraction(cell), order).filter(|moment| moment.timed);
        let at = match (stamped, style.read(cell)) {
            (Some(moment), _) => (moment.wall - i64::from(moment.offset.unwrap_or(0))) as f64,
            (None, Cell::Number(number)) if number >= LEAST_EPOCH_MS => number / 1e3,
            (None, Cell::Number(number)) if number >= LEAST_EPOCH_S => number,
            (None, Cell::Number(number)) if number >= 0.0 => {
                relative += 1;
                number * per_second
            }
            _ => return Err(wrong(table.line(row), cell, "a time")),
        };
        absolute += usize::from(at >= LEAST_EPOCH_S);
        let tokens = |column: usize| match style.read(table.cell(row, column)) {
            Cell::Number(number) if (0.0..=MOST_TOKENS).contains(&number) => Ok(number),
            _ => Err(wrong(table.line(row), table.cell(row, column), "a number of tokens, a billion at most,")),
        };
        found.push(Request { at, prompt: tokens(prompt)?, answer: tokens(answer)? });
    }
    if relative > 0 && absolute > 0 {
        return Err(Fault::error(
            "two-clocks",
            "column",
            format!("{absolute} times of the trace name a moment, {relative} count from a beginning."),
            "Write all of them alike.",
        ));
    }
    if found.len() < 2 {
        return Err(Fault::error("bad-file", "path", "The trace has fewer than two requests.", "Use a longer one."));
    }
    Ok((found, relative > 0))
}

/// A time of day without the fraction of its seconds, its zone kept.
fn without_fraction(cell: &str) -> String {
    let Some((before, after)) = cell.split_once('.').filter(|(before, _)| before.contains(':')) else { return cell.to_owned() };
    format!("{before}{}", after.trim_start_matches(|letter: char| letter.is_ascii_digit()))
}

fn wrong(line: usize, cell: &str, what: &str) -> Fault {
    Fault::error(
        "bad-value",
        "path",
        format!("Line {line} has `{}` where {what} is expected.", crate::plan::reader::shortened(cell)),
        "Leave that request out.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[(f64, f64)]) -> Result<Demand, Vec<Fault>> {
        let rows = lines.iter().map(|(at, tokens)| format!("{at},100,{tokens}\n"));
        let text = "timestamp,input_length,output_length\n".to_owned() + &rows.collect::<String>();
        read(text.as_bytes(), &Reading::default())
    }

    fn code(lines: &[(f64, f64)]) -> &'static str {
        of(lines).expect_err("refused")[0].code
    }

    /// A request in the last second before ten is no peak of the day: two hours with a request each minute are its day.
    #[test]
    fn an_hour_that_is_only_grazed_is_not_seen() {
        let mut lines: Vec<(f64, f64)> = (0..120).map(|minute| (36_000.0 + 60.0 * f64::from(minute), 50.0)).collect();
        lines.push((35_999.5, 500.0));
        lines.push((43_199.0, 50.0));
        let demand = of(&lines).expect("read");
        assert_eq!(demand.hours_unseen, 22);
        assert!(demand.day.iter().all(|hour| (hour - 1.0).abs() < 0.02), "{:?}", demand.day);
    }

    #[test]
    fn times_and_tokens_that_cannot_be_are_refused() {
        assert_eq!(code(&[(1e9, 5.0), (1e300, 5.0)]), "bad-span");
        assert_eq!(code(&[(0.0, 5.0), (3e-316, 5.0)]), "bad-span");
        assert_eq!(code(&[(0.0, 5.0), (0.0, 5.0)]), "bad-span");
        assert_eq!(code(&[(0.0, 5.0), (60.0, 1e308)]), "bad-value");
    }
}
