//! Demand charges.
//!
//! The months of a period are grouped by the days that stand for them. For each contract k with a
//! demand charge, each group and each slice t of its days:
//!
//!   peak\[k,p,group] ≥ draw\[k,p,t]                                           (MW)
//!
//! paid at charge · months in the group. The worth of shaving the peak shows in the load's own limits.

use super::Builder;
use super::builder::{Bound, When};
use super::expr::Expr;
use crate::resolved::Ix as _;

/// Adds the rows and the money.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    for (index, contract) in resolved.contracts.pairs() {
        let Some(charge) = &contract.facets.peak_charge else { continue };
        for period in calendar.periods.keys().filter(|period| contract.in_force[*period] && charge.musd_per_mw_month[*period] > 0.0) {
            let draw = builder.layout.contracts[index].draw[period].clone();
            if draw.iter().all(Option::is_none) {
                continue;
            }
            let mut peaks = Vec::new();
            for (position, group) in calendar.peak_groups[period].iter().enumerate() {
                let peak = builder.column("peak", &[&contract.id], When::slice(period, position), f64::INFINITY);
                peaks.push(peak);
                builder.charge_contract(index, period, Some(peak), charge.musd_per_mw_month[period] * group.months);
                for (slice, col) in calendar.slices_of[period].iter().zip(&draw) {
                    let Some(col) = col.filter(|_| group.days.contains(&calendar.slices[*slice].day)) else { continue };
                    let mut row = Expr::col(col);
                    row.add(peak, -1.0);
                    let group_name = format!("group{position}");
                    builder.row(
                        "demand_charge",
                        "monthly_peak",
                        &[&contract.id, &group_name],
                        When::slice(period, slice.position()),
                        row,
                        Bound::AtMost(0.0),
                        None,
                    );
                }
            }
            builder.layout.contracts[index].peaks[period] = peaks;
        }
    }
}
