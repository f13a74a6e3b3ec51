//! Nice ticks of an axis.

use crate::words::{grouped, numbers::tiny};

/// Ticks on an axis: multiples of 1, 2 or 5 times a power of ten that cover `low..high`.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticks {
    /// Values, rising; the first is ≤ `low`, the last ≥ `high`.
    pub values: Vec<f64>,
    /// Decimals that tell them apart.
    pub decimals: usize,
}

/// Nice ticks for an axis that must show `low..=high`, about `wanted` of them.
#[must_use]
pub fn ticks(low: f64, high: f64, wanted: usize) -> Ticks {
    let low = if low.is_finite() { low } else { 0.0 };
    let mut high = if high.is_finite() { high } else { low + 1.0 };
    if high - low <= f64::EPSILON * (1.0 + low.abs()) {
        high = low + if low == 0.0 { 1.0 } else { low.abs() };
    }
    let rough = (high - low) / wanted.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= rough * 0.999).unwrap_or(10.0 * power);
    let first = (low / step + 1e-9).floor() as i64;
    let last = (high / step - 1e-9).ceil() as i64;
    let decimals = (-step.log10() - 1e-9).ceil().clamp(0.0, 12.0) as usize;
    Ticks { values: (first..=last.max(first + 1)).take(64).map(|index| index as f64 * step).collect(), decimals }
}

/// A power of ten as a tick of a logarithmic axis: `0.01`, `1,000`, `10⁶`.
#[must_use]
pub fn power_of_ten(exponent: i32) -> String {
    match exponent {
        -3..=4 => grouped(10f64.powi(exponent), usize::try_from(-exponent).unwrap_or(0)),
        _ => tiny(10f64.powi(exponent)).replace("1.00·", ""),
    }
}
