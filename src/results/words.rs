//! Numbers as people read them, in sentences and tables alike.

/// Groups the digits before the point by thousands: `12,345.6`; the minus is a real minus.
#[must_use]
pub fn grouped(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return if value > 0.0 { "no limit".into() } else { "–".into() };
    }
    let text = format!("{:.*}", decimals, value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    if value < 0.0 && text.chars().any(|digit| ('1'..='9').contains(&digit)) {
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

/// A number with at least three figures and no zeros after its last one: `0.22`, `48`, `1,234`.
#[must_use]
pub fn figure(value: f64) -> String {
    let size = value.abs();
    let decimals = if size > 0.0 { (2.0 - size.log10().floor()).clamp(0.0, 6.0) as usize } else { 0 };
    let text = grouped(value, decimals);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
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

/// A goal as people call it.
#[must_use]
pub fn goal(name: &str) -> &str {
    match name {
        "cost" => "the least cost",
        "npv" => "the highest NPV",
        "npv_after_tax" => "the highest NPV after tax",
        "revenue" => "the most revenue",
        "tokens" => "the most tokens",
        "cost_per_token" => "the least cost per token",
        other => other,
    }
}
