//! Money and counted tokens by period.

use std::collections::HashMap;

use super::super::{PeriodMoney, PeriodTokens, Results};
use super::Reading;
use crate::formulation::cost::CostPart;
use crate::formulation::program::Col;
use crate::resolved::{Ix as _, PeriodIx, ProductIx};
use crate::results::money::spread_over_years;

pub(super) fn money(reading: &Reading<'_>, results: &Results) -> Vec<PeriodMoney> {
    let layout = &reading.formulation.layout;
    let calendar = &reading.resolved.calendar;
    let mut money: Vec<PeriodMoney> = reading.periods().map(|_| PeriodMoney::default()).collect();
    // What the annuities of an order are worth at the horizon's start, per unit.
    let mut annuities: HashMap<Col, f64> = HashMap::new();
    for charge in &layout.charges {
        let amount = charge.musd * charge.col.map_or(1.0, |col| reading.col(col));
        let part = CostPart::ALL.iter().position(|part| *part == charge.part);
        if let (Some(of_period), Some(part)) = (money.get_mut(charge.period.position()), part) {
            if let Some(cell) = of_period.cost_musd.get_mut(part) {
                *cell += amount;
            }
            if !charge.part.is_annuity() {
                of_period.opex_musd += amount;
            }
        }
        if let Some(col) = charge.col.filter(|_| charge.part.is_annuity()) {
            *annuities.entry(col).or_default() += charge.musd * calendar.periods[charge.period].discount;
        }
    }
    let rate = calendar.discount_rate;
    let horizon_years = calendar.years_of(calendar.periods.len());
    for order in &layout.capex {
        let amount = reading.col(order.col);
        let start_years = calendar.years_of(order.period.position());
        // Worth of the annuities, due and unpaid, over what a dollar of the order's moment is worth.
        let worth = annuities.get(&order.col).copied().unwrap_or(0.0) + order.unpaid_musd * (1.0 + rate).powf(-horizon_years);
        let dollar: f64 = spread_over_years(start_years).iter().map(|(years, share)| share * (1.0 + rate).powf(-years)).sum();
        if let Some(of_period) = money.get_mut(order.period.position()) {
            of_period.capex_musd += order.musd * amount;
            of_period.capital_musd += worth / dollar * amount;
            of_period.chip_duty_musd += order.duty_musd * amount;
            of_period.subsidy_musd += order.subsidy_musd * amount;
            of_period.unpaid_annuities_musd += order.unpaid_musd * amount;
        }
    }
    for (index, of_period) in money.iter_mut().enumerate() {
        of_period.revenue_musd = results.sales.iter().map(|sale| sale.revenue_musd.get(index).copied().unwrap_or(0.0)).sum();
    }
    money
}

/// Tokens that count, by period.
pub(super) fn tokens(reading: &Reading<'_>, results: &Results) -> Vec<PeriodTokens> {
    let resolved = reading.resolved;
    let weight = |product: usize, period: usize| {
        let of_product = resolved.products.get(ProductIx::new(product));
        of_product.and_then(|product| product.quality_weight.get(PeriodIx::new(period))).copied().unwrap_or(1.0)
    };
    let counts = |id: &Option<String>| match id {
        Some(id) => resolved.purchases.iter().all(|purchase| purchase.id != *id || purchase.counts_as_tokens),
        None => true,
    };
    (0..results.periods.len())
        .map(|period| {
            let at = |values: &[f64]| values.get(period).copied().unwrap_or(0.0);
            let mut tokens = PeriodTokens::default();
            for sale in &results.sales {
                tokens.answer_ttok += at(&sale.sold_ttok);
                tokens.quality_ttok += at(&sale.sold_ttok) * weight(sale.product, period);
            }
            for flow in results.flows.iter().filter(|flow| !counts(&flow.purchase)) {
                tokens.answer_ttok -= at(&flow.answer_ttok);
                tokens.quality_ttok -= at(&flow.answer_ttok) * weight(flow.product, period);
                tokens.bought_ttok += at(&flow.answer_ttok);
            }
            // Where everything is bought, rounding is left.
            let least = 1e-9 * (tokens.answer_ttok.abs() + tokens.bought_ttok);
            for number in [&mut tokens.answer_ttok, &mut tokens.quality_ttok] {
                if number.abs() <= least {
                    *number = 0.0;
                }
            }
            tokens
        })
        .collect()
}
