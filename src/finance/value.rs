//! Present values and rates of return of dated payments.

/// A payment: years from the start, money.
pub type Payment = (f64, f64);

/// Present value at a rate.
#[must_use]
pub fn present_value(payments: &[Payment], rate: f64) -> f64 {
    payments.iter().map(|(years, money)| money * (1.0 + rate).powf(-years)).sum()
}

/// The rate at which the payments are worth nothing, if there is exactly one from −90 % to 10,000 %.
#[must_use]
pub fn rate_of_return(payments: &[Payment]) -> Option<f64> {
    let spent = payments.iter().any(|(_, money)| *money < 0.0);
    let earned = payments.iter().any(|(_, money)| *money > 0.0);
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

/// Years until the running sum of payments, in the order of their dates, turns positive for good, the
/// crossing interpolated between dates; `None` where nothing is spent or it never does.
#[must_use]
pub fn payback_years(payments: &[Payment]) -> Option<f64> {
    let mut dated = payments.to_vec();
    dated.sort_by(|left, right| left.0.total_cmp(&right.0));
    let (mut sum, mut last, mut crossing, mut spent) = (0.0, 0.0, None, false);
    for (years, money) in dated {
        let before = sum;
        sum += money;
        if sum < 0.0 {
            (crossing, spent) = (None, true);
        } else if crossing.is_none() {
            crossing = Some(if before < 0.0 && money > 0.0 { last + (years - last) * (-before / money) } else { years });
        }
        last = years;
    }
    crossing.filter(|_| spent)
}

/// Where a rising function is zero, from zero on and without an upper end; `None` if it never is.
///
/// One step where the function is a straight line; where it is one in pieces (losses carried forward,
/// debt at its limit) the step is repeated within the bracket until the piece stays.
pub(crate) fn root_of_rising(function: &dyn Fn(f64) -> f64, first: f64) -> Option<f64> {
    let (mut low, mut at_low) = (0.0, function(0.0));
    if at_low >= 0.0 {
        return (at_low == 0.0).then_some(0.0);
    }
    let mut high = first;
    let mut at_high = function(high);
    for _ in 0..200 {
        if at_high >= 0.0 {
            break;
        }
        // Below zero still: on along the line through both, or twice as far.
        let slope = (at_high - at_low) / (high - low);
        let on = if slope > 0.0 { high - at_high / slope } else { high * 2.0 };
        (low, at_low) = (high, at_high);
        high = on.clamp(high * 1.000_001, high * 1e6);
        at_high = function(high);
        if !at_high.is_finite() {
            return None;
        }
    }
    if at_high < 0.0 {
        return None;
    }
    for step in 0..200 {
        if high - low <= 4.0 * f64::EPSILON * high.abs() || at_high <= 0.0 {
            break;
        }
        let line = high - at_high * (high - low) / (at_high - at_low);
        // Every third step halves, so that no kink can hold it up.
        let middle = if step % 3 == 2 || !(line > low && line < high) { f64::midpoint(low, high) } else { line };
        let value = function(middle);
        if value >= 0.0 { (high, at_high) = (middle, value) } else { (low, at_low) = (middle, value) }
    }
    Some(high - if at_high > at_low { at_high * (high - low) / (at_high - at_low) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::{payback_years, present_value, rate_of_return, root_of_rising};

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

    #[test]
    fn payback_by_hand() {
        assert_eq!(payback_years(&[(0.0, -100.0), (1.0, 40.0), (2.0, 40.0), (3.0, 40.0)]), Some(2.5));
        // A second payment sets it back: −30, +60, −50, +70: from −20 at 1 to +50 at 2.
        let twice = payback_years(&[(0.0, -30.0), (1.0, 60.0), (1.0, -50.0), (2.0, 70.0)]).unwrap_or(f64::NAN);
        assert!((twice - (1.0 + 20.0 / 70.0)).abs() < 1e-12, "{twice}");
        assert_eq!(payback_years(&[(0.0, -100.0), (1.0, 40.0)]), None);
        assert_eq!(payback_years(&[(1.0, 40.0)]), None);
    }

    #[test]
    fn roots_of_lines_and_of_kinks() {
        assert_eq!(root_of_rising(&|x| 3.0 * x - 6.0, 1.0), Some(2.0));
        // Steep, then flat: 10 x − 20 below 1, x − 11 above.
        let kinked = root_of_rising(&|x: f64| if x < 1.0 { 10.0 * x - 20.0 } else { x - 11.0 }, 0.5).unwrap_or(f64::NAN);
        assert!((kinked - 11.0).abs() < 1e-12, "{kinked}");
        assert_eq!(root_of_rising(&|_| -1.0, 1.0), None);
        assert_eq!(root_of_rising(&|x| x + 1.0, 1.0), None);
    }
}
