//! Paths of the plan in words: alone, or with the names that the plan gives.

use super::nouns::{entity_word, sentence, words};
use super::numbers::exact;
use super::units::field_words;
use crate::catalog::Catalog;
use crate::plan::node::{Node, Shape};
use crate::plan::path::{node_at, shape_at};
use crate::plan::scan;
use crate::plan::steps::step_key;
use crate::plan::{Plan, Steps};

/// The name on screen of an entity, if it states one.
#[must_use]
pub(crate) fn name_of(node: &dyn Node) -> Option<String> {
    let text = node.child("name")?.tree().inline();
    ron::from_str::<String>(&text).ok().filter(|name| !name.is_empty())
}

/// Fields that say nothing of the numbers in them that these do not say themselves.
const SILENT: [&str; 3] = ["terms", "usd_per_mtok", "service"];

/// The entities a path goes through, by their names on screen, the fields it ends in, and a date.
fn parts(plan: &Plan, path: &str) -> (Vec<String>, Vec<String>, Option<String>) {
    let mut names = Vec::new();
    let mut fields: Vec<String> = Vec::new();
    let mut date = None;
    let mut prefix = String::new();
    let mut shape = Shape::Record(Plan::fields);
    for key in path.split('.') {
        let is_entry = matches!(shape, Shape::Map(_));
        let is_item = matches!(shape, Shape::List(_));
        let is_step = matches!(shape, Shape::Steps | Shape::Level | Shape::Succession(_))
            && (key.starts_with(|c: char| c.is_ascii_digit()) || key == "start");
        if !prefix.is_empty() {
            prefix.push('.');
        }
        prefix.push_str(key);
        if is_entry {
            let own = node_at(plan, &prefix).and_then(name_of);
            names.push(
                own.or_else(|| catalog_name(plan, &prefix)).unwrap_or_else(|| if names.is_empty() { sentence(key) } else { words(key) }),
            );
            fields.clear();
        } else if is_item {
            let what = prefix.rsplit('.').nth(1).map_or("entry", entity_word);
            names.push(format!("{what} {}", key.parse::<usize>().map_or(0, |index| index + 1)));
            fields.clear();
        } else if is_step {
            date = Some(key.to_owned());
        } else if key != "value" {
            // Within an entry, a field of several numbers says which of them is meant.
            if names.is_empty() || fields.last().is_some_and(|of| SILENT.contains(&of.as_str())) {
                fields.pop();
            }
            fields.push(key.to_owned());
        }
        shape = match shape_at(plan, &prefix) {
            Some(place) => match place.shape {
                Shape::Optional(inner) => inner(),
                other => other,
            },
            None => Shape::Anything,
        };
    }
    (names, fields, date)
}

/// What a path is about, in words: "Abilene building 1 IT".
#[must_use]
pub fn subject(plan: &Plan, path: &str) -> String {
    let (mut names, mut fields, date) = parts(plan, path);
    // What limits a segment is how much is bought.
    fields.retain(|field| !(path.contains(".segments.") && field == "answer_gtok_per_day"));
    // The nearest two entities say enough; a segment is one of a product in a market.
    let enough = match path.split_once('.') {
        Some(("markets", _)) => 3,
        // What varies in a study has no name of its own: the way to it says which.
        Some(("studies", _)) => usize::MAX,
        _ => 2,
    };
    if names.len() > enough {
        names.drain(..names.len() - enough);
    }
    // What an actor can have of a chip is its supply, as everybody's is.
    let called = |field: &String| field_words(if field == "at_most_per_period" { "supply_per_period" } else { field }).0;
    names.extend(fields.iter().map(called));
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
        let number = exact((number * 1e6).round() / 1e6);
        let prefix = if value.starts_with("UpTo") { "up to " } else { "" };
        return format!("{prefix}{number} {unit}").trim().to_owned();
    }
    if let Some(dated) = dated_words(path, value.trim()) {
        return dated;
    }
    let text = ron::from_str::<String>(value.trim()).unwrap_or_else(|_| scan::compact(value));
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

/// Numbers from dates on, each with its date: "150 MW from 2027-01, 400 MW from 2028-01".
fn dated_words(path: &str, value: &str) -> Option<String> {
    let steps = value.starts_with('{').then(|| Steps::of_text(value)).flatten()?;
    let said = steps.dates()?.iter().map(|(month, number)| {
        let amount = value_words(path, &format!("{number:?}"));
        let key = step_key(*month);
        if key == "start" { format!("{amount} from the start") } else { format!("{amount} from {key}") }
    });
    Some(said.collect::<Vec<_>>().join(", "))
}

/// The name of an entity of the plan, if such an entity has one; its id in words while it is left empty.
#[must_use]
pub fn name_at(plan: &Plan, path: &str) -> Option<String> {
    let shape = shape_at(plan, path)?.shape;
    let Shape::Record(fields) = shape else { return None };
    fields().iter().find(|field| field.name == "name")?;
    let text = crate::plan::path::get(plan, &format!("{path}.name")).unwrap_or_default();
    let own = ron::from_str::<String>(&text).ok().filter(|name| !name.is_empty());
    let own = own.or_else(|| catalog_name(plan, path));
    Some(own.unwrap_or_else(|| sentence(path.rsplit('.').next().unwrap_or_default())))
}

/// What an entity is called wherever it is seen: its own name, else the catalog's, else its id in words.
#[must_use]
pub fn called(plan: &Plan, path: &str) -> String {
    let last = path.rsplit('.').next().unwrap_or_default();
    let named = |name: &str| if name.is_empty() { sentence(last) } else { name.to_owned() };
    // Looked up for every row of the tree in every frame: what states names is asked directly.
    match path.split_once('.') {
        Some(("sites", id)) if id == last => named(plan.sites.get(id).map_or("", |site| &site.name)),
        Some(("markets", id)) if id == last => named(plan.markets.get(id).map_or("", |market| &market.name)),
        Some(("actors", id)) if id == last => named(plan.actors.get(id).map_or("", |actor| &actor.name)),
        Some(("tasks", id)) if id == last => named(plan.tasks.get(id).map_or("", |task| &task.name)),
        Some(("chips" | "served_models", _)) => name_at(plan, path).unwrap_or_else(|| sentence(last)),
        _ => sentence(last),
    }
}

/// What the catalog calls a chip or served model that has no name of its own; where two of the plan are of one row,
/// their ids tell them apart.
fn catalog_name(plan: &Plan, path: &str) -> Option<String> {
    let catalog = Catalog::embedded();
    let alone = |own: &str, all: &mut dyn Iterator<Item = Option<&String>>| {
        all.filter(|other| other.is_some_and(|other| other == own)).count() == 1
    };
    match path.split_once('.')? {
        ("chips", id) => {
            let row = plan.chips.get(id)?.catalog.as_ref()?;
            let alone = alone(row, &mut plan.chips.values().map(|chip| chip.catalog.as_ref()));
            catalog.chip(row).filter(|_| alone).map(|row| row.name.clone())
        }
        ("served_models", id) => {
            let row = plan.served_models.get(id)?.catalog.as_ref()?;
            let alone = alone(row, &mut plan.served_models.values().map(|model| model.catalog.as_ref()));
            catalog.served_model(row).filter(|_| alone).map(|row| row.name.clone())
        }
        _ => None,
    }
}

/// A path as words, without its plan: `sites.abilene.interconnect_mw` reads `abilene interconnect`,
/// `markets.us-east.demand.chat.segments.1.answer_gtok_per_day` reads `us east chat segment 2`.
#[must_use]
pub fn path_in_words(path: &str) -> String {
    let mut parts: Vec<&str> = path.split('.').collect();
    if parts.len() > 2 {
        parts.remove(0);
    }
    let last = parts.pop().unwrap_or_default();
    let mut said: Vec<String> = Vec::new();
    let mut entries = "";
    for part in parts {
        match part.parse::<usize>() {
            // Positions are counted from one by people.
            Ok(index) => said.push(format!("{} {}", entity_word(entries), index + 1)),
            // What holds entries is said by their names alone.
            Err(_) if matches!(part, "terms" | "halls" | "buildable" | "segments" | "demand") => {}
            Err(_) => said.push(words(part)),
        }
        entries = part;
    }
    if last.parse::<f64>().is_ok() {
        said.push(last.to_owned());
    } else if !(path.contains(".segments.") && last == "answer_gtok_per_day") {
        // What limits a segment is how much is bought.
        said.push(field_words(last).0);
    }
    said.join(" ")
}

/// A sentence with its paths (`sites.abilene.interconnect_mw`) as words (abilene interconnect).
#[must_use]
pub fn in_words(sentence: &str) -> String {
    sentence.split('`').enumerate().map(|(index, part)| if index % 2 == 1 { path_in_words(part) } else { part.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_said_by_names() {
        for (path, words) in [
            ("sites.abilene.interconnect_mw", "abilene interconnect"),
            ("markets.us-east.demand.chat.segments.1.answer_gtok_per_day", "us east chat segment 2"),
            ("contracts.grid.terms.energy_usd_per_mwh", "grid energy"),
            ("budget.capex_musd_per_period", "budget capex"),
            ("sites.home.halls.one.it_mw", "home one IT"),
        ] {
            assert_eq!(path_in_words(path), words);
        }
        assert_eq!(in_words("One more MW of `sites.a.interconnect_mw` helps."), "One more MW of a interconnect helps.");
    }
}
