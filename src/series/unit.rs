//! Units and money: from what the file holds to what its use holds, and whether that is plausible.

use super::reading::{Fault, Holds, Reading};
use crate::words::short;

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measures {
    /// Money per energy; in $/MWh.
    Price,
    /// Carbon per energy; in g/kWh.
    Carbon,
    /// Power.
    Power,
    /// Energy of a step.
    Energy,
    /// A share of one.
    Share,
    /// Sun on a plane; in kW/m².
    Irradiance,
}

/// A unit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unit {
    pub(super) measures: Measures,
    pub(super) factor: f64,
    /// Its money, where it is not USD.
    pub(super) currency: Option<String>,
}

fn bare(text: &str) -> String {
    let lower = text.to_lowercase().replace("_per_", "/").replace(" per ", "/").replace("²", "2").replace('₂', "2").replace("^2", "2");
    let mut bare: String = lower.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '[' | ']' | '(' | ')' | '.' | '-')).collect();
    for word in ["co2equivalents", "co2equivalent", "co2eq", "co2e", "co2", "ofcarbon", "carbon"] {
        bare = bare.replace(word, "");
    }
    bare
}

/// Reads a unit; `currencies` are the ones whose rate is known.
pub(super) fn parse(text: &str, currencies: &[(String, f64, String)]) -> Option<Unit> {
    if text.len() > 40 {
        return None;
    }
    let bare = bare(text);
    let plain = |measures, factor| Some(Unit { measures, factor, currency: None });
    match bare.as_str() {
        "w" => return plain(Measures::Power, 1e-6),
        "kw" => return plain(Measures::Power, 1e-3),
        "mw" | "megawatt" | "megawatts" => return plain(Measures::Power, 1.0),
        "gw" => return plain(Measures::Power, 1e3),
        "wh" => return plain(Measures::Energy, 1e-6),
        "kwh" => return plain(Measures::Energy, 1e-3),
        "mwh" => return plain(Measures::Energy, 1.0),
        "gwh" => return plain(Measures::Energy, 1e3),
        "%" | "percent" | "prozent" => return plain(Measures::Share, 0.01),
        "1" | "fraction" | "share" | "pu" | "cf" | "mw/mw" | "kw/kw" | "w/w" | "kw/kwp" | "kwh/kwp" | "kwh/kw" | "mwh/mw" => {
            return plain(Measures::Share, 1.0);
        }
        "w/m2" | "wm2" | "wh/m2" => return plain(Measures::Irradiance, 1e-3),
        "kw/m2" | "kwh/m2" => return plain(Measures::Irradiance, 1.0),
        _ => {}
    }
    let (over, under) = bare.split_once('/')?;
    // What "per MWh" makes of it.
    let per_mwh = match under {
        "mwh" => 1.0,
        "kwh" => 1e3,
        "gwh" => 1e-3,
        "wh" => 1e6,
        _ => return None,
    };
    // Grams of the mass; g/kWh is kg/MWh.
    let grams = match over {
        "g" | "gram" | "grams" => Some(1.0),
        "mg" => Some(1e-3),
        "kg" => Some(1e3),
        "t" | "tonne" | "tonnes" | "mt" => Some(1e6),
        "lb" | "lbs" | "pound" | "pounds" => Some(453.592_37),
        "shortton" | "shorttons" => Some(907_184.74),
        _ => None,
    };
    if let Some(grams) = grams {
        return plain(Measures::Carbon, grams * per_mwh / 1e3);
    }
    let (currency, amount) = match over {
        "$" | "usd" | "us$" | "dollar" | "dollars" => (None, 1.0),
        "c" | "¢" | "cent" | "cents" | "usc" | "uscent" | "uscents" | "usct" => (None, 0.01),
        "€" | "eur" | "euro" | "euros" => (Some("EUR"), 1.0),
        "ct" | "eurct" | "eurocent" | "eurocents" | "eurcent" | "€ct" => (Some("EUR"), 0.01),
        "£" | "gbp" => (Some("GBP"), 1.0),
        "p" | "pence" => (Some("GBP"), 0.01),
        "cny" | "rmb" | "yuan" => (Some("CNY"), 1.0),
        "fen" => (Some("CNY"), 0.01),
        other => {
            let known = currencies.iter().find(|(currency, ..)| currency.eq_ignore_ascii_case(other))?;
            (Some(known.0.as_str()), 1.0)
        }
    };
    Some(Unit { measures: Measures::Price, factor: amount * per_mwh, currency: currency.map(str::to_owned) })
}

/// A unit in a column's name or below it: in brackets, after a comma, or the name's last words.
pub(super) fn spoken_of(name: &str, currencies: &[(String, f64, String)]) -> Option<(String, Unit)> {
    let found = |part: &str| {
        let part = part.trim();
        // A share or a number alone says nothing.
        (!matches!(part, "1" | "c" | "t" | "p" | "cf" | "share" | "fraction"))
            .then(|| parse(part, currencies))
            .flatten()
            .map(|unit| (part.to_owned(), unit))
    };
    if let Some(unit) = found(name) {
        return Some(unit);
    }
    for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
        if let Some((_, rest)) = name.rsplit_once(open)
            && let Some(unit) = found(rest.split(close).next().unwrap_or_default())
        {
            return Some(unit);
        }
    }
    let words: Vec<&str> = name.split([' ', ',', ':', '|']).filter(|word| !word.is_empty()).collect();
    if let Some(unit) = words.iter().rev().find_map(|word| found(word)) {
        return Some(unit);
    }
    // `price_usd_per_mwh`, `load_kw`
    let parts: Vec<&str> = name.split('_').collect();
    // The longest first: `usd_per_mwh` before `mwh`.
    (parts.len().saturating_sub(4).max(1)..parts.len()).find_map(|from| found(&parts.get(from..)?.join("_")))
}

/// What values are multiplied by, whether steps are summed, and what is to be said about it.
#[derive(Debug, Default)]
pub(super) struct Conversion {
    pub(super) factor: f64,
    pub(super) energy: bool,
    pub(super) notes: Vec<String>,
    pub(super) warnings: Vec<Fault>,
}

fn wanted(holds: Holds) -> (&'static str, &'static str) {
    match holds {
        Holds::Price => ("a price of energy", "USD/MWh"),
        Holds::Carbon => ("carbon of energy", "g/kWh"),
        Holds::Share => ("output per MW contracted", "a share from 0 to 1"),
        Holds::Demand => ("a day's demand", "any scale"),
        Holds::PowerUsageEffectiveness => ("facility power per IT power", "a ratio from 1 on"),
        Holds::Anything => ("a series", "any scale"),
    }
}

/// Whether the unit that a file states is one that its values can be converted from.
fn is_own_word(holds: Holds, reading: &Reading, unit: &Unit) -> bool {
    match holds {
        Holds::Price => unit.measures == Measures::Price,
        Holds::Carbon => unit.measures == Measures::Carbon,
        Holds::Share => unit.measures == Measures::Share && reading.nameplate.is_none(),
        Holds::Demand | Holds::Anything | Holds::PowerUsageEffectiveness => false,
    }
}

/// How the values of a file become those of their use. `spoken_of` is a unit that the file states.
pub(super) fn conversion(reading: &Reading, spoken_of: Option<&(String, Unit)>) -> Result<Conversion, Fault> {
    let mut conversion = Conversion { factor: 1.0, ..Conversion::default() };
    let holds = reading.holds;
    if let Some(nameplate) = reading.nameplate {
        if !(nameplate > 0.0 && nameplate.is_finite()) {
            return Err(Fault::error(
                "bad-nameplate",
                "nameplate",
                "The size that values are divided by must be above zero.",
                "State it in the unit of the column.",
            ));
        }
        conversion.factor /= nameplate;
        conversion.notes.push(format!("Values are divided by {nameplate}."));
    }
    // The file's own word about its unit is taken where it measures what the series is used as.
    let own = spoken_of.filter(|(_, unit)| reading.unit.is_none() && is_own_word(holds, reading, unit)).map(|(written, _)| written.clone());
    let Some(text) = reading.unit.as_ref().or(own.as_ref()) else {
        // Sums of energy and means of power differ where steps are no hours; said once more below.
        if let Some((written, unit)) = spoken_of {
            let fits = match holds {
                Holds::Price | Holds::Carbon => false,
                Holds::Share => (unit.measures == Measures::Share && unit.factor == 1.0) || reading.nameplate.is_some(),
                Holds::Demand | Holds::Anything => true,
                Holds::PowerUsageEffectiveness => unit.measures == Measures::Share,
            };
            if !fits {
                let (what, unit) = wanted(holds);
                conversion.warnings.push(Fault::warning(
                    "likely-unit",
                    "unit",
                    format!("The file says that the values are in {written}; as {what} they are read as {unit}."),
                    format!("State the unit so that they are converted: `File(…, unit: \"{written}\")`."),
                ));
            }
        }
        return Ok(conversion);
    };
    if own.is_some() {
        conversion.notes.push(format!("The file says that the values are in {text}: that is taken as their unit."));
    }
    let Some(unit) = parse(text, &reading.rates) else {
        return Err(Fault::error(
            "unknown-unit",
            "unit",
            format!("The unit `{}` is not known.", crate::plan::reader::shortened(text)),
            "Known are money per energy (USD/MWh, c/kWh, EUR/MWh), mass per energy (g/kWh, kg/MWh, lb/MWh), W to GW, Wh to GWh, %, W/m2.",
        ));
    };
    let money = match &unit.currency {
        None => 1.0,
        Some(currency) => {
            let Some((_, rate, date)) = reading.rates.iter().find(|(known, ..)| known == currency) else {
                return Err(Fault::error(
                    "unknown-rate",
                    "unit",
                    format!("The catalog has no exchange rate of {currency}."),
                    "Convert the file to USD first.",
                ));
            };
            conversion.notes.push(format!("{currency} is converted at {rate} USD, the catalog's rate of {date}."));
            *rate
        }
    };
    if let Some((written, spoken)) = spoken_of
        && (spoken.measures != unit.measures
            || (spoken.factor - unit.factor).abs() > 1e-12 * unit.factor
            || spoken.currency != unit.currency)
    {
        conversion.warnings.push(Fault::warning(
            "likely-unit",
            "unit",
            format!("The file says {written}, the plan says {text}; the plan's unit is used."),
            "Check which one is right.",
        ));
    }
    conversion.energy = unit.measures == Measures::Energy;
    let fits = match holds {
        Holds::Price => unit.measures == Measures::Price,
        Holds::Carbon => unit.measures == Measures::Carbon,
        Holds::Share => {
            matches!(unit.measures, Measures::Share | Measures::Irradiance)
                || (reading.nameplate.is_some() && matches!(unit.measures, Measures::Power | Measures::Energy))
        }
        Holds::PowerUsageEffectiveness => unit.measures == Measures::Share,
        Holds::Demand | Holds::Anything => true,
    };
    if !fits {
        let (what, unit_wanted) = wanted(holds);
        if holds == Holds::Share && matches!(unit.measures, Measures::Power | Measures::Energy) {
            return Err(Fault::error(
                "no-nameplate",
                "nameplate",
                format!("Output in {text} is no share of what is contracted."),
                format!("State the size of the plant in {text}: `nameplate: …`."),
            ));
        }
        return Err(Fault::error(
            "wrong-unit",
            "unit",
            format!("The series is used as {what}, in {unit_wanted}; {text} measures something else."),
            "Choose another column, or state its unit.",
        ));
    }
    // A nameplate is stated in the column's own unit, so that the two cancel.
    if !(reading.nameplate.is_some() && matches!(unit.measures, Measures::Power | Measures::Energy)) {
        conversion.factor *= unit.factor * money;
    }
    if unit.measures == Measures::Irradiance && holds == Holds::Share {
        conversion.notes.push("1000 W/m2 of sun count as full output; heat and the tilt of panels are not in it.".to_owned());
    }
    Ok(conversion)
}

/// What the values are likely in, where they are not plausible for their use.
pub(super) fn judge(values: &mut [f64], reading: &Reading, notes: &mut Vec<String>) -> Result<Vec<Fault>, Fault> {
    let mut warnings = Vec::new();
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let mean_size = values.iter().map(|value| value.abs()).sum::<f64>() / count;
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut doubt = |message: String, likely: &str| {
        warnings.push(Fault::warning(
            "likely-unit",
            "unit",
            message,
            format!("Likely they are in {likely}: `File(…, unit: \"{likely}\")`. If they are right, nothing is to be done."),
        ));
    };
    match reading.holds {
        Holds::Price if mean_size > 0.0 && mean_size < 1.0 => {
            doubt(format!("The prices have a mean of {} $/MWh, a thousandth of what power costs.", short(mean)), "USD/kWh");
        }
        Holds::Price if mean_size > 0.0 && mean_size < 15.0 => {
            doubt(format!("The prices have a mean of {} $/MWh, about a tenth of what power costs.", short(mean)), "c/kWh");
        }
        Holds::Price if mean_size > 1000.0 => {
            doubt(format!("The prices have a mean of {} $/MWh, many times what power costs.", short(mean)), "c/MWh");
        }
        Holds::Carbon if low < 0.0 => {
            return Err(Fault::error(
                "negative-profile",
                "path",
                format!("Carbon is below zero in some hours, at least {} g/kWh.", short(low)),
                "Choose another column.",
            ));
        }
        Holds::Carbon if mean > 0.0 && mean < 0.3 => {
            doubt(format!("The carbon has a mean of {} g/kWh, a thousandth of what a grid has.", short(mean)), "kg/kWh");
        }
        Holds::Carbon if mean > 0.0 && mean < 5.0 => {
            doubt(format!("The carbon has a mean of {} g/kWh, a small part of what a grid has.", short(mean)), "lb/kWh");
        }
        Holds::Carbon if mean > 1100.0 => doubt(format!("The carbon has a mean of {} g/kWh, more than coal has.", short(mean)), "lb/MWh"),
        Holds::Share => {
            if low < 0.0 && low >= -0.02 * high.abs().max(1e-9) {
                let count = values.iter().filter(|value| **value < 0.0).count();
                for value in values.iter_mut().filter(|value| **value < 0.0) {
                    *value = 0.0;
                }
                notes.push(format!("{count} hours slightly below zero (a plant's own use at night) count as zero."));
            } else if low < 0.0 {
                return Err(Fault::error(
                    "profile-range",
                    "path",
                    format!("Output per MW contracted lies between 0 and 1; the series goes down to {}.", short(low)),
                    "Choose another column.",
                ));
            }
            if high > 1.0 + 1e-9 {
                let help = if high <= 110.0 && high > 20.0 {
                    "Likely they are in percent: `File(…, unit: \"%\")`. If they are in MW or kW, state the plant's size too: `unit: \"MW\", nameplate: …`."
                } else {
                    "State the unit and the plant's size in it, such as `File(…, unit: \"kW\", nameplate: 500.0)`; for sun on a plane, `unit: \"W/m2\"`."
                };
                return Err(Fault::error(
                    "profile-range",
                    "unit",
                    format!("Output per MW contracted lies between 0 and 1; the series goes up to {}.", short(high)),
                    help,
                ));
            }
            if mean > 0.0 && high < 0.02 {
                doubt(format!("Output per MW contracted is {} at most, which is next to nothing.", short(high)), "%");
            }
        }
        Holds::Demand if low < 0.0 => {
            return Err(Fault::error(
                "negative-profile",
                "path",
                format!("Demand can't be below zero; the series goes down to {}.", short(low)),
                "Choose another column, such as one of requests, tokens or load.",
            ));
        }
        Holds::Demand if high <= 0.0 => {
            return Err(Fault::error(
                "empty-profile",
                "path",
                "The series is zero in all hours: no demand would fall on any.",
                "Choose another column.",
            ));
        }
        Holds::PowerUsageEffectiveness if low < 1.0 => {
            return Err(Fault::error(
                "profile-range",
                "unit",
                format!("Facility power is never below IT power; the series goes down to {}.", short(low)),
                "Choose a column of ratios from 1 on.",
            ));
        }
        _ => {}
    }
    Ok(warnings)
}
