//! Accumulators: families add their terms, one family closes each balance.

use super::expr::Expr;
use crate::resolved::{PeriodIx, PlaceIx, Resolved, Table};

/// An expression for each slice that exists in a period (in the order of `calendar.slices_of`).
pub type BySlice = Table<PlaceIx, Table<PeriodIx, Vec<Expr>>>;

/// The accumulators.
#[derive(Clone, Debug)]
pub struct Balance {
    /// MW supplied at a site: draws and discharge, less charge. Closed by `energy_balance`.
    pub supply: BySlice,
    /// IT power at a site, MW. Filled by `it_power` and `data_pipeline`.
    pub it_power: BySlice,
    /// The part of it that liquid-cooled chips draw, MW. Filled by `fleet`.
    pub liquid_power: BySlice,
    /// MW drawn through the interconnect. Closed by `interconnect`.
    pub through_grid: BySlice,
    /// Chips at work that need a powered chip, thousand, by pool and period and slice. Closed by `fleet`.
    pub chips_at_work: Vec<Table<PeriodIx, Vec<Expr>>>,
    /// Work (thousand chips working, without headroom) by pool: what raises power from idle to active.
    pub work: Vec<Table<PeriodIx, Vec<Expr>>>,
    /// Tokens handled at a site, Gtok per hour. Closed by `data_pipeline`.
    pub handled: BySlice,
}

impl Balance {
    /// Empty accumulators.
    pub fn new(resolved: &Resolved) -> Self {
        let slices = || -> Table<PeriodIx, Vec<Expr>> {
            resolved.calendar.slices_of.iter().map(|slices| vec![Expr::default(); slices.len()]).collect()
        };
        let by_place = || -> BySlice { resolved.places.iter().map(|_| slices()).collect() };
        let by_pool = || resolved.pools.iter().map(|_| slices()).collect();
        Self {
            supply: by_place(),
            it_power: by_place(),
            liquid_power: by_place(),
            through_grid: by_place(),
            chips_at_work: by_pool(),
            work: by_pool(),
            handled: by_place(),
        }
    }
}
