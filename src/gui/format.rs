//! Numbers and names as people read them.

/// A number with thousands separators and no more decimals than it deserves: `4 096`, `0.41`, `180 000`.
#[must_use]
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    let magnitude = value.abs();
    let decimals = if magnitude >= 1000.0 || magnitude == 0.0 || (value.fract() == 0.0) {
        0
    } else if magnitude >= 100.0 {
        1
    } else if magnitude >= 1.0 {
        2
    } else {
        (3 - magnitude.log10().floor() as i32 - 1).clamp(2, 9)
    };
    grouped(&trimmed(value, decimals))
}

/// Exactly the number, for fields: thousands separators, all its decimals.
#[must_use]
pub fn exact(value: f64) -> String {
    let text = if value.abs() >= 1e15 || (value != 0.0 && value.abs() < 1e-6) { format!("{value:e}") } else { format!("{value}") };
    grouped(&text)
}

fn trimmed(value: f64, decimals: i32) -> String {
    let text = format!("{value:.*}", usize::try_from(decimals).unwrap_or(0));
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    if text == "-0" { "0".into() } else { text }
}

/// Thin spaces between thousands; four digits stay together.
fn grouped(text: &str) -> String {
    if text.contains('e') {
        return text.into();
    }
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("−", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && whole.len() > 4 && (whole.len() - index).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A figure of three digits with an SI prefix: (`13.8`, `P`) for 13.8e15.
#[must_use]
pub fn si(value: f64) -> (String, &'static str) {
    const PREFIXES: [(f64, &str); 6] = [(1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    if !value.is_finite() {
        return ("–".into(), "");
    }
    for (size, prefix) in PREFIXES {
        if value.abs() >= size * 0.999_5 {
            return (three_digits(value / size), prefix);
        }
    }
    (three_digits(value), "")
}

/// Three significant digits, as the figures of the KPI strip.
#[must_use]
pub fn three_digits(value: f64) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    let magnitude = value.abs();
    let decimals = if magnitude >= 99.95 || magnitude == 0.0 {
        0
    } else if magnitude >= 9.995 {
        1
    } else if magnitude >= 0.0995 {
        2
    } else {
        (2 - magnitude.log10().floor() as i32).clamp(2, 9)
    };
    let text = format!("{value:.*}", usize::try_from(decimals).unwrap_or(0));
    grouped(&text)
}

/// Tokens given in Ttok, with the prefix that reads best: `13.8 Pt`, `420 Gt`.
#[must_use]
pub fn ttok(value: f64) -> String {
    let (figure, prefix) = si(value * 1e12);
    format!("{figure} {prefix}t")
}

/// Money given in M$: `9.84 B$`, `310 M$`, `42 k$`.
#[must_use]
pub fn musd(value: f64) -> String {
    let (figure, unit) = musd_parts(value);
    format!("{figure} {unit}")
}

/// Money given in M$, figure and unit apart.
#[must_use]
pub fn musd_parts(value: f64) -> (String, &'static str) {
    let magnitude = value.abs();
    if magnitude >= 999.5 {
        (three_digits(value / 1e3), "B$")
    } else if magnitude >= 0.999_5 || magnitude == 0.0 {
        (three_digits(value), "M$")
    } else if magnitude >= 0.000_999_5 {
        (three_digits(value * 1e3), "k$")
    } else {
        (three_digits(value * 1e6), "$")
    }
}

/// A fraction as percent: `35 %`.
#[must_use]
pub fn percent(fraction: f64) -> String {
    format!("{} %", trimmed(fraction * 100.0, i32::from(fraction.abs() < 0.1)))
}

/// The label of a field from its name: `interconnect_mw` reads `Interconnect`.
#[must_use]
pub fn label_of(field: &str) -> String {
    // Money by the period and in all stand side by side: each says which it is.
    if let Some(stem) = field.strip_suffix("_musd_per_period") {
        return format!("{} per period", sentence(stem));
    }
    if let Some(stem) = field.strip_suffix("_musd_total") {
        return format!("{} in all", sentence(stem));
    }
    let (stem, _) = split_unit(field);
    sentence(stem)
}

/// The unit of a field from its name's suffix, in words: `MW`, `$ per MWh`; empty if it has none.
#[must_use]
pub fn unit_of(field: &str) -> &'static str {
    split_unit(field).1
}

/// An identifier as words: `US_east` and `us-east` read `US east`, `us east`.
#[must_use]
pub fn words(id: &str) -> String {
    id.replace(['_', '-'], " ")
}

/// The name of an entity of the plan, if such an entity has one; its id in words while it is left empty.
#[must_use]
pub fn name_at(plan: &crate::plan::Plan, path: &str) -> Option<String> {
    use crate::plan::node::Shape;
    let shape = crate::plan::edit::shape_at(plan, path)?.shape;
    let Shape::Record(fields) = shape else { return None };
    fields().iter().find(|field| field.name == "name")?;
    let text = crate::plan::edit::get(plan, &format!("{path}.name")).unwrap_or_default();
    let own = ron::from_str::<String>(&text).ok().filter(|name| !name.is_empty());
    Some(own.unwrap_or_else(|| sentence(path.rsplit('.').next().unwrap_or_default())))
}

/// An id from a name: `Half the money` becomes `half-the-money`; letters of any script stay.
#[must_use]
pub fn id_of(name: &str) -> String {
    let mut id: String = name
        .trim()
        .chars()
        .map(|letter| if letter.is_alphanumeric() || letter == '_' { letter.to_lowercase().next().unwrap_or(letter) } else { '-' })
        .collect();
    while id.contains("--") {
        id = id.replace("--", "-");
    }
    id.trim_matches('-').to_owned()
}

/// Words with a capital at the start, and with abbreviations as people write them.
#[must_use]
pub fn sentence(id: &str) -> String {
    const WHOLE: [(&str, &str); 6] = [
        ("om", "Operation and maintenance"),
        ("tpp", "Total processing performance"),
        ("it", "IT power"),
        ("all in", "All-in power"),
        ("active", "Active power"),
        ("interconnect", "Interconnect"),
    ];
    const ABBREVIATIONS: [(&str, &str); 11] = [
        ("pue", "PUE"),
        ("npv", "NPV"),
        ("it", "IT"),
        ("utc", "UTC"),
        ("mw", "MW"),
        ("kw", "kW"),
        ("tpot", "TPOT"),
        ("ttft", "TTFT"),
        ("ppa", "PPA"),
        ("bf16", "bf16"),
        ("api", "API"),
    ];
    let text = words(id);
    if let Some((_, whole)) = WHOLE.iter().find(|(from, _)| *from == text) {
        return (*whole).to_owned();
    }
    let text: Vec<&str> =
        text.split(' ').map(|word| ABBREVIATIONS.iter().find(|(from, _)| *from == word).map_or(word, |(_, to)| to)).collect();
    let text = text.join(" ");
    if ABBREVIATIONS.iter().any(|(_, to)| text.split(' ').next() == Some(to)) {
        return text;
    }
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A sentence with its paths (`sites.abilene.interconnect_mw`) as words (abilene interconnect).
#[must_use]
pub fn in_words(sentence: &str) -> String {
    sentence.split('`').enumerate().map(|(index, part)| if index % 2 == 1 { path_in_words(part) } else { part.to_owned() }).collect()
}

/// A path as words: `markets.us-east.demand.chat.segments.1.answer_gtok_per_day` reads `us east demand, chat, segment 2, answer`.
#[must_use]
pub fn path_in_words(path: &str) -> String {
    let mut parts: Vec<&str> = path.split('.').collect();
    if parts.len() > 2 {
        parts.remove(0);
    }
    let last = parts.pop().unwrap_or_default();
    let mut said: Vec<String> = Vec::new();
    for part in parts {
        match (part.parse::<usize>(), said.last_mut()) {
            // Positions are counted from one by people.
            (Ok(index), Some(list)) => *list = format!("{} {}", list.trim_end_matches('s'), index + 1),
            _ if part == "terms" || part == "halls" || part == "buildable" => {}
            _ => said.push(words(part)),
        }
    }
    let own = if last.parse::<f64>().is_ok() { last.to_owned() } else { label_of(last) };
    said.push(if own.chars().skip(1).any(char::is_uppercase) { own } else { own.to_lowercase() });
    said.join(" ")
}

/// `CarbonCap` as `carbon cap`.
#[must_use]
pub fn kind_text(variant: &str) -> String {
    let mut text = String::new();
    for (index, c) in variant.chars().enumerate() {
        if c.is_uppercase() && index > 0 {
            text.push(' ');
        }
        text.extend(c.to_lowercase());
    }
    text
}

/// Longest suffixes first.
const UNITS: &[(&str, &str)] = &[
    ("_usd_per_gtok_per_hour", "$ per Gtok/h"),
    ("_gtok_per_hour", "Gtok/h"),
    ("_usd_per_kw_month", "$ per kW and month"),
    ("_usd_per_kw_year", "$ per kW and year"),
    ("_usd_per_kwh_year", "$ per kWh and year"),
    ("_usd_per_mw_year", "$ per MW and year"),
    ("_usd_per_chip_hour", "$ per chip-hour"),
    ("_usd_per_mwh_thermal", "$ per MWh of heat"),
    ("usd_per_mwh_thermal", "$ per MWh of heat"),
    ("_usd_per_month", "$ per month"),
    ("_usd_per_year", "$ per year"),
    ("_usd_per_mwh", "$ per MWh"),
    ("_usd_per_kwh", "$ per kWh"),
    ("_usd_per_kw", "$ per kW"),
    ("_usd_per_mtok", "$ per Mtok"),
    ("usd_per_mtok", "$ per Mtok"),
    ("usd_per_t", "$ per t"),
    ("_usd_per_w", "$ per W"),
    ("_kw_per_gtok_per_hour", "kW per Gtok/h"),
    ("_musd_per_period", "M$ per period"),
    ("_per_period", "per period"),
    ("_fraction_per_year", "per year"),
    ("_factor_per_year", "× per year"),
    ("_gwh_per_year", "GWh per year"),
    ("kt_per_year", "kt per year"),
    ("ml_per_year", "ML per year"),
    ("_gtok_per_day", "Gtok per day"),
    ("_tok_per_s", "tok/s"),
    ("_g_per_kwh", "g per kWh"),
    ("g_per_kwh", "g per kWh"),
    ("_l_per_kwh", "L per kWh"),
    ("_musd_total", "M$"),
    ("_days_per_year", "days per year"),
    ("days_per_year", "days per year"),
    ("_musd", "M$"),
    ("_usd", "$"),
    ("_mwh", "MWh"),
    ("_mw", "MW"),
    ("_kw", "kW"),
    ("_ms", "ms"),
    ("_hours", "h"),
    ("_months", "months"),
    ("_years", "years"),
    ("_tflops", "TFLOP/s"),
    ("_gtok", "Gtok"),
    ("_tokens", "tokens"),
    ("_fraction", ""),
    ("_time_limit_s", "s"),
    ("_limit_s", "s"),
];

fn split_unit(field: &str) -> (&str, &'static str) {
    for (suffix, unit) in UNITS {
        if let Some(stem) = field.strip_suffix(suffix) {
            // A field that is only its unit, and token counts, keep their words.
            let stem =
                if stem.is_empty() || *suffix == "_tokens" || *suffix == "_per_period" || *suffix == "_limit_s" { field } else { stem };
            return (stem, unit);
        }
    }
    match field {
        "latitude" => (field, "°N"),
        "longitude" => (field, "°E"),
        _ => (field, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(number(4096.0), "4096");
        assert_eq!(number(180_000.0), "180\u{a0}000");
        assert_eq!(number(0.41), "0.41");
        assert_eq!(number(1.12), "1.12");
        assert_eq!(number(-12.5), "−12.5");
        assert_eq!(ttok(13_800.0), "13.8 Pt");
        assert_eq!(ttok(0.42), "420 Gt");
        assert_eq!(musd(9840.0), "9.84 B$");
        assert_eq!(percent(0.345), "34 %");
    }

    #[test]
    fn units_come_from_names() {
        assert_eq!((label_of("interconnect_mw").as_str(), unit_of("interconnect_mw")), ("Interconnect", "MW"));
        assert_eq!(
            (label_of("demand_charge_usd_per_kw_month").as_str(), unit_of("demand_charge_usd_per_kw_month")),
            ("Demand charge", "$ per kW and month")
        );
        assert_eq!(label_of("prompt_tokens"), "Prompt tokens");
        assert_eq!((label_of("capex_musd_total").as_str(), unit_of("capex_musd_total")), ("Capex in all", "M$"));
    }

    /// No two fields of one record have the same label.
    #[test]
    fn fields_side_by_side_have_labels_of_their_own() {
        use crate::plan::node::{Node as _, Shape};
        fn walk(shape: Shape, at: &str, seen: &mut std::collections::BTreeSet<String>, alike: &mut Vec<String>) {
            match shape {
                Shape::Record(fields) => {
                    let names: Vec<&str> = fields().iter().map(|field| field.name).collect();
                    if !seen.insert(names.join(" ")) {
                        return;
                    }
                    let mut labels = std::collections::BTreeMap::new();
                    for field in fields() {
                        if let Some(other) = labels.insert(label_of(field.name), field.name) {
                            alike.push(format!("{at}: {other} and {}", field.name));
                        }
                        walk((field.shape)(), &format!("{at}.{}", field.name), seen, alike);
                    }
                }
                Shape::Map(inner) | Shape::List(inner) | Shape::Optional(inner) => walk(inner(), at, seen, alike),
                Shape::Choice(variants) => {
                    for variant in variants() {
                        if let Some(inner) = variant.shape {
                            walk(inner(), &format!("{at}.{}", variant.name), seen, alike);
                        }
                    }
                }
                _ => {}
            }
        }
        let (mut seen, mut alike) = (std::collections::BTreeSet::new(), Vec::new());
        walk(crate::plan::Plan::shape(), "plan", &mut seen, &mut alike);
        assert!(seen.len() > 30 && alike.is_empty(), "{} records; {alike:#?}", seen.len());
    }
}
