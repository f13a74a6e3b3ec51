//! From discounted revenue through each part of cost to NPV, M$.

use crate::results::{CostPart, Results};

use super::frame::{Words, at, axis, chart as framed, empty, finite, span};
use super::{Body, Chart, ColorKey, Selection, Step};

/// Revenue, less each part, is NPV; the same sums as the key figures.
pub(super) fn chart(results: &Results, _selection: &Selection) -> Chart {
    let discounted = |value: &dyn Fn(&crate::results::PeriodMoney) -> f64| -> f64 {
        results.money.iter().zip(&results.periods).map(|(money, period)| finite(value(money)) * period.discount).sum()
    };
    let revenue = discounted(&|money| money.revenue_musd);
    let mut steps = vec![Step { name: "Revenue".into(), value: finite(revenue), total: true, color: ColorKey::Good }];
    let mut left = revenue;
    for (index, part) in CostPart::ALL.into_iter().enumerate() {
        let cost = discounted(&|money| at(&money.cost_musd, index));
        if cost.abs() > 1e-9 {
            left -= cost;
            steps.push(Step { name: part.label().into(), value: -cost, total: false, color: ColorKey::Cost(part.label()) });
        }
    }
    if !results.has_numbers() || (steps.len() == 1 && revenue == 0.0) {
        return empty(results, "cost-waterfall", "From revenue to NPV", "There is neither revenue nor cost in this plan.");
    }
    steps.push(Step {
        name: "NPV".into(),
        value: finite(left),
        total: true,
        color: if left >= 0.0 { ColorKey::Good } else { ColorKey::Bad },
    });
    let mut reading = String::from("Flows are discounted as at the end of each year.");
    if results.kpis.end_value_npv_musd > 0.0 {
        let left = crate::words::with_unit(results.kpis.end_value_npv_musd, "M$");
        reading = format!("{reading} Annuities still unpaid at the end of the horizon, {left} today, are left to what stands then.");
    }
    let words = Words {
        name: "cost-waterfall",
        title: "From revenue to NPV".into(),
        subtitle: format!("M$, discounted, {}", span(results, &Selection::default())),
        reading: &reading,
    };
    framed(results, words, super::Axis::default(), axis("Present value", "M$"), Body::Waterfall { steps })
}
