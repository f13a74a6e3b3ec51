//! Training programmes: their windows, needs and chips.

use super::calendar::Calendar;
use super::chips::Chip;
use super::index::{ChipIx, PeriodIx, PlaceIx, Table};
use super::sites::Place;
use super::{Resolved, Resolver};
use crate::plan::{Rhythm, TrainingNeed};
use crate::words::digits;

/// ZFLOP per hour of a thousand chips at 1 TFLOP/s.
pub const ZFLOP_PER_HOUR: f64 = 3.6e-3;

/// A training programme.
#[derive(Clone, Debug, PartialEq)]
pub struct Programme {
    /// Its id.
    pub id: String,
    /// Periods of its window.
    pub window: Vec<PeriodIx>,
    /// Compute needed, ZFLOP.
    pub need_zflop: f64,
    /// Lowest rate as a share of the mean; `None` for a constant rate.
    pub floor: Option<f64>,
    /// The one site it runs at; `None` if it may spread.
    pub place: Option<PlaceIx>,
    /// Chips it may run on, with ZFLOP per hour and thousand chips.
    pub chips: Vec<(ChipIx, f64)>,
    /// Training tokens read per ZFLOP, Gtok.
    pub data_gtok_per_zflop: f64,
}

impl Resolver<'_> {
    /// The programmes.
    pub(super) fn training(&mut self, calendar: &Calendar, places: &Table<PlaceIx, Place>, chips: &Table<ChipIx, Chip>) -> Vec<Programme> {
        let plan = self.plan;
        let mut programmes = Vec::new();
        for (id, training) in &plan.training {
            let path = format!("training.{id}");
            let utilisation = training.utilisation_fraction.value;
            let source = if training.utilisation_fraction.source.is_empty() { "the plan" } else { &training.utilisation_fraction.source };
            self.assume(format!("{path}.utilisation_fraction"), utilisation, "", source, "stated");
            let end = training.until.plus(1);
            let window: Vec<PeriodIx> = calendar
                .periods
                .pairs()
                .filter(|(_, period)| training.from <= period.start && period.start.plus(calendar.period_months as i32) <= end)
                .map(|(period, _)| period)
                .collect();
            if window.is_empty() {
                self.error(
                    "training-window",
                    path.clone(),
                    "The window holds no whole period of the plan.",
                    "Widen `from` and `until` to whole periods inside the horizon.",
                );
                continue;
            }
            let usable: Vec<(ChipIx, f64)> = chips
                .pairs()
                .filter(|(_, chip)| training.chips.is_empty() || training.chips.iter().any(|wanted| wanted.0 == chip.id))
                .filter(|(_, chip)| chip.dense_bf16_tflops > 0.0)
                .map(|(index, chip)| (index, chip.dense_bf16_tflops * utilisation * ZFLOP_PER_HOUR))
                .collect();
            if usable.is_empty() {
                self.error(
                    "training-chips",
                    path.clone(),
                    "No chip of the plan has a known training compute.",
                    "Add `dense_bf16_tflops` to a chip.",
                );
                continue;
            }
            let need_zflop = match &training.need {
                TrainingNeed::Zflop(zflop) => *zflop,
                TrainingNeed::ChipHours(hours) => {
                    let of = chips.iter().find(|chip| chip.id == hours.chip.0);
                    // Millions of chip-hours × TFLOP/s: 1e6 · 3600 s · 1e12 = 3.6e21 = 3.6 ZFLOP.
                    of.map_or(0.0, |chip| hours.millions * chip.dense_bf16_tflops * utilisation * 3.6)
                }
            };
            programmes.push(Programme {
                id: id.clone(),
                window,
                need_zflop,
                floor: match &training.rhythm {
                    Rhythm::Rigid => None,
                    Rhythm::Elastic(elastic) => Some(elastic.floor_fraction),
                },
                place: training
                    .site
                    .as_ref()
                    .and_then(|site| places.pairs().find(|(_, place)| place.id == site.0 && place.site.is_some()).map(|(index, _)| index)),
                chips: usable,
                data_gtok_per_zflop: if need_zflop > 0.0 { training.data_gtok / need_zflop } else { 0.0 },
            });
        }
        programmes
    }
}

impl Resolved {
    /// A need above what supply and fleets could ever give is said before the solve.
    pub(super) fn check_training(&self, resolver: &mut Resolver<'_>) {
        for programme in &self.training {
            let mut possible = 0.0;
            for period in &programme.window {
                for (chip_index, rate) in &programme.chips {
                    let chip = &self.chips[*chip_index];
                    let bought: f64 =
                        chip.supply.pairs().filter(|(order, _)| super::Pool::serves(chip, *order, *period)).map(|(_, supply)| supply).sum();
                    let at = |pool: &&super::Pool| {
                        pool.chip == *chip_index && pool.rental.is_none() && programme.place.is_none_or(|place| place == pool.place)
                    };
                    let standing: f64 = self.pools.iter().filter(at).map(|pool| pool.existing[*period]).sum();
                    let can_stand = self.pools.iter().filter(at).any(|pool| !pool.orders_in.is_empty());
                    let thousand = standing + if can_stand { bought } else { 0.0 };
                    possible += thousand * chip.availability * rate * self.calendar.period_hours(*period);
                }
            }
            if possible < programme.need_zflop * (1.0 - 1e-9) {
                let path = format!("training.{}.need", programme.id);
                let message = format!(
                    "`{}` needs {} ZFLOP, but fleets and chip supply can give at most {} in its window.",
                    programme.id,
                    digits(programme.need_zflop, 5),
                    digits(possible, 5)
                );
                resolver.error("training-need", path, message, "Lower the need, lengthen the window, or raise chip supply before it.");
            }
        }
    }
}
