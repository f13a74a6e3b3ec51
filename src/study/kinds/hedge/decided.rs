//! The hedged plan as a scenario: what it signs before the date is decided, the rest stays open.

use crate::plan::node::{Node as _, quoted};
use crate::plan::{Plan, path};
use crate::study::engine::{Record, Signed};

/// Digits of an amount behind the point: what is cut off is a millionth of a chip.
const CUT: f64 = 1e6;

/// The text of a scenario in which what a hedge signs is decided: chips and halls month by month, contracts with
/// their MW. What a plan cannot decide beforehand (plant by month, offers, rents) is named in the notes.
#[must_use]
pub fn scenario(plan: &Plan, record: &Record) -> Option<String> {
    if record.answer.futures.is_empty() || record.answer.signed.is_empty() {
        return None;
    }
    let mut decisions: Vec<String> =
        plan.decisions.iter().map(|(id, decision)| format!("{}: {}", quoted(id), decision.tree().inline())).collect();
    let mut set: Vec<String> = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut number = 0;
    for signed in &record.answer.signed {
        let amount = (signed.amount * CUT).floor() / CUT;
        match (decision(signed, amount), size(plan, signed)) {
            (Some(text), _) => {
                number += 1;
                while plan.decisions.contains_key(&format!("hedged-{number}")) {
                    number += 1;
                }
                decisions.push(format!("{}: {text}", quoted(&format!("hedged-{number}"))));
            }
            (None, Some(at)) => set.push(format!("{}: Fixed({amount:?})", quoted(&at))),
            (None, None) => open.push(&signed.name),
        }
    }
    if number > 0 {
        set.insert(0, format!("\"decisions\": {{{}}}", decisions.join(", ")));
    }
    open.dedup();
    let rest = if open.is_empty() { String::new() } else { format!(" Left open: {}.", open.join(", ")) };
    let notes = format!("What the hedge signs is decided: {}.{rest}", record.label);
    (!set.is_empty()).then(|| format!("(notes: {}, set: {{{}}})", quoted(&notes), set.join(", ")))
}

fn decision(signed: &Signed, amount: f64) -> Option<String> {
    let what = match signed.kind.as_str() {
        "chips" => format!("Chips({})", quoted(&signed.thing)),
        "halls" => format!("Halls({})", quoted(&signed.thing)),
        _ => return None,
    };
    Some(format!("(site: {}, what: {what}, month: {}, exactly: {amount:?})", quoted(&signed.place), quoted(&signed.month)))
}

/// Where the MW of a contract stand.
fn size(plan: &Plan, signed: &Signed) -> Option<String> {
    let contract = plan.contracts.get(&signed.thing).filter(|_| signed.kind == "contract")?;
    let at = format!("contracts.{}.terms.{}", signed.thing, contract.terms.kind().size_field?);
    path::node_at(plan, &at).map(|_| at)
}
