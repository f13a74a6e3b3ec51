//! Names and labels of times: what a column's name or a cell says.

use super::moment;

pub(super) fn plain(name: &str) -> String {
    name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The word a name stands for, among the parts of a time.
pub(super) fn part_of(name: &str) -> Option<&'static str> {
    let name = plain(name);
    Some(match name.as_str() {
        "year" | "yr" | "yyyy" | "jahr" | "année" | "annee" | "año" | "ano" | "anno" => "year",
        "month" | "mo" | "mon" | "mm" | "monat" | "mois" | "mes" | "mese" => "month",
        "day" | "dy" | "dd" | "tag" | "jour" | "dia" | "día" | "dayofmonth" | "giorno" => "day",
        "doy" | "dayofyear" | "julianday" => "doy",
        "hour" | "hr" | "hh" | "he" | "h" | "hours" | "stunde" | "heure" | "hora" | "ora" | "hourending" | "hourend" | "hourofday"
        | "deliveryhour" | "hourbeginning" | "hrend" | "opr_hr" | "oprhr" | "operatinghour" => "hour",
        "minute" | "min" | "mi" | "minutes" | "minuten" => "minute",
        "settlementperiod" | "period" | "sp" | "interval" | "quarter" | "quarterhour" | "viertelstunde" | "halfhour" => "part",
        _ => return None,
    })
}

/// Whether a name is that of a time.
pub(super) fn is_time_name(name: &str) -> bool {
    part_of(name).is_some() || {
        let name = plain(name);
        ["time", "date", "datum", "zeit", "stamp", "fecha", "mtu", "uhrzeit", "epoch", "unix", "utc"].iter().any(|word| name.contains(word))
            || matches!(name.as_str(), "t" | "index" | "id" | "i" | "n" | "row")
            || name == "hourofyear"
    }
}

/// Whether a cell is a time as text.
pub(super) fn is_time_text(cell: &str) -> bool {
    moment::parse(cell, None).is_some() || moment::time_of_day(cell).is_some()
}

/// The hour that a label such as `7`, `HE07`, `H7`, `07:00`, `02X` stands for, and whether it is the second of that name.
pub(super) fn hour_label(cell: &str) -> Option<(i64, bool)> {
    let cell = cell.trim();
    if cell.is_empty() || cell.len() > 10 {
        return None;
    }
    let lower = cell.to_ascii_lowercase();
    let digits =
        ["hour", "hr", "he", "h"].iter().find_map(|start| lower.strip_prefix(start)).unwrap_or(&lower).trim_matches([' ', '_', '.', '-']);
    let (digits, again) = match digits.strip_suffix(['x', 'b', '*']) {
        Some(digits) => (digits, true),
        None => (digits, false),
    };
    let digits =
        digits.strip_suffix(":00:00").or_else(|| digits.strip_suffix(":00")).or_else(|| digits.strip_suffix('h')).unwrap_or(digits);
    if digits.is_empty() || digits.len() > 2 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hour: i64 = digits.parse().ok()?;
    (hour <= 25).then_some((hour, again))
}

pub(super) fn whole(cell: &str) -> Option<i64> {
    let cell = cell.strip_suffix(".0").unwrap_or(cell);
    if cell.len() > 14 { None } else { cell.parse().ok() }
}

pub(super) fn says_universal(name: &str) -> bool {
    let name = name.to_lowercase();
    name.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "utc" | "gmt" | "zulu" | "z"))
}

pub(super) fn says_end(name: &str) -> bool {
    let plain = plain(name);
    plain.contains("hourend")
        || plain.contains("ending")
        || plain.contains("intervalend")
        || plain.contains("periodend")
        || plain == "he"
        || plain == "hrend"
        || plain == "bis"
        || plain == "to"
        || plain == "end"
        || plain == "endtime"
}
