//! Money by period.

use super::super::{PeriodMoney, Results};
use super::Reading;
use crate::formulation::cost::CostPart;
use crate::scenario::Ix as _;

pub(super) fn money(reading: &Reading<'_>, results: &Results) -> Vec<PeriodMoney> {
    let layout = &reading.formulation.layout;
    let mut money: Vec<PeriodMoney> = reading.periods().map(|_| PeriodMoney::default()).collect();
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
    }
    for order in &layout.capex {
        let amount = reading.col(order.col);
        if let Some(of_period) = money.get_mut(order.period.position()) {
            of_period.capex_musd += order.musd * amount;
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
