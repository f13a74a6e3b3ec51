//! The best plan of each combination of sites, chips and contracts, ranked.
//!
//! A site that is left out goes with all that stands there; a chip is no longer sold, and what stands of it
//! stays; a contract is not there.

use crate::plan::Plan;
use crate::plan::edit::Edit;
use crate::plan::links;
use crate::plan::study::Ranked;
use crate::study::engine::{Ask, Change, Point, Record};
use crate::words::called;

/// A switch: what it is, in words, and what leaving it out changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Switch {
    /// Name on screen.
    pub name: String,
    /// What leaving it out changes.
    pub without: Vec<Edit>,
}

/// The switches, in the order of the study.
#[must_use]
pub fn switches(study: &Ranked, plan: &Plan) -> Vec<Switch> {
    let sites = study.sites.iter().map(|site| {
        let name = called(plan, &format!("sites.{}", site.0));
        Switch { name, without: removal(plan, "sites", &site.0) }
    });
    let chips = study.chips.iter().map(|chip| {
        let edit = Edit::set(format!("chips.{}.supply_per_period", chip.0), "0.0");
        Switch { name: called(plan, &format!("chips.{}", chip.0)), without: vec![edit] }
    });
    let contracts = study.contracts.iter().map(|contract| {
        let name = called(plan, &format!("contracts.{}", contract.0));
        Switch { name, without: removal(plan, "contracts", &contract.0) }
    });
    sites.chain(chips).chain(contracts).collect()
}

/// The edits that take an entry out with everything that refers to it.
fn removal(plan: &Plan, map: &str, id: &str) -> Vec<Edit> {
    let mut gone: Vec<(String, String)> = vec![(map.to_owned(), id.to_owned())];
    let mut found = Vec::new();
    let mut copy = plan.clone();
    links::visit(&mut copy, &mut |path, target, id| found.push((path.to_owned(), target.to_owned(), id.clone())));
    let mut next = 0;
    while let Some((map, id)) = gone.get(next).cloned() {
        next += 1;
        for (path, target, to) in &found {
            if *target != map || *to != id || path.starts_with("studies.") || path.starts_with("scenarios.") {
                continue;
            }
            let mut keys = path.split('.');
            if let (Some(map), Some(entry)) = (keys.next(), keys.next()) {
                let entry = (map.to_owned(), entry.to_owned());
                if !gone.contains(&entry) {
                    gone.push(entry);
                }
            }
        }
    }
    // What refers goes before what is referred to.
    gone.iter().rev().map(|(map, id)| Edit::remove(format!("{map}.{id}"))).collect()
}

/// Every combination; the first one leaves nothing out.
pub(super) fn points(study: &Ranked, plan: &Plan) -> Vec<Point> {
    let switches = switches(study, plan);
    (0..1_usize << switches.len())
        .map(|combination| {
            let out = |number: usize| combination >> number & 1 == 1;
            let left_out: Vec<&str> =
                switches.iter().enumerate().filter(|(number, _)| out(*number)).map(|(_, switch)| switch.name.as_str()).collect();
            let label = if left_out.is_empty() { "everything allowed".to_owned() } else { format!("without {}", left_out.join(", ")) };
            let mut edits: Vec<Edit> = Vec::new();
            for (_, switch) in switches.iter().enumerate().filter(|(number, _)| out(*number)) {
                for edit in &switch.without {
                    if !edits.contains(edit) {
                        edits.push(edit.clone());
                    }
                }
            }
            // A chip of nothing left needs no switch.
            Point {
                label,
                at: (0..switches.len()).map(|number| f64::from(u8::from(!out(number)))).collect(),
                changes: edits.into_iter().map(Change::Edit).collect(),
                ask: Ask::Answer,
            }
        })
        .collect()
}

/// The records, the best first by the plan's goals in turn; those without an answer last.
#[must_use]
pub fn ranked<'r>(records: &'r [Record], wants_most: &[bool]) -> Vec<&'r Record> {
    let mut ranked: Vec<&Record> = records.iter().collect();
    ranked.sort_by(|one, other| {
        let order = other.answer.is_answered().cmp(&one.answer.is_answered());
        let goals = one.answer.goals.iter().zip(&other.answer.goals).zip(wants_most);
        goals
            .fold(order, |order, (((_, one), (_, other)), most)| {
                // Goals that differ by less than a millionth are even; the next one decides.
                let even = (one - other).abs() <= 1e-6 * one.abs().max(other.abs());
                order.then(if even {
                    std::cmp::Ordering::Equal
                } else if *most {
                    other.total_cmp(one)
                } else {
                    one.total_cmp(other)
                })
            })
            .then(one.index.cmp(&other.index))
    });
    ranked
}
