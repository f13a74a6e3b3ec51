//! Demand.
//!
//! For each market r and product m in period p, with what is sold of each segment at most its volume
//! (a bound of the column, Ttok):
//!
//! Interactive, for each slice t:
//!   Σ_s served\[t] + Σ bought\[t] = 1000 · f\[r,t] / Σ_t θ·f · Σ_g sold       (Gtok per hour)
//! Deferrable, for each window w (day, week or the period) within which work may be moved:
//!   Σ_s served\[w] + Σ bought\[w] = 1000 / days of p · Σ_g sold              (Gtok per day, mean of the window)
//!
//! f is the market's local day on the plan's clock. A market with a single source needs no row: its
//! tokens are written in terms of what is sold. The total over the period is implied.
//!
//! The dual of a segment's volume is the worth of one more Gtok a day of demand.

use super::Builder;
use super::flexible;
use super::builder::{Bound, When, demand_share};
use super::expr::Expr;
use super::layout::Served;
use super::variables::positions;

/// Adds the rows.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (index, demand) in resolved.demands.iter().enumerate() {
        let market = &resolved.markets[demand.market];
        let product = &resolved.products[demand.product];
        for period in resolved.calendar.periods.keys() {
            let Some(cols) = builder.layout.demands.get(index) else { continue };
            let sold = cols.sold[period].clone();
            let written_out = cols
                .routes
                .iter()
                .any(|route| builder.layout.routes.get(*route).is_some_and(|forms| matches!(forms[period], Served::Cols(_))));
            let buys = cols.bought.iter().any(|(_, cols)| !cols[period].is_empty());
            if sold.is_empty() || !(written_out || buys) {
                continue;
            }
            let (routes, bought) = (cols.routes.clone(), cols.bought.clone());
            for (position, slice) in positions(&resolved.calendar, period, product).into_iter().enumerate() {
                let mut row = Expr::default();
                for route in &routes {
                    row.add_expr(&builder.served(*route, period, position), 1.0);
                }
                for (_, cols) in &bought {
                    if let Some(col) = cols[period].get(position) {
                        row.add(*col, 1.0);
                    }
                }
                let share = demand_share(resolved, demand, period, position);
                if flexible::is_shed(builder, index, period) {
                    row.add_expr(&flexible::wanted(builder, index, period, position, share), -1.0);
                } else {
                    for col in &sold {
                        row.add(*col, -share);
                    }
                }
                builder.row("demand", "demand", &[&market.id, &product.id], When::slice(period, slice), row, Bound::Equal(0.0), None);
            }
            flexible::add(builder, index, period);
        }
    }
}
