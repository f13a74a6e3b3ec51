//! What software gains: rates of pools times the factors of their chip and served model, by period.

use std::sync::Arc;

use super::chips::{Chip, Pool};
use super::index::{ChipIx, PeriodIx, ProductIx, Table};
use super::markets::Product;
use super::rates::Rate;
use super::{Calendar, Resolver};

impl Resolver<'_> {
    /// Multiplies the rates of pools by what their chip and their served model gain.
    pub(super) fn progress(
        &mut self,
        calendar: &Calendar,
        (chips, products): (&Table<ChipIx, Chip>, &Table<ProductIx, Product>),
        pools: &mut [Pool],
    ) {
        let plan = self.plan;
        let of_model: Table<ProductIx, Table<PeriodIx, f64>> = products
            .iter()
            .map(|product| match plan.served_models.get(&product.served_model) {
                Some(served) => {
                    let path = format!("served_models.{}.speed_factor", product.served_model);
                    let known = self.problems.iter().any(|problem| problem.path == path);
                    if known { Self::limit(calendar, &served.speed_factor) } else { self.price(calendar, &served.speed_factor, &path) }
                }
                None => Table::build(&calendar.periods, |_| 1.0),
            })
            .collect();
        for pool in pools {
            let of_chip = &chips[pool.chip].speed_factor;
            for (product, rates) in products.keys().zip(pool.rates.iter_mut()) {
                for (period, rate) in calendar.periods.keys().zip(rates.iter_mut()) {
                    let factor = of_chip[period] * of_model[product][period];
                    if let Some(rate) = rate.as_mut().filter(|_| factor != 1.0) {
                        let faster = Rate { prefill: rate.prefill * factor, decode: rate.decode * factor, ..Rate::clone(rate) };
                        *rate = Arc::new(faster);
                    }
                }
            }
        }
    }
}
