//! Days in order: which representative day each day of the year is, and the spans of time within
//! which deferrable work may be moved.
//!
//! In an hourly plan every day of the year is its own. In a linked one each of the 365 days of the
//! year is one of the representative days: days chosen by `pick` are the very days that were chosen;
//! the other days of a month are shared out among the representative days that name it, in proportion
//! to the days each stands for there and spread evenly (each goes to the one that lies furthest behind
//! its share; what is left of a share is carried into the next month). So the days that a
//! representative day stands for are whole in a linked plan.
//!
//! A period of two years is two years alike: its order is that of one, and each of its days counts
//! twice.

use super::calendar::{Calendar, MONTH_DAYS, RepresentativeDay};
use super::index::{DayIx, Ix as _, PeriodIx};
use crate::diagnostic::Diagnostic;

/// Consecutive days of the year that one representative day stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The day.
    pub day: DayIx,
    /// How many in a row.
    pub days: usize,
}

/// Within what span of time work may be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deferral {
    /// Within each day.
    Day,
    /// Within each week of seven days from the period's first; a rest is a shorter week of its own.
    Week,
    /// Within the period.
    Period,
}

/// A span of time within which work may be moved (or several that are made of the same days).
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Days of the period in it.
    pub days: f64,
    /// Representative days, and how many of the period's days in it each stands for.
    pub parts: Vec<(DayIx, f64)>,
}

impl Window {
    /// Whether a day is in it.
    pub fn holds(&self, day: DayIx) -> bool {
        self.parts.iter().any(|(part, _)| *part == day)
    }
}

/// Days in a week.
const WEEK: usize = 7;

/// Which of the days each day of the year is; makes the days they stand for whole.
///
/// # Errors
/// Days that stand for less than half a day of the year, so that no day is theirs.
pub(super) fn sequence(days: &mut [RepresentativeDay], picked: &[bool]) -> Result<Vec<DayIx>, Vec<Diagnostic>> {
    let mut year: Vec<Option<usize>> = vec![None; 365];
    for (index, day) in days.iter().enumerate().filter(|(index, _)| picked.get(*index).copied().unwrap_or(false)) {
        for at in &day.stands_for {
            if let Some(cell) = year.get_mut(*at) {
                *cell = Some(index);
            }
        }
    }
    let mut behind = vec![0.0; days.len()];
    let mut first = 0;
    for (month, length) in MONTH_DAYS.iter().map(|days| *days as usize).enumerate() {
        let weights: Vec<f64> = days
            .iter()
            .enumerate()
            .map(|(index, day)| if picked.get(index).copied().unwrap_or(false) { 0.0 } else { day.days_by_month[month] })
            .collect();
        let total: f64 = weights.iter().sum();
        for cell in year.iter_mut().skip(first).take(length).filter(|cell| cell.is_none()) {
            if total > 0.0 {
                for (behind, weight) in behind.iter_mut().zip(&weights) {
                    *behind += weight / total;
                }
            }
            // Where picks alone stand for a month, a day they left over is of the one that names most of it.
            let share = |index: usize| if total > 0.0 { weights[index] } else { days[index].days_by_month[month] };
            let furthest = (0..days.len()).filter(|index| share(*index) > 0.0).max_by(|left, right| {
                let rank = |index: usize| if total > 0.0 { behind[index] } else { share(index) };
                rank(*left).total_cmp(&rank(*right)).then(right.cmp(left))
            });
            if let Some(index) = furthest {
                *cell = Some(index);
                if total > 0.0 {
                    behind[index] -= 1.0;
                }
            }
        }
        first += length;
    }
    for (index, day) in days.iter_mut().enumerate() {
        let mut first = 0;
        for (count, length) in day.days_by_month.iter_mut().zip(MONTH_DAYS) {
            *count = year.iter().skip(first).take(length as usize).filter(|of| **of == Some(index)).count() as f64;
            first += length as usize;
        }
    }
    let empty: Vec<Diagnostic> = days
        .iter()
        .filter(|day| day.days_by_month.iter().sum::<f64>() < 0.5)
        .map(|day| {
            let message = format!("In a linked plan each day of the year is one of the days, and none is left for `{}`.", day.id);
            Diagnostic::error("no-day-left", format!("slices.days.{}", day.id), message)
                .help("Let it stand for at least one day of the year, take it out, or write `linked: false`.")
        })
        .collect();
    if empty.is_empty() { Ok(year.into_iter().flatten().map(DayIx::new).collect()) } else { Err(empty) }
}

impl Calendar {
    /// Whether hours stand in order, so that what is stored or put off crosses midnight.
    pub fn ordered(&self) -> bool {
        !self.sequence.is_empty()
    }

    /// The days of a period in order, those of one year if it is longer; empty where there is no order.
    pub fn days_in_order(&self, period: PeriodIx) -> Vec<DayIx> {
        let first = self.periods[period].start.month_of_year() as usize - 1;
        let months = (self.period_months as usize).min(12);
        let before = |month: usize| MONTH_DAYS.iter().take(month).map(|days| *days as usize).sum::<usize>();
        (first..first + months)
            .map(|month| month % 12)
            .flat_map(|month| self.sequence.iter().skip(before(month)).take(MONTH_DAYS[month] as usize).copied())
            .collect()
    }

    /// The days of a period in order, each run of the same day as one.
    pub fn runs(&self, period: PeriodIx) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for day in self.days_in_order(period) {
            match runs.last_mut() {
                Some(run) if run.day == day => run.days += 1,
                _ => runs.push(Run { day, days: 1 }),
            }
        }
        runs
    }

    /// The spans within which work may be moved in a period. Together they hold all its days.
    pub fn windows(&self, period: PeriodIx, deferral: Deferral) -> Vec<Window> {
        let of_day = |day: DayIx| (day, self.days[day].days[period]);
        match deferral {
            Deferral::Day => self.days_of[period].iter().map(|day| Window { days: of_day(*day).1, parts: vec![of_day(*day)] }).collect(),
            Deferral::Period => {
                vec![Window { days: self.periods[period].days, parts: self.days_of[period].iter().copied().map(of_day).collect() }]
            }
            Deferral::Week => self.weeks(period),
        }
    }

    /// The weeks of a period; those of the same days are one window.
    fn weeks(&self, period: PeriodIx) -> Vec<Window> {
        let days = self.days_in_order(period);
        let repeats = self.periods[period].days / days.len().max(1) as f64;
        let mut windows: Vec<Window> = Vec::new();
        for week in days.chunks(WEEK) {
            let mut parts: Vec<(DayIx, f64)> = Vec::new();
            for day in week {
                match parts.iter_mut().find(|(part, _)| part == day) {
                    Some((_, count)) => *count += repeats,
                    None => parts.push((*day, repeats)),
                }
            }
            parts.sort_by_key(|(day, _)| *day);
            let span = parts.iter().map(|(_, count)| count).sum::<f64>();
            let alike = |window: &&mut Window| {
                let scale = window.days / span;
                window.parts.len() == parts.len()
                    && window
                        .parts
                        .iter()
                        .zip(&parts)
                        .all(|(of, part)| of.0 == part.0 && (of.1 - scale * part.1).abs() < 1e-9 * window.days)
            };
            match windows.iter_mut().find(alike) {
                Some(window) => {
                    window.days += span;
                    for (of, part) in window.parts.iter_mut().zip(&parts) {
                        of.1 += part.1;
                    }
                }
                None => windows.push(Window { days: span, parts }),
            }
        }
        windows
    }
}

#[cfg(test)]
mod tests {
    use super::super::index::Table;
    use super::{DayIx, RepresentativeDay, sequence};

    fn day(id: &str, days_by_month: [f64; 12], stands_for: Vec<usize>) -> RepresentativeDay {
        RepresentativeDay { id: id.to_owned(), days_by_month, days: Table::default(), stands_for }
    }

    #[test]
    fn days_are_spread_evenly_and_picks_are_where_they_were_picked() {
        let half = super::MONTH_DAYS.map(|days| f64::from(days) / 2.0);
        let mut two = [day("a", half, vec![]), day("b", half, vec![])];
        let year = sequence(&mut two, &[false, false]).unwrap();
        assert!(year.iter().enumerate().all(|(at, day)| *day == DayIx((at % 2) as u32)), "turn and turn about");
        assert_eq!(two[0].days_by_month.iter().sum::<f64>() + two[1].days_by_month.iter().sum::<f64>(), 365.0);
        let mut january = [0.0; 12];
        january[0] = 2.0;
        let rest = super::MONTH_DAYS.map(f64::from);
        let mut picked = [day("peak", january, vec![40, 41]), day("rest", rest, vec![])];
        let year = sequence(&mut picked, &[true, false]).unwrap();
        assert_eq!(year.iter().filter(|day| day.0 == 0).count(), 2);
        assert_eq!((year[40].0, year[41].0, picked[0].days_by_month[1]), (0, 0, 2.0));
    }

    #[test]
    fn a_day_without_days_is_refused() {
        let mut days = [day("all", super::MONTH_DAYS.map(f64::from), vec![]), day("none", [0.001; 12], vec![])];
        assert_eq!(sequence(&mut days, &[false, false]).unwrap_err()[0].code, "no-day-left");
    }
}
