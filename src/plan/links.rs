//! Every reference of a plan, also those that hide in keys and plain texts.

use super::horizon::{Profile, Slices};
use super::node::{Map, Node, ReferenceVisitor};
use super::study::hedge::AS_PLANNED;
use super::{Ordered, Plan, Study, Tariff, Terms};

/// Path of the map of representative days.
pub const DAYS: &str = "slices.days";

/// The name by which a contract says that it comes through the plain interconnect.
pub const PLAIN: &str = "plain";

/// Visits every reference: its path, the path of the map it points into, and the id. An id that is
/// changed is written back, also where it is the key of a map.
pub fn visit(plan: &mut Plan, visit: &mut ReferenceVisitor<'_>) {
    plan.references(&mut Vec::new(), visit);
    for (id, contract) in &mut plan.contracts {
        if let Terms::Tariff(Tariff { minimum_bill: Some(bill), .. }) = &mut contract.terms {
            for (index, charge) in bill.demand_charges.iter_mut().enumerate().filter(|(_, charge)| *charge != PLAIN) {
                let terms = format!("contracts.{id}.terms");
                visit(&format!("{terms}.minimum_bill.demand_charges.{index}"), &format!("{terms}.demand_charges"), charge);
            }
        }
        // What comes through the plain interconnect says so by that word.
        if let Some(named) = contract.connection.as_mut().filter(|named| *named != PLAIN) {
            visit(&format!("contracts.{id}.connection"), &format!("sites.{}.connections", contract.site), named);
        }
    }
    for (id, site) in &mut plan.sites {
        let feeds = format!("sites.{id}.feeds");
        let halls = site.halls.iter_mut().map(|(hall, stated)| (format!("sites.{id}.halls.{hall}.feed"), &mut stated.feed));
        let kinds = site.buildable.iter_mut().map(|(kind, stated)| (format!("sites.{id}.buildable.{kind}.feed"), &mut stated.feed));
        for (path, feed) in halls.chain(kinds) {
            if let Some(feed) = feed {
                visit(&path, &feeds, feed);
            }
        }
    }
    for (market, entry) in &mut plan.markets {
        keys(&mut entry.demand, &format!("markets.{market}.demand"), "products", visit);
    }
    for (id, rule) in &mut plan.resilience {
        keys(&mut rule.keep, &format!("resilience.{id}.keep"), "products", visit);
    }
    for (profile, entry) in &mut plan.profiles {
        if let Profile::PerDay(days) = entry {
            keys(days, &format!("profiles.{profile}.value"), DAYS, visit);
        }
    }
    let is_there = plan.scenarios.contains_key(AS_PLANNED);
    for (id, study) in &mut plan.studies {
        let Study::Hedge(hedge) = study else { continue };
        for (path, map) in hedge.scenario_maps_mut() {
            keys(map, &format!("studies.{id}.{path}"), "scenarios", &mut |at, target, key| {
                // The plan as it stands is no scenario.
                if key != AS_PLANNED || is_there {
                    visit(at, target, key);
                }
            });
        }
    }
    for (id, decision) in &mut plan.decisions {
        if let Ordered::Halls(hall) = &mut decision.what {
            visit(&format!("decisions.{id}.what.value"), &format!("sites.{}.buildable", decision.site), hall);
        }
    }
}

fn keys<T>(map: &mut Map<T>, path: &str, target: &str, visit: &mut ReferenceVisitor<'_>) {
    for index in 0..map.len() {
        let Some((id, _)) = map.get_index(index) else {
            return;
        };
        let before = id.clone();
        let mut after = before.clone();
        visit(&format!("{path}.{before}"), target, &mut after);
        // The new id can be there already; then nothing is written over.
        if after != before && !map.contains_key(&after) {
            let Some((_, value)) = map.shift_remove_index(index) else {
                return;
            };
            map.shift_insert(index, after, value);
        }
    }
}

/// The ids of the map at `target`; nothing if there is no such map.
#[must_use]
pub fn ids(plan: &Plan, target: &str) -> Option<Vec<String>> {
    if target == DAYS && matches!(plan.slices, Slices::Hourly) {
        return None;
    }
    super::path::node_at(plan, target).map(Node::children)
}
