//! Routes: egress and token duty.
//!
//! For each route from s to r with product m:
//!
//!   (egress + duty\[country of s, country of r]) · tokens                  (M$; $/Mtok · Ttok)
//!
//! Bans and latency limits leave routes out altogether. No rows.

use super::Builder;
use super::cost::CostPart;

/// Adds the money.
pub fn add(builder: &mut Builder<'_>) {
    let scenario = builder.scenario;
    for (index, route) in scenario.routes.iter().enumerate() {
        if route.egress_usd_per_mtok == 0.0 && route.duty_usd_per_mtok == 0.0 {
            continue;
        }
        for period in scenario.calendar.periods.keys() {
            let total = builder.served_total(index, period);
            builder.charge_expr(period, CostPart::Egress, &total, route.egress_usd_per_mtok);
            builder.charge_expr(period, CostPart::TokenDuty, &total, route.duty_usd_per_mtok);
        }
    }
}
