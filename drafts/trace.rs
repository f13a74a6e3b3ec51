//! Traces of requests (time, prompt tokens, answer tokens) as demand: a day's profile, lengths, load factor.

use super::clock;
use super::moment;
use super::number::{Cell, Style};
use super::reading::{Fault, Reading};

/// Lengths of prompts or answers, in tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Lengths {
    /// Mean.
    pub mean: f64,
    /// Share of requests that are at most as long, and how long.
    pub quantiles: Vec<(f64, f64)>,
}

/// Demand as a trace shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// Requests.
    pub requests: usize,
    /// Hours from the first to the last.
    pub span_hours: f64,
    /// Tokens of answers by hour of the local day, per hour; the mean is 1.
    pub day: [f64; 24],
    /// Hours of the day that the trace does not reach.
    pub hours_unseen: usize,
    /// Mean over the highest hour of the mean day.
    pub load_factor: f64,
    /// Prompts.
    pub prompt: Lengths,
    /// Answers.
    pub answer: Lengths,
    /// What is to be known.
    pub notes: Vec<String>,
}

/// Shares of requests whose lengths are given.
const QUANTILES: [f64; 7] = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

fn lengths(mut tokens: Vec<f64>) -> Lengths {
    tokens.sort_by(f64::total_cmp);
    let count = tokens.len().max(1);
    // The nearest rank: a length that was there.
    let at = |share: f64| tokens.get(((share * count as f64).ceil() as usize).clamp(1, count) - 1).copied().unwrap_or(0.0);
    Lengths { mean: tokens.iter().sum::<f64>() / count as f64, quantiles: QUANTILES.iter().map(|share| (*share, at(*share))).collect() }
}

/// Reads a trace. The zone or the offset of `reading` is that of the users; times are UTC unless they say otherwise.
///
/// # Errors
/// Why it is not read, with what to do.
pub fn read(bytes: &[u8], reading: &Reading) -> Result<Demand, Vec<Fault>> {
    read_or_fault(bytes, reading).map_err(|fault| vec![fault])
}

fn read_or_fault(bytes: &[u8], reading: &Reading) -> Result<Demand, Fault> {
    let opened = super::open(bytes, reading)?;
    let table = &opened.table;
    let names: Vec<String> = table.cells(0).map(|name| name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()).collect();
    let find = |words: &[&str]| {
        let found: Vec<usize> = (0..names.len()).filter(|column| names.get(*column).is_some_and(|name| words.contains(&name.as_str()))).collect();
        if found.len() == 1 { found.first().copied() } else { None }
    };
    let prompt = find(&["contexttokens", "prompttokens", "requesttokens", "inputtokens", "numprefilltokens", "inputlength", "promptlen"]);
    let answer = find(&["generatedtokens", "answertokens", "responsetokens", "outputtokens", "completiontokens", "numdecodetokens", "outputlength"]);
    let time = find(&["timestamp", "time", "arrivaltime", "arrivedat", "datetime", "date"]);
    let (Some(prompt), Some(answer), Some(time)) = (prompt, answer, time) else {
        return Err(Fault::error(
            "unknown-column",
            "column",
            "The trace needs columns for the time, the prompt tokens and the answer tokens of each request.",
            "Call them `timestamp`, `prompt tokens` and `answer tokens` in its first line.",
        ));
    };
    let style = Style { decimal: reading.decimal.unwrap_or('.') };
    let order = moment::order_of((1..table.rows()).map(|row| table.cell(row, time)));
    let (mut seconds, mut prompts, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    let mut relative = false;
    for row in 1..table.rows() {
        let cell = table.cell(row, time);
        let at = match moment::parse(cell.split_once('.').map_or(cell, |(whole, _)| if whole.contains(':') { whole } else { cell }), order) {
            Some(moment) if moment.timed => (moment.wall - i64::from(moment.offset.unwrap_or(0))) as f64,
            _ => match style.read(cell) {
                Cell::Number(number) if number.abs() > 4e11 => number / 1000.0,
                Cell::Number(number) if number.abs() > 4e8 => number,
                Cell::Number(number) if number >= 0.0 => {
                    relative = true;
                    number
                }
                _ => return Err(wrong(table.line(row), cell)),
            },
        };
        let tokens = |column: usize| match style.read(table.cell(row, column)) {
            Cell::Number(number) if number >= 0.0 => Ok(number),
            _ => Err(wrong(table.line(row), table.cell(row, column))),
        };
        prompts.push(tokens(prompt)?);
        answers.push(tokens(answer)?);
        seconds.push(at);
    }
    if seconds.len() < 2 {
        return Err(Fault::error("bad-file", "path", "The trace has fewer than two requests.", "Use a longer one."));
    }
    let (low, high) = seconds.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(*at), high.max(*at)));
    let mut notes = Vec::new();
    if relative {
        notes.push("The times are seconds from a beginning that the trace does not name; it is taken as midnight.".to_owned());
    }
    let offset = clock::offset_at(reading, low)?;
    if reading.zone.is_none() && reading.utc_offset_hours.is_none() && !relative {
        notes.push("The day is that of UTC; state the users' `zone` or `utc_offset_hours` for their local day.".to_owned());
    }
    // Tokens by hour of the trace, so that hours seen more often do not weigh more.
    let (mut sums, mut reached) = ([0.0; 24], [0.0; 24]);
    for (at, tokens) in seconds.iter().zip(&answers) {
        if let Some(sum) = sums.get_mut(hour_of(at + offset)) {
            *sum += tokens;
        }
    }
    let (low, high) = (low + offset, high + offset);
    let mut from = low;
    let mut steps = 0;
    while from < high && steps < 1_000_000 {
        let until = ((from / 3600.0).floor() * 3600.0 + 3600.0).min(high);
        if let Some(reached) = reached.get_mut(hour_of(from)) {
            *reached += (until - from) / 3600.0;
        }
        from = until;
        steps += 1;
    }
    let unseen = reached.iter().filter(|hours| **hours <= 0.0).count();
    let rates: Vec<f64> = sums.iter().zip(&reached).map(|(sum, hours)| if *hours > 0.0 { sum / hours } else { 0.0 }).collect();
    let seen = (24 - unseen).max(1) as f64;
    let mean = rates.iter().sum::<f64>() / seen;
    if mean <= 0.0 {
        return Err(Fault::error("empty-profile", "column", "The trace has no answer tokens.", "Choose another trace."));
    }
    let mut day = [1.0; 24];
    for ((slot, rate), hours) in day.iter_mut().zip(&rates).zip(&reached) {
        if *hours > 0.0 {
            *slot = rate / mean;
        }
    }
    if unseen > 0 {
        notes.push(format!("The trace does not reach {unseen} hours of the day; they are set to the mean of the others."));
    }
    Ok(Demand {
        requests: seconds.len(),
        span_hours: (high - low) / 3600.0,
        load_factor: 1.0 / day.iter().copied().fold(0.0, f64::max),
        day,
        hours_unseen: unseen,
        prompt: lengths(prompts),
        answer: lengths(answers),
        notes,
    })
}

fn hour_of(seconds: f64) -> usize {
    (seconds.rem_euclid(86_400.0) / 3600.0) as usize % 24
}

fn wrong(line: usize, cell: &str) -> Fault {
    Fault::error("bad-value", "path", format!("Line {line} has `{}` where a time or a number of tokens is expected.", crate::plan::reader::shortened(cell)), "Leave that request out.")
}
