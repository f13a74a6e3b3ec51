//! Money over time: annuities, discounting, rates of return. Rates and factors are per period;
//! cash flows are at the ends of periods, the first one at time zero where a function says so.

/// Capital recovery factor: the yearly payment per unit of money borrowed at `rate` over `years`,
/// `rate / (1 − (1 + rate)^(−years))`, and `1 / years` at a rate of zero.
#[must_use]
pub fn crf(rate: f64, years: f64) -> f64 {
    // expm1 and ln_1p keep their digits at small rates, where 1 − (1 + rate)^(−years) loses them.
    let paid = -(-years * rate.ln_1p()).exp_m1();
    if rate.abs() < 1e-12 { 1.0 / years } else { rate / paid }
}

/// Yearly payment over `life_years` in service for money paid `lead_years` before: interest until service,
/// then the capital recovery factor.
#[must_use]
pub fn annuity(capex: f64, rate: f64, lead_years: f64, life_years: f64) -> f64 {
    capex * (1.0 + rate).powf(lead_years) * crf(rate, life_years)
}

/// What one unit of money in `years` years is worth today: `(1 + rate)^(−years)`.
#[must_use]
pub fn discount_factor(rate: f64, years: f64) -> f64 {
    (-years * rate.ln_1p()).exp()
}

/// Net present value of cash flows at times 0, 1, 2 and so on.
#[must_use]
pub fn npv(rate: f64, cash_flows: &[f64]) -> f64 {
    // Horner's rule from the last flow back: no powers, no drift.
    cash_flows.iter().rev().fold(0.0, |later, flow| flow + later / (1.0 + rate))
}

/// Internal rate of return of cash flows at times 0, 1, 2 and so on, by bisection.
///
/// `None` where the flows never change sign, or where the value has the same sign over all rates
/// from −99 % to 1,000 % per period. With several rates the lowest one bracketed is returned.
#[must_use]
pub fn irr(cash_flows: &[f64]) -> Option<f64> {
    let rates = [-0.99, -0.9, -0.7, -0.5, -0.3, -0.2, -0.1, -0.05, 0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0];
    let bracket = rates.iter().zip(rates.iter().skip(1)).find(|&(&low, &high)| {
        let low_value = npv(low, cash_flows);
        let high_value = npv(high, cash_flows);
        low_value.is_finite() && high_value.is_finite() && (high_value - low_value).abs() > 0.0 && low_value * high_value <= 0.0
    })?;
    let (mut low, mut high) = (*bracket.0, *bracket.1);
    let low_is_positive = npv(low, cash_flows) > 0.0;
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if (npv(middle, cash_flows) > 0.0) == low_is_positive {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(f64::midpoint(low, high))
}

/// Periods until the running sum of cash flows at times 0, 1, 2 and so on turns positive for good,
/// with the crossing interpolated within its period; `None` where it never does.
#[must_use]
pub fn payback_periods(cash_flows: &[f64]) -> Option<f64> {
    let mut sum = 0.0;
    let mut time = 0.0;
    let mut crossing = None;
    for (index, &flow) in cash_flows.iter().enumerate() {
        let before = sum;
        sum += flow;
        if sum < 0.0 {
            crossing = None;
        } else if crossing.is_none() {
            crossing = Some(if index == 0 || flow <= 0.0 { time } else { time - 1.0 + (-before / flow).clamp(0.0, 1.0) });
        }
        time += 1.0;
    }
    crossing
}

#[cfg(test)]
mod tests {
    use super::{crf, discount_factor, irr, npv, payback_periods};

    fn close(left: f64, right: f64, tolerance: f64) {
        assert!((left - right).abs() <= tolerance, "{left} is not {right}");
    }

    #[test]
    fn capital_recovery() {
        close(crf(0.08, 5.0), 0.250_456_454_566_836_4, 1e-15);
        close(crf(0.0, 5.0), 0.2, 1e-15);
        // Continuous at zero.
        close(crf(1e-9, 5.0), 0.2, 1e-8);
        // Five payments of crf pay back exactly what was borrowed.
        let payment = crf(0.08, 5.0);
        close(npv(0.08, &[-1.0, payment, payment, payment, payment, payment]), 0.0, 1e-14);
    }

    #[test]
    fn discounting() {
        close(discount_factor(0.08, 1.0), 1.0 / 1.08, 1e-15);
        close(discount_factor(0.08, 0.0), 1.0, 0.0);
        close(npv(0.1, &[-100.0, 60.0, 60.0]), -100.0 + 60.0 / 1.1 + 60.0 / 1.21, 1e-12);
        close(npv(0.1, &[]), 0.0, 0.0);
    }

    #[test]
    fn rate_of_return() {
        close(irr(&[-100.0, 110.0]).unwrap(), 0.1, 1e-12);
        close(irr(&[-100.0, 60.0, 60.0]).unwrap(), 0.130_662_386, 1e-8);
        close(irr(&[-100.0, 50.0]).unwrap(), -0.5, 1e-12);
        assert_eq!(irr(&[100.0, 50.0]), None);
        assert_eq!(irr(&[]), None);
        assert_eq!(irr(&[0.0, 0.0]), None);
    }

    #[test]
    fn payback() {
        close(payback_periods(&[-100.0, 40.0, 40.0, 40.0]).unwrap(), 2.5, 1e-12);
        close(payback_periods(&[10.0, 10.0]).unwrap(), 0.0, 0.0);
        assert_eq!(payback_periods(&[-100.0, 40.0]), None);
        // A later investment starts the wait again.
        close(payback_periods(&[-10.0, 20.0, -30.0, 40.0]).unwrap(), 2.5, 1e-12);
    }
}
