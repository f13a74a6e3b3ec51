//! Key figures and the evidence behind them.

use super::{EvidenceShares, Kpis, Results};
use crate::catalog::Evidence;
use crate::scenario::{Ix as _, ProductIx, Scenario};

/// Key figures from the tables.
pub(super) fn kpis(scenario: &Scenario, results: &Results) -> Kpis {
    let total = |values: &[f64]| values.iter().sum::<f64>();
    let sold: f64 = results.sales.iter().map(|sale| total(&sale.sold_ttok)).sum();
    let weight = |product: usize| scenario.products.get(ProductIx::new(product)).map_or(1.0, |product| product.quality_weight);
    let weighted: f64 = results.sales.iter().map(|sale| total(&sale.sold_ttok) * weight(sale.product)).sum();
    let bought_not_counted: f64 = results
        .flows
        .iter()
        .filter(|flow| {
            flow.purchase
                .as_ref()
                .is_some_and(|id| scenario.purchases.iter().any(|purchase| purchase.id == *id && !purchase.counts_as_tokens))
        })
        .map(|flow| total(&flow.answer_ttok) * weight(flow.product))
        .sum();
    let years: f64 = results.periods.iter().map(|period| period.years).sum();
    let discounted = |value: &dyn Fn(&super::PeriodMoney) -> f64| -> f64 {
        results.money.iter().zip(&results.periods).map(|(money, period)| value(money) * period.discount).sum()
    };
    let cost_npv = discounted(&super::PeriodMoney::cost_total_musd);
    let revenue_npv = discounted(&|money| money.revenue_musd);
    let cost: f64 = results.money.iter().map(super::PeriodMoney::cost_total_musd).sum();
    let energy: f64 = results.power.iter().map(|power| total(&power.energy_gwh)).sum();
    let carbon: f64 = results.contracts.iter().map(|contract| total(&contract.carbon_kt)).sum();
    let drawn = |renewable_only: bool| -> f64 {
        results
            .contracts
            .iter()
            .filter(|contract| contract.kind != super::SupplyKind::Battery && (contract.renewable || !renewable_only))
            .map(|contract| total(&contract.energy_gwh))
            .sum()
    };
    let peak = (0..results.periods.len())
        .flat_map(|period| (0..results.slices.len()).map(move |slice| (period, slice)))
        .map(|(period, slice)| {
            results.power.iter().map(|power| power.load_mw.get(period).and_then(|row| row.get(slice)).copied().unwrap_or(0.0)).sum::<f64>()
        })
        .fold(0.0, f64::max);
    let ratio = |top: f64, bottom: f64| if bottom.abs() > 1e-12 { top / bottom } else { 0.0 };
    // Tokens of rented chips draw no power of ours: efficiency is of what our own sites make.
    let own: f64 = results
        .flows
        .iter()
        .filter(|flow| flow.site.and_then(|site| results.sites.get(site)).is_some_and(|site| !site.rented))
        .map(|flow| total(&flow.answer_ttok))
        .sum();
    let hours: f64 = results.periods.iter().map(|period| period.days * 24.0).sum();
    Kpis {
        answer_tokens_ttok: sold,
        quality_tokens_ttok: weighted - bought_not_counted,
        answer_tokens_ttok_per_year: ratio(sold, years),
        cost_npv_musd: cost_npv,
        revenue_npv_musd: revenue_npv,
        npv_musd: revenue_npv - cost_npv,
        cost_usd_per_mtok: ratio(cost, sold),
        capex_musd: results.money.iter().map(|money| money.capex_musd).sum(),
        energy_gwh: energy,
        peak_mw: peak,
        tokens_per_kwh: ratio(own * 1e12, energy * 1e6),
        tok_per_s_per_mw: ratio(own * 1e12 / 3600.0, energy * 1e3).max(0.0) * if hours > 0.0 { 1.0 } else { 0.0 },
        carbon_kt: carbon,
        carbon_g_per_mtok: ratio(carbon * 1e9, own * 1e6),
        water_ml: results.power.iter().map(|power| total(&power.water_ml)).sum(),
        renewable_fraction: ratio(drawn(true), drawn(false)),
        irr_fraction: super::money::irr_fraction(results),
        payback_years: super::money::payback_years(results),
    }
}

/// Share of the tokens made by grade of their throughput.
pub(super) fn evidence(scenario: &Scenario, results: &Results) -> EvidenceShares {
    let mut by_grade = [0.0; 5];
    for (chips, pool) in results.fleet.iter().zip(&scenario.pools) {
        let offered = pool.rates.pairs().flat_map(|(product, rates)| rates.pairs().map(move |(period, rate)| (product, period, rate)));
        for (product, period, rate) in offered {
            let Some(rate) = rate else { continue };
            let of_period = chips.answer_ttok.get(period.position());
            let made = of_period.and_then(|made| made.get(product.position())).copied().unwrap_or(0.0);
            let grade = match rate.evidence {
                Evidence::Measured => 0,
                Evidence::Calibrated => 1,
                Evidence::Modelled => 2,
                Evidence::Unproven => 3,
                Evidence::Stated => 4,
            };
            if let Some(cell) = by_grade.get_mut(grade) {
                *cell += made;
            }
        }
    }
    let total: f64 = by_grade.iter().sum();
    if total <= 0.0 {
        return EvidenceShares::default();
    }
    let [measured, calibrated, modelled, unproven, stated] = by_grade.map(|made| made / total);
    EvidenceShares { measured, calibrated, modelled, unproven, stated }
}
