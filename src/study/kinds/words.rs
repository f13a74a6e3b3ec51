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
    if first.contains('*') {
        return of_all(plan, first);
    }
    if path::get(plan, first).is_none() {
        return crate::words::path_in_words(first);
    }
    crate::words::subject(plan, first)
}

/// A path that stands for several, in words: `sites.*.interconnect_mw` is the interconnect of all sites.
fn of_all(plan: &Plan, pattern: &str) -> String {
    let parts: Vec<&str> = pattern.split('.').collect();
    let star = parts.iter().position(|part| *part == "*").unwrap_or(0);
    let map = star.checked_sub(1).and_then(|before| parts.get(before)).copied().unwrap_or_default();
    let things = if map == "contracts" { "power contracts".to_owned() } else { crate::words::words(map) };
    let of = if star > 2 { format!(" of {}", crate::words::called(plan, &parts[..2].join("."))) } else { String::new() };
    let is_field = |part: &&&str| **part != "*" && !part.starts_with(|c: char| c.is_ascii_digit()) && **part != map;
    match parts.get(star..).and_then(|after| after.iter().rev().find(is_field)) {
        Some(field) => format!("{} of all {things}{of}", crate::words::lowered(&crate::words::label_of(field))),
        None => format!("all {things}{of}"),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_several_is_said_in_words() {
        let plan = crate::plan::example::find("texas").and_then(|example| crate::plan::file::read_plan(example.text).plan);
        let plan = plan.expect("the example is a plan");
        for (path, said) in [
            ("sites.*.interconnect_mw", "interconnect of all sites"),
            ("contracts.*.terms.price_usd_per_mwh", "price of all power contracts"),
            ("sites.abilene.halls.*.it_mw", "IT power of all halls of Abilene"),
            ("chips.*", "all chips"),
        ] {
            assert_eq!(in_words(&plan, "", &[path.to_owned()]), said);
        }
        assert_eq!(in_words(&plan, "Power", &["sites.*.pue".to_owned()]), "Power");
    }
}
