//! Numbers, amounts and shares as people read them.

/// Groups the digits before the point by thousands: `12,345.6`; the minus is a real minus.
#[must_use]
pub fn grouped(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return if value > 0.0 { "no limit".into() } else { "–".into() };
    }
    with_groups(&format!("{value:.decimals$}"))
}

/// So many decimals without groups, for figures that are no amounts: degrees, ratios, PUE.
#[must_use]
pub fn fixed(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}").replace('-', "−")
}

/// A number with at least so many figures (all of those before the point), grouped, without zeros after its last one.
#[must_use]
pub fn digits(value: f64, figures: i32) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let whole = value.abs().log10().floor();
    let decimals = if whole.is_finite() { (f64::from(figures) - 1.0 - whole).clamp(0.0, 9.0) as usize } else { 0 };
    trimmed(grouped(value, decimals))
}

/// Three or four figures, as a label: `0.412`, `13.8`, `828`, `12,345`.
#[must_use]
pub fn short(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || size >= 0.001 { digits(value, 3) } else { tiny(value) }
}

/// A number as a table of the plan shows it, with a figure or two more than a label: `1,520`, `152.3`, `1.12`.
#[must_use]
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    let size = value.abs();
    let decimals = if size >= 1000.0 || value.fract() == 0.0 {
        0
    } else if size >= 100.0 {
        1
    } else if size >= 1.0 {
        2
    } else {
        (2.0 - size.log10().floor()).clamp(2.0, 9.0) as usize
    };
    trimmed(grouped(value, decimals))
}

/// Exactly the number, for fields: groups of thousands, all its decimals.
#[must_use]
pub fn exact(value: f64) -> String {
    let text = if value.abs() >= 1e15 || (value != 0.0 && value.abs() < 1e-6) { format!("{value:e}") } else { format!("{value}") };
    if text.contains('e') { text } else { with_groups(&text) }
}

/// An amount with the digits it was confirmed with: six, and no zeros behind the point.
#[must_use]
pub fn amount(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e9).contains(&size) { format!("{value:.5e}") } else { digits(value, 6) }
}

/// A price with five figures, rounded down, so that the price printed is one that holds.
#[must_use]
pub fn price_down(value: f64) -> String {
    let decimals = (4.0 - value.abs().max(1e-9).log10().floor()).clamp(0.0, 8.0) as usize;
    let unit = 10f64.powi(-(decimals as i32));
    grouped((value / unit + 1e-9).floor() * unit, decimals)
}

/// Below a thousandth: powers of ten.
pub(crate) fn tiny(value: f64) -> String {
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

/// A number with its unit: `412 MW`, `12.3 B$`, `420 Gtok`.
#[must_use]
pub fn with_unit(value: f64, unit: &str) -> String {
    let (figure, unit) = parts(value, unit);
    if unit.is_empty() { figure } else { format!("{figure} {unit}") }
}

/// A number and its unit apart; amounts of money (M$) and tokens (Ttok) in the unit that reads best.
#[must_use]
pub fn parts(value: f64, unit: &str) -> (String, &str) {
    match unit {
        "Ttok" => ttok_parts(value),
        "M$" => musd_parts(value),
        unit => (short(value), unit),
    }
}

/// Tokens given in Ttok: `13,800 Ttok`, `420 Gtok`, `3.5 Mtok`.
#[must_use]
pub fn ttok(value: f64) -> String {
    let (figure, unit) = ttok_parts(value);
    format!("{figure} {unit}")
}

/// Tokens given in Ttok, figure and unit apart.
#[must_use]
pub fn ttok_parts(value: f64) -> (String, &'static str) {
    let size = value.abs();
    if size >= 1.0 || size == 0.0 || !value.is_finite() {
        (figure_or_dash(value), "Ttok")
    } else if size >= 1e-3 {
        (short(value * 1e3), "Gtok")
    } else {
        (short(value * 1e6), "Mtok")
    }
}

/// Money given in M$: `9,840 M$`, `12.3 B$`.
#[must_use]
pub fn musd(value: f64) -> String {
    let (figure, unit) = musd_parts(value);
    format!("{figure} {unit}")
}

/// Money given in M$, figure and unit apart.
#[must_use]
pub fn musd_parts(value: f64) -> (String, &'static str) {
    if value.abs() >= 1e4 && value.is_finite() { (short(value * 1e-3), "B$") } else { (figure_or_dash(value), "M$") }
}

fn figure_or_dash(value: f64) -> String {
    if value.is_finite() { short(value) } else { "–".into() }
}

/// A share as a percentage: `35 %`, `0.4 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    // Few and nearly all: there the decimal tells something.
    let telling = value.abs() < 10.0 || (99.0..100.0).contains(&value.abs());
    let decimals = usize::from(telling && (value - value.round()).abs() > 0.05);
    format!("{} %", grouped(value, decimals))
}

/// A share with three figures, also where it is very small: `33.3 %`, `0.0042 %`.
#[must_use]
pub fn share(share: f64) -> String {
    format!("{} %", short(share * 100.0))
}

/// A change as a percentage with its sign and so many decimals: `+1.25 %`, `−0.40 %`.
#[must_use]
pub fn signed_percent(change: f64, decimals: usize) -> String {
    let text = format!("{} %", grouped(change * 100.0, decimals));
    if change >= 0.0 { format!("+{text}") } else { text }
}

/// An hour of the day: `06:00`, `13:30`.
#[must_use]
pub fn hour(value: f64) -> String {
    let minutes = (value * 60.0).round().clamp(0.0, 1e6) as u64;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// A place on the globe: `32.45 N 99.73 W`.
#[must_use]
pub fn degrees(longitude: f64, latitude: f64) -> String {
    let ns = if latitude < 0.0 { "S" } else { "N" };
    let ew = if longitude < 0.0 { "W" } else { "E" };
    format!("{} {ns} {} {ew}", fixed(latitude.abs(), 2), fixed(longitude.abs(), 2))
}

/// A count and its noun: `1 chip`, `3 chips`.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count as f64, 0), if count == 1 { "" } else { "s" })
}

/// Without zeros at the end of the decimals.
pub(crate) fn trimmed(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn with_groups(text: &str) -> String {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut out = String::new();
    if negative && text.chars().any(|digit| ('1'..='9').contains(&digit)) {
        out.push('−');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        for (value, text) in
            [(4096.0, "4,096"), (180_000.0, "180,000"), (0.41, "0.41"), (1.12, "1.12"), (-12.5, "−12.5"), (152.34, "152.3")]
        {
            assert_eq!(number(value), text);
        }
        assert_eq!((exact(1_234_567.25).as_str(), exact(-0.5).as_str()), ("1,234,567.25", "−0.5"));
        assert_eq!((short(0.412_34).as_str(), short(1_234_567.0).as_str(), short(4.2e-5).as_str()), ("0.412", "1,234,567", "4.20·10⁻⁵"));
        assert_eq!(
            (amount(0.123_456_78).as_str(), digits(1234.567, 5).as_str(), price_down(1.999_99).as_str()),
            ("0.123457", "1,234.6", "1.9999")
        );
        assert_eq!((signed_percent(0.012_5, 2).as_str(), signed_percent(-0.004, 2).as_str()), ("+1.25 %", "−0.40 %"));
    }

    #[test]
    fn tokens_and_money_have_one_unit_each() {
        for (value, text) in [(13_800.0, "13,800 Ttok"), (9412.0, "9,412 Ttok"), (0.42, "420 Gtok"), (3.5e-6, "3.5 Mtok"), (0.0, "0 Ttok")]
        {
            assert_eq!(ttok(value), text);
        }
        for (value, text) in [(9840.0, "9,840 M$"), (12_345.0, "12.3 B$"), (-0.78, "−0.78 M$"), (0.0, "0 M$"), (f64::NAN, "– M$")] {
            assert_eq!(musd(value), text);
        }
        assert_eq!(
            (with_unit(12_345.0, "M$").as_str(), with_unit(412.0, "MW").as_str(), with_unit(2.0, "").as_str()),
            ("12.3 B$", "412 MW", "2")
        );
    }
}
