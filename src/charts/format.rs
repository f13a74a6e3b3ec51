//! Numbers and hours as people read them, the same on screen and on paper.

pub use crate::results::words::{grouped, percent};

/// Three or four figures, as a label: `0.412`, `13.8`, `828`, `12,345`.
#[must_use]
pub fn short(value: f64) -> String {
    let size = value.abs();
    let decimals = if size == 0.0 || size >= 100.0 {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 1.0 {
        2
    } else if size >= 0.001 {
        (2.0 - size.log10().floor()).clamp(0.0, 6.0) as usize
    } else {
        return tiny(value);
    };
    let text = grouped(value, decimals);
    if decimals > 0 && text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Below a thousandth: powers of ten.
fn tiny(value: f64) -> String {
    if !value.is_finite() || value == 0.0 {
        return "0".into();
    }
    let text = format!("{:.2e}", value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let sign = if value < 0.0 { "−" } else { "" };
    let raised: String = exponent
        .chars()
        .map(|digit| match digit {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            digit => digit.to_digit(10).and_then(|number| char::from_u32(0x2070 + number)).unwrap_or(digit),
        })
        .collect();
    format!("{sign}{mantissa}·10{raised}")
}

/// A number with its unit: `412 MW`, `9.84 M$`.
#[must_use]
pub fn with_unit(value: f64, unit: &str) -> String {
    if unit.is_empty() { short(value) } else { format!("{} {unit}", short(value)) }
}

/// An hour of the day: `06:00`, `13:30`.
#[must_use]
pub fn hour(value: f64) -> String {
    let minutes = (value * 60.0).round().clamp(0.0, 1e6) as u64;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// A count and its noun: `1 chip`, `3 chips`.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count as f64, 0), if count == 1 { "" } else { "s" })
}

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
