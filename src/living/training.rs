//! Training on its way: what was done is done.

use super::stands::Then;
use crate::plan::Plan;
use crate::plan::product::TrainingNeed;
use crate::resolved::Ix as _;

/// What was trained is done: a programme that has ended is gone, one on its way needs what is left.
pub(super) fn training(then: &Then<'_>, plan: &mut Plan, said: &mut Vec<String>) {
    let (resolved, layout) = (&then.stated.resolved, &then.stated.formulation.layout);
    let start = then.month(then.period);
    for (index, programme) in resolved.training.iter().enumerate() {
        let work = |counts: &dyn Fn(usize) -> bool| -> f64 {
            let of = layout.pools.iter().flat_map(|pool| &pool.training).filter(|training| training.programme == index);
            of.flat_map(|training| training.cols.pairs().map(move |(period, cols)| (training.rate, period, cols)))
                .filter(|(_, period, _)| counts(period.position()))
                .map(|(rate, period, cols)| {
                    let calendar = &resolved.calendar;
                    let hours = |place: usize| {
                        if programme.floor.is_none() {
                            calendar.period_hours(period)
                        } else {
                            calendar.slices_of[period].get(place).map_or(0.0, |slice| calendar.hours(period, *slice))
                        }
                    };
                    rate * cols.iter().enumerate().map(|(place, col)| hours(place) * then.value(*col)).sum::<f64>()
                })
                .sum()
        };
        if programme.window.iter().all(|period| period.position() < then.period) {
            plan.training.shift_remove(&programme.id);
            said.push(format!("The training programme {} has ended; what it unlocks is there from the start.", programme.id));
            continue;
        }
        let done = work(&|period| period < then.period);
        let Some(stated) = plan.training.get_mut(&programme.id).filter(|_| programme.need_zflop > 0.0 && done > 0.0) else { continue };
        let hours = |counts: &dyn Fn(usize) -> bool| -> f64 {
            programme.window.iter().filter(|period| counts(period.position())).map(|period| resolved.calendar.period_hours(*period)).sum()
        };
        let left = match programme.floor {
            // A constant rate is needed to the end, whatever was done beyond it: idle chips may train for nothing.
            None => hours(&|period| period >= then.period) / hours(&|_| true),
            Some(_) => (1.0 - done / programme.need_zflop).max(0.0),
        };
        match &mut stated.need {
            TrainingNeed::Zflop(zflop) => *zflop *= left,
            TrainingNeed::ChipHours(hours) => hours.millions *= left,
        }
        stated.data_gtok *= left;
        stated.from = stated.from.max(start);
        said.push(format!("Of the training programme {} a share of {} is left.", programme.id, crate::words::share(left)));
    }
}
