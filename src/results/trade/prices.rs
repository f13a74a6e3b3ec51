//! Prices that form: on a curve that of the volume sold; of segments at one price, in an equilibrium, what one
//! more token is worth.
//!
//! The latter is a dual: a segment's price less the reduced cost of what is sold of it, whichever segment. It lies
//! between the prices of the last segment sold and the next one.

use super::MarketPrice;
use crate::formulation::Formulation;
use crate::resolved::curve::{At, Elastic};
use crate::resolved::{Ix as _, PeriodIx, Resolved};
use crate::results::Results;
use crate::results::read::Reading;
use crate::solve::Outcome;

/// Prices by demand and period: none of demands that pay segment by segment, and none where nothing is sold.
pub(in crate::results) type Prices = Vec<Option<Vec<Option<f64>>>>;

/// Reads them off a point.
pub(in crate::results) fn prices(resolved: &Resolved, formulation: &Formulation, outcome: &Outcome, point: &[f64]) -> Prices {
    let forms = resolved.conduct().is_some();
    let value = |col: &crate::formulation::program::Col| point.get(col.0 as usize).copied().unwrap_or(0.0);
    let of_demand = |(demand, cols): (&crate::resolved::Demand, &crate::formulation::layout::DemandCols)| {
        let by_curve = demand.curve.as_ref();
        if by_curve.is_none() && !(forms && resolved.markets[demand.market].single_price) {
            return None;
        }
        let duals = outcome.phases.last().map(|phase| phase.column_duals.as_slice()).unwrap_or_default();
        let price = |period: PeriodIx| {
            let sold: f64 = cols.sold[period].iter().map(value).sum();
            let most: f64 = demand.segments.iter().map(|segment| segment.volume_ttok[period]).sum();
            if sold <= 1e-9 * most || sold <= 0.0 {
                return None;
            }
            if let Some(curve) = by_curve {
                return Some(curve.shapes[period].price(sold));
            }
            let discount = resolved.calendar.periods[period].discount;
            let (segment, col) = demand.segments.iter().zip(&cols.sold[period]).find(|(_, col)| value(col) > 0.0)?;
            let reduced = duals.get(col.0 as usize).copied()?;
            Some(segment.usd_per_mtok[period] - reduced / discount)
        };
        Some(resolved.calendar.periods.keys().map(price).collect())
    };
    resolved.demands.iter().zip(&formulation.layout.demands).map(of_demand).collect()
}

/// Where a point lies on the curve of a demand in a period.
fn position(reading: &Reading<'_>, demand: usize, curve: &Elastic, period: PeriodIx) -> At {
    crate::formulation::conduct::position(reading.resolved, &reading.formulation.layout, reading.point, demand, curve, period)
}

/// The table of prices.
pub(in crate::results) fn market_prices(reading: &Reading<'_>, results: &Results) -> Vec<MarketPrice> {
    let resolved = reading.resolved;
    let mut all = Vec::new();
    for (number, (demand, prices)) in resolved.demands.iter().zip(reading.prices).enumerate() {
        let Some(prices) = prices else { continue };
        let (market, product) = (demand.market.position(), demand.product.position());
        let of_sale = |period: usize| -> f64 {
            let own = results.sales.iter().filter(|sale| sale.market == market && sale.product == product);
            own.map(|sale| super::at(&sale.sold_ttok, period)).sum()
        };
        let sold_ttok: Vec<f64> = (0..results.periods.len()).map(of_sale).collect();
        let consumer = |period: PeriodIx| {
            let (at, sold) = (period.position(), super::at(&sold_ttok, period.position()));
            let Some(price) = prices.get(at).copied().flatten() else { return 0.0 };
            let worth = match &demand.curve {
                Some(curve) => curve.shapes[period].area(sold),
                None => {
                    let mut left = sold;
                    let of_segment = |segment: &crate::resolved::Segment| {
                        let taken = left.min(segment.volume_ttok[period]).max(0.0);
                        left -= taken;
                        taken * segment.usd_per_mtok[period]
                    };
                    demand.segments.iter().map(of_segment).sum()
                }
            };
            worth - price * sold
        };
        let error = |period: PeriodIx| {
            demand.curve.as_ref().map_or(0.0, |curve| curve.price_error(period, &position(reading, number, curve, period)))
        };
        all.push(MarketPrice {
            market,
            product,
            usd_per_mtok: prices.clone(),
            consumer_musd: reading.by_period(consumer),
            error_fraction: reading.by_period(error),
            sold_ttok,
        });
    }
    all
}
