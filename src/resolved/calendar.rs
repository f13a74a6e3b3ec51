//! Time: periods, representative days, slices, and hourly series on the plan's clock.
//!
//! The year has 365 days. A day's weight in a month is its share of the month's days; in a period it
//! is the sum over the period's months. Σ over slices of the hours they stand for is 24 · days of
//! the period, in every period (tested).

use super::index::{DayIx, Ix as _, PeriodIx, SliceIx, Table};
use crate::diagnostic::Diagnostic;
use crate::plan::{Day, Horizon, Month, Slices};

/// Days of the months of a 365-day year.
pub const MONTH_DAYS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// Hours of a 365-day year.
pub const YEAR_HOURS: usize = 8760;

/// A period.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    /// `2027Q1`, `2027-03`, `2027H1`, `2027`.
    pub label: String,
    /// First month.
    pub start: Month,
    /// Months from the horizon's start.
    pub offset_months: u32,
    /// Days.
    pub days: f64,
    /// Δ: days / 365.
    pub years: f64,
    /// Discount factor: end of the plan year it starts in.
    pub discount: f64,
}

/// A representative day.
#[derive(Clone, Debug, PartialEq)]
pub struct RepresentativeDay {
    /// Its id.
    pub id: String,
    /// Days of the year it stands for, by month of the year.
    pub days_by_month: [f64; 12],
    /// Days it stands for, by period.
    pub days: Table<PeriodIx, f64>,
    /// Days of the year (0–364) whose hours are averaged for it.
    pub stands_for: Vec<usize>,
}

/// A slice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slice {
    /// Its day.
    pub day: DayIx,
    /// Block of the day, from 0.
    pub block: usize,
    /// Hour of the day at its start.
    pub start_hour: f64,
}

/// Months of a period that share one monthly peak in the LP, because the same days stand for them.
#[derive(Clone, Debug, PartialEq)]
pub struct PeakGroup {
    /// Number of months in the period.
    pub months: f64,
    /// The days that stand for them.
    pub days: Vec<DayIx>,
}

/// All of a resolved plan's time.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// First month.
    pub start: Month,
    /// Months in a period.
    pub period_months: u32,
    /// Months of the first year of yearly limits that lie before the start.
    pub year_offset_months: u32,
    /// Real discount rate per year.
    pub discount_rate: f64,
    /// Plan clock, hours ahead of UTC.
    pub utc_offset_hours: f64,
    /// Hours in a block.
    pub block_hours: f64,
    /// Periods.
    pub periods: Table<PeriodIx, Period>,
    /// Representative days (in hourly mode: the 365 days).
    pub days: Table<DayIx, RepresentativeDay>,
    /// Slices.
    pub slices: Table<SliceIx, Slice>,
    /// Slices that exist in a period (those that stand for some time in it).
    pub slices_of: Table<PeriodIx, Vec<SliceIx>>,
    /// Days that exist in a period.
    pub days_of: Table<PeriodIx, Vec<DayIx>>,
    /// Peak groups of a period.
    pub peak_groups: Table<PeriodIx, Vec<PeakGroup>>,
    /// Whether the slices are the 8,760 hours.
    pub hourly: bool,
    /// Which of the days each day of the year is; empty where hours have no order beyond the day.
    pub sequence: Vec<DayIx>,
}

impl Calendar {
    /// θ: hours a slice stands for in a period.
    pub fn hours(&self, period: PeriodIx, slice: SliceIx) -> f64 {
        self.days[self.slices[slice].day].days[period] * self.block_hours
    }

    /// Hours of a period.
    pub fn period_hours(&self, period: PeriodIx) -> f64 {
        24.0 * self.periods[period].days
    }

    /// The periods of the year of yearly limits that a period lies in (12 months from the horizon's start, or from
    /// where the plan says that its years begin); a longer period is its own.
    pub fn year_of(&self, period: PeriodIx) -> Vec<PeriodIx> {
        let year_of = |period: PeriodIx| {
            let months = self.year_offset_months as usize + period.position() * self.period_months as usize;
            months / 12.max(self.period_months as usize)
        };
        let year = year_of(period);
        self.periods.keys().filter(|other| year_of(*other) == year).collect()
    }

    /// Years from a month, the horizon's start if none is given, to the start of a period.
    pub fn years_since(&self, since: Option<Month>, period: PeriodIx) -> f64 {
        let since = since.filter(|month| *month != Month::ALWAYS).unwrap_or(self.start);
        (f64::from(self.periods[period].start.0) - f64::from(since.0)) / 12.0
    }

    /// Blocks in a day.
    pub fn blocks(&self) -> usize {
        (24.0 / self.block_hours).round() as usize
    }

    /// The slices of a day, in order.
    pub fn slices_of_day(&self, day: DayIx) -> impl Iterator<Item = SliceIx> + use<> {
        let blocks = self.blocks();
        (day.position() * blocks..(day.position() + 1) * blocks).map(SliceIx::new)
    }

    /// The period in whose months a month lies.
    pub fn period_of(&self, month: Month) -> Option<PeriodIx> {
        let offset = month.0.checked_sub(self.start.0)?;
        let position = usize::try_from(offset).ok()? / self.period_months as usize;
        (position < self.periods.len()).then(|| PeriodIx::new(position))
    }

    /// Months rounded up to whole periods.
    pub fn lead_periods(&self, lead_months: f64) -> usize {
        (lead_months / f64::from(self.period_months) - 1e-9).ceil().max(0.0) as usize
    }

    /// Years rounded to whole periods, at least one.
    pub fn life_periods(&self, life_years: f64) -> usize {
        ((12.0 * life_years / f64::from(self.period_months)).round() as usize).max(1)
    }

    /// The first month after the horizon.
    pub fn end(&self) -> Month {
        self.start.plus((self.periods.len() * self.period_months as usize) as i32)
    }

    /// Years of a number of periods.
    pub fn years_of(&self, periods: usize) -> f64 {
        periods as f64 * f64::from(self.period_months) / 12.0
    }

    /// Reduces 8,760 hourly values on the plan's clock to a value for each slice: the mean over the
    /// days a representative day stands for and over the block.
    pub fn reduce(&self, hourly: &[f64]) -> Table<SliceIx, f64> {
        let block = self.block_hours as usize;
        self.slices
            .iter()
            .map(|slice| {
                let days = &self.days[slice.day].stands_for;
                let total: f64 = days
                    .iter()
                    .map(|day| {
                        let first = day * 24 + slice.block * block;
                        hourly.get(first..first + block).map_or(0.0, |hours| hours.iter().sum::<f64>())
                    })
                    .sum();
                total / (days.len().max(1) * block.max(1)) as f64
            })
            .collect()
    }
}

/// 8,760 values of a series' own clock as 8,760 values of the plan's clock. Half hours are interpolated.
pub fn to_plan_clock(values: &[f64], series_offset_hours: f64, plan_offset_hours: f64) -> Vec<f64> {
    let shift = series_offset_hours - plan_offset_hours;
    let whole = shift.floor();
    let part = shift - whole;
    let length = values.len().max(1);
    let at = |hour: i64| values.get(hour.rem_euclid(length as i64) as usize).copied().unwrap_or(0.0);
    (0..values.len() as i64)
        .map(|hour| {
            let first = at(hour + whole as i64);
            if part > 0.0 { (1.0 - part) * first + part * at(hour + whole as i64 + 1) } else { first }
        })
        .collect()
}

/// `2027Q1` for three months from January, and the like.
fn label(start: Month, months: u32) -> String {
    let (year, month) = (start.year(), start.month_of_year());
    match months {
        3 if (month - 1) % 3 == 0 => format!("{year}Q{}", (month - 1) / 3 + 1),
        6 if (month - 1) % 6 == 0 => format!("{year}H{}", (month - 1) / 6 + 1),
        12 if month == 1 => format!("{year}"),
        24 if month == 1 => format!("{year}–{}", (year + 1) % 100),
        _ => start.to_string(),
    }
}

/// Days of the year, first day of each month.
fn month_starts() -> [usize; 12] {
    let mut starts = [0; 12];
    let mut day = 0;
    for (start, days) in starts.iter_mut().zip(MONTH_DAYS) {
        *start = day;
        day += days as usize;
    }
    starts
}

/// Daily means of a picked profile, by profile id: 365 values on the plan's clock.
pub type DailyMeans<'a> = dyn Fn(&str) -> Option<Vec<f64>> + 'a;

/// Builds the calendar. `daily_means` gives the series that `pick` refers to.
///
/// # Errors
/// What is wrong with the slices: months named by no day, shares that don't add up, and the like.
pub fn calendar(
    horizon: &Horizon,
    slices: &Slices,
    utc_offset_hours: f64,
    daily_means: &DailyMeans<'_>,
) -> Result<Calendar, Vec<Diagnostic>> {
    let rate = horizon.discount_rate_fraction;
    let periods: Table<PeriodIx, Period> = (0..horizon.periods)
        .map(|index| {
            let offset = index * horizon.period_months;
            let start = horizon.start.plus(offset as i32);
            let days: u32 = months_of(start, horizon.period_months).map(|month| MONTH_DAYS[month]).sum();
            Period {
                label: label(start, horizon.period_months),
                start,
                offset_months: offset,
                days: f64::from(days),
                years: f64::from(days) / 365.0,
                discount: (1.0 + rate).powi(-(1 + (offset / 12) as i32)),
            }
        })
        .collect();
    let mut sequence = Vec::new();
    let (days, block_hours, hourly) = match slices {
        Slices::Hourly => {
            sequence = (0..365).map(DayIx::new).collect();
            (hourly_days(), 1, true)
        }
        Slices::Representative(representative) => {
            let mut days = representative_days(&representative.days, daily_means)?;
            if representative.linked {
                let picked: Vec<bool> = representative.days.values().map(|day| day.pick.is_some()).collect();
                sequence = super::order::sequence(&mut days, &picked)?;
            }
            (days, representative.block_hours, false)
        }
    };
    let days: Table<DayIx, RepresentativeDay> = days
        .into_iter()
        .map(|mut day| {
            day.days = periods
                .iter()
                .map(|period| months_of(period.start, horizon.period_months).map(|month| day.days_by_month[month]).sum())
                .collect();
            day
        })
        .collect();
    let blocks = 24 / block_hours.max(1) as usize;
    let slices: Table<SliceIx, Slice> = days
        .keys()
        .flat_map(|day| (0..blocks).map(move |block| Slice { day, block, start_hour: (block as u32 * block_hours).into() }))
        .collect();
    let days_of: Table<PeriodIx, Vec<DayIx>> =
        periods.keys().map(|period| days.pairs().filter(|(_, day)| day.days[period] > 0.0).map(|(index, _)| index).collect()).collect();
    let slices_of = days_of
        .iter()
        .map(|existing| {
            existing.iter().flat_map(|day| (day.position() * blocks..(day.position() + 1) * blocks).map(SliceIx::new)).collect()
        })
        .collect();
    let peak_groups = periods.iter().map(|period| peak_groups(period, horizon.period_months, &days)).collect();
    Ok(Calendar {
        start: horizon.start,
        period_months: horizon.period_months,
        year_offset_months: year_offset_months(horizon),
        discount_rate: rate,
        utc_offset_hours,
        block_hours: f64::from(block_hours),
        periods,
        days,
        slices,
        slices_of,
        days_of,
        peak_groups,
        hourly,
        sequence,
    })
}

/// Months of the first year of yearly limits that lie before the horizon's start.
fn year_offset_months(horizon: &Horizon) -> u32 {
    let begins = horizon.year_begins.filter(|month| *month != Month::ALWAYS).unwrap_or(horizon.start);
    u32::try_from((i64::from(horizon.start.0) - i64::from(begins.0)).rem_euclid(12)).unwrap_or(0)
}

/// Months of the year (0–11) of a period.
fn months_of(start: Month, months: u32) -> impl Iterator<Item = usize> {
    let first = start.month_of_year() - 1;
    (0..months).map(move |month| ((first + month) % 12) as usize)
}

fn hourly_days() -> Vec<RepresentativeDay> {
    let starts = month_starts();
    (0..365)
        .map(|day| {
            let month = starts.iter().rposition(|start| *start <= day).unwrap_or(0);
            let mut days_by_month = [0.0; 12];
            days_by_month[month] = 1.0;
            let id = format!("{:02}-{:02}", month + 1, day - starts[month] + 1);
            RepresentativeDay { id, days_by_month, days: Table::default(), stands_for: vec![day] }
        })
        .collect()
}

fn representative_days(
    days: &crate::plan::node::Map<Day>,
    daily_means: &DailyMeans<'_>,
) -> Result<Vec<RepresentativeDay>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    if days.is_empty() {
        return Err(vec![Diagnostic::error("no-days", "slices.days", "There is no representative day.").help("Add at least one day.")]);
    }
    let mut weights: Vec<[f64; 12]> = vec![[0.0; 12]; days.len()];
    if days.values().all(|day| day.share_fraction.is_some() && day.months.is_empty() && day.days_per_year.is_none()) {
        let total: f64 = days.values().filter_map(|day| day.share_fraction).sum();
        if (total - 1.0).abs() > 1e-6 {
            let message = format!("The days' shares of the year add up to {total}, not to 1.");
            problems.push(
                Diagnostic::error("slice-weights", "slices.days", message).help("Change the `share_fraction`s so that they add up to 1."),
            );
        }
        for (weight, day) in weights.iter_mut().zip(days.values()) {
            for (weight, month_days) in weight.iter_mut().zip(MONTH_DAYS) {
                *weight = day.share_fraction.unwrap_or(0.0) * f64::from(month_days);
            }
        }
    } else if days.values().any(|day| day.share_fraction.is_some()) {
        let message = "Some days name their months and others give a share of the year.";
        problems.push(
            Diagnostic::error("slice-weights", "slices.days", message).help("Give every day `months`, or every day `share_fraction`."),
        );
    } else {
        weigh_by_month(days, &mut weights, &mut problems);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let stands_for = choose_days(days, &weights, daily_means, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(days
        .keys()
        .zip(weights)
        .zip(stands_for)
        .map(|((id, days_by_month), stands_for)| RepresentativeDay { id: id.clone(), days_by_month, days: Table::default(), stands_for })
        .collect())
}

/// Days with `days_per_year` first, split over their months by length; the others share what is left of each month.
fn weigh_by_month(days: &crate::plan::node::Map<Day>, weights: &mut [[f64; 12]], problems: &mut Vec<Diagnostic>) {
    let mut left: Vec<f64> = MONTH_DAYS.iter().map(|days| f64::from(*days)).collect();
    let months = |day: &Day| -> Vec<usize> {
        let mut months: Vec<usize> = day.months.iter().filter(|month| (1..=12).contains(*month)).map(|month| *month as usize - 1).collect();
        months.sort_unstable();
        months.dedup();
        months
    };
    for ((id, day), weight) in days.iter().zip(weights.iter_mut()) {
        let months = months(day);
        if months.is_empty() {
            problems.push(
                Diagnostic::error("slice-weights", format!("slices.days.{id}"), "This day names no month.")
                    .help("Add `months: [1, 2]`, the months of the year it stands for."),
            );
        }
        let Some(days_per_year) = day.days_per_year else { continue };
        let length: f64 = months.iter().map(|month| f64::from(MONTH_DAYS[*month])).sum();
        for month in months {
            weight[month] = days_per_year * f64::from(MONTH_DAYS[month]) / length;
            left[month] -= weight[month];
        }
    }
    for month in 0..12 {
        let sharing: Vec<usize> = days
            .values()
            .enumerate()
            .filter(|(_, day)| day.days_per_year.is_none() && months(day).contains(&month))
            .map(|(index, _)| index)
            .collect();
        let named = days.values().any(|day| months(day).contains(&month));
        let month_name = month + 1;
        if !named {
            let message = format!("No day stands for month {month_name}.");
            problems.push(
                Diagnostic::error("slice-weights", "slices.days", message).help(format!("Add {month_name} to the `months` of a day.")),
            );
        } else if left[month] < -1e-6 || (sharing.is_empty() && left[month] > 1e-6) {
            let message = format!(
                "The days of month {month_name} add up to {}, but it has {}.",
                crate::words::fixed(f64::from(MONTH_DAYS[month]) - left[month], 2),
                MONTH_DAYS[month]
            );
            problems.push(
                Diagnostic::error("slice-weights", "slices.days", message)
                    .help("Change `days_per_year`, or let another day without it name the month too."),
            );
        }
        for index in &sharing {
            weights[*index][month] = left[month].max(0.0) / sharing.len() as f64;
        }
    }
}

/// Which days of the year each representative day stands for: picks first, the others what is left.
fn choose_days(
    days: &crate::plan::node::Map<Day>,
    weights: &[[f64; 12]],
    daily_means: &DailyMeans<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Vec<usize>> {
    let starts = month_starts();
    let candidates = |index: usize| -> Vec<usize> {
        let weight = &weights[index];
        (0..12).filter(|month| weight[*month] > 0.0).flat_map(|month| starts[month]..starts[month] + MONTH_DAYS[month] as usize).collect()
    };
    let mut taken = [false; 365];
    let mut chosen: Vec<Vec<usize>> = vec![Vec::new(); days.len()];
    for (index, (id, day)) in days.iter().enumerate() {
        let Some(pick) = &day.pick else { continue };
        let (profile, sign) = match pick {
            crate::plan::Pick::Highest(profile) => (profile, -1.0),
            crate::plan::Pick::Lowest(profile) => (profile, 1.0),
        };
        let Some(means) = daily_means(&profile.0) else {
            problems.push(
                Diagnostic::error(
                    "pick-profile",
                    format!("slices.days.{id}.pick"),
                    format!("The profile `{profile}` has no values for each day of the year."),
                )
                .help("Pick by a catalog or CSV series."),
            );
            continue;
        };
        let mut order: Vec<usize> = candidates(index).into_iter().filter(|day| !taken[*day]).collect();
        order.sort_by(|a, b| (sign * means[*a]).total_cmp(&(sign * means[*b])).then(a.cmp(b)));
        let count = (weights[index].iter().sum::<f64>().round() as usize).clamp(1, order.len().max(1));
        order.truncate(count);
        order.sort_unstable();
        for day in &order {
            taken[*day] = true;
        }
        chosen[index] = order;
    }
    for (index, (_, day)) in days.iter().enumerate() {
        if day.pick.is_none() {
            let rest: Vec<usize> = candidates(index).into_iter().filter(|day| !taken[*day]).collect();
            chosen[index] = if rest.is_empty() { candidates(index) } else { rest };
        }
    }
    chosen
}

/// Months of a period grouped by the days that stand for them.
fn peak_groups(period: &Period, months: u32, days: &Table<DayIx, RepresentativeDay>) -> Vec<PeakGroup> {
    let mut groups: Vec<PeakGroup> = Vec::new();
    for month in months_of(period.start, months) {
        let of_month: Vec<DayIx> = days.pairs().filter(|(_, day)| day.days_by_month[month] > 0.0).map(|(index, _)| index).collect();
        match groups.iter_mut().find(|group| group.days == of_month) {
            Some(group) => group.months += 1.0,
            None => groups.push(PeakGroup { months: 1.0, days: of_month }),
        }
    }
    groups
}
