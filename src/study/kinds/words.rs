//! How what varies is called.

use crate::plan::study::Act;
use crate::plan::{Plan, path};
use crate::words::short;

/// Paths in words, for pictures and tables: the name that is given, else the first of them.
#[must_use]
pub fn in_words(plan: &Plan, name: &str, paths: &[String]) -> String {
    if !name.is_empty() {
        return name.to_owned();
    }
    let Some(first) = paths.first() else { return "nothing".to_owned() };
    if first.contains('*') || path::get(plan, first).is_none() {
        return first.clone();
    }
    crate::words::subject(plan, first)
}

/// What the numbers of an act are.
#[must_use]
pub fn unit(act: &Act) -> &'static str {
    match act {
        Act::Sets => "",
        Act::Multiplies => "× plan",
        Act::Adds => "more",
        Act::Delays => "months later",
    }
}

/// A number with what it does, in words.
#[must_use]
pub fn number_in_words(value: f64, act: &Act) -> String {
    match act {
        Act::Sets => short(value),
        Act::Multiplies => format!("× {}", short(value)),
        Act::Adds => format!("{}{}", if value >= 0.0 { "+" } else { "" }, short(value)),
        Act::Delays => format!("{} months later", short(value)),
    }
}
