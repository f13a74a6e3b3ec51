//! What the entries of a study can be of: scenarios that may come, moves, players. Picked, not typed.

use crate::plan::Plan;
use crate::plan::edit::{get, node_at};
use crate::plan::node::{Node, quoted};
use crate::plan::study::{AS_PLANNED, BASE};
use crate::words;

/// A key that a map does not have yet, how it is called, and the value it begins with.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Offered {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) value: String,
}

/// What a new entry of a map can be of; `None` where its key is anybody's to choose.
pub(super) fn keys(plan: &Plan, map: &str) -> Option<Vec<Offered>> {
    let rest = map.strip_prefix("studies.")?.split_once('.')?.1;
    let taken = node_at(plan, map).map(Node::children).unwrap_or_default();
    let named = |key: &str, section: &str| words::name_at(plan, &format!("{section}.{key}")).unwrap_or_else(|| words::sentence(key));
    let (keys, section, value): (Vec<&str>, &str, String) = match rest.split('.').next()? {
        // What is left until the probabilities add up.
        "futures" | "of" => {
            let numbers = taken.iter().filter_map(|key| get(plan, &format!("{map}.{key}"))?.parse::<f64>().ok());
            let left = ((1.0 - numbers.sum::<f64>()) * 1e9).round() / 1e9;
            let scenarios = plan.scenarios.keys().map(String::as_str).filter(|key| *key != AS_PLANNED);
            (scenarios.chain([AS_PLANNED]).collect(), "scenarios", format!("{:?}", if left > 0.0 { left } else { 0.1 }))
        }
        "players" => (plan.actors.keys().map(String::as_str).collect(), "actors", format!("[{}]", quoted(BASE))),
        "payoff" => (plan.actors.keys().map(String::as_str).collect(), "actors", "Npv".to_owned()),
        _ => return None,
    };
    let left = keys.into_iter().filter(|key| !taken.iter().any(|taken| taken == key));
    Some(left.map(|key| Offered { key: key.to_owned(), name: named(key, section), value: value.clone() }).collect())
}

/// What a text of a study can be, where it names something of the plan: the moves of a player.
pub(super) fn texts(plan: &Plan, path: &str) -> Option<Vec<(String, String)>> {
    let mut parts = path.strip_prefix("studies.")?.split('.').skip(1);
    if parts.next() != Some("players") {
        return None;
    }
    let scenarios = plan.scenarios.keys().map(|id| (id.clone(), words::sentence(id)));
    Some(std::iter::once((BASE.to_owned(), "Nothing (the plan as it stands)".to_owned())).chain(scenarios).collect())
}
