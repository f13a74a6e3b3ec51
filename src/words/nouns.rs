//! Nouns of entities, names made of ids and ids made of names.

use crate::plan::node::is_id_letter;

/// What an entry of a map is called where nothing stands beside it: "power contract".
#[must_use]
pub fn entity_word(map: &str) -> &'static str {
    match map.rsplit('.').next().unwrap_or_default() {
        "contracts" => "power contract",
        "products" => "token product",
        "days" => "representative day",
        _ => singular(map),
    }
}

/// What an entry of a map is called beside its section, where the short word will do: "contract".
#[must_use]
pub fn singular(map: &str) -> &'static str {
    // What a choice holds is called as the choice is.
    match map.rsplit('.').find(|part| *part != "value").unwrap_or_default() {
        "profiles" => "profile",
        "futures" => "future",
        "of" => "outcome",
        "players" => "player",
        "payoff" => "payoff",
        "ways" => "way",
        "actors" => "actor",
        "sites" => "site",
        "chips" => "chip",
        "fleets" => "fleet",
        "rentals" => "rental",
        "contracts" => "contract",
        "served_models" => "served model",
        "products" => "product",
        "throughput" => "throughput row",
        "markets" => "market",
        "routes" => "route",
        "purchases" => "purchase",
        "tasks" => "class of tasks",
        "answers" => "answer",
        "cascades" => "cascade",
        "training" => "training programme",
        "policies" => "policy",
        "resilience" => "resilience rule",
        "keep" => "share that goes on",
        "decisions" => "decision",
        "scenarios" => "scenario",
        "studies" => "study",
        "connections" => "connection",
        "energy_charges" => "energy charge",
        "demand_charges" => "demand charge",
        "feeds" => "feed",
        "operating_points" => "operating point",
        "halls" => "hall",
        "buildable" => "hall type",
        "days" => "day",
        "demand" => "demand",
        "segments" => "segment",
        "objective" | "goals" => "goal",
        "axes" => "axis",
        "vary" => "change",
        "paths" => "number",
        "inputs" => "input",
        "correlations" => "correlation",
        "groups" => "group",
        "incentives" => "incentive",
        "tiers" => "tier",
        "windows" => "window",
        "answer_quantiles" | "prompt_quantiles" => "quantile",
        "further_classes" => "class of chips",
        "precisions" => "precision",
        "unlocks" => "unlocked product",
        "time" => "time of use",
        "set" => "override",
        _ => "entry",
    }
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
        "surplus" => "the most surplus of buyers and sellers",
        "potential" => "the market equilibrium",
        "joint_profit" => "the highest profit of all sellers together",
        other => other,
    }
}

/// A name or sentence that goes on after other words: its first letter small, unless it begins with an abbreviation.
#[must_use]
pub fn lowered(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(_), Some(second)) if second.is_uppercase() => text.to_owned(),
        (Some(first), _) => first.to_lowercase().chain(letters).collect(),
        (None, _) => String::new(),
    }
}

/// How an attempt to answer ended, by the status's name in files (`refused` is a point whose plan is wrong).
#[must_use]
pub fn ended(status: &str) -> &str {
    match status {
        "optimal" => "answered",
        "stopped" => "stopped early",
        "infeasible" => "limits contradict each other",
        "unbounded" => "something is free and unlimited",
        "nothing" => "nothing can be made",
        "refused" => "the plan is wrong here",
        "failed" => "the solver failed",
        other => other,
    }
}

/// An identifier as words: `US_east` and `us-east` read `US east`, `us east`.
#[must_use]
pub fn words(id: &str) -> String {
    id.replace(['_', '-'], " ")
}

/// An id from a name: `Half the money` becomes `half-the-money`; what an id may not hold becomes a dash, and an accent that
/// stands apart from its letter is left out.
#[must_use]
pub fn id_of(name: &str) -> String {
    let mut id: String = name
        .trim()
        .chars()
        .filter(|letter| !('\u{300}'..='\u{36f}').contains(letter))
        .map(|letter| if is_id_letter(letter) { letter.to_lowercase().next().unwrap_or(letter) } else { '-' })
        .collect();
    while id.contains("--") {
        id = id.replace("--", "-");
    }
    id.trim_matches('-').to_owned()
}

/// Abbreviations as people write them.
const ABBREVIATIONS: [(&str, &str); 17] = [
    ("params", "parameters"),
    ("pue", "PUE"),
    ("npv", "NPV"),
    ("it", "IT"),
    ("utc", "UTC"),
    ("mw", "MW"),
    ("kw", "kW"),
    ("tpot", "TPOT"),
    ("ttft", "TTFT"),
    ("tpp", "TPP"),
    ("om", "O&M"),
    ("ppa", "PPA"),
    ("bf16", "bf16"),
    ("api", "API"),
    ("us", "US"),
    ("eu", "EU"),
    ("uk", "UK"),
];

/// An identifier as words, with abbreviations as people write them.
pub(super) fn abbreviated(id: &str) -> String {
    let text = words(id);
    let word =
        |word: &str| ABBREVIATIONS.iter().find(|(from, _)| *from == word).map_or_else(|| word.to_owned(), |(_, to)| (*to).to_owned());
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Words with a capital at the start, and with abbreviations as people write them.
#[must_use]
pub fn sentence(id: &str) -> String {
    const WHOLE: [(&str, &str); 5] = [
        ("om", "Operation and maintenance"),
        ("tpp", "Total processing performance"),
        ("it", "IT power"),
        ("all in", "All-in power"),
        ("active", "Active power"),
    ];
    let text = words(id);
    if let Some((_, whole)) = WHOLE.iter().find(|(from, _)| *from == text) {
        return (*whole).to_owned();
    }
    let text = abbreviated(id);
    if ABBREVIATIONS.iter().any(|(_, to)| text.split(' ').next() == Some(to)) {
        return text;
    }
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_keep_their_capitals_in_a_sentence() {
        for (title, going_on) in [("Answer tokens", "answer tokens"), ("NPV", "NPV"), ("IT power", "IT power"), ("x", "x"), ("", "")] {
            assert_eq!(lowered(title), going_on);
        }
    }
}
