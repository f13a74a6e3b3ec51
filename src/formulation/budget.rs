//! Budgets.
//!
//! Capex (landed, less subsidy, no interest), in the period of the order:
//!   Σ capex · orders ≤ limit of the period,  and in total ≤ limit of the horizon        (M$)
//! Opex (every cost but annuities) of a period ≤ limit                                  (M$)
//! Energy at the meters of a period, from every contract and plant, ≤ limit per year · Δ_p  (GWh)
//!
//! Duals are the worth of one more M$ or GWh; they are unique and shown as facts.

use super::Builder;
use super::builder::{Bound, When};
use super::expr::Expr;

/// Adds the rows.
pub fn add(builder: &mut Builder<'_>) {
    let scenario = builder.scenario;
    let calendar = &scenario.calendar;
    let budget = &scenario.budget;
    let mut total = Expr::default();
    for (period, data) in calendar.periods.pairs() {
        let mut capex = Expr::default();
        for order in builder.layout.capex.iter().filter(|order| order.period == period) {
            capex.add(order.col, order.musd);
        }
        total.add_expr(&capex, 1.0);
        if let Some(steps) = &budget.capex_musd_per_period
            && !capex.is_zero()
        {
            let most = steps.at(data.start).unwrap_or(0.0);
            let limit = builder.limit("budget.capex_musd_per_period".into(), "M$", most, 1.0);
            builder.row("budget", "capex", &[], When::period(period), capex, Bound::AtMost(most), Some(limit));
        }
        if let Some(steps) = &budget.opex_musd_per_period {
            let mut opex = Expr::default();
            for charge in builder.layout.charges.iter().filter(|charge| charge.period == period && !charge.part.is_annuity()) {
                match charge.col {
                    Some(col) => {
                        opex.add(col, charge.musd);
                    }
                    None => opex.constant += charge.musd,
                }
            }
            let most = steps.at(data.start).unwrap_or(0.0);
            let limit = builder.limit("budget.opex_musd_per_period".into(), "M$", most, 1.0);
            builder.row("budget", "opex", &[], When::period(period), opex, Bound::AtMost(most), Some(limit));
        }
        if let Some(steps) = &budget.energy_gwh_per_year {
            let mut energy = Expr::default();
            for cols in &builder.layout.contracts {
                for (slice, col) in calendar.slices_of[period].iter().zip(&cols.draw[period]) {
                    if let Some(col) = col {
                        energy.add(*col, calendar.hours(period, *slice) * 1e-3);
                    }
                }
            }
            let most = steps.at(data.start).unwrap_or(0.0);
            let limit = builder.limit("budget.energy_gwh_per_year".into(), "GWh/year", most, data.years);
            if !energy.is_zero() {
                builder.row("budget", "energy", &[], When::period(period), energy, Bound::AtMost(most * data.years), Some(limit));
            }
        }
    }
    if let Some(most) = budget.capex_musd_total {
        let limit = builder.limit("budget.capex_musd_total".into(), "M$", most, 1.0);
        builder.row("budget", "capex_total", &[], When::HORIZON, total, Bound::AtMost(most), Some(limit));
    }
}
