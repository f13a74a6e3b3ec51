//! Routes: egress and token duty.
//!
//! For each route from s to r with product m:
//!
//!   (egress + duty\[country of s, country of r]) · tokens                  (M$; $/Mtok · Ttok)
//!
//! and for each purchase u that serves r, whose tokens are made in a country like any others
//!
//!   duty\[country of u, country of r] · tokens
//!
//! Bans and latency limits leave routes out altogether. No rows.

use super::Builder;
use super::cost::CostPart;
use super::sourcing::bought_ttok;

/// Adds the money.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (index, route) in resolved.routes.iter().enumerate() {
        for period in resolved.calendar.periods.keys() {
            let (egress, duty) = (route.egress_usd_per_mtok[period], route.duty_usd_per_mtok[period]);
            if egress == 0.0 && duty == 0.0 {
                continue;
            }
            let total = builder.served_total(index, period);
            builder.charge_expr(period, CostPart::Egress, &total, egress);
            builder.charge_expr(period, CostPart::TokenDuty, &total, duty);
        }
    }
    for (index, demand) in resolved.demands.iter().enumerate() {
        let Some(bought) = builder.layout.demands.get(index).map(|cols| cols.bought.clone()) else { continue };
        for (purchase, cols) in bought {
            let Some(duty) = resolved.purchases.get(purchase).map(|purchase| &purchase.duty_usd_per_mtok[demand.market]) else { continue };
            for period in resolved.calendar.periods.keys().filter(|period| duty[*period] != 0.0) {
                let total = bought_ttok(resolved, demand.product, &cols[period], period);
                builder.charge_expr(period, CostPart::TokenDuty, &total, duty[period]);
            }
        }
    }
}
