//! Fields: their names, and their units, which are the ends of their names.

use super::nouns::{abbreviated, sentence};

/// Endings of field names and the units they stand for; longer ones first where one ends another.
const UNITS: &[(&str, &str)] = &[
    ("usd_per_gtok_per_hour", "$ per Gtok/h"),
    ("usd_per_mwh_thermal", "$/MWh heat"),
    ("usd_per_chip_hour", "$/chip-h"),
    ("usd_per_kw_month", "$/kW and month"),
    ("usd_per_kwh_year", "$/kWh and year"),
    ("usd_per_kw_year", "$/kW and year"),
    ("usd_per_mw_year", "$/MW and year"),
    ("usd_per_mwh", "$/MWh"),
    ("usd_per_kwh", "$/kWh"),
    ("usd_per_mtok", "$/Mtok"),
    ("usd_per_month", "$/month"),
    ("usd_per_year", "$/year"),
    ("usd_per_kw", "$/kW"),
    ("usd_per_w", "$/W"),
    ("usd_per_t", "$/t"),
    ("musd_per_period", "M$/period"),
    ("musd_total", "M$"),
    ("musd", "M$"),
    ("usd", "$"),
    ("kw_per_gtok_per_hour", "kW per Gtok/h"),
    ("gtok_per_hour", "Gtok/h"),
    ("gtok_per_day", "Gtok/day"),
    ("tasks_per_day", "tasks/day"),
    ("gb_per_s_one_way", "GB/s one way"),
    ("gb_per_s", "GB/s"),
    ("tb_per_s_at_least", "TB/s"),
    ("tb_per_s", "TB/s"),
    ("tok_per_s", "tok/s"),
    ("gwh_per_year", "GWh/year"),
    ("kt_per_year", "kt/year"),
    ("ml_per_year", "ML/year"),
    ("days_per_year", "days/year"),
    ("g_per_kwh", "g/kWh"),
    ("l_per_kwh", "L/kWh"),
    ("fraction_per_year", "%/year"),
    ("factor_per_year", "× a year"),
    ("_per_period", "a period"),
    ("fraction", "%"),
    ("tflops", "TFLOP/s"),
    ("_flop", "FLOP"),
    ("_gb", "GB"),
    ("_tokens", "tokens"),
    ("gtok", "Gtok"),
    ("mwh", "MWh"),
    ("gwh", "GWh"),
    ("mw", "MW"),
    ("kw", "kW"),
    ("months", "months"),
    ("years", "years"),
    ("hours", "h"),
    ("ms", "ms"),
    ("_s", "s"),
    ("_b", "billion"),
    ("latitude", "°N"),
    ("longitude", "°E"),
];

/// What a field that is nothing but its unit is about.
fn of_unit(unit: &str) -> &'static str {
    match unit {
        unit if unit.contains('$') => "price",
        "MW" | "kW" => "power",
        "MWh" | "GWh" | "GWh/year" => "energy",
        "ML/year" => "water",
        "tasks/day" => "tasks",
        "kt/year" | "g/kWh" => "carbon",
        "%" => "share",
        "months" => "months",
        "years" => "years",
        "h" => "hours",
        _ => "amount",
    }
}

/// A field's name without its unit, and the unit.
fn split(field: &str) -> (&str, &'static str) {
    for (ending, unit) in UNITS {
        let Some(stem) = field.strip_suffix(ending) else { continue };
        // Counts of tokens and of things by period, and degrees, keep their words.
        if matches!(*ending, "_tokens" | "_per_period" | "latitude" | "longitude") {
            return (field, unit);
        }
        if stem.is_empty() {
            return (of_unit(unit), unit);
        }
        if stem.ends_with('_') || ending.starts_with('_') {
            return (stem.trim_end_matches('_'), unit);
        }
    }
    (field, "")
}

/// A field's name without its unit, in words within a sentence, and the unit as people write it:
/// `interconnect_mw` is ("interconnect", "MW"). Fractions have the unit "%", to be shown a hundredfold.
#[must_use]
pub fn field_words(field: &str) -> (String, &'static str) {
    let (stem, unit) = split(field);
    (abbreviated(stem), unit)
}

/// The label of a field from its name: `interconnect_mw` reads `Interconnect`.
#[must_use]
pub fn label_of(field: &str) -> String {
    // Where two units of one word stand side by side: a point of a demand curve, the memory of a chip.
    match field {
        "at_usd_per_mtok" => return "Known price".to_owned(),
        "hbm_gb" => return "Memory".to_owned(),
        "hbm_tb_per_s" => return "Memory bandwidth".to_owned(),
        "memory_tb_per_s" => return "Memory bandwidth for licences".to_owned(),
        "memory_tb_per_s_at_least" => return "Memory bandwidth at least".to_owned(),
        "at_gtok_per_day" => return "Volume at that price".to_owned(),
        _ => {}
    }
    // Money by the period and in all stand side by side: each says which it is.
    if let Some(stem) = field.strip_suffix("_musd_per_period") {
        return format!("{} per period", sentence(stem));
    }
    if let Some(stem) = field.strip_suffix("_musd_total") {
        return format!("{} in all", sentence(stem));
    }
    sentence(split(field).0)
}

/// The unit that stands beside a field's number, as people write it; empty if it has none. Fractions are
/// printed with a sign of their own.
#[must_use]
pub fn unit_of(field: &str) -> &'static str {
    match split(field).1 {
        "%" => "",
        "%/year" => "a year",
        unit => unit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_come_from_names() {
        for (field, label, unit) in [
            ("interconnect_mw", "Interconnect", "MW"),
            ("demand_charge_usd_per_kw_month", "Demand charge", "$/kW and month"),
            ("prompt_tokens", "Prompt tokens", "tokens"),
            ("usd_per_mwh", "Price", "$/MWh"),
            ("floor_fraction", "Floor", ""),
            ("pue", "PUE", ""),
            ("latitude", "Latitude", "°N"),
            ("cache_fetch_gb_per_s", "Cache fetch", "GB/s"),
            ("memory_tb_per_s_at_least", "Memory bandwidth at least", "TB/s"),
            ("decode_attention_flop", "Decode attention", "FLOP"),
            ("scaleup_gb_per_s_one_way", "Scaleup", "GB/s one way"),
        ] {
            assert_eq!((label_of(field).as_str(), unit_of(field)), (label, unit));
        }
        assert_eq!(field_words("floor_fraction"), ("floor".to_owned(), "%"));
        assert_eq!(field_words("it_mw"), ("IT".to_owned(), "MW"));
    }
}
