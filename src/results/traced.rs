//! What is needed to trace tokens to their cost, and is in no other table: whose time the chips
//! worked, what each flow pays on its way, and what each throughput rests on.

use super::Flow;
pub use super::findings::Traced;
use super::read::Reading;
use crate::resolved::{Ix as _, MarketIx};

/// Reads them; of the flows, routes come first.
pub(super) fn traced(reading: &Reading<'_>, flows: &[Flow]) -> Traced {
    let (resolved, layout) = (reading.resolved, &reading.formulation.layout);
    let calendar = &resolved.calendar;
    let col = |col: crate::formulation::program::Col| reading.point.get(col.0 as usize).copied().unwrap_or(0.0);
    let periods = || calendar.periods.keys();
    let mut traced = Traced::default();
    for cols in &layout.pools {
        traced.work_chip_hours.push(
            periods()
                .map(|period| {
                    let mut by_product = vec![0.0; resolved.products.len()];
                    for work in &cols.work {
                        let hours: f64 = calendar.slices_of[period]
                            .iter()
                            .zip(&work.cols[period])
                            .map(|(slice, of_slice)| calendar.hours(period, *slice) * col(*of_slice) * 1e3)
                            .sum();
                        if let Some(sum) = by_product.get_mut(work.product.position()) {
                            *sum += hours;
                        }
                    }
                    by_product
                })
                .collect(),
        );
        traced.training_chip_hours.push(
            periods()
                .map(|period| {
                    let hours = |training: &crate::formulation::layout::TrainingWork| -> f64 {
                        match training.cols[period].as_slice() {
                            [] => 0.0,
                            [constant] => calendar.period_hours(period) * col(*constant) * 1e3,
                            by_slice => calendar.slices_of[period]
                                .iter()
                                .zip(by_slice)
                                .map(|(slice, of_slice)| calendar.hours(period, *slice) * col(*of_slice) * 1e3)
                                .sum(),
                        }
                    };
                    cols.training.iter().map(hours).sum()
                })
                .collect(),
        );
    }
    traced.egress_usd_per_mtok = resolved.routes.iter().map(|route| route.egress_usd_per_mtok.iter().copied().collect()).collect();
    traced.duty_usd_per_mtok = resolved.routes.iter().map(|route| route.duty_usd_per_mtok.iter().copied().collect()).collect();
    // Bought tokens come after the routes; their seller brings them, but duty is due on them too.
    traced.egress_usd_per_mtok.resize(flows.len(), Vec::new());
    for flow in flows.iter().skip(resolved.routes.len()) {
        let of_flow = resolved.purchases.iter().find(|purchase| flow.purchase.as_ref().is_some_and(|id| *id == purchase.id));
        let duty = |purchase: &crate::resolved::Purchase| purchase.duty_usd_per_mtok[MarketIx::new(flow.market)].iter().copied().collect();
        traced.duty_usd_per_mtok.push(of_flow.map_or_else(Vec::new, duty));
    }
    traced.grades =
        resolved.rates.iter().map(|of_chip| of_chip.iter().map(|rate| rate.as_ref().map(|rate| rate.evidence)).collect()).collect();
    traced
}
