//! What an investor asks of the answer: rate of return, payback, and revenue at a single price.
//!
//! The cash of a period is revenue less opex, at the end of its plan year (12 months from the
//! horizon's start, as everything is discounted); capex is paid at the start of the period of its
//! order. What annuities have not paid by the end of the horizon is the **terminal value**, received
//! at its end: chips and halls bought late are worth what is still owed on them, no more.
//!
//!   Σ_p (revenue − opex)·(1+r)^−year − Σ_p capex·(1+r)^−start + unpaid·(1+r)^−end = 0
//!
//! The internal rate of return is the r that solves this, where there is exactly one above −90 %.
//! Payback is undiscounted and without the terminal value: the end of the first period from which on
//! what came in covers what went out.

use super::{PeriodMoney, Results};
use crate::diagnostic::Diagnostic;

/// A payment: years from the horizon's start, M$.
type Payment = (f64, f64);

/// The payments of the answer.
fn payments(results: &Results) -> Vec<Payment> {
    let mut payments = Vec::new();
    let mut start: f64 = 0.0;
    for (period, money) in results.periods.iter().zip(&results.money) {
        payments.push((start, -money.capex_musd));
        // A hair back: periods are whole months, and a year ends with its last one.
        payments.push(((start + 1e-9).floor() + 1.0, money.revenue_musd - money.opex_musd));
        start += period.years;
    }
    payments.push((start, results.money.iter().map(|money| money.unpaid_annuities_musd).sum()));
    payments
}

/// Present value at a rate, M$.
fn present_value(payments: &[Payment], rate: f64) -> f64 {
    payments.iter().map(|(years, musd)| musd * (1.0 + rate).powf(-years)).sum()
}

/// Present value of the answer's cash at a rate, M$: what [`Kpis::npv_musd`](super::Kpis) says with
/// annuities in the place of capex, but for what an order within a plan year moves by a part of a year.
#[must_use]
pub fn cash_value_musd(results: &Results, rate: f64) -> f64 {
    present_value(&payments(results), rate)
}

/// The rate at which the payments are worth nothing, if there is exactly one from −90 % to 10,000 %.
fn rate_of_return(payments: &[Payment]) -> Option<f64> {
    let spent = payments.iter().any(|(_, musd)| *musd < 0.0);
    let earned = payments.iter().any(|(_, musd)| *musd > 0.0);
    if !spent || !earned {
        return None;
    }
    // Steps of 2 % in 1 + r: payments that change sign more than once may have several rates, and then none is meant.
    let grid = |step: i32| 0.1 * 1.02f64.powi(step) - 1.0;
    let mut found = None;
    let mut low = grid(0);
    let mut at_low = present_value(payments, low);
    for step in 1..350 {
        let high = grid(step);
        let at_high = present_value(payments, high);
        if (at_low > 0.0) != (at_high > 0.0) {
            if found.is_some() {
                return None;
            }
            found = Some((low, high, at_low > 0.0));
        }
        (low, at_low) = (high, at_high);
    }
    let (mut low, mut high, positive_low) = found?;
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if (present_value(payments, middle) > 0.0) == positive_low { low = middle } else { high = middle }
    }
    Some(f64::midpoint(low, high))
}

/// Internal rate of return a year, as a fraction.
pub(super) fn irr_fraction(results: &Results) -> Option<f64> {
    rate_of_return(&payments(results))
}

/// Years from the horizon's start until what came in covers what went out, for good.
pub(super) fn payback_years(results: &Results) -> Option<f64> {
    let cash = |money: &PeriodMoney| money.revenue_musd - money.opex_musd - money.capex_musd;
    let (mut sum, mut end, mut since) = (0.0, 0.0, None);
    let mut spent = false;
    for (period, money) in results.periods.iter().zip(&results.money) {
        sum += cash(money);
        end += period.years;
        spent |= sum < -1e-9;
        since = if sum < -1e-9 { None } else { since.or(Some(end)) };
    }
    since.filter(|_| spent)
}

/// A market that pays one price: what that does to revenue.
pub(super) fn single_price_warnings(results: &Results) -> Vec<Diagnostic> {
    results
        .markets
        .iter()
        .enumerate()
        .filter(|(_, market)| market.single_price)
        .filter_map(|(index, market)| {
            let (by_segment, at_one) = single_price_revenue(results, index);
            (by_segment - at_one > 1e-6 * by_segment.abs().max(1e-9)).then(|| {
                Diagnostic::warning(
                    "single-price",
                    format!("markets.{}.single_price", market.id),
                    format!(
                        "{} pays one price: at the lowest price sold of each product and period, revenue is {:.1} M$ instead of the {:.1} M$ shown segment by segment.",
                        market.name, at_one, by_segment
                    ),
                )
            })
        })
        .collect()
}

/// Revenue of a market over the horizon, M$ undiscounted: segment by segment, and with everything of a
/// product sold in a period at the lowest price sold.
#[must_use]
pub fn single_price_revenue(results: &Results, market: usize) -> (f64, f64) {
    let sales: Vec<_> = results.sales.iter().filter(|sale| sale.market == market).collect();
    let at = |values: &[f64], period: usize| values.get(period).copied().unwrap_or(0.0);
    let (mut by_segment, mut at_one) = (0.0, 0.0);
    for product in 0..results.products.len() {
        for period in 0..results.periods.len() {
            let sold: Vec<(f64, f64)> = sales
                .iter()
                .filter(|sale| sale.product == product)
                .map(|sale| (at(&sale.sold_ttok, period), sale.usd_per_mtok))
                .filter(|(ttok, _)| *ttok > 1e-12)
                .collect();
            let lowest = sold.iter().map(|(_, usd)| *usd).fold(f64::INFINITY, f64::min);
            by_segment += sold.iter().map(|(ttok, usd)| ttok * usd).sum::<f64>();
            at_one += sold.iter().map(|(ttok, _)| ttok * lowest).sum::<f64>();
        }
    }
    (by_segment, at_one)
}

#[cfg(test)]
mod tests {
    use super::{present_value, rate_of_return};

    #[test]
    fn rates_of_return_by_hand() {
        // 100 now, 110 in a year: 10 %. 100 now, 60.5 twice: 1 + r solves 100 x² = 60.5 x + 60.5.
        let near = |rate: Option<f64>, wanted: f64| assert!((rate.unwrap_or(f64::NAN) - wanted).abs() < 1e-9, "{rate:?} is not {wanted}");
        near(rate_of_return(&[(0.0, -100.0), (1.0, 110.0)]), 0.1);
        near(rate_of_return(&[(0.0, -100.0), (1.0, 60.5), (2.0, 60.5)]), f64::midpoint(0.605, (0.605f64 * 0.605 + 2.42).sqrt()) - 1.0);
        near(rate_of_return(&[(0.0, -100.0), (2.0, 50.0)]), 0.5f64.sqrt() - 1.0);
    }

    #[test]
    fn no_rate_where_there_is_none_or_more_than_one() {
        assert_eq!(rate_of_return(&[(0.0, 10.0), (1.0, 10.0)]), None);
        assert_eq!(rate_of_return(&[(0.0, -10.0)]), None);
        // −100 + 230 x − 132 x² is zero at 10 % and at 20 %.
        let twice = [(0.0, -100.0), (1.0, 230.0), (2.0, -132.0)];
        assert!(present_value(&twice, 0.1).abs() < 1e-9 && present_value(&twice, 0.2).abs() < 1e-9);
        assert_eq!(rate_of_return(&twice), None);
    }
}
