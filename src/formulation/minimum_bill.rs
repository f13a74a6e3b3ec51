//! Least bills.
//!
//! For each contract k that owes a least bill and each month m in which it does:
//!
//!   topped_up\[m] ≥ least − (energy + blocks of energy + demand + fixed fee of the month)     (M$)
//!
//! paid on top. A credit for hours in which the draw may be held down does not count against it. Giving
//! back contracted demand within the term costs its exit fee in the period in which the step falls. The
//! dual of the least bill is what one more $ of it costs.

use super::Builder;
use super::builder::{Bound, When};
use super::expr::Expr;

/// Adds the rows and the money. After `demand_charge`, which says what demand costs in each month.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    for (index, contract) in resolved.contracts.pairs() {
        let Some(least) = &contract.facets.least_bill else { continue };
        for period in calendar.periods.keys() {
            builder.charge_contract(index, period, None, least.exit_musd[period]);
        }
        for period in calendar.periods.keys().filter(|period| contract.in_force[*period] && least.musd_per_month[*period] > 0.0) {
            for month in calendar.months_of_period(period).filter(|month| least.owed.get(month.offset) == Some(&true)) {
                let mut bill = builder.layout.contracts[index].monthly_musd.get(&month.offset).cloned().unwrap_or_default();
                for (slice, col) in calendar.slices_of[period].iter().zip(&builder.layout.contracts[index].draw[period]) {
                    if let (Some(col), Some(price)) = (col, &contract.facets.energy_price) {
                        let hours = calendar.hours_in_month(*slice, month.of_year);
                        bill.add(*col, hours * price.usd_per_mwh.at(period, *slice) * 1e-6);
                    }
                }
                bill.constant += contract.facets.fee_of_month(month);
                let when = When::slice(period, month.offset);
                let topped_up = builder.column("topped_up", &[&contract.id], when, f64::INFINITY);
                builder.charge_contract(index, period, Some(topped_up), 1.0);
                let mut row = Expr::col(topped_up);
                row.add_expr(&bill, 1.0);
                // The plan's number is $ a month, before escalation.
                let musd = least.musd_per_month[period];
                let limit = builder.limit(least.path.clone(), "$/month", musd * 1e6, 1e-6);
                builder.row("minimum_bill", "least_bill", &[&contract.id], when, row, Bound::AtLeast(musd), Some(limit));
            }
        }
    }
}
