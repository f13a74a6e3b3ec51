//! Dates and times as people write them.

/// Which of day and month comes first where both are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
}

/// A date with or without a time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Moment {
    /// Seconds of the wall clock since 1970-01-01 00:00.
    pub(super) wall: i64,
    /// Seconds ahead of UTC, where the text says it.
    pub(super) offset: Option<i32>,
    /// A time of day is given.
    pub(super) timed: bool,
    /// `24:00` is written, which only ends a day.
    pub(super) ends_day: bool,
    /// Seconds to the end, where a span `a - b` is written.
    pub(super) span: Option<i64>,
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
pub(super) fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of a number of days since 1970-01-01.
pub(super) fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// `2025-03-30 02:00`.
pub(super) fn shown(seconds: i64) -> String {
    let (year, month, day) = date_of(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}", of_day / 3600, of_day / 60 % 60)
}

/// Days of a month.
pub(super) fn month_days(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn date(year: i64, month: i64, day: i64) -> Option<i64> {
    ((1850..=2200).contains(&year) && (1..=12).contains(&month) && (1..=month_days(year, month)).contains(&day))
        .then(|| days_of(year, month, day))
}

/// Reads from the front of a text.
struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> u8 {
        self.rest.first().copied().unwrap_or(0)
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool) {
        while !self.rest.is_empty() && wanted(self.peek()) {
            self.rest = &self.rest[1..];
        }
    }

    /// A number and how many digits it has.
    fn number(&mut self) -> Option<(i64, usize)> {
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 || digits > 17 {
            return None;
        }
        let number = self.rest[..digits].iter().fold(0_i64, |number, digit| number * 10 + i64::from(digit - b'0'));
        self.rest = &self.rest[digits..];
        Some((number, digits))
    }

    fn word(&mut self) -> &'a [u8] {
        let length = self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic() || **byte >= 0x80).count();
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        word
    }
}

fn month_of(word: &[u8]) -> Option<i64> {
    // English, and what differs in German, French, Spanish and Italian, by the first letters.
    const MONTHS: [&[&str]; 12] = [
        &["jan", "jän", "ene", "gen"],
        &["feb", "fév", "fev"],
        &["mar", "mär", "mae"],
        &["apr", "avr", "abr"],
        &["may", "mai", "mag"],
        &["jun", "juin", "giu"],
        &["jul", "juil", "lug"],
        &["aug", "aoû", "ago"],
        &["sep", "set"],
        &["oct", "okt", "ott"],
        &["nov"],
        &["dec", "dez", "déc", "dic"],
    ];
    let word = std::str::from_utf8(word).ok()?.to_lowercase();
    if word.chars().count() < 3 || word.len() > 12 {
        return None;
    }
    // The longer beginnings first: `juil` before `jui`.
    let found = |month: &&[&str]| month.iter().any(|start| word.starts_with(start));
    MONTHS.iter().position(found).map(|index| index as i64 + 1)
}

/// Seconds ahead of UTC of a zone's short name; only those that mean one thing beside power data.
pub(super) fn short_zone(word: &str) -> Option<i32> {
    Some(match word.to_ascii_uppercase().as_str() {
        "Z" | "UTC" | "GMT" | "WET" => 0,
        "CET" | "MEZ" | "BST" | "WEST" => 3600,
        "CEST" | "MESZ" | "EET" => 7200,
        "EEST" | "MSK" => 10_800,
        "EDT" | "AST" => -14_400,
        "EST" | "CDT" => -18_000,
        "CST" | "MDT" => -21_600,
        "MST" | "PDT" => -25_200,
        "PST" => -28_800,
        "JST" | "KST" => 32_400,
        "AEST" => 36_000,
        "AEDT" => 39_600,
        _ => return None,
    })
}

/// Seconds of a day from a time of day; `true` where it is 24:00.
fn time(cursor: &mut Cursor<'_>) -> Option<(i64, bool)> {
    let (hour, digits) = cursor.number()?;
    let (mut hour, mut minute, mut second) = if digits == 4 && cursor.peek() != b':' { (hour / 100, hour % 100, 0) } else { (hour, 0, 0) };
    if digits != 4 {
        if digits > 2 {
            return None;
        }
        if matches!(cursor.peek(), b':' | b'.' | b'h' | b'H') && cursor.rest.get(1).is_some_and(u8::is_ascii_digit) {
            cursor.rest = &cursor.rest[1..];
            minute = cursor.number()?.0;
            if matches!(cursor.peek(), b':' | b'.') && cursor.rest.get(1).is_some_and(u8::is_ascii_digit) {
                cursor.rest = &cursor.rest[1..];
                second = cursor.number()?.0;
                if matches!(cursor.peek(), b'.' | b',') {
                    cursor.rest = &cursor.rest[1..];
                    let (fraction, digits) = cursor.number()?;
                    // 23:59:59.9999 is midnight.
                    let unit = 10_i64.pow(digits as u32);
                    second += i64::from(fraction * 2 >= unit);
                }
            }
        } else if matches!(cursor.peek(), b'h' | b'H') {
            cursor.rest = &cursor.rest[1..];
        }
    }
    cursor.skip(|byte| byte == b' ');
    let half = cursor.rest.get(..2).map(|word| word.to_ascii_lowercase());
    let dotted = cursor.rest.get(..4).map(|word| word.to_ascii_lowercase());
    let afternoon = match (half.as_deref(), dotted.as_deref()) {
        (Some(b"am"), _) => Some((false, 2)),
        (Some(b"pm"), _) => Some((true, 2)),
        (_, Some(b"a.m.")) => Some((false, 4)),
        (_, Some(b"p.m.")) => Some((true, 4)),
        _ => None,
    };
    if let Some((afternoon, length)) = afternoon {
        if !(1..=12).contains(&hour) {
            return None;
        }
        cursor.rest = &cursor.rest[length..];
        hour = hour % 12 + if afternoon { 12 } else { 0 };
    }
    if hour > 24 || minute > 59 || second > 60 || (hour == 24 && (minute > 0 || second > 0)) {
        return None;
    }
    Some((hour * 3600 + minute * 60 + second, hour == 24))
}

/// A time of day alone, in seconds: `13:00`, `1 PM`, `00:00 - 01:00` (its beginning).
pub(super) fn time_of_day(text: &str) -> Option<(i64, bool)> {
    let text = text.split(" - ").next().unwrap_or(text);
    let text = match text.split_once('-') {
        Some((begin, end)) if begin.contains(':') && end.contains(':') => begin,
        _ => text,
    };
    if !text.contains(':') && !text.to_ascii_lowercase().contains('m') {
        return None;
    }
    let mut cursor = Cursor { rest: text.trim().as_bytes() };
    let found = time(&mut cursor)?;
    cursor.rest.is_empty().then_some(found)
}

/// Whether the first or the second number of the dates can only be a day.
pub(super) fn order_of<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Order> {
    for text in texts {
        let mut cursor = Cursor { rest: text.as_bytes() };
        let Some((first, digits)) = cursor.number() else { continue };
        let mark = cursor.peek();
        if digits > 2 || !matches!(mark, b'/' | b'-' | b'.' | b' ') {
            continue;
        }
        cursor.rest = &cursor.rest[1..];
        let Some((second, _)) = cursor.number() else { continue };
        if first > 12 {
            return Some(Order::DayFirst);
        }
        if second > 12 {
            return Some(Order::MonthFirst);
        }
        if mark == b'.' {
            return Some(Order::DayFirst);
        }
    }
    None
}

/// Reads a date, with a time of day and a zone where they are given.
pub(super) fn parse(text: &str, order: Option<Order>) -> Option<Moment> {
    if text.len() > 80 || text.len() < 6 {
        return None;
    }
    if let Some((begin, end)) = text.split_once(" - ").or_else(|| text.split_once(" – ")) {
        let mut moment = parse(begin.trim(), order)?;
        let end = end.trim();
        let until = match parse(end, order) {
            Some(end) => end.wall,
            None => {
                let (seconds, _) = time_of_day(end.split('(').next().unwrap_or(end).trim())?;
                let midnight = moment.wall.div_euclid(86_400) * 86_400;
                midnight + seconds + if midnight + seconds <= moment.wall { 86_400 } else { 0 }
            }
        };
        if moment.offset.is_none() {
            moment.offset = parse(end, order).and_then(|end| end.offset);
        }
        moment.span = Some(until - moment.wall);
        return Some(moment);
    }
    let mut cursor = Cursor { rest: text.as_bytes() };
    // `Sun, 1 Jan 2023`
    if cursor.peek().is_ascii_alphabetic() {
        let before = cursor.rest;
        let word = cursor.word();
        if month_of(word).is_some() {
            cursor.rest = before;
        } else {
            if word.len() > 10 {
                return None;
            }
            cursor.skip(|byte| matches!(byte, b',' | b'.' | b' '));
        }
    }
    let gap = |byte: u8| matches!(byte, b'-' | b'/' | b'.' | b' ' | b',');
    let full_year = |year: i64, digits: usize| match digits {
        4 => Some(year),
        2 => Some(if year < 70 { 2000 + year } else { 1900 + year }),
        _ => None,
    };
    let days;
    if cursor.peek().is_ascii_alphabetic() || cursor.peek() >= 0x80 {
        // `Jan 1, 2023`
        let month = month_of(cursor.word())?;
        cursor.skip(gap);
        let (day, _) = cursor.number()?;
        cursor.skip(gap);
        let (year, digits) = cursor.number()?;
        days = date(full_year(year, digits)?, month, day)?;
    } else {
        let (first, digits) = cursor.number()?;
        match digits {
            4 if gap(cursor.peek()) => {
                cursor.rest = &cursor.rest[1..];
                let month = if cursor.peek().is_ascii_alphabetic() { month_of(cursor.word())? } else { cursor.number()?.0 };
                if !gap(cursor.peek()) {
                    return None;
                }
                cursor.rest = &cursor.rest[1..];
                days = date(first, month, cursor.number()?.0)?;
            }
            8 => days = date(first / 10_000, first / 100 % 100, first % 100)?,
            10 | 12 | 14 => return compact(first, digits).filter(|_| cursor.rest.is_empty()),
            1 | 2 => {
                let dotted = cursor.peek() == b'.';
                cursor.skip(gap);
                if cursor.peek().is_ascii_alphabetic() || cursor.peek() >= 0x80 {
                    let month = month_of(cursor.word())?;
                    cursor.skip(gap);
                    let (year, digits) = cursor.number()?;
                    days = date(full_year(year, digits)?, month, first)?;
                } else {
                    let (second, _) = cursor.number()?;
                    if !gap(cursor.peek()) {
                        return None;
                    }
                    cursor.skip(gap);
                    let (year, digits) = cursor.number()?;
                    let year = full_year(year, digits)?;
                    days = match order {
                        Some(Order::MonthFirst) if !dotted => date(year, first, second)?,
                        Some(_) => date(year, second, first)?,
                        None if dotted || first > 12 => date(year, second, first)?,
                        None => date(year, first, second)?,
                    };
                }
            }
            _ => return None,
        }
    }
    let mut moment = Moment { wall: days * 86_400, ..Moment::default() };
    cursor.skip(|byte| matches!(byte, b' ' | b',' | b'T' | b't' | b'_') || byte == b';');
    // `01Jan2023:00:00`
    if cursor.peek() == b':' {
        cursor.rest = &cursor.rest[1..];
    }
    if cursor.peek().is_ascii_digit() {
        let (seconds, ends_day) = time(&mut cursor)?;
        moment.wall += seconds;
        moment.timed = true;
        moment.ends_day = ends_day;
        moment.offset = zone(&mut cursor)?;
    } else if !cursor.rest.is_empty() {
        return None;
    }
    Some(moment)
}

/// `2023010100`, `202301010000`, `20230101000000`.
fn compact(number: i64, digits: usize) -> Option<Moment> {
    let (date_part, seconds) = match digits {
        10 => (number / 100, number % 100 * 3600),
        12 => (number / 10_000, number / 100 % 100 * 3600 + number % 100 * 60),
        _ => (number / 1_000_000, number / 10_000 % 100 * 3600 + number / 100 % 100 * 60 + number % 100),
    };
    let days = date(date_part / 10_000, date_part / 100 % 100, date_part % 100)?;
    (seconds <= 86_400).then_some(Moment { wall: days * 86_400 + seconds, timed: true, ends_day: seconds == 86_400, ..Moment::default() })
}

/// What follows a time: nothing, a zone, or an offset. `None` where it is something else.
#[expect(clippy::option_option, reason = "no zone is an answer, and another one than no sense")]
fn zone(cursor: &mut Cursor<'_>) -> Option<Option<i32>> {
    cursor.skip(|byte| matches!(byte, b' ' | b'(' | b'['));
    let end = cursor.rest.iter().rposition(|byte| !matches!(byte, b')' | b']' | b' ')).map_or(0, |last| last + 1);
    let text = std::str::from_utf8(cursor.rest.get(..end)?).ok()?;
    if text.is_empty() {
        return Some(None);
    }
    let text = match text.strip_prefix("UTC").or_else(|| text.strip_prefix("GMT")) {
        Some(rest) if !rest.is_empty() => rest,
        _ => text,
    };
    let sign = match text.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return short_zone(text).map(Some),
    };
    let digits: String = text[1..].chars().filter(|c| *c != ':').collect();
    if digits.is_empty() || digits.len() > 4 || digits.len() == 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    let (hours, minutes) = if digits.len() == 4 { (number / 100, number % 100) } else { (number, 0) };
    (hours <= 14 && minutes < 60).then_some(Some(sign * (hours * 3600 + minutes * 60)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Option<i32>) {
        let moment = parse(text, None).unwrap_or_else(|| panic!("{text} is not read"));
        (shown(moment.wall), moment.offset)
    }

    #[test]
    fn dates_are_read_as_they_are_written() {
        for (text, wanted, offset) in [
            ("2023-01-02 03:00", "2023-01-02 03:00", None),
            ("2023-01-02T03:00:00Z", "2023-01-02 03:00", Some(0)),
            ("2023-01-02T03:00:00.000+01:00", "2023-01-02 03:00", Some(3600)),
            ("2023-01-02 03:00:00-0530", "2023-01-02 03:00", Some(-19_800)),
            ("02.01.2023 03:00", "2023-01-02 03:00", None),
            ("2.1.23 3:00", "2023-01-02 03:00", None),
            ("1/31/23 1 AM", "2023-01-31 01:00", None),
            ("31/1/2023 12:15 am", "2023-01-31 00:15", None),
            ("1/2/2023 12 PM", "2023-01-02 12:00", None),
            ("02-Jan-2023 03:00", "2023-01-02 03:00", None),
            ("Jan 2, 2023 03:00 UTC", "2023-01-02 03:00", Some(0)),
            ("2 Dez 2023 03:00 CEST", "2023-12-02 03:00", Some(7200)),
            ("20230102 0300", "2023-01-02 03:00", None),
            ("2023010203", "2023-01-02 03:00", None),
            ("202301020300", "2023-01-02 03:00", None),
            ("2023-12-31 24:00", "2024-01-01 00:00", None),
            ("01.01.2023 00:00 - 01.01.2023 00:15 (CET)", "2023-01-01 00:00", Some(3600)),
            ("2023/01/02 03", "2023-01-02 03:00", None),
        ] {
            assert_eq!(read(text), (wanted.to_owned(), offset), "{text}");
        }
        for text in ["", "price", "2023-13-01", "31.02.2023", "12345", "2023-01-01 25:00", "42.5", "2023-01-01 00:00 Mars", "1,2,3,4"] {
            assert_eq!(parse(text, None), None, "{text}");
        }
        assert_eq!(parse("01/02/2023", Some(Order::DayFirst)).map(|moment| shown(moment.wall)).as_deref(), Some("2023-02-01 00:00"));
        assert_eq!(order_of(["1/2/2023", "1/13/2023"].into_iter()), Some(Order::MonthFirst));
    }

    #[test]
    fn days_and_dates_agree() {
        for days in (-40_000..60_000).step_by(7) {
            let (year, month, day) = date_of(days);
            assert_eq!(days_of(year, month, day), days);
        }
        assert_eq!(days_of(2000, 3, 1), 11_017);
    }
}
