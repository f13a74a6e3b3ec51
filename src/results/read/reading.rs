//! A point of the solver with what it is a point of.

use crate::formulation::Formulation;
use crate::formulation::expr::Expr;
use crate::formulation::program::Col;
use crate::resolved::{Ix as _, PeriodIx, Resolved, SliceIx};
use crate::results::trade::Prices;

/// A point and what it is a point of.
pub(in crate::results) struct Reading<'a> {
    pub resolved: &'a Resolved,
    pub formulation: &'a Formulation,
    pub point: &'a [f64],
    pub prices: &'a Prices,
}

impl Reading<'_> {
    pub(in crate::results) fn col(&self, col: Col) -> f64 {
        self.point.get(col.0 as usize).copied().unwrap_or(0.0)
    }

    pub(in crate::results) fn maybe(&self, col: Option<Col>) -> f64 {
        col.map_or(0.0, |col| self.col(col))
    }

    pub(in crate::results) fn value(&self, expr: &Expr) -> f64 {
        expr.value(self.point)
    }

    pub(in crate::results) fn periods(&self) -> impl Iterator<Item = PeriodIx> + use<> {
        self.resolved.calendar.periods.keys()
    }

    pub(in crate::results) fn by_period(&self, value: impl FnMut(PeriodIx) -> f64) -> Vec<f64> {
        self.periods().map(value).collect()
    }

    /// Values by period and slice over all slices of the plan (zero where a slice does not exist).
    pub(in crate::results) fn by_slice(&self, mut value: impl FnMut(PeriodIx, usize, SliceIx) -> f64) -> Vec<Vec<f64>> {
        let calendar = &self.resolved.calendar;
        self.periods()
            .map(|period| {
                let mut row = vec![0.0; calendar.slices.len()];
                for (position, slice) in calendar.slices_of[period].iter().enumerate() {
                    if let Some(cell) = row.get_mut(slice.position()) {
                        *cell = value(period, position, *slice);
                    }
                }
                row
            })
            .collect()
    }

    pub(in crate::results) fn hours(&self, period: PeriodIx, slice: SliceIx) -> f64 {
        self.resolved.calendar.hours(period, slice)
    }
}
