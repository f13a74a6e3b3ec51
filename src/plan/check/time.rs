//! Rules of the horizon and of representative days.

use std::collections::BTreeMap;

use super::Checker;
use crate::plan::Month;
use crate::plan::horizon::{Day, Slices};

/// Lengths of a period that divide or multiply a year.
pub(super) const PERIOD_MONTHS: &[u32] = &[1, 3, 6, 12, 24];

/// Lengths of a block that divide a day.
pub(super) const BLOCK_HOURS: &[u32] = &[1, 2, 3, 4, 6, 8, 12, 24];

/// Longest horizon in months: beyond it no number of a plan means anything.
const MAX_HORIZON_MONTHS: u32 = 1200;

/// Days of each month of a year without 29 February.
const DAYS_OF_MONTH: [f64; 12] = [31.0, 28.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0];

/// Days that are as good as none.
const SMALL: f64 = 1e-6;

fn days_of(month: u32) -> f64 {
    usize::try_from(month).ok().and_then(|month| DAYS_OF_MONTH.get(month.wrapping_sub(1))).copied().unwrap_or(0.0)
}

pub(super) fn listed(numbers: &[u32]) -> String {
    let texts: Vec<_> = numbers.iter().map(ToString::to_string).collect();
    match texts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => texts.concat(),
    }
}

/// Periods are of a length that fits a year, and the horizon is not absurdly long.
pub(super) fn check_horizon(checker: &mut Checker<'_>) {
    let horizon = &checker.plan.horizon;
    if !PERIOD_MONTHS.contains(&horizon.period_months) {
        let message = format!("A period of {} months does not fit into years.", horizon.period_months);
        checker.error("bad-period", "horizon.period_months", message, format!("Use {}.", listed(PERIOD_MONTHS)));
    } else if horizon.period_months.saturating_mul(horizon.periods) > MAX_HORIZON_MONTHS {
        let message = format!("{} periods of {} months are more than 100 years.", horizon.periods, horizon.period_months);
        checker.error("too-many", "horizon.periods", message, "Plan fewer periods.");
    }
    if let Some(begins) = horizon.year_begins.filter(|month| *month != Month::ALWAYS) {
        let off = (i64::from(horizon.start.0) - i64::from(begins.0)).rem_euclid(i64::from(horizon.period_months.clamp(1, 12)));
        if off != 0 {
            let message = format!("A period would lie in two years: years begin in {begins}, the horizon in {}.", horizon.start);
            let help = "Let whole periods lie between the two, or leave it out.";
            checker.error("bad-date", "horizon.year_begins", message, help);
        }
    }
}

fn days<'p>(checker: &Checker<'p>) -> Option<(u32, &'p crate::plan::node::Map<Day>)> {
    match &checker.plan.slices {
        Slices::Representative(slices) => Some((slices.block_hours, &slices.days)),
        Slices::Hourly => None,
    }
}

/// Blocks divide the day, and there is a day.
pub(super) fn check_block_hours(checker: &mut Checker<'_>) {
    let Some((block_hours, days)) = days(checker) else {
        return;
    };
    if !BLOCK_HOURS.contains(&block_hours) {
        let message = format!("Blocks of {block_hours} hours do not divide a day.");
        checker.error("bad-blocks", "slices.block_hours", message, format!("Use {}.", listed(BLOCK_HOURS)));
    }
    if days.is_empty() && checker.known("slices.days") {
        checker.error(
            "no-days",
            "slices.days",
            "There is no representative day.",
            "Add one, for example `\"all\": (share_fraction: 1.0)`.",
        );
    }
}

/// A day names months or gives a share; one plan does not mix the two.
pub(super) fn check_days_state_one_kind(checker: &mut Checker<'_>) {
    let Some((_, days)) = days(checker) else {
        return;
    };
    if !checker.known("slices.days") {
        return;
    }
    for (id, day) in days {
        let path = format!("slices.days.{id}");
        match (day.months.is_empty(), day.share_fraction) {
            (true, None) => checker.error(
                "bad-day",
                path,
                format!("The day `{id}` names no months and gives no share of the year."),
                "Add `months: […]`, or `share_fraction: …` to every day.",
            ),
            (false, Some(_)) => {
                checker.error("bad-day", path, format!("The day `{id}` names months and gives a share of the year."), "Keep one of them.");
            }
            (true, Some(_)) if day.days_per_year.is_some() => {
                checker.error(
                    "bad-day",
                    format!("{path}.days_per_year"),
                    format!("The day `{id}` gives a share of the year and a number of days."),
                    "Keep one of them.",
                );
            }
            _ => {}
        }
    }
    let by_months = days.values().any(|day| !day.months.is_empty());
    let by_share = days.iter().find(|(_, day)| day.share_fraction.is_some() && day.months.is_empty());
    if by_months && let Some((id, _)) = by_share {
        checker.error(
            "mixed-days",
            format!("slices.days.{id}.share_fraction"),
            "Some days name months and others give shares of the year.",
            "Use one way for all days of the plan.",
        );
    }
}

/// Months are named once a day, and none is forgotten.
pub(super) fn check_months_of_days(checker: &mut Checker<'_>) {
    let Some((_, days)) = days(checker) else {
        return;
    };
    for (id, day) in days {
        for (index, month) in day.months.iter().enumerate() {
            if day.months.iter().take(index).any(|earlier| earlier == month) {
                checker.error(
                    "bad-day",
                    format!("slices.days.{id}.months.{index}"),
                    format!("The day `{id}` names month {month} twice."),
                    "Keep it once.",
                );
            }
        }
    }
    // Where a day names neither, that is the fault to mend first.
    let by_months =
        days.values().any(|day| !day.months.is_empty()) && days.values().all(|day| day.share_fraction.is_none() && !day.months.is_empty());
    if !by_months || !checker.known("slices.days") {
        return;
    }
    let missing: Vec<_> = (1..=12).filter(|month| !days.values().any(|day| day.months.contains(month))).collect();
    if !missing.is_empty() {
        let message = format!("No day stands for {}.", months_named(&missing));
        checker.error("month-without-day", "slices.days", message, "Name each month of the year in at least one day.");
    }
}

/// The days that state how many they stand for fit into their months, and leave none over where no
/// other day takes the rest.
pub(super) fn check_days_per_year(checker: &mut Checker<'_>) {
    let Some((_, days)) = days(checker) else {
        return;
    };
    if !checker.known("slices.days") {
        return;
    }
    let mut stated: BTreeMap<u32, f64> = BTreeMap::new();
    for (id, day) in days.iter().filter(|(_, day)| !day.months.is_empty()) {
        let Some(days_per_year) = day.days_per_year else {
            continue;
        };
        let in_months: f64 = day.months.iter().map(|month| days_of(*month)).sum();
        if days_per_year > in_months + SMALL {
            let message = format!("The day `{id}` stands for {days_per_year} days, but its months have {in_months}.");
            checker.error("days-do-not-fit", format!("slices.days.{id}.days_per_year"), message, "Name more months or fewer days.");
            return;
        }
        for month in &day.months {
            *stated.entry(*month).or_default() += days_per_year * days_of(*month) / in_months;
        }
    }
    let (mut over, mut left_over, mut nothing_left) = (Vec::new(), Vec::new(), Vec::new());
    for (month, sum) in stated {
        let rest = days_of(month) - sum;
        let shared = days.values().any(|day| day.months.contains(&month) && day.days_per_year.is_none());
        if rest < -SMALL {
            over.push(month);
        } else if rest > SMALL && !shared {
            left_over.push(month);
        } else if rest <= SMALL && shared {
            nothing_left.push(month);
        }
    }
    if !over.is_empty() {
        let message = format!("The days that name {} stand for more days than there are.", months_named(&over));
        checker.error("days-do-not-fit", "slices.days", message, "Lower `days_per_year` of a day that names them.");
    }
    if !left_over.is_empty() {
        let message = format!("The days that name {} stand for fewer days than there are.", months_named(&left_over));
        checker.error("days-do-not-fit", "slices.days", message, "Leave `days_per_year` out of one of them; it takes the rest.");
    }
    if !nothing_left.is_empty() {
        let message = format!("In {} nothing is left for the days without `days_per_year`.", months_named(&nothing_left));
        checker.warning("days-do-not-fit", "slices.days", message, "Lower `days_per_year` of a day that names them.");
    }
}

fn months_named(months: &[u32]) -> String {
    let names: Vec<_> = months.iter().map(ToString::to_string).collect();
    format!("month{} {}", if names.len() == 1 { "" } else { "s" }, names.join(", "))
}

/// Shares of the year add up to the year.
pub(super) fn check_shares(checker: &mut Checker<'_>) {
    let Some((_, days)) = days(checker) else {
        return;
    };
    if days.is_empty() || !days.values().all(|day| day.share_fraction.is_some() && day.months.is_empty()) || !checker.known("slices.days") {
        return;
    }
    let sum: f64 = days.values().filter_map(|day| day.share_fraction).sum();
    if (sum - 1.0).abs() > SMALL {
        checker.error(
            "shares-do-not-add-up",
            "slices.days",
            format!("The days' shares of the year add up to {} instead of 1.", crate::words::digits(sum, 7)),
            "Change `share_fraction` of a day.",
        );
    }
}
