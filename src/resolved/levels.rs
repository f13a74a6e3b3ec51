//! Dated numbers and hourly series as values by period and slice.

use super::Resolver;
use super::calendar::{Calendar, YEAR_HOURS, calendar, to_plan_clock};
use super::index::{DayIx, Ix as _, PeriodIx, SliceIx, Table};
use crate::plan::{self, Profile, Slices, Steps};

/// A number by period and slice: a base by period times a shape by slice.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Value (or factor of the shape) by period.
    pub base: Table<PeriodIx, f64>,
    /// Shape by slice; flat if none.
    pub shape: Option<Table<SliceIx, f64>>,
}

impl Level {
    /// The same number always.
    pub fn flat(calendar: &Calendar, value: f64) -> Self {
        Self { base: Table::build(&calendar.periods, |_| value), shape: None }
    }

    /// The number in a slice of a period.
    pub fn at(&self, period: PeriodIx, slice: SliceIx) -> f64 {
        self.base[period] * self.shape.as_ref().map_or(1.0, |shape| shape[slice])
    }

    /// The mean over the hours of a period.
    pub fn mean(&self, calendar: &Calendar, period: PeriodIx) -> f64 {
        if self.shape.is_none() {
            return self.base[period];
        }
        let weighed = |slice: &SliceIx| calendar.hours(period, *slice) * self.at(period, *slice);
        calendar.slices_of[period].iter().map(weighed).sum::<f64>() / calendar.period_hours(period).max(1e-9)
    }

    /// The lowest number in any slice that exists.
    pub fn lowest(&self, calendar: &Calendar) -> f64 {
        calendar
            .periods
            .keys()
            .flat_map(|period| calendar.slices_of[period].iter().map(move |slice| self.at(period, *slice)))
            .fold(f64::INFINITY, f64::min)
    }
}

impl Resolver<'_> {
    /// The calendar, with picked days.
    pub(super) fn calendar(&mut self) -> Option<Calendar> {
        let horizon = &self.plan.horizon;
        let mut sound = true;
        if ![1, 3, 6, 12, 24].contains(&horizon.period_months) {
            self.error(
                "period-months",
                "horizon.period_months",
                format!("A period can't have {} months.", horizon.period_months),
                "Use 1, 3, 6, 12 or 24.",
            );
            sound = false;
        }
        if let Slices::Representative(representative) = &self.plan.slices
            && ![1, 2, 3, 4, 6, 8, 12, 24].contains(&representative.block_hours)
        {
            self.error(
                "block-hours",
                "slices.block_hours",
                format!("A block can't have {} hours.", representative.block_hours),
                "Use 1, 2, 3, 4, 6, 8, 12 or 24.",
            );
            sound = false;
        }
        if !sound {
            return None;
        }
        let offset = self.plan_offset();
        let daily_means = |id: &str| -> Option<Vec<f64>> {
            let hourly = self.hourly(id, offset, offset)?;
            Some(hourly.chunks(24).map(|day| day.iter().sum::<f64>() / 24.0).collect())
        };
        match calendar(horizon, &self.plan.slices, offset, &daily_means) {
            Ok(calendar) => Some(calendar),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    /// The plan's clock: stated, or the first site's.
    pub(super) fn plan_offset(&self) -> f64 {
        let of_site = || self.plan.sites.values().next().map_or(0.0, |site| site.utc_offset_hours);
        self.plan.horizon.utc_offset_hours.unwrap_or_else(of_site)
    }

    /// 8,760 hours of a profile on the plan's clock. `local_offset` is the clock of a profile that has
    /// none of its own. `None` for values by representative day and unknown profiles.
    pub(super) fn hourly(&self, id: &str, local_offset: f64, plan_offset: f64) -> Option<Vec<f64>> {
        match self.plan.profiles.get(id)? {
            Profile::Catalog(catalog_id) => {
                let series = self.catalog.series(catalog_id)?;
                let offset = if series.is_local { local_offset } else { series.utc_offset_hours };
                (series.values.len() == YEAR_HOURS).then(|| to_plan_clock(&series.values, offset, plan_offset))
            }
            Profile::Csv(_) | Profile::File(_) => {
                let values = self.series.files.get(id).filter(|values| values.len() == YEAR_HOURS)?;
                // A file whose clock nobody states is read as UTC; the warning about it is said already.
                let offset = self.series.clocks.get(id).copied().unwrap_or(0.0);
                Some(to_plan_clock(values, offset, plan_offset))
            }
            Profile::PerHour(values) if values.len() == 24 => {
                let year: Vec<f64> = values.iter().copied().cycle().take(YEAR_HOURS).collect();
                Some(to_plan_clock(&year, local_offset, plan_offset))
            }
            Profile::PerHour(_) | Profile::PerDay(_) => None,
        }
    }

    /// A profile by slice, and its mean over the year.
    pub(super) fn profile(&mut self, calendar: &Calendar, id: &str, path: &str, local_offset: f64) -> Option<(Table<SliceIx, f64>, f64)> {
        match self.plan.profiles.get(id) {
            None => None, // An unknown reference is reported by the plan's own check.
            Some(Profile::PerDay(by_day)) => {
                let mut values = Table::<SliceIx, f64>::default();
                let shifted = (local_offset - calendar.utc_offset_hours).abs() > 1e-9;
                for day in calendar.days.keys() {
                    let day_id = &calendar.days[day].id;
                    let Some(numbers) = by_day.get(day_id) else {
                        self.error(
                            "profile-day",
                            format!("profiles.{id}"),
                            format!("The profile has no values for the day `{day_id}`."),
                            "Give every representative day its values.",
                        );
                        return None;
                    };
                    let block = calendar.block_hours as usize;
                    let hours: Vec<f64> = if numbers.len() == calendar.blocks() {
                        numbers.iter().flat_map(|value| std::iter::repeat_n(*value, block)).collect()
                    } else {
                        numbers.clone()
                    };
                    if hours.len() != 24 {
                        self.error(
                            "profile-length",
                            format!("profiles.{id}.{day_id}"),
                            format!("A day needs 24 values or {} (one for each block), not {}.", calendar.blocks(), numbers.len()),
                            "Change the number of values.",
                        );
                        return None;
                    }
                    // A day on another clock goes round within itself, like the days it stands for.
                    let hours = if shifted { to_plan_clock(&hours, local_offset, calendar.utc_offset_hours) } else { hours };
                    values_of_blocks(&hours, block, &mut values);
                }
                let weight = |day: DayIx| calendar.days[day].days_by_month.iter().sum::<f64>();
                let total: f64 = calendar.slices.pairs().map(|(slice, of)| values[slice] * weight(of.day)).sum();
                let days: f64 = calendar.days.keys().map(weight).sum::<f64>() * calendar.blocks() as f64;
                Some((values, total / days.max(1e-9)))
            }
            Some(Profile::Catalog(catalog_id)) if self.catalog.series(catalog_id).is_none() => {
                let near = crate::diagnostic::nearest_name(catalog_id, self.catalog.all_series().iter().map(|series| series.id.as_str()));
                let help = near.map_or_else(
                    || "`tokenworks catalog list` shows the series there are.".to_owned(),
                    |near| format!("Did you mean `{near}`?"),
                );
                let message = format!("The catalog has no series `{catalog_id}`.");
                // Reported once, however many fields use the profile.
                let at = format!("profiles.{id}");
                if !self.problems.iter().any(|problem| problem.path == at) {
                    self.error("unknown-series", at, message, help);
                }
                None
            }
            Some(_) => {
                let Some(hourly) = self.hourly(id, local_offset, calendar.utc_offset_hours) else {
                    let at = format!("profiles.{id}");
                    if !self.problems.iter().any(|problem| problem.path == at) {
                        self.error(
                            "profile-values",
                            at,
                            format!("The profile `{id}` (used at `{path}`) has no usable values."),
                            "A file needs 8,760 values, `PerHour` needs 24.",
                        );
                    }
                    return None;
                };
                let mean = hourly.iter().sum::<f64>() / hourly.len().max(1) as f64;
                Some((calendar.reduce(&hourly), mean))
            }
        }
    }

    /// A profile of 0–1 (output per MW). Values outside are an error.
    pub(super) fn unit_profile(&mut self, calendar: &Calendar, id: &str, path: &str) -> Option<Table<SliceIx, f64>> {
        let (values, _) = self.profile(calendar, id, path, calendar.utc_offset_hours)?;
        if values.iter().any(|value| !(0.0..=1.0 + 1e-9).contains(value)) {
            self.error(
                "profile-range",
                path,
                format!("The profile `{id}` leaves the range 0 to 1."),
                "Output per MW contracted lies between 0 and 1; use a price series only for prices.",
            );
            return None;
        }
        Some(values)
    }

    /// A limit or supply by period: zero before its first step.
    pub(super) fn limit(calendar: &Calendar, steps: &Steps) -> Table<PeriodIx, f64> {
        calendar.periods.iter().map(|period| steps.at(period.start).unwrap_or(0.0)).collect()
    }

    /// A price by period: an error before its first step.
    pub(super) fn price(&mut self, calendar: &Calendar, steps: &Steps, path: &str) -> Table<PeriodIx, f64> {
        self.price_where(calendar, steps, path, &|_| true)
    }

    /// A price by period that is needed in some of them: an error where one has none. In the others its
    /// first step stands in; nothing is paid at it there.
    pub(super) fn price_where(
        &mut self,
        calendar: &Calendar,
        steps: &Steps,
        path: &str,
        needed: &dyn Fn(PeriodIx) -> bool,
    ) -> Table<PeriodIx, f64> {
        if let Some(period) = super::dates::first_without(calendar, steps, needed) {
            let message = format!("There is no value for {}: the first step comes later.", calendar.periods[period].label);
            self.error("missing-step", path, message, format!("Add a step dated {} or before.", calendar.periods[period].start));
        }
        let first = steps.first().unwrap_or(0.0);
        calendar.periods.iter().map(|period| steps.at(period.start).unwrap_or(first)).collect()
    }

    /// A level by period and slice.
    pub(super) fn level(&mut self, calendar: &Calendar, level: &plan::Level, path: &str) -> Level {
        self.level_where(calendar, level, path, &|_| true)
    }

    /// A level by period and slice that is needed in some periods.
    pub(super) fn level_where(&mut self, calendar: &Calendar, level: &plan::Level, path: &str, needed: &dyn Fn(PeriodIx) -> bool) -> Level {
        match level {
            plan::Level::Flat(steps) => Level { base: self.price_where(calendar, steps, path, needed), shape: None },
            plan::Level::Series(series) => {
                let Some((shape, mean)) = self.profile(calendar, &series.id.0, path, calendar.utc_offset_hours) else {
                    return Level::flat(calendar, 0.0);
                };
                let Some(steps) = &series.mean else {
                    return Level { base: Table::build(&calendar.periods, |_| 1.0), shape: Some(shape) };
                };
                if mean.abs() < 1e-12 {
                    self.error(
                        "zero-mean",
                        path,
                        format!("The profile `{}` has a mean of zero and can't be scaled to a mean.", series.id),
                        "Leave `mean` out, or use another profile.",
                    );
                    return Level::flat(calendar, 0.0);
                }
                let means = self.price_where(calendar, steps, &format!("{path}.mean"), needed);
                Level { base: means.iter().map(|wanted| wanted / mean).collect(), shape: Some(shape) }
            }
        }
    }

    /// First period that starts in or after a month; the number of periods if none does.
    pub(super) fn first_period(calendar: &Calendar, month: plan::Month) -> usize {
        calendar.periods.pairs().find(|(_, period)| period.start >= month).map_or(calendar.periods.len(), |(index, _)| index.position())
    }
}

/// Means of whole blocks of hours.
fn values_of_blocks(hours: &[f64], block: usize, values: &mut Table<SliceIx, f64>) {
    for of_block in hours.chunks(block.max(1)) {
        values.push(of_block.iter().sum::<f64>() / of_block.len() as f64);
    }
}
