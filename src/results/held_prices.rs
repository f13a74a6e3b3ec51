//! Prices that stay as they are for years. Over years no other number of a plan moves its value as much as the
//! course of prices, and leaving it out says "they hold" without a word.

use super::{Results, Sale};
use crate::catalog::Catalog;
use crate::diagnostic::Diagnostic;
use crate::resolved::Resolved;
use crate::words::{percent, short};

/// Months planned from which it is said.
const MONTHS: u32 = 24;

/// Share of the revenue from which it is said.
const WORTH_SAYING: f64 = 0.5;

/// Prices differ where they do by more than this part.
const SAME: f64 = 1e-9;

/// One sentence where most of what is earned over two years and more is earned at prices that never move.
pub(super) fn warning(resolved: &Resolved, results: &Results) -> Option<Diagnostic> {
    let months = resolved.calendar.period_months * u32::try_from(resolved.calendar.periods.len()).unwrap_or(u32::MAX);
    if months < MONTHS {
        return None;
    }
    let forms = |sale: &Sale| results.trade.prices.iter().any(|price| (price.market, price.product) == (sale.market, sale.product));
    let held = |sale: &Sale| {
        if forms(sale) {
            return false;
        }
        let first = sale.usd_per_mtok.first().copied().unwrap_or(0.0);
        sale.usd_per_mtok.iter().all(|price| (price - first).abs() <= SAME * first.abs())
    };
    let (mut all, mut at_held, mut most) = (0.0, 0.0, None::<(f64, &Sale)>);
    for sale in &results.sales {
        let revenue: f64 = sale.revenue_musd.iter().sum();
        all += revenue;
        if held(sale) {
            at_held += revenue;
            if most.is_none_or(|(earned, _)| revenue > earned) {
                most = Some((revenue, sale));
            }
        }
    }
    let (_, sale) = most.filter(|_| all > 0.0 && at_held > WORTH_SAYING * all)?;
    let fixed = Catalog::embedded().curve("token-price-fixed-capability")?;
    let message = format!(
        "{} of the revenue is earned at prices that stay as they are for {} years. One model's list price has held for two; \
         the price of a fixed capability has gone to {} of itself each year ({}). What the plan is worth turns on which it is.",
        percent(at_held / all),
        short(f64::from(months) / 12.0),
        short(fixed.factor_per_year),
        fixed.source,
    );
    let market = results.markets.get(sale.market)?;
    let product = results.products.get(sale.product)?;
    let path = format!("markets.{}.demand.{}.price_factor_per_year", market.id, product.id);
    Some(Diagnostic::warning("prices-held", path, message).help("State how prices move by the year, or try it as a scenario."))
}
