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
use crate::resolved::rules::CappedSubsidy;
use crate::resolved::{ChipIx, Ix as _, PeriodIx};

/// Adds the rows and the money of subsidies with a ceiling.
pub fn subsidies(builder: &mut Builder<'_>) {
    for (number, terms) in builder.resolved.subsidies.iter().enumerate() {
        subsidy(builder, number, terms);
    }
}

/// Chips of pools in service, thousand.
pub fn in_service(builder: &Builder<'_>, period: PeriodIx, pools: &[usize]) -> Expr {
    let mut total = Expr::default();
    for col in pools.iter().filter_map(|pool| builder.layout.pools.get(*pool)?.in_service[period]) {
        total.add(col, 1.0);
    }
    total
}

/// Performance ordered in a period of chips made in the country, and of all, thousand TPP by thousand
/// chips; with what stands already counted where it begins to stand.
pub fn domestic(builder: &Builder<'_>, period: PeriodIx, pools: &[usize], domestic: &[ChipIx], include_existing: bool) -> (Expr, Expr) {
    let resolved = builder.resolved;
    let (mut part, mut whole) = (Expr::default(), Expr::default());
    for index in pools {
        let (Some(pool), Some(cols)) = (resolved.pools.get(*index), builder.layout.pools.get(*index)) else { continue };
        // Thousand TPP per chip keeps coefficients near one.
        let tpp = resolved.chips[pool.chip].tpp * 1e-3;
        let mut of_pool = Expr::default();
        for (_, col) in cols.orders.iter().filter(|(order, _)| *order == period) {
            of_pool.add(*col, tpp * cols.order_unit);
        }
        if include_existing {
            let standing = if period.position() == 0 { pool.existing[period] } else { pool.existing_arrivals[period] };
            of_pool.constant += tpp * standing;
        }
        whole.add_expr(&of_pool, 1.0);
        if domestic.contains(&pool.chip) {
            part.add_expr(&of_pool, 1.0);
        }
    }
    (part, whole)
}

fn subsidy(builder: &mut Builder<'_>, number: usize, terms: &CappedSubsidy) {
    let resolved = builder.resolved;
    let id = terms.id.as_str();
    let mut total = Expr::default();
    for (index, pool) in resolved.pools.iter().enumerate() {
        let chip = &resolved.chips[pool.chip];
        let Some(cols) = builder.layout.pools.get(index) else { continue };
        let Some((_, rate)) = pool.capped_subsidies.iter().find(|(of, _)| *of == number) else { continue };
        let (subsidies, orders, unit) = (cols.subsidies.clone(), cols.orders.clone(), cols.order_unit);
        for (_, order, col) in subsidies.iter().filter(|(of, _, _)| *of == number) {
            total.add(*col, 1.0);
            let mut row = Expr::col(*col);
            for (_, ordered) in orders.iter().filter(|(of, _)| of == order) {
                row.add(*ordered, -rate[*order] * pool.landed_capex_musd_per_thousand[*order] * unit);
            }
            let ids = [resolved.places[pool.place].id.as_str(), chip.id.as_str(), id];
            builder.row("chip_policy", "subsidy_rate", &ids, When::period(*order), row, Bound::AtMost(0.0), None);
            // One M$ of subsidy is one M$ less of capex, and takes its annuities along.
            let landed = pool.landed_capex_musd_per_thousand[*order];
            let factor = if landed > 0.0 { pool.annuity_musd_per_year[*order] / landed } else { 0.0 };
            builder.order_cost(CostPart::Chips, *col, *order, -1.0, -factor, chip.lead, chip.life, (0.0, 1.0));
        }
    }
    if !total.is_zero() {
        let limit = builder.limit(terms.path.clone(), "M$", terms.ceiling_musd, 1.0);
        builder.row("chip_policy", "subsidy_ceiling", &[id], When::HORIZON, total, Bound::AtMost(terms.ceiling_musd), Some(limit));
    }
}
