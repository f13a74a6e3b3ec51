//! What an investor asks of the answer: net present value, rate of return and payback, all three of
//! the same flows, and revenue at a single price.
//!
//! The flows of the answer:
//! - **operation**: revenue less opex of a period, at the end of its plan year (12 months from the
//!   horizon's start, as everything is discounted);
//! - **capital**: what was ordered in a period, paid then. An order within a plan year is counted in
//!   parts at the year's start and its end, and at what its annuities are worth at the plan's rate:
//!   its capex, but for what the part of a year moves (under 0.1 %);
//! - **what is left at the end**: what annuities have not paid by the end of the horizon, received
//!   then. Chips and halls bought late are worth what is still owed on them, no more.
//!
//! So the flows at the plan's discount rate are worth the NPV of the answer, exactly; the internal
//! rate of return is the rate at which they are worth nothing, where there is exactly one above −90 %
//! (it is above the plan's rate where the NPV is above zero); and payback is when, undiscounted and
//! without what is left at the end, what came in covers what went out for good: capital leaves at the
//! start of its period, operation comes in evenly over it.

use super::{PeriodMoney, Results};
use crate::diagnostic::Diagnostic;
use crate::finance::value::{Payment, present_value, rate_of_return};
use crate::words::musd;

/// A moment within a plan year as shares of the year's start and its end.
pub(super) fn spread_over_years(years: f64) -> [(f64, f64); 2] {
    // A hair forward: periods are whole months, and a year ends with its last one.
    let whole = (years + 1e-9).floor();
    let share = (years - whole).max(0.0);
    [(whole, 1.0 - share), (whole + 1.0, share)]
}

/// When each period starts, and when the last one ends: years from the horizon's start, by whole months.
fn starts(results: &Results) -> Vec<f64> {
    let months: Vec<f64> = results.periods.iter().map(|period| (period.years * 12.0).round()).collect();
    let mut sum = 0.0;
    let mut starts = vec![0.0];
    for months in months {
        sum += months;
        starts.push(sum / 12.0);
    }
    starts
}

/// The payments of the answer.
fn payments(results: &Results) -> Vec<Payment> {
    let mut payments = Vec::new();
    let starts = starts(results);
    for (start, money) in starts.iter().zip(&results.money) {
        payments.extend(spread_over_years(*start).map(|(years, share)| (years, -money.capital_musd * share)));
        payments.push(((start + 1e-9).floor() + 1.0, money.revenue_musd - money.opex_musd));
    }
    payments.push((starts.last().copied().unwrap_or(0.0), end_value_musd(results)));
    payments
}

/// What annuities leave unpaid at the end of the horizon, M$ of that moment.
#[must_use]
pub fn end_value_musd(results: &Results) -> f64 {
    results.money.iter().map(|money| money.unpaid_annuities_musd).sum()
}

/// The same at the horizon's start, M$.
pub(super) fn end_value_npv_musd(results: &Results, rate: f64) -> f64 {
    end_value_musd(results) * (1.0 + rate).powf(-starts(results).last().copied().unwrap_or(0.0))
}

/// Present value of the answer's flows at a rate, M$: at the plan's discount rate,
/// [`Kpis::npv_musd`](super::Kpis).
#[must_use]
pub fn cash_value_musd(results: &Results, rate: f64) -> f64 {
    present_value(&payments(results), rate)
}

/// Internal rate of return a year, as a fraction.
pub(super) fn irr_fraction(results: &Results) -> Option<f64> {
    rate_of_return(&payments(results))
}

/// Years from the horizon's start until what came in covers what went out, for good.
pub(super) fn payback_years(results: &Results) -> Option<f64> {
    let periods = starts(results)
        .windows(2)
        .map(|ends| match ends {
            [from, to] => to - from,
            _ => 0.0,
        })
        .collect::<Vec<_>>();
    payback(&results.money, &periods)
}

/// The same of money by period, each so many years long.
fn payback(money: &[PeriodMoney], years: &[f64]) -> Option<f64> {
    let (mut sum, mut start, mut since) = (0.0, 0.0, None);
    let mut spent = false;
    for (money, years) in money.iter().zip(years) {
        let owed = sum - money.capital_musd;
        let earned = money.revenue_musd - money.opex_musd;
        sum = owed + earned;
        spent |= owed < -1e-9 || sum < -1e-9;
        since = match (owed < -1e-9, sum < -1e-9) {
            (_, true) => None,
            (true, false) => Some(start + years * (-owed / earned)),
            (false, false) => since.or(Some(start)),
        };
        start += years;
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
                        "{} pays one price: at the lowest price sold of each product and period, revenue is {} instead of the {} that its segments would pay one by one. The figures here are at the one price; a goal of money counted segment by segment.",
                        market.name,
                        musd(at_one),
                        musd(by_segment)
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
                .map(|sale| (at(&sale.sold_ttok, period), at(&sale.usd_per_mtok, period)))
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
    use super::{PeriodMoney, payback};

    #[test]
    fn payback_by_hand() {
        let money = |capital_musd, revenue_musd| PeriodMoney { revenue_musd, capital_musd, ..PeriodMoney::default() };
        // 100 at the start, 40 a year: after two and a half years.
        let years = [1.0, 1.0, 1.0];
        assert_eq!(payback(&[money(100.0, 40.0), money(0.0, 40.0), money(0.0, 40.0)], &years), Some(2.5));
        // Half-years of 30 each: 100 after the fourth third of the second year.
        assert_eq!(payback(&[money(60.0, 30.0), money(0.0, 40.0)], &[0.5, 0.5]), Some(0.875));
        // A second order sets it back: 60 are in after 1, 50 more are out, 70 come in evenly over the second year.
        let twice = payback(&[money(30.0, 60.0), money(50.0, 70.0)], &years).unwrap_or(f64::NAN);
        assert!((twice - (1.0 + 20.0 / 70.0)).abs() < 1e-12, "{twice}");
        // Never covered, or nothing spent.
        assert_eq!(payback(&[money(100.0, 40.0)], &years), None);
        assert_eq!(payback(&[money(0.0, 40.0)], &years), None);
    }
}
