//! The planner's words for fields, units, entities and changes.

use super::Plan;
use super::edit::Edit;
use super::node::{Node, Shape};
use super::path::{node_at, parent, shape_at};
use super::scan;

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
    ("tok_per_s", "tok/s"),
    ("gwh_per_year", "GWh/year"),
    ("kt_per_year", "kt/year"),
    ("ml_per_year", "ML/year"),
    ("g_per_kwh", "g/kWh"),
    ("l_per_kwh", "L/kWh"),
    ("fraction_per_year", "%/year"),
    ("factor_per_year", "× a year"),
    ("fraction", "%"),
    ("tflops", "TFLOP/s"),
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
];

/// A field's name without its unit, and the unit as people write it: `interconnect_mw` is
/// ("interconnect", "MW"). Fractions have the unit "%", to be shown a hundredfold.
#[must_use]
pub fn field_words(field: &str) -> (String, &'static str) {
    let plain = |text: &str| text.trim_matches('_').replace('_', " ");
    for (ending, unit) in UNITS {
        if let Some(stem) = field.strip_suffix(ending) {
            if stem.is_empty() {
                let name = if unit.contains('$') { "price" } else { "amount" };
                return (name.to_owned(), unit);
            }
            if stem.ends_with('_') || ending.starts_with('_') {
                return (capitals(&plain(stem)), unit);
            }
        }
    }
    (capitals(&plain(field)), "")
}

/// Abbreviations keep their capitals.
fn capitals(words: &str) -> String {
    let word = |word: &str| match word {
        "it" => "IT".to_owned(),
        "pue" => "PUE".to_owned(),
        "om" => "O&M".to_owned(),
        "tpot" => "TPOT".to_owned(),
        "ttft" => "TTFT".to_owned(),
        "tpp" => "TPP".to_owned(),
        "utc" => "UTC".to_owned(),
        "mw" => "power".to_owned(),
        other => other.to_owned(),
    };
    words.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// What an entry of a top-level map is called.
#[must_use]
pub fn entity_word(map: &str) -> &'static str {
    match map.rsplit('.').next().unwrap_or_default() {
        "profiles" => "profile",
        "sites" => "site",
        "chips" => "chip",
        "fleets" => "fleet",
        "rentals" => "rental",
        "contracts" => "power contract",
        "served_models" => "served model",
        "products" => "token product",
        "throughput" => "throughput row",
        "markets" => "market",
        "routes" => "route",
        "purchases" => "purchase",
        "training" => "training programme",
        "policies" => "policy",
        "decisions" => "decision",
        "scenarios" => "scenario",
        "studies" => "study",
        "halls" => "hall",
        "buildable" => "hall type",
        "days" => "representative day",
        "demand" => "demand",
        "segments" => "segment",
        "objective" => "goal",
        "set" => "override",
        _ => "entry",
    }
}

/// The name on screen of an entity, if it states one.
#[must_use]
pub(super) fn name_of(node: &dyn Node) -> Option<String> {
    let text = node.child("name")?.tree().inline();
    ron::from_str::<String>(&text).ok().filter(|name| !name.is_empty())
}

/// The entities a path goes through, by their names on screen, and the field it ends at.
fn parts(plan: &Plan, path: &str) -> (Vec<String>, Option<String>, Option<String>) {
    let mut names = Vec::new();
    let mut field = None;
    let mut date = None;
    let mut prefix = String::new();
    let mut shape = Shape::Record(Plan::fields);
    for key in path.split('.') {
        let is_entry = matches!(shape, Shape::Map(_));
        let is_item = matches!(shape, Shape::List(_));
        let is_step = matches!(shape, Shape::Steps | Shape::Level) && (key.starts_with(|c: char| c.is_ascii_digit()) || key == "start");
        if !prefix.is_empty() {
            prefix.push('.');
        }
        prefix.push_str(key);
        if is_entry {
            names.push(node_at(plan, &prefix).and_then(name_of).unwrap_or_else(|| key.to_owned()));
            field = None;
        } else if is_item {
            let what = prefix.rsplit('.').nth(1).map_or("entry", entity_word);
            names.push(format!("{what} {}", key.parse::<usize>().map_or(0, |index| index + 1)));
            field = None;
        } else if is_step {
            date = Some(key.to_owned());
        } else if key != "value" {
            field = Some(key.to_owned());
        }
        shape = match shape_at(plan, &prefix) {
            Some(place) => match place.shape {
                Shape::Optional(inner) => inner(),
                other => other,
            },
            None => Shape::Anything,
        };
    }
    (names, field, date)
}

/// What a path is about, in words: "Abilene building-1 IT".
#[must_use]
pub fn subject(plan: &Plan, path: &str) -> String {
    let (mut names, field, date) = parts(plan, path);
    // The nearest two entities say enough; a segment is one of a product in a market.
    let enough = if path.starts_with("markets.") { 3 } else { 2 };
    if names.len() > enough {
        names.drain(..names.len() - enough);
    }
    names.extend(field.map(|field| field_words(&field).0));
    names.extend(date.map(|date| if date == "start" { "from the start".to_owned() } else { format!("from {date}") }));
    if names.is_empty() { "the plan".to_owned() } else { names.join(" ") }
}

/// A value in words, with its unit: "450 MW", "8 %", "Liquid".
#[must_use]
pub fn value_words(path: &str, value: &str) -> String {
    let is_key = |key: &&str| !key.starts_with(|c: char| c.is_ascii_digit()) && !matches!(*key, "value" | "start" | "mean");
    let unit = path.rsplit('.').find(is_key).map_or("", |field| field_words(field).1);
    if value.trim() == "None" {
        return "nothing".to_owned();
    }
    let plain = ["UpTo(", "Fixed("].iter().find_map(|variant| value.strip_prefix(variant)?.strip_suffix(')'));
    if let Ok(number) = plain.unwrap_or(value).trim().parse::<f64>() {
        let (number, unit) = if unit.starts_with('%') { (number * 100.0, unit) } else { (number, unit) };
        // Rounded so that 0.07 reads as 7 % and not as 7.000000000000001 %.
        let number = format!("{number:.6}");
        let number = number.trim_end_matches('0').trim_end_matches('.');
        let prefix = if value.starts_with("UpTo") { "up to " } else { "" };
        return format!("{prefix}{number} {unit}").trim().to_owned();
    }
    let text = ron::from_str::<String>(value.trim()).unwrap_or_else(|_| scan::compact(value));
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

/// What a change does, in the planner's words.
pub(super) fn label(edit: &Edit, plan: &Plan) -> String {
    match edit {
        Edit::Set { path, value } => {
            let subject = subject(plan, path);
            if value.trim() == "None" {
                return format!("clear {subject}");
            }
            match value.trim() {
                "true" => format!("switch {subject} on"),
                "false" => format!("switch {subject} off"),
                value => format!("set {subject} to {}", value_words(path, value)),
            }
        }
        Edit::Insert { path, id, value, .. } => {
            let is_steps = shape_at(plan, path).is_some_and(|place| match place.shape {
                Shape::Optional(inner) => matches!(inner(), Shape::Steps | Shape::Level),
                shape => matches!(shape, Shape::Steps | Shape::Level),
            });
            if is_steps {
                return format!("set {} from {id} to {}", subject(plan, path), value_words(path, value));
            }
            format!("add {} {id}", entity_word(path)).trim().to_owned()
        }
        Edit::Remove { path } => match parent(plan, path) {
            Some((map, _)) if matches!(shape_at(plan, &map).map(|place| place.shape), Some(Shape::Map(_))) => {
                format!("delete {} {}", entity_word(&map), subject(plan, path))
            }
            Some((list, _)) if matches!(shape_at(plan, &list).map(|place| place.shape), Some(Shape::List(_))) => {
                format!("delete {}", subject(plan, path))
            }
            _ => format!("reset {}", subject(plan, path)),
        },
        Edit::Rename { path, to } => format!("rename {} to {to}", subject(plan, path)),
        Edit::Move { path, .. } => format!("move {}", subject(plan, path)),
        Edit::Many { label, .. } => label.clone(),
    }
}
