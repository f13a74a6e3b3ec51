//! Key figures and the evidence behind them.

use super::{ContractInfo, EvidenceShares, Kpis, Results, Role};
use crate::catalog::Evidence;
use crate::resolved::{Ix as _, Resolved};

fn total(values: &[f64]) -> f64 {
    values.iter().sum()
}

fn ratio(top: f64, bottom: f64) -> f64 {
    if bottom.abs() > 1e-12 { top / bottom } else { 0.0 }
}

/// Key figures from the tables.
pub(super) fn kpis(resolved: &Resolved, results: &Results) -> Kpis {
    let over = |value: &dyn Fn(&super::PeriodTokens) -> f64| -> f64 { results.tokens.iter().map(value).sum() };
    let answer = over(&|tokens| tokens.answer_ttok);
    let years: f64 = results.periods.iter().map(|period| period.years).sum();
    let discounted = |value: &dyn Fn(usize) -> f64| -> f64 {
        results.periods.iter().enumerate().map(|(index, period)| value(index) * period.discount).sum()
    };
    let of_money = |value: &dyn Fn(&super::PeriodMoney) -> f64| discounted(&|period| results.money.get(period).map_or(0.0, value));
    let of_tokens = |value: &dyn Fn(&super::PeriodTokens) -> f64| discounted(&|period| results.tokens.get(period).map_or(0.0, value));
    let cost_npv = of_money(&super::PeriodMoney::cost_total_musd);
    let revenue_npv = of_money(&|money| money.revenue_musd);
    let npv = revenue_npv - cost_npv;
    let load: f64 = results.power.iter().map(|power| total(&power.energy_gwh)).sum();
    let energy: f64 = results.contracts.iter().filter(|contract| draws(contract)).map(|contract| total(&contract.energy_gwh)).sum();
    let carbon: f64 = results.contracts.iter().map(|contract| total(&contract.carbon_kt)).sum();
    let peak = (0..results.periods.len())
        .flat_map(|period| (0..results.slices.len()).map(move |slice| (period, slice)))
        .map(|(period, slice)| {
            results.power.iter().map(|power| power.load_mw.get(period).and_then(|row| row.get(slice)).copied().unwrap_or(0.0)).sum::<f64>()
        })
        .fold(0.0, f64::max);
    // Tokens of rented chips draw no power of ours: efficiency is of what our own sites make.
    let own: f64 = results
        .flows
        .iter()
        .filter(|flow| flow.site.and_then(|site| results.sites.get(site)).is_some_and(|site| !site.rented))
        .map(|flow| total(&flow.answer_ttok))
        .sum();
    let hours: f64 = results.periods.iter().map(|period| period.days * 24.0).sum();
    Kpis {
        answer_tokens_ttok: answer,
        quality_tokens_ttok: over(&|tokens| tokens.quality_ttok),
        bought_tokens_ttok: over(&|tokens| tokens.bought_ttok),
        answer_tokens_ttok_per_year: ratio(answer, years),
        cost_npv_musd: cost_npv,
        revenue_npv_musd: revenue_npv,
        npv_musd: if npv.abs() < 1e-9 * cost_npv.abs().max(revenue_npv.abs()) { 0.0 } else { npv },
        cost_usd_per_mtok: ratio(cost_npv, of_tokens(&|tokens| tokens.quality_ttok)),
        cost_usd_per_raw_mtok: ratio(cost_npv, of_tokens(&|tokens| tokens.answer_ttok)),
        capex_musd: results.money.iter().map(|money| money.capex_musd).sum(),
        end_value_musd: super::money::end_value_musd(results),
        end_value_npv_musd: super::money::end_value_npv_musd(results, resolved.calendar.discount_rate),
        energy_gwh: energy,
        load_gwh: load,
        peak_mw: peak,
        tokens_per_kwh: ratio(own * 1e12, energy * 1e6),
        tok_per_s_per_mw: ratio(own * 1e12 / 3600.0, load * 1e3).max(0.0) * if hours > 0.0 { 1.0 } else { 0.0 },
        carbon_kt: carbon,
        carbon_g_per_mtok: ratio(carbon * 1e9, own * 1e6),
        water_ml: results.power.iter().map(|power| total(&power.water_ml)).sum(),
        renewable_fraction: renewable_fraction(results),
        in_part_halls_fraction: results.fractions.hall_fraction,
        in_part_racks_fraction: results.fractions.rack_fraction,
        irr_fraction: super::money::irr_fraction(results),
        payback_years: super::money::payback_years(results),
        ..Kpis::default()
    }
}

/// The figures of the lender's view, once it is there.
pub(super) fn of_lender(results: &mut Results) {
    let Some(lender) = &results.lender else { return };
    let (figures, kpis) = (&lender.figures, &mut results.kpis);
    kpis.npv_after_tax_musd = Some(figures.npv_after_tax);
    kpis.irr_after_tax_fraction = figures.irr_after_tax;
    kpis.irr_of_owners_fraction = figures.irr_of_owners;
    kpis.dscr_least = figures.dscr_least;
    kpis.lcot_usd_per_mtok = lender.lcot_usd_per_mtok;
    kpis.lcoc_usd_per_chip_hour = lender.lcoc_usd_per_chip_hour;
}

/// Whether energy comes through a contract's meter: batteries only move it, contracts for difference are paper.
fn draws(contract: &ContractInfo) -> bool {
    contract.kind.role == Role::Energy
}

/// Renewable draw and certificates less what batteries lose, as a share of the facilities' load. More
/// certificates than load are more than all of it.
fn renewable_fraction(results: &Results) -> f64 {
    let sums = super::renewable::Renewable::of_all(results);
    ratio(sums.renewable_gwh, sums.load_gwh).max(0.0)
}

/// Share of the tokens made by grade of their throughput.
pub(super) fn evidence(resolved: &Resolved, results: &Results) -> EvidenceShares {
    let mut by_grade = [0.0; 5];
    for (chips, pool) in results.fleet.iter().zip(&resolved.pools) {
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
