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
            .map(|product| {
                let mut factors = Table::build(&calendar.periods, |_| 1.0);
                let mut models: Vec<&str> = product.asks.iter().map(|ask| ask.served_model.as_str()).collect();
                models.dedup();
                for id in models {
                    let Some(served) = plan.served_models.get(id) else { continue };
                    let path = format!("served_models.{id}.speed_factor");
                    let serves = |period: PeriodIx| product.ask(period).served_model == id;
                    let said = self.problems.iter().any(|problem| problem.path == path);
                    let of_model = if said {
                        Self::limit(calendar, &served.speed_factor)
                    } else {
                        self.price_where(calendar, &served.speed_factor, &path, &serves)
                    };
                    for period in calendar.periods.keys().filter(|period| serves(*period)) {
                        factors[period] = of_model[period];
                    }
                }
                factors
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
