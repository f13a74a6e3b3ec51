//! What a hedge says, in sentences that can be read out in a meeting.

use super::hedging_of;
use super::numbers::{Group, Numbers, groups, numbers};
use crate::study::engine::{Hedging, Over, Point, Record, Way};
use crate::words::{counted, grouped, musd, short, ttok};

/// Sentences about what may be signed; the rest is in the table.
const MOST_SIGNED: usize = 12;

/// A value of a goal, with its unit.
#[must_use]
pub fn value(goal: &str, value: f64) -> String {
    match goal {
        "tokens" => ttok(value),
        _ => musd(value),
    }
}

fn amount(value: f64, unit: &str) -> String {
    let number = if value < 10.0 { short(value) } else { grouped(value, 0) };
    if unit == "chips" { number } else { format!("{number} {unit} of") }
}

/// A hedge in sentences, as far as it was run.
#[must_use]
pub fn sentences(points: &[Point], records: &[Record]) -> Vec<String> {
    let Some(hedging) = hedging_of(points) else { return Vec::new() };
    let numbers = numbers(points, records);
    let mut said = Vec::new();
    let Some(measure) = numbers.measure else {
        let why = records.iter().find(|record| record.at == Way::Hedged.place()).map(|record| record.answer.reason.clone());
        return why.into_iter().filter(|why| !why.is_empty()).collect();
    };
    // What a future would sign that is still to come may be less or more than what all others would.
    let is_there = |way: &Way| records.iter().any(|record| record.at == way.place());
    let known = (0..hedging.futures.len()).filter(|future| is_there(&Way::Known(*future))).count();
    if known < hedging.futures.len() {
        let all = counted(hedging.futures.len(), "future");
        return vec![format!("{known} of {all} are solved as if they were known; what to sign is known when all are.")];
    }
    let groups = groups(points, records);
    let mut sorted: Vec<&Group> = groups.iter().filter(|group| group.hedged > group.dust()).collect();
    sorted.sort_by_key(|group| kind_order(&group.kind));
    said.extend(sorted.iter().take(MOST_SIGNED).map(|group| sign(hedging, group)));
    if sorted.len() > MOST_SIGNED {
        said.push(format!("And {} more, in the table.", counted(sorted.len() - MOST_SIGNED, "thing")));
    }
    if sorted.is_empty() {
        said.push(format!("Sign nothing before {}: whatever comes, nothing that is signed now is missed.", hedging.decide_before));
    }
    said.extend(
        groups
            .iter()
            .filter(|group| group.hedged <= group.dust() && group.wanted_in() > 0)
            .take(MOST_SIGNED)
            .map(|group| hold(hedging, group)),
    );
    said.extend(worth(hedging, &numbers, measure));
    if let Some(record) = records.iter().find(|record| record.at == Way::Hedged.place()) {
        said.extend(record.answer.notes.iter().cloned());
    }
    said
}

fn kind_order(kind: &str) -> usize {
    ["offer", "contract", "plant", "halls", "pipeline", "chips", "rental", "training"].iter().position(|known| *known == kind).unwrap_or(8)
}

/// How many futures, and how likely they are together.
fn futures_in_words(hedging: &Hedging, count: usize) -> String {
    format!("{count} of {}", counted(hedging.futures.len(), "future"))
}

fn sign(hedging: &Hedging, group: &Group) -> String {
    let verb = match group.kind.as_str() {
        "chips" | "halls" | "plant" | "pipeline" => "Order",
        "rental" => "Rent",
        "training" => "Place",
        _ => "Sign",
    };
    let what = format!("{verb} {} {} now, before {}", amount(group.hedged, &group.unit), group.name, hedging.decide_before);
    let all = counted(hedging.futures.len(), "future");
    let (least, wanted) = (group.least(), group.wanted_in());
    let many = |value: f64| amount_alone(value, &group.unit);
    if least >= group.hedged * (1.0 - 1e-6) {
        format!("{what}: right in all {all}.")
    } else if wanted > 0 && group.hedged > group.most() * (1.0 + 1e-6) {
        format!("{what}: more than any future would have if it were known (up to {}); the rest is insurance.", many(group.most()))
    } else if least > group.dust() {
        format!("{what}: {} would be signed in every future, and up to {} in some.", many(least), many(group.most()))
    } else if wanted == 0 {
        format!("{what}: no future alone would sign it, and it keeps the others open.")
    } else {
        format!("{what}, though only {} would have it if they were known; up to {}.", futures_in_words(hedging, wanted), many(group.most()))
    }
}

/// An amount after what it is of: chips and halls are counted, of anything else the unit is said again.
fn amount_alone(value: f64, unit: &str) -> String {
    let number = if value < 10.0 { short(value) } else { grouped(value, 0) };
    if matches!(unit, "chips" | "halls") { number } else { format!("{number} {unit}") }
}

fn hold(hedging: &Hedging, group: &Group) -> String {
    let likely: f64 = hedging
        .futures
        .iter()
        .zip(&group.known)
        .filter(|(_, known)| known.is_some_and(|known| known > group.dust()))
        .map(|(future, _)| future.probability)
        .sum();
    format!(
        "Hold {}: it is right in {} (probability {}), and not worth its risk now.",
        group.name,
        futures_in_words(hedging, group.wanted_in()),
        short(likely)
    )
}

/// What knowing, hedging and waiting are worth.
fn worth(hedging: &Hedging, numbers: &Numbers, measure: f64) -> Vec<String> {
    let value = |amount: f64| value(&numbers.goal, amount);
    let nothing = |amount: f64| amount.abs() <= 1e-6 * measure.abs().max(1e-6);
    let own = |weight: f64| numbers.care.iter().find(|care| (care.weight - weight).abs() < 1e-9);
    let mut said = vec![match &hedging.over {
        Over::Mean => format!("Hedged, the plan comes to {} on average.", value(measure)),
        Over::Regret => format!("Hedged, no future comes to more than {} less than if it had been known.", value(measure)),
        Over::Worst { share, weight } => match own(*weight) {
            Some(care) => format!(
                "Hedged, the plan comes to {} on average, and to {} over the worst {} of futures; what follows counts these with {} of the weight.",
                value(care.mean),
                value(care.worst),
                crate::words::percent(*share),
                crate::words::percent(*weight)
            ),
            None => format!("Hedged, the plan comes to {} by its measure.", value(measure)),
        },
    }];
    match numbers.evpi {
        Some(evpi) if nothing(evpi) => {
            said.push("Knowing what comes before signing would bring nothing: no forecast is worth its price.".to_owned());
        }
        Some(evpi) => said.push(format!("Knowing what comes before signing would bring {}: no forecast is worth more.", value(evpi))),
        None => {}
    }
    let mut learning: Vec<(usize, f64)> = numbers.learning.iter().filter_map(|(number, worth)| Some((*number, (*worth)?))).collect();
    learning.sort_by(|one, other| other.1.total_cmp(&one.1));
    for (number, worth) in learning {
        let name = hedging.uncertainties.get(number).map_or("", |uncertainty| uncertainty.name.as_str());
        said.push(if nothing(worth) {
            format!("Knowing {name} first is worth nothing alone.")
        } else {
            format!("Knowing {name} first is worth {}.", value(worth))
        });
    }
    said.extend(care(hedging, numbers));
    match numbers.vss {
        Some(vss) if nothing(vss) => said.push("Planning with averages would sign as well.".to_owned()),
        Some(vss) if vss > 0.0 => said.push(format!("Planning with averages would come to {} less.", value(vss))),
        Some(vss) => said.push(format!("Planning with averages would come to {} more.", value(-vss))),
        None => {}
    }
    if let Some(later) = numbers.later.filter(|later| !nothing(*later)) {
        said.push(format!("If all of it is known a period later, that costs {}.", value(later)));
    }
    match numbers.waiting {
        Some(waiting) if nothing(waiting) => {
            said.push(format!("Waiting costs nothing: nothing has to be signed before {}.", hedging.decide_before));
        }
        Some(waiting) => said.push(format!("Signing nothing before {} would cost {}.", hedging.decide_before, value(waiting))),
        None => {}
    }
    said
}

/// What care costs: the mean given up for the worst futures, with all the weight on either.
fn care(hedging: &Hedging, numbers: &Numbers) -> Option<String> {
    let Over::Worst { share, .. } = hedging.over else { return None };
    let (first, last) = numbers.care.first().zip(numbers.care.last()).filter(|(first, last)| last.weight > first.weight)?;
    let value = |amount: f64| value(&numbers.goal, amount);
    let (gained, given) = ((last.worst - first.worst).abs(), (first.mean - last.mean).abs());
    let worst = crate::words::percent(share);
    let scale = 1e-6 * first.mean.abs().max(1e-6);
    Some(if gained <= scale {
        format!("Care changes nothing: whatever weight the worst {worst} have, they come to {}.", value(first.worst))
    } else {
        format!(
            "Care costs at most {} of the mean: with all the weight on the worst {worst} they come to {}, with none to {}.",
            value(given),
            value(last.worst),
            value(first.worst)
        )
    })
}
