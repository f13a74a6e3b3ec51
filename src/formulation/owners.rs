//! Whose a column is: of the actor whose site, rented chips, contract or purchase it is about.

use std::collections::HashMap;

use super::layout::{Layout, Served};
use super::program::{Key, Program, Symbol};
use crate::resolved::{ActorIx, Resolved};

/// Nouns of columns that are named by a contract first.
const OF_CONTRACTS: [&str; 19] = [
    "contract_mw",
    "onsite_mw",
    "battery_mwh",
    "charge",
    "discharge",
    "charge_state",
    "path_start",
    "path_top",
    "day_level",
    "draw",
    "short",
    "energy_block",
    "peak",
    "coincident",
    "billed",
    "demand_block",
    "topped_up",
    "spilled",
    "resold",
];

/// Actors by what they own.
#[derive(Clone, Debug)]
pub struct Owners {
    places: HashMap<Symbol, ActorIx>,
    contracts: HashMap<Symbol, ActorIx>,
    purchases: HashMap<Symbol, ActorIx>,
}

impl Owners {
    /// Of a resolved plan.
    #[must_use]
    pub fn new(resolved: &Resolved) -> Self {
        Self {
            places: resolved.places.iter().map(|place| (Symbol::new(&place.id), place.actor)).collect(),
            contracts: resolved
                .contracts
                .iter()
                .map(|contract| (Symbol::new(&contract.id), resolved.places[contract.place].actor))
                .collect(),
            purchases: resolved.purchases.iter().map(|purchase| (Symbol::new(&purchase.id), purchase.actor)).collect(),
        }
    }

    /// Of a column by its key; none of what belongs to a market or a rule.
    #[must_use]
    pub fn of_key(&self, key: &Key) -> Option<ActorIx> {
        let first = key.entities.first()?;
        match key.noun {
            "routed" | "sold" | "asked" | "shed" | "paid_back" | "own" | "matched" => None,
            "bought" => self.purchases.get(first).copied(),
            noun if OF_CONTRACTS.contains(&noun) => self.contracts.get(first).copied(),
            _ => self.places.get(first).copied(),
        }
    }
}

/// Of every column. What is sold in a market with a single source is the source's.
#[must_use]
pub fn of_columns(resolved: &Resolved, program: &Program, layout: &Layout) -> Vec<Option<ActorIx>> {
    let owners = Owners::new(resolved);
    let mut of: Vec<Option<ActorIx>> = program.columns.iter().map(|column| owners.of_key(&column.key)).collect();
    for cols in &layout.demands {
        for (period, sold) in cols.sold.pairs() {
            let single = cols
                .routes
                .iter()
                .copied()
                .find(|route| layout.routes.get(*route).is_some_and(|forms| matches!(forms[period], Served::Share)));
            let Some(route) = single.and_then(|route| resolved.routes.get(route)) else { continue };
            for col in sold {
                if let Some(owner) = of.get_mut(col.0 as usize) {
                    *owner = Some(resolved.places[route.place].actor);
                }
            }
        }
    }
    of
}
