//! Chip licences, domestic share, and subsidies with a ceiling.
//!
//! ChipLicence of country C (chips at or above a TPP or in a further class by TPP, performance density
//! and memory bandwidth, of one origin or any), each period:
//!   Σ in_service of restricted chips at C's sites ≤ at_most                  (thousand chips)
//! DomesticShare of country C, over the horizon, by total processing performance:
//!   Σ_{domestic} tpp·orders ≥ minimum · Σ tpp·orders   (chips that stand count too, if asked)
//! CapexSubsidy with a ceiling, with a column subsidy\[s,c,q] in M$ for each order:
//!   subsidy ≤ rate · landed capex · orders,   Σ subsidy ≤ ceiling
//!
//! A subsidy lowers the budget's capex, and the order's annuities by the same factor. Import duties
//! and subsidies without ceiling are in the landed capex. Licences limit stocks: their duals are
//! shown as sums over runs of periods.

use super::Builder;
use super::builder::{Bound, When};
use super::cost::CostPart;
use super::expr::Expr;
use crate::plan::Policy;

/// Adds the rows and the money.
pub fn add(builder: &mut Builder<'_>) {
    let scenario = builder.scenario;
    for (index, (id, policy)) in scenario.policies.iter().enumerate() {
        match policy {
            Policy::ChipLicence(rule) => {
                for period in scenario.calendar.periods.keys() {
                    let mut row = Expr::default();
                    for (pool, cols) in scenario.pools.iter().zip(&builder.layout.pools) {
                        let chip = &scenario.chips[pool.chip];
                        if chip.needs_licence(rule)
                            && scenario.places[pool.place].country == rule.site_country
                            && let Some(col) = cols.in_service[period]
                        {
                            row.add(col, 1.0);
                        }
                    }
                    if !row.is_zero() {
                        let most = rule.at_most.at(scenario.calendar.periods[period].start).unwrap_or(0.0);
                        let limit = builder.limit(format!("policies.{id}.at_most"), "chips", most, 1e-3);
                        builder.row("chip_policy", "licence", &[id], When::period(period), row, Bound::AtMost(most * 1e-3), Some(limit));
                    }
                }
            }
            Policy::DomesticShare(rule) => {
                let mut row = Expr::default();
                let mut all = Expr::default();
                for (pool, cols) in scenario
                    .pools
                    .iter()
                    .zip(&builder.layout.pools)
                    .filter(|(pool, _)| scenario.places[pool.place].country == rule.site_country)
                {
                    let chip = &scenario.chips[pool.chip];
                    let domestic = if chip.origin == rule.site_country { 1.0 } else { 0.0 };
                    // Thousand TPP per chip keeps coefficients near one.
                    let weight = (domestic - rule.minimum_fraction) * chip.tpp * 1e-3;
                    for (_, col) in &cols.orders {
                        row.add(*col, weight * cols.order_unit);
                        all.add(*col, chip.tpp * 1e-3 * cols.order_unit);
                    }
                    if rule.include_existing {
                        let standing =
                            pool.existing.iter().next().copied().unwrap_or(0.0) + pool.existing_arrivals.iter().skip(1).sum::<f64>();
                        row.constant += weight * standing;
                        all.constant += chip.tpp * 1e-3 * standing;
                    }
                }
                if !row.is_zero() {
                    let limit = builder.share_limit(format!("policies.{id}.minimum_fraction"), rule.minimum_fraction, all);
                    builder.row("chip_policy", "domestic_share", &[id], When::HORIZON, row, Bound::AtLeast(0.0), Some(limit));
                }
            }
            Policy::CapexSubsidy(rule) => {
                if let Some(ceiling) = rule.ceiling_musd {
                    subsidy(builder, index, id, rule.rate_fraction, ceiling);
                }
            }
            _ => {}
        }
    }
}

fn subsidy(builder: &mut Builder<'_>, policy: usize, id: &str, rate: f64, ceiling: f64) {
    let scenario = builder.scenario;
    let mut total = Expr::default();
    for (index, pool) in scenario.pools.iter().enumerate() {
        let chip = &scenario.chips[pool.chip];
        let Some(cols) = builder.layout.pools.get(index) else { continue };
        let (subsidies, orders, unit) = (cols.subsidies.clone(), cols.orders.clone(), cols.order_unit);
        for (_, order, col) in subsidies.iter().filter(|(of, _, _)| *of == policy) {
            total.add(*col, 1.0);
            let mut row = Expr::col(*col);
            for (_, ordered) in orders.iter().filter(|(of, _)| of == order) {
                row.add(*ordered, -rate * pool.landed_capex_musd_per_thousand[*order] * unit);
            }
            let ids = [scenario.places[pool.place].id.as_str(), chip.id.as_str(), id];
            builder.row("chip_policy", "subsidy_rate", &ids, When::period(*order), row, Bound::AtMost(0.0), None);
            // One M$ of subsidy is one M$ less of capex, and takes its annuities along.
            let landed = pool.landed_capex_musd_per_thousand[*order];
            let factor = if landed > 0.0 { pool.annuity_musd_per_year[*order] / landed } else { 0.0 };
            builder.order_cost(CostPart::Chips, *col, *order, -1.0, -factor, chip.lead, chip.life, (0.0, 1.0));
        }
    }
    if !total.is_zero() {
        let limit = builder.limit(format!("policies.{id}.ceiling_musd"), "M$", ceiling, 1.0);
        builder.row("chip_policy", "subsidy_ceiling", &[id], When::HORIZON, total, Bound::AtMost(ceiling), Some(limit));
    }
}
