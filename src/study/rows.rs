//! The rows of a study: what each of its points is beside the plan, and as a scenario of the plan.

use std::collections::BTreeMap;

use super::engine::{Ask, Record, Reduced, Run, varied};
use super::kinds::hedge;
use super::summary::SHOWN;
use crate::plan::Plan;
use crate::plan::diff::differences;
use crate::plan::node::{Node as _, quoted};
use crate::results::Results;
use crate::words::{called, sentence, short, with_unit};

/// By how much of itself an order is pinned lower than it was found, so that what its limits allow exactly stays allowed.
const PINNED_BELOW: f64 = 1e-6;
/// Orders that differ by less than this share are the same.
const SAME: f64 = 1e-4;

/// The rows that people see: a record each; every point of a curve and every future met together, which are one
/// record, are rows of their own.
#[must_use]
pub fn rows(records: &[Record]) -> Vec<Record> {
    let mut rows: Vec<Record> = Vec::new();
    for record in records {
        if record.answer.curve.is_empty() {
            rows.push(record.clone());
        }
        // Many futures met together are rows of their own.
        for future in &record.answer.futures {
            let label = format!("{}, {}", record.label, future.id);
            let asked = vec![future.value, future.probability];
            rows.push(Record { label, answer: Reduced { asked, ..future.answer.clone() }, ..record.clone() });
        }
        for vertex in &record.answer.curve {
            let mut answer = vertex.answer.clone();
            answer.asked = vec![vertex.held, vertex.value];
            rows.push(Record { label: format!("{} at {}", record.label, short(vertex.held)), answer, ..record.clone() });
        }
    }
    rows
}

/// The base plan's own answer, reduced like those of the points.
#[must_use]
pub fn planned(run: &Run) -> Reduced {
    let base = &run.base;
    Reduced::of(&Results::figures(&base.plan, &base.stated.resolved, &base.stated.formulation, &base.outcome))
}

/// Something that a point has otherwise than the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Differs {
    /// What, in words.
    pub name: String,
    /// What the plan has, with its unit.
    pub planned: String,
    /// What the point has, with its unit.
    pub here: String,
}

/// What of an answer is built, by id.
type Of = fn(&Reduced) -> &BTreeMap<String, f64>;

/// What is built, in words: `gb200` for chips at `abilene` as “GB200 at Abilene”. `map` is the map of the plan that
/// holds its kind; none for kinds of halls.
#[must_use]
pub fn built_in_words(plan: &Plan, map: &str, key: &str) -> String {
    let thing = |id: &str| if map.is_empty() { sentence(id) } else { called(plan, &format!("{map}.{id}")) };
    match key.split_once('/') {
        Some((site, kind)) => format!("{} at {}", thing(kind), called(plan, &format!("sites.{site}"))),
        None => thing(key),
    }
}

/// Key figures of a point beside those of the plan, then what is built otherwise.
#[must_use]
pub fn beside(plan: &Plan, planned: &Reduced, here: &Reduced) -> Vec<Differs> {
    if !here.is_answered() {
        return Vec::new();
    }
    let mut found: Vec<Differs> = SHOWN
        .iter()
        .filter_map(|(figure, name, unit)| {
            let (planned, here) = (planned.kpi(figure)?, here.kpi(figure)?);
            Some(Differs { name: (*name).to_owned(), planned: with_unit(planned, unit), here: with_unit(here, unit) })
        })
        .collect();
    let builds: [(Of, &str, &str); 3] = [
        (|answer| &answer.chips, "chips", "chips"),
        (|answer| &answer.halls, "", "halls"),
        (|answer| &answer.contracts_mw, "contracts", "MW"),
    ];
    for (of, map, unit) in builds {
        let (planned, here) = (of(planned), of(here));
        let mut ids: Vec<&String> = planned.keys().chain(here.keys()).collect();
        ids.sort();
        ids.dedup();
        for id in ids {
            let value = |of: &BTreeMap<String, f64>| of.get(id).copied().unwrap_or(0.0);
            let (planned, here) = (value(planned), value(here));
            if (planned - here).abs() > SAME * planned.abs().max(here.abs()) {
                let name = built_in_words(plan, map, id);
                found.push(Differs { name, planned: with_unit(planned, unit), here: with_unit(here, unit) });
            }
        }
    }
    found
}

/// A point as a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsScenario {
    /// The plan with the point's numbers: its text.
    Plan(String),
    /// The plan with the point's orders of chips and halls decided: its text.
    Orders(String),
    /// No scenario can say it.
    Not(&'static str),
}

/// The scenario that makes the plan of a row: values by path, and where the point asks for something else than the
/// plan's goals, what it orders as decisions.
#[must_use]
pub fn scenario(run: &Run, row: &Record) -> AsScenario {
    let Some(point) = run.points.get(row.index) else { return AsScenario::Not("The study has changed since.") };
    if !row.answer.futures.is_empty() {
        let orders = hedge::scenario(&run.base.plan, row);
        return orders.map_or(AsScenario::Not("Nothing is ordered here that a scenario could say."), AsScenario::Orders);
    }
    let Ok(varied) = varied(&run.base.plan, point) else { return AsScenario::Not("The plan is wrong here.") };
    let mut set: Vec<String> = run.goals.iter().map(|goals| format!("\"objective\": {goals}")).collect();
    for change in differences(&run.base.plan, &varied) {
        match (&change.before, &change.after) {
            (Some(_), Some(after)) => set.push(format!("{}: {after}", quoted(&change.path))),
            _ => return AsScenario::Not("Something is added or left out here, which no scenario can say."),
        }
    }
    let orders = !matches!(point.ask, Ask::Answer | Ask::AtRest);
    if orders {
        if !row.answer.is_answered() {
            return AsScenario::Not("There is no answer here, so nothing is ordered.");
        }
        set.push(format!("\"decisions\": {}", decided(run, &varied, &row.answer)));
    }
    if set.is_empty() {
        return AsScenario::Not("This is the plan itself.");
    }
    let text = format!("(notes: {}, set: {{{}}})", quoted(&row.label), set.join(", "));
    if orders { AsScenario::Orders(text) } else { AsScenario::Plan(text) }
}

/// The plan's decisions with what is ordered here added: every kind of chip and hall at every site that may order it.
fn decided(run: &Run, varied: &Plan, answer: &Reduced) -> String {
    let (resolved, layout) = (&run.base.stated.resolved, &run.base.stated.formulation.layout);
    let mut entries: Vec<(String, String)> = varied.decisions.iter().map(|(id, decision)| (id.clone(), decision.tree().inline())).collect();
    let mut decide = |site: &str, kind: &str, what: &str, number: f64| {
        let mut id = format!("{site}-{kind}");
        while entries.iter().any(|(known, _)| *known == id) {
            id.push_str("-study");
        }
        entries.push((id, format!("(site: {}, what: {what}({}), exactly: Some({number:?}))", quoted(site), quoted(kind))));
    };
    let below = |number: f64| if number > 0.0 { number * (1.0 - PINNED_BELOW) } else { 0.0 };
    let of = |map: &BTreeMap<String, f64>, site: &str, kind: &str| map.get(&format!("{site}/{kind}")).copied().unwrap_or(0.0);
    for (pool, cols) in resolved.pools.iter().zip(&layout.pools) {
        let place = &resolved.places[pool.place];
        if place.site.is_some() && !cols.orders.is_empty() {
            let chip = &resolved.chips[pool.chip].id;
            decide(&place.id, chip, "Chips", below(of(&answer.chips, &place.id, chip)));
        }
    }
    for halls in layout.halls.iter().filter(|halls| !halls.orders.is_empty()) {
        let place = &resolved.places[halls.place];
        let Some(kind) = place.site.as_ref().and_then(|site| site.buildable.get(halls.kind)) else { continue };
        decide(&place.id, &kind.id, "Halls", of(&answer.halls, &place.id, &kind.id).max(0.0));
    }
    let entries: Vec<String> = entries.iter().map(|(id, text)| format!("{}: {text}", quoted(id))).collect();
    format!("{{{}}}", entries.join(", "))
}
